//! Written forms that are always wrong, with what to write instead and where they may stand.

use super::automaton::Automaton;
use super::fields;
use crate::finding::Severity;
use std::ops::Range;
use std::sync::LazyLock;

/// The built-in forms: `wrong TAB right TAB class TAB severity TAB guard`, in the automaton's order.
static TABLE: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    include_str!(concat!(env!("OUT_DIR"), "/confusable.tsv"))
        .lines()
        .collect()
});
static AUTOMATON: LazyLock<Automaton> = LazyLock::new(|| {
    Automaton::built_in(include_bytes!(concat!(
        env!("OUT_DIR"),
        "/confusable.automaton"
    )))
});

/// An entry of the dictionary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Confusable<'d> {
    pub wrong: &'d str,
    pub right: &'d str,
    /// 音 形 码 义 多 漏 序 专名.
    pub class: &'d str,
    pub severity: Severity,
    guard: &'d str,
}

impl<'d> Confusable<'d> {
    /// Reads a row of the dictionary.
    pub fn parse(row: &'d str) -> Option<Self> {
        let mut fields = fields(row);
        Some(Self {
            wrong: fields.next()?,
            right: fields.next()?,
            class: fields.next()?,
            severity: match fields.next()? {
                "error" => Severity::Error,
                "warning" => Severity::Warning,
                "info" => Severity::Info,
                _ => return None,
            },
            guard: fields.next().unwrap_or_default(),
        })
    }

    /// True if the entry holds at `range` (bytes) of `text`: each term of its guard is met.
    /// `words` says whether word boundaries stand at both ends of a range.
    pub fn holds(
        &self,
        text: &str,
        range: &Range<usize>,
        words: &dyn Fn(&str, &Range<usize>) -> bool,
    ) -> bool {
        let (before, after) = (&text[..range.start], &text[range.end..]);
        self.guard
            .split(' ')
            .filter(|term| !term.is_empty())
            .all(|term| {
                let any = |list: &str, test: &dyn Fn(&str) -> bool| list.split('|').any(test);
                if term == "seg" {
                    words(text, range)
                } else if let Some(list) = term.strip_prefix("<!") {
                    !any(list, &|s| before.ends_with(s))
                } else if let Some(list) = term.strip_prefix(">!") {
                    !any(list, &|s| after.starts_with(s))
                } else if let Some(list) = term.strip_prefix("~!") {
                    !any(list, &|s| text.contains(s))
                } else if let Some(list) = term.strip_prefix('<') {
                    any(list, &|s| before.ends_with(s))
                } else if let Some(list) = term.strip_prefix('>') {
                    any(list, &|s| after.starts_with(s))
                } else if let Some(list) = term.strip_prefix('~') {
                    any(list, &|s| text.contains(s))
                } else {
                    // An unknown term never holds; the tests read every guard.
                    false
                }
            })
    }

    /// True if every term of the guard is a known one.
    pub fn guard_is_sound(&self) -> bool {
        self.guard
            .split(' ')
            .filter(|term| !term.is_empty())
            .all(|term| term == "seg" || term.starts_with(['<', '>', '~']) && term.len() > 2)
    }
}

/// All built-in entries.
pub fn entries() -> impl Iterator<Item = Confusable<'static>> {
    TABLE.iter().filter_map(|row| Confusable::parse(row))
}

/// The entries whose wrong form stands in `text`, overlapping ones too, with their places (bytes).
pub fn find(text: &str) -> impl Iterator<Item = (Range<usize>, Confusable<'static>)> {
    AUTOMATON
        .find(text)
        .filter_map(|(range, index)| Some((range, Confusable::parse(TABLE.get(index)?)?)))
}
