//! A title or a body as its reader sees it: blocks of text, each character tied to the source
//! bytes it came from, each run of text to how it looks, each element to where it stands.
//!
//! HTML is tokenised once, in time linear in its length and without recursion. There is no tree:
//! blocks come in reading order, and what a check needs of the elements around them (alignment,
//! table, list, link, fonts) is computed on the way.

mod builder;
pub mod entities;
pub mod style;
mod text;

use crate::finding::{Edit, Span};
use crate::post::Format;
use std::ops::Range;
use style::{BlockStyle, Declaration, TextStyle};
pub use text::{Escaping, Text};

/// Index of an [`Element`] in [`Document::elements`].
pub type ElementId = usize;
/// Index of an [`Inline`] in [`Document::inlines`].
pub type InlineId = usize;
/// Index of a [`TextStyle`] in [`Document::styles`].
pub type StyleId = usize;

/// A parsed title or body.
#[derive(Debug, Clone)]
pub struct Document<'a> {
    /// The field exactly as it was given.
    pub source: &'a str,
    pub format: Format,
    /// Blocks in reading order, empty ones included.
    pub blocks: Vec<Block>,
    /// Every element in the order of the start tags.
    pub elements: Vec<Element>,
    /// Inline nesting: each node names its element and the node around it.
    pub inlines: Vec<Inline>,
    /// Text styles that runs refer to; index 0 is "nothing said".
    pub styles: Vec<TextStyle>,
    /// Comments (`<!--…-->`, `<!…>`, `<?…>`), bytes of the source.
    pub comments: Vec<Span>,
}

/// What kind of text a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    Paragraph,
    /// `h1`–`h6`, with its level.
    Heading(u8),
    /// Text in a cell of a table (a `td` outside any table is none).
    Cell,
    ListItem,
    /// `caption`, `figcaption`, `legend`.
    Caption,
    Quote,
    /// Nothing to see: no text but blanks, no image.
    Empty,
    /// Only an image or another object, no text.
    Image,
}

/// A stretch of text that stands on its own: a paragraph, a cell, a list item, bare text.
#[derive(Debug, Clone)]
pub struct Block {
    pub kind: BlockKind,
    /// What the reader sees; `<br>` is `\n`.
    pub text: Text,
    /// Runs of equal look, in order, covering all of `text`.
    pub runs: Vec<Run>,
    /// Images and other objects in the text.
    pub objects: Vec<Object>,
    /// The innermost block element around the text; `None` for text outside any block element.
    pub element: Option<ElementId>,
    /// Bytes of the source. If `whole`, from the start tag to the end tag of `element`;
    /// else just the content.
    pub span: Span,
    /// True if `element` holds this block and nothing else.
    pub whole: bool,
    pub style: BlockStyle,
    /// Inside a table (layout tables included).
    pub in_table: bool,
    /// Inside a list.
    pub in_list: bool,
    /// Inside a `blockquote`.
    pub in_quote: bool,
    /// Nobody sees it (`display:none` on a block element around it).
    pub hidden: bool,
}

/// A run of text of one look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Bytes of the block's visible text.
    pub range: Range<usize>,
    /// The innermost inline element.
    pub inline: Option<InlineId>,
    pub style: StyleId,
}

/// An image, video, frame or form control between characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// Where it stands: a byte offset of the block's visible text.
    pub at: usize,
    pub element: ElementId,
    pub inline: Option<InlineId>,
}

/// A node of inline nesting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inline {
    pub element: ElementId,
    pub parent: Option<InlineId>,
}

/// A start tag with its attributes and, if there is one, its end tag.
#[derive(Debug, Clone)]
pub struct Element {
    /// In lower case.
    pub name: String,
    /// In source order.
    pub attributes: Vec<Attribute>,
    pub start_tag: Span,
    pub end_tag: Option<Span>,
    /// The innermost element that was open, block or inline.
    pub parent: Option<ElementId>,
    /// The innermost block element that was open. Unlike `parent` it leaves out inline elements,
    /// also those that HTML carries over the end of a block.
    pub container: Option<ElementId>,
    /// The blocks that began while it was open: indexes into [`Document::blocks`].
    pub blocks: Range<usize>,
    pub in_table: bool,
}

/// An attribute of an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// In lower case.
    pub name: String,
    /// With its character references decoded.
    pub value: String,
    /// From the name to the end of the value.
    pub span: Span,
}

impl Element {
    /// The value of the attribute `name` (lower case).
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|a| a.name == name)
            .map(|a| a.value.as_str())
    }

    /// The declarations of its `style` attribute.
    pub fn style(&self) -> Vec<Declaration> {
        self.attribute("style")
            .map(style::declarations)
            .unwrap_or_default()
    }

    /// From the start tag to the end tag, or the start tag alone.
    pub fn span(&self) -> Span {
        Span {
            start: self.start_tag.start,
            end: self.end_tag.map_or(self.start_tag.end, |tag| tag.end),
        }
    }
}

impl Block {
    /// Bytes of the visible text without the blanks (any kind) at both ends.
    pub fn trimmed(&self) -> Range<usize> {
        trim_range(self.text.as_str())
    }

    /// The visible text without the blanks at both ends.
    pub fn trimmed_str(&self) -> &str {
        &self.text.as_str()[self.trimmed()]
    }

    /// True if there is no text but blanks.
    pub fn is_blank(&self) -> bool {
        self.trimmed().is_empty()
    }

    /// The lines that `<br>` parts the text into: bytes of the visible text, `\n` left out.
    pub fn lines(&self) -> Vec<Range<usize>> {
        let mut at = 0;
        self.text
            .as_str()
            .split('\n')
            .map(|line| {
                let range = at..at + line.len();
                at += line.len() + 1;
                range
            })
            .collect()
    }
}

/// The range of `text` (bytes) without blanks and invisible characters at both ends.
pub fn trim_range(text: &str) -> Range<usize> {
    let start = text.len() - text.trim_start_matches(is_blank).len();
    let end = text.trim_end_matches(is_blank).len();
    if start >= end { 0..0 } else { start..end }
}

/// A blank of any kind: white space, no-break and full-width blanks, zero-width characters.
pub fn is_blank(c: char) -> bool {
    c.is_whitespace() || is_invisible(c)
}

/// Characters that show nothing and take no room.
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' | '\u{202a}'..='\u{202e}')
}

impl<'a> Document<'a> {
    /// Parses a post's body.
    pub fn body(source: &'a str, format: Format) -> Self {
        match format {
            Format::Html => builder::html(source, builder::Blanks::Collapse),
            Format::Text => builder::plain(source),
        }
    }

    /// Parses a title field: entities and tags are read, blanks kept as typed, one block.
    pub fn title(source: &'a str) -> Self {
        builder::title(source)
    }

    /// How edits of this document must be written.
    pub fn escaping(&self) -> Escaping {
        match self.format {
            Format::Html => Escaping::Html,
            Format::Text => Escaping::None,
        }
    }

    /// The text of the first block: all there is, for a title.
    pub fn first_text(&self) -> &Text {
        static NONE: std::sync::LazyLock<Text> = std::sync::LazyLock::new(Text::default);
        self.blocks.first().map_or(&NONE, |block| &block.text)
    }

    /// Blocks that readers see and that hold more than blanks, with their indexes.
    pub fn visible_blocks(&self) -> impl Iterator<Item = (usize, &Block)> {
        self.blocks
            .iter()
            .enumerate()
            .filter(|(_, block)| !block.hidden && !block.is_blank())
    }

    /// What a reader sees, a block a line, up to the end of the block in which it reaches `limit`
    /// bytes.
    pub fn visible_text(&self, limit: usize) -> String {
        let mut text = String::new();
        for (_, block) in self.visible_blocks() {
            if text.len() >= limit {
                break;
            }
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(block.trimmed_str());
        }
        text
    }

    /// What a reader sees, a block a line: of a long text the first `head` bytes or so and the last
    /// `tail`, with whole blocks left out between them.
    pub fn visible_ends(&self, head: usize, tail: usize) -> String {
        let blocks: Vec<&str> = self
            .visible_blocks()
            .map(|(_, block)| block.trimmed_str())
            .collect();
        let mut text = String::new();
        let mut push = |part: &str| {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(part);
            text.len()
        };
        let mut next = 0;
        let mut length = 0;
        while length < head
            && let Some(block) = blocks.get(next)
        {
            next += 1;
            if block.len() <= head + tail {
                length = push(block);
            } else {
                push(&block[..block.floor_char_boundary(head)]);
                length = push(&block[block.ceil_char_boundary(block.len() - tail)..]);
            }
        }
        let mut from = blocks.len();
        let mut length = 0;
        while from > next && length < tail {
            from -= 1;
            length += blocks[from].len();
        }
        for block in &blocks[from..] {
            push(&block[block.ceil_char_boundary(block.len().saturating_sub(tail))..]);
        }
        text
    }

    /// The edits that replace `range` (bytes of the block's visible text) by `replacement`.
    pub fn edits(&self, block: usize, range: Range<usize>, replacement: &str) -> Vec<Edit> {
        self.blocks[block]
            .text
            .edits(range, replacement, self.escaping())
    }

    /// Index of the block that holds the source byte `at`, or the next one after it.
    pub fn block_at(&self, at: usize) -> Option<usize> {
        let index = self.blocks.partition_point(|b| b.span.end <= at);
        (index < self.blocks.len()).then_some(index)
    }

    /// What a reader sees of the source between `span.start` and `span.end`: tags and entities
    /// gone, blocks parted by a line break.
    pub fn visible_within(&self, span: Span) -> String {
        let mut out = String::new();
        let from = self.blocks.partition_point(|b| b.span.end <= span.start);
        for block in &self.blocks[from..] {
            if block.span.start >= span.end {
                break;
            }
            let range = block.text.visible_within(span);
            if !range.is_empty() {
                if !out.is_empty() {
                    out.push('\n');
                }
                out.push_str(&block.text.as_str()[range]);
            }
        }
        out
    }

    /// The element of an inline node and of all nodes around it, innermost first.
    pub fn inline_chain(&self, inline: Option<InlineId>) -> impl Iterator<Item = ElementId> + '_ {
        let mut next = inline;
        std::iter::from_fn(move || {
            let node = &self.inlines[next?];
            next = node.parent;
            Some(node.element)
        })
    }

    /// The link (`<a href>`) around a run or an object.
    pub fn link_of(&self, inline: Option<InlineId>) -> Option<ElementId> {
        self.inline_chain(inline).find(|&id| {
            self.elements[id].name == "a" && self.elements[id].attribute("href").is_some()
        })
    }
}
