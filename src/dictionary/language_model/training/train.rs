//! From texts to n-grams.

use crate::dictionary::language_model::counts;
use crate::dictionary::language_model::kneser_ney::{Cuts, estimate};
use crate::dictionary::language_model::trie::Ngrams;
use crate::dictionary::language_model::vocabulary::Vocabulary;

/// What is kept of the counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Cutting {
    /// Fewest occurrences of a character in the vocabulary.
    pub minimum: u64,
    pub cuts: Cuts,
}

impl Default for Cutting {
    /// The cuts of the shipped model.
    fn default() -> Self {
        Self {
            minimum: 3,
            cuts: Cuts {
                counts: vec![1, 1, 1, 2],
                gains: vec![0.0, 0.6, 4.8, 24.0],
            },
        }
    }
}

/// Every such paragraph is kept from the counts, for the classifier.
pub const HOLD_OUT: usize = 25;

/// Parts paragraphs into those to count and those to hold out.
#[must_use]
pub fn split<'a>(paragraphs: impl Iterator<Item = &'a str>) -> (Vec<&'a str>, Vec<&'a str>) {
    let (mut counted, mut held) = (Vec::new(), Vec::new());
    for (i, paragraph) in paragraphs.filter(|p| !p.trim().is_empty()).enumerate() {
        if i % HOLD_OUT == 0 {
            held.push(paragraph)
        } else {
            counted.push(paragraph)
        }
    }
    (counted, held)
}

/// Counts, smooths and packs the n-grams of some paragraphs.
pub fn ngrams(
    paragraphs: &[&str],
    cutting: &Cutting,
    progress: &mut dyn FnMut(&str),
) -> (Ngrams, Vocabulary) {
    let vocabulary = counts::vocabulary(paragraphs.iter().copied(), cutting.minimum);
    progress(&format!("vocabulary: {} tokens", vocabulary.len()));
    let tokens = counts::stream(&vocabulary, paragraphs.iter().copied());
    progress(&format!("text: {} tokens", tokens.len()));
    let levels = counts::count(&tokens, counts::MAX_ORDER);
    let table = estimate(levels, vocabulary.len(), &cutting.cuts, progress);
    (Ngrams::new(&table, vocabulary.len()), vocabulary)
}
