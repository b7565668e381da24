//! Lines that official writing knows by their wording: numbers of documents, addressees, dates.

use crate::check::title::ends_as_organisation;
use crate::document::is_blank;
use regex::Regex;
use std::sync::LazyLock;

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("built-in patterns are tested")
}

/// 文号 alone on a line: 示政发〔2018〕5号, 第12号, 示例县财政局公告2018年第5号.
pub fn is_document_number(text: &str) -> bool {
    static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"^[（(]?(?:[\p{Han}A-Za-z]{1,16}\s*[〔\[【（(［﹝]\s*(?:19|20)[0-9]{2}\s*[年]?[〕\]】）)］﹞]\s*第?\s*[0-9]{1,5}\s*号|(?:总?第|[\p{Han}]{2,8}令\s*第)\s*[0-9〇一二三四五六七八九十百]{1,5}\s*号|(?:19|20)[0-9]{2}年?\s*第\s*[0-9]{1,5}\s*号|[\p{Han}\s]{2,40}(?:公告|通告|令)\s*(?:(?:19|20)[0-9]{2}\s*年\s*)?第\s*[0-9零〇一二三四五六七八九十百]{1,6}\s*号)[）)]?$",
        )
    });
    NUMBER.is_match(text)
}

/// 文号 anywhere in the text: the bytes where it stands.
pub fn document_number(text: &str) -> Option<std::ops::Range<usize>> {
    static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"[\p{Han}]{2,10}\s*[〔\[【（(［﹝]\s*(?:19|20)[0-9]{2}\s*[〕\]】）)］﹞]\s*第?\s*[0-9]{1,5}\s*号",
        )
    });
    NUMBER.find(text).map(|found| found.range())
}

/// 附件, 附件1：: the head of what is enclosed, or of a list that follows.
pub fn is_annex_heading(text: &str) -> bool {
    static HEADING: LazyLock<Regex> = LazyLock::new(|| {
        regex(r"^附\s*件?\s*[0-9０-９一二三四五六七八九十]{0,3}(?:-[0-9]{1,2})?\s*[:：.．]?$")
    });
    HEADING.is_match(text)
}

/// 附件：申报表, 附件1.申报表: names what is enclosed.
pub fn is_annex_line(text: &str) -> bool {
    static LINE: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"^附\s*件\s*(?:[0-9０-９一二三四五六七八九十]{0,3}\s*[:：]|[0-9]{1,2}\s*[.．、])\s*\S",
        )
    });
    text.len() <= 360 && LINE.is_match(text)
}

/// 注：, 注1：, 备注：
pub fn is_note(text: &str) -> bool {
    let rest = text.trim_start_matches("备").trim_start_matches(is_blank);
    rest.strip_prefix('注').is_some_and(|rest| {
        rest.trim_start_matches(|c: char| is_blank(c) || c.is_ascii_digit())
            .starts_with(['：', ':'])
    }) && text.len() <= 360
}

/// A short line that begins with an Arabic number: 2.填表说明
pub fn is_list_number(text: &str) -> bool {
    static NUMBER: LazyLock<Regex> = LazyLock::new(|| regex(r"^[0-9０-９]{1,2}\s*[.．、]"));
    text.len() <= 240 && NUMBER.is_match(text)
}

/// A day and nothing else: 2018年9月19日, 二〇一八年九月十九日, 2018-9-19.
pub fn is_day(text: &str) -> bool {
    static DAY: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"^[（(]?(?:(?:19|20)[0-9０-９]{2}|[一二]\s*[〇○零ＯOo0]?[〇○零ＯOo0一二三四五六七八九\s]{2,6})\s*(?:年\s*[0-9０-９一二三四五六七八九十]{1,3}\s*月\s*[0-9０-９一二三四五六七八九十]{1,4}\s*[日号]|[./．-]\s*[0-9]{1,2}\s*[./．-]\s*[0-9]{1,2}\s*日?)[）)]?$",
        )
    });
    text.len() <= 60 && DAY.is_match(text)
}

/// A day written with 年月日.
pub fn is_formal_day(text: &str) -> bool {
    text.contains('年') && text.contains('月') && text.ends_with(['日', '）', ')'])
}

/// The 年月日 form of a day written 2018-9-19 or 2018.09.19.
pub fn formal_day(text: &str) -> Option<String> {
    let mut parts = text
        .trim_end_matches('日')
        .split(['.', '/', '-', '．'])
        .map(|part| part.trim().parse::<u16>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let valid = parts.next().is_none() && (1..=12).contains(&month) && (1..=31).contains(&day);
    valid.then(|| format!("{year}年{month}月{day}日"))
}

/// 一、 （一） 1. 第一条: the text begins with a number of a heading or a list.
pub fn is_numbered(text: &str) -> bool {
    static NUMBERED: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"^(?:[（(]?[一二三四五六七八九十百]{1,4}[）)、．.]|[（(]?[0-9０-９]{1,3}[）)、．.]|第[一二三四五六七八九十百0-9]{1,5}[章节条款]|[①-⑳])",
        )
    });
    NUMBERED.is_match(text)
}

/// 主送: 各镇人民政府，县政府各部门：
pub fn is_addressee(text: &str) -> bool {
    let Some(names) = text.strip_suffix(['：', ':']) else {
        return false;
    };
    let count = names.chars().count();
    if !(2..=220).contains(&count)
        || names.contains(['。', '？', '！', '“', '《'])
        || is_numbered(names)
        || names.starts_with("附")
    {
        return false;
    }
    let last = names
        .split(['、', '，', ',', '；', ';', ' ', '\u{a0}', '\u{3000}'])
        .next_back()
        .unwrap_or_default()
        .trim_end_matches(['）', ')']);
    // 联系单位：, 主办单位： and the like ask for a value.
    static LABEL: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"(?:联系|主办|承办|协办|主管|责任|牵头|参加|参与|支持|指导|发布|信息来源|申报|建设|招标|采购|施工|监理|设计|代理|推荐|编制|审批|受理|成员|组成|实施|办理|监督|获奖|表彰|来源|举报|投诉|咨询)(?:单位|部门|机关|机构|人员|人)$",
        )
    });
    let all = ["各", "全体", "有关", "广大", "尊敬"]
        .iter()
        .any(|start| names.starts_with(start));
    // 各省商务主管部门： addresses, 主管部门： does not.
    if LABEL.is_match(names) && !(all || count > 12)
        || names.ends_with("如下")
        || names.ends_with("包括")
    {
        return false;
    }
    const PEOPLE: [&str; 37] = [
        "职工",
        "职工们",
        "缴存人",
        "纳税人",
        "缴费人",
        "业主",
        "业主们",
        "师生",
        "党员",
        "干部",
        "农户",
        "养殖户",
        "商户",
        "申请人",
        "网友",
        "代表",
        "委员",
        "同志",
        "企业",
        "个人",
        "市民",
        "居民",
        "村民",
        "群众",
        "朋友",
        "朋友们",
        "同志们",
        "家长",
        "同学",
        "市民们",
        "社会各界",
        "人员",
        "考生",
        "经营者",
        "投资者",
        "用户",
        "旅客",
    ];
    let begins = [
        "各", "县", "市", "省", "区", "有关", "局", "机关", "尊敬", "广大", "全", "本", "驻",
    ]
    .iter()
    .any(|start| names.starts_with(start));
    let many = count > 10 && names.contains(['、', '，', ',']);
    if PEOPLE.iter().any(|end| last.ends_with(end)) {
        return begins || last.chars().count() <= 12;
    }
    if (all || many)
        && [
            "机构",
            "组织",
            "平台",
            "集团",
            "兵团",
            "协会",
            "商会",
            "参与者",
            "发行人",
        ]
        .iter()
        .any(|end| last.ends_with(end))
    {
        return true;
    }
    ends_as_organisation(last) && (begins || many || last.chars().count() >= 4)
}

/// （张三 摄）, 李四 摄影报道: who took the picture.
pub fn is_photo_credit(text: &str) -> bool {
    let text = text.trim_end_matches(['）', ')', '。', ' ', '\u{3000}']);
    ["摄", "摄影", "摄影报道", "供图", "/摄", "/图"]
        .iter()
        .any(|end| text.ends_with(end))
}
