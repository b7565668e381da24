//! The words around a place, and how well others go with them.

use super::text::Text;
use crate::dictionary::language_model::lexicon::pieces;
use crate::dictionary::language_model::model::Model;
use crate::dictionary::language_model::vocabulary::Token;
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

/// The words of two and more tokens: their tokens' places and their numbers.
fn words<'a>(
    model: &'a Model,
    tokens: &'a [Token],
    lengths: &'a [u8],
) -> impl Iterator<Item = (Range<usize>, usize)> + 'a {
    pieces(lengths)
        .filter(|piece| piece.len() > 1)
        .filter_map(|piece| Some((piece.clone(), model.lexicon.number(&tokens[piece])?)))
}

impl Company {
    /// The words near the tokens `place`, those that have a part in it left out.
    #[must_use]
    pub fn around(model: &Model, text: &Text, place: &Range<usize>) -> Self {
        if model.associations.is_empty() {
            return Self(Vec::new());
        }
        let from = place.start.saturating_sub(SIGHT);
        let tokens = &text.tokens[from..(place.end + SIGHT).min(text.len())];
        let mut lengths = Vec::new();
        model.lexicon.segment(tokens, &mut lengths);
        let all = words(model, tokens, &lengths);
        let beside = all.filter(|(range, _)| {
            from + range.end <= place.start || place.end <= from + range.start
        });
        Self(beside.map(|(_, number)| number).collect())
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
        let own = words(model, tokens, lengths)
            .filter(|(range, _)| range.start < place.end && place.start < range.end);
        for (_, number) in own {
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
        bond
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dictionary::language_model;

    /// The bond of the first `word` of a sentence with the words around it, and of another there.
    fn bonds(sentence: &str, word: &str, other: &str) -> (Bond, Bond) {
        let model = language_model::built_in();
        let text = Text::new(sentence, &model.vocabulary, &model.ngrams);
        let at = sentence.find(word).unwrap();
        let start = sentence[..at].chars().count();
        let company = Company::around(&model, &text, &(start..start + 2));
        let bond = |word: &str| {
            let tokens: Vec<Token> = word.chars().map(|c| model.vocabulary.token(c)).collect();
            company.bond(&model, &tokens, &[2, 2], &(0..2))
        };
        (bond(word), bond(other))
    }

    #[test]
    fn a_word_that_belongs_goes_with_its_company() {
        let (right, wrong) = bonds("推广证券期货纠纷示范判决机制", "证券", "政权");
        assert!(
            right.best > wrong.best && right.count > 0,
            "{right:?} {wrong:?}"
        );
        assert!(right.sum >= right.best);
    }

    #[test]
    fn the_place_itself_and_what_is_far_away_are_no_company() {
        assert_eq!(bonds("证券", "证券", "政权"), Default::default());
        let far = format!("证券，{}期货", "一".repeat(2 * SIGHT));
        assert_eq!(bonds(&far, "证券", "证券").0, Bond::default());
        let near = bonds("证券，一一期货", "证券", "证券").0;
        assert!(near.best > 0, "{near:?}");
    }
}
