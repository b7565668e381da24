//! Tables of plain numbers: lent from the program's own read-only data, or owned.

use bytemuck::Pod;
use std::borrow::Cow;
use std::ops::Deref;

/// What a table may hold: plain data, used in place wherever its bytes lie.
pub trait Plain: Pod {
    /// Bytes of each of the equally long numbers that it is made of.
    const NUMBER: usize;
}

macro_rules! plain {
    ($($number:ty),*) => {
        $(impl Plain for $number {
            const NUMBER: usize = size_of::<$number>();
        })*
    };
}

plain!(u8, i8, u16, u32, u64);

impl<T: Plain, const N: usize> Plain for [T; N]
where
    [T; N]: Pod,
{
    const NUMBER: usize = T::NUMBER;
}

/// A list that does not change: of the model that comes with the program it is lent, of any
/// other it is owned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table<T: Plain>(Cow<'static, [T]>);

impl<T: Plain> Table<T> {
    /// A table over data that outlives everything.
    #[must_use]
    pub fn lent(data: &'static [T]) -> Self {
        Self(Cow::Borrowed(data))
    }
}

impl<T: Plain> Default for Table<T> {
    fn default() -> Self {
        Self::lent(&[])
    }
}

impl<T: Plain> From<Vec<T>> for Table<T> {
    fn from(list: Vec<T>) -> Self {
        Self(Cow::Owned(list))
    }
}

impl<T: Plain> FromIterator<T> for Table<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        items.into_iter().collect::<Vec<T>>().into()
    }
}

impl<T: Plain> Deref for Table<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        &self.0
    }
}

/// Lists of numbers, one behind the other in one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lists<T: Plain> {
    /// First item of each list, one more at the end.
    pub starts: Table<u32>,
    pub items: Table<T>,
}

impl<T: Plain> Default for Lists<T> {
    fn default() -> Self {
        Self {
            starts: Table::lent(&[0]),
            items: Table::default(),
        }
    }
}

impl<T: Plain> Lists<T> {
    /// Number of lists.
    #[must_use]
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Whether there is no list.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A list by its number.
    #[inline]
    #[must_use]
    pub fn list(&self, number: usize) -> &[T] {
        &self.items[self.starts[number] as usize..self.starts[number + 1] as usize]
    }
}

impl<T: Plain, L: AsRef<[T]>> FromIterator<L> for Lists<T> {
    fn from_iter<I: IntoIterator<Item = L>>(lists: I) -> Self {
        let (mut starts, mut items) = (vec![0], Vec::new());
        for list in lists {
            items.extend_from_slice(list.as_ref());
            starts.push(items.len() as u32);
        }
        Self {
            starts: starts.into(),
            items: items.into(),
        }
    }
}
