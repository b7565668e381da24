//! `typo/unlikely` through the linter, with the model that comes with the program.

use baguan::dictionary::language_model::model::Model;
use baguan::dictionary::roster::Roster;
use baguan::finding::{Finding, Severity};
use baguan::knowledge::Knowledge;
use baguan::linter::Linter;
use baguan::post::Post;
use baguan::rulebook::RuleBook;
use baguan::settings::Settings;
use std::sync::Arc;

fn linter(only: &str, min_confidence: f64) -> Linter {
    let book = RuleBook::built_in().expect("a sound rule book");
    let mut settings = Settings::defaults(&book);
    settings.only([only].into_iter()).expect("a known rule");
    settings.min_confidence = min_confidence;
    let today = jiff::civil::date(2024, 6, 1);
    Linter::new(book, settings, Knowledge::default(), today).expect("a linter")
}

fn findings(linter: &Linter, title: &str, body: &str) -> Vec<Finding> {
    let checked = linter.check(&Post::new(title, body));
    assert!(checked.failures.is_empty(), "{:?}", checked.failures);
    checked.findings
}

const TITLE: &str = "示例县召开安全生产工作会议";
const WRONG: &str = "对教育督导工作成绩显着的单位和个人给予表彰。";

#[test]
fn a_finding_has_its_evidence_and_an_unsafe_suggestion() {
    let linter = linter("typo/unlikely", 0.9);
    let found = findings(&linter, TITLE, &format!("<p>{WRONG}</p>"));
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].text, "着");
    assert_eq!(found[0].severity, Severity::Warning);
    let suggestion = &found[0].suggestions[0];
    assert!(suggestion.text == "著" && !suggestion.safe);
    assert!(found[0].evidence[0].contains("显著的单"), "{found:?}");
    assert_eq!(found, findings(&linter, TITLE, &format!("<p>{WRONG}</p>")));
}

#[test]
fn what_is_sure_is_found_whether_or_not_less_is_asked_for() {
    let sure = linter("typo/unlikely", 0.9);
    let wide = linter("typo/unlikely", 0.2);
    for (wrong, right) in [
        (WRONG, "著"),
        ("全县各乡镇要认真落实森林防火责任致。", "制"),
        ("各部门要加强协作配和，形成工作合力。", "合"),
    ] {
        let body = format!("<p>{wrong}</p>");
        let found = |linter: &Linter| -> Vec<String> {
            findings(linter, TITLE, &body)
                .into_iter()
                .filter(|f| f.confidence >= 0.9)
                .map(|f| f.suggestions[0].text.clone())
                .collect()
        };
        assert_eq!(found(&sure), [right], "{wrong}");
        assert_eq!(found(&wide), [right], "{wrong}");
    }
}

#[test]
fn what_another_rule_knows_is_left_to_it() {
    let wrong = "<p>进一步优化营商环镜，推动经济高质量发展。</p>";
    let alone = findings(&linter("typo/unlikely", 0.5), TITLE, wrong);
    assert!(alone.iter().any(|f| f.text == "镜"), "{alone:?}");
    let all = findings(&linter("typo", 0.5), TITLE, wrong);
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!(all[0].rule, "typo/confusable");
}

#[test]
fn what_stands_twice_is_no_typo() {
    let linter = linter("typo/unlikely", 0.9);
    let twice = format!("<p>{WRONG}</p><p>{WRONG}</p>");
    assert_eq!(findings(&linter, TITLE, &twice), []);
    // The same on one side of it is enough.
    let once = "<p>会议要求，落实安全生产责任致。</p>";
    assert_eq!(findings(&linter, TITLE, once).len(), 1);
    let again = format!("{once}<p>要压实责任致，不留死角。</p>");
    assert_eq!(findings(&linter, TITLE, &again), []);
}

#[test]
fn a_missing_or_surplus_character_is_found_and_covers_its_neighbour() {
    let linter = linter("typo/unlikely", 0.9);
    let missing = findings(
        &linter,
        TITLE,
        "<p>各级各部门要高度重视，加强组织领导，认真抓好<b>贯</b>落实。</p>",
    );
    assert_eq!(missing.len(), 1, "{missing:?}");
    assert_eq!(missing[0].text, "贯");
    assert_eq!(missing[0].suggestions[0].text, "贯彻");
    assert!(missing[0].message.contains("漏了“彻”字"), "{missing:?}");
    let surplus = findings(&linter, TITLE, "<p>加快推进新型城镇镇化建设。</p>");
    assert_eq!(surplus.len(), 1, "{surplus:?}");
    assert_eq!(surplus[0].suggestions[0].text, "镇");
    assert!(surplus[0].message.contains("多余的字"), "{surplus:?}");
}

#[test]
fn a_gap_is_a_warning_only_where_the_model_is_very_sure() {
    let linter = linter("typo/unlikely", 0.9);
    let mut nearly = 0;
    for (body, text) in [
        ("<p>要切实加强组织领，确保各项工作落到实处。</p>", "领"),
        ("<p>各级各部门要高度重视，认真抓好贯落实。</p>", "贯"),
        ("<p>加快推进新型城镇镇化建设。</p>", "镇镇"),
        ("<p>全面提升基层治理理能力。</p>", "理理"),
        ("<p>依法保护企业家家合法权益。</p>", "家家"),
    ] {
        let found = findings(&linter, TITLE, body);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].text, text);
        let sure = found[0].confidence >= 0.98;
        assert_eq!(found[0].severity == Severity::Warning, sure, "{found:?}");
        // Sure enough for a warning, if it were a character for another.
        nearly += usize::from(!sure && found[0].confidence >= 0.95);
    }
    assert!(nearly > 0);
}

#[test]
fn a_word_written_twice_is_found_and_loses_its_second_copy() {
    let linter = linter("typo/unlikely", 0.9);
    let body = "<p>各单位要结合实际制定实施<b>实施</b>方案，明确责任分工。</p>";
    let found = findings(&linter, TITLE, body);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].suggestions[0].text, "实施");
    assert!(found[0].message.contains("多写了一遍“实施”"), "{found:?}");
}

#[test]
fn a_foreign_name_before_an_office_is_let_be() {
    // Without the guard the model would rather have another foreign minister.
    let body = "<p>双方表示，这个协定由卡夫洛夫外长和我方代表共同签署。</p>";
    assert_eq!(findings(&linter("typo/unlikely", 0.3), TITLE, body), []);
}

#[test]
fn who_stands_on_the_roster_is_named_right() {
    let sentence = "<p>昨天，林木根、洪波拥、胡景洪几位同事到示例镇走访。</p>";
    let roster = "姓名,单位,职务\n林木根,示例县教育局,局长\n洪波拥,示例县财政局,局长\n胡景洪,示例县水利局,局长\n";
    let doubts = |knowledge: Knowledge| {
        let book = RuleBook::built_in().expect("a sound rule book");
        let mut settings = Settings::defaults(&book);
        let only = ["typo/unlikely"];
        settings.only(only.into_iter()).expect("a known rule");
        settings.min_confidence = 0.0;
        let today = jiff::civil::date(2024, 6, 1);
        let linter = Linter::new(book, settings, knowledge, today).expect("a linter");
        let found = findings(&linter, TITLE, sentence);
        let names = "林木根洪波拥胡景洪";
        found.iter().filter(|f| names.contains(&f.text)).count()
    };
    assert!(doubts(Knowledge::default()) > 0);
    let roster = Roster::parse_csv("roster.csv", roster).expect("a roster");
    let knowledge = Knowledge {
        roster: Some(Arc::new(roster)),
        ..Knowledge::default()
    };
    assert_eq!(doubts(knowledge), 0);
}

#[test]
fn quotations_need_more_certainty_and_lower_levels_show_more() {
    let usual = linter("typo/unlikely", 0.9);
    let body = "<p>切实增强人民群众的获得干。</p>";
    let low = findings(&linter("typo/unlikely", 0.3), TITLE, body);
    assert!(findings(&usual, TITLE, body).len() <= low.len());
    assert!(low.iter().any(|f| f.text == "干"), "{low:?}");

    // In quotations the doubt counts five times: a warning from .99 on, nothing below .98.
    let mut weaker = 0;
    for sentence in [
        "要加强对重点人裙的服务。",
        "要全面推进依法制国。",
        "要坚决防犯化解重大风险。",
    ] {
        let severity = |body: &str, warning: f64| {
            let found = findings(&usual, TITLE, body);
            assert!(found.len() <= 1, "{found:?}");
            let expected = found.iter().all(|f| f.confidence >= warning);
            let severity = found.first().map(|f| f.severity);
            assert_eq!(severity != Some(Severity::Info), expected, "{found:?}");
            severity
        };
        let plain = severity(&format!("<p>会议要求，{sentence}</p>"), 0.95);
        assert!(plain.is_some(), "{sentence}");
        let quoted = severity(&format!("<p>会议要求：“{sentence}”</p>"), 0.99);
        weaker += usize::from(quoted < plain);
    }
    assert!(weaker > 0);
}

/// What is said of a model file that cannot be used.
fn mistake(bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("language_model.bin");
    std::fs::write(&file, bytes).expect("a file");
    Model::read(&file).expect_err("a mistake").to_string()
}

#[test]
fn a_model_that_cannot_be_used_is_a_clear_mistake() {
    let damaged = mistake(b"BGLM\x02\0\0\0VOCA\xff\xff");
    assert!(
        damaged.contains("language_model.bin：语言模型文件不完整"),
        "{damaged}"
    );
    let older = mistake(b"BGLM\x01\0\0\0VOCA");
    assert!(
        older.contains("language_model.bin") && older.contains("版本"),
        "{older}"
    );
    let folder = tempfile::tempdir().expect("a folder");
    let missing = Model::read(&folder.path().join("none.bin")).expect_err("a mistake");
    assert!(missing.to_string().contains("无法读取"));
}
