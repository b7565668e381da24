//! Right posts, in every form of mention: no finding at warning or above, and the mentions are
//! read as they were written.

use super::town::{Random, Town, some_day};
use super::{linter, serious};
use baguan::check::leader::{Form, Line, Reader};
use baguan::dictionary::roster::Roster;
use baguan::knowledge::Site;
use baguan::post::Post;
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// A post and the mentions in it: title as it stands there, name.
pub struct Written {
    pub post: Post,
    pub mentions: Vec<(String, String)>,
}

const DOING: [&str; 12] = [
    "出席会议并讲话。",
    "到城关镇调研。",
    "主持会议。",
    "要求抓好落实。",
    "强调，要压实责任。",
    "参加。",
    "一行到企业走访。",
    "在现场了解情况。",
    "作动员讲话。",
    "带队检查安全生产。",
    "参加活动",
    "对防汛工作提出要求。",
];

fn title_of(form: &str, titles: &[&str]) -> String {
    titles
        .iter()
        .filter(|title| form.ends_with(**title))
        .max_by_key(|title| title.len())
        .map_or(form.to_owned(), |title| (*title).to_owned())
}

const TITLES: [&str; 16] = [
    "党委书记",
    "书记",
    "县长",
    "副县长",
    "主任",
    "副主任",
    "主席",
    "副主席",
    "部长",
    "院长",
    "检察长",
    "局长",
    "副局长",
    "镇长",
    "乡长",
    "副书记",
];

/// Writes a right post of the form `kind`.
pub fn write(town: &Town, random: &mut Random, kind: usize) -> Option<Written> {
    let day = some_day(random);
    let terms = town.on(day);
    let term = **random.pick(&terms.iter().collect::<Vec<_>>());
    let (office, name) = (town.office(term), town.name(term));
    let form = random.pick(&office.forms).clone();
    let title = title_of(&form, &TITLES);
    let doing = *random.pick(&DOING);
    let date = format!("{}月{}日", day.month(), day.day());
    let mut mentions = vec![(title.clone(), name.to_owned())];
    let two: Vec<char> = name.chars().collect();
    let mut unit = None;
    let mut head = "示例县召开工作会议".to_owned();
    let body = match kind {
        0 => format!("<p>{date}，{form}{name}{doing}</p>"),
        1 => format!("<p>{date}，{form}{name}同志{doing}</p>"),
        2 => format!("<p>{date}，{form}{name}（左二）{doing}</p>"),
        3 => {
            // A name cut by tags.
            let cut: String = two.iter().map(|c| format!("<span>{c}</span>")).collect();
            format!("<p>{date}，{form}<strong>{cut}</strong>{doing}</p>")
        }
        4 if two.len() == 2 => format!("<p>{date}，出席会议的有{form}{}　{}。</p>", two[0], two[1]),
        5 if office.title.ends_with("县长") => {
            format!("<p>{date}，{name}{}{doing}</p>", office.title)
        }
        6 if office.title.ends_with("县长") && two.len() <= 3 && !name.contains('·') => {
            mentions.clear();
            format!("<p>{date}，{}{}{doing}</p>", two[0], office.title)
        }
        7 => {
            // One title for several names.
            let by_post = town.by_post(day);
            let shared: Vec<_> = by_post
                .iter()
                .filter(|((_, title), terms)| title.starts_with('副') && terms.len() > 1)
                .collect();
            let ((_, shared_title), terms) = *random.pick(&shared);
            let names: Vec<&str> = terms.iter().map(|term| town.name(term)).collect();
            mentions = names
                .iter()
                .map(|name| (shared_title.clone(), (*name).to_owned()))
                .collect();
            let form = town.office(terms[0]).forms[0].clone();
            format!("<p>{date}，{form}{}{doing}</p>", names.join("、"))
        }
        8 => {
            // A list of leaders.
            let others: Vec<_> = terms
                .iter()
                .filter(|other| town.office(other).single && other.person != term.person)
                .take(8)
                .collect();
            let (a, b) = (*random.pick(&others), *random.pick(&others));
            let (fa, fb) = (&town.office(a).forms[0], &town.office(b).forms[0]);
            mentions.push((title_of(fa, &TITLES), town.name(a).to_owned()));
            mentions.push((title_of(fb, &TITLES), town.name(b).to_owned()));
            format!(
                "<p>{date}，{form}{name}主持会议，{fa}{}、{fb}{}出席。</p>",
                town.name(a),
                town.name(b)
            )
        }
        9 if office.organization.ends_with('局') && office.single => {
            unit = Some(office.organization.clone());
            mentions = vec![("局长".into(), name.to_owned())];
            format!("<p>{date}，局长{name}{doing}</p>")
        }
        10 => {
            // The holder of a post like this in another county bears the same name.
            let other = town.name(**random.pick(&terms.iter().collect::<Vec<_>>()));
            mentions = vec![("县长".into(), other.to_owned())];
            let county = *random.pick(&["沂水县", "沂水县人民政府", "范例县"]);
            format!("<p>{date}，{county}县长{other}率队来我县考察。</p>")
        }
        11 => {
            // Who left is called so.
            let past: Vec<_> = town
                .terms
                .iter()
                .filter(|term| term.until.is_some_and(|until| until < day))
                .collect();
            if past.is_empty() {
                return None;
            }
            let old = *random.pick(&past);
            let form = &town.office(old).forms[0];
            mentions = vec![(title_of(form, &TITLES), town.name(old).to_owned())];
            let word = *random.pick(&["原", "时任"]);
            format!(
                "<p>{date}，{word}{form}{}回忆了当时的情形。</p>",
                town.name(old)
            )
        }
        12 => {
            // An appointment is no claim about the day before.
            let other = town.name(**random.pick(&terms.iter().collect::<Vec<_>>()));
            head = "示例县人大常委会任免名单".into();
            mentions.clear();
            format!("<p>任命{other}为{form}。</p><p>免去{name}的{form}职务。</p>")
        }
        13 => {
            // No date in the lead.
            format!("<p>{form}{name}近日到基层调研，看望慰问困难群众。</p>")
        }
        14 => {
            let other = town.name(**random.pick(&terms.iter().collect::<Vec<_>>()));
            mentions.clear();
            format!("<p>{date}，村民{other}告诉记者，路修好了。</p><p>文/图 {other}</p>")
        }
        15 => format!("<p>{date}，陪同{form}{name}调研的有关部门负责人参加。</p>"),
        16 => format!("<p>{date}，{form} {name}，</p>"),
        17 if office.title == "局长" => {
            mentions = vec![("局长".into(), name.to_owned())];
            let organ = office.organization.trim_start_matches("示例");
            format!("<p>{date}，{organ}党组书记、局长{name}{doing}</p>")
        }
        18 if office.title == "县长" => {
            mentions = vec![("县长".into(), name.to_owned())];
            format!("<p>{date}，县委副书记、县政府党组书记、县长{name}{doing}</p>")
        }
        19 => {
            head = format!("{form}{name}调研防汛工作");
            mentions.clear();
            format!("<p>{date}，防汛工作检查在示例县进行，有关部门参加。</p>")
        }
        _ => return None,
    };
    let mut post = Post::new(head, body);
    // Published up to a week later, in one of the usual forms.
    let published: Date = day
        .checked_add(i64::try_from(random.below(7)).unwrap_or(0).days())
        .ok()?;
    let undated = matches!(kind, 11..=13);
    post.published_at = Some(if undated { day } else { published }.to_string());
    post.unit = unit;
    Some(Written { post, mentions })
}

#[test]
fn right_posts_have_no_finding_at_warning_or_above() {
    let town = Town::new();
    let linter = linter(&town.roster());
    let mut random = Random(11);
    let mut written = 0;
    let mut kinds = BTreeSet::new();
    let mut wrong = Vec::new();
    while written < 3000 {
        let kind = random.below(20);
        let Some(Written { post, .. }) = write(&town, &mut random, kind) else {
            continue;
        };
        written += 1;
        kinds.insert(kind);
        for finding in serious(&linter, &post) {
            wrong.push(format!(
                "{kind}: {} {} | {} {} {:?}",
                finding.rule, finding.message, post.title, post.body, post.published_at
            ));
        }
    }
    assert_eq!(kinds.len(), 20, "{kinds:?}");
    assert!(
        wrong.is_empty(),
        "{} of {written}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn mentions_are_read_as_they_were_written() {
    let town = Town::new();
    let roster = Roster::parse_csv("roster.csv", &town.roster()).unwrap();
    let site = Site {
        name: None,
        place: Some("某省某市示例县".into()),
    };
    let register = roster.register(&site);
    let mut random = Random(13);
    let (mut right, mut read, mut gold) = (0, 0, 0);
    let mut missed = Vec::new();
    for round in 0..3000 {
        let Some(written) = write(&town, &mut random, round % 19) else {
            continue;
        };
        let day = written.post.published_on().unwrap().unwrap();
        let reader = Reader::new(register, written.post.unit.as_deref(), day, day);
        let document = baguan::document::Document::body(&written.post.body, written.post.format);
        let mut found: Vec<(String, String)> = Vec::new();
        for (_, block) in document.visible_blocks() {
            let line = Line::of(block.text.as_str());
            for mention in reader.read(&line) {
                if mention.form == Form::SurnameFirst {
                    continue;
                }
                let title = mention.posts.last().unwrap().title_range.clone();
                found.push((line.slice(title).to_owned(), mention.name.text.clone()));
            }
        }
        gold += written.mentions.len();
        read += found.len();
        for mention in &written.mentions {
            if found.contains(mention) {
                right += 1;
            } else {
                missed.push(format!("{mention:?} in {}: {found:?}", written.post.body));
            }
        }
    }
    let (precision, recall) = (right as f64 / read as f64, right as f64 / gold as f64);
    let f1 = 2.0 * precision * recall / (precision + recall);
    println!("mentions: {gold}, precision {precision:.4}, recall {recall:.4}, F1 {f1:.4}");
    missed.truncate(20);
    assert!(f1 >= 0.98, "F1 {f1}:\n{}", missed.join("\n"));
}
