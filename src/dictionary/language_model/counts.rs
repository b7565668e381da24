//! Counting n-grams in plain text.
//!
//! Everything is sorted lists of numbers: no hash map decides an order, so the
//! same text gives the same counts on every machine.

use super::vocabulary::{EDGE, Token, Vocabulary, is_han, normalize};
use std::collections::BTreeMap;

/// The longest n-gram.
pub const MAX_ORDER: usize = 4;
/// Bits of one token in a packed n-gram.
const TOKEN_BITS: u32 = 16;

/// Distinct n-grams of one length, sorted, with a number each. A key holds the
/// tokens from the most significant used bits down: sorting keys sorts n-grams.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Level {
    pub keys: Vec<u64>,
    pub counts: Vec<u32>,
}

/// Packs tokens into a key.
#[must_use]
pub fn pack(tokens: &[Token]) -> u64 {
    tokens
        .iter()
        .fold(0, |key, &t| key << TOKEN_BITS | u64::from(t))
}

/// The key without its first token; `order` is the length of `key`.
#[must_use]
pub fn suffix(key: u64, order: usize) -> u64 {
    key & ((1u64 << (TOKEN_BITS * (order as u32 - 1))) - 1)
}

/// The key without its last token.
#[must_use]
pub fn prefix(key: u64) -> u64 {
    key >> TOKEN_BITS
}

/// The last token of a key.
#[must_use]
pub fn last(key: u64) -> Token {
    key as Token
}

/// The first token of a key of this length.
#[must_use]
pub fn first(key: u64, order: usize) -> Token {
    (key >> (TOKEN_BITS * (order as u32 - 1))) as Token
}

/// Chooses the vocabulary of a text: characters seen at least `minimum` times,
/// most frequent first, equals by code point.
pub fn vocabulary<'a>(paragraphs: impl Iterator<Item = &'a str>, minimum: u64) -> Vocabulary {
    let mut counts: BTreeMap<char, u64> = BTreeMap::new();
    let mut basic = vec![0u64; 1 << 16];
    for paragraph in paragraphs {
        for c in paragraph.chars().map(normalize) {
            match basic.get_mut(c as usize) {
                Some(n) => *n += 1,
                None => *counts.entry(c).or_default() += 1,
            }
        }
    }
    for (code, &n) in (0u32..).zip(&basic) {
        if let (Some(c), true) = (char::from_u32(code), n > 0) {
            counts.insert(c, n);
        }
    }
    let mut kept: Vec<(char, u64)> = counts
        .into_iter()
        .filter(|&(c, n)| n >= minimum && (is_han(c) || is_punctuation(c)))
        .collect();
    kept.sort_by_key(|&(c, n)| (std::cmp::Reverse(n), c));
    Vocabulary::new(kept.into_iter().map(|(c, _)| c).collect())
}

fn is_punctuation(c: char) -> bool {
    "，。、；：？！（）《》〈〉“”‘’—…·．〔〕【】-/".contains(c)
}

/// The token stream of a text: each paragraph stands between two edges.
pub fn stream<'a>(
    vocabulary: &Vocabulary,
    paragraphs: impl Iterator<Item = &'a str>,
) -> Vec<Token> {
    let mut tokens = vec![EDGE];
    let mut ranges = Vec::new();
    for paragraph in paragraphs {
        ranges.clear();
        vocabulary.tokenize(paragraph, &mut tokens, &mut ranges);
        tokens.push(EDGE);
    }
    tokens
}

/// All n-grams of lengths 1 to `order` in a token stream. No n-gram reaches
/// across an edge.
#[must_use]
pub fn count(tokens: &[Token], order: usize) -> Vec<Level> {
    (1..=order)
        .map(|n| {
            let mut keys: Vec<u64> = tokens
                .windows(n)
                .filter(|w| {
                    n == 1
                        || !w[1..n - 1].contains(&EDGE) && !(n == 2 && w[0] == EDGE && w[1] == EDGE)
                })
                .map(pack)
                .collect();
            keys.sort_unstable();
            runs(&keys)
        })
        .collect()
}

/// Run lengths of sorted keys.
#[must_use]
pub fn runs(sorted: &[u64]) -> Level {
    let mut level = Level::default();
    for chunk in sorted.chunk_by(|a, b| a == b) {
        level.keys.push(chunk[0]);
        level
            .counts
            .push(u32::try_from(chunk.len()).unwrap_or(u32::MAX));
    }
    level
}

/// For every n-gram of `lower` (length `order`) the number of different tokens
/// before it; the raw count where it stands at an edge and nothing can.
#[must_use]
pub fn continuations(lower: &Level, higher: &Level, order: usize) -> Vec<u32> {
    let mut suffixes: Vec<u64> = higher.keys.iter().map(|&k| suffix(k, order + 1)).collect();
    suffixes.sort_unstable();
    let seen = runs(&suffixes);
    let mut at = 0;
    lower
        .keys
        .iter()
        .zip(&lower.counts)
        .map(|(&key, &raw)| {
            while at < seen.keys.len() && seen.keys[at] < key {
                at += 1;
            }
            if seen.keys.get(at) == Some(&key) {
                seen.counts[at]
            } else {
                raw
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_do_not_cross_paragraphs() {
        let lines = ["甲乙甲乙", "乙甲"];
        let vocabulary = vocabulary(lines.into_iter(), 1);
        assert_eq!(vocabulary.characters(), ['乙', '甲']);
        let tokens = stream(&vocabulary, lines.into_iter());
        let levels = count(&tokens, 3);
        let (yi, jia) = (vocabulary.token('乙'), vocabulary.token('甲'));
        let of = |tokens: &[Token]| {
            let level = &levels[tokens.len() - 1];
            level
                .keys
                .binary_search(&pack(tokens))
                .map_or(0, |i| level.counts[i])
        };
        assert_eq!(of(&[jia, yi]), 2);
        assert_eq!(of(&[yi, jia]), 2);
        assert_eq!(of(&[yi, EDGE]), 1);
        assert_eq!(of(&[EDGE, yi, jia]), 1);
        assert_eq!(of(&[yi, EDGE, yi]), 0);
        // 甲 stands after 乙 and after the edge.
        let after = continuations(&levels[0], &levels[1], 1);
        let at = levels[0].keys.binary_search(&u64::from(jia)).unwrap();
        assert_eq!(after[at], 2);
    }
}
