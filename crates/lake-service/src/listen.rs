//! Sockets: http with a CONNECT proxy, https with a certificate for every name.

mod certificates;
mod connection;
mod patience;
mod proxy;
mod sockets;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::endpoints::Endpoints;
use crate::error::{Error, ErrorKind, Result};
use crate::lake::Lake;
use certificates::Certificates;
use connection::Server;
pub use sockets::{ListenOptions, Sockets};

/// More connections than this wait in the kernel's queue.
const CONNECTIONS: usize = 4096;
/// How long requests in flight may take to end once the listener was told to stop.
const GRACE: Duration = Duration::from_secs(10);

/// A lake behind its sockets, which [`Listener::serve`] serves.
pub struct Listener {
    sockets: Sockets,
    lake: Lake,
    certificates: Arc<Certificates>,
    tls: TlsAcceptor,
}

impl Listener {
    /// Puts a lake behind sockets. The certificate authority is below the lake's data root, in `.lake/ca/`.
    pub async fn new(lake: Lake, sockets: Sockets) -> Result<Self> {
        let folder = lake.store().root().join(".lake").join("ca");
        let ambient = lake.ambient().clone();
        let certificates = Arc::new(
            lake.tasks()
                .blocking(move || Certificates::open(&folder, ambient))
                .await?,
        );
        let tls = TlsAcceptor::from(Arc::new(tls_config(certificates.clone())?));
        Ok(Self {
            sockets,
            lake,
            certificates,
            tls,
        })
    }

    /// The address of the http port, with the number that a 0 became.
    pub fn http_address(&self) -> SocketAddr {
        self.sockets.http_address
    }

    /// The address of the https port, with the number that a 0 became.
    pub fn https_address(&self) -> SocketAddr {
        self.sockets.https_address
    }

    /// The PEM file of the certificate authority that clients must trust.
    pub fn ca_path(&self) -> &Path {
        self.certificates.ca_path()
    }

    /// How to reach this lake and sign in to it.
    pub fn endpoints(&self) -> Endpoints {
        let base = |scheme, address| format!("{scheme}://{}", reachable(address));
        self.lake.endpoints(
            &base("http", self.sockets.http_address),
            &base("https", self.sockets.https_address),
        )
    }

    /// Serves until `stop` is cancelled, then lets the requests in flight end, but for ten seconds at most.
    ///
    /// Dropping the future closes both ports and every connection at once.
    pub async fn serve(self, stop: CancellationToken) {
        let connections = TaskTracker::new();
        let permits = Arc::new(Semaphore::new(CONNECTIONS));
        // Cancelled when patience ends.
        let abort = CancellationToken::new();
        let _abort = abort.clone().drop_guard();
        let server = Server {
            lake: self.lake,
            tls: self.tls,
            stop: stop.clone(),
            abort: abort.clone(),
            connections: connections.clone(),
        };
        loop {
            let permit = tokio::select! {
                () = stop.cancelled() => break,
                permit = permits.clone().acquire_owned() => permit,
            };
            let Ok(permit) = permit else { break };
            let (accepted, scheme) = tokio::select! {
                () = stop.cancelled() => break,
                accepted = self.sockets.http.accept() => (accepted, Scheme::Http),
                accepted = self.sockets.https.accept() => (accepted, Scheme::Https),
            };
            match accepted {
                Ok((stream, _peer)) => {
                    let server = server.clone();
                    connections.spawn(async move {
                        server.serve(stream, scheme).await;
                        drop(permit);
                    });
                }
                // Out of file descriptors, most likely: let some connections end first.
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    pause(Duration::from_millis(100)).await;
                }
            }
        }
        drop(self.sockets);
        connections.close();
        tokio::select! {
            () = connections.wait() => {}
            () = pause(GRACE) => {
                abort.cancel();
                connections.wait().await;
            }
        }
    }
}

/// What a port speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    Http,
    Https,
}

/// Nobody can connect to `0.0.0.0`; whoever reads the endpoints is on this machine.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(match address.ip() {
            IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    address
}

fn tls_config(certificates: Arc<Certificates>) -> Result<rustls::ServerConfig> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| Error::new(ErrorKind::Crypto, "TLS could not be set up").caused_by(e))?
        .with_no_client_auth()
        .with_cert_resolver(certificates);
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

#[expect(
    clippy::disallowed_methods,
    reason = "sockets are outside the simulated world; so are their deadlines"
)]
async fn pause(duration: Duration) {
    tokio::time::sleep(duration).await;
}

#[expect(
    clippy::disallowed_methods,
    reason = "sockets are outside the simulated world; so are their deadlines"
)]
fn sleep(duration: Duration) -> tokio::time::Sleep {
    tokio::time::sleep(duration)
}

/// `None` if the work took longer.
#[expect(
    clippy::disallowed_methods,
    reason = "sockets are outside the simulated world; so are their deadlines"
)]
async fn within<T>(limit: Duration, work: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout(limit, work).await.ok()
}
