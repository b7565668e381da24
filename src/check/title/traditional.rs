//! `title/odd-character`: characters that do not belong into simplified Chinese text.

use super::anatomy::Anatomy;
use crate::check::Draft;
use crate::dictionary::traditional;

/// Reports traditional, private-use, compatibility and replacement characters, each sort once:
/// from its first character to its last.
pub fn odd_character(anatomy: &Anatomy<'_>, out: &mut Vec<Draft>) {
    const RULE: &str = "title/odd-character";
    let text = anatomy.text;
    for sort in [
        Odd::Traditional,
        Odd::Compatibility,
        Odd::Private,
        Odd::Replacement,
    ] {
        let found: Vec<(usize, char, Option<char>)> = text
            .char_indices()
            .filter_map(|(at, c)| {
                let (odd, wanted) = odd_of(c)?;
                (odd == sort).then_some((at, c, wanted))
            })
            .collect();
        let (Some(&(start, ..)), Some(&(last, last_char, _))) = (found.first(), found.last())
        else {
            continue;
        };
        let end = last + last_char.len_utf8();
        let mut mended = String::new();
        let mut from = start;
        for &(at, c, wanted) in &found {
            mended.push_str(&text[from..at]);
            mended.push(wanted.unwrap_or(c));
            from = at + c.len_utf8();
        }
        out.push(draft(RULE, text, start, end, sort, mended));
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Odd {
    Traditional,
    Compatibility,
    Private,
    Replacement,
}

fn odd_of(c: char) -> Option<(Odd, Option<char>)> {
    if let Some(simplified) = traditional::simplified(c) {
        return Some((Odd::Traditional, Some(simplified)));
    }
    match c {
        '\u{fffd}' => Some((Odd::Replacement, None)),
        '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10fffd}' => Some((Odd::Private, None)),
        '\u{f900}'..='\u{faff}' | '\u{2e80}'..='\u{2fdf}' | '\u{2f800}'..='\u{2fa1f}' => {
            use unicode_normalization::UnicodeNormalization;
            let wanted = std::iter::once(c).nfkc().next().filter(|n| *n != c);
            Some((Odd::Compatibility, wanted))
        }
        _ => None,
    }
}

fn draft(rule: &str, text: &str, start: usize, end: usize, odd: Odd, wanted: String) -> Draft {
    let found = &text[start..end];
    let message = match odd {
        Odd::Traditional => format!("“{found}”中有繁体字，应写作“{wanted}”"),
        Odd::Compatibility => {
            format!("“{found}”中有特殊编码的字符，检索不到，应改为普通汉字“{wanted}”")
        }
        Odd::Private => "标题中有无法正常显示的自造字，请换成标准字".to_owned(),
        Odd::Replacement => "标题中有乱码，请核对原文".to_owned(),
    };
    let draft = Draft::title(rule, start..end, message);
    if wanted.is_empty() {
        draft
    } else {
        draft.suggest(wanted)
    }
}
