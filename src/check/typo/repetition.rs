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

pub fn check(passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let text = passage.text;
    marks(passage, out);
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let byte = |index: usize| chars.get(index).map_or(text.len(), |(at, _)| *at);
    let mut index = 0;
    while index < chars.len() {
        if !is_han(chars[index].1) {
            index += 1;
            continue;
        }
        let Some(len) = doubled_at(&chars, index) else {
            let twice = chars
                .get(index + 1)
                .is_some_and(|(_, c)| *c == chars[index].1);
            if twice && single(text, &chars, index) {
                let range = byte(index)..byte(index + 2);
                let once = &text[byte(index)..byte(index + 1)];
                let message = format!("“{once}”重复，应删去一个");
                out.push(
                    passage
                        .draft(RULE, range, Severity::Warning, message)
                        .confidence(0.96)
                        .fix(once),
                );
                index += 2;
            } else {
                index += 1;
            }
            continue;
        };
        let range = byte(index)..byte(index + 2 * len);
        let once = text[byte(index)..byte(index + len)].to_owned();
        let once = once.as_str();
        if is_slip(text, &range, once, len) {
            let message = format!("“{once}”重复，应删去一个");
            let draft = passage
                .draft(RULE, range, Severity::Warning, message)
                .confidence(0.96);
            out.push(if len == 1 {
                draft.fix(once)
            } else {
                draft.suggest(once)
            });
        }
        index += 2 * len;
    }
}

/// The length in characters of what stands twice from `index` on: 的的, 进行进行, or longer.
fn doubled_at(chars: &[(usize, char)], index: usize) -> Option<usize> {
    let c = |i: usize| chars.get(i).map(|(_, c)| *c);
    let same = |len: usize| {
        (0..len).all(|i| c(index + i).is_some_and(is_han) && c(index + i) == c(index + len + i))
    };
    (3..=8).rev().find(|&len| same(len)).or_else(|| {
        if same(2) {
            Some(2)
        } else if c(index) == Some('的') && same(1) {
            Some(1)
        } else {
            None
        }
    })
}

/// True if a character is written twice at `index` where one belongs: at the edge of a common
/// word, between words, or after a figure.
fn single(text: &str, chars: &[(usize, char)], index: usize) -> bool {
    let c = |i: usize| chars.get(i).map(|(_, c)| *c);
    let twice = c(index);
    let Some(x) = twice.filter(|_| c(index + 1) == twice && c(index + 2) != twice) else {
        return false;
    };
    let before = index.checked_sub(1).and_then(c);
    if before == twice {
        return false;
    }
    let byte = |i: usize| chars.get(i).map_or(text.len(), |(at, _)| *at);
    let common = |from: usize| COMMON.contains(&text[byte(from)..byte(from + 2)]);
    let ends = index > 0 && common(index - 1);
    let begins = common(index + 1);
    let first = byte(index)..byte(index + 1);
    let second = byte(index + 1)..byte(index + 2);
    let alone = |range: &Range<usize>| segment::stands_alone(text, range);
    let after_figure = || {
        before.is_some_and(|c| c.is_ascii_digit() || matches!(c, '万' | '亿'))
            && chars[..index]
                .iter()
                .rev()
                .map(|(_, c)| *c)
                .find(|c| !matches!(c, '万' | '亿'))
                .is_some_and(|c| c.is_ascii_digit())
    };
    let slip = if MEASURES.contains(x) && after_figure() {
        // 4万万同胞 and 12.5亿亿次 are right, 3亿亿元 is not.
        (!begins && x != '亿' || x == '亿' && c(index + 2) == Some('元'))
            && (alone(&second) || alone(&(first.start..second.end)))
    } else if begins && !ends {
        FIRST.contains(x) && alone(&first)
    } else if ends && !begins {
        LAST.contains(x) && before != Some('一') && alone(&second)
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

/// 。。 ，， 、、 and the like; three and more stand for an ellipsis. And ，。 ；。 ：、 where one of
/// two marks was forgotten.
fn marks(passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let text = passage.text;
    let rank = |c: char| MARKS.iter().position(|mark| *mark == c);
    // The mark that ends right before the present character.
    let mut last: Option<(usize, char)> = None;
    for (at, c) in text.char_indices() {
        if !matches!(c, '。' | '；' | '：' | '，' | '、') {
            last = None;
            continue;
        }
        if let Some((from, one)) = last
            && one != c
        {
            let end = at + c.len_utf8();
            if !text[..from].ends_with(MARKS) && !text[end..].starts_with(MARKS) {
                let stays = if rank(c) < rank(one) { c } else { one };
                let message = format!("“{}”两个标点连用，应只留一个", &text[from..end]);
                out.push(
                    passage
                        .draft(RULE, from..end, Severity::Warning, message)
                        .suggest(stays),
                );
            }
        }
        last = Some((at, c));
    }
    for mark in ["。", "，", "、", "；", "：", "%", "％"] {
        let mut from = 0;
        while let Some(at) = text[from..].find(mark).map(|at| from + at) {
            let run = text[at..].len() - text[at..].trim_start_matches(mark).len();
            if run == 2 * mark.len() {
                let message = format!("“{mark}”重复，应删去一个");
                out.push(
                    passage
                        .draft(RULE, at..at + run, Severity::Warning, message)
                        .fix(mark),
                );
            }
            from = at + run;
        }
    }
}
