//! Posts of every kind of input, and what cannot be read, through the reader.

use baguan::input::encoding::Charset;
use baguan::input::{Defaults, Item, Reader};
use baguan::post::Format;
use std::io::Read;
use std::path::Path;

fn read(paths: &[&Path]) -> Vec<Item> {
    read_with(paths, Defaults::default())
}

fn read_with(paths: &[&Path], defaults: Defaults) -> Vec<Item> {
    let paths = paths
        .iter()
        .map(|p| p.to_string_lossy().into_owned())
        .collect();
    Reader::with_stdin(paths, defaults, Box::new(std::io::empty())).collect()
}

fn file(folder: &tempfile::TempDir, name: &str, bytes: impl AsRef<[u8]>) -> std::path::PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).expect("a file");
    path
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

fn code(item: &Item) -> &str {
    item.post.as_ref().map_or_else(|error| error.code, |_| "")
}

const LINES: &str = "{\"id\":7,\"title\":\"示例县召开会议\",\"body\":\"<p>正文</p>\",\"extra\":[1.50]}\n\n\
                     {\"title\":\"坏行\n{\"title\":\"无正文\"}\n{\"title\":\"末行\",\"body\":\"甲\"}";

#[test]
fn a_bad_line_is_named_and_the_rest_go_on() {
    let folder = folder();
    let items = read(&[&file(&folder, "a.jsonl", LINES)]);
    assert_eq!(
        items.iter().map(code).collect::<Vec<_>>(),
        ["", "json", "record", ""]
    );
    let post = items[0].post.as_ref().expect("a post");
    assert_eq!(post.id, 7);
    assert_eq!(post.format, Format::Html);
    // Unknown fields are kept, numbers as they were written.
    assert_eq!(post.record["extra"].to_string(), "[1.50]");
    let error = items[1].post.as_ref().expect_err("an error");
    assert!(error.message.contains("第 3 行"), "{}", error.message);
    assert_eq!(items[1].id, 3);
    assert_eq!(items[3].post.as_ref().expect("a post").format, Format::Text);
    assert_eq!(items[3].id, 5);
}

#[test]
fn every_encoding_gives_the_same_posts() {
    let gbk = encoding_rs::GBK.encode(LINES).0.into_owned();
    let utf16 = |big: bool, mark: bool| -> Vec<u8> {
        let text = if mark {
            format!("\u{feff}{LINES}")
        } else {
            LINES.to_owned()
        };
        text.encode_utf16()
            .flat_map(|u| {
                if big {
                    u.to_be_bytes()
                } else {
                    u.to_le_bytes()
                }
            })
            .collect()
    };
    let folder = folder();
    let want: Vec<_> = read(&[&file(&folder, "a.jsonl", LINES)])
        .into_iter()
        .map(|item| (item.id, item.post.map_err(|e| e.code)))
        .collect();
    for (name, bytes) in [
        ("mark.jsonl", format!("\u{feff}{LINES}").into_bytes()),
        ("gbk.jsonl", gbk),
        ("le.jsonl", utf16(false, true)),
        ("be.jsonl", utf16(true, true)),
    ] {
        let got: Vec<_> = read(&[&file(&folder, name, bytes)])
            .into_iter()
            .map(|item| (item.id, item.post.map_err(|e| e.code)))
            .collect();
        assert_eq!(got, want, "{name}");
    }
    // Whole files too, also without a mark.
    let object =
        "{\"title\":\"示例县召开防汛工作会议\",\"body\":\"会议要求抓好各项工作，做好值班值守。\"}";
    for bytes in [
        encoding_rs::GB18030.encode(object).0.into_owned(),
        object.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        object.encode_utf16().flat_map(u16::to_be_bytes).collect(),
    ] {
        let items = read(&[&file(&folder, "a.json", bytes)]);
        let title = items[0].post.as_ref().map(|p| p.title.clone());
        assert_eq!(title.as_deref(), Ok("示例县召开防汛工作会议"));
    }
}

#[test]
fn undecodable_bytes_are_said_and_the_rest_is_read() {
    let folder = folder();
    let mut lines = LINES.as_bytes().to_vec();
    lines.extend(b"\n{\"title\":\"\xff\xfe\xff\",\"body\":\"\"}\n{\"title\":\"\xe7\xa4\xba\",\"body\":\"b\"}");
    let stream = file(&folder, "a.jsonl", lines);
    let picture = file(
        &folder,
        "b.json",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0\xff\xfe\x80",
    );
    let good = file(&folder, "c.json", "{\"title\":\"甲\",\"body\":\"\"}");
    let items = read(&[&stream, &picture, &good]);
    let codes: Vec<_> = items.iter().map(code).collect();
    assert_eq!(
        codes,
        ["", "json", "record", "", "encoding", "", "encoding", ""]
    );
}

#[test]
fn missing_files_unknown_kinds_and_empty_folders_are_said() {
    let folder = folder();
    let word = file(&folder, "a.wps", "x");
    let empty = folder.path().join("empty");
    std::fs::create_dir(&empty).expect("a folder");
    let missing = folder.path().join("missing.json");
    let items = read(&[&word, &empty, &missing]);
    assert_eq!(
        items.iter().map(code).collect::<Vec<_>>(),
        ["unsupported", "empty", "not-found"]
    );
}

#[test]
fn arrays_objects_and_misnamed_lines_are_read() {
    let folder = folder();
    let array = file(
        &folder,
        "a.json",
        "[{\"title\":\"甲\",\"body\":\"\"},{\"title\":1,\"body\":\"\"},3]",
    );
    let lines = file(
        &folder,
        "b.json",
        "{\"title\":\"甲\",\"body\":\"\"}\n{\"title\":\"乙\",\"body\":\"\"}\n",
    );
    let object = file(
        &folder,
        "c.json",
        "{\"title\":\"甲\",\"body\":\"\",\"column\":null}",
    );
    let items = read(&[&array, &lines, &object]);
    assert_eq!(
        items.iter().map(code).collect::<Vec<_>>(),
        ["", "record", "record", "", "", ""]
    );
    assert_eq!(items[0].id, 1);
    assert_eq!(items[5].id, "c.json");
    assert_eq!(items[5].post.as_ref().expect("a post").column, None);
}

#[test]
fn a_folder_gives_its_supported_files_by_name() {
    let folder = folder();
    std::fs::create_dir(folder.path().join("sub")).expect("a folder");
    for name in ["b.txt", "a.txt", ".hidden.txt", "c.exe", "sub/d.txt"] {
        file(&folder, name, "标题\n正文");
    }
    let names: Vec<String> = read(&[folder.path()])
        .iter()
        .map(|item| {
            item.source
                .strip_prefix(&*folder.path().to_string_lossy())
                .unwrap_or_default()
                .to_owned()
        })
        .collect();
    assert_eq!(names, ["/a.txt", "/b.txt", "/sub/d.txt"]);
}

const PAGE: &str = r#"<!DOCTYPE html><html><head><meta name="ArticleTitle" content="示例县召开会议">
<META NAME="pubdate" CONTENT="2018-07-31 15:04"><meta name="ContentSource" content="示例县交通运输局">
<meta name="ColumnName" content="工作动态"></head><body><ul><li><a href=/>首页</a></li></ul>
<div id="zoom"><p>会议要求抓好工作。</p><div>附件</div></div><div>版权</div></body></html>"#;

#[test]
fn pages_give_title_date_unit_column_and_body() {
    let folder = folder();
    let path = file(&folder, "p.html", PAGE);
    let items = read(&[&path]);
    let post = items[0].post.as_ref().expect("a post");
    assert_eq!(post.title, "示例县召开会议");
    assert_eq!(post.body, "<p>会议要求抓好工作。</p><div>附件</div>");
    assert_eq!(post.published_at.as_deref(), Some("2018-07-31 15:04"));
    assert_eq!(post.unit.as_deref(), Some("示例县交通运输局"));
    assert_eq!(post.column.as_deref(), Some("工作动态"));
    assert_eq!(post.id, "p.html");
}

#[test]
fn containers_of_the_common_systems_are_known() {
    let folder = folder();
    for (open, close) in [
        ("<div class='a TRS_Editor'>", "</div>"),
        ("<div id='vsb_content_501'>", "</div>"),
        ("<div id='UCAP-CONTENT'>", "</div>"),
        ("<UCAPCONTENT>", "</UCAPCONTENT>"),
        ("<div class=contentBox>", "</div>"),
        ("<article>", "</article>"),
        (
            "<div><!--ZJEG_RSS.content.begin-->",
            "<!--ZJEG_RSS.content.end--></div>",
        ),
        (
            "<div><!--<$[信息内容]>begin-->",
            "<!--<$[信息内容]>end--></div>",
        ),
    ] {
        let html = format!(
            "<html><body><h1>标&amp;题</h1><nav><a href=/>首页</a></nav>{open}<p>正文</p>{close}页脚</body></html>"
        );
        let items = read(&[&file(&folder, "p.html", html)]);
        let post = items[0].post.as_ref().expect("a post");
        assert_eq!(
            (post.title.as_str(), post.body.as_str()),
            ("标&amp;题", "<p>正文</p>"),
            "{open}"
        );
    }
}

#[test]
fn pages_without_title_or_body_are_unreadable() {
    let folder = folder();
    let no_title = file(&folder, "a.html", "<p>正文</p>");
    let menu = file(
        &folder,
        "b.html",
        "<html><body><h1>甲</h1><a href=1>首页</a><a href=2>动态</a><p>字</p></body></html>",
    );
    assert_eq!(
        read(&[&no_title, &menu])
            .iter()
            .map(code)
            .collect::<Vec<_>>(),
        ["no-title", "no-body"]
    );
    let defaults = Defaults {
        title: Some("甲".into()),
        ..Defaults::default()
    };
    let items = read_with(&[&no_title], defaults);
    assert_eq!(
        items[0].post.as_ref().map(|p| p.body.as_str()),
        Ok("<p>正文</p>")
    );
}

#[test]
fn text_files_begin_with_their_title() {
    let folder = folder();
    let items = read(&[&file(&folder, "a.txt", "\r\n 标题 \r\n第一段<b>\r\n第二段")]);
    let post = items[0].post.as_ref().expect("a post");
    assert_eq!(
        (post.title.as_str(), post.body.as_str()),
        (" 标题 ", "第一段<b>\r\n第二段")
    );
    assert_eq!(post.format, Format::Text);
    assert_eq!(
        code(&read(&[&file(&folder, "b.txt", " \n\n")])[0]),
        "no-title"
    );
}

#[test]
fn the_command_line_fills_what_a_file_does_not_say() {
    let folder = folder();
    let defaults = Defaults {
        title: Some("默认".into()),
        column: Some("工作动态".into()),
        unit: Some("示例县教育局".into()),
        date: Some("2018-07-31".into()),
    };
    let path = file(
        &folder,
        "a.jsonl",
        "{\"body\":\"甲\",\"column\":\"通知公告\"}",
    );
    let items = read_with(&[&path], defaults);
    let post = items[0].post.as_ref().expect("a post");
    assert_eq!(post.title, "默认");
    assert_eq!(post.column.as_deref(), Some("通知公告"));
    assert_eq!(post.unit.as_deref(), Some("示例县教育局"));
}

/// A stream that counts what was taken from it.
struct Counted(
    std::io::Cursor<Vec<u8>>,
    std::sync::Arc<std::sync::atomic::AtomicUsize>,
);

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let len = buffer.len().min(512);
        let read = self.0.read(&mut buffer[..len])?;
        self.1.fetch_add(read, std::sync::atomic::Ordering::SeqCst);
        Ok(read)
    }
}

#[test]
fn a_stream_is_read_no_further_than_asked() {
    let line = format!("{{\"title\":\"甲\",\"body\":\"{}\"}}\n", "乙".repeat(500));
    let taken = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let stream = Counted(
        std::io::Cursor::new(line.repeat(100).into_bytes()),
        taken.clone(),
    );
    let mut reader = Reader::with_stdin(vec!["-".into()], Defaults::default(), Box::new(stream));
    assert!(reader.next().is_some_and(|item| item.post.is_ok()));
    let after_one = taken.load(std::sync::atomic::Ordering::SeqCst);
    assert!(after_one < 3 * line.len() + 16 * 1024, "{after_one}");
    assert_eq!(reader.count(), 99);
}

#[test]
fn what_was_decoded_can_be_written_back() {
    let text = "示例县：①龘";
    for bytes in [
        encoding_rs::GB18030
            .encode("示例县召开会议，要求抓好防汛工作。")
            .0
            .into_owned(),
        format!("\u{feff}{text}").into_bytes(),
        "\u{feff}甲乙丙"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect(),
        "\u{feff}甲乙丙"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect(),
    ] {
        let (decoded, charset) = baguan::input::encoding::decode(&bytes).expect("text");
        assert_eq!(charset.encode(&decoded), Ok(bytes));
    }
    assert_eq!(Charset::UTF_8.encode("甲"), Ok("甲".as_bytes().to_vec()));
}
