//! The trash is searched to its end, and what is restored is restored once.

use adls_fs::{DeletedItem, DeletedOptions, ErrorKind, FileType, OnConflict, RestoreOptions};
use futures::executor::block_on;
use futures::{StreamExt, TryStreamExt};
use testkit::context::{Reply, World, json, response};

use crate::fake::path;
use crate::wire::{line, scripted};

/// A page as .NET's SDK reads it: items, where the next one begins, how many were looked at.
fn page(names: &[&str], next: &str, searched: u64) -> http::Response<bytes::Bytes> {
    let item = |name: &&str| {
        format!(
            r#"{{"originalPath":"adl://contoso.azuredatalakestore.net/d/{name}","trashDirPath":"token-{name}","type":"FILE","creationTime":1495839727578}}"#
        )
    };
    let items: Vec<_> = names.iter().map(item).collect();
    let items = items.join(",");
    json(
        200,
        &format!(
            r#"{{"trashDir":{{"trashDirEntry":[{items}],"nextListAfter":"{next}","numSearched":{searched}}}}}"#
        ),
    )
}

/// What was asked for, without what is the same in all requests.
fn asked(world: &World) -> Vec<String> {
    let requests = world.transport.requests();
    let query = |request: &http::Request<_>| {
        let line = line(request);
        let (_, query) = line.split_once("?op=").expect("an operation");
        query
            .replace("&api-version=2018-12-01", "")
            .replace("api-version=2018-12-01&", "")
    };
    requests.iter().map(query).collect()
}

#[test]
fn a_search_goes_on_over_pages_without_hits_and_says_where_it_is() {
    let (world, files) = scripted();
    world.transport.push(page(&["a"], "10", 5000));
    world.transport.push(page(&[], "20", 5000));
    world.transport.push(page(&["b", "c"], "", 17));
    let mut search = files.deleted("/d/");
    let next = |search: &mut adls_fs::TrashSearch| {
        let item = block_on(search.try_next()).expect("a page");
        item.map(|item| (item.token, item.original_path.to_string()))
    };
    assert_eq!(search.position(), None);
    assert_eq!(next(&mut search), Some(("token-a".into(), "/d/a".into())));
    assert_eq!((search.position(), search.searched()), (Some("10"), 5000));
    assert_eq!(next(&mut search), Some(("token-b".into(), "/d/b".into())));
    // In the middle of a page one goes on before it.
    assert_eq!((search.position(), search.searched()), (Some("20"), 10_017));
    assert_eq!(next(&mut search), Some(("token-c".into(), "/d/c".into())));
    assert_eq!(next(&mut search), None);
    assert_eq!(next(&mut search), None);

    world.transport.push(page(&["b", "c"], "", 17));
    let options = DeletedOptions::default().with_after("20").with_page_size(2);
    let found = files.deleted_opts("/d/", options).collect::<Vec<_>>();
    assert_eq!(block_on(found).len(), 2);
    assert_eq!(
        asked(&world),
        [
            "ENUMERATEDELETEDITEMS&hint=%2Fd%2F&listSize=4000",
            "ENUMERATEDELETEDITEMS&hint=%2Fd%2F&listSize=4000&listAfter=10",
            "ENUMERATEDELETEDITEMS&hint=%2Fd%2F&listSize=4000&listAfter=20",
            "ENUMERATEDELETEDITEMS&hint=%2Fd%2F&listSize=2&listAfter=20",
        ]
    );
}

#[test]
fn a_search_for_nothing_or_in_a_circle_is_an_error_that_ends_it() {
    let (world, files) = scripted();
    let kind = |search: adls_fs::TrashSearch| {
        let all = block_on(search.collect::<Vec<_>>());
        all.into_iter()
            .map(|item| item.map_err(|error| error.kind()))
            .collect::<Vec<_>>()
    };
    assert_eq!(kind(files.deleted("")), [Err(ErrorKind::Request)]);
    assert!(world.transport.requests().is_empty());
    world
        .transport
        .push(page(&[], "10", 1))
        .push(page(&[], "10", 1));
    assert_eq!(kind(files.deleted("x")), [Err(ErrorKind::Protocol)]);
}

const FILE: &str = r#"{"FileStatus":{"type":"FILE","length":3}}"#;

fn item() -> DeletedItem {
    DeletedItem::new(path("/d/a"), "token-a", FileType::File)
}

#[test]
fn what_left_the_trash_while_a_reply_was_lost_is_not_restored_again() {
    let (world, files) = scripted();
    world.transport.push(Reply::ReplyLost);
    world.transport.push(page(&["other"], "", 1));
    world.transport.push(json(200, FILE));
    block_on(files.restore(&item())).expect("it is there");
    let restore = "RESTOREDELETEDITEMS&restoreToken=token-a&restoreDestination=%2Fd%2Fa&type=file";
    assert_eq!(
        asked(&world),
        [
            restore,
            "ENUMERATEDELETEDITEMS&hint=%2Fd%2Fa&listSize=4000",
            "GETFILESTATUS"
        ]
    );
}

#[test]
fn what_is_still_in_the_trash_is_restored_after_all() {
    let (world, files) = scripted();
    world.transport.push(Reply::ReplyLost);
    world.transport.push(page(&["a"], "", 1));
    world.transport.push(response(200, &[], ""));
    let elsewhere = RestoreOptions::default()
        .with_destination(path("/e"))
        .with_on_conflict(OnConflict::Copy);
    block_on(files.restore_opts(&item(), elsewhere)).expect("it is restored");
    let restore = "RESTOREDELETEDITEMS&restoreToken=token-a&restoreDestination=%2Fe&type=file\
                   &restoreAction=copy";
    assert_eq!(
        asked(&world),
        [
            restore,
            "ENUMERATEDELETEDITEMS&hint=%2Fd%2Fa&listSize=4000",
            restore
        ]
    );
}
