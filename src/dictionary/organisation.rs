//! Names of organisations, taken apart into the place and the organ: 中共某省某市示例县委员会 is
//! the organ 委 of 示例县.

use super::places::{self, Kind, Places};

/// Characters that end the names of administrative units.
pub const LEVELS: [char; 7] = ['省', '市', '县', '区', '州', '盟', '旗'];

/// The places that a place lies in, and itself last: 某省, 某市, 示例县.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chain {
    places: Vec<String>,
}

/// An organisation's name, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// The full name of its place; `None` where the name has none.
    pub place: Option<String>,
    /// The level that stands for the place (县 of 县财政局), where the place has no name.
    pub level: Option<char>,
    /// Without the place, in its usual short form: 委, 政府, 人大常委会, 财政局, 城关镇.
    pub organ: String,
}

/// The organ of government proper.
pub const GOVERNMENT: &str = "政府";

impl Chain {
    /// Takes `某省某市示例县` apart.
    pub fn of(place: &str) -> Self {
        let chars: Vec<char> = place.chars().filter(|c| !c.is_whitespace()).collect();
        let mut places = Vec::new();
        let mut at = 0;
        while at < chars.len() {
            let longest = (at + 2..=chars.len().min(at + places::LONGEST))
                .rev()
                .find(|&end| {
                    let name: String = chars[at..end].iter().collect();
                    Places::built_in().kind(&name) == Some(Kind::Domestic)
                });
            // A place that is not in the gazetteer ends with the first level character after at
            // least one other.
            let end = longest.unwrap_or_else(|| {
                (at + 1..chars.len())
                    .find(|&end| LEVELS.contains(&chars[end]) || "镇乡".contains(chars[end]))
                    .map_or(chars.len(), |end| end + 1)
            });
            places.push(chars[at..end].iter().collect());
            at = end;
        }
        Self { places }
    }

    /// All places, the widest first.
    pub fn places(&self) -> &[String] {
        &self.places
    }

    /// The place itself.
    pub fn own(&self) -> Option<&str> {
        self.places.last().map(String::as_str)
    }

    /// True if the place is this one or lies in it.
    pub fn contains(&self, name: &str) -> bool {
        self.places.iter().any(|place| place == name)
    }

    /// The places of a level (县), the narrowest first.
    pub fn at_level(&self, level: char) -> impl Iterator<Item = &str> {
        self.places
            .iter()
            .rev()
            .map(String::as_str)
            .filter(move |place| place.ends_with(level))
    }

    /// The place whose name without its last character is `stem` and whose level is `level`.
    pub fn of_stem(&self, stem: &str, level: char) -> Option<&str> {
        self.at_level(level)
            .find(|place| place.strip_suffix(level) == Some(stem))
    }
}

/// Words that end in a level character and are no places.
const NO_PLACES: &[&str] = &[
    "团省",
    "团市",
    "团县",
    "团区",
    "城市",
    "社区",
    "地区",
    "开发区",
    "园区",
    "景区",
    "灾区",
    "山区",
    "小区",
    "辖区",
    "城区",
    "校区",
    "院区",
    "库区",
    "林区",
    "牧区",
    "矿区",
    "新区",
    "高新区",
    "示范区",
    "试验区",
    "保税区",
    "工业区",
    "风景区",
    "旅游区",
    "功能区",
    "超市",
    "集市",
    "都市",
    "上市",
    "股市",
    "防区",
    "自贸区",
];

/// Beginnings of organs that every county has: what stands before one is its place.
const PLAIN_ORGANS: &[&str] = &[
    "委",
    "人民政府",
    "政府",
    "人大",
    "人民代表大会",
    "政协",
    "纪委",
    "纪律检查",
    "监委",
    "监察委员会",
    "人民法院",
    "人民检察院",
];

/// Takes a name apart. `chain`: the site's place, whose names need not be in the gazetteer.
pub fn parse(name: &str, chain: &Chain) -> Organisation {
    let mut rest = name;
    let party = ["中国共产党", "中共"]
        .iter()
        .find_map(|prefix| rest.strip_prefix(prefix))
        .inspect(|stripped| rest = stripped)
        .is_some();
    let conference = ["中国人民政治协商会议", "政协"]
        .iter()
        .find_map(|prefix| rest.strip_prefix(prefix).filter(|r| !r.is_empty()))
        .filter(|stripped| leading_place(stripped, chain).is_some() || stripped.ends_with("委员会"))
        .inspect(|stripped| rest = stripped)
        .is_some();
    let mut place = None;
    while let Some(end) = leading_place(rest, chain) {
        place = Some(rest[..end].to_owned());
        rest = &rest[end..];
    }
    let mut level = None;
    let mut chars = rest.chars();
    if let Some(first) = chars.next()
        && LEVELS.contains(&first)
        && !rest.starts_with("市场")
        && !rest.starts_with("市政")
        && !rest.starts_with("区域")
        && !chars.as_str().is_empty()
        && place.as_ref().is_none_or(|place| place.ends_with(first))
    {
        level = place.is_none().then_some(first);
        rest = chars.as_str();
    }
    Organisation {
        organ: organ(rest, party, conference),
        place,
        level,
    }
}

/// The end (bytes) of the place that `text` begins with.
fn leading_place(text: &str, chain: &Chain) -> Option<usize> {
    if let Some(place) = chain.places().iter().find(|p| text.starts_with(p.as_str())) {
        return Some(place.len());
    }
    let ends: Vec<usize> = text
        .char_indices()
        .map(|(at, c)| at + c.len_utf8())
        .take(places::LONGEST)
        .collect();
    let known = ends
        .iter()
        .skip(1)
        .rev()
        .find(|&&end| Places::built_in().kind(&text[..end]) == Some(Kind::Domestic));
    if let Some(&end) = known {
        return Some(end);
    }
    ends.iter()
        .skip(1)
        .take(6)
        .find(|&&end| {
            let (name, rest) = text.split_at(end);
            name.ends_with(LEVELS)
                && !NO_PLACES.iter().any(|word| name.ends_with(word))
                && PLAIN_ORGANS.iter().any(|organ| rest.starts_with(organ))
        })
        .copied()
}

/// The usual short form of an organ.
fn organ(rest: &str, party: bool, conference: bool) -> String {
    if conference {
        let tail = rest
            .strip_prefix("委员会")
            .or_else(|| rest.strip_prefix("全国委员会"))
            .unwrap_or(rest);
        return format!("政协{}", short(tail));
    }
    let town = |rest: &str| rest.ends_with(['镇', '乡']) || rest.ends_with("街道");
    if party && let Some(head) = rest.strip_suffix("委员会") {
        if head.is_empty() {
            return "委".to_owned();
        }
        if town(head) {
            // The party secretary of a town is its 党委书记.
            return head.to_owned();
        }
    }
    let rest = short(rest);
    for tail in ["党委", "党工委", "政府", "办事处", "人民政府"] {
        if let Some(head) = rest.strip_suffix(tail)
            && town(head)
        {
            return head.to_owned();
        }
    }
    match rest.as_str() {
        "" => GOVERNMENT.to_owned(),
        "人大" => "人大常委会".to_owned(),
        _ => {
            // 县委组织部 and 组织部 are the same.
            let department = rest
                .strip_prefix("委")
                .filter(|r| r.chars().count() >= 2 && *r != "员会");
            department.map_or(rest.clone(), str::to_owned)
        }
    }
}

/// Long forms and their short ones, applied in this order.
const SHORT: &[(&str, &str)] = &[
    ("人民代表大会常务委员会", "人大常委会"),
    ("人民代表大会主席团", "人大"),
    ("人民代表大会", "人大"),
    ("纪律检查委员会", "纪委"),
    ("监察委员会", "监委"),
    ("纪委监委", "纪委"),
    ("纪委、监委", "纪委"),
    ("政法委员会", "政法委"),
    ("人民政府", "政府"),
    ("人民法院", "法院"),
    ("人民检察院", "检察院"),
    ("管理委员会", "管委会"),
    ("党的工作委员会", "党工委"),
    ("工作委员会", "工委"),
];

fn short(text: &str) -> String {
    let mut out = text.to_owned();
    for (long, short) in SHORT {
        if out.contains(*long) {
            out = out.replace(*long, short);
        }
    }
    if let Some(head) = out.strip_suffix("办公室").filter(|head| !head.is_empty()) {
        out = format!("{head}办");
    }
    out.strip_suffix("街道办事处")
        .map(|head| format!("{head}街道"))
        .unwrap_or(out)
}

/// The ways in which an organ (in its short form) is written, itself first.
pub fn variants(organ: &str) -> Vec<String> {
    let mut out = vec![organ.to_owned()];
    match organ {
        "政府" => out.push("人民政府".into()),
        "委" => out.push("委员会".into()),
        "人大常委会" => out.extend(["人大".into(), "人民代表大会常务委员会".into()]),
        "政协" => out.push("政治协商会议".into()),
        "纪委" => out.extend(["纪律检查委员会".into(), "纪委监委".into(), "委纪委".into()]),
        "监委" => out.extend(["监察委员会".into(), "纪委监委".into()]),
        "法院" => out.push("人民法院".into()),
        "检察院" => out.push("人民检察院".into()),
        _ => {}
    }
    let party_department = [
        "部",
        "政法委",
        "办",
        "党校",
        "编办",
        "巡察办",
        "研究室",
        "老干部局",
    ];
    if party_department.iter().any(|end| organ.ends_with(end)) && !organ.starts_with("政府") {
        out.push(format!("委{organ}"));
    }
    if let Some(head) = organ.strip_suffix('办') {
        out.push(format!("{head}办公室"));
        if let Some(rest) = organ.strip_prefix("政府") {
            out.push(format!("人民政府{rest}"));
            out.push(format!("人民政府{}公室", rest));
        }
        if party_department.iter().any(|end| organ.ends_with(end)) && !organ.starts_with("政府") {
            out.push(format!("委{head}办公室"));
        }
    }
    if let Some(head) = organ.strip_suffix("管委会") {
        out.push(format!("{head}管理委员会"));
    }
    if organ.ends_with(['镇', '乡']) {
        out.extend([format!("{organ}政府"), format!("{organ}人民政府")]);
    }
    if organ.ends_with("街道") {
        out.extend([format!("{organ}办事处"), format!("{organ}办")]);
    }
    if organ.ends_with("政法委") {
        out.extend(["政法委员会".into(), "委政法委员会".into()]);
    }
    if let Some(head) = organ.strip_suffix("工委") {
        out.push(format!("{head}工作委员会"));
    }
    out
}

/// The full name of an organ of a place, as rosters write it.
pub fn formal(place: &str, organ: &str) -> String {
    match organ {
        "委" => format!("中共{place}委员会"),
        "政府" => format!("{place}人民政府"),
        "政协" => format!("政协{place}委员会"),
        "纪委" => format!("中共{place}纪律检查委员会"),
        "监委" => format!("{place}监察委员会"),
        "法院" => format!("{place}人民法院"),
        "检察院" => format!("{place}人民检察院"),
        "政府办" => format!("{place}人民政府办公室"),
        "组织部" | "宣传部" | "统战部" | "政法委" | "社会工作部" => {
            format!("中共{place}委{organ}")
        }
        _ => format!("{place}{organ}"),
    }
}

/// Organs that every place has, by the names that stand in texts; known without a roster.
const STANDARD: &[&str] = &[
    "委",
    "政府",
    "人民政府",
    "人大",
    "人大常委会",
    "人民代表大会常务委员会",
    "政协",
    "纪委",
    "监委",
    "纪委监委",
    "纪律检查委员会",
    "监察委员会",
    "法院",
    "人民法院",
    "检察院",
    "人民检察院",
    "组织部",
    "委组织部",
    "宣传部",
    "委宣传部",
    "统战部",
    "委统战部",
    "政法委",
    "委政法委",
    "委办",
    "委办公室",
    "政府办",
    "政府办公室",
];

/// The longest of them, in characters.
pub const LONGEST_STANDARD: usize = 11;

/// True if `organ` is one that every place has.
pub fn is_standard(organ: &str) -> bool {
    STANDARD.contains(&organ)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_organs_are_parted() {
        let chain = Chain::of("某省某市示例县");
        assert_eq!(chain.places(), ["某省", "某市", "示例县"]);
        assert_eq!(
            Chain::of("山东省济南市市中区").places(),
            ["山东省", "济南市", "市中区"]
        );
        for (name, place, level, organ) in [
            ("中共某省某市示例县委员会", Some("示例县"), None, "委"),
            ("示例县委", Some("示例县"), None, "委"),
            ("县委", None, Some('县'), "委"),
            ("示例县人民政府", Some("示例县"), None, "政府"),
            ("示例县", Some("示例县"), None, "政府"),
            (
                "示例县人民代表大会常务委员会",
                Some("示例县"),
                None,
                "人大常委会",
            ),
            ("政协示例县委员会", Some("示例县"), None, "政协"),
            (
                "中国人民政治协商会议示例县委员会",
                Some("示例县"),
                None,
                "政协",
            ),
            ("示例县委组织部", Some("示例县"), None, "组织部"),
            (
                "示例县市场监督管理局",
                Some("示例县"),
                None,
                "市场监督管理局",
            ),
            ("县交通运输局", None, Some('县'), "交通运输局"),
            ("城关镇人民政府", None, None, "城关镇"),
            ("中共示例县城关镇委员会", Some("示例县"), None, "城关镇"),
            ("城东街道办事处", None, None, "城东街道"),
            ("沂水县财政局", Some("沂水县"), None, "财政局"),
            ("范例县人民法院", Some("范例县"), None, "法院"),
            ("城市管理局", None, None, "城市管理局"),
            ("示例县人民政府办公室", Some("示例县"), None, "政府办"),
        ] {
            let parsed = parse(name, &chain);
            assert_eq!(
                (parsed.place.as_deref(), parsed.level, parsed.organ.as_str()),
                (place, level, organ),
                "{name}"
            );
        }
    }
}
