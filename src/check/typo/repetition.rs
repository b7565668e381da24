//! `typo/repetition`: words and marks written twice.

use super::Passage;
use crate::check::Draft;
use crate::dictionary::segment;
use crate::finding::Severity;
use std::ops::Range;

pub const RULE: &str = "typo/repetition";

/// Words that are never doubled on purpose.
const DOUBLED: &[&str] = &[
    "进行", "通过", "关于", "我们", "他们", "你们", "可以", "必须", "以及", "根据", "按照", "并且",
    "但是", "因此", "所以", "由于", "对于", "如果", "已经", "能够", "其中", "其他", "包括", "作为",
    "为了", "有关", "相关", "情况", "单位", "工作", "会议", "政府", "建设", "发展", "管理", "服务",
    "企业", "项目", "群众", "干部", "同志", "安全", "生产", "以上", "以下", "开展", "召开", "加强",
    "推进",
];

fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}')
}

pub fn check(passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let text = passage.text;
    marks(passage, out);
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let byte = |index: usize| chars.get(index).map_or(text.len(), |(at, _)| *at);
    let mut index = 0;
    while index < chars.len() {
        if !is_han(chars[index].1) {
            index += 1;
            continue;
        }
        let Some(len) = doubled_at(&chars, index) else {
            index += 1;
            continue;
        };
        let range = byte(index)..byte(index + 2 * len);
        let once = text[byte(index)..byte(index + len)].to_owned();
        let once = once.as_str();
        if is_slip(text, &range, once, len) {
            let message = format!("“{once}”重复，应删去一个");
            let draft = passage
                .draft(RULE, range, Severity::Warning, message)
                .confidence(0.96);
            out.push(if len == 1 {
                draft.fix(once)
            } else {
                draft.suggest(once)
            });
        }
        index += 2 * len;
    }
}

/// The length in characters of what stands twice from `index` on: 的的, 进行进行, or longer.
fn doubled_at(chars: &[(usize, char)], index: usize) -> Option<usize> {
    let c = |i: usize| chars.get(i).map(|(_, c)| *c);
    let same = |len: usize| {
        (0..len).all(|i| c(index + i).is_some_and(is_han) && c(index + i) == c(index + len + i))
    };
    (3..=8).rev().find(|&len| same(len)).or_else(|| {
        if same(2) {
            Some(2)
        } else if c(index) == Some('的') && same(1) {
            Some(1)
        } else {
            None
        }
    })
}

fn is_slip(text: &str, range: &Range<usize>, once: &str, len: usize) -> bool {
    let before = text[..range.start].chars().next_back();
    let after = text[range.end..].chars().next();
    match len {
        1 => {
            !matches!(before, Some('目' | '有' | '众' | '标' | '无' | '中' | '靶'))
                && !matches!(after, Some('确' | '喀' | '士' | '哥' | '的' | '卢'))
                && before != Some('的')
        }
        // 单位单位: the second may begin another word (单位单位负责人) only where 的 was forgotten.
        2 => {
            let second = range.start + once.len()..range.end;
            DOUBLED.contains(&once)
                && !in_quotes(text, range)
                && segment::stands_alone(text, &second)
        }
        _ => {
            let numeral = once
                .chars()
                .any(|c| "一二三四五六七八九十百千万亿两几年月日".contains(c));
            let all_same = once.chars().all(|c| once.starts_with(c));
            // 申请人申请人才住房: the second is the beginning of other words.
            let second = range.start + once.len()..range.end;
            !numeral
                && !all_same
                && !in_quotes(text, range)
                && !text[range.end..].starts_with(once)
                && (len >= 5 || segment::stands_alone(text, &second))
        }
    }
}

/// Slogans and songs repeat themselves.
fn in_quotes(text: &str, range: &Range<usize>) -> bool {
    let before = &text[..range.start];
    before.rfind(['“', '《', '‘']) > before.rfind(['”', '》', '’'])
        || text[range.end..].starts_with(['！', '!'])
}

/// 。。 ，， 、、 and the like; three and more stand for an ellipsis.
fn marks(passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let text = passage.text;
    for mark in ["。", "，", "、", "；", "："] {
        let mut from = 0;
        while let Some(at) = text[from..].find(mark).map(|at| from + at) {
            let run = text[at..].len() - text[at..].trim_start_matches(mark).len();
            if run == 2 * mark.len() {
                let message = format!("“{mark}”重复，应删去一个");
                out.push(
                    passage
                        .draft(RULE, at..at + run, Severity::Warning, message)
                        .fix(mark),
                );
            }
            from = at + run;
        }
    }
}
