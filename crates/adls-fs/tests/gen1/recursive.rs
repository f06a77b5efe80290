//! Whole trees are changed, each path as it must be, and a run goes on where another ended.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use adls_fs::{
    Checkpoint, DirectoryOrder, ErrorKind, FileSystem, OnFailure, Permission, TreeChange,
    TreeOptions, TreeOutcome, TreeReport, TreeRun, TreeStep,
};
use futures::StreamExt;
use futures::executor::block_on;

use crate::fake::{FakeGen1, fresh, path};
use crate::walking::crowd;

const FILES: [&str; 7] = [
    "/t/a/1",
    "/t/a/b/2",
    "/t/a/b/3",
    "/t/a/c",
    "/t/a.b/4",
    "/t/d e/%2F/5",
    "/t/z",
];

fn tree() -> (FileSystem, Arc<FakeGen1>) {
    let (files, store) = fresh();
    for file in FILES {
        store.put(file, b"x");
    }
    store.mkdir("/t/empty");
    store.put("/other", b"x");
    (files, store)
}

fn modify(entries: &str) -> TreeChange {
    TreeChange::ModifyAcl(entries.parse().expect("entries"))
}

fn start(files: &FileSystem, change: TreeChange, options: TreeOptions) -> TreeRun {
    let run = files.change_tree_opts(&path("/t"), change, options);
    run.expect("a change that has a meaning")
}

fn finish(files: &FileSystem, change: TreeChange, options: TreeOptions) -> TreeReport {
    block_on(start(files, change, options).finish()).expect("a tree that can be changed")
}

/// What was asked of the store beside looking: the operation, the path and what to do there.
fn changes(store: &FakeGen1) -> Vec<String> {
    let looks = ["GETFILESTATUS", "LISTSTATUS", "MSGETACLSTATUS"];
    let is_change = |line: &String| !looks.iter().any(|look| line.starts_with(look));
    store.log().into_iter().filter(is_change).collect()
}

fn paths(steps: &[TreeStep]) -> Vec<String> {
    steps.iter().map(|step| step.path.to_string()).collect()
}

#[test]
fn files_get_what_has_a_meaning_for_them() {
    let (files, store) = fresh();
    store.put("/t/d/f", b"x");
    let one = TreeOptions::default().with_concurrency(1);
    let change = modify("user:eve:r-x,default:user:eve:r-x");
    let report = finish(&files, change, one.clone());
    assert_eq!((report.progress.directories, report.progress.files), (2, 1));
    let both = "aclspec=user:eve:r-x,default:user:eve:r-x";
    assert_eq!(
        changes(&store),
        [
            format!("MODIFYACLENTRIES /t {both}"),
            format!("MODIFYACLENTRIES /t/d {both}"),
            "MODIFYACLENTRIES /t/d/f aclspec=user:eve:r-x".to_owned(),
        ]
    );

    let (files, store) = fresh();
    store.put("/t/f", b"x");
    let keys = ["default:user:eve", "group:g"].map(|key| key.parse().expect("a key"));
    finish(
        &files,
        TreeChange::RemoveAclEntries(keys.to_vec()),
        one.clone(),
    );
    let change = TreeChange::SetPermission {
        directories: Permission::new(0o750).expect("bits"),
        files: Permission::new(0o640).expect("bits"),
    };
    finish(&files, change, one);
    assert_eq!(
        changes(&store),
        [
            "REMOVEACLENTRIES /t aclspec=default:user:eve,group:g",
            "REMOVEACLENTRIES /t/f aclspec=group:g",
            "SETPERMISSION /t permission=750",
            "SETPERMISSION /t/f permission=640",
        ]
    );
}

#[test]
fn what_is_about_new_children_is_not_asked_of_files() {
    for change in [modify("default:user:eve:r-x"), TreeChange::RemoveDefaultAcl] {
        let (files, store) = tree();
        let steps = start(&files, change, TreeOptions::default()).collect::<Vec<_>>();
        let steps = block_on(steps);
        assert_eq!(steps.len(), 14);
        let unaffected = steps
            .iter()
            .filter(|step| matches!(step.outcome, TreeOutcome::Unaffected))
            .map(|step| step.path.as_str());
        assert_eq!(unaffected.collect::<BTreeSet<_>>(), FILES.into());
        assert_eq!(changes(&store).len(), 7);
    }
}

#[test]
fn a_file_is_a_tree_of_one() {
    let (files, store) = tree();
    let mut run = files
        .change_tree(&path("/t/z"), modify("user:eve:r--"))
        .expect("a change");
    let report = block_on(run.finish()).expect("a file");
    assert_eq!((report.progress.directories, report.progress.files), (0, 1));
    assert_eq!(
        changes(&store),
        ["MODIFYACLENTRIES /t/z aclspec=user:eve:r--"]
    );
    assert_eq!(run.checkpoint(), None);
}

#[test]
fn a_run_goes_on_from_each_of_its_checkpoints() {
    for order in [DirectoryOrder::First, DirectoryOrder::Last] {
        for concurrency in [1, 3, 16] {
            let options = TreeOptions::default()
                .with_order(order)
                .with_concurrency(concurrency);
            let (files, _) = tree();
            let whole = start(&files, modify("user:eve:r-x"), options.clone());
            let whole = paths(&block_on(whole.collect::<Vec<_>>()));
            assert_eq!(whole.len(), 14);
            assert_eq!(whole.iter().collect::<BTreeSet<_>>().len(), 14);
            for taken in 0..=whole.len() {
                let (files, store) = tree();
                let mut run = start(&files, modify("user:eve:r-x"), options.clone());
                let before = paths(&block_on(run.by_ref().take(taken).collect::<Vec<_>>()));
                assert_eq!(before, whole[..taken]);
                let kept = run.checkpoint().expect("the end was not seen").to_string();
                // The process is killed: what is on its way may arrive or not.
                drop(run);
                let surely = changes(&store);
                for path in &before {
                    let done = format!("MODIFYACLENTRIES {path} aclspec=user:eve:r-x");
                    assert!(surely.contains(&done), "{path} is not done");
                }
                let checkpoint: Checkpoint = kept.parse().expect("a checkpoint");
                let rest = options.clone().with_resume(checkpoint);
                let mut run = start(&files, modify("user:eve:r-x"), rest);
                let behind = paths(&block_on(run.by_ref().collect::<Vec<_>>()));
                assert_eq!(behind, whole[taken..], "{kept}");
                assert_eq!(run.checkpoint(), None);
            }
        }
    }
}

#[test]
fn what_a_checkpoint_names_may_be_gone() {
    for order in [DirectoryOrder::First, DirectoryOrder::Last] {
        let options = TreeOptions::default().with_order(order);
        let (files, store) = tree();
        let mut run = start(&files, modify("user:eve:r-x"), options.clone());
        let at = |step: &TreeStep| step.path.as_str() == "/t/a/b/2";
        while !block_on(run.next()).is_some_and(|step| at(&step)) {}
        let checkpoint = run.checkpoint().expect("there is more");
        store.remove("/t/a/b");
        let rest = options.with_resume(checkpoint);
        let rest = block_on(start(&files, modify("user:eve:r-x"), rest).collect::<Vec<_>>());
        assert!(
            rest.iter()
                .all(|step| matches!(step.outcome, TreeOutcome::Changed))
        );
        let rest = paths(&rest);
        assert!(rest.contains(&"/t/a/c".to_owned()) && rest.contains(&"/t/z".to_owned()));
        assert!(!rest.contains(&"/t/a/1".to_owned()), "{rest:?}");
    }
}

#[test]
fn a_run_ends_at_a_failure_and_goes_on_there() {
    for forbidden in ["/t/a/b", "/t/a/b/3", "/t/z", "/t"] {
        for order in [DirectoryOrder::First, DirectoryOrder::Last] {
            let options = TreeOptions::default().with_order(order);
            let (files, store) = tree();
            store.forbid(forbidden);
            let mut run = start(&files, modify("user:eve:r-x"), options.clone());
            let error = block_on(run.finish()).expect_err("it is forbidden");
            assert_eq!(error.kind(), ErrorKind::Forbidden);
            assert!(
                error.to_string().starts_with(&format!("{forbidden}: ")),
                "{error}"
            );
            assert_eq!(run.progress().failed, 1);
            let checkpoint = run.checkpoint().expect("there is more");
            let done = run.progress().directories + run.progress().files;

            store.permit(forbidden);
            let rest = options.with_resume(checkpoint);
            let report = finish(&files, modify("user:eve:r-x"), rest);
            let rest = report.progress.directories + report.progress.files;
            assert_eq!(done + rest, 14, "{forbidden}");
            let changed = changes(&store).into_iter().collect::<BTreeSet<_>>();
            assert_eq!(changed.len(), 14);
        }
    }
}

#[test]
fn a_run_goes_on_behind_failures_and_reports_them() {
    let (files, store) = tree();
    store.forbid("/t/a/b");
    store.forbid("/t/z");
    let go_on = TreeOptions::default().with_on_failure(OnFailure::GoOn);
    let mut run = start(&files, modify("user:eve:r-x"), go_on);
    let report = block_on(run.finish()).expect("failures are in the report");
    let failed: Vec<_> = report.failures.iter().map(|f| f.path.as_str()).collect();
    // The directory itself, and then what is in it.
    assert_eq!(failed, ["/t/a/b", "/t/a/b", "/t/z"]);
    let progress = report.progress;
    assert_eq!(
        (progress.directories, progress.files, progress.failed),
        (6, 4, 3)
    );
    assert_eq!(run.checkpoint(), None);
}

#[test]
fn a_report_of_many_failures_stays_small() {
    let (files, store) = fresh();
    for n in 0..250 {
        store.put(&format!("/t/{n}"), b"");
        store.forbid(&format!("/t/{n}"));
    }
    let go_on = TreeOptions::default().with_on_failure(OnFailure::GoOn);
    let report = finish(&files, modify("user:eve:r-x"), go_on);
    assert_eq!(report.progress.failed, 250);
    assert_eq!(report.failures.len(), TreeReport::FAILURES);
}

#[test]
fn what_vanishes_is_no_failure_unless_it_was_named() {
    let (files, store) = tree();
    let one = TreeOptions::default().with_concurrency(1);
    let mut run = start(&files, modify("user:eve:r-x"), one);
    for _ in 0..2 {
        block_on(run.next()).expect("more");
    }
    store.remove("/t/z");
    let rest = block_on(run.collect::<Vec<_>>());
    let last = rest.last().expect("a step");
    assert_eq!(last.path.as_str(), "/t/z");
    assert!(matches!(last.outcome, TreeOutcome::Gone), "{last:?}");

    let mut run = files
        .change_tree(&path("/none"), TreeChange::RemoveAcl)
        .expect("a change");
    let error = block_on(run.finish()).expect_err("nothing is there");
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

#[test]
fn a_dry_run_tells_and_changes_nothing() {
    let (files, store) = tree();
    let change = modify("user:eve:rwx,default:group::---");
    let steps = start(&files, change.clone(), TreeOptions::default().dry_run());
    let steps = block_on(steps.collect::<Vec<_>>());
    assert_eq!(changes(&store), Vec::<String>::new());
    assert_eq!(steps.len(), 14);
    for step in steps {
        let TreeOutcome::Planned { before, after } = &step.outcome else {
            panic!("{step:?}")
        };
        assert_eq!(before.acl.to_string(), "user::rwx,group::r-x,other::---");
        let mut expected = "user::rwx,user:eve:rwx,group::r-x,mask::rwx,other::---".to_owned();
        if !FILES.contains(&step.path.as_str()) {
            expected +=
                ",default:user::rwx,default:group::---,default:mask::---,default:other::---";
        }
        assert_eq!(after.acl.to_string(), expected);
        assert_eq!(after.permission, Permission::new(0o770).expect("bits"));
    }

    // Nor does a real run go on where a dry one ended.
    let mut dry = start(&files, change.clone(), TreeOptions::default().dry_run());
    block_on(dry.next());
    let resume = dry.checkpoint().expect("there is more");
    let real = TreeOptions::default().with_resume(resume.clone());
    let refused = files.change_tree_opts(&path("/t"), change.clone(), real);
    assert_eq!(refused.expect_err("another run").kind(), ErrorKind::Request);
    let other = TreeOptions::default().dry_run().with_resume(resume);
    let refused = files.change_tree_opts(&path("/t/a"), change, other);
    let error = refused.expect_err("another tree").to_string();
    assert!(
        error.contains("on /t,") && error.contains("on /t/a,"),
        "{error}"
    );
}

#[test]
fn a_change_that_no_path_can_have_is_refused_at_once() {
    let (files, store) = tree();
    let keys = vec!["mask".parse().expect("a key")];
    for change in [
        TreeChange::SetAcl(adls_fs::Acl::new()),
        TreeChange::RemoveAclEntries(Vec::new()),
        TreeChange::RemoveAclEntries(keys),
    ] {
        let refused = files.change_tree(&path("/t"), change);
        assert_eq!(refused.expect_err("no meaning").kind(), ErrorKind::Request);
    }
    assert_eq!(store.count(), 0);
}

#[test]
fn a_run_goes_no_further_than_it_is_read() {
    let (files, store) = fresh();
    for directory in 0..100 {
        store.put(&format!("/t/{directory}/f"), b"");
    }
    let four = TreeOptions::default().with_concurrency(4);
    let mut run = start(&files, modify("user:eve:r-x"), four);
    assert_eq!(store.count(), 0, "nothing is sent before it is read");
    for read in 1..20 {
        block_on(run.next()).expect("more");
        let changed = changes(&store).len();
        assert!(
            (read..=read + 4).contains(&changed),
            "{changed} behind {read}"
        );
        // The root's status, and listings for what was read and for eight behind it.
        let looked = store.count() - changed;
        assert!(looked <= 1 + 1 + read + 4 + 8, "{looked} behind {read}");
    }
}

#[test]
fn as_many_changes_go_at_once_as_was_said() {
    for concurrency in [1, 5] {
        let (files, crowd) = crowd();
        for n in 0..40 {
            crowd.store.put(&format!("/t/{n}"), b"");
        }
        let options = TreeOptions::default().with_concurrency(concurrency);
        finish(&files, modify("user:eve:r-x"), options);
        let most = crowd.most.load(Ordering::SeqCst);
        // Beside at most as many listings, of which this tree has one.
        assert!((concurrency..=concurrency + 1).contains(&most), "{most}");
    }
}
