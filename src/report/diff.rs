//! The changes of a fix as a unified diff that people read: field by field, HTML broken after
//! its paragraphs. (The files themselves may hold a post on one line.)

use crate::finding::Field;
use crate::ignore::id_text;
use crate::post::Post;
use anstyle::{AnsiColor, Style};
use similar::{ChangeTag, TextDiff};
use std::fmt::Write;

const OLD: Style = AnsiColor::Red.on_default();
const NEW: Style = AnsiColor::Green.on_default();
const HEAD: Style = Style::new().bold();
const PLACE: Style = AnsiColor::Cyan.on_default();

/// The changes between two states of a post; empty if there are none.
pub fn of_post(source: &str, old: &Post, new: &Post, color: bool) -> String {
    let mut out = String::new();
    let source = match source {
        "-" => "标准输入",
        path => path,
    };
    let fields = [
        Field::Title,
        Field::Body,
        Field::Column,
        Field::Unit,
        Field::PublishedAt,
    ];
    for field in fields {
        let (Some(before), Some(after)) = (old.field(field), new.field(field)) else {
            continue;
        };
        if before != after {
            let name = format!("{source}（编号 {}）{}", id_text(&old.id), field.chinese());
            of_field(&name, before, after, color, &mut out);
        }
    }
    out
}

fn of_field(name: &str, before: &str, after: &str, color: bool, out: &mut String) {
    let mut line = |style: Style, text: &str| {
        // Writing to a string cannot fail.
        let _ = if color {
            writeln!(out, "{style}{text}{style:#}")
        } else {
            writeln!(out, "{text}")
        };
    };
    line(HEAD, &format!("--- {name}"));
    line(HEAD, &format!("+++ {name}"));
    let (before, after) = (lines(before), lines(after));
    let diff = TextDiff::from_slices(&before, &after);
    for hunk in diff.unified_diff().context_radius(1).iter_hunks() {
        line(PLACE, hunk.header().to_string().trim_end());
        for change in hunk.iter_changes() {
            let (sign, style) = match change.tag() {
                ChangeTag::Equal => (' ', Style::new()),
                ChangeTag::Delete => ('-', OLD),
                ChangeTag::Insert => ('+', NEW),
            };
            line(style, &format!("{sign}{}", change.value()));
        }
    }
}

/// Breaks after line ends and after the tags that end a line for the reader. A line end more or
/// less behind such a tag is no change that anybody wants to see.
fn lines(source: &str) -> Vec<&str> {
    const ENDS: [&str; 8] = [
        "</p>", "<br>", "<br/>", "<br />", "</div>", "</li>", "</tr>", "</table>",
    ];
    let mut lines = Vec::new();
    let mut start = 0;
    for (at, c) in source.char_indices() {
        let end = at + c.len_utf8();
        let tag_ends = c == '>'
            && ENDS
                .iter()
                .any(|tag| ends_with_ignoring_case(&source[start..end], tag))
            && !source[end..].starts_with(['\r', '\n']);
        if c == '\n' || tag_ends {
            lines.push(source[start..end].trim_end_matches(['\r', '\n']));
            start = end;
        }
    }
    if start < source.len() {
        lines.push(&source[start..]);
    }
    lines
}

fn ends_with_ignoring_case(text: &str, end: &str) -> bool {
    text.len()
        .checked_sub(end.len())
        .and_then(|at| text.get(at..))
        .is_some_and(|tail| tail.eq_ignore_ascii_case(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_html_line_is_broken_after_its_paragraphs() {
        let old = Post::new("甲。", "<p>一</p><P>二</P>\r\n<p>三,</p><p>四</p>");
        let mut new = old.clone();
        new.set_title("甲".into());
        new.set_body("<p>一</p><P>二</P>\r\n<p>三，</p><p>四</p>".into());
        assert_eq!(
            of_post("-", &old, &new, false),
            "--- 标准输入（编号 null）标题\n\
             +++ 标准输入（编号 null）标题\n\
             @@ -1 +1 @@\n\
             -甲。\n\
             +甲\n\
             --- 标准输入（编号 null）正文\n\
             +++ 标准输入（编号 null）正文\n\
             @@ -2,3 +2,3 @@\n \
              <P>二</P>\n\
             -<p>三,</p>\n\
             +<p>三，</p>\n \
              <p>四</p>\n"
        );
    }
}
