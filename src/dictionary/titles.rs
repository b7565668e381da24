//! Titles of posts (书记, 副县长, 党组成员): what a post ends in, without place and organisation.

use daachorse::{CharwiseDoubleArrayAhoCorasick, CharwiseDoubleArrayAhoCorasickBuilder, MatchKind};
use std::collections::HashMap;

/// A title as it is compared: 常务副县长 is the deputy of 县长, and the executive one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Title {
    /// The title of the chief: 县长 for 副县长, 党组书记 for 党组副书记.
    pub base: String,
    pub deputy: bool,
    /// 常务
    pub executive: bool,
    /// 代, 代理
    pub acting: bool,
    /// One person at a time holds it in an organisation.
    pub single: bool,
}

impl Title {
    /// What holders of the same post share: deputies of every kind are one, acting or not is one.
    pub fn key(&self) -> (String, bool) {
        (self.base.clone(), self.deputy)
    }

    /// True if both name the same post; 常务 and 代 are left aside.
    pub fn same_post(&self, other: &Self) -> bool {
        self.base == other.base && self.deputy == other.deputy
    }

    /// True if whoever holds `held` may rightly be called this too: a party secretary is a member
    /// of the committee or group that he leads.
    pub fn implied_by(&self, held: &Self) -> bool {
        match self.base.as_str() {
            "常委" | "委员" => matches!(held.base.as_str(), "书记" | "常委"),
            "党组成员" => held.base == "党组书记",
            "党委委员" => held.base == "党委书记",
            "党工委委员" => held.base == "党工委书记",
            _ => false,
        }
    }

    /// The level of administration that the title itself names: 县 of 县长. 市长 and 区长 too.
    pub fn level(&self) -> Option<char> {
        let mut chars = self.base.chars();
        let (level, rest) = (chars.next()?, chars.as_str());
        (rest == "长" && "省市县区州盟旗镇乡".contains(level)).then_some(level)
    }
}

/// A title and whether one or several hold it, as the dictionary has them.
struct Entry {
    before: String,
    after: String,
    deputies: bool,
    single: bool,
}

/// All titles that can be read, with an automaton that finds them.
pub struct Titles {
    forms: Vec<Title>,
    by_text: HashMap<String, usize>,
    automaton: Option<CharwiseDoubleArrayAhoCorasick<u32>>,
    longest: usize,
}

impl std::fmt::Debug for Titles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Titles({})", self.forms.len())
    }
}

fn entries() -> impl Iterator<Item = Entry> {
    include_str!("../../dictionaries/titles.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let (form, holders) = line.split_once('\t')?;
            let (before, after, deputies) = match form.split_once('|') {
                Some((before, after)) => (before, after, true),
                None => ("", form, false),
            };
            Some(Entry {
                before: before.to_owned(),
                after: after.to_owned(),
                deputies,
                single: holders.starts_with('一'),
            })
        })
}

impl Titles {
    /// The dictionary's titles and those of `more` (a roster's) that it does not know.
    pub fn with<'m>(more: impl Iterator<Item = &'m str>) -> Self {
        let mut titles = Self {
            forms: Vec::new(),
            by_text: HashMap::new(),
            automaton: None,
            longest: 0,
        };
        for entry in entries() {
            titles.add_entry(&entry);
        }
        for title in more {
            if titles.ending(title).is_none() {
                titles.add(
                    title.to_owned(),
                    Title {
                        base: title.to_owned(),
                        deputy: false,
                        executive: false,
                        acting: false,
                        single: false,
                    },
                );
            }
        }
        let patterns: Vec<(String, u32)> = titles
            .by_text
            .iter()
            .map(|(text, &id)| (text.clone(), u32::try_from(id).unwrap_or(u32::MAX)))
            .collect();
        titles.automaton = CharwiseDoubleArrayAhoCorasickBuilder::new()
            .match_kind(MatchKind::LeftmostLongest)
            .build_with_values(patterns)
            .ok();
        titles
    }

    fn add_entry(&mut self, entry: &Entry) {
        let Entry {
            before,
            after,
            deputies,
            single,
        } = entry;
        let base = format!("{before}{after}");
        let chief = |acting| Title {
            base: base.clone(),
            deputy: false,
            executive: false,
            acting,
            single: *single,
        };
        self.add(base.clone(), chief(false));
        if !deputies {
            return;
        }
        if *single {
            self.add(format!("代{base}"), chief(true));
            self.add(format!("代理{base}"), chief(true));
        }
        for prefix in ["副", "常务副", "专职副", "第一副", "执行副"] {
            let deputy = Title {
                base: base.clone(),
                deputy: true,
                executive: prefix == "常务副",
                acting: false,
                single: false,
            };
            self.add(format!("{before}{prefix}{after}"), deputy);
        }
    }

    fn add(&mut self, text: String, title: Title) {
        if self.by_text.contains_key(&text) || text.is_empty() {
            return;
        }
        let length = text.chars().count();
        self.longest = self.longest.max(length);
        self.by_text.insert(text, self.forms.len());
        self.forms.push(title);
    }

    /// The longest title that `text` ends in: where it begins (bytes) and what it is.
    pub fn ending(&self, text: &str) -> Option<(usize, &Title)> {
        let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let from = starts.len().saturating_sub(self.longest);
        starts[from..]
            .iter()
            .find_map(|&at| Some((at, &self.forms[*self.by_text.get(&text[at..])?])))
    }

    /// The title that is exactly `text`.
    pub fn get(&self, text: &str) -> Option<&Title> {
        self.by_text.get(text).map(|&id| &self.forms[id])
    }

    /// The titles in `text`, leftmost and longest: start and end (bytes).
    pub fn find<'t>(&'t self, text: &str) -> Vec<(usize, usize, &'t Title)> {
        let Some(automaton) = &self.automaton else {
            return Vec::new();
        };
        automaton
            .leftmost_find_iter(text)
            .filter_map(|found| {
                let title = self.forms.get(usize::try_from(found.value()).ok()?)?;
                Some((found.start(), found.end(), title))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deputies_and_acting_chiefs_are_told_from_chiefs() {
        let titles = Titles::with(std::iter::once("驻村联络人"));
        let (at, title) = titles.ending("示例县常务副县长").unwrap();
        assert_eq!(at, "示例县".len());
        assert!(title.deputy && title.executive && title.base == "县长");
        let (_, title) = titles.ending("党组副书记").unwrap();
        assert!(title.deputy && title.base == "党组书记");
        assert!(titles.get("代县长").unwrap().acting);
        assert!(titles.get("驻村联络人").is_some());
        let found: Vec<_> = titles
            .find("县委副书记、县长张三")
            .into_iter()
            .map(|(start, end, _)| (start, end))
            .collect();
        assert_eq!(found, [(6, 15), (18, 24)]);
    }
}
