//! Reading personal names behind and before titles.

use super::line::{Line, is_han};
use crate::dictionary::names::{self, LONGEST_WORD, Slip, Word, follows_name, surname};
use crate::dictionary::register::Register;
use std::ops::Range;

/// How a name was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It stands on the roster.
    Roster,
    /// It is a slip away from the holder of the title.
    Near(Slip),
    /// A surname and a given name, with something behind that ends a name.
    Read,
}

/// A name in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// Characters of the line, a blank inside the name included.
    pub range: Range<usize>,
    /// Without the blank.
    pub text: String,
    pub origin: Origin,
    /// What stands behind leaves no doubt where the name ends.
    pub sure: bool,
}

/// What ends a name, the weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    Nothing,
    /// A single character such as 在.
    Character,
    /// A word such as 要求, or a title.
    Word,
    /// A mark, a blank, the end of the text.
    Mark,
}

fn end_at(line: &Line, at: usize, register: &Register) -> End {
    let Some(c) = line.get(at) else {
        return End::Mark;
    };
    if !is_han(c) && c != '·' {
        return End::Mark;
    }
    for length in (2..=LONGEST_WORD).rev() {
        if follows_name(line.slice(at..at + length)) {
            return End::Word;
        }
    }
    let title = (2..=6).any(|length| register.titles().get(line.slice(at..at + length)).is_some());
    if title {
        return End::Word;
    }
    if follows_name(line.slice(at..at + 1)) {
        return End::Character;
    }
    End::Nothing
}

/// The characters of `length` Han characters from `at`; for a name of two, one blank may stand
/// between them (张　三).
fn span(line: &Line, at: usize, length: usize) -> Option<(Range<usize>, String)> {
    let plain = line.slice(at..at + length);
    if !plain.is_empty() && !plain.contains(' ') {
        return Some((at..at + length, plain.to_owned()));
    }
    if length == 2 && line.get(at + 1) == Some(' ') {
        let (first, last) = (line.get(at)?, line.get(at + 2)?);
        // A blank parts the two only where another mark follows; else it parts two words.
        let closed = line.get(at + 3).is_none_or(|c| !is_han(c));
        if is_han(first) && is_han(last) && closed {
            return Some((at..at + 3, format!("{first}{last}")));
        }
    }
    None
}

/// Reads a name that begins at `at`. `holders`: names of those who hold the title in question,
/// for slips.
pub fn read(line: &Line, at: usize, register: &Register, holders: &[&str]) -> Option<Name> {
    let on_roster = (2..=register.longest_name().max(2))
        .rev()
        .find_map(|length| {
            let (range, text) = span(line, at, length)?;
            register.knows(&text).then_some((range, text))
        });
    let plain = read_plain(line, at, register);
    if let Some((range, text)) = on_roster {
        let end = end_at(line, range.end, register);
        // 王改革 on no roster, 王改 on it: what follows decides.
        let longer = plain
            .as_ref()
            .filter(|(name, _)| name.range.end > range.end && range.len() == 2)
            .is_some_and(|(_, other)| *other > end && end < End::Word);
        if !longer {
            return Some(Name {
                range,
                text,
                origin: Origin::Roster,
                sure: end >= End::Character,
            });
        }
    }
    if let Some(near) = read_near(line, at, register, holders) {
        return Some(near);
    }
    plain.map(|(name, _)| name)
}

fn read_near(line: &Line, at: usize, register: &Register, holders: &[&str]) -> Option<Name> {
    let mut best: Option<(Slip, End, Name)> = None;
    for holder in holders {
        let length = holder.chars().count();
        for length in [length, length + 1, length.saturating_sub(1)] {
            if length < 2 {
                continue;
            }
            let Some((range, text)) = span(line, at, length) else {
                continue;
            };
            let Some(slip) = names::slip(&text, holder) else {
                continue;
            };
            let end = end_at(line, range.end, register);
            let enough = match slip {
                Slip::SameSound | Slip::Alike if length >= 3 => End::Nothing,
                Slip::SameSound | Slip::Alike => End::Character,
                Slip::OneCharacter | Slip::Swapped => End::Character,
                Slip::Length => End::Word,
            };
            if end < enough || is_word(&text) || !text.chars().all(|c| is_han(c) || c == '·') {
                continue;
            }
            // 王盖要 is no slip of a name of three where 王盖 + 要求 reads better.
            if best.as_ref().is_none_or(|(s, e, _)| (slip, end) > (*s, *e)) {
                best = Some((
                    slip,
                    end,
                    Name {
                        range,
                        text,
                        origin: Origin::Near(slip),
                        sure: end >= End::Character,
                    },
                ));
            }
        }
    }
    best.map(|(_, _, name)| name)
}

/// True if the text is, or begins with, a word that is no name.
fn is_word(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    (2..=chars.len()).any(|length| {
        let head: String = chars[..length].iter().collect();
        names::word(&head).is_some()
    })
}

/// Characters that given names do not hold.
const NEVER_IN_NAMES: &str = "的了在与及对向就也都是不将被从到于们这那各该其某等并把给让县镇乡局委部办院室处科站所队说称问答讲";

fn read_plain(line: &Line, at: usize, register: &Register) -> Option<(Name, End)> {
    let first = line.get(at)?;
    if !is_han(first) {
        return None;
    }
    if let Some(name) = read_dotted(line, at, register) {
        return Some((name, End::Mark));
    }
    // What begins with a word is no name, however long the word.
    let starts_word = (2..=LONGEST_WORD)
        .any(|length| names::word(line.slice(at..at + length)) == Some(Word::Ordinary));
    if starts_word {
        return None;
    }
    // 县长和教师代表: behind a title 和 joins.
    if first == '和' {
        return None;
    }
    let compound = surname(line.slice(at..at + 2)).is_some();
    let weight = if compound {
        2
    } else {
        surname(line.slice(at..at + 1))?
    };
    let lengths: &[usize] = if compound { &[4, 3] } else { &[3, 2] };
    let mut best: Option<(End, Range<usize>, String)> = None;
    for &length in lengths {
        let Some((range, text)) = span(line, at, length) else {
            continue;
        };
        let given: String = text.chars().skip(if compound { 2 } else { 1 }).collect();
        if !given.chars().all(is_han)
            || given.chars().any(|c| NEVER_IN_NAMES.contains(c))
            || names::word(&text).is_some()
        {
            continue;
        }
        let end = end_at(line, range.end, register);
        let needed = if weight >= 3 {
            End::Word
        } else {
            End::Character
        };
        if end < needed {
            continue;
        }
        if best.as_ref().is_none_or(|(old, _, _)| end > *old) {
            best = Some((end, range, text));
        }
    }
    let (end, range, text) = best?;
    Some((
        Name {
            range,
            sure: end >= End::Word || weight == 1 && text.chars().count() == 3,
            text,
            origin: Origin::Read,
        },
        end,
    ))
}

/// A name with dots: 阿不都·热合曼.
fn read_dotted(line: &Line, at: usize, register: &Register) -> Option<Name> {
    let dot = (at + 1..at + 8).find(|&i| line.get(i).is_none_or(|c| !is_han(c)))?;
    if line.get(dot) != Some('·') {
        return None;
    }
    let mut end = dot;
    while line.get(end) == Some('·') {
        end += 1;
        let start = end;
        while end < start + 8
            && line
                .get(end)
                .is_some_and(|c| is_han(c) && !NEVER_IN_NAMES.contains(c))
            && (end == start || end_at(line, end, register) < End::Word)
        {
            end += 1;
        }
        if end == start {
            return None;
        }
    }
    Some(Name {
        range: at..end,
        text: line.slice(at..end).to_owned(),
        origin: Origin::Read,
        sure: true,
    })
}

/// Reads a name that ends at `at` (before a title): the roster's names, slips of `holders`, or a
/// surname and a given name behind a mark.
pub fn read_before(line: &Line, at: usize, register: &Register, holders: &[&str]) -> Option<Name> {
    let at = if at > 0 && line.get(at - 1) == Some(' ') {
        at - 1
    } else {
        at
    };
    let open = |start: usize| super::place::opens(line, start);
    for length in (2..=register.longest_name().max(2)).rev() {
        let Some(start) = at.checked_sub(length) else {
            continue;
        };
        let text = line.slice(start..at);
        if register.knows(text) && (length >= 3 || open(start)) {
            return Some(Name {
                range: start..at,
                text: text.to_owned(),
                origin: Origin::Roster,
                sure: true,
            });
        }
    }
    for holder in holders {
        let length = holder.chars().count();
        let Some(start) = at.checked_sub(length) else {
            continue;
        };
        let text = line.slice(start..at);
        let slip =
            names::slip(text, holder).filter(|slip| matches!(slip, Slip::SameSound | Slip::Alike));
        if let Some(slip) = slip
            && (length >= 3 || open(start))
            && !is_word(text)
            && text.chars().all(is_han)
        {
            return Some(Name {
                range: start..at,
                text: text.to_owned(),
                origin: Origin::Near(slip),
                sure: true,
            });
        }
    }
    [4, 3, 2].into_iter().find_map(|length| {
        let start = at.checked_sub(length)?;
        let text = line.slice(start..at);
        let first = if length == 4 {
            line.slice(start..start + 2)
        } else {
            line.slice(start..start + 1)
        };
        let compound = length == 3 && surname(line.slice(start..start + 2)).is_some();
        let fits = (surname(first).is_some_and(|weight| weight <= 2) || compound)
            && text.chars().all(is_han)
            && !text.chars().skip(1).any(|c| NEVER_IN_NAMES.contains(c))
            && !is_word(text)
            && open(start);
        fits.then(|| Name {
            range: start..at,
            text: text.to_owned(),
            origin: Origin::Read,
            sure: true,
        })
    })
}
