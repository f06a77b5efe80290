//! Azure AD: who exists, the documents that say where everything is, pages to sign in on, and tokens.

mod access;
mod assertion;
mod certificates;
mod claims;
mod client;
mod directory;
mod directory_file;
mod discovery;
mod failure;
mod federation;
mod grant;
mod html;
mod keys;
mod machine;
mod people;
mod place;
mod resource;
mod seed;
mod sessions;
mod sign_in;
mod x509;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header, request};
use lake_store::Store;
use serde_json::{Value, json};
use uuid::Uuid;

use assertion::{Judge, Used};
use certificates::Certificates;
pub(crate) use directory::{Application, Directory};
use directory_file::{Applied, DirectoryFile};
use keys::SigningKey;
pub(crate) use machine::MachineToken;
pub(crate) use resource::{is_audience_of, preferred};
use seed::Seed;

use crate::body::Body;
use crate::error::{Error, ErrorKind, Result};
use crate::faults::Faults;
use crate::lake::Lake;
use crate::options::LakeOptions;
use crate::origin::Origin;
use crate::reply;
use failure::Failure;
use grant::{Form, Version};
use people::{Ask, PersonalGrant};
use place::{Dialect, Document, Endpoint, Place, place};
use sessions::Sessions;

/// A token lives an hour; clients are told a second less, as the service does.
const LIFETIME: i64 = 3600;
/// Tokens are dated back, so that a client whose clock is slow can use them at once.
const BACKDATED: i64 = 300;
/// No token request is larger; a certificate assertion has 2 KiB.
const FORM_LIMIT: usize = 64 * 1024;

const KEY_SETTING: &str = "authority/signing-key";
const DIRECTORY_SETTING: &str = "authority/directory";

/// The tenant, the key that signs for it, and who is signing in.
pub(crate) struct Authority {
    pub(crate) directory: Directory,
    pub(crate) key: SigningKey,
    pub(crate) certificates: Certificates,
    /// What it answers instead of the truth.
    pub(crate) faults: Faults,
    used_assertions: Used,
    sessions: Sessions,
}

impl Authority {
    /// The directory and key of this store, made at first start, and what the directory file says of them.
    pub(crate) fn open(store: &Store, options: &LakeOptions) -> Result<Self> {
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
        let mut directory = read_seed(store)?;
        let file = DirectoryFile::open(options.directory.as_deref(), store.root())?;
        let Applied {
            registrations,
            faults,
        } = file.apply(&mut directory)?;
        let certificates = Certificates::open(store)?;
        for registration in registrations {
            certificates
                .add(registration.application, &registration.pem)
                .map_err(|error| file.bad_certificate(&registration, error))?;
        }
        Ok(Self {
            directory,
            key,
            certificates,
            faults: Faults::new(faults),
            used_assertions: Used::default(),
            sessions: Sessions::open(store).map_err(unreadable)?,
        })
    }

    #[cfg(test)]
    pub(crate) fn create(ambient: &lake_store::Ambient) -> Result<Self> {
        Ok(Self {
            directory: Seed::create(ambient)
                .into_directory()
                .expect("a new seed is complete"),
            key: SigningKey::generate()?,
            certificates: Certificates::default(),
            faults: Faults::default(),
            used_assertions: Used::default(),
            sessions: Sessions::default(),
        })
    }

    /// Who decides on the assertions of a request that reached the lake under this address.
    fn judge<'a>(&'a self, lake: &Lake, origin: &'a Origin) -> Judge<'a> {
        Judge {
            directory: &self.directory,
            certificates: &self.certificates,
            key: &self.key,
            workload_issuer: self.workload_issuer(),
            used: &self.used_assertions,
            policy: lake.options().assertion_use,
            origin,
            now: lake.ambient().now(),
        }
    }

    /// The issuer of the tokens that workloads show; no surface but the authority takes it.
    pub(crate) fn workload_issuer(&self) -> String {
        format!("urn:lake:workload:{}", self.directory.tenant_id)
    }

    /// The issuers of this tenant's tokens, v1 first. They do not depend on any port.
    pub(crate) fn issuers(&self) -> [String; 2] {
        let tenant = self.directory.tenant_id;
        [
            format!("https://sts.windows.net/{tenant}/"),
            format!("https://login.microsoftonline.com/{tenant}/v2.0"),
        ]
    }
}

/// Whom the lake made at first start, or now.
fn read_seed(store: &Store) -> Result<Directory> {
    let (ambient, settings) = (store.ambient(), store.settings());
    let damaged = || Error::new(ErrorKind::Damaged, "the stored directory cannot be read");
    let encode = |seed: &Seed| serde_json::to_vec(seed).expect("ids and text are JSON");
    let stored = settings
        .get_or_insert_with(DIRECTORY_SETTING, || encode(&Seed::create(ambient)))
        .map_err(unreadable)?;
    let mut seed: Seed =
        serde_json::from_slice(&stored).map_err(|error| damaged().caused_by(error))?;
    if seed.complete(ambient) {
        settings
            .set(DIRECTORY_SETTING, &encode(&seed))
            .map_err(unreadable)?;
    }
    seed.into_directory().ok_or_else(damaged)
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
    let call = |tenant| Call {
        lake,
        origin,
        tenant,
        parts: &parts,
        trace,
    };
    let result = match place(parts.uri.path()) {
        Some(Place::Tenant(tenant, endpoint)) => call(tenant).answer(endpoint, body).await,
        Some(Place::Adfs(endpoint)) => {
            let tenant = lake.authority().directory.domain();
            call(tenant).answer(endpoint, body).await
        }
        Some(Place::Federation(door)) => federation::handle(lake, origin, door, &parts, body).await,
        None => {
            return reply::error(
                StatusCode::NOT_FOUND,
                "ResourceNotFound",
                "Azure AD has nothing at this path.",
            );
        }
    };
    // A refusal can change something, too: a refresh token that comes twice ends its sign-in.
    let result = match (result, keep(lake).await) {
        (Ok(_), Err(failure)) => Err(failure),
        (result, _) => result,
    };
    let mut response = result
        .unwrap_or_else(|failure| failure.to_response(now, trace, correlation.unwrap_or(trace)));
    finish(response.headers_mut(), &parts.headers, correlation);
    response
}

/// Stores what the request changed, so that what its answer promises holds after a crash too.
async fn keep(lake: &Lake) -> Result<(), Failure> {
    if lake.authority().sessions.kept.is_stored() {
        return Ok(());
    }
    let own = lake.clone();
    let store = move || own.authority().sessions.kept.store(&own.store().settings());
    lake.tasks().blocking(store).await.map_err(|error| {
        tracing::error!(%error, "sign-ins could not be stored");
        Failure::internal()
    })
}

/// One request, apart from its body.
struct Call<'a> {
    lake: &'a Lake,
    origin: &'a Origin,
    tenant: &'a str,
    parts: &'a request::Parts,
    trace: Uuid,
}

impl Call<'_> {
    async fn answer(&self, endpoint: Endpoint, body: Body) -> Result<Response<Body>, Failure> {
        let query = self.parts.uri.query().unwrap_or_default();
        let posted = self.parts.method == Method::POST;
        let form = match posted {
            true => body
                .collect_up_to(FORM_LIMIT)
                .await
                .map_err(|_| Failure::unreadable_request())?,
            false => Bytes::copy_from_slice(query.as_bytes()),
        };
        let form = Form::parse(&form);
        let (lake, origin, headers) = (self.lake, self.origin, &self.parts.headers);
        Ok(match endpoint {
            Endpoint::Document(document) => {
                let path = self.parts.uri.path();
                describe(lake.authority(), origin, self.tenant, document, path, query)?
            }
            Endpoint::Authorize(dialect) => {
                sign_in::authorize(lake, self.tenant, dialect.version(&form), &form)
            }
            Endpoint::UserCode if posted => sign_in::answer_user_code(lake, origin, headers, &form),
            Endpoint::UserCode => sign_in::show_user_code_form(&form),
            _ if !posted => return Err(Failure::only_post(&self.parts.method)),
            Endpoint::Token(dialect) => self.token(dialect.version(&form), &form)?,
            Endpoint::DeviceCode(dialect) => {
                let (tenant, version) = (self.tenant, dialect.version(&form));
                let answer = sign_in::device_code(lake, origin, tenant, version, headers, &form)?;
                reply::json(StatusCode::OK, &answer)
            }
            Endpoint::SignIn => sign_in::submit(lake, origin, headers, &form),
        })
    }

    fn token(&self, version: Version, form: &Form) -> Result<Response<Body>, Failure> {
        let (authority, headers) = (self.lake.authority(), &self.parts.headers);
        let now = self.lake.ambient().now().unix_timestamp();
        let judge = authority.judge(self.lake, self.origin);
        let grant_type = form.required("grant_type")?;
        let answer = if grant_type == "client_credentials" {
            let grant = grant::decide(&judge, self.tenant, version, headers, form)?;
            let token = signed(authority, &authority.claims(&grant, now, self.trace))?;
            token_response(version, &grant.resource, now, &token)
        } else {
            let ask = Ask {
                authority,
                judge: &judge,
                ambient: self.lake.ambient(),
                tenant: self.tenant,
                version,
                form,
            };
            let grant = people::decide(&ask, grant_type, headers)
                .map_err(|failure| failure.in_version(version))?;
            let mut answer = personal_response(authority, version, &grant, now, self.trace)?;
            if form.field("client_info") == Some("1") {
                answer["client_info"] = authority.client_info(&grant).into();
            }
            answer
        };
        Ok(reply::json(StatusCode::OK, &answer))
    }
}

fn signed(authority: &Authority, claims: &Value) -> Result<String, Failure> {
    authority.key.sign(claims).map_err(|error| {
        tracing::error!(%error, "a token could not be signed");
        Failure::internal()
    })
}

/// v1 writes its numbers as strings and says more.
fn token_response(version: Version, resource: &str, now: i64, token: &str) -> Value {
    let expires_in = LIFETIME - 1;
    match version {
        Version::V1 => json!({
            "token_type": "Bearer",
            "expires_in": expires_in.to_string(),
            "ext_expires_in": expires_in.to_string(),
            "expires_on": (now + LIFETIME).to_string(),
            "not_before": (now - BACKDATED).to_string(),
            "resource": resource,
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

/// The same for a person: with what says who that is, and what gets further tokens.
fn personal_response(
    authority: &Authority,
    version: Version,
    grant: &PersonalGrant<'_>,
    now: i64,
    uti: Uuid,
) -> Result<Value, Failure> {
    let token = signed(authority, &authority.personal_claims(grant, now, uti))?;
    let mut answer = token_response(version, &grant.wish.resource, now, &token);
    answer["scope"] = match version {
        Version::V1 => "user_impersonation".into(),
        Version::V2 => grant.wish.scope.as_str().into(),
    };
    if let Some(token) = &grant.refresh_token {
        answer["refresh_token"] = token.as_str().into();
    }
    if grant.wish.wants_id_token() {
        answer["id_token"] = signed(authority, &authority.id_claims(grant, now))?.into();
    }
    Ok(answer)
}

fn describe(
    authority: &Authority,
    origin: &Origin,
    tenant: &str,
    document: Document,
    path: &str,
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
        Document::Configuration(Dialect::V1) => {
            discovery::configuration(origin, shown, issuer, Version::V1)
        }
        Document::Configuration(Dialect::V2) => {
            discovery::configuration(origin, shown, issuer, Version::V2)
        }
        Document::Configuration(Dialect::Adfs) => {
            let [issuer, _] = authority.issuers();
            discovery::adfs_configuration(origin, &issuer)
        }
        Document::Keys => json!({"keys": [authority.key.to_jwk()]}),
        Document::Instance => {
            discovery::instance(origin, query).ok_or_else(Failure::unknown_instance)?
        }
        Document::Realm => discovery::realm(&authority.directory, origin, path),
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
