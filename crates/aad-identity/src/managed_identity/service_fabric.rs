//! Service Fabric, whose nodes have certificates of their own.

use std::sync::Arc;

use aad_core::env::{IDENTITY_ENDPOINT, IDENTITY_HEADER, IDENTITY_SERVER_THUMBPRINT};
use aad_core::oauth::ErrorResponse;
use aad_core::transport::ServerProof;
use aad_core::{AccessToken, Error, ErrorKind, Result, Secret, ServiceError, TokenRequest};
use async_trait::async_trait;
use aws_lc_rs::digest::{SHA256, digest};
use bytes::Bytes;
use http::response::Parts;
use url::Url;

use super::ManagedIdentityOptions;
use super::host::{Channel, Host, endpoint, read_refusal, with_query};
use crate::explain::Lookups;
use crate::hex;

const VERSION: &str = "2019-07-01-preview";

#[derive(Debug)]
struct ServiceFabric {
    channel: Channel,
    endpoint: Url,
    header: Secret,
    proof: ServerProof,
}

pub(super) fn detect(
    lookups: &Lookups,
    options: &ManagedIdentityOptions,
) -> Option<Result<Arc<dyn Host>>> {
    let address = lookups.var(IDENTITY_ENDPOINT)?;
    let header = Secret::new(lookups.var(IDENTITY_HEADER)?);
    let thumbprint = lookups.var(IDENTITY_SERVER_THUMBPRINT)?;
    let host = || {
        if options.identity.is_some() && !options.identity_is_a_wish {
            let refusal = "Service Fabric gives an application the identity of its deployment and \
                           no other; name none";
            return Err(Error::new(ErrorKind::Request, refusal));
        }
        Ok(Arc::new(ServiceFabric {
            channel: Channel::reading(lookups.context(), options, read),
            endpoint: https(&address)?,
            header,
            proof: proof(&thumbprint)?,
        }) as _)
    };
    Some(host())
}

#[async_trait]
impl Host for ServiceFabric {
    fn name(&self) -> &'static str {
        "Service Fabric"
    }

    async fn token(&self, resource: &str, request: &TokenRequest) -> Result<AccessToken> {
        // The host has a cache of its own, which must not give the rejected token again.
        let rejected = request.rejected.as_ref().map(fingerprint);
        let rejected = rejected
            .as_deref()
            .map(|text| ("token_sha256_to_refresh", text));
        let able = request.enable_cae.then_some(("xms_cc", "CP1"));
        let more = rejected.into_iter().chain(able);
        let url = with_query(&self.endpoint, VERSION, resource, more);
        let request = http::Request::get(url)
            .header("secret", self.header.expose())
            .extension(self.proof.clone());
        let (token, _) = self.channel.grant(request, Bytes::new()).await?;
        Ok(token)
    }
}

/// The host's certificate proves it over TLS only.
fn https(address: &str) -> Result<Url> {
    let url = endpoint(IDENTITY_ENDPOINT, address)?;
    if url.scheme() == "https" {
        return Ok(url);
    }
    Err(Error::new(
        ErrorKind::Credentials,
        format!("{IDENTITY_ENDPOINT} is {address:?}, but Service Fabric is reached over https"),
    ))
}

fn proof(thumbprint: &str) -> Result<ServerProof> {
    let bytes = hex::bytes(thumbprint).and_then(|bytes| bytes.try_into().ok());
    bytes.map(ServerProof::Thumbprint).ok_or_else(|| {
        Error::new(
            ErrorKind::Credentials,
            format!(
                "{IDENTITY_SERVER_THUMBPRINT} is {thumbprint:?}, which is no SHA-1 thumbprint: it \
                 has not 40 hexadecimal digits"
            ),
        )
    })
}

fn fingerprint(token: &Secret) -> String {
    let digest = digest(&SHA256, token.expose().as_bytes());
    digest
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Its own codes (learn.microsoft.com, how-to-managed-identity-service-fabric-app-code).
fn read(parts: &Parts, body: &[u8]) -> Option<ServiceError> {
    let mut said = read_refusal(parts, body)?;
    said.code = ErrorResponse::parse(body).and_then(|refusal| refusal.error);
    said.kind = match said.code.as_deref() {
        Some("ManagedIdentityNotFound") => Some(ErrorKind::Unavailable),
        Some("ArgumentNullOrEmpty" | "InvalidApiVersion") => Some(ErrorKind::Request),
        _ => said.kind,
    };
    Some(said)
}
