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
mod wire;
mod write;

use http::{Request, Response};
use lake_store::LakePath;

use crate::body::{Body, CollectError};
use crate::gen1::answer::Answer;
use crate::gen1::operation::{Ask, Operation};
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
    let (parts, body) = request.into_parts();
    let prefix = target::split(parts.uri.path()).map_or(Prefix::Core, |(prefix, _)| prefix);
    let found = match operation::find(&parts, prefix) {
        Ok(operation) => collect(operation, body).await.map(|body| (operation, body)),
        Err(refusal) => Err(refusal),
    };
    let answer = match found {
        Ok((operation, body)) => {
            let (store, call) = (lake.store().clone(), call.clone());
            let work = move || perform(operation, &store, call, &parts, body);
            lake.tasks().blocking(work).await
        }
        Err(refusal) => Err(refusal),
    };
    let answer = answer
        .unwrap_or_else(|refusal| Answer::refused(&refusal, call.request_id, lake.ambient().now()));
    answer.into_response(prefix, call.request_id, lake.tasks())
}

async fn collect(operation: &Operation, body: Body) -> Result<bytes::Bytes, Refusal> {
    if !operation.has_body {
        return Ok(bytes::Bytes::new());
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
    store: &lake_store::Store,
    call: Call,
    parts: &http::request::Parts,
    body: bytes::Bytes,
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
        operation::Failure::Refused(refusal) => refusal,
        operation::Failure::Store(error) => {
            if matches!(
                error.kind(),
                lake_store::ErrorKind::Io | lake_store::ErrorKind::Corrupt
            ) {
                tracing::error!(error = &error as &dyn std::error::Error, "the store failed");
            }
            refuse(&error)
        }
    })
}
