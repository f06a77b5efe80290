//! From the machine to the store.

use std::sync::Arc;

use aad_core::Transport;
use adls_fs::transfer::{Outcome, Overwrite, TransferOptions, Uploader, Verify};
use adls_fs::{ErrorKind, FileSystem};
use futures::executor::block_on;
use futures::stream;
use testkit::context::World;

use super::machine::{Machine, Power, Powered};
use crate::fake::{Cut, FakeGen1, file_system, fresh, path};

/// Eight bytes of a file are one piece.
pub(super) fn small() -> TransferOptions {
    TransferOptions::default().with_memory(16)
}

pub(super) fn uploader(
    files: &FileSystem,
    machine: &Machine,
    options: TransferOptions,
) -> Uploader {
    Uploader::from_local(files.clone(), Arc::new(machine.clone()), options)
}

fn text(files: &FakeGen1, path: &str) -> Option<String> {
    files.files().remove(path)
}

#[test]
fn a_short_file_is_one_request() {
    let (files, store) = fresh();
    let machine = Machine::default();
    machine.put("a", "12345678");
    let report = block_on(uploader(&files, &machine, small()).file("a", &path("/d/a"))).unwrap();
    assert_eq!((report.transferred, report.bytes), (1, 8));
    assert_eq!(text(&store, "/d/a").as_deref(), Some("12345678"));
    assert_eq!(
        store.log(),
        ["CREATE /d/a overwrite=false syncFlag=CLOSE +8"]
    );
}

#[test]
fn a_long_file_goes_up_in_parts_side_by_side_where_asked() {
    for (cut, at) in [
        (Cut::Request, 40),
        (Cut::Reply, 3),
        (Cut::Reply, 11),
        (Cut::Reply, 15),
    ] {
        let (files, store) = fresh();
        store.cut(at, cut);
        let machine = Machine::default();
        let text: String = (b'a'..=b'z').map(char::from).cycle().take(70).collect();
        machine.put("a", &*text);
        let options = small().with_segment(20);
        block_on(uploader(&files, &machine, options).file("a", &path("/d/a"))).unwrap();
        let left: Vec<_> = store.files().into_iter().collect();
        assert_eq!(left, [("/d/a".to_owned(), text)], "{cut:?} at {at}");
        let log = store.log();
        assert_eq!(
            log.iter().filter(|line| line.starts_with("CREATE")).count(),
            4
        );
    }
    // Records are kept together, and then there are no parts.
    let (files, store) = fresh();
    let machine = Machine::default();
    machine.put("a", "one\n".repeat(20));
    let options = small().with_segment(20).with_delimiter("\n");
    block_on(uploader(&files, &machine, options).file("a", &path("/a"))).unwrap();
    let log = store.log();
    assert_eq!(
        log.iter().filter(|line| line.starts_with("CREATE")).count(),
        1
    );
}

#[test]
fn an_empty_file_is_a_file() {
    let (files, store) = fresh();
    let machine = Machine::default();
    machine.put("a", "");
    block_on(uploader(&files, &machine, small()).file("a", &path("/a"))).unwrap();
    assert_eq!(text(&store, "/a").as_deref(), Some(""));
}

#[test]
fn a_long_file_has_its_name_when_it_is_whole() {
    let (files, store) = fresh();
    let machine = Machine::default();
    machine.put("a", "0123456789abcdefghij");
    block_on(uploader(&files, &machine, small()).file("a", &path("/d/a"))).unwrap();
    assert_eq!(
        store.files().into_values().collect::<Vec<_>>(),
        ["0123456789abcdefghij"]
    );
    assert_eq!(
        text(&store, "/d/a").as_deref(),
        Some("0123456789abcdefghij")
    );
    let log = store.log();
    // What it is written as lies beside it, and inherits what it would inherit.
    let writes: Vec<_> = log.iter().filter(|line| line.contains(" +")).collect();
    assert_eq!(writes.len(), 3, "{log:#?}");
    assert!(
        writes.iter().all(|line| line.contains(" /d/.adl-")),
        "{log:#?}"
    );
}

#[test]
fn a_folder_becomes_a_directory_with_all_that_is_in_it() {
    let (files, store) = fresh();
    let machine = Machine::default();
    for name in ["in/a", "in/x/b", "in/x/y/c", "in/x/y/d%+ #?", "out"] {
        machine.put(name, name);
    }
    machine.make_folder("in/empty/deep");
    let report = block_on(uploader(&files, &machine, small()).folder("in", &path("/to"))).unwrap();
    assert_eq!((report.transferred, report.failed), (4, 0));
    let names: Vec<_> = store.files().into_keys().collect();
    assert_eq!(names, ["/to/a", "/to/x/b", "/to/x/y/c", "/to/x/y/d%+ #?"]);
    assert_eq!(
        store.node("/to/empty/deep"),
        Some(crate::fake::Node::Directory)
    );
}

#[test]
fn a_pattern_is_uploaded_from_where_it_has_its_first_gap() {
    let (files, store) = fresh();
    let machine = Machine::default();
    for name in ["logs/17/a.csv", "logs/17/b.txt", "logs/18/x/c.csv", "d.csv"] {
        machine.put(name, "");
    }
    let uploader = uploader(&files, &machine, small());
    block_on(uploader.glob("logs/**/*.csv", &path("/to"))).unwrap();
    assert_eq!(
        store.files().into_keys().collect::<Vec<_>>(),
        ["/to/17/a.csv", "/to/18/x/c.csv"]
    );
}

#[test]
fn each_overwrite_rule_does_what_it_says() {
    // The store's files were written in 2017-05, and these in 2017-07 or, if old, in 1970.
    let cases = [
        (Overwrite::Fail, "older!", Err(ErrorKind::Conflict)),
        (Overwrite::Never, "older!", Ok(false)),
        (Overwrite::Always, "newer!", Ok(true)),
        (Overwrite::IfNewer, "newer!", Ok(true)),
        (Overwrite::IfDifferent, "another length", Ok(true)),
    ];
    for long in [false, true] {
        for (rule, now, expected) in cases {
            let (files, store) = fresh();
            store.put("/a", b"before");
            let machine = Machine::default();
            machine.put("a", now);
            let memory = if long { 4 } else { 100 };
            let options = small().with_memory(memory).with_overwrite(rule);
            let report = block_on(uploader(&files, &machine, options).file("a", &path("/a")));
            let left = text(&store, "/a").unwrap();
            match expected {
                Ok(true) => assert_eq!((report.unwrap().transferred, &*left), (1, now)),
                Ok(false) => assert_eq!((report.unwrap().skipped, &*left), (1, "before")),
                Err(kind) => {
                    assert_eq!((report.unwrap_err().kind(), &*left), (kind, "before"));
                }
            }
            assert_eq!(store.files().len(), 1, "{rule:?}: nothing else is left");
        }
    }
}

#[test]
fn a_dry_run_sends_nothing_and_says_what_it_would_do() {
    let (files, store) = fresh();
    store.put("/to/a", b"there");
    let machine = Machine::default();
    machine.put("in/a", "1");
    machine.put("in/b", "22");
    let before = store.files();
    let dry = small().with_dry_run(true).with_overwrite(Overwrite::Never);
    let report = block_on(uploader(&files, &machine, dry).folder("in", &path("/to"))).unwrap();
    assert_eq!(
        (report.transferred, report.bytes, report.skipped),
        (1, 2, 1)
    );
    assert_eq!(store.files(), before);
}

#[test]
fn what_fails_does_not_keep_the_others_unless_asked() {
    let (files, store) = fresh();
    store.put("/to/b", b"there");
    let machine = Machine::default();
    for name in ["in/a", "in/b", "in/c"] {
        machine.put(name, "new");
    }
    machine.link("in/l");
    let report = block_on(uploader(&files, &machine, small()).folder("in", &path("/to"))).unwrap();
    assert_eq!(
        (report.transferred, report.failed, report.skipped),
        (2, 1, 1)
    );
    assert_eq!(report.failures[0].source, "in/b");
    let error = report.into_result().unwrap_err();
    assert_eq!(
        (error.kind(), &*error.to_string()),
        (ErrorKind::Conflict, "in/b: /to/b already exists [id][time]")
    );
    let strict = small().with_stop_at_failure(true).with_files(1);
    let stopped = block_on(uploader(&files, &machine, strict).folder("in", &path("/to")));
    assert_eq!(stopped.unwrap_err().kind(), ErrorKind::Conflict);
}

#[test]
fn filters_choose_by_name_and_by_path() {
    let (files, store) = fresh();
    let machine = Machine::default();
    for name in ["in/a.csv", "in/x/b.csv", "in/x/c.tmp", "in/tmp/d.csv"] {
        machine.put(name, "");
    }
    let options = small()
        .include("*.csv".parse().unwrap())
        .exclude("tmp".parse().unwrap());
    block_on(uploader(&files, &machine, options).folder("in", &path("/"))).unwrap();
    assert_eq!(
        store.files().into_keys().collect::<Vec<_>>(),
        ["/a.csv", "/x/b.csv"]
    );
}

#[test]
fn records_are_never_split_over_appends() {
    let (files, store) = fresh();
    let machine = Machine::default();
    machine.put("a", "one\ntwo\nthree\nx\nlast");
    let options = small().with_delimiter("\n");
    block_on(uploader(&files, &machine, options.clone()).file("a", &path("/a"))).unwrap();
    assert_eq!(text(&store, "/a").unwrap(), "one\ntwo\nthree\nx\nlast");
    let sizes: Vec<_> = store
        .log()
        .iter()
        .filter_map(|line| Some(line.rsplit_once(" +")?.1.to_owned()))
        .collect();
    assert_eq!(sizes, ["8", "8", "4"]);
    machine.put("b", "much longer than a piece");
    let refused = block_on(uploader(&files, &machine, options).file("b", &path("/b")));
    assert!(refused.unwrap_err().to_string().contains("no record ends"));
    assert_eq!(store.files().len(), 1);
}

#[test]
fn content_is_read_back_where_asked() {
    let (files, store) = fresh();
    let machine = Machine::default();
    machine.put("a", "0123456789");
    let options = small().with_verify(Verify::Content);
    block_on(uploader(&files, &machine, options).file("a", &path("/a"))).unwrap();
    let log = store.log();
    let rename = log
        .iter()
        .position(|line| line.starts_with("RENAME"))
        .unwrap();
    let reads = log[..rename].iter().filter(|line| line.starts_with("OPEN"));
    assert_eq!(reads.count(), 2, "before it gets its name: {log:#?}");
}

#[test]
fn a_transfer_that_is_dropped_at_any_step_leaves_nothing_that_cannot_be_tidied_up() {
    for steps in 0.. {
        let (power, store) = (Power::for_steps(steps), Arc::new(FakeGen1::default()));
        let network = Powered(Arc::clone(&store) as Arc<dyn Transport>, power.clone());
        let files = file_system(&World::new(), Arc::new(network));
        let machine = Machine::default().with_power(&power);
        machine.put("a", "0123456789abcdefghij");
        let uploader = uploader(&files, &machine, small());
        let ended = block_on(power.run(uploader.file("a", &path("/a"))));
        power.restore();
        block_on(uploader.clean_up()).unwrap();
        let left = store.files();
        let whole = left
            .iter()
            .all(|(name, text)| name == "/a" && text.len() == 20);
        assert!(whole, "after {steps} steps: {left:?}");
        if ended.is_some() {
            assert_eq!(left.len(), 1);
            break;
        }
    }
}

#[test]
fn pairs_go_where_each_of_them_says() {
    let (files, store) = fresh();
    let machine = Machine::default();
    machine.put("a", "1");
    machine.put("b", "2");
    machine.make_folder("c");
    let pairs = [("a", "/x/1"), ("b", "/y/2"), ("c", "/z"), ("none", "/n")];
    let pairs = pairs.map(|(from, to)| Ok((from.into(), path(to))));
    let transfer = uploader(&files, &machine, small());
    let report = block_on(transfer.pairs(stream::iter(pairs))).unwrap();
    assert_eq!((report.transferred, report.failed), (2, 2));
    assert_eq!(
        store.files().into_keys().collect::<Vec<_>>(),
        ["/x/1", "/y/2"]
    );
    let kinds = report.failures.iter().map(|it| match &it.outcome {
        Outcome::Failed(error) => error.kind(),
        other => panic!("{other:?}"),
    });
    assert_eq!(
        kinds.collect::<Vec<_>>(),
        [ErrorKind::Request, ErrorKind::NotFound]
    );
}
