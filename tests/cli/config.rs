//! The site folder: found, read, and its mistakes told with file, line and what to write.

use crate::{RULES, Site, post};
use insta::assert_snapshot;

#[test]
fn the_nearest_folder_above_counts() {
    let site = Site::new();
    site.write("drafts/2018/07/a.json", post("1", "甲", "拔款"));
    let ran = assert_cmd::cargo::cargo_bin_cmd!("baguan")
        .env_clear()
        .current_dir(site.path().join("drafts/2018/07"))
        .args(["check", "a.json"])
        .output()
        .unwrap();
    assert_eq!(ran.status.code(), Some(1));
    let elsewhere = tempfile::tempdir().unwrap();
    let ran = assert_cmd::cargo::cargo_bin_cmd!("baguan")
        .env_clear()
        .current_dir(elsewhere.path())
        .args(["check", "--only", "site"])
        .arg(site.path().join("drafts/2018/07/a.json"))
        .output()
        .unwrap();
    assert_eq!(ran.status.code(), Some(0));
}

#[test]
fn every_mistake_is_told() {
    let site = Site::new();
    site.write("a.json", post("1", "甲", "乙"));
    site.write(
        "columns.toml",
        "[[column]]\nname = \"工作动态\"\nclas = \"动态\"\n",
    );
    site.write("units.csv", "单位,月发布数\n示例镇,十五\n");
    let broken = [
        ("unknown-section", "[site]\nname = \"示例\"\n\n[ruls]\n"),
        (
            "unknown-key",
            "[site]\nname = \"示例\"\ncolums = \"columns.toml\"\n",
        ),
        (
            "unknown-rule",
            "[site]\nrules = [\"rules/\"]\n\n[rules]\n\"site/wrog\" = \"off\"\n",
        ),
        ("unknown-level", "[rules]\ntitle = \"eror\"\n"),
        (
            "unknown-option",
            "[site]\nrules = [\"rules/\"]\n[rules]\n\"site/wrong\" = { severity = \"info\", max = 3 }\n",
        ),
        ("missing-file", "[site]\nunits = \"单位.csv\"\n"),
        ("no-reason", "[[ignore]]\nrule = \"title\"\npost = \"1\"\n"),
        (
            "unknown-ignored-rule",
            "[[ignore]]\nrule = \"titel\"\npost = \"1\"\nreason = \"原文\"\n",
        ),
        ("syntax", "[site]\nname = 示例\n"),
        (
            "columns-and-units",
            "[site]\ncolumns = \"columns.toml\"\nunits = \"units.csv\"\n",
        ),
    ];
    for (name, text) in broken {
        site.write("baguan.toml", text);
        let ran = site.run(&["check", "a.json"]);
        assert_snapshot!(name, ran.shown());
    }
}

#[test]
fn mistakes_in_own_rules_are_told() {
    let site = Site::new();
    site.write("a.json", post("1", "甲", "乙"));
    for (name, rules, said) in [
        ("syntax", "[[rule]\n".to_owned(), "第 1 行"),
        (
            "family",
            RULES.replace("site/vague", "sitte/vague"),
            "sitte/vague",
        ),
        (
            "regex",
            RULES.replace("(?P<found>搞好)工作", "("),
            "site/spoken",
        ),
    ] {
        site.write("rules/site.toml", rules);
        let ran = site.run(&["check", "a.json"]);
        assert_eq!(ran.code, 2, "{name}");
        assert!(ran.stderr.contains("site.toml"), "{name}: {}", ran.stderr);
        assert!(ran.stderr.contains(said), "{name}: {}", ran.stderr);
    }
}

#[test]
fn severities_of_the_site_and_the_command_line_hold() {
    let site = Site::new();
    let rules = |text: &str| {
        let text = format!("[site]\nrules = [\"rules/\"]\n[rules]\n{text}\n");
        site.write("baguan.toml", text);
    };
    site.write("a.json", post("1", "甲", "拔款，搞好工作，最近。"));
    let severities = |args: &[&str]| -> Vec<String> {
        let args = [&["check", "a.json"][..], args].concat();
        let lines = site.run(&args).lines();
        let findings = lines[0]["findings"].as_array().unwrap().clone();
        findings
            .iter()
            .filter(|f| f["rule"].as_str().unwrap().starts_with("site/"))
            .map(|f| f["severity"].as_str().unwrap().to_owned())
            .collect()
    };
    rules("");
    assert_eq!(severities(&[]), ["error", "warning", "info"]);
    assert_eq!(
        severities(&["--only", "site/spoken，site/vague"]),
        ["warning", "info"]
    );
    assert_eq!(
        severities(&["--only", "site", "--skip", "site/wrong,site/vague"]),
        ["warning"]
    );
    rules("\"site/wrong\" = \"off\"\nsite = \"info\"");
    assert_eq!(severities(&[]), ["info", "info"]);
    rules("\"site/wrong\" = { severity = \"warning\" }");
    assert_eq!(severities(&[]), ["warning", "warning", "info"]);
}

#[test]
fn ignored_findings_are_counted_and_not_shown() {
    let site = Site::new();
    site.write(
        "a.jsonl",
        post("7", "甲", "拔款。") + &post("8", "甲", "再次拔款。"),
    );
    let before = site.check(&["a.jsonl"]);
    assert_eq!(before.code, 1);
    let fingerprint = before.lines()[1]["findings"][0]["fingerprint"].clone();
    site.write(
        "baguan.toml",
        format!(
            "[site]\nrules = [\"rules/\"]\n\
             [[ignore]]\nrule = \"site/wrong\"\npost = 7\nreason = \"原文如此\"\n\
             [[ignore]]\nfingerprint = {fingerprint}\nreason = \"原文如此\"\n"
        ),
    );
    let after = site.check(&["a.jsonl", "--format", "json"]);
    assert_eq!(after.code, 0, "{}", after.stdout);
    assert_eq!(after.json()["summary"]["ignored"], 2);
    assert_eq!(after.json()["summary"]["errors"], 0);
    // What is ignored is not mended either.
    let fixed = site.run(&["fix", "a.jsonl", "--only", "site"]);
    assert_eq!(fixed.stdout, site.read("a.jsonl"));
}

#[test]
fn a_config_with_a_mark_or_in_gbk_is_read() {
    let site = Site::new();
    site.write("a.json", post("1", "甲", "拔款"));
    let text = "[site]\nname = \"示例县\"\nrules = [\"rules/\"]\n";
    let (gbk, _, _) = encoding_rs::GBK.encode(text);
    for bytes in [format!("\u{feff}{text}").into_bytes(), gbk.into_owned()] {
        site.write("baguan.toml", bytes);
        let ran = site.check(&["a.json"]);
        assert_eq!(ran.code, 1, "{}", ran.stderr);
    }
}
