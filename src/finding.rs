//! What a check reports: a finding, its place in a field, and how to mend it.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Bytes of a field exactly as it was given, half open, on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    /// Length in bytes.
    pub fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// True if it covers nothing.
    pub fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// True if the two share a byte.
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// How bad it is. An error may stop a publication; a warning is the editor's to decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Info,
    Warning,
    Error,
}

impl Severity {
    /// The word that formats and configuration use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// The word that editors read.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Info => "提示",
            Self::Warning => "警告",
            Self::Error => "错误",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The field of a post that a finding is about, in the order in which findings are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    Title,
    Body,
    Column,
    Unit,
    PublishedAt,
}

impl Field {
    /// Its name in the post record.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Body => "body",
            Self::Column => "column",
            Self::Unit => "unit",
            Self::PublishedAt => "published_at",
        }
    }

    /// Its name for editors.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Title => "标题",
            Self::Body => "正文",
            Self::Column => "栏目",
            Self::Unit => "发布单位",
            Self::PublishedAt => "发布时间",
        }
    }
}

/// A replacement in a field's source (bytes), escaped for it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Edit {
    pub start: usize,
    pub end: usize,
    pub text: String,
}

/// One way to mend a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// What the reader will see at the span.
    pub text: String,
    /// True if it may be applied without a person looking at it.
    pub safe: bool,
    /// Applying them is the fix; in order, never overlapping.
    pub edits: Vec<Edit>,
}

/// Something wrong in a post.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// `family/kebab-name`.
    pub rule: String,
    pub severity: Severity,
    /// One Chinese sentence for the editor.
    pub message: String,
    pub field: Field,
    /// `None` for a finding about a whole, absent or empty field; otherwise never empty.
    pub span: Option<Span>,
    /// What a reader sees at the span.
    pub text: String,
    /// The first is the best.
    pub suggestions: Vec<Suggestion>,
    /// 0 to 1; rules that are certain say 1.
    pub confidence: f64,
    /// Short lines that let an editor judge.
    pub evidence: Vec<String>,
    /// Stays the same while the slip and its surroundings do, wherever it moves.
    pub fingerprint: String,
}

/// Applies `edits` to `source`. Edits must be in order and not overlap; one that does not fit
/// (off the text or off a character boundary) is refused with `None`.
pub fn apply_edits(source: &str, edits: &[Edit]) -> Option<String> {
    let mut out = String::with_capacity(source.len());
    let mut at = 0;
    for edit in edits {
        out.push_str(source.get(at..edit.start)?);
        source.get(edit.start..edit.end)?;
        out.push_str(&edit.text);
        at = edit.end;
    }
    out.push_str(source.get(at..)?);
    Some(out)
}
