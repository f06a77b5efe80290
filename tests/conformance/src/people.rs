//! People at the lake: the test plays the browser and the person.

use std::sync::Arc;

use aad_core::{Cloud, Context, ErrorKind, Secret, TokenCredential, TokenRequest};
use aad_identity::{AZURE_CLI_CLIENT_ID, AuthorizationRequest, DeviceCodePrompt};
use adls_fs::FileSystem;
use bytes::Bytes;

use crate::{World, at};

/// What the first store account is asked for.
pub const SCOPE: &str = "https://datalake.azure.net//.default";

/// A world whose clients live in simulated time, so that nobody waits for a poll; the lake's is
/// real.
///
/// Its methods panic where a test cannot go on.
pub struct People {
    /// The lake and clients in real time.
    pub world: World,
    /// The machine of the clients: its clock, variables, files and programs.
    pub machine: testkit::context::World,
    /// The clients' way to the lake.
    pub context: Context,
}

impl People {
    /// A lake on an empty folder.
    pub async fn start() -> Self {
        let world = World::start().await;
        let machine = testkit::context::World::new();
        let context = machine.context_over_real(world.lake.transport());
        Self {
            world,
            machine,
            context,
        }
    }

    /// The first person's name and password.
    pub fn user(&self) -> (String, Secret) {
        let endpoints = self.world.lake.endpoints();
        let password = Secret::new(endpoints.user_password.expose());
        (endpoints.user, password)
    }

    /// What a browser gets: the redirect's address, or the page.
    pub async fn browse(&self, method: &str, url: &str, form: &[(&str, &str)]) -> String {
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
    pub async fn sign_in(&self, page: &str) -> String {
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

    /// Goes to an address to sign in there; says where the browser ends.
    pub async fn sign_in_at(&self, url: &str) -> String {
        let page = self.browse("GET", url, &[]).await;
        self.sign_in(&page).await
    }

    /// The page on which the code of this prompt was entered.
    pub async fn enter(&self, prompt: &DeviceCodePrompt) -> String {
        let form = [("otc", prompt.user_code.as_str())];
        self.browse("POST", &prompt.verification_uri, &form).await
    }

    /// A request to sign in through the Azure CLI's application.
    pub fn authorization(&self, redirect_uri: &str) -> AuthorizationRequest {
        AuthorizationRequest::new(
            &self.context,
            "organizations",
            AZURE_CLI_CLIENT_ID,
            redirect_uri,
            TokenRequest::new([SCOPE]).scopes,
        )
        .expect("a valid request")
    }

    /// Whether the store takes this credential for somebody it knows.
    pub async fn is_let_in(&self, credential: Arc<dyn TokenCredential>) -> bool {
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

/// The value of a hidden field of a page.
pub fn hidden(page: &str, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let (_, rest) = page
        .split_once(&start)
        .unwrap_or_else(|| panic!("no {name} in {page}"));
    rest.split('"').next().unwrap_or_default().to_owned()
}
