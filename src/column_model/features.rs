//! A post's text → a sparse vector of hashed features.

use std::ops::Range;

use jieba_rs::Jieba;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Width of the hashed feature space.
pub(super) const DIMENSION: usize = 1 << 18;

/// Changes whenever the same text would give another vector; stored in the model file, so that
/// an old model is refused and not misread.
pub(super) const FEATURE_SCHEME: u32 = 1;

const SEED_WORD: u64 = 1;
const SEED_TITLE_WORD: u64 = 2;
const SEED_TITLE_GRAM: u64 = 3;

/// What a reader sees of a post: no tags, no entities.
#[derive(Debug, Clone, Copy)]
pub struct PostText<'a> {
    pub title: &'a str,
    pub body: &'a str,
}

/// How text becomes features; a model keeps the options it was trained with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeatureOptions {
    /// Add the title's runs of one to three characters.
    pub title_grams: bool,
    /// How many characters of the body are read, blanks folded.
    pub body_chars: usize,
    /// The site's own name, place and other words that say nothing about the column.
    pub left_out: Vec<String>,
}

impl Default for FeatureOptions {
    fn default() -> Self {
        Self {
            title_grams: true,
            body_chars: 600,
            left_out: Vec::new(),
        }
    }
}

impl FeatureOptions {
    /// Leaves out the site's name and its place, and every administrative part of the place
    /// (`某省某市示例县` → 某省, 某市, 示例县 and the stems of two or more characters, 示例).
    pub fn leave_out_site(&mut self, name: &str, place: &str) {
        let mut terms = vec![name.trim().to_owned(), place.trim().to_owned()];
        for part in place_parts(place.trim()) {
            let stem = place_stem(part);
            if stem.chars().count() >= 2 {
                terms.push(stem.to_owned());
            }
            terms.push(part.to_owned());
        }
        terms.retain(|term| term.chars().count() >= 2);
        self.left_out.extend(terms);
        self.left_out.sort_unstable();
        self.left_out.dedup();
    }
}

const PLACE_ENDINGS: [&str; 12] = [
    "特别行政区",
    "自治区",
    "自治州",
    "自治县",
    "自治旗",
    "地区",
    "省",
    "市",
    "县",
    "区",
    "州",
    "旗",
];

/// Splits a full place name behind each administrative ending. A part has at least two
/// characters, and an ending directly before another one is part of a name (沙市区).
fn place_parts(place: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while at < place.len() {
        let rest = &place[at..];
        let ending = PLACE_ENDINGS
            .iter()
            .find(|ending| rest.starts_with(**ending));
        let step = ending.map_or_else(
            || rest.chars().next().map_or(1, char::len_utf8),
            |ending| ending.len(),
        );
        at += step;
        if ending.is_some() {
            let after = &place[at..];
            let name_goes_on = PLACE_ENDINGS.iter().any(|next| after.starts_with(next));
            if place[start..at - step].chars().count() >= 1 && !name_goes_on {
                parts.push(&place[start..at]);
                start = at;
            }
        }
    }
    if start < place.len() && start > 0 {
        parts.push(&place[start..]);
    }
    parts
}

fn place_stem(part: &str) -> &str {
    PLACE_ENDINGS
        .iter()
        .find_map(|ending| part.strip_suffix(ending))
        .unwrap_or(part)
}

/// A sparse vector of length 1 (or 0 for an empty post), ascending by feature.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct SparseVector {
    pub(super) features: Vec<u32>,
    pub(super) values: Vec<f32>,
}

impl SparseVector {
    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, f32)> + '_ {
        self.features
            .iter()
            .copied()
            .zip(self.values.iter().copied())
    }
}

/// A vector together with the text each feature came from, for explanations.
pub(super) struct ExplainedVector {
    pub(super) vector: SparseVector,
    /// The words of the post, normalised, in order of first occurrence.
    pub(super) words: Vec<String>,
    /// (position in `vector`, word, share): how much of a feature's value is a word's doing.
    /// The shares of a feature that words cover sum to at most 1.
    pub(super) shares: Vec<(usize, usize, f32)>,
}

/// Turns text into vectors, by the options of one model.
#[derive(Debug, Clone)]
pub(super) struct Featurizer {
    options: FeatureOptions,
    /// Normalised terms to leave out, longest first, keyed by their first character's run in
    /// the list.
    left_out: Vec<String>,
}

impl Featurizer {
    pub(super) fn new(options: FeatureOptions) -> Self {
        let mut left_out: Vec<String> = options
            .left_out
            .iter()
            .map(|term| normalise(term.chars(), usize::MAX))
            .filter(|term| !term.trim().is_empty())
            .collect();
        left_out.sort_unstable_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        left_out.dedup();
        Self { options, left_out }
    }

    pub(super) fn options(&self) -> &FeatureOptions {
        &self.options
    }

    pub(super) fn vector(&self, jieba: &Jieba, text: PostText<'_>) -> SparseVector {
        let mut raw = Vec::new();
        self.for_each(jieba, text, |feature, _, _| raw.push(feature));
        count(raw)
    }

    pub(super) fn explained(&self, jieba: &Jieba, text: PostText<'_>) -> ExplainedVector {
        // One entry an occurrence: (feature, characters of the title it covers or the word).
        enum Source {
            Word(String),
            TitleWord(String, Range<usize>),
            TitleGram(Range<usize>),
        }
        let mut raw = Vec::new();
        let mut sources = Vec::new();
        self.for_each(jieba, text, |feature, part, token| {
            raw.push(feature);
            sources.push((
                feature,
                match part {
                    Part::Body => Source::Word(token.to_owned()),
                    Part::Title(at) | Part::MarkedTitle(at) => {
                        Source::TitleWord(token.to_owned(), at)
                    }
                    Part::TitleGram(at) => Source::TitleGram(at),
                },
            ));
        });
        let vector = count(raw);

        let mut words: Vec<String> = Vec::new();
        let mut number_of = std::collections::HashMap::new();
        let mut number = |word: &str, words: &mut Vec<String>| -> usize {
            if let Some(&n) = number_of.get(word) {
                return n;
            }
            words.push(word.to_owned());
            number_of.insert(word.to_owned(), words.len() - 1);
            words.len() - 1
        };
        // Which word each character of the title belongs to.
        let mut title_word_at: Vec<Option<usize>> = Vec::new();
        for (_, source) in &sources {
            if let Source::TitleWord(word, at) = source {
                let n = number(word, &mut words);
                if title_word_at.len() < at.end {
                    title_word_at.resize(at.end, None);
                }
                title_word_at[at.clone()].fill(Some(n));
            }
        }
        let mut occurrences = vec![0u32; vector.features.len()];
        let mut shares: Vec<(usize, usize, f32)> = Vec::new();
        for (feature, source) in &sources {
            let Ok(position) = vector.features.binary_search(feature) else {
                continue;
            };
            occurrences[position] += 1;
            match source {
                Source::Word(word) | Source::TitleWord(word, _) => {
                    shares.push((position, number(word, &mut words), 1.0));
                }
                // A run of characters is credited to the words it runs over.
                Source::TitleGram(at) => {
                    let part = 1.0 / at.len().max(1) as f32;
                    for place in at.clone() {
                        if let Some(Some(word)) = title_word_at.get(place) {
                            shares.push((position, *word, part));
                        }
                    }
                }
            }
        }
        for (position, _, share) in &mut shares {
            *share /= occurrences[*position] as f32;
        }
        ExplainedVector {
            vector,
            words,
            shares,
        }
    }

    /// Calls back for every occurrence of a feature.
    fn for_each(&self, jieba: &Jieba, text: PostText<'_>, mut found: impl FnMut(u32, Part, &str)) {
        let title = self.without_left_out(normalise(text.title.chars(), usize::MAX));
        let mut at = 0;
        for token in jieba.cut(&title, true) {
            let word = token.word;
            let chars = word.chars().count();
            let range = at..at + chars;
            at += chars;
            if word.trim().is_empty() {
                continue;
            }
            found(hash(SEED_WORD, word), Part::Title(range.clone()), word);
            found(hash(SEED_TITLE_WORD, word), Part::MarkedTitle(range), word);
        }
        if self.options.title_grams {
            let bounds: Vec<usize> = title
                .char_indices()
                .map(|(at, _)| at)
                .chain(std::iter::once(title.len()))
                .collect();
            for length in 1..=3 {
                for (at, window) in bounds.windows(length + 1).enumerate() {
                    let gram = &title[window[0]..window[length]];
                    if !gram.contains(' ') {
                        found(
                            hash(SEED_TITLE_GRAM, gram),
                            Part::TitleGram(at..at + length),
                            gram,
                        );
                    }
                }
            }
        }
        if self.options.body_chars > 0 {
            let body = self.without_left_out(normalise(text.body.chars(), self.options.body_chars));
            for token in jieba.cut(&body, true) {
                if !token.word.trim().is_empty() {
                    found(hash(SEED_WORD, token.word), Part::Body, token.word);
                }
            }
        }
    }

    /// Replaces what is left out by a blank, longest term first at each place.
    fn without_left_out(&self, text: String) -> String {
        if self.left_out.is_empty()
            || !self
                .left_out
                .iter()
                .any(|term| text.contains(term.as_str()))
        {
            return text;
        }
        let mut out = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some(first) = rest.chars().next() {
            match self
                .left_out
                .iter()
                .find(|term| rest.starts_with(term.as_str()))
            {
                Some(term) => {
                    out.push(' ');
                    rest = &rest[term.len()..];
                }
                None => {
                    out.push(first);
                    rest = &rest[first.len_utf8()..];
                }
            }
        }
        out
    }
}

/// Where a feature stood; ranges are characters of the normalised title.
enum Part {
    Title(Range<usize>),
    MarkedTitle(Range<usize>),
    TitleGram(Range<usize>),
    Body,
}

fn hash(seed: u64, token: &str) -> u32 {
    (xxh3_64_with_seed(token.as_bytes(), seed) % DIMENSION as u64) as u32
}

/// Occurrences → 1 + ln tf, scaled to length 1.
fn count(mut raw: Vec<u32>) -> SparseVector {
    raw.sort_unstable();
    let mut vector = SparseVector::default();
    for run in raw.chunk_by(|a, b| a == b) {
        vector.features.push(run[0]);
        vector.values.push(1.0 + (run.len() as f32).ln());
    }
    let norm = vector.values.iter().map(|v| v * v).sum::<f32>().sqrt();
    if norm > 0.0 {
        for value in &mut vector.values {
            *value /= norm;
        }
    }
    vector
}

/// Full-width ASCII → ASCII, every digit → 0, Latin → small, runs of blanks → one, invisible
/// characters gone; at most `limit` characters.
fn normalise(text: impl Iterator<Item = char>, limit: usize) -> String {
    let mut out = String::new();
    let mut length = 0;
    let mut blank = true;
    for c in text {
        if length >= limit {
            break;
        }
        let c = match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2060}' | '\u{ad}' => continue,
            c => c,
        };
        if c.is_whitespace() || c.is_control() {
            if !blank {
                out.push(' ');
                length += 1;
            }
            blank = true;
            continue;
        }
        blank = false;
        out.push(match c {
            '0'..='9' => '0',
            'A'..='Z' => c.to_ascii_lowercase(),
            c => c,
        });
        length += 1;
    }
    if out.ends_with(' ') {
        out.pop();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn featurizer(options: FeatureOptions) -> (Featurizer, Jieba) {
        (Featurizer::new(options), Jieba::new())
    }

    #[test]
    fn digits_widths_and_blanks_are_folded() {
        assert_eq!(
            normalise("２０１８年  8 月\u{200b}\n第１０３号 ABC".chars(), 99),
            "0000年 0 月 第000号 abc"
        );
        assert_eq!(normalise("一二三四".chars(), 2), "一二");
    }

    #[test]
    fn vectors_have_length_one_and_the_title_counts_twice() {
        let (featurizer, jieba) = featurizer(FeatureOptions {
            title_grams: false,
            ..Default::default()
        });
        let text = PostText {
            title: "召开会议",
            body: "",
        };
        let vector = featurizer.vector(&jieba, text);
        let norm: f32 = vector.values.iter().map(|v| v * v).sum();
        assert!((norm - 1.0).abs() < 1e-5);
        assert_eq!(vector.features.len(), 4);
        assert!(vector.features.is_sorted());
        assert!(
            featurizer
                .vector(
                    &jieba,
                    PostText {
                        title: " ",
                        body: "\u{3000}"
                    }
                )
                .features
                .is_empty()
        );
    }

    #[test]
    fn only_the_first_characters_of_the_body_count() {
        let (featurizer, jieba) = featurizer(FeatureOptions {
            body_chars: 4,
            ..Default::default()
        });
        let short = featurizer.vector(
            &jieba,
            PostText {
                title: "",
                body: "召开会议",
            },
        );
        let long = featurizer.vector(
            &jieba,
            PostText {
                title: "",
                body: "召开会议，听取汇报。",
            },
        );
        assert_eq!(short, long);
    }

    #[test]
    fn the_sites_name_and_place_are_left_out() {
        let mut options = FeatureOptions::default();
        options.leave_out_site("中国示例", "某省某市示例县");
        assert_eq!(
            options.left_out,
            [
                "中国示例",
                "某市",
                "某省",
                "某省某市示例县",
                "示例",
                "示例县"
            ]
        );
        let (featurizer, jieba) = featurizer(options);
        let with = featurizer.vector(
            &jieba,
            PostText {
                title: "示例县 召开会议",
                body: "某省某市示例县政府",
            },
        );
        let without = featurizer.vector(
            &jieba,
            PostText {
                title: "召开会议",
                body: "政府",
            },
        );
        assert_eq!(with, without);
    }

    #[test]
    fn place_names_are_split_at_their_endings() {
        assert_eq!(
            place_parts("湖北省荆州市沙市区"),
            ["湖北省", "荆州市", "沙市区"]
        );
        assert_eq!(
            place_parts("内蒙古自治区呼和浩特市新城区"),
            ["内蒙古自治区", "呼和浩特市", "新城区"]
        );
        assert!(place_parts("示例").is_empty());
    }

    #[test]
    fn shares_add_up_to_the_whole_vector() {
        let (featurizer, jieba) = featurizer(FeatureOptions::default());
        let explained = featurizer.explained(
            &jieba,
            PostText {
                title: "示例县召开会议",
                body: "会议听取了汇报，会议强调",
            },
        );
        let mut sums = vec![0.0f32; explained.vector.features.len()];
        for (position, _, share) in &explained.shares {
            sums[*position] += share;
        }
        for sum in sums {
            assert!((sum - 1.0).abs() < 1e-4, "{sum}");
        }
    }
}
