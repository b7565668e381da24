//! `format/pasted-styles`: styles that come along when a web page, 微信 or 秀米 is pasted.

use super::{Marks, Subject, at_source};
use crate::document::Element;
use crate::document::style::{Declaration, Length};
use crate::finding::Span;

const RULE: &str = "format/pasted-styles";

pub fn pasted_styles(subject: &Subject<'_>, marks: &mut Marks) {
    let document = subject.document;
    let mut flagged = vec![false; document.elements.len()];
    // By element: it stands in a `section`.
    let mut in_section: Vec<bool> = Vec::with_capacity(document.elements.len());
    for element in &document.elements {
        let outer = element.container.is_some_and(|outer| in_section[outer]);
        in_section.push(outer || element.name == "section");
    }
    let mut first: Option<Span> = None;
    let mut traces: Vec<&'static str> = Vec::new();
    for (id, element) in subject.elements() {
        let found = trace(element);
        if let Some((span, what)) = found {
            flagged[id] = true;
            first.get_or_insert(span);
            if !traces.contains(&what) {
                traces.push(what);
            }
        } else if in_section[id] && element.container.is_some() {
            flagged[id] = true;
        }
    }
    let Some(span) = first else { return };
    let lines = subject.lines_with(&flagged);
    let words = if lines > 0 {
        format!(
            "{}带有网页粘贴的样式（{}）",
            subject.of_lines(lines),
            traces.join("、")
        )
    } else {
        format!("有网页粘贴的样式（{}）", traces.join("、"))
    };
    let message = "正文里残留着从网页或微信编辑器粘贴带来的样式";
    let weight = subject.strong_by_share(lines);
    marks.add(RULE, weight, words, at_source(RULE, span, message));
}

/// Elements whose own margins and widths are theirs to have.
const NOT_TEXT: [&str; 26] = [
    "img",
    "table",
    "tbody",
    "thead",
    "tfoot",
    "tr",
    "td",
    "th",
    "col",
    "colgroup",
    "ul",
    "ol",
    "li",
    "blockquote",
    "hr",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "figure",
    "input",
    "br",
    "dl",
    "dd",
];

fn trace(element: &Element) -> Option<(Span, &'static str)> {
    let name = element.name.as_str();
    if matches!(name, "meta" | "link" | "script" | "style") {
        return None;
    }
    for attribute in &element.attributes {
        let value = attribute.value.to_ascii_lowercase();
        let editor = match attribute.name.as_str() {
            "class" => [
                "135editor",
                "135bg",
                "xiumi",
                "rich_media",
                "js_darkmode",
                "mp_profile",
                "wx-",
                "tn-cell",
                "tn-page",
            ]
            .iter()
            .any(|mark| value.contains(mark)),
            "powered-by" => true,
            "label" => value.contains("135editor"),
            "data-tools"
            | "data-mpa-powered-by"
            | "mpa-from-tpl"
            | "mpa-paragraph-type"
            | "tn-cell-type" => true,
            _ => false,
        };
        if editor {
            return Some((attribute.span, "微信编辑器"));
        }
    }
    if name == "section" {
        return Some((element.start_tag, "section"));
    }
    if NOT_TEXT.contains(&name) {
        return None;
    }
    for attribute in &element.attributes {
        if attribute.name.starts_with("data-") {
            return Some((attribute.span, "data 属性"));
        }
        if attribute.name == "style" {
            let what = element.style().iter().find_map(declaration);
            if let Some(what) = what {
                return Some((attribute.span, what));
            }
        }
    }
    None
}

fn declaration(declaration: &Declaration) -> Option<&'static str> {
    let property = declaration.property.as_str();
    let value = declaration.value.to_ascii_lowercase();
    let value = value.trim_end_matches("!important").trim();
    if matches!(value, "inherit" | "initial" | "unset" | "auto" | "")
        && !property.starts_with("-webkit")
    {
        return None;
    }
    match property {
        "background" | "background-color" | "background-image" => {
            (!matches!(value, "none" | "transparent" | "rgba(0, 0, 0, 0)")
                && !value.starts_with("none")
                && !value.starts_with("transparent"))
            .then_some("背景色")
        }
        "white-space" => Some("空白处理"),
        "margin" | "margin-top" | "margin-bottom" | "margin-left" | "margin-right" | "padding"
        | "padding-top" | "padding-bottom" | "padding-left" | "padding-right" => value
            .split_ascii_whitespace()
            .filter_map(Length::parse)
            // Word writes .0001pt where it means none.
            .any(|length| length.value.abs() >= 0.1)
            .then_some("边距"),
        "width" | "min-width" => Length::parse(value)
            .is_some_and(|length| {
                length.unit != crate::document::style::Unit::Percent && length.value > 0.0
            })
            .then_some("固定宽度"),
        "widows" | "orphans" | "box-sizing" | "word-spacing" | "text-transform"
        | "overflow-wrap" | "font-variant" | "font-stretch" => Some("网页样式"),
        _ if property.starts_with("-webkit-") || property.starts_with("font-variant-") => {
            Some("网页样式")
        }
        _ => None,
    }
}
