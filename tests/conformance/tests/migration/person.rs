//! People who sign in.

use aad_core::{Result, TokenCredential};
use aad_identity::{
    AZURE_CLI_CLIENT_ID, AuthorizationCode, AuthorizationCodeCredential, AuthorizationRequest,
    CredentialOptions, DeviceCodeCredential, DeviceCodeEvent, DeviceCodePrompt,
    InteractiveBrowserCredential, RefreshTokenCredential, StoreEnvironmentCredential,
    UsernamePasswordCredential,
};
use conformance::people::{People, SCOPE};
use futures::channel::mpsc::{UnboundedReceiver, unbounded};
use futures::future::join;
use futures::{Stream, StreamExt as _};
use testkit::context::Run;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::given::{Given, request};

/// What shows a prompt to a person, and where the person looks.
fn screen() -> (
    impl Fn(&DeviceCodePrompt) + Send + Sync + 'static,
    UnboundedReceiver<DeviceCodePrompt>,
) {
    let (shown, seen) = unbounded();
    let show = move |prompt: &DeviceCodePrompt| {
        shown
            .unbounded_send(prompt.clone())
            .expect("somebody looks");
    };
    (show, seen)
}

/// A person sees one prompt and does what it says, while a program waits for that.
async fn follow(people: &People, mut seen: UnboundedReceiver<DeviceCodePrompt>) {
    let prompt = seen.next().await.expect("a prompt");
    let page = people.enter(&prompt).await;
    people.sign_in(&page).await;
}

async fn prompted(
    given: &Given,
    credential: impl TokenCredential + 'static,
    seen: UnboundedReceiver<DeviceCodePrompt>,
) -> Result<()> {
    let request = request();
    let (token, ()) = join(credential.token(&request), follow(&given.people, seen)).await;
    token?;
    given.opens_the_store(credential).await
}

/// `lib.auth(tenant_id=tenant)`
#[tokio::test]
async fn a_person_on_another_device_where_only_a_tenant_is_given() -> Result<()> {
    let given = Given::a_lake().await;
    let (context, tenant, _) = given.public();
    let (show, seen) = screen();
    let credential = DeviceCodeCredential::new(context, tenant, AZURE_CLI_CLIENT_ID, show)?;
    prompted(&given, credential, seen).await
}

/// `lib.auth(tenant, client_id=client_id, require_2fa=True)`
/// `DeviceCodeCredential(client_id, tenant_id=tenant, prompt_callback=show)`
#[tokio::test]
async fn a_person_on_another_device() -> Result<()> {
    let given = Given::a_lake().await;
    let (context, tenant, client_id) = given.public();
    let (show, seen) = screen();
    let credential = DeviceCodeCredential::new(context, tenant, client_id, show)?;
    prompted(&given, credential, seen).await
}

/// `lib.auth()`
#[tokio::test]
async fn whoever_the_variables_of_azure_datalake_store_name() -> Result<()> {
    let given = Given::a_lake().await;
    let machine = &given.people.machine;
    machine.set_var("azure_tenant_id", given.tenant);
    let (show, seen) = screen();
    let context = given.context.clone();
    let credential = StoreEnvironmentCredential::new(context, show);
    prompted(&given, credential, seen).await?;

    machine.set_var("azure_client_id", given.client_id);
    machine.set_var("azure_client_secret", given.secret);
    let credential = StoreEnvironmentCredential::new(given.context.clone(), |_| {});
    given.opens_the_store(credential).await?;

    machine.set_var("azure_username", given.user);
    machine.set_var("azure_password", given.password);
    machine.set_var("azure_client_id", AZURE_CLI_CLIENT_ID);
    let credential = StoreEnvironmentCredential::new(given.context.clone(), |_| {});
    given.opens_the_store(credential).await
}

async fn signed_in(events: &mut (impl Stream<Item = Result<DeviceCodeEvent>> + Unpin)) -> bool {
    matches!(events.next().await, Some(Ok(DeviceCodeEvent::SignedIn(_))))
}

/// `context.acquire_user_code(resource, client_id)`
/// `PublicClientApplication(client_id).initiate_device_flow(scopes)`
#[tokio::test]
async fn a_code_for_a_program_that_shows_it_in_its_own_way() -> Result<()> {
    let given = Given::a_lake().await;
    let (context, tenant, client_id) = given.public();
    let credential = DeviceCodeCredential::new(context, tenant, client_id, |_| {})?;
    let request = request();
    let mut events = credential.sign_in(&request);
    let code = events.next().await;
    let Some(Ok(DeviceCodeEvent::Prompt(prompt))) = code else {
        panic!("no prompt: {code:?}")
    };
    let page = given.people.enter(&prompt).await;
    given.people.sign_in(&page).await;
    assert!(signed_in(&mut events).await);
    given.opens_the_store(credential).await
}

/// `context.acquire_token_with_device_code(resource, code, client_id)`
/// `PublicClientApplication(client_id).acquire_token_by_device_flow(flow)`
#[tokio::test]
async fn the_token_when_the_person_has_entered_the_code() -> Result<()> {
    let given = Given::a_lake().await;
    let (context, tenant, client_id) = given.public();
    let credential = DeviceCodeCredential::new(context, tenant, client_id, |_| {})?;
    let mut events = credential.sign_in(&request());
    let Some(DeviceCodeEvent::Prompt(prompt)) = events.next().await.transpose()? else {
        panic!("no prompt")
    };
    let page = given.people.enter(&prompt).await;
    given.people.sign_in(&page).await;
    let token = events.next().await;
    assert!(matches!(token, Some(Ok(DeviceCodeEvent::SignedIn(_)))));
    given.opens_the_store(credential).await
}

/// `context.cancel_request_to_get_token_with_device_code(code)`
#[tokio::test]
async fn a_program_that_waits_no_longer() -> Result<()> {
    let given = Given::a_lake().await;
    let (context, tenant, client_id) = given.public();
    let credential = DeviceCodeCredential::new(context, tenant, client_id, |_| {})?;
    let mut events = credential.sign_in(&request());
    assert!(events.next().await.is_some());
    drop(events);
    assert!(credential.refresh_token().is_none());
    Ok(())
}

/// `lib.auth(tenant, user, password, client_id)`
/// `context.acquire_token_with_username_password(resource, user, password, client_id)`
/// `PublicClientApplication(client_id).acquire_token_by_username_password(user, password, scopes)`
/// `UsernamePasswordCredential(client_id, user, password, tenant_id=tenant)`
#[tokio::test]
async fn a_person_with_a_password() -> Result<()> {
    let given = Given::a_lake().await;
    let (context, tenant, client_id) = given.public();
    let (user, password) = (given.user, given.password);
    let credential = UsernamePasswordCredential::new(context, tenant, client_id, user, password)?;
    given.opens_the_store(credential).await
}

/// `UserPassCredentials(user, password)`
#[tokio::test]
async fn a_person_of_any_tenant_with_a_password() -> Result<()> {
    let given = Given::a_lake().await;
    let context = given.context.clone();
    let (user, password) = (given.user, given.password);
    let credential =
        UsernamePasswordCredential::new(context, "common", AZURE_CLI_CLIENT_ID, user, password)?;
    given.opens_the_store(credential).await
}

/// `UserPassCredentials(user, password, client_id, secret, tenant=tenant)`
#[tokio::test]
async fn a_person_with_a_password_through_an_application_with_a_secret() -> Result<()> {
    let given = Given::a_lake().await;
    let (context, tenant, client_id, secret) = given.application();
    let (user, password) = (given.user, given.password);
    let secret = Some(secret.into());
    let options = &CredentialOptions::default();
    let credential = UsernamePasswordCredential::new_opts(
        context, tenant, client_id, user, password, secret, options,
    )?;
    given.opens_the_store(credential).await
}

const REDIRECT: &str = "http://localhost:8400";

/// `'https://login.windows.net/{}/oauth2/authorize?response_type=code&...'.format(...)`
/// `PublicClientApplication(client_id).get_authorization_request_url(scopes, redirect_uri=redirect_uri)`
/// `PublicClientApplication(client_id).initiate_auth_code_flow(scopes, redirect_uri)`
#[tokio::test]
async fn the_address_to_send_a_browser_to() -> Result<()> {
    let given = Given::a_lake().await;
    let (context, tenant, client_id) = given.public();
    let (redirect_uri, scope) = (REDIRECT, SCOPE);
    let request = AuthorizationRequest::new(&context, tenant, client_id, redirect_uri, [scope])?;
    let url = request.url();
    let answer = given.people.sign_in_at(&url).await;
    assert!(answer.starts_with(REDIRECT), "{answer}");
    request.accept(&answer).map(|_| ())
}

/// `PublicClientApplication(client_id).acquire_token_by_auth_code_flow(flow, answer)`
#[tokio::test]
async fn a_person_who_came_back_from_the_browser() -> Result<()> {
    let given = Given::a_lake().await;
    let request = given.people.authorization(REDIRECT);
    let answer = &given.people.sign_in_at(&request.url()).await;
    let (context, _, client_id) = given.public();
    let tenant = "organizations";
    let code = request.accept(answer)?;
    let credential = AuthorizationCodeCredential::new(context, tenant, client_id, code)?;
    given.opens_the_store(credential).await
}

/// A sign-in that a program of ADAL's time began: v1, by a resource, without PKCE.
async fn code_of_old(given: &Given) -> String {
    let url = format!(
        "https://login.windows.net/{}/oauth2/authorize?response_type=code&client_id={}\
         &redirect_uri=http%3A%2F%2Flocalhost%3A8400&state=12345\
         &resource=https%3A%2F%2Fdatalake.azure.net%2F",
        given.tenant, AZURE_CLI_CLIENT_ID
    );
    let landed = given.people.sign_in_at(&url).await;
    let landed = url::Url::parse(&landed).expect("an address");
    let mut fields = landed.query_pairs();
    let (_, code) = fields.find(|(name, _)| name == "code").expect("a code");
    code.into_owned()
}

/// `context.acquire_token_with_authorization_code(code, redirect_uri, resource, client_id)`
/// `PublicClientApplication(client_id).acquire_token_by_authorization_code(code, scopes, redirect_uri)`
/// `AuthorizationCodeCredential(tenant, client_id, code, redirect_uri)`
#[tokio::test]
async fn a_person_whose_code_the_program_has() -> Result<()> {
    let given = Given::a_lake().await;
    let code = code_of_old(&given).await;
    let (context, tenant, client_id) = given.public();
    let redirect_uri = REDIRECT;
    let code = AuthorizationCode::new(code, redirect_uri);
    let credential = AuthorizationCodeCredential::new(context, tenant, client_id, code)?;
    given.opens_the_store(credential).await
}

async fn refresh_token(given: &Given) -> Result<aad_core::Secret> {
    let (context, tenant, client_id) = given.public();
    let code = AuthorizationCode::new(code_of_old(given).await, REDIRECT);
    let credential = AuthorizationCodeCredential::new(context, tenant, client_id, code)?;
    credential.token(&request()).await?;
    Ok(credential.refresh_token().expect("the lake gives one"))
}

/// `context.acquire_token_with_refresh_token(refresh_token, client_id, resource)`
/// `PublicClientApplication(client_id).acquire_token_by_refresh_token(refresh_token, scopes)`
#[tokio::test]
async fn a_person_who_left_a_refresh_token() -> Result<()> {
    let given = Given::a_lake().await;
    let refresh_token = refresh_token(&given).await?;
    let (context, tenant, client_id) = given.public();
    let credential = RefreshTokenCredential::new(context, tenant, client_id, refresh_token)?;
    given.opens_the_store(credential).await
}

/// `AADTokenCredentials(token, client_id)`
#[tokio::test]
async fn a_person_of_any_tenant_whose_tokens_were_handed_over() -> Result<()> {
    let given = Given::a_lake().await;
    let refresh_token = refresh_token(&given).await?;
    let (context, _, client_id) = given.public();
    let credential = RefreshTokenCredential::new(context, "common", client_id, refresh_token)?;
    given.opens_the_store(credential).await
}

/// `lib.DataLakeCredential(token).refresh_token()`
#[tokio::test]
async fn a_token_is_renewed_by_itself() -> Result<()> {
    let given = Given::a_lake().await;
    let (context, tenant, client_id) = given.public();
    let refresh_token = refresh_token(&given).await?;
    let credential =
        RefreshTokenCredential::new(context.clone(), tenant, client_id, refresh_token)?;
    let request = request();
    let first = credential.token(&request).await?;
    context
        .sleep(std::time::Duration::from_secs(2 * 3600))
        .await;
    let second = credential.token(&request).await?;
    assert!(second.expires_on > first.expires_on);
    Ok(())
}

/// What the browser of this machine is sent to.
fn pages(given: &Given) -> UnboundedReceiver<String> {
    let (opened, pages) = unbounded();
    given.people.machine.processes.install(move |command| {
        let address = command.arguments.last().cloned().unwrap_or_default();
        opened.unbounded_send(address).expect("somebody looks");
        Run::ends(0, "", "")
    });
    pages
}

/// A person signs in on the page, which sends the browser back to the program.
async fn browse(people: &People, mut pages: UnboundedReceiver<String>) {
    let page = pages.next().await.expect("a page");
    let landed = people.sign_in_at(&page).await;
    let landed = landed.trim_start_matches("http://");
    let (address, query) = landed.split_once('?').expect("an answer");
    let head = format!("GET /?{query} HTTP/1.1\r\nhost: {address}\r\n\r\n");
    let mut socket = TcpStream::connect(address)
        .await
        .expect("the program listens");
    socket.write_all(head.as_bytes()).await.expect("it reads");
    let mut answer = String::new();
    socket
        .read_to_string(&mut answer)
        .await
        .expect("it answers");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

/// `PublicClientApplication(client_id).acquire_token_interactive(scopes)`
/// `InteractiveBrowserCredential(tenant_id=tenant, client_id=client_id)`
#[tokio::test]
async fn a_person_in_the_browser_of_this_machine() -> Result<()> {
    let given = Given::a_lake().await;
    let pages = pages(&given);
    // A person takes real time.
    let context = given.real_time();
    let context = context.with_processes(given.people.machine.processes.clone());
    let (_, tenant, client_id) = given.public();
    let credential = InteractiveBrowserCredential::new(context, tenant, client_id)?;
    let request = request();
    let (token, ()) = join(credential.token(&request), browse(&given.people, pages)).await;
    token?;
    given.opens_the_store(credential).await
}
