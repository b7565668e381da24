//! The formats.

use crate::{Ran, Site, post};
use insta::assert_snapshot;
use serde_json::{Value, json};

fn site() -> Site {
    let site = Site::new();
    let body =
        "<p>各镇街：</p>\r\n<p>县财政&ldquo;一事一议&rdquo;拔<b>款</b>𠮷三万元，各镇搞好工作。</p>";
    site.write(
        "posts.jsonl",
        post("甲-1", "示例县财政&amp;水利拔款", body)
            + "不是 JSON\n"
            + &post("甲-3", "示例县水利局开展河道清理", "一切正常。")
            + &post("甲-4", "示例镇开展走访", "最近，干部走访。"),
    );
    site
}

/// The lines on what was not checked change as rule families are added.
fn without_not_checked(ran: &Ran) -> String {
    let lines = ran.stdout.lines();
    let kept: Vec<_> = lines.filter(|l| !l.starts_with("没有检查")).collect();
    kept.join("\n")
}

#[test]
fn human() {
    let site = site();
    let ran = site.check(&["posts.jsonl", "--format", "human"]);
    assert_snapshot!(without_not_checked(&ran));
    assert!(ran.stdout.contains("没有检查：") || !ran.stdout.contains("原因"));
    let colored = site.check(&["posts.jsonl", "--format", "human", "--color", "always"]);
    let bare = without_colors(&colored.stdout);
    assert_eq!(bare, ran.stdout);
    assert_ne!(colored.stdout, ran.stdout);
}

/// Takes the colours away.
fn without_colors(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        out.push_str(before);
        rest = after.split_once('m').map_or("", |(_, after)| after);
    }
    out + rest
}

#[test]
fn human_of_clean_posts_says_so() {
    let site = Site::new();
    site.write(
        "a.json",
        post("1", "示例县水利局开展河道清理", "一切正常。"),
    );
    let ran = site.check(&["a.json", "--format", "human"]);
    assert!(
        ran.stdout.starts_with("共检查 1 篇：没有发现问题。\n"),
        "{}",
        ran.stdout
    );
    let quiet = site.check(&["a.json", "--format", "human", "--quiet"]);
    assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("", ""));
}

#[test]
fn jsonl_is_a_post_result_a_line() {
    let ran = site().check(&["posts.jsonl", "--format", "jsonl"]);
    assert_snapshot!(ran.stdout);
}

#[test]
fn spans_fit_the_fields_as_given() {
    let site = site();
    let ran = site.check(&["posts.jsonl"]);
    let posts: Vec<Value> = site
        .read("posts.jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_default())
        .collect();
    let mut seen = 0;
    for (post, line) in posts.iter().zip(ran.lines()) {
        for finding in line["findings"].as_array().unwrap() {
            seen += 1;
            let source = post[finding["field"].as_str().unwrap()].as_str().unwrap();
            let at = |which: &str, end: &str| finding[which][end].as_u64().unwrap() as usize;
            let slice = &source[at("span", "start")..at("span", "end")];
            let utf16: Vec<u16> = source.encode_utf16().collect();
            let units = &utf16[at("utf16", "start")..at("utf16", "end")];
            assert_eq!(String::from_utf16(units).unwrap(), slice);
            let number = |key: &str| finding[key].as_u64().unwrap() as usize;
            let before = &source[..at("span", "start")];
            assert_eq!(number("line"), before.matches('\n').count() + 1);
            let line_start = before.rfind('\n').map_or(0, |at| at + 1);
            assert_eq!(number("column"), before[line_start..].chars().count() + 1);
        }
    }
    assert_eq!(seen, 4);
}

#[test]
fn json_is_the_same_with_a_summary() {
    let site = site();
    let json = site.check(&["posts.jsonl", "--format", "json"]).json();
    let lines = site.check(&["posts.jsonl", "--format", "jsonl"]).lines();
    assert_eq!(json["schema"], 1);
    assert_eq!(
        json["tool"],
        json!({"name": "baguan", "version": env!("CARGO_PKG_VERSION")})
    );
    assert_eq!(json["posts"], Value::Array(lines));
    let mut summary = json["summary"].clone();
    let not_checked = summary
        .as_object_mut()
        .unwrap()
        .remove("not_checked")
        .unwrap();
    assert_eq!(
        summary,
        json!({"posts": 4, "errors": 2, "warnings": 1, "infos": 1, "unreadable": 1,
               "ignored": 0, "internal": 0})
    );
    for family in not_checked.as_array().unwrap() {
        assert!(family["family"].is_string() && family["reason"].is_string());
    }
}

#[test]
fn sarif_has_rules_regions_and_fixes() {
    let site = site();
    site.write("稿 件.json", post("1", "甲", "拔款"));
    let log = site
        .check(&["posts.jsonl", "稿 件.json", "--format", "sarif"])
        .json();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 5);
    for result in results {
        let index = result["ruleIndex"].as_u64().unwrap() as usize;
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(
            rules[index]["help"]["text"]
                .as_str()
                .unwrap()
                .contains("怎么改")
        );
        assert!(result["partialFingerprints"]["baguan/v1"].is_string());
    }
    let mut second = results[1].clone();
    // Changes with every rule that is added before it.
    second.as_object_mut().unwrap().remove("ruleIndex");
    assert_snapshot!(format!("{second:#}"));
    assert_eq!(
        results[4]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
        "%E7%A8%BF%20%E4%BB%B6.json"
    );
    let invocation = &run["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let first = &invocation["toolExecutionNotifications"][0];
    assert_eq!(first["descriptor"]["id"], "json");
}

#[test]
fn output_goes_into_a_file() {
    let site = site();
    let bare = site.check(&["posts.jsonl", "--format", "json"]);
    let filed = site.check(&["posts.jsonl", "--format", "json", "--output", "out.json"]);
    assert_eq!((filed.code, filed.stdout.as_str()), (bare.code, ""));
    assert_eq!(site.read("out.json"), bare.stdout);
    let own = site.check(&["posts.jsonl", "--output", "posts.jsonl"]);
    assert_eq!(own.code, 2);
    assert!(
        site.read("posts.jsonl").starts_with('{'),
        "must not be emptied"
    );
}

#[test]
fn the_command_line_fills_what_a_file_does_not_say() {
    let site = Site::new();
    site.write("a.html", "<p>县财政拔款。</p>");
    assert_eq!(site.check(&["a.html"]).code, 2);
    let ran = site.check(&[
        "a.html",
        "--title",
        "示例县财政拨款",
        "--date",
        "2018-07-31",
    ]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert_eq!(ran.lines()[0]["title"], "示例县财政拨款");
}
