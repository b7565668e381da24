//! Finding the edits that make a text more likely.

use super::candidates::Scratch;
use super::text::Text;
use crate::dictionary::language_model::lexicon::MAX_WORD;
use crate::dictionary::language_model::model::Model;
use crate::dictionary::language_model::trie::STEPS;
use crate::dictionary::language_model::vocabulary::{Token, UNKNOWN};
use std::collections::BinaryHeap;
use std::ops::Range;

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
    /// A character too many: two become the first of them. Or a word of two that stands twice.
    Surplus,
}

impl Kind {
    /// How many kinds leave the text as long as it is. They come first.
    pub const REPLACING: usize = Self::Missing as usize;

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
    /// How the first changed character is alike, see
    /// [`alike`](crate::dictionary::language_model::characters::alike).
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

impl Edit {
    /// Whether it takes away the second of two equal characters or words.
    #[must_use]
    pub fn is_repetition(&self) -> bool {
        let (first, second) = self.old[..self.len].split_at(self.len / 2);
        self.kind == Kind::Surplus && first == second
    }

    /// Whether a word that stands there would stand there no more: not where one comes in between,
    /// nor where the second of two equal ones goes.
    #[must_use]
    pub fn takes_word(&self) -> bool {
        self.kind != Kind::Missing && !self.is_repetition()
    }
}

/// Thresholds in steps of 1/[`STEPS`] nat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tuning {
    /// Places that read better are skipped.
    pub strange: i32,
    /// Lower, where only a function character for another is thought of.
    pub strange_function: i32,
    /// A place below [`Self::strange_any`] is skipped too where neither its own token nor the next
    /// costs this much: the strangeness is that of the neighbours.
    pub sharp: i32,
    /// Places whose own token costs less are skipped: what is wrong comes unexpected itself.
    pub least_own: i32,
    /// Places that read better are skipped for words.
    pub strange_words: i32,
    /// The same for characters that are not alike.
    pub strange_any: i32,
    /// The same for two changes at once.
    pub very_strange: i32,
    /// Edits that gain less are dropped.
    pub slight: i32,
    /// What an edit of each kind must gain. A place where none does is let be.
    pub least: [i32; Kind::REPLACING],
    /// How much worse than the text the pairs of a candidate may be.
    pub slack: i32,
    /// How much worse than the best candidate of a place the pairs of another may be.
    pub abreast: i32,
    /// Characters scored in full at one place: half as many where it is least strange, twice as
    /// many where it is most.
    pub beam: usize,
    /// Words scored in full at one place.
    pub words: usize,
    /// Characters on either side of a double change.
    pub side: usize,
    /// Double changes scored in full at one place.
    pub pairs: usize,
    /// Places that read better lack no character and have none too many; nor do those whose own
    /// cost is below two fifths of it, or that of the next token with it below three quarters.
    pub strange_gap: i32,
    /// What stands twice is looked at from this cost of the second copy's first token and the next
    /// on, and half of it for the first alone.
    pub strange_doubled: i32,
    /// Characters more or less that gain less are dropped.
    pub least_gap: i32,
    /// Those that gain less are counted as neighbours of the others, but not described.
    pub wanted_gap: i32,
    /// What a character more or less must gain: a text with a character less always costs less.
    pub gap_price: i32,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            strange: 13 * STEPS,
            strange_function: 9 * STEPS,
            sharp: 6 * STEPS,
            least_own: 0,
            strange_words: 15 * STEPS,
            strange_any: 20 * STEPS,
            very_strange: 21 * STEPS,
            slight: 3 * STEPS / 2,
            least: [3 * STEPS; Kind::REPLACING],
            slack: 2 * STEPS,
            abreast: 3 * STEPS,
            beam: 3,
            words: 4,
            side: 10,
            pairs: 5,
            strange_gap: 16 * STEPS,
            strange_doubled: 5 * STEPS,
            least_gap: 4 * STEPS,
            wanted_gap: 4 * STEPS,
            gap_price: 4 * STEPS,
        }
    }
}

impl Tuning {
    /// For those who want to hear of sure corrections only: all but about one in two hundred of the
    /// right ones that the shipped model gives .9 or more are found here too.
    #[must_use]
    pub fn sure() -> Self {
        let tenths = |tenths: i32| tenths * STEPS / 10;
        Self {
            strange: tenths(156),
            strange_function: i32::MAX,
            sharp: tenths(70),
            least_own: tenths(32),
            slight: tenths(24),
            // Character, word, double, swap, idiom, any.
            least: [54, 74, 120, 86, 90, 130].map(tenths),
            beam: 2,
            words: 3,
            wanted_gap: tenths(58),
            ..Self::default()
        }
    }
}

/// Edits kept for each start: the classifier has the last word on which is right.
pub const CHOICES: usize = 3;
/// Edits of one place, those that start beside it and overlap it included.
const MOST_CHOICES: usize = 6;

/// The best edits that start at one token, best first.
#[derive(Debug, Clone, Default)]
pub(super) struct Best {
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

    /// Keeps an edit if it is one of the best.
    pub(super) fn insert(&mut self, edit: Edit) {
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
        // The best edits from each start that has any, and how often they were sought.
        let mut found: Vec<Option<Box<Best>>> = vec![None; n];
        let mut versions = vec![0u16; n];
        let mut heap = BinaryHeap::new();
        self.seek(text, 0..n, &mut found);
        for (at, place) in found.iter().enumerate() {
            if let Some(best) = place {
                heap.push((best.score(), std::cmp::Reverse(at), 0u16));
            }
        }
        let mut applied = Vec::new();
        while let Some((_, std::cmp::Reverse(at), version)) = heap.pop() {
            if versions[at] != version {
                continue;
            }
            let Some(best) = found[at].as_deref() else {
                continue;
            };
            let Some(edit) = best.edits[0] else {
                continue;
            };
            let rivals = best.rivals;
            let (start, end) = (edit.start, edit.start + edit.len);
            let reach = start.saturating_sub(MAX_WORD - 1)..end;
            let others = reach
                .filter_map(|s| found[s].as_deref())
                .flat_map(Best::edits)
                .filter(|e| {
                    let overlaps = e.start < end && start < e.start + e.len;
                    let within = Self::editable(text, e.start, e.len);
                    overlaps && within && *e != edit
                });
            applied.push(Place::new(edit, others.collect(), rivals));
            text.replace(start, &edit.new[..edit.new_len], &self.model.ngrams);
            text.editable[start..end].fill(false);
            let from = start.saturating_sub(MAX_WORD + 2);
            let nearby = from..(end + 3).min(n);
            self.seek(text, nearby.clone(), &mut found);
            for near in nearby {
                versions[near] += 1;
                if let Some(best) = &found[near] {
                    heap.push((best.score(), std::cmp::Reverse(near), versions[near]));
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

    /// How badly a place reads. A character that the training text hardly has is strange wherever it
    /// stands.
    pub(super) fn strangeness(&self, text: &Text, at: usize) -> i32 {
        let strangeness = text.strangeness(at);
        if text.tokens[at] == UNKNOWN {
            strangeness.max(self.tuning.very_strange)
        } else {
            strangeness
        }
    }

    /// The best edits that start at each of some places, where any is good enough.
    fn seek(&mut self, text: &mut Text, places: Range<usize>, found: &mut [Option<Box<Best>>]) {
        /// Changes weighed together.
        const MANY: usize = 48;
        let least = &self.tuning.least;
        let end = places.end;
        let mut from = places.start;
        for at in places {
            found[at] = None;
            self.think(text, at);
            if self.scratch.offers.len() >= MANY || at + 1 == end {
                self.weigh(text, |edit| {
                    found[edit.start].get_or_insert_default().insert(edit);
                });
                for place in &mut found[from..=at] {
                    place.take_if(|best| best.edits().all(|e| e.score < least[e.kind as usize]));
                }
                from = at + 1;
            }
        }
    }

    /// Offers what may have been meant from a place on.
    fn think(&mut self, text: &Text, at: usize) {
        if !Self::editable(text, at, 1) {
            return;
        }
        let strangeness = self.strangeness(text, at);
        let sharpest = text.costs[at].max(text.cost(at + 1));
        let blunt = strangeness < self.tuning.strange_any && sharpest < self.tuning.sharp;
        let expected = text.costs[at] < self.tuning.least_own;
        if strangeness < self.tuning.strange || blunt || expected {
            if strangeness >= self.tuning.strange_function {
                self.functions(text, at);
            }
            return;
        }
        self.characters(text, at);
        if strangeness >= self.tuning.strange_any {
            self.idioms(text, at);
            self.anything(text, at);
        }
        if strangeness >= self.tuning.strange_words && Self::editable(text, at, 2) {
            self.swap(text, at);
            self.words(text, at, 2);
            if Self::editable(text, at, 3) {
                self.words(text, at, 3);
            }
            if strangeness >= self.tuning.very_strange {
                self.doubles(text, at);
            }
        }
    }
}
