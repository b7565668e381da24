//! `baguan roster propose`: what posts say of appointments and of who holds what, as proposals
//! for the roster. A person decides.

use super::posts;
use super::{Error, Status, kept};
use crate::check::leader::{Form, Line, Mention, Origin, Reader, Resolution, event_days, is_han};
use crate::command::{date, paths_or_stdin, say};
use crate::dictionary::names::surname;
use crate::dictionary::register::Register;
use crate::document::Document;
use crate::input::{self, Defaults};
use crate::post::Post;
use clap::Args;
use jiff::civil::Date;
use regex::Regex;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::io::Write;
use std::path::PathBuf;
use std::sync::LazyLock;

#[derive(Debug, Args)]
pub struct ProposeArgs {
    #[arg(
        value_name = "稿件",
        help_heading = "参数",
        help = "文件、文件夹，或 - 从标准输入读 JSONL"
    )]
    paths: Vec<String>,
    #[arg(
        long,
        value_name = "文件",
        help = "配置文件；不写则从当前文件夹逐级向上找 baguan.toml"
    )]
    config: Option<PathBuf>,
    #[arg(
        long,
        value_name = "日期",
        value_parser = date,
        help = "把这一天当作今天，例如 2018-07-31"
    )]
    as_of: Option<Date>,
    #[arg(long, help = "名册里已有的也列出")]
    all: bool,
}

/// What a post says of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    pub name: String,
    pub organization: String,
    pub title: String,
    pub action: Action,
    pub date: Date,
    pub sentence: String,
}

/// What it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    Appointed,
    Removed,
    Mentioned,
}

impl Action {
    fn as_str(self) -> &'static str {
        match self {
            Self::Appointed => "任",
            Self::Removed => "免",
            Self::Mentioned => "提及",
        }
    }
}

/// Runs the command: a proposal a line.
pub fn run(args: ProposeArgs) -> Result<Status, Error> {
    let paths = paths_or_stdin(args.paths, "roster propose")?;
    let kept = kept(&[], args.config, false)?;
    let register = kept.roster.register(&kept.site);
    let today = args.as_of.unwrap_or_else(|| jiff::Zoned::now().date());
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut seen = HashSet::new();
    let mut unreadable = 0;
    for item in input::Reader::new(paths, Defaults::default()) {
        let post = match item.post {
            Ok(post) => post,
            Err(error) => {
                unreadable += 1;
                say(format_args!("{}：{error}", item.source));
                continue;
            }
        };
        for proposal in proposals(&post, register, today) {
            let known = is_known(&proposal, register, today);
            let key = (
                proposal.name.clone(),
                proposal.organization.clone(),
                proposal.title.clone(),
                proposal.action,
            );
            if (known && !args.all) || !seen.insert(key) {
                continue;
            }
            writeln!(out, "{}", record(&proposal, &item.id))?;
        }
    }
    out.flush()?;
    Ok(if unreadable > 0 {
        Status::Failed
    } else {
        Status::Clean
    })
}

fn record(proposal: &Proposal, id: &Value) -> Value {
    json!({
        "name": proposal.name,
        "organization": proposal.organization,
        "title": proposal.title,
        "action": proposal.action.as_str(),
        "date": proposal.date.to_string(),
        "sentence": proposal.sentence,
        "post": id,
    })
}

/// True if the roster has the person in that post on the day.
fn is_known(proposal: &Proposal, register: &Register, today: Date) -> bool {
    use crate::dictionary::register::Holding;
    let Some((_, title)) = register.titles().ending(&proposal.title) else {
        return false;
    };
    proposal.action == Action::Mentioned
        && register.posts_of(&proposal.name).any(|held| {
            held.title.same_post(title)
                && (proposal.organization.is_empty()
                    || register.row(held).organization == proposal.organization)
                && matches!(
                    register.holding(held, proposal.date, today),
                    Holding::Certain | Holding::Possible
                )
        })
}

/// Everything that a post proposes, in the order of its text.
pub fn proposals(post: &Post, register: &Register, today: Date) -> Vec<Proposal> {
    let day = post.published_on().and_then(Result::ok).unwrap_or(today);
    let body = Document::body(&post.body, post.format);
    let title = Document::title(&post.title);
    let event = event_days(&body, day).days.first().copied().unwrap_or(day);
    let reader = Reader::new(register, post.unit.as_deref(), event, today);
    let decides = ["任免", "任命", "免去", "任职", "免职", "任前", "拟任"]
        .iter()
        .any(|word| post.title.contains(word));
    let mut out = Vec::new();
    let mut heading = None;
    let blocks = title.visible_blocks().chain(body.visible_blocks());
    for (_, block) in blocks {
        let line = Line::of(block.text.as_str());
        let before = out.len();
        appointments(&line, decides, &mut heading, register, event, &mut out);
        if out.len() > before {
            continue;
        }
        for mention in reader.read(&line) {
            out.extend(mentioned(&line, &mention, register, event));
        }
    }
    out
}

/// The sentence around a place, of bounded length.
fn sentence(line: &Line, at: usize) -> String {
    let range = line.sentence(at);
    let start = range.start.max(at.saturating_sub(60));
    let end = range.end.min(at + 60);
    line.slice(start..end).trim().to_owned()
}

fn mentioned(line: &Line, mention: &Mention, register: &Register, day: Date) -> Vec<Proposal> {
    let certain = mention.name.sure || mention.name.origin == Origin::Roster;
    let plain = mention.form != Form::SurnameFirst
        && !mention.posts.iter().any(|post| post.past || post.candidate);
    if !certain || !plain {
        return Vec::new();
    }
    let mut out: Vec<Proposal> = Vec::new();
    for post in &mention.posts {
        // 市委李群副书记: the organisation stands before the name.
        let text = match mention.form {
            Form::NameFirst if post.resolution == Resolution::Unclear => {
                line.slice(post.title_range.clone()).to_owned()
            }
            Form::NameFirst => format!(
                "{}{}",
                line.slice(post.phrase.start..mention.name.range.start),
                line.slice(post.title_range.clone())
            ),
            _ => line.slice(post.phrase.clone()).to_owned(),
        };
        let read = posts::read(&text, register, "");
        let (mut organization, title) = read.into_iter().last().unwrap_or((
            String::new(),
            line.slice(post.title_range.clone()).to_owned(),
        ));
        if let (Resolution::Sure | Resolution::Likely, [office]) =
            (post.resolution, post.offices.as_slice())
            && let Some(held) = register.held().iter().find(|held| held.office == *office)
        {
            organization = register.row(held).organization.clone();
        }
        if organization.is_empty()
            && post.title.level().is_none()
            && let Some(before) = out.last()
        {
            organization = before.organization.clone();
        }
        out.push(Proposal {
            name: mention.name.text.clone(),
            organization,
            title,
            action: Action::Mentioned,
            date: day,
            sentence: sentence(line, mention.name.range.start),
        });
    }
    out
}

/// 任命张三为示例县财政局局长; 免去李四的示例县水利局局长职务; lines below 任命： and 免去：.
fn appointments(
    line: &Line,
    decides: bool,
    heading: &mut Option<Action>,
    register: &Register,
    day: Date,
    out: &mut Vec<Proposal>,
) {
    static APPOINTED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?:任命|选举|补选|推选)[：:\s]*(?P<names>[\p{Han}·、 ]{2,60}?)(?:同志|等同志)?(?:（[^）]{1,10}）)?(?:为|任|担任)(?P<posts>[^。；\n]{3,80})").ok()
    });
    static REMOVED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?:免去|免除|接受)[：:\s]*(?P<names>[\p{Han}·、 ]{2,30}?)(?:同志)?(?:的|辞去|辞去其|担任的)(?P<posts>[^。；\n]{3,80}?)职务").ok()
    });
    static LISTED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"^[ 　]*(?P<names>[\p{Han}·]{2,12}|[\p{Han}] [\p{Han}])(?:同志)?(?:拟?任|为)(?P<posts>[^。；\n]{3,80})").ok()
    });
    let text = line.text.as_str();
    let trimmed = text.trim();
    for (word, action) in [("任命", Action::Appointed), ("免去", Action::Removed)] {
        let bare = trimmed.trim_end_matches(['：', ':', ' ']);
        if bare == word || (decides && bare.ends_with(word) && trimmed.ends_with('：')) {
            *heading = Some(action);
        }
    }
    let mut add = |found: &regex::Captures<'_>, action: Action| {
        let (Some(names), Some(posts)) = (found.name("names"), found.name("posts")) else {
            return;
        };
        let at = line.position(names.start());
        for name in names.as_str().split('、') {
            let name: String = name.chars().filter(|c| *c != ' ').collect();
            if !is_name(&name) {
                continue;
            }
            for (organization, title) in posts::read(posts.as_str(), register, "") {
                out.push(Proposal {
                    name: name.clone(),
                    organization,
                    title,
                    action,
                    date: day,
                    sentence: sentence(line, at),
                });
            }
        }
    };
    if let Some(removed) = REMOVED.as_ref() {
        removed
            .captures_iter(text)
            .for_each(|found| add(&found, Action::Removed));
    }
    if let Some(appointed) = APPOINTED.as_ref() {
        appointed
            .captures_iter(text)
            .for_each(|found| add(&found, Action::Appointed));
    }
    if decides
        && let Some(listed) = LISTED.as_ref()
        && let Some(found) = listed.captures(text)
    {
        add(&found, heading.unwrap_or(Action::Appointed));
    }
}

fn is_name(name: &str) -> bool {
    let chars: Vec<char> = name.chars().collect();
    if name.contains('·') {
        return chars.len() <= 15;
    }
    let head = |length: usize| chars.iter().take(length).collect::<String>();
    (2..=4).contains(&chars.len())
        && chars.iter().all(|c| is_han(*c))
        && (surname(&head(1)).is_some_and(|_| chars.len() <= 3) || surname(&head(2)).is_some())
        && crate::dictionary::names::word(name).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(title: &str, body: &str) -> Vec<String> {
        let register = Register::new(&[], Some("某省某市示例县"));
        let mut post = Post::new(title, body);
        post.published_at = Some("2018-07-31".into());
        proposals(&post, &register, jiff::civil::date(2024, 6, 1))
            .into_iter()
            .map(|p| {
                format!(
                    "{} {} {} {}",
                    p.action.as_str(),
                    p.name,
                    p.organization,
                    p.title
                )
            })
            .collect()
    }

    #[test]
    fn appointments_are_read() {
        let body = "<p>任命：</p><p>王改为示例县财政局局长；</p>\
                    <p>免去李国庆的示例县水利局党组书记、局长职务。</p>\
                    <p>决定任命张　三同志为示例县人民政府副县长。</p>";
        assert_eq!(
            told("示例县人大常委会任免名单", body),
            [
                "任 王改 示例县财政局 局长",
                "免 李国庆 示例县水利局 党组书记",
                "免 李国庆 示例县水利局 局长",
                "任 张三 示例县人民政府 副县长"
            ]
        );
    }

    #[test]
    fn mentions_are_read() {
        assert_eq!(
            told(
                "示例县召开会议",
                "<p>7月30日，县委副书记、县长李国庆主持会议，原县长张建军参加。</p>"
            ),
            [
                "提及 李国庆 中共示例县委员会 副书记",
                "提及 李国庆 示例县人民政府 县长"
            ]
        );
    }
}
