//! Words that are wrong only in some surroundings (登陆 before 平台, not before a coast).

use super::automaton::Automaton;
use crate::finding::Severity;
use regex::Regex;
use serde::Deserialize;
use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

/// A pair and the surroundings in which its left side is wrong. All conditions given must hold.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContextPair {
    pub wrong: String,
    pub right: String,
    /// One of these follows, at most `within` characters on.
    #[serde(default)]
    after: Vec<String>,
    /// One of these precedes, at most `within` characters before.
    #[serde(default)]
    before: Vec<String>,
    #[serde(default)]
    not_after: Vec<String>,
    #[serde(default)]
    not_before: Vec<String>,
    /// One of these stands in the block.
    #[serde(default)]
    block_has: Vec<String>,
    #[serde(default)]
    block_lacks: Vec<String>,
    /// Matches what follows; anchored to the end of the wrong form.
    after_regex: Option<String>,
    /// Matches what precedes; anchored to the start of the wrong form.
    before_regex: Option<String>,
    #[serde(default)]
    within: usize,
    pub severity: Severity,
    /// Why, for the editor.
    pub note: String,
}

struct Pairs {
    pairs: Vec<Compiled>,
    /// For each wrong form the pairs that have it.
    forms: Vec<Vec<usize>>,
    automaton: Option<Automaton>,
}

/// A pair with its regular expressions, compiled when they are first asked.
struct Compiled {
    pair: ContextPair,
    after: OnceLock<Option<Regex>>,
    before: OnceLock<Option<Regex>>,
}

impl Compiled {
    /// True if what follows the wrong form is as the pair wants it.
    fn follows(&self, after: &str) -> bool {
        let Some(pattern) = &self.pair.after_regex else {
            return true;
        };
        let near = after
            .char_indices()
            .nth(LOOK_AROUND)
            .map_or(after, |(at, _)| &after[..at]);
        let compile = || Regex::new(&format!("^(?:{pattern})")).ok();
        self.after
            .get_or_init(compile)
            .as_ref()
            .is_some_and(|r| r.is_match(near))
    }

    /// True if what precedes the wrong form is as the pair wants it.
    fn precedes(&self, before: &str) -> bool {
        let Some(pattern) = &self.pair.before_regex else {
            return true;
        };
        let near = before
            .char_indices()
            .rev()
            .nth(LOOK_AROUND - 1)
            .map_or(before, |(at, _)| &before[at..]);
        let compile = || Regex::new(&format!("(?:{pattern})$")).ok();
        self.before
            .get_or_init(compile)
            .as_ref()
            .is_some_and(|r| r.is_match(near))
    }
}

static PAIRS: LazyLock<Pairs> = LazyLock::new(|| {
    let pairs: Vec<Compiled> = include_str!(concat!(env!("OUT_DIR"), "/context.jsonl"))
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .map(|pair| Compiled {
            pair,
            after: OnceLock::new(),
            before: OnceLock::new(),
        })
        .collect();
    let mut words: Vec<&str> = pairs.iter().map(|c| c.pair.wrong.as_str()).collect();
    words.sort_unstable();
    words.dedup();
    let of_form = |word: &str| {
        (0..pairs.len())
            .filter(|&i| pairs[i].pair.wrong == word)
            .collect()
    };
    let forms = words.iter().map(|word| of_form(word)).collect();
    let automaton = Automaton::of(&words);
    Pairs {
        forms,
        automaton,
        pairs,
    }
});

/// How far a regular expression looks, in characters: enough for a clause, and work stays linear.
const LOOK_AROUND: usize = 40;

impl Pairs {
    fn holds(&self, index: usize, text: &str, range: &Range<usize>) -> bool {
        let compiled = &self.pairs[index];
        let pair = &compiled.pair;
        let (before, after) = (&text[..range.start], &text[range.end..]);
        let follows = |list: &[String], within: usize| {
            let mut at = 0;
            (0..=within).any(|_| {
                let here = list
                    .iter()
                    .any(|word| after[at..].starts_with(word.as_str()));
                at += after[at..].chars().next().map_or(0, char::len_utf8);
                here
            })
        };
        let precedes = |list: &[String], within: usize| {
            let mut at = before.len();
            (0..=within).any(|_| {
                let here = list
                    .iter()
                    .any(|word| before[..at].ends_with(word.as_str()));
                at -= before[..at].chars().next_back().map_or(0, char::len_utf8);
                here
            })
        };
        (pair.after.is_empty() || follows(&pair.after, pair.within))
            && (pair.before.is_empty() || precedes(&pair.before, pair.within))
            && !follows(&pair.not_after, 0)
            && !precedes(&pair.not_before, 0)
            && compiled.follows(after)
            && compiled.precedes(before)
            && (pair.block_has.is_empty()
                || pair.block_has.iter().any(|w| text.contains(w.as_str())))
            && !pair.block_lacks.iter().any(|w| text.contains(w.as_str()))
    }
}

/// The pairs that are wrong where they stand in `text`, with their places (bytes).
pub fn find(text: &str) -> impl Iterator<Item = (Range<usize>, &'static ContextPair)> {
    let pairs = &*PAIRS;
    pairs
        .automaton
        .iter()
        .flat_map(move |automaton| automaton.find(text))
        .flat_map(move |(range, form)| {
            let forms = pairs.forms.get(form);
            let holds = {
                let range = range.clone();
                move |index: &&usize| pairs.holds(**index, text, &range)
            };
            forms
                .into_iter()
                .flatten()
                .filter(holds)
                .map(move |&index| (range.clone(), &pairs.pairs[index].pair))
        })
}

/// All built-in pairs that could be read.
pub fn all() -> impl Iterator<Item = &'static ContextPair> {
    PAIRS.pairs.iter().map(|compiled| &compiled.pair)
}

/// Number of pairs that could be read.
pub fn count() -> usize {
    PAIRS.pairs.len()
}
