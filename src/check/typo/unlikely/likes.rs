//! Which characters are alike, as bitmaps: met with the bitmaps of seen pairs they leave the few
//! candidates that can be scored at all.

use crate::dictionary::language_model::model::Model;
use crate::dictionary::language_model::vocabulary::Token;

/// A row of bits for each token: those it may stand for by mistake. The n-th set bit of a row is
/// the n-th entry of the token's list in the model.
#[derive(Debug, Clone)]
pub struct Likes {
    words_per_row: usize,
    words: Vec<(u64, u32)>,
}

impl Likes {
    /// The rows of a model's vocabulary.
    #[must_use]
    pub fn of(model: &Model) -> Self {
        let tokens = model.vocabulary.len();
        let words_per_row = tokens.div_ceil(64);
        let mut words = vec![(0u64, 0u32); words_per_row * tokens];
        for (token, row) in (0..).zip(words.chunks_exact_mut(words_per_row)) {
            for &(other, _) in model.characters.alike(token) {
                row[usize::from(other) / 64].0 |= 1 << (other % 64);
            }
            let mut before = 0;
            for (bits, rank) in row {
                *rank = before;
                before += bits.count_ones();
            }
        }
        Self {
            words_per_row,
            words,
        }
    }

    /// The row of a token: words of the bitmap, each with the number of bits before it.
    #[must_use]
    pub fn row(&self, token: Token) -> &[(u64, u32)] {
        let from = usize::from(token) * self.words_per_row;
        &self.words[from..from + self.words_per_row]
    }
}
