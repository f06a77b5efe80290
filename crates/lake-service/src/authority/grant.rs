//! The token endpoints: a form in, a token or a refusal out.

use http::{HeaderMap, header};
use url::form_urlencoded;
use uuid::Uuid;

use super::directory::{Application, Directory};
use super::failure::Failure;
use super::resource;

/// Which dialect of the token endpoint was called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    /// `/oauth2/token`: `resource=`, and numbers in the answer are strings.
    V1,
    /// `/oauth2/v2.0/token`: `scope=`.
    V2,
}

/// What a client was granted.
#[derive(Debug)]
pub(crate) struct Grant<'a> {
    pub(crate) application: &'a Application,
    /// The audience: a resource exactly as the client spelt it.
    pub(crate) resource: String,
}

/// The fields of a token request; parameters are looked up by their exact names.
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    pub(crate) fn parse(body: &[u8]) -> Self {
        Self(form_urlencoded::parse(body).into_owned().collect())
    }

    fn field(&self, name: &str) -> Option<&str> {
        let (_, value) = self
            .0
            .iter()
            .find(|(key, value)| key == name && !value.is_empty())?;
        Some(value)
    }

    fn required(&self, name: &str) -> Result<&str, Failure> {
        self.field(name)
            .ok_or_else(|| Failure::missing_parameter(name))
    }
}

/// Decides a request for a token of `tenant`, the path's first segment.
pub(crate) fn decide<'a>(
    directory: &'a Directory,
    tenant: &str,
    version: Version,
    headers: &HeaderMap,
    form: &Form,
) -> Result<Grant<'a>, Failure> {
    let grant = form.required("grant_type")?;
    if grant != "client_credentials" {
        return Err(Failure::unsupported_grant(grant));
    }
    if ["common", "organizations", "consumers"]
        .iter()
        .any(|name| name.eq_ignore_ascii_case(tenant))
    {
        return Err(Failure::no_tenant());
    }
    if !directory.is_tenant(tenant) {
        return Err(Failure::unknown_tenant(tenant));
    }
    let application = authenticate(directory, tenant, headers, form)?;
    let resource = match version {
        Version::V1 => form.required("resource")?.to_owned(),
        Version::V2 => {
            let scope = form.required("scope")?;
            resource::of_scope(scope).ok_or_else(|| Failure::invalid_scope(scope))?
        }
    };
    if !resource::is_known(&resource) {
        return Err(Failure::unknown_resource(&resource, &directory.domain));
    }
    Ok(Grant {
        application,
        resource,
    })
}

fn authenticate<'a>(
    directory: &'a Directory,
    tenant: &str,
    headers: &HeaderMap,
    form: &Form,
) -> Result<&'a Application, Failure> {
    let basic = basic_credentials(headers);
    let (client_id, secret) = match &basic {
        Some((client_id, secret)) => (client_id.as_str(), Some(secret.as_str())),
        None => (form.required("client_id")?, form.field("client_secret")),
    };
    let unknown = || Failure::unknown_client(client_id, tenant);
    let id: Uuid = client_id.parse().map_err(|_| unknown())?;
    let application = directory.application(id).ok_or_else(unknown)?;
    match secret {
        Some(secret) if application.secret.matches(secret) => Ok(application),
        Some(_) => Err(Failure::wrong_secret(id)),
        None if form.field("client_assertion").is_some() => Err(Failure::unknown_certificate(id)),
        None => Err(Failure::no_secret()),
    }
}

/// RFC 6749, 2.3.1: both halves are form-encoded before they are joined and base64-encoded.
fn basic_credentials(headers: &HeaderMap) -> Option<(String, String)> {
    use base64::Engine as _;
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = base64::engine::general_purpose::STANDARD
        .decode(encoded.trim())
        .ok()?;
    let text = String::from_utf8(decoded).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((form_decoded(id), form_decoded(secret)))
}

fn form_decoded(text: &str) -> String {
    let spaces = text.replace('+', " ");
    percent_encoding::percent_decode_str(&spaces)
        .decode_utf8_lossy()
        .into_owned()
}
