//! What is measured.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use crate::service::TokenService;

/// A credential of an application with a secret, which does not retry.
pub trait Subject: Send + Sync + 'static {
    /// What its library calls a set of scopes, made once by whoever asks often.
    type Scopes: Send + Sync + 'static;
    type Token: Send + 'static;
    type Error: fmt::Debug + Send + 'static;

    /// A credential of this token service, which has no token yet.
    fn new(service: &Arc<TokenService>) -> Self;

    fn scopes(name: &'static str) -> Self::Scopes;

    /// What the credential itself answers, with nothing around it.
    fn token(
        &self,
        scopes: &Self::Scopes,
    ) -> impl Future<Output = Result<Self::Token, Self::Error>> + Send;

    /// A credential with a token of these scopes that has 240 s left.
    fn with_240_s_left(
        service: &Arc<TokenService>,
        scopes: &Self::Scopes,
    ) -> impl Future<Output = Self> + Send;

    /// Asks a chain of all sources where nothing is configured and no host answers: how long until
    /// it gives up, or nothing if it does not within this time.
    fn fall_through(patience: Duration) -> impl Future<Output = Option<Duration>> + Send;
}
