//! A request of the WebHDFS dialects in the making.

use bytes::Bytes;
use http::Method;
use http::header::CONTENT_TYPE;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::acl::keys_text;
use crate::options::Identities;
use crate::path::encode;
use crate::wire::AclChange;
use crate::{Error, ErrorKind, Result, Times};

/// An operation of the dialect with its parameters.
pub(crate) struct Operation {
    pub(crate) name: &'static str,
    pub(crate) method: Method,
    url: String,
    body: Bytes,
    content_type: Option<&'static str>,
}

impl Operation {
    /// `target` is all of the url that comes before the query.
    pub(crate) fn new(name: &'static str, method: Method, target: &str) -> Self {
        Self {
            name,
            method,
            url: [target, "?op=", name].concat(),
            body: Bytes::new(),
            content_type: None,
        }
    }

    pub(crate) fn with(mut self, key: &str, value: &(impl ToString + ?Sized)) -> Self {
        self.url.push('&');
        self.url.push_str(key);
        self.url.push('=');
        self.url.extend(encode(&value.to_string()));
        self
    }

    pub(crate) fn with_some(self, key: &str, value: Option<&(impl ToString + ?Sized)>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    /// Ids are the service's default.
    pub(crate) fn with_identities(self, identities: Identities) -> Self {
        match identities {
            Identities::Names => self.with("tooid", "false"),
            Identities::ObjectIds => self,
        }
    }

    pub(crate) fn with_times(mut self, times: &Times) -> Result<Self> {
        let given = [
            ("modificationtime", times.modified),
            ("accesstime", times.accessed),
        ];
        for (key, time) in given {
            // -1 keeps a time.
            let milliseconds = time.map_or(Ok(-1), milliseconds)?;
            self = self.with(key, &milliseconds);
        }
        Ok(self)
    }

    /// The service's own clients use one id for the lease and for the session of a writer.
    pub(crate) fn with_lease(self, lease: Option<Uuid>) -> Self {
        match lease {
            Some(id) => self.with("leaseid", &id).with("filesessionid", &id),
            None => self,
        }
    }

    pub(crate) fn with_body(mut self, body: Bytes) -> Self {
        self.body = body;
        self
    }

    pub(crate) fn with_json(mut self, body: Bytes) -> Self {
        self.content_type = Some("application/json");
        self.with_body(body)
    }

    pub(crate) fn into_request(self) -> Result<http::Request<Bytes>> {
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

/// What a change of an ACL is called, and what it brings.
pub(crate) fn acl_change(change: AclChange<'_>) -> (&'static str, Option<String>) {
    match change {
        AclChange::Set(acl) => ("SETACL", Some(acl.to_string())),
        AclChange::Modify(acl) => ("MODIFYACLENTRIES", Some(acl.to_string())),
        AclChange::Remove(keys) => ("REMOVEACLENTRIES", Some(keys_text(keys))),
        AclChange::RemoveDefault => ("REMOVEDEFAULTACL", None),
        AclChange::RemoveAll => ("REMOVEACL", None),
    }
}

/// Milliseconds since 1970. The service takes a negative number for something else.
pub(crate) fn milliseconds(time: OffsetDateTime) -> Result<i128> {
    let milliseconds = time.unix_timestamp_nanos().div_euclid(1_000_000);
    if milliseconds >= 0 {
        return Ok(milliseconds);
    }
    let message = format!("the store has no times before 1970, such as {time}");
    Err(Error::new(ErrorKind::Request, message))
}
