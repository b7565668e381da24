//! `typo/foreign-unit`: a post of one town that another town has signed (copied text). Needs the
//! site's list of units.

use super::Passage;
use crate::check::{Context, Draft};
use crate::dictionary::units::{Unit, Units};
use crate::finding::{Field, Severity};

pub const RULE: &str = "typo/foreign-unit";

/// Blocks at the end of a post that a signature stands in.
const SIGNATURE_BLOCKS: usize = 4;
/// Longest signature, in characters.
const SIGNATURE_CHARS: usize = 24;

pub fn check(context: &Context<'_>, out: &mut Vec<Draft>) {
    let (Some(units), Some(unit)) = (&context.knowledge.units, &context.post.unit) else {
        return;
    };
    let Some(own) = units.find(unit) else { return };
    if own.kind.is_none() {
        return;
    }
    let blocks: Vec<_> = context
        .body
        .visible_blocks()
        .filter(|(_, b)| !b.in_table)
        .collect();
    let own_names = names(own);
    for (block, b) in blocks.iter().rev().take(SIGNATURE_BLOCKS) {
        let text = b.text.as_str();
        let trimmed = b.trimmed_str();
        if trimmed.chars().count() > SIGNATURE_CHARS || own_names.iter().any(|n| text.contains(n)) {
            continue;
        }
        if let Some((other, at, len)) = signer(units, own, text, trimmed) {
            let passage = Passage {
                field: Field::Body,
                block: *block,
                text,
            };
            let message = format!(
                "发布单位是“{}”，落款却是“{}”，可能是套用了别处的稿件",
                own.name, other.name
            );
            out.push(
                passage
                    .draft(RULE, at..at + len, Severity::Warning, message)
                    .confidence(0.92)
                    .evidence(format!(
                        "单位表：{}（{}）",
                        own.name,
                        own.kind.as_deref().unwrap_or_default()
                    )),
            );
            return;
        }
    }
    lead(context, units, own, &own_names, out);
}

fn names(unit: &Unit) -> Vec<&str> {
    std::iter::once(&unit.name)
        .chain(&unit.aliases)
        .map(String::as_str)
        .collect()
}

/// Another unit of the same kind that the line begins with and is hardly more than.
fn signer<'u>(
    units: &'u Units,
    own: &Unit,
    text: &str,
    trimmed: &str,
) -> Option<(&'u Unit, usize, usize)> {
    let offset = text.find(trimmed)?;
    units
        .iter()
        .filter(|other| other.kind == own.kind && other.name != own.name)
        .find_map(|other| {
            let name = names(other)
                .into_iter()
                .filter(|name| trimmed.starts_with(name))
                .max_by_key(|n| n.len())?;
            Some((other, offset, name.len()))
        })
}

/// The lead tells of another unit of the same kind, and the post never names its own.
fn lead(
    context: &Context<'_>,
    units: &Units,
    own: &Unit,
    own_names: &[&str],
    out: &mut Vec<Draft>,
) {
    let all = context.post.title.as_str();
    let body_names_own = context
        .body
        .visible_blocks()
        .any(|(_, b)| own_names.iter().any(|name| b.text.as_str().contains(name)));
    if body_names_own || own_names.iter().any(|name| all.contains(name)) {
        return;
    }
    let Some((block, b)) = context.body.visible_blocks().find(|(_, b)| !b.in_table) else {
        return;
    };
    let text = b.text.as_str();
    let other = units
        .iter()
        .filter(|other| other.kind == own.kind && other.name != own.name)
        .flat_map(|other| names(other).into_iter().map(move |name| (other, name)))
        .filter_map(|(other, name)| Some((text.find(name)?, other, name)))
        .min_by_key(|(at, _, name)| (*at, std::cmp::Reverse(name.len())));
    let Some((at, other, name)) = other else {
        return;
    };
    // As the one who acts: 乙镇召开…, 乙镇党委….
    let acts = [
        "召开",
        "开展",
        "组织",
        "举办",
        "举行",
        "党委",
        "人民政府",
        "政府",
        "多措并举",
        "积极",
        "扎实",
    ];
    let after = &text[at + name.len()..];
    if acts.iter().any(|verb| after.starts_with(verb)) {
        let passage = Passage {
            field: Field::Body,
            block,
            text,
        };
        let message = format!(
            "发布单位是“{}”，正文写的却是“{}”，请核对是否套用了别处的稿件",
            own.name, other.name
        );
        out.push(
            passage
                .draft(RULE, at..at + name.len(), Severity::Info, message)
                .confidence(0.9),
        );
    }
}
