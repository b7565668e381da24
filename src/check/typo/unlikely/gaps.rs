//! Finding places where a character is missing or one too many. What is proposed there changes the
//! text's length, so it is weighed apart from the other edits.

use super::candidates::{FEW, keep_least};
use super::search::{Edit, Kind, Search};
use super::text::{REACH, Text};
use crate::dictionary::language_model::lexicon::MAX_WORD;
use crate::dictionary::language_model::scoring::State;
use crate::dictionary::language_model::trie::STEPS;
use crate::dictionary::language_model::vocabulary::{FIRST_CHARACTER, Token, is_han};

/// How long together, in tokens, the n-grams are that are known to end in the two tokens after a
/// place: the text goes on as usual.
const ORDERS_AFTER: u8 = 5;
/// How much more a place and the next token cost than the two before, in steps.
const CONTRAST: i32 = 4 * STEPS;

/// Whether a place is strange against what stands before it.
fn stands_out(text: &Text, at: usize) -> bool {
    let before = |n: usize| at.checked_sub(n).map_or(0, |i| text.costs[i]);
    text.costs[at] + text.cost(at + 1) - before(1) - before(2) >= CONTRAST
}

/// Whether the text is as usual again after a place. Of the right corrections with p ≥ .9, one in
/// forty is where it is not or where nothing stands out; of the strange places of clean news, nine
/// in ten.
fn goes_on(text: &Text, after: usize) -> bool {
    // Beyond the end nothing is unusual.
    let order = |at: usize| text.orders.get(at).copied().unwrap_or(REACH as u8 + 1);
    order(after + 1) + order(after + 2) >= ORDERS_AFTER
}

/// The gains of what was tried at a place, and the best of it.
#[derive(Default)]
struct Tried {
    best: Option<(i32, Gap)>,
    second: i32,
    count: u16,
}

#[derive(Clone, Copy)]
enum Gap {
    Missing(Token),
    /// So many tokens too many.
    Surplus(usize),
}

impl Tried {
    fn add(&mut self, gain: i32, gap: Gap) {
        self.count += 1;
        match self.best {
            Some((best, _)) if gain <= best => self.second = self.second.max(gain),
            Some((best, _)) => {
                self.second = self.second.max(best);
                self.best = Some((gain, gap));
            }
            None => self.best = Some((gain, gap)),
        }
    }
}

impl Search<'_> {
    /// Edits that add or take away a character or take away a word that stands twice, at most one a
    /// neighbourhood. The text stays.
    pub fn gaps(&mut self, text: &Text) -> Vec<Edit> {
        let mut out: Vec<Edit> = Vec::new();
        for at in 1..text.len() {
            let Some(edit) = self.gap(text, at) else {
                continue;
            };
            match out.last_mut() {
                Some(last) if last.start + 4 > edit.start => {
                    if edit.score > last.score {
                        *last = edit;
                    }
                }
                _ => out.push(edit),
            }
        }
        out
    }

    /// The best edit with a character more before the token `at`, or without what stands there.
    fn gap(&mut self, text: &Text, at: usize) -> Option<Edit> {
        // Where a character is missing or too many, the next one comes unexpected.
        let sharp = text.costs[at] + text.cost(at + 1);
        let tuning = self.tuning;
        if text.costs[at] < tuning.strange_doubled / 2 || sharp < tuning.strange_doubled {
            return None;
        }
        let strange = text.costs[at] >= tuning.strange_gap * 2 / 5
            && sharp >= tuning.strange_gap * 3 / 4
            && text.strangeness(at) >= tuning.strange_gap
            && stands_out(text, at);
        let doubled = self.doubled(text, at);
        if !strange && doubled.is_none() || !Self::editable(text, at - 1, 1) {
            return None;
        }
        let mut tried = Tried::default();
        if let Some(len) = doubled {
            if Self::editable(text, at - len, 2 * len) {
                // What stands twice explains itself.
                let gain = self.without(text, at, len);
                tried.add(gain - tuning.gap_price / 2, Gap::Surplus(len));
            }
        } else if Self::editable(text, at, 1)
            && goes_on(text, at + 1)
            && self.model.ngrams.seen(text.tokens[at - 1], text.at(at + 1))
        {
            // Its neighbours are known to stand together.
            let gain = self.without(text, at, 1);
            tried.add(gain - tuning.gap_price, Gap::Surplus(1));
        }
        if strange && goes_on(text, at) {
            self.missing(text, at, &mut tried);
        }
        let (score, gap) = tried.best.filter(|&(gain, _)| gain >= tuning.least_gap)?;
        let (mut old, mut new) = ([0; MAX_WORD], [0; MAX_WORD]);
        let (kind, start, len, new_len) = match gap {
            Gap::Missing(_) => (Kind::Missing, at - 1, 1, 2),
            Gap::Surplus(n) => (Kind::Surplus, at - n, 2 * n, n),
        };
        old[..len].copy_from_slice(&text.tokens[start..start + len]);
        new[..len.min(new_len)].copy_from_slice(&old[..len.min(new_len)]);
        if let Gap::Missing(token) = gap {
            new[1] = token;
        }
        Some(Edit {
            start,
            len,
            new_len,
            old,
            new,
            kind,
            alike: 0,
            score,
            lead: score - tried.second,
            rank: 0,
            rivals: tried.count,
        })
    }

    /// How many tokens stand twice where the second copy begins at `at`: one, or a word of two.
    fn doubled(&self, text: &Text, at: usize) -> Option<usize> {
        let copy = |len: usize| {
            let first = text.tokens.get(at.checked_sub(len)?..at)?;
            (text.tokens.get(at..at + len)? == first).then_some(len)
        };
        let is_word = |from: usize, to: usize| {
            let word = text.tokens.get(from..to);
            word.is_some_and(|word| self.model.lexicon.cost(word).is_some())
        };
        copy(1).or_else(|| {
            // Of 今年全年全国, 支队支队长 and 集装箱装箱 nothing is too much.
            let is_too_much = |&_: &usize| {
                is_word(at, at + 2)
                    && !is_word(at, at + 3)
                    && !at.checked_sub(3).is_some_and(|from| is_word(from, at))
            };
            copy(2).filter(is_too_much)
        })
    }

    /// What the text gains without so many tokens from `at` on.
    fn without(&self, text: &Text, at: usize, len: usize) -> i32 {
        let end = (at + len + REACH).min(text.len());
        let now: i32 = text.costs[at..end].iter().sum();
        now - self.cost_of(text.states[at], &text.tokens[at + len..end], i32::MAX)
    }

    /// The cost of these tokens after a state. Where it is more than `most`, it may be anything more.
    fn cost_of(&self, mut state: State, tokens: &[Token], most: i32) -> i32 {
        let mut sum = 0;
        for &token in tokens {
            let score = self.model.ngrams.score(state, token);
            sum += score.cost;
            state = score.state;
            if sum > most {
                break;
            }
        }
        sum
    }

    /// Tries a character more before the token `at`: such as is seen between its neighbours, and
    /// such as goes on what stands before it.
    fn missing(&mut self, text: &Text, at: usize, tried: &mut Tried) {
        let ngrams = &self.model.ngrams;
        let (left, own) = (text.tokens[at - 1], text.tokens[at]);
        let end = (at + REACH).min(text.len());
        let now: i32 = text.costs[at..end].iter().sum();
        let price = self.tuning.gap_price;
        // What stands between must make up for its own cost.
        let most = now - price - self.tuning.least_gap;
        let mut between = std::mem::take(&mut self.scratch.between);
        between.clear();
        let is_han = |token: Token| self.model.vocabulary.character(token).is_some_and(is_han);
        ngrams.for_each_between(left, own, |token, first, second| {
            if first + second < most && token >= FIRST_CHARACTER && is_han(token) {
                between.push((first + second, token));
            }
        });
        ngrams.for_each_after(text.states[at], FEW, |token, cost| {
            if token >= FIRST_CHARACTER && is_han(token) && !ngrams.seen(token, own) {
                let rough = cost + ngrams.unseen_pair(token, own);
                if rough < most {
                    between.push((rough, token));
                }
            }
        });
        keep_least(&mut between, self.tuning.pairs);
        for &(_, token) in &between {
            let mut tokens = [token; REACH + 1];
            let rest = &text.tokens[at..end];
            tokens[1..=rest.len()].copy_from_slice(rest);
            let then = self.cost_of(text.states[at], &tokens[..=rest.len()], now);
            tried.add(now - then - price, Gap::Missing(token));
        }
        self.scratch.between = between;
    }
}
