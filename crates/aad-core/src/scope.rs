//! The way between a v1 resource and a v2 scope, in one place.
//!
//! A v1 token request names a *resource*, a v2 one a *scope*. The scope for everything that a
//! resource offers is the resource, a slash, and `.default`; where the resource itself ends in a
//! slash, the scope has two. Azure AD copies what stands before `/.default` into the token's
//! `aud` claim, and Data Lake Store Gen1 compares that claim byte for byte, so the doubled slash
//! is not a mistake to be tidied away.

const DEFAULT: &str = "/.default";

/// The v2 scope for a v1 resource. What already is a `.default` scope stays as it is.
///
/// ```
/// use aad_core::scope::resource_to_scope;
///
/// assert_eq!(resource_to_scope("https://datalake.azure.net/"), "https://datalake.azure.net//.default");
/// assert_eq!(resource_to_scope("https://vault.azure.net"), "https://vault.azure.net/.default");
/// ```
pub fn resource_to_scope(resource: &str) -> String {
    if resource.ends_with(DEFAULT) {
        resource.to_owned()
    } else {
        format!("{resource}{DEFAULT}")
    }
}

/// The v1 resource of a `.default` scope, with exactly the slash it was made with.
///
/// Any other scope, such as `https://datalake.azure.net//user_impersonation`, is returned as it
/// is: only the service knows which part of it is the resource.
///
/// ```
/// use aad_core::scope::scope_to_resource;
///
/// assert_eq!(scope_to_resource("https://datalake.azure.net//.default"), "https://datalake.azure.net/");
/// ```
pub fn scope_to_resource(scope: &str) -> &str {
    scope.strip_suffix(DEFAULT).unwrap_or(scope)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_survives_the_way_there_and_back() {
        for resource in [
            "https://datalake.azure.net/",
            "https://management.core.windows.net/",
            "https://management.azure.com",
            "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d",
        ] {
            assert_eq!(scope_to_resource(&resource_to_scope(resource)), resource);
        }
    }

    #[test]
    fn a_scope_is_not_made_twice() {
        let scope = "https://datalake.azure.net//.default";
        assert_eq!(resource_to_scope(scope), scope);
    }

    #[test]
    fn a_named_permission_is_left_alone() {
        let scope = "https://datalake.azure.net//user_impersonation";
        assert_eq!(scope_to_resource(scope), scope);
    }
}
