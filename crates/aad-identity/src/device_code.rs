//! A person who signs in on another device.

mod answer;
mod polls;

use std::fmt;
use std::sync::Arc;

use aad_core::{AccessToken, Context, Result, Secret, TokenCredential, TokenRequest};
use async_trait::async_trait;
use futures::{Stream, StreamExt};

use crate::person::{Manner, Person};
use crate::user_client::UserClient;
use crate::{CachedAccount, CredentialOptions};
use polls::{Polls, Step};

pub use answer::DeviceCodePrompt;

/// What happens while a person signs in on another device.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum DeviceCodeEvent {
    /// The person must be shown this. It comes first.
    Prompt(DeviceCodePrompt),
    /// The person has signed in. It comes last.
    SignedIn(AccessToken),
}

/// A person who signs in on another device (OAuth's device authorization grant, RFC 8628).
///
/// When a token is first asked for, the person is shown a code to enter at an address, through the callback given
/// here; [`sign_in`](Self::sign_in) does the same as a stream, for programs that have their own way to show it. Later
/// tokens come silently, until the authority wants to see the person again.
///
/// ```
/// # use aad_core::{Context, Result, TokenCredential, TokenRequest};
/// use aad_identity::DeviceCodeCredential;
///
/// # async fn example(context: Context) -> Result<()> {
/// let credential = DeviceCodeCredential::new(context, "contoso.com", "client-id", |prompt| {
///     println!("{prompt}");
/// })?;
/// let request = TokenRequest::new(["https://datalake.azure.net//.default"]);
/// let token = credential.token(&request).await?;
/// # Ok(()) }
/// ```
pub struct DeviceCodeCredential {
    person: Person,
    show: Arc<dyn Fn(&DeviceCodePrompt) + Send + Sync>,
}

impl DeviceCodeCredential {
    /// Somebody of this tenant (`organizations` for whoever it turns out to be), through the application
    /// `client_id`. `show` is called with what the person must see. Nothing is sent yet.
    ///
    /// # Errors
    /// As [`DeviceCodeCredential::new_opts`].
    pub fn new(
        context: Context,
        tenant: &str,
        client_id: impl Into<String>,
        show: impl Fn(&DeviceCodePrompt) + Send + Sync + 'static,
    ) -> Result<Self> {
        let options = CredentialOptions::default();
        Self::new_opts(context, tenant, client_id, show, &options)
    }

    /// The same with options.
    ///
    /// # Errors
    /// [`ErrorKind::Request`](aad_core::ErrorKind::Request) if the tenant or the authority cannot be one, if the
    /// authority is not reached over https, or if the client id is empty.
    pub fn new_opts(
        context: Context,
        tenant: &str,
        client_id: impl Into<String>,
        show: impl Fn(&DeviceCodePrompt) + Send + Sync + 'static,
        options: &CredentialOptions,
    ) -> Result<Self> {
        let client = UserClient::new(context, tenant, client_id.into(), None, options)?;
        Ok(Self {
            person: Person::new(client, Manner::asked(polls::GRANT, None), None),
            show: Arc::new(show),
        })
    }

    /// Signs a person in, whoever was signed in before: first the prompt, then, when the person has followed it, the
    /// token. The callback is not called. After it [`token`](TokenCredential::token) is silent.
    ///
    /// ```
    /// # use aad_core::{Context, Result, TokenRequest};
    /// # use aad_identity::{DeviceCodeCredential, DeviceCodeEvent};
    /// use futures::StreamExt;
    ///
    /// # async fn example(credential: DeviceCodeCredential) -> Result<()> {
    /// let request = TokenRequest::new(["https://datalake.azure.net//.default"]);
    /// let mut events = credential.sign_in(&request);
    /// while let Some(event) = events.next().await {
    ///     match event? {
    ///         DeviceCodeEvent::Prompt(prompt) => println!("{prompt}"),
    ///         DeviceCodeEvent::SignedIn(token) => println!("until {}", token.expires_on),
    ///         _ => {}
    ///     }
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// The stream ends with an error: [`ErrorKind::Credentials`](aad_core::ErrorKind::Credentials) if the person
    /// declined, or the code expired, or the authority does not know it.
    ///
    /// Dropping the stream gives the sign-in up; the code expires by itself.
    pub fn sign_in(
        &self,
        request: &TokenRequest,
    ) -> impl Stream<Item = Result<DeviceCodeEvent>> + Send + Unpin + 'static {
        let account = Arc::clone(self.person.account());
        let tenant = account.client().tenant_for(request).map(str::to_owned);
        let polls = tenant.map(|tenant| Polls::new(&account, tenant, request.clone()));
        futures::stream::unfold(Some(polls), next_event).boxed()
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
impl TokenCredential for DeviceCodeCredential {
    /// A kept token, a silent one, or that of a person who signs in now.
    ///
    /// Dropping the future does not disturb other callers that wait for the same token; if there
    /// are none, the sign-in is given up.
    async fn token(&self, request: &TokenRequest) -> Result<AccessToken> {
        let sign_in = || {
            let account = Arc::clone(self.person.account());
            let show = Arc::clone(&self.show);
            move |tenant: String, request: TokenRequest, _| async move {
                let mut polls = Polls::new(&account, tenant, request);
                loop {
                    match polls.step().await? {
                        Step::Prompt(prompt) => show(&prompt),
                        Step::Granted(granted) => return Ok(*granted),
                    }
                }
            }
        };
        self.person.token(request, sign_in).await
    }
}

impl fmt::Debug for DeviceCodeCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceCodeCredential")
            .field("person", &self.person)
            .finish_non_exhaustive()
    }
}

/// One step as an event; nothing is left after the last one.
async fn next_event(
    polls: Option<Result<Polls>>,
) -> Option<(Result<DeviceCodeEvent>, Option<Result<Polls>>)> {
    let mut polls = match polls? {
        Ok(polls) => polls,
        Err(error) => return Some((Err(error), None)),
    };
    Some(match polls.step().await {
        Ok(Step::Prompt(prompt)) => (Ok(DeviceCodeEvent::Prompt(prompt)), Some(Ok(polls))),
        Ok(Step::Granted(granted)) => {
            let token = polls.keep(*granted).await;
            (Ok(DeviceCodeEvent::SignedIn(token)), None)
        }
        Err(error) => (Err(error), None),
    })
}
