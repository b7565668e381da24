//! What characters are alike: by sound, by shape, by the keys of 五笔.

use super::fields;
use std::sync::LazyLock;

struct Character {
    readings: &'static str,
    wubi: &'static str,
    shapes: &'static str,
}

/// The table, sorted by character, read when something first asks.
struct Table {
    characters: Vec<char>,
    rows: Vec<&'static str>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let (characters, rows) = include_str!("../../dictionaries/characters.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| Some((line.chars().next()?, line)))
        .unzip();
    Table { characters, rows }
});

fn character(c: char) -> Option<Character> {
    let at = TABLE.characters.binary_search(&c).ok()?;
    let mut fields = fields(TABLE.rows[at]).skip(1);
    let mut field = || fields.next().unwrap_or_default();
    Some(Character {
        readings: field(),
        wubi: field(),
        shapes: field(),
    })
}

/// How two different characters are alike, the closest kind first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// The same syllable in the same tone.
    SameSound,
    /// The same syllable in another tone.
    OtherTone,
    /// Syllables that speakers mix up (zh/z, n/l, ang/an).
    NearSound,
    Shape,
    /// 五笔 codes that differ in one key.
    Keys,
}

/// How `a` and `b` are alike, if they are.
pub fn likeness(a: char, b: char) -> Option<Likeness> {
    let (left, right) = (character(a)?, character(b)?);
    let pairs = || {
        left.readings
            .split(' ')
            .flat_map(|x| right.readings.split(' ').map(move |y| (x, y)))
            .filter(|(x, y)| !x.is_empty() && !y.is_empty())
    };
    let syllable = |reading: &'static str| reading.trim_end_matches(|c: char| c.is_ascii_digit());
    if pairs().any(|(x, y)| x == y) {
        return Some(Likeness::SameSound);
    }
    if pairs().any(|(x, y)| syllable(x) == syllable(y)) {
        return Some(Likeness::OtherTone);
    }
    if left.shapes.contains(b) || right.shapes.contains(a) {
        return Some(Likeness::Shape);
    }
    if pairs().any(|(x, y)| fuzzy(syllable(x)).eq(fuzzy(syllable(y)))) {
        return Some(Likeness::NearSound);
    }
    let keys = left.wubi.len() >= 3
        && left.wubi.len() == right.wubi.len()
        && left
            .wubi
            .bytes()
            .zip(right.wubi.bytes())
            .filter(|(x, y)| x != y)
            .count()
            <= 1;
    keys.then_some(Likeness::Keys)
}

/// A syllable with the differences that speakers mix up taken out.
fn fuzzy(syllable: &str) -> impl Iterator<Item = u8> + '_ {
    let (initial, rest) = match syllable.as_bytes() {
        [b'z' | b'c' | b's', b'h', ..] => (&syllable[..1], &syllable[2..]),
        [b'n' | b'l', ..] => ("l", &syllable[1..]),
        [b'h' | b'f', ..] => ("f", &syllable[1..]),
        _ => ("", syllable),
    };
    let rest = ["ang", "eng", "ing"]
        .iter()
        .find(|ending| rest.ends_with(**ending))
        .map_or(rest, |_| &rest[..rest.len() - 1]);
    initial.bytes().chain(rest.bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(TABLE.characters.is_sorted());
    }

    #[test]
    fn likeness_is_by_sound_shape_and_keys() {
        assert_eq!(likeness('拨', '波'), Some(Likeness::SameSound));
        assert_eq!(likeness('拔', '拨'), Some(Likeness::Shape));
        assert_eq!(likeness('在', '再'), Some(Likeness::SameSound));
        assert_eq!(likeness('行', '财'), None);
    }
}
