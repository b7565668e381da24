//! `column/misfiled`: a post in the wrong column.

use super::Filing;
use super::structure::{self, Signs};
use super::work_news;
use crate::check::{Context, Draft};
use crate::column_model::{Judgement, Level, Model, Precedent};
use crate::dictionary::columns::{Column, label};
use crate::dictionary::segment::jieba;
use crate::finding::Severity;

const RULE: &str = "column/misfiled";
/// The standard column of work news.
const NEWS: &str = "工作动态";
/// How many columns are named as the best.
const BEST: usize = 3;
/// How many words are named for each.
const WORDS: usize = 4;

/// Confidence of what the structure says without a doubt, chosen by measurement.
const UNMISTAKABLE: f64 = 0.97;
/// … of work news about the column's own matter, and of what the title alone says.
const CLEAR: f64 = 0.9;
/// … of a hint.
const HINT: f64 = 0.6;

/// A column that a post may belong in.
pub struct Guess {
    pub name: String,
    /// 0 to 1; `None` without a model.
    pub probability: Option<f64>,
}

/// 0.964 → 96%; never a certainty.
pub fn percent(share: f64) -> String {
    match share * 100.0 {
        share if share < 1.0 => "不到 1%".to_owned(),
        share if share > 99.0 => "99% 以上".to_owned(),
        share => format!("{share:.0}%"),
    }
}

/// The columns that the post most likely belongs in, best first.
pub fn guesses(context: &Context<'_>, filing: &Filing<'_>) -> Vec<Guess> {
    if let Some(model) = &context.knowledge.column_model {
        return model
            .suggest(jieba(), filing.text())
            .into_iter()
            .map(|guess| Guess {
                name: guess.column.to_owned(),
                probability: Some(guess.probability),
            })
            .collect();
    }
    structure::all(filing.columns, filing.title, filing.body(), false)
        .into_iter()
        .filter(|signs| signs.title.is_some())
        .take(BEST)
        .map(|signs| Guess {
            name: filing.spelt(signs.column).to_owned(),
            probability: None,
        })
        .collect()
}

/// The rule.
pub fn check(context: &Context<'_>, filing: &Filing<'_>, out: &mut Vec<Draft>) {
    let Some(claim) = filing.claim else { return };
    let label = label(context.knowledge.columns.as_deref(), claim);
    let model = context.knowledge.column_model.as_deref();
    let judged = model.and_then(|model| {
        let judgement = model.judge(jieba(), filing.text(), &label)?;
        Some((model, judgement))
    });
    let by_structure = filing
        .column
        .and_then(|column| by_structure(filing, claim, column));
    let draft = match judged {
        Some((model, judgement)) => {
            // The model outranks the patterns: it must find the post odder than most before an
            // unmistakable structure counts against the column.
            let odd = judgement.precedent.is_some()
                || judgement.misfiled >= model.calibration().misfiling_rate;
            match by_structure {
                Some((Severity::Error, draft)) if odd => {
                    Some(draft.evidence(standing(claim, &judgement)))
                }
                _ => by_model(filing, claim, model, &judgement),
            }
        }
        None => by_structure.map(|(_, draft)| draft),
    };
    out.extend(draft);
}

/// What the model says of the post where it stands.
fn standing(claim: &str, judgement: &Judgement<'_>) -> String {
    let odds = format!("本站模型认为放错的可能性：{}", percent(judgement.misfiled));
    match judgement.precedent {
        // The probability would be that of the practice; the finding is for those who doubt it.
        Some(Precedent::Practice { .. }) => format!(
            "“{claim}”里已有类似的稿件，不像是偶然放错的，可能是本站的惯例；如果都放错了，请一并移走，再重新训练"
        ),
        Some(Precedent::Odd) => {
            format!("{odds}；“{claim}”里已有一篇类似的稿件，也可能是放错的，请一并核对")
        }
        None => odds,
    }
}

fn by_model(
    filing: &Filing<'_>,
    claim: &str,
    model: &Model,
    judgement: &Judgement<'_>,
) -> Option<Draft> {
    let level = judgement.level?;
    let severity = match level {
        Level::Error => Severity::Error,
        Level::Warning => Severity::Warning,
        Level::Info => Severity::Info,
    };
    let suggested = filing
        .columns
        .find(judgement.suggested.column)
        .filter(|_| filing.listed)
        .map_or(judgement.suggested.column, |column| filing.spelt(column));
    let message = format!("这篇稿件更像“{suggested}”的内容，放在“{claim}”可能不合适");
    // How far to trust the level: what it was worth on misfilings that were put in on purpose.
    let mut draft = filing
        .draft(RULE, message)
        .severity(severity)
        .confidence(judgement.level_precision)
        .suggest(suggested);
    for guess in judgement.best.iter().take(BEST) {
        let mut line = format!("像“{}”（{}）", guess.column, percent(guess.probability));
        if guess.column != judgement.claimed {
            let words = model.words_for(jieba(), filing.text(), guess.column, judgement.claimed);
            let words: Vec<_> = words
                .into_iter()
                .take(WORDS)
                .map(|word| word.word)
                .collect();
            if !words.is_empty() {
                line += &format!("，用词：{}", words.join("、"));
            }
        }
        draft = draft.evidence(line);
    }
    let draft = draft.evidence(standing(claim, judgement));
    Some(draft.evidence(format!(
        "这一级别的判断在训练时测得的准确率：{}",
        percent(judgement.level_precision)
    )))
}

/// What the structure says against the claimed column.
fn by_structure(filing: &Filing<'_>, claim: &str, column: &Column) -> Option<(Severity, Draft)> {
    news_among_documents(filing, claim, column).or_else(|| marks_of_another(filing, claim, column))
}

/// The circulars' own case.
fn news_among_documents(
    filing: &Filing<'_>,
    claim: &str,
    column: &Column,
) -> Option<(Severity, Draft)> {
    if !column.excludes_work_news {
        return None;
    }
    let news = filing.columns.of_kind(NEWS)?;
    if news.overlaps(column) {
        return None;
    }
    let found = work_news::find(filing.title, filing.body(), news)?;
    // News about the very matter of the column may have been put there on purpose.
    let akin = column
        .keywords
        .iter()
        .find(|word| filing.title.contains(word.as_str()));
    let (severity, confidence) = match akin {
        None => (Severity::Error, UNMISTAKABLE),
        Some(_) => (Severity::Warning, CLEAR),
    };
    let target = filing.spelt(news);
    let message = format!("这是一条工作动态，不应放在“{claim}”，应放在“{target}”");
    let mut draft = filing
        .draft(RULE, message)
        .severity(severity)
        .confidence(confidence)
        .suggest(target)
        .evidence(format!(
            "像“{target}”：标题是“谁做了什么”（{}），不以文种结尾；导语有时间（{}）",
            found.told, found.dated
        ));
    for signs in structure::all(filing.columns, filing.title, filing.body(), false)
        .iter()
        .filter(|signs| signs.column.kind() != NEWS)
        .take(BEST - 1)
    {
        draft = draft.evidence(signs.line(filing.spelt(signs.column), filing.title, filing.body()));
    }
    Some((severity, with_purpose(draft, claim, column)))
}

/// Marks that another column's posts have, and none of the claimed column's own.
fn marks_of_another(
    filing: &Filing<'_>,
    claim: &str,
    column: &Column,
) -> Option<(Severity, Draft)> {
    // A column that nothing is known about cannot be the wrong one.
    if !column.is_described() {
        return None;
    }
    let hints = filing.context.settings.min_confidence <= HINT;
    let mut all = structure::all(filing.columns, filing.title, filing.body(), hints);
    // Work news is judged above, with its lead.
    all.retain(|signs| signs.column.kind() != NEWS);
    let (best, rest) = all.split_first()?;
    // Whatever may stand in the claimed column as well is no reason to move it.
    if all.iter().any(|signs| signs.column.overlaps(column))
        || Signs::of(column, filing.title, filing.body()).any()
    {
        return None;
    }
    let rival = rest.first().is_some_and(|second| {
        second.points() == best.points() && !second.column.overlaps(best.column)
    });
    let (severity, confidence) = match (&best.title, best.body.len(), rival) {
        (Some(_), 1.., false) => (Severity::Error, UNMISTAKABLE),
        (Some(_), _, _) => (Severity::Info, CLEAR),
        _ => (Severity::Info, HINT),
    };
    let target = filing.spelt(best.column);
    let message = format!("这篇稿件像“{target}”的内容，放在“{claim}”可能不合适");
    let mut draft = filing
        .draft(RULE, message)
        .severity(severity)
        .confidence(confidence)
        .suggest(target);
    for signs in all.iter().take(BEST) {
        draft = draft.evidence(signs.line(filing.spelt(signs.column), filing.title, filing.body()));
    }
    Some((severity, with_purpose(draft, claim, column)))
}

/// With what the claimed column is for.
fn with_purpose(draft: Draft, claim: &str, column: &Column) -> Draft {
    match &column.belongs {
        Some(belongs) => draft.evidence(format!("“{claim}”收的是：{belongs}")),
        None => draft,
    }
}
