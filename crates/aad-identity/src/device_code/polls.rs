//! Asking again and again whether the person has signed in.

use std::sync::Arc;
use std::time::Duration;

use aad_core::oauth::{ErrorResponse, TokenResponse, read_error};
use aad_core::{AccessToken, Error, ErrorKind, Repeat, Result, ServiceError, TokenRequest};
use http::response::Parts;

use super::answer::{DeviceCodePrompt, Pending};
use crate::Protocol;
use crate::person::Account;
use crate::user_client::UserClient;

/// RFC 8628, 3.4.
pub(super) const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";
const PENDING: &str = "authorization_pending";
const SLOW_DOWN: &str = "slow_down";
/// RFC 8628, 3.5: by so much the interval grows, for good, whenever the authority or the network is too slow.
const SLOWER: Duration = Duration::from_secs(5);

/// One sign-in.
pub(super) struct Polls {
    account: Arc<Account>,
    /// Its application, without a retry loop below this one.
    polled: UserClient,
    tenant: String,
    request: TokenRequest,
    pending: Option<Pending>,
}

/// What a sign-in has come to.
pub(super) enum Step {
    Prompt(DeviceCodePrompt),
    Granted(Box<TokenResponse>),
}

impl Polls {
    pub(super) fn new(account: &Arc<Account>, tenant: String, request: TokenRequest) -> Self {
        Self {
            polled: account.client().for_polling(read_refusal),
            account: Arc::clone(account),
            tenant,
            request,
            pending: None,
        }
    }

    /// First the prompt, then the grant.
    pub(super) async fn step(&mut self) -> Result<Step> {
        match &mut self.pending {
            Some(pending) => {
                let granted = wait(&self.polled, &self.tenant, &self.request, pending).await?;
                Ok(Step::Granted(Box::new(granted)))
            }
            None => {
                let pending = self.begin().await?;
                let prompt = pending.prompt.clone();
                self.pending = Some(pending);
                Ok(Step::Prompt(prompt))
            }
        }
    }

    /// Keeps what was granted, for whoever wants further tokens.
    pub(super) async fn keep(&self, granted: TokenResponse) -> AccessToken {
        self.account
            .keep(&self.tenant, &self.request, granted)
            .await
    }

    async fn begin(&self) -> Result<Pending> {
        let client = self.account.client();
        let address = client.authority().await?.device_code_endpoint(&self.tenant);
        let answer = client.post(&address, &self.tenant, &self.request).await?;
        let status = answer.status();
        Pending::parse(answer.body(), client.context().now())
            .map_err(|error| error.with_status(status))
    }
}

/// Asks until there is an answer. An interval that has grown stays so.
async fn wait(
    client: &UserClient,
    tenant: &str,
    request: &TokenRequest,
    pending: &mut Pending,
) -> Result<TokenResponse> {
    let context = client.context();
    let device_code = pending.device_code.clone();
    let (grant_type, name) = match client.protocol() {
        Protocol::V2 => (GRANT, "device_code"),
        Protocol::V1 => ("device_code", "code"),
    };
    let proof = [(name, device_code.expose())];
    let mut wait = pending.interval;
    loop {
        if context.time_in(wait) > pending.prompt.expires_on {
            return Err(expired());
        }
        context.sleep(wait).await;
        let error = match client
            .grant(grant_type, &proof, tenant, request, Repeat::OnlyIfNotSent)
            .await
        {
            Ok(granted) => return Ok(granted),
            Err(error) => error,
        };
        match error.code() {
            Some(PENDING) => {}
            Some(SLOW_DOWN) => pending.interval += SLOWER,
            _ if error.is_retryable() => pending.interval += SLOWER,
            _ => return Err(error),
        }
        wait = error
            .retry_after()
            .unwrap_or_default()
            .max(pending.interval);
    }
}

/// As any other refusal, but what means "not yet" keeps OAuth's name: Azure AD's numbers do not tell the two apart.
fn read_refusal(parts: &Parts, body: &[u8]) -> Option<ServiceError> {
    let mut refused = read_error(parts, body)?;
    let name = ErrorResponse::parse(body)?.error;
    if let Some(PENDING | SLOW_DOWN) = name.as_deref() {
        refused.code = name;
    }
    Some(refused)
}

fn expired() -> Error {
    Error::new(
        ErrorKind::Credentials,
        "nobody signed in before the device code expired; ask for another one",
    )
    .with_code("expired_token")
}
