//! Help and usage mistakes: clap finds them, this says them in Chinese.

use super::{Error, Status};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::error::Error as _;
use std::io::Write;

/// Prints help or the version, or says what is wrong with the command line.
pub fn answer(error: &clap::Error) -> Result<Status, Error> {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let mut out = std::io::stdout().lock();
            write!(out, "{}", error.render())?;
            out.flush()?;
            Ok(Status::Clean)
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = write!(std::io::stderr(), "{}", error.render());
            Ok(Status::Failed)
        }
        _ => Err(Error::Message(format!(
            "{}\n用 baguan --help 或 baguan <命令> --help 看用法。",
            explain(error)
        ))),
    }
}

fn explain(error: &clap::Error) -> String {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join("、"),
        _ => String::new(),
    };
    let meant = |kind| match text(kind) {
        near if near.is_empty() => String::new(),
        near => format!("，是不是想写“{near}”？"),
    };
    let argument = text(ContextKind::InvalidArg);
    match error.kind() {
        ErrorKind::UnknownArgument => format!(
            "不认识的选项“{argument}”{}",
            meant(ContextKind::SuggestedArg)
        ),
        ErrorKind::InvalidSubcommand => format!(
            "没有命令“{}”{}",
            text(ContextKind::InvalidSubcommand),
            meant(ContextKind::SuggestedSubcommand)
        ),
        ErrorKind::InvalidValue => match text(ContextKind::InvalidValue) {
            value if value.is_empty() => format!("选项“{argument}”后面缺少值"),
            value => format!(
                "选项“{argument}”不能写“{value}”，可以写：{}",
                text(ContextKind::ValidValue)
            ),
        },
        ErrorKind::ValueValidation => format!(
            "选项“{argument}”不能写“{}”：{}",
            text(ContextKind::InvalidValue),
            error.source().map_or_else(String::new, ToString::to_string)
        ),
        ErrorKind::ArgumentConflict => match text(ContextKind::PriorArg) {
            prior if prior == argument => format!("选项“{argument}”只能写一次"),
            prior => format!("选项“{argument}”和“{prior}”不能同时用"),
        },
        ErrorKind::MissingRequiredArgument => format!("缺少参数：{argument}"),
        ErrorKind::InvalidUtf8 => "参数不是合法的 UTF-8 文字".to_owned(),
        _ => format!("命令行有误：{}", error.kind()),
    }
}
