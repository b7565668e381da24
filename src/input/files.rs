//! Which files are posts, and posts of files that are read whole.

use super::encoding::Charset;
use super::{Defaults, Item, Origin, Unreadable, json, page};
use crate::post::{Format, Post};
use serde_json::Value;
use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};

/// The supported kinds, for messages.
pub const SUPPORTED: &str = ".json、.jsonl、.html、.htm、.txt";

/// What kind of file it is, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Json,
    JsonLines,
    Html,
    Text,
}

/// The kind of a file, if it is a supported one.
pub fn kind(path: &Path) -> Option<Kind> {
    let extension = path.extension()?.to_str()?.to_ascii_lowercase();
    match extension.as_str() {
        "json" => Some(Kind::Json),
        "jsonl" | "ndjson" => Some(Kind::JsonLines),
        "html" | "htm" | "shtml" => Some(Kind::Html),
        "txt" => Some(Kind::Text),
        _ => None,
    }
}

/// The supported files in a folder and its sub-folders, by name; hidden ones left out, links to
/// folders not followed.
pub fn in_folder(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            let path = entry.path();
            if entry.file_type()?.is_dir() {
                folders.push(path);
            } else if kind(&path).is_some() && path.is_file() {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The posts of a decoded file.
pub fn posts(
    kind: Kind,
    source: &str,
    name: &str,
    text: &str,
    charset: Charset,
    defaults: &Defaults,
) -> VecDeque<Item> {
    let (origin, post) = match kind {
        Kind::Json | Kind::JsonLines => return json::file(source, name, text, charset, defaults),
        Kind::Html => html(source, text, charset, defaults),
        Kind::Text => plain(source, text, charset, defaults),
    };
    let post = post.map(|mut post| {
        post.id = Value::from(name);
        post.record.insert("id".into(), post.id.clone());
        post
    });
    VecDeque::from([Item {
        source: source.to_owned(),
        id: Value::from(name),
        origin,
        post,
    }])
}

fn no_title(source: &str, looked_for: &str) -> Unreadable {
    Unreadable::new(
        "no-title",
        format!("{source} 中找不到标题（{looked_for}），请用 --title 给出"),
    )
}

fn html(
    source: &str,
    text: &str,
    charset: Charset,
    defaults: &Defaults,
) -> (Origin, Result<Post, Unreadable>) {
    let Some(page) = page::read(text) else {
        let message = format!(
            "{source} 是整张网页，但认不出正文在哪里（正文应放在 #zoom、#vsb_content、.TRS_Editor、#UCAP-CONTENT、article 等常见容器中）"
        );
        return (Origin::File, Err(Unreadable::new("no-body", message)));
    };
    let Some(title) = page.title.or_else(|| defaults.title.clone()) else {
        let looked_for = "ArticleTitle 元标签或 h1";
        return (Origin::File, Err(no_title(source, looked_for)));
    };
    let mut post = Post::new(title, &text[page.body.clone()]);
    post.format = Format::Html;
    fill(
        &mut post,
        page.column.or_else(|| defaults.column.clone()),
        page.unit.or_else(|| defaults.unit.clone()),
        page.published_at.or_else(|| defaults.date.clone()),
    );
    let origin = Origin::Html {
        title: page.title_at,
        body: page.body,
        charset,
    };
    (origin, Ok(post))
}

fn plain(
    source: &str,
    text: &str,
    charset: Charset,
    defaults: &Defaults,
) -> (Origin, Result<Post, Unreadable>) {
    let mut at = 0;
    let mut title = None;
    for piece in text.split_inclusive('\n') {
        let line = piece.strip_suffix('\n').unwrap_or(piece);
        let line = line.strip_suffix('\r').unwrap_or(line);
        let start = at;
        at += piece.len();
        if !line.trim().is_empty() {
            title = Some(start..start + line.len());
            break;
        }
    }
    let Some(title) = title else {
        return (Origin::File, Err(no_title(source, "第一个非空行")));
    };
    let mut post = Post::new(&text[title.clone()], &text[at..]);
    post.format = Format::Text;
    fill(
        &mut post,
        defaults.column.clone(),
        defaults.unit.clone(),
        defaults.date.clone(),
    );
    let origin = Origin::Text {
        title: Some(title),
        body: at..text.len(),
        charset,
    };
    (origin, Ok(post))
}

fn fill(post: &mut Post, column: Option<String>, unit: Option<String>, date: Option<String>) {
    let mut set = |field: &str, value: &Option<String>| {
        if let Some(value) = value {
            post.record
                .insert(field.to_owned(), Value::from(value.as_str()));
        }
    };
    set("column", &column);
    set("unit", &unit);
    set("published_at", &date);
    post.column = column;
    post.unit = unit;
    post.published_at = date;
}
