//! What the rules know: loaders of the dictionaries that come with the program and of a site's.

pub mod columns;
pub mod document_kinds;
pub mod names;
pub mod organisation;
pub mod places;
pub mod published;
pub mod register;
pub mod roster;
pub mod table;
pub mod titles;
pub mod traditional;
pub mod units;

/// A name as it is compared: blanks of any kind away, full-width letters, digits and brackets as
/// their half-width forms.
pub fn normalise(name: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    name.nfkc()
        .filter(|c| !crate::document::is_blank(*c))
        .collect()
}
