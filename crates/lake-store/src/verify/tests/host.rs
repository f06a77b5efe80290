//! What people and the system did to the folder.

use super::*;

#[test]
fn what_a_person_did_to_the_folder_is_found_and_is_no_damage() {
    let check = |act: fn(&Lake), expected: &[(Problem, &str)]| {
        let lake = Lake::new();
        act(&lake);
        let mut found = lake.found();
        found.sort();
        let folder = format!("{}/", lake.folder.path().display());
        let found = found.iter();
        let found: Vec<_> = found
            .map(|(p, at)| (*p, at.trim_start_matches(&folder)))
            .collect();
        assert_eq!(found, expected);
        assert!(
            found
                .iter()
                .all(|(problem, _)| problem.severity() == Severity::Foreign)
        );
    };
    check(
        |lake| {
            fs::write(lake.host("files/d/new"), "x").unwrap();
            fs::create_dir_all(lake.host("files/more/below")).unwrap();
        },
        &[
            (Problem::Unknown, "files/d/new"),
            (Problem::Unknown, "files/more"),
        ],
    );
    check(
        |lake| fs::write(lake.host("files/d/a"), "longer than before").unwrap(),
        &[(Problem::Edited, "files:/d/a")],
    );
    check(
        |lake| {
            fs::remove_file(lake.host("files/d/a")).unwrap();
            fs::remove_dir_all(lake.host("files/d/e")).unwrap();
        },
        &[(Problem::Gone, "files:/d/a"), (Problem::Gone, "files:/d/e")],
    );
    check(
        |lake| {
            fs::remove_file(lake.host("files/d/a")).unwrap();
            fs::create_dir(lake.host("files/d/a")).unwrap();
        },
        &[(Problem::OtherKind, "files:/d/a")],
    );
    check(
        |lake| fs::write(lake.host("files/d/%!plain"), "x").unwrap(),
        &[(Problem::Skipped, "files/d/%!plain")],
    );
    let lake = Lake::new();
    for entry in fs::read_dir(lake.host(".lake/trash")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            fs::remove_file(path.join("x")).unwrap();
        }
    }
    assert_eq!(lake.problems(), [Problem::Gone]);
}

#[test]
fn what_a_process_that_died_left_is_found_until_the_lake_is_opened() {
    let lake = Lake::new();
    fs::write(lake.host(".lake/spool/x"), "x").unwrap();
    fs::create_dir_all(lake.host(".lake/trash/x/y")).unwrap();
    fs::create_dir_all(lake.host(".lake/discarded/x/y")).unwrap();
    let store = lake.open();
    let transaction = store.data_root().database().write().unwrap();
    let plan = encode(&Plan::default()).unwrap();
    transaction
        .open_table(INTENTS)
        .unwrap()
        .insert(0, plan.as_slice())
        .unwrap();
    let id = node(&transaction, "f").id.key();
    transaction
        .open_table(APPENDS)
        .unwrap()
        .insert(id, 5)
        .unwrap();
    transaction.commit().unwrap();
    drop(store);
    fs::write(lake.host(".lake/spool/x"), "x").unwrap();
    fs::create_dir_all(lake.host(".lake/trash/x/y")).unwrap();
    fs::create_dir_all(lake.host(".lake/discarded/x/y")).unwrap();
    fs::create_dir_all(lake.host(".lake/spill/x/y")).unwrap();
    let expected = [
        Problem::OpenPlan,
        Problem::OpenAppend,
        Problem::SpoolLeftover,
        Problem::SpillLeftover,
        Problem::TrashLeftover,
        Problem::Discarded,
    ];
    assert_eq!(lake.problems(), expected);
    assert!(
        expected
            .iter()
            .all(|problem| problem.severity() == Severity::Unfinished)
    );
    assert_eq!(lake.open().verify().unwrap(), []);
}

#[test]
fn lost_unpublished_bytes_a_lost_root_and_an_unnoticed_change_are_damage() {
    let lake = Lake::new();
    let spool = fs::read_dir(lake.host(".lake/spool"))
        .unwrap()
        .next()
        .unwrap();
    fs::write(spool.unwrap().path(), "1").unwrap();
    assert_eq!(lake.problems(), [Problem::SpoolGone]);
    repair(lake.folder.path(), lake.ambient.clone()).unwrap();
    lake.open();
    assert_eq!(lake.found(), []);

    // A change that the directory's time does not tell.
    fs::write(lake.host("files/d/e/new"), "x").unwrap();
    let modified = fs::metadata(lake.host("files/d/e"))
        .unwrap()
        .modified()
        .unwrap();
    let nanos = modified
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_nanos();
    lake.plant(|rows| {
        let mut node = node(rows, "e");
        node.content = Content::Directory {
            scanned: Some(nanos as i64),
        };
        put(rows, &node);
    });
    assert_eq!(lake.problems(), [Problem::Unknown, Problem::Unnoticed]);
    repair(lake.folder.path(), lake.ambient.clone()).unwrap();
    assert_eq!(lake.problems(), [Problem::Unknown]);

    let lake = Lake::new();
    lake.plant(|rows| {
        let accounts = rows.open_table(ACCOUNTS).unwrap();
        let jobs: crate::Account = decode(accounts.get("jobs").unwrap().unwrap().value()).unwrap();
        rows.open_table(NODES)
            .unwrap()
            .remove(jobs.root.key())
            .unwrap();
    });
    assert_eq!(lake.found(), [(Problem::Rootless, "jobs".to_owned())]);
}
