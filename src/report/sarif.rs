//! SARIF 2.1.0. The artifact of a result is the post's source; its region counts within the
//! field that the logical location names, as the interface's spans do.

use super::json::{TOOL, positions};
use super::position::Positions;
use super::{Report, Summary, not_checked_reason};
use crate::finding::{Finding, Severity, Span};
use crate::gate::PostResult;
use crate::ignore::id_text;
use crate::rulebook::{Rule, RuleBook, family_name, family_of};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{self, Write};

/// A SARIF log, written as the posts come.
pub struct Sarif {
    rules: Vec<Value>,
    /// Rule id → place in `rules`.
    index: HashMap<String, usize>,
    results: usize,
    /// Posts that could not be read or wholly checked.
    notifications: Vec<Value>,
}

impl Sarif {
    /// A log whose rules are those of `book`.
    pub fn new(book: &RuleBook) -> Self {
        Self {
            rules: book.rules().map(descriptor).collect(),
            index: book
                .rules()
                .enumerate()
                .map(|(index, rule)| (rule.id.clone(), index))
                .collect(),
            results: 0,
            notifications: Vec::new(),
        }
    }

    fn result(
        &self,
        result: &PostResult,
        finding: &Finding,
        positions: Option<&Positions>,
    ) -> Value {
        let id = id_text(&result.id);
        let mut physical = json!({"artifactLocation": {"uri": uri(&result.source)}});
        if let (Some(span), Some(positions)) = (finding.span, positions) {
            physical["region"] = region(span, positions);
        }
        let mut value = json!({
            "ruleId": finding.rule,
            "level": level(finding.severity),
            "message": {"text": finding.message},
            "locations": [{
                "physicalLocation": physical,
                "logicalLocations": [{
                    "name": finding.field.as_str(),
                    "fullyQualifiedName": format!("{id}/{}", finding.field.as_str()),
                    "kind": "member",
                }],
            }],
            "partialFingerprints": {"baguan/v1": finding.fingerprint},
            "properties": {
                "confidence": finding.confidence,
                "evidence": finding.evidence,
                "text": finding.text,
                "post": result.id,
            },
        });
        if let Some(&index) = self.index.get(&finding.rule) {
            value["ruleIndex"] = json!(index);
        }
        let fixes: Vec<Value> = finding
            .suggestions
            .iter()
            .filter(|suggestion| !suggestion.edits.is_empty())
            .zip(std::iter::repeat(positions))
            .filter_map(|(suggestion, positions)| {
                let positions = positions?;
                let replacements: Vec<_> = suggestion
                    .edits
                    .iter()
                    .map(|edit| {
                        let span = Span {
                            start: edit.start,
                            end: edit.end,
                        };
                        json!({
                            "deletedRegion": region(span, positions),
                            "insertedContent": {"text": edit.text},
                        })
                    })
                    .collect();
                let what = if suggestion.text.is_empty() {
                    format!("删去“{}”", finding.text)
                } else {
                    format!("改为“{}”", suggestion.text)
                };
                Some(json!({
                    "description": {"text": what},
                    "artifactChanges": [{
                        "artifactLocation": {"uri": uri(&result.source)},
                        "replacements": replacements,
                    }],
                    "properties": {"safe": suggestion.safe},
                }))
            })
            .collect();
        if !fixes.is_empty() {
            value["fixes"] = Value::Array(fixes);
        }
        value
    }
}

impl Report for Sarif {
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let driver = json!({
            "name": TOOL.name,
            "version": TOOL.version,
            "semanticVersion": TOOL.version,
            "language": "zh-CN",
            "rules": self.rules,
        });
        out.write_all(
            b"{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\
              \"runs\":[{\"tool\":{\"driver\":",
        )?;
        serde_json::to_writer(&mut *out, &driver)?;
        out.write_all(
            b"},\"language\":\"zh-CN\",\"columnKind\":\"unicodeCodePoints\",\"results\":[",
        )
    }

    fn post(&mut self, result: &PostResult, out: &mut dyn Write) -> io::Result<()> {
        if let Some(error) = &result.error {
            self.notifications.push(json!({
                "level": "error",
                "descriptor": {"id": error.code()},
                "message": {"text": error.message()},
                "locations": [{"physicalLocation": {
                    "artifactLocation": {"uri": uri(&result.source)},
                }}],
            }));
        }
        let edits = |finding: &Finding| {
            let edits = finding.suggestions.iter().flat_map(|s| &s.edits);
            edits.flat_map(|edit| [edit.start, edit.end]).collect()
        };
        let positions = positions(result, edits);
        for finding in &result.findings {
            out.write_all(if self.results == 0 { b"\n" } else { b",\n" })?;
            self.results += 1;
            let value = self.result(result, finding, positions.get(&finding.field));
            serde_json::to_writer(&mut *out, &value)?;
        }
        Ok(())
    }

    fn end(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        let mut notifications = std::mem::take(&mut self.notifications);
        let ok = notifications.is_empty();
        for family in &summary.not_checked {
            let reason = not_checked_reason(&family.reason);
            notifications.push(json!({
                "level": "note",
                "descriptor": {"id": "not-checked"},
                "message": {"text": format!("没有检查“{}”：{reason}", family_name(&family.family))},
                "properties": {"family": family.family, "reason": family.reason},
            }));
        }
        let invocation = json!({
            "executionSuccessful": ok,
            "toolExecutionNotifications": notifications,
        });
        out.write_all(b"\n],\"invocations\":[")?;
        serde_json::to_writer(&mut *out, &invocation)?;
        out.write_all(b"],\"properties\":{\"summary\":")?;
        serde_json::to_writer(&mut *out, summary)?;
        out.write_all(b"}}]}\n")
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn descriptor(rule: &Rule) -> Value {
    let text = format!(
        "{}\n\n为什么：{}\n\n怎么改：{}",
        rule.what, rule.why, rule.mend
    );
    let markdown = format!(
        "**{}**\n\n{}\n\n**为什么**\n\n{}\n\n**怎么改**\n\n{}",
        rule.name, rule.what, rule.why, rule.mend
    );
    json!({
        "id": rule.id,
        "name": rule.name,
        "shortDescription": {"text": rule.name},
        "fullDescription": {"text": rule.what},
        "help": {"text": text, "markdown": markdown},
        "defaultConfiguration": {"enabled": rule.enabled, "level": level(rule.severity)},
        "properties": {"tags": [family_of(&rule.id)]},
    })
}

fn region(span: Span, positions: &Positions) -> Value {
    let (start, end) = (positions.at(span.start), positions.at(span.end));
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
        "charOffset": start.chars,
        "charLength": end.chars - start.chars,
        "byteOffset": span.start,
        "byteLength": span.len(),
    })
}

/// A path as a URI reference; standard input as `stdin:`.
fn uri(source: &str) -> String {
    if source == "-" {
        return "stdin:".to_owned();
    }
    let path = if std::path::MAIN_SEPARATOR == '\\' {
        source.replace('\\', "/")
    } else {
        source.to_owned()
    };
    let mut out = String::new();
    if path.starts_with('/') {
        out.push_str("file://");
    }
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            _ => {
                // Writing to a string cannot fail.
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uris() {
        assert_eq!(uri("-"), "stdin:");
        assert_eq!(uri("drafts/1024.json"), "drafts/1024.json");
        assert_eq!(uri("/srv/稿 1.txt"), "file:///srv/%E7%A8%BF%201.txt");
    }
}
