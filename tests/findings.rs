//! Properties of every finding, on generated posts and on real ones where they are at hand.

use baguan::document::Document;
use baguan::finding::{Field, apply_edits};
use baguan::knowledge::Knowledge;
use baguan::linter::{Checked, Linter};
use baguan::post::Post;
use baguan::rulebook::RuleBook;
use baguan::settings::Settings;
use proptest::prelude::*;
use std::path::PathBuf;
use std::sync::LazyLock;

static LINTER: LazyLock<Linter> = LazyLock::new(|| {
    let book = RuleBook::built_in().expect("a sound rule book");
    let mut settings = Settings::defaults(&book);
    settings.min_confidence = 0.0;
    let today = jiff::civil::date(2024, 6, 1);
    Linter::new(book, settings, Knowledge::default(), today).expect("a linter")
});

/// What a reader sees of a field's source between two bytes.
fn decoded(post: &Post, field: Field, start: usize, end: usize) -> String {
    let span = baguan::finding::Span { start, end };
    match field {
        Field::Title => Document::title(&post.title).visible_within(span),
        Field::Body => Document::body(&post.body, post.format).visible_within(span),
        other => post.field(other).expect("the field")[start..end].to_owned(),
    }
}

/// Every finding lies in its field and its edits take it away.
fn holds(post: &Post) -> Checked {
    let checked = LINTER.check(post);
    assert_eq!(checked.failures, [], "{}", post.title);
    let mut last = None;
    for finding in &checked.findings {
        let place = (finding.field, finding.span, finding.rule.clone());
        assert!(
            last.as_ref().is_none_or(|last| *last <= place),
            "{last:?} then {place:?}"
        );
        last = Some(place);
        let source = post.field(finding.field).unwrap_or_default();
        if let Some(span) = finding.span {
            assert!(span.start < span.end, "{finding:?}");
            assert!(source.get(span.start..span.end).is_some(), "{finding:?}");
            assert_eq!(
                finding.text,
                decoded(post, finding.field, span.start, span.end),
                "{finding:?}"
            );
        } else {
            assert_eq!(finding.text, "");
        }
        assert_eq!(finding.fingerprint.len(), 32);
        assert!((0.0..=1.0).contains(&finding.confidence));
        for suggestion in &finding.suggestions {
            let mut end = 0;
            for edit in &suggestion.edits {
                assert!(edit.start >= end && edit.end >= edit.start, "{finding:?}");
                end = edit.end;
            }
            let mended = apply_edits(source, &suggestion.edits).expect("edits that fit");
            if suggestion.safe {
                let mut after = post.clone();
                match finding.field {
                    Field::Title => after.set_title(mended),
                    Field::Body => after.set_body(mended),
                    _ => continue,
                }
                let again = LINTER.check(&after);
                let same = |findings: &[baguan::finding::Finding]| {
                    findings
                        .iter()
                        .filter(|f| f.rule == finding.rule && f.fingerprint == finding.fingerprint)
                        .count()
                };
                assert!(
                    same(&again.findings) < same(&checked.findings),
                    "{finding:?} is still there in {:?}",
                    after.field(finding.field)
                );
            }
        }
    }
    checked
}

fn shared(path: &str) -> Option<Vec<Post>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../shared")
        .join(path);
    let text = std::fs::read_to_string(path).ok()?;
    let posts = text
        .lines()
        .map(|line| Post::from_record(serde_json::from_str(line).expect("JSON")).expect("a post"))
        .collect();
    Some(posts)
}

#[test]
fn findings_on_real_posts_hold() {
    for path in ["posts/cms-html.jsonl", "columns/site-titles.jsonl"] {
        for post in shared(path).unwrap_or_default() {
            holds(&post);
        }
    }
}

#[test]
fn one_slip_is_one_finding() {
    let book = RuleBook::built_in().expect("a sound rule book");
    let settings = Settings::defaults(&book);
    let today = jiff::civil::date(2024, 6, 1);
    let linter = Linter::new(book, settings, Knowledge::default(), today).expect("a linter");
    let rules = |title: &str, body: &str| -> Vec<String> {
        let checked = linter.check(&Post::new(title, body));
        checked.findings.into_iter().map(|f| f.rule).collect()
    };
    assert_eq!(
        rules("示例县教育局关于关于做好开学工作的通知", "正文。"),
        ["title/repetition"]
    );
    // The phrase as a whole tells more than the word in it.
    let found = rules(
        "示例县召开会议",
        "认真学习习近平新时代中国特色社会注义思想。",
    );
    assert_eq!(found, ["typo/fixed-phrase"]);
}

/// Pieces of titles, good and bad.
fn title() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("示例县人民政府".to_owned()),
        Just("关于".into()),
        Just("印发".into()),
        Just("《".into()),
        Just("》".into()),
        Just("的通知".into()),
        Just("通知".into()),
        Just(" ".into()),
        Just("&nbsp;".into()),
        Just("<br>".into()),
        Just("\t".into()),
        Just("　".into()),
        Just("(试行)".into()),
        Just("（".into()),
        Just("示政发[2018]012号".into()),
        Just("2018-09-19".into()),
        Just("18年度".into()),
        Just("。".into()),
        Just("！".into()),
        Just("，".into()),
        Just(",".into()),
        Just("【图】".into()),
        Just("縣".into()),
        Just("１".into()),
        Just("\u{200b}".into()),
        Just("<b>".into()),
        Just("</b>".into()),
        Just("&amp;".into()),
        Just(".doc".into()),
        Just("的的".into()),
        Just("今天".into()),
        "[一-龥]{1,6}",
    ];
    prop::collection::vec(piece, 0..9).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 800, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(1), ..ProptestConfig::default() })]

    #[test]
    fn findings_on_generated_titles_hold(title in title()) {
        holds(&Post::new(title, "<p>会议要求抓好各项工作。</p>"));
    }
}

#[test]
fn the_same_slip_keeps_its_fingerprint_when_the_post_changes_elsewhere() {
    let fingerprint = |title: &str| {
        let checked = LINTER.check(&Post::new(title, "正文"));
        let found = checked
            .findings
            .into_iter()
            .find(|f| f.rule == "title/brackets");
        found.expect("the slip").fingerprint
    };
    let a = fingerprint("示例县农业农村局召开防汛抗旱工作会议并印发《防汛预案");
    let b = fingerprint("示例市农业农村局召开防汛抗旱工作会议并印发《防汛预案");
    let c = fingerprint("示例县农业农村局召开防汛抗旱工作会议并通过《防汛预案");
    assert_eq!(a, b);
    assert_ne!(a, c);
}
