//! An application whose certificate is in a file.

use std::path::PathBuf;
use std::sync::OnceLock;

use aad_core::env::{
    AZURE_CLIENT_CERTIFICATE_PASSWORD, AZURE_CLIENT_CERTIFICATE_PATH,
    AZURE_CLIENT_SEND_CERTIFICATE_CHAIN,
};
use aad_core::explanation::{Explanation, Finding};
use aad_core::{
    AccessToken, Context, Error, ErrorKind, Result, Secret, TokenCredential, TokenRequest,
};
use async_trait::async_trait;

use crate::explain::explained;
use crate::{ClientCertificate, ClientCertificateCredential, CredentialOptions};

/// A key with a chain has a few KiB.
const FILE_LIMIT: u64 = 1 << 20;

/// An application whose certificate is read when a token is first asked for.
#[derive(Debug)]
pub(super) struct CertificateFile {
    context: Context,
    tenant: String,
    client_id: String,
    path: PathBuf,
    password: Option<Secret>,
    send_chain: bool,
    options: CredentialOptions,
    /// Once the file was read.
    credential: OnceLock<ClientCertificateCredential>,
}

impl CertificateFile {
    pub(super) fn new(
        context: Context,
        tenant: &str,
        client_id: String,
        path: PathBuf,
        options: CredentialOptions,
    ) -> Self {
        let send_chain = context.var(AZURE_CLIENT_SEND_CERTIFICATE_CHAIN);
        Self {
            tenant: tenant.to_owned(),
            client_id,
            path,
            password: context
                .var(AZURE_CLIENT_CERTIFICATE_PASSWORD)
                .map(Secret::new),
            send_chain: send_chain
                .is_some_and(|value| value == "1" || value.eq_ignore_ascii_case("true")),
            options,
            context,
            credential: OnceLock::new(),
        }
    }

    /// Callers who come at once may read the file twice; the first who has read it decides.
    async fn credential(&self) -> Result<&ClientCertificateCredential> {
        if let Some(credential) = self.credential.get() {
            return Ok(credential);
        }
        let read = self.context.files().read(&self.path, FILE_LIMIT).await;
        // Whoever set the variable meant this source: a chain must not move on.
        let file = read.map_err(|error| {
            self.error(ErrorKind::Credentials, "cannot be read")
                .with_source(error)
        })?;
        let certificate =
            ClientCertificate::read(&*file, self.password.as_ref()).map_err(|error| {
                self.error(error.kind(), "cannot be used")
                    .with_source(error)
            })?;
        let certificate = match self.send_chain {
            true => certificate.send_certificate_chain(),
            false => certificate,
        };
        let credential = ClientCertificateCredential::new_opts(
            self.context.clone(),
            &self.tenant,
            &self.client_id,
            certificate,
            &self.options,
        )?;
        Ok(self.credential.get_or_init(|| credential))
    }

    fn error(&self, kind: ErrorKind, what: &str) -> Error {
        let path = self.path.display();
        Error::new(
            kind,
            format!("{path}, which {AZURE_CLIENT_CERTIFICATE_PATH} names, {what}"),
        )
    }
}

#[async_trait]
impl TokenCredential for CertificateFile {
    async fn token(&self, request: &TokenRequest) -> Result<AccessToken> {
        self.credential().await?.token(request).await
    }

    /// It reads the file, if it was not read yet.
    async fn explain(&self) -> Explanation {
        let found = self.context.files().metadata(&self.path).await.is_ok();
        let file = Finding::new(self.path.display().to_string(), found);
        let credential = self.credential().await;
        explained("the certificate's file", &[file], &credential, true, "").into()
    }
}
