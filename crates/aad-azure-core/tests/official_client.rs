//! Our credentials in an official client.

use std::error::Error as StdError;
use std::sync::{Arc, Mutex};

use aad_azure_core::{ToAzureCore, TransportClient, our_error};
use aad_core::{AccessToken, Error, ErrorKind, Result, TokenCredential, TokenRequest};
use async_trait::async_trait;
use azure_core::http::{ClientOptions, StatusCode, Transport};
use azure_security_keyvault_secrets::{SecretClient, SecretClientOptions};
use futures::executor::block_on;
use testkit::context::{Reply, World, json, response};
use time::macros::datetime;

/// Gives what it was made of, and notes what it was asked for.
#[derive(Debug)]
struct Fixed {
    outcome: Result<AccessToken>,
    asked: Mutex<Vec<TokenRequest>>,
}

impl Fixed {
    fn token(text: &str) -> Arc<Self> {
        let expires = datetime!(2999-01-01 00:00 UTC);
        Self::of(Ok(AccessToken::new(text, expires)))
    }

    fn of(outcome: Result<AccessToken>) -> Arc<Self> {
        let asked = Mutex::default();
        Arc::new(Self { outcome, asked })
    }
}

#[async_trait]
impl TokenCredential for Fixed {
    async fn token(&self, request: &TokenRequest) -> Result<AccessToken> {
        self.asked
            .lock()
            .expect("no test panics here")
            .push(request.clone());
        self.outcome.clone()
    }
}

const CHALLENGE: &str = r#"Bearer authorization="https://login.microsoftonline.com/contoso", resource="https://vault.azure.net""#;

/// A vault that asks who is there, as the real one does.
fn vault(world: &World) {
    world.transport.always(|request| {
        let answer = match request.headers().get("authorization") {
            Some(token) if token == "Bearer s3cr3t-token" => json(200, r#"{"value":"42"}"#),
            Some(_) => response(403, &[], "{}"),
            None => response(401, &[("www-authenticate", CHALLENGE)], ""),
        };
        Reply::Answer(answer)
    });
}

fn client(world: &World, credential: Arc<Fixed>) -> SecretClient {
    let http = TransportClient::new(world.context().transport().clone());
    let options = SecretClientOptions {
        client_options: ClientOptions {
            transport: Some(Transport::new(Arc::new(http))),
            ..ClientOptions::default()
        },
        ..SecretClientOptions::default()
    };
    let credential = Arc::new(ToAzureCore::new(credential));
    SecretClient::new("https://contoso.vault.azure.net", credential, Some(options))
        .expect("the address is one")
}

fn read(client: &SecretClient) -> azure_core::Result<Option<String>> {
    let response = block_on(client.get_secret("answer", None))?;
    Ok(response.into_model()?.value)
}

#[test]
fn an_official_client_signs_in_with_our_credential() {
    let world = World::new();
    vault(&world);
    let credential = Fixed::token("s3cr3t-token");
    let client = client(&world, credential.clone());
    assert_eq!(read(&client).unwrap().as_deref(), Some("42"));
    assert_eq!(read(&client).unwrap().as_deref(), Some("42"));
    // The client learned the scope from the vault's challenge, and kept the token.
    let asked = credential.asked.lock().unwrap().clone();
    assert_eq!(
        asked,
        [TokenRequest::new(["https://vault.azure.net/.default"])]
    );
    assert_eq!(world.transport.requests().len(), 3);
}

#[test]
fn our_error_is_found_within_the_official_one() {
    let world = World::new();
    vault(&world);
    let refusal = Error::new(
        ErrorKind::Credentials,
        "the authority refused: AADSTS7000215",
    )
    .with_status(http::StatusCode::UNAUTHORIZED)
    .with_code("AADSTS7000215");
    let error = read(&client(&world, Fixed::of(Err(refusal)))).unwrap_err();
    assert_eq!(error.kind(), &azure_core::error::ErrorKind::Credential);
    let ours = our_error(&error).unwrap();
    assert_eq!(ours.kind(), ErrorKind::Credentials);
    assert_eq!(ours.code(), Some("AADSTS7000215"));
    // Official credentials have the response within, and so has this.
    let mut cause: Option<&(dyn StdError + 'static)> = Some(&error);
    let status = std::iter::from_fn(|| {
        let this = cause?;
        cause = this.source();
        Some(
            this.downcast_ref::<azure_core::Error>()
                .and_then(azure_core::Error::http_status),
        )
    });
    assert_eq!(status.flatten().next(), Some(StatusCode::Unauthorized));
    // It asked once: a sign-in that failed is not one more attempt of the client's.
    assert_eq!(world.transport.requests().len(), 1);
}

#[test]
fn a_sign_in_that_the_network_failed_is_not_tried_again_by_the_client() {
    let world = World::new();
    vault(&world);
    let credential = Fixed::of(Err(Error::new(ErrorKind::Transient, "no connection")));
    let error = read(&client(&world, credential.clone())).unwrap_err();
    assert_eq!(our_error(&error).unwrap().kind(), ErrorKind::Transient);
    assert_eq!(our_error(&error).unwrap().to_string(), "no connection");
    assert_eq!(credential.asked.lock().unwrap().len(), 1);
}

#[test]
fn a_body_and_headers_go_through_our_transport_unchanged() {
    let world = World::new();
    world
        .transport
        .push(response(401, &[("www-authenticate", CHALLENGE)], ""));
    world.transport.push(json(200, r#"{"value":"43"}"#));
    let client = client(&world, Fixed::token("t"));
    let parameters = azure_security_keyvault_secrets::models::SetSecretParameters {
        value: Some("43".into()),
        ..Default::default()
    };
    let set = client.set_secret("answer", parameters.try_into().unwrap(), None);
    block_on(set).unwrap();
    let sent = &world.transport.requests()[1];
    assert_eq!(sent.method(), "PUT");
    assert_eq!(sent.uri().path(), "/secrets/answer");
    assert_eq!(sent.headers()["authorization"], "Bearer t");
    assert_eq!(sent.headers()["content-type"], "application/json");
    assert_eq!(sent.body(), &br#"{"value":"43"}"#[..]);
}

#[test]
fn a_token_is_not_in_what_an_official_program_prints() {
    let credential = ToAzureCore::new(Fixed::token("s3cr3t-token"));
    let official: &dyn azure_core::credentials::TokenCredential = &credential;
    let token = block_on(official.get_token(&["scope"], None)).unwrap();
    assert_eq!(token.token.secret(), "s3cr3t-token");
    assert_eq!(token.expires_on, datetime!(2999-01-01 00:00 UTC));
    assert!(!format!("{token:?} {official:?}").contains("s3cr3t"));
}
