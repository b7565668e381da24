//! The rules that hold mentions against the roster.

use super::Located;
use super::date::{EventDays, years};
use super::form::{self, draft, quoted};
use super::mention::{Form, Mention, Post, Resolution, is_national_title};
use super::name::Origin;
use crate::check::{Context, Draft};
use crate::dictionary::names::{Slip, slip, surname};
use crate::dictionary::register::{Held, Holding, OfficeId, Register, written};
use crate::finding::Severity;
use jiff::civil::Date;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

const WRONG_TITLE: &str = "leader/wrong-title";
const WRONG_PERSON: &str = "leader/wrong-person";
const WRONG_NAME: &str = "leader/wrong-name";
const FORMER: &str = "leader/former";
const INCONSISTENT: &str = "leader/inconsistent";
const ORDER: &str = "leader/order";
const UNKNOWN: &str = "leader/unknown";

/// Titles of posts that change the roster or tell of the past.
const CHANGING_POSTS: &[&str] = &[
    "任免",
    "任命",
    "免去",
    "任职",
    "免职",
    "拟任",
    "任前",
    "公示",
    "辞去",
    "辞职",
    "当选",
    "选举",
    "补选",
    "换届",
    "决定任命",
    "候选人",
    "干部调整",
    "简历",
    "逝世",
    "讣告",
    "历史沿革",
    "大事记",
    "纪念",
    "县志",
    "市志",
];

/// Columns of such posts.
const CHANGING_COLUMNS: &[&str] = &[
    "人事",
    "任免",
    "公示",
    "历史",
    "沿革",
    "档案",
    "大事记",
    "方志",
    "史志",
];

/// Sentences that speak of appointments, of the past or of charges; what they say of posts is no
/// claim about the day of the event.
const CHANGING_WORDS: &[&str] = &[
    "任命",
    "免去",
    "任免",
    "当选",
    "选举",
    "补选",
    "拟任",
    "提名",
    "辞去",
    "辞职",
    "决定任",
    "任前",
    "任职",
    "罢免",
    "撤职",
    "撤销",
    "调任",
    "转任",
    "改任",
    "接任",
    "继任",
    "卸任",
    "离任",
    "离职",
    "退休",
    "候选人",
    "人选",
    "不再担任",
    "接替",
    "涉嫌",
    "严重违纪",
    "受贿",
    "开除",
    "判处",
    "时任",
    "曾任",
    "历任",
    "先后任",
    "生前",
    "逝世",
    "去世",
    "病逝",
    "遗体",
    "烈士",
    "牺牲",
    "回忆",
    "当年",
    "故居",
    "毕业于",
    "参加工作",
    "籍贯",
    "年生",
    "月生",
    "简历",
    "上任",
    "到任",
    "前任",
    "继任",
    "首任",
    "第一任",
    "历届",
    "民国",
    "解放前",
    "当时",
];

/// Old drafts keep a leader's title for about this long after he left it.
const STALE_DAYS: i32 = 731;

/// What the roster says of a name under a title on a day.
enum Verdict<'r> {
    Right(&'r Held),
    Former(&'r Held),
    NotYet(&'r Held),
    /// On the roster, but never with this title there.
    Never,
    /// The roster cannot say.
    Unknown,
}

struct Judge<'c> {
    context: &'c Context<'c>,
    register: &'c Register,
    days: &'c [Date],
    /// Names that the post mentions with a title.
    names: HashSet<&'c str>,
}

/// Judges all mentions of a post.
pub fn judge(
    context: &Context<'_>,
    register: &Register,
    days: &EventDays,
    mentions: &[Located<'_>],
    out: &mut Vec<Draft>,
) {
    for located in mentions {
        gaps(located, out);
    }
    if changing(context) {
        return;
    }
    let judge = Judge {
        context,
        register,
        days: &days.days,
        names: mentions
            .iter()
            .map(|located| located.mention.name.text.as_str())
            .collect(),
    };
    let mut judged = HashSet::new();
    for (index, located) in mentions.iter().enumerate() {
        if judge.excused(located) {
            judged.insert(index);
            continue;
        }
        if let Some(draft) = judge.mention(located) {
            judged.insert(index);
            out.push(draft);
        }
    }
    judge.inconsistent(mentions, &judged, out);
    judge.order(mentions, &judged, out);
}

fn gaps(located: &Located<'_>, out: &mut Vec<Draft>) {
    let mention = &located.mention;
    // A name that was read without doubt shows that these are one person's titles.
    let certain = mention.name.sure || mention.name.origin == Origin::Roster;
    if !certain || quoted(located.line, mention.name.range.start) {
        return;
    }
    for &at in &mention.gaps {
        let before = mention.posts.iter().rposition(|p| p.title_range.end == at);
        let Some(index) = before else { continue };
        let (left, right) = (&mention.posts[index], mention.posts.get(index + 1));
        let Some(right) = right else { continue };
        let range = left.phrase.start..right.title_range.end;
        let organ = |post: &Post| {
            post.phrase.start < post.title_range.start || post.title.level().is_some()
        };
        if organ(left) && organ(right) {
            out.push(form::gap(
                located.field,
                located.block,
                located.line,
                &range,
                at,
            ));
        }
    }
}

/// True if the whole post changes the roster or tells of the past.
fn changing(context: &Context<'_>) -> bool {
    let title = context.title_text();
    let column = context.post.column.as_deref().unwrap_or_default();
    CHANGING_POSTS.iter().any(|word| title.contains(word))
        || CHANGING_COLUMNS.iter().any(|word| column.contains(word))
}

impl<'c> Judge<'c> {
    /// True if what the text says there is no claim about the day of the event.
    fn excused(&self, located: &Located<'_>) -> bool {
        let (line, mention) = (located.line, &located.mention);
        let at = mention.name.range.start;
        if mention.posts.iter().any(|post| post.past || post.candidate) || quoted(line, at) {
            return true;
        }
        let sentence = line.slice(line.sentence(at));
        if CHANGING_WORDS.iter().any(|word| sentence.contains(word)) {
            return true;
        }
        let mut other_year = false;
        for year in years(sentence) {
            if self.days.iter().any(|day| day.year() == year) {
                return false;
            }
            other_year = true;
        }
        other_year
    }

    fn mention(&self, located: &Located<'_>) -> Option<Draft> {
        match (located.mention.form, located.mention.name.origin) {
            (Form::SurnameFirst, _) => self.surname(located),
            (_, Origin::Roster) => self.known(located),
            (_, Origin::Near(_)) => self.near(located),
            (Form::TitleFirst, Origin::Read) => self.stranger(located),
            (Form::NameFirst, Origin::Read) => None,
        }
    }

    fn draft(
        &self,
        rule: &str,
        located: &Located<'_>,
        range: &Range<usize>,
        severity: Severity,
        message: String,
    ) -> Draft {
        draft(
            rule,
            located.field,
            located.block,
            located.line,
            range,
            severity,
            message,
        )
    }

    fn day(&self) -> Date {
        self.days.first().copied().unwrap_or(self.context.today)
    }

    /// The offices of a post; titles that only the nation has need no organisation.
    fn offices(&self, post: &Post, name: &str) -> Vec<OfficeId> {
        if is_national_title(&post.title)
            && post.resolution != Resolution::Foreign
            && (name.is_empty() || self.national(name))
        {
            let offices: HashSet<OfficeId> = self
                .register
                .held()
                .iter()
                .filter(|held| {
                    held.title.same_post(&post.title) && self.register.row(held).national
                })
                .map(|held| held.office)
                .collect();
            return offices.into_iter().collect();
        }
        match post.resolution {
            Resolution::Sure | Resolution::Likely => post.offices.clone(),
            _ => Vec::new(),
        }
    }

    fn national(&self, name: &str) -> bool {
        self.register
            .posts_of(name)
            .any(|held| self.register.row(held).national)
    }

    fn verdict(&self, post: &Post, name: &str, day: Date) -> Verdict<'c> {
        let offices = self.offices(post, name);
        if offices.is_empty() {
            return Verdict::Unknown;
        }
        let mut found = None;
        for held in self.register.posts_of(name) {
            let fits = held.title.same_post(&post.title) || post.title.implied_by(&held.title);
            if !offices.contains(&held.office) || !fits {
                continue;
            }
            match self.register.holding(held, day, self.context.today) {
                Holding::Certain | Holding::Possible => return Verdict::Right(held),
                // The latest row tells when he left.
                Holding::Past => {
                    let newer = match &found {
                        Some(Verdict::Former(old)) => {
                            self.register.row(held).until > self.register.row(old).until
                        }
                        _ => true,
                    };
                    if newer {
                        found = Some(Verdict::Former(held));
                    }
                }
                Holding::Future => {
                    found.get_or_insert(Verdict::NotYet(held));
                }
            }
        }
        found.unwrap_or(Verdict::Never)
    }

    /// Those who certainly held the post on every day that counts.
    fn certain_holders(&self, post: &Post, name: &str) -> Vec<&'c Held> {
        let mut holders: Vec<&Held> = Vec::new();
        for office in self.offices(post, name) {
            for held in self.register.holders(office, &post.title) {
                let always = self.days.iter().all(|&day| {
                    self.register.holding(held, day, self.context.today) == Holding::Certain
                });
                if always {
                    holders.push(held);
                }
            }
        }
        holders
    }

    /// The posts that the people of this name certainly held on every day that counts.
    fn posts_on_day(&self, name: &str) -> Vec<&'c Held> {
        self.register
            .posts_of(name)
            .filter(|held| {
                self.days.iter().all(|&day| {
                    self.register.holding(held, day, self.context.today) == Holding::Certain
                })
            })
            .collect()
    }

    fn tracked(&self, post: &Post) -> bool {
        post.offices
            .iter()
            .any(|&office| self.register.holders(office, &post.title).next().is_some())
    }

    fn severity(post: &Post, severity: Severity) -> Severity {
        match post.resolution {
            Resolution::Likely => severity.min(Severity::Warning),
            _ => severity,
        }
    }

    /// A name of the roster.
    fn known(&self, located: &Located<'_>) -> Option<Draft> {
        let name = located.mention.name.text.as_str();
        let mut right = 0;
        let mut wrong = Vec::new();
        for post in &located.mention.posts {
            let verdicts: Vec<_> = self
                .days
                .iter()
                .map(|&day| self.verdict(post, name, day))
                .collect();
            let matching = verdicts.iter().find_map(|verdict| match verdict {
                Verdict::Right(held) => Some(*held),
                _ => None,
            });
            match (matching, verdicts.into_iter().next()) {
                (Some(held), _) => {
                    right += 1;
                    wrong.extend(self.nuance(located, post, held));
                }
                (None, Some(verdict)) => wrong.extend(self.wrong(located, post, &verdict)),
                (None, None) => {}
            }
        }
        let mut worst = wrong
            .into_iter()
            .max_by_key(|(draft, _)| draft.severity.unwrap_or(Severity::Info))?;
        if right > 0 && worst.1 {
            let lesser = if worst.0.rule == WRONG_TITLE && membership(located, &worst.0) {
                Severity::Info
            } else {
                Severity::Warning
            };
            worst.0.severity = worst.0.severity.map(|severity| severity.min(lesser));
        }
        Some(worst.0)
    }

    /// Right but for 代 or 常务.
    fn nuance(&self, located: &Located<'_>, post: &Post, held: &Held) -> Option<(Draft, bool)> {
        let name = located.mention.name.text.as_str();
        let on_day: Vec<&Held> = self
            .posts_on_day(name)
            .into_iter()
            .filter(|h| h.office == held.office && h.title.same_post(&post.title))
            .collect();
        if on_day.is_empty() || located.mention.form != Form::TitleFirst {
            return None;
        }
        let range = &post.title_range;
        let text = located.line.slice(range.clone());
        if on_day.iter().all(|h| h.title.acting != post.title.acting) {
            let right = written(&on_day.first()?.title);
            let message = format!("{name}在名册上是“{right}”，稿件写作“{text}”");
            let draft = self
                .draft(WRONG_TITLE, located, range, Severity::Warning, message)
                .confidence(0.95)
                .evidence(self.register.row(on_day.first()?).describe())
                .suggest(right);
            return Some((draft, false));
        }
        let others: Vec<&Held> = self
            .certain_holders(post, name)
            .into_iter()
            .filter(|h| h.title.executive && self.register.row(h).name != name)
            .collect();
        if post.title.executive
            && on_day.iter().all(|h| !h.title.executive)
            && let Some(other) = others.first()
        {
            let right = written(&on_day.first()?.title);
            let message = format!(
                "{name}在名册上是“{right}”，“{text}”是{}",
                self.register.row(other).name
            );
            let draft = self
                .draft(
                    WRONG_TITLE,
                    located,
                    range,
                    Self::severity(post, Severity::Error),
                    message,
                )
                .evidence(self.register.row(on_day.first()?).describe())
                .evidence(self.register.row(other).describe())
                .suggest(right);
            return Some((draft, false));
        }
        None
    }

    /// A name of the roster under a title that it does not have on the day. The flag says that
    /// the finding weighs less where the other titles are right.
    fn wrong(
        &self,
        located: &Located<'_>,
        post: &Post,
        verdict: &Verdict<'_>,
    ) -> Option<(Draft, bool)> {
        let mention = &located.mention;
        let name = mention.name.text.as_str();
        if let Verdict::Unknown = verdict {
            return None;
        }
        let on_day = self.posts_on_day(name);
        // The national list does not go back to what they were before.
        if matches!(verdict, Verdict::Never) && on_day.is_empty() && self.national(name) {
            return None;
        }
        let offices = self.offices(post, name);
        let holders = self.certain_holders(post, name);
        // 副 too many or too few; but a 县长, who is 县委副书记 too, is rather mistaken for another
        // than for a 县委书记.
        let other_chief = post.title.single
            && !holders.is_empty()
            && on_day
                .iter()
                .any(|held| held.title.single && !offices.contains(&held.office));
        let near = on_day.iter().find(|held| {
            !other_chief
                && offices.contains(&held.office)
                && held.title.base == post.title.base
                && held.title.deputy != post.title.deputy
        });
        if let Some(held) = near {
            let polite = mention.form == Form::NameFirst && held.title.deputy;
            let severity = if polite {
                Severity::Warning
            } else {
                Severity::Error
            };
            let draft = self.wrong_title(located, post, held, Self::severity(post, severity));
            return Some((draft, false));
        }
        if let Verdict::Former(held) = verdict {
            // 温家宝总理 in a document that was put online years later.
            if post.resolution == Resolution::None || self.long_past(held) && self.national(name) {
                return None;
            }
            return Some((self.former(located, post, held, &on_day), false));
        }
        if post.title.single
            && let Some(holder) = holders.first()
        {
            let holder_name = self.register.row(holder).name.as_str();
            // Is the name wrong or the title? If the holder is named elsewhere in the post under
            // a title other than this person's, the title is.
            let same_office =
                !other_chief && on_day.iter().any(|held| offices.contains(&held.office));
            let holder_is_there = self.names.contains(holder_name);
            let swapped = holder_is_there && self.swapped(holder_name, &on_day);
            if !on_day.is_empty() && !swapped && (same_office || holder_is_there) {
                let held = self.nearest(&on_day, post)?;
                let draft = self
                    .wrong_title(located, post, held, Self::severity(post, Severity::Error))
                    .evidence(self.register.row(holder).describe());
                return Some((draft, false));
            }
            return Some((self.wrong_person(located, post, holder, &on_day), false));
        }
        if !self.tracked(post) {
            return None;
        }
        let same_place = on_day.iter().copied().filter(|held| {
            let place = &self.register.office(held.office).place;
            offices
                .iter()
                .any(|&office| self.register.office(office).place == *place)
        });
        let same_place: Vec<_> = same_place.collect();
        if let Some(held) = self.nearest(&same_place, post) {
            let draft =
                self.wrong_title(located, post, held, Self::severity(post, Severity::Error));
            return Some((draft, true));
        }
        if let Verdict::NotYet(held) = verdict {
            let row = self.register.row(held);
            let text = located.line.slice(post.title_range.clone());
            let from = row.from.map_or(String::new(), |from| from.to_string());
            let message = format!("{name} {from} 才任“{text}”，稿件所写的事在 {}", self.day());
            let draft = self
                .draft(
                    WRONG_TITLE,
                    located,
                    &self.title_and_name(mention, post),
                    Self::severity(post, Severity::Error),
                    message,
                )
                .evidence(row.describe());
            return Some((draft, false));
        }
        None
    }

    /// True if the post was left so long ago that the text rather tells of the past than of today
    /// by an old draft.
    fn long_past(&self, held: &Held) -> bool {
        let until = self.register.row(held).until;
        until.is_some_and(|until| (self.day() - until).get_days() > STALE_DAYS)
    }

    /// True if the holder stands in the post with a title of these posts: two names changed places.
    fn swapped(&self, holder: &str, posts: &[&Held]) -> bool {
        let titles: Vec<String> = posts
            .iter()
            .map(|held| format!("{}{holder}", written(&held.title)))
            .collect();
        let title = self.context.title_text();
        let blocks = self
            .context
            .body
            .visible_blocks()
            .map(|(_, block)| block.text.as_str());
        std::iter::once(title)
            .chain(blocks)
            .any(|text| titles.iter().any(|pair| text.contains(pair.as_str())))
    }

    /// The post of these that is most like what the text says.
    fn nearest(&self, posts: &[&'c Held], post: &Post) -> Option<&'c Held> {
        posts.iter().copied().max_by_key(|held| {
            (
                post.offices.contains(&held.office),
                held.title.base == post.title.base,
                held.title.single,
                std::cmp::Reverse(held.row),
            )
        })
    }

    fn title_and_name(&self, mention: &Mention, post: &Post) -> Range<usize> {
        let last = mention.posts.last().map(|p| &p.title_range) == Some(&post.title_range);
        if mention.form == Form::TitleFirst && mention.rank == 0 && last {
            post.title_range.start..mention.name.range.end
        } else if mention.form == Form::NameFirst {
            mention.name.range.start..post.title_range.end
        } else {
            mention.name.range.clone()
        }
    }

    /// Where a title can be replaced by that of `held`, and by what.
    fn right_title(&self, post: &Post, held: &Held) -> (Range<usize>, String) {
        if post.offices.contains(&held.office) {
            return (post.title_range.clone(), written(&held.title));
        }
        let whole = post.with_level || post.office_and_title.start == post.phrase.start;
        let text = if whole {
            self.register.local_name(held)
        } else {
            self.register.organ_and_title(held)
        };
        (post.office_and_title.clone(), text)
    }

    fn wrong_title(
        &self,
        located: &Located<'_>,
        post: &Post,
        held: &Held,
        severity: Severity,
    ) -> Draft {
        let name = located.mention.name.text.as_str();
        let (range, right) = self.right_title(post, held);
        let text = located.line.slice(range.clone());
        let message = format!(
            "{name}在 {} 的职务不是“{text}”，名册上是“{right}”",
            self.day()
        );
        let draft = self
            .draft(WRONG_TITLE, located, &range, severity, message)
            .confidence(0.96)
            .evidence(self.register.row(held).describe());
        // One title shared by several names cannot be replaced for one of them.
        let shared = located.mention.rank > 0
            || located.mention.form == Form::TitleFirst && self.next_shares(located);
        if shared { draft } else { draft.suggest(right) }
    }

    /// True if another name follows that shares the title.
    fn next_shares(&self, located: &Located<'_>) -> bool {
        let end = located.mention.name.range.end;
        let next = located.line.get(end);
        let posts = &located.mention.posts;
        let shared = posts
            .last()
            .is_some_and(|p| p.title.deputy || !p.title.single);
        shared
            && next == Some('、')
            && located
                .line
                .get(end + 1)
                .is_some_and(|c| surname(&c.to_string()).is_some_and(|weight| weight <= 2))
    }

    fn wrong_person(
        &self,
        located: &Located<'_>,
        post: &Post,
        holder: &Held,
        on_day: &[&Held],
    ) -> Draft {
        let name = located.mention.name.text.as_str();
        let row = self.register.row(holder);
        let message = format!(
            "{} 担任“{}”的是{}，不是{name}",
            self.day(),
            self.register.local_name(holder),
            row.name
        );
        let mut draft = self
            .draft(
                WRONG_PERSON,
                located,
                &located.mention.name.range,
                Self::severity(post, Severity::Error),
                message,
            )
            .confidence(0.96)
            .evidence(row.describe())
            .suggest(row.name.clone());
        for held in on_day.iter().take(3) {
            draft = draft.evidence(self.register.row(held).describe());
        }
        draft
    }

    fn former(&self, located: &Located<'_>, post: &Post, held: &Held, on_day: &[&Held]) -> Draft {
        let mention = &located.mention;
        let name = mention.name.text.as_str();
        let row = self.register.row(held);
        let until = row.until.map_or(String::new(), |until| until.to_string());
        let text = located.line.slice(post.title_range.clone());
        let message = format!(
            "{name}已于 {until} 不再担任“{text}”，稿件所写的事在 {}",
            self.day()
        );
        let range = self.title_and_name(mention, post);
        let covers_title = range.start <= post.title_range.start
            && mention.form == Form::TitleFirst
            && range.start == post.title_range.start;
        let severity = if self.long_past(held) {
            Severity::Warning
        } else {
            Severity::Error
        };
        let mut draft = self
            .draft(
                FORMER,
                located,
                &range,
                Self::severity(post, severity),
                message,
            )
            .confidence(0.96)
            .evidence(row.describe());
        let same_place = on_day.iter().copied().filter(|h| {
            self.register.office(h.office).place == self.register.office(held.office).place
        });
        let successor = self
            .certain_holders(post, name)
            .into_iter()
            .find(|_| post.title.single);
        let now: Vec<_> = same_place.collect();
        let now = now
            .iter()
            .copied()
            .max_by_key(|h| (h.title.single, std::cmp::Reverse(h.row)));
        let plain = post.office_and_title == post.title_range;
        if let Some(now) = now {
            draft = draft.evidence(self.register.row(now).describe());
            let same_office = now.office == held.office;
            if covers_title && (same_office || plain) {
                let title = if same_office {
                    written(&now.title)
                } else {
                    self.register.local_name(now)
                };
                draft = draft.suggest(format!("{title}{name}"));
            }
        }
        if let Some(successor) = successor {
            let successor = self.register.row(successor);
            draft = draft.evidence(successor.describe());
            let text = match (covers_title, mention.form) {
                (true, _) => format!("{text}{}", successor.name),
                (false, Form::NameFirst) => format!("{}{text}", successor.name),
                (false, _) => successor.name.clone(),
            };
            draft = draft.suggest(text);
        }
        if covers_title {
            draft = draft.suggest(format!("原{text}{name}"));
        }
        draft
    }

    /// A name that is a slip away from the holder's.
    fn near(&self, located: &Located<'_>) -> Option<Draft> {
        let mention = &located.mention;
        let mut found: Vec<(Slip, &Held, &Post)> = Vec::new();
        for post in &mention.posts {
            for held in self.certain_holders(post, "") {
                if let Some(slip) = slip(&mention.name.text, &self.register.row(held).name) {
                    found.push((slip, held, post));
                }
            }
        }
        found.sort_by_key(|(slip, held, _)| (std::cmp::Reverse(*slip), held.row));
        let &(slip, held, post) = found.first()?;
        // If the right name shares the title beside it, this is somebody else.
        let row = self.register.row(held);
        let severity = if post.title.single || matches!(slip, Slip::SameSound | Slip::Alike) {
            Severity::Error
        } else {
            Severity::Warning
        };
        let why = match slip {
            Slip::SameSound => "读音相同",
            Slip::Alike => "音形相近",
            Slip::Swapped => "字序颠倒",
            Slip::Length => "多字或漏字",
            Slip::OneCharacter => "差一个字",
        };
        if !post.title.single && self.names.contains(row.name.as_str()) {
            // 副县长李国强、李国庆: two people, unless they sound the same.
            if slip != Slip::SameSound {
                return None;
            }
        }
        let message = format!(
            "“{}”疑为“{}”之误（{why}）：{} 任“{}”的是{}",
            mention.name.text,
            row.name,
            self.day(),
            self.register.local_name(held),
            row.name
        );
        let mut draft = self
            .draft(
                WRONG_NAME,
                located,
                &mention.name.range,
                Self::severity(post, severity),
                message,
            )
            .confidence(match slip {
                Slip::SameSound | Slip::Alike => 0.97,
                _ => 0.92,
            })
            .evidence(row.describe());
        let mut offered = HashSet::new();
        for (_, held, _) in found.iter().take(3) {
            let name = &self.register.row(held).name;
            if offered.insert(name) {
                draft = draft.suggest(name.clone());
            }
        }
        Some(draft)
    }

    /// A name that is not on the roster, behind a title of the site's own organs.
    fn stranger(&self, located: &Located<'_>) -> Option<Draft> {
        let mention = &located.mention;
        let name = &mention.name;
        if !name.sure {
            return None;
        }
        let post = mention
            .posts
            .iter()
            .rfind(|post| post.resolution == Resolution::Sure && self.tracked(post))?;
        let own = post.offices.iter().any(|&office| {
            let place = &self.register.office(office).place;
            self.register.chain().own() == Some(place.as_str())
        });
        let holders = self.certain_holders(post, "");
        let first: String = name.text.chars().take(1).collect();
        let common = surname(&first).is_none_or(|weight| weight <= 2);
        if own
            && common
            && post.title.single
            && let Some(holder) = holders.first()
        {
            return Some(self.wrong_person(located, post, holder, &[]));
        }
        let begins = post
            .offices
            .iter()
            .flat_map(|&office| self.register.holders(office, &post.title))
            .filter_map(|held| self.register.row(held).from)
            .min();
        if !own || begins.is_some_and(|from| self.day() < from) {
            return None;
        }
        let range = post.title_range.start..name.range.end;
        let text = located.line.slice(post.office_and_title.clone());
        let message = format!(
            "名册里没有“{text}{}”，请核对姓名职务；属实的请补进名册",
            name.text
        );
        let range = if mention.rank == 0
            && mention.posts.last().map(|p| &p.title_range) == Some(&post.title_range)
        {
            range
        } else {
            name.range.clone()
        };
        Some(
            self.draft(UNKNOWN, located, &range, Severity::Info, message)
                .confidence(0.92),
        )
    }

    /// 江副县长, where no 副县长 of the day is called 江.
    fn surname(&self, located: &Located<'_>) -> Option<Draft> {
        let mention = &located.mention;
        let post = mention.posts.first()?;
        let family = mention.name.text.as_str();
        if "任和由与向为从同经时原代现首".contains(family)
            || post.resolution != Resolution::Sure
            || post.title.level().is_none()
        {
            return None;
        }
        let mut ever = Vec::new();
        for &office in &post.offices {
            ever.extend(self.register.holders(office, &post.title));
            // A deputy is politely called chief.
            let mut deputy = post.title.clone();
            deputy.deputy = true;
            ever.extend(self.register.holders(office, &deputy));
        }
        let now = self.certain_holders(post, "");
        let anyone = ever
            .iter()
            .any(|held| self.register.row(held).name.starts_with(family));
        if now.is_empty() || anyone {
            return None;
        }
        let text = located
            .line
            .slice(mention.name.range.start..post.title_range.end);
        let title = written(&post.title);
        let message = format!(
            "名册上 {} 的{title}里没有姓{family}的，请核对“{text}”",
            self.day()
        );
        let range = mention.name.range.start..post.title_range.end;
        let mut draft = self
            .draft(WRONG_PERSON, located, &range, Severity::Warning, message)
            .confidence(0.9);
        for held in now.iter().take(5) {
            draft = draft.evidence(self.register.row(held).describe());
        }
        if let ([holder], true) = (&now[..], post.title.single) {
            let name = &self.register.row(holder).name;
            let first: String = name.chars().take(1).collect();
            draft = draft.suggest(format!(
                "{first}{}",
                located.line.slice(post.title_range.clone())
            ));
        }
        Some(draft)
    }

    /// Chief here and deputy there: two titles for one name in one post.
    fn inconsistent(
        &self,
        mentions: &[Located<'_>],
        judged: &HashSet<usize>,
        out: &mut Vec<Draft>,
    ) {
        let mut seen: HashMap<&str, Vec<(usize, &Post)>> = HashMap::new();
        for (index, located) in mentions.iter().enumerate() {
            let mention = &located.mention;
            let stranger = mention.name.origin == Origin::Read
                && mention.name.sure
                && mention.name.text.chars().count() >= 3;
            if judged.contains(&index) || !stranger || mention.form != Form::TitleFirst {
                continue;
            }
            let Some(post) = mention.posts.last() else {
                continue;
            };
            let earlier = seen.entry(&mention.name.text).or_default();
            let organ = |located: &Located<'_>, post: &Post| {
                located
                    .line
                    .slice(post.office_and_title.start..post.title_range.start)
                    .to_owned()
            };
            let clash = earlier.iter().find(|(other, old)| {
                old.title.base == post.title.base
                    && old.title.deputy != post.title.deputy
                    && organ(&mentions[*other], old) == organ(located, post)
            });
            if let Some((other, old)) = clash {
                let (before, after) = (
                    mentions[*other].line.slice(old.title_range.clone()),
                    located.line.slice(post.title_range.clone()),
                );
                let message = format!(
                    "{}前面写作“{before}”，这里写作“{after}”，请核对统一",
                    mention.name.text
                );
                out.push(
                    self.draft(
                        INCONSISTENT,
                        located,
                        &post.title_range,
                        Severity::Warning,
                        message,
                    )
                    .confidence(0.92)
                    .suggest(before),
                );
            } else {
                earlier.push((index, post));
            }
        }
    }

    /// Names that share a title, not in the roster's order.
    fn order(&self, mentions: &[Located<'_>], judged: &HashSet<usize>, out: &mut Vec<Draft>) {
        let mut start = 0;
        while start < mentions.len() {
            let mut end = start + 1;
            while end < mentions.len() && mentions[end].mention.rank == end - start {
                end += 1;
            }
            let group = &mentions[start..end];
            if group.len() > 1 && !(start..end).any(|index| judged.contains(&index)) {
                out.extend(self.order_of(group));
            }
            start = end;
        }
    }

    fn order_of(&self, group: &[Located<'_>]) -> Option<Draft> {
        let mut ranked: Vec<(i64, &str)> = Vec::new();
        for located in group {
            let post = located.mention.posts.last()?;
            let name = located.mention.name.text.as_str();
            let held = self
                .posts_on_day(name)
                .into_iter()
                .find(|h| post.offices.contains(&h.office) && h.title.same_post(&post.title))?;
            ranked.push((self.register.row(held).order?, name));
        }
        if ranked.is_sorted_by_key(|(order, _)| *order) {
            return None;
        }
        ranked.sort_by_key(|(order, _)| *order);
        let (first, last) = (group.first()?, group.last()?);
        let range = first.mention.name.range.start..last.mention.name.range.end;
        let names: Vec<&str> = ranked.iter().map(|(_, name)| *name).collect();
        let right = names.join("、");
        let message = format!("领导排序与名册不一致，名册的次序是：{right}");
        Some(
            self.draft(ORDER, first, &range, Severity::Info, message)
                .suggest(right),
        )
    }
}

/// True if the title at the finding's place is one of membership, which rosters often leave out.
fn membership(located: &Located<'_>, draft: &Draft) -> bool {
    let crate::check::Place::Text { range, .. } = &draft.place else {
        return false;
    };
    located.mention.posts.iter().any(|post| {
        located.line.bytes(&post.title_range).end == range.end
            && matches!(
                post.title.base.as_str(),
                "常委" | "委员" | "党组成员" | "党委委员" | "党工委委员" | "党组书记" | "党委书记"
            )
    })
}
