//! What a site and a run have set for each rule: on or off, severity, options.

use crate::finding::Severity;
use crate::rulebook::{FAMILIES, Rule, RuleBook, family_of};
use std::collections::HashMap;

/// Settings of every rule, resolved: book defaults, then the site's, then the command line's.
#[derive(Debug, Clone)]
pub struct Settings {
    rules: HashMap<String, RuleSetting>,
    /// Findings of less confidence are not reported.
    pub min_confidence: f64,
}

/// The default of `--min-confidence`.
pub const MIN_CONFIDENCE: f64 = 0.9;

/// How one rule is set.
#[derive(Debug, Clone)]
pub struct RuleSetting {
    pub enabled: bool,
    /// The site's severity for all of the rule's findings; `None`: the rule's own.
    pub severity: Option<Severity>,
    /// The severity in the book.
    pub default_severity: Severity,
    pub options: toml::Table,
}

/// A setting that names what does not exist or has the wrong type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingError {
    #[error("没有规则或规则类别“{name}”{}", did_you_mean(.nearest.as_deref()))]
    UnknownRule {
        name: String,
        nearest: Option<String>,
    },
    #[error("规则“{rule}”没有选项“{option}”{}", did_you_mean(.nearest.as_deref()))]
    UnknownOption {
        rule: String,
        option: String,
        nearest: Option<String>,
    },
    #[error("规则“{rule}”的选项“{option}”应为{expected}，实为 {found}")]
    WrongOptionType {
        rule: String,
        option: String,
        expected: &'static str,
        found: String,
    },
}

fn did_you_mean(nearest: Option<&str>) -> String {
    nearest.map_or(String::new(), |n| format!("，是不是想写“{n}”？"))
}

/// The name nearest to `name` among `known`, if one is near enough to be what was meant.
pub fn nearest<'k>(name: &str, known: impl Iterator<Item = &'k str>) -> Option<String> {
    known
        .map(|k| (strsim::jaro_winkler(name, k), k))
        .filter(|(score, _)| *score > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, k)| k.to_owned())
}

fn type_name(value: &toml::Value) -> &'static str {
    match value {
        toml::Value::String(_) => "字符串",
        toml::Value::Integer(_) => "整数",
        toml::Value::Float(_) => "小数",
        toml::Value::Boolean(_) => "true 或 false",
        toml::Value::Datetime(_) => "日期",
        toml::Value::Array(_) => "列表",
        toml::Value::Table(_) => "表",
    }
}

impl Settings {
    /// Every rule as the book has it.
    pub fn defaults(book: &RuleBook) -> Self {
        let setting = |rule: &Rule| RuleSetting {
            enabled: rule.enabled,
            severity: None,
            default_severity: rule.severity,
            options: rule
                .options
                .iter()
                .map(|(name, option)| (name.clone(), option.default.clone()))
                .collect(),
        };
        Self {
            rules: book
                .rules()
                .map(|rule| (rule.id.clone(), setting(rule)))
                .collect(),
            min_confidence: MIN_CONFIDENCE,
        }
    }

    /// Rules whose id or family is `name`; an error if there is neither.
    fn matching(&self, name: &str) -> Result<Vec<String>, SettingError> {
        if self.rules.contains_key(name) {
            return Ok(vec![name.to_owned()]);
        }
        if FAMILIES.iter().any(|(family, _)| *family == name) {
            return Ok(self
                .rules
                .keys()
                .filter(|id| family_of(id) == name)
                .cloned()
                .collect());
        }
        let families = FAMILIES.iter().map(|(family, _)| *family);
        Err(SettingError::UnknownRule {
            name: name.to_owned(),
            nearest: nearest(name, self.rules.keys().map(String::as_str).chain(families)),
        })
    }

    /// Turns a rule or family off, or on with a severity for all its findings.
    pub fn set_severity(
        &mut self,
        name: &str,
        severity: Option<Severity>,
    ) -> Result<(), SettingError> {
        for id in self.matching(name)? {
            if let Some(setting) = self.rules.get_mut(&id) {
                setting.enabled = severity.is_some();
                setting.severity = severity;
            }
        }
        Ok(())
    }

    /// Sets an option of one rule. A list of numbers or of strings replaces the default list.
    pub fn set_option(
        &mut self,
        rule: &str,
        option: &str,
        value: toml::Value,
    ) -> Result<(), SettingError> {
        self.matching(rule)?;
        let unknown = |options: Option<&toml::Table>| SettingError::UnknownOption {
            rule: rule.to_owned(),
            option: option.to_owned(),
            nearest: options.and_then(|o| nearest(option, o.keys().map(String::as_str))),
        };
        let Some(setting) = self.rules.get_mut(rule) else {
            return Err(unknown(None));
        };
        let Some(old) = setting.options.get(option) else {
            return Err(unknown(Some(&setting.options)));
        };
        let value = match (old, value) {
            (toml::Value::Float(_), toml::Value::Integer(n)) => toml::Value::Float(n as f64),
            (_, value) => value,
        };
        if old.type_str() != value.type_str() {
            return Err(SettingError::WrongOptionType {
                rule: rule.to_owned(),
                option: option.to_owned(),
                expected: type_name(old),
                found: value.to_string(),
            });
        }
        setting.options.insert(option.to_owned(), value);
        Ok(())
    }

    /// Keeps only the rules and families named. Naming a rule that is off turns it on.
    pub fn only<'n>(&mut self, names: impl Iterator<Item = &'n str>) -> Result<(), SettingError> {
        let mut kept = std::collections::HashSet::new();
        for name in names {
            let ids = self.matching(name)?;
            if self.rules.contains_key(name)
                && let Some(setting) = self.rules.get_mut(name)
            {
                setting.enabled = true;
            }
            kept.extend(ids);
        }
        for (id, setting) in &mut self.rules {
            setting.enabled &= kept.contains(id);
        }
        Ok(())
    }

    /// Turns the rules and families named off.
    pub fn skip<'n>(&mut self, names: impl Iterator<Item = &'n str>) -> Result<(), SettingError> {
        for name in names {
            for id in self.matching(name)? {
                if let Some(setting) = self.rules.get_mut(&id) {
                    setting.enabled = false;
                }
            }
        }
        Ok(())
    }

    /// The setting of a rule.
    pub fn rule(&self, id: &str) -> Option<&RuleSetting> {
        self.rules.get(id)
    }

    /// True if the rule is on.
    pub fn enabled(&self, id: &str) -> bool {
        self.rules.get(id).is_some_and(|setting| setting.enabled)
    }

    /// True if any rule of the family is on.
    pub fn family_enabled(&self, family: &str) -> bool {
        self.rules
            .iter()
            .any(|(id, setting)| setting.enabled && family_of(id) == family)
    }

    /// A whole-number option; 0 if the book has none of that name (the tests see to it).
    pub fn integer(&self, rule: &str, option: &str) -> i64 {
        self.option(rule, option)
            .and_then(toml::Value::as_integer)
            .unwrap_or(0)
    }

    /// A number option; 0 if the book has none of that name.
    pub fn number(&self, rule: &str, option: &str) -> f64 {
        match self.option(rule, option) {
            Some(toml::Value::Float(number)) => *number,
            Some(toml::Value::Integer(number)) => *number as f64,
            _ => 0.0,
        }
    }

    /// A yes-or-no option; no if the book has none of that name.
    pub fn flag(&self, rule: &str, option: &str) -> bool {
        self.option(rule, option)
            .and_then(toml::Value::as_bool)
            .unwrap_or(false)
    }

    /// A list-of-strings option; empty if the book has none of that name.
    pub fn strings<'s>(&'s self, rule: &str, option: &str) -> impl Iterator<Item = &'s str> {
        self.option(rule, option)
            .and_then(toml::Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(toml::Value::as_str)
    }

    fn option(&self, rule: &str, option: &str) -> Option<&toml::Value> {
        self.rules.get(rule)?.options.get(option)
    }
}
