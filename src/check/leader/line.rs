//! A block's text in the form in which mentions are read: characters with their bytes, blanks
//! folded, marks of half width as their full-width forms.

use crate::document::{is_blank, is_invisible};
use std::ops::Range;

/// The text of one block. Positions are indexes of characters.
#[derive(Debug, Clone, Default)]
pub struct Line {
    pub chars: Vec<char>,
    /// Start of each character in the block's visible text (bytes).
    starts: Vec<usize>,
    /// End of each character.
    ends: Vec<usize>,
    /// The same characters as a string, and where each begins there.
    pub text: String,
    offsets: Vec<usize>,
}

impl Line {
    /// Folds the visible text of a block.
    pub fn of(visible: &str) -> Self {
        let mut line = Self::default();
        for (at, c) in visible.char_indices() {
            let end = at + c.len_utf8();
            if is_invisible(c) {
                continue;
            }
            let folded = match c {
                '\n' => '\n',
                c if is_blank(c) => ' ',
                '(' => '（',
                ')' => '）',
                ',' => '，',
                ':' => '：',
                ';' => '；',
                '•' | '・' | '‧' | '･' | '．' => '·',
                c => c,
            };
            if folded == ' ' && line.chars.last() == Some(&' ') {
                if let Some(last) = line.ends.last_mut() {
                    *last = end;
                }
                continue;
            }
            line.chars.push(folded);
            line.starts.push(at);
            line.ends.push(end);
            line.offsets.push(line.text.len());
            line.text.push(folded);
        }
        line
    }

    /// Number of characters.
    pub fn len(&self) -> usize {
        self.chars.len()
    }

    /// True if there is no character.
    pub fn is_empty(&self) -> bool {
        self.chars.is_empty()
    }

    /// The character at `at`, if there is one.
    pub fn get(&self, at: usize) -> Option<char> {
        self.chars.get(at).copied()
    }

    /// The characters of `range` as a string slice; empty where the range does not fit.
    pub fn slice(&self, range: Range<usize>) -> &str {
        if range.start >= range.end || range.end > self.len() {
            return "";
        }
        let end = self.offset(range.end);
        self.text.get(self.offsets[range.start]..end).unwrap_or("")
    }

    /// True if `text` stands directly before `at`.
    pub fn ends_with(&self, at: usize, text: &str) -> bool {
        self.text[..self.offset(at)].ends_with(text)
    }

    /// True if `text` stands at `at`.
    pub fn starts_with(&self, at: usize, text: &str) -> bool {
        self.text[self.offset(at)..].starts_with(text)
    }

    fn offset(&self, at: usize) -> usize {
        self.offsets.get(at).copied().unwrap_or(self.text.len())
    }

    /// The character that begins at a byte of [`Line::text`].
    pub fn position(&self, offset: usize) -> usize {
        self.offsets.partition_point(|&o| o < offset)
    }

    /// Bytes of the block's visible text.
    pub fn bytes(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.starts.get(range.start).copied().unwrap_or(0);
        let end = range
            .end
            .checked_sub(1)
            .and_then(|last| self.ends.get(last).copied())
            .unwrap_or(start);
        start..end
    }

    /// The sentence around `at`: from behind the last full stop to the next one.
    pub fn sentence(&self, at: usize) -> Range<usize> {
        let stop = |c: &char| matches!(c, '。' | '！' | '？' | '!' | '?' | '\n');
        let start = self.chars[..at.min(self.len())]
            .iter()
            .rposition(stop)
            .map_or(0, |stop| stop + 1);
        let end = self.chars[at.min(self.len())..]
            .iter()
            .position(stop)
            .map_or(self.len(), |stop| at + stop);
        start..end
    }
}

/// A Han character, the only kind that Chinese names and titles are made of.
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{20000}'..='\u{323af}' | '〇')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_are_folded_and_bytes_kept() {
        let line = Line::of("县长　 张\u{200b}三(左二),");
        assert_eq!(line.text, "县长 张三（左二），");
        assert_eq!(line.bytes(&(2..3)), 6..10);
        assert_eq!(line.bytes(&(3..5)), 10..19);
        assert_eq!(line.slice(3..5), "张三");
        assert!(line.ends_with(2, "县长") && line.starts_with(3, "张三"));
        assert_eq!(line.position(line.text.find('张').unwrap()), 3);
    }
}
