//! A TOML file read with positions, so that an unknown key or a wrong type is a mistake with its
//! line. All mistakes of a file are collected, not just the first.

use crate::mistake::{Mistake, Mistakes};
use crate::settings::nearest;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Collects the mistakes of one file.
pub struct TomlFile {
    file: String,
    /// Byte offsets at which lines begin.
    line_starts: Vec<usize>,
    mistakes: Vec<Mistake>,
}

impl TomlFile {
    /// Parses `text`; `file` is its name in messages.
    pub fn parse<'t>(file: &str, text: &'t str) -> Result<(Self, DeTable<'t>), Mistake> {
        let mut line_starts = vec![0];
        line_starts.extend(text.match_indices('\n').map(|(at, _)| at + 1));
        let this = Self {
            file: file.to_owned(),
            line_starts,
            mistakes: Vec::new(),
        };
        match DeTable::parse(text) {
            Ok(table) => Ok((this, table.into_inner())),
            Err(error) => {
                let at = error.span().map_or(0, |span| span.start);
                let line = this.line(at);
                let found = text.lines().nth(line - 1).unwrap_or_default().trim();
                let what = if error.message().contains("duplicate key") {
                    "这个键前面已经写过，同一处只能写一次".to_owned()
                } else {
                    format!(
                        "语法有误：{found}（文字要加英文双引号，等号、引号、括号要用英文半角且成对）"
                    )
                };
                Err(Mistake::new(file, line, what))
            }
        }
    }

    /// Nothing if there was no mistake.
    pub fn finish<T>(self, value: T) -> Result<T, Mistakes> {
        if self.mistakes.is_empty() {
            Ok(value)
        } else {
            Err(Mistakes(self.mistakes))
        }
    }

    /// The line (from 1) of a byte offset.
    pub fn line(&self, at: usize) -> usize {
        self.line_starts.partition_point(|&start| start <= at)
    }

    /// Notes a mistake at a place of the file.
    pub fn mistake(&mut self, at: Range<usize>, message: impl Into<String>) {
        let line = self.line(at.start);
        self.mistakes.push(Mistake::new(&self.file, line, message));
    }

    /// Notes every key of `table` that is not one of `known`. `place` names the table.
    pub fn only_known(&mut self, table: &DeTable<'_>, place: &str, known: &[&str]) {
        for key in table.keys() {
            let name: &str = key.get_ref();
            if !known.contains(&name) {
                let message = match nearest(name, known.iter().copied()) {
                    Some(near) => format!("{place}没有“{name}”这一项，是不是想写“{near}”？"),
                    None => format!(
                        "{place}没有“{name}”这一项，可以写的有：{}",
                        known.join("、")
                    ),
                };
                self.mistake(key.span(), message);
            }
        }
    }

    fn wrong_type(&mut self, key: &str, expected: &str, value: &Spanned<DeValue<'_>>) {
        let message = format!("“{key}”应写成{expected}");
        self.mistake(value.span(), message);
    }

    /// A string; blanks at its ends are dropped, an empty one counts as absent.
    pub fn string(&mut self, table: &DeTable<'_>, key: &str) -> Option<Spanned<String>> {
        let value = table.get(key)?;
        let Some(text) = value.get_ref().as_str() else {
            self.wrong_type(key, &format!("文字，例如 {key} = \"……\""), value);
            return None;
        };
        let text = text.trim();
        (!text.is_empty()).then(|| Spanned::new(value.span(), text.to_owned()))
    }

    /// A list of strings; a single string counts as a list of one.
    pub fn strings(&mut self, table: &DeTable<'_>, key: &str) -> Vec<Spanned<String>> {
        let Some(value) = table.get(key) else {
            return Vec::new();
        };
        let items = match value.get_ref() {
            DeValue::Array(items) => items.iter().collect(),
            _ => vec![value],
        };
        let mut strings = Vec::new();
        for item in items {
            match item.get_ref().as_str().map(str::trim) {
                Some("") => {}
                Some(text) => strings.push(Spanned::new(item.span(), text.to_owned())),
                None => {
                    self.wrong_type(
                        key,
                        &format!("一组文字，例如 {key} = [\"……\", \"……\"]"),
                        item,
                    );
                }
            }
        }
        strings
    }

    /// A whole number of days, posts and the like.
    pub fn count(&mut self, table: &DeTable<'_>, key: &str) -> Option<u32> {
        let value = table.get(key)?;
        let number = value
            .get_ref()
            .as_integer()
            .and_then(|number| u32::from_str_radix(number.as_str(), number.radix()).ok());
        if number.is_none() {
            self.wrong_type(key, &format!("不带引号的整数，例如 {key} = 14"), value);
        }
        number
    }

    /// Yes or no.
    pub fn flag(&mut self, table: &DeTable<'_>, key: &str) -> Option<bool> {
        let value = table.get(key)?;
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            let expected = format!("true（是）或 false（否），例如 {key} = true");
            self.wrong_type(key, &expected, value);
        }
        flag
    }

    /// The table `[key]`.
    pub fn table<'a, 't>(&mut self, table: &'a DeTable<'t>, key: &str) -> Option<&'a DeTable<'t>> {
        let value = table.get(key)?;
        let found = value.get_ref().as_table();
        if found.is_none() {
            self.wrong_type(key, &format!("一节，以 [{key}] 开头"), value);
        }
        found
    }

    /// The tables `[[key]]`, each with its place.
    pub fn tables<'a, 't>(
        &mut self,
        table: &'a DeTable<'t>,
        key: &str,
    ) -> Vec<(&'a DeTable<'t>, Range<usize>)> {
        let Some(value) = table.get(key) else {
            return Vec::new();
        };
        let tables: Option<Vec<_>> = value.get_ref().as_array().and_then(|items| {
            items
                .iter()
                .map(|item| Some((item.get_ref().as_table()?, item.span())))
                .collect()
        });
        if tables.is_none() {
            self.wrong_type(key, &format!("若干节，每节以 [[{key}]] 开头"), value);
        }
        tables.unwrap_or_default()
    }
}

/// A parsed value without its positions. The parser bounds the nesting.
pub fn plain(value: &Spanned<DeValue<'_>>) -> Result<toml::Value, String> {
    use serde::Deserialize;
    let deserializer = toml::de::ValueDeserializer::from(value.clone());
    toml::Value::deserialize(deserializer).map_err(|error| error.message().to_owned())
}
