//! A lake in this process, in a simulated world.

use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{Request, Response, header as names};
use lake_service::{
    Body, CompiledJob, Endpoints, JobRunner, JobScript, Lake, LakeFiles, LakeOptions,
    ScriptDiagnostic,
};
use lake_store::testing::{ManualClock, ambient};
use lake_store::{Ambient, Clock as _, Store, StoreOptions};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

/// The resource of Gen1.
pub(crate) const DATA_LAKE: &str = "https://datalake.azure.net/";

/// A lake, its root and its clock, which shows 2017-07-14T02:40:00Z until a test moves it.
pub(crate) struct Harness {
    pub(crate) lake: Lake,
    pub(crate) endpoints: Endpoints,
    root: tempfile::TempDir,
    ambient: Ambient,
    clock: Arc<ManualClock>,
    options: LakeOptions,
}

impl Harness {
    pub(crate) async fn new() -> Self {
        Self::build(1, LakeOptions::default()).await
    }

    pub(crate) async fn with_seed(seed: u64) -> Self {
        Self::build(seed, LakeOptions::default()).await
    }

    pub(crate) async fn with_options(options: LakeOptions) -> Self {
        Self::build(1, options).await
    }

    /// With this directory file.
    pub(crate) async fn with_directory(text: &str) -> Self {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("directory.toml");
        std::fs::write(&file, text).unwrap();
        let (ambient, clock) = ambient(1);
        let options = LakeOptions::default().with_directory(file);
        Self::build_at(root, ambient, clock, options).await
    }

    /// In real time; [`Harness::advance`] does nothing.
    #[cfg(feature = "listen")]
    pub(crate) async fn with_system_clock() -> Self {
        let (_, clock) = ambient(1);
        Self::build_in(Ambient::system(), clock, LakeOptions::default()).await
    }

    async fn build(seed: u64, options: LakeOptions) -> Self {
        let (ambient, clock) = ambient(seed);
        Self::build_in(ambient, clock, options).await
    }

    async fn build_in(ambient: Ambient, clock: Arc<ManualClock>, options: LakeOptions) -> Self {
        let root = tempfile::tempdir().unwrap();
        Self::build_at(root, ambient, clock, options).await
    }

    async fn build_at(
        root: tempfile::TempDir,
        ambient: Ambient,
        clock: Arc<ManualClock>,
        options: LakeOptions,
    ) -> Self {
        let (lake, endpoints) = open(root.path(), &ambient, &options).await;
        Self {
            lake,
            endpoints,
            root,
            ambient,
            clock,
            options,
        }
    }

    pub(crate) fn root(&self) -> &Path {
        self.root.path()
    }

    /// Ends the lake and opens it again.
    pub(crate) async fn reopen(&mut self) {
        self.lake.shutdown().await;
        // The root is free once the last clone of the store is gone, so a lake elsewhere stands in meanwhile.
        let elsewhere = tempfile::tempdir().unwrap();
        self.lake = open(elsewhere.path(), &self.ambient, &self.options).await.0;
        (self.lake, self.endpoints) = open(self.root.path(), &self.ambient, &self.options).await;
    }

    /// Lets seconds pass.
    pub(crate) fn advance(&self, seconds: i64) {
        let later = self.clock.now() + time::Duration::seconds(seconds);
        self.clock.set(later.into());
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Response<Body> {
        self.lake.handle(request).await
    }

    pub(crate) async fn get(&self, url: &str) -> Response<Body> {
        self.send(Request::get(url).body(Body::empty()).unwrap())
            .await
    }

    pub(crate) async fn get_with(&self, url: &str, token: &str) -> Response<Body> {
        let request = Request::get(url).header(names::AUTHORIZATION, format!("Bearer {token}"));
        self.send(request.body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post_form(&self, url: &str, form: &[(String, String)]) -> Response<Body> {
        self.send(with_form(Request::post(url), form)).await
    }

    /// What the ordinary client sends to a token endpoint, and `more`.
    pub(crate) fn client_form(&self, more: &[(&str, &str)]) -> Vec<(String, String)> {
        let base = [
            ("grant_type", "client_credentials"),
            ("client_id", self.endpoints.client_id.as_str()),
            ("client_secret", self.endpoints.client_secret.expose()),
        ];
        base.iter()
            .chain(more)
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    /// A token of the ordinary client.
    pub(crate) async fn token(&self, resource: &str) -> String {
        let url = format!(
            "http://127.0.0.1:7170/{}/oauth2/token",
            self.endpoints.tenant
        );
        let response = self
            .post_form(&url, &self.client_form(&[("resource", resource)]))
            .await;
        json(response).await["access_token"]
            .as_str()
            .unwrap()
            .to_owned()
    }
}

async fn open(root: &Path, ambient: &Ambient, options: &LakeOptions) -> (Lake, Endpoints) {
    let store = Store::open(root, StoreOptions::default(), ambient.clone()).unwrap();
    let lake = Lake::open(options.clone(), store, Arc::new(NoLanguage))
        .await
        .unwrap();
    let endpoints = lake.endpoints("http://127.0.0.1:7170", "https://127.0.0.1:7171");
    (lake, endpoints)
}

/// A runner that understands no script.
pub(crate) struct NoLanguage;

impl JobRunner for NoLanguage {
    fn compile(
        &self,
        _script: JobScript,
        _files: LakeFiles,
        _: &CancellationToken,
    ) -> Result<Box<dyn CompiledJob>, Vec<ScriptDiagnostic>> {
        Err(vec![ScriptDiagnostic::error(
            "E_CSC_USER_SYNTAXERROR",
            "no script is understood here",
        )])
    }
}

pub(crate) fn with_form(
    request: http::request::Builder,
    form: &[(String, String)],
) -> Request<Body> {
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .finish();
    request
        .header(names::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(body.into())
        .unwrap()
}

pub(crate) fn header<'a>(response: &'a Response<Body>, name: &str) -> &'a str {
    response
        .headers()
        .get(name)
        .map_or("", |value| value.to_str().unwrap())
}

pub(crate) async fn text(response: Response<Body>) -> String {
    let bytes = response.into_body().collect_up_to(1 << 20).await.unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

pub(crate) async fn json(response: Response<Body>) -> Value {
    let text = text(response).await;
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

pub(crate) fn token_header(token: &str) -> Value {
    part(token, 0)
}

pub(crate) fn claims(token: &str) -> Value {
    part(token, 1)
}

/// The middle part of the token with one claim changed.
pub(crate) fn encoded_claims(token: &str, name: &str, value: &str) -> String {
    let mut claims = claims(token);
    claims[name] = value.into();
    URL_SAFE_NO_PAD.encode(claims.to_string())
}

fn part(token: &str, index: usize) -> Value {
    let encoded = token.split('.').nth(index).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(encoded).unwrap()).unwrap()
}
