//! Where a server sends us, and where we go.

use std::sync::Arc;

use aad_core::{AccessToken, TokenCredential, TokenRequest};
use adls_fs::{ErrorKind, FileSystem, WebHdfsOptions};
use async_trait::async_trait;
use bytes::Bytes;
use futures::executor::block_on;
use http::header::AUTHORIZATION;
use http::{Method, Response};
use testkit::context::{World, response};

const SCOPE: &str = "https://gateway.example/.default";

/// Signs in without asking anybody.
#[derive(Debug)]
struct Letmein(World);

#[async_trait]
impl TokenCredential for Letmein {
    async fn token(&self, request: &TokenRequest) -> aad_core::Result<AccessToken> {
        assert_eq!(request.scopes, [SCOPE]);
        let expires_on = self.0.clock.now() + std::time::Duration::from_secs(3600);
        Ok(AccessToken::new("letmein", expires_on))
    }
}

fn gateway() -> (World, FileSystem) {
    let world = World::new();
    let credential = Arc::new(Letmein(world.clone()));
    let options = WebHdfsOptions::default().with_credential(credential, SCOPE);
    let endpoint = "https://gateway.example/cluster".parse().unwrap();
    let files = FileSystem::web_hdfs_opts(world.context(), &endpoint, options).unwrap();
    (world, files)
}

fn to(location: &str) -> Response<Bytes> {
    response(307, &[("location", location)], "")
}

#[test]
fn bytes_go_where_the_server_says_and_the_token_to_the_server_alone() {
    for (location, is_server) in [
        ("https://data.example/webhdfs/v1/f?op=CREATE", false),
        ("https://gateway.example:8443/f?op=CREATE", false),
        ("https://gateway.example.evil.example/f", false),
        ("https://gateway.example/data/f?op=CREATE", true),
        ("/data/f?op=CREATE", true),
    ] {
        let (world, files) = gateway();
        world.transport.push(to(location));
        world.transport.push(response(201, &[], ""));
        block_on(files.create(&"/f".parse().unwrap(), "bytes")).unwrap();
        let [first, second] = &world.transport.requests()[..] else {
            panic!("two steps");
        };
        assert_eq!(first.uri().path(), "/cluster/webhdfs/v1/f");
        assert_eq!(
            (first.method(), second.method()),
            (&Method::PUT, &Method::PUT)
        );
        assert!(first.body().is_empty());
        assert_eq!(second.body(), "bytes");
        assert_eq!(second.headers()["content-type"], "application/octet-stream");
        assert!(first.headers().contains_key(AUTHORIZATION));
        let has_token = second.headers().contains_key(AUTHORIZATION);
        assert_eq!(has_token, is_server, "{location}");
    }
}

#[test]
fn nobody_is_sent_where_bytes_could_be_read_or_nowhere() {
    for (location, why) in [
        (Some("http://data.example/f"), "from https to http"),
        (Some("ftp://data.example/f"), "neither http nor https"),
        (Some("file:///etc/passwd"), "neither http nor https"),
        (Some("https://a:b@data.example/f"), "a name or a password"),
        (Some("https://"), "what is no address"),
        (None, "Location is missing"),
    ] {
        let redirect = move || match location {
            Some(location) => to(location),
            None => response(307, &[], ""),
        };
        let (world, files) = gateway();
        world.transport.always(move |_| redirect().into());
        let f = "/f".parse().unwrap();
        let written = block_on(files.create(&f, "secret")).unwrap_err();
        let read = block_on(files.read(&f)).unwrap_err();
        for error in [written, read] {
            assert_eq!(error.kind(), ErrorKind::Protocol, "{location:?}");
            assert!(error.to_string().contains(why), "{location:?}: {error}");
        }
        let requests = world.transport.requests();
        assert!(requests.iter().all(|request| request.body().is_empty()));
        let hosts = requests.iter().map(|request| request.uri().host());
        assert!(
            hosts
                .into_iter()
                .all(|host| host == Some("gateway.example"))
        );
    }
}

#[test]
fn a_circle_and_a_chain_without_end_are_left() {
    let (world, files) = gateway();
    world
        .transport
        .always(|_| to("https://data.example/f").into());
    let error = block_on(files.read(&"/f".parse().unwrap())).unwrap_err();
    assert!(error.to_string().contains("in a circle"), "{error}");

    let (world, files) = gateway();
    let mut count = 0;
    world.transport.always(move |_| {
        count += 1;
        to(&format!("https://data.example/{count}")).into()
    });
    let error = block_on(files.read(&"/f".parse().unwrap())).unwrap_err();
    assert!(error.to_string().contains("in a circle"), "{error}");
}

#[test]
fn a_server_that_does_not_redirect_is_told_from_one_that_does() {
    let (world, files) = gateway();
    world.transport.always(|_| response(201, &[], "").into());
    let error = block_on(files.create(&"/f".parse().unwrap(), "x")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol);
    assert!(error.to_string().contains("FileSystem::gen1"), "{error}");

    // Reading in one step is fine: a gateway may do it.
    let (world, files) = gateway();
    world.transport.push(response(200, &[], "bytes"));
    assert_eq!(
        block_on(files.read(&"/f".parse().unwrap())).unwrap(),
        "bytes"
    );

    // What has no second step is not sent anywhere.
    let (world, files) = gateway();
    world.transport.push(to("https://data.example/f"));
    let error = block_on(files.stat(&"/f".parse().unwrap())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol);
}
