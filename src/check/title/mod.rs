//! Family `title`: 标题格式. The anatomy of the title is read once, then each rule looks at it.

mod anatomy;
mod blanks;
mod content;
mod kind;
mod marks;
mod numbers;
mod traditional;
mod wording;

pub use anatomy::{Anatomy, Family, ends_as_organisation, find_outside, names_actor};

use super::{Check, Context, Draft};

/// All rules of the family.
pub struct TitleCheck;

impl Check for TitleCheck {
    fn rules(&self) -> &'static [&'static str] {
        &[
            "title/empty",
            "title/stray-space",
            "title/end-punctuation",
            "title/file-name",
            "title/document-number",
            "title/brackets",
            "title/repetition",
            "title/document-kind",
            "title/prefix",
            "title/date-prefix",
            "title/width",
            "title/length",
            "title/subject",
            "title/clickbait",
            "title/promotion",
            "title/relative-time",
            "title/odd-character",
            "title/duplicate",
        ]
    }

    fn check(&self, context: &Context<'_>, out: &mut Vec<Draft>) {
        let anatomy = Anatomy::of(context.title_text());
        if content::empty(context, &anatomy, out) {
            // A title that says nothing has no form to judge.
            return;
        }
        blanks::stray_space(&anatomy, out);
        marks::end_punctuation(&anatomy, out);
        marks::brackets(&anatomy, out);
        marks::width(&anatomy, out);
        traditional::odd_character(&anatomy, out);
        numbers::file_name(&anatomy, out);
        numbers::document_number(&anatomy, out);
        numbers::date_prefix(&anatomy, out);
        kind::repetition(&anatomy, out);
        kind::document_kind(context, &anatomy, out);
        wording::prefix(context, &anatomy, out);
        wording::length(context, &anatomy, out);
        wording::subject(&anatomy, out);
        wording::clickbait(context, &anatomy, out);
        wording::promotion(context, &anatomy, out);
        wording::relative_time(context, &anatomy, out);
        content::duplicate(context, out);
    }
}
