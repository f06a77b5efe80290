//! A person who signs in with a name and a password, without a browser.

use std::sync::Arc;

use aad_core::{
    AccessToken, Context, Error, ErrorKind, Repeat, Result, Secret, TokenCredential, TokenRequest,
};
use async_trait::async_trait;
use url::form_urlencoded;

use crate::CredentialOptions;
use crate::person::{Account, Person};
use crate::user_client::{UserClient, refuse_empty};

/// A person who signs in with a name and a password (OAuth's password grant).
///
/// It works for people whose password Azure AD itself knows, who need no second factor, and who have consented to
/// the application; for everybody else a browser or a device code is the way.
///
/// ```
/// # use aad_core::{Context, Result, TokenCredential, TokenRequest};
/// use aad_identity::UsernamePasswordCredential;
///
/// # async fn example(context: Context) -> Result<()> {
/// let credential = UsernamePasswordCredential::new(
///     context, "contoso.com", "client-id", "someone@contoso.com", "password")?;
/// let request = TokenRequest::new(["https://datalake.azure.net//.default"]);
/// let token = credential.token(&request).await?;
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct UsernamePasswordCredential {
    person: Person,
    username: String,
    password: Secret,
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

    /// The same with options, and with the application's secret if it has one.
    ///
    /// # Errors
    /// [`ErrorKind::Request`] if the tenant or the authority cannot be one, if the authority is
    /// not reached over https, or if the client id, the name or the password is empty.
    pub fn new_opts(
        context: Context,
        tenant: &str,
        client_id: impl Into<String>,
        username: impl Into<String>,
        password: impl Into<Secret>,
        client_secret: Option<Secret>,
        options: &CredentialOptions,
    ) -> Result<Self> {
        let (username, password) = (username.into(), password.into());
        refuse_empty("user name", &username)?;
        refuse_empty("password", password.expose())?;
        let client = UserClient::new(context, tenant, client_id.into(), client_secret, options)?;
        Ok(Self {
            person: Person::new(client, None),
            username,
            password,
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
            let (username, password) = (self.username.clone(), self.password.clone());
            move |tenant: String, request: TokenRequest, _| async move {
                refuse_federated(&account, &username).await?;
                let proof = [
                    ("username", username.as_str()),
                    ("password", password.expose()),
                ];
                account
                    .client()
                    .grant("password", &proof, &tenant, &request, Repeat::Safe)
                    .await
            }
        };
        self.person.token(request, sign_in).await
    }
}

/// The password of a federated user must not even be sent to Azure AD, which could not check it.
async fn refuse_federated(account: &Account, username: &str) -> Result<()> {
    let encoded: String = form_urlencoded::byte_serialize(username.as_bytes()).collect();
    // A blank is `+` in a form only.
    let encoded = encoded.replace('+', "%20");
    let client = account.client();
    let address = client.authority().await?.user_realm_endpoint(&encoded);
    let answer = match client.get(&address).await {
        Ok(answer) => answer,
        Err(error) if error.is_retryable() => return Err(error),
        // An authority that is not Azure AD knows no realms.
        Err(_) => return Ok(()),
    };
    let realm: serde_json::Value = serde_json::from_slice(answer.body()).unwrap_or_default();
    let text = |name| realm.get(name).and_then(serde_json::Value::as_str);
    let federated = text("account_type")
        .is_some_and(|account_type| account_type.eq_ignore_ascii_case("federated"));
    if !federated {
        return Ok(());
    }
    let provider = text("federation_active_auth_url")
        .or_else(|| text("domain_name"))
        .unwrap_or("another identity provider");
    Err(Error::new(
        ErrorKind::Credentials,
        format!(
            "{username} is a federated user, whose password {provider} checks over WS-Trust; this is not supported \
             yet, sign in with a browser or a device code"
        ),
    ))
}
