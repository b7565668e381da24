//! `format/attachment`: an 附件 is named, but nothing links to it.

use super::Subject;
use crate::check::Draft;
use crate::layout::{Line, Role, phrase};
use regex::Regex;
use std::sync::LazyLock;

const RULE: &str = "format/attachment";

pub fn attachment(subject: &Subject<'_>, out: &mut Vec<Draft>) {
    static NAMES: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^附\s*件\s*[0-9一二三四五六七八九十]{0,3}\s*[:：]\s*\S")
            .expect("built-in patterns are tested")
    });
    static ELSEWHERE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new("略|另发|另行|不公开|不予公开|另附|纸质|见附件|见下")
            .expect("built-in patterns are tested")
    });
    let layout = subject.layout;
    let lines: &[Line] = &layout.lines;
    let Some((index, line)) = lines.iter().enumerate().find(|(_, line)| {
        matches!(line.role, Role::Body | Role::Quote | Role::ListItem)
            && NAMES.is_match(layout.text(line))
    }) else {
        return;
    };
    let text = layout.text(line);
    if ELSEWHERE.is_match(text) || text.chars().count() > 120 || has_link(subject) {
        return;
    }
    // What it names may follow in the body itself: below its own head, in a table, as an image,
    // or simply after the signature.
    let rest = &lines[index + 1..];
    let enclosed = rest.iter().any(|line| {
        matches!(line.role, Role::AnnexHeading | Role::Cell | Role::Object)
            || matches!(line.role, Role::Heading)
            || phrase::is_annex_heading(layout.text(line))
            || layout.text(line).starts_with("附件") && !NAMES.is_match(layout.text(line))
    });
    let long = rest
        .iter()
        .filter(|line| line.role == Role::Body && !phrase::is_numbered(layout.text(line)))
        .filter(|line| layout.text(line).chars().count() > 30)
        .count();
    // Right at the top it is the head of what the post itself is.
    let at_top = !lines[..index].iter().any(|line| line.role == Role::Body);
    if enclosed || long > 1 || rest.len() > 25 || at_top {
        return;
    }
    let message = "文中写明有附件，但没有附件的链接，请上传附件并加上链接";
    out.push(Draft::body(RULE, line.block, line.range.clone(), message));
}

/// True if any link may be an attachment: editors put them where they like.
fn has_link(subject: &Subject<'_>) -> bool {
    subject
        .document
        .elements
        .iter()
        .any(|element| match element.name.as_str() {
            "a" => element
                .attribute("href")
                .is_some_and(|href| !href.trim().is_empty() && !href.starts_with("#")),
            "iframe" | "embed" | "object" => true,
            _ => false,
        })
}
