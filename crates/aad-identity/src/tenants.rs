//! Which tenant a token is asked of.

use aad_core::env::{AZURE_ADDITIONALLY_ALLOWED_TENANTS, AZURE_IDENTITY_DISABLE_MULTITENANTAUTH};
use aad_core::{Context, Error, ErrorKind, Result};

/// Whether a credential may ask another tenant than its own.
#[derive(Clone, Debug)]
pub(crate) struct Tenants {
    own: Option<String>,
    further: Vec<String>,
    stays: bool,
}

impl Tenants {
    /// The credential's own tenant, if it has one, and those that it may be left for.
    ///
    /// # Errors
    /// The own tenant cannot be one.
    pub(crate) fn new(
        context: &Context,
        own: Option<String>,
        further: Vec<String>,
    ) -> Result<Self> {
        own.as_deref().map(checked_tenant).transpose()?;
        // An ADFS has one tenant (azure-identity for Python 1.27, `resolve_tenant`).
        let stays = own.as_deref().is_some_and(is_adfs)
            || context
                .var(AZURE_IDENTITY_DISABLE_MULTITENANTAUTH)
                .is_some();
        Ok(Self {
            own,
            further,
            stays,
        })
    }

    /// The credential's own tenant.
    pub(crate) fn own(&self) -> Option<&str> {
        self.own.as_deref()
    }

    /// The tenant for a request that may ask for another one than the credential's own.
    ///
    /// # Errors
    /// [`ErrorKind::Request`] if that is not permitted, or if it cannot be a tenant.
    pub(crate) fn resolve<'a>(&'a self, requested: Option<&'a str>) -> Result<Option<&'a str>> {
        let own = self.own();
        let Some(requested) = requested else {
            return Ok(own);
        };
        if own.is_some_and(|own| own.eq_ignore_ascii_case(requested)) {
            return Ok(own);
        }
        if self.stays {
            tracing::debug!(requested, own, "staying with the own tenant");
            return Ok(own);
        }
        // Whoever signs in through `organizations` has a tenant that is not known before.
        let anybody =
            |own: &str| self.further.is_empty() && own.eq_ignore_ascii_case("organizations");
        let named = |tenant: &String| tenant == "*" || tenant.eq_ignore_ascii_case(requested);
        if own.is_none_or(anybody) || self.further.iter().any(named) {
            return checked_tenant(requested).map(Some);
        }
        Err(Error::new(
            ErrorKind::Request,
            format!(
                "the credential is for tenant {} and not for {requested:?}; \
                 additionally_allowed_tenants can permit it",
                own.unwrap_or_default()
            ),
        ))
    }
}

/// The further tenants that `AZURE_ADDITIONALLY_ALLOWED_TENANTS` names.
pub(crate) fn further_tenants(context: &Context) -> Vec<String> {
    let named = context.var(AZURE_ADDITIONALLY_ALLOWED_TENANTS);
    let named = named.unwrap_or_default();
    let tenants = named.split(';').map(str::trim);
    tenants
        .filter(|tenant| !tenant.is_empty())
        .map(str::to_owned)
        .collect()
}

/// A tenant becomes a part of an address, so it may hold nothing but what ids and domains hold.
pub(crate) fn checked_tenant(tenant: &str) -> Result<&str> {
    let valid = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    if tenant.is_empty() || !tenant.chars().all(valid) || tenant.starts_with(['.', '-']) {
        return Err(Error::new(
            ErrorKind::Request,
            format!("{tenant:?} is not a tenant's id or domain"),
        ));
    }
    Ok(tenant)
}

/// In the place of a tenant, the name by which everybody calls an authority an ADFS.
pub(crate) fn is_adfs(tenant: &str) -> bool {
    tenant.eq_ignore_ascii_case("adfs")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenant_cannot_change_the_address() {
        for good in [
            "contoso.com",
            "common",
            "72f988bf-86f1-41af-91ab-2d7cd011db47",
        ] {
            assert!(checked_tenant(good).is_ok(), "{good}");
        }
        for bad in ["", "a/b", "..", "a?b", "a#b", "a b", "a%2fb", "ä"] {
            assert!(checked_tenant(bad).is_err(), "{bad}");
        }
    }
}
