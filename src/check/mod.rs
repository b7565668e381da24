//! The checks, one file or folder a family, and what they are handed.
//!
//! A check is a function of a post and of what it knows: no globals, no clock, no files.

pub mod column;
pub mod date;
pub mod format;
pub mod guide;
pub mod leader;
pub mod pattern;
pub mod title;
pub mod title_in_body;
pub mod typo;

use crate::document::Document;
use crate::finding::{Edit, Field, Severity, Span};
use crate::knowledge::Knowledge;
use crate::post::Post;
use crate::settings::Settings;
use jiff::civil::Date;
use std::ops::Range;

/// Everything a check may look at.
pub struct Context<'a> {
    pub post: &'a Post,
    /// The title field, one block.
    pub title: &'a Document<'a>,
    pub body: &'a Document<'a>,
    /// The day of publication, if the post has one that can be read.
    pub published_on: Option<Date>,
    /// The day of the check (`--as-of`).
    pub today: Date,
    pub knowledge: &'a Knowledge,
    pub settings: &'a Settings,
}

impl<'a> Context<'a> {
    /// The title as the reader sees it, blanks as typed.
    pub fn title_text(&self) -> &'a str {
        self.title.first_text().as_str()
    }

    /// The document of `field`, for the two fields that are text.
    pub fn document(&self, field: Field) -> Option<&'a Document<'a>> {
        match field {
            Field::Title => Some(self.title),
            Field::Body => Some(self.body),
            _ => None,
        }
    }

    /// The day that the post counts as: its publication, or the day of the check for a draft.
    pub fn date(&self) -> Date {
        self.published_on.unwrap_or(self.today)
    }
}

/// A family's check, or a part of one.
pub trait Check: Send + Sync {
    /// Ids of the rules it can report. Each stands in the rule book.
    fn rules(&self) -> &'static [&'static str];

    /// Why it can do nothing with this knowledge (`no roster`), if so: family and reason.
    fn missing(&self, _knowledge: &Knowledge) -> Option<(&'static str, &'static str)> {
        None
    }

    /// Looks at a post and adds what it finds to `out`.
    fn check(&self, context: &Context<'_>, out: &mut Vec<Draft>);
}

/// All checks that are code.
pub fn all() -> Vec<Box<dyn Check>> {
    vec![
        Box::new(title::TitleCheck),
        Box::new(date::DateCheck),
        Box::new(leader::LeaderCheck),
        Box::new(typo::TypoCheck),
        Box::new(column::ColumnCheck),
        Box::new(guide::GuideCheck),
        Box::new(title_in_body::TitleInBodyCheck),
        Box::new(format::FormatCheck),
        Box::new(typo::unlikely::UnlikelyCheck::default()),
    ]
}

/// Where a finding stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A whole, absent or empty field.
    Whole(Field),
    /// Bytes of the visible text of a block (the title is block 0).
    Text {
        field: Field,
        block: usize,
        range: Range<usize>,
    },
    /// Bytes of the field's source, for what stands in tags.
    Source { field: Field, span: Span },
}

/// A suggestion before its edits are worked out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proposal {
    /// The reader shall see this text at the finding's place.
    Replace { text: String, safe: bool },
    /// These edits of the field's source; `text` is what the reader will see at the place.
    Edits {
        text: String,
        safe: bool,
        edits: Vec<Edit>,
    },
}

/// A finding as a check reports it; the linter adds what follows from the place.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub rule: String,
    pub message: String,
    pub place: Place,
    /// Where it differs from the rule's default.
    pub severity: Option<Severity>,
    pub confidence: f64,
    pub proposals: Vec<Proposal>,
    pub evidence: Vec<String>,
}

impl Draft {
    /// A finding about a place.
    pub fn new(rule: impl Into<String>, place: Place, message: impl Into<String>) -> Self {
        Self {
            rule: rule.into(),
            message: message.into(),
            place,
            severity: None,
            confidence: 1.0,
            proposals: Vec::new(),
            evidence: Vec::new(),
        }
    }

    /// A finding about bytes of the title's visible text.
    pub fn title(rule: impl Into<String>, range: Range<usize>, message: impl Into<String>) -> Self {
        let field = Field::Title;
        Self::new(
            rule,
            Place::Text {
                field,
                block: 0,
                range,
            },
            message,
        )
    }

    /// A finding about bytes of the visible text of a block of the body.
    pub fn body(
        rule: impl Into<String>,
        block: usize,
        range: Range<usize>,
        message: impl Into<String>,
    ) -> Self {
        let field = Field::Body;
        Self::new(
            rule,
            Place::Text {
                field,
                block,
                range,
            },
            message,
        )
    }

    /// A finding about a whole field.
    pub fn whole(rule: impl Into<String>, field: Field, message: impl Into<String>) -> Self {
        Self::new(rule, Place::Whole(field), message)
    }

    /// A finding about bytes of a field's source.
    pub fn source(
        rule: impl Into<String>,
        field: Field,
        span: Span,
        message: impl Into<String>,
    ) -> Self {
        Self::new(rule, Place::Source { field, span }, message)
    }

    /// With a severity other than the rule's default.
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// With a confidence below 1.
    pub fn confidence(mut self, confidence: f64) -> Self {
        self.confidence = confidence;
        self
    }

    /// With a line of evidence.
    pub fn evidence(mut self, line: impl Into<String>) -> Self {
        self.evidence.push(line.into());
        self
    }

    /// With a fix that is safe: what the reader shall see at the place.
    pub fn fix(mut self, text: impl Into<String>) -> Self {
        self.proposals.push(Proposal::Replace {
            text: text.into(),
            safe: true,
        });
        self
    }

    /// With a suggestion that a person must look at.
    pub fn suggest(mut self, text: impl Into<String>) -> Self {
        self.proposals.push(Proposal::Replace {
            text: text.into(),
            safe: false,
        });
        self
    }

    /// With edits of the source; the reader will see `text` at the place.
    pub fn edits(mut self, text: impl Into<String>, safe: bool, edits: Vec<Edit>) -> Self {
        self.proposals.push(Proposal::Edits {
            text: text.into(),
            safe,
            edits,
        });
        self
    }
}
