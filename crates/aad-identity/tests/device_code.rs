//! A person signs in on another device, in simulated time.
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows tests, but not their helpers"
)]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aad_core::{ErrorKind, Result, TokenCredential, TokenRequest};
use aad_identity::{DeviceCodeCredential, DeviceCodeEvent};
use futures::executor::block_on;
use futures::{FutureExt, StreamExt};
use testkit::context::{LogWatch, Reply, World, json, response};

const SCOPE: &str = "https://datalake.azure.net//.default";
const CODE: &str = r#"{"user_code":"FBJ5K2WX7","device_code":"d3v1c3","verification_uri":"https://microsoft.com/devicelogin","expires_in":900,"interval":5,"message":"To sign in, use a web browser."}"#;
/// With the words of a real answer.
const PENDING: &str = r#"{"error":"authorization_pending","error_description":"AADSTS70016: OAuth 2.0 device flow error. Authorization is pending. Continue polling.\r\nTrace ID: 1","error_codes":[70016]}"#;
const GRANTED: &str = r#"{"token_type":"Bearer","expires_in":3599,"access_token":"t0k3n","refresh_token":"r3fr3sh","id_token":"e30.e30."}"#;

struct Case {
    world: World,
    shown: Arc<Mutex<Vec<String>>>,
    credential: DeviceCodeCredential,
}

fn case() -> Case {
    let (world, shown) = (World::new(), Arc::new(Mutex::new(Vec::new())));
    let seen = Arc::clone(&shown);
    let credential = DeviceCodeCredential::new(world.context(), "contoso.com", "app", move |p| {
        seen.lock().unwrap().push(p.to_string());
    });
    Case {
        world,
        shown,
        credential: credential.unwrap(),
    }
}

fn request() -> TokenRequest {
    TokenRequest::new([SCOPE])
}

impl Case {
    fn replies(self, replies: impl IntoIterator<Item = Reply>) -> Self {
        for reply in replies {
            self.world.transport.push(reply);
        }
        self
    }

    fn ask(&self) -> Result<String> {
        let token = block_on(self.credential.token(&request()))?;
        Ok(token.token.expose().to_owned())
    }

    /// Every request as its path and its form.
    fn sent(&self) -> Vec<(String, String)> {
        let requests = self.world.transport.requests();
        let sent = requests.iter().map(|request| {
            let body = std::str::from_utf8(request.body()).unwrap();
            (request.uri().path().to_owned(), body.to_owned())
        });
        sent.collect()
    }
}

#[test]
fn a_person_is_shown_a_code_and_asked_after_until_done() {
    let case = case().replies([
        json(200, CODE).into(),
        json(400, PENDING).into(),
        json(400, PENDING).into(),
        json(200, GRANTED).into(),
    ]);
    let begun = case.world.clock.now();
    assert_eq!(case.ask().unwrap(), "t0k3n");
    assert_eq!(case.world.clock.now() - begun, Duration::from_secs(15));
    assert_eq!(
        *case.shown.lock().unwrap(),
        ["To sign in, use a web browser."]
    );
    let scope =
        "scope=https%3A%2F%2Fdatalake.azure.net%2F%2F.default+openid+offline_access+profile";
    let sent = case.sent();
    assert_eq!(
        sent[0],
        (
            "/contoso.com/oauth2/v2.0/devicecode".to_owned(),
            format!("client_id=app&{scope}")
        )
    );
    assert_eq!(
        sent[3],
        (
            "/contoso.com/oauth2/v2.0/token".to_owned(),
            format!(
                "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code\
                 &client_id=app&device_code=d3v1c3&{scope}"
            )
        )
    );
}

#[test]
fn another_scope_is_silent_afterwards() {
    let case = case().replies([
        json(200, CODE).into(),
        json(200, GRANTED).into(),
        json(200, r#"{"expires_in":3599,"access_token":"other"}"#).into(),
    ]);
    case.ask().unwrap();
    assert_eq!(case.ask().unwrap(), "t0k3n", "it is kept");
    let other = TokenRequest::new(["https://management.core.windows.net//.default"]);
    let token = block_on(case.credential.token(&other)).unwrap();
    assert_eq!(token.token.expose(), "other");
    assert_eq!(case.shown.lock().unwrap().len(), 1);
    let (_, last) = case.sent().pop().unwrap();
    assert!(
        last.starts_with("grant_type=refresh_token&client_id=app&refresh_token=r3fr3sh&"),
        "{last}"
    );
    // No newer refresh token came, so the old one stays.
    let kept = case.credential.refresh_token().unwrap();
    assert_eq!(kept.expose(), "r3fr3sh");
}

#[test]
fn a_refused_refresh_token_brings_the_prompt_back() {
    let case = case().replies([
        json(200, CODE).into(),
        json(200, GRANTED).into(),
        json(
            400,
            r#"{"error":"invalid_grant","error_description":"AADSTS50173: revoked"}"#,
        )
        .into(),
        json(200, CODE).into(),
        json(200, GRANTED).into(),
    ]);
    case.ask().unwrap();
    case.world.clock.advance(Duration::from_secs(3600));
    assert_eq!(case.ask().unwrap(), "t0k3n");
    assert_eq!(case.shown.lock().unwrap().len(), 2);
}

#[test]
fn two_scopes_at_once_show_one_prompt() {
    let case = case().replies([
        json(200, CODE).into(),
        json(400, PENDING).into(),
        json(200, GRANTED).into(),
        json(200, GRANTED).into(),
    ]);
    let (one, other) = (request(), TokenRequest::new(["https://x.example/.default"]));
    let both = futures::future::join(case.credential.token(&one), case.credential.token(&other));
    let (one, other) = block_on(both);
    one.unwrap();
    other.unwrap();
    assert_eq!(case.shown.lock().unwrap().len(), 1);
}

#[test]
fn numbers_may_be_strings_and_the_address_may_be_a_url() {
    let v1 = r#"{"user_code":"F","device_code":"d","verification_url":"https://aka.ms/devicelogin","expires_in":"900","interval":"7"}"#;
    let case = case().replies([json(200, v1).into(), json(200, GRANTED).into()]);
    let begun = case.world.clock.now();
    case.ask().unwrap();
    assert_eq!(case.world.clock.now() - begun, Duration::from_secs(7));
    assert_eq!(
        *case.shown.lock().unwrap(),
        ["To sign in, open https://aka.ms/devicelogin and enter the code F."]
    );
}

/// ADAL gives up on each of these.
#[test]
fn whoever_is_too_fast_slows_down_for_good() {
    let case = case().replies([
        json(200, CODE).into(),
        json(400, r#"{"error":"slow_down"}"#).into(),
        json(400, PENDING).into(),
        response(429, &[("retry-after", "30")], "{}").into(),
        Reply::ReplyLost,
        json(503, "<html>").into(),
        json(200, GRANTED).into(),
    ]);
    let begun = case.world.clock.now();
    case.ask().unwrap();
    // 5, then 10 for good; 30 as asked for, which also counts; then 20 and 25.
    assert_eq!(
        case.world.clock.now() - begun,
        Duration::from_secs(5 + 10 + 10 + 30 + 20 + 25)
    );
}

#[test]
fn what_ends_the_sign_in_says_why() {
    for (body, code) in [
        (
            r#"{"error":"authorization_declined","error_description":"AADSTS65004: User declined"}"#,
            "AADSTS65004",
        ),
        (r#"{"error":"access_denied"}"#, "access_denied"),
        (
            r#"{"error":"expired_token","error_description":"AADSTS70020: expired"}"#,
            "AADSTS70020",
        ),
        (
            r#"{"error":"bad_verification_code","error_description":"AADSTS70018: wrong"}"#,
            "AADSTS70018",
        ),
        (r#"{"error":"invalid_grant"}"#, "invalid_grant"),
    ] {
        let case = case().replies([json(200, CODE).into(), json(400, body).into()]);
        let error = case.ask().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Credentials, "{body}");
        assert_eq!(error.code(), Some(code));
        assert_eq!(case.world.transport.requests().len(), 2, "{body}");
    }
}

#[test]
fn nobody_is_asked_after_when_the_code_has_expired() {
    let case = case();
    case.world.transport.push(json(200, CODE));
    case.world.transport.always(|_| json(400, PENDING).into());
    let begun = case.world.clock.now();
    let error = case.ask().unwrap_err();
    assert_eq!(
        (error.kind(), error.code()),
        (ErrorKind::Credentials, Some("expired_token"))
    );
    assert_eq!(case.world.clock.now() - begun, Duration::from_secs(900));
    assert_eq!(case.world.transport.requests().len(), 1 + 180);
}

#[test]
fn hostile_spans_neither_hang_nor_overflow() {
    for (interval, expires_in) in [
        ("0", "-5"),
        ("1e300", "1e300"),
        ("\"x\"", "null"),
        ("-1", "1e18"),
    ] {
        let body = format!(
            r#"{{"user_code":"F","device_code":"d","verification_uri":"u","expires_in":{expires_in},"interval":{interval}}}"#
        );
        let case = case();
        case.world.transport.push(json(200, &body));
        case.world
            .transport
            .always(|_| response(429, &[("retry-after", "99999999999999")], "{}").into());
        let error = case.ask().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Credentials, "{body}");
    }
}

#[test]
fn an_answer_without_a_code_is_refused_without_quoting_it() {
    for body in [
        "",
        "<html>",
        "[]",
        r#"{"device_code":"d3v1c3"}"#,
        r#"{"device_code":"d3v1c3","user_code":"F"}"#,
        r#"{"verification_uri":"d3v1c3","user_code":"F"}"#,
    ] {
        let case = case().replies([json(200, body).into()]);
        let error = case.ask().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Protocol, "{body}");
        assert!(!format!("{error} {error:?}").contains("d3v1c3"));
    }
}

#[test]
fn the_stream_shows_the_prompt_and_gives_the_token() {
    let case = case().replies([
        json(200, CODE).into(),
        json(400, PENDING).into(),
        json(200, GRANTED).into(),
        json(200, GRANTED).into(),
    ]);
    let mut events = case.credential.sign_in(&request());
    let Some(Ok(DeviceCodeEvent::Prompt(prompt))) = block_on(events.next()) else {
        panic!("no prompt")
    };
    assert_eq!(prompt.user_code, "FBJ5K2WX7");
    assert_eq!(
        prompt.expires_on - case.world.clock.now(),
        Duration::from_secs(900)
    );
    let Some(Ok(DeviceCodeEvent::SignedIn(token))) = block_on(events.next()) else {
        panic!("nobody signed in")
    };
    assert_eq!(token.token.expose(), "t0k3n");
    assert!(block_on(events.next()).is_none());
    case.ask().unwrap();
    assert!(case.shown.lock().unwrap().is_empty(), "silent afterwards");
}

#[test]
fn dropping_ends_the_polls_and_the_next_call_starts_again() {
    let case = case();
    let transport = Arc::clone(&case.world.transport);
    case.world
        .transport
        .push(json(200, CODE))
        .push(Reply::Silence);
    let request = request();
    let mut asked = case.credential.token(&request);
    while transport.requests().len() < 2 {
        assert!((&mut asked).now_or_never().is_none());
    }
    drop(asked);
    transport.push(json(200, CODE)).push(json(200, GRANTED));
    case.ask().unwrap();
    assert_eq!(case.shown.lock().unwrap().len(), 2);
}

#[test]
fn claims_and_tenant_reach_both_requests() {
    let world = World::new();
    world
        .transport
        .push(json(200, CODE))
        .push(json(200, GRANTED));
    let options =
        aad_identity::CredentialOptions::default().with_additionally_allowed_tenant("fabrikam.com");
    let credential =
        DeviceCodeCredential::new_opts(world.context(), "contoso.com", "app", |_| {}, &options);
    let request = request()
        .with_tenant("fabrikam.com")
        .with_claims(r#"{"access_token":{"nbf":{"value":"1"}}}"#)
        .with_cae();
    block_on(credential.unwrap().token(&request)).unwrap();
    for request in world.transport.requests() {
        assert!(request.uri().path().starts_with("/fabrikam.com/"));
        let body = std::str::from_utf8(request.body()).unwrap();
        assert!(body.contains("claims=%7B") && body.contains("CP1") && body.contains("nbf"));
    }
}

#[test]
fn neither_codes_nor_tokens_reach_a_log() {
    let watch = LogWatch::new(["d3v1c3", "t0k3n", "r3fr3sh"]);
    watch.run(|| {
        let case = case().replies([
            json(200, CODE).into(),
            json(400, PENDING).into(),
            json(200, GRANTED).into(),
        ]);
        case.ask().unwrap();
        watch.check(&format!("{:?}", case.credential));
    });
}

/// A token is renewed before it expires; that alone is no reason to ask a person anything.
#[test]
fn nobody_is_asked_while_the_token_is_valid() {
    let refused = r#"{"error":"invalid_grant","error_description":"AADSTS70043: too old"}"#;
    let case = case().replies([
        json(200, CODE).into(),
        json(200, GRANTED).into(),
        json(400, refused).into(),
        json(400, refused).into(),
        json(200, CODE).into(),
        json(200, GRANTED).into(),
    ]);
    case.ask().unwrap();
    case.world.clock.advance(Duration::from_secs(3590));
    assert_eq!(case.ask().unwrap(), "t0k3n");
    assert_eq!(case.shown.lock().unwrap().len(), 1);
    case.world.clock.advance(Duration::from_secs(10));
    assert_eq!(case.ask().unwrap(), "t0k3n");
    assert_eq!(case.shown.lock().unwrap().len(), 2);
}

/// A renewal asks nobody; whoever needs a token meanwhile does not get its failure.
#[test]
fn whoever_needs_a_token_while_it_is_renewed_in_vain_is_asked() {
    let refused = || {
        json(
            400,
            r#"{"error":"invalid_grant","error_description":"AADSTS70043: too old"}"#,
        )
    };
    let case = case().replies([
        json(200, CODE).into(),
        json(200, GRANTED).into(),
        Reply::from(refused()).after(Duration::from_secs(5)),
        refused().into(),
        json(200, CODE).into(),
        json(200, &GRANTED.replace("t0k3n", "n3w")).into(),
    ]);
    case.ask().unwrap();
    case.world.clock.advance(Duration::from_secs(3500));
    let plain = request();
    let needy = request().with_rejected("t0k3n".into());
    let both = futures::future::join(case.credential.token(&plain), case.credential.token(&needy));
    let (plain, needy) = block_on(both);
    assert_eq!(plain.unwrap().token.expose(), "t0k3n");
    assert_eq!(needy.unwrap().token.expose(), "n3w");
    assert_eq!(case.shown.lock().unwrap().len(), 2);
}
