//! `format/mixed-fonts`: fonts, sizes, colours and bold of body text, by share of characters.

use super::{Marks, Subject, Weight, at_source};
use crate::document::Run;
use crate::document::style::TextStyle;
use crate::finding::Span;
use crate::layout::{Line, phrase};
use std::collections::BTreeMap;

const RULE: &str = "format/mixed-fonts";

/// A sub-heading is at most this long.
const SUB_HEADING: usize = 40;

pub fn mixed_fonts(subject: &Subject<'_>, marks: &mut Marks) {
    let layout = subject.layout;
    let document = subject.document;
    let mut families: BTreeMap<String, usize> = BTreeMap::new();
    let mut sizes: BTreeMap<String, usize> = BTreeMap::new();
    let (mut all, mut coloured, mut in_font_tag) = (0usize, 0usize, 0usize);
    let mut first: Option<Span> = None;
    let font_tags: Vec<bool> = document.elements.iter().map(|e| e.name == "font").collect();
    let in_font = subject.flagged_inlines(&font_tags);
    for line in layout.body_lines() {
        let block = layout.block(line);
        if is_sub_heading(subject, line) || phrase::is_photo_credit(layout.text(line)) {
            continue;
        }
        let from = lead(layout.text(line)).map_or(line.range.start, |len| line.range.start + len);
        for run in &block.runs {
            let part = run.range.start.max(from)..run.range.end.min(line.range.end);
            if part.start >= part.end {
                continue;
            }
            // Digits and Latin letters often have a font of their own; Chinese text counts.
            let count = block.text.as_str()[part]
                .chars()
                .filter(|c| matches!(c, '\u{4e00}'..='\u{9fff}'))
                .count();
            let style = &document.styles[run.style];
            all += count;
            *families.entry(family(style)).or_default() += count;
            *sizes.entry(size(style)).or_default() += count;
            let link = document.link_of(run.inline).is_some();
            if !link && style.color.as_deref().is_some_and(is_odd_colour) {
                coloured += count;
            }
            if run.inline.is_some_and(|inline| in_font[inline]) {
                in_font_tag += count;
            }
            first = first.or_else(|| place(subject, run));
        }
    }
    let share = |count: usize| count as f64 / all.max(1) as f64;
    let mut words = Vec::new();
    let mut weight = Weight::None;
    if all >= SUB_HEADING {
        let main = families.values().copied().max().unwrap_or(0);
        let other = share(all - main);
        if other >= subject.share {
            words.push(format!(
                "正文用了 {} 种字体，{}不是主要字体",
                families.len(),
                percent(other)
            ));
            weight = weight.max(by_share(other));
        }
        let many = sizes.values().filter(|n| share(**n) >= 0.1).count();
        if many > 2 {
            words.push(format!("正文用了 {many} 种字号"));
            weight = weight.max(Weight::Strong);
        } else if many == 2 {
            let other = share(all - sizes.values().copied().max().unwrap_or(0));
            if other >= subject.share {
                words.push(format!("正文用了两种字号，{}不是主要字号", percent(other)));
                weight = weight.max(Weight::Weak);
            }
        }
        if share(coloured) >= subject.share {
            words.push(format!("{}的文字设了特别的颜色", percent(share(coloured))));
            weight = weight.max(Weight::Weak);
        }
    }
    if layout.all_bold() {
        words.push("正文几乎全部加粗".to_owned());
        weight = Weight::Strong;
    }
    if share(in_font_tag) >= subject.share {
        words.push(format!(
            "{}的文字用旧的 font 标签设字体",
            percent(share(in_font_tag))
        ));
        weight = weight.max(Weight::Weak);
    }
    let span = first.or_else(|| {
        let (line, block) = layout.body_lines().next().map(|l| (l, layout.block(l)))?;
        block.text.source_span(line.range.clone())
    });
    if let (false, Some(span)) = (words.is_empty(), span) {
        let message = "正文的字体、字号、颜色不统一，应统一为网站的正文样式";
        marks.add(
            RULE,
            weight,
            words.join("；"),
            at_source(RULE, span, message),
        );
    }
}

fn by_share(share: f64) -> Weight {
    if share >= 0.35 {
        Weight::Strong
    } else {
        Weight::Weak
    }
}

fn percent(share: f64) -> String {
    format!("{:.0}%", share * 100.0)
}

/// The sub-heading that opens a numbered paragraph (（一）重大意义。…): its length in bytes.
fn lead(text: &str) -> Option<usize> {
    let end = text.find('。')? + '。'.len_utf8();
    (phrase::is_numbered(text) && text[..end].chars().count() <= SUB_HEADING).then_some(end)
}

/// A numbered or wholly bold short line: it may look different.
fn is_sub_heading(subject: &Subject<'_>, line: &Line) -> bool {
    let text = subject.layout.text(line);
    let bold = || {
        crate::layout::runs_within(subject.layout.block(line), &line.range)
            .all(|(_, style)| subject.document.styles[style].bold)
    };
    text.chars().count() <= SUB_HEADING && (phrase::is_numbered(text) || bold())
}

/// The first family, without quotes, as people name it.
fn family(style: &TextStyle) -> String {
    let Some(family) = style.font_family.as_deref() else {
        return String::new();
    };
    let first = family.split(',').next().unwrap_or_default();
    let name = first
        .trim_matches(|c: char| c == '"' || c == '\'' || c.is_whitespace())
        .to_lowercase();
    let name = name.trim_end_matches("_gb2312").trim_end_matches("-gb2312");
    match name {
        "simsun" | "nsimsun" | "新宋体" => "宋体",
        "simhei" => "黑体",
        "fangsong" => "仿宋",
        "kaiti" => "楷体",
        "microsoft yahei" => "微软雅黑",
        "inherit" | "initial" => "",
        other => other,
    }
    .to_owned()
}

/// The size in whole pixels, or as written.
fn size(style: &TextStyle) -> String {
    use crate::document::style::Length;
    let Some(size) = style.font_size.as_deref() else {
        return String::new();
    };
    let bare = size.bytes().all(|b| b.is_ascii_digit());
    match Length::parse(size).filter(|_| !bare) {
        Some(length) => format!("{:.0}px", length.to_px(16.0)),
        None if matches!(size, "inherit" | "initial" | "medium") => String::new(),
        None => size.to_owned(),
    }
}

/// A colour that is neither a near-black grey nor left to the site.
fn is_odd_colour(colour: &str) -> bool {
    let lower = colour.trim().to_ascii_lowercase();
    if matches!(
        lower.as_str(),
        "" | "black"
            | "inherit"
            | "initial"
            | "windowtext"
            | "currentcolor"
            | "auto"
            | "unset"
            | "#000"
            | "dimgray"
    ) {
        return false;
    }
    match rgb(&lower) {
        // Grey text is the colour of the page it was copied from, not of this text's own.
        Some([r, g, b]) => {
            let (low, high) = (r.min(g).min(b), r.max(g).max(b));
            high - low > 40 || high > 140
        }
        None => true,
    }
}

fn rgb(colour: &str) -> Option<[i32; 3]> {
    if let Some(hex) = colour.strip_prefix('#') {
        let digits: Vec<i32> = hex
            .chars()
            .map(|c| c.to_digit(16).map(|d| d as i32))
            .collect::<Option<_>>()?;
        return match digits.len() {
            3 => Some([digits[0] * 17, digits[1] * 17, digits[2] * 17]),
            6 => Some([0, 2, 4].map(|i| digits[i] * 16 + digits[i + 1])),
            _ => None,
        };
    }
    let inner = colour
        .strip_prefix("rgba(")
        .or(colour.strip_prefix("rgb("))?
        .trim_end_matches(')');
    let mut numbers = inner
        .split([',', ' '])
        .filter(|n| !n.is_empty())
        .map(|n| n.parse::<i32>().ok());
    Some([numbers.next()??, numbers.next()??, numbers.next()??])
}

/// The tag that gives a run its look.
fn place(subject: &Subject<'_>, run: &Run) -> Option<Span> {
    let document = subject.document;
    document
        .inline_chain(run.inline)
        .map(|id| &document.elements[id])
        .find(|e| e.name == "font" || e.attribute("style").is_some())
        .map(|e| e.start_tag)
}
