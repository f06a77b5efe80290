//! The errors of the token endpoints, with the codes that clients and people know.

mod people;

use http::{Response, StatusCode};
use serde::Serialize;
use time::OffsetDateTime;
use time::macros::format_description;
use uuid::Uuid;

use super::grant::Version;
use crate::body::Body;
use crate::reply;

/// How messages about assertions end.
const CERTIFICATES_PAGE: &str = "Review the documentation at \
                                 https://learn.microsoft.com/entra/identity-platform/certificate-credentials .";

/// In the order of the service, for people who read it.
#[derive(Serialize)]
struct ErrorBody {
    error: &'static str,
    error_description: String,
    error_codes: [u32; 1],
    timestamp: String,
    trace_id: Uuid,
    correlation_id: Uuid,
    error_uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    suberror: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    claims: Option<String>,
}

/// One refusal of Azure AD.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    status: StatusCode,
    /// The OAuth 2.0 error, such as `invalid_client`.
    error: &'static str,
    /// The number after `AADSTS`.
    code: u32,
    message: String,
    /// What a client can do about it, in a word that Azure AD has for it.
    suberror: Option<&'static str>,
    /// What a client asks for when it tries again.
    claims: Option<String>,
}

impl Failure {
    fn new(status: StatusCode, error: &'static str, code: u32, message: String) -> Self {
        Self {
            status,
            error,
            code,
            message,
            suberror: None,
            claims: None,
        }
    }

    fn with_suberror(self, suberror: &'static str) -> Self {
        Self {
            suberror: Some(suberror),
            ..self
        }
    }

    pub(crate) fn with_claims(self, claims: String) -> Self {
        Self {
            claims: Some(claims),
            ..self
        }
    }

    /// As the endpoints of v1 call it where those of v2 say `invalid_grant` with a suberror.
    pub(crate) fn in_version(self, version: Version) -> Self {
        match (version, self.suberror) {
            (Version::V1, Some("basic_action")) => Self {
                error: "interaction_required",
                ..self
            },
            _ => self,
        }
    }

    fn bad_request(error: &'static str, code: u32, message: String) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error, code, message)
    }

    pub(crate) fn missing_parameter(name: &str) -> Self {
        let message = format!("The request body must contain the following parameter: '{name}'.");
        Self::bad_request("invalid_request", 900144, message)
    }

    pub(crate) fn unsupported_grant(grant: &str) -> Self {
        let message = format!("The app requested an unsupported grant type '{grant}'.");
        Self::bad_request("unsupported_grant_type", 70003, message)
    }

    pub(crate) fn unknown_tenant(tenant: &str) -> Self {
        let message = format!(
            "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into \
             the correct cloud. Check with your subscription administrator, this may happen if there are no active \
             subscriptions for the tenant."
        );
        Self::bad_request("invalid_request", 90002, message)
    }

    /// The same, from a discovery document: there the OAuth error differs, and MSAL looks at it.
    pub(crate) fn undiscovered_tenant(tenant: &str) -> Self {
        Self {
            error: "invalid_tenant",
            ..Self::unknown_tenant(tenant)
        }
    }

    pub(crate) fn no_tenant() -> Self {
        let message = "No tenant-identifying information found in either the request or implied by any provided \
                       credentials.";
        Self::bad_request("invalid_request", 50059, message.into())
    }

    pub(crate) fn unknown_client(client_id: &str, tenant: &str) -> Self {
        let message = format!(
            "Application with identifier '{client_id}' was not found in the directory '{tenant}'. This can happen \
             if the application has not been installed by the administrator of the tenant or consented to by any \
             user in the tenant. You may have sent your authentication request to the wrong tenant."
        );
        Self::bad_request("unauthorized_client", 700016, message)
    }

    pub(crate) fn wrong_secret(client_id: Uuid) -> Self {
        let message = format!(
            "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, \
             not the client secret ID, for a secret added to app '{client_id}'."
        );
        Self::new(StatusCode::UNAUTHORIZED, "invalid_client", 7000215, message)
    }

    pub(crate) fn no_secret() -> Self {
        let message = "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' \
                       grant type.";
        Self::new(
            StatusCode::UNAUTHORIZED,
            "invalid_client",
            7000216,
            message.into(),
        )
    }

    fn invalid_client(code: u32, message: String) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "invalid_client", code, message)
    }

    pub(crate) fn malformed_assertion() -> Self {
        let message = "JWT token is invalid or malformed.";
        Self::bad_request("invalid_request", 50027, message.into())
    }

    pub(crate) fn no_thumbprint() -> Self {
        let message = "Invalid JWT token. No certificate thumbprint specified in token header.";
        Self::bad_request("invalid_request", 50027, message.into())
    }

    pub(crate) fn unsupported_key() -> Self {
        let message = "Invalid JWT token. Unsupported key for the signing algorithm.";
        Self::bad_request("invalid_request", 5002730, message.into())
    }

    pub(crate) fn unknown_certificate(client_id: Uuid, thumbprint: &str) -> Self {
        let message = format!(
            "The certificate with identifier used to sign the client assertion is not registered on application. \
             [Reason - The key was not found., Thumbprint of key used by client: '{thumbprint}', Please visit the \
             Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id '{client_id}'.]"
        );
        Self::invalid_client(700027, message)
    }

    /// `found` is when the registered certificate is valid.
    pub(crate) fn invalid_assertion_signature(
        reason: &str,
        thumbprint: &str,
        (start, end): (OffsetDateTime, OffsetDateTime),
    ) -> Self {
        let shown = |time: OffsetDateTime| {
            time.format(format_description!(
                "[month]/[day]/[year] [hour]:[minute]:[second]"
            ))
            .unwrap_or_default()
        };
        let message = format!(
            "Client assertion contains an invalid signature. [Reason - {reason}, Thumbprint of key used by client: \
             '{thumbprint}', Found key 'Start={}, End={}']",
            shown(start),
            shown(end)
        );
        Self::invalid_client(700027, message)
    }

    pub(crate) fn foreign_assertion() -> Self {
        let message = format!(
            "Client assertion application identifier doesn't match 'client_id' parameter. {CERTIFICATES_PAGE}"
        );
        Self::invalid_client(700021, message)
    }

    pub(crate) fn no_federated_issuer(issuer: &str) -> Self {
        Self::no_federated_record(700211, "issuer", issuer)
    }

    pub(crate) fn no_federated_audience(audience: &str) -> Self {
        Self::no_federated_record(700212, "audience", audience)
    }

    pub(crate) fn no_federated_subject(subject: &str) -> Self {
        Self::no_federated_record(700213, "subject", subject)
    }

    fn no_federated_record(code: u32, what: &str, found: &str) -> Self {
        let message = format!(
            "No matching federated identity record found for presented assertion {what} '{found}'. Check your \
             federated identity credential Subject, Audience and Issuer against the presented assertion."
        );
        Self::invalid_client(code, message)
    }

    pub(crate) fn wrong_assertion_audience() -> Self {
        let message = format!(
            "Client assertion audience claim does not match Realm issuer. {CERTIFICATES_PAGE}"
        );
        Self::invalid_client(700023, message)
    }

    pub(crate) fn assertion_out_of_time(now: OffsetDateTime, from: i64, until: i64) -> Self {
        let shown = |time: OffsetDateTime| {
            time.format(format_description!(
                "[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:7]Z"
            ))
            .unwrap_or_default()
        };
        let second = |second| OffsetDateTime::from_unix_timestamp(second).map(shown);
        let message = format!(
            "Client assertion is not within its valid time range. Current time: {}, assertion valid from {}, expiry \
             time of assertion {}. {CERTIFICATES_PAGE}",
            shown(now),
            second(from).unwrap_or_default(),
            second(until).unwrap_or_default()
        );
        Self::invalid_client(700024, message)
    }

    /// Azure AD takes an assertion as often as it comes; the number is its one for assertions that are not valid.
    pub(crate) fn repeated_assertion() -> Self {
        let message =
            "The client assertion was used before, or has no 'jti'; this lake takes each once.";
        Self::invalid_client(50013, message.into())
    }

    pub(crate) fn unknown_resource(resource: &str, tenant: &str) -> Self {
        let message = format!(
            "The resource principal named {resource} was not found in the tenant named {tenant}. This can happen if \
             the application has not been installed by the administrator of the tenant or consented to by any user \
             in the tenant. You might have sent your authentication request to the wrong tenant."
        );
        Self::bad_request("invalid_resource", 500011, message)
    }

    pub(crate) fn invalid_scope(scope: &str) -> Self {
        let message = format!(
            "The provided request must include a 'scope' input parameter. The provided value for the input parameter \
             'scope' is not valid. The scope {scope} is not valid."
        );
        Self::bad_request("invalid_scope", 70011, message)
    }

    pub(crate) fn unknown_instance() -> Self {
        Self::bad_request(
            "invalid_instance",
            50049,
            "Unknown or invalid instance.".into(),
        )
    }

    pub(crate) fn only_post(method: &http::Method) -> Self {
        let message =
            format!("The endpoint only accepts POST requests. Received a {method} request.");
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "invalid_request",
            900561,
            message,
        )
    }

    pub(crate) fn unreadable_request() -> Self {
        Self::bad_request(
            "invalid_request",
            90014,
            "The request body is missing, broken or too large.".into(),
        )
    }

    pub(crate) fn internal() -> Self {
        let message = "Service is temporarily unavailable. Please retry later.".into();
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "temporarily_unavailable",
            90033,
            message,
        )
    }

    /// The OAuth 2.0 error.
    pub(crate) fn error(&self) -> &'static str {
        self.error
    }

    /// Number and words, without the ids of a request.
    pub(crate) fn description(&self) -> String {
        format!("AADSTS{}: {}", self.code, self.message)
    }

    #[cfg(test)]
    pub(crate) fn code(&self) -> u32 {
        self.code
    }

    /// The error as the service words it; `correlation` is the client's own request id where it sent one.
    pub(crate) fn to_response(
        &self,
        now: OffsetDateTime,
        trace: Uuid,
        correlation: Uuid,
    ) -> Response<Body> {
        let timestamp = now
            .format(format_description!(
                "[year]-[month]-[day] [hour]:[minute]:[second]Z"
            ))
            .unwrap_or_default();
        let description = format!(
            "AADSTS{}: {} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {timestamp}",
            self.code, self.message
        );
        let body = ErrorBody {
            error: self.error,
            error_description: description,
            error_codes: [self.code],
            timestamp,
            trace_id: trace,
            correlation_id: correlation,
            error_uri: format!("https://login.microsoftonline.com/error?code={}", self.code),
            suberror: self.suberror,
            claims: self.claims.clone(),
        };
        reply::json(self.status, &body)
    }
}
