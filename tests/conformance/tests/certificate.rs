//! Applications that sign in with a certificate, from the file to the bytes of the store.
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows tests, but not their helpers"
)]

use std::sync::Arc;

use aad_core::{Cloud, ErrorKind, Secret, TokenCredential, TokenRequest};
use aad_identity::{
    AssertionRequest, ClientAssertionCredential, ClientCertificate, ClientCertificateCredential,
};
use adls_fs::FileSystem;
use conformance::{World, at};

const PASSWORD: &str = "pässword";
const KEY: &str = include_str!("../../../crates/aad-identity/tests/certificates/key.pem");
const ENCRYPTED: &str =
    include_str!("../../../crates/aad-identity/tests/certificates/key.aes256.pem");
const LEAF: &str = include_str!("../../../crates/aad-identity/tests/certificates/leaf.crt");
const PFX: &[u8] = include_bytes!("../../../crates/aad-identity/tests/certificates/modern.pfx");

/// A lake whose ordinary client may sign in with the certificate.
async fn world() -> World {
    let world = World::start().await;
    let client_id = world.lake.endpoints().client_id;
    let registered = world.lake.lake().register_certificate(&client_id, LEAF);
    registered.await.unwrap();
    world
}

fn credential(world: &World, certificate: ClientCertificate) -> ClientCertificateCredential {
    let endpoints = world.lake.endpoints();
    let context = world.context.clone();
    ClientCertificateCredential::new(
        context,
        &endpoints.tenant,
        &endpoints.client_id,
        certificate,
    )
    .unwrap()
}

fn plain() -> ClientCertificate {
    ClientCertificate::read([KEY, LEAF].concat(), None).unwrap()
}

fn request() -> TokenRequest {
    TokenRequest::new(["https://datalake.azure.net//.default"])
}

#[tokio::test]
async fn every_form_of_a_certificate_opens_the_store() {
    let world = world().await;
    let password = Secret::new(PASSWORD);
    let encrypted = [ENCRYPTED, LEAF].concat();
    let thumbprint = plain().thumbprint();
    for certificate in [
        plain(),
        plain().send_certificate_chain(),
        ClientCertificate::read(encrypted, Some(&password)).unwrap(),
        ClientCertificate::read(PFX, Some(&password)).unwrap(),
        ClientCertificate::from_key_and_thumbprint(KEY, &thumbprint, None).unwrap(),
    ] {
        let credential = Arc::new(credential(&world, certificate));
        let account = world.lake.endpoints().store_account;
        let store = adls_fs::account_url(&account, &Cloud::PUBLIC).unwrap();
        let files = FileSystem::gen1(world.context.clone(), &store, credential).unwrap();
        assert!(files.stat(&at("/")).await.unwrap().is_directory());
    }
}

#[tokio::test]
async fn one_assertion_serves_for_several_tokens() {
    let world = world().await;
    let credential = credential(&world, plain());
    for scope in [
        "https://datalake.azure.net//.default",
        "https://management.azure.com//.default",
        "https://storage.azure.com//.default",
    ] {
        credential.token(&TokenRequest::new([scope])).await.unwrap();
    }
}

#[tokio::test]
async fn a_certificate_that_is_not_registered_is_refused_with_azure_ads_code() {
    let world = World::start().await;
    let error = credential(&world, plain())
        .token(&request())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert_eq!(error.code(), Some("AADSTS700027"));
    let thumbprint = plain().thumbprint();
    // The message names what the client showed, which is the newer thumbprint.
    assert!(error.to_string().contains("Thumbprint of key"), "{error}");
    let by_old = ClientCertificate::from_key_and_thumbprint(KEY, &thumbprint, None).unwrap();
    let error = credential(&world, by_old)
        .token(&request())
        .await
        .unwrap_err();
    assert!(error.to_string().contains(&thumbprint), "{error}");
}

#[tokio::test]
async fn an_assertion_of_somebody_else_is_asked_for_and_judged() {
    let world = world().await;
    let endpoints = world.lake.endpoints();
    let assert = |wanted: AssertionRequest| async move {
        assert!(wanted.token_endpoint.ends_with("/oauth2/v2.0/token"));
        Ok(Secret::new("e30.e30.e30"))
    };
    let credential = ClientAssertionCredential::new(
        world.context.clone(),
        &endpoints.tenant,
        &endpoints.client_id,
        assert,
    );
    let error = credential.unwrap().token(&request()).await.unwrap_err();
    assert_eq!(error.code(), Some("AADSTS50027"));
    assert!(!error.is_retryable());
}
