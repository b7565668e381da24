//! Throughput of the text model and of the whole check, with bare jieba-rs cutting of the same
//! text beside them as the floor to compare with.
//!
//! `cargo bench --bench check`; megabytes are of the posts' source.

use baguan::document::Document;
use baguan::knowledge::Knowledge;
use baguan::linter::Linter;
use baguan::post::{Format, Post};
use baguan::rulebook::RuleBook;
use baguan::settings::Settings;
use divan::counter::BytesCount;
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

/// A body of about `kilobytes`, as a CMS stores it.
fn body(kilobytes: usize) -> String {
    let paragraph = "<p style=\"text-indent: 2em;\">会议要求，各乡镇、各部门要<strong>切实</strong>\
        压实责任，认真抓好防汛备汛各项工作，加强值班值守，&ldquo;汛期不过、检查不停&rdquo;，\
        确保人民群众生命财产安全。<span style=\"font-size: 16px;\">全县共排查隐患28处。</span></p>\r\n";
    paragraph.repeat(kilobytes * 1024 / paragraph.len() + 1)
}

fn post(kilobytes: usize) -> Post {
    let mut post = Post::new(
        "示例县人民政府办公室关于做好2024年防汛工作的通知",
        body(kilobytes),
    );
    post.published_at = Some("2024-06-01".into());
    post.column = Some("通知公告".into());
    post
}

#[divan::bench(args = [4, 256])]
fn document(bencher: Bencher, kilobytes: usize) {
    let body = body(kilobytes);
    bencher
        .counter(BytesCount::of_str(&body))
        .bench(|| Document::body(black_box(&body), Format::Html));
}

#[divan::bench(args = [4, 256])]
fn whole_check(bencher: Bencher, kilobytes: usize) {
    let book = RuleBook::built_in().expect("a sound rule book");
    let settings = Settings::defaults(&book);
    let today = jiff::civil::date(2024, 6, 1);
    let linter = Linter::new(book, settings, Knowledge::default(), today).expect("a linter");
    let post = post(kilobytes);
    linter.check(&post);
    bencher
        .counter(BytesCount::of_str(&post.body))
        .bench(|| linter.check(black_box(&post)));
}

#[divan::bench(args = [4, 256])]
fn jieba_cut(bencher: Bencher, kilobytes: usize) {
    let body = body(kilobytes);
    let jieba = jieba_rs::Jieba::new();
    let document = Document::body(&body, Format::Html);
    let texts: Vec<&str> = document.blocks.iter().map(|b| b.text.as_str()).collect();
    bencher.counter(BytesCount::of_str(&body)).bench(|| {
        texts
            .iter()
            .map(|text| jieba.cut(black_box(text), false).len())
            .sum::<usize>()
    });
}
