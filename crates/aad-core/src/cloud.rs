//! The clouds, and what is called what in each.

use std::borrow::Cow;

use crate::{Error, ErrorKind, Result};

/// The names of one Azure cloud.
///
/// Data Lake existed in the public cloud only, so its names are optional. The names are those of
/// the command-line tools' cloud lists (azure-cli-core 2.91 `cloud.py`, ms-rest-azure-env 2.0).
///
/// ```
/// use aad_core::Cloud;
///
/// assert_eq!(Cloud::PUBLIC.data_lake_store_suffix.as_deref(), Some("azuredatalakestore.net"));
/// assert_eq!(Cloud::CHINA.data_lake_resource, None);
/// assert_eq!(Cloud::of_authority("sts.windows.net"), Some(Cloud::PUBLIC));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cloud {
    /// The name that Azure CLI gives it.
    pub name: Cow<'static, str>,
    /// The authority's host, which tokens are asked from.
    pub authority_host: Cow<'static, str>,
    /// Other hosts of the same authority.
    pub authority_aliases: Cow<'static, [&'static str]>,
    /// Where Resource Manager answers; also the resource of its tokens.
    pub resource_manager: Cow<'static, str>,
    /// The resource of the classic management service, which Resource Manager and Data Lake
    /// Analytics accept too.
    pub management_resource: Cow<'static, str>,
    /// The resource of Data Lake Store Gen1 and Data Lake Analytics.
    pub data_lake_resource: Option<Cow<'static, str>>,
    /// What follows the account in the host name of a Data Lake Store Gen1.
    pub data_lake_store_suffix: Option<Cow<'static, str>>,
    /// What follows the account in the host name of a Data Lake Analytics.
    pub data_lake_analytics_suffix: Option<Cow<'static, str>>,
    /// What follows `<account>.dfs.` or `<account>.blob.` in the host name of a storage account.
    pub storage_suffix: Cow<'static, str>,
    /// What follows the vault's name in the host name of a key vault.
    pub key_vault_suffix: Cow<'static, str>,
}

const fn name(text: &'static str) -> Cow<'static, str> {
    Cow::Borrowed(text)
}

impl Cloud {
    /// The public cloud.
    pub const PUBLIC: Self = Self {
        name: name("AzureCloud"),
        authority_host: name("login.microsoftonline.com"),
        authority_aliases: Cow::Borrowed(&[
            "login.windows.net",
            "login.microsoft.com",
            "sts.windows.net",
        ]),
        resource_manager: name("https://management.azure.com/"),
        management_resource: name("https://management.core.windows.net/"),
        data_lake_resource: Some(name("https://datalake.azure.net/")),
        data_lake_store_suffix: Some(name("azuredatalakestore.net")),
        data_lake_analytics_suffix: Some(name("azuredatalakeanalytics.net")),
        storage_suffix: name("core.windows.net"),
        key_vault_suffix: name("vault.azure.net"),
    };

    /// The cloud in China, run by 21Vianet.
    pub const CHINA: Self = Self {
        name: name("AzureChinaCloud"),
        authority_host: name("login.chinacloudapi.cn"),
        authority_aliases: Cow::Borrowed(&["login.partner.microsoftonline.cn"]),
        resource_manager: name("https://management.chinacloudapi.cn"),
        management_resource: name("https://management.core.chinacloudapi.cn/"),
        data_lake_resource: None,
        data_lake_store_suffix: None,
        data_lake_analytics_suffix: None,
        storage_suffix: name("core.chinacloudapi.cn"),
        key_vault_suffix: name("vault.azure.cn"),
    };

    /// The cloud of the government of the United States.
    pub const US_GOVERNMENT: Self = Self {
        name: name("AzureUSGovernment"),
        authority_host: name("login.microsoftonline.us"),
        authority_aliases: Cow::Borrowed(&["login.usgovcloudapi.net"]),
        resource_manager: name("https://management.usgovcloudapi.net/"),
        management_resource: name("https://management.core.usgovcloudapi.net/"),
        data_lake_resource: None,
        data_lake_store_suffix: None,
        data_lake_analytics_suffix: None,
        storage_suffix: name("core.usgovcloudapi.net"),
        key_vault_suffix: name("vault.usgovcloudapi.net"),
    };

    /// The cloud in Germany, closed on 29 October 2021 and kept for settings that still name it.
    pub const GERMANY: Self = Self {
        name: name("AzureGermanCloud"),
        authority_host: name("login.microsoftonline.de"),
        authority_aliases: Cow::Borrowed(&[]),
        resource_manager: name("https://management.microsoftazure.de"),
        management_resource: name("https://management.core.cloudapi.de/"),
        data_lake_resource: None,
        data_lake_store_suffix: None,
        data_lake_analytics_suffix: None,
        storage_suffix: name("core.cloudapi.de"),
        key_vault_suffix: name("vault.microsoftazure.de"),
    };

    /// Every cloud of this table.
    pub const ALL: [Self; 4] = [
        Self::PUBLIC,
        Self::CHINA,
        Self::US_GOVERNMENT,
        Self::GERMANY,
    ];

    /// The cloud that Azure CLI calls so, in any case.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|cloud| cloud.name.eq_ignore_ascii_case(name))
    }

    /// The cloud whose authority has this host name or alias.
    pub fn of_authority(host: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cloud| {
            cloud.authority_host.eq_ignore_ascii_case(host)
                || cloud
                    .authority_aliases
                    .iter()
                    .any(|alias| alias.eq_ignore_ascii_case(host))
        })
    }

    /// A cloud that this table does not know, such as one in a laboratory: the public cloud's
    /// names, to be replaced one by one.
    ///
    /// ```
    /// use aad_core::Cloud;
    ///
    /// let mut cloud = Cloud::custom("lab");
    /// cloud.authority_host = "login.lab.example".into();
    /// ```
    pub fn custom(name: impl Into<Cow<'static, str>>) -> Self {
        Self {
            name: name.into(),
            authority_aliases: Cow::Borrowed(&[]),
            ..Self::PUBLIC
        }
    }

    /// The host name of an account of Data Lake Store Gen1.
    ///
    /// ```
    /// use aad_core::Cloud;
    ///
    /// let host = Cloud::PUBLIC.data_lake_store_host("contoso")?;
    /// assert_eq!(host, "contoso.azuredatalakestore.net");
    /// # Ok::<(), aad_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// The cloud has no Data Lake Store, or the name cannot be an account's: it has other
    /// characters than ASCII letters and digits.
    pub fn data_lake_store_host(&self, account: &str) -> Result<String> {
        self.account_host(account, "store", self.data_lake_store_suffix.as_deref())
    }

    /// The host name of an account of Data Lake Analytics.
    ///
    /// ```
    /// use aad_core::Cloud;
    ///
    /// let host = Cloud::PUBLIC.data_lake_analytics_host("contoso")?;
    /// assert_eq!(host, "contoso.azuredatalakeanalytics.net");
    /// # Ok::<(), aad_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// The cloud has no Data Lake Analytics, or the name cannot be an account's: it has other
    /// characters than ASCII letters and digits.
    pub fn data_lake_analytics_host(&self, account: &str) -> Result<String> {
        let suffix = self.data_lake_analytics_suffix.as_deref();
        self.account_host(account, "analytics", suffix)
    }

    fn account_host(&self, account: &str, service: &str, suffix: Option<&str>) -> Result<String> {
        let refuse = |message| Err(Error::new(ErrorKind::Request, message));
        let Some(suffix) = suffix else {
            return refuse(format!(
                "the cloud {:?} has no data lake {service}",
                self.name
            ));
        };
        if account.is_empty() || !account.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return refuse(format!(
                "{account:?} is no account name: letters and digits only"
            ));
        }
        Ok(format!("{account}.{suffix}"))
    }
}

impl Default for Cloud {
    fn default() -> Self {
        Self::PUBLIC
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_cloud_has_a_data_lake() {
        for cloud in Cloud::ALL {
            let public = cloud == Cloud::PUBLIC;
            assert_eq!(cloud.data_lake_resource.is_some(), public);
            assert_eq!(cloud.data_lake_store_suffix.is_some(), public);
            assert_eq!(cloud.data_lake_analytics_suffix.is_some(), public);
            assert_eq!(cloud.data_lake_store_host("contoso").is_ok(), public);
            assert_eq!(cloud.data_lake_analytics_host("contoso").is_ok(), public);
        }
    }

    #[test]
    fn a_name_that_leads_to_another_host_is_no_account() {
        for account in ["", "a.b", "evil.example/", "a@b", "a:b", "a b", "köln"] {
            let host = Cloud::PUBLIC.data_lake_store_host(account);
            assert_eq!(host.unwrap_err().kind(), ErrorKind::Request, "{account}");
            assert!(Cloud::PUBLIC.data_lake_analytics_host(account).is_err());
        }
    }

    #[test]
    fn a_cloud_is_found_by_every_name_of_its_authority() {
        let of = |host| Cloud::of_authority(host).map(|cloud| cloud.name.into_owned());
        assert_eq!(of("LOGIN.windows.net").as_deref(), Some("AzureCloud"));
        assert_eq!(
            of("login.partner.microsoftonline.cn").as_deref(),
            Some("AzureChinaCloud")
        );
        assert_eq!(
            of("login.usgovcloudapi.net").as_deref(),
            Some("AzureUSGovernment")
        );
        assert_eq!(of("login.example"), None);
        assert_eq!(Cloud::named("azurecloud"), Some(Cloud::PUBLIC));
    }
}
