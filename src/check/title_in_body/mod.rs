//! Family `title-in-body`: 正文中出现标题. The page prints the title; the body shall not again.

mod compare;
mod furniture;
mod remove;

pub use furniture::is_furniture;

use super::{Check, Context, Draft, Place};
use crate::document::{Document, is_blank};
use crate::finding::{Field, Severity, Span};
use crate::layout::{Layout, Line, Role, phrase};
use compare::{Key, Likeness};
use std::ops::Range;

/// All rules of the family.
pub struct TitleInBodyCheck;

const REPEATED: &str = "title-in-body/repeated";
const SIMILAR: &str = "title-in-body/similar";
const FURNITURE: &str = "title-in-body/page-furniture";

impl Check for TitleInBodyCheck {
    fn rules(&self) -> &'static [&'static str] {
        &[REPEATED, SIMILAR, FURNITURE]
    }

    fn check(&self, context: &Context<'_>, out: &mut Vec<Draft>) {
        let layout = Layout::of(context.body);
        let lines: Vec<&Line> = layout
            .lines
            .iter()
            .filter(|line| !line.range.is_empty())
            .collect();
        heading(context, &layout, &lines, out);
        furniture::page_furniture(&layout, &lines, out);
    }
}

/// The first lines that are looked at.
const LINES: usize = 8;
/// And the first characters.
const CHARACTERS: usize = 300;
/// A heading is split over at most this many lines.
const SPLIT: usize = 3;

fn heading(context: &Context<'_>, layout: &Layout<'_>, lines: &[&Line], out: &mut Vec<Draft>) {
    let title = Key::of(context.title_text());
    let shortest = context.settings.integer(REPEATED, "min_characters").max(1) as usize;
    if title.len() < shortest {
        return;
    }
    for wanted in [Likeness::Equal, Likeness::Similar] {
        if let Some(group) = find(context, layout, lines, &title, wanted) {
            report(context, layout, lines, group, wanted, out);
            return;
        }
    }
}

/// The first line, or two or three lines together, that are like the title.
fn find(
    context: &Context<'_>,
    layout: &Layout<'_>,
    lines: &[&Line],
    title: &Key,
    wanted: Likeness,
) -> Option<Range<usize>> {
    let longest = 2 * context.title_text().chars().count() + 40;
    let mut seen = 0;
    for from in 0..lines.len().min(LINES) {
        let line = lines[from];
        if seen >= CHARACTERS || matches!(line.role, Role::Cell | Role::Caption) {
            return None;
        }
        let preamble = is_preamble(context, layout.text(line));
        for count in 1..=SPLIT.min(lines.len() - from) {
            let group = &lines[from..from + count];
            // Only the same words make a line above the heading a part of it.
            if group[count - 1].role == Role::Cell
                || wanted == Likeness::Similar && count > 1 && preamble
            {
                break;
            }
            let text: String = group.iter().map(|line| layout.text(line)).collect();
            if text.chars().count() > longest {
                break;
            }
            let alike = title.likeness(&text, layout.text(group[count - 1])) == Some(wanted);
            if alike
                && group.iter().all(|line| title.has_part(layout.text(line)))
                && !group.iter().all(|line| is_link(layout, line))
            {
                return Some(from..from + count);
            }
        }
        if !preamble {
            return None;
        }
        seen += layout.text(line).chars().count();
    }
    None
}

/// The line is a link and nothing else: the name of a download, not a heading.
fn is_link(layout: &Layout<'_>, line: &Line) -> bool {
    let block = layout.block(line);
    block
        .runs
        .iter()
        .filter(|run| run.range.start < line.range.end && run.range.end > line.range.start)
        .all(|run| layout.document.link_of(run.inline).is_some())
}

/// A line that may stand above a heading.
fn is_preamble(context: &Context<'_>, text: &str) -> bool {
    let compact: String = text.chars().filter(|c| !is_blank(*c)).collect();
    let count = compact.chars().count();
    let labelled = [
        "类别",
        "签发人",
        "来源",
        "作者",
        "信息来源",
        "文章来源",
        "稿件来源",
        "发布时间",
        "发布日期",
        "日期",
        "时间",
        "索引号",
        "发文机关",
        "发布机构",
        "成文日期",
        "文号",
        "发文字号",
        "有效性",
        "公开方式",
        "公开类别",
        "编辑",
        "审核",
        "记者",
        "字体",
    ]
    .iter()
    .any(|label| {
        compact
            .trim_start_matches(['【', '[', '（', '('])
            .starts_with(label)
    }) && count <= 40;
    labelled
        || phrase::is_annex_heading(text)
        || phrase::is_document_number(&compact)
        || phrase::is_document_number(text)
        || phrase::is_day(text)
        || furniture::is_furniture(text)
        || is_issuer(context, &compact)
        || count <= 6
            && matches!(
                compact.as_str(),
                "通知" | "公告" | "公示" | "通告" | "文件" | "通报"
            )
}

/// Who issues it, alone on the line: 示例县人民政府办公室, 示例县人民政府文件.
fn is_issuer(context: &Context<'_>, compact: &str) -> bool {
    let name = compact.trim_end_matches("文件");
    let count = name.chars().count();
    let known = context.post.unit.as_deref() == Some(name);
    known
        || (4..=24).contains(&count)
            && !name.contains(['。', '，', '：', '；', '！', '？', '《', '、'])
            && crate::check::title::ends_as_organisation(name)
}

fn report(
    context: &Context<'_>,
    layout: &Layout<'_>,
    lines: &[&Line],
    group: Range<usize>,
    likeness: Likeness,
    out: &mut Vec<Draft>,
) {
    let matched = &lines[group.clone()];
    let own = is_own_heading(layout, lines, group.end);
    let (rule, message) = match likeness {
        Likeness::Equal => (REPEATED, "正文开头重复了标题，页面上标题会出现两次"),
        Likeness::Similar => (
            SIMILAR,
            "正文开头的标题与稿件标题几乎相同，页面上会出现两次",
        ),
    };
    let mut draft = match matched {
        [line] => Draft::body(rule, line.block, line.range.clone(), message),
        lines => {
            let first = layout
                .block(lines[0])
                .text
                .source_span(lines[0].range.clone());
            let last_line = lines[lines.len() - 1];
            let last = layout
                .block(last_line)
                .text
                .source_span(last_line.range.clone());
            let (Some(first), Some(last)) = (first, last) else {
                return;
            };
            let span = Span {
                start: first.start,
                end: last.end,
            };
            Draft::new(
                rule,
                Place::Source {
                    field: Field::Body,
                    span,
                },
                message,
            )
        }
    };
    draft = draft.evidence(format!(
        "稿件标题：{}",
        context.title_text().trim_matches(is_blank)
    ));
    if matched.len() > 1 {
        draft = draft.evidence(format!("正文里分成 {} 行", matched.len()));
    }
    if own {
        draft = draft
            .severity(Severity::Warning)
            .evidence("后面接着文号、主送机关或题注，像是公文自带的标题，是否保留请编辑决定");
    }
    if let Some(removal) = remove::removal(layout, lines, group) {
        draft = draft.edits(removal.remains, !own, removal.edits);
    }
    out.push(draft);
}

/// The heading is a document's own: a number, an addressee or a note on its adoption follows
/// within two lines.
fn is_own_heading(layout: &Layout<'_>, lines: &[&Line], after: usize) -> bool {
    lines.iter().skip(after).take(2).any(|line| {
        let text = layout.text(line);
        let compact: String = text.chars().filter(|c| !is_blank(*c)).collect();
        line.role == Role::Addressee
            || phrase::is_addressee(text)
            || phrase::is_document_number(&compact)
            || is_adoption(&compact)
    })
}

/// （2018年1月5日…会议通过）, ——2018年1月5日在…会议上: under the heading of laws and reports; or
/// the same without brackets, if it says that it was adopted.
fn is_adoption(compact: &str) -> bool {
    let inner = compact.trim_start_matches(['（', '(', '—', '―', '-', '－', '─', '–']);
    let year =
        inner.chars().take(4).all(|c| c.is_ascii_digit()) && inner.chars().nth(4) == Some('年');
    let adopted = inner.chars().count() <= 80
        && ["通过", "公布", "发布", "修订", "修正", "批准"]
            .iter()
            .any(|end| inner.ends_with(end));
    year && (inner.len() < compact.len() || adopted)
}

/// The visible body besides the lines: is there anything else?
fn has_more(document: &Document<'_>, lines: &[&Line], group: &Range<usize>) -> bool {
    lines.len() > group.len()
        || document
            .blocks
            .iter()
            .any(|block| !block.hidden && !block.objects.is_empty())
}
