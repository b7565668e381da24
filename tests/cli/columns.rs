//! `baguan columns` and the model that `check` reads.

use super::Site;
use serde_json::{Value, json};

const UNITS: [&str; 6] = [
    "县教育局",
    "县水务局",
    "青山镇",
    "县交通局",
    "河口镇",
    "县民政局",
];
const MATTERS: [&str; 7] = [
    "防汛抗旱",
    "安全生产",
    "校园食品",
    "农村公路",
    "养老服务",
    "秋粮收购",
    "森林防火",
];
const VERBS: [&str; 4] = ["召开", "举办", "组织", "推进"];

fn line(id: usize, column: &str, title: &str, body: &str) -> String {
    let post =
        json!({"id": id, "column": column, "title": title, "body": format!("<p>{body}</p>")});
    post.to_string() + "\n"
}

/// `each` posts of three columns, the first of which goes by two names; every twentieth post stands
/// in the next column.
fn archive(each: usize) -> String {
    let mut posts = Vec::new();
    for n in 0..each {
        let (unit, matter) = (UNITS[n * 7 % 6], MATTERS[(n * 5 + n / 7) % 7]);
        let verb = VERBS[(n + n / 4) % 4];
        let news = ["工作动态", "部门动态"][n % 2];
        posts.push((
            news,
            format!("{unit}{verb}{matter}工作推进会"),
            format!("近日，{unit}{verb}{matter}会议，{n}名干部参加，会议听取汇报并作部署。"),
        ));
        posts.push((
            "通知公告",
            format!("关于做好{}年{matter}工作的通知", 2010 + n % 12),
            format!("各乡镇、各有关单位：为做好{matter}工作，现将有关事项通知如下。特此通知。{n}"),
        ));
        posts.push((
            "招标采购",
            format!("{unit}{matter}设备采购项目中标公告"),
            format!("一、项目编号：SL{n}。二、采购人：{unit}。三、中标供应商：示例有限公司。"),
        ));
    }
    let moved = |n: usize, column: &'static str| match column {
        _ if !n.is_multiple_of(20) => column,
        "通知公告" => "招标采购",
        "招标采购" => "工作动态",
        _ => "通知公告",
    };
    posts
        .iter()
        .enumerate()
        .map(|(n, (column, title, body))| line(n, moved(n, column), title, body))
        .collect()
}

const COLUMNS: &str = "\
[[column]]
name = \"工作动态\"
aliases = [\"部门动态\"]
[[column]]
name = \"通知公告\"
[[column]]
name = \"招标采购\"
[[column]]
name = \"办事指南\"
";

/// A site with columns and an archive; the model is not there yet.
fn site(each: usize) -> Site {
    let site = Site::new();
    site.write("columns.toml", COLUMNS);
    site.write("baguan.toml", "[site]\ncolumns = \"columns.toml\"\n");
    site.write("archive.jsonl", archive(each));
    site
}

/// The same with a trained model, which the configuration names.
fn trained(each: usize) -> Site {
    let site = site(each);
    let ran = site.run(&["columns", "train", "archive.jsonl", "-o", "columns.model"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    site.write(
        "baguan.toml",
        "[site]\ncolumns = \"columns.toml\"\nmodel = \"columns.model\"\n",
    );
    site
}

#[test]
fn training_writes_a_model_and_tells_what_it_found() {
    let site = site(100);
    let guides = (0..3).map(|n| {
        line(
            900 + n,
            "办事指南",
            "如何领取优待证",
            "带身份证到窗口办理。",
        )
    });
    let posts = archive(100) + &guides.collect::<String>() + &line(999, "", "没有栏目", "正文");
    site.write("archive.jsonl", posts);
    let train = |output: &str| site.run(&["columns", "train", "archive.jsonl", "-o", output]);
    let ran = train("a.model");
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for told in [
        "学习了 3 个栏目的 300 篇稿件，其中 15 篇疑似放错栏目",
        "栏目“办事指南”只有 3 条信息，少于 10 条，未学习",
        "没有栏目或没有文字的 1 篇没有用",
        "温度 T = ",
        "错放率 π = ",
        "准确率",
        "疑似放错栏目的稿件（15 篇，请核对）",
        "通知公告 → 工作动态",
        "[60]",
        "模型已写到 a.model",
        "model = \"a.model\"",
    ] {
        assert!(ran.stdout.contains(told), "{told}: {}", ran.stdout);
    }
    // No bar where nobody sees it.
    assert!(!ran.stderr.contains('█'), "{}", ran.stderr);
    train("b.model");
    let bytes = |name| std::fs::read(site.path().join(name)).unwrap();
    assert_eq!(bytes("a.model"), bytes("b.model"));
}

#[test]
fn too_few_posts_are_warned_of_or_refused() {
    let few = site(12);
    let ran = few.run(&["columns", "train", "archive.jsonl", "-o", "m"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("平均不到 30 篇"), "{}", ran.stderr);
    assert!(ran.stderr.contains("最多报警告"), "{}", ran.stderr);

    let fewer = site(3);
    let ran = fewer.run(&["columns", "train", "archive.jsonl", "-o", "m"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.stderr.contains("能学习的栏目只有 0 个"),
        "{}",
        ran.stderr
    );
    assert!(ran.stderr.contains("招标采购"), "{}", ran.stderr);
    assert!(!fewer.path().join("m").exists());
}

#[test]
fn a_post_that_cannot_be_read_is_told_and_the_rest_is_learnt() {
    let site = site(60);
    site.write("archive.jsonl", archive(60) + "{\"title\": 3}\n");
    let ran = site.run(&["columns", "train", "archive.jsonl", "-o", "m"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("181"), "{}", ran.stderr);
    assert!(ran.stdout.contains("学习了 3 个栏目"), "{}", ran.stdout);
}

#[test]
fn eval_prints_the_tables_and_draws_the_confusion() {
    let site = trained(100);
    site.write("new.jsonl", archive(30));
    let ran = site.run(&["columns", "eval", "new.jsonl"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for told in [
        "温度 T = ",
        "召回率",
        "可能性是否可信",
        "招标采购",
        "columns.svg",
    ] {
        assert!(ran.stdout.contains(told), "{told}: {}", ran.stdout);
    }
    let picture = site.read("columns.svg");
    assert!(picture.starts_with("<svg") && picture.contains("通知公告"));
    let ran = site.run(&["columns", "eval", "new.jsonl", "--svg", "other.svg"]);
    assert_eq!(ran.code, 0);
    assert_eq!(site.read("other.svg"), picture);
    site.write("strange.jsonl", line(1, "没有的栏目", "标题", "正文"));
    let ran = site.run(&["columns", "eval", "strange.jsonl"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("模型都不认识"), "{}", ran.stderr);
}

#[test]
fn suggest_names_the_three_best_columns() {
    let site = trained(100);
    let draft = line(
        7,
        "",
        "县教育局召开校园食品工作会议",
        "近日，县教育局召开会议。",
    );
    site.write("draft.jsonl", draft);
    let ran = site.run(&["columns", "suggest", "draft.jsonl"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stdout
            .starts_with("县教育局召开校园食品工作会议  [7]\n  1. 工作动态  ")
    );
    assert_eq!(ran.stdout.lines().count(), 4);
    assert!(ran.stdout.contains("用词："), "{}", ran.stdout);
    let ran = site.run(&["columns", "suggest", "draft.jsonl", "--format", "jsonl"]);
    let said = &ran.lines()[0];
    assert_eq!(said["id"], 7);
    assert_eq!(said["columns"][0]["column"], "工作动态");
    assert!(said["columns"][0]["probability"].as_f64() > Some(0.5));
    assert_eq!(said["columns"].as_array().map(Vec::len), Some(3));

    let ran = Site::new().run(&["columns", "suggest", "draft.jsonl"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("--model"), "{}", ran.stderr);
}

fn misfiled(site: &Site, posts: &str) -> Vec<Value> {
    site.write("drafts.jsonl", posts);
    let ran = site.run(&[
        "check",
        "drafts.jsonl",
        "--only",
        "column",
        "--fail-on",
        "never",
        "--as-of",
        "2018-07-31",
    ]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    ran.lines()
        .iter()
        .map(|post| post["findings"].clone())
        .collect()
}

#[test]
fn the_check_goes_by_the_model() {
    let site = trained(100);
    let posts = line(
        1,
        "工作动态",
        "关于做好2024年校园食品工作的通知",
        "各乡镇、各有关单位：现将有关事项通知如下。特此通知。",
    ) + &line(
        2,
        "部门动态",
        "县教育局召开校园食品工作会议",
        "近日，县教育局召开会议，听取汇报并作部署。",
    ) + &line(
        3,
        "",
        "县教育局召开校园食品工作会议",
        "近日，县教育局召开会议。",
    );
    let findings = misfiled(&site, &posts);
    let wrong = &findings[0][0];
    assert_eq!(wrong["rule"], "column/misfiled");
    assert_eq!(wrong["severity"], "error");
    assert_eq!(wrong["field"], "column");
    assert_eq!(wrong["text"], "工作动态");
    assert_eq!(wrong["suggestions"][0]["text"], "通知公告");
    assert_eq!(wrong["suggestions"][0]["safe"], false);
    assert!(wrong["confidence"].as_f64() >= Some(0.9));
    let evidence = wrong["evidence"].to_string();
    for told in [
        "像“通知公告”（",
        "用词：",
        "放错的可能性：",
        "测得的准确率：",
    ] {
        assert!(evidence.contains(told), "{told}: {evidence}");
    }
    assert_eq!(findings[1], json!([]));
    assert_eq!(findings[2][0]["rule"], "column/missing");
    assert_eq!(findings[2][0]["span"], Value::Null);
    assert_eq!(findings[2][0]["suggestions"][0]["text"], "工作动态");
}

#[test]
fn a_model_that_cannot_be_used_is_a_clear_error() {
    let site = trained(40);
    let path = site.path().join("columns.model");
    let sound = std::fs::read(&path).unwrap();
    let mut damaged = sound.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    let mut newer = sound.clone();
    newer[8] = 99;
    for (bytes, said) in [
        (damaged, "已损坏"),
        (newer, "另一版本"),
        (sound[..100].to_vec(), "已损坏"),
        (b"PK\x03\x04".to_vec(), "不是栏目模型文件"),
    ] {
        std::fs::write(&path, bytes).unwrap();
        for args in [
            ["check", "archive.jsonl"].as_slice(),
            &["columns", "eval", "archive.jsonl"],
            &["columns", "suggest", "archive.jsonl"],
        ] {
            let ran = site.run(args);
            assert_eq!(ran.code, 2, "{said}: {args:?}");
            assert!(ran.stderr.contains("columns.model"), "{}", ran.stderr);
            assert!(ran.stderr.contains(said), "{said}: {}", ran.stderr);
            assert!(
                ran.stderr.contains("baguan columns train"),
                "{}",
                ran.stderr
            );
        }
    }
    std::fs::remove_file(&path).unwrap();
    let ran = site.run(&["check", "archive.jsonl"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("找不到栏目模型"), "{}", ran.stderr);
}

#[test]
fn what_the_columns_were_not_checked_for_is_said() {
    let reasons = |site: &Site| {
        let ran = site.run(&[
            "check",
            "archive.jsonl",
            "--format",
            "json",
            "--only",
            "column",
        ]);
        ran.json()["summary"]["not_checked"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|family| family["family"] == "column")
            .map(|family| family["reason"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let site = site(2);
    assert_eq!(reasons(&site), ["no model"]);
    site.write("baguan.toml", "");
    assert_eq!(reasons(&site), ["no columns"]);
}
