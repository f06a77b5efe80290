//! Bytes added at the end of a file.
//!
//! What is to be published at once is written after the end of the file, under an open append that
//! recovery cuts off. What is to stay invisible goes to a spool file. A spool that holds the whole
//! file is published by a rename, one that holds only the end is copied.

use super::addition::Addition;
use super::{AppendOptions, FileSpace, Offset, StagedFile, SyncFlag};
use crate::data_root;
use crate::intent::{Change, Plan, Step};
use crate::lease::Lease;
use crate::node::{Content, Stamp};
use crate::recovery::cut_append;
use crate::spool::{self, Spool, SpoolFile};
use crate::tree::TreeMut;
use crate::walk::Found;
use crate::{
    DiskFile, Durability, Error, ErrorKind, LakePath, NodeId, OpenMode, Principal, Result, Rwx,
    access, lease,
};

/// A file of at most this many bytes is copied when its first unpublished append begins, so that
/// all of them are published by one rename. It is the usual upload: a small first piece, then many.
const COPIED: u64 = 8 << 20;

impl FileSpace {
    /// Adds bytes at the end of a file, after bytes that are yet to be published. Needs write.
    ///
    /// [`ErrorKind::BadOffset`] if the offset is not the end, for no bytes too: that is how a
    /// client asks whether an append, whose reply was lost, has happened.
    /// [`ErrorKind::Conflict`] if the bytes of the file are from
    /// [concurrent appends](Self::append_concurrently).
    /// [`ErrorKind::LeaseConflict`] if a writer with a lease holds the file.
    pub fn append(
        &self,
        principal: &Principal,
        path: &LakePath,
        offset: Offset,
        body: &[u8],
        sync: SyncFlag,
    ) -> Result<()> {
        let options = AppendOptions::default().with_offset(offset).with_sync(sync);
        self.append_opts(principal, path, body, &options)
    }

    /// Adds bytes at the end of a file, like [`append`](Self::append), for a writer that may hold
    /// the file.
    ///
    /// A writer that gives a lease holds the file from then on: until it is done
    /// ([`SyncFlag::Close`]), or for ten minutes after it last wrote. Meanwhile nobody else writes
    /// to the file; everybody may rename it, delete it and change its attributes.
    pub fn append_opts(
        &self,
        principal: &Principal,
        path: &LakePath,
        body: &[u8],
        options: &AppendOptions,
    ) -> Result<()> {
        self.one_append_at_a_time(principal, path, |found, spool| {
            let body = Addition::Memory(body);
            self.append_in_turn(path, found, spool.as_ref(), body, options)
        })
    }

    /// Adds the bytes of a staged file, of any length, at the end of the file at its path, like
    /// [`append_opts`](Self::append_opts).
    pub fn append_staged(
        &self,
        principal: &Principal,
        staged: StagedFile,
        options: &AppendOptions,
    ) -> Result<()> {
        let (path, staged) = staged.into_parts();
        self.one_append_at_a_time(principal, &path, |found, spool| {
            let body = Addition::Staged(&staged);
            self.append_in_turn(&path, found, spool.as_ref(), body, options)
        })
    }

    /// Where the next append to a file goes: after its bytes, those that are yet to be published
    /// included. Needs execute on every directory above the file.
    pub fn end(&self, principal: &Principal, path: &LakePath) -> Result<u64> {
        let node = self.find(principal, path)?.node;
        if node.is_directory() {
            return Err(self.is_a_directory(path));
        }
        let spool = self.spool_of(node.id)?;
        Ok(spool.map_or(node.length(), |spool| spool.end()))
    }

    /// Calls with the file and what is unpublished of it, while nobody else appends to it. Needs
    /// write.
    pub(super) fn one_append_at_a_time(
        &self,
        principal: &Principal,
        path: &LakePath,
        append: impl FnOnce(Found, Option<Spool>) -> Result<()>,
    ) -> Result<()> {
        // What precedes the lock may be old by the time that it is taken: it only names the file.
        let id = self.find(principal, path)?.node.id;
        let _appends = self.root.lock_appends(id);
        let found = self.find(principal, path)?;
        if found.node.id != id {
            return Err(self.was_replaced(path));
        }
        if found.node.is_directory() {
            return Err(self.is_a_directory(path));
        }
        access::require(principal, &found.node, Rwx::WRITE, path)?;
        let spool = self.spool_of(id)?;
        append(found, spool)
    }

    fn append_in_turn(
        &self,
        path: &LakePath,
        mut found: Found,
        spool: Option<&Spool>,
        body: Addition<'_>,
        options: &AppendOptions,
    ) -> Result<()> {
        let now = self.root.ambient().timestamp();
        lease::require(&found.node, options.lease, now, path)?;
        if found.node.concurrent {
            return Err(self.does_not_mix(path));
        }
        let end = spool.map_or(found.node.length(), Spool::end);
        if let Offset::At(offset) = options.offset
            && offset != end
        {
            let message = format!("an append at {offset} to `{path}`, which ends at {end}");
            return Err(Error::new(ErrorKind::BadOffset, message).with_path(path));
        }
        let lease = Lease::after(options.lease, options.sync, now);
        let held = std::mem::replace(&mut found.node.lease, lease);
        let found = &found;
        match (options.sync, spool) {
            (SyncFlag::Data, _) | (_, None) if body.is_empty() => match held == lease {
                true => Ok(()),
                false => self.hold(path, found, spool),
            },
            (SyncFlag::Data, spool) => self.keep_unpublished(path, found, spool, body),
            (_, None) => self.write_behind(path, found, None, body),
            (_, Some(spool)) if spool.base == 0 => self.publish_whole(path, found, spool, body),
            (_, Some(spool)) => self.write_behind(path, found, Some(spool), body),
        }
    }

    /// Takes, renews or ends a lease, and nothing else.
    fn hold(&self, path: &LakePath, found: &Found, spool: Option<&Spool>) -> Result<()> {
        self.root.mutate()?.transact(|tree| {
            self.check_unchanged(path, found, spool, tree)?;
            set_lease(tree, found)
        })
    }

    fn spool_of(&self, id: NodeId) -> Result<Option<Spool>> {
        let table = self.root.database().read()?;
        let table = table.open_table(crate::database::SPOOLS)?;
        let row = table.get(id.key())?;
        row.map(|row| crate::database::decode(row.value()))
            .transpose()
    }

    /// Adds bytes to the file's spool.
    fn keep_unpublished(
        &self,
        path: &LakePath,
        found: &Found,
        spool: Option<&Spool>,
        body: Addition<'_>,
    ) -> Result<()> {
        let (mut file, base) = match spool {
            Some(spool) => (SpoolFile::reopen(&self.root, spool)?, spool.base),
            None => self.begin_spool(path, found)?,
        };
        body.give(|bytes| file.write(bytes))?;
        file.sync()?;
        let row = Spool {
            path: file.path().clone(),
            base,
            length: file.length(),
        };
        let id = found.node.id;
        self.root.mutate()?.transact(|tree| {
            self.check_unchanged(path, found, spool, tree)?;
            set_lease(tree, found)?;
            tree.put_spool(id, &row)
        })?;
        file.keep();
        Ok(())
    }

    /// A new spool, and where in the file it begins.
    fn begin_spool(&self, path: &LakePath, found: &Found) -> Result<(SpoolFile, u64)> {
        let mut spool = SpoolFile::create(&self.root)?;
        // The row that is going to name the file must not outlive the file's name.
        self.root.sync_directory(&data_root::spool())?;
        let length = found.node.length();
        if length > COPIED {
            return Ok((spool, length));
        }
        if length > 0 {
            let file = self.open_published(path, found, OpenMode::Read)?;
            spool.copy(file.as_ref(), length)?;
        }
        Ok((spool, 0))
    }

    /// Publishes a spool that is the whole file.
    fn publish_whole(
        &self,
        path: &LakePath,
        found: &Found,
        spool: &Spool,
        body: Addition<'_>,
    ) -> Result<()> {
        let mut file = SpoolFile::reopen(&self.root, spool)?;
        body.give(|bytes| file.write(bytes))?;
        file.sync()?;
        let mutation = self.root.mutate()?;
        let (mut node, host) = mutation.transact(|tree| {
            self.check_unchanged(path, found, Some(spool), tree)?;
            let node = tree.tree.node(found.node.id)?;
            let host = tree.tree.host_path(&node)?;
            Ok((node, host.ok_or_else(|| Error::not_found(path))?))
        })?;
        let id = node.id;
        let now = self.root.ambient().timestamp();
        node.lease = found.node.lease;
        let node = node.with_content(Content::whole(file.stamp()?), now);
        mutation.run(&Plan {
            steps: vec![Step::Move {
                from: spool.path.clone(),
                to: host,
            }],
            changes: vec![Change::ForgetWrites(id), Change::Put(Box::new(node))],
        })
    }

    /// Writes the rest of a spool, if there is one, and bytes after the end of the file.
    pub(super) fn write_behind(
        &self,
        path: &LakePath,
        found: &Found,
        spool: Option<&Spool>,
        body: Addition<'_>,
    ) -> Result<()> {
        let id = found.node.id;
        let length = found.node.length();
        let file = self.open_published(path, found, OpenMode::Write)?;
        self.root.mutate()?.transact(|tree| {
            self.check_unchanged(path, found, spool, tree)?;
            tree.begin_append(id, length)
        })?;
        let written = self.write_after(file.as_ref(), length, spool, body);
        let ended = written.and_then(|(length, stamp)| {
            self.root.mutate()?.transact(|tree| {
                if !tree.tree.is_appending(id)? {
                    return Err(self.was_replaced(path));
                }
                let mut node = tree.tree.node(id)?;
                node.concurrent = found.node.concurrent;
                node.lease = found.node.lease;
                let now = self.root.ambient().timestamp();
                tree.apply(&Change::ForgetWrites(id))?;
                tree.put(&node.with_content(Content::File { length, stamp }, now))
            })
        });
        ended.inspect_err(|_| {
            // The row still has the old length, so nobody sees the rest; a start cuts it too.
            if let Err(error) = cut_append(&self.root, id, length) {
                tracing::warn!(%path, %error, "an append that failed is cut off at the next start");
            }
        })
    }

    fn write_after(
        &self,
        file: &dyn DiskFile,
        mut end: u64,
        spool: Option<&Spool>,
        body: Addition<'_>,
    ) -> Result<(u64, Stamp)> {
        let failed = |error| Error::io("append to", "a file of the lake", error);
        let mut write = |bytes: &[u8]| {
            file.write_at(end, bytes).map_err(failed)?;
            end += bytes.len() as u64;
            Ok(())
        };
        if let Some(spool) = spool {
            let rest = SpoolFile::reopen(&self.root, spool)?;
            spool::copy(rest.file(), spool.length, &mut write)?;
        }
        body.give(write)?;
        if self.root.durability() == Durability::Power {
            file.sync().map_err(failed)?;
        }
        let stamp = file.metadata().map_err(failed)?.into();
        Ok((end, stamp))
    }

    /// Opens the file that the row describes.
    fn open_published(
        &self,
        path: &LakePath,
        found: &Found,
        mode: OpenMode,
    ) -> Result<Box<dyn DiskFile>> {
        let file = self.root.open_file(&found.host, mode)?;
        let file = file.ok_or_else(|| Error::not_found(path))?;
        let host = file
            .metadata()
            .map_err(|error| Error::io("look at", path, error))?;
        match found.node.content {
            Content::File { stamp, .. } if stamp == Stamp::from(host) => Ok(file),
            _ => Err(self.was_replaced(path)),
        }
    }

    /// Fails if somebody changed the file since it was found. Renames do no harm.
    fn check_unchanged(
        &self,
        path: &LakePath,
        found: &Found,
        spool: Option<&Spool>,
        tree: &TreeMut<'_>,
    ) -> Result<()> {
        let id = found.node.id;
        let node = tree.tree.find(id)?;
        let node = node.ok_or_else(|| Error::not_found(path))?;
        if node.content != found.node.content || tree.spool(id)?.as_ref() != spool {
            return Err(self.was_replaced(path));
        }
        Ok(())
    }

    fn was_replaced(&self, path: &LakePath) -> Error {
        let message = format!("`{path}` was replaced while it was appended to");
        Error::new(ErrorKind::LeaseConflict, message).with_path(path)
    }
}

/// Gives the file the lease that was decided on, unless it has it.
fn set_lease(tree: &mut TreeMut<'_>, found: &Found) -> Result<()> {
    let mut node = tree.tree.node(found.node.id)?;
    if node.lease != found.node.lease {
        node.lease = found.node.lease;
        tree.put(&node)?;
    }
    Ok(())
}
