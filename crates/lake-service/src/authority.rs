//! Azure AD: who exists, the documents that say where everything is, and tokens.

mod assertion;
mod certificates;
mod directory;
mod discovery;
mod failure;
mod grant;
mod keys;
mod resource;
mod x509;

use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use lake_store::Store;
use serde_json::{Value, json};
use uuid::Uuid;

use assertion::{Judge, Used};
use certificates::Certificates;
pub(crate) use directory::{Application, Directory};
use keys::SigningKey;
pub(crate) use resource::{is_audience_of, preferred};

use crate::body::Body;
use crate::error::{Error, ErrorKind, Result};
use crate::lake::Lake;
use crate::origin::Origin;
use crate::reply;
use failure::Failure;
use grant::{Form, Grant, Version};

/// A token lives an hour; clients are told a second less, as the service does.
const LIFETIME: i64 = 3600;
/// Tokens are dated back, so that a client whose clock is slow can use them at once.
const BACKDATED: i64 = 300;
/// No token request is larger; a certificate assertion has 2 KiB.
const FORM_LIMIT: usize = 64 * 1024;

const KEY_SETTING: &str = "authority/signing-key";
const DIRECTORY_SETTING: &str = "authority/directory";

/// The tenant and the key that signs for it.
pub(crate) struct Authority {
    pub(crate) directory: Directory,
    pub(crate) key: SigningKey,
    pub(crate) certificates: Certificates,
    used_assertions: Used,
}

impl Authority {
    /// The directory and key of this store, made at first start.
    pub(crate) fn open(store: &Store) -> Result<Self> {
        let ambient = store.ambient();
        let settings = store.settings();
        let key = match settings.get(KEY_SETTING).map_err(unreadable)? {
            Some(der) => SigningKey::from_pkcs8(&der)?,
            None => {
                let key = SigningKey::generate()?;
                settings
                    .set(KEY_SETTING, &key.to_pkcs8()?)
                    .map_err(unreadable)?;
                key
            }
        };
        let stored = settings
            .get_or_insert_with(DIRECTORY_SETTING, || {
                serde_json::to_vec(&Directory::create(ambient)).expect("ids and text are JSON")
            })
            .map_err(unreadable)?;
        let directory = serde_json::from_slice(&stored).map_err(|e| {
            Error::new(ErrorKind::Damaged, "the stored directory cannot be read").caused_by(e)
        })?;
        Ok(Self {
            directory,
            key,
            certificates: Certificates::open(store)?,
            used_assertions: Used::default(),
        })
    }

    #[cfg(test)]
    pub(crate) fn create(ambient: &lake_store::Ambient) -> Result<Self> {
        Ok(Self {
            directory: Directory::create(ambient),
            key: SigningKey::generate()?,
            certificates: Certificates::default(),
            used_assertions: Used::default(),
        })
    }

    /// Who decides on the assertions of a request that reached the lake under this address.
    fn judge<'a>(&'a self, lake: &Lake, origin: &'a Origin) -> Judge<'a> {
        Judge {
            directory: &self.directory,
            certificates: &self.certificates,
            used: &self.used_assertions,
            policy: lake.options().assertion_use,
            origin,
            now: lake.ambient().now(),
        }
    }

    /// The issuers of this tenant's tokens, v1 first. They do not depend on any port.
    pub(crate) fn issuers(&self) -> [String; 2] {
        let tenant = self.directory.tenant_id;
        [
            format!("https://sts.windows.net/{tenant}/"),
            format!("https://login.microsoftonline.com/{tenant}/v2.0"),
        ]
    }

    /// The claims of an access token. Its version is decided by the resource, and all of Azure's own take v1,
    /// whichever endpoint was asked.
    fn claims(&self, grant: &Grant<'_>, now: i64, uti: Uuid) -> Value {
        let [issuer, _] = self.issuers();
        let Application {
            client_id,
            object_id,
            ..
        } = grant.application;
        json!({
            "aud": grant.resource,
            "iss": issuer,
            "iat": now - BACKDATED,
            "nbf": now - BACKDATED,
            "exp": now + LIFETIME,
            "appid": client_id,
            "appidacr": "1",
            "idp": issuer,
            "oid": object_id,
            "sub": object_id,
            "tid": self.directory.tenant_id,
            "uti": uti.simple().to_string(),
            "ver": "1.0",
        })
    }
}

/// Answers every path of Azure AD.
pub(crate) async fn handle(
    lake: &Lake,
    origin: &Origin,
    trace: Uuid,
    request: Request<Body>,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let correlation = client_request_id(&parts.headers);
    let now = lake.ambient().now();
    let result = match endpoint(parts.uri.path()) {
        Some((tenant, Endpoint::Token(version))) => {
            if parts.method == Method::POST {
                token(lake, origin, tenant, version, &parts.headers, body, trace).await
            } else {
                Err(Failure::only_post(&parts.method))
            }
        }
        Some((tenant, Endpoint::Document(document))) => {
            let query = parts.uri.query().unwrap_or_default();
            describe(lake.authority(), origin, tenant, document, query)
        }
        None => {
            return reply::error(
                StatusCode::NOT_FOUND,
                "ResourceNotFound",
                "Azure AD has nothing at this path.",
            );
        }
    };
    let mut response = result
        .unwrap_or_else(|failure| failure.to_response(now, trace, correlation.unwrap_or(trace)));
    finish(response.headers_mut(), &parts.headers, correlation);
    response
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Endpoint {
    Token(Version),
    Document(Document),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Document {
    Configuration(Version),
    Keys,
    Instance,
}

/// What follows `/{tenant}/`.
const ENDPOINTS: &[(&str, Endpoint)] = &[
    ("oauth2/token", Endpoint::Token(Version::V1)),
    ("oauth2/v2.0/token", Endpoint::Token(Version::V2)),
    (
        ".well-known/openid-configuration",
        Endpoint::Document(Document::Configuration(Version::V1)),
    ),
    (
        "v2.0/.well-known/openid-configuration",
        Endpoint::Document(Document::Configuration(Version::V2)),
    ),
    ("discovery/keys", Endpoint::Document(Document::Keys)),
    ("discovery/v2.0/keys", Endpoint::Document(Document::Keys)),
    ("discovery/instance", Endpoint::Document(Document::Instance)),
];

fn endpoint(path: &str) -> Option<(&str, Endpoint)> {
    let (tenant, rest) = path.strip_prefix('/')?.split_once('/')?;
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    ENDPOINTS
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(rest))
        .map(|&(_, endpoint)| (tenant, endpoint))
}

async fn token(
    lake: &Lake,
    origin: &Origin,
    tenant: &str,
    version: Version,
    headers: &HeaderMap,
    body: Body,
    uti: Uuid,
) -> Result<Response<Body>, Failure> {
    let body = body
        .collect_up_to(FORM_LIMIT)
        .await
        .map_err(|_| Failure::unreadable_request())?;
    let authority = lake.authority();
    let grant = grant::decide(
        &authority.judge(lake, origin),
        tenant,
        version,
        headers,
        &Form::parse(&body),
    )?;
    let now = lake.ambient().now().unix_timestamp();
    let token = authority
        .key
        .sign(&authority.claims(&grant, now, uti))
        .map_err(|error| {
            tracing::error!(%error, "a token could not be signed");
            Failure::internal()
        })?;
    Ok(reply::json(
        StatusCode::OK,
        &token_response(version, &grant, now, &token),
    ))
}

/// v1 writes its numbers as strings and says more.
fn token_response(version: Version, grant: &Grant<'_>, now: i64, token: &str) -> Value {
    let expires_in = LIFETIME - 1;
    match version {
        Version::V1 => json!({
            "token_type": "Bearer",
            "expires_in": expires_in.to_string(),
            "ext_expires_in": expires_in.to_string(),
            "expires_on": (now + LIFETIME).to_string(),
            "not_before": (now - BACKDATED).to_string(),
            "resource": grant.resource,
            "access_token": token,
        }),
        Version::V2 => json!({
            "token_type": "Bearer",
            "expires_in": expires_in,
            "ext_expires_in": expires_in,
            "access_token": token,
        }),
    }
}

fn describe(
    authority: &Authority,
    origin: &Origin,
    tenant: &str,
    document: Document,
    query: &str,
) -> Result<Response<Body>, Failure> {
    let tenant_id = authority.directory.tenant_id.to_string();
    let any_tenant = ["common", "organizations"]
        .iter()
        .any(|name| name.eq_ignore_ascii_case(tenant));
    let (shown, issuer) = match any_tenant {
        true => (tenant, "{tenantid}"),
        false if authority.directory.is_tenant(tenant) => (tenant_id.as_str(), tenant_id.as_str()),
        false => return Err(Failure::undiscovered_tenant(tenant)),
    };
    let body = match document {
        Document::Configuration(version) => {
            discovery::configuration(origin, shown, issuer, version)
        }
        Document::Keys => json!({"keys": [authority.key.to_jwk()]}),
        Document::Instance => {
            discovery::instance(origin, query).ok_or_else(Failure::unknown_instance)?
        }
    };
    Ok(reply::json(StatusCode::OK, &body))
}

fn client_request_id(headers: &HeaderMap) -> Option<Uuid> {
    headers
        .get("client-request-id")?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()
}

fn finish(response: &mut HeaderMap, request: &HeaderMap, correlation: Option<Uuid>) {
    response.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("no-store, no-cache"),
    );
    response.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    let wants_echo = request
        .get("return-client-request-id")
        .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"true"));
    if let (true, Some(id)) = (wants_echo, correlation)
        && let Ok(value) = HeaderValue::try_from(id.to_string())
    {
        response.insert("client-request-id", value);
    }
}

fn unreadable(error: lake_store::Error) -> Error {
    Error::new(
        ErrorKind::Store,
        "the settings of the lake cannot be read or written",
    )
    .caused_by(error)
}
