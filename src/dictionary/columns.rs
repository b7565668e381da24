//! `columns.toml`: the columns (栏目) of the site.

use super::normalise;
use crate::mistake::{Mistake, Mistakes};
use crate::toml_file::TomlFile;
use regex::Regex;
use std::collections::HashMap;
use std::path::Path;

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
    pub title_patterns: Vec<Regex>,
    pub keywords: Vec<String>,
}

/// All columns of a site.
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

const KEYS: [&str; 8] = [
    "name",
    "path",
    "aliases",
    "class",
    "update_days",
    "lead_unit",
    "title_patterns",
    "keywords",
];

impl Columns {
    /// Reads `columns.toml`.
    pub fn read(path: &Path) -> Result<Self, Mistakes> {
        let file = path.display().to_string();
        let bytes = std::fs::read(path)
            .map_err(|error| Mistake::of_file(&file, format!("无法读取：{error}")))?;
        let (text, _) = crate::input::encoding::decode(&bytes)
            .map_err(|error| Mistake::of_file(&file, error.to_string()))?;
        Self::parse(&file, &text)
    }

    /// Reads the text of a `columns.toml`; `file` is its name in messages.
    pub fn parse(file: &str, text: &str) -> Result<Self, Mistakes> {
        let (mut toml, root) = TomlFile::parse(file, text.trim_start_matches('\u{feff}'))?;
        toml.only_known(&root, "栏目表里", &["column"]);
        let mut columns = Self::default();
        for (table, place) in toml.tables(&root, "column") {
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
            let mut title_patterns = Vec::new();
            for pattern in toml.strings(table, "title_patterns") {
                match Regex::new(pattern.get_ref()) {
                    Ok(regex) => title_patterns.push(regex),
                    Err(_) => {
                        let message =
                            format!("title_patterns 里的“{}”不是正则表达式", pattern.get_ref());
                        toml.mistake(pattern.span(), message);
                    }
                }
            }
            let texts = |strings: Vec<toml::Spanned<String>>| {
                strings.into_iter().map(toml::Spanned::into_inner).collect()
            };
            let column = Column {
                aliases: texts(toml.strings(table, "aliases")),
                lead_unit: toml
                    .string(table, "lead_unit")
                    .map(toml::Spanned::into_inner),
                keywords: texts(toml.strings(table, "keywords")),
                class: class.map(toml::Spanned::into_inner),
                update_days,
                title_patterns,
                name: name.get_ref().clone(),
                path: path.as_ref().map(|path| path.get_ref().clone()),
            };
            if let Err(message) = columns.add(column) {
                toml.mistake(path.map_or(name.span(), |path| path.span()), message);
            }
        }
        toml.finish(columns)
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
                return Some(&self.columns[index]);
            }
            rest = rest.split_once('/')?.1;
        }
    }

    /// The listed name nearest to `column`, if one is near.
    pub fn nearest(&self, column: &str) -> Option<String> {
        let key = path_key(column);
        let last = key.rsplit('/').next().unwrap_or_default();
        let names = self.columns.iter().map(|column| column.name.as_str());
        crate::settings::nearest(last, names)
    }
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
        assert_eq!(columns.nearest("工作动太").as_deref(), Some("工作动态"));
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
