//! Which surface answers a request: one table, read from top to bottom.
//!
//! 1. the Host, where it is a name of the cloud;
//! 2. a reserved first path segment;
//! 3. a known storage account as the first segment;
//! 4. a known tenant id or domain as the first segment, or a path that only Azure AD has;
//!
//! and nothing else. Requests addressed by IP or `localhost` reach the default accounts, so an account is
//! looked for in the Host only.

use std::net::IpAddr;

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

/// Names of the cloud (reference: the sovereign-cloud constants of the Azure CLI and MSAL).
const HOSTS: &[(&str, Surface)] = &[
    ("login.microsoftonline.com", Surface::Authority),
    ("login.windows.net", Surface::Authority),
    ("login.microsoft.com", Surface::Authority),
    ("sts.windows.net", Surface::Authority),
    ("login.chinacloudapi.cn", Surface::Authority),
    ("login.partner.microsoftonline.cn", Surface::Authority),
    ("login.microsoftonline.us", Surface::Authority),
    ("login.usgovcloudapi.net", Surface::Authority),
    ("login-us.microsoftonline.com", Surface::Authority),
    ("login.microsoftonline.de", Surface::Authority),
    ("login.sovcloud-identity.fr", Surface::Authority),
    ("login.sovcloud-identity.de", Surface::Authority),
    ("login.sovcloud-identity.sg", Surface::Authority),
    ("management.azure.com", Surface::Arm),
    ("management.core.windows.net", Surface::Arm),
    ("management.chinacloudapi.cn", Surface::Arm),
    ("management.usgovcloudapi.net", Surface::Arm),
    ("management.microsoftazure.de", Surface::Arm),
    ("management.sovcloud-api.fr", Surface::Arm),
];

/// `<account>.<suffix>` of the cloud.
const SUFFIXES: &[(&str, Surface)] = &[
    ("azuredatalakestore.net", Surface::Gen1),
    ("azuredatalakeanalytics.net", Surface::Adla),
    ("dfs.core.windows.net", Surface::Storage),
    ("blob.core.windows.net", Surface::Storage),
    ("dfs.core.chinacloudapi.cn", Surface::Storage),
    ("blob.core.chinacloudapi.cn", Surface::Storage),
    ("dfs.core.usgovcloudapi.net", Surface::Storage),
    ("blob.core.usgovcloudapi.net", Surface::Storage),
    ("dfs.core.cloudapi.de", Surface::Storage),
    ("blob.core.cloudapi.de", Surface::Storage),
    ("dfs.core.sovcloud-api.fr", Surface::Storage),
    ("blob.core.sovcloud-api.fr", Surface::Storage),
    ("vault.azure.net", Surface::KeyVault),
    ("vault.azure.cn", Surface::KeyVault),
    ("vault.usgovcloudapi.net", Surface::KeyVault),
    ("vault.microsoftazure.de", Surface::KeyVault),
    ("azuredatabricks.net", Surface::Databricks),
    ("databricks.azure.cn", Surface::Databricks),
    ("databricks.azure.us", Surface::Databricks),
];

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

/// The surface and the account of a name of the cloud.
pub(crate) fn cloud_name(host: &str) -> Option<(Surface, Option<String>)> {
    let host = host.strip_suffix('.').unwrap_or(host);
    if let Some(&(_, surface)) = HOSTS
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(host))
    {
        return Some((surface, None));
    }
    if is_regional_authority(host) {
        return Some((Surface::Authority, None));
    }
    SUFFIXES.iter().find_map(|&(suffix, surface)| {
        let account = strip_suffix_ignore_case(host, suffix)?.strip_suffix('.')?;
        let complete = !account.is_empty() && account.split('.').all(|label| !label.is_empty());
        complete.then(|| (surface, Some(account.to_ascii_lowercase())))
    })
}

/// `{region}.login.microsoft.com`, and the same of the other clouds.
fn is_regional_authority(host: &str) -> bool {
    let Some((region, of)) = host.split_once('.') else {
        return false;
    };
    let is_region = !region.is_empty() && region.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let mut hosts = HOSTS.iter();
    is_region
        && hosts
            .any(|&(name, surface)| surface == Surface::Authority && name.eq_ignore_ascii_case(of))
}

#[cfg(test)]
pub(crate) fn authority_hosts() -> impl Iterator<Item = &'static str> {
    let hosts = HOSTS.iter();
    hosts.filter_map(|&(name, surface)| (surface == Surface::Authority).then_some(name))
}

/// Every name and suffix of the cloud, for the constraints of the certificate authority.
#[cfg(feature = "listen")]
pub(crate) fn cloud_domains() -> impl Iterator<Item = &'static str> {
    HOSTS.iter().chain(SUFFIXES).map(|&(name, _)| name)
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

fn strip_suffix_ignore_case<'a>(text: &'a str, suffix: &str) -> Option<&'a str> {
    let at = text.len().checked_sub(suffix.len())?;
    let (head, tail) = text.split_at_checked(at)?;
    tail.eq_ignore_ascii_case(suffix).then_some(head)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Rows;

    impl Known for Rows {
        fn is_account(&self, name: &str) -> bool {
            ["lakestore", "lakeanalytics", "devstoreaccount1"].contains(&name)
        }

        fn is_storage_account(&self, name: &str) -> bool {
            name.eq_ignore_ascii_case("devstoreaccount1")
        }

        fn is_tenant(&self, name: &str) -> bool {
            name == "lake.onmicrosoft.com"
        }
    }

    #[track_caller]
    fn check(host: &str, path: &str, expected: Option<(Surface, Option<&str>)>) {
        let found = route(host, path, &Rows);
        let found = found
            .as_ref()
            .map(|route| (route.surface, route.account.as_deref()));
        assert_eq!(found, expected, "{host} {path}");
    }

    #[test]
    fn a_name_of_the_cloud_decides_whatever_the_path() {
        check(
            "login.microsoftonline.com",
            "/jobs",
            Some((Surface::Authority, None)),
        );
        check("LOGIN.WINDOWS.NET", "/", Some((Surface::Authority, None)));
        for region in [
            "westus2.login.microsoft.com",
            "usgovvirginia.login.microsoftonline.us",
        ] {
            check(region, "/t/oauth2/token", Some((Surface::Authority, None)));
        }
        for other in [
            "a.b.login.microsoft.com",
            ".login.microsoft.com",
            "a.management.azure.com",
        ] {
            check(other, "/nobody", None);
        }
        check(
            "management.azure.com",
            "/common/oauth2/token",
            Some((Surface::Arm, None)),
        );
        check(
            "Other.AzureDataLakeStore.net",
            "/subscriptions",
            Some((Surface::Gen1, Some("other"))),
        );
        check(
            "acct.azuredatalakeanalytics.net",
            "/webhdfs/v1/",
            Some((Surface::Adla, Some("acct"))),
        );
        check(
            "acct.dfs.core.windows.net",
            "/",
            Some((Surface::Storage, Some("acct"))),
        );
        check(
            "acct.blob.core.chinacloudapi.cn",
            "/",
            Some((Surface::Storage, Some("acct"))),
        );
        check(
            "kv.vault.azure.net",
            "/api",
            Some((Surface::KeyVault, Some("kv"))),
        );
        check(
            "adb-1.2.azuredatabricks.net",
            "/x",
            Some((Surface::Databricks, Some("adb-1.2"))),
        );
        check(
            "acct.azuredatalakestore.net.",
            "/x",
            Some((Surface::Gen1, Some("acct"))),
        );
    }

    #[test]
    fn a_reserved_segment_decides_under_any_other_host() {
        for host in ["127.0.0.1", "[::1]", "localhost", "lake.example"] {
            check(host, "/webhdfs/v1/a", Some((Surface::Gen1, None)));
            check(host, "/WebHdfsExt/a", Some((Surface::Gen1, None)));
            check(host, "//webhdfs/v1/a", Some((Surface::Gen1, None)));
            check(host, "/Jobs", Some((Surface::Adla, None)));
            check(host, "/buildjob", Some((Surface::Adla, None)));
            check(host, "/catalog/usql", Some((Surface::Adla, None)));
            check(host, "/subscriptions/1", Some((Surface::Arm, None)));
            check(host, "/secrets/s", Some((Surface::KeyVault, None)));
            check(host, "/api/2.0", Some((Surface::Databricks, None)));
            check(host, "/metadata/identity", Some((Surface::Metadata, None)));
            check(
                host,
                "/common/discovery/instance",
                Some((Surface::Authority, None)),
            );
            check(host, "/_LAKE/", Some((Surface::Page, None)));
            check(host, "/_lake/anything", Some((Surface::Admin, None)));
            check(host, "/", Some((Surface::Page, None)));
            check(host, "", Some((Surface::Page, None)));
        }
    }

    #[test]
    fn an_account_in_front_of_any_suffix_is_that_account() {
        check(
            "lakestore.localhost",
            "/webhdfs/v1/a",
            Some((Surface::Gen1, Some("lakestore"))),
        );
        check(
            "nobody.localhost",
            "/webhdfs/v1/a",
            Some((Surface::Gen1, None)),
        );
        check("127.0.0.1", "/webhdfs/v1/a", Some((Surface::Gen1, None)));
    }

    #[test]
    fn then_come_storage_accounts_and_tenants_and_nothing_else() {
        check(
            "127.0.0.1",
            "/DevStoreAccount1/fs",
            Some((Surface::Storage, Some("devstoreaccount1"))),
        );
        check(
            "127.0.0.1",
            "/lake.onmicrosoft.com/oauth2/token",
            Some((Surface::Authority, None)),
        );
        check(
            "127.0.0.1",
            "/nobody/oauth2/v2.0/token",
            Some((Surface::Authority, None)),
        );
        check("127.0.0.1", "/lakestore/a", None);
        check("127.0.0.1", "/nobody", None);
        check("azuredatalakestore.net", "/nobody", None);
        check(".azuredatalakestore.net", "/nobody", None);
        check("evilazuredatalakestore.net", "/nobody", None);
        check("login.microsoftonline.com.evil.example", "/nobody", None);
    }

    #[test]
    fn reserved_segments_are_no_account_names() {
        for (segment, _) in SEGMENTS {
            assert!(is_reserved(&segment.to_uppercase()), "{segment}");
        }
        assert!(!is_reserved("lakestore"));
    }

    #[test]
    fn a_rebound_name_is_not_trusted() {
        for host in [
            "127.0.0.1",
            "[::1]",
            "10.1.2.3",
            "localhost",
            "a.localhost",
            "login.windows.net",
            "box.example",
        ] {
            assert!(is_trusted_host(host, &["box.example".into()]), "{host}");
        }
        for host in [
            "evil.example",
            "127.0.0.1.evil.example",
            "localhost.evil.example",
            "lakestore.evil.example",
            "",
        ] {
            assert!(!is_trusted_host(host, &["box.example".into()]), "{host}");
        }
    }
}
