//! A request in the making.

use bytes::Bytes;
use http::Method;
use http::header::CONTENT_TYPE;
use uuid::Uuid;

use crate::options::Identities;
use crate::path::encode;
use crate::{Error, ErrorKind, Result};

/// An operation of the dialect with its parameters.
pub(super) struct Operation {
    pub(super) name: &'static str,
    method: Method,
    url: String,
    body: Bytes,
    content_type: Option<&'static str>,
}

impl Operation {
    /// `target` is all of the url that comes before the query.
    pub(super) fn new(name: &'static str, method: Method, target: &str, version: &str) -> Self {
        Self {
            name,
            method,
            url: [target, "?op=", name, "&api-version=", version].concat(),
            body: Bytes::new(),
            content_type: None,
        }
    }

    pub(super) fn with(mut self, key: &str, value: &(impl ToString + ?Sized)) -> Self {
        self.url.push('&');
        self.url.push_str(key);
        self.url.push('=');
        self.url.extend(encode(&value.to_string()));
        self
    }

    pub(super) fn with_some(self, key: &str, value: Option<&(impl ToString + ?Sized)>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    /// Ids are the service's default.
    pub(super) fn with_identities(self, identities: Identities) -> Self {
        match identities {
            Identities::Names => self.with("tooid", "false"),
            Identities::ObjectIds => self,
        }
    }

    /// The service's own clients use one id for the lease and for the session of a writer.
    pub(super) fn with_lease(self, lease: Option<Uuid>) -> Self {
        match lease {
            Some(id) => self.with("leaseid", &id).with("filesessionid", &id),
            None => self,
        }
    }

    pub(super) fn with_body(mut self, body: Bytes) -> Self {
        self.body = body;
        self
    }

    pub(super) fn with_json(mut self, body: Bytes) -> Self {
        self.content_type = Some("application/json");
        self.with_body(body)
    }

    pub(super) fn into_request(self) -> Result<http::Request<Bytes>> {
        let mut request = http::Request::builder().method(self.method).uri(self.url);
        if let Some(content_type) = self.content_type {
            request = request.header(CONTENT_TYPE, content_type);
        }
        request.body(self.body).map_err(|source| {
            let message = format!("{} of this path makes no request", self.name);
            Error::new(ErrorKind::Request, message).with_source(source)
        })
    }
}
