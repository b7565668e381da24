//! Near misses of canonical phrases: seeds by an automaton, then a bounded edit distance.
//!
//! One algorithm serves the built-in phrases, the units and a site's own list. Work is linear in
//! the text: each seed that occurs is looked at once, in a window of the phrase's length.

pub mod seeds;

use super::automaton::Automaton;
use std::borrow::Cow;
use std::ops::Range;

/// A text as phrases are compared with it: quotation marks and blanks left out, with the way back.
pub struct Normal<'t> {
    text: Cow<'t, str>,
    /// Where characters were left out: byte of the normal text, bytes left out up to there.
    gaps: Vec<(usize, usize)>,
}

impl<'t> Normal<'t> {
    /// The normal form of a text: the text itself if nothing is to be left out.
    pub fn of(text: &'t str) -> Self {
        let mut normal = String::new();
        let mut gaps = Vec::new();
        let mut dropped = 0;
        // The end of what was last left out.
        let mut end = 0;
        for (at, c) in text.char_indices() {
            if seeds::is_ignored(c) {
                normal.push_str(&text[end..at]);
                end = at + c.len_utf8();
                dropped += c.len_utf8();
                gaps.push((normal.len(), dropped));
            }
        }
        if gaps.is_empty() {
            return Self {
                text: Cow::Borrowed(text),
                gaps,
            };
        }
        normal.push_str(&text[end..]);
        Self {
            text: Cow::Owned(normal),
            gaps,
        }
    }

    /// The normal text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The byte of the original text at which the character at `at` of the normal text begins.
    pub fn original(&self, at: usize) -> usize {
        let gaps = self.gaps.partition_point(|(place, _)| *place <= at);
        at + gaps.checked_sub(1).map_or(0, |gap| self.gaps[gap].1)
    }

    /// The original bytes of a range of the normal text, from its first character to its last.
    pub fn original_range(&self, range: Range<usize>) -> Range<usize> {
        let last = self.text[range.clone()]
            .chars()
            .next_back()
            .map_or(0, char::len_utf8);
        self.original(range.start)..self.original(range.end - last) + last
    }
}

/// One edit that leads from the phrase to the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EditKind {
    /// The text has `found` for `wanted`.
    Replaced { found: char, wanted: char },
    /// The text lacks the character.
    Missing(char),
    /// The text has one character too many; `doubled` if it stands beside its equal.
    Extra { found: char, doubled: bool },
    /// Two neighbours are swapped.
    Swapped,
}

/// An edit and where it is: characters of the near miss before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edit {
    pub at: usize,
    pub kind: EditKind,
}

/// A near miss of a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NearMiss {
    /// Index of the phrase.
    pub phrase: usize,
    /// Bytes of the normal text.
    pub range: Range<usize>,
    pub edits: Vec<Edit>,
}

/// What is compared first of a phrase: its first and last character and its length in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outline {
    first: char,
    last: char,
    len: usize,
}

impl Outline {
    /// The outline of a normalised phrase; `None` for an empty one.
    pub fn of(phrase: &[char]) -> Option<Self> {
        Some(Self {
            first: *phrase.first()?,
            last: *phrase.last()?,
            len: phrase.len(),
        })
    }
}

/// The seeds of a list of phrases.
pub trait SeedIndex {
    /// The automaton over the seeds.
    fn automaton(&self) -> Option<&Automaton>;
    /// The places of seed number `seed`: phrase and characters before the seed in it.
    fn places(&self, seed: usize) -> impl Iterator<Item = (usize, usize)>;
    /// The characters of the normalised phrase.
    fn phrase(&self, index: usize) -> &[char];
    /// The outline of the phrase.
    fn outline(&self, index: usize) -> Option<Outline>;
}

/// A text by characters, made when the first seed is found in it.
struct Characters {
    chars: Vec<char>,
    /// The byte at which each character begins, and the end of the text.
    bytes: Vec<usize>,
}

impl Characters {
    fn of(text: &str) -> Self {
        // Most have three bytes.
        let likely = text.len() / 3 + 1;
        let (mut chars, mut bytes) = (Vec::with_capacity(likely), Vec::with_capacity(likely + 1));
        for (at, c) in text.char_indices() {
            chars.push(c);
            bytes.push(at);
        }
        bytes.push(text.len());
        Self { chars, bytes }
    }
}

/// All near misses in `text`, a normal text, each phrase once a place; exact ones are none.
pub fn find(index: &impl SeedIndex, text: &str) -> Vec<NearMiss> {
    let Some(automaton) = index.automaton() else {
        return Vec::new();
    };
    let mut found: Vec<NearMiss> = Vec::new();
    let mut characters: Option<Characters> = None;
    for (seed, number) in automaton.find(text) {
        let characters = characters.get_or_insert_with(|| Characters::of(text));
        let Ok(at) = characters.bytes.binary_search(&seed.start) else {
            continue;
        };
        for (phrase, offset) in index.places(number) {
            let Some(outline) = index.outline(phrase) else {
                continue;
            };
            let Some(miss) = verify(index, phrase, outline, characters, at, offset) else {
                continue;
            };
            let known = |old: &NearMiss| old.phrase == phrase && old.range == miss.range;
            // A phrase has a handful of seeds, found close together.
            if !found.iter().rev().take(64).any(known) {
                found.push(miss);
            }
        }
    }
    found
}

/// Looks whether a phrase stands, with few edits, around the seed at character `seed`.
fn verify(
    index: &impl SeedIndex,
    number: usize,
    outline: Outline,
    text: &Characters,
    seed: usize,
    offset: usize,
) -> Option<NearMiss> {
    let Outline { first, last, len } = outline;
    let limit = seeds::max_edits(len);
    let chars = text.chars.as_slice();
    // The seed's characters before it may be a few more or fewer than in the phrase.
    let starts = (0..=2 * limit).filter_map(|n| {
        // The exact place first, then ever farther ones.
        let shift = n.div_ceil(2);
        let start = if n % 2 == 0 {
            (seed + shift).checked_sub(offset)
        } else {
            seed.checked_sub(offset + shift)
        };
        start.filter(|&start| start <= seed && chars.get(start) == Some(&first))
    });
    let mut best: Option<(usize, NearMiss)> = None;
    for start in starts {
        let window = &chars[start..(start + len + limit).min(chars.len())];
        let ends = window.get(len.saturating_sub(limit + 1)..)?;
        if !ends.contains(&last) {
            continue;
        }
        let wanted = index.phrase(number);
        if window.starts_with(wanted) {
            return None;
        }
        if !may_be_near(wanted, window, limit) {
            continue;
        }
        let Some((end, distance, edits)) = distance(wanted, window, limit) else {
            continue;
        };
        if best.as_ref().is_none_or(|(old, _)| distance < *old) {
            let range = text.bytes[start]..text.bytes[start + end];
            best = Some((
                distance,
                NearMiss {
                    phrase: number,
                    range,
                    edits,
                },
            ));
        }
    }
    best.map(|(_, miss)| miss)
}

/// False if more of `wanted`'s characters than edits are allowed stand nowhere near their places
/// in `found`. An edit takes away one of them at most, and moves the others by `limit` at most.
fn may_be_near(wanted: &[char], found: &[char], limit: usize) -> bool {
    let mut left = limit;
    for (at, c) in wanted.iter().enumerate() {
        let near = at.saturating_sub(limit)..(at + limit + 1).min(found.len());
        if !found.get(near).is_some_and(|near| near.contains(c)) {
            if left == 0 {
                return false;
            }
            left -= 1;
        }
    }
    true
}

/// The prefix of `found` nearest to `wanted` within `limit` edits (replacing, leaving out, adding,
/// swapping neighbours) that ends in `wanted`'s last character: its length, the distance, the edits.
fn distance(wanted: &[char], found: &[char], limit: usize) -> Option<(usize, usize, Vec<Edit>)> {
    let (rows, columns) = (wanted.len() + 1, found.len() + 1);
    let far = limit + 1;
    let mut table = vec![far; rows * columns];
    let cell = |row: usize, column: usize| row * columns + column;
    for row in 0..rows {
        let from = row.saturating_sub(limit);
        let to = (row + limit).min(found.len());
        let mut alive = false;
        for column in from..=to {
            let cost = match (row, column) {
                (0, 0) => 0,
                (0, _) => column,
                (_, 0) => row,
                _ => {
                    let (w, f) = (wanted[row - 1], found[column - 1]);
                    let mut cost = table[cell(row - 1, column - 1)] + usize::from(w != f);
                    cost = cost.min(table[cell(row - 1, column)] + 1);
                    cost = cost.min(table[cell(row, column - 1)] + 1);
                    if row > 1
                        && column > 1
                        && w == found[column - 2]
                        && wanted[row - 2] == f
                        && w != f
                    {
                        cost = cost.min(table[cell(row - 2, column - 2)] + 1);
                    }
                    cost
                }
            };
            table[cell(row, column)] = cost.min(far);
            alive |= cost <= limit;
        }
        if !alive {
            return None;
        }
    }
    let last = *wanted.last()?;
    let (end, cost) = (wanted.len().saturating_sub(limit)..=found.len())
        .filter(|&end| end > 0 && found[end - 1] == last)
        .map(|end| (end, table[cell(wanted.len(), end)]))
        .filter(|(_, cost)| *cost <= limit)
        .min_by_key(|(end, cost)| (*cost, end.abs_diff(wanted.len())))?;
    let mut edits = Vec::new();
    let (mut row, mut column) = (wanted.len(), end);
    while row > 0 || column > 0 {
        let here = table[cell(row, column)];
        let at = |r: usize, c: usize| table[cell(r, c)];
        if row > 0
            && column > 0
            && wanted[row - 1] == found[column - 1]
            && at(row - 1, column - 1) == here
        {
            (row, column) = (row - 1, column - 1);
        } else if row > 1
            && column > 1
            && wanted[row - 1] == found[column - 2]
            && wanted[row - 2] == found[column - 1]
            && at(row - 2, column - 2) + 1 == here
        {
            edits.push(Edit {
                at: column - 2,
                kind: EditKind::Swapped,
            });
            (row, column) = (row - 2, column - 2);
        } else if row > 0 && column > 0 && at(row - 1, column - 1) + 1 == here {
            let kind = EditKind::Replaced {
                found: found[column - 1],
                wanted: wanted[row - 1],
            };
            edits.push(Edit {
                at: column - 1,
                kind,
            });
            (row, column) = (row - 1, column - 1);
        } else if row > 0 && at(row - 1, column) + 1 == here {
            edits.push(Edit {
                at: column,
                kind: EditKind::Missing(wanted[row - 1]),
            });
            row -= 1;
        } else if column > 0 {
            let c = found[column - 1];
            let beside = |i: Option<usize>| i.and_then(|i| found.get(i)) == Some(&c);
            let doubled = beside(column.checked_sub(2)) || beside(Some(column));
            edits.push(Edit {
                at: column - 1,
                kind: EditKind::Extra { found: c, doubled },
            });
            column -= 1;
        } else {
            return None;
        }
    }
    edits.reverse();
    Some((end, cost, edits))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chars(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    #[test]
    fn edits_are_told_apart() {
        let of = |wanted: &str, found: &str| distance(&chars(wanted), &chars(found), 2);
        assert_eq!(of("甲乙丙丁", "甲乙丙丁"), Some((4, 0, vec![])));
        assert_eq!(
            of("甲乙丙丁", "甲己丙丁戊"),
            Some((
                4,
                1,
                vec![Edit {
                    at: 1,
                    kind: EditKind::Replaced {
                        found: '己',
                        wanted: '乙'
                    }
                }]
            ))
        );
        assert_eq!(
            of("甲乙丙丁", "甲丙丁"),
            Some((
                3,
                1,
                vec![Edit {
                    at: 1,
                    kind: EditKind::Missing('乙')
                }]
            ))
        );
        assert_eq!(
            of("甲乙丙丁", "甲丙乙丁"),
            Some((
                4,
                1,
                vec![Edit {
                    at: 1,
                    kind: EditKind::Swapped
                }]
            ))
        );
        assert_eq!(
            of("甲乙丙丁", "甲乙乙丙丁"),
            Some((
                5,
                1,
                vec![Edit {
                    at: 1,
                    kind: EditKind::Extra {
                        found: '乙',
                        doubled: true
                    }
                }]
            ))
        );
        assert_eq!(of("甲乙丙丁", "子丑寅卯"), None);
    }

    #[test]
    fn the_way_back_from_the_normal_text_skips_what_was_left_out() {
        let text = "增强“四个 意识”和";
        let normal = Normal::of(text);
        assert_eq!(normal.as_str(), "增强四个意识和");
        let at = normal.as_str().find("四").expect("四");
        let range = normal.original_range(at..at + "四个意识".len());
        assert_eq!(&text[range], "四个 意识");
    }
}
