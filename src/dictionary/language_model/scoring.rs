//! Scores of tokens by the n-gram model.
//!
//! Looking n-grams up is waiting for memory. Where several scores are wanted, all are looked up in
//! step, so that they wait together.

use super::trie::{NONE, Ngrams, Triple};
use super::vocabulary::{EDGE, Token};

/// What is known of the tokens before a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    last: Token,
    pair: u32,
    triple: u32,
}

impl State {
    /// The state at the edge of a text.
    #[must_use]
    pub fn edge() -> Self {
        Self::after(EDGE)
    }

    /// The state after one token, nothing before it being known.
    #[must_use]
    pub fn after(token: Token) -> Self {
        Self {
            last: token,
            pair: NONE,
            triple: NONE,
        }
    }
}

/// One token's score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Score {
    /// In steps of 1/[`STEPS`] nat.
    pub cost: i32,
    /// Length of the longest n-gram found, 1 to 4.
    pub order: u8,
    pub state: State,
}

/// Tokens looked up together.
const AHEAD: usize = 32;

/// The numbers of what was seen, [`NONE`] for what was not.
#[derive(Clone, Copy)]
struct Known {
    /// The last token and this one.
    pair: u32,
    /// The last two tokens and this one.
    triple: u32,
    /// The last three tokens, among the triples that begin quadruples.
    inner: u32,
    /// The last three tokens and this one.
    quad: u32,
}

impl Default for Known {
    fn default() -> Self {
        Self {
            pair: NONE,
            triple: NONE,
            inner: NONE,
            quad: NONE,
        }
    }
}

/// The part of a sorted list in which a child number must stand, if it does.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    base: u32,
    size: u32,
    child: u32,
}

impl Place {
    /// The number of the child, [`NONE`] if it is not there.
    #[inline]
    fn find<T>(self, list: &[T], child: impl Fn(&T) -> u32) -> u32 {
        let list = &list[self.base as usize..(self.base + self.size) as usize];
        let at = list.partition_point(|item| child(item) < self.child);
        let here = list.get(at).is_some_and(|item| child(item) == self.child);
        if here { self.base + at as u32 } else { NONE }
    }

    /// The same after [`narrow`].
    #[inline]
    fn found<T>(self, list: &[T], child: impl Fn(&T) -> u32) -> u32 {
        let here = self.size > 0 && child(&list[self.base as usize]) == self.child;
        if here { self.base } else { NONE }
    }
}

/// Halves the places until one item each is left: all in step, so that the memory answers for all
/// at once.
#[inline]
fn narrow<T>(places: &mut [Place], list: &[T], child: impl Fn(&T) -> u32) {
    let mut widest = places.iter().map(|p| p.size).max().unwrap_or(0);
    while widest > 1 {
        for place in places.iter_mut() {
            // A place of one item or none stays what it is.
            let half = place.size / 2;
            let middle = place.base + half;
            let item = list.get(middle as usize);
            let beyond = item.is_some_and(|item| child(item) <= place.child);
            place.base = if beyond { middle } else { place.base };
            place.size -= half;
        }
        widest -= widest / 2;
    }
}

impl Ngrams {
    /// Scores `token` after `state`.
    #[inline]
    #[must_use]
    pub fn score(&self, state: State, token: Token) -> Score {
        let pair = self.rows.number(state.last, token);
        let mut known = Known {
            pair: pair.map_or(NONE, |n| n as u32),
            triple: NONE,
            inner: self.inner_number(state.triple),
            quad: NONE,
        };
        if state.pair != NONE && known.pair != NONE {
            let place = self.triples_of(state.pair, state.last, known.pair);
            known.triple = place.find(&self.triples, Triple::child_number);
        }
        if known.triple != NONE && known.inner != NONE {
            let place = self.quads_of(known.inner, state.pair, known.triple);
            known.quad = place.find(&self.quad_children, |&child| u32::from(child));
        }
        self.assemble(state, token, known)
    }

    /// Scores tokens, each after a state of its own, and puts the scores in their order into `out`:
    /// quicker than one after the other.
    pub fn score_each(&self, asked: &[(State, Token)], out: &mut Vec<Score>) {
        out.clear();
        for part in asked.chunks(AHEAD) {
            let mut known = [Known::default(); AHEAD];
            for (known, &(state, token)) in known.iter_mut().zip(part) {
                let pair = self.rows.number(state.last, token);
                known.pair = pair.map_or(NONE, |n| n as u32);
                known.inner = self.inner_number(state.triple);
            }
            let known = &mut known[..part.len()];
            let mut places = [Place::default(); AHEAD];
            for ((place, known), &(state, _)) in places.iter_mut().zip(&*known).zip(part) {
                if state.pair != NONE && known.pair != NONE {
                    *place = self.triples_of(state.pair, state.last, known.pair);
                }
            }
            let places = &mut places[..part.len()];
            narrow(places, &self.triples, Triple::child_number);
            for ((place, known), &(state, _)) in places.iter_mut().zip(known.iter_mut()).zip(part) {
                known.triple = place.found(&self.triples, Triple::child_number);
                *place = if known.triple != NONE && known.inner != NONE {
                    self.quads_of(known.inner, state.pair, known.triple)
                } else {
                    Place::default()
                };
            }
            narrow(places, &self.quad_children, |&child| u32::from(child));
            for ((place, known), &(state, token)) in places.iter().zip(known.iter_mut()).zip(part) {
                known.quad = place.found(&self.quad_children, |&child| u32::from(child));
                out.push(self.assemble(state, token, *known));
            }
        }
    }

    /// Scores tokens that follow one another from the edge of a text, and calls with the state
    /// before each and its score. What is looked up for one token does not wait for the others: all
    /// pairs of a part first, then all triples, then all quadruples.
    pub fn score_all(&self, tokens: &[Token], mut f: impl FnMut(State, Score)) {
        let mut state = State::edge();
        for part in tokens.chunks(AHEAD) {
            let mut pairs = [NONE; AHEAD];
            let mut last = state.last;
            for (pair, &token) in pairs.iter_mut().zip(part) {
                *pair = self.rows.number(last, token).map_or(NONE, |n| n as u32);
                last = token;
            }

            let mut places = [Place::default(); AHEAD];
            let (mut context, mut last) = (state.pair, state.last);
            for ((place, &pair), &token) in places.iter_mut().zip(&pairs).zip(part) {
                if context != NONE && pair != NONE {
                    *place = self.triples_of(context, last, pair);
                }
                (context, last) = (pair, token);
            }
            narrow(&mut places, &self.triples, Triple::child_number);
            let triples = places.map(|place| place.found(&self.triples, Triple::child_number));

            let mut inners = [NONE; AHEAD];
            let mut context = state.triple;
            for (inner, &triple) in inners.iter_mut().zip(&triples).take(part.len()) {
                *inner = self.inner_number(context);
                let begins = triple != NONE && self.triples[triple as usize].inner();
                context = if begins { triple } else { NONE };
            }
            let mut places = [Place::default(); AHEAD];
            let mut context = state.pair;
            let numbers = pairs.iter().zip(&triples).zip(&inners);
            for (place, ((&pair, &triple), &inner)) in places.iter_mut().zip(numbers) {
                if triple != NONE && inner != NONE {
                    *place = self.quads_of(inner, context, triple);
                }
                context = pair;
            }
            narrow(&mut places, &self.quad_children, |&child| u32::from(child));
            let quads = places.map(|place| place.found(&self.quad_children, |&c| u32::from(c)));

            for (i, &token) in part.iter().enumerate() {
                let known = Known {
                    pair: pairs[i],
                    triple: triples[i],
                    inner: inners[i],
                    quad: quads[i],
                };
                let score = self.assemble(state, token, known);
                f(state, score);
                state = score.state;
            }
        }
    }

    /// Calls with the tokens seen after the last two and with their costs there, where so few are
    /// known.
    pub fn for_each_after(&self, state: State, few: usize, mut f: impl FnMut(Token, i32)) {
        if state.pair == NONE {
            return;
        }
        let pair = state.pair as usize;
        let (from, to) = (self.pairs[pair].start(), self.pairs[pair + 1].start());
        let list = &self.triples[from as usize..to as usize];
        if list.len() > few {
            return;
        }
        let first = self.row_start(state.last);
        for triple in list {
            let number = first + triple.child_number();
            f(
                self.rows.column(state.last, number),
                i32::from(triple.cost()),
            );
        }
    }

    /// The number among the triples that begin quadruples.
    #[inline]
    fn inner_number(&self, triple: u32) -> u32 {
        self.inner_index(triple).map_or(NONE, |i| i as u32)
    }

    /// Where the triple of the pair `context`, which ends in `last`, and the pair `pair`, which
    /// begins with it, would stand.
    #[inline]
    fn triples_of(&self, context: u32, last: Token, pair: u32) -> Place {
        let from = self.pairs[context as usize].start();
        Place {
            base: from,
            size: self.pairs[context as usize + 1].start() - from,
            child: pair - self.row_start(last),
        }
    }

    /// Where the quadruple of an inner triple and `triple`, whose first pair is `context`, would
    /// stand.
    #[inline]
    fn quads_of(&self, inner: u32, context: u32, triple: u32) -> Place {
        let from = self.quad_starts[inner as usize];
        Place {
            base: from,
            size: self.quad_starts[inner as usize + 1] - from,
            child: triple - self.pairs[context as usize].start(),
        }
    }

    /// The score of `token` from all that was looked up.
    #[inline]
    fn assemble(&self, state: State, token: Token, known: Known) -> Score {
        let Known {
            pair,
            triple,
            inner,
            quad,
        } = known;
        let mut next = State {
            last: token,
            pair,
            triple: NONE,
        };
        let scored = |cost: i32, order: u8, state: State| Score { cost, order, state };
        if triple != NONE && self.triples[triple as usize].inner() {
            next.triple = triple;
        }
        if quad != NONE {
            return scored(i32::from(self.quad_costs[quad as usize]), 4, next);
        }
        let mut cost = match inner {
            NONE => 0,
            inner => i32::from(self.inner_backoffs[inner as usize]),
        };
        if triple != NONE {
            cost += i32::from(self.triples[triple as usize].cost());
            return scored(cost, 3, next);
        }
        if state.pair != NONE {
            cost += i32::from(self.pairs[state.pair as usize].backoff());
        }
        if pair != NONE {
            return scored(cost + i32::from(self.row_costs[pair as usize]), 2, next);
        }
        cost += i32::from(self.unigram_backoffs[usize::from(state.last)]) + self.unigram(token);
        scored(cost, 1, next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dictionary::language_model::training::random::Random;
    use crate::dictionary::language_model::training::train::{Cutting, ngrams};
    use crate::dictionary::language_model::vocabulary::Vocabulary;

    /// A model of a few sentences said over and over, and texts put together from their characters.
    fn model() -> (Ngrams, Vocabulary, Vec<Vec<Token>>) {
        let lines = [
            "示例县召开工作会议",
            "会议由县长主持",
            "县里召开会议研究工作",
            "工作由县里研究",
        ];
        let many: Vec<&str> = lines.iter().copied().cycle().take(60).collect();
        let cutting = Cutting {
            minimum: 1,
            ..Cutting::default()
        };
        let (ngrams, vocabulary) = ngrams(&many, &cutting, &mut |_| ());
        let mut random = Random::new(5);
        let texts = (0..40).map(|_| {
            let line: Vec<char> = lines[random.below(lines.len())].chars().collect();
            let other: Vec<char> = lines[random.below(lines.len())].chars().collect();
            let at = random.below(line.len());
            let long = line.iter().chain(&other[at.min(other.len())..]).cycle();
            long.take(20 + random.below(60))
                .map(|&c| vocabulary.token(c))
                .collect()
        });
        let texts = texts.collect();
        (ngrams, vocabulary, texts)
    }

    #[test]
    fn scores_are_the_same_one_by_one_and_together() {
        let (ngrams, _, texts) = model();
        let mut orders = std::collections::BTreeSet::new();
        for tokens in &texts {
            let mut all = Vec::new();
            ngrams.score_all(tokens, |state, score| all.push((state, score)));
            assert_eq!(all.len(), tokens.len());
            let mut state = State::edge();
            for (&token, &(before, score)) in tokens.iter().zip(&all) {
                assert_eq!(before, state);
                assert_eq!(ngrams.score(state, token), score);
                state = score.state;
                orders.insert(score.order);
            }
            let asked: Vec<(State, Token)> = all
                .iter()
                .map(|a| a.0)
                .zip(tokens.iter().copied())
                .collect();
            let mut out = Vec::new();
            ngrams.score_each(&asked, &mut out);
            assert_eq!(out, all.iter().map(|a| a.1).collect::<Vec<_>>());
        }
        // All lengths of n-grams were met.
        assert_eq!(orders.into_iter().collect::<Vec<_>>(), [1, 2, 3, 4]);
    }

    #[test]
    fn knows_what_follows_two_tokens() {
        let (ngrams, vocabulary, _) = model();
        let mut state = State::edge();
        for c in "县里".chars() {
            state = ngrams.score(state, vocabulary.token(c)).state;
        }
        let mut after = Vec::new();
        ngrams.for_each_after(state, 10, |token, cost| {
            assert!(ngrams.score(state, token).order > 2);
            assert!(cost >= 0);
            after.extend(vocabulary.character(token));
        });
        after.sort_unstable();
        assert_eq!(after, ['召', '研']);
    }
}
