//! `column/policy-form`: a policy document without its number, issuer or date.

use super::Filing;
use crate::check::title::{Anatomy, Family, ends_as_organisation};
use crate::check::{Context, Draft};
use crate::dictionary::normalise;
use crate::document::is_blank;
use regex::Regex;
use serde_json::Value;
use std::sync::LazyLock;

const RULE: &str = "column/policy-form";
/// The standard column of policy documents.
const POLICY: &str = "政策文件";
/// Characters of body that a document has at least; a shorter one stands in an attachment.
const LEAST_BODY: usize = 120;
/// Characters of a line that holds the document's own number and not a quoted one.
const LONGEST_OWN_NUMBER: usize = 40;
/// Characters of a list of addressees.
const LONGEST_ADDRESS: usize = 160;

/// Kinds that governments and their departments issue under a number.
const NUMBERED: [&str; 6] = ["通知", "意见", "通报", "批复", "实施意见", "指导意见"];

/// The rule.
pub fn check(context: &Context<'_>, filing: &Filing<'_>, out: &mut Vec<Draft>) {
    static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(concat!(
            r"[〔\[［【（(〈﹝]\s*(?:19|20)[0-9]{2}\s*年?[〕\]］】）)〉﹞]\s*第?\s*[0-9]{1,5}\s*号|",
            r"(?:令|公告|通告)[^\n]{0,6}第\s*[0-9〇零一二三四五六七八九十百]{1,6}\s*号|第[0-9]{1,4}号令|",
            r"(?:19|20)[0-9]{2}年第?[0-9]{1,3}号|发文字号|文\s*号|字号"
        ))
        .expect("built-in patterns are tested")
    });
    static DATE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(concat!(
            r"(?:19|20)[0-9]{2}\s*年\s*[0-9]{1,2}\s*月\s*[0-9]{1,2}\s*日|",
            r"[二一][〇零○Ｏ0O九][〇零○Ｏ0O一二三四五六七八九]{2}年|(?:19|20)[0-9]{2}[-/.][0-9]{1,2}[-/.][0-9]{1,2}"
        ))
        .expect("built-in patterns are tested")
    });
    let Some(claim) = filing
        .claim
        .filter(|_| filing.column.is_some_and(|column| column.kind() == POLICY))
    else {
        return;
    };
    let anatomy = Anatomy::of(filing.title);
    let numbered = anatomy
        .kind
        .as_ref()
        .is_some_and(|kind| NUMBERED.contains(&&filing.title[kind.clone()]));
    // With a prefix in brackets it is a reprint; what the Party's centre publishes and drafts have
    // no number.
    let own = anatomy.core.start == anatomy.trimmed.start
        && !filing.title.starts_with("中共中央")
        && !filing.title.contains("意见稿")
        && !claim.contains('法');
    if anatomy.family != Family::Official || anatomy.about.is_none() || !numbered || !own {
        return;
    }
    let body = filing.body();
    let signature = signature(body);
    let addressees = addressees(body);
    // Only the document as it was issued is judged, not what is told of it: one that is addressed
    // or signed.
    let issued = signature.is_some() || addressees.is_some();
    if !issued || body.chars().filter(|c| !c.is_whitespace()).count() < LEAST_BODY {
        return;
    }
    let whole = format!("{}\n{body}", filing.title);
    let issuers = [
        anatomy.issuer(),
        signature.as_deref(),
        context.post.unit.as_deref().map(str::trim),
    ];
    let mut issuers = issuers.into_iter().flatten().peekable();
    // The letters of its own number tell the issuer too.
    let unknown = issuers.peek().is_none()
        && !has_field(context, &["机关", "issuer"])
        && !whole.lines().any(|line| {
            NUMBER
                .find(line)
                .is_some_and(|_| line.chars().count() <= LONGEST_OWN_NUMBER)
        })
        && !NUMBER.is_match(filing.title);
    // Public institutions number their notices as they like; party and government organs must.
    let must_number = issuers.any(is_organ)
        || unknown && addressees.is_some_and(|names| names.split(is_separator).any(is_organ));
    let mut lacks = Vec::new();
    if must_number
        && !NUMBER.is_match(&whole)
        && !has_field(context, &["文号", "字号", "document_number"])
    {
        lacks.push("发文字号");
    }
    if unknown {
        lacks.push("发文机关");
    }
    if !DATE.is_match(&whole) && context.published_on.is_none() {
        lacks.push("日期");
    }
    if lacks.is_empty() {
        return;
    }
    let message = format!("“{claim}”里的文件没有写明{}", lacks.join("、"));
    out.push(filing.draft(RULE, message).confidence(0.9));
}

/// True if the record has a filled field whose name holds one of `names`: many systems keep the
/// number and the issuer beside the body.
fn has_field(context: &Context<'_>, names: &[&str]) -> bool {
    context.post.record.iter().any(|(key, value)| {
        names.iter().any(|name| key.contains(name))
            && match value {
                Value::String(text) => !text.trim().is_empty(),
                Value::Null => false,
                _ => true,
            }
    })
}

/// The line, or the end of one, that names an organisation and nothing else, a date behind it or
/// not, letters spaced or not (财  政  部), without blanks and date.
fn signature(body: &str) -> Option<String> {
    body.lines().find_map(|line| {
        let line = line.trim_end_matches(['。', ' ', '\u{3000}']);
        let end = line.rsplit('。').next().unwrap_or(line);
        let compact = normalise(end);
        let name = compact.trim_end_matches(is_of_date);
        let length = name.chars().count();
        let signs = (3..=40).contains(&length)
            && !name.contains([',', '。', ':', ';', '各'])
            && ends_as_organisation(name);
        signs.then(|| name.to_owned())
    })
}

/// True of the characters of a date, 二〇二〇年二月十四日 as well.
fn is_of_date(c: char) -> bool {
    c.is_ascii_digit() || "年月日〇零○一二三四五六七八九十".contains(c)
}

/// Whom one of the first lines addresses: 各乡镇人民政府、各有关部门：
fn addressees(body: &str) -> Option<&str> {
    body.lines().take(8).find_map(|line| {
        let names = line.trim_matches(is_blank).strip_suffix(['：', ':'])?;
        let address = names.contains(['各', '局', '委', '办', '府', '厅', '部', '会', '院'])
            && !names.contains(['。', '《'])
            // A sentence that a list follows: 为……，现将有关事项通知如下：
            && !names.ends_with(['下', '定', '排', '整'])
            && !names.starts_with(['为', '经', '按', '根'])
            && names.chars().count() <= LONGEST_ADDRESS;
        address.then_some(names)
    })
}

fn is_separator(c: char) -> bool {
    is_blank(c) || matches!(c, '、' | '，' | ',' | '；' | ';')
}

/// True of an organ of party or government. Administrative commissions of funds and the like
/// are none.
fn is_organ(name: &str) -> bool {
    const ORGANS: [&str; 9] = [
        "政府",
        "办公厅",
        "办公室",
        "部",
        "厅",
        "局",
        "委",
        "委员会",
        "部门",
    ];
    let name = name.trim_end_matches(is_blank);
    ORGANS.iter().any(|end| name.ends_with(end)) && !name.ends_with("管理委员会")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_read_to_their_last_letter() {
        for (body, name) in [
            (
                "正文。\n示例市住房公积金管理委员会\n2020年2月14日",
                "示例市住房公积金管理委员会",
            ),
            ("正文。\n县 扶 贫 办\n二〇二〇年二月十四日", "县扶贫办"),
            ("以本通知为准。 示例县水利局 2020年2月14日", "示例县水利局"),
        ] {
            assert_eq!(signature(body).as_deref(), Some(name));
        }
        assert_eq!(signature("各有关单位\n一、责任单位：县水利局"), None);
    }

    #[test]
    fn a_sentence_before_a_list_addresses_nobody() {
        assert_eq!(
            addressees("各乡镇人民政府，县直各部门：\n正文"),
            Some("各乡镇人民政府，县直各部门")
        );
        assert_eq!(
            addressees("为做好各项工作，经市政府同意，现通知如下：\n一、"),
            None
        );
    }

    #[test]
    fn organs() {
        assert!(is_organ("示例县人民政府办公室") && is_organ("财政部"));
        assert!(!is_organ("示例市住房公积金管理中心"));
        assert!(!is_organ("示例市住房公积金管理委员会"));
    }
}
