//! A person who signs in with the browser of this machine.

mod answer;
mod listen;
mod opener;
mod page;

use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use aad_core::explanation::{Explanation, SourceExplanation, Verdict};
use aad_core::oauth::TokenResponse;
use aad_core::{
    AccessToken, Context, Error, ErrorKind, Result, Secret, TokenCredential, TokenRequest,
};
use async_trait::async_trait;
use futures::future::{Either, pending, select};

use crate::authorization_code::{self, ResponseMode};
use crate::person::{Manner, Person};
use crate::user_client::UserClient;
use crate::{AuthorizationRequest, CachedAccount, CredentialOptions};

pub use listen::{Connection, Listen, Listener, SystemPorts};

/// As azure-identity for Python waits.
const TIMEOUT: Duration = Duration::from_secs(300);

/// A person who signs in with the browser of this machine (feature `browser`).
///
/// When a token is first asked for, the browser is opened at the authority's page, and brings the
/// code back to a port that only this machine can reach. Later tokens come silently, until the
/// authority wants to see the person again. The application must have `http://localhost` among its
/// redirect addresses. The ports of the system need Tokio's I/O driver, as the network does.
///
/// ```
/// # use aad_core::{Context, Result, TokenCredential, TokenRequest};
/// use aad_identity::InteractiveBrowserCredential;
///
/// # async fn example(context: Context) -> Result<()> {
/// let credential = InteractiveBrowserCredential::new(context, "contoso.com", "client-id")?;
/// let request = TokenRequest::new(["https://datalake.azure.net//.default"]);
/// let token = credential.token(&request).await?;
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct InteractiveBrowserCredential {
    person: Person,
    settings: Arc<InteractiveBrowserOptions>,
}

/// How a person signs in with the browser of this machine.
///
/// ```
/// use aad_identity::InteractiveBrowserOptions;
///
/// // Nothing can open a browser here, but the person can.
/// let options = InteractiveBrowserOptions::default().with_address(|url| println!("open {url}"));
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct InteractiveBrowserOptions {
    /// How Azure AD is reached.
    pub authority: CredentialOptions,
    /// Who is likely to sign in, so that the page need not ask.
    pub login_hint: Option<String>,
    /// How the browser brings the answer.
    pub response_mode: ResponseMode,
    /// How long the person may take.
    pub timeout: Duration,
    /// What opens the port for the answer.
    pub ports: Arc<dyn Listen>,
    show: Option<Show>,
}

/// Shows an address to the person.
type Show = Arc<dyn Fn(&str) + Send + Sync>;

impl Default for InteractiveBrowserOptions {
    fn default() -> Self {
        Self {
            authority: CredentialOptions::default(),
            login_hint: None,
            response_mode: ResponseMode::default(),
            timeout: TIMEOUT,
            ports: Arc::new(SystemPorts),
            show: None,
        }
    }
}

impl InteractiveBrowserOptions {
    /// Sets how Azure AD is reached.
    #[must_use]
    pub fn with_authority(mut self, options: CredentialOptions) -> Self {
        self.authority = options;
        self
    }

    /// Says who is likely to sign in.
    #[must_use]
    pub fn with_login_hint(mut self, name: impl Into<String>) -> Self {
        self.login_hint = Some(name.into());
        self
    }

    /// Sets how the browser brings the answer.
    #[must_use]
    pub fn with_response_mode(mut self, mode: ResponseMode) -> Self {
        self.response_mode = mode;
        self
    }

    /// Sets how long the person may take, instead of five minutes.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets what opens the port for the answer.
    #[must_use]
    pub fn with_ports(mut self, ports: Arc<dyn Listen>) -> Self {
        self.ports = ports;
        self
    }

    /// Opens no browser, but calls this with the address that the person must open on this machine.
    #[must_use]
    pub fn with_address(mut self, show: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.show = Some(Arc::new(show));
        self
    }
}

impl InteractiveBrowserCredential {
    /// Somebody of this tenant (`organizations` for whoever it turns out to be), through the
    /// application `client_id`. Nothing is sent or opened yet.
    ///
    /// # Errors
    /// As [`InteractiveBrowserCredential::new_opts`].
    pub fn new(context: Context, tenant: &str, client_id: impl Into<String>) -> Result<Self> {
        let options = InteractiveBrowserOptions::default();
        Self::new_opts(context, tenant, client_id, options)
    }

    /// The same with options.
    ///
    /// # Errors
    /// [`ErrorKind::Request`] if the tenant or the authority cannot be one, if the authority is
    /// not reached over https, or if the client id is empty.
    pub fn new_opts(
        context: Context,
        tenant: &str,
        client_id: impl Into<String>,
        mut options: InteractiveBrowserOptions,
    ) -> Result<Self> {
        if options.login_hint.is_none() {
            let named = options.authority.account.as_ref();
            let name = named.map(|account| account.username.clone());
            options.login_hint = name.filter(|name| !name.is_empty());
        }
        let manner = Manner::asked(authorization_code::GRANT, options.login_hint.as_deref());
        let client = UserClient::new(context, tenant, client_id.into(), None, &options.authority)?;
        Ok(Self {
            person: Person::new(client, manner, None),
            settings: Arc::new(options),
        })
    }

    /// Signs a person in, whoever was signed in before. After it
    /// [`token`](TokenCredential::token) is silent.
    ///
    /// ```
    /// # use aad_core::{Result, TokenRequest};
    /// # use aad_identity::InteractiveBrowserCredential;
    /// # async fn example(credential: InteractiveBrowserCredential) -> Result<()> {
    /// let request = TokenRequest::new(["https://datalake.azure.net//.default"]);
    /// credential.sign_in(&request).await?;
    /// if let Some(account) = credential.account().await {
    ///     println!("{} is signed in", account.username);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Unavailable`] where no browser can be opened, [`ErrorKind::Credentials`] if
    /// the person declined or took too long.
    ///
    /// Dropping the future closes the port and gives the sign-in up.
    pub async fn sign_in(&self, request: &TokenRequest) -> Result<AccessToken> {
        let account = self.person.account();
        let client = account.client();
        let tenant = client.tenant_for(request)?;
        let granted = self.settings.sign_in(client, tenant, request).await?;
        Ok(account.keep(tenant, request, granted).await)
    }

    /// Who signed in, as the persistent cache has it; none before that, or if it could not be
    /// written. Later, [`CachedAccountCredential`](crate::CachedAccountCredential) is that person.
    pub async fn account(&self) -> Option<CachedAccount> {
        self.person.account().cached().await
    }

    /// The newest refresh token, once somebody has signed in.
    pub fn refresh_token(&self) -> Option<Secret> {
        self.person.account().refresh_token()
    }
}

#[async_trait]
impl TokenCredential for InteractiveBrowserCredential {
    /// A kept token, a silent one, or that of a person who signs in now;
    /// [`ErrorKind::Unavailable`] where no browser can be opened, [`ErrorKind::Credentials`] if
    /// the person declined or took too long.
    ///
    /// Dropping the future does not disturb other callers that wait for the same token; if there
    /// are none, the port is closed and the sign-in given up.
    async fn token(&self, request: &TokenRequest) -> Result<AccessToken> {
        let sign_in = || {
            let account = Arc::clone(self.person.account());
            let settings = Arc::clone(&self.settings);
            move |tenant: String, request: TokenRequest, _| async move {
                settings.sign_in(account.client(), &tenant, &request).await
            }
        };
        self.person.token(request, sign_in).await
    }

    /// Whether a browser can be opened here, unless somebody has signed in or the page's address is shown instead.
    async fn explain(&self) -> Explanation {
        let account = self.person.account();
        if account.refresh_token().is_some() {
            let advice = "somebody has signed in, and further tokens come silently";
            return SourceExplanation::new(opener::SOURCE, Verdict::Ready)
                .with_advice(advice)
                .into();
        }
        if self.settings.show.is_some() {
            let advice = "a person is shown the address to open in a browser of this machine";
            return SourceExplanation::new(opener::SOURCE, Verdict::Ready)
                .with_advice(advice)
                .into();
        }
        opener::explain(account.client().context()).await.into()
    }
}

impl InteractiveBrowserOptions {
    async fn sign_in(
        &self,
        client: &UserClient,
        tenant: &str,
        request: &TokenRequest,
    ) -> Result<TokenResponse> {
        let context = client.context();
        let listener = self.ports.listen().await.map_err(|error| {
            let message = "no port could be opened for the browser's answer";
            Error::new(ErrorKind::Unavailable, message).with_source(error)
        })?;
        let mut asked = AuthorizationRequest::begin(
            context,
            client.authority().await?.authorize_endpoint(tenant),
            client.client_id().to_owned(),
            format!("http://localhost:{}", listener.port()),
            client.protocol().personal_target(&request.scopes)?,
        )
        .with_response_mode(self.response_mode)
        .with_claims(request.claims.as_deref(), request.enable_cae)?;
        if let Some(name) = &self.login_hint {
            asked = asked.with_login_hint(name);
        }
        let url = asked.url();
        let answered = pin!(answer::wait(context, listener, &asked));
        let code = match select(answered, pin!(self.failure(context, &url))).await {
            Either::Left((code, _)) => code?,
            Either::Right((error, _)) => return Err(error),
        };
        code.redeem(client, tenant, request).await
    }

    /// Opens the page, and says why nobody signed in with it; the answer comes by itself.
    async fn failure(&self, context: &Context, url: &str) -> Error {
        let (opening, waiting) = (self.open(context, url), self.lose_patience(context));
        let (opening, waiting) = (pin!(opening), pin!(waiting));
        select(opening, waiting).await.factor_first().0
    }

    /// Opens the page; ends only if that cannot be done.
    ///
    /// A program that opens browsers may stay as long as the browser does, so its end is not waited for.
    async fn open(&self, context: &Context, url: &str) -> Error {
        if let Some(show) = &self.show {
            show(url);
            return pending().await;
        }
        let command = opener::command(url);
        let program = &command.program;
        let unavailable = |what: &str| {
            let message = format!(
                "no browser could be opened: {program} {what}; show the address to the person \
                 instead, or use a device code"
            );
            Error::new(ErrorKind::Unavailable, message)
        };
        match context.processes().run(&command).await {
            Ok(output) if output.code == Some(0) => pending().await,
            Ok(_) => unavailable("failed"),
            Err(error) => unavailable("could not be started").with_source(error),
        }
    }

    async fn lose_patience(&self, context: &Context) -> Error {
        context.sleep(self.timeout).await;
        let seconds = self.timeout.as_secs_f64();
        let message = format!("nobody signed in with the browser within {seconds} s");
        Error::new(ErrorKind::Credentials, message)
    }
}

impl fmt::Debug for InteractiveBrowserOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InteractiveBrowserOptions")
            .field("authority", &self.authority)
            .field("login_hint", &self.login_hint)
            .field("response_mode", &self.response_mode)
            .field("timeout", &self.timeout)
            .field("ports", &self.ports)
            .finish_non_exhaustive()
    }
}
