//! The operations on bytes.

use aad_core::transport::ResponseBody;
use async_trait::async_trait;
use bytes::Bytes;
use futures::stream;
use time::OffsetDateTime;
use uuid::Uuid;

use super::content::Content;
use super::tree::{Body, File, Id, Tree};
use super::{Memory, not_a_file, taken};
use crate::options::{
    AppendOptions, ConcatOptions, ConcurrentAppendOptions, CreateOptions, Existing, Parents,
    SyncFlag,
};
use crate::wire::{Bytewise, Reading};
use crate::{Error, ErrorKind, LakePath, Result, Rights};

/// How long a writer that is not heard of keeps others from writing.
const LEASE: time::Duration = time::Duration::minutes(10);

#[async_trait]
impl Bytewise for Memory {
    async fn open(&self, path: &LakePath, reading: &Reading) -> Result<ResponseBody> {
        let tree = self.tree();
        let id = self.find(&tree, path)?;
        let Body::File(file) = &tree.node(id).body else {
            return Err(not_a_file(path));
        };
        self.require(tree.node(id), Rights::READ, path)?;
        let pieces = file.published.range(reading.offset, reading.length);
        Ok(ResponseBody::stream(stream::iter(
            pieces.into_iter().map(Ok),
        )))
    }

    async fn create(&self, path: &LakePath, body: Bytes, options: &CreateOptions) -> Result<()> {
        let mut tree = self.tree();
        let now = self.now();
        let mut file = tree.new_file(body);
        let Some(id) = self.walk(&tree, path)?.found() else {
            keep_lease(&mut file, options.lease, options.sync, now);
            let body = Body::File(file);
            self.make_file(&mut tree, path, options.parents, options.permission, body)?;
            return Ok(());
        };
        match &tree.node(id).body {
            Body::Directory(_) => return Err(not_a_file(path)),
            Body::File(_) if options.existing == Existing::Fail => return Err(taken(path)),
            Body::File(there) => require_lease(there, options.lease, now, path)?,
        }
        self.require(tree.node(id), Rights::WRITE, path)?;
        keep_lease(&mut file, options.lease, options.sync, now);
        tree.set_expiry(id, None);
        let node = tree.node_mut(id);
        (node.modified, node.accessed) = (now, now);
        node.body = Body::File(file);
        Ok(())
    }

    async fn append(
        &self,
        path: &LakePath,
        offset: u64,
        body: Bytes,
        options: &AppendOptions,
    ) -> Result<()> {
        self.append_at(path, Some(offset), body, options)
    }

    async fn append_nothing(&self, path: &LakePath, options: &AppendOptions) -> Result<()> {
        self.append_at(path, None, Bytes::new(), options)
    }

    async fn concurrent_append(
        &self,
        path: &LakePath,
        body: Bytes,
        options: &ConcurrentAppendOptions,
    ) -> Result<()> {
        let mut tree = self.tree();
        if options.create && self.walk(&tree, path)?.found().is_none() {
            let file = tree.new_file(Bytes::new());
            self.make_file(&mut tree, path, Parents::Create, None, Body::File(file))?;
        }
        let (file, modified) = self.file_to_write(&mut tree, path)?;
        let other_bytes = !file.published.is_empty() || !file.pending.is_empty();
        if !file.concurrent && other_bytes {
            return Err(does_not_mix(path));
        }
        file.concurrent = true;
        file.published.push(body);
        *modified = self.now();
        Ok(())
    }

    async fn concat(
        &self,
        target: &LakePath,
        sources: &[LakePath],
        options: &ConcatOptions,
    ) -> Result<()> {
        let mut tree = self.tree();
        let now = self.now();
        let sources = self.sources(&tree, target, sources)?;
        let directory = self.directory_to_delete(&tree, target, &sources, options)?;
        if self.walk(&tree, target)?.found().is_none() {
            let file = tree.new_file(Bytes::new());
            self.make_file(&mut tree, target, Parents::Create, None, Body::File(file))?;
        }
        self.file_to_write(&mut tree, target)?;
        let mut joined = Content::default();
        for (id, _) in sources {
            if let Body::File(source) = &mut tree.node_mut(id).body {
                joined.append(std::mem::take(&mut source.published));
            }
            tree.take(id, now);
            tree.forget(id);
        }
        let (file, modified) = self.file_to_write(&mut tree, target)?;
        file.pending = Content::default();
        file.published.append(joined);
        *modified = now;
        if let Some(directory) = directory {
            tree.take(directory, now);
            tree.forget(directory);
        }
        Ok(())
    }
}

impl Memory {
    /// Adds bytes at the end, or only there.
    fn append_at(
        &self,
        path: &LakePath,
        offset: Option<u64>,
        body: Bytes,
        options: &AppendOptions,
    ) -> Result<()> {
        let mut tree = self.tree();
        let now = self.now();
        let (file, modified) = self.file_to_write(&mut tree, path)?;
        require_lease(file, options.lease, now, path)?;
        if file.concurrent {
            return Err(does_not_mix(path));
        }
        let end = file.published.length() + file.pending.length();
        if let Some(offset) = offset
            && offset != end
        {
            let message = format!("{path} ends at {end}, not at {offset}");
            return Err(Error::new(ErrorKind::Conflict, message));
        }
        keep_lease(file, options.lease, options.sync, now);
        file.pending.push(body);
        if options.sync != SyncFlag::Data && !file.pending.is_empty() {
            file.published.append(std::mem::take(&mut file.pending));
            *modified = now;
        }
        Ok(())
    }

    /// A file that this caller may write, with the time at which it was written.
    fn file_to_write<'t>(
        &self,
        tree: &'t mut Tree,
        path: &LakePath,
    ) -> Result<(&'t mut File, &'t mut OffsetDateTime)> {
        let id = self.find(tree, path)?;
        self.require(tree.node(id), Rights::WRITE, path)?;
        let node = tree.node_mut(id);
        match &mut node.body {
            Body::File(file) => Ok((file, &mut node.modified)),
            Body::Directory(_) => Err(not_a_file(path)),
        }
    }

    /// The files to join, each of which this caller may read and remove.
    fn sources<'p>(
        &self,
        tree: &Tree,
        target: &LakePath,
        paths: &'p [LakePath],
    ) -> Result<Vec<(Id, &'p LakePath)>> {
        let refuse = |why: String| Err(Error::new(ErrorKind::Request, why));
        if paths.is_empty() {
            return refuse(format!("no files are named to be joined to {target}"));
        }
        let mut sources: Vec<(Id, &LakePath)> = Vec::with_capacity(paths.len());
        let mut seen = std::collections::HashSet::new();
        for path in paths {
            if path == target || !seen.insert(path) {
                return refuse(format!("{path} cannot be joined to {target} twice"));
            }
            let id = self.find(tree, path)?;
            if tree.node(id).is_directory() {
                return Err(not_a_file(path));
            }
            self.require(tree.node(id), Rights::READ, path)?;
            self.require_removal(tree, id, path)?;
            sources.push((id, path));
        }
        Ok(sources)
    }

    /// The one directory of all sources, if it is to go with them.
    fn directory_to_delete(
        &self,
        tree: &Tree,
        target: &LakePath,
        sources: &[(Id, &LakePath)],
        options: &ConcatOptions,
    ) -> Result<Option<Id>> {
        if !options.delete_source_directory {
            return Ok(None);
        }
        let mut parents = sources.iter().map(|(id, path)| (tree.parent(*id), path));
        let (first, path) = parents.next().expect("there is a source");
        let Some(directory) = first.filter(|_| parents.all(|(parent, _)| parent == first)) else {
            return Ok(None);
        };
        let directory_path = path.parent().unwrap_or_else(LakePath::root);
        if super::names::is_within(target, &directory_path) {
            let message = format!("{target} would be deleted with the directory of its sources");
            return Err(Error::new(ErrorKind::Request, message));
        }
        self.require_removal(tree, directory, &directory_path)?;
        Ok(Some(directory))
    }
}

/// Fails while another writer has the file.
fn require_lease(
    file: &File,
    lease: Option<Uuid>,
    now: OffsetDateTime,
    path: &LakePath,
) -> Result<()> {
    match file.lease {
        Some((holder, since)) if lease != Some(holder) && now < since + LEASE => {
            let message = format!("another writer has a lease on {path}");
            Err(Error::new(ErrorKind::Conflict, message))
        }
        _ => Ok(()),
    }
}

fn keep_lease(file: &mut File, lease: Option<Uuid>, sync: SyncFlag, now: OffsetDateTime) {
    file.lease = match sync {
        SyncFlag::Close => None,
        SyncFlag::Data | SyncFlag::Metadata => lease.map(|id| (id, now)),
    };
}

fn does_not_mix(path: &LakePath) -> Error {
    let message = format!("concurrent and ordinary appends to {path} do not mix");
    Error::new(ErrorKind::Conflict, message)
}
