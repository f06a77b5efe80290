//! Renaming.

use super::{Existing, FileSpace, RenameOptions};
use crate::access;
use crate::host_name::host_name;
use crate::intent::{Change, Plan, Step};
use crate::mutation::Mutation;
use crate::walk::{Found, Walked};
use crate::{Error, ErrorKind, LakePath, Principal, Result};

/// Where a rename leads.
struct Destination {
    directory: Found,
    name: String,
    /// The file that is replaced.
    replaced: Option<Found>,
}

impl FileSpace {
    /// Renames a file or directory, which keeps its identity, in one step whatever its size.
    ///
    /// Onto a directory it moves into it. Onto a file it replaces the file, if the options say so
    /// and it is a file itself. The directory of the destination must exist. A file onto itself
    /// is fine, a directory onto itself is not. Needs write and execute on both directories,
    /// and the right to remove what is moved and what is replaced.
    pub fn rename(
        &self,
        principal: &Principal,
        from: &LakePath,
        to: &LakePath,
        options: &RenameOptions,
    ) -> Result<()> {
        let mutation = self.root.mutate()?;
        let source = mutation.walk(principal, &self.space, from)?;
        let Some(found) = source.found() else {
            return Err(Error::not_found(from));
        };
        let Some(directory) = source.directory() else {
            let message = "the root of an account cannot be renamed";
            return Err(Error::new(ErrorKind::InvalidArgument, message).with_path(from));
        };
        access::require_removal(principal, &directory.node, &found.node, from)?;
        if from == to && !found.node.is_directory() {
            return Ok(());
        }
        if found.node.is_directory() && to.is_within(from) {
            return Err(match from == to {
                true => Error::already_exists(to),
                false => Error::new(
                    ErrorKind::InvalidArgument,
                    format!("`{from}` cannot be moved into itself"),
                )
                .with_path(to),
            });
        }
        let into = self.destination(&mutation, principal, found, to, options)?;
        match &into.replaced {
            Some(file) => access::require_removal(principal, &into.directory.node, &file.node, to)?,
            None => access::require_entry(principal, &into.directory.node, to)?,
        }
        mutation.run(&self.plan_rename(found, into))
    }

    fn destination(
        &self,
        mutation: &Mutation<'_>,
        principal: &Principal,
        source: &Found,
        to: &LakePath,
        options: &RenameOptions,
    ) -> Result<Destination> {
        let walked = mutation.walk(principal, &self.space, to)?;
        match walked.found() {
            Some(directory) if directory.node.is_directory() => {
                let inner = to.join(&source.node.name)?;
                let walked = mutation.walk(principal, &self.space, &inner)?;
                match walked.found() {
                    // A file moved into the directory that it is in stays.
                    Some(inner) if inner.node.is_directory() => {
                        Err(Error::already_exists(&source.node.name))
                    }
                    Some(_) => self.onto_file(&walked, source, &inner, options),
                    None => self.onto_nothing(&walked, &inner),
                }
            }
            Some(_) => self.onto_file(&walked, source, to, options),
            None => self.onto_nothing(&walked, to),
        }
    }

    fn onto_file(
        &self,
        walked: &Walked,
        source: &Found,
        to: &LakePath,
        options: &RenameOptions,
    ) -> Result<Destination> {
        let (Some(file), Some(directory)) = (walked.found(), walked.directory()) else {
            return Err(Error::not_found(to));
        };
        let allowed = options.existing == Existing::Replace && !source.node.is_directory();
        if !allowed || file.node.id == source.node.id {
            return Err(Error::already_exists(to));
        }
        Ok(Destination {
            directory: directory.clone(),
            name: file.node.name.clone(),
            replaced: Some(file.clone()),
        })
    }

    fn onto_nothing(&self, walked: &Walked, to: &LakePath) -> Result<Destination> {
        if walked.is_blocked() {
            return Err(self.not_a_directory(to));
        }
        if walked.obstructed {
            return Err(Error::already_exists(to));
        }
        match walked.missing_names(to).as_slice() {
            [name] => Ok(Destination {
                directory: walked.deepest().clone(),
                name: (*name).to_owned(),
                replaced: None,
            }),
            _ => Err(Error::not_found(to.parent().unwrap_or(LakePath::ROOT))),
        }
    }

    fn plan_rename(&self, source: &Found, into: Destination) -> Plan {
        let mut plan = Plan::default();
        let mut node = source.node.clone();
        let host = into.directory.host.join(&host_name(&into.name, node.id));
        if let Some(replaced) = into.replaced {
            plan.changes.push(Change::Detach(replaced.node.id));
            // A host name that holds the id: the new file does not take the old one's place.
            if replaced.host != host {
                plan.steps.push(Step::Discard {
                    from: replaced.host,
                    to: self.root.new_discarded(),
                    kind: replaced.node.kind(),
                });
            }
        }
        node.parent = Some(into.directory.node.id);
        node.name = into.name;
        node.version += 1;
        plan.changes.push(Change::Put(Box::new(node)));
        plan.steps.push(Step::Move {
            from: source.host.clone(),
            to: host,
        });
        plan
    }
}
