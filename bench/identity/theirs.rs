//! The official azure_identity.

use std::future::pending;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use azure_core::credentials::{AccessToken, Secret, TokenCredential};
use azure_core::error::ErrorKind;
use azure_core::http::headers::Headers;
use azure_core::http::{
    AsyncRawResponse, ClientOptions, HttpClient, Request, RetryOptions, StatusCode, Transport,
};
use azure_identity::{
    ClientSecretCredential, ClientSecretCredentialOptions, DeveloperToolsCredential,
    ManagedIdentityCredential, ManagedIdentityCredentialOptions,
};

use crate::service::{Answer, TokenService};
use crate::subject::Subject;

pub struct Theirs(Arc<ClientSecretCredential>);

impl Subject for Theirs {
    type Scopes = [&'static str; 1];
    type Token = AccessToken;
    type Error = azure_core::Error;

    fn new(service: &Arc<TokenService>) -> Self {
        let options = ClientSecretCredentialOptions {
            client_options: ClientOptions {
                retry: RetryOptions::none(),
                transport: Some(Transport::new(Arc::new(Pretended(Arc::clone(service))))),
                ..ClientOptions::default()
            },
        };
        let secret = Secret::new("secret");
        let credential =
            ClientSecretCredential::new("contoso.com", "client-id".into(), secret, Some(options));
        Self(credential.expect("the tenant can be one"))
    }

    fn scopes(name: &'static str) -> [&'static str; 1] {
        [name]
    }

    async fn token(&self, scopes: &[&'static str; 1]) -> azure_core::Result<AccessToken> {
        self.0.get_token(scopes, None).await
    }

    async fn with_240_s_left(service: &Arc<TokenService>, scopes: &[&'static str; 1]) -> Self {
        // It knows of a token no more than when it expires, so a token of 240 s is one.
        service.will(Answer::Token(240), Duration::ZERO);
        let one = Self::new(service);
        one.token(scopes).await.expect("the service gives one");
        one
    }

    /// It has no chain of all sources: its managed identity, then its chain of developers' tools.
    async fn fall_through(patience: Duration) -> Option<Duration> {
        let start = Instant::now();
        let asked = async {
            let options = ManagedIdentityCredentialOptions {
                client_options: ClientOptions {
                    transport: Some(Transport::new(Arc::new(Silence))),
                    ..ClientOptions::default()
                },
                ..ManagedIdentityCredentialOptions::default()
            };
            let machine = ManagedIdentityCredential::new(Some(options));
            let tools = DeveloperToolsCredential::new(None);
            let scopes = ["https://datalake.azure.net//.default"];
            for source in [
                machine.expect("nothing is configured") as Arc<dyn TokenCredential>,
                tools.expect("nothing is configured"),
            ] {
                let outcome = source.get_token(&scopes, None).await;
                assert!(outcome.is_err(), "nothing here has a token");
            }
        };
        let gave_up = tokio::time::timeout(patience, asked).await.is_ok();
        gave_up.then(|| start.elapsed())
    }
}

#[derive(Debug)]
struct Pretended(Arc<TokenService>);

#[async_trait]
impl HttpClient for Pretended {
    async fn execute_request(&self, _: &Request) -> azure_core::Result<AsyncRawResponse> {
        let Some((status, body)) = self.0.respond().await else {
            return Err(azure_core::Error::with_message(
                ErrorKind::Io,
                "connection refused",
            ));
        };
        Ok(AsyncRawResponse::from_bytes(
            StatusCode::from(status),
            Headers::new(),
            body,
        ))
    }
}

/// A network that swallows what it is given.
#[derive(Debug)]
struct Silence;

#[async_trait]
impl HttpClient for Silence {
    async fn execute_request(&self, _: &Request) -> azure_core::Result<AsyncRawResponse> {
        pending().await
    }
}
