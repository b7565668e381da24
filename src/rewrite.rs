//! Puts fixed posts back into the text of the file that they came from. Only the title and the
//! body that changed are touched; every other byte stays as it was.

use crate::finding::Field;
use crate::input::Origin;
use crate::post::Post;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;
use std::ops::Range;

/// A post of the file, before and after.
#[derive(Debug, Clone)]
pub struct Change {
    pub origin: Origin,
    pub old: Post,
    pub new: Post,
}

const CHANGED_MEANWHILE: &str = "文件在处理期间被改动，没有写入";

/// A file's text after its changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewritten {
    pub text: String,
    /// Changed fields that do not stand in the file (a title that came from elsewhere), in
    /// Chinese. They are left out.
    pub left_out: Vec<String>,
}

/// Why a field cannot be put back.
enum Obstacle {
    /// It does not stand in the file.
    NotThere,
    /// The file is no longer what was read.
    Changed,
}

/// The file's `text` with all changes made.
///
/// # Errors
/// In Chinese: the file is no longer what the posts were read from.
pub fn rewrite(text: &str, changes: &[Change]) -> Result<Rewritten, String> {
    let mut replacements: Vec<(Range<usize>, String)> = Vec::new();
    let mut left_out = Vec::new();
    // Where the elements of an array or the lines of a stream stand, found when first needed.
    let mut elements: Option<Vec<&str>> = None;
    let mut lines: Option<Vec<&str>> = None;
    for change in changes {
        let fields = [
            Field::Title,
            Field::Body,
            Field::Column,
            Field::Unit,
            Field::PublishedAt,
        ];
        let fields = fields.into_iter().filter_map(|field| {
            let (old, new) = (change.old.field(field)?, change.new.field(field)?);
            (old != new).then_some((field, old, new))
        });
        for (field, old, new) in fields {
            let replacement = match &change.origin {
                Origin::JsonObject { .. } => in_json(text, text, field, old, new),
                Origin::JsonArray { index, .. } => {
                    let elements = elements.get_or_insert_with(|| array_elements(text));
                    let element = elements.get(*index).ok_or(CHANGED_MEANWHILE)?;
                    in_json(text, element, field, old, new)
                }
                Origin::JsonLine { line } => {
                    let lines = lines.get_or_insert_with(|| text.split('\n').collect());
                    let record = line.checked_sub(1).and_then(|index| lines.get(index));
                    let record = record.ok_or(CHANGED_MEANWHILE)?;
                    in_json(text, record.trim_start_matches('\u{feff}'), field, old, new)
                }
                Origin::Html { title, body, .. } | Origin::Text { title, body, .. } => {
                    let place = match field {
                        Field::Title => title.clone(),
                        Field::Body => Some(body.clone()),
                        _ => None,
                    };
                    in_page(text, place, old, new)
                }
                Origin::File => return Err(CHANGED_MEANWHILE.to_owned()),
            };
            match replacement {
                Ok(replacement) => replacements.push(replacement),
                Err(Obstacle::Changed) => return Err(CHANGED_MEANWHILE.to_owned()),
                Err(Obstacle::NotThere) => {
                    left_out.push(format!("{}不是写在这个文件里的，没有改写", field.chinese()))
                }
            }
        }
    }
    replacements.sort_by_key(|(range, _)| range.start);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (range, new) in replacements {
        let kept = text.get(at..range.start).ok_or(CHANGED_MEANWHILE)?;
        out.push_str(kept);
        out.push_str(&new);
        at = range.end;
    }
    out.push_str(text.get(at..).ok_or(CHANGED_MEANWHILE)?);
    Ok(Rewritten {
        text: out,
        left_out,
    })
}

fn in_page(
    text: &str,
    place: Option<Range<usize>>,
    old: &str,
    new: &str,
) -> Result<(Range<usize>, String), Obstacle> {
    let range = place.ok_or(Obstacle::NotThere)?;
    if text.get(range.clone()) != Some(old) {
        return Err(Obstacle::Changed);
    }
    // In an attribute (a meta tag's content) the quotation mark around it must not come in.
    let new = match text[..range.start].chars().next_back() {
        Some('"') => new.replace('"', "&quot;"),
        Some('\'') => new.replace('\'', "&#39;"),
        _ => new.to_owned(),
    };
    Ok((range, new))
}

/// The replacement of the string that `object`, a part of `text`, has for `field`.
fn in_json(
    text: &str,
    object: &str,
    field: Field,
    old: &str,
    new: &str,
) -> Result<(Range<usize>, String), Obstacle> {
    let members: Members<'_> = serde_json::from_str(object).map_err(|_| Obstacle::Changed)?;
    // Of a key that stands there twice the last one counts.
    let value = members
        .0
        .iter()
        .rev()
        .find(|(key, _)| key == field.as_str())
        .ok_or(Obstacle::NotThere)?
        .1
        .get();
    if serde_json::from_str::<String>(value).ok().as_deref() != Some(old) {
        return Err(Obstacle::Changed);
    }
    let start = offset(text, value).ok_or(Obstacle::Changed)?;
    let written = serde_json::to_string(new).map_err(|_| Obstacle::Changed)?;
    Ok((start..start + value.len(), written))
}

/// Where `part`, a slice of `text`, begins in it.
fn offset(text: &str, part: &str) -> Option<usize> {
    let start = (part.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
    (start + part.len() <= text.len()).then_some(start)
}

fn array_elements(text: &str) -> Vec<&str> {
    serde_json::from_str::<Vec<&RawValue>>(text)
        .map(|elements| elements.into_iter().map(RawValue::get).collect())
        .unwrap_or_default()
}

/// The members of a JSON object, values as they are written.
struct Members<'t>(Vec<(String, &'t RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OfObject;
        impl<'de> Visitor<'de> for OfObject {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(OfObject)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::encoding::Charset;

    fn change(origin: Origin, old: (&str, &str), new: (&str, &str)) -> Change {
        Change {
            origin,
            old: Post::new(old.0, old.1),
            new: Post::new(new.0, new.1),
        }
    }

    #[test]
    fn json_keeps_every_other_byte() {
        let text = "[ {\"x\": 1.50, \"title\" : \"\\u7532。\",\n \"body\":\"\"},\n  3, {\"body\": \"乙\", \"title\": \"丙\", \"title\": \"甲。\"} ]\n";
        let charset = Charset::UTF_8;
        let changes = [
            change(
                Origin::JsonArray { index: 2, charset },
                ("甲。", "乙"),
                ("甲", "“乙\""),
            ),
            change(
                Origin::JsonArray { index: 0, charset },
                ("甲。", ""),
                ("甲", ""),
            ),
        ];
        assert_eq!(
            rewrite(text, &changes).unwrap().text,
            "[ {\"x\": 1.50, \"title\" : \"甲\",\n \"body\":\"\"},\n  3, {\"body\": \"“乙\\\"\", \"title\": \"丙\", \"title\": \"甲\"} ]\n"
        );
    }

    #[test]
    fn lines_of_a_stream_keep_their_neighbours() {
        let text = "不是 JSON\r\n\n{\"title\":\"甲。\",\"body\":\"\"}\r\n{\"title\":\"乙\"}";
        let changes = [change(
            Origin::JsonLine { line: 3 },
            ("甲。", ""),
            ("甲", ""),
        )];
        assert_eq!(
            rewrite(text, &changes).unwrap().text,
            "不是 JSON\r\n\n{\"title\":\"甲\",\"body\":\"\"}\r\n{\"title\":\"乙\"}"
        );
    }

    #[test]
    fn a_title_in_an_attribute_keeps_its_quotation_marks() {
        let text = "<meta name=\"ArticleTitle\" content=\"甲,乙\"><p>丙";
        let start = text.find('甲').unwrap();
        let body = text.find("<p>").unwrap();
        let origin = Origin::Html {
            title: Some(start..start + "甲,乙".len()),
            body: body..text.len(),
            charset: Charset::UTF_8,
        };
        let changes = [change(origin, ("甲,乙", "<p>丙"), ("甲\"乙", "<p>丁"))];
        assert_eq!(
            rewrite(text, &changes).unwrap().text,
            "<meta name=\"ArticleTitle\" content=\"甲&quot;乙\"><p>丁"
        );
    }

    #[test]
    fn what_is_not_there_as_it_was_is_refused() {
        let line = Origin::JsonLine { line: 1 };
        let changes = [change(line, ("甲。", ""), ("甲", ""))];
        for text in ["{\"title\":\"乙\"}", "", "[]"] {
            assert_eq!(rewrite(text, &changes).unwrap_err(), CHANGED_MEANWHILE);
        }
        let without_title = rewrite("{\"body\":\"\"}", &changes).unwrap();
        assert_eq!(without_title.text, "{\"body\":\"\"}");
        assert_eq!(
            without_title.left_out,
            ["标题不是写在这个文件里的，没有改写"]
        );
    }
}
