//! Seeds of canonical phrases: short strings of which at least one must stand unharmed in any
//! near miss. Used at build time for the built-in phrases and at run time for a site's own, so
//! this file leans on nothing else in the crate.

use std::collections::HashMap;

/// Shortest phrase, in characters, whose near misses are looked for.
pub const MIN_CHARS: usize = 6;
/// From this length on, in characters, two edits are allowed instead of one.
pub const TWO_EDITS_FROM: usize = 10;

/// A seed: where it stands in which phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seed {
    /// Index of the phrase.
    pub phrase: u32,
    /// Characters of the phrase before the seed.
    pub offset: u32,
}

/// How many edits a phrase of `chars` characters may be away.
pub fn max_edits(chars: usize) -> usize {
    match chars {
        0..MIN_CHARS => 0,
        MIN_CHARS..TWO_EDITS_FROM => 1,
        _ => 2,
    }
}

/// Characters that phrases and texts are compared without: quotation marks and blanks.
pub fn is_ignored(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '“' | '”' | '‘' | '’' | '"' | '\'' | '「' | '」' | '『' | '』'
        )
}

/// A phrase as it is compared.
pub fn normal(phrase: &str) -> String {
    phrase.chars().filter(|c| !is_ignored(*c)).collect()
}

/// The seeds of normalised `phrases`: each distinct string with the places it stands at, in the
/// order of the strings. One edit can harm only one of two disjoint seeds, so a phrase has one
/// seed more than edits allowed; the rarest windows are taken, with a gap between where there is
/// room, so that a swap across a seam harms one seed only.
pub fn of(phrases: &[String]) -> Vec<(String, Vec<Seed>)> {
    let chars: Vec<Vec<char>> = phrases.iter().map(|p| p.chars().collect()).collect();
    // How many phrases share each window: common ones make bad seeds.
    let mut shared: HashMap<&[char], u32> = HashMap::new();
    for phrase in &chars {
        for len in 3..=5 {
            for window in phrase.windows(len) {
                *shared.entry(window).or_default() += 1;
            }
        }
    }
    let mut seeds: HashMap<String, Vec<Seed>> = HashMap::new();
    for (index, phrase) in chars.iter().enumerate() {
        let edits = max_edits(phrase.len());
        if edits == 0 {
            continue;
        }
        let mut add = |text: String, offset: usize| {
            seeds.entry(text).or_default().push(Seed {
                phrase: index as u32,
                offset: offset as u32,
            });
        };
        let pieces = edits + 1;
        let piece = phrase.len() / pieces;
        for number in 0..pieces {
            let from = number * piece;
            let to = if number + 1 == pieces {
                phrase.len()
            } else {
                from + piece
            };
            let len = (to - from).min(5);
            let best = (from..=to - len)
                .min_by_key(|&at| (shared.get(&phrase[at..at + len]).copied().unwrap_or(0), at))
                .unwrap_or(from);
            add(phrase[best..best + len].iter().collect(), best);
        }
        // A swap across the middle of a phrase of one edit harms both seeds: its own seed.
        if edits == 1 {
            let middle = piece;
            if phrase[middle - 1] != phrase[middle] {
                let mut window: Vec<char> = phrase[middle - 2..middle + 2].to_vec();
                window.swap(1, 2);
                add(window.into_iter().collect(), middle - 2);
            }
        }
    }
    let mut seeds: Vec<(String, Vec<Seed>)> = seeds.into_iter().collect();
    seeds.sort_by(|a, b| a.0.cmp(&b.0));
    seeds
}
