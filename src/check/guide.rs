//! Family `guide`: guides to services (办事指南).

use super::{Check, Context, Draft};
use crate::dictionary::columns::Columns;
use crate::dictionary::lazy_pattern::LazyPattern;
use crate::finding::Field;
use regex::Regex;
use serde::Deserialize;
use std::sync::LazyLock;

/// The standard column of guides.
const GUIDES: &str = "办事指南";
/// Elements that a text has at least if it is a guide and no news of one …
const LEAST_ELEMENTS: usize = 5;
/// … or, where a picture or an attachment may hold the rest.
const LEAST_WITH_OBJECTS: usize = 6;
/// Characters of body that are looked at for elements; guides are short.
const LEAST_BODY: usize = 60;

/// Both rules of the family.
pub struct GuideCheck;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ElementsFile {
    element: Vec<ElementEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ElementEntry {
    name: String,
    labels: Vec<String>,
}

/// Something that a guide must say, and the labels that say it.
struct Element {
    name: String,
    labels: Vec<LazyPattern>,
}

fn elements() -> &'static [Element] {
    static ELEMENTS: LazyLock<Vec<Element>> = LazyLock::new(|| {
        let file: ElementsFile =
            toml::from_str(include_str!("../../dictionaries/guide-elements.toml"))
                .expect("the built-in elements of guides are tested");
        file.element
            .into_iter()
            .map(|entry| Element {
                name: entry.name,
                labels: entry
                    .labels
                    .iter()
                    .map(|text| LazyPattern::new(text))
                    .collect(),
            })
            .collect()
    });
    &ELEMENTS
}

impl Check for GuideCheck {
    fn rules(&self) -> &'static [&'static str] {
        &["guide/missing-element", "guide/vague"]
    }

    fn check(&self, context: &Context<'_>, out: &mut Vec<Draft>) {
        let standard = Columns::built_in();
        let Some(guides) = standard.of_kind(GUIDES) else {
            return;
        };
        let title = context.title_text().trim_matches(crate::document::is_blank);
        let called = !guides.is_excluded(title) && guides.title_match(title).is_some();
        let site = context.knowledge.columns.as_deref();
        let columns = site
            .filter(|columns| !columns.is_empty())
            .unwrap_or(standard);
        let column = context.post.column.as_deref();
        let column = column.and_then(|claim| columns.find(claim));
        let filed = column.is_some_and(|column| column.kind() == GUIDES);
        // News of a guide stands among news; a question and its answer are no guide.
        let news = column.is_some_and(|column| column.is_described() && !column.excludes_work_news);
        let question = title.contains(['？', '?']) || title.ends_with("问题");
        if news || question || !called && (!filed || guides.is_excluded(title)) {
            return;
        }
        let text = context.body.visible_text(usize::MAX);
        if text.chars().filter(|c| !c.is_whitespace()).count() < LEAST_BODY {
            return;
        }
        let (has, lacks): (Vec<&Element>, Vec<&Element>) = elements()
            .iter()
            .partition(|element| element.labels.iter().any(|label| label.is_match(&text)));
        let objects = context.body.elements.iter().any(|element| {
            element.name == "img" || element.name == "a" && element.attribute("href").is_some()
        });
        let least = if objects {
            LEAST_WITH_OBJECTS
        } else {
            LEAST_ELEMENTS
        };
        if has.len() < least {
            return;
        }
        if !lacks.is_empty() && context.settings.enabled("guide/missing-element") {
            let names: Vec<_> = lacks.iter().map(|element| &*element.name).collect();
            let message = format!("办事指南缺少要素：{}，请补全", names.join("、"));
            let has: Vec<_> = has.iter().map(|element| &*element.name).collect();
            out.push(
                Draft::whole("guide/missing-element", Field::Body, message)
                    .confidence(0.9)
                    .evidence(format!("已写明：{}", has.join("、"))),
            );
        }
        if context.settings.enabled("guide/vague") {
            vague(context, out);
        }
    }
}

/// `guide/vague`: what is asked for without saying what it is.
fn vague(context: &Context<'_>, out: &mut Vec<Draft>) {
    static VAGUE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(concat!(
            // Asked for: 提供…相关材料; not 相关材料如下：.
            r"(?:提供|提交|出具|携带|准备|递交|出示|备齐|带齐)[^。；;\n]{0,24}?",
            r"(?P<a>(?:其他|其它|有关|相关|相应)的?(?:证明|申请|申报)?(?:材料|资料|证件|手续))(?P<list>(?:如下|清单|目录|有)?[：:（(]|如下|清单|目录)?|",
            // A list item of its own.
            r"(?m)^[\s　]*(?:[（(]?[0-9一二三四五六七八九十]{1,2}[)）.．、]|[①-⑩])?[\s　]*",
            r"(?P<b>(?:(?:法律|法规|规章|规定)[、及和或]?){0,4}(?:要求|规定|需要)?(?:提供|提交)?的?(?:其他|其它)(?:有关|相关)?(?:的)?(?:证明)?(?:材料|资料|证件))[。；;，\s]*$|",
            r"(?P<c>按照?(?:国家)?(?:有关|相关)?规定(?:办理|收取|收费))|",
            r"(?:到|向|由|经|找|咨询)(?P<d>(?:有关|相关)(?:职能|主管)?(?:部门|单位|科室))(?:办理|申请|提出|咨询|审批|提交|领取|受理)"
        ))
        .expect("built-in patterns are tested")
    });
    for (index, block) in context.body.visible_blocks() {
        for found in VAGUE.captures_iter(block.text.as_str()) {
            if found.name("list").is_some() {
                continue;
            }
            let Some(part) = ["a", "b", "c", "d"]
                .iter()
                .find_map(|name| found.name(name))
            else {
                continue;
            };
            let message = format!(
                "“{}”说得笼统，请写明具体是什么，让群众一次就能备齐、找对地方",
                part.as_str()
            );
            out.push(Draft::body("guide/vague", index, part.range(), message).confidence(0.9));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_elements_are_sound() {
        assert_eq!(elements().len(), 9);
        for label in elements().iter().flat_map(|element| &element.labels) {
            assert!(
                LazyPattern::checked(label.source()).is_ok(),
                "{}",
                label.source()
            );
        }
    }
}
