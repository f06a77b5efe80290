//! What goes over the wire when somebody else makes an application's assertion.
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows tests, but not their helpers"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use aad_core::{Error, ErrorKind, Secret, TokenCredential, TokenRequest};
use aad_identity::{AssertionRequest, ClientAssertionCredential};
use futures::executor::block_on;
use testkit::context::{LogWatch, Reply, World, json};

const SCOPE: &str = "https://datalake.azure.net//.default";

fn granted() -> Reply {
    json(200, r#"{"access_token":"t0k3n","expires_in":3599}"#).into()
}

/// A credential whose nth assertion is `e30.n.x`, and how many there were.
fn counting(world: &World) -> (ClientAssertionCredential, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    let assert = move |_: AssertionRequest| {
        let n = counted.fetch_add(1, Ordering::SeqCst);
        async move { Ok(Secret::new(format!("e30.{n}.x"))) }
    };
    let credential =
        ClientAssertionCredential::new(world.context(), "contoso.com", "client", assert);
    (credential.unwrap(), count)
}

#[test]
fn the_assertion_is_exchanged_for_a_token() {
    let world = World::new();
    world.transport.push(granted());
    let (credential, _) = counting(&world);
    let token = block_on(credential.token(&TokenRequest::new([SCOPE]))).unwrap();
    assert_eq!(token.token.expose(), "t0k3n");
    let request = &world.transport.requests()[0];
    assert_eq!(
        request.uri(),
        "https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token"
    );
    assert_eq!(
        std::str::from_utf8(request.body()).unwrap(),
        "grant_type=client_credentials&client_id=client\
         &client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer\
         &client_assertion=e30.0.x\
         &scope=https%3A%2F%2Fdatalake.azure.net%2F%2F.default"
    );
}

#[test]
fn the_function_is_asked_again_for_each_sign_in_and_not_for_a_kept_token() {
    let world = World::new();
    world.transport.always(|_| granted());
    let (credential, count) = counting(&world);
    let request = TokenRequest::new([SCOPE]);
    for (wait, expected) in [(0, 1), (60, 1), (3600, 2), (60, 2)] {
        world.clock.advance(Duration::from_secs(wait));
        block_on(credential.token(&request)).unwrap();
        assert_eq!(count.load(Ordering::SeqCst), expected);
    }
    // A GitHub or Kubernetes token lives for minutes; the last one must not be sent again.
    let bodies: Vec<String> = world
        .transport
        .requests()
        .iter()
        .map(|request| String::from_utf8(request.body().to_vec()).unwrap())
        .collect();
    for (n, body) in bodies.iter().enumerate() {
        assert!(
            body.contains(&format!("client_assertion=e30.{n}.x")),
            "{body}"
        );
    }
    assert_eq!(bodies.len(), 2);
}

#[test]
fn the_function_learns_for_whom_and_for_where() {
    let world = World::new();
    world.transport.push(granted());
    let assert = |wanted: AssertionRequest| async move {
        assert_eq!(wanted.client_id, "client");
        assert_eq!(
            wanted.token_endpoint,
            "https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token"
        );
        Ok(Secret::new("e30.e30.x"))
    };
    let credential =
        ClientAssertionCredential::new(world.context(), "contoso.com", "client", assert);
    block_on(credential.unwrap().token(&TokenRequest::new([SCOPE]))).unwrap();
}

#[test]
fn the_functions_error_is_the_outcome_and_nothing_is_sent() {
    let world = World::new();
    for (outcome, kind) in [
        (
            Err(Error::new(ErrorKind::Unavailable, "no token file")),
            ErrorKind::Unavailable,
        ),
        (Ok(Secret::new("")), ErrorKind::Credentials),
    ] {
        let assert = move |_| std::future::ready(outcome.clone());
        let credential =
            ClientAssertionCredential::new(world.context(), "contoso.com", "client", assert);
        let error = block_on(credential.unwrap().token(&TokenRequest::new([SCOPE]))).unwrap_err();
        assert_eq!(error.kind(), kind);
    }
    assert_eq!(world.transport.requests().len(), 0);
}

#[test]
fn neither_assertion_nor_token_reaches_a_log() {
    let world = World::new();
    world
        .transport
        .push(Reply::RequestLost)
        .push(json(503, "{}"))
        .push(granted());
    let watch = LogWatch::new(["e30.0.x", "t0k3n"]);
    watch.run(|| {
        let (credential, _) = counting(&world);
        block_on(credential.token(&TokenRequest::new([SCOPE]))).unwrap();
        watch.check(&format!("{credential:?}"));
    });
}
