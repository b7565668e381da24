//! The rule book: what each rule is called, means, rests on and asks for, with its examples.
//!
//! Entries stand in TOML, one file a family, and are compiled in; a site's own files add entries
//! or override parts of built-in ones. Rules that are only a pattern live here alone.

use crate::finding::{Field, Severity};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Every family of rules, in the order of the documentation. All are known names, also while
/// one has no rule yet.
pub const FAMILIES: [(&str, &str); 16] = [
    ("title", "标题格式"),
    ("title-in-body", "正文中出现标题"),
    ("format", "正文排版"),
    ("typo", "错别字"),
    ("leader", "领导姓名职务"),
    ("column", "栏目分类"),
    ("guide", "办事指南"),
    ("punctuation", "标点符号"),
    ("number", "数字用法"),
    ("date", "日期"),
    ("numbering", "序号"),
    ("wording", "规范用语"),
    ("privacy", "个人信息"),
    ("link", "链接"),
    ("duplicate", "重复发布"),
    ("site", "本站规则"),
];

/// The built-in rule files: name and text.
const BUILT_IN: &[(&str, &str)] = &[
    ("rules/title.toml", include_str!("../rules/title.toml")),
    ("rules/typo.toml", include_str!("../rules/typo.toml")),
    (
        "rules/title-in-body.toml",
        include_str!("../rules/title-in-body.toml"),
    ),
    ("rules/format.toml", include_str!("../rules/format.toml")),
    ("rules/date.toml", include_str!("../rules/date.toml")),
    ("rules/column.toml", include_str!("../rules/column.toml")),
    ("rules/guide.toml", include_str!("../rules/guide.toml")),
    ("rules/leader.toml", include_str!("../rules/leader.toml")),
];

/// Whether the fix of a rule may be applied without a person looking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FixSafety {
    /// There is no automatic fix.
    None,
    Safe,
    Unsafe,
    /// Some findings have a safe fix, others an unsafe one or none.
    Sometimes,
}

/// One rule as people read it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// `family/kebab-name`.
    pub id: String,
    /// Chinese name.
    pub name: String,
    /// Default severity; a rule may report lesser cases lower.
    pub severity: Severity,
    /// Off by default if false.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// What it finds.
    pub what: String,
    /// Why it matters, and the regulation or practice it comes from.
    pub why: String,
    /// How to mend it.
    pub mend: String,
    pub fix: FixSafety,
    /// Settings with their defaults.
    #[serde(default)]
    pub options: BTreeMap<String, RuleOption>,
    /// Patterns; a rule with any needs no code.
    #[serde(default)]
    pub pattern: Vec<Pattern>,
    /// Posts in which it must report something.
    #[serde(default)]
    pub bad: Vec<Example>,
    /// Posts in which it must not.
    #[serde(default)]
    pub good: Vec<Example>,
}

fn yes() -> bool {
    true
}

/// A setting of a rule.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleOption {
    pub default: toml::Value,
    /// What it means, in Chinese.
    pub about: String,
}

/// A rule without code: a regular expression or a list of words.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pattern {
    /// Matched against what the reader sees of a title or a block. The group `found`, if there is
    /// one, is what is reported; else the whole match.
    pub regex: Option<String>,
    /// Words to find, instead of `regex`.
    #[serde(default)]
    pub words: Vec<String>,
    /// What to write instead; `$name` and `$1` refer to groups of `regex`.
    pub replace: Option<String>,
    /// The replacement is safe to apply unseen.
    #[serde(default)]
    pub safe: bool,
    /// Fields to look at: `title`, `body`; both if empty.
    #[serde(default)]
    pub fields: Vec<Field>,
    /// A Chinese sentence; `{text}` is what was found, `{replace}` what to write instead.
    pub message: String,
    pub severity: Option<Severity>,
    pub confidence: Option<f64>,
}

/// A post of the rule book, with what is expected of the rule. Most name a title or a body alone.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    pub title: Option<String>,
    pub body: Option<String>,
    pub column: Option<String>,
    pub unit: Option<String>,
    pub published_at: Option<String>,
    /// Bad examples: the visible text that must be reported.
    pub text: Option<String>,
    /// Bad examples: the first suggestion's text.
    pub suggestion: Option<String>,
    /// Bad examples: the severity, where it is not the rule's default.
    pub severity: Option<Severity>,
    /// Site files for this example: file name → text, e.g. `"roster.csv" = "…"`.
    #[serde(default)]
    pub site: BTreeMap<String, String>,
    /// Why it is good or bad, for the reader.
    pub note: Option<String>,
}

/// A rule file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    /// Site files for all examples of the file; those of an example win.
    #[serde(default)]
    site: BTreeMap<String, String>,
    #[serde(default)]
    rule: Vec<Rule>,
}

/// All rules, by id.
#[derive(Debug, Clone)]
pub struct RuleBook {
    rules: BTreeMap<String, Rule>,
}

/// What is wrong with a rule file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleBookError {
    #[error("{file}：{message}")]
    Syntax { file: String, message: String },
    #[error("{file}：规则编号“{id}”应写成“类别/名称”，类别为：{families}")]
    UnknownFamily {
        file: String,
        id: String,
        families: String,
    },
    #[error("{file}：规则“{id}”重复")]
    Duplicate { file: String, id: String },
    #[error("{file}：规则“{id}”的正则表达式有误：{message}")]
    BadRegex {
        file: String,
        id: String,
        message: String,
    },
    #[error("{file}：规则“{id}”须写 pattern（regex 或 words），本站规则不能没有匹配方式")]
    NoPattern { file: String, id: String },
}

/// The family of a rule id: the part before the slash.
pub fn family_of(rule: &str) -> &str {
    rule.split_once('/').map_or(rule, |(family, _)| family)
}

/// The Chinese name of a family.
pub fn family_name(family: &str) -> &'static str {
    FAMILIES
        .iter()
        .find(|(id, _)| *id == family)
        .map_or("", |(_, name)| name)
}

impl RuleBook {
    /// The rules that come with the program.
    pub fn built_in() -> Result<Self, RuleBookError> {
        let mut book = Self {
            rules: BTreeMap::new(),
        };
        for (file, text) in BUILT_IN {
            for rule in parse(file, text)? {
                let id = rule.id.clone();
                if book.rules.insert(id.clone(), rule).is_some() {
                    return Err(RuleBookError::Duplicate {
                        file: (*file).to_owned(),
                        id,
                    });
                }
            }
        }
        Ok(book)
    }

    /// Adds a site's rule file. Its rules must be patterns; one with a built-in rule's id
    /// replaces that rule if that is a pattern too.
    pub fn add_site_file(&mut self, file: &str, text: &str) -> Result<(), RuleBookError> {
        for rule in parse(file, text)? {
            if rule.pattern.is_empty() {
                return Err(RuleBookError::NoPattern {
                    file: file.to_owned(),
                    id: rule.id,
                });
            }
            self.rules.insert(rule.id.clone(), rule);
        }
        Ok(())
    }

    /// All rules in the order of their ids.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.rules.values()
    }

    /// The rule with this id.
    pub fn get(&self, id: &str) -> Option<&Rule> {
        self.rules.get(id)
    }
}

fn parse(file: &str, text: &str) -> Result<Vec<Rule>, RuleBookError> {
    let mut parsed: RuleFile = toml::from_str(text).map_err(|error| RuleBookError::Syntax {
        file: file.to_owned(),
        message: error.to_string(),
    })?;
    for rule in &mut parsed.rule {
        for example in rule.bad.iter_mut().chain(&mut rule.good) {
            for (file, text) in &parsed.site {
                let own = example.site.entry(file.clone());
                own.or_insert_with(|| text.clone());
            }
        }
    }
    for rule in &parsed.rule {
        let known = rule.id.split_once('/').is_some_and(|(family, name)| {
            FAMILIES.iter().any(|(id, _)| *id == family) && !name.is_empty()
        });
        if !known {
            return Err(RuleBookError::UnknownFamily {
                file: file.to_owned(),
                id: rule.id.clone(),
                families: FAMILIES.map(|(id, _)| id).join("、"),
            });
        }
        for pattern in &rule.pattern {
            let Some(regex) = &pattern.regex else {
                continue;
            };
            if let Err(error) = regex::Regex::new(regex) {
                return Err(RuleBookError::BadRegex {
                    file: file.to_owned(),
                    id: rule.id.clone(),
                    message: error.to_string(),
                });
            }
        }
    }
    Ok(parsed.rule)
}
