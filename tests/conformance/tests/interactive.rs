//! People sign in to the lake through the SDK's credentials.

use std::sync::Arc;

use aad_core::{ErrorKind, TokenCredential, TokenRequest};
use aad_identity::authorization_code::{OUT_OF_BAND, ResponseMode};
use aad_identity::{
    AZURE_CLI_CLIENT_ID as CLI, AuthorizationCodeCredential, CredentialOptions,
    DeviceCodeCredential, DeviceCodeEvent, OnBehalfOfCredential, RefreshTokenCredential,
    UsernamePasswordCredential,
};
use conformance::people::{People, SCOPE, hidden};
use futures::StreamExt as _;

const REDIRECT: &str = "http://localhost:8400";

fn request() -> TokenRequest {
    TokenRequest::new([SCOPE])
}

#[tokio::test]
async fn a_person_signs_in_on_another_device() {
    let people = People::start().await;
    let context = people.context.clone();
    let credential = DeviceCodeCredential::new(context, "organizations", CLI, |_| {
        panic!("the stream shows the code")
    })
    .unwrap();
    let mut events = credential.sign_in(&request());
    let Some(Ok(DeviceCodeEvent::Prompt(prompt))) = events.next().await else {
        panic!("no prompt")
    };
    assert!(prompt.message.contains(&prompt.user_code));
    let page = people.enter(&prompt).await;
    let done = people.sign_in(&page).await;
    assert!(done.contains("Microsoft Azure CLI"), "{done}");
    let Some(Ok(DeviceCodeEvent::SignedIn(_))) = events.next().await else {
        panic!("nobody signed in")
    };
    // Silent from now on, for any resource.
    let before = credential.refresh_token().unwrap();
    let management = TokenRequest::new(["https://management.core.windows.net//.default"]);
    credential.token(&management).await.unwrap();
    assert_ne!(
        credential.refresh_token().unwrap(),
        before,
        "it was replaced"
    );
    assert!(people.is_let_in(Arc::new(credential)).await);
}

#[tokio::test]
async fn a_person_declines_on_another_device() {
    let people = People::start().await;
    let credential =
        DeviceCodeCredential::new(people.context.clone(), "organizations", CLI, |_| {}).unwrap();
    let mut events = credential.sign_in(&request());
    let Some(Ok(DeviceCodeEvent::Prompt(prompt))) = events.next().await else {
        panic!("no prompt")
    };
    let page = people.enter(&prompt).await;
    let form = [
        ("page", hidden(&page, "page")),
        ("answer", "cancel".to_owned()),
    ];
    let form: Vec<_> = form
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    people
        .browse(
            "POST",
            "https://login.microsoftonline.com/common/login",
            &form,
        )
        .await;
    let Some(Err(error)) = events.next().await else {
        panic!("somebody signed in")
    };
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert_eq!(error.code(), Some("AADSTS65004"));
    assert!(events.next().await.is_none());
}

#[tokio::test]
async fn nobody_comes_to_the_device() {
    let people = People::start().await;
    let credential =
        DeviceCodeCredential::new(people.context.clone(), "organizations", CLI, |_| {}).unwrap();
    let error = credential.token(&request()).await.unwrap_err();
    assert_eq!(error.code(), Some("expired_token"));
}

#[tokio::test]
async fn a_person_signs_in_with_a_browser() {
    let people = People::start().await;
    let request = people.authorization(REDIRECT);
    let code = request
        .accept(&people.sign_in_at(&request.url()).await)
        .unwrap();
    let context = people.context.clone();
    let first =
        AuthorizationCodeCredential::new(context.clone(), "organizations", CLI, code.clone())
            .unwrap();
    first.token(&self::request()).await.unwrap();
    assert!(first.refresh_token().is_some());
    let first = Arc::new(first);
    assert!(people.is_let_in(first.clone()).await);
    // A code is good once, and whoever comes second ends what the first one got.
    let second = AuthorizationCodeCredential::new(context, "organizations", CLI, code).unwrap();
    let error = second.token(&self::request()).await.unwrap_err();
    assert_eq!(error.code(), Some("AADSTS54005"));
    let management = TokenRequest::new(["https://management.core.windows.net//.default"]);
    let error = first.token(&management).await.unwrap_err();
    assert_eq!(error.code(), Some("AADSTS50173"));
}

#[tokio::test]
async fn a_code_is_posted_or_copied_too() {
    let people = People::start().await;
    let request = people
        .authorization(REDIRECT)
        .with_response_mode(ResponseMode::FormPost);
    let form = people.sign_in_at(&request.url()).await;
    let posted = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("code", &hidden(&form, "code"))
        .append_pair("state", &hidden(&form, "state"))
        .finish();
    request.accept(&posted).unwrap();

    let request = people.authorization(OUT_OF_BAND);
    let page = people.sign_in_at(&request.url()).await;
    assert!(page.contains("id=\"code\""), "{page}");
}

#[tokio::test]
async fn a_code_is_worth_nothing_without_its_verifier() {
    let people = People::start().await;
    let [asked, other] = [
        people.authorization(REDIRECT),
        people.authorization(REDIRECT),
    ];
    let landed = people.sign_in_at(&asked.url()).await;
    let error = other.accept(&landed).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);
    let code = asked.accept(&landed).unwrap().with_verifier("another");
    let credential =
        AuthorizationCodeCredential::new(people.context.clone(), "organizations", CLI, code);
    let error = credential.unwrap().token(&request()).await.unwrap_err();
    assert_eq!(error.code(), Some("AADSTS501481"));
}

#[tokio::test]
async fn a_password_leaves_a_refresh_token_for_later() {
    let people = People::start().await;
    let (user, password) = people.user();
    let wrong = UsernamePasswordCredential::new(
        people.context.clone(),
        "organizations",
        CLI,
        &user,
        "wrong",
    );
    let error = wrong.unwrap().token(&request()).await.unwrap_err();
    assert_eq!(error.code(), Some("AADSTS50126"));
    let right = UsernamePasswordCredential::new(
        people.context.clone(),
        "organizations",
        CLI,
        &user,
        password,
    );
    assert!(people.is_let_in(Arc::new(right.unwrap())).await);
}

#[tokio::test]
async fn a_refresh_token_is_replaced_each_time() {
    let people = People::start().await;
    let request = people.authorization(REDIRECT);
    let code = request
        .accept(&people.sign_in_at(&request.url()).await)
        .unwrap();
    let context = people.context.clone();
    let browser =
        AuthorizationCodeCredential::new(context.clone(), "organizations", CLI, code).unwrap();
    browser.token(&self::request()).await.unwrap();
    let kept = browser.refresh_token().unwrap();
    let later = RefreshTokenCredential::new(context, "organizations", CLI, kept.clone()).unwrap();
    later.token(&self::request()).await.unwrap();
    assert_ne!(later.refresh_token(), kept);
    assert!(people.is_let_in(Arc::new(later)).await);
}

#[tokio::test]
async fn a_service_acts_for_its_caller() {
    let people = People::start().await;
    let endpoints = people.world.lake.endpoints();
    let (user, password) = people.user();
    let caller = UsernamePasswordCredential::new(
        people.context.clone(),
        "organizations",
        CLI,
        user,
        password,
    )
    .unwrap();
    let own = TokenRequest::new([format!("api://{}/.default", endpoints.client_id)]);
    let incoming = caller.token(&own).await.unwrap();
    let service = OnBehalfOfCredential::new_opts(
        people.context.clone(),
        &endpoints.tenant,
        &endpoints.client_id,
        endpoints.client_secret.expose(),
        incoming.token,
        &CredentialOptions::default(),
    );
    assert!(people.is_let_in(Arc::new(service.unwrap())).await);
}
