//! Operations that plain WebHDFS has and the service had not, as far as Hadoop's client needs them: LISTSTATUS_BATCH,
//! GETFILEBLOCKLOCATIONS, GETHOMEDIRECTORY and GETTRASHROOT.

use lake_store::{ErrorKind, ListOptions};

use crate::gen1::answer::Answer;
use crate::gen1::operation::{Ask, Outcome};
use crate::gen1::status::{BLOCK_SIZE, LARGEST_PAGE, file_status};
use crate::gen1::wire;

/// A page of a directory with whether more follows.
pub(crate) fn list_status_batch(ask: &Ask<'_>) -> Outcome {
    let names = ask.names()?;
    let after = ask.query.text("startAfter");
    let after = after.filter(|name| !name.is_empty()).map(str::to_owned);
    let options = ListOptions::default()
        .with_after(after)
        .with_limit(Some(LARGEST_PAGE + 1));
    let mut entries = match ask.files.list(ask.caller(), &ask.path, &options) {
        Ok(listing) => listing.entries,
        Err(error) if error.kind() == ErrorKind::NotADirectory => {
            let status = ask.files.stat(ask.caller(), &ask.path)?;
            let file_status = vec![file_status(String::new(), &status, names, false)];
            return Ok(page(file_status, 0));
        }
        Err(error) => return Err(error.into()),
    };
    // How many follow would have to be counted; clients ask whether any do.
    let remaining = entries.len().saturating_sub(LARGEST_PAGE);
    entries.truncate(LARGEST_PAGE);
    let statuses = entries
        .into_iter()
        .map(|entry| file_status(entry.name, &entry.status, names, false));
    Ok(page(statuses.collect(), remaining))
}

fn page(file_status: Vec<wire::FileStatus>, remaining_entries: usize) -> Answer {
    Answer::json(&wire::DirectoryListingAnswer {
        directory_listing: wire::DirectoryListing {
            partial_listing: wire::FileStatusesAnswer {
                file_statuses: wire::FileStatuses {
                    continuation_token: None,
                    file_status,
                },
            },
            remaining_entries,
        },
    })
}

/// The extents that the range touches, all of them on this machine, so that readers can share a file out.
pub(crate) fn get_file_block_locations(ask: &Ask<'_>) -> Outcome {
    let offset: u64 = ask.query.number("offset")?.unwrap_or(0);
    let length: u64 = ask.query.number("length")?.unwrap_or(u64::MAX);
    let status = ask.files.stat(ask.caller(), &ask.path)?;
    let end = offset.saturating_add(length).min(status.length);
    let host = ask.call.origin.host();
    let first = offset / BLOCK_SIZE * BLOCK_SIZE;
    let starts = (first..end).step_by(BLOCK_SIZE as usize);
    let block_location = starts
        .map(|start| wire::BlockLocation {
            offset: start,
            length: BLOCK_SIZE.min(status.length - start),
            corrupt: false,
            hosts: [host],
            names: [host],
            topology_paths: [format!("/default-rack/{host}")],
            cached_hosts: [],
            storage_ids: [],
            storage_types: ["DISK"],
        })
        .collect();
    Ok(Answer::json(&wire::BlockLocationsAnswer {
        block_locations: wire::BlockLocations { block_location },
    }))
}

/// Where relative paths of the caller begin, as Hadoop has it; the directory need not be there.
pub(crate) fn get_home_directory(ask: &Ask<'_>) -> Outcome {
    let path = home(ask);
    Ok(Answer::json(&wire::PathAnswer { path }))
}

/// Where Hadoop's shell moves what it deletes.
pub(crate) fn get_trash_root(ask: &Ask<'_>) -> Outcome {
    let path = format!("{}/.Trash", home(ask));
    Ok(Answer::json(&wire::PathAnswer { path }))
}

fn home(ask: &Ask<'_>) -> String {
    let caller = ask.caller();
    let name = caller.upn.as_ref().unwrap_or(&caller.object_id);
    format!("/user/{name}")
}
