//! Real sockets, on loopback: the proxy, the certificates and the end of a listener.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use http::{Method, StatusCode};
use lake_service::{ErrorKind, ListenOptions, Listener, Sockets};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;
use tokio_util::sync::CancellationToken;

use crate::harness::{DATA_LAKE, Harness};

pub(crate) struct Served {
    pub(crate) lake: Harness,
    pub(crate) http: SocketAddr,
    https: SocketAddr,
    ca: CertificateDer<'static>,
    stop: CancellationToken,
    serving: JoinHandle<()>,
}

impl Served {
    #[expect(clippy::disallowed_methods, reason = "a test owns its runtime")]
    pub(crate) async fn start() -> Self {
        // Certificates are judged by the real clock of the TLS library.
        let lake = Harness::with_system_clock().await;
        let listener = listener(&lake).await;
        let (http, https) = (listener.http_address(), listener.https_address());
        let ca = CertificateDer::from_pem_file(listener.ca_path()).unwrap();
        let stop = CancellationToken::new();
        let serving = tokio::spawn(listener.serve(stop.clone()));
        Self {
            lake,
            http,
            https,
            ca,
            stop,
            serving,
        }
    }

    async fn tls<S>(
        &self,
        stream: S,
        name: &str,
        alpn: &[&[u8]],
    ) -> io::Result<tokio_rustls::client::TlsStream<S>>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(self.ca.clone()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = alpn.iter().map(|protocol| protocol.to_vec()).collect();
        let name = ServerName::try_from(name.to_owned()).unwrap();
        TlsConnector::from(Arc::new(config))
            .connect(name, stream)
            .await
    }

    /// A tunnel of the proxy, or the status that it was refused with.
    pub(crate) async fn tunnel(&self, target: &str) -> Result<TcpStream, StatusCode> {
        let mut stream = TcpStream::connect(self.http).await.unwrap();
        stream
            .write_all(format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n").as_bytes())
            .await
            .unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.unwrap());
        }
        let head = String::from_utf8(head).unwrap();
        match head.split(' ').nth(1).unwrap().parse().unwrap() {
            StatusCode::OK => Ok(stream),
            status => Err(status),
        }
    }
}

async fn listener(lake: &Harness) -> Listener {
    let free_ports = ListenOptions::default().with_ports(0, 0);
    let sockets = Sockets::bind(free_ports).await.unwrap();
    Listener::new(lake.lake.clone(), sockets).await.unwrap()
}

/// Sends one request and reads until the server closes.
pub(crate) async fn exchange(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    request: &str,
) -> String {
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // The server may close without TLS's goodbye; what counts is what it said.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8(answer).unwrap()
}

fn get(host: &str, path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
}

#[tokio::test]
async fn a_tunnel_to_a_name_of_the_cloud_ends_in_the_lake() {
    let served = Served::start().await;
    let tunnel = served
        .tunnel("login.microsoftonline.com:443")
        .await
        .unwrap();
    let tls = served
        .tls(tunnel, "login.microsoftonline.com", &[])
        .await
        .unwrap();
    let path = format!(
        "/{}/v2.0/.well-known/openid-configuration",
        served.lake.endpoints.tenant
    );
    let answer = exchange(tls, &get("login.microsoftonline.com", &path)).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    let endpoint = format!(
        "\"https://login.microsoftonline.com/{}/oauth2/v2.0/token\"",
        served.lake.endpoints.tenant
    );
    assert!(answer.contains(&endpoint), "{answer}");
}

#[tokio::test]
async fn the_proxy_reaches_nothing_but_the_lake() {
    let served = Served::start().await;
    for target in [
        "example.com:443",
        "login.microsoftonline.com:22",
        "127.0.0.1:443",
        "azuredatalakestore.net.evil.example:443",
    ] {
        assert_eq!(
            served.tunnel(target).await.unwrap_err(),
            StatusCode::FORBIDDEN,
            "{target}"
        );
    }
    let stream = TcpStream::connect(served.http).await.unwrap();
    let answer = exchange(stream, &get("example.com", "http://example.com/")).await;
    assert!(answer.starts_with("HTTP/1.1 403 Forbidden\r\n"), "{answer}");
}

#[tokio::test]
async fn a_plain_proxy_request_for_a_name_of_the_cloud_is_answered() {
    let served = Served::start().await;
    let stream = TcpStream::connect(served.http).await.unwrap();
    let url = "http://lakestore.azuredatalakestore.net/webhdfs/v1/?op=LISTSTATUS";
    let answer = exchange(stream, &get("lakestore.azuredatalakestore.net", url)).await;
    assert!(
        answer.starts_with("HTTP/1.1 401 Unauthorized\r\n"),
        "{answer}"
    );
    assert!(answer.contains("SecurityException"), "{answer}");
}

#[tokio::test]
async fn https_works_by_address_and_by_name_and_offers_http2() {
    let served = Served::start().await;
    for name in ["127.0.0.1", "localhost", "lakestore.azuredatalakestore.net"] {
        let stream = TcpStream::connect(served.https).await.unwrap();
        let tls = served
            .tls(stream, name, &[b"h2", b"http/1.1"])
            .await
            .unwrap();
        assert_eq!(tls.get_ref().1.alpn_protocol(), Some(&b"h2"[..]), "{name}");
    }
    let stream = TcpStream::connect(served.https).await.unwrap();
    let tls = served.tls(stream, "localhost", &[]).await.unwrap();
    let answer = exchange(tls, &get("localhost", "/")).await;
    assert!(answer.contains("https://localhost/webhdfs/v1/"), "{answer}");
}

#[tokio::test]
async fn a_name_that_is_not_ours_gets_no_certificate() {
    let served = Served::start().await;
    let stream = TcpStream::connect(served.https).await.unwrap();
    assert!(served.tls(stream, "www.example.com", &[]).await.is_err());
}

#[tokio::test]
async fn http2_reaches_the_lake_too() {
    let served = Served::start().await;
    let stream = TcpStream::connect(served.https).await.unwrap();
    let tls = served
        .tls(stream, "login.windows.net", &[b"h2"])
        .await
        .unwrap();
    let executor = hyper_util::rt::TokioExecutor::new();
    let io = hyper_util::rt::TokioIo::new(tls);
    let (mut sender, connection) = hyper::client::conn::http2::handshake(executor, io)
        .await
        .unwrap();
    let request =
        http::Request::get("https://login.windows.net/common/.well-known/openid-configuration")
            .body(http_body_util::Empty::<bytes::Bytes>::new())
            .unwrap();
    let answer = async {
        let response = sender.send_request(request).await.unwrap();
        drop(sender);
        response.status()
    };
    let (status, _) = tokio::join!(answer, connection);
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test]
async fn a_token_from_the_socket_is_good_in_the_process() {
    let served = Served::start().await;
    let form = served.lake.client_form(&[("resource", DATA_LAKE)]);
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .finish();
    let request = format!(
        "POST /{}/oauth2/token HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        served.lake.endpoints.tenant,
        body.len()
    );
    let answer = exchange(TcpStream::connect(served.http).await.unwrap(), &request).await;
    let (_, json) = answer.split_once("\r\n\r\n").unwrap();
    let token: serde_json::Value = serde_json::from_str(json).unwrap();
    let url = "http://127.0.0.1/webhdfs/v1/?op=LISTSTATUS";
    let response = served
        .lake
        .get_with(url, token["access_token"].as_str().unwrap())
        .await;
    assert_ne!(response.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_port_that_somebody_has_is_a_clear_error() {
    let served = Served::start().await;
    let taken = ListenOptions::default().with_ports(0, served.https.port());
    let error = Sockets::bind(taken).await.err().unwrap();
    assert_eq!(error.kind(), ErrorKind::PortInUse);
    assert!(
        error.to_string().contains(&served.https.to_string()),
        "{error}"
    );
}

#[tokio::test]
async fn a_listener_that_is_stopped_closes_idle_connections_and_its_ports() {
    let served = Served::start().await;
    let mut idle = TcpStream::connect(served.http).await.unwrap();
    idle.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .await
        .unwrap();
    idle.read_u8().await.unwrap();
    served.stop.cancel();
    served.serving.await.unwrap();
    let mut rest = Vec::new();
    idle.read_to_end(&mut rest).await.unwrap();
    assert!(String::from_utf8(rest).unwrap().ends_with("</html>\n"));
    assert!(TcpStream::connect(served.http).await.is_err());
}

#[tokio::test]
async fn endpoints_name_the_ports_that_were_free() {
    let served = Served::start().await;
    served.stop.cancel();
    let listener = listener(&served.lake).await;
    let endpoints = listener.endpoints();
    assert_eq!(
        endpoints.http,
        format!("http://{}", listener.http_address())
    );
    assert_eq!(
        endpoints.https,
        format!("https://{}", listener.https_address())
    );
    assert_eq!(endpoints.ca, listener.ca_path());
    assert_ne!(listener.http_address().port(), 0);
}

#[tokio::test]
async fn half_of_a_truncated_answer_arrives_and_then_the_connection_breaks() {
    let served = Served::start().await;
    let request = get("localhost", "/common/discovery/keys");
    let connect = || async { TcpStream::connect(served.http).await.unwrap() };
    let whole = exchange(connect().await, &request).await;
    let (_, whole) = whole.split_once("\r\n\r\n").unwrap();
    let admin = served.lake.admin_token().await;
    let fault = serde_json::json!({"path": "/common/", "answer": "truncated"});
    served.lake.faults(Method::POST, &admin, &fault).await;
    let answer = exchange(connect().await, &request).await;
    let (head, half) = answer.split_once("\r\n\r\n").unwrap();
    assert_eq!(half, &whole[..whole.len() / 2]);
    let length = format!("content-length: {}", whole.len());
    assert!(head.to_lowercase().contains(&length), "{head}");
}
