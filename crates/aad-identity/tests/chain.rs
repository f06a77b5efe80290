//! The chain and the environment.
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows tests, but not their helpers"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aad_core::{AccessToken, Error, ErrorKind, Result, TokenCredential, TokenRequest};
use aad_identity::{AttemptReport, ChainedTokenCredential, EnvironmentCredential};
use async_trait::async_trait;
use futures::executor::block_on;
use testkit::context::{World, json};
use time::macros::datetime;

/// A source that gives a token or an error of some kind, and counts.
#[derive(Debug)]
struct Source {
    kind: Option<ErrorKind>,
    asked: AtomicUsize,
}

impl Source {
    fn new(kind: Option<ErrorKind>) -> Arc<Self> {
        Arc::new(Self {
            kind,
            asked: AtomicUsize::new(0),
        })
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

#[async_trait]
impl TokenCredential for Source {
    async fn token(&self, _: &TokenRequest) -> Result<AccessToken> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        match self.kind {
            None => Ok(AccessToken::new("t0k3n", datetime!(2026-11-20 11:00 UTC))),
            Some(kind) => Err(Error::new(kind, "said so")
                .with_code("AADSTS1")
                .with_source("because")),
        }
    }
}

fn ask(credential: &dyn TokenCredential) -> Result<AccessToken> {
    block_on(credential.token(&TokenRequest::new(["scope"])))
}

const UNAVAILABLE: Option<ErrorKind> = Some(ErrorKind::Unavailable);

#[test]
fn the_first_source_with_a_token_is_kept() {
    let (absent, present, spare) = (
        Source::new(UNAVAILABLE),
        Source::new(None),
        Source::new(None),
    );
    let chain = ChainedTokenCredential::new()
        .then("absent", absent.clone())
        .then("present", present.clone())
        .then("spare", spare.clone());
    assert_eq!(chain.chosen(), None);
    for _ in 0..3 {
        assert_eq!(ask(&chain).unwrap().token.expose(), "t0k3n");
    }
    assert_eq!(chain.chosen(), Some("present"));
    assert_eq!((absent.asked(), present.asked(), spare.asked()), (1, 3, 0));
}

#[test]
fn a_source_that_fails_ends_the_chain() {
    for kind in [
        ErrorKind::Credentials,
        ErrorKind::Transient,
        ErrorKind::Throttled,
        ErrorKind::Request,
        ErrorKind::Protocol,
    ] {
        let spare = Source::new(None);
        let chain = ChainedTokenCredential::new()
            .then("absent", Source::new(UNAVAILABLE))
            .then("broken", Source::new(Some(kind)))
            .then("spare", spare.clone());
        let error = ask(&chain).unwrap_err();
        assert_eq!(error.kind(), kind);
        assert_eq!(error.code(), Some("AADSTS1"));
        assert_eq!(error.to_string(), "broken failed: said so");
        assert_eq!(spare.asked(), 0);
        assert_eq!(chain.chosen(), None);
    }
}

#[test]
fn the_error_holds_every_attempt() {
    let chain = ChainedTokenCredential::new()
        .then("one", Source::new(UNAVAILABLE))
        .then("two", Source::new(UNAVAILABLE));
    let error = ask(&chain).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!(
        error.to_string(),
        "none of the sources is available here: one, two"
    );
    let report = AttemptReport::of(&error).unwrap();
    let names: Vec<_> = report
        .attempts()
        .iter()
        .map(|attempt| attempt.source.as_str())
        .collect();
    assert_eq!(names, ["one", "two"]);
    assert_eq!(
        report.to_string(),
        "one: not available: said so: because\ntwo: not available: said so: because"
    );
}

#[test]
fn a_chain_may_hold_a_chain() {
    let inner = ChainedTokenCredential::new().then("deep", Source::new(UNAVAILABLE));
    let chain = ChainedTokenCredential::new()
        .then("inner", Arc::new(inner))
        .then("last", Source::new(None));
    assert!(ask(&chain).is_ok());
}

fn environment(variables: &[(&str, &str)]) -> (World, EnvironmentCredential) {
    let world = World::new();
    for (name, value) in variables {
        world.set_var(name, value);
    }
    let credential = EnvironmentCredential::new(world.context());
    (world, credential)
}

const COMPLETE: [(&str, &str); 3] = [
    ("AZURE_TENANT_ID", "contoso.com"),
    ("AZURE_CLIENT_ID", "client"),
    ("AZURE_CLIENT_SECRET", "s3cr3t"),
];

#[test]
fn the_environment_names_who_signs_in() {
    let (world, credential) = environment(&COMPLETE);
    world
        .transport
        .push(json(200, r#"{"access_token":"t0k3n","expires_in":3599}"#));
    assert_eq!(ask(&credential).unwrap().token.expose(), "t0k3n");
    let request = &world.transport.requests()[0];
    assert_eq!(request.uri().path(), "/contoso.com/oauth2/v2.0/token");
    assert!(!format!("{credential:?}").contains("s3cr3t"));
}

#[test]
fn the_environment_may_allow_further_tenants() {
    let mut variables = COMPLETE.to_vec();
    variables.push((
        "AZURE_ADDITIONALLY_ALLOWED_TENANTS",
        "a.example; b.example;",
    ));
    let (world, credential) = environment(&variables);
    world
        .transport
        .always(|_| json(200, r#"{"access_token":"t","expires_in":3599}"#).into());
    let ask = |tenant| block_on(credential.token(&TokenRequest::new(["s"]).with_tenant(tenant)));
    ask("b.example").unwrap();
    ask("c.example").unwrap_err();
}

#[test]
fn what_is_missing_is_named() {
    for (variables, message) in [
        (
            &[][..],
            "AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET are not set",
        ),
        (
            &COMPLETE[..1],
            "AZURE_CLIENT_ID, AZURE_CLIENT_SECRET are not set",
        ),
        (&COMPLETE[1..], "AZURE_TENANT_ID is not set"),
        (
            &[COMPLETE[0], COMPLETE[1], ("AZURE_CLIENT_SECRET", "")],
            "AZURE_CLIENT_SECRET is not set",
        ),
        // A user's name alone may have been set for something else.
        (
            &[COMPLETE[0], COMPLETE[1], ("AZURE_USERNAME", "u")],
            "AZURE_CLIENT_SECRET is not set",
        ),
        (
            &[("AZURE_CLIENT_CERTIFICATE_PATH", "x.pem")],
            "AZURE_TENANT_ID, AZURE_CLIENT_ID are not set",
        ),
    ] {
        let error = ask(&environment(variables).1).unwrap_err();
        assert_eq!(error.to_string(), message);
        assert_eq!(error.kind(), ErrorKind::Unavailable, "{message}");
    }
}

#[test]
fn what_is_set_wrongly_does_not_let_a_chain_move_on() {
    let wrong = [("AZURE_TENANT_ID", "a/b"), COMPLETE[1], COMPLETE[2]];
    let error = ask(&environment(&wrong).1).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);
}
