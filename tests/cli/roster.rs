//! `roster`: check, at, import, propose; and a check that goes by the roster.

use crate::{Site, post};
use serde_json::Value;

const CONFIG: &str = "[site]\nplace = \"某省某市示例县\"\nroster = [\"roster.csv\"]\n";
const ROSTER: &str = "姓名,单位,职务,任职时间,离任时间,依据\n\
    张树春,示例县人民政府,县长,2016-02-01,2021-08-20,\n\
    李国庆,示例县人民政府,县长,2021-09-10,,示人发〔2021〕3号\n\
    江一帆,示例县人民政府,副县长,2018-06-01,,\n";

fn site(roster: &str) -> Site {
    let site = Site::new();
    site.write("baguan.toml", CONFIG);
    site.write("roster.csv", roster);
    site
}

#[test]
fn at_tells_who_held_what_on_a_day() {
    let site = site(ROSTER);
    let ran = site.run(&["roster", "at", "2019-05-01"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert_eq!(
        ran.stdout,
        "示例县人民政府\t县长\t张树春\t2016-02-01 至 2021-08-20\t\n\
         示例县人民政府\t副县长\t江一帆\t2018-06-01 至 今\t\n"
    );
}

#[test]
fn check_tells_what_is_wrong_with_file_and_line() {
    let sound = site(ROSTER).run(&["roster", "check"]);
    assert_eq!((sound.code, sound.stdout.as_str()), (0, ""));
    let doubled = site(&ROSTER.replace("2021-08-20", ""));
    let ran = doubled.run(&["roster", "check"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.stdout
            .contains("roster.csv 第 3 行：“示例县人民政府县长”同时有两人"),
        "{}",
        ran.stdout
    );
    let broken = site(&ROSTER.replace("2016-02-01", "很久以前"));
    let ran = broken.run(&["roster", "check"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.stderr
            .contains("roster.csv 第 2 行：任职时间“很久以前”看不懂"),
        "{}",
        ran.stderr
    );
    let none = Site::new().run(&["roster", "check"]);
    assert_eq!(none.code, 2);
    assert!(none.stderr.contains("没有名册"), "{}", none.stderr);
}

#[test]
fn import_turns_a_table_and_a_page_into_rows() {
    let site = site(ROSTER);
    site.write("分工.csv", "序号,姓名,职务,分工\n1,王　改,县委书记,主持县委全面工作\n2,李国庆,县委副书记、县长,主持县政府全面工作\n");
    let ran = site.run(&["roster", "import", "分工.csv", "--from", "2022-01-01"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(
        ran.stdout,
        "姓名,单位,职务,简称,排序,任职时间,离任时间,代理,依据,备注\n\
         王改,中共示例县委员会,书记,,1,2022-01-01,,,分工.csv,\n\
         李国庆,中共示例县委员会,副书记,,2,2022-01-01,,,分工.csv,\n\
         李国庆,示例县人民政府,县长,,2,2022-01-01,,,分工.csv,\n"
    );
    site.write(
        "leaders.html",
        "<h3>县政府领导</h3><p>李国庆　县委副书记、县长</p><table><tr><td>江一帆</td><td>副县长</td></tr></table>\
         <p>陈大伟，男，1970年生，现任示例县人民政府党组成员、副县长。</p>",
    );
    let ran = site.run(&["roster", "import", "leaders.html"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for row in [
        "李国庆,示例县人民政府,县长",
        "江一帆,示例县人民政府,副县长",
        "陈大伟,示例县人民政府,党组成员",
        "陈大伟,示例县人民政府,副县长",
    ] {
        assert!(ran.stdout.contains(row), "{row} in {}", ran.stdout);
    }
    site.write("empty.txt", "没有领导\n");
    assert_eq!(site.run(&["roster", "import", "empty.txt"]).code, 2);
}

#[test]
fn propose_reads_appointments_and_mentions_and_changes_nothing() {
    let site = site(ROSTER);
    site.write(
        "a.json",
        post(
            "7",
            "示例县人大常委会任免名单",
            "<p>任命王建军为示例县财政局局长。</p><p>免去江一帆的示例县副县长职务。</p>",
        ),
    );
    site.write(
        "b.json",
        post("8", "示例县召开会议", "县长李国庆、副县长赵小敏出席。"),
    );
    let ran = site.run(&[
        "roster",
        "propose",
        "a.json",
        "b.json",
        "--as-of",
        "2024-06-01",
    ]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let told: Vec<(String, String, String, String)> = ran
        .stdout
        .lines()
        .map(|line| {
            let value: Value = serde_json::from_str(line).expect("JSON");
            let field = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
            (
                field("action"),
                field("name"),
                field("organization"),
                field("title"),
            )
        })
        .collect();
    let expected = [
        ("任", "王建军", "示例县财政局", "局长"),
        ("免", "江一帆", "示例县人民政府", "副县长"),
        ("提及", "赵小敏", "示例县人民政府", "副县长"),
    ]
    .map(|(a, b, c, d)| (a.to_owned(), b.to_owned(), c.to_owned(), d.to_owned()));
    assert_eq!(told, expected);
}

#[test]
fn a_check_goes_by_the_roster_and_says_when_there_is_none() {
    let site = site(ROSTER);
    site.write(
        "a.json",
        post("1", "示例县召开会议", "县长江一帆主持会议。"),
    );
    let args = [
        "check",
        "a.json",
        "--only",
        "leader",
        "--format",
        "json",
        "--as-of",
        "2024-06-01",
        "--quiet",
    ];
    let ran = site.run(&args);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let value: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let finding = &value["posts"][0]["findings"][0];
    assert_eq!(finding["rule"], "leader/wrong-title");
    assert_eq!(finding["suggestions"][0]["text"], "副县长");
    let evidence = finding["evidence"][0].as_str().unwrap_or_default();
    assert!(
        evidence.contains("roster.csv 第 4 行") && evidence.contains("2018-06-01 至 今"),
        "{evidence}"
    );
    site.write("baguan.toml", "[site]\nplace = \"某省某市示例县\"\n");
    let ran = site.run(&args);
    let value: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let missing = value["summary"]["not_checked"].to_string();
    assert!(
        missing.contains("leader") && missing.contains("no roster"),
        "{missing}"
    );
}
