//! Leases: `leaseid` on CREATE and APPEND, as the Java and .NET clients send them.

use http::StatusCode;
use lake_store::Timestamp;

use super::World;
use crate::testing::Reply;

const ANN: &str = "leaseid=0000000a-0000-0000-0000-000000000000&filesessionid=0000000a-0000-0000-0000-000000000000";
const BOB: &str = "leaseid=0000000b-0000-0000-0000-000000000000&filesessionid=0000000b-0000-0000-0000-000000000000";

/// As the Java client recognizes it: the message has the code.
fn refused(reply: &Reply) {
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    assert_eq!(reply.header("status"), "0x83090A16");
    let message = reply.json()["RemoteException"]["message"].to_string();
    assert!(
        message.contains(" failed with error 0x83090a16 ("),
        "{message}"
    );
}

async fn does(world: &World, query: &str, body: &'static str) -> Reply {
    match query.starts_with("CREATE") {
        true => world.put(&format!("/f?op={query}"), body).await,
        false => world.append(&format!("/f?op={query}"), body).await,
    }
}

async fn succeeds(world: &World, query: &str, body: &'static str) {
    let reply = does(world, query, body).await;
    assert!(reply.status.is_success(), "{query}: {}", reply.text());
}

#[tokio::test]
async fn one_writer_holds_a_file_until_it_closes_it() {
    let world = World::new().await;
    succeeds(&world, &format!("CREATE&syncFlag=DATA&{ANN}"), "1").await;
    for writer in [BOB, "", "leaseid="] {
        for query in ["APPEND&append=true", "APPEND&syncFlag=DATA&offset=0"] {
            refused(&does(&world, &format!("{query}&{writer}"), "").await);
        }
    }
    let renamed = world.put("/f?op=RENAME&destination=/g", "").await;
    assert_eq!(renamed.text(), r#"{"boolean":true}"#);
    world.put("/g?op=RENAME&destination=/f", "").await;
    let joined = world
        .append("/new?op=MSCONCAT", r#"{"sources":["/f"]}"#)
        .await;
    refused(&joined);
    succeeds(&world, &format!("APPEND&syncFlag=DATA&offset=1&{ANN}"), "2").await;
    succeeds(&world, &format!("APPEND&syncFlag=CLOSE&offset=2&{ANN}"), "").await;
    // A reply that was lost: closing again does no harm.
    succeeds(&world, &format!("APPEND&syncFlag=CLOSE&offset=2&{ANN}"), "").await;
    succeeds(&world, &format!("APPEND&offset=2&{BOB}"), "3").await;
    assert_eq!(world.get("/f?op=OPEN").await.text(), "123");
    let odd = does(&world, "APPEND&leaseid=mine", "").await;
    assert_eq!(
        odd.json()["RemoteException"]["exception"],
        "IllegalArgumentException"
    );
}

#[tokio::test]
async fn a_writer_that_never_closes_its_file_holds_it_for_ten_minutes() {
    let (world, clock) = World::timeless().await;
    let start = lake_store::Clock::now(clock.as_ref());
    succeeds(&world, &format!("CREATE&syncFlag=METADATA&{ANN}"), "1").await;
    for minutes in [5, 14] {
        clock.set(Timestamp::from(start + time::Duration::minutes(minutes)));
        refused(&does(&world, &format!("APPEND&{BOB}"), "no").await);
        if minutes == 5 {
            succeeds(&world, &format!("APPEND&syncFlag=DATA&{ANN}"), "2").await;
        }
    }
    clock.set(Timestamp::from(start + time::Duration::minutes(15)));
    succeeds(&world, &format!("APPEND&{BOB}"), "3").await;
    assert_eq!(world.get("/f?op=OPEN").await.text(), "123");
    // It may be deleted at any time.
    succeeds(&world, &format!("APPEND&syncFlag=DATA&{ANN}"), "4").await;
    assert_eq!(
        world.delete("/f?op=DELETE").await.text(),
        r#"{"boolean":true}"#
    );
}

#[tokio::test]
async fn the_clients_open_a_file_to_append_to_it_each_in_its_way() {
    let world = World::new().await;
    succeeds(&world, "CREATE", "12").await;
    succeeds(&world, "APPEND&syncFlag=DATA", "3").await;
    let length = async |query: &str| {
        let status = world.get(&format!("/f?op=GETFILESTATUS{query}")).await;
        status.json()["FileStatus"]["length"].clone()
    };
    // .NET: no bytes at offset 0 take the lease, then the length that counts all bytes.
    succeeds(&world, &format!("APPEND&offset=0&syncFlag=DATA&{ANN}"), "").await;
    refused(&does(&world, &format!("APPEND&syncFlag=DATA&{BOB}"), "").await);
    assert_eq!(length("").await, 2);
    assert_eq!(length("&getconsistentlength=True").await, 3);
    succeeds(
        &world,
        &format!("APPEND&offset=3&syncFlag=CLOSE&{ANN}"),
        "4",
    )
    .await;
    // Java: no bytes without an offset, twice, then the length.
    succeeds(&world, "APPEND&syncFlag=DATA", "5").await;
    succeeds(&world, &format!("APPEND&syncFlag=DATA&{BOB}"), "").await;
    succeeds(&world, &format!("APPEND&syncFlag=METADATA&{BOB}"), "").await;
    assert_eq!(length("").await, 5);
    succeeds(&world, &format!("APPEND&offset=5&syncFlag=DATA&{BOB}"), "6").await;
    succeeds(&world, &format!("APPEND&offset=6&syncFlag=CLOSE&{BOB}"), "").await;
    assert_eq!(world.get("/f?op=OPEN").await.text(), "123456");
    // But for that, no bytes at a wrong offset are refused: it is how a client asks what arrived.
    for query in ["DATA&offset=1", "CLOSE&offset=0", "METADATA&offset=0"] {
        let asked = does(&world, &format!("APPEND&syncFlag={query}&{ANN}"), "").await;
        assert_eq!(asked.header("status"), "0x83090015", "{query}");
    }
    let plain = does(&world, "APPEND&syncFlag=DATA&offset=0", "").await;
    assert_eq!(plain.header("status"), "0x83090015");
    let directory = world
        .get("/?op=GETFILESTATUS&getconsistentlength=true")
        .await;
    assert_eq!(directory.json()["FileStatus"]["length"], 0);
}
