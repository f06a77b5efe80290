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
mod hadoop;
mod namespace;
mod operation;
mod read;
mod redirect;
mod refusal;
mod status;
mod target;
#[cfg(test)]
mod tests;
mod trash;
mod upload;
mod wire;
mod write;

use std::cell::Cell;
use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use http::{Request, Response};
use lake_store::{ErrorKind, FileSpace, LakePath, Store};

use crate::body::Body;
use crate::gen1::answer::Answer;
use crate::gen1::operation::{Ask, Failure, Operation, Receives};
use crate::gen1::refusal::Refusal;
use crate::gen1::target::Prefix;
use crate::gen1::upload::Upload;
use crate::lake::{Call, Lake};
use crate::query::Query;

/// Answers a request whose caller and account are known.
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
    if let Some(flag) = operation.flag {
        // What cannot be is refused before anybody sends bytes for it.
        path(operation, &parts)?;
        let has_body = !http_body::Body::is_end_stream(&body);
        if let Some(answer) = redirect::first_step(flag, &call.origin, &parts.uri, has_body)? {
            return Ok(answer);
        }
    }
    let (lake, call, parts) = (lake.clone(), Arc::new(call), Arc::new(parts));
    let given = receive(operation, &lake, &call, &parts, body).await?;
    let tasks = lake.tasks().clone();
    let work = move || perform(operation, &lake, &call, &parts, given);
    tasks.blocking(work).await
}

async fn receive(
    operation: &'static Operation,
    lake: &Lake,
    call: &Arc<Call>,
    parts: &Arc<Parts>,
    body: Body,
) -> Result<Upload, Refusal> {
    match operation.body {
        Receives::Nothing => Ok(Upload::Whole(Bytes::new())),
        Receives::Document => Ok(Upload::Whole(upload::document(body).await?)),
        Receives::Bytes => {
            let (lake, call, parts) = (lake.clone(), call.clone(), parts.clone());
            let tasks = lake.tasks().clone();
            let stage = move || {
                let (files, path) = place(operation, lake.store(), &call, &parts)?;
                let staged = files.stage(&call.caller, &path);
                staged.map_err(|error| {
                    Refusal::from_store(&error, operation.label, &path.to_string())
                })
            };
            upload::bytes(body, &tasks, stage).await
        }
    }
}

/// What a request is about.
fn place(
    operation: &Operation,
    store: &Store,
    call: &Call,
    parts: &Parts,
) -> Result<(FileSpace, LakePath), Refusal> {
    let path = path(operation, parts)?;
    let files = store.files(&call.account);
    let refuse = |error| Refusal::from_store(&error, operation.label, &path.to_string());
    Ok((files.map_err(refuse)?, path))
}

fn path(operation: &Operation, parts: &Parts) -> Result<LakePath, Refusal> {
    let (_, encoded) = target::split(parts.uri.path()).unwrap_or((Prefix::Core, ""));
    let text = target::decode_path(encoded)?;
    LakePath::parse(&text).map_err(|error| Refusal::from_store(&error, operation.label, &text))
}

/// Does an operation. Blocks.
fn perform(
    operation: &Operation,
    lake: &Lake,
    call: &Call,
    parts: &Parts,
    given: Upload,
) -> Result<Answer, Refusal> {
    let (files, path) = place(operation, lake.store(), call, parts)?;
    let (body, staged) = match given {
        Upload::Whole(body) => (body, None),
        Upload::Staged(staged) => (Bytes::new(), Some(staged)),
    };
    let ask = Ask {
        files,
        path,
        query: Query::parse(parts.uri.query().unwrap_or_default())?,
        uri: &parts.uri,
        call,
        directory: &lake.authority().directory,
        body,
        staged: Cell::new(staged),
    };
    (operation.run)(&ask).map_err(|failure| match failure {
        Failure::Refused(refusal) => refusal,
        Failure::Store(error) => {
            if matches!(error.kind(), ErrorKind::Io | ErrorKind::Corrupt) {
                tracing::error!(error = &error as &dyn std::error::Error, "the store failed");
            }
            Refusal::from_store(&error, operation.label, &ask.path.to_string())
        }
    })
}
