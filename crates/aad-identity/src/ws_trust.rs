//! WS-Trust: a federation server checks a person's name and password and states who that is.

mod mex;
mod request;
mod response;
mod xml;

use std::fmt;
use std::time::Duration;

use aad_core::channel::check_channel;
use aad_core::retry::RetryPolicy;
use aad_core::{Context, Error, ErrorKind, Pipeline, PipelineOptions, Repeat, Result, Secret};
use bytes::Bytes;
use http::Uri;
use http::header::{ACCEPT, CONTENT_TYPE};

use crate::CredentialOptions;
use crate::username_password::Federation;

pub(crate) use response::Assertion;

/// More than twenty times what the largest federation server known here has to say.
const BODY_LIMIT: usize = 1 << 20;

/// The dialect of a federation server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Version {
    V13,
    V2005,
}

impl Version {
    fn action(self) -> &'static str {
        match self {
            Self::V13 => "http://docs.oasis-open.org/ws-sx/ws-trust/200512/RST/Issue",
            Self::V2005 => "http://schemas.xmlsoap.org/ws/2005/02/trust/RST/Issue",
        }
    }

    fn of_action(action: &str) -> Option<Self> {
        [Self::V13, Self::V2005]
            .into_iter()
            .find(|version| version.action() == action)
    }

    /// By the paths that ADFS has, for an address that comes without a description.
    fn of_address(address: &str) -> Option<Self> {
        let address = address.to_ascii_lowercase();
        if address.contains("/trust/13/usernamemixed") {
            return Some(Self::V13);
        }
        address
            .contains("/trust/2005/usernamemixed")
            .then_some(Self::V2005)
    }
}

/// An address that a password may be sent to.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Endpoint {
    address: String,
    version: Version,
}

impl Endpoint {
    fn new(address: &str, version: Version, allow_http_loopback: bool) -> Result<Self> {
        checked_address(address, allow_http_loopback)?;
        Ok(Self {
            address: address.to_owned(),
            version,
        })
    }
}

/// The way to federation servers.
pub(crate) struct WsTrustClient {
    description: Pipeline,
    issue: Pipeline,
    allow_http_loopback: bool,
}

impl WsTrustClient {
    /// Nothing is sent yet.
    pub(crate) fn new(context: &Context, options: &CredentialOptions) -> Self {
        let pipeline = |retry| {
            let options = PipelineOptions::default()
                .with_retry(retry)
                .with_attempt_timeout(Duration::from_secs(20))
                .with_total_timeout(Some(Duration::from_secs(60)))
                .with_body_limit(BODY_LIMIT);
            Pipeline::new(context.clone(), options)
        };
        Self {
            description: pipeline(options.retry.clone()),
            // A server counts wrong passwords, and answers them with a status that would be worth a second attempt.
            issue: pipeline(RetryPolicy::none()).with_error_reader(response::read_fault),
            allow_http_loopback: options.allow_http_loopback,
        }
    }

    /// Has the federation server check the password.
    pub(crate) async fn sign_in(
        &self,
        federation: &Federation,
        username: &str,
        password: &Secret,
    ) -> Result<Assertion> {
        let endpoint = self.endpoint(federation).await?;
        let context = self.issue.context();
        let body = request::envelope(context, &endpoint, &federation.audience, username, password)?;
        let request = http::Request::post(&endpoint.address)
            .header(CONTENT_TYPE, "application/soap+xml; charset=utf-8")
            .header("soapaction", endpoint.version.action())
            .body(Bytes::from(body))
            .map_err(unusable)?;
        let answer = self
            .issue
            .send_collected(request, Repeat::OnlyIfNotSent)
            .await?;
        response::parse(answer.body())
    }

    /// What the server says of itself, else what the authority says of it: the description may be kept from this
    /// machine, or be broken, where the endpoint is not.
    async fn endpoint(&self, federation: &Federation) -> Result<Endpoint> {
        let Some(metadata) = &federation.metadata_url else {
            return self.known_endpoint(federation);
        };
        match self.describe(metadata).await {
            Ok(endpoint) => Ok(endpoint),
            Err(error) => {
                tracing::debug!(%error, metadata, "the federation server does not describe itself");
                self.known_endpoint(federation).map_err(|_| error)
            }
        }
    }

    async fn describe(&self, metadata: &str) -> Result<Endpoint> {
        // Whoever could change the description on its way would get the password.
        let address = checked_address(metadata, self.allow_http_loopback)?;
        let request = http::Request::get(address)
            .header(ACCEPT, "application/soap+xml, application/xml, text/xml")
            .body(Bytes::new())
            .map_err(unusable)?;
        let answer = self
            .description
            .send_collected(request, Repeat::Safe)
            .await?;
        mex::endpoint(answer.body(), self.allow_http_loopback)
    }

    fn known_endpoint(&self, federation: &Federation) -> Result<Endpoint> {
        let address = federation.active_url.as_deref();
        let version = address.and_then(Version::of_address);
        let (Some(address), Some(version)) = (address, version) else {
            let message = "the authority names no endpoint of the federation server that takes names and passwords; \
                 sign in with a browser or a device code";
            return Err(Error::new(ErrorKind::Credentials, message));
        };
        Endpoint::new(address, version, self.allow_http_loopback)
    }
}

impl fmt::Debug for WsTrustClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WsTrustClient").finish_non_exhaustive()
    }
}

fn checked_address(address: &str, allow_http_loopback: bool) -> Result<Uri> {
    let uri: Uri = address.parse().map_err(unusable)?;
    check_channel(&uri, allow_http_loopback)?;
    Ok(uri)
}

fn unusable(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    let message = "the address of the federation server is not one";
    Error::new(ErrorKind::Protocol, message).with_source(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_without_a_description_tells_its_dialect_by_its_path() {
        for (address, version) in [
            (
                "https://sts.contoso.com/adfs/services/trust/2005/usernamemixed",
                Some(Version::V2005),
            ),
            (
                "https://sts.contoso.com/adfs/services/Trust/13/UsernameMixed/",
                Some(Version::V13),
            ),
            (
                "https://sts.contoso.com/adfs/services/trust/13/windowstransport",
                None,
            ),
            ("https://sts.contoso.com/", None),
        ] {
            assert_eq!(Version::of_address(address), version, "{address}");
        }
    }
}
