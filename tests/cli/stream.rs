//! Streams: answered line by line, in order, however many work; a closed pipe is no error.

use crate::{Site, post};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

fn spawn(site: &Site, args: &[&str]) -> Child {
    Command::new(assert_cmd::cargo::cargo_bin!("baguan"))
        .env_clear()
        .current_dir(site.path())
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn a_line_is_answered_before_the_next_one_comes() {
    let site = Site::new();
    for args in [
        &["check", "-", "--only", "site"][..],
        &["fix", "-", "--only", "site"],
    ] {
        let mut child = spawn(&site, args);
        let mut stdin = child.stdin.take().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (send, receive) = channel();
        std::thread::spawn(move || {
            for line in stdout.lines() {
                let _ = send.send(line.unwrap());
            }
        });
        for n in 0..5 {
            stdin
                .write_all(post(&n.to_string(), "甲", "拔款").as_bytes())
                .unwrap();
            let answer = receive.recv_timeout(Duration::from_secs(30)).unwrap();
            assert!(answer.contains(&format!("\"id\":\"{n}\"")), "{answer}");
        }
        drop(stdin);
        assert!(receive.recv_timeout(Duration::from_secs(30)).is_err());
        let code = child.wait().unwrap().code();
        assert_eq!(code, Some(i32::from(args[0] == "check")));
    }
}

#[test]
fn a_closed_pipe_ends_the_run_without_a_word() {
    let site = Site::new();
    for format in ["human", "json", "jsonl", "sarif"] {
        let mut child = spawn(&site, &["check", "-", "--only", "site", "--format", format]);
        drop(child.stdout.take());
        let mut stdin = child.stdin.take().unwrap();
        // Standard input stays open: the program must not wait for its end. What it cannot
        // write any more it need not read.
        let line = post("1", "甲", &"县财政拔款。".repeat(2000));
        for _ in 0..200 {
            if stdin.write_all(line.as_bytes()).is_err() {
                break;
            }
        }
        let code = child.wait().unwrap().code();
        let mut stderr = String::new();
        std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut stderr).unwrap();
        assert_eq!((code, stderr.as_str()), (Some(0), ""), "{format}");
    }
}

#[test]
fn the_output_does_not_depend_on_the_number_of_jobs() {
    let site = Site::new();
    let mut posts = String::new();
    for n in 0..80 {
        if n % 37 == 5 {
            posts.push_str("坏行\n");
        }
        // Uneven work, so that later posts are done first.
        let body = "县财政拔款，最近搞好工作。".repeat(1 + (n * 7919) % 20);
        posts.push_str(&post(&n.to_string(), "示例县财政拔款", &body));
    }
    site.write("posts.jsonl", &posts);
    for format in ["human", "json", "jsonl", "sarif"] {
        let with = |jobs| site.check(&["posts.jsonl", "--format", format, "--jobs", jobs]);
        let one = with("1");
        assert_eq!(one.code, 2);
        for jobs in ["2", "7"] {
            let many = with(jobs);
            assert!(one.bytes == many.bytes, "{format} differs with {jobs} jobs");
            assert_eq!(one.stderr, many.stderr);
        }
    }
    let fixed = |jobs| site.run(&["fix", "posts.jsonl", "--only", "site", "--jobs", jobs]);
    assert!(fixed("1").bytes == fixed("5").bytes);
}
