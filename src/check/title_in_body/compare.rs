//! Is a line the title? Blanks, quotes, brackets, dashes and widths do not count.

use crate::document::is_blank;
use crate::layout::phrase;
use unicode_normalization::UnicodeNormalization;

/// A text as it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    characters: Vec<char>,
}

/// How a line is like the title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    Equal,
    /// Equal but for issuer, place, number or punctuation.
    Similar,
}

impl Key {
    /// NFKC, without what does not count.
    pub fn of(text: &str) -> Self {
        let characters = text
            .nfkc()
            .filter(|c| !is_blank(*c) && !is_ignored(*c))
            .flat_map(char::to_lowercase)
            .collect();
        Self { characters }
    }

    /// Length in characters.
    pub fn len(&self) -> usize {
        self.characters.len()
    }

    /// True if `text` may be a part of this title: most of its characters stand in it. Of lines
    /// that are like the title together, each must.
    pub fn has_part(&self, text: &str) -> bool {
        let part = Self::of(text);
        let known = part
            .characters
            .iter()
            .filter(|c| self.characters.contains(c));
        known.count() * 2 >= part.len()
    }

    /// How `text`, of whose lines `last` is the last, is like this title.
    pub fn likeness(&self, text: &str, last: &str) -> Option<Likeness> {
        let other = Self::of(text);
        if other.characters == self.characters {
            return Some(Likeness::Equal);
        }
        if last.ends_with(['。', '；', ';', '：', ':', '，', ',', '、']) {
            return None;
        }
        // 文号 apart.
        let strip = |text: &str| match phrase::document_number(text) {
            Some(range) => Self::of(&format!("{}{}", &text[..range.start], &text[range.end..])),
            None => Self::of(text),
        };
        let other = strip(text);
        if other.len() < 8 || self.len() < 8 || other.len() * 10 > self.len() * 13 {
            return None;
        }
        if other.characters == self.characters {
            return Some(Likeness::Similar);
        }
        // How a news agency opens a report is a part of the report.
        if text.contains("电题") || text.contains("电 题") || text.contains("电　题") {
            return None;
        }
        // A comma more is a sentence: 近日，某县召开会议.
        let commas = |key: &Self| key.characters.iter().filter(|c| **c == ',').count();
        if commas(self) != commas(&other) {
            return None;
        }
        let (a, b) = (&self.without_punctuation(), &other.without_punctuation());
        if a == b {
            return Some(Likeness::Similar);
        }
        // Different at one place in the first half, and only a little: an issuer or a place that is
        // left out, put in or put differently. A change further on makes another matter of it.
        let front = a.iter().zip(b).take_while(|(x, y)| x == y).count();
        let back = a
            .iter()
            .rev()
            .zip(b.iter().rev())
            .take_while(|(x, y)| x == y)
            .count();
        let (short, long) = (a.len().min(b.len()), a.len().max(b.len()));
        let same = (front + back).min(short);
        let inserted = same == short;
        let little = (long - same) * 5 <= long;
        (little && back * 2 >= long && (inserted || front == 0)).then_some(Likeness::Similar)
    }

    fn without_punctuation(&self) -> Vec<char> {
        self.characters
            .iter()
            .copied()
            .filter(|c| c.is_alphanumeric())
            .collect()
    }
}

/// Quotes, brackets, book-title marks and dashes.
fn is_ignored(c: char) -> bool {
    matches!(
        c,
        '"' | '\''
            | '“'
            | '”'
            | '‘'
            | '’'
            | '《'
            | '》'
            | '〈'
            | '〉'
            | '<'
            | '>'
            | '«'
            | '»'
            | '('
            | ')'
            | '（'
            | '）'
            | '['
            | ']'
            | '【'
            | '】'
            | '〔'
            | '〕'
            | '「'
            | '」'
            | '『'
            | '』'
            | '{'
            | '}'
            | '-'
            | '–'
            | '—'
            | '―'
            | '─'
            | '~'
            | '·'
            | '•'
            | '・'
    )
}
