//! Finds unlikely characters with a model.
//!
//! A noisy channel over characters: where a text reads strangely, edits that
//! make it likelier are searched; a classifier turns each edit's circumstances
//! into one probability.

use super::candidates::Scratch;
use super::company::Company;
use super::features::{self, COUNT, NameTables, WORD_OLD};
use super::guards::Guards;
use super::search::{Edit, Kind, Search, Tuning};
use super::text::Text;
use crate::dictionary::language_model::classifier::Classifier;
use crate::dictionary::language_model::model::Model;
use crate::dictionary::language_model::trie::STEPS;
use crate::dictionary::language_model::vocabulary::Token;
use std::ops::{Deref, Range};

/// Tokens on either side that are looked at where a character is missing or too many.
const GAP_SIGHT: usize = 40;

/// A character missing or too many is proposed from this probability on, whatever is asked for:
/// below, a rare name is likelier.
const SURE_GAP: f32 = 0.9;

/// Whoever asks for no less is spared the search where nothing as probable is to be expected.
const SURE: f32 = 0.9;

/// One proposed correction.
#[derive(Debug, Clone, PartialEq)]
pub struct Correction {
    /// Bytes of the text that are wrong.
    pub range: Range<usize>,
    /// What should stand there.
    pub replacement: String,
    pub kind: Kind,
    /// How much likelier the text becomes, in nats, less the price of the kind.
    pub gain: f32,
    /// What stands there is a word or part of one, and so may be meant.
    pub is_word: bool,
    /// How sure the model is, 0 to 1.
    pub probability: f32,
}

/// An edit with what the classifier is told of it.
#[derive(Debug, Clone)]
pub struct Described {
    /// Edits of one place, of which at most one is right, share a number.
    pub place: usize,
    pub edit: Edit,
    pub range: Range<usize>,
    pub replacement: String,
    pub features: [i16; COUNT],
}

/// The most probable edit of each place, with its probability. Of places that overlap, the more
/// probable one stays.
pub fn choose<'d>(
    described: &'d [Described],
    classifier: &Classifier,
) -> Vec<(&'d Described, f32)> {
    let mut chosen: Vec<(&Described, f32)> = described
        .chunk_by(|a, b| a.place == b.place)
        .filter_map(|place| {
            place
                .iter()
                .map(|d| (d, classifier.probability(&d.features)))
                .reduce(|best, next| if next.1 > best.1 { next } else { best })
        })
        .filter(|(d, p)| !d.edit.kind.is_gap() || *p >= SURE_GAP)
        .collect();
    chosen.sort_by_key(|(d, _)| (d.range.start, d.range.end));
    let mut out: Vec<(&Described, f32)> = Vec::with_capacity(chosen.len());
    for (d, p) in chosen {
        match out.last_mut() {
            Some((last, q)) if last.range.end > d.range.start => {
                if p > *q {
                    (*last, *q) = (d, p);
                }
            }
            _ => out.push((d, p)),
        }
    }
    out
}

/// Finds unlikely characters with a model.
pub struct Speller<M> {
    model: M,
    tuning: Tuning,
    /// Where only what is [`SURE`] is asked for.
    sure: Tuning,
    names: NameTables,
    guards: Guards,
}

impl<M: Deref<Target = Model>> Speller<M> {
    /// A speller on this model, with a list of accepted variants (see [`Guards::new`]).
    #[must_use]
    pub fn new(model: M, variants: &str) -> Self {
        let names = NameTables::new(&model);
        Self {
            model,
            tuning: Tuning::default(),
            sure: Tuning::sure(),
            names,
            guards: Guards::new(variants),
        }
    }

    /// The guards in use.
    #[must_use]
    pub fn guards(&self) -> &Guards {
        &self.guards
    }

    /// The same with other thresholds, however sure the corrections asked for.
    #[must_use]
    pub fn with_tuning(mut self, tuning: Tuning) -> Self {
        self.sure.clone_from(&tuning);
        self.tuning = tuning;
        self
    }

    /// Model queries that the search makes on a text: its work, counted.
    #[must_use]
    pub fn work(&self, source: &str) -> usize {
        let mut text = Text::new(source, &self.model.vocabulary, &self.model.ngrams);
        Search {
            model: &self.model,
            tuning: &self.tuning,
            scratch: &mut Scratch::default(),
        }
        .run(&mut text);
        text.queries
    }

    /// All edits of a text with their features: first those that replace, then those that add or
    /// take away a character. The two are of different minds on some places.
    pub fn describe(&self, source: &str) -> Vec<Described> {
        self.describe_with(source, &self.tuning, |_| true)
    }

    fn describe_with(
        &self,
        source: &str,
        tuning: &Tuning,
        is_wanted: impl Fn(&Edit) -> bool,
    ) -> Vec<Described> {
        let mut text = Text::new(source, &self.model.vocabulary, &self.model.ngrams);
        let mut scratch = Scratch::default();
        let mut search = Search {
            model: &self.model,
            tuning,
            scratch: &mut scratch,
        };
        let gaps = search.gaps(&text);
        let gaps: Vec<Described> = (0..)
            .zip(&gaps)
            .filter(|(_, edit)| is_wanted(edit))
            .filter_map(|(number, edit)| self.describe_gap(&text, edit, number, gaps.len()))
            .collect();
        let places = search.run(&mut text);
        let ngrams = &self.model.ngrams;
        let span = |edit: &Edit| edit.start..edit.start + edit.len;
        let spans: Vec<Range<usize>> = places.iter().map(|p| span(p.applied())).collect();
        let mut out = Vec::new();
        for (number, place) in places.iter().enumerate() {
            let own = &spans[number];
            let near = |other: &&Range<usize>| other.start.abs_diff(own.start) <= 12;
            let neighbours = spans[..number].iter().rev().take_while(near).count()
                + spans[number + 1..].iter().take_while(near).count();
            let applied = place.applied();
            let company = Company::around(&self.model, &text, own);
            for edit in &place.edits {
                if !is_wanted(edit) {
                    continue;
                }
                let range = span(edit);
                // Another edit of this place must leave the other places alone.
                let is_free = |other: Option<&Range<usize>>| {
                    other.is_none_or(|o| o.end <= range.start || range.end <= o.start)
                };
                if !is_free(number.checked_sub(1).map(|i| &spans[i]))
                    || !is_free(spans.get(number + 1))
                {
                    continue;
                }
                if edit.rank > 0 {
                    text.replace(own.start, &applied.old[..applied.len], ngrams);
                    text.replace(range.start, &edit.new[..edit.new_len], ngrams);
                }
                let features = features::describe(
                    &self.model,
                    &self.names,
                    &text,
                    edit,
                    &company,
                    neighbours,
                    place.edits.len(),
                );
                if edit.rank > 0 {
                    text.replace(range.start, &edit.old[..edit.len], ngrams);
                    text.replace(own.start, &applied.new[..applied.new_len], ngrams);
                }
                let bytes = text.ranges[range.start].start..text.ranges[range.end - 1].end;
                if let Some(replacement) = self.model.text(&edit.new[..edit.new_len]) {
                    out.push(Described {
                        place: number,
                        edit: *edit,
                        range: bytes,
                        replacement,
                        features,
                    });
                }
            }
        }
        let first = places.len();
        out.extend(gaps.into_iter().map(|gap| Described {
            place: first + gap.place,
            ..gap
        }));
        out
    }

    /// An edit with a character more or less, described in a copy of its surroundings.
    fn describe_gap(
        &self,
        text: &Text,
        edit: &Edit,
        place: usize,
        places: usize,
    ) -> Option<Described> {
        let tokens = edit.start..edit.start + edit.len;
        let (mut part, before) = text.around(tokens.clone(), GAP_SIGHT);
        let start = edit.start - before;
        let character = |&t: &Token| Some((t, self.model.vocabulary.character(t)?));
        let new: Option<Vec<_>> = edit.new[..edit.new_len].iter().map(character).collect();
        part.splice(start, start + edit.len, &new?, &self.model.ngrams);
        let local = Edit { start, ..*edit };
        let company = Company::around(&self.model, &part, &(start..start + edit.new_len));
        let features = features::describe(
            &self.model,
            &self.names,
            &part,
            &local,
            &company,
            places - 1,
            1,
        );
        Some(Described {
            place,
            edit: *edit,
            range: text.ranges[tokens.start].start..text.ranges[tokens.end - 1].end,
            replacement: self.model.text(&edit.new[..edit.new_len])?,
            features,
        })
    }

    /// Corrections of a text that are at least this probable, in order, less
    /// what the text itself explains.
    #[must_use]
    pub fn check(&self, source: &str, least: f32) -> Vec<Correction> {
        let described = if least >= SURE {
            let tuning = &self.sure;
            self.describe_with(source, tuning, |edit| {
                let least = tuning.least.get(edit.kind as usize);
                edit.score >= *least.unwrap_or(&tuning.wanted_gap)
            })
        } else {
            self.describe(source)
        };
        choose(&described, &self.model.classifier)
            .into_iter()
            .filter(|&(d, probability)| {
                probability >= least && !self.guards.explains(source, &d.range, &d.replacement)
            })
            .map(|(d, probability)| Correction {
                range: d.range.clone(),
                replacement: d.replacement.clone(),
                kind: d.edit.kind,
                is_word: d.features[WORD_OLD] > 1 && d.edit.takes_word(),
                gain: d.edit.score as f32 / STEPS as f32,
                probability,
            })
            .collect()
    }
}
