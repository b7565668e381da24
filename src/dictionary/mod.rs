//! Loaders of what the rules know: the site's columns and units, and (with later rules) words,
//! phrases, organisations, the roster, the language model.

pub mod columns;
pub mod table;
pub mod units;

/// A name as it is compared: blanks of any kind away, full-width letters, digits and brackets as
/// their half-width forms.
pub fn normalise(name: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    name.nfkc()
        .filter(|c| !crate::document::is_blank(*c))
        .collect()
}
