//! `baguan check`: posts in, a report out.

use super::{
    Color, Error, FailOn, OnUnreadable, RuleArgs, Status, date_text, jobs, paths_or_stdin, say,
    stdout_is_terminal, width,
};
use crate::gate::{Gate, PostError, PostResult};
use crate::input::{Defaults, Reader};
use crate::pipeline;
use crate::report::human::{Human, Layout, not_checked_lines};
use crate::report::json::{Json, Jsonl};
use crate::report::sarif::Sarif;
use crate::report::{Format, Report, Summary};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

#[derive(Debug, Args)]
#[command(
    override_usage = "baguan check [选项] [路径…]",
    help_template = super::HELP_TEMPLATE,
    next_help_heading = "选项",
    after_help = "路径可以是 .json、.jsonl、.html、.txt 文件或文件夹；- 表示从标准输入读 JSONL（每行一篇）。\n\
                  不写路径而有内容经管道传入时，等同于 -。"
)]
pub struct CheckArgs {
    #[arg(
        value_name = "路径",
        help_heading = "参数",
        help = "要检查的文件或文件夹"
    )]
    paths: Vec<String>,
    #[command(flatten)]
    rules: RuleArgs,
    #[arg(
        long,
        value_name = "级别",
        value_enum,
        default_value = "error",
        hide_possible_values = true,
        hide_default_value = true,
        help = "有这一级别及以上的问题时退出码为 1：error、warning、info、never，默认 error"
    )]
    fail_on: FailOn,
    #[arg(
        long,
        value_name = "方式",
        value_enum,
        default_value = "fail",
        hide_possible_values = true,
        hide_default_value = true,
        help = "稿件读不了时：fail 退出码为 2；report 只写进结果。默认 fail"
    )]
    unreadable: OnUnreadable,
    // The formats junit, github and html, and --baseline and --write-baseline, belong here.
    #[arg(
        long,
        value_name = "格式",
        value_enum,
        hide_possible_values = true,
        help = "结果的格式：human、json、jsonl、sarif；在终端上默认 human，否则默认 jsonl"
    )]
    format: Option<Format>,
    #[arg(short, long, value_name = "文件", help = "把结果写进文件")]
    output: Option<PathBuf>,
    #[arg(
        short,
        long,
        value_name = "个数",
        value_parser = jobs,
        help = "同时检查几篇，默认为处理器核数"
    )]
    jobs: Option<NonZeroUsize>,
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
    #[arg(short, long, help = "只写发现的问题，不写汇总和进度")]
    quiet: bool,
    #[arg(long, value_name = "标题", help = "文件里没有标题时用它")]
    title: Option<String>,
    #[arg(long, value_name = "栏目", help = "文件里没有栏目时用它")]
    column: Option<String>,
    #[arg(long, value_name = "单位", help = "文件里没有发布单位时用它")]
    unit: Option<String>,
    #[arg(
        long,
        value_name = "日期",
        value_parser = date_text,
        help = "文件里没有发布日期时用它"
    )]
    date: Option<String>,
}

/// Runs the command.
pub fn run(args: CheckArgs) -> Result<Status, Error> {
    let paths = paths_or_stdin(args.paths, "check")?;
    let gate = Arc::new(Gate::open(&args.rules.wishes()?)?);
    let to_terminal = args.output.is_none() && stdout_is_terminal();
    let format = args.format.unwrap_or(if to_terminal {
        Format::Human
    } else {
        Format::Jsonl
    });
    let mut report: Box<dyn Report> = match format {
        Format::Human => Box::new(Human::new(Layout {
            color: args.color.resolve(to_terminal),
            width: width(to_terminal),
            quiet: args.quiet,
        })),
        Format::Json => Box::new(Json::default()),
        Format::Jsonl => Box::new(Jsonl),
        Format::Sarif => Box::new(Sarif::new(gate.linter.book())),
    };
    let mut out: Box<dyn Write> = match &args.output {
        Some(file) => Box::new(BufWriter::new(create(file, &paths)?)),
        None => Box::new(BufWriter::new(io::stdout().lock())),
    };
    let mut progress = Progress::new(!args.quiet && !paths.iter().any(|path| path == "-"));
    let defaults = Defaults {
        title: args.title,
        column: args.column,
        unit: args.unit,
        date: args.date,
    };
    let workers = args
        .jobs
        .or_else(|| available_parallelism().ok())
        .unwrap_or(NonZeroUsize::MIN);
    // On standard output of the human report an error stands before the reader's eyes anyway.
    let tell_errors = format != Format::Human || args.output.is_some();

    let mut summary = Summary::default();
    report.begin(&mut out)?;
    let checker = gate.clone();
    let results = pipeline::run(Reader::new(paths, defaults), workers, move |item| {
        checker.check(item)
    });
    for result in results {
        let result = result?;
        summary.add(&result);
        progress.suspend(|| -> io::Result<()> {
            report.post(&result, &mut out)?;
            // Whoever reads along sees each post as soon as it is known.
            out.flush()
        })?;
        if tell_errors {
            tell(&result, args.unreadable);
        }
        progress.tick(summary.posts);
    }
    progress.finish();
    summary.not_checked = gate.linter.not_checked();
    report.end(&summary, &mut out)?;
    out.flush()?;
    if format == Format::Jsonl && !args.quiet {
        not_checked_lines(&summary).into_iter().for_each(say);
    }
    if summary.posts == 0 {
        return Err(Error::Message("没有读到任何稿件：输入是空的".to_owned()));
    }
    Ok(status(&summary, args.fail_on, args.unreadable))
}

/// What the run's exit code says.
fn status(summary: &Summary, fail_on: FailOn, unreadable: OnUnreadable) -> Status {
    if summary.internal > 0 || (summary.unreadable > 0 && unreadable == OnUnreadable::Fail) {
        Status::Failed
    } else if fail_on
        .severity()
        .is_some_and(|severity| summary.reaches(severity))
    {
        Status::Found
    } else {
        Status::Clean
    }
}

/// Says why a post could not be checked, where the report alone would not show it.
fn tell(result: &PostResult, unreadable: OnUnreadable) {
    match &result.error {
        None => {}
        Some(PostError::Unreadable { .. }) if unreadable == OnUnreadable::Report => {}
        Some(error) => say(error.message()),
    }
}

/// Opens the output file, which must not be among what is checked.
fn create(file: &Path, paths: &[String]) -> Result<File, Error> {
    let cannot = |error: io::Error| Error::Message(format!("无法写入 {}：{error}", file.display()));
    if let Ok(output) = file.canonicalize().or_else(|_| {
        let folder = file.parent().filter(|folder| *folder != Path::new(""));
        let folder = folder.unwrap_or(Path::new(".")).canonicalize()?;
        Ok::<_, io::Error>(folder.join(file.file_name().unwrap_or_default()))
    }) {
        let inside = paths
            .iter()
            .filter_map(|path| Path::new(path).canonicalize().ok())
            .any(|path| output.starts_with(path));
        if inside {
            return Err(Error::Message(format!(
                "结果文件 {} 就在要检查的稿件里，请写到别处",
                file.display()
            )));
        }
    }
    File::create(file).map_err(cannot)
}

/// A count of posts on the terminal, once a run takes long enough to wonder.
struct Progress {
    wanted: bool,
    since: Instant,
    bar: Option<ProgressBar>,
}

const PATIENCE: Duration = Duration::from_secs(1);

impl Progress {
    fn new(wanted: bool) -> Self {
        Self {
            wanted: wanted && io::stderr().is_terminal(),
            since: Instant::now(),
            bar: None,
        }
    }

    fn tick(&mut self, posts: usize) {
        if self.wanted && self.bar.is_none() && self.since.elapsed() > PATIENCE {
            let bar = ProgressBar::new_spinner();
            if let Ok(style) =
                ProgressStyle::with_template("{spinner} 已检查 {pos} 篇（{elapsed}）")
            {
                bar.set_style(style);
            }
            self.bar = Some(bar);
        }
        if let Some(bar) = &self.bar {
            bar.set_position(posts as u64);
        }
    }

    fn suspend<R>(&self, write: impl FnOnce() -> R) -> R {
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exit_status_follows_the_counts() {
        let summary = |errors, warnings, unreadable, internal| Summary {
            errors,
            warnings,
            unreadable,
            internal,
            ..Summary::default()
        };
        let of = |summary: &Summary, fail_on| status(summary, fail_on, OnUnreadable::Fail);
        assert_eq!(of(&summary(0, 0, 0, 0), FailOn::Info), Status::Clean);
        assert_eq!(of(&summary(0, 1, 0, 0), FailOn::Error), Status::Clean);
        assert_eq!(of(&summary(0, 1, 0, 0), FailOn::Warning), Status::Found);
        assert_eq!(of(&summary(1, 0, 0, 0), FailOn::Info), Status::Found);
        assert_eq!(of(&summary(1, 0, 0, 0), FailOn::Never), Status::Clean);
        assert_eq!(of(&summary(1, 0, 1, 0), FailOn::Error), Status::Failed);
        assert_eq!(of(&summary(1, 0, 0, 1), FailOn::Never), Status::Failed);
        let reported = |summary: &Summary| status(summary, FailOn::Error, OnUnreadable::Report);
        assert_eq!(reported(&summary(0, 0, 1, 0)), Status::Clean);
        assert_eq!(reported(&summary(0, 0, 1, 1)), Status::Failed);
    }
}
