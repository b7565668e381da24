//! Everything that a run needs to judge posts, put together from the site folder and the
//! caller's wishes: an item of the input in, its post result out.

use crate::column_model::Model;
use crate::config::Config;
use crate::dictionary::columns::Columns;
use crate::dictionary::language_model;
use crate::dictionary::roster::Roster;
use crate::dictionary::units::Units;
use crate::dictionary::words::SiteWords;
use crate::finding::Finding;
use crate::ignore::Ignores;
use crate::input::{Item, Origin};
use crate::knowledge::Knowledge;
use crate::linter::{Failure, Linter};
use crate::mistake::{Mistake, Mistakes};
use crate::post::Post;
use crate::rulebook::{RuleBook, RuleBookError};
use crate::settings::{SettingError, Settings};
use crate::toml_file::TomlFile;
use jiff::civil::Date;
use serde_json::Value;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What the caller of a run wishes.
#[derive(Debug, Clone)]
pub struct Wishes {
    /// The configuration file; the built-in knowledge alone without one.
    pub config: Option<PathBuf>,
    /// Only these rules and families, if any are named.
    pub only: Vec<String>,
    /// Not these rules and families.
    pub skip: Vec<String>,
    /// 0 to 1.
    pub min_confidence: f64,
    /// The day that counts as today.
    pub today: Date,
}

/// The gate: checks, knowledge and settings of a run.
pub struct Gate {
    pub linter: Linter,
    pub ignores: Ignores,
}

/// What comes out for one post.
#[derive(Debug, Clone)]
pub struct PostResult {
    /// The path, or `-`.
    pub source: String,
    /// A string or a number.
    pub id: Value,
    pub origin: Origin,
    /// `None`: it could not be read.
    pub post: Option<Post>,
    /// Without the ignored ones.
    pub findings: Vec<Finding>,
    /// How many findings the site ignores.
    pub ignored: usize,
    pub error: Option<PostError>,
}

/// Why a post could not be read, or not wholly checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PostError {
    /// It could not be read.
    Unreadable { code: &'static str, message: String },
    /// A rule broke down; the other findings stand.
    Internal { message: String },
}

impl PostError {
    /// The code of the JSON output.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { code, .. } => code,
            Self::Internal { .. } => "internal",
        }
    }

    /// Chinese.
    pub fn message(&self) -> &str {
        match self {
            Self::Unreadable { message, .. } | Self::Internal { message } => message,
        }
    }
}

impl Gate {
    /// Puts a gate together.
    ///
    /// # Errors
    /// Everything that is wrong in the site folder or in the wishes.
    pub fn open(wishes: &Wishes) -> Result<Self, Mistakes> {
        let config = match &wishes.config {
            Some(file) => Config::load(file)?,
            None => Config::default(),
        };
        let mut mistakes = Vec::new();
        let mut collect = |error: Mistakes| mistakes.extend(error.0);
        let book = rule_book(&config)?;
        let columns = config.columns.as_deref().map(Columns::read).transpose();
        let columns = columns.map_err(&mut collect).ok().flatten();
        let units = config.units.as_deref().map(Units::read).transpose();
        let units = units.map_err(&mut collect).ok().flatten();
        let roster = if config.roster.is_empty() {
            None
        } else {
            let paths = config.roster.iter().map(std::path::PathBuf::as_path);
            Roster::read(paths).map_err(&mut collect).ok()
        };
        let words = match config.dictionaries.as_slice() {
            [] => None,
            paths => SiteWords::read(paths).map_err(&mut collect).ok(),
        };
        let model = language_model::of_site(&config.dictionaries)
            .map_err(|mistake| collect(mistake.into()))
            .ok()
            .flatten();
        let settings = settings(&book, &config, wishes)
            .map_err(&mut collect)
            .unwrap_or_else(|()| Settings::defaults(&book));
        let column_model = config.model.as_deref().map(read_model).transpose();
        let column_model = column_model.map_err(&mut collect).ok().flatten();
        if !mistakes.is_empty() {
            return Err(Mistakes(mistakes));
        }
        let knowledge = Knowledge {
            site: config.site,
            columns: columns.map(Arc::new),
            column_model: column_model.map(Arc::new),
            profile: Arc::new(config.format),
            unit_phrases: units.as_ref().map(|units| Arc::new(units.phrases())),
            units: units.map(Arc::new),
            roster: roster.map(Arc::new),
            words: words.map(Arc::new),
            language_model: model.map(Arc::new),
            published: None,
        };
        let linter =
            Linter::new(book, settings, knowledge, wishes.today).map_err(|message| Mistake {
                file: None,
                line: None,
                message,
            })?;
        let ignores = Ignores::new(config.ignores.into_iter().map(|entry| entry.ignore));
        Ok(Self { linter, ignores })
    }

    /// Checks one item of the input. Never panics: what breaks down is the post's error.
    pub fn check(&self, item: Item) -> PostResult {
        let mut result = PostResult {
            source: item.source,
            id: item.id,
            origin: item.origin,
            post: None,
            findings: Vec::new(),
            ignored: 0,
            error: None,
        };
        let post = match item.post {
            Ok(post) => post,
            Err(unreadable) => {
                result.error = Some(PostError::Unreadable {
                    code: unreadable.code,
                    message: unreadable.message,
                });
                return result;
            }
        };
        match catch_unwind(AssertUnwindSafe(|| self.linter.check(&post))) {
            Ok(checked) => {
                result.findings = checked.findings;
                result.ignored = self.ignores.apply(&result.id, &mut result.findings);
                result.error = failure(&checked.failures);
            }
            Err(_) => {
                result.error = Some(PostError::Internal {
                    message: "程序内部错误：无法解析这篇稿件，没有检查".to_owned(),
                });
            }
        }
        result.post = Some(post);
        result
    }
}

/// The error of a post on which rules broke down.
pub fn failure(failures: &[Failure]) -> Option<PostError> {
    if failures.is_empty() {
        return None;
    }
    let told: Vec<_> = failures
        .iter()
        .map(|failure| format!("{}（{}）", failure.rules.join("、"), failure.message))
        .collect();
    Some(PostError::Internal {
        message: format!(
            "程序内部错误：以下规则没能检查这篇稿件：{}",
            told.join("；")
        ),
    })
}

/// Reads a model of the columns.
///
/// # Errors
/// It is not there, cannot be read, is damaged or of another version.
pub fn read_model(path: &Path) -> Result<Model, Mistakes> {
    let file = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Mistake::of_file(
            &file,
            "找不到栏目模型；请用 baguan columns train 生成，或删去 baguan.toml 里的 model 一项",
        ),
        _ => Mistake::of_file(&file, format!("无法读取栏目模型：{error}")),
    })?;
    let model = Model::from_bytes(&bytes);
    model.map_err(|error| Mistake::of_file(&file, error.to_string()).into())
}

/// The built-in rule book with the site's own rules.
pub fn rule_book(config: &Config) -> Result<RuleBook, Mistakes> {
    let mut book = RuleBook::built_in().map_err(|error| book_mistake(&error))?;
    let mut files = Vec::new();
    for path in &config.rules {
        let name = path.display().to_string();
        let cannot_read =
            |error: std::io::Error| Mistake::of_file(&name, format!("无法读取：{error}"));
        if path.is_dir() {
            let mut found = Vec::new();
            for entry in std::fs::read_dir(path).map_err(cannot_read)? {
                let entry = entry.map_err(cannot_read)?.path();
                if entry.extension().is_some_and(|e| e == "toml") {
                    found.push(entry);
                }
            }
            found.sort();
            files.extend(found);
        } else {
            files.push(path.clone());
        }
    }
    for path in files {
        let file = path.display().to_string();
        let bytes = std::fs::read(&path)
            .map_err(|error| Mistake::of_file(&file, format!("无法读取：{error}")))?;
        let (text, _) = crate::input::encoding::decode(&bytes)
            .map_err(|error| Mistake::of_file(&file, error.to_string()))?;
        let text = text.trim_start_matches('\u{feff}');
        TomlFile::parse(&file, text)?;
        book.add_site_file(&file, text)
            .map_err(|error| book_mistake(&error))?;
    }
    Ok(book)
}

fn book_mistake(error: &RuleBookError) -> Mistake {
    Mistake {
        file: None,
        line: None,
        message: error.to_string(),
    }
}

/// Settings of the book, then of the site, then of the caller.
fn settings(book: &RuleBook, config: &Config, wishes: &Wishes) -> Result<Settings, Mistakes> {
    let mut settings = Settings::defaults(book);
    let mut mistakes = Vec::new();
    let mut note = |line: usize, outcome: Result<(), SettingError>| {
        if let Err(error) = outcome {
            mistakes.push(Mistake::new(&config.file, line, error.to_string()));
        }
    };
    // A family first, so that one of its rules can be set apart from it.
    let (rules, families): (Vec<_>, Vec<_>) = config
        .rule_settings
        .iter()
        .partition(|entry| entry.name.contains('/'));
    for entry in families.into_iter().chain(rules) {
        if let Some(severity) = entry.severity {
            note(entry.line, settings.set_severity(&entry.name, severity));
        }
        for (option, value, line) in &entry.options {
            let outcome = settings.set_option(&entry.name, option, value.clone());
            note(*line, outcome);
        }
    }
    for entry in &config.ignores {
        if let Some(rule) = &entry.ignore.rule {
            // Asked for its answer only: skipping in a copy tells if the name is known.
            note(
                entry.line,
                settings.clone().skip([rule.as_str()].into_iter()),
            );
        }
    }
    let mut told = |option: &str, outcome: Result<(), SettingError>| {
        if let Err(error) = outcome {
            mistakes.push(Mistake::of_command_line(format!("{option}：{error}")));
        }
    };
    if !wishes.only.is_empty() {
        let outcome = settings.only(wishes.only.iter().map(String::as_str));
        told("--only", outcome);
    }
    told(
        "--skip",
        settings.skip(wishes.skip.iter().map(String::as_str)),
    );
    settings.min_confidence = wishes.min_confidence;
    if mistakes.is_empty() {
        Ok(settings)
    } else {
        Err(Mistakes(mistakes))
    }
}
