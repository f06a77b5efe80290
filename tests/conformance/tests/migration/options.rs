//! What was an argument of the old calls and is an option or a part of the request now; what the
//! authority is sent shows it.

use aad_core::scope::resource_to_scope;
use aad_core::{Cloud, Context, Result, TokenCredential, TokenRequest};
use aad_identity::{ClientSecretCredential, CredentialOptions, Protocol};
use testkit::context::{World, json};

use crate::given::request;

/// What an application with these options sends to the token endpoint: the address and the form.
async fn sent(options: CredentialOptions, request: TokenRequest) -> Result<(String, String)> {
    let world = World::new();
    world.transport.always(|request| {
        let answer = match request.method().as_str() {
            "GET" => r#"{"tenant_discovery_endpoint":"https://x.example/"}"#,
            _ => r#"{"access_token":"t","expires_in":3600}"#,
        };
        json(200, answer).into()
    });
    let context: Context = world.context();
    let credential =
        ClientSecretCredential::new_opts(context, "contoso.com", "app", "s3cr3t", &options)?;
    credential.token(&request).await?;
    let mut requests = world.transport.requests();
    let last = requests.pop().expect("it asks");
    let form = String::from_utf8_lossy(last.body()).into_owned();
    Ok((last.uri().to_string(), form))
}

/// `adal.AuthenticationContext('https://login.microsoftonline.us/' + tenant)`
/// `lib.auth(tenant, authority='https://login.microsoftonline.us/')`
/// `ConfidentialClientApplication(client_id, secret, authority='https://login.microsoftonline.us/' + tenant)`
#[tokio::test]
async fn another_authority() -> Result<()> {
    let options = CredentialOptions::default().with_authority("https://login.microsoftonline.us");
    let (address, _) = sent(options, request()).await?;
    let expected = "https://login.microsoftonline.us/contoso.com/oauth2/v2.0/token";
    assert_eq!(address, expected);
    Ok(())
}

/// `ServicePrincipalCredentials(client_id, secret, cloud_environment=AZURE_CHINA_CLOUD)`
/// `ClientSecretCredential(tenant, client_id, secret, authority=AzureAuthorityHosts.AZURE_CHINA)`
#[tokio::test]
async fn another_cloud() -> Result<()> {
    let options = CredentialOptions::default().with_cloud(Cloud::CHINA);
    let (address, _) = sent(options, request()).await?;
    let expected = "https://login.chinacloudapi.cn/contoso.com/oauth2/v2.0/token";
    assert_eq!(address, expected);
    Ok(())
}

/// `adal.AuthenticationContext(authority, validate_authority=False)`
/// `ConfidentialClientApplication(client_id, secret, instance_discovery=False)`
/// `ClientSecretCredential(tenant, client_id, secret, disable_instance_discovery=True)`
#[tokio::test]
async fn an_authority_that_azure_ad_does_not_know() -> Result<()> {
    let authority = "https://login.private.example";
    let options = CredentialOptions::default()
        .with_authority(authority)
        .without_instance_discovery();
    let (address, _) = sent(options, request()).await?;
    assert!(address.starts_with(authority), "{address}");
    Ok(())
}

/// `adal.AuthenticationContext(authority, api_version='1.0')`
#[tokio::test]
async fn the_protocol_of_old() -> Result<()> {
    let options = CredentialOptions::default().with_protocol(Protocol::V1);
    let (address, form) = sent(options, request()).await?;
    assert!(address.contains("/contoso.com/oauth2/token?"), "{address}");
    assert!(
        form.contains("resource=https%3A%2F%2Fdatalake.azure.net%2F"),
        "{form}"
    );
    Ok(())
}

/// `context.acquire_token_with_client_credentials('https://datalake.azure.net/', ...)`
/// `lib.auth(..., resource='https://datalake.azure.net/')`
#[tokio::test]
async fn a_resource() -> Result<()> {
    let request = TokenRequest::new([resource_to_scope("https://datalake.azure.net/")]);
    let (_, form) = sent(CredentialOptions::default(), request).await?;
    assert!(
        form.contains("scope=https%3A%2F%2Fdatalake.azure.net%2F%2F.default"),
        "{form}"
    );
    Ok(())
}

/// `ConfidentialClientApplication(client_id, secret, azure_region=region)`
#[tokio::test]
async fn a_region() -> Result<()> {
    let options = CredentialOptions::default().with_region("westeurope");
    let (address, _) = sent(options, request()).await?;
    assert!(
        address.starts_with("https://westeurope.login.microsoft.com/"),
        "{address}"
    );
    Ok(())
}

/// `credential.get_token(scope, tenant_id='fabrikam.com')`
#[tokio::test]
async fn another_tenant_for_one_request() -> Result<()> {
    let options = CredentialOptions::default().with_additionally_allowed_tenant("fabrikam.com");
    let request = request().with_tenant("fabrikam.com");
    let (address, _) = sent(options, request).await?;
    assert!(address.contains("/fabrikam.com/"), "{address}");
    Ok(())
}

/// `app.acquire_token_for_client(scopes, claims_challenge=claims)`
/// `credential.get_token(scope, claims=claims)`
#[tokio::test]
async fn claims_that_a_service_asks_for() -> Result<()> {
    let claims = r#"{"access_token":{"nbf":{"essential":true,"value":"1"}}}"#;
    let request = request().with_claims(claims);
    let (_, form) = sent(CredentialOptions::default(), request).await?;
    assert!(form.contains("claims=%7B%22access_token%22"), "{form}");
    Ok(())
}

/// `ConfidentialClientApplication(client_id, secret, client_capabilities=["CP1"])`
/// `credential.get_token(scope, enable_cae=True)`
#[tokio::test]
async fn continuous_access_evaluation() -> Result<()> {
    let request = request().with_cae();
    let (_, form) = sent(CredentialOptions::default(), request).await?;
    assert!(form.contains("CP1"), "{form}");
    Ok(())
}
