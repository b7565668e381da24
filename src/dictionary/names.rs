//! Personal names: surnames, what is no name though it begins like one, what stands behind one,
//! and how alike two names sound and look.

use super::characters::{Likeness, likeness};
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
}

/// How common a surname is: 1 common, 2 less so, 3 rare or mostly an ordinary word.
pub fn surname(text: &str) -> Option<u8> {
    static SURNAMES: LazyLock<HashMap<&'static str, u8>> = LazyLock::new(|| {
        lines(include_str!("../../dictionaries/surnames.tsv"))
            .filter_map(|line| {
                let (name, weight) = line.split_once('\t')?;
                Some((name, weight.trim().parse().ok()?))
            })
            .collect()
    });
    SURNAMES.get(text).copied()
}

/// What a string that begins like a surname is otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// Never a name.
    Ordinary,
    /// An ordinary word that people are called, too.
    Either,
}

/// The words that a reading of a name must not begin with.
pub fn word(text: &str) -> Option<Word> {
    static WORDS: LazyLock<HashMap<&'static str, Word>> = LazyLock::new(|| {
        lines(include_str!("../../dictionaries/name-stop.tsv"))
            .filter_map(|line| {
                let (word, kind) = line.split_once('\t')?;
                let kind = match kind.trim() {
                    "词" => Word::Ordinary,
                    _ => Word::Either,
                };
                Some((word, kind))
            })
            .collect()
    });
    WORDS.get(text).copied()
}

/// True if `text` is a word that stands directly after personal names.
pub fn follows_name(text: &str) -> bool {
    static FOLLOW: LazyLock<HashSet<&'static str>> =
        LazyLock::new(|| lines(include_str!("../../dictionaries/name-follow.tsv")).collect());
    FOLLOW.contains(text)
}

/// The longest entry of the words before and behind names, in characters.
pub const LONGEST_WORD: usize = 7;

/// How a written name may have come about from a holder's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slip {
    /// One character is another, not alike; only for names of three characters and more.
    OneCharacter,
    /// The given name's characters changed places.
    Swapped,
    /// One character is missing or too many.
    Length,
    /// One character is another of similar shape or nearly the same sound.
    Alike,
    /// Every character sounds the same.
    SameSound,
}

/// How `written` may be a slip of `name`; `None` if it is the name itself or too far from it.
pub fn slip(written: &str, name: &str) -> Option<Slip> {
    if written == name {
        return None;
    }
    let a: Vec<char> = written.chars().collect();
    let b: Vec<char> = name.chars().collect();
    if a.len().abs_diff(b.len()) == 1 && a.len().min(b.len()) >= 2 {
        let (short, long) = if a.len() < b.len() {
            (&a, &b)
        } else {
            (&b, &a)
        };
        // The surname must stand, and 张伟 is no slip of 张伟强: only a doubled character or a
        // name of three that lost or won one inside.
        let gap = (1..long.len())
            .find(|&at| long[..at] == short[..at] && long[at + 1..] == short[at..])?;
        let doubled = long[gap] == long[gap - 1];
        return (doubled || gap + 1 < long.len()).then_some(Slip::Length);
    }
    if a.len() != b.len() {
        return None;
    }
    let different: Vec<usize> = (0..a.len()).filter(|&at| a[at] != b[at]).collect();
    // Two names that share no character are two names.
    if different.len() == a.len() {
        return None;
    }
    let alike: Vec<_> = different.iter().map(|&at| likeness(a[at], b[at])).collect();
    let same_sound =
        |l: &Option<Likeness>| matches!(l, Some(Likeness::SameSound | Likeness::OtherTone));
    if alike.iter().all(same_sound) {
        return Some(Slip::SameSound);
    }
    match different[..] {
        [_] if alike[0].is_some() => Some(Slip::Alike),
        [at] => (a.len() >= 3 && at > 0).then_some(Slip::OneCharacter),
        [x, y] if x > 0 && y == x + 1 && a[x] == b[y] && a[y] == b[x] => Some(Slip::Swapped),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_names() {
        assert_eq!(slip("王盖", "王改"), Some(Slip::SameSound));
        assert_eq!(slip("林树村", "林树春"), Some(Slip::Alike));
        assert_eq!(slip("林树海", "林树春"), Some(Slip::OneCharacter));
        assert_eq!(slip("林春树", "林树春"), Some(Slip::Swapped));
        assert_eq!(slip("林树树春", "林树春"), Some(Slip::Length));
        assert_eq!(slip("林春", "林树春"), Some(Slip::Length));
        assert_eq!(slip("林树", "林树春"), None);
        assert_eq!(slip("王强", "王改"), None);
        assert_eq!(slip("王改", "王改"), None);
    }

    #[test]
    fn surnames_and_words() {
        assert_eq!(surname("王"), Some(1));
        assert!(surname("夏侯").is_some());
        assert!(follows_name("要求"));
        assert_eq!(word("严格"), Some(Word::Ordinary));
    }
}
