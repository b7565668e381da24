//! `typo/fixed-phrase` for “N个NN” sets: the verb before the name, the order of the members.

use super::{Passage, speaks_of_typos};
use crate::check::{Context, Draft};
use crate::dictionary::automaton::Automaton;
use crate::dictionary::sets::{self, NamedSet};
use crate::finding::Severity;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use super::fixed_phrase::RULE;

/// The names and the members of the sets.
struct Words {
    automaton: Option<Automaton>,
    /// What each word is.
    meanings: Vec<Meaning>,
}

#[derive(Default)]
struct Meaning {
    /// The set of this name.
    named: Option<&'static NamedSet>,
    /// The sets that it belongs to, by their number, and its place there.
    places: Vec<(usize, usize)>,
}

/// The sets whose order is compared. Short members (稳就业 has three characters) are common words
/// in any order.
static ORDERED: LazyLock<Vec<&'static NamedSet>> = LazyLock::new(|| {
    sets::built_in()
        .iter()
        .filter(|set| set.ordered && set.members.len() > 2)
        .collect()
});

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let mut words: BTreeMap<&str, Meaning> = BTreeMap::new();
    for set in sets::built_in() {
        let meaning = words.entry(&set.name).or_default();
        meaning.named = meaning.named.or(Some(set));
    }
    for (number, set) in ORDERED.iter().enumerate() {
        for (place, member) in set.members.iter().enumerate() {
            let places = &mut words.entry(member).or_default().places;
            if !places.iter().any(|(known, _)| *known == number) {
                places.push((number, place));
            }
        }
    }
    let (words, meanings): (Vec<&str>, Vec<Meaning>) = words.into_iter().unzip();
    Words {
        automaton: Automaton::of(&words),
        meanings,
    }
});

fn is_quote(c: char) -> bool {
    matches!(c, '“' | '”' | '‘' | '’' | '"')
}

pub fn check(context: &Context<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let Some(automaton) = &WORDS.automaton else {
        return;
    };
    let before = out.len();
    let mut members = Vec::new();
    for (range, word) in automaton.find(passage.text) {
        let Some(meaning) = WORDS.meanings.get(word) else {
            continue;
        };
        if let Some(set) = meaning.named {
            verb(context, passage, &range, set, out);
        }
        if !meaning.places.is_empty() {
            members.push((range, meaning.places.as_slice()));
        }
    }
    order(context, passage, &members, out);
    if out.len() > before && speaks_of_typos(passage.text) {
        out.truncate(before);
    }
}

fn holds(context: &Context<'_>, set: &NamedSet) -> bool {
    context.published_on.is_none_or(|date| {
        set.since.is_none_or(|since| since <= date) && set.until.is_none_or(|until| date <= until)
    })
}

/// 坚定“四个意识”: the verb belongs to another set. `name` is where the set's name stands.
fn verb(
    context: &Context<'_>,
    passage: &Passage<'_>,
    name: &Range<usize>,
    set: &NamedSet,
    out: &mut Vec<Draft>,
) {
    if set.wrong_verbs.is_empty() || !holds(context, set) {
        return;
    }
    let text = passage.text;
    let head = text[..name.start].trim_end_matches(is_quote);
    let tail = text[name.end..].trim_start_matches(is_quote);
    // 做到“四个意识”的统一: another sentence; 坚定“四个意识”“四个自信”: a list that the
    // verb need not fit in every part.
    let listed = tail.starts_with(['、', '和']) && tail.contains("四个")
        || text[name.end..].starts_with("”“");
    if tail.starts_with('的') || listed {
        return;
    }
    let wrong = set
        .wrong_verbs
        .iter()
        .find(|(wrong, _)| head.ends_with(wrong.as_str()));
    if let Some((wrong, right)) = wrong {
        let range = head.len() - wrong.len()..head.len();
        let message = format!("“{}”应与“{right}”搭配，不用“{wrong}”", set.name);
        out.push(
            passage
                .draft(RULE, range, Severity::Warning, message)
                .confidence(0.95)
                .evidence(format!("规范表述：{right}“{}”（{}）", set.name, set.source))
                .suggest(right),
        );
    }
}

/// Where a member of sets stands, and its places in them.
type Member<'m> = (Range<usize>, &'m [(usize, usize)]);

/// All members in one list, in another order than the fixed one.
fn order(context: &Context<'_>, passage: &Passage<'_>, found: &[Member<'_>], out: &mut Vec<Draft>) {
    let text = passage.text;
    let mut index = 0;
    // A run of members with nothing between but list marks.
    let mut run: Vec<&Member<'_>> = Vec::new();
    while index < found.len() {
        run.clear();
        run.push(&found[index]);
        let mut next = index + 1;
        while let Some(member) = found.get(next) {
            let last = run[run.len() - 1];
            if member.0.start < last.0.end {
                next += 1;
                continue;
            }
            let between = &text[last.0.end..member.0.start];
            if between
                .chars()
                .any(|c| !is_quote(c) && !matches!(c, '、' | '，' | '和' | '与' | '及' | ' '))
            {
                break;
            }
            run.push(member);
            next += 1;
        }
        report_order(context, passage, &run, out);
        index = next.max(index + 1);
    }
}

fn report_order(
    context: &Context<'_>,
    passage: &Passage<'_>,
    run: &[&Member<'_>],
    out: &mut Vec<Draft>,
) {
    if run.len() < 3 {
        return;
    }
    let place = |member: &Member<'_>, set: usize| {
        let mut places = member.1.iter();
        places.find(|(s, _)| *s == set).map(|(_, place)| *place)
    };
    for &(number, _) in run[0].1 {
        let set = ORDERED[number];
        let order: Option<Vec<usize>> = run.iter().map(|m| place(m, number)).collect();
        let Some(order) = order else { continue };
        let mut sorted = order.clone();
        sorted.sort_unstable();
        let complete = sorted.iter().copied().eq(0..set.members.len());
        // Short sets (法治、自治) are common words in any order; their name tells that they are meant.
        let meant = set.members.len() >= 4 || passage.text.contains(set.name.as_str());
        if complete && meant && sorted != order && holds(context, set) {
            let range = run[0].0.start..run[run.len() - 1].0.end;
            let right = set.members.join("、");
            let message = format!("“{}”的排列顺序应为：{right}", set.name);
            out.push(
                passage
                    .draft(RULE, range, Severity::Warning, message)
                    .confidence(0.95)
                    .evidence(format!("出处：{}", set.source)),
            );
            return;
        }
    }
}
