//! Measures the typo rules: `cargo run --release --example typo-eval -- FILE…`
//!
//! A `.tsv` file holds pairs, source TAB target: detection and correction by sentence and by
//! character, and the share of right sentences that are flagged. Any other file is clean text, a
//! paragraph a line: flags per 10,000 characters by rule, and characters a second.
//!
//! Options: `--min-confidence P` (default 0.9), `--all` (info too; else warning and above),
//! `--show N` (prints the first N flags or misses), `--only RULE,…`.
//!
//! Figures are the same on every run; the speed line alone depends on the machine.

use baguan::finding::{Field, Finding, Severity, apply_edits};
use baguan::knowledge::Knowledge;
use baguan::linter::Linter;
use baguan::post::{Format, Post};
use baguan::rulebook::RuleBook;
use baguan::settings::Settings;
use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;
use std::time::Instant;

struct Wishes {
    files: Vec<String>,
    min_confidence: f64,
    least: Severity,
    show: usize,
    only: Vec<String>,
}

fn wishes() -> Result<Wishes, String> {
    let mut wishes = Wishes {
        files: Vec::new(),
        min_confidence: baguan::settings::MIN_CONFIDENCE,
        least: Severity::Warning,
        show: 0,
        only: vec!["typo".to_owned()],
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{argument} wants a value"));
        match argument.as_str() {
            "--min-confidence" => {
                wishes.min_confidence = value()?.parse().map_err(|e| format!("{e}"))?;
            }
            "--all" => wishes.least = Severity::Info,
            "--show" => wishes.show = value()?.parse().map_err(|e| format!("{e}"))?,
            "--only" => wishes.only = value()?.split(',').map(str::to_owned).collect(),
            option if option.starts_with("--") => return Err(format!("unknown option {option}")),
            _ => wishes.files.push(argument),
        }
    }
    if wishes.files.is_empty() {
        return Err("name a file: source TAB target (.tsv), or clean text".to_owned());
    }
    Ok(wishes)
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("typo-eval: {message}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<(), String> {
    let wishes = wishes()?;
    let book = RuleBook::built_in().map_err(|e| e.to_string())?;
    let mut settings = Settings::defaults(&book);
    settings
        .only(wishes.only.iter().map(String::as_str))
        .map_err(|e| e.to_string())?;
    settings.min_confidence = wishes.min_confidence;
    let today = jiff::civil::date(2026, 1, 1);
    let linter = Linter::new(book, settings, Knowledge::default(), today)?;
    for file in &wishes.files {
        let text = std::fs::read_to_string(file).map_err(|e| format!("{file}: {e}"))?;
        if file.ends_with(".tsv") {
            pairs(&linter, &wishes, file, &text);
        } else {
            clean(&linter, &wishes, file, &text);
        }
    }
    Ok(())
}

/// The findings in a plain text that count.
fn findings(linter: &Linter, wishes: &Wishes, text: &str) -> Vec<Finding> {
    let mut post = Post::new("示例县召开工作会议", text);
    post.format = Format::Text;
    let mut findings = linter.check(&post).findings;
    findings.retain(|f| f.field == Field::Body && f.severity >= wishes.least);
    findings
}

/// Precision, recall and F1 in percent.
fn prf(hits: usize, said: usize, wanted: usize) -> String {
    let share = |n: usize, of: usize| {
        if of == 0 {
            0.0
        } else {
            100.0 * n as f64 / of as f64
        }
    };
    let (p, r) = (share(hits, said), share(hits, wanted));
    let f = if p + r == 0.0 {
        0.0
    } else {
        2.0 * p * r / (p + r)
    };
    format!("P {p:5.1}  R {r:5.1}  F1 {f:5.1}")
}

/// Places, in characters of `a`, where two texts of equal length differ.
fn differing(a: &str, b: &str) -> Option<BTreeSet<usize>> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    (a.len() == b.len()).then(|| (0..a.len()).filter(|&i| a[i] != b[i]).collect())
}

fn pairs(linter: &Linter, wishes: &Wishes, file: &str, text: &str) {
    let (mut said, mut wrong, mut found, mut mended, mut false_alarms, mut right) =
        (0, 0, 0, 0, 0, 0);
    let (mut char_said, mut char_wanted, mut char_found, mut char_mended) = (0, 0, 0, 0);
    let mut shown = 0;
    for line in text.lines() {
        let Some((source, target)) = line.split_once('\t') else {
            continue;
        };
        let findings = findings(linter, wishes, source);
        let mut edits: Vec<_> = findings
            .iter()
            .filter_map(|f| f.suggestions.first())
            .flat_map(|s| s.edits.clone())
            .collect();
        edits.sort();
        let output = apply_edits(source, &edits).unwrap_or_else(|| source.to_owned());
        let flagged = !findings.is_empty();
        let is_wrong = source != target;
        said += usize::from(flagged);
        wrong += usize::from(is_wrong);
        right += usize::from(!is_wrong);
        found += usize::from(flagged && is_wrong && same_places(source, &output, target));
        mended += usize::from(is_wrong && output == target);
        false_alarms += usize::from(flagged && !is_wrong);
        if let (Some(wanted), Some(changed)) =
            (differing(source, target), differing(source, &output))
        {
            char_said += changed.len();
            char_wanted += wanted.len();
            char_found += wanted.intersection(&changed).count();
            let (t, o): (Vec<char>, Vec<char>) =
                (target.chars().collect(), output.chars().collect());
            char_mended += changed
                .iter()
                .filter(|&&i| wanted.contains(&i) && t[i] == o[i])
                .count();
        }
        if output != target && shown < wishes.show {
            shown += 1;
            println!("  {}\n    said {output}\n    want {target}", source);
        }
    }
    println!("{file}: {} pairs, {wrong} with an error", wrong + right);
    println!("  sentence detection   {}", prf(found, said, wrong));
    println!("  sentence correction  {}", prf(mended, said, wrong));
    println!(
        "  character detection  {}",
        prf(char_found, char_said, char_wanted)
    );
    println!(
        "  character correction {}",
        prf(char_mended, char_said, char_wanted)
    );
    let share = if right == 0 {
        0.0
    } else {
        100.0 * false_alarms as f64 / right as f64
    };
    println!("  right sentences flagged {false_alarms} of {right} ({share:.2} %)");
}

/// True if the output differs from the source just where the target does.
fn same_places(source: &str, output: &str, target: &str) -> bool {
    match (differing(source, target), differing(source, output)) {
        (Some(wanted), Some(changed)) => wanted == changed,
        _ => output == target,
    }
}

fn clean(linter: &Linter, wishes: &Wishes, file: &str, text: &str) {
    let mut flags: BTreeMap<String, usize> = BTreeMap::new();
    let mut characters = 0;
    let mut shown = 0;
    // As posts of some paragraphs each, so that what is counted by document makes sense.
    let lines: Vec<&str> = text.lines().collect();
    let posts: Vec<String> = lines.chunks(20).map(|lines| lines.join("\n")).collect();
    // What loads at first use is not counted.
    findings(linter, wishes, "各乡镇人民政府要认真抓好落实。");
    let started = Instant::now();
    let found: Vec<Vec<Finding>> = posts
        .iter()
        .map(|post| findings(linter, wishes, post))
        .collect();
    let seconds = started.elapsed().as_secs_f64();
    for (post, found) in posts.iter().zip(&found) {
        characters += post.chars().count();
        for finding in found {
            *flags
                .entry(format!("{} {}", finding.rule, finding.severity))
                .or_default() += 1;
            if shown < wishes.show {
                shown += 1;
                let span = finding
                    .span
                    .unwrap_or(baguan::finding::Span { start: 0, end: 0 });
                let before: Vec<char> = post[..span.start].chars().rev().take(12).collect();
                let before: String = before.into_iter().rev().collect();
                let after: String = post[span.end..].chars().take(12).collect();
                println!(
                    "  {} {:.2} {before}[{}]{after} {}",
                    finding.rule, finding.confidence, finding.text, finding.message
                );
            }
        }
    }
    let total: usize = flags.values().sum();
    let rate = |n: usize| 10_000.0 * n as f64 / characters.max(1) as f64;
    println!(
        "{file}: {characters} characters, {total} flags, {:.3} per 10,000",
        rate(total)
    );
    for (rule, count) in &flags {
        println!("  {rule}: {count} ({:.3})", rate(*count));
    }
    println!(
        "  {:.2} million characters/s, {:.1} MB/s",
        characters as f64 / seconds / 1e6,
        text.len() as f64 / seconds / 1e6
    );
}
