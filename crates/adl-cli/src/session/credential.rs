//! The credential of somebody who has signed in.

use std::path::Path;
use std::sync::Arc;

use aad_core::{
    AccessToken, Context, Error, ErrorKind, Explanation, Result, Secret, TokenCredential,
    TokenRequest,
};
use aad_identity::{
    CachedAccountCredential, ClientCertificate, ClientCertificateCredential,
    ClientSecretCredential, CredentialOptions,
};
use anyhow::Context as _;
use async_trait::async_trait;
use lake_service::Endpoints;

use super::{Account, Kind, Place, Proof, Session};

/// A key with a chain has a few KiB.
const CERTIFICATE_LIMIT: u64 = 1 << 20;

impl Place {
    /// The local lake of this folder.
    pub(crate) fn at_root(root: &Path) -> Self {
        let real = std::fs::canonicalize(root).or_else(|_| std::path::absolute(root));
        Self::Lake(real.unwrap_or_else(|_| root.to_owned()))
    }

    /// The authority at this address, which is often a bare host name.
    pub(crate) fn at(address: &str) -> Self {
        let address = address.trim().trim_end_matches('/');
        Self::Authority(match address.contains("://") {
            true => address.to_owned(),
            false => format!("https://{address}"),
        })
    }

    /// The authority's address; that of a local lake is the one it has today.
    pub(crate) fn authority(&self) -> anyhow::Result<String> {
        match self {
            Self::Lake(root) => Ok(Endpoints::read(root)?.http),
            Self::Authority(address) => Ok(address.clone()),
        }
    }
}

impl Session {
    /// How somebody signs in at this place, such that later commands find the tokens.
    pub(crate) fn options(&self, place: &Place) -> anyhow::Result<CredentialOptions> {
        Ok(CredentialOptions::default()
            .with_authority(place.authority()?)
            .allow_http_loopback()
            .with_additionally_allowed_tenant("*")
            .with_persistent_cache(self.tokens()?))
    }

    /// Who signs in as this account, without asking anybody.
    pub(crate) async fn credential(
        &self,
        account: &Account,
    ) -> anyhow::Result<Arc<dyn TokenCredential>> {
        let options = self.options(&account.place)?;
        let inner: Arc<dyn TokenCredential> = match (&account.kind, account.cached()) {
            (Kind::User { .. }, Some(cached)) => Arc::new(CachedAccountCredential::new_opts(
                self.context.clone(),
                &account.tenant,
                &account.client_id,
                &cached,
                &options,
            )?),
            _ => {
                let proof = self.proof(account).await.map_err(again)?;
                let (tenant, id) = (&account.tenant, &account.client_id);
                application(&self.context, tenant, id, &proof, &options).await?
            }
        };
        Ok(Arc::new(Remembered(inner)))
    }
}

/// An application with its proof.
pub(crate) async fn application(
    context: &Context,
    tenant: &str,
    client_id: &str,
    proof: &Proof,
    options: &CredentialOptions,
) -> anyhow::Result<Arc<dyn TokenCredential>> {
    match proof {
        Proof::Secret(secret) => {
            let (context, id, secret) = (context.clone(), client_id, secret.clone());
            let credential =
                ClientSecretCredential::new_opts(context, tenant, id, secret, options)?;
            Ok(Arc::new(credential))
        }
        Proof::Certificate {
            path,
            password,
            send_chain,
        } => {
            let certificate = read_certificate(context, Path::new(path), password.as_ref()).await?;
            let certificate = match send_chain {
                true => certificate.send_certificate_chain(),
                false => certificate,
            };
            let (context, id) = (context.clone(), client_id);
            let credential =
                ClientCertificateCredential::new_opts(context, tenant, id, certificate, options)?;
            Ok(Arc::new(credential))
        }
    }
}

async fn read_certificate(
    context: &Context,
    path: &Path,
    password: Option<&Secret>,
) -> anyhow::Result<ClientCertificate> {
    let content = context.files().read(path, CERTIFICATE_LIMIT).await;
    let content = content.map_err(|error| {
        let message = format!("{} cannot be read", path.display());
        Error::new(ErrorKind::Credentials, message).with_source(error)
    })?;
    ClientCertificate::read(&*content, password)
        .with_context(|| format!("{} cannot be used", path.display()))
}

/// Somebody who has signed in before: where that does not do any more, it says what does.
#[derive(Debug)]
struct Remembered(Arc<dyn TokenCredential>);

#[async_trait]
impl TokenCredential for Remembered {
    async fn token(&self, request: &TokenRequest) -> Result<AccessToken> {
        self.0
            .token(request)
            .await
            .map_err(|error| match error.kind() {
                ErrorKind::Credentials | ErrorKind::Unavailable => {
                    let message = format!("{error}; run `adl login`");
                    error.with_message(message)
                }
                _ => error,
            })
    }

    async fn explain(&self) -> Explanation {
        self.0.explain().await
    }
}

fn again(error: anyhow::Error) -> anyhow::Error {
    error.context("this sign-in cannot be used any more; run `adl login`")
}
