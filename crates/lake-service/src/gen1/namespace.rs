//! MKDIRS, RENAME and DELETE.

use lake_store::{ErrorKind, Existing, LakePath, MkdirsOptions, Recursion, RenameOptions};

use uuid::Uuid;

use crate::gen1::answer::Answer;
use crate::gen1::operation::{Ask, Outcome};
use crate::gen1::refusal::{Reason, Refusal};
use crate::gen1::target::clean_path;

pub(crate) fn mkdirs(ask: &Ask<'_>) -> Outcome {
    let options = MkdirsOptions::default().with_permission(ask.query.permission()?);
    ask.files.mkdirs(ask.caller(), &ask.path, &options)?;
    Ok(Answer::yes())
}

/// Renames. What is missing, in the way or inside itself is a `false` and no error.
pub(crate) fn rename(ask: &Ask<'_>) -> Outcome {
    let destination = LakePath::parse(&clean_path(ask.query.required("destination")?)?)?;
    let existing = ask
        .query
        .word("renameoptions", &[("OVERWRITE", Existing::Replace)])?;
    let options = RenameOptions::default().with_existing(existing.unwrap_or_default());
    match ask
        .files
        .rename(ask.caller(), &ask.path, &destination, &options)
    {
        Ok(()) => Ok(Answer::yes()),
        Err(error) => match error.kind() {
            ErrorKind::NotFound
            | ErrorKind::AlreadyExists
            | ErrorKind::NotADirectory
            | ErrorKind::IsADirectory
            | ErrorKind::DirectoryNotEmpty
            | ErrorKind::InvalidArgument => Ok(Answer::no(&Refusal::from_store(
                &error,
                "RENAME",
                &ask.path.to_string(),
            ))),
            _ => Err(error.into()),
        },
    }
}

/// Deletes; a path that is not there is a `false`.
pub(crate) fn delete(ask: &Ask<'_>) -> Outcome {
    let recursion = match ask.query.switch("recursive")? {
        Some(true) => Recursion::All,
        _ => Recursion::EmptyOnly,
    };
    let context = ask.query.text("fileContextId");
    let context = context.filter(|id| !id.is_empty()).map(str::parse::<Uuid>);
    let mismatch = || Refusal::failed(Reason::Mismatch, "DELETE", "StreamID mismatch");
    let Ok(context) = context.transpose() else {
        return Err(mismatch().into());
    };
    let deleted = ask
        .files
        .delete_if(ask.caller(), &ask.path, recursion, context);
    match deleted {
        Ok(()) => Ok(Answer::yes()),
        Err(error) if error.kind() == ErrorKind::Conflict && context.is_some() => {
            Err(mismatch().into())
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Ok(Answer::no(&Refusal::not_found(&ask.path)))
        }
        Err(error) => Err(error.into()),
    }
}
