//! Who is let in, and what is said to those who are not.

use std::sync::Arc;

use aad_core::{Cloud, ErrorKind, TokenCredential as _, TokenRequest};
use aad_identity::{ChainedTokenCredential, ClientSecretCredential, EnvironmentCredential};
use adls_fs::FileSystem;
use bytes::Bytes;
use conformance::{World, at};

const GEN1: &str = "https://datalake.azure.net/";
const MANAGEMENT: &str = "https://management.core.windows.net/";

fn request() -> TokenRequest {
    TokenRequest::new(["https://datalake.azure.net//.default"])
}

/// The answer of the store to a LISTSTATUS with this token.
async fn answer(world: &World, token: &str) -> http::Response<aad_core::transport::ResponseBody> {
    let account = world.lake.endpoints().store_account.clone();
    let request = http::Request::get(format!(
        "https://{account}.azuredatalakestore.net/webhdfs/v1/?op=LISTSTATUS&api-version=2018-09-01"
    ))
    .header("authorization", format!("Bearer {token}"))
    .body(Bytes::new())
    .expect("a valid request");
    let answer = world.context.transport().send(request).await;
    answer.expect("the transport never fails")
}

#[tokio::test]
async fn a_wrong_secret_is_refused_with_azure_ads_code() {
    let world = World::start().await;
    let endpoints = world.lake.endpoints();
    let credential = ClientSecretCredential::new(
        world.context.clone(),
        &endpoints.tenant,
        &endpoints.client_id,
        "wrong",
    )
    .unwrap();
    let error = credential.token(&request()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert_eq!(error.code(), Some("AADSTS7000215"));
    assert!(!format!("{error:?}").contains("wrong\""));
}

#[tokio::test]
async fn an_unknown_tenant_is_refused_with_azure_ads_code() {
    let world = World::start().await;
    let endpoints = world.lake.endpoints();
    let secret = endpoints.client_secret.expose();
    let tenant = "11111111-2222-3333-4444-555555555555";
    let credential =
        ClientSecretCredential::new(world.context.clone(), tenant, &endpoints.client_id, secret)
            .unwrap();
    let error = credential.token(&request()).await.unwrap_err();
    assert_eq!(error.code(), Some("AADSTS90002"));
}

#[tokio::test]
async fn a_token_for_the_store_opens_the_store() {
    let world = World::start().await;
    assert_eq!(answer(&world, &world.token(GEN1).await).await.status(), 200);
}

#[tokio::test]
async fn a_token_for_another_audience_is_challenged() {
    let world = World::start().await;
    let refused = answer(&world, &world.token(MANAGEMENT).await).await;
    assert_eq!(refused.status(), 401);
    let challenge = refused.headers()["www-authenticate"].to_str().unwrap();
    assert!(challenge.starts_with("Bearer "), "{challenge}");
    assert!(challenge.contains("authorization_uri="), "{challenge}");
}

#[tokio::test]
async fn a_tampered_token_is_challenged() {
    let world = World::start().await;
    let token = world.token(GEN1).await;
    let (head, signature) = token.rsplit_once('.').unwrap();
    let (header, claims) = head.split_once('.').unwrap();
    let mut other: Vec<u8> = claims.bytes().collect();
    other[10] = if other[10] == b'A' { b'B' } else { b'A' };
    let claims = String::from_utf8(other).unwrap();
    for forged in [
        format!("{header}.{claims}.{signature}"),
        head.to_owned(),
        format!("{head}."),
        String::new(),
    ] {
        assert_eq!(answer(&world, &forged).await.status(), 401, "{forged}");
    }
}

#[tokio::test]
async fn no_token_is_sent_over_http_unless_asked_for() {
    let world = World::start().await;
    let url = "http://127.0.0.1:7170".parse().unwrap();
    let files = FileSystem::gen1(world.context.clone(), &url, world.credential.clone());
    let error = match files {
        Ok(files) => files.stat(&at("/")).await.unwrap_err(),
        Err(error) => error,
    };
    assert_eq!(error.kind(), ErrorKind::Request);
    assert!(error.to_string().contains("http"), "{error}");
}

#[tokio::test]
async fn a_chain_passes_over_what_is_not_configured() {
    let world = World::start().await;
    let chain = ChainedTokenCredential::new()
        .then(
            "environment",
            Arc::new(EnvironmentCredential::new(world.context.clone())),
        )
        .then("lake", world.credential.clone());
    let store =
        adls_fs::account_url(&world.lake.endpoints().store_account, &Cloud::PUBLIC).unwrap();
    let files = FileSystem::gen1(world.context.clone(), &store, Arc::new(chain)).unwrap();
    assert!(files.stat(&at("/")).await.unwrap().is_directory());
}
