//! Automata over many words, built at compile time or at run time.

use daachorse::{CharwiseDoubleArrayAhoCorasick, CharwiseDoubleArrayAhoCorasickBuilder};
use std::fmt;
use std::ops::Range;

/// An automaton that finds every occurrence of every word, overlapping ones too.
pub struct Automaton(CharwiseDoubleArrayAhoCorasick<u32>);

impl fmt::Debug for Automaton {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Automaton").finish_non_exhaustive()
    }
}

impl Automaton {
    /// Loads an automaton that the build script wrote.
    pub fn built_in(bytes: &'static [u8]) -> Self {
        // SAFETY: the bytes come from `serialize` of the same version of the library, called by
        // this crate's build script, and are compiled in.
        Self(unsafe { CharwiseDoubleArrayAhoCorasick::deserialize_unchecked(bytes).0 })
    }

    /// Builds an automaton over `words`, each found by its index. `None` if there is no word, or a
    /// word is empty or there twice.
    pub fn of(words: &[impl AsRef<str>]) -> Option<Self> {
        let numbered = words
            .iter()
            .zip(0u32..)
            .map(|(word, index)| (word.as_ref(), index));
        CharwiseDoubleArrayAhoCorasickBuilder::new()
            .build_with_values(numbered)
            .ok()
            .map(Self)
    }

    /// Every occurrence of a word in `text`: its bytes and its index.
    pub fn find<'t>(&'t self, text: &'t str) -> impl Iterator<Item = (Range<usize>, usize)> + 't {
        self.0
            .find_overlapping_iter(text)
            .map(|found| (found.start()..found.end(), found.value() as usize))
    }
}
