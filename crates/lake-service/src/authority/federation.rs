//! The federation server of the lake, below `/adfs/services/trust`: it knows the passwords of federated people, and
//! vouches for them to the tenant with a SAML assertion.
//!
//! It speaks as much of WS-Trust as the libraries of Azure AD do: a metadata document, and two endpoints that take a
//! name and a password in a SOAP 1.2 envelope, in WS-Trust 1.3 and in that of 2005.

mod fault;
mod request;
mod response;
mod saml;
mod xml;

use http::request::Parts;
use http::{Method, Response, StatusCode};
use lake_store::Ambient;
use serde::Deserialize;
use uuid::Uuid;

use super::Authority;
use super::failure::Failure;
use crate::body::Body;
use crate::lake::Lake;
use crate::origin::Origin;
use crate::reply;
use fault::Fault;
use request::TokenRequest;

pub(super) use saml::{Assertion, SamlVersion};

/// Whom the assertions are for: the tenant.
pub(super) const AUDIENCE: &str = "urn:federation:MicrosoftOnline";
/// Where the metadata is, below the address of the lake.
pub(super) const METADATA: &str = "/adfs/services/trust/mex";
/// Where clients go that read no metadata.
pub(super) const ACTIVE: &str = "/adfs/services/trust/2005/usernamemixed";

/// A request has two KiB.
const LIMIT: usize = 64 * 1024;
/// Seconds that an assertion is good for; the tenant's tokens live as long.
const LIFETIME: i64 = 3600;

const SOAP: &str = "application/soap+xml; charset=utf-8";

/// What is at a path below `/adfs/services/trust`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Door {
    Metadata,
    /// A name and a password for an assertion.
    UserName(Trust),
}

/// A version of WS-Trust.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    V13,
    V2005,
}

/// How the federation server behaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Federation {
    /// Which assertions those get who do not say what they want, as no library of Azure AD does.
    pub(crate) saml: SamlVersion,
    pub(crate) offer: Offer,
}

/// Which versions of WS-Trust the metadata offers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) enum Offer {
    /// Both; clients take 1.3.
    #[default]
    #[serde(rename = "1.3")]
    Both,
    #[serde(rename = "2005")]
    Only2005,
}

impl Trust {
    /// The name of its messages.
    fn namespace(self) -> &'static str {
        match self {
            Self::V13 => "http://docs.oasis-open.org/ws-sx/ws-trust/200512",
            Self::V2005 => "http://schemas.xmlsoap.org/ws/2005/02/trust",
        }
    }

    fn action(self) -> String {
        format!("{}/RST/Issue", self.namespace())
    }
}

/// Answers one request to the federation server.
pub(super) async fn handle(
    lake: &Lake,
    origin: &Origin,
    door: Door,
    parts: &Parts,
    body: Body,
) -> Result<Response<Body>, Failure> {
    let (authority, ambient) = (lake.authority(), lake.ambient());
    let trust = match door {
        Door::Metadata => {
            let document = metadata(origin, authority.directory.federation.offer);
            return Ok(reply::with_body(
                StatusCode::OK,
                "text/xml; charset=utf-8",
                document,
            ));
        }
        Door::UserName(_) if parts.method != Method::POST => {
            return Err(Failure::only_post(&parts.method));
        }
        Door::UserName(trust) => trust,
    };
    let body = body.collect_up_to(LIMIT).await;
    let issued = body
        .map_err(|_| Fault::malformed())
        .and_then(|body| issue(authority, ambient, trust, &body));
    Ok(match issued {
        Ok(envelope) => reply::with_body(StatusCode::OK, SOAP, envelope),
        // ADFS says so even where it is the client's fault.
        Err(fault) => reply::with_body(StatusCode::INTERNAL_SERVER_ERROR, SOAP, fault.envelope()),
    })
}

fn issue(
    authority: &Authority,
    ambient: &Ambient,
    trust: Trust,
    body: &[u8],
) -> Result<String, Fault> {
    let (now, directory) = (ambient.now(), &authority.directory);
    let request = TokenRequest::read(body, trust, now)?;
    let person = directory.person_named(&request.name);
    let person = person
        .filter(|person| directory.is_federated(person))
        .filter(|person| person.password.matches(request.password.expose()))
        .ok_or_else(Fault::not_authenticated)?;
    let Some(domain) = directory.domain_of(&person.name) else {
        return Err(Fault::not_authenticated());
    };
    let version = request.saml.unwrap_or(directory.federation.saml);
    let assertion = Assertion {
        version,
        id: format!("_{}", ambient.uuid()),
        issuer: issuer(&domain.name),
        name: person.name.clone(),
        object_id: person.object_id,
        not_before: now.unix_timestamp(),
        not_on_or_after: now.unix_timestamp() + LIFETIME,
    };
    let signed = assertion.signed(&authority.key).map_err(|error| {
        tracing::error!(%error, "an assertion could not be signed");
        Fault::failed()
    })?;
    Ok(response::envelope(trust, &request, &assertion, &signed))
}

/// The name of the federation server of a domain. It is no address: nobody asks there.
pub(super) fn issuer(domain: &str) -> String {
    format!("http://{}/adfs/services/trust/", domain.to_lowercase())
}

/// What in the metadata stands for one version of WS-Trust.
const BINDING_13: &str = include_str!("federation/metadata_13.xml");
const BINDING_2005: &str = include_str!("federation/metadata_2005.xml");

/// The document by which clients find the endpoints.
fn metadata(origin: &Origin, offer: Offer) -> String {
    let parts = match offer {
        Offer::Both => [BINDING_2005, BINDING_13].as_slice(),
        Offer::Only2005 => &[BINDING_2005],
    };
    // Of each part the service's port comes last in the document.
    let (mut policies, mut ports) = (String::new(), String::new());
    for part in parts {
        let (policy, port) = part.split_once("<!-- port -->").unwrap_or((part, ""));
        policies.push_str(policy);
        ports.push_str(port);
    }
    include_str!("federation/metadata.xml")
        .replace("{{policies}}", &policies)
        .replace("{{ports}}", &ports)
        .replace("{{origin}}", &origin.to_string())
}

/// The id by which a domain's server and the tenant know a person.
fn immutable_id(object_id: Uuid) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(object_id.as_bytes())
}
