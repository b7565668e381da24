//! Throughput of the leader check with a small and a large roster, and what loading them costs.
//!
//! `cargo bench --bench leader`; megabytes are of the posts' source.

use baguan::dictionary::register::Register;
use baguan::dictionary::roster::Roster;
use baguan::knowledge::Knowledge;
use baguan::linter::Linter;
use baguan::post::Post;
use baguan::rulebook::RuleBook;
use baguan::settings::Settings;
use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use std::sync::Arc;

fn main() {
    divan::main();
}

const SURNAMES: [&str; 10] = ["王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴"];
const GIVEN: [&str; 32] = [
    "伟", "强", "磊", "洋", "勇", "军", "杰", "涛", "超", "明", "辉", "鹏", "华", "飞", "波", "斌",
    "宇", "浩", "凯", "健", "俊", "帆", "帅", "旭", "宁", "龙", "林", "欢", "佳", "阳", "建", "亮",
];

/// A roster of `rows` rows: the county's leaders, then its bureaus and towns.
fn roster(rows: usize) -> String {
    let mut out = String::from("姓名,单位,职务,任职时间\n");
    for row in 0..rows {
        let name = format!(
            "{}{}{}",
            SURNAMES[row % 10],
            GIVEN[row / 10 % 32],
            GIVEN[row / 320 % 32]
        );
        let (organization, title) = match row {
            0 => ("中共示例县委员会".to_owned(), "书记"),
            1 => ("示例县人民政府".to_owned(), "县长"),
            2..10 => ("示例县人民政府".to_owned(), "副县长"),
            _ => (
                format!("示例县{}{}局", GIVEN[row / 8 % 32], GIVEN[row / 256 % 32]),
                if row % 8 == 0 { "局长" } else { "副局长" },
            ),
        };
        out.push_str(&format!("{name},{organization},{title},2018-01-01\n"));
    }
    out
}

/// A body of about 64 kilobytes: news of a county, a mention every second sentence.
fn body() -> String {
    let paragraph = "<p>6月1日，县委书记王伟伟到城关镇调研防汛工作，县长李伟伟陪同。会议要求，各乡镇、各部门要压实责任，\
        认真抓好防汛备汛各项工作，加强值班值守，确保人民群众生命财产安全。副县长张伟伟、刘伟伟出席会议。\
        全县共排查隐患28处，完成整改26处，落实资金三百万元，修复堤防12公里，群众反映良好。</p>\r\n";
    paragraph.repeat(64 * 1024 / paragraph.len() + 1)
}

#[divan::bench(args = [100, 10_000])]
fn check(bencher: Bencher, rows: usize) {
    let book = RuleBook::built_in().expect("a sound rule book");
    let mut settings = Settings::defaults(&book);
    settings
        .only(["leader"].into_iter())
        .expect("a known family");
    let mut knowledge = Knowledge::default();
    knowledge.site.place = Some("某省某市示例县".into());
    let roster = Roster::parse_csv("roster.csv", &roster(rows)).expect("a sound roster");
    knowledge.roster = Some(Arc::new(roster));
    let today = jiff::civil::date(2024, 6, 2);
    let linter = Linter::new(book, settings, knowledge, today).expect("a linter");
    let post = Post::new("示例县召开防汛工作会议", body());
    linter.check(&post);
    bencher
        .counter(BytesCount::of_str(&post.body))
        .bench(|| linter.check(black_box(&post)));
}

/// With no rows: what the national list and the titles cost once a run.
#[divan::bench(args = [0, 100, 10_000])]
fn prepare(bencher: Bencher, rows: usize) {
    let roster = Roster::parse_csv("roster.csv", &roster(rows)).expect("a sound roster");
    bencher.bench(|| Register::new(black_box(roster.rows()), Some("某省某市示例县")));
}
