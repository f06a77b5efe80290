//! The two ports.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use tokio::net::TcpListener;

use crate::error::{Error, ErrorKind, Result};

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

/// Both ports, open. Connections queue from now on.
///
/// They are opened before the lake is: a lake that is open goes on with its jobs, and a port that somebody else has
/// must not break them off again.
#[derive(Debug)]
pub struct Sockets {
    pub(super) http: TcpListener,
    pub(super) https: TcpListener,
    pub(super) http_address: SocketAddr,
    pub(super) https_address: SocketAddr,
}

impl Sockets {
    /// Opens both ports.
    ///
    /// [`ErrorKind::PortInUse`] if somebody else has one of them.
    pub async fn bind(options: ListenOptions) -> Result<Self> {
        let (http, http_address) = bind(options.address, options.http_port).await?;
        let (https, https_address) = bind(options.address, options.https_port).await?;
        Ok(Self {
            http,
            https,
            http_address,
            https_address,
        })
    }
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
