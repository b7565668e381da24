//! Reading mentions: which titles a line gives to which names.
//!
//! Every title in the line is found by one automaton; everything else is read in a bounded
//! stretch around it, so the work is linear in the text whatever the size of the roster.

use super::line::{Line, is_han};
use super::name::{self, Name};
use super::place::{self, Reading};
use crate::dictionary::names::surname;
use crate::dictionary::organisation::{self, GOVERNMENT};
use crate::dictionary::places::{Kind, Places};
use crate::dictionary::register::{Holding, OfficeId, Register};
use crate::dictionary::titles::Title;
use jiff::civil::Date;
use std::ops::Range;

/// What the organisation of a title in the text turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    /// The text names it, or it is one of the site's own by its level (县委).
    Sure,
    /// By the title before it in the list, the organisation named in the sentence, or the
    /// post's unit.
    Likely,
    /// Nothing says which.
    None,
    /// One of another place.
    Foreign,
    /// Something stands there that could not be read.
    Unclear,
}

/// A post as the text gives it.
#[derive(Debug, Clone)]
pub struct Post {
    /// From where the place, the organ or the title begins.
    pub phrase: Range<usize>,
    /// Without a place that has a name: what another post's words can stand in for.
    pub office_and_title: Range<usize>,
    pub title_range: Range<usize>,
    pub title: Title,
    /// The roster's organisations that it can be.
    pub offices: Vec<OfficeId>,
    pub resolution: Resolution,
    /// True if the level stands in `office_and_title` (县委书记, not 示例县 + 委书记).
    pub with_level: bool,
    /// 原, 时任 and the like stand before it.
    pub past: bool,
    /// 候选人 stands behind it.
    pub candidate: bool,
}

/// How name and title stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// 县长张三
    TitleFirst,
    /// 张三县长
    NameFirst,
    /// 张县长
    SurnameFirst,
}

/// One name with the titles that the text gives it.
#[derive(Debug, Clone)]
pub struct Mention {
    pub posts: Vec<Post>,
    pub name: Name,
    pub form: Form,
    /// Places in the list of titles where a 、 is missing.
    pub gaps: Vec<usize>,
    /// Which of the names that share the titles, from 0.
    pub rank: usize,
}

/// What the reading of a post's lines goes by.
pub struct Reader<'r> {
    pub register: &'r Register,
    /// The organisations that the publishing unit can be.
    pub unit: Vec<OfficeId>,
    /// The day for which holders are looked up.
    pub day: Date,
    pub today: Date,
}

/// Words before a title that say that it is a former one.
const PAST: [&str; 12] = [
    "原",
    "前",
    "时任",
    "曾任",
    "历任",
    "前任",
    "已故",
    "老",
    "原任",
    "先后任",
    "卸任",
    "离任",
];

/// The longest stretch that is searched for an organisation, in characters.
const REACH: usize = 80;

impl<'r> Reader<'r> {
    /// A reader for the posts of a unit.
    pub fn new(register: &'r Register, unit: Option<&str>, day: Date, today: Date) -> Self {
        let unit = unit.map_or(Vec::new(), |unit| {
            let parsed = organisation::parse(&crate::dictionary::normalise(unit), register.chain());
            let place = parsed.place.as_deref().or(register.chain().own());
            register
                .offices_called(&parsed.organ)
                .iter()
                .copied()
                .filter(|&id| Some(register.office(id).place.as_str()) == place)
                .collect()
        });
        Self {
            register,
            unit,
            day,
            today,
        }
    }

    /// All mentions of a line, in order.
    pub fn read(&self, line: &Line) -> Vec<Mention> {
        let mut mentions = Vec::new();
        let mut pending: Vec<Post> = Vec::new();
        let mut gaps: Vec<usize> = Vec::new();
        // Names behind a title are taken; a title cannot have them as names before it.
        let mut taken = 0;
        for (start, end, title) in self.titles(line) {
            if start < taken {
                continue;
            }
            let mut post = self.resolve(line, start, end, title, pending.last(), taken);
            let separator = pending
                .last()
                .map(|last| line.slice(last.title_range.end..post.phrase.start));
            match separator {
                Some("、" | "兼" | "兼任" | "和" | "及" | " " | "，" | "、兼" | "、兼任") =>
                    {}
                Some("")
                    if pending
                        .last()
                        .is_some_and(|l| l.title_range.end == post.phrase.start) =>
                {
                    gaps.push(post.phrase.start);
                }
                Some(_) | None => {
                    pending.clear();
                    gaps.clear();
                }
            }
            post.past |= pending.last().is_some_and(|last| last.past);
            post.candidate = line.starts_with(end, "候选人");
            pending.push(post);
            if let Some(names) = self.names_behind(line, &pending, end) {
                taken = names.last().map_or(taken, |name| name.range.end);
                for (rank, name) in names.into_iter().enumerate() {
                    mentions.push(Mention {
                        posts: pending.clone(),
                        name,
                        form: Form::TitleFirst,
                        gaps: if rank == 0 { gaps.clone() } else { Vec::new() },
                        rank,
                    });
                }
                pending.clear();
                gaps.clear();
            } else if let Some(mention) = self.name_before(line, &pending, start, end, taken) {
                taken = end;
                mentions.push(mention);
                pending.clear();
                gaps.clear();
            }
        }
        mentions
    }

    /// The titles of a line that are not parts of other words.
    fn titles(&self, line: &Line) -> Vec<(usize, usize, &'r Title)> {
        self.register
            .titles()
            .find(&line.text)
            .into_iter()
            .map(|(start, end, title)| (line.position(start), line.position(end), title))
            .filter(|&(start, end, title)| {
                let company = title.base == "司长" && line.ends_with(start, "公");
                let longer = line
                    .get(end)
                    .is_some_and(|c| "会团台府级员处国".contains(c));
                // 长沙市长沙县: the 市长 in it is none.
                let place = title.level().is_some()
                    && (3..=6).any(|length| {
                        let name = line.slice(end - 1..end - 1 + length);
                        name.ends_with(organisation::LEVELS)
                            && Places::built_in().kind(name) == Some(Kind::Domestic)
                    });
                !company && !longer && !place
            })
            .collect()
    }

    /// Finds out whose title stands at `start..end`.
    fn resolve(
        &self,
        line: &Line,
        start: usize,
        end: usize,
        title: &Title,
        before: Option<&Post>,
        taken: usize,
    ) -> Post {
        let mut at = start;
        let mut past = false;
        for word in PAST.iter().chain(&["现任", "挂职"]) {
            if line.ends_with(at, word) && at > taken {
                // 原 may stand between organ and title (市委原书记), or before both.
                past |= PAST.contains(word);
                at -= word.chars().count();
                break;
            }
        }
        // What stands before belongs to another title or name.
        let from = before.map_or(taken, |before| before.title_range.end.max(taken));
        let found = self.organ(line, at, from.min(at)).or_else(|| {
            let short = !title.deputy && at == start && title.base.chars().count() == 2;
            let first = title.base.chars().next()?;
            (short && title.base.ends_with('长'))
                .then(|| self.contracted_organ(line, at, first, from))
                .flatten()
        });
        let sentence = line.sentence(start).start.max(start.saturating_sub(REACH));
        let mut post = Post {
            phrase: start..end,
            office_and_title: start..end,
            title_range: start..end,
            title: title.clone(),
            offices: Vec::new(),
            resolution: Resolution::Unclear,
            with_level: false,
            past,
            candidate: false,
        };
        let inherited = before.filter(|before| {
            let gap = line.slice(before.title_range.end..at);
            matches!(
                gap,
                "" | "、" | "兼" | "兼任" | "，" | " " | "和" | "、兼" | "及"
            )
        });
        if let Some((organ_start, offices)) = found {
            let (reading, phrase_start) = place::read(line, organ_start, self.register.chain());
            post.phrase.start = phrase_start.min(organ_start).max(taken);
            post.office_and_title.start = organ_start;
            if let Reading::Level(_) = reading {
                post.office_and_title.start = organ_start - 1;
                post.with_level = true;
            }
            let reading = match reading {
                // 县委常委、组织部部长: joined without a mark, the list goes on.
                Reading::Unclear
                    if inherited.is_some()
                        && organ_start == before.map_or(0, |b| b.title_range.end) =>
                {
                    Reading::Bare
                }
                reading => reading,
            };
            if reading == Reading::Unclear {
                post.phrase.start = unread_start(line, organ_start, from.min(organ_start));
            }
            (post.offices, post.resolution) =
                self.at_place(line, &reading, &offices, inherited, sentence, organ_start);
        } else if let Some(level) = title.level() {
            self.level_title(line, at, level, inherited, sentence, &mut post);
        } else if place::opens(line, at) || inherited.is_some() {
            (post.offices, post.resolution) = self.bare(line, at, inherited, sentence);
        } else {
            post.phrase.start = unread_start(line, at, from);
            post.office_and_title.start = post.phrase.start;
            // 县委书记办公室主任 is no list of two titles.
            if before.is_some_and(|before| before.title_range.end == post.phrase.start) {
                post.phrase.start += 1;
            }
        }
        if PAST
            .iter()
            .any(|word| line.ends_with(post.phrase.start, word))
        {
            post.past = true;
        }
        if let Some(party) = ["中共", "中国共产党"]
            .iter()
            .find(|party| line.ends_with(post.phrase.start, party))
        {
            post.phrase.start -= party.chars().count();
        }
        post
    }

    /// The longest name of an organ of the roster that ends at `at`, with a place before it that
    /// can be read if possible.
    fn organ(&self, line: &Line, at: usize, from: usize) -> Option<(usize, Vec<OfficeId>)> {
        let longest = self
            .register
            .longest_organ()
            .max(organisation::LONGEST_STANDARD)
            .min(at.saturating_sub(from));
        let mut unclear = None;
        for length in (1..=longest).rev() {
            let start = at - length;
            let name = line.slice(start..at);
            let offices = self.register.offices_called(name);
            if offices.is_empty() && !organisation::is_standard(name) {
                continue;
            }
            let (reading, _) = place::read(line, start, self.register.chain());
            if reading != Reading::Unclear {
                return Some((start, offices.to_vec()));
            }
            unclear.get_or_insert_with(|| (start, offices.to_vec()));
        }
        unclear
    }

    /// 公安局长 for 公安局局长: the organ's last character is the title's first.
    fn contracted_organ(
        &self,
        line: &Line,
        at: usize,
        first: char,
        from: usize,
    ) -> Option<(usize, Vec<OfficeId>)> {
        let longest = self
            .register
            .longest_organ()
            .min(at.saturating_sub(from) + 1);
        (2..=longest.max(2)).rev().find_map(|length| {
            let start = at.checked_sub(length - 1).filter(|start| *start >= from)?;
            let organ = format!("{}{first}", line.slice(start..at));
            let offices = self.register.offices_called(&organ);
            (!offices.is_empty() && length > 1).then(|| (start, offices.to_vec()))
        })
    }

    /// Which of the offices of one name the place tells.
    fn at_place(
        &self,
        line: &Line,
        reading: &Reading,
        offices: &[OfficeId],
        inherited: Option<&Post>,
        sentence: usize,
        at: usize,
    ) -> (Vec<OfficeId>, Resolution) {
        let chain = self.register.chain();
        let place_of = |id: &OfficeId| self.register.office(*id).place.as_str();
        let national: Vec<OfficeId> = offices
            .iter()
            .copied()
            .filter(|id| place_of(id).is_empty())
            .collect();
        let of = |places: &[&str]| -> Vec<OfficeId> {
            offices
                .iter()
                .copied()
                .filter(|id| places.contains(&place_of(id)))
                .collect()
        };
        match reading {
            Reading::Named(name) if name == "中国" || name == "中华人民共和国" => {
                (national, Resolution::Sure)
            }
            Reading::Named(name) => {
                let found = of(&[name]);
                if found.is_empty() && !chain.contains(name) {
                    (found, Resolution::Foreign)
                } else {
                    (found, Resolution::Sure)
                }
            }
            Reading::Level(level) => {
                if place::foreign(line, sentence, at.saturating_sub(1), chain, Some(*level)) {
                    return (Vec::new(), Resolution::Foreign);
                }
                let places: Vec<&str> = chain.at_level(*level).collect();
                (of(&places), Resolution::Sure)
            }
            Reading::Bare if !national.is_empty() => {
                if place::abroad(line, sentence, at) {
                    (Vec::new(), Resolution::Foreign)
                } else {
                    (national, Resolution::Sure)
                }
            }
            Reading::Bare => {
                if line.slice(at..at + 1) == "委" && line.get(at + 1).is_some_and(|c| c != '员') {
                    let department = offices
                        .iter()
                        .any(|id| self.register.office(*id).organ != "委");
                    if !department {
                        return (Vec::new(), Resolution::Unclear);
                    }
                }
                if let Some(before) = inherited {
                    let same_place: Vec<OfficeId> = offices
                        .iter()
                        .copied()
                        .filter(|id| before.offices.iter().any(|b| place_of(b) == place_of(id)))
                        .collect();
                    let resolution = before.resolution;
                    if !same_place.is_empty()
                        || matches!(resolution, Resolution::Foreign | Resolution::Unclear)
                    {
                        return (same_place, resolution);
                    }
                }
                if place::foreign(line, sentence, at, chain, None) {
                    return (Vec::new(), Resolution::Foreign);
                }
                let own = chain.own().map_or(Vec::new(), |own| of(&[own]));
                match own.is_empty() {
                    true if offices.len() == 1 => (offices.to_vec(), Resolution::Likely),
                    true => (Vec::new(), Resolution::None),
                    // A town or an organ of its own name needs no place.
                    false => (own, Resolution::Sure),
                }
            }
            Reading::Unclear => (Vec::new(), Resolution::Unclear),
        }
    }

    /// 县长, 副市长, 镇长: the title names the level of its place.
    fn level_title(
        &self,
        line: &Line,
        at: usize,
        level: char,
        inherited: Option<&Post>,
        sentence: usize,
        post: &mut Post,
    ) {
        if matches!(level, '镇' | '乡') {
            if place::opens(line, at) || inherited.is_some() {
                (post.offices, post.resolution) = self.bare(line, at, inherited, sentence);
                let towns = |id: &OfficeId| self.register.office(*id).organ.ends_with(level);
                post.offices.retain(towns);
            } else {
                post.phrase.start = unread_start(line, at, 0);
                post.office_and_title.start = post.phrase.start;
            }
            return;
        }
        let (reading, start) = place::read(line, at, self.register.chain());
        let reading = match reading {
            Reading::Bare | Reading::Level(_) => Reading::Level(level),
            // 县委副书记县长张三: the list goes on without a mark.
            Reading::Unclear if inherited.is_some() => Reading::Level(level),
            Reading::Named(name) if !name.ends_with(level) => Reading::Unclear,
            reading => reading,
        };
        post.phrase.start = match reading {
            Reading::Unclear => unread_start(line, at, 0),
            _ => start.min(at),
        };
        let government = self.register.offices_called(GOVERNMENT);
        (post.offices, post.resolution) =
            self.at_place(line, &reading, government, None, sentence, at + 1);
    }

    /// A title without an organisation: the list's, the sentence's or the unit's.
    fn bare(
        &self,
        line: &Line,
        at: usize,
        inherited: Option<&Post>,
        sentence: usize,
    ) -> (Vec<OfficeId>, Resolution) {
        if let Some(before) = inherited {
            return (before.offices.clone(), before.resolution);
        }
        let chain = self.register.chain();
        let mut end = at;
        while end > sentence {
            if let Some((start, offices)) = self.organ(line, end, sentence)
                && end - start >= 2
            {
                let (reading, _) = place::read(line, start, chain);
                let (offices, resolution) =
                    self.at_place(line, &reading, &offices, None, sentence, start);
                return match resolution {
                    Resolution::Sure if !offices.is_empty() => (offices, Resolution::Likely),
                    Resolution::Foreign => (Vec::new(), Resolution::Foreign),
                    _ => (Vec::new(), Resolution::None),
                };
            }
            let unknown = [
                "局", "公司", "医院", "学校", "集团", "银行", "中心", "协会", "大学", "法院",
                "部队",
            ]
            .iter()
            .any(|unit| line.ends_with(end, unit));
            if unknown {
                return (Vec::new(), Resolution::None);
            }
            end -= 1;
        }
        if self.unit.is_empty() || place::foreign(line, sentence, at, chain, None) {
            return (Vec::new(), Resolution::None);
        }
        (self.unit.clone(), Resolution::Likely)
    }

    /// The names of those who hold the last of the posts on the day, for slips.
    fn holders(&self, posts: &[Post]) -> Vec<&'r str> {
        let mut names = Vec::new();
        for post in posts {
            if matches!(post.resolution, Resolution::Sure | Resolution::Likely) {
                for &office in &post.offices {
                    for held in self.register.holders(office, &post.title) {
                        let holding = self.register.holding(held, self.day, self.today);
                        if matches!(holding, Holding::Certain | Holding::Possible) {
                            names.push(self.register.row(held).name.as_str());
                        }
                    }
                }
            }
        }
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The names of those who hold a title that only the nation has.
    fn national_holders(&self, title: &Title) -> Vec<&'r str> {
        self.register
            .held()
            .iter()
            .filter(|held| held.title.same_post(title) && self.register.row(held).national)
            .filter(|held| self.register.holding(held, self.day, self.today) == Holding::Certain)
            .map(|held| self.register.row(held).name.as_str())
            .collect()
    }

    /// The names behind the titles: one, or several where the last title can be shared.
    fn names_behind(&self, line: &Line, posts: &[Post], end: usize) -> Option<Vec<Name>> {
        let title = &posts.last()?.title;
        let mut at = end;
        for word in ["候选人", "人选"] {
            if line.starts_with(at, word) {
                at += word.chars().count();
            }
        }
        at = skip_brackets(line, at);
        let mut spaced = false;
        if matches!(line.get(at), Some(' ' | '：')) {
            at += 1;
            spaced = true;
        }
        let holders = self.holders(posts);
        let first = name::read(line, at, self.register, &holders)?;
        if spaced && !first.sure {
            return None;
        }
        let mut names = vec![first];
        let shared = title.deputy || !title.single;
        while shared && names.len() < 60 {
            let last = names.last().map_or(at, |name| name.range.end);
            let mut next = last;
            if line.starts_with(next, "同志") {
                next += 2;
            }
            next = skip_brackets(line, next);
            match line.get(next) {
                Some('、' | '和' | '及') => next += 1,
                Some(' ') if names.len() > 1 || line.get(next + 1).is_some_and(is_han) => next += 1,
                _ => break,
            }
            let Some(name) = name::read(line, next, self.register, &holders) else {
                break;
            };
            // 、李四副主任 has a title of its own.
            let own_title = (2..=8).any(|length| {
                let text = line.slice(name.range.end..name.range.end + length);
                self.register.titles().get(text).is_some()
            });
            if !name.sure || own_title {
                break;
            }
            names.push(name);
        }
        Some(names)
    }

    /// A name, or a surname, before a title that stands alone.
    fn name_before(
        &self,
        line: &Line,
        posts: &[Post],
        start: usize,
        end: usize,
        taken: usize,
    ) -> Option<Mention> {
        let [post] = posts else { return None };
        // What was read as the beginning of an organisation is the name.
        let plain = post.phrase.start == start
            || matches!(post.resolution, Resolution::Unclear)
            || self
                .register
                .offices_called(line.slice(post.phrase.start..start))
                .is_empty()
                && matches!(post.resolution, Resolution::None);
        if !plain || start <= taken {
            return None;
        }
        let unnamed = self.resolve(line, start, end, &post.title, None, start);
        let mut holders = self.holders(&[unnamed]);
        if is_national_title(&post.title) {
            holders.extend(self.national_holders(&post.title));
        }
        let found = name::read_before(line, start, self.register, &holders)
            .filter(|name| name.range.start >= taken);
        let (name, form) = match found {
            Some(name) => (name, Form::NameFirst),
            None => {
                let (from, text) = [2usize, 1].into_iter().find_map(|length| {
                    let from = start.checked_sub(length).filter(|from| *from >= taken)?;
                    let text = line.slice(from..start);
                    let weight = surname(text)?;
                    (weight <= 2 && place::opens(line, from)).then(|| (from, text.to_owned()))
                })?;
                let name = Name {
                    range: from..start,
                    text,
                    origin: name::Origin::Read,
                    sure: false,
                };
                (name, Form::SurnameFirst)
            }
        };
        // 市委李群副书记: the organisation stands before the name.
        let mut post = self.resolve(
            line,
            name.range.start,
            name.range.start,
            &post.title,
            None,
            taken,
        );
        post.phrase = name.range.start.min(post.phrase.start)..end;
        post.office_and_title = start..end;
        post.title_range = start..end;
        Some(Mention {
            posts: vec![post],
            name,
            form,
            gaps: Vec::new(),
            rank: 0,
        })
    }
}

/// True for titles that only the nation's highest offices have.
pub fn is_national_title(title: &Title) -> bool {
    matches!(title.base.as_str(), "总书记" | "总理" | "委员长") && !title.deputy
}

/// Behind a bracket of up to 14 characters that begins at `at`: （左二）, （挂职）.
fn skip_brackets(line: &Line, at: usize) -> usize {
    if line.get(at) != Some('（') {
        return at;
    }
    (at + 1..=at + 15)
        .find(|&i| line.get(i) == Some('）'))
        .map_or(at, |close| close + 1)
}

/// Where the words before a title that could not be read may begin.
fn unread_start(line: &Line, at: usize, taken: usize) -> usize {
    let mut start = at;
    while start > taken && at - start < 30 && line.get(start - 1).is_some_and(is_han) {
        if start < at && place::breaks(line, start) {
            break;
        }
        start -= 1;
    }
    start
}
