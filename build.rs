//! Builds at compile time what would take too long at every start: the automata over the
//! built-in dictionaries, the language model as it lies in memory. They are written to `OUT_DIR`
//! and compiled in.

use daachorse::{CharwiseDoubleArrayAhoCorasick, CharwiseDoubleArrayAhoCorasickBuilder, MatchKind};
use language_model::flat::ByteOrder;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

#[path = "src/dictionary/language_model/build_tree.rs"]
mod language_model;
#[path = "src/dictionary/near/seeds.rs"]
mod seeds;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/dictionary/near/seeds.rs");
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=dictionaries");
    for source in files("src/dictionary/language_model", "rs") {
        println!("cargo::rerun-if-changed={}", source.display());
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    confusable(&out);
    phrases(&out);
    context(&out);
    unpacked_language_model(&out);
}

fn write(out: &Path, name: &str, bytes: &[u8]) {
    fs::write(out.join(name), bytes).unwrap_or_else(|e| panic!("cannot write {name}: {e}"));
}

/// Rows of a TSV file: no comments, no empty lines.
fn rows(path: &Path) -> Vec<String> {
    fs::read_to_string(path)
        .unwrap_or_else(|e| panic!("cannot read {}: {e}", path.display()))
        .lines()
        .filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect()
}

/// The files of a folder with this extension, by name.
fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap_or_else(|e| panic!("cannot read {folder}: {e}"))
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| path.extension().is_some_and(|e| e == extension))
        .collect();
    files.sort();
    files
}

fn automaton(patterns: &[String], kind: MatchKind) -> CharwiseDoubleArrayAhoCorasick<u32> {
    CharwiseDoubleArrayAhoCorasickBuilder::new()
        .match_kind(kind)
        .build(patterns)
        .unwrap_or_else(|e| panic!("cannot build an automaton: {e}"))
}

/// All confusable entries in one table, in the order of their wrong forms, and the automaton
/// over the wrong forms.
fn confusable(out: &Path) {
    let mut entries: BTreeMap<String, String> = BTreeMap::new();
    for file in files("dictionaries/confusable", "tsv") {
        let name = file
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        for row in rows(&file) {
            let fields: Vec<&str> = row.split('\t').collect();
            assert!(fields.len() == 5, "{name}: five fields, not {row:?}");
            assert!(fields[0] != fields[1], "{name}: wrong is right in {row:?}");
            let old = entries.insert(fields[0].to_owned(), row.clone());
            assert!(old.is_none(), "{name}: {} stands twice", fields[0]);
        }
    }
    let wrong: Vec<String> = entries.keys().cloned().collect();
    let table: Vec<String> = entries.into_values().collect();
    write(out, "confusable.tsv", table.join("\n").as_bytes());
    write(
        out,
        "confusable.automaton",
        &automaton(&wrong, MatchKind::Standard).serialize(),
    );
}

/// All phrases in one table, the seeds' table and automaton, and the automaton over what is right:
/// the phrases themselves and their allowed variants.
fn phrases(out: &Path) {
    let mut table: BTreeMap<String, String> = BTreeMap::new();
    let mut right: Vec<String> = Vec::new();
    for file in files("dictionaries/phrases", "tsv") {
        if file.file_stem().is_some_and(|name| name == "allow") {
            right.extend(
                rows(&file)
                    .iter()
                    .map(|row| seeds::normal(row.split('\t').next().unwrap_or_default())),
            );
            continue;
        }
        for row in rows(&file) {
            let fields: Vec<&str> = row.split('\t').collect();
            assert!(fields.len() >= 3, "{}: {row:?}", file.display());
            let options = fields.get(3).copied().unwrap_or_default();
            for option in options.split(' ').filter_map(|o| o.strip_prefix("allow=")) {
                right.extend(option.split('|').map(seeds::normal));
            }
            // The allowed variants stand in the automaton; the table does not need them.
            let kept: Vec<&str> = options
                .split(' ')
                .filter(|o| !o.starts_with("allow="))
                .collect();
            let row = [fields[0], fields[1], fields[2], &kept.join(" ")].join("\t");
            table.insert(seeds::normal(fields[0]), row);
        }
    }
    let normal: Vec<String> = table.keys().cloned().collect();
    right.extend(normal.iter().cloned());
    right.retain(|phrase| !phrase.is_empty());
    right.sort();
    right.dedup();
    let table: Vec<String> = table
        .into_iter()
        .map(|(n, row)| format!("{n}\t{row}"))
        .collect();
    write(out, "phrases.tsv", table.join("\n").as_bytes());
    let seeds = seeds::of(&normal);
    let mut bytes = Vec::new();
    let mut starts: Vec<u8> = Vec::new();
    let mut count = 0u32;
    for (_, places) in &seeds {
        starts.extend(count.to_le_bytes());
        for place in places {
            bytes.extend(place.phrase.to_le_bytes());
            bytes.extend(place.offset.to_le_bytes());
        }
        count += places.len() as u32;
    }
    starts.extend(count.to_le_bytes());
    write(out, "seeds.starts", &starts);
    write(out, "seeds.places", &bytes);
    let texts: Vec<String> = seeds.into_iter().map(|(text, _)| text).collect();
    write(
        out,
        "seeds.automaton",
        &automaton(&texts, MatchKind::Standard).serialize(),
    );
    write(
        out,
        "right.automaton",
        &automaton(&right, MatchKind::Standard).serialize(),
    );
}

/// Context pairs without their examples, a JSON object a line: quick to read at the start.
fn context(out: &Path) {
    let text = fs::read_to_string("dictionaries/context.toml").expect("dictionaries/context.toml");
    let parsed: toml::Table = text.parse().expect("dictionaries/context.toml is TOML");
    let pairs = parsed
        .get("pair")
        .and_then(toml::Value::as_array)
        .expect("[[pair]]");
    let lines: Vec<String> = pairs
        .iter()
        .map(|pair| {
            let mut pair = pair.as_table().cloned().expect("a table");
            pair.remove("bad");
            pair.remove("good");
            serde_json::to_string(&pair).expect("plain data")
        })
        .collect();
    write(out, "context.jsonl", lines.join("\n").as_bytes());
}

/// The language model unpacked, with its indexes, in the byte order of the machine that the
/// program is for.
fn unpacked_language_model(out: &Path) {
    let path = "dictionaries/language_model.bin";
    let packed = fs::read(path).unwrap_or_else(|e| panic!("cannot read {path}: {e}"));
    let model =
        language_model::model::Model::from_bytes(&packed).unwrap_or_else(|e| panic!("{path}: {e}"));
    let order = match env::var("CARGO_CFG_TARGET_ENDIAN").as_deref() {
        Ok("little") => ByteOrder::Little,
        Ok("big") => ByteOrder::Big,
        other => panic!("unknown byte order {other:?}"),
    };
    write(out, "language_model.flat", &model.to_flat(order));
}
