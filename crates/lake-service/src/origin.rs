//! The address under which a client reached the lake.

use http::{Request, header};

/// Scheme and authority of a request, as its sender knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    scheme: &'static str,
    authority: String,
}

impl Origin {
    /// From an absolute url, else from the `Host` header (then the scheme is http).
    pub(crate) fn of<B>(request: &Request<B>) -> Option<Self> {
        let scheme = match request.uri().scheme_str() {
            Some("https") => "https",
            _ => "http",
        };
        let authority = match request.uri().authority() {
            Some(authority) => authority.as_str(),
            None => request.headers().get(header::HOST)?.to_str().ok()?,
        };
        // What stands before an `@` is no part of a Host and must not reach urls in answers.
        let valid = !authority.is_empty()
            && authority
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte));
        valid.then(|| Self {
            scheme,
            authority: authority.to_ascii_lowercase(),
        })
    }

    /// The host without its port; an IPv6 address keeps its brackets.
    pub(crate) fn host(&self) -> &str {
        match self.authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => &self.authority,
        }
    }
}

impl std::fmt::Display for Origin {
    /// `https://host:port`, no slash at the end.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}://{}", self.scheme, self.authority)
    }
}
