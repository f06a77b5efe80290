//! Which surface answers a request: one table, read from top to bottom.
//!
//! 1. the Host, where it is a name of the cloud;
//! 2. a reserved first path segment;
//! 3. a known storage account as the first segment;
//! 4. a known tenant id or domain as the first segment, or a path that only Azure AD has;
//!
//! and nothing else. Requests addressed by IP or `localhost` reach the default accounts, so an account is
//! looked for in the Host only.

mod cloud;

use std::net::IpAddr;

#[cfg(test)]
pub(crate) use cloud::authority_hosts;
#[cfg(feature = "listen")]
pub(crate) use cloud::cloud_domains;
pub(crate) use cloud::cloud_name;
use cloud::strip_suffix_ignore_case;

/// One protocol of the data lake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Surface {
    /// The web page at `/` and `/_lake/`.
    Page,
    /// What only the lake has, under `/_lake/`.
    Admin,
    /// Azure AD: discovery, keys and tokens.
    Authority,
    /// Data Lake Store, the WebHDFS dialect.
    Gen1,
    /// Data Lake Analytics: jobs and catalog.
    Adla,
    /// Azure Resource Manager.
    Arm,
    /// Key Vault.
    KeyVault,
    /// Data Lake Storage Gen2 and Blob.
    Storage,
    /// Databricks.
    Databricks,
    /// Instance metadata and managed identity.
    Metadata,
}

/// Where a request goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Route {
    pub(crate) surface: Surface,
    /// The account that the Host or the path names; `None` is the default account.
    pub(crate) account: Option<String>,
}

/// What routing must know of the lake's rows.
pub(crate) trait Known {
    /// Whether a store or analytics account has this name.
    fn is_account(&self, name: &str) -> bool;
    /// Whether a Gen2 account has this name.
    fn is_storage_account(&self, name: &str) -> bool;
    /// Whether a tenant has this id or domain.
    fn is_tenant(&self, name: &str) -> bool;
}

/// First path segments that no account may be called.
const SEGMENTS: &[(&str, Surface)] = &[
    ("webhdfs", Surface::Gen1),
    ("webhdfsext", Surface::Gen1),
    ("jobs", Surface::Adla),
    ("buildjob", Surface::Adla),
    ("catalog", Surface::Adla),
    ("pipelines", Surface::Adla),
    ("recurrences", Surface::Adla),
    ("subscriptions", Surface::Arm),
    ("providers", Surface::Arm),
    ("tenants", Surface::Arm),
    ("secrets", Surface::KeyVault),
    ("deletedsecrets", Surface::KeyVault),
    ("api", Surface::Databricks),
    ("metadata", Surface::Metadata),
    ("common", Surface::Authority),
    ("organizations", Surface::Authority),
    ("consumers", Surface::Authority),
    ("adfs", Surface::Authority),
    ("devicelogin", Surface::Authority),
    ("_lake", Surface::Admin),
];

/// The surface that answers, or `None` for 404. `host` is without a port.
pub(crate) fn route(host: &str, path: &str, known: &dyn Known) -> Option<Route> {
    if let Some((surface, account)) = cloud_name(host) {
        return Some(Route { surface, account });
    }
    let account = host_account(host, known);
    let mut segments = path.split('/').filter(|segment| !segment.is_empty());
    let Some(first) = segments.next() else {
        return Some(Route {
            surface: Surface::Page,
            account,
        });
    };
    if let Some(&(_, surface)) = SEGMENTS
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(first))
    {
        let surface = match surface {
            Surface::Admin => match segments.next() {
                None => Surface::Page,
                Some(next) if next.eq_ignore_ascii_case("identity") => Surface::Metadata,
                Some(_) => Surface::Admin,
            },
            surface => surface,
        };
        return Some(Route { surface, account });
    }
    if known.is_storage_account(first) {
        let account = Some(first.to_ascii_lowercase());
        return Some(Route {
            surface: Surface::Storage,
            account,
        });
    }
    if known.is_tenant(first) || segments.next().is_some_and(is_authority_segment) {
        return Some(Route {
            surface: Surface::Authority,
            account: None,
        });
    }
    None
}

/// Whether `name` may not become an account, because it is a first path segment already.
pub(crate) fn is_reserved(name: &str) -> bool {
    SEGMENTS
        .iter()
        .any(|(segment, _)| segment.eq_ignore_ascii_case(name))
}

/// Whether a browser that was lured here by DNS rebinding could *not* have sent this Host.
///
/// An IP address cannot be rebound, and neither can a name that no attacker's zone contains.
pub(crate) fn is_trusted_host(host: &str, extra: &[String]) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    as_ip(host).is_some()
        || is_localhost(host)
        || cloud_name(host).is_some()
        || extra.iter().any(|name| name.eq_ignore_ascii_case(host))
}

/// `localhost` and the names below it, which are this machine by RFC 6761.
pub(crate) fn is_localhost(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || strip_suffix_ignore_case(host, ".localhost").is_some()
}

/// `account` of `account.any.suffix`, where there is such an account.
fn host_account(host: &str, known: &dyn Known) -> Option<String> {
    if as_ip(host).is_some() {
        return None;
    }
    let (label, _suffix) = host.split_once('.')?;
    known.is_account(label).then(|| label.to_ascii_lowercase())
}

/// Paths of Azure AD whose first segment is a tenant: an unknown tenant is told so by Azure AD's own error.
fn is_authority_segment(second: &str) -> bool {
    ["oauth2", ".well-known", "v2.0", "discovery"]
        .iter()
        .any(|name| name.eq_ignore_ascii_case(second))
}

pub(crate) fn as_ip(host: &str) -> Option<IpAddr> {
    host.strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .unwrap_or(host)
        .parse()
        .ok()
}

#[cfg(test)]
mod tests;
