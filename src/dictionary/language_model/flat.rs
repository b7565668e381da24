//! Tables as they lie in memory, one behind the other: what the built-in model is compiled in as,
//! used where it lies and never unpacked.
//!
//! No format for files: writer and reader belong to one build of the program, and the byte order
//! is that of the machine which the program is built for.

use super::error::ModelError;
use super::table::{Lists, Plain, Table};

/// Tables begin at multiples of this many bytes.
pub const ALIGNMENT: usize = 16;

/// Bytes at an address that is a multiple of [`ALIGNMENT`].
#[repr(C, align(16))]
pub struct Aligned<T: ?Sized>(pub T);

/// Order of the bytes of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByteOrder {
    Little,
    Big,
}

impl ByteOrder {
    /// That of the machine which runs this.
    pub const OWN: Self = if cfg!(target_endian = "little") {
        Self::Little
    } else {
        Self::Big
    };
}

/// Lays tables one behind the other.
pub struct FlatWriter {
    bytes: Vec<u8>,
    order: ByteOrder,
}

impl FlatWriter {
    /// For a machine of this byte order.
    #[must_use]
    pub fn new(order: ByteOrder) -> Self {
        Self {
            bytes: Vec::new(),
            order,
        }
    }

    /// Appends a table.
    pub fn table<T: Plain>(&mut self, table: &[T]) {
        self.numbers(&[table.len() as u64]);
        self.align();
        self.numbers(table);
        self.align();
    }

    /// Appends lists.
    pub fn lists<T: Plain>(&mut self, lists: &Lists<T>) {
        self.table(&lists.starts);
        self.table(&lists.items);
    }

    fn align(&mut self) {
        self.bytes
            .resize(self.bytes.len().next_multiple_of(ALIGNMENT), 0);
    }

    fn numbers<T: Plain>(&mut self, numbers: &[T]) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(bytemuck::cast_slice(numbers));
        if self.order != ByteOrder::OWN {
            self.bytes[start..]
                .chunks_exact_mut(T::NUMBER)
                .for_each(<[u8]>::reverse);
        }
    }

    /// All bytes.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

/// Lends the tables in the order in which they were laid down.
pub struct FlatReader(pub &'static [u8]);

impl FlatReader {
    fn take(&mut self, n: usize) -> Result<&'static [u8], ModelError> {
        let padded = n.next_multiple_of(ALIGNMENT);
        let (head, tail) = self
            .0
            .split_at_checked(padded)
            .ok_or(ModelError::Truncated)?;
        self.0 = tail;
        Ok(&head[..n])
    }

    /// The next table.
    ///
    /// # Errors
    /// If there is none, or the bytes do not lie as they must.
    pub fn table<T: Plain>(&mut self) -> Result<Table<T>, ModelError> {
        let damaged = ModelError::Damaged("built-in");
        let length = self.take(size_of::<u64>())?;
        let length: u64 = bytemuck::try_pod_read_unaligned(length).map_err(|_| damaged.clone())?;
        let bytes = usize::try_from(length)
            .ok()
            .and_then(|n| n.checked_mul(size_of::<T>()))
            .ok_or(ModelError::Truncated)?;
        let data = bytemuck::try_cast_slice(self.take(bytes)?).map_err(|_| damaged)?;
        Ok(Table::lent(data))
    }

    /// The next lists.
    ///
    /// # Errors
    /// As [`Self::table`].
    pub fn lists<T: Plain>(&mut self) -> Result<Lists<T>, ModelError> {
        Ok(Lists {
            starts: self.table()?,
            items: self.table()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_laid_down_is_lent() {
        let mut writer = FlatWriter::new(ByteOrder::OWN);
        writer.table(&[1u8, 2, 3]);
        writer.table::<u64>(&[]);
        writer.table(&[[7u16, 8], [9, 10]]);
        let bytes = writer.finish();
        // An aligned copy: only such bytes can be lent.
        let numbers: Vec<u128> = bytes
            .chunks_exact(ALIGNMENT)
            .map(bytemuck::pod_read_unaligned)
            .collect();
        let mut reader = FlatReader(bytemuck::cast_slice(numbers.leak()));
        assert_eq!(*reader.table::<u8>().unwrap(), [1, 2, 3]);
        assert!(reader.table::<u64>().unwrap().is_empty());
        assert_eq!(*reader.table::<[u16; 2]>().unwrap(), [[7, 8], [9, 10]]);
        assert_eq!(reader.table::<u8>(), Err(ModelError::Truncated));
    }

    #[test]
    fn another_byte_order_turns_each_number_round() {
        let bytes = |order| {
            let mut writer = FlatWriter::new(order);
            writer.table(&[[0x0102u16, 0x0304]]);
            writer.finish()
        };
        assert_eq!(
            bytes(ByteOrder::Little)[..20],
            [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 4, 3]
        );
        assert_eq!(
            bytes(ByteOrder::Big)[..20],
            [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4]
        );
    }
}
