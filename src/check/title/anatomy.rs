//! What kind of title it is and where its parts stand. Decided first: most rules go by it.

use crate::dictionary::document_kinds::{DocumentKinds, Standing};
use crate::document::{is_blank, trim_range};
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// The families of titles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// (发文机关) + 关于 + 事由 + 的 + 文种, or a title that ends in a statutory kind.
    Official,
    /// A named document: …办法, …方案, …名单.
    Named,
    /// Subject and verb, or slogans.
    News,
}

/// A title taken apart. Ranges are bytes of the visible title.
#[derive(Debug, Clone)]
pub struct Anatomy<'t> {
    pub text: &'t str,
    pub family: Family,
    /// The title without blanks at its ends.
    pub trimmed: Range<usize>,
    /// Without a bracketed prefix (【…】) and without additions after the kind (（试行）).
    pub core: Range<usize>,
    /// The first 关于 that is not inside 《》 and that opens the matter.
    pub about: Option<usize>,
    /// The kind at the end of the core.
    pub kind: Option<Range<usize>>,
    pub standing: Option<Standing>,
}

/// Ends of names of organisations, as they issue documents.
const ORGANISATION_ENDS: &[&str] = &[
    "政府",
    "办公室",
    "办公厅",
    "厅",
    "局",
    "部",
    "委",
    "委员会",
    "人大",
    "政协",
    "会",
    "院",
    "行",
    "署",
    "处",
    "站",
    "所",
    "队",
    "中心",
    "镇",
    "乡",
    "街道",
    "办事处",
    "公司",
    "集团",
    "学校",
    "大学",
    "学院",
    "中学",
    "小学",
    "小组",
    "指挥部",
    "联盟",
    "协会",
    "支队",
    "大队",
    "社",
    "台",
    "馆",
    "园",
    "司",
    "团",
    "社区",
    "公安",
    "办",
    "组",
    "党委",
    "党组",
    "支部",
    "市",
    "县",
    "区",
    "省",
    "州",
    "盟",
    "旗",
    "村",
    "国务院",
    "中共中央",
    "中央",
    "军委",
    "工会",
    "妇联",
    "残联",
    "科协",
    "文联",
    "红十字会",
    "总社",
    "联",
    "联合会",
    "机制",
    "银行",
    "基地",
    "幼儿园",
    "军区",
    "等",
];

/// True if `text` ends as the name of an organisation does.
pub fn ends_as_organisation(text: &str) -> bool {
    ORGANISATION_ENDS.iter().any(|end| text.ends_with(end))
        || text.ends_with("部门")
        || text.ends_with("单位")
}

/// Words that a news title's predicate begins with. A title that ends like a document but has one
/// of these after a subject, outside 《》 and not in front of 的, tells news.
const NEWS_VERBS: [&str; 44] = [
    "召开",
    "举行",
    "举办",
    "开展",
    "印发",
    "发布",
    "出台",
    "下发",
    "部署",
    "启动",
    "调研",
    "督导",
    "检查",
    "走访",
    "慰问",
    "参加",
    "出席",
    "会见",
    "主持",
    "听取",
    "审议",
    "通过",
    "赴",
    "获",
    "荣获",
    "强化",
    "推进",
    "落实",
    "加强",
    "完成",
    "实施",
    "制定",
    "传达",
    "组织",
    "严格",
    "扎实",
    "多举措",
    "积极",
    "全面",
    "持续",
    "深入",
    "解读",
    "公布",
    "征集",
];

/// Offsets of the characters of `text` that stand outside 《》.
fn outside_book_marks(text: &str) -> impl Iterator<Item = usize> + '_ {
    let mut depth = 0usize;
    text.char_indices().filter_map(move |(at, c)| match c {
        '《' => {
            depth += 1;
            None
        }
        '》' => {
            depth = depth.saturating_sub(1);
            None
        }
        _ => (depth == 0).then_some(at),
    })
}

/// The places where `word` stands outside 《》.
pub fn find_outside<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = usize> + 't {
    outside_book_marks(text).filter(move |&at| text[at..].starts_with(word))
}

impl<'t> Anatomy<'t> {
    /// Takes a visible title apart.
    pub fn of(text: &'t str) -> Self {
        let trimmed = trim_range(text);
        let mut core = trimmed.clone();
        core.start += prefix_len(&text[core.clone()]);
        core.end = without_slips(text, &core);
        core.end = without_number(text, &core);
        core.end = without_additions(text, &core);
        let kinds = DocumentKinds::built_in();
        let compact: String = text[core.clone()]
            .chars()
            .filter(|c| !is_blank(*c))
            .collect();
        let ending = kinds.ending(&compact);
        let standing = ending.map(|(_, standing)| standing);
        let kind = ending.and_then(|(kind, _)| range_of_ending(text, &core, kind));
        let mut anatomy = Self {
            text,
            family: Family::News,
            trimmed,
            core,
            about: None,
            kind,
            standing,
        };
        anatomy.about = anatomy.find_about();
        anatomy.family = anatomy.decide();
        anatomy
    }

    /// The core's text.
    pub fn core_text(&self) -> &'t str {
        &self.text[self.core.clone()]
    }

    /// What stands before 关于: the issuer, if it is one.
    pub fn issuer(&self) -> Option<&'t str> {
        let issuer = self.text[self.core.start..self.about?].trim_matches(is_blank);
        (!issuer.is_empty()).then_some(issuer)
    }

    /// 关于 at the start, or after what can be an issuer.
    fn find_about(&self) -> Option<usize> {
        let core = self.core_text();
        let at = find_outside(core, "关于").next()?;
        let head = core[..at].trim_matches(is_blank);
        if head.is_empty() {
            return Some(self.core.start + at);
        }
        let plain = !head.contains(['：', ':', '！', '？', '。', '；', '|', '—', '“']);
        // 习近平关于…的论述, 专家解读关于…: no issuer, no document.
        let issuer = head
            .split(is_blank)
            .filter(|part| !part.is_empty())
            .all(ends_as_organisation);
        (plain && issuer).then_some(self.core.start + at)
    }

    fn decide(&self) -> Family {
        let core = self.core_text();
        if core.contains(['！', '？', '!', '?']) && self.about.is_none() {
            return Family::News;
        }
        let Some(standing) = self.standing else {
            // A document whose kind is missing is still no news.
            return if self.about.is_some() && !self.reads_as_question() {
                Family::Official
            } else {
                Family::News
            };
        };
        if self.about.is_some() {
            return Family::Official;
        }
        if self.tells_news() {
            return Family::News;
        }
        match standing {
            Standing::Named => Family::Named,
            Standing::Statutory => Family::Official,
            // 通报, 公示 and the like: official if the title is one clause; 建议, 情况, 问题 end
            // many a news title too.
            Standing::Other => {
                let kind = self.kind.as_ref().map(|k| &self.text[k.clone()]);
                let official = matches!(
                    kind,
                    Some(
                        "公示"
                            | "启事"
                            | "声明"
                            | "倡议书"
                            | "公开信"
                            | "答复"
                            | "复函"
                            | "答复函"
                            | "预算"
                            | "决算"
                            | "年报"
                            | "简报"
                            | "总结"
                            | "预案"
                            | "一封信"
                            | "通知书"
                            | "告知书"
                    )
                );
                if official {
                    Family::Official
                } else {
                    Family::News
                }
            }
        }
    }

    /// 关于X，你知道多少？ and the like.
    fn reads_as_question(&self) -> bool {
        let core = self.core_text();
        core.contains(['，', ',', '！', '？', '!', '?', '…', '：', ':'])
            || DocumentKinds::built_in().is_complete(core)
    }

    /// A subject, a blank or comma between clauses, a verb: news that ends like a document.
    fn tells_news(&self) -> bool {
        let core = self.core_text();
        if core.contains(['：', ':']) && !core.contains("：关于") {
            return true;
        }
        if find_outside(core, "，").next().is_some() || find_outside(core, ",").next().is_some() {
            return true;
        }
        let kind_start = self
            .kind
            .as_ref()
            .map_or(core.len(), |k| k.start - self.core.start);
        NEWS_VERBS.iter().any(|verb| {
            find_outside(core, verb).any(|at| {
                let end = at + verb.len();
                // 召开…会议的通知 is a notice: what stands in front of 的 tells the matter.
                let rest = &core[end.min(kind_start)..kind_start];
                at > 0 && end <= kind_start && !rest.ends_with('的') && subject_before(&core[..at])
                    // 安全检查通知, 工作部署会议公告: a verb that is part of a noun.
                    && rest.chars().count() >= 3
            })
        })
    }
}

/// True if what stands before a verb can be who does it: an organisation, a place, 我-something.
fn subject_before(head: &str) -> bool {
    let head = head.trim_end_matches(is_blank);
    ends_as_organisation(head) || head.chars().count() >= 2 && head.starts_with('我')
}

/// Length of 【…】, [图文], (置顶) and the like at the start, blanks after it included.
fn prefix_len(text: &str) -> usize {
    let mut at = 0;
    loop {
        let rest = &text[at..];
        let Some(open) = rest.chars().next() else {
            return 0;
        };
        let close = match open {
            '【' => '】',
            '[' => ']',
            '［' => '］',
            '★' | '●' | '◆' | '■' | '▲' | '☆' | '◇' | '□' | '※' | '·' => {
                at += open.len_utf8();
                at += rest[open.len_utf8()..].len()
                    - rest[open.len_utf8()..].trim_start_matches(is_blank).len();
                continue;
            }
            _ => return at,
        };
        let Some(end) = rest.find(close) else {
            return at;
        };
        let end = at + end + close.len_utf8();
        if end >= text.len() {
            return at;
        }
        at = end + (text[end..].len() - text[end..].trim_start_matches(is_blank).len());
    }
}

/// The end of the core without what other rules report at the end of a title: marks, and the
/// name of a file.
fn without_slips(text: &str, core: &Range<usize>) -> usize {
    static FILE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)[.．](?:docx?|wps|pdf|xlsx?|ofd|jpe?g|png|pptx?|txt|html?|zip|rar)$|\([0-9]{1,2}\)$")
            .expect("built-in patterns are tested")
    });
    let is_mark = |c: char| matches!(c, '。' | '，' | '、' | '；' | '：' | '.' | ',' | ';' | ':');
    let whole = &text[core.clone()];
    let mut rest = whole.trim_end_matches(|c| is_mark(c) || is_blank(c));
    if let Some(file) = FILE.find(rest) {
        rest = rest[..file.start()].trim_end_matches(is_blank);
    }
    if rest.is_empty() {
        core.end
    } else {
        core.start + rest.len()
    }
}

/// The end of the core without a document number (示政发〔2018〕12号) and a bracket before it that
/// was never opened.
fn without_number(text: &str, core: &Range<usize>) -> usize {
    static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"[（(]?\p{Han}{2,8}[〔\[【（(](?:19|20)[0-9]{2}[〕\]】）)]第?[0-9]{1,4}号?[）)]?$",
        )
        .expect("built-in patterns are tested")
    });
    let Some(number) = NUMBER.find(&text[core.clone()]).filter(|n| n.start() > 0) else {
        return core.end;
    };
    let rest = &text[core.start..core.start + number.start()];
    let rest = rest.trim_end_matches(is_blank);
    let rest = if rest.contains('《') {
        rest
    } else {
        rest.trim_end_matches('》')
    };
    core.start + rest.len()
}

/// The end of the core: bracketed additions after the kind are left out, as are blanks.
fn without_additions(text: &str, core: &Range<usize>) -> usize {
    let mut end = core.end;
    loop {
        let rest = text[core.start..end].trim_end_matches(is_blank);
        end = core.start + rest.len();
        let Some(close) = rest.chars().next_back() else {
            return core.end;
        };
        let open = match close {
            '）' | ')' => ['（', '('],
            '〕' => ['〔', '〔'],
            ']' => ['[', '['],
            '】' => ['【', '【'],
            _ => return end,
        };
        let Some(at) = rest.rfind(open) else {
            return end;
        };
        if at == 0 {
            return end;
        }
        end = core.start + at;
    }
}

/// Where the compact `kind` stands at the end of the core, blanks inside it or not.
fn range_of_ending(text: &str, core: &Range<usize>, kind: &str) -> Option<Range<usize>> {
    let mut wanted = kind.chars().rev();
    let mut next = wanted.next();
    for (at, c) in text[core.clone()].char_indices().rev() {
        if is_blank(c) {
            continue;
        }
        if Some(c) != next {
            return None;
        }
        next = wanted.next();
        if next.is_none() {
            return Some(core.start + at..core.end);
        }
    }
    None
}

/// True if a verb of news stands anywhere in `text` but at its start.
pub fn has_news_verb(text: &str) -> bool {
    NEWS_VERBS
        .iter()
        .any(|verb| text.find(verb).is_some_and(|at| at > 0))
}

/// True if `text` begins with a verb of news: a title without its subject.
pub fn starts_with_news_verb(text: &str) -> Option<&'static str> {
    const BARE: [&str; 24] = [
        "召开",
        "举行",
        "举办",
        "开展",
        "组织开展",
        "加强",
        "强化",
        "推进",
        "扎实推进",
        "扎实开展",
        "扎实做好",
        "全力做好",
        "积极开展",
        "积极推进",
        "深入开展",
        "深入推进",
        "认真落实",
        "认真做好",
        "切实做好",
        "切实加强",
        "大力推进",
        "大力开展",
        "持续推进",
        "持续开展",
    ];
    BARE.iter()
        .copied()
        .filter(|verb| text.starts_with(verb))
        .max_by_key(|verb| verb.len())
}
