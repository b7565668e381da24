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
    let signed = signed(body);
    // Only the document as it was issued is judged, not what is told of it: one that is addressed
    // or signed.
    let issued = signed || addressed(body);
    if !issued || body.chars().filter(|c| !c.is_whitespace()).count() < LEAST_BODY {
        return;
    }
    let mut lacks = Vec::new();
    let whole = format!("{}\n{body}", filing.title);
    if !NUMBER.is_match(&whole) && !has_field(context, &["文号", "字号", "document_number"]) {
        lacks.push("发文字号");
    }
    if anatomy.issuer().is_none()
        && context.post.unit.is_none()
        && !has_field(context, &["机关", "issuer"])
        && !signed
    {
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

/// True if a line names an organisation and nothing else, a date behind it or not, letters spaced
/// or not (财  政  部).
fn signed(body: &str) -> bool {
    body.lines().any(|line| {
        let compact = normalise(line);
        let name = compact.trim_end_matches(|c: char| {
            c.is_ascii_digit() || matches!(c, '年' | '月' | '日' | '〇' | '一'..='十')
        });
        let length = name.chars().count();
        (3..=40).contains(&length)
            && !name.contains([',', '，', '。'])
            && ends_as_organisation(name)
    })
}

/// True if one of the first lines addresses someone: 各乡镇人民政府、各有关部门：
fn addressed(body: &str) -> bool {
    body.lines().take(8).any(|line| {
        let line = line.trim_matches(is_blank);
        line.strip_suffix(['：', ':']).is_some_and(|names| {
            names.contains(['各', '局', '委', '办', '府', '厅', '部', '会', '院'])
                && !names.contains('。')
        })
    })
}
