//! Cloud Shell, where the identity is the user's.

use std::sync::Arc;

use aad_core::env::MSI_ENDPOINT;
use aad_core::{AccessToken, Error, ErrorKind, Result, TokenRequest};
use async_trait::async_trait;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use url::{Url, form_urlencoded};

use super::ManagedIdentityOptions;
use super::host::{Channel, Host, endpoint};
use crate::explain::Lookups;

#[derive(Debug)]
struct CloudShell {
    channel: Channel,
    endpoint: Url,
}

pub(super) fn detect(
    lookups: &Lookups,
    options: &ManagedIdentityOptions,
) -> Option<Result<Arc<dyn Host>>> {
    let address = lookups.var(MSI_ENDPOINT)?;
    if options.identity.is_some() && !options.identity_is_a_wish {
        return Some(Err(Error::new(
            ErrorKind::Request,
            "Cloud Shell has the identity of its user and no other; name none",
        )));
    }
    Some(endpoint(MSI_ENDPOINT, &address).map(|endpoint| {
        Arc::new(CloudShell {
            channel: Channel::new(lookups.context(), options),
            endpoint,
        }) as _
    }))
}

#[async_trait]
impl Host for CloudShell {
    fn name(&self) -> &'static str {
        "Cloud Shell"
    }

    async fn token(&self, resource: &str, _: &TokenRequest) -> Result<AccessToken> {
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("resource", resource)
            .finish();
        let request = http::Request::post(self.endpoint.as_str())
            .header("metadata", "true")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let (token, _) = self.channel.grant(request, Bytes::from(form)).await?;
        Ok(token)
    }
}
