//! The catalog of an analytics account, which changes with the publication of a job.

use std::io::Write as _;

use lake_store::{
    AccountKind, CatalogEdit, CatalogName, CatalogRow, Error, ErrorKind, JobTable, Result,
    Timestamp,
};
use uuid::Uuid;

use crate::jobs::row;
use crate::lake::Lake;

fn lake() -> Lake {
    let lake = Lake::new();
    for account in ["lakeanalytics", "otheranalytics"] {
        lake.store()
            .create_account(&lake.me, account, AccountKind::Analytics)
            .unwrap();
        let jobs = lake.store().jobs(account).unwrap();
        jobs.insert(&row(1, "job"), "script").unwrap();
    }
    lake
}

fn jobs(lake: &Lake) -> JobTable {
    lake.store().jobs("lakeanalytics").unwrap()
}

fn object(database: &str, schema: &str, object: &str) -> CatalogName {
    CatalogName::of_object(database, schema, object)
}

fn put(name: CatalogName, definition: &str) -> CatalogEdit {
    let row = CatalogRow {
        kind: "view".to_owned(),
        definition: definition.to_owned(),
        context_database: "master".to_owned(),
        context_schema: "dbo".to_owned(),
        created: Timestamp::from_millis(5),
        version: Uuid::from_u128(6),
    };
    CatalogEdit::Put(name, row)
}

/// Publishes as a job without outputs.
fn publish(lake: &Lake, edits: Vec<CatalogEdit>) -> Result<()> {
    let (files, id) = (lake.files(), Uuid::from_u128(1));
    files.publish_for(&lake.me, Vec::new(), &jobs(lake), id, |_| Ok(edits))
}

fn names(jobs: &JobTable) -> Vec<String> {
    let rows = jobs.catalog().snapshot().unwrap().rows().unwrap();
    rows.iter().map(|(name, _)| name.to_string()).collect()
}

#[test]
fn what_is_in_a_container_goes_with_it_and_nothing_else() {
    let lake = lake();
    let all = [
        CatalogName::of_database("D"),
        object("D", "dbo", "V"),
        CatalogName::of_schema("D", "S"),
        object("D", "S", "V"),
        object("D", "S", "W"),
        CatalogName::of_schema("D", "S2"),
        object("D", "S2", "V"),
        CatalogName::of_database("D2"),
        object("D2", "S", "V"),
        object("master", "S", "V"),
    ];
    publish(
        &lake,
        all.iter().map(|name| put(name.clone(), "")).collect(),
    )
    .unwrap();
    let remove = |name| publish(&lake, vec![CatalogEdit::Remove(name)]).unwrap();
    remove(object("D", "S", "V"));
    assert_eq!(names(&jobs(&lake)).len(), 9);
    remove(CatalogName::of_schema("D", "S"));
    assert_eq!(
        names(&jobs(&lake)),
        [
            "D",
            "D.S2",
            "D.S2.V",
            "D.dbo.V",
            "D2",
            "D2.S.V",
            "master.S.V"
        ]
    );
    remove(CatalogName::of_database("D"));
    assert_eq!(names(&jobs(&lake)), ["D2", "D2.S.V", "master.S.V"]);
    let other = lake.store().jobs("otheranalytics").unwrap();
    assert!(names(&other).is_empty());
}

#[test]
fn a_catalog_is_what_the_last_publication_left_and_a_snapshot_stays() {
    let lake = lake();
    let name = object("master", "dbo", "V");
    publish(&lake, vec![put(name.clone(), "old")]).unwrap();
    let snapshot = jobs(&lake).catalog().snapshot().unwrap();
    publish(
        &lake,
        vec![CatalogEdit::Remove(name.clone()), put(name.clone(), "new")],
    )
    .unwrap();
    let definition = |row: Option<CatalogRow>| row.unwrap().definition;
    assert_eq!(definition(snapshot.get(&name).unwrap()), "old");
    drop(snapshot);
    let lake = lake.reopen();
    let snapshot = jobs(&lake).catalog().snapshot().unwrap();
    assert_eq!(definition(snapshot.get(&name).unwrap()), "new");
    assert_eq!(snapshot.get(&object("master", "dbo", "v")).unwrap(), None);
}

#[test]
fn a_catalog_that_cannot_be_changed_keeps_the_files_back_too() {
    let lake = lake();
    let mut staged = lake
        .files()
        .stage(&lake.me, &"/out".parse().unwrap())
        .unwrap();
    staged.write_all(b"out").unwrap();
    let id = Uuid::from_u128(1);
    let refused = lake
        .files()
        .publish_for(&lake.me, vec![staged], &jobs(&lake), id, |catalog| {
            assert_eq!(catalog.rows()?, []);
            Err(Error::new(
                ErrorKind::Conflict,
                "somebody made it meanwhile",
            ))
        });
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::Conflict);
    let stat = lake.files().stat(&lake.me, &"/out".parse().unwrap());
    assert_eq!(stat.unwrap_err().kind(), ErrorKind::NotFound);
    assert!(!jobs(&lake).get(id).unwrap().published);
}

/// Each of the threads adds one more object than it finds: none is lost and none is made twice.
#[test]
fn nobody_changes_a_catalog_between_a_decision_and_its_change() {
    let lake = lake();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..10 {
                    let (files, jobs) = (lake.files(), jobs(&lake));
                    let id = Uuid::from_u128(1);
                    files
                        .publish_for(&lake.me, Vec::new(), &jobs, id, |catalog| {
                            let count = catalog.rows()?.len();
                            Ok(vec![put(
                                object("master", "dbo", &format!("V{count:02}")),
                                "",
                            )])
                        })
                        .unwrap();
                }
            });
        }
    });
    assert_eq!(names(&jobs(&lake)).len(), 40);
}
