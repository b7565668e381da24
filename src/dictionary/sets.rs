//! “N个NN” sets: their members in order and the verbs that go with them.

use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A set of political or administrative wording.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedSet {
    /// Without quotation marks.
    pub name: String,
    pub members: Vec<String>,
    /// The order is fixed.
    #[serde(default)]
    pub ordered: bool,
    /// Verbs that properly stand before the name.
    #[serde(default)]
    pub verbs: Vec<String>,
    /// Wrong verb → right verb, unless 的 follows the name.
    #[serde(default)]
    pub wrong_verbs: BTreeMap<String, String>,
    pub since: Option<Date>,
    pub until: Option<Date>,
    pub source: String,
}

#[derive(Deserialize)]
struct File {
    set: Vec<NamedSet>,
}

/// The sets that come with the program.
pub fn built_in() -> &'static [NamedSet] {
    static SETS: LazyLock<Vec<NamedSet>> = LazyLock::new(|| {
        let file: File = toml::from_str(include_str!("../../dictionaries/sets.toml"))
            .expect("the built-in sets are tested");
        file.set
    });
    &SETS
}
