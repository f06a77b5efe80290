//! Joining files without moving their bytes.

use std::collections::HashSet;

use aad_core::once::exactly_once;
use futures::stream::{self, StreamExt, TryStreamExt};

use crate::options::ConcatOptions;
use crate::{Capability, Error, ErrorKind, FileSystem, LakePath, Result};

/// How many files are looked at at once.
const CONCURRENCY: usize = 8;

/// Joining files.
impl FileSystem {
    /// Appends files to `target` in the order given, within the store: no bytes move through this
    /// client. `target` is made if it is not there. The sources are gone afterwards, and their
    /// bytes are seen in the target all at once or not at all.
    ///
    /// Each source may be named once and the target is none of them. Nobody else may write to any
    /// of the files meanwhile: after a lost reply, what happened is told by their lengths, before
    /// and after, and never is a request repeated whose outcome they do not tell.
    ///
    /// A dialect whose requests name fewer sources joins them in groups first, each into its first
    /// file, and then the groups; a failure in between leaves groups joined, and says so.
    ///
    /// Dropping the future leaves them joined or not (or joined in groups).
    ///
    /// ```
    /// use adls_fs::{FileSystem, LakePath, Result};
    ///
    /// # async fn example(files: &FileSystem) -> Result<()> {
    /// let parts: [LakePath; 2] = ["/parts/0".parse()?, "/parts/1".parse()?];
    /// files.concat(&"/whole".parse()?, &parts).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Request`] for no sources, one twice, or the target among them;
    /// [`ErrorKind::NotFound`] where a source is not there, and then nothing was joined;
    /// [`ErrorKind::Conflict`] where a directory is among them, or where a reply was lost and the
    /// lengths fit neither outcome: the message says what stands where.
    /// [`ErrorKind::Unsupported`] where the store cannot.
    pub async fn concat(&self, target: &LakePath, sources: &[LakePath]) -> Result<()> {
        self.concat_opts(target, sources, ConcatOptions::default())
            .await
    }

    /// As [`FileSystem::concat`], with options: the sources' directory may go with them.
    ///
    /// # Errors
    /// As [`FileSystem::concat`].
    pub async fn concat_opts(
        &self,
        target: &LakePath,
        sources: &[LakePath],
        options: ConcatOptions,
    ) -> Result<()> {
        if !self.capabilities().has(Capability::Concat) {
            return Err(self.wire.lacks(Capability::Concat));
        }
        check(target, sources)?;
        let before = match self.find(target).await? {
            Some(status) if !status.is_file() => return Err(directory(target)),
            found => found.map(|status| status.length),
        };
        let statuses = sources.iter().cloned().map(|path| async move {
            let length = self.file_status(&path).await?.length;
            Ok(Part { path, length })
        });
        let mut parts: Vec<Part> = stream::iter(statuses)
            .buffered(CONCURRENCY)
            .try_collect()
            .await?;
        while self.fitting(target, &parts)? < parts.len() {
            parts = self.join_groups(parts).await?;
        }
        self.join(target, before, &parts, &options).await
    }

    /// How many of these one request can name.
    fn fitting(&self, target: &LakePath, parts: &[Part]) -> Result<usize> {
        let mut sources = parts.iter().map(|part| &part.path);
        match self.wire.fitting_sources(target, &mut sources) {
            0 => {
                let message = format!("{} is too long a name to join it", parts[0].path);
                Err(Error::new(ErrorKind::Request, message))
            }
            fitting => Ok(fitting),
        }
    }

    /// Joins as many as one request can name into the first of them, and so on.
    async fn join_groups(&self, parts: Vec<Part>) -> Result<Vec<Part>> {
        let mut groups = Vec::new();
        let mut rest = &parts[..];
        while let Some((head, others)) = rest.split_first() {
            let mut head = head.clone();
            let fitting = match others {
                [] => 0,
                others => self.fitting(&head.path, others)?,
            };
            let (group, behind) = others.split_at(fitting);
            if !group.is_empty() {
                let plain = ConcatOptions::default();
                self.join(&head.path, Some(head.length), group, &plain)
                    .await?;
                head.length = after(Some(head.length), group);
            }
            groups.push(head);
            rest = behind;
        }
        Ok(groups)
    }

    /// One request, exactly once.
    async fn join(
        &self,
        target: &LakePath,
        before: Option<u64>,
        parts: &[Part],
        options: &ConcatOptions,
    ) -> Result<()> {
        let sources: Vec<_> = parts.iter().map(|part| part.path.clone()).collect();
        let write = || self.wire.concat(target, &sources, options);
        let landed = || async {
            let found = self.find(target).await?.map(|status| status.length);
            let missing = self.missing(parts).await?;
            if missing == parts.len() && found == Some(after(before, parts)) {
                return Ok(Some(()));
            }
            // A dialect that joins only to what is there makes the target first.
            if missing == 0 && found.unwrap_or(0) == before.unwrap_or(0) {
                return Ok(None);
            }
            Err(unclear(target, before, found, parts, missing))
        };
        exactly_once(&self.context, &self.retry, write, landed).await
    }

    /// How many of these are not what they were.
    async fn missing(&self, parts: &[Part]) -> Result<usize> {
        let found = parts.iter().cloned().map(|part| async move {
            let found = self.find(&part.path).await?;
            Ok(found.is_none_or(|found| found.length != part.length))
        });
        let missing = stream::iter(found).buffered(CONCURRENCY);
        let missing: Vec<bool> = missing.try_collect().await?;
        Ok(missing.into_iter().filter(|is| *is).count())
    }
}

/// A file that is to be joined to others, as it was before.
#[derive(Clone, Debug)]
struct Part {
    path: LakePath,
    length: u64,
}

/// How long a file is that these were joined to.
fn after(before: Option<u64>, parts: &[Part]) -> u64 {
    let lengths = parts.iter().map(|part| part.length);
    lengths.fold(before.unwrap_or(0), u64::saturating_add)
}

fn check(target: &LakePath, sources: &[LakePath]) -> Result<()> {
    let refused = |message: String| Err(Error::new(ErrorKind::Request, message));
    if sources.is_empty() {
        return refused(format!("there are no files to join to {target}"));
    }
    let mut seen = HashSet::with_capacity(sources.len());
    for source in sources {
        if source == target {
            return refused(format!("{target} cannot be joined to itself"));
        }
        if !seen.insert(source) {
            return refused(format!("{source} cannot be joined to {target} twice"));
        }
    }
    Ok(())
}

fn directory(path: &LakePath) -> Error {
    Error::new(ErrorKind::Conflict, format!("{path} is a directory"))
}

/// Neither outcome: somebody else was there, or only a part was done.
fn unclear(
    target: &LakePath,
    before: Option<u64>,
    found: Option<u64>,
    parts: &[Part],
    missing: usize,
) -> Error {
    let length = |length: Option<u64>| match length {
        Some(length) => format!("of {length} bytes"),
        None => "not there".to_owned(),
    };
    let (count, first) = (parts.len(), &parts[0].path);
    let (before, found, joined) = (length(before), length(found), after(before, parts));
    let message = format!(
        "whether files were joined to {target} cannot be told: it was {before}, would be of \
         {joined} bytes and is {found}; of the {count} files from {first} on, {missing} are not \
         what they were"
    );
    Error::new(ErrorKind::Conflict, message)
}
