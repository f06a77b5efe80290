//! Whether a host is an authority.
//!
//! A secret goes wherever the authority's address says, and that address may come from a variable
//! or a settings file. A host that nobody knows is therefore asked about, at the public cloud's
//! authority, which knows those of all clouds (as ADAL and MSAL do).

use std::sync::{Arc, OnceLock};

use aad_core::channel::is_loopback;
use aad_core::{Cloud, Error, ErrorKind, Pipeline, Repeat, Result};
use bytes::Bytes;
use http::header::ACCEPT;
use serde_json::Value;
use url::form_urlencoded::Serializer;

use super::Authority;

const ADDRESS: &str = "https://login.microsoftonline.com/common/discovery/instance";

/// Beside the clouds of the table (MSAL for Python 1.39, `WELL_KNOWN_AUTHORITY_HOSTS`).
const MORE_AUTHORITIES: [&str; 4] = [
    "login-us.microsoftonline.com",
    "login.sovcloud-identity.fr",
    "login.sovcloud-identity.de",
    "login.sovcloud-identity.sg",
];

/// Below these every customer of Azure AD B2C and of External ID has a host of its own.
const CUSTOMERS: [&str; 5] = [
    ".b2clogin.com",
    ".b2clogin.cn",
    ".b2clogin.us",
    ".b2clogin.de",
    ".ciamlogin.com",
];

/// An authority, once it has been found to be one. A clone shares what was found.
#[derive(Clone)]
pub(crate) struct Discovery {
    named: Authority,
    believed: bool,
    pipeline: Pipeline,
    found: Arc<OnceLock<Authority>>,
}

impl Discovery {
    /// Nothing is asked yet. Through `pipeline` the public cloud's authority is.
    pub(crate) fn new(named: Authority, believed: bool, pipeline: Pipeline) -> Self {
        Self {
            believed: believed || named.is_adfs() || is_known(&named.host()),
            named,
            pipeline,
            found: Arc::default(),
        }
    }

    /// The authority as it was named, of which nothing can be asked.
    pub(crate) fn named(&self) -> &Authority {
        &self.named
    }

    /// The authority. What was found is found once; two who ask at once may both look.
    ///
    /// Dropping the future leaves the search to the next who asks.
    pub(crate) async fn authority(&self) -> Result<&Authority> {
        if self.believed {
            return Ok(&self.named);
        }
        if let Some(found) = self.found.get() {
            return Ok(found);
        }
        let found = self.ask().await?;
        Ok(self.found.get_or_init(|| found))
    }

    async fn ask(&self) -> Result<Authority> {
        let endpoint = format!(
            "https://{}/{}/oauth2/v2.0/authorize",
            self.named.host(),
            self.named.tenant()
        );
        let query = Serializer::new(String::new())
            // 1.1 is the version that names the cloud's hosts too.
            .append_pair("api-version", "1.1")
            .append_pair("authorization_endpoint", &endpoint)
            .finish();
        let request = http::Request::get(format!("{ADDRESS}?{query}"))
            .header(ACCEPT, "application/json")
            .body(Bytes::new())
            .expect("the address is well formed and its query is encoded");
        let answer = self.pipeline.send_collected(request, Repeat::Safe).await;
        let answer = answer.map_err(|error| self.refused(error))?;
        let answer: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
        if !answer["tenant_discovery_endpoint"].is_string() {
            return Err(self.unsettled(Error::new(
                ErrorKind::Protocol,
                "the answer names no tenant discovery endpoint",
            )));
        }
        match preferred_host(&answer, &self.named.host()) {
            Some(host) => self.named.at_host(&host),
            None => Ok(self.named.clone()),
        }
    }

    fn refused(&self, error: Error) -> Error {
        match error.code() {
            // AADSTS50049: "Unknown or invalid instance."
            Some("invalid_instance" | "AADSTS50049") => Error::new(
                ErrorKind::Request,
                format!(
                    "{} is not known to be an authority; whoever trusts it nevertheless says so by \
                     CredentialOptions::without_instance_discovery",
                    self.named.base()
                ),
            )
            .with_code("invalid_instance")
            .with_source(error),
            _ => self.unsettled(error),
        }
    }

    fn unsettled(&self, error: Error) -> Error {
        let message = format!(
            "whether {} is an authority could not be found out ({error}); \
             CredentialOptions::without_instance_discovery spares the question",
            self.named.base()
        );
        error.with_message(message)
    }
}

/// Whether nobody needs to be asked about a host.
///
/// A secret that goes to this machine goes to nobody, and a lake or a test authority runs there;
/// RFC 6761, 6.3 reserves the names below `localhost` for it.
fn is_known(host: &str) -> bool {
    Cloud::of_authority(host).is_some()
        || MORE_AUTHORITIES.contains(&host)
        || CUSTOMERS.iter().any(|suffix| host.ends_with(suffix))
        || is_loopback(host)
        || host.ends_with(".localhost")
}

/// The host at which the authority with this one wants to be asked.
fn preferred_host(answer: &Value, host: &str) -> Option<String> {
    let is_it = |alias: &Value| {
        alias
            .as_str()
            .is_some_and(|name| name.eq_ignore_ascii_case(host))
    };
    let mut clouds = answer["metadata"].as_array()?.iter();
    let cloud = clouds.find(|cloud| {
        let aliases = cloud["aliases"].as_array();
        aliases.is_some_and(|aliases| aliases.iter().any(is_it))
    })?;
    Some(cloud["preferred_network"].as_str()?.to_owned())
}
