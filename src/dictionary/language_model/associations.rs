//! Words that stand near one another more often than chance: what a sentence speaks of.
//!
//! 期货 near 证券, not near 政权: where two words sound alike and both read well, their company
//! tells them apart.

use super::codec::{Decoder, Encoder, Reader, put_u32};
use super::error::ModelError;
use super::flat::{FlatReader, FlatWriter};
use super::table::Table;
use super::trie::STEPS;

const PART: &str = "associations";
/// Steps of strength kept apart.
const GRAIN: i32 = 2;
/// The rank of a word that has no associations.
const NOWHERE: u16 = u16::MAX;
/// Contexts of a gap: how far from the list's start it lies.
const GAP_CONTEXTS: usize = 17;

fn gap_context(after: u32) -> usize {
    (32 - after.leading_zeros()).min(16) as usize
}

/// Pairs of words of a lexicon and how much more often than chance they stand near one another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Associations {
    /// The rank of each word of the lexicon, the most sociable first.
    ranks: Table<u16>,
    /// For each rank the first of its associations with later ranks, one more at the end.
    starts: Table<u32>,
    /// The later ranks, in order, and the strengths in units of [`GRAIN`] steps.
    others: Table<u16>,
    strengths: Table<u8>,
}

/// Two words of a lexicon by their numbers, and the natural logarithm of how much more often than
/// chance they stand near one another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Associated {
    pub words: [u32; 2],
    pub strength: f64,
}

impl Associations {
    /// Associations of a lexicon of this many words. The least sociable words beyond what ranks can
    /// number are left out.
    #[must_use]
    pub fn new(words: usize, pairs: &[Associated]) -> Self {
        let mut degrees = vec![0u32; words];
        for word in pairs.iter().flat_map(|p| p.words) {
            degrees[word as usize] += 1;
        }
        let mut order: Vec<u32> = (0..words as u32)
            .filter(|&w| degrees[w as usize] > 0)
            .collect();
        order.sort_by_key(|&w| (std::cmp::Reverse(degrees[w as usize]), w));
        order.truncate(usize::from(NOWHERE));
        let ranks = ranks_of(words, &order);
        let mut list: Vec<(u16, u16, u8)> = pairs
            .iter()
            .filter_map(|p| {
                let [a, b] = p.words.map(|w| ranks[w as usize]);
                let units = libm::round(p.strength * f64::from(STEPS) / f64::from(GRAIN));
                let kept = a != NOWHERE && b != NOWHERE && a != b;
                kept.then(|| (a.min(b), a.max(b), units.clamp(0.0, 255.0) as u8))
            })
            .collect();
        if list.is_empty() {
            return Self::default();
        }
        list.sort_unstable();
        list.dedup_by_key(|&mut (a, b, _)| (a, b));
        let mut starts = vec![0u32; order.len() + 1];
        for &(a, ..) in &list {
            starts[usize::from(a) + 1] += 1;
        }
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        Self {
            ranks: ranks.into(),
            starts: starts.into(),
            others: list.iter().map(|&(_, b, _)| b).collect(),
            strengths: list.iter().map(|&(.., s)| s).collect(),
        }
    }

    /// Number of pairs.
    #[must_use]
    pub fn len(&self) -> usize {
        self.others.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How strongly two words of the lexicon (by their numbers) go together, in steps; 0 where
    /// nothing is known.
    #[inline]
    #[must_use]
    pub fn strength(&self, a: usize, b: usize) -> i32 {
        let rank = |word: usize| self.ranks.get(word).copied().unwrap_or(NOWHERE);
        let (a, b) = (rank(a), rank(b));
        let (first, second) = (a.min(b), a.max(b));
        if second == NOWHERE {
            return 0;
        }
        let first = usize::from(first);
        let from = self.starts[first] as usize;
        let list = &self.others[from..self.starts[first + 1] as usize];
        list.binary_search(&second)
            .map_or(0, |at| i32::from(self.strengths[from + at]) * GRAIN)
    }

    /// Packs the pairs: into nothing where there is none.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        if self.is_empty() {
            return Vec::new();
        }
        let mut order = vec![0u32; self.starts.len().saturating_sub(1)];
        for (word, &rank) in (0u32..).zip(&*self.ranks) {
            if let Some(slot) = order.get_mut(usize::from(rank)) {
                *slot = word;
            }
        }
        let mut words = Encoder::new(1);
        let mut numbers = Encoder::new(1);
        let mut gaps = Encoder::new(GAP_CONTEXTS);
        let mut strengths = Encoder::new(1);
        for (rank, &word) in order.iter().enumerate() {
            words.push(0, word);
            let (from, to) = (self.starts[rank] as usize, self.starts[rank + 1] as usize);
            numbers.push(0, (to - from) as u32);
            let mut before = rank as u32;
            for at in from..to {
                let other = u32::from(self.others[at]);
                gaps.push(gap_context(before), other - before - 1);
                before = other;
                strengths.push(0, u32::from(self.strengths[at]));
            }
        }
        let mut out = Vec::new();
        put_u32(&mut out, order.len() as u32);
        for column in [words, numbers, gaps, strengths] {
            out.extend(column.finish());
        }
        out
    }

    /// Unpacks what [`Self::encode`] packed; `words` is the lexicon's size.
    pub fn decode(bytes: &[u8], words: usize) -> Result<Self, ModelError> {
        let damaged = || ModelError::Damaged(PART);
        if bytes.is_empty() {
            return Ok(Self::default());
        }
        let mut reader = Reader(bytes);
        let count = reader.u32()? as usize;
        if count > words.min(usize::from(NOWHERE)) {
            return Err(damaged());
        }
        let mut order = Decoder::open(&mut reader, 1)?;
        let mut numbers = Decoder::open(&mut reader, 1)?;
        let mut gaps = Decoder::open(&mut reader, GAP_CONTEXTS)?;
        let mut units = Decoder::open(&mut reader, 1)?;
        if order.left() != count || numbers.left() != count || gaps.left() != units.left() {
            return Err(damaged());
        }
        let mut list = Vec::with_capacity(count);
        let mut starts = vec![0u32];
        let mut others = Vec::with_capacity(gaps.left());
        let mut strengths = Vec::with_capacity(gaps.left());
        for rank in 0..count as u32 {
            let word = order.next(0)?;
            if word as usize >= words {
                return Err(damaged());
            }
            list.push(word);
            let mut before = rank;
            for _ in 0..numbers.next(0)? {
                if gaps.left() == 0 {
                    return Err(damaged());
                }
                let gap = gaps.next(gap_context(before))?;
                let other = before.checked_add(gap).and_then(|o| o.checked_add(1));
                let other = other.filter(|&o| (o as usize) < count);
                before = other.ok_or_else(damaged)?;
                others.push(before as u16);
                strengths.push(u8::try_from(units.next(0)?).map_err(|_| damaged())?);
            }
            starts.push(others.len() as u32);
        }
        Ok(Self {
            ranks: ranks_of(words, &list).into(),
            starts: starts.into(),
            others: others.into(),
            strengths: strengths.into(),
        })
    }

    /// Lays the tables out as they are.
    pub fn lay(&self, out: &mut FlatWriter) {
        out.table(&self.ranks);
        out.table(&self.starts);
        out.table(&self.others);
        out.table(&self.strengths);
    }

    /// Finds what [`Self::lay`] laid out.
    pub fn lent(reader: &mut FlatReader) -> Result<Self, ModelError> {
        Ok(Self {
            ranks: reader.table()?,
            starts: reader.table()?,
            others: reader.table()?,
            strengths: reader.table()?,
        })
    }
}

fn ranks_of(words: usize, order: &[u32]) -> Vec<u16> {
    let mut ranks = vec![NOWHERE; words];
    for (rank, &word) in (0u16..).zip(order) {
        ranks[word as usize] = rank;
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some() -> Associations {
        let pair = |a, b, strength| Associated {
            words: [a, b],
            strength,
        };
        Associations::new(
            9,
            &[
                pair(1, 7, 2.0),
                pair(7, 3, 4.0),
                pair(8, 3, 1.2),
                pair(3, 1, 100.0),
            ],
        )
    }

    #[test]
    fn knows_pairs_in_either_order() {
        let some = some();
        assert_eq!(some.len(), 4);
        assert_eq!(some.strength(7, 1), 2 * STEPS);
        assert_eq!(some.strength(1, 7), 2 * STEPS);
        assert_eq!(some.strength(3, 8), 6);
        assert_eq!(some.strength(1, 8), 0);
        assert_eq!(some.strength(0, 1000), 0);
    }

    #[test]
    fn packs_and_unpacks() {
        let some = some();
        let bytes = some.encode();
        assert_eq!(Associations::decode(&bytes, 9).unwrap(), some);
        assert!(Associations::decode(&bytes, 8).is_err());
        assert!(Associations::decode(&bytes[..bytes.len() - 3], 9).is_err());
        let none = Associations::new(5, &[]);
        assert_eq!(none, Associations::default());
        assert_eq!(Associations::decode(&none.encode(), 5).unwrap(), none);
        assert_eq!(none.strength(1, 2), 0);
    }
}
