//! The words around a place, and how well others go with them.

use super::text::Text;
use crate::dictionary::language_model::model::Model;
use crate::dictionary::language_model::vocabulary::{FIRST_CHARACTER, Token};
use std::ops::Range;

/// Tokens on either side in which words are looked for.
const SIGHT: usize = 24;
/// Strengths that are summed up.
const STRONGEST: usize = 3;

/// Numbers of the words around a place.
pub struct Company(Vec<usize>);

/// How well a word goes with its company, in steps.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bond {
    /// With the word that it goes with best.
    pub best: i32,
    /// With the three best together.
    pub sum: i32,
    /// Number of words that it goes with at all.
    pub count: i32,
}

/// Calls with each word of two and more tokens: its tokens' places and its number. `lengths` are
/// those of [`Lexicon::segment`](crate::dictionary::language_model::lexicon::Lexicon::segment).
fn for_each_word(
    model: &Model,
    tokens: &[Token],
    lengths: &[u8],
    mut f: impl FnMut(Range<usize>, usize),
) {
    let mut at = 0;
    while at < tokens.len() {
        let range = at..at + usize::from(lengths[at]).max(1);
        at = range.end;
        if range.len() > 1
            && tokens[range.start] >= FIRST_CHARACTER
            && let Some(number) = model.lexicon.number(&tokens[range.clone()])
        {
            f(range, number);
        }
    }
}

impl Company {
    /// The words near the tokens `place`, those that have a part in it left out.
    #[must_use]
    pub fn around(model: &Model, text: &Text, place: &Range<usize>) -> Self {
        let mut words = Vec::new();
        if model.associations.is_empty() {
            return Self(words);
        }
        let from = place.start.saturating_sub(SIGHT);
        let tokens = &text.tokens[from..(place.end + SIGHT).min(text.len())];
        let mut lengths = Vec::new();
        model.lexicon.segment(tokens, &mut lengths);
        for_each_word(model, tokens, &lengths, |range, number| {
            if from + range.end <= place.start || place.end <= from + range.start {
                words.push(number);
            }
        });
        Self(words)
    }

    /// How well the words go with their company that have a part in `place` (tokens of `tokens`,
    /// cut into words of these lengths): the best of each.
    #[must_use]
    pub fn bond(
        &self,
        model: &Model,
        tokens: &[Token],
        lengths: &[u8],
        place: &Range<usize>,
    ) -> Bond {
        let mut bond = Bond::default();
        if self.0.is_empty() {
            return bond;
        }
        let mut strengths = Vec::with_capacity(self.0.len());
        for_each_word(model, tokens, lengths, |range, number| {
            if range.start < place.end && place.start < range.end {
                let all = self.0.iter();
                strengths.clear();
                strengths.extend(
                    all.map(|&other| model.associations.strength(number, other))
                        .filter(|&strength| strength > 0),
                );
                strengths.sort_unstable_by_key(|&s| std::cmp::Reverse(s));
                let sum = strengths.iter().take(STRONGEST).sum();
                bond.best = bond.best.max(strengths.first().copied().unwrap_or(0));
                bond.sum = bond.sum.max(sum);
                bond.count += strengths.len() as i32;
            }
        });
        bond
    }
}
