//! What titles should not say, and how long they are.

use super::anatomy::{Anatomy, Family, ends_as_organisation, starts_with_news_verb};
use crate::check::{Context, Draft};
use crate::document::is_blank;
use crate::finding::Severity;
use regex::Regex;
use std::sync::LazyLock;

/// Columns that reprint the press: a medium's name before the title says where it is from.
fn is_media_column(context: &Context<'_>) -> bool {
    context
        .post
        .column
        .as_deref()
        .is_some_and(|column| column.contains("媒体") || column.contains("转载"))
}

/// Ends of the names of media.
const MEDIA_ENDS: [&str; 20] = [
    "报",
    "网",
    "电视台",
    "新闻",
    "社",
    "广播",
    "杂志",
    "周刊",
    "频道",
    "新闻联播",
    "头条",
    "客户端",
    "在线",
    "电台",
    "日报",
    "晚报",
    "时报",
    "发布",
    "云",
    "融媒体中心",
];

/// `title/prefix`.
pub fn prefix(context: &Context<'_>, anatomy: &Anatomy<'_>, out: &mut Vec<Draft>) {
    const RULE: &str = "title/prefix";
    static BRACKETED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:【[^】]{1,24}】|\[[^\]]{1,12}\]|［[^］]{1,12}］|[（(](?:置顶|图|图文|组图|视频|转载|转|原创|新|重要|热点)[）)])[ \u{a0}\u{3000}]*")
            .expect("built-in patterns are tested")
    });
    static TAIL: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"[ ]*(?:[\[【（(［](?:图|图文|组图|多图|视频|置顶|点击下载|点击查看|附件下载|new|NEW|hot|HOT)[\]】）)］])$")
            .expect("built-in patterns are tested")
    });
    let text = &anatomy.text[anatomy.trimmed.clone()];
    let base = anatomy.trimmed.start;
    let place = |start: usize, end: usize| base + start..base + end;
    if let Some(found) = BRACKETED
        .find(text)
        .filter(|found| found.len() < text.len())
    {
        let label = found.as_str().trim_matches(is_blank);
        let inner = label.trim_matches(|c| "【】[]［］（）()".contains(c));
        let medium = MEDIA_ENDS.iter().any(|end| inner.ends_with(end));
        let draft = if is_media_column(context) {
            let what = if medium { "媒体名称" } else { "前缀" };
            let message = format!("标题前有{what}“{label}”，来源宜填在“来源”栏");
            Draft::title(RULE, place(0, found.end()), message).severity(Severity::Info)
        } else {
            let message = format!("标题前不宜加“{label}”");
            Draft::title(RULE, place(0, found.end()), message)
        };
        out.push(draft.suggest(""));
        return;
    }
    let ornament: usize = text
        .chars()
        .take_while(|c| is_ornament(*c))
        .map(char::len_utf8)
        .sum();
    if ornament > 0 && ornament < text.len() {
        let message = format!("标题前不宜加符号“{}”", &text[..ornament]);
        out.push(Draft::title(RULE, place(0, ornament), message).suggest(""));
        return;
    }
    if let Some((at, c)) = text.char_indices().find(|(_, c)| is_emoji(*c)) {
        let message = format!("标题中不宜使用表情符号“{c}”");
        out.push(Draft::title(RULE, place(at, at + c.len_utf8()), message).suggest(""));
        return;
    }
    if let Some(found) = TAIL.find(text) {
        let message = format!("标题末尾不宜加“{}”", found.as_str().trim());
        out.push(Draft::title(RULE, place(found.start(), found.end()), message).suggest(""));
        return;
    }
    column_name(RULE, context, anatomy, out);
}

fn is_ornament(c: char) -> bool {
    matches!(
        c,
        '★' | '☆'
            | '●'
            | '○'
            | '◆'
            | '◇'
            | '■'
            | '□'
            | '▲'
            | '△'
            | '▶'
            | '►'
            | '※'
            | '→'
            | '➤'
            | '♦'
            | '✦'
            | '✪'
            | '✔'
            | '√'
            | '•'
    ) || is_emoji(c)
}

fn is_emoji(c: char) -> bool {
    matches!(c, '\u{1f300}'..='\u{1faff}' | '\u{2600}'..='\u{2604}' | '\u{2614}'..='\u{26ff}' | '\u{2705}'..='\u{2714}' | '\u{2728}' | '\u{2733}'..='\u{2764}' | '\u{2b50}' | '\u{2b55}' | '\u{fe0f}')
}

/// 工作动态：… — the column's name before the title.
fn column_name(rule: &str, context: &Context<'_>, anatomy: &Anatomy<'_>, out: &mut Vec<Draft>) {
    let text = &anatomy.text[anatomy.trimmed.clone()];
    let Some(colon) = text.find(['：', ':']) else {
        return;
    };
    let label = text[..colon].trim_matches(is_blank);
    let own = context.post.column.as_deref().is_some_and(|column| {
        column
            .rsplit('/')
            .next()
            .is_some_and(|name| name.trim() == label)
    });
    let listed = context
        .settings
        .strings(rule, "columns")
        .any(|name| name == label);
    if own || listed {
        let end = colon + text[colon..].chars().next().map_or(1, char::len_utf8);
        let range = anatomy.trimmed.start..anatomy.trimmed.start + end;
        let message = format!("标题前不应加栏目名称“{label}”");
        out.push(Draft::title(rule, range, message).suggest(""));
    }
}

/// `title/length`, in characters.
pub fn length(context: &Context<'_>, anatomy: &Anatomy<'_>, out: &mut Vec<Draft>) {
    const RULE: &str = "title/length";
    let option = |name| context.settings.integer(RULE, name).max(0) as usize;
    let count = anatomy.text[anatomy.trimmed.clone()].chars().count();
    let range = anatomy.trimmed.clone();
    if count < option("min") {
        let column = context.post.column.as_deref().unwrap_or_default();
        let dated = [
            "动态", "要闻", "新闻", "通知", "公告", "公示", "文件", "政策", "解读", "公报", "招标",
            "采购",
        ]
        .iter()
        .any(|word| column.contains(word));
        let severity = if dated {
            Severity::Warning
        } else {
            Severity::Info
        };
        let message = format!("标题只有{count}个字，过短，请写明事由");
        out.push(Draft::title(RULE, range, message).severity(severity));
        return;
    }
    let compound = anatomy.family == Family::Official
        && (["印发", "转发", "批转", "等"]
            .iter()
            .any(|w| anatomy.text.contains(w))
            || anatomy.issuer().is_some_and(|i| i.contains(is_blank)));
    if compound {
        if count > option("max_error") {
            let message = format!("标题有{count}个字，过长，请适当精简");
            out.push(Draft::title(RULE, range, message).severity(Severity::Warning));
        }
    } else if count > option("max_error") {
        let message = format!("标题有{count}个字，过长，应精简，具体内容写在正文中");
        out.push(Draft::title(RULE, range, message).severity(Severity::Error));
    } else if count > option("max") {
        let message = format!(
            "标题有{count}个字，偏长，建议精简到{}个字以内",
            option("max")
        );
        out.push(Draft::title(RULE, range, message).severity(Severity::Warning));
    }
}

/// `title/subject`: who did it, and of which place.
pub fn subject(anatomy: &Anatomy<'_>, out: &mut Vec<Draft>) {
    const RULE: &str = "title/subject";
    static BARE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new("^(?:县|市|区|镇|乡|旗)(?:人民政府|政府|委办|委|人大|政协|纪委)")
            .expect("built-in patterns are tested")
    });
    static OURS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new("^我(?:省|市|县|区|镇|乡|局|委|办|校|院|中心|街道|旗|州|单位|部门)")
            .expect("built-in patterns are tested")
    });
    let core = anatomy.core_text();
    let base = anatomy.core.start;
    if let Some(found) = OURS.find(core) {
        let message = format!(
            "“{}”应写明是哪个地方或单位，转载后读者才看得懂",
            found.as_str()
        );
        out.push(Draft::title(RULE, base..base + found.end(), message));
    } else if anatomy.about.is_some() {
        if let Some(issuer) = anatomy.issuer()
            && let Some(found) = BARE.find(issuer)
            && ends_as_organisation(issuer)
        {
            let message = "发文机关缺少地名，应写全称（如“示例县人民政府办公室”）";
            out.push(Draft::title(RULE, base..base + found.end(), message));
        }
    } else if anatomy.family == Family::News
        && !core.contains(is_blank)
        && let Some(verb) = starts_with_news_verb(core)
    {
        let message = format!("标题以“{verb}”开头，没有写明是谁做的，建议补上单位名称");
        out.push(Draft::title(RULE, base..base + verb.len(), message));
    }
}

/// `title/clickbait`.
pub fn clickbait(context: &Context<'_>, anatomy: &Anatomy<'_>, out: &mut Vec<Draft>) {
    const RULE: &str = "title/clickbait";
    static PLEASE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new("请[^，。！？]{1,12}[！!]").expect("built-in patterns are tested")
    });
    let text = anatomy.text;
    let word = context
        .settings
        .strings(RULE, "words")
        .filter_map(|word| Some((text.find(word)?, word)))
        .min();
    if let Some((at, word)) = word {
        let message = format!("政府网站标题应平实，不宜用“{word}”");
        out.push(Draft::title(RULE, at..at + word.len(), message));
    } else if let Some(found) = PLEASE.find(text).filter(|_| anatomy.about.is_none()) {
        let message = format!("政府网站标题应平实，不宜用“{}”这样的呼吁", found.as_str());
        out.push(Draft::title(RULE, found.range(), message));
    }
}

/// `title/promotion`.
pub fn promotion(context: &Context<'_>, anatomy: &Anatomy<'_>, out: &mut Vec<Draft>) {
    const RULE: &str = "title/promotion";
    let text = anatomy.text;
    // These words have their place with the leaders of party and state.
    let national = [
        "习近平",
        "总书记",
        "中共中央",
        "党中央",
        "国务院",
        "全国人大",
        "全国政协",
        "国家主席",
    ]
    .iter()
    .any(|word| text.contains(word));
    for word in context.settings.strings(RULE, "words") {
        if national && matches!(word, "重要讲话" | "亲自") {
            continue;
        }
        if let Some(at) = text.find(word) {
            let message = format!("“{word}”有宣扬色彩，建议改用平实的说法");
            out.push(Draft::title(RULE, at..at + word.len(), message));
            return;
        }
    }
}

/// `title/relative-time`.
pub fn relative_time(context: &Context<'_>, anatomy: &Anatomy<'_>, out: &mut Vec<Draft>) {
    const RULE: &str = "title/relative-time";
    let text = anatomy.text;
    for word in context.settings.strings(RULE, "words") {
        let found = text.match_indices(word).find(|(at, _)| {
            let before = text[..*at].chars().next_back();
            let after = text[at + word.len()..].chars().next();
            // 《今日说法》, “今天”: names and quotations.
            !matches!(before, Some('《' | '“' | '‘' | '【' | '到' | '在' | '的'))
                && !matches!(after, Some('》' | '”' | '’' | '的' | '起' | '头' | '说'))
                && !is_in_name(text, *at)
        });
        if let Some((at, _)) = found {
            let message = format!("“{word}”过后就看不出是哪天，建议写明日期或删去");
            out.push(Draft::title(RULE, at..at + word.len(), message));
            return;
        }
    }
}

/// Inside 《》 or “”.
fn is_in_name(text: &str, at: usize) -> bool {
    let open = text[..at].rfind(['《', '“']);
    let close = text[..at].rfind(['》', '”']);
    open.is_some() && open > close
}
