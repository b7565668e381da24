//! `json` and `jsonl`: the machine-readable formats of the interface, schema 1.

use super::position::Positions;
use super::{Report, Summary};
use crate::finding::{Field, Finding, Span, Suggestion};
use crate::gate::PostResult;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// The version of the output's shape.
pub const SCHEMA: u32 = 1;

/// The program that made the output.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Tool {
    pub name: &'static str,
    pub version: &'static str,
}

/// This program.
pub const TOOL: Tool = Tool {
    name: "baguan",
    version: env!("CARGO_PKG_VERSION"),
};

/// A post result as it is written.
#[derive(Debug, Serialize)]
pub struct PostRecord<'a> {
    id: &'a Value,
    source: &'a str,
    /// `None`: the post could not be read.
    title: Option<&'a str>,
    findings: Vec<FindingRecord<'a>>,
    error: Option<ErrorRecord<'a>>,
}

#[derive(Debug, Serialize)]
struct ErrorRecord<'a> {
    code: &'a str,
    message: &'a str,
}

/// A finding as it is written: with what follows from its place.
#[derive(Debug, Serialize)]
pub struct FindingRecord<'a> {
    rule: &'a str,
    severity: &'a str,
    message: &'a str,
    field: Field,
    span: Option<Span>,
    utf16: Option<Span>,
    text: &'a str,
    line: Option<usize>,
    column: Option<usize>,
    suggestions: &'a [Suggestion],
    confidence: f64,
    evidence: &'a [String],
    fingerprint: &'a str,
}

impl<'a> PostRecord<'a> {
    /// The record of a post result.
    pub fn new(result: &'a PostResult) -> Self {
        let positions = positions(result, |_| Vec::new());
        let findings = result
            .findings
            .iter()
            .map(|finding| FindingRecord::new(finding, positions.get(&finding.field)))
            .collect();
        Self {
            id: &result.id,
            source: &result.source,
            title: result.post.as_ref().map(|post| post.title.as_str()),
            findings,
            error: result.error.as_ref().map(|error| ErrorRecord {
                code: error.code(),
                message: error.message(),
            }),
        }
    }
}

impl<'a> FindingRecord<'a> {
    fn new(finding: &'a Finding, positions: Option<&Positions>) -> Self {
        let place = finding.span.zip(positions);
        let start = place.map(|(span, positions)| positions.at(span.start));
        let end = place.map(|(span, positions)| positions.at(span.end));
        Self {
            rule: &finding.rule,
            severity: finding.severity.as_str(),
            message: &finding.message,
            field: finding.field,
            span: finding.span,
            utf16: start.zip(end).map(|(start, end)| Span {
                start: start.utf16,
                end: end.utf16,
            }),
            text: &finding.text,
            line: start.map(|start| start.line),
            column: start.map(|start| start.column),
            suggestions: &finding.suggestions,
            confidence: finding.confidence,
            evidence: &finding.evidence,
            fingerprint: &finding.fingerprint,
        }
    }
}

/// The positions of all spans of a post's findings, one index a field. `more` names further
/// offsets of a finding that the caller will ask for.
pub(super) fn positions(
    result: &PostResult,
    more: impl Fn(&Finding) -> Vec<usize>,
) -> BTreeMap<Field, Positions> {
    let mut offsets = BTreeMap::<Field, Vec<usize>>::new();
    for finding in &result.findings {
        let of_field = offsets.entry(finding.field).or_default();
        of_field.extend(finding.span.iter().flat_map(|span| [span.start, span.end]));
        of_field.extend(more(finding));
    }
    offsets
        .into_iter()
        .filter_map(|(field, offsets)| {
            let source = result.post.as_ref()?.field(field)?;
            Some((field, Positions::of(source, offsets)))
        })
        .collect()
}

/// One post result a line.
#[derive(Debug, Default)]
pub struct Jsonl;

impl Report for Jsonl {
    fn begin(&mut self, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    fn post(&mut self, result: &PostResult, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer(&mut *out, &PostRecord::new(result))?;
        out.write_all(b"\n")
    }

    fn end(&mut self, _: &Summary, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

/// One object, a line a post, written as the posts come.
#[derive(Debug, Default)]
pub struct Json {
    posts: usize,
}

impl Report for Json {
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        write!(out, "{{\"schema\":{SCHEMA},\"tool\":")?;
        serde_json::to_writer(&mut *out, &TOOL)?;
        out.write_all(b",\"posts\":[")
    }

    fn post(&mut self, result: &PostResult, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(if self.posts == 0 { b"\n" } else { b",\n" })?;
        self.posts += 1;
        serde_json::to_writer(out, &PostRecord::new(result))?;
        Ok(())
    }

    fn end(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(b"\n],\"summary\":")?;
        serde_json::to_writer(&mut *out, summary)?;
        out.write_all(b"}\n")
    }
}
