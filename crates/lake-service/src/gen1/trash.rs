//! ENUMERATEDELETEDITEMS and RESTOREDELETEDITEMS.
//!
//! .NET's SDK is the one client that has them. It sends them to `/webhdfs/v1/` (`Operation.cs`), although they are no
//! operations of Hadoop's; here they are under both prefixes. Items are named by a GUID and their old places by
//! `adl://` urls, as the documentation of `Get-AzDataLakeStoreDeletedItem` shows them.

use lake_store::{DeletedItem, DeletedOptions, ErrorKind, FileKind, LakePath, Taken};
use uuid::Uuid;

use crate::gen1::answer::Answer;
use crate::gen1::operation::{Ask, Outcome};
use crate::gen1::refusal::{Reason, Refusal};
use crate::gen1::target::clean_path;
use crate::gen1::wire;

/// The largest page that .NET's SDK asks for, and the size of a page without `listSize`.
const LARGEST_PAGE: usize = 4000;

/// A page of what is in the trash and has the hint in its path. `nextListAfter` is empty when all was searched.
pub(crate) fn enumerate_deleted_items(ask: &Ask<'_>) -> Outcome {
    let query = &ask.query;
    let hint = query.required("hint")?;
    if hint.trim().is_empty() {
        return Err(Refusal::argument("The hint must not be blank").into());
    }
    let size = query.number("listSize")?.filter(|size| *size > 0);
    let options = DeletedOptions::default()
        .with_hint(hint)
        .with_after(query.number("listAfter")?)
        .with_limit(Some(size.unwrap_or(LARGEST_PAGE).min(LARGEST_PAGE)));
    let found = ask.files.deleted(ask.caller(), &options)?;
    let entry = |item| entry(&ask.call.account, &item);
    Ok(Answer::json(&wire::TrashAnswer {
        trash_dir: wire::TrashDir {
            trash_dir_entry: found.items.into_iter().map(entry).collect(),
            next_list_after: found
                .next
                .map(|token| token.to_string())
                .unwrap_or_default(),
            num_searched: found.searched,
        },
    }))
}

fn entry(account: &str, item: &DeletedItem) -> wire::TrashDirEntry {
    wire::TrashDirEntry {
        original_path: format!("adl://{account}.azuredatalakestore.net{}", item.path),
        trash_dir_path: item.token.to_string(),
        kind: match item.kind {
            FileKind::File => "FILE",
            FileKind::Directory => "DIRECTORY",
        },
        creation_time: item.created.millis(),
    }
}

/// Restores an item. What is at the destination already is a 409, which no other operation answers.
pub(crate) fn restore_deleted_items(ask: &Ask<'_>) -> Outcome {
    const KINDS: &[(&str, FileKind)] = &[
        ("file", FileKind::File),
        // The documentation's word and the one that .NET's tests send.
        ("folder", FileKind::Directory),
        ("directory", FileKind::Directory),
    ];
    const ACTIONS: &[(&str, Taken)] = &[("overwrite", Taken::Replace), ("copy", Taken::Rename)];
    let query = &ask.query;
    let token = Uuid::try_parse(query.required("restoreToken")?)
        .map_err(|_| Refusal::argument("The restoreToken is none that this service gave"))?;
    let kind = query.word("type", KINDS)?;
    let kind = kind.ok_or_else(|| Refusal::argument("Missing parameter: type"))?;
    let destination = destination(query.required("restoreDestination")?)?;
    let taken = query.word("restoreAction", ACTIONS)?.unwrap_or_default();
    match ask
        .files
        .restore(ask.caller(), token, kind, &destination, taken)
    {
        Ok(_) => Ok(Answer::empty()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(match (taken, kind) {
            (Taken::Replace, FileKind::Directory) => {
                Refusal::unsupported("A directory cannot be restored over another one")
            }
            _ => Refusal::failed(Reason::Taken, "RESTOREDELETEDITEMS", &error.to_string()),
        }
        .into()),
        Err(error) => Err(error.into()),
    }
}

/// A path, or an `adl://` url as [`entry`] makes it: nothing in it is escaped.
fn destination(text: &str) -> Result<LakePath, Refusal> {
    let path = match text.split_once("://") {
        Some((_, rest)) => rest.split_once('/').map_or("", |(_, path)| path),
        None => text,
    };
    LakePath::parse(&clean_path(path)?).map_err(|error| Refusal::argument(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_destination_is_a_path_or_a_url_and_is_not_decoded() {
        for (text, path) in [
            ("/a/b", "/a/b"),
            ("a/b%20c", "/a/b%20c"),
            ("adl://lakestore.azuredatalakestore.net/a b", "/a b"),
            ("adl://lakestore", "/"),
        ] {
            assert_eq!(destination(text).unwrap().to_string(), path, "{text}");
        }
        assert!(destination("adl://x/../b").is_err());
    }
}
