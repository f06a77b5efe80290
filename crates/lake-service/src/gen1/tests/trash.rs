//! What was deleted, found and restored over the wire. The cases are those of .NET's own tests.

use http::{Method, StatusCode};
use lake_store::Timestamp;
use serde_json::{Value, json};

use super::World;

async fn enumerate(world: &World, query: &str) -> Value {
    let url = format!("/?op=ENUMERATEDELETEDITEMS&api-version=2018-08-01&{query}");
    let answer = world.get(&url).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()["trashDir"].clone()
}

/// The token and the old place of the one item that matches.
async fn the_one(world: &World, hint: &str) -> (String, String) {
    let page = enumerate(world, &format!("hint={hint}&listSize=1")).await;
    let entries = page["trashDirEntry"].as_array().unwrap();
    assert_eq!(entries.len(), 1, "{page}");
    let text = |key| entries[0][key].as_str().unwrap().to_owned();
    (text("trashDirPath"), text("originalPath"))
}

async fn restore(world: &World, token: &str, to: &str, rest: &str) -> (StatusCode, String) {
    let url =
        format!("/?op=RESTOREDELETEDITEMS&restoreToken={token}&restoreDestination={to}&{rest}");
    let answer = world.put(&url, "").await;
    (answer.status, answer.text().to_owned())
}

async fn deleted(world: &World, path: &str) {
    world.put(&format!("{path}?op=CREATE"), "old").await;
    let gone = world.delete(&format!("{path}?op=DELETE")).await;
    assert_eq!(gone.json(), json!({ "boolean": true }));
}

#[tokio::test]
async fn a_deleted_file_is_described_as_the_clients_read_it() {
    let (world, clock) = World::timeless().await;
    clock.set(Timestamp::from_millis(1_600_000_000_000));
    world.put("/test0/file_1230?op=CREATE", "x").await;
    clock.set(Timestamp::from_millis(1_600_000_005_000));
    world.delete("/test0/file_1230?op=DELETE").await;
    let query = "/?op=enumeratedeleteditems&hint=test0/file_123";
    let answer = world.get(query).await;
    let text = answer.text();
    let start = r#"{"trashDir":{"trashDirEntry":[{"originalPath":"adl://lakestore.azuredatalakestore.net/test0/file_1230","trashDirPath":""#;
    let rest = text.strip_prefix(start).unwrap_or_else(|| panic!("{text}"));
    let end =
        r#"","type":"FILE","creationTime":1600000000000}],"nextListAfter":"","numSearched":1}}"#;
    let token = rest.strip_suffix(end).unwrap_or_else(|| panic!("{text}"));
    assert!(
        uuid::Uuid::try_parse(token).is_ok() && token.len() == 36,
        "{token}"
    );
    let extension = world.extension(Method::GET, query, "").await;
    assert_eq!(extension.text(), text);
}

#[tokio::test]
async fn items_come_back_to_where_they_were_or_to_another_place() {
    let world = World::new().await;
    deleted(&world, "/d/f").await;
    let (token, place) = the_one(&world, "/d/f").await;
    let done = restore(&world, &token, &place, "type=file").await;
    assert_eq!(done, (StatusCode::OK, String::new()));
    assert_eq!(world.get("/d/f?op=OPEN").await.text(), "old");

    world.delete("/d?op=DELETE&recursive=true").await;
    let (token, place) = the_one(&world, "/d").await;
    let wrong = restore(&world, &token, &place, "type=file").await;
    assert_eq!(wrong.0, StatusCode::BAD_REQUEST);
    let done = restore(&world, &token, "/other/d", "type=directory").await;
    assert_eq!(done.0, StatusCode::OK, "{}", done.1);
    assert_eq!(world.get("/other/d/f?op=OPEN").await.text(), "old");
    let again = restore(&world, &token, "/other/e", "type=folder").await;
    assert_eq!(again.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_at_the_destination_is_a_conflict_that_an_action_resolves() {
    let world = World::new().await;
    deleted(&world, "/f").await;
    world.put("/f?op=CREATE", "new").await;
    let (token, place) = the_one(&world, "f").await;
    let conflict = restore(&world, &token, &place, "type=file").await;
    assert_eq!(conflict.0, StatusCode::CONFLICT);
    assert!(
        conflict.1.contains("FileAlreadyExistsException"),
        "{}",
        conflict.1
    );
    let copied = restore(&world, &token, &place, "type=file&restoreAction=copy").await;
    assert_eq!(copied.0, StatusCode::OK);
    assert_eq!(world.names("/?op=LISTSTATUS").await, ["f", "f_1"]);

    world.delete("/f_1?op=DELETE").await;
    let (token, _) = the_one(&world, "f_1").await;
    let over = restore(&world, &token, &place, "type=file&restoreAction=Overwrite").await;
    assert_eq!(over.0, StatusCode::OK);
    assert_eq!(world.get("/f?op=OPEN").await.text(), "old");

    for _ in 0..2 {
        world.put("/dir?op=MKDIRS", "").await;
        world.delete("/dir?op=DELETE").await;
    }
    world.put("/dir?op=MKDIRS", "").await;
    let page = enumerate(&world, "hint=/dir").await;
    let token = page["trashDirEntry"][0]["trashDirPath"].as_str().unwrap();
    let rest = "type=folder&restoreAction=overwrite";
    let unsupported = restore(&world, token, "/dir", rest).await;
    assert_eq!(unsupported.0, StatusCode::BAD_REQUEST);
    assert!(unsupported.1.contains("UnsupportedOperationException"));
    let copied = restore(&world, token, "/dir", "type=folder&restoreAction=copy").await;
    assert_eq!(copied.0, StatusCode::OK);
    assert_eq!(world.names("/?op=LISTSTATUS").await, ["dir", "dir_1", "f"]);
}

#[tokio::test]
async fn a_search_goes_on_where_it_stopped_and_says_when_it_is_complete() {
    let (world, clock) = World::timeless().await;
    for number in 0..10 {
        clock.advance(1);
        deleted(&world, &format!("/prefix_{number}")).await;
    }
    // All there is was asked for: nothing is left to search, as .NET's test wants it.
    let page = enumerate(&world, "hint=prefix&listSize=10").await;
    assert_eq!(
        (&page["nextListAfter"], &page["numSearched"]),
        (&json!(""), &json!(10))
    );
    let page = enumerate(&world, "hint=zzzzz").await;
    assert_eq!(
        (&page["trashDirEntry"], &page["nextListAfter"]),
        (&json!([]), &json!(""))
    );
    let mut after = String::new();
    let mut sizes = Vec::new();
    loop {
        let page = enumerate(&world, &format!("hint=prefix&listSize=4&listAfter={after}")).await;
        sizes.push(page["trashDirEntry"].as_array().unwrap().len());
        after = page["nextListAfter"].as_str().unwrap().to_owned();
        if after.is_empty() {
            break;
        }
    }
    assert_eq!(sizes, [4, 4, 2]);
}

#[tokio::test]
async fn what_was_kept_long_enough_is_gone_when_the_lake_is_reaped() {
    let (world, clock) = World::timeless().await;
    deleted(&world, "/f").await;
    world.lake.lake.reap().await.unwrap();
    assert_eq!(enumerate(&world, "hint=/f").await["numSearched"], 1);
    clock.advance(24 * 60 * 60 * 1000);
    world.lake.lake.reap().await.unwrap();
    assert_eq!(enumerate(&world, "hint=/f").await["numSearched"], 0);
    let trash = std::fs::read_dir(world.root.path().join(".lake/trash")).unwrap();
    assert_eq!(trash.count(), 0);
}

#[tokio::test]
async fn a_search_without_a_hint_and_tokens_that_are_none_are_refused() {
    let world = World::new().await;
    for query in [
        "",
        "hint=",
        "hint=+",
        "hint=a&listAfter=b",
        "hint=a&listSize=x",
    ] {
        let answer = world
            .get(&format!("/?op=ENUMERATEDELETEDITEMS&{query}"))
            .await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
    }
    let token = "00000000-0000-0000-0000-000000000001";
    for (token, to, rest, status) in [
        ("", "/a", "type=file", StatusCode::BAD_REQUEST),
        ("x", "/a", "type=file", StatusCode::BAD_REQUEST),
        (token, "", "type=file", StatusCode::BAD_REQUEST),
        (token, "/a", "", StatusCode::BAD_REQUEST),
        (token, "/a", "type=link", StatusCode::BAD_REQUEST),
        (
            token,
            "/a",
            "type=file&restoreAction=merge",
            StatusCode::BAD_REQUEST,
        ),
        (token, "/a", "type=file", StatusCode::NOT_FOUND),
    ] {
        let answer = restore(&world, token, to, rest).await;
        assert_eq!(answer.0, status, "{token} {to} {rest}: {}", answer.1);
    }
}
