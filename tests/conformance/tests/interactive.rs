//! People sign in to the lake through the SDK's credentials; the test plays the browser and the person.
//!
//! The clients' clock is simulated, so that nobody waits for a poll; the lake's is real.

use std::sync::Arc;

use aad_core::{Cloud, Context, ErrorKind, Secret, TokenCredential, TokenRequest};
use aad_identity::authorization_code::{OUT_OF_BAND, ResponseMode};
use aad_identity::{
    AuthorizationCodeCredential, AuthorizationRequest, CredentialOptions, DeviceCodeCredential,
    DeviceCodeEvent, OnBehalfOfCredential, RefreshTokenCredential, UsernamePasswordCredential,
};
use adls_fs::FileSystem;
use bytes::Bytes;
use conformance::{World, at};
use futures::StreamExt as _;

/// The Azure CLI's id, with which the examples of ADAL's time sign in.
const CLI: &str = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
const REDIRECT: &str = "http://localhost:8400";

fn request() -> TokenRequest {
    TokenRequest::new(["https://datalake.azure.net//.default"])
}

/// A world whose clients live in simulated time.
struct People {
    world: World,
    context: Context,
}

impl People {
    async fn start() -> Self {
        let world = World::start().await;
        let simulated = testkit::context::World::new();
        let context = simulated.context_over(world.lake.transport());
        Self { world, context }
    }

    fn user(&self) -> (String, Secret) {
        let endpoints = self.world.lake.endpoints();
        let password = Secret::new(endpoints.user_password.expose());
        (endpoints.user, password)
    }

    /// What a browser gets: the redirect's address, or the page.
    async fn browse(&self, method: &str, url: &str, form: &[(&str, &str)]) -> String {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        let request = http::Request::builder()
            .method(method)
            .uri(url)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Bytes::from(body))
            .expect("a valid request");
        let answer = self.context.transport().send(request).await;
        let (parts, body) = answer.expect("the transport never fails").into_parts();
        if let Some(location) = parts.headers.get("location") {
            return location.to_str().expect("an address").to_owned();
        }
        let page = body.collect(1 << 20).await.expect("a page");
        String::from_utf8(page.to_vec()).expect("text")
    }

    /// Fills the sign-in page in and accepts.
    async fn sign_in(&self, page: &str) -> String {
        let (user, password) = self.user();
        let form = [
            ("page", hidden(page, "page").as_str()),
            ("username", &user),
            ("password", password.expose()),
            ("answer", "accept"),
        ]
        .map(|(name, value)| (name, value.to_owned()));
        let form: Vec<_> = form
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let url = "https://login.microsoftonline.com/common/login";
        self.browse("POST", url, &form).await
    }

    fn authorization(&self, redirect_uri: &str) -> AuthorizationRequest {
        let scopes = request().scopes;
        AuthorizationRequest::new(&self.context, "organizations", CLI, redirect_uri, scopes)
            .expect("a valid request")
    }

    /// Whether the store takes this credential for somebody it knows.
    async fn is_let_in(&self, credential: Arc<dyn TokenCredential>) -> bool {
        let account = &self.world.lake.endpoints().store_account;
        let url = adls_fs::account_url(account, &Cloud::PUBLIC).expect("a valid name");
        // In real time: the store works on threads, which a simulated clock would not wait for.
        let context = self.world.context.clone();
        let files = FileSystem::gen1(context, &url, credential).expect("a client");
        match files.stat(&at("/")).await {
            Ok(_) => true,
            Err(error) => error.kind() == ErrorKind::Forbidden,
        }
    }
}

fn hidden(page: &str, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let (_, rest) = page
        .split_once(&start)
        .unwrap_or_else(|| panic!("no {name} in {page}"));
    rest.split('"').next().unwrap_or_default().to_owned()
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
    let page = people
        .browse(
            "POST",
            &prompt.verification_uri,
            &[("otc", &prompt.user_code)],
        )
        .await;
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
    let page = people
        .browse(
            "POST",
            &prompt.verification_uri,
            &[("otc", &prompt.user_code)],
        )
        .await;
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
    let page = people.browse("GET", &request.url(), &[]).await;
    let code = request.accept(&people.sign_in(&page).await).unwrap();
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
    let page = people.browse("GET", &request.url(), &[]).await;
    let form = people.sign_in(&page).await;
    let posted = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("code", &hidden(&form, "code"))
        .append_pair("state", &hidden(&form, "state"))
        .finish();
    request.accept(&posted).unwrap();

    let request = people.authorization(OUT_OF_BAND);
    let page = people.browse("GET", &request.url(), &[]).await;
    let page = people.sign_in(&page).await;
    assert!(page.contains("id=\"code\""), "{page}");
}

#[tokio::test]
async fn a_code_is_worth_nothing_without_its_verifier() {
    let people = People::start().await;
    let [asked, other] = [
        people.authorization(REDIRECT),
        people.authorization(REDIRECT),
    ];
    let page = people.browse("GET", &asked.url(), &[]).await;
    let landed = people.sign_in(&page).await;
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
    let page = people.browse("GET", &request.url(), &[]).await;
    let code = request.accept(&people.sign_in(&page).await).unwrap();
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
