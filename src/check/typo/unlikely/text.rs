//! One block of text under examination: its tokens and what the model says.

use crate::dictionary::language_model::scoring::State;
use crate::dictionary::language_model::trie::Ngrams;
use crate::dictionary::language_model::vocabulary::{EDGE, Token, Vocabulary, is_han};
use std::ops::Range;

/// Longest context of the model, in tokens: an edit changes the score of this
/// many tokens after it.
pub const REACH: usize = 3;

/// Tokens of a block with their scores. One edge token stands at the end.
#[derive(Debug, Default)]
pub struct Text {
    pub tokens: Vec<Token>,
    /// Byte range of each token; the edge's is empty.
    pub ranges: Vec<Range<usize>>,
    /// First character of each token.
    pub characters: Vec<char>,
    /// State before each token.
    pub states: Vec<State>,
    pub costs: Vec<i32>,
    pub orders: Vec<u8>,
    /// Positions that may be edited.
    pub editable: Vec<bool>,
    /// Model queries made, for tests of linear work.
    pub queries: usize,
}

impl Text {
    /// Cuts and scores a text.
    pub fn new(text: &str, vocabulary: &Vocabulary, ngrams: &Ngrams) -> Self {
        let mut this = Self::default();
        vocabulary.tokenize(text, &mut this.tokens, &mut this.ranges);
        this.characters.extend(
            this.ranges
                .iter()
                .map(|r| text[r.clone()].chars().next().unwrap_or('\0')),
        );
        this.editable
            .extend(this.characters.iter().map(|&c| is_han(c)));
        this.tokens.push(EDGE);
        this.ranges.push(text.len()..text.len());
        this.characters.push('\0');
        this.editable.push(false);
        let n = this.tokens.len();
        this.states.reserve(n);
        this.costs.reserve(n);
        this.orders.reserve(n);
        let (states, costs, orders) = (&mut this.states, &mut this.costs, &mut this.orders);
        ngrams.score_all(&this.tokens, |state, score| {
            states.push(state);
            costs.push(score.cost);
            orders.push(score.order);
        });
        this.queries += n;
        this
    }

    /// Number of tokens, the edge included.
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Never true: the edge is always there.
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// The token before a place.
    pub fn before(&self, at: usize) -> Token {
        at.checked_sub(1).map_or(EDGE, |i| self.tokens[i])
    }

    /// The token at a place, the edge beyond the end.
    pub fn at(&self, at: usize) -> Token {
        self.tokens.get(at).copied().unwrap_or(EDGE)
    }

    /// The cost at a place, 0 beyond the ends.
    pub fn cost(&self, at: usize) -> i32 {
        self.costs.get(at).copied().unwrap_or(0)
    }

    /// How badly a place reads: the costs there and right of it, and half of
    /// the costs of their neighbours. An error shows most where it is and in
    /// the token after it.
    pub fn strangeness(&self, at: usize) -> i32 {
        let left = at.checked_sub(1).map_or(0, |i| self.costs[i]);
        self.costs[at] + self.cost(at + 1) + (left + self.cost(at + 2)) / 2
    }

    /// Puts new tokens in place and scores anew what they touch.
    pub fn replace(&mut self, start: usize, new: &[Token], ngrams: &Ngrams) {
        self.tokens[start..start + new.len()].copy_from_slice(new);
        let mut state = self.states[start];
        let end = (start + new.len() + REACH).min(self.len());
        for i in start..end {
            self.states[i] = state;
            let score = ngrams.score(state, self.tokens[i]);
            self.costs[i] = score.cost;
            self.orders[i] = score.order;
            state = score.state;
        }
        if let Some(slot) = self.states.get_mut(end) {
            *slot = state;
        }
        self.queries += end - start;
    }

    /// The tokens `margin` on either side of some and themselves, as a text of its own, and how
    /// many tokens were left out before it. Its scores are those of the whole.
    #[must_use]
    pub fn around(&self, tokens: Range<usize>, margin: usize) -> (Self, usize) {
        let from = tokens.start.saturating_sub(margin);
        let to = (tokens.end + margin).min(self.len());
        let part = Self {
            tokens: self.tokens[from..to].to_vec(),
            ranges: self.ranges[from..to].to_vec(),
            characters: self.characters[from..to].to_vec(),
            states: self.states[from..to].to_vec(),
            costs: self.costs[from..to].to_vec(),
            orders: self.orders[from..to].to_vec(),
            editable: self.editable[from..to].to_vec(),
            queries: 0,
        };
        (part, from)
    }

    /// Puts other tokens, more or fewer, in place of those from `start` to `end` and scores anew
    /// what they touch. Ranges of new tokens are those of the first old one.
    pub fn splice(&mut self, start: usize, end: usize, new: &[(Token, char)], ngrams: &Ngrams) {
        let (range, state) = (self.ranges[start].clone(), self.states[start]);
        let n = new.len();
        self.tokens.splice(start..end, new.iter().map(|&(t, _)| t));
        self.characters
            .splice(start..end, new.iter().map(|&(_, c)| c));
        self.ranges
            .splice(start..end, std::iter::repeat_n(range, n));
        self.states
            .splice(start..end, std::iter::repeat_n(state, n));
        self.costs.splice(start..end, std::iter::repeat_n(0, n));
        self.orders.splice(start..end, std::iter::repeat_n(0, n));
        self.editable
            .splice(start..end, std::iter::repeat_n(false, n));
        let tokens = self.tokens[start..start + n].to_vec();
        self.replace(start, &tokens, ngrams);
    }

    /// The sum of costs from `start` to the end of the reach of `len` tokens.
    pub fn cost_now(&self, start: usize, len: usize) -> i32 {
        self.costs[start..(start + len + REACH).min(self.len())]
            .iter()
            .sum()
    }
}
