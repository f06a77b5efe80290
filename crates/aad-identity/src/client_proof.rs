//! How an application shows who it is while it asks for a token of a person.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use aad_core::{Result, Secret};
use futures::FutureExt;

use crate::AssertionRequest;
#[cfg(feature = "certificate")]
use crate::ClientCertificate;
#[cfg(feature = "certificate")]
use crate::assertion::{AssertionSigner, Dialect};
use crate::client_assertion::{Assert, asserted};
use crate::token_client::TokenClient;
use crate::user_client::refuse_empty;

/// How an application shows who it is while it asks for a token of a person: by a secret, by its
/// certificate (feature `certificate`), or by what a function of yours asserts.
///
/// ```
/// use aad_core::Secret;
/// use aad_identity::ClientProof;
///
/// let by_secret = ClientProof::from("secret");
/// let by_assertion = ClientProof::assertion(|_wanted| async { Ok(Secret::new("e30.e30.e30")) });
/// ```
#[derive(Clone)]
pub struct ClientProof(Kind);

#[derive(Clone)]
enum Kind {
    Secret(Secret),
    #[cfg(feature = "certificate")]
    Certificate(Arc<AssertionSigner>),
    Assertion(Arc<Assert>),
}

impl ClientProof {
    /// What this function asserts, which is asked before each request that needs it.
    pub fn assertion<F, Fut>(assert: F) -> Self
    where
        F: Fn(AssertionRequest) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Secret>> + Send + 'static,
    {
        let assert = move |wanted| assert(wanted).boxed();
        Self(Kind::Assertion(Arc::new(assert)))
    }

    pub(crate) fn check(&self) -> Result<()> {
        match &self.0 {
            Kind::Secret(secret) => refuse_empty("secret", secret.expose()),
            _ => Ok(()),
        }
    }

    /// The fields of a request that show it. An assertion is made anew each time: an authority may
    /// take each only once (RFC 7523, 3).
    pub(crate) async fn fields(
        &self,
        client: &TokenClient,
        tenant: &str,
    ) -> Result<Vec<(&'static str, Secret)>> {
        let assertion = match &self.0 {
            Kind::Secret(secret) => return Ok(vec![("client_secret", secret.clone())]),
            #[cfg(feature = "certificate")]
            Kind::Certificate(signer) => {
                let authority = client.authority().await?;
                let audience = authority.token_endpoint(tenant);
                let dialect = Dialect::of(authority);
                signer
                    .sign(client.context(), client.client_id(), &audience, dialect)?
                    .text
            }
            Kind::Assertion(assert) => asserted(client, &**assert, tenant).await?,
        };
        Ok(vec![
            (
                "client_assertion_type",
                Secret::new(TokenClient::JWT_BEARER),
            ),
            ("client_assertion", assertion),
        ])
    }
}

impl From<Secret> for ClientProof {
    fn from(secret: Secret) -> Self {
        Self(Kind::Secret(secret))
    }
}

impl From<&str> for ClientProof {
    fn from(secret: &str) -> Self {
        Secret::new(secret).into()
    }
}

impl From<String> for ClientProof {
    fn from(secret: String) -> Self {
        Secret::from(secret).into()
    }
}

#[cfg(feature = "certificate")]
impl From<ClientCertificate> for ClientProof {
    fn from(certificate: ClientCertificate) -> Self {
        Self(Kind::Certificate(Arc::new(AssertionSigner::new(
            certificate,
        ))))
    }
}

impl fmt::Debug for ClientProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match &self.0 {
            Kind::Secret(_) => "secret",
            #[cfg(feature = "certificate")]
            Kind::Certificate(_) => "certificate",
            Kind::Assertion(_) => "assertion",
        };
        f.debug_tuple("ClientProof").field(&kind).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_shows_of_what_kind_it_is_and_nothing_else() {
        let secret = ClientProof::from("s3cr3t".to_owned());
        assert_eq!(format!("{secret:?}"), r#"ClientProof("secret")"#);
        let assertion = ClientProof::assertion(|_| async { Ok(Secret::new("a")) });
        assert_eq!(format!("{assertion:?}"), r#"ClientProof("assertion")"#);
    }
}
