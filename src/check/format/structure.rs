//! `format/empty-paragraphs` and `format/no-paragraphs`: how the text is parted.

use super::{Marks, Subject, Weight, at_source};
use crate::document::{BlockKind, trim_range};
use crate::finding::Span;
use crate::layout::{Line, Role};

const EMPTY: &str = "format/empty-paragraphs";
const NONE: &str = "format/no-paragraphs";

/// Lines of at least this many characters count as paragraphs that `<br>` parts.
const LONG: usize = 20;

pub fn empty_paragraphs(subject: &Subject<'_>, marks: &mut Marks) {
    let document = subject.document;
    let layout = subject.layout;
    let mut first: Option<Span> = None;
    // Empty lines too many, and paragraphs parted by two line breaks.
    let (mut surplus, mut breaks) = (0usize, 0usize);
    let mut run = 0usize;
    let mut run_span = None;
    // The line before the current block and the one after it.
    let mut line = 0usize;
    for (index, block) in document.blocks.iter().enumerate() {
        if block.hidden {
            continue;
        }
        let in_table = layout.in_data_table(index);
        if block.kind == BlockKind::Empty && !in_table {
            run += block.text.as_str().matches('\n').count().max(1);
            run_span = run_span.or(Some(block.span));
            continue;
        }
        while layout.lines.get(line).is_some_and(|l| l.block < index) {
            line += 1;
        }
        let limit = allowed(
            layout.lines.get(..line).and_then(<[Line]>::last),
            layout.lines.get(line),
        );
        if run > limit && !in_table {
            surplus += run - 1;
            first = first.or(run_span);
        }
        (run, run_span) = (0, None);
        if !in_table && !block.in_list && !matches!(block.kind, BlockKind::Heading(_)) {
            let last = index + 1 == document.blocks.len();
            for gap in gaps(block.text.as_str(), last) {
                breaks += 1;
                first = first.or(block.text.source_span(gap));
            }
        }
    }
    // What stands empty at the end is not seen, and proves little.
    let trailing = if run > 2 { run - 1 } else { 0 };
    if trailing > 0 {
        first = first.or(run_span);
    }
    let Some(span) = first else { return };
    let mut words = Vec::new();
    if surplus > 0 {
        words.push(format!("连着的空行多出 {surplus} 行"));
    }
    if trailing > 0 {
        words.push(format!("末尾多出 {trailing} 个空行"));
    }
    if breaks > 0 {
        words.push(format!("{breaks} 处用两个换行分段"));
    }
    let often = |count: usize| count >= 2 || count > 0 && subject.share_of(count) >= subject.share;
    let weight = if often(surplus) || often(breaks) {
        Weight::Strong
    } else {
        Weight::Weak
    };
    let message = "有连着的空行或用换行代替分段，应合并空行、分好段落";
    marks.add(
        EMPTY,
        weight,
        words.join("，"),
        at_source(EMPTY, span, message),
    );
}

/// How many empty paragraphs may stand between these two lines.
fn allowed(before: Option<&Line>, after: Option<&Line>) -> usize {
    let beside = |role: Role| {
        [before, after]
            .iter()
            .flatten()
            .any(|line| line.role == role)
    };
    // An image, a heading, or the gap between a notice and what it encloses or who signs it.
    let loose = [
        Role::Object,
        Role::Heading,
        Role::Number,
        Role::AnnexHeading,
        Role::Date,
        Role::Issuer,
        Role::Cell,
    ];
    if loose.into_iter().any(beside) { 2 } else { 1 }
}

/// Empty lines between lines of a text (and after the last one, unless it ends the body):
/// the bytes of each group of `\n`s.
fn gaps(text: &str, last: bool) -> Vec<std::ops::Range<usize>> {
    let mut out = Vec::new();
    let trimmed = trim_range(text);
    let mut start = None;
    let mut count = 0;
    for (at, c) in text
        .char_indices()
        .skip_while(|(at, _)| *at < trimmed.start)
    {
        match c {
            '\n' => {
                start.get_or_insert(at);
                count += 1;
            }
            c if crate::document::is_blank(c) => {}
            _ => {
                if let Some(from) = start.take().filter(|_| count >= 2) {
                    out.push(from..at);
                }
                (start, count) = (None, 0);
            }
        }
    }
    if let Some(from) = start
        && count >= 2
        && !last
    {
        out.push(from..text.len());
    }
    out
}

pub fn no_paragraphs(subject: &Subject<'_>, marks: &mut Marks) {
    let layout = subject.layout;
    let lines: Vec<&Line> = layout.body_lines().collect();
    let count = lines.len();
    if count < 2 {
        // One paragraph may stand as it likes.
        return;
    }
    let long = |line: &Line| layout.text(line).chars().count() >= LONG;
    let name = |line: &Line| {
        let element = layout.block(line).element;
        element.map_or("", |element| {
            subject.document.elements[element].name.as_str()
        })
    };
    let bare: Vec<&&Line> = lines
        .iter()
        .filter(|line| {
            let block = layout.block(line);
            block.element.is_none()
                || !block.whole
                    && matches!(
                        name(line),
                        "div" | "section" | "td" | "body" | "center" | "article"
                    )
        })
        .collect();
    // Long lines that a break parts from another long line of the same paragraph.
    let broken: Vec<&&Line> = lines
        .iter()
        .enumerate()
        .filter(|(index, line)| {
            let beside = |other: Option<usize>| {
                other
                    .and_then(|i| lines.get(i))
                    .is_some_and(|l| l.block == line.block && long(l))
            };
            long(line) && (beside(index.checked_sub(1)) || beside(Some(index + 1)))
        })
        .map(|(_, line)| line)
        .collect();
    let divs: Vec<&&Line> = lines
        .iter()
        .filter(|line| layout.block(line).whole && name(line) == "div")
        .collect();
    let share = |part: usize| part as f64 / count as f64;
    let (place, weight, words) =
        if let Some(first) = bare.first().filter(|_| share(bare.len()) >= subject.share) {
            let words = format!("{count} 段中的 {} 段没有放在段落里", bare.len());
            (first, Weight::Strong, words)
        } else if let Some(first) = broken.first().filter(|_| share(broken.len()) >= 0.5) {
            let words = format!("{} 行长句只用换行隔开，没有分段", broken.len());
            (first, Weight::Strong, words)
        } else if let Some(first) = divs
            .first()
            .filter(|_| divs.len() >= 3 && share(divs.len()) >= 0.5)
        {
            let words = format!("{count} 段中的 {} 段用 div 代替段落", divs.len());
            let even = |line: &Line| {
                (
                    layout.indent(line).width() >= 2,
                    layout.block(line).style.indent.is_some(),
                )
            };
            let weight = if divs.iter().all(|line| even(line) == even(divs[0])) {
                Weight::Weak
            } else {
                Weight::Strong
            };
            (first, weight, words)
        } else {
            return;
        };
    let message = "正文没有分好段落，各段应放在自己的段落（p）里";
    let draft = crate::check::Draft::body(NONE, place.block, place.range.clone(), message);
    marks.add(NONE, weight, words, draft);
}
