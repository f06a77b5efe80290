//! What the hosts have in common.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use aad_core::explanation::{SourceExplanation, Verdict};
use aad_core::oauth::{ErrorResponse, TokenResponse};
use aad_core::pipeline::ErrorReader;
use aad_core::transport::Direct;
use aad_core::{
    AccessToken, Context, Error, ErrorKind, Pipeline, PipelineOptions, Repeat, Result,
    ServiceError, TokenRequest,
};
use async_trait::async_trait;
use bytes::Bytes;
use http::request::Builder;
use http::response::Parts;
use url::Url;

use super::{ManagedIdentityId, ManagedIdentityOptions};
use crate::explain::Lookups;

/// Something that hands out the tokens of an identity.
#[async_trait]
pub(super) trait Host: fmt::Debug + Send + Sync {
    /// Its name, for people.
    fn name(&self) -> &'static str;

    /// Asks it for a token for this resource, which is what the request is for.
    async fn token(&self, resource: &str, request: &TokenRequest) -> Result<AccessToken>;

    /// Completes what is known of it without asking it. Whoever has set its variables is it.
    async fn explain(&self, known: SourceExplanation) -> SourceExplanation {
        let advice = format!("the host is {}", self.name());
        known.with_verdict(Verdict::Ready, Some(advice))
    }
}

/// The host, if the environment says that it is this one.
pub(super) type Detect = fn(&Lookups, &ManagedIdentityOptions) -> Option<Result<Arc<dyn Host>>>;

/// A token lives so long at least if it is to be renewed at half its life, as the hosts' own
/// caches do: they would hand out the same one until then.
const LONG_LIFE: time::Duration = time::Duration::hours(2);

/// The way to a host.
#[derive(Clone, Debug)]
pub(super) struct Channel {
    pipeline: Pipeline,
}

impl Channel {
    pub(super) fn new(context: &Context, options: &ManagedIdentityOptions) -> Self {
        Self::reading(context, options, read_refusal)
    }

    /// With another reading of refusals.
    pub(super) fn reading(
        context: &Context,
        options: &ManagedIdentityOptions,
        reader: ErrorReader,
    ) -> Self {
        let options = PipelineOptions::default()
            .with_retry(options.retry.clone())
            .with_attempt_timeout(Duration::from_secs(10))
            .with_body_limit(1 << 20);
        Self {
            pipeline: Pipeline::new(context.clone(), options).with_error_reader(reader),
        }
    }

    pub(super) fn context(&self) -> &Context {
        self.pipeline.context()
    }

    /// Sends a request; its answer is a token and the body that it came in.
    pub(super) async fn grant(
        &self,
        request: Builder,
        body: Bytes,
    ) -> Result<(AccessToken, Bytes)> {
        let request = direct(request, body)?;
        let response = self.pipeline.send_collected(request, Repeat::Safe).await?;
        let now = self.context().now();
        let mut token = TokenResponse::parse(response.body(), now)
            .map_err(|error| error.with_status(response.status()))?
            .access_token;
        let life = token.expires_on - now;
        if token.refresh_on.is_none() && life >= LONG_LIFE {
            token.refresh_on = Some(now + life / 2);
        }
        Ok((token, response.into_body()))
    }
}

/// A request that no proxy must come between: the hosts are on addresses that mean something on
/// this machine only.
pub(super) fn direct(request: Builder, body: Bytes) -> Result<http::Request<Bytes>> {
    request.extension(Direct).body(body).map_err(|error| {
        Error::new(ErrorKind::Request, "the request to the host cannot be made").with_source(error)
    })
}

/// The address of an endpoint that an environment variable names.
pub(super) fn endpoint(variable: &str, address: &str) -> Result<Url> {
    let url = Url::parse(address).ok();
    url.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        .ok_or_else(|| {
            Error::new(
                ErrorKind::Credentials,
                format!("{variable} is {address:?}, which is not an address"),
            )
        })
}

/// The address with these parameters and more, by the names that the host gives them.
pub(super) fn with_query<'a>(
    endpoint: &Url,
    version: &str,
    resource: &str,
    more: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> String {
    let mut url = endpoint.clone();
    url.query_pairs_mut()
        .append_pair("api-version", version)
        .append_pair("resource", resource)
        .extend_pairs(more);
    url.into()
}

impl ManagedIdentityId {
    /// The parameter that names the identity, where the resource's id has this name.
    pub(super) fn parameter<'a>(&'a self, resource_id: &'a str) -> (&'a str, &'a str) {
        match self {
            Self::ClientId(id) => ("client_id", id),
            Self::ObjectId(id) => ("object_id", id),
            Self::ResourceId(id) => (resource_id, id),
        }
    }
}

/// The host's words for a refusal, in JSON of any dialect or as they are.
pub(super) fn words(parts: &Parts, body: &[u8]) -> String {
    let said =
        ErrorResponse::parse(body).and_then(|refusal| match (refusal.error, refusal.description) {
            (Some(error), Some(description)) => Some(format!("{error}: {description}")),
            (one, other) => one.or(other),
        });
    let said = said.unwrap_or_else(|| {
        let text = String::from_utf8_lossy(&body[..body.len().min(300)]).into_owned();
        text.replace(char::is_control, " ")
    });
    format!("the host answered {}: {}", parts.status, said.trim())
}

/// A host that was found and refuses has been told a wrong identity, or has none.
pub(super) fn read_refusal(parts: &Parts, body: &[u8]) -> Option<ServiceError> {
    let mut said = ServiceError::default();
    said.message = Some(words(parts, body));
    said.kind = match parts.status.as_u16() {
        400 | 401 | 403 | 404 => Some(ErrorKind::Credentials),
        500.. => Some(ErrorKind::Transient),
        _ => None,
    };
    Some(said)
}
