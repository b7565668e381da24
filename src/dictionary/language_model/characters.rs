//! How characters sound, look and are typed: what one is mistaken for.

use super::codec::{Decoder, Encoder, Reader, put_u32};
use super::error::ModelError;
use super::vocabulary::{Token, UNKNOWN, Vocabulary};
use std::collections::BTreeMap;

const PART: &str = "characters";
/// Letters of a 五笔 code.
const CODE_LETTERS: usize = 4;

/// The ways in which two characters are alike, as bits.
pub mod alike {
    /// Same syllable, same tone.
    pub const TONE: u16 = 1;
    /// Same syllable, another tone.
    pub const SOUND: u16 = 2;
    /// A syllable often confused with it (zh/z, n/l, ang/an …).
    pub const NEAR: u16 = 4;
    /// Similar shape.
    pub const SHAPE: u16 = 8;
    /// Same 五笔 code, or one letter apart.
    pub const CODE: u16 = 16;
    /// Function characters often confused (的地得, 作做 …).
    pub const FUNCTION: u16 = 32;
}

/// What is known of one character.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Character {
    /// Syllable numbers and tones (1–5), the most common first.
    pub readings: Vec<(u16, u8)>,
    /// 五笔 86 code, letters 1–26 from the top, 0 where there is none.
    pub code: [u8; CODE_LETTERS],
    /// Characters of similar shape.
    pub shapes: Vec<char>,
}

/// The table of characters and its indexes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Characters {
    syllables: Vec<String>,
    characters: BTreeMap<char, Character>,
    /// Groups of function characters that are confused with one another.
    groups: Vec<String>,
    index: Index,
}

/// Built from the table and the vocabulary when a model is opened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Index {
    /// Tokens by syllable, with the tone.
    members: Vec<Vec<(Token, u8)>>,
    /// Syllables confused with each.
    near: Vec<Vec<u16>>,
    /// Syllables of each token.
    sounds: Vec<Vec<(u16, u8)>>,
    /// What each token is like: first entry of each token, one more at the end.
    starts: Vec<u32>,
    alike: Vec<(Token, u16)>,
    /// Tokens by their 五笔 codes with one letter left open.
    codes: Vec<(u32, Token)>,
}

/// A code with its `hole`-th letter left open.
fn open_code(code: [u8; CODE_LETTERS], hole: usize) -> u32 {
    let mut key = hole as u32;
    for (i, &letter) in code.iter().enumerate() {
        key = key << 5 | u32::from(if i == hole { 0 } else { letter });
    }
    key
}

/// Calls with every token whose 五笔 code is the same but for one letter.
fn of_code(codes: &[(u32, Token)], code: [u8; CODE_LETTERS], f: &mut impl FnMut(Token, u16)) {
    if code[1] == 0 {
        return;
    }
    for hole in 0..CODE_LETTERS {
        let key = open_code(code, hole);
        let from = codes.partition_point(|&(k, _)| k < key);
        for &(_, other) in codes[from..].iter().take_while(|&&(k, _)| k == key) {
            f(other, alike::CODE);
        }
    }
}

/// Spellings of a syllable that are confused with it.
fn near_spellings(syllable: &str) -> Vec<String> {
    let initials: &[(&str, &str)] = &[
        ("zh", "z"),
        ("ch", "c"),
        ("sh", "s"),
        ("n", "l"),
        ("f", "h"),
        ("r", "l"),
        ("j", "zh"),
        ("q", "ch"),
        ("x", "sh"),
        ("b", "p"),
        ("d", "t"),
        ("g", "k"),
    ];
    let finals: &[(&str, &str)] = &[
        ("ang", "an"),
        ("eng", "en"),
        ("ing", "in"),
        ("iang", "ian"),
        ("uang", "uan"),
        ("ong", "eng"),
        ("uo", "ou"),
        ("ie", "ei"),
        ("v", "u"),
        ("ue", "ie"),
        ("iu", "ou"),
        ("ui", "ei"),
        ("un", "en"),
        ("u", "iu"),
    ];
    let split = [
        "zh", "ch", "sh", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x",
        "r", "z", "c", "s", "y", "w",
    ];
    let initial = split
        .iter()
        .find(|i| syllable.starts_with(**i))
        .copied()
        .unwrap_or("");
    let rest = &syllable[initial.len()..];
    let mut starts = vec![initial.to_owned()];
    for (a, b) in initials {
        if initial == *a {
            starts.push((*b).to_owned());
        } else if initial == *b {
            starts.push((*a).to_owned());
        }
    }
    let mut ends = vec![rest.to_owned()];
    for (a, b) in finals {
        if rest == *a {
            ends.push((*b).to_owned());
        } else if rest == *b {
            ends.push((*a).to_owned());
        }
    }
    let mut out = Vec::new();
    for (i, start) in starts.iter().enumerate() {
        for (j, end) in ends.iter().enumerate() {
            // One part is confused at a time, and zh/z, ang/an together.
            let both = i > 0 && j > 0;
            let common = (initial.ends_with('h') || start.ends_with('h'))
                && (rest.ends_with('n') || rest.ends_with("ng"));
            if i + j > 0 && (!both || common) {
                out.push(format!("{start}{end}"));
            }
        }
    }
    out
}

impl Index {
    /// Calls with every token that sounds like a character or nearly so.
    fn sounding_like(&self, character: &Character, f: &mut impl FnMut(Token, u16)) {
        for &(syllable, tone) in character.readings.iter().take(3) {
            for &(other, other_tone) in &self.members[usize::from(syllable)] {
                f(
                    other,
                    if tone == other_tone {
                        alike::TONE
                    } else {
                        alike::SOUND
                    },
                );
            }
        }
        if let Some(&(syllable, _)) = character.readings.first() {
            for &near in &self.near[usize::from(syllable)] {
                for &(other, _) in &self.members[usize::from(near)] {
                    f(other, alike::NEAR);
                }
            }
        }
    }
}

impl Characters {
    /// Reads the table: character, readings, 五笔 code, similar shapes,
    /// separated by tabs; and groups of function characters, one a line.
    pub fn parse(table: &str, groups: &str) -> Result<Self, String> {
        let mut syllables: BTreeMap<String, u16> = BTreeMap::new();
        let mut raw = Vec::new();
        for (number, line) in table
            .lines()
            .enumerate()
            .filter(|(_, l)| !l.starts_with('#') && !l.is_empty())
        {
            let bad = |what: &str| format!("line {}: {what}", number + 1);
            let mut fields = line.split('\t');
            let mut own = fields.next().unwrap_or_default().chars();
            let (Some(c), None) = (own.next(), own.next()) else {
                return Err(bad("not one character"));
            };
            let mut readings = Vec::new();
            for reading in fields
                .next()
                .unwrap_or_default()
                .split(' ')
                .filter(|r| !r.is_empty())
            {
                let tone = reading
                    .bytes()
                    .last()
                    .filter(|b| (b'1'..=b'5').contains(b))
                    .ok_or_else(|| bad("no tone"))?;
                let syllable = &reading[..reading.len() - 1];
                if !syllable.bytes().all(|b| b.is_ascii_lowercase()) || syllable.is_empty() {
                    return Err(bad("not a syllable"));
                }
                syllables.insert(syllable.to_owned(), 0);
                readings.push((syllable.to_owned(), tone - b'0'));
            }
            let mut code = [0; CODE_LETTERS];
            for (slot, letter) in code
                .iter_mut()
                .zip(fields.next().unwrap_or_default().bytes())
            {
                *slot = letter
                    .checked_sub(b'a')
                    .filter(|l| *l < 26)
                    .ok_or_else(|| bad("not a code"))?
                    + 1;
            }
            raw.push((
                c,
                readings,
                code,
                fields
                    .next()
                    .unwrap_or_default()
                    .chars()
                    .collect::<Vec<char>>(),
            ));
        }
        for (number, slot) in (0u16..).zip(syllables.values_mut()) {
            *slot = number;
        }
        let characters = raw
            .into_iter()
            .map(|(c, readings, code, mut shapes)| {
                shapes.sort_unstable();
                shapes.dedup();
                let readings = readings
                    .into_iter()
                    .map(|(s, tone)| (syllables[&s], tone))
                    .collect();
                (
                    c,
                    Character {
                        readings,
                        code,
                        shapes,
                    },
                )
            })
            .collect();
        let groups = groups
            .lines()
            .filter(|l| !l.starts_with('#') && !l.is_empty())
            .map(str::to_owned)
            .collect();
        Ok(Self {
            syllables: syllables.into_keys().collect(),
            characters,
            groups,
            index: Index::default(),
        })
    }

    /// Builds the indexes for a vocabulary.
    pub fn attach(&mut self, vocabulary: &Vocabulary) {
        let tokens = vocabulary.len();
        let mut index = Index {
            members: vec![Vec::new(); self.syllables.len()],
            sounds: vec![Vec::new(); tokens],
            ..Index::default()
        };
        // 五笔 codes with one letter left open.
        let mut codes: Vec<(u32, Token)> = Vec::new();
        let mut own: Vec<Option<&Character>> = vec![None; tokens];
        for (&c, character) in &self.characters {
            let token = vocabulary.token(c);
            if token == UNKNOWN {
                continue;
            }
            for &(syllable, tone) in character.readings.iter().take(3) {
                index.members[usize::from(syllable)].push((token, tone));
            }
            index.sounds[usize::from(token)] = character.readings.clone();
            if character.code[1] != 0 {
                codes
                    .extend((0..CODE_LETTERS).map(|hole| (open_code(character.code, hole), token)));
            }
            own[usize::from(token)] = Some(character);
        }
        for members in &mut index.members {
            members.sort_unstable();
        }
        codes.sort_unstable();
        let number = |s: &String| self.syllables.binary_search(s).ok().map(|n| n as u16);
        index.near = self
            .syllables
            .iter()
            .map(|s| near_spellings(s).iter().filter_map(number).collect())
            .collect();
        // Shapes are alike both ways.
        let mut shapes: Vec<(Token, Token)> = Vec::new();
        for (&c, character) in &self.characters {
            let token = vocabulary.token(c);
            for other in character.shapes.iter().map(|&c| vocabulary.token(c)) {
                if token != UNKNOWN && other != UNKNOWN {
                    shapes.extend([(token, other), (other, token)]);
                }
            }
        }
        shapes.sort_unstable();
        shapes.dedup();
        let mut functions: Vec<(Token, Token)> = Vec::new();
        for group in &self.groups {
            let members: Vec<Token> = group
                .chars()
                .map(|c| vocabulary.token(c))
                .filter(|&t| t != UNKNOWN)
                .collect();
            for &a in &members {
                functions.extend(members.iter().filter(|&&b| a != b).map(|&b| (a, b)));
            }
        }
        functions.sort_unstable();

        let mut ways = vec![0u16; tokens];
        let mut met: Vec<Token> = Vec::new();
        index.starts.push(0);
        for token in 0..tokens as Token {
            let mut mark = |other: Token, how: u16| {
                if other != token && other != UNKNOWN {
                    if ways[usize::from(other)] == 0 {
                        met.push(other);
                    }
                    ways[usize::from(other)] |= how;
                }
            };
            if let Some(character) = own[usize::from(token)] {
                index.sounding_like(character, &mut mark);
                of_code(&codes, character.code, &mut mark);
            }
            let from = shapes.partition_point(|&(t, _)| t < token);
            for &(_, other) in shapes[from..].iter().take_while(|&&(t, _)| t == token) {
                mark(other, alike::SHAPE);
            }
            let from = functions.partition_point(|&(t, _)| t < token);
            for &(_, other) in functions[from..].iter().take_while(|&&(t, _)| t == token) {
                mark(other, alike::FUNCTION);
            }
            met.sort_unstable();
            for other in met.drain(..) {
                index
                    .alike
                    .push((other, std::mem::take(&mut ways[usize::from(other)])));
            }
            index.starts.push(index.alike.len() as u32);
        }
        index.codes = codes;
        self.index = index;
    }

    /// All characters with those of similar shape.
    pub fn shapes(&self) -> impl Iterator<Item = (char, &[char])> {
        self.characters
            .iter()
            .map(|(&c, character)| (c, character.shapes.as_slice()))
    }

    /// Syllables and tones of a token.
    #[must_use]
    pub fn sounds(&self, token: Token) -> &[(u16, u8)] {
        &self.index.sounds[usize::from(token)]
    }

    /// Syllables confused with this one.
    #[must_use]
    pub fn near(&self, syllable: u16) -> &[u16] {
        &self.index.near[usize::from(syllable)]
    }

    /// Number of syllables.
    #[must_use]
    pub fn syllables(&self) -> usize {
        self.syllables.len()
    }

    /// What a token may stand for by mistake and the way they are alike, in
    /// the order of the tokens.
    #[must_use]
    pub fn alike(&self, token: Token) -> &[(Token, u16)] {
        let token = usize::from(token);
        &self.index.alike[self.index.starts[token] as usize..self.index.starts[token + 1] as usize]
    }

    /// The same for a character outside the vocabulary of a model.
    pub fn rare_alike(&self, c: char, vocabulary: &Vocabulary, out: &mut Vec<(Token, u16)>) {
        out.clear();
        let Some(character) = self.characters.get(&c) else {
            return;
        };
        let mut push = |token, how| out.push((token, how));
        self.index.sounding_like(character, &mut push);
        of_code(&self.index.codes, character.code, &mut push);
        for shape in character.shapes.iter().map(|&c| vocabulary.token(c)) {
            if shape != UNKNOWN {
                push(shape, alike::SHAPE);
            }
        }
        out.sort_unstable();
        out.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 |= next.1;
            }
            same
        });
    }

    /// Packs the table.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let names = self.syllables.join("\n");
        put_u32(&mut out, names.len() as u32);
        out.extend_from_slice(names.as_bytes());
        let groups = self.groups.join("\n");
        put_u32(&mut out, groups.len() as u32);
        out.extend_from_slice(groups.as_bytes());
        let mut chars = Encoder::new(1);
        let mut numbers = Encoder::new(2);
        let mut readings = Encoder::new(2);
        let mut letters = Encoder::new(CODE_LETTERS);
        let mut shapes = Encoder::new(2);
        let mut before = 0;
        for (&c, character) in &self.characters {
            chars.push(0, c as u32 - before);
            before = c as u32;
            numbers.push(0, character.readings.len() as u32);
            for &(syllable, tone) in &character.readings {
                readings.push(0, u32::from(syllable));
                readings.push(1, u32::from(tone));
            }
            for (i, &letter) in character.code.iter().enumerate() {
                letters.push(i, u32::from(letter));
            }
            numbers.push(1, character.shapes.len() as u32);
            let mut last = 0;
            for (i, &shape) in character.shapes.iter().enumerate() {
                shapes.push(usize::from(i > 0), shape as u32 - last);
                last = shape as u32;
            }
        }
        put_u32(&mut out, self.characters.len() as u32);
        for column in [chars, numbers, readings, letters, shapes] {
            out.extend(column.finish());
        }
        out
    }

    /// Unpacks what [`Self::encode`] packed. [`Self::attach`] must follow.
    pub fn decode(bytes: &[u8]) -> Result<Self, ModelError> {
        let damaged = || ModelError::Damaged(PART);
        let mut reader = Reader(bytes);
        let text = |reader: &mut Reader<'_>| -> Result<Vec<String>, ModelError> {
            let text = std::str::from_utf8(reader.block()?).map_err(|_| damaged())?;
            Ok(text.lines().map(str::to_owned).collect())
        };
        let syllables = text(&mut reader)?;
        let groups = text(&mut reader)?;
        let count = reader.u32()?;
        let mut chars = Decoder::open(&mut reader, 1)?;
        let mut numbers = Decoder::open(&mut reader, 2)?;
        let mut readings = Decoder::open(&mut reader, 2)?;
        let mut letters = Decoder::open(&mut reader, CODE_LETTERS)?;
        let mut shapes = Decoder::open(&mut reader, 2)?;
        let mut characters = Vec::new();
        let mut code_point = 0u32;
        for _ in 0..count {
            code_point = code_point.checked_add(chars.next(0)?).ok_or_else(damaged)?;
            let c = char::from_u32(code_point).ok_or_else(damaged)?;
            let mut character = Character::default();
            for _ in 0..numbers.next(0)? {
                let (syllable, tone) = (readings.next(0)?, readings.next(1)?);
                if syllable as usize >= syllables.len() {
                    return Err(damaged());
                }
                character.readings.push((syllable as u16, tone as u8));
            }
            for (i, slot) in character.code.iter_mut().enumerate() {
                *slot = letters.next(i)? as u8 & 31;
            }
            let mut last = 0u32;
            for i in 0..numbers.next(1)? {
                last = last
                    .checked_add(shapes.next(usize::from(i > 0))?)
                    .ok_or_else(damaged)?;
                character
                    .shapes
                    .push(char::from_u32(last).ok_or_else(damaged)?);
            }
            characters.push((c, character));
        }
        Ok(Self {
            syllables,
            characters: characters.into_iter().collect(),
            groups,
            index: Index::default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "# comment\n治\tzhi4\tick\t冶\n制\tzhi4\trmhj\t\n知\tzhi1\ttdkg\t\n冶\tye3\tuck\t治\n紫\tzi3\thxxi\t\n龘\tzhi4\t\t\n";

    fn table() -> (Characters, Vocabulary) {
        let vocabulary = Vocabulary::new("治制知冶紫".chars().collect());
        let mut characters = Characters::parse(TABLE, "治知\n").unwrap();
        characters.attach(&vocabulary);
        (characters, vocabulary)
    }

    #[test]
    fn finds_what_is_alike() {
        let (characters, vocabulary) = table();
        let of: BTreeMap<char, u16> = characters
            .alike(vocabulary.token('治'))
            .iter()
            .map(|&(token, how)| (vocabulary.character(token).unwrap(), how))
            .collect();
        assert_eq!(of[&'制'], alike::TONE);
        assert_eq!(of[&'知'], alike::SOUND | alike::FUNCTION);
        assert_eq!(of[&'冶'], alike::SHAPE | alike::CODE);
        assert_eq!(of[&'紫'], alike::NEAR);
    }

    #[test]
    fn a_character_outside_the_vocabulary_has_candidates() {
        let (characters, vocabulary) = table();
        let mut found = Vec::new();
        characters.rare_alike('龘', &mut found);
        assert!(found.contains(&(vocabulary.token('制'), alike::TONE)));
    }

    #[test]
    fn packs_and_unpacks() {
        let (characters, vocabulary) = table();
        let mut back = Characters::decode(&characters.encode()).unwrap();
        back.attach(&vocabulary);
        assert_eq!(back, characters);
    }

    #[test]
    fn a_bad_line_is_named() {
        assert_eq!(
            Characters::parse("治\tzhi\n", "").unwrap_err(),
            "line 1: no tone"
        );
    }
}
