//! What the rules know: loaders of the dictionaries that come with the program and of a site's.

pub mod automaton;
pub mod characters;
pub mod columns;
pub mod confusable;
pub mod confusions;
pub mod context_pairs;
pub mod document_kinds;
pub mod language_model;
pub mod lazy_pattern;
pub mod names;
pub mod near;
pub mod organisation;
pub mod phrases;
pub mod places;
pub mod published;
pub mod register;
pub mod renamed;
pub mod roster;
pub mod segment;
pub mod sets;
pub mod table;
pub mod titles;
pub mod traditional;
pub mod units;
pub mod words;

/// A name as it is compared: blanks of any kind away, full-width letters, digits and brackets as
/// their half-width forms.
pub fn normalise(name: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    name.nfkc()
        .filter(|c| !crate::document::is_blank(*c))
        .collect()
}

/// The fields of a row of a built-in table, between tabs. `str::split` searches many bytes at
/// once, which is slower where fields are as short as here.
fn fields(row: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(row);
    std::iter::from_fn(move || {
        let row = rest?;
        let tab = row.bytes().position(|b| b == b'\t');
        rest = tab.map(|tab| &row[tab + 1..]);
        Some(&row[..tab.unwrap_or(row.len())])
    })
}
