//! The roster (领导名册): who held which post, from when to when. Kept by people in spreadsheets;
//! the top national offices come with the program.

use super::register::Register;
use super::table::{Field, Layout, Row as TableRow, Table, split_names};
use crate::knowledge::Site;
use crate::mistake::{Mistake, Mistakes};
use jiff::civil::Date;
use std::path::Path;
use std::sync::{Arc, LazyLock, OnceLock};

/// Until when the national list is known to be right.
pub const NATIONAL_AS_OF: &str = "2026-05-31";

/// A post that a person holds or held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub name: String,
    pub organization: String,
    pub title: String,
    /// Short forms of the organisation or of the whole post.
    pub short: Vec<String>,
    /// Rank in lists of names; smaller goes first.
    pub order: Option<i64>,
    /// First day; `None`: unknown.
    pub from: Option<Date>,
    /// Last day; `None`: still in office, or unknown.
    pub until: Option<Date>,
    pub acting: bool,
    pub source: String,
    pub note: String,
    /// The file's name in messages, and the line there (from 1).
    pub file: Arc<str>,
    pub line: usize,
    /// From the list that comes with the program.
    pub national: bool,
}

impl Row {
    /// True if the row says that the post was held on `day`.
    pub fn covers(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }

    /// The dates for people: `2016-03-01 至 2021-08-30`.
    pub fn dates(&self) -> String {
        let from = self
            .from
            .map_or_else(|| "任职时间不详".to_owned(), |day| day.to_string());
        let until = self
            .until
            .map_or_else(|| "今".to_owned(), |day| day.to_string());
        format!("{from} 至 {until}")
    }

    /// What the row says, for evidence.
    pub fn describe(&self) -> String {
        let acting = if self.acting { "（代理）" } else { "" };
        let place = if self.national {
            "内置国家领导人名单".to_owned()
        } else {
            format!("{} 第 {} 行", self.file, self.line)
        };
        let source = if self.source.is_empty() {
            String::new()
        } else {
            format!("，依据：{}", self.source)
        };
        format!(
            "名册：{}，{}{}{acting}，{}（{place}{source}）",
            self.name,
            self.organization,
            self.title,
            self.dates()
        )
    }
}

/// The rows of one or several files.
#[derive(Debug, Default)]
pub struct Roster {
    rows: Vec<Row>,
    register: OnceLock<Register>,
}

const FIELDS: [Field; 10] = [
    Field {
        name: "name",
        headers: &["姓名", "名字", "领导姓名"],
        required: true,
    },
    Field {
        name: "organization",
        headers: &["单位", "单位名称", "机构", "所在单位", "工作单位", "组织"],
        required: true,
    },
    Field {
        name: "title",
        headers: &["职务", "职务名称", "现任职务", "职位"],
        required: true,
    },
    Field {
        name: "short",
        headers: &["简称"],
        required: false,
    },
    Field {
        name: "order",
        headers: &["排序", "序号", "次序"],
        required: false,
    },
    Field {
        name: "from",
        headers: &["任职时间", "任职日期", "起始时间", "到任时间", "任职起"],
        required: false,
    },
    Field {
        name: "until",
        headers: &["离任时间", "离任日期", "免职时间", "截止时间", "任职止"],
        required: false,
    },
    Field {
        name: "acting",
        headers: &["代理"],
        required: false,
    },
    Field {
        name: "source",
        headers: &["依据", "来源", "文件依据"],
        required: false,
    },
    Field {
        name: "note",
        headers: &["备注", "说明"],
        required: false,
    },
];

/// The header line of a roster file.
pub const HEADERS: [&str; 10] = [
    "姓名",
    "单位",
    "职务",
    "简称",
    "排序",
    "任职时间",
    "离任时间",
    "代理",
    "依据",
    "备注",
];

impl Roster {
    /// Reads a site's files, one after the other.
    ///
    /// # Errors
    /// All mistakes in all files.
    pub fn read<'p>(paths: impl IntoIterator<Item = &'p Path>) -> Result<Self, Mistakes> {
        let mut rows = Vec::new();
        let mut mistakes = Vec::new();
        for path in paths {
            match Table::read(path) {
                Ok(table) => rows_of(&table, false, &mut rows, &mut mistakes),
                Err(mistake) => mistakes.push(mistake),
            }
        }
        Self::of(rows, mistakes)
    }

    /// Reads the text of a `.csv` file; `file` is its name in messages.
    ///
    /// # Errors
    /// All mistakes in it.
    pub fn parse_csv(file: &str, text: &str) -> Result<Self, Mistakes> {
        let mut rows = Vec::new();
        let mut mistakes = Vec::new();
        let table = Table::parse_csv(file, text)?;
        rows_of(&table, false, &mut rows, &mut mistakes);
        Self::of(rows, mistakes)
    }

    fn of(rows: Vec<Row>, mistakes: Vec<Mistake>) -> Result<Self, Mistakes> {
        if mistakes.is_empty() {
            Ok(Self {
                rows,
                register: OnceLock::new(),
            })
        } else {
            Err(Mistakes(mistakes))
        }
    }

    /// The rows in the order of the files, without the national list.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The roster together with the national list, prepared for look-ups; made on first use.
    /// `site` must be the same each time.
    pub fn register(&self, site: &Site) -> &Register {
        self.register
            .get_or_init(|| Register::new(&self.rows, site.place.as_deref()))
    }

    /// What stands for a roster where the site has none.
    pub fn national() -> &'static Self {
        static NATIONAL: LazyLock<Roster> = LazyLock::new(Roster::default);
        &NATIONAL
    }
}

/// The rows of the list that comes with the program.
pub fn national_rows() -> Vec<Row> {
    let mut rows = Vec::new();
    let mut mistakes = Vec::new();
    let text = include_str!("../../dictionaries/leaders-national.csv");
    match Table::parse_csv("leaders-national.csv", text) {
        Ok(table) => rows_of(&table, true, &mut rows, &mut mistakes),
        Err(mistake) => mistakes.push(mistake),
    }
    debug_assert!(mistakes.is_empty(), "{mistakes:?}");
    rows
}

fn rows_of(table: &Table, national: bool, rows: &mut Vec<Row>, mistakes: &mut Vec<Mistake>) {
    let layout = match table.layout(&FIELDS) {
        Ok(layout) => layout,
        Err(errors) => {
            mistakes.extend(errors);
            return;
        }
    };
    let file: Arc<str> = table.file().into();
    for row in table.rows() {
        match row_of(table, &layout, row, national, &file) {
            Ok(row) => rows.push(row),
            Err(errors) => {
                mistakes.extend(
                    errors
                        .into_iter()
                        .map(|message| table.mistake(row, message)),
                );
            }
        }
    }
}

fn row_of(
    table: &Table,
    layout: &Layout,
    row: &TableRow,
    national: bool,
    file: &Arc<str>,
) -> Result<Row, Vec<String>> {
    let _ = table;
    let mut errors = Vec::new();
    let cell = |field: usize| layout.cell(row, field);
    let name = super::normalise(cell(0)).replace(['•', '・', '‧', '．'], "·");
    let organization = super::normalise(cell(1));
    let title = super::normalise(cell(2));
    if name.is_empty() {
        errors.push("没有写姓名，请补上；整行不要的请删去，说明行以 # 开头".to_owned());
    } else if name.contains(['、', ';', '；', ',', '，', '/']) {
        errors.push(format!("姓名“{name}”像是几个人，请一人一行"));
    }
    if organization.is_empty() {
        errors.push(format!("“{name}”没有写单位，例如“示例县人民政府”"));
    }
    if title.is_empty() {
        errors.push(format!("“{name}”没有写职务，例如“副县长”"));
    }
    let mut day = |field: usize, header: &str, last: bool| match read_day(cell(field), last) {
        Ok(day) => day,
        Err(()) => {
            errors.push(format!(
                "{header}“{}”看不懂，请写成 2018-07-31、2018年7月 或 2018",
                cell(field)
            ));
            None
        }
    };
    let from = day(5, "任职时间", false);
    let until = day(6, "离任时间", true);
    if let (Some(from), Some(until)) = (from, until)
        && from > until
    {
        errors.push(format!(
            "“{name}”的离任时间 {until} 早于任职时间 {from}，请核对，是不是写反了"
        ));
    }
    let acting = match cell(7).to_lowercase().as_str() {
        "" | "否" | "no" | "false" | "0" | "n" => false,
        "是" | "代" | "代理" | "yes" | "true" | "1" | "y" => true,
        other => {
            errors.push(format!("代理一栏的“{other}”看不懂，请写“是”或空着"));
            false
        }
    };
    let order = match cell(4) {
        "" => None,
        text => match text.parse() {
            Ok(order) => Some(order),
            Err(_) => {
                errors.push(format!("排序“{text}”应是整数，例如 1"));
                None
            }
        },
    };
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(Row {
        name,
        organization,
        title,
        short: split_names(cell(3)).map(super::normalise).collect(),
        order,
        from,
        until,
        acting,
        source: cell(8).to_owned(),
        note: cell(9).to_owned(),
        file: Arc::clone(file),
        line: row.line,
        national,
    })
}

/// A day, a month (its first or last day) or a year; empty and 至今 are no day.
fn read_day(text: &str, last: bool) -> Result<Option<Date>, ()> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if text.is_empty() || matches!(text.as_str(), "至今" | "现任" | "在任" | "今" | "-" | "—")
    {
        return Ok(None);
    }
    if let Some(date) = crate::post::parse_date(&text) {
        return Ok(Some(date));
    }
    let digits = |text: &str| -> Option<i16> {
        (!text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()))
            .then(|| text.parse().ok())
            .flatten()
    };
    if text.len() == 8 && digits(&text[4..]).is_some() {
        let (year, month, day) = (digits(&text[..4]), digits(&text[4..6]), digits(&text[6..]));
        if let (Some(year), Some(month), Some(day)) = (year, month, day) {
            let date = Date::new(
                year,
                i8::try_from(month).map_err(|_| ())?,
                i8::try_from(day).map_err(|_| ())?,
            );
            return date.map(Some).map_err(|_| ());
        }
    }
    let mut parts = text
        .split(['年', '月', '-', '/', '.'])
        .filter(|part| !part.is_empty());
    let year = parts
        .next()
        .and_then(digits)
        .filter(|y| (1900..2200).contains(y));
    let month = parts.next().map(|month| digits(month).ok_or(()));
    let (Some(year), None) = (year, parts.next()) else {
        return Err(());
    };
    let month = match month {
        Some(month) => i8::try_from(month?).map_err(|_| ())?,
        None if last => 12,
        None => 1,
    };
    let first = Date::new(year, month, 1).map_err(|_| ())?;
    Ok(Some(if last { first.last_of_month() } else { first }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_headers_in_any_order_and_dates_of_many_forms() {
        let text = "职务,姓名,单位,任职时间,离任时间,代理,简称\n\
                    县长,张　三,示例县人民政府,2016.3,2021年8月,,县政府；示例县政府\n\
                    代县长,李四,示例县人民政府,2021/9/1,至今,是,\n";
        let roster = Roster::parse_csv("roster.csv", text).unwrap();
        let [first, second] = roster.rows() else {
            panic!("{roster:?}")
        };
        assert_eq!(first.name, "张三");
        assert_eq!(first.dates(), "2016-03-01 至 2021-08-31");
        assert_eq!(first.short, ["县政府", "示例县政府"]);
        assert!(second.acting && second.until.is_none());
        assert_eq!((second.line, &*second.file), (3, "roster.csv"));
    }

    #[test]
    fn mistakes_name_line_and_remedy() {
        let text = "姓名,单位,职务,任职时间,离任时间,代理,排序\n\
                    张三,,县长,,,,\n\
                    李四,示例县人民政府,副县长,去年,,,\n\
                    王五,示例县人民政府,副县长,2021-09-01,2018-01-01,也许,第一\n";
        let mistakes = Roster::parse_csv("roster.csv", text)
            .unwrap_err()
            .to_string();
        for part in [
            "roster.csv 第 2 行：“张三”没有写单位",
            "roster.csv 第 3 行：任职时间“去年”看不懂",
            "roster.csv 第 4 行：“王五”的离任时间 2018-01-01 早于",
            "代理一栏的“也许”看不懂",
            "排序“第一”应是整数",
        ] {
            assert!(mistakes.contains(part), "{mistakes}");
        }
    }

    #[test]
    fn the_national_list_is_sound() {
        let rows = national_rows();
        assert!(rows.len() > 80);
        assert!(rows.iter().all(|row| row.national));
    }
}
