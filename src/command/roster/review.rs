//! `baguan roster check`: what looks wrong in a roster.

use super::{Error, Kept, Status, kept};
use crate::check::leader::is_han;
use crate::command::{date, say};
use crate::dictionary::names::{Slip, slip, surname};
use crate::dictionary::organisation::{self, is_standard};
use crate::dictionary::register::Register;
use crate::dictionary::roster::Row;
use crate::dictionary::units::Units;
use crate::mistake::Mistake;
use clap::Args;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct CheckArgs {
    #[arg(
        value_name = "名册",
        help_heading = "参数",
        help = "名册文件；不写则用站点的名册"
    )]
    files: Vec<PathBuf>,
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
}

/// Runs the command.
pub fn run(args: CheckArgs) -> Result<Status, Error> {
    let Kept {
        site,
        roster,
        units,
    } = kept(&args.files, args.config, true)?;
    let today = args.as_of.unwrap_or_else(|| jiff::Zoned::now().date());
    let register = Register::new(roster.rows(), site.place.as_deref());
    let mut told = review(&register, units.as_ref(), today);
    told.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    let mut out = std::io::stdout().lock();
    for mistake in &told {
        writeln!(out, "{mistake}")?;
    }
    if told.is_empty() {
        say(format_args!(
            "名册共 {} 行，没有发现问题",
            roster.rows().len()
        ));
        Ok(Status::Clean)
    } else {
        say(format_args!(
            "名册共 {} 行，有 {} 处请核对",
            roster.rows().len(),
            told.len()
        ));
        Ok(Status::Found)
    }
}

/// A post may stand vacant this long before it is told.
const VACANCY_DAYS: i32 = 366;

fn at(row: &Row, message: String) -> Mistake {
    Mistake::new(&row.file, row.line, message)
}

/// Everything that a person should look at.
pub fn review(register: &Register, units: Option<&Units>, today: Date) -> Vec<Mistake> {
    let mut out = Vec::new();
    let rows: Vec<&Row> = register.rows().iter().filter(|row| !row.national).collect();
    for row in &rows {
        out.extend(name(row).map(|message| at(row, message)));
        if row.from.is_some_and(|from| from > today) {
            out.push(at(row, format!("“{}”的任职时间在将来，请核对", row.name)));
        }
        if let Some(units) = units
            && units.find(&row.organization).is_none()
        {
            let parsed = organisation::parse(&row.organization, register.chain());
            if !is_standard(&parsed.organ) && units.find(&parsed.organ).is_none() {
                out.push(at(
                    row,
                    format!(
                        "单位“{}”不在 units.csv 里，请核对名称，或补进 units.csv",
                        row.organization
                    ),
                ));
            }
        }
    }
    doubled(&rows, &mut out);
    terms(register, &mut out);
    alike(register, &mut out);
    out
}

/// What is odd about a name by itself.
fn name(row: &Row) -> Option<String> {
    let name = row.name.as_str();
    let chars: Vec<char> = name.chars().collect();
    if chars.iter().any(|c| !is_han(*c) && *c != '·') {
        return Some(format!("姓名“{name}”里有汉字以外的字符，请核对"));
    }
    if name.contains('·') {
        return None;
    }
    let head = |length: usize| chars.iter().take(length).collect::<String>();
    if !(2..=4).contains(&chars.len()) {
        return Some(format!("姓名“{name}”的字数少见，请核对"));
    }
    if surname(&head(1)).is_none() && surname(&head(2)).is_none() {
        return Some(format!("姓名“{name}”的姓氏少见，请核对；无误可不理会"));
    }
    None
}

fn doubled(rows: &[&Row], out: &mut Vec<Mistake>) {
    let mut seen: BTreeMap<_, &Row> = BTreeMap::new();
    for row in rows {
        let key = (&row.name, &row.organization, &row.title, row.from);
        match seen.get(&key) {
            Some(first) => out.push(at(row, format!("与第 {} 行重复，请删去一行", first.line))),
            None => {
                seen.insert(key, row);
            }
        }
    }
}

/// Two in one post at once, and posts that stand vacant for long.
fn terms(register: &Register, out: &mut Vec<Mistake>) {
    let mut by_post: BTreeMap<(usize, String), Vec<&Row>> = BTreeMap::new();
    for held in register.held() {
        let row = register.row(held);
        if held.title.single && !row.national {
            by_post
                .entry((held.office, held.title.base.clone()))
                .or_default()
                .push(row);
        }
    }
    for ((_, title), mut rows) in by_post {
        rows.sort_by_key(|row| (row.from, row.until.is_none(), row.until));
        for pair in rows.windows(2) {
            let [first, next] = pair else { continue };
            if first.name == next.name {
                continue;
            }
            let overlap = match (first.until, next.from) {
                (None, _) => next
                    .until
                    .is_none_or(|until| first.from.is_none_or(|f| f <= until)),
                (Some(until), Some(from)) => from < until,
                (Some(_), None) => false,
            };
            if overlap {
                out.push(at(
                    next,
                    format!(
                        "“{}{title}”同时有两人：{}（第 {} 行，{}）和{}（{}），请核对离任时间",
                        next.organization,
                        first.name,
                        first.line,
                        first.dates(),
                        next.name,
                        next.dates()
                    ),
                ));
            } else if let (Some(until), Some(from)) = (first.until, next.from)
                && (from - until).get_days() > VACANCY_DAYS
            {
                out.push(at(
                    next,
                    format!(
                        "“{}{title}”在 {until} 至 {from} 之间没有人，请核对是不是漏了一任",
                        next.organization
                    ),
                ));
            }
        }
    }
}

/// Names of one organisation that differ by a slip.
fn alike(register: &Register, out: &mut Vec<Mistake>) {
    let mut by_office: BTreeMap<usize, Vec<&Row>> = BTreeMap::new();
    for held in register.held() {
        let row = register.row(held);
        if !row.national {
            by_office.entry(held.office).or_default().push(row);
        }
    }
    for rows in by_office.values() {
        // Names that begin alike or end alike, so that the work stays small.
        let mut groups: BTreeMap<(bool, Option<char>, usize), Vec<&Row>> = BTreeMap::new();
        for row in rows {
            let length = row.name.chars().count();
            for (end, c) in [
                (false, row.name.chars().next()),
                (true, row.name.chars().next_back()),
            ] {
                groups.entry((end, c, length)).or_default().push(row);
            }
        }
        let mut told: Vec<(&str, &str)> = Vec::new();
        for group in groups.values() {
            for (index, row) in group.iter().enumerate() {
                // Far more than any organisation has of one surname.
                for other in group[..index].iter().rev().take(200) {
                    let slipped = matches!(
                        slip(&row.name, &other.name),
                        Some(Slip::SameSound | Slip::Alike | Slip::Swapped)
                    );
                    let pair = (row.name.as_str(), other.name.as_str());
                    if slipped && !told.contains(&pair) && !told.contains(&(pair.1, pair.0)) {
                        told.push(pair);
                        out.push(at(
                            row,
                            format!(
                                "“{}”与第 {} 行的“{}”只差音形相近的字，请核对是不是同一人",
                                row.name, other.line, other.name
                            ),
                        ));
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dictionary::roster::Roster;

    #[test]
    fn overlaps_gaps_doubles_and_slips_are_told() {
        let text = "姓名,单位,职务,任职时间,离任时间\n\
                    王改,示例县人民政府,县长,2012-01-01,2015-01-01\n\
                    李国庆,示例县人民政府,县长,2014-06-01,2016-01-01\n\
                    陈大伟,示例县人民政府,县长,2018-01-01,\n\
                    陈大伟,示例县人民政府,县长,2018-01-01,\n\
                    陈大纬,示例县人民政府,副县长,2018-01-01,\n\
                    张3,示例县财政局,局长,2030-01-01,\n";
        let roster = Roster::parse_csv("roster.csv", text).unwrap();
        let register = Register::new(roster.rows(), Some("某省某市示例县"));
        let told: Vec<String> = review(&register, None, jiff::civil::date(2024, 6, 1))
            .iter()
            .map(ToString::to_string)
            .collect();
        for part in [
            "第 3 行：“示例县人民政府县长”同时有两人：王改（第 2 行",
            "第 4 行：“示例县人民政府县长”在 2016-01-01 至 2018-01-01 之间没有人",
            "第 5 行：与第 4 行重复",
            "第 6 行：“陈大纬”与第",
            "第 7 行：姓名“张3”里有汉字以外的字符",
            "第 7 行：“张3”的任职时间在将来",
        ] {
            assert!(
                told.iter().any(|line| line.contains(part)),
                "{part}: {told:#?}"
            );
        }
    }
}
