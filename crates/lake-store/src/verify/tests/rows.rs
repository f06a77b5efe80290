//! Rows that contradict each other.

use super::*;

/// What is done to rows, and the worst that is found then.
const DAMAGE: &[(Problem, Plant)] = &[
    (Problem::Unreadable, |rows| {
        let id = node(rows, "f").id.key();
        let mut nodes = rows.open_table(NODES).unwrap();
        nodes.insert(id, b"{}".as_slice()).unwrap();
    }),
    (Problem::NameOfNothing, |rows| {
        let id = node(rows, "f").id.key();
        rows.open_table(NODES).unwrap().remove(id).unwrap();
    }),
    (Problem::NameOfAnother, |rows| {
        let (d, f) = (node(rows, "d").id.key(), node(rows, "f").id.key());
        put_entry(rows, d, "second", f);
    }),
    (Problem::NameInNothing, |rows| {
        put_entry(rows, 12345, "x", node(rows, "f").id.key());
    }),
    (Problem::NameInNothing, |rows| {
        let mut inner = node(rows, "f");
        inner.id = crate::NodeId::from_key(99);
        inner.parent = Some(node(rows, "a").id);
        put(rows, &inner);
        put_entry(rows, node(rows, "a").id.key(), "f", 99);
    }),
    (Problem::Nameless, |rows| {
        remove_entry(rows, &node(rows, "f"));
    }),
    (Problem::Cycle, |rows| {
        // `d` moves into `e`, which is in it.
        let (mut d, e) = (node(rows, "d"), node(rows, "e"));
        remove_entry(rows, &d);
        d.parent = Some(e.id);
        put(rows, &d);
        put_entry(rows, e.id.key(), "d", d.id.key());
    }),
    (Problem::Length, |rows| {
        let mut node = node(rows, "f");
        let Content::File { length, .. } = &mut node.content else {
            unreachable!()
        };
        *length += 1;
        put(rows, &node);
    }),
    (Problem::Acl, |rows| {
        let mut node = node(rows, "a");
        node.acl.access.mask = None;
        put(rows, &node);
    }),
    (Problem::Acl, |rows| {
        let mut node = node(rows, "f");
        node.acl.default = Some(node.acl.access.clone());
        put(rows, &node);
    }),
    (Problem::NoFile, |rows| {
        let mut node = node(rows, "d");
        node.expires = Some(Timestamp::from_millis(i64::MAX));
        put(rows, &node);
    }),
    (Problem::ExpiryOfNothing, |rows| {
        let id = node(rows, "f").id.key();
        rows.open_table(EXPIRIES)
            .unwrap()
            .insert((i64::MAX - 1, id), ())
            .unwrap();
    }),
    (Problem::ExpiryUnlisted, |rows| {
        let id = node(rows, "due").id.key();
        let mut expiries = rows.open_table(EXPIRIES).unwrap();
        let removed = expiries.remove((i64::MAX, id)).unwrap();
        assert!(removed.is_some());
    }),
    (Problem::SpoolOfNothing, |rows| {
        let (b, f) = (node(rows, "b").id.key(), node(rows, "f").id.key());
        let mut spools = rows.open_table(SPOOLS).unwrap();
        let mut spool: Spool = decode(spools.get(b).unwrap().unwrap().value()).unwrap();
        spool.base = 3;
        spools
            .insert(f, encode(&spool).unwrap().as_slice())
            .unwrap();
    }),
    (Problem::DetachedNothing, |rows| {
        let id = node(rows, "d").id.key();
        rows.open_table(DETACHED).unwrap().insert(id, ()).unwrap();
    }),
    (Problem::TrashOfNothing, |rows| {
        let mut trashed = rows.open_table(TRASHED).unwrap();
        let row = trashed.first().unwrap().unwrap().1.value().to_vec();
        let mut row: Trashed = decode(&row).unwrap();
        row.token = Uuid::from_u128(9);
        trashed
            .insert(row.key(), encode(&row).unwrap().as_slice())
            .unwrap();
    }),
    (Problem::TrashUnlisted, |rows| {
        let mut trashed = rows.open_table(TRASHED).unwrap();
        trashed.pop_first().unwrap().unwrap();
    }),
    (Problem::TrashUnlisted, |rows| {
        // The directory.
        let mut trashed = rows.open_table(TRASHED).unwrap();
        trashed.pop_last().unwrap().unwrap();
    }),
    (Problem::OrderOfNothing, |rows| {
        rows.open_table(JOB_ORDER)
            .unwrap()
            .insert(("jobs", 8), 8)
            .unwrap();
    }),
    (Problem::OrderOfNothing, |rows| {
        rows.open_table(JOB_ORDER)
            .unwrap()
            .insert(("jobs", 8), 7)
            .unwrap();
    }),
    (Problem::JobUnlisted, |rows| {
        let row = encode(&job(8)).unwrap();
        rows.open_table(JOBS)
            .unwrap()
            .insert(("jobs", 8), row.as_slice())
            .unwrap();
        rows.open_table(JOB_SCRIPTS)
            .unwrap()
            .insert(("jobs", 8), "script")
            .unwrap();
    }),
    (Problem::ScriptOfNothing, |rows| {
        rows.open_table(JOB_SCRIPTS)
            .unwrap()
            .insert(("jobs", 8), "script")
            .unwrap();
    }),
    (Problem::Unreadable, |rows| {
        rows.open_table(JOBS)
            .unwrap()
            .insert(("jobs", 7), b"?".as_slice())
            .unwrap();
    }),
    (Problem::Unreadable, |rows| {
        rows.open_table(CATALOG)
            .unwrap()
            .insert(("jobs", "D", "", ""), b"?".as_slice())
            .unwrap();
    }),
    (Problem::CatalogOfNothing, |rows| {
        put_catalog_row(rows, "nobody", ("D", "", ""));
    }),
    (Problem::CatalogOfNothing, |rows| {
        put_catalog_row(rows, "jobs", ("D", "dbo", "V"));
    }),
    (Problem::CatalogOfNothing, |rows| {
        put_catalog_row(rows, "jobs", ("master", "S", "V"));
    }),
];

fn put_catalog_row(
    rows: &WriteTransaction,
    account: &str,
    (database, schema, object): (&str, &str, &str),
) {
    let row = CatalogRow {
        kind: "view".to_owned(),
        definition: String::new(),
        context_database: "master".to_owned(),
        context_schema: "dbo".to_owned(),
        created: Timestamp::from_millis(0),
        version: Uuid::from_u128(1),
    };
    let row = encode(&row).unwrap();
    rows.open_table(CATALOG)
        .unwrap()
        .insert((account, database, schema, object), row.as_slice())
        .unwrap();
}

#[test]
fn every_damage_of_rows_is_found_and_a_repair_leaves_a_sound_lake() {
    for (index, (expected, plant)) in DAMAGE.iter().enumerate() {
        let lake = Lake::new();
        lake.plant(plant);
        let problems = lake.problems();
        assert!(
            problems.contains(expected),
            "{index}: {expected:?} in {problems:?}"
        );
        let worst = problems.iter().map(|problem| problem.severity()).max();
        assert_eq!(worst, Some(Severity::Damage));

        let repaired = repair(lake.folder.path(), lake.ambient.clone()).unwrap();
        let repaired = repaired.iter().map(|finding| finding.problem);
        assert!(
            repaired.clone().any(|problem| problem == *expected),
            "{index}"
        );
        // What lost its row is a file that somebody put there, until somebody looks.
        let left = lake.problems();
        let fine = [Problem::Unknown, Problem::Detached, Problem::TrashLeftover];
        let fine = left
            .iter()
            .all(|problem| fine.contains(problem) || *problem == Problem::SpoolLeftover);
        assert!(fine, "{index}: {left:?}");
        let (store, me) = (lake.open(), Principal::superuser("me"));
        store.reap().unwrap();
        look_everywhere(&store.files("files").unwrap(), &me, &LakePath::ROOT);
        assert_eq!(store.verify().unwrap(), [], "{index}: {expected:?}");
    }
}

fn look_everywhere(files: &FileSpace, me: &Principal, path: &LakePath) {
    let listing = files.list(me, path, &ListOptions::default()).unwrap();
    for entry in listing
        .entries
        .iter()
        .filter(|entry| entry.status.is_directory())
    {
        look_everywhere(files, me, &path.join(&entry.name).unwrap());
    }
}

#[test]
fn a_name_that_was_lost_comes_back_with_all_that_its_row_knows() {
    let lake = Lake::new();
    lake.plant(|rows| remove_entry(rows, &node(rows, "a")));
    repair(lake.folder.path(), lake.ambient.clone()).unwrap();
    let (store, me) = (lake.open(), Principal::superuser("me"));
    let files = store.files("files").unwrap();
    let acl = files.acl(&me, &"/d/a".parse().unwrap()).unwrap();
    assert!(acl.is_extended());
}
