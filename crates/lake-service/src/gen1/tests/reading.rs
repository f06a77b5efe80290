//! OPEN and LISTSTATUS.

use bytes::Bytes;
use http::{Method, StatusCode};
use serde_json::Value;

use super::World;

#[tokio::test]
async fn ranges_are_streamed_without_a_length() {
    let world = World::new().await;
    world.put("/f?op=CREATE", "0123456789").await;
    for (range, text) in [
        ("", "0123456789"),
        ("&offset=4", "456789"),
        ("&offset=4&length=3", "456"),
        ("&offset=8&length=100", "89"),
        ("&length=0", ""),
    ] {
        let read = world.get(&format!("/f?op=OPEN&read=true{range}")).await;
        assert_eq!(
            (read.status, read.text()),
            (StatusCode::OK, text),
            "{range}"
        );
        let kind = if text.is_empty() {
            ""
        } else {
            "application/octet-stream"
        };
        assert_eq!(read.header("content-type"), kind, "{range}");
        assert_eq!(read.header("content-length"), "");
    }
    for offset in [10, 11] {
        let past = world.get(&format!("/f?op=OPEN&offset={offset}")).await;
        assert_eq!(
            (past.status, past.header("status")),
            (StatusCode::RANGE_NOT_SATISFIABLE, "0x83090015")
        );
    }
    world.put("/empty?op=CREATE&write=true", "").await;
    let empty = world.get("/empty?op=OPEN&offset=0").await;
    assert_eq!((empty.status, empty.text()), (StatusCode::OK, ""));
}

#[tokio::test]
async fn a_file_of_many_pieces_comes_back_byte_for_byte() {
    let world = World::new().await;
    let bytes: Bytes = (0..5_000_003u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect();
    let user = world.lake.user();
    let url = "/webhdfs/v1/big?op=CREATE";
    world.lake.gen1(user, Method::PUT, url, bytes.clone()).await;
    let read = world.get("/big?op=OPEN").await;
    assert!(read.body == bytes);
    let read = world
        .get("/big?op=OPEN&offset=1048575&length=2097153")
        .await;
    assert!(read.body == bytes.slice(1_048_575..1_048_575 + 2_097_153));
}

#[tokio::test]
async fn a_full_page_has_a_token_even_when_nothing_follows() {
    let world = World::new().await;
    for name in ["b", "a", "c"] {
        world
            .put(&format!("/d/{name}?op=CREATE&write=true"), "")
            .await;
    }
    let token = async |query: &str| {
        let page = world.get(&format!("/d?op=LISTSTATUS&{query}")).await.json();
        page["FileStatuses"]["continuationToken"].clone()
    };
    assert_eq!(token("listSize=2&api-version=2018-09-01").await, "b");
    assert_eq!(token("listSize=3&api-version=2018-09-01").await, "c");
    assert_eq!(token("listSize=4&api-version=2018-09-01").await, "");
    assert_eq!(
        token("listSize=2&api-version=2018-05-01").await,
        Value::Null,
        "older clients"
    );
    assert_eq!(
        world.names("/d?op=LISTSTATUS&listSize=2&listAfter=a").await,
        ["b", "c"]
    );
    assert_eq!(world.names("/d?op=LISTSTATUS&listAfter=c").await, [""; 0]);
    assert_eq!(
        world.names("/d?op=LISTSTATUS&listBefore=c").await,
        ["a", "b"]
    );
    assert_eq!(
        world.names("/d/a?op=LISTSTATUS").await,
        [""],
        "a file lists itself"
    );
}
