//! Bytes to text: UTF-8 with or without a byte-order mark, UTF-16, GB18030 (and so GBK, GB2312).

use encoding_rs::{Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};

/// How a file's text was written, so that it can be written back the same way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Charset {
    encoding: &'static Encoding,
    /// It began with a byte-order mark.
    pub mark: bool,
}

/// The bytes are none of the known encodings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("无法识别文字编码（支持 UTF-8、UTF-16、GB18030/GBK），也可能不是文本文件")]
pub struct Undecodable;

impl Charset {
    /// UTF-8 without a mark.
    pub const UTF_8: Self = Self {
        encoding: UTF_8,
        mark: false,
    };

    /// UTF-8 with a mark, which spreadsheets want.
    pub const UTF_8_WITH_MARK: Self = Self {
        encoding: UTF_8,
        mark: true,
    };

    /// The encoding that a byte-order mark at the start of `bytes` names, and the mark's length.
    pub fn from_mark(bytes: &[u8]) -> Option<(Self, usize)> {
        let (encoding, len) = Encoding::for_bom(bytes)?;
        Some((
            Self {
                encoding,
                mark: true,
            },
            len,
        ))
    }

    /// GB18030, of which GBK and GB2312 are parts.
    pub const fn gb18030() -> Self {
        Self {
            encoding: GB18030,
            mark: false,
        }
    }

    /// True for the two byte orders of UTF-16; gives true again for the big-endian one.
    pub fn utf16(self) -> Option<bool> {
        if self.encoding == UTF_16BE {
            Some(true)
        } else if self.encoding == UTF_16LE {
            Some(false)
        } else {
            None
        }
    }

    /// Decodes `bytes`, which hold no mark (any more), strictly.
    pub fn decode(self, bytes: &[u8]) -> Result<String, Undecodable> {
        self.encoding
            .decode_without_bom_handling_and_without_replacement(bytes)
            .map(std::borrow::Cow::into_owned)
            .ok_or(Undecodable)
    }

    /// `text` in this encoding, mark included. Characters that it cannot write (none, for the
    /// encodings that are read here) are an error.
    pub fn encode(self, text: &str) -> Result<Vec<u8>, Undecodable> {
        let mut out = Vec::with_capacity(text.len() + 3);
        match self.utf16() {
            Some(big_endian) => {
                if self.mark {
                    push_unit(&mut out, 0xFEFF, big_endian);
                }
                for unit in text.encode_utf16() {
                    push_unit(&mut out, unit, big_endian);
                }
            }
            None => {
                if self.mark && self.encoding == UTF_8 {
                    out.extend_from_slice("\u{feff}".as_bytes());
                }
                let (bytes, _, lossy) = self.encoding.encode(text);
                if lossy {
                    return Err(Undecodable);
                }
                out.extend_from_slice(&bytes);
            }
        }
        Ok(out)
    }
}

fn push_unit(out: &mut Vec<u8>, unit: u16, big_endian: bool) {
    out.extend_from_slice(&if big_endian {
        unit.to_be_bytes()
    } else {
        unit.to_le_bytes()
    });
}

/// Decodes a whole file.
pub fn decode(bytes: &[u8]) -> Result<(String, Charset), Undecodable> {
    if let Some((charset, mark)) = Charset::from_mark(bytes) {
        return Ok((text_only(charset.decode(&bytes[mark..])?)?, charset));
    }
    let charset = detect(bytes)?;
    Ok((text_only(charset.decode(bytes)?)?, charset))
}

/// The encoding of bytes that bear no mark.
pub fn detect(bytes: &[u8]) -> Result<Charset, Undecodable> {
    if let Some(big_endian) = unmarked_utf16(bytes) {
        return Ok(Charset {
            encoding: if big_endian { UTF_16BE } else { UTF_16LE },
            mark: false,
        });
    }
    if std::str::from_utf8(bytes).is_ok() {
        return Ok(Charset::UTF_8);
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(Some(b"cn"), chardetng::Utf8Detection::Deny);
    if (guess == GBK || guess == GB18030) && Charset::gb18030().decode(bytes).is_ok() {
        return Ok(Charset::gb18030());
    }
    Err(Undecodable)
}

/// UTF-16 without a mark: nearly every markup and line-end character has a zero byte beside it.
fn unmarked_utf16(bytes: &[u8]) -> Option<bool> {
    let head = &bytes[..bytes.len().min(4096) & !1];
    if head.len() < 4 || !bytes.len().is_multiple_of(2) {
        return None;
    }
    let zeros = |odd: usize| {
        head.iter()
            .skip(odd)
            .step_by(2)
            .filter(|b| **b == 0)
            .count()
    };
    let (even, odd) = (zeros(0), zeros(1));
    let enough = head.len() / 40;
    if even > enough && even > 4 * odd {
        Some(true)
    } else if odd > enough && odd > 4 * even {
        Some(false)
    } else {
        None
    }
}

/// Text has no NUL in it.
fn text_only(text: String) -> Result<String, Undecodable> {
    if text.contains('\0') {
        Err(Undecodable)
    } else {
        Ok(text)
    }
}
