//! Rules that are only a pattern in the rule book: a regular expression or a list of words.

use super::{Context, Draft, Place};
use crate::document::Document;
use crate::finding::{Field, Severity};
use crate::rulebook::{Pattern, Rule};
use daachorse::{CharwiseDoubleArrayAhoCorasick, CharwiseDoubleArrayAhoCorasickBuilder, MatchKind};
use regex::Regex;

/// One pattern, ready to match.
pub struct PatternCheck {
    rule: String,
    matcher: Matcher,
    replace: Option<String>,
    safe: bool,
    fields: Vec<Field>,
    message: String,
    severity: Option<Severity>,
    confidence: f64,
}

enum Matcher {
    Regex(Regex),
    Words(CharwiseDoubleArrayAhoCorasick<u32>),
}

impl PatternCheck {
    /// The checks of a rule's patterns, or what is wrong with one.
    pub fn of(rule: &Rule) -> Result<Vec<Self>, String> {
        rule.pattern
            .iter()
            .map(|pattern| Self::new(&rule.id, pattern))
            .collect()
    }

    fn new(rule: &str, pattern: &Pattern) -> Result<Self, String> {
        let matcher = match (&pattern.regex, pattern.words.is_empty()) {
            (Some(regex), true) => Matcher::Regex(Regex::new(regex).map_err(|e| e.to_string())?),
            (None, false) => Matcher::Words(
                CharwiseDoubleArrayAhoCorasickBuilder::new()
                    .match_kind(MatchKind::LeftmostLongest)
                    .build(&pattern.words)
                    .map_err(|e| e.to_string())?,
            ),
            (Some(_), false) => return Err("regex 与 words 只能写一个".to_owned()),
            (None, true) => return Err("须写 regex 或 words".to_owned()),
        };
        Ok(Self {
            rule: rule.to_owned(),
            matcher,
            replace: pattern.replace.clone(),
            safe: pattern.safe,
            fields: if pattern.fields.is_empty() {
                vec![Field::Title, Field::Body]
            } else {
                pattern.fields.clone()
            },
            message: pattern.message.clone(),
            severity: pattern.severity,
            confidence: pattern.confidence.unwrap_or(1.0),
        })
    }

    /// The rule's id.
    pub fn rule(&self) -> &str {
        &self.rule
    }

    /// Adds what the pattern finds in the post.
    pub fn check(&self, context: &Context<'_>, out: &mut Vec<Draft>) {
        for &field in &self.fields {
            if let Some(document) = context.document(field) {
                self.check_document(field, document, out);
            }
        }
    }

    fn check_document(&self, field: Field, document: &Document<'_>, out: &mut Vec<Draft>) {
        for (block, b) in document.visible_blocks() {
            let text = b.text.as_str();
            match &self.matcher {
                Matcher::Regex(regex) => {
                    for captures in regex.captures_iter(text) {
                        let Some(found) = captures.name("found").or(captures.get(0)) else {
                            continue;
                        };
                        let replacement = self.replace.as_ref().map(|template| {
                            let mut expanded = String::new();
                            captures.expand(template, &mut expanded);
                            expanded
                        });
                        self.report(field, block, text, found.range(), replacement, out);
                    }
                }
                Matcher::Words(words) => {
                    for found in words.leftmost_find_iter(text) {
                        let range = found.start()..found.end();
                        self.report(field, block, text, range, self.replace.clone(), out);
                    }
                }
            }
        }
    }

    fn report(
        &self,
        field: Field,
        block: usize,
        text: &str,
        range: std::ops::Range<usize>,
        replacement: Option<String>,
        out: &mut Vec<Draft>,
    ) {
        if range.is_empty() {
            return;
        }
        let found = &text[range.clone()];
        if replacement.as_deref() == Some(found) {
            return;
        }
        let message = self
            .message
            .replace("{text}", found)
            .replace("{replace}", replacement.as_deref().unwrap_or_default());
        let mut draft = Draft::new(
            &*self.rule,
            Place::Text {
                field,
                block,
                range,
            },
            message,
        )
        .confidence(self.confidence);
        draft.severity = self.severity;
        if let Some(replacement) = replacement {
            draft = if self.safe {
                draft.fix(replacement)
            } else {
                draft.suggest(replacement)
            };
        }
        out.push(draft);
    }
}
