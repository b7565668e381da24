//! `typo/organization-renamed`: a name that had been abolished by the day of the post.

use super::passages;
use crate::check::{Context, Draft};
use crate::dictionary::renamed::{self, Renamed};
use crate::finding::Severity;
use std::cell::LazyCell;
use std::collections::HashSet;
use std::ops::Range;

pub const RULE: &str = "typo/organization-renamed";
const CONFIDENCE: f64 = 0.92;

/// Words that say that the old name is meant as such.
const HISTORY: [&str; 28] = [
    "原",
    "时任",
    "曾任",
    "历任",
    "前身",
    "更名",
    "改为",
    "改名",
    "撤销",
    "组建",
    "整合",
    "划转",
    "职责",
    "机构改革",
    "挂牌",
    "不再保留",
    "合并",
    "曾",
    "当时",
    "时称",
    "旧称",
    "今",
    "现为",
    "简称",
    "签发",
    "文件",
    "依据",
    "根据",
];

pub fn check(context: &Context<'_>, out: &mut Vec<Draft>) {
    // Without a day nobody knows what the name was.
    let Some(published) = context.published_on else {
        return;
    };
    // Most posts hold no such name, and nobody asks.
    let written = LazyCell::new(|| latest_year(context));
    let mut said: HashSet<&str> = HashSet::new();
    for passage in passages(context) {
        let text = passage.text;
        let mut found: Vec<(Range<usize>, &Renamed)> = renamed::find(text).collect();
        found.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
        let mut end = 0;
        for (range, name) in found {
            if range.start < end {
                continue;
            }
            end = range.end;
            // A document of earlier years that was put online later.
            let older = written.is_some_and(|year| year <= name.abolished_on.year());
            if published <= name.abolished_on
                || older
                || is_meant(text, &range, name)
                || !said.insert(name.old)
            {
                continue;
            }
            let message = format!(
                "“{}”已于{}不再使用，现一般为“{}”，请核对",
                name.old,
                chinese(name.abolished_on),
                name.new
            );
            // In villages and small towns the old board often stays for a while.
            let severity = if name.old.contains("乡村振兴局") || name.level == "基层" {
                Severity::Info
            } else {
                Severity::Warning
            };
            // A warning at most, in titles too.
            let mut draft = passage.draft(RULE, range, severity, message);
            draft.severity = Some(severity);
            let mut draft = draft.confidence(CONFIDENCE).evidence(name.source);
            if !name.new.contains(['、', '等']) {
                draft = draft.suggest(name.new);
            }
            out.push(draft);
        }
    }
}

/// The latest year that the title and the body name.
fn latest_year(context: &Context<'_>) -> Option<i16> {
    passages(context)
        .flat_map(|passage| {
            let bytes = passage.text.as_bytes();
            let digits = |at: usize| {
                bytes[at..]
                    .iter()
                    .take(5)
                    .take_while(|b| b.is_ascii_digit())
                    .count()
                    == 4
                    && (at == 0 || !bytes[at - 1].is_ascii_digit())
            };
            (0..bytes.len().saturating_sub(3))
                .filter(move |&at| matches!(bytes[at], b'1' | b'2') && digits(at))
                .filter_map(move |at| {
                    let year: i16 = passage.text.get(at..at + 4)?.parse().ok()?;
                    let after = &passage.text[at + 4..];
                    let is_year = after.starts_with(['年', '〕', ']', '】', '-', '/', '.', '）']);
                    (is_year && (1950..2100).contains(&year)).then_some(year)
                })
                .collect::<Vec<_>>()
        })
        .max()
}

fn chinese(date: jiff::civil::Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// The name stands inside 《》 or “”, after 原, or in a sentence about earlier days.
fn is_meant(text: &str, range: &Range<usize>, name: &Renamed) -> bool {
    let before = &text[..range.start];
    for (open, close) in [('《', '》'), ('“', '”'), ('（', '）')] {
        if before.rfind(open) > before.rfind(close) {
            return true;
        }
    }
    let start = before
        .rfind(['。', '；', '！', '？', '\n'])
        .map_or(0, |at| {
            at + before[at..].chars().next().map_or(1, char::len_utf8)
        });
    let end = text[range.end..]
        .find(['。', '；', '！', '？', '\n'])
        .map_or(text.len(), |at| range.end + at);
    let sentence = &text[start..end];
    if HISTORY.iter().any(|word| sentence.contains(word)) {
        return true;
    }
    // A year before the reform in the sentence.
    let bytes = sentence.as_bytes();
    sentence.match_indices('年').any(|(at, _)| {
        at >= 4
            && bytes[at - 4..at].iter().all(u8::is_ascii_digit)
            && sentence[at - 4..at]
                .parse::<i16>()
                .is_ok_and(|year| year <= name.abolished_on.year())
    })
}
