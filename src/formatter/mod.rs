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

/// Formats a body. Work is linear: a fixed number of passes at most.
///
/// Plain text has no layout and comes back as it is, and so does a body with a form in it,
/// which is no text for reading, and one whose rest an unclosed player or script swallows.
pub fn format(body: &Document<'_>, profile: &Profile) -> String {
    if body.format == Format::Text || is_beyond_formatting(body) {
        return body.source.to_owned();
    }
    let mut html = write(body, profile);
    // Tags nested against the rules (a list between rows, a cell without a row) read otherwise
    // once they are written out, and so does a heading that has become a paragraph; what was
    // written is read again until it stays as it is.
    for _ in 1..MAX_WRITES {
        let again = write(&Document::body(&html, Format::Html), profile);
        if again == html {
            break;
        }
        html = again;
    }
    html
}

/// What nests as it should settles when it is first written, the rest when it is written again;
/// more is for what nobody has thought of.
const MAX_WRITES: usize = 4;

fn write(body: &Document<'_>, profile: &Profile) -> String {
    let layout = Layout::of(body);
    structure::Writer::new(&layout, profile).write()
}

fn is_beyond_formatting(body: &Document<'_>) -> bool {
    body.elements.iter().any(|element| {
        let name = element.name.as_str();
        matches!(name, "form" | "select" | "textarea" | "button" | "fieldset")
            || element.end_tag.is_none()
                && matches!(
                    name,
                    "iframe" | "video" | "audio" | "canvas" | "script" | "style" | "object" | "svg"
                )
    })
}
