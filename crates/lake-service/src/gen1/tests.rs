//! The WebHDFS dialect, through the wire.

mod expiry;

use std::sync::Arc;

use bytes::Bytes;
use http::{Method, StatusCode};
use lake_store::Ambient;
use lake_store::testing::{self, ManualClock};
use serde_json::{Value, json};

use crate::body::Body;
use crate::testing::{Reply, TestLake};

struct World {
    lake: TestLake,
    root: tempfile::TempDir,
}

impl World {
    async fn new() -> Self {
        Self::of(Ambient::system()).await
    }

    /// One where time passes only when a test says so.
    async fn timeless() -> (Self, Arc<ManualClock>) {
        let (ambient, clock) = testing::ambient(1);
        (Self::of(ambient).await, clock)
    }

    async fn of(ambient: Ambient) -> Self {
        let root = tempfile::tempdir().unwrap();
        Self {
            lake: TestLake::try_open(root.path(), ambient).await.unwrap(),
            root,
        }
    }

    /// The names that the host has in a directory of the account.
    fn host_names(&self, path: &str) -> Vec<String> {
        let folder = self.root.path().join("lakestore").join(path);
        let mut names: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    async fn ask(&self, method: Method, path: &str, body: impl Into<Body>) -> Reply {
        let url = format!("/webhdfs/v1{path}");
        self.lake.gen1(self.lake.user(), method, &url, body).await
    }

    async fn get(&self, path: &str) -> Reply {
        self.ask(Method::GET, path, "").await
    }

    async fn put(&self, path: &str, body: &'static str) -> Reply {
        self.ask(Method::PUT, path, body).await
    }

    async fn append(&self, path: &str, body: &'static str) -> Reply {
        self.ask(Method::POST, path, body).await
    }

    async fn delete(&self, path: &str) -> Reply {
        self.ask(Method::DELETE, path, "").await
    }

    /// A request of an operation that Hadoop does not have.
    async fn extension(&self, method: Method, path: &str, body: &'static str) -> Reply {
        let url = format!("/WebHdfsExt{path}");
        self.lake.gen1(self.lake.user(), method, &url, body).await
    }

    async fn length(&self, path: &str) -> Value {
        self.get(&format!("{path}?op=GETFILESTATUS")).await.json()["FileStatus"]["length"].clone()
    }

    async fn names(&self, path: &str) -> Vec<String> {
        let page = self.get(path).await.json();
        let entries = page["FileStatuses"]["FileStatus"].as_array().unwrap();
        entries
            .iter()
            .map(|entry| entry["pathSuffix"].as_str().unwrap().to_owned())
            .collect()
    }
}

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
async fn ranges_are_streamed_without_a_length() {
    let world = World::new().await;
    world.put("/f?op=CREATE", "0123456789").await;
    for (range, text) in [
        ("", "0123456789"),
        ("&offset=4", "456789"),
        ("&offset=4&length=3", "456"),
        ("&offset=8&length=100", "89"),
        ("&length=0", ""),
        ("&offset=10", ""),
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
    let past = world.get("/f?op=OPEN&offset=11").await;
    assert_eq!(
        (past.status, past.header("status")),
        (StatusCode::BAD_REQUEST, "0x83090015")
    );
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
async fn a_full_page_has_a_token_even_when_nothing_follows() {
    let world = World::new().await;
    for name in ["b", "a", "c"] {
        world.put(&format!("/d/{name}?op=CREATE"), "").await;
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

#[tokio::test]
async fn what_is_missing_is_a_404_a_false_or_nothing() {
    let world = World::new().await;
    let missing = world.get("/no/file?op=GETFILESTATUS").await;
    assert_eq!(
        (missing.status, missing.header("status")),
        (StatusCode::NOT_FOUND, "0x8309000A")
    );
    let error = missing.json()["RemoteException"].clone();
    assert_eq!(error["javaClassName"], "java.io.FileNotFoundException");
    let message = error["message"].as_str().unwrap();
    assert!(
        message.starts_with("File/Folder does not exist: /no/file ["),
        "{message}"
    );

    for reply in [
        world.delete("/no?op=DELETE&recursive=True").await,
        world.put("/no?op=RENAME&destination=x%2Fy", "").await,
    ] {
        assert_eq!(
            (reply.status, reply.text()),
            (StatusCode::OK, r#"{"boolean":false}"#)
        );
        assert_eq!(reply.header("status"), "0x8309000A");
    }
}

#[tokio::test]
async fn renames_follow_the_services_rules() {
    let world = World::new().await;
    world.put("/a/f?op=CREATE", "1").await;
    world.put("/b/g?op=CREATE", "2").await;
    let rename = async |from: &str, to: &str| {
        world
            .put(&format!("{from}?op=RENAME&destination={to}"), "")
            .await
            .json()["boolean"]
            .clone()
    };
    assert_eq!(rename("/a/f", "a%2Fh").await, true, "no leading slash");
    assert_eq!(rename("/a/h", "/a/h").await, true, "a file onto itself");
    assert_eq!(rename("/a", "/a").await, false, "a directory onto itself");
    assert_eq!(rename("/a/h", "/b/g").await, false, "onto an existing file");
    assert_eq!(rename("/a/h", "/b/g&renameoptions=OVERWRITE").await, true);
    assert_eq!(world.get("/b/g?op=OPEN").await.text(), "1");
    assert_eq!(rename("/a", "/b").await, true, "into an existing directory");
    assert_eq!(world.names("/b?op=LISTSTATUS").await, ["a", "g"]);
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
}

#[tokio::test]
async fn acls_are_listed_in_both_ways_and_bring_a_mask() {
    let world = World::new().await;
    world.put("/f?op=CREATE", "").await;
    let set = world
        .put("/f?op=MODIFYACLENTRIES&aclSpec=user%3Aann%3A-w-", "")
        .await;
    assert_eq!(
        (set.status, set.header("contentlength")),
        (StatusCode::OK, "0")
    );
    let entries = async |op: &str| {
        world.get(&format!("/f?op={op}")).await.json()["AclStatus"]["entries"].clone()
    };
    assert_eq!(
        entries("MSGETACLSTATUS").await,
        json!([
            "user::rwx",
            "user:ann:-w-",
            "group::rwx",
            "mask::rwx",
            "other::---"
        ])
    );
    assert_eq!(
        entries("GETACLSTATUS").await,
        json!(["user:ann:-w-", "group::rwx"])
    );
    world
        .put("/f?op=REMOVEACLENTRIES&aclspec=user:ann", "")
        .await;
    let left = json!(["user::rwx", "group::rwx", "mask::rwx", "other::---"]);
    assert_eq!(entries("MSGETACLSTATUS").await, left);
    world.put("/f?op=REMOVEACL", "").await;
    assert_eq!(
        entries("MSGETACLSTATUS").await,
        json!(["user::rwx", "group::rwx", "other::---"])
    );
    let bad = world.put("/f?op=SETACL&aclspec=nobody:x", "").await;
    assert_eq!(bad.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn attributes_are_set_and_guarded() {
    let world = World::new().await;
    world.put("/d/f?op=CREATE", "123").await;
    world
        .put("/d/f?op=SETTIMES&modificationtime=1000&accesstime=-1", "")
        .await;
    let status = world.get("/d/f?op=GETFILESTATUS").await.json();
    assert_eq!(status["FileStatus"]["modificationTime"], 1000);
    assert_eq!(
        world
            .put("/d/f?op=SETPERMISSION&permission=0555", "")
            .await
            .status,
        StatusCode::OK
    );
    let status = world.get("/d/f?op=GETFILESTATUS").await.json();
    assert_eq!(status["FileStatus"]["permission"], "555");
    let denied = world.append("/d/f?op=APPEND", "4").await;
    assert_eq!(
        (denied.status, denied.header("status")),
        (StatusCode::FORBIDDEN, "0x83090AA2")
    );
    let owner = world.put("/d/f?op=SETOWNER&owner=ann", "").await;
    assert_eq!(owner.status, StatusCode::FORBIDDEN);
    let message = owner.json()["RemoteException"]["message"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        message.starts_with("Set Owner failed with  failed with error 0x83090aa2 (Forbidden. ACL")
    );
    assert_eq!(
        world.get("/d/f?op=CHECKACCESS&fsaction=r-x").await.status,
        StatusCode::OK
    );
    assert_eq!(
        world.get("/d/f?op=CHECKACCESS&fsaction=w").await.status,
        StatusCode::FORBIDDEN
    );
    let summary = world.get("/d?op=GETCONTENTSUMMARY").await;
    let expected = r#"{"ContentSummary":{"directoryCount":1,"fileCount":1,"length":3,"quota":-1,"spaceConsumed":3,"spaceQuota":-1}}"#;
    assert_eq!(summary.text(), expected);
}

#[tokio::test]
async fn requests_that_make_no_sense_are_refused_in_the_services_shape() {
    let world = World::new().await;
    for (method, url) in [
        (Method::GET, "/f"),
        (Method::GET, "/f?op=FLY"),
        (Method::POST, "/f?op=CREATE"),
        (Method::PUT, "/f?op=SETEXPIRY&expiryOption=NeverExpire"),
        (Method::PUT, "/a/../f?op=CREATE"),
        (Method::PUT, "/%2e%2e/f?op=CREATE"),
        (Method::PUT, "/f?op=RENAME"),
        (Method::PUT, "/f?op=RENAME&destination=/a/../../b"),
        (Method::POST, "/f?op=MSCONCAT"),
        (Method::GET, "/?op=LISTSTATUS&listSize=0"),
        (Method::GET, "/?op=LISTSTATUS&listAfter=%ff"),
    ] {
        let reply = world.ask(method, url, "").await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{url}");
        let error = &reply.json()["RemoteException"];
        assert!(
            error["javaClassName"]
                .as_str()
                .unwrap()
                .starts_with("java.lang."),
            "{url}"
        );
    }
    assert_eq!(
        world.names("/?op=LISTSTATUS").await,
        [""; 0],
        "nothing was made"
    );
}
