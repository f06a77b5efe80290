//! Requests that make no sense.

use http::{Method, StatusCode};

use super::World;

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
