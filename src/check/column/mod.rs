//! Family `column`: 栏目分类. Whether a post stands where it belongs.
//!
//! What the site's own posts have taught ([`crate::column_model`]) goes first; without it, or
//! where it does not know the column, the definitions of the columns
//! ([`crate::dictionary::columns`]) judge by the structure of the post.

mod advert;
mod listing;
mod misfiled;
mod policy_form;
mod structure;
mod work_news;

use super::{Check, Context, Draft};
use crate::column_model::PostText;
use crate::dictionary::columns::{Column, Columns};
use crate::finding::{Field, Span};
use crate::knowledge::Knowledge;
use std::cell::OnceCell;

/// All rules of the family.
pub struct ColumnCheck;

impl Check for ColumnCheck {
    fn rules(&self) -> &'static [&'static str] {
        &[
            "column/misfiled",
            "column/unknown",
            "column/missing",
            "column/advert",
            "column/policy-form",
        ]
    }

    fn missing(&self, knowledge: &Knowledge) -> Option<(&'static str, &'static str)> {
        match (&knowledge.columns, &knowledge.column_model) {
            (_, Some(_)) => None,
            (None, None) => Some(("column", "no columns")),
            (Some(_), None) => Some(("column", "no model")),
        }
    }

    fn check(&self, context: &Context<'_>, out: &mut Vec<Draft>) {
        let filing = Filing::of(context);
        if filing.claim.is_none() {
            listing::missing(context, &filing, out);
            return;
        }
        listing::unknown(context, &filing, out);
        if context.settings.enabled("column/advert") && advert::check(&filing, out) {
            // Where it should stand instead is no question: nowhere.
            return;
        }
        if context.settings.enabled("column/misfiled") {
            misfiled::check(context, &filing, out);
        }
        if context.settings.enabled("column/policy-form") {
            policy_form::check(context, &filing, out);
        }
    }
}

/// Visible body that is looked at, in bytes: structure shows at the start …
const HEAD: usize = 6_000;
/// … and at the end.
const TAIL: usize = 1_500;

/// A post and the column it claims.
struct Filing<'c> {
    /// The claim as written, blanks at its ends dropped; `None` if there is none.
    claim: Option<&'c str>,
    /// Where the claim stands in its field.
    span: Span,
    /// The columns there are: the site's, or the standard ones.
    columns: &'c Columns,
    /// True if `columns` is the site's own list.
    listed: bool,
    /// The column that the claim means.
    column: Option<&'c Column>,
    title: &'c str,
    body: OnceCell<String>,
    context: &'c Context<'c>,
}

impl<'c> Filing<'c> {
    fn of(context: &'c Context<'c>) -> Self {
        let field = context.post.column.as_deref().unwrap_or_default();
        let range = crate::document::trim_range(field);
        let claim = field.get(range.clone()).filter(|claim| !claim.is_empty());
        let site = context.knowledge.columns.as_deref();
        let site = site.filter(|columns| !columns.is_empty());
        let columns = site.unwrap_or_else(|| Columns::built_in());
        Self {
            claim,
            span: Span {
                start: range.start,
                end: range.end,
            },
            columns,
            listed: site.is_some(),
            column: claim.and_then(|claim| columns.find(claim)),
            title: context.title_text().trim_matches(crate::document::is_blank),
            body: OnceCell::new(),
            context,
        }
    }

    /// The visible body, a block a line; of a long one the beginning and the end.
    fn body(&self) -> &str {
        self.body
            .get_or_init(|| self.context.body.visible_ends(HEAD, TAIL))
    }

    /// The post as the model reads it.
    fn text(&self) -> PostText<'_> {
        PostText {
            title: self.title,
            body: self.body(),
        }
    }

    /// A finding about the claim.
    fn draft(&self, rule: &str, message: String) -> Draft {
        if self.claim.is_some() {
            Draft::source(rule, Field::Column, self.span, message)
        } else {
            Draft::whole(rule, Field::Column, message)
        }
    }

    /// What to write into the field for `column`: a path where the claim is one, else the name.
    fn spelt<'a>(&self, column: &'a Column) -> &'a str {
        match (self.listed, &column.path, self.claim) {
            (true, Some(path), Some(claim)) if claim.contains('/') => path,
            _ => &column.name,
        }
    }
}
