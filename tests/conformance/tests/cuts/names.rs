//! Files and directories that are made under a name, renamed and deleted.

use std::collections::BTreeMap;
use std::fmt::Debug;

use adls_fs::{CreateOptions, DeleteOptions, Deleted, ErrorKind, Existing, RenameOptions, Result};
use conformance::shore::{Corner, Shore};
use testkit::cuts::{self, Line};

/// What an operation said.
type Said<T> = std::result::Result<T, ErrorKind>;

fn said<T>(outcome: Result<T>) -> Said<T> {
    outcome.map_err(|error| error.kind())
}

/// Runs an operation under every cut, each time on a fresh copy of the same tree, and looks at
/// what it says and what it leaves.
async fn once<T: Debug>(
    before: &[(&'static str, &'static str)],
    operation: impl AsyncFn(&Corner) -> Said<T>,
    expected: impl Fn(&Said<T>) -> bool,
    after: &[(&str, Option<&str>)],
) {
    let own = |(path, text): &(&str, Option<&str>)| ((*path).to_owned(), text.map(str::to_owned));
    let after: BTreeMap<_, _> = after.iter().map(own).collect();
    let shore = Shore::start().await;
    let script = async |line: Line| {
        let corner = shore.corner(&line).await;
        for (path, bytes) in before {
            corner.put(path, *bytes).await;
        }
        let outcome = operation(&corner).await;
        assert!(expected(&outcome), "it says {outcome:?}");
        assert_eq!(corner.tree().await, after);
    };
    cuts::everywhere(script).await;
    cuts::twice(3, script).await;
}

fn is_conflict(said: &Said<()>) -> bool {
    *said == Err(ErrorKind::Conflict)
}

async fn make_new(corner: &Corner) -> Said<()> {
    let new = CreateOptions::default().with_existing(Existing::Fail);
    said(
        corner
            .files
            .create_opts(&corner.at("d/f"), "made once", new)
            .await,
    )
}

async fn rename(corner: &Corner, existing: Existing) -> Said<()> {
    let options = RenameOptions::default().with_existing(existing);
    let (a, b) = (corner.at("a"), corner.at("b"));
    said(corner.files.rename_opts(&a, &b, options).await)
}

async fn move_a_to_b(corner: &Corner) -> Said<()> {
    rename(corner, Existing::Fail).await
}

async fn replace_b_by_a(corner: &Corner) -> Said<()> {
    rename(corner, Existing::Overwrite).await
}

async fn delete_all_of_a(corner: &Corner) -> Said<Deleted> {
    let all = DeleteOptions::default().recursive();
    said(corner.files.delete_opts(&corner.at("a"), all).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_must_be_new_is_made_exactly_once() {
    let after = [("d", None), ("d/f", Some("made once"))];
    once(&[], make_new, Said::is_ok, &after).await;

    let after = [("d", None), ("d/f", Some("there before"))];
    once(&[("d/f", "there before")], make_new, is_conflict, &after).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_renamed_exactly_once() {
    once(&[("a", "1")], move_a_to_b, Said::is_ok, &[("b", Some("1"))]).await;

    let both = [("a", Some("1")), ("b", Some("2"))];
    once(&[("a", "1"), ("b", "2")], move_a_to_b, is_conflict, &both).await;

    let nothing = |said: &Said<()>| *said == Err(ErrorKind::NotFound);
    once(&[("b", "2")], move_a_to_b, nothing, &[("b", Some("2"))]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_renamed_over_another_exactly_once() {
    let before = [("a", "1"), ("b", "2")];
    once(&before, replace_b_by_a, Said::is_ok, &[("b", Some("1"))]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_is_renamed_exactly_once() {
    let before = [("a/x/f", "1"), ("a/g", "2")];
    let after = [
        ("b", None),
        ("b/g", Some("2")),
        ("b/x", None),
        ("b/x/f", Some("1")),
    ];
    once(&before, move_a_to_b, Said::is_ok, &after).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_is_renamed_into_another_exactly_once() {
    let before = [("a/f", "1"), ("b/g", "2")];
    let after = [
        ("b", None),
        ("b/a", None),
        ("b/a/f", Some("1")),
        ("b/g", Some("2")),
    ];
    once(&before, move_a_to_b, Said::is_ok, &after).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_deleted_is_gone_and_no_more_is_said_than_is_known() {
    let after = [("b", Some("2"))];
    let before = [("a/f", "1"), ("b", "2")];
    let was_there = |said: &Said<_>| matches!(said, Ok(Deleted::Removed | Deleted::Gone));
    once(&before, delete_all_of_a, was_there, &after).await;

    let was_not = |said: &Said<_>| matches!(said, Ok(Deleted::NotThere | Deleted::Gone));
    once(&[("b", "2")], delete_all_of_a, was_not, &after).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_that_is_not_empty_stays() {
    let delete = async |corner: &Corner| said(corner.files.delete(&corner.at("a")).await);
    let after = [("a", None), ("a/f", Some("1"))];
    once(&[("a/f", "1")], delete, Said::is_err, &after).await;
}
