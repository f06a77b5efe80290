//! What a browser asks, and the pages that it is shown.

/// The longest request that is read; a code has a few KiB.
pub(super) const LONGEST: usize = 64 << 10;

/// What has been read of a request.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Request<'a> {
    /// Not all of it yet.
    Partial,
    /// The fields of an answer, from the query or from a posted form.
    Answer(&'a str),
    /// Anything else that browsers ask for.
    Other,
    /// Nothing that a browser would send.
    Malformed,
}

/// Understands a request to `http://localhost:<port>/` (RFC 9112), as far as an answer needs it.
pub(super) fn read(bytes: &[u8], port: u16) -> Request<'_> {
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
        return if bytes.len() < LONGEST {
            Request::Partial
        } else {
            Request::Malformed
        };
    };
    let (head, body) = (&bytes[..end], &bytes[end + 4..]);
    let Ok(head) = std::str::from_utf8(head) else {
        return Request::Malformed;
    };
    let (line, head) = head.split_once("\r\n").unwrap_or((head, ""));
    let mut words = line.split(' ');
    let (Some(method), Some(target), Some("HTTP/1.1" | "HTTP/1.0"), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Request::Malformed;
    };
    // Whoever makes a browser believe that another name is this machine gets nothing here.
    if !field(head, "host").is_some_and(|host| is_this(host, port)) {
        return Request::Malformed;
    }
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    match (method, path) {
        ("GET", "/") if !query.is_empty() => Request::Answer(query),
        ("POST", "/") => form(head, body),
        _ => Request::Other,
    }
}

fn form<'a>(head: &str, body: &'a [u8]) -> Request<'a> {
    let length = field(head, "content-length").and_then(|length| length.parse::<usize>().ok());
    let Some(length) = length.filter(|length| *length <= LONGEST) else {
        return Request::Malformed;
    };
    let Some(body) = body.get(..length) else {
        return Request::Partial;
    };
    std::str::from_utf8(body).map_or(Request::Malformed, Request::Answer)
}

fn field<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut fields = head.split("\r\n").filter_map(|line| line.split_once(':'));
    let (_, value) = fields.find(|(key, _)| key.eq_ignore_ascii_case(name))?;
    Some(value.trim())
}

fn is_this(host: &str, port: u16) -> bool {
    let (name, number) = host.rsplit_once(':').unwrap_or((host, "80"));
    number.parse() == Ok(port) && (name.eq_ignore_ascii_case("localhost") || name == "127.0.0.1")
}

pub(super) const DONE: &str = "You have signed in. You can close this page.";
/// Why is not said here: it is somebody else's text, and the program shows it.
pub(super) const REFUSED: &str = "The sign-in failed. The program that opened this page says why.";
pub(super) const UNKNOWN: &str = "This is not an answer to a sign-in that is going on.";
pub(super) const MALFORMED: &str = "This is not a request that is understood here.";

/// The sentence where a person looks, in the colours of the machine.
const STYLE: &str = "body{font:1.2rem/1.5 system-ui,sans-serif;text-align:center;margin:20vh 1rem}\
                     :root{color-scheme:light dark}";

/// A page with one sentence.
pub(super) fn page(status: &str, sentence: &str) -> String {
    let html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>Sign-in</title>\
         <style>{STYLE}</style><body><p>{sentence}</p></body></html>"
    );
    let length = html.len();
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {length}\r\n\
         Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\n\
         Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n\
         Connection: close\r\n\r\n{html}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(target: &str) -> String {
        format!("GET {target} HTTP/1.1\r\nHost: localhost:8400\r\nAccept: */*\r\n\r\n")
    }

    fn post(length: &str, body: &str) -> String {
        format!("POST / HTTP/1.1\r\nhost:127.0.0.1:8400\r\nContent-Length: {length}\r\n\r\n{body}")
    }

    #[test]
    fn an_answer_is_in_the_query_or_in_a_form() {
        assert_eq!(
            read(get("/?code=a").as_bytes(), 8400),
            Request::Answer("code=a")
        );
        assert_eq!(
            read(post("6", "code=a").as_bytes(), 8400),
            Request::Answer("code=a")
        );
        assert_eq!(
            read(post("6", "code=a more").as_bytes(), 8400),
            Request::Answer("code=a")
        );
        for other in ["/favicon.ico", "/", "/?", "//?code=a", "*", "/x?code=a"] {
            assert_eq!(read(get(other).as_bytes(), 8400), Request::Other, "{other}");
        }
    }

    #[test]
    fn every_beginning_of_a_request_is_waited_on() {
        for whole in [get("/?code=a"), post("6", "code=a")] {
            for end in 0..whole.len() {
                let read = read(&whole.as_bytes()[..end], 8400);
                assert_eq!(read, Request::Partial, "{:?}", &whole[..end]);
            }
        }
    }

    #[test]
    fn what_no_browser_sends_is_malformed() {
        let endless = "x".repeat(LONGEST);
        for bad in [
            endless.as_str(),
            "\r\n\r\n",
            "GET /?code=a\r\n\r\n",
            "GET /?code=a HTTP/1.1\r\n\r\n",
            "GET /?code=a HTTP/1.1\r\nHost: evil.example:8400\r\n\r\n",
            "GET /?code=a HTTP/1.1\r\nHost: localhost:8401\r\n\r\n",
            "GET /?code=a HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET /?code=a b HTTP/1.1\r\nHost: localhost:8400\r\n\r\n",
            "GET /?code=a HTTP/2\r\nHost: localhost:8400\r\n\r\n",
            &post("-1", ""),
            &post("99999999999999999999", ""),
            &post("65537", ""),
            &post("", ""),
        ] {
            assert_eq!(read(bad.as_bytes(), 8400), Request::Malformed, "{bad:.60}");
        }
        let bytes = b"POST / HTTP/1.1\r\nHost: localhost:8400\r\nContent-Length: 1\r\n\r\n\xff";
        assert_eq!(read(bytes, 8400), Request::Malformed);
        let head = b"GET /\xff HTTP/1.1\r\nHost: localhost:8400\r\n\r\n";
        assert_eq!(read(head, 8400), Request::Malformed);
    }
}
