//! What is missing, renamed or deleted.

use http::StatusCode;

use super::World;

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
