//! Files, folders and streams in, posts out, one at a time.
//!
//! What cannot be read comes out too, as an [`Unreadable`] in its place; the rest goes on.

use crate::post::Post;
use serde_json::Value;
use std::ops::Range;

/// What a file does not say and the command line does. Never overrides what the file says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Defaults {
    pub title: Option<String>,
    pub column: Option<String>,
    pub unit: Option<String>,
    pub date: Option<String>,
}

/// One post of the input, or what stands in its place.
#[derive(Debug, Clone)]
pub struct Item {
    /// The path as it was given (files of a folder: joined to it), `-` for standard input.
    pub source: String,
    /// The post's id; for an unreadable one what would have been its default.
    pub id: Value,
    pub origin: Origin,
    pub post: Result<Post, Unreadable>,
}

/// A post that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Unreadable {
    /// `not-found`, `io`, `encoding`, `json`, `record`, `no-title`, `unsupported`, `empty`.
    pub code: &'static str,
    /// Chinese; names the line where there is one.
    pub message: String,
}

/// The form that a post came in, so that `fix` can write it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A `.json` file of one object.
    JsonObject,
    /// Element `index` of a `.json` file's array.
    JsonArray { index: usize },
    /// Line `line` (from 1) of a stream.
    JsonLine { line: usize },
    /// `.html`: where title and body stand in the decoded file (bytes), if they stand there.
    Html {
        title: Option<Range<usize>>,
        body: Range<usize>,
    },
    /// `.txt`: likewise.
    Text {
        title: Option<Range<usize>>,
        body: Range<usize>,
    },
    /// The file as a whole could not be read.
    File,
}

/// Reads the posts of paths in order. `-` is JSONL on standard input; a folder gives every
/// supported file in it, by name, sub-folders included.
pub struct Reader {
    _paths: std::vec::IntoIter<String>,
    _defaults: Defaults,
}

impl Reader {
    /// A reader over `paths`; nothing is opened before it is asked for.
    pub fn new(paths: Vec<String>, defaults: Defaults) -> Self {
        Self {
            _paths: paths.into_iter(),
            _defaults: defaults,
        }
    }
}

impl Iterator for Reader {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        None
    }
}
