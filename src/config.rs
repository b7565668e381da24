//! `baguan.toml`: what a site has set. Found by walking up from a folder; paths in it are
//! relative to it; unknown keys are mistakes.

use crate::finding::Severity;
use crate::ignore::Ignore;
use crate::knowledge::Site;
use crate::mistake::{Mistake, Mistakes};
use crate::settings::nearest;
use crate::toml_file::{TomlFile, plain};
use std::path::{Path, PathBuf};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The name of the file that makes a folder a site folder.
pub const FILE_NAME: &str = "baguan.toml";

/// A site's configuration. Paths are joined to the folder of the file.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// The file's name in messages.
    pub file: String,
    pub site: Site,
    pub columns: Option<PathBuf>,
    pub units: Option<PathBuf>,
    pub roster: Vec<PathBuf>,
    pub dictionaries: Vec<PathBuf>,
    /// The site's own rules: `.toml` files and folders of them.
    pub rules: Vec<PathBuf>,
    /// Where the trained model of the columns stands, or will.
    pub model: Option<PathBuf>,
    pub rule_settings: Vec<RuleEntry>,
    pub ignores: Vec<IgnoreEntry>,
    /// `[format]` as it stands. Its keys are judged where one-click formatting reads them.
    pub format: toml::Table,
    /// `[audit]` as it stands. Its keys are judged where the audit reads them.
    pub audit: toml::Table,
    /// `[source]` as it stands. Its keys are judged where the database is read.
    pub source: toml::Table,
}

/// A line of `[rules]`.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleEntry {
    /// A rule id or a family.
    pub name: String,
    /// The line that it stands on.
    pub line: usize,
    /// `None`: not said. `Some(None)`: off.
    pub severity: Option<Option<Severity>>,
    /// Options with their lines.
    pub options: Vec<(String, toml::Value, usize)>,
}

/// An `[[ignore]]` and the line that its rule stands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IgnoreEntry {
    pub line: usize,
    pub ignore: Ignore,
}

const SECTIONS: [&str; 6] = ["site", "rules", "format", "ignore", "audit", "source"];
const SITE_KEYS: [&str; 8] = [
    "name",
    "place",
    "columns",
    "units",
    "roster",
    "dictionaries",
    "rules",
    "model",
];
const IGNORE_KEYS: [&str; 4] = ["rule", "post", "fingerprint", "reason"];

impl Config {
    /// The nearest `baguan.toml` in `folder` or above it.
    pub fn find(folder: &Path) -> Option<PathBuf> {
        folder
            .ancestors()
            .map(|ancestor| ancestor.join(FILE_NAME))
            .find(|file| file.is_file())
    }

    /// Reads a `baguan.toml`.
    pub fn load(path: &Path) -> Result<Self, Mistakes> {
        let file = path.display().to_string();
        let bytes = std::fs::read(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Mistake::of_file(&file, "找不到这个配置文件"),
            _ => Mistake::of_file(&file, format!("无法读取配置文件：{error}")),
        })?;
        let (text, _) = crate::input::encoding::decode(&bytes)
            .map_err(|error| Mistake::of_file(&file, error.to_string()))?;
        let folder = path.parent().unwrap_or(Path::new(""));
        Self::parse(&file, &text, folder)
    }

    /// Reads the text of a `baguan.toml` that stands in `folder`.
    pub fn parse(file: &str, text: &str, folder: &Path) -> Result<Self, Mistakes> {
        let (mut toml, root) = TomlFile::parse(file, text.trim_start_matches('\u{feff}'))?;
        toml.only_known(&root, "配置文件里", &SECTIONS);
        let mut config = Self {
            file: file.to_owned(),
            ..Self::default()
        };
        if let Some(site) = toml.table(&root, "site") {
            config.read_site(&mut toml, site, folder);
        }
        if let Some(rules) = toml.table(&root, "rules") {
            config.rule_settings = rules
                .iter()
                .filter_map(|(name, value)| rule_entry(&mut toml, name, value))
                .collect();
        }
        for (table, place) in toml.tables(&root, "ignore") {
            toml.only_known(table, "[[ignore]] 里", &IGNORE_KEYS);
            config
                .ignores
                .extend(ignore_entry(&mut toml, table, place.start));
        }
        config.format = raw(&mut toml, &root, "format");
        config.audit = raw(&mut toml, &root, "audit");
        config.source = raw(&mut toml, &root, "source");
        toml.finish(config)
    }

    fn read_site(&mut self, toml: &mut TomlFile, site: &DeTable<'_>, folder: &Path) {
        toml.only_known(site, "[site] 里", &SITE_KEYS);
        self.site.name = toml.string(site, "name").map(Spanned::into_inner);
        self.site.place = toml.string(site, "place").map(Spanned::into_inner);
        let existing = |toml: &mut TomlFile, key: &str, written: Spanned<String>| {
            let path = folder.join(written.get_ref());
            if !path.exists() {
                let message = format!(
                    "{key} 所指的“{}”不存在，请改正路径，或删去这一项",
                    written.get_ref()
                );
                toml.mistake(written.span(), message);
            }
            path
        };
        for (key, place) in [("columns", &mut self.columns), ("units", &mut self.units)] {
            if let Some(written) = toml.string(site, key) {
                *place = Some(existing(toml, key, written));
            }
        }
        for (key, place) in [
            ("roster", &mut self.roster),
            ("dictionaries", &mut self.dictionaries),
            ("rules", &mut self.rules),
        ] {
            for written in toml.strings(site, key) {
                place.push(existing(toml, key, written));
            }
        }
        // Where `baguan words add` writes, whether the file names it or not.
        let words = folder.join("words");
        if !site.contains_key("dictionaries") && words.is_dir() {
            self.dictionaries.push(words);
        }
        self.model = toml
            .string(site, "model")
            .map(|written| folder.join(written.get_ref()));
    }
}

fn raw(toml: &mut TomlFile, root: &DeTable<'_>, section: &str) -> toml::Table {
    if toml.table(root, section).is_none() {
        return toml::Table::new();
    }
    match root.get(section).map(plain) {
        Some(Ok(toml::Value::Table(table))) => table,
        _ => toml::Table::new(),
    }
}

const SEVERITIES: [&str; 4] = ["off", "info", "warning", "error"];

fn severity(toml: &mut TomlFile, value: &Spanned<DeValue<'_>>) -> Option<Option<Severity>> {
    match value.get_ref().as_str() {
        Some("off") => Some(None),
        Some("info") => Some(Some(Severity::Info)),
        Some("warning") => Some(Some(Severity::Warning)),
        Some("error") => Some(Some(Severity::Error)),
        Some(other) => {
            let meant = nearest(other, SEVERITIES.into_iter());
            let hint = meant.map_or_else(
                || "可以写 \"off\"（关闭）、\"info\"（提示）、\"warning\"（警告）、\"error\"（错误）".to_owned(),
                |near| format!("是不是想写“{near}”？"),
            );
            toml.mistake(value.span(), format!("没有“{other}”这一级别，{hint}"));
            None
        }
        None => {
            toml.mistake(
                value.span(),
                "应写成 \"off\"、\"info\"、\"warning\"、\"error\" 之一，或 { severity = \"warning\", 选项 = 值 }",
            );
            None
        }
    }
}

fn rule_entry(
    toml: &mut TomlFile,
    name: &Spanned<std::borrow::Cow<'_, str>>,
    value: &Spanned<DeValue<'_>>,
) -> Option<RuleEntry> {
    let mut entry = RuleEntry {
        name: name.get_ref().trim().to_owned(),
        line: toml.line(name.span().start),
        severity: None,
        options: Vec::new(),
    };
    let Some(table) = value.get_ref().as_table() else {
        entry.severity = Some(severity(toml, value)?);
        return Some(entry);
    };
    for (key, value) in table {
        if key.get_ref() == "severity" {
            entry.severity = severity(toml, value);
        } else {
            match plain(value) {
                Ok(plain) => {
                    let line = toml.line(key.span().start);
                    entry
                        .options
                        .push((key.get_ref().clone().into_owned(), plain, line));
                }
                Err(error) => toml.mistake(value.span(), error),
            }
        }
    }
    Some(entry)
}

fn ignore_entry(toml: &mut TomlFile, table: &DeTable<'_>, start: usize) -> Option<IgnoreEntry> {
    let rule = toml.string(table, "rule");
    let fingerprint = toml.string(table, "fingerprint").map(Spanned::into_inner);
    // The id of a post may be a number.
    let post = match table.get("post").map(|value| (value, value.get_ref())) {
        Some((_, DeValue::Integer(number))) if number.radix() == 10 => {
            Some(number.as_str().to_owned())
        }
        _ => toml.string(table, "post").map(Spanned::into_inner),
    };
    let reason = toml.string(table, "reason");
    let at = start..start;
    if fingerprint.is_none() && (post.is_none() || rule.is_none()) {
        toml.mistake(
            at,
            "这个 [[ignore]] 要写明忽略哪一处：写 fingerprint（检查结果里有），或同时写 rule 和 post",
        );
        return None;
    }
    let Some(reason) = reason else {
        toml.mistake(
            at,
            "这个 [[ignore]] 缺少 reason，请写明为什么忽略，例如 reason = \"上级文件原文如此\"",
        );
        return None;
    };
    Some(IgnoreEntry {
        line: toml.line(rule.as_ref().map_or(start, |rule| rule.span().start)),
        ignore: Ignore {
            rule: rule.map(Spanned::into_inner),
            post,
            fingerprint,
            reason: reason.into_inner(),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistakes(text: &str) -> String {
        Config::parse("baguan.toml", text, Path::new(""))
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn every_section_is_read() {
        let text = r#"
[site]
name = "中国示例"
place = "某省某市示例县"
model = "columns.model"
[rules]
"title/document-number" = "off"
title = "info"
"title/length" = { severity = "warning", max = 60 }
[format]
indent = "style"
[[ignore]]
rule = "title/length"
post = 1024
reason = "上级文件标题原文"
[[ignore]]
fingerprint = "9f2c"
reason = "专有名称"
[audit]
quota = { "镇街" = 15 }
[source]
url = "sqlite:posts.db"
"#;
        let config = Config::parse("baguan.toml", text, Path::new("site")).unwrap();
        assert_eq!(config.site.place.as_deref(), Some("某省某市示例县"));
        assert_eq!(config.model, Some(PathBuf::from("site/columns.model")));
        let by_name = |name: &str| {
            config
                .rule_settings
                .iter()
                .find(|entry| entry.name == name)
                .cloned()
                .unwrap()
        };
        assert_eq!(by_name("title/document-number").severity, Some(None));
        assert_eq!(by_name("title").severity, Some(Some(Severity::Info)));
        let length = by_name("title/length");
        assert_eq!(length.severity, Some(Some(Severity::Warning)));
        assert_eq!(length.options, [("max".to_owned(), 60.into(), 9)]);
        assert_eq!(config.ignores[0].ignore.post.as_deref(), Some("1024"));
        assert_eq!(
            config.ignores[1].ignore.fingerprint.as_deref(),
            Some("9f2c")
        );
        assert_eq!(config.format["indent"].as_str(), Some("style"));
        assert_eq!(config.audit["quota"]["镇街"].as_integer(), Some(15));
        assert_eq!(config.source["url"].as_str(), Some("sqlite:posts.db"));
    }

    #[test]
    fn unknown_keys_name_their_line_and_the_nearest_key() {
        assert_eq!(
            mistakes("[site]\nname = \"示例\"\nplase = \"示例县\"\n[rule]\n"),
            "baguan.toml 第 4 行：配置文件里没有“rule”这一项，是不是想写“rules”？\n\
             baguan.toml 第 3 行：[site] 里没有“plase”这一项，是不是想写“place”？"
        );
    }

    #[test]
    fn wrong_values_say_what_to_write() {
        assert_eq!(
            mistakes("[rules]\n\"title/length\" = \"warn\"\n"),
            "baguan.toml 第 2 行：没有“warn”这一级别，是不是想写“warning”？"
        );
        assert_eq!(
            mistakes("[site]\nname = 3\n"),
            "baguan.toml 第 2 行：“name”应写成文字，例如 name = \"……\""
        );
        assert_eq!(
            mistakes("[site]\ncolumns = \"没有.toml\"\n"),
            "baguan.toml 第 2 行：columns 所指的“没有.toml”不存在，请改正路径，或删去这一项"
        );
        assert_eq!(
            mistakes("[[ignore]]\nfingerprint = \"ab\"\n"),
            "baguan.toml 第 1 行：这个 [[ignore]] 缺少 reason，请写明为什么忽略，例如 reason = \"上级文件原文如此\""
        );
        assert_eq!(
            mistakes("[[ignore]]\nrule = \"title\"\nreason = \"x\"\n"),
            "baguan.toml 第 1 行：这个 [[ignore]] 要写明忽略哪一处：写 fingerprint（检查结果里有），或同时写 rule 和 post"
        );
    }

    #[test]
    fn broken_syntax_names_its_line() {
        assert_eq!(
            mistakes("[site]\nname = “示例”\n"),
            "baguan.toml 第 2 行：语法有误：name = “示例”（文字要加英文双引号，等号、引号、括号要用英文半角且成对）"
        );
        assert_eq!(
            mistakes("[site]\nname = \"a\"\nname = \"b\"\n"),
            "baguan.toml 第 3 行：这个键前面已经写过，同一处只能写一次"
        );
    }
}
