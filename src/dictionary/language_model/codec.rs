//! Entropy coding of columns of small numbers.
//!
//! A number is split into a bucket, coded by static range asymmetric numeral
//! systems (rANS) under a context that both sides know, and the raw bits inside
//! the bucket. Decoding is a table look-up a number, fast enough to unpack the
//! model when it is first needed.

use super::error::ModelError;

/// Bits of the frequency scale.
const SCALE_BITS: u32 = 11;
const SCALE: u32 = 1 << SCALE_BITS;
/// Lower bound of the coder's state.
const LOW: u32 = 1 << 23;
/// Numbers below are buckets of their own.
const DIRECT: u32 = 16;
const BUCKETS: usize = 72;

/// Bucket, number of raw bits, raw bits.
fn split(value: u32) -> (usize, u32, u32) {
    if value < DIRECT {
        return (value as usize, 0, 0);
    }
    let log = 31 - value.leading_zeros();
    let half = value >> (log - 1) & 1;
    let bits = log - 1;
    let bucket = DIRECT + 2 * (log - 4) + half;
    (bucket as usize, bits, value & ((1 << bits) - 1))
}

/// The smallest number of a bucket, and its raw bits.
fn base(bucket: u32) -> (u32, u32) {
    if bucket < DIRECT {
        return (bucket, 0);
    }
    let log = (bucket - DIRECT) / 2 + 4;
    let half = (bucket - DIRECT) & 1;
    (1 << log | half << (log - 1), log - 1)
}

/// Collects numbers; [`Encoder::finish`] packs them.
pub struct Encoder {
    contexts: usize,
    values: Vec<(u8, u32)>,
}

impl Encoder {
    /// A column with this many contexts (at most 256).
    #[must_use]
    pub fn new(contexts: usize) -> Self {
        Self {
            contexts,
            values: Vec::new(),
        }
    }

    /// Appends one number under a context.
    pub fn push(&mut self, context: usize, value: u32) {
        debug_assert!(context < self.contexts);
        self.values.push((context as u8, value));
    }

    /// The packed column: length, tables, raw bits, coded buckets.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        let mut counts = vec![[0u64; BUCKETS]; self.contexts];
        for &(context, value) in &self.values {
            counts[usize::from(context)][split(value).0] += 1;
        }
        let tables: Vec<[u32; BUCKETS]> = counts.iter().map(frequencies).collect();

        let mut out = Vec::new();
        put_u32(&mut out, self.values.len() as u32);
        for table in &tables {
            put_table(&mut out, table);
        }

        let mut raw = Vec::new();
        let (mut buffer, mut held) = (0u64, 0u32);
        for &(_, value) in &self.values {
            let (_, bits, rest) = split(value);
            buffer |= u64::from(rest) << held;
            held += bits;
            while held >= 8 {
                raw.push(buffer as u8);
                buffer >>= 8;
                held -= 8;
            }
        }
        raw.push(buffer as u8);
        put_u32(&mut out, raw.len() as u32);
        out.extend_from_slice(&raw);

        let starts: Vec<[u32; BUCKETS]> = tables.iter().map(cumulative).collect();
        let mut coded = Vec::new();
        let mut state = LOW;
        for &(context, value) in self.values.iter().rev() {
            let bucket = split(value).0;
            let frequency = tables[usize::from(context)][bucket];
            let start = starts[usize::from(context)][bucket];
            let limit = ((LOW >> SCALE_BITS) << 8) * frequency;
            while state >= limit {
                coded.push(state as u8);
                state >>= 8;
            }
            state = (state / frequency) << SCALE_BITS | (state % frequency + start);
        }
        coded.extend_from_slice(&state.to_be_bytes().map(|b| b));
        // Written back to front: the decoder starts with the state.
        coded.reverse();
        put_u32(&mut out, coded.len() as u32);
        out.extend_from_slice(&coded);
        out
    }
}

/// Scales counts to frequencies that add up to [`SCALE`].
fn frequencies(counts: &[u64; BUCKETS]) -> [u32; BUCKETS] {
    let total: u64 = counts.iter().sum();
    let mut table = [0u32; BUCKETS];
    if total == 0 {
        table[0] = SCALE;
        return table;
    }
    for (slot, &count) in table.iter_mut().zip(counts) {
        if count > 0 {
            *slot = ((count * u64::from(SCALE) / total) as u32).max(1);
        }
    }
    // The largest takes or gives what rounding left over.
    loop {
        let sum: u32 = table.iter().sum();
        let largest = (0..BUCKETS)
            .max_by_key(|&b| (table[b], BUCKETS - b))
            .unwrap_or(0);
        match sum.cmp(&SCALE) {
            std::cmp::Ordering::Equal => return table,
            std::cmp::Ordering::Less => table[largest] += SCALE - sum,
            std::cmp::Ordering::Greater => {
                table[largest] -= (sum - SCALE).min(table[largest] / 2);
            }
        }
    }
}

fn cumulative(table: &[u32; BUCKETS]) -> [u32; BUCKETS] {
    let mut starts = [0; BUCKETS];
    let mut sum = 0;
    for (start, &frequency) in starts.iter_mut().zip(table) {
        *start = sum;
        sum += frequency;
    }
    starts
}

fn put_table(out: &mut Vec<u8>, table: &[u32; BUCKETS]) {
    let used = table.iter().filter(|&&f| f > 0).count();
    out.push(used as u8);
    for (bucket, &frequency) in table.iter().enumerate() {
        if frequency > 0 {
            out.push(bucket as u8);
            out.extend_from_slice(&(frequency as u16).to_le_bytes());
        }
    }
}

/// Appends a little-endian number of four bytes.
pub fn put_u32(out: &mut Vec<u8>, value: u32) {
    out.extend_from_slice(&value.to_le_bytes());
}

/// Reads a byte slice from its front, with an error where it ends too soon.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    /// The next `n` bytes.
    pub fn take(&mut self, n: usize) -> Result<&'a [u8], ModelError> {
        let (head, tail) = self.0.split_at_checked(n).ok_or(ModelError::Truncated)?;
        self.0 = tail;
        Ok(head)
    }

    /// The next byte.
    pub fn u8(&mut self) -> Result<u8, ModelError> {
        Ok(self.take(1)?[0])
    }

    /// The next two bytes, little-endian.
    pub fn u16(&mut self) -> Result<u16, ModelError> {
        let b = self.take(2)?;
        Ok(u16::from_le_bytes([b[0], b[1]]))
    }

    /// The next four bytes, little-endian.
    pub fn u32(&mut self) -> Result<u32, ModelError> {
        let b = self.take(4)?;
        Ok(u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
    }

    /// A block that stands after its own length.
    pub fn block(&mut self) -> Result<&'a [u8], ModelError> {
        let n = self.u32()?;
        self.take(n as usize)
    }
}

/// One slot of a decoding table: bucket, frequency, offset inside the bucket.
#[derive(Clone, Copy, Default)]
struct Slot {
    bucket: u8,
    frequency: u16,
    offset: u16,
}

/// Unpacks a column, one number at a time.
pub struct Decoder<'a> {
    slots: Vec<Slot>,
    contexts: usize,
    left: usize,
    coded: &'a [u8],
    state: u32,
    raw: &'a [u8],
    buffer: u64,
    held: u32,
}

impl<'a> Decoder<'a> {
    /// Opens the column at the reader's front.
    pub fn open(reader: &mut Reader<'a>, contexts: usize) -> Result<Self, ModelError> {
        let left = reader.u32()? as usize;
        let mut slots = vec![Slot::default(); contexts << SCALE_BITS];
        for table in slots.chunks_exact_mut(SCALE as usize) {
            let mut at = 0usize;
            for _ in 0..reader.u8()? {
                let bucket = reader.u8()?;
                let frequency = reader.u16()?;
                let end = at + usize::from(frequency);
                if usize::from(bucket) >= BUCKETS || frequency == 0 {
                    return Err(ModelError::Damaged("code table"));
                }
                let part = table
                    .get_mut(at..end)
                    .ok_or(ModelError::Damaged("code table"))?;
                for (offset, slot) in part.iter_mut().enumerate() {
                    *slot = Slot {
                        bucket,
                        frequency,
                        offset: offset as u16,
                    };
                }
                at = end;
            }
            if at != SCALE as usize {
                return Err(ModelError::Damaged("code table"));
            }
        }
        let raw = reader.block()?;
        let coded = reader.block()?;
        let mut front = Reader(coded);
        let state = front.u32()?;
        Ok(Self {
            slots,
            contexts,
            left,
            coded: front.0,
            state,
            raw,
            buffer: 0,
            held: 0,
        })
    }

    /// Numbers not read yet.
    #[must_use]
    pub fn left(&self) -> usize {
        self.left
    }

    /// The next number, coded under `context`.
    #[inline]
    pub fn next(&mut self, context: usize) -> Result<u32, ModelError> {
        if self.left == 0 || context >= self.contexts {
            return Err(ModelError::Damaged("column"));
        }
        self.left -= 1;
        let low = (self.state & (SCALE - 1)) as usize;
        let slot = self.slots[context << SCALE_BITS | low];
        self.state =
            u32::from(slot.frequency) * (self.state >> SCALE_BITS) + u32::from(slot.offset);
        while self.state < LOW {
            let Some((&byte, rest)) = self.coded.split_first() else {
                // The last numbers need no more bytes; a short column is caught by its checksum.
                break;
            };
            self.state = self.state << 8 | u32::from(byte);
            self.coded = rest;
        }
        let (value, bits) = base(u32::from(slot.bucket));
        if bits == 0 {
            return Ok(value);
        }
        while self.held < bits {
            let (byte, rest) = self.raw.split_first().ok_or(ModelError::Truncated)?;
            self.buffer |= u64::from(*byte) << self.held;
            self.held += 8;
            self.raw = rest;
        }
        let rest = (self.buffer & ((1 << bits) - 1)) as u32;
        self.buffer >>= bits;
        self.held -= bits;
        Ok(value | rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_goes_in_comes_out(values in prop::collection::vec((0usize..3, any::<u32>(), 0u32..32), 0..500)) {
            let values: Vec<(usize, u32)> = values.into_iter().map(|(c, v, s)| (c, v >> s)).collect();
            let mut encoder = Encoder::new(3);
            for &(context, value) in &values {
                encoder.push(context, value);
            }
            let bytes = encoder.finish();
            let mut reader = Reader(&bytes);
            let mut decoder = Decoder::open(&mut reader, 3).unwrap();
            for &(context, value) in &values {
                prop_assert_eq!(decoder.next(context).unwrap(), value);
            }
            prop_assert_eq!(decoder.left(), 0);
            prop_assert!(decoder.next(0).is_err());
        }

        #[test]
        fn damaged_bytes_do_not_panic(mut bytes in prop::collection::vec(any::<u8>(), 0..300), n in 0u32..100) {
            if bytes.len() > 4 {
                bytes[..4].copy_from_slice(&n.to_le_bytes());
            }
            let mut reader = Reader(&bytes);
            if let Ok(mut decoder) = Decoder::open(&mut reader, 1) {
                while decoder.left() > 0 && decoder.next(0).is_ok() {}
            }
        }
    }
}
