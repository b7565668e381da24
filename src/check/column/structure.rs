//! What the structure of a post says about its column, by the definitions of the columns.

use crate::dictionary::columns::{Column, Columns};
use std::ops::Range;

/// What a post has of a column's marks.
pub struct Signs<'c> {
    pub column: &'c Column,
    /// Bytes of the title.
    pub title: Option<Range<usize>>,
    /// What matched in the body, one piece a signal.
    pub body: Vec<String>,
}

/// Longest quotation of a match, in characters.
const LONGEST_QUOTE: usize = 24;
/// Most keywords quoted.
const MOST_KEYWORDS: usize = 4;

impl<'c> Signs<'c> {
    /// The marks of `column`; none where its exclusions match the title.
    pub fn of(column: &'c Column, title: &str, body: &str) -> Self {
        let mut signs = Self {
            column,
            title: column.title_match(title),
            body: column
                .body_signals
                .iter()
                .filter_map(|signal| signal.find(body))
                .map(|found| quote(&body[found]))
                .collect(),
        };
        if signs.any() && column.is_excluded(title) {
            signs.title = None;
            signs.body.clear();
        }
        signs
    }

    /// True if there is any.
    pub fn any(&self) -> bool {
        self.title.is_some() || !self.body.is_empty()
    }

    /// More marks, more points; the title counts most.
    pub fn points(&self) -> usize {
        2 * usize::from(self.title.is_some()) + self.body.len()
    }

    /// One line for the editor.
    pub fn line(&self, name: &str, title: &str, body: &str) -> String {
        let mut parts = Vec::new();
        if let Some(range) = &self.title {
            parts.push(format!("标题“{}”", quote(&title[range.clone()])));
        }
        if let Some(first) = self.body.first() {
            parts.push(format!("正文“{first}”"));
        }
        let words: Vec<&str> = self
            .column
            .keywords
            .iter()
            .map(String::as_str)
            .filter(|word| title.contains(word) || body.contains(word))
            .take(MOST_KEYWORDS)
            .collect();
        if !words.is_empty() {
            parts.push(format!("用词：{}", words.join("、")));
        }
        format!("像“{name}”：{}", parts.join("；"))
    }
}

/// The columns that a post has marks of, most marks first. Unless `hints` are wanted, none if no
/// title pattern matches: most posts are done with after their titles.
pub fn all<'c>(columns: &'c Columns, title: &str, body: &str, hints: bool) -> Vec<Signs<'c>> {
    let titled =
        |column: &Column| column.title_match(title).is_some() && !column.is_excluded(title);
    if !hints && !columns.iter().any(titled) {
        return Vec::new();
    }
    let mut signs: Vec<_> = columns
        .iter()
        .map(|column| Signs::of(column, title, body))
        .filter(Signs::any)
        .collect();
    signs.sort_by_key(|signs| std::cmp::Reverse(signs.points()));
    signs
}

/// A match on one line, cut if it is long.
fn quote(text: &str) -> String {
    let text = text.trim_matches(crate::document::is_blank);
    let mut quoted: String = text
        .chars()
        .take(LONGEST_QUOTE)
        .map(|c| if c == '\n' { ' ' } else { c })
        .collect();
    if text.chars().nth(LONGEST_QUOTE).is_some() {
        quoted.push('…');
    }
    quoted
}
