//! `typo/context`: words that are wrong only in some surroundings.

use super::{Passage, speaks_of_typos};
use crate::check::Draft;
use crate::dictionary::context_pairs;
use crate::finding::Severity;

pub const RULE: &str = "typo/context";

pub fn check(passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let mut found: Vec<_> = context_pairs::find(passage.text).collect();
    if found.is_empty() || speaks_of_typos(passage.text) {
        return;
    }
    found.sort_by_key(|(range, pair)| {
        (
            range.start,
            std::cmp::Reverse(range.end),
            std::cmp::Reverse(pair.severity),
        )
    });
    let mut end = 0;
    for (range, pair) in found {
        if range.start < end {
            continue;
        }
        end = range.end;
        let message = if pair.severity == Severity::Info {
            format!("“{}”这里可能应为“{}”", pair.wrong, pair.right)
        } else {
            format!("“{}”这里应为“{}”", pair.wrong, pair.right)
        };
        let draft = passage
            .draft(RULE, range, pair.severity, message)
            .evidence(pair.note.clone());
        out.push(if pair.severity == Severity::Error {
            draft.fix(&pair.right)
        } else {
            draft.suggest(&pair.right)
        });
    }
}
