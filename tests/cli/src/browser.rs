//! As much of a browser as a sign-in page needs, and the person in front of it.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use crate::Lake;

/// What a browser shows, or where it is sent.
#[derive(Debug)]
pub struct Page {
    /// The page itself.
    pub body: String,
    /// Where it is sent instead.
    pub location: Option<String>,
}

/// Opens an `http` address.
///
/// # Panics
/// Nobody answers there.
pub fn open(url: &str) -> Page {
    exchange(url, "GET", "", "")
}

/// Sends a form to an `http` address.
///
/// # Panics
/// Nobody answers there.
pub fn submit(url: &str, form: &[(&str, &str)]) -> Page {
    let mut body = String::new();
    for (name, value) in form {
        let separator = if body.is_empty() { "" } else { "&" };
        let _ = write!(body, "{separator}{name}={}", encoded(value));
    }
    exchange(url, "POST", "", &body)
}

/// Sends this to an `http` address, with an access token.
///
/// # Panics
/// Nobody answers there.
pub fn send(url: &str, token: &str, body: &str) -> Page {
    let header = format!("Authorization: Bearer {token}\r\n");
    exchange(url, "POST", &header, body)
}

/// Fills the lake's sign-in page in as its ordinary person (`user`) or its superuser (`admin_user`), and accepts.
///
/// # Panics
/// It is no sign-in page.
pub fn sign_in(lake: &Lake, page: &Page, person: &str) -> Page {
    let mark = "name=\"page\" value=\"";
    let (_, rest) = page.body.split_once(mark).expect("a sign-in page");
    let name = rest.split('"').next().expect("a value ends");
    submit(
        &format!("{}/common/login", lake.endpoint("http")),
        &[
            ("page", name),
            ("username", &lake.endpoint(person)),
            ("password", &lake.endpoint(&format!("{person}_password"))),
            ("answer", "accept"),
        ],
    )
}

fn exchange(url: &str, method: &str, header: &str, body: &str) -> Page {
    let rest = url.strip_prefix("http://").expect("a plain address");
    let (host, target) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let target = target.strip_prefix('/').unwrap_or(target);
    let mut connection = TcpStream::connect(host).expect("somebody listens");
    write!(
        connection,
        "{method} /{target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{header}\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .expect("the request is taken");
    let mut answer = String::new();
    connection.read_to_string(&mut answer).expect("an answer");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    let location = |line: &str| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("location")
            .then(|| value.to_owned())
    };
    Page {
        body: body.to_owned(),
        location: head.lines().find_map(location),
    }
}

fn encoded(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    let mut encoded = String::new();
    for byte in text.bytes() {
        match plain(&byte) {
            true => encoded.push(byte as char),
            false => {
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
    }
    encoded
}
