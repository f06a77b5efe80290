//! What `azure.identity` has beside one credential a flow: chains, tools, errors.

use std::sync::Arc;
use std::time::Duration;

use aad_core::{ErrorKind, Result, TokenCredential, TokenRequest};
use aad_identity::{
    AttemptReport, AzureDeveloperCliCredential, AzurePowerShellCredential, ChainedTokenCredential,
    ClientSecretCredential, DefaultAzureCredential, DefaultAzureOptions, DefaultSource,
    EnvironmentCredential,
};
use conformance::people::SCOPE;
use testkit::context::Run;

use crate::given::{Given, request};

fn name_the_application(given: &Given) {
    let machine = &given.people.machine;
    machine.set_var("AZURE_TENANT_ID", given.tenant);
    machine.set_var("AZURE_CLIENT_ID", given.client_id);
    machine.set_var("AZURE_CLIENT_SECRET", given.secret);
}

/// `DefaultAzureCredential()`
/// `CredentialWrapper()`
#[tokio::test]
async fn whoever_is_signed_in_here() -> Result<()> {
    let given = Given::a_lake().await;
    name_the_application(&given);
    let context = given.context.clone();
    let credential = DefaultAzureCredential::new(context)?;
    given.opens_the_store(credential).await
}

/// `DefaultAzureCredential(exclude_managed_identity_credential=True)`
#[tokio::test]
async fn whoever_is_signed_in_here_but_one() -> Result<()> {
    let given = Given::a_lake().await;
    let context = given.context.clone();
    let options = DefaultAzureOptions::default().without(DefaultSource::ManagedIdentity);
    let credential = DefaultAzureCredential::new_opts(context, &options)?;
    // The machine has an identity, and it is not asked.
    let error = credential.token(&request()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    Ok(())
}

/// `EnvironmentCredential()`
#[tokio::test]
async fn whoever_the_variables_name() -> Result<()> {
    let given = Given::a_lake().await;
    name_the_application(&given);
    let context = given.context.clone();
    let credential = EnvironmentCredential::new(context);
    given.opens_the_store(credential).await
}

/// `ChainedTokenCredential(first, second)`
#[tokio::test]
async fn whoever_comes_first() -> Result<()> {
    let given = Given::a_lake().await;
    let (context, tenant, client_id, secret) = given.application();
    let first = Arc::new(EnvironmentCredential::new(context.clone()));
    let second = ClientSecretCredential::new(context, tenant, client_id, secret)?;
    let second = Arc::new(second);
    let credential = ChainedTokenCredential::new()
        .then("first", first)
        .then("second", second);
    credential.token(&request()).await?;
    assert_eq!(credential.chosen(), Some("second"));
    given.opens_the_store(credential).await
}

/// `AzurePowerShellCredential()`
#[tokio::test]
async fn whoever_is_signed_in_to_azure_powershell() -> Result<()> {
    let given = Given::a_lake().await;
    let token = given.token().await;
    let expires = given.context.time_in(Duration::from_secs(3600));
    let printed = format!("\nazsdk%{token}%{}\n", expires.unix_timestamp());
    let machine = &given.people.machine;
    machine
        .processes
        .install(move |_| Run::ends(0, &printed, ""));
    let context = given.context.clone();
    let credential = AzurePowerShellCredential::new(context);
    given.opens_the_store(credential).await
}

/// `AzureDeveloperCliCredential()`
#[tokio::test]
async fn whoever_is_signed_in_to_the_azure_developer_cli() -> Result<()> {
    let given = Given::a_lake().await;
    let token = given.token().await;
    let printed = format!(r#"{{"token":"{token}","expiresOn":"2099-11-20T15:11:12Z"}}"#);
    let machine = &given.people.machine;
    machine
        .processes
        .install(move |_| Run::ends(0, &printed, ""));
    let context = given.context.clone();
    let credential = AzureDeveloperCliCredential::new(context);
    given.opens_the_store(credential).await
}

/// `get_bearer_token_provider(credential, scope)`
#[tokio::test]
async fn the_text_of_a_token() -> Result<()> {
    let given = Given::a_lake().await;
    let (credential, scope) = (Arc::clone(&given.people.world.credential), SCOPE);
    let request = TokenRequest::new([scope]);
    let token = credential.token(&request).await?.token;
    assert!(!token.is_empty());
    Ok(())
}

/// `except CredentialUnavailableError`
#[tokio::test]
async fn a_credential_that_is_not_configured_here() -> Result<()> {
    let given = Given::a_lake().await;
    let credential = EnvironmentCredential::new(given.context.clone());
    let error = credential.token(&request()).await.unwrap_err();
    assert!(error.kind() == ErrorKind::Unavailable);
    Ok(())
}

/// `except AdalError as error: error.error_response["error_codes"]`
/// `result["error_codes"]`
/// `except ClientAuthenticationError as error: error.message`
#[tokio::test]
async fn what_the_authority_said() -> Result<()> {
    let given = Given::a_lake().await;
    let (context, tenant, client_id, _) = given.application();
    let credential = ClientSecretCredential::new(context, tenant, client_id, "wrong")?;
    let error = credential.token(&request()).await.unwrap_err();
    let (kind, code) = (error.kind(), error.code());
    assert_eq!(
        (kind, code),
        (ErrorKind::Credentials, Some("AADSTS7000215"))
    );
    Ok(())
}

/// `str(error)  # of a failed chain`
#[tokio::test]
async fn what_each_source_of_a_chain_said() -> Result<()> {
    let given = Given::a_lake().await;
    let context = given.context.clone();
    let source = Arc::new(EnvironmentCredential::new(context));
    let credential = ChainedTokenCredential::new().then("environment", source);
    let error = credential.token(&request()).await.unwrap_err();
    let report = AttemptReport::of(&error);
    let report = report.map(ToString::to_string).unwrap_or_default();
    assert!(report.contains("AZURE_TENANT_ID"), "{report}");
    Ok(())
}
