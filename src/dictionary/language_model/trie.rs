//! The n-gram model in memory: exact, quantised, searched by token.
//!
//! Bigrams are a bitmap over token × token with ranks, so "was this pair ever
//! seen" is one bit. Longer n-grams are lists of child numbers under their
//! context, where a child is named by its place in the list of the context's
//! suffix (the pair b c for the triple a b c): small numbers that pack well.
//!
//! A score is a cost: the negative natural logarithm in steps of 1/[`STEPS`].

use super::codec::{Decoder, Encoder, Reader, put_u32};
use super::counts::{prefix, suffix};
use super::error::ModelError;
use super::flat::{FlatReader, FlatWriter};
use super::kneser_ney::{self, Finder};
use super::nodes::{Branch, Quad, Triple, branches};
use super::ranked::{Bitmap, Cell, PlacedCell, Ranked, cells};
use super::table::Table;
use super::vocabulary::Token;

/// Cost steps in one nat.
pub const STEPS: i32 = 5;
/// Costs of triples and quadruples are rounded to this many steps.
const GRAIN: u8 = 2;
const MAX_CODE: i32 = 127;
/// Back-off codes are shifted by this, as weights above one exist.
const BACKOFF_ZERO: i32 = 96;
/// No n-gram's number.
pub(super) const NONE: u32 = u32::MAX;
const LEVEL: &str = "n-gram";

/// Children that are searched at once: a line of memory of triples.
pub(super) const BLOCK: u32 = 16;

/// The n-gram model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ngrams {
    pub(super) tokens: usize,
    pub(super) unigram_costs: Table<u8>,
    pub(super) unigram_backoffs: Table<i8>,
    /// Pairs seen: row = first token. One row of cells more at the end.
    pub(super) rows: Ranked,
    /// The same pairs: row = second token.
    pub(super) columns: Ranked,
    /// Costs of the pairs in the order of the rows and of the columns: the search for candidates
    /// reads little else.
    pub(super) row_costs: Table<u8>,
    pub(super) column_costs: Table<u8>,
    /// The triples that begin with each pair, by the pair's number; one more at the end.
    pub(super) pairs: Table<Branch>,
    pub(super) triples: Table<Triple>,
    /// The child number of every [`BLOCK`]th triple, of every [`BLOCK`]th quadruple.
    pub(super) triple_heads: Table<u16>,
    pub(super) quad_heads: Table<u16>,
    /// Triples that begin a quadruple, numbered.
    pub(super) inner: Table<Cell>,
    /// The quadruples that begin with each of them; one more at the end.
    pub(super) inners: Table<Branch>,
    pub(super) quads: Table<Quad>,
}

fn cost_code(log_prob: f32) -> u8 {
    (libm::roundf(-log_prob * STEPS as f32) as i32).clamp(0, MAX_CODE) as u8
}

/// The same in coarser steps.
fn coarse_code(log_prob: f32) -> u8 {
    let grain = f32::from(GRAIN);
    (libm::roundf(-log_prob * STEPS as f32 / grain) * grain).clamp(0.0, 126.0) as u8
}

fn backoff_code(log: f32) -> i8 {
    (libm::roundf(-log * STEPS as f32) as i32).clamp(-30, 90) as i8
}

/// Context of a gap: how far apart children lie on average.
fn gap_context(range: u32, children: u32) -> usize {
    let mean = range / children.max(1);
    (32 - mean.leading_zeros()).min(15) as usize
}

const GAP_CONTEXTS: usize = 16;
/// Costs are coded knowing the cost of the shorter form.
fn cost_context(lower: u8) -> usize {
    usize::from(lower / 4).min(31)
}

const COST_CONTEXTS: usize = 32;

/// Context of a number of children: what the parent costs, and how many
/// children its own shorter form has.
fn children_context(width: u32) -> usize {
    (32 - width.leading_zeros()).min(15) as usize
}

impl Ngrams {
    /// Number of tokens.
    #[must_use]
    pub fn tokens(&self) -> usize {
        self.tokens
    }

    /// Numbers of n-grams by length.
    #[must_use]
    pub fn sizes(&self) -> [usize; 4] {
        [
            self.tokens,
            self.row_costs.len(),
            self.triples.len(),
            self.quads.len(),
        ]
    }

    /// Cost of a token regardless of its neighbours.
    #[must_use]
    pub fn unigram(&self, token: Token) -> i32 {
        i32::from(self.unigram_costs[usize::from(token)])
    }

    /// Whether `first` `second` was seen in training.
    #[inline]
    #[must_use]
    pub fn seen(&self, first: Token, second: Token) -> bool {
        self.rows.get(first, second)
    }

    /// Whether `first` `second` was seen, asked for many `first` of one `second`.
    #[inline]
    #[must_use]
    pub fn seen_before(&self, second: Token, first: Token) -> bool {
        self.columns.get(second, first)
    }

    /// Cost of `second` after `first` alone.
    #[inline]
    #[must_use]
    pub fn pair(&self, first: Token, second: Token) -> i32 {
        self.seen_pair(first, second)
            .unwrap_or_else(|| self.unseen_pair(first, second))
    }

    /// Cost of `second` after `first` alone, if they were seen together.
    #[inline]
    #[must_use]
    pub fn seen_pair(&self, first: Token, second: Token) -> Option<i32> {
        let pair = self.rows.number(first, second)?;
        Some(i32::from(self.row_costs[pair]))
    }

    /// Cost of `second` after `first` where they were never seen together.
    #[inline]
    #[must_use]
    pub fn unseen_pair(&self, first: Token, second: Token) -> i32 {
        self.unigram(second) + i32::from(self.unigram_backoffs[usize::from(first)])
    }

    /// The same, quicker where many `first` are asked for one `second`.
    #[inline]
    #[must_use]
    pub fn pair_before(&self, second: Token, first: Token) -> i32 {
        match self.columns.number(second, first) {
            Some(pair) => i32::from(self.column_costs[pair]),
            None => self.unigram(second) + i32::from(self.unigram_backoffs[usize::from(first)]),
        }
    }

    /// Calls with every token seen both after `left` and before `right` and with the costs of the
    /// two pairs.
    #[inline]
    pub fn for_each_between(&self, left: Token, right: Token, mut f: impl FnMut(Token, i32, i32)) {
        let rows = self.rows.row(left).iter().zip(self.columns.row(right));
        for (i, (after, before)) in rows.enumerate() {
            let mut both = after.bits() & before.bits();
            while both != 0 {
                let bit = both & both.wrapping_neg();
                both ^= bit;
                f(
                    (i * 64) as Token + bit.trailing_zeros() as Token,
                    i32::from(self.row_costs[after.number(bit) as usize]),
                    i32::from(self.column_costs[before.number(bit) as usize]),
                );
            }
        }
    }

    /// Calls with every token of some cells, before the cell `end`, that was seen after `left` and
    /// before `right`: the number of its bit, itself, and the costs of the two pairs.
    #[inline]
    pub fn for_each_within(
        &self,
        left: Token,
        right: Token,
        cells: &[PlacedCell],
        end: u32,
        mut f: impl FnMut(u32, Token, i32, i32),
    ) {
        /// Cells looked through before any is looked into, so that none waits for another's memory.
        const MANY: usize = 64;
        let (row, column) = (self.rows.row(left), self.columns.row(right));
        let mut hit = [(0u64, 0usize); MANY];
        for cells in cells.chunks(MANY) {
            let mut count = 0;
            for (i, &PlacedCell { cell, place }) in cells.iter().enumerate() {
                if place >= end {
                    break;
                }
                let (after, before) = (&row[place as usize], &column[place as usize]);
                let hits = cell.bits() & after.bits() & before.bits();
                hit[count] = (hits, i);
                count += usize::from(hits != 0);
            }
            for &(mut hits, i) in &hit[..count] {
                let PlacedCell { cell, place } = cells[i];
                let (after, before) = (&row[place as usize], &column[place as usize]);
                while hits != 0 {
                    let bit = hits & hits.wrapping_neg();
                    hits ^= bit;
                    f(
                        cell.number(bit),
                        (place * 64) as Token + bit.trailing_zeros() as Token,
                        i32::from(self.row_costs[after.number(bit) as usize]),
                        i32::from(self.column_costs[before.number(bit) as usize]),
                    );
                }
            }
        }
    }

    /// Calls with every token of some cells that was seen after `left` or before `right`: the number
    /// of its bit, itself, and the costs of the two pairs where they were seen.
    #[inline]
    pub fn for_each_beside(
        &self,
        left: Token,
        right: Token,
        cells: &[PlacedCell],
        mut f: impl FnMut(u32, Token, Option<i32>, Option<i32>),
    ) {
        let cost = |cell: &Cell, bit: u64, costs: &[u8]| {
            (cell.bits() & bit != 0).then(|| i32::from(costs[cell.number(bit) as usize]))
        };
        let (row, column) = (self.rows.row(left), self.columns.row(right));
        for &PlacedCell { cell, place } in cells {
            let (after, before) = (&row[place as usize], &column[place as usize]);
            let mut hits = cell.bits() & (after.bits() | before.bits());
            while hits != 0 {
                let bit = hits & hits.wrapping_neg();
                hits ^= bit;
                f(
                    cell.number(bit),
                    (place * 64) as Token + bit.trailing_zeros() as Token,
                    cost(after, bit, &self.row_costs),
                    cost(before, bit, &self.column_costs),
                );
            }
        }
    }

    pub(super) fn row_start(&self, first: Token) -> u32 {
        self.rows.row_start(usize::from(first))
    }

    fn row_end(&self, first: Token) -> u32 {
        self.rows.row_start(usize::from(first) + 1)
    }

    #[inline]
    fn inner_index(&self, triple: u32) -> Option<usize> {
        if triple == NONE {
            return None;
        }
        let cell = self.inner[(triple / 64) as usize];
        let bit = 1u64 << (triple % 64);
        (cell.bits() & bit != 0).then(|| cell.number(bit) as usize)
    }

    /// Quantises a table (lengths 1 to at most 4).
    #[must_use]
    pub fn new(table: &kneser_ney::Table, tokens: usize) -> Self {
        let level = |n: usize| table.levels.get(n);
        let mut unigram_costs = vec![MAX_CODE as u8; tokens];
        let mut unigram_backoffs = vec![0i8; tokens];
        if let Some(one) = level(0) {
            for (i, &key) in one.keys.iter().enumerate() {
                unigram_costs[key as usize] = cost_code(one.log_probs[i]);
                unigram_backoffs[key as usize] = backoff_code(one.backoffs[i]);
            }
        }
        let empty = Default::default();
        let two = level(1).unwrap_or(&empty);
        let three = level(2).unwrap_or(&empty);
        let four = level(3).unwrap_or(&empty);

        let mut rows = Bitmap::new(tokens);
        let mut columns = Bitmap::new(tokens);
        for &key in &two.keys {
            rows.set((key >> 16) as Token, key as Token);
            columns.set(key as Token, (key >> 16) as Token);
        }
        let (triple_starts, triple_children) = children(&two.keys, &three.keys, 3);
        let pair_backoffs: Vec<i8> = two.backoffs.iter().map(|&x| backoff_code(x)).collect();
        let (starts, quad_children) = children(&three.keys, &four.keys, 4);
        let mut inner = vec![0u64; three.keys.len().div_ceil(64)];
        let (mut quad_starts, mut inner_backoffs) = (Vec::new(), Vec::new());
        for (i, range) in starts.windows(2).enumerate() {
            if range[0] < range[1] {
                inner[i / 64] |= 1 << (i % 64);
                quad_starts.push(range[0]);
                inner_backoffs.push(backoff_code(three.backoffs[i]));
            }
        }
        quad_starts.push(quad_children.len() as u32);
        let triples: Vec<Triple> = (0..three.keys.len())
            .map(|i| {
                Triple::new(
                    triple_children[i],
                    coarse_code(three.log_probs[i]),
                    starts[i] < starts[i + 1],
                )
            })
            .collect();
        let (rows, columns) = (Ranked::new(&rows), Ranked::new(&columns));
        let row_costs: Vec<u8> = two.log_probs.iter().map(|&x| cost_code(x)).collect();
        Self {
            tokens,
            unigram_costs: unigram_costs.into(),
            unigram_backoffs: unigram_backoffs.into(),
            column_costs: column_costs(&rows, &columns, &row_costs),
            row_costs: row_costs.into(),
            rows,
            columns,
            pairs: branches(&triple_starts, &pair_backoffs).into(),
            triple_heads: heads(triples.iter().map(|t| t.child())),
            triples: triples.into(),
            quad_heads: heads(quad_children.iter().copied()),
            inner: cells(&inner).into(),
            inners: branches(&quad_starts, &inner_backoffs).into(),
            quads: quad_children
                .iter()
                .zip(&four.log_probs)
                .map(|(&child, &x)| Quad::new(child, coarse_code(x)))
                .collect(),
        }
    }

    /// Packs the model.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        put_u32(&mut out, self.tokens as u32);
        out.extend_from_slice(&self.unigram_costs);
        out.extend(
            self.unigram_backoffs
                .iter()
                .map(|&b| (i32::from(b) + BACKOFF_ZERO) as u8),
        );

        let mut gaps = Encoder::new(GAP_CONTEXTS);
        let mut costs = Encoder::new(COST_CONTEXTS);
        let mut backs = Encoder::new(COST_CONTEXTS);
        let mut numbers = Encoder::new(GAP_CONTEXTS);
        for first in 0..self.tokens as Token {
            let (from, to) = (self.row_start(first) as usize, self.row_end(first) as usize);
            numbers.push(0, (to - from) as u32);
            let context = gap_context(self.tokens as u32, (to - from) as u32);
            let mut before = 0u32;
            for (&cost, second) in self.row_costs[from..to].iter().zip(self.row(first)) {
                gaps.push(context, u32::from(second) - before);
                before = u32::from(second) + 1;
                costs.push(
                    cost_context(self.unigram_costs[usize::from(second)]),
                    u32::from(cost),
                );
            }
        }
        for (pair, branches) in self.pairs.windows(2).enumerate() {
            let code = (branches[0].backoff() + BACKOFF_ZERO) as u32;
            backs.push(
                cost_context(self.row_costs[pair]),
                if branches[0].start() < branches[1].start() {
                    code
                } else {
                    0
                },
            );
        }
        for column in [numbers, gaps, costs, backs] {
            out.extend(column.finish());
        }

        let mut gaps = Encoder::new(GAP_CONTEXTS);
        let mut costs = Encoder::new(COST_CONTEXTS);
        let mut numbers = Encoder::new(GAP_CONTEXTS);
        self.for_each_pair(|pair, second, _| {
            let (from, to) = (
                self.pairs[pair].start() as usize,
                self.pairs[pair + 1].start() as usize,
            );
            let width = self.row_end(second) - self.row_start(second);
            numbers.push(children_context(width), (to - from) as u32);
            let context = gap_context(width, (to - from) as u32);
            let mut before = 0;
            for triple in &self.triples[from..to] {
                let child = u32::from(triple.child());
                gaps.push(context, child - before);
                before = child + 1;
                let lower = self.row_costs[(self.row_start(second) + child) as usize];
                costs.push(cost_context(lower), u32::from(triple.cost() / GRAIN));
            }
        });
        for column in [numbers, gaps, costs] {
            out.extend(column.finish());
        }

        let mut gaps = Encoder::new(GAP_CONTEXTS);
        let mut costs = Encoder::new(COST_CONTEXTS);
        let mut backs = Encoder::new(1);
        let mut numbers = Encoder::new(GAP_CONTEXTS);
        self.for_each_triple(|triple, suffix_pair| {
            let list = self.pairs[suffix_pair + 1].start() - self.pairs[suffix_pair].start();
            let Some(i) = self.inner_index(triple as u32) else {
                numbers.push(children_context(list), 0);
                return;
            };
            let (from, to) = (
                self.inners[i].start() as usize,
                self.inners[i + 1].start() as usize,
            );
            numbers.push(children_context(list), (to - from) as u32);
            backs.push(0, (self.inners[i].backoff() + BACKOFF_ZERO) as u32);
            let context = gap_context(list, (to - from) as u32);
            let mut before = 0;
            for at in from..to {
                let quad = self.quads[at];
                let child = quad.child_number();
                gaps.push(context, child - before);
                before = child + 1;
                let lower = self.triples[(self.pairs[suffix_pair].start() + child) as usize].cost();
                costs.push(cost_context(lower), u32::from(quad.cost() / GRAIN));
            }
        });
        for column in [numbers, backs, gaps, costs] {
            out.extend(column.finish());
        }
        out
    }

    fn row(&self, first: Token) -> impl Iterator<Item = Token> + '_ {
        let cells = self.rows.row(first);
        cells.iter().enumerate().flat_map(|(i, cell)| {
            let bits = cell.bits();
            std::iter::successors((bits != 0).then_some(bits), |w| {
                let rest = w & (w - 1);
                (rest != 0).then_some(rest)
            })
            .map(move |w| (i * 64) as Token + w.trailing_zeros() as Token)
        })
    }

    /// Calls with every n-gram of two to four tokens.
    pub fn for_each(&self, f: &mut dyn FnMut(&[Token])) {
        let mut seconds = vec![0 as Token; self.row_costs.len()];
        self.for_each_pair(|pair, second, _| seconds[pair] = second);
        self.for_each_pair(|pair, second, first| {
            f(&[first, second]);
            for at in self.pairs[pair].start() as usize..self.pairs[pair + 1].start() as usize {
                let suffix =
                    self.row_start(second) as usize + usize::from(self.triples[at].child());
                let third = seconds[suffix];
                f(&[first, second, third]);
                let Some(i) = self
                    .inner_index(at as u32)
                    .filter(|_| self.triples[at].inner())
                else {
                    continue;
                };
                for quad in &self.quads
                    [self.inners[i].start() as usize..self.inners[i + 1].start() as usize]
                {
                    let triple = self.triples
                        [self.pairs[suffix].start() as usize + usize::from(quad.child())];
                    let last =
                        seconds[self.row_start(third) as usize + usize::from(triple.child())];
                    f(&[first, second, third, last]);
                }
            }
        });
    }

    /// Calls with each pair's number, its second token, its first token.
    fn for_each_pair(&self, mut f: impl FnMut(usize, Token, Token)) {
        let mut pair = 0;
        for first in 0..self.tokens as Token {
            for second in self.row(first) {
                f(pair, second, first);
                pair += 1;
            }
        }
    }

    /// Calls with each triple's number and the number of the pair that is its suffix.
    fn for_each_triple(&self, mut f: impl FnMut(usize, usize)) {
        self.for_each_pair(|pair, second, _| {
            for at in self.pairs[pair].start() as usize..self.pairs[pair + 1].start() as usize {
                f(
                    at,
                    (self.row_start(second) + u32::from(self.triples[at].child())) as usize,
                );
            }
        });
    }

    /// Unpacks what [`Self::encode`] packed.
    pub fn decode(bytes: &[u8]) -> Result<Self, ModelError> {
        let damaged = || ModelError::Damaged(LEVEL);
        let mut reader = Reader(bytes);
        let tokens = reader.u32()? as usize;
        if !(1..=super::vocabulary::MAX_TOKENS).contains(&tokens) {
            return Err(damaged());
        }
        let unigram_costs = reader.take(tokens)?.to_vec();
        let unigram_backoffs: Vec<i8> = reader
            .take(tokens)?
            .iter()
            .map(|&b| (i32::from(b) - BACKOFF_ZERO) as i8)
            .collect();

        let mut numbers = Decoder::open(&mut reader, GAP_CONTEXTS)?;
        let mut gaps = Decoder::open(&mut reader, GAP_CONTEXTS)?;
        let mut costs = Decoder::open(&mut reader, COST_CONTEXTS)?;
        let mut backs = Decoder::open(&mut reader, COST_CONTEXTS)?;
        let mut rows = Bitmap::new(tokens);
        let mut columns = Bitmap::new(tokens);
        let mut pair_costs = Vec::with_capacity(gaps.left());
        let mut seconds: Vec<Token> = Vec::with_capacity(gaps.left());
        let mut row_starts = vec![0u32];
        for first in 0..tokens {
            let n = numbers.next(0)?;
            let context = gap_context(tokens as u32, n);
            let mut before = 0u32;
            for _ in 0..n {
                let second = gaps
                    .next(context)?
                    .checked_add(before)
                    .ok_or_else(damaged)?;
                if second as usize >= tokens {
                    return Err(damaged());
                }
                before = second + 1;
                let second = second as Token;
                rows.set(first as Token, second);
                columns.set(second, first as Token);
                seconds.push(second);
                pair_costs
                    .push(costs.next(cost_context(unigram_costs[usize::from(second)]))? as u8);
            }
            row_starts.push(pair_costs.len() as u32);
        }
        let mut backoffs = Vec::with_capacity(pair_costs.len());
        for &cost in &pair_costs {
            let code = backs.next(cost_context(cost))? as i32;
            backoffs.push(if code == 0 {
                0
            } else {
                (code - BACKOFF_ZERO) as i8
            });
        }

        let mut numbers = Decoder::open(&mut reader, GAP_CONTEXTS)?;
        let mut gaps = Decoder::open(&mut reader, GAP_CONTEXTS)?;
        let mut costs = Decoder::open(&mut reader, COST_CONTEXTS)?;
        let mut triples = Vec::with_capacity(gaps.left());
        // First triple of each pair, one more at the end.
        let mut starts = vec![0u32];
        for &second in &seconds {
            let start = row_starts[usize::from(second)];
            let width = row_starts[usize::from(second) + 1] - start;
            let n = numbers.next(children_context(width))?;
            if n > width {
                return Err(damaged());
            }
            let context = gap_context(width, n);
            let lower = &pair_costs[start as usize..(start + width) as usize];
            let mut before = 0u32;
            for _ in 0..n {
                let child = gaps
                    .next(context)?
                    .checked_add(before)
                    .ok_or_else(damaged)?;
                before = child.saturating_add(1);
                let lower = *lower.get(child as usize).ok_or_else(damaged)?;
                let cost = (costs.next(cost_context(lower))? as u8).saturating_mul(GRAIN);
                triples.push(Triple::new(child as u16, cost, false));
            }
            starts.push(triples.len() as u32);
        }

        let mut numbers = Decoder::open(&mut reader, GAP_CONTEXTS)?;
        let mut backs = Decoder::open(&mut reader, 1)?;
        let mut gaps = Decoder::open(&mut reader, GAP_CONTEXTS)?;
        let mut costs = Decoder::open(&mut reader, COST_CONTEXTS)?;
        let mut inner = vec![0u64; triples.len().div_ceil(64)];
        let mut inner_backoffs = Vec::with_capacity(backs.left());
        let mut quad_starts = Vec::with_capacity(backs.left() + 1);
        let mut quads = Vec::with_capacity(gaps.left());
        for (pair, &second) in seconds.iter().enumerate() {
            let start = row_starts[usize::from(second)];
            for triple in starts[pair]..starts[pair + 1] {
                let own = triples[triple as usize];
                let suffix_pair = (start + u32::from(own.child())) as usize;
                let (from, to) = (starts[suffix_pair], starts[suffix_pair + 1]);
                let n = numbers.next(children_context(to - from))?;
                if n == 0 {
                    continue;
                }
                if n > to - from {
                    return Err(damaged());
                }
                inner[(triple / 64) as usize] |= 1 << (triple % 64);
                triples[triple as usize] = Triple::new(own.child(), own.cost(), true);
                inner_backoffs.push((backs.next(0)? as i32 - BACKOFF_ZERO) as i8);
                quad_starts.push(quads.len() as u32);
                let context = gap_context(to - from, n);
                let mut before = 0u32;
                for _ in 0..n {
                    let child = gaps
                        .next(context)?
                        .checked_add(before)
                        .ok_or_else(damaged)?;
                    before = child.saturating_add(1);
                    if child >= to - from {
                        return Err(damaged());
                    }
                    let lower = triples[(from + child) as usize].cost();
                    let cost = (costs.next(cost_context(lower))? as u8).saturating_mul(GRAIN);
                    quads.push(Quad::new(child as u16, cost));
                }
            }
        }
        quad_starts.push(quads.len() as u32);
        let (rows, columns) = (Ranked::new(&rows), Ranked::new(&columns));
        Ok(Self {
            tokens,
            unigram_costs: unigram_costs.into(),
            unigram_backoffs: unigram_backoffs.into(),
            column_costs: column_costs(&rows, &columns, &pair_costs),
            row_costs: pair_costs.into(),
            rows,
            columns,
            pairs: branches(&starts, &backoffs).into(),
            triple_heads: heads(triples.iter().map(|t| t.child())),
            triples: triples.into(),
            quad_heads: heads(quads.iter().map(|q| q.child())),
            inner: cells(&inner).into(),
            inners: branches(&quad_starts, &inner_backoffs).into(),
            quads: quads.into(),
        })
    }

    /// Lays the tables out as they are.
    pub fn lay(&self, out: &mut FlatWriter) {
        out.table(&self.unigram_costs);
        out.table(&self.unigram_backoffs);
        self.rows.lay(out);
        self.columns.lay(out);
        out.table(&self.row_costs);
        out.table(&self.column_costs);
        out.table(&self.pairs);
        out.table(&self.triples);
        out.table(&self.triple_heads);
        out.table(&self.quad_heads);
        out.table(&self.inner);
        out.table(&self.inners);
        out.table(&self.quads);
    }

    /// Finds what [`Self::lay`] laid out.
    pub fn lent(reader: &mut FlatReader) -> Result<Self, ModelError> {
        let unigram_costs: Table<u8> = reader.table()?;
        let tokens = unigram_costs.len();
        Ok(Self {
            tokens,
            unigram_costs,
            unigram_backoffs: reader.table()?,
            rows: Ranked::lent(reader, tokens)?,
            columns: Ranked::lent(reader, tokens)?,
            row_costs: reader.table()?,
            column_costs: reader.table()?,
            pairs: reader.table()?,
            triples: reader.table()?,
            triple_heads: reader.table()?,
            quad_heads: reader.table()?,
            inner: reader.table()?,
            inners: reader.table()?,
            quads: reader.table()?,
        })
    }
}

/// The child numbers with which blocks begin.
fn heads(children: impl Iterator<Item = u16>) -> Table<u16> {
    children.step_by(BLOCK as usize).collect()
}

/// Costs of the pairs in the order of the columns.
fn column_costs(rows: &Ranked, columns: &Ranked, row_costs: &[u8]) -> Table<u8> {
    let mut costs = vec![0; row_costs.len()];
    // Rows are walked in order, so each column fills from its start.
    let mut next: Vec<u32> = (0..columns.len()).map(|t| columns.row_start(t)).collect();
    let mut pair = 0;
    for row in 0..rows.len() {
        for (i, cell) in rows.row(row as Token).iter().enumerate() {
            let mut bits = cell.bits();
            while bits != 0 {
                let column = i * 64 + bits.trailing_zeros() as usize;
                costs[next[column] as usize] = row_costs[pair];
                next[column] += 1;
                pair += 1;
                bits &= bits - 1;
            }
        }
    }
    costs.into()
}

/// Children of each context: starts (one more at the end) and child numbers,
/// a child being named by its place among the children of the context's suffix.
fn children(lower: &[u64], higher: &[u64], order: usize) -> (Vec<u32>, Vec<u16>) {
    let finder = Finder::new(lower, order - 1);
    let mut starts = Vec::with_capacity(lower.len() + 1);
    let mut numbers = Vec::with_capacity(higher.len());
    let mut at = 0;
    for &context in lower {
        starts.push(at as u32);
        let list = suffix(context, order - 1);
        let start = lower.partition_point(|&k| prefix(k) < list);
        while higher.get(at).is_some_and(|&k| prefix(k) == context) {
            // Every kept n-gram keeps its suffix, so the place exists.
            let place = finder.find(suffix(higher[at], order)).unwrap_or(start);
            numbers.push((place - start) as u16);
            at += 1;
        }
    }
    starts.push(at as u32);
    (starts, numbers)
}
