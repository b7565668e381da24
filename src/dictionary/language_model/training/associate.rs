//! Counting which words stand near one another.

use crate::dictionary::language_model::associations::{Associated, Associations};
use crate::dictionary::language_model::lexicon::{Lexicon, pieces};
use crate::dictionary::language_model::vocabulary::{EDGE, FIRST_CHARACTER, Token, Vocabulary};

/// What is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Company {
    /// Tokens from the start of one word to that of the other, at most.
    pub reach: usize,
    /// Times that two words stand near one another, at least.
    pub least: u32,
    /// The natural logarithm of how much more often than chance, at least.
    pub strength: f64,
}

impl Default for Company {
    /// That of the shipped model.
    fn default() -> Self {
        Self {
            reach: 20,
            least: 12,
            strength: 1.4,
        }
    }
}

/// What seldom pairs are counted above their due by, on average.
const DISCOUNT: f64 = 0.7;

/// Pairs counted before they are put together: half a gigabyte or less.
const BATCH: usize = 30_000_000;

/// Adds sorted numbers to sorted counts.
fn merge(keys: &mut Vec<u64>, counts: &mut Vec<(u64, u32)>) {
    keys.sort_unstable();
    let mut out = Vec::with_capacity(counts.len() + keys.len() / 4);
    let mut old = std::mem::take(counts).into_iter().peekable();
    for same in keys.chunk_by(|a, b| a == b) {
        while let Some(before) = old.next_if(|o| o.0 < same[0]) {
            out.push(before);
        }
        let known = old.next_if(|o| o.0 == same[0]).map_or(0, |o| o.1);
        out.push((same[0], known.saturating_add(same.len() as u32)));
    }
    out.extend(old);
    keys.clear();
    *counts = out;
}

/// Words of two and more tokens that stand near one another within a sentence. The order of the
/// text's paragraphs makes no difference.
#[must_use]
pub fn associations(
    lexicon: &Lexicon,
    vocabulary: &Vocabulary,
    tokens: &[Token],
    company: &Company,
) -> Associations {
    let stops = ['。', '；', '！', '？'].map(|c| vocabulary.token(c));
    let ends = |t: &Token| *t == EDGE || (*t >= FIRST_CHARACTER && stops.contains(t));
    let mut counts = vec![0u64; lexicon.len()];
    let (mut keys, mut pairs) = (Vec::new(), Vec::new());
    let mut lengths = Vec::new();
    let mut words: Vec<(usize, u32)> = Vec::new();
    let mut total = 0u64;
    for sentence in tokens.split(ends) {
        lexicon.segment(sentence, &mut lengths);
        words.clear();
        for piece in pieces(&lengths).filter(|piece| piece.len() > 1) {
            if let Some(number) = lexicon.number(&sentence[piece.clone()]) {
                words.push((piece.start, number as u32));
                counts[number] += 1;
            }
        }
        for (i, &(start, word)) in words.iter().enumerate() {
            let near = words[i + 1..].iter();
            for &(_, other) in near.take_while(|w| w.0 < start + company.reach) {
                if other != word {
                    keys.push(u64::from(word.min(other)) << 32 | u64::from(word.max(other)));
                    total += 1;
                }
            }
        }
        if keys.len() > BATCH {
            merge(&mut keys, &mut pairs);
        }
    }
    merge(&mut keys, &mut pairs);
    let all = counts.iter().sum::<u64>().max(1) as f64;
    // How often two words would meet by chance, for one occurrence of each.
    let chance = total.max(1) as f64 / (all * all);
    let kept: Vec<Associated> = pairs
        .iter()
        .filter(|&&(_, n)| n >= company.least)
        .filter_map(|&(key, n)| {
            let words = [(key >> 32) as u32, key as u32];
            let [a, b] = words.map(|w| counts[w as usize] as f64);
            let strength = libm::log((f64::from(n) - DISCOUNT) / (a * b * chance));
            (strength >= company.strength).then_some(Associated { words, strength })
        })
        .collect();
    Associations::new(lexicon.len(), &kept)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dictionary::language_model::counts::stream;
    use crate::dictionary::language_model::lexicon::word_key;

    #[test]
    fn words_of_one_sentence_go_together() {
        let vocabulary = Vocabulary::new("证券期货政权建设，。".chars().collect());
        let word = |w: &str| -> Vec<Token> { w.chars().map(|c| vocabulary.token(c)).collect() };
        let words = ["证券", "期货", "政权", "建设"].map(word);
        let lexicon = Lexicon::new(words.iter().map(|w| (word_key(w), -4.0)).collect());
        let mut lines = vec!["证券，期货。政权建设"; 10];
        // Too seldom to count.
        lines.push("证券建设");
        let company = Company {
            least: 3,
            strength: 0.1,
            ..Company::default()
        };
        let count = |lines: &[&str]| {
            let tokens = stream(&vocabulary, lines.iter().copied());
            associations(&lexicon, &vocabulary, &tokens, &company)
        };
        let known = count(&lines);
        let strength = |a: usize, b: usize| {
            let number = |i: usize| lexicon.number(&words[i]).unwrap();
            known.strength(number(a), number(b))
        };
        assert!(strength(0, 1) > 0);
        assert_eq!(strength(0, 1), strength(1, 0));
        assert!(strength(2, 3) > 0);
        assert_eq!(strength(1, 2), 0, "a sentence lies between");
        assert_eq!(strength(0, 3), 0);
        lines.reverse();
        assert_eq!(count(&lines), known);
    }
}
