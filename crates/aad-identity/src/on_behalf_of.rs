//! A service that acts for the person who called it.

use std::sync::Arc;

use aad_core::{AccessToken, Context, Repeat, Result, Secret, TokenCredential, TokenRequest};
use async_trait::async_trait;

use crate::person::{Manner, Person};
use crate::user_client::{UserClient, refuse_empty};
use crate::{ClientProof, CredentialOptions};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// A service that acts for the person who called it (Azure AD's on-behalf-of flow).
///
/// It exchanges the person's access token, which was issued for this service, for tokens of other services. Make one
/// for each incoming token; tokens that were exchanged are kept, and renewed after the incoming one has expired.
///
/// ```
/// # use aad_core::{Context, Result, TokenCredential, TokenRequest};
/// use aad_identity::OnBehalfOfCredential;
///
/// # async fn example(context: Context, incoming: &str) -> Result<()> {
/// let credential =
///     OnBehalfOfCredential::new(context, "contoso.com", "client-id", "secret", incoming)?;
/// let request = TokenRequest::new(["https://datalake.azure.net//.default"]);
/// let token = credential.token(&request).await?;
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct OnBehalfOfCredential {
    person: Person,
    assertion: Secret,
}

impl OnBehalfOfCredential {
    /// The service `client_id` with its secret, certificate or assertion, for the person whose token it was sent. Nothing is sent yet.
    ///
    /// # Errors
    /// As [`OnBehalfOfCredential::new_opts`].
    pub fn new(
        context: Context,
        tenant: &str,
        client_id: impl Into<String>,
        proof: impl Into<ClientProof>,
        user_assertion: impl Into<Secret>,
    ) -> Result<Self> {
        let options = CredentialOptions::default();
        Self::new_opts(context, tenant, client_id, proof, user_assertion, &options)
    }

    /// The same with options.
    ///
    /// # Errors
    /// [`ErrorKind::Request`](aad_core::ErrorKind::Request) if the tenant or the authority cannot be one, if the
    /// authority is not reached over https, or if the client id, the secret or the assertion is empty.
    pub fn new_opts(
        context: Context,
        tenant: &str,
        client_id: impl Into<String>,
        proof: impl Into<ClientProof>,
        user_assertion: impl Into<Secret>,
        options: &CredentialOptions,
    ) -> Result<Self> {
        let assertion = user_assertion.into();
        refuse_empty("user's token", assertion.expose())?;
        let proof = Some(proof.into());
        let client = UserClient::new(context, tenant, client_id.into(), proof, options)?;
        Ok(Self {
            person: Person::new(client, Manner::passed_on(&assertion), None),
            assertion,
        })
    }
}

#[async_trait]
impl TokenCredential for OnBehalfOfCredential {
    /// A kept token, or a new one.
    ///
    /// An error with [`claims`](aad_core::Error::claims) is for the person: the service passes them on.
    ///
    /// Dropping the future does not disturb other callers that wait for the same token; if there
    /// are none, the exchange is abandoned.
    async fn token(&self, request: &TokenRequest) -> Result<AccessToken> {
        let exchange = || {
            let (account, assertion) = (Arc::clone(self.person.account()), self.assertion.clone());
            move |tenant: String, request: TokenRequest, _| async move {
                let proof = [
                    ("assertion", assertion.expose()),
                    ("requested_token_use", "on_behalf_of"),
                ];
                account
                    .client()
                    .grant(GRANT, &proof, &tenant, &request, Repeat::Safe)
                    .await
            }
        };
        self.person.token(request, exchange).await
    }
}
