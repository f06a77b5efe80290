//! The resources that tokens are issued for.

use uuid::Uuid;

use crate::routing::Surface;

/// `resource -> surfaces` that accept it as the audience, spelt exactly.
///
/// Azure AD issues a token for a resource with or without its last slash and puts the spelling of the request into
/// `aud`; whether that spelling is good enough is for the surface to say.
const RESOURCES: &[(&str, &[Surface])] = &[
    (
        "https://datalake.azure.net/",
        &[Surface::Gen1, Surface::Adla, Surface::Admin],
    ),
    ("https://datalake.azure.net", &[]),
    (
        "https://management.core.windows.net/",
        &[Surface::Adla, Surface::Arm, Surface::Admin],
    ),
    ("https://management.core.windows.net", &[]),
    (
        "https://management.azure.com/",
        &[Surface::Arm, Surface::Admin],
    ),
    (
        "https://management.azure.com",
        &[Surface::Arm, Surface::Admin],
    ),
    (GRAPH, &[]),
    ("https://storage.azure.com/", &[Surface::Storage]),
    ("https://storage.azure.com", &[Surface::Storage]),
    ("https://vault.azure.net", &[Surface::KeyVault]),
    ("https://vault.azure.net/", &[]),
    (
        "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d",
        &[Surface::Databricks],
    ),
];

/// Whose tokens are asked for by scopes that name no resource. Nothing of the lake takes them.
pub(crate) const GRAPH: &str = "https://graph.microsoft.com";

/// The scopes about who signs in.
const OPENID: [&str; 4] = ["openid", "profile", "email", "offline_access"];

/// Whether tokens are issued for it.
pub(crate) fn is_known(resource: &str) -> bool {
    RESOURCES.iter().any(|(name, _)| *name == resource)
}

/// Whether `surface` takes a token for this audience.
pub(crate) fn is_audience_of(surface: Surface, audience: &str) -> bool {
    RESOURCES
        .iter()
        .any(|(name, surfaces)| *name == audience && surfaces.contains(&surface))
}

/// The audience that a client of `surface` should ask for, for challenges.
pub(crate) fn preferred(surface: Surface) -> Option<&'static str> {
    RESOURCES
        .iter()
        .find(|(_, surfaces)| surfaces.contains(&surface))
        .map(|(name, _)| *name)
}

/// The resource of a v2 scope list of a client: one `<resource>/.default`, beside which the OpenID scopes are ignored.
///
/// Only the last `/.default` is cut off, so the double slash of `https://datalake.azure.net//.default`
/// keeps the slash that the resource's own name ends with.
pub(crate) fn of_scope(scope: &str) -> Option<String> {
    let mut wanted = scope
        .split_ascii_whitespace()
        .filter(|word| !OPENID.contains(word));
    let resource = wanted.next()?.strip_suffix("/.default")?;
    (wanted.next().is_none() && !resource.is_empty()).then(|| resource.to_owned())
}

/// The application that a resource is, by its id or by the name that Azure AD gives it.
pub(crate) fn application(resource: &str) -> Option<Uuid> {
    resource
        .strip_prefix("api://")
        .unwrap_or(resource)
        .parse()
        .ok()
}

/// Whether a scope is about who signs in, and names no resource.
pub(crate) fn is_openid(word: &str) -> bool {
    OPENID.contains(&word)
}

/// What a person lets a client have: the resource of all the scopes that name one, whatever permission each asks
/// for; `None` if they name none or several. Scopes without a resource are those of Microsoft Graph.
pub(crate) fn of_delegated_scope(scope: &str) -> Option<String> {
    let mut resource = None;
    for word in scope.split_ascii_whitespace() {
        if is_openid(word) {
            continue;
        }
        let named = word.rsplit_once('/').map_or(GRAPH, |(named, _)| named);
        if resource.is_some_and(|other| other != named) || named.is_empty() {
            return None;
        }
        resource = Some(named);
    }
    Some(resource.unwrap_or(GRAPH).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_double_slash_keeps_the_slash_of_the_resource() {
        let check = |scope: &str, resource: Option<&str>| {
            assert_eq!(of_scope(scope).as_deref(), resource, "{scope}");
        };
        check(
            "https://datalake.azure.net//.default",
            Some("https://datalake.azure.net/"),
        );
        check(
            "https://datalake.azure.net/.default",
            Some("https://datalake.azure.net"),
        );
        check(
            "openid https://storage.azure.com/.default profile",
            Some("https://storage.azure.com"),
        );
        check(
            "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d/.default",
            Some("2ff814a6-3304-4ab8-85cb-cd0e6f879c1d"),
        );
        check("https://datalake.azure.net/user_impersonation", None);
        check("https://a/.default https://b/.default", None);
        check("/.default", None);
        check("", None);
    }

    #[test]
    fn a_person_grants_one_resource_by_whatever_permission() {
        let check = |scope: &str, resource: Option<&str>| {
            assert_eq!(of_delegated_scope(scope).as_deref(), resource, "{scope}");
        };
        check(
            "https://datalake.azure.net//.default openid offline_access profile",
            Some("https://datalake.azure.net/"),
        );
        check(
            "https://datalake.azure.net//user_impersonation https://datalake.azure.net//.default",
            Some("https://datalake.azure.net/"),
        );
        check("openid User.Read", Some(GRAPH));
        check("", Some(GRAPH));
        check("https://a/.default https://b/.default", None);
        check("/.default", None);
    }

    #[test]
    fn gen1_takes_its_own_resource_with_the_slash_only() {
        assert!(is_audience_of(Surface::Gen1, "https://datalake.azure.net/"));
        assert!(!is_audience_of(Surface::Gen1, "https://datalake.azure.net"));
        assert!(!is_audience_of(
            Surface::Gen1,
            "https://management.core.windows.net/"
        ));
        assert!(is_audience_of(
            Surface::Adla,
            "https://management.core.windows.net/"
        ));
        assert_eq!(
            preferred(Surface::Gen1),
            Some("https://datalake.azure.net/")
        );
    }
}
