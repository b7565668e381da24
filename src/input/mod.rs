//! Files, folders and streams in, posts out, one at a time.
//!
//! What cannot be read comes out too, as an [`Unreadable`] in its place; the rest goes on.

pub mod encoding;
mod files;
mod json;
mod lines;
mod page;

use crate::post::Post;
use encoding::Charset;
use lines::Lines;
use serde_json::Value;
use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufReader, Read};
use std::ops::Range;
use std::path::PathBuf;

/// What a file does not say and the command line does. Never overrides what the file says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Defaults {
    pub title: Option<String>,
    pub column: Option<String>,
    pub unit: Option<String>,
    pub date: Option<String>,
}

/// One post of the input, or what stands in its place.
#[derive(Debug, Clone)]
pub struct Item {
    /// The path as it was given (files of a folder: joined to it), `-` for standard input.
    pub source: String,
    /// The post's id; for an unreadable one what would have been its default.
    pub id: Value,
    pub origin: Origin,
    pub post: Result<Post, Unreadable>,
}

/// A post that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Unreadable {
    /// `not-found`, `io`, `encoding`, `json`, `record`, `no-title`, `no-body`, `unsupported`,
    /// `empty`.
    pub code: &'static str,
    /// Chinese; names the line where there is one.
    pub message: String,
}

impl Unreadable {
    fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }
}

/// The form that a post came in, so that `fix` can write it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A `.json` file of one object.
    JsonObject { charset: Charset },
    /// Element `index` of a `.json` file's array.
    JsonArray { index: usize, charset: Charset },
    /// Line `line` (from 1) of a stream.
    JsonLine { line: usize },
    /// `.html`: where title and body stand in the decoded file (bytes), if they stand there.
    Html {
        title: Option<Range<usize>>,
        body: Range<usize>,
        charset: Charset,
    },
    /// `.txt`: likewise.
    Text {
        title: Option<Range<usize>>,
        body: Range<usize>,
        charset: Charset,
    },
    /// The file as a whole could not be read.
    File,
}

/// Reads the posts of paths in order. `-` is JSONL on standard input; a folder gives every
/// supported file in it, by name, sub-folders included.
pub struct Reader {
    paths: VecDeque<PathBuf>,
    defaults: Defaults,
    stdin: Option<Box<dyn Read + Send>>,
    /// The stream being read: its name and lines.
    stream: Option<(String, Lines)>,
    /// Posts of a file that was read whole.
    ready: VecDeque<Item>,
}

impl Reader {
    /// A reader over `paths`; nothing is opened before it is asked for.
    pub fn new(paths: Vec<String>, defaults: Defaults) -> Self {
        Self::with_stdin(paths, defaults, Box::new(std::io::stdin()))
    }

    /// A reader whose `-` reads `stdin`.
    pub fn with_stdin(paths: Vec<String>, defaults: Defaults, stdin: Box<dyn Read + Send>) -> Self {
        Self {
            paths: paths.into_iter().map(PathBuf::from).collect(),
            defaults,
            stdin: Some(stdin),
            stream: None,
            ready: VecDeque::new(),
        }
    }

    fn open(&mut self, path: PathBuf) {
        let source = path.to_string_lossy().into_owned();
        if source == "-" {
            match self.stdin.take() {
                Some(stdin) => {
                    self.stream = Some((source, Lines::new(Box::new(BufReader::new(stdin)))));
                }
                None => self.refuse(source, "io", "标准输入（-）只能写一次"),
            }
            return;
        }
        match std::fs::metadata(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let message = format!("找不到文件或文件夹：{source}");
                self.refuse(source, "not-found", message);
            }
            Err(error) => {
                let message = format!("无法打开 {source}：{error}");
                self.refuse(source, "io", message);
            }
            Ok(metadata) if metadata.is_dir() => self.open_folder(path, source),
            Ok(_) => self.open_file(path, source),
        }
    }

    fn open_folder(&mut self, path: PathBuf, source: String) {
        match files::in_folder(&path) {
            Ok(found) if found.is_empty() => {
                let message = format!("文件夹 {source} 中没有可检查的文件（{}）", files::SUPPORTED);
                self.refuse(source, "empty", message);
            }
            Ok(found) => {
                for file in found.into_iter().rev() {
                    self.paths.push_front(file);
                }
            }
            Err(error) => {
                let message = format!("无法读取文件夹 {source}：{error}");
                self.refuse(source, "io", message);
            }
        }
    }

    fn open_file(&mut self, path: PathBuf, source: String) {
        let kind = files::kind(&path);
        if kind == Some(files::Kind::JsonLines) {
            match File::open(&path) {
                Ok(file) => {
                    self.stream = Some((source, Lines::new(Box::new(BufReader::new(file)))));
                }
                Err(error) => {
                    let message = format!("无法打开 {source}：{error}");
                    self.refuse(source, "io", message);
                }
            }
            return;
        }
        let Some(kind) = kind else {
            let message = format!("不支持的文件类型：{source}（支持 {}）", files::SUPPORTED);
            self.refuse(source, "unsupported", message);
            return;
        };
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) => {
                let message = format!("无法读取 {source}：{error}");
                self.refuse(source, "io", message);
                return;
            }
        };
        match encoding::decode(&bytes) {
            Ok((text, charset)) => {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                self.ready = files::posts(kind, &source, &name, &text, charset, &self.defaults);
            }
            Err(error) => {
                let message = format!("{source}：{error}");
                self.refuse(source, "encoding", message);
            }
        }
    }

    fn refuse(&mut self, source: String, code: &'static str, message: impl Into<String>) {
        self.ready.push_back(Item {
            id: Value::String(source.clone()),
            source,
            origin: Origin::File,
            post: Err(Unreadable::new(code, message)),
        });
    }

    /// The next post of the stream; `None` at its end.
    fn next_of_stream(&mut self) -> Option<Item> {
        let (source, lines) = self.stream.as_mut()?;
        loop {
            let (line, text) = match lines.next_line() {
                Ok(Some(line)) => line,
                Ok(None) => {
                    self.stream = None;
                    return None;
                }
                Err(error) => {
                    let source = source.clone();
                    self.stream = None;
                    self.refuse(
                        source.clone(),
                        "io",
                        format!("读取 {source} 时出错：{error}"),
                    );
                    return self.ready.pop_front();
                }
            };
            if matches!(&text, lines::Line::Text(text) if text.trim().is_empty()) {
                continue;
            }
            return Some(json::line(source, line, text, &self.defaults));
        }
    }
}

impl Iterator for Reader {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                return Some(item);
            }
            if self.stream.is_some() {
                if let Some(item) = self.next_of_stream() {
                    return Some(item);
                }
                continue;
            }
            let path = self.paths.pop_front()?;
            self.open(path);
        }
    }
}
