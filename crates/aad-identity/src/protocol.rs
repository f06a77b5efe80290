//! The two protocols that Azure AD speaks, and what each calls the thing that a token is for.

use aad_core::scope::scope_to_resource;
use aad_core::{Error, ErrorKind, Result, TokenRequest};

/// Which endpoints of an authority are asked.
///
/// Requests name v2 scopes either way; [`aad_core::scope`] is the way between the two.
///
/// ```
/// use aad_identity::{CredentialOptions, Protocol};
///
/// let options = CredentialOptions::default().with_protocol(Protocol::V1);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Protocol {
    /// The v2 endpoints, `/oauth2/v2.0/...`: a token is for scopes.
    #[default]
    V2,
    /// The v1 endpoints, `/oauth2/...`: a token is for one resource. ADAL asked these; old
    /// versions of ADFS know nothing else.
    V1,
}

/// What a token is wanted for, as the parameters of a request.
pub(crate) type Target = Vec<(&'static str, String)>;

/// Beside the scopes of a request: who signed in, and a refresh token.
const PERSONAL_SCOPES: [&str; 3] = ["openid", "offline_access", "profile"];

impl Protocol {
    /// For an application's own token.
    pub(crate) fn target(self, scopes: &[String]) -> Result<Target> {
        Ok(match self {
            Self::V2 => vec![("scope", scopes.join(" "))],
            Self::V1 => vec![("resource", resource(scopes)?.to_owned())],
        })
    }

    /// For a person's token, with who signed in, and a refresh token beside it.
    pub(crate) fn personal_target(self, scopes: &[String]) -> Result<Target> {
        Ok(match self {
            Self::V2 => vec![("scope", personal_scope(scopes))],
            // v1 gives a refresh token to whoever may have one, and an id token for this.
            Self::V1 => vec![
                ("resource", resource(scopes)?.to_owned()),
                ("scope", "openid".to_owned()),
            ],
        })
    }
}

/// The resource of a request that has one scope, as sources demand that speak the v1 protocol.
pub(crate) fn only_resource(request: &TokenRequest) -> Result<&str> {
    resource(&request.scopes)
}

fn resource(scopes: &[String]) -> Result<&str> {
    match scopes {
        [scope] if !scope.is_empty() => Ok(scope_to_resource(scope)),
        scopes => Err(Error::new(
            ErrorKind::Request,
            format!("this source takes one scope, not {}", scopes.len()),
        )),
    }
}

fn personal_scope(scopes: &[String]) -> String {
    let mut words: Vec<&str> = scopes.iter().map(String::as_str).collect();
    for scope in PERSONAL_SCOPES {
        if !words.contains(&scope) {
            words.push(scope);
        }
    }
    words.join(" ")
}
