//! One connection: TLS, then HTTP, then the lake.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use http::uri::{Authority, PathAndQuery, Scheme as UriScheme};
use http::{Method, Request, Response, Uri, header};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::patience::Patient;
use super::{Scheme, TcpStream, pause, proxy, within};
use crate::body::Body;
use crate::faults::Delay;
use crate::lake::Lake;

/// A client that has not shaken hands after this long is sent away.
const PATIENCE: Duration = Duration::from_secs(30);
/// One that has not sent the head of its next request after this long, or more of a body, too. Pools of clients keep connections for
/// a minute and a half, so theirs are never closed under a request that is just being sent.
const IDLE: Duration = Duration::from_secs(120);
/// More header lines than any client sends.
const HEADERS: usize = 128;
const HEADER_BYTES: u32 = 64 * 1024;

/// What every connection shares.
#[derive(Clone)]
pub(super) struct Server {
    pub(super) lake: Lake,
    pub(super) tls: TlsAcceptor,
    /// End after the request in flight.
    pub(super) stop: CancellationToken,
    /// End now.
    pub(super) abort: CancellationToken,
    pub(super) connections: TaskTracker,
}

impl Server {
    /// Serves a fresh socket until either side ends.
    pub(super) async fn serve(&self, stream: TcpStream, scheme: Scheme) {
        let _ = stream.set_nodelay(true);
        let local = stream.local_addr().ok();
        match scheme {
            Scheme::Http => self.drive(stream, scheme, local).await,
            Scheme::Https => self.serve_tls(stream, local).await,
        }
    }

    /// Serves TLS on a socket or inside a tunnel.
    pub(super) async fn serve_tls<S>(&self, stream: S, local: Option<SocketAddr>)
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        match within(PATIENCE, self.tls.accept(stream)).await {
            Some(Ok(stream)) => self.drive(stream, Scheme::Https, local).await,
            Some(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
            None => tracing::debug!("a TLS handshake took too long"),
        }
    }

    async fn drive<S>(&self, stream: S, scheme: Scheme, local: Option<SocketAddr>)
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let mut builder = auto::Builder::new(TokioExecutor::new());
        builder
            .http1()
            .timer(TokioTimer::new())
            .header_read_timeout(IDLE)
            .max_headers(HEADERS);
        builder
            .http2()
            .timer(TokioTimer::new())
            .max_header_list_size(HEADER_BYTES)
            .keep_alive_interval(PATIENCE);
        let service = service_fn(|request| {
            let server = self.clone();
            async move { Ok::<_, Infallible>(server.answer(request, scheme, local).await) }
        });
        let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
        let mut connection = pin!(connection);
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = self.abort.cancelled() => return,
            () = self.stop.cancelled() => {
                connection.as_mut().graceful_shutdown();
                tokio::select! {
                    ended = connection => ended,
                    () = self.abort.cancelled() => return,
                }
            }
        };
        if let Err(error) = ended {
            tracing::debug!(error, "a connection broke");
        }
    }

    async fn answer(
        &self,
        request: Request<Incoming>,
        scheme: Scheme,
        local: Option<SocketAddr>,
    ) -> Response<Body> {
        let proxied = scheme == Scheme::Http && request.version() < http::Version::HTTP_2;
        if proxied && request.method() == Method::CONNECT {
            return proxy::connect(self, request);
        }
        if proxied && !proxy::may_reach(request.uri(), local) {
            return proxy::refused();
        }
        let request = with_absolute_url(request.map(receive), scheme);
        let response = self.lake.handle(request).await;
        if let Some(&Delay(duration)) = response.extensions().get() {
            pause(duration).await;
        }
        response
    }
}

fn receive(body: Incoming) -> Body {
    match http_body::Body::is_end_stream(&body) {
        true => Body::empty(),
        false => Body::wrap(Patient::new(body, IDLE)),
    }
}

/// The lake wants to know under which url it was asked. A Host that is none is left for the lake to refuse.
fn with_absolute_url(mut request: Request<Body>, scheme: Scheme) -> Request<Body> {
    let authority = match request.uri().authority() {
        Some(authority) => Some(authority.clone()),
        None => request
            .headers()
            .get(header::HOST)
            .and_then(|host| Authority::try_from(host.as_bytes()).ok()),
    };
    if let Some(authority) = authority {
        let mut parts = std::mem::take(request.uri_mut()).into_parts();
        parts.scheme = Some(match scheme {
            Scheme::Http => UriScheme::HTTP,
            Scheme::Https => UriScheme::HTTPS,
        });
        parts.authority = Some(authority);
        parts
            .path_and_query
            .get_or_insert_with(|| PathAndQuery::from_static("/"));
        *request.uri_mut() = Uri::from_parts(parts).unwrap_or_default();
    }
    request
}
