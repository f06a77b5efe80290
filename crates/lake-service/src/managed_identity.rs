//! The hosts of managed identity, each with its own proof that the caller runs on this machine.
//!
//! The instance metadata service is at its own address, `169.254.169.254/metadata/`, and under
//! `/_lake/identity/imds`; the others are under `/_lake/identity/{kind}`. All hand out tokens of the
//! lake's ordinary application.

use std::path::PathBuf;

use http::request::Parts;
use http::{HeaderMap, Method, Request, Response, StatusCode, header};
use serde_json::{Value, json};
use url::form_urlencoded;
use uuid::Uuid;

use crate::authority::{Application, MachineToken};
use crate::body::Body;
use crate::lake::Lake;
use crate::options::InstanceMetadata;
use crate::{private_file, reply};

/// A form for Cloud Shell has one field.
const FORM_LIMIT: usize = 64 * 1024;

/// The one resource id by which the identity can be named.
const RESOURCE_ID: &str = "/providers/microsoft.managedidentity/userassignedidentities/lake";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Imds,
    AppService,
    Arc,
    MachineLearning,
    CloudShell,
    ServiceFabric,
}

const KINDS: &[(&str, Kind)] = &[
    ("imds", Kind::Imds),
    ("app-service", Kind::AppService),
    ("arc", Kind::Arc),
    ("machine-learning", Kind::MachineLearning),
    ("cloud-shell", Kind::CloudShell),
    ("service-fabric", Kind::ServiceFabric),
];

/// Why there is no token.
enum Refusal {
    /// Nothing is at this path.
    NotFound,
    /// A status, a word for programs and a sentence for people.
    Said(StatusCode, &'static str, String),
    /// Whoever asks shall show that they may read this file.
    Challenge(PathBuf),
}

type Params = Vec<(String, String)>;

/// Answers everything under `/metadata` and `/_lake/identity`.
pub(crate) async fn handle(lake: &Lake, uti: Uuid, request: Request<Body>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let Some(kind) = kind(parts.uri.path()) else {
        return refuse(Kind::Imds, Refusal::NotFound);
    };
    let params: Params = if kind == Kind::CloudShell {
        let form = body.collect_up_to(FORM_LIMIT).await.unwrap_or_default();
        form_urlencoded::parse(&form).into_owned().collect()
    } else {
        let query = parts.uri.query().unwrap_or_default();
        form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect()
    };
    match grant(lake, kind, &parts, &params, uti).await {
        Ok((resource, token)) => reply::json(StatusCode::OK, &granted(kind, resource, &token)),
        Err(refusal) => refuse(kind, refusal),
    }
}

fn kind(path: &str) -> Option<Kind> {
    const METADATA: &str = "/metadata/identity/oauth2/token";
    let own = path.strip_suffix('/').unwrap_or(path);
    if own.eq_ignore_ascii_case(METADATA) {
        return Some(Kind::Imds);
    }
    let mut segments = path.split('/').filter(|segment| !segment.is_empty());
    let name = segments.nth(2)?;
    let (_, kind) = KINDS
        .iter()
        .find(|(one, _)| one.eq_ignore_ascii_case(name))?;
    let rest = own.to_ascii_lowercase();
    let complete = *kind != Kind::Imds || rest.ends_with(METADATA);
    complete.then_some(*kind)
}

async fn grant<'a>(
    lake: &Lake,
    kind: Kind,
    parts: &Parts,
    params: &'a Params,
    uti: Uuid,
) -> Result<(&'a str, MachineToken), Refusal> {
    let bad = |error, words: &str| Refusal::Said(StatusCode::BAD_REQUEST, error, words.to_owned());
    check_method(kind, &parts.method)?;
    check_proof(lake, kind, &parts.headers).await?;
    let param = |name: &str| {
        let found = params.iter().find(|(one, _)| one == name);
        found.map(|(_, value)| value.as_str())
    };
    let resource = param("resource").filter(|resource| !resource.is_empty());
    let resource = resource.ok_or_else(|| {
        bad(
            "invalid_request",
            "Required query variable 'resource' not specified",
        )
    })?;
    let authority = lake.authority();
    if !is_named(kind, authority.machine(), params) {
        return Err(bad("invalid_request", "Identity not found"));
    }
    let now = lake.ambient().now().unix_timestamp();
    match authority.machine_token(resource, now, uti) {
        Some(Ok(token)) => Ok((resource, token)),
        Some(Err(error)) => {
            tracing::error!(%error, "a token could not be signed");
            let status = StatusCode::INTERNAL_SERVER_ERROR;
            Err(Refusal::Said(
                status,
                "unknown",
                "Failed to retrieve token".into(),
            ))
        }
        None => Err(bad(
            "invalid_resource",
            &format!(
                "AADSTS500011: The resource principal named {resource} was not found in the tenant."
            ),
        )),
    }
}

fn check_method(kind: Kind, method: &Method) -> Result<(), Refusal> {
    let expected = match kind {
        Kind::CloudShell => Method::POST,
        _ => Method::GET,
    };
    if *method == expected {
        return Ok(());
    }
    let words = format!("{method} is not allowed here");
    Err(Refusal::Said(
        StatusCode::METHOD_NOT_ALLOWED,
        "invalid_request",
        words,
    ))
}

/// Whether who asks runs on this machine, as each host finds out.
async fn check_proof(lake: &Lake, kind: Kind, headers: &HeaderMap) -> Result<(), Refusal> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let bad =
        |words: &str| Refusal::Said(StatusCode::BAD_REQUEST, "invalid_request", words.to_owned());
    let machine = lake.authority().machine();
    let shows = |name: &str| match text(name).is_some_and(|shown| machine.has_secret(shown)) {
        true => Ok(()),
        false => Err(Refusal::Said(
            StatusCode::UNAUTHORIZED,
            "unauthorized_client",
            format!("The header {name} is not the one of this host"),
        )),
    };
    match kind {
        Kind::AppService => return shows("x-identity-header"),
        Kind::MachineLearning => return shows("secret"),
        Kind::ServiceFabric => return shows("secret"),
        Kind::Imds | Kind::CloudShell | Kind::Arc => {}
    }
    // A page in a browser cannot send it, and a proxy would add the other.
    if !text("metadata").is_some_and(|value| value.eq_ignore_ascii_case("true")) {
        return Err(bad("Required metadata header not specified"));
    }
    if headers.contains_key("x-forwarded-for") {
        return Err(bad("The request came through a proxy"));
    }
    if kind == Kind::Arc {
        return check_key(lake, headers).await;
    }
    match lake.options().instance_metadata {
        InstanceMetadata::On => Ok(()),
        InstanceMetadata::Off => Err(Refusal::Said(
            StatusCode::FORBIDDEN,
            "forbidden",
            "This lake gives no tokens without a proof; see --instance-metadata".into(),
        )),
    }
}

/// Who can read the key file is the owner of the lake, or its administrator.
async fn check_key(lake: &Lake, headers: &HeaderMap) -> Result<(), Refusal> {
    let machine = lake.authority().machine();
    let shown = headers.get(header::AUTHORIZATION);
    let shown = shown.and_then(|value| value.to_str().ok()?.strip_prefix("Basic "));
    if shown.is_some_and(|shown| machine.has_secret(shown)) {
        return Ok(());
    }
    let root = lake.store().root();
    // Clients read the file from folders of their own.
    let root = std::path::absolute(root).unwrap_or_else(|_| root.to_owned());
    let file = root.join(".lake").join("identity").join("machine.key");
    let key = machine.secret().expect("the lake made it").clone();
    let path = file.clone();
    let written = lake
        .tasks()
        .blocking(move || private_file::write(&path, key.expose().as_bytes()))
        .await;
    written.map_err(|error| {
        tracing::error!(%error, "the key of the machine's identity could not be written");
        Refusal::Said(
            StatusCode::INTERNAL_SERVER_ERROR,
            "unknown",
            "The key file could not be written".into(),
        )
    })?;
    Err(Refusal::Challenge(file))
}

/// Whether the identity that the parameters name, if any, is the one that there is.
fn is_named(kind: Kind, application: &Application, params: &Params) -> bool {
    let (client_id, resource_id) = match kind {
        Kind::MachineLearning => ("clientid", ""),
        Kind::AppService => ("client_id", "mi_res_id"),
        Kind::Imds | Kind::Arc => ("client_id", "msi_res_id"),
        // Which identity it is was decided when the application was deployed.
        Kind::CloudShell | Kind::ServiceFabric => return true,
    };
    params.iter().all(|(name, value)| {
        let is = |id: Uuid| value.parse() == Ok(id);
        match name.as_str() {
            name if name == client_id => is(application.client_id),
            "object_id" | "principal_id" => is(application.object_id),
            name if name == resource_id => value.to_ascii_lowercase().ends_with(RESOURCE_ID),
            _ => true,
        }
    })
}

/// A token in the words of each host; numbers are strings nearly everywhere.
fn granted(kind: Kind, resource: &str, token: &MachineToken) -> Value {
    let MachineToken {
        client_id,
        not_before,
        expires_on,
        expires_in,
        ..
    } = token;
    let mut body = json!({
        "access_token": token.token,
        "expires_on": expires_on.to_string(),
        "resource": resource,
        "token_type": "Bearer",
    });
    let more = match kind {
        Kind::AppService => json!({ "client_id": client_id }),
        Kind::MachineLearning => json!({ "expires_on": expires_on }),
        Kind::ServiceFabric => json!({}),
        Kind::Imds | Kind::Arc | Kind::CloudShell => json!({
            "client_id": client_id,
            "expires_in": expires_in.to_string(),
            "ext_expires_in": expires_in.to_string(),
            "not_before": not_before.to_string(),
        }),
    };
    if let (Value::Object(body), Value::Object(more)) = (&mut body, more) {
        body.extend(more);
    }
    body
}

fn refuse(kind: Kind, refusal: Refusal) -> Response<Body> {
    match refusal {
        Refusal::NotFound => reply::error(
            StatusCode::NOT_FOUND,
            "ResourceNotFound",
            "There is no host of managed identity at this path.",
        ),
        Refusal::Said(status, _, words) if kind == Kind::AppService => reply::json(
            status,
            &json!({"statusCode": status.as_u16(), "message": words}),
        ),
        Refusal::Said(status, error, words) if kind == Kind::ServiceFabric => {
            let code = match error {
                "unauthorized_client" => "SecretHeaderNotFound",
                "invalid_request" => "ArgumentNullOrEmpty",
                _ => "ManagedIdentityNotFound",
            };
            reply::error(status, code, &words)
        }
        Refusal::Said(status, error, words) => {
            reply::json(status, &json!({"error": error, "error_description": words}))
        }
        Refusal::Challenge(file) => {
            let words = json!({"error": "unauthorized_client", "error_description": "Missing Basic Authorization header"});
            let mut response = reply::json(StatusCode::UNAUTHORIZED, &words);
            let realm = format!("Basic realm={}", file.display());
            if let Ok(realm) = header::HeaderValue::try_from(realm) {
                response
                    .headers_mut()
                    .insert(header::WWW_AUTHENTICATE, realm);
            }
            response
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_known_by_its_path() {
        for (path, expected) in [
            ("/metadata/identity/oauth2/token", Some(Kind::Imds)),
            ("/Metadata/identity/oauth2/token/", Some(Kind::Imds)),
            ("/metadata/instance", None),
            (
                "/_lake/identity/imds/metadata/identity/oauth2/token",
                Some(Kind::Imds),
            ),
            ("/_lake/identity/imds", None),
            ("/_lake/identity/app-service", Some(Kind::AppService)),
            (
                "/_lake/identity/App-Service/msi/token",
                Some(Kind::AppService),
            ),
            (
                "/_lake/identity/arc/metadata/identity/oauth2/token",
                Some(Kind::Arc),
            ),
            (
                "/_lake/identity/machine-learning",
                Some(Kind::MachineLearning),
            ),
            ("/_lake/identity/cloud-shell/", Some(Kind::CloudShell)),
            ("/_lake/identity/service-fabric", Some(Kind::ServiceFabric)),
            ("/_lake/identity/fabric", None),
            ("/_lake/identity", None),
        ] {
            assert_eq!(kind(path), expected, "{path}");
        }
    }
}
