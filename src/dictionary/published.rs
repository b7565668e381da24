//! Titles that are published already, where the caller knows them.

use jiff::civil::Date;
use serde_json::Value;
use std::collections::HashMap;

/// A post that is published.
#[derive(Debug, Clone, PartialEq)]
pub struct PublishedTitle {
    pub id: Value,
    pub column: Option<String>,
    pub date: Option<Date>,
}

/// Published posts by title.
#[derive(Debug, Clone, Default)]
pub struct PublishedTitles {
    by_title: HashMap<String, Vec<PublishedTitle>>,
}

impl PublishedTitles {
    /// Adds a published post.
    pub fn add(&mut self, title: &str, post: PublishedTitle) {
        let title = title.trim_matches(crate::document::is_blank).to_owned();
        self.by_title.entry(title).or_default().push(post);
    }

    /// The published posts of this title.
    pub fn same_title(&self, title: &str) -> impl Iterator<Item = &PublishedTitle> {
        self.by_title.get(title).into_iter().flatten()
    }
}
