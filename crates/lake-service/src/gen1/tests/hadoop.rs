//! What plain WebHDFS clients see: two steps, and operations that the service had not.

use http::{Method, StatusCode};
use serde_json::json;

use super::World;

#[tokio::test]
async fn who_sends_no_bytes_and_no_flag_is_told_where_to_send_them() {
    let world = World::new().await;
    let first = world.put("/d%2Ff%20g?op=CREATE&user.name=ann&overwrite=true", "");
    let first = first.await;
    let second = "/d%2Ff%20g?op=CREATE&user.name=ann&overwrite=true&write=true";
    assert_eq!(
        (first.status, first.text(), first.header("location")),
        (
            StatusCode::TEMPORARY_REDIRECT,
            "",
            format!("http://localhost:7170/webhdfs/v1{second}").as_str()
        )
    );
    assert_eq!(
        world.length("/d/f%20g").await,
        json!(null),
        "not created yet"
    );
    assert_eq!(world.put(second, "12").await.status, StatusCode::CREATED);

    let first = world.append("/d/f%20g?op=APPEND", "").await;
    assert_eq!(first.status, StatusCode::TEMPORARY_REDIRECT);
    let location = first.header("location");
    assert!(location.ends_with("?op=APPEND&append=true"), "{location}");
    let whole = world.append("/d/f%20g?op=APPEND", "3").await;
    assert_eq!(whole.status, StatusCode::OK, "bytes need no second step");
    assert_eq!(world.get("/d/f%20g?op=OPEN").await.text(), "123");
}

#[tokio::test]
async fn a_flag_of_hadoops_builders_replaces_a_file_too() {
    let world = World::new().await;
    world.put("/f?op=CREATE", "1").await;
    let refused = world.put("/f?op=CREATE&createflag=CREATE", "2").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let replaced = world.put("/f?op=CREATE&createflag=CREATE,OVERWRITE", "2");
    assert_eq!(replaced.await.status, StatusCode::CREATED);
    assert_eq!(world.get("/f?op=OPEN").await.text(), "2");
}

#[tokio::test]
async fn clients_of_the_service_are_never_redirected() {
    let world = World::new().await;
    for url in [
        "/a?op=CREATE&write=true",
        "/b?op=CREATE&Write=True",
        "/c?op=CREATE&api-version=2018-09-01",
    ] {
        assert_eq!(
            world.put(url, "").await.status,
            StatusCode::CREATED,
            "{url}"
        );
    }
    for url in [
        "/a?op=APPEND&append=true",
        "/a?op=APPEND&syncFlag=CLOSE&offset=0",
    ] {
        assert_eq!(world.append(url, "").await.status, StatusCode::OK, "{url}");
    }
}

#[tokio::test]
async fn who_wants_no_redirection_gets_the_place_in_a_document() {
    let world = World::new().await;
    for (method, query, flag) in [
        (Method::PUT, "op=CREATE&overwrite=true", "write"),
        (Method::POST, "op=APPEND", "append"),
        (Method::GET, "op=OPEN&offset=1", "read"),
    ] {
        let url = format!("/f?noredirect=true&{query}");
        let told = world.ask(method, &url, "").await;
        let location = format!("http://localhost:7170/webhdfs/v1/f?{query}&{flag}=true");
        assert_eq!(
            (told.status, told.json()),
            (StatusCode::OK, json!({"Location": location}))
        );
    }
}

#[tokio::test]
async fn a_path_that_cannot_be_is_refused_before_bytes_are_sent() {
    let world = World::new().await;
    let refused = world.put("/a/../b?op=CREATE", "").await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_batch_says_whether_more_follows() {
    let world = World::new().await;
    world.put("/d?op=MKDIRS", "").await;
    for name in ["a", "b"] {
        world.put(&format!("/d/{name}?op=CREATE"), "1").await;
    }
    let names = async |url: &str| {
        let listing = world.get(url).await.json()["DirectoryListing"].clone();
        let page = &listing["partialListing"]["FileStatuses"]["FileStatus"];
        let names = page.as_array().unwrap().iter();
        let names: Vec<_> = names.map(|entry| entry["pathSuffix"].clone()).collect();
        (names, listing["remainingEntries"].clone())
    };
    let whole = (vec![json!("a"), json!("b")], json!(0));
    assert_eq!(names("/d?op=LISTSTATUS_BATCH").await, whole);
    let rest = (vec![json!("b")], json!(0));
    assert_eq!(names("/d?op=LISTSTATUS_BATCH&startAfter=a").await, rest);
    let file = (vec![json!("")], json!(0));
    assert_eq!(names("/d/a?op=LISTSTATUS_BATCH").await, file);
}

#[tokio::test]
async fn extents_and_places_are_told_as_hadoop_reads_them() {
    let world = World::new().await;
    world.put("/f?op=CREATE", "12345").await;
    let located = world.get("/f?op=GETFILEBLOCKLOCATIONS&offset=1&length=2");
    let block = &located.await.json()["BlockLocations"]["BlockLocation"];
    assert_eq!(block[0]["length"], 5);
    assert_eq!(block[0]["hosts"], json!(["localhost"]));
    let home = world.get("/?op=GETHOMEDIRECTORY").await.json();
    let user = world.lake.user().object_id;
    assert_eq!(home, json!({"Path": format!("/user/{user}")}));
    let unknown = world.get("/f?op=GETFILECHECKSUM").await;
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST);
    let error = &unknown.json()["RemoteException"];
    assert_eq!(error["exception"], "UnsupportedOperationException");
}

#[tokio::test]
async fn owners_have_names_for_who_asks_for_them() {
    let world = World::new().await;
    world.put("/f?op=CREATE", "1").await;
    let id = world.lake.user().object_id;
    let owner = async |query: &str| {
        let status = world.get(&format!("/f?op=GETFILESTATUS{query}")).await;
        status.json()["FileStatus"]["owner"].clone()
    };
    assert_eq!(owner("&tooid=true").await, json!(id));
    assert_eq!(owner("").await, json!(id));
    let name = owner("&tooId=False").await;
    assert_ne!(name, json!(id));
    let acl = world.get("/f?op=MSGETACLSTATUS&tooid=false").await.json();
    assert_eq!(acl["AclStatus"]["owner"], name);
}

#[tokio::test]
async fn a_file_that_was_replaced_is_not_deleted_for_who_means_the_old_one() {
    let world = World::new().await;
    let context = async || {
        let status = world
            .get("/f?op=GETFILESTATUS&api-version=2018-12-01")
            .await;
        let id = status.json()["FileStatus"]["fileContextID"].clone();
        id.as_str().unwrap().to_owned()
    };
    let delete = async |id: &str| {
        world
            .delete(&format!("/f?op=DELETE&fileContextId={id}"))
            .await
    };
    world.put("/f?op=CREATE", "1").await;
    let old = context().await;
    world.append("/f?op=APPEND", "2").await;
    assert_eq!(context().await, old, "an append keeps it");
    world.put("/f?op=CREATE&overwrite=true", "3").await;
    for other in [old.as_str(), "none"] {
        let refused = delete(other).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        let error = &refused.json()["RemoteException"];
        assert_eq!(error["exception"], "RuntimeException");
        assert!(
            error["message"]
                .as_str()
                .unwrap()
                .contains("StreamID mismatch")
        );
    }
    assert_eq!(delete(&context().await).await.text(), r#"{"boolean":true}"#);
}
