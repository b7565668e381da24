//! Family `date`: the day of publication.

use super::{Check, Context, Draft};
use crate::finding::{Field, Span};

/// `date/unreadable`: a day of publication that cannot be read.
pub struct DateCheck;

impl Check for DateCheck {
    fn rules(&self) -> &'static [&'static str] {
        &["date/unreadable"]
    }

    fn check(&self, context: &Context<'_>, out: &mut Vec<Draft>) {
        if let (Some(text), Some(Err(_))) =
            (&context.post.published_at, context.post.published_on())
        {
            let span = Span {
                start: 0,
                end: text.len(),
            };
            let message =
                format!("发布时间“{text}”无法识别，应写作 2018-07-31 或 2018年7月31日这样的日期");
            out.push(Draft::source(
                "date/unreadable",
                Field::PublishedAt,
                span,
                message,
            ));
        }
    }
}
