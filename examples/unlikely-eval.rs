//! Measures `typo/unlikely`: cross-validation on pairs of wrong and right
//! sentences, false alarms and speed on clean text.
//!
//! `unlikely-eval MODEL HELD-OUT PAIRS.tsv... -- CLEAN.txt...`
//!
//! The classifier is trained anew for each fold on errors injected into the
//! held-out text and on the pairs of the other folds. Folds go by the right
//! sentence: no target stands on both sides.

use baguan::check::typo::unlikely::RULE;
use baguan::check::typo::unlikely::training::{Examples, injected_rows};
use baguan::check::typo::unlikely::training::{is_true, rows};
use baguan::check::typo::unlikely::{Described, Speller, Tuning, choose};
use baguan::dictionary::language_model::classifier::Classifier;
use baguan::dictionary::language_model::model::Model;
use baguan::dictionary::language_model::training::boost::{self, Row};
use baguan::dictionary::language_model::trie::STEPS;
use baguan::finding::Field;
use baguan::knowledge::Knowledge;
use baguan::linter::Linter;
use baguan::post::{Format, Post};
use baguan::rulebook::RuleBook;
use baguan::settings::Settings;
use std::error::Error;
use std::ops::Range;
use std::time::Instant;

const FOLDS: u32 = 4;
const VARIANTS: &str = include_str!("../dictionaries/accepted-variants.tsv");
const LEVELS: [f32; 4] = [0.5, 0.9, 0.95, 0.98];

struct Item {
    wrong: String,
    /// What the other typo rules change: bytes, text, confidence.
    certain: Vec<(Range<usize>, String, f32)>,
    right: Vec<char>,
    edits: Vec<Described>,
    set: usize,
    fold: u32,
}

/// Precision, recall and their harmonic mean, in per cent.
fn measure(found: usize, proposed: usize, wanted: usize) -> (f64, f64, f64) {
    let share = |a: usize, b: usize| 100.0 * a as f64 / b.max(1) as f64;
    let (p, r) = (share(found, proposed), share(found, wanted));
    (
        p,
        r,
        if p + r > 0.0 {
            2.0 * p * r / (p + r)
        } else {
            0.0
        },
    )
}

#[derive(Default)]
struct Scores {
    sentence_correction: (f64, f64, f64),
    character_correction: (f64, f64, f64),
    character_detection: (f64, f64, f64),
    false_positive_sentences: f64,
}

fn score(items: &[(&Item, &Vec<(&Described, f32)>)], least: f32, all: bool) -> Scores {
    let (mut right, mut changed, mut wrong, mut false_positive) = (0, 0, 0, 0);
    let (mut char_right, mut char_found, mut char_changed, mut char_wrong) = (0, 0, 0, 0);
    for (item, chosen) in items {
        let mut edits: Vec<(Range<usize>, &str)> = if all {
            item.certain
                .iter()
                .filter(|(_, _, p)| *p >= least)
                .map(|(range, new, _)| (range.clone(), new.as_str()))
                .collect()
        } else {
            Vec::new()
        };
        for (d, p) in chosen.iter() {
            let free = edits
                .iter()
                .all(|(r, _)| r.end <= d.range.start || d.range.end <= r.start);
            if *p >= least && free {
                edits.push((d.range.clone(), &d.replacement));
            }
        }
        edits.sort_by_key(|(r, _)| r.start);
        let mut out = item.wrong.clone();
        for (range, new) in edits.iter().rev() {
            out.replace_range(range.clone(), new);
        }
        let source: Vec<char> = item.wrong.chars().collect();
        let out: Vec<char> = out.chars().collect();
        if out.len() != source.len() {
            // A surplus or missing character; no sentence of these sets has one.
            changed += 1;
            let is_wrong = source != item.right;
            wrong += usize::from(is_wrong);
            false_positive += usize::from(!is_wrong);
            continue;
        }
        let is_wrong = source != item.right;
        let is_changed = source != out;
        wrong += usize::from(is_wrong);
        changed += usize::from(is_changed);
        right += usize::from(is_wrong && out == item.right);
        false_positive += usize::from(!is_wrong && is_changed);
        let places = |other: &[char]| -> Vec<bool> {
            source.iter().zip(other).map(|(a, b)| a != b).collect()
        };
        let (gold, made) = (places(&item.right), places(&out));
        for i in 0..source.len() {
            char_wrong += usize::from(gold[i]);
            char_changed += usize::from(made[i]);
            char_found += usize::from(gold[i] && made[i]);
            char_right += usize::from(gold[i] && made[i] && out[i] == item.right[i]);
        }
    }
    Scores {
        sentence_correction: measure(right, changed, wrong),
        character_correction: measure(char_right, char_changed, char_wrong),
        character_detection: measure(char_found, char_changed, char_wrong),
        false_positive_sentences: 100.0 * false_positive as f64
            / (items.len() - wrong).max(1) as f64,
    }
}

/// Prints what was missed and what was wrongly changed in a sentence.
fn misses(
    item: &Item,
    chosen: &[(&Described, f32)],
    classifier: &Classifier,
    least: f32,
    sets: &[String],
) {
    let source: Vec<char> = item.wrong.chars().collect();
    let starts: Vec<usize> = item.wrong.char_indices().map(|(i, _)| i).collect();
    let set = sets[item.set].rsplit('/').next().unwrap_or_default();
    let context = |from: usize, to: usize, new: &str| {
        let part = |a: usize, b: usize| source[a..b].iter().collect::<String>();
        format!(
            "{}[{}→{new}]{}",
            part(from.saturating_sub(8), from),
            part(from, to),
            part(to, (to + 8).min(source.len()))
        )
    };
    let mut at = 0;
    while at < source.len() {
        if source[at] == item.right[at] {
            at += 1;
            continue;
        }
        let from = at;
        while at < source.len() && source[at] != item.right[at] {
            at += 1;
        }
        let bytes = starts[from]..starts.get(at).copied().unwrap_or(item.wrong.len());
        let right: String = item.right[from..at].iter().collect();
        let truth = item
            .edits
            .iter()
            .filter(|d| d.range.start < bytes.end && bytes.start < d.range.end)
            .map(|d| {
                let p = classifier.probability(&d.features);
                format!(
                    "{}→{} {:?} {p:.2}",
                    &item.wrong[d.range.clone()],
                    d.replacement,
                    d.edit.kind
                )
            })
            .collect::<Vec<_>>();
        let ok = chosen.iter().any(|(d, p)| {
            *p >= least
                && d.range.start <= bytes.start
                && d.range.end >= bytes.end
                && is_true(d, &item.wrong, &item.right)
        });
        println!(
            "{} {set} {} | {}",
            if ok { "HIT" } else { "MISS" },
            context(from, at, &right),
            truth.join("; ")
        );
    }
    for (d, p) in chosen {
        if *p >= least && !is_true(d, &item.wrong, &item.right) {
            let from = item.wrong[..d.range.start].chars().count();
            let to = from + item.wrong[d.range.clone()].chars().count();
            println!(
                "FALSE {set} {} | {:?} {p:.2}",
                context(from, to, &d.replacement),
                d.edit.kind
            );
        }
    }
}

/// The changes of all typo rules but `typo/unlikely`.
fn certain(linter: &Linter, text: &str) -> Vec<(Range<usize>, String, f32)> {
    let mut post = Post::new("示例县召开工作会议", text);
    post.format = Format::Text;
    let mut out: Vec<(Range<usize>, String, f32)> = Vec::new();
    for finding in linter.check(&post).findings {
        if finding.field != Field::Body {
            continue;
        }
        let confidence = finding.confidence as f32;
        let edits = finding.suggestions.first().map_or(&[][..], |s| &s.edits);
        for edit in edits {
            let range = edit.start..edit.end;
            if out
                .iter()
                .all(|(r, _, _)| r.end <= range.start || range.end <= r.start)
            {
                out.push((range, edit.text.clone(), confidence));
            }
        }
    }
    out
}

fn pick<'d>(
    speller: &Speller<&Model>,
    classifier: &Classifier,
    text: &str,
    edits: &'d [Described],
) -> Vec<(&'d Described, f32)> {
    let mut chosen = choose(edits, classifier);
    chosen.retain(|(d, _)| !speller.guards().explains(text, &d.range, &d.replacement));
    chosen
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [model, held, rest @ ..] = arguments.as_slice() else {
        return Err("unlikely-eval MODEL HELD-OUT PAIRS.tsv... -- CLEAN.txt...".into());
    };
    let middle = rest.iter().position(|a| a == "--").unwrap_or(rest.len());
    let (sets, clean) = (&rest[..middle], rest.get(middle + 1..).unwrap_or_default());

    let begin = Instant::now();
    let model = Model::from_bytes(&std::fs::read(model)?)?;
    println!("loaded in {:.0} ms", begin.elapsed().as_secs_f64() * 1e3);
    let mut tuning = Tuning::default();
    let number = |name: &str, slot: &mut i32| {
        if let Some(v) = std::env::var(name).ok().and_then(|v| v.parse::<f32>().ok()) {
            *slot = (v * STEPS as f32) as i32;
        }
    };
    number("STRANGE", &mut tuning.strange);
    number("STRANGE_FUNCTION", &mut tuning.strange_function);
    number("SHARP", &mut tuning.sharp);
    number("STRANGE_WORDS", &mut tuning.strange_words);
    number("STRANGE_ANY", &mut tuning.strange_any);
    number("VERY_STRANGE", &mut tuning.very_strange);
    let mut least = tuning.least[0];
    number("LEAST", &mut least);
    tuning.least.fill(least);
    number("SLACK", &mut tuning.slack);
    number("ABREAST", &mut tuning.abreast);
    let size = |name: &str, slot: &mut usize| {
        if let Some(v) = std::env::var(name).ok().and_then(|v| v.parse().ok()) {
            *slot = v;
        }
    };
    number("STRANGE_GAP", &mut tuning.strange_gap);
    number("GAP_PRICE", &mut tuning.gap_price);
    number("LEAST_GAP", &mut tuning.least_gap);
    size("BEAM", &mut tuning.beam);
    size("WORDS", &mut tuning.words);
    size("SIDE", &mut tuning.side);
    size("PAIRS", &mut tuning.pairs);
    let mut boosting = boost::Options::default();
    size("TREES", &mut boosting.trees);
    size("DEPTH", &mut boosting.depth);
    size("ROWS", &mut boosting.rows_per_mille);
    size("SEEN", &mut boosting.seen_per_mille);
    if let Some(v) = std::env::var("RATE").ok().and_then(|v| v.parse().ok()) {
        boosting.rate = v;
    }
    let mut examples = Examples::default();
    if let Some(v) = std::env::var("PAIR_WEIGHT")
        .ok()
        .and_then(|v| v.parse().ok())
    {
        examples.pair_weight = v;
    }
    size("WRONG", &mut examples.wrong_per_mille);
    size("ROUNDS", &mut examples.rounds);
    let speller = Speller::new(&model, VARIANTS).with_tuning(tuning);

    let book = RuleBook::built_in()?;
    let mut settings = Settings::defaults(&book);
    settings.only(["typo"].into_iter())?;
    settings.skip([RULE].into_iter())?;
    settings.min_confidence = 0.0;
    let linter = Linter::new(
        book,
        settings,
        Knowledge::default(),
        jiff::civil::date(2026, 1, 1),
    )?;
    let mut items = Vec::new();
    for (set, path) in sets.iter().enumerate() {
        for line in std::fs::read_to_string(path)?.lines() {
            let Some((wrong, right)) = line.split_once('\t') else {
                continue;
            };
            let target: Vec<char> = right.chars().collect();
            if wrong.chars().count() == target.len() {
                items.push(Item {
                    certain: certain(&linter, wrong),
                    edits: speller.describe(wrong),
                    wrong: wrong.to_owned(),
                    right: target,
                    set,
                    fold: crc32fast::hash(right.as_bytes()) % FOLDS,
                });
            }
        }
    }
    if !items.is_empty() {
        let held = std::fs::read_to_string(held)?;
        let held: Vec<&str> = held.lines().collect();
        let injected = injected_rows(&model, &speller, &held, &examples);
        let train = |skip: Option<u32>| {
            let mut list: Vec<Row> = injected.clone();
            for item in items.iter().filter(|i| Some(i.fold) != skip) {
                rows(
                    &speller,
                    &item.wrong,
                    &item.right.iter().collect::<String>(),
                    examples.pair_weight,
                    &mut list,
                );
            }
            boost::train(&list, &boosting)
        };
        let folds: Vec<Classifier> = (0..FOLDS).map(|f| train(Some(f))).collect();
        let chosen: Vec<Vec<(&Described, f32)>> = items
            .iter()
            .map(|i| pick(&speller, &folds[i.fold as usize], &i.wrong, &i.edits))
            .collect();
        let of = |set: usize| -> Vec<(&Item, &Vec<(&Described, f32)>)> {
            items
                .iter()
                .zip(&chosen)
                .filter(|(i, _)| i.set == set)
                .collect()
        };
        for all in [false, true] {
            println!(
                "{}",
                if all {
                    "all typo rules"
                } else {
                    "typo/unlikely alone"
                }
            );
            let mean = |least: f32| {
                (0..sets.len().min(3))
                    .map(|s| score(&of(s), least, all).sentence_correction.2)
                    .sum::<f64>()
                    / sets.len().min(3) as f64
            };
            let best = (3..20)
                .map(|k| k as f32 * 0.05)
                .map(|t| (t, mean(t)))
                .fold((0.5, 0.0), |a, b| if b.1 > a.1 { b } else { a });
            println!(
                "best threshold for the first three sets {:.2}: mean sentence correction F1 {:.1}",
                best.0, best.1
            );
            if all && std::env::var_os("MISSES").is_some() {
                for (item, chosen) in items.iter().zip(&chosen) {
                    misses(item, chosen, &folds[item.fold as usize], best.0, sets);
                }
            }
            println!(
                "set, threshold: sentence correction P/R/F1; character correction F1, detection P/R; false-positive sentences"
            );
            for (set, path) in sets.iter().enumerate() {
                let name = path.rsplit('/').next().unwrap_or(path);
                for least in [best.0, 0.9] {
                    let s = score(&of(set), least, all);
                    let (a, c, d) = (
                        s.sentence_correction,
                        s.character_correction,
                        s.character_detection,
                    );
                    println!(
                        "{name:24} {least:.2}: {:5.1}/{:5.1}/{:5.1}; {:5.1} {:5.1}/{:5.1}; {:4.1} %",
                        a.0, a.1, a.2, c.2, d.0, d.1, s.false_positive_sentences
                    );
                }
            }
        }
    }
    // False alarms are those of the shipped classifier, as users see them.
    let mut all = [0usize; LEVELS.len()];
    let mut characters = 0;
    for path in clean {
        let text = std::fs::read_to_string(path)?;
        let begin = Instant::now();
        let described: Vec<Vec<Described>> = text.lines().map(|l| speller.describe(l)).collect();
        let took = begin.elapsed().as_secs_f64();
        let n = text.chars().count();
        let mut counts = [0usize; LEVELS.len()];
        for (line, edits) in text.lines().zip(&described) {
            for (d, p) in pick(&speller, &model.classifier, line, edits) {
                for (count, level) in counts.iter_mut().zip(LEVELS) {
                    *count += usize::from(p >= level);
                }
                if p >= LEVELS[1] && std::env::var_os("SHOW").is_some() {
                    let before: String = line[..d.range.start]
                        .chars()
                        .rev()
                        .take(10)
                        .collect::<Vec<_>>()
                        .into_iter()
                        .rev()
                        .collect();
                    let after: String = line[d.range.end..].chars().take(10).collect();
                    println!(
                        "  {p:.3} {before}[{}→{}]{after}",
                        &line[d.range.clone()],
                        d.replacement
                    );
                }
            }
        }
        let per = |c: usize, n: usize| c as f64 * 1e4 / n.max(1) as f64;
        let shown: Vec<String> = counts
            .iter()
            .map(|&c| format!("{:.2}", per(c, n)))
            .collect();
        println!(
            "{path}: {} flags per 10,000 characters at .5/.9/.95/.98; {:.2} M characters/s",
            shown.join(" / "),
            n as f64 / took / 1e6
        );
        characters += n;
        for (sum, count) in all.iter_mut().zip(counts) {
            *sum += count;
        }
    }
    let shown: Vec<String> = all
        .iter()
        .map(|&c| format!("{:.2}", c as f64 * 1e4 / characters.max(1) as f64))
        .collect();
    println!("all clean text: {}", shown.join(" / "));
    Ok(())
}
