//! Kinds of official documents (文种) and what goes with them.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The kinds of documents that titles end in.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentKinds {
    statutory: Vec<String>,
    other: Vec<String>,
    named: Vec<String>,
    lenient: Vec<String>,
    suffix: Words,
    /// Obsolete or wrong kind → what to write instead.
    pub obsolete: BTreeMap<String, String>,
    filler: Words,
    /// Closing formula → the kinds it goes with.
    pub closing: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    words: Vec<String>,
}

/// How official a kind is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// One of the fifteen of the 公文处理工作条例.
    Statutory,
    /// In official use besides.
    Other,
    /// May stand under its own name, without 关于 and issuer.
    Named,
}

impl DocumentKinds {
    /// The dictionary that comes with the program.
    pub fn built_in() -> &'static Self {
        static KINDS: LazyLock<DocumentKinds> = LazyLock::new(|| {
            toml::from_str(include_str!("../../dictionaries/document-kinds.toml"))
                .expect("the built-in dictionary of document kinds is tested")
        });
        &KINDS
    }

    /// The longest kind that `text` ends in, and how official it is.
    pub fn ending<'t>(&self, text: &'t str) -> Option<(&'t str, Standing)> {
        let lists = [
            (&self.statutory, Standing::Statutory),
            (&self.other, Standing::Other),
            (&self.named, Standing::Named),
        ];
        lists
            .iter()
            .flat_map(|(list, standing)| list.iter().map(move |kind| (kind, *standing)))
            .filter(|(kind, _)| text.ends_with(kind.as_str()))
            // `max_by_key` takes the last of equals; the first list shall win.
            .rev()
            .max_by_key(|(kind, _)| kind.len())
            .map(|(kind, standing)| (&text[text.len() - kind.len()..], standing))
    }

    /// True if `text` is a kind and nothing else.
    pub fn is_kind(&self, text: &str) -> bool {
        self.ending(text).is_some_and(|(kind, _)| kind == text)
    }

    /// True if a title with 关于 may end like this although it is no kind.
    pub fn is_complete(&self, text: &str) -> bool {
        self.lenient.iter().any(|end| text.ends_with(end.as_str()))
    }

    /// True if `text` says nothing as a title.
    pub fn is_filler(&self, text: &str) -> bool {
        self.filler.words.iter().any(|word| word == text)
    }

    /// True if `text`, found in brackets after a kind, is one of the usual additions.
    pub fn is_suffix(&self, text: &str) -> bool {
        self.suffix.words.iter().any(|word| word == text)
    }
}
