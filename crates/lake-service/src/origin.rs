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

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(url: &str, host: Option<&str>) -> Option<String> {
        let mut request = Request::builder().uri(url);
        if let Some(host) = host {
            request = request.header(header::HOST, host);
        }
        Origin::of(&request.body(()).unwrap()).map(|origin| origin.to_string())
    }

    #[test]
    fn the_url_counts_before_the_host_header() {
        assert_eq!(
            origin("https://A.example:1/x", Some("b.example")).as_deref(),
            Some("https://a.example:1")
        );
        assert_eq!(
            origin("/x", Some("B.example")).as_deref(),
            Some("http://b.example")
        );
        assert_eq!(
            origin("/x", Some("[::1]:7170")).as_deref(),
            Some("http://[::1]:7170")
        );
    }

    #[test]
    fn a_host_that_is_none_is_refused() {
        for host in ["", "a b", "a/b", "user@host", "a\"b", "a?b"] {
            assert_eq!(origin("/x", Some(host)), None, "{host}");
        }
        assert_eq!(origin("/x", None), None);
    }

    #[test]
    fn the_host_has_no_port() {
        let host = |authority: &str| {
            Origin {
                scheme: "http",
                authority: authority.into(),
            }
            .host()
            .to_owned()
        };
        assert_eq!(host("a.example:80"), "a.example");
        assert_eq!(host("a.example"), "a.example");
        assert_eq!(host("[::1]:80"), "[::1]");
        assert_eq!(host("[::1]"), "[::1]");
    }
}
