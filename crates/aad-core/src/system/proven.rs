//! Servers that prove themselves by their own certificate, or under another name.
//!
//! Such a request is rare (one for each token), so that each gets a client of its own, which keeps
//! no connection that another proof was good for.

use std::sync::Arc;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use bytes::Bytes;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, SignatureScheme};

use super::{Settings, parse_certificates};
use crate::transport::{Sent, ServerProof, TransportError};

/// A client for one request, and the request as that client must send it.
pub(super) async fn client(
    settings: &Settings,
    proof: ServerProof,
    request: &mut http::Request<Bytes>,
) -> Result<reqwest::Client, TransportError> {
    if request.uri().scheme_str() != Some("https") {
        return Err(refusal("a server can prove itself over https only"));
    }
    // A name for TLS differs from the one in `Host`, which HTTP/2 knows nothing of.
    let prepare = |builder: reqwest::ClientBuilder| builder.no_proxy().http1_only();
    let builder = match proof {
        ServerProof::Thumbprint(thumbprint) => {
            prepare(settings.untrusting()).tls_backend_preconfigured(pinned(thumbprint)?)
        }
        ServerProof::Certificate { authorities, name } => {
            let builder = match authorities {
                Some(pem) => {
                    let certificates = parse_certificates(&pem, "the server's authority");
                    let certificates = certificates.map_err(|error| {
                        refusal("the server's authority is not PEM").with_source(error)
                    })?;
                    settings.untrusting().tls_certs_only(certificates)
                }
                None => settings.client(),
            };
            let builder = prepare(builder);
            match name {
                Some(name) => rename(builder, &name, request).await?,
                None => builder,
            }
        }
    };
    builder
        .build()
        .map_err(|error| refusal("the network cannot be set up").with_source(error))
}

fn refusal(why: &str) -> TransportError {
    TransportError::new(Sent::No, why).lasting()
}

/// Has TLS know the server by `name`: reqwest takes that from the address, so the address gets it,
/// and the addresses of the old name go with it.
async fn rename(
    builder: reqwest::ClientBuilder,
    name: &str,
    request: &mut http::Request<Bytes>,
) -> Result<reqwest::ClientBuilder, TransportError> {
    // An address instead of a name would be connected to.
    let Ok(ServerName::DnsName(name)) = ServerName::try_from(name) else {
        return Err(refusal("the server's name is none"));
    };
    let name = name.as_ref().to_ascii_lowercase();
    let uri = request.uri().clone();
    let (host, port) = (
        uri.host().unwrap_or_default(),
        uri.port_u16().unwrap_or(443),
    );
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let found = tokio::net::lookup_host((bare, port)).await;
    let found: Vec<_> = found
        .map_err(|error| {
            TransportError::new(Sent::No, "the server's address was not found").with_source(error)
        })?
        .collect();
    let renamed = http::Uri::builder()
        .scheme("https")
        .authority(format!("{name}:{port}"))
        .path_and_query(uri.path_and_query().map_or("/", |path| path.as_str()))
        .build();
    *request.uri_mut() =
        renamed.map_err(|error| refusal("the server's name is none").with_source(error))?;
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    let old = http::HeaderValue::from_str(authority)
        .map_err(|error| refusal("the server's address is none").with_source(error))?;
    request.headers_mut().insert(http::header::HOST, old);
    Ok(builder.resolve_to_addrs(&name, &found))
}

fn pinned(thumbprint: [u8; 20]) -> Result<rustls::ClientConfig, TransportError> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verifier = Pinned {
        thumbprint,
        provider: Arc::clone(&provider),
    };
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| refusal("the network cannot be set up").with_source(error))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(config)
}

/// Accepts one certificate, and only from whoever has its key.
#[derive(Debug)]
struct Pinned {
    thumbprint: [u8; 20],
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let found = digest(&SHA1_FOR_LEGACY_USE_ONLY, end_entity);
        match found.as_ref() == self.thumbprint {
            true => Ok(ServerCertVerified::assertion()),
            false => Err(CertificateError::ApplicationVerificationFailure.into()),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}
