//! OAuth 2.0 as Azure AD and its imitators speak it: liberal in what is accepted, because every
//! endpoint (v1, v2, ADFS, the managed-identity hosts) has a dialect of its own.

mod claims;
mod error_response;
mod moment;
mod token_response;

pub use claims::request_claims;
pub use error_response::{ErrorResponse, read_error};
pub use moment::{parse_moment, parse_span};
pub use token_response::TokenResponse;

/// JSON may begin with a byte order mark, which RFC 8259 lets a parser ignore.
fn without_bom(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}
