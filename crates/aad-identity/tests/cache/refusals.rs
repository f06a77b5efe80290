//! What is remembered of a failure, so that callers who do not give up do no harm.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aad_core::{ErrorKind, Result, TokenCredential};
use aad_identity::DeviceCodeCredential;
use futures::executor::block_on;
use testkit::context::{Reply, World, json, response};

use crate::scene::{SECOND, Scene, scope, token};

const INVALID_CLIENT: &str =
    r#"{"error":"invalid_client","error_description":"AADSTS7000215: no"}"#;

#[test]
fn a_storm_of_callers_one_after_the_other_causes_a_request_in_five_seconds() {
    let scene = Scene::with_answer(|_| Reply::from(json(401, INVALID_CLIENT)));
    for _ in 0..500 {
        assert_eq!(scene.ask().unwrap_err().code(), Some("AADSTS7000215"));
        scene.world.clock.advance(SECOND / 10);
    }
    assert_eq!(scene.requests(), 10);
}

#[test]
fn what_was_put_right_works_five_seconds_later() {
    let scene = Scene::with_answer(|n| match n {
        1 => json(401, INVALID_CLIENT).into(),
        _ => token(n, 3600),
    });
    scene.ask().unwrap_err();
    scene.pass(4);
    scene.ask().unwrap_err();
    scene.pass(1);
    assert_eq!(scene.ask().unwrap(), "token-2");
}

#[test]
fn what_nobody_answered_is_not_remembered() {
    let scene = Scene::with_answer(|n| match n {
        1 => Reply::RequestLost,
        _ => token(n, 3600),
    });
    assert_eq!(scene.ask().unwrap_err().kind(), ErrorKind::Transient);
    assert_eq!(scene.ask().unwrap(), "token-2");
}

/// After this answer the authority is left alone for so long.
fn check_silence(status: u16, headers: &'static [(&str, &str)], seconds: u32) {
    let scene = Scene::with_answer(move |n| match n {
        1 => response(status, headers, "{}").into(),
        _ => token(n, 3600),
    });
    let first = scene.ask().unwrap_err();
    scene
        .world
        .clock
        .advance(SECOND * seconds - Duration::from_millis(1));
    assert_eq!(scene.ask().unwrap_err().kind(), first.kind());
    assert_eq!(scene.requests(), 1, "{status} {headers:?}");
    scene.world.clock.advance(Duration::from_millis(1));
    assert_eq!(scene.ask().unwrap(), "token-2", "{status} {headers:?}");
}

#[test]
fn an_authority_is_left_alone_for_as_long_as_it_asks_or_five_seconds() {
    check_silence(429, &[("retry-after", "120")], 120);
    check_silence(429, &[("retry-after", "2")], 2);
    check_silence(503, &[("retry-after", "40")], 40);
    check_silence(429, &[], 5);
    check_silence(500, &[], 5);
    // A wait is for those who are too fast, not for those who are wrong.
    check_silence(400, &[("retry-after", "120")], 5);
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
fn a_refusal_for_one_scope_is_none_for_another() {
    let scene = Scene::with_answer(|n| match n {
        1 => json(400, r#"{"error":"invalid_scope"}"#).into(),
        _ => token(n, 3600),
    });
    scene.ask().unwrap_err();
    assert_eq!(scene.ask_for(&scope("T")).unwrap(), "token-2");
    assert_eq!(scene.ask_for(&scope("S").with_cae()).unwrap(), "token-3");
    assert_eq!(
        scene
            .ask_for(&scope("S").with_tenant("fabrikam.com"))
            .unwrap(),
        "token-4"
    );
}

#[test]
fn other_claims_are_another_question_unless_the_authority_is_busy() {
    let challenged = scope("S").with_claims(r#"{"access_token":{"nbf":{"value":"1"}}}"#);
    let refused = json(
        400,
        r#"{"error":"invalid_grant","suberror":"basic_action"}"#,
    );
    let busy = response(429, &[], "{}");
    for (answer, requests) in [(refused, 2), (busy, 1)] {
        let scene = Scene::with_answer(move |_| answer.clone().into());
        scene.ask().unwrap_err();
        scene.ask_for(&challenged).unwrap_err();
        assert_eq!(scene.requests(), requests);
        scene.ask_for(&challenged).unwrap_err();
        assert_eq!(scene.requests(), requests);
    }
}

#[test]
fn a_refusal_does_not_take_a_valid_token_away() {
    let scene = Scene::with_answer(|n| match n {
        1 => token(n, 3600),
        _ => json(401, INVALID_CLIENT).into(),
    });
    scene.ask().unwrap();
    let replaced = scope("S").with_rejected("token-1".into());
    scene.ask_for(&replaced).unwrap_err();
    scene.ask_for(&replaced).unwrap_err();
    assert_eq!(scene.requests(), 2);
    assert_eq!(scene.ask().unwrap(), "token-1");
}

const CODE: &str = r#"{"user_code":"FBJ5K2WX7","device_code":"d3v1c3","verification_uri":"https://microsoft.com/devicelogin","expires_in":900,"interval":5}"#;

/// A person who is shown codes, and how often that happened.
fn person(world: &World) -> (DeviceCodeCredential, Arc<Mutex<usize>>) {
    let prompts = Arc::new(Mutex::new(0));
    let count = Arc::clone(&prompts);
    let show = move |_: &_| *count.lock().unwrap() += 1;
    let credential = DeviceCodeCredential::new(world.context(), "contoso.com", "app", show);
    (credential.unwrap(), prompts)
}

fn ask(person: &DeviceCodeCredential) -> Result<()> {
    block_on(person.token(&scope("S"))).map(drop)
}

#[test]
fn a_person_who_declined_may_try_again_at_once() {
    let world = World::new();
    let (person, prompts) = person(&world);
    for reply in [
        json(200, CODE),
        json(400, r#"{"error":"authorization_declined"}"#),
        json(200, CODE),
        json(200, r#"{"expires_in":3599,"access_token":"t0k3n"}"#),
    ] {
        world.transport.push(reply);
    }
    assert_eq!(ask(&person).unwrap_err().kind(), ErrorKind::Credentials);
    ask(&person).unwrap();
    assert_eq!(*prompts.lock().unwrap(), 2);
}

#[test]
fn a_person_waits_for_a_busy_authority_too() {
    let world = World::new();
    let (person, _) = person(&world);
    let busy = response(429, &[("retry-after", "3600")], "{}");
    world.transport.always(move |_| busy.clone().into());
    ask(&person).unwrap_err();
    let requests = world.transport.requests().len();
    ask(&person).unwrap_err();
    assert_eq!(world.transport.requests().len(), requests);
}
