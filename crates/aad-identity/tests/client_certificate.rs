//! What goes over the wire when an application signs in with its certificate.
#![cfg(feature = "certificate")]
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows tests, but not their helpers"
)]

use std::time::Duration;

use aad_core::{Context, ErrorKind, TokenCredential, TokenRequest};
use aad_identity::{
    ClientCertificate, ClientCertificateCredential, CredentialOptions, OnBehalfOfCredential,
    Protocol,
};
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::{
    self, KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, UnparsedPublicKey,
};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use futures::executor::block_on;
use http::Request;
use serde_json::{Value, json};
use testkit::context::{LogWatch, Reply, World};

const SCOPE: &str = "https://datalake.azure.net//.default";
const ENDPOINT: &str = "https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token";
/// By `openssl x509 -outform der | openssl sha256`.
const SHA256: &str = "c5b95831afdf0b0de28dfbf8f0b2a6733e0e91e9a5d201d078e5046acb169fb6";
const SHA1: &str = "b74c01a4abfb21f7f5ec4ca996c94475293e8a65";

const KEY: &str = include_str!("certificates/key.pem");
const LEAF: &str = include_str!("certificates/leaf.crt");
const MIDDLE: &str = include_str!("certificates/mid.crt");
const ROOT: &str = include_str!("certificates/root.crt");

fn certificate() -> ClientCertificate {
    ClientCertificate::read([ROOT, LEAF, KEY, MIDDLE].concat(), None).unwrap()
}

fn credential(context: Context, certificate: ClientCertificate) -> ClientCertificateCredential {
    ClientCertificateCredential::new(context, "contoso.com", "client", certificate).unwrap()
}

fn ask(credential: &ClientCertificateCredential, scope: &str) -> aad_core::Result<String> {
    let token = block_on(credential.token(&TokenRequest::new([scope])))?;
    Ok(token.token.expose().to_owned())
}

fn granted() -> Reply {
    testkit::context::json(200, r#"{"access_token":"t0k3n","expires_in":3599}"#).into()
}

fn refused() -> Reply {
    let body = r#"{"error":"invalid_client","error_description":"AADSTS700027: no"}"#;
    testkit::context::json(401, body).into()
}

fn field(request: &Request<bytes::Bytes>, name: &str) -> String {
    let form = url::form_urlencoded::parse(request.body());
    form.into_owned()
        .find_map(|(key, value)| (key == name).then_some(value))
        .unwrap_or_default()
}

fn assertions(world: &World) -> Vec<String> {
    let requests = world.transport.requests();
    requests
        .iter()
        .map(|request| field(request, "client_assertion"))
        .collect()
}

/// Header and claims of an assertion whose signature is right.
fn verified(
    assertion: &str,
    algorithm: &'static dyn signature::VerificationAlgorithm,
) -> [Value; 2] {
    let (message, signature) = assertion.rsplit_once('.').unwrap();
    let key = pem::parse(KEY).unwrap();
    let key = KeyPair::from_pkcs8(key.contents()).unwrap();
    UnparsedPublicKey::new(algorithm, key.public_key().as_ref())
        .verify(
            message.as_bytes(),
            &URL_SAFE_NO_PAD.decode(signature).unwrap(),
        )
        .unwrap();
    let (header, claims) = message.split_once('.').unwrap();
    [header, claims]
        .map(|part| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap())
}

fn base64url(hex: &str) -> String {
    let digits: Vec<u8> = hex
        .chars()
        .map(|c| u8::try_from(c.to_digit(16).unwrap()).unwrap())
        .collect();
    let bytes: Vec<u8> = digits.chunks(2).map(|two| two[0] << 4 | two[1]).collect();
    URL_SAFE_NO_PAD.encode(bytes)
}

#[test]
fn the_assertion_says_who_asks_whom_and_when() {
    let world = World::new();
    world.transport.push(granted());
    let credential = credential(world.context(), certificate());
    assert_eq!(ask(&credential, SCOPE).unwrap(), "t0k3n");
    let request = &world.transport.requests()[0];
    assert_eq!(request.uri(), ENDPOINT);
    assert_eq!(field(request, "grant_type"), "client_credentials");
    assert_eq!(field(request, "client_id"), "client");
    assert_eq!(field(request, "client_secret"), "");
    assert_eq!(
        field(request, "client_assertion_type"),
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    );
    assert_eq!(field(request, "scope"), SCOPE);
    let [header, claims] = verified(
        &field(request, "client_assertion"),
        &RSA_PSS_2048_8192_SHA256,
    );
    assert_eq!(
        header,
        json!({"alg": "PS256", "typ": "JWT", "x5t#S256": base64url(SHA256)})
    );
    let now = world.clock.now().unix_timestamp();
    let id = claims["jti"].as_str().unwrap();
    assert_eq!(
        claims,
        json!({
            "aud": ENDPOINT, "iss": "client", "sub": "client", "jti": id,
            "nbf": now, "iat": now, "exp": now + 600,
        })
    );
    assert_eq!(id.len(), 36);
}

#[test]
fn an_adfs_and_the_v1_endpoints_get_what_they_can_read() {
    let adfs = CredentialOptions::default().with_authority("https://adfs.contoso.com/");
    let v1 = CredentialOptions::default().with_protocol(Protocol::V1);
    let endpoint = "https://login.microsoftonline.com/contoso.com/oauth2/token";
    for (tenant, options, audience, query) in [
        (
            "adfs",
            &adfs,
            "https://adfs.contoso.com/adfs/oauth2/token",
            "",
        ),
        ("contoso.com", &v1, endpoint, "?api-version=1.0"),
    ] {
        let world = World::new();
        world.transport.push(granted());
        let (context, id) = (world.context(), "client");
        let credential =
            ClientCertificateCredential::new_opts(context, tenant, id, certificate(), options);
        ask(&credential.unwrap(), SCOPE).unwrap();
        let asked = world.transport.requests()[0].uri().to_string();
        assert_eq!(asked, format!("{audience}{query}"));
        let [header, claims] = verified(&assertions(&world)[0], &RSA_PKCS1_2048_8192_SHA256);
        assert_eq!(
            header,
            json!({"alg": "RS256", "typ": "JWT", "x5t": base64url(SHA1)})
        );
        assert_eq!(claims["aud"], audience);
    }
}

#[test]
fn the_chain_is_sent_when_asked_for_and_begins_with_the_certificate_of_the_key() {
    let world = World::new();
    world.transport.push(granted());
    let certificate = certificate().send_certificate_chain();
    ask(&credential(world.context(), certificate), SCOPE).unwrap();
    let [header, _] = verified(&assertions(&world)[0], &RSA_PSS_2048_8192_SHA256);
    let der = |pem: &str| STANDARD.encode(pem::parse(pem).unwrap().contents());
    // The others keep the order of the file.
    assert_eq!(header["x5c"], json!([der(LEAF), der(ROOT), der(MIDDLE)]));
}

#[test]
fn an_assertion_is_used_again_until_a_minute_before_its_end() {
    let world = World::new();
    world.transport.always(|_| granted());
    let credential = credential(world.context(), certificate());
    ask(&credential, SCOPE).unwrap();
    ask(&credential, "https://storage.azure.com/.default").unwrap();
    world.clock.advance(Duration::from_secs(539));
    ask(&credential, "https://vault.azure.net/.default").unwrap();
    world.clock.advance(Duration::from_secs(1));
    ask(&credential, "https://management.azure.com/.default").unwrap();
    let sent = assertions(&world);
    assert_eq!(sent.len(), 4);
    assert!(sent[0] == sent[1] && sent[0] == sent[2], "{sent:?}");
    assert_ne!(sent[0], sent[3]);
    let [_, claims] = verified(&sent[3], &RSA_PSS_2048_8192_SHA256);
    assert_eq!(claims["nbf"], world.clock.now().unix_timestamp());
}

#[test]
fn every_tenant_has_an_assertion_of_its_own() {
    let world = World::new();
    world.transport.always(|_| granted());
    let options = CredentialOptions::default().with_additionally_allowed_tenant("*");
    let credential = ClientCertificateCredential::new_opts(
        world.context(),
        "contoso.com",
        "client",
        certificate(),
        &options,
    )
    .unwrap();
    for tenant in ["contoso.com", "fabrikam.com", "contoso.com"] {
        let request = TokenRequest::new([format!("{tenant}/.default")]).with_tenant(tenant);
        block_on(credential.token(&request)).unwrap();
        block_on(credential.token(&TokenRequest::new([format!("{tenant}/x")]))).unwrap();
    }
    let requests = world.transport.requests();
    for request in requests {
        let [_, claims] = verified(
            &field(&request, "client_assertion"),
            &RSA_PSS_2048_8192_SHA256,
        );
        assert_eq!(claims["aud"], request.uri().to_string());
    }
}

#[test]
fn an_authority_that_takes_an_assertion_once_is_given_another() {
    let world = World::new();
    world
        .transport
        .push(granted())
        .push(refused())
        .push(granted());
    let credential = credential(world.context(), certificate());
    ask(&credential, SCOPE).unwrap();
    ask(&credential, "https://storage.azure.com/.default").unwrap();
    let sent = assertions(&world);
    assert_eq!(sent[0], sent[1]);
    assert_ne!(sent[1], sent[2]);

    // One that was just made and is refused is not made again.
    let world = World::new();
    world.transport.always(|_| refused());
    let credential = self::credential(world.context(), certificate());
    let error = ask(&credential, SCOPE).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert_eq!(error.code(), Some("AADSTS700027"));
    assert_eq!(world.transport.requests().len(), 1);
}

#[test]
fn a_thumbprint_alone_signs_as_adal_did() {
    let world = World::new();
    world.transport.push(granted());
    let certificate = ClientCertificate::from_key_and_thumbprint(KEY, SHA1, None)
        .unwrap()
        .send_certificate_chain();
    ask(&credential(world.context(), certificate), SCOPE).unwrap();
    let [header, _] = verified(&assertions(&world)[0], &RSA_PKCS1_2048_8192_SHA256);
    assert_eq!(
        header,
        json!({"alg": "RS256", "typ": "JWT", "x5t": base64url(SHA1)})
    );
}

#[test]
fn what_cannot_be_a_credential_is_refused_at_once() {
    let world = World::new();
    for (tenant, client) in [("a/b", "c"), ("contoso.com", ""), ("", "c")] {
        let made = ClientCertificateCredential::new(world.context(), tenant, client, certificate());
        assert_eq!(made.unwrap_err().kind(), ErrorKind::Request);
    }
}

#[test]
fn neither_assertion_nor_token_reaches_a_log_or_an_error() {
    let world = World::new();
    world
        .transport
        .push(granted())
        .push(Reply::RequestLost)
        .push(refused())
        .push(refused());
    let credential = credential(world.context(), certificate());
    let log = LogWatch::new(["t0k3n"]);
    let error = log.run(|| {
        ask(&credential, SCOPE).unwrap();
        let error = ask(&credential, "https://vault.azure.net/.default").unwrap_err();
        log.check_error(&error);
        error
    });
    for assertion in assertions(&world) {
        // The signature is what makes it a secret.
        let (_, signature) = assertion.rsplit_once('.').unwrap();
        let watch = LogWatch::new([signature]);
        watch.check(&log.text());
        watch.check_error(&error);
        watch.check(&format!("{credential:?}"));
    }
    assert_eq!(world.transport.unused(), 0);
}

#[test]
fn a_service_with_a_certificate_acts_for_a_person_and_signs_anew_each_time() {
    let world = World::new();
    world.transport.push(granted()).push(granted());
    let credential = OnBehalfOfCredential::new(
        world.context(),
        "contoso.com",
        "client",
        certificate(),
        "a.b.c",
    )
    .unwrap();
    for scope in [SCOPE, "https://x.example/.default"] {
        block_on(credential.token(&TokenRequest::new([scope]))).unwrap();
    }
    let [first, second] = assertions(&world).try_into().unwrap();
    let [header, claims] = verified(&first, &RSA_PSS_2048_8192_SHA256);
    assert_eq!(header["alg"], "PS256");
    assert_eq!(claims["aud"], ENDPOINT);
    assert_eq!(claims["sub"], "client");
    let [_, again] = verified(&second, &RSA_PSS_2048_8192_SHA256);
    assert_ne!(claims["jti"], again["jti"]);
    for request in world.transport.requests() {
        assert_eq!(field(&request, "assertion"), "a.b.c");
        assert_eq!(field(&request, "client_secret"), "");
    }
}
