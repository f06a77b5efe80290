//! A person who signs in with a name and a password, without a browser.

mod realm;

use std::sync::Arc;

use aad_core::oauth::TokenResponse;
use aad_core::{AccessToken, Context, Repeat, Result, Secret, TokenCredential, TokenRequest};
use async_trait::async_trait;
use http::StatusCode;
use url::form_urlencoded;

use crate::person::{Account, Manner, Person};
use crate::user_client::{UserClient, refuse_empty};
#[cfg(feature = "ws-trust")]
use crate::ws_trust::WsTrustClient;
use crate::{ClientProof, CredentialOptions};
use realm::Realm;

pub(crate) use realm::Federation;

/// A person who signs in with a name and a password (OAuth's password grant).
///
/// It works for people who need no second factor and have consented to the application, and whose password Azure AD
/// itself knows or, with the feature `ws-trust`, a federation server of their organization, such as ADFS. For everybody
/// else a browser or a device code is the way.
///
/// A federated person's password goes to the federation server only, over https only; what the server states about
/// the person goes to Azure AD.
///
/// ```
/// use aad_core::{Context, ErrorKind, Result, TokenCredential, TokenRequest};
/// use aad_identity::UsernamePasswordCredential;
///
/// # async fn example(context: Context) -> Result<()> {
/// let credential = UsernamePasswordCredential::new(
///     context, "organizations", "client-id", "someone@contoso.com", "password")?;
/// let request = TokenRequest::new(["https://datalake.azure.net//.default"]);
/// match credential.token(&request).await {
///     Ok(token) => println!("until {}", token.expires_on),
///     // `AADSTS50126` if Azure AD did not like the password, `FailedAuthentication` if an ADFS did not.
///     Err(error) if error.kind() == ErrorKind::Credentials => {
///         println!("{error} ({})", error.code().unwrap_or("no code"));
///     }
///     Err(error) => return Err(error),
/// }
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct UsernamePasswordCredential {
    person: Person,
    sign_in: Arc<SignIn>,
}

/// Who signs in, and where.
#[derive(Debug)]
struct SignIn {
    username: String,
    password: Secret,
    #[cfg(feature = "ws-trust")]
    federation_server: WsTrustClient,
}

impl UsernamePasswordCredential {
    /// This person, through the application `client_id`. Nothing is sent yet.
    ///
    /// # Errors
    /// As [`UsernamePasswordCredential::new_opts`].
    pub fn new(
        context: Context,
        tenant: &str,
        client_id: impl Into<String>,
        username: impl Into<String>,
        password: impl Into<Secret>,
    ) -> Result<Self> {
        let options = CredentialOptions::default();
        Self::new_opts(
            context, tenant, client_id, username, password, None, &options,
        )
    }

    /// The same with options, and with what shows who the application is, if it has something.
    ///
    /// # Errors
    /// [`ErrorKind::Request`](aad_core::ErrorKind::Request) if the tenant or the authority cannot be one, if the authority is
    /// not reached over https, or if the client id, the name or the password is empty.
    pub fn new_opts(
        context: Context,
        tenant: &str,
        client_id: impl Into<String>,
        username: impl Into<String>,
        password: impl Into<Secret>,
        client_proof: Option<ClientProof>,
        options: &CredentialOptions,
    ) -> Result<Self> {
        let (username, password) = (username.into(), password.into());
        refuse_empty("user name", &username)?;
        refuse_empty("password", password.expose())?;
        #[cfg(feature = "ws-trust")]
        let federation_server = WsTrustClient::new(&context, options);
        let client = UserClient::new(context, tenant, client_id.into(), client_proof, options)?;
        Ok(Self {
            person: Person::new(client, Manner::password(&username), None),
            sign_in: Arc::new(SignIn {
                username,
                password,
                #[cfg(feature = "ws-trust")]
                federation_server,
            }),
        })
    }
}

#[async_trait]
impl TokenCredential for UsernamePasswordCredential {
    /// A kept token, or a new one.
    ///
    /// Dropping the future does not disturb other callers that wait for the same token; if there
    /// are none, the sign-in is abandoned.
    async fn token(&self, request: &TokenRequest) -> Result<AccessToken> {
        let sign_in = || {
            let account = Arc::clone(self.person.account());
            let sign_in = Arc::clone(&self.sign_in);
            move |tenant: String, request: TokenRequest, _| async move {
                sign_in.run(&account, &tenant, &request).await
            }
        };
        self.person.token(request, sign_in).await
    }
}

impl SignIn {
    async fn run(
        &self,
        account: &Account,
        tenant: &str,
        request: &TokenRequest,
    ) -> Result<TokenResponse> {
        let client = account.client();
        match self.realm(client).await? {
            Realm::Managed => {
                let proof = [
                    ("username", self.username.as_str()),
                    ("password", self.password.expose()),
                ];
                client
                    .grant("password", &proof, tenant, request, Repeat::Safe)
                    .await
            }
            Realm::Federated(federation) => {
                self.federated(&federation, client, tenant, request).await
            }
        }
    }

    /// Asks first: the password of a federated person must not even be sent to Azure AD, which could not check it.
    async fn realm(&self, client: &UserClient) -> Result<Realm> {
        let authority = client.authority().await?;
        // It is a federation server itself.
        if authority.is_adfs() {
            return Ok(Realm::Managed);
        }
        let encoded: String = form_urlencoded::byte_serialize(self.username.as_bytes()).collect();
        // A blank is `+` in a form only.
        let encoded = encoded.replace('+', "%20");
        let address = authority.user_realm_endpoint(&encoded);
        match client.get(&address).await {
            Ok(answer) => Realm::parse(&self.username, answer.body()),
            // An authority that is not Azure AD knows no realms.
            Err(error) if error.status() == Some(StatusCode::NOT_FOUND) => Ok(Realm::Managed),
            Err(error) => Err(error),
        }
    }

    #[cfg(feature = "ws-trust")]
    async fn federated(
        &self,
        federation: &Federation,
        client: &UserClient,
        tenant: &str,
        request: &TokenRequest,
    ) -> Result<TokenResponse> {
        let statement = self
            .federation_server
            .sign_in(federation, &self.username, &self.password)
            .await?;
        let proof = [("assertion", statement.encoded.expose())];
        client
            .grant(statement.grant_type, &proof, tenant, request, Repeat::Safe)
            .await
    }

    #[cfg(not(feature = "ws-trust"))]
    #[expect(clippy::unused_async, reason = "its other form waits for a server")]
    async fn federated(
        &self,
        federation: &Federation,
        _: &UserClient,
        _: &str,
        _: &TokenRequest,
    ) -> Result<TokenResponse> {
        use aad_core::{Error, ErrorKind};

        let server = federation
            .active_url
            .as_ref()
            .or(federation.metadata_url.as_ref());
        let message = format!(
            "{} is a federated user, whose password {} checks over WS-Trust; build with the feature ws-trust of \
             aad-identity, or sign in with a browser or a device code",
            self.username,
            server.map_or("another identity provider", String::as_str),
        );
        Err(Error::new(ErrorKind::Credentials, message))
    }
}
