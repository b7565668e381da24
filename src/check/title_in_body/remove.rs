//! Edits that take lines out of the body and leave everything else.

use super::has_more;
use crate::document::BlockKind;
use crate::finding::Edit;
use crate::layout::{Layout, Line, phrase};
use std::ops::Range;

/// How lines are taken out.
pub struct Removal {
    /// What the reader still sees there: a 文号 that stood in the same line, else nothing.
    pub remains: String,
    pub edits: Vec<Edit>,
}

/// The edits that remove `lines[group]`. `None` where a person must do it: nothing else would
/// remain, or a link or an image stands there.
pub fn removal(layout: &Layout<'_>, lines: &[&Line], group: Range<usize>) -> Option<Removal> {
    let document = layout.document;
    if !has_more(document, lines, &group) {
        return None;
    }
    let mut removal = Removal {
        remains: String::new(),
        edits: Vec::new(),
    };
    let mut at = group.start;
    while at < group.end {
        let block_index = lines[at].block;
        let block = &document.blocks[block_index];
        let here = &lines[at..group.end];
        let count = here
            .iter()
            .take_while(|line| line.block == block_index)
            .count();
        let first = lines[at];
        let last = lines[at + count - 1];
        at += count;
        let kept = matches!(block.kind, BlockKind::ListItem | BlockKind::Cell) || block.in_list;
        let linked = block.runs.iter().any(|run| {
            document.inline_chain(run.inline).any(|id| {
                let element = &document.elements[id];
                element.name == "a"
                    && (element.attribute("href").is_some() || element.attribute("name").is_some())
            })
        });
        if kept || linked || !block.objects.is_empty() {
            return None;
        }
        let text = block.text.as_str();
        let number = (count == 1)
            .then(|| phrase::document_number(&text[first.range.clone()]))
            .flatten()
            .map(|range| first.range.start + range.start..first.range.start + range.end);
        if let Some(number) = number {
            removal.remains = text[number.clone()].to_owned();
            for part in [first.range.start..number.start, number.end..first.range.end] {
                removal.edits.extend(document.edits(block_index, part, ""));
            }
            continue;
        }
        let all = crate::document::trim_range(text);
        let fills = all.start >= first.full.start && all.end <= last.full.end;
        if fills && block.whole {
            removal.edits.push(Edit {
                start: block.span.start,
                end: block.span.end,
                text: String::new(),
            });
            continue;
        }
        // With the break after it, or the one before it where it is the last line.
        let range = if last.full.end < text.len() {
            first.full.start..last.full.end + 1
        } else {
            first.full.start.saturating_sub(1)..last.full.end
        };
        removal.edits.extend(document.edits(block_index, range, ""));
    }
    Some(removal)
}
