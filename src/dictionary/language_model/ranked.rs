//! Square bitmaps over token × token whose set bits are numbered.

use super::error::ModelError;
use super::flat::{FlatReader, FlatWriter};
use super::table::{Plain, Table};
use super::vocabulary::Token;
use bytemuck::{Pod, Zeroable};

/// A square bitmap, a row of words for each token.
pub struct Bitmap {
    words_per_row: usize,
    words: Vec<u64>,
}

impl Bitmap {
    /// An empty bitmap over this many tokens.
    #[must_use]
    pub fn new(tokens: usize) -> Self {
        let words_per_row = tokens.div_ceil(64);
        Self {
            words_per_row,
            words: vec![0; words_per_row * tokens],
        }
    }

    /// Sets a bit.
    pub fn set(&mut self, row: Token, column: Token) {
        let at = usize::from(row) * self.words_per_row + usize::from(column) / 64;
        self.words[at] |= 1 << (column % 64);
    }
}

/// 64 bits of a bitmap and the number of bits set before them, without padding.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
pub struct Cell {
    low: u32,
    high: u32,
    rank: u32,
}

impl Plain for Cell {
    const NUMBER: usize = size_of::<u32>();
}

impl Cell {
    fn new(bits: u64, rank: u32) -> Self {
        Self {
            low: bits as u32,
            high: (bits >> 32) as u32,
            rank,
        }
    }

    /// The 64 bits.
    #[inline]
    #[must_use]
    pub fn bits(self) -> u64 {
        u64::from(self.high) << 32 | u64::from(self.low)
    }

    /// The number of a bit, which need not be set.
    #[inline]
    #[must_use]
    pub fn number(self, bit: u64) -> u32 {
        self.rank + (self.bits() & (bit - 1)).count_ones()
    }
}

/// The bits of these words, numbered.
#[must_use]
pub fn cells(words: &[u64]) -> Vec<Cell> {
    let numbered = words.iter().zip(ranks(words));
    numbered
        .map(|(&bits, rank)| Cell::new(bits, rank))
        .collect()
}

/// A cell of a row of which only the cells with a bit set are kept.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
pub struct PlacedCell {
    pub cell: Cell,
    /// Which of the row's cells it is.
    pub place: u32,
}

impl Plain for PlacedCell {
    const NUMBER: usize = size_of::<u32>();
}

/// The cells in which these tokens, in order and each once, set a bit; the first of them has the
/// number `rank`.
#[must_use]
pub fn placed_cells(tokens: impl Iterator<Item = Token>, mut rank: u32) -> Vec<PlacedCell> {
    let mut cells: Vec<PlacedCell> = Vec::new();
    for token in tokens {
        let (place, bit) = (u32::from(token) / 64, 1u64 << (token % 64));
        match cells.last_mut() {
            Some(last) if last.place == place => {
                last.cell = Cell::new(last.cell.bits() | bit, last.cell.rank);
            }
            _ => cells.push(PlacedCell {
                cell: Cell::new(bit, rank),
                place,
            }),
        }
        rank += 1;
    }
    cells
}

/// A square bitmap whose bits are numbered, row by row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ranked {
    cells_per_row: usize,
    /// One more at the end.
    cells: Table<Cell>,
    /// The number of the first bit at or after each row's start, one more at the end: packed more
    /// closely than in the cells.
    starts: Table<u32>,
}

impl Ranked {
    /// Numbers the bits.
    #[must_use]
    pub fn new(bitmap: &Bitmap) -> Self {
        let words = bitmap.words.iter().copied().chain(std::iter::once(0));
        let ranks = ranks(&bitmap.words);
        let starts = ranks.iter().step_by(bitmap.words_per_row.max(1)).copied();
        Self {
            cells_per_row: bitmap.words_per_row,
            starts: starts.collect(),
            cells: words
                .zip(&ranks)
                .map(|(bits, &rank)| Cell::new(bits, rank))
                .collect(),
        }
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether a bit is set.
    #[inline]
    #[must_use]
    pub fn get(&self, row: Token, column: Token) -> bool {
        let at = usize::from(row) * self.cells_per_row + usize::from(column) / 64;
        self.cells[at].bits() >> (column % 64) & 1 == 1
    }

    /// The number of a bit, if it is set.
    #[inline]
    #[must_use]
    pub fn number(&self, row: Token, column: Token) -> Option<usize> {
        let (set, number) = self.number_if(row, column);
        set.then_some(number as usize)
    }

    /// Whether a bit is set, and the number that it then has.
    #[inline]
    #[must_use]
    pub fn number_if(&self, row: Token, column: Token) -> (bool, u32) {
        let cell = self.cells[usize::from(row) * self.cells_per_row + usize::from(column) / 64];
        let bit = 1u64 << (column % 64);
        (cell.bits() & bit != 0, cell.number(bit))
    }

    /// The number of the first bit at or after a row's start.
    #[inline]
    #[must_use]
    pub fn row_start(&self, row: usize) -> u32 {
        self.starts[row]
    }

    /// The column of a row's bit by its number, which must be that of one of the row's bits.
    #[must_use]
    pub fn column(&self, row: Token, number: u32) -> Token {
        let cells = self.row(row);
        let at = cells.partition_point(|cell| cell.rank <= number).max(1) - 1;
        let mut bits = cells[at].bits();
        for _ in cells[at].rank..number {
            bits &= bits.wrapping_sub(1);
        }
        (at * 64) as Token + bits.trailing_zeros() as Token
    }

    /// The cells of a row.
    #[inline]
    #[must_use]
    pub fn row(&self, row: Token) -> &[Cell] {
        let from = usize::from(row) * self.cells_per_row;
        &self.cells[from..from + self.cells_per_row]
    }

    /// Lays the cells out as they are.
    pub fn lay(&self, out: &mut FlatWriter) {
        out.table(&self.cells);
        out.table(&self.starts);
    }

    /// Finds what [`Self::lay`] laid out for this many tokens.
    pub fn lent(reader: &mut FlatReader, tokens: usize) -> Result<Self, ModelError> {
        Ok(Self {
            cells_per_row: tokens.div_ceil(64),
            cells: reader.table()?,
            starts: reader.table()?,
        })
    }
}

/// The number of bits set before each word, and of all.
#[must_use]
pub fn ranks(words: &[u64]) -> Vec<u32> {
    let mut sum = 0;
    let mut out = Vec::with_capacity(words.len() + 1);
    for word in words {
        out.push(sum);
        sum += word.count_ones();
    }
    out.push(sum);
    out
}
