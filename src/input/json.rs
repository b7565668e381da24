//! JSON values to posts: an object, an array, a line of a stream.

use super::encoding::Charset;
use super::lines::Line;
use super::{Defaults, Item, Origin, Unreadable};
use crate::post::Post;
use serde_json::Value;
use std::collections::VecDeque;

/// One line of a JSONL stream.
pub fn line(source: &str, number: usize, text: Line, defaults: &Defaults) -> Item {
    let post = match text {
        Line::Undecodable => Err(Unreadable::new(
            "encoding",
            format!("{source} 第 {number} 行：{}", super::encoding::Undecodable),
        )),
        Line::Text(text) => serde_json::from_str(text.trim_start_matches('\u{feff}'))
            .map_err(|error| {
                let column = error.column();
                let what = explain(&error);
                Unreadable::new(
                    "json",
                    format!("{source} 第 {number} 行不是合法的 JSON：第 {column} 列{what}"),
                )
            })
            .and_then(|value| {
                post(value, Value::from(number), defaults)
                    .map_err(|e| Unreadable::new("record", format!("{source} 第 {number} 行：{e}")))
            }),
    };
    Item {
        source: source.to_owned(),
        id: post
            .as_ref()
            .map_or_else(|_| Value::from(number), |post| post.id.clone()),
        origin: Origin::JsonLine { line: number },
        post,
    }
}

/// A `.json` file: one object, or an array of them. Several objects one after another, as in a
/// JSONL file that was misnamed, are read as lines.
pub fn file(
    source: &str,
    name: &str,
    text: &str,
    charset: Charset,
    defaults: &Defaults,
) -> VecDeque<Item> {
    let item = |id: Value, origin: Origin, place: &str, value: Value| {
        let post = post(value, id.clone(), defaults)
            .map_err(|e| Unreadable::new("record", format!("{source}{place}：{e}")));
        Item {
            source: source.to_owned(),
            id: post.as_ref().map_or(id, |post| post.id.clone()),
            origin,
            post,
        }
    };
    match serde_json::from_str::<Value>(text) {
        Ok(Value::Array(values)) => values
            .into_iter()
            .enumerate()
            .map(|(index, value)| {
                let place = format!(" 第 {} 篇", index + 1);
                let origin = Origin::JsonArray { index, charset };
                item(Value::from(index + 1), origin, &place, value)
            })
            .collect(),
        Ok(value) => {
            let origin = Origin::JsonObject { charset };
            VecDeque::from([item(Value::from(name), origin, "", value)])
        }
        Err(_) if is_lines(text) => text
            .lines()
            .enumerate()
            .filter(|(_, text)| !text.trim().is_empty())
            .map(|(index, text)| line(source, index + 1, Line::Text(text.to_owned()), defaults))
            .collect(),
        Err(error) => VecDeque::from([Item {
            source: source.to_owned(),
            id: Value::from(name),
            origin: Origin::File,
            post: Err(Unreadable::new(
                "json",
                format!(
                    "{source} 不是合法的 JSON：第 {} 行第 {} 列{}",
                    error.line(),
                    error.column(),
                    explain(&error)
                ),
            )),
        }]),
    }
}

/// True if the first line that is not blank is a JSON object by itself.
fn is_lines(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let first = lines.next().unwrap_or_default();
    lines.next().is_some()
        && serde_json::from_str::<Value>(first).is_ok_and(|value| value.is_object())
}

fn explain(error: &serde_json::Error) -> &'static str {
    match error.classify() {
        serde_json::error::Category::Eof => "处内容不完整，可能缺少引号或括号",
        _ => "附近有语法错误，请检查引号、逗号、括号和转义",
    }
}

/// A post of a JSON value; what it does not say is filled from `defaults`.
fn post(
    mut value: Value,
    default_id: Value,
    defaults: &Defaults,
) -> Result<Post, crate::post::RecordError> {
    if let Value::Object(record) = &mut value {
        let fill = [
            ("title", &defaults.title),
            ("column", &defaults.column),
            ("unit", &defaults.unit),
            ("published_at", &defaults.date),
        ];
        for (field, default) in fill {
            if let Some(default) = default
                && record.get(field).is_none_or(Value::is_null)
            {
                record.insert(field.to_owned(), Value::from(default.as_str()));
            }
        }
    }
    let mut post = Post::from_record(value)?;
    if post.id.is_null() {
        post.id = default_id;
    }
    Ok(post)
}
