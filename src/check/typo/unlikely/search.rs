//! Finding the edits that make a text more likely.

use super::text::{REACH, Text};
use crate::dictionary::language_model::characters::{Likeness, alike};
use crate::dictionary::language_model::lexicon::{MAX_WORD, word_tokens};
use crate::dictionary::language_model::model::{Model, sound_key};
use crate::dictionary::language_model::trie::STEPS;
use crate::dictionary::language_model::vocabulary::{FIRST_CHARACTER, Token, UNKNOWN};
use std::collections::BinaryHeap;

/// What kind of change an edit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// One character for one that is alike.
    Character,
    /// A word for one that sounds alike.
    Word,
    /// Two neighbouring characters, each for one that is alike.
    Double,
    /// Two neighbours in the wrong order.
    Swap,
    /// One character of a four-character word, whatever it looks like.
    Idiom,
    /// One character for any other that fits, where nothing alike does.
    Any,
    /// A character left out: one becomes itself and another.
    Missing,
    /// A character too many: two become the first of them.
    Surplus,
}

impl Kind {
    /// Whether the text gets longer or shorter.
    #[must_use]
    pub fn is_gap(self) -> bool {
        matches!(self, Self::Missing | Self::Surplus)
    }
}

/// A change of the tokens from `start`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edit {
    pub start: usize,
    /// Tokens replaced, and put in their place: equally many, but where one is missing or too many.
    pub len: usize,
    pub new_len: usize,
    pub old: [Token; MAX_WORD],
    pub new: [Token; MAX_WORD],
    pub kind: Kind,
    /// How the first changed character is alike, see [`alike`].
    pub alike: u16,
    /// Gain in steps, less the price of the kind.
    pub score: i32,
    /// How much more than the best of the others here.
    pub lead: i32,
    /// 0 for the best edit here, 1 for the next.
    pub rank: u8,
    /// Edits here that gain anything.
    pub rivals: u16,
}

/// Thresholds in steps of 1/[`STEPS`] nat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tuning {
    /// Places that read better are skipped.
    pub strange: i32,
    /// The same for words.
    pub strange_words: i32,
    /// The same for characters that are not alike.
    pub strange_any: i32,
    /// The same for two changes at once.
    pub very_strange: i32,
    /// Edits that gain less are dropped.
    pub least: i32,
    /// How much worse than the text the pairs of a candidate may be.
    pub slack: i32,
    /// Characters scored in full at one place.
    pub beam: usize,
    /// Words scored in full at one place.
    pub words: usize,
    /// Characters on either side of a double change.
    pub side: usize,
    /// Double changes scored in full at one place.
    pub pairs: usize,
    /// Places that read better lack no character and have none too many; nor do those whose own
    /// cost is below half of it.
    pub strange_gap: i32,
    /// What a character more or less must gain: a text with a character less always costs less.
    pub gap_price: i32,
}

impl Default for Tuning {
    /// Looking less closely (14, 17 and 23 nats, a slack of 4, a beam of 8) takes half the time and
    /// finds about one less of a hundred wrong sentences.
    fn default() -> Self {
        Self {
            strange: 11 * STEPS,
            strange_words: 15 * STEPS,
            strange_any: 20 * STEPS,
            very_strange: 20 * STEPS,
            least: 3 * STEPS / 2,
            slack: 5 * STEPS,
            beam: 10,
            words: 4,
            side: 16,
            pairs: 5,
            strange_gap: 14 * STEPS,
            gap_price: 4 * STEPS,
        }
    }
}

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

/// Scratch space, kept between places.
#[derive(Default)]
pub struct Scratch {
    rare: Vec<Likeness>,
    pub(super) ranked: Vec<(i32, Token, u16)>,
    firsts: Vec<(i32, Token, u16)>,
    seconds: Vec<(i32, Token, u16)>,
    pairs: Vec<(i32, Token, Token, i32, u16)>,
    words: Vec<(i32, usize)>,
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

/// Edits kept for each start: the classifier has the last word on which is right.
pub const CHOICES: usize = 3;
/// Edits of one place, those that start beside it and overlap it included.
const MOST_CHOICES: usize = 6;

/// The best edits that start at one token, best first.
#[derive(Debug, Clone, Default)]
struct Best {
    edits: [Option<Edit>; CHOICES],
    rivals: u16,
}

impl Best {
    /// The edits, best first.
    fn edits(&self) -> impl Iterator<Item = Edit> + '_ {
        self.edits.iter().copied().flatten()
    }

    fn score(&self) -> i32 {
        self.edits[0].map_or(0, |e| e.score)
    }

    fn insert(&mut self, edit: Edit) {
        self.rivals += 1;
        let at = self
            .edits
            .iter()
            .position(|e| e.is_none_or(|e| e.score < edit.score))
            .unwrap_or(CHOICES);
        if at < CHOICES {
            self.edits[at..].rotate_right(1);
            self.edits[at] = Some(edit);
        }
    }
}

/// Edits that exclude one another, best first. The first has been applied to the text.
#[derive(Debug, Clone)]
pub struct Place {
    pub edits: Vec<Edit>,
}

impl Place {
    /// `applied`, and what else was possible there, with what is known of their rivals.
    fn new(applied: Edit, mut others: Vec<Edit>, rivals: u16) -> Self {
        others.sort_by_key(|e| (std::cmp::Reverse(e.score), e.start, e.len));
        others.truncate(MOST_CHOICES - 1);
        let second = others.first().map_or(0, |e| e.score);
        let edits = std::iter::once(applied).chain(others);
        let edits = edits.zip(0u8..).map(|(edit, rank)| Edit {
            lead: edit.score - if rank == 0 { second } else { applied.score },
            rank,
            rivals,
            ..edit
        });
        Self {
            edits: edits.collect(),
        }
    }

    /// The edit that stands in the text.
    #[must_use]
    pub fn applied(&self) -> &Edit {
        &self.edits[0]
    }
}

/// How a change came about: its kind, how its first character is alike, its price in steps.
#[derive(Clone, Copy)]
struct Way {
    kind: Kind,
    alike: u16,
    price: i32,
}

impl Way {
    fn new(kind: Kind, alike: u16, price: i32) -> Self {
        Self { kind, alike, price }
    }
}

/// Searches one text.
pub struct Search<'a> {
    pub model: &'a Model,
    pub tuning: &'a Tuning,
    pub scratch: &'a mut Scratch,
}

impl Search<'_> {
    /// Edits of one text, the best applied to it: best first, neighbours
    /// scored anew. With each applied edit come those that it shuts out.
    pub fn run(&mut self, text: &mut Text) -> Vec<Place> {
        let n = text.len();
        // The best edits from each start, and how often they were sought.
        let mut found: Vec<Best> = vec![Best::default(); n];
        let mut versions = vec![0u16; n];
        let mut heap = BinaryHeap::new();
        for (at, place) in found.iter_mut().enumerate() {
            if let Some(best) = self.best(text, at) {
                heap.push((best.score(), std::cmp::Reverse(at), 0u16));
                *place = best;
            }
        }
        let mut applied = Vec::new();
        while let Some((_, std::cmp::Reverse(at), version)) = heap.pop() {
            if versions[at] != version {
                continue;
            }
            let Some(edit) = found[at].edits[0] else {
                continue;
            };
            let (start, end) = (edit.start, edit.start + edit.len);
            let reach = start.saturating_sub(MAX_WORD - 1)..end;
            let rivals = found[at].rivals;
            let others = reach.flat_map(|s| found[s].edits()).filter(|e| {
                let overlaps = e.start < end && start < e.start + e.len;
                let within = Self::editable(text, e.start, e.len);
                overlaps && within && *e != edit
            });
            applied.push(Place::new(edit, others.collect(), rivals));
            text.replace(start, &edit.new[..edit.new_len], &self.model.ngrams);
            text.editable[start..end].fill(false);
            let from = start.saturating_sub(MAX_WORD + 2);
            for near in from..(end + 3).min(n) {
                versions[near] += 1;
                found[near] = Best::default();
                if let Some(best) = self.best(text, near) {
                    heap.push((best.score(), std::cmp::Reverse(near), versions[near]));
                    found[near] = best;
                }
            }
        }
        applied.sort_unstable_by_key(|place| place.applied().start);
        applied
    }

    pub(super) fn editable(text: &Text, start: usize, len: usize) -> bool {
        text.editable
            .get(start..start + len)
            .is_some_and(|places| places.iter().all(|&e| e))
    }

    fn best(&mut self, text: &mut Text, at: usize) -> Option<Best> {
        if !Self::editable(text, at, 1) {
            return None;
        }
        let strangeness = text.strangeness(at);
        let pair = Self::editable(text, at, 2);
        let next = if pair { text.strangeness(at + 1) } else { 0 };
        if strangeness.max(next) < self.tuning.strange {
            return None;
        }
        let mut best = Best::default();
        if strangeness >= self.tuning.strange {
            self.characters(text, at, &mut best);
            if strangeness >= self.tuning.strange_words {
                self.idioms(text, at, &mut best);
            }
            if strangeness >= self.tuning.strange_any {
                self.anything(text, at, &mut best);
            }
        }
        if pair && strangeness.max(next) >= self.tuning.strange_words {
            self.swap(text, at, &mut best);
            self.words(text, at, 2, &mut best);
            if Self::editable(text, at, 3) {
                self.words(text, at, 3, &mut best);
            }
            if strangeness.max(next) >= self.tuning.very_strange {
                self.doubles(text, at, &mut best);
            }
        }
        (best.score() >= self.tuning.least).then_some(best)
    }

    /// Scores one change and keeps it if it is the best.
    fn offer(&self, text: &mut Text, start: usize, new: &[Token], way: Way, best: &mut Best) {
        let Way { kind, alike, price } = way;
        let len = new.len();
        let now = text.cost_now(start, len);
        text.queries += len + REACH;
        // What gains less than the edits kept is of no interest.
        let last = best.edits[CHOICES - 1].map_or(0, |e| e.score);
        let limit = now - price - last.max(self.tuning.least / 2) - 1;
        let Some(then) = text.cost_with(start, len, new, &self.model.ngrams, limit) else {
            return;
        };
        let (mut old, mut tokens) = ([0; MAX_WORD], [0; MAX_WORD]);
        old[..len].copy_from_slice(&text.tokens[start..start + len]);
        tokens[..len].copy_from_slice(new);
        best.insert(Edit {
            start,
            len,
            new_len: len,
            old,
            new: tokens,
            kind,
            alike,
            score: now - then - price,
            lead: 0,
            rank: 0,
            rivals: 0,
        });
    }

    fn characters(&mut self, text: &mut Text, at: usize, best: &mut Best) {
        let ngrams = &self.model.ngrams;
        let (left, right) = (text.before(at), text.at(at + 1));
        let mut ranked = std::mem::take(&mut self.scratch.ranked);
        ranked.clear();
        // The stranger the place, the longer the search.
        let strangeness = text.strangeness(at);
        let (slack, beam) = if strangeness >= self.tuning.strange_any {
            (self.tuning.slack * 2, self.tuning.beam * 2)
        } else if strangeness >= self.tuning.strange_words {
            (self.tuning.slack, self.tuning.beam)
        } else {
            (self.tuning.slack, self.tuning.beam / 2)
        };
        // Pairs alone must not speak against it too loudly.
        let most = ngrams.pair(left, text.tokens[at]) + ngrams.pair(text.tokens[at], right) + slack;
        // One of the two pairs must have been seen.
        let mut rank = |token: Token, how: u16, first: Option<i32>, second: Option<i32>| {
            let mut rough = first.unwrap_or_else(|| ngrams.unseen_pair(left, token)) + price(how);
            if rough < most {
                rough += second.unwrap_or_else(|| ngrams.unseen_pair(token, right));
                if rough < most {
                    ranked.push((rough, token, how));
                }
            }
        };
        let own = text.tokens[at];
        let characters = &self.model.characters;
        if own == UNKNOWN {
            for &Likeness { token, ways } in alike_at(self.model, text, at, &mut self.scratch.rare)
            {
                let first = ngrams.seen_pair(left, token);
                if first.is_some() || ngrams.seen_before(right, token) {
                    rank(token, ways, first, Some(ngrams.pair_before(right, token)));
                }
            }
        } else {
            let row = characters.alike_row(own);
            ngrams.for_each_beside(left, right, row, |number, token, first, second| {
                rank(token, characters.likeness(number).ways, first, second);
            });
        }
        keep_least(&mut ranked, beam);
        let touched = ranked.iter().fold(0, |all, &(_, token, _)| {
            all ^ ngrams.touch(left, token, right)
        });
        std::hint::black_box(touched);
        for &(_, token, how) in &ranked {
            self.offer(
                text,
                at,
                &[token],
                Way::new(Kind::Character, how, price(how)),
                best,
            );
        }
        self.scratch.ranked = ranked;
    }

    /// Characters seen between the neighbours, whatever they look like.
    fn anything(&mut self, text: &mut Text, at: usize, best: &mut Best) {
        let ngrams = &self.model.ngrams;
        let (left, right) = (text.before(at), text.at(at + 1));
        let own = text.tokens[at];
        // What is known to stand on both sides is no slip of this kind.
        if ngrams.seen(left, own) && ngrams.seen(own, right) {
            return;
        }
        let mut ranked = std::mem::take(&mut self.scratch.ranked);
        ranked.clear();
        ngrams.for_each_between(left, right, |token| {
            if token >= FIRST_CHARACTER && token != own {
                ranked.push((
                    ngrams.pair(left, token) + ngrams.pair_before(right, token),
                    token,
                    0,
                ));
            }
        });
        keep_least(&mut ranked, self.tuning.pairs);
        for &(_, token, _) in &ranked {
            let offered = self
                .model
                .characters
                .alike(own)
                .binary_search_by_key(&token, |like| like.token)
                .is_ok();
            if !offered {
                self.offer(text, at, &[token], Way::new(Kind::Any, 0, 22), best);
            }
        }
        self.scratch.ranked = ranked;
    }

    fn swap(&mut self, text: &mut Text, at: usize, best: &mut Best) {
        let (a, b) = (text.tokens[at], text.tokens[at + 1]);
        if a != b && a >= FIRST_CHARACTER && b >= FIRST_CHARACTER && self.model.ngrams.seen(b, a) {
            self.offer(text, at, &[b, a], Way::new(Kind::Swap, 0, 10), best);
        }
    }

    fn words(&mut self, text: &mut Text, at: usize, len: usize, best: &mut Best) {
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
        let rough = |word: &[Token]| {
            let inside: i32 = word.windows(2).map(|w| ngrams.pair(w[0], w[1])).sum();
            ngrams.pair(left, word[0]) + inside + ngrams.pair(word[len - 1], right)
        };
        let most = rough(old) + self.tuning.slack;
        for &key in &keys[..count] {
            for number in self.model.homophones(key) {
                let (word, n) = word_tokens(self.model.lexicon.keys()[number]);
                let changed = word.iter().zip(old).filter(|(a, b)| a != b).count();
                // One changed character is another candidate's business.
                if n == len
                    && changed >= 2
                    && (ngrams.seen(left, word[0]) || ngrams.seen(word[len - 1], right))
                {
                    let rough = rough(&word[..len]);
                    if rough < most {
                        words.push((rough, number));
                    }
                }
            }
        }
        // Two readings of a character may lead to the same word.
        words.sort_unstable();
        words.dedup();
        words.truncate(self.tuning.words);
        for &(_, number) in &words {
            let (word, _) = word_tokens(self.model.lexicon.keys()[number]);
            self.offer(
                text,
                at,
                &word[..len],
                Way::new(Kind::Word, alike::TONE, 2),
                best,
            );
        }
        self.scratch.words = words;
    }

    fn doubles(&mut self, text: &mut Text, at: usize, best: &mut Best) {
        let ngrams = &self.model.ngrams;
        let (left, right) = (text.before(at), text.at(at + 2));
        let mut firsts = std::mem::take(&mut self.scratch.firsts);
        let mut seconds = std::mem::take(&mut self.scratch.seconds);
        let mut pairs = std::mem::take(&mut self.scratch.pairs);
        firsts.clear();
        for &Likeness { token, ways: how } in alike_at(self.model, text, at, &mut self.scratch.rare)
        {
            if how != alike::CODE && ngrams.seen(left, token) {
                firsts.push((ngrams.pair(left, token) + price(how), token, how));
            }
        }
        keep_least(&mut firsts, self.tuning.side);
        seconds.clear();
        for &Likeness { token, ways: how } in
            alike_at(self.model, text, at + 1, &mut self.scratch.rare)
        {
            if how != alike::CODE && ngrams.seen_before(right, token) {
                seconds.push((ngrams.pair_before(right, token) + price(how), token, how));
            }
        }
        keep_least(&mut seconds, self.tuning.side);
        pairs.clear();
        for &(first_cost, first, how) in &firsts {
            for &(second_cost, second, second_how) in &seconds {
                if ngrams.seen(first, second) {
                    let price = price(how) + price(second_how) + 8;
                    pairs.push((
                        first_cost + second_cost + ngrams.pair(first, second),
                        first,
                        second,
                        price,
                        how,
                    ));
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
                best,
            );
        }
        (
            self.scratch.firsts,
            self.scratch.seconds,
            self.scratch.pairs,
        ) = (firsts, seconds, pairs);
    }

    fn idioms(&mut self, text: &mut Text, at: usize, best: &mut Best) {
        for hole in 0..MAX_WORD.min(at + 1) {
            let start = at - hole;
            let Some(window) = text.tokens.get(start..start + MAX_WORD) else {
                continue;
            };
            if (0..MAX_WORD).any(|i| i != hole && window[i] < FIRST_CHARACTER) {
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
                    self.offer(text, at, &[word[hole]], Way::new(Kind::Idiom, 0, 15), best);
                }
            }
            self.scratch.found = found;
        }
    }
}
