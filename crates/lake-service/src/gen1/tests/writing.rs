//! CREATE, APPEND, CONCURRENTAPPEND and MSCONCAT.

use bytes::Bytes;
use http::{Method, StatusCode};

use super::World;
use crate::body::Body;

#[tokio::test]
async fn a_created_file_is_answered_and_described_as_recorded() {
    let world = World::new().await;
    let created = world
        .put("/dir%2Ff+x?OP=CREATE&overwrite=False&write=true", "1,2\n3")
        .await;
    assert_eq!((created.status, created.text()), (StatusCode::CREATED, ""));
    assert_eq!(created.header("contentlength"), "0");
    assert_eq!(
        created.header("location"),
        "http://localhost:7170/webhdfs/v1/dir/f+x?OP=CREATE&overwrite=False&write=true"
    );
    for (name, value) in [
        ("status", "0x0"),
        ("cache-control", "no-cache, no-cache, no-store, max-age=0"),
        ("pragma", "no-cache"),
        ("expires", "-1"),
        ("x-content-type-options", "nosniff"),
        (
            "strict-transport-security",
            "max-age=15724800; includeSubDomains",
        ),
        ("x-ms-webhdfs-version", "17.04.24.00"),
        ("x-ms-request-id", "00000000-0000-0000-0000-000000005eed"),
    ] {
        assert_eq!(created.header(name), value, "{name}");
    }
    let status = world.get("/dir/f+x?op=getfilestatus").await;
    assert_eq!(
        status.header("content-type"),
        "application/json; charset=utf-8"
    );
    let text = status.text();
    assert!(text.starts_with(r#"{"FileStatus":{"length":5,"pathSuffix":"","type":"FILE","blockSize":268435456,"accessTime":"#), "{text}");
    assert!(
        text.contains(r#","replication":1,"permission":"770","owner":""#),
        "{text}"
    );
    assert!(
        text.ends_with(r#","msExpirationTime":0,"aclBit":false}}"#),
        "{text}"
    );
    let directory = world.get("/dir/?op=GETFILESTATUS").await;
    assert!(!directory.text().contains("msExpirationTime"));
    assert!(
        directory
            .text()
            .contains(r#""type":"DIRECTORY","blockSize":0,"#)
    );
}

#[tokio::test]
async fn a_body_of_any_length_is_written_and_a_broken_one_is_not() {
    let world = World::new().await;
    let piece = Bytes::from((0..1_000_003u32).map(|n| n as u8).collect::<Vec<_>>());
    let body = |pieces: usize, broken: bool| {
        let mut chunks: Vec<Result<_, crate::body::BodyError>> =
            (0..pieces).map(|_| Ok(piece.clone())).collect();
        if broken {
            chunks.push(Err("the connection broke".into()));
        }
        Body::stream(futures::stream::iter(chunks))
    };
    let send = async |method: Method, url: &str, body: Body| {
        let url = format!("/webhdfs/v1{url}");
        let lake = &world.lake;
        lake.gen1(lake.user(), method, &url, body).await.status
    };
    let create = "/big?op=CREATE&write=true";
    let append = "/big?op=APPEND&append=true&offset=9000027";
    assert_eq!(
        send(Method::PUT, create, body(9, true)).await,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(world.host_names(""), [""; 0]);
    assert_eq!(
        send(Method::PUT, create, body(9, false)).await,
        StatusCode::CREATED
    );
    assert_eq!(
        send(Method::POST, append, body(9, true)).await,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(world.length("/big").await, 9_000_027);
    let unpublished = format!("{append}&syncFlag=DATA");
    assert_eq!(
        send(Method::POST, &unpublished, body(5, false)).await,
        StatusCode::OK
    );
    assert_eq!(world.length("/big").await, 9_000_027);
    assert_eq!(
        send(Method::POST, append, body(6, false)).await,
        StatusCode::BAD_REQUEST,
        "the offset is that of the unpublished bytes"
    );
    let rest = "/big?op=APPEND&append=true&offset=14000042";
    assert_eq!(
        send(Method::POST, rest, body(6, false)).await,
        StatusCode::OK
    );
    let read = world.get("/big?op=OPEN&read=true").await;
    assert_eq!(read.body.len(), 20 * piece.len());
    assert!(read.body.chunks(piece.len()).all(|part| part == piece));
}

#[tokio::test]
async fn an_append_at_another_offset_is_refused_even_without_bytes() {
    let world = World::new().await;
    world.put("/f?op=CREATE", "12345").await;
    for (body, offset) in [("blah", 3), ("blah", 6), ("", 4), ("", 6)] {
        let refused = world
            .append(&format!("/f?op=APPEND&append=true&offset={offset}"), body)
            .await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        assert_eq!(refused.header("status"), "0x83090015");
        let error = &refused.json()["RemoteException"];
        assert_eq!(error["exception"], "BadOffsetException");
        let message = error["message"].as_str().unwrap();
        let fixed = "APPEND failed with error 0x83090015 (Bad request. Invalid offset.). [00000000-0000-0000-0000-000000005eed][";
        assert!(message.starts_with(fixed), "{message}");
    }
    // What a client asks after a lost reply: did my five bytes arrive?
    assert_eq!(
        world.append("/f?op=APPEND&offset=5", "").await.status,
        StatusCode::OK
    );
    assert_eq!(world.length("/f").await, 5);
    world.append("/f?op=APPEND", "67").await;
    assert_eq!(world.get("/f?op=OPEN").await.text(), "1234567");
}

#[tokio::test]
async fn appended_data_is_invisible_until_it_is_closed() {
    let world = World::new().await;
    world.put("/f?op=CREATE&syncFlag=DATA", "12").await;
    assert_eq!(
        world.length("/f").await,
        2,
        "CREATE publishes whatever the flag says"
    );
    world
        .append("/f?op=APPEND&syncFlag=DATA&offset=2", "34")
        .await;
    assert_eq!(world.length("/f").await, 2);
    assert_eq!(world.get("/f?op=OPEN").await.text(), "12");
    assert_eq!(
        world
            .append("/f?op=APPEND&offset=4&syncFlag=CLOSE", "56")
            .await
            .status,
        StatusCode::OK
    );
    assert_eq!(world.get("/f?op=OPEN").await.text(), "123456");
}

#[tokio::test]
async fn concurrent_appends_need_no_offset_and_do_not_mix_with_others() {
    let world = World::new().await;
    let append = async |query: &str, body: &'static str| {
        let path = format!("/d/log?op=CONCURRENTAPPEND{query}");
        world.extension(Method::POST, &path, body).await
    };
    let missing = append("", "1").await;
    assert_eq!(
        (missing.status, missing.header("status")),
        (StatusCode::NOT_FOUND, "0x8309000A")
    );
    // As the Java and .NET clients do it, with and without autoCreate.
    let created = append("&appendMode=autocreate&api-version=2018-12-01", "1").await;
    assert_eq!((created.status, created.text()), (StatusCode::OK, ""));
    assert_eq!(created.header("x-ms-webhdfs-version"), "");
    let more = [append("", "2"), append("", "2"), append("", "2")];
    for reply in futures::future::join_all(more).await {
        assert_eq!(reply.status, StatusCode::OK);
    }
    assert_eq!(append("&syncFlag=close", "3").await.status, StatusCode::OK);
    assert_eq!(world.get("/d/log?op=OPEN").await.text(), "12223");
    assert_eq!(world.length("/d/log").await, 5);

    let ordinary = world.append("/d/log?op=APPEND&offset=5", "4").await;
    assert_eq!(ordinary.status, StatusCode::FORBIDDEN);
    assert_eq!(
        ordinary.json()["RemoteException"]["exception"],
        "IOException"
    );
    world.put("/d/log?op=CREATE&overwrite=true", "new").await;
    assert_eq!(append("", "4").await.status, StatusCode::FORBIDDEN);
    assert_eq!(world.get("/d/log?op=OPEN").await.text(), "new");
    for query in ["&appendMode=maybe", "&syncFlag=never"] {
        assert_eq!(append(query, "").await.status, StatusCode::BAD_REQUEST);
    }
}

#[tokio::test]
async fn an_upload_that_breaks_off_changes_nothing() {
    let world = World::new().await;
    world.put("/f?op=CREATE", "old").await;
    let broken = || {
        let chunks = [
            Ok(Bytes::from_static(b"half")),
            Err("the connection was reset".into()),
        ];
        Body::stream(futures::stream::iter(chunks))
    };
    for (method, url) in [
        (Method::PUT, "/f?op=CREATE&overwrite=true"),
        (Method::PUT, "/new?op=CREATE"),
        (Method::POST, "/f?op=APPEND"),
    ] {
        let reply = world.ask(method, url, broken()).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{url}");
    }
    assert_eq!(world.get("/f?op=OPEN").await.text(), "old");
    assert_eq!(
        world.get("/new?op=GETFILESTATUS").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn concatenation_takes_both_forms_and_removes_the_sources() {
    let world = World::new().await;
    for name in ["a", "b", "c"] {
        world
            .put(
                &format!("/parts/{name}?op=CREATE"),
                if name == "a" { "1" } else { "2" },
            )
            .await;
    }
    let body = r#"{"sources":["parts/a","/parts/b"]}"#;
    assert_eq!(
        world.append("/whole?op=MSCONCAT", body).await.status,
        StatusCode::OK
    );
    assert_eq!(world.names("/parts?op=LISTSTATUS").await, ["c"]);
    let body = "sources=parts/c";
    let reply = world
        .append("/whole?op=MSCONCAT&deleteSourceDirectory=true", body)
        .await;
    assert_eq!((reply.status, reply.text()), (StatusCode::OK, ""));
    assert_eq!(
        world.get("/whole?op=OPEN").await.text(),
        "122",
        "an existing target is kept"
    );
    assert_eq!(
        world.get("/parts?op=GETFILESTATUS").await.status,
        StatusCode::NOT_FOUND
    );

    world.put("/d/a?op=CREATE", "1").await;
    let body = r#"{"sources":["/d/a"]}"#;
    let beside = "/d/whole?op=MSCONCAT&deleteSourceDirectory=true";
    assert_eq!(world.append(beside, body).await.status, StatusCode::OK);
    assert_eq!(world.get("/d/whole?op=OPEN").await.text(), "1");
}
