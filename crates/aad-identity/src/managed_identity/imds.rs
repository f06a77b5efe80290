//! The instance metadata service of virtual machines, scale sets, containers and Kubernetes nodes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use aad_core::env::AZURE_POD_IDENTITY_AUTHORITY_HOST;
use aad_core::explanation::{SourceExplanation, Verdict};
use aad_core::retry::RetryPolicy;
use aad_core::{
    AccessToken, Error, ErrorKind, Pipeline, PipelineOptions, Repeat, Result, ServiceError,
    TokenRequest,
};
use async_trait::async_trait;
use bytes::Bytes;
use http::response::Parts;
use url::Url;

use super::azure_arc::OnceFound;
use super::host::{Channel, Host, direct, endpoint, with_query, words};
use super::{ManagedIdentityId, ManagedIdentityOptions};
use crate::explain::Lookups;

/// The same on every machine in Azure.
const ADDRESS: &str = "http://169.254.169.254";
const PATH: &str = "/metadata/identity/oauth2/token";

/// The service says 410 while it is being updated, and is back within 70 s
/// (learn.microsoft.com, how-to-use-vm-token, "retry guidance").
const WHILE_UPDATED: [u64; 4] = [5, 10, 20, 40];

/// A metadata service answers at once; nobody answers elsewhere.
const PROBE_PATIENCE: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub(super) struct Imds {
    channel: Channel,
    endpoint: Url,
    identity: Option<ManagedIdentityId>,
    /// Whether it has yet to be found out that somebody is there.
    unproven: AtomicBool,
}

/// Always: where no variable tells of another host. An agent of Azure Arc, which sets none for
/// programs that it does not start, is looked for on the disk when a token is wanted.
pub(super) fn detect(
    lookups: &Lookups,
    options: &ManagedIdentityOptions,
) -> Option<Result<Arc<dyn Host>>> {
    let named = lookups.var(AZURE_POD_IDENTITY_AUTHORITY_HOST);
    let address = named.as_deref().unwrap_or(ADDRESS).trim_matches('/');
    let host = || {
        let imds = Imds {
            channel: Channel::reading(lookups.context(), options, read_refusal),
            endpoint: endpoint(
                AZURE_POD_IDENTITY_AUTHORITY_HOST,
                &format!("{address}{PATH}"),
            )?,
            identity: options.identity.clone(),
            unproven: AtomicBool::new(options.probe && named.is_none()),
        };
        Ok(Arc::new(OnceFound::new(lookups.context(), options, imds)) as _)
    };
    Some(host())
}

#[async_trait]
impl Host for Imds {
    fn name(&self) -> &'static str {
        "the instance metadata service"
    }

    async fn token(&self, resource: &str, _: &TokenRequest) -> Result<AccessToken> {
        let identity = self.identity.as_ref().map(|id| id.parameter("msi_res_id"));
        let url = with_query(&self.endpoint, "2018-02-01", resource, identity);
        if self.unproven.load(Ordering::Relaxed) {
            self.probe(&url).await?;
            self.unproven.store(false, Ordering::Relaxed);
        }
        let mut waits = WHILE_UPDATED.into_iter();
        loop {
            let request = http::Request::get(&url).header("metadata", "true");
            let error = match self.channel.grant(request, Bytes::new()).await {
                Ok((token, _)) => return Ok(token),
                Err(error) => error,
            };
            let updated = error.status() == Some(http::StatusCode::GONE);
            let Some(wait) = waits.next().filter(|_| updated) else {
                return Err(self.explain(error));
            };
            self.channel
                .context()
                .sleep(Duration::from_secs(wait))
                .await;
        }
    }

    async fn explain(&self, known: SourceExplanation) -> SourceExplanation {
        let advice = "a machine in Azure is told by its metadata service, and only asking shows whether there is one";
        known.with_verdict(Verdict::CannotTell, Some(advice.to_owned()))
    }
}

impl Imds {
    /// Whether anybody is there. Without the header `Metadata` the service answers 400 at once;
    /// any answer will do.
    async fn probe(&self, url: &str) -> Result<()> {
        let options = PipelineOptions::default()
            .with_retry(RetryPolicy::none())
            .with_attempt_timeout(PROBE_PATIENCE);
        let pipeline =
            Pipeline::new(self.channel.context().clone(), options).with_error_reader(read_refusal);
        let request = direct(http::Request::get(url), Bytes::new())?;
        match pipeline.send(request, Repeat::Safe).await {
            Ok(_) => Ok(()),
            Err(error) if error.kind() == ErrorKind::Unavailable => Err(error),
            Err(error) if error.status().is_some() => Ok(()),
            Err(error) => Err(nobody(error)),
        }
    }

    /// What an error means here: it may be that there is no such service, or no identity.
    fn explain(&self, error: Error) -> Error {
        let status = error.status().map(|status| status.as_u16());
        match (status, error.kind()) {
            (None, ErrorKind::Transient) => nobody(error),
            // A named identity that is not there is a mistake; that there is none at all is not.
            (Some(400), _) if self.identity.is_none() => Error::new(
                ErrorKind::Unavailable,
                format!("no identity is assigned to this machine: {error}"),
            )
            .with_source(error),
            (Some(200), ErrorKind::Protocol) => Error::new(
                ErrorKind::Unavailable,
                "what answers in the place of the metadata service is another service",
            )
            .with_source(error),
            (Some(410), _) => Error::new(
                ErrorKind::Transient,
                "the instance metadata service is being updated, for longer than it should take",
            )
            .with_status(http::StatusCode::GONE)
            .with_source(error),
            _ => error,
        }
    }
}

fn nobody(error: Error) -> Error {
    Error::new(
        ErrorKind::Unavailable,
        "the instance metadata service does not answer; this may not be a machine in Azure",
    )
    .with_source(error)
}

fn read_refusal(parts: &Parts, body: &[u8]) -> Option<ServiceError> {
    // Docker Desktop answers for addresses that it cannot reach.
    let unreachable = || body.windows(11).any(|part| part == b"unreachable");
    let mut said = ServiceError::default();
    said.message = Some(words(parts, body));
    said.kind = match parts.status.as_u16() {
        400 | 401 => Some(ErrorKind::Credentials),
        403 if unreachable() => Some(ErrorKind::Unavailable),
        // Its documentation calls 404 and every 5xx passing.
        404 | 500.. => Some(ErrorKind::Transient),
        _ => None,
    };
    Some(said)
}
