//! Scores of tokens by the n-gram model.
//!
//! Looking n-grams up is waiting for memory. Where several scores are wanted, all are looked up in
//! step, so that they wait together.

use super::nodes::{Branch, Quad, Triple};
use super::trie::{BLOCK, NONE, Ngrams};
use super::vocabulary::{EDGE, Token};
use bytemuck::Zeroable;
use std::hint::select_unpredictable;

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

/// Tokens of a text looked up together, and of what was asked for one by one.
const AHEAD: usize = 64;
const FEW: usize = 32;

/// What is looked up in step. Numbers are [`NONE`] where nothing was seen.
struct Batch<const N: usize> {
    /// The token before, and the token.
    last: [Token; N],
    token: [Token; N],
    /// The two tokens before, as a pair; the three before, as a triple that begins quadruples.
    before: [u32; N],
    begun: [u32; N],
    /// The last token and this one.
    pair: [u32; N],
    /// The last two tokens and this one.
    triple: [u32; N],
    /// `begun` among the triples that begin quadruples.
    inner: [u32; N],
    /// The last three tokens and this one.
    quad: [u32; N],
}

impl<const N: usize> Batch<N> {
    fn new() -> Self {
        Self {
            last: [EDGE; N],
            token: [EDGE; N],
            before: [NONE; N],
            begun: [NONE; N],
            pair: [NONE; N],
            triple: [NONE; N],
            inner: [NONE; N],
            quad: [NONE; N],
        }
    }
}

/// An item of a list; for [`NONE`] any.
///
/// Whether something was seen is as good as a coin's toss: the processor should not guess, and fetch
/// the next items meanwhile.
#[inline]
fn item<T: Copy + Zeroable>(list: &[T], number: u32) -> T {
    match list.len().checked_sub(1) {
        Some(last) => list[(number as usize).min(last)],
        None => T::zeroed(),
    }
}

/// `number` if it is something, else [`NONE`].
#[inline]
fn if_so(so: bool, number: u32) -> u32 {
    select_unpredictable(so, number, NONE)
}

/// The part of a sorted list in which a child number must stand, if it does.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    base: u32,
    size: u32,
    child: u32,
}

impl Place {
    /// The children of an item, if they are to be looked for.
    #[inline]
    fn of(wanted: bool, branches: &[Branch], number: u32, child: u32) -> Self {
        let base = item(branches, number).start();
        let end = item(branches, number.wrapping_add(1)).start();
        Self {
            base,
            size: select_unpredictable(wanted, end.wrapping_sub(base), 0),
            child,
        }
    }

    /// The blocks in which this part lies, of which the first is in doubt and the others begin with
    /// the child numbers of `heads`.
    #[inline]
    fn blocks(self) -> Self {
        let first = self.base / BLOCK;
        let last = (self.base + self.size.max(1) - 1) / BLOCK;
        Self {
            base: first,
            size: last - first + 1,
            child: self.child,
        }
    }

    /// What of this part lies in a block.
    #[inline]
    fn within(self, block: u32) -> Self {
        let base = self.base.max(block * BLOCK);
        let end = (self.base + self.size).min((block + 1) * BLOCK);
        Self {
            base,
            size: end - base,
            child: self.child,
        }
    }

    /// The number of the child after [`search`], [`NONE`] if it is not there.
    #[inline]
    fn found<T: Copy + Zeroable>(self, list: &[T], child: impl Fn(&T) -> u32) -> u32 {
        let here = child(&item(list, self.base)) == self.child;
        if_so((self.size > 0) & here, self.base)
    }
}

/// Halves the places until one item each is left: all in step, so that the memory answers for all
/// at once.
#[inline]
fn narrow<T>(places: &mut [Place], list: &[T], child: impl Fn(&T) -> u32) {
    let mut widest = places.iter().map(|p| p.size).max().unwrap_or(0);
    let Some(last) = list.len().checked_sub(1) else {
        return;
    };
    while widest > 1 {
        for place in places.iter_mut() {
            // A place of one item or none stays what it is.
            let half = place.size / 2;
            let middle = place.base + half;
            let beyond = child(&list[(middle as usize).min(last)]) <= place.child;
            // A wrong guess of the processor would wait for the memory.
            place.base = select_unpredictable(beyond, middle, place.base);
            place.size -= half;
        }
        widest -= widest / 2;
    }
}

/// Narrows the places to the one item each that may be the child: first by the heads of the blocks,
/// which are few and lie close together, then within one block.
#[inline]
fn search<const N: usize, T>(
    places: &mut [Place],
    heads: &[u16],
    list: &[T],
    child: impl Fn(&T) -> u32,
) {
    let mut blocks = [Place::default(); N];
    let blocks = &mut blocks[..places.len()];
    for (block, place) in blocks.iter_mut().zip(&*places) {
        *block = place.blocks();
    }
    narrow(blocks, heads, |&head| u32::from(head));
    for (place, block) in places.iter_mut().zip(blocks) {
        *place = place.within(block.base);
    }
    narrow(places, list, child);
}

impl Ngrams {
    /// Scores `token` after `state`.
    #[inline]
    #[must_use]
    pub fn score(&self, state: State, token: Token) -> Score {
        let mut batch = Batch::<1>::new();
        self.ask(&mut batch, &[(state, token)]);
        self.told(&batch, 0)
    }

    /// Scores tokens, each after a state of its own, and puts the scores in their order into `out`:
    /// quicker than one after the other.
    pub fn score_each(&self, asked: &[(State, Token)], out: &mut Vec<Score>) {
        out.clear();
        let mut batch = Batch::<FEW>::new();
        for part in asked.chunks(FEW) {
            self.ask(&mut batch, part);
            out.extend((0..part.len()).map(|i| self.told(&batch, i)));
        }
    }

    /// Looks up at most `N` tokens, each after a state of its own.
    #[inline]
    fn ask<const N: usize>(&self, batch: &mut Batch<N>, asked: &[(State, Token)]) {
        for (i, &(state, token)) in asked.iter().enumerate().take(N) {
            batch.last[i] = state.last;
            batch.token[i] = token;
            batch.before[i] = state.pair;
            batch.begun[i] = state.triple;
        }
        let n = asked.len().min(N);
        self.pairs(batch, n);
        self.triples(batch, n);
        self.quads(batch, n);
    }

    /// Scores tokens that follow one another from the edge of a text, and calls with the state
    /// before each and its score. What is looked up for one token does not wait for the others: all
    /// pairs of a part first, then all triples, then all quadruples.
    pub fn score_all(&self, tokens: &[Token], mut f: impl FnMut(State, Score)) {
        let mut state = State::edge();
        let mut batch = Batch::<AHEAD>::new();
        for part in tokens.chunks(AHEAD) {
            let n = part.len();
            batch.token[..n].copy_from_slice(part);
            batch.last[0] = state.last;
            batch.last[1..n].copy_from_slice(&part[..n - 1]);
            self.pairs(&mut batch, n);
            batch.before[0] = state.pair;
            batch.before[1..n].copy_from_slice(&batch.pair[..n - 1]);
            self.triples(&mut batch, n);
            batch.begun[0] = state.triple;
            for i in 1..n {
                batch.begun[i] = self.beginning(batch.triple[i - 1]);
            }
            self.quads(&mut batch, n);
            for i in 0..n {
                let score = self.told(&batch, i);
                f(state, score);
                state = score.state;
            }
        }
    }

    /// Looks up the pairs of the first `n`, at most `N`.
    #[inline]
    fn pairs<const N: usize>(&self, batch: &mut Batch<N>, n: usize) {
        for i in 0..n.min(N) {
            let (seen, number) = self.rows.number_if(batch.last[i], batch.token[i]);
            batch.pair[i] = if_so(seen, number);
        }
    }

    /// The same for the triples, once the pairs are known.
    #[inline]
    fn triples<const N: usize>(&self, batch: &mut Batch<N>, n: usize) {
        let mut places = [Place::default(); N];
        let places = &mut places[..n.min(N)];
        for (i, place) in places.iter_mut().enumerate() {
            let (before, pair) = (batch.before[i], batch.pair[i]);
            *place = Place::of(
                (before != NONE) & (pair != NONE),
                &self.pairs,
                before,
                pair.wrapping_sub(self.row_start(batch.last[i])),
            );
        }
        search::<N, _>(
            places,
            &self.triple_heads,
            &self.triples,
            Triple::child_number,
        );
        for (triple, place) in batch.triple.iter_mut().zip(places) {
            *triple = place.found(&self.triples, Triple::child_number);
        }
    }

    /// The same for the quadruples, once the triples are known.
    #[inline]
    fn quads<const N: usize>(&self, batch: &mut Batch<N>, n: usize) {
        let mut places = [Place::default(); N];
        let places = &mut places[..n.min(N)];
        for i in 0..places.len() {
            // What begins quadruples has its bit set.
            let begun = batch.begun[i];
            let number = item(&self.inner, begun / 64).number(1u64 << (begun % 64));
            batch.inner[i] = if_so(begun != NONE, number);
        }
        for (i, place) in places.iter_mut().enumerate() {
            let (inner, triple) = (batch.inner[i], batch.triple[i]);
            *place = Place::of(
                (inner != NONE) & (triple != NONE),
                &self.inners,
                inner,
                triple.wrapping_sub(item(&self.pairs, batch.before[i]).start()),
            );
        }
        search::<N, _>(places, &self.quad_heads, &self.quads, Quad::child_number);
        for (quad, place) in batch.quad.iter_mut().zip(places) {
            *quad = place.found(&self.quads, Quad::child_number);
        }
    }

    /// A triple, if quadruples begin with it.
    #[inline]
    fn beginning(&self, triple: u32) -> u32 {
        if_so(
            (triple != NONE) & item(&self.triples, triple).inner(),
            triple,
        )
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

    /// The score of a token of a batch of which all is known.
    #[inline]
    fn told<const N: usize>(&self, batch: &Batch<N>, i: usize) -> Score {
        let (token, last) = (batch.token[i], batch.last[i]);
        let (pair, triple, quad) = (batch.pair[i], batch.triple[i], batch.quad[i]);
        let state = State {
            last: token,
            pair,
            triple: self.beginning(triple),
        };
        let scored = |cost: i32, order: u8| Score { cost, order, state };
        if quad != NONE {
            return scored(i32::from(self.quads[quad as usize].cost()), 4);
        }
        let mut cost = match batch.inner[i] {
            NONE => 0,
            inner => self.inners[inner as usize].backoff(),
        };
        if triple != NONE {
            cost += i32::from(self.triples[triple as usize].cost());
            return scored(cost, 3);
        }
        if batch.before[i] != NONE {
            cost += self.pairs[batch.before[i] as usize].backoff();
        }
        if pair != NONE {
            return scored(cost + i32::from(self.row_costs[pair as usize]), 2);
        }
        cost += i32::from(self.unigram_backoffs[usize::from(last)]) + self.unigram(token);
        scored(cost, 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dictionary::language_model::kneser_ney::Cuts;
    use crate::dictionary::language_model::training::random::Random;
    use crate::dictionary::language_model::training::train::{Cutting, ngrams};
    use crate::dictionary::language_model::vocabulary::{FIRST_CHARACTER, Vocabulary};
    use std::collections::HashSet;

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
    fn finds_what_is_there_and_nothing_else() {
        // Lists of children longer than a block.
        let characters: Vec<char> = ('\u{4e00}'..).take(70).collect();
        let mut random = Random::new(9);
        let lines: Vec<String> = (0..400)
            .map(|_| {
                let some = |random: &mut Random| {
                    let (a, b) = (random.below(70), random.below(70));
                    characters[a * b / 69]
                };
                (0..60).map(|_| some(&mut random)).collect()
            })
            .collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let cutting = Cutting {
            minimum: 1,
            cuts: Cuts {
                counts: vec![1, 1, 1, 1],
                gains: vec![0.0; 4],
            },
        };
        let (ngrams, vocabulary) = ngrams(&lines, &cutting, &mut |_| ());
        let mut known = [
            HashSet::new(),
            HashSet::new(),
            HashSet::new(),
            HashSet::new(),
        ];
        ngrams.for_each(&mut |ngram| {
            known[ngram.len() - 1].insert(ngram.to_vec());
        });
        assert!(known[2].len() > 5000 && known[3].len() > 5000);
        let after = |tokens: &[Token]| {
            let mut state = State::after(tokens[0]);
            for &token in &tokens[1..] {
                state = ngrams.score(state, token).state;
            }
            state
        };
        let tokens = FIRST_CHARACTER..vocabulary.len() as Token;
        // After two and after three tokens that were seen together, and after what was not.
        for _ in 0..200 {
            let random_token = |random: &mut Random| FIRST_CHARACTER + random.below(70) as Token;
            let context: Vec<Token> = (0..3).map(|_| random_token(&mut random)).collect();
            let mut told = Vec::new();
            let asked: Vec<(State, Token)> = tokens.clone().map(|t| (after(&context), t)).collect();
            ngrams.score_each(&asked, &mut told);
            for (&(_, token), score) in asked.iter().zip(&told) {
                let whole: Vec<Token> = context.iter().copied().chain([token]).collect();
                // A longer form counts only if all that it begins with is known.
                let order = (2..=4)
                    .take_while(|&n| {
                        known[n - 1].contains(&whole[4 - n..])
                            && (n < 3 || known[n - 2].contains(&whole[4 - n..3]))
                    })
                    .last()
                    .unwrap_or(1);
                assert_eq!(usize::from(score.order), order, "{whole:?}");
            }
        }
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
