//! Titles that say nothing, and titles that were there before.

use super::anatomy::Anatomy;
use crate::check::{Context, Draft};
use crate::dictionary::document_kinds::DocumentKinds;
use crate::document::is_blank;
use crate::finding::Field;

const EMPTY: &str = "title/empty";

/// Ends that make a whole title the name of an office, so that it says nothing of the post.
const OFFICES: [&str; 17] = [
    "人民政府",
    "政府办公室",
    "政府办",
    "局",
    "委员会",
    "街道办事处",
    "人民法院",
    "人民检察院",
    "管委会",
    "镇政府",
    "乡政府",
    "县委",
    "市委",
    "区委",
    "党委",
    "指挥部",
    "领导小组",
];

/// Columns whose posts are rightly called after a unit.
const DIRECTORY_COLUMNS: [&str; 15] = [
    "机构",
    "概况",
    "职能",
    "单位",
    "部门",
    "领导",
    "名录",
    "通讯录",
    "联系",
    "简介",
    "组织",
    "导航",
    "子站",
    "链接",
    "专题",
];

/// Reports an empty title; true if it was one.
pub fn empty(context: &Context<'_>, anatomy: &Anatomy<'_>, out: &mut Vec<Draft>) -> bool {
    let text = anatomy.text;
    let compact: String = text
        .chars()
        .filter(|c| !is_blank(*c) && !is_mark(*c))
        .collect();
    let kinds = DocumentKinds::built_in();
    let message = if anatomy.trimmed.is_empty() {
        out.push(Draft::whole(EMPTY, Field::Title, "标题为空，请填写标题"));
        return true;
    } else if compact.is_empty() {
        "标题只有标点符号，没有内容，请填写标题"
    } else if kinds.is_filler(&compact) || is_test(&compact) {
        "标题没有实际内容，像是测试或占位文字，请填写标题"
    } else if kinds.is_kind(&compact) && compact.chars().count() <= 4 && !compact.ends_with('法') {
        "标题只写了文种，没有写明事由，请补全标题"
    } else if compact.chars().all(|c| c.is_ascii_digit() || is_numeral(c)) {
        "标题只有数字，请填写标题"
    } else if is_bare_latin(text, &compact) {
        "标题只有字母或数字，没有汉字，请填写标题"
    } else if is_office(context, &compact) {
        "标题只写了单位名称，没有写明事由，请补全标题"
    } else {
        return false;
    };
    out.push(Draft::title(EMPTY, anatomy.trimmed.clone(), message));
    true
}

fn is_mark(c: char) -> bool {
    c.is_ascii_punctuation()
        || matches!(c, '\u{3000}'..='\u{303f}' | '\u{2010}'..='\u{205f}' | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}' | '\u{ff3b}'..='\u{ff40}' | '\u{ff5b}'..='\u{ff65}' | '·')
}

fn is_numeral(c: char) -> bool {
    matches!(c, '０'..='９')
}

fn is_test(compact: &str) -> bool {
    let lower = compact.to_lowercase();
    matches!(
        lower.as_str(),
        "test" | "demo" | "aaa" | "asdf" | "untitled" | "notitle" | "title" | "null" | "undefined"
    ) || (lower.starts_with("test") || lower.starts_with("测试"))
        && lower
            .trim_start_matches("test")
            .trim_start_matches("测试")
            .chars()
            .all(|c| c.is_ascii_digit())
}

/// Letters and digits only, and not a sentence of a foreign language.
fn is_bare_latin(text: &str, compact: &str) -> bool {
    let latin =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '０'..='９');
    compact.chars().all(latin) && text.split(is_blank).filter(|w| w.len() > 1).count() < 3
}

fn is_office(context: &Context<'_>, compact: &str) -> bool {
    let column = context.post.column.as_deref().unwrap_or_default();
    if DIRECTORY_COLUMNS.iter().any(|word| column.contains(word)) {
        return false;
    }
    let known = context
        .post
        .unit
        .as_deref()
        .is_some_and(|unit| unit.trim() == compact);
    let count = compact.chars().count();
    known
        || (4..=16).contains(&count)
            && OFFICES.iter().any(|end| compact.ends_with(end))
            && ![
                "布局", "格局", "结局", "大局", "全局", "开局", "破局", "时局", "棋局", "新局",
            ]
            .iter()
            .any(|word| compact.ends_with(word))
            && ["省", "市", "县", "区", "镇", "乡", "旗", "州", "街道"]
                .iter()
                .any(|place| compact.contains(place))
            && !super::anatomy::has_news_verb(compact)
}

/// The same title stands in the column already, no longer ago than the rule's days.
pub fn duplicate(context: &Context<'_>, out: &mut Vec<Draft>) {
    const RULE: &str = "title/duplicate";
    let Some(published) = &context.knowledge.published else {
        return;
    };
    let days = context.settings.integer(RULE, "days");
    let title = context.title_text().trim_matches(is_blank);
    let earlier = published.same_title(title).find(|other| {
        other.id != context.post.id
            && other.column == context.post.column
            && other
                .date
                .is_none_or(|date| (context.date() - date).get_days().abs() as i64 <= days)
    });
    if let Some(other) = earlier {
        let when = other
            .date
            .map_or(String::new(), |date| format!("（{date}）"));
        out.push(
            Draft::whole(
                RULE,
                Field::Title,
                format!("本栏目近{days}天内已有同名稿件，请核对是否重复发布"),
            )
            .evidence(format!("已发布：{title}{when}，编号 {}", other.id)),
        );
    }
}
