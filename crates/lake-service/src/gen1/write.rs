//! CREATE, APPEND and CONCURRENTAPPEND.

use lake_store::{AppendOptions, CreateOptions, Existing, Missing, Offset, Parents, SyncFlag};
use uuid::Uuid;

use crate::gen1::answer::Answer;
use crate::gen1::operation::{Ask, Outcome};
use crate::gen1::refusal::Refusal;
use crate::query::QueryError;

const SYNC_FLAGS: &[(&str, SyncFlag)] = &[
    ("DATA", SyncFlag::Data),
    ("METADATA", SyncFlag::Metadata),
    ("CLOSE", SyncFlag::Close),
];

/// A new file with the body as its bytes, visible at once whatever `syncFlag` says, as the service does it.
pub(crate) fn create(ask: &Ask<'_>) -> Outcome {
    let query = &ask.query;
    // Hadoop's builders say it in a list of flags.
    let mut flags = query.text("createflag").unwrap_or_default().split(',');
    let flagged = flags.any(|flag| flag.eq_ignore_ascii_case("OVERWRITE"));
    let existing = match query.switch("overwrite")? {
        Some(true) => Existing::Replace,
        _ if flagged => Existing::Replace,
        _ => Existing::Fail,
    };
    let parents = match query.switch("CreateParent")? {
        Some(false) => Parents::Require,
        _ => Parents::Create,
    };
    let options = CreateOptions::default()
        .with_existing(existing)
        .with_parents(parents)
        .with_permission(query.permission()?)
        .with_lease(lease(ask)?)
        .with_sync(sync(ask)?);
    match ask.staged.take() {
        Some(staged) => ask.files.create_staged(ask.caller(), staged, &options)?,
        None => ask
            .files
            .create(ask.caller(), &ask.path, &options, &ask.body)?,
    };
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
///
/// The .NET SDK asks for the lease of a file, whatever its length, with no bytes at offset 0 (`GetAppendStreamAsync`).
pub(crate) fn append(ask: &Ask<'_>) -> Outcome {
    let (lease, sync) = (lease(ask)?, sync(ask)?);
    let staged = ask.staged.take();
    let empty = ask.body.is_empty() && staged.is_none();
    let opens = lease.is_some() && sync == SyncFlag::Data && empty;
    let offset = match ask.query.number("offset")? {
        Some(0) if opens => Offset::End,
        Some(offset) => Offset::At(offset),
        None => Offset::End,
    };
    let options = AppendOptions::default()
        .with_offset(offset)
        .with_sync(sync)
        .with_lease(lease);
    match staged {
        Some(staged) => ask.files.append_staged(ask.caller(), staged, &options)?,
        None => ask
            .files
            .append_opts(ask.caller(), &ask.path, &ask.body, &options)?,
    }
    Ok(Answer::empty())
}

fn sync(ask: &Ask<'_>) -> Result<SyncFlag, QueryError> {
    Ok(ask.query.word("syncFlag", SYNC_FLAGS)?.unwrap_or_default())
}

/// Under which lease the client writes. `filesessionid` beside it helps the service to find the open file again and
/// means nothing here.
fn lease(ask: &Ask<'_>) -> Result<Option<Uuid>, Refusal> {
    match ask.query.text("leaseid") {
        None | Some("") => Ok(None),
        Some(id) => id
            .parse()
            .map(Some)
            .map_err(|_| Refusal::argument(format!("The leaseid is no GUID: \"{id}\""))),
    }
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
