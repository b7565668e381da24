//! `title/duplicate`, which needs to know what is published.

use baguan::dictionary::published::{PublishedTitle, PublishedTitles};
use baguan::knowledge::Knowledge;
use baguan::linter::Linter;
use baguan::post::Post;
use baguan::rulebook::RuleBook;
use baguan::settings::Settings;

#[test]
fn a_title_published_lately_in_the_same_column_is_reported() {
    let mut published = PublishedTitles::default();
    let known = |id: i64, column: &str, day| PublishedTitle {
        id: id.into(),
        column: Some(column.into()),
        date: Some(jiff::civil::date(2024, 5, day)),
    };
    published.add("示例县召开防汛工作会议", known(1, "工作动态", 20));
    published.add("示例县召开抗旱工作会议", known(2, "通知公告", 20));
    let knowledge = Knowledge {
        published: Some(published),
        ..Knowledge::default()
    };
    let book = RuleBook::built_in().expect("a sound rule book");
    let settings = Settings::defaults(&book);
    let today = jiff::civil::date(2024, 6, 1);
    let linter = Linter::new(book, settings, knowledge, today).expect("a linter");
    let rules = |title: &str, id: i64, date: Option<&str>| -> Vec<String> {
        let mut post = Post::new(title, "正文");
        post.id = id.into();
        post.column = Some("工作动态".into());
        post.published_at = date.map(str::to_owned);
        linter
            .check(&post)
            .findings
            .into_iter()
            .map(|f| f.rule)
            .collect()
    };
    assert_eq!(
        rules("示例县召开防汛工作会议", 9, None),
        ["title/duplicate"]
    );
    assert_eq!(rules("示例县召开防汛工作会议", 1, None), [""; 0]);
    assert_eq!(
        rules("示例县召开防汛工作会议", 9, Some("2024-08-01")),
        [""; 0]
    );
    assert_eq!(rules("示例县召开抗旱工作会议", 9, None), [""; 0]);
}
