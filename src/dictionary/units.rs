//! `units.csv`: the units that publish on the site.

use super::normalise;
use super::phrases::{OwnPhrases, Phrase};
use super::table::{Field, Table, split_names};
use crate::finding::Severity;
use crate::mistake::Mistakes;
use std::collections::HashMap;
use std::path::Path;

/// A publishing unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    pub name: String,
    pub aliases: Vec<String>,
    /// What quotas go by (镇街, 政府组成部门, 其他部门).
    pub kind: Option<String>,
    pub place: Option<String>,
    /// Posts a month that it owes.
    pub monthly_quota: Option<u32>,
}

/// All units of a site.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Units {
    units: Vec<Unit>,
    by_name: HashMap<String, usize>,
}

const FIELDS: [Field; 5] = [
    Field {
        name: "name",
        headers: &["单位", "单位名称", "名称", "发布单位"],
        required: true,
    },
    Field {
        name: "aliases",
        headers: &["别名", "简称", "曾用名"],
        required: false,
    },
    Field {
        name: "kind",
        headers: &["类别", "单位类别", "类型"],
        required: false,
    },
    Field {
        name: "place",
        headers: &["所属地", "地区"],
        required: false,
    },
    Field {
        name: "monthly_quota",
        headers: &["月发布数", "每月发布数", "月任务数"],
        required: false,
    },
];

impl Units {
    /// Reads a `.csv` or `.xlsx` file.
    pub fn read(path: &Path) -> Result<Self, Mistakes> {
        Self::of_table(&Table::read(path)?)
    }

    /// Reads a table.
    pub fn of_table(table: &Table) -> Result<Self, Mistakes> {
        let layout = table.layout(&FIELDS).map_err(Mistakes)?;
        let mut mistakes = Vec::new();
        let mut units = Self::default();
        // Normalised name → the line that said it first.
        let mut lines = HashMap::new();
        for row in table.rows() {
            let text = |field| Some(layout.cell(row, field)).filter(|cell| !cell.is_empty());
            let Some(name) = text(0) else {
                mistakes.push(table.mistake(row, "没有写单位名称，请补上，或删去这一行"));
                continue;
            };
            let monthly_quota = text(4).and_then(|cell| {
                let number = cell.parse().ok();
                if number.is_none() {
                    let message = format!("月发布数应写整数（例如 15），现在写的是“{cell}”");
                    mistakes.push(table.mistake(row, message));
                }
                number
            });
            let unit = Unit {
                name: name.to_owned(),
                aliases: text(1)
                    .map(|cell| split_names(cell).map(str::to_owned).collect())
                    .unwrap_or_default(),
                kind: text(2).map(str::to_owned),
                place: text(3).map(str::to_owned),
                monthly_quota,
            };
            let index = units.units.len();
            for name in std::iter::once(&unit.name).chain(&unit.aliases) {
                let key = normalise(name);
                if units.by_name.get(&key) == Some(&index) {
                    continue;
                }
                if let Some(first) = lines.insert(key.clone(), row.line) {
                    let message = format!("“{name}”与第 {first} 行的名称或别名重复，请只留一处");
                    mistakes.push(table.mistake(row, message));
                }
                units.by_name.insert(key, index);
            }
            units.units.push(unit);
        }
        if mistakes.is_empty() {
            Ok(units)
        } else {
            Err(Mistakes(mistakes))
        }
    }

    /// The units' full names as phrases to keep exact. Names of one site are often alike but for a
    /// character (甲镇, 乙镇); each is right by itself, so they do not count as slips of each other.
    pub fn phrases(&self) -> OwnPhrases {
        OwnPhrases::new(self.units.iter().map(|unit| Phrase {
            text: unit.name.clone(),
            class: "本站单位".to_owned(),
            severity: Severity::Warning,
            since: None,
            until: None,
        }))
    }

    /// All units in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Unit> {
        self.units.iter()
    }

    /// The unit with this name or alias.
    pub fn find(&self, name: &str) -> Option<&Unit> {
        self.by_name
            .get(&normalise(name))
            .map(|&index| &self.units[index])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_aliases_find_a_unit() {
        let table = Table::parse_csv(
            "units.csv",
            "单位,别名,类别,月发布数\n示例县卫生健康局,县卫健局；县卫健委,政府组成部门,15\n",
        )
        .unwrap();
        let units = Units::of_table(&table).unwrap();
        let unit = units.find("县卫健委").unwrap();
        assert_eq!(unit.name, "示例县卫生健康局");
        assert_eq!(unit.monthly_quota, Some(15));
        assert_eq!(units.find(" 示例县 卫生健康局").unwrap(), unit);
        assert_eq!(units.find("县水利局"), None);
    }

    #[test]
    fn every_mistake_is_told_with_its_line() {
        let table = Table::parse_csv(
            "units.csv",
            "单位,别名,月发布数\n示例镇,,十五\n,,3\n示例局,示例镇,3\n",
        )
        .unwrap();
        let mistakes = Units::of_table(&table).unwrap_err().to_string();
        assert_eq!(
            mistakes,
            "units.csv 第 2 行：月发布数应写整数（例如 15），现在写的是“十五”\n\
             units.csv 第 3 行：没有写单位名称，请补上，或删去这一行\n\
             units.csv 第 4 行：“示例镇”与第 2 行的名称或别名重复，请只留一处"
        );
    }
}
