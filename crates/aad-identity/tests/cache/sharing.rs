//! One fetch for all who want the same token, and for nobody else.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use aad_core::{ErrorKind, TokenCredential};
use futures::executor::block_on;
use futures::future::{join, join_all, select};
use futures::{FutureExt, pin_mut};
use testkit::context::{Reply, json};

use crate::scene::{SECOND, Scene, scope, text, token};

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

#[test]
fn no_thread_is_ever_given_an_expired_token() {
    let scene = Scene::with_answer(|n| token(n, 60));
    let (request, reads, done) = (scope("S"), AtomicUsize::new(0), AtomicBool::new(false));
    let read = || {
        while !done.load(Ordering::Relaxed) {
            let asked = scene.world.clock.now();
            let token = block_on(scene.credential.token(&request)).unwrap();
            assert!(token.expires_on > asked);
            reads.fetch_add(1, Ordering::Relaxed);
        }
    };
    std::thread::scope(|threads| {
        let readers: Vec<_> = (0..2).map(|_| threads.spawn(read)).collect();
        for _ in 0..100 {
            let before = reads.load(Ordering::Relaxed);
            scene.pass(14);
            while reads.load(Ordering::Relaxed) == before
                && !readers.iter().all(|r| r.is_finished())
            {
                std::thread::yield_now();
            }
        }
        done.store(true, Ordering::Relaxed);
    });
    let requests = scene.requests();
    assert!(
        (1400 / 60..=1400 / 30 + 1).contains(&requests),
        "{requests}"
    );
}

#[test]
fn more_threads_than_have_a_copy_of_their_own_get_the_token() {
    let scene = Scene::new(3600);
    scene.ask().unwrap();
    std::thread::scope(|threads| {
        for _ in 0..50 {
            threads.spawn(|| assert_eq!(scene.ask().unwrap(), "token-1"));
        }
    });
    assert_eq!(scene.requests(), 1);
}
