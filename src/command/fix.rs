//! `baguan fix`: applies what can be mended without a person looking, and gives the posts back in
//! the form in which they came.

use super::{
    Color, Error, RuleArgs, Status, atomic, jobs, paths_or_stdin, say, stdout_is_terminal,
};
use crate::fix::{Fixed, fix};
use crate::gate::{Gate, failure};
use crate::input::encoding::{Charset, decode};
use crate::input::{Defaults, Item, Origin, Reader};
use crate::pipeline;
use crate::post::Post;
use crate::report::diff;
use crate::rewrite::{Change, Rewritten, rewrite};
use clap::Args;
use std::collections::HashSet;
use std::io::{self, BufWriter, Write};
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::thread::available_parallelism;

#[derive(Debug, Args)]
#[command(
    override_usage = "baguan fix [选项] [路径…]",
    help_template = super::HELP_TEMPLATE,
    next_help_heading = "选项",
    after_help = "默认把修正后的稿件按原来的形式写到标准输出；--write 改写原文件。\n\
                  退出码：0 已处理完（不论改没改）；2 无法运行，或有稿件读不了、写不回。"
)]
pub struct FixArgs {
    #[arg(
        value_name = "路径",
        help_heading = "参数",
        help = "要修正的文件或文件夹；- 为标准输入（JSONL）"
    )]
    paths: Vec<String>,
    #[command(flatten)]
    rules: RuleArgs,
    #[arg(
        long,
        help = "显示要改的地方，不写出稿件（与 --write 合用则显示并改写）"
    )]
    diff: bool,
    #[arg(long, help = "改写原文件（整体替换，不会写到一半；保留权限和编码）")]
    write: bool,
    #[arg(long = "unsafe", help = "连需要人核对的修正也做")]
    unsafe_too: bool,
    #[arg(
        short,
        long,
        value_name = "个数",
        value_parser = jobs,
        help = "同时处理几篇，默认为处理器核数"
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
    #[arg(short, long, help = "不说改了几处")]
    quiet: bool,
}

/// An item after its fixes.
struct Outcome {
    item: Item,
    /// `None`: the post could not be read, or fixing it broke down.
    fixed: Option<Fixed>,
}

/// Runs the command.
pub fn run(args: FixArgs) -> Result<Status, Error> {
    let paths = paths_or_stdin(args.paths, "fix")?;
    if args.write && paths.iter().any(|path| path == "-") {
        return Err(Error::Message(
            "标准输入不能改写：去掉 --write，修正后的稿件会写到标准输出".to_owned(),
        ));
    }
    let gate = Gate::open(&args.rules.wishes()?)?;
    let workers = args
        .jobs
        .or_else(|| available_parallelism().ok())
        .unwrap_or(NonZeroUsize::MIN);
    let unsafe_too = args.unsafe_too;
    let results = pipeline::run(
        Reader::new(paths, Defaults::default()),
        workers,
        move |item| {
            let work = || {
                let post = item.post.as_ref().ok()?;
                Some(fix(&gate.linter, &gate.ignores, post, unsafe_too))
            };
            let fixed = catch_unwind(AssertUnwindSafe(work)).ok().flatten();
            Outcome { item, fixed }
        },
    );
    let mut fixer = Fixer {
        out: BufWriter::new(io::stdout().lock()),
        terminal: stdout_is_terminal(),
        color: args.color.resolve(stdout_is_terminal()),
        diff: args.diff,
        write: args.write,
        source: String::new(),
        changes: Vec::new(),
        whole: false,
        done: HashSet::new(),
        counts: Counts::default(),
    };
    for outcome in results {
        fixer.take(outcome?)?;
    }
    fixer.finish_source()?;
    fixer.out.flush()?;
    let counts = fixer.counts;
    if !args.quiet && counts.posts > 0 {
        say(format_args!(
            "{} {} 处（{} 篇），还有 {} 处需要人工处理。",
            if args.diff && !args.write {
                "可修正"
            } else {
                "已修正"
            },
            counts.applied,
            counts.changed,
            counts.remaining
        ));
    }
    if counts.posts == 0 {
        return Err(Error::Message("没有读到任何稿件：输入是空的".to_owned()));
    }
    Ok(if counts.failed > 0 {
        Status::Failed
    } else {
        Status::Clean
    })
}

#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    posts: usize,
    /// Posts that a fix changed.
    changed: usize,
    applied: usize,
    remaining: usize,
    /// Posts that could not be read, and files that could not be written.
    failed: usize,
}

/// Gathers what changes in a file until its last post has come.
struct Fixer<W> {
    out: W,
    terminal: bool,
    color: bool,
    diff: bool,
    write: bool,
    /// The file whose posts are coming.
    source: String,
    changes: Vec<Change>,
    /// The file as a whole could be read.
    whole: bool,
    /// Files that are finished: one named twice is fixed once.
    done: HashSet<PathBuf>,
    counts: Counts,
}

impl<W: Write> Fixer<W> {
    fn take(&mut self, outcome: Outcome) -> Result<(), Error> {
        let Outcome { item, fixed } = outcome;
        if item.source != self.source {
            self.finish_source()?;
            self.source.clone_from(&item.source);
        }
        self.counts.posts += 1;
        self.whole |= item.origin != Origin::File;
        let post = match item.post {
            Ok(post) => post,
            Err(error) => {
                self.counts.failed += 1;
                say(error);
                return Ok(());
            }
        };
        let Some(fixed) = fixed else {
            self.counts.failed += 1;
            say(format_args!(
                "{}：程序内部错误，这篇稿件没有修正",
                item.source
            ));
            return self.pass(&post);
        };
        if let Some(error) = failure(&fixed.failures) {
            self.counts.failed += 1;
            say(format_args!("{}：{}", item.source, error.message()));
        }
        self.counts.applied += fixed.applied.len();
        self.counts.remaining += fixed.remaining.len();
        if fixed.applied.is_empty() {
            return self.pass(&post);
        }
        self.counts.changed += 1;
        if self.diff {
            let text = diff::of_post(&item.source, &post, &fixed.post, self.color);
            self.out.write_all(text.as_bytes())?;
            self.out.flush()?;
        }
        self.pass(&fixed.post)?;
        if item.source != "-" {
            self.changes.push(Change {
                origin: item.origin,
                old: post,
                new: fixed.post,
            });
        }
        Ok(())
    }

    /// Writes a post of standard input on, as soon as it is known.
    fn pass(&mut self, post: &Post) -> Result<(), Error> {
        if self.source == "-" && !self.diff {
            serde_json::to_writer(&mut self.out, &post.record).map_err(io::Error::from)?;
            self.out.write_all(b"\n")?;
            self.out.flush()?;
        }
        Ok(())
    }

    /// Writes the file whose last post has come.
    fn finish_source(&mut self) -> Result<(), Error> {
        let source = std::mem::take(&mut self.source);
        let changes = std::mem::take(&mut self.changes);
        let whole = std::mem::take(&mut self.whole);
        if source.is_empty() || source == "-" || !whole {
            return Ok(());
        }
        let path = Path::new(&source);
        let file = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
        if !self.done.insert(file.clone()) {
            return Ok(());
        }
        if self.write && changes.is_empty() || self.diff && !self.write {
            return Ok(());
        }
        let (text, charset) = match rewritten(&file, &changes) {
            Ok((new, charset)) => {
                self.counts.failed += new.left_out.len();
                for problem in new.left_out {
                    say(format_args!("{source}：{problem}"));
                }
                (new.text, charset)
            }
            Err(problem) => {
                self.counts.failed += 1;
                say(format_args!("{source}：{problem}"));
                return Ok(());
            }
        };
        if self.write {
            let written = charset
                .encode(&text)
                .map_err(|error| error.to_string())
                .and_then(|bytes| atomic::write(&file, &bytes).map_err(|error| error.to_string()));
            if let Err(problem) = written {
                self.counts.failed += 1;
                say(format_args!("{source}：没有写回，原文件未动：{problem}"));
            }
            return Ok(());
        }
        // A terminal reads UTF-8; a file or a program gets what the file was written in.
        let charset = if self.terminal {
            Charset::UTF_8
        } else {
            charset
        };
        let bytes = charset
            .encode(&text)
            .map_err(|error| Error::Message(format!("{source}：{error}")))?;
        self.out.write_all(&bytes)?;
        if !text.ends_with('\n') && self.terminal {
            self.out.write_all(b"\n")?;
        }
        self.out.flush()?;
        Ok(())
    }
}

/// The file's text with the changes made, and how it is to be encoded.
fn rewritten(file: &Path, changes: &[Change]) -> Result<(Rewritten, Charset), String> {
    let bytes = std::fs::read(file).map_err(|error| format!("无法读取：{error}"))?;
    let (text, charset) = decode(&bytes).map_err(|error| error.to_string())?;
    Ok((rewrite(&text, changes)?, charset))
}
