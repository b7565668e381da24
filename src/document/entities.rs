//! Character references (`&nbsp;`, `&#38169;`, `&#x9519;`), decoded one at a time with their length,
//! so that every character of the visible text keeps its place in the source.

use std::sync::LazyLock;

/// Named references with their leading `&`, sorted by name.
static NAMED: LazyLock<Vec<(&'static str, &'static str)>> = LazyLock::new(|| {
    let mut names: Vec<_> = entities::ENTITIES
        .iter()
        .map(|e| (e.entity, e.characters))
        .collect();
    names.sort_unstable();
    names
});

/// The longest name in the table is `&CounterClockwiseContourIntegral;`.
const LONGEST_NAME: usize = 33;

/// What a character reference stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decoded {
    /// One character, from a numeric reference.
    Char(char),
    /// One or two characters, from a named reference.
    Text(&'static str),
}

/// Decodes the character reference at the start of `source`, which begins with `&`.
///
/// Returns what it stands for and its length in bytes, or `None` where the `&` is just an `&`.
/// References without their semicolon are read as browsers read them in text.
pub fn decode(source: &str) -> Option<(Decoded, usize)> {
    let rest = source.strip_prefix('&')?;
    match rest.as_bytes().first()? {
        b'#' => decode_numeric(rest),
        byte if byte.is_ascii_alphanumeric() => decode_named(source),
        _ => None,
    }
}

fn decode_named(source: &str) -> Option<(Decoded, usize)> {
    // A reference common in this field, without the search.
    if source.starts_with("&nbsp;") {
        return Some((Decoded::Text("\u{a0}"), 6));
    }
    let name_end = source.as_bytes()[1..]
        .iter()
        .take(LONGEST_NAME)
        .position(|b| !b.is_ascii_alphanumeric())
        .map_or(source.len().min(LONGEST_NAME), |i| i + 1);
    let with_semicolon = if source.as_bytes().get(name_end) == Some(&b';') {
        name_end + 1
    } else {
        name_end
    };
    let mut end = with_semicolon;
    // Longest match wins: `&notin;` before `&not`.
    while end > 1 {
        if let Some(candidate) = source.get(..end)
            && let Ok(found) = NAMED.binary_search_by_key(&candidate, |&(name, _)| name)
        {
            return Some((Decoded::Text(NAMED[found].1), end));
        }
        end -= 1;
    }
    None
}

fn decode_numeric(rest: &str) -> Option<(Decoded, usize)> {
    let bytes = rest.as_bytes();
    let (radix, digits_at) = match bytes.get(1) {
        Some(b'x' | b'X') => (16, 2),
        _ => (10, 1),
    };
    let digits = bytes[digits_at..]
        .iter()
        .take_while(|b| (**b as char).is_digit(radix))
        .count();
    if digits == 0 {
        return None;
    }
    let mut code: u32 = 0;
    for &byte in &bytes[digits_at..digits_at + digits] {
        let digit = (byte as char).to_digit(radix).unwrap_or(0);
        code = code.saturating_mul(radix).saturating_add(digit);
    }
    let mut end = digits_at + digits;
    if bytes.get(end) == Some(&b';') {
        end += 1;
    }
    Some((Decoded::Char(numeric_character(code)), end + 1))
}

/// The character a numeric reference stands for, with the HTML standard's replacements for
/// the C1 range (which old editors wrote meaning Windows-1252).
fn numeric_character(code: u32) -> char {
    const C1: [u32; 32] = [
        0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
        0x2039, 0x0152, 0x8D, 0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013,
        0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178,
    ];
    let code = match code {
        0 => 0xFFFD,
        0x80..=0x9F => C1[(code - 0x80) as usize],
        _ => code,
    };
    char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// `text` as HTML text: `&`, `<` and `>` escaped.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\u{a0}' => out.push_str("&nbsp;"),
            _ => out.push(c),
        }
    }
    out
}

/// `text` as the value of a double-quoted attribute.
pub fn escape_attribute(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read_as_browsers_read_them() {
        assert_eq!(decode("&nbsp;x"), Some((Decoded::Text("\u{a0}"), 6)));
        assert_eq!(decode("&nbspx"), Some((Decoded::Text("\u{a0}"), 5)));
        assert_eq!(decode("&notin;"), Some((Decoded::Text("∉"), 7)));
        assert_eq!(decode("&notit;"), Some((Decoded::Text("¬"), 4)));
        assert_eq!(decode("&#38169;别"), Some((Decoded::Char('错'), 8)));
        assert_eq!(decode("&#x9519别"), Some((Decoded::Char('错'), 7)));
        assert_eq!(decode("&#151;"), Some((Decoded::Char('—'), 6)));
        assert_eq!(
            decode("&#99999999999;"),
            Some((Decoded::Char('\u{fffd}'), 14))
        );
        assert_eq!(decode("& 和"), None);
        assert_eq!(decode("&和"), None);
        assert_eq!(decode("&#;"), None);
        assert_eq!(decode("&zzz;"), None);
    }
}
