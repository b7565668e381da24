//! A post and a rule set in, findings out.

use crate::check::pattern::PatternCheck;
use crate::check::typo::unlikely;
use crate::check::{self, Check, Context, Draft, Place, Proposal};
use crate::document::Document;
use crate::finding::{Edit, Field, Finding, Severity, Span, Suggestion};
use crate::knowledge::Knowledge;
use crate::post::Post;
use crate::rulebook::{FAMILIES, RuleBook, family_of};
use crate::settings::Settings;
use jiff::civil::Date;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Checks posts, one at a time; shared by all threads.
pub struct Linter {
    book: RuleBook,
    settings: Settings,
    knowledge: Knowledge,
    today: Date,
    checks: Vec<Box<dyn Check>>,
    patterns: Vec<PatternCheck>,
}

/// What the linter says of a post.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Checked {
    /// Sorted by field, span and rule.
    pub findings: Vec<Finding>,
    /// Rules that broke down on this post.
    pub failures: Vec<Failure>,
}

/// A rule that broke down on a post: a defect of the program, not of the post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The rules that the failing check stands for.
    pub rules: Vec<String>,
    /// For engineers.
    pub message: String,
}

/// A family that did nothing, and why.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct NotChecked {
    pub family: String,
    /// `no roster`, `no columns`, `no model`, `no rules yet`.
    pub reason: String,
}

/// Findings of these families speak of wrong wording; where several see the same slip, one
/// reports. Earlier families win at equal confidence.
const WORDING_FAMILIES: [&str; 8] = [
    "leader",
    "typo",
    "wording",
    "date",
    "number",
    "numbering",
    "punctuation",
    "privacy",
];

impl Linter {
    /// A linter of all built-in checks and of the book's patterns.
    ///
    /// # Errors
    /// A pattern in the book that is not one; says which.
    pub fn new(
        book: RuleBook,
        settings: Settings,
        knowledge: Knowledge,
        today: Date,
    ) -> Result<Self, String> {
        let mut patterns = Vec::new();
        for rule in book.rules() {
            if !rule.pattern.is_empty() && settings.enabled(&rule.id) {
                let of_rule = PatternCheck::of(rule).map_err(|e| format!("{}：{e}", rule.id))?;
                patterns.extend(of_rule);
            }
        }
        let checks = check::all()
            .into_iter()
            .filter(|check| check.rules().iter().any(|rule| settings.enabled(rule)))
            .collect();
        Ok(Self {
            book,
            settings,
            knowledge,
            today,
            checks,
            patterns,
        })
    }

    /// Adds a check of the caller's own. Its rules must stand in the book.
    pub fn add_check(&mut self, check: Box<dyn Check>) {
        self.checks.push(check);
    }

    /// The rule book it goes by.
    pub fn book(&self) -> &RuleBook {
        &self.book
    }

    /// The settings it goes by.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The knowledge it goes by.
    pub fn knowledge(&self) -> &Knowledge {
        &self.knowledge
    }

    /// The families that do nothing in this run though nobody switched them off.
    pub fn not_checked(&self) -> Vec<NotChecked> {
        let missing: Vec<_> = self
            .checks
            .iter()
            .filter_map(|check| check.missing(&self.knowledge))
            .collect();
        FAMILIES
            .iter()
            .filter(|(family, _)| *family != "site")
            .filter_map(|(family, _)| {
                let reason = if !self.book.rules().any(|r| family_of(&r.id) == *family) {
                    "no rules yet"
                } else {
                    missing.iter().find(|(name, _)| name == family)?.1
                };
                Some(NotChecked {
                    family: (*family).to_owned(),
                    reason: reason.to_owned(),
                })
            })
            .collect()
    }

    /// Checks one post.
    pub fn check(&self, post: &Post) -> Checked {
        let title = Document::title(&post.title);
        let body = Document::body(&post.body, post.format);
        let context = Context {
            post,
            title: &title,
            body: &body,
            published_on: post.published_on().and_then(Result::ok),
            today: self.today,
            knowledge: &self.knowledge,
            settings: &self.settings,
        };
        let mut checked = Checked::default();
        for check in &self.checks {
            let rules = || check.rules().iter().map(|r| (*r).to_owned()).collect();
            self.run(&context, &mut checked, rules, |out| {
                check.check(&context, out)
            });
        }
        for pattern in &self.patterns {
            let rules = || vec![pattern.rule().to_owned()];
            self.run(&context, &mut checked, rules, |out| {
                pattern.check(&context, out)
            });
        }
        one_finding_each(&mut checked.findings);
        checked.findings.sort_by(|a, b| {
            (a.field, a.span, &a.rule, &a.message).cmp(&(b.field, b.span, &b.rule, &b.message))
        });
        checked
    }

    /// Runs one check; what it throws stays with this post.
    fn run(
        &self,
        context: &Context<'_>,
        checked: &mut Checked,
        rules: impl Fn() -> Vec<String>,
        work: impl FnOnce(&mut Vec<Draft>),
    ) {
        let mut drafts = Vec::new();
        let outcome = catch_unwind(AssertUnwindSafe(|| work(&mut drafts)));
        if let Err(panic) = outcome {
            let message = panic
                .downcast_ref::<String>()
                .cloned()
                .or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_owned()))
                .unwrap_or_else(|| "unknown panic".to_owned());
            checked.failures.push(Failure {
                rules: rules(),
                message,
            });
        }
        for draft in drafts {
            match self.finish(context, draft) {
                Ok(Some(finding)) => checked.findings.push(finding),
                Ok(None) => {}
                Err(message) => checked.failures.push(Failure {
                    rules: rules(),
                    message,
                }),
            }
        }
    }

    /// Makes a finding of a draft: refuses one that does not lie in its field, drops one that is
    /// switched off or too unsure.
    fn finish(&self, context: &Context<'_>, draft: Draft) -> Result<Option<Finding>, String> {
        let Some(setting) = self.settings.rule(&draft.rule) else {
            return Err(format!("rule {} is not in the rule book", draft.rule));
        };
        if !setting.enabled || draft.confidence < self.settings.min_confidence {
            return Ok(None);
        }
        let severity = setting
            .severity
            .or(draft.severity)
            .unwrap_or(setting.default_severity);
        finding_of(context, draft, severity).map(Some)
    }
}

fn finding_of(context: &Context<'_>, draft: Draft, severity: Severity) -> Result<Finding, String> {
    let rule = draft.rule;
    let (field, span, place) = match draft.place {
        Place::Whole(field) => (field, None, None),
        Place::Source { field, span } => {
            let source = context.post.field(field).unwrap_or_default();
            if span.is_empty() || source.get(span.start..span.end).is_none() {
                return Err(format!("{rule}: span {span:?} does not lie in {field:?}"));
            }
            (field, Some(span), None)
        }
        Place::Text {
            field,
            block,
            range,
        } => {
            let text = context
                .document(field)
                .and_then(|document| document.blocks.get(block))
                .map(|block| &block.text);
            let span = text
                .filter(|text| text.as_str().get(range.clone()).is_some())
                .and_then(|text| text.source_span(range.clone()));
            let Some(span) = span else {
                return Err(format!(
                    "{rule}: range {range:?} of block {block} in {field:?}"
                ));
            };
            (field, Some(span), Some((block, range)))
        }
    };
    let text = match (span, context.document(field)) {
        (Some(span), Some(document)) => document.visible_within(span),
        (Some(span), None) => {
            context.post.field(field).unwrap_or_default()[span.start..span.end].to_owned()
        }
        (None, _) => String::new(),
    };
    let mut suggestions = Vec::new();
    for proposal in draft.proposals {
        let suggestion = match proposal {
            Proposal::Edits { text, safe, edits } => Suggestion { text, safe, edits },
            Proposal::Replace { text, safe } => {
                let edits = match (&place, context.document(field), span) {
                    (Some((block, range)), Some(document), _) => {
                        document.edits(*block, range.clone(), &text)
                    }
                    (None, _, Some(span)) => vec![Edit {
                        start: span.start,
                        end: span.end,
                        text: text.clone(),
                    }],
                    _ => Vec::new(),
                };
                Suggestion { text, safe, edits }
            }
        };
        let source = context.post.field(field).unwrap_or_default();
        if crate::finding::apply_edits(source, &suggestion.edits).is_none() {
            return Err(format!(
                "{rule}: edits {:?} do not fit {field:?}",
                suggestion.edits
            ));
        }
        suggestions.push(suggestion);
    }
    let fingerprint = fingerprint(&rule, field, &text, surroundings(context, field, span));
    Ok(Finding {
        rule,
        severity,
        message: draft.message,
        field,
        span,
        text,
        suggestions,
        confidence: draft.confidence,
        evidence: draft.evidence,
        fingerprint,
    })
}

/// Up to 8 visible characters before and after the span, within its block.
fn surroundings(context: &Context<'_>, field: Field, span: Option<Span>) -> (String, String) {
    let found = span.and_then(|span| {
        let document = context.document(field)?;
        let block = &document.blocks[document.block_at(span.start)?];
        let text = block.text.as_str();
        let range = block.text.visible_within(span);
        let before: Vec<char> = text[..range.start].chars().rev().take(8).collect();
        let before = before.into_iter().rev().collect();
        let after = text[range.end..].chars().take(8).collect();
        Some((before, after))
    });
    found.unwrap_or_default()
}

fn fingerprint(rule: &str, field: Field, text: &str, (before, after): (String, String)) -> String {
    let key = [rule, field.as_str(), text, &before, &after].join("\u{1f}");
    format!("{:032x}", xxhash_rust::xxh3::xxh3_128(key.as_bytes()))
}

/// Where several wording rules see the same slip, the most certain one stays.
fn one_finding_each(findings: &mut Vec<Finding>) {
    let rank = |finding: &Finding| {
        // Words doubled in a title are seen by two families.
        if finding.rule == "title/repetition" {
            return Some(0);
        }
        WORDING_FAMILIES
            .iter()
            .position(|family| *family == family_of(&finding.rule))
    };
    let mut order: Vec<usize> = (0..findings.len())
        .filter(|&i| findings[i].span.is_some() && rank(&findings[i]).is_some())
        .collect();
    // What the language model only finds unlikely is left to any rule that knows; then the most
    // certain first; among equals the longer one, which explains more.
    order.sort_by(|&a, &b| {
        let (x, y) = (&findings[a], &findings[b]);
        let guessed = |finding: &Finding| finding.rule == unlikely::RULE;
        guessed(x)
            .cmp(&guessed(y))
            .then(y.confidence.total_cmp(&x.confidence))
            .then(y.severity.cmp(&x.severity))
            .then(rank(x).cmp(&rank(y)))
            .then(y.span.map(Span::len).cmp(&x.span.map(Span::len)))
            .then(x.span.cmp(&y.span))
            .then(x.rule.cmp(&y.rule))
    });
    let mut kept = std::collections::BTreeMap::<(Field, usize), usize>::new();
    let mut dropped = vec![false; findings.len()];
    for index in order {
        let finding = &findings[index];
        let Some(span) = finding.span else { continue };
        // Kept spans are disjoint, so only the nearest one before the end can overlap.
        let clash = kept
            .range(..(finding.field, span.end))
            .next_back()
            .is_some_and(|(&(field, _), &end)| field == finding.field && end > span.start);
        if clash {
            dropped[index] = true;
        } else {
            kept.insert((finding.field, span.start), span.end);
        }
    }
    let mut index = 0;
    findings.retain(|_| {
        index += 1;
        !dropped[index - 1]
    });
}
