//! A token endpoint's refusal.

use http::response::Parts;
use serde_json::{Map, Value};

use super::without_bom;
use crate::{ErrorKind, ServiceError};

/// What a token endpoint says when it refuses.
///
/// ```
/// use aad_core::oauth::ErrorResponse;
///
/// let body = br#"{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided.\r\nTrace ID: 11"}"#;
/// let refusal = ErrorResponse::parse(body).unwrap();
/// assert_eq!(refusal.code(), Some("AADSTS7000215"));
/// assert_eq!(refusal.trace_id.as_deref(), Some("11"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorResponse {
    /// OAuth's error, such as `invalid_client`.
    pub error: Option<String>,
    /// What happened, in the service's words, without the ids that follow it.
    pub description: Option<String>,
    /// Azure AD's own code, such as `AADSTS7000215`.
    pub aadsts: Option<String>,
    /// What kind of interaction would help.
    pub suberror: Option<String>,
    /// A claims challenge that the next request must satisfy, as JSON.
    pub claims: Option<String>,
    /// The id under which the service logged the request.
    pub trace_id: Option<String>,
    /// The id that the client gave the request.
    pub correlation_id: Option<String>,
}

impl ErrorResponse {
    /// Reads a body; `None` if it is not a JSON object, such as a proxy's page.
    pub fn parse(body: &[u8]) -> Option<Self> {
        let fields: Map<String, Value> = serde_json::from_slice(without_bom(body)).ok()?;
        let text = |name| text_of(&fields, name);
        // Instance metadata and Resource Manager have an object where OAuth has a word.
        let nested = fields.get("error").and_then(Value::as_object);
        let inner = |name| nested.and_then(|fields| text_of(fields, name));
        let whole = text("error_description")
            .or_else(|| inner("message"))
            .or_else(|| text("message"));
        let whole = whole.as_deref();
        Some(Self {
            error: text("error").or_else(|| inner("code")),
            description: whole.map(|text| without_ids(text).to_owned()),
            aadsts: whole
                .and_then(aadsts_in)
                .or_else(|| first_code(&fields).map(|code| format!("AADSTS{code}"))),
            suberror: text("suberror"),
            claims: text("claims"),
            trace_id: text("trace_id").or_else(|| labelled(whole?, "Trace ID:")),
            correlation_id: text("correlation_id").or_else(|| labelled(whole?, "Correlation ID:")),
        })
    }

    /// The most telling code there is: Azure AD's own, else OAuth's.
    pub fn code(&self) -> Option<&str> {
        self.aadsts.as_deref().or(self.error.as_deref())
    }

    /// What to do about it; `None` if only the status can tell.
    pub fn kind(&self) -> Option<ErrorKind> {
        let by_number = match self.aadsts.as_deref() {
            // A transient error of the directory.
            Some("AADSTS90024" | "AADSTS90033") => Some(ErrorKind::Transient),
            // The same request too often; a tenant with too many of them.
            Some("AADSTS50196" | "AADSTS90055") => Some(ErrorKind::Throttled),
            // No such tenant: OAuth calls that a wrong request, but it is the credential's.
            Some("AADSTS90002" | "AADSTS900023" | "AADSTS900021") => Some(ErrorKind::Credentials),
            _ => None,
        };
        by_number.or_else(|| match self.error.as_deref()? {
            "temporarily_unavailable" | "server_error" => Some(ErrorKind::Transient),
            "invalid_client"
            | "invalid_grant"
            | "unauthorized_client"
            | "access_denied"
            | "interaction_required"
            | "consent_required"
            | "login_required"
            | "authorization_declined"
            | "expired_token"
            | "bad_verification_code" => Some(ErrorKind::Credentials),
            "invalid_request"
            | "invalid_scope"
            | "invalid_resource"
            | "invalid_target"
            | "unsupported_grant_type"
            | "unsupported_response_type" => Some(ErrorKind::Request),
            // A device code that nobody has entered yet: its flow asks again, the pipeline not.
            "authorization_pending" | "slow_down" => Some(ErrorKind::Conflict),
            _ => None,
        })
    }
}

/// Reads a refusal for a [`Pipeline`](crate::Pipeline) that talks to a token endpoint.
pub fn read_error(parts: &Parts, body: &[u8]) -> Option<ServiceError> {
    let refusal = ErrorResponse::parse(body)?;
    // What the status says about time is not undone by a code that says nothing about it.
    let busy = parts.status.is_server_error() || parts.status.as_u16() == 429;
    let said = refusal.description.as_deref().or(refusal.error.as_deref());
    Some(ServiceError {
        message: said.map(|said| match &refusal.correlation_id {
            Some(id) => format!("the authority refused: {said} (correlation id {id})"),
            None => format!("the authority refused: {said}"),
        }),
        kind: refusal.kind().filter(|_| !busy),
        code: refusal.code().map(str::to_owned),
        suberror: refusal.suberror,
        claims: refusal.claims,
        request_id: refusal.trace_id,
    })
}

fn text_of(fields: &Map<String, Value>, name: &str) -> Option<String> {
    let text = fields.get(name)?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn first_code(fields: &Map<String, Value>) -> Option<u64> {
    let code = fields.get("error_codes")?.as_array()?.first()?;
    code.as_u64().or_else(|| code.as_str()?.parse().ok())
}

fn aadsts_in(text: &str) -> Option<String> {
    const PREFIX: &str = "AADSTS";
    let start = text.find(PREFIX)?;
    let digits = text[start + PREFIX.len()..]
        .bytes()
        .take_while(u8::is_ascii_digit)
        .count();
    (digits > 0).then(|| text[start..start + PREFIX.len() + digits].to_owned())
}

/// Older servers put the ids on lines of their own, newer ones behind the description.
fn without_ids(text: &str) -> &str {
    let end = text.find("Trace ID:").unwrap_or(text.len());
    text[..end].trim_end()
}

fn labelled(text: &str, label: &str) -> Option<String> {
    let (_, rest) = text.split_once(label)?;
    rest.split_whitespace().next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::*;

    fn parse(body: &str) -> ErrorResponse {
        ErrorResponse::parse(body.as_bytes()).unwrap_or_else(|| panic!("{body}"))
    }

    fn read(status: u16, body: &str) -> Option<ServiceError> {
        let mut response = http::Response::new(());
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        read_error(&response.into_parts().0, body.as_bytes())
    }

    #[test]
    fn ids_on_lines_of_their_own_are_found() {
        let refusal = parse(
            r#"{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided. Ensure the secret being sent is the client secret value, not the client secret ID, for app \u0027app\u0027.\r\nTrace ID: aaa\r\nCorrelation ID: bbb\r\nTimestamp: 2026-11-20 10:00:00Z","error_codes":[7000215],"timestamp":"2026-11-20 10:00:00Z"}"#,
        );
        assert_eq!(refusal.aadsts.as_deref(), Some("AADSTS7000215"));
        assert_eq!(refusal.trace_id.as_deref(), Some("aaa"));
        assert_eq!(refusal.correlation_id.as_deref(), Some("bbb"));
        let description = refusal.description.unwrap();
        assert!(description.ends_with("for app 'app'."), "{description}");
    }

    #[test]
    fn ids_on_the_same_line_are_found() {
        let refusal = parse(
            r#"{"error":"invalid_grant","error_description":"AADSTS70008: Expired. Trace ID: aaa Correlation ID: bbb Timestamp: 2026-11-20 10:00:00Z","suberror":"token_expired"}"#,
        );
        assert_eq!(
            refusal.description.as_deref(),
            Some("AADSTS70008: Expired.")
        );
        assert_eq!(refusal.trace_id.as_deref(), Some("aaa"));
        assert_eq!(refusal.correlation_id.as_deref(), Some("bbb"));
        assert_eq!(refusal.suberror.as_deref(), Some("token_expired"));
    }

    #[test]
    fn other_shapes_are_read_as_far_as_they_go() {
        let refusal =
            parse(r#"{"error":{"code":"invalid_request","message":"Identity not found"}}"#);
        assert_eq!(refusal.code(), Some("invalid_request"));
        assert_eq!(refusal.description.as_deref(), Some("Identity not found"));
        let refusal = parse("\u{feff}{\"error\":\"x\",\"error_codes\":[\"50079\"]}");
        assert_eq!(refusal.code(), Some("AADSTS50079"));
        assert_eq!(
            parse(r#"{"error":5,"error_codes":{}}"#),
            ErrorResponse::default()
        );
        for body in ["", "<html>", "unreachable", "[]", "null"] {
            assert_eq!(ErrorResponse::parse(body.as_bytes()), None, "{body}");
        }
    }

    #[test]
    fn the_kind_says_what_to_do() {
        let kind = |status, error: &str, codes: &str| {
            let body = format!(r#"{{"error":"{error}","error_codes":[{codes}]}}"#);
            read(status, &body).unwrap().kind
        };
        let credentials = Some(ErrorKind::Credentials);
        assert_eq!(kind(401, "invalid_client", "7000215"), credentials);
        assert_eq!(kind(400, "unauthorized_client", "700016"), credentials);
        assert_eq!(kind(400, "invalid_request", "90002"), credentials);
        assert_eq!(
            kind(400, "invalid_grant", "50196"),
            Some(ErrorKind::Throttled)
        );
        assert_eq!(
            kind(400, "invalid_request", "90033"),
            Some(ErrorKind::Transient)
        );
        assert_eq!(
            kind(400, "invalid_scope", "70011"),
            Some(ErrorKind::Request)
        );
        assert_eq!(
            kind(400, "invalid_resource", "500011"),
            Some(ErrorKind::Request)
        );
        assert_eq!(
            kind(400, "authorization_pending", "70016"),
            Some(ErrorKind::Conflict)
        );
        // Only the status can tell.
        assert_eq!(kind(400, "novel_error", ""), None);
        assert_eq!(kind(429, "invalid_request", ""), None);
        assert_eq!(kind(503, "invalid_client", ""), None);
    }
}
