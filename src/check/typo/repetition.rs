//! `typo/repetition`: words and marks written twice.

use super::Passage;
use crate::check::Draft;
use crate::dictionary::segment;
use crate::finding::Severity;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

pub const RULE: &str = "typo/repetition";

/// Words that are never doubled on purpose.
const DOUBLED: &[&str] = &[
    "进行", "通过", "关于", "我们", "他们", "你们", "可以", "必须", "以及", "根据", "按照", "并且",
    "但是", "因此", "所以", "由于", "对于", "如果", "已经", "能够", "其中", "其他", "包括", "作为",
    "为了", "有关", "相关", "情况", "单位", "工作", "会议", "政府", "建设", "发展", "管理", "服务",
    "企业", "项目", "群众", "干部", "同志", "安全", "生产", "以上", "以下", "开展", "召开", "加强",
    "推进",
];

/// Characters that begin many words and, in 52 million characters of official text, hardly ever
/// stand by themselves before one of them (义诊活活动).
const FIRST: &str = "公第提应政实全以加不进主购合推重企贷新关改资各安我基单方或相服自申法增本农总优调防设交依按作职项最信领可完万缴金民用情坚协审预专指平疫结当责消使执投确创促今要现需特活违多财健十外根强报美及体下认联统计采决落积正能取运环配负表技严参居转符具两稳做之就措习解这广土供意比维引登目战给承检精租继必代双核内持数更适范评群无形存限力明批研世直价接风受长前扩动五北许备征反整面融记非影传银已历互变宣销修流贯如绿签施复未立培纳减清每综定周从回选造劳试构注卫南系停额享养没退理干低节近质满子突印常他普放履涉名货先予东救借在降考西危思还套青材污控知武来切此俄连感装延契努查抵场天损准希紧因约起担效罚良并带客程再债帮入肺阶困义禁化招友获逐模书显奖便食气余导品刑遵移抓督简江铁身案恢伊访费功侵得临香贸激探警阿买着六暂种属免召尽密媒扶若境李针刚致破草随附革粮走竞毕真攻议失升马争欧看热抗验伟到死春只福请状局累布朝启英压视亚示介跨独犯乌后拓火撤飞药残截贡脱异巩顺追允遗快听去边奋观古诉拥论灵被丰围容划燃几拆官务即黄除繁差澳宗苏储贫赔覆授纠浙牵吸沟聚位竣初告扣白终裁废德七汇等测离助仲擅八始性少倡振越尊演很患儿游父叙欢急沿挑垃半冲汽格爱由扎口秘固逾载志留哈返但亲难石筹景谈封邮斗判渔华另心避线巡毛命渠派巨灾宏秩森阻零昨讲妥暴九";

/// Characters that end many words and hardly ever follow one of them by themselves (抓好落实实).
const LAST: &str = "业行理展化金款条动当施持务度者门设方法进府力策民员制强议构级品合要场量目体面求上同实护平照划发续得元取期准济系高域次式政点题请据个育源好心例长们织案程导际能权步善现情立义道买前下费售明况来项物放造置额查知障存控整贴他示责革及供庭管息治励套告予利格布口税户险通益省分调营计统境助决康备外快效型围重收事众付率律活央见规才保料果线表购质态受序价极别升色止限易范界标批类开校宅意报经子数其势代屋挥解日础交验流书究响论让委害商信确后督足融断识乡些低正赁处办须复署容视神司输略积防章话技女括可测染除问史常急此筑稳击志游约想球段层里少具何运自族疗销托核排争属担望共偿罪米难值模先命订头令切电战录象集筹士网结带籍手速单察称然毒修江否改山变十装守训送移炎形致贷厅兴身彻领林达养洲城干络比着馆边给观室样献述传安索贫疫估师至岛清失始念增闻需素职东举押够愿偶尔北社固许消器还罚华诉号亡纪客土遇待牌故判享票盟去换午配居近裁密底兰广辆字惠离空风更回景谈老往免食河提认券使询择绍措均己坏终满洋贸岸卖功德伴释币访救留握端假促援因克审真宽破环征绕显朗么盖图斗衡引联宜践研母教洁协再科选扬火浮警坦舶途册富妻就转针都航链九阳震碍讼四派迁候油荣伍租诺且注非版坛热群该缴殊键相宁紧原聚苗圾言龄承百远小沙虑越径即临块感直慧余则";

/// Particles and short verbs that are never doubled between words (出席会议并并讲话).
const ALONE: &str = "并及与被把于该各或但仍将为向按以使由让至且则因已到是";

/// What follows 达 in foreign names that one arrives at (抵达达累斯萨拉姆).
const FOREIGN: &str = "累拉喀卡尔沃鲁曼瓦埃";

/// What is counted after a figure (45万亩亩).
const MEASURES: &str = "亩元人户米吨亿名个项条次件";

/// The commonest words of two characters.
static COMMON: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    include_str!("../../../dictionaries/common-words.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .collect()
});

fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}')
}

/// The longest stretch of which a second copy is looked for, in characters.
const LONGEST: usize = 8;

/// Looks through a passage; `chars` is room for its characters.
pub fn check(passage: &Passage<'_>, chars: &mut Vec<char>, out: &mut Vec<Draft>) {
    chars.clear();
    chars.extend(passage.text.chars());
    let mut index = 0;
    let mut at = 0;
    while let Some(&c) = chars.get(index) {
        let place = Spot { chars, index, at };
        let seen = if is_han(c) && place.comes_again() {
            words(passage, &place, out)
        } else if is_mark(c) {
            marks(passage, &place, out)
        } else {
            1
        };
        at += place.bytes(seen);
        index += seen;
    }
}

/// A place in a passage: the character with this index, at this byte.
struct Spot<'c> {
    chars: &'c [char],
    index: usize,
    at: usize,
}

impl Spot<'_> {
    /// The character so many after the one that stands here.
    fn next(&self, n: usize) -> Option<char> {
        self.chars.get(self.index + n).copied()
    }

    /// The character so many before the one that stands here.
    fn before(&self, n: usize) -> Option<char> {
        self.chars.get(self.index.checked_sub(n)?).copied()
    }

    /// The length in bytes of so many characters from here on.
    fn bytes(&self, n: usize) -> usize {
        self.chars[self.index..]
            .iter()
            .take(n)
            .map(|c| c.len_utf8())
            .sum()
    }

    /// Whether the character comes again soon: most do not, and nothing stands twice there.
    fn comes_again(&self) -> bool {
        let (c, ahead) = (self.chars[self.index], &self.chars[self.index + 1..]);
        match ahead.first_chunk::<LONGEST>() {
            // Without a way out in between, all are compared at once.
            Some(ahead) => ahead.iter().fold(false, |again, a| again | (*a == c)),
            None => ahead.contains(&c),
        }
    }
}

/// A word or a character that stands twice from `place` on. Returns how many characters have been
/// looked at.
fn words(passage: &Passage<'_>, place: &Spot<'_>, out: &mut Vec<Draft>) -> usize {
    let text = passage.text;
    let doubled = doubled_at(place);
    let len = doubled.unwrap_or(1);
    let slip = |range: &Range<usize>, once: &str| match doubled {
        Some(len) => is_slip(text, range, once, len),
        None => place.next(1) == place.next(0) && single(text, place),
    };
    let range = place.at..place.at + place.bytes(2 * len);
    let once = &text[place.at..place.at + place.bytes(len)];
    if slip(&range, once) {
        let message = format!("“{once}”重复，应删去一个");
        let draft = passage
            .draft(RULE, range, Severity::Warning, message)
            .confidence(0.96);
        out.push(if len == 1 {
            draft.fix(once)
        } else {
            draft.suggest(once)
        });
        2 * len
    } else {
        doubled.map_or(1, |len| 2 * len)
    }
}

/// The length in characters of what stands twice from `place` on: 的的, 进行进行, or longer.
fn doubled_at(place: &Spot<'_>) -> Option<usize> {
    let same = |len: usize| {
        (0..len).all(|i| {
            let one = place.next(i);
            one.is_some_and(is_han) && one == place.next(len + i)
        })
    };
    (3..=LONGEST).rev().find(|&len| same(len)).or_else(|| {
        if same(2) {
            Some(2)
        } else if place.next(0) == Some('的') && same(1) {
            Some(1)
        } else {
            None
        }
    })
}

/// True if a character that is written twice belongs there once: at the edge of a common word,
/// between words, or after a figure.
fn single(text: &str, place: &Spot<'_>) -> bool {
    let (twice, before) = (place.next(0), place.before(1));
    let Some(x) = twice.filter(|_| before != twice && place.next(2) != twice) else {
        return false;
    };
    let size = x.len_utf8();
    let first = place.at..place.at + size;
    let second = first.end..first.end + size;
    let common = |range: Range<usize>| COMMON.contains(&text[range]);
    let ends = before.is_some_and(|c| common(first.start - c.len_utf8()..first.end));
    let begins = match place.next(2) {
        Some(c) => common(second.start..second.end + c.len_utf8()),
        None => false,
    };
    let alone = |range: &Range<usize>| segment::stands_alone(text, range);
    let after_figure = || {
        before.is_some_and(|c| c.is_ascii_digit() || matches!(c, '万' | '亿'))
            && place.chars[..place.index]
                .iter()
                .rev()
                .find(|c| !matches!(c, '万' | '亿'))
                .is_some_and(char::is_ascii_digit)
    };
    let slip = if MEASURES.contains(x) && after_figure() {
        // 4万万同胞 and 12.5亿亿次 are right, 3亿亿元 is not.
        (!begins && x != '亿' || x == '亿' && place.next(2) == Some('元'))
            && (alone(&second) || alone(&(first.start..second.end)))
    } else if begins && !ends {
        FIRST.contains(x) && alone(&first)
    } else if ends && !begins {
        let name = x == '达' && place.next(2).is_some_and(|c| FOREIGN.contains(c));
        LAST.contains(x) && before != Some('一') && !name && alone(&second)
    } else if !ends && !begins {
        ALONE.contains(x) && alone(&first) && alone(&second)
    } else {
        false
    };
    slip && !in_quotes(text, &(first.start..second.end))
}

fn is_slip(text: &str, range: &Range<usize>, once: &str, len: usize) -> bool {
    let before = text[..range.start].chars().next_back();
    let after = text[range.end..].chars().next();
    match len {
        1 => {
            !matches!(before, Some('目' | '有' | '众' | '标' | '无' | '中' | '靶'))
                && !matches!(after, Some('确' | '喀' | '士' | '哥' | '的' | '卢'))
                && before != Some('的')
        }
        // 单位单位: the second may begin another word (单位单位负责人) only where 的 was forgotten.
        2 => {
            let second = range.start + once.len()..range.end;
            (DOUBLED.contains(&once) || COMMON.contains(once) && !on_purpose(once))
                && !in_quotes(text, range)
                && segment::stands_alone(text, &second)
        }
        _ => {
            let numeral = once
                .chars()
                .any(|c| "一二三四五六七八九十百千万亿两几年月日".contains(c));
            let all_same = once.chars().all(|c| once.starts_with(c));
            // 申请人申请人才住房: the second is the beginning of other words.
            let second = range.start + once.len()..range.end;
            !numeral
                && !all_same
                && !in_quotes(text, range)
                && !text[range.end..].starts_with(once)
                && (len >= 5 || segment::stands_alone(text, &second))
        }
    }
}

/// Words that are said twice (研究研究), or end one name and begin the next (大使馆使馆区).
fn on_purpose(word: &str) -> bool {
    const ON_PURPOSE: &str = "非常 研究 组织 规定 谢谢 照顾 合计 旅游 宣传 梳理 体验 反映 问候 欢迎 讨论 \
        休息 商量 学习 了解 考虑 锻炼 交流 感受 准备 帮助 坚持 首都 保管 设计 业务 住房 预售 苏丹 伊朗 \
        人民 贷款 法院 关闭 最美 平凡 起来 向前 国旗 聚焦 使馆 高兴 总结 调查 调整 分析 解决 努力 \
        介绍 比较 改变 认识 联系 教育 检查 意思 表示 参观 观察 打听 活动 开放 家庭 决赛 行业";
    word.starts_with('一') || ON_PURPOSE.split_whitespace().any(|w| w == word)
}

/// Slogans and songs repeat themselves.
fn in_quotes(text: &str, range: &Range<usize>) -> bool {
    let before = &text[..range.start];
    before.rfind(['“', '《', '‘']) > before.rfind(['”', '》', '’'])
        || text[range.end..].starts_with(['！', '!'])
}

/// Marks of which two never stand side by side, the stronger first.
const MARKS: [char; 5] = ['。', '；', '：', '，', '、'];

fn is_mark(c: char) -> bool {
    MARKS.contains(&c) || matches!(c, '%' | '％')
}

/// 。。 ，， 、、 and the like; three and more stand for an ellipsis. And ，。 ；。 ：、 where one of
/// two marks was forgotten. Returns how many characters have been looked at: all of one mark.
fn marks(passage: &Passage<'_>, place: &Spot<'_>, out: &mut Vec<Draft>) -> usize {
    let mark = place.chars[place.index];
    let run = place.chars[place.index..]
        .iter()
        .take_while(|c| **c == mark)
        .count();
    let rank = |c: Option<char>| MARKS.iter().position(|mark| Some(*mark) == c);
    let range = place.at..place.at + place.bytes(2);
    if run == 2 {
        let message = format!("“{mark}”重复，应删去一个");
        out.push(
            passage
                .draft(RULE, range, Severity::Warning, message)
                .fix(mark),
        );
    } else if run == 1
        && let (Some(here), Some(next)) = (rank(Some(mark)), rank(place.next(1)))
        && rank(place.before(1)).is_none()
        && rank(place.next(2)).is_none()
    {
        let stays = MARKS[here.min(next)];
        let message = format!("“{}”两个标点连用，应只留一个", &passage.text[range.clone()]);
        out.push(
            passage
                .draft(RULE, range, Severity::Warning, message)
                .suggest(stays),
        );
    }
    run
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Field;

    /// The places of all findings in a paragraph.
    fn found(text: &str) -> Vec<&str> {
        let passage = Passage {
            field: Field::Body,
            block: 0,
            text,
        };
        let mut out = Vec::new();
        check(&passage, &mut Vec::new(), &mut out);
        out.iter()
            .filter_map(|draft| match &draft.place {
                crate::check::Place::Text { range, .. } => text.get(range.clone()),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn what_is_doubled_is_found_wherever_it_stands() {
        assert_eq!(found("的的"), ["的的"]);
        assert_eq!(
            found("（一）义诊活活动，，由由卫生院开展。。"),
            ["活活", "，，", "由由", "。。"]
        );
        assert_eq!(found("增长5%%，。其中"), ["%%", "，。"]);
        assert_eq!(
            found("加强农产品质量安全农产品质量安全监管"),
            ["农产品质量安全农产品质量安全"]
        );
        assert_eq!(found("中央中央政治局召开会议"), ["中央中央"]);
    }

    #[test]
    fn what_is_right_is_let_be() {
        for text in [
            "等等……、、、。。。",
            "乘专机抵达达累斯萨拉姆。",
            "人民检察院应当当面宣读。",
            "两国人民心心相通。",
            "，",
            "",
        ] {
            assert!(found(text).is_empty(), "{text}");
        }
    }
}
