//! The real binary, run in a scrubbed environment on invented posts.

mod columns;
mod config;
mod examples;
mod exit_codes;
mod explain;
mod fix;
mod init;
mod report;
mod roster;
mod stream;
mod words;

use assert_cmd::cargo::cargo_bin_cmd;
use serde_json::{Value, json};
use std::path::Path;
use tempfile::TempDir;

/// A site's own rules, which these tests can count on whatever the built-in ones become.
const RULES: &str = r#"
[[rule]]
id = "site/wrong"
name = "拨款写错"
severity = "error"
what = "把“拨款”写成“拔款”。"
why = "“拨”是拨付，“拔”是用手拔出；两字形近，容易打错。"
mend = "改为“拨款”。"
fix = "safe"
bad = [{ body = "县财政拔款三万元。" }]
good = [{ body = "县财政拨款三万元。" }]
[[rule.pattern]]
words = ["拔款"]
replace = "拨款"
safe = true
message = "“{text}”应为“{replace}”"

[[rule]]
id = "site/spoken"
name = "口语"
severity = "warning"
what = "口语化的说法。"
why = "公文用书面语。"
mend = "换成书面语。"
fix = "unsafe"
[[rule.pattern]]
regex = "(?P<found>搞好)工作"
replace = "做好"
message = "“{text}”口语化，建议写“{replace}”"

[[rule]]
id = "site/vague"
name = "时间笼统"
severity = "info"
what = "“最近”没有说明时间。"
why = "读者不知道是哪一天。"
mend = "写明日期。"
fix = "none"
[[rule.pattern]]
words = ["最近"]
message = "“{text}”没有说明时间"

[[rule]]
id = "site/unsure"
name = "可能多余"
severity = "error"
what = "可能多余的字。"
why = "试一试把握不大的规则。"
mend = "删去。"
fix = "safe"
[[rule.pattern]]
words = ["的话"]
replace = ""
safe = true
confidence = 0.5
message = "“{text}”可能多余"
"#;

/// A folder that is a site, and its files.
pub struct Site {
    folder: TempDir,
}

/// How a run of the program ended.
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
    pub bytes: Vec<u8>,
}

impl Default for Site {
    fn default() -> Self {
        Self::new()
    }
}

impl Site {
    /// A site with the rules above and no built-in ones.
    pub fn new() -> Self {
        let site = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        site.write("baguan.toml", "[site]\nrules = [\"rules/\"]\n");
        site.write("rules/site.toml", RULES);
        site
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn write(&self, name: &str, contents: impl AsRef<[u8]>) {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, contents).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path().join(name)).unwrap()
    }

    /// Runs the program in the site's folder.
    pub fn run(&self, args: &[&str]) -> Ran {
        self.run_with(args, "")
    }

    /// Runs the program with something on standard input.
    pub fn run_with(&self, args: &[&str], stdin: &str) -> Ran {
        let output = cargo_bin_cmd!("baguan")
            .env_clear()
            .current_dir(self.path())
            .args(args)
            .write_stdin(stdin)
            .output()
            .unwrap();
        Ran {
            code: output.status.code().expect("no signal"),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            bytes: output.stdout,
        }
    }

    /// `check` with the site's rules alone, the day fixed.
    pub fn check(&self, args: &[&str]) -> Ran {
        let fixed = ["check", "--only", "site", "--as-of", "2018-07-31"];
        self.run(&[&fixed, args].concat())
    }
}

impl Ran {
    /// Standard output as JSON lines.
    pub fn lines(&self) -> Vec<Value> {
        self.stdout
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// Standard output as one JSON value.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap()
    }

    /// Output and code, for a snapshot.
    pub fn shown(&self) -> String {
        format!(
            "退出码 {}\n---- 标准输出\n{}---- 标准错误\n{}",
            self.code, self.stdout, self.stderr
        )
    }
}

/// A post as a line of JSON.
pub fn post(id: &str, title: &str, body: &str) -> String {
    json!({"id": id, "title": title, "body": body}).to_string() + "\n"
}
