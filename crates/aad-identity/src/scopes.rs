//! The scope of a request, for sources that know resources.

use aad_core::scope::scope_to_resource;
use aad_core::{Error, ErrorKind, Result, TokenRequest};

/// The resource of a request that has one scope, as sources demand that speak the v1 protocol.
pub(crate) fn only_resource(request: &TokenRequest) -> Result<&str> {
    match request.scopes.as_slice() {
        [scope] if !scope.is_empty() => Ok(scope_to_resource(scope)),
        scopes => Err(Error::new(
            ErrorKind::Request,
            format!("this source takes one scope, not {}", scopes.len()),
        )),
    }
}
