//! `adl fsck`: what it says of a lake, and when it refuses.

use std::path::Path;

use cli::{Lake, adl, run};

#[test]
fn a_lake_is_checked_when_nobody_serves_it() {
    let mut lake = Lake::start();
    lake.feed(&["fs", "put", "-", "/d/a.csv"], b"1,2").ok();
    let refused = lake.run(&["fsck"]).failed(1);
    assert!(refused.contains("in use by another lake"), "{refused}");
    lake.kill();
    assert_eq!(lake.run(&["fsck"]).ok(), "sound\n");
    assert_eq!(lake.run(&["fsck", "--output=json"]).ok(), "[]\n");

    std::fs::write(lake.root().join("lakestore/d/a.csv"), "edited").unwrap();
    let edited = lake.run(&["fsck"]).ok();
    assert!(
        edited.starts_with("foreign: lakestore:/d/a.csv\n"),
        "{edited}"
    );
    let edited = lake.run(&["fsck", "--output=json"]).ok();
    assert!(edited.contains(r#""problem": "edited""#), "{edited}");
}

#[test]
fn a_folder_without_a_lake_is_named_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let none = run(adl()
        .args(["fsck", "--repair", "--root"])
        .arg(folder.path()))
    .failed(1);
    assert!(none.contains("there is no lake in"), "{none}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn what_is_deleted_is_kept_as_long_as_was_asked_for() {
    let kept = |options: &[&str]| {
        let folder = tempfile::tempdir().unwrap();
        let lake = Lake::serve_with(Path::new("."), folder.path(), options);
        lake.feed(&["fs", "put", "-", "/a.csv"], b"1,2").ok();
        lake.run(&["fs", "rm", "/a.csv"]).ok();
        std::fs::read_dir(folder.path().join(".lake/trash"))
            .unwrap()
            .count()
    };
    assert_eq!((kept(&[]), kept(&["--trash-retention=0"])), (1, 0));
    let folder = tempfile::tempdir().unwrap();
    let mut serve = adl();
    serve
        .args(["serve", "--trash-retention=soon", "--root"])
        .arg(folder.path());
    assert!(run(&mut serve).failed(2).contains("such as 7d"));
}
