//! The pipeline against a scripted network, in simulated time.
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows tests, but not their helpers"
)]

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aad_core::retry::RetryPolicy;
use aad_core::transport::{ResponseBody, ServerProof, TransportError};
use aad_core::{
    AccessToken, Error, ErrorKind, Pipeline, PipelineOptions, Repeat, Result, ServiceError,
    TokenCredential, TokenRequest, Transport,
};
use async_trait::async_trait;
use bytes::Bytes;
use futures::TryStreamExt;
use futures::executor::block_on;
use http::header::{AUTHORIZATION, USER_AGENT};
use testkit::context::{LogWatch, Reply, World, json, response};
use time::macros::datetime;

const URL: &str = "https://lake.example/a/b?sig=s3cr3t";
const OK: fn() -> Reply = || json(200, "{}").into();

fn get(url: &str) -> http::Request<Bytes> {
    http::Request::get(url).body(Bytes::new()).unwrap()
}

fn pipeline(world: &World) -> Pipeline {
    Pipeline::new(world.context(), PipelineOptions::default())
}

/// Sends one request; says what came of it, how often it was sent, and how long it took.
fn send(world: &World, pipeline: &Pipeline, repeat: Repeat) -> (Result<Bytes>, usize, Duration) {
    let start = world.clock.now();
    let result = block_on(pipeline.send_collected(get(URL), repeat));
    let took = (world.clock.now() - start).unsigned_abs();
    (
        result.map(http::Response::into_body),
        world.transport.requests().len(),
        took,
    )
}

/// A credential that gives these tokens, one a call and the last for ever, and keeps what it was
/// asked for.
#[derive(Debug, Default)]
struct Tokens {
    next: Mutex<VecDeque<&'static str>>,
    asked: Mutex<Vec<TokenRequest>>,
}

impl Tokens {
    fn new(tokens: impl IntoIterator<Item = &'static str>) -> Arc<Self> {
        Arc::new(Self {
            next: Mutex::new(tokens.into_iter().collect()),
            asked: Mutex::default(),
        })
    }
}

#[async_trait]
impl TokenCredential for Tokens {
    async fn token(&self, request: &TokenRequest) -> Result<AccessToken> {
        self.asked.lock().unwrap().push(request.clone());
        let mut next = self.next.lock().unwrap();
        let token = if next.len() > 1 {
            next.pop_front()
        } else {
            next.front().copied()
        };
        let token = token.ok_or_else(|| Error::new(ErrorKind::Credentials, "no token"))?;
        Ok(AccessToken::new(token, datetime!(2026-11-20 11:00 UTC)))
    }
}

fn authorizations(world: &World) -> Vec<String> {
    let text = |request: &http::Request<Bytes>| {
        let value = request.headers().get(AUTHORIZATION)?;
        Some(value.to_str().unwrap().to_owned())
    };
    world.transport.requests().iter().filter_map(text).collect()
}

#[test]
fn a_service_that_is_busy_is_asked_again_after_growing_waits() {
    let world = World::new();
    for _ in 0..4 {
        world.transport.push(json(503, "{}"));
    }
    world.transport.push(OK());
    let (result, requests, took) = send(&world, &pipeline(&world), Repeat::Safe);
    assert_eq!(result.unwrap(), "{}");
    assert_eq!(requests, 5);
    // 0.5 + 1 + 2 + 4 s, of which chance takes away at most a quarter.
    assert!(took <= Duration::from_millis(7500), "{took:?}");
    assert!(took >= Duration::from_millis(5625), "{took:?}");
}

#[test]
fn a_service_that_stays_busy_is_given_up() {
    let world = World::new();
    world.transport.always(|_| {
        let headers = [("x-ms-request-id", "id-1")];
        response(503, &headers, "<html>busy</html>").into()
    });
    let (result, requests, _) = send(&world, &pipeline(&world), Repeat::Safe);
    let error = result.unwrap_err();
    assert_eq!(requests, 5);
    assert_eq!(error.kind(), ErrorKind::Transient);
    assert_eq!(error.status(), Some(http::StatusCode::SERVICE_UNAVAILABLE));
    assert_eq!(error.request_id(), Some("id-1"));
    assert_eq!(
        error.to_string(),
        "the service answered 503 Service Unavailable with a page that is not its own"
    );
}

#[test]
fn the_wait_that_a_service_asks_for_is_kept() {
    for header in [
        ("retry-after", "20"),
        ("retry-after-ms", "20000"),
        ("x-ms-retry-after-ms", "20000"),
        ("retry-after", "Fri, 20 Nov 2026 10:00:20 GMT"),
    ] {
        let world = World::new();
        world
            .transport
            .push(response(429, &[header], ""))
            .push(OK());
        let (result, requests, took) = send(&world, &pipeline(&world), Repeat::Safe);
        result.unwrap();
        assert_eq!((requests, took), (2, Duration::from_secs(20)), "{header:?}");
    }
}

#[test]
fn a_wait_that_is_too_long_is_told_to_the_caller_instead() {
    let world = World::new();
    world
        .transport
        .push(response(429, &[("retry-after", "3600")], ""));
    let (result, requests, took) = send(&world, &pipeline(&world), Repeat::Safe);
    let error = result.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Throttled);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
    assert_eq!((requests, took), (1, Duration::ZERO));
}

#[test]
fn what_must_not_happen_twice_is_repeated_only_if_it_has_not_happened() {
    let cases: [(Reply, usize); 6] = [
        (Reply::RequestLost, 2),
        (json(429, "{}").into(), 2),
        (Reply::ReplyLost, 1),
        (Reply::Silence, 1),
        (json(500, "{}").into(), 1),
        (json(503, "{}").into(), 1),
    ];
    for (reply, expected) in cases {
        let case = format!("{reply:?}");
        let world = World::new();
        world.transport.push(reply).always(|_| OK());
        let (result, requests, _) = send(&world, &pipeline(&world), Repeat::OnlyIfNotSent);
        assert_eq!(requests, expected, "{case}");
        assert_eq!(result.is_ok(), expected == 2, "{case}");
    }
}

#[test]
fn a_refusal_is_final() {
    for (status, kind) in [
        (400, ErrorKind::Request),
        (401, ErrorKind::Credentials),
        (403, ErrorKind::Forbidden),
        (404, ErrorKind::NotFound),
        (409, ErrorKind::Conflict),
        (412, ErrorKind::Conflict),
        (501, ErrorKind::Protocol),
        (307, ErrorKind::Protocol),
    ] {
        let world = World::new();
        world.transport.push(response(status, &[], "no"));
        let (result, requests, _) = send(&world, &pipeline(&world), Repeat::Safe);
        assert_eq!(result.unwrap_err().kind(), kind, "{status}");
        assert_eq!(requests, 1, "{status}");
    }
}

#[test]
fn a_redirect_is_not_followed_with_a_token() {
    let world = World::new();
    let location = [("location", "https://thief.example/")];
    world.transport.push(response(302, &location, ""));
    let pipeline = pipeline(&world).with_credential(Tokens::new(["t"]), "s");
    let (result, requests, _) = send(&world, &pipeline, Repeat::Safe);
    let message = result.unwrap_err().to_string();
    assert!(message.contains("redirects are not followed"), "{message}");
    assert_eq!(requests, 1);
}

#[test]
fn each_attempt_has_its_own_token_and_its_own_id() {
    let world = World::new();
    world.transport.push(json(503, "{}")).push(OK());
    let tokens = Tokens::new(["one", "two"]);
    let pipeline = pipeline(&world).with_credential(tokens, "https://datalake.azure.net//.default");
    send(&world, &pipeline, Repeat::Safe).0.unwrap();
    assert_eq!(authorizations(&world), ["Bearer one", "Bearer two"]);
    let requests = world.transport.requests();
    let id = |n: usize| requests[n].headers()["x-ms-client-request-id"].clone();
    assert_ne!(id(0), id(1));
    assert!(requests[0].headers().contains_key(USER_AGENT));
}

#[test]
fn a_refused_token_is_replaced_once_as_the_challenge_asks() {
    let world = World::new();
    // {"access_token":{}}
    let challenge = r#"Bearer error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnt9fQ""#;
    world
        .transport
        .push(response(401, &[("www-authenticate", challenge)], ""))
        .push(OK());
    let tokens = Tokens::new(["old", "new"]);
    let pipeline = pipeline(&world).with_credential(tokens.clone(), "scope");
    let (result, _, took) = send(&world, &pipeline, Repeat::OnlyIfNotSent);
    result.unwrap();
    assert_eq!(took, Duration::ZERO);
    assert_eq!(authorizations(&world), ["Bearer old", "Bearer new"]);
    let asked = tokens.asked.lock().unwrap();
    assert_eq!(asked[0].claims, None);
    assert!(asked[0].enable_cae);
    assert_eq!(asked[1].claims.as_deref(), Some(r#"{"access_token":{}}"#));
    assert_eq!(asked[1].rejected, Some("old".into()));
    assert_eq!(asked[1].scopes, ["scope"]);
}

#[test]
fn a_second_refusal_is_final() {
    let world = World::new();
    world.transport.always(|_| response(401, &[], "").into());
    let tokens = Tokens::new(["one", "two", "three"]);
    let pipeline = pipeline(&world).with_credential(tokens, "scope");
    let (result, requests, _) = send(&world, &pipeline, Repeat::Safe);
    assert_eq!(result.unwrap_err().kind(), ErrorKind::Credentials);
    assert_eq!(requests, 2);
}

#[test]
fn a_token_that_cannot_be_replaced_is_not_sent_again() {
    let world = World::new();
    world.transport.push(response(401, &[], ""));
    let pipeline = pipeline(&world).with_credential(Tokens::new(["only"]), "scope");
    let (result, requests, _) = send(&world, &pipeline, Repeat::Safe);
    assert_eq!(result.unwrap_err().kind(), ErrorKind::Credentials);
    assert_eq!(requests, 1);
}

#[test]
fn a_token_goes_over_https_or_to_this_machine_if_permitted() {
    let strict = PipelineOptions::default();
    let local = PipelineOptions::default().allow_http_loopback();
    for (options, url, allowed) in [
        (&strict, "https://lake.example/", true),
        (&strict, "http://lake.example/", false),
        (&strict, "http://127.0.0.1:7170/", false),
        (&strict, "http://localhost/", false),
        (&local, "http://127.0.0.1:7170/", true),
        (&local, "http://127.8.8.8/", true),
        (&local, "http://[::1]:7170/", true),
        (&local, "http://LOCALHOST:7170/", true),
        (&local, "http://lake.example/", false),
        (&local, "http://localhost.example/", false),
        (&local, "http://127.0.0.1.example/", false),
        (&local, "http://localhost@lake.example/", false),
        (&local, "http://10.0.0.1/", false),
        (&local, "ftp://localhost/", false),
    ] {
        let world = World::new();
        world.transport.always(|_| OK());
        let tokens = Tokens::new(["t"]);
        let pipeline = Pipeline::new(world.context(), options.clone())
            .with_credential(tokens.clone(), "scope");
        let result = block_on(pipeline.send(get(url), Repeat::Safe));
        assert_eq!(result.is_ok(), allowed, "{url}");
        assert_eq!(
            world.transport.requests().len(),
            usize::from(allowed),
            "{url}"
        );
        assert_eq!(
            tokens.asked.lock().unwrap().len(),
            usize::from(allowed),
            "{url}"
        );
    }
}

#[test]
fn a_url_without_a_host_is_the_callers_mistake() {
    let world = World::new();
    let error = block_on(pipeline(&world).send(get("/a/b"), Repeat::Safe)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);
}

#[test]
fn silence_is_waited_for_no_longer_than_an_attempt_may_take() {
    let world = World::new();
    world.transport.push(Reply::Silence).push(OK());
    let (result, requests, took) = send(&world, &pipeline(&world), Repeat::Safe);
    result.unwrap();
    assert_eq!(requests, 2);
    assert!(took >= Duration::from_secs(60) && took < Duration::from_secs(61));
}

#[test]
fn the_total_timeout_ends_everything() {
    let world = World::new();
    world.transport.always(|_| Reply::Silence);
    let options = PipelineOptions::default().with_total_timeout(Some(Duration::from_secs(90)));
    let pipeline = Pipeline::new(world.context(), options);
    let (result, requests, took) = send(&world, &pipeline, Repeat::Safe);
    assert_eq!(result.unwrap_err().kind(), ErrorKind::Cancelled);
    assert_eq!((requests, took), (2, Duration::from_secs(90)));
}

#[test]
fn a_wait_that_would_pass_the_total_timeout_is_not_begun() {
    let world = World::new();
    world
        .transport
        .push(response(503, &[("retry-after", "30")], ""));
    let options = PipelineOptions::default().with_total_timeout(Some(Duration::from_secs(20)));
    let pipeline = Pipeline::new(world.context(), options);
    let (result, requests, took) = send(&world, &pipeline, Repeat::Safe);
    assert_eq!(result.unwrap_err().kind(), ErrorKind::Transient);
    assert_eq!((requests, took), (1, Duration::ZERO));
}

#[test]
fn no_span_is_too_long() {
    let world = World::new();
    let endless = [("retry-after-ms", "18446744073709551615")];
    world.transport.push(response(503, &endless, "")).push(OK());
    let patient = RetryPolicy::default().with_longest_requested_wait(Duration::MAX);
    let options = PipelineOptions::default()
        .with_retry(patient)
        .with_total_timeout(Some(Duration::MAX));
    let pipeline = Pipeline::new(world.context(), options);
    send(&world, &pipeline, Repeat::Safe).0.unwrap_err();
}

/// A credential for which somebody types for a while.
#[derive(Debug)]
struct Typing(aad_core::Context, Duration);

#[async_trait]
impl TokenCredential for Typing {
    async fn token(&self, _: &TokenRequest) -> Result<AccessToken> {
        self.0.sleep(self.1).await;
        Ok(AccessToken::new("typed", datetime!(2026-11-20 11:00 UTC)))
    }
}

#[test]
fn a_person_who_signs_in_has_the_time_that_the_credential_gives_them() {
    let world = World::new();
    world.transport.push(OK());
    // As long as a device code is good for.
    let quarter = Duration::from_secs(15 * 60);
    let person = Arc::new(Typing(world.context(), quarter));
    let pipeline = pipeline(&world).with_credential(person, "scope");
    let (result, requests, took) = send(&world, &pipeline, Repeat::Safe);
    assert_eq!(result.unwrap(), "{}");
    assert_eq!((requests, took), (1, quarter));
}

#[test]
fn the_total_timeout_is_for_all_but_the_sign_in() {
    let world = World::new();
    world.transport.always(|_| Reply::Silence);
    let minute = Duration::from_secs(60);
    let options = PipelineOptions::default().with_total_timeout(Some(Duration::from_secs(90)));
    let person = Arc::new(Typing(world.context(), minute));
    let pipeline = Pipeline::new(world.context(), options).with_credential(person, "scope");
    let (result, requests, took) = send(&world, &pipeline, Repeat::Safe);
    assert_eq!(result.unwrap_err().kind(), ErrorKind::Cancelled);
    // Two attempts, and a sign-in before each of them.
    assert_eq!((requests, took), (2, Duration::from_secs(90) + 2 * minute));
}

#[test]
fn a_body_that_breaks_is_read_again_only_by_the_pipeline_itself() {
    let world = World::new();
    let broken = || Reply::Broken(response(200, &[], "hello"), 3);
    world
        .transport
        .push(broken())
        .push(response(200, &[], "hello"));
    let (result, requests, _) = send(&world, &pipeline(&world), Repeat::Safe);
    assert_eq!(result.unwrap(), "hello");
    assert_eq!(requests, 2);

    world.transport.push(broken());
    let response = block_on(pipeline(&world).send(get(URL), Repeat::Safe)).unwrap();
    let pieces: Result<Vec<Bytes>, _> = block_on(response.into_body().try_collect());
    assert_eq!(pieces.unwrap_err().to_string(), "the connection broke");
}

#[test]
fn a_refusal_that_breaks_off_is_not_taken_for_what_its_status_might_mean() {
    let world = World::new();
    let broken = |status| Reply::Broken(response(status, &[], "because"), 3);
    world
        .transport
        .push(broken(403))
        .push(broken(404))
        .push(OK());
    let (result, requests, _) = send(&world, &pipeline(&world), Repeat::Safe);
    assert_eq!(result.unwrap(), "{}");
    assert_eq!(requests, 3);

    world.transport.push(broken(403));
    let (result, requests, _) = send(&world, &pipeline(&world), Repeat::OnlyIfNotSent);
    let error = result.unwrap_err();
    assert_eq!(requests, 4);
    assert_eq!(error.kind(), ErrorKind::Transient);
    assert_eq!(error.status().unwrap(), 403);
    let said = "the connection broke before the service said why it answered 403 Forbidden";
    assert_eq!(error.to_string(), said);

    // Nothing that it could say changes what this one means.
    world.transport.push(broken(401));
    let (result, _, _) = send(&world, &pipeline(&world), Repeat::Safe);
    assert_eq!(result.unwrap_err().kind(), ErrorKind::Credentials);
}

#[test]
fn a_body_that_never_ends_is_refused() {
    let world = World::new();
    world
        .transport
        .always(|_| response(200, &[], vec![0; 11]).into());
    let options = PipelineOptions::default()
        .with_body_limit(10)
        .with_retry(RetryPolicy::none());
    let pipeline = Pipeline::new(world.context(), options);
    let (result, _, _) = send(&world, &pipeline, Repeat::Safe);
    let error = result.unwrap_err();
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert_eq!(cause, "the response is longer than 10 bytes");
}

#[test]
fn a_service_explains_itself_through_its_reader() {
    let world = World::new();
    world
        .transport
        .push(response(403, &[], "AclVerificationFailed"));
    let pipeline = pipeline(&world).with_error_reader(|parts, body| {
        let code = std::str::from_utf8(body).ok()?;
        let message = format!("said with {}", parts.status.as_u16());
        Some(ServiceError::new(code, message).with_kind(ErrorKind::Conflict))
    });
    let (result, _, _) = send(&world, &pipeline, Repeat::Safe);
    let error = result.unwrap_err();
    assert_eq!(error.code(), Some("AclVerificationFailed"));
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert_eq!(error.to_string(), "said with 403");
}

#[test]
fn neither_tokens_nor_queries_are_logged() {
    let world = World::new();
    world
        .transport
        .push(json(503, "{}"))
        .push(Reply::ReplyLost)
        .push(json(401, "{}"))
        .push(json(404, "{}"));
    let pipeline = pipeline(&world).with_credential(
        Tokens::new(["t0k3n-a", "t0k3n-b", "t0k3n-c", "t0k3n-d"]),
        "scope",
    );
    let watch = LogWatch::new(["s3cr3t", "t0k3n"]);
    let (result, requests, _) = watch.run(|| send(&world, &pipeline, Repeat::Safe));
    assert_eq!(requests, 4);
    watch.check_error(&result.unwrap_err());
    assert!(
        watch.text().contains("https://lake.example/a/b"),
        "{}",
        watch.text()
    );
}

/// Whoever wrote a transport before there were such servers must not be fooled.
#[test]
fn a_transport_that_cannot_make_sure_of_a_server_sends_it_nothing() {
    #[derive(Debug)]
    struct Simple;

    #[async_trait]
    impl Transport for Simple {
        async fn send(
            &self,
            _: http::Request<Bytes>,
        ) -> std::result::Result<http::Response<ResponseBody>, TransportError> {
            panic!("the server may be anybody")
        }
    }

    let context = World::new().context_over(Arc::new(Simple));
    let pipeline = Pipeline::new(context, PipelineOptions::default());
    let proof = ServerProof::Thumbprint([0; 20]);
    let request = http::Request::get("https://localhost/").extension(proof);
    let request = request.body(Bytes::new()).unwrap();
    let error = block_on(pipeline.send(request, Repeat::Safe)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);
}
