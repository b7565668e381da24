//! `fix` gives posts back in the form they came in, mended.

use crate::{Site, post};
use insta::assert_snapshot;

const FIX: [&str; 3] = ["fix", "--only", "site"];

fn fix(site: &Site, args: &[&str]) -> crate::Ran {
    site.run(&[&FIX, args].concat())
}

#[test]
fn every_form_keeps_all_but_the_slips() {
    let site = Site::new();
    let files = [
        (
            "object.json",
            "{\n  \"x\": 1.50, \"body\": \"<p>县财政拔<b>款</b>&amp;</p>\",\n  \"title\": \"\\u62d4款通知\"\n}",
            "{\n  \"x\": 1.50, \"body\": \"<p>县财政拨<b>款</b>&amp;</p>\",\n  \"title\": \"拨款通知\"\n}",
        ),
        (
            "array.json",
            "[{\"title\": \"甲\", \"body\": \"搞好工作\"},\n {\"title\": \"乙\", \"body\": \"拔款拔款\"}]\n",
            "[{\"title\": \"甲\", \"body\": \"搞好工作\"},\n {\"title\": \"乙\", \"body\": \"拨款拨款\"}]\n",
        ),
        (
            "lines.jsonl",
            "{\"title\":\"拔款\",\"body\":\"\",\"n\":1e3}\n\n{\"n\": 2, \"title\": \"丙\", \"body\": \"\"}\n",
            "{\"title\":\"拨款\",\"body\":\"\",\"n\":1e3}\n\n{\"n\": 2, \"title\": \"丙\", \"body\": \"\"}\n",
        ),
        (
            "page.html",
            "<html><head><meta name=\"ArticleTitle\" content=\"示例县拔款通知\"></head><body><!-- 拔款 --><div id=\"zoom\"><p>县财政拔款。</p></div></body></html>\n",
            "<html><head><meta name=\"ArticleTitle\" content=\"示例县拨款通知\"></head><body><!-- 拔款 --><div id=\"zoom\"><p>县财政拨款。</p></div></body></html>\n",
        ),
        (
            "draft.txt",
            "\n示例县拔款通知\r\n\r\n县财政拔款。\r\n",
            "\n示例县拨款通知\r\n\r\n县财政拨款。\r\n",
        ),
    ];
    for (name, before, after) in files {
        site.write(name, before);
        let printed = fix(&site, &[name]);
        assert_eq!(printed.code, 0, "{name}: {}", printed.stderr);
        assert_eq!(printed.stdout, after, "{name}");
        assert_eq!(site.read(name), before, "{name} must not be touched");
        let written = fix(&site, &[name, "--write"]);
        assert_eq!((written.code, written.stdout.as_str()), (0, ""), "{name}");
        assert_eq!(site.read(name), after, "{name}");
        // Nothing more to fix.
        assert_eq!(fix(&site, &[name, "--quiet"]).stdout, after, "{name}");
    }
    let left: Vec<_> = std::fs::read_dir(site.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .filter(|name| name.to_string_lossy().starts_with(".baguan"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn standard_input_comes_out_field_by_field() {
    let site = Site::new();
    let input = "{\"z\":[1,{\"b\":2,\"a\":1}],\"title\":\"拔款\",\"body\":\"最近\",\"id\":7}\n坏行\n{\"title\":\"乙\",\"body\":\"\"}\n";
    let ran = site.run_with(&["fix", "-", "--only", "site"], input);
    assert_eq!(
        ran.stdout,
        "{\"z\":[1,{\"b\":2,\"a\":1}],\"title\":\"拨款\",\"body\":\"最近\",\"id\":7}\n{\"title\":\"乙\",\"body\":\"\"}\n"
    );
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("第 2 行"), "{}", ran.stderr);
}

#[test]
fn bad_lines_of_a_file_stay_where_they_are() {
    let site = Site::new();
    let text = "坏行\n{\"title\":\"拔款\",\"body\":\"\"}\n{\"title\":3}";
    site.write("a.jsonl", text);
    let ran = fix(&site, &["a.jsonl", "--write"]);
    assert_eq!(ran.code, 2);
    assert_eq!(site.read("a.jsonl"), text.replace("拔款", "拨款"));
}

#[test]
fn unsafe_fixes_are_made_only_when_asked_for() {
    let site = Site::new();
    site.write("a.json", post("1", "甲", "拔款，搞好工作。"));
    let safe = fix(&site, &["a.json"]);
    assert!(safe.stdout.contains("拨款，搞好工作"), "{}", safe.stdout);
    assert!(
        safe.stderr.contains("已修正 1 处（1 篇），还有 1 处"),
        "{}",
        safe.stderr
    );
    let all = fix(&site, &["a.json", "--unsafe"]);
    assert!(all.stdout.contains("拨款，做好工作"), "{}", all.stdout);
    let skipped = site.run(&["fix", "a.json", "--only", "site", "--skip", "site/wrong"]);
    assert_eq!(skipped.stdout, site.read("a.json"));
}

#[test]
fn a_diff_shows_and_does_not_write() {
    let site = Site::new();
    let body = "<p>第一段。</p><p>县财政拔款三万元。</p><p>第三段。</p><p>第四段。</p>";
    let text = post("1", "示例县财政拔款", body) + &post("2", "甲", "乙");
    site.write("a.jsonl", &text);
    let ran = fix(&site, &["a.jsonl", "--diff"]);
    assert_snapshot!(ran.shown());
    assert_eq!(site.read("a.jsonl"), text);
    let both = fix(&site, &["a.jsonl", "--diff", "--write"]);
    assert_eq!(both.stdout, ran.stdout);
    assert_eq!(site.read("a.jsonl"), text.replace("拔款", "拨款"));
}

#[test]
fn encoding_mark_and_permissions_stay() {
    let site = Site::new();
    let text = |word: &str| format!("示例县{word}通知\n县财政{word}。\n");
    let gbk = |text: &str| encoding_rs::GB18030.encode(text).0.into_owned();
    let marked = |text: &str| format!("\u{feff}{text}").into_bytes();
    let utf16 = |text: &str| -> Vec<u8> {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        units.flat_map(u16::to_be_bytes).collect()
    };
    type Encode<'e> = &'e dyn Fn(&str) -> Vec<u8>;
    let encode: [(&str, Encode<'_>); 3] = [
        ("gbk.txt", &gbk),
        ("marked.txt", &marked),
        ("utf16.txt", &utf16),
    ];
    for (name, encode) in encode {
        site.write(name, encode(&text("拔款")));
        let path = site.path().join(name);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        }
        let printed = fix(&site, &[name]);
        assert_eq!(printed.bytes, encode(&text("拨款")), "{name}");
        assert_eq!(fix(&site, &[name, "--write"]).code, 0, "{name}");
        assert_eq!(
            std::fs::read(&path).unwrap(),
            encode(&text("拨款")),
            "{name}"
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o640, "{name}");
        }
    }
}

#[test]
fn a_folder_and_a_file_named_twice_are_fixed_once() {
    let site = Site::new();
    site.write("drafts/a.json", post("1", "拔款", ""));
    site.write("drafts/b.json", post("2", "拔款", ""));
    let ran = fix(&site, &["drafts", "drafts/a.json", "drafts/a.json"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(ran.stdout, post("1", "拨款", "") + &post("2", "拨款", ""));
}

#[test]
fn a_file_that_cannot_be_written_is_told() {
    let site = Site::new();
    let ran = fix(&site, &["missing.json", "--write"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("missing.json"), "{}", ran.stderr);
}

#[test]
fn one_click_formatting_goes_with_the_fixes() {
    let site = Site::new();
    let body = "<p class=\"MsoNormal\" style=\"mso-line-height-rule:exactly\">&nbsp;&nbsp;&nbsp;&nbsp;<span style=\"font-family:仿宋_GB2312;mso-hansi-font-family:仿宋\">会议要求抓好防汛工作，<b>切实</b>保障群众安全。</span><o:p></o:p></p><p class=\"MsoNormal\"><br></p><p class=\"MsoNormal\"><br></p><p class=\"MsoNormal\">&nbsp;&nbsp;&nbsp;&nbsp;各乡镇要加强<a href=\"/a.html\">值班值守</a>。</p>";
    site.write("a.json", post("1", "示例县水利局部署防汛工作 ", body));
    let ran = site.run(&["fix", "a.json"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let fixed: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!(fixed["title"], "示例县水利局部署防汛工作");
    let text = fixed["body"].as_str().expect("a body");
    assert!(
        !text.contains("Mso") && !text.contains("mso-") && !text.contains("仿宋"),
        "{text}"
    );
    assert!(
        text.contains("text-indent: 2em") && text.contains("<a href=\"/a.html\">值班值守</a>"),
        "{text}"
    );
    assert!(text.contains("切实") && !text.contains("&nbsp;"), "{text}");
    site.write("b.json", &ran.stdout);
    let again = site.run(&["fix", "b.json"]);
    assert_eq!(again.stdout, ran.stdout);
    let plain = site.run(&["fix", "a.json", "--skip", "format"]);
    assert!(plain.stdout.contains("MsoNormal"));
    // The site's own target form.
    site.write("css.toml", "[format]\nindent = \"css\"\n");
    let css = site.run(&["fix", "a.json", "--config", "css.toml"]);
    assert!(css.stdout.contains("<p>会议要求"), "{}", css.stdout);
    site.write("wrong.toml", "[format]\nindnt = \"css\"\n");
    let wrong = site.run(&["fix", "a.json", "--config", "wrong.toml"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.stderr.contains("indent"), "{}", wrong.stderr);
}
