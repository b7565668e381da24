//! Personal names: surnames, what is no name though it begins like one, what stands behind one,
//! and how alike two names sound and look.

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

struct Character {
    readings: Vec<&'static str>,
    alike: &'static str,
}

fn character(c: char) -> Option<&'static Character> {
    static CHARACTERS: LazyLock<HashMap<char, Character>> = LazyLock::new(|| {
        lines(include_str!("../../dictionaries/name-characters.tsv"))
            .filter_map(|line| {
                let mut fields = line.split('\t');
                let c = fields.next()?.chars().next()?;
                let readings = fields.next()?.split(' ').collect();
                let alike = fields.next().unwrap_or_default();
                Some((c, Character { readings, alike }))
            })
            .collect()
    });
    CHARACTERS.get(&c)
}

/// A reading without what people of many regions do not tell apart: zh/z, n/l, ng/n, f/h.
fn blurred(reading: &str) -> String {
    let reading = match reading.strip_prefix(['z', 'c', 's']) {
        Some(rest) => format!("{}{}", &reading[..1], rest.strip_prefix('h').unwrap_or(rest)),
        None => reading
            .strip_prefix('n')
            .map_or_else(|| reading.to_owned(), |rest| format!("l{rest}")),
    };
    let reading = reading
        .strip_suffix('g')
        .map_or(reading.clone(), str::to_owned);
    reading
        .strip_prefix('f')
        .map_or(reading.clone(), |rest| format!("h{rest}"))
}

/// How two characters are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// Similar shape.
    Shape,
    /// Nearly the same sound.
    NearSound,
    /// The same sound, tones aside.
    Sound,
}

/// How `a` and `b` are alike, if they are.
pub fn likeness(a: char, b: char) -> Option<Likeness> {
    let (x, y) = (character(a)?, character(b)?);
    if x.readings.iter().any(|r| y.readings.contains(r)) {
        return Some(Likeness::Sound);
    }
    if x.alike.contains(b) || y.alike.contains(a) {
        return Some(Likeness::Shape);
    }
    let near: Vec<_> = y.readings.iter().map(|r| blurred(r)).collect();
    x.readings
        .iter()
        .any(|r| near.contains(&blurred(r)))
        .then_some(Likeness::NearSound)
}

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
        let (short, long) = if a.len() < b.len() { (&a, &b) } else { (&b, &a) };
        // The surname must stand, and 张伟 is no slip of 张伟强: only a doubled character or a
        // name of three that lost or won one inside.
        let gap = (1..long.len()).find(|&at| {
            long[..at] == short[..at] && long[at + 1..] == short[at..]
        })?;
        let doubled = long[gap] == long[gap - 1];
        return (doubled || gap + 1 < long.len()).then_some(Slip::Length);
    }
    if a.len() != b.len() {
        return None;
    }
    let different: Vec<usize> = (0..a.len()).filter(|&at| a[at] != b[at]).collect();
    let alike: Vec<_> = different
        .iter()
        .map(|&at| likeness(a[at], b[at]))
        .collect();
    if alike.iter().all(|l| *l == Some(Likeness::Sound)) {
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
