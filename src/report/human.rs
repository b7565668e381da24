//! `human`: the report that an editor reads, in Chinese, with the excerpt as the reader of the
//! post sees it and the slip underlined.

use super::{Report, Summary, not_checked_reason};
use crate::document::{Document, is_invisible, trim_range};
use crate::finding::{Field, Finding, Severity, Span, Suggestion};
use crate::gate::PostResult;
use crate::ignore::id_text;
use crate::post::Post;
use crate::rulebook::family_name;
use anstyle::{AnsiColor, Style};
use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteSpanContents,
    SourceCode, SourceSpan, SpanContents, ThemeStyles,
};
use std::fmt;
use std::io::{self, Write};
use std::ops::Range;
use unicode_width::UnicodeWidthChar;

/// How the report is set.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    pub color: bool,
    /// Display columns of a line.
    pub width: usize,
    /// Findings only: neither the summary nor what was not checked.
    pub quiet: bool,
}

/// The report in the making.
pub struct Human {
    layout: Layout,
    snippets: GraphicalReportHandler,
    shown: usize,
}

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const RED: Style = AnsiColor::Red.on_default().bold();
const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
const CYAN: Style = AnsiColor::Cyan.on_default().bold();
const GREEN: Style = AnsiColor::Green.on_default();

/// Suggestions and evidence are cut to this many characters.
const LONGEST_QUOTE: usize = 120;

impl Human {
    /// A report set as `layout` says.
    pub fn new(layout: Layout) -> Self {
        let mut theme = if layout.color {
            GraphicalTheme {
                styles: ThemeStyles::ansi(),
                ..GraphicalTheme::unicode()
            }
        } else {
            GraphicalTheme::unicode_nocolor()
        };
        theme.characters.error = Severity::Error.chinese().to_owned();
        theme.characters.warning = Severity::Warning.chinese().to_owned();
        theme.characters.advice = Severity::Info.chinese().to_owned();
        let snippets = GraphicalReportHandler::new_themed(theme)
            // Terminals wrap by themselves, and do not tear rule ids apart.
            .with_wrap_lines(false)
            .without_primary_span_start()
            .with_context_lines(0);
        Self {
            layout,
            snippets,
            shown: 0,
        }
    }

    /// `text` in `style`, or bare where there is no colour.
    fn paint(&self, style: Style, text: impl fmt::Display) -> String {
        if self.layout.color {
            format!("{style}{text}{style:#}")
        } else {
            text.to_string()
        }
    }

    fn heading(&self, result: &PostResult, title: &str, out: &mut dyn Write) -> io::Result<()> {
        if self.shown > 0 {
            writeln!(out)?;
        }
        let id = id_text(&result.id);
        let source = match &*result.source {
            "-" => "标准输入",
            path => path,
        };
        let title = match title {
            "" => "（没有标题）",
            title => title,
        };
        writeln!(out, "{}", self.paint(BOLD, format!("■ {title}")))?;
        writeln!(
            out,
            "{}",
            self.paint(DIM, format!("  编号 {id}　来源 {source}"))
        )
    }

    fn finding(
        &self,
        finding: &Finding,
        excerpt: Option<Excerpt>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let shown = Shown {
            message: format!("{}（{}）", finding.message, finding.rule),
            severity: finding.severity,
            excerpt,
        };
        let mut text = String::new();
        self.snippets
            .render_report(&mut text, &shown)
            .map_err(|error| io::Error::other(error.to_string()))?;
        out.write_all(text.as_bytes())?;
        for suggestion in finding.suggestions.iter().take(3) {
            let line = format!("     建议：{}", self.suggestion(finding, suggestion));
            writeln!(out, "{line}")?;
        }
        for evidence in &finding.evidence {
            writeln!(out, "     依据：{}", one_line(evidence))?;
        }
        Ok(())
    }

    fn suggestion(&self, finding: &Finding, suggestion: &Suggestion) -> String {
        let what = match (finding.text.is_empty(), suggestion.text.is_empty()) {
            (false, true) => format!("删去“{}”", one_line(&finding.text)),
            _ => format!("改为“{}”", one_line(&suggestion.text)),
        };
        match (suggestion.safe, suggestion.edits.is_empty()) {
            (_, true) => what,
            (true, false) => what + &self.paint(GREEN, "（可自动修正）"),
            (false, false) => what + "（请核对后修改）",
        }
    }
}

impl Report for Human {
    fn begin(&mut self, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    fn post(&mut self, result: &PostResult, out: &mut dyn Write) -> io::Result<()> {
        if result.findings.is_empty() && result.error.is_none() {
            return Ok(());
        }
        let excerpts = result.post.as_ref().map(Excerpts::new);
        let title = excerpts.as_ref().map_or(String::new(), Excerpts::title);
        if result.post.is_some() {
            self.heading(result, &title, out)?;
        } else if self.shown > 0 {
            writeln!(out)?;
        }
        self.shown += 1;
        let width = self.layout.width.saturating_sub(8);
        for finding in &result.findings {
            let excerpt = excerpts.as_ref().and_then(|e| e.of(finding, width));
            self.finding(finding, excerpt, out)?;
        }
        if let Some(error) = &result.error {
            let label = self.paint(RED, "无法检查");
            writeln!(out, "  {label} {}", error.message())?;
        }
        Ok(())
    }

    fn end(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        if self.layout.quiet {
            return Ok(());
        }
        if self.shown > 0 {
            writeln!(out)?;
        }
        let count = |style, number: usize, text: String| {
            if number > 0 {
                self.paint(style, text)
            } else {
                text
            }
        };
        let mut parts = Vec::new();
        if summary.errors + summary.warnings + summary.infos == 0 {
            if summary.posts > summary.unreadable {
                parts.push("没有发现问题".to_owned());
            }
        } else {
            let (e, w, i) = (summary.errors, summary.warnings, summary.infos);
            parts.push(count(RED, e, format!("错误 {e} 处")));
            parts.push(count(YELLOW, w, format!("警告 {w} 处")));
            parts.push(count(CYAN, i, format!("提示 {i} 处")));
        }
        if summary.unreadable > 0 {
            let text = format!("无法读取 {} 篇", summary.unreadable);
            parts.push(self.paint(RED, text));
        }
        if summary.internal > 0 {
            let text = format!("没能查完 {} 篇", summary.internal);
            parts.push(self.paint(RED, text));
        }
        if summary.ignored > 0 {
            parts.push(format!("按设置忽略 {} 处", summary.ignored));
        }
        let posts = summary.posts;
        writeln!(out, "共检查 {posts} 篇：{}。", parts.join("，"))?;
        for line in not_checked_lines(summary) {
            writeln!(out, "{}", self.paint(DIM, line))?;
        }
        Ok(())
    }
}

/// What was not checked, a line a reason.
pub fn not_checked_lines(summary: &Summary) -> Vec<String> {
    let mut by_reason: Vec<(&str, Vec<&str>)> = Vec::new();
    for family in &summary.not_checked {
        let name = family_name(&family.family);
        match by_reason.iter_mut().find(|(r, _)| *r == family.reason) {
            Some((_, names)) => names.push(name),
            None => by_reason.push((&family.reason, vec![name])),
        }
    }
    by_reason
        .into_iter()
        .map(|(reason, names)| {
            // Without a list or a model of the columns the standard ones still serve.
            let what = match reason {
                "no columns" | "no model" => "没有查全",
                _ => "没有检查",
            };
            let reason = not_checked_reason(reason);
            format!("{what}：{}。原因：{reason}。", names.join("、"))
        })
        .collect()
}

/// Text on one line, cut if it is long.
fn one_line(text: &str) -> String {
    let mut line: String = text.chars().take(LONGEST_QUOTE).map(shown).collect();
    if text.chars().nth(LONGEST_QUOTE).is_some() {
        line.push('…');
    }
    line
}

/// A character as it is shown in a line: breaks and what cannot be seen get a sign.
fn shown(c: char) -> char {
    match c {
        '\n' | '\r' => '↵',
        '\t' | '\u{a0}' => ' ',
        c if c.is_control() || is_invisible(c) => '·',
        c => c,
    }
}

/// The documents of a post, from which excerpts are cut.
struct Excerpts<'p> {
    post: &'p Post,
    title: Document<'p>,
    body: Document<'p>,
}

impl<'p> Excerpts<'p> {
    fn new(post: &'p Post) -> Self {
        Self {
            post,
            title: Document::title(&post.title),
            body: Document::body(&post.body, post.format),
        }
    }

    /// The title on one line.
    fn title(&self) -> String {
        let text = self.title.first_text().as_str();
        one_line(&text[trim_range(text)])
    }

    /// The text around a finding, at most `width` display columns of it.
    fn of(&self, finding: &Finding, width: usize) -> Option<Excerpt> {
        let span = finding.span?;
        let field = finding.field.chinese();
        let document = match finding.field {
            Field::Title => &self.title,
            Field::Body => &self.body,
            other => {
                let source = self.post.field(other)?;
                return Some(Excerpt::cut(
                    field.to_owned(),
                    1,
                    source,
                    span.start..span.end,
                    width,
                ));
            }
        };
        if let Some((block, range)) = seen(document, span) {
            let text = document.blocks[block].text.as_str();
            if finding.field == Field::Title {
                return Some(Excerpt::cut(field.to_owned(), 1, text, range, width));
            }
            let number = document
                .visible_blocks()
                .take_while(|(index, _)| *index <= block)
                .count()
                .max(1);
            let name = format!("{field}第 {number} 段");
            return Some(Excerpt::cut(name, number, text, range, width));
        }
        // Nothing there that a reader sees: a tag, an attribute. Show the source.
        let source = document.source;
        let line = source.get(..span.start)?.matches('\n').count() + 1;
        let name = format!("{field}源代码第 {line} 行");
        Some(Excerpt::cut(
            name,
            line,
            source,
            span.start..span.end,
            width,
        ))
    }
}

/// The first block with something to see in `span`, and where in its text.
fn seen(document: &Document<'_>, span: Span) -> Option<(usize, Range<usize>)> {
    let first = document.block_at(span.start)?;
    document.blocks[first..]
        .iter()
        .take_while(|block| block.span.start < span.end)
        .map(|block| block.text.visible_within(span))
        .enumerate()
        .find(|(_, range)| !range.is_empty())
        .map(|(offset, range)| (first + offset, range))
}

/// A line of text with a marked part.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Excerpt {
    /// Where it stands, for people.
    name: String,
    /// The number in the margin, from 1.
    number: usize,
    text: String,
    /// Bytes of `text`.
    mark: Range<usize>,
}

impl Excerpt {
    /// Cuts `text` down to `width` display columns around `mark` (bytes of `text`).
    fn cut(name: String, number: usize, text: &str, mark: Range<usize>, width: usize) -> Self {
        let columns = |c: char| shown(c).width().unwrap_or(0);
        // As much as fits into `room`, whether something did not, and the columns taken.
        let take = |chars: &mut dyn Iterator<Item = char>, room: usize| {
            let (mut taken, mut used) = (Vec::new(), 0);
            for c in chars {
                if used + columns(c) > room {
                    return (taken, true, used);
                }
                used += columns(c);
                taken.push(shown(c));
            }
            (taken, false, used)
        };
        let width = width.max(20);
        let before = || text[..mark.start].chars().rev();
        let after = || text[mark.end..].chars();
        // A long mark leaves a fifth of the room to what stands around it, if that needs it.
        let around = take(&mut before().chain(after()), width / 5).2;
        let (marked, cut, used) = take(&mut text[mark.clone()].chars(), width - around);
        let room = width - used;
        // What one side does not need the other may have.
        let needed_after = take(&mut after(), room).2;
        let (before, cut_before, used) =
            take(&mut before(), room - needed_after.min(room - room / 2));
        let (after, cut_after, _) = take(&mut after(), room - used);
        let mut line = String::new();
        if cut_before {
            line.push('…');
        }
        line.extend(before.into_iter().rev());
        let start = line.len();
        line.extend(marked);
        let end = line.len();
        if cut {
            line.push('…');
        } else {
            line.extend(after);
            if cut_after {
                line.push('…');
            }
        }
        Self {
            name,
            number,
            text: line,
            mark: start..end,
        }
    }
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        _: &SourceSpan,
        _: usize,
        _: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, miette::MietteError> {
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            self.text.as_bytes(),
            (0, self.text.len()).into(),
            self.number - 1,
            0,
            1,
        )))
    }
}

/// A finding as miette lays it out.
#[derive(Debug)]
struct Shown {
    message: String,
    severity: Severity,
    excerpt: Option<Excerpt>,
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Shown {}

impl Diagnostic for Shown {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Info => miette::Severity::Advice,
        })
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.excerpt.as_ref().map(|e| e as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let excerpt = self.excerpt.as_ref()?;
        let label = LabeledSpan::new(None, excerpt.mark.start, excerpt.mark.len());
        Some(Box::new(std::iter::once(label)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Origin;
    use serde_json::Value;
    use unicode_width::UnicodeWidthStr;

    fn report(post: Post, field: Field, span: Span) -> String {
        let finding = Finding {
            rule: "typo/confusable".into(),
            severity: Severity::Error,
            message: "“拔款”应为“拨款”".into(),
            field,
            span: Some(span),
            text: "拔款".into(),
            suggestions: vec![],
            confidence: 1.0,
            evidence: vec![],
            fingerprint: String::new(),
        };
        let result = PostResult {
            source: "-".into(),
            id: Value::from(1),
            origin: Origin::JsonLine { line: 1 },
            post: Some(post),
            findings: vec![finding],
            ignored: 0,
            error: None,
        };
        let mut human = Human::new(Layout {
            color: false,
            width: 80,
            quiet: true,
        });
        let mut out = Vec::new();
        human.post(&result, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    /// The display columns that the underline covers, and what stands above them.
    fn underlined(report: &str) -> String {
        let lines: Vec<_> = report.lines().collect();
        let at = lines
            .iter()
            .position(|l| l.contains('─') && l.contains('·'))
            .unwrap();
        let (text, mark) = (lines[at - 1], lines[at]);
        let before = mark.split('─').next().unwrap().width();
        let len = mark.matches('─').count();
        let mut column = 0;
        let mut covered = String::new();
        for c in text.chars() {
            if column >= before && column < before + len {
                covered.push(c);
            }
            column += c.width().unwrap_or(0);
        }
        assert_eq!(covered.width(), len, "{report}");
        covered
    }

    #[test]
    fn the_underline_stands_under_full_width_characters() {
        for (body, mark) in [
            ("<p>示例县２０１８年拔款３万元，ABC拨付到位。</p>", "拔款"),
            (
                "<p>县财政&ldquo;一事一议&rdquo;拔<b>款</b>到位</p>",
                "拔<b>款",
            ),
            ("拔款", "拔款"),
        ] {
            let start = body.find(mark).unwrap();
            let span = Span {
                start,
                end: start + mark.len(),
            };
            let report = report(Post::new("标题", body), Field::Body, span);
            assert_eq!(underlined(&report), "拔款");
        }
    }

    #[test]
    fn long_paragraphs_are_cut_on_both_sides() {
        let body = format!("{}拔款{}", "甲乙丙，".repeat(200), "丁戊己。".repeat(200));
        let start = body.find("拔款").unwrap();
        let span = Span {
            start,
            end: start + 6,
        };
        let report = report(Post::new("标题", body), Field::Body, span);
        assert_eq!(underlined(&report), "拔款");
        assert!(report.lines().all(|line| line.width() <= 80), "{report}");
        assert_eq!(report.matches('…').count(), 2);
    }

    #[test]
    fn text_that_fits_is_not_cut() {
        for mark in [0..3, 27..30, 57..60, 0..60, 3..57] {
            let text = "一二三四五六七八九十一二三四五六七八九十";
            let excerpt = Excerpt::cut(String::new(), 1, text, mark.clone(), 40);
            assert_eq!((&*excerpt.text, excerpt.mark), (text, mark));
        }
        let text = "一二三四五六七八九十".repeat(10);
        let excerpt = Excerpt::cut(String::new(), 1, &text, 0..240, 40);
        assert_eq!(excerpt.text, "一二三四五六七八九十一二三四五六…");
        let excerpt = Excerpt::cut(String::new(), 1, &text, 297..300, 40);
        assert_eq!(excerpt.text, "…一二三四五六七八九十一二三四五六七八九十");
    }

    #[test]
    fn breaks_and_invisible_characters_are_shown() {
        let title = "关于召开会议的\u{200b}拔款\n通知";
        let start = title.find("拔款").unwrap();
        let span = Span {
            start,
            end: start + 6,
        };
        let report = report(Post::new(title, ""), Field::Title, span);
        assert!(report.contains("关于召开会议的·拔款↵通知"), "{report}");
        assert_eq!(underlined(&report), "拔款");
    }
}
