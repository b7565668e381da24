//! Characters that people write for one another, counted in the lists of wrong forms and of pairs
//! that depend on context.

use super::{confusable, context_pairs};
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

/// Which character was written for which, and in how many forms.
struct Confusions {
    /// By wrong and right character.
    counts: HashMap<(char, char), u32>,
    /// By right character: wrong ones with their counts, in order.
    wrong: BTreeMap<char, Vec<(char, u32)>>,
}

static CONFUSIONS: LazyLock<Confusions> = LazyLock::new(|| {
    let always = confusable::entries().map(|entry| (entry.wrong, entry.right));
    let sometimes = context_pairs::all().map(|pair| (pair.wrong.as_str(), pair.right.as_str()));
    let mut counts = HashMap::new();
    for (wrong, right) in always.chain(sometimes) {
        if wrong.chars().count() == right.chars().count() {
            let pairs = wrong.chars().zip(right.chars());
            for pair in pairs.filter(|(wrong, right)| wrong != right) {
                *counts.entry(pair).or_insert(0) += 1;
            }
        }
    }
    let mut wrong: BTreeMap<char, Vec<(char, u32)>> = BTreeMap::new();
    for (&(a, b), &count) in &counts {
        wrong.entry(b).or_default().push((a, count));
    }
    for list in wrong.values_mut() {
        list.sort_unstable();
    }
    Confusions { counts, wrong }
});

/// In how many listed forms `wrong` stands for `right`.
#[must_use]
pub fn count(wrong: char, right: char) -> u32 {
    CONFUSIONS.counts.get(&(wrong, right)).copied().unwrap_or(0)
}

/// What stands for a character in listed forms, each with the number of forms, in order.
#[must_use]
pub fn written_for(right: char) -> &'static [(char, u32)] {
    CONFUSIONS.wrong.get(&right).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_by_direction() {
        // 部暑 is listed for 部署, nothing the other way round.
        assert!(count('暑', '署') > 0);
        assert_eq!(count('署', '署'), 0);
        assert!(written_for('署').contains(&('暑', count('暑', '署'))));
        assert!(written_for('a').is_empty());
    }

    #[test]
    fn pairs_that_depend_on_context_count() {
        assert!(count('力', '利') > 0 && count('利', '力') > 0);
    }
}
