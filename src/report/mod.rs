//! What comes out of a run: post results and a summary, in one of several formats.

pub mod diff;
pub mod human;
pub mod json;
pub mod position;
pub mod sarif;

use crate::finding::Severity;
use crate::gate::{PostError, PostResult};
use crate::linter::NotChecked;
use serde::Serialize;
use std::io::{self, Write};

/// The format of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    Human,
    Json,
    Jsonl,
    Sarif,
}

/// Counts of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// All posts, unreadable ones included.
    pub posts: usize,
    pub errors: usize,
    pub warnings: usize,
    pub infos: usize,
    pub unreadable: usize,
    /// Findings that the site ignores.
    pub ignored: usize,
    /// Posts on which a rule broke down.
    pub internal: usize,
    /// Families that did nothing for want of something.
    pub not_checked: Vec<NotChecked>,
}

impl Summary {
    /// Counts one post.
    pub fn add(&mut self, result: &PostResult) {
        self.posts += 1;
        self.ignored += result.ignored;
        match result.error {
            Some(PostError::Unreadable { .. }) => self.unreadable += 1,
            Some(PostError::Internal { .. }) => self.internal += 1,
            None => {}
        }
        for finding in &result.findings {
            match finding.severity {
                Severity::Error => self.errors += 1,
                Severity::Warning => self.warnings += 1,
                Severity::Info => self.infos += 1,
            }
        }
    }

    /// True if there is a finding of `severity` or above.
    pub fn reaches(&self, severity: Severity) -> bool {
        match severity {
            Severity::Error => self.errors > 0,
            Severity::Warning => self.errors + self.warnings > 0,
            Severity::Info => self.errors + self.warnings + self.infos > 0,
        }
    }
}

/// A report in the making: posts come in order, each is written at once.
pub trait Report {
    /// Writes what stands before the first post.
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()>;
    /// Writes one post.
    fn post(&mut self, result: &PostResult, out: &mut dyn Write) -> io::Result<()>;
    /// Writes what stands after the last post.
    fn end(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()>;
}

/// Why a family was not checked, in Chinese.
pub fn not_checked_reason(reason: &str) -> &str {
    match reason {
        "no rules yet" => "本版本还没有这类规则",
        "no roster" => "没有领导名册（在 baguan.toml 的 [site] 里写 roster）",
        "no columns" => {
            "没有栏目表（在 baguan.toml 的 [site] 里写 columns），只按内置的标准栏目检查"
        }
        "no units" => "没有单位表（在 baguan.toml 的 [site] 里写 units）",
        "no model" => {
            "没有训练好的栏目模型（用 baguan columns train 训练，在 baguan.toml 的 [site] 里写 model），只按栏目的特征检查"
        }
        other => other,
    }
}
