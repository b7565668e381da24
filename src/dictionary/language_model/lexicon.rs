//! Words of one to four characters with the cost of each, for segmentation
//! and for words that sound alike.

use super::codec::{Decoder, Encoder, Reader, put_u32};
use super::error::ModelError;
use super::flat::{FlatReader, FlatWriter};
use super::table::Table;
use super::trie::STEPS;
use super::vocabulary::{FIRST_CHARACTER, Token};
use std::ops::Range;

/// The longest word, in tokens.
pub const MAX_WORD: usize = 4;
/// Cost of a character that stands alone and is no word.
pub const STRANGER: i32 = 14 * STEPS;
const PART: &str = "lexicon";
const MAX_CODE: i32 = 127;

/// A word as a number: its tokens from the top, zeros after them.
#[must_use]
pub fn word_key(tokens: &[Token]) -> u64 {
    let mut key = 0;
    for i in 0..MAX_WORD {
        key = key << 16 | u64::from(tokens.get(i).copied().unwrap_or(0));
    }
    key
}

/// The tokens of a word's key.
#[must_use]
pub fn word_tokens(key: u64) -> ([Token; MAX_WORD], usize) {
    let tokens = [
        (key >> 48) as Token,
        (key >> 32) as Token,
        (key >> 16) as Token,
        key as Token,
    ];
    (tokens, tokens.iter().take_while(|&&t| t != 0).count())
}

/// Where the keys of each first token start, one more at the end.
fn starts_of(keys: impl Iterator<Item = u64>) -> Table<u32> {
    let mut starts = vec![0u32; 1];
    for key in keys {
        let next = (key >> 48) as usize + 1;
        if starts.len() <= next {
            starts.resize(next + 1, 0);
        }
        starts[next] += 1;
    }
    for i in 1..starts.len() {
        starts[i] += starts[i - 1];
    }
    starts.into()
}

/// The stretches that [`Lexicon::segment`] cut tokens into, by the lengths that it wrote.
pub fn pieces(lengths: &[u8]) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let len = usize::from(*lengths.get(at)?).max(1);
        at += len;
        Some(at - len..at)
    })
}

/// The keys that begin with a token.
fn bucket(starts: &[u32], first: Token) -> Range<usize> {
    let first = usize::from(first);
    match (starts.get(first), starts.get(first + 1)) {
        (Some(&from), Some(&to)) => from as usize..to as usize,
        _ => 0..0,
    }
}

/// A word list, sorted by tokens.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lexicon {
    keys: Table<u64>,
    costs: Table<u8>,
    /// First word of each first token, one more at the end.
    starts: Table<u32>,
    /// Four-character words with the token order turned round, sorted, and the number of each.
    turned: Table<u64>,
    turned_numbers: Table<u32>,
    /// First of these of each last token, one more at the end.
    turned_starts: Table<u32>,
}

impl Lexicon {
    /// A lexicon of words (keys, any order) with natural log-probabilities.
    #[must_use]
    pub fn new(mut words: Vec<(u64, f64)>) -> Self {
        words.sort_by_key(|&(key, _)| key);
        words.dedup_by_key(|&mut (key, _)| key);
        let keys: Vec<u64> = words.iter().map(|&(key, _)| key).collect();
        let costs = words
            .iter()
            .map(|&(_, log)| (libm::round(-log * f64::from(STEPS)) as i32).clamp(0, MAX_CODE) as u8)
            .collect();
        Self::index(keys, costs)
    }

    fn index(keys: Vec<u64>, costs: Vec<u8>) -> Self {
        let starts = starts_of(keys.iter().copied());
        let mut turned: Vec<(u64, u32)> = (0u32..)
            .zip(&keys)
            .filter(|&(_, key)| *key as Token != 0)
            .map(|(i, &key)| {
                let (t, _) = word_tokens(key);
                (word_key(&[t[3], t[2], t[1], t[0]]), i)
            })
            .collect();
        turned.sort_unstable();
        let turned_starts = starts_of(turned.iter().map(|&(key, _)| key));
        Self {
            keys: keys.into(),
            costs: costs.into(),
            starts,
            turned: turned.iter().map(|&(key, _)| key).collect(),
            turned_numbers: turned.iter().map(|&(_, number)| number).collect(),
            turned_starts,
        }
    }

    /// Number of words.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there is no word.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The keys of all words.
    #[must_use]
    pub fn keys(&self) -> &[u64] {
        &self.keys
    }

    /// The cost of a word by its number.
    #[must_use]
    pub fn cost_at(&self, index: usize) -> i32 {
        i32::from(self.costs[index])
    }

    /// The cost of a word in steps, `None` if it is no word.
    #[inline]
    #[must_use]
    pub fn cost(&self, tokens: &[Token]) -> Option<i32> {
        self.number(tokens).map(|number| self.cost_at(number))
    }

    /// The number of a word, `None` if it is no word.
    #[inline]
    #[must_use]
    pub fn number(&self, tokens: &[Token]) -> Option<usize> {
        let range = bucket(&self.starts, *tokens.first()?);
        let at = self.keys[range.clone()]
            .binary_search(&word_key(tokens))
            .ok()?;
        Some(range.start + at)
    }

    /// Calls with the length and the cost of each word that the tokens begin with.
    #[inline]
    fn for_each_at(&self, tokens: &[Token], mut f: impl FnMut(usize, i32)) {
        let range = bucket(&self.starts, tokens[0]);
        let keys = &self.keys[range.clone()];
        // A character alone stands before all words that begin with it.
        if keys.first() == Some(&word_key(&tokens[..1])) {
            f(1, i32::from(self.costs[range.start]));
        }
        if tokens.len() < 2 || tokens[1] < FIRST_CHARACTER {
            return;
        }
        let pair = word_key(&tokens[..2]);
        let from = keys.partition_point(|&key| key < pair);
        let whole = word_key(&tokens[..tokens.len().min(MAX_WORD)]);
        for (at, &key) in (range.start + from..).zip(&keys[from..]) {
            if key > whole {
                break;
            }
            let (word, len) = word_tokens(key);
            if tokens.get(..len) == Some(&word[..len]) {
                f(len, i32::from(self.costs[at]));
            }
        }
    }

    /// Numbers of the four-character words that agree with `pattern` at all
    /// places but `hole`.
    pub fn with_hole(&self, pattern: [Token; MAX_WORD], hole: usize, found: &mut Vec<usize>) {
        let agrees = |key: u64, pattern: &[Token; MAX_WORD], hole: usize| {
            let (tokens, n) = word_tokens(key);
            n == MAX_WORD && (0..MAX_WORD).all(|i| i == hole || tokens[i] == pattern[i])
        };
        if hole >= 2 {
            let low = word_key(&pattern[..hole]);
            let high = low + (1u64 << (16 * (MAX_WORD - hole)));
            let range = bucket(&self.starts, pattern[0]);
            let from = range.start + self.keys[range.clone()].partition_point(|&k| k < low);
            let list = self.keys[from..range.end].iter().take_while(|&&k| k < high);
            found.extend(
                (from..)
                    .zip(list)
                    .filter(|&(_, &k)| agrees(k, &pattern, hole))
                    .map(|(i, _)| i),
            );
        } else {
            let mut turned = pattern;
            turned.reverse();
            let hole = MAX_WORD - 1 - hole;
            let low = word_key(&turned[..hole]);
            let high = low + (1u64 << (16 * (MAX_WORD - hole)));
            let range = bucket(&self.turned_starts, turned[0]);
            let from = range.start + self.turned[range.clone()].partition_point(|&k| k < low);
            let list = self.turned[from..range.end]
                .iter()
                .take_while(|&&k| k < high);
            let numbers = &self.turned_numbers[from..range.end];
            found.extend(
                list.zip(numbers)
                    .filter(|&(&k, _)| agrees(k, &turned, hole))
                    .map(|(_, &i)| i as usize),
            );
        }
    }

    /// The cheapest way to cut tokens into words: writes for each token the
    /// length of the word that covers it and returns the whole cost. Tokens
    /// that are no characters of the vocabulary cost nothing.
    pub fn segment(&self, tokens: &[Token], lengths: &mut Vec<u8>) -> i32 {
        let n = tokens.len();
        let mut best = vec![i32::MAX; n + 1];
        let mut from = vec![0u8; n + 1];
        best[0] = 0;
        for i in 0..n {
            let mut single = if tokens[i] < FIRST_CHARACTER {
                0
            } else {
                STRANGER
            };
            let mut relax = |len: usize, cost: i32| {
                if best[i] + cost < best[i + len] {
                    best[i + len] = best[i] + cost;
                    from[i + len] = len as u8;
                }
            };
            if tokens[i] >= FIRST_CHARACTER {
                self.for_each_at(&tokens[i..], |len, cost| {
                    if len == 1 {
                        single = cost;
                    } else {
                        relax(len, cost);
                    }
                });
            }
            relax(1, single);
        }
        lengths.clear();
        lengths.resize(n, 0);
        let mut at = n;
        while at > 0 {
            let len = usize::from(from[at]).max(1);
            lengths[at - len..at].fill(len as u8);
            at -= len;
        }
        best[n]
    }

    /// Packs the words.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut shared = Encoder::new(MAX_WORD + 1);
        let mut length = Encoder::new(MAX_WORD + 1);
        let mut gaps = Encoder::new(MAX_WORD);
        let mut rest = Encoder::new(1);
        let mut costs = Encoder::new(MAX_WORD + 1);
        let mut before = [0; MAX_WORD];
        let mut before_length = 0;
        for (&key, &cost) in self.keys.iter().zip(&*self.costs) {
            let (tokens, n) = word_tokens(key);
            let same = (0..n.min(before_length))
                .take_while(|&i| tokens[i] == before[i])
                .count();
            shared.push(before_length, same as u32);
            length.push(same, (n - same) as u32);
            for i in same..n {
                // The list is sorted: the first new token is larger than the old one.
                if i == same && i < before_length {
                    gaps.push(i, u32::from(tokens[i] - before[i]));
                } else {
                    rest.push(0, u32::from(tokens[i]));
                }
            }
            costs.push(n, u32::from(cost));
            (before, before_length) = (tokens, n);
        }
        let mut out = Vec::new();
        put_u32(&mut out, self.keys.len() as u32);
        for column in [shared, length, gaps, rest, costs] {
            out.extend(column.finish());
        }
        out
    }

    /// Unpacks what [`Self::encode`] packed; `tokens` is the vocabulary's size.
    pub fn decode(bytes: &[u8], tokens: usize) -> Result<Self, ModelError> {
        let damaged = || ModelError::Damaged(PART);
        let mut reader = Reader(bytes);
        let words = reader.u32()? as usize;
        let mut shared = Decoder::open(&mut reader, MAX_WORD + 1)?;
        let mut length = Decoder::open(&mut reader, MAX_WORD + 1)?;
        let mut gaps = Decoder::open(&mut reader, MAX_WORD)?;
        let mut rest = Decoder::open(&mut reader, 1)?;
        let mut costs = Decoder::open(&mut reader, MAX_WORD + 1)?;
        if shared.left() != words || costs.left() != words {
            return Err(damaged());
        }
        let mut keys = Vec::with_capacity(words);
        let mut list = Vec::with_capacity(words);
        let mut before = [0 as Token; MAX_WORD];
        let mut before_length = 0;
        for _ in 0..words {
            let same = shared.next(before_length)? as usize;
            if same > before_length {
                return Err(damaged());
            }
            let n = length.next(same)? as usize + same;
            if n == 0 || n > MAX_WORD {
                return Err(damaged());
            }
            let mut word = [0; MAX_WORD];
            word[..same].copy_from_slice(&before[..same]);
            for i in same..n {
                let token = if i == same && i < before_length {
                    gaps.next(i)?
                        .checked_add(u32::from(before[i]))
                        .ok_or_else(damaged)?
                } else {
                    rest.next(0)?
                };
                if token as usize >= tokens || token == 0 {
                    return Err(damaged());
                }
                word[i] = token as Token;
            }
            let key = word_key(&word);
            if keys.last().is_some_and(|&k| k >= key) {
                return Err(damaged());
            }
            keys.push(key);
            list.push(costs.next(n)?.min(MAX_CODE as u32) as u8);
            (before, before_length) = (word, n);
        }
        Ok(Self::index(keys, list))
    }

    /// Lays the tables out as they are.
    pub fn lay(&self, out: &mut FlatWriter) {
        out.table(&self.keys);
        out.table(&self.costs);
        out.table(&self.starts);
        out.table(&self.turned);
        out.table(&self.turned_numbers);
        out.table(&self.turned_starts);
    }

    /// Finds what [`Self::lay`] laid out.
    pub fn lent(reader: &mut FlatReader) -> Result<Self, ModelError> {
        Ok(Self {
            keys: reader.table()?,
            costs: reader.table()?,
            starts: reader.table()?,
            turned: reader.table()?,
            turned_numbers: reader.table()?,
            turned_starts: reader.table()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lexicon() -> Lexicon {
        let words: [(&[Token], f64); 6] = [
            (&[10], -6.0),
            (&[10, 11], -5.0),
            (&[11], -7.0),
            (&[11, 12, 13], -9.0),
            (&[10, 11, 12, 13], -12.0),
            (&[20, 11, 12, 13], -12.0),
        ];
        Lexicon::new(words.iter().map(|&(t, p)| (word_key(t), p)).collect())
    }

    #[test]
    fn packs_and_unpacks() {
        let lexicon = lexicon();
        assert_eq!(Lexicon::decode(&lexicon.encode(), 21).unwrap(), lexicon);
        assert!(Lexicon::decode(&lexicon.encode(), 20).is_err());
        assert!(Lexicon::decode(&lexicon.encode()[..20], 21).is_err());
    }

    #[test]
    fn cuts_at_the_lowest_cost() {
        let mut lengths = Vec::new();
        assert_eq!(lexicon().segment(&[10, 11, 12, 13], &mut lengths), 60);
        assert_eq!(lengths, [4, 4, 4, 4]);
        assert_eq!(
            lexicon().segment(&[10, 11, 2, 14], &mut lengths),
            25 + STRANGER
        );
        assert_eq!(lengths, [2, 2, 1, 1]);
    }

    #[test]
    fn finds_words_with_one_place_open() {
        let lexicon = lexicon();
        for hole in 0..4 {
            let mut pattern = [10, 11, 12, 13];
            pattern[hole] = 99;
            let mut found = Vec::new();
            lexicon.with_hole(pattern, hole, &mut found);
            let full = lexicon
                .keys()
                .binary_search(&word_key(&[10, 11, 12, 13]))
                .unwrap();
            assert!(found.contains(&full), "{hole}");
            assert_eq!(found.len(), if hole == 0 { 2 } else { 1 });
        }
    }
}
