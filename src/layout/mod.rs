//! What each line of a body is for: addressee, body text, signature, caption.
//!
//! `<br>` parts a paragraph into lines, as editors see them. Checks of formatting and the
//! one-click formatter go by the same reading, so that what the one asks for the other does.

pub mod phrase;
mod tables;

use crate::check::title::ends_as_organisation;
use crate::document::style::Align;
use crate::document::{Block, BlockKind, Document, Element, Object, is_blank, trim_range};
use std::ops::Range;
use tables::Tables;

/// What a line is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Running text, sub-headings in it included.
    Body,
    /// `h1`–`h6`, or a short centred line.
    Heading,
    /// The number of a document (示政发〔2018〕5号) on a line of its own.
    Number,
    /// 主送: 各镇人民政府，县政府各部门：
    Addressee,
    /// 落款: who signs.
    Issuer,
    /// 落款: the day of signing.
    Date,
    /// 附件1 alone on its line, above what is enclosed.
    AnnexHeading,
    /// The list of what is enclosed (附件：1.申报表) or of notes (注：1.), with the lines that go
    /// on with it.
    AnnexList,
    /// Words under (or over) an image.
    Caption,
    /// Images or other objects, no text.
    Object,
    ListItem,
    Quote,
    /// Anything in a table that holds data.
    Cell,
}

/// A line of a block that holds text or objects.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Index of the block.
    pub block: usize,
    /// Bytes of the block's visible text, up to the `\n` of a `<br>`, blanks at the ends included.
    pub full: Range<usize>,
    /// The same without blanks at the ends; empty for a line of objects alone.
    pub range: Range<usize>,
    /// Indexes into the block's objects.
    pub objects: Range<usize>,
    pub role: Role,
    /// Where it stands by style, or where blanks have pushed it.
    placed: Option<Align>,
}

/// Blanks at the beginning of a line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Indent {
    /// U+3000 and other blanks as wide as a Chinese character.
    pub wide: usize,
    /// `&nbsp;` and other narrow blanks.
    pub narrow: usize,
}

impl Indent {
    /// Width in half characters.
    pub fn width(self) -> usize {
        self.wide * 2 + self.narrow
    }
}

/// A body read line by line.
pub struct Layout<'d> {
    pub document: &'d Document<'d>,
    pub lines: Vec<Line>,
    tables: Tables,
}

/// Blanks this wide (half characters) push a short line to the middle, twice as wide to the right.
const PUSH: usize = 10;

/// A short line has at most this many characters.
const SHORT: usize = 30;

/// A caption, or a heading known by standing in the middle, has at most this many.
const CENTRED: usize = 60;

impl<'d> Layout<'d> {
    /// Reads a body.
    pub fn of(document: &'d Document<'d>) -> Self {
        let mut layout = Self {
            document,
            lines: Vec::new(),
            tables: Tables::of(document),
        };
        layout.collect();
        layout.assign();
        layout
    }

    /// True if the element is a table that only lays out, or a part of one.
    pub fn is_layout_table(&self, element: usize) -> bool {
        self.tables.is_layout(element)
    }

    /// True if the block stands in a table that holds data.
    pub fn in_data_table(&self, block: usize) -> bool {
        self.document.blocks[block]
            .element
            .is_some_and(|element| self.tables.in_data(element))
    }

    /// True if the element is a table that holds data, or stands in one.
    pub fn element_in_data_table(&self, element: usize) -> bool {
        self.tables.in_data(element)
    }

    /// True if the table shows lines between its cells.
    pub fn has_border(&self, table: usize) -> bool {
        self.tables.has_border(table)
    }

    /// True if an image stands in the table.
    pub fn has_image(&self, table: usize) -> bool {
        self.tables.has_image(table)
    }

    fn collect(&mut self) {
        for (index, block) in self.document.blocks.iter().enumerate() {
            if block.hidden {
                continue;
            }
            let keeps_lines = self.in_data_table(index)
                || block.in_list
                || matches!(block.kind, BlockKind::Heading(_) | BlockKind::ListItem);
            let text = block.text.as_str();
            let mut object = 0;
            let lines = if keeps_lines {
                std::iter::once(0..text.len()).collect()
            } else {
                block.lines()
            };
            for full in lines {
                let first = object;
                while object < block.objects.len() && block.objects[object].at <= full.end {
                    object += 1;
                }
                let trimmed = trim_range(&text[full.clone()]);
                if trimmed.is_empty() && first == object {
                    continue;
                }
                let range = full.start + trimmed.start..full.start + trimmed.end;
                self.lines.push(Line {
                    block: index,
                    full,
                    range,
                    objects: first..object,
                    role: Role::Body,
                    placed: block.style.align,
                });
            }
        }
    }

    /// The line without blanks at its ends.
    pub fn text(&self, line: &Line) -> &'d str {
        &self.document.blocks[line.block].text.as_str()[line.range.clone()]
    }

    /// The block of a line.
    pub fn block(&self, line: &Line) -> &'d Block {
        &self.document.blocks[line.block]
    }

    /// The objects of a line.
    pub fn objects(&self, line: &Line) -> &'d [Object] {
        &self.document.blocks[line.block].objects[line.objects.clone()]
    }

    /// The element of an object.
    pub fn element(&self, object: &Object) -> &'d Element {
        &self.document.elements[object.element]
    }

    /// Blanks in front of the line's first character. Underlined ones are a place to fill in.
    pub fn indent(&self, line: &Line) -> Indent {
        let block = self.block(line);
        let mut indent = Indent::default();
        if line.range.is_empty() {
            return indent;
        }
        let underlined = block.runs.iter().any(|run| {
            run.range.start <= line.full.start
                && line.full.start < run.range.end
                && self.document.styles[run.style].underline
        });
        if underlined {
            return indent;
        }
        // Blanks behind an icon indent nothing.
        let object = self.objects(line).first().map_or(usize::MAX, |o| o.at);
        let end = line.range.start.min(object.max(line.full.start));
        for c in block.text.as_str()[line.full.start..end].chars() {
            match c {
                '\u{3000}' | '\u{2003}' => indent.wide += 1,
                _ => indent.narrow += 1,
            }
        }
        indent
    }

    /// Where the line stands: by what it is for, by style, or pushed there by blanks.
    pub fn align(&self, line: &Line) -> Option<Align> {
        match line.role {
            Role::Issuer | Role::Date => Some(Align::Right),
            Role::Caption => Some(Align::Center),
            _ => line.placed,
        }
    }

    /// Where blanks have pushed a short line: above body text to the middle, else to the right.
    /// Items of a list and names set under one another stand where they stand.
    fn pushed(&self, line: &Line, below_body: bool) -> Option<Align> {
        let text = self.text(line);
        let count = text.chars().count();
        let blanks = self.indent(line).width();
        if count > SHORT || blanks < PUSH || phrase::is_numbered(text) {
            return None;
        }
        // About where the middle of the line is, in half characters; a page's is at 35 or so.
        let middle = blanks + count;
        if !below_body {
            let right = middle > 46;
            return Some(if right { Align::Right } else { Align::Center });
        }
        let credit = text.starts_with(['（', '(']) && text.ends_with(['）', ')'])
            || text.starts_with("供稿");
        (blanks >= 2 * PUSH || credit).then_some(Align::Right)
    }

    /// True unless the object stands at the beginning or the end of a line of text: in a sentence
    /// it is a part of it (a formula, a sign), alone it is a block.
    pub fn is_in_place(&self, line: &Line, object: &Object) -> bool {
        line.role != Role::Cell
            && (line.range.is_empty()
                || line.range.start < object.at && object.at < line.range.end
                || self.keeps_objects(line)
                || !is_block_object(self.element(object)))
    }

    /// Headings and list items keep their images in the text.
    pub fn keeps_objects(&self, line: &Line) -> bool {
        line.role == Role::Cell
            || line.role == Role::ListItem
            || matches!(self.block(line).kind, BlockKind::Heading(_))
    }

    fn starts_with_object(&self, line: &Line) -> bool {
        self.objects(line)
            .iter()
            .any(|o| o.at <= line.range.start && is_block_object(self.element(o)))
    }

    fn ends_with_object(&self, line: &Line) -> bool {
        self.objects(line)
            .iter()
            .any(|o| o.at >= line.range.end && is_block_object(self.element(o)))
    }

    /// Lines of body text: what shares are counted over.
    pub fn body_lines(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|line| line.role == Role::Body)
    }

    /// The share of bold characters in body text, 0 to 1, blanks not counted; and how many
    /// characters there are.
    pub fn bold_share(&self) -> (f64, usize) {
        let (mut bold, mut all) = (0usize, 0usize);
        for line in self.body_lines() {
            let block = self.block(line);
            for run in runs_within(block, &line.range) {
                let text = &block.text.as_str()[run.0.clone()];
                let count = text.chars().filter(|c| !is_blank(*c)).count();
                all += count;
                if self.document.styles[run.1].bold {
                    bold += count;
                }
            }
        }
        (bold as f64 / all.max(1) as f64, all)
    }

    /// True if all the body text is bold, so that bold says nothing.
    pub fn all_bold(&self) -> bool {
        let (share, all) = self.bold_share();
        share >= 0.9 && all >= 60
    }

    fn assign(&mut self) {
        let mut roles: Vec<Role> = Vec::with_capacity(self.lines.len());
        let mut places: Vec<Option<Align>> = Vec::with_capacity(self.lines.len());
        let mut text_seen = 0usize;
        let mut body_seen = false;
        for index in 0..self.lines.len() {
            let line = &self.lines[index];
            let block = self.block(line);
            let text = self.text(line);
            let in_table = self.in_data_table(line.block);
            let place = match block.style.align {
                align @ Some(Align::Center | Align::Right) => align,
                other if in_table => other,
                other => self.pushed(line, body_seen).or(other),
            };
            let outside = |other: &&Line| !self.in_data_table(other.block);
            let previous = index.checked_sub(1).map(|i| &self.lines[i]).filter(outside);
            let below = self.starts_with_object(line)
                || previous.is_some_and(|l| l.range.is_empty() || self.ends_with_object(l));
            let next = self.lines.get(index + 1).filter(outside);
            let above = self.ends_with_object(line)
                || next.is_some_and(|l| l.range.is_empty() || self.starts_with_object(l));
            let role = if in_table {
                Role::Cell
            } else if line.range.is_empty() && !block.in_list {
                Role::Object
            } else if matches!(block.kind, BlockKind::Heading(_)) {
                Role::Heading
            } else if block.kind == BlockKind::Caption && text.chars().count() <= CENTRED {
                Role::Caption
            } else if block.in_list || block.kind == BlockKind::ListItem {
                Role::ListItem
            } else if block.in_quote {
                Role::Quote
            } else if is_caption(text, place, below, above) {
                Role::Caption
            } else if phrase::is_document_number(text) {
                Role::Number
            } else if phrase::is_annex_heading(text) {
                Role::AnnexHeading
            } else if phrase::is_annex_line(text)
                || phrase::is_note(text)
                || roles.last() == Some(&Role::AnnexList) && phrase::is_list_number(text)
            {
                Role::AnnexList
            } else if !body_seen && text_seen < 8 && phrase::is_addressee(text) {
                Role::Addressee
            } else if place == Some(Align::Center) && text.chars().count() <= CENTRED {
                Role::Heading
            } else {
                Role::Body
            };
            if !line.range.is_empty() {
                text_seen += 1;
            }
            body_seen |= role == Role::Body && text.chars().count() > 12;
            roles.push(role);
            places.push(place);
        }
        // Where others of its kind follow, it is one of several names, not who is addressed.
        if let Some(first) = roles.iter().position(|role| *role == Role::Addressee) {
            let again = |at: usize| {
                roles[at] == Role::Body && phrase::is_addressee(self.text(&self.lines[at]))
            };
            if (first + 1..roles.len()).any(again) {
                roles[first] = Role::Body;
            }
        }
        for (line, place) in self.lines.iter_mut().zip(places) {
            line.placed = place;
        }
        self.sign(&mut roles);
        for (line, role) in self.lines.iter_mut().zip(roles) {
            line.role = role;
        }
    }

    /// Finds signatures: a day alone on its line, below who signs, below text.
    fn sign(&self, roles: &mut [Role]) {
        let mut body_seen = false;
        let mut last_day = None;
        for index in 0..self.lines.len() {
            let line = &self.lines[index];
            let text = self.text(line);
            let free = |role: Role| matches!(role, Role::Body | Role::Heading);
            if !free(roles[index]) {
                continue;
            }
            if !body_seen || !phrase::is_day(text) {
                body_seen |= roles[index] == Role::Body && text.chars().count() > SHORT / 2
                    || text.ends_with(['。', '！']);
                continue;
            }
            let mut top = index;
            while top > 0
                && index - top < 6
                && last_day.is_none_or(|day| top - 1 > day)
                && free(roles[top - 1])
                && !matches!(self.block(&self.lines[top - 1]).kind, BlockKind::Heading(_))
                && is_signatory(self.text(&self.lines[top - 1]))
            {
                top -= 1;
            }
            let closes = index
                .checked_sub(1)
                .is_some_and(|before| self.text(&self.lines[before]).ends_with(['。', '！', '）']))
                && line.placed != Some(Align::Center);
            if top < index {
                for role in &mut roles[top..index] {
                    *role = Role::Issuer;
                }
            }
            if top < index || closes {
                roles[index] = Role::Date;
                last_day = Some(index);
            }
        }
    }
}

/// The parts of a block's runs that lie in `range`, each with its style.
pub fn runs_within<'b>(
    block: &'b Block,
    range: &Range<usize>,
) -> impl Iterator<Item = (Range<usize>, usize)> + 'b {
    let range = range.clone();
    let from = block
        .runs
        .partition_point(|run| run.range.end <= range.start);
    let end = range.end;
    block.runs[from..]
        .iter()
        .take_while(move |run| run.range.start < end)
        .map(move |run| {
            let part = run.range.start.max(range.start)..run.range.end.min(range.end);
            (part, run.style)
        })
}

/// An organisation's name and nothing else, as it stands in a signature.
fn is_signatory(text: &str) -> bool {
    let count = text.chars().count();
    let last = text.split(is_blank).next_back().unwrap_or_default();
    let last = last.trim_end_matches(['）', ')']);
    (3..=SHORT).contains(&count)
        && !text.contains(['。', '；', '！', '？', '：', '，', ':', '、', '《'])
        && !text.starts_with(|c: char| c.is_ascii_digit())
        && !phrase::is_numbered(text)
        && !phrase::is_day(text)
        && ends_as_organisation(last)
}

fn is_caption(text: &str, align: Option<Align>, below: bool, above: bool) -> bool {
    let count = text.chars().count();
    let centred = align == Some(Align::Center) && count <= 50;
    let says_so = count <= 80
        && (phrase::is_photo_credit(text)
            || ["图为", "图：", "图片：", "图说", "▲", "△", "↑"]
                .iter()
                .any(|start| text.starts_with(start)));
    below && (centred || says_so) || above && says_so
}

/// An object that wants a paragraph of its own.
pub fn is_block_object(element: &Element) -> bool {
    !is_icon(element) && !matches!(element.name.as_str(), "input" | "v:imagedata")
}

/// Images so small that they are part of the text: icons of attachments, smileys, formulas' dots.
pub fn is_icon(element: &Element) -> bool {
    if element.name != "img" {
        return false;
    }
    let small = |value: &str| {
        crate::document::style::Length::parse(value).is_some_and(|length| {
            length.unit != crate::document::style::Unit::Percent && length.to_px(16.0) <= 40.0
        })
    };
    if ["width", "height"]
        .iter()
        .filter_map(|name| element.attribute(name))
        .any(small)
        || element
            .style()
            .iter()
            .any(|d| matches!(d.property.as_str(), "width" | "height") && small(&d.value))
    {
        return true;
    }
    let source = element
        .attribute("src")
        .unwrap_or_default()
        .to_ascii_lowercase();
    [
        "filetypeimages",
        "/icon",
        "icon_",
        "emoticon",
        "emotion",
        "smiley",
    ]
    .iter()
    .any(|part| source.contains(part))
}
