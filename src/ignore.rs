//! Known findings that the site has decided to live with, each with its reason.

use crate::finding::Finding;
use crate::rulebook::family_of;
use serde_json::Value;
use std::collections::HashMap;

/// One `[[ignore]]`: a fingerprint, or a rule (or family) in a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignore {
    pub rule: Option<String>,
    /// The post's id as text.
    pub post: Option<String>,
    pub fingerprint: Option<String>,
    /// Why; for people.
    pub reason: String,
}

impl Ignore {
    fn covers(&self, id: &str, finding: &Finding) -> bool {
        self.rule
            .as_deref()
            .is_none_or(|rule| rule == finding.rule || rule == family_of(&finding.rule))
            && self.post.as_deref().is_none_or(|post| post == id)
            && self
                .fingerprint
                .as_deref()
                .is_none_or(|fingerprint| fingerprint == finding.fingerprint)
    }
}

/// All of a site's.
#[derive(Debug, Clone, Default)]
pub struct Ignores {
    by_fingerprint: HashMap<String, Vec<Ignore>>,
    by_post: HashMap<String, Vec<Ignore>>,
}

impl Ignores {
    /// Entries with neither a fingerprint nor a post have no effect; the configuration refuses
    /// them.
    pub fn new(entries: impl IntoIterator<Item = Ignore>) -> Self {
        let mut this = Self::default();
        for entry in entries {
            if let Some(fingerprint) = entry.fingerprint.clone() {
                this.by_fingerprint
                    .entry(fingerprint)
                    .or_default()
                    .push(entry);
            } else if let Some(post) = entry.post.clone() {
                this.by_post.entry(post).or_default().push(entry);
            }
        }
        this
    }

    /// True if this finding of the post `id` shall not be shown.
    pub fn covers(&self, id: &Value, finding: &Finding) -> bool {
        if self.by_fingerprint.is_empty() && self.by_post.is_empty() {
            return false;
        }
        let id = id_text(id);
        let found = [
            self.by_fingerprint.get(&finding.fingerprint),
            self.by_post.get(&id),
        ];
        found
            .into_iter()
            .flatten()
            .flatten()
            .any(|entry| entry.covers(&id, finding))
    }

    /// Takes the covered findings out and says how many they were.
    pub fn apply(&self, id: &Value, findings: &mut Vec<Finding>) -> usize {
        let before = findings.len();
        findings.retain(|finding| !self.covers(id, finding));
        before - findings.len()
    }
}

/// An id as people write it: a string without its quotes.
pub fn id_text(id: &Value) -> String {
    match id {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
