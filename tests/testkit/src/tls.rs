//! A TLS server on this machine, with whatever certificate a test gives it.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use rcgen::{CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::{CertifiedKey, SigningKey};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::context::lock;

/// A certificate and the key that a server has.
#[derive(Clone, Debug)]
pub struct Identity(Arc<CertifiedKey>);

impl Identity {
    /// A certificate that nobody trusts: of nobody, for `elsewhere.example`, long expired.
    pub fn odd() -> Self {
        let mut parameters = parameters("elsewhere.example");
        parameters.not_after = rcgen::date_time_ymd(1999, 12, 31);
        let key = key();
        let certificate = parameters
            .self_signed(&key)
            .expect("a well formed certificate");
        Self::of(&certificate, &key)
    }

    /// The same certificate, but the key of another.
    #[must_use]
    pub fn without_its_key(&self) -> Self {
        let other = signing_key(&key());
        Self(Arc::new(CertifiedKey::new(self.0.cert.clone(), other)))
    }

    /// The SHA-1 thumbprint of its certificate.
    pub fn thumbprint(&self) -> [u8; 20] {
        let digest = digest(&SHA1_FOR_LEGACY_USE_ONLY, &self.0.cert[0]);
        digest.as_ref().try_into().expect("SHA-1 has 20 bytes")
    }

    fn of(certificate: &rcgen::Certificate, key: &KeyPair) -> Self {
        let chain = vec![certificate.der().clone()];
        Self(Arc::new(CertifiedKey::new(chain, signing_key(key))))
    }
}

/// An authority that issues certificates.
#[derive(Debug)]
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Default for Authority {
    fn default() -> Self {
        Self::new()
    }
}

impl Authority {
    /// One that nobody has heard of.
    pub fn new() -> Self {
        let key = key();
        let mut parameters = CertificateParams::default();
        parameters.is_ca = IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let certificate = parameters
            .self_signed(&key)
            .expect("a well formed certificate");
        Self {
            pem: certificate.pem(),
            issuer: Issuer::new(parameters, key),
        }
    }

    /// Its own certificate, in PEM form.
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// A certificate for this name.
    pub fn issue(&self, name: &str) -> Identity {
        let key = key();
        let certificate = parameters(name).signed_by(&key, &self.issuer);
        Identity::of(&certificate.expect("a well formed certificate"), &key)
    }
}

/// A request to a server.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The name by which the server was called in the handshake (SNI).
    pub name: Option<String>,
    /// Request line and headers.
    pub head: String,
    /// What came after them.
    pub body: String,
}

/// A TLS server on a free port of this machine. It serves one connection after the other, one
/// request each, until the program ends.
#[derive(Debug)]
pub struct Server {
    port: u16,
    visits: Arc<Mutex<Vec<Visit>>>,
    identity: Arc<Mutex<Identity>>,
}

impl Server {
    /// Starts a server that answers every request so, under whatever name it is called.
    ///
    /// # Panics
    /// If this machine has no free port.
    pub fn start(identity: Identity, body: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
        let server = Self {
            port: listener.local_addr().expect("it is bound").port(),
            visits: Arc::default(),
            identity: Arc::new(Mutex::new(identity)),
        };
        let resolver = Resolver(Arc::clone(&server.identity));
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(resolver));
        let config = Arc::new(config);
        let visits = Arc::clone(&server.visits);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let connection = ServerConnection::new(Arc::clone(&config));
                let connection = connection.expect("the configuration is complete");
                let stream = stream.expect("a connection is accepted");
                let mut stream = StreamOwned::new(connection, stream);
                // A client that does not trust this server leaves in the middle.
                if let Some((head, content)) = read(&mut stream) {
                    let name = stream.conn.server_name().map(str::to_owned);
                    lock(&visits).push(Visit {
                        name,
                        head,
                        body: content,
                    });
                    let length = body.len();
                    let head = format!(
                        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\
                         connection: close\r\ncontent-length: {length}\r\n\r\n"
                    );
                    let answer = stream.write_all((head + body).as_bytes());
                    answer
                        .and_then(|()| stream.flush())
                        .expect("the client waits");
                }
            }
        });
        server
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The requests so far.
    pub fn visits(&self) -> Vec<Visit> {
        lock(&self.visits).clone()
    }

    /// Shows another certificate from the next connection on.
    pub fn renew(&self, identity: Identity) {
        *lock(&self.identity) = identity;
    }
}

#[derive(Debug)]
struct Resolver(Arc<Mutex<Identity>>);

impl ResolvesServerCert for Resolver {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&lock(&self.0).0))
    }
}

/// The head and the body of a request, if one came.
fn read(stream: &mut impl Read) -> Option<(String, String)> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        head.extend(byte);
    }
    let head = String::from_utf8(head).ok()?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is_length = name.eq_ignore_ascii_case("content-length");
        is_length.then(|| value.trim().parse().ok()).flatten()
    });
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).ok()?;
    Some((head, String::from_utf8(body).ok()?))
}

fn parameters(name: &str) -> CertificateParams {
    CertificateParams::new([name.to_owned()]).expect("a test's own name is one")
}

fn key() -> KeyPair {
    KeyPair::generate().expect("this machine has randomness")
}

fn signing_key(key: &KeyPair) -> Arc<dyn SigningKey> {
    let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    rustls::crypto::aws_lc_rs::sign::any_supported_type(&key)
        .expect("rcgen makes what rustls reads")
}
