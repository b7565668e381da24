//! `baguan roster at`: who held what on a day.

use super::{Error, Status, kept};
use crate::command::{date, say};
use crate::dictionary::roster::Row;
use clap::Args;
use jiff::civil::Date;
use std::io::Write;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct AtArgs {
    #[arg(value_name = "日期", value_parser = date, help_heading = "参数", help = "例如 2018-07-31")]
    day: Date,
    #[arg(
        value_name = "名册",
        help_heading = "参数",
        help = "名册文件；不写则用站点的名册"
    )]
    files: Vec<PathBuf>,
    #[arg(
        long,
        value_name = "文件",
        help = "配置文件；不写则从当前文件夹逐级向上找 baguan.toml"
    )]
    config: Option<PathBuf>,
    #[arg(long, help = "也列出内置的国家领导人名单")]
    national: bool,
}

/// Runs the command: one line a post, tabs between the cells.
pub fn run(args: AtArgs) -> Result<Status, Error> {
    let kept = kept(&args.files, args.config, !args.national)?;
    let mut rows: Vec<Row> = kept.roster.rows().to_vec();
    if args.national {
        rows.extend(crate::dictionary::roster::national_rows());
    }
    let mut out = std::io::stdout().lock();
    let mut told = 0;
    // In the order of the files, an organisation's rows together.
    let mut organizations: Vec<&str> = Vec::new();
    for row in &rows {
        if !organizations.contains(&row.organization.as_str()) {
            organizations.push(&row.organization);
        }
    }
    let mut by_organization: std::collections::HashMap<&str, Vec<&Row>> =
        std::collections::HashMap::new();
    for row in rows.iter().filter(|row| row.covers(args.day)) {
        by_organization
            .entry(&row.organization)
            .or_default()
            .push(row);
    }
    for organization in organizations {
        for row in by_organization.get(organization).into_iter().flatten() {
            let acting = if row.acting { "（代理）" } else { "" };
            writeln!(
                out,
                "{organization}\t{}{acting}\t{}\t{}\t{}",
                row.title,
                row.name,
                row.dates(),
                row.source
            )?;
            told += 1;
        }
    }
    if told == 0 {
        say(format_args!("名册上没有 {} 在任的人", args.day));
    }
    Ok(Status::Clean)
}
