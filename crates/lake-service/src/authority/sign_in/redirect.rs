//! The authorize endpoint: a page whose answer goes to a redirect address.

use http::{HeaderValue, Response, StatusCode, header};
use url::{Url, form_urlencoded};

use super::{refused, show};
use crate::authority::client;
use crate::authority::directory::Application;
use crate::authority::failure::Failure;
use crate::authority::grant::{Form, Version};
use crate::authority::html;
use crate::authority::people::{check_tenant, read_wish};
use crate::authority::sessions::{Challenge, Mode, Purpose, Redirect, Wish};
use crate::body::Body;
use crate::lake::Lake;

const OUT_OF_BAND: &str = "urn:ietf:wg:oauth:2.0:oob";
const OUT_OF_BAND_SCHEME: &str = "urn";

/// Shows the sign-in page for a valid request.
///
/// A mistake in the client or in the redirect address is shown to the person: it must not be sent to an address that
/// nobody checked (RFC 6749, 4.1.2.1). Every other one goes there.
pub(crate) fn authorize(
    lake: &Lake,
    tenant: &str,
    version: Version,
    form: &Form,
) -> Response<Body> {
    let (client, uri) = match checked_client(lake, tenant, form) {
        Ok(checked) => checked,
        Err(failure) => return refused(&failure),
    };
    let mode = match form.field("response_mode") {
        None | Some("query") => Ok(Mode::Query),
        Some("fragment") => Ok(Mode::Fragment),
        Some("form_post") => Ok(Mode::FormPost),
        Some(other) => Err(Failure::unsupported_response_mode(other)),
    };
    let mut redirect = Redirect {
        uri,
        mode: *mode.as_ref().unwrap_or(&Mode::Query),
        state: form.field("state").map(str::to_owned),
        challenge: None,
        wish: Wish {
            version,
            resource: String::new(),
            scope: String::new(),
            nonce: None,
        },
    };
    let checked = mode.and_then(|_| checked_rest(lake, version, form));
    (redirect.challenge, redirect.wish) = match checked {
        Ok(checked) => checked,
        Err(failure) => return refuse(&redirect, &failure),
    };
    let hint = form.field("login_hint").unwrap_or_default();
    let sessions = &lake.authority().sessions;
    let purpose = Purpose::Redirect(redirect);
    let opened = sessions.open_page(lake.ambient(), client.client_id, purpose, hint);
    match opened.map(|name| (sessions.page(&name), name)) {
        Ok((Some(page), name)) => show(client, &name, &page, None),
        Ok((None, _)) => refused(&Failure::internal()),
        Err(failure) => refused(&failure),
    }
}

fn checked_client<'a>(
    lake: &'a Lake,
    tenant: &str,
    form: &Form,
) -> Result<(&'a Application, String), Failure> {
    check_tenant(lake.authority(), tenant)?;
    let client_id = form.required("client_id")?;
    let client = client::find(&lake.authority().directory, tenant, client_id)?;
    let uri = form.required("redirect_uri")?;
    if !is_native(uri) && !client.redirect_uris.iter().any(|known| known == uri) {
        return Err(Failure::unregistered_redirect(uri, client.client_id));
    }
    Ok((client, uri.to_owned()))
}

fn checked_rest(
    lake: &Lake,
    version: Version,
    form: &Form,
) -> Result<(Option<Challenge>, Wish), Failure> {
    let kind = form.required("response_type")?;
    if kind != "code" {
        return Err(Failure::unsupported_response(kind));
    }
    if form.field("prompt") == Some("none") {
        return Err(Failure::sign_in_required());
    }
    let challenge = form.field("code_challenge").map(str::to_owned);
    // RFC 7636, 4.3: plain where no method is named.
    let challenge = match (challenge, form.field("code_challenge_method")) {
        (None, None) => None,
        (Some(challenge), None | Some("plain")) => Some(Challenge::Plain(challenge)),
        (Some(challenge), Some("S256")) => Some(Challenge::Sha256(challenge)),
        _ => return Err(Failure::wrong_challenge_method()),
    };
    let wish = read_wish(lake.authority(), version, form)?
        .ok_or_else(|| Failure::missing_parameter(version.parameter()))?;
    Ok((challenge, wish))
}

/// Every application of the lake may be a native one: it listens on this machine, or has the code shown to the person
/// (RFC 8252, 7.3: any port).
fn is_native(uri: &str) -> bool {
    if uri == OUT_OF_BAND {
        return true;
    }
    let Ok(url) = Url::parse(uri) else {
        return false;
    };
    url.scheme() == "http"
        && matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
        && url.username().is_empty()
        && url.password().is_none()
        && url.fragment().is_none()
}

/// What a policy names to allow a redirect to this address.
pub(super) fn origin_of(uri: &str) -> Option<String> {
    let url = Url::parse(uri).ok()?;
    match url.scheme() {
        "http" | "https" => Some(url.origin().ascii_serialization()),
        OUT_OF_BAND_SCHEME => None,
        // An application's own scheme has no origin, and is named alone.
        scheme => Some(format!("{scheme}:")),
    }
}

/// Sends a refusal to the redirect address.
pub(super) fn refuse(redirect: &Redirect, failure: &Failure) -> Response<Body> {
    let description = failure.description();
    let fields = [
        ("error", failure.error()),
        ("error_description", &description),
    ];
    to(redirect, &fields)
}

/// Sends an answer to the redirect address.
pub(super) fn to(redirect: &Redirect, fields: &[(&str, &str)]) -> Response<Body> {
    let mut fields = fields.to_vec();
    if let Some(state) = &redirect.state {
        fields.push(("state", state));
    }
    if redirect.uri == OUT_OF_BAND {
        return out_of_band(&fields);
    }
    match redirect.mode {
        Mode::Query => moved(&redirect.uri, '?', &fields),
        Mode::Fragment => moved(&redirect.uri, '#', &fields),
        Mode::FormPost => form_post(&redirect.uri, &fields),
    }
}

fn moved(uri: &str, separator: char, fields: &[(&str, &str)]) -> Response<Body> {
    let answer = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    // RFC 6749, 3.1.2: a query that is there already stays.
    let separator = match separator {
        '?' if uri.contains('?') => '&',
        separator => separator,
    };
    let Ok(location) = HeaderValue::try_from(format!("{uri}{separator}{answer}")) else {
        return refused(&Failure::internal());
    };
    let mut response = Response::new(Body::empty());
    // Not 307: the password must not be posted once more.
    *response.status_mut() = StatusCode::SEE_OTHER;
    response.headers_mut().insert(header::LOCATION, location);
    response
}

fn form_post(uri: &str, fields: &[(&str, &str)]) -> Response<Body> {
    let hidden: String = fields
        .iter()
        .map(|(name, value)| html::hidden(name, value))
        .collect();
    let content = format!(
        "<form method=\"post\" action=\"{}\">\n{hidden}<button>Continue</button>\n</form>\n{}",
        html::escape(uri),
        html::SUBMIT
    );
    let elsewhere = origin_of(uri);
    html::page(StatusCode::OK, "Working", &content, elsewhere.as_deref())
}

/// Nothing listens: the person copies the code.
fn out_of_band(fields: &[(&str, &str)]) -> Response<Body> {
    let rows: String = fields
        .iter()
        .map(|(name, value)| {
            format!(
                "<p>{}: <code id=\"{0}\">{}</code></p>\n",
                html::escape(name),
                html::escape(value)
            )
        })
        .collect();
    html::page(StatusCode::OK, "Copy this into your program", &rows, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_go_to_this_machine_only() {
        for good in [
            "http://localhost",
            "http://localhost:8400/here?x=1",
            "http://127.0.0.1:1/",
            "http://[::1]:1/",
            OUT_OF_BAND,
        ] {
            assert!(is_native(good), "{good}");
        }
        for bad in [
            "",
            "https://localhost/",
            "http://localhost.evil.example/",
            "http://evil.example/",
            "http://localhost@evil.example/",
            "http://user@localhost/",
            "http://localhost/#here",
            "javascript:alert(1)",
            "//localhost",
            "/here",
        ] {
            assert!(!is_native(bad), "{bad}");
        }
    }
}
