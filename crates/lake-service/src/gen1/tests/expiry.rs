//! SETEXPIRY, and what it brings about.

use std::sync::Arc;

use http::{Method, StatusCode};
use lake_store::Timestamp;
use lake_store::testing::ManualClock;

use super::World;

/// When the files of [`Expiring`] are created.
const START: i64 = 1_600_000_000_000;

/// When those that expire do, after [`START`].
const DUE: i64 = 5000;

/// `/d` with a file for each option, of four bytes each.
struct Expiring {
    world: World,
    clock: Arc<ManualClock>,
}

impl Expiring {
    async fn new() -> Self {
        let (world, clock) = World::timeless().await;
        let expiring = Self { world, clock };
        expiring.set_clock(0);
        for name in ["absolute", "created", "kept", "now", "reprieved"] {
            let path = format!("/d/{name}?op=CREATE");
            expiring.world.put(&path, "1234").await;
        }
        expiring.set_clock(1000);
        let absolute = format!("Absolute&expireTime={}", START + DUE);
        expiring.set("absolute", &absolute, START + DUE).await;
        let created = "RelativeToCreationDate&expireTime=5000";
        expiring.set("created", created, START + DUE).await;
        let now = "RelativeToNow&expireTime=4000";
        expiring.set("now", now, START + DUE).await;
        expiring.set("reprieved", now, START + DUE).await;
        expiring.set("reprieved", "NeverExpire", 0).await;
        expiring
    }

    fn set_clock(&self, millis: i64) {
        self.clock.set(Timestamp::from_millis(START + millis));
    }

    async fn set(&self, name: &str, option: &str, expected: i64) {
        let url = format!("/d/{name}?op=SETEXPIRY&expiryOption={option}");
        let set = self.world.extension(Method::PUT, &url, "").await;
        assert_eq!(set.status, StatusCode::OK, "{url}: {}", set.text());
        let status = self.world.get(&format!("/d/{name}?op=GETFILESTATUS")).await;
        assert_eq!(status.json()["FileStatus"]["msExpirationTime"], expected);
    }
}

#[tokio::test]
async fn expiry_is_an_extension_with_its_own_headers() {
    let world = World::new().await;
    world.put("/f?op=CREATE&write=true", "").await;
    let ext = async |query: &str| {
        let path = format!("/f?op=SETEXPIRY&{query}");
        world.extension(Method::PUT, &path, "").await
    };
    let set = ext("expiryOption=Absolute&expireTime=4636834628007").await;
    assert_eq!(
        (set.status, set.header("x-ms-webhdfs-version")),
        (StatusCode::OK, "")
    );
    let status = world.get("/f?op=GETFILESTATUS").await.json();
    assert_eq!(
        status["FileStatus"]["msExpirationTime"],
        4_636_834_628_007_i64
    );
    assert_eq!(
        ext("expiryOption=NeverExpire&expireTime=7").await.status,
        StatusCode::OK
    );
    let status = world.get("/f?op=GETFILESTATUS").await.json();
    assert_eq!(status["FileStatus"]["msExpirationTime"], 0);
    assert_eq!(
        ext("expiryOption=Absolute").await.status,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        ext("expiryOption=Soon&expireTime=1").await.status,
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn a_file_is_all_there_until_the_millisecond_in_which_it_expires() {
    let expiring = Expiring::new().await;
    let world = &expiring.world;
    expiring.set_clock(DUE - 1);
    let all = ["absolute", "created", "kept", "now", "reprieved"];
    assert_eq!(world.names("/d?op=LISTSTATUS").await, all);
    for name in all {
        let read = world.get(&format!("/d/{name}?op=OPEN")).await;
        assert_eq!(read.text(), "1234", "{name}");
    }
    expiring.set_clock(DUE);
    let left = ["kept", "reprieved"];
    assert_eq!(world.names("/d?op=LISTSTATUS").await, left);
    let page = world.get("/d?op=LISTSTATUS&listSize=1").await.json();
    assert_eq!(page["FileStatuses"]["continuationToken"], "kept");
    let summary = world.get("/d?op=GETCONTENTSUMMARY").await.json();
    assert_eq!(summary["ContentSummary"]["fileCount"], 2);
    assert_eq!(summary["ContentSummary"]["length"], 8);
}

#[tokio::test]
async fn no_operation_finds_an_expired_file_or_brings_it_back() {
    let expiring = Expiring::new().await;
    let world = &expiring.world;
    expiring.set_clock(DUE);
    for (method, url) in [
        (Method::GET, "/d/absolute?op=GETFILESTATUS"),
        (Method::GET, "/d/absolute?op=LISTSTATUS"),
        (Method::GET, "/d/created?op=OPEN"),
        (Method::GET, "/d/now?op=MSGETACLSTATUS"),
        // As the .NET client's own test has it: an expired file cannot be appended to.
        (Method::POST, "/d/now?op=APPEND&syncFlag=DATA"),
        (Method::PUT, "/d/now?op=SETTIMES&modificationtime=1"),
        (Method::POST, "/d/whole?op=CONCAT&sources=/d/created"),
    ] {
        let reply = world.ask(method, url, "").await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{url}");
        assert_eq!(reply.header("status"), "0x8309000A", "{url}");
    }
    let url = "/d/now?op=SETEXPIRY&expiryOption=NeverExpire";
    let revived = world.extension(Method::PUT, url, "").await;
    assert_eq!(revived.status, StatusCode::NOT_FOUND);
    for reply in [
        world
            .put("/d/absolute?op=RENAME&destination=/d/x", "")
            .await,
        world.delete("/d/created?op=DELETE").await,
    ] {
        assert_eq!(reply.text(), r#"{"boolean":false}"#);
    }
}

#[tokio::test]
async fn the_name_of_an_expired_file_is_free_and_its_bytes_go() {
    let expiring = Expiring::new().await;
    let world = &expiring.world;
    expiring.set_clock(DUE);
    let created = world.put("/d/now?op=CREATE&overwrite=false", "new").await;
    assert_eq!(created.status, StatusCode::CREATED);
    let url = "/d/absolute?op=CONCURRENTAPPEND&appendMode=autocreate";
    let created = world.extension(Method::POST, url, "new").await;
    assert_eq!(created.status, StatusCode::OK);
    world.delete("/d/created?op=DELETE").await;
    // The new files have no end of their own.
    expiring.set_clock(1_000_000);
    for name in ["absolute", "now"] {
        let read = world.get(&format!("/d/{name}?op=OPEN")).await;
        assert_eq!(read.text(), "new", "{name}");
    }
    let left = ["absolute", "kept", "now", "reprieved"];
    assert_eq!(world.names("/d?op=LISTSTATUS").await, left);
    assert_eq!(world.host_names("d"), left);
}

#[tokio::test]
async fn a_time_that_has_passed_is_refused() {
    let expiring = Expiring::new().await;
    let url = "/d/kept?op=SETEXPIRY&expiryOption=RelativeToCreationDate&expireTime=10";
    let past = expiring.world.extension(Method::PUT, url, "").await;
    assert_eq!(past.status, StatusCode::BAD_REQUEST);
    let kept = expiring.world.get("/d/kept?op=OPEN").await;
    assert_eq!(kept.text(), "1234");
}
