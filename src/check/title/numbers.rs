//! Numbers that do not belong into titles: file names, document numbers, dates.

use super::anatomy::{Anatomy, find_outside};
use crate::check::Draft;
use crate::dictionary::document_kinds::DocumentKinds;
use crate::document::is_blank;
use crate::finding::Severity;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("built-in patterns are tested")
}

/// `title/file-name`: the name of an attached file taken for a title.
pub fn file_name(anatomy: &Anatomy<'_>, out: &mut Vec<Draft>) {
    const RULE: &str = "title/file-name";
    static EXTENSION: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"(?i)[.．](?:docx?|wpsx?|pdf|xlsx?|et|ofd|jpe?g|png|gif|bmp|pptx?|dps|rtf|txt|html?|shtml|zip|rar|7z|mp4|ceb)(?:\s*[（(][0-9]{1,2}[)）])?$",
        )
    });
    static COPY: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"\([0-9]{1,2}\)$|[-－—_]\s*附件\s*[0-9一二三四五六七八九十]{0,2}$|[-－—_ ]*[（(]?(?:副本|最终版|最终稿|定稿版|终稿|定稿|修改稿|最新版|打印版|排版稿|发布版|上网版|挂网版|上传版|网站版)[)）]?[0-9]{0,2}$|(?i)[-_ ]v[0-9]{1,2}$|(?i)^(?:新建|复件).{0,4}(?:文档|文件)|^复件",
        )
    });
    static SERIAL: LazyLock<Regex> = LazyLock::new(|| regex(r"[0-9]{1,3}$"));
    let text = &anatomy.text[anatomy.trimmed.clone()];
    let place = |found: Range<usize>| {
        anatomy.trimmed.start + found.start..anatomy.trimmed.start + found.end
    };
    if let Some(found) = EXTENSION.find(text) {
        let message = format!("标题带有文件扩展名“{}”，应写稿件标题", found.as_str());
        out.push(Draft::title(RULE, place(found.range()), message).suggest(""));
    } else if let Some(found) = COPY.find(text).filter(|found| found.len() < text.len()) {
        let message = format!("标题带有文件名痕迹“{}”，应删去", found.as_str().trim());
        out.push(Draft::title(RULE, place(found.range()), message).suggest(""));
    } else if let Some(found) = SERIAL.find(text) {
        let before = &text[..found.start()];
        if DocumentKinds::built_in().ending(before).is_some() && !before.ends_with('第') {
            let message = format!(
                "标题末尾的序号“{}”像是文件编号，请确认是否需要",
                found.as_str()
            );
            out.push(
                Draft::title(RULE, place(found.range()), message)
                    .severity(Severity::Warning)
                    .suggest(""),
            );
        }
    }
}

/// `title/document-number`: 示政发〔2018〕12号 in a title, or such a number malformed.
pub fn document_number(anatomy: &Anatomy<'_>, out: &mut Vec<Draft>) {
    const RULE: &str = "title/document-number";
    static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"(?P<code>\p{Han}{1,12})[ \u{a0}\u{3000}]*(?P<open>[〔\[【（(［])[ ]*(?P<year>(?:19|20)[0-9]{2})年?[ ]*(?P<close>[〕\]】）)］])[ \u{a0}\u{3000}]*(?P<ordinal>第)?[ ]*(?P<zeros>0*)(?P<number>[1-9][0-9]{0,3})[ ]*(?P<sign>号)?",
        )
    });
    let text = anatomy.text;
    for found in NUMBER.captures_iter(text) {
        let (Some(all), Some(code)) = (found.get(0), found.name("code")) else {
            continue;
        };
        let part = |name: &str| found.name(name).map_or("", |m| m.as_str());
        let code_len = code_of(code.as_str());
        let well_known = code_len > 0;
        let after = &text[all.end()..];
        let signed = !part("sign").is_empty();
        // Without 号 only a code that ends as document codes do shows that it is a number.
        if !well_known && !signed {
            continue;
        }
        if !signed
            && after
                .chars()
                .next()
                .is_some_and(|c| c.is_ascii_digit() || "年月日期批次届个项包标段.-—".contains(c))
        {
            continue;
        }
        let start = if well_known {
            code.end() - code_len
        } else {
            code.start()
        };
        let range = start..all.end();
        let code = &text[start..code.end()];
        let wanted = format!("{code}〔{}〕{}号", part("year"), part("number"));
        let mut slips = slips(&part, signed);
        if slips.is_empty() && text[range.clone()] != wanted {
            slips.push("中间不留空格，年份后不写“年”");
        }
        if slips.is_empty() {
            // A reference to another document, behind its name, is no number of this one.
            if is_reference(text, &range) {
                continue;
            }
            let message = format!("标题中不写发文字号“{wanted}”，发文字号应写在正文标题下方");
            out.push(Draft::title(RULE, range, message).severity(Severity::Warning));
        } else {
            let message = format!("发文字号写法有误：{}，应为“{wanted}”", slips.join("、"));
            out.push(
                Draft::title(RULE, range, message)
                    .severity(Severity::Error)
                    .fix(wanted),
            );
        }
    }
}

/// What is wrong with the parts of a document number.
fn slips<'t>(part: &impl Fn(&str) -> &'t str, signed: bool) -> Vec<&'static str> {
    let mut slips = Vec::new();
    if part("open") != "〔" || part("close") != "〕" {
        slips.push("年份应用六角括号〔〕");
    }
    if !part("ordinal").is_empty() {
        slips.push("序号前不加“第”");
    }
    if !part("zeros").is_empty() {
        slips.push("序号不编虚位（1不编为001）");
    }
    if !signed {
        slips.push("缺少“号”");
    }
    slips
}

/// Ends of document codes (代字): 示政发, 示教函, 示发改字.
const CODE_ENDS: [&str; 16] = [
    "发", "函", "字", "办", "规", "令", "复", "批", "任", "通", "审", "罚", "干", "电", "文", "呈",
];

/// Length in bytes of the document code at the end of `text`; 0 if it does not end in one.
fn code_of(text: &str) -> usize {
    if !CODE_ENDS.iter().any(|end| text.ends_with(end)) {
        return 0;
    }
    // A code has 2 to 6 characters; what stands before it belongs to the title.
    let mut start = text.len();
    for (count, (at, c)) in text.char_indices().rev().enumerate() {
        if count >= 6 || "的于和与及《》、印转件稿知告".contains(c) {
            break;
        }
        start = at;
    }
    text.len() - start
}

/// True for 《…》（示政发〔2018〕12号）, the number of a document that the title names.
fn is_reference(text: &str, range: &Range<usize>) -> bool {
    let before = text[..range.start].trim_end_matches(['（', '(', ' ']);
    before.len() < range.start && before.ends_with(['》', '”'])
        || find_outside(&text[range.end..], "文件").next().is_some()
}

/// `title/date-prefix`: the day of publication typed before the title, a timestamp, 18年.
pub fn date_prefix(anatomy: &Anatomy<'_>, out: &mut Vec<Draft>) {
    const RULE: &str = "title/date-prefix";
    static PREFIX: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"^[\[【（(]?(?:19|20)[0-9]{2}(?:[-－/.．][0-9]{1,2}[-－/.．][0-9]{1,2}|[01][0-9][0-3][0-9])[\]】）)]?[ \u{a0}\u{3000}:：_—-]*",
        )
    });
    static TIME: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"(?:(?:19|20)[0-9]{2}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?[ T]*)?[0-9]{1,2}[:：][0-9]{2}(?:[:：][0-9]{2})|(?:19|20)[0-9]{2}[-/][0-9]{1,2}[-/][0-9]{1,2}(?: [0-9]{1,2}[:：][0-9]{2})?|(?:19|20)[0-9]{10,12}",
        )
    });
    static SHORT_YEAR: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"(?P<found>[0-3][0-9]年)(?:度|上半年|下半年|第[一二三四]季度|[0-9]{1,2}月|工作|预算|决算|部门|财政|春季|秋季|夏季|冬季|政府|中考|高考|招生|招聘|征兵|公开)",
        )
    });
    let text = &anatomy.text[anatomy.trimmed.clone()];
    let place = |found: Range<usize>| {
        anatomy.trimmed.start + found.start..anatomy.trimmed.start + found.end
    };
    let goes_on = |end: usize| {
        text[end..].starts_with(|c: char| c.is_ascii_digit() || "年期号-至".contains(c))
    };
    if let Some(found) = PREFIX
        .find(text)
        .filter(|f| f.len() < text.len() && !goes_on(f.end()))
    {
        let shown = found.as_str().trim_matches(is_blank);
        let message = format!("标题前不应有日期“{shown}”，发布日期由系统显示");
        out.push(Draft::title(RULE, place(found.range()), message).suggest(""));
        return;
    }
    if let Some(found) = TIME.find(text).filter(|found| {
        // Digits that go on are no date.
        let before = text[..found.start()].chars().next_back();
        let after = text[found.end()..].chars().next();
        !before.is_some_and(|c| c.is_ascii_digit()) && !after.is_some_and(|c| c.is_ascii_digit())
    }) {
        let message = format!("标题中不应有日期时间戳“{}”", found.as_str());
        out.push(Draft::title(RULE, place(found.range()), message).suggest(""));
        return;
    }
    for captures in SHORT_YEAR.captures_iter(text) {
        let Some(found) = captures.name("found") else {
            continue;
        };
        let before = text[..found.start()].chars().next_back();
        if before.is_some_and(|c| c.is_ascii_digit() || "第近前后.-—－～至".contains(c)) {
            continue;
        }
        let year = format!("20{}", found.as_str());
        let message = format!("年份不应简写，“{}”应为“{year}”", found.as_str());
        out.push(Draft::title(RULE, place(found.range()), message).suggest(year));
    }
}
