//! Operations, one after the other, with what can be seen after each.

use lake_store::{
    AccountKind, AclKey, CatalogEdit, CatalogName, CatalogRow, ConcatOptions, CreateOptions,
    Existing, Expiry, JobResult, JobRow, JobState, LakePath, MkdirsOptions, Result, SyncFlag,
    Taken,
};

use super::seen::{FIRST_PROCESS, JOB, NEW, SET_BY_HAND, Seen, Session, as_holder};

type Act = fn(&Session) -> Result<()>;
type Expect = fn(&mut Seen);

/// What is done, and what it changes of what can be seen.
pub(super) type Script = Vec<(Act, Expect)>;

fn job() -> JobRow {
    serde_json::from_value(serde_json::json!({
        "id": JOB, "name": "j", "job_type": "USql", "submitter": "me", "submitter_id": "me",
        "degree_of_parallelism": 1, "priority": 1000, "properties": {},
        "submitted": 0, "state": "New", "result": JobResult::None,
        "audit": [{ "new_state": "New", "time": 0 }],
    }))
    .unwrap()
}

/// Every kind of write, with what can be seen after it.
pub(super) fn session() -> Script {
    vec![
        (
            |s| {
                let kind = AccountKind::Store;
                s.store.create_account(&s.me, "lakestore", kind).map(drop)
            },
            |seen| {
                seen.accounts = 1;
            },
        ),
        (
            |s| {
                let options = MkdirsOptions::default();
                let path = "/d/e".parse()?;
                s.files()?.mkdirs(&s.me, &path, &options).map(drop)
            },
            |seen| {
                seen.names.insert("/d".into(), None);
                seen.names.insert("/d/e".into(), None);
            },
        ),
        (
            |s| s.create("/d/a", b"hello"),
            |seen| seen.file("/d/a", b"hello", b""),
        ),
        (
            |s| s.append("/d/a", b" world", SyncFlag::Close),
            |seen| seen.file("/d/a", b"hello world", b""),
        ),
        (
            |s| s.append("/d/a", b"1", SyncFlag::Data),
            |seen| seen.file("/d/a", b"hello world", b"1"),
        ),
        (
            |s| s.append("/d/a", b"2", SyncFlag::Data),
            |seen| seen.file("/d/a", b"hello world", b"12"),
        ),
        (
            |s| s.append("/d/a", b"3", SyncFlag::Close),
            |seen| seen.file("/d/a", b"hello world123", b""),
        ),
        (
            |s| s.append("/d/a", b"4", SyncFlag::Data),
            |seen| seen.file("/d/a", b"hello world123", b"4"),
        ),
        (
            |s| s.create("/d/a", b"replaced"),
            |seen| seen.file("/d/a", b"replaced", b""),
        ),
        (
            |s| s.create("/d/b", b"b"),
            |seen| seen.file("/d/b", b"b", b""),
        ),
        (
            |s| s.append("/d/b", b"pending", SyncFlag::Data),
            |seen| seen.file("/d/b", b"b", b"pending"),
        ),
        (
            |s| s.rename("/d/b", "/d/e/c"),
            |seen| {
                let b = seen.names.remove("/d/b").unwrap();
                seen.names.insert("/d/e/c".into(), b);
            },
        ),
        (
            |s| s.rename("/d/e/c", "/d/a"),
            |seen| {
                let c = seen.names.remove("/d/e/c").unwrap();
                seen.names.insert("/d/a".into(), c);
            },
        ),
        (
            |s| s.create("/d/e/2", b"old"),
            |seen| seen.file("/d/e/2", b"old", b""),
        ),
        (
            |s| {
                let files: [(_, &[u8]); 3] =
                    [("/d/e/1", b"one"), ("/d/e/2", b"two"), ("/d/e/3", b"three")];
                s.files()?.publish(&s.me, s.stage(&files)?)
            },
            |seen| {
                seen.file("/d/e/1", b"one", b"");
                seen.file("/d/e/2", b"two", b"");
                seen.file("/d/e/3", b"three", b"");
            },
        ),
        (
            |s| s.rename("/d/e", "/f"),
            |seen| {
                seen.names.remove("/d/e");
                seen.names.insert("/f".into(), None);
                for name in ["1", "2", "3"] {
                    let file = seen.names.remove(&format!("/d/e/{name}")).unwrap();
                    seen.names.insert(format!("/f/{name}"), file);
                }
            },
        ),
        (
            |s| {
                let sources = ["/f/1".parse()?, "/f/3".parse()?];
                s.files()?.concat(&s.me, &"/f/2".parse()?, &sources)
            },
            |seen| {
                seen.names.remove("/f/1");
                seen.names.remove("/f/3");
                seen.file("/f/2", b"twoonethree", b"");
            },
        ),
        (
            |s| s.files()?.set_permission(&s.me, &LakePath::ROOT, 0o751),
            |seen| {
                let attributes = NEW.replace("group::rwx,other::---", "group::r-x,other::--x");
                seen.attributes.insert("/".into(), attributes);
            },
        ),
        (
            |s| s.create("/f/due", b"x"),
            |seen| seen.file("/f/due", b"x", b""),
        ),
        (
            |s| {
                let expiry = Expiry::AfterNow(u64::MAX);
                let path = "/f/due".parse()?;
                s.files()?.set_expiry(&s.me, &path, expiry).map(drop)
            },
            |_| {},
        ),
        (
            |s| s.delete("/d/a"),
            |seen| {
                seen.names.remove("/d/a");
                seen.trash.push("/d/a".into());
            },
        ),
        (
            |s| s.delete("/f"),
            |seen| {
                seen.names.retain(|path, _| !path.starts_with("/f"));
                seen.trash.push("/f".into());
            },
        ),
        (
            |s| s.create("/f/again", b"new"),
            |seen| {
                seen.names.insert("/f".into(), None);
                seen.file("/f/again", b"new", b"");
            },
        ),
        (|s| s.store.reap(), |_| {}),
        (
            |s| s.store.settings().set("key", b"value"),
            |seen| seen.setting = Some(b"value".to_vec()),
        ),
        (
            |s| {
                let kind = AccountKind::Analytics;
                s.store
                    .create_account(&s.me, "lakeanalytics", kind)
                    .map(drop)
            },
            |seen| seen.accounts = 2,
        ),
        (
            |s| s.store.jobs("lakeanalytics")?.insert(&job(), "script"),
            |seen| seen.job = vec![JobState::New],
        ),
        (
            |s| s.transition(JobState::New, JobState::Compiling),
            |seen| seen.job.push(JobState::Compiling),
        ),
        (
            |s| {
                let staged = s.stage(&[("/f/out", b"out"), ("/f/again", b"out")])?;
                let jobs = s.store.jobs("lakeanalytics")?;
                s.files()?
                    .publish_for(&s.me, staged, &jobs, JOB, |catalog| {
                        assert_eq!(catalog.rows()?, []);
                        Ok(vec![
                            put(CatalogName::of_database("D")),
                            put(CatalogName::of_schema("D", "S")),
                            put(CatalogName::of_object("D", "S", "V")),
                            put(CatalogName::of_object("master", "dbo", "V")),
                        ])
                    })
            },
            |seen| {
                seen.file("/f/out", b"out", b"");
                seen.file("/f/again", b"out", b"");
                seen.job_published = true;
                seen.catalog = ["D", "D.S", "D.S.V", "master.dbo.V"].map(Into::into).into();
            },
        ),
        (
            |s| {
                let jobs = s.store.jobs("lakeanalytics")?;
                s.files()?.publish_for(&s.me, Vec::new(), &jobs, JOB, |_| {
                    let dropped = CatalogName::of_database("D");
                    Ok(vec![
                        CatalogEdit::Remove(dropped),
                        put(CatalogName::of_database("E")),
                    ])
                })
            },
            |seen| seen.catalog = ["E", "master.dbo.V"].map(Into::into).into(),
        ),
        (
            |s| s.transition(JobState::Compiling, JobState::Ended),
            |seen| seen.job.push(JobState::Ended),
        ),
    ]
}

fn put(name: CatalogName) -> CatalogEdit {
    let row = CatalogRow {
        kind: "view".to_owned(),
        definition: "CREATE VIEW ..".to_owned(),
        context_database: "master".to_owned(),
        context_schema: "dbo".to_owned(),
        created: FIRST_PROCESS,
        version: JOB,
    };
    CatalogEdit::Put(name, row)
}

/// Attributes of a directory and of a file in it.
pub(super) fn attributes_session() -> Script {
    vec![
        session().remove(0),
        (
            |s| s.create("/d/a", b"a"),
            |seen| {
                seen.names.insert("/d".into(), None);
                seen.file("/d/a", b"a", b"");
            },
        ),
        (
            |s| {
                let entries = ["user::rwx", "user:ann:r-x", "group::r-x", "other::---"];
                let entries: Vec<_> = entries.iter().map(|entry| entry.parse().unwrap()).collect();
                s.files()?.set_acl(&s.me, &"/d/a".parse()?, &entries)
            },
            |seen| {
                let acl = "user::rwx,user:ann:r-x,group::r-x,mask::r-x,other::---";
                let attributes = format!("{acl} me me new");
                seen.attributes.insert("/d/a".into(), attributes);
            },
        ),
        (
            |s| {
                s.files()?
                    .set_owner(&s.me, &"/d/a".parse()?, Some("ann"), Some("staff"))
            },
            |seen| edit(seen, "/d/a", " me me ", " ann staff "),
        ),
        (
            |s| {
                let path = "/d/a".parse()?;
                s.files()?.set_times(&s.me, &path, None, Some(SET_BY_HAND))
            },
            |seen| edit(seen, "/d/a", "new", "set"),
        ),
        (
            |s| {
                let entry = "user:bob:rw-".parse()?;
                s.files()?.modify_acl(&s.me, &"/d/a".parse()?, &[entry])
            },
            |seen| {
                edit(
                    seen,
                    "/d/a",
                    "group::r-x,mask::r-x",
                    "user:bob:rw-,group::r-x,mask::rwx",
                );
            },
        ),
        (
            |s| {
                let key: AclKey = "user:ann".parse()?;
                s.files()?
                    .remove_acl_entries(&s.me, &"/d/a".parse()?, &[key])
            },
            |seen| edit(seen, "/d/a", "user:ann:r-x,", ""),
        ),
        (
            |s| s.files()?.set_permission(&s.me, &"/d/a".parse()?, 0o700),
            |seen| edit(seen, "/d/a", "mask::rwx", "mask::---"),
        ),
        (
            |s| s.rename("/d", "/e"),
            |seen| {
                let attributes = seen.attributes.remove("/d/a").unwrap();
                seen.attributes.insert("/e/a".into(), attributes);
                seen.names.clear();
                seen.names.insert("/e".into(), None);
                seen.file("/e/a", b"a", b"");
            },
        ),
        (
            |s| s.files()?.remove_acl(&s.me, &"/e/a".parse()?),
            |seen| {
                let attributes = "user::rwx,group::r-x,other::--- ann staff set".to_owned();
                seen.attributes.insert("/e/a".into(), attributes);
            },
        ),
    ]
}

fn edit(seen: &mut Seen, path: &str, from: &str, to: &str) {
    let attributes = seen.attributes.get_mut(path).unwrap();
    assert!(attributes.contains(from), "{attributes}");
    *attributes = attributes.replace(from, to);
}

/// What is deleted and comes back.
pub(super) fn trash_session() -> Script {
    vec![
        session().remove(0),
        (
            |s| s.create("/d/a", b"a"),
            |seen| {
                seen.names.insert("/d".into(), None);
                seen.file("/d/a", b"a", b"");
            },
        ),
        (
            |s| s.append("/d/a", b"pending", SyncFlag::Data),
            |seen| seen.file("/d/a", b"a", b"pending"),
        ),
        (
            |s| s.delete("/d"),
            |seen| {
                seen.names.clear();
                seen.trash.push("/d".into());
            },
        ),
        (
            |s| s.restore("/x/y", Taken::Fail),
            |seen| {
                seen.trash.clear();
                seen.names.insert("/x".into(), None);
                seen.names.insert("/x/y".into(), None);
                seen.file("/x/y/a", b"a", b"pending");
            },
        ),
        (
            |s| s.delete("/x/y/a"),
            |seen| {
                seen.names.remove("/x/y/a");
                seen.trash.push("/x/y/a".into());
            },
        ),
        (
            |s| s.create("/x/b", b"b"),
            |seen| seen.file("/x/b", b"b", b""),
        ),
        (
            |s| s.restore("/x/b", Taken::Replace),
            |seen| {
                seen.trash.clear();
                seen.file("/x/b", b"a", b"");
            },
        ),
        (
            |s| s.delete("/x/b"),
            |seen| {
                seen.names.remove("/x/b");
                seen.trash.push("/x/b".into());
            },
        ),
        (
            |s| s.restore("/x/y", Taken::Rename),
            |seen| {
                seen.trash.clear();
                seen.file("/x/y_1", b"a", b"");
            },
        ),
        (
            |s| s.delete("/x"),
            |seen| {
                seen.names.clear();
                seen.trash.push("/x".into());
            },
        ),
        (|s| s.reap_much_later(), |seen| seen.trash.clear()),
    ]
}

/// A long body in pieces, and writers that hold their files.
pub(super) fn writers_session() -> Script {
    vec![
        session().remove(0),
        (
            |s| {
                let staged = s.stage(&[("/big", &[b'x'; 100_000])])?.remove(0);
                let options = CreateOptions::default();
                s.files()?.create_staged(&s.me, staged, &options).map(drop)
            },
            |seen| seen.file("/big", &[b'x'; 100_000], b""),
        ),
        (
            |s| s.append("/big", b"1", SyncFlag::Metadata),
            |seen| seen.file("/big", &[&[b'x'; 100_000][..], b"1"].concat(), b""),
        ),
        (
            |s| {
                let options = CreateOptions::default().with_existing(Existing::Replace);
                let path = "/held".parse()?;
                s.files()?.create(&s.me, &path, &options, b"").map(drop)
            },
            |seen| seen.file("/held", b"", b""),
        ),
        (
            |s| held(s, b"one", SyncFlag::Data),
            |seen| seen.file("/held", b"", b"one"),
        ),
        (
            |s| held(s, b"two", SyncFlag::Metadata),
            |seen| seen.file("/held", b"onetwo", b""),
        ),
        (|s| held(s, b"", SyncFlag::Close), |_| {}),
        (
            |s| s.append("/held", b"!", SyncFlag::Close),
            |seen| seen.file("/held", b"onetwo!", b""),
        ),
        (
            |s| {
                let staged = s.stage(&[("/held", b"staged")])?.remove(0);
                let options = as_holder().with_sync(SyncFlag::Close);
                s.files()?.append_staged(&s.me, staged, &options)
            },
            |seen| seen.file("/held", b"onetwo!staged", b""),
        ),
        (
            |s| {
                let options = MkdirsOptions::default();
                let path = "/parts".parse()?;
                s.files()?.mkdirs(&s.me, &path, &options).map(drop)
            },
            |seen| drop(seen.names.insert("/parts".into(), None)),
        ),
        (
            |s| {
                let files: [(_, &[u8]); 3] = [
                    ("/parts/1", b"one"),
                    ("/parts/2", b"two"),
                    ("/parts/rest", b""),
                ];
                s.files()?.publish(&s.me, s.stage(&files)?)
            },
            |seen| {
                seen.file("/parts/1", b"one", b"");
                seen.file("/parts/2", b"two", b"");
                seen.file("/parts/rest", b"", b"");
            },
        ),
        (
            |s| {
                let sources = ["/parts/1".parse()?, "/parts/2".parse()?];
                let options = ConcatOptions::default().with_delete_source_directory(true);
                s.files()?
                    .concat_opts(&s.me, &"/whole".parse()?, &sources, &options)
            },
            |seen| {
                seen.names.retain(|path, _| !path.starts_with("/parts"));
                seen.trash.push("/parts".into());
                seen.file("/whole", b"onetwo", b"");
            },
        ),
    ]
}

/// Appends as the writer that holds the file.
fn held(session: &Session, body: &[u8], sync: SyncFlag) -> Result<()> {
    let options = as_holder().with_sync(sync);
    session
        .files()?
        .append_opts(&session.me, &"/held".parse()?, body, &options)
}

/// A file that is too long to be copied when unpublished appends begin.
pub(super) fn long_session() -> Script {
    vec![
        session().remove(0),
        (
            |s| s.create("/long", &vec![b'x'; 9 << 20]),
            |seen| seen.file("/long", &vec![b'x'; 9 << 20], b""),
        ),
        (
            |s| s.append("/long", &vec![b'y'; 3 << 20], SyncFlag::Data),
            |seen| seen.file("/long", &vec![b'x'; 9 << 20], &vec![b'y'; 3 << 20]),
        ),
        (
            |s| s.append("/long", b"z", SyncFlag::Close),
            |seen| {
                let mut bytes = vec![b'x'; 9 << 20];
                bytes.extend(vec![b'y'; 3 << 20]);
                bytes.push(b'z');
                seen.file("/long", &bytes, b"");
            },
        ),
    ]
}

/// A file of many writers, from nothing.
pub(super) fn concurrent_session() -> Script {
    vec![
        session().remove(0),
        (
            |s| s.append_concurrently("/d/log", b"one,"),
            |seen| {
                seen.names.insert("/d".into(), None);
                seen.file("/d/log", b"one,", b"");
            },
        ),
        (
            |s| s.append_concurrently("/d/log", b"two,"),
            |seen| seen.file("/d/log", b"one,two,", b""),
        ),
        (
            |s| s.create("/empty", b""),
            |seen| seen.file("/empty", b"", b""),
        ),
        (
            |s| s.append_concurrently("/empty", b"one,"),
            |seen| seen.file("/empty", b"one,", b""),
        ),
        (
            |s| s.create("/d/log", b"replaced"),
            |seen| seen.file("/d/log", b"replaced", b""),
        ),
        (
            |s| s.append("/d/log", b"!", SyncFlag::Close),
            |seen| seen.file("/d/log", b"replaced!", b""),
        ),
    ]
}

/// Files that expire, and what takes their names.
pub(super) fn expiring_session() -> Script {
    vec![
        session().remove(0),
        (|s| s.create("/a", b"a"), |seen| seen.file("/a", b"a", b"")),
        (|s| s.create("/b", b"b"), |seen| seen.file("/b", b"b", b"")),
        (
            |s| s.append("/a", b"pending", SyncFlag::Data),
            |seen| seen.file("/a", b"a", b"pending"),
        ),
        (|s| s.expire("/a"), |seen| drop(seen.names.remove("/a"))),
        (
            |s| s.append_concurrently("/a", b"new"),
            |seen| seen.file("/a", b"new", b""),
        ),
        (|s| s.expire("/b"), |seen| drop(seen.names.remove("/b"))),
        (|s| s.store.reap(), |_| {}),
    ]
}
