//! Byte offsets of a field as line, column, UTF-16 units and characters, in one pass over the
//! field.

/// One place in a field. Lines and columns count from 1, the others from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Position {
    /// UTF-16 units before it.
    pub utf16: usize,
    /// Characters before it.
    pub chars: usize,
    /// `\n`, `\r\n` and `\r` end a line.
    pub line: usize,
    /// In characters.
    pub column: usize,
}

/// The positions of the offsets that a report needs.
#[derive(Debug, Clone, Default)]
pub struct Positions {
    /// Sorted by offset.
    known: Vec<(usize, Position)>,
}

impl Positions {
    /// Works out the positions of `offsets` (bytes, on character boundaries, in any order).
    /// Linear in `source`, whatever the number of offsets (which are sorted once).
    pub fn of(source: &str, offsets: impl IntoIterator<Item = usize>) -> Self {
        let mut offsets: Vec<usize> = offsets.into_iter().collect();
        offsets.sort_unstable();
        offsets.dedup();
        let mut known = Vec::with_capacity(offsets.len());
        let mut here = Position {
            line: 1,
            column: 1,
            ..Position::default()
        };
        let mut wanted = offsets.into_iter().peekable();
        let mut characters = source.char_indices().peekable();
        while let Some((at, c)) = characters.next() {
            while let Some(offset) = wanted.next_if(|&offset| offset <= at) {
                known.push((offset, here));
            }
            if wanted.peek().is_none() {
                break;
            }
            here.utf16 += c.len_utf16();
            here.chars += 1;
            let before_line_feed = matches!(characters.peek(), Some((_, '\n')));
            if c == '\n' || (c == '\r' && !before_line_feed) {
                here.line += 1;
                here.column = 1;
            } else {
                here.column += 1;
            }
        }
        known.extend(wanted.map(|offset| (offset, here)));
        Self { known }
    }

    /// The position of an offset that was asked for.
    pub fn at(&self, offset: usize) -> Position {
        self.known
            .binary_search_by_key(&offset, |(known, _)| *known)
            .map_or(Position::default(), |index| self.known[index].1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lines_columns_and_utf16_units() {
        let source = "甲𠮷\r\n乙\r丙\n";
        let positions = Positions::of(source, [source.len(), 0, 3, 7, 9, 12, 13]);
        let at = |offset| {
            let p = positions.at(offset);
            (p.utf16, p.chars, p.line, p.column)
        };
        assert_eq!(at(0), (0, 0, 1, 1));
        assert_eq!(at(3), (1, 1, 1, 2));
        assert_eq!(at(7), (3, 2, 1, 3));
        assert_eq!(at(9), (5, 4, 2, 1));
        assert_eq!(at(12), (6, 5, 2, 2));
        assert_eq!(at(13), (7, 6, 3, 1));
        assert_eq!(at(source.len()), (9, 8, 4, 1));
    }

    proptest! {
        #[test]
        fn one_pass_agrees_with_counting_each(source in "(?s)[甲𠮷a\r\n]{0,40}") {
            let offsets: Vec<_> = source.char_indices().map(|(at, _)| at).collect();
            let positions = Positions::of(&source, offsets.iter().rev().copied());
            for at in offsets {
                let before = &source[..at];
                let ended = before.replace("\r\n", "\n");
                // A carriage return right before its line feed does not end the line yet.
                let pending = before.ends_with('\r') && source[at..].starts_with('\n');
                let lines = ended.matches(['\n', '\r']).count() - usize::from(pending);
                let p = positions.at(at);
                prop_assert_eq!(p.utf16, before.encode_utf16().count());
                prop_assert_eq!(p.chars, before.chars().count());
                prop_assert_eq!(p.line, lines + 1);
            }
        }
    }
}
