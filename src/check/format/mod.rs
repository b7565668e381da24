//! Family `format`: 未进行一键排版. Each trace of untidy pasting is a mark, an info at its first
//! place with how many paragraphs have it; the marks have points, and `format/not-typeset` says
//! once whether they come to enough. Scored by share, not by presence.

mod attachment;
mod escaped;
mod fonts;
mod image;
mod indent;
mod nesting;
mod pasted;
mod signature;
mod structure;
mod word;

pub use image::is_local_address;

use super::title_in_body::is_furniture;
use super::{Check, Context, Draft};
use crate::document::{Document, ElementId};
use crate::finding::{Field, Span};
use crate::layout::{Layout, Line, Role};
use crate::post::Format;

/// All rules of the family.
pub struct FormatCheck;

const NOT_TYPESET: &str = "format/not-typeset";

impl Check for FormatCheck {
    fn rules(&self) -> &'static [&'static str] {
        &[
            "format/word-residue",
            "format/blank-indent",
            "format/mixed-indent",
            "format/empty-paragraphs",
            "format/no-paragraphs",
            "format/mixed-fonts",
            "format/pasted-styles",
            "format/image",
            "format/local-image",
            "format/signature",
            "format/nesting",
            "format/attachment",
            NOT_TYPESET,
            "format/double-escaped",
        ]
    }

    fn check(&self, context: &Context<'_>, out: &mut Vec<Draft>) {
        escaped::double_escaped(context, out);
        if context.body.format == Format::Text {
            // Plain text has no layout to judge.
            return;
        }
        let layout = Layout::of(context.body);
        let subject = Subject::new(context, &layout);
        let mut marks = Marks::default();
        word::word_residue(&subject, &mut marks);
        indent::blank_indent(&subject, &mut marks);
        indent::mixed_indent(&subject, &mut marks);
        structure::empty_paragraphs(&subject, &mut marks);
        structure::no_paragraphs(&subject, &mut marks);
        fonts::mixed_fonts(&subject, &mut marks);
        pasted::pasted_styles(&subject, &mut marks);
        image::image(&subject, &mut marks);
        signature::alignment(&subject, &mut marks);
        nesting::nesting(&subject, &mut marks);
        subject.not_typeset(&marks, out);
        out.append(&mut marks.drafts);
        signature::day_form(&subject, out);
        image::local_image(&subject, out);
        attachment::attachment(&subject, out);
    }
}

/// How much a mark weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    /// Worth telling, proves nothing.
    None,
    Weak,
    Strong,
}

/// The marks of a post.
#[derive(Default)]
struct Marks {
    drafts: Vec<Draft>,
    /// Of each mark that weighs: its rule, weight, and the words for the editor.
    weighing: Vec<(&'static str, Weight, String)>,
}

impl Marks {
    /// Adds a mark. `words` goes into the evidence of `format/not-typeset`, and of the mark.
    fn add(&mut self, rule: &'static str, weight: Weight, words: String, draft: Draft) {
        self.drafts.push(draft.evidence(words.clone()));
        if weight > Weight::None {
            self.weighing.push((rule, weight, words));
        }
    }
}

/// A body and what is counted in it.
struct Subject<'a> {
    context: &'a Context<'a>,
    document: &'a Document<'a>,
    layout: &'a Layout<'a>,
    /// Lines of body text; where there are none, all lines of text outside tables.
    lines: Vec<&'a Line>,
    /// By element: it is an object (video, frame) or stands in one. Players bring styles of
    /// their own.
    in_object: Vec<bool>,
    /// The share from which on a mark weighs.
    share: f64,
}

impl<'a> Subject<'a> {
    fn new(context: &'a Context<'a>, layout: &'a Layout<'a>) -> Self {
        let document = layout.document;
        // What the page prints around a post is none of it.
        let mut lines: Vec<&Line> = layout
            .body_lines()
            .filter(|line| !is_furniture(layout.text(line)))
            .collect();
        if lines.is_empty() {
            lines = layout
                .lines
                .iter()
                .filter(|line| !matches!(line.role, Role::Cell | Role::Object))
                .collect();
        }
        let mut in_object: Vec<bool> = Vec::with_capacity(document.elements.len());
        for element in &document.elements {
            let outer = element.parent.is_some_and(|parent| in_object[parent]);
            let own = matches!(
                element.name.as_str(),
                "video" | "audio" | "iframe" | "embed" | "object" | "canvas" | "svg"
            );
            in_object.push(outer || own);
        }
        Self {
            context,
            document,
            layout,
            lines,
            in_object,
            share: context.settings.number(NOT_TYPESET, "share"),
        }
    }

    /// Elements that are looked at: not those of data tables and players.
    fn elements(&self) -> impl Iterator<Item = (ElementId, &'a crate::document::Element)> + '_ {
        self.document
            .elements
            .iter()
            .enumerate()
            .filter(|(id, _)| !self.in_object[*id] && !self.layout.element_in_data_table(*id))
    }

    /// How many of the counted lines have a flagged element directly around some of their text.
    fn lines_with(&self, flagged: &[bool]) -> usize {
        let inlines = self.flagged_inlines(flagged);
        self.lines
            .iter()
            .filter(|line| {
                let block = self.layout.block(line);
                block.element.is_some_and(|element| flagged[element])
                    || block.runs.iter().any(|run| {
                        run.range.start < line.range.end
                            && run.range.end > line.range.start
                            && run.inline.is_some_and(|inline| inlines[inline])
                    })
            })
            .count()
    }

    /// By inline node: it or a node around it is flagged.
    fn flagged_inlines(&self, flagged: &[bool]) -> Vec<bool> {
        let mut out: Vec<bool> = Vec::with_capacity(self.document.inlines.len());
        for node in &self.document.inlines {
            out.push(flagged[node.element] || node.parent.is_some_and(|parent| out[parent]));
        }
        out
    }

    /// The share of the counted lines.
    fn share_of(&self, count: usize) -> f64 {
        count as f64 / self.lines.len().max(1) as f64
    }

    /// Strong where the share of lines is large enough, else nothing.
    fn strong_by_share(&self, count: usize) -> Weight {
        self.weight_by_share(count, Weight::Strong)
    }

    fn weight_by_share(&self, count: usize, weight: Weight) -> Weight {
        if count > 0 && self.share_of(count) >= self.share {
            weight
        } else {
            Weight::None
        }
    }

    /// “12 段中的 5 段”
    fn of_lines(&self, count: usize) -> String {
        format!("{} 段中的 {count} 段", self.lines.len())
    }

    fn not_typeset(&self, marks: &Marks, out: &mut Vec<Draft>) {
        let settings = self.context.settings;
        let ignored: Vec<&str> = settings.strings(NOT_TYPESET, "ignore").collect();
        let points: f64 = marks
            .weighing
            .iter()
            .filter(|(rule, _, _)| !ignored.contains(rule))
            .map(|(_, weight, _)| match weight {
                Weight::Strong => settings.number(NOT_TYPESET, "strong"),
                Weight::Weak => settings.number(NOT_TYPESET, "weak"),
                Weight::None => 0.0,
            })
            .sum();
        if points <= 0.0 || points < settings.number(NOT_TYPESET, "threshold") {
            return;
        }
        let message = "正文没有排版（或排版后又粘贴了内容），请用一键排版整理后再发布";
        let mut draft = Draft::whole(NOT_TYPESET, Field::Body, message);
        for (_, _, words) in marks.weighing.iter().filter(|m| !ignored.contains(&m.0)) {
            draft = draft.evidence(words.clone());
        }
        out.push(draft);
    }
}

/// A finding about the body's source.
fn at_source(rule: &'static str, span: Span, message: impl Into<String>) -> Draft {
    Draft::source(rule, Field::Body, span, message)
}
