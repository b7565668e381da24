//! `format/blank-indent` and `format/mixed-indent`: how paragraphs are indented.

use super::{Marks, Subject, Weight, at_source};
use crate::check::Draft;
use crate::check::title_in_body::is_furniture;
use crate::document::style::Length;
use crate::layout::{Indent, Line};

const BLANKS: &str = "format/blank-indent";
const MIXED: &str = "format/mixed-indent";

/// Paragraphs of at least this many characters fill more than a line or so: it shows how
/// they are indented.
const LONG: usize = 30;

/// Blanks (half characters) that set a name under the one above it.
const NAMES: usize = 10;

pub fn blank_indent(subject: &Subject<'_>, marks: &mut Marks) {
    let layout = subject.layout;
    let indented: Vec<(&Line, Indent)> = subject
        .lines
        .iter()
        .filter(|line| layout.align(line).is_none_or(is_flush))
        .map(|line| (*line, layout.indent(line)))
        .filter(|(_, indent)| indent.width() >= 2)
        // So far in, short lines are names set under one another, not paragraphs.
        .filter(|(line, indent)| {
            indent.width() < NAMES || layout.text(line).chars().count() >= LONG
        })
        .collect();
    let Some((first, _)) = indented.first() else {
        return;
    };
    let count = indented.len();
    let even = indented
        .iter()
        .all(|(_, indent)| *indent == Indent { wide: 2, narrow: 0 });
    let doubled = indented
        .iter()
        // Short lines may be lists of names, set under one another with blanks.
        .filter(|(line, _)| layout.text(line).chars().count() >= LONG)
        .filter(|(line, _)| css_indent(subject, line).is_some_and(|px| px > 0.0))
        .count();
    let at_least = |part: usize| part > 0 && part as f64 >= subject.share * count as f64;
    let (weight, words) = if at_least(doubled) {
        let words = format!("{doubled} 段既设了首行缩进，又用空格缩进，缩进加倍");
        (subject.strong_by_share(doubled), words)
    } else if even {
        let words = format!("{}用两个全角空格缩进", subject.of_lines(count));
        (Weight::None, words)
    } else if at_least(count - largest_group(&indented)) {
        let words = format!(
            "{}用空格缩进，而且空格种类、多少不一",
            subject.of_lines(count)
        );
        (subject.strong_by_share(count), words)
    } else {
        let words = format!("{}用空格缩进", subject.of_lines(count));
        (subject.weight_by_share(count, Weight::Weak), words)
    };
    let message = "段首缩进是用空格打出来的，应改为首行缩进两字";
    let range = first.full.start..first.range.start;
    marks.add(
        BLANKS,
        weight,
        words,
        Draft::body(BLANKS, first.block, range, message),
    );
}

fn is_flush(align: crate::document::style::Align) -> bool {
    use crate::document::style::Align;
    matches!(align, Align::Left | Align::Justify)
}

/// How many lines are indented in the one most usual way: the same kinds of blanks, about the
/// same width.
fn largest_group(indented: &[(&Line, Indent)]) -> usize {
    let mut widths: Vec<usize> = indented.iter().map(|(_, i)| i.width()).collect();
    widths.sort_unstable();
    let median = widths[widths.len() / 2];
    let mut groups = [0usize; 4];
    for (_, indent) in indented {
        if indent.width().abs_diff(median) <= 3 {
            // A blank after full-width ones is no other way to indent.
            let kind = match (indent.wide, indent.narrow) {
                (0, _) => 0,
                (_, 0..=1) => 1,
                _ => 2,
            };
            groups[kind] += 1;
        } else {
            groups[3] += 1;
        }
    }
    groups.into_iter().max().unwrap_or(0)
}

/// The CSS indent of a line in pixels, if something says so.
pub fn css_indent(subject: &Subject<'_>, line: &Line) -> Option<f32> {
    // It shifts the first line of a block only.
    if line.full.start > 0 {
        return None;
    }
    let block = subject.layout.block(line);
    let font = block
        .runs
        .first()
        .and_then(|run| subject.document.styles[run.style].font_size.as_deref())
        .filter(|size| size.ends_with(|c: char| c.is_ascii_alphabetic()))
        .and_then(Length::parse)
        .map_or(16.0, |length| length.to_px(16.0));
    block.style.indent.map(|length| length.to_px(font))
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    None,
    Blanks,
    Css(f32),
}

pub fn mixed_indent(subject: &Subject<'_>, marks: &mut Marks) {
    let layout = subject.layout;
    let mut lines: Vec<(&Line, Kind)> = Vec::new();
    for line in layout.body_lines() {
        if layout.text(line).chars().count() < LONG
            || layout.align(line).is_some_and(|a| !is_flush(a))
            || is_furniture(layout.text(line))
        {
            continue;
        }
        let kind = match css_indent(subject, line) {
            Some(px) if px > 4.0 => Kind::Css(px),
            _ if layout.indent(line).width() >= 2 => Kind::Blanks,
            _ => Kind::None,
        };
        lines.push((line, kind));
    }
    let count = lines.len();
    if count < 2 {
        return;
    }
    // Groups of about equal indents, the first line of each kept.
    let mut groups: Vec<(Kind, usize, &Line)> = Vec::new();
    for (line, kind) in &lines {
        let same = |other: Kind| match (other, *kind) {
            (Kind::Css(a), Kind::Css(b)) => (a - b).abs() <= 0.2 * a.max(b),
            (a, b) => a == b,
        };
        match groups.iter().position(|(other, _, _)| same(*other)) {
            Some(at) => groups[at].1 += 1,
            // More than a handful of indents is mixed in any case.
            None if groups.len() < 12 => groups.push((*kind, 1, line)),
            None => {}
        }
    }
    groups.sort_by_key(|(_, size, _)| std::cmp::Reverse(*size));
    let share = |size: usize| size as f64 / count as f64;
    let none = groups
        .iter()
        .find(|(kind, _, _)| *kind == Kind::None)
        .map_or(0, |g| g.1);
    let indented: Vec<_> = groups.iter().filter(|g| g.0 != Kind::None).collect();
    let several = indented.get(1).is_some_and(|g| share(g.1) >= subject.share);
    let partly = count >= 3 && share(none) > 0.3 && share(count - none) > 0.3;
    if !several && !partly {
        return;
    }
    let Some(odd) = groups.get(1) else { return };
    let words = if several {
        format!("{count} 个长段落有 {} 种缩进", groups.len())
    } else {
        format!("{count} 个长段落中 {none} 段没有缩进，其余有")
    };
    let block = layout.block(odd.2);
    let span = block
        .element
        .and_then(|element| {
            let element = &subject.document.elements[element];
            let style = element.attributes.iter().find(|a| a.name == "style");
            style.map(|a| a.span).filter(|_| odd.2.full.start == 0)
        })
        .or_else(|| block.text.source_span(odd.2.range.clone()));
    if let Some(span) = span {
        let message = "段落缩进不一致，应统一为首行缩进两字";
        marks.add(
            MIXED,
            Weight::Strong,
            words,
            at_source(MIXED, span, message),
        );
    }
}
