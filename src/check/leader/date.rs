//! The day of the event that a post tells of: whoever held a post then is right, for ever.

use crate::document::Document;
use jiff::civil::Date;
use regex::Regex;
use std::sync::LazyLock;

/// The days on which a title may be right: first the most likely one. A title is wrong only if it
/// is wrong on all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventDays {
    pub days: Vec<Date>,
}

/// Posts report events of at most this many days ago under a date without a year.
const LATEST_NEWS: i32 = 60;

/// How far into the lead its date may begin, in bytes, to be the day of the event for certain.
const AT_THE_START: usize = 60;

/// The event's day: X月X日 of the lead, with the year of publication; else `day`, that of
/// publication or, for a draft, of the check.
pub fn event_days(body: &Document<'_>, day: Date) -> EventDays {
    let lead = body
        .visible_blocks()
        .filter(|(_, block)| !block.in_table)
        .map(|(_, block)| block.trimmed_str())
        .find(|text| text.chars().count() >= 15);
    let Some((found, at)) = lead.and_then(|text| date_in(text, day)) else {
        return EventDays { days: vec![day] };
    };
    if at <= AT_THE_START {
        return EventDays { days: vec![found] };
    }
    EventDays {
        days: vec![found, day],
    }
}

/// The first date in a lead that can be the event's, and where it stands (bytes).
fn date_in(text: &str, day: Date) -> Option<(Date, usize)> {
    static DATE: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?:(?:([0-9]{4})年)?([0-9]{1,2})月)([0-9]{1,2})日").ok());
    let found = DATE.as_ref()?.captures(text)?;
    let whole = found.get(0)?;
    let number = |group: usize| {
        found
            .get(group)
            .and_then(|g| g.as_str().parse::<i16>().ok())
    };
    let (month, of_month) = (
        i8::try_from(number(2)?).ok()?,
        i8::try_from(number(3)?).ok()?,
    );
    // 8月30日前 is a time limit.
    if text[whole.end()..].starts_with(['前', '起']) || text[whole.end()..].starts_with("之前")
    {
        return None;
    }
    let years = match number(1) {
        Some(year) => vec![year],
        None => vec![day.year(), day.year() - 1],
    };
    years.into_iter().find_map(|year| {
        let date = Date::new(year, month, of_month).ok()?;
        let age = (day - date).get_days();
        let recent = if number(1).is_some() {
            3660
        } else {
            LATEST_NEWS
        };
        (0..=recent).contains(&age).then_some((date, whole.start()))
    })
}

/// Years that a sentence names (2016年).
pub fn years(sentence: &str) -> impl Iterator<Item = i16> + '_ {
    static YEAR: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(1[89][0-9]{2}|20[0-9]{2})(?:年|[.\-/—–])").ok());
    YEAR.iter()
        .flat_map(move |year| year.captures_iter(sentence))
        .filter_map(|found| found.get(1)?.as_str().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_leads_date_is_near_before_publication() {
        let day = date(2024, 1, 5);
        let found = |text| date_in(text, day).map(|(date, _)| date);
        assert_eq!(found("1月3日，示例县召开会议"), Some(date(2024, 1, 3)));
        assert_eq!(found("12月30日，示例县召开会议"), Some(date(2023, 12, 30)));
        assert_eq!(found("6月5日将召开会议"), None);
        assert_eq!(found("请于1月3日前报送"), None);
        assert_eq!(found("2019年5月6日，会议召开"), Some(date(2019, 5, 6)));
        assert_eq!(years("2016年至2018年").collect::<Vec<_>>(), [2016, 2018]);
    }
}
