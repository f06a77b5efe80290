//! The least that HTTP/1.1 over a socket costs: a head that is written as text, a body that is
//! copied out of the kernel, nothing that is looked at but the status and the length.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Mutex;

use crate::client::{Client, Outcome};
use crate::workload::{PART, SMALL};

pub struct Floor {
    connection: Mutex<Connection>,
    /// Everything of a request that stays the same.
    headers: String,
}

struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Floor {
    /// Sends a request and says how long the body of its answer was.
    fn exchange(&self, method: &str, path: &str, query: &str, body: &[u8]) -> Outcome<u64> {
        let (path, length) = (path.replace(' ', "%20"), body.len());
        let headers = &self.headers;
        let head = format!(
            "{method} /webhdfs/v1/{path}?{query} HTTP/1.1\r\nContent-Length: {length}\r\n{headers}\r\n"
        );
        let connection = &mut *self.connection.lock().map_err(|_| "a request panicked")?;
        connection.stream.write_all(head.as_bytes())?;
        connection.stream.write_all(body)?;
        connection.answer()
    }
}

impl Connection {
    fn answer(&mut self) -> Outcome<u64> {
        let mut filled = 0;
        let end = loop {
            let read = self.stream.read(&mut self.buffer[filled..])?;
            if read == 0 {
                return Err("the server closed the connection".into());
            }
            filled += read;
            let head = &self.buffer[..filled];
            if let Some(end) = head.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                break end + 4;
            }
        };
        let head = std::str::from_utf8(&self.buffer[..end])?;
        if !head.starts_with("HTTP/1.1 2") {
            return Err(head.to_owned().into());
        }
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("Content-Length: "))
            .ok_or("no length")?
            .parse::<u64>()?;
        let mut left = length - (filled - end) as u64;
        while left > 0 {
            let read = self.stream.read(&mut self.buffer)?;
            if read == 0 {
                return Err("the answer is too short".into());
            }
            left -= read as u64;
        }
        Ok(length)
    }
}

impl Client for Floor {
    fn new(port: u16) -> Outcome<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_nodelay(true)?;
        let token = super::token();
        Ok(Self {
            connection: Mutex::new(Connection {
                stream,
                buffer: vec![0; 256 << 10],
            }),
            headers: format!("Host: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n"),
        })
    }

    async fn read(&self, path: &str) -> Outcome<u64> {
        self.exchange("GET", path, "op=OPEN", b"")
    }

    async fn write(&self, path: &str, piece: &[u8], times: usize) -> Outcome<()> {
        let part = piece.repeat(PART / piece.len());
        for _ in 0..times * piece.len() / PART {
            self.exchange("POST", path, "op=APPEND", &part)?;
        }
        Ok(())
    }

    async fn put(&self, path: &str, content: &'static [u8]) -> Outcome<()> {
        self.exchange("PUT", path, "op=CREATE&write=true", content)
            .map(drop)
    }

    async fn get(&self, path: &str) -> Outcome<usize> {
        Ok(self.exchange("GET", path, "op=OPEN", b"")? as usize)
    }

    async fn stat(&self, path: &str) -> Outcome<u64> {
        self.exchange("GET", path, "op=GETFILESTATUS", b"")?;
        Ok(SMALL)
    }

    async fn list(&self, _: &str) -> Outcome<usize> {
        Err("bytes are no entries".into())
    }
}
