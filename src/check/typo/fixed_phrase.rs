//! `typo/fixed-phrase`: near misses of canonical wording.

use super::{Passage, speaks_of_typos};
use crate::check::{Context, Draft};
use crate::dictionary::characters::{Likeness, likeness};
use crate::dictionary::near::{Edit, EditKind, NearMiss, Normal, seeds};
use crate::dictionary::phrases::{BuiltIn, Phrase, PhraseList};
use std::ops::Range;

pub const RULE: &str = "typo/fixed-phrase";
const CONFIDENCE: f64 = 0.97;

pub fn check(context: &Context<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    if passage.text.len() < 3 * (seeds::MIN_CHARS - 1) {
        return;
    }
    let normal = Normal::of(passage.text);
    let text = normal.as_str();
    let mut found: Vec<(NearMiss, Phrase)> = Vec::new();
    // The site's own phrases first: they win.
    let own = context.knowledge.words.as_ref().map(|words| &words.phrases);
    let units = context.knowledge.unit_phrases.as_deref();
    let built_in = BuiltIn::get();
    for list in own.into_iter().chain(units) {
        collect(context, list, text, &mut found);
    }
    collect(context, built_in, text, &mut found);
    if found.is_empty() || speaks_of_typos(text) {
        return;
    }
    let mut right = built_in.right_places(text);
    for list in own.into_iter().chain(units) {
        right.extend(list.right_places(text));
    }
    found.retain(|(miss, phrase)| {
        !stands_in_right(miss, phrase, &right) && !begins_in_another_word(miss, phrase, text)
    });
    // The fewest edits first, then the longest: one finding a place.
    found.sort_by_key(|(miss, _)| {
        (
            miss.edits.len(),
            std::cmp::Reverse(miss.range.len()),
            miss.range.start,
            miss.phrase,
        )
    });
    let mut taken: Vec<Range<usize>> = Vec::new();
    for (miss, phrase) in found {
        if taken
            .iter()
            .any(|t| t.start < miss.range.end && miss.range.start < t.end)
        {
            continue;
        }
        taken.push(miss.range.clone());
        out.push(draft(passage, &normal, &miss, &phrase));
    }
}

fn collect(
    context: &Context<'_>,
    list: &impl PhraseList,
    text: &str,
    found: &mut Vec<(NearMiss, Phrase)>,
) {
    for miss in list.near_misses(text) {
        let len = text[miss.range.clone()].chars().count();
        let limit = seeds::max_edits(len.max(seeds::MIN_CHARS));
        if !is_slip(&miss, limit) {
            continue;
        }
        if let Some(phrase) = list
            .phrase(miss.phrase)
            .filter(|p| p.holds_on(context.published_on))
        {
            found.push((miss, phrase));
        }
    }
}

/// True if the edits are slips that writers make: characters that look or sound alike, a swap, a
/// doubled character, one or two left out. What else differs may be another name altogether.
fn is_slip(miss: &NearMiss, limit: usize) -> bool {
    let missing = miss
        .edits
        .iter()
        .filter(|e| matches!(e.kind, EditKind::Missing(_)))
        .count();
    let plausible = |edit: &Edit| match edit.kind {
        EditKind::Replaced { found, wanted } => {
            !is_numeral(found) && !is_numeral(wanted) && is_han(found)
        }
        EditKind::Missing(c) => is_han(c) && !is_particle(c) && !is_numeral(c),
        // 建设委委员会: the committee of a commission.
        EditKind::Extra { found, doubled } => {
            doubled && is_han(found) && !matches!(found, '委' | '会' | '人')
        }
        EditKind::Swapped => true,
    };
    let alike = |edit: &Edit| match edit.kind {
        EditKind::Replaced { found, wanted } => {
            likeness(found, wanted).is_some_and(|l| l <= Likeness::Keys)
        }
        _ => true,
    };
    // What is quick to tell first: most near misses are none that writers make.
    missing <= limit && miss.edits.iter().all(plausible) && miss.edits.iter().all(alike)
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}')
}

/// Numbers tell one congress or plan from the next.
fn is_numeral(c: char) -> bool {
    "一二三四五六七八九十百千两零〇".contains(c) || c.is_ascii_digit()
}

/// Words that are left out at will.
fn is_particle(c: char) -> bool {
    "的和与及等之在为是".contains(c)
}

/// 中华人民共和国外汇管理局 is no slip of 国家外汇管理局: its 国 belongs to the word before.
fn begins_in_another_word(miss: &NearMiss, phrase: &Phrase, text: &str) -> bool {
    let second_is_missing = miss
        .edits
        .iter()
        .any(|e| e.at == 1 && matches!(e.kind, EditKind::Missing(_)));
    let before = text[..miss.range.start].chars().next_back();
    second_is_missing && phrase.text.starts_with('国') && before.is_some_and(is_han)
}

/// The place is right as it stands: inside a right phrase, or nearly filled by one.
fn stands_in_right(miss: &NearMiss, phrase: &Phrase, right: &[Range<usize>]) -> bool {
    let len = seeds::normal(&phrase.text).chars().count();
    let limit = seeds::max_edits(len);
    right.iter().any(|r| {
        let inside = r.start <= miss.range.start && miss.range.end <= r.end;
        // Overlap in bytes; Han characters have three.
        let overlap = r
            .end
            .min(miss.range.end)
            .saturating_sub(r.start.max(miss.range.start));
        inside || overlap >= 3 * (len - limit)
    })
}

fn draft(passage: &Passage<'_>, normal: &Normal<'_>, miss: &NearMiss, phrase: &Phrase) -> Draft {
    let range = normal.original_range(miss.range.clone());
    let found = &passage.text[range.clone()];
    let wanted = mended(found, &miss.edits);
    let what: Vec<String> = miss
        .edits
        .iter()
        .map(|edit| match edit.kind {
            EditKind::Replaced { found, wanted } => format!("“{found}”应为“{wanted}”"),
            EditKind::Missing(c) => format!("缺“{c}”字"),
            EditKind::Extra { found, .. } => format!("多“{found}”字"),
            EditKind::Swapped => "字序颠倒".to_owned(),
        })
        .collect();
    let message = format!("“{found}”应为“{wanted}”（{}）", what.join("，"));
    passage
        .draft(RULE, range, phrase.severity, message)
        .confidence(CONFIDENCE)
        .evidence(format!("规范表述（{}）：{}", phrase.class, phrase.text))
        .fix(wanted)
}

/// `found` with the edits undone, its quotation marks and blanks kept.
fn mended(found: &str, edits: &[Edit]) -> String {
    let plain: Vec<char> = found.chars().filter(|c| !seeds::is_ignored(*c)).collect();
    let mut out = String::with_capacity(found.len() + 6);
    let missing = |at: usize, out: &mut String| {
        out.extend(
            edits
                .iter()
                .filter(|e| e.at == at)
                .filter_map(|e| match e.kind {
                    EditKind::Missing(c) => Some(c),
                    _ => None,
                }),
        );
    };
    let mut at = 0;
    for c in found.chars() {
        if seeds::is_ignored(c) {
            out.push(c);
            continue;
        }
        missing(at, &mut out);
        let here = edits
            .iter()
            .find(|e| e.at == at && !matches!(e.kind, EditKind::Missing(_)));
        let swapped_before = at.checked_sub(1).is_some_and(|b| {
            edits
                .iter()
                .any(|e| e.at == b && e.kind == EditKind::Swapped)
        });
        match here.map(|e| e.kind) {
            Some(EditKind::Extra { .. }) => {}
            Some(EditKind::Replaced { wanted, .. }) => out.push(wanted),
            Some(EditKind::Swapped) => out.extend(plain.get(at + 1)),
            _ if swapped_before => out.extend(plain.get(at - 1)),
            _ => out.push(c),
        }
        at += 1;
    }
    missing(at, &mut out);
    out
}
