//! The site's own words: right words, wrong pairs, phrases to keep exact, names. They win over
//! everything built in.

use super::automaton::Automaton;
use super::phrases::{OwnPhrases, Phrase};
use super::table::{Field, Table};
use crate::finding::Severity;
use crate::mistake::Mistakes;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// What a row of the list says of its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WordKind {
    /// Right as it is, whatever the rules say.
    Right,
    /// Wrong; the row says what to write instead.
    Wrong,
    /// A phrase to keep exact: near misses of it are reported.
    Phrase,
    /// A name of a place, person or project; right as it is.
    Name,
}

impl WordKind {
    /// All kinds with their Chinese names, the first of each being what `words add` writes.
    pub const NAMES: [(Self, &'static [&'static str]); 4] = [
        (Self::Right, &["正确", "正确词", "right"]),
        (Self::Wrong, &["错误", "错误词", "错词", "wrong"]),
        (Self::Phrase, &["固定", "固定用语", "固定表述", "phrase"]),
        (
            Self::Name,
            &["名称", "专名", "地名", "项目", "人名", "name"],
        ),
    ];

    /// Reads the word for a kind.
    pub fn parse(text: &str) -> Option<Self> {
        let found = Self::NAMES.iter().find(|(_, names)| names.contains(&text));
        found.map(|(kind, _)| *kind)
    }

    /// Its Chinese name.
    pub fn chinese(self) -> &'static str {
        let found = Self::NAMES.iter().find(|(kind, _)| *kind == self);
        found.map_or("", |(_, names)| names[0])
    }
}

/// A row of the site's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub kind: WordKind,
    pub word: String,
    /// What to write instead, for a wrong word.
    pub right: Option<String>,
    pub note: Option<String>,
}

/// All words of a site, ready to match.
#[derive(Debug, Clone, Default)]
pub struct SiteWords {
    words: Vec<Word>,
    right: Option<Arc<Automaton>>,
    wrong: Vec<Word>,
    wrong_automaton: Option<Arc<Automaton>>,
    pub phrases: OwnPhrases,
}

/// Headers of the list.
pub const FIELDS: [Field; 4] = [
    Field {
        name: "word",
        headers: &["词语", "词", "写法"],
        required: true,
    },
    Field {
        name: "kind",
        headers: &["类型", "类别"],
        required: false,
    },
    Field {
        name: "right",
        headers: &["应为", "正确写法", "改为"],
        required: false,
    },
    Field {
        name: "note",
        headers: &["备注", "说明"],
        required: false,
    },
];

impl SiteWords {
    /// Reads word files and folders of them (`.csv`, `.xlsx`; `.txt` holds one right word a line).
    pub fn read(paths: &[impl AsRef<Path>]) -> Result<Self, Mistakes> {
        let mut words = Vec::new();
        let mut mistakes = Vec::new();
        for path in paths {
            for file in files(path.as_ref()) {
                match read_file(&file) {
                    Ok(found) => words.extend(found),
                    Err(Mistakes(found)) => mistakes.extend(found),
                }
            }
        }
        if mistakes.is_empty() {
            Ok(Self::new(words))
        } else {
            Err(Mistakes(mistakes))
        }
    }

    /// The words as a list.
    pub fn new(words: Vec<Word>) -> Self {
        let mut right: Vec<&str> = words
            .iter()
            .filter(|w| w.kind != WordKind::Wrong)
            .map(|w| w.word.as_str())
            .collect();
        right.sort_unstable();
        right.dedup();
        let mut wrong: Vec<Word> = words
            .iter()
            .filter(|w| w.kind == WordKind::Wrong)
            .cloned()
            .collect();
        wrong.sort_by(|a, b| a.word.cmp(&b.word));
        wrong.dedup_by(|a, b| a.word == b.word);
        let forms: Vec<&str> = wrong.iter().map(|w| w.word.as_str()).collect();
        let phrases = words
            .iter()
            .filter(|w| w.kind == WordKind::Phrase)
            .map(|w| Phrase {
                text: w.word.clone(),
                class: "本站固定用语".to_owned(),
                severity: Severity::Warning,
                since: None,
                until: None,
            });
        Self {
            right: Automaton::of(&right).map(Into::into),
            wrong_automaton: Automaton::of(&forms).map(Into::into),
            phrases: OwnPhrases::new(phrases),
            wrong,
            words,
        }
    }

    /// All rows, in the order they were read.
    pub fn words(&self) -> &[Word] {
        &self.words
    }

    /// Places (bytes) in `text` of words that are right as they are.
    pub fn right_places(&self, text: &str) -> Vec<Range<usize>> {
        places(&self.right, text).map(|(range, _)| range).collect()
    }

    /// Places (bytes) in `text` of the site's wrong words.
    pub fn wrong_places(&self, text: &str) -> Vec<(Range<usize>, &Word)> {
        places(&self.wrong_automaton, text)
            .filter_map(|(range, index)| Some((range, self.wrong.get(index)?)))
            .collect()
    }
}

fn places<'t>(
    automaton: &'t Option<Arc<Automaton>>,
    text: &'t str,
) -> impl Iterator<Item = (Range<usize>, usize)> + 't {
    automaton
        .iter()
        .flat_map(move |automaton| automaton.find(text))
}

/// The word files at a path: itself, or those in the folder, by name.
fn files(path: &Path) -> Vec<std::path::PathBuf> {
    if !path.is_dir() {
        return vec![path.to_owned()];
    }
    let mut files: Vec<_> = std::fs::read_dir(path)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| {
            path.extension().is_some_and(|e| {
                matches!(
                    e.to_string_lossy().to_lowercase().as_str(),
                    "csv" | "xlsx" | "xls" | "txt"
                )
            })
        })
        .collect();
    files.sort();
    files
}

fn read_file(path: &Path) -> Result<Vec<Word>, Mistakes> {
    if path
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("txt"))
    {
        return read_plain(path);
    }
    let table = Table::read(path)?;
    let layout = table.layout(&FIELDS).map_err(Mistakes)?;
    let mut words = Vec::new();
    let mut mistakes = Vec::new();
    for row in table.rows() {
        let cell = |field| layout.cell(row, field);
        let (word, kind, right) = (cell(0), cell(1), cell(2));
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        if word.is_empty() {
            mistakes.push(table.mistake(row, "没有写词语，请补上，或删去这一行"));
            continue;
        }
        let kind = if kind.is_empty() {
            if right.is_empty() {
                WordKind::Right
            } else {
                WordKind::Wrong
            }
        } else if let Some(kind) = WordKind::parse(kind) {
            kind
        } else {
            let message = format!("类型应写“正确”“错误”“固定”或“名称”，现在写的是“{kind}”");
            mistakes.push(table.mistake(row, message));
            continue;
        };
        if kind == WordKind::Wrong && right.is_empty() {
            let message = format!("错误的词语“{word}”没有写“应为”什么，请补上");
            mistakes.push(table.mistake(row, message));
            continue;
        }
        if kind == WordKind::Wrong && right == word {
            let message = format!("“{word}”与“应为”相同，请改正其中一个");
            mistakes.push(table.mistake(row, message));
            continue;
        }
        words.push(Word {
            kind,
            word: word.to_owned(),
            right: some(right),
            note: some(cell(3)),
        });
    }
    if mistakes.is_empty() {
        Ok(words)
    } else {
        Err(Mistakes(mistakes))
    }
}

fn read_plain(path: &Path) -> Result<Vec<Word>, Mistakes> {
    let file = path.display().to_string();
    let of_file =
        |message: String| Mistakes(vec![crate::mistake::Mistake::of_file(&file, message)]);
    let bytes = std::fs::read(path).map_err(|e| of_file(format!("无法读取：{e}")))?;
    let (text, _) = crate::input::encoding::decode(&bytes).map_err(|e| of_file(e.to_string()))?;
    let words = text
        .lines()
        .map(|line| line.trim_start_matches('\u{feff}').trim())
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| Word {
            kind: WordKind::Right,
            word: line.to_owned(),
            right: None,
            note: None,
        });
    Ok(words.collect())
}
