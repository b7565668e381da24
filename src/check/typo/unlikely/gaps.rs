//! Finding places where a character is missing or one too many. What is proposed there changes the
//! text's length, so it is weighed apart from the other edits.

use super::candidates::keep_least;
use super::search::{Edit, Kind, Search};
use super::text::{REACH, Text};
use crate::dictionary::language_model::lexicon::MAX_WORD;
use crate::dictionary::language_model::vocabulary::{FIRST_CHARACTER, Token, is_han};

impl Search<'_> {
    /// Edits that add or take away one character, at most one a neighbourhood. The text stays.
    pub fn gaps(&mut self, text: &Text) -> Vec<Edit> {
        let mut out: Vec<Edit> = Vec::new();
        for at in 1..text.len() {
            // Where a character is missing or too many, the next one comes unexpected.
            let strange = text.costs[at] >= self.tuning.strange_gap / 2
                && text.costs[at] + text.cost(at + 1) >= self.tuning.strange_gap * 3 / 4
                && text.strangeness(at) >= self.tuning.strange_gap;
            if !strange || !Self::editable(text, at - 1, 2) {
                continue;
            }
            // Beyond the end nothing is unusual.
            let order = |at: usize| text.orders.get(at).copied().unwrap_or(REACH as u8 + 1);
            if order(at + 1) + order(at + 2) < self.tuning.orders_after {
                continue;
            }
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

    /// The best edit with a character more before the token `at`, or without it.
    fn gap(&mut self, text: &Text, at: usize) -> Option<Edit> {
        let ngrams = &self.model.ngrams;
        let (left, own) = (text.tokens[at - 1], text.tokens[at]);
        let end = (at + REACH).min(text.len());
        let now: i32 = text.costs[at..end].iter().sum();
        let price = self.tuning.gap_price;
        let mut best: Option<(i32, i32, Option<Token>)> = None;
        let mut offers = 0;
        let mut offer = |score: i32, token: Option<Token>| {
            offers += 1;
            match &mut best {
                Some((first, second, _)) if score <= *first => *second = (*second).max(score),
                Some((first, second, what)) => (*first, *second, *what) = (score, *first, token),
                None => best = Some((score, 0, token)),
            }
        };
        // Without the token: only where its neighbours are known to stand together.
        if ngrams.seen(left, text.at(at + 1)) {
            let mut state = text.states[at];
            let mut then = 0;
            for &token in &text.tokens[at + 1..end] {
                let score = ngrams.score(state, token);
                then += score.cost;
                state = score.state;
            }
            // A repeated character explains itself.
            let repeated = left == own || text.at(at + 1) == own;
            offer(now - then - if repeated { price / 2 } else { price }, None);
        }
        // With one more: what stands between must make up for its own cost.
        let most = now - price - self.tuning.least_gap;
        let mut between = std::mem::take(&mut self.scratch.between);
        between.clear();
        if text.strangeness(at) >= self.tuning.strange_missing {
            ngrams.for_each_between(left, own, |token, first, second| {
                if first + second < most && token >= FIRST_CHARACTER {
                    between.push((first + second, token));
                }
            });
        }
        keep_least(&mut between, self.tuning.pairs);
        for &(_, token) in &between {
            let mut state = text.states[at];
            let mut then = 0;
            for &token in std::iter::once(&token).chain(&text.tokens[at..end]) {
                let score = ngrams.score(state, token);
                then += score.cost;
                state = score.state;
            }
            if self.model.vocabulary.character(token).is_some_and(is_han) {
                offer(now - then - price, Some(token));
            }
        }
        self.scratch.between = between;
        let (score, second, token) = best.filter(|&(score, ..)| score >= self.tuning.least_gap)?;
        let (mut old, mut new) = ([0; MAX_WORD], [0; MAX_WORD]);
        (old[0], new[0]) = (left, left);
        match token {
            Some(token) => new[1] = token,
            None => old[1] = own,
        }
        let (len, new_len) = if token.is_some() { (1, 2) } else { (2, 1) };
        Some(Edit {
            start: at - 1,
            len,
            new_len,
            old,
            new,
            kind: if token.is_some() {
                Kind::Missing
            } else {
                Kind::Surplus
            },
            alike: 0,
            score,
            lead: score - second,
            rank: 0,
            rivals: offers,
        })
    }
}
