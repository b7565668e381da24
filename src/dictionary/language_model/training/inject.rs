//! Errors put into sound sentences, to train the classifier on.

use super::random::Random;
use crate::dictionary::confusions;
use crate::dictionary::language_model::characters::alike;
use crate::dictionary::language_model::lexicon::{Lexicon, STRANGER};
use crate::dictionary::language_model::model::{Model, sound_key};
use crate::dictionary::language_model::vocabulary::{FIRST_CHARACTER, Token, UNKNOWN, is_han};
use std::collections::BTreeMap;

/// Characters that a slip without likeness may hit.
const COMMON: usize = 2500;

/// How many wrong characters of a thousand are such as the list of wrong forms has: about as many
/// as among real errors.
const LISTED: usize = 350;

/// A sentence with errors and without, of the same number of characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    pub wrong: String,
    pub right: String,
}

/// Chooses among tokens, the common ones more often.
fn choose(model: &Model, random: &mut Random, options: &[Token]) -> Option<Token> {
    // Weight by the square root of the frequency.
    let weights: Vec<f64> = options
        .iter()
        .map(|&t| {
            libm::exp(
                -f64::from(model.ngrams.unigram(t))
                    / f64::from(crate::dictionary::language_model::trie::STEPS)
                    / 2.0,
            )
        })
        .collect();
    let total: f64 = weights.iter().sum();
    let mut at = random.below(1 << 24) as f64 / f64::from(1 << 24) * total;
    for (&token, weight) in options.iter().zip(&weights) {
        at -= weight;
        if at <= 0.0 {
            return Some(token);
        }
    }
    options.last().copied()
}

/// Characters outside a model's vocabulary by a character in it that they look like.
#[derive(Debug, Default)]
pub struct Rarities(BTreeMap<char, Vec<char>>);

impl Rarities {
    /// The rare characters that a model knows the looks of.
    #[must_use]
    pub fn of(model: &Model) -> Self {
        let mut map: BTreeMap<char, Vec<char>> = BTreeMap::new();
        for (rare, shapes) in model.characters.shapes() {
            if model.vocabulary.token(rare) == UNKNOWN {
                for common in shapes {
                    map.entry(common).or_default().push(rare);
                }
            }
        }
        Self(map)
    }
}

/// One wrong character for `c`.
fn wrong_character(
    model: &Model,
    rarities: &Rarities,
    random: &mut Random,
    c: char,
) -> Option<char> {
    let own = model.vocabulary.token(c);
    if own < FIRST_CHARACTER || !is_han(c) {
        return None;
    }
    if random.per_mille(LISTED) {
        let listed = confusions::written_for(c);
        let mut at = random.below(listed.iter().map(|l| l.1 as usize).sum::<usize>().max(1));
        for &(wrong, count) in listed {
            if at < count as usize {
                return Some(wrong);
            }
            at -= count as usize;
        }
        return None;
    }
    let mask = match random.below(100) {
        0..46 => alike::TONE,
        46..62 => alike::SOUND,
        62..70 => alike::NEAR,
        70..83 => alike::SHAPE,
        83..87 => alike::CODE,
        87..90 => alike::FUNCTION,
        90..93 => {
            let options = rarities.0.get(&c)?;
            return options.get(random.below(options.len())).copied();
        }
        // A slip that no likeness explains.
        _ => {
            let common = model.vocabulary.len().min(COMMON);
            let token = random.below(common - usize::from(FIRST_CHARACTER)) as Token;
            let other = model.vocabulary.character(token + FIRST_CHARACTER)?;
            return (is_han(other) && other != c).then_some(other);
        }
    };
    let options: Vec<Token> = model
        .characters
        .alike(own)
        .iter()
        .filter(|like| like.ways & mask != 0 && like.token >= FIRST_CHARACTER)
        .map(|like| like.token)
        .collect();
    model.vocabulary.character(choose(model, random, &options)?)
}

/// A word that sounds like the two or three characters.
fn wrong_word(model: &Model, random: &mut Random, word: &[char]) -> Option<Vec<char>> {
    let tokens: Vec<Token> = word.iter().map(|&c| model.vocabulary.token(c)).collect();
    model.lexicon.cost(&tokens)?;
    let sounds: Option<Vec<u16>> = tokens
        .iter()
        .map(|&t| model.characters.sounds(t).first().map(|r| r.syllable))
        .collect();
    let homophones = model.homophones(sound_key(&sounds?));
    let options: Vec<&[Token]> = homophones.filter(|&other| other != tokens).collect();
    let weights: Vec<f64> = options.iter().map(|w| weight(&model.lexicon, w)).collect();
    let total: f64 = weights.iter().sum();
    let mut at = random.below(1 << 24) as f64 / f64::from(1 << 24) * total;
    for (&other, weight) in options.iter().zip(&weights) {
        at -= weight;
        if at <= 0.0 {
            return other
                .iter()
                .map(|&t| model.vocabulary.character(t))
                .collect();
        }
    }
    None
}

fn weight(lexicon: &Lexicon, word: &[Token]) -> f64 {
    libm::exp(
        -f64::from(lexicon.cost(word).unwrap_or(STRANGER))
            / f64::from(crate::dictionary::language_model::trie::STEPS)
            / 2.0,
    )
}

/// Whether these characters are a word of the lexicon.
fn is_word(model: &Model, word: &[char]) -> bool {
    let tokens: Vec<Token> = word.iter().map(|&c| model.vocabulary.token(c)).collect();
    tokens.iter().all(|&t| t >= FIRST_CHARACTER) && model.lexicon.cost(&tokens).is_some()
}

/// Leaves out a character of a sentence, or puts one too many: often its neighbour once more; or
/// repeats a word of two.
pub fn inject_gap(model: &Model, random: &mut Random, sentence: &str) -> Option<Pair> {
    let right: Vec<char> = sentence.chars().collect();
    let han = |from: usize, to: usize| {
        right
            .get(from..to)
            .is_some_and(|w| w.iter().all(|&c| is_han(c)))
    };
    for _ in 0..6 {
        let at = random.below(right.len().max(1));
        if at == 0 || !han(at - 1, at + 1) {
            continue;
        }
        let mut wrong = right.clone();
        match random.below(100) {
            0..45 => {
                wrong.remove(at);
            }
            45..67 => wrong.insert(at, right[at]),
            67..80 if is_word(model, right.get(at..at + 2)?) => {
                wrong.splice(at..at, [right[at], right[at + 1]]);
            }
            80.. if han(at, at + 2) => {
                let common = model.vocabulary.len().min(COMMON) - usize::from(FIRST_CHARACTER);
                let token = random.below(common) as Token + FIRST_CHARACTER;
                let extra = model.vocabulary.character(token).filter(|&c| is_han(c))?;
                wrong.insert(at, extra);
            }
            _ => continue,
        }
        if wrong != right {
            return Some(Pair {
                wrong: wrong.into_iter().collect(),
                right: sentence.to_owned(),
            });
        }
    }
    None
}

/// Puts one to three errors into a sentence.
pub fn inject(
    model: &Model,
    rarities: &Rarities,
    random: &mut Random,
    sentence: &str,
) -> Option<Pair> {
    let right: Vec<char> = sentence.chars().collect();
    let mut wrong = right.clone();
    let errors = match random.below(10) {
        0..7 => 1,
        7..9 => 2,
        _ => 3,
    };
    let mut done = 0;
    for _ in 0..errors * 6 {
        if done == errors || wrong.is_empty() {
            break;
        }
        let at = random.below(wrong.len());
        if wrong[at] != right[at] {
            continue;
        }
        let what = random.below(100);
        if what < 35 {
            let len = if random.per_mille(850) { 2 } else { 3 };
            if let Some(window) = right.get(at..at + len)
                && let Some(new) = wrong_word(model, random, window)
            {
                wrong[at..at + len].copy_from_slice(&new);
                done += 1;
            }
        } else if what < 38 {
            if let Some(&[a, b]) = right.get(at..at + 2)
                && a != b
                && [a, b]
                    .iter()
                    .all(|&c| model.vocabulary.token(c) >= FIRST_CHARACTER && is_han(c))
                && wrong[at + 1] == b
            {
                wrong.swap(at, at + 1);
                done += 1;
            }
        } else if let Some(new) = wrong_character(model, rarities, random, right[at]) {
            wrong[at] = new;
            done += 1;
            // Slips come in pairs now and then.
            if random.per_mille(80)
                && let Some(&next) = right.get(at + 1)
                && let Some(new) = wrong_character(model, rarities, random, next)
            {
                wrong[at + 1] = new;
            }
        }
    }
    (done > 0).then(|| Pair {
        wrong: wrong.into_iter().collect(),
        right: right.into_iter().collect(),
    })
}
