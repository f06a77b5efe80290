//! Plain requests over one connection, for tests that kill the other end of it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;

use crate::Lake;

/// One client's connection to a lake that asks for no token.
#[derive(Debug)]
pub struct Client(BufReader<TcpStream>);

impl Client {
    /// Connects to a lake.
    ///
    /// # Panics
    /// It cannot be reached.
    pub fn connect(lake: &Lake) -> Self {
        let http = lake.endpoint("http");
        let address = http.trim_start_matches("http://").trim_end_matches('/');
        Self(BufReader::new(
            TcpStream::connect(address).expect("the lake listens"),
        ))
    }

    /// Status and body of a target, such as `/jobs/1?api-version=2016-11-01`; none if the lake is gone.
    pub fn ask(&mut self, method: &str, target: &str, body: &[u8]) -> Option<(u16, Vec<u8>)> {
        let length = body.len();
        let head = format!(
            "{method} {target} HTTP/1.1\r\nhost: localhost\r\ncontent-length: {length}\r\n\r\n"
        );
        let stream = self.0.get_mut();
        stream.write_all(&[head.as_bytes(), body].concat()).ok()?;
        let status = self.line()?.split(' ').nth(1)?.parse().ok()?;
        let (mut length, mut chunked) = (0, false);
        loop {
            let line = self.line()?.to_ascii_lowercase();
            match line.split_once(": ") {
                Some(("content-length", value)) => length = value.parse().ok()?,
                Some(("transfer-encoding", "chunked")) => chunked = true,
                Some(_) => {}
                None => break,
            }
        }
        let mut body = Vec::new();
        if !chunked {
            self.read(length, &mut body)?;
            return Some((status, body));
        }
        loop {
            let size = usize::from_str_radix(&self.line()?, 16).ok()?;
            self.read(size, &mut body)?;
            self.line()?;
            if size == 0 {
                return Some((status, body));
            }
        }
    }

    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        self.0.read_line(&mut line).ok()?;
        line.strip_suffix("\r\n").map(str::to_owned)
    }

    fn read(&mut self, length: usize, body: &mut Vec<u8>) -> Option<()> {
        let start = body.len();
        body.resize(start + length, 0);
        self.0.read_exact(&mut body[start..]).ok()
    }
}
