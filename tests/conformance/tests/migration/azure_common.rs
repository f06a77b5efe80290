//! What `azure-common` made clients of: files and the Azure CLI.

use std::path::Path;

use aad_core::{Cloud, Result};
use aad_identity::{AuthFile, AzureCliCredential, CliProfile, DeveloperToolOptions};
use serde_json::json;
use testkit::context::Run;

use crate::given::Given;

/// As `az ad sp create-for-rbac --sdk-auth` writes it.
fn config(given: &Given) -> String {
    json!({
        "subscriptionId": "1111",
        "tenantId": given.tenant,
        "clientId": given.client_id,
        "clientSecret": given.secret,
        "activeDirectoryEndpointUrl": "https://login.microsoftonline.com",
        "resourceManagerEndpointUrl": "https://management.azure.com/",
        "activeDirectoryGraphResourceId": "https://graph.windows.net/",
        "sqlManagementEndpointUrl": "https://management.core.windows.net:8443/",
        "galleryEndpointUrl": "https://gallery.azure.com/",
        "managementEndpointUrl": "https://management.core.windows.net/",
    })
    .to_string()
}

/// `get_client_from_auth_file(SubscriptionClient)`
#[tokio::test]
async fn the_application_of_the_file_that_a_variable_names() -> Result<()> {
    let given = Given::a_lake().await;
    let machine = &given.people.machine;
    machine.set_var("AZURE_AUTH_LOCATION", "/credentials.json");
    machine.files.write("/credentials.json", config(&given));
    let context = given.context.clone();
    let file = AuthFile::from_env(&context).await?;
    let credential = file.credential(&context).await?;
    assert_eq!(file.subscription_id.as_deref(), Some("1111"));
    given.opens_the_store_for(credential).await
}

/// `get_client_from_auth_file(SubscriptionClient, auth_path=path)`
#[tokio::test]
async fn the_application_of_a_file() -> Result<()> {
    let given = Given::a_lake().await;
    let path = Path::new("/credentials.json");
    given.people.machine.files.write(path, config(&given));
    let context = given.context.clone();
    let file = AuthFile::read(&context, path).await?;
    let credential = file.credential(&context).await?;
    assert_eq!(file.cloud(), Some(Cloud::PUBLIC));
    given.opens_the_store_for(credential).await
}

/// `get_client_from_json_dict(SubscriptionClient, config)`
#[tokio::test]
async fn the_application_of_a_json_value() -> Result<()> {
    let given = Given::a_lake().await;
    let config = config(&given);
    let context = given.context.clone();
    let file = AuthFile::parse(config)?;
    let credential = file.credential(&context).await?;
    assert_eq!(file.scope()?, "https://management.azure.com//.default");
    given.opens_the_store_for(credential).await
}

/// `get_client_from_cli_profile(SubscriptionClient)`
/// `get_azure_cli_credentials(with_tenant=True)`
#[tokio::test]
async fn whoever_is_signed_in_to_the_azure_cli_with_the_subscription() -> Result<()> {
    let given = Given::a_lake().await;
    let machine = &given.people.machine;
    machine.set_var("AZURE_CONFIG_DIR", "/azure");
    let profile = json!({"subscriptions": [{
        "id": "1111", "name": "Pay", "isDefault": true, "tenantId": given.tenant,
        "environmentName": "AzureCloud", "user": {"name": "u@contoso.com", "type": "user"},
    }]});
    machine
        .files
        .write("/azure/azureProfile.json", profile.to_string());
    let printed = az_prints(&given).await;
    machine.processes.install(move |command| {
        assert!(command.arguments.contains(&"1111".into()));
        Run::ends(0, &printed, "")
    });
    let context = given.context.clone();
    let options = DeveloperToolOptions::default();
    let profile = CliProfile::load(&context).await?;
    let subscription = profile.default_subscription()?;
    let credential = AzureCliCredential::for_subscription(context, &subscription.id, options);
    assert_eq!(subscription.tenant, given.tenant);
    assert_eq!(subscription.cloud(), Some(Cloud::PUBLIC));
    given.opens_the_store(credential).await
}

/// `AzureCliCredential()`
#[tokio::test]
async fn whoever_is_signed_in_to_the_azure_cli() -> Result<()> {
    let given = Given::a_lake().await;
    let printed = az_prints(&given).await;
    let machine = &given.people.machine;
    machine
        .processes
        .install(move |_| Run::ends(0, &printed, ""));
    let context = given.context.clone();
    let credential = AzureCliCredential::new(context);
    given.opens_the_store(credential).await
}

/// The Azure CLI's own output, in the time of the machine on which it runs.
async fn az_prints(given: &Given) -> String {
    let expires = given.context.time_in(std::time::Duration::from_secs(3600));
    let (token, expires) = (given.token().await, expires.unix_timestamp());
    json!({"accessToken": token, "expires_on": expires}).to_string()
}
