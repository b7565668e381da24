//! `column/unknown` and `column/missing`: the claim against the site's list.

use super::Filing;
use super::misfiled::{guesses, percent};
use crate::check::{Context, Draft};

/// How many near names are offered.
const NEAREST: usize = 3;

/// `column/unknown`.
pub fn unknown(context: &Context<'_>, filing: &Filing<'_>, out: &mut Vec<Draft>) {
    const RULE: &str = "column/unknown";
    let Some(claim) = filing.claim.filter(|_| filing.listed) else {
        return;
    };
    if filing.column.is_some() || !context.settings.enabled(RULE) {
        return;
    }
    let message =
        format!("本站栏目表里没有“{claim}”这个栏目，请改成表里的名称，或补进 columns.toml");
    let mut draft = filing.draft(RULE, message);
    for near in filing.columns.nearest(claim, NEAREST) {
        draft = draft.suggest(filing.spelt(near));
    }
    out.push(draft);
}

/// `column/missing`: only where the site says which columns it has, by a list or a model.
pub fn missing(context: &Context<'_>, filing: &Filing<'_>, out: &mut Vec<Draft>) {
    const RULE: &str = "column/missing";
    let known = filing.listed || context.knowledge.column_model.is_some();
    if !known || !context.settings.enabled(RULE) {
        return;
    }
    let mut draft = filing.draft(RULE, "没有选择栏目，请选好栏目再发布".to_owned());
    for guess in guesses(context, filing) {
        draft =
            draft
                .edits(guess.name.clone(), false, Vec::new())
                .evidence(match guess.probability {
                    Some(probability) => format!("像“{}”（{}）", guess.name, percent(probability)),
                    None => format!("像“{}”", guess.name),
                });
    }
    out.push(draft);
}
