//! A regular expression that is compiled when it is first used: the built-in definitions hold
//! many, and most runs need few.

use regex::Regex;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// A pattern; clones share what was compiled.
#[derive(Debug, Clone)]
pub struct LazyPattern {
    source: Arc<str>,
    /// `None` inside: it is no regular expression.
    regex: Arc<OnceLock<Option<Regex>>>,
}

impl LazyPattern {
    /// A pattern that is known to be sound: a test compiles every built-in one.
    pub fn new(source: &str) -> Self {
        Self {
            source: source.into(),
            regex: Arc::default(),
        }
    }

    /// A pattern that is compiled at once, or what is wrong with it.
    ///
    /// # Errors
    /// It is no regular expression.
    pub fn checked(source: &str) -> Result<Self, regex::Error> {
        let regex = Regex::new(source)?;
        let this = Self::new(source);
        // Empty until here.
        let _ = this.regex.set(Some(regex));
        Ok(this)
    }

    /// As it was written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The first match in `text`, in bytes.
    pub fn find(&self, text: &str) -> Option<Range<usize>> {
        self.regex
            .get_or_init(|| Regex::new(&self.source).ok())
            .as_ref()?
            .find(text)
            .map(|found| found.range())
    }

    /// True if it matches anywhere in `text`.
    pub fn is_match(&self, text: &str) -> bool {
        self.find(text).is_some()
    }
}

/// The first match of any of `patterns`, in their order.
pub fn first_match(patterns: &[LazyPattern], text: &str) -> Option<Range<usize>> {
    patterns.iter().find_map(|pattern| pattern.find(text))
}
