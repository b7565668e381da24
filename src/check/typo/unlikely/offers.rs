//! Weighing the changes thought of: all in step, so that the memory answers for all at
//! once.

use super::search::{Edit, Kind, Search};
use super::text::{REACH, Text};
use crate::dictionary::language_model::lexicon::MAX_WORD;
use crate::dictionary::language_model::scoring::{Score, State};
use crate::dictionary::language_model::vocabulary::Token;

/// How a change came about: its kind, how its first character is alike, its price in steps.
#[derive(Clone, Copy)]
pub(super) struct Way {
    kind: Kind,
    alike: u16,
    price: i32,
}

impl Way {
    pub(super) fn new(kind: Kind, alike: u16, price: i32) -> Self {
        Self { kind, alike, price }
    }
}

/// A change and what is known of its cost.
pub(super) struct Offer {
    start: usize,
    len: usize,
    new: [Token; MAX_WORD],
    way: Way,
    /// What the text costs now, as far as the change reaches.
    now: i32,
    /// Tokens scored, the sum of their costs, and the state after them.
    scored: usize,
    sum: i32,
    state: State,
}

impl Offer {
    /// As many tokens from `start` on replaced.
    pub(super) fn new(text: &Text, start: usize, tokens: &[Token], way: Way) -> Self {
        let mut new = [0; MAX_WORD];
        new[..tokens.len()].copy_from_slice(tokens);
        Self {
            start,
            len: tokens.len(),
            new,
            way,
            now: text.cost_now(start, tokens.len()),
            scored: 0,
            sum: 0,
            state: text.states[start],
        }
    }

    /// The same, the next token being scored.
    pub(super) fn begun(mut self, score: Score) -> Self {
        self.add(score);
        self
    }

    fn add(&mut self, score: Score) {
        self.scored += 1;
        self.sum += score.cost;
        self.state = score.state;
    }

    /// The next token to be scored, the text's own after the new ones.
    fn next(&self, text: &Text) -> Token {
        if self.scored < self.len {
            self.new[self.scored]
        } else {
            text.tokens[self.start + self.scored]
        }
    }

    fn edit(&self, text: &Text) -> Edit {
        let mut old = [0; MAX_WORD];
        old[..self.len].copy_from_slice(&text.tokens[self.start..self.start + self.len]);
        Edit {
            start: self.start,
            len: self.len,
            new_len: self.len,
            old,
            new: self.new,
            kind: self.way.kind,
            alike: self.way.alike,
            score: self.gain(),
            lead: 0,
            rank: 0,
            rivals: 0,
        }
    }

    fn gain(&self) -> i32 {
        self.now - self.sum - self.way.price
    }
}

impl Search<'_> {
    /// Calls with what was offered and gains anything. Nothing is offered any more afterwards.
    pub(super) fn weigh(&mut self, text: &mut Text, mut f: impl FnMut(Edit)) {
        let mut offers = std::mem::take(&mut self.scratch.offers);
        let (asked, scores) = (&mut self.scratch.asked, &mut self.scratch.scores);
        let slight = self.tuning.slight;
        loop {
            offers.retain(|offer| {
                if offer.gain() <= slight {
                    return false;
                }
                let end = (offer.start + offer.len + REACH).min(text.len());
                if offer.start + offer.scored < end {
                    return true;
                }
                f(offer.edit(text));
                false
            });
            if offers.is_empty() {
                break;
            }
            asked.clear();
            asked.extend(offers.iter().map(|o| (o.state, o.next(text))));
            text.queries += asked.len();
            self.model.ngrams.score_each(asked, scores);
            for (offer, &score) in offers.iter_mut().zip(&*scores) {
                offer.add(score);
            }
        }
        self.scratch.offers = offers;
    }
}
