//! The standard columns, on titles whose column is known.

use baguan::dictionary::columns::Columns;

#[test]
fn titles_go_to_the_columns_they_belong_in() {
    let text = include_str!("data/column-titles.tsv");
    let mut wrong = Vec::new();
    let mut titles = 0;
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (title, expected) = line.split_once('\t').expect("a title and a column");
        titles += 1;
        let chosen: Vec<&str> = Columns::built_in()
            .iter()
            .filter(|column| !column.is_excluded(title) && column.title_match(title).is_some())
            .map(|column| column.name.as_str())
            .collect();
        let expected: Vec<&str> = expected.split('|').collect();
        let right = if chosen.is_empty() {
            expected.contains(&"-")
        } else {
            chosen.iter().all(|column| expected.contains(column))
        };
        if !right {
            wrong.push(format!("{title}: {chosen:?}, not {expected:?}"));
        }
    }
    assert!(titles > 100);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
