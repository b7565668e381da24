//! Family `typo`: 错别字. Each rule in a file of its own; what they share stands here: the text
//! of a title or a block, and what the site says is right.

mod certain;
mod context;
mod fixed_phrase;
mod foreign_unit;
mod renamed;
mod repetition;
mod sets;
pub mod unlikely;

use super::{Check, Context, Draft, Place};
use crate::finding::{Field, Severity};
use std::ops::Range;

/// What is certainly wrong and the fixed wording: every rule of the family but [`unlikely`].
pub struct TypoCheck;

impl Check for TypoCheck {
    fn rules(&self) -> &'static [&'static str] {
        &[
            certain::RULE,
            context::RULE,
            fixed_phrase::RULE,
            renamed::RULE,
            repetition::RULE,
            foreign_unit::RULE,
        ]
    }

    fn check(&self, context: &Context<'_>, out: &mut Vec<Draft>) {
        let enabled = |rule| context.settings.enabled(rule);
        let passages: Vec<Passage<'_>> = passages(context).collect();
        let mut found: Vec<Vec<Draft>> = passages.iter().map(|_| Vec::new()).collect();
        // One rule after another, each over all passages: its dictionary stays in the cache.
        let mut each = |check: &mut dyn FnMut(&Passage<'_>, &mut Vec<Draft>)| {
            for (passage, found) in passages.iter().zip(&mut found) {
                check(passage, found);
            }
        };
        if enabled(certain::RULE) {
            each(&mut |passage, out| certain::check(context, passage, out));
        }
        if enabled(context::RULE) {
            each(&mut context::check);
        }
        if enabled(fixed_phrase::RULE) {
            each(&mut |passage, out| fixed_phrase::check(context, passage, out));
            each(&mut |passage, out| sets::check(context, passage, out));
        }
        if enabled(repetition::RULE) {
            let mut chars = Vec::new();
            each(&mut |passage, out| repetition::check(passage, &mut chars, out));
        }
        for (passage, mut found) in passages.iter().zip(found) {
            if !found.is_empty() {
                keep_unprotected(context, passage, &mut found);
            }
            out.append(&mut found);
        }
        if enabled(renamed::RULE) {
            renamed::check(context, out);
        }
        if enabled(foreign_unit::RULE) {
            foreign_unit::check(context, out);
        }
    }
}

/// A stretch of text that is looked at as one: the title, or a block of the body.
pub(super) struct Passage<'a> {
    pub field: Field,
    pub block: usize,
    pub text: &'a str,
}

impl Passage<'_> {
    /// A finding at `range` (bytes of the text). In a title it weighs one degree more.
    pub fn draft(
        &self,
        rule: &'static str,
        range: Range<usize>,
        severity: Severity,
        message: impl Into<String>,
    ) -> Draft {
        let severity = match (self.field, severity) {
            (Field::Title, Severity::Info) => Severity::Warning,
            (Field::Title, Severity::Warning) => Severity::Error,
            (_, severity) => severity,
        };
        let place = Place::Text {
            field: self.field,
            block: self.block,
            range,
        };
        Draft::new(rule, place, message).severity(severity)
    }
}

/// The title and every block that readers see, in order.
pub(super) fn passages<'a>(context: &Context<'a>) -> impl Iterator<Item = Passage<'a>> + use<'a> {
    let title = Passage {
        field: Field::Title,
        block: 0,
        text: context.title_text(),
    };
    let body = context.body;
    std::iter::once(title).chain(body.visible_blocks().map(|(block, b)| Passage {
        field: Field::Body,
        block,
        text: b.text.as_str(),
    }))
}

/// Drops findings on what the site says is right: a right word, a name or a phrase that reaches
/// beyond the finding or is the same.
fn keep_unprotected(context: &Context<'_>, passage: &Passage<'_>, found: &mut Vec<Draft>) {
    let Some(words) = &context.knowledge.words else {
        return;
    };
    let mut right = words.right_places(passage.text);
    right.sort_by_key(|range| (range.start, range.end));
    found.retain(|draft| {
        let Place::Text { range, .. } = &draft.place else {
            return true;
        };
        let own = draft
            .evidence
            .iter()
            .any(|line| line.starts_with(certain::OF_THE_SITE));
        own || !right
            .iter()
            .any(|r| r.start <= range.start && range.end <= r.end)
    });
}

/// True if the block speaks of typos themselves (误写为…, 应为…).
pub(super) fn speaks_of_typos(text: &str) -> bool {
    [
        "错别字",
        "误写",
        "误作",
        "错写",
        "应写作",
        "应写为",
        "应为“",
        "应是“",
        "误用",
    ]
    .iter()
    .any(|word| text.contains(word))
}
