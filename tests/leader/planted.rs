//! Planted mistakes are found, with the right rule and suggestion.

use super::town::{Office, Random, Term, Town, some_day};
use super::{linter, serious};
use baguan::dictionary::names::slip;
use baguan::finding::Finding;
use baguan::post::Post;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// A post with one mistake, and what a finding must say.
struct Planted {
    kind: &'static str,
    post: Post,
    rules: &'static [&'static str],
    /// The first suggestion, or a text that the suggested title must be.
    suggestion: String,
}

fn post(day: Date, sentence: &str) -> Post {
    let mut post = Post::new(
        "示例县召开工作会议",
        format!("<p>{}月{}日，{sentence}</p>", day.month(), day.day()),
    );
    post.published_at = Some(day.to_string());
    post
}

const DOING: [&str; 6] = [
    "出席会议并讲话。",
    "到城关镇调研。",
    "主持会议。",
    "要求抓好落实。",
    "强调，要压实责任。",
    "带队检查安全生产。",
];

/// Characters of the same sound, for homophones.
const SOUNDS: [(char, char); 16] = [
    ('伟', '纬'),
    ('强', '墙'),
    ('涛', '滔'),
    ('明', '鸣'),
    ('辉', '晖'),
    ('宏', '洪'),
    ('玲', '铃'),
    ('静', '净'),
    ('丽', '莉'),
    ('敏', '闽'),
    ('斌', '彬'),
    ('宇', '羽'),
    ('浩', '皓'),
    ('健', '剑'),
    ('俊', '峻'),
    ('祥', '详'),
];

fn plant(town: &Town, random: &mut Random, kind: &'static str) -> Option<Planted> {
    let day = some_day(random);
    let terms = town.on(day);
    let term: &Term = *random.pick(&terms);
    let (office, name): (&Office, &str) = (town.office(term), town.name(term));
    let form = random.pick(&office.forms).clone();
    let doing = *random.pick(&DOING);
    let organ = |form: &str, title: &str| form.strip_suffix(title).map(str::to_owned);
    let planted = |sentence: String, rules, suggestion: String| Planted {
        kind,
        post: post(day, &sentence),
        rules,
        suggestion,
    };
    match kind {
        "wrong title" => {
            // A title of another organ that several hold.
            let others: Vec<&Term> = terms
                .iter()
                .copied()
                .filter(|other| {
                    let other = town.office(other);
                    other.organization != office.organization && !other.single
                })
                .collect();
            let wrong = &town.office(*random.pick(&others)).forms[0];
            Some(planted(
                format!("{wrong}{name}{doing}"),
                &["leader/wrong-title"],
                office.title.clone(),
            ))
        }
        "deputy added" if office.single => {
            let prefix = organ(&form, &office.title)?;
            if town
                .on(day)
                .iter()
                .any(|t| t.office != term.office && t.person == term.person)
            {
                return None;
            }
            let (before, after) = match office.title.strip_prefix("党委") {
                Some(rest) => ("党委", rest),
                None => ("", office.title.as_str()),
            };
            Some(planted(
                format!("{prefix}{before}副{after}{name}{doing}"),
                &["leader/wrong-title"],
                office.title.clone(),
            ))
        }
        "deputy dropped" if office.title.starts_with('副') => {
            let prefix = organ(&form, &office.title)?;
            let chief = office.title.trim_start_matches('副');
            Some(planted(
                format!("{prefix}{chief}{name}{doing}"),
                &["leader/wrong-title"],
                office.title.clone(),
            ))
        }
        "successor" if office.single => {
            // Named with the post before taking it.
            let next = town.terms.iter().find(|next| {
                next.office == term.office
                    && Some(next.from) > term.until
                    && next.person != term.person
                    && term
                        .until
                        .is_some_and(|until| (next.from - until).get_days() <= 1)
            })?;
            Some(planted(
                format!("{form}{}{doing}", town.name(next)),
                &["leader/wrong-person"],
                name.to_owned(),
            ))
        }
        "predecessor" if office.single => {
            let before = town.terms.iter().find(|before| {
                before.office == term.office
                    && before.person != term.person
                    && before
                        .until
                        .is_some_and(|until| until < day && (term.from - until).get_days() <= 1)
            })?;
            Some(planted(
                format!("{form}{}{doing}", town.name(before)),
                &["leader/former"],
                name.to_owned(),
            ))
        }
        "one character" => {
            let mut chars: Vec<char> = name.chars().collect();
            if chars.len() < 3 || name.contains('·') {
                return None;
            }
            let at = chars.len() - 1 - random.below(2);
            chars[at] = *random.pick(&['海', '春', '东', '国', '平', '山', '文', '新', '志', '德']);
            let slipped: String = chars.into_iter().collect();
            if town.people.contains(&slipped) || slipped == name {
                return None;
            }
            Some(planted(
                format!("{form}{slipped}{doing}"),
                &["leader/wrong-name"],
                name.to_owned(),
            ))
        }
        "homophone" => {
            let chars: Vec<char> = name.chars().collect();
            let at =
                (1..chars.len()).find(|&at| SOUNDS.iter().any(|(from, _)| *from == chars[at]))?;
            let mut slipped = chars.clone();
            slipped[at] = SOUNDS.iter().find(|(from, _)| *from == chars[at])?.1;
            let slipped: String = slipped.into_iter().collect();
            if town.people.contains(&slipped) || slip(&slipped, name).is_none() {
                return None;
            }
            Some(planted(
                format!("{form}{slipped}{doing}"),
                &["leader/wrong-name"],
                name.to_owned(),
            ))
        }
        "swapped" if office.single => {
            let others: Vec<&Term> = terms
                .iter()
                .copied()
                .filter(|other| {
                    let other_office = town.office(other);
                    other_office.single
                        && other_office.organization != office.organization
                        && other.person != term.person
                })
                .collect();
            let other = *random.pick(&others);
            let other_form = &town.office(other).forms[0];
            Some(planted(
                format!(
                    "{form}{}主持会议，{other_form}{name}出席会议。",
                    town.name(other)
                ),
                &["leader/wrong-person"],
                name.to_owned(),
            ))
        }
        _ => None,
    }
}

fn is_found(planted: &Planted, findings: &[Finding]) -> bool {
    findings.iter().any(|finding| {
        planted.rules.contains(&finding.rule.as_str())
            && finding.suggestions.first().is_some_and(|first| {
                // A finding on title and name repeats the title; one on the title alone may name
                // the organ, too.
                finding
                    .suggestions
                    .iter()
                    .any(|s| s.text == planted.suggestion)
                    || first.text.ends_with(&planted.suggestion)
                    || finding
                        .suggestions
                        .iter()
                        .any(|s| s.text.ends_with(&planted.suggestion))
            })
    })
}

#[test]
fn planted_mistakes_are_found() {
    let town = Town::new();
    let linter = linter(&town.roster());
    let mut random = Random(17);
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut missed = Vec::new();
    for kind in [
        "wrong title",
        "deputy added",
        "deputy dropped",
        "successor",
        "predecessor",
        "one character",
        "homophone",
        "swapped",
    ] {
        let mut made = 0;
        let mut tries = 0;
        while made < 200 && tries < 20_000 {
            tries += 1;
            let Some(planted) = plant(&town, &mut random, kind) else {
                continue;
            };
            made += 1;
            let findings = serious(&linter, &planted.post);
            let entry = counts.entry(planted.kind).or_default();
            entry.1 += 1;
            if is_found(&planted, &findings) {
                entry.0 += 1;
            } else {
                let told: Vec<_> = findings
                    .iter()
                    .map(|f| {
                        (
                            &f.rule,
                            &f.text,
                            f.suggestions.iter().map(|s| &s.text).collect::<Vec<_>>(),
                        )
                    })
                    .collect();
                missed.push(format!(
                    "{kind}: {} wants {} got {told:?}",
                    planted.post.body, planted.suggestion
                ));
            }
        }
    }
    println!("{counts:#?}");
    let low: Vec<_> = counts
        .iter()
        .filter(|(_, (found, made))| *made < 200 || found * 100 < made * 98)
        .collect();
    missed.truncate(40);
    assert!(low.is_empty(), "{low:?}\n{}", missed.join("\n"));
}
