//! The roster prepared for look-ups: by post, by name, by what organisations are called.

use super::organisation::{self, Chain, GOVERNMENT, Organisation};
use super::roster::{Row, national_rows};
use super::titles::{Title, Titles};
use jiff::civil::Date;
use std::collections::HashMap;

/// Index of an [`Office`].
pub type OfficeId = usize;

/// An organisation that the roster names.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Office {
    /// The full name of its place; empty for the nation.
    pub place: String,
    /// In its short form: 委, 政府, 财政局.
    pub organ: String,
}

/// A post that a row of the roster names. A row with two titles (党组书记、局长) names two.
#[derive(Debug, Clone)]
pub struct Held {
    pub row: usize,
    pub office: OfficeId,
    pub title: Title,
}

/// The roster with its look-ups.
#[derive(Debug)]
pub struct Register {
    rows: Vec<Row>,
    held: Vec<Held>,
    offices: Vec<Office>,
    by_post: HashMap<(OfficeId, String, bool), Vec<usize>>,
    by_name: HashMap<String, Vec<usize>>,
    organs: HashMap<String, Vec<OfficeId>>,
    /// In characters.
    longest_organ: usize,
    longest_name: usize,
    titles: Titles,
    chain: Chain,
}

/// How sure the roster is that somebody holds a post on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holding {
    Certain,
    /// The row has no first day.
    Possible,
    Past,
    Future,
}

/// A row without a first day counts as certain from this many days before today.
const RECENT_DAYS: i64 = 180;

impl Register {
    /// The site's rows and the national list; for a post that both name, the site's rows alone.
    /// `place`: the site's own place; without it, the commonest place of the rows.
    pub fn new(site_rows: &[Row], place: Option<&str>) -> Self {
        let chain = match place.filter(|place| !place.trim().is_empty()) {
            Some(place) => Chain::of(place),
            None => commonest_place(site_rows),
        };
        let rows: Vec<Row> = site_rows.iter().cloned().chain(national_rows()).collect();
        let titles = Titles::with(
            rows.iter()
                .flat_map(|row| row.title.split('、'))
                .filter(|title| !title.is_empty()),
        );
        let mut register = Self {
            rows,
            held: Vec::new(),
            offices: Vec::new(),
            by_post: HashMap::new(),
            by_name: HashMap::new(),
            organs: HashMap::new(),
            longest_organ: 0,
            longest_name: 0,
            titles,
            chain,
        };
        let mut ids = HashMap::new();
        for index in 0..register.rows.len() {
            register.enter(index, &mut ids);
        }
        register
    }

    fn enter(&mut self, index: usize, ids: &mut HashMap<Office, OfficeId>) {
        let row = self.rows[index].clone();
        let mut kept = false;
        for part in row.title.split('、').filter(|part| !part.is_empty()) {
            let Some((start, title)) = self.titles.ending(part) else {
                continue;
            };
            let mut title = title.clone();
            title.acting |= row.acting;
            let office = self.office_of(&row, &part[..start]);
            let key = (ids.get(&office).copied(), title.key());
            if row.national
                && let (Some(id), (base, deputy)) = key
                && self
                    .by_post
                    .get(&(id, base, deputy))
                    .is_some_and(|held| held.iter().any(|&h| !self.rows[self.held[h].row].national))
            {
                continue;
            }
            let id = *ids.entry(office.clone()).or_insert_with(|| {
                self.offices.push(office.clone());
                self.offices.len() - 1
            });
            for variant in organisation::variants(&office.organ) {
                self.call(variant, id);
            }
            self.short_forms(&row, id);
            let (base, deputy) = title.key();
            self.by_post
                .entry((id, base, deputy))
                .or_default()
                .push(self.held.len());
            self.by_name
                .entry(row.name.clone())
                .or_default()
                .push(self.held.len());
            self.held.push(Held {
                row: index,
                office: id,
                title,
            });
            kept = true;
        }
        if kept {
            self.longest_name = self.longest_name.max(row.name.chars().count());
        }
    }

    /// The office of a row; `before`: what stands before the title in its cell (组织部 of
    /// 组织部部长).
    fn office_of(&self, row: &Row, before: &str) -> Office {
        let Organisation {
            place,
            level,
            mut organ,
        } = organisation::parse(&row.organization, &self.chain);
        if row.national {
            return Office {
                place: String::new(),
                organ: row.organization.clone(),
            };
        }
        let mut place = place;
        if !before.is_empty() {
            let inner = organisation::parse(before, &self.chain);
            if inner.place.is_some() {
                place = inner.place;
            }
            organ = inner.organ;
        }
        let place = place
            .or_else(|| Some(self.chain.at_level(level?).next()?.to_owned()))
            .or_else(|| self.chain.own().map(str::to_owned))
            .unwrap_or_default();
        Office { place, organ }
    }

    /// Short forms of the row: of the organisation, or of the whole post with its title.
    fn short_forms(&mut self, row: &Row, id: OfficeId) {
        for short in &row.short {
            let form = match self.titles.ending(short) {
                Some((start, _)) if start > 0 => short[..start].to_owned(),
                Some(_) => continue,
                None => short.clone(),
            };
            if row.national {
                self.call(form, id);
            } else {
                let parsed = organisation::parse(&form, &self.chain);
                for variant in organisation::variants(&parsed.organ) {
                    self.call(variant, id);
                }
            }
        }
    }

    fn call(&mut self, name: String, id: OfficeId) {
        if name.is_empty() {
            return;
        }
        self.longest_organ = self.longest_organ.max(name.chars().count());
        let ids = self.organs.entry(name).or_default();
        if !ids.contains(&id) {
            ids.push(id);
        }
    }

    /// All rows, the site's first.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// A row.
    pub fn row(&self, held: &Held) -> &Row {
        &self.rows[held.row]
    }

    /// All posts of all rows.
    pub fn held(&self) -> &[Held] {
        &self.held
    }

    /// An organisation.
    pub fn office(&self, id: OfficeId) -> &Office {
        &self.offices[id]
    }

    /// The site's place and what it lies in.
    pub fn chain(&self) -> &Chain {
        &self.chain
    }

    /// All titles that can be read.
    pub fn titles(&self) -> &Titles {
        &self.titles
    }

    /// The offices that go by this name, places aside.
    pub fn offices_called(&self, organ: &str) -> &[OfficeId] {
        self.organs.get(organ).map_or(&[], Vec::as_slice)
    }

    /// The longest name of an organ, in characters.
    pub fn longest_organ(&self) -> usize {
        self.longest_organ
    }

    /// The longest personal name, in characters.
    pub fn longest_name(&self) -> usize {
        self.longest_name
    }

    /// True if the roster has a person of this name.
    pub fn knows(&self, name: &str) -> bool {
        self.by_name.contains_key(name)
    }

    /// The posts of the people of this name.
    pub fn posts_of<'r>(&'r self, name: &str) -> impl Iterator<Item = &'r Held> + use<'r> {
        self.by_name
            .get(name)
            .into_iter()
            .flatten()
            .map(|&index| &self.held[index])
    }

    /// All who hold or held this post.
    pub fn holders<'r>(
        &'r self,
        office: OfficeId,
        title: &Title,
    ) -> impl Iterator<Item = &'r Held> + use<'r> {
        let (base, deputy) = title.key();
        self.by_post
            .get(&(office, base, deputy))
            .into_iter()
            .flatten()
            .map(|&index| &self.held[index])
    }

    /// Whether a post is held on `day`; `today` judges rows that have no first day.
    pub fn holding(&self, held: &Held, day: Date, today: Date) -> Holding {
        let row = self.row(held);
        if row.until.is_some_and(|until| until < day) {
            return Holding::Past;
        }
        match row.from {
            Some(from) if from > day => Holding::Future,
            Some(_) => Holding::Certain,
            None => {
                let age = (today - day).get_days();
                if i64::from(age) <= RECENT_DAYS {
                    Holding::Certain
                } else {
                    Holding::Possible
                }
            }
        }
    }

    /// The post as the site's own posts write it: 县委书记, 县财政局局长, 国务院总理.
    pub fn local_name(&self, held: &Held) -> String {
        let office = self.office(held.office);
        let row = self.row(held);
        let title = written(&held.title);
        if office.place.is_empty() {
            return row
                .short
                .first()
                .cloned()
                .unwrap_or_else(|| format!("{}{}", row.organization, row.title));
        }
        let organ = self.organ_and_title(held);
        if organ == title || office.organ.ends_with(['镇', '乡']) || office.organ.ends_with("街道")
        {
            return organ;
        }
        let level = office.place.chars().next_back();
        level.map_or(organ.clone(), |level| format!("{level}{organ}"))
    }

    /// Organ and title without the place: 委书记, 财政局局长, 副县长.
    pub fn organ_and_title(&self, held: &Held) -> String {
        let office = self.office(held.office);
        let title = written(&held.title);
        if office.organ == GOVERNMENT && held.title.level().is_some() {
            return title;
        }
        let doubled = held
            .title
            .level()
            .is_some_and(|l| office.organ.ends_with(l));
        let department = ["组织部", "宣传部", "统战部", "政法委", "社会工作部"];
        if doubled {
            // 城关镇镇长
            return format!("{}{title}", office.organ);
        }
        if department.contains(&office.organ.as_str()) {
            return format!("委{}{title}", office.organ);
        }
        format!("{}{title}", office.organ)
    }
}

/// A title as it is written.
pub fn written(title: &Title) -> String {
    if !title.deputy {
        return if title.acting {
            format!("代{}", title.base)
        } else {
            title.base.clone()
        };
    }
    let prefix = if title.executive { "常务副" } else { "副" };
    for party in [
        "党组",
        "分党组",
        "党委",
        "党工委",
        "党总支",
        "总支",
        "党支部",
        "支部",
        "机关党委",
    ] {
        if let Some(rest) = title.base.strip_prefix(party) {
            return format!("{party}{prefix}{rest}");
        }
    }
    format!("{prefix}{}", title.base)
}

/// The place that most rows name.
fn commonest_place(rows: &[Row]) -> Chain {
    let mut counts: HashMap<String, (usize, usize)> = HashMap::new();
    for (index, row) in rows.iter().enumerate() {
        let parsed = organisation::parse(&row.organization, &Chain::default());
        if let Some(place) = parsed.place {
            let entry = counts.entry(place).or_insert((0, index));
            entry.0 += 1;
        }
    }
    counts
        .into_iter()
        .max_by_key(|(_, (count, first))| (*count, usize::MAX - first))
        .map(|(place, _)| Chain::of(&place))
        .unwrap_or_default()
}
