//! `title/stray-space`: blanks that a wrapped line or a typesetter left in the title.

use super::anatomy::{Anatomy, Family, ends_as_organisation, find_outside};
use crate::check::Draft;
use crate::dictionary::document_kinds::{DocumentKinds, Standing};
use crate::document::{is_blank, is_invisible};
use crate::finding::Severity;
use std::ops::Range;

const RULE: &str = "title/stray-space";

/// A run of blanks in the title.
struct Run {
    range: Range<usize>,
}

impl Run {
    fn text<'t>(&self, title: &'t str) -> &'t str {
        &title[self.range.clone()]
    }
}

fn runs(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (at, c) in text.char_indices().filter(|(_, c)| is_blank(*c)) {
        let end = at + c.len_utf8();
        match runs.last_mut() {
            Some(run) if run.range.end == at => run.range.end = end,
            _ => runs.push(Run { range: at..end }),
        }
    }
    runs
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{20000}'..='\u{323af}')
}

/// Reports the blanks that do not belong.
pub fn stray_space(anatomy: &Anatomy<'_>, out: &mut Vec<Draft>) {
    let text = anatomy.text;
    let runs = runs(text);
    if runs.is_empty() {
        return;
    }
    if letter_spaced(anatomy, out) {
        return;
    }
    for run in &runs {
        if run.range.start == 0 || run.range.end == text.len() {
            let place = if run.range.start == 0 {
                "开头"
            } else {
                "末尾"
            };
            let message = format!("标题{place}有多余的{}，应删去", name(run.text(text)));
            out.push(Draft::title(RULE, run.range.clone(), message).fix(""));
        } else {
            inner(anatomy, run, out);
        }
    }
}

/// 政 府 工 作 报 告: every character by itself.
fn letter_spaced(anatomy: &Anatomy<'_>, out: &mut Vec<Draft>) -> bool {
    let text = &anatomy.text[anatomy.trimmed.clone()];
    let words: Vec<&str> = text.split(is_blank).filter(|w| !w.is_empty()).collect();
    let single = |w: &&&str| w.chars().count() == 1 && w.chars().all(is_han);
    let singles = words.iter().filter(single).count();
    if words.len() < 3 || singles * 10 < words.len() * 8 {
        return false;
    }
    let joined = words.concat();
    let message = format!("标题各字之间有空格，应连写为“{joined}”");
    out.push(Draft::title(RULE, anatomy.trimmed.clone(), message).fix(joined));
    true
}

fn inner(anatomy: &Anatomy<'_>, run: &Run, out: &mut Vec<Draft>) {
    let text = anatomy.text;
    let blank = run.text(text);
    let (before, after) = (&text[..run.range.start], &text[run.range.end..]);
    let (Some(left), Some(right)) = (before.chars().next_back(), after.chars().next()) else {
        return;
    };
    let range = run.range.clone();
    if blank.chars().all(is_invisible) {
        let message = "标题中有看不见的零宽字符，应删去";
        out.push(Draft::title(RULE, range, message).fix(""));
        return;
    }
    let official = anatomy.family != Family::News;
    let wrapped = blank.contains(['\n', '\r', '\t', '\u{b}', '\u{c}']);
    let foreign = |c: char| c.is_ascii_alphanumeric() || c.is_ascii_punctuation();
    let beside_words = left.is_ascii_alphabetic() || right.is_ascii_alphabetic();
    if (beside_words || foreign(left) && foreign(right)) && !wrapped {
        return;
    }
    if !wrapped && (allowed_by_marks(left, right) || in_quotes(text, &range)) {
        return;
    }
    if official
        && !wrapped
        && (between_issuers(anatomy, &range)
            || between_names(text, &range)
            || between_titles(before)
            || between_clauses(anatomy, &range)
            || anatomy.family == Family::Named && !parts_a_name(before, after))
    {
        return;
    }
    if official {
        let message = format!("公文标题中间有多余的{}，应删去", name(blank));
        out.push(Draft::title(RULE, range, message).fix(""));
    } else if wrapped {
        let message = format!("标题中间有{}，分句之间应只留一个空格", name(blank));
        out.push(Draft::title(RULE, range, message).fix(" "));
    } else if blank.chars().filter(|c| !is_invisible(*c)).count() > 1 {
        let message = "标题中间有连续空格，分句之间应只留一个空格";
        out.push(
            Draft::title(RULE, range, message)
                .severity(Severity::Warning)
                .fix(" "),
        );
    }
}

fn name(blank: &str) -> &'static str {
    if blank.chars().all(is_invisible) {
        "零宽字符"
    } else if blank.contains(['\n', '\r', '\u{b}']) {
        "换行"
    } else if blank.contains('\t') {
        "制表符"
    } else if blank.contains('\u{3000}') {
        "全角空格"
    } else {
        "空格"
    }
}

/// A blank after ： is the convention of `单位： 口号`; one beside a dash shows it as a dash.
fn allowed_by_marks(left: char, right: char) -> bool {
    matches!(
        left,
        '：' | ':' | '—' | '-' | '–' | '|' | '｜' | '/' | '》' | '！' | '？' | '；' | '，'
    ) && left != '》'
        || matches!(right, '—' | '-' | '–' | '|' | '｜' | '/')
}

/// Inside “…” a blank parts the lines of a slogan; inside 《…》 too, where the lines match in
/// length (不忘初心 牢记使命).
fn in_quotes(text: &str, range: &Range<usize>) -> bool {
    for (open, close) in [('“', '”'), ('‘', '’'), ('《', '》')] {
        let Some(from) = text[..range.start].rfind([open, close]) else {
            continue;
        };
        let from_char = text[from..].chars().next().unwrap_or(close);
        let Some(len) = text[range.end..].find([open, close]) else {
            continue;
        };
        let to_char = text[range.end + len..].chars().next().unwrap_or(open);
        if from_char != open || to_char != close {
            continue;
        }
        if open != '《' {
            return true;
        }
        let inside = &text[from + open.len_utf8()..range.end + len];
        let mut lines = inside.split(is_blank).filter(|line| !line.is_empty());
        let first = lines.next().map_or(0, |line| line.chars().count());
        return first >= 3 && lines.all(|line| line.chars().count() == first);
    }
    false
}

/// 中共中央办公厅 国务院办公厅印发…: all that stands before the predicate is issuers.
fn between_issuers(anatomy: &Anatomy<'_>, range: &Range<usize>) -> bool {
    let text = anatomy.core_text();
    let head_end = [
        "关于", "印发", "转发", "批转", "发布", "公布", "联合", "令", "公告", "通告", "通知",
    ]
    .iter()
    .filter_map(|word| find_outside(text, word).find(|&at| at > 0))
    .min();
    let Some(head_end) = head_end else {
        return false;
    };
    let head_end = anatomy.core.start + head_end;
    // A blank right before 关于 stands after an issuer too.
    if range.end > head_end {
        return false;
    }
    let head = &anatomy.text[anatomy.core.start..head_end];
    let parts: Vec<&str> = head.split(is_blank).filter(|p| !p.is_empty()).collect();
    parts.len() > 1 && parts.iter().all(|part| ends_as_organisation(part)) && range.end < head_end
}

/// …令（第450号） 重大动物疫情应急条例; …的通知 春耕生产工作指南: two titles in one field.
fn between_titles(before: &str) -> bool {
    let before = before.trim_end_matches(is_blank);
    let order = before.ends_with(['）', ')']) && before.contains("号");
    let kinds = DocumentKinds::built_in();
    order
        || before.contains("关于")
            && matches!(kinds.ending(before), Some((_, Standing::Statutory)))
            && !before.ends_with(['函', '令'])
}

/// 关于进一步深化农村改革 扎实推进乡村全面振兴的意见: two clauses of equal standing, as central
/// documents part them. The second begins with a verb.
fn between_clauses(anatomy: &Anatomy<'_>, range: &Range<usize>) -> bool {
    const VERBS: [&str; 40] = [
        "支持",
        "推进",
        "扎实",
        "促进",
        "加强",
        "建设",
        "做好",
        "强化",
        "降低",
        "打赢",
        "深化",
        "加快",
        "推动",
        "提升",
        "提高",
        "保障",
        "完善",
        "优化",
        "全面",
        "切实",
        "进一步",
        "实现",
        "落实",
        "服务",
        "助力",
        "维护",
        "规范",
        "防范",
        "构建",
        "激发",
        "扩大",
        "培育",
        "健全",
        "统筹",
        "坚决",
        "积极",
        "深入",
        "持续",
        "大力",
        "加大",
    ];
    let text = anatomy.text;
    let Some(about) = anatomy.about else {
        return false;
    };
    let after = text[range.end..].trim_start_matches(is_blank);
    let first = text
        .get(about + "关于".len()..range.start)
        .map_or(0, |clause| clause.chars().count());
    first >= 6 && after.chars().count() >= 8 && VERBS.iter().any(|verb| after.starts_with(verb))
}

/// A named document (…方案) with a blank where a line was wrapped: after a year or an issuer, or
/// right before its kind. Elsewhere a blank may part two clauses of news.
fn parts_a_name(before: &str, after: &str) -> bool {
    let before = before.trim_end_matches(is_blank);
    let short_end = after.chars().count() <= 6 && DocumentKinds::built_in().ending(after).is_some();
    before.ends_with(['年', '度', '届', '期']) || ends_as_organisation(before) || short_end
}

/// 关于张三 李四同志任职的通知; 张　三: names, parted or stretched.
fn between_names(text: &str, range: &Range<usize>) -> bool {
    let appoints = ["任职", "任免", "免职", "任命", "同志", "职务", "逝世"]
        .iter()
        .any(|word| text.contains(word));
    let left = text[..range.start]
        .chars()
        .rev()
        .take_while(|c| is_han(*c))
        .take(5)
        .count();
    let right = text[range.end..]
        .chars()
        .take_while(|c| is_han(*c))
        .take(5)
        .count();
    appoints && left >= 1 && right >= 1
}
