//! Applies what findings suggest, round after round, until nothing changes; then one-click
//! formatting, which writes the body anew, if a mark of formatting is left; then again what that
//! brought to light. The two never run in one pass.

use crate::document::Document;
use crate::finding::{Edit, Field, Finding, apply_edits};
use crate::formatter;
use crate::ignore::Ignores;
use crate::linter::{Failure, Linter};
use crate::post::{Format, Post};
use crate::rulebook::family_of;
use serde_json::Value;
use std::collections::BTreeMap;

/// A fix may uncover another; more rounds than this only a defect needs.
const MAX_ROUNDS: usize = 10;

/// A post after its fixes.
#[derive(Debug, Clone, PartialEq)]
pub struct Fixed {
    pub post: Post,
    /// The findings that were fixed, in the order of their fixing. Their offsets belong to the
    /// post as it was in their round.
    pub applied: Vec<Finding>,
    /// What the fixed post still has.
    pub remaining: Vec<Finding>,
    /// Rules that broke down on the fixed post.
    pub failures: Vec<Failure>,
}

/// Findings of family `format` that only a person can mend, or that have edits of their own.
const NOT_FOR_FORMATTING: [&str; 3] = [
    "format/local-image",
    "format/attachment",
    "format/double-escaped",
];

/// Fixes a post: of each finding the first suggestion, if it is safe or `unsafe_too` says so.
/// Findings that the site ignores are left alone.
pub fn fix(linter: &Linter, ignores: &Ignores, post: &Post, unsafe_too: bool) -> Fixed {
    let mut post = post.clone();
    let mut applied = Vec::new();
    let mut formatted = false;
    for round in 0.. {
        let mut checked = linter.check(&post);
        ignores.apply(&post.id, &mut checked.findings);
        let (edits, fixed) = if round < MAX_ROUNDS {
            choose(&checked.findings, unsafe_too)
        } else {
            Default::default()
        };
        if fixed.is_empty() || !apply(&mut post, edits) {
            if !formatted && round < MAX_ROUNDS {
                formatted = true;
                if let Some(body) = typeset(linter, &post, &checked.findings) {
                    post.set_body(body);
                    applied.extend(checked.findings.into_iter().filter(is_layout));
                    continue;
                }
            }
            return Fixed {
                post,
                applied,
                remaining: checked.findings,
                failures: checked.failures,
            };
        }
        let mut index = 0;
        checked.findings.retain(|_| {
            index += 1;
            fixed.binary_search(&(index - 1)).is_ok()
        });
        applied.append(&mut checked.findings);
    }
    unreachable!("the last round changes nothing")
}

fn is_layout(finding: &Finding) -> bool {
    family_of(&finding.rule) == "format" && !NOT_FOR_FORMATTING.contains(&finding.rule.as_str())
}

/// The body in the site's target form, if a mark asks for it and it is not in that form already.
fn typeset(linter: &Linter, post: &Post, findings: &[Finding]) -> Option<String> {
    if post.format != Format::Html || !findings.iter().any(is_layout) {
        return None;
    }
    let body = Document::body(&post.body, post.format);
    let new = formatter::format(&body, &linter.knowledge().profile);
    (new != post.body).then_some(new)
}

/// Edits of a round by field and start, none touching another; and the findings that they fix.
type Chosen = (BTreeMap<Field, BTreeMap<usize, Edit>>, Vec<usize>);

fn choose(findings: &[Finding], unsafe_too: bool) -> Chosen {
    let (mut edits, mut fixed) = Chosen::default();
    for (index, finding) in findings.iter().enumerate() {
        let Some(best) = finding.suggestions.first() else {
            continue;
        };
        if best.edits.is_empty() || !(best.safe || unsafe_too) {
            continue;
        }
        let of_field = edits.entry(finding.field).or_default();
        // What touches another fix waits for the next round, which sees the text as it is then.
        if best.edits.iter().all(|edit| is_free(of_field, edit)) {
            of_field.extend(best.edits.iter().map(|edit| (edit.start, edit.clone())));
            fixed.push(index);
        }
    }
    (edits, fixed)
}

fn is_free(taken: &BTreeMap<usize, Edit>, edit: &Edit) -> bool {
    // Those taken do not touch one another, so that the last one to start before the end decides.
    taken
        .range(..=edit.end)
        .next_back()
        .is_none_or(|(_, other)| other.end < edit.start)
}

/// Applies a round's edits. False if nothing came of it.
fn apply(post: &mut Post, edits: BTreeMap<Field, BTreeMap<usize, Edit>>) -> bool {
    let mut changed = false;
    for (field, edits) in edits {
        let edits: Vec<_> = edits.into_values().collect();
        let Some(old) = post.field(field) else {
            continue;
        };
        let Some(new) = apply_edits(old, &edits).filter(|new| new != old) else {
            continue;
        };
        changed = true;
        match field {
            Field::Title => post.set_title(new),
            Field::Body => post.set_body(new),
            Field::Column | Field::Unit | Field::PublishedAt => {
                let key = field.as_str().to_owned();
                post.record.insert(key, Value::String(new.clone()));
                let place = match field {
                    Field::Column => &mut post.column,
                    Field::Unit => &mut post.unit,
                    _ => &mut post.published_at,
                };
                *place = Some(new);
            }
        }
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(start: usize, end: usize) -> Edit {
        Edit {
            start,
            end,
            text: String::new(),
        }
    }

    #[test]
    fn touching_edits_wait() {
        let taken = BTreeMap::from([(3, edit(3, 6)), (12, edit(12, 12))]);
        for (start, end, free) in [
            (0, 2, true),
            (0, 3, false),
            (4, 5, false),
            (6, 9, false),
            (7, 9, true),
            (9, 12, false),
            (12, 12, false),
            (13, 20, true),
            (0, 20, false),
        ] {
            assert_eq!(is_free(&taken, &edit(start, end)), free, "{start}..{end}");
        }
    }
}
