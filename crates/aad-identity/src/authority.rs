//! Where to sign in: an authority and a tenant.

pub(crate) mod discovery;
pub(crate) mod region;

use aad_core::channel::check_channel;
use aad_core::{Context, Error, ErrorKind, Result, env};
use http::Uri;

use crate::tenants::{Tenants, is_adfs};
use crate::{CredentialOptions, Protocol};

/// An authority, and the tenants that it is asked for.
#[derive(Clone, Debug)]
pub(crate) struct Authority {
    /// Without a slash at its end.
    base: String,
    tenants: Tenants,
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
        let further = options.additionally_allowed_tenants.clone();
        Ok(Self {
            base,
            tenants: Tenants::new(context, Some(tenant.to_owned()), further)?,
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
        is_adfs(self.tenant())
    }

    /// Which of its endpoints are asked.
    pub(crate) fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// The credential's own tenant.
    pub(crate) fn tenant(&self) -> &str {
        self.tenants.own().expect("it was made with one")
    }

    /// The tenant for a request that may ask for another one than the credential's own.
    pub(crate) fn tenant_for<'a>(&'a self, requested: Option<&'a str>) -> Result<&'a str> {
        let tenant = self.tenants.resolve(requested)?;
        Ok(tenant.expect("there is always the own one"))
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
}
