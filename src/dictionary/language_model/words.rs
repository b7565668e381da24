//! Word frequencies: a word list with rough frequencies is fitted to the text.

use super::lexicon::{Lexicon, MAX_WORD, pieces, word_key};
use super::vocabulary::{EDGE, FIRST_CHARACTER, Token, Vocabulary};

/// Reads a word list, `word frequency …` a line, separated by blanks or tabs.
/// Words outside the vocabulary and words longer than four tokens are left out.
#[must_use]
pub fn parse(list: &str, vocabulary: &Vocabulary) -> Vec<(u64, f64)> {
    let mut words = Vec::new();
    for line in list.lines() {
        let mut fields = line.split([' ', '\t']);
        let word: Vec<Token> = fields
            .next()
            .unwrap_or_default()
            .chars()
            .map(|c| vocabulary.token(c))
            .collect();
        let frequency: f64 = fields.next().and_then(|f| f.parse().ok()).unwrap_or(1.0);
        if (1..=MAX_WORD).contains(&word.len()) && word.iter().all(|&t| t >= FIRST_CHARACTER) {
            words.push((word_key(&word), frequency.max(1.0)));
        }
    }
    words.sort_by_key(|&(key, _)| key);
    words.dedup_by_key(|&mut (key, _)| key);
    words
}

/// Log-probabilities from frequencies.
fn lexicon(words: &[(u64, f64)]) -> Lexicon {
    let total: f64 = words.iter().map(|&(_, f)| f).sum();
    let log_total = libm::log(total.max(1.0));
    Lexicon::new(
        words
            .iter()
            .map(|&(key, f)| (key, libm::log(f) - log_total))
            .collect(),
    )
}

/// Fits a word list to a token stream: the text is cut with the list's own
/// frequencies, the words are counted, and the counts joined with the list's
/// (whose whole weight is `prior` of the text's). Words that the text lacks
/// and whose own frequency is below `rare` are dropped.
#[must_use]
pub fn fit(words: &[(u64, f64)], tokens: &[Token], prior: f64, rare: f64) -> Lexicon {
    let first = lexicon(words);
    let mut counts = vec![0u32; first.len()];
    let mut lengths = Vec::new();
    for sentence in tokens.split(|&t| t == EDGE) {
        first.segment(sentence, &mut lengths);
        for piece in pieces(&lengths) {
            if let Some(i) = first.number(&sentence[piece]) {
                counts[i] += 1;
            }
        }
    }
    let listed: f64 = words.iter().map(|&(_, f)| f).sum();
    let counted: f64 = counts.iter().map(|&c| f64::from(c)).sum();
    let scale = if counted > 0.0 {
        prior * counted / listed
    } else {
        1.0
    };
    let joined: Vec<(u64, f64)> = words
        .iter()
        .zip(&counts)
        .filter(|&(&(key, f), &c)| c > 0 || f >= rare || key & 0xFFFF_FFFF_FFFF == 0)
        .map(|(&(key, f), &c)| (key, f64::from(c) + f * scale))
        .collect();
    lexicon(&joined)
}
