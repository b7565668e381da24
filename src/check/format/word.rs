//! `format/word-residue`: what Word and WPS leave behind.

use super::{Marks, Subject, Weight, at_source};
use crate::document::Element;
use crate::finding::Span;

const RULE: &str = "format/word-residue";

pub fn word_residue(subject: &Subject<'_>, marks: &mut Marks) {
    let document = subject.document;
    let mut flagged = vec![false; document.elements.len()];
    let mut first: Option<Span> = None;
    let mut count = 0usize;
    for (id, element) in subject.elements() {
        if let Some(span) = residue(element) {
            flagged[id] = true;
            count += 1;
            first.get_or_insert(span);
        }
    }
    let comment = document.comments.iter().copied().find(|span| {
        let in_table = document
            .block_at(span.start)
            .is_some_and(|block| subject.layout.in_data_table(block));
        !in_table && is_office_comment(&document.source[span.start..span.end])
    });
    let Some(span) = [first, comment]
        .into_iter()
        .flatten()
        .min_by_key(|span| span.start)
    else {
        return;
    };
    let lines = subject.lines_with(&flagged);
    let (weight, words) = if comment.is_some() {
        (
            Weight::Strong,
            "带有 Word 粘贴时的条件注释或标记".to_owned(),
        )
    } else if lines > 0 {
        let words = format!("{}带有 Word 的样式", subject.of_lines(lines));
        (subject.strong_by_share(lines), words)
    } else if subject.layout.lines.is_empty() {
        return;
    } else {
        (Weight::None, format!("有 {count} 处 Word 的标签或样式"))
    };
    let message = "正文里残留着从 Word 或 WPS 粘贴带来的代码";
    marks.add(RULE, weight, words, at_source(RULE, span, message));
}

/// The attribute or the tag that only Word or WPS writes.
fn residue(element: &Element) -> Option<Span> {
    if element
        .name
        .split_once(':')
        .is_some_and(|(prefix, _)| matches!(prefix, "o" | "w" | "v" | "m" | "x" | "st1" | "wps"))
    {
        return Some(element.start_tag);
    }
    element
        .attributes
        .iter()
        .find(|attribute| match attribute.name.as_str() {
            "class" => attribute.value.split_ascii_whitespace().any(|class| {
                let lower = class.to_ascii_lowercase();
                lower.starts_with("mso") || lower.starts_with("wordsection")
            }),
            "style" => {
                let lower = attribute.value.to_ascii_lowercase();
                lower.contains("mso-") || lower.contains("layout-grid-mode")
            }
            name => name.starts_with("xmlns:") || name.starts_with("w:"),
        })
        .map(|attribute| attribute.span)
}

/// `<!--[if gte mso 9]>`, `<![if !supportLists]>`, `<?xml:namespace …>`, `<!--StartFragment-->`.
fn is_office_comment(comment: &str) -> bool {
    let lower: String = comment
        .chars()
        .take(80)
        .collect::<String>()
        .to_ascii_lowercase();
    let conditional = lower.contains("[if ")
        && ["mso", "support", "vml", "ppt"]
            .iter()
            .any(|word| lower.contains(word));
    conditional
        || lower.starts_with("<?xml:namespace")
        || lower.starts_with("<!--startfragment")
        || lower.starts_with("<!--endfragment")
}
