//! The names that the cloud has for its services.

use super::Surface;

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

pub(super) fn strip_suffix_ignore_case<'a>(text: &'a str, suffix: &str) -> Option<&'a str> {
    let at = text.len().checked_sub(suffix.len())?;
    let (head, tail) = text.split_at_checked(at)?;
    tail.eq_ignore_ascii_case(suffix).then_some(head)
}
