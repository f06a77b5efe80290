//! Where the service is.

use aad_core::Cloud;
use url::Url;

use crate::{Error, ErrorKind, Result};

/// The address of a store account in a cloud.
///
/// ```
/// use aad_core::Cloud;
///
/// let url = adls_fs::account_url("contoso", &Cloud::PUBLIC)?;
/// assert_eq!(url.as_str(), "https://contoso.azuredatalakestore.net/");
/// # Ok::<(), adls_fs::Error>(())
/// ```
///
/// # Errors
/// The cloud has no Data Lake Store, or the name cannot be an account's: it has other characters than
/// ASCII letters and digits.
pub fn account_url(account: &str, cloud: &Cloud) -> Result<Url> {
    let text = format!("https://{}", cloud.data_lake_store_host(account)?);
    Url::parse(&text).map_err(|source| {
        let message = format!("{text:?} is not the address of an account");
        Error::new(ErrorKind::Request, message).with_source(source)
    })
}

/// What every request's url begins with, without a trailing slash.
pub(crate) fn base(endpoint: &Url) -> Result<String> {
    let is_service = matches!(endpoint.scheme(), "https" | "http")
        && endpoint.query().is_none()
        && endpoint.fragment().is_none();
    if is_service {
        return Ok(endpoint.as_str().trim_end_matches('/').to_owned());
    }
    let message = format!("{endpoint} is not the address of a service");
    Err(Error::new(ErrorKind::Request, message))
}
