//! What stands in a paragraph: text, links, bold, superscript, images.

use super::profile::Profile;
use crate::document::style::{Length, TextStyle, Unit};
use crate::document::{
    BlockKind, Document, Element, ElementId, InlineId, Object, Run, entities, is_blank,
};
use crate::layout::{Layout, Line, Role, is_icon};
use std::collections::BTreeMap;
use std::ops::Range;

/// A tag of the output, outermost first in a list of them.
#[derive(Debug, Clone, PartialEq)]
enum Tag {
    Link(ElementId),
    Strong,
    Em,
    Underline,
    Strike,
    Sup,
    Sub,
    Font(String),
}

pub struct Inline<'w> {
    layout: &'w Layout<'w>,
    document: &'w Document<'w>,
    profile: &'w Profile,
    /// All the body is bold, so bold says nothing.
    all_bold: bool,
    /// By element: it is a `th` or stands in one, where all text is bold.
    in_header: Vec<bool>,
    /// What has been copied from the source as it stands, start to end: players, scripts, maps.
    copied: BTreeMap<usize, usize>,
}

impl<'w> Inline<'w> {
    pub fn new(layout: &'w Layout<'w>, profile: &'w Profile) -> Self {
        Self {
            layout,
            document: layout.document,
            profile,
            all_bold: layout.all_bold(),
            in_header: in_header(layout.document),
            copied: BTreeMap::new(),
        }
    }

    /// True if the source at this byte has been copied already with what it stands in.
    pub fn is_copied(&self, at: usize) -> bool {
        let before = self.copied.range(..=at).next_back();
        before.is_some_and(|(_, end)| at < *end)
    }

    /// The source of an element as it stands, for copying it once.
    pub fn copy(&mut self, element: &Element) -> &'w str {
        let span = element.span();
        self.copied.insert(span.start, span.end);
        &self.document.source[span.start..span.end]
    }

    /// The text of a line between two bytes of its block, with the objects in it.
    pub fn text(&mut self, line: &Line, range: Range<usize>, objects: &[Object]) -> String {
        let block = self.layout.block(line);
        let mut range = self.with_places_to_fill_in(line, range);
        // What parts the text from an object at its end.
        if let (Some(first), Some(last)) = (objects.first(), objects.last()) {
            range = range.start.min(first.at)..range.end.max(last.at);
            // Nor is a common blank shown that only an object follows.
            let text = block.text.as_str()[range.clone()].trim_end_matches(' ');
            range.end = range.start + text.len();
        }
        let plain_bold = matches!(block.kind, BlockKind::Heading(_)) && self.profile.keep_headings
            || self.all_bold
                && matches!(
                    line.role,
                    Role::Body | Role::Issuer | Role::Date | Role::Addressee
                )
            || block.element.is_some_and(|element| self.in_header[element]);
        let mut run_out = RunOut::default();
        let mut objects = objects.iter().peekable();
        let from = block
            .runs
            .partition_point(|run| run.range.end <= range.start);
        for run in &block.runs[from..] {
            if run.range.start >= range.end {
                break;
            }
            let mut at = run.range.start.max(range.start);
            let end = run.range.end.min(range.end);
            while at < end {
                while let Some(object) = objects.next_if(|object| object.at <= at) {
                    self.object(object, &mut run_out);
                }
                let stop = objects.peek().map_or(end, |object| object.at.min(end));
                self.run(
                    &block.text,
                    at..stop,
                    run.inline,
                    run.style,
                    plain_bold,
                    &mut run_out,
                );
                at = stop;
            }
        }
        for object in objects {
            self.object(object, &mut run_out);
        }
        self.finish(run_out)
    }

    /// Objects alone.
    pub fn objects(&mut self, _line: &Line, objects: &[Object]) -> String {
        let mut out = RunOut::default();
        for object in objects {
            self.object(object, &mut out);
        }
        self.finish(out)
    }

    /// Underlined blanks at the ends are a place to fill in, and stay.
    fn with_places_to_fill_in(&self, line: &Line, range: Range<usize>) -> Range<usize> {
        let block = self.layout.block(line);
        let text = block.text.as_str();
        let (mut start, mut end) = (range.start, range.end);
        if start == line.range.start {
            let first = block
                .runs
                .partition_point(|run| run.range.end < start.max(1));
            let mut index = first;
            while let Some(run) = block.runs.get(index)
                && run.range.start < start
                && self.is_place_to_fill_in(run)
            {
                start = run.range.start.max(line.full.start);
                let Some(before) = index.checked_sub(1) else {
                    break;
                };
                index = before;
            }
        }
        if end == line.range.end {
            let mut index = block.runs.partition_point(|run| run.range.end <= end);
            while let Some(run) = block.runs.get(index)
                && run.range.start <= end
                && end < line.full.end
                && self.is_place_to_fill_in(run)
            {
                end = run.range.end.min(line.full.end);
                index += 1;
            }
        }
        // Not beyond an object or a line break.
        let objects = self.layout.objects(line);
        if let Some(before) = objects.iter().rev().find(|o| o.at <= range.start) {
            start = start.max(before.at);
        }
        if let Some(after) = objects.iter().find(|o| o.at >= range.end) {
            end = end.min(after.at);
        }
        let head = &text[start..range.start];
        let tail = &text[range.end..end];
        let start = start + head.rfind('\n').map_or(0, |at| at + 1);
        let end = range.end + tail.find('\n').unwrap_or(tail.len());
        // A common blank at the edge of a block is not shown.
        let head = &text[start..range.start];
        let tail = &text[range.end..end];
        let start = range.start - head.trim_start_matches(' ').len();
        let end = range.end + tail.trim_end_matches(' ').len();
        start..end
    }

    /// Links are underlined anyway; theirs is no line to write on.
    fn is_place_to_fill_in(&self, run: &Run) -> bool {
        self.document.styles[run.style].underline && self.document.link_of(run.inline).is_none()
    }

    fn run(
        &self,
        text: &crate::document::Text,
        range: Range<usize>,
        inline: Option<InlineId>,
        style: usize,
        plain_bold: bool,
        out: &mut RunOut,
    ) {
        let style = &self.document.styles[style];
        let copied = !self.copied.is_empty()
            && text
                .source_span(range.clone())
                .is_some_and(|span| self.is_copied(span.start));
        if style.hidden || copied || range.is_empty() {
            return;
        }
        let mut visible = &text.as_str()[range];
        if !out.begun {
            // A common blank before any text is not shown, nor is one behind an image there.
            visible = visible.trim_start_matches(' ');
            if visible.is_empty() {
                return;
            }
            out.begun = true;
        }
        let mut tags = self.tags(style, inline, plain_bold);
        let ruled = tags.contains(&Tag::Underline) || tags.contains(&Tag::Strike);
        if visible.chars().all(is_blank) && !ruled {
            // A blank is neither bold nor a link; it stays in what is open.
            let open = out
                .open
                .iter()
                .zip(&tags)
                .take_while(|(a, b)| a == b)
                .count();
            tags.truncate(open);
        }
        self.switch(tags, out);
        for (index, piece) in visible.split('\n').enumerate() {
            if index > 0 {
                out.html.push_str("<br>");
            }
            out.html.push_str(&entities::escape(piece));
        }
        out.shows |= !visible.chars().all(is_blank) || ruled;
    }

    fn tags(&self, style: &TextStyle, inline: Option<InlineId>, plain_bold: bool) -> Vec<Tag> {
        let mut tags = Vec::new();
        let link = self.document.link_of(inline);
        if let Some(link) = link {
            tags.push(Tag::Link(link));
        }
        for (on, tag) in [
            (style.bold && !plain_bold, Tag::Strong),
            (style.italic, Tag::Em),
            (style.underline && link.is_none(), Tag::Underline),
            (style.strike, Tag::Strike),
            (style.superscript, Tag::Sup),
            (style.subscript && !style.superscript, Tag::Sub),
        ] {
            if on {
                tags.push(tag);
            }
        }
        let mut css = Vec::new();
        let allowed = |value: &Option<std::sync::Arc<str>>, list: &[String]| {
            let value = value.as_deref()?;
            let first = plain_value(value);
            list.iter().find(|a| plain_value(a) == first).cloned()
        };
        if let Some(family) = allowed(&style.font_family, &self.profile.fonts) {
            css.push(format!("font-family: {family}"));
        }
        if let Some(size) = allowed(&style.font_size, &self.profile.sizes) {
            css.push(format!("font-size: {size}"));
        }
        if let Some(colour) = allowed(&style.color, &self.profile.colors) {
            css.push(format!("color: {colour}"));
        }
        if !css.is_empty() {
            tags.push(Tag::Font(css.join("; ")));
        }
        tags
    }

    /// Closes and opens tags until exactly `tags` are open.
    fn switch(&self, tags: Vec<Tag>, out: &mut RunOut) {
        let common = out
            .open
            .iter()
            .zip(&tags)
            .take_while(|(a, b)| a == b)
            .count();
        out.close_to(common);
        for tag in tags.into_iter().skip(common) {
            match &tag {
                Tag::Link(id) => self.link(&self.document.elements[*id], &mut out.html),
                Tag::Strong => out.html.push_str("<strong>"),
                Tag::Em => out.html.push_str("<em>"),
                Tag::Underline => out.html.push_str("<u>"),
                Tag::Strike => out.html.push_str("<del>"),
                Tag::Sup => out.html.push_str("<sup>"),
                Tag::Sub => out.html.push_str("<sub>"),
                Tag::Font(css) => {
                    out.html.push_str("<span style=\"");
                    out.html.push_str(&entities::escape_attribute(css));
                    out.html.push_str("\">");
                }
            }
            out.open.push(tag);
        }
    }

    fn link(&self, element: &Element, html: &mut String) {
        html.push_str("<a");
        // A link that only a script follows goes by its handler.
        let scripted = element.attribute("href").is_some_and(|href| {
            let href = href.trim().to_ascii_lowercase();
            href.is_empty() || href == "#" || href.starts_with("javascript:")
        });
        copy_attributes(
            element,
            &[
                "href",
                "target",
                "title",
                "download",
                "rel",
                "textvalue",
                "sudyfile-attr",
            ],
            html,
        );
        if scripted {
            copy_attributes(element, &["onclick"], html);
        }
        html.push('>');
    }

    fn object(&mut self, object: &Object, out: &mut RunOut) {
        let element = &self.document.elements[object.element];
        if self.is_copied(element.start_tag.start) || element.name == "v:imagedata" {
            return;
        }
        let mut tags = Vec::new();
        if let Some(link) = self.document.link_of(object.inline) {
            tags.push(Tag::Link(link));
        }
        self.switch(tags, out);
        out.shows = true;
        if element.name == "img" {
            self.image(element, &mut out.html);
            return;
        }
        out.html.push_str(self.copy(element));
    }

    fn image(&self, element: &Element, html: &mut String) {
        html.push_str("<img");
        copy_attributes(
            element,
            &[
                "src",
                "alt",
                "title",
                "usemap",
                "srcset",
                "data-src",
                "data-original",
                "vurl",
                "orisrc",
                "sudyfile-attr",
            ],
            html,
        );
        let icon = is_icon(element);
        for name in ["width", "height"] {
            let Some(length) = size(element, name) else {
                continue;
            };
            let kept = match length.unit {
                Unit::Percent => name == "width" && length.value <= 100.0,
                _ => {
                    let px = length.to_px(16.0);
                    icon || name == "width" && px <= self.profile.image_max_width as f32
                }
            };
            if kept && length.value >= 0.0 {
                let value = match length.unit {
                    Unit::Percent => format!("{}%", length.value),
                    _ => format!("{}", length.to_px(16.0).ceil()),
                };
                html.push_str(&format!(" {name}=\"{value}\""));
            }
        }
        if !icon {
            html.push_str(" style=\"max-width: 100%\"");
        }
        html.push('>');
    }

    fn finish(&self, mut out: RunOut) -> String {
        out.close_to(0);
        if out.shows { out.html } else { String::new() }
    }
}

/// Text being written, with the tags that are open in it.
#[derive(Default)]
struct RunOut {
    html: String,
    open: Vec<Tag>,
    /// There is something to see in it.
    shows: bool,
    /// There is a character in it.
    begun: bool,
}

impl RunOut {
    fn close_to(&mut self, count: usize) {
        while self.open.len() > count {
            self.html.push_str(match self.open.pop() {
                Some(Tag::Link(_)) => "</a>",
                Some(Tag::Strong) => "</strong>",
                Some(Tag::Em) => "</em>",
                Some(Tag::Underline) => "</u>",
                Some(Tag::Strike) => "</del>",
                Some(Tag::Sup) => "</sup>",
                Some(Tag::Sub) => "</sub>",
                Some(Tag::Font(_)) => "</span>",
                None => "",
            });
        }
    }
}

fn in_header(document: &Document<'_>) -> Vec<bool> {
    let mut out: Vec<bool> = Vec::with_capacity(document.elements.len());
    for element in &document.elements {
        out.push(element.name == "th" || element.container.is_some_and(|outer| out[outer]));
    }
    out
}

/// The first of a list of values, without quotes, in lower case: what two spellings share.
fn plain_value(value: &str) -> String {
    value
        .split(',')
        .next()
        .unwrap_or_default()
        .trim()
        .trim_matches(['"', '\''])
        .to_lowercase()
}

fn copy_attributes(element: &Element, names: &[&str], html: &mut String) {
    for name in names {
        if let Some(value) = element.attribute(name) {
            html.push(' ');
            html.push_str(name);
            html.push_str("=\"");
            html.push_str(&entities::escape_attribute(value));
            html.push('"');
        }
    }
}

/// A width or height, by attribute or by style; what a style says wins.
fn size(element: &Element, name: &str) -> Option<Length> {
    element
        .style()
        .iter()
        .find(|d| d.property == name)
        .and_then(|d| Length::parse(&d.value))
        .or_else(|| Length::parse(element.attribute(name)?))
}
