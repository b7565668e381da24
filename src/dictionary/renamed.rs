//! Names of organisations that were abolished, with the day and what followed.

use super::automaton::Automaton;
use jiff::civil::Date;
use std::ops::Range;
use std::sync::LazyLock;

/// An abolished name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renamed {
    pub old: &'static str,
    /// The usual successor; local names may differ.
    pub new: &'static str,
    pub abolished_on: Date,
    /// 国家 省 市县 基层.
    pub level: &'static str,
    /// The document it rests on.
    pub source: &'static str,
}

struct Names {
    names: Vec<Renamed>,
    automaton: Option<Automaton>,
}

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let names: Vec<Renamed> = include_str!("../../dictionaries/organisations-renamed.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let fields: Vec<&'static str> = line.split('\t').collect();
            Some(Renamed {
                old: fields.first()?,
                new: fields.get(1)?,
                abolished_on: fields.get(2)?.parse().ok()?,
                level: fields.get(3)?,
                source: fields.get(4)?,
            })
        })
        .collect();
    let old: Vec<&str> = names.iter().map(|name| name.old).collect();
    Names {
        automaton: Automaton::of(&old),
        names,
    }
});

/// All abolished names in `text` with their places (bytes), overlapping ones too.
pub fn find(text: &str) -> impl Iterator<Item = (Range<usize>, &'static Renamed)> {
    NAMES
        .automaton
        .iter()
        .flat_map(move |automaton| automaton.find(text))
        .filter_map(|(range, index)| Some((range, NAMES.names.get(index)?)))
}
