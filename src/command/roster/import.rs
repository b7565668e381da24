//! `baguan roster import`: the usual 领导分工 table or a page of leaders, turned into rows.

use super::posts;
use super::{Error, Status, kept};
use crate::check::leader::{Form, Line, Origin, Reader, is_han};
use crate::command::{date, say};
use crate::dictionary::names::surname;
use crate::dictionary::register::Register;
use crate::dictionary::roster::HEADERS;
use crate::dictionary::table::{Field, Table};
use crate::document::Document;
use crate::input::encoding::decode;
use crate::mistake::{Mistake, Mistakes};
use crate::post::Format;
use clap::Args;
use jiff::civil::Date;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub struct ImportArgs {
    #[arg(
        value_name = "文件",
        help_heading = "参数",
        help = "领导分工表（.xlsx、.csv）或领导之窗网页（.html、.txt）"
    )]
    file: PathBuf,
    #[arg(
        long,
        value_name = "单位",
        default_value = "",
        hide_default_value = true,
        help = "职务前没有写单位时，用这个单位"
    )]
    organization: String,
    #[arg(long, value_name = "日期", value_parser = date, help = "任职时间；不写则空着")]
    from: Option<Date>,
    #[arg(
        long,
        value_name = "文字",
        default_value = "",
        hide_default_value = true,
        help = "依据一栏写什么；不写则写文件名"
    )]
    source: String,
    #[arg(
        long,
        value_name = "文件",
        help = "配置文件；不写则从当前文件夹逐级向上找 baguan.toml"
    )]
    config: Option<PathBuf>,
}

/// A name and the words that stand for its posts.
type Entry = (String, String, String);

/// Runs the command: a roster in CSV on standard output.
pub fn run(args: &ImportArgs) -> Result<Status, Error> {
    let kept = kept(&[], args.config.clone(), false)?;
    let register = Register::new(kept.roster.rows(), kept.site.place.as_deref());
    let extension = args
        .file
        .extension()
        .map(|e| e.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    let entries = match extension.as_str() {
        "html" | "htm" | "txt" => page(&args.file, extension == "txt", &register)?,
        _ => table(&args.file)?,
    };
    let file = args
        .file
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let source = if args.source.is_empty() {
        &file
    } else {
        &args.source
    };
    let from = args.from.map_or(String::new(), |day| day.to_string());
    let cannot = |error: &dyn std::fmt::Display| Error::Message(format!("无法写出结果：{error}"));
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADERS).map_err(|e| cannot(&e))?;
    let mut rows = 0;
    let mut homeless = 0;
    for (index, (name, text, organization)) in entries.iter().enumerate() {
        let default = if organization.is_empty() {
            &args.organization
        } else {
            organization
        };
        for (organization, title) in posts::read(text, &register, default) {
            homeless += usize::from(organization.is_empty());
            let acting = title.starts_with('代');
            let order = (index + 1).to_string();
            writer
                .write_record([
                    name.as_str(),
                    &organization,
                    title
                        .strip_prefix("代理")
                        .or(title.strip_prefix('代'))
                        .unwrap_or(&title),
                    "",
                    &order,
                    &from,
                    "",
                    if acting { "是" } else { "" },
                    source,
                    "",
                ])
                .map_err(|e| cannot(&e))?;
            rows += 1;
        }
    }
    let bytes = writer.into_inner().map_err(|e| cannot(&e))?;
    std::io::Write::write_all(&mut std::io::stdout().lock(), &bytes)?;
    if rows == 0 {
        return Err(Error::Message(format!(
            "在 {} 里没有认出领导的姓名和职务。表格要有“姓名”“职务”两列；网页要有“姓名 职务”这样的行",
            args.file.display()
        )));
    }
    say(format_args!(
        "认出 {} 人、{rows} 个职务，请核对后并入名册",
        entries.len()
    ));
    if homeless > 0 {
        say(format_args!(
            "有 {homeless} 个职务没有单位，请补上，或加 --organization 单位 再来一次"
        ));
    }
    Ok(Status::Clean)
}

const FIELDS: [Field; 3] = [
    Field {
        name: "name",
        headers: &["姓名", "名字", "领导姓名", "领导"],
        required: true,
    },
    Field {
        name: "title",
        headers: &["职务", "现任职务", "职务名称", "职位", "职务职级"],
        required: true,
    },
    Field {
        name: "organization",
        headers: &["单位", "单位名称", "所在单位", "部门"],
        required: false,
    },
];

fn table(path: &Path) -> Result<Vec<Entry>, Error> {
    let table = Table::read(path).map_err(Mistakes::from)?;
    let layout = table.layout(&FIELDS).map_err(Mistakes)?;
    let mut out: Vec<Entry> = Vec::new();
    for row in table.rows() {
        let cell = |field| layout.cell(row, field);
        let (name, title) = (crate::dictionary::normalise(cell(0)), cell(1));
        if name.is_empty() || title.is_empty() {
            continue;
        }
        out.push((name, title.to_owned(), cell(2).to_owned()));
    }
    Ok(out)
}

/// Names with titles of a page: in running text, `张三　县委副书记、县长`, `县长：张三`, and a
/// name in one cell with the titles in the next.
fn page(path: &Path, plain: bool, register: &Register) -> Result<Vec<Entry>, Error> {
    let file = path.display().to_string();
    let bytes = std::fs::read(path)
        .map_err(|error| Mistakes::from(Mistake::of_file(&file, format!("无法读取：{error}"))))?;
    let (text, _) = decode(&bytes)
        .map_err(|error| Mistakes::from(Mistake::of_file(&file, error.to_string())))?;
    let format = if plain { Format::Text } else { Format::Html };
    let document = Document::body(&text, format);
    let today = Date::constant(9999, 1, 1);
    let reader = Reader::new(register, None, today, today);
    let mut out: Vec<Entry> = Vec::new();
    let mut name_before: Option<String> = None;
    for (_, block) in document.visible_blocks() {
        for line in block.text.as_str().split('\n') {
            let line = line.trim();
            if line.is_empty() {
                continue;
            }
            let found = entry_of_line(line, name_before.as_deref(), &reader, register);
            name_before = plain_name(line);
            for entry in found {
                if !out.iter().any(|old| old.0 == entry.0 && old.1 == entry.1) {
                    out.push(entry);
                }
            }
        }
    }
    Ok(out)
}

/// The line, if it is a name and nothing else.
fn plain_name(line: &str) -> Option<String> {
    let name = crate::dictionary::normalise(line);
    let chars: Vec<char> = name.chars().collect();
    let head = |length: usize| chars.iter().take(length).collect::<String>();
    let fits = (2..=4).contains(&chars.len())
        && chars.iter().all(|c| is_han(*c))
        && (surname(&head(1)).is_some() || surname(&head(2)).is_some());
    (fits || name.contains('·') && chars.len() <= 15).then_some(name)
}

fn entry_of_line(
    line: &str,
    name_before: Option<&str>,
    reader: &Reader<'_>,
    register: &Register,
) -> Vec<Entry> {
    let entry = |name: &str, titles: &str| (name.to_owned(), titles.to_owned(), String::new());
    let posts_only = |text: &str| {
        let text = crate::dictionary::normalise(text);
        let end = text.trim_end_matches(['。', '；', ';']);
        register.titles().ending(end).is_some() && text.chars().count() <= 60
    };
    if let Some(name) = name_before
        && posts_only(line)
    {
        return vec![entry(name, line)];
    }
    // 张三　县委副书记、县长
    if let Some((first, rest)) = line.split_once([' ', '\u{3000}', '\u{a0}', '：', ':', '\t'])
        && let Some(name) = plain_name(first)
        && posts_only(rest)
    {
        return vec![entry(&name, rest)];
    }
    // 张三，男，……，现任示例县委副书记、县长。
    if let Some((first, rest)) = line.split_once(['，', ','])
        && let Some(name) = plain_name(first)
        && let Some((_, posts)) = rest.split_once("现任").or(rest.split_once("任"))
    {
        let end = posts.find(['。', '；']).unwrap_or(posts.len());
        return vec![entry(&name, &posts[..end])];
    }
    let line = Line::of(line);
    reader
        .read(&line)
        .into_iter()
        .filter(|mention| {
            mention.form == Form::TitleFirst
                && (mention.name.sure || mention.name.origin == Origin::Roster)
        })
        .filter_map(|mention| {
            let first = mention.posts.first()?.phrase.start;
            let last = mention.posts.last()?.title_range.end;
            Some(entry(&mention.name.text, line.slice(first..last)))
        })
        .collect()
}
