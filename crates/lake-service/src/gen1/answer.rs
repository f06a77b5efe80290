//! Answers, with the headers that every answer of the service has.

use std::sync::Arc;

use bytes::Bytes;
use futures::StreamExt as _;
use http::header::{self, HeaderName, HeaderValue};
use http::{Response, StatusCode};
use lake_store::FileReader;
use serde::Serialize;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::body::{Body, BodyError};
use crate::gen1::refusal::Refusal;
use crate::gen1::target::Prefix;
use crate::gen1::wire;
use crate::tasks::Tasks;
use crate::timestamp::error_time;

/// How much of a file is read at a time, and how many such pieces are read ahead of the client.
const PIECE: u64 = 1 << 20;
const READ_AHEAD: usize = 2;

/// What every answer has besides its own headers, in both prefixes.
static EVERY: [(HeaderName, HeaderValue); 5] = [
    (
        header::CACHE_CONTROL,
        HeaderValue::from_static("no-cache, no-cache, no-store, max-age=0"),
    ),
    (header::PRAGMA, HeaderValue::from_static("no-cache")),
    (header::EXPIRES, HeaderValue::from_static("-1")),
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (
        header::STRICT_TRANSPORT_SECURITY,
        HeaderValue::from_static("max-age=15724800; includeSubDomains"),
    ),
];

const STATUS: HeaderName = HeaderName::from_static("status");
const VERSION: HeaderName = HeaderName::from_static("x-ms-webhdfs-version");
/// The service really sends this one, beside `Content-Length`.
const CONTENTLENGTH: HeaderName = HeaderName::from_static("contentlength");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-ms-request-id");

/// What an operation gives back.
pub(crate) struct Answer {
    status: StatusCode,
    /// The `Status` header: 0x0, or why the answer is no.
    code: &'static str,
    content: Content,
    location: Option<HeaderValue>,
    /// Whether the answer has the header that is literally named `ContentLength`.
    odd_length: bool,
}

enum Content {
    Nothing,
    Json(Bytes),
    File {
        reader: Arc<FileReader>,
        offset: u64,
        length: u64,
    },
}

impl Answer {
    /// Nothing but success.
    pub(crate) fn empty() -> Self {
        Self {
            status: StatusCode::OK,
            code: "0x0",
            content: Content::Nothing,
            location: None,
            odd_length: false,
        }
    }

    /// Nothing but success, with the odd header of ACL setters.
    pub(crate) fn empty_with_odd_length() -> Self {
        Self {
            odd_length: true,
            ..Self::empty()
        }
    }

    /// 201 and where the file is.
    pub(crate) fn created(location: &str) -> Self {
        Self {
            status: StatusCode::CREATED,
            location: HeaderValue::from_str(location).ok(),
            ..Self::empty_with_odd_length()
        }
    }

    /// 307 and where to send the bytes.
    pub(crate) fn redirected(location: &str) -> Self {
        Self {
            status: StatusCode::TEMPORARY_REDIRECT,
            location: HeaderValue::from_str(location).ok(),
            ..Self::empty()
        }
    }

    /// A JSON document.
    pub(crate) fn json(document: &impl Serialize) -> Self {
        let json = serde_json::to_vec(document).expect("wire structs have string keys only");
        Self {
            content: Content::Json(json.into()),
            ..Self::empty()
        }
    }

    /// `{"boolean":true}`
    pub(crate) fn yes() -> Self {
        Self::json(&wire::Boolean { boolean: true })
    }

    /// `{"boolean":false}`: it was not done, and `refusal` is why.
    pub(crate) fn no(refusal: &Refusal) -> Self {
        Self {
            code: refusal.code(),
            ..Self::json(&wire::Boolean { boolean: false })
        }
    }

    /// A range of a file, which the caller has checked to be inside it.
    pub(crate) fn file(reader: FileReader, offset: u64, length: u64) -> Self {
        Self {
            content: Content::File {
                reader: Arc::new(reader),
                offset,
                length,
            },
            ..Self::empty()
        }
    }

    /// An error in the service's words: the message ends with `[request id][time]`.
    pub(crate) fn refused(refusal: &Refusal, request_id: Uuid, now: OffsetDateTime) -> Self {
        let message = format!("{} [{request_id}][{}]", refusal.message(), error_time(now));
        let document = wire::RemoteExceptionAnswer {
            remote_exception: wire::RemoteException {
                exception: refusal.exception(),
                message,
                java_class_name: refusal.java_class_name(),
            },
        };
        Self {
            status: refusal.status(),
            code: refusal.code(),
            ..Self::json(&document)
        }
    }

    pub(crate) fn into_response(
        self,
        prefix: Prefix,
        request_id: Uuid,
        tasks: &Tasks,
    ) -> Response<Body> {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.extend(EVERY.iter().cloned());
        headers.insert(STATUS, HeaderValue::from_static(self.code));
        if let Ok(id) = HeaderValue::try_from(request_id.to_string()) {
            headers.insert(REQUEST_ID, id);
        }
        if prefix == Prefix::Core {
            headers.insert(VERSION, HeaderValue::from_static("17.04.24.00"));
        }
        if self.odd_length {
            headers.insert(CONTENTLENGTH, HeaderValue::from_static("0"));
        }
        if let Some(location) = self.location {
            headers.insert(header::LOCATION, location);
        }
        let content_type = match self.content {
            Content::File { length: 0, .. } | Content::Nothing => None,
            Content::Json(_) => Some("application/json; charset=utf-8"),
            Content::File { .. } => Some("application/octet-stream"),
        };
        if let Some(content_type) = content_type {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        *response.body_mut() = match self.content {
            Content::File { length: 0, .. } | Content::Nothing => Body::empty(),
            Content::Json(json) => json.into(),
            Content::File {
                reader,
                offset,
                length,
            } => stream(reader, offset, length, tasks.clone()),
        };
        response
    }
}

/// The range piece by piece, without a length in advance: the service sends OPEN chunked.
fn stream(reader: Arc<FileReader>, offset: u64, length: u64, tasks: Tasks) -> Body {
    let end = offset + length;
    let starts = (0..length.div_ceil(PIECE)).map(move |piece| offset + piece * PIECE);
    let pieces = futures::stream::iter(starts).map(move |start| {
        let (reader, tasks) = (reader.clone(), tasks.clone());
        let size = PIECE.min(end - start);
        async move {
            tasks
                .blocking(move || read_piece(&reader, start, size))
                .await
        }
    });
    Body::stream(pieces.buffered(READ_AHEAD))
}

fn read_piece(reader: &FileReader, start: u64, size: u64) -> Result<Bytes, BodyError> {
    let mut piece = vec![0; usize::try_from(size)?];
    let mut filled = 0;
    while filled < piece.len() {
        match reader.read_at(start + filled as u64, &mut piece[filled..])? {
            0 => return Err("the file ended before its length".into()),
            count => filled += count,
        }
    }
    Ok(piece.into())
}
