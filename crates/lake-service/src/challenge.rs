//! The 401 that tells a client where to get which token.

use http::{HeaderValue, Response, StatusCode, header};
use serde_json::json;

use crate::authority::preferred;
use crate::body::Body;
use crate::origin::Origin;
use crate::reply;
use crate::routing::{self, Surface};
use crate::tokens::Refusal;

/// 401 with a challenge, the body in the form of the surface that was asked.
pub(crate) fn unauthorized(
    surface: Surface,
    origin: &Origin,
    tenant: &str,
    refusal: Refusal,
) -> Response<Body> {
    let mut response = match surface {
        // reference: a `Security` exception is Gen1's 401.
        Surface::Gen1 => reply::json(
            StatusCode::UNAUTHORIZED,
            &json!({"RemoteException": {
                "exception": "SecurityException",
                "message": refusal.description(),
                "javaClassName": "java.lang.SecurityException",
            }}),
        ),
        _ => {
            let code = match refusal {
                Refusal::Missing => "AuthenticationFailed",
                Refusal::Expired => "ExpiredAuthenticationToken",
                Refusal::Audience => "InvalidAuthenticationTokenAudience",
                Refusal::Issuer => "InvalidAuthenticationTokenTenant",
                _ => "InvalidAuthenticationToken",
            };
            reply::error(StatusCode::UNAUTHORIZED, code, refusal.description())
        }
    };
    if let Ok(challenge) = HeaderValue::try_from(challenge(surface, origin, tenant, refusal)) {
        response
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}

fn challenge(surface: Surface, origin: &Origin, tenant: &str, refusal: Refusal) -> String {
    // A client that believes to talk to the cloud is sent to the cloud's authority, which is the lake again.
    let authority = match routing::cloud_name(origin.host()) {
        Some(_) => "https://login.microsoftonline.com".to_owned(),
        None => origin.to_string(),
    };
    let resource = preferred(surface)
        .map(|resource| format!(", resource=\"{resource}\""))
        .unwrap_or_default();
    format!(
        "Bearer authorization_uri=\"{authority}/{tenant}\"{resource}, error=\"invalid_token\", error_description=\"{}\"",
        refusal.description()
    )
}
