//! Punctuation of titles: at the end, brackets that do not match, widths.

use super::anatomy::Anatomy;
use crate::check::Draft;
use crate::finding::Severity;

/// `title/end-punctuation`.
pub fn end_punctuation(anatomy: &Anatomy<'_>, out: &mut Vec<Draft>) {
    const RULE: &str = "title/end-punctuation";
    let text = &anatomy.text[anatomy.trimmed.clone()];
    let is_end = |c: char| {
        matches!(
            c,
            '。' | '，'
                | '、'
                | '；'
                | '：'
                | '．'
                | '！'
                | '？'
                | '…'
                | '.'
                | ','
                | ';'
                | ':'
                | '!'
                | '?'
                | '｡'
                | '､'
                | '~'
                | '～'
        )
    };
    let kept = text.trim_end_matches(is_end);
    if kept.len() == text.len() || kept.is_empty() {
        return;
    }
    let tail = &text[kept.len()..];
    let range = anatomy.trimmed.start + kept.len()..anatomy.trimmed.end;
    let voice = |c: char| matches!(c, '！' | '？' | '…' | '!' | '?' | '~' | '～');
    if tail.chars().any(voice) || tail.chars().filter(|c| *c == '.').count() > 1 {
        let message = format!("标题末尾一般不用“{tail}”，请确认是否保留");
        out.push(
            Draft::title(RULE, range, message)
                .severity(Severity::Warning)
                .suggest(""),
        );
    } else {
        let message = format!("标题末尾不应有“{tail}”");
        out.push(Draft::title(RULE, range, message).fix(""));
    }
}

fn class_of(c: char) -> Option<(usize, bool)> {
    Some(match c {
        '（' | '(' => (0, true),
        '）' | ')' => (0, false),
        '【' => (1, true),
        '】' => (1, false),
        '〔' => (2, true),
        '〕' => (2, false),
        '［' | '[' => (3, true),
        '］' | ']' => (3, false),
        '《' => (4, true),
        '》' => (4, false),
        '“' => (5, true),
        '”' => (5, false),
        '〈' => (6, true),
        '〉' => (6, false),
        '「' => (7, true),
        '」' => (7, false),
        _ => return None,
    })
}

fn partner(c: char) -> char {
    match c {
        '（' => '）',
        '）' => '（',
        '(' => ')',
        ')' => '(',
        '【' => '】',
        '】' => '【',
        '〔' => '〕',
        '〕' => '〔',
        '［' => '］',
        '］' => '［',
        '[' => ']',
        ']' => '[',
        '《' => '》',
        '》' => '《',
        '“' => '”',
        '”' => '“',
        '〈' => '〉',
        '〉' => '〈',
        '「' => '」',
        _ => '「',
    }
}

/// What is wrong with the brackets of a title: the byte where, the character, and which fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    Unclosed,
    Unopened,
    Mismatched(char),
    MixedWidth(char),
    /// An odd number of straight quotes.
    OddQuote,
}

/// The first fault of a title's brackets.
pub fn bracket_fault(text: &str) -> Option<(usize, char, Fault)> {
    let mut open: Vec<(usize, char, usize)> = Vec::new();
    let mut mixed = None;
    for (at, c) in text.char_indices() {
        let Some((class, opens)) = class_of(c) else {
            continue;
        };
        if opens {
            // 《 inside 《 is a slip only if it never closes; nesting is seen in practice.
            open.push((at, c, class));
            continue;
        }
        match open.last().copied() {
            Some((_, opener, opener_class)) if opener_class == class => {
                open.pop();
                if partner(opener) != c {
                    mixed.get_or_insert((at, c, Fault::MixedWidth(opener)));
                }
            }
            // 1)、一）: a serial number, not a bracket.
            _ if class == 0 && is_serial(&text[..at]) => {}
            Some((_, opener, _)) => {
                if open.iter().any(|(_, _, other)| *other == class) {
                    // The one inside was never closed.
                    let (at, c, _) = open[open.len() - 1];
                    return Some((at, c, Fault::Unclosed));
                }
                return Some((at, c, Fault::Mismatched(opener)));
            }
            None => return Some((at, c, Fault::Unopened)),
        }
    }
    if let Some(&(at, c, _)) = open.first() {
        return Some((at, c, Fault::Unclosed));
    }
    if let Some(mixed) = mixed {
        return Some(mixed);
    }
    let quotes: Vec<usize> = text.match_indices('"').map(|(at, _)| at).collect();
    (quotes.len() % 2 == 1).then(|| (quotes[quotes.len() - 1], '"', Fault::OddQuote))
}

fn is_serial(before: &str) -> bool {
    let before = before.trim_start();
    let count = before.chars().count();
    (1..=3).contains(&count)
        && before
            .chars()
            .all(|c| c.is_ascii_digit() || "一二三四五六七八九十".contains(c))
}

/// `title/brackets`.
pub fn brackets(anatomy: &Anatomy<'_>, out: &mut Vec<Draft>) {
    const RULE: &str = "title/brackets";
    let Some((at, c, fault)) = bracket_fault(anatomy.text) else {
        return;
    };
    if super::kind::is_cut_off(anatomy) {
        // Said once, by title/document-kind.
        return;
    }
    let range = at..at + c.len_utf8();
    let other = partner(c);
    let draft = match fault {
        Fault::Unclosed => Draft::title(
            RULE,
            range,
            format!("“{c}”没有配对的“{other}”，请补上或删去"),
        ),
        Fault::Unopened => Draft::title(
            RULE,
            range,
            format!("“{c}”前面没有配对的“{other}”，请补上或删去"),
        ),
        Fault::Mismatched(opener) => {
            let wanted = partner(opener);
            Draft::title(
                RULE,
                range,
                format!("“{opener}”与“{c}”不配对，应为“{opener}{wanted}”"),
            )
            .suggest(wanted.to_string())
        }
        Fault::MixedWidth(opener) => {
            let wanted = partner(opener);
            let message = format!("“{opener}”与“{c}”一个全角、一个半角，应统一");
            Draft::title(RULE, range, message).suggest(wanted.to_string())
        }
        Fault::OddQuote => Draft::title(RULE, range, "引号不成对，请补上另一半引号"),
    };
    out.push(draft);
}

fn is_chinese(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '《' | '》' | '“' | '”' | '、' | '。' | '（' | '）' | '【' | '】' | '〔' | '〕' | '：' | '，' | '；')
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphanumeric()
}

/// The full-width form of a half-width mark.
fn full_width(c: char) -> Option<char> {
    Some(match c {
        ',' => '，',
        '(' => '（',
        ')' => '）',
        ':' => '：',
        ';' => '；',
        _ => return None,
    })
}

/// `title/width`: half-width marks between Chinese, full-width digits and letters.
pub fn width(anatomy: &Anatomy<'_>, out: &mut Vec<Draft>) {
    const RULE: &str = "title/width";
    let text = anatomy.text;
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let neighbour = |index: Option<usize>| index.and_then(|i| chars.get(i)).map(|(_, c)| *c);
    let mut places: Vec<(usize, char, char)> = Vec::new();
    let mut lost = Vec::new();
    let parentheses = half_width_pairs(&chars);
    for (index, &(at, c)) in chars.iter().enumerate() {
        let left = neighbour(index.checked_sub(1));
        let right = neighbour(Some(index + 1));
        match c {
            '(' | ')' => {
                if let Some(full) = full_width(c).filter(|_| parentheses.contains(&index)) {
                    places.push((at, c, full));
                }
            }
            ',' | ':' | ';' => {
                let chinese_left = left.is_some_and(is_chinese);
                let number = left.is_some_and(|l| l.is_ascii_digit())
                    && right.is_some_and(|r| r.is_ascii_digit());
                let chinese_right = right.is_some_and(is_chinese);
                let between = chinese_left
                    && right.is_none_or(|r| !is_latin(r) || r.is_ascii_digit())
                    || chinese_right && !left.is_some_and(is_latin);
                // At the very end it is title/end-punctuation's.
                if between
                    && !number
                    && at + 1 < anatomy.trimmed.end
                    && let Some(full) = full_width(c)
                {
                    places.push((at, c, full));
                }
            }
            '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => {
                if let Some(half) = char::from_u32(c as u32 - 0xFEE0) {
                    places.push((at, c, half));
                }
            }
            '.' | '?' if left.is_some_and(is_chinese) && right.is_some_and(is_chinese) => {
                lost.push((at, c));
            }
            _ => {}
        }
    }
    if let (Some(&(first, c, full)), Some(&(last, last_char, _))) = (places.first(), places.last())
    {
        // One finding for all: an editor mends them at one go.
        let end = last + last_char.len_utf8();
        let mut mended = String::new();
        let mut from = first;
        for &(at, old, new) in &places {
            mended.push_str(&text[from..at]);
            mended.push(new);
            from = at + old.len_utf8();
        }
        let mixed = places
            .iter()
            .any(|(_, old, new)| old.is_ascii() && text.contains(*new));
        let marks: String = {
            let mut seen: Vec<char> = Vec::new();
            for (_, old, _) in &places {
                if !seen.contains(old) {
                    seen.push(*old);
                }
            }
            seen.into_iter().collect()
        };
        let message = if !c.is_ascii() {
            format!("“{marks}”应使用半角，如“{full}”")
        } else if mixed {
            format!("标题中“{marks}”等标点全角、半角混用，应统一为全角")
        } else {
            format!("中文标题中的“{marks}”应使用全角标点")
        };
        let severity = if mixed {
            Severity::Warning
        } else {
            Severity::Info
        };
        out.push(
            Draft::title(RULE, first..end, message)
                .severity(severity)
                .fix(mended),
        );
    }
    for (at, c) in lost {
        let message = format!("汉字之间的“{c}”可能是丢失的“·”或引号，请核对");
        out.push(Draft::title(RULE, at..at + c.len_utf8(), message).severity(Severity::Info));
    }
}

/// Half-width parentheses that stand in Chinese: the pair touches or holds Chinese.
fn half_width_pairs(chars: &[(usize, char)]) -> std::collections::HashSet<usize> {
    let mut open = Vec::new();
    let mut found = std::collections::HashSet::new();
    let chinese = |index: Option<usize>| {
        index
            .and_then(|i| chars.get(i))
            .is_some_and(|(_, c)| is_chinese(*c))
    };
    for (index, (_, c)) in chars.iter().enumerate() {
        match c {
            '(' => open.push(index),
            ')' => {
                if let Some(from) = open.pop()
                    && (chinese(from.checked_sub(1))
                        || chars[from..index].iter().any(|(_, c)| is_chinese(*c)))
                {
                    found.insert(from);
                    found.insert(index);
                }
            }
            _ => {}
        }
    }
    found
}
