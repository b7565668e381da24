//! The rule book is the test suite: every rule has code or a pattern, every example is as it says.

use baguan::check::all as all_checks;
use baguan::gate::{Gate, Wishes};
use baguan::knowledge::Knowledge;
use baguan::linter::{Checked, Linter};
use baguan::post::Post;
use baguan::rulebook::{Example, RuleBook};
use baguan::settings::Settings;
use std::collections::BTreeSet;

fn linter(rule: &str) -> Linter {
    let book = RuleBook::built_in().expect("a sound rule book");
    let mut settings = Settings::defaults(&book);
    settings.only([rule].into_iter()).expect("a known rule");
    let today = jiff::civil::date(2024, 6, 1);
    Linter::new(book, settings, Knowledge::default(), today).expect("a linter")
}

/// The gate of an example that brings site files of its own.
fn gate(rule: &str, example: &Example) -> Gate {
    let folder = tempfile::tempdir().expect("a folder");
    let mut site = String::from("[site]\n");
    for (name, text) in &example.site {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(&path, text).expect("a file");
        site += &match name.as_str() {
            "units.csv" => "units = \"units.csv\"\n".to_owned(),
            "columns.toml" => "columns = \"columns.toml\"\n".to_owned(),
            "roster.csv" => "roster = [\"roster.csv\"]\n".to_owned(),
            "place" => format!("place = {text:?}\n"),
            words => format!("dictionaries = [{words:?}]\n"),
        };
    }
    let config = folder.path().join("baguan.toml");
    std::fs::write(&config, site).expect("a file");
    Gate::open(&Wishes {
        config: Some(config),
        only: vec![rule.to_owned()],
        skip: Vec::new(),
        min_confidence: baguan::settings::MIN_CONFIDENCE,
        today: jiff::civil::date(2024, 6, 1),
    })
    .expect("a sound site folder")
}

fn check(rule: &str, linter: &Linter, example: &Example) -> Checked {
    if example.site.is_empty() {
        linter.check(&post(example))
    } else {
        gate(rule, example).linter.check(&post(example))
    }
}

fn post(example: &Example) -> Post {
    let text =
        |field: &Option<String>, default: &str| field.clone().unwrap_or_else(|| default.to_owned());
    let mut post = Post::new(
        text(&example.title, "示例县召开安全生产工作会议"),
        text(&example.body, "<p>会议要求抓好各项工作。</p>"),
    );
    post.column = example.column.clone();
    post.unit = example.unit.clone();
    post.published_at = example.published_at.clone();
    post
}

#[test]
fn rules_and_code_are_the_same_set() {
    let book = RuleBook::built_in().expect("a sound rule book");
    let coded: BTreeSet<String> = all_checks()
        .iter()
        .flat_map(|check| check.rules().iter().map(|rule| (*rule).to_owned()))
        .collect();
    let in_book: BTreeSet<String> = book
        .rules()
        .filter(|rule| rule.pattern.is_empty())
        .map(|rule| rule.id.clone())
        .collect();
    assert_eq!(coded, in_book);
}

#[test]
fn every_rule_has_examples_and_text() {
    let book = RuleBook::built_in().expect("a sound rule book");
    for rule in book.rules() {
        assert!(
            !rule.name.is_empty() && !rule.what.is_empty(),
            "{}",
            rule.id
        );
        assert!(!rule.why.is_empty() && !rule.mend.is_empty(), "{}", rule.id);
        // Needs a list of published titles; tests/title.rs brings one.
        if rule.id != "title/duplicate" {
            assert!(!rule.bad.is_empty() && !rule.good.is_empty(), "{}", rule.id);
        }
    }
}

#[test]
fn every_bad_example_is_reported_as_it_says_and_every_good_one_is_not() {
    let book = RuleBook::built_in().expect("a sound rule book");
    let mut wrong = Vec::new();
    for rule in book.rules() {
        let linter = linter(&rule.id);
        for example in &rule.bad {
            let checked = check(&rule.id, &linter, example);
            assert!(checked.failures.is_empty(), "{:?}", checked.failures);
            let shown = example.title.as_ref().or(example.body.as_ref());
            let matching = checked.findings.iter().find(|finding| {
                finding.rule == rule.id
                    && example
                        .text
                        .as_ref()
                        .is_none_or(|text| *text == finding.text)
                    && example.severity.is_none_or(|s| s == finding.severity)
                    && example.suggestion.as_ref().is_none_or(|wanted| {
                        finding.suggestions.first().map(|s| &s.text) == Some(wanted)
                    })
            });
            if matching.is_none() {
                wrong.push(format!(
                    "{} misses {shown:?}: {:?}",
                    rule.id, checked.findings
                ));
            }
        }
        for example in &rule.good {
            let checked = check(&rule.id, &linter, example);
            if let Some(finding) = checked.findings.first() {
                let shown = example.title.as_ref().or(example.body.as_ref());
                wrong.push(format!(
                    "{} cries wolf at {shown:?}: {}",
                    rule.id, finding.message
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
