//! Work news (工作动态): what a unit did, told with a date. The circulars' own complaint is that
//! it stands among notices and documents while 工作动态 looks dead.

use crate::check::title::{Anatomy, Family, find_outside, names_actor};
use crate::dictionary::columns::Column;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// What units do, as their news puts it. What they issue (印发, 发布) is left out: that may be a
/// notice of the document.
const DEEDS: [&str; 34] = [
    "召开",
    "举行",
    "举办",
    "开展",
    "组织",
    "走访",
    "慰问",
    "调研",
    "督导",
    "督查",
    "检查",
    "排查",
    "巡查",
    "传达学习",
    "集中学习",
    "学习贯彻",
    "安排部署",
    "部署",
    "启动",
    "推进",
    "强化",
    "狠抓",
    "多措并举",
    "多举措",
    "全力",
    "扎实",
    "积极",
    "深入",
    "持续",
    "荣获",
    "喜获",
    "圆满完成",
    "赴",
    "走进",
];

/// How far into the body, in characters, the lead may stand.
const LEAD: usize = 300;

/// What shows that a post is work news.
pub struct WorkNews {
    /// Who and what it did, in the title.
    pub told: String,
    /// The date in the lead.
    pub dated: String,
}

/// Judges a title and a visible body; `news` is the column of work news.
pub fn find(title: &str, body: &str, news: &Column) -> Option<WorkNews> {
    let anatomy = Anatomy::of(title);
    if anatomy.family != Family::News || anatomy.kind.is_some() || news.is_excluded(title) {
        return None;
    }
    let told = news
        .title_match(title)
        .or_else(|| subject_and_deed(&anatomy))?;
    let dated = dated_lead(body)?;
    Some(WorkNews {
        told: title[told].trim().to_owned(),
        dated,
    })
}

/// A subject and what it did, in bytes of the title.
fn subject_and_deed(anatomy: &Anatomy<'_>) -> Option<Range<usize>> {
    let core = anatomy.core_text();
    DEEDS
        .iter()
        .flat_map(|deed| find_outside(core, deed).map(move |at| at..at + deed.len()))
        .filter(|deed| deed.start > 0 && names_actor(&core[..deed.start]))
        // A verb that is part of a noun ends the title: 安全检查, 工作部署.
        .filter(|deed| core[deed.end..].chars().count() >= 3)
        .min_by_key(|deed| deed.start)
        .map(|deed| anatomy.core.start..anatomy.core.start + deed.end)
}

/// The date of a lead that tells what has happened; `None` where the text announces or orders.
fn dated_lead(body: &str) -> Option<String> {
    static DATED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(concat!(
            r"(?:^|[\n。：:）)\s　])(?P<date>近日|日前|近期|连日来|今天|昨天|昨日|近段时间|",
            r"(?:(?:20[0-9]{2}|今)年)?[0-9]{1,2}月(?:[0-9]{1,2}日|上旬|中旬|下旬|份)?|[0-9]{1,2}日)",
            r"(?:上午|下午|晚上?|凌晨|当天|以来)?[，,、\s]?[^，,。\n起至前止之以—\-~][^。\n]{0,80}",
            r"(?:召开|举行|举办|开展|组织|走访|慰问|调研|督导|督查|检查|排查|巡查|学习|部署|启动|推进|",
            r"来到|深入|走进|赴|到|对|参加|进行|联合)"
        ))
        .expect("built-in patterns are tested")
    });
    static ORDERS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(concat!(
            r"特此(?:通知|公告|通告|公示|函告)|现(?:将|就)[^。\n]{0,60}(?:如下|通知|公告|通告|公示|公布)|",
            r"(?:通知|公告|通告|公示|安排)如下|(?:定于|拟于|将于)[^。\n]{0,40}(?:召开|举行|举办|开展|进行)|",
            r"(?m)^[^\n，。]{2,40}[：:]\s*$|望周知|敬请|请(?:各|广大|符合)"
        ))
        .expect("built-in patterns are tested")
    });
    if ORDERS.is_match(body) {
        return None;
    }
    let lead = body
        .char_indices()
        .nth(LEAD)
        .map_or(body, |(at, _)| &body[..at]);
    let found = DATED.captures(lead)?;
    Some(found.name("date")?.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dictionary::columns::Columns;

    fn is_news(title: &str, body: &str) -> bool {
        let news = Columns::built_in().of_kind("工作动态").expect("a column");
        find(title, body, news).is_some()
    }

    #[test]
    fn a_subject_a_deed_and_a_date_make_work_news() {
        let lead = "8月3日上午，县水利局召开防汛会议，部署近期工作。";
        assert!(is_news("县水利局召开防汛会议", lead));
        assert!(is_news(
            "城关镇：多措并举抓防汛",
            "近日，城关镇组织干部巡查河道。"
        ));
        assert!(is_news(
            "示例县开展电动车专项整治",
            "连日来，示例县开展整治行动。"
        ));
        assert!(!is_news("关于开展安全检查的通知", lead));
        assert!(!is_news("县水利局防汛会议通知", lead));
        assert!(!is_news("县水利局召开防汛会议", "防汛是大事。"));
        assert!(!is_news(
            "县供电公司开展线路检修",
            "8月3日，县供电公司将对线路进行检修。特此公告。"
        ));
        assert!(!is_news(
            "县人社局举办专场招聘会",
            "县人社局定于8月3日举办招聘会，8月3日上午在广场进行。"
        ));
        assert!(!is_news("县委书记张三调研防汛工作", lead));
    }
}
