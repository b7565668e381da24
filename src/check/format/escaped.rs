//! `format/double-escaped`: readers see `&nbsp;` and `&ldquo;` as letters.

use crate::check::{Context, Draft};
use crate::document::entities::{self, Decoded};
use crate::finding::{Edit, Field};
use regex::Regex;
use std::sync::LazyLock;

const RULE: &str = "format/double-escaped";

pub fn double_escaped(context: &Context<'_>, out: &mut Vec<Draft>) {
    static REFERENCE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            "&(?:amp;)*(?:nbsp|[lr]dquo|[lr]squo|quot|mdash|ndash|middot|hellip|[lg]t|[lr]aquo|e[nm]sp|times|deg|bull|permil|le|ge|yen|#[0-9]{2,5}|#x[0-9a-fA-F]{2,4});",
        )
        .expect("built-in patterns are tested")
    });
    for field in [Field::Title, Field::Body] {
        let Some(document) = context.document(field) else {
            continue;
        };
        let mut count = 0usize;
        let mut first = None;
        let mut edits: Vec<Edit> = Vec::new();
        for (index, block) in document.visible_blocks() {
            for found in REFERENCE.find_iter(block.text.as_str()) {
                let wanted = decode(found.as_str());
                count += 1;
                if first.is_none() {
                    first = Some((index, found.range(), wanted.clone()));
                }
                edits.extend(document.edits(index, found.range(), &wanted));
            }
        }
        let Some((block, range, wanted)) = first else {
            continue;
        };
        let shown = &document.blocks[block].text.as_str()[range.clone()];
        let message = format!("“{shown}”是多转换了一次的字符代码，读者会原样看到");
        let place = crate::check::Place::Text {
            field,
            block,
            range,
        };
        out.push(
            Draft::new(RULE, place, message)
                .evidence(format!("共 {count} 处"))
                .edits(wanted, true, edits),
        );
    }
}

/// The character that a reference, escaped once or more, was meant to be.
fn decode(reference: &str) -> String {
    let name = reference.rsplit('&').next().unwrap_or(reference);
    let name = name.trim_start_matches("amp;");
    match entities::decode(&format!("&{name}")) {
        Some((Decoded::Char(c), _)) => c.to_string(),
        Some((Decoded::Text(text), _)) => text.to_owned(),
        None => reference.to_owned(),
    }
}
