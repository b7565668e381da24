//! Word boundaries: around a place by the lexicon of the language model, which is there at once,
//! and of whole texts by jieba, loaded only when a rule asks for it.

use super::language_model;
use super::language_model::lexicon::{Lexicon, MAX_WORD, STRANGER};
use super::language_model::trie::STEPS;
use super::language_model::vocabulary::{FIRST_CHARACTER, Token};
use jieba_rs::Jieba;
use std::ops::Range;
use std::sync::LazyLock;

/// Characters of context that boundaries are judged in, on each side.
const CONTEXT: usize = 12;

/// How much dearer than the boundaries a word across one must be. What is nearly as cheap may be
/// meant: 紧紧 and 扣 where 紧 and 紧扣 are a little cheaper.
const MARGIN: i32 = 4 * STEPS;

/// Dearer than any way to cut a stretch.
const FAR: i32 = i32::MAX / 4;

/// The segmenter; loading it takes a tenth of a second and 30 MB.
pub fn jieba() -> &'static Jieba {
    static JIEBA: LazyLock<Jieba> = LazyLock::new(Jieba::new);
    &JIEBA
}

/// True if word boundaries stand at both ends of `range` (bytes) of `text`, beyond doubt.
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
    let model = language_model::built_in();
    let (mut tokens, mut places) = (Vec::new(), Vec::new());
    model
        .vocabulary
        .tokenize(&text[start..end], &mut tokens, &mut places);
    let first = places.iter().position(|p| start + p.start == range.start);
    let last = places.iter().position(|p| start + p.end == range.end);
    // Otherwise an end stands inside a figure or a foreign word.
    let (Some(first), Some(last)) = (first, last) else {
        return false;
    };
    surplus(&model.lexicon, &tokens, &(first..last + 1)) >= MARGIN
}

/// How much more than the cheapest way to cut that has boundaries at both ends of `range` (of
/// tokens) the cheapest costs that has a word across one of them.
fn surplus(lexicon: &Lexicon, tokens: &[Token], range: &Range<usize>) -> i32 {
    // The lowest cost up to each token: without such a word, and with one.
    let mut within = vec![FAR; tokens.len() + 1];
    let mut across = within.clone();
    within[0] = 0;
    for from in 0..tokens.len() {
        for to in from + 1..=tokens.len().min(from + MAX_WORD) {
            let Some(cost) = cost(lexicon, &tokens[from..to]) else {
                continue;
            };
            let crosses = |end: usize| from < end && end < to;
            if crosses(range.start) || crosses(range.end) {
                across[to] = across[to].min(within[from].min(across[from]) + cost);
            } else {
                within[to] = within[to].min(within[from] + cost);
                across[to] = across[to].min(across[from] + cost);
            }
        }
    }
    across[tokens.len()] - within[tokens.len()]
}

/// The cost of tokens as one word; of a single token always, as any may stand by itself.
fn cost(lexicon: &Lexicon, tokens: &[Token]) -> Option<i32> {
    match tokens {
        [token] if *token < FIRST_CHARACTER => Some(0),
        [_] => Some(lexicon.cost(tokens).unwrap_or(STRANGER)),
        _ => lexicon.cost(tokens),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether what stands between ‹ and › stands alone.
    fn alone(text: &str) -> bool {
        let (before, rest) = text.split_once('‹').expect("‹");
        let (word, after) = rest.split_once('›').expect("›");
        let range = before.len()..before.len() + word.len();
        stands_alone(&[before, word, after].concat(), &range)
    }

    #[test]
    fn words_and_what_is_left_over_stand_alone() {
        assert!(alone("卫生院组织开展义诊‹活›活动。"));
        assert!(alone("各部门抓好贯彻落实‹实›。"));
        assert!(alone("中央‹中央›政治局召开会议"));
    }

    #[test]
    fn parts_of_words_do_not() {
        assert!(!alone("人民检察院应当‹当›面向未成年人宣读"));
        assert!(!alone("双方最终零关税‹税›目的比例"));
        assert!(!alone("增长1‹2›5"));
    }

    #[test]
    fn what_may_be_either_does_not() {
        assert!(!alone("把各项工作‹紧›紧扣在大局上"));
        assert!(!alone("是先行先‹试›试点国家之一"));
        assert!(!alone("把夏季空调‹调›高一度"));
    }
}
