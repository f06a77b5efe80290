//! The http port as a proxy for the cloud's own names: every tunnel ends in this same service.
//!
//! With `HTTPS_PROXY` set, an unmodified program that hard-codes `login.microsoftonline.com` reaches the lake.

use std::net::SocketAddr;

use http::{Request, Response, StatusCode, Uri};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;

use super::connection::Server;
use crate::body::Body;
use crate::{reply, routing};

/// Answers CONNECT: 200 and a tunnel for port 443 of a name of the cloud, else 403.
pub(super) fn connect(server: &Server, request: Request<Incoming>) -> Response<Body> {
    let uri = request.uri();
    let allowed = uri.port_u16() == Some(443)
        && uri
            .host()
            .is_some_and(|host| routing::cloud_name(host).is_some());
    if !allowed {
        return refused();
    }
    // The cloud has no address for the name of an account that is not there.
    if !uri.host().is_some_and(|host| server.lake.has_host(host)) {
        let message = "The lake has no account of this name.";
        return reply::error(StatusCode::BAD_GATEWAY, "ResourceNotFound", message);
    }
    let server = server.clone();
    let connections = server.connections.clone();
    connections.spawn(async move {
        let upgraded = tokio::select! {
            upgraded = hyper::upgrade::on(request) => upgraded,
            () = server.abort.cancelled() => return,
        };
        match upgraded {
            Ok(tunnel) => Box::pin(server.serve_tls(TokioIo::new(tunnel), None)).await,
            Err(error) => tracing::debug!(%error, "a tunnel broke before it began"),
        }
    });
    Response::new(Body::empty())
}

/// Whether a request in absolute form is for us: a name of the cloud, or the address of this very socket.
pub(super) fn may_reach(uri: &Uri, local: Option<SocketAddr>) -> bool {
    let Some(host) = uri.host().filter(|_| uri.scheme().is_some()) else {
        return true;
    };
    match routing::as_ip(host) {
        Some(ip) => ip.is_loopback() || local.is_some_and(|local| local.ip() == ip),
        None => routing::cloud_name(host).is_some() || routing::is_localhost(host),
    }
}

pub(super) fn refused() -> Response<Body> {
    let message = "This proxy reaches the data lake on this machine only, under the names that the cloud has for it.";
    reply::error(StatusCode::FORBIDDEN, "ProxyRefused", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_proxy_reaches_the_lake_only() {
        let local = Some(SocketAddr::from(([192, 168, 0, 2], 7170)));
        let check = |uri: &str, reaches| {
            assert_eq!(may_reach(&uri.parse().unwrap(), local), reaches, "{uri}");
        };
        check("/webhdfs/v1/", true);
        check("http://lakestore.azuredatalakestore.net/webhdfs/v1/", true);
        check("http://localhost:7170/", true);
        check("http://127.0.0.1:7170/", true);
        check("http://192.168.0.2:7170/", true);
        check("http://192.168.0.3/", false);
        check("http://169.254.169.254/metadata", false);
        check("http://example.com/", false);
    }
}
