//! CREATE, APPEND and CONCURRENTAPPEND.

use lake_store::{CreateOptions, Existing, Missing, Offset, Parents, SyncFlag};

use crate::gen1::answer::Answer;
use crate::gen1::operation::{Ask, Outcome};

const SYNC_FLAGS: &[(&str, SyncFlag)] = &[
    ("DATA", SyncFlag::Data),
    ("METADATA", SyncFlag::Metadata),
    ("CLOSE", SyncFlag::Close),
];

/// A new file with the body as its bytes, visible at once whatever `syncFlag` says, as the service does it.
pub(crate) fn create(ask: &Ask<'_>) -> Outcome {
    let query = &ask.query;
    query.word("syncFlag", SYNC_FLAGS)?;
    let existing = match query.switch("overwrite")? {
        Some(true) => Existing::Replace,
        _ => Existing::Fail,
    };
    let parents = match query.switch("CreateParent")? {
        Some(false) => Parents::Require,
        _ => Parents::Create,
    };
    let options = CreateOptions::default()
        .with_existing(existing)
        .with_parents(parents)
        .with_permission(query.permission()?);
    ask.files
        .create(ask.caller(), &ask.path, &options, &ask.body)?;
    Ok(Answer::created(&location(ask)))
}

/// The url of the request with its slashes decoded.
fn location(ask: &Ask<'_>) -> String {
    let path = ask.uri.path().replace("%2F", "/").replace("%2f", "/");
    let query = ask
        .uri
        .query()
        .map(|query| format!("?{query}"))
        .unwrap_or_default();
    format!("{}{path}{query}", ask.call.origin)
}

/// More bytes at the end of a file.
///
/// Without `offset` they go where the end is. With one, they are refused unless it is the end, even when there are
/// none: after a lost reply a client asks with an empty body whether its bytes had arrived.
pub(crate) fn append(ask: &Ask<'_>) -> Outcome {
    let offset = match ask.query.number("offset")? {
        Some(offset) => Offset::At(offset),
        None => Offset::End,
    };
    let sync = ask
        .query
        .word("syncFlag", SYNC_FLAGS)?
        .unwrap_or(SyncFlag::Close);
    ask.files
        .append(ask.caller(), &ask.path, offset, &ask.body, sync)?;
    Ok(Answer::empty())
}

/// More bytes at the end of a file that many clients write to. `appendMode=autocreate` creates it.
///
/// They are visible at once whatever `syncFlag` says. On the service the length lags behind until somebody reads the
/// file or asks with `getconsistentlength=true`, which the clients do whenever it matters to them.
pub(crate) fn concurrent_append(ask: &Ask<'_>) -> Outcome {
    ask.query.word("syncFlag", SYNC_FLAGS)?;
    let missing = ask
        .query
        .word("appendMode", &[("autocreate", Missing::Create)])?
        .unwrap_or_default();
    ask.files
        .append_concurrently(ask.caller(), &ask.path, missing, &ask.body)?;
    Ok(Answer::empty())
}
