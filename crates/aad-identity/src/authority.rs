//! Where to sign in: an authority and a tenant.

pub(crate) mod discovery;
pub(crate) mod region;

use aad_core::channel::check_channel;
use aad_core::{Context, Error, ErrorKind, Result, env};
use http::Uri;

use crate::{CredentialOptions, Protocol};

/// An authority, its default tenant, and the tenants it may be left for.
#[derive(Clone, Debug)]
pub(crate) struct Authority {
    /// Without a slash at its end.
    base: String,
    tenant: String,
    further: Vec<String>,
    /// Whether requests for other tenants get a token of this one.
    stays: bool,
    protocol: Protocol,
}

impl Authority {
    /// Decides on the authority; nothing is sent.
    pub(crate) fn new(
        context: &Context,
        tenant: &str,
        options: &CredentialOptions,
    ) -> Result<Self> {
        let base = options
            .authority
            .clone()
            .or_else(|| context.var(env::AZURE_AUTHORITY_HOST))
            .unwrap_or_else(|| options.cloud.authority_host.clone().into_owned());
        let mut base = checked_base(&base, options.allow_http_loopback)?;
        if is_adfs(tenant) && ends_in_adfs(&base) {
            base.truncate(base.len() - "/adfs".len());
        }
        Ok(Self {
            base,
            tenant: checked_tenant(tenant)?.to_owned(),
            further: options.additionally_allowed_tenants.clone(),
            // An ADFS has one tenant (azure-identity for Python 1.27, `resolve_tenant`).
            stays: is_adfs(tenant)
                || context
                    .var(env::AZURE_IDENTITY_DISABLE_MULTITENANTAUTH)
                    .is_some(),
            protocol: options.protocol,
        })
    }

    /// The same at another host.
    fn at_host(&self, host: &str) -> Result<Self> {
        let path = self.uri().path().trim_end_matches('/').to_owned();
        Ok(Self {
            base: checked_base(&format!("https://{host}{path}"), false)?,
            ..self.clone()
        })
    }

    fn uri(&self) -> Uri {
        self.base.parse().expect("it was one when this was made")
    }

    /// Its address, for people.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// Its host's name.
    pub(crate) fn host(&self) -> String {
        self.uri().host().unwrap_or_default().to_ascii_lowercase()
    }

    /// Whether it is an ADFS, which stands by itself.
    pub(crate) fn is_adfs(&self) -> bool {
        is_adfs(&self.tenant)
    }

    /// Which of its endpoints are asked.
    pub(crate) fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// The credential's own tenant.
    pub(crate) fn tenant(&self) -> &str {
        &self.tenant
    }

    /// The tenant for a request that may ask for another one than the credential's own.
    pub(crate) fn tenant_for<'a>(&'a self, requested: Option<&'a str>) -> Result<&'a str> {
        let Some(requested) = requested else {
            return Ok(&self.tenant);
        };
        if requested.eq_ignore_ascii_case(&self.tenant) {
            return Ok(&self.tenant);
        }
        if self.stays {
            tracing::debug!(requested, own = self.tenant, "staying with the own tenant");
            return Ok(&self.tenant);
        }
        let allowed = |tenant: &String| tenant == "*" || tenant.eq_ignore_ascii_case(requested);
        // Whoever signs in through `organizations` has a tenant that is not known before.
        let open = self.further.is_empty() && self.tenant.eq_ignore_ascii_case("organizations");
        if open || self.further.iter().any(allowed) {
            return checked_tenant(requested);
        }
        Err(Error::new(
            ErrorKind::Request,
            format!(
                "the credential is for tenant {} and not for {requested:?}; \
                 additionally_allowed_tenants can permit it",
                self.tenant
            ),
        ))
    }

    /// The address to which a person's browser goes to sign in.
    pub(crate) fn authorize_endpoint(&self, tenant: &str) -> String {
        self.endpoint(tenant, "authorize")
    }

    /// The address of the device code endpoint.
    pub(crate) fn device_code_endpoint(&self, tenant: &str) -> String {
        self.endpoint(tenant, "devicecode")
    }

    /// The address of the token endpoint, which is also the audience of whatever is signed for it.
    pub(crate) fn token_endpoint(&self, tenant: &str) -> String {
        self.endpoint(tenant, "token")
    }

    /// The address that says where a person of this name signs in. `encoded` is the name, percent-encoded.
    pub(crate) fn user_realm_endpoint(&self, encoded: &str) -> String {
        format!("{}/common/UserRealm/{encoded}?api-version=1.0", self.base)
    }

    fn endpoint(&self, tenant: &str, name: &str) -> String {
        let base = &self.base;
        match self.protocol {
            _ if is_adfs(tenant) => format!("{base}/adfs/oauth2/{name}"),
            Protocol::V1 => format!("{base}/{tenant}/oauth2/{name}"),
            Protocol::V2 => format!("{base}/{tenant}/oauth2/v2.0/{name}"),
        }
    }

    /// What to add to an address that a form is posted to.
    pub(crate) fn posting_query(&self) -> &'static str {
        match self.protocol {
            Protocol::V1 if !self.is_adfs() => "?api-version=1.0",
            _ => "",
        }
    }
}

/// In the place of a tenant, the name by which everybody calls an authority an ADFS.
fn is_adfs(tenant: &str) -> bool {
    tenant.eq_ignore_ascii_case("adfs")
}

fn ends_in_adfs(base: &str) -> bool {
    base.rsplit_once('/').is_some_and(|(_, last)| is_adfs(last))
}

/// `AZURE_AUTHORITY_HOST` is often a bare host name, as its name suggests.
fn checked_base(base: &str, allow_http_loopback: bool) -> Result<String> {
    let (scheme, rest) = base
        .trim()
        .split_once("://")
        .unwrap_or(("https", base.trim()));
    let base = format!("{scheme}://{}", rest.trim_end_matches('/'));
    let unusable = || {
        Error::new(
            ErrorKind::Request,
            format!("{base:?} is not the address of an authority"),
        )
    };
    let uri: Uri = base
        .parse()
        .map_err(|error: http::uri::InvalidUri| unusable().with_source(error))?;
    let host = uri.authority().map_or("", |authority| authority.as_str());
    if uri.query().is_some() || host.is_empty() || host.contains('@') {
        return Err(unusable());
    }
    check_channel(&uri, allow_http_loopback)?;
    Ok(base)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authority_is_a_host_or_an_address_with_https() {
        let base = |text| checked_base(text, false).ok();
        let public = Some("https://login.microsoftonline.com".to_owned());
        assert_eq!(base("https://login.microsoftonline.com"), public);
        assert_eq!(base("https://login.microsoftonline.com/"), public);
        assert_eq!(base(" login.microsoftonline.com "), public);
        assert_eq!(
            base("https://adfs.contoso.com/adfs/").as_deref(),
            Some("https://adfs.contoso.com/adfs")
        );
        for bad in [
            "",
            "http://login.example",
            "http://127.0.0.1:7170",
            "https://",
            "https://x/?y=z",
            "https://a@b/",
            "a b",
        ] {
            assert_eq!(base(bad), None, "{bad}");
        }
        assert!(checked_base("http://127.0.0.1:7170/", true).is_ok());
        assert!(checked_base("http://login.example", true).is_err());
    }

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
