//! How tokens are kept, renewed and shared, in simulated time.
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows tests, but not their helpers"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use aad_core::retry::RetryPolicy;
use aad_core::{AccessToken, ErrorKind, Result, TokenCredential, TokenRequest};
use aad_identity::{ClientSecretCredential, CredentialOptions};
use futures::executor::block_on;
use futures::future::{join, join_all, select};
use futures::{FutureExt, pin_mut};
use testkit::context::{Reply, World, json, response};

const SECOND: Duration = Duration::from_secs(1);

/// A world with an authority that issues `token-1`, `token-2` and so on, each 200 ms after it was
/// asked; and a credential that does not retry.
struct Scene {
    world: World,
    credential: ClientSecretCredential,
}

impl Scene {
    fn new(life: u32) -> Self {
        Self::with_answer(move |n| token(n, life).after(SECOND / 5))
    }

    /// The answer is made from the number of the request, from 1.
    fn with_answer(answer: impl FnMut(usize) -> Reply + Send + 'static) -> Self {
        Self::seeded(0, answer)
    }

    /// Chance is decided by this seed.
    fn seeded(seed: u64, mut answer: impl FnMut(usize) -> Reply + Send + 'static) -> Self {
        let world = World::seeded(seed);
        let mut n = 0;
        world.transport.always(move |_| {
            n += 1;
            answer(n)
        });
        let options = CredentialOptions::default()
            .with_retry(RetryPolicy::none())
            .with_additionally_allowed_tenant("*");
        let credential = ClientSecretCredential::new_opts(
            world.context(),
            "contoso.com",
            "client",
            "secret",
            &options,
        );
        Self {
            credential: credential.unwrap(),
            world,
        }
    }

    fn ask(&self) -> Result<String> {
        self.ask_for(&scope("S"))
    }

    fn ask_for(&self, request: &TokenRequest) -> Result<String> {
        block_on(self.credential.token(request)).map(text)
    }

    fn requests(&self) -> usize {
        self.world.transport.requests().len()
    }

    fn pass(&self, seconds: u32) {
        self.world.clock.advance(SECOND * seconds);
    }
}

fn token(n: usize, life: u32) -> Reply {
    let body = format!(r#"{{"access_token":"token-{n}","expires_in":{life}}}"#);
    json(200, &body).into()
}

#[expect(clippy::needless_pass_by_value, reason = "for `map`")]
fn text(token: AccessToken) -> String {
    token.token.expose().to_owned()
}

fn scope(name: &str) -> TokenRequest {
    TokenRequest::new([name])
}

#[test]
fn a_thousand_callers_cause_one_request() {
    let scene = Scene::new(3600);
    let request = scope("S");
    let callers = (0..1000).map(|_| scene.credential.token(&request));
    let start = scene.world.clock.now();
    let tokens = block_on(join_all(callers));
    assert!(
        tokens
            .into_iter()
            .all(|token| text(token.unwrap()) == "token-1")
    );
    assert_eq!(scene.requests(), 1);
    assert_eq!(scene.world.clock.now() - start, SECOND / 5);
}

#[test]
fn a_failure_is_shared_too() {
    let scene = Scene::with_answer(|_| {
        let body = r#"{"error":"invalid_client","error_description":"AADSTS7000215: no"}"#;
        Reply::from(json(401, body)).after(SECOND / 5)
    });
    let request = scope("S");
    let callers = (0..20).map(|_| scene.credential.token(&request));
    let start = scene.world.clock.now();
    for result in block_on(join_all(callers)) {
        let error = result.unwrap_err();
        assert_eq!(error.code(), Some("AADSTS7000215"));
        assert_eq!(error.kind(), ErrorKind::Credentials);
    }
    assert_eq!(scene.requests(), 1);
    assert_eq!(scene.world.clock.now() - start, SECOND / 5);
}

#[test]
fn who_has_a_token_does_not_wait_for_another_scope() {
    let scene = Scene::with_answer(|n| token(n, 3600).after(SECOND * u32::try_from(n).unwrap()));
    scene.ask().unwrap();
    let (a, s) = (scope("A"), scope("S"));
    let fetching = scene.credential.token(&a);
    pin_mut!(fetching);
    assert!(fetching.as_mut().now_or_never().is_none());
    let start = scene.world.clock.now();
    assert_eq!(
        text(scene.credential.token(&s).now_or_never().unwrap().unwrap()),
        "token-1"
    );
    assert_eq!(scene.world.clock.now(), start);
}

#[test]
fn two_scopes_are_fetched_side_by_side() {
    let scene = Scene::with_answer(|n| token(n, 3600).after(SECOND));
    let (a, b) = (scope("A"), scope("B"));
    let start = scene.world.clock.now();
    let (a, b) = block_on(join(scene.credential.token(&a), scene.credential.token(&b)));
    assert_eq!(
        (text(a.unwrap()), text(b.unwrap())),
        ("token-1".into(), "token-2".into())
    );
    assert_eq!(scene.world.clock.now() - start, SECOND);
}

#[test]
fn each_tenant_has_its_own_tokens() {
    let scene = Scene::new(3600);
    assert_eq!(scene.ask().unwrap(), "token-1");
    let other = scope("S").with_tenant("fabrikam.com");
    assert_eq!(scene.ask_for(&other).unwrap(), "token-2");
    assert_eq!(
        scene
            .ask_for(&scope("S").with_tenant("CONTOSO.com"))
            .unwrap(),
        "token-1"
    );
    assert_eq!(scene.ask_for(&other).unwrap(), "token-2");
    let hosts: Vec<_> = scene.world.transport.requests();
    assert_eq!(hosts[1].uri().path(), "/fabrikam.com/oauth2/v2.0/token");
}

/// How long the first token of this response serves, in seconds, by the chance of this seed.
fn served(body: &'static str, seed: u64) -> u32 {
    let scene = Scene::seeded(seed, move |n| {
        json(200, &body.replace("{n}", &n.to_string())).into()
    });
    scene.ask().unwrap();
    (0..)
        .find(|_| {
            scene.pass(1);
            scene.ask().unwrap() != "token-1"
        })
        .unwrap()
}

/// Over many processes, the first renewal happens in these seconds, and not all at once.
fn check_renewal(body: &'static str, seconds: std::ops::RangeInclusive<u32>) {
    let times: Vec<u32> = (0..30).map(|seed| served(body, seed)).collect();
    let (first, last) = (times.iter().min().unwrap(), times.iter().max().unwrap());
    assert!(
        seconds.contains(first) && seconds.contains(last),
        "{first} to {last} for {body}"
    );
    let spread = seconds.end() - seconds.start();
    assert!(
        last - first >= spread / 2,
        "all between {first} and {last} for {body}"
    );
}

#[test]
fn a_token_is_renewed_five_minutes_before_it_expires_or_up_to_a_minute_later() {
    check_renewal(
        r#"{"access_token":"token-{n}","expires_in":3600}"#,
        3299..=3360,
    );
}

#[test]
fn a_token_is_renewed_when_its_issuer_wishes_or_a_fifth_of_the_rest_later() {
    check_renewal(
        r#"{"access_token":"token-{n}","expires_in":3600,"refresh_in":1800}"#,
        1799..=2160,
    );
}

#[test]
fn a_short_lived_token_serves_half_its_life() {
    check_renewal(
        r#"{"access_token":"token-{n}","expires_in":240}"#,
        119..=144,
    );
}

#[test]
fn a_token_serves_half_a_minute_whatever_its_issuer_wishes() {
    check_renewal(
        r#"{"access_token":"token-{n}","expires_in":600,"refresh_in":0}"#,
        29..=120,
    );
}

#[test]
fn a_short_lived_token_does_not_cause_a_request_a_call() {
    let scene = Scene::new(240);
    for _ in 0..10 {
        assert_eq!(scene.ask().unwrap(), "token-1");
    }
    assert_eq!(scene.requests(), 1);
}

#[test]
fn only_one_caller_waits_for_a_renewal() {
    let scene = Scene::with_answer(|n| token(n, 3600).after(SECOND));
    scene.ask().unwrap();
    scene.pass(3400);
    let request = scope("S");
    let renewing = scene.credential.token(&request);
    pin_mut!(renewing);
    assert!(renewing.as_mut().now_or_never().is_none());
    for _ in 0..10 {
        let other = scene.credential.token(&request).now_or_never();
        assert_eq!(text(other.unwrap().unwrap()), "token-1");
    }
    assert_eq!(text(block_on(renewing).unwrap()), "token-2");
    assert_eq!(scene.requests(), 2);
}

#[test]
fn a_valid_token_is_served_while_the_authority_is_down() {
    for outage in [
        || Reply::RequestLost,
        || json(503, "<html>").into(),
        || Reply::Silence,
    ] {
        let scene = Scene::with_answer(move |n| if n == 1 { token(n, 3600) } else { outage() });
        scene.ask().unwrap();
        scene.pass(3360);
        assert_eq!(scene.ask().unwrap(), "token-1", "240 s are left");
        assert_eq!(scene.requests(), 2);
        assert_eq!(scene.ask().unwrap(), "token-1");
        assert_eq!(
            scene.requests(),
            2,
            "a failed renewal is not repeated at once"
        );
        scene.pass(30);
        assert_eq!(scene.ask().unwrap(), "token-1");
        assert_eq!(scene.requests(), 3, "but after a while");
        scene.pass(300);
        scene.ask().unwrap_err();
    }
}

#[test]
fn a_renewal_is_not_waited_for_past_the_life_of_the_old_token() {
    let scene = Scene::with_answer(|n| {
        if n == 2 {
            Reply::Silence
        } else {
            token(n, 3600)
        }
    });
    scene.ask().unwrap();
    scene.pass(3597);
    let start = scene.world.clock.now();
    assert_eq!(scene.ask().unwrap(), "token-3");
    assert_eq!(scene.world.clock.now() - start, SECOND * 3);
}

#[test]
fn an_expired_token_is_never_served() {
    let scene = Scene::with_answer(|n| {
        if n == 1 {
            token(n, 3600)
        } else {
            Reply::RequestLost
        }
    });
    scene.ask().unwrap();
    scene.pass(3600);
    assert_eq!(scene.ask().unwrap_err().kind(), ErrorKind::Transient);
}

#[test]
fn those_who_wait_carry_on_when_the_first_caller_is_dropped() {
    let scene = Scene::new(3600);
    let request = scope("S");
    let mut first = Box::pin(scene.credential.token(&request));
    assert!(first.as_mut().now_or_never().is_none());
    let second = scene.credential.token(&request);
    pin_mut!(second);
    assert!(second.as_mut().now_or_never().is_none());
    drop(first);
    assert_eq!(text(block_on(second).unwrap()), "token-1");
    assert_eq!(scene.requests(), 1);
}

#[test]
fn a_sign_in_that_nobody_waits_for_is_begun_again_by_the_next_caller() {
    let scene = Scene::new(3600);
    let request = scope("S");
    let mut only = Box::pin(scene.credential.token(&request));
    assert!(only.as_mut().now_or_never().is_none());
    drop(only);
    assert_eq!(scene.ask().unwrap(), "token-2");
    assert_eq!(scene.requests(), 2);
}

#[test]
fn a_renewal_that_is_dropped_is_begun_again_by_the_next_caller() {
    let scene = Scene::with_answer(|n| token(n, 3600).after(SECOND));
    scene.ask().unwrap();
    scene.pass(3400);
    let request = scope("S");
    let mut renewing = Box::pin(scene.credential.token(&request));
    assert!(renewing.as_mut().now_or_never().is_none());
    drop(renewing);
    assert_eq!(scene.ask().unwrap(), "token-3");
}

#[test]
fn a_rejected_token_is_replaced_by_one_request_for_all() {
    let scene = Scene::new(3600);
    scene.ask().unwrap();
    let request = scope("S").with_rejected("token-1".into());
    let callers = (0..100).map(|_| scene.credential.token(&request));
    for result in block_on(join_all(callers)) {
        assert_eq!(text(result.unwrap()), "token-2");
    }
    assert_eq!(scene.requests(), 2);
    // Whoever still holds the rejected one gets the new one without a request.
    assert_eq!(scene.ask_for(&request).unwrap(), "token-2");
    assert_eq!(scene.ask().unwrap(), "token-2");
    assert_eq!(scene.requests(), 2);
}

#[test]
fn a_token_for_a_claims_challenge_replaces_the_plain_one() {
    let scene = Scene::new(3600);
    let plain = scope("S").with_cae();
    scene.ask_for(&plain).unwrap();
    let challenged = plain
        .clone()
        .with_claims(r#"{"access_token":{"nbf":{"value":"1"}}}"#);
    assert_eq!(scene.ask_for(&challenged).unwrap(), "token-2");
    assert_eq!(scene.ask_for(&challenged).unwrap(), "token-2");
    assert_eq!(scene.ask_for(&plain).unwrap(), "token-2");
    let body = scene.world.transport.requests()[1].body().clone();
    let claims = form(&body, "claims").unwrap();
    assert!(claims.contains("nbf") && claims.contains("CP1"), "{claims}");
}

fn form(body: &[u8], name: &str) -> Option<String> {
    url::form_urlencoded::parse(body)
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

#[test]
fn an_authority_that_asks_for_silence_is_left_alone() {
    let scene = Scene::with_answer(|n| match n {
        1 => response(429, &[("retry-after", "120")], "{}").into(),
        _ => token(n, 3600),
    });
    for _ in 0..5 {
        assert_eq!(scene.ask().unwrap_err().kind(), ErrorKind::Throttled);
    }
    assert_eq!(scene.requests(), 1);
    scene.pass(120);
    assert_eq!(scene.ask().unwrap(), "token-2");
}

#[test]
fn no_authority_is_left_alone_for_ever() {
    let scene = Scene::with_answer(|n| match n {
        1 => response(429, &[("retry-after", "18446744073709551615")], "{}").into(),
        _ => token(n, 3600),
    });
    scene.ask().unwrap_err();
    scene.pass(3599);
    scene.ask().unwrap_err();
    scene.pass(1);
    assert_eq!(scene.ask().unwrap(), "token-2");
}

#[test]
fn a_caller_that_gives_up_early_leaves_the_fetch_to_the_others() {
    let scene = Scene::with_answer(|n| token(n, 3600).after(SECOND * 5));
    let request = scope("S");
    let context = scene.world.context();
    let impatient = async {
        let fetch = scene.credential.token(&request);
        select(fetch, context.sleep(SECOND)).await;
    };
    let ((), token) = block_on(join(impatient, scene.credential.token(&request)));
    assert_eq!(text(token.unwrap()), "token-1");
    assert_eq!(scene.requests(), 1);
}

#[test]
fn threads_share_a_fetch() {
    let scene = Arc::new(Scene::new(3600));
    let served = Arc::new(AtomicUsize::new(0));
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let (scene, served) = (Arc::clone(&scene), Arc::clone(&served));
            std::thread::spawn(move || {
                for _ in 0..100 {
                    assert_eq!(scene.ask().unwrap(), "token-1");
                    served.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    assert_eq!((served.load(Ordering::Relaxed), scene.requests()), (800, 1));
}
