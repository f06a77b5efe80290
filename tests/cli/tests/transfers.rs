//! `adl fs put` and `adl fs get` with many files, long ones, and an end before the end.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use cli::{Lake, ended};
use serde_json::Value;
use tempfile::TempDir;

/// As many bytes as take a moment, of which no two stretches are alike.
const LONG: usize = 160 << 20;

fn bytes(length: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let mut bytes = Vec::with_capacity(length + 4);
    while bytes.len() < length {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

fn write(folder: &TempDir, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.path().join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
    fs::write(&path, bytes).expect("a file can be written");
    path
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path of Unicode")
}

/// What a command said with `--output=json`.
fn json(said: &str) -> Value {
    serde_json::from_str(said).expect("it says JSON")
}

#[test]
fn a_folder_goes_up_and_comes_down_unchanged() {
    let lake = Lake::start();
    let here = TempDir::new().unwrap();
    for n in 0..200 {
        write(&here, &format!("in/{}/{n} +%#é.txt", n % 7), n.to_string());
    }
    write(&here, "in/long", bytes(9_000_001));
    fs::create_dir_all(here.path().join("in/empty/deep")).unwrap();
    let (up, down) = (here.path().join("in"), here.path().join("out"));
    let said = lake
        .run(&["fs", "put", text(&up), "/to", "--output=json"])
        .ok();
    assert_eq!(json(&said)["transferred"], 201);
    assert_eq!(json(&said)["failed"], 0);
    lake.run(&["fs", "get", "/to", text(&down), "--verify"])
        .ok();
    assert!(down.join("empty/deep").is_dir());
    assert_eq!(fs::read(down.join("long")).unwrap(), bytes(9_000_001));
    for n in 0..200 {
        let name = format!("{}/{n} +%#é.txt", n % 7);
        assert_eq!(fs::read_to_string(down.join(name)).unwrap(), n.to_string());
    }
    assert_eq!(names(&down).len(), 9, "nothing of the way is left");
    // The same command again means the same.
    let again = lake.run(&[
        "fs",
        "put",
        text(&up),
        "/to",
        "--overwrite=if-different",
        "--output=json",
    ]);
    let again = json(&again.ok());
    assert_eq!(
        (&again["transferred"], &again["skipped"]),
        (&0.into(), &201.into())
    );
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<_> = entries
        .map(|entry| entry.expect("an entry").file_name())
        .map(|name| name.into_string().expect("Unicode"))
        .collect();
    names.sort();
    names
}

#[test]
fn a_person_chooses_with_patterns_and_sees_beforehand_what_would_be_done() {
    let lake = Lake::start();
    let here = TempDir::new().unwrap();
    for name in ["in/a.csv", "in/x/b.csv", "in/x/c.tmp", "in/x/d.csv"] {
        write(&here, name, name);
    }
    let pattern = format!("{}/in/**/*.csv", here.path().display());
    let put = ["fs", "put", &pattern, "/to", "--exclude", "d.*"];
    let dry = [&put[..], &["--dry-run", "--output=json"]].concat();
    let would = json(&lake.run(&dry).ok());
    assert_eq!(would.as_array().unwrap().len(), 2);
    assert!(
        would
            .as_array()
            .unwrap()
            .iter()
            .all(|it| it["outcome"] == "transfer")
    );
    lake.run(&["fs", "ls", "/to"]).failed(3);
    lake.run(&put).ok();
    let down = here.path().join("down");
    lake.run(&["fs", "get", "/to/**/b*", text(&down)]).ok();
    assert_eq!(names(&down), ["x"]);
    assert_eq!(
        fs::read_to_string(down.join("x/b.csv")).unwrap(),
        "in/x/b.csv"
    );
    // Several files go into a folder, each under its own name.
    lake.run(&["fs", "get", "/to/a.csv", "/to/x/b.csv", text(here.path())])
        .ok();
    assert!(here.path().join("a.csv").exists() && here.path().join("b.csv").exists());
    lake.run(&["fs", "put", "/none/*.csv", "/to"]).failed(3);
    lake.run(&["fs", "get", "/to/*.none", text(&down)])
        .failed(1);
}

#[test]
fn what_fails_is_named_and_the_rest_arrives() {
    let lake = Lake::start();
    let here = TempDir::new().unwrap();
    let (a, b) = (write(&here, "a", "new"), write(&here, "b", "new"));
    lake.feed(&["fs", "put", "-", "/to/a"], b"before").ok();
    let none = here.path().join("none");
    let all = [text(&a), text(&b), text(&none)];
    let said = lake.run(&[&["fs", "put"][..], &all, &["/to"]].concat());
    let complaint = said.failed(1);
    assert!(complaint.contains("2 of 3 files"), "{complaint}");
    assert!(complaint.contains("none is not there"), "{complaint}");
    assert_eq!(lake.run(&["fs", "cat", "/to/a"]).ok(), "before");
    assert_eq!(lake.run(&["fs", "cat", "/to/b"]).ok(), "new");
    lake.run(&["fs", "put", text(&a), "/to", "--overwrite=never"])
        .ok();
    assert_eq!(lake.run(&["fs", "cat", "/to/a"]).ok(), "before");
    lake.run(&["fs", "put", text(&a), "/to", "--overwrite"])
        .ok();
    assert_eq!(lake.run(&["fs", "get", "/to/a", "-"]).ok(), "new");
    lake.run(&["fs", "put", "-", text(&a), "/to"]).failed(2);
    lake.run(&["fs", "put", text(&a), "/to", "--overwrite=sometimes"])
        .failed(2);
}

/// Starts a command that takes a while, and waits until it has done something.
fn start(lake: &Lake, args: &[&str], is_under_way: impl Fn() -> bool) -> Child {
    let mut command = lake.command(args);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("adl can be started");
    while !is_under_way() {
        let ended = child.try_wait().expect("a child can be asked");
        assert_eq!(ended, None, "it ended before anybody could end it");
        std::thread::yield_now();
    }
    child
}

/// Whether the first temporary file of a folder is so long.
fn is_partly_there(folder: &Path, length: u64) -> bool {
    let Ok(mut entries) = fs::read_dir(folder) else {
        return false;
    };
    entries.any(|entry| {
        entry.is_ok_and(|entry| {
            let name = entry.file_name();
            let is_ours = name.to_str().is_some_and(|name| name.starts_with(".adl-"));
            is_ours && entry.metadata().is_ok_and(|it| it.len() >= length)
        })
    })
}

#[test]
fn an_upload_that_was_killed_goes_on_where_it_was() {
    let lake = Lake::start();
    let here = TempDir::new().unwrap();
    let source = write(&here, "long", bytes(LONG));
    let journal = here.path().join("journal");
    let put = [
        "fs",
        "put",
        text(&source),
        "/to/long",
        "--journal",
        text(&journal),
    ];
    let folder = lake.root().join("lakestore/to");
    let mut killed = start(&lake, &put, || is_partly_there(&folder, 16 << 20));
    killed.kill().unwrap();
    killed.wait().unwrap();
    lake.run(&["fs", "stat", "/to/long"]).failed(3);

    let again = json(&lake.run(&[&put[..], &["--output=json"]].concat()).ok());
    assert!(again["resumed"].as_u64().unwrap() >= 16 << 20, "{again}");
    assert!(
        fs::read(folder.join("long")).unwrap() == bytes(LONG),
        "other bytes"
    );
    assert_eq!(names(&folder), ["long"], "nothing of the way is left");
    let done = json(&lake.run(&[&put[..], &["--output=json"]].concat()).ok());
    assert_eq!(
        (&done["transferred"], &done["skipped"]),
        (&0.into(), &1.into())
    );
}

#[test]
fn a_download_that_was_killed_goes_on_where_it_was() {
    let lake = Lake::start();
    let here = TempDir::new().unwrap();
    lake.run(&["fs", "mkdir", "/from"]).ok();
    fs::write(lake.root().join("lakestore/from/long"), bytes(LONG)).unwrap();
    let (target, journal) = (here.path().join("long"), here.path().join("journal"));
    let get = [
        "fs",
        "get",
        "/from/long",
        text(&target),
        "--journal",
        text(&journal),
    ];
    // Two ranges at a time, so that there is a beginning long before the end.
    let get = [&get[..], &["--concurrency=2"]].concat();
    let has_noted = || fs::read_to_string(&journal).is_ok_and(|text| text.contains("\nreached "));
    let mut killed = start(&lake, &get, has_noted);
    killed.kill().unwrap();
    killed.wait().unwrap();
    assert!(!target.exists());

    let again = json(&lake.run(&[&get[..], &["--output=json"]].concat()).ok());
    assert!(again["resumed"].as_u64().unwrap() >= 64 << 20, "{again}");
    assert!(fs::read(&target).unwrap() == bytes(LONG), "other bytes");
    assert_eq!(
        names(here.path()),
        ["journal", "long"],
        "nothing of the way is left"
    );
}

#[cfg(unix)]
#[test]
fn who_presses_ctrl_c_is_told_how_to_go_on() {
    let lake = Lake::start();
    let here = TempDir::new().unwrap();
    let source = write(&here, "long", bytes(LONG));
    let folder = lake.root().join("lakestore/to");
    let put = ["fs", "put", text(&source), "/to/long"];
    let stopped = start(&lake, &put, || is_partly_there(&folder, 4 << 20));
    cli::interrupt(&stopped);
    let complaint = ended(stopped).failed(130);
    assert!(complaint.contains("--journal"), "{complaint}");
    assert_eq!(names(&folder), [""; 0], "what was begun is removed");

    let journal = here.path().join("journal");
    let put = [&put[..], &["--journal", text(&journal)]].concat();
    let stopped = start(&lake, &put, || is_partly_there(&folder, 4 << 20));
    cli::interrupt(&stopped);
    let complaint = ended(stopped).failed(130);
    assert!(complaint.contains("goes on from here"), "{complaint}");
    let again = json(&lake.run(&[&put[..], &["--output=json"]].concat()).ok());
    assert!(again["resumed"].as_u64().unwrap() > 0, "{again}");
}
