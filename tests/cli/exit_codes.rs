//! 0: nothing at or above `--fail-on`; 1: something; 2: it could not run or a post could not be
//! read, which wins.

use crate::{Site, post};

fn site() -> Site {
    let site = Site::new();
    site.write("clean.json", post("1", "示例县召开会议", "县财政拨款。"));
    site.write("error.json", post("2", "示例县召开会议", "县财政拔款。"));
    site.write("warning.json", post("3", "示例县召开会议", "搞好工作。"));
    site.write("info.json", post("4", "示例县召开会议", "最近开会。"));
    site.write("unsure.json", post("5", "示例县召开会议", "下雨的话。"));
    site
}

#[test]
fn findings_count_from_fail_on_up() {
    let site = site();
    for (file, fail_on, code) in [
        ("clean.json", "info", 0),
        ("error.json", "error", 1),
        ("error.json", "info", 1),
        ("error.json", "never", 0),
        ("warning.json", "error", 0),
        ("warning.json", "warning", 1),
        ("info.json", "warning", 0),
        ("info.json", "info", 1),
        ("unsure.json", "info", 0),
    ] {
        for format in ["human", "json", "jsonl", "sarif"] {
            let ran = site.check(&[file, "--fail-on", fail_on, "--format", format]);
            assert_eq!(ran.code, code, "{file} {fail_on} {format}: {}", ran.stderr);
        }
    }
    let ran = site.check(&["unsure.json", "--min-confidence", "0.4"]);
    assert_eq!(ran.code, 1);
}

#[test]
fn what_cannot_be_read_is_two_and_the_rest_is_checked() {
    let site = site();
    site.write("broken.json", "{\"title\": ");
    site.write("untitled.html", "<p>没有标题的片段</p>");
    site.write("picture.png", [0x89, b'P', b'N', b'G', 0, 0xff]);
    site.write("binary.txt", [0xff, 0x00, 0x81, 0xfe, 0x00, 0x01, 0xff]);
    site.write(
        "lines.jsonl",
        post("1", "甲", "拨款") + "坏行\n" + &post("3", "乙", "拔款"),
    );
    site.write("empty.json", "");
    std::fs::create_dir(site.path().join("nothing")).unwrap();
    for file in [
        "missing.json",
        "broken.json",
        "untitled.html",
        "picture.png",
        "binary.txt",
        "lines.jsonl",
        "empty.json",
        "nothing",
    ] {
        let ran = site.check(&[file, "error.json"]);
        assert_eq!(ran.code, 2, "{file}");
        assert!(ran.stderr.contains(file), "{file}: {}", ran.stderr);
        let lines = ran.lines();
        let last = lines.last().unwrap();
        assert_eq!(last["findings"][0]["rule"], "site/wrong", "{file}");
        let unreadable = lines.iter().find(|line| !line["error"].is_null()).unwrap();
        assert!(unreadable["error"]["code"].is_string());
        assert_eq!(unreadable["findings"], serde_json::json!([]));
        // A human reads why on standard output.
        let human = site.check(&[file, "error.json", "--format", "human"]);
        assert_eq!(human.code, 2);
        assert!(human.stdout.contains(file), "{}", human.stdout);
    }
    let ran = site.check(&["lines.jsonl", "error.json"]);
    assert!(ran.stderr.contains("第 2 行"), "{}", ran.stderr);
    assert_eq!(ran.lines().len(), 4);
}

#[test]
fn unreadable_posts_can_be_reported_only() {
    let site = site();
    site.write("lines.jsonl", post("1", "甲", "拨款") + "坏行\n");
    let ran = site.check(&["lines.jsonl", "--unreadable", "report", "--quiet"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert_eq!(ran.lines()[1]["error"]["code"], "json");
    let ran = site.check(&["lines.jsonl", "error.json", "--unreadable", "report"]);
    assert_eq!(ran.code, 1);
}

#[test]
fn input_without_a_post_is_not_green() {
    let site = site();
    site.write("empty.jsonl", "\n\n");
    let ran = site.check(&["empty.jsonl"]);
    assert_eq!(ran.code, 2);
    assert!(!ran.stderr.is_empty());
    let ran = site.check(&["-"]);
    assert_eq!(ran.code, 2);
}

#[test]
fn a_gbk_file_is_checked_like_any_other() {
    let site = site();
    let (bytes, _, _) = encoding_rs::GBK.encode("关于召开会议的通知\n县财政拔款三万元。\n");
    site.write("gbk.txt", bytes);
    let ran = site.check(&["gbk.txt"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let line = &ran.lines()[0];
    assert_eq!(line["title"], "关于召开会议的通知");
    assert_eq!(line["findings"][0]["text"], "拔款");
}

#[test]
fn the_command_line_is_judged_first() {
    let site = site();
    for (args, said) in [
        (
            &["check", "clean.json", "--only", "site/wrog"][..],
            "site/wrong",
        ),
        (&["check", "clean.json", "--skip", "titel"], "title"),
        (
            &["check", "clean.json", "--fail-on", "fatal"],
            "error、warning",
        ),
        (&["check", "clean.json", "--min-confidence", "2"], "0 到 1"),
        (&["check", "clean.json", "--as-of", "昨天"], "2018-07-31"),
        (&["check", "clean.json", "--jobs", "0"], "1 到 256"),
        (&["check", "clean.json", "--config", "no.toml"], "no.toml"),
        (&["check", "clean.json", "--onyl", "site"], "--only"),
        (
            &["check", "clean.json", "--output", "no/such/dir"],
            "no/such/dir",
        ),
        (&["check", ".", "--output", "report.jsonl"], "report.jsonl"),
        (&["chek"], "check"),
        (&["fix", "-", "--write"], "标准输入"),
    ] {
        let ran = site.run(args);
        assert_eq!(ran.code, 2, "{args:?}");
        assert!(ran.stderr.contains(said), "{args:?}: {}", ran.stderr);
        assert_eq!(ran.stdout, "", "{args:?}");
    }
    // Every family of the interface is a known name, whether it has rules yet or not.
    for family in [
        "title",
        "title-in-body",
        "format",
        "typo",
        "leader",
        "column",
        "guide",
        "punctuation",
        "number",
        "date",
        "numbering",
        "wording",
        "privacy",
        "link",
        "duplicate",
    ] {
        let ran = site.run(&["check", "clean.json", "--only", family]);
        assert_eq!(ran.code, 0, "{family}: {}", ran.stderr);
    }
}

#[test]
fn help_and_version_are_no_errors() {
    let site = site();
    for args in [
        &["--help"][..],
        &["-h"],
        &["--version"],
        &["check", "--help"],
    ] {
        let ran = site.run(args);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{args:?}");
        assert!(!ran.stdout.is_empty());
    }
    let ran = site.run(&[]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.contains("用法"));
}

#[test]
fn no_path_reads_what_is_piped_in_and_nothing_else() {
    let site = site();
    let ran = site.run_with(&["check", "--only", "site"], &post("1", "甲", "拔款"));
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert_eq!(ran.lines()[0]["source"], "-");
    let output = std::process::Command::new(assert_cmd::cargo::cargo_bin!("baguan"))
        .env_clear()
        .arg("check")
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("没有写要处理的稿件"), "{stderr}");
}
