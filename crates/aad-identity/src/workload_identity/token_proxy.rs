//! The token proxy of a Kubernetes cluster in Azure that has identity bindings.
//!
//! It stands in the authority's place, inside the cluster, and proves itself by a certificate of
//! the cluster's own authority, often under another name than that of its address
//! (azure-identity for Python 1.27, `token_binding_transport_mixin.py`).

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use aad_core::env::{
    AZURE_KUBERNETES_CA_DATA, AZURE_KUBERNETES_CA_FILE, AZURE_KUBERNETES_SNI_NAME,
    AZURE_KUBERNETES_TOKEN_PROXY,
};
use aad_core::transport::{ResponseBody, Sent, ServerProof, TransportError};
use aad_core::{Context, Error, ErrorKind, Result, Transport};
use async_trait::async_trait;
use bytes::Bytes;
use http::Uri;
use url::Url;

use crate::explain::Lookups;

/// No bundle of authorities is longer than this.
const BUNDLE_LIMIT: u64 = 1 << 20;

/// Sends to the proxy what is meant for the authority.
#[derive(Debug)]
pub(super) struct TokenProxy {
    context: Context,
    /// Without a slash at its end.
    address: String,
    name: Option<String>,
    authorities: Authorities,
}

/// Whose certificates the proxy has.
#[derive(Debug)]
enum Authorities {
    Usual,
    Given(Bytes),
    /// The cluster replaces the file's content now and then.
    File(PathBuf, Mutex<Option<Bytes>>),
}

/// The context in which the authority is reached through the proxy that the variables name;
/// `None` if they name none.
pub(super) fn behind_proxy(lookups: &Lookups) -> Result<Option<Context>> {
    let context = lookups.context();
    let address = lookups.var(AZURE_KUBERNETES_TOKEN_PROXY);
    let name = lookups.var(AZURE_KUBERNETES_SNI_NAME);
    let file = lookups.var(AZURE_KUBERNETES_CA_FILE);
    let data = lookups.var(AZURE_KUBERNETES_CA_DATA);
    let Some(address) = address else {
        return match name.or(file).or(data) {
            None => Ok(None),
            Some(_) => Err(unusable(
                "is not set, but other variables of a token proxy are",
            )),
        };
    };
    let authorities = match (file, data) {
        (None, None) => Authorities::Usual,
        (None, Some(data)) => Authorities::Given(data.into()),
        (Some(file), None) => Authorities::File(file.into(), Mutex::default()),
        (Some(_), Some(_)) => {
            return Err(Error::new(
                ErrorKind::Credentials,
                format!(
                    "{AZURE_KUBERNETES_CA_FILE} and {AZURE_KUBERNETES_CA_DATA} are both set; only \
                     one can count"
                ),
            ));
        }
    };
    let proxy = TokenProxy {
        context: context.clone(),
        address: checked(&address)?,
        name,
        authorities,
    };
    Ok(Some(context.clone().with_transport(Arc::new(proxy))))
}

fn checked(address: &str) -> Result<String> {
    let url = Url::parse(address).ok().filter(Url::has_host);
    let url = url.ok_or_else(|| unusable("is not an address"))?;
    if url.scheme() != "https" {
        return Err(unusable("is not an address with https"));
    }
    // None of these is shown: it could be a secret.
    for (is_there, what) in [
        (
            !url.username().is_empty() || url.password().is_some(),
            "a user",
        ),
        (
            url.fragment().is_some_and(|text| !text.is_empty()),
            "a fragment",
        ),
        (url.query().is_some_and(|text| !text.is_empty()), "a query"),
    ] {
        if is_there {
            return Err(unusable(&format!("must not have {what} in it")));
        }
    }
    let path = url.path().trim_end_matches('/');
    Ok(format!("https://{}{path}", url.authority()))
}

fn unusable(why: &str) -> Error {
    let message = format!("{AZURE_KUBERNETES_TOKEN_PROXY} {why}");
    Error::new(ErrorKind::Credentials, message)
}

impl TokenProxy {
    fn through(&self, uri: &Uri) -> Result<Uri, http::uri::InvalidUri> {
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        format!("{}{path}", self.address).parse()
    }

    /// Whoever reads the error should look at the proxy, not at the authority that it names.
    fn explain(&self, error: TransportError) -> TransportError {
        let message = format!(
            "the way is through the cluster's token proxy {}",
            self.address
        );
        let explained = TransportError::new(error.sent(), message);
        match error.is_lasting() {
            true => explained.lasting().with_source(error),
            false => explained.with_source(error),
        }
    }

    async fn authorities(&self) -> Result<Option<Bytes>, TransportError> {
        let (path, last) = match &self.authorities {
            Authorities::Usual => return Ok(None),
            Authorities::Given(pem) => return Ok(Some(pem.clone())),
            Authorities::File(path, last) => (path, last),
        };
        let read = self.context.files().read(path, BUNDLE_LIMIT).await;
        let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
        let refusal = |why: &str| {
            let message = format!("the file of {AZURE_KUBERNETES_CA_FILE} {why}");
            TransportError::new(Sent::No, message).lasting()
        };
        let failure = match read {
            Ok(content) if !content.is_empty() => {
                *last = Some(Bytes::copy_from_slice(&content));
                None
            }
            Ok(_) => Some(refusal("is empty")),
            Err(error) => Some(refusal("cannot be read").with_source(error)),
        };
        // While the file is being replaced the last content counts.
        match (last.clone(), failure) {
            (Some(pem), _) => Ok(Some(pem)),
            (None, failure) => Err(failure.expect("what was read has been kept")),
        }
    }
}

#[async_trait]
impl Transport for TokenProxy {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<ResponseBody>, TransportError> {
        let (mut head, body) = request.into_parts();
        head.uri = self.through(&head.uri).map_err(|error| {
            TransportError::new(Sent::No, "the token proxy has no such address").with_source(error)
        })?;
        let proof = ServerProof::Certificate {
            authorities: self
                .authorities()
                .await
                .map_err(|error| self.explain(error))?,
            name: self.name.clone(),
        };
        let request = http::Request::from_parts(head, body);
        let transport = self.context.transport();
        let answer = transport.send_to_proven(proof, request).await;
        answer.map_err(|error| self.explain(error))
    }
}
