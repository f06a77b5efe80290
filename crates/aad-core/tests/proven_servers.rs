//! Servers that prove themselves by their own certificate, or under another name.
#![cfg(feature = "reqwest")]
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows tests, but not their helpers"
)]

use aad_core::retry::RetryPolicy;
use aad_core::system::TransportOptions;
use aad_core::transport::{Sent, ServerProof, TransportError};
use aad_core::{Context, Error, ErrorKind, Pipeline, PipelineOptions, Repeat, Result};
use bytes::Bytes;
use testkit::tls::{Authority, Identity, Server};

const HIDDEN_NAME: &str = "tokens.cluster.example";

fn get(url: &str, proof: ServerProof, options: &TransportOptions) -> Result<Bytes> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let once = PipelineOptions::default().with_retry(RetryPolicy::none());
    let pipeline = Pipeline::new(Context::system_with(options)?, once);
    let request = http::Request::get(url).extension(proof).body(Bytes::new());
    let sent = pipeline.send_collected(request.unwrap(), Repeat::Safe);
    Ok(runtime.block_on(sent)?.into_body())
}

/// Why nothing was sent, for good.
fn refusal(error: &Error) -> String {
    assert_eq!(error.kind(), ErrorKind::Request, "{error:?}");
    let source = std::error::Error::source(error).unwrap();
    let cause: &TransportError = source.downcast_ref().unwrap();
    assert_eq!(
        (cause.sent(), cause.is_lasting()),
        (Sent::No, true),
        "{cause:?}"
    );
    cause.to_string()
}

fn certificate(authorities: Option<&str>, name: Option<&str>) -> ServerProof {
    ServerProof::Certificate {
        authorities: authorities.map(|pem| Bytes::from(pem.to_owned())),
        name: name.map(str::to_owned),
    }
}

#[test]
fn a_thumbprint_proves_a_server_whatever_else_its_certificate_says() {
    let identity = Identity::odd();
    let proof = ServerProof::Thumbprint(identity.thumbprint());
    let server = Server::start(identity, "hello");
    let options = TransportOptions::default();
    for host in ["127.0.0.1", "localhost"] {
        let url = format!("https://{host}:{}/a?b=c", server.port());
        assert_eq!(get(&url, proof.clone(), &options).unwrap(), "hello");
    }
    let visits = server.visits();
    assert!(visits[0].head.starts_with("GET /a?b=c HTTP/1.1\r\n"));
    assert_eq!(visits.len(), 2);
}

#[test]
fn a_server_with_another_certificate_is_told_nothing() {
    let identity = Identity::odd();
    let mut thumbprint = identity.thumbprint();
    thumbprint[19] ^= 1;
    let server = Server::start(identity, "hello");
    let url = format!("https://localhost:{}/?s=s3cr3t", server.port());
    let proof = ServerProof::Thumbprint(thumbprint);
    let error = get(&url, proof, &TransportOptions::default()).unwrap_err();
    assert_eq!(
        refusal(&error),
        "the server's certificate is not the expected one"
    );
    assert!(!format!("{error:?}").contains("s3cr3t"));
    assert!(server.visits().is_empty());
}

/// Anybody can show a certificate; only its owner has the key.
#[test]
fn a_server_with_a_stolen_certificate_is_told_nothing() {
    let owner = Identity::odd();
    let proof = ServerProof::Thumbprint(owner.thumbprint());
    let server = Server::start(owner.without_its_key(), "hello");
    let url = format!("https://localhost:{}/", server.port());
    get(&url, proof, &TransportOptions::default()).unwrap_err();
    assert!(server.visits().is_empty());
}

#[test]
fn a_server_can_prove_itself_over_https_only() {
    let proof = ServerProof::Thumbprint([0; 20]);
    let error = get("http://127.0.0.1:1/", proof, &TransportOptions::default()).unwrap_err();
    assert_eq!(refusal(&error), "a server can prove itself over https only");
}

#[test]
fn a_server_can_prove_itself_under_another_name_than_that_of_its_address() {
    let authority = Authority::new();
    let server = Server::start(authority.issue(HIDDEN_NAME), "hello");
    let port = server.port();
    let options = TransportOptions::default();
    for host in ["localhost", "127.0.0.1"] {
        let url = format!("https://{host}:{port}/t?b=c");
        let proof = certificate(Some(authority.pem()), Some(HIDDEN_NAME));
        assert_eq!(get(&url, proof, &options).unwrap(), "hello");
        let visit = server.visits().pop().unwrap();
        assert_eq!(visit.name.as_deref(), Some(HIDDEN_NAME));
        assert!(
            visit.head.starts_with("GET /t?b=c HTTP/1.1\r\n"),
            "{visit:?}"
        );
        let host = format!("host: {host}:{port}\r\n");
        assert!(visit.head.contains(&host), "{visit:?}");
    }
    let trusting = TransportOptions::default().with_extra_root_ca_pem(authority.pem());
    let url = format!("https://localhost:{port}/");
    let proof = certificate(None, Some(HIDDEN_NAME));
    assert_eq!(get(&url, proof, &trusting).unwrap(), "hello");
}

#[test]
fn only_the_named_authorities_can_prove_a_server() {
    let (authority, stranger) = (Authority::new(), Authority::new());
    let server = Server::start(authority.issue("localhost"), "hello");
    let url = format!("https://localhost:{}/", server.port());
    let trusting = TransportOptions::default().with_extra_root_ca_pem(authority.pem());
    for proof in [
        certificate(Some(stranger.pem()), None),
        certificate(Some(authority.pem()), Some(HIDDEN_NAME)),
        certificate(Some("not PEM"), None),
        certificate(Some(""), None),
        // An address in the place of a name would be connected to.
        certificate(None, Some("127.0.0.1")),
        certificate(None, Some("")),
        certificate(None, Some("local host")),
    ] {
        let error = get(&url, proof, &trusting).unwrap_err();
        refusal(&error);
    }
    assert!(server.visits().is_empty());
    let proof = certificate(Some(authority.pem()), None);
    assert_eq!(
        get(&url, proof, &TransportOptions::default()).unwrap(),
        "hello"
    );
}
