//! `format/nesting`: tags that do nothing, tags in tags in tags, more style than text.

use super::{Marks, Subject, Weight, at_source};
use crate::document::is_blank;
use crate::document::style::declarations;
use crate::finding::Span;

const RULE: &str = "format/nesting";

/// Inline elements that do nothing when they are empty.
const INLINE: [&str; 8] = ["span", "font", "b", "strong", "i", "em", "small", "big"];

/// Deeper nests of span and font are too deep.
const DEEPEST: usize = 3;

pub fn nesting(subject: &Subject<'_>, marks: &mut Marks) {
    let document = subject.document;
    let mut first: Option<Span> = None;
    let mut empty = 0usize;
    let mut style_bytes = 0usize;
    for (_, element) in subject.elements() {
        style_bytes += styling(element);
        if INLINE.contains(&element.name.as_str())
            && let Some(end) = element.end_tag
            && document
                .source
                .get(element.start_tag.end..end.start)
                .is_some_and(|inside| inside.bytes().all(|b| b.is_ascii_whitespace()))
        {
            empty += 1;
            first.get_or_insert(element.start_tag);
        }
    }
    let mut depth: Vec<usize> = Vec::with_capacity(document.inlines.len());
    let mut deep = vec![false; document.elements.len()];
    let mut any_deep = None;
    for node in &document.inlines {
        let element = &document.elements[node.element];
        let own = usize::from(matches!(element.name.as_str(), "span" | "font"));
        depth.push(own + node.parent.map_or(0, |parent| depth[parent]));
        if own == 1
            && depth[depth.len() - 1] > DEEPEST
            && !subject.layout.element_in_data_table(node.element)
        {
            deep[node.element] = true;
            any_deep.get_or_insert(element.start_tag);
        }
    }
    let deep_lines = if any_deep.is_some() {
        subject.lines_with(&deep)
    } else {
        0
    };
    let text: usize = subject
        .layout
        .lines
        .iter()
        .filter(|line| line.role != crate::layout::Role::Cell)
        .map(|line| {
            let text = subject.layout.text(line);
            text.chars()
                .filter(|c| !is_blank(*c))
                .map(char::len_utf8)
                .sum::<usize>()
        })
        .sum();
    let heavy = style_bytes > text && style_bytes >= 300;
    let mut words = Vec::new();
    let mut weight = Weight::None;
    if empty > 0 {
        words.push(format!("{empty} 个空标签"));
        weight = weight.max(subject.weight_by_share(empty, Weight::Weak));
    }
    if deep_lines > 0 {
        words.push(format!(
            "{}的标签套了三层以上",
            subject.of_lines(deep_lines)
        ));
        weight = weight.max(subject.weight_by_share(deep_lines, Weight::Weak));
    }
    if heavy {
        words.push("样式代码比文字还多".to_owned());
        weight = weight.max(Weight::Weak);
    }
    if words.is_empty() {
        return;
    }
    let span = first.or(any_deep).or_else(|| {
        let mut elements = subject.elements();
        elements.find_map(|(_, e)| {
            e.attributes
                .iter()
                .find(|a| a.name == "style")
                .map(|a| a.span)
        })
    });
    if let Some(span) = span {
        let message = "标签层层嵌套或空置，应清理";
        marks.add(
            RULE,
            weight,
            words.join("，"),
            at_source(RULE, span, message),
        );
    }
}

/// Bytes of styles other than the indent and the alignment that a clean body has too.
fn styling(element: &crate::document::Element) -> usize {
    if element.name == "img" {
        return 0;
    }
    element
        .attributes
        .iter()
        .map(|attribute| match attribute.name.as_str() {
            "style" => declarations(&attribute.value)
                .iter()
                .filter(|d| !matches!(d.property.as_str(), "text-indent" | "text-align"))
                .map(|d| d.property.len() + d.value.len() + 2)
                .sum(),
            "face" | "color" | "size" if element.name == "font" => attribute.span.len() + 7,
            "class" => attribute.span.len(),
            _ => 0,
        })
        .sum()
}
