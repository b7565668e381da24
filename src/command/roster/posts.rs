//! Posts written in words, taken apart into organisation and title: 县委副书记、县长.

use crate::dictionary::organisation;
use crate::dictionary::register::{Register, written};

/// Takes a list of posts apart. `default`: the organisation of a title that names none.
/// Each is the organisation's full name, empty where it is not known, and the title.
pub fn read(text: &str, register: &Register, default: &str) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    let parts = text
        .split(['、', '，', ',', ';', '；', '\n', '兼', '并'])
        .map(|part| {
            part.trim_start_matches(|c: char| c.is_whitespace() || "任为：:（(的".contains(c))
                .trim_end_matches(|c: char| c.is_whitespace() || "。）)的".contains(c))
        })
        .filter(|part| !part.is_empty());
    for part in parts {
        let part = crate::dictionary::normalise(part);
        // （正处级） and the like behind a title.
        let part = part.split('(').next().unwrap_or_default();
        let part = part.strip_suffix("职务").unwrap_or(part);
        let Some((start, title)) = register.titles().ending(part) else {
            continue;
        };
        let before = part[..start].trim_end_matches(['原', '的']);
        // 公安局长: the organ's last character is the title's first.
        let first = title.base.chars().next().unwrap_or_default();
        let contracted = "局部厅院所站".contains(first)
            && title.base.chars().count() == 2
            && !title.deputy
            && !before.is_empty()
            && !before.ends_with(first);
        let before = &if contracted {
            format!("{before}{first}")
        } else {
            before.to_owned()
        };
        let organization = if before.is_empty() {
            match (title.level(), out.last()) {
                (Some(level), _) if !matches!(level, '镇' | '乡') => register
                    .chain()
                    .at_level(level)
                    .next()
                    .map(|place| organisation::formal(place, organisation::GOVERNMENT))
                    .unwrap_or_default(),
                (_, Some((before, _))) => before.clone(),
                (_, None) => default.to_owned(),
            }
        } else {
            let parsed = organisation::parse(before, register.chain());
            let place = parsed
                .place
                .clone()
                .or_else(|| Some(register.chain().at_level(parsed.level?).next()?.to_owned()))
                .or_else(|| {
                    organisation::is_standard(&parsed.organ)
                        .then(|| register.chain().own().map(str::to_owned))
                        .flatten()
                });
            let bare_place = parsed.place.is_none()
                && title.level().is_some_and(|l| before.ends_with(l))
                && !matches!(title.level(), Some('镇' | '乡'));
            match place {
                Some(place) => organisation::formal(&place, &parsed.organ),
                None if bare_place => organisation::formal(before, organisation::GOVERNMENT),
                None => before.to_owned(),
            }
        };
        let mut title_text = written(title);
        if title_text != part[start..] {
            title_text = part[start..].to_owned();
        }
        out.push((organization, title_text));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_posts_are_taken_apart() {
        let register = Register::new(&[], Some("某省某市示例县"));
        let read = |text| -> Vec<String> {
            super::read(text, &register, "")
                .into_iter()
                .map(|(organization, title)| format!("{organization}/{title}"))
                .collect()
        };
        assert_eq!(
            read("县委副书记、县政府党组书记、县长"),
            [
                "中共示例县委员会/副书记",
                "示例县人民政府/党组书记",
                "示例县人民政府/县长"
            ]
        );
        assert_eq!(
            read("示例县财政局党组书记、局长（试用期一年）职务"),
            ["示例县财政局/党组书记", "示例县财政局/局长"]
        );
        assert_eq!(
            read("县委常委、县委组织部部长，县人大常委会副主任"),
            [
                "中共示例县委员会/常委",
                "中共示例县委组织部/部长",
                "示例县人大常委会/副主任"
            ]
        );
    }
}
