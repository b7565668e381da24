//! A stream of lines in any known encoding, one line in memory at a time.

use super::encoding::{self, Charset, Undecodable};
use std::io::{self, BufRead};

/// Lines of a stream, numbered from 1.
pub struct Lines {
    reader: Box<dyn BufRead + Send>,
    /// Known once a mark or the first line that is not ASCII has been seen.
    charset: Option<Charset>,
    number: usize,
    started: bool,
}

/// One line, or why it is none.
pub enum Line {
    Text(String),
    Undecodable,
}

impl Lines {
    /// Lines of `reader`.
    pub fn new(reader: Box<dyn BufRead + Send>) -> Self {
        Self {
            reader,
            charset: None,
            number: 0,
            started: false,
        }
    }

    /// The next line with its number, without its line end.
    pub fn next_line(&mut self) -> io::Result<Option<(usize, Line)>> {
        if !self.started {
            self.started = true;
            self.read_mark()?;
        }
        let mut bytes = Vec::new();
        self.read_line_bytes(&mut bytes)?;
        if bytes.is_empty() {
            return Ok(None);
        }
        self.number += 1;
        Ok(Some((self.number, self.decode(&bytes))))
    }

    fn read_mark(&mut self) -> io::Result<()> {
        // A mark has two or three bytes; a reader that gives fewer at first is asked for its
        // first line only, so that nothing waits for more than one line.
        let head = self.reader.fill_buf()?;
        if let Some((charset, len)) = Charset::from_mark(head) {
            self.reader.consume(len);
            self.charset = Some(charset);
        }
        Ok(())
    }

    fn read_line_bytes(&mut self, bytes: &mut Vec<u8>) -> io::Result<()> {
        loop {
            let got = self.reader.read_until(b'\n', bytes)?;
            if got == 0 {
                return Ok(());
            }
            match self.charset.and_then(Charset::utf16) {
                None => return Ok(()),
                // A line feed is two bytes, on an even place.
                Some(true) => {
                    if bytes.len().is_multiple_of(2)
                        && bytes.len() >= 2
                        && bytes[bytes.len() - 2] == 0
                    {
                        return Ok(());
                    }
                }
                Some(false) => {
                    if bytes.last() == Some(&b'\n') && !bytes.len().is_multiple_of(2) {
                        let high = self.reader.fill_buf()?.first().copied();
                        if let Some(high) = high {
                            bytes.push(high);
                            self.reader.consume(1);
                        }
                        if high.is_none_or(|high| high == 0) {
                            return Ok(());
                        }
                    }
                }
            }
        }
    }

    fn decode(&mut self, bytes: &[u8]) -> Line {
        let decoded = match self.charset {
            Some(charset) => charset.decode(bytes),
            None => self.decode_first(bytes),
        };
        match decoded {
            Ok(text) => {
                let line = text.strip_suffix('\n').unwrap_or(&text);
                Line::Text(line.strip_suffix('\r').unwrap_or(line).to_owned())
            }
            Err(Undecodable) => Line::Undecodable,
        }
    }

    /// The first line that is not plain ASCII decides for the rest.
    fn decode_first(&mut self, bytes: &[u8]) -> Result<String, Undecodable> {
        if bytes.is_ascii() && !bytes.contains(&0) {
            return Charset::UTF_8.decode(bytes);
        }
        let charset = encoding::detect(bytes)?;
        self.charset = Some(charset);
        charset.decode(bytes)
    }
}
