//! The real machine: its network through reqwest, its clock, randomness, environment, files and
//! programs.

mod files;
mod processes;
mod proven;
mod random;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures::TryStreamExt;
use time::OffsetDateTime;

use crate::channel::is_loopback;
use crate::context::{Clock, Environment};
use crate::transport::{Direct, ResponseBody, Sent, ServerProof, Transport, TransportError};
use crate::{Context, Error, ErrorKind, Result, env};
use files::SystemFiles;
use processes::SystemProcesses;
use random::SystemRandom;

/// How the network is used.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TransportOptions {
    /// Certificates in PEM form to trust in addition to the system's and to those of the file
    /// that the variable `SSL_CERT_FILE` names.
    pub extra_root_ca_pem: Option<Vec<u8>>,
    /// How long a connection may take to be made, TLS included.
    pub connect_timeout: Duration,
    /// How long a response may stay silent between two pieces of it.
    pub read_timeout: Duration,
}

impl Default for TransportOptions {
    /// The system's certificates, 10 s to connect, 60 s of silence.
    fn default() -> Self {
        Self {
            extra_root_ca_pem: None,
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(60),
        }
    }
}

impl TransportOptions {
    /// Trusts these certificates too.
    #[must_use]
    pub fn with_extra_root_ca_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.extra_root_ca_pem = Some(pem.into());
        self
    }

    /// Sets how long a connection may take to be made.
    #[must_use]
    pub fn with_connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets how long a response may stay silent between two pieces of it.
    #[must_use]
    pub fn with_read_timeout(mut self, timeout: Duration) -> Self {
        self.read_timeout = timeout;
        self
    }
}

impl Context {
    /// The context of this machine. Its futures need a tokio runtime with time and I/O enabled.
    ///
    /// Proxies come from `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`.
    ///
    /// # Errors
    /// The file that `SSL_CERT_FILE` names cannot be read or used, or the system has no
    /// certificates to trust.
    pub fn system() -> Result<Self> {
        Self::system_with(&TransportOptions::default())
    }

    /// The context of this machine, its network used as the options say.
    ///
    /// # Errors
    /// As [`Context::system`], and when an extra certificate cannot be used.
    pub fn system_with(options: &TransportOptions) -> Result<Self> {
        let transport = ReqwestTransport::new(options, &SystemEnvironment)?;
        Ok(Self::system_over(Arc::new(transport)))
    }

    /// The context of this machine over another transport, such as a lake in this process.
    ///
    /// Unlike [`Context::system`] it sets up no network, so it needs no certificates to trust.
    pub fn system_over(transport: Arc<dyn Transport>) -> Self {
        Self::new(
            transport,
            Arc::new(SystemClock),
            Arc::new(SystemRandom::default()),
            Arc::new(SystemEnvironment),
        )
        .with_files(Arc::new(SystemFiles))
        .with_processes(Arc::new(SystemProcesses))
    }
}

/// Most urls fit into it.
const URL_CAPACITY: usize = 256;

struct ReqwestTransport {
    settings: Settings,
    client: reqwest::Client,
    /// For what no proxy must come between: this very machine, because a token that may go over
    /// plain http to a loopback address must not go over plain http to a proxy, and what is asked
    /// for with [`Direct`]. Most programs ask for no such thing, and each client reads all the
    /// certificates of the system.
    direct: OnceLock<reqwest::Client>,
}

/// What all clients are made of.
struct Settings {
    certificates: Vec<reqwest::Certificate>,
    connect_timeout: Duration,
    read_timeout: Duration,
}

impl Settings {
    fn new(options: &TransportOptions, environment: &dyn Environment) -> Result<Self> {
        let mut certificates = Vec::new();
        if let Some(pem) = &options.extra_root_ca_pem {
            certificates.extend(parse_certificates(pem, "the extra root certificate")?);
        }
        if let Some(path) = environment.var(env::SSL_CERT_FILE) {
            let what = format!("{path:?}, named by {},", env::SSL_CERT_FILE);
            let pem = std::fs::read(&path).map_err(|error| {
                Error::new(ErrorKind::Request, format!("{what} cannot be read")).with_source(error)
            })?;
            certificates.extend(parse_certificates(&pem, &what)?);
        }
        Ok(Self {
            certificates,
            connect_timeout: options.connect_timeout,
            read_timeout: options.read_timeout,
        })
    }

    /// A client that trusts nobody yet.
    fn untrusting(&self) -> reqwest::ClientBuilder {
        reqwest::Client::builder()
            // A redirect would carry the token to another host.
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .connect_timeout(self.connect_timeout)
            .read_timeout(self.read_timeout)
    }

    fn client(&self) -> reqwest::ClientBuilder {
        let certificates = self.certificates.iter().cloned();
        self.untrusting().tls_certs_merge(certificates)
    }
}

impl ReqwestTransport {
    fn new(options: &TransportOptions, environment: &dyn Environment) -> Result<Self> {
        let settings = Settings::new(options, environment)?;
        let client = settings.client().build().map_err(|error| {
            Error::new(ErrorKind::Request, "the network cannot be set up").with_source(error)
        })?;
        Ok(Self {
            client,
            direct: OnceLock::new(),
            settings,
        })
    }

    fn direct(&self) -> Result<&reqwest::Client, TransportError> {
        if let Some(client) = self.direct.get() {
            return Ok(client);
        }
        let client = self.settings.client().no_proxy().build();
        let client = client.map_err(to_transport_error)?;
        // Where another thread was faster, that one's connections are kept.
        Ok(self.direct.get_or_init(|| client))
    }
}

fn parse_certificates(pem: &[u8], what: &str) -> Result<Vec<reqwest::Certificate>> {
    let unusable = || Error::new(ErrorKind::Request, format!("{what} is not PEM"));
    let certificates = reqwest::Certificate::from_pem_bundle(pem)
        .map_err(|error| unusable().with_source(error))?;
    if certificates.is_empty() {
        return Err(unusable());
    }
    Ok(certificates)
}

#[async_trait]
impl Transport for ReqwestTransport {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<ResponseBody>, TransportError> {
        let is_direct = request.extensions().get::<Direct>().is_some()
            || request.uri().host().is_some_and(is_loopback);
        let client = if is_direct {
            self.direct()?
        } else {
            &self.client
        };
        let request = to_reqwest(request)?;
        execute(client, request).await.map_err(to_transport_error)
    }

    async fn send_to_proven(
        &self,
        proof: ServerProof,
        mut request: http::Request<Bytes>,
    ) -> Result<http::Response<ResponseBody>, TransportError> {
        let client = proven::client(&self.settings, proof, &mut request).await?;
        let answered = execute(&client, to_reqwest(request)?).await;
        answered.map_err(
            |error| match error.is_connect() && blames_certificate(&error) {
                true => TransportError::new(
                    Sent::No,
                    "the server's certificate is not the expected one",
                )
                .lasting()
                .with_source(error.without_url()),
                false => to_transport_error(error),
            },
        )
    }
}

async fn execute(
    client: &reqwest::Client,
    request: reqwest::Request,
) -> Result<http::Response<ResponseBody>, reqwest::Error> {
    let mut response = client.execute(request).await?;
    let mut head = http::Response::new(());
    *head.status_mut() = response.status();
    *head.version_mut() = response.version();
    *head.headers_mut() = std::mem::take(response.headers_mut());
    let pieces = response.bytes_stream().map_err(to_transport_error);
    Ok(head.map(|()| ResponseBody::stream(pieces)))
}

/// The request as reqwest has it. Its own conversion passes the url through a formatter, which
/// costs more than all that the pipeline does for a request.
fn to_reqwest(request: http::Request<Bytes>) -> Result<reqwest::Request, TransportError> {
    let (head, body) = request.into_parts();
    let uri = head.uri.into_parts();
    let mut url = String::with_capacity(URL_CAPACITY);
    if let (Some(scheme), Some(authority)) = (&uri.scheme, &uri.authority) {
        url.push_str(scheme.as_str());
        url.push_str("://");
        url.push_str(authority.as_str());
    }
    url.push_str(uri.path_and_query.as_ref().map_or("", |rest| rest.as_str()));
    let url = reqwest::Url::parse(&url).map_err(|error| malformed().with_source(error))?;
    let mut request = reqwest::Request::new(head.method, url);
    *request.headers_mut() = head.headers;
    *request.body_mut() = Some(body.into());
    *request.version_mut() = head.version;
    Ok(request)
}

fn malformed() -> TransportError {
    TransportError::new(Sent::No, "the request is not well formed").lasting()
}

impl fmt::Debug for ReqwestTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReqwestTransport")
    }
}

/// reqwest calls every failure before the first byte of the request `connect` or `builder`:
/// names, sockets, TLS and proxy tunnels. Of anything later the service may have seen something.
fn to_transport_error(error: reqwest::Error) -> TransportError {
    let failure = if error.is_builder() {
        malformed()
    } else if error.is_connect() && blames_certificate(&error) {
        TransportError::new(
            Sent::No,
            "the service's certificate is not trusted; an extra root certificate or \
             SSL_CERT_FILE can change that",
        )
        .lasting()
    } else if error.is_connect() && error.is_timeout() {
        TransportError::new(Sent::No, "no connection was made in time")
    } else if error.is_connect() {
        TransportError::new(Sent::No, "no connection could be made")
    } else if error.is_timeout() {
        TransportError::new(Sent::Maybe, "the service stayed silent for too long")
    } else {
        TransportError::new(Sent::Maybe, "the connection failed")
    };
    // The url may hold a secret in its query, and the pipeline names it without.
    failure.with_source(error.without_url())
}

fn blames_certificate(error: &reqwest::Error) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(rustls::Error::InvalidCertificate(_)) = error.downcast_ref() {
            return true;
        }
        cause = match error.downcast_ref::<std::io::Error>() {
            // An io::Error that wraps another gives that one's source as its own.
            Some(error) => error.get_ref().map(|inner| inner as _),
            None => error.source(),
        };
    }
    false
}

#[derive(Debug)]
struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the context's clock")]
    fn now(&self) -> OffsetDateTime {
        OffsetDateTime::now_utc()
    }

    /// The time of the last tick of the kernel, at most 10 ms ago. To read the exact time costs
    /// five times as much, and a system call on machines without a trusted counter.
    #[cfg(target_os = "linux")]
    fn unix_nanos(&self) -> u64 {
        use rustix::time::{ClockId, clock_gettime};

        let tick = clock_gettime(ClockId::RealtimeCoarse);
        let nanos = i128::from(tick.tv_sec) * 1_000_000_000 + i128::from(tick.tv_nsec);
        u64::try_from(nanos).unwrap_or_default()
    }

    #[expect(clippy::disallowed_methods, reason = "this is the context's clock")]
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(duration))
    }
}

#[derive(Debug)]
struct SystemEnvironment;

impl Environment for SystemEnvironment {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the context's environment"
    )]
    fn var(&self, name: &str) -> Option<String> {
        std::env::var(name).ok().filter(|value| !value.is_empty())
    }
}
