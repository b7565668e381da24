//! Columns (栏目): the site's `columns.toml`, and the standard ones of a county portal.
//!
//! The site's list says which columns there are. A column of it that goes by the name or an alias
//! of a standard one takes from that what it does not say itself: patterns, signals, keywords, what
//! it overlaps and whether it excludes work news. Aliases and freshness are the site's own.

use super::lazy_pattern::{LazyPattern, first_match};
use super::normalise;
use crate::mistake::{Mistake, Mistakes};
use crate::toml_file::TomlFile;
use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;
use std::sync::LazyLock;
use toml::Spanned;
use toml::de::DeTable;

/// A column.
#[derive(Debug, Clone)]
pub struct Column {
    pub name: String,
    /// `政务公开/工作动态`
    pub path: Option<String>,
    pub aliases: Vec<String>,
    /// What freshness goes by, free text.
    pub class: Option<String>,
    /// Days after which it counts as stale, by itself or by its class.
    pub update_days: Option<u32>,
    /// The unit that must keep it fresh.
    pub lead_unit: Option<String>,
    /// The standard column that it is, by that one's name.
    pub standard: Option<String>,
    /// One sentence: what belongs here.
    pub belongs: Option<String>,
    pub title_patterns: Vec<LazyPattern>,
    /// Matched against the visible body, a block a line.
    pub body_signals: Vec<LazyPattern>,
    /// Titles for which neither of the two above counts.
    pub excludes: Vec<LazyPattern>,
    pub keywords: Vec<String>,
    /// Standard columns where such a post may stand as well.
    pub overlaps: Vec<String>,
    /// A unit's own work news does not belong here.
    pub excludes_work_news: bool,
    /// Reprints of media reports belong here.
    pub media_source: bool,
}

/// All columns of a site, or the standard ones.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    columns: Vec<Column>,
    by_path: HashMap<String, usize>,
    by_name: HashMap<String, usize>,
}

/// Days in which a column of each class is to be updated.
pub const CLASS_DAYS: [(&str, u32); 12] = [
    ("动态", 14),
    ("要闻", 14),
    ("通知公告", 182),
    ("通知", 182),
    ("公告", 182),
    ("政策文件", 182),
    ("政策", 182),
    ("人事", 365),
    ("人事任免", 365),
    ("规划计划", 365),
    ("规划", 365),
    ("计划", 365),
];

const KEYS: [&str; 14] = [
    "name",
    "path",
    "aliases",
    "class",
    "update_days",
    "lead_unit",
    "title_patterns",
    "keywords",
    "belongs",
    "body_signals",
    "excludes",
    "overlaps",
    "excludes_work_news",
    "media_source",
];

/// Named parts of patterns: `{name}` in a pattern stands for the part of that name.
type Fragments = Vec<(String, String)>;

/// How a file's patterns are taken.
enum Source<'s> {
    /// Known to be sound; compiled when first used.
    BuiltIn(Fragments),
    /// Compiled at once, so that a mistake is told. Standard columns fill in what it leaves out.
    Site(&'s Columns, &'s Fragments),
}

/// The standard columns and their fragments.
fn built_in() -> &'static (Columns, Fragments) {
    static BUILT_IN: LazyLock<(Columns, Fragments)> = LazyLock::new(|| {
        let text = include_str!("../../dictionaries/columns.toml");
        let parse = || -> Result<_, Mistakes> {
            let file = "dictionaries/columns.toml";
            let (mut toml, root) = TomlFile::parse(file, text)?;
            toml.only_known(&root, file, &["column", "fragments"]);
            let mut fragments = Fragments::new();
            if let Some(table) = toml.table(&root, "fragments") {
                for key in table.keys() {
                    let name: &str = key.get_ref();
                    if let Some(text) = toml.string(table, name) {
                        fragments.push((format!("{{{name}}}"), text.into_inner()));
                    }
                }
            }
            let source = Source::BuiltIn(fragments);
            let columns = Columns::read_columns(&mut toml, &root, &source);
            let Source::BuiltIn(fragments) = source else {
                return Err(Mistakes(Vec::new()));
            };
            toml.finish((columns, fragments))
        };
        parse().expect("the built-in columns are tested")
    });
    &BUILT_IN
}

impl Columns {
    /// The standard columns of a county portal.
    pub fn built_in() -> &'static Self {
        &built_in().0
    }

    /// Reads a site's `columns.toml`.
    ///
    /// # Errors
    /// Everything that is wrong in it.
    pub fn read(path: &Path) -> Result<Self, Mistakes> {
        let file = path.display().to_string();
        let bytes = std::fs::read(path)
            .map_err(|error| Mistake::of_file(&file, format!("无法读取：{error}")))?;
        let (text, _) = crate::input::encoding::decode(&bytes)
            .map_err(|error| Mistake::of_file(&file, error.to_string()))?;
        Self::parse(&file, &text)
    }

    /// Reads the text of a site's `columns.toml`; `file` is its name in messages.
    ///
    /// # Errors
    /// Everything that is wrong in it.
    pub fn parse(file: &str, text: &str) -> Result<Self, Mistakes> {
        let (mut toml, root) = TomlFile::parse(file, text.trim_start_matches('\u{feff}'))?;
        toml.only_known(&root, "栏目表里", &["column"]);
        let (standard, fragments) = built_in();
        let source = Source::Site(standard, fragments);
        let columns = Self::read_columns(&mut toml, &root, &source);
        toml.finish(columns)
    }

    fn read_columns(toml: &mut TomlFile, root: &DeTable<'_>, source: &Source<'_>) -> Self {
        let mut columns = Self::default();
        for (table, place) in toml.tables(root, "column") {
            toml.only_known(table, "[[column]] 里", &KEYS);
            let Some(name) = toml.string(table, "name") else {
                if !table.contains_key("name") {
                    toml.mistake(place, "这个 [[column]] 缺少 name（栏目名称），请补上");
                }
                continue;
            };
            let path = toml.string(table, "path");
            let class = toml.string(table, "class");
            let own_days = toml.count(table, "update_days");
            let update_days = own_days.or_else(|| {
                let class = class.as_ref()?;
                let days = days_of(class.get_ref());
                if days.is_none() && !table.contains_key("update_days") {
                    let known: Vec<_> = CLASS_DAYS.iter().map(|(class, _)| *class).collect();
                    let message = format!(
                        "类别“{}”没有默认的更新期限，请加一行 update_days = 天数（有默认期限的类别：{}）",
                        class.get_ref(),
                        known.join("、")
                    );
                    toml.mistake(class.span(), message);
                }
                days
            });
            let mut column = Column {
                aliases: texts(toml, table, "aliases"),
                lead_unit: toml.string(table, "lead_unit").map(Spanned::into_inner),
                keywords: texts(toml, table, "keywords"),
                class: class.map(Spanned::into_inner),
                update_days,
                title_patterns: patterns(toml, table, "title_patterns", source),
                body_signals: patterns(toml, table, "body_signals", source),
                excludes: patterns(toml, table, "excludes", source),
                overlaps: texts(toml, table, "overlaps"),
                belongs: toml.string(table, "belongs").map(Spanned::into_inner),
                excludes_work_news: toml.flag(table, "excludes_work_news").unwrap_or(false),
                media_source: toml.flag(table, "media_source").unwrap_or(false),
                standard: None,
                name: name.get_ref().clone(),
                path: path.as_ref().map(|path| path.get_ref().clone()),
            };
            if let Source::Site(standard, _) = source {
                column.fill_in(standard, |key| table.contains_key(key));
            }
            if let Err(message) = columns.add(column) {
                toml.mistake(path.map_or(name.span(), |path| path.span()), message);
            }
        }
        columns
    }

    /// Adds a column; its path, or its name where it has none, must be its own.
    fn add(&mut self, column: Column) -> Result<(), String> {
        let index = self.columns.len();
        let whole = column.path.as_deref().unwrap_or(&column.name);
        if self.by_path.insert(path_key(whole), index).is_some() {
            return Err(format!("栏目“{whole}”前面已经写过，请只留一处"));
        }
        // Where two columns share a name, the first in the file goes by it alone.
        for name in std::iter::once(&column.name).chain(&column.aliases) {
            self.by_name.entry(path_key(name)).or_insert(index);
        }
        self.columns.push(column);
        Ok(())
    }

    /// The column of this name or alias, no tail of a path.
    fn exactly(&self, name: &str) -> Option<&Column> {
        self.columns.get(*self.by_name.get(&path_key(name))?)
    }

    /// The listed column that is the standard one of this name.
    pub fn of_kind(&self, kind: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.kind() == kind)
    }

    /// True if there is none.
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// All columns in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter()
    }

    /// The column that a post's `column` means: a path, a name or an alias; of a path that is
    /// not listed, the longest tail that is.
    pub fn find(&self, column: &str) -> Option<&Column> {
        let key = path_key(column);
        let mut rest = key.as_str();
        loop {
            let found = self.by_path.get(rest).or_else(|| self.by_name.get(rest));
            if let Some(&index) = found {
                return self.columns.get(index);
            }
            rest = rest.split_once('/')?.1;
        }
    }

    /// The listed columns nearest to `column`, at most `most`, nearest first: by how their names
    /// or aliases look, the standard column of that name before them.
    pub fn nearest(&self, column: &str, most: usize) -> Vec<&Column> {
        let key = path_key(column);
        let last = key.rsplit('/').next().unwrap_or_default();
        let standard = Self::built_in().find(last).map(|column| &column.name);
        let mut near: Vec<(f64, &Column)> = self
            .columns
            .iter()
            .filter_map(|column| {
                let same = standard.is_some() && column.standard.as_ref() == standard;
                let alike = std::iter::once(&column.name)
                    .chain(&column.aliases)
                    .map(|name| strsim::jaro_winkler(last, &path_key(name)))
                    .fold(0.0, f64::max);
                let score = if same { 1.0 + alike } else { alike };
                (score > NEAR).then_some((score, column))
            })
            .collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0));
        near.into_iter()
            .take(most)
            .map(|(_, column)| column)
            .collect()
    }
}

/// Names at least so alike (Jaro–Winkler) may have been meant.
const NEAR: f64 = 0.75;

/// What posts that claim `column` are called when columns are learnt: the listed column's path,
/// or its name where it has none; without a list, or where it is not listed, the claim itself.
pub fn label(columns: Option<&Columns>, column: &str) -> String {
    columns
        .and_then(|columns| columns.find(column))
        .map_or_else(|| path_key(column), |column| column.label().to_owned())
}

impl Column {
    /// Its path, or its name where it has none.
    pub fn label(&self) -> &str {
        self.path.as_deref().unwrap_or(&self.name)
    }

    /// The standard column that it is, or itself, by name.
    pub fn kind(&self) -> &str {
        self.standard.as_deref().unwrap_or(&self.name)
    }

    /// True if patterns or signals say what belongs here.
    pub fn is_described(&self) -> bool {
        !self.title_patterns.is_empty() || !self.body_signals.is_empty()
    }

    /// True if neither its patterns nor its signals count for a post of this title.
    pub fn is_excluded(&self, title: &str) -> bool {
        first_match(&self.excludes, title).is_some()
    }

    /// What in the title says that the post belongs here, in bytes.
    pub fn title_match(&self, title: &str) -> Option<Range<usize>> {
        first_match(&self.title_patterns, title)
    }

    /// What in the visible body says that the post belongs here, in bytes.
    pub fn body_match(&self, body: &str) -> Option<Range<usize>> {
        first_match(&self.body_signals, body)
    }

    /// True if a post that belongs in one of the two may stand in the other as well.
    pub fn overlaps(&self, other: &Column) -> bool {
        self.kind() == other.kind()
            || self.overlaps.iter().any(|name| name == other.kind())
            || other.overlaps.iter().any(|name| name == self.kind())
    }

    /// Takes from the standard column of this name, alias or class what the file does not say.
    fn fill_in(&mut self, standard: &Columns, said: impl Fn(&str) -> bool) {
        let of_name = std::iter::once(&self.name)
            .chain(&self.aliases)
            .find_map(|name| standard.exactly(name));
        let Some(of_name) = of_name else {
            // A class tells less: only whether work news belongs here.
            if let Some(class) = &self.class
                && !said("excludes_work_news")
            {
                self.excludes_work_news = standard.iter().any(|column| {
                    column.class.as_ref() == Some(class) && column.excludes_work_news
                }) || standard
                    .exactly(class)
                    .is_some_and(|column| column.excludes_work_news);
            }
            return;
        };
        self.standard = Some(of_name.name.clone());
        if !said("title_patterns") {
            self.title_patterns.clone_from(&of_name.title_patterns);
        }
        if !said("body_signals") {
            self.body_signals.clone_from(&of_name.body_signals);
        }
        if !said("excludes") {
            self.excludes.clone_from(&of_name.excludes);
        }
        if !said("overlaps") {
            self.overlaps.clone_from(&of_name.overlaps);
        }
        if !said("excludes_work_news") {
            self.excludes_work_news = of_name.excludes_work_news;
        }
        if !said("media_source") {
            self.media_source = of_name.media_source;
        }
        if !said("belongs") {
            self.belongs.clone_from(&of_name.belongs);
        }
        for keyword in &of_name.keywords {
            if !self.keywords.contains(keyword) {
                self.keywords.push(keyword.clone());
            }
        }
    }
}

fn texts(toml: &mut TomlFile, table: &DeTable<'_>, key: &str) -> Vec<String> {
    toml.strings(table, key)
        .into_iter()
        .map(Spanned::into_inner)
        .collect()
}

fn patterns(
    toml: &mut TomlFile,
    table: &DeTable<'_>,
    key: &str,
    source: &Source<'_>,
) -> Vec<LazyPattern> {
    let fragments = match source {
        Source::BuiltIn(fragments) => fragments,
        Source::Site(_, fragments) => *fragments,
    };
    let mut patterns = Vec::new();
    for written in toml.strings(table, key) {
        let mut text = written.get_ref().clone();
        for (name, fragment) in fragments {
            if text.contains(name.as_str()) {
                text = text.replace(name.as_str(), fragment);
            }
        }
        match source {
            Source::BuiltIn(_) => patterns.push(LazyPattern::new(&text)),
            Source::Site(..) => match LazyPattern::checked(&text) {
                Ok(pattern) => patterns.push(pattern),
                Err(_) => {
                    let message = format!("{key} 里的“{}”不是正则表达式", written.get_ref());
                    toml.mistake(written.span(), message);
                }
            },
        }
    }
    patterns
}

fn days_of(class: &str) -> Option<u32> {
    CLASS_DAYS
        .iter()
        .find(|(known, _)| *known == class)
        .map(|(_, days)| *days)
}

/// A name or path as it is compared: `首页 > 政务公开 > 工作动态` is `政务公开/工作动态`.
fn path_key(path: &str) -> String {
    let key = normalise(path).replace(['>', '»', '\\', '→'], "/");
    let key = key.trim_matches('/');
    key.strip_prefix("首页/").unwrap_or(key).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "\
[[column]]
name = \"工作动态\"
path = \"政务公开/工作动态\"
aliases = [\"部门动态\", \"乡镇动态\"]
class = \"动态\"
keywords = [\"调研\"]

[[column]]
name = \"公示公告\"
class = \"公示\"
update_days = 60
";

    #[test]
    fn names_paths_and_aliases_find_a_column() {
        let columns = Columns::parse("columns.toml", FILE).unwrap();
        for name in [
            "工作动态",
            "政务公开/工作动态",
            "首页 > 政务公开 > 工作动态",
            "乡镇动态",
            "新闻中心/部门动态",
        ] {
            assert_eq!(columns.find(name).unwrap().name, "工作动态", "{name}");
        }
        assert_eq!(columns.find("工作动态").unwrap().update_days, Some(14));
        assert_eq!(columns.find("公示公告").unwrap().update_days, Some(60));
        assert!(columns.find("领导之窗").is_none());
        let near = |name| -> Vec<&str> {
            let found = columns.nearest(name, 3);
            found.iter().map(|column| column.name.as_str()).collect()
        };
        assert_eq!(near("工作动太"), ["工作动态"]);
        assert_eq!(near("政务公开/公示栏")[0], "公示公告");
        assert!(near("旅游景点").is_empty());
    }

    #[test]
    fn the_built_in_columns_are_sound() {
        let columns = Columns::built_in();
        assert_eq!(columns.iter().count(), 20);
        let mut names = std::collections::HashSet::new();
        for column in columns.iter() {
            assert!(
                column.is_described() && column.belongs.is_some(),
                "{}",
                column.name
            );
            assert!(
                column.class.is_some() && column.update_days.is_some(),
                "{}",
                column.name
            );
            for name in std::iter::once(&column.name).chain(&column.aliases) {
                assert!(names.insert(name), "{name} stands under two columns");
            }
            for other in &column.overlaps {
                assert!(
                    columns.exactly(other).is_some_and(|c| c.name == *other),
                    "{other}"
                );
            }
            for pattern in column
                .title_patterns
                .iter()
                .chain(&column.body_signals)
                .chain(&column.excludes)
            {
                assert!(
                    LazyPattern::checked(pattern.source()).is_ok(),
                    "{}",
                    pattern.source()
                );
                assert!(
                    !pattern.source().contains("{end}") && !pattern.source().contains("{unit}")
                );
            }
        }
    }

    #[test]
    fn a_listed_column_takes_from_the_standard_one_what_it_does_not_say() {
        let text = "\
[[column]]
name = \"部门动态\"
[[column]]
name = \"本县公告\"
aliases = [\"通知公告\"]
title_patterns = [\"的公告{end}\"]
excludes_work_news = false
[[column]]
name = \"红头文件\"
class = \"政策\"
";
        let columns = Columns::parse("columns.toml", text).unwrap();
        let news = columns.find("部门动态").unwrap();
        assert_eq!(news.kind(), "工作动态");
        assert!(news.title_match("县水利局召开防汛会议").is_some());
        assert!(
            columns.find("乡镇动态").is_none(),
            "aliases are the site's own"
        );
        let notices = columns.find("通知公告").unwrap();
        assert_eq!((notices.kind(), notices.label()), ("通知公告", "本县公告"));
        assert!(!notices.excludes_work_news && !notices.excludes.is_empty());
        assert!(notices.title_match("关于停水的公告（第2号）").is_some());
        assert!(notices.title_match("关于停水的通知").is_none());
        let papers = columns.find("红头文件").unwrap();
        assert!(papers.excludes_work_news && !papers.is_described());
        assert_eq!(columns.of_kind("工作动态").unwrap().name, "部门动态");
        assert_eq!(label(Some(&columns), "某站/部门动态"), "部门动态");
        assert_eq!(label(Some(&columns), "首页 > 没有的"), "没有的");
        assert_eq!(label(None, "首页>政务公开>工作动态"), "政务公开/工作动态");
    }

    #[test]
    fn every_mistake_is_told_with_its_line() {
        let text = "\
[[column]]
nam = \"工作动态\"

[[column]]
name = \"公示公告\"
class = \"公示\"

[[column]]
name = \"通知公告\"
update_days = \"30\"
title_patterns = [\"(\"]

[[column]]
name = \"公示公告\"
";
        let mistakes = Columns::parse("c.toml", text).unwrap_err().to_string();
        assert_eq!(
            mistakes,
            "c.toml 第 2 行：[[column]] 里没有“nam”这一项，是不是想写“name”？\n\
             c.toml 第 1 行：这个 [[column]] 缺少 name（栏目名称），请补上\n\
             c.toml 第 6 行：类别“公示”没有默认的更新期限，请加一行 update_days = 天数（有默认期限的类别：动态、要闻、通知公告、通知、公告、政策文件、政策、人事、人事任免、规划计划、规划、计划）\n\
             c.toml 第 10 行：“update_days”应写成不带引号的整数，例如 update_days = 14\n\
             c.toml 第 11 行：title_patterns 里的“(”不是正则表达式\n\
             c.toml 第 14 行：栏目“公示公告”前面已经写过，请只留一处"
        );
    }
}
