//! A person who signed in elsewhere and left a refresh token.

use aad_core::{
    AccessToken, Context, Error, ErrorKind, Result, Secret, TokenCredential, TokenRequest,
};
use async_trait::async_trait;

use crate::person::{Manner, Person};
use crate::user_client::{UserClient, refuse_empty};
use crate::{ClientProof, CredentialOptions};

/// A person who signed in elsewhere and left a refresh token (OAuth's refresh token grant).
///
/// Authorities replace a refresh token when it is used; the newest is used from then on, and is what
/// [`refresh_token`](Self::refresh_token) returns for whoever wants to keep it.
///
/// ```
/// # use aad_core::{Context, Result, TokenCredential, TokenRequest};
/// use aad_identity::RefreshTokenCredential;
///
/// # async fn example(context: Context) -> Result<()> {
/// let credential = RefreshTokenCredential::new(context, "contoso.com", "client-id", "0.AX...")?;
/// let request = TokenRequest::new(["https://datalake.azure.net//.default"]);
/// let token = credential.token(&request).await?;
/// let to_keep = credential.refresh_token();
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct RefreshTokenCredential {
    person: Person,
}

impl RefreshTokenCredential {
    /// The person to whom `refresh_token` was given, by the application `client_id`. Nothing is sent yet.
    ///
    /// # Errors
    /// As [`RefreshTokenCredential::new_opts`].
    pub fn new(
        context: Context,
        tenant: &str,
        client_id: impl Into<String>,
        refresh_token: impl Into<Secret>,
    ) -> Result<Self> {
        let options = CredentialOptions::default();
        Self::new_opts(context, tenant, client_id, refresh_token, None, &options)
    }

    /// The same with options, and with what shows who the application is, if it has something.
    ///
    /// # Errors
    /// [`ErrorKind::Request`] if the tenant or the authority cannot be one, if the authority is
    /// not reached over https, or if the client id, the secret or the refresh token is empty.
    pub fn new_opts(
        context: Context,
        tenant: &str,
        client_id: impl Into<String>,
        refresh_token: impl Into<Secret>,
        client_proof: Option<ClientProof>,
        options: &CredentialOptions,
    ) -> Result<Self> {
        let refresh_token = refresh_token.into();
        refuse_empty("refresh token", refresh_token.expose())?;
        let client = UserClient::new(context, tenant, client_id.into(), client_proof, options)?;
        Ok(Self {
            person: Person::new(client, Manner::elsewhere(None), Some(refresh_token)),
        })
    }

    /// The newest refresh token.
    pub fn refresh_token(&self) -> Secret {
        self.person
            .account()
            .refresh_token()
            .expect("it began with one, and only a newer one replaces it")
    }
}

#[async_trait]
impl TokenCredential for RefreshTokenCredential {
    /// A kept token, or a new one. If the refresh token is refused the person must sign in again; the error says why.
    ///
    /// Dropping the future abandons the request; an authority that allows a refresh token once may have replaced it
    /// by then.
    async fn token(&self, request: &TokenRequest) -> Result<AccessToken> {
        let sign_in =
            || |_, _, refusal: Option<Error>| async move { Err(refusal.unwrap_or_else(missing)) };
        self.person.token(request, sign_in).await
    }
}

fn missing() -> Error {
    Error::new(ErrorKind::Credentials, "there is no refresh token")
}
