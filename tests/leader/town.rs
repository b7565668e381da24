//! The town: organs, posts, people and who held what when. All from one seed.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use std::collections::{BTreeMap, HashSet};

/// A small generator; the same numbers on every machine.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % limit.max(1)
    }

    pub fn pick<'l, T>(&mut self, list: &'l [T]) -> &'l T {
        &list[self.below(list.len())]
    }
}

/// A post of the town.
#[derive(Debug, Clone)]
pub struct Office {
    /// As the roster has it.
    pub organization: String,
    pub title: String,
    /// Ways in which posts write organisation and title.
    pub forms: Vec<String>,
    pub single: bool,
}

/// Who held a post, and when.
#[derive(Debug, Clone)]
pub struct Term {
    pub office: usize,
    pub person: usize,
    pub from: Date,
    pub until: Option<Date>,
}

pub struct Town {
    pub people: Vec<String>,
    pub offices: Vec<Office>,
    pub terms: Vec<Term>,
}

const SURNAMES: [&str; 40] = [
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "林", "何",
    "郭", "马", "罗", "梁", "宋", "郑", "谢", "韩", "唐", "冯", "董", "萧", "程", "曹", "袁", "邓",
    "许", "傅", "沈", "曾", "欧阳", "夏侯", "诸葛", "上官",
];
const GIVEN: [char; 48] = [
    '伟', '强', '磊', '洋', '勇', '军', '杰', '涛', '超', '明', '辉', '鹏', '华', '飞', '波', '斌',
    '宇', '浩', '凯', '健', '俊', '帆', '帅', '旭', '宁', '龙', '林', '欢', '佳', '阳', '建', '亮',
    '成', '宏', '玲', '桂', '芳', '敏', '静', '丽', '霞', '燕', '颖', '雪', '琳', '晨', '岚', '祥',
];

fn people(random: &mut Random) -> Vec<String> {
    let mut people: Vec<String> = vec!["阿不都·热合曼".into(), "买买提·吐尔逊".into()];
    let mut seen: HashSet<String> = HashSet::new();
    while people.len() < 200 {
        let surname = *random.pick(&SURNAMES);
        let mut name = surname.to_owned();
        for _ in 0..1 + usize::from(random.below(4) > 0) {
            name.push(*random.pick(&GIVEN));
        }
        let given: String = name.chars().skip(1).collect();
        // 成龙 and the like are words; a name is one nobody stumbles over here.
        if seen.insert(name.clone()) && !matches!(given.as_str(), "成华" | "明明") {
            people.push(name);
        }
    }
    people
}

fn offices() -> Vec<Office> {
    let office = |organization: &str, title: &str, forms: &[&str], single: bool| Office {
        organization: organization.into(),
        title: title.into(),
        forms: forms.iter().map(|form| (*form).to_owned()).collect(),
        single,
    };
    let mut offices = vec![
        office(
            "中共示例县委员会",
            "书记",
            &[
                "县委书记",
                "示例县委书记",
                "中共示例县委书记",
                "某市示例县委书记",
            ],
            true,
        ),
        office(
            "示例县人民政府",
            "县长",
            &[
                "县长",
                "县政府县长",
                "示例县县长",
                "示例县人民政府县长",
                "某省某市示例县县长",
                "示例县长",
            ],
            true,
        ),
        office(
            "示例县人民代表大会常务委员会",
            "主任",
            &["县人大常委会主任", "示例县人大常委会主任"],
            true,
        ),
        office(
            "政协示例县委员会",
            "主席",
            &["县政协主席", "示例县政协主席"],
            true,
        ),
        office(
            "中共示例县纪律检查委员会",
            "书记",
            &["县纪委书记", "示例县纪委书记"],
            true,
        ),
        office(
            "中共示例县委组织部",
            "部长",
            &["县委组织部部长", "县委组织部长", "示例县委组织部部长"],
            true,
        ),
        office(
            "中共示例县委宣传部",
            "部长",
            &["县委宣传部部长", "县委宣传部长"],
            true,
        ),
        office("中共示例县委统战部", "部长", &["县委统战部部长"], true),
        office("中共示例县委政法委员会", "书记", &["县委政法委书记"], true),
        office(
            "示例县人民法院",
            "院长",
            &["县人民法院院长", "县法院院长"],
            true,
        ),
        office(
            "示例县人民检察院",
            "检察长",
            &["县人民检察院检察长", "县检察院检察长"],
            true,
        ),
        office(
            "示例县人民政府办公室",
            "主任",
            &["县政府办公室主任", "县政府办主任", "县人民政府办公室主任"],
            true,
        ),
    ];
    for _ in 0..5 {
        offices.push(office(
            "示例县人民政府",
            "副县长",
            &[
                "副县长",
                "县政府副县长",
                "示例县副县长",
                "示例县人民政府副县长",
            ],
            false,
        ));
    }
    for _ in 0..3 {
        offices.push(office(
            "示例县人大常委会",
            "副主任",
            &["县人大常委会副主任"],
            false,
        ));
        offices.push(office(
            "政协示例县委员会",
            "副主席",
            &["县政协副主席", "示例县政协副主席"],
            false,
        ));
    }
    for bureau in [
        "财政局",
        "教育局",
        "民政局",
        "司法局",
        "水利局",
        "统计局",
        "审计局",
        "林业局",
        "公安局",
        "交通运输局",
        "农业农村局",
        "应急管理局",
        "市场监督管理局",
        "生态环境局",
        "自然资源局",
        "城市管理局",
    ] {
        let organization = format!("示例县{bureau}");
        offices.push(Office {
            forms: vec![format!("县{bureau}局长"), format!("示例县{bureau}局长")],
            organization: organization.clone(),
            title: "局长".into(),
            single: true,
        });
        for _ in 0..2 {
            offices.push(Office {
                forms: vec![format!("县{bureau}副局长")],
                organization: organization.clone(),
                title: "副局长".into(),
                single: false,
            });
        }
    }
    for town in ["城关镇", "大河镇", "青山镇", "白云镇", "柳林乡", "石桥乡"] {
        let level = town.chars().next_back().unwrap_or('镇');
        offices.push(Office {
            organization: format!("中共示例县{town}委员会"),
            title: "党委书记".into(),
            forms: vec![format!("{town}党委书记"), format!("示例县{town}党委书记")],
            single: true,
        });
        offices.push(Office {
            organization: format!("示例县{town}人民政府"),
            title: format!("{level}长"),
            forms: vec![
                format!("{town}{level}长"),
                format!("{town}人民政府{level}长"),
            ],
            single: true,
        });
    }
    offices
}

impl Town {
    pub fn new() -> Self {
        let mut random = Random(7);
        let people = people(&mut random);
        let offices = offices();
        let mut free_from: Vec<Date> = vec![date(2012, 1, 1); people.len()];
        let mut terms = Vec::new();
        // Every post's next vacancy; the earliest is filled first, so that people come free in time.
        let mut vacant: Vec<Date> = (0..offices.len())
            .map(|_| {
                let days = i64::try_from(random.below(300)).unwrap_or(0);
                date(2012, 1, 1).checked_add(days.days()).unwrap()
            })
            .collect();
        while let Some(office) = (0..offices.len())
            .filter(|&office| vacant[office] < date(2022, 1, 1))
            .min_by_key(|&office| vacant[office])
        {
            let day = vacant[office];
            let start = random.below(people.len());
            let person = (start..start + people.len())
                .map(|index| index % people.len())
                .find(|&person| free_from[person] <= day)
                .expect("someone is free");
            let length = i64::try_from(700 + random.below(800)).unwrap_or(0);
            let until = day.checked_add(length.days()).unwrap();
            let last = until >= date(2022, 1, 1);
            terms.push(Term {
                office,
                person,
                from: day,
                until: (!last).then_some(until),
            });
            free_from[person] = if last {
                date(2100, 1, 1)
            } else {
                until.checked_add(60.days()).unwrap()
            };
            vacant[office] = until.checked_add(1.day()).unwrap();
        }
        Self {
            people,
            offices,
            terms,
        }
    }

    /// The roster as the site keeps it.
    pub fn roster(&self) -> String {
        let mut out = String::from("姓名,单位,职务,任职时间,离任时间\n");
        for term in &self.terms {
            let office = &self.offices[term.office];
            let until = term.until.map_or(String::new(), |day| day.to_string());
            out.push_str(&format!(
                "{},{},{},{},{until}\n",
                self.people[term.person], office.organization, office.title, term.from
            ));
        }
        out
    }

    /// The terms that run on `day`.
    pub fn on(&self, day: Date) -> Vec<&Term> {
        self.terms
            .iter()
            .filter(|term| term.from <= day && term.until.is_none_or(|until| day <= until))
            .collect()
    }

    pub fn name(&self, term: &Term) -> &str {
        &self.people[term.person]
    }

    pub fn office(&self, term: &Term) -> &Office {
        &self.offices[term.office]
    }

    /// The terms that run on `day`, by organisation and title.
    pub fn by_post(&self, day: Date) -> BTreeMap<(String, String), Vec<&Term>> {
        let mut out: BTreeMap<_, Vec<&Term>> = BTreeMap::new();
        for term in self.on(day) {
            let office = self.office(term);
            out.entry((office.organization.clone(), office.title.clone()))
                .or_default()
                .push(term);
        }
        out
    }
}

/// A day between 2013 and 2023.
pub fn some_day(random: &mut Random) -> Date {
    date(2013, 1, 1)
        .checked_add(i64::try_from(random.below(3800)).unwrap_or(0).days())
        .unwrap()
}
