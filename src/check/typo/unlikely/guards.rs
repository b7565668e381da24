//! What the text itself explains: names, accepted variants, repetitions.
//!
//! A guard sees one proposed change and its surroundings, nothing else. It only
//! takes back, it never proposes.

use super::features::{SURNAMES, TRANSLITERATION};
use crate::dictionary::language_model::vocabulary::is_han;
use crate::dictionary::traditional::simplified;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// Offices and titles that stand after a foreign name.
const FOREIGN_OFFICES: &[&str] = &[
    "外长", "外交", "总统", "总理", "首相", "国王", "王储", "大使", "公使", "参赞", "议长", "部长",
    "大臣", "主教", "州长", "先生", "女士", "夫人",
];

/// Words that stand before a person's name.
const BEFORE_NAMES: &[&str] = &[
    "记者",
    "任命",
    "免去",
    "提名",
    "选举",
    "通讯员",
    "编辑",
    "摄影",
    "撰稿",
    "供稿",
    "作者",
    "主任",
    "书记",
    "局长",
    "县长",
    "市长",
    "省长",
    "镇长",
    "乡长",
    "村长",
    "部长",
    "厅长",
    "处长",
    "科长",
    "院长",
    "校长",
    "所长",
    "站长",
    "队长",
    "行长",
    "会长",
    "主席",
    "委员",
    "代表",
    "常委",
    "教授",
    "医生",
    "护士",
    "老师",
    "校友",
    "经理",
    "总裁",
    "董事长",
    "理事长",
    "秘书长",
    "检察长",
    "司令员",
    "政委",
    "村民",
    "居民",
    "市民",
    "民警",
    "同志",
    "先生",
    "女士",
    "总理",
    "总统",
    "首相",
    "大使",
    "发言人",
    "负责人",
    "领导人",
    "省领导",
    "市领导",
    "区领导",
    "县领导",
    "镇领导",
    "联系人",
    "签发人",
    "主持人",
    "研究员",
    "工程师",
    "专家",
    "院士",
    "烈士",
    "选手",
    "球员",
    "教练",
    "演员",
    "导演",
    "企业家",
    "农户",
];
/// Words that stand after one.
const AFTER_NAMES: &[&str] = &[
    "同志", "说", "介绍", "表示", "告诉", "指出", "强调", "认为", "先生", "女士", "记者", "主任",
    "书记", "局长", "县长", "市长", "院长", "校长", "教授", "部长", "代表", "委员", "主席", "老师",
    "医生", "出席", "主持", "参加", "陪同", "任", "等", "涉嫌", "严重", "违纪", "利用", "接受",
    "担任", "带队", "率", "到", "赴", "一行", "调研", "讲话", "宣布", "宣读", "致辞", "发言",
    "汇报", "通报", "会见", "简历",
];
/// Countries, continents and organisations by one character.
const COUNTRIES: &str = "中美俄英法德日韩朝印巴拉非欧约阿澳加墨意西葡荷比瑞丹挪芬希土以伊沙埃南北越老柬泰缅马新菲文尼孟斯蒙哈吉塔乌白捷匈波奥塞克智秘古委东盟格亚爱赞坦苏叙利摩突毛贝喀肯冰保罗黎科";
/// Marks between the names of a list.
const LIST_MARKS: &str = "、，,；; \u{3000}\t　";
/// Characters that no given name contains.
const NEVER_IN_NAMES: &str = "的地得了着过是在和与为而且将被把从对向及或等要也都不没已很更最";
/// Longest name looked for, in characters.
const LONGEST_NAME: usize = 3;
/// Fewest other names in a list.
const LIST_NAMES: usize = 2;

/// How often pairs and triples of characters stand in a document.
#[derive(Debug, Clone, Default)]
pub struct Repetitions {
    pairs: HashMap<[char; 2], u32>,
    triples: HashMap<[char; 3], u32>,
}

impl Repetitions {
    /// Counts those of all blocks of a document.
    #[must_use]
    pub fn of<'a>(blocks: impl IntoIterator<Item = &'a str>) -> Self {
        let mut this = Self::default();
        for block in blocks {
            let (mut second, mut first) = (None, None);
            for c in block.chars() {
                if let Some(b) = first {
                    *this.pairs.entry([b, c]).or_default() += 1;
                    if let Some(a) = second {
                        *this.triples.entry([a, b, c]).or_default() += 1;
                    }
                }
                (second, first) = (first, Some(c));
            }
        }
        this
    }

    /// How often two or three characters stand side by side, 0 for any other number.
    #[must_use]
    pub fn count(&self, string: &[char]) -> u32 {
        let count = match *string {
            [a, b] => self.pairs.get(&[a, b]),
            [a, b, c] => self.triples.get(&[a, b, c]),
            _ => None,
        };
        count.copied().unwrap_or(0)
    }
}

/// The guards' tables.
#[derive(Debug, Clone)]
pub struct Guards {
    surnames: HashSet<char>,
    transliteration: HashSet<char>,
    countries: HashSet<char>,
    /// What stands in the text, and what is not offered for it.
    variants: HashMap<String, Vec<String>>,
}

impl Guards {
    /// Guards with a list of accepted variants, a line each: what stands in the
    /// text, a tab, what is not offered for it.
    #[must_use]
    pub fn new(variants: &str) -> Self {
        let mut map: HashMap<String, Vec<String>> = HashMap::new();
        for line in variants.lines().filter(|l| !l.starts_with('#')) {
            if let Some((left, right)) = line.split_once('\t') {
                map.entry(left.to_owned())
                    .or_default()
                    .push(right.to_owned());
            }
        }
        Self {
            surnames: SURNAMES.chars().collect(),
            transliteration: TRANSLITERATION.chars().collect(),
            countries: COUNTRIES.chars().collect(),
            variants: map,
        }
    }

    /// Whether the same string stands elsewhere in the document.
    #[must_use]
    pub fn repeats(&self, text: &str, range: &Range<usize>, repetitions: &Repetitions) -> bool {
        Place::new(text, range).is_repeated(repetitions)
    }

    /// Whether the surroundings explain the text at `range` as it stands.
    #[must_use]
    pub fn explains(&self, text: &str, range: &Range<usize>, replacement: &str) -> bool {
        let place = Place::new(text, range);
        self.is_variant(&place, replacement)
            || self.is_titled_name(&place)
            || self.is_listed_name(&place)
            || self.is_foreign_name(&place)
            || self.is_country_pair(&place)
            || self.is_country_side(&place)
            || place.is_document_number() && !place.makes_known_code(replacement)
            || place.is_traditional(text)
            || place.is_one_by_one()
    }

    /// One accepted form for another: the words that contain the change are compared.
    fn is_variant(&self, place: &Place, replacement: &str) -> bool {
        let new: Vec<char> = replacement.chars().collect();
        for before in 0..=1 {
            for after in 0..=1 {
                let (Some(from), Some(to)) = (
                    place.start.checked_sub(before),
                    Some(place.end + after).filter(|&e| e <= place.chars.len()),
                ) else {
                    continue;
                };
                let word: String = place.chars[from..to].iter().collect();
                let Some(others) = self.variants.get(&word) else {
                    continue;
                };
                let changed: String = place.chars[from..place.start]
                    .iter()
                    .chain(&new)
                    .chain(&place.chars[place.end..to])
                    .collect();
                if others.contains(&changed) {
                    return true;
                }
            }
        }
        false
    }

    /// Where a name may begin that covers the place: a surname, then one or two characters.
    fn name_starts<'p>(&'p self, place: &'p Place) -> impl Iterator<Item = (usize, usize)> + 'p {
        let first = place.end.saturating_sub(LONGEST_NAME);
        (first..=place.start)
            .filter(|&s| self.surnames.contains(&place.chars[s]))
            .flat_map(move |s| {
                (2..=LONGEST_NAME)
                    .map(move |n| (s, s + n))
                    .filter(move |&(_, e)| e >= place.end && e <= place.chars.len())
            })
    }

    fn is_titled_name(&self, place: &Place) -> bool {
        self.name_starts(place).any(|(start, end)| {
            let in_name = |&c: &char| is_han(c) && !NEVER_IN_NAMES.contains(c);
            place.chars[start..end].iter().all(in_name)
                && (BEFORE_NAMES.iter().any(|w| place.ends_with(start, w))
                    && (place.is_boundary(end)
                        || place
                            .chars
                            .get(end)
                            .is_some_and(|&c| NEVER_IN_NAMES.contains(c))
                        || AFTER_NAMES.iter().any(|w| place.starts_with(end, w)))
                    || place.is_boundary_before(start)
                        && AFTER_NAMES.iter().any(|w| place.starts_with(end, w)))
        })
    }

    /// One of several short items that begin with surnames, between list marks.
    fn is_listed_name(&self, place: &Place) -> bool {
        let is_mark = |c: char| LIST_MARKS.contains(c);
        let start = place.chars[..place.start]
            .iter()
            .rposition(|&c| is_mark(c))
            .map_or(0, |i| i + 1);
        let end = place.chars[place.end..]
            .iter()
            .position(|&c| is_mark(c))
            .map_or(place.chars.len(), |i| place.end + i);
        let is_name = |item: &[char]| {
            (2..=LONGEST_NAME).contains(&item.len())
                && item.first().is_some_and(|c| self.surnames.contains(c))
        };
        if !is_name(&place.chars[start..end]) {
            return false;
        }
        let before = place.chars[..start]
            .rsplit(|&c| is_mark(c))
            .filter(|i| !i.is_empty())
            .take(3);
        let after = place.chars[end..]
            .split(|&c| is_mark(c))
            .filter(|i| !i.is_empty())
            .take(3);
        before.take_while(|i| is_name(i)).count() + after.take_while(|i| is_name(i)).count()
            >= LIST_NAMES
    }

    /// Part of a foreign name: a run of the characters used for them, with a
    /// middle dot in or beside it, or of three and more before an office.
    fn is_foreign_name(&self, place: &Place) -> bool {
        let part = |c: char| self.transliteration.contains(&c) || matches!(c, '·' | '•' | '・');
        let from = place.chars[..place.start]
            .iter()
            .rposition(|&c| !part(c))
            .map_or(0, |i| i + 1);
        let to = place.chars[place.end..]
            .iter()
            .position(|&c| !part(c))
            .map_or(place.chars.len(), |i| place.end + i);
        let own = &place.chars[place.start..place.end];
        if to - from >= 3
            && own.iter().all(|&c| part(c))
            && FOREIGN_OFFICES.iter().any(|w| place.starts_with(to, w))
        {
            return true;
        }
        let is_dot = |c: &char| matches!(*c, '·' | '•' | '・');
        place.chars[from.saturating_sub(1)..(to + 1).min(place.chars.len())]
            .iter()
            .any(is_dot)
    }

    /// A country as a party to talks (格方).
    fn is_country_side(&self, place: &Place) -> bool {
        let country = |c: &char| self.countries.contains(c);
        place.len() == 1
            && place.chars.get(place.start).is_some_and(country)
            && place.chars.get(place.end) == Some(&'方')
    }

    /// Two countries side by side (中拉, 中约).
    fn is_country_pair(&self, place: &Place) -> bool {
        let country = |i: Option<usize>| {
            i.and_then(|i| place.chars.get(i))
                .is_some_and(|c| self.countries.contains(c))
        };
        let china = |i: Option<usize>| i.and_then(|i| place.chars.get(i)) == Some(&'中');
        place.len() == 1
            && country(Some(place.start))
            && (china(place.start.checked_sub(1)) || china(Some(place.end)))
    }
}

/// A range with its surroundings, in characters.
struct Place {
    chars: Vec<char>,
    start: usize,
    end: usize,
}

/// Characters on either side that a guard may look at.
const SIGHT: usize = 24;

impl Place {
    fn new(text: &str, range: &Range<usize>) -> Self {
        let mut before: Vec<char> = text[..range.start].chars().rev().take(SIGHT).collect();
        before.reverse();
        let start = before.len();
        before.extend(text[range.clone()].chars());
        let end = before.len();
        before.extend(text[range.end..].chars().take(SIGHT));
        Self {
            chars: before,
            start,
            end,
        }
    }

    fn len(&self) -> usize {
        self.end - self.start
    }

    fn ends_with(&self, at: usize, word: &str) -> bool {
        word.chars()
            .rev()
            .enumerate()
            .all(|(i, c)| at > i && self.chars[at - i - 1] == c)
    }

    fn starts_with(&self, at: usize, word: &str) -> bool {
        word.chars()
            .enumerate()
            .all(|(i, c)| self.chars.get(at + i) == Some(&c))
    }

    fn is_boundary(&self, at: usize) -> bool {
        self.chars.get(at).is_none_or(|&c| !is_han(c))
    }

    fn is_boundary_before(&self, at: usize) -> bool {
        at.checked_sub(1).is_none_or(|i| self.is_boundary(i))
    }

    /// The short form of an organ before the year of its document (教高厅〔2020〕2号).
    fn is_document_number(&self) -> bool {
        let after = &self.chars[self.end..];
        let organ = after.iter().take_while(|&&c| is_han(c)).count();
        let opened = after.get(organ).is_some_and(|c| "〔[［（(【".contains(*c));
        organ <= 3 && opened && after.get(organ + 1).is_some_and(char::is_ascii_digit)
    }

    /// The change makes the short form of a central organ (掴发〔2010〕2号).
    fn makes_known_code(&self, replacement: &str) -> bool {
        const CODES: [&str; 8] = [
            "国发",
            "国办发",
            "国函",
            "国办函",
            "中发",
            "中办发",
            "厅字",
            "国令",
        ];
        let before = self.chars[..self.start].iter().rev();
        let before: Vec<char> = before.copied().take_while(|&c| is_han(c)).take(3).collect();
        let after = self.chars[self.end..]
            .iter()
            .copied()
            .take_while(|&c| is_han(c));
        let code: String = before
            .into_iter()
            .rev()
            .chain(replacement.chars())
            .chain(after)
            .collect();
        CODES.contains(&code.as_str())
    }

    /// A traditional character in a text that has others.
    fn is_traditional(&self, text: &str) -> bool {
        let traditional = |c: &char| simplified(*c).is_some();
        self.chars[self.start..self.end].iter().any(traditional)
            && text.chars().filter(traditional).nth(1).is_some()
    }

    /// 一步一步, 一项一项: one after the other.
    fn is_one_by_one(&self) -> bool {
        let [a, _, b, _] = self.chars[self.start..self.end] else {
            return false;
        };
        a == '一' && b == '一'
    }

    /// The string with its neighbours, or a character with the two that stand on one side of it,
    /// stands more than once in the document.
    fn is_repeated(&self, repetitions: &Repetitions) -> bool {
        let again = |from: usize, to: usize| {
            let string = self.chars.get(from..to);
            string.is_some_and(|string| repetitions.count(string) > 1)
        };
        let pair = |i: usize| again(i, i + 2);
        if self.len() > 1 {
            return (self.start..self.end - 1).all(pair);
        }
        let han = |from: usize, to: usize| {
            let string = self.chars.get(from..to);
            string.is_some_and(|string| string.iter().all(|&c| is_han(c)))
        };
        let triple = |from: usize| han(from, from + 3) && again(from, from + 3);
        if self.start.checked_sub(2).is_some_and(triple) || triple(self.start) {
            return true;
        }
        // Both pairs must come again: one alone may be a common word's end.
        let left = self.start.checked_sub(1).is_none_or(pair);
        left && (self.end >= self.chars.len() || pair(self.start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn explains(text: &str, wrong: &str, right: &str) -> bool {
        let start = text.find(wrong).unwrap();
        let range = start..start + wrong.len();
        Guards::new("制订\t制定\n地\t的\n").explains(text, &range, right)
    }

    #[test]
    fn accepted_variants_stay() {
        assert!(explains("研究制订本办法", "订", "定"));
        assert!(!explains("研究修订本办法", "订", "定"));
        assert!(explains("高兴地说", "地", "的"));
        assert!(!explains("高兴的说", "的", "地"));
    }

    #[test]
    fn names_beside_titles_stay() {
        assert!(explains("县政协党组书记左宪安", "宪", "线"));
        assert!(explains("委员会主任韩震在会上讲话", "震", "正"));
        assert!(explains("，李苇杭介绍，这里", "苇", "伟"));
        assert!(explains("市领导陈立华、张丽出席", "立", "丽"));
        assert!(explains("部长王宏江严重违纪问题", "江", "将"));
        assert!(explains("决定任命陈思禾为副局长", "思", "斯"));
        assert!(!explains("各级领导于部要抓好落实", "于", "干"));
        assert!(!explains("我们要提高质亮，", "亮", "量"));
    }

    #[test]
    fn names_in_lists_stay() {
        assert!(explains("获奖者：张三力、李四禾、王五珂、赵六", "禾", "和"));
        assert!(!explains("水利、农业、交痛、教育", "痛", "通"));
    }

    #[test]
    fn foreign_names_and_countries_stay() {
        assert!(explains("总统劳尔·卡斯特罗说", "罗", "落"));
        assert!(explains("推动中拉关系发展", "拉", "国"));
    }

    #[test]
    fn document_numbers_and_traditional_texts_stay() {
        assert!(explains("意见教高厅〔2020〕2号", "高", "育"));
        assert!(!explains("意见教高的办法", "高", "育"));
        assert!(!explains("（掴发〔2010〕2号）", "掴", "国"));
        assert!(!explains("（国力发〔2010〕2号）", "力", "办"));
        assert!(explains("政府發言人表示，逐步實現", "發", "发"));
        assert!(!explains("政府發言人表示，逐步实现", "發", "发"));
        assert!(explains("愿与格方携手", "格", "各"));
    }

    #[test]
    fn what_stands_twice_stays() {
        let blocks = ["本元泽说", "见元泽说明"];
        let repetitions = Repetitions::of(blocks);
        let guards = Guards::new("");
        let at = blocks[0].find('泽').unwrap();
        assert!(guards.repeats(blocks[0], &(at..at + 3), &repetitions));
        assert!(!guards.repeats(blocks[0], &(at..at + 3), &Repetitions::of([blocks[0]])));
    }
}
