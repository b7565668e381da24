//! A rule that breaks down is that post's error: the other findings and the other posts stand.

use baguan::check::{Check, Context, Draft};
use baguan::finding::Field;
use baguan::gate::{Gate, PostError, Wishes};
use baguan::input::{Item, Origin};
use baguan::pipeline;
use baguan::post::Post;
use baguan::report::json::PostRecord;
use serde_json::Value;
use std::num::NonZeroUsize;
use std::sync::Arc;

/// Finds something, then panics on one post.
struct Brittle;

impl Check for Brittle {
    fn rules(&self) -> &'static [&'static str] {
        &["site/brittle"]
    }

    fn check(&self, context: &Context<'_>, out: &mut Vec<Draft>) {
        out.push(Draft::whole("site/brittle", Field::Title, "找到一处"));
        assert!(context.title_text() != "坏", "brittle indeed");
    }
}

fn gate() -> Gate {
    let folder = tempfile::tempdir().unwrap();
    let rule = "[[rule]]\nid = \"site/brittle\"\nname = \"脆\"\nseverity = \"warning\"\nwhat = \"\"\nwhy = \"\"\nmend = \"\"\nfix = \"none\"\n[[rule.pattern]]\nwords = [\"无处可寻\"]\nmessage = \"\"\n";
    std::fs::write(folder.path().join("own.toml"), rule).unwrap();
    std::fs::write(
        folder.path().join("baguan.toml"),
        "[site]\nrules = \"own.toml\"\n",
    )
    .unwrap();
    let mut gate = Gate::open(&Wishes {
        config: Some(folder.path().join("baguan.toml")),
        only: vec!["site".into()],
        skip: vec![],
        min_confidence: 0.9,
        today: jiff::civil::date(2018, 7, 31),
    })
    .unwrap();
    gate.linter.add_check(Box::new(Brittle));
    gate
}

fn item(title: &str) -> Item {
    Item {
        source: "-".into(),
        id: Value::from(title),
        origin: Origin::JsonLine { line: 1 },
        post: Ok(Post::new(title, "")),
    }
}

#[test]
fn a_panic_stays_with_its_post() {
    let gate = Arc::new(gate());
    let items = ["好", "坏", "好"].map(item).into_iter();
    let results: Vec<_> = pipeline::run(items, NonZeroUsize::MIN, move |item| gate.check(item))
        .map(Result::unwrap)
        .collect();
    assert_eq!(results.len(), 3);
    for result in &results {
        assert_eq!(
            result.findings.len(),
            1,
            "what it found before still stands"
        );
    }
    assert_eq!(results[0].error, None);
    assert_eq!(results[2].error, None);
    let Some(PostError::Internal { message }) = &results[1].error else {
        panic!("{:?}", results[1].error);
    };
    assert!(message.contains("site/brittle"), "{message}");
    assert!(message.contains("brittle indeed"), "{message}");
    let record = serde_json::to_value(PostRecord::new(&results[1])).unwrap();
    assert_eq!(record["error"]["code"], "internal");
    assert_eq!(record["findings"][0]["span"], Value::Null);
    assert_eq!(record["findings"][0]["line"], Value::Null);
}
