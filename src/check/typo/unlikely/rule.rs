//! The rule: the speller's corrections, less what the site and the dictionaries say is right, as
//! findings.

use super::guards::Repetitions;
use super::known::Known;
use super::search::Kind;
use super::speller::{Correction, Speller};
use crate::check::typo::{Passage, passages, speaks_of_typos};
use crate::check::{Check, Context, Draft};
use crate::dictionary::language_model;
use crate::dictionary::language_model::model::Model;
use crate::document::BlockKind;
use crate::finding::{Field, Severity};
use crate::settings::MIN_CONFIDENCE;
use std::cell::OnceCell;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

pub const RULE: &str = "typo/unlikely";

/// In table cells and block quotations, and where a word stands that may be meant, the doubt counts
/// this many times.
const STRICTER: f64 = 3.0;
/// The same between quotation marks: slogans play with words.
const STRICTEST: f64 = 5.0;

const VARIANTS: &str = include_str!("../../../../dictionaries/accepted-variants.tsv");

/// What the language model finds unlikely. The model is opened when a text first needs it; a
/// check serves one linter, whose knowledge does not change.
#[derive(Default)]
pub struct UnlikelyCheck {
    speller: OnceLock<Speller<Arc<Model>>>,
}

/// From which probability on something is reported, and as what.
struct Levels {
    /// Less is not looked at.
    least: f64,
    info: f64,
    warning: f64,
    /// The same where a character is missing or too many.
    gap_warning: f64,
}

impl Levels {
    fn of(context: &Context<'_>) -> Self {
        let settings = context.settings;
        let info = settings.number(RULE, "info_from");
        // Whoever asks for less certainty than usual gets it, whatever stands in the way.
        let measuring = settings.min_confidence < MIN_CONFIDENCE;
        Self {
            least: if measuring {
                settings.min_confidence
            } else {
                info
            },
            info: if measuring { f64::NEG_INFINITY } else { info },
            warning: settings.number(RULE, "warning_from"),
            gap_warning: settings.number(RULE, "gap_warning_from"),
        }
    }
}

impl Check for UnlikelyCheck {
    fn rules(&self) -> &'static [&'static str] {
        &[RULE]
    }

    fn check(&self, context: &Context<'_>, out: &mut Vec<Draft>) {
        let speller = self.speller.get_or_init(|| {
            let own = context.knowledge.language_model.clone();
            Speller::new(own.unwrap_or_else(language_model::built_in), VARIANTS)
        });
        let levels = Levels::of(context);
        // Counted when something is found at all.
        let repetitions = OnceCell::new();
        for passage in passages(context) {
            let found = speller.check(passage.text, levels.least as f32);
            if found.is_empty() || speaks_of_typos(passage.text) {
                continue;
            }
            let known = Known::in_text(context, passage.text);
            let repetitions =
                repetitions.get_or_init(|| Repetitions::of(passages(context).map(|p| p.text)));
            for correction in found {
                let range = &correction.range;
                if known.explains(range)
                    || speller.guards().repeats(passage.text, range, repetitions)
                {
                    continue;
                }
                out.extend(draft(context, &passage, &correction, &levels));
            }
        }
    }
}

/// The finding, if it is sure enough for where it stands.
fn draft(
    context: &Context<'_>,
    passage: &Passage<'_>,
    correction: &Correction,
    levels: &Levels,
) -> Option<Draft> {
    let Correction {
        range, replacement, ..
    } = correction;
    let doubts = if is_quoted(passage.text, range) {
        STRICTEST
    } else if correction.is_word || is_strict_block(context, passage) {
        STRICTER
    } else {
        1.0
    };
    // Three digits are more than the model knows.
    let confidence = (f64::from(correction.probability) * 1000.0).floor() / 1000.0;
    let judged = 1.0 - (1.0 - confidence) * doubts;
    if judged < levels.info {
        return None;
    }
    let warning = if correction.kind.is_gap() {
        levels.gap_warning
    } else {
        levels.warning
    };
    let severity = if judged >= warning {
        Severity::Warning
    } else {
        Severity::Info
    };
    let found = &passage.text[range.clone()];
    let message = match correction.kind {
        Kind::Missing => {
            let more = replacement.strip_prefix(found).unwrap_or(replacement);
            format!("“{found}”后面疑漏了“{more}”字")
        }
        Kind::Surplus => {
            let less = found.strip_prefix(replacement.as_str()).unwrap_or(found);
            if less.chars().nth(1).is_some() {
                format!("“{found}”疑似多写了一遍“{less}”")
            } else {
                format!("“{found}”里的“{less}”疑为多余的字")
            }
        }
        _ => format!("“{found}”疑为“{replacement}”之误"),
    };
    let evidence = format!(
        "按官方文稿的用字习惯，这里写“{}”比写“{}”通顺得多（把握 {:.1}%）",
        in_context(passage.text, range, replacement),
        in_context(passage.text, range, found),
        confidence * 100.0
    );
    let draft = passage
        .draft(RULE, range.clone(), severity, message)
        .confidence(confidence)
        .evidence(evidence)
        .suggest(replacement.clone());
    Some(draft)
}

/// Table cells and block quotations.
fn is_strict_block(context: &Context<'_>, passage: &Passage<'_>) -> bool {
    passage.field == Field::Body
        && context
            .body
            .blocks
            .get(passage.block)
            .is_some_and(|block| block.in_table || block.in_quote || block.kind == BlockKind::Quote)
}

/// Inside quotation marks or the marks of a book's name.
fn is_quoted(text: &str, range: &Range<usize>) -> bool {
    let before = &text[..range.start];
    let opened = before.rfind(['“', '《', '‘', '「']);
    opened.is_some() && opened > before.rfind(['”', '》', '’', '」'])
}

/// `new` at the place, with two characters on either side.
fn in_context(text: &str, range: &Range<usize>, new: &str) -> String {
    let before: Vec<char> = text[..range.start].chars().rev().take(2).collect();
    let before = before.iter().rev().filter(|c| **c != '\n');
    let after = text[range.end..].chars().take(2).filter(|c| *c != '\n');
    before.copied().chain(new.chars()).chain(after).collect()
}
