//! Places of China down to the counties, and countries.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The gazetteer that comes with the program.
#[derive(Debug)]
pub struct Places {
    full: HashMap<&'static str, Kind>,
    /// Forms without 省, 市, 县… where such a form is in use, and the full name.
    short: HashMap<&'static str, &'static str>,
}

/// What kind of place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Country,
    /// Province, prefecture, county, development zone.
    Domestic,
}

/// The longest name, in characters.
pub const LONGEST: usize = 15;

impl Places {
    /// The gazetteer; read on first use.
    pub fn built_in() -> &'static Self {
        static PLACES: LazyLock<Places> = LazyLock::new(|| {
            let mut places = Places {
                full: HashMap::with_capacity(4096),
                short: HashMap::with_capacity(4096),
            };
            let lines = include_str!("../../dictionaries/places.tsv")
                .lines()
                .filter(|line| !line.starts_with('#'));
            for line in lines {
                let mut fields = line.split('\t');
                let (Some(name), Some(kind)) = (fields.next(), fields.next()) else {
                    continue;
                };
                let kind = if kind == "国家" {
                    Kind::Country
                } else {
                    Kind::Domestic
                };
                places.full.entry(name).or_insert(kind);
                let shorts = fields.nth(1).unwrap_or_default();
                for short in shorts.split(';').filter(|short| !short.is_empty()) {
                    places.short.entry(short).or_insert(name);
                }
            }
            places
        });
        &PLACES
    }

    /// What kind of place has exactly this full name.
    pub fn kind(&self, name: &str) -> Option<Kind> {
        self.full.get(name).copied()
    }

    /// The full name of the place that has this short form.
    pub fn of_short(&self, short: &str) -> Option<&'static str> {
        self.short.get(short).copied()
    }
}
