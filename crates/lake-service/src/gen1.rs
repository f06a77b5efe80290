//! Data Lake Store Gen1: the WebHDFS dialect.
//!
//! A request is cut into an [`Ask`](operation::Ask), the row of its operation in
//! [`OPERATIONS`](operation::OPERATIONS) does it on a thread that may block, and the
//! [`Answer`](answer::Answer) gets the headers that every answer of the service has. An operation is added by a
//! function in the file of its family and a row in the table.

mod acl;
mod answer;
mod attributes;
mod concat;
mod namespace;
mod operation;
mod read;
mod refusal;
mod status;
mod target;
#[cfg(test)]
mod tests;
mod trash;
mod wire;
mod write;

use bytes::Bytes;
use http::request::Parts;
use http::{Request, Response};
use lake_store::{ErrorKind, LakePath, Store};

use crate::body::{Body, CollectError};
use crate::gen1::answer::Answer;
use crate::gen1::operation::{Ask, Failure, Operation};
use crate::gen1::refusal::Refusal;
use crate::gen1::target::Prefix;
use crate::lake::{Call, Lake};
use crate::query::Query;

/// The largest body of a request. Clients send at most 4 MiB at a time; the service's own limit is not published.
const LARGEST_BODY: usize = 64 << 20;

/// Answers a request whose caller and account are known.
///
/// A body is read to its end before anything is done, so that a connection that breaks in the middle of an upload
/// changes nothing.
pub(crate) async fn handle(lake: &Lake, call: Call, request: Request<Body>) -> Response<Body> {
    let request_id = call.request_id;
    let (parts, body) = request.into_parts();
    let split = target::split(parts.uri.path());
    let prefix = split.map_or(Prefix::Core, |(prefix, _)| prefix);
    let answer = match split {
        Some(_) => answer(lake, call, prefix, parts, body).await,
        None => Err(Refusal::not_found(parts.uri.path())),
    };
    let answer = answer
        .unwrap_or_else(|refusal| Answer::refused(&refusal, request_id, lake.ambient().now()));
    answer.into_response(prefix, request_id, lake.tasks())
}

async fn answer(
    lake: &Lake,
    call: Call,
    prefix: Prefix,
    parts: Parts,
    body: Body,
) -> Result<Answer, Refusal> {
    let operation = operation::find(&parts, prefix)?;
    let body = collect(operation, body).await?;
    let store = lake.store().clone();
    let work = move || perform(operation, &store, call, &parts, body);
    lake.tasks().blocking(work).await
}

async fn collect(operation: &Operation, body: Body) -> Result<Bytes, Refusal> {
    if !operation.has_body {
        return Ok(Bytes::new());
    }
    body.collect_up_to(LARGEST_BODY)
        .await
        .map_err(|error| match error {
            CollectError::TooLarge => Refusal::argument(format!(
                "The body is larger than {LARGEST_BODY} bytes; send it in several APPENDs"
            )),
            CollectError::Broken(_) => Refusal::argument("The body ended before it was complete"),
        })
}

/// Does an operation. Blocks.
fn perform(
    operation: &Operation,
    store: &Store,
    call: Call,
    parts: &Parts,
    body: Bytes,
) -> Result<Answer, Refusal> {
    let (_, encoded) = target::split(parts.uri.path()).unwrap_or((Prefix::Core, ""));
    let text = target::decode_path(encoded)?;
    let refuse = |error: &lake_store::Error| Refusal::from_store(error, operation.label, &text);
    let ask = Ask {
        files: store.files(&call.account).map_err(|error| refuse(&error))?,
        path: LakePath::parse(&text).map_err(|error| refuse(&error))?,
        query: Query::parse(parts.uri.query().unwrap_or_default())?,
        uri: &parts.uri,
        call,
        body,
    };
    (operation.run)(&ask).map_err(|failure| match failure {
        Failure::Refused(refusal) => refusal,
        Failure::Store(error) => {
            if matches!(error.kind(), ErrorKind::Io | ErrorKind::Corrupt) {
                tracing::error!(error = &error as &dyn std::error::Error, "the store failed");
            }
            refuse(&error)
        }
    })
}
