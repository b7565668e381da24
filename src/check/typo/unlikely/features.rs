//! What the classifier is told of an edit. All numbers are whole, in steps of
//! the model's costs: they are the same on every machine.

use super::company::Company;
use super::search::{Edit, Kind};
use super::text::{REACH, Text};
use crate::dictionary::confusions;
use crate::dictionary::language_model::characters::alike;
use crate::dictionary::language_model::lexicon::{Lexicon, STRANGER, pieces};
use crate::dictionary::language_model::model::Model;
use crate::dictionary::language_model::trie::STEPS;
use crate::dictionary::language_model::vocabulary::{FIRST_CHARACTER, Token, UNKNOWN, is_han};

/// Tokens on either side that segmentation looks at.
const MARGIN: usize = 5;
/// Tokens on either side over which the mean cost is taken.
const SURROUNDINGS: usize = 16;
/// Tokens on either side in which words are looked for again.
const WINDOW: usize = 64;
/// Common surnames.
pub const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆谌银扬明沙薄伏岑习胥保和蔺";
/// Characters with which foreign names are written.
pub const TRANSLITERATION: &str = "阿埃艾安奥巴拜班邦贝比彼波博布查达德登迪蒂杜多恩尔法菲费夫弗福甫戈格古哈海赫亨胡霍基吉加贾杰捷卡凯坎科克肯库夸拉莱兰朗劳勒雷里利莉丽连列林隆卢鲁路伦罗洛马玛迈曼梅门蒙米莫穆姆纳娜内尼努诺欧帕潘佩皮普奇恰钦丘茹瑞撒萨塞桑瑟沙莎舍什圣史士斯司丝苏索塔泰坦特提廷图托瓦万威韦维温沃乌西希谢辛休雅亚扬耶伊因英尤约扎泽詹兹佐赞";

/// Names of the features, in order.
pub const NAMES: [&str; COUNT] = [
    "score",
    "gain",
    "lead",
    "rivals",
    "old_here",
    "new_here",
    "old_rest",
    "new_rest",
    "old_order",
    "new_order",
    "old_order_right",
    "new_order_right",
    "old_order_right2",
    "new_order_right2",
    "old_unigram",
    "new_unigram",
    "left_old",
    "left_new",
    "old_right",
    "new_right",
    "cost_before",
    "cost_after",
    "mean",
    "length",
    "kind",
    "tone",
    "sound",
    "near",
    "shape",
    "code",
    "function",
    "foreign_left",
    "foreign_right",
    "unknown_left",
    "unknown_right",
    "unknown_old",
    "cut_old",
    "cut_new",
    "cut_gain",
    "word_old",
    "word_new",
    "word_new_cost",
    "word_old_cost",
    "neighbours",
    "surname",
    "transliteration",
    "max_new",
    "strangers_old",
    "strangers_new",
    "old_order_sum",
    "new_order_sum",
    "position",
    "max_around",
    "pair_gain",
    "name_like",
    "changed",
    "rank",
    "seen_pairs",
    "again_new",
    "again_old",
    "choices",
    "quotes",
    "company_old",
    "company_new",
    "company_gain",
    "company_old_sum",
    "company_new_sum",
    "company_sum_gain",
    "company_old_count",
    "company_new_count",
    "confused",
    "confused_back",
];
/// The length of the word that stands at the place now, by the best segmentation.
pub const WORD_OLD: usize = 39;
/// Number of features.
pub const COUNT: usize = 72;

/// Characters that mark names, by token.
#[derive(Debug, Clone)]
pub struct NameTables {
    surname: Vec<bool>,
    transliteration: Vec<bool>,
}

impl NameTables {
    /// Tables for a model's vocabulary.
    pub fn new(model: &Model) -> Self {
        let table = |list: &str| {
            let mut table = vec![false; model.vocabulary.len()];
            for c in list.chars() {
                let token = model.vocabulary.token(c);
                table[usize::from(token)] = token != UNKNOWN;
            }
            table
        };
        Self {
            surname: table(SURNAMES),
            transliteration: table(TRANSLITERATION),
        }
    }

    /// Whether a token is a surname.
    pub fn is_surname(&self, token: Token) -> bool {
        self.surname[usize::from(token)]
    }

    /// Whether foreign names are written with a token.
    pub fn is_transliteration(&self, token: Token) -> bool {
        self.transliteration[usize::from(token)]
    }
}

/// Costs and orders of some tokens after a state.
fn path(model: &Model, text: &Text, start: usize, tokens: &[Token], out: &mut Vec<(i32, u8)>) {
    out.clear();
    let mut state = text.states[start];
    for &token in tokens {
        let score = model.ngrams.score(state, token);
        out.push((score.cost, score.order));
        state = score.state;
    }
}

fn clamp(value: i32) -> i16 {
    value.clamp(i32::from(i16::MIN), i32::from(i16::MAX)) as i16
}

/// How often the words that an edit makes (or unmakes) with its neighbours stand elsewhere near.
fn again(text: &Text, start: usize, end: usize, middle: &[Token]) -> i32 {
    let (left, right) = (text.before(start), text.at(end));
    let (Some(&first), Some(&last)) = (middle.first(), middle.last()) else {
        return 0;
    };
    let from = start.saturating_sub(WINDOW);
    let to = (end + WINDOW).min(text.len());
    let count = |pair: [Token; 2]| {
        if pair.iter().any(|&t| t < FIRST_CHARACTER) {
            return 0;
        }
        let before = text.tokens[from..start.max(from + 1) - 1].windows(2);
        let after = text.tokens[(end + 1).min(to)..to].windows(2);
        before.chain(after).filter(|w| *w == pair).count() as i32
    };
    let pairs = count([left, first]).max(count([last, right]));
    if middle.len() == 2 {
        pairs.max(count([first, last]))
    } else {
        pairs
    }
}

/// Describes an edit that is already in the text, among these words; `neighbours` is the number of
/// other edits near it, `choices` that of its place.
pub fn describe(
    model: &Model,
    names: &NameTables,
    text: &Text,
    edit: &Edit,
    company: &Company,
    neighbours: usize,
    choices: usize,
) -> [i16; COUNT] {
    let ngrams = &model.ngrams;
    let (start, end) = (edit.start, edit.start + edit.new_len);
    let old = &edit.old[..edit.len];
    let new = &edit.new[..edit.new_len];
    let stop = (end + REACH).min(text.len());
    let after = &text.tokens[end..stop];

    let (mut was, mut is) = (Vec::with_capacity(8), Vec::with_capacity(8));
    let tokens: Vec<Token> = old.iter().chain(after).copied().collect();
    path(model, text, start, &tokens, &mut was);
    let tokens: Vec<Token> = new.iter().chain(after).copied().collect();
    path(model, text, start, &tokens, &mut is);
    let sum = |p: &[(i32, u8)]| p.iter().map(|x| x.0).sum::<i32>();
    let orders = |p: &[(i32, u8)]| p.iter().map(|x| i32::from(x.1)).sum::<i32>();
    let order = |p: &[(i32, u8)], i: usize| p.get(i).map_or(0, |x| i32::from(x.1));

    let (left, right) = (text.before(start), text.at(end));
    let (old_first, new_first) = (edit.old[0], edit.new[0]);
    let (old_last, new_last) = (old[old.len() - 1], new[new.len() - 1]);
    let pairs = [
        ngrams.pair(left, old_first),
        ngrams.pair(left, new_first),
        ngrams.pair(old_last, right),
        ngrams.pair(new_last, right),
    ];

    // Segmentation of the surroundings, before and after.
    let from = start.saturating_sub(MARGIN);
    let to = (end + MARGIN).min(text.len());
    let mut lengths = Vec::new();
    let now: Vec<Token> = text.tokens[from..to].to_vec();
    let cut_new = model.lexicon.segment(&now, &mut lengths);
    let word_new = i32::from(
        lengths[start - from..end - from]
            .iter()
            .copied()
            .max()
            .unwrap_or(0),
    );
    let bond_new = company.bond(model, &now, &lengths, &(start - from..end - from));
    let (word_new_cost, strangers_new) = covering(&model.lexicon, &now, &lengths, start - from);
    let then: Vec<Token> = text.tokens[from..start]
        .iter()
        .chain(old)
        .chain(&text.tokens[end..to])
        .copied()
        .collect();
    let cut_old = model.lexicon.segment(&then, &mut lengths);
    let word_old = i32::from(
        lengths[start - from..start - from + old.len()]
            .iter()
            .copied()
            .max()
            .unwrap_or(0),
    );
    let bond_old = company.bond(
        model,
        &then,
        &lengths,
        &(start - from..start - from + old.len()),
    );
    let (word_old_cost, strangers_old) = covering(&model.lexicon, &then, &lengths, start - from);

    let around = start.saturating_sub(SURROUNDINGS)..(stop + SURROUNDINGS).min(text.len());
    let others: Vec<i32> = around
        .clone()
        .filter(|i| !(start..stop).contains(i))
        .map(|i| text.costs[i])
        .collect();
    let mean = if others.is_empty() {
        0
    } else {
        others.iter().sum::<i32>() * 4 / others.len() as i32
    };
    let near = start.saturating_sub(4)..(stop + 1).min(text.len());
    let max_around = near
        .clone()
        .filter(|i| !(start..stop).contains(i))
        .map(|i| text.costs[i])
        .max()
        .unwrap_or(0);

    let surname = (1..=2)
        .find(|&d| start >= d && names.is_surname(text.tokens[start - d]))
        .map_or(0, |d| d as i32)
        + 4 * i32::from(names.is_surname(old_first));
    let transliteration = near
        .filter(|&i| names.is_transliteration(text.tokens[i]))
        .count() as i32;
    let is_foreign = |at: Option<usize>| {
        i32::from(at.is_none_or(|i| !text.characters.get(i).is_some_and(|&c| is_han(c))))
    };
    let kind = match edit.kind {
        Kind::Character => 0,
        Kind::Word => 1,
        Kind::Double => 2,
        Kind::Swap => 3,
        Kind::Idiom => 4,
        Kind::Any => 7,
        Kind::Missing => 8,
        Kind::Surplus if edit.is_repetition() => 9 + edit.new_len as i32,
        Kind::Surplus => 9,
    };
    let bit = |b: u16| i32::from(edit.alike & b != 0);
    let to_boundary = (0..6)
        .find(|&d| start < d + 1 || !is_han(text.characters[start - d - 1]))
        .unwrap_or(6) as i32;
    let changed = old.iter().zip(new).filter(|(a, b)| a != b).count() as i32;

    let seen = [
        ngrams.seen(left, old_first),
        ngrams.seen(old_last, right),
        ngrams.seen(left, new_first),
        ngrams.seen(new_last, right),
    ]
    .iter()
    .fold(0, |sum, &seen| sum * 2 + i32::from(seen));
    let is_mark = |&&i: &&usize| matches!(text.characters[i], '“' | '”' | '《' | '》' | '‘' | '’');
    let quotes = [
        start.checked_sub(1),
        start.checked_sub(2),
        Some(end),
        Some(end + 1),
    ];
    let quotes = quotes.iter().flatten().filter(|&&i| i < text.len());
    let quotes = quotes.filter(is_mark).count() as i32;

    let values: [i32; COUNT] = [
        edit.score,
        sum(&was) - sum(&is),
        edit.lead,
        i32::from(edit.rivals),
        was[0].0,
        is[0].0,
        sum(&was[1..]),
        sum(&is[1..]),
        order(&was, 0),
        order(&is, 0),
        order(&was, old.len()),
        order(&is, new.len()),
        order(&was, old.len() + 1),
        order(&is, new.len() + 1),
        ngrams.unigram(old_first),
        ngrams.unigram(new_first),
        pairs[0],
        pairs[1],
        pairs[2],
        pairs[3],
        start.checked_sub(1).map_or(0, |i| text.costs[i]),
        text.cost(stop),
        mean,
        edit.len as i32,
        kind,
        bit(alike::TONE),
        bit(alike::SOUND),
        bit(alike::NEAR),
        bit(alike::SHAPE),
        bit(alike::CODE),
        bit(alike::FUNCTION),
        is_foreign(start.checked_sub(1)),
        is_foreign(Some(end)),
        i32::from(left == UNKNOWN),
        i32::from(right == UNKNOWN),
        i32::from(old.contains(&UNKNOWN)),
        cut_old,
        cut_new,
        cut_old - cut_new,
        word_old,
        word_new,
        word_new_cost,
        word_old_cost,
        neighbours as i32,
        surname,
        transliteration,
        is.iter().map(|x| x.0).max().unwrap_or(0),
        strangers_old,
        strangers_new,
        orders(&was),
        orders(&is),
        to_boundary,
        max_around,
        pairs[0] + pairs[2] - pairs[1] - pairs[3],
        i32::from(text.cost(start) > 40) + i32::from(text.cost(end) > 40),
        changed,
        i32::from(edit.rank),
        seen,
        again(text, start, end, new),
        again(text, start, end, old),
        choices as i32,
        quotes,
        bond_old.best,
        bond_new.best,
        bond_new.best - bond_old.best,
        bond_old.sum,
        bond_new.sum,
        bond_new.sum - bond_old.sum,
        bond_old.count,
        bond_new.count,
        confused(model, edit, confusions::count),
        confused(model, edit, |old, new| confusions::count(new, old)),
    ];
    values.map(clamp)
}

/// How common a slip it is to write the old characters for the new ones, in forms by `count`: the
/// rarest of those changed counts. 0: no list has it.
fn confused(model: &Model, edit: &Edit, count: impl Fn(char, char) -> u32) -> i32 {
    if edit.kind.is_gap() {
        return 0;
    }
    let character = |token: Token| model.vocabulary.character(token).unwrap_or('\0');
    let old = edit.old[..edit.len].iter();
    let changed = old.zip(&edit.new[..edit.new_len]).filter(|(a, b)| a != b);
    let counts = changed.map(|(&a, &b)| count(character(a), character(b)));
    // One more for twice as many forms.
    counts
        .min()
        .map_or(0, |n| (u32::BITS - n.leading_zeros()) as i32)
}

/// Cost of the word that covers a place, and the number of single characters
/// that are no words among the tokens.
fn covering(lexicon: &Lexicon, tokens: &[Token], lengths: &[u8], at: usize) -> (i32, i32) {
    let (mut cost, mut strangers) = (0, 0);
    for piece in pieces(lengths) {
        let word = if tokens[piece.start] < FIRST_CHARACTER {
            0
        } else {
            lexicon.cost(&tokens[piece.clone()]).unwrap_or(STRANGER)
        };
        if piece.contains(&at) {
            cost = word;
        }
        // A single character that mostly stands inside words is a stranger alone.
        strangers += i32::from(piece.len() == 1 && word > 9 * STEPS);
    }
    (cost, strangers)
}
