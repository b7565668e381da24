//! Weighing the changes thought of at a place: all in step, so that the memory answers for all at
//! once.

use super::search::{Best, Edit, Kind, Search};
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
    len: usize,
    new: [Token; MAX_WORD],
    way: Way,
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
            len: tokens.len(),
            new,
            way,
            scored: 0,
            sum: 0,
            state: text.states[start],
        }
    }

    /// The same, the next token being scored.
    pub(super) fn begun(mut self, score: Score) -> Self {
        self.scored += 1;
        self.sum += score.cost;
        self.state = score.state;
        self
    }

    /// The next token to be scored, the text's own after the new ones.
    fn next(&self, text: &Text, start: usize) -> Token {
        if self.scored < self.len {
            self.new[self.scored]
        } else {
            text.tokens[start + self.scored]
        }
    }

    fn edit(&self, text: &Text, start: usize, score: i32) -> Edit {
        let mut old = [0; MAX_WORD];
        old[..self.len].copy_from_slice(&text.tokens[start..start + self.len]);
        Edit {
            start,
            len: self.len,
            new_len: self.len,
            old,
            new: self.new,
            kind: self.way.kind,
            alike: self.way.alike,
            score,
            lead: 0,
            rank: 0,
            rivals: 0,
        }
    }
}

impl Search<'_> {
    /// The best of what was offered for `start`. Nothing is offered any more afterwards.
    pub(super) fn weigh(&mut self, text: &mut Text, start: usize) -> Best {
        let mut best = Best::default();
        let mut offers = std::mem::take(&mut self.scratch.offers);
        let (asked, scores) = (&mut self.scratch.asked, &mut self.scratch.scores);
        let mut now = [0; MAX_WORD + 1];
        for (len, now) in now.iter_mut().enumerate() {
            *now = text.cost_now(start, len);
        }
        let gain = |o: &Offer| now[o.len] - o.sum - o.way.price;
        let least = self.tuning.least / 2;
        loop {
            offers.retain(|offer| {
                let gain = gain(offer);
                if gain <= least {
                    return false;
                }
                let end = (start + offer.len + REACH).min(text.len());
                if start + offer.scored < end {
                    return true;
                }
                best.insert(offer.edit(text, start, gain));
                false
            });
            if offers.is_empty() {
                break;
            }
            asked.clear();
            asked.extend(offers.iter().map(|o| (o.state, o.next(text, start))));
            text.queries += asked.len();
            self.model.ngrams.score_each(asked, scores);
            for (offer, score) in offers.iter_mut().zip(&*scores) {
                offer.scored += 1;
                offer.sum += score.cost;
                offer.state = score.state;
            }
        }
        self.scratch.offers = offers;
        best
    }
}
