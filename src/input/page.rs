//! HTML files: fragments, and whole pages of government sites with their meta tags (annex of
//! 国办发〔2017〕47号) and the body containers of the common CMSs.

use crate::document::{Document, Element, ElementId};
use crate::finding::Span;
use crate::post::Format;
use std::ops::Range;

/// What a page says of its post. Ranges are bytes of the file's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    pub title: Option<String>,
    /// Where the title stands as it is, so that it can be rewritten.
    pub title_at: Option<Range<usize>>,
    pub body: Range<usize>,
    pub published_at: Option<String>,
    pub unit: Option<String>,
    pub column: Option<String>,
}

/// Ids and classes of the element that holds the body field, the most telling first.
const CONTAINERS: [(&str, &str); 17] = [
    ("id", "UCAP-CONTENT"),
    ("tag", "ucapcontent"),
    ("id", "zoom"),
    ("id", "vsb_content"),
    ("id-prefix", "vsb_content_"),
    ("class", "v_news_content"),
    ("class", "trs_editor_view"),
    ("class", "TRS_Editor"),
    ("class", "Custom_UnionStyle"),
    ("id", "ivs_content"),
    ("class", "pages_content"),
    ("class", "Article_content"),
    ("id", "info_content"),
    ("id", "con_con"),
    ("class", "contentBox"),
    ("tag", "article"),
    ("tag", "main"),
];

/// Comments that some systems put around the body field.
const MARKERS: [(&str, &str); 2] = [
    ("ZJEG_RSS.content.begin", "ZJEG_RSS.content.end"),
    ("<$[信息内容]>begin", "<$[信息内容]>end"),
];

/// Reads an HTML file. `None`: a whole page in which no body can be told from the furniture.
pub fn read(html: &str) -> Option<Page> {
    let document = Document::body(html, Format::Html);
    let meta = |name: &str| -> Option<&str> {
        document
            .elements
            .iter()
            .filter(|e| e.name == "meta")
            .find(|e| {
                e.attribute("name")
                    .is_some_and(|n| n.trim().eq_ignore_ascii_case(name))
            })
            .and_then(|e| e.attribute("content"))
            .map(str::trim)
            .filter(|content| !content.is_empty())
    };
    let heading = document
        .elements
        .iter()
        .position(|e| e.name == "h1")
        .filter(|&id| !text_of(&document, id).trim().is_empty());
    let mut page = Page {
        title: meta("ArticleTitle").map(str::to_owned),
        title_at: meta("ArticleTitle").and_then(|title| in_meta(&document, title)),
        body: 0..html.len(),
        published_at: meta("PubDate").map(str::to_owned),
        unit: meta("ContentSource").map(str::to_owned),
        column: meta("ColumnName").map(str::to_owned),
    };
    let mut after_heading = 0;
    if page.title.is_none()
        && let Some(id) = heading
    {
        let element = &document.elements[id];
        if let Some(inner) = inner(element) {
            // The heading's own source, so that stray entities and tags in it are seen.
            page.title = Some(html[inner.clone()].to_owned());
            page.title_at = Some(inner);
            after_heading = element.span().end;
        }
    }
    let whole = document
        .elements
        .iter()
        .any(|e| matches!(e.name.as_str(), "html" | "head" | "body" | "meta"));
    if let Some(body) = marked(&document).or_else(|| container(&document)) {
        page.body = body;
    } else if whole {
        let body = document.elements.iter().position(|e| e.name == "body");
        let body = body
            .and_then(|id| inner(&document.elements[id]))
            .unwrap_or(0..html.len());
        if is_furniture(&document) {
            return None;
        }
        page.body = body.start.max(after_heading)..body.end.max(after_heading);
    } else if after_heading > 0 {
        page.body = after_heading..html.len();
    }
    Some(page)
}

/// Where the title stands in its meta tag, if it stands there as it is, without references.
fn in_meta(document: &Document<'_>, title: &str) -> Option<Range<usize>> {
    let metas = document.elements.iter().filter(|e| e.name == "meta");
    let content = metas
        .flat_map(|e| &e.attributes)
        .find(|a| a.name == "content" && a.value.trim() == title)?
        .span;
    let written = document.source.get(content.start..content.end)?;
    let start = content.start + written.find(title)?;
    Some(start..start + title.len())
}

/// Bytes between an element's tags.
fn inner(element: &Element) -> Option<Range<usize>> {
    let end = element.end_tag?.start;
    (element.start_tag.end <= end).then_some(element.start_tag.end..end)
}

fn text_of(document: &Document<'_>, id: ElementId) -> String {
    document.visible_within(document.elements[id].span())
}

fn marked(document: &Document<'_>) -> Option<Range<usize>> {
    let find = |marker: &str, from: usize| -> Option<Span> {
        document
            .comments
            .iter()
            .copied()
            .find(|c| c.start >= from && document.source[c.start..c.end].contains(marker))
    };
    MARKERS.iter().find_map(|(begin, end)| {
        let begin = find(begin, 0)?;
        let end = find(end, begin.end)?;
        Some(begin.end..end.start)
    })
}

fn container(document: &Document<'_>) -> Option<Range<usize>> {
    CONTAINERS.iter().find_map(|(kind, name)| {
        document
            .elements
            .iter()
            .enumerate()
            .find_map(|(id, element)| {
                let attribute = |attribute| element.attribute(attribute).unwrap_or_default();
                let matches = match *kind {
                    "id" => attribute("id").eq_ignore_ascii_case(name),
                    "id-prefix" => attribute("id").starts_with(name),
                    "class" => attribute("class")
                        .split_whitespace()
                        .any(|class| class == *name),
                    _ => element.name == *name,
                };
                let has_content = || {
                    document.elements[id].blocks.clone().any(|block| {
                        let block = &document.blocks[block];
                        !block.is_blank() || !block.objects.is_empty()
                    })
                };
                (matches && has_content()).then(|| inner(element)).flatten()
            })
    })
}

/// True if links make up so much of the page that menus must be among its text.
fn is_furniture(document: &Document<'_>) -> bool {
    let (mut linked, mut all) = (0, 0);
    for block in &document.blocks {
        for run in &block.runs {
            all += run.range.len();
            if document.link_of(run.inline).is_some() {
                linked += run.range.len();
            }
        }
    }
    linked * 10 > all * 3
}
