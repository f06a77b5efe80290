//! The body of a request, received whole before anything is done with it.
//!
//! A connection that breaks in the middle of an upload changes nothing, and no body is longer in memory than
//! [`PIECE`]: what is longer goes to a file that nobody sees.

use std::io::Write as _;

use bytes::{Bytes, BytesMut};
use lake_store::StagedFile;

use crate::body::{Body, BodyError, CollectError};
use crate::gen1::refusal::{Reason, Refusal};
use crate::tasks::Tasks;

/// What is written at a time. Clients of the service send no more than this in a request.
const PIECE: usize = 4 << 20;
/// The largest list of sources or entries; clients send a few kilobytes.
const LARGEST_DOCUMENT: usize = 64 << 20;

/// A body.
pub(crate) enum Upload {
    Whole(Bytes),
    Staged(StagedFile),
}

/// A body that is to be understood.
pub(super) async fn document(body: Body) -> Result<Bytes, Refusal> {
    body.collect_up_to(LARGEST_DOCUMENT)
        .await
        .map_err(|error| match error {
            CollectError::TooLarge => {
                Refusal::argument(format!("The body is larger than {LARGEST_DOCUMENT} bytes"))
            }
            CollectError::Broken(error) => incomplete(&error),
        })
}

/// A body that is to become bytes of a file, of any length. `stage` begins the file that nobody sees.
pub(super) async fn bytes<F>(mut body: Body, tasks: &Tasks, stage: F) -> Result<Upload, Refusal>
where
    F: FnOnce() -> Result<StagedFile, Refusal> + Send + 'static,
{
    let mut received = match body.chunk().await {
        None => return Ok(Upload::Whole(Bytes::new())),
        Some(Err(error)) => return Err(incomplete(&error)),
        Some(Ok(first)) if http_body::Body::is_end_stream(&body) => {
            return Ok(Upload::Whole(first));
        }
        Some(Ok(first)) => BytesMut::from(first),
    };
    fill(&mut body, &mut received).await?;
    if received.len() < PIECE {
        return Ok(Upload::Whole(received.freeze()));
    }
    let mut staged = tasks.blocking(stage).await?;
    while !received.is_empty() {
        let piece = received.split().freeze();
        let written = tasks.blocking(move || staged.write_all(&piece).map(|()| staged));
        staged = written.await.map_err(|error| {
            tracing::error!(%error, "an upload cannot be kept");
            Refusal::failed(Reason::Bug, "UPLOAD", "Internal error.")
        })?;
        fill(&mut body, &mut received).await?;
    }
    Ok(Upload::Staged(staged))
}

/// Receives until a piece is full or the body ends.
async fn fill(body: &mut Body, received: &mut BytesMut) -> Result<(), Refusal> {
    while received.len() < PIECE {
        match body.chunk().await {
            Some(Ok(chunk)) => received.extend_from_slice(&chunk),
            Some(Err(error)) => return Err(incomplete(&error)),
            None => break,
        }
    }
    Ok(())
}

fn incomplete(error: &BodyError) -> Refusal {
    tracing::debug!(error, "a body broke off");
    Refusal::argument("The body ended before it was complete")
}
