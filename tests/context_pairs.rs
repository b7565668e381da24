//! Every context pair brings its own examples.

use baguan::knowledge::Knowledge;
use baguan::linter::Linter;
use baguan::post::{Format, Post};
use baguan::rulebook::RuleBook;
use baguan::settings::Settings;
use serde::Deserialize;

#[derive(Deserialize)]
struct File {
    pair: Vec<Pair>,
}

#[derive(Deserialize)]
struct Pair {
    wrong: String,
    right: String,
    note: String,
    bad: Vec<String>,
    good: Vec<String>,
}

#[test]
fn every_pair_finds_its_bad_sentences_and_leaves_its_good_ones() {
    let file: File = toml::from_str(include_str!("../dictionaries/context.toml")).expect("TOML");
    assert!(file.pair.len() >= 60);
    assert_eq!(baguan::dictionary::context_pairs::count(), file.pair.len());
    let book = RuleBook::built_in().expect("a sound rule book");
    let mut settings = Settings::defaults(&book);
    settings
        .only(["typo/context"].into_iter())
        .expect("a known rule");
    let today = jiff::civil::date(2024, 6, 1);
    let linter = Linter::new(book, settings, Knowledge::default(), today).expect("a linter");
    let found = |sentence: &str| {
        let mut post = Post::new("示例县召开工作会议", sentence);
        post.format = Format::Text;
        linter.check(&post).findings
    };
    let mut wrong = Vec::new();
    for pair in &file.pair {
        assert!(
            !pair.note.is_empty() && !pair.bad.is_empty() && !pair.good.is_empty(),
            "{}",
            pair.wrong
        );
        for sentence in &pair.bad {
            let hit = found(sentence).into_iter().any(|f| {
                // A longer pair may stand for this one.
                f.text.contains(&pair.wrong)
                    && f.suggestions
                        .first()
                        .is_some_and(|s| s.text.contains(&pair.right))
            });
            if !hit {
                wrong.push(format!("{}→{} misses {sentence}", pair.wrong, pair.right));
            }
        }
        for sentence in &pair.good {
            if let Some(f) = found(sentence).first() {
                wrong.push(format!(
                    "{} cries wolf at {sentence}: {}",
                    pair.wrong, f.message
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_guard_of_the_dictionary_can_be_read() {
    let mut count = 0;
    for entry in baguan::dictionary::confusable::entries() {
        count += 1;
        assert!(entry.guard_is_sound(), "{entry:?}");
        assert!(entry.wrong.chars().count() >= 2, "{entry:?}");
        assert!(
            !entry.right.is_empty() && entry.wrong != entry.right,
            "{entry:?}"
        );
    }
    assert!(count >= 3_000, "{count}");
}
