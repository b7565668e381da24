//! Visible text with a way back: each character knows the source bytes it came from.

use super::entities::{self, Decoded};
use crate::finding::{Edit, Span};
use std::ops::Range;

/// A stretch of visible text and where it stands in the source. Offsets are bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Segment {
    visible: usize,
    source: usize,
    source_len: usize,
    /// Verbatim: visible bytes and source bytes are the same, one for one.
    /// Otherwise the whole source stretch (a character reference, a `<br>`, a run of blanks)
    /// stands for the whole visible stretch.
    verbatim: bool,
}

/// How an edit's text must be written in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Escaping {
    /// HTML: `&`, `<`, `>` become references.
    Html,
    /// Plain text: as it is.
    None,
}

/// What a reader sees of a title or a block, and the source bytes behind each character.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    visible: String,
    segments: Vec<Segment>,
}

impl Text {
    /// The text as the reader sees it. `<br>` stands in it as `\n`.
    pub fn as_str(&self) -> &str {
        &self.visible
    }

    /// True if there is nothing at all to see, not even a blank.
    pub fn is_empty(&self) -> bool {
        self.visible.is_empty()
    }

    /// Appends text that stands in the source, byte for byte, at `source`.
    pub(super) fn push_verbatim(&mut self, text: &str, source: usize) {
        if text.is_empty() {
            return;
        }
        let visible = self.visible.len();
        self.visible.push_str(text);
        if let Some(last) = self.segments.last_mut()
            && last.verbatim
            && last.source + last.source_len == source
        {
            last.source_len += text.len();
            return;
        }
        self.segments.push(Segment {
            visible,
            source,
            source_len: text.len(),
            verbatim: true,
        });
    }

    /// Appends text that the whole of `source` stands for.
    pub(super) fn push_atom(&mut self, text: &str, source: Range<usize>) {
        if text.is_empty() {
            return;
        }
        self.segments.push(Segment {
            visible: self.visible.len(),
            source: source.start,
            source_len: source.len(),
            verbatim: false,
        });
        self.visible.push_str(text);
    }

    /// Appends a decoded character reference.
    pub(super) fn push_decoded(&mut self, decoded: Decoded, source: Range<usize>) {
        match decoded {
            Decoded::Char(c) => self.push_atom(c.encode_utf8(&mut [0; 4]), source),
            Decoded::Text(text) => self.push_atom(text, source),
        }
    }

    /// Lets the last run of blanks, already in the text, cover more of the source.
    pub(super) fn extend_last_atom(&mut self, source_end: usize) {
        if let Some(last) = self.segments.last_mut()
            && !last.verbatim
        {
            last.source_len = source_end.saturating_sub(last.source);
        }
    }

    /// Takes one trailing ` ` away (the blank before the end of a block, which nobody sees).
    pub(super) fn trim_trailing_space(&mut self) {
        if self.visible.ends_with(' ') {
            self.visible.pop();
            let len = self.visible.len();
            if let Some(last) = self.segments.last_mut() {
                if last.visible >= len {
                    self.segments.pop();
                } else if last.verbatim {
                    last.source_len = len - last.visible;
                }
            }
        }
    }

    fn segment_at(&self, visible: usize) -> usize {
        self.segments
            .partition_point(|s| s.visible <= visible)
            .saturating_sub(1)
    }

    fn segment_visible_end(&self, index: usize) -> usize {
        self.segments
            .get(index + 1)
            .map_or(self.visible.len(), |next| next.visible)
    }

    /// Contiguous stretches of the source behind `range` (bytes of the visible text), in order,
    /// each with the visible bytes it stands for. Empty ranges give nothing.
    fn pieces(&self, range: Range<usize>) -> Vec<(Range<usize>, Range<usize>)> {
        let mut pieces: Vec<(Range<usize>, Range<usize>)> = Vec::new();
        if range.start >= range.end {
            return pieces;
        }
        let mut index = self.segment_at(range.start);
        let mut at = range.start;
        while at < range.end && index < self.segments.len() {
            let segment = self.segments[index];
            let end = self.segment_visible_end(index).min(range.end);
            let source = if segment.verbatim {
                segment.source + (at - segment.visible)..segment.source + (end - segment.visible)
            } else {
                segment.source..segment.source + segment.source_len
            };
            match pieces.last_mut() {
                Some((last, visible)) if last.end == source.start => {
                    last.end = source.end;
                    visible.end = end;
                }
                _ => pieces.push((source, at..end)),
            }
            at = end;
            index += 1;
        }
        pieces
    }

    /// The source span of `range` (bytes of the visible text, on character boundaries, not empty):
    /// from the first byte of its first character to the last byte of its last one.
    pub fn source_span(&self, range: Range<usize>) -> Option<Span> {
        if range.start >= range.end || range.end > self.visible.len() {
            return None;
        }
        let first = self.segments.get(self.segment_at(range.start))?;
        let start = if first.verbatim {
            first.source + (range.start - first.visible)
        } else {
            first.source
        };
        let last = self.segments.get(self.segment_at(range.end - 1))?;
        let end = if last.verbatim {
            last.source + (range.end - last.visible)
        } else {
            last.source + last.source_len
        };
        Some(Span { start, end })
    }

    /// The visible bytes whose source lies wholly inside `span`.
    pub fn visible_within(&self, span: Span) -> Range<usize> {
        let mut start = None;
        let mut end = 0;
        // Segments are in source order, so both ends can be found by halving.
        let from = self
            .segments
            .partition_point(|s| s.source + s.source_len <= span.start);
        for (offset, segment) in self.segments[from..].iter().enumerate() {
            if segment.source >= span.end {
                break;
            }
            let index = from + offset;
            let source_end = segment.source + segment.source_len;
            let (lo, hi) = if segment.verbatim {
                let lo = segment.visible + span.start.saturating_sub(segment.source);
                let hi = self.segment_visible_end(index) - source_end.saturating_sub(span.end);
                (lo, hi)
            } else if segment.source >= span.start && source_end <= span.end {
                (segment.visible, self.segment_visible_end(index))
            } else {
                continue;
            };
            if lo < hi {
                start.get_or_insert(lo);
                end = hi;
            }
        }
        start.map_or(0..0, |start| start..end)
    }

    /// The edits of the source that make the reader see `replacement` at `range`.
    ///
    /// Only what differs is touched, tags between the characters stay, nothing overlaps.
    pub fn edits(&self, range: Range<usize>, replacement: &str, escaping: Escaping) -> Vec<Edit> {
        let old = &self.visible[range.clone()];
        let prefix = common_prefix(old, replacement);
        let suffix = common_suffix(&old[prefix..], &replacement[prefix..]);
        let new = &replacement[prefix..replacement.len() - suffix];
        let changed = range.start + prefix..range.end - suffix;
        let write = |text: &str| match escaping {
            Escaping::Html => entities::escape(text),
            Escaping::None => text.to_owned(),
        };
        if changed.is_empty() {
            if new.is_empty() {
                return Vec::new();
            }
            let Some(at) = self.insertion_point(changed.start) else {
                return Vec::new();
            };
            return vec![Edit {
                start: at,
                end: at,
                text: write(new),
            }];
        }
        let pieces = self.pieces(changed.clone());
        let same_length = self.visible[changed.clone()].chars().count() == new.chars().count();
        if pieces.len() > 1 && same_length {
            // Each character is replaced where it stands, so that bold stays where bold was.
            let mut rest = new.chars();
            let mut edits = Vec::new();
            for (source, visible) in pieces {
                let old = &self.visible[visible];
                let text: String = rest.by_ref().take(old.chars().count()).collect();
                if text != old {
                    edits.push(Edit {
                        start: source.start,
                        end: source.end,
                        text: write(&text),
                    });
                }
            }
            return edits;
        }
        let mut text = write(new);
        pieces
            .into_iter()
            .map(|(source, _)| Edit {
                start: source.start,
                end: source.end,
                text: std::mem::take(&mut text),
            })
            .collect()
    }

    /// Where in the source something put before visible byte `at` goes: right after the
    /// character before it, or else right before the one after.
    fn insertion_point(&self, at: usize) -> Option<usize> {
        if at > 0 {
            let before = self.visible[..at].chars().next_back()?.len_utf8();
            Some(self.source_span(at - before..at)?.end)
        } else {
            let after = self.visible.chars().next()?.len_utf8();
            Some(self.source_span(0..after)?.start)
        }
    }
}

fn common_prefix(a: &str, b: &str) -> usize {
    a.chars()
        .zip(b.chars())
        .take_while(|(x, y)| x == y)
        .map(|(x, _)| x.len_utf8())
        .sum()
}

fn common_suffix(a: &str, b: &str) -> usize {
    a.chars()
        .rev()
        .zip(b.chars().rev())
        .take_while(|(x, y)| x == y)
        .map(|(x, _)| x.len_utf8())
        .sum()
}
