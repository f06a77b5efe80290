//! Programs on a machine with an identity: each kind of host, as the lake plays it, and the credentials.

use std::sync::Arc;

use aad_core::context::Environment;
use aad_core::{Context, ErrorKind, TokenCredential, TokenRequest};
use aad_identity::{
    DefaultAzureCredential, ManagedIdentityCredential, ManagedIdentityId, ManagedIdentityOptions,
};
use adls_fs::FileSystem;
use conformance::{World, at};

const HOST: &str = "https://localhost/_lake/identity";

/// These variables and no others.
#[derive(Debug)]
struct Variables(Vec<(&'static str, String)>);

impl Environment for Variables {
    fn var(&self, name: &str) -> Option<String> {
        let found = self.0.iter().find(|(one, _)| *one == name);
        found.map(|(_, value)| value.clone())
    }
}

/// The lake as a program sees it that a host has set these variables for.
fn on(world: &World, variables: Vec<(&'static str, String)>) -> Context {
    let environment = Arc::new(Variables(variables));
    world.context.clone().with_environment(environment)
}

/// The variables of each kind of host, with its secret where it has one.
fn hosts(secret: &str) -> Vec<(&'static str, Vec<(&'static str, String)>)> {
    let at = |path: &str| format!("{HOST}/{path}");
    vec![
        ("the instance metadata service", vec![]),
        (
            "App Service",
            vec![
                ("IDENTITY_ENDPOINT", at("app-service/msi/token")),
                ("IDENTITY_HEADER", secret.to_owned()),
            ],
        ),
        (
            "Azure Arc",
            vec![
                (
                    "IDENTITY_ENDPOINT",
                    at("arc/metadata/identity/oauth2/token"),
                ),
                ("IMDS_ENDPOINT", at("arc")),
            ],
        ),
        (
            "Azure Machine Learning",
            vec![
                ("MSI_ENDPOINT", at("machine-learning")),
                ("MSI_SECRET", secret.to_owned()),
            ],
        ),
        ("Cloud Shell", vec![("MSI_ENDPOINT", at("cloud-shell"))]),
    ]
}

fn options(world: &World) -> ManagedIdentityOptions {
    let keys = world.root().join(".lake").join("identity");
    ManagedIdentityOptions::default()
        .with_retry(aad_core::retry::RetryPolicy::none())
        .with_arc_key_folder(keys)
}

fn request() -> TokenRequest {
    TokenRequest::new(["https://datalake.azure.net//.default"])
}

#[tokio::test]
async fn a_token_of_every_kind_of_host_opens_the_lake() {
    let world = World::start().await;
    let endpoints = world.lake.endpoints();
    let store = adls_fs::account_url(&endpoints.store_account, &aad_core::Cloud::PUBLIC).unwrap();
    world.write("/a.txt", "hello").await;
    for (name, variables) in hosts(endpoints.client_secret.expose()) {
        let context = on(&world, variables);
        let credential = ManagedIdentityCredential::new_opts(context, &options(&world));
        assert_eq!(credential.host(), name);
        let token = credential.token(&request()).await;
        let token = token.unwrap_or_else(|error| panic!("{name}: {error}"));
        let life = token.expires_on - world.context.now();
        assert!(
            (3500..=3600).contains(&life.whole_seconds()),
            "{name}: {life}"
        );
        let files = FileSystem::gen1(world.context.clone(), &store, Arc::new(credential)).unwrap();
        assert_eq!(files.read(&at("/a.txt")).await.unwrap(), "hello", "{name}");
    }
}

#[tokio::test]
async fn an_identity_that_is_named_is_the_machines_or_none() {
    let world = World::start().await;
    let endpoints = world.lake.endpoints();
    let resource = |name: &str| {
        ManagedIdentityId::ResourceId(format!(
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}"
        ))
    };
    let client = |id: &str| ManagedIdentityId::ClientId(id.to_owned());
    let client_id = endpoints.client_id.to_string();
    let nobody = client("00000000-0000-0000-0000-000000000000");
    for (name, variables) in hosts(endpoints.client_secret.expose()) {
        let ask = |identity: &ManagedIdentityId| {
            let context = on(&world, variables.clone());
            let options = options(&world).with_identity(identity.clone());
            let credential = ManagedIdentityCredential::new_opts(context, &options);
            async move {
                credential
                    .token(&request())
                    .await
                    .map_err(|error| error.kind())
            }
        };
        if name == "Cloud Shell" {
            assert_eq!(ask(&nobody).await.unwrap_err(), ErrorKind::Request);
            continue;
        }
        assert!(ask(&client(&client_id)).await.is_ok(), "{name}");
        assert_eq!(
            ask(&nobody).await.unwrap_err(),
            ErrorKind::Credentials,
            "{name}"
        );
        // The administrator is not an identity of the machine.
        let admin = client(&endpoints.admin_client_id.to_string());
        assert_eq!(
            ask(&admin).await.unwrap_err(),
            ErrorKind::Credentials,
            "{name}"
        );
        if name == "Azure Arc" || name == "Azure Machine Learning" {
            continue;
        }
        assert!(ask(&resource("lake")).await.is_ok(), "{name}");
        assert_eq!(
            ask(&resource("other")).await.unwrap_err(),
            ErrorKind::Credentials,
            "{name}"
        );
    }
}

#[tokio::test]
async fn who_cannot_prove_to_run_on_the_machine_gets_nothing() {
    let world = World::start().await;
    for (name, variables) in hosts("wrong") {
        if !matches!(name, "App Service" | "Azure Machine Learning") {
            continue;
        }
        let context = on(&world, variables);
        let credential = ManagedIdentityCredential::new_opts(context, &options(&world));
        let error = credential.token(&request()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Credentials, "{name}");
        assert_eq!(error.status().unwrap(), 401, "{name}");
    }
    // The agent of Azure Arc names a file of its folder, and the credential knows no other folder.
    let (_, arc) = hosts("").swap_remove(2);
    let credential = ManagedIdentityCredential::new(on(&world, arc));
    let error = credential.token(&request()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    // A page in a browser, or a program that was tricked into fetching an address, sends no such header.
    for (header, value) in [
        ("x-none", ""),
        ("metadata", "false"),
        ("x-forwarded-for", "1.2.3.4"),
    ] {
        let url = "http://169.254.169.254/metadata/identity/oauth2/token?resource=https://datalake.azure.net/";
        let request = http::Request::get(url).header(header, value);
        let request = match header {
            "x-forwarded-for" => request.header("metadata", "true"),
            _ => request,
        };
        let request = request.body(bytes::Bytes::new()).unwrap();
        let response = world.context.transport().send(request).await.unwrap();
        assert_eq!(response.status(), 400, "{header}");
    }
}

#[tokio::test]
async fn the_default_chain_finds_the_machines_identity() {
    let world = World::start().await;
    let credential = DefaultAzureCredential::new(on(&world, vec![])).unwrap();
    credential.token(&request()).await.unwrap();
    assert_eq!(credential.chosen(), Some("ManagedIdentityCredential"));
}

#[tokio::test]
async fn a_resource_that_nobody_knows_is_refused() {
    let world = World::start().await;
    let credential = ManagedIdentityCredential::new_opts(on(&world, vec![]), &options(&world));
    let unknown = TokenRequest::new(["https://nothing.example/.default"]);
    let error = credential.token(&unknown).await.unwrap_err();
    assert!(error.to_string().contains("AADSTS500011"), "{error}");
}
