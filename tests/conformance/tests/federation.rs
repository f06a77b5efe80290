//! People whose password only a federation server knows sign in to the lake through the SDK's credential.

use std::sync::Arc;

use aad_core::{Cloud, ErrorKind, Result, TokenCredential, TokenRequest};
use aad_identity::{EnvironmentCredential, UsernamePasswordCredential};
use adls_fs::FileSystem;
use bytes::Bytes;
use conformance::{World, at};

/// The Azure CLI's id, with which programs sign people in that have none of their own.
const CLI: &str = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
const FRED: &str = "fred@adatum.example";
const OBJECT_ID: &str = "8d7c1c3a-5d5e-4f0c-9a55-6f1f7e0f1a01";
/// All that XML would take for its own.
const PASSWORD: &str = "p<a>&s's\"]]>";

/// A lake that Fred's organization federates with, and whose federation server is set up like this.
async fn world(federation: &str) -> World {
    World::start_with_directory(&format!(
        "[federation]\ndomains = [\"adatum.example\"]\n{federation}\n\
         [[users]]\nname = \"{FRED}\"\npassword = {PASSWORD:?}\nobject_id = \"{OBJECT_ID}\"\nsuperuser = true\n"
    ))
    .await
}

fn credential(world: &World, name: &str, password: &str) -> UsernamePasswordCredential {
    let context = world.context.clone();
    UsernamePasswordCredential::new(context, "organizations", CLI, name, password)
        .expect("a name and a password")
}

async fn sign_in(world: &World, name: &str, password: &str) -> Result<()> {
    let request = TokenRequest::new(["https://datalake.azure.net//.default"]);
    let token = credential(world, name, password).token(&request).await;
    token.map(drop)
}

#[tokio::test]
async fn a_federated_person_writes_a_file() {
    for federation in [
        "",
        "saml = \"2.0\"",
        "ws_trust = \"2005\"",
        "saml = \"2.0\"\nws_trust = \"2005\"",
    ] {
        let world = world(federation).await;
        let account = world.lake.endpoints().store_account.clone();
        let store = adls_fs::account_url(&account, &Cloud::PUBLIC).unwrap();
        let fred = Arc::new(credential(&world, FRED, PASSWORD));
        let files = FileSystem::gen1(world.context.clone(), &store, fred).unwrap();
        let written = files.create(&at("/of_fred.txt"), Bytes::from("fred")).await;
        written.unwrap_or_else(|error| panic!("{federation}: {error}"));
        let status = files.stat(&at("/of_fred.txt")).await.unwrap();
        let read = files.read(&at("/of_fred.txt")).await.unwrap();
        assert_eq!(read, "fred", "{federation}");
        assert_eq!(status.owner.as_deref(), Some(OBJECT_ID), "{federation}");
    }
}

#[tokio::test]
async fn a_federated_person_needs_variables_only() {
    let world = world("").await;
    let variables = testkit::context::World::new();
    for (name, value) in [
        ("AZURE_TENANT_ID", "organizations"),
        ("AZURE_CLIENT_ID", CLI),
        ("AZURE_USERNAME", FRED),
        ("AZURE_PASSWORD", PASSWORD),
    ] {
        variables.set_var(name, value);
    }
    let context = world
        .context
        .clone()
        .with_environment(variables.environment());
    let request = TokenRequest::new(["https://datalake.azure.net//.default"]);
    let credential = EnvironmentCredential::new(context);
    credential.token(&request).await.unwrap();
}

#[tokio::test]
async fn a_wrong_password_is_refused_by_the_federation_server() {
    let world = world("").await;
    let error = sign_in(&world, FRED, "wrong").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert_eq!(error.code(), Some("FailedAuthentication"), "{error}");
    assert!(error.to_string().contains("the federation server refused"));
    // Nobody learns from the answer whether the name exists.
    let nobody = sign_in(&world, "nobody@adatum.example", PASSWORD).await;
    assert_eq!(nobody.unwrap_err().to_string(), error.to_string());
}

#[tokio::test]
async fn the_clock_of_a_client_that_is_far_off_is_refused() {
    let world = world("").await;
    let elsewhen = testkit::context::World::new();
    elsewhen
        .clock
        .advance(std::time::Duration::from_secs(400 * 86_400));
    let context = elsewhen.context_over_real(world.lake.transport());
    let credential =
        UsernamePasswordCredential::new(context, "organizations", CLI, FRED, PASSWORD).unwrap();
    let request = TokenRequest::new(["https://datalake.azure.net//.default"]);
    let error = credential.token(&request).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert!(
        error.to_string().contains("the federation server refused"),
        "{error}"
    );
}
