//! The kind of document (文种) at the end of a title, and words said twice.

use super::anatomy::{Anatomy, Family, find_outside};
use crate::check::{Context, Draft};
use crate::dictionary::document_kinds::{DocumentKinds, Standing};
use crate::document::{is_blank, trim_range};
use crate::finding::Severity;
use regex::Regex;
use std::sync::LazyLock;

/// True if the title breaks off inside 《.
pub fn is_cut_off(anatomy: &Anatomy<'_>) -> bool {
    let text = anatomy.text;
    anatomy.about.is_some() && anatomy.kind.is_none() && text.rfind('《') > text.rfind('》')
}

/// `title/document-kind`.
pub fn document_kind(context: &Context<'_>, anatomy: &Anatomy<'_>, out: &mut Vec<Draft>) {
    const RULE: &str = "title/document-kind";
    let text = anatomy.text;
    if is_cut_off(anatomy) {
        let from = text.rfind('《').unwrap_or(anatomy.core.start);
        let message = "标题在书名号内中断，可能被截断，请补全";
        out.push(Draft::title(RULE, from..anatomy.trimmed.end, message));
        return;
    }
    if let Some(draft) = obsolete(RULE, anatomy) {
        out.push(draft);
        return;
    }
    if anatomy.family == Family::Official && anatomy.about.is_some() && anatomy.kind.is_none() {
        let message = "公文标题缺少文种（如“通知”“公告”“意见”），请在末尾补上";
        out.push(Draft::title(RULE, anatomy.core.clone(), message));
        return;
    }
    closing(RULE, context, anatomy, out);
}

fn obsolete(rule: &str, anatomy: &Anatomy<'_>) -> Option<Draft> {
    // News ends in 申请 and 指示 too; only 关于…的申请 uses it as a kind.
    anatomy.about?;
    let core = anatomy.core_text().trim_end_matches(is_blank);
    let (kind, wanted) = DocumentKinds::built_in()
        .obsolete
        .iter()
        .filter(|(kind, _)| core.ends_with(kind.as_str()))
        .max_by_key(|(kind, _)| kind.len())?;
    let end = anatomy.core.start + core.len();
    let message = format!("“{kind}”不是规范的公文文种，一般应为“{wanted}”");
    Some(
        Draft::title(rule, end - kind.len()..end, message)
            .severity(Severity::Warning)
            .suggest(wanted),
    )
}

/// The body closes 特此通告 under a title that ends in 通知.
fn closing(rule: &str, context: &Context<'_>, anatomy: &Anatomy<'_>, out: &mut Vec<Draft>) {
    let Some(kind) = &anatomy.kind else { return };
    let kind = &anatomy.text[kind.clone()];
    let compact: String = kind.chars().filter(|c| !is_blank(*c)).collect();
    // What is issued or passed on with the document closes in its own words.
    let encloses = ["印发", "转发", "批转", "《"]
        .iter()
        .any(|w| anatomy.text.contains(w));
    let judged = matches!(anatomy.standing, Some(Standing::Statutory)) || compact == "公示";
    if encloses || !judged || anatomy.family != Family::Official {
        return;
    }
    let closings = &DocumentKinds::built_in().closing;
    let last = context
        .body
        .visible_blocks()
        .filter(|(_, block)| !block.in_table)
        .filter_map(|(_, block)| {
            let text = block.text.as_str()[trim_range(block.text.as_str())]
                .trim_end_matches(['。', '！', '!', '.']);
            closings.get_key_value(text)
        })
        .last();
    if let Some((formula, kinds)) = last
        && !kinds.contains(&compact)
        && closings.values().any(|kinds| kinds.contains(&compact))
        && let Some(range) = anatomy.kind.clone()
    {
        let wanted = &kinds[0];
        let message = format!("标题文种是“{compact}”，正文却以“{formula}”结尾，两者应一致");
        out.push(
            Draft::title(rule, range, message)
                .severity(Severity::Warning)
                .evidence(format!("若正文结尾无误，标题文种应为“{wanted}”"))
                .suggest(wanted),
        );
    }
}

/// `title/repetition`.
pub fn repetition(anatomy: &Anatomy<'_>, out: &mut Vec<Draft>) {
    const RULE: &str = "title/repetition";
    static KIND_TWICE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new("的?(?:通知的通知|公告的公告|意见的意见|通告的通告|公示的公示|通报的通报|报告的报告|批复的批复|函的函|决定的决定|通知通知|公告公告|公示公示|通告通告)$")
            .expect("built-in patterns are tested")
    });
    static REPLY: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new("^关于(?P<found>对).*(?:建议|提案|议案).*(?:答复|复函|回复)")
            .expect("built-in patterns are tested")
    });
    let text = anatomy.text;
    let core = anatomy.core_text();
    let base = anatomy.core.start;
    if let Some(at) = find_outside(core, "关于关于").next() {
        let range = base + at..base + at + "关于关于".len();
        let draft = Draft::title(RULE, range, "“关于”重复，应删去一个").fix("关于");
        out.push(draft);
        return;
    }
    if let Some(at) = doubled_de(text) {
        let range = at..at + "的的".len();
        out.push(Draft::title(RULE, range, "“的”重复，应删去一个").fix("的"));
        return;
    }
    if let Some(found) = KIND_TWICE.find(core) {
        let half = found.as_str();
        let kind: String = half
            .chars()
            .rev()
            .take(2)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .collect();
        let kind = if half.ends_with("函的函") {
            "函".to_owned()
        } else {
            kind
        };
        let lead = if half.starts_with('的') { "的" } else { "" };
        let range = base + found.start()..base + found.end();
        let message = format!("文种“{kind}”重复，应只保留一个");
        out.push(Draft::title(RULE, range, message).suggest(format!("{lead}{kind}")));
        return;
    }
    if let Some(draft) = whole_twice(RULE, anatomy) {
        out.push(draft);
        return;
    }
    let mut abouts = find_outside(core, "关于");
    if anatomy.about.is_some()
        && let (Some(first), Some(second)) = (abouts.next(), abouts.next())
        && ["转发", "批转"]
            .iter()
            .any(|w| core[first..second].contains(w))
    {
        let range = base + second..base + second + "关于".len();
        let message = "转发类标题出现两个“关于”，应省去前一个（写作“转发……关于……的通知”）";
        out.push(Draft::title(RULE, range, message));
        return;
    }
    if let Some(found) = REPLY.captures(core).and_then(|c| c.name("found")) {
        let range = base..base + found.end();
        let message = "“关于对”用语重复，建议答复一般写作“对……的答复”";
        out.push(
            Draft::title(RULE, range, message)
                .severity(Severity::Info)
                .suggest("对"),
        );
    }
}

/// 的的 that is a slip: not 的的确确, 的的喀喀湖, 目的的.
fn doubled_de(text: &str) -> Option<usize> {
    text.match_indices("的的").map(|(at, _)| at).find(|&at| {
        let before = text[..at].chars().next_back();
        let after = text[at + "的的".len()..].chars().next();
        !matches!(before, Some('目' | '有' | '众' | '标' | '无'))
            && !matches!(after, Some('确' | '喀' | '士' | '哥'))
    })
}

/// The title pasted twice, or its beginning once more at its end.
fn whole_twice(rule: &str, anatomy: &Anatomy<'_>) -> Option<Draft> {
    let text = &anatomy.text[anatomy.trimmed.clone()];
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let count = chars.len();
    // The longest prefix that is a suffix too and does not overlap it. Short ones are a name
    // that comes twice, unless they are all there is.
    let longest = (6..=count / 2).rev().find(|&len| {
        let from = chars[count - len].0;
        let to = chars.get(len).map_or(text.len(), |(at, _)| *at);
        let whole = text[to..from].trim_matches(is_blank).is_empty();
        text[..to] == text[from..] && (whole || len >= 10)
    })?;
    let from = anatomy.trimmed.start + chars[count - longest].0;
    let message = "标题末尾重复了开头的文字，可能粘贴了两次";
    Some(Draft::title(rule, from..anatomy.trimmed.end, message).suggest(""))
}
