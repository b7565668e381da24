//! `typo/fixed-phrase` for “N个NN” sets: the verb before the name, the order of the members.

use super::{Passage, speaks_of_typos};
use crate::check::{Context, Draft};
use crate::dictionary::automaton::Automaton;
use crate::dictionary::sets::{self, NamedSet};
use crate::finding::Severity;
use std::ops::Range;
use std::sync::LazyLock;

use super::fixed_phrase::RULE;

struct Names {
    automaton: Option<Automaton>,
    sets: Vec<&'static NamedSet>,
}

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let mut sets: Vec<&NamedSet> = sets::built_in().iter().collect();
    sets.sort_by(|a, b| a.name.cmp(&b.name));
    sets.dedup_by(|a, b| a.name == b.name);
    let names: Vec<&str> = sets.iter().map(|set| set.name.as_str()).collect();
    Names {
        automaton: Automaton::of(&names),
        sets,
    }
});

struct Members {
    automaton: Option<Automaton>,
    /// For each member the sets it belongs to and its place there.
    places: Vec<Vec<(usize, usize)>>,
    sets: Vec<&'static NamedSet>,
}

static MEMBERS: LazyLock<Members> = LazyLock::new(|| {
    // Short members (稳就业 has three characters) are common words in any order.
    let sets: Vec<&NamedSet> = sets::built_in()
        .iter()
        .filter(|set| set.ordered && set.members.len() > 2)
        .collect();
    let mut words: Vec<&str> = sets
        .iter()
        .flat_map(|set| set.members.iter().map(String::as_str))
        .collect();
    words.sort_unstable();
    words.dedup();
    let places = words
        .iter()
        .map(|word| {
            sets.iter()
                .enumerate()
                .filter_map(|(s, set)| Some((s, set.members.iter().position(|m| m == word)?)))
                .collect()
        })
        .collect();
    Members {
        automaton: Automaton::of(&words),
        places,
        sets,
    }
});

fn is_quote(c: char) -> bool {
    matches!(c, '“' | '”' | '‘' | '’' | '"')
}

pub fn check(context: &Context<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let before = out.len();
    verbs(context, passage, out);
    order(context, passage, out);
    if out.len() > before && speaks_of_typos(passage.text) {
        out.truncate(before);
    }
}

fn holds(context: &Context<'_>, set: &NamedSet) -> bool {
    context.published_on.is_none_or(|date| {
        set.since.is_none_or(|since| since <= date) && set.until.is_none_or(|until| date <= until)
    })
}

/// 坚定“四个意识”: the verb belongs to another set.
fn verbs(context: &Context<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let Some(automaton) = &NAMES.automaton else {
        return;
    };
    let text = passage.text;
    for (found, index) in automaton.find(text) {
        let Some(set) = NAMES.sets.get(index) else {
            continue;
        };
        if set.wrong_verbs.is_empty() || !holds(context, set) {
            continue;
        }
        let head = text[..found.start].trim_end_matches(is_quote);
        let tail = text[found.end..].trim_start_matches(is_quote);
        // 做到“四个意识”的统一: another sentence; 坚定“四个意识”“四个自信”: a list that the
        // verb need not fit in every part.
        let listed = tail.starts_with(['、', '和']) && tail.contains("四个")
            || text[found.end..].starts_with("”“");
        if tail.starts_with('的') || listed {
            continue;
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
}

/// All members in one list, in another order than the fixed one.
fn order(context: &Context<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let Some(automaton) = &MEMBERS.automaton else {
        return;
    };
    let text = passage.text;
    let found: Vec<(Range<usize>, usize)> = automaton.find(text).collect();
    let mut index = 0;
    while index < found.len() {
        // A run of members with nothing between but list marks.
        let mut run = vec![&found[index]];
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
    run: &[&(Range<usize>, usize)],
    out: &mut Vec<Draft>,
) {
    if run.len() < 3 {
        return;
    }
    let places = |member: usize, set: usize| -> Option<usize> {
        let places = MEMBERS.places.get(member)?;
        places
            .iter()
            .find(|(s, _)| *s == set)
            .map(|(_, place)| *place)
    };
    let first = MEMBERS.places.get(run[0].1);
    for &(set_index, _) in first.into_iter().flatten() {
        let Some(set) = MEMBERS.sets.get(set_index) else {
            continue;
        };
        let order: Option<Vec<usize>> = run.iter().map(|m| places(m.1, set_index)).collect();
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
