//! App Service, Functions and Container Apps; Azure Automation answers the same.

use std::sync::Arc;

use aad_core::env::{IDENTITY_ENDPOINT, IDENTITY_HEADER};
use aad_core::{AccessToken, Result, Secret, TokenRequest};
use async_trait::async_trait;
use bytes::Bytes;
use url::Url;

use super::host::{Channel, Host, endpoint, with_query};
use super::{ManagedIdentityId, ManagedIdentityOptions};
use crate::explain::Lookups;

#[derive(Debug)]
struct AppService {
    channel: Channel,
    endpoint: Url,
    header: Secret,
    identity: Option<ManagedIdentityId>,
}

pub(super) fn detect(
    lookups: &Lookups,
    options: &ManagedIdentityOptions,
) -> Option<Result<Arc<dyn Host>>> {
    let address = lookups.var(IDENTITY_ENDPOINT)?;
    let header = Secret::new(lookups.var(IDENTITY_HEADER)?);
    Some(endpoint(IDENTITY_ENDPOINT, &address).map(|endpoint| {
        Arc::new(AppService {
            channel: Channel::new(lookups.context(), options),
            endpoint,
            header,
            identity: options.identity.clone(),
        }) as _
    }))
}

#[async_trait]
impl Host for AppService {
    fn name(&self) -> &'static str {
        "App Service"
    }

    async fn token(&self, resource: &str, _: &TokenRequest) -> Result<AccessToken> {
        let identity = self.identity.as_ref().map(|id| id.parameter("mi_res_id"));
        let url = with_query(&self.endpoint, "2019-08-01", resource, identity);
        let request = http::Request::get(url)
            .header("x-identity-header", self.header.expose())
            // App Service does not need it, but Azure Automation does.
            .header("metadata", "true");
        let (token, _) = self.channel.grant(request, Bytes::new()).await?;
        Ok(token)
    }
}
