//! `baguan init`: a site folder to start from. What exists is never touched.

use super::{Error, Status, say};
use clap::Args;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(
    override_usage = "baguan init [选项] [文件夹]",
    help_template = super::HELP_TEMPLATE,
    next_help_heading = "选项",
    after_help = "写出 baguan.toml、columns.toml、units.csv、roster.csv。已有的文件不动，只补缺少的；四个都已存在时退出码为 2。"
)]
pub struct InitArgs {
    #[arg(
        value_name = "文件夹",
        help_heading = "参数",
        default_value = ".",
        hide_default_value = true,
        help = "写在哪里，默认为当前文件夹；没有则新建"
    )]
    folder: PathBuf,
}

/// Name, contents, and whether it begins with a byte-order mark, without which Excel takes a
/// `.csv` file for GBK.
const FILES: [(&str, &str, bool); 4] = [
    ("baguan.toml", include_str!("init/baguan.toml"), false),
    ("columns.toml", include_str!("init/columns.toml"), false),
    ("units.csv", include_str!("init/units.csv"), true),
    ("roster.csv", include_str!("init/roster.csv"), true),
];

/// Runs the command.
pub fn run(args: &InitArgs) -> Result<Status, Error> {
    let cannot =
        |what: &str, error: std::io::Error| Error::Message(format!("无法写入 {what}：{error}"));
    std::fs::create_dir_all(&args.folder)
        .map_err(|error| cannot(&args.folder.display().to_string(), error))?;
    let mut out = std::io::stdout().lock();
    let mut written = 0;
    for (name, text, mark) in FILES {
        let path = args.folder.join(name);
        // Asked of the file system in one step, so that nothing slips in between.
        let file = OpenOptions::new().write(true).create_new(true).open(&path);
        let mut file = match file {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                say(format_args!("{} 已存在，没有动它", path.display()));
                continue;
            }
            Err(error) => return Err(cannot(&path.display().to_string(), error)),
        };
        let mark = if mark { "\u{feff}" } else { "" };
        // Notepad and Excel of older Windows want CRLF in tables.
        let text = if name.ends_with(".csv") {
            text.replace('\n', "\r\n")
        } else {
            text.to_owned()
        };
        file.write_all(format!("{mark}{text}").as_bytes())
            .map_err(|error| cannot(&path.display().to_string(), error))?;
        written += 1;
        writeln!(out, "已写出 {}", path.display())?;
    }
    if written == 0 {
        return Err(Error::Message(
            "站点文件夹的四个文件都已存在，没有写任何文件".to_owned(),
        ));
    }
    writeln!(
        out,
        "接下来：用文本编辑器改 baguan.toml 和 columns.toml，用 Excel 或 WPS 填 units.csv 和 roster.csv，\
         然后在这个文件夹里运行 baguan check 稿件文件。"
    )?;
    Ok(Status::Clean)
}
