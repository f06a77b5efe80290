//! A person who signed in with a browser, and the code that the browser brought back.
//!
//! Two steps, so that any program can take them: an [`AuthorizationRequest`] makes the address to send the browser
//! to and understands what comes back; an [`AuthorizationCodeCredential`] turns the code into tokens.

mod request;

use std::sync::{Arc, Mutex, PoisonError};

use aad_core::oauth::TokenResponse;
use aad_core::{
    AccessToken, Context, Error, ErrorKind, Repeat, Result, Secret, TokenCredential, TokenRequest,
};
use async_trait::async_trait;

use crate::person::{Manner, Person};
use crate::user_client::{UserClient, refuse_empty};
use crate::{ClientProof, CredentialOptions};

pub use request::{AuthorizationRequest, ResponseMode};

/// A redirect address for programs that no browser can reach: the person copies the code.
pub const OUT_OF_BAND: &str = "urn:ietf:wg:oauth:2.0:oob";

pub(crate) const GRANT: &str = "authorization_code";

/// A code that a browser brought back, and what its redemption must repeat of the request.
#[derive(Clone, Debug)]
pub struct AuthorizationCode {
    code: Secret,
    redirect_uri: String,
    verifier: Option<Secret>,
}

impl AuthorizationCode {
    /// A code that was asked for without PKCE, by whatever means.
    /// [`AuthorizationRequest::accept`] makes one with it.
    pub fn new(code: impl Into<Secret>, redirect_uri: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            redirect_uri: redirect_uri.into(),
            verifier: None,
        }
    }

    /// Adds the PKCE verifier whose challenge was in the request.
    #[must_use]
    pub fn with_verifier(mut self, verifier: impl Into<Secret>) -> Self {
        self.verifier = Some(verifier.into());
        self
    }

    /// Asks for the tokens of the code. It works once.
    pub(crate) async fn redeem(
        &self,
        client: &UserClient,
        tenant: &str,
        request: &TokenRequest,
    ) -> Result<TokenResponse> {
        let mut proof = vec![
            ("code", self.code.expose()),
            ("redirect_uri", &self.redirect_uri),
        ];
        if let Some(verifier) = &self.verifier {
            proof.push(("code_verifier", verifier.expose()));
        }
        client
            .grant(GRANT, &proof, tenant, request, Repeat::OnlyIfNotSent)
            .await
    }
}

/// A person who signed in with a browser (OAuth's authorization code grant).
///
/// The code is redeemed for the first token; later ones come silently, by the refresh token that came with it.
///
/// ```
/// # use aad_core::{Context, Result, TokenCredential, TokenRequest};
/// use aad_identity::{AuthorizationCodeCredential, AuthorizationRequest};
///
/// # async fn example(context: Context, browse: impl Fn(&str) -> String) -> Result<()> {
/// let scope = "https://datalake.azure.net//.default";
/// let request = AuthorizationRequest::new(
///     &context, "contoso.com", "client-id", "http://localhost:8400", [scope])?;
/// // Sends a browser there, and gives back the address at which it ended.
/// let landed = browse(&request.url());
/// let code = request.accept(&landed)?;
///
/// let credential = AuthorizationCodeCredential::new(context, "contoso.com", "client-id", code)?;
/// let token = credential.token(&TokenRequest::new([scope])).await?;
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct AuthorizationCodeCredential {
    person: Person,
    code: Arc<Mutex<Option<AuthorizationCode>>>,
}

impl AuthorizationCodeCredential {
    /// The person whose code this is, through an application without a secret. Nothing is sent yet.
    ///
    /// # Errors
    /// As [`AuthorizationCodeCredential::new_opts`].
    pub fn new(
        context: Context,
        tenant: &str,
        client_id: impl Into<String>,
        code: AuthorizationCode,
    ) -> Result<Self> {
        let options = CredentialOptions::default();
        Self::new_opts(context, tenant, client_id, code, None, &options)
    }

    /// The same with options, and with what shows who the application is, if it has something.
    ///
    /// # Errors
    /// [`ErrorKind::Request`] if the tenant or the authority cannot be one, if the authority is
    /// not reached over https, or if the client id, the secret or the code is empty.
    pub fn new_opts(
        context: Context,
        tenant: &str,
        client_id: impl Into<String>,
        code: AuthorizationCode,
        client_proof: Option<ClientProof>,
        options: &CredentialOptions,
    ) -> Result<Self> {
        refuse_empty("authorization code", code.code.expose())?;
        let client = UserClient::new(context, tenant, client_id.into(), client_proof, options)?;
        Ok(Self {
            person: Person::new(client, Manner::elsewhere(Some(GRANT)), None),
            code: Arc::new(Mutex::new(Some(code))),
        })
    }

    /// The newest refresh token, once the code has been redeemed.
    pub fn refresh_token(&self) -> Option<Secret> {
        self.person.account().refresh_token()
    }
}

#[async_trait]
impl TokenCredential for AuthorizationCodeCredential {
    /// A kept token, or a new one. When the refresh token is refused, or none came, the person must sign in again.
    ///
    /// Dropping the future during the first call loses the code, as the authority may have seen it.
    async fn token(&self, request: &TokenRequest) -> Result<AccessToken> {
        let redeem = || {
            let (account, code) = (Arc::clone(self.person.account()), Arc::clone(&self.code));
            move |tenant: String, request: TokenRequest, refusal: Option<Error>| async move {
                // It works once, and must not be lost to an authority that is not found.
                account.client().authority().await?;
                let code = code.lock().unwrap_or_else(PoisonError::into_inner).take();
                match code {
                    Some(code) => code.redeem(account.client(), &tenant, &request).await,
                    None => Err(refusal.unwrap_or_else(used)),
                }
            }
        };
        self.person.token(request, redeem).await
    }
}

fn used() -> Error {
    Error::new(
        ErrorKind::Credentials,
        "the authorization code has been used, and no refresh token came with it; sign in again",
    )
}
