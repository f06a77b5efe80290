//! The right to change names and rows, which one thread has at a time.

use std::sync::MutexGuard;

use crate::data_root::DataRoot;
use crate::database::{INTENTS, decode, encode};
use crate::intent::{Plan, Step};
use crate::tree::TreeMut;
use crate::walk::{Space, Verify, Walked, walk};
use crate::{Error, FileKind, LakePath, Principal, Result};

/// The right to change names and rows. Held for a few renames and commits, never while the bytes
/// of a file are written.
pub(crate) struct Mutation<'r> {
    root: &'r DataRoot,
    _guard: MutexGuard<'r, ()>,
}

impl<'r> Mutation<'r> {
    pub(crate) fn new(root: &'r DataRoot, guard: MutexGuard<'r, ()>) -> Self {
        Self {
            root,
            _guard: guard,
        }
    }

    /// Walks to a path and sees the host as it is now. A file that has expired is removed.
    pub(crate) fn walk(
        &self,
        principal: &Principal,
        space: &Space,
        path: &LakePath,
    ) -> Result<Walked> {
        let once = |verify| {
            let tree = self.root.snapshot()?;
            walk(self.root, &tree, principal, space, path, verify)
        };
        let walked = match once(Verify::Host)? {
            Some(walked) => walked,
            None => {
                self.refresh(space, path)?;
                once(Verify::Trust)?.ok_or_else(|| Error::corrupt("a trusting walk was stale"))?
            }
        };
        match walked.expired() {
            None => Ok(walked),
            Some(expired) => {
                self.run(&self.removal(expired))?;
                once(Verify::Trust)?.ok_or_else(|| Error::corrupt("a trusting walk was stale"))
            }
        }
    }

    /// The plan that removes a file or directory for good.
    pub(crate) fn removal(&self, found: &crate::walk::Found) -> Plan {
        Plan {
            steps: vec![Step::Discard {
                from: found.host.clone(),
                to: self.root.new_discarded(),
                kind: found.node.kind(),
            }],
            changes: vec![crate::intent::Change::Detach(found.node.id)],
        }
    }

    /// Carries a plan out. After an error nothing has happened; if even that could not be
    /// achieved, the plan is done before anybody sees anything of it.
    pub(crate) fn run(&self, plan: &Plan) -> Result<()> {
        if plan.steps.is_empty() {
            return self.finish(plan);
        }
        self.sync_directories(plan)?;
        // Until the intent is known not to be there, temporary files must stay.
        self.begin(plan)
            .inspect_err(|_| self.root.set_unsettled())?;
        for (index, step) in plan.steps.iter().enumerate() {
            if let Err(error) = step.perform(self.root) {
                self.undo(&plan.steps[..index]);
                return Err(error);
            }
        }
        let done = self.sync_directories(plan).and_then(|()| self.finish(plan));
        done.inspect_err(|_| self.root.set_unsettled())?;
        self.free_discarded(plan);
        Ok(())
    }

    fn begin(&self, plan: &Plan) -> Result<()> {
        let transaction = self.root.database().write()?;
        let row = encode(plan)?;
        transaction.open_table(INTENTS)?.insert(0, row.as_slice())?;
        Ok(transaction.commit()?)
    }

    /// Whether a plan, which could not be carried out, is yet to be.
    pub(crate) fn is_begun(&self, plan: &Plan) -> Result<bool> {
        let table = self.root.database().read()?.open_table(INTENTS)?;
        let Some(row) = table.get(0)? else {
            return Ok(false);
        };
        Ok(decode::<Plan>(row.value())? == *plan)
    }

    fn undo(&self, steps: &[Step]) {
        let mut undone = steps.iter().rev().map(|step| step.undo(self.root));
        let undone = undone.try_for_each(|result| result);
        let forgotten = undone.and_then(|()| {
            let transaction = self.root.database().write()?;
            transaction.open_table(INTENTS)?.remove(0)?;
            Ok(transaction.commit()?)
        });
        if let Err(error) = forgotten {
            tracing::error!(%error, "a change that failed cannot be undone; it will be done");
            self.root.set_unsettled();
        }
    }

    /// Applies the changes and forgets the plan, in one commit.
    fn finish(&self, plan: &Plan) -> Result<()> {
        self.transact(|tree| {
            plan.changes
                .iter()
                .try_for_each(|change| tree.apply(change))
        })
    }

    /// Changes rows in one commit, which also ends a plan.
    pub(crate) fn transact<T>(&self, change: impl FnOnce(&mut TreeMut) -> Result<T>) -> Result<T> {
        let transaction = self.root.database().write()?;
        let mut tree = TreeMut::of(&transaction)?;
        let value = change(&mut tree)?;
        let orphans = std::mem::take(&mut tree.orphans);
        drop(tree);
        transaction.open_table(INTENTS)?.remove(0)?;
        // A commit that failed may have happened: files that its rows name must stay.
        let committed = transaction.commit();
        committed.inspect_err(|_| self.root.set_unsettled())?;
        for orphan in &orphans {
            self.root.forget_file(orphan);
        }
        Ok(value)
    }

    /// Does what a process that died, or a failure that could not be undone, left to do.
    pub(crate) fn roll_forward(&self) -> Result<()> {
        let table = self.root.database().read()?.open_table(INTENTS)?;
        let Some(row) = table.get(0)? else {
            return Ok(());
        };
        let plan: Plan = decode(row.value())?;
        for step in &plan.steps {
            step.redo(self.root)?;
        }
        self.sync_directories(&plan)?;
        self.finish(&plan)?;
        self.free_discarded(&plan);
        Ok(())
    }

    fn sync_directories(&self, plan: &Plan) -> Result<()> {
        let mut directories: Vec<_> = plan.steps.iter().flat_map(Step::directories).collect();
        directories.sort();
        directories.dedup();
        // One that is yet to be made is synced after it was made.
        directories
            .iter()
            .try_for_each(|path| match self.root.durability() {
                crate::Durability::Power if self.root.metadata(path)?.is_some() => {
                    self.root.sync_directory(path)
                }
                _ => Ok(()),
            })
    }

    /// Frees the space of single files at once; directories wait to be reaped.
    fn free_discarded(&self, plan: &Plan) {
        for step in &plan.steps {
            if let Step::Discard {
                to,
                kind: FileKind::File,
                ..
            } = step
            {
                self.root.forget_file(to);
            }
        }
    }

    pub(crate) fn root(&self) -> &'r DataRoot {
        self.root
    }
}
