//! What was deleted, and how it comes back.

use std::time::Duration;

use lake_store::{
    AclEntry, CreateOptions, DeletedOptions, ErrorKind, Existing, Expiry, FileKind, LakePath,
    Offset, Principal, Recursion, RenameOptions, StoreOptions, SyncFlag, Taken, Timestamp,
};
use uuid::Uuid;

use crate::lake::Lake;

const START: i64 = 1_500_000_000_000;
const DAY: i64 = 24 * 60 * 60 * 1000;

fn delete(lake: &Lake, path: &str) {
    let path = lake.path(path);
    let files = lake.files();
    files.delete(&lake.me, &path, Recursion::All).unwrap();
}

/// The paths of deleted items that have the hint in them.
fn found(lake: &Lake, who: &Principal, hint: &str) -> Vec<String> {
    let options = DeletedOptions::default().with_hint(hint);
    let items = lake.files().deleted(who, &options).unwrap().items;
    items.iter().map(|item| item.path.to_string()).collect()
}

/// The token of the one item with the path.
fn token(lake: &Lake, path: &str) -> Uuid {
    let options = DeletedOptions::default().with_hint(path);
    let items = lake.files().deleted(&lake.me, &options).unwrap().items;
    assert_eq!(items.len(), 1, "{path}");
    items[0].token
}

fn restore(
    lake: &Lake,
    token: Uuid,
    kind: FileKind,
    to: &str,
    taken: Taken,
) -> Result<String, ErrorKind> {
    let files = lake.files();
    let restored = files.restore(&lake.me, token, kind, &lake.path(to), taken);
    match restored {
        Ok(path) => Ok(path.to_string()),
        Err(error) => Err(error.kind()),
    }
}

#[test]
fn a_file_comes_back_as_it_was() {
    let lake = Lake::new();
    lake.create("/d/f", b"bytes");
    let (files, path) = (lake.files(), lake.path("/d/f"));
    let entry: AclEntry = "user:ann:rwx".parse().unwrap();
    files.modify_acl(&lake.me, &path, &[entry]).unwrap();
    let before = lake.stat("/d/f");
    lake.clock.set(Timestamp::from_millis(START + 7));
    delete(&lake, "/d/f");
    assert_eq!(lake.names("/d"), Vec::<String>::new());

    let options = DeletedOptions::default().with_hint("d/f");
    let found = files.deleted(&lake.me, &options).unwrap();
    drop(files);
    let item = &found.items[0];
    assert_eq!(
        (item.path.to_string(), item.kind),
        ("/d/f".into(), FileKind::File)
    );
    assert_eq!(
        (item.owner.as_str(), item.deleted_by.as_str()),
        ("me", "me")
    );
    assert_eq!(
        (item.created.millis(), item.deleted.millis()),
        (START, START + 7)
    );

    let lake = lake.reopen();
    let back = restore(&lake, item.token, FileKind::File, "/d/f", Taken::Fail);
    assert_eq!(back.as_deref(), Ok("/d/f"));
    assert_eq!(lake.read("/d/f"), b"bytes");
    let after = lake.stat("/d/f");
    assert_eq!(
        (after.id, after.acl, after.created),
        (before.id, before.acl, before.created)
    );
    assert_eq!(after.modified, before.modified);
    assert!(lake.trash().is_empty());
    let again = restore(&lake, item.token, FileKind::File, "/d/f", Taken::Replace);
    assert_eq!(again, Err(ErrorKind::NotFound));
}

#[test]
fn a_directory_is_one_item_and_comes_back_with_all_that_was_in_it() {
    let lake = Lake::new();
    lake.create("/d/e/f", b"1");
    lake.create("/d/g", b"2");
    let ids = (lake.stat("/d").id, lake.stat("/d/e/f").id);
    delete(&lake, "/d");
    lake.create("/d/e/f", b"namesake");
    assert_eq!(found(&lake, &lake.me, "/"), ["/d"]);
    let token = token(&lake, "/d");
    let to = |path| restore(&lake, token, FileKind::Directory, path, Taken::Fail);
    assert_eq!(to("/d"), Err(ErrorKind::AlreadyExists));
    assert_eq!(to("/"), Err(ErrorKind::AlreadyExists));
    assert_eq!(to("/d/e/f/x"), Err(ErrorKind::NotADirectory));
    assert_eq!(
        restore(&lake, token, FileKind::Directory, "/d", Taken::Replace),
        Err(ErrorKind::AlreadyExists),
        "a directory replaces nothing"
    );
    assert_eq!(to("/new/parents/d").as_deref(), Ok("/new/parents/d"));
    assert_eq!(lake.read("/new/parents/d/e/f"), b"1");
    assert_eq!(lake.read("/new/parents/d/g"), b"2");
    assert_eq!(lake.read("/d/e/f"), b"namesake");
    let after = (
        lake.stat("/new/parents/d").id,
        lake.stat("/new/parents/d/e/f").id,
    );
    assert_eq!(after, ids);
    assert!(lake.trash().is_empty());
}

#[test]
fn what_is_at_the_destination_stays_is_replaced_or_makes_the_item_take_another_name() {
    let lake = Lake::new();
    let old = |path| {
        lake.create(path, b"old");
        delete(&lake, path);
        lake.create(path, b"new");
        token(&lake, path)
    };
    let (a, b, c) = (old("/a"), old("/b"), old("/c"));
    let file = FileKind::File;
    assert_eq!(
        restore(&lake, a, file, "/a", Taken::Fail),
        Err(ErrorKind::AlreadyExists)
    );
    assert_eq!(lake.read("/a"), b"new");
    assert_eq!(
        restore(&lake, a, file, "/a", Taken::Rename).as_deref(),
        Ok("/a_1")
    );
    assert_eq!(
        restore(&lake, b, file, "/a", Taken::Rename).as_deref(),
        Ok("/a_2")
    );
    assert_eq!(
        restore(&lake, c, file, "/c", Taken::Replace).as_deref(),
        Ok("/c")
    );
    assert_eq!(
        (lake.read("/a"), lake.read("/a_2")),
        (b"new".to_vec(), b"old".to_vec())
    );
    assert_eq!(lake.read("/c"), b"old");
    assert_eq!(lake.temporary_files(), Vec::<String>::new());
    assert!(
        found(&lake, &lake.me, "/").is_empty(),
        "what is replaced is not deleted"
    );
}

#[test]
fn only_what_somebody_deletes_gets_into_the_trash() {
    let lake = Lake::new();
    let files = lake.files();
    for name in ["/a", "/b", "/c", "/e"] {
        lake.create(name, b"x");
    }
    let replace = CreateOptions::default().with_existing(Existing::Replace);
    files
        .create(&lake.me, &lake.path("/a"), &replace, b"y")
        .unwrap();
    let over = RenameOptions::default().with_existing(Existing::Replace);
    files
        .rename(&lake.me, &lake.path("/b"), &lake.path("/a"), &over)
        .unwrap();
    files
        .concat(&lake.me, &lake.path("/a"), &[lake.path("/c")])
        .unwrap();
    let soon = Expiry::AfterNow(10);
    files.set_expiry(&lake.me, &lake.path("/e"), soon).unwrap();
    lake.clock.set(Timestamp::from_millis(START + 10));
    lake.store().reap().unwrap();
    assert_eq!(lake.names("/"), ["a"]);
    assert!(found(&lake, &lake.me, "/").is_empty());
    assert!(lake.trash().is_empty());
}

#[test]
fn the_trash_shows_people_what_they_owned_or_deleted() {
    let lake = Lake::new();
    let files = lake.files();
    let [ann, bob, eve] = ["ann", "bob", "eve"].map(Principal::new);
    files
        .set_permission(&lake.me, &LakePath::ROOT, 0o777)
        .unwrap();
    let path = lake.path("/anns");
    files
        .create(&ann, &path, &CreateOptions::default(), b"x")
        .unwrap();
    files.delete(&bob, &path, Recursion::EmptyOnly).unwrap();
    for (who, sees) in [(&lake.me, true), (&ann, true), (&bob, true), (&eve, false)] {
        assert_eq!(
            found(&lake, who, "anns").len(),
            usize::from(sees),
            "{who:?}"
        );
    }
    let token = token(&lake, "/anns");
    let restore = |who| files.restore(who, token, FileKind::File, &path, Taken::Fail);
    assert_eq!(restore(&eve).unwrap_err().kind(), ErrorKind::NotFound);
    files
        .set_permission(&lake.me, &LakePath::ROOT, 0o755)
        .unwrap();
    assert_eq!(restore(&ann).unwrap_err().kind(), ErrorKind::Forbidden);
    files
        .set_permission(&lake.me, &LakePath::ROOT, 0o777)
        .unwrap();
    restore(&ann).unwrap();
    assert_eq!(lake.read("/anns"), b"x");
}

#[test]
fn pages_go_through_the_trash_in_the_order_of_deletion() {
    let lake = Lake::new();
    for number in 0..10 {
        let path = format!(
            "/d/{}{number}",
            if number % 2 == 0 { "even" } else { "odd" }
        );
        lake.create(&path, b"");
        lake.clock.set(Timestamp::from_millis(START + number));
        delete(&lake, &path);
    }
    let (mut after, mut pages, mut searched) = (None, Vec::new(), 0);
    loop {
        let options = DeletedOptions::default().with_hint("d/odd");
        let options = options.with_after(after).with_limit(Some(2));
        let page = lake.files().deleted(&lake.me, &options).unwrap();
        let names = page.items.iter().map(|item| item.path.to_string());
        pages.push(names.collect::<Vec<_>>().join(" "));
        searched += page.searched;
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(pages, ["/d/odd1 /d/odd3", "/d/odd5 /d/odd7", "/d/odd9"]);
    assert_eq!(searched, 10);
    // As many as were asked for, and nothing follows: the search is complete.
    let options = DeletedOptions::default()
        .with_hint("odd")
        .with_limit(Some(5));
    let page = lake.files().deleted(&lake.me, &options).unwrap();
    assert_eq!((page.items.len(), page.next), (5, None));
}

#[test]
fn an_item_is_kept_for_the_time_that_was_set_and_then_given_up() {
    let lake = Lake::new();
    lake.create("/d/e/f", b"1");
    delete(&lake, "/d");
    lake.clock.set(Timestamp::from_millis(START + 5));
    lake.create("/f", b"2");
    delete(&lake, "/f");
    lake.clock.set(Timestamp::from_millis(START + DAY - 1));
    lake.store().reap().unwrap();
    assert_eq!(found(&lake, &lake.me, "/"), ["/d", "/f"]);
    lake.clock.set(Timestamp::from_millis(START + DAY));
    lake.store().reap().unwrap();
    assert_eq!(found(&lake, &lake.me, "/"), ["/f"]);
    assert_eq!(lake.trash().len(), 1);
    assert_eq!(lake.temporary_files(), Vec::<String>::new());
    let lake = lake.reopen();
    lake.clock.set(Timestamp::from_millis(START + DAY + 5));
    let lake = lake.reopen();
    assert!(found(&lake, &lake.me, "/").is_empty() && lake.trash().is_empty());
}

#[test]
fn nothing_is_kept_if_nothing_is_to_be_kept() {
    let lake = Lake::with(StoreOptions::default().with_trash_retention(Duration::ZERO));
    lake.create("/d/f", b"1");
    lake.create("/g", b"1");
    delete(&lake, "/d");
    delete(&lake, "/g");
    assert!(found(&lake, &lake.me, "/").is_empty() && lake.trash().is_empty());
    assert_eq!(lake.temporary_files(), Vec::<String>::new());
}

#[test]
fn a_file_expires_in_the_trash_only_with_the_directory_that_it_is_in() {
    let lake = Lake::new();
    for path in ["/alone", "/d/inner", "/d/other"] {
        lake.create(path, b"x");
    }
    for path in ["/alone", "/d/inner"] {
        let files = lake.files();
        files
            .set_expiry(&lake.me, &lake.path(path), Expiry::AfterNow(100))
            .unwrap();
    }
    delete(&lake, "/alone");
    delete(&lake, "/d");
    lake.clock.set(Timestamp::from_millis(START + 100));
    lake.store().reap().unwrap();
    let (alone, d) = (token(&lake, "/alone"), token(&lake, "/d"));
    restore(&lake, d, FileKind::Directory, "/d", Taken::Fail).unwrap();
    assert_eq!(lake.names("/d"), ["other"]);
    // Its time has come: nobody sees it, wherever it is.
    restore(&lake, alone, FileKind::File, "/alone", Taken::Fail).unwrap();
    assert_eq!(lake.names("/"), ["d"]);
    lake.store().reap().unwrap();
    assert_eq!(lake.host_names(""), ["d"]);
}

#[test]
fn unpublished_bytes_of_a_deleted_file_are_gone_and_those_of_files_in_a_directory_are_not() {
    let lake = Lake::new();
    for path in ["/f", "/d/f"] {
        lake.create(path, b"1");
        lake.append(path, 1, b"2", SyncFlag::Data).unwrap();
    }
    delete(&lake, "/f");
    delete(&lake, "/d");
    let lake = lake.reopen();
    let (f, d) = (token(&lake, "/f"), token(&lake, "/d"));
    restore(&lake, f, FileKind::File, "/f", Taken::Fail).unwrap();
    restore(&lake, d, FileKind::Directory, "/d", Taken::Fail).unwrap();
    for (path, all) in [("/f", "1"), ("/d/f", "12")] {
        let end = lake.files().append(
            &lake.me,
            &lake.path(path),
            Offset::End,
            b"",
            SyncFlag::Close,
        );
        end.unwrap();
        assert_eq!(lake.read(path), all.as_bytes());
    }
}

#[test]
fn what_a_person_removes_from_the_trash_cannot_be_restored_and_is_forgotten_in_time() {
    let lake = Lake::new();
    lake.create("/f", b"1");
    delete(&lake, "/f");
    let token = token(&lake, "/f");
    let name = &lake.trash()[0];
    std::fs::remove_file(lake.host("../.lake/trash").join(name)).unwrap();
    let gone = restore(&lake, token, FileKind::File, "/f", Taken::Fail);
    assert_eq!(gone, Err(ErrorKind::NotFound));
    lake.clock.set(Timestamp::from_millis(START + DAY));
    lake.store().reap().unwrap();
    assert!(found(&lake, &lake.me, "/").is_empty());
}
