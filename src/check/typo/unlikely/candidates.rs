//! What may have been meant at a place: characters and words that are alike, and what else fits.

use super::offers::{Offer, Way};
use super::search::{Kind, Search};
use super::text::Text;
use crate::dictionary::language_model::characters::{Likeness, alike};
use crate::dictionary::language_model::lexicon::{MAX_WORD, word_tokens};
use crate::dictionary::language_model::model::{Model, sound_key};
use crate::dictionary::language_model::scoring::{Score, State};
use crate::dictionary::language_model::vocabulary::{FIRST_CHARACTER, Token, UNKNOWN};
use std::cell::LazyCell;

/// The price of each combination of ways to be alike, in steps.
const PRICES: [u8; 64] = {
    let prices: [(u16, u8); 6] = [
        (alike::TONE, 0),
        (alike::FUNCTION, 1),
        (alike::SOUND, 3),
        (alike::SHAPE, 6),
        (alike::NEAR, 9),
        (alike::CODE, 10),
    ];
    let mut table = [15; 64];
    let mut how = 0;
    while how < table.len() {
        let mut way = prices.len();
        // The cheapest way stands first and is written last.
        while way > 0 {
            way -= 1;
            if how & prices[way].0 as usize != 0 {
                table[how] = prices[way].1;
            }
        }
        how += 1;
    }
    table
};

/// The price of a character's likeness in steps.
#[inline]
fn price(how: u16) -> i32 {
    i32::from(PRICES[usize::from(how) % PRICES.len()])
}

/// Cells of the commonest tokens, 64 in each.
const FAMILIAR_CELLS: u32 = 28;

/// Where more than this many tokens are known to go on what stands before a place, none is tried.
pub(super) const FEW: usize = 200;

/// A character for another, judged by the pairs that it makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    rough: i32,
    token: Token,
    ways: u16,
    /// Cost of the next token after it.
    right: i32,
}

/// The same, judged by all that stands before it and the token after it.
struct Scored {
    value: i32,
    candidate: Candidate,
    first: Score,
}

/// Scratch space, kept between places.
#[derive(Default)]
pub struct Scratch {
    rare: Vec<Likeness>,
    ranked: Vec<Candidate>,
    scored: Vec<Scored>,
    pub(super) offers: Vec<Offer>,
    pub(super) asked: Vec<(State, Token)>,
    pub(super) scores: Vec<Score>,
    pub(super) between: Vec<(i32, Token)>,
    firsts: Vec<(i32, Token, u16)>,
    seconds: Vec<(i32, Token, u16)>,
    pairs: Vec<(i32, Token, Token, i32, u16)>,
    words: Vec<(i32, [Token; 3])>,
    found: Vec<usize>,
}

/// What the character at a place may stand for.
fn alike_at<'a>(
    model: &'a Model,
    text: &Text,
    at: usize,
    rare: &'a mut Vec<Likeness>,
) -> &'a [Likeness] {
    let token = text.tokens[at];
    if token != UNKNOWN {
        return model.characters.alike(token);
    }
    model
        .characters
        .rare_alike(text.characters[at], &model.vocabulary, rare);
    rare
}

/// Keeps the `n` least items, in order.
pub(super) fn keep_least<T: Ord>(items: &mut Vec<T>, n: usize) {
    if items.len() > n {
        items.select_nth_unstable(n);
        items.truncate(n);
    }
    items.sort_unstable();
}

impl Search<'_> {
    fn offer(&mut self, text: &Text, at: usize, new: &[Token], way: Way) {
        self.scratch.offers.push(Offer::new(text, at, new, way));
    }

    /// Characters that are alike.
    pub(super) fn characters(&mut self, text: &Text, at: usize) {
        let ngrams = &self.model.ngrams;
        let (left, right) = (text.before(at), text.at(at + 1));
        let mut ranked = std::mem::take(&mut self.scratch.ranked);
        let mut scored = std::mem::take(&mut self.scratch.scored);
        ranked.clear();
        // The stranger the place, the longer the search.
        let strangeness = self.strangeness(text, at);
        let beam = if strangeness >= self.tuning.strange_any {
            self.tuning.beam * 2
        } else if strangeness >= self.tuning.strange_words {
            self.tuning.beam
        } else {
            self.tuning.beam.div_ceil(2)
        };
        let own = text.tokens[at];
        // Pairs alone must not speak against it too loudly.
        let most = ngrams.pair(left, own) + ngrams.pair(own, right) + self.tuning.slack;
        // Pairs that were never seen cost what their parts do.
        let mut rank = |token: Token, ways: u16, first: Option<i32>, second: Option<i32>| {
            let rough = first.unwrap_or_else(|| ngrams.unseen_pair(left, token)) + price(ways);
            if rough < most {
                let right = second.unwrap_or_else(|| ngrams.unseen_pair(token, right));
                let rough = rough + right;
                if rough < most {
                    ranked.push(Candidate {
                        rough,
                        token,
                        ways,
                        right,
                    });
                }
            }
        };
        let characters = &self.model.characters;
        if own == UNKNOWN {
            for &Likeness { token, ways } in alike_at(self.model, text, at, &mut self.scratch.rare)
            {
                let first = ngrams.seen_pair(left, token);
                if first.is_some() || ngrams.seen_before(right, token) {
                    rank(token, ways, first, Some(ngrams.pair_before(right, token)));
                }
            }
        } else if strangeness < self.tuning.strange_any {
            // Where the text is hardly strange, no rare character was meant, and what was meant goes
            // well with both sides.
            let cells = characters.alike_cells(own);
            let end = FAMILIAR_CELLS;
            ngrams.for_each_within(left, right, cells, end, |number, token, first, second| {
                let ways = characters.likeness(number).ways;
                rank(token, ways, Some(first), Some(second));
            });
        } else {
            let cells = characters.alike_cells(own);
            ngrams.for_each_beside(left, right, cells, |number, token, first, second| {
                rank(token, characters.likeness(number).ways, first, second);
            });
        }
        keep_least(&mut ranked, 2 * beam);
        let worst = ranked.first().map_or(0, |c| c.rough + self.tuning.abreast);
        ranked.retain(|c| c.rough <= worst);
        let offer = |c: &Candidate| {
            let way = Way::new(Kind::Character, c.ways, price(c.ways));
            Offer::new(text, at, &[c.token], way)
        };
        if ranked.len() <= beam {
            self.scratch.offers.extend(ranked.iter().map(offer));
        } else {
            // What stands before them tells more than the last token alone.
            let state = text.states[at];
            let Scratch { asked, scores, .. } = self.scratch;
            asked.clear();
            asked.extend(ranked.iter().map(|c| (state, c.token)));
            ngrams.score_each(asked, scores);
            scored.clear();
            scored.extend(ranked.iter().zip(&*scores).map(|(c, &first)| Scored {
                value: first.cost + c.right + price(c.ways),
                candidate: *c,
                first,
            }));
            scored.sort_unstable_by_key(|s| (s.value, s.candidate.token));
            let best = scored.iter().take(beam);
            let offers = best.map(|s| offer(&s.candidate).begun(s.first));
            self.scratch.offers.extend(offers);
        }
        self.scratch.ranked = ranked;
        self.scratch.scored = scored;
    }

    /// Function characters for those that are confused with them.
    pub(super) fn functions(&mut self, text: &Text, at: usize) {
        let ngrams = &self.model.ngrams;
        let (left, own, right) = (text.before(at), text.tokens[at], text.at(at + 1));
        for &Likeness { token, ways } in self.model.characters.functions(own) {
            if ngrams.seen(left, token) && ngrams.seen(token, right) {
                let way = Way::new(Kind::Character, ways, price(ways));
                self.offer(text, at, &[token], way);
            }
        }
    }

    /// Characters seen between the neighbours, or known to follow what stands before, whatever they
    /// look like.
    pub(super) fn anything(&mut self, text: &Text, at: usize) {
        const PRICE: i32 = 22;
        let ngrams = &self.model.ngrams;
        let (left, right) = (text.before(at), text.at(at + 1));
        let own = text.tokens[at];
        // What is known to stand on both sides is no slip of this kind. A rare character is known
        // nowhere.
        if own != UNKNOWN && ngrams.seen(left, own) && ngrams.seen(own, right) {
            return;
        }
        let most = ngrams.pair(left, own) + ngrams.pair(own, right) - PRICE;
        let mut between = std::mem::take(&mut self.scratch.between);
        between.clear();
        let fits = |token: Token| token >= FIRST_CHARACTER && token != own;
        ngrams.for_each_between(left, right, |token, first, second| {
            if first + second < most && fits(token) {
                between.push((first + second, token));
            }
        });
        keep_least(&mut between, self.tuning.pairs);
        let sure = between.len();
        ngrams.for_each_after(text.states[at], FEW, |token, cost| {
            if fits(token) && !ngrams.seen(token, right) {
                let rough = cost + ngrams.unseen_pair(token, right);
                if rough < most {
                    between.push((rough, token));
                }
            }
        });
        between[sure..].sort_unstable();
        between.truncate(sure + self.tuning.pairs.div_ceil(2));
        for &(_, token) in &between {
            let offered = self
                .model
                .characters
                .alike(own)
                .binary_search_by_key(&token, |like| like.token)
                .is_ok();
            if !offered {
                self.offer(text, at, &[token], Way::new(Kind::Any, 0, PRICE));
            }
        }
        self.scratch.between = between;
    }

    /// The place and the next in the other order.
    pub(super) fn swap(&mut self, text: &Text, at: usize) {
        let (a, b) = (text.tokens[at], text.tokens[at + 1]);
        if a != b && a >= FIRST_CHARACTER && b >= FIRST_CHARACTER && self.model.ngrams.seen(b, a) {
            self.offer(text, at, &[b, a], Way::new(Kind::Swap, 0, 10));
        }
    }

    /// Words that sound alike.
    pub(super) fn words(&mut self, text: &Text, at: usize, len: usize) {
        let mut own = [0; 3];
        own[..len].copy_from_slice(&text.tokens[at..at + len]);
        let old = &own[..len];
        let (left, right) = (text.before(at), text.at(at + len));
        // Two readings a character in pairs, the first one in triples.
        let readings = |i: usize| {
            let sounds = self.model.characters.sounds(old[i]);
            &sounds[..sounds.len().min(if len == 2 { 2 } else { 1 })]
        };
        let mut keys = [0u32; 4];
        let mut count = 0;
        for first in readings(0) {
            for second in readings(1) {
                if len == 2 {
                    keys[count] = sound_key(&[first.syllable, second.syllable]);
                    count += 1;
                } else if let Some(third) = readings(2).first() {
                    keys[count] = sound_key(&[first.syllable, second.syllable, third.syllable]);
                    count += 1;
                }
            }
        }
        let ngrams = &self.model.ngrams;
        let mut words = std::mem::take(&mut self.scratch.words);
        words.clear();
        let inside = |word: &[Token]| -> i32 {
            let pairs = word.windows(2);
            pairs.map(|w| ngrams.pair(w[0], w[1])).sum()
        };
        // Asked for only where a word is worth it.
        let most = LazyCell::new(|| {
            let sides = ngrams.pair(left, old[0]) + ngrams.pair(old[len - 1], right);
            sides + inside(old) + self.tuning.slack
        });
        // Where the text is hardly strange, what was meant goes well with both sides.
        let both = self.strangeness(text, at) < self.tuning.strange_any;
        for &key in &keys[..count] {
            for word in self.model.homophones(key) {
                let changed = word.iter().zip(old).filter(|(a, b)| a != b).count();
                // One changed character is another candidate's business.
                if changed < 2 {
                    continue;
                }
                let (first, last) = (word[0], word[len - 1]);
                let (before, after) = (ngrams.seen(left, first), ngrams.seen(last, right));
                if !(before && after || !both && (before || after)) {
                    continue;
                }
                let sides = ngrams.pair(left, first) + ngrams.pair(last, right);
                if sides < *most {
                    let rough = sides + inside(word);
                    if rough < *most {
                        let mut tokens = [0; 3];
                        tokens[..len].copy_from_slice(word);
                        words.push((rough, tokens));
                    }
                }
            }
        }
        // Two readings of a character may lead to the same word.
        words.sort_unstable();
        words.dedup();
        words.truncate(self.tuning.words);
        for (_, word) in &words {
            self.offer(text, at, &word[..len], Way::new(Kind::Word, alike::TONE, 2));
        }
        self.scratch.words = words;
    }

    /// Two characters at once, each alike.
    pub(super) fn doubles(&mut self, text: &Text, at: usize) {
        let ngrams = &self.model.ngrams;
        let (left, right) = (text.before(at), text.at(at + 2));
        let mut firsts = std::mem::take(&mut self.scratch.firsts);
        let mut seconds = std::mem::take(&mut self.scratch.seconds);
        let mut pairs = std::mem::take(&mut self.scratch.pairs);
        firsts.clear();
        for &Likeness { token, ways } in alike_at(self.model, text, at, &mut self.scratch.rare) {
            if ways != alike::CODE
                && let Some(cost) = ngrams.seen_pair(left, token)
            {
                firsts.push((cost + price(ways), token, ways));
            }
        }
        keep_least(&mut firsts, self.tuning.side);
        seconds.clear();
        for &Likeness { token, ways } in alike_at(self.model, text, at + 1, &mut self.scratch.rare)
        {
            if ways != alike::CODE && ngrams.seen_before(right, token) {
                let cost = ngrams.pair_before(right, token);
                seconds.push((cost + price(ways), token, ways));
            }
        }
        keep_least(&mut seconds, self.tuning.side);
        pairs.clear();
        for &(first_cost, first, how) in &firsts {
            for &(second_cost, second, second_how) in &seconds {
                if let Some(cost) = ngrams.seen_pair(first, second) {
                    let price = price(how) + price(second_how) + 8;
                    pairs.push((first_cost + second_cost + cost, first, second, price, how));
                }
            }
        }
        keep_least(&mut pairs, self.tuning.pairs);
        for &(_, first, second, price, how) in &pairs {
            self.offer(
                text,
                at,
                &[first, second],
                Way::new(Kind::Double, how, price),
            );
        }
        (
            self.scratch.firsts,
            self.scratch.seconds,
            self.scratch.pairs,
        ) = (firsts, seconds, pairs);
    }

    /// Characters that make a word of four.
    pub(super) fn idioms(&mut self, text: &Text, at: usize) {
        for hole in 0..MAX_WORD.min(at + 1) {
            let start = at - hole;
            let Some(window) = text.tokens.get(start..start + MAX_WORD) else {
                continue;
            };
            if (0..MAX_WORD).any(|i| i != hole && window[i] < FIRST_CHARACTER) {
                continue;
            }
            // The rest of the word is familiar.
            let seen = |i: usize| i == hole || i + 1 == hole || text.orders[start + i + 1] > 1;
            if !(0..MAX_WORD - 1).all(seen) {
                continue;
            }
            let pattern = [window[0], window[1], window[2], window[3]];
            self.scratch.found.clear();
            let mut found = std::mem::take(&mut self.scratch.found);
            self.model.lexicon.with_hole(pattern, hole, &mut found);
            for &number in &found {
                let (word, _) = word_tokens(self.model.lexicon.keys()[number]);
                // Likeness of any kind was offered before, at a lower price.
                let likes = self.model.characters.alike(pattern[hole]);
                let offered = likes
                    .binary_search_by_key(&word[hole], |like| like.token)
                    .is_ok();
                if word[hole] != pattern[hole] && !offered {
                    self.offer(text, at, &[word[hole]], Way::new(Kind::Idiom, 0, 15));
                }
            }
            self.scratch.found = found;
        }
    }
}
