//! `adl fs` on whole trees: listed, searched, summed, changed, deleted and restored.

use cli::{Lake, Said, lines};
use serde_json::json;

/// A lake with `/t/a/1`, `/t/a/b/2.csv` and `/t/3.csv`.
fn planted() -> Lake {
    let lake = Lake::start();
    for file in ["/t/a/1", "/t/a/b/2.csv", "/t/3.csv"] {
        lake.feed(&["fs", "put", "-", file], b"12345\n").ok();
    }
    lake
}

fn paths(said: Said) -> Vec<String> {
    let lines = lines(&said.ok());
    let paths = lines
        .iter()
        .map(|line| line["path"].as_str().expect("a path").to_owned());
    paths.collect()
}

#[test]
fn a_person_looks_at_a_tree() {
    let lake = planted();
    let all = ["/t/3.csv", "/t/a", "/t/a/1", "/t/a/b", "/t/a/b/2.csv"];
    assert_eq!(paths(lake.run(&["fs", "ls", "-R", "/t", "--json"])), all);
    let found = lake.run(&["fs", "find", "/t/**/*.csv", "--json"]);
    assert_eq!(paths(found), ["/t/3.csv", "/t/a/b/2.csv"]);
    let found = lake.run(&["fs", "glob", "/t/**", "-t", "directory", "--json"]);
    assert_eq!(paths(found), ["/t/a", "/t/a/b"]);
    let long = lake.run(&["fs", "ls", "-l", "/t"]).ok();
    assert!(
        long.starts_with("PERMISSION") && long.contains("EXPIRES"),
        "{long}"
    );

    let usage = lines(&lake.run(&["fs", "du", "/t", "/t/a/1", "--json"]).ok());
    let expected = json!({"path": "/t", "bytes": 18, "files": 3, "directories": 3});
    assert_eq!(usage[0], expected);
    assert_eq!(usage[1]["bytes"], 6);
    let summary = lake.run(&["fs", "df", "/t"]).ok();
    assert!(summary.contains("space_consumed"), "{summary}");
    lake.run(&["fs", "ls", "-R", "/none"]).failed(3);
    lake.run(&["fs", "ls", "/a/../b"]).failed(2);
}

#[test]
fn a_person_looks_into_files() {
    let lake = Lake::start();
    let text: String = (0..20_000).map(|n| format!("line {n}\n")).collect();
    lake.feed(&["fs", "put", "-", "/lines"], text.as_bytes())
        .ok();
    lake.feed(&["fs", "put", "-", "/open"], b"a\nb\nc").ok();
    let fs = |arguments: &[&str]| lake.run(&[&["fs"], arguments].concat());
    assert_eq!(fs(&["head", "-n", "2", "/lines"]).ok(), "line 0\nline 1\n");
    assert_eq!(fs(&["head", "/lines"]).ok().lines().count(), 10);
    assert_eq!(fs(&["head", "-c", "6", "/lines"]).ok(), "line 0");
    assert_eq!(fs(&["head", "-n", "0", "/lines"]).ok(), "");
    assert_eq!(fs(&["head", "-c", "0", "/lines"]).ok(), "");
    assert_eq!(fs(&["head", "-n", "9", "/open"]).ok(), "a\nb\nc");
    assert_eq!(fs(&["tail", "-n", "1", "/lines"]).ok(), "line 19999\n");
    // More than is read at first.
    assert_eq!(
        fs(&["tail", "-n", "15000", "/lines"]).ok(),
        text[text.find("line 5000\n").unwrap()..]
    );
    assert_eq!(fs(&["tail", "-n", "99999", "/lines"]).ok(), text);
    assert_eq!(fs(&["tail", "-n", "2", "/open"]).ok(), "b\nc");
    assert_eq!(fs(&["tail", "-n", "0", "/open"]).ok(), "");
    assert_eq!(fs(&["tail", "-c", "3", "/open"]).ok(), "b\nc");
    assert_eq!(fs(&["cat", "/open", "/open"]).ok(), "a\nb\nca\nb\nc");
    fs(&["tail", "-n", "1", "-c", "1", "/open"]).failed(2);
    fs(&["head", "/"]).failed(1);
}

#[test]
fn a_tree_is_changed_whole_and_a_dry_run_says_how() {
    let lake = planted();
    let acl = |arguments: &[&str]| lake.run(&[&["fs", "acl"], arguments].concat());
    let entries = "user:eve:r-x,default:user:eve:r-x";
    let dry = lines(&acl(&["modify", "-R", "/t", entries, "--dry-run", "--json"]).ok());
    assert_eq!(dry.len(), 7);
    assert_eq!(dry[0]["event"], "planned");
    assert_eq!(dry[0]["path"], "/t");
    assert_eq!(
        dry[0]["before"]["entries"],
        json!(["user::rwx", "group::rwx", "other::---"])
    );
    let after = &dry[1]["after"]["entries"];
    let of_file = [
        "user::rwx",
        "user:eve:r-x",
        "group::rwx",
        "mask::rwx",
        "other::---",
    ];
    assert_eq!(
        (&dry[1]["path"], after),
        (&json!("/t/3.csv"), &json!(of_file))
    );
    assert!(!acl(&["show", "/t/a/1"]).ok().contains("eve"), "it was dry");

    let said = acl(&["modify", "-R", "/t", entries]).ok();
    assert_eq!(said, "3 folders and 3 files done\n");
    let shown = acl(&["show", "/t/a/b/2.csv"]).ok();
    assert!(
        shown.contains("\nuser:eve:r-x\n") && !shown.contains("default"),
        "{shown}"
    );
    // After a run, a dry run finds nothing to change.
    let dry = lines(&acl(&["modify", "-R", "/t", entries, "--dry-run", "--json"]).ok());
    assert_eq!(dry.len(), 1);
    let end = json!({"event": "end", "complete": true, "dry_run": true, "directories": 3,
        "files": 3, "failed": 0, "seconds": dry[0]["seconds"]});
    assert_eq!(dry[0], end);

    lake.run(&["fs", "chmod", "-R", "750", "/t", "--files", "640"])
        .ok();
    let listed = lines(&lake.run(&["fs", "ls", "-R", "/t", "--json"]).ok());
    for entry in listed {
        let expected = if entry["type"] == "file" {
            "640"
        } else {
            "750"
        };
        assert_eq!(entry["permission"], expected, "{entry}");
    }
    acl(&["remove", "-R", "/t", "--all", "--directories-last"]).ok();
    acl(&["modify", "/t", entries, "--dry-run"]).failed(2);
}

#[test]
fn a_run_keeps_its_position_and_goes_on_there() {
    let lake = planted();
    let here = tempfile::tempdir().unwrap();
    let kept = here.path().join("position");
    let checkpoint = format!("--checkpoint={}", kept.display());
    // Only a superuser gives files away, and the lake's own client is none.
    let chown = ["fs", "chown", "-R", "eve", "/t", &checkpoint];
    let error = lake.run(&chown).failed(4);
    assert!(
        error.contains("/t: the same command goes on there"),
        "{error}"
    );
    let position = std::fs::read_to_string(&kept).unwrap();
    assert!(
        position.starts_with("adls-tree-1 change first %2Ft set%20owner%20eve"),
        "{position}"
    );

    let go_on = [&chown[..], &["--continue-on-failure", "--json"]].concat();
    let said = lake.run(&go_on);
    let events = lines(&said.out);
    assert_eq!(events.len(), 7);
    assert!(events[..6].iter().all(|event| event["event"] == "failed"));
    assert_eq!(events[6]["failed"], 6);
    said.failed(1);
    assert!(!kept.exists(), "nothing is left to go on with");

    let position = position.replace("eve", "bob");
    std::fs::write(&kept, position).unwrap();
    let error = lake.run(&chown).failed(1);
    assert!(error.contains("set owner bob"), "{error}");
}

#[test]
#[cfg(unix)]
fn an_interrupted_run_goes_on_where_it_was() {
    use std::io::{BufRead as _, BufReader};

    let lake = Lake::start();
    lake.run(&["fs", "mkdir", "/t"]).ok();
    // What they print does not fit into a pipe, so that the run waits for its reader.
    for n in 0..400 {
        std::fs::write(lake.root().join(format!("lakestore/t/{n}")), "x").unwrap();
    }
    let here = tempfile::tempdir().unwrap();
    let kept = here.path().join("position");
    let checkpoint = format!("--checkpoint={}", kept.display());
    let run = [
        "fs",
        "acl",
        "modify",
        "-R",
        "/t",
        "user:eve:r-x",
        "--dry-run",
        "--json",
        &checkpoint,
    ];
    let mut command = lake.command(&run);
    command.stdout(std::process::Stdio::piped());
    let mut adl = command.spawn().unwrap();
    let mut out = BufReader::new(adl.stdout.take().unwrap()).lines();
    let mut said = vec![out.next().unwrap().unwrap()];
    cli::interrupt(&adl);
    said.extend(out.map(Result::unwrap));
    assert_eq!(adl.wait().unwrap().code(), Some(130));
    assert!(said.len() < 401 && kept.exists());
    let rest = lake.run(&run).ok();
    said.extend(rest.lines().map(str::to_owned));
    let mut paths: Vec<_> = lines(&said.join("\n"))
        .into_iter()
        .filter(|event| event["event"] == "planned")
        .map(|event| event["path"].to_string())
        .collect();
    paths.sort();
    paths.dedup();
    assert_eq!(paths.len(), 401);
    assert!(!kept.exists());
}

#[test]
fn what_was_deleted_comes_back() {
    let lake = planted();
    let would = paths(lake.run(&["fs", "rm", "-r", "/t/a", "--dry-run", "--json"]));
    assert_eq!(would, ["/t/a", "/t/a/1", "/t/a/b", "/t/a/b/2.csv"]);
    lake.run(&["fs", "rm", "-r", "/t/a"]).ok();
    lake.run(&["fs", "stat", "/t/a"]).failed(3);
    let found = lines(&lake.run(&["fs", "trash", "ls", "/t/a", "--json"]).ok());
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(
        (&found[0]["path"], &found[0]["type"]),
        (&json!("/t/a"), &json!("directory"))
    );
    lake.run(&["fs", "trash", "restore", "/t/a", "--to", "/back"])
        .ok();
    assert_eq!(lake.run(&["fs", "cat", "/back/b/2.csv"]).ok(), "12345\n");
    lake.run(&["fs", "trash", "restore", "/t/a"]).failed(3);

    for text in [b"one", b"two"] {
        lake.feed(&["fs", "put", "-", "/f"], text).ok();
        lake.run(&["fs", "rm", "/f"]).ok();
    }
    let error = lake.run(&["fs", "trash", "restore", "/f"]).failed(2);
    assert!(error.contains("--token"), "{error}");
    let found = lines(&lake.run(&["fs", "trash", "ls", "/f", "--json"]).ok());
    let restore = |token: &serde_json::Value, more: &[&str]| {
        let token = format!("--token={}", token.as_str().unwrap());
        lake.run(&[&["fs", "trash", "restore", "/f", &token], more].concat())
    };
    restore(&found[0]["token"], &[]).ok();
    restore(&found[1]["token"], &[]).failed(1);
    restore(&found[1]["token"], &["--copy"]).ok();
    assert_eq!(paths(lake.run(&["fs", "find", "/f*", "--json"])).len(), 2);
}

#[test]
fn a_person_makes_joins_and_dates_files() {
    let lake = Lake::start();
    lake.run(&["fs", "mkdir", "-m", "750", "/x", "/y"]).ok();
    lake.run(&["fs", "touch", "/x/1", "/x/2"]).ok();
    lake.feed(&["fs", "put", "-", "/x/a"], b"a").ok();
    lake.feed(&["fs", "put", "-", "/x/b"], b"b").ok();
    lake.run(&["fs", "concat", "/x/whole", "/x/a", "/x/b"]).ok();
    assert_eq!(lake.run(&["fs", "cat", "/x/whole"]).ok(), "ab");
    lake.run(&["fs", "mv", "/x/1", "/x/whole"]).failed(1);
    lake.run(&["fs", "mv", "--overwrite", "/x/1", "/x/whole"])
        .ok();
    assert_eq!(lake.run(&["fs", "cat", "/x/whole"]).ok(), "");

    let stat = |path: &str| lines(&lake.run(&["fs", "ls", path, "--json"]).ok()).remove(0);
    assert_eq!(stat("/x")["type"], "file");
    let when = "2017-05-26T20:35:27.5Z";
    lake.run(&["fs", "times", "/x/2", "--modified", when]).ok();
    lake.run(&["fs", "expiry", "/x/2", "--at", "2999-01-01T00:00:00Z"])
        .ok();
    let set = stat("/x/2");
    assert_eq!(
        (&set["modified"], &set["expires"]),
        (&json!(when), &json!("2999-01-01T00:00:00Z"))
    );
    lake.run(&["fs", "expiry", "/x/2", "--never"]).ok();
    assert_eq!(stat("/x/2")["expires"], json!(null));
    lake.run(&["fs", "expiry", "/x/2"]).failed(2);
    lake.run(&["fs", "times", "/x/2"]).failed(2);

    lake.run(&["fs", "access", "rw", "/x/2"]).ok();
    lake.run(&["fs", "chmod", "000", "/x/2"]).ok();
    lake.run(&["fs", "access", "r-x", "/x/2"]).failed(4);
    lake.feed(&["fs", "put", "-", "/digits"], b"123456789").ok();
    lake.run(&["fs", "cp", "/digits", "/y"]).ok();
    lake.run(&["fs", "cp", "/digits", "/y"]).failed(1);
    lake.run(&["fs", "cp", "/digits", "/y/digits", "--overwrite"])
        .ok();
    // The check value of CRC-32C.
    let sums = lines(
        &lake
            .run(&["fs", "checksum", "/digits", "/y/digits", "--json"])
            .ok(),
    );
    assert_eq!(
        (&sums[0]["checksum"], &sums[1]["checksum"]),
        (&json!("e3069283"), &json!("e3069283"))
    );
}
