//! Measures `typo/unlikely`: cross-validation on pairs of wrong and right
//! sentences, false alarms and speed on clean text.
//!
//! `unlikely-eval MODEL HELD-OUT PAIRS.tsv... -- CLEAN.txt...`
//!
//! The classifier is trained anew for each fold on errors injected into the
//! held-out text and on the pairs of the other folds. Folds go by the right
//! sentence: no target stands on both sides.

use baguan::check::typo::unlikely::training::rows;
use baguan::check::typo::unlikely::training::{Examples, injected_rows};
use baguan::check::typo::unlikely::{Described, Speller, choose};
use baguan::dictionary::language_model::classifier::Classifier;
use baguan::dictionary::language_model::model::Model;
use baguan::dictionary::language_model::training::boost::{self, Row};
use std::error::Error;
use std::time::Instant;

const FOLDS: u32 = 4;
const VARIANTS: &str = include_str!("../dictionaries/accepted-variants.tsv");
const LEVELS: [f32; 4] = [0.5, 0.9, 0.95, 0.98];

struct Item {
    wrong: String,
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
    sentence_detection: (f64, f64, f64),
    character_correction: (f64, f64, f64),
    character_detection: (f64, f64, f64),
    false_positive_sentences: f64,
}

fn score(items: &[(&Item, &Vec<(&Described, f32)>)], least: f32) -> Scores {
    let (mut right, mut changed, mut wrong, mut false_positive) = (0, 0, 0, 0);
    let (mut located, mut char_right, mut char_found, mut char_changed, mut char_wrong) =
        (0, 0, 0, 0, 0);
    for (item, chosen) in items {
        let mut out = item.wrong.clone();
        for (d, p) in chosen.iter().rev() {
            if *p >= least {
                out.replace_range(d.range.clone(), &d.replacement);
            }
        }
        let source: Vec<char> = item.wrong.chars().collect();
        let out: Vec<char> = out.chars().collect();
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
        located += usize::from(is_wrong && gold == made);
        for i in 0..source.len() {
            char_wrong += usize::from(gold[i]);
            char_changed += usize::from(made[i]);
            char_found += usize::from(gold[i] && made[i]);
            char_right += usize::from(gold[i] && made[i] && out[i] == item.right[i]);
        }
    }
    Scores {
        sentence_correction: measure(right, changed, wrong),
        sentence_detection: measure(located, changed, wrong),
        character_correction: measure(char_right, char_changed, char_wrong),
        character_detection: measure(char_found, char_changed, char_wrong),
        false_positive_sentences: 100.0 * false_positive as f64
            / (items.len() - wrong).max(1) as f64,
    }
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
    let speller = Speller::new(&model, VARIANTS);

    let mut items = Vec::new();
    for (set, path) in sets.iter().enumerate() {
        for line in std::fs::read_to_string(path)?.lines() {
            let Some((wrong, right)) = line.split_once('\t') else {
                continue;
            };
            let target: Vec<char> = right.chars().collect();
            if wrong.chars().count() == target.len() {
                items.push(Item {
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
        let examples = Examples::default();
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
            boost::train(&list, &boost::Options::default())
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
        let mean = |least: f32| {
            (0..sets.len())
                .map(|s| score(&of(s), least).sentence_correction.2)
                .sum::<f64>()
                / sets.len() as f64
        };
        let best = (3..20)
            .map(|k| k as f32 * 0.05)
            .map(|t| (t, mean(t)))
            .fold((0.5, 0.0), |a, b| if b.1 > a.1 { b } else { a });
        println!(
            "best threshold for all sets {:.2}: mean sentence correction F1 {:.1}",
            best.0, best.1
        );
        println!(
            "set, threshold: sentence correction P/R/F1, detection F1; character correction P/R/F1, detection P/R; false-positive sentences"
        );
        for (set, path) in sets.iter().enumerate() {
            let name = path.rsplit('/').next().unwrap_or(path);
            for least in [best.0, LEVELS[0], LEVELS[1], LEVELS[2]] {
                let s = score(&of(set), least);
                let (a, c, d) = (
                    s.sentence_correction,
                    s.character_correction,
                    s.character_detection,
                );
                println!(
                    "{name:24} {least:.2}: {:5.1}/{:5.1}/{:5.1} {:5.1}; {:5.1}/{:5.1}/{:5.1} {:5.1}/{:5.1}; {:4.1} %",
                    a.0,
                    a.1,
                    a.2,
                    s.sentence_detection.2,
                    c.0,
                    c.1,
                    c.2,
                    d.0,
                    d.1,
                    s.false_positive_sentences
                );
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
