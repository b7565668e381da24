//! Counts every wrong form of the dictionaries in clean text, guards applied, so that a form that
//! occurs legitimately gets a guard or goes: `cargo run --release --example dictionary-check --
//! FILE…` (plain text, a paragraph a line).
//!
//! Prints a line a form that occurs, the most frequent first: count, wrong, right, severity, and
//! up to `--contexts N` (default 3) places. The last lines sum up by severity.

use baguan::dictionary::confusable;
use baguan::dictionary::segment;
use baguan::finding::Severity;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::ExitCode;

#[derive(Default)]
struct Hits {
    count: usize,
    right: String,
    severity: Option<Severity>,
    contexts: Vec<String>,
}

fn main() -> ExitCode {
    let mut files = Vec::new();
    let mut contexts = 3;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "--contexts" {
            contexts = arguments
                .next()
                .and_then(|n| n.parse().ok())
                .unwrap_or(contexts);
        } else {
            files.push(argument);
        }
    }
    if files.is_empty() {
        eprintln!("dictionary-check: name the files to count in");
        return ExitCode::from(2);
    }
    let mut hits: BTreeMap<String, Hits> = BTreeMap::new();
    let mut characters = 0;
    for file in &files {
        let opened = match std::fs::File::open(file) {
            Ok(opened) => opened,
            Err(error) => {
                eprintln!("dictionary-check: {file}: {error}");
                return ExitCode::from(2);
            }
        };
        for line in BufReader::new(opened).lines() {
            let Ok(line) = line else { continue };
            characters += line.chars().count();
            for (range, entry) in confusable::find(&line) {
                if !entry.holds(&line, &range, &segment::stands_alone) {
                    continue;
                }
                let hit = hits.entry(entry.wrong.to_owned()).or_default();
                hit.count += 1;
                hit.right = entry.right.to_owned();
                hit.severity = Some(entry.severity);
                if hit.contexts.len() < contexts {
                    let before: Vec<char> = line[..range.start].chars().rev().take(10).collect();
                    let before: String = before.into_iter().rev().collect();
                    let after: String = line[range.end..].chars().take(10).collect();
                    hit.contexts
                        .push(format!("{before}[{}]{after}", entry.wrong));
                }
            }
        }
    }
    let mut ordered: Vec<_> = hits.iter().collect();
    ordered.sort_by(|a, b| b.1.count.cmp(&a.1.count).then(a.0.cmp(b.0)));
    let mut sums: BTreeMap<Severity, (usize, usize)> = BTreeMap::new();
    for (wrong, hit) in ordered {
        let severity = hit.severity.unwrap_or(Severity::Error);
        let sum = sums.entry(severity).or_default();
        sum.0 += 1;
        sum.1 += hit.count;
        println!(
            "{}\t{wrong}\t{}\t{severity}\t{}",
            hit.count,
            hit.right,
            hit.contexts.join(" ¦ ")
        );
    }
    for (severity, (forms, count)) in sums {
        println!(
            "{severity}: {forms} forms, {count} times, {:.4} per 10,000 characters",
            10_000.0 * count as f64 / characters.max(1) as f64
        );
    }
    println!(
        "{} entries, {characters} characters",
        confusable::entries().count()
    );
    ExitCode::SUCCESS
}
