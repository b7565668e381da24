//! Traditional characters and their simplified forms.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The simplified form of a traditional character; `None` for any other character.
pub fn simplified(c: char) -> Option<char> {
    static PAIRS: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
        include_str!("../../dictionaries/traditional.tsv")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| {
                let (old, new) = line.split_once('\t')?;
                Some((old.chars().next()?, new.chars().next()?))
            })
            .collect()
    });
    PAIRS.get(&c).copied()
}
