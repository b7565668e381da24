//! `explain`: the rule book on the terminal.

use crate::Site;
use insta::assert_snapshot;
use unicode_width::UnicodeWidthStr;

#[test]
fn one_rule() {
    let site = Site::new();
    assert_snapshot!(site.run(&["explain", "site/wrong"]).shown());
}

#[test]
fn a_family() {
    let site = Site::new();
    assert_snapshot!(site.run(&["explain", "site"]).shown());
}

#[test]
fn all_rules_by_family() {
    let site = Site::new();
    let ran = site.run(&["explain"]);
    assert_eq!(ran.code, 0);
    let heads: Vec<_> = ran
        .stdout
        .lines()
        .filter(|line| !line.starts_with(' ') && !line.is_empty())
        .collect();
    assert_eq!(heads.len(), 16);
    assert_eq!(heads[0], "标题格式（title）");
    assert_eq!(heads[15], "本站规则（site）");
}

#[test]
fn every_rule_fits_the_width() {
    let site = Site::new();
    let rules = site.run(&["explain", "--format", "json"]).json();
    let rules = rules.as_array().unwrap();
    assert!(rules.len() >= 4);
    for rule in rules {
        let id = rule["id"].as_str().unwrap();
        let ran = site.run(&["explain", id]);
        assert_eq!(ran.code, 0, "{id}");
        for line in ran.stdout.lines() {
            assert!(line.width() <= 80, "{id}: {line}");
        }
        let one = site.run(&["explain", id, "--format", "json"]).json();
        assert_eq!(&one, rule);
    }
}

#[test]
fn an_unknown_rule_names_the_nearest() {
    let site = Site::new();
    let ran = site.run(&["explain", "site/wrogn"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.contains("site/wrong"), "{}", ran.stderr);
    let ran = site.run(&["explain", "标题"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("baguan explain"), "{}", ran.stderr);
}
