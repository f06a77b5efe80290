//! Jobs, settings and accounts.

use lake_store::{
    AccountKind, ErrorKind, JobResult, JobRow, JobState, JobTable, Principal, Timestamp, Transition,
};
use serde_json::json;
use uuid::Uuid;

use crate::lake::Lake;

fn lake() -> Lake {
    let lake = Lake::new();
    let (me, kind) = (&lake.me, AccountKind::Analytics);
    lake.store()
        .create_account(me, "lakeanalytics", kind)
        .unwrap();
    lake
}

fn table(lake: &Lake) -> JobTable {
    lake.store().jobs("lakeanalytics").unwrap()
}

pub(crate) fn row(id: u128, name: &str) -> JobRow {
    let time = Timestamp::from_millis(1_500_000_000_000);
    JobRow {
        id: Uuid::from_u128(id),
        name: name.to_owned(),
        job_type: "USql".to_owned(),
        submitter: "ann@contoso.com".to_owned(),
        submitter_id: "ann".to_owned(),
        degree_of_parallelism: 1,
        priority: 1000,
        properties: json!({ "type": "USql" }),
        related: None,
        submitted: time,
        started: None,
        ended: None,
        state: JobState::New,
        result: JobResult::None,
        audit: vec![lake_store::AuditRecord {
            new_state: JobState::New,
            time,
            requested_by: Some("ann".to_owned()),
            details: None,
        }],
        errors: Vec::new(),
        log_folder: None,
        statistics: None,
        published: false,
    }
}

#[test]
fn a_job_moves_only_from_the_state_that_it_is_in_and_remembers_each() {
    let lake = lake();
    let jobs = table(&lake);
    let id = Uuid::from_u128(9);
    jobs.insert(&row(9, "first"), "script").unwrap();
    assert_eq!(
        jobs.insert(&row(9, "again"), "script").unwrap_err().kind(),
        ErrorKind::AlreadyExists
    );
    let time = Timestamp::from_millis(1_500_000_000_001);
    let to = |from, to| Transition::new(from, to, time).with_details("because");
    jobs.transition(id, to(JobState::New, JobState::Compiling))
        .unwrap();
    let late = jobs
        .transition(id, to(JobState::New, JobState::Queued))
        .unwrap_err();
    assert_eq!(late.kind(), ErrorKind::Conflict);
    let ended = jobs
        .transition_with(id, to(JobState::Compiling, JobState::Ended), |job| {
            job.result = JobResult::Failed;
            job.ended = Some(time);
            job.errors
                .push(json!({ "errorId": "E_CSC_USER_SYNTAXERROR" }));
        })
        .unwrap();
    assert_eq!(ended.audit[2].details.as_deref(), Some("because"));
    drop(jobs);
    let lake = lake.reopen();
    let jobs = table(&lake);
    assert_eq!(jobs.get(id).unwrap(), ended);
    assert_eq!(jobs.script(id).unwrap(), "script");
    let states: Vec<_> = ended.audit.iter().map(|record| record.new_state).collect();
    assert_eq!(
        states,
        [JobState::New, JobState::Compiling, JobState::Ended]
    );
    let missing = jobs.get(Uuid::from_u128(1)).unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::NotFound);
    let missing = jobs.script(Uuid::from_u128(1)).unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::NotFound);
}

#[test]
fn jobs_are_listed_in_the_order_of_their_submission() {
    let lake = lake();
    let jobs = table(&lake);
    // Ids in another order than submission.
    for (id, name) in [(9, "a"), (3, "b"), (7, "c"), (1, "d"), (5, "e")] {
        jobs.insert(&row(id, name), "script").unwrap();
    }
    let time = Timestamp::from_millis(0);
    for id in [9, 7] {
        let ended = Transition::new(JobState::New, JobState::Ended, time);
        jobs.transition(Uuid::from_u128(id), ended).unwrap();
    }
    let list = |skip, limit, keep: fn(&JobRow) -> bool| {
        let page = jobs.list(skip, limit, keep).unwrap();
        let names: String = page.jobs.iter().map(|job| job.name.as_str()).collect();
        (names, page.more)
    };
    assert_eq!(list(0, 10, |_| true), ("abcde".into(), false));
    assert_eq!(list(1, 2, |_| true), ("bc".into(), true));
    assert_eq!(list(3, 2, |_| true), ("de".into(), false));
    assert_eq!(
        list(0, 1, |job| job.state == JobState::Ended),
        ("a".into(), true)
    );
    assert_eq!(
        list(1, 1, |job| job.state == JobState::Ended),
        ("c".into(), false)
    );
    assert_eq!(list(9, 1, |_| true), (String::new(), false));
    let unfinished = jobs.unfinished().unwrap();
    let names: String = unfinished.iter().map(|job| job.name.as_str()).collect();
    assert_eq!(names, "bde");
}

#[test]
fn each_account_has_its_own_jobs_and_files() {
    let lake = lake();
    let (store, me) = (lake.store(), &lake.me);
    store
        .create_account(me, "other", AccountKind::Analytics)
        .unwrap();
    table(&lake).insert(&row(1, "mine"), "script").unwrap();
    let other = store.jobs("other").unwrap();
    assert!(other.list(0, 10, |_| true).unwrap().jobs.is_empty());
    other.insert(&row(1, "same id"), "script").unwrap();
    assert_eq!(table(&lake).get(Uuid::from_u128(1)).unwrap().name, "mine");
    assert_eq!(
        store.jobs("lakestore").unwrap_err().kind(),
        ErrorKind::InvalidArgument
    );
    lake.create("/f", b"1");
    let files = store.files("other").unwrap();
    let error = files.stat(me, &lake.path("/f")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

#[test]
fn accounts_are_created_once_by_a_superuser_with_a_good_name() {
    let lake = Lake::new();
    let store = lake.store();
    let create = |who: &Principal, name: &str| {
        let created = store.create_account(who, name, AccountKind::Storage);
        created
            .map(|account| account.name)
            .map_err(|error| error.kind())
    };
    assert_eq!(
        create(&lake.me, "devstoreaccount1"),
        Ok("devstoreaccount1".into())
    );
    assert_eq!(
        create(&lake.me, "devstoreaccount1"),
        Err(ErrorKind::AlreadyExists)
    );
    assert_eq!(
        create(&lake.me, "../escape"),
        Err(ErrorKind::InvalidArgument)
    );
    assert_eq!(
        create(&Principal::new("ann"), "annslake"),
        Err(ErrorKind::Forbidden)
    );
    assert_eq!(
        store.account("annslake").unwrap_err().kind(),
        ErrorKind::NotFound
    );
    assert_eq!(
        store.files("annslake").unwrap_err().kind(),
        ErrorKind::NotFound
    );
    let names: Vec<_> = store
        .accounts()
        .unwrap()
        .into_iter()
        .map(|a| a.name)
        .collect();
    assert_eq!(names, ["devstoreaccount1", "lakestore"]);
}

#[test]
fn settings_are_made_once_and_kept() {
    let lake = Lake::new();
    let settings = lake.store().settings();
    assert_eq!(settings.get("key").unwrap(), None);
    let made = settings.get_or_insert_with("key", || b"first".to_vec());
    assert_eq!(made.unwrap(), b"first");
    let kept = settings.get_or_insert_with("key", || b"second".to_vec());
    assert_eq!(kept.unwrap(), b"first");
    settings.set("other", b"").unwrap();
    drop(settings);
    let lake = lake.reopen();
    let settings = lake.store().settings();
    assert_eq!(settings.get("key").unwrap().as_deref(), Some(&b"first"[..]));
    assert_eq!(settings.get("other").unwrap().as_deref(), Some(&b""[..]));
    settings.remove("key").unwrap();
    assert_eq!(settings.get("key").unwrap(), None);
}

#[test]
fn settings_are_found_by_their_prefix_and_changed_together() {
    let lake = Lake::new();
    let settings = lake.store().settings();
    let set = |key: &str| (key.to_owned(), Some(key.as_bytes().to_vec()));
    settings
        .apply(&["a", "b/2", "b/1", "b", "c"].map(set))
        .unwrap();
    let keys = |prefix: &str| -> Vec<String> {
        let found = settings.with_prefix(prefix).unwrap();
        found
            .into_iter()
            .map(|(key, value)| {
                assert_eq!(value, key.as_bytes());
                key
            })
            .collect()
    };
    assert_eq!(keys("b/"), ["b/1", "b/2"]);
    assert_eq!(keys("b"), ["b", "b/1", "b/2"]);
    settings
        .apply(&[
            ("b/1".to_owned(), None),
            ("b/9".to_owned(), None),
            set("b/3"),
        ])
        .unwrap();
    assert_eq!(keys("b/"), ["b/2", "b/3"]);
    settings.apply(&[]).unwrap();
    assert_eq!(keys("d"), [""; 0]);
}
