//! Tokens in, blocks out. The implied ends of `p`, `li`, `td` and the like are made here; inline
//! tags may be mis-nested. Every step costs constant time, amortised: look-ups go by name through
//! stacks of open elements, and inline nesting deeper than [`MAX_INLINE`] is not followed.

use super::entities;
use super::style::{Align, BlockStyle, Length, TextStyle, declarations};
use super::*;
use html5gum::{DefaultEmitter, Token, Tokenizer};
use std::collections::HashMap;

/// Inline elements nested deeper than this are recorded but do not change how text looks.
const MAX_INLINE: usize = 64;

/// What happens to runs of blanks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Blanks {
    /// As a browser shows them: a run is one blank, none at the edges of a block.
    Collapse,
    /// As typed.
    Keep,
}

/// Plain text: a line is a block.
pub fn plain(source: &str) -> Document<'_> {
    let mut document = empty(source, Format::Text);
    let mut at = 0;
    for piece in source.split_inclusive('\n') {
        let line = piece.strip_suffix('\n').unwrap_or(piece);
        let line = line.strip_suffix('\r').unwrap_or(line);
        let mut text = Text::default();
        push_visible(&mut text, line, at);
        let len = text.as_str().len();
        let blank = trim_range(text.as_str()).is_empty();
        document.blocks.push(Block {
            kind: if blank {
                BlockKind::Empty
            } else {
                BlockKind::Paragraph
            },
            runs: if len == 0 {
                Vec::new()
            } else {
                vec![Run {
                    range: 0..len,
                    inline: None,
                    style: 0,
                }]
            },
            text,
            objects: Vec::new(),
            element: None,
            span: Span {
                start: at,
                end: at + line.len(),
            },
            whole: false,
            style: BlockStyle::default(),
            in_table: false,
            in_list: false,
            in_quote: false,
            hidden: false,
        });
        at += piece.len();
    }
    document
}

/// Pushes `text`, leaving out characters that show nothing.
fn push_visible(out: &mut Text, text: &str, source: usize) {
    let mut from = 0;
    for (at, c) in text.char_indices() {
        if is_invisible(c) {
            out.push_verbatim(&text[from..at], source + from);
            from = at + c.len_utf8();
        }
    }
    out.push_verbatim(&text[from..], source + from);
}

/// A title: one block, blanks as typed.
pub fn title(source: &str) -> Document<'_> {
    let mut document = html(source, Blanks::Keep);
    // A title is one line of text; block tags in it (rare) do not part it for the checks.
    if document.blocks.len() > 1 {
        document.blocks.truncate(0);
        let mut builder = Builder::new(source, Blanks::Keep);
        builder.single_block = true;
        document = builder.run();
    }
    if document.blocks.is_empty() {
        document.blocks.push(Block {
            kind: BlockKind::Empty,
            text: Text::default(),
            runs: Vec::new(),
            objects: Vec::new(),
            element: None,
            span: Span {
                start: 0,
                end: source.len(),
            },
            whole: false,
            style: BlockStyle::default(),
            in_table: false,
            in_list: false,
            in_quote: false,
            hidden: false,
        });
    }
    document
}

/// An HTML body.
pub fn html(source: &str, blanks: Blanks) -> Document<'_> {
    Builder::new(source, blanks).run()
}

fn empty(source: &str, format: Format) -> Document<'_> {
    Document {
        source,
        format,
        blocks: Vec::new(),
        elements: Vec::new(),
        inlines: Vec::new(),
        styles: vec![TextStyle::default()],
        comments: Vec::new(),
    }
}

/// An open block element.
struct Frame {
    element: ElementId,
    name: &'static str,
    /// Text style that its text inherits.
    style: StyleId,
    block: BlockStyle,
    in_table: bool,
    in_list: bool,
    in_quote: bool,
    hidden: bool,
    /// Semantic kind for text directly or indirectly inside, until an inner one says otherwise.
    kind: BlockKind,
    /// Something was emitted inside.
    has_content: bool,
    /// Length of the inline stack when it was opened.
    inline_floor: usize,
}

/// An open inline element.
struct OpenInline {
    node: InlineId,
    name: String,
    style: StyleId,
    /// Blocks that were open when it was opened.
    depth: usize,
    /// Its block has ended without it: it goes on in the next one.
    carried: bool,
}

/// The block being collected.
struct Current {
    text: Text,
    runs: Vec<Run>,
    objects: Vec<Object>,
    start: usize,
    end: usize,
}

struct Builder<'a> {
    document: Document<'a>,
    blanks: Blanks,
    single_block: bool,
    frames: Vec<Frame>,
    /// For each block element name, the places in `frames` where it is open.
    open: HashMap<&'static str, Vec<usize>>,
    /// Places in `frames` of cells and captions, which end tags do not reach across.
    barriers: Vec<usize>,
    inlines: Vec<OpenInline>,
    current: Option<Current>,
    /// The element whose raw content (script, style) is being skipped.
    skipping: Option<String>,
}

/// Elements whose content nobody reads as text. What stands in a player or a frame is shown only
/// by browsers that have none.
const SKIPPED: [&str; 13] = [
    "script", "style", "title", "textarea", "template", "noscript", "noembed", "noframes", "xmp",
    "iframe", "video", "audio", "canvas",
];

const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];

/// Objects that stand between characters and that a reader sees.
const OBJECTS: [&str; 10] = [
    "img",
    "video",
    "audio",
    "iframe",
    "embed",
    "object",
    "input",
    "canvas",
    "svg",
    "v:imagedata",
];

/// Inline elements that the HTML standard carries over the end of a block.
const FORMATTING: [&str; 14] = [
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
];

/// Block elements, each by its one static name.
const BLOCKS: [&str; 52] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "details",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hgroup",
    "hr",
    "html",
    "legend",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
    "colgroup",
    "ucapcontent",
    "listing",
    "plaintext",
    "search",
];

fn block_name(name: &str) -> Option<&'static str> {
    BLOCKS.iter().copied().find(|&block| block == name)
}

/// Blocks that, when empty, show the reader an empty line or cell.
fn shows_when_empty(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "li"
            | "blockquote"
            | "section"
            | "center"
            | "pre"
            | "td"
            | "th"
            | "dd"
            | "dt"
    )
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

impl<'a> Builder<'a> {
    fn new(source: &'a str, blanks: Blanks) -> Self {
        Self {
            document: empty(source, Format::Html),
            blanks,
            single_block: false,
            frames: Vec::new(),
            open: HashMap::new(),
            barriers: Vec::new(),
            inlines: Vec::new(),
            current: None,
            skipping: None,
        }
    }

    fn run(mut self) -> Document<'a> {
        let source = self.document.source;
        let mut emitter = DefaultEmitter::<usize>::new_with_span();
        emitter.naively_switch_states(true);
        for token in Tokenizer::new_with_emitter(source, emitter) {
            // Reading from memory cannot fail.
            let Ok(token) = token;
            match token {
                Token::StartTag(tag) => self.start_tag(tag),
                Token::EndTag(tag) => {
                    let span = Span {
                        start: tag.span.start,
                        end: tag.span.end,
                    };
                    self.end_tag(&lossy(&tag.name), span);
                }
                Token::String(text) => {
                    if self.skipping.is_none() {
                        self.text(text.span.start, text.span.end);
                    }
                }
                Token::Comment(comment) => self.document.comments.push(Span {
                    start: comment.span.start,
                    end: comment.span.end,
                }),
                Token::Doctype(_) | Token::Error(_) => {}
            }
        }
        while !self.frames.is_empty() {
            self.close_top(source.len(), None);
        }
        self.flush(None);
        let blocks = self.document.blocks.len();
        for inline in std::mem::take(&mut self.inlines) {
            let element = self.document.inlines[inline.node].element;
            self.document.elements[element].blocks.end = blocks;
        }
        self.document
    }

    fn start_tag(&mut self, tag: html5gum::StartTag<usize>) {
        if self.skipping.is_some() {
            return;
        }
        let name = lossy(&tag.name);
        let mut attributes: Vec<Attribute> = tag
            .attributes
            .iter()
            .map(|(name, value)| Attribute {
                name: lossy(name),
                value: lossy(value),
                span: self.attribute_span(value.span.start, value.span.end),
            })
            .collect();
        attributes.sort_by_key(|a| a.span.start);
        let start_tag = Span {
            start: tag.span.start,
            end: tag.span.end,
        };
        let block = if self.single_block {
            None
        } else {
            block_name(&name)
        };
        if let Some(block) = block {
            self.close_implied(block, start_tag.start);
            self.flush(None);
        }
        let id = self.document.elements.len();
        let parent = self
            .inlines
            .last()
            .map(|open| self.document.inlines[open.node].element)
            .filter(|&inline| {
                // The inner of the innermost inline and the innermost block element.
                self.frames
                    .last()
                    .is_none_or(|frame| inline > frame.element)
            })
            .or(self.frames.last().map(|frame| frame.element));
        let next_block = self.document.blocks.len();
        self.document.elements.push(Element {
            name: name.clone(),
            attributes,
            start_tag,
            end_tag: None,
            parent,
            container: self.frames.last().map(|frame| frame.element),
            blocks: next_block..next_block,
            in_table: self.frames.last().is_some_and(|frame| frame.in_table),
        });
        let void = VOID.contains(&name.as_str()) || (tag.self_closing && name.contains(':'));
        if name == "br" {
            self.object_start(start_tag);
            if let Some(current) = &mut self.current {
                if self.blanks == Blanks::Collapse {
                    trim_before_break(&mut current.text, &mut current.objects);
                }
                current.text.push_atom("\n", start_tag.start..start_tag.end);
            }
            self.extend_run();
            return;
        }
        if OBJECTS.contains(&name.as_str()) && !is_hidden_input(&self.document.elements[id]) {
            self.object_start(start_tag);
            let inline = self.inlines.last().map(|open| open.node);
            if let Some(current) = &mut self.current {
                current.objects.push(Object {
                    at: current.text.as_str().len(),
                    element: id,
                    inline,
                });
            }
        }
        if void {
            return;
        }
        if SKIPPED.contains(&name.as_str()) {
            self.skipping = Some(name);
            return;
        }
        match block {
            Some(block) => self.open_block(id, block),
            None => self.open_inline(id, name),
        }
    }

    /// html5gum ends a value's span one byte after its last character, which is the closing
    /// quote, or what follows an unquoted value; kept inside the tag here.
    fn attribute_span(&self, start: usize, end: usize) -> Span {
        let source = self.document.source;
        let mut end = end.min(source.len());
        if end > start
            && !matches!(source.as_bytes()[end - 1], b'"' | b'\'')
            && source.as_bytes()[start..end].contains(&b'=')
            && matches!(
                source.as_bytes()[end - 1],
                b'>' | b' ' | b'\t' | b'\r' | b'\n'
            )
        {
            end -= 1;
        }
        let end = (start..=end).rev().find(|&at| source.is_char_boundary(at));
        Span {
            start,
            end: end.unwrap_or(start),
        }
    }

    fn style_of(&self) -> StyleId {
        // The innermost of the open elements, inline or block, says how text looks.
        match (self.inlines.last(), self.frames.last()) {
            (Some(inline), _) if inline.depth == self.frames.len() => inline.style,
            (_, Some(frame)) => frame.style,
            (Some(inline), None) => inline.style,
            (None, None) => 0,
        }
    }

    /// The style of text inside `element`, on top of `base`.
    fn derive_style(&mut self, element: ElementId, base: StyleId) -> StyleId {
        let element = &self.document.elements[element];
        let old = &self.document.styles[base];
        let mut style = old.clone();
        style.apply_tag(&element.name);
        for attribute in &element.attributes {
            match (attribute.name.as_str(), element.name.as_str()) {
                ("style", _) => {
                    for declaration in declarations(&attribute.value) {
                        style.apply(&declaration);
                    }
                }
                ("hidden", _) => style.hidden = true,
                ("face", "font") => style.font_family = Some(attribute.value.as_str().into()),
                ("size", "font") => style.font_size = Some(attribute.value.as_str().into()),
                ("color", "font") => style.color = Some(attribute.value.as_str().into()),
                ("bgcolor", _) => style.background = Some(attribute.value.as_str().into()),
                _ => {}
            }
        }
        if style == *old {
            return base;
        }
        self.document.styles.push(style);
        self.document.styles.len() - 1
    }

    fn open_inline(&mut self, id: ElementId, name: String) {
        if self.inlines.len() >= MAX_INLINE {
            return;
        }
        let style = self.derive_style(id, self.style_of());
        let parent = self.inlines.last().map(|open| open.node);
        self.document.inlines.push(Inline {
            element: id,
            parent,
        });
        self.inlines.push(OpenInline {
            node: self.document.inlines.len() - 1,
            name,
            style,
            depth: self.frames.len(),
            carried: false,
        });
    }

    fn open_block(&mut self, id: ElementId, name: &'static str) {
        let parent = self.frames.last();
        let mut block = parent.map(|frame| frame.block.clone()).unwrap_or_default();
        let element = &self.document.elements[id];
        if name == "center" {
            block.align = Some(Align::Center);
        }
        if let Some(align) = element.attribute("align").and_then(Align::parse)
            && !matches!(name, "table")
        {
            block.align = Some(align);
        }
        for declaration in element.style() {
            match declaration.property.as_str() {
                "text-align" => block.align = Align::parse(&declaration.value).or(block.align),
                "text-indent" => block.indent = Length::parse(&declaration.value).or(block.indent),
                _ => {}
            }
        }
        let inherited = parent.map(|f| (f.kind, f.in_table, f.in_list, f.in_quote, f.hidden));
        let (kind, in_table, in_list, in_quote, hidden) =
            inherited.unwrap_or((BlockKind::Paragraph, false, false, false, false));
        let kind = match name {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                BlockKind::Heading(name.as_bytes()[1] - b'0')
            }
            // A cell without its table, left over from cutting a page up, is no cell.
            "td" | "th" if in_table => BlockKind::Cell,
            "li" | "dd" | "dt" => BlockKind::ListItem,
            "caption" | "figcaption" | "legend" => BlockKind::Caption,
            "blockquote" => BlockKind::Quote,
            "table" => BlockKind::Paragraph,
            _ => kind,
        };
        // What was carried over from the last block is inside this one, not around it.
        let carried_from = self
            .inlines
            .iter()
            .rposition(|open| !open.carried)
            .map_or(0, |at| at + 1);
        let carried = self.inlines.split_off(carried_from);
        let base = self.style_of();
        let style = self.derive_style(id, base);
        let frame = Frame {
            element: id,
            name,
            style,
            block,
            in_table: in_table || name == "table",
            in_list: in_list || matches!(name, "ul" | "ol" | "dl"),
            in_quote: in_quote || name == "blockquote",
            hidden: hidden || self.document.styles[style].hidden,
            kind,
            has_content: false,
            inline_floor: self.inlines.len(),
        };
        let at = self.frames.len();
        self.open.entry(name).or_default().push(at);
        if matches!(name, "td" | "th" | "caption") {
            self.barriers.push(at);
        }
        self.frames.push(frame);
        let depth = self.frames.len();
        self.inlines.extend(carried.into_iter().map(|mut open| {
            open.depth = depth;
            open
        }));
        self.rebuild_nodes(carried_from);
    }

    /// The place in `frames` where `name` is open, if an end tag or an implied end can reach it.
    fn reachable(&self, name: &str) -> Option<usize> {
        let at = *self.open.get(name)?.last()?;
        let table_part = matches!(
            name,
            "table" | "tbody" | "thead" | "tfoot" | "tr" | "td" | "th" | "caption"
        );
        let barrier = self.barriers.last().copied();
        (table_part || barrier.is_none_or(|barrier| at > barrier)).then_some(at)
    }

    /// Ends what the start of a block element `name` ends without a tag.
    fn close_implied(&mut self, name: &'static str, source_at: usize) {
        let top = |builder: &Self, names: &[&str]| -> Option<usize> {
            names
                .iter()
                .filter_map(|name| builder.open.get(name)?.last().copied())
                .max()
        };
        let (ends, inside): (&[&str], &[&str]) = match name {
            "li" => (&["li"], &["ul", "ol", "menu", "dir", "table"]),
            "dd" | "dt" => (&["dd", "dt"], &["dl", "table"]),
            "td" | "th" => (&["td", "th", "caption"], &["table"]),
            "tr" => (&["tr", "caption", "colgroup"], &["table"]),
            "tbody" | "thead" | "tfoot" => (&["tbody", "thead", "tfoot", "caption"], &["table"]),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => (
                &["h1", "h2", "h3", "h4", "h5", "h6"],
                &["div", "td", "th", "li", "section", "table", "article"],
            ),
            _ => (&[], &[]),
        };
        if let Some(at) = top(self, ends)
            && top(self, inside).is_none_or(|scope| at > scope)
        {
            self.close_down_to(at, source_at);
        }
        if !matches!(
            name,
            "tr" | "td" | "th" | "tbody" | "thead" | "tfoot" | "body" | "html"
        ) && let Some(at) = self.reachable("p")
        {
            self.close_down_to(at, source_at);
        }
    }

    fn close_down_to(&mut self, at: usize, source_at: usize) {
        while self.frames.len() > at {
            self.close_top(source_at, None);
        }
    }

    fn end_tag(&mut self, name: &str, span: Span) {
        if let Some(skipping) = &self.skipping {
            if skipping == name {
                self.skipping = None;
                if let Some(element) = self.document.elements.last_mut()
                    && element.name == name
                {
                    element.end_tag = Some(span);
                }
            }
            return;
        }
        if name == "br" {
            // Browsers read `</br>` as `<br>`.
            self.object_start(span);
            if let Some(current) = &mut self.current {
                current.text.push_atom("\n", span.start..span.end);
            }
            self.extend_run();
            return;
        }
        match block_name(name).filter(|_| !self.single_block) {
            Some(name) => {
                if let Some(at) = self.reachable(name) {
                    self.close_down_to(at + 1, span.start);
                    self.close_top(span.start, Some(span));
                } else if name == "p" {
                    self.flush(None);
                }
            }
            None => self.end_inline(name, span),
        }
    }

    fn end_inline(&mut self, name: &str, span: Span) {
        // A cell's end tags do not close what was opened outside the cell.
        let floor = self
            .barriers
            .last()
            .map_or(0, |&barrier| self.frames[barrier].inline_floor);
        let Some(at) = self.inlines[floor..]
            .iter()
            .rposition(|open| open.name == name)
            .map(|at| at + floor)
        else {
            return;
        };
        let closed = self.inlines.remove(at);
        let element = self.document.inlines[closed.node].element;
        let blocks = self.document.blocks.len();
        let element = &mut self.document.elements[element];
        element.end_tag = Some(span);
        element.blocks.end = blocks + usize::from(self.current.is_some());
        if at < self.inlines.len() {
            // Mis-nested: what was opened inside goes on without it.
            self.rebuild_nodes(at);
        }
        if let Some(current) = &mut self.current {
            current.end = current.end.max(span.end);
        }
    }

    /// New nodes for the open inline elements from `from` on, after one below them was closed.
    fn rebuild_nodes(&mut self, from: usize) {
        for index in from..self.inlines.len() {
            let element = self.document.inlines[self.inlines[index].node].element;
            let depth = self.inlines[index].depth;
            let below = index.checked_sub(1).map(|i| &self.inlines[i]);
            let parent = below.map(|open| open.node);
            let frame = depth.checked_sub(1).and_then(|d| self.frames.get(d));
            let base = match (below, frame) {
                (Some(open), _) if open.depth == depth => open.style,
                (_, Some(frame)) => frame.style,
                (Some(open), None) => open.style,
                (None, None) => 0,
            };
            self.document.inlines.push(Inline { element, parent });
            self.inlines[index].node = self.document.inlines.len() - 1;
            self.inlines[index].style = self.derive_style(element, base);
        }
    }

    /// Closes the innermost block element; `tag` is its end tag if it has one.
    fn close_top(&mut self, source_at: usize, tag: Option<Span>) {
        let Some(frame) = self.frames.last() else {
            return;
        };
        let end = tag.map_or(source_at, |tag| tag.end);
        let element_id = frame.element;
        let own = Span {
            start: self.document.elements[element_id].start_tag.start,
            end,
        };
        let whole = (!frame.has_content).then_some(own);
        self.flush(whole);
        let Some(frame) = self.frames.pop() else {
            return;
        };
        if !frame.has_content && shows_when_empty(frame.name) {
            let kind = match frame.name {
                "td" | "th" if frame.in_table => BlockKind::Cell,
                _ => BlockKind::Empty,
            };
            self.document.blocks.push(Block {
                kind,
                text: Text::default(),
                runs: Vec::new(),
                objects: Vec::new(),
                element: Some(element_id),
                span: own,
                whole: true,
                style: frame.block.clone(),
                in_table: frame.in_table,
                in_list: frame.in_list,
                in_quote: frame.in_quote,
                hidden: frame.hidden,
            });
        }
        if let Some(places) = self.open.get_mut(frame.name) {
            places.pop();
        }
        if self.barriers.last() == Some(&self.frames.len()) {
            self.barriers.pop();
        }
        let blocks = self.document.blocks.len();
        let element = &mut self.document.elements[element_id];
        element.end_tag = tag;
        element.blocks.end = blocks;
        if let Some(parent) = self.frames.last_mut() {
            parent.has_content |= frame.has_content || shows_when_empty(frame.name);
        }
        self.end_inlines_of(frame.name);
    }

    /// At the end of a block, inline elements opened in it end too, but for the formatting ones,
    /// which HTML carries over (`<p><b>…</p><p>…</b>`), though not out of a cell.
    fn end_inlines_of(&mut self, name: &str) {
        let depth = self.frames.len();
        let from = self
            .inlines
            .iter()
            .rposition(|open| open.depth <= depth)
            .map_or(0, |at| at + 1);
        let carry = !matches!(name, "td" | "th" | "caption" | "table");
        let blocks = self.document.blocks.len();
        let mut kept = Vec::new();
        for mut open in self.inlines.drain(from..) {
            if carry && FORMATTING.contains(&open.name.as_str()) {
                open.depth = depth;
                open.carried = true;
                kept.push(open);
            } else {
                let element = self.document.inlines[open.node].element;
                self.document.elements[element].blocks.end = blocks;
            }
        }
        self.inlines.extend(kept);
        if from < self.inlines.len() {
            self.rebuild_nodes(from);
        }
    }

    /// Makes sure that a block is being collected, for an object or a line break at `span`.
    fn object_start(&mut self, span: Span) {
        let current = self.current.get_or_insert_with(|| Current {
            text: Text::default(),
            runs: Vec::new(),
            objects: Vec::new(),
            start: span.start,
            end: span.end,
        });
        current.end = current.end.max(span.end);
    }

    /// Text of the source between two byte offsets, character references decoded on the way.
    fn text(&mut self, start: usize, end: usize) {
        let source = self.document.source;
        let Some(slice) = source.get(start..end) else {
            return;
        };
        let keep = self.blanks == Blanks::Keep;
        let preformatted = self.open.get("pre").is_some_and(|open| !open.is_empty());
        if self.current.is_none() {
            // Blanks between blocks are nobody's.
            if !keep && slice.bytes().all(|b| b.is_ascii_whitespace()) {
                return;
            }
            self.current = Some(Current {
                text: Text::default(),
                runs: Vec::new(),
                objects: Vec::new(),
                start,
                end,
            });
        }
        let Some(current) = &mut self.current else {
            return;
        };
        current.end = current.end.max(end);
        let Current { text, objects, .. } = current;
        let bytes = slice.as_bytes();
        let mut plain_from = 0;
        let mut at = 0;
        while at < bytes.len() {
            match bytes[at] {
                b'&' => {
                    if let Some((decoded, len)) = entities::decode(&slice[at..]) {
                        text.push_verbatim(&slice[plain_from..at], start + plain_from);
                        let invisible = match decoded {
                            entities::Decoded::Char(c) => is_invisible(c),
                            entities::Decoded::Text(t) => t.chars().all(is_invisible),
                        };
                        if keep || !invisible {
                            text.push_decoded(decoded, start + at..start + at + len);
                        }
                        at += len;
                        plain_from = at;
                    } else {
                        at += 1;
                    }
                }
                b' ' | b'\t' | b'\r' | b'\n' | 0x0c if !keep => {
                    let run = bytes[at..]
                        .iter()
                        .take_while(|b| b.is_ascii_whitespace())
                        .count();
                    text.push_verbatim(&slice[plain_from..at], start + plain_from);
                    let seen = text.as_str();
                    if preformatted
                        && bytes[at..at + run]
                            .iter()
                            .any(|b| matches!(b, b'\r' | b'\n'))
                    {
                        // A line of preformatted text ends, as with `<br>`.
                        if !seen.is_empty() && !seen.ends_with('\n') {
                            trim_before_break(text, objects);
                            text.push_atom("\n", start + at..start + at + run);
                        }
                    } else if seen.ends_with(' ') {
                        text.extend_last_atom(start + at + run);
                    } else if !seen.is_empty() && !seen.ends_with('\n') {
                        text.push_atom(" ", start + at..start + at + run);
                    } else if seen.is_empty() && !objects.is_empty() {
                        // After an image the blank shows, but means nothing.
                    }
                    at += run;
                    plain_from = at;
                }
                // U+200B.. and U+FEFF show nothing; the reader reads across them.
                0xE2 | 0xEF | 0xC2 if !keep => {
                    let c = slice[at..].chars().next().unwrap_or('\u{fffd}');
                    if is_invisible(c) {
                        text.push_verbatim(&slice[plain_from..at], start + plain_from);
                        plain_from = at + c.len_utf8();
                    }
                    at += c.len_utf8();
                }
                _ => at += 1,
            }
        }
        text.push_verbatim(&slice[plain_from..], start + plain_from);
        self.extend_run();
    }

    /// Lets the last run reach the end of the text, or starts a new one where the look changed.
    fn extend_run(&mut self) {
        let style = self.style_of();
        let inline = self.inlines.last().map(|open| open.node);
        let Some(current) = &mut self.current else {
            return;
        };
        let end = current.text.as_str().len();
        let start = current.runs.last().map_or(0, |run| run.range.end);
        match current.runs.last_mut() {
            Some(run) if run.style == style && run.inline == inline => run.range.end = end,
            _ if start < end => current.runs.push(Run {
                range: start..end,
                inline,
                style,
            }),
            _ => {}
        }
    }

    /// Emits the block being collected. `whole` is the span of the element that it fills alone.
    fn flush(&mut self, whole: Option<Span>) {
        let Some(mut current) = self.current.take() else {
            return;
        };
        if self.blanks == Blanks::Collapse {
            current.text.trim_trailing_space();
        }
        let len = current.text.as_str().len();
        current.runs.retain(|run| run.range.start < len);
        if let Some(run) = current.runs.last_mut() {
            run.range.end = len;
        }
        for object in &mut current.objects {
            object.at = object.at.min(len);
        }
        let blank = trim_range(current.text.as_str()).is_empty();
        if blank && current.objects.is_empty() && len == 0 {
            return;
        }
        let frame = self.frames.last_mut();
        let base = match &frame {
            Some(frame) => frame.kind,
            None => BlockKind::Paragraph,
        };
        let kind = match (blank, current.objects.is_empty()) {
            (false, _) => base,
            (true, false) => BlockKind::Image,
            (true, true) if base == BlockKind::Cell => BlockKind::Cell,
            (true, true) => BlockKind::Empty,
        };
        let mut block = Block {
            kind,
            text: current.text,
            runs: current.runs,
            objects: current.objects,
            element: None,
            span: Span {
                start: current.start,
                end: current.end,
            },
            whole: false,
            style: BlockStyle::default(),
            in_table: false,
            in_list: false,
            in_quote: false,
            hidden: false,
        };
        if let Some(frame) = frame {
            frame.has_content = true;
            block.element = Some(frame.element);
            block.style = frame.block.clone();
            block.in_table = frame.in_table;
            block.in_list = frame.in_list;
            block.in_quote = frame.in_quote;
            block.hidden = frame.hidden;
            if let Some(whole) = whole {
                block.span = whole;
                block.whole = true;
            }
        }
        if !block.hidden && !block.runs.is_empty() {
            let styles = &self.document.styles;
            block.hidden = block.runs.iter().all(|run| styles[run.style].hidden);
        }
        self.document.blocks.push(block);
    }
}

/// Takes away the blank in front of a line break. An image behind it stays in front of the break.
fn trim_before_break(text: &mut Text, objects: &mut [Object]) {
    text.trim_trailing_space();
    let len = text.as_str().len();
    for object in objects.iter_mut().rev() {
        if object.at <= len {
            break;
        }
        object.at = len;
    }
}

fn is_hidden_input(element: &Element) -> bool {
    element.name == "input" && element.attribute("type").is_some_and(|t| t == "hidden")
}
