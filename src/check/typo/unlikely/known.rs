//! What the site and the dictionaries know to be right: words, phrases, names of people and places.

use crate::check::Context;
use crate::dictionary::near::Normal;
use crate::dictionary::phrases::{BuiltIn, PhraseList};
use crate::dictionary::places::{self, Places};
use crate::dictionary::register::Register;
use crate::dictionary::roster::Roster;
use crate::knowledge::Site;
use std::ops::Range;

/// Shortest name looked up, in characters: shorter forms are ordinary words too often.
const SHORTEST: usize = 2;

/// Knows which places of a text are right as they stand.
pub struct Known<'a> {
    text: &'a str,
    /// Bytes of right words and phrases.
    right: Vec<Range<usize>>,
    register: &'a Register,
    /// `某省某市示例县` and its parts.
    site: Option<&'a str>,
}

impl<'a> Known<'a> {
    /// What is known of a text.
    pub fn in_text(context: &Context<'a>, text: &'a str) -> Self {
        let knowledge = context.knowledge;
        let mut right = knowledge
            .words
            .as_ref()
            .map_or_else(Vec::new, |words| words.right_places(text));
        let normal = Normal::of(text);
        let own = knowledge.words.as_ref().map(|words| &words.phrases);
        let mut places = BuiltIn::get().right_places(normal.as_str());
        for list in own.into_iter().chain(knowledge.unit_phrases.as_deref()) {
            places.extend(list.right_places(normal.as_str()));
        }
        right.extend(places.into_iter().map(|r| normal.original_range(r)));
        let register = match &knowledge.roster {
            Some(roster) => roster.register(&knowledge.site),
            None => Roster::national().register(&Site::default()),
        };
        Self {
            text,
            right,
            register,
            site: knowledge.site.place.as_deref(),
        }
    }

    /// Whether something known reaches over a part of `range` (bytes).
    pub fn explains(&self, range: &Range<usize>) -> bool {
        self.right
            .iter()
            .any(|r| r.start < range.end && range.start < r.end)
            || self.is_named(range)
    }

    /// Whether a string that covers the range is the name of a person on the roster or of a place.
    fn is_named(&self, range: &Range<usize>) -> bool {
        let longest = self.register.longest_name().max(places::LONGEST);
        let before = self.text[..range.start].char_indices().rev();
        let starts = std::iter::once(range.start)
            .chain(before.map(|(at, _)| at))
            .take(longest);
        starts.into_iter().any(|start| {
            let ends = self.text[start..]
                .char_indices()
                .map(|(at, c)| start + at + c.len_utf8());
            ends.take(longest)
                .skip(SHORTEST - 1)
                .filter(|&end| end >= range.end)
                .any(|end| self.is_name(&self.text[start..end]))
        })
    }

    fn is_name(&self, text: &str) -> bool {
        let gazetteer = Places::built_in();
        self.register.knows(text)
            || gazetteer.kind(text).is_some()
            || gazetteer.of_short(text).is_some()
            || self.site.is_some_and(|site| site.ends_with(text))
    }
}
