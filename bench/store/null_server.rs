//! A server that stores nothing: whatever is asked for is answered with canned bytes, in the form
//! of Gen1 (and plain WebHDFS), of Gen2 and of Blob storage, so that a client's own cost is all
//! that differs.
//!
//! A name that ends in `-<n>` is a directory of so many files, `big` is a file of 1 GiB, and every
//! other name is a file of 4 KiB.

mod listing;

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use crate::workload::{BIG, SMALL};

const PIECE: usize = 1 << 20;

/// Serves until the process is ended. Says on which port.
pub fn serve() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("{}", listener.local_addr()?.port());
    for stream in listener.incoming() {
        let stream = stream?;
        stream.set_nodelay(true)?;
        thread::spawn(move || Connection::new(stream).map(Connection::run));
    }
    Ok(())
}

struct Connection {
    input: BufReader<TcpStream>,
    output: TcpStream,
    piece: Vec<u8>,
}

struct Request {
    method: String,
    target: String,
    length: u64,
    range: Option<(u64, u64)>,
}

impl Connection {
    fn new(stream: TcpStream) -> io::Result<Self> {
        Ok(Self {
            output: stream.try_clone()?,
            input: BufReader::with_capacity(64 << 10, stream),
            piece: vec![b'x'; PIECE],
        })
    }

    fn run(mut self) -> io::Result<()> {
        while let Some(request) = self.request()? {
            self.swallow(request.length)?;
            self.answer(&request)?;
        }
        Ok(())
    }

    fn request(&mut self) -> io::Result<Option<Request>> {
        let mut line = String::new();
        if self.input.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let mut words = line.split(' ').map(str::to_owned);
        let (method, target) = (words.next(), words.next());
        let mut request = Request {
            method: method.unwrap_or_default(),
            target: target.unwrap_or_default(),
            length: 0,
            range: None,
        };
        loop {
            let mut line = String::new();
            self.input.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(": ") else {
                return Ok(Some(request));
            };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => request.length = value.parse().unwrap_or(0),
                "range" | "x-ms-range" => request.range = range(value),
                "expect" => self.output.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?,
                _ => {}
            }
        }
    }

    fn swallow(&mut self, mut left: u64) -> io::Result<()> {
        while left > 0 {
            let most = left.min(PIECE as u64) as usize;
            // Past the small buffer of the head, this reads from the socket itself.
            let read = self.input.read(&mut self.piece[..most])?;
            if read == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            left -= read as u64;
        }
        Ok(())
    }

    fn answer(&mut self, request: &Request) -> io::Result<()> {
        let (path, query) = request
            .target
            .split_once('?')
            .unwrap_or((&request.target, ""));
        if path.starts_with("/webhdfs/v1/") {
            self.webhdfs(&request.method, &request.target, path, query)
        } else {
            self.storage(request, path, query)
        }
    }

    fn webhdfs(&mut self, method: &str, target: &str, path: &str, query: &str) -> io::Result<()> {
        let operation = parameter(query, "op").unwrap_or_default().to_uppercase();
        match operation.as_str() {
            "OPEN" => {
                let number = |key| parameter(query, key).and_then(|text| text.parse::<u64>().ok());
                let offset = number("offset").unwrap_or(0);
                let left = file_length(path).saturating_sub(offset);
                let length = number("length").map_or(left, |length| length.min(left));
                self.bytes("200 OK", "", length)
            }
            "LISTSTATUS" | "LISTSTATUS_BATCH" => match listing::directory(path) {
                Some(directory) => {
                    let body = directory.webhdfs(query, operation == "LISTSTATUS_BATCH");
                    self.text("200 OK", "", "application/json; charset=utf-8", &body)
                }
                None => self.json(r#"{"FileStatuses":{"continuationToken":"","FileStatus":[]}}"#),
            },
            "GETFILESTATUS" => {
                let body = listing::status(path, file_length(path));
                self.json(&body)
            }
            "MKDIRS" | "RENAME" | "DELETE" => self.json(r#"{"boolean":true}"#),
            // OpenDAL asks where to write and takes the answer from the body.
            _ if parameter(query, "noredirect").is_some() => {
                let target = target.replace("&noredirect=true", "");
                let port = self.output.local_addr()?.port();
                self.json(&format!(
                    r#"{{"Location":"http://127.0.0.1:{port}{target}"}}"#
                ))
            }
            "CREATE" => self.text("201 Created", "", "", ""),
            _ if method == "GET" => self.json("{}"),
            _ => self.text("200 OK", "", "", ""),
        }
    }

    fn storage(&mut self, request: &Request, path: &str, query: &str) -> io::Result<()> {
        const MARKS: &str = "ETag: \"0x8D9\"\r\nLast-Modified: Sat, 26 Nov 2022 10:43:05 GMT\r\n\
            x-ms-resource-type: file\r\n";
        match (request.method.as_str(), parameter(query, "restype")) {
            ("GET", Some(_)) => {
                let directory = parameter(query, "prefix").unwrap_or_default();
                let body = listing::directory(&directory).map(|it| it.blobs(query));
                self.text("200 OK", "", "application/xml", &body.unwrap_or_default())
            }
            ("GET", None) if parameter(query, "resource").is_some() => {
                let directory = parameter(query, "directory").unwrap_or_default();
                let page = listing::directory(&directory).map(|it| it.paths(query));
                let (body, headers) = page.unwrap_or_default();
                self.text("200 OK", &headers, "application/json", &body)
            }
            ("GET", None) => {
                let whole = file_length(path);
                match request.range {
                    Some((from, to)) => {
                        let to = to.min(whole.saturating_sub(1));
                        let head = format!("{MARKS}Content-Range: bytes {from}-{to}/{whole}\r\n");
                        self.bytes("206 Partial Content", &head, to + 1 - from)
                    }
                    None => self.bytes("200 OK", MARKS, whole),
                }
            }
            ("HEAD", _) => {
                let length = file_length(path);
                let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n{MARKS}\r\n");
                self.output.write_all(head.as_bytes())
            }
            ("PUT", _) => self.text("201 Created", MARKS, "", ""),
            _ => self.text("202 Accepted", MARKS, "", ""),
        }
    }

    fn json(&mut self, body: &str) -> io::Result<()> {
        self.text("200 OK", "", "application/json; charset=utf-8", body)
    }

    fn text(&mut self, status: &str, headers: &str, kind: &str, body: &str) -> io::Result<()> {
        let length = body.len();
        let kind = match kind {
            "" => String::new(),
            kind => format!("Content-Type: {kind}\r\n"),
        };
        let answer =
            format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n{kind}{headers}\r\n{body}");
        self.output.write_all(answer.as_bytes())
    }

    fn bytes(&mut self, status: &str, headers: &str, length: u64) -> io::Result<()> {
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\
             Content-Type: application/octet-stream\r\n{headers}\r\n"
        );
        if length <= SMALL {
            let mut answer = head.into_bytes();
            answer.extend_from_slice(&self.piece[..length as usize]);
            return self.output.write_all(&answer);
        }
        self.output.write_all(head.as_bytes())?;
        let mut left = length;
        while left > 0 {
            let amount = left.min(PIECE as u64);
            self.output.write_all(&self.piece[..amount as usize])?;
            left -= amount;
        }
        Ok(())
    }
}

fn file_length(path: &str) -> u64 {
    if path.ends_with("/big") { BIG } else { SMALL }
}

fn range(value: &str) -> Option<(u64, u64)> {
    let (from, to) = value.strip_prefix("bytes=")?.split_once('-')?;
    Some((from.parse().ok()?, to.parse().unwrap_or(u64::MAX)))
}

/// A parameter of a query. Nothing that these clients send here needs decoding but a slash.
fn parameter(query: &str, key: &str) -> Option<String> {
    let pairs = query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let mut values = pairs.filter(|(name, _)| name.eq_ignore_ascii_case(key));
    values.next().map(|(_, value)| value.replace("%2F", "/"))
}
