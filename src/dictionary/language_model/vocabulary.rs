//! Characters to tokens.
//!
//! Every Han character and punctuation mark that the training text has often
//! enough is a token of its own; a run of digits is one token, so is a run of
//! Latin letters. Tokens are numbered by descending frequency, which keeps the
//! numbers in the trie small.

use std::ops::Range;

/// A token number.
pub type Token = u16;

/// A character the vocabulary does not hold.
pub const UNKNOWN: Token = 0;
/// The edge of a text block, before its first and after its last token.
pub const EDGE: Token = 1;
/// A run of digits, with the decimal points and per-cent signs inside it.
pub const DIGITS: Token = 2;
/// A run of Latin letters.
pub const LATIN: Token = 3;
/// A run of white space.
pub const SPACE: Token = 4;
/// The first token that stands for one character.
pub const FIRST_CHARACTER: Token = 5;

/// The most tokens that a vocabulary can have.
pub const MAX_TOKENS: usize = 16_384;

/// The characters that have a token of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vocabulary {
    characters: Vec<char>,
    /// Token of each character of the basic multilingual plane.
    basic: Vec<Token>,
    /// Characters above it, sorted.
    others: Vec<(char, Token)>,
}

impl Vocabulary {
    /// A vocabulary of these characters, the most frequent first. What comes
    /// after [`MAX_TOKENS`] is left out.
    #[must_use]
    pub fn new(mut characters: Vec<char>) -> Self {
        characters.truncate(MAX_TOKENS - usize::from(FIRST_CHARACTER));
        let mut basic = vec![UNKNOWN; 1 << 16];
        let mut others = Vec::new();
        for (token, &c) in (FIRST_CHARACTER..).zip(&characters) {
            match basic.get_mut(c as usize) {
                Some(slot) => *slot = token,
                None => others.push((c, token)),
            }
        }
        others.sort_unstable();
        Self {
            characters,
            basic,
            others,
        }
    }

    /// Number of tokens, the special ones included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.characters.len() + usize::from(FIRST_CHARACTER)
    }

    /// Whether no character has a token.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.characters.is_empty()
    }

    /// The characters in the order of their tokens.
    #[must_use]
    pub fn characters(&self) -> &[char] {
        &self.characters
    }

    /// The character of a token, `None` for the special ones.
    #[must_use]
    pub fn character(&self, token: Token) -> Option<char> {
        let index = token.checked_sub(FIRST_CHARACTER)?;
        self.characters.get(usize::from(index)).copied()
    }

    /// The token of one character standing alone.
    #[must_use]
    pub fn token(&self, c: char) -> Token {
        let c = normalize(c);
        match class(c) {
            Class::Digit => DIGITS,
            Class::Latin => LATIN,
            Class::Space => SPACE,
            Class::Other => match self.basic.get(c as usize) {
                Some(&token) => token,
                None => self
                    .others
                    .binary_search_by_key(&c, |&(c, _)| c)
                    .map_or(UNKNOWN, |at| self.others[at].1),
            },
        }
    }

    /// Cuts a text into tokens, each with its byte range.
    pub fn tokenize(&self, text: &str, tokens: &mut Vec<Token>, ranges: &mut Vec<Range<usize>>) {
        let mut previous = UNKNOWN;
        for (at, c) in text.char_indices() {
            let end = at + c.len_utf8();
            let mut token = self.token(c);
            // A point or per-cent sign after digits belongs to the number.
            if previous == DIGITS && matches!(c, '.' | '．' | '%' | '％' | '‰') {
                token = DIGITS;
            }
            if token == previous && matches!(token, DIGITS | LATIN | SPACE) {
                if let Some(last) = ranges.last_mut() {
                    last.end = end;
                }
                continue;
            }
            tokens.push(token);
            ranges.push(at..end);
            previous = token;
        }
    }
}

enum Class {
    Digit,
    Latin,
    Space,
    Other,
}

fn class(c: char) -> Class {
    match c {
        '0'..='9' => Class::Digit,
        'a'..='z' | 'A'..='Z' => Class::Latin,
        ' ' | '\t' | '\r' | '\n' | '\u{a0}' | '\u{3000}' => Class::Space,
        _ => Class::Other,
    }
}

/// Half-width punctuation to full width, full-width digits and letters to half.
#[must_use]
pub fn normalize(c: char) -> char {
    match c {
        ',' => '，',
        ':' => '：',
        ';' => '；',
        '?' => '？',
        '!' => '！',
        '(' => '（',
        ')' => '）',
        '０'..='９' | 'ａ'..='ｚ' | 'Ａ'..='Ｚ' => {
            char::from_u32(c as u32 - 0xFEE0).unwrap_or(c)
        }
        '.' => '．',
        _ => c,
    }
}

/// Whether a character is a Han character.
#[must_use]
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..='\u{323AF}' | '〇')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> (Vec<Token>, Vec<Range<usize>>) {
        let vocabulary = Vocabulary::new("年月增长，".chars().collect());
        let (mut tokens, mut ranges) = (Vec::new(), Vec::new());
        vocabulary.tokenize(text, &mut tokens, &mut ranges);
        (tokens, ranges)
    }

    #[test]
    fn runs_of_digits_and_letters_are_one_token() {
        let (tokens, ranges) = cut("2018年GDP增长６.5%,");
        assert_eq!(tokens, [DIGITS, 5, LATIN, 7, 8, DIGITS, 9]);
        assert_eq!(ranges[0], 0..4);
        assert_eq!(ranges[5], 16..22);
    }

    #[test]
    fn an_unknown_character_is_unknown() {
        assert_eq!(cut("龘𠀀").0, [UNKNOWN, UNKNOWN]);
    }
}
