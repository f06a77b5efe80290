//! Files joined into one.

use super::{ConcatOptions, CreateOptions, Existing, FileReader, FileSpace};
use crate::intent::Plan;
use crate::spool::SpoolFile;
use crate::walk::{Found, Walked};
use crate::{Error, ErrorKind, LakePath, Principal, Result, Rwx, access, lease};

impl FileSpace {
    /// Appends files to a file, which is created if need be, and removes them; all of it or
    /// nothing. What was not published of any of them is forgotten.
    ///
    /// Needs read on the sources and the right to remove them, and to write the destination.
    /// [`ErrorKind::LeaseConflict`] if a writer holds any of the files.
    pub fn concat(
        &self,
        principal: &Principal,
        path: &LakePath,
        sources: &[LakePath],
    ) -> Result<()> {
        self.concat_opts(principal, path, sources, &ConcatOptions::default())
    }

    /// Joins files like [`concat`](Self::concat), and may delete the directory that all of them
    /// are in with whatever else is in it, in the same step. Then the right to
    /// [delete](Self::delete) it is needed too. A directory that the joined file is in stays.
    pub fn concat_opts(
        &self,
        principal: &Principal,
        path: &LakePath,
        sources: &[LakePath],
        options: &ConcatOptions,
    ) -> Result<()> {
        check_sources(path, sources)?;
        let deleted = common_directory(sources);
        let deleted = deleted.filter(|d| options.delete_source_directory && !path.is_within(d));
        if let Some(directory) = deleted.as_ref().filter(|_| !principal.superuser) {
            self.check_tree(principal, directory)?;
        }
        let mut spool = SpoolFile::create(&self.root)?;
        let mut read = Vec::with_capacity(sources.len() + 1);
        match self.open_for(principal, path, Rwx::WRITE) {
            Ok(reader) => read.push((path, reader)),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        for source in sources {
            read.push((source, self.open(principal, source)?));
        }
        for (_, reader) in &read {
            spool.copy(reader.file(), reader.len())?;
        }
        spool.sync()?;
        let mutation = self.root.mutate()?;
        let now = self.root.ambient().timestamp();
        let mut plan = Plan::default();
        for (source, reader) in &read {
            let walked = mutation.walk(principal, &self.space, source)?;
            let found = check_same(&walked, reader, source)?;
            lease::require(&found.node, None, now, source)?;
            if let Some(directory) = walked.directory().filter(|_| *source != path) {
                access::require_removal(principal, &directory.node, &found.node, source)?;
                let removal = mutation.removal(found);
                plan.steps.extend(removal.steps);
                plan.changes.extend(removal.changes);
            }
        }
        if let Some(directory) = &deleted {
            let found = self.find_deletable(&mutation, principal, directory)?;
            let deletion = mutation.deletion(&found, self.space.node, directory, principal);
            plan.steps.extend(deletion.steps);
            plan.changes.extend(deletion.changes);
        }
        let options = CreateOptions::default().with_existing(match read.first() {
            Some((first, _)) if *first == path => Existing::Replace,
            _ => Existing::Fail,
        });
        self.plan_file(&mutation, &mut plan, principal, path, &options, &spool)?;
        mutation.run(&plan)?;
        spool.keep();
        Ok(())
    }
}

/// The directory that all sources are in.
fn common_directory(sources: &[LakePath]) -> Option<LakePath> {
    let mut parents = sources.iter().map(LakePath::parent);
    let first = parents.next().flatten()?;
    parents
        .all(|other| other.as_ref() == Some(&first))
        .then_some(first)
}

/// What is at the path, if it still has the bytes that were read.
fn check_same<'w>(walked: &'w Walked, read: &FileReader, path: &LakePath) -> Result<&'w Found> {
    let found = walked.found().ok_or_else(|| Error::not_found(path))?;
    let status = read.status();
    if (found.node.id, found.node.version) != (status.id, status.version) {
        let message = format!("`{path}` was changed while it was joined to another file");
        return Err(Error::new(ErrorKind::LeaseConflict, message).with_path(path));
    }
    Ok(found)
}

fn check_sources(path: &LakePath, sources: &[LakePath]) -> Result<()> {
    let refuse = |message: String| Err(Error::new(ErrorKind::InvalidArgument, message));
    if sources.is_empty() {
        return refuse("no files to join".to_owned());
    }
    for (index, source) in sources.iter().enumerate() {
        if source == path {
            return refuse(format!("`{path}` cannot be joined to itself"));
        }
        if sources[..index].contains(source) {
            return refuse(format!("`{source}` is named twice"));
        }
    }
    Ok(())
}
