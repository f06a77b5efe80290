//! `adl fs`, as a person uses it.

use std::process::Stdio;

use cli::{Lake, lines};

#[test]
fn a_file_goes_up_and_comes_down_unchanged() {
    let lake = Lake::start();
    let here = tempfile::tempdir().unwrap();
    // More than one request, and every byte there is.
    let bytes: Vec<u8> = (0..9_000_001_u32).map(|n| (n % 251) as u8).collect();
    let (up, down) = (here.path().join("up"), here.path().join("down"));
    std::fs::write(&up, &bytes).unwrap();
    lake.run(&["fs", "put", up.to_str().unwrap(), "/data/a b+c%#?.bin"])
        .ok();
    lake.run(&["fs", "get", "/data/a b+c%#?.bin", down.to_str().unwrap()])
        .ok();
    assert!(
        std::fs::read(&down).unwrap() == bytes,
        "the bytes changed on the way"
    );
    assert!(
        std::fs::read(lake.root().join("lakestore/data")).is_err(),
        "a folder of the lake is a folder"
    );
}

#[test]
fn nothing_is_overwritten_unasked() {
    let lake = Lake::start();
    lake.feed(&["fs", "put", "-", "/a"], b"first").ok();
    lake.feed(&["fs", "put", "-", "/a"], b"second").failed(1);
    assert_eq!(lake.run(&["fs", "cat", "/a"]).ok(), "first");
    lake.feed(&["fs", "put", "-", "/a", "--overwrite"], b"second")
        .ok();
    assert_eq!(lake.run(&["fs", "cat", "/a"]).ok(), "second");
}

#[test]
fn a_person_lists_moves_and_removes() {
    let lake = Lake::start();
    lake.run(&["fs", "mkdir", "/x/y"]).ok();
    lake.feed(&["fs", "put", "-", "/x/file"], b"12345").ok();
    let listed = lines(&lake.run(&["fs", "ls", "/x", "--output=json"]).ok());
    assert_eq!(listed[0]["name"], "file");
    assert_eq!(listed[0]["path"], "/x/file");
    assert_eq!(listed[0]["length"], 5);
    assert_eq!(listed[1]["name"], "y/");
    lake.run(&["fs", "mv", "/x/file", "/x/y/moved"]).ok();
    assert_eq!(lake.run(&["fs", "cat", "/x/y/moved"]).ok(), "12345");
    lake.run(&["fs", "rm", "/x"]).failed(1);
    lake.run(&["fs", "rm", "/x", "--recursive"]).ok();
    lake.run(&["fs", "rm", "/x"]).failed(3);
    lake.run(&["fs", "cat", "/x/y/moved"]).failed(3);
}

#[test]
fn a_person_shows_and_changes_who_may_do_what() {
    let lake = Lake::start();
    lake.run(&["fs", "mkdir", "/x"]).ok();
    let acl = |arguments: &[&str]| lake.run(&[&["fs", "acl"], arguments].concat());
    acl(&["set", "/x", "user::rwx,group::r-x,other::---"]).ok();
    acl(&["modify", "/x", "user:eve:rw-,mask::r--,default:group:g:r-x"]).ok();
    let shown = acl(&["show", "/x"]).ok();
    assert!(shown.contains("\n# permission: 740\n"), "{shown}");
    assert!(
        shown.contains("\nuser:eve:rw-  # effective: r--\n"),
        "{shown}"
    );
    assert!(shown.contains("\ndefault:group:g:r-x\n"), "{shown}");
    lake.run(&["fs", "chmod", "1770", "/x"]).ok();
    acl(&["remove", "/x", "user:eve,default:group:g"]).ok();
    acl(&["remove", "/x", "--defaults"]).ok();
    let shown = acl(&["show", "/x", "--output=json"]).ok();
    let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(shown["permission"], "1770");
    let entries = ["user::rwx", "group::r-x", "mask::rwx", "other::---"];
    assert_eq!(shown["entries"], serde_json::json!(entries));
    acl(&["remove", "/x", "--all"]).ok();
    assert!(!acl(&["show", "/x"]).ok().contains("mask"));

    let wrong = acl(&["set", "/x", "user::rwx,group::rx"]).failed(2);
    assert!(wrong.contains("character 19"), "{wrong}");
    acl(&["remove", "/x"]).failed(2);
    acl(&["remove", "/x", "user:eve", "--all"]).failed(2);
    lake.run(&["fs", "chmod", "u+x", "/x"]).failed(2);
    acl(&["show", "/none"]).failed(3);
    // Only a superuser gives files away, and the lake's own client is none.
    for owners in ["eve", ":g", "eve:g"] {
        lake.run(&["fs", "chown", owners, "/x"]).failed(4);
    }
}

#[test]
fn a_file_that_a_person_drops_into_the_folder_is_there() {
    let lake = Lake::start();
    lake.run(&["fs", "mkdir", "/in"]).ok();
    std::fs::write(lake.root().join("lakestore/in/dropped.csv"), "1,2\n").unwrap();
    assert!(lake.run(&["fs", "ls", "/in"]).ok().contains("dropped.csv"));
    assert_eq!(lake.run(&["fs", "cat", "/in/dropped.csv"]).ok(), "1,2\n");
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let lake = Lake::start();
    lake.feed(&["fs", "put", "-", "/big"], &vec![b'x'; 1 << 20])
        .ok();
    for args in [["fs", "cat", "/big"], ["fs", "ls", "/"]] {
        let mut command = lake.command(&args);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut adl = command.spawn().unwrap();
        drop(adl.stdout.take());
        let output = adl.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    }
}

#[test]
#[cfg(unix)]
fn an_interrupted_download_leaves_nothing() {
    let lake = Lake::start();
    lake.run(&["fs", "mkdir", "/in"]).ok();
    // Zeros that take no room on the disk, and more of them than are sent before Ctrl-C.
    let long = std::fs::File::create(lake.root().join("lakestore/in/long")).unwrap();
    long.set_len(64 << 30).unwrap();
    let here = tempfile::tempdir().unwrap();
    let mut command = lake.command(&["fs", "get", "/in/long", here.path().to_str().unwrap()]);
    let mut adl = command.stderr(Stdio::piped()).spawn().unwrap();
    let files = || std::fs::read_dir(here.path()).unwrap().count();
    while files() == 0 {
        assert!(adl.try_wait().unwrap().is_none(), "it ended too early");
        std::thread::yield_now();
    }
    cli::interrupt(&adl);
    assert_eq!(adl.wait().unwrap().code(), Some(130));
    assert_eq!(files(), 0);
}
