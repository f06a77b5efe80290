//! aad-identity.

use std::future::{Future, pending};
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use aad_core::context::{Clock, Environment};
use aad_core::retry::RetryPolicy;
use aad_core::transport::{ResponseBody, Sent, TransportError};
use aad_core::{AccessToken, Context, Result, TokenCredential, TokenRequest, Transport};
use aad_identity::{ClientSecretCredential, CredentialOptions, DefaultAzureCredential};
use async_trait::async_trait;
use bytes::Bytes;
use time::OffsetDateTime;

use crate::service::{Answer, TokenService};
use crate::subject::Subject;

pub struct Ours(ClientSecretCredential);

impl Ours {
    fn within(context: Context) -> Self {
        let options = CredentialOptions::default().with_retry(RetryPolicy::none());
        let credential = ClientSecretCredential::new_opts(
            context,
            "contoso.com",
            "client-id",
            "secret",
            &options,
        );
        Self(credential.expect("the tenant can be one"))
    }
}

impl Subject for Ours {
    type Scopes = TokenRequest;
    type Token = AccessToken;
    type Error = aad_core::Error;

    fn new(service: &Arc<TokenService>) -> Self {
        Self::within(context(service))
    }

    fn scopes(name: &'static str) -> TokenRequest {
        TokenRequest::new([name])
    }

    async fn token(&self, request: &TokenRequest) -> Result<AccessToken> {
        self.0.token(request).await
    }

    async fn with_240_s_left(service: &Arc<TokenService>, request: &TokenRequest) -> Self {
        // The token of an hour is obtained now, and then the clock is put forward.
        service.will(Answer::Token(3600), Duration::ZERO);
        let real = context(service);
        let clock = Arc::new(ShiftedClock::new(real.clone()));
        let one = Self::within(real.with_clock(Arc::clone(&clock) as Arc<dyn Clock>));
        one.token(request).await.expect("the service gives one");
        clock.put_forward(Duration::from_secs(3360));
        one
    }

    async fn fall_through(patience: Duration) -> Option<Duration> {
        let context = Context::system_over(Arc::new(Silence)).with_environment(Arc::new(Nothing));
        let credential = DefaultAzureCredential::new(context).expect("no variable forbids it");
        let request = Self::scopes("https://datalake.azure.net//.default");
        let start = Instant::now();
        let outcome = tokio::time::timeout(patience, credential.token(&request)).await;
        assert!(!matches!(outcome, Ok(Ok(_))), "nothing here has a token");
        outcome.is_ok().then(|| start.elapsed())
    }
}

fn context(service: &Arc<TokenService>) -> Context {
    Context::system_over(Arc::new(Pretended(Arc::clone(service))))
        .with_environment(Arc::new(Nothing))
}

#[derive(Debug)]
struct Pretended(Arc<TokenService>);

#[async_trait]
impl Transport for Pretended {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<ResponseBody>, TransportError> {
        drop(request);
        let Some((status, body)) = self.0.respond().await else {
            return Err(TransportError::new(Sent::No, "connection refused"));
        };
        let mut response = http::Response::new(ResponseBody::full(body));
        *response.status_mut() =
            http::StatusCode::from_u16(status).expect("the service has real statuses");
        Ok(response)
    }
}

/// A network that swallows what it is given.
#[derive(Debug)]
struct Silence;

#[async_trait]
impl Transport for Silence {
    async fn send(
        &self,
        _: http::Request<Bytes>,
    ) -> Result<http::Response<ResponseBody>, TransportError> {
        pending().await
    }
}

#[derive(Debug)]
struct Nothing;

impl Environment for Nothing {
    fn var(&self, _: &str) -> Option<String> {
        None
    }
}

/// The clock of the machine, put forward.
#[derive(Debug)]
struct ShiftedClock {
    real: Context,
    by: std::sync::Mutex<Duration>,
}

impl ShiftedClock {
    fn new(real: Context) -> Self {
        Self {
            real,
            by: std::sync::Mutex::default(),
        }
    }

    fn put_forward(&self, by: Duration) {
        *self.by.lock().expect("nothing panics under this lock") = by;
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> OffsetDateTime {
        self.real.now() + *self.by.lock().expect("nothing panics under this lock")
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.real.sleep(duration)
    }
}
