//! `init` writes a site folder that works, and never overwrites.

use crate::{Site, post};

const FILES: [&str; 4] = ["baguan.toml", "columns.toml", "units.csv", "roster.csv"];

#[test]
fn a_new_site_folder_works_as_it_is() {
    let site = Site::new();
    let ran = site.run(&["init", "站点"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    for file in FILES {
        let bytes = std::fs::read(site.path().join("站点").join(file)).unwrap();
        let marked = bytes.starts_with(&[0xef, 0xbb, 0xbf]);
        assert_eq!(marked, file.ends_with(".csv"), "{file}");
        assert!(ran.stdout.contains(file));
    }
    site.write(
        "a.json",
        post("1", "示例县水利局开展河道清理工作", "一切正常。"),
    );
    let ran = site.run(&[
        "check",
        "a.json",
        "--config",
        "站点/baguan.toml",
        "--only",
        "site",
    ]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
}

#[test]
fn what_exists_is_left_alone() {
    let site = Site::new();
    let before = site.read("baguan.toml");
    let ran = site.run(&["init"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("baguan.toml 已存在"), "{}", ran.stderr);
    assert_eq!(site.read("baguan.toml"), before);
    site.write("units.csv", "单位\n示例镇\n");
    let again = site.run(&["init"]);
    assert_eq!(again.code, 2);
    assert_eq!(again.stderr.matches("已存在，没有动它").count(), 4);
    assert_eq!(again.stdout, "");
    assert_eq!(site.read("units.csv"), "单位\n示例镇\n");
}
