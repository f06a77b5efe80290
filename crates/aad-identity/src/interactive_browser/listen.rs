//! Where a browser brings its answer: a port of this machine.

use std::fmt;
use std::io;
use std::net::Ipv4Addr;

use async_trait::async_trait;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Opens ports of this machine.
#[async_trait]
pub trait Listen: Send + Sync + fmt::Debug {
    /// Opens a port that nobody uses and that this machine alone can reach.
    ///
    /// # Errors
    /// Whatever keeps it from being opened.
    async fn listen(&self) -> io::Result<Box<dyn Listener>>;
}

/// An open port. Dropping it closes it.
#[async_trait]
pub trait Listener: Send {
    /// Its number.
    fn port(&self) -> u16;

    /// Waits for somebody to connect. Dropping the future loses nobody.
    ///
    /// # Errors
    /// Whatever keeps the port from being used any longer.
    async fn accept(&mut self) -> io::Result<Box<dyn Connection>>;
}

/// Somebody who connected. Dropping it hangs up.
#[async_trait]
pub trait Connection: Send {
    /// Reads what has arrived; 0 at the end.
    ///
    /// # Errors
    /// Whatever broke the connection.
    async fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize>;

    /// Sends the last there is to say.
    ///
    /// # Errors
    /// Whatever broke the connection.
    async fn finish(&mut self, answer: &[u8]) -> io::Result<()>;
}

/// The ports of the system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemPorts;

struct Port {
    listener: TcpListener,
    number: u16,
}

#[async_trait]
impl Listen for SystemPorts {
    async fn listen(&self) -> io::Result<Box<dyn Listener>> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let number = listener.local_addr()?.port();
        Ok(Box::new(Port { listener, number }))
    }
}

#[async_trait]
impl Listener for Port {
    fn port(&self) -> u16 {
        self.number
    }

    async fn accept(&mut self) -> io::Result<Box<dyn Connection>> {
        loop {
            match self.listener.accept().await {
                Ok((stream, _)) => return Ok(Box::new(stream)),
                // Whoever hung up before it was their turn is not missed.
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

#[async_trait]
impl Connection for TcpStream {
    async fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        AsyncReadExt::read(self, buffer).await
    }

    async fn finish(&mut self, answer: &[u8]) -> io::Result<()> {
        self.write_all(answer).await?;
        self.shutdown().await
    }
}
