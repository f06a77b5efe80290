//! One file on its way up.

use std::path::PathBuf;

use futures::future::{BoxFuture, FutureExt};

use super::parts::Parts;
use super::pieces::changed;
use crate::transfer::compare::compare;
use crate::transfer::journal::{Key, Record};
use crate::transfer::local::{LocalFile, LocalStatus};
use crate::transfer::options::Verify;
use crate::transfer::overwrite::{self, Decision};
use crate::transfer::progress::{Outcome, Skipped};
use crate::transfer::run::{Run, Task, local_error};
use crate::{CreateOptions, Error, ErrorKind, Existing, LakePath, RenameOptions, Result};

/// A file to upload, or a folder to make.
pub(crate) struct Upload {
    source: PathBuf,
    /// `None` for a folder.
    status: Option<LocalStatus>,
    to: LakePath,
}

impl Upload {
    pub(super) fn file(source: PathBuf, status: LocalStatus, to: LakePath) -> Self {
        Self {
            source,
            status: Some(status),
            to,
        }
    }

    pub(super) fn folder(source: PathBuf, to: LakePath) -> Self {
        Self {
            source,
            status: None,
            to,
        }
    }
}

impl Task for Upload {
    fn source(&self) -> String {
        self.source.display().to_string()
    }

    fn destination(&self) -> String {
        self.to.to_string()
    }

    fn length(&self) -> Option<u64> {
        self.status.map(|status| status.length)
    }

    fn work<'r>(&'r self, run: &'r Run) -> BoxFuture<'r, Result<Outcome>> {
        async move {
            match self.status {
                Some(status) => self.upload(run, status).await,
                None if run.options().dry_run => Ok(Outcome::Made),
                None => {
                    let make = || run.files().mkdirs(&self.to);
                    run.means.gate.pass(make).await?;
                    Ok(Outcome::Made)
                }
            }
        }
        .boxed()
    }
}

impl Upload {
    async fn upload(&self, run: &Run, status: LocalStatus) -> Result<Outcome> {
        let LocalStatus {
            length, modified, ..
        } = status;
        let key = Key::new(&self.source(), self.to.as_str(), length, modified);
        let journal = run.journal.as_ref();
        if journal.is_some_and(|journal| journal.is_done(key)) {
            run.meter.spared(length);
            return Ok(Outcome::Skipped(Skipped::IsDone));
        }
        let in_one =
            length <= run.options().piece() as u64 && run.options().verify == Verify::Length;
        let begun = journal.and_then(|journal| journal.begun(key));
        if begun.is_some_and(|begun| begun.named) && self.is_named(run, key, length).await? {
            run.note(key, Record::Done).await?;
            run.meter.spared(length);
            let resumed = length;
            return Ok(Outcome::Transferred { length, resumed });
        }
        let existing = match self.decide(run, &status, in_one).await? {
            Decision::Write(existing) => existing,
            Decision::Skip => {
                run.meter.spared(length);
                return Ok(Outcome::Skipped(Skipped::IsThere));
            }
        };
        if run.options().dry_run {
            return Ok(Outcome::WouldTransfer { length });
        }
        let source = run.local().open(&self.source).await;
        let source = source.map_err(|error| local_error(&self.source, error))?;
        let resumed = if in_one {
            self.create(run, &*source, length, existing).await?
        } else {
            self.assemble(run, &*source, &status, existing, key).await?
        };
        run.note(key, Record::Done).await?;
        Ok(Outcome::Transferred { length, resumed })
    }

    async fn decide(&self, run: &Run, status: &LocalStatus, in_one: bool) -> Result<Decision> {
        let rule = run.options().overwrite;
        // The request itself finds out whether something is in its way.
        if !overwrite::must_look(rule, !in_one || run.options().dry_run) {
            return Ok(overwrite::without_looking(rule));
        }
        let found = run.find(&self.to).await?;
        if found.as_ref().is_some_and(|it| !it.is_file()) {
            let message = format!("{} is a directory", self.to);
            return Err(Error::new(ErrorKind::Conflict, message));
        }
        let found = found.map(|it| (it.length, it.modified));
        overwrite::decide(rule, (status.length, status.modified), found)
            .ok_or_else(|| self.is_there())
    }

    fn is_there(&self) -> Error {
        let message = format!("{} is already there", self.to);
        Error::new(ErrorKind::Conflict, message)
    }

    /// Whether an earlier transfer came as far as to give the file its name.
    async fn is_named(&self, run: &Run, key: Key, length: u64) -> Result<bool> {
        let parts = Parts::new(run, &self.to, run.temporary_id(key), length)?;
        if run.find(parts.whole()).await?.is_some() {
            return Ok(false);
        }
        let there = run.find(&self.to).await?;
        Ok(there.is_some_and(|it| it.is_file() && it.length == length))
    }

    /// A short file, by one request under its own name.
    async fn create(
        &self,
        run: &Run,
        source: &dyn LocalFile,
        length: u64,
        existing: Existing,
    ) -> Result<u64> {
        let expected = usize::try_from(length).expect("a piece of a file fits into memory");
        let memory = run.means.memory.take(expected + 1).await;
        // One byte more would show that it has grown.
        let read = source.read_at(0, expected + 1).await;
        let bytes = read.map_err(|error| local_error(&self.source, error))?;
        if bytes.len() != expected {
            return Err(changed(&self.source()));
        }
        let options = CreateOptions::default().with_existing(existing);
        let create = || {
            run.files()
                .create_opts(&self.to, bytes.clone(), options.clone())
        };
        let created = run.means.gate.pass(create).await;
        drop((bytes, memory));
        match created {
            Ok(()) => {
                run.meter.moved(length);
                Ok(0)
            }
            // An earlier transfer may have made it, and died before it could write that down.
            Err(error) if error.kind() == ErrorKind::Conflict && was_interrupted(run) => {
                let there = run.find(&self.to).await?;
                let same = there.is_some_and(|it| it.is_file() && it.length == length)
                    && compare(run, source, &self.to, length).await?;
                if !same {
                    return Err(error);
                }
                run.meter.spared(length);
                Ok(length)
            }
            Err(error) => Err(error),
        }
    }

    /// A long file, under a temporary name first. Gives how much of it was there.
    async fn assemble(
        &self,
        run: &Run,
        source: &dyn LocalFile,
        status: &LocalStatus,
        existing: Existing,
        key: Key,
    ) -> Result<u64> {
        let length = status.length;
        let begun = run
            .journal
            .as_ref()
            .is_some_and(|journal| journal.begun(key).is_some());
        let id = run.temporary_id(key);
        let parts = Parts::new(run, &self.to, id, length)?;
        run.means.temporary().extend(parts.paths().cloned());
        if !begun {
            run.note(key, Record::Begun).await?;
        }
        let name = self.source();
        let done = async {
            let resumed = parts.send(run, source, &name, id, begun).await?;
            self.give_name(run, source, status, existing, key, parts.whole())
                .await?;
            Ok(resumed)
        };
        let done = done.await;
        for path in parts.paths() {
            if done.is_err() && run.journal.is_none() {
                // The error that matters is the other one.
                let _ = run.files().delete(path).await;
            }
            run.means.temporary().remove(path);
        }
        done
    }

    async fn give_name(
        &self,
        run: &Run,
        source: &dyn LocalFile,
        status: &LocalStatus,
        existing: Existing,
        key: Key,
        temporary: &LakePath,
    ) -> Result<()> {
        let gate = &run.means.gate;
        let written = gate.pass(|| run.files().stat(temporary)).await?;
        let now = source.status().await;
        let now = now.map_err(|error| local_error(&self.source, error))?;
        if now.length != status.length || now.modified != status.modified {
            return Err(changed(&self.source()));
        }
        let verified = written.length == status.length
            && (run.options().verify == Verify::Length
                || compare(run, source, temporary, status.length).await?);
        if !verified {
            let message = format!("{} did not arrive as it is here", self.to);
            return Err(Error::new(ErrorKind::Transient, message));
        }
        run.note(key, Record::Naming).await?;
        let options = RenameOptions::default().with_existing(existing);
        gate.pass(|| {
            run.files()
                .rename_opts(temporary, &self.to, options.clone())
        })
        .await
    }
}

fn was_interrupted(run: &Run) -> bool {
    run.journal
        .as_ref()
        .is_some_and(|journal| journal.is_resumed())
}
