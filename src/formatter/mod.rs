//! One-click formatting (一键排版): the body written anew from its lines and the inline elements
//! that mean something, in the target form of a site's [`Profile`].
//!
//! It keeps every visible character but the blanks that indent or push, every link, image,
//! table, list, bold and superscript; it drops empty paragraphs, comments, and everything that
//! only says how the page looked where the text came from. Formatting what it wrote changes
//! nothing. Time is linear in the body, and nothing recurses on its nesting.

mod inline;
mod profile;
mod structure;

pub use profile::{Indent, Profile};

use crate::document::Document;
use crate::layout::Layout;
use crate::post::Format;

/// Formats a body.
///
/// Plain text has no layout and comes back as it is, and so does a body with a form in it,
/// which is no text for reading.
pub fn format(body: &Document<'_>, profile: &Profile) -> String {
    if body.format == Format::Text || has_form(body) {
        return body.source.to_owned();
    }
    let layout = Layout::of(body);
    structure::Writer::new(&layout, profile).write()
}

fn has_form(body: &Document<'_>) -> bool {
    body.elements.iter().any(|element| {
        matches!(
            element.name.as_str(),
            "form" | "select" | "textarea" | "button" | "fieldset"
        )
    })
}
