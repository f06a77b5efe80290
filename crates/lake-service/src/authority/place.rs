//! The paths of Azure AD, of ADFS and of the federation server: three tables.

use super::federation::{Door, Trust};
use super::grant::{Form, Version};

/// What is at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place<'a> {
    /// Below `/{tenant}/`.
    Tenant(&'a str, Endpoint),
    /// The same in the words of ADFS, below `/adfs/`.
    Adfs(Endpoint),
    /// The federation server.
    Federation(Door),
}

/// What Azure AD has for a tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Endpoint {
    Token(Dialect),
    DeviceCode(Dialect),
    Authorize(Dialect),
    /// Where a sign-in page goes.
    SignIn,
    /// Where people type the codes of their devices.
    UserCode,
    Document(Document),
}

/// What tells a client where everything is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Document {
    Configuration(Dialect),
    Keys,
    Instance,
    Realm,
}

/// How an endpoint is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    V1,
    V2,
    /// Either, as the parameters of the request tell.
    Adfs,
}

impl Dialect {
    /// The version that a request is one of.
    pub(super) fn version(self, form: &Form) -> Version {
        match self {
            Self::V1 => Version::V1,
            Self::V2 => Version::V2,
            Self::Adfs if form.field("resource").is_some() => Version::V1,
            Self::Adfs => Version::V2,
        }
    }
}

/// What follows `/{tenant}/`.
const TENANT: &[(&str, Endpoint)] = &[
    ("oauth2/token", Endpoint::Token(Dialect::V1)),
    ("oauth2/v2.0/token", Endpoint::Token(Dialect::V2)),
    ("oauth2/devicecode", Endpoint::DeviceCode(Dialect::V1)),
    ("oauth2/v2.0/devicecode", Endpoint::DeviceCode(Dialect::V2)),
    ("oauth2/authorize", Endpoint::Authorize(Dialect::V1)),
    ("oauth2/v2.0/authorize", Endpoint::Authorize(Dialect::V2)),
    ("oauth2/deviceauth", Endpoint::UserCode),
    ("login", Endpoint::SignIn),
    (
        ".well-known/openid-configuration",
        Endpoint::Document(Document::Configuration(Dialect::V1)),
    ),
    (
        "v2.0/.well-known/openid-configuration",
        Endpoint::Document(Document::Configuration(Dialect::V2)),
    ),
    ("discovery/keys", Endpoint::Document(Document::Keys)),
    ("discovery/v2.0/keys", Endpoint::Document(Document::Keys)),
    ("discovery/instance", Endpoint::Document(Document::Instance)),
];

/// What follows `/adfs/`.
const ADFS: &[(&str, Endpoint)] = &[
    ("oauth2/token", Endpoint::Token(Dialect::Adfs)),
    ("oauth2/devicecode", Endpoint::DeviceCode(Dialect::Adfs)),
    ("oauth2/authorize", Endpoint::Authorize(Dialect::Adfs)),
    (
        ".well-known/openid-configuration",
        Endpoint::Document(Document::Configuration(Dialect::Adfs)),
    ),
    ("discovery/keys", Endpoint::Document(Document::Keys)),
];

/// What follows `/adfs/services/trust/`.
const FEDERATION: &[(&str, Door)] = &[
    ("mex", Door::Metadata),
    ("13/usernamemixed", Door::UserName(Trust::V13)),
    ("2005/usernamemixed", Door::UserName(Trust::V2005)),
];

/// What stands before a person's name, where clients ask who knows the password.
const REALM: &str = "userrealm/";

/// What answers at this path, whatever the case of its letters.
pub(super) fn place(path: &str) -> Option<Place<'_>> {
    let path = path.strip_suffix('/').unwrap_or(path);
    if path.eq_ignore_ascii_case("/devicelogin") {
        return Some(Place::Tenant("common", Endpoint::UserCode));
    }
    let (tenant, rest) = path.strip_prefix('/')?.split_once('/')?;
    if tenant.eq_ignore_ascii_case("adfs") {
        return match without_prefix(rest, "services/trust/") {
            Some(rest) => find(FEDERATION, rest).map(Place::Federation),
            None => find(ADFS, rest).map(Place::Adfs),
        };
    }
    let endpoint = match without_prefix(rest, REALM) {
        Some(_) => Some(Endpoint::Document(Document::Realm)),
        None => find(TENANT, rest),
    };
    endpoint.map(|endpoint| Place::Tenant(tenant, endpoint))
}

fn find<T: Copy>(table: &[(&str, T)], path: &str) -> Option<T> {
    let mut entries = table.iter();
    let found = entries.find(|(name, _)| name.eq_ignore_ascii_case(path));
    found.map(|&(_, value)| value)
}

fn without_prefix<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_read_in_any_case_and_with_a_slash_at_its_end() {
        let token = Endpoint::Token(Dialect::V2);
        for (path, expected) in [
            ("/T/OAuth2/v2.0/Token", Some(Place::Tenant("T", token))),
            ("/t/oauth2/v2.0/token/", Some(Place::Tenant("t", token))),
            (
                "/common/UserRealm/a@b.example",
                Some(Place::Tenant("common", Endpoint::Document(Document::Realm))),
            ),
            (
                "/DeviceLogin",
                Some(Place::Tenant("common", Endpoint::UserCode)),
            ),
            (
                "/ADFS/oauth2/token",
                Some(Place::Adfs(Endpoint::Token(Dialect::Adfs))),
            ),
            (
                "/adfs/Services/Trust/2005/UsernameMixed",
                Some(Place::Federation(Door::UserName(Trust::V2005))),
            ),
            ("/adfs/oauth2/v2.0/token", None),
            ("/adfs/userrealm/a@b.example", None),
            ("/t/services/trust/mex", None),
            ("/t", None),
            ("", None),
        ] {
            assert_eq!(place(path), expected, "{path}");
        }
    }
}
