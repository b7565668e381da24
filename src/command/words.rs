//! `baguan words`: the site's own words, which win over everything built in.

use super::{Error, HELP_TEMPLATE, Status, atomic, config_file, say};
use crate::config::Config;
use crate::dictionary::words::{SiteWords, Word, WordKind};
use crate::input::encoding::{self, Charset};
use clap::{Args, Subcommand};
use std::io::Write;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
#[command(
    override_usage = "baguan words <add|list> [选项]",
    help_template = HELP_TEMPLATE,
    subcommand_help_heading = "命令",
    next_help_heading = "选项",
    disable_help_subcommand = true,
    after_help = "词表是站点文件夹里的 words/words.csv，也可以直接用表格软件编辑（列：词语、类型、应为、备注）。"
)]
pub struct WordsArgs {
    #[command(subcommand)]
    command: WordsCommand,
}

#[derive(Debug, Subcommand)]
enum WordsCommand {
    #[command(
        about = "添加一个词",
        override_usage = "baguan words add [选项] <词语>",
        help_template = HELP_TEMPLATE,
        next_help_heading = "选项",
        after_help = "例如：\n  baguan words add 拔款山 --name\n  baguan words add 示列县 --right 示例县\n  baguan words add 示例县人民政府办公室 --phrase"
    )]
    Add(AddArgs),
    #[command(
        about = "列出本站的词",
        override_usage = "baguan words list [选项]",
        help_template = HELP_TEMPLATE,
        next_help_heading = "选项"
    )]
    List(ListArgs),
}

#[derive(Debug, Args)]
struct AddArgs {
    #[arg(value_name = "词语", help_heading = "参数", help = "要添加的词")]
    word: String,
    #[arg(
        long,
        value_name = "写法",
        conflicts_with_all = ["phrase", "name"],
        help = "这个词是错的，应改成什么"
    )]
    right: Option<String>,
    #[arg(
        long,
        conflicts_with = "name",
        help = "固定用语：必须一字不差，写得相近而不同的要报"
    )]
    phrase: bool,
    #[arg(long, help = "名称：地名、人名、项目名，本身是对的")]
    name: bool,
    #[arg(long, value_name = "文字", help = "备注")]
    note: Option<String>,
    #[arg(
        long,
        value_name = "文件",
        help = "配置文件；不写则从当前文件夹逐级向上找 baguan.toml"
    )]
    config: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct ListArgs {
    #[arg(
        long,
        value_name = "文件",
        help = "配置文件；不写则从当前文件夹逐级向上找 baguan.toml"
    )]
    config: Option<PathBuf>,
}

/// Runs the command.
pub fn run(args: WordsArgs) -> Result<Status, Error> {
    match args.command {
        WordsCommand::Add(args) => add(args),
        WordsCommand::List(args) => list(args),
    }
}

/// The configuration file and what it says; an error where there is no site folder.
fn site(named: Option<PathBuf>) -> Result<(PathBuf, Config), Error> {
    let Some(file) = config_file(named)? else {
        return Err(Error::Message(
            "没有找到 baguan.toml。请先用 baguan init 建立站点文件夹，或用 --config 指明配置文件"
                .to_owned(),
        ));
    };
    let config = Config::load(&file)?;
    Ok((file, config))
}

fn add(args: AddArgs) -> Result<Status, Error> {
    let (file, config) = site(args.config)?;
    let word = args.word.trim();
    if word.is_empty() {
        return Err(Error::Message("词语不能为空".to_owned()));
    }
    let kind = match (&args.right, args.phrase, args.name) {
        (Some(_), ..) => WordKind::Wrong,
        (None, true, _) => WordKind::Phrase,
        (None, false, true) => WordKind::Name,
        (None, false, false) => WordKind::Right,
    };
    let right = args.right.as_deref().map(str::trim);
    if right.is_some_and(|right| right.is_empty() || right == word) {
        return Err(Error::Message(format!(
            "“{word}”应改成的写法不能为空，也不能与它相同"
        )));
    }
    let known = SiteWords::read(&config.dictionaries)?;
    if let Some(old) = known.words().iter().find(|old| old.word == word) {
        if old.kind == kind && old.right.as_deref() == right {
            say(format_args!(
                "“{word}”已在词表中（{}），没有重复添加",
                old.kind.chinese()
            ));
            return Ok(Status::Clean);
        }
        return Err(Error::Message(format!(
            "“{word}”已在词表中，是“{}”，请先在表里改掉那一行",
            describe(old)
        )));
    }
    let row = [
        word,
        kind.chinese(),
        right.unwrap_or_default(),
        args.note.as_deref().unwrap_or_default(),
    ];
    let folder = file.parent().unwrap_or(Path::new("."));
    let path = folder.join("words").join("words.csv");
    append(&path, row)?;
    let read = config
        .dictionaries
        .iter()
        .any(|d| path.starts_with(d) || *d == path)
        || config.dictionaries.is_empty();
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "已在 {} 中添加“{word}”（{}）",
        path.display(),
        kind.chinese()
    )?;
    if !read {
        say(format_args!(
            "注意：{} 的 dictionaries 没有包括 words/，请在其中加上 \"words/\"，这个词才会起作用",
            file.display()
        ));
    }
    Ok(Status::Clean)
}

/// Adds a row to a table, in the table's own encoding; a new table begins with its headers and a
/// byte-order mark, for spreadsheets.
fn append(path: &Path, row: [&str; 4]) -> Result<(), Error> {
    let cannot = |error: &dyn std::fmt::Display| {
        Error::Message(format!("无法写入 {}：{error}", path.display()))
    };
    let (mut text, charset) = match std::fs::read(path) {
        Ok(bytes) => encoding::decode(&bytes).map_err(|e| cannot(&e))?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder).map_err(|e| cannot(&e))?;
            }
            (
                "词语,类型,应为,备注\r\n".to_owned(),
                Charset::UTF_8_WITH_MARK,
            )
        }
        Err(error) => return Err(cannot(&error)),
    };
    if !text.is_empty() && !text.ends_with('\n') {
        text.push_str("\r\n");
    }
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    writer.write_record(row).map_err(|e| cannot(&e))?;
    let line = writer.into_inner().map_err(|e| cannot(&e))?;
    text.push_str(&String::from_utf8_lossy(&line));
    let bytes = charset.encode(&text).map_err(|e| cannot(&e))?;
    atomic::write(path, &bytes).map_err(|e| cannot(&e))
}

fn describe(word: &Word) -> String {
    match &word.right {
        Some(right) => format!("{}：{}→{right}", word.kind.chinese(), word.word),
        None => format!("{}：{}", word.kind.chinese(), word.word),
    }
}

fn list(args: ListArgs) -> Result<Status, Error> {
    let (_, config) = site(args.config)?;
    let words = SiteWords::read(&config.dictionaries)?;
    let mut out = std::io::stdout().lock();
    if words.words().is_empty() {
        say("本站还没有自己的词。用 baguan words add 添加");
    }
    for (kind, names) in WordKind::NAMES {
        for word in words.words().iter().filter(|word| word.kind == kind) {
            let right = word
                .right
                .as_ref()
                .map_or(String::new(), |right| format!("→{right}"));
            let note = word
                .note
                .as_ref()
                .map_or(String::new(), |note| format!("　{note}"));
            writeln!(out, "{}　{}{right}{note}", names[0], word.word)?;
        }
    }
    Ok(Status::Clean)
}
