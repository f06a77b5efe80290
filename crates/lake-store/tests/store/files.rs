//! What a client of the lake sees of its files.

use crate::lake::Lake;
use std::io::Write as _;
use std::time::Duration;

use lake_store::{
    CreateOptions, ErrorKind, Existing, Expiry, LakePath, ListOptions, MkdirsOptions, Offset,
    Parents, Principal, Recursion, RenameOptions, Rwx, StoreOptions, SyncFlag, Timestamp,
};

#[test]
fn creating_a_file_makes_its_parents_and_publishes_its_first_bytes() {
    let lake = Lake::new();
    lake.create("/a/b/c.csv", b"hello");
    assert_eq!(lake.read("/a/b/c.csv"), b"hello");
    assert!(lake.stat("/a/b").is_directory());
    assert_eq!(lake.stat("/a/b/c.csv").permission(), 0o770);
    assert_eq!(lake.on_host("a/b/c.csv"), b"hello");

    let files = lake.files();
    let options = CreateOptions::default().with_parents(Parents::Require);
    let error = files.create(&lake.me, &lake.path("/x/y"), &options, b"");
    assert_eq!(error.unwrap_err().kind(), ErrorKind::NotFound);
    let create = |path| files.create(&lake.me, &lake.path(path), &CreateOptions::default(), b"");
    assert_eq!(
        create("/a/b/c.csv").unwrap_err().kind(),
        ErrorKind::AlreadyExists
    );
    assert_eq!(create("/a/b").unwrap_err().kind(), ErrorKind::IsADirectory);
    assert_eq!(create("/").unwrap_err().kind(), ErrorKind::IsADirectory);
    assert_eq!(
        create("/a/b/c.csv/d").unwrap_err().kind(),
        ErrorKind::NotADirectory
    );
}

#[test]
fn a_replaced_file_keeps_its_identity_and_open_readers_keep_the_old_bytes() {
    let lake = Lake::new();
    lake.create("/f", b"old bytes");
    let before = lake.stat("/f");
    let reader = lake.files().open(&lake.me, &lake.path("/f")).unwrap();
    let options = CreateOptions::default().with_existing(Existing::Replace);
    lake.files()
        .create(&lake.me, &lake.path("/f"), &options, b"new")
        .unwrap();
    let after = lake.stat("/f");
    assert_eq!(after.id, before.id);
    assert_ne!(after.etag(), before.etag());
    assert_eq!(lake.read("/f"), b"new");
    let mut buffer = [0; 32];
    assert_eq!(reader.read_at(0, &mut buffer).unwrap(), 9);
    assert_eq!(&buffer[..9], b"old bytes");
    assert_eq!(reader.read_at(4, &mut buffer[..5]).unwrap(), 5);
    assert_eq!(&buffer[..5], b"bytes");
    assert_eq!(reader.read_at(9, &mut buffer).unwrap(), 0);
    assert_eq!(reader.read_at(u64::MAX, &mut buffer).unwrap(), 0);
}

/// Gen1: an append with DATA is invisible until a CLOSE, which publishes all.
#[test]
fn unpublished_appends_are_invisible_until_a_later_append_publishes_them() {
    for first in [0, 5, 9 << 20] {
        let lake = Lake::new();
        let mut expected = vec![b'x'; first];
        lake.create("/f", &expected);
        lake.append("/f", first as u64, b"hello", SyncFlag::Data)
            .unwrap();
        assert_eq!(lake.stat("/f").length, first as u64);
        assert_eq!(lake.read("/f"), expected);
        let lake = lake.reopen();
        let end = first as u64 + 5;
        for wrong in [end - 5, end - 1, end + 1] {
            for sync in [SyncFlag::Data, SyncFlag::Metadata, SyncFlag::Close] {
                for body in [&b""[..], b"abc"] {
                    let error = lake.append("/f", wrong, body, sync).unwrap_err();
                    assert_eq!(error.kind(), ErrorKind::BadOffset);
                }
            }
        }
        lake.append("/f", end, b"", SyncFlag::Data).unwrap();
        lake.append("/f", end, b", you", SyncFlag::Data).unwrap();
        lake.append("/f", end + 5, b"!", SyncFlag::Close).unwrap();
        expected.extend(b"hello, you!");
        assert!(lake.read("/f") == expected);
        lake.append("/f", end + 6, b"", SyncFlag::Close).unwrap();
        lake.append("/f", end + 6, b"more", SyncFlag::Metadata)
            .unwrap();
        expected.extend(b"more");
        assert!(lake.read("/f") == expected);
        let sync = SyncFlag::Close;
        lake.files()
            .append(&lake.me, &lake.path("/f"), Offset::End, b".", sync)
            .unwrap();
        expected.extend(b".");
        let lake = lake.reopen();
        assert!(lake.read("/f") == expected);
        assert_eq!(lake.temporary_files(), Vec::<String>::new());
    }
}

#[test]
fn a_listing_is_in_the_order_of_bytes_and_pages_exclude_their_ends() {
    let lake = Lake::new();
    for name in ["b", "a", "é", "A", "a0", "a/x", "~", "b.csv"] {
        if let Some((directory, _)) = name.split_once('/') {
            lake.files()
                .mkdirs(&lake.me, &lake.path("/d/z"), &MkdirsOptions::default())
                .unwrap();
            assert_eq!(directory, "a");
        } else {
            lake.create(&format!("/d/{name}"), name.as_bytes());
        }
    }
    let names = |options: ListOptions| {
        let listing = lake
            .files()
            .list(&lake.me, &lake.path("/d"), &options)
            .unwrap();
        let names: Vec<_> = listing
            .entries
            .iter()
            .map(|entry| entry.name.clone())
            .collect();
        (names.join(" "), listing.more)
    };
    let all = ListOptions::default;
    assert_eq!(names(all()), ("A a a0 b b.csv z ~ é".into(), false));
    assert_eq!(names(all().with_limit(Some(3))), ("A a a0".into(), true));
    assert_eq!(
        names(all().with_limit(Some(8))),
        ("A a a0 b b.csv z ~ é".into(), false)
    );
    let after = |name: &str| all().with_after(Some(name.to_owned()));
    assert_eq!(names(after("a").with_limit(Some(2))), ("a0 b".into(), true));
    assert_eq!(names(after("zz")), ("~ é".into(), false));
    assert_eq!(names(after("é")), (String::new(), false));
    assert_eq!(
        names(after("a").with_before(Some("b.csv".into()))),
        ("a0 b".into(), false)
    );
    assert_eq!(
        names(after("b").with_before(Some("a".into()))),
        (String::new(), false)
    );
    assert_eq!(names(all().with_limit(Some(0))), (String::new(), true));
    let error = lake
        .files()
        .list(&lake.me, &lake.path("/d/a"), &all())
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotADirectory);
}

#[test]
fn renaming_follows_the_rules_of_the_service() {
    let lake = Lake::new();
    let rename = |from: &str, to: &str, existing| {
        let options = RenameOptions::default().with_existing(existing);
        let (from, to) = (lake.path(from), lake.path(to));
        lake.files()
            .rename(&lake.me, &from, &to, &options)
            .map_err(|error| error.kind())
    };
    let keep = Existing::Fail;
    lake.create("/dir/sub/f", b"1");
    lake.create("/other/g", b"2");
    let id = lake.stat("/dir/sub/f").id;
    assert_eq!(rename("/missing", "/x", keep), Err(ErrorKind::NotFound));
    assert_eq!(
        rename("/dir/sub/f", "/no/parent", keep),
        Err(ErrorKind::NotFound)
    );
    // A directory onto a directory moves into it, once.
    assert_eq!(rename("/dir/sub", "/other", keep), Ok(()));
    assert_eq!(lake.read("/other/sub/f"), b"1");
    assert_eq!(lake.stat("/other/sub/f").id, id);
    lake.create("/sub/h", b"3");
    assert_eq!(
        rename("/sub", "/other", keep),
        Err(ErrorKind::AlreadyExists)
    );
    // A file onto a file needs to be told.
    assert_eq!(
        rename("/sub/h", "/other/g", keep),
        Err(ErrorKind::AlreadyExists)
    );
    assert_eq!(rename("/sub/h", "/other/g", Existing::Replace), Ok(()));
    assert_eq!(lake.read("/other/g"), b"3");
    assert_eq!(lake.names("/sub"), Vec::<String>::new());
    // Onto itself.
    assert_eq!(rename("/other/g", "/other/g", keep), Ok(()));
    assert_eq!(
        rename("/other", "/other", keep),
        Err(ErrorKind::AlreadyExists)
    );
    assert_eq!(
        rename("/other", "/other/sub/x", keep),
        Err(ErrorKind::InvalidArgument)
    );
    assert_eq!(
        rename("/other", "/other/g", Existing::Replace),
        Err(ErrorKind::InvalidArgument)
    );
    assert_eq!(
        rename("/sub", "/other/g", Existing::Replace),
        Err(ErrorKind::AlreadyExists)
    );
    assert_eq!(rename("/", "/x", keep), Err(ErrorKind::InvalidArgument));
    assert_eq!(
        rename("/other/g", "/other/g/x", keep),
        Err(ErrorKind::NotADirectory)
    );
    // The old names are free again.
    lake.create("/dir/sub/f", b"4");
    assert_eq!(lake.read("/other/sub/f"), b"1");
}

#[test]
fn deleting_frees_names_at_once_and_space_when_reaped() {
    let lake = Lake::new();
    lake.create("/d/e/f", b"1");
    let delete = |path: &str, recursion| {
        let result = lake.files().delete(&lake.me, &lake.path(path), recursion);
        result.map_err(|error| error.kind())
    };
    assert_eq!(delete("/nope", Recursion::All), Err(ErrorKind::NotFound));
    assert_eq!(
        delete("/d", Recursion::EmptyOnly),
        Err(ErrorKind::DirectoryNotEmpty)
    );
    assert_eq!(delete("/", Recursion::All), Err(ErrorKind::InvalidArgument));
    assert_eq!(delete("/d", Recursion::All), Ok(()));
    assert_eq!(lake.names("/"), Vec::<String>::new());
    lake.create("/d/e/f", b"2");
    lake.store().reap().unwrap();
    assert_eq!(lake.read("/d/e/f"), b"2");
    assert_eq!(delete("/d/e/f", Recursion::EmptyOnly), Ok(()));
    assert_eq!(delete("/d/e", Recursion::EmptyOnly), Ok(()));
    assert_eq!(lake.names("/d"), Vec::<String>::new());
    lake.store().reap().unwrap();
    assert_eq!(lake.temporary_files(), Vec::<String>::new());
}

#[test]
fn deletions_free_space_even_if_nobody_asks_for_it() {
    let lake = Lake::with(StoreOptions::default().with_trash_retention(Duration::ZERO));
    std::fs::create_dir_all(lake.host("d/e")).unwrap();
    for index in 0..1500 {
        std::fs::write(lake.host(&format!("d/e/{index}")), "x").unwrap();
    }
    assert_eq!(lake.names("/d/e").len(), 1500);
    for path in ["/d", "/small"] {
        assert_eq!(lake.temporary_files().is_empty(), path == "/d");
        lake.files()
            .mkdirs(&lake.me, &lake.path(path), &MkdirsOptions::default())
            .unwrap();
        lake.files()
            .delete(&lake.me, &lake.path(path), Recursion::All)
            .unwrap();
    }
    assert_eq!(lake.temporary_files(), Vec::<String>::new());
}

#[test]
fn staged_files_appear_together() {
    use std::io::Write as _;
    let lake = Lake::new();
    let files = lake.files();
    lake.create("/out/b.csv", b"before");
    let stage = |path: &str| {
        let mut staged = files.stage(&lake.me, &lake.path(path)).unwrap();
        staged.write_all(path.as_bytes()).unwrap();
        staged
    };
    let staged = vec![
        stage("/out/a.csv"),
        stage("/out/b.csv"),
        stage("/new/c.csv"),
    ];
    drop(stage("/out/never.csv"));
    assert_eq!(lake.read("/out/b.csv"), b"before");
    assert_eq!(lake.names("/out"), ["b.csv"]);
    files.publish(&lake.me, staged).unwrap();
    for path in ["/out/a.csv", "/out/b.csv", "/new/c.csv"] {
        assert_eq!(lake.read(path), path.as_bytes());
    }
    // One that cannot be published keeps all from being published.
    let staged = vec![stage("/out/x.csv"), stage("/out/y.csv")];
    lake.create("/out/y.csv/in/the/way", b"");
    assert!(files.publish(&lake.me, staged).is_err());
    assert_eq!(lake.names("/out"), ["a.csv", "b.csv", "y.csv"]);
    let twice = vec![stage("/out/z"), stage("/out/z")];
    let error = files.publish(&lake.me, twice).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    files.publish(&lake.me, Vec::new()).unwrap();
    assert_eq!(lake.temporary_files(), Vec::<String>::new());
}

#[test]
fn files_are_joined_and_the_sources_vanish() {
    let lake = Lake::new();
    for (path, bytes) in [("/s/1", "one "), ("/s/2", "two "), ("/d", "zero ")] {
        lake.create(path, bytes.as_bytes());
    }
    let concat = |to: &str, from: &[&str]| {
        let from: Vec<_> = from.iter().map(|path| lake.path(path)).collect();
        let result = lake.files().concat(&lake.me, &lake.path(to), &from);
        result.map_err(|error| error.kind())
    };
    assert_eq!(concat("/d", &[]), Err(ErrorKind::InvalidArgument));
    assert_eq!(concat("/d", &["/d"]), Err(ErrorKind::InvalidArgument));
    assert_eq!(
        concat("/d", &["/s/1", "/s/1"]),
        Err(ErrorKind::InvalidArgument)
    );
    assert_eq!(concat("/d", &["/s/1", "/s/9"]), Err(ErrorKind::NotFound));
    assert_eq!(concat("/d", &["/s"]), Err(ErrorKind::IsADirectory));
    let id = lake.stat("/d").id;
    assert_eq!(concat("/d", &["/s/2", "/s/1"]), Ok(()));
    assert_eq!(lake.read("/d"), b"zero two one ");
    assert_eq!(lake.stat("/d").id, id);
    assert_eq!(lake.names("/s"), Vec::<String>::new());
    assert_eq!(concat("/new/e", &["/d"]), Ok(()));
    assert_eq!(lake.read("/new/e"), b"zero two one ");
    assert_eq!(lake.temporary_files(), Vec::<String>::new());
}

#[test]
fn an_expired_file_is_gone_and_its_name_is_free() {
    let lake = Lake::new();
    let start = 1_600_000_000_000;
    lake.clock.set(Timestamp::from_millis(start));
    for name in ["a", "b", "c"] {
        lake.create(&format!("/d/{name}"), b"x");
    }
    let set = |name: &str, expiry| {
        let path = lake.path(&format!("/d/{name}"));
        lake.files().set_expiry(&lake.me, &path, expiry)
    };
    let status = set("a", Expiry::AfterNow(1000)).unwrap();
    assert_eq!(status.expires, Some(Timestamp::from_millis(start + 1000)));
    set("b", Expiry::At(Timestamp::from_millis(start + 2000))).unwrap();
    set("c", Expiry::AfterCreation(500)).unwrap();
    set("c", Expiry::Never).unwrap();
    let error = lake
        .files()
        .set_expiry(&lake.me, &lake.path("/d"), Expiry::Never)
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::IsADirectory);
    lake.clock.set(Timestamp::from_millis(start + 1999));
    assert_eq!(lake.names("/d"), ["b", "c"]);
    let error = lake.files().stat(&lake.me, &lake.path("/d/a")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    lake.create("/d/a", b"again");
    lake.clock.set(Timestamp::from_millis(start + 2000));
    lake.store().reap().unwrap();
    assert_eq!(lake.host_names("d"), ["a", "c"]);
    // One that is due in a directory that was deleted is not taken for its namesake.
    set("c", Expiry::AfterNow(1000)).unwrap();
    lake.files()
        .delete(&lake.me, &lake.path("/d"), Recursion::All)
        .unwrap();
    lake.create("/d/c", b"namesake");
    lake.create("/d/a", b"again");
    lake.clock.set(Timestamp::from_millis(start + 9000));
    lake.store().reap().unwrap();
    assert_eq!(lake.read("/d/c"), b"namesake");
    assert_eq!(lake.read("/d/a"), b"again");
    assert_eq!(lake.temporary_files(), Vec::<String>::new());
}

#[test]
fn a_directory_whose_files_have_all_expired_is_empty() {
    let lake = Lake::new();
    lake.create("/d/a", b"x");
    let path = lake.path("/d/a");
    lake.files()
        .set_expiry(&lake.me, &path, Expiry::AfterNow(1))
        .unwrap();
    lake.clock.set(Timestamp::from_millis(1_900_000_000_000));
    lake.files()
        .delete(&lake.me, &lake.path("/d"), Recursion::EmptyOnly)
        .unwrap();
    assert_eq!(lake.host_names(""), Vec::<String>::new());
}

#[test]
fn nobody_gets_past_a_missing_permission() {
    let lake = Lake::new();
    let files = lake.files();
    lake.create("/private/f", b"secret");
    let ann = Principal::new("ann");
    let refused = |result: lake_store::Result<()>| {
        assert_eq!(result.unwrap_err().kind(), ErrorKind::Forbidden);
    };
    let f = lake.path("/private/f");
    refused(files.stat(&ann, &f).map(drop));
    let entry = |text: &str| vec![text.parse().unwrap()];
    files
        .modify_acl(&lake.me, &LakePath::ROOT, &entry("user:ann:--x"))
        .unwrap();
    refused(files.stat(&ann, &f).map(drop));
    files
        .modify_acl(&lake.me, &lake.path("/private"), &entry("user:ann:--x"))
        .unwrap();
    files.stat(&ann, &f).unwrap();
    refused(
        files
            .list(&ann, &lake.path("/private"), &ListOptions::default())
            .map(drop),
    );
    refused(files.open(&ann, &f).map(drop));
    refused(files.check_access(&ann, &f, Rwx::READ));
    files
        .modify_acl(&lake.me, &f, &entry("user:ann:r--"))
        .unwrap();
    files.open(&ann, &f).unwrap();
    refused(files.append(&ann, &f, Offset::End, b"x", SyncFlag::Close));
    refused(files.delete(&ann, &f, Recursion::All));
    let options = RenameOptions::default();
    refused(files.rename(&ann, &f, &lake.path("/private/g"), &options));
    let replace = CreateOptions::default().with_existing(Existing::Replace);
    refused(files.create(&ann, &f, &replace, b"").map(drop));
    refused(
        files
            .create(&ann, &lake.path("/private/g"), &replace, b"")
            .map(drop),
    );
    refused(
        files
            .mkdirs(&ann, &lake.path("/private/g/h"), &MkdirsOptions::default())
            .map(drop),
    );
    refused(files.set_permission(&ann, &f, 0o777));
    refused(files.set_owner(&ann, &f, Some("ann"), None));
    refused(files.remove_acl(&ann, &f));
    refused(files.concat(&ann, &lake.path("/private/g"), std::slice::from_ref(&f)));
    // With write on the directory a child can be made, and it belongs to its maker.
    files
        .modify_acl(&lake.me, &lake.path("/private"), &entry("user:ann:rwx"))
        .unwrap();
    let made = files
        .create(&ann, &lake.path("/private/g"), &replace, b"mine")
        .unwrap();
    assert_eq!(made.owner, "ann");
    assert_eq!(made.group, lake.stat("/private").group);
    files
        .set_permission(&ann, &lake.path("/private/g"), 0o555)
        .unwrap();
    assert_eq!(lake.stat("/private/g").permission(), 0o555);
    refused(files.append(
        &ann,
        &lake.path("/private/g"),
        Offset::End,
        b"x",
        SyncFlag::Close,
    ));
    assert_eq!(lake.read("/private/f"), b"secret");
}

#[test]
fn a_directory_is_deleted_only_by_one_who_may_empty_each_directory_in_it() {
    let lake = Lake::new();
    let files = lake.files();
    let ann = Principal::new("ann");
    let rwx = ["user:ann:rwx".parse().unwrap()];
    lake.create("/d/e/f", b"1");
    lake.create("/d/empty/f", b"1");
    lake.files()
        .delete(&lake.me, &lake.path("/d/empty/f"), Recursion::All)
        .unwrap();
    files.modify_acl(&lake.me, &LakePath::ROOT, &rwx).unwrap();
    files.modify_acl(&lake.me, &lake.path("/d"), &rwx).unwrap();
    let delete = || files.delete(&ann, &lake.path("/d"), Recursion::All);
    assert_eq!(delete().unwrap_err().kind(), ErrorKind::Forbidden);
    assert_eq!(lake.read("/d/e/f"), b"1");
    files
        .modify_acl(&lake.me, &lake.path("/d/e"), &rwx)
        .unwrap();
    delete().unwrap();
    assert_eq!(lake.names("/"), Vec::<String>::new());
}

#[test]
fn attributes_survive_a_restart() {
    let lake = Lake::new();
    let files = lake.files();
    lake.create("/d/f", b"x");
    let (d, f) = (lake.path("/d"), lake.path("/d/f"));
    let default = ["default:user:ann:rwx".parse().unwrap()];
    files.modify_acl(&lake.me, &d, &default).unwrap();
    assert_eq!(
        files.modify_acl(&lake.me, &f, &default).unwrap_err().kind(),
        ErrorKind::InvalidArgument
    );
    let time = Timestamp::from_millis(1_234_567);
    files.set_times(&lake.me, &f, Some(time), None).unwrap();
    files
        .set_owner(&lake.me, &f, Some("bob"), Some("staff"))
        .unwrap();
    lake.create("/d/g", b"y");
    let before = (lake.stat("/d"), lake.stat("/d/f"), lake.stat("/d/g"));
    assert_eq!(before.1.modified, time);
    assert_eq!(
        (before.1.owner.as_str(), before.1.group.as_str()),
        ("bob", "staff")
    );
    assert!(before.2.acl.access.users.contains_key("ann"));
    drop(files);
    let lake = lake.reopen();
    assert_eq!(
        (lake.stat("/d"), lake.stat("/d/f"), lake.stat("/d/g")),
        before
    );
    let summary = lake
        .files()
        .content_summary(&lake.me, &LakePath::ROOT)
        .unwrap();
    assert_eq!(
        (summary.directories, summary.files, summary.length),
        (2, 2, 2)
    );
}

#[test]
fn names_that_the_host_cannot_hold_are_names_of_the_lake() {
    let lake = Lake::new();
    let long = "long".repeat(200);
    let names = [
        "a:b",
        "back\\slash",
        "CON",
        "dot.",
        "e\u{301}",
        "%!x",
        ".lake",
        &long,
        "what?",
    ];
    for name in names {
        lake.create(&format!("/d {name}/{name}"), name.as_bytes());
        lake.append(
            &format!("/d {name}/{name}"),
            name.len() as u64,
            b"+",
            SyncFlag::Close,
        )
        .unwrap();
    }
    let lake = lake.reopen();
    for name in names {
        let directory = format!("/d {name}");
        assert_eq!(
            lake.read(&format!("{directory}/{name}")),
            format!("{name}+").as_bytes()
        );
        assert_eq!(lake.names(&directory), [name]);
        // From a name that the host holds to one that it does not, over one, and back.
        let options = RenameOptions::default().with_existing(Existing::Replace);
        lake.create("/plain", b"plain");
        let (plain, odd) = (
            lake.path("/plain"),
            lake.path(&format!("{directory}/{name}")),
        );
        lake.files()
            .rename(&lake.me, &plain, &odd, &options)
            .unwrap();
        assert_eq!(lake.read(&format!("{directory}/{name}")), b"plain");
        lake.files()
            .rename(&lake.me, &odd, &plain, &options)
            .unwrap();
        assert_eq!(lake.names(&directory), Vec::<String>::new());
        lake.files()
            .delete(&lake.me, &plain, Recursion::All)
            .unwrap();
    }
    assert_eq!(lake.store().skipped(), []);
}

#[test]
fn a_file_created_from_staged_pieces_is_one_that_was_created_at_once() {
    let lake = Lake::new();
    let (files, path) = (lake.files(), lake.path("/d/big"));
    let mut staged = files.stage(&lake.me, &path).unwrap();
    for piece in 0..40_u8 {
        staged.write_all(&[piece; 1 << 10]).unwrap();
    }
    assert!(lake.host_names("").is_empty());
    let options = CreateOptions::default().with_permission(Some(0o640));
    let status = files.create_staged(&lake.me, staged, &options).unwrap();
    assert_eq!((status.length, status.permission()), (40 << 10, 0o640));
    assert_eq!(lake.read("/d/big")[39 << 10], 39);
    let staged = files.stage(&lake.me, &path).unwrap();
    let error = files
        .create_staged(&lake.me, staged, &CreateOptions::default())
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AlreadyExists);
    assert_eq!(lake.temporary_files(), Vec::<String>::new());
}
