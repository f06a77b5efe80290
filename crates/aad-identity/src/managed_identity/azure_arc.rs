//! Azure Arc: machines that are not in Azure but managed from there.
//!
//! Its agent demands a proof that who asks may read the agent's keys: it answers 401 with the
//! path of a key file, and wants the content of that file back.

use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use aad_core::env::{IDENTITY_ENDPOINT, IMDS_ENDPOINT, PROGRAMDATA, PROGRAMFILES};
use aad_core::explanation::SourceExplanation;
use aad_core::pipeline::read_refusal;
use aad_core::retry::RetryPolicy;
use aad_core::{AccessToken, Context, Error, ErrorKind, Result, ServiceError, TokenRequest};
use async_trait::async_trait;
use bytes::Bytes;
use futures::future::{Either, select};
use http::StatusCode;
use http::header::{AUTHORIZATION, HeaderMap, WWW_AUTHENTICATE};
use http::response::Parts;
use serde_json::Value;
use url::Url;
use zeroize::Zeroizing;

use super::host::{Channel, Host, direct, endpoint, with_query};
use super::imds::Imds;
use super::{ManagedIdentityId, ManagedIdentityOptions};
use crate::explain::Lookups;

/// Where the agent listens.
const ADDRESS: &str = "http://localhost:40342/metadata/identity/oauth2/token";

/// No key is longer than this.
const KEY_LIMIT: u64 = 4096;

#[derive(Debug)]
struct AzureArc {
    channel: Channel,
    endpoint: Url,
    identity: Option<ManagedIdentityId>,
    key_folder: Option<PathBuf>,
    retry: RetryPolicy,
}

pub(super) fn detect(
    lookups: &Lookups,
    options: &ManagedIdentityOptions,
) -> Option<Result<Arc<dyn Host>>> {
    let address = lookups.var(IDENTITY_ENDPOINT)?;
    lookups.var(IMDS_ENDPOINT)?;
    Some(
        endpoint(IDENTITY_ENDPOINT, &address)
            .map(|endpoint| Arc::new(AzureArc::at(lookups.context(), options, endpoint)) as _),
    )
}

impl AzureArc {
    fn at(context: &Context, options: &ManagedIdentityOptions, endpoint: Url) -> Self {
        let key_folder = options.arc_key_folder.clone();
        Self {
            channel: Channel::new(context, options),
            endpoint,
            identity: options.identity.clone(),
            key_folder: key_folder.or_else(|| agent_key_folder(context)),
            retry: options.retry.clone(),
        }
    }
}

/// Where the agent leaves its keys.
fn agent_key_folder(context: &Context) -> Option<PathBuf> {
    if cfg!(windows) {
        let data = context.var(PROGRAMDATA)?;
        return Some(
            Path::new(&data)
                .join("AzureConnectedMachineAgent")
                .join("Tokens"),
        );
    }
    Some(PathBuf::from("/var/opt/azcmagent/tokens"))
}

/// The agent's program.
fn agent(context: &Context) -> Option<PathBuf> {
    if cfg!(windows) {
        let programs = context.var(PROGRAMFILES)?;
        return Some(
            Path::new(&programs)
                .join("AzureConnectedMachineAgent")
                .join("himds.exe"),
        );
    }
    Some(PathBuf::from("/opt/azcmagent/bin/himds"))
}

#[async_trait]
impl Host for AzureArc {
    fn name(&self) -> &'static str {
        "Azure Arc"
    }

    async fn token(&self, resource: &str, _: &TokenRequest) -> Result<AccessToken> {
        let identity = self.identity.as_ref().map(|id| id.parameter("msi_res_id"));
        let url = with_query(&self.endpoint, "2020-06-01", resource, identity);
        let key_file = self.challenge(&url).await?;
        let key = self.read_key(&key_file).await?;
        let proof = Zeroizing::new(format!("Basic {}", key.as_str()));
        let request = http::Request::get(url)
            .header("metadata", "true")
            .header(AUTHORIZATION, proof.as_str());
        let (token, body) = self.channel.grant(request, Bytes::new()).await?;
        if let Some(identity) = &self.identity {
            confirm(identity, &body)?;
        }
        Ok(token)
    }
}

impl AzureArc {
    /// Asks without a proof, to hear which file holds it. Past the pipeline, to which a refusal is
    /// an error and not an answer; so it is here that a failure is followed by another attempt.
    async fn challenge(&self, url: &str) -> Result<PathBuf> {
        let context = self.channel.context();
        let mut failures = 0;
        loop {
            let error = match self.challenge_once(url).await {
                Ok(path) => return Ok(path),
                Err(error) => error,
            };
            let asked = error.retry_after();
            let too_long = asked.is_some_and(|wait| wait > self.retry.longest_requested_wait);
            if !error.is_retryable() || too_long || failures == self.retry.retries {
                return Err(error);
            }
            let backoff = || self.retry.backoff.wait(failures, context.fraction());
            let wait = asked.unwrap_or_else(backoff);
            context.sleep(wait).await;
            failures += 1;
        }
    }

    async fn challenge_once(&self, url: &str) -> Result<PathBuf> {
        let request = direct(
            http::Request::get(url).header("metadata", "true"),
            Bytes::new(),
        )?;
        let context = self.channel.context();
        let answer = context.transport().send(request);
        let response = match select(pin!(answer), context.sleep(Duration::from_secs(10))).await {
            Either::Left((answer, _)) => answer.map_err(|error| silent().with_source(error))?,
            Either::Right(_) => return Err(silent()),
        };
        let status = response.status();
        if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
            let (parts, _) = response.into_parts();
            return Err(read_refusal(&parts, &[], Some(read_failure), context.now()));
        }
        let path = realm(response.headers()).filter(|_| status == StatusCode::UNAUTHORIZED);
        path.map(PathBuf::from).ok_or_else(|| {
            Error::new(
                ErrorKind::Protocol,
                "the agent of Azure Arc did not name a key file",
            )
            .with_status(status)
        })
    }

    /// The agent could be anybody: only a key of the agent's own folder is shown to it.
    async fn read_key(&self, file: &Path) -> Result<Zeroizing<String>> {
        let folder = self.key_folder.as_deref();
        let is_key = file.extension().is_some_and(|extension| extension == "key");
        let refuse = |why: &str| {
            Error::new(
                ErrorKind::Credentials,
                format!("the key file {} of Azure Arc {why}", file.display()),
            )
        };
        if folder.is_none() || file.parent() != folder || !is_key {
            return Err(refuse("is not a key in the agent's folder"));
        }
        let read = self.channel.context().files().read(file, KEY_LIMIT).await;
        let key = read.map_err(|error| {
            let why = match error.kind() {
                std::io::ErrorKind::FileTooLarge => "is too long to be one",
                std::io::ErrorKind::PermissionDenied => {
                    "may not be read; the group himds or an administrator may"
                }
                _ => "cannot be read",
            };
            refuse(why).with_source(error)
        })?;
        let key = std::str::from_utf8(&key).map_err(|_| refuse("is not text"))?;
        Ok(Zeroizing::new(key.trim_end().to_owned()))
    }
}

fn read_failure(parts: &Parts, _: &[u8]) -> Option<ServiceError> {
    let mut failure = ServiceError::default();
    failure.message = Some(format!("the agent of Azure Arc answered {}", parts.status));
    Some(match parts.status {
        StatusCode::TOO_MANY_REQUESTS => failure,
        _ => failure.with_kind(ErrorKind::Transient),
    })
}

fn silent() -> Error {
    Error::new(
        ErrorKind::Transient,
        "the agent of Azure Arc does not answer; is it running?",
    )
}

/// The path in `Basic realm=<path>`, which the agent writes without quotes.
fn realm(headers: &HeaderMap) -> Option<&str> {
    const START: &str = "Basic realm=";
    headers.get_all(WWW_AUTHENTICATE).iter().find_map(|value| {
        let value = value.to_str().ok()?.trim();
        let start = value.get(..START.len())?;
        start
            .eq_ignore_ascii_case(START)
            .then(|| value[START.len()..].trim_matches('"'))
    })
}

/// An agent of before 2026 does not know identities other than the machine's own, and gives that
/// one's token whatever is asked for. A newer one says whose it is.
fn confirm(identity: &ManagedIdentityId, body: &[u8]) -> Result<()> {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let (names, wanted): (&[&str], _) = match identity {
        ManagedIdentityId::ClientId(id) => (&["client_id"], id),
        ManagedIdentityId::ObjectId(id) => (&["object_id"], id),
        ManagedIdentityId::ResourceId(id) => (&["msi_res_id", "mi_res_id"], id),
    };
    let said = names.iter().find_map(|name| body.get(name)?.as_str());
    if said.is_some_and(|said| said.eq_ignore_ascii_case(wanted)) {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Credentials,
        "the agent of Azure Arc gave a token of another identity than the one asked for; \
         older agents know the machine's own only",
    ))
}

/// Azure Arc if its agent is installed, and the metadata service otherwise; looked up once.
#[derive(Debug)]
pub(super) struct OnceFound {
    arc: AzureArc,
    imds: Imds,
    is_arc: OnceLock<bool>,
}

impl OnceFound {
    pub(super) fn new(context: &Context, options: &ManagedIdentityOptions, imds: Imds) -> Self {
        let address = Url::parse(ADDRESS).expect("a constant address");
        Self {
            arc: AzureArc::at(context, options, address),
            imds,
            is_arc: OnceLock::new(),
        }
    }

    async fn is_arc(&self) -> bool {
        if let Some(known) = self.is_arc.get() {
            return *known;
        }
        let context = self.context();
        let found = match agent(context) {
            Some(agent) => context.files().metadata(&agent).await.is_ok(),
            None => false,
        };
        *self.is_arc.get_or_init(|| found)
    }

    fn context(&self) -> &Context {
        self.arc.channel.context()
    }
}

#[async_trait]
impl Host for OnceFound {
    fn name(&self) -> &'static str {
        match self.is_arc.get() {
            Some(true) => self.arc.name(),
            _ => self.imds.name(),
        }
    }

    async fn token(&self, resource: &str, request: &TokenRequest) -> Result<AccessToken> {
        if self.is_arc().await {
            self.arc.token(resource, request).await
        } else {
            self.imds.token(resource, request).await
        }
    }

    async fn explain(&self, known: SourceExplanation) -> SourceExplanation {
        let is_arc = self.is_arc().await;
        let known = match agent(self.context()) {
            Some(agent) => known.with_finding(agent.display().to_string(), is_arc),
            None => known,
        };
        if is_arc {
            self.arc.explain(known).await
        } else {
            self.imds.explain(known).await
        }
    }
}
