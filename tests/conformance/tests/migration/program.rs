//! Programs that sign in as themselves.

use std::sync::Arc;

use aad_core::{AccessToken, Cloud, Result, Secret, TokenRequest};
use aad_identity::{
    AssertionRequest, AzurePipelinesCredential, ClientAssertionCredential, ClientCertificate,
    ClientCertificateCredential, ClientProof, ClientSecretCredential, FunctionCredential,
    ManagedIdentityCredential, ManagedIdentityId, ManagedIdentityOptions, OnBehalfOfCredential,
    StaticTokenCredential, UsernamePasswordCredential, WorkloadIdentityCredential,
};
use conformance::people::SCOPE;

use crate::given::{CERTIFICATE, Given, KEY};

/// `lib.auth(tenant_id=tenant, client_id=client_id, client_secret=secret)`
/// `ServicePrincipalCredentials(client_id, secret, tenant=tenant)`
/// `context.acquire_token_with_client_credentials(resource, client_id, secret)`
/// `AdalAuthentication(context.acquire_token_with_client_credentials, resource, client_id, secret)`
/// `ConfidentialClientApplication(client_id, secret).acquire_token_for_client(scopes)`
/// `ClientSecretCredential(tenant, client_id, secret)`
#[tokio::test]
async fn an_application_with_its_secret() -> Result<()> {
    let given = Given::a_lake().await;
    let (context, tenant, client_id, secret) = given.application();
    let credential = ClientSecretCredential::new(context, tenant, client_id, secret)?;
    given.opens_the_store(credential).await
}

/// `context.acquire_token_with_client_certificate(resource, client_id, key, thumbprint)`
/// `ConfidentialClientApplication(client_id, {"private_key": key, "thumbprint": thumbprint})`
#[tokio::test]
async fn an_application_with_its_key_and_a_thumbprint() -> Result<()> {
    let given = Given::a_lake().await;
    let (_, tenant, client_id, _) = given.application();
    let context = given.real_time();
    let key = KEY;
    let whole = ClientCertificate::read([KEY, CERTIFICATE].concat(), None)?;
    let thumbprint = &whole.thumbprint();
    let certificate = ClientCertificate::from_key_and_thumbprint(key, thumbprint, None)?;
    let credential = ClientCertificateCredential::new(context, tenant, client_id, certificate)?;
    given.opens_the_store(credential).await
}

/// `context.acquire_token_with_client_certificate(resource, client_id, key, thumbprint, public_certificate)`
/// `ConfidentialClientApplication(client_id, {"private_key": key, "public_certificate": public_certificate})`
/// `CertificateCredential(tenant, client_id, certificate_data=pem, send_certificate_chain=True)`
#[tokio::test]
async fn an_application_that_sends_its_certificate_along() -> Result<()> {
    let given = Given::a_lake().await;
    let (_, tenant, client_id, _) = given.application();
    let context = given.real_time();
    let pem = [KEY, CERTIFICATE].concat();
    let certificate = ClientCertificate::read(pem, None)?.send_certificate_chain();
    let credential = ClientCertificateCredential::new(context, tenant, client_id, certificate)?;
    given.opens_the_store(credential).await
}

/// `CertificateCredential(tenant, client_id, certificate_data=content, password=password)`
/// `ConfidentialClientApplication(client_id, {"private_key_pfx_path": path, "passphrase": password})`
#[tokio::test]
async fn an_application_with_a_file_that_has_a_password() -> Result<()> {
    let given = Given::a_lake().await;
    let (_, tenant, client_id, _) = given.application();
    let context = given.real_time();
    let password = Secret::new("pässword");
    let content =
        include_bytes!("../../../../crates/aad-identity/tests/certificates/modern.pfx").as_slice();
    let certificate = ClientCertificate::read(content, Some(&password))?;
    let credential = ClientCertificateCredential::new(context, tenant, client_id, certificate)?;
    given.opens_the_store(credential).await
}

/// `ConfidentialClientApplication(client_id, {"client_assertion": assert})`
/// `ClientAssertionCredential(tenant, client_id, assert)`
#[tokio::test]
async fn an_application_with_what_somebody_asserts() -> Result<()> {
    let given = Given::a_lake().await;
    let (context, tenant, client_id, _) = given.application();
    let assertion = given.assertion().await;
    let assert = move |_: AssertionRequest| {
        let assertion = assertion.clone();
        async { Ok(assertion) }
    };
    let credential = ClientAssertionCredential::new(context, tenant, client_id, assert)?;
    given.opens_the_store(credential).await
}

/// What a caller sends to the service.
async fn callers_token(given: &Given) -> Result<Secret> {
    let (context, tenant, cli) = given.public();
    let (user, password) = (given.user, given.password);
    let caller = UsernamePasswordCredential::new(context, tenant, cli, user, password)?;
    let own = TokenRequest::new([format!("api://{}/.default", given.client_id)]);
    Ok(aad_core::TokenCredential::token(&caller, &own).await?.token)
}

/// `ConfidentialClientApplication(client_id, secret).acquire_token_on_behalf_of(user_assertion, scopes)`
/// `OnBehalfOfCredential(tenant, client_id, client_secret=secret, user_assertion=user_assertion)`
#[tokio::test]
async fn a_service_on_behalf_of_its_caller() -> Result<()> {
    let given = Given::a_lake().await;
    let user_assertion = callers_token(&given).await?;
    let (context, tenant, client_id, secret) = given.application();
    let credential = OnBehalfOfCredential::new(context, tenant, client_id, secret, user_assertion)?;
    given.opens_the_store(credential).await
}

/// `OnBehalfOfCredential(tenant, client_id, client_certificate=pem, user_assertion=user_assertion)`
#[tokio::test]
async fn a_service_with_a_certificate_on_behalf_of_its_caller() -> Result<()> {
    let given = Given::a_lake().await;
    let user_assertion = callers_token(&given).await?;
    let (_, tenant, client_id, _) = given.application();
    let context = given.real_time();
    let pem = [KEY, CERTIFICATE].concat();
    let certificate = ClientCertificate::read(pem, None)?;
    let credential =
        OnBehalfOfCredential::new(context, tenant, client_id, certificate, user_assertion)?;
    given.opens_the_store(credential).await
}

/// `OnBehalfOfCredential(tenant, client_id, client_assertion_func=assert, user_assertion=user_assertion)`
#[tokio::test]
async fn a_service_that_somebody_vouches_for_on_behalf_of_its_caller() -> Result<()> {
    let given = Given::a_lake().await;
    let user_assertion = callers_token(&given).await?;
    let (context, tenant, client_id, _) = given.application();
    let assertion = given.assertion().await;
    let assert = move |_| std::future::ready(Ok(assertion.clone()));
    let proof = ClientProof::assertion(assert);
    let credential = OnBehalfOfCredential::new(context, tenant, client_id, proof, user_assertion)?;
    given.opens_the_store(credential).await
}

/// `MSIAuthentication()`
/// `ManagedIdentityClient(SystemAssignedManagedIdentity()).acquire_token_for_client(resource=resource)`
/// `ManagedIdentityCredential()`
#[tokio::test]
async fn what_the_program_runs_on() -> Result<()> {
    let given = Given::a_lake().await;
    let context = given.real_time();
    let credential = ManagedIdentityCredential::new(context);
    given.opens_the_store(credential).await
}

/// `MSIAuthentication(client_id=client_id)`
/// `ManagedIdentityClient(UserAssignedManagedIdentity(client_id=client_id))`
/// `ManagedIdentityCredential(client_id=client_id)`
#[tokio::test]
async fn an_identity_of_what_the_program_runs_on_by_its_client_id() -> Result<()> {
    let given = Given::a_lake().await;
    let (context, client_id) = (given.real_time(), given.client_id);
    let identity = ManagedIdentityId::ClientId(client_id.into());
    let options = ManagedIdentityOptions::default().with_identity(identity);
    let credential = ManagedIdentityCredential::new_opts(context, &options);
    given.opens_the_store(credential).await
}

/// `MSIAuthentication(msi_res_id=resource_id)`
/// `ManagedIdentityClient(UserAssignedManagedIdentity(resource_id=resource_id))`
/// `ManagedIdentityCredential(identity_config={"resource_id": resource_id})`
#[tokio::test]
async fn an_identity_of_what_the_program_runs_on_by_its_resource() -> Result<()> {
    let given = Given::a_lake().await;
    let context = given.real_time();
    let resource_id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/lake";
    let identity = ManagedIdentityId::ResourceId(resource_id.into());
    let options = ManagedIdentityOptions::default().with_identity(identity);
    let credential = ManagedIdentityCredential::new_opts(context, &options);
    given.opens_the_store(credential).await
}

/// `WorkloadIdentityCredential()`
#[tokio::test]
async fn a_workload_in_kubernetes() -> Result<()> {
    let given = Given::a_lake().await;
    let machine = &given.people.machine;
    machine
        .files
        .write("/var/token", given.assertion().await.expose());
    machine.set_var("AZURE_FEDERATED_TOKEN_FILE", "/var/token");
    machine.set_var("AZURE_TENANT_ID", given.tenant);
    machine.set_var("AZURE_CLIENT_ID", given.client_id);
    let context = given.context.clone();
    let credential = WorkloadIdentityCredential::new(context);
    given.opens_the_store(credential).await
}

/// `AzurePipelinesCredential(tenant, client_id, service_connection_id, system_access_token)`
#[tokio::test]
async fn a_job_of_azure_pipelines() -> Result<()> {
    let given = Given::a_lake().await;
    let assertion = given.assertion().await;
    let answer = format!(r#"{{"oidcToken":"{}"}}"#, assertion.expose());
    let context = given.on_platform("dev.azure.com", answer);
    let machine = &given.people.machine;
    machine.set_var(
        "SYSTEM_OIDCREQUESTURI",
        "https://dev.azure.com/o/_apis/oidctoken",
    );
    let (_, tenant, client_id, _) = given.application();
    let (service_connection_id, system_access_token) = ("connection", "s3cr3t");
    let credential = AzurePipelinesCredential::new(
        context,
        tenant,
        client_id,
        service_connection_id,
        system_access_token,
    )?;
    given.opens_the_store(credential).await
}

/// `AADTokenCredentials({"accessToken": access_token})`
#[tokio::test]
async fn a_token_that_was_handed_over() -> Result<()> {
    let given = Given::a_lake().await;
    let context = given.real_time();
    let (scope, access_token) = (SCOPE, given.token().await);
    let expires_on = context.time_in(std::time::Duration::from_secs(3600));
    let token = AccessToken::new(access_token, expires_on);
    let credential = StaticTokenCredential::new(context, scope, token);
    given.opens_the_store(credential).await
}

/// `AdalAuthentication(obtain)`
#[tokio::test]
async fn a_token_that_a_function_obtains() -> Result<()> {
    let given = Given::a_lake().await;
    let context = given.context.clone();
    let source = Arc::clone(&given.people.world.credential);
    let obtain = move |wanted: TokenRequest| {
        let source = Arc::clone(&source);
        async move { source.token(&wanted).await }
    };
    let credential = FunctionCredential::new(context, obtain);
    given.opens_the_store(credential).await
}

/// `core.AzureDLFileSystem(token, store_name=name)`
#[tokio::test]
async fn files_of_a_store() -> Result<()> {
    let given = Given::a_lake().await;
    let world = &given.people.world;
    world.write("/a.txt", "hello").await;
    let (context, credential) = (world.context.clone(), world.credential.clone());
    let name = &world.lake.endpoints().store_account;
    let url = adls_fs::account_url(name, &Cloud::PUBLIC).expect("a name");
    let files = adls_fs::FileSystem::gen1(context, &url, credential).expect("an address");
    let path = conformance::at("/a.txt");
    assert_eq!(files.read(&path).await.expect("it is there"), "hello");
    Ok(())
}

/// `DataLakeAnalyticsJobManagementClient(credentials, suffix)`
#[tokio::test]
async fn jobs_of_an_account() -> Result<()> {
    let given = Given::a_lake().await;
    let world = &given.people.world;
    let (context, credential) = (world.context.clone(), world.credential.clone());
    let name = &world.lake.endpoints().analytics_account;
    let url = adla_jobs::account_url(name, &Cloud::PUBLIC).expect("a name");
    let jobs = adla_jobs::JobClient::new(context, &url, credential).expect("an address");
    let script =
        "@a = SELECT * FROM (VALUES (1)) AS T(n); OUTPUT @a TO \"/o.csv\" USING Outputters.Csv();";
    let submission = adla_jobs::Submission::new("row", script);
    let job = jobs
        .submit(&submission)
        .await
        .expect("the lake takes a job");
    world
        .jobs
        .wait(job.id)
        .await
        .expect("it ends")
        .ensure_succeeded()
        .expect("it succeeds");
    Ok(())
}
