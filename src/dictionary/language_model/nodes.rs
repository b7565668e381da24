//! The items of the n-gram tables. What is wanted together lies together: looking an n-gram up is
//! waiting for memory.

use super::table::Plain;
use bytemuck::{Pod, Zeroable};

/// A triple: its child number, its cost, whether quadruples begin with it.
#[repr(transparent)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
pub(super) struct Triple(u32);

impl Plain for Triple {
    const NUMBER: usize = size_of::<u32>();
}

impl Triple {
    pub(super) fn new(child: u16, cost: u8, inner: bool) -> Self {
        Self(u32::from(child) << 16 | u32::from(cost) << 8 | u32::from(inner))
    }

    pub(super) fn child(self) -> u16 {
        (self.0 >> 16) as u16
    }

    /// The child as a plain number.
    #[inline]
    pub(super) fn child_number(&self) -> u32 {
        self.0 >> 16
    }

    pub(super) fn cost(self) -> u8 {
        (self.0 >> 8) as u8
    }

    #[inline]
    pub(super) fn inner(self) -> bool {
        self.0 & 1 == 1
    }
}

/// A quadruple: its child number, its cost.
#[repr(transparent)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
pub(super) struct Quad([u8; 3]);

impl Plain for Quad {
    const NUMBER: usize = size_of::<u8>();
}

impl Quad {
    pub(super) fn new(child: u16, cost: u8) -> Self {
        let [low, high] = child.to_le_bytes();
        Self([low, high, cost])
    }

    #[inline]
    pub(super) fn child(self) -> u16 {
        u16::from_le_bytes([self.0[0], self.0[1]])
    }

    /// The child as a plain number.
    #[inline]
    pub(super) fn child_number(&self) -> u32 {
        u32::from(self.child())
    }

    #[inline]
    pub(super) fn cost(self) -> u8 {
        self.0[2]
    }
}

/// What longer n-grams begin with: the first of them, and the back-off where none of them fits.
#[repr(transparent)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
pub(super) struct Branch([u16; 3]);

impl Plain for Branch {
    const NUMBER: usize = size_of::<u16>();
}

impl Branch {
    pub(super) fn new(start: u32, backoff: i8) -> Self {
        let backoff = i16::from(backoff).cast_unsigned();
        Self([start as u16, (start >> 16) as u16, backoff])
    }

    #[inline]
    pub(super) fn start(self) -> u32 {
        u32::from(self.0[1]) << 16 | u32::from(self.0[0])
    }

    #[inline]
    pub(super) fn backoff(self) -> i32 {
        i32::from(self.0[2].cast_signed())
    }
}

/// Branches from the starts of their lists (one more at the end) and their back-offs.
pub(super) fn branches(starts: &[u32], backoffs: &[i8]) -> Vec<Branch> {
    let backoffs = backoffs.iter().copied().chain(std::iter::repeat(0));
    let branches = starts.iter().zip(backoffs);
    branches.map(|(&start, b)| Branch::new(start, b)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_keep_what_they_are_given() {
        for (child, cost, inner) in [(0, 0, false), (u16::MAX, 127, true), (258, 255, false)] {
            let triple = Triple::new(child, cost, inner);
            assert_eq!(
                (triple.child(), triple.cost(), triple.inner()),
                (child, cost, inner)
            );
            let quad = Quad::new(child, cost);
            assert_eq!((quad.child(), quad.cost()), (child, cost));
        }
        for (start, backoff) in [(0, 0), (u32::MAX, -128), (70_000, 127)] {
            let branch = Branch::new(start, backoff);
            assert_eq!(
                (branch.start(), branch.backoff()),
                (start, i32::from(backoff))
            );
        }
    }
}
