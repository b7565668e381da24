//! `words add` and `words list`, and that the site's words win over the built-in ones.

use crate::{Site, post};

fn typos(site: &Site, body: &str) -> String {
    site.write("a.json", post("1", "示例县水利局开展河道清理工作", body));
    let ran = site.run(&[
        "check", "a.json", "--only", "typo", "--format", "jsonl", "--quiet",
    ]);
    assert_ne!(ran.code, 2, "{}", ran.stderr);
    ran.stdout
}

#[test]
fn words_that_are_added_win_over_the_built_in_ones() {
    let site = Site::new();
    assert!(typos(&site, "拔款山的景色很好。").contains("typo/confusable"));
    let ran = site.run(&["words", "add", "拔款山", "--name", "--note", "本县景点"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(!typos(&site, "拔款山的景色很好。").contains("typo/"));
    assert!(typos(&site, "及时拔款。").contains("typo/confusable"));

    assert!(!typos(&site, "示列县举办展览。").contains("示例县”"));
    let ran = site.run(&["words", "add", "示列县", "--right", "示例县"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(typos(&site, "示列县举办展览。").contains("“示列县”应为“示例县”"));

    let ran = site.run(&["words", "add", "河长制示例工作联席会议", "--phrase"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(typos(&site, "召开河长制示例工作联席会义。").contains("会义"));
    assert!(!typos(&site, "召开河长制示例工作联席会议。").contains("typo/"));

    let listed = site.run(&["words", "list"]);
    assert_eq!(listed.code, 0);
    assert_eq!(
        listed.stdout,
        "错误　示列县→示例县\n固定　河长制示例工作联席会议\n名称　拔款山　本县景点\n"
    );
}

#[test]
fn a_word_is_not_added_twice_nor_against_itself() {
    let site = Site::new();
    assert_eq!(
        site.run(&["words", "add", "示列县", "--right", "示例县"])
            .code,
        0
    );
    let again = site.run(&["words", "add", "示列县", "--right", "示例县"]);
    assert_eq!(again.code, 0);
    assert!(again.stderr.contains("没有重复添加"));
    let against = site.run(&["words", "add", "示列县"]);
    assert_eq!(against.code, 2);
    assert!(against.stderr.contains("已在词表中"));
    let same = site.run(&["words", "add", "甲乙", "--right", "甲乙"]);
    assert_eq!(same.code, 2);
    assert_eq!(site.read("words/words.csv").lines().count(), 2);
}

#[test]
fn mistakes_in_the_list_name_file_and_line() {
    let site = Site::new();
    std::fs::create_dir(site.path().join("words")).expect("a folder");
    site.write(
        "words/words.csv",
        "词语,类型,应为\n甲乙,错误,\n丙丁,奇怪,\n",
    );
    let ran = site.run(&["words", "list"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("words.csv"), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("第 2 行") && ran.stderr.contains("第 3 行"),
        "{}",
        ran.stderr
    );
}
