//! Near misses of canonical phrases: seeds by an automaton, then a bounded edit distance.
//!
//! One algorithm serves the built-in phrases, the units and a site's own list. Work is linear in
//! the text: each seed that occurs is looked at once, in a window of the phrase's length.

pub mod seeds;

use super::automaton::Automaton;
use std::ops::Range;

/// A text as phrases are compared with it: quotation marks and blanks left out, with the way back.
pub struct Normal {
    text: String,
    /// Where characters were left out: byte of the normal text, bytes left out up to there.
    gaps: Vec<(usize, usize)>,
}

impl Normal {
    /// The normal form of a text.
    pub fn of(text: &str) -> Self {
        let mut normal = String::with_capacity(text.len());
        let mut gaps = Vec::new();
        let mut dropped = 0;
        for c in text.chars() {
            if seeds::is_ignored(c) {
                dropped += c.len_utf8();
                gaps.push((normal.len(), dropped));
            } else {
                normal.push(c);
            }
        }
        Self { text: normal, gaps }
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

/// The seeds of a list of phrases.
pub trait SeedIndex {
    /// The automaton over the seeds.
    fn automaton(&self) -> Option<&Automaton>;
    /// The places of seed number `seed`: phrase and characters before the seed in it.
    fn places(&self, seed: usize) -> impl Iterator<Item = (usize, usize)>;
    /// The normalised phrase.
    fn phrase(&self, index: usize) -> &str;
}

/// All near misses in `text`, a normal text, each phrase once a place; exact ones are none.
pub fn find(index: &impl SeedIndex, text: &str) -> Vec<NearMiss> {
    let Some(automaton) = index.automaton() else {
        return Vec::new();
    };
    let mut found: Vec<NearMiss> = Vec::new();
    for (seed, number) in automaton.find(text) {
        for (phrase, offset) in index.places(number) {
            let Some(miss) = verify(index.phrase(phrase), phrase, text, seed.start, offset) else {
                continue;
            };
            if !found
                .iter()
                .rev()
                .take(64)
                .any(|old| old.phrase == phrase && old.range == miss.range)
            {
                found.push(miss);
            }
        }
    }
    found
}

/// Looks whether `phrase` stands, with few edits, around the seed at byte `seed` of `text`.
fn verify(phrase: &str, number: usize, text: &str, seed: usize, offset: usize) -> Option<NearMiss> {
    let first = phrase.chars().next()?;
    let last = phrase.chars().next_back()?;
    let len = phrase.chars().count();
    let limit = seeds::max_edits(len);
    // The seed's characters before it may be a few more or fewer than in the phrase.
    let mut starts = Vec::with_capacity(2 * limit + 1);
    let mut at = seed;
    let mut back = 0;
    let mut before = text[..seed].chars().rev();
    loop {
        if back + limit >= offset && text[at..].starts_with(first) {
            starts.push((back.abs_diff(offset), at));
        }
        if back >= offset + limit {
            break;
        }
        let Some(c) = before.next() else { break };
        at -= c.len_utf8();
        back += 1;
    }
    starts.sort_unstable();
    let mut phrase_chars: Option<Vec<char>> = None;
    let mut best: Option<(usize, NearMiss)> = None;
    for (_, start) in starts {
        let window: Vec<(usize, char)> = text[start..].char_indices().take(len + limit).collect();
        let ends_right = window
            .iter()
            .skip(len.saturating_sub(limit + 1))
            .any(|(_, c)| *c == last);
        if !ends_right {
            continue;
        }
        let wanted = phrase_chars.get_or_insert_with(|| phrase.chars().collect());
        let found: Vec<char> = window.iter().map(|(_, c)| *c).collect();
        let Some((end, distance, edits)) = distance(wanted, &found, limit) else {
            continue;
        };
        if distance == 0 {
            return None;
        }
        if best.as_ref().is_none_or(|(old, _)| distance < *old) {
            let end = window.get(end).map_or_else(
                || start + window.last().map_or(0, |(at, c)| at + c.len_utf8()),
                |(at, _)| start + at,
            );
            let miss = NearMiss {
                phrase: number,
                range: start..end,
                edits,
            };
            best = Some((distance, miss));
        }
    }
    best.map(|(_, miss)| miss)
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
