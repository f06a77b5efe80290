//! Refresh tokens, passwords and exchanged tokens on the wire.
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows tests, but not their helpers"
)]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aad_core::{ErrorKind, Secret, TokenCredential, TokenRequest};
use aad_identity::{
    ClientProof, CredentialOptions, OnBehalfOfCredential, RefreshTokenCredential,
    UsernamePasswordCredential,
};
use futures::executor::block_on;
use testkit::context::{LogWatch, Reply, World, json};

const SCOPES: &str = "https%3A%2F%2Fdatalake.azure.net%2F%2F.default+openid+offline_access+profile";

fn request() -> TokenRequest {
    TokenRequest::new(["https://datalake.azure.net//.default"])
}

fn granted(token: &str, refresh_token: &str) -> Reply {
    let body = format!(
        r#"{{"expires_in":3599,"access_token":"{token}","refresh_token":"{refresh_token}"}}"#
    );
    json(200, &body).into()
}

fn bodies(world: &World) -> Vec<String> {
    let requests = world.transport.requests();
    let body =
        |request: &http::Request<bytes::Bytes>| String::from_utf8(request.body().to_vec()).unwrap();
    requests.iter().map(body).collect()
}

#[test]
fn the_newest_refresh_token_replaces_the_old_one() {
    let world = World::new();
    world
        .transport
        .push(granted("one", "second"))
        .push(granted("two", "third"));
    let credential =
        RefreshTokenCredential::new(world.context(), "contoso.com", "app", "first").unwrap();
    assert_eq!(credential.refresh_token().expose(), "first");
    block_on(credential.token(&request())).unwrap();
    assert_eq!(credential.refresh_token().expose(), "second");
    let other = TokenRequest::new(["https://x.example/.default"]);
    block_on(credential.token(&other)).unwrap();
    assert_eq!(credential.refresh_token().expose(), "third");
    assert_eq!(
        bodies(&world)[0],
        format!("grant_type=refresh_token&client_id=app&refresh_token=first&scope={SCOPES}")
    );
    assert!(bodies(&world)[1].contains("refresh_token=second&"));
}

/// An authority that allows each refresh token once would take two uses of one for a theft.
#[test]
fn no_refresh_token_is_used_twice_by_two_scopes_at_once() {
    let world = World::new();
    let mut used = 0;
    world.transport.always(move |request| {
        let body = std::str::from_utf8(request.body()).unwrap();
        assert!(body.contains(&format!("refresh_token=r{used}&")), "{body}");
        used += 1;
        granted("t", &format!("r{used}"))
    });
    let credential =
        RefreshTokenCredential::new(world.context(), "contoso.com", "app", "r0").unwrap();
    let requests: Vec<_> = (0..5)
        .map(|n| TokenRequest::new([format!("https://{n}.example/.default")]))
        .collect();
    let all = requests.iter().map(|request| credential.token(request));
    for token in block_on(futures::future::join_all(all)) {
        token.unwrap();
    }
    assert_eq!(world.transport.requests().len(), 5);
}

#[test]
fn a_refused_refresh_token_says_what_the_authority_wants() {
    let world = World::new();
    let refusal = r#"{"error":"invalid_grant","error_description":"AADSTS50076: use a second factor","suberror":"basic_action","claims":"{\"access_token\":{}}"}"#;
    world.transport.push(json(400, refusal));
    let credential =
        RefreshTokenCredential::new(world.context(), "contoso.com", "app", "first").unwrap();
    let error = block_on(credential.token(&request())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert_eq!(error.code(), Some("AADSTS50076"));
    assert_eq!(error.suberror(), Some("basic_action"));
    assert_eq!(error.claims(), Some(r#"{"access_token":{}}"#));
}

#[test]
fn a_password_is_sent_once_and_then_the_refresh_token() {
    let world = World::new();
    world
        .transport
        .push(json(200, r#"{"ver":"1.0","account_type":"Managed"}"#))
        .push(granted("one", "r1"))
        .push(granted("two", "r2"));
    let credential = UsernamePasswordCredential::new(
        world.context(),
        "organizations",
        "app",
        "an na@contoso.com",
        "p+ä&=",
    )
    .unwrap();
    block_on(credential.token(&request())).unwrap();
    let other = TokenRequest::new(["https://x.example/.default"]);
    block_on(credential.token(&other)).unwrap();
    let requests = world.transport.requests();
    assert_eq!(requests[0].method(), "GET");
    assert_eq!(
        requests[0].uri().to_string(),
        "https://login.microsoftonline.com/common/UserRealm/an%20na%40contoso.com?api-version=1.0"
    );
    assert_eq!(
        bodies(&world)[1],
        format!(
            "grant_type=password&client_id=app&username=an+na%40contoso.com\
             &password=p%2B%C3%A4%26%3D&scope={SCOPES}"
        )
    );
    assert!(
        bodies(&world)[2].starts_with("grant_type=refresh_token&client_id=app&refresh_token=r1&")
    );
}

#[test]
#[cfg(not(feature = "ws-trust"))]
fn the_password_of_a_federated_person_goes_nowhere() {
    let world = World::new();
    let realm = r#"{"account_type":"Federated","federation_protocol":"WSTrust","federation_active_auth_url":"https://sts.example/adfs/services/trust/2005/usernamemixed"}"#;
    world.transport.push(json(200, realm));
    let credential =
        UsernamePasswordCredential::new(world.context(), "t", "app", "u@x.example", "s3cr3t");
    let error = block_on(credential.unwrap().token(&request())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    for word in [
        "federated",
        "WS-Trust",
        "https://sts.example/",
        "feature ws-trust",
    ] {
        assert!(error.to_string().contains(word), "{error}");
    }
    assert_eq!(world.transport.requests().len(), 1);
}

#[test]
fn a_password_is_kept_back_while_nobody_says_who_checks_it() {
    for realm in [
        r#"{"account_type":"Unknown"}"#,
        r#"{"account_type":"Federated","federation_protocol":"SAML20"}"#,
        "{}",
        "noroot",
    ] {
        let world = World::new();
        world.transport.push(json(200, realm));
        let credential = UsernamePasswordCredential::new(world.context(), "t", "app", "u", "p");
        block_on(credential.unwrap().token(&request())).unwrap_err();
        assert_eq!(world.transport.requests().len(), 1, "{realm}");
    }
}

/// Such as a proxy on the way. It does not say that the authority has no realms.
#[test]
fn a_password_is_kept_back_while_somebody_keeps_the_question_away() {
    for status in [400, 401, 403, 407] {
        let world = World::new();
        world.transport.push(json(status, "<html>no way</html>"));
        let credential = UsernamePasswordCredential::new(world.context(), "t", "app", "u", "p");
        let error = block_on(credential.unwrap().token(&request())).unwrap_err();
        assert_eq!(error.status().map(|it| it.as_u16()), Some(status));
        assert_eq!(world.transport.requests().len(), 1, "{status}");
    }
}

#[test]
fn an_authority_without_realms_is_asked_for_the_token_itself() {
    let world = World::new();
    world
        .transport
        .push(json(404, "<html>"))
        .push(granted("t", "r"));
    let credential = UsernamePasswordCredential::new(world.context(), "t", "app", "u", "p");
    block_on(credential.unwrap().token(&request())).unwrap();
    // ADFS has none, and need not be asked.
    let world = World::new();
    world.transport.push(granted("t", "r"));
    let credential = UsernamePasswordCredential::new(world.context(), "adfs", "app", "u", "p");
    block_on(credential.unwrap().token(&request())).unwrap();
    assert_eq!(world.transport.requests().len(), 1);
}

#[test]
fn a_persons_token_is_exchanged() {
    let world = World::new();
    world.transport.push(granted("exchanged", "r1"));
    let credential =
        OnBehalfOfCredential::new(world.context(), "contoso.com", "app", "s3cr3t", "a.b.c")
            .unwrap();
    let token = block_on(credential.token(&request())).unwrap();
    assert_eq!(token.token.expose(), "exchanged");
    assert_eq!(
        bodies(&world)[0],
        format!(
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&client_id=app\
             &client_secret=s3cr3t&assertion=a.b.c&requested_token_use=on_behalf_of&scope={SCOPES}"
        )
    );
}

#[test]
fn a_service_that_has_no_secret_shows_what_is_asserted_of_it() {
    let world = World::new();
    let until_soon = r#"{"expires_in":60,"access_token":"t"}"#;
    world
        .transport
        .push(json(200, until_soon))
        .push(json(200, until_soon));
    let asked = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&asked);
    let proof = ClientProof::assertion(move |wanted| {
        let mut heard = heard.lock().unwrap();
        heard.push(wanted.token_endpoint);
        let assertion = format!("assertion{}", heard.len());
        async move { Ok(Secret::new(assertion)) }
    });
    let credential =
        OnBehalfOfCredential::new(world.context(), "contoso.com", "app", proof, "a.b.c").unwrap();
    block_on(credential.token(&request())).unwrap();
    world.clock.advance(Duration::from_secs(60));
    block_on(credential.token(&request())).unwrap();
    let sent = |n: u8| {
        format!(
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&client_id=app\
             &client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer\
             &client_assertion=assertion{n}&assertion=a.b.c&requested_token_use=on_behalf_of\
             &scope={SCOPES}"
        )
    };
    assert_eq!(bodies(&world), [sent(1), sent(2)]);
    let endpoint = "https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token";
    assert_eq!(*asked.lock().unwrap(), [endpoint, endpoint]);
}

#[test]
fn nothing_is_sent_while_a_service_cannot_show_who_it_is() {
    let world = World::new();
    let mute = ClientProof::assertion(|_| async { Ok(Secret::new("")) });
    let credential =
        OnBehalfOfCredential::new(world.context(), "contoso.com", "app", mute, "a.b.c").unwrap();
    let error = block_on(credential.token(&request())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert!(world.transport.requests().is_empty());
}

#[test]
fn what_cannot_be_a_credential_is_refused_at_once() {
    let (world, options) = (World::new(), CredentialOptions::default());
    let context = || world.context();
    let errors = [
        RefreshTokenCredential::new(context(), "t", "app", "").err(),
        RefreshTokenCredential::new(context(), "t", "", "r").err(),
        RefreshTokenCredential::new(context(), "a/b", "app", "r").err(),
        RefreshTokenCredential::new_opts(context(), "t", "app", "r", Some("".into()), &options)
            .err(),
        UsernamePasswordCredential::new(context(), "t", "app", "", "p").err(),
        UsernamePasswordCredential::new(context(), "t", "app", "u", "").err(),
        OnBehalfOfCredential::new(context(), "t", "app", "", "a").err(),
        OnBehalfOfCredential::new(context(), "t", "app", "s", "").err(),
    ];
    for error in errors {
        assert_eq!(error.unwrap().kind(), ErrorKind::Request);
    }
}

#[test]
fn no_secret_of_a_person_reaches_a_log() {
    let watch = LogWatch::new(["p4ssw0rd", "r3fr3sh", "t0k3n", "4ss3rt"]);
    watch.run(|| {
        let world = World::new();
        world
            .transport
            .push(json(404, ""))
            .push(granted("t0k3n", "r3fr3sh"))
            .push(granted("t0k3n", "r3fr3sh"))
            .push(json(400, r#"{"error":"invalid_grant"}"#));
        let person =
            UsernamePasswordCredential::new(world.context(), "t", "app", "u", "p4ssw0rd").unwrap();
        block_on(person.token(&request())).unwrap();
        let kept = RefreshTokenCredential::new(world.context(), "t", "app", "r3fr3sh").unwrap();
        block_on(kept.token(&request())).unwrap();
        let acting = OnBehalfOfCredential::new(world.context(), "t", "app", "s", "4ss3rt").unwrap();
        watch.check_error(&block_on(acting.token(&request())).unwrap_err());
        watch.check(&format!("{person:?} {kept:?} {acting:?}"));
    });
}
