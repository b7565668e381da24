//! How characters sound, look and are typed: what one is mistaken for.

use super::codec::{Decoder, Encoder, Reader, put_u32};
use super::error::ModelError;
use super::flat::{FlatReader, FlatWriter};
use super::ranked::{PlacedCell, placed_cells};
use super::table::{Lists, Plain, Table};
use super::vocabulary::{Token, UNKNOWN, Vocabulary};
use bytemuck::{Pod, Zeroable};
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

/// One way to say a character.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Pod, Zeroable)]
pub struct Reading {
    /// Number of the syllable.
    pub syllable: u16,
    /// 1 to 5.
    pub tone: u16,
}

impl Plain for Reading {
    const NUMBER: usize = size_of::<u16>();
}

/// A character that another may stand for by mistake.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Pod, Zeroable)]
pub struct Likeness {
    pub token: Token,
    /// Bits of [`alike`].
    pub ways: u16,
}

impl Plain for Likeness {
    const NUMBER: usize = size_of::<u16>();
}

/// 五笔 86 code, letters 1–26 from the top, 0 where there is none.
type Code = [u8; CODE_LETTERS];

/// What is known of one character.
#[derive(Debug, Clone, Copy)]
struct Character<'a> {
    /// The most common first.
    readings: &'a [Reading],
    code: Code,
    /// Code points of characters of similar shape.
    shapes: &'a [u32],
}

/// The table of characters and its indexes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Characters {
    syllables: Vec<String>,
    /// Groups of function characters that are confused with one another.
    groups: Vec<String>,
    /// Code points, sorted; what is known of each stands at the same place below.
    characters: Table<u32>,
    readings: Lists<Reading>,
    codes: Table<Code>,
    shapes: Lists<u32>,
    index: Index,
}

/// Built from the table and the vocabulary when a model is opened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Index {
    /// By syllable: token, tone.
    members: Lists<[u16; 2]>,
    /// Syllables confused with each.
    near: Lists<u16>,
    /// The place of each token's character in the table, or [`NOWHERE`].
    places: Table<u32>,
    /// What each token is like.
    alike: Lists<Likeness>,
    /// The same as bits, numbered as the items of the lists.
    alike_cells: Lists<PlacedCell>,
    /// Of what each token is like, the function characters it is confused with.
    functions: Lists<Likeness>,
    /// 五笔 codes with one letter left open, and their tokens.
    codes: Table<[u32; 2]>,
}

/// The place of a character that the table lacks.
const NOWHERE: u32 = u32::MAX;

/// A code with its `hole`-th letter left open.
fn open_code(code: Code, hole: usize) -> u32 {
    let mut key = hole as u32;
    for (i, &letter) in code.iter().enumerate() {
        key = key << 5 | u32::from(if i == hole { 0 } else { letter });
    }
    key
}

/// Calls with every token whose 五笔 code is the same but for one letter.
fn of_code(codes: &[[u32; 2]], code: Code, f: &mut impl FnMut(Token, u16)) {
    if code[1] == 0 {
        return;
    }
    for hole in 0..CODE_LETTERS {
        let key = open_code(code, hole);
        let from = codes.partition_point(|&[k, _]| k < key);
        for &[_, other] in codes[from..].iter().take_while(|&&[k, _]| k == key) {
            f(other as Token, alike::CODE);
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
    fn sounding_like(&self, readings: &[Reading], f: &mut impl FnMut(Token, u16)) {
        for reading in readings.iter().take(3) {
            for &[other, tone] in self.members.list(usize::from(reading.syllable)) {
                let same = tone == reading.tone;
                f(other, if same { alike::TONE } else { alike::SOUND });
            }
        }
        if let Some(reading) = readings.first() {
            for &near in self.near.list(usize::from(reading.syllable)) {
                for &[other, _] in self.members.list(usize::from(near)) {
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
            let shapes: Vec<char> = fields.next().unwrap_or_default().chars().collect();
            raw.push((c, (readings, code, shapes)));
        }
        for (number, slot) in (0u16..).zip(syllables.values_mut()) {
            *slot = number;
        }
        // Of two lines for a character the last counts.
        let raw: BTreeMap<char, _> = raw.into_iter().collect();
        let groups = groups
            .lines()
            .filter(|l| !l.starts_with('#') && !l.is_empty())
            .map(str::to_owned)
            .collect();
        let shapes = raw.values().map(|(_, _, shapes)| {
            let mut shapes: Vec<u32> = shapes.iter().map(|&c| u32::from(c)).collect();
            shapes.sort_unstable();
            shapes.dedup();
            shapes
        });
        let readings = raw.values().map(|(readings, _, _)| {
            let reading = |(s, tone): &(String, u8)| Reading {
                syllable: syllables[s],
                tone: u16::from(*tone),
            };
            readings.iter().map(reading).collect::<Vec<_>>()
        });
        Ok(Self {
            groups,
            characters: raw.keys().map(|&c| u32::from(c)).collect(),
            readings: readings.collect(),
            codes: raw.values().map(|&(_, code, _)| code).collect(),
            shapes: shapes.collect(),
            syllables: syllables.into_keys().collect(),
            index: Index::default(),
        })
    }

    /// What is known of the character at a place of the table.
    fn at(&self, place: usize) -> Character<'_> {
        Character {
            readings: self.readings.list(place),
            code: self.codes[place],
            shapes: self.shapes.list(place),
        }
    }

    /// The characters of the table that have a token, each with its place.
    fn known<'a>(
        &'a self,
        vocabulary: &'a Vocabulary,
    ) -> impl Iterator<Item = (Token, usize, Character<'a>)> {
        self.characters
            .iter()
            .enumerate()
            .map(|(place, &c)| (token_of(c, vocabulary), place, self.at(place)))
            .filter(|&(token, _, _)| token != UNKNOWN)
    }

    /// Builds the indexes for a vocabulary.
    pub fn attach(&mut self, vocabulary: &Vocabulary) {
        let tokens = vocabulary.len();
        let mut members: Vec<Vec<[u16; 2]>> = vec![Vec::new(); self.syllables.len()];
        let mut places = vec![NOWHERE; tokens];
        // 五笔 codes with one letter left open.
        let mut codes: Vec<[u32; 2]> = Vec::new();
        // Shapes are alike both ways.
        let mut shapes: Vec<(Token, Token)> = Vec::new();
        for (token, place, character) in self.known(vocabulary) {
            for reading in character.readings.iter().take(3) {
                members[usize::from(reading.syllable)].push([token, reading.tone]);
            }
            if character.code[1] != 0 {
                let open = |hole| [open_code(character.code, hole), u32::from(token)];
                codes.extend((0..CODE_LETTERS).map(open));
            }
            for other in character.shapes.iter().map(|&c| token_of(c, vocabulary)) {
                if other != UNKNOWN {
                    shapes.extend([(token, other), (other, token)]);
                }
            }
            places[usize::from(token)] = place as u32;
        }
        for members in &mut members {
            members.sort_unstable();
        }
        codes.sort_unstable();
        shapes.sort_unstable();
        shapes.dedup();
        let number = |s: &String| self.syllables.binary_search(s).ok().map(|n| n as u16);
        let near = |s: &String| -> Vec<u16> {
            let spellings = near_spellings(s);
            spellings.iter().filter_map(number).collect()
        };
        let mut index = Index {
            members: members.into_iter().collect(),
            near: self.syllables.iter().map(near).collect(),
            places: places.into(),
            alike: Lists::default(),
            alike_cells: Lists::default(),
            functions: Lists::default(),
            codes: codes.into(),
        };
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
        let (mut starts, mut items) = (vec![0], Vec::new());
        let mut cells = Vec::with_capacity(tokens);
        for token in 0..tokens as Token {
            let mut mark = |other: Token, how: u16| {
                if other != token && other != UNKNOWN {
                    if ways[usize::from(other)] == 0 {
                        met.push(other);
                    }
                    ways[usize::from(other)] |= how;
                }
            };
            let place = index.places[usize::from(token)];
            if place != NOWHERE {
                let character = self.at(place as usize);
                index.sounding_like(character.readings, &mut mark);
                of_code(&index.codes, character.code, &mut mark);
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
            cells.push(placed_cells(met.iter().copied(), items.len() as u32));
            items.extend(met.drain(..).map(|other| Likeness {
                token: other,
                ways: std::mem::take(&mut ways[usize::from(other)]),
            }));
            starts.push(items.len() as u32);
        }
        index.alike = Lists {
            starts: starts.into(),
            items: items.into(),
        };
        index.alike_cells = cells.into_iter().collect();
        let functions = (0..tokens).map(|token| -> Vec<Likeness> {
            let alike = index.alike.list(token).iter();
            alike
                .filter(|l| l.ways & alike::FUNCTION != 0)
                .copied()
                .collect()
        });
        index.functions = functions.collect();
        self.index = index;
    }

    /// All characters with those of similar shape.
    pub fn shapes(&self) -> impl Iterator<Item = (char, impl Iterator<Item = char>)> {
        let character = |&c: &u32| char::from_u32(c);
        self.characters
            .iter()
            .enumerate()
            .filter_map(move |(i, c)| {
                let shapes = self.shapes.list(i).iter().filter_map(character);
                Some((character(c)?, shapes))
            })
    }

    /// Syllables and tones of a token, the most common first.
    #[must_use]
    pub fn sounds(&self, token: Token) -> &[Reading] {
        match self.index.places[usize::from(token)] {
            NOWHERE => &[],
            place => self.readings.list(place as usize),
        }
    }

    /// Syllables confused with this one.
    #[must_use]
    pub fn near(&self, syllable: u16) -> &[u16] {
        self.index.near.list(usize::from(syllable))
    }

    /// Number of syllables.
    #[must_use]
    pub fn syllables(&self) -> usize {
        self.syllables.len()
    }

    /// What a token may stand for by mistake and the way they are alike, in
    /// the order of the tokens.
    #[inline]
    #[must_use]
    pub fn alike(&self, token: Token) -> &[Likeness] {
        self.index.alike.list(usize::from(token))
    }

    /// The same as bits, whose numbers are those that [`Self::likeness`] takes.
    #[inline]
    #[must_use]
    pub fn alike_cells(&self, token: Token) -> &[PlacedCell] {
        self.index.alike_cells.list(usize::from(token))
    }

    /// The function characters among what a token may stand for.
    #[inline]
    #[must_use]
    pub fn functions(&self, token: Token) -> &[Likeness] {
        self.index.functions.list(usize::from(token))
    }

    /// What is behind a bit of [`Self::alike_cells`].
    #[inline]
    #[must_use]
    pub fn likeness(&self, number: u32) -> Likeness {
        self.index.alike.items[number as usize]
    }

    /// The same for a character outside the vocabulary of a model.
    pub fn rare_alike(&self, c: char, vocabulary: &Vocabulary, out: &mut Vec<Likeness>) {
        out.clear();
        let Ok(place) = self.characters.binary_search(&u32::from(c)) else {
            return;
        };
        let character = self.at(place);
        let mut push = |token, ways| out.push(Likeness { token, ways });
        self.index.sounding_like(character.readings, &mut push);
        of_code(&self.index.codes, character.code, &mut push);
        for shape in character.shapes.iter().map(|&c| token_of(c, vocabulary)) {
            if shape != UNKNOWN {
                push(shape, alike::SHAPE);
            }
        }
        out.sort_unstable();
        out.dedup_by(|next, kept| {
            let same = next.token == kept.token;
            if same {
                kept.ways |= next.ways;
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
        for (place, &c) in self.characters.iter().enumerate() {
            let character = self.at(place);
            chars.push(0, c - before);
            before = c;
            numbers.push(0, character.readings.len() as u32);
            for reading in character.readings {
                readings.push(0, u32::from(reading.syllable));
                readings.push(1, u32::from(reading.tone));
            }
            for (i, &letter) in character.code.iter().enumerate() {
                letters.push(i, u32::from(letter));
            }
            numbers.push(1, character.shapes.len() as u32);
            let mut last = 0;
            for (i, &shape) in character.shapes.iter().enumerate() {
                shapes.push(usize::from(i > 0), shape - last);
                last = shape;
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
        let syllables = lines(reader.block()?)?;
        let groups = lines(reader.block()?)?;
        let count = reader.u32()?;
        let mut chars = Decoder::open(&mut reader, 1)?;
        let mut numbers = Decoder::open(&mut reader, 2)?;
        let mut readings = Decoder::open(&mut reader, 2)?;
        let mut letters = Decoder::open(&mut reader, CODE_LETTERS)?;
        let mut shapes = Decoder::open(&mut reader, 2)?;
        let next_of = |before: u32, gap: u32| {
            let next = before
                .checked_add(gap)
                .filter(|&c| char::from_u32(c).is_some());
            next.ok_or_else(damaged)
        };
        let (mut all_characters, mut all_codes) = (Vec::new(), Vec::new());
        let (mut all_readings, mut reading_starts) = (Vec::new(), vec![0]);
        let (mut all_shapes, mut shape_starts) = (Vec::new(), vec![0]);
        let mut code_point = 0u32;
        for i in 0..count {
            let gap = chars.next(0)?;
            if i > 0 && gap == 0 {
                return Err(damaged());
            }
            code_point = next_of(code_point, gap)?;
            all_characters.push(code_point);
            for _ in 0..numbers.next(0)? {
                let (syllable, tone) = (readings.next(0)?, readings.next(1)?);
                if syllable as usize >= syllables.len() {
                    return Err(damaged());
                }
                all_readings.push(Reading {
                    syllable: syllable as u16,
                    tone: u16::from(tone as u8),
                });
            }
            reading_starts.push(all_readings.len() as u32);
            let mut code = Code::default();
            for (i, slot) in code.iter_mut().enumerate() {
                *slot = letters.next(i)? as u8 & 31;
            }
            all_codes.push(code);
            let mut last = 0u32;
            for i in 0..numbers.next(1)? {
                last = next_of(last, shapes.next(usize::from(i > 0))?)?;
                all_shapes.push(last);
            }
            shape_starts.push(all_shapes.len() as u32);
        }
        Ok(Self {
            syllables,
            groups,
            characters: all_characters.into(),
            readings: Lists {
                starts: reading_starts.into(),
                items: all_readings.into(),
            },
            codes: all_codes.into(),
            shapes: Lists {
                starts: shape_starts.into(),
                items: all_shapes.into(),
            },
            index: Index::default(),
        })
    }

    /// Lays the table and its indexes out as they are.
    pub fn lay(&self, out: &mut FlatWriter) {
        out.table(self.syllables.join("\n").as_bytes());
        out.table(self.groups.join("\n").as_bytes());
        out.table(&self.characters);
        out.lists(&self.readings);
        out.table(&self.codes);
        out.lists(&self.shapes);
        out.lists(&self.index.members);
        out.lists(&self.index.near);
        out.table(&self.index.places);
        out.lists(&self.index.alike);
        out.lists(&self.index.alike_cells);
        out.lists(&self.index.functions);
        out.table(&self.index.codes);
    }

    /// Finds what [`Self::lay`] laid out.
    pub fn lent(reader: &mut FlatReader) -> Result<Self, ModelError> {
        Ok(Self {
            syllables: lines(&reader.table()?)?,
            groups: lines(&reader.table()?)?,
            characters: reader.table()?,
            readings: reader.lists()?,
            codes: reader.table()?,
            shapes: reader.lists()?,
            index: {
                let members = reader.lists()?;
                Index {
                    members,
                    near: reader.lists()?,
                    places: reader.table()?,
                    alike: reader.lists()?,
                    alike_cells: reader.lists()?,
                    functions: reader.lists()?,
                    codes: reader.table()?,
                }
            },
        })
    }
}

/// The token of a code point.
fn token_of(c: u32, vocabulary: &Vocabulary) -> Token {
    char::from_u32(c).map_or(UNKNOWN, |c| vocabulary.token(c))
}

/// The lines of a text.
fn lines(bytes: &[u8]) -> Result<Vec<String>, ModelError> {
    let text = std::str::from_utf8(bytes).map_err(|_| ModelError::Damaged(PART))?;
    Ok(text.lines().map(str::to_owned).collect())
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
            .map(|like| (vocabulary.character(like.token).unwrap(), like.ways))
            .collect();
        assert_eq!(of[&'制'], alike::TONE);
        assert_eq!(of[&'知'], alike::SOUND | alike::FUNCTION);
        assert_eq!(of[&'冶'], alike::SHAPE | alike::CODE);
        assert_eq!(of[&'紫'], alike::NEAR);
        let functions = characters.functions(vocabulary.token('治'));
        assert_eq!(functions.len(), 1);
        assert_eq!(functions[0].token, vocabulary.token('知'));
        assert!(characters.functions(vocabulary.token('冶')).is_empty());
    }

    #[test]
    fn a_character_outside_the_vocabulary_has_candidates() {
        let (characters, vocabulary) = table();
        let mut found = Vec::new();
        characters.rare_alike('龘', &vocabulary, &mut found);
        assert!(found.contains(&Likeness {
            token: vocabulary.token('制'),
            ways: alike::TONE,
        }));
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
