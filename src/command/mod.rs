//! The command line: one file a command. Definitions, help and messages are Chinese.

mod atomic;
mod check;
mod columns;
mod explain;
mod fix;
mod init;
mod roster;
mod typo_model;
mod usage;
mod words;

use crate::config::Config;
use crate::finding::Severity;
use crate::gate::Wishes;
use crate::mistake::Mistakes;
use crate::pipeline::Broken;
use crate::post::parse_date;
use crate::settings::MIN_CONFIDENCE;
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;
use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;

const HELP_TEMPLATE: &str = "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}";

/// The command line as it is typed.
#[derive(Debug, Parser)]
#[command(
    name = "baguan",
    version,
    about = "把关：政府网站稿件发布前的检查",
    override_usage = "baguan <命令> [选项]",
    help_template = HELP_TEMPLATE,
    subcommand_help_heading = "命令",
    next_help_heading = "选项",
    disable_help_flag = true,
    disable_version_flag = true,
    disable_help_subcommand = true,
    arg_required_else_help = true,
    after_help = "用 baguan <命令> --help 看一个命令的全部选项。\n\
                  退出码：0 没有达到 --fail-on 级别的问题；1 有；2 无法运行，或有稿件读不了。"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[arg(short = 'h', long, action = ArgAction::Help, global = true, display_order = 998, help = "显示帮助")]
    help: Option<bool>,
    #[arg(short = 'V', long, action = ArgAction::Version, display_order = 999, help = "显示版本")]
    version: Option<bool>,
}

#[derive(Debug, Subcommand)]
enum Command {
    #[command(about = "检查稿件")]
    Check(check::CheckArgs),
    #[command(about = "自动修正能放心改的问题")]
    Fix(fix::FixArgs),
    #[command(about = "学习本站的栏目，衡量，推荐栏目")]
    Columns(columns::ColumnsArgs),
    #[command(about = "查看规则手册")]
    Explain(explain::ExplainArgs),
    #[command(about = "新建站点文件夹（配置、栏目表、单位表、领导名册）")]
    Init(init::InitArgs),
    #[command(about = "维护领导名册：检查、查某日在任、导入、从稿件里提出建议")]
    Roster(roster::RosterArgs),
    #[command(about = "查看、添加本站的词语（正确词、错误词、固定用语、名称）")]
    Words(words::WordsArgs),
    #[command(about = "训练疑似错别字规则的语言模型")]
    TypoModel(typo_model::TypoModelArgs),
}

/// How a command ended, if it could do its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Nothing at or above `--fail-on`.
    Clean,
    /// Something.
    Found,
    /// A post could not be read, or not wholly checked.
    Failed,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        match status {
            Status::Clean => Self::SUCCESS,
            Status::Found => Self::from(1),
            Status::Failed => Self::from(2),
        }
    }
}

/// Why a command could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Writing the output failed; a broken pipe too.
    #[error("无法写出结果：{0}")]
    Output(#[from] io::Error),
    #[error(transparent)]
    Mistakes(#[from] Mistakes),
    #[error(transparent)]
    Broken(#[from] Broken),
    /// The rest, in Chinese.
    #[error("{0}")]
    Message(String),
}

/// Runs the command line `args` (the program's name first).
///
/// # Errors
/// Whatever kept the command from doing its work; the exit code is 2 then.
pub fn run(args: impl IntoIterator<Item = OsString>) -> Result<Status, Error> {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => return usage::answer(&error),
    };
    match cli.command {
        Command::Check(args) => check::run(args),
        Command::Fix(args) => fix::run(args),
        Command::Columns(args) => columns::run(args),
        Command::Explain(args) => explain::run(&args),
        Command::Init(args) => init::run(&args),
        Command::Roster(args) => roster::run(args),
        Command::Words(args) => words::run(args),
        Command::TypoModel(args) => typo_model::run(args),
    }
}

/// Options of every command that runs the rules.
#[derive(Debug, Args)]
struct RuleArgs {
    #[arg(
        long,
        value_name = "文件",
        help = "配置文件；不写则从当前文件夹逐级向上找 baguan.toml"
    )]
    config: Option<PathBuf>,
    #[arg(
        long,
        value_name = "规则,…",
        value_delimiter = ',',
        help = "只用这些规则或类别，逗号分隔"
    )]
    only: Vec<String>,
    #[arg(
        long,
        value_name = "规则,…",
        value_delimiter = ',',
        help = "不用这些规则或类别，逗号分隔"
    )]
    skip: Vec<String>,
    #[arg(
        long,
        value_name = "0～1",
        default_value_t = MIN_CONFIDENCE,
        value_parser = confidence,
        hide_default_value = true,
        help = "只报把握不低于此值的问题，默认 0.9"
    )]
    min_confidence: f64,
    #[arg(
        long,
        value_name = "日期",
        value_parser = date,
        help = "把这一天当作今天，例如 2018-07-31"
    )]
    as_of: Option<Date>,
}

impl RuleArgs {
    fn wishes(self) -> Result<Wishes, Error> {
        Ok(Wishes {
            config: config_file(self.config)?,
            only: names(self.only),
            skip: names(self.skip),
            min_confidence: self.min_confidence,
            today: self.as_of.unwrap_or_else(|| jiff::Zoned::now().date()),
        })
    }
}

/// The configuration file that was named, or else the nearest one from the working folder up. One
/// that stands right there is named as people would.
fn config_file(named: Option<PathBuf>) -> Result<Option<PathBuf>, Error> {
    if named.is_some() {
        return Ok(named);
    }
    let folder = std::env::current_dir()
        .map_err(|error| Error::Message(format!("无法进入当前文件夹：{error}")))?;
    let found = Config::find(&folder);
    Ok(found.map(|file| match file.strip_prefix(&folder) {
        Ok(short) => short.to_path_buf(),
        Err(_) => file,
    }))
}

/// Names of a list; a full-width comma parts them too.
fn names(list: Vec<String>) -> Vec<String> {
    list.iter()
        .flat_map(|part| part.split('，'))
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

fn confidence(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|number| (0.0..=1.0).contains(number))
        .ok_or_else(|| "应是 0 到 1 之间的数，例如 0.8".to_owned())
}

fn date(text: &str) -> Result<Date, String> {
    parse_date(text).ok_or_else(|| "应是一个日期，例如 2018-07-31".to_owned())
}

/// A date that is kept as it was written, because a post holds it so.
fn date_text(text: &str) -> Result<String, String> {
    date(text).map(|_| text.to_owned())
}

/// Threads beyond this only cost memory.
const MOST_JOBS: usize = 256;

fn jobs(text: &str) -> Result<NonZeroUsize, String> {
    text.parse()
        .ok()
        .filter(|jobs: &NonZeroUsize| jobs.get() <= MOST_JOBS)
        .ok_or_else(|| format!("应是 1 到 {MOST_JOBS} 的整数"))
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

impl Color {
    /// `terminal`: the output goes to one.
    fn resolve(self, terminal: bool) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => {
                let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
                let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
                terminal && !set("NO_COLOR") && !dumb
            }
        }
    }
}

/// `--fail-on`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    Error,
    Warning,
    Info,
    Never,
}

impl FailOn {
    fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Info => Some(Severity::Info),
            Self::Never => None,
        }
    }
}

/// `--unreadable`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum OnUnreadable {
    Fail,
    Report,
}

/// The paths to read: those given, or `-` where something is piped or redirected in.
fn paths_or_stdin(paths: Vec<String>, command: &str) -> Result<Vec<String>, Error> {
    if !paths.is_empty() {
        return Ok(paths);
    }
    if stdin_has_input() {
        return Ok(vec!["-".to_owned()]);
    }
    Err(Error::Message(format!(
        "没有写要处理的稿件。例如：baguan {command} 稿件.json，或 baguan {command} 文件夹，或 baguan {command} - 从标准输入读 JSONL"
    )))
}

/// True if standard input is a pipe, a file or a socket: somebody means it to be read. A device
/// (`/dev/null`, a terminal) is none.
fn stdin_has_input() -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        std::fs::metadata("/dev/stdin").is_ok_and(|metadata| {
            let kind = metadata.file_type();
            kind.is_file() || kind.is_fifo() || kind.is_socket()
        })
    }
    #[cfg(not(unix))]
    {
        !io::stdin().is_terminal()
    }
}

/// Columns of the terminal that `out` is, within what reads well; 80 if it is none.
fn width(terminal: bool) -> usize {
    let columns = terminal
        .then(terminal_size::terminal_size)
        .flatten()
        .map_or(80, |(width, _)| usize::from(width.0));
    columns.clamp(40, 120)
}

/// Says something on standard error, whose failure is nobody's business.
fn say(message: impl std::fmt::Display) {
    let _ = writeln!(io::stderr(), "baguan：{message}");
}

/// True if standard output is a terminal.
fn stdout_is_terminal() -> bool {
    io::stdout().is_terminal()
}
