//! The example drafts of the README.

use crate::Site;
use std::path::Path;

fn examples() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/examples");
    folder.to_str().unwrap().to_owned()
}

#[test]
fn the_drafts_with_slips_are_stopped_and_the_right_ones_pass() {
    let site = Site::new();
    let examples = examples();
    let ran = site.run(&["check", &examples, "--as-of", "2018-09-30"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let mut with_errors: Vec<_> = ran
        .lines()
        .iter()
        .filter(|post| {
            let findings = post["findings"].as_array().unwrap();
            findings
                .iter()
                .any(|finding| finding["severity"] == "error")
        })
        .map(|post| post["id"].as_str().unwrap().to_owned())
        .collect();
    with_errors.sort();
    assert_eq!(
        with_errors,
        ["1001", "1004", "1006", "1007", "3-公告.html", "4-意见.txt"]
    );
    let right = format!("{examples}/6-正确.json");
    let ran = site.run(&["check", &right, "--fail-on", "info"]);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
}
