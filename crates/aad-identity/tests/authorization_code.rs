//! The address to send a browser to, what it brings back, and the code's redemption.
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows tests, but not their helpers"
)]

use std::collections::HashMap;

use aad_core::{ErrorKind, TokenCredential, TokenRequest};
use aad_identity::authorization_code::{OUT_OF_BAND, ResponseMode};
use aad_identity::{
    AuthorizationCode, AuthorizationCodeCredential, AuthorizationRequest, CredentialOptions,
};
use futures::executor::block_on;
use testkit::context::{LogWatch, Reply, World, json};

const SCOPE: &str = "https://datalake.azure.net//.default";
const REDIRECT: &str = "http://localhost:8400/here";

fn begin(world: &World) -> AuthorizationRequest {
    AuthorizationRequest::new(&world.context(), "contoso.com", "app", REDIRECT, [SCOPE]).unwrap()
}

fn query(url: &str) -> HashMap<String, String> {
    let url = url::Url::parse(url).unwrap();
    url.query_pairs().into_owned().collect()
}

fn state(request: &AuthorizationRequest) -> String {
    query(&request.url())["state"].clone()
}

fn granted() -> Reply {
    json(
        200,
        r#"{"expires_in":3599,"access_token":"t","refresh_token":"r"}"#,
    )
    .into()
}

#[test]
fn the_address_asks_for_a_code_with_state_and_challenge() {
    let world = World::new();
    let request = begin(&world)
        .with_login_hint("anna@contoso.com")
        .with_prompt("login")
        .with_prompt("select_account")
        .with_response_mode(ResponseMode::FormPost)
        .with_claims(None, true)
        .unwrap();
    let url = request.url();
    assert!(
        url.starts_with("https://login.microsoftonline.com/contoso.com/oauth2/v2.0/authorize?")
    );
    let query = query(&url);
    for (name, value) in [
        ("client_id", "app"),
        ("response_type", "code"),
        ("redirect_uri", REDIRECT),
        ("response_mode", "form_post"),
        (
            "scope",
            "https://datalake.azure.net//.default openid offline_access profile",
        ),
        ("code_challenge_method", "S256"),
        ("login_hint", "anna@contoso.com"),
        ("prompt", "select_account"),
        (
            "claims",
            r#"{"access_token":{"xms_cc":{"values":["CP1"]}}}"#,
        ),
    ] {
        assert_eq!(query[name], value, "{name}");
    }
    assert_eq!(query["code_challenge"].len(), 43);
    assert_ne!(state(&request), state(&begin(&world)));
}

#[test]
fn the_code_is_found_in_every_form_of_the_answer() {
    let request = begin(&World::new());
    let state = state(&request);
    for answer in [
        format!("{REDIRECT}?code=c%2Fo+de&state={state}&session_state=1"),
        format!("{REDIRECT}?state={state}&code=c%2Fo+de#"),
        format!("{REDIRECT}#code=c%2Fo+de&state={state}"),
        format!("{OUT_OF_BAND}?code=c%2Fo+de&state={state}"),
        format!("code=c%2Fo+de&state={state}"),
    ] {
        let world = World::new();
        world.transport.push(granted());
        let code = request.accept(&answer).unwrap();
        let credential = AuthorizationCodeCredential::new(world.context(), "t", "app", code);
        block_on(credential.unwrap().token(&TokenRequest::new([SCOPE]))).unwrap();
        let sent = world.transport.requests()[0].body().clone();
        let sent = std::str::from_utf8(&sent).unwrap();
        assert!(
            sent.starts_with(
                "grant_type=authorization_code&client_id=app&code=c%2Fo+de\
                 &redirect_uri=http%3A%2F%2Flocalhost%3A8400%2Fhere&code_verifier="
            ),
            "{answer}: {sent}"
        );
    }
}

#[test]
fn an_answer_with_another_state_is_not_believed() {
    let request = begin(&World::new());
    for answer in [
        "",
        "?",
        "http://localhost:8400/here?code=c",
        "http://localhost:8400/here?code=c&state=",
        "http://localhost:8400/here?code=c&state=12345",
        "http://localhost:8400/here?error=access_denied",
    ] {
        let error = request.accept(answer).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request, "{answer}");
        assert!(error.to_string().contains("another sign-in"), "{error}");
    }
}

#[test]
fn a_refused_sign_in_says_why() {
    let request = begin(&World::new());
    let state = state(&request);
    let denied = format!(
        "?error=access_denied&error_description=AADSTS65004%3a+User+declined.%0d%0aTrace+ID%3a+1&state={state}"
    );
    let error = request.accept(&denied).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert_eq!(error.code(), Some("AADSTS65004"));
    assert_eq!(
        error.to_string(),
        "the sign-in failed: AADSTS65004: User declined."
    );
    let error = request
        .accept(&format!("?error=novel&state={state}"))
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.code()),
        (ErrorKind::Credentials, Some("novel"))
    );
    let error = request.accept(&format!("?state={state}")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol);
}

#[test]
fn a_code_is_redeemed_once_and_the_refresh_token_does_the_rest() {
    let world = World::new();
    world.transport.push(granted()).push(granted());
    let code = AuthorizationCode::new("c0d3", OUT_OF_BAND);
    let credential =
        AuthorizationCodeCredential::new(world.context(), "contoso.com", "app", code).unwrap();
    assert!(credential.refresh_token().is_none());
    block_on(credential.token(&TokenRequest::new([SCOPE]))).unwrap();
    assert_eq!(credential.refresh_token().unwrap().expose(), "r");
    block_on(credential.token(&TokenRequest::new(["https://x.example/.default"]))).unwrap();
    let requests = world.transport.requests();
    let body = |n: usize| std::str::from_utf8(requests[n].body()).unwrap();
    assert!(!body(0).contains("code_verifier"), "{}", body(0));
    assert!(body(0).contains("redirect_uri=urn%3Aietf%3Awg%3Aoauth%3A2.0%3Aoob"));
    assert!(body(1).starts_with("grant_type=refresh_token&client_id=app&refresh_token=r&"));
}

#[test]
fn a_code_is_not_sent_again_when_its_answer_is_lost() {
    let world = World::new();
    world.transport.push(Reply::ReplyLost);
    let code = AuthorizationCode::new("c0d3", REDIRECT);
    let credential = AuthorizationCodeCredential::new(world.context(), "t", "app", code).unwrap();
    let request = TokenRequest::new([SCOPE]);
    let error = block_on(credential.token(&request)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transient);
    let error = block_on(credential.token(&request)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert!(error.to_string().contains("sign in again"), "{error}");
    assert_eq!(world.transport.requests().len(), 1);
}

#[test]
fn a_confidential_application_sends_its_secret_too() {
    let world = World::new();
    world.transport.push(granted());
    let code = AuthorizationCode::new("c0d3", REDIRECT).with_verifier("v3r1f13r");
    let options = CredentialOptions::default();
    let credential = AuthorizationCodeCredential::new_opts(
        world.context(),
        "t",
        "app",
        code,
        Some("s3cr3t".into()),
        &options,
    );
    block_on(credential.unwrap().token(&TokenRequest::new([SCOPE]))).unwrap();
    let sent = world.transport.requests()[0].body().clone();
    let sent = std::str::from_utf8(&sent).unwrap();
    assert!(
        sent.contains("client_secret=s3cr3t&code=c0d3&redirect_uri=http%3A%2F%2Flocalhost%3A8400%2Fhere&code_verifier=v3r1f13r&"),
        "{sent}"
    );
}

#[test]
fn neither_code_nor_verifier_is_printed() {
    let watch = LogWatch::new(["c0d3", "v3r1f13r"]);
    let code = AuthorizationCode::new("c0d3", REDIRECT).with_verifier("v3r1f13r");
    watch.check(&format!("{code:?}"));
    let world = World::new();
    let request = begin(&world);
    assert!(!format!("{request:?}").contains(&state(&request)));
    let credential = AuthorizationCodeCredential::new(world.context(), "t", "app", code).unwrap();
    watch.check(&format!("{credential:?}"));
}

#[test]
fn a_code_is_kept_until_the_authority_is_known() {
    let world = World::new();
    world
        .transport
        .push(json(400, "{}"))
        .push(json(
            200,
            r#"{"tenant_discovery_endpoint":"https://login.contoso.example/x"}"#,
        ))
        .push(granted());
    let code = AuthorizationCode::new("c0d3", REDIRECT);
    let options = CredentialOptions::default().with_authority("https://login.contoso.example");
    let credential =
        AuthorizationCodeCredential::new_opts(world.context(), "t", "app", code, None, &options)
            .unwrap();
    let ask = |scope: &str| block_on(credential.token(&TokenRequest::new([scope])));
    ask(SCOPE).unwrap_err();
    assert_eq!(
        ask("https://x.example/.default").unwrap().token.expose(),
        "t"
    );
}
