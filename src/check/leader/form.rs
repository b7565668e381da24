//! `leader/title-form`: titles written in a form that is never right, whoever holds them.

use super::line::Line;
use crate::check::{Draft, Place};
use crate::finding::{Field, Severity};
use std::ops::Range;

const FORM: &str = "leader/title-form";

/// Finding at `range` (characters of the line), one level higher in a title.
pub fn draft(
    rule: &str,
    field: Field,
    block: usize,
    line: &Line,
    range: &Range<usize>,
    severity: Severity,
    message: String,
) -> Draft {
    let place = Place::Text {
        field,
        block,
        range: line.bytes(range),
    };
    let severity = match (field, severity) {
        (Field::Title, Severity::Warning) => Severity::Error,
        (_, severity) => severity,
    };
    Draft::new(rule, place, message).severity(severity)
}

/// Looks for 人大副主任 and 市政法委书记.
pub fn check(field: Field, block: usize, line: &Line, out: &mut Vec<Draft>) {
    for (start, _) in line.text.match_indices("人大") {
        congress(field, block, line, line.position(start), out);
    }
    for department in ["政法委", "组织部", "宣传部", "统战部"] {
        for (start, _) in line.text.match_indices(department) {
            let at = line.position(start);
            party_department(field, block, line, at, department, out);
        }
    }
}

/// 县人大副主任: the 主任 are those of its 常委会. Towns have a 人大主席.
fn congress(field: Field, block: usize, line: &Line, at: usize, out: &mut Vec<Draft>) {
    let Some(title) = ["常务副主任", "副主任", "主任"]
        .into_iter()
        .find(|title| line.starts_with(at + 2, title))
    else {
        return;
    };
    let end = at + 2 + title.chars().count();
    let level = at.checked_sub(1).and_then(|i| line.get(i));
    // 主任会议, 主任委员, 主任科员; 县乡人大主任 and 街道人大主任 speak of others.
    let other = line.get(end).is_some_and(|c| "会委科级团".contains(c));
    if other || !level.is_some_and(|c| "省市县区州旗".contains(c)) || quoted(line, at) {
        return;
    }
    if [
        "社区",
        "街区",
        "各省",
        "各市",
        "各县",
        "市县",
        "园区",
        "开发区",
    ]
    .iter()
    .any(|word| line.ends_with(at, word))
    {
        return;
    }
    let right = format!("人大常委会{title}");
    let wrong = line.slice(at..end);
    let message = format!("“{wrong}”应为“{right}”：主任、副主任是人大常委会的职务");
    out.push(
        draft(
            FORM,
            field,
            block,
            line,
            &(at..end),
            Severity::Warning,
            message,
        )
        .suggest(right),
    );
}

/// 市政法委书记: the department is one of the party committee's.
fn party_department(
    field: Field,
    block: usize,
    line: &Line,
    at: usize,
    department: &str,
    out: &mut Vec<Draft>,
) {
    let after = at + department.chars().count();
    let titles: &[&str] = match department {
        "政法委" => &["书记", "副书记", "常务副书记"],
        _ => &["部长", "副部长", "常务副部长", "长"],
    };
    let Some(title) = titles.iter().find(|title| line.starts_with(after, title)) else {
        return;
    };
    let level = at.checked_sub(1).and_then(|i| line.get(i));
    let Some(level) = level.filter(|c| "省市县州旗区".contains(*c)) else {
        return;
    };
    // 军区, 社区, 自治区 (whose committee is 自治区党委), 各市县 and the like.
    let before = at.checked_sub(2).and_then(|i| line.get(i));
    if before.is_some_and(|c| "军社治园校院战各地全厂矿城县市区".contains(c)) || quoted(line, at)
    {
        return;
    }
    let end = after + title.chars().count();
    let wrong = line.slice(at - 1..end);
    let right = format!("{level}委{}", line.slice(at..end));
    let message = format!("“{wrong}”应为“{right}”：{department}是党委的部门");
    out.push(
        draft(
            FORM,
            field,
            block,
            line,
            &(at - 1..end),
            Severity::Warning,
            message,
        )
        .suggest(right),
    );
}

/// A 、 is missing between two titles of one person, before `at`.
pub fn gap(field: Field, block: usize, line: &Line, titles: &Range<usize>, at: usize) -> Draft {
    let wrong = line.slice(titles.clone());
    let right = format!(
        "{}、{}",
        line.slice(titles.start..at),
        line.slice(at..titles.end)
    );
    let message = format!("两个职务之间缺顿号：“{wrong}”应写作“{right}”");
    draft(FORM, field, block, line, titles, Severity::Warning, message)
        .confidence(0.95)
        .suggest(right)
}

/// True if `at` stands inside 《》 or quotation marks.
pub fn quoted(line: &Line, at: usize) -> bool {
    let mut depth = 0i32;
    for c in &line.chars[..at.min(line.len())] {
        match c {
            '《' | '“' | '「' | '『' => depth += 1,
            '》' | '”' | '」' | '』' => depth = (depth - 1).max(0),
            '\n' => depth = 0,
            _ => {}
        }
    }
    depth > 0
}
