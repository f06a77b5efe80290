//! Sockets: http with a CONNECT proxy, https with a certificate for every name.

mod certificates;
mod connection;
mod proxy;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::endpoints::Endpoints;
use crate::error::{Error, ErrorKind, Result};
use crate::lake::Lake;
use certificates::Certificates;
use connection::Server;

/// More connections than this wait in the kernel's queue.
const CONNECTIONS: usize = 4096;
/// How long requests in flight may take to end once the listener was told to stop.
const GRACE: Duration = Duration::from_secs(10);

/// Where to listen.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ListenOptions {
    /// The address of both ports; loopback unless told otherwise.
    pub address: IpAddr,
    /// The http port; 0 is a free one.
    pub http_port: u16,
    /// The https port; 0 is a free one.
    pub https_port: u16,
}

impl Default for ListenOptions {
    fn default() -> Self {
        Self {
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            http_port: 7170,
            https_port: 7171,
        }
    }
}

impl ListenOptions {
    /// Listens on this address of the machine instead of loopback.
    #[must_use]
    pub fn with_address(mut self, address: IpAddr) -> Self {
        self.address = address;
        self
    }

    /// Listens on these ports; 0 is a free one.
    #[must_use]
    pub fn with_ports(mut self, http: u16, https: u16) -> Self {
        (self.http_port, self.https_port) = (http, https);
        self
    }
}

/// A lake with its sockets open. Connections queue from now on and are served by [`Listener::serve`].
pub struct Listener {
    http: TcpListener,
    https: TcpListener,
    http_address: SocketAddr,
    https_address: SocketAddr,
    lake: Lake,
    certificates: Arc<Certificates>,
    tls: TlsAcceptor,
}

impl Listener {
    /// Opens both ports. The certificate authority is below the lake's data root, in `.lake/ca/`.
    ///
    /// [`ErrorKind::PortInUse`] if somebody else has one of them.
    pub async fn bind(lake: Lake, options: ListenOptions) -> Result<Self> {
        let folder = lake.store().root().join(".lake").join("ca");
        let ambient = lake.ambient().clone();
        let certificates = Arc::new(
            lake.tasks()
                .blocking(move || Certificates::open(&folder, ambient))
                .await?,
        );
        let (http, http_address) = bind(options.address, options.http_port).await?;
        let (https, https_address) = bind(options.address, options.https_port).await?;
        let tls = TlsAcceptor::from(Arc::new(tls_config(certificates.clone())?));
        Ok(Self {
            http,
            https,
            http_address,
            https_address,
            lake,
            certificates,
            tls,
        })
    }

    /// The address of the http port, with the number that a 0 became.
    pub fn http_address(&self) -> SocketAddr {
        self.http_address
    }

    /// The address of the https port, with the number that a 0 became.
    pub fn https_address(&self) -> SocketAddr {
        self.https_address
    }

    /// The PEM file of the certificate authority that clients must trust.
    pub fn ca_path(&self) -> &Path {
        self.certificates.ca_path()
    }

    /// How to reach this lake and sign in to it.
    pub fn endpoints(&self) -> Endpoints {
        let base = |scheme, address| format!("{scheme}://{}", reachable(address));
        self.lake.endpoints(
            &base("http", self.http_address),
            &base("https", self.https_address),
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
                accepted = self.http.accept() => (accepted, Scheme::Http),
                accepted = self.https.accept() => (accepted, Scheme::Https),
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
        drop((self.http, self.https));
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

async fn bind(address: IpAddr, port: u16) -> Result<(TcpListener, SocketAddr)> {
    let wanted = SocketAddr::new(address, port);
    let bound = async {
        let listener = TcpListener::bind(wanted).await?;
        let address = listener.local_addr()?;
        Ok((listener, address))
    };
    bound.await.map_err(|error: std::io::Error| {
        let (kind, message) = match error.kind() {
            std::io::ErrorKind::AddrInUse => (
                ErrorKind::PortInUse,
                format!("{wanted} is in use: choose another port, or 0 for a free one"),
            ),
            _ => (ErrorKind::Io, format!("{wanted} cannot be listened on")),
        };
        Error::new(kind, message).caused_by(error)
    })
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

/// `None` if the work took longer.
#[expect(
    clippy::disallowed_methods,
    reason = "sockets are outside the simulated world; so are their deadlines"
)]
async fn within<T>(limit: Duration, work: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout(limit, work).await.ok()
}
