//! Services that say what runs on them: a job of Azure Pipelines or GitHub Actions, a pod of Kubernetes. Their tokens are
//! good for one thing, to show to the authority instead of a secret.
//!
//! They are under `/_lake/identity/{pipelines|github|kubernetes}`. Whoever runs there has the same secret as on the
//! other hosts of the machine's identity.

use http::{Method, Request, Response, StatusCode, header};
use serde::Deserialize;
use serde_json::json;
use url::form_urlencoded;
use uuid::Uuid;

use crate::body::Body;
use crate::lake::Lake;
use crate::reply;

/// For whom the tokens are, if nobody says otherwise: the authority.
pub(crate) const AUDIENCE: &str = "api://AzureADTokenExchange";

/// Where a workload runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Workload {
    Pipelines,
    Github,
    Kubernetes,
}

impl Workload {
    pub(crate) const ALL: [Self; 3] = [Self::Pipelines, Self::Github, Self::Kubernetes];

    fn name(self) -> &'static str {
        match self {
            Self::Pipelines => "pipelines",
            Self::Github => "github",
            Self::Kubernetes => "kubernetes",
        }
    }

    /// What its tokens call it.
    pub(crate) fn subject(self) -> String {
        format!("lake:{}", self.name())
    }

    /// The service at this path.
    pub(crate) fn at(path: &str) -> Option<Self> {
        let name = path.split('/').filter(|part| !part.is_empty()).nth(2)?;
        let mut all = Self::ALL.into_iter();
        all.find(|workload| workload.name().eq_ignore_ascii_case(name))
    }

    /// Seconds that its tokens are good for. That of a pod is read from a file for as long.
    fn lifetime(self) -> i64 {
        match self {
            Self::Pipelines | Self::Github => 600,
            Self::Kubernetes => 3600,
        }
    }
}

/// Answers whoever runs at this service.
pub(crate) fn handle(
    lake: &Lake,
    workload: Workload,
    id: Uuid,
    request: &Request<Body>,
) -> Response<Body> {
    let authority = lake.authority();
    let expected = match workload {
        Workload::Pipelines => Method::POST,
        Workload::Github | Workload::Kubernetes => Method::GET,
    };
    if *request.method() != expected {
        let message = format!("This service is asked by {expected}.");
        return reply::error(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", &message);
    }
    let shown = request.headers().get(header::AUTHORIZATION);
    let shown = shown.and_then(|value| value.to_str().ok()?.split_once(' '));
    if !shown.is_some_and(|(scheme, secret)| {
        scheme.eq_ignore_ascii_case("bearer") && authority.machine().has_secret(secret)
    }) {
        let message = "The bearer token is not the one of what runs here.";
        return reply::error(StatusCode::UNAUTHORIZED, "Unauthorized", message);
    }
    let query = request.uri().query().unwrap_or_default();
    let audience = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "audience");
    let audience = match (workload, &audience) {
        (Workload::Github, Some((_, audience))) => audience.as_ref(),
        _ => AUDIENCE,
    };
    let now = lake.ambient().now().unix_timestamp();
    let claims = json!({
        "iss": authority.workload_issuer(),
        "sub": workload.subject(),
        "aud": audience,
        "iat": now,
        "nbf": now,
        "exp": now + workload.lifetime(),
        "jti": id,
    });
    match authority.key.sign(&claims) {
        Ok(token) => granted(workload, token),
        Err(error) => {
            tracing::error!(%error, "a token could not be signed");
            reply::with_body(StatusCode::INTERNAL_SERVER_ERROR, "text/plain", "")
        }
    }
}

fn granted(workload: Workload, token: String) -> Response<Body> {
    match workload {
        Workload::Pipelines => reply::json(StatusCode::OK, &json!({ "oidcToken": token })),
        Workload::Github => {
            let count = token.len();
            reply::json(StatusCode::OK, &json!({"count": count, "value": token}))
        }
        // As the file that is mounted into a pod.
        Workload::Kubernetes => reply::with_body(StatusCode::OK, "text/plain", token),
    }
}
