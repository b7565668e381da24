//! Canonical phrases: names of the state and its organs, formulas, laws, organisations, places.

use super::automaton::Automaton;
use super::near::{self, NearMiss, Outline, SeedIndex, seeds};
use crate::finding::Severity;
use jiff::civil::Date;
use std::ops::Range;
use std::sync::LazyLock;

/// A canonical phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// As it is written, quotation marks included.
    pub text: String,
    /// 国名 国家机构 政治术语 法律 …
    pub class: String,
    pub severity: Severity,
    pub since: Option<Date>,
    pub until: Option<Date>,
}

impl Phrase {
    fn parse(fields: &[&str]) -> Option<Self> {
        let option = |name: &str| {
            let options = fields.get(3)?.split(' ');
            options.filter_map(|o| o.strip_prefix(name)).next()
        };
        let date = |name: &str| option(name).and_then(|d| d.parse().ok());
        Some(Self {
            text: (*fields.first()?).to_owned(),
            class: (*fields.get(1)?).to_owned(),
            severity: if *fields.get(2)? == "error" {
                Severity::Error
            } else {
                Severity::Warning
            },
            since: date("since="),
            until: date("until="),
        })
    }

    /// True if the phrase was the right one on that day.
    pub fn holds_on(&self, date: Option<Date>) -> bool {
        date.is_none_or(|date| {
            self.since.is_none_or(|since| since <= date)
                && self.until.is_none_or(|until| date <= until)
        })
    }
}

/// A list of phrases that near misses are looked for of.
pub trait PhraseList {
    /// Near misses in a normal text.
    fn near_misses(&self, text: &str) -> Vec<NearMiss>;
    /// The phrase by its index.
    fn phrase(&self, index: usize) -> Option<Phrase>;
    /// Places in a normal text where what is right stands: phrases and their allowed variants.
    fn right_places(&self, text: &str) -> Vec<Range<usize>>;
}

/// Normalised phrases by characters, as texts are compared with them.
#[derive(Debug, Clone, Default)]
struct Characters {
    /// Of all phrases, one after another.
    chars: Vec<char>,
    /// Where each phrase stands there, and its outline.
    phrases: Vec<(Range<usize>, Option<Outline>)>,
}

impl Characters {
    fn of<'p>(phrases: impl Iterator<Item = &'p str>) -> Self {
        let mut all = Self::default();
        for phrase in phrases {
            let from = all.chars.len();
            all.chars.extend(phrase.chars());
            let outline = Outline::of(&all.chars[from..]);
            all.phrases.push((from..all.chars.len(), outline));
        }
        all
    }

    /// The characters of a phrase by its index; none if there is no such phrase.
    fn phrase(&self, index: usize) -> &[char] {
        let phrase = self.phrases.get(index);
        phrase.map_or(&[], |(range, _)| &self.chars[range.clone()])
    }

    fn outline(&self, index: usize) -> Option<Outline> {
        self.phrases.get(index)?.1
    }
}

/// The phrases that come with the program.
pub struct BuiltIn {
    /// `normal TAB text TAB class TAB severity TAB options`.
    rows: Vec<&'static str>,
    normal: Characters,
    seeds: Automaton,
    right: LazyLock<Automaton>,
}

static STARTS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/seeds.starts"));
static PLACES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/seeds.places"));

fn number(bytes: &[u8], index: usize) -> usize {
    bytes
        .get(index * 4..index * 4 + 4)
        .and_then(|b| b.try_into().ok())
        .map_or(0, |b| u32::from_le_bytes(b) as usize)
}

impl BuiltIn {
    /// The list, loaded when it is first asked for.
    pub fn get() -> &'static Self {
        static LIST: LazyLock<BuiltIn> = LazyLock::new(|| {
            let rows: Vec<&str> = include_str!(concat!(env!("OUT_DIR"), "/phrases.tsv"))
                .lines()
                .collect();
            let normal = |row: &&'static str| row.split('\t').next().unwrap_or_default();
            BuiltIn {
                normal: Characters::of(rows.iter().map(normal)),
                rows,
                seeds: Automaton::built_in(include_bytes!(concat!(
                    env!("OUT_DIR"),
                    "/seeds.automaton"
                ))),
                right: LazyLock::new(|| {
                    Automaton::built_in(include_bytes!(concat!(
                        env!("OUT_DIR"),
                        "/right.automaton"
                    )))
                }),
            }
        });
        &LIST
    }

    /// All phrases.
    pub fn phrases(&self) -> impl Iterator<Item = Phrase> {
        (0..self.rows.len()).filter_map(|index| PhraseList::phrase(self, index))
    }
}

impl SeedIndex for BuiltIn {
    fn automaton(&self) -> Option<&Automaton> {
        Some(&self.seeds)
    }

    fn places(&self, seed: usize) -> impl Iterator<Item = (usize, usize)> {
        (number(STARTS, seed)..number(STARTS, seed + 1))
            .map(|place| (number(PLACES, 2 * place), number(PLACES, 2 * place + 1)))
    }

    fn phrase(&self, index: usize) -> &[char] {
        self.normal.phrase(index)
    }

    fn outline(&self, index: usize) -> Option<Outline> {
        self.normal.outline(index)
    }
}

impl PhraseList for BuiltIn {
    fn near_misses(&self, text: &str) -> Vec<NearMiss> {
        near::find(self, text)
    }

    fn phrase(&self, index: usize) -> Option<Phrase> {
        let fields: Vec<&str> = self.rows.get(index)?.split('\t').skip(1).collect();
        Phrase::parse(&fields)
    }

    fn right_places(&self, text: &str) -> Vec<Range<usize>> {
        self.right.find(text).map(|(range, _)| range).collect()
    }
}

/// Phrases of a site: its own list, its units.
#[derive(Debug, Clone, Default)]
pub struct OwnPhrases {
    phrases: Vec<Phrase>,
    normal: Characters,
    seeds: Option<std::sync::Arc<Automaton>>,
    places: Vec<Vec<seeds::Seed>>,
    right: Option<std::sync::Arc<Automaton>>,
}

impl OwnPhrases {
    /// A list of phrases to keep exact. Those that are the same but for quotation marks and blanks
    /// count once.
    pub fn new(phrases: impl IntoIterator<Item = Phrase>) -> Self {
        let mut list = Self::default();
        let mut texts = Vec::new();
        let mut known = std::collections::HashSet::new();
        for phrase in phrases {
            let normal = seeds::normal(&phrase.text);
            if !normal.is_empty() && known.insert(normal.clone()) {
                texts.push(normal);
                list.phrases.push(phrase);
            }
        }
        let (seeds, places): (Vec<String>, Vec<_>) = seeds::of(&texts).into_iter().unzip();
        list.seeds = Automaton::of(&seeds).map(Into::into);
        list.places = places;
        list.right = Automaton::of(&texts).map(Into::into);
        list.normal = Characters::of(texts.iter().map(String::as_str));
        list
    }
}

impl SeedIndex for OwnPhrases {
    fn automaton(&self) -> Option<&Automaton> {
        self.seeds.as_deref()
    }

    fn places(&self, seed: usize) -> impl Iterator<Item = (usize, usize)> {
        self.places
            .get(seed)
            .into_iter()
            .flatten()
            .map(|seed| (seed.phrase as usize, seed.offset as usize))
    }

    fn phrase(&self, index: usize) -> &[char] {
        self.normal.phrase(index)
    }

    fn outline(&self, index: usize) -> Option<Outline> {
        self.normal.outline(index)
    }
}

impl PhraseList for OwnPhrases {
    fn near_misses(&self, text: &str) -> Vec<NearMiss> {
        near::find(self, text)
    }

    fn phrase(&self, index: usize) -> Option<Phrase> {
        self.phrases.get(index).cloned()
    }

    fn right_places(&self, text: &str) -> Vec<Range<usize>> {
        self.right
            .iter()
            .flat_map(|right| right.find(text))
            .map(|(range, _)| range)
            .collect()
    }
}
