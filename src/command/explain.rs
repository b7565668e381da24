//! `baguan explain`: the rule book, on the terminal or as JSON.

use super::{Color, Error, Status, config_file, stdout_is_terminal, width};
use crate::config::Config;
use crate::finding::Severity;
use crate::gate::rule_book;
use crate::rulebook::{Example, FAMILIES, FixSafety, Rule, RuleBook, family_name, family_of};
use crate::settings::nearest;
use anstyle::{AnsiColor, Style};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::Write;
use std::path::PathBuf;
use unicode_width::UnicodeWidthStr;

#[derive(Debug, Args)]
#[command(
    override_usage = "baguan explain [选项] [规则或类别]",
    help_template = super::HELP_TEMPLATE,
    next_help_heading = "选项",
    after_help = "不写规则则按类别列出全部规则。例如：baguan explain title，baguan explain title/length"
)]
pub struct ExplainArgs {
    #[arg(
        value_name = "规则或类别",
        help_heading = "参数",
        help = "规则编号（title/length）或类别（title）"
    )]
    name: Option<String>,
    #[arg(
        long,
        value_name = "文件",
        help = "配置文件；不写则从当前文件夹逐级向上找 baguan.toml（为了列出本站规则）"
    )]
    config: Option<PathBuf>,
    #[arg(
        long,
        value_name = "格式",
        value_enum,
        default_value = "human",
        hide_possible_values = true,
        hide_default_value = true,
        help = "human 或 json，默认 human"
    )]
    format: Format,
    #[arg(
        long,
        value_name = "何时",
        value_enum,
        default_value = "auto",
        hide_possible_values = true,
        hide_default_value = true,
        help = "是否用颜色：auto、always、never，默认 auto"
    )]
    color: Color,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Json,
}

/// Runs the command.
pub fn run(args: &ExplainArgs) -> Result<Status, Error> {
    let book = book(args)?;
    let terminal = stdout_is_terminal();
    let page = Page {
        color: args.color.resolve(terminal),
        width: width(terminal),
    };
    let as_json = args.format == Format::Json;
    let text = match args.name.as_deref().map(str::trim) {
        None if as_json => pretty(&book.rules().map(record).collect()),
        None => page.list(&book, FAMILIES.iter().map(|(family, _)| *family)),
        Some(name) => match book.get(name) {
            Some(rule) if as_json => pretty(&record(rule)),
            Some(rule) => page.rule(rule),
            None if FAMILIES.iter().any(|(family, _)| *family == name) => {
                let of_family = |rule: &&Rule| family_of(&rule.id) == name;
                if as_json {
                    pretty(&book.rules().filter(of_family).map(record).collect())
                } else {
                    page.list(&book, std::iter::once(name))
                }
            }
            None => return Err(unknown(&book, name)),
        },
    };
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(Status::Clean)
}

fn book(args: &ExplainArgs) -> Result<RuleBook, Error> {
    let file = config_file(args.config.clone())?;
    let config = file.map(|file| Config::load(&file)).transpose()?;
    Ok(rule_book(&config.unwrap_or_default())?)
}

fn unknown(book: &RuleBook, name: &str) -> Error {
    let families = FAMILIES.iter().map(|(family, _)| *family);
    let known = book.rules().map(|rule| rule.id.as_str()).chain(families);
    let hint = nearest(name, known).map_or_else(
        || "用 baguan explain 看全部规则".to_owned(),
        |near| format!("是不是想写“{near}”？"),
    );
    Error::Message(format!("没有规则或规则类别“{name}”，{hint}"))
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

fn record(rule: &Rule) -> Value {
    let fix = match rule.fix {
        FixSafety::None => "none",
        FixSafety::Safe => "safe",
        FixSafety::Unsafe => "unsafe",
        FixSafety::Sometimes => "sometimes",
    };
    let options: serde_json::Map<_, _> = rule
        .options
        .iter()
        .map(|(name, option)| {
            let value = json!({"default": option.default, "about": option.about});
            (name.clone(), value)
        })
        .collect();
    json!({
        "id": rule.id,
        "name": rule.name,
        "family": family_of(&rule.id),
        "family_name": family_name(family_of(&rule.id)),
        "severity": rule.severity,
        "enabled": rule.enabled,
        "what": rule.what,
        "why": rule.why,
        "mend": rule.mend,
        "fix": fix,
        "options": options,
        "bad": rule.bad.iter().map(example).collect::<Value>(),
        "good": rule.good.iter().map(example).collect::<Value>(),
    })
}

fn example(example: &Example) -> Value {
    let fields = [
        ("title", &example.title),
        ("body", &example.body),
        ("column", &example.column),
        ("unit", &example.unit),
        ("published_at", &example.published_at),
        ("note", &example.note),
    ];
    fields
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.as_deref()?)))
        .collect()
}

const HEADING: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

fn severity_style(severity: Severity) -> Style {
    let color = match severity {
        Severity::Error => AnsiColor::Red,
        Severity::Warning => AnsiColor::Yellow,
        Severity::Info => AnsiColor::Cyan,
    };
    color.on_default().bold()
}

/// How text is set on the terminal.
struct Page {
    color: bool,
    width: usize,
}

impl Page {
    fn paint(&self, style: Style, text: &str) -> String {
        if self.color {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }

    /// Text wrapped at the page's width, `first` before its first line, as many blanks before
    /// the others. Line breaks stay.
    fn wrapped(&self, first: &str, text: &str, out: &mut String) {
        let rest = " ".repeat(first.width());
        for (index, line) in text.trim().lines().enumerate() {
            let options = textwrap::Options::new(self.width)
                .initial_indent(if index == 0 { first } else { &rest })
                .subsequent_indent(&rest)
                .break_words(true)
                .word_separator(textwrap::WordSeparator::UnicodeBreakProperties)
                .wrap_algorithm(textwrap::WrapAlgorithm::FirstFit);
            for line in textwrap::wrap(line.trim_end(), options) {
                // Writing to a string cannot fail.
                let _ = writeln!(out, "{}", line.trim_end());
            }
        }
    }

    fn section(&self, heading: &str, text: &str, out: &mut String) {
        if text.trim().is_empty() {
            return;
        }
        let _ = writeln!(out, "\n{}", self.paint(HEADING, heading));
        self.wrapped("  ", text, out);
    }

    fn list<'f>(&self, book: &RuleBook, families: impl Iterator<Item = &'f str>) -> String {
        let mut out = String::new();
        let families: Vec<_> = families.collect();
        let longest = book
            .rules()
            .filter(|rule| families.contains(&family_of(&rule.id)))
            .map(|rule| rule.id.width())
            .max()
            .unwrap_or(0);
        for family in families {
            let name = family_name(family);
            let rules: Vec<_> = book
                .rules()
                .filter(|rule| family_of(&rule.id) == family)
                .collect();
            if family == "site" && rules.is_empty() {
                continue;
            }
            if !out.is_empty() {
                out.push('\n');
            }
            let _ = writeln!(
                out,
                "{}",
                self.paint(HEADING, &format!("{name}（{family}）"))
            );
            if rules.is_empty() {
                let _ = writeln!(out, "  {}", self.paint(DIM, "本版本还没有这类规则"));
            }
            for rule in rules {
                let pad = " ".repeat(longest - rule.id.width());
                let severity = self.paint(severity_style(rule.severity), rule.severity.chinese());
                let mut notes = Vec::new();
                if matches!(rule.fix, FixSafety::Safe | FixSafety::Sometimes) {
                    notes.push("可自动修正");
                }
                if !rule.enabled {
                    notes.push("默认关闭");
                }
                let notes = if notes.is_empty() {
                    String::new()
                } else {
                    self.paint(DIM, &format!("（{}）", notes.join("，")))
                };
                let _ = writeln!(out, "  {}{pad}  {severity}  {}{notes}", rule.id, rule.name);
            }
        }
        out
    }

    fn rule(&self, rule: &Rule) -> String {
        let mut out = String::new();
        let title = format!("{}（{}）", rule.name, rule.id);
        let _ = writeln!(out, "{}", self.paint(HEADING, &title));
        let severity = self.paint(severity_style(rule.severity), rule.severity.chinese());
        let state = if rule.enabled { "" } else { "，默认关闭" };
        let family = family_name(family_of(&rule.id));
        let _ = writeln!(out, "类别：{family}　级别：{severity}{state}");
        self.section("是什么", &rule.what, &mut out);
        self.section("为什么", &rule.why, &mut out);
        self.section("怎么改", &rule.mend, &mut out);
        let fix = match rule.fix {
            FixSafety::None => "没有，需要人来改。",
            FixSafety::Safe => "有，可以放心使用：baguan fix。",
            FixSafety::Unsafe => "有，但要人核对：baguan fix --unsafe。",
            FixSafety::Sometimes => {
                "看情况：有把握的用 baguan fix 就能改，其余的要人核对或人来改。"
            }
        };
        self.section("自动修正", fix, &mut out);
        if !rule.options.is_empty() {
            let _ = writeln!(out, "\n{}", self.paint(HEADING, "选项"));
            for (name, option) in &rule.options {
                let text = format!("{name}（默认 {}）：{}", option.default, option.about);
                self.wrapped("  ", &text, &mut out);
            }
        }
        self.examples("错误示例", "✗ ", &rule.bad, &mut out);
        self.examples("正确示例", "✓ ", &rule.good, &mut out);
        let id = &rule.id;
        let set = match rule.options.first_key_value() {
            Some((name, option)) => format!(
                "\"{id}\" = \"off\"\n或 \"{id}\" = {{ severity = \"warning\", {name} = {} }}",
                option.default
            ),
            None => format!("\"{id}\" = \"off\"（或 \"info\"、\"warning\"、\"error\"）"),
        };
        self.section("在 baguan.toml 的 [rules] 里可以这样设", &set, &mut out);
        out
    }

    fn examples(&self, heading: &str, sign: &str, examples: &[Example], out: &mut String) {
        if examples.is_empty() {
            return;
        }
        let _ = writeln!(out, "\n{}", self.paint(HEADING, heading));
        for example in examples {
            let fields = [
                ("标题", &example.title),
                ("正文", &example.body),
                ("栏目", &example.column),
                ("单位", &example.unit),
                ("发布时间", &example.published_at),
                ("说明", &example.note),
            ];
            let mut first = format!("  {sign}");
            for (name, value) in fields {
                if let Some(value) = value {
                    self.wrapped(&first, &format!("{name}：{}", visible(value)), out);
                    first = " ".repeat(first.width());
                }
            }
        }
    }
}

/// Characters that would not be seen, written out.
fn visible(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\n' => out.push('\n'),
            '\t' => out.push_str("\\t"),
            c if c.is_control() || crate::document::is_invisible(c) => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}
