//! `format/signature`: where the 落款 stands, and the form of its day.

use super::{Marks, Subject, Weight};
use crate::check::Draft;
use crate::document::style::Align;
use crate::layout::{Role, phrase};

const RULE: &str = "format/signature";

pub fn alignment(subject: &Subject<'_>, marks: &mut Marks) {
    let layout = subject.layout;
    let mut off = layout
        .lines
        .iter()
        .filter(|line| matches!(line.role, Role::Issuer | Role::Date))
        .filter(|line| layout.block(line).style.align != Some(Align::Right));
    let Some(first) = off.next() else { return };
    let words = if layout.indent(first).width() >= 8 {
        "落款用空格推到右边，没有设右对齐"
    } else {
        "落款没有右对齐"
    };
    let message = "落款（单位、日期）应右对齐，各占一行";
    let draft = Draft::body(RULE, first.block, first.range.clone(), message);
    marks.add(RULE, Weight::Weak, words.to_owned(), draft);
}

pub fn day_form(subject: &Subject<'_>, out: &mut Vec<Draft>) {
    let layout = subject.layout;
    for line in layout.lines.iter().filter(|line| line.role == Role::Date) {
        let text = layout.text(line);
        if phrase::is_formal_day(text) {
            continue;
        }
        let message = "落款日期应写作年月日，如“2018年9月19日”";
        let mut draft = Draft::body(RULE, line.block, line.range.clone(), message);
        if let Some(formal) = phrase::formal_day(text) {
            draft = draft.suggest(formal);
        }
        out.push(draft);
        return;
    }
}
