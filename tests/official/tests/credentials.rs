//! Official credentials and ours stand in for each other, at the lake and in its clients.
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows tests, but not their helpers"
)]

use std::sync::Arc;

use aad_azure_core::{FromAzureCore, ToAzureCore, TransportClient, our_error};
use aad_core::{Cloud, Error, ErrorKind, Secret, TokenCredential, TokenRequest};
use adla_jobs::{JobClient, Submission};
use adls_fs::FileSystem;
use azure_core::http::policies::Policy;
use azure_core::http::policies::auth::BearerTokenAuthorizationPolicy;
use azure_core::http::{
    ClientMethodOptions, ClientOptions, Method, Pipeline, Request, RetryOptions, StatusCode,
    Transport, Url,
};
use azure_identity::{
    ClientSecretCredential, ClientSecretCredentialOptions, ManagedIdentityCredential,
    ManagedIdentityCredentialOptions,
};
use conformance::{World, at};

const SCOPE: &str = "https://datalake.azure.net//.default";

/// The official clients' way to the lake.
fn through(world: &World) -> ClientOptions {
    let client = TransportClient::new(world.lake.transport());
    ClientOptions {
        transport: Some(Transport::new(Arc::new(client))),
        // Their waits are real.
        retry: RetryOptions::none(),
        ..ClientOptions::default()
    }
}

/// The lake's ordinary client, as the official library signs it in.
fn official(world: &World, secret: &str) -> Arc<dyn TokenCredential> {
    let endpoints = world.lake.endpoints();
    let credential = ClientSecretCredential::new(
        &endpoints.tenant.to_string(),
        endpoints.client_id,
        secret.to_owned().into(),
        Some(ClientSecretCredentialOptions {
            client_options: through(world),
        }),
    );
    Arc::new(FromAzureCore::new(credential.unwrap()))
}

/// The lake's ordinary client, as this library signs it in.
fn ours(world: &World, secret: &str) -> Arc<dyn TokenCredential> {
    let endpoints = world.lake.endpoints();
    let credential = aad_identity::ClientSecretCredential::new(
        world.context.clone(),
        &endpoints.tenant,
        &endpoints.client_id,
        Secret::new(secret),
    );
    Arc::new(credential.unwrap())
}

fn right(world: &World) -> String {
    world.lake.endpoints().client_secret.expose().to_owned()
}

async fn refusal(credential: Arc<dyn TokenCredential>) -> Error {
    let token = credential.token(&TokenRequest::new([SCOPE])).await;
    token.unwrap_err()
}

#[tokio::test]
async fn an_official_credential_reads_files_and_runs_jobs() {
    let world = World::start().await;
    world.write("/in.csv", "1\n2\n").await;
    let credential = official(&world, &right(&world));
    let endpoints = world.lake.endpoints();
    let store = adls_fs::account_url(&endpoints.store_account, &Cloud::PUBLIC).unwrap();
    let files = FileSystem::gen1(world.context.clone(), &store, credential.clone()).unwrap();
    assert_eq!(files.read(&at("/in.csv")).await.unwrap(), "1\n2\n");

    let url = adla_jobs::account_url(&endpoints.analytics_account, &Cloud::PUBLIC).unwrap();
    let jobs = JobClient::new(world.context.clone(), &url, credential).unwrap();
    let script = "@n = EXTRACT n int FROM \"/in.csv\" USING Extractors.Csv();
                  @s = SELECT SUM(n) AS s FROM @n;
                  OUTPUT @s TO \"/out.csv\" USING Outputters.Csv();";
    let job = jobs.submit(&Submission::new("sum", script)).await.unwrap();
    World::succeeded(&world.jobs.wait(job.id).await.unwrap());
    assert_eq!(world.read("/out.csv").await.unwrap(), b"3\r\n");
}

#[tokio::test]
async fn a_refusal_is_the_same_whoever_signed_in() {
    let world = World::start().await;
    let [theirs, ours] = [
        refusal(official(&world, "wrong")).await,
        refusal(ours(&world, "wrong")).await,
    ];
    assert_eq!(theirs.kind(), ErrorKind::Credentials);
    assert_eq!(theirs.kind(), ours.kind());
    assert_eq!(theirs.code(), Some("AADSTS7000215"));
    assert_eq!(theirs.code(), ours.code());
    assert_eq!(theirs.status(), ours.status());
    assert!(theirs.request_id().is_some());
    let start = |error: &Error| error.to_string().split(" (").next().unwrap().to_owned();
    assert_eq!(start(&theirs), start(&ours));
}

#[tokio::test]
async fn an_official_managed_identity_signs_in_at_the_lakes_metadata_service() {
    let world = World::start().await;
    let credential = ManagedIdentityCredential::new(Some(ManagedIdentityCredentialOptions {
        client_options: through(&world),
        ..ManagedIdentityCredentialOptions::default()
    }));
    let credential = FromAzureCore::new(credential.unwrap());
    let store = world.lake.endpoints().store_account;
    let store = adls_fs::account_url(&store, &Cloud::PUBLIC).unwrap();
    let files = FileSystem::gen1(world.context.clone(), &store, Arc::new(credential)).unwrap();
    assert!(files.stat(&at("/")).await.unwrap().is_directory());
}

/// What an official pipeline gets from the store with this credential of ours.
async fn list(
    world: &World,
    credential: Arc<dyn TokenCredential>,
) -> azure_core::Result<(StatusCode, String)> {
    let credential = Arc::new(ToAzureCore::new(credential));
    let policy = BearerTokenAuthorizationPolicy::new(credential, [SCOPE]);
    let policies: Vec<Arc<dyn Policy>> = vec![Arc::new(policy)];
    let pipeline = Pipeline::new(None, None, through(world), vec![], policies, None);
    let url = format!("{}/webhdfs/v1/?op=LISTSTATUS", world.lake.store_url());
    let mut request = Request::new(Url::parse(&url)?, Method::Get);
    let options = ClientMethodOptions::default();
    let response = pipeline.send(&options.context, &mut request, None).await?;
    let body = response.body().clone().into_string()?;
    Ok((response.status(), body))
}

#[tokio::test]
async fn our_credential_opens_the_store_in_an_official_pipeline() {
    let world = World::start().await;
    world.write("/a.txt", "hello").await;
    let (status, body) = list(&world, ours(&world, &right(&world))).await.unwrap();
    assert_eq!(status, StatusCode::Ok);
    assert!(body.contains("\"pathSuffix\":\"a.txt\""), "{body}");

    let error = list(&world, ours(&world, "wrong")).await.unwrap_err();
    let error = our_error(&error).unwrap();
    assert_eq!(error.code(), Some("AADSTS7000215"));
}
