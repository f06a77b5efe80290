//! Requests in two steps: where to, and then the bytes.
//!
//! Where the endpoint sends us is its business: the DataNodes of a cluster have names and ports of
//! their own, and an address holds whatever lets us in. So we go to any host, with the body if
//! there is one, but
//! - a token goes to the endpoint's own scheme, host and port and nowhere else;
//! - from https we do not go to http, where the bytes could be read on the way;
//! - an address with a name and a password in it is refused, as is a circle.

use std::sync::Arc;

use aad_core::transport::{ResponseBody, ServerProof, Transport, TransportError};
use aad_core::{Pipeline, Repeat};
use async_trait::async_trait;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, LOCATION};
use http::{Method, Request, Response, StatusCode};
use url::Url;

use super::WebHdfs;
use crate::operation::Operation;
use crate::{Error, ErrorKind, Result};

/// How often one request is sent on. A cluster does it once, a gateway before it once more.
const MOST_REDIRECTS: usize = 4;

/// Hands redirects on as answers, where a pipeline would make errors of them.
#[derive(Debug)]
pub(super) struct Redirects(pub(super) Arc<dyn Transport>);

/// Marks an answer that was a redirect.
#[derive(Clone, Copy)]
struct Redirected;

#[async_trait]
impl Transport for Redirects {
    async fn send(
        &self,
        request: Request<Bytes>,
    ) -> Result<Response<ResponseBody>, TransportError> {
        let mut response = self.0.send(request).await?;
        if response.status() == StatusCode::TEMPORARY_REDIRECT {
            *response.status_mut() = StatusCode::OK;
            response.extensions_mut().insert(Redirected);
        }
        Ok(response)
    }

    async fn send_to_proven(
        &self,
        proof: ServerProof,
        request: Request<Bytes>,
    ) -> Result<Response<ResponseBody>, TransportError> {
        self.0.send_to_proven(proof, request).await
    }
}

pub(super) fn is_redirect<T>(response: &Response<T>) -> bool {
    response.extensions().get::<Redirected>().is_some()
}

/// The error for a redirect of what goes in one step.
pub(super) fn unasked(operation: &str) -> Error {
    let message = format!("the server redirects {operation}, which has no second step");
    Error::new(ErrorKind::Protocol, message)
}

impl WebHdfs {
    /// Reads what the server sends, from wherever it sends us.
    pub(super) async fn read(&self, operation: Operation) -> Result<ResponseBody> {
        let name = operation.name;
        let request = operation.into_request()?;
        let mut route = Route::new(self, name, &request)?;
        let mut response = self.name_node.send(request, Repeat::Safe).await?;
        while is_redirect(&response) {
            let request = Request::get(route.next(&response)?.as_str()).body(Bytes::new());
            let request = request.map_err(|source| route.broken().with_source(source))?;
            let pipeline = route.pipeline();
            response = pipeline.send(request, Repeat::OnlyIfNotSent).await?;
        }
        Ok(response.into_body())
    }

    /// Asks where to write, and writes there.
    pub(super) async fn write(&self, operation: Operation, body: Bytes) -> Result<()> {
        let (name, method) = (operation.name, operation.method.clone());
        let request = operation.into_request()?;
        let mut route = Route::new(self, name, &request)?;
        let first = self.name_node.send_collected(request, Repeat::Safe).await?;
        if !is_redirect(&first) {
            let message = format!(
                "the server took {name} without its bytes and did not say where to send them: it \
                 is no WebHDFS server, or it is a Data Lake Store, which FileSystem::gen1 speaks to"
            );
            return Err(Error::new(ErrorKind::Protocol, message));
        }
        let mut response = first;
        while is_redirect(&response) {
            let to = route.next(&response)?;
            let request = upload(&method, &to, body.clone());
            let request = request.map_err(|source| route.broken().with_source(source))?;
            let pipeline = route.pipeline();
            response = pipeline
                .send_collected(request, Repeat::OnlyIfNotSent)
                .await?;
        }
        Ok(())
    }
}

/// HttpFS takes bytes under this type only.
fn upload(method: &Method, to: &Url, body: Bytes) -> http::Result<Request<Bytes>> {
    Request::builder()
        .method(method)
        .uri(to.as_str())
        .header(CONTENT_TYPE, "application/octet-stream")
        .body(body)
}

/// Where a request has been.
struct Route<'a> {
    driver: &'a WebHdfs,
    operation: &'static str,
    seen: Vec<Url>,
}

impl<'a> Route<'a> {
    fn new(driver: &'a WebHdfs, operation: &'static str, first: &Request<Bytes>) -> Result<Self> {
        let mut route = Self {
            driver,
            operation,
            seen: Vec::new(),
        };
        let first = Url::parse(&first.uri().to_string());
        let first = first.map_err(|source| route.broken().with_source(source))?;
        route.seen.push(first);
        Ok(route)
    }

    /// Where an answer sends us.
    fn next<T>(&mut self, redirect: &Response<T>) -> Result<Url> {
        let from = self
            .seen
            .last()
            .expect("the first address is there from the start");
        let location = redirect.headers().get(LOCATION);
        let location = location.and_then(|location| location.to_str().ok());
        let Some(location) = location else {
            return Err(self.refuse("to nowhere: its Location is missing or no text"));
        };
        let to = from.join(location);
        let to = to.map_err(|source| {
            let refusal = self.refuse("to what is no address");
            refusal.with_source(source)
        })?;
        match (from.scheme(), to.scheme()) {
            ("http", "http") | (_, "https") => {}
            ("https", "http") => return Err(self.refuse("from https to http")),
            _ => return Err(self.refuse("to something that is neither http nor https")),
        }
        if !to.username().is_empty() || to.password().is_some() {
            return Err(self.refuse("to an address with a name or a password in it"));
        }
        // A second step may go where the first went, with the body that the first lacked.
        if self.seen[1..].contains(&to) || self.seen.len() > MOST_REDIRECTS {
            return Err(self.refuse("in a circle"));
        }
        self.seen.push(to.clone());
        Ok(to)
    }

    /// Who goes to the last address.
    fn pipeline(&self) -> &Pipeline {
        let to = self.seen.last();
        let is_endpoint = to.is_some_and(|to| to.origin() == self.driver.endpoint.origin());
        match is_endpoint {
            true => &self.driver.gateway,
            false => &self.driver.data_node,
        }
    }

    fn refuse(&self, where_to: &str) -> Error {
        let message = format!("the server redirects {} {where_to}", self.operation);
        Error::new(ErrorKind::Protocol, message)
    }

    fn broken(&self) -> Error {
        self.refuse("to what makes no request")
    }
}
