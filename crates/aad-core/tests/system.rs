//! The real transport against servers on this machine.
#![cfg(feature = "reqwest")]
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows tests, but not their helpers"
)]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aad_core::retry::RetryPolicy;
use aad_core::system::TransportOptions;
use aad_core::transport::{Sent, ServerProof, TransportError};
use aad_core::{Context, Error, ErrorKind, Pipeline, PipelineOptions, Repeat, Result};
use bytes::Bytes;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::{CertifiedKey, SigningKey};

/// A server on a free port of this machine that treats each connection so; counts them.
fn serve(treat: impl Fn(TcpStream) + Send + 'static) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            counter.fetch_add(1, Ordering::SeqCst);
            treat(stream.unwrap());
        }
    });
    (port, count)
}

/// Reads the head of a request; a test's requests have no body.
fn read_head(stream: &mut impl Read) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        if stream.read(&mut byte).unwrap_or(0) == 0 {
            break;
        }
        head.push(byte[0]);
    }
    String::from_utf8(head).unwrap()
}

fn answer(stream: &mut impl Write, response: &str) {
    stream.write_all(response.as_bytes()).unwrap();
    stream.flush().unwrap();
}

fn get(url: &str, options: &TransportOptions) -> Result<Bytes> {
    let request = http::Request::get(url).body(Bytes::new()).unwrap();
    send(request, options)
}

fn get_proven(url: &str, proof: ServerProof, options: &TransportOptions) -> Result<Bytes> {
    let request = http::Request::get(url).extension(proof).body(Bytes::new());
    send(request.unwrap(), options)
}

fn send(request: http::Request<Bytes>, options: &TransportOptions) -> Result<Bytes> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let context = Context::system_with(options)?;
    let once = PipelineOptions::default().with_retry(RetryPolicy::none());
    let pipeline = Pipeline::new(context, once);
    let response = runtime.block_on(pipeline.send_collected(request, Repeat::Safe))?;
    Ok(response.into_body())
}

/// What a TLS server was told by each client that trusted it: the name, and the head of its request.
type Visits = Arc<Mutex<Vec<(Option<String>, String)>>>;

/// A TLS server on a free port that says hello, whatever name it is called by.
fn serve_tls(identity: CertifiedKey) -> (u16, Visits) {
    #[derive(Debug)]
    struct Always(Arc<CertifiedKey>);

    impl ResolvesServerCert for Always {
        fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
            Some(Arc::clone(&self.0))
        }
    }

    let config = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(Always(Arc::new(identity))));
    let config = Arc::new(config);
    let visits = Visits::default();
    let seen = Arc::clone(&visits);
    let (port, _) = serve(move |stream| {
        let connection = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
        let mut stream = rustls::StreamOwned::new(connection, stream);
        let head = read_head(&mut stream);
        if !head.is_empty() {
            let name = stream.conn.server_name().map(str::to_owned);
            seen.lock().unwrap().push((name, head));
            answer(
                &mut stream,
                "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello",
            );
        }
    });
    (port, visits)
}

fn signing_key(key: &rcgen::KeyPair) -> Arc<dyn SigningKey> {
    let key = rustls::pki_types::PrivateKeyDer::Pkcs8(key.serialize_der().into());
    rustls::crypto::aws_lc_rs::sign::any_supported_type(&key).unwrap()
}

fn transport_error(error: &Error) -> &TransportError {
    let source = std::error::Error::source(error).unwrap();
    source.downcast_ref().unwrap()
}

#[test]
fn an_answer_arrives_as_it_was_sent() {
    let (port, _) = serve(|mut stream| {
        let head = read_head(&mut stream);
        assert!(head.starts_with("GET /a%20b?c=d HTTP/1.1\r\n"), "{head}");
        answer(
            &mut stream,
            "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello",
        );
    });
    let url = format!("http://127.0.0.1:{port}/a%20b?c=d");
    assert_eq!(get(&url, &TransportOptions::default()).unwrap(), "hello");
}

#[test]
fn a_refused_connection_was_certainly_not_sent() {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let url = format!("http://127.0.0.1:{port}/?sig=s3cr3t");
    let error = get(&url, &TransportOptions::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transient);
    assert_eq!(transport_error(&error).sent(), Sent::No);
    assert!(!format!("{error:?}").contains("s3cr3t"));
}

#[test]
fn a_connection_that_breaks_later_may_have_been_sent() {
    for part in ["", "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhe"] {
        let (port, _) = serve(move |mut stream| {
            read_head(&mut stream);
            answer(&mut stream, part);
        });
        let url = format!("http://127.0.0.1:{port}/");
        let error = get(&url, &TransportOptions::default()).unwrap_err();
        assert_eq!(transport_error(&error).sent(), Sent::Maybe, "{part}");
        assert_eq!(error.kind(), ErrorKind::Transient);
    }
}

#[test]
fn silence_ends() {
    let (port, _) = serve(std::mem::forget);
    let options = TransportOptions::default().with_read_timeout(Duration::from_millis(50));
    let error = get(&format!("http://127.0.0.1:{port}/"), &options).unwrap_err();
    assert_eq!(transport_error(&error).sent(), Sent::Maybe);
    assert_eq!(
        transport_error(&error).to_string(),
        "the service stayed silent for too long"
    );
}

#[test]
fn a_redirect_is_not_followed() {
    let (elsewhere, visits) = serve(|_| {});
    let (port, _) = serve(move |mut stream| {
        read_head(&mut stream);
        let response = format!(
            "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:{elsewhere}/\r\ncontent-length: 0\r\n\r\n"
        );
        answer(&mut stream, &response);
    });
    let error = get(
        &format!("http://127.0.0.1:{port}/"),
        &TransportOptions::default(),
    );
    assert_eq!(
        error.unwrap_err().status().map(|status| status.as_u16()),
        Some(302)
    );
    assert_eq!(visits.load(Ordering::SeqCst), 0);
}

#[test]
fn a_certificate_is_trusted_only_if_its_authority_is() {
    let key = rcgen::KeyPair::generate().unwrap();
    let parameters = rcgen::CertificateParams::new(["localhost".to_owned()]).unwrap();
    let certificate = parameters.self_signed(&key).unwrap();
    let pem = certificate.pem();
    let (port, _) = serve_tls(CertifiedKey::new(
        vec![certificate.der().clone()],
        signing_key(&key),
    ));
    let url = format!("https://localhost:{port}/");

    let error = get(&url, &TransportOptions::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request, "{error:?}");
    let cause = transport_error(&error);
    assert!(
        cause.is_lasting() && cause.to_string().contains("SSL_CERT_FILE"),
        "{cause}"
    );

    let trusting = TransportOptions::default().with_extra_root_ca_pem(pem);
    assert_eq!(get(&url, &trusting).unwrap(), "hello");
}

/// A certificate that nobody else would trust: of nobody, for nobody, and long expired.
fn odd_certificate() -> (CertifiedKey, [u8; 20]) {
    let key = rcgen::KeyPair::generate().unwrap();
    let mut parameters = rcgen::CertificateParams::new(["elsewhere.example".to_owned()]).unwrap();
    parameters.not_after = rcgen::date_time_ymd(1999, 12, 31);
    let certificate = parameters.self_signed(&key).unwrap();
    let certificate = certificate.der().clone();
    let thumbprint = sha1(&certificate);
    let identity = CertifiedKey::new(vec![certificate], signing_key(&key));
    (identity, thumbprint)
}

fn sha1(bytes: &[u8]) -> [u8; 20] {
    use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
    let digest = digest(&SHA1_FOR_LEGACY_USE_ONLY, bytes);
    digest.as_ref().try_into().unwrap()
}

#[test]
fn a_thumbprint_proves_a_server_whatever_else_its_certificate_says() {
    let (identity, thumbprint) = odd_certificate();
    let (port, visits) = serve_tls(identity);
    let url = format!("https://127.0.0.1:{port}/a?b=c");
    let options = TransportOptions::default();
    let proof = ServerProof::Thumbprint(thumbprint);
    assert_eq!(get_proven(&url, proof.clone(), &options).unwrap(), "hello");
    assert_eq!(get_proven(&url, proof, &options).unwrap(), "hello");
    let visits = visits.lock().unwrap();
    assert!(
        visits[0].1.starts_with("GET /a?b=c HTTP/1.1\r\n"),
        "{visits:?}"
    );
    assert_eq!(visits.len(), 2);
}

#[test]
fn a_server_with_another_certificate_is_told_nothing() {
    let (identity, mut thumbprint) = odd_certificate();
    let (port, visits) = serve_tls(identity);
    thumbprint[19] ^= 1;
    let url = format!("https://localhost:{port}/?s=s3cr3t");
    let proof = ServerProof::Thumbprint(thumbprint);
    let error = get_proven(&url, proof, &TransportOptions::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request, "{error:?}");
    let cause = transport_error(&error);
    assert_eq!((cause.sent(), cause.is_lasting()), (Sent::No, true));
    assert_eq!(
        cause.to_string(),
        "the server's certificate is not the expected one"
    );
    assert!(visits.lock().unwrap().is_empty());
}

/// Anybody can show a certificate; it proves only who has its key.
#[test]
fn a_server_with_a_stolen_certificate_but_not_its_key_is_told_nothing() {
    let (owner, thumbprint) = odd_certificate();
    let other_key = signing_key(&rcgen::KeyPair::generate().unwrap());
    let (port, visits) = serve_tls(CertifiedKey::new(owner.cert, other_key));
    let url = format!("https://localhost:{port}/");
    let proof = ServerProof::Thumbprint(thumbprint);
    let error = get_proven(&url, proof, &TransportOptions::default()).unwrap_err();
    assert_eq!(transport_error(&error).sent(), Sent::No);
    assert!(visits.lock().unwrap().is_empty());
}

#[test]
fn a_server_can_prove_itself_over_https_only() {
    let (port, visits) = serve(|_| {});
    let proof = ServerProof::Thumbprint([0; 20]);
    let url = format!("http://127.0.0.1:{port}/");
    let error = get_proven(&url, proof, &TransportOptions::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);
    assert_eq!(visits.load(Ordering::SeqCst), 0);
}

const HIDDEN_NAME: &str = "tokens.cluster.example";

/// An authority in PEM, and a server to which it gave a certificate for a name.
fn authority_and_server(name: &str) -> (String, CertifiedKey) {
    let key = rcgen::KeyPair::generate().unwrap();
    let mut parameters = rcgen::CertificateParams::default();
    parameters.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let pem = parameters.self_signed(&key).unwrap().pem();
    let issuer = rcgen::Issuer::new(parameters, key);
    let leaf_key = rcgen::KeyPair::generate().unwrap();
    let leaf = rcgen::CertificateParams::new([name.to_owned()]).unwrap();
    let leaf = leaf.signed_by(&leaf_key, &issuer).unwrap();
    let chain = vec![leaf.der().clone()];
    (pem, CertifiedKey::new(chain, signing_key(&leaf_key)))
}

fn certificate(authorities: Option<&str>, name: Option<&str>) -> ServerProof {
    ServerProof::Certificate {
        authorities: authorities.map(|pem| Bytes::from(pem.to_owned())),
        name: name.map(str::to_owned),
    }
}

#[test]
fn a_server_can_prove_itself_under_another_name_than_that_of_its_address() {
    let (authority, identity) = authority_and_server(HIDDEN_NAME);
    let (port, visits) = serve_tls(identity);
    let options = TransportOptions::default();
    for host in ["localhost", "127.0.0.1"] {
        let url = format!("https://{host}:{port}/t?b=c");
        let proof = certificate(Some(&authority), Some(HIDDEN_NAME));
        assert_eq!(get_proven(&url, proof, &options).unwrap(), "hello");
        let (name, head) = visits.lock().unwrap().pop().unwrap();
        assert_eq!(
            name.as_deref(),
            Some(HIDDEN_NAME),
            "the name is in the handshake"
        );
        assert!(head.starts_with("GET /t?b=c HTTP/1.1\r\n"), "{head}");
        assert!(head.contains(&format!("host: {host}:{port}\r\n")), "{head}");
    }
    let trusting = TransportOptions::default().with_extra_root_ca_pem(authority);
    let url = format!("https://localhost:{port}/");
    let proof = certificate(None, Some(HIDDEN_NAME));
    assert_eq!(get_proven(&url, proof, &trusting).unwrap(), "hello");
}

#[test]
fn only_the_named_authorities_can_prove_a_server() {
    let (authority, identity) = authority_and_server("localhost");
    let (stranger, _) = authority_and_server("localhost");
    let (port, visits) = serve_tls(identity);
    let url = format!("https://localhost:{port}/");
    let trusting = TransportOptions::default().with_extra_root_ca_pem(authority.clone());
    for proof in [
        certificate(Some(&stranger), None),
        certificate(Some(&authority), Some(HIDDEN_NAME)),
        certificate(Some("not PEM"), None),
        certificate(Some(""), None),
        certificate(None, Some("127.0.0.1")),
        certificate(None, Some("")),
        certificate(None, Some("local host")),
    ] {
        let error = get_proven(&url, proof.clone(), &trusting).unwrap_err();
        let cause = transport_error(&error);
        assert_eq!(
            (cause.sent(), cause.is_lasting()),
            (Sent::No, true),
            "{proof:?}"
        );
    }
    assert!(visits.lock().unwrap().is_empty());
    let proof = certificate(Some(&authority), None);
    let options = TransportOptions::default();
    assert_eq!(get_proven(&url, proof, &options).unwrap(), "hello");
}

#[test]
fn what_is_not_a_certificate_is_refused() {
    for pem in [
        "",
        "nonsense",
        "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n",
    ] {
        let options = TransportOptions::default().with_extra_root_ca_pem(pem);
        let error = Context::system_with(&options).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request, "{pem}");
    }
}

#[test]
fn the_machine_has_a_clock_randomness_and_variables() {
    let context = Context::system().unwrap();
    assert!(context.now() > time::macros::datetime!(2026-01-01 00:00 UTC));
    assert_ne!(context.uuid(), context.uuid());
    assert!(context.var("PATH").is_some());
    assert_eq!(context.var("AZURE_NO_SUCH_VARIABLE"), None);
}
