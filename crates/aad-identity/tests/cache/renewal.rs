//! A token is replaced before it expires, and serves while it cannot be.

use aad_core::{ErrorKind, TokenCredential};
use futures::executor::block_on;
use futures::{FutureExt, pin_mut};
use testkit::context::{Reply, json, response};

use crate::scene::{SECOND, Scene, scope, text, token};

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
fn a_refused_renewal_waits_as_long_as_the_authority_asked() {
    let scene = Scene::with_answer(|n| match n {
        2 => response(429, &[("retry-after", "120")], "{}").into(),
        _ => token(n, 3600),
    });
    scene.ask().unwrap();
    scene.pass(3360);
    for _ in 0..12 {
        assert_eq!(scene.ask().unwrap(), "token-1");
        assert_eq!(scene.requests(), 2);
        scene.pass(10);
    }
    assert_eq!(scene.ask().unwrap(), "token-3");
}
