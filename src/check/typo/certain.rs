//! `typo/confusable`: written forms that are always wrong, from the dictionaries and from the
//! site's list.

use super::{Passage, speaks_of_typos};
use crate::check::{Context, Draft};
use crate::dictionary::confusable::{self, Confusable};
use crate::dictionary::segment;
use crate::finding::Severity;
use std::ops::Range;

pub const RULE: &str = "typo/confusable";
/// How sure an entry is that is only a warning.
const SLIP: f64 = 0.96;
/// How the evidence of a pair of the site's own begins.
pub const OF_THE_SITE: &str = "本站词表";

pub fn check(context: &Context<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let text = passage.text;
    let mut taken: Vec<Range<usize>> = Vec::new();
    if let Some(words) = &context.knowledge.words {
        for (range, word) in words.wrong_places(text) {
            let right = word.right.as_deref().unwrap_or_default();
            let message = format!("“{}”应为“{right}”", word.word);
            let mut draft = passage
                .draft(RULE, range.clone(), Severity::Error, message)
                .fix(right)
                .evidence(format!("{OF_THE_SITE}：{}→{right}", word.word));
            if let Some(note) = &word.note {
                draft = draft.evidence(note.clone());
            }
            out.push(draft);
            taken.push(range);
        }
    }
    let mut found: Vec<(Range<usize>, Confusable<'_>)> = confusable::find(text)
        .filter(|(range, entry)| {
            entry.holds(text, range, &segment::stands_alone) && !is_right(text, range, entry)
        })
        .collect();
    if found.is_empty() || speaks_of_typos(text) {
        return;
    }
    // Leftmost first, the longest of those that begin together.
    found.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
    let mut end = 0;
    for (range, entry) in found {
        if range.start < end
            || taken
                .iter()
                .any(|t| t.start < range.end && range.start < t.end)
        {
            continue;
        }
        end = range.end;
        let message = format!("“{}”应为“{}”", entry.wrong, entry.right);
        let draft = passage
            .draft(RULE, range, entry.severity, message)
            .evidence(why(entry.class));
        out.push(if entry.severity == Severity::Error {
            draft.fix(entry.right)
        } else {
            // A phrase or a context that knows the place tells more.
            draft.confidence(SLIP).suggest(entry.right)
        });
    }
}

/// The right form stands there already, and the wrong one only inside it.
fn is_right(text: &str, range: &Range<usize>, entry: &Confusable<'_>) -> bool {
    entry.right.match_indices(entry.wrong).any(|(at, _)| {
        let start = range.start.checked_sub(at);
        start.is_some_and(|start| {
            text.get(start..)
                .is_some_and(|t| t.starts_with(entry.right))
        })
    })
}

fn why(class: &str) -> &'static str {
    match class {
        "音" => "读音相同或相近造成的错字",
        "形" => "字形相近造成的错字",
        "码" => "输入法造成的错字",
        "义" => "词语误用",
        "多" => "多字",
        "漏" => "漏字",
        "序" => "字序颠倒",
        "专名" => "名称写错",
        _ => "错别字",
    }
}
