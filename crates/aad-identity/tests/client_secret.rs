//! What goes over the wire when an application signs in with its secret.
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows tests, but not their helpers"
)]

use aad_core::{Cloud, ErrorKind, Result, TokenCredential, TokenRequest};
use aad_identity::{ClientSecretCredential, CredentialOptions};
use futures::executor::block_on;
use testkit::context::{LogWatch, Reply, World, json, response};

const SECRET: &str = "s3cr3t~v/+=&%";
const SCOPE: &str = "https://datalake.azure.net//.default";

fn credential(world: &World, options: &CredentialOptions) -> Result<ClientSecretCredential> {
    ClientSecretCredential::new_opts(world.context(), "contoso.com", "client", SECRET, options)
}

fn ask(world: &World, options: &CredentialOptions) -> Result<String> {
    let credential = credential(world, options)?;
    let token = block_on(credential.token(&TokenRequest::new([SCOPE])))?;
    Ok(token.token.expose().to_owned())
}

fn granted() -> Reply {
    json(200, r#"{"access_token":"t0k3n","expires_in":3599}"#).into()
}

#[test]
fn the_request_is_the_one_that_azure_ad_expects() {
    let world = World::new();
    world.transport.push(granted());
    assert_eq!(ask(&world, &CredentialOptions::default()).unwrap(), "t0k3n");
    let request = &world.transport.requests()[0];
    assert_eq!(
        (
            request.method().as_str(),
            request.uri().to_string().as_str()
        ),
        (
            "POST",
            "https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token"
        )
    );
    assert_eq!(
        request.headers()["content-type"],
        "application/x-www-form-urlencoded"
    );
    assert_eq!(request.headers()["accept"], "application/json");
    assert_eq!(request.headers()["return-client-request-id"], "true");
    assert!(request.headers().contains_key("client-request-id"));
    assert!(!request.headers().contains_key("authorization"));
    // RFC 6749, appendix B: every reserved character of the secret is encoded.
    assert_eq!(
        std::str::from_utf8(request.body()).unwrap(),
        "grant_type=client_credentials&client_id=client\
         &client_secret=s3cr3t%7Ev%2F%2B%3D%26%25\
         &scope=https%3A%2F%2Fdatalake.azure.net%2F%2F.default"
    );
}

#[test]
fn a_secret_is_encoded_as_the_standard_shows() {
    // The example of RFC 6749, appendix B: U+0020, U+0025, U+0026, U+002B, U+00A3, U+20AC.
    let world = World::new();
    world.transport.push(granted());
    let context = world.context();
    let credential = ClientSecretCredential::new(context, "contoso.com", "c", " %&+£€").unwrap();
    block_on(credential.token(&TokenRequest::new([SCOPE]))).unwrap();
    let body = world.transport.requests()[0].body().clone();
    let body = std::str::from_utf8(&body).unwrap();
    assert!(
        body.contains("client_secret=+%25%26%2B%C2%A3%E2%82%AC&"),
        "{body}"
    );
}

#[test]
fn the_authority_comes_from_the_options_the_environment_or_the_cloud() {
    let host = |options: &CredentialOptions, variable: Option<&str>| {
        let world = World::new();
        world.transport.push(granted());
        if let Some(variable) = variable {
            world.set_var("AZURE_AUTHORITY_HOST", variable);
        }
        ask(&world, options).unwrap();
        let uri = world.transport.requests()[0].uri().clone();
        uri.host().unwrap().to_owned()
    };
    let china = CredentialOptions::default().with_cloud(Cloud::CHINA);
    let variable = Some("login.microsoftonline.us");
    assert_eq!(host(&china, None), "login.chinacloudapi.cn");
    assert_eq!(host(&china, variable), "login.microsoftonline.us");
    let lab = china
        .with_authority("https://login.lab.example/")
        .without_instance_discovery();
    assert_eq!(host(&lab, variable), "login.lab.example");
}

#[test]
fn a_secret_goes_over_https_or_to_this_machine_if_permitted() {
    let world = World::new();
    world.transport.always(|_| granted());
    let at = |url: &str| CredentialOptions::default().with_authority(url);
    let local = at("http://127.0.0.1:7170");
    assert_eq!(ask(&world, &local).unwrap_err().kind(), ErrorKind::Request);
    assert_eq!(world.transport.requests().len(), 0);
    ask(&world, &local.allow_http_loopback()).unwrap();
    let foreign = at("http://login.example").allow_http_loopback();
    assert_eq!(
        ask(&world, &foreign).unwrap_err().kind(),
        ErrorKind::Request
    );
    assert_eq!(world.transport.requests().len(), 1);
}

#[test]
fn what_cannot_be_a_credential_is_refused_at_once() {
    let world = World::new();
    for (tenant, client, secret) in [
        ("a/b", "c", "s"),
        ("t", "", "s"),
        ("t", "c", ""),
        ("", "c", "s"),
    ] {
        let made = ClientSecretCredential::new(world.context(), tenant, client, secret);
        assert_eq!(made.unwrap_err().kind(), ErrorKind::Request);
    }
}

#[test]
fn another_tenant_needs_permission() {
    let world = World::new();
    world.transport.always(|_| granted());
    let request = TokenRequest::new([SCOPE]).with_tenant("fabrikam.com");
    let strict = credential(&world, &CredentialOptions::default()).unwrap();
    let error = block_on(strict.token(&request)).unwrap_err();
    assert!(
        error.to_string().contains("additionally_allowed_tenants"),
        "{error}"
    );
    for tenant in ["FABRIKAM.com", "*"] {
        let options = CredentialOptions::default().with_additionally_allowed_tenant(tenant);
        let open = credential(&world, &options).unwrap();
        block_on(open.token(&request)).unwrap();
    }
    let any = CredentialOptions::default().with_additionally_allowed_tenant("*");
    let hostile = TokenRequest::new([SCOPE]).with_tenant("x/../y");
    block_on(credential(&world, &any).unwrap().token(&hostile)).unwrap_err();
    assert_eq!(world.transport.requests().len(), 2);
}

/// Of the answers on which azure_identity 1.0.0 loses the status, the code, or both, and of more.
#[test]
fn every_refusal_says_what_happened() {
    let entra = r#"{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided for app \u0027client\u0027.\r\nTrace ID: tr\r\nCorrelation ID: co\r\nTimestamp: 2026-11-20 10:00:00Z","error_codes":[7000215],"trace_id":"tr","correlation_id":"co","suberror":"bad_token"}"#;
    let world = World::new();
    world.transport.push(json(401, entra));
    let error = ask(&world, &CredentialOptions::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert_eq!(error.code(), Some("AADSTS7000215"));
    assert_eq!(error.suberror(), Some("bad_token"));
    assert_eq!(error.request_id(), Some("tr"));
    assert_eq!(
        error.to_string(),
        "the authority refused: AADSTS7000215: Invalid client secret provided for app 'client'. (correlation id co)"
    );
    assert_eq!(
        world.transport.requests().len(),
        1,
        "a refusal is not repeated"
    );

    for (status, body, kind, requests) in [
        (407, "<html>proxy</html>", ErrorKind::Credentials, 1),
        (502, "<html>bad gateway</html>", ErrorKind::Transient, 5),
        (503, "unreachable", ErrorKind::Transient, 5),
        (
            400,
            r#"{"error":"invalid_request","error_description":"AADSTS90002: Tenant 'contoso.com' not found."}"#,
            ErrorKind::Credentials,
            1,
        ),
        (
            400,
            r#"{"error":"invalid_resource","error_description":"AADSTS500011: no resource"}"#,
            ErrorKind::Request,
            1,
        ),
        (
            200,
            r#"{"token_type":"Bearer","expires_in":3599}"#,
            ErrorKind::Protocol,
            1,
        ),
        (200, "<html>log in</html>", ErrorKind::Protocol, 1),
        (200, "", ErrorKind::Protocol, 1),
    ] {
        let world = World::new();
        world
            .transport
            .always(move |_| response(status, &[], body).into());
        let error = ask(&world, &CredentialOptions::default()).unwrap_err();
        assert_eq!(error.kind(), kind, "{status} {body}");
        assert_eq!(
            error.status().map(|status| status.as_u16()),
            Some(status),
            "{body}"
        );
        assert_eq!(
            world.transport.requests().len(),
            requests,
            "{status} {body}"
        );
    }
}

#[test]
fn a_busy_authority_is_asked_again() {
    let world = World::new();
    world
        .transport
        .push(json(429, "{}"))
        .push(Reply::ReplyLost)
        .push(granted());
    assert_eq!(ask(&world, &CredentialOptions::default()).unwrap(), "t0k3n");
}

#[test]
fn neither_secret_nor_token_reaches_a_log_or_an_error() {
    let watch = LogWatch::new([SECRET, "t0k3n"]);
    let world = World::new();
    world
        .transport
        .push(Reply::RequestLost)
        .push(json(503, "{}"))
        .push(granted())
        .push(json(400, r#"{"error":"invalid_client"}"#))
        .push(json(200, r#"{"access_token":"t0k3n","expires_in":{}}"#))
        .push(json(200, r#"{"access_token":"t0k3n""#));
    watch.run(|| {
        assert_eq!(ask(&world, &CredentialOptions::default()).unwrap(), "t0k3n");
        for _ in 0..3 {
            watch.check_error(&ask(&world, &CredentialOptions::default()).unwrap_err());
        }
        let credential = credential(&world, &CredentialOptions::default()).unwrap();
        watch.check(&format!("{credential:?} {credential:#?}"));
    });
    assert_eq!(world.transport.unused(), 0);
    assert!(
        watch.text().contains("login.microsoftonline.com"),
        "{}",
        watch.text()
    );
}
