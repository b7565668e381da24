//! Tables that people keep in a spreadsheet: `.csv` (UTF-8, UTF-16, GBK; comma, tab or semicolon)
//! and `.xlsx`/`.xls`/`.ods`, with Chinese or English headers in any order.
//!
//! Rows that are empty or begin with `#` are comments; the first other row holds the headers.

use crate::mistake::Mistake;
use crate::settings::nearest;
use calamine::{Data, Reader as _};
use std::path::Path;

/// What went wrong is always a mistake in (or of) the file.
pub type TableError = Mistake;

/// A table as it was read: headers, and rows with the line they stand on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    file: String,
    headers: Row,
    rows: Vec<Row>,
}

/// A row of cells, blanks at their ends dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The line of the file, or the row of the sheet, from 1.
    pub line: usize,
    pub cells: Vec<String>,
}

/// A field that a table may have, and the headers that it goes by.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its English name, which is a header too.
    pub name: &'static str,
    /// Its Chinese headers; the first one is what messages say.
    pub headers: &'static [&'static str],
    pub required: bool,
}

/// Where each of a list of fields stands in a table.
#[derive(Debug, Clone)]
pub struct Layout {
    columns: Vec<Option<usize>>,
}

impl Table {
    /// Reads a table; the kind of file goes by its name's ending, `.csv` being the default.
    pub fn read(path: &Path) -> Result<Self, TableError> {
        let file = path.display().to_string();
        let extension = path
            .extension()
            .map(|e| e.to_string_lossy().to_lowercase())
            .unwrap_or_default();
        let rows = match &*extension {
            "xlsx" | "xlsm" | "xls" | "ods" => sheet_rows(path, &file)?,
            _ => {
                let bytes = std::fs::read(path)
                    .map_err(|error| Mistake::of_file(&file, cannot_read(&error)))?;
                let (text, _) = crate::input::encoding::decode(&bytes)
                    .map_err(|error| Mistake::of_file(&file, error.to_string()))?;
                csv_rows(&file, &text)?
            }
        };
        Self::of_rows(file, rows)
    }

    /// Reads the text of a `.csv` file; `file` is its name in messages.
    pub fn parse_csv(file: &str, text: &str) -> Result<Self, TableError> {
        Self::of_rows(file.to_owned(), csv_rows(file, text)?)
    }

    fn of_rows(file: String, rows: Vec<Row>) -> Result<Self, TableError> {
        let mut rows = rows.into_iter().filter(|row| {
            let first = row.cells.iter().find(|cell| !cell.is_empty());
            first.is_some_and(|cell| !cell.starts_with('#'))
        });
        let Some(headers) = rows.next() else {
            return Err(Mistake::of_file(
                &file,
                "没有表头：第一行应写各列的名称，例如“单位,别名,类别”",
            ));
        };
        Ok(Self {
            rows: rows.collect(),
            headers,
            file,
        })
    }

    /// The file's name in messages.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The rows below the headers.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// A mistake in a row of this table.
    pub fn mistake(&self, row: &Row, message: impl Into<String>) -> Mistake {
        Mistake::new(&self.file, row.line, message)
    }

    /// Finds the fields among the headers. A header that is no field is let be, people keep
    /// notes of their own; but not if it is so near to one that it must be a slip.
    pub fn layout(&self, fields: &[Field]) -> Result<Layout, Vec<Mistake>> {
        let mut mistakes = Vec::new();
        let mut columns = vec![None; fields.len()];
        let mut strangers = Vec::new();
        for (index, header) in self.headers.cells.iter().enumerate() {
            let key = super::normalise(header).to_lowercase();
            if key.is_empty() {
                continue;
            }
            let field = fields
                .iter()
                .position(|f| f.name == key || f.headers.contains(&key.as_str()));
            match field {
                Some(field) if columns[field].is_some() => mistakes.push(self.mistake(
                    &self.headers,
                    format!("表头“{header}”重复，同一列只能有一个"),
                )),
                Some(field) => columns[field] = Some(index),
                None => strangers.push((header, key)),
            }
        }
        for (header, key) in strangers {
            let free = fields
                .iter()
                .zip(&columns)
                .filter(|(_, column)| column.is_none())
                .flat_map(|(field, _)| field.headers.iter().copied().chain([field.name]));
            if let Some(near) = nearest(&key, free) {
                mistakes.push(self.mistake(
                    &self.headers,
                    format!("不认识表头“{header}”，是不是想写“{near}”？"),
                ));
            }
        }
        for (field, column) in fields.iter().zip(&columns) {
            if field.required && column.is_none() && mistakes.is_empty() {
                let header = field.headers.first().unwrap_or(&field.name);
                let have = self.headers.cells.join("、");
                mistakes.push(self.mistake(
                    &self.headers,
                    format!("缺少“{header}”一列，请在表头里加上（现有表头：{have}）"),
                ));
            }
        }
        if mistakes.is_empty() {
            Ok(Layout { columns })
        } else {
            Err(mistakes)
        }
    }
}

impl Layout {
    /// The cell of the field with this index in `row`; empty where the table lacks it.
    pub fn cell<'r>(&self, row: &'r Row, field: usize) -> &'r str {
        self.columns
            .get(field)
            .copied()
            .flatten()
            .and_then(|column| row.cells.get(column))
            .map_or("", String::as_str)
    }
}

/// Parts of a cell that holds several names: `;`, `；`, `、`, `|` and line breaks part them.
pub fn split_names(cell: &str) -> impl Iterator<Item = &str> {
    cell.split([';', '；', '、', '|', '\n'])
        .map(str::trim)
        .filter(|name| !name.is_empty())
}

fn cannot_read(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "找不到这个文件".to_owned(),
        std::io::ErrorKind::PermissionDenied => "没有读取这个文件的权限".to_owned(),
        _ => format!("无法读取：{error}"),
    }
}

fn csv_rows(file: &str, text: &str) -> Result<Vec<Row>, TableError> {
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .comment(Some(b'#'))
        .delimiter(delimiter(text))
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut lines = LineCounter {
        text,
        at: 0,
        line: 1,
    };
    for record in reader.records() {
        let record =
            record.map_err(|error| Mistake::of_file(file, format!("不是合法的表格：{error}")))?;
        let start = record.position().map_or(0, csv::Position::byte);
        rows.push(Row {
            line: lines.of_record(usize::try_from(start).unwrap_or(usize::MAX)),
            cells: record.iter().map(|cell| cell.trim().to_owned()).collect(),
        });
    }
    Ok(rows)
}

/// The sign that parts the cells of the first row that is no comment.
fn delimiter(text: &str) -> u8 {
    let header = text
        .lines()
        .find(|line| !line.trim().is_empty() && !line.starts_with('#'))
        .unwrap_or_default();
    let count = |sign: char| header.matches(sign).count();
    if count('\t') > count(',') {
        b'\t'
    } else if count(';') > count(',') {
        b';'
    } else {
        b','
    }
}

/// Counts lines up to the records of a table. The csv crate gives the place where it began to
/// look for a record, which is before the empty lines and comments that it passes over.
struct LineCounter<'t> {
    text: &'t str,
    at: usize,
    line: usize,
}

impl LineCounter<'_> {
    fn of_record(&mut self, start: usize) -> usize {
        let bytes = self.text.as_bytes();
        while self.at < start.min(bytes.len()) {
            self.line += usize::from(bytes[self.at] == b'\n');
            self.at += 1;
        }
        loop {
            match bytes.get(self.at) {
                Some(b'\n') => {
                    self.line += 1;
                    self.at += 1;
                }
                Some(b'\r') => self.at += 1,
                Some(b'#') => {
                    while bytes.get(self.at).is_some_and(|&byte| byte != b'\n') {
                        self.at += 1;
                    }
                }
                _ => return self.line,
            }
        }
    }
}

/// The rows of a workbook's first sheet that holds anything.
fn sheet_rows(path: &Path, file: &str) -> Result<Vec<Row>, TableError> {
    let not_a_workbook = |error: calamine::Error| match error {
        calamine::Error::Io(error) => Mistake::of_file(file, cannot_read(&error)),
        error => Mistake::of_file(
            file,
            format!("不是能读的表格文件，请用 Excel 或 WPS 另存为 .xlsx（{error}）"),
        ),
    };
    let mut workbook = calamine::open_workbook_auto(path).map_err(not_a_workbook)?;
    for name in workbook.sheet_names() {
        let range = workbook.worksheet_range(&name).map_err(not_a_workbook)?;
        let Some((first, _)) = range.start() else {
            continue;
        };
        let rows = range.rows().enumerate().map(|(index, cells)| Row {
            line: first as usize + index + 1,
            cells: cells.iter().map(cell_text).collect(),
        });
        return Ok(rows.collect());
    }
    Ok(Vec::new())
}

/// A cell as people see it: whole numbers without a point, dates as `2018-07-31`.
fn cell_text(cell: &Data) -> String {
    match cell {
        Data::Empty | Data::Error(_) => String::new(),
        Data::String(text) => text.trim().to_owned(),
        Data::DateTime(moment) if moment.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
            if (hour, minute, second) == (0, 0, 0) {
                format!("{year:04}-{month:02}-{day:02}")
            } else {
                format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
            }
        }
        other => other.to_string().trim().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: [Field; 3] = [
        Field {
            name: "name",
            headers: &["单位", "单位名称"],
            required: true,
        },
        Field {
            name: "kind",
            headers: &["类别"],
            required: false,
        },
        Field {
            name: "monthly_quota",
            headers: &["月发布数"],
            required: false,
        },
    ];

    #[test]
    fn headers_in_any_order_and_lines_past_comments_and_quoted_breaks() {
        let text = "\u{feff}# 说明,,\r\n\r\n类别,备忘,单位名称\r\n镇街,\"两\r\n行\",示例镇\r\n\r\n# 注\r\n,,\r\n部门,x,示例局\r\n";
        let table = Table::parse_csv("units.csv", text).unwrap();
        let layout = table.layout(&FIELDS).unwrap();
        let rows: Vec<_> = table
            .rows()
            .iter()
            .map(|row| (row.line, layout.cell(row, 0), layout.cell(row, 1)))
            .collect();
        assert_eq!(rows, [(4, "示例镇", "镇街"), (9, "示例局", "部门")]);
        assert_eq!(layout.cell(&table.rows()[0], 2), "");
    }

    #[test]
    fn a_header_that_is_nearly_right_is_named() {
        let table = Table::parse_csv("u.csv", "单位,月发布量\n示例镇,3\n").unwrap();
        let mistakes = table.layout(&FIELDS).unwrap_err();
        assert_eq!(
            mistakes[0].to_string(),
            "u.csv 第 1 行：不认识表头“月发布量”，是不是想写“月发布数”？"
        );
    }

    #[test]
    fn a_missing_column_and_an_empty_table_are_told() {
        let table = Table::parse_csv("u.csv", "\n类别\n镇街\n").unwrap();
        let mistakes = table.layout(&FIELDS).unwrap_err();
        assert_eq!(
            mistakes[0].to_string(),
            "u.csv 第 2 行：缺少“单位”一列，请在表头里加上（现有表头：类别）"
        );
        assert!(Table::parse_csv("u.csv", "# 只有说明\n").is_err());
    }

    #[test]
    fn tabs_and_semicolons_part_cells_too() {
        for text in ["单位\t类别\n示例镇\t镇街\n", "单位;类别\n示例镇;镇街\n"] {
            let table = Table::parse_csv("u.csv", text).unwrap();
            let layout = table.layout(&FIELDS).unwrap();
            assert_eq!(layout.cell(&table.rows()[0], 1), "镇街");
        }
    }

    #[test]
    fn a_workbook_reads_like_the_same_table_as_text() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("units.xlsx");
        let mut workbook = rust_xlsxwriter::Workbook::new();
        workbook.add_worksheet();
        let sheet = workbook.add_worksheet();
        let day = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
        sheet.write_string(1, 0, "# 说明").unwrap();
        for (column, header) in ["单位名称", "月发布数", "类别"].iter().enumerate() {
            sheet.write_string(2, column as u16, *header).unwrap();
        }
        sheet.write_string(4, 0, " 示例镇 ").unwrap();
        sheet.write_number(4, 1, 15.0).unwrap();
        let date = rust_xlsxwriter::ExcelDateTime::from_ymd(2018, 7, 31).unwrap();
        sheet.write_datetime_with_format(4, 2, &date, &day).unwrap();
        workbook.save(&path).unwrap();
        let table = Table::read(&path).unwrap();
        let layout = table.layout(&FIELDS).unwrap();
        let [row] = table.rows() else {
            panic!("{:?}", table.rows());
        };
        assert_eq!(row.line, 5);
        let cells = [0, 1, 2].map(|field| layout.cell(row, field));
        assert_eq!(cells, ["示例镇", "2018-07-31", "15"]);
        std::fs::write(&path, "单位\n示例镇\n").unwrap();
        let error = Table::read(&path).unwrap_err();
        assert!(error.message.contains("另存为 .xlsx"), "{error}");
    }

    #[test]
    fn gbk_and_utf16_files_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("units.csv");
        let text = "单位,类别\n示例县水利局,政府组成部门\n";
        let (gbk, _, _) = encoding_rs::GBK.encode(text);
        let utf16: Vec<u8> = [0xff, 0xfe]
            .into_iter()
            .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        for bytes in [gbk.into_owned(), utf16] {
            std::fs::write(&path, bytes).unwrap();
            let table = Table::read(&path).unwrap();
            let layout = table.layout(&FIELDS).unwrap();
            assert_eq!(layout.cell(&table.rows()[0], 0), "示例县水利局");
        }
    }
}
