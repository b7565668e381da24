//! The post record: what a CMS knows of one post.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// How the body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    Html,
    Text,
}

impl Format {
    /// The default for a body that does not say: HTML if it holds a tag or a character reference.
    pub fn guess(body: &str) -> Self {
        let bytes = body.as_bytes();
        let last_close = bytes.iter().rposition(|&b| b == b'>').unwrap_or(0);
        for (at, byte) in bytes.iter().enumerate() {
            match byte {
                b'<' => match bytes.get(at + 1) {
                    Some(b'a'..=b'z' | b'A'..=b'Z' | b'/' | b'!' | b'?') if at < last_close => {
                        return Self::Html;
                    }
                    _ => {}
                },
                b'&' if crate::document::entities::decode(&body[at..]).is_some() => {
                    return Self::Html;
                }
                _ => {}
            }
        }
        Self::Text
    }
}

/// One post. Strings are exactly as they were given: spans of findings point into them.
#[derive(Debug, Clone, PartialEq)]
pub struct Post {
    /// The CMS id, a string or a number; null only before the input gave it its default.
    pub id: Value,
    pub title: String,
    pub body: String,
    pub format: Format,
    /// A name (`工作动态`) or a path (`政务公开/工作动态`).
    pub column: Option<String>,
    /// The publishing unit.
    pub unit: Option<String>,
    /// As given; [`Post::published_on`] reads it.
    pub published_at: Option<String>,
    pub url: Option<String>,
    /// The whole record as it came, unknown fields and order included.
    pub record: Map<String, Value>,
}

/// Why a JSON value is no post record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    #[error("不是一条稿件记录：应为 JSON 对象，实为{0}")]
    NotAnObject(&'static str),
    #[error("缺少必填字段 {0}")]
    Missing(&'static str),
    #[error("字段 {field} 应为{expected}，实为{found}")]
    WrongType {
        field: &'static str,
        expected: &'static str,
        found: &'static str,
    },
    #[error("字段 format 只能是 \"html\" 或 \"text\"，实为 {0:?}")]
    UnknownFormat(String),
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "空值",
        Value::Bool(_) => "布尔值",
        Value::Number(_) => "数字",
        Value::String(_) => "字符串",
        Value::Array(_) => "数组",
        Value::Object(_) => "对象",
    }
}

impl Post {
    /// A post of a title and a body; the rest absent, the format guessed.
    pub fn new(title: impl Into<String>, body: impl Into<String>) -> Self {
        let (title, body) = (title.into(), body.into());
        let mut record = Map::new();
        record.insert("title".into(), Value::String(title.clone()));
        record.insert("body".into(), Value::String(body.clone()));
        Self {
            id: Value::Null,
            format: Format::guess(&body),
            title,
            body,
            column: None,
            unit: None,
            published_at: None,
            url: None,
            record,
        }
    }

    /// Reads a post record. Null means absent; unknown fields are kept.
    pub fn from_record(value: Value) -> Result<Self, RecordError> {
        let Value::Object(record) = value else {
            return Err(RecordError::NotAnObject(kind_of(&value)));
        };
        let text = |field: &'static str| match record.get(field) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(other) => Err(RecordError::WrongType {
                field,
                expected: "字符串",
                found: kind_of(other),
            }),
        };
        let id = match record.get("id") {
            None | Some(Value::Null) => Value::Null,
            Some(id @ (Value::String(_) | Value::Number(_))) => id.clone(),
            Some(other) => {
                return Err(RecordError::WrongType {
                    field: "id",
                    expected: "字符串或数字",
                    found: kind_of(other),
                });
            }
        };
        let title = text("title")?.ok_or(RecordError::Missing("title"))?;
        let body = text("body")?.ok_or(RecordError::Missing("body"))?;
        let format = match text("format")?.as_deref() {
            None => Format::guess(&body),
            Some("html") => Format::Html,
            Some("text") => Format::Text,
            Some(other) => return Err(RecordError::UnknownFormat(other.to_owned())),
        };
        Ok(Self {
            id,
            format,
            column: text("column")?,
            unit: text("unit")?,
            published_at: text("published_at")?,
            url: text("url")?,
            title,
            body,
            record,
        })
    }

    /// Sets the title, in the record too.
    pub fn set_title(&mut self, title: String) {
        self.record
            .insert("title".into(), Value::String(title.clone()));
        self.title = title;
    }

    /// Sets the body, in the record too.
    pub fn set_body(&mut self, body: String) {
        self.record
            .insert("body".into(), Value::String(body.clone()));
        self.body = body;
    }

    /// The source of a field; `None` where the post has none.
    pub fn field(&self, field: crate::finding::Field) -> Option<&str> {
        use crate::finding::Field;
        match field {
            Field::Title => Some(&self.title),
            Field::Body => Some(&self.body),
            Field::Column => self.column.as_deref(),
            Field::Unit => self.unit.as_deref(),
            Field::PublishedAt => self.published_at.as_deref(),
        }
    }

    /// The day it was published. `None`: a draft. `Some(Err(()))`: given, but unreadable.
    pub fn published_on(&self) -> Option<Result<Date, UnreadableDate>> {
        let text = self.published_at.as_deref()?;
        if text.trim().is_empty() {
            return None;
        }
        Some(parse_date(text).ok_or(UnreadableDate))
    }
}

/// A `published_at` that is none of the known forms, or no day of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("无法识别的日期")]
pub struct UnreadableDate;

/// Reads RFC 3339, `2018-07-31[ 15:04[:05]]`, `2018/7/31`, `2018.7.31`, `2018年7月31日`
/// (a time may follow each) and gives the day as it stands there.
pub fn parse_date(text: &str) -> Option<Date> {
    let text = text.trim();
    let number = |text: &str, max: usize| -> Option<(i16, usize)> {
        let digits = text
            .bytes()
            .take(max)
            .take_while(u8::is_ascii_digit)
            .count();
        Some((text[..digits].parse().ok()?, digits))
    };
    let (year, len) = number(text, 4)?;
    if len != 4 {
        return None;
    }
    let rest = &text[4..];
    let separator = rest.chars().next()?;
    if !matches!(separator, '-' | '/' | '.' | '年') {
        return None;
    }
    let rest = rest[separator.len_utf8()..].trim_start();
    let (month, len) = number(rest, 2)?;
    let rest = &rest[len..];
    let second = rest.chars().next()?;
    if second != if separator == '年' { '月' } else { separator } {
        return None;
    }
    let rest = rest[second.len_utf8()..].trim_start();
    let (day, len) = number(rest, 2)?;
    let mut rest = &rest[len..];
    if separator == '年' {
        rest = rest.strip_prefix('日')?;
    }
    if !is_time(rest) {
        return None;
    }
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// Nothing, or a time of day with an optional fraction and zone.
fn is_time(rest: &str) -> bool {
    let rest = rest.trim();
    if rest.is_empty() {
        return true;
    }
    let time = rest.strip_prefix(['T', 't']).unwrap_or(rest).trim_start();
    let mut parts = time.splitn(3, ':');
    let two_digits = |part: Option<&str>, max: u8| {
        part.is_some_and(|p| (1..=2).contains(&p.len()) && p.parse::<u8>().is_ok_and(|n| n <= max))
    };
    if !two_digits(parts.next(), 24) {
        return false;
    }
    let Some(minutes) = parts.next() else {
        return false;
    };
    match parts.next() {
        None => {
            let digits = minutes.bytes().take_while(u8::is_ascii_digit).count();
            two_digits(Some(&minutes[..digits]), 59) && is_zone(&minutes[digits..])
        }
        Some(seconds) => {
            let digits = seconds.bytes().take_while(u8::is_ascii_digit).count();
            let (whole, mut zone) = seconds.split_at(digits);
            if let Some(fraction) = zone.strip_prefix('.') {
                let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
                if digits == 0 {
                    return false;
                }
                zone = &fraction[digits..];
            }
            two_digits(Some(minutes), 59) && two_digits(Some(whole), 60) && is_zone(zone)
        }
    }
}

fn is_zone(zone: &str) -> bool {
    let zone = zone.trim();
    if zone.is_empty() || zone.eq_ignore_ascii_case("z") {
        return true;
    }
    zone.strip_prefix(['+', '-']).is_some_and(|z| {
        z.len() <= 5 && z.bytes().all(|b| b.is_ascii_digit() || b == b':') && z.len() >= 2
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_every_known_form_are_read() {
        let day = Date::new(2018, 7, 31).ok();
        for text in [
            "2018-07-31",
            "2018-07-31 15:04",
            "2018-07-31 15:04:05",
            "2018-07-31T15:04:05Z",
            "2018-07-31T15:04:05.123+08:00",
            "2018/7/31",
            "2018.7.31",
            "2018年7月31日",
            "2018年07月31日 15:04",
            " 2018-7-31 ",
        ] {
            assert_eq!(parse_date(text), day, "{text}");
        }
        for text in [
            "2018-02-30",
            "昨天",
            "18-07-31",
            "2018-07",
            "2018年7月",
            "2018-07/31",
            "2018-07-31 abc",
            "20180731",
        ] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }
}
