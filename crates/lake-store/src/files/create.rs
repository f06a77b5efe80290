//! New files and directories.

use super::{CreateOptions, Existing, FileSpace, MkdirsOptions, Parents, StagedFile};
use crate::host_name::host_name;
use crate::intent::{Change, Plan, Step};
use crate::lease::Lease;
use crate::mutation::Mutation;
use crate::node::{Content, Node};
use crate::spool::SpoolFile;
use crate::walk::{Found, Walked};
use crate::{Error, ErrorKind, FileStatus, LakePath, Principal, Result, Rwx, access};

impl FileSpace {
    /// Creates a file with its first bytes, which are published.
    ///
    /// Needs write and execute on the directory, or write on a file that is replaced. A replaced
    /// file keeps its identity, owner and ACL. Readers that have the old file open go on reading
    /// the old bytes.
    ///
    /// A writer that gives a lease and is not done holds the file, as in [`append`](Self::append);
    /// whoever held a file that is replaced loses it.
    pub fn create(
        &self,
        principal: &Principal,
        path: &LakePath,
        options: &CreateOptions,
        body: &[u8],
    ) -> Result<FileStatus> {
        let mut spool = SpoolFile::create(&self.root)?;
        spool.write(body)?;
        self.create_spooled(principal, path, options, spool)
    }

    /// Creates a file like [`create`](Self::create), whose bytes were [staged](Self::stage) piece
    /// by piece, however many they are.
    pub fn create_staged(
        &self,
        principal: &Principal,
        staged: StagedFile,
        options: &CreateOptions,
    ) -> Result<FileStatus> {
        let (path, spool) = staged.into_parts();
        self.create_spooled(principal, &path, options, spool)
    }

    fn create_spooled(
        &self,
        principal: &Principal,
        path: &LakePath,
        options: &CreateOptions,
        spool: SpoolFile,
    ) -> Result<FileStatus> {
        spool.sync()?;
        let mutation = self.root.mutate()?;
        let mut plan = Plan::default();
        let node = self.plan_file(&mutation, &mut plan, principal, path, options, &spool)?;
        mutation.run(&plan)?;
        spool.keep();
        Ok(node.into_status())
    }

    /// Makes a directory and its parents; one that exists is fine.
    ///
    /// Needs write and execute on the deepest directory that exists.
    pub fn mkdirs(
        &self,
        principal: &Principal,
        path: &LakePath,
        options: &MkdirsOptions,
    ) -> Result<FileStatus> {
        let mutation = self.root.mutate()?;
        let walked = mutation.walk(principal, &self.space, path)?;
        if let Some(found) = walked.found() {
            return match found.node.is_directory() {
                true => Ok(found.node.clone().into_status()),
                false => Err(Error::already_exists(path)),
            };
        }
        let mut plan = Plan::default();
        let parent = self.plan_parent(&mut plan, principal, &walked, path)?;
        let last = path.name().expect("a path not found has a name");
        let made = self.new_directory(&mut plan, &parent, last, principal, options.permission);
        mutation.run(&plan)?;
        Ok(made.node.into_status())
    }

    /// Adds to a plan what puts a spool file at a path.
    pub(super) fn plan_file(
        &self,
        mutation: &Mutation<'_>,
        plan: &mut Plan,
        principal: &Principal,
        path: &LakePath,
        options: &CreateOptions,
        spool: &SpoolFile,
    ) -> Result<Node> {
        let walked = mutation.walk(principal, &self.space, path)?;
        let content = Content::whole(spool.stamp()?);
        let now = self.root.ambient().timestamp();
        let (mut node, to) = match walked.found() {
            Some(found) if found.node.is_directory() => return Err(self.is_a_directory(path)),
            Some(_) if options.existing == Existing::Fail => {
                return Err(Error::already_exists(path));
            }
            // Whoever holds the file loses it: Hadoop's tests against the service replace one that is
            // still open (TestAdlInternalCreateNonRecursive).
            Some(found) => {
                access::require(principal, &found.node, Rwx::WRITE, path)?;
                plan.changes.push(Change::ForgetWrites(found.node.id));
                (self.replaced(found, content), found.host.clone())
            }
            None => self.plan_new_file(plan, principal, path, options, &walked, content)?,
        };
        node.concurrent = options.concurrent;
        node.lease = Lease::after(options.lease, options.sync, now);
        plan.changes.push(Change::Put(Box::new(node.clone())));
        plan.steps.push(Step::Move {
            from: spool.path().clone(),
            to,
        });
        Ok(node)
    }

    /// The row of a file whose bytes are replaced.
    fn replaced(&self, found: &Found, content: Content) -> Node {
        let now = self.root.ambient().timestamp();
        let mut node = found.node.clone().with_content(content, now);
        node.accessed = now;
        node.expires = None;
        node.replaced += 1;
        node
    }

    fn plan_new_file(
        &self,
        plan: &mut Plan,
        principal: &Principal,
        path: &LakePath,
        options: &CreateOptions,
        walked: &Walked,
        content: Content,
    ) -> Result<(Node, crate::host_path::HostPath)> {
        self.check_growth(principal, walked, path)?;
        let names = walked.missing_names(path);
        let (name, parents) = names.split_last().expect("a path not found has a name");
        if options.parents == Parents::Require && !parents.is_empty() {
            let parent = path.parent().unwrap_or(LakePath::ROOT);
            return Err(Error::not_found(parent));
        }
        let parent = self.grow(plan, walked.deepest().clone(), parents, principal);
        let now = self.root.ambient().timestamp();
        let node = Node::child_of(
            &parent.node,
            self.root.new_id(),
            name,
            content,
            &principal.object_id,
            options.permission,
            now,
        );
        let host = parent.host.join(&host_name(name, node.id));
        Ok((node, host))
    }

    /// Fails unless the principal may put something at the first missing name.
    fn check_growth(&self, principal: &Principal, walked: &Walked, path: &LakePath) -> Result<()> {
        if walked.is_blocked() {
            return Err(self.not_a_directory(path));
        }
        if walked.obstructed {
            let message = format!(
                "the host has something in the way of `{path}`: no file, or a name in another case"
            );
            return Err(Error::new(ErrorKind::AlreadyExists, message).with_path(path));
        }
        access::require_entry(principal, &walked.deepest().node, path)
    }

    /// Plans the missing directories above a path at which nothing is; gives the last.
    pub(super) fn plan_parent(
        &self,
        plan: &mut Plan,
        principal: &Principal,
        walked: &Walked,
        path: &LakePath,
    ) -> Result<Found> {
        self.check_growth(principal, walked, path)?;
        let names = walked.missing_names(path);
        let (_, parents) = names.split_last().expect("a path not found has a name");
        Ok(self.grow(plan, walked.deepest().clone(), parents, principal))
    }

    /// Plans directories below one that exists; gives the last.
    fn grow(&self, plan: &mut Plan, from: Found, names: &[&str], principal: &Principal) -> Found {
        names.iter().fold(from, |parent, name| {
            self.new_directory(plan, &parent, name, principal, None)
        })
    }

    fn new_directory(
        &self,
        plan: &mut Plan,
        parent: &Found,
        name: &str,
        principal: &Principal,
        permission: Option<u16>,
    ) -> Found {
        let node = Node::child_of(
            &parent.node,
            self.root.new_id(),
            name,
            Content::Directory { scanned: None },
            &principal.object_id,
            permission,
            self.root.ambient().timestamp(),
        );
        let host = parent.host.join(&host_name(name, node.id));
        plan.steps.push(Step::MakeDirectory(host.clone()));
        plan.changes.push(Change::Put(Box::new(node.clone())));
        Found { node, host }
    }
}
