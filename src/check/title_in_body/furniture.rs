//! `title-in-body/page-furniture`: what the page prints around a post, pasted into the body.

use super::{FURNITURE, remove};
use crate::check::Draft;
use crate::document::is_blank;
use crate::layout::{Layout, Line, Role};
use regex::Regex;
use std::sync::LazyLock;

/// Lines at either end of the body that are looked at.
const LINES: usize = 8;

/// No such line has more bytes.
const LONGEST: usize = 600;

/// Parts of the page that carry nothing of the post: font buttons, counters, print, close.
fn is_widget(compact: &str) -> bool {
    static WIDGET: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"^(?:[【\[（(|｜\s]*(?:(?:选择)?(?:字体|字号)(?:大小)?[:：]?[【\[（(]?大[】\]）)|｜、/]*[【\[（(]?中[】\]）)|｜、/]*[【\[（(]?小[】\]）)]?|打印(?:本页|此页|本文|文章|页面)?|关闭(?:窗口|本页|页面)?|收藏(?:本页|本文)?|返回(?:顶部|首页|列表)?|分享到?[:：]?|我要纠错|(?:浏览|点击|阅读|访问)(?:次数|数|量|人次|人数)?[:：]+(?:\[[^\]]*\])?[0-9]*次?)[】\]）)|｜\s]*)+$",
        )
        .expect("built-in patterns are tested")
    });
    WIDGET.is_match(compact)
}

/// A line of facts about the post that the page prints from its fields.
fn is_fact_line(compact: &str) -> bool {
    static FACT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"^[【\[（(]?(?:发布时间|发布日期|更新时间|更新日期|发表时间|添加时间|录入时间)[:：][0-9]{4}[-年./][0-9]{1,2}[-月./][0-9]{1,2}",
        )
        .expect("built-in patterns are tested")
    });
    static SEVERAL: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?:来源|作者|(?:发布|更新|发表|添加)?(?:时间|日期)|(?:浏览|点击|阅读|访问)(?:次数|数|量|人次)|字体|字号|编辑|责任编辑|发布人|发布单位|信息来源)[:：]",
        )
        .expect("built-in patterns are tested")
    });
    static COUNTED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:时间|日期)[:：][0-9]{4}|(?:浏览|点击|阅读|访问)(?:次数|数|量|人次)[:：]|(?:字体|字号)(?:大小)?[:：][【\[（(]?大")
            .expect("built-in patterns are tested")
    });
    compact.chars().count() <= 90
        && (FACT.is_match(compact)
            || SEVERAL.find_iter(compact).count() >= 2
                && COUNTED.is_match(compact)
                && SEVERAL
                    .find(compact)
                    .is_some_and(|first| first.start() <= 6)
                && !compact.contains(['。', '；']))
}

/// True if the line is no text of the post.
pub fn is_furniture(text: &str) -> bool {
    if text.len() > LONGEST {
        return false;
    }
    let compact: String = text.chars().filter(|c| !is_blank(*c)).collect();
    is_widget(&compact) || is_fact_line(&compact)
}

/// `title-in-body/page-furniture`.
pub fn page_furniture(layout: &Layout<'_>, lines: &[&Line], out: &mut Vec<Draft>) {
    for (index, line) in lines.iter().enumerate() {
        if index >= LINES && index + LINES < lines.len() || line.role == Role::Cell {
            continue;
        }
        let compact: String = layout
            .text(line)
            .chars()
            .filter(|c| !is_blank(*c))
            .collect();
        let widget = is_widget(&compact);
        if !widget && !is_fact_line(&compact) {
            continue;
        }
        let message = if widget {
            "正文里粘进了网页上的按钮或计数文字，应删去"
        } else {
            "正文里粘进了来源、发布时间等页面自带的信息，应填在对应的字段里"
        };
        let mut draft = Draft::body(FURNITURE, line.block, line.range.clone(), message);
        if let Some(removal) = remove::removal(layout, lines, index..index + 1) {
            // What may stand in no field yet is for a person to move.
            draft = draft.edits(removal.remains, widget, removal.edits);
        }
        out.push(draft);
    }
}
