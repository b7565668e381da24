//! Word boundaries by jieba, loaded only when a rule asks for them.

use jieba_rs::Jieba;
use std::ops::Range;
use std::sync::LazyLock;

/// Characters of context that boundaries are judged in, on each side.
const CONTEXT: usize = 12;

/// The segmenter; loading it takes a tenth of a second and 30 MB.
pub fn jieba() -> &'static Jieba {
    static JIEBA: LazyLock<Jieba> = LazyLock::new(Jieba::new);
    &JIEBA
}

/// True if word boundaries stand at both ends of `range` (bytes) of `text`.
pub fn stands_alone(text: &str, range: &Range<usize>) -> bool {
    let start = text[..range.start]
        .char_indices()
        .rev()
        .nth(CONTEXT - 1)
        .map_or(0, |(at, _)| at);
    let end = text[range.end..]
        .char_indices()
        .nth(CONTEXT)
        .map_or(text.len(), |(at, _)| range.end + at);
    let mut at = start;
    let mut starts = false;
    let mut ends = false;
    for word in jieba().cut(&text[start..end], false) {
        starts |= at == range.start;
        at += word.word.len();
        ends |= at == range.end;
    }
    starts && ends
}
