//! What of a set its submitter may read.
//!
//! "If you do not, the files you do not have permissions for will not be included in the set, but no error will be
//! raised": https://learn.microsoft.com/en-us/u-sql/concepts/files/input-files.

use lake_store::Principal;
use tokio_util::sync::CancellationToken;

use crate::lake::{Lake, admin, finish, rows};

const ALL: &str = "v int, folder string, name string";

fn ann() -> Principal {
    Principal::new("ann")
}

/// A folder that ann may read and one that she may not; one that she may only pass, and files of both kinds in each.
fn guarded() -> Lake {
    let lake = Lake::new();
    let folders = [("open", 0o755), ("passable", 0o711), ("closed", 0o700)];
    for (n, (folder, permission)) in folders.into_iter().enumerate() {
        lake.put(&format!("/set/{folder}/mine.csv"), &format!("{n}\n"));
        lake.put(&format!("/set/{folder}/secret.csv"), &format!("{n}{n}\n"));
        lake.permit(&format!("/set/{folder}/mine.csv"), 0o644);
        lake.permit(&format!("/set/{folder}/secret.csv"), 0o600);
        lake.permit(&format!("/set/{folder}"), permission);
    }
    lake.permit("/set", 0o755);
    lake.permit("/", 0o777);
    lake
}

#[test]
fn files_that_the_submitter_may_not_read_are_left_out_in_silence() {
    let lake = guarded();
    let script = rows(ALL, "/set/{folder}/{name}.csv", "true");
    assert_eq!(lake.run(ann(), &script).unwrap(), "0,open,mine\n");
    let all = lake.run(admin(), &script).unwrap();
    assert_eq!(all.lines().count(), 6, "{all}");
}

#[test]
fn a_condition_shows_nobody_more_than_the_set_without_it() {
    let lake = guarded();
    for (condition, expected) in [
        ("folder == \"passable\" && name == \"mine\"", ""),
        ("folder == \"passable\"", ""),
        ("folder == \"closed\" && name == \"mine\"", ""),
        ("folder == \"open\" && name == \"secret\"", ""),
        ("folder == \"open\" && name == \"mine\"", "0,open,mine\n"),
        ("name == \"mine\"", "0,open,mine\n"),
    ] {
        let script = rows(ALL, "/set/{folder}/{name}.csv", condition);
        assert_eq!(
            lake.run(ann(), &script).as_deref(),
            Ok(expected),
            "{condition}"
        );
    }
}

#[test]
fn a_name_that_the_pattern_spells_out_needs_no_right_to_list_its_folder() {
    let lake = guarded();
    let script = rows("v int, folder string", "/set/{folder}/mine.csv", "true");
    assert_eq!(lake.run(ann(), &script).unwrap(), "0,open\n1,passable\n");
    let script = rows("v int", "/set/passable/mine.csv", "true");
    assert_eq!(lake.run(ann(), &script).unwrap(), "1\n");
}

#[test]
fn a_set_or_file_of_which_nothing_may_be_read_is_an_error_that_says_what_helps() {
    let lake = guarded();
    for (columns, path, what) in [
        (
            "v int, name string",
            "/set/passable/{name}.csv",
            "No input file fits the file set",
        ),
        (
            "v int, folder string",
            "/set/{folder}/secret.csv",
            "No input file fits the file set",
        ),
        (
            "v int, folder string",
            "/set/closed/{folder}.csv",
            "No input file fits the file set",
        ),
        (
            "v int",
            "/set/open/secret.csv",
            "The input file '/set/open/secret.csv' does not exist",
        ),
        (
            "v int",
            "/set/closed/mine.csv",
            "The input file '/set/closed/mine.csv' does not exist",
        ),
    ] {
        let said = lake.run(ann(), &rows(columns, path, "true")).unwrap_err();
        let expected = format!("E_CSC_USER_FILENOTFOUND: {what}");
        assert!(said.starts_with(&expected), "{path}: {said}");
        assert!(
            said.contains("the right to read it granted"),
            "{path}: {said}"
        );
    }
}

#[test]
fn a_right_that_is_withdrawn_before_the_run_fails_it_by_the_name_of_the_file() {
    let lake = guarded();
    let script = rows(ALL, "/set/{folder}/{name}.csv", "true");
    let cancel = CancellationToken::new();
    let job = lake.compile(ann(), &script, &cancel).unwrap();
    lake.permit("/set/open/mine.csv", 0o600);
    let said = finish(job, cancel).unwrap_err();
    assert!(
        said.contains("/set/open/mine.csv") && said.contains("`ann` needs r--"),
        "{said}"
    );
    assert_eq!(lake.text("/out.csv"), None);
}
