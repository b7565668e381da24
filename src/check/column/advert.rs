//! `column/advert`: a commercial advertisement in an official column.

use super::Filing;
use crate::check::Draft;
use crate::dictionary::lazy_pattern::LazyPattern;
use serde::Deserialize;
use std::sync::LazyLock;

const RULE: &str = "column/advert";
/// Signs quoted as evidence.
const MOST_SIGNS: usize = 6;

/// `dictionaries/advert-signs.toml`.
struct AdvertSigns {
    offers: Vec<LazyPattern>,
    contacts: Vec<LazyPattern>,
    sellers: Vec<LazyPattern>,
    others: Vec<LazyPattern>,
    columns: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AdvertSignsFile {
    offers: Vec<String>,
    contacts: Vec<String>,
    sellers: Vec<String>,
    others: Vec<String>,
    columns: Vec<String>,
}

fn signs() -> &'static AdvertSigns {
    static SIGNS: LazyLock<AdvertSigns> = LazyLock::new(|| {
        let file: AdvertSignsFile =
            toml::from_str(include_str!("../../../dictionaries/advert-signs.toml"))
                .expect("the built-in signs of advertisements are tested");
        let patterns = |list: Vec<String>| list.iter().map(|text| LazyPattern::new(text)).collect();
        AdvertSigns {
            offers: patterns(file.offers),
            contacts: patterns(file.contacts),
            sellers: patterns(file.sellers),
            others: patterns(file.others),
            columns: file.columns,
        }
    });
    &SIGNS
}

fn found(patterns: &[LazyPattern], text: &str) -> Vec<String> {
    patterns
        .iter()
        .filter_map(|pattern| pattern.find(text))
        .map(|range| text[range].to_owned())
        .collect()
}

/// The rule; true if it reports. An offer, a way to buy and a seller, or more offers, in a text
/// that neither warns of trade nor reports on it.
pub fn check(filing: &Filing<'_>, out: &mut Vec<Draft>) -> bool {
    let (Some(claim), Some(column)) = (filing.claim, filing.column) else {
        return false;
    };
    let signs = signs();
    let trades = |name: &str| {
        signs
            .columns
            .iter()
            .any(|word| name.contains(word.as_str()))
    };
    if trades(claim) || trades(&column.name) {
        return false;
    }
    let text = format!("{}\n{}", filing.title, filing.body());
    let offers = found(&signs.offers, &text);
    if offers.is_empty() || !found(&signs.others, &text).is_empty() {
        return false;
    }
    let contacts = found(&signs.contacts, &text);
    let sellers = found(&signs.sellers, &text);
    let telephone = text.contains("电话") || text.contains("热线");
    let sells = match (offers.len(), contacts.len()) {
        (1, 0) => false,
        (1, _) => !sellers.is_empty(),
        (_, 0) => telephone && !sellers.is_empty(),
        _ => true,
    };
    if !sells {
        return false;
    }
    let quoted: Vec<_> = offers
        .iter()
        .chain(&contacts)
        .take(MOST_SIGNS)
        .map(|sign| format!("“{sign}”"))
        .collect();
    let message = format!("“{claim}”里不能放商业广告，请撤下这篇稿件");
    out.push(
        filing
            .draft(RULE, message)
            .confidence(0.97)
            .evidence(format!("广告用语：{}", quoted.join("、"))),
    );
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signs_are_sound() {
        let signs = signs();
        for pattern in [
            &signs.offers,
            &signs.contacts,
            &signs.sellers,
            &signs.others,
        ]
        .into_iter()
        .flatten()
        {
            assert!(
                LazyPattern::checked(pattern.source()).is_ok(),
                "{}",
                pattern.source()
            );
        }
        assert!(!signs.columns.is_empty());
    }
}
