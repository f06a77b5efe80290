//! Azure Machine Learning.

use std::sync::Arc;

use aad_core::env::{DEFAULT_IDENTITY_CLIENT_ID, MSI_ENDPOINT, MSI_SECRET};
use aad_core::{AccessToken, Error, ErrorKind, Result, Secret, TokenRequest};
use async_trait::async_trait;
use bytes::Bytes;
use url::Url;

use super::host::{Channel, Host, endpoint, with_query};
use super::{ManagedIdentityId, ManagedIdentityOptions};
use crate::explain::Lookups;

#[derive(Debug)]
struct AzureMl {
    channel: Channel,
    endpoint: Url,
    secret: Secret,
    client_id: Option<String>,
}

pub(super) fn detect(
    lookups: &Lookups,
    options: &ManagedIdentityOptions,
) -> Option<Result<Arc<dyn Host>>> {
    let address = lookups.var(MSI_ENDPOINT)?;
    let secret = Secret::new(lookups.var(MSI_SECRET)?);
    let host = || {
        Ok(Arc::new(AzureMl {
            channel: Channel::new(lookups.context(), options),
            endpoint: endpoint(MSI_ENDPOINT, &address)?,
            secret,
            client_id: client_id(lookups, options)?,
        }) as _)
    };
    Some(host())
}

/// Its protocol, 2017-09-01, knows no other name of an identity than its client id.
fn client_id(lookups: &Lookups, options: &ManagedIdentityOptions) -> Result<Option<String>> {
    match &options.identity {
        None => Ok(lookups.var(DEFAULT_IDENTITY_CLIENT_ID)),
        Some(ManagedIdentityId::ClientId(id)) => Ok(Some(id.clone())),
        Some(_) => Err(Error::new(
            ErrorKind::Request,
            "Azure Machine Learning knows an identity by its client id only",
        )),
    }
}

#[async_trait]
impl Host for AzureMl {
    fn name(&self) -> &'static str {
        "Azure Machine Learning"
    }

    async fn token(&self, resource: &str, _: &TokenRequest) -> Result<AccessToken> {
        let identity = self.client_id.as_deref().map(|id| ("clientid", id));
        let url = with_query(&self.endpoint, "2017-09-01", resource, identity);
        let request = http::Request::get(url).header("secret", self.secret.expose());
        let (token, _) = self.channel.grant(request, Bytes::new()).await?;
        Ok(token)
    }
}
