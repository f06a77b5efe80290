//! What a 401 asks for: the `WWW-Authenticate` header.

use http::HeaderMap;

/// The claims that a Continuous Access Evaluation challenge asks a new token to have, decoded.
pub fn claims_challenge(_headers: &HeaderMap) -> Option<String> {
    None
}
