//! `baguan roster`: looks after the roster. Nothing here changes a file.

mod at;
mod import;
mod posts;
mod propose;
mod review;

use super::{Error, HELP_TEMPLATE, Status, config_file};
use crate::config::Config;
use crate::dictionary::roster::Roster;
use crate::dictionary::units::Units;
use crate::knowledge::Site;
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(
    override_usage = "baguan roster <check|at|import|propose> [选项]",
    help_template = HELP_TEMPLATE,
    subcommand_help_heading = "命令",
    next_help_heading = "选项",
    disable_help_subcommand = true,
    after_help = "名册是站点文件夹里的 roster.csv（或 .xlsx），一人一职一行，用表格软件编辑。\n这些命令都不改动名册，只给出检查结果或建议。"
)]
pub struct RosterArgs {
    #[command(subcommand)]
    command: RosterCommand,
}

#[derive(Debug, Subcommand)]
enum RosterCommand {
    #[command(
        about = "检查名册：同一职务同时有两人、空缺、不认识的单位、像是写错的姓名",
        override_usage = "baguan roster check [选项] [名册…]",
        help_template = HELP_TEMPLATE,
        next_help_heading = "选项",
        after_help = "发现问题退出码为 1；名册读不了为 2。"
    )]
    Check(review::CheckArgs),
    #[command(
        about = "列出某一天谁任什么职务",
        override_usage = "baguan roster at [选项] <日期> [名册…]",
        help_template = HELP_TEMPLATE,
        next_help_heading = "选项",
        after_help = "例如：baguan roster at 2018-07-31"
    )]
    At(at::AtArgs),
    #[command(
        about = "把领导分工表或领导之窗网页变成名册的行，印在标准输出",
        override_usage = "baguan roster import [选项] <文件>",
        help_template = HELP_TEMPLATE,
        next_help_heading = "选项",
        after_help = "例如：baguan roster import 领导分工.xlsx > 待核对.csv\n核对后再并入 roster.csv。"
    )]
    Import(import::ImportArgs),
    #[command(
        about = "从稿件里的任免通知和职务姓名提出名册的建议（JSONL）",
        override_usage = "baguan roster propose [选项] [稿件…]",
        help_template = HELP_TEMPLATE,
        next_help_heading = "选项",
        after_help = "每行一条：name、organization、title、action（任、免、提及）、date、sentence、post。\n由人核对后再写进名册。"
    )]
    Propose(propose::ProposeArgs),
}

/// Runs the command.
pub fn run(args: RosterArgs) -> Result<Status, Error> {
    match args.command {
        RosterCommand::Check(args) => review::run(args),
        RosterCommand::At(args) => at::run(args),
        RosterCommand::Import(args) => import::run(&args),
        RosterCommand::Propose(args) => propose::run(args),
    }
}

/// What the subcommands work with.
struct Kept {
    site: Site,
    roster: Roster,
    units: Option<Units>,
}

/// The files named on the command line, or those of the site folder. `required`: an error where
/// there is no roster at all.
fn kept(files: &[PathBuf], config: Option<PathBuf>, required: bool) -> Result<Kept, Error> {
    let config = match config_file(config)? {
        Some(file) => Config::load(&file)?,
        None => Config::default(),
    };
    let paths = if files.is_empty() {
        &config.roster
    } else {
        files
    };
    if paths.is_empty() && required {
        return Err(Error::Message(
            "没有名册。请在命令后写上名册文件，或在 baguan.toml 的 [site] 里写 roster = [\"roster.csv\"]"
                .to_owned(),
        ));
    }
    let roster = Roster::read(paths.iter().map(PathBuf::as_path))?;
    let units = config.units.as_deref().map(Units::read).transpose()?;
    Ok(Kept {
        site: config.site,
        roster,
        units,
    })
}
