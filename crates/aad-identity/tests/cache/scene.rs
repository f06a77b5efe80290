//! A credential whose authority follows a script.

use std::time::Duration;

use aad_core::retry::RetryPolicy;
use aad_core::{AccessToken, Result, TokenCredential, TokenRequest};
use aad_identity::{ClientSecretCredential, CredentialOptions};
use futures::executor::block_on;
use testkit::context::{Reply, World, json};

pub(crate) const SECOND: Duration = Duration::from_secs(1);

/// A world with an authority that issues `token-1`, `token-2` and so on, each 200 ms after it was
/// asked; and a credential that does not retry.
pub(crate) struct Scene {
    pub(crate) world: World,
    pub(crate) credential: ClientSecretCredential,
}

impl Scene {
    pub(crate) fn new(life: u32) -> Self {
        Self::with_answer(move |n| token(n, life).after(SECOND / 5))
    }

    /// The answer is made from the number of the request, from 1.
    pub(crate) fn with_answer(answer: impl FnMut(usize) -> Reply + Send + 'static) -> Self {
        Self::seeded(0, answer)
    }

    /// Chance is decided by this seed.
    pub(crate) fn seeded(
        seed: u64,
        mut answer: impl FnMut(usize) -> Reply + Send + 'static,
    ) -> Self {
        let world = World::seeded(seed);
        let mut n = 0;
        world.transport.always(move |_| {
            n += 1;
            answer(n)
        });
        let options = CredentialOptions::default()
            .with_retry(RetryPolicy::none())
            .with_additionally_allowed_tenant("*");
        let credential = ClientSecretCredential::new_opts(
            world.context(),
            "contoso.com",
            "client",
            "secret",
            &options,
        );
        Self {
            credential: credential.unwrap(),
            world,
        }
    }

    pub(crate) fn ask(&self) -> Result<String> {
        self.ask_for(&scope("S"))
    }

    pub(crate) fn ask_for(&self, request: &TokenRequest) -> Result<String> {
        block_on(self.credential.token(request)).map(text)
    }

    pub(crate) fn requests(&self) -> usize {
        self.world.transport.requests().len()
    }

    pub(crate) fn pass(&self, seconds: u32) {
        self.world.clock.advance(SECOND * seconds);
    }
}

pub(crate) fn token(n: usize, life: u32) -> Reply {
    let body = format!(r#"{{"access_token":"token-{n}","expires_in":{life}}}"#);
    json(200, &body).into()
}

#[expect(clippy::needless_pass_by_value, reason = "for `map`")]
pub(crate) fn text(token: AccessToken) -> String {
    token.token.expose().to_owned()
}

pub(crate) fn scope(name: &str) -> TokenRequest {
    TokenRequest::new([name])
}
