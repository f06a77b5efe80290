//! The pages that people see. Whatever is not a constant is escaped here and nowhere else.

use http::{HeaderValue, Response, StatusCode, header};

use crate::body::Body;
use crate::reply;

/// Text in a page.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(c),
        }
    }
    escaped
}

/// A field that the person does not see.
pub(crate) fn hidden(name: &str, value: &str) -> String {
    format!(
        "<input type=\"hidden\" name=\"{}\" value=\"{}\">\n",
        escape(name),
        escape(value)
    )
}

/// A page with `content`, whose forms may go to this host, and to `elsewhere` too, which a page must know in advance
/// because browsers check redirects as well.
pub(crate) fn page(
    status: StatusCode,
    title: &str,
    content: &str,
    elsewhere: Option<&str>,
) -> Response<Body> {
    let html = include_str!("page.html")
        .replace("{{title}}", &escape(title))
        .replace("{{content}}", content);
    let mut response = reply::with_body(status, "text/html; charset=utf-8", html);
    let policy = format!(
        "default-src 'none'; style-src 'unsafe-inline'; script-src {SUBMIT_HASH}; base-uri 'none'; \
         frame-ancestors 'none'; form-action 'self' {}",
        elsewhere.unwrap_or_default()
    );
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::try_from(policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    // The address of a sign-in page has the state in it.
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    response
}

/// A page that says one thing.
pub(crate) fn notice(status: StatusCode, title: &str, text: &str) -> Response<Body> {
    page(status, title, &format!("<p>{}</p>", escape(text)), None)
}

/// Submits the only form of a page; a person without scripts presses the button.
pub(crate) const SUBMIT: &str = "<script>document.forms[0].submit()</script>";
/// The SHA-256 of the script in it.
const SUBMIT_HASH: &str = "'sha256-ePniVEkSivX/c7XWBGafqh8tSpiRrKiqYeqbG7N1TOE='";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_leave_its_place() {
        assert_eq!(
            escape(r#"<a href="x" id='y'>&"#),
            "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;"
        );
        assert_eq!(
            hidden("state", "\"><script>"),
            "<input type=\"hidden\" name=\"state\" value=\"&quot;&gt;&lt;script&gt;\">\n"
        );
    }

    #[test]
    fn the_policy_allows_the_one_script_and_no_other() {
        use base64::Engine as _;
        let script = SUBMIT
            .trim_start_matches("<script>")
            .trim_end_matches("</script>");
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, script.as_bytes());
        let digest = base64::engine::general_purpose::STANDARD.encode(digest);
        assert_eq!(SUBMIT_HASH, format!("'sha256-{digest}'"));
    }
}
