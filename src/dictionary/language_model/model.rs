//! The model file: its parts, each under a checksum.

use super::associations::Associations;
use super::characters::Characters;
use super::classifier::Classifier;
use super::codec::{Reader, put_u32};
use super::error::ModelError;
use super::flat::{ByteOrder, FlatReader, FlatWriter};
use super::lexicon::{Lexicon, word_tokens};
use super::table::Table;
use super::trie::Ngrams;
use super::vocabulary::{FIRST_CHARACTER, MAX_TOKENS, Token, Vocabulary};

const MAGIC: &[u8; 4] = b"BGLM";
const VERSION: u32 = 2;
/// Tags and names of the parts, in the file's order.
const PARTS: [(&[u8; 4], &str); 6] = [
    (b"VOCA", "vocabulary"),
    (b"NGRA", "n-grams"),
    (b"LEXI", "lexicon"),
    (b"ASSO", "associations"),
    (b"CHAR", "characters"),
    (b"CLAS", "classifier"),
];

/// Everything that the engine knows.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    pub vocabulary: Vocabulary,
    pub ngrams: Ngrams,
    pub lexicon: Lexicon,
    /// Of the lexicon's words.
    pub associations: Associations,
    pub characters: Characters,
    pub classifier: Classifier,
    /// Words of two and three characters by their syllables: the tokens, and the third syllable as
    /// it stands in a key.
    homophones: Table<Homophone>,
    /// First of these of each pair of leading syllables, one more at the end.
    homophone_starts: Table<u32>,
}

/// The tokens of a word and its third syllable as it stands in a key, both 0 where there is none.
type Homophone = [u16; 4];

/// Bits of a syllable in a key.
const SYLLABLE_BITS: u32 = 9;
/// The third syllable of a key.
const THIRD: u32 = (1 << SYLLABLE_BITS) - 1;

/// Key of a word's syllables (two or three), 0 where there is no third.
#[must_use]
pub fn sound_key(syllables: &[u16]) -> u32 {
    (0..3).fold(0, |key, i| {
        key << SYLLABLE_BITS | syllables.get(i).map_or(0, |&s| u32::from(s) + 1)
    })
}

impl Model {
    /// Puts a model together and builds its indexes.
    #[must_use]
    pub fn new(
        vocabulary: Vocabulary,
        ngrams: Ngrams,
        lexicon: Lexicon,
        associations: Associations,
        mut characters: Characters,
        classifier: Classifier,
    ) -> Self {
        characters.attach(&vocabulary);
        let mut homophones: Vec<(u32, Homophone)> = Vec::new();
        for &key in lexicon.keys() {
            let (tokens, n) = word_tokens(key);
            if n == 2 || n == 3 {
                // The most common readings; rare ones would add noise.
                let sounds: Option<Vec<u16>> = tokens[..n]
                    .iter()
                    .map(|&t| characters.sounds(t).first().map(|r| r.syllable))
                    .collect();
                if let Some(sounds) = sounds {
                    let key = sound_key(&sounds);
                    let third = (key & THIRD) as u16;
                    homophones.push((key, [tokens[0], tokens[1], tokens[2], third]));
                }
            }
        }
        homophones.sort_unstable();
        let mut homophone_starts = vec![0u32; (1 << (2 * SYLLABLE_BITS)) + 1];
        for &(key, _) in &homophones {
            homophone_starts[(key >> SYLLABLE_BITS) as usize + 1] += 1;
        }
        for i in 1..homophone_starts.len() {
            homophone_starts[i] += homophone_starts[i - 1];
        }
        Self {
            vocabulary,
            ngrams,
            lexicon,
            associations,
            characters,
            classifier,
            homophones: homophones.into_iter().map(|(_, word)| word).collect(),
            homophone_starts: homophone_starts.into(),
        }
    }

    /// The tokens of the words with these syllables.
    pub fn homophones(&self, key: u32) -> impl Iterator<Item = &[Token]> + '_ {
        let pair = (key >> SYLLABLE_BITS) as usize;
        let third = (key & THIRD) as u16;
        let list = &self.homophones
            [self.homophone_starts[pair] as usize..self.homophone_starts[pair + 1] as usize];
        let from = list.partition_point(|word| word[3] < third);
        let len = if third == 0 { 2 } else { 3 };
        list[from..]
            .iter()
            .take_while(move |word| word[3] == third)
            .map(move |word| &word[..len])
    }

    /// The model file's bytes: the same on every machine.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let characters: String = self.vocabulary.characters().iter().collect();
        let parts = [
            characters.into_bytes(),
            self.ngrams.encode(),
            self.lexicon.encode(),
            self.associations.encode(),
            self.characters.encode(),
            self.classifier.encode(),
        ];
        let mut out = MAGIC.to_vec();
        put_u32(&mut out, VERSION);
        for ((tag, _), part) in PARTS.iter().zip(&parts) {
            out.extend_from_slice(*tag);
            put_u32(&mut out, part.len() as u32);
            put_u32(&mut out, crc32fast::hash(part));
            out.extend_from_slice(part);
        }
        out
    }

    /// Opens a model file.
    ///
    /// # Errors
    /// If the bytes are no model file, are of another version, or are damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModelError> {
        let mut reader = Reader(bytes);
        if reader.take(MAGIC.len()).ok() != Some(MAGIC.as_slice()) {
            return Err(ModelError::NotAModel);
        }
        let version = reader.u32()?;
        if version != VERSION {
            return Err(ModelError::Version(version));
        }
        let mut parts = [&[][..]; PARTS.len()];
        for (part, (tag, name)) in parts.iter_mut().zip(PARTS) {
            if reader.take(tag.len())? != tag.as_slice() {
                return Err(ModelError::Missing(name));
            }
            let length = reader.u32()?;
            let checksum = reader.u32()?;
            *part = reader.take(length as usize)?;
            if crc32fast::hash(part) != checksum {
                return Err(ModelError::Checksum(name));
            }
        }
        let characters =
            std::str::from_utf8(parts[0]).map_err(|_| ModelError::Damaged("vocabulary"))?;
        let list: Vec<char> = characters.chars().collect();
        if list.len() + usize::from(FIRST_CHARACTER) > MAX_TOKENS {
            return Err(ModelError::Damaged("vocabulary"));
        }
        let vocabulary = Vocabulary::new(list);
        let ngrams = Ngrams::decode(parts[1])?;
        if ngrams.tokens() != vocabulary.len() {
            return Err(ModelError::Damaged("n-grams"));
        }
        let lexicon = Lexicon::decode(parts[2], vocabulary.len())?;
        let associations = Associations::decode(parts[3], lexicon.len())?;
        let characters = Characters::decode(parts[4])?;
        let classifier = Classifier::decode(parts[5])?;
        Ok(Self::new(
            vocabulary,
            ngrams,
            lexicon,
            associations,
            characters,
            classifier,
        ))
    }

    /// The whole model as it lies in memory on a machine of this byte order, indexes included,
    /// for [`Self::lent`].
    #[must_use]
    pub fn to_flat(&self, order: ByteOrder) -> Vec<u8> {
        let mut out = FlatWriter::new(order);
        let characters: String = self.vocabulary.characters().iter().collect();
        out.table(characters.as_bytes());
        self.ngrams.lay(&mut out);
        self.lexicon.lay(&mut out);
        self.associations.lay(&mut out);
        self.characters.lay(&mut out);
        out.table(&self.classifier.encode());
        out.table(&self.homophones);
        out.table(&self.homophone_starts);
        out.finish()
    }

    /// A model that uses what [`Self::to_flat`] gave where it lies: ready at once.
    ///
    /// # Errors
    /// If the bytes do not begin at a multiple of [`super::flat::ALIGNMENT`] or are too few. Their
    /// contents are trusted.
    pub fn lent(flat: &'static [u8]) -> Result<Self, ModelError> {
        let mut reader = FlatReader(flat);
        let characters: Table<u8> = reader.table()?;
        let characters =
            std::str::from_utf8(&characters).map_err(|_| ModelError::Damaged("vocabulary"))?;
        let vocabulary = Vocabulary::new(characters.chars().collect());
        let ngrams = Ngrams::lent(&mut reader)?;
        let lexicon = Lexicon::lent(&mut reader)?;
        let associations = Associations::lent(&mut reader)?;
        let characters = Characters::lent(&mut reader)?;
        let classifier: Table<u8> = reader.table()?;
        Ok(Self {
            vocabulary,
            ngrams,
            lexicon,
            associations,
            characters,
            classifier: Classifier::decode(&classifier)?,
            homophones: reader.table()?,
            homophone_starts: reader.table()?,
        })
    }

    /// The text of some tokens, `None` where one has no character.
    #[must_use]
    pub fn text(&self, tokens: &[Token]) -> Option<String> {
        tokens
            .iter()
            .map(|&t| self.vocabulary.character(t))
            .collect()
    }
}
