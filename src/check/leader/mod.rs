//! Family `leader`: 领导姓名职务. Mentions are read once; each is held against the roster as it
//! stood on the day of the event.

mod date;
mod form;
mod line;
mod mention;
mod name;
mod place;
mod rules;

pub use date::{EventDays, event_days};
pub use line::{Line, is_han};
pub use mention::{Form, Mention, Post, Reader, Resolution};
pub use name::{Name, Origin};

use super::{Check, Context, Draft};
use crate::dictionary::roster::Roster;
use crate::finding::Field;
use crate::knowledge::Knowledge;

/// All rules of the family.
pub struct LeaderCheck;

/// A mention with the place where it stands.
pub struct Located<'l> {
    pub field: Field,
    pub block: usize,
    pub line: &'l Line,
    pub mention: Mention,
}

impl Check for LeaderCheck {
    fn rules(&self) -> &'static [&'static str] {
        &[
            "leader/wrong-title",
            "leader/wrong-person",
            "leader/wrong-name",
            "leader/former",
            "leader/title-form",
            "leader/inconsistent",
            "leader/order",
            "leader/unknown",
        ]
    }

    fn missing(&self, knowledge: &Knowledge) -> Option<(&'static str, &'static str)> {
        knowledge
            .roster
            .is_none()
            .then_some(("leader", "no roster"))
    }

    fn check(&self, context: &Context<'_>, out: &mut Vec<Draft>) {
        let register = match &context.knowledge.roster {
            Some(roster) => roster.register(&context.knowledge.site),
            None => Roster::national().register(&crate::knowledge::Site::default()),
        };
        let days = date::event_days(context.body, context.date());
        let first = days.days.first().copied().unwrap_or(context.today);
        let reader = Reader::new(register, context.post.unit.as_deref(), first, context.today);
        let lines = lines(context);
        let mut mentions = Vec::new();
        for (field, block, line) in &lines {
            form::check(*field, *block, line, out);
            mentions.extend(reader.read(line).into_iter().map(|mention| Located {
                field: *field,
                block: *block,
                line,
                mention,
            }));
        }
        rules::judge(context, register, &days, &mentions, out);
    }
}

/// The title and the blocks of the body that readers see.
fn lines(context: &Context<'_>) -> Vec<(Field, usize, Line)> {
    let of = |field, document: &crate::document::Document<'_>| -> Vec<(Field, usize, Line)> {
        document
            .visible_blocks()
            .map(|(index, block)| (field, index, Line::of(block.text.as_str())))
            .collect()
    };
    let mut lines = of(Field::Title, context.title);
    lines.extend(of(Field::Body, context.body));
    lines
}
