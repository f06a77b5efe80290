//! The web page at `/`.

use http::{HeaderValue, Method, Response, StatusCode, header};

use crate::body::Body;
use crate::lake::Lake;
use crate::origin::Origin;
use crate::reply;

/// What this is, where everything is, and what to do next. No secret is on it.
pub(crate) fn answer(lake: &Lake, origin: &Origin, method: &Method) -> Response<Body> {
    if method != Method::GET && method != Method::HEAD {
        let mut response = reply::error(
            StatusCode::METHOD_NOT_ALLOWED,
            "MethodNotAllowed",
            "This is a page to look at.",
        );
        response
            .headers_mut()
            .insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        return response;
    }
    let directory = &lake.authority().directory;
    let options = lake.options();
    let rows = [
        ("Azure AD", format!("{origin}/{}", directory.tenant_id)),
        ("Data Lake Store", format!("{origin}/webhdfs/v1/")),
        (
            "Data Lake Analytics",
            format!("{origin}/jobs?api-version=2016-11-01"),
        ),
        ("Tenant", directory.tenant_id.to_string()),
        ("Client id", directory.client.client_id.to_string()),
        ("Store account", options.store_account.clone()),
        ("Analytics account", options.analytics_account.clone()),
    ];
    let rows: String = rows
        .iter()
        .map(|(name, value)| format!("<tr><th>{name}</th><td><code>{value}</code></td></tr>\n"))
        .collect();
    let html = include_str!("page.html").replace("{{rows}}", &rows);
    let mut response = reply::with_body(StatusCode::OK, "text/html; charset=utf-8", html);
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'"),
    );
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    response
}
