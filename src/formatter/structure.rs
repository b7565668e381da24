//! Blocks: paragraphs, headings, lists, tables. Elements and blocks are walked side by side in
//! reading order; a stack holds what is open in the output.

use super::inline::Inline;
use super::profile::{Indent, Profile};
use crate::document::style::Align;
use crate::document::{BlockKind, Document, Element, ElementId, Object, entities, trim_range};
use crate::layout::{Layout, Line, Role, is_block_object};
use std::collections::HashSet;
use std::ops::Range;

/// What an open element of the output takes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Table,
    /// `thead`, `tbody`, `tfoot`.
    Rows,
    Row,
    Cell,
    /// `caption`.
    Caption,
    List,
    Item,
    Quote,
}

struct Open {
    /// The element of the source; `None` for one that the source left out.
    element: Option<ElementId>,
    kind: Kind,
    name: &'static str,
    /// Its texts stand in it without a `<p>`, parted by `<br>` where there are several.
    plain: bool,
    /// A text has been written into it.
    begun: bool,
}

/// What the texts directly in an element have in common.
#[derive(Clone, Copy, Default)]
struct Texts {
    count: usize,
    align: Option<Align>,
    /// They stand differently, or one is a heading.
    mixed: bool,
}

pub struct Writer<'w> {
    layout: &'w Layout<'w>,
    document: &'w Document<'w>,
    profile: &'w Profile,
    out: String,
    stack: Vec<Open>,
    /// By element: the nearest element that is kept as structure, itself included.
    nearest: Vec<Option<ElementId>>,
    /// By element: how many parts (texts, lists, tables) it holds directly.
    parts: Vec<usize>,
    /// By element: the texts it holds directly.
    texts: Vec<Texts>,
    /// Names that links of the body point to.
    targets: HashSet<String>,
    inline: Inline<'w>,
}

impl<'w> Writer<'w> {
    pub fn new(layout: &'w Layout<'w>, profile: &'w Profile) -> Self {
        let document = layout.document;
        let mut content = vec![0usize; document.blocks.len() + 1];
        for (index, block) in document.blocks.iter().enumerate() {
            let shows = !block.hidden && (!block.is_blank() || !block.objects.is_empty());
            content[index + 1] = content[index] + usize::from(shows);
        }
        let has_content =
            |range: &Range<usize>| content[range.end.max(range.start)] > content[range.start];
        let mut nearest: Vec<Option<ElementId>> = Vec::with_capacity(document.elements.len());
        let mut parts = vec![0usize; document.elements.len()];
        for (id, element) in document.elements.iter().enumerate() {
            let outer = element.container.and_then(|container| nearest[container]);
            let keep = match kind_of(&element.name) {
                None => false,
                Some(Kind::List | Kind::Item | Kind::Quote) => has_content(&element.blocks),
                Some(kind) => {
                    let around = outer.and_then(|outer| kind_of(&document.elements[outer].name));
                    // A cell in a list in a table is none: HTML has no room for it there.
                    let in_place = match kind {
                        Kind::Cell => matches!(around, Some(Kind::Table | Kind::Rows | Kind::Row)),
                        Kind::Row => matches!(around, Some(Kind::Table | Kind::Rows)),
                        Kind::Rows | Kind::Caption => around == Some(Kind::Table),
                        _ => true,
                    };
                    in_place && layout.element_in_data_table(id) && !layout.is_layout_table(id)
                }
            };
            if keep && let Some(outer) = outer {
                parts[outer] += 1;
            }
            nearest.push(if keep { Some(id) } else { outer });
        }
        let mut texts = vec![Texts::default(); document.elements.len()];
        for (index, block) in document.blocks.iter().enumerate() {
            if content[index + 1] > content[index]
                && let Some(outer) = block.element.and_then(|element| nearest[element])
            {
                parts[outer] += 1;
                let texts = &mut texts[outer];
                let align = block
                    .style
                    .align
                    .filter(|a| matches!(a, Align::Center | Align::Right));
                texts.mixed |= profile.keep_headings && matches!(block.kind, BlockKind::Heading(_))
                    || texts.count > 0 && texts.align != align;
                texts.align = align;
                texts.count += 1;
            }
        }
        let targets = document
            .elements
            .iter()
            .filter_map(|element| element.attribute("href")?.strip_prefix('#'))
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect();
        Self {
            layout,
            document,
            profile,
            out: String::with_capacity(document.source.len()),
            stack: Vec::new(),
            nearest,
            parts,
            texts,
            targets,
            inline: Inline::new(layout, profile),
        }
    }

    pub fn write(mut self) -> String {
        let mut element = 0;
        let mut line = 0;
        for block in 0..=self.document.blocks.len() {
            let last = block == self.document.blocks.len();
            while let Some(next) = self.document.elements.get(element)
                && (last || next.blocks.start <= block)
            {
                self.element(element, next);
                element += 1;
            }
            while let Some(next) = self.layout.lines.get(line)
                && next.block == block
            {
                self.line(next);
                line += 1;
            }
        }
        while !self.stack.is_empty() {
            self.close();
        }
        while self.out.ends_with('\n') {
            self.out.pop();
        }
        self.out
    }

    /// An element begins: structure opens, what stands between blocks is copied.
    fn element(&mut self, id: ElementId, element: &'w Element) {
        if self.inline.is_copied(element.start_tag.start) {
            return;
        }
        if self.nearest[id] == Some(id) {
            self.close_down_to(
                element
                    .container
                    .and_then(|container| self.nearest[container]),
                kind_of(&element.name),
            );
            self.open(id, element);
            return;
        }
        let name = element.name.as_str();
        let anchor = ["id", "name"]
            .iter()
            .filter_map(|attribute| element.attribute(attribute))
            .find(|target| self.targets.contains(*target));
        let copied = matches!(name, "script" | "map") && element.end_tag.is_some();
        if !(copied || name == "hr" || anchor.is_some()) {
            return;
        }
        let outer = element
            .container
            .and_then(|container| self.nearest[container]);
        self.close_down_to(outer, None);
        if !self.takes_text() {
            return;
        }
        if name == "hr" {
            self.out.push_str("<hr>\n");
            // The rule parts what follows from what stands before; a `<br>` besides would grow by
            // one each time.
            if let Some(open) = self.stack.last_mut() {
                open.begun = false;
            }
        } else if copied {
            self.out.push_str(self.inline.copy(element));
        } else if let Some(target) = anchor {
            self.out.push_str("<a id=\"");
            self.out.push_str(&entities::escape_attribute(target));
            self.out.push_str("\"></a>");
        }
    }

    /// True if text may stand where the output is now.
    fn takes_text(&self) -> bool {
        self.stack.last().is_none_or(|open| {
            matches!(
                open.kind,
                Kind::Cell | Kind::Item | Kind::Quote | Kind::Caption
            )
        })
    }

    /// Closes what is open inside `outer`. Something the source left out stays open if what comes
    /// next goes into it.
    fn close_down_to(&mut self, outer: Option<ElementId>, next: Option<Kind>) {
        while let Some(top) = self.stack.last() {
            match top.element {
                Some(element) if Some(element) == outer => return,
                None => {
                    let inside = self.stack.iter().rev().find_map(|open| open.element);
                    let takes = matches!(
                        (top.kind, next),
                        (Kind::Row, Some(Kind::Cell)) | (Kind::List, Some(Kind::Item))
                    );
                    if takes && inside == outer {
                        return;
                    }
                }
                Some(_) => {}
            }
            self.close();
        }
    }

    fn close(&mut self) {
        if let Some(open) = self.stack.pop() {
            self.out.push_str("</");
            self.out.push_str(open.name);
            self.out.push('>');
            if !matches!(open.kind, Kind::Cell) {
                self.out.push('\n');
            }
        }
    }

    /// Opens what the source left out, so that `kind` may stand here.
    fn make_room(&mut self, kind: Kind, element: &str) {
        let top = self.stack.last().map(|open| open.kind);
        match (kind, top) {
            (Kind::Item, Some(Kind::List)) => {}
            (Kind::Item, _) if matches!(element, "dt" | "dd") => self.imply(Kind::List, "dl"),
            (Kind::Item, _) => self.imply(Kind::List, "ul"),
            (Kind::Row, Some(Kind::Row)) => self.close(),
            (Kind::Cell, Some(Kind::Table | Kind::Rows)) => self.imply(Kind::Row, "tr"),
            (Kind::Cell, Some(Kind::Row)) => {}
            (_, Some(Kind::Table | Kind::Rows)) if !is_table_part(kind) => {
                self.imply(Kind::Row, "tr");
                self.imply(Kind::Cell, "td");
            }
            (_, Some(Kind::Row)) if !is_table_part(kind) => self.imply(Kind::Cell, "td"),
            (_, Some(Kind::List)) if kind != Kind::List => {
                let terms = self.stack.last().is_some_and(|open| open.name == "dl");
                self.imply(Kind::Item, if terms { "dd" } else { "li" });
            }
            _ => {}
        }
    }

    fn imply(&mut self, kind: Kind, name: &'static str) {
        self.out.push('<');
        self.out.push_str(name);
        self.out.push('>');
        if matches!(kind, Kind::List | Kind::Row) {
            self.out.push('\n');
        }
        self.stack.push(Open {
            element: None,
            kind,
            name,
            plain: true,
            begun: false,
        });
    }

    fn open(&mut self, id: ElementId, element: &'w Element) {
        let Some(kind) = kind_of(&element.name) else {
            return;
        };
        self.make_room(kind, &element.name);
        let texts = self.texts[id];
        let plain = match kind {
            Kind::Cell | Kind::Caption => self.parts[id] == texts.count && !texts.mixed,
            _ => self.parts[id] == 1,
        };
        let name = output_name(&element.name);
        self.out.push('<');
        self.out.push_str(name);
        match kind {
            Kind::Table => {
                let border = self.layout.has_border(id)
                    || self.profile.table_border && !self.layout.has_image(id);
                if border {
                    self.out.push_str(" border=\"1\"");
                }
                self.out.push_str(" style=\"width: ");
                self.out.push_str(&self.profile.table_width);
                self.out.push_str("; border-collapse: collapse\"");
            }
            Kind::Cell => {
                for attribute in ["colspan", "rowspan"] {
                    let count = element
                        .attribute(attribute)
                        .and_then(|v| v.trim().parse::<u32>().ok());
                    if let Some(count) = count.filter(|n| *n > 1) {
                        self.out.push_str(&format!(" {attribute}=\"{count}\""));
                    }
                }
                if plain {
                    self.align(self.texts[id].align);
                }
            }
            Kind::List => {
                for attribute in ["start", "type"] {
                    if let Some(value) = element.attribute(attribute).filter(|_| name == "ol") {
                        self.out.push_str(&format!(
                            " {attribute}=\"{}\"",
                            entities::escape_attribute(value)
                        ));
                    }
                }
            }
            _ => {}
        }
        self.out.push('>');
        if matches!(
            kind,
            Kind::Table | Kind::Rows | Kind::Row | Kind::List | Kind::Quote
        ) {
            self.out.push('\n');
        }
        self.stack.push(Open {
            element: Some(id),
            kind,
            name,
            plain,
            begun: false,
        });
    }

    fn align(&mut self, align: Option<Align>) {
        match align {
            Some(Align::Center) => self.out.push_str(" style=\"text-align: center\""),
            Some(Align::Right) => self.out.push_str(" style=\"text-align: right\""),
            _ => {}
        }
    }

    fn line(&mut self, line: &'w Line) {
        let block = self.layout.block(line);
        let outer = block.element.and_then(|element| self.nearest[element]);
        let item = line.role == Role::ListItem;
        self.close_down_to(outer, None);
        // A paragraph; what may hold it, an item or a cell, is opened if the source has none.
        self.make_room(Kind::Quote, "p");
        let flow = self
            .stack
            .last()
            .filter(|open| matches!(open.kind, Kind::Cell | Kind::Item | Kind::Caption));
        let flow = flow.map(|open| (open.plain, open.begun));
        if let BlockKind::Heading(level) = block.kind
            && self.profile.keep_headings
        {
            let html = self
                .inline
                .text(line, line.range.clone(), self.layout.objects(line));
            if html.is_empty() {
                return;
            }
            self.out.push_str(&format!("<h{level}"));
            self.align(self.layout.align(line));
            self.out.push('>');
            self.out.push_str(&html);
            self.out.push_str(&format!("</h{level}>\n"));
            return;
        }
        if let Some((plain, begun)) = flow {
            let html = self
                .inline
                .text(line, line.range.clone(), self.layout.objects(line));
            if html.is_empty() {
                return;
            }
            if plain {
                if begun {
                    self.out.push_str("<br>");
                }
                self.out.push_str(&html);
            } else {
                self.out.push_str("<p");
                self.align(self.layout.align(line));
                self.out.push('>');
                self.out.push_str(&html);
                self.out.push_str("</p>");
            }
            if let Some(open) = self.stack.last_mut() {
                open.begun = true;
            }
            return;
        }
        if item || self.layout.keeps_objects(line) {
            // An item without a list around it, or a heading that becomes a paragraph.
            let objects = self.layout.objects(line);
            if line.range.is_empty() {
                self.objects(line, objects);
                return;
            }
            let mut first = 0;
            for (part, end) in parts_of(block.text.as_str(), &line.range) {
                let next = objects.partition_point(|o| o.at <= end);
                let html = self.inline.text(line, part, &objects[first..next]);
                first = next;
                self.paragraph(line, &html);
            }
            return;
        }
        self.paragraphs(line);
    }

    /// A line of running text: the images at its ends get paragraphs of their own.
    fn paragraphs(&mut self, line: &'w Line) {
        let objects = self.layout.objects(line);
        let block_object = |object: &Object| is_block_object(self.layout.element(object));
        if line.range.is_empty() {
            self.objects(line, objects);
            return;
        }
        let front = objects.partition_point(|o| o.at <= line.range.start);
        let back = objects
            .partition_point(|o| o.at < line.range.end)
            .max(front);
        let front_end = objects[..front]
            .iter()
            .rposition(block_object)
            .map_or(0, |at| at + 1);
        let back_start = objects[back..]
            .iter()
            .position(block_object)
            .map_or(objects.len(), |at| back + at);
        self.objects(line, &objects[..front_end]);
        let html = self
            .inline
            .text(line, line.range.clone(), &objects[front_end..back_start]);
        self.paragraph(line, &html);
        self.objects(line, &objects[back_start..]);
    }

    /// Objects, each block in a paragraph of its own; icons stay with the one after them.
    fn objects(&mut self, line: &'w Line, objects: &[Object]) {
        let mut from = 0;
        for at in 0..objects.len() {
            let ends =
                is_block_object(self.layout.element(&objects[at])) || at + 1 == objects.len();
            if !ends {
                continue;
            }
            let html = self.inline.objects(line, &objects[from..=at]);
            from = at + 1;
            if html.is_empty() {
                continue;
            }
            let align = if self.profile.center_images {
                Some(Align::Center)
            } else {
                self.layout.align(line)
            };
            self.out.push_str("<p");
            match align {
                Some(Align::Center | Align::Right) => self.align(align),
                _ => self.flush_left(),
            }
            self.out.push('>');
            self.out.push_str(&html);
            self.out.push_str("</p>\n");
        }
    }

    /// A paragraph in the form that its role asks for.
    fn paragraph(&mut self, line: &Line, html: &str) {
        if html.is_empty() {
            return;
        }
        let signature = matches!(line.role, Role::Issuer | Role::Date);
        let align = if signature && !self.profile.right_signature {
            None
        } else {
            self.layout.align(line)
        };
        self.out.push_str("<p");
        match (align, line.role) {
            (Some(Align::Center | Align::Right), _) => self.align(align),
            (_, Role::Addressee | Role::AnnexHeading | Role::Number) => self.flush_left(),
            _ if signature => self.flush_left(),
            _ => {
                if self.profile.indent == Indent::Style {
                    self.out.push_str(" style=\"text-indent: ");
                    self.out.push_str(&self.profile.indent_size);
                    self.out.push('"');
                }
            }
        }
        self.out.push('>');
        self.out.push_str(html);
        self.out.push_str("</p>\n");
    }

    /// Where the site's style sheet indents every paragraph, this one says that it is not.
    fn flush_left(&mut self) {
        if self.profile.indent == Indent::Css {
            self.out.push_str(" style=\"text-indent: 0\"");
        }
    }
}

fn kind_of(name: &str) -> Option<Kind> {
    Some(match name {
        "table" => Kind::Table,
        "thead" | "tbody" | "tfoot" => Kind::Rows,
        "tr" => Kind::Row,
        "td" | "th" => Kind::Cell,
        "caption" => Kind::Caption,
        "ul" | "ol" | "dl" | "menu" | "dir" => Kind::List,
        "li" | "dt" | "dd" => Kind::Item,
        "blockquote" => Kind::Quote,
        _ => return None,
    })
}

fn is_table_part(kind: Kind) -> bool {
    matches!(kind, Kind::Rows | Kind::Row | Kind::Cell | Kind::Caption)
}

fn output_name(name: &str) -> &'static str {
    match name {
        "table" => "table",
        "thead" => "thead",
        "tbody" => "tbody",
        "tfoot" => "tfoot",
        "tr" => "tr",
        "td" => "td",
        "th" => "th",
        "caption" => "caption",
        "ol" => "ol",
        "dl" => "dl",
        "li" => "li",
        "dt" => "dt",
        "dd" => "dd",
        "blockquote" => "blockquote",
        _ => "ul",
    }
}

/// The pieces of `range` between line breaks, without blanks at their ends, empty ones left out;
/// each with the byte up to which objects go with it.
fn parts_of(text: &str, range: &Range<usize>) -> Vec<(Range<usize>, usize)> {
    let mut at = range.start;
    let mut out: Vec<(Range<usize>, usize)> = Vec::new();
    for piece in text[range.clone()].split('\n') {
        let trimmed = trim_range(piece);
        if !trimmed.is_empty() {
            out.push((at + trimmed.start..at + trimmed.end, at + piece.len()));
        }
        at += piece.len() + 1;
    }
    if let Some(last) = out.last_mut() {
        last.1 = usize::MAX;
    }
    out
}
