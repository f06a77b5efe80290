//! Signing in on another device: codes for it, and the page where a person types one.

use http::{HeaderMap, Response, StatusCode};
use serde_json::{Value, json};

use super::{is_same_origin, refused, show, stale};
use crate::authority::client;
use crate::authority::failure::Failure;
use crate::authority::grant::{Form, Version};
use crate::authority::html;
use crate::authority::people::{check_tenant, read_wish};
use crate::authority::sessions::{DEVICE_CODE_LIFE, Purpose};
use crate::body::Body;
use crate::lake::Lake;
use crate::origin::Origin;

/// Where people type codes.
const PAGE: &str = "/common/oauth2/deviceauth";
/// Seconds between two polls.
const INTERVAL: i64 = 5;

/// Answers a device: two codes, one for itself and one for the person.
pub(crate) fn device_code(
    lake: &Lake,
    origin: &Origin,
    tenant: &str,
    version: Version,
    headers: &HeaderMap,
    form: &Form,
) -> Result<Value, Failure> {
    let (authority, ambient) = (lake.authority(), lake.ambient());
    check_tenant(authority, tenant)?;
    let (client, _) = client::authenticate(&authority.judge(lake, origin), tenant, headers, form)?;
    let wish = read_wish(authority, version, form)?
        .ok_or_else(|| Failure::missing_parameter(version.parameter()))?;
    let (device_code, user_code) =
        authority
            .sessions
            .begin_device(ambient, client.client_id, wish)?;
    let address = format!("{origin}{PAGE}");
    let message = format!(
        "To sign in, use a web browser to open the page {address} and enter the code {user_code} to authenticate."
    );
    Ok(match version {
        Version::V1 => json!({
            "user_code": user_code,
            "device_code": device_code,
            "verification_url": address,
            "expires_in": DEVICE_CODE_LIFE.to_string(),
            "interval": INTERVAL.to_string(),
            "message": message,
        }),
        Version::V2 => json!({
            "user_code": user_code,
            "device_code": device_code,
            "verification_uri": address,
            "expires_in": DEVICE_CODE_LIFE,
            "interval": INTERVAL,
            "message": message,
        }),
    })
}

/// The page where a person types the code; `otc` in the query fills it in, as at Azure AD.
pub(crate) fn show_user_code_form(form: &Form) -> Response<Body> {
    user_code_form(form.field("otc").unwrap_or_default(), "")
}

/// Takes the code that a person typed, and shows the sign-in page.
pub(crate) fn answer_user_code(
    lake: &Lake,
    origin: &Origin,
    headers: &HeaderMap,
    form: &Form,
) -> Response<Body> {
    if !is_same_origin(origin, headers) {
        return stale();
    }
    let (authority, ambient) = (lake.authority(), lake.ambient());
    let typed = form.field("otc").unwrap_or_default();
    let Some((device_code, client_id)) = authority.sessions.device_of(ambient, typed) else {
        let error = "That code did not work. Check it and try again.";
        return user_code_form(typed, error);
    };
    let directory = &authority.directory;
    let Ok(client) = client::find(directory, directory.domain(), &client_id.to_string()) else {
        return stale();
    };
    let sessions = &authority.sessions;
    match sessions.open_page(ambient, client_id, Purpose::Device(device_code), "") {
        Ok(name) => match sessions.page(&name) {
            Some(page) => show(client, &name, &page, None),
            None => stale(),
        },
        Err(failure) => refused(&failure),
    }
}

fn user_code_form(typed: &str, error: &str) -> Response<Body> {
    let error = match error {
        "" => String::new(),
        error => format!(
            "<p class=\"error\" role=\"alert\">{}</p>\n",
            html::escape(error)
        ),
    };
    let content = format!(
        "<p>Enter the code that your device shows.</p>\n{error}<form method=\"post\" action=\"{PAGE}\">\n\
         <label>Code <input type=\"text\" name=\"otc\" value=\"{}\" autocomplete=\"off\" \
         autocapitalize=\"characters\" maxlength=\"16\" required autofocus></label>\n\
         <button>Next</button>\n</form>",
        html::escape(typed)
    );
    html::page(StatusCode::OK, "Enter code", &content, None)
}
