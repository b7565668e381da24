//! Leaders' names and titles, in a generated town: a roster of two hundred invented people with
//! changes over ten years, and posts written from it in every form of mention.
// Without the star the type of what is picked would be inferred otherwise.
#![allow(clippy::explicit_auto_deref)]

mod planted;
mod right;
mod town;

use baguan::dictionary::roster::Roster;
use baguan::finding::{Finding, Severity};
use baguan::knowledge::Knowledge;
use baguan::linter::Linter;
use baguan::post::Post;
use baguan::rulebook::RuleBook;
use baguan::settings::Settings;
use std::sync::Arc;

/// A linter of the leader family alone, with this roster.
pub fn linter(roster: &str) -> Linter {
    let book = RuleBook::built_in().expect("a sound rule book");
    let mut settings = Settings::defaults(&book);
    settings
        .only(["leader"].into_iter())
        .expect("a known family");
    let mut knowledge = Knowledge::default();
    knowledge.site.place = Some("某省某市示例县".into());
    let roster = Roster::parse_csv("roster.csv", roster).expect("a sound roster");
    knowledge.roster = Some(Arc::new(roster));
    let today = jiff::civil::date(2024, 6, 1);
    Linter::new(book, settings, knowledge, today).expect("a linter")
}

/// The findings of a post at warning or above.
pub fn serious(linter: &Linter, post: &Post) -> Vec<Finding> {
    let checked = linter.check(post);
    assert_eq!(checked.failures, [], "{}", post.body);
    checked
        .findings
        .into_iter()
        .filter(|finding| finding.severity >= Severity::Warning)
        .collect()
}
