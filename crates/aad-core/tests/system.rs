//! The real transport against servers on this machine.
#![cfg(feature = "reqwest")]
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows tests, but not their helpers"
)]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use aad_core::context::unix_nanos;
use aad_core::retry::RetryPolicy;
use aad_core::system::TransportOptions;
use aad_core::transport::{Sent, TransportError};
use aad_core::{Context, Error, ErrorKind, Pipeline, PipelineOptions, Repeat, Result};
use bytes::Bytes;
use testkit::tls;

/// A server on a free port of this machine that treats each connection so; counts them.
fn serve(treat: impl Fn(TcpStream) + Send + 'static) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            counter.fetch_add(1, Ordering::SeqCst);
            treat(stream.unwrap());
        }
    });
    (port, count)
}

/// Reads the head of a request; a test's requests have no body.
fn read_head(stream: &mut impl Read) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        if stream.read(&mut byte).unwrap_or(0) == 0 {
            break;
        }
        head.push(byte[0]);
    }
    String::from_utf8(head).unwrap()
}

fn answer(stream: &mut impl Write, response: &str) {
    stream.write_all(response.as_bytes()).unwrap();
    stream.flush().unwrap();
}

fn get(url: &str, options: &TransportOptions) -> Result<Bytes> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let context = Context::system_with(options)?;
    let once = PipelineOptions::default().with_retry(RetryPolicy::none());
    let pipeline = Pipeline::new(context, once);
    let request = http::Request::get(url).body(Bytes::new()).unwrap();
    let response = runtime.block_on(pipeline.send_collected(request, Repeat::Safe))?;
    Ok(response.into_body())
}

fn transport_error(error: &Error) -> &TransportError {
    let source = std::error::Error::source(error).unwrap();
    source.downcast_ref().unwrap()
}

#[test]
fn an_answer_arrives_as_it_was_sent() {
    let (port, _) = serve(|mut stream| {
        let head = read_head(&mut stream);
        assert!(head.starts_with("GET /a%20b?c=d HTTP/1.1\r\n"), "{head}");
        answer(
            &mut stream,
            "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello",
        );
    });
    let url = format!("http://127.0.0.1:{port}/a%20b?c=d");
    assert_eq!(get(&url, &TransportOptions::default()).unwrap(), "hello");
}

#[test]
fn a_refused_connection_was_certainly_not_sent() {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let url = format!("http://127.0.0.1:{port}/?sig=s3cr3t");
    let error = get(&url, &TransportOptions::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transient);
    assert_eq!(transport_error(&error).sent(), Sent::No);
    assert!(!format!("{error:?}").contains("s3cr3t"));
}

#[test]
fn a_connection_that_breaks_later_may_have_been_sent() {
    for part in ["", "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhe"] {
        let (port, _) = serve(move |mut stream| {
            read_head(&mut stream);
            answer(&mut stream, part);
        });
        let url = format!("http://127.0.0.1:{port}/");
        let error = get(&url, &TransportOptions::default()).unwrap_err();
        assert_eq!(transport_error(&error).sent(), Sent::Maybe, "{part}");
        assert_eq!(error.kind(), ErrorKind::Transient);
    }
}

#[test]
fn silence_ends() {
    let (port, _) = serve(std::mem::forget);
    let options = TransportOptions::default().with_read_timeout(Duration::from_millis(50));
    let error = get(&format!("http://127.0.0.1:{port}/"), &options).unwrap_err();
    assert_eq!(transport_error(&error).sent(), Sent::Maybe);
    assert_eq!(
        transport_error(&error).to_string(),
        "the service stayed silent for too long"
    );
}

#[test]
fn a_redirect_is_not_followed() {
    let (elsewhere, visits) = serve(|_| {});
    let (port, _) = serve(move |mut stream| {
        read_head(&mut stream);
        let response = format!(
            "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:{elsewhere}/\r\ncontent-length: 0\r\n\r\n"
        );
        answer(&mut stream, &response);
    });
    let error = get(
        &format!("http://127.0.0.1:{port}/"),
        &TransportOptions::default(),
    );
    assert_eq!(
        error.unwrap_err().status().map(|status| status.as_u16()),
        Some(302)
    );
    assert_eq!(visits.load(Ordering::SeqCst), 0);
}

#[test]
fn a_certificate_is_trusted_only_if_its_authority_is() {
    let authority = tls::Authority::new();
    let server = tls::Server::start(authority.issue("localhost"), "hello");
    let url = format!("https://localhost:{}/", server.port());

    let error = get(&url, &TransportOptions::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request, "{error:?}");
    let cause = transport_error(&error);
    assert!(
        cause.is_lasting() && cause.to_string().contains("SSL_CERT_FILE"),
        "{cause}"
    );

    let trusting = TransportOptions::default().with_extra_root_ca_pem(authority.pem());
    assert_eq!(get(&url, &trusting).unwrap(), "hello");
}

#[test]
fn what_is_not_a_certificate_is_refused() {
    for pem in [
        "",
        "nonsense",
        "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n",
    ] {
        let options = TransportOptions::default().with_extra_root_ca_pem(pem);
        let error = Context::system_with(&options).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request, "{pem}");
    }
}

#[test]
fn the_cheap_clock_tells_the_same_time() {
    let context = Context::system().unwrap();
    let before = unix_nanos(context.now());
    let cheap = context.unix_nanos();
    let after = unix_nanos(context.now());
    let tick = 20_000_000;
    assert!(
        (before - tick..=after).contains(&cheap),
        "{before} {cheap} {after}"
    );
}

#[test]
fn the_machine_has_a_clock_randomness_and_variables() {
    let context = Context::system().unwrap();
    assert!(context.now() > time::macros::datetime!(2026-01-01 00:00 UTC));
    assert_ne!(context.uuid(), context.uuid());
    assert!(context.var("PATH").is_some());
    assert_eq!(context.var("AZURE_NO_SUCH_VARIABLE"), None);
}

#[cfg(feature = "blocking")]
#[test]
fn threads_without_a_runtime_of_their_own_share_connections() {
    const THREADS: usize = 4;
    let (port, connections) = serve(|mut stream| {
        std::thread::spawn(move || {
            while !read_head(&mut stream).is_empty() {
                answer(
                    &mut stream,
                    "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello",
                );
            }
        });
    });
    let runtime = aad_core::blocking::Runtime::new().unwrap();
    let context = Context::system().unwrap();
    let once = PipelineOptions::default().with_retry(RetryPolicy::none());
    let pipeline = Pipeline::new(context, once);
    std::thread::scope(|threads| {
        for _ in 0..THREADS {
            threads.spawn(|| {
                for _ in 0..10 {
                    let request = http::Request::get(format!("http://127.0.0.1:{port}/"));
                    let request = request.body(Bytes::new()).unwrap();
                    let sent = pipeline.send_collected(request, Repeat::Safe);
                    assert_eq!(runtime.wait(sent).unwrap().body(), "hello");
                }
            });
        }
    });
    // A connection that one call leaves serves the next one, whoever makes it.
    assert!(connections.load(Ordering::SeqCst) < 4 * THREADS);
}
