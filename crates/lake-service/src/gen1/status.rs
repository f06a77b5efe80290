//! GETFILESTATUS, LISTSTATUS, GETCONTENTSUMMARY and CHECKACCESS.

use lake_store::{ErrorKind, FileStatus, ListOptions, Rwx};

use crate::gen1::answer::Answer;
use crate::gen1::operation::{Ask, Names, Outcome};
use crate::gen1::refusal::Refusal;
use crate::gen1::wire;

/// The largest page that the service gives, and the size of a page without `listSize`.
pub(super) const LARGEST_PAGE: usize = 4000;

/// The extent size that the service shows for every file.
pub(super) const BLOCK_SIZE: u64 = 256 << 20;

/// With `getconsistentlength` the length counts bytes that are appended and yet to be published, as the .NET SDK
/// expects it that appends behind them.
pub(crate) fn get_file_status(ask: &Ask<'_>) -> Outcome {
    let mut status = ask.files.stat(ask.caller(), &ask.path)?;
    if ask.query.switch("getconsistentlength")? == Some(true) && !status.is_directory() {
        status.length = ask.files.end(ask.caller(), &ask.path)?;
    }
    let file_status = file_status(
        String::new(),
        &status,
        ask.names()?,
        ask.speaks("2018-12-01"),
    );
    Ok(Answer::json(&wire::FileStatusAnswer { file_status }))
}

/// A page of a directory, or the one entry, without a name, of a file.
pub(crate) fn list_status(ask: &Ask<'_>) -> Outcome {
    let (query, names) = (&ask.query, ask.names()?);
    let size = query
        .number("listSize")?
        .unwrap_or(LARGEST_PAGE)
        .min(LARGEST_PAGE);
    if size == 0 {
        return Err(Refusal::argument("listSize must be at least 1").into());
    }
    let name = |key| {
        query
            .text(key)
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
    };
    let options = ListOptions::default()
        .with_after(name("listAfter"))
        .with_before(name("listBefore"))
        .with_limit(Some(size));
    let entries = match ask.files.list(ask.caller(), &ask.path, &options) {
        Ok(listing) => listing.entries,
        Err(error) if error.kind() == ErrorKind::NotADirectory => {
            let status = ask.files.stat(ask.caller(), &ask.path)?;
            let file_status = vec![file_status(String::new(), &status, names, false)];
            return Ok(listing(ask, String::new(), file_status));
        }
        Err(error) => return Err(error.into()),
    };
    // A full page has a token even when nothing follows; clients then fetch one empty page.
    let token = match entries.last() {
        Some(last) if entries.len() == size => last.name.clone(),
        _ => String::new(),
    };
    let statuses = entries
        .into_iter()
        .map(|entry| file_status(entry.name, &entry.status, names, false));
    Ok(listing(ask, token, statuses.collect()))
}

fn listing(ask: &Ask<'_>, token: String, file_status: Vec<wire::FileStatus>) -> Answer {
    let continuation_token = ask.speaks("2018-09-01").then_some(token);
    let file_statuses = wire::FileStatuses {
        continuation_token,
        file_status,
    };
    Answer::json(&wire::FileStatusesAnswer { file_statuses })
}

pub(super) fn file_status(
    path_suffix: String,
    status: &FileStatus,
    names: Names<'_>,
    with_id: bool,
) -> wire::FileStatus {
    let is_file = !status.is_directory();
    wire::FileStatus {
        length: status.length,
        path_suffix,
        kind: if is_file { "FILE" } else { "DIRECTORY" },
        block_size: if is_file { BLOCK_SIZE } else { 0 },
        access_time: status.accessed.millis(),
        modification_time: status.modified.millis(),
        replication: u8::from(is_file),
        permission: format!("{:o}", status.permission()),
        owner: names.of(&status.owner),
        group: names.of(&status.group),
        ms_expiration_time: is_file.then(|| status.expires.map_or(0, |time| time.millis())),
        acl_bit: status.acl.is_extended(),
        file_context_id: with_id.then(|| status.context_id().simple().to_string()),
    }
}

pub(crate) fn get_content_summary(ask: &Ask<'_>) -> Outcome {
    let summary = ask.files.content_summary(ask.caller(), &ask.path)?;
    let content_summary = wire::ContentSummary {
        directory_count: summary.directories,
        file_count: summary.files,
        length: summary.length,
        quota: -1,
        space_consumed: summary.length,
        space_quota: -1,
    };
    Ok(Answer::json(&wire::ContentSummaryAnswer {
        content_summary,
    }))
}

/// Nothing if the caller has all of `fsaction`, else 403.
pub(crate) fn check_access(ask: &Ask<'_>) -> Outcome {
    let action = ask.query.required("fsaction")?;
    let mut wanted = Rwx::NONE;
    for letter in action.chars() {
        wanted = wanted.union(match letter {
            'r' => Rwx::READ,
            'w' => Rwx::WRITE,
            'x' => Rwx::EXECUTE,
            '-' => Rwx::NONE,
            _ => return Err(Refusal::argument(format!("Invalid fsaction: {action}")).into()),
        });
    }
    ask.files.check_access(ask.caller(), &ask.path, wanted)?;
    Ok(Answer::empty())
}
