//! What stands before the name of an organ: its place, a level that stands for one, or the end of
//! other words.

use super::line::{Line, is_han};
use crate::dictionary::organisation::{Chain, LEVELS};
use crate::dictionary::places::{self, Kind, Places};

/// The place of an organ as the text gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// By its full name, or by a short form of the gazetteer.
    Named(String),
    /// By its level alone: 县 of 县财政局.
    Level(char),
    /// Not at all.
    Bare,
    /// Something stands there that is no known place and no word that a sentence could begin the
    /// organisation's name after.
    Unclear,
}

/// Words directly before the name of an organisation or a person that are no part of it. Single
/// characters first, the longer ones after.
const LEFT_WORDS: &[&str] = &[
    "在",
    "由",
    "和",
    "与",
    "及",
    "同",
    "向",
    "对",
    "为",
    "是",
    "经",
    "请",
    "受",
    "让",
    "给",
    "被",
    "把",
    "到",
    "从",
    "随",
    "跟",
    "说",
    "后",
    "前",
    "时",
    "中",
    "日",
    "午",
    "晚",
    "天",
    "月",
    "年",
    "间",
    "的",
    "了",
    "着",
    "以",
    "并",
    "兼",
    "任",
    "我",
    "本",
    "该",
    "全",
    "原",
    "现",
    "新",
    "老",
    "陪",
    "据",
    "当",
    "访",
    "见",
    "听",
    "令",
    "派",
    "向",
    "陪同",
    "出席",
    "参加",
    "邀请",
    "会见",
    "听取",
    "主持",
    "时任",
    "现任",
    "新任",
    "前任",
    "我们",
    "以及",
    "领导",
    "干部",
    "同志",
    "代表",
    "委托",
    "受到",
    "按照",
    "根据",
    "贯彻",
    "落实",
    "传达",
    "学习",
    "欢迎",
    "感谢",
    "联系",
    "采访",
    "跟随",
    "率领",
    "带领",
    "接到",
    "通过",
    "关于",
    "除了",
    "包括",
    "特别是",
    "还有",
    "其中",
];

/// True if a name or an organisation can begin at `at`: a mark or one of the usual words stands
/// before it, or nothing does.
pub fn opens(line: &Line, at: usize) -> bool {
    let Some(before) = at.checked_sub(1).and_then(|i| line.get(i)) else {
        return true;
    };
    !is_han(before) || LEFT_WORDS.iter().any(|word| line.ends_with(at, word))
}

/// True if `at` surely lies behind other words: those that stand inside names of organisations
/// (发展和改革, 中国, 经济) do not count.
pub fn breaks(line: &Line, at: usize) -> bool {
    let inside = "中和经日月年天间本全新老前后当时以及从同据说我听见令访派";
    let Some(before) = at.checked_sub(1).and_then(|i| line.get(i)) else {
        return true;
    };
    !is_han(before)
        || LEFT_WORDS.iter().any(|word| {
            line.ends_with(at, word) && !(word.chars().count() == 1 && inside.contains(word))
        })
}

/// The full name of the place whose name ends at `end`, and where it begins. Unabridged names
/// first, then short forms.
fn named(line: &Line, end: usize, chain: &Chain) -> Option<(usize, String)> {
    let text = |start: usize| line.slice(start..end);
    let from = end.saturating_sub(places::LONGEST);
    let own = (from..end).find(|&start| chain.contains(text(start)));
    if let Some(start) = own {
        return Some((start, text(start).to_owned()));
    }
    let full =
        (from..end.saturating_sub(1)).find(|&start| Places::built_in().kind(text(start)).is_some());
    if let Some(start) = full {
        return Some((start, text(start).to_owned()));
    }
    (end.saturating_sub(4)..end.saturating_sub(1)).find_map(|start| {
        let full = Places::built_in().of_short(text(start))?;
        Some((start, full.to_owned()))
    })
}

/// Reads the place before an organ that begins at `end`; gives where the place begins, too.
pub fn read(line: &Line, end: usize, chain: &Chain) -> (Reading, usize) {
    if let Some((start, name)) = named(line, end, chain) {
        return (Reading::Named(name), outermost(line, start, chain));
    }
    let last = end.checked_sub(1).and_then(|i| line.get(i));
    if let Some(level) = last.filter(|c| LEVELS.contains(c)) {
        let at = end - 1;
        // 示例县县委: the place by name, then its level once more.
        if let Some((start, name)) = named(line, at, chain)
            && name.ends_with(level)
        {
            return (Reading::Named(name), outermost(line, start, chain));
        }
        if opens(line, at) || party_prefix(line, at) || level_after_name(line, at, chain) {
            return (Reading::Level(level), at);
        }
        return (Reading::Unclear, end);
    }
    // The site's own place without its level: 示例财政局.
    let own = chain.places().iter().rev().find_map(|place| {
        let stem = place.strip_suffix(LEVELS)?;
        (stem.chars().count() >= 2 && line.ends_with(end, stem))
            .then(|| (end - stem.chars().count(), place.clone()))
    });
    if let Some((start, place)) = own {
        return (Reading::Named(place), outermost(line, start, chain));
    }
    if opens(line, end) || party_prefix(line, end) {
        return (Reading::Bare, end);
    }
    (Reading::Unclear, end)
}

fn party_prefix(line: &Line, at: usize) -> bool {
    ["中共", "中国共产党"]
        .iter()
        .any(|party| line.ends_with(at, party))
}

/// 市 of 某省某市: a level behind the name of a wider place.
fn level_after_name(line: &Line, at: usize, chain: &Chain) -> bool {
    named(line, at, chain).is_some_and(|(_, name)| name.ends_with('省') || name.ends_with('市'))
}

/// Where the places before a place begin: 某省某市 before 示例县.
fn outermost(line: &Line, start: usize, chain: &Chain) -> usize {
    let mut start = start;
    // A chain of places is short.
    for _ in 0..4 {
        match named(line, start, chain) {
            Some((outer, _)) if outer < start => start = outer,
            _ => break,
        }
    }
    start
}

/// Words before 县 and 市 that make no name of a place.
const NO_STEMS: &[&str] = &[
    "全", "我", "本", "该", "各", "外", "邻", "大", "小", "强", "贫困", "示范", "试点", "百强",
    "先进", "脱贫", "帮扶", "兄弟", "周边", "有关", "相关", "其他", "城", "都", "集", "超", "股",
    "楼", "开发", "重点",
];

/// The nearest place other than the site's own that is named in `chars[from..to]`, if it is of the
/// level `level` (or of any, where `None`).
pub fn foreign(line: &Line, from: usize, to: usize, chain: &Chain, level: Option<char>) -> bool {
    let mut at = to;
    while at > from {
        let c = line.chars[at - 1];
        let domestic_level = LEVELS.contains(&c);
        if domestic_level && level.is_none_or(|level| same_rank(level, c)) {
            if let Some((start, name)) = named(line, at, chain) {
                if start >= from {
                    return !chain.contains(&name);
                }
            } else if matches!(c, '县' | '市' | '旗') && invented(line, from, at) {
                return true;
            }
        }
        at -= 1;
    }
    false
}

/// 县, 市, 区 and 旗 stand side by side.
fn same_rank(a: char, b: char) -> bool {
    let county = |c: char| matches!(c, '县' | '区' | '市' | '旗');
    a == b || (county(a) && county(b))
}

/// True if what ends at `at` looks like a place that is not in the gazetteer: two or three
/// characters before 县 or 市, behind a mark or a usual word.
fn invented(line: &Line, from: usize, at: usize) -> bool {
    (2..=3).any(|length| {
        let Some(start) = (at - 1).checked_sub(length).filter(|start| *start >= from) else {
            return false;
        };
        let stem = line.slice(start..at - 1);
        stem.chars().all(is_han)
            && opens(line, start)
            && !NO_STEMS.iter().any(|word| stem.ends_with(word))
            && !LEFT_WORDS.iter().any(|word| stem.ends_with(word))
    })
}

/// True if a country other than China, or a foreign party, is named in `chars[from..to]`.
pub fn abroad(line: &Line, from: usize, to: usize) -> bool {
    (from..to).any(|start| {
        (2..=8).any(|length| {
            let text = line.slice(start..(start + length).min(to));
            text.chars().count() == length
                && (Places::built_in().kind(text) == Some(Kind::Country)
                    || matches!(text, "越共" | "古共" | "老挝人民革命党" | "劳动党"))
                && text != "中国"
        })
    })
}
