//! Our transport, as official clients want it.

use std::sync::Arc;

use aad_core::transport::{Sent, Transport, TransportError};
use async_trait::async_trait;
use azure_core::error::ErrorKind;
use azure_core::http::headers::Headers;
use azure_core::http::{AsyncRawResponse, Body, HttpClient, Request};
use bytes::Bytes;
use futures::{AsyncReadExt, TryStreamExt};

/// A [`Transport`] as an [`HttpClient`]: official clients then go the way that ours go, with the
/// same proxies and trusted certificates, or to a lake in this process, and bring no HTTP stack of
/// their own.
///
/// ```
/// use std::sync::Arc;
///
/// use aad_azure_core::TransportClient;
/// use azure_core::http::{ClientOptions, Transport};
///
/// # fn example(context: &aad_core::Context) {
/// let client = TransportClient::new(Arc::clone(context.transport()));
/// let options = ClientOptions {
///     transport: Some(Transport::new(Arc::new(client))),
///     ..ClientOptions::default()
/// };
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct TransportClient(Arc<dyn Transport>);

impl TransportClient {
    /// This transport, for official clients.
    pub fn new(transport: Arc<dyn Transport>) -> Self {
        Self(transport)
    }
}

#[async_trait]
impl HttpClient for TransportClient {
    /// Sends one request. A body that is a stream is read into memory before.
    ///
    /// Dropping the future gives the request up; whether the service saw it is then unknown.
    async fn execute_request(&self, request: &Request) -> azure_core::Result<AsyncRawResponse> {
        let request = to_http(request).await?;
        let response = self.0.send(request).await.map_err(failed)?;
        let (parts, body) = response.into_parts();
        let mut headers = Headers::new();
        for (name, value) in &parts.headers {
            // Official headers are text; a value that is none cannot be shown.
            if let Ok(value) = value.to_str() {
                headers.insert(name.as_str().to_owned(), value.to_owned());
            }
        }
        let status = parts.status.as_u16().into();
        let pieces = Box::pin(body.map_err(failed));
        Ok(AsyncRawResponse::new(status, headers, pieces))
    }
}

async fn to_http(request: &Request) -> azure_core::Result<http::Request<Bytes>> {
    let mut builder = http::Request::builder()
        .method(request.method().as_str())
        .uri(request.url().as_str());
    for (name, value) in request.headers().iter() {
        builder = builder.header(name.as_str(), value.as_str());
    }
    let body = match request.body().clone() {
        Body::Bytes(bytes) => bytes,
        Body::SeekableStream(mut stream) => {
            let mut whole = Vec::new();
            stream.read_to_end(&mut whole).await?;
            whole.into()
        }
    };
    builder.body(body).map_err(|error| {
        let message = "the request is not well formed";
        azure_core::Error::with_error(ErrorKind::DataConversion, error, message)
    })
}

/// Official clients try again what never left and what got no answer, and nothing else.
fn failed(error: TransportError) -> azure_core::Error {
    let kind = match error.sent() {
        _ if error.is_lasting() => ErrorKind::Other,
        Sent::No => ErrorKind::Connection,
        Sent::Maybe => ErrorKind::Io,
    };
    azure_core::Error::new(kind, error)
}
