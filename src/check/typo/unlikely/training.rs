//! Fitting the classifier: examples from held-out text with injected errors, and from pairs of
//! wrong and right sentences.

use super::speller::{Described, Speller};
use crate::dictionary::language_model::model::Model;
use crate::dictionary::language_model::training::boost::{self, Row};
use crate::dictionary::language_model::training::inject::{Rarities, inject, inject_gap};
use crate::dictionary::language_model::training::random::Random;

/// Whether an edit makes the text right at its place: all that it changes was
/// wrong and is right afterwards. `right` has as many characters as `wrong`.
#[must_use]
pub fn is_true(described: &Described, wrong: &str, right: &[char]) -> bool {
    let start = wrong[..described.range.start].chars().count();
    let old: Vec<char> = wrong[described.range.clone()].chars().collect();
    let new: Vec<char> = described.replacement.chars().collect();
    if new.len() != old.len() {
        return false;
    }
    let Some(target) = right.get(start..start + new.len()) else {
        return false;
    };
    new == target && old != new
}

/// Whether an edit makes the whole text right.
fn mends(described: &Described, wrong: &str, right: &str) -> bool {
    let (before, rest) = (
        &wrong[..described.range.start],
        &wrong[described.range.end..],
    );
    right
        .strip_prefix(before)
        .and_then(|r| r.strip_suffix(rest))
        .is_some_and(|middle| middle == described.replacement)
}

/// Rows of a sentence with one character too many or too few. What else could be changed there is
/// neither right nor wrong, and teaches nothing.
pub fn gap_rows(
    speller: &Speller<&Model>,
    wrong: &str,
    right: &str,
    weight: f64,
    out: &mut Vec<Row>,
) {
    let edits = speller.describe(wrong);
    for described in edits.iter().filter(|d| d.edit.kind.is_gap()) {
        out.push(Row {
            truth: mends(described, wrong, right),
            features: described.features.to_vec(),
            weight,
        });
    }
}

/// Which edits of one place are true: of several that are right as far as they go, those that
/// mend the most.
fn truths(place: &[Described], wrong: &str, right: &[char]) -> Vec<bool> {
    let mended = |d: &Described| {
        let pairs = wrong[d.range.clone()].chars().zip(d.replacement.chars());
        pairs.filter(|(a, b)| a != b).count()
    };
    let gains: Vec<usize> = place
        .iter()
        .map(|d| {
            if is_true(d, wrong, right) {
                mended(d)
            } else {
                0
            }
        })
        .collect();
    let most = gains.iter().copied().max().unwrap_or(0);
    gains.iter().map(|&gain| gain > 0 && gain == most).collect()
}

/// Rows of one sentence.
pub fn rows(speller: &Speller<&Model>, wrong: &str, right: &str, weight: f64, out: &mut Vec<Row>) {
    let target: Vec<char> = right.chars().collect();
    for place in speller.describe(wrong).chunk_by(|a, b| a.place == b.place) {
        let truths = truths(place, wrong, &target);
        out.extend(place.iter().zip(truths).map(|(described, truth)| Row {
            truth,
            features: described.features.to_vec(),
            weight,
        }));
    }
}

/// How often a sentence of those with a character too many or too few is used, each time with
/// another such error: there are few of each sort.
const GAPS: usize = 5;

/// How the classifier's examples are made.
#[derive(Debug, Clone)]
pub struct Examples {
    /// Sentences given an error, in a thousand.
    pub wrong_per_mille: usize,
    /// Sentences with a character too many or too few, in a thousand.
    pub gap_per_mille: usize,
    /// Weight of a row from a given pair against one from an injected error.
    pub pair_weight: f64,
    /// Shortest and longest sentence used, in characters.
    pub shortest: usize,
    pub longest: usize,
    /// How often the text is gone through, with other errors each time.
    pub rounds: usize,
    pub seed: u64,
}

impl Default for Examples {
    fn default() -> Self {
        Self {
            wrong_per_mille: 400,
            gap_per_mille: 100,
            pair_weight: 3.0,
            shortest: 8,
            longest: 150,
            rounds: 1,
            seed: 7,
        }
    }
}

/// Rows from held-out text, part of whose sentences are given errors.
#[must_use]
pub fn injected_rows(
    model: &Model,
    speller: &Speller<&Model>,
    held: &[&str],
    options: &Examples,
) -> Vec<Row> {
    let mut random = Random::new(options.seed);
    let rarities = Rarities::of(model);
    let mut out = Vec::new();
    let sentences = || {
        held.iter()
            .flat_map(|p| p.split_inclusive(['。', '；', '？', '！']))
    };
    for sentence in (0..options.rounds).flat_map(|_| sentences()) {
        let length = sentence.chars().count();
        if !(options.shortest..options.longest).contains(&length) {
            continue;
        }
        if random.per_mille(options.gap_per_mille) {
            for _ in 0..GAPS {
                if let Some(pair) = inject_gap(model, &mut random, sentence) {
                    let weight = 1.0 / GAPS as f64;
                    gap_rows(speller, &pair.wrong, &pair.right, weight, &mut out);
                }
            }
            continue;
        }
        let wrong = random.per_mille(options.wrong_per_mille);
        match if wrong {
            inject(model, &rarities, &mut random, sentence)
        } else {
            None
        } {
            Some(pair) => rows(speller, &pair.wrong, &pair.right, 1.0, &mut out),
            None => rows(speller, sentence, sentence, 1.0, &mut out),
        }
    }
    out
}

/// Fits a model's classifier to held-out text and to pairs of wrong and right sentences.
pub fn fit_classifier(
    model: &mut Model,
    held: &[&str],
    pairs: &[(String, String)],
    examples: &Examples,
    options: &boost::Options,
    progress: &mut dyn FnMut(&str),
) {
    let speller = Speller::new(&*model, "");
    let mut list = injected_rows(model, &speller, held, examples);
    progress(&format!("examples from held-out text: {}", list.len()));
    for (wrong, right) in pairs
        .iter()
        .filter(|(w, r)| w.chars().count() == r.chars().count())
    {
        rows(&speller, wrong, right, examples.pair_weight, &mut list);
    }
    progress(&format!("examples in all: {}", list.len()));
    model.classifier = boost::train(&list, options);
    progress(&format!("classifier: {} trees", model.classifier.trees()));
}
