//! Files, directories, and how they hang together.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use bytes::Bytes;
use time::OffsetDateTime;
use uuid::Uuid;

use super::acl;
use super::content::Content;
use crate::{Acl, AclStatus, FileStatus, FileType, LakePath, Permission, Principal};

/// How long the trash keeps what was deleted.
const KEPT: time::Duration = time::Duration::days(7);

/// What names a node for as long as the store lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Id(u64);

const ROOT: Id = Id(0);

/// A file or a directory.
#[derive(Debug)]
pub(super) struct Node {
    /// The directory that it is in, and its name there; the root has none.
    place: Option<(Id, String)>,
    pub(super) created: OffsetDateTime,
    pub(super) modified: OffsetDateTime,
    pub(super) accessed: OffsetDateTime,
    pub(super) owner: Principal,
    pub(super) group: Principal,
    /// With the entries of owner, owning group and others at least.
    pub(super) acl: Acl,
    pub(super) sticky: bool,
    pub(super) body: Body,
}

#[derive(Debug)]
pub(super) enum Body {
    File(File),
    Directory(BTreeMap<String, Id>),
}

/// What only a file has.
#[derive(Debug, Default)]
pub(super) struct File {
    /// What readers see.
    pub(super) published: Content,
    /// What is yet to be published.
    pub(super) pending: Content,
    /// Who writes, and since when nothing was heard of it.
    pub(super) lease: Option<(Uuid, OffsetDateTime)>,
    /// Whether its bytes are from concurrent appends.
    pub(super) concurrent: bool,
    /// Another number for each time that the file was made anew.
    pub(super) generation: u64,
    expires: Option<OffsetDateTime>,
}

/// What was deleted.
#[derive(Debug)]
pub(super) struct Trashed {
    /// Greater than that of what was deleted before.
    pub(super) number: u64,
    pub(super) id: Id,
    pub(super) path: LakePath,
    deleted: OffsetDateTime,
}

/// How far a path leads.
pub(super) struct Walked<'p> {
    /// The last node on the way.
    pub(super) deepest: Id,
    /// The names behind it.
    pub(super) missing: Vec<&'p str>,
}

impl Walked<'_> {
    pub(super) fn found(&self) -> Option<Id> {
        self.missing.is_empty().then_some(self.deepest)
    }
}

#[derive(Debug)]
pub(super) struct Tree {
    nodes: HashMap<Id, Node>,
    expiring: BTreeSet<(OffsetDateTime, Id)>,
    /// The oldest first.
    pub(super) trash: VecDeque<Trashed>,
    numbers: u64,
}

impl Tree {
    pub(super) fn new(now: OffsetDateTime) -> Self {
        let superuser: Principal = "$superuser".parse().expect("a name without a colon");
        let root = Node {
            place: None,
            created: now,
            modified: now,
            accessed: now,
            owner: superuser.clone(),
            group: superuser,
            acl: acl::of_permission(acl::UNSAID),
            sticky: false,
            body: Body::Directory(BTreeMap::new()),
        };
        Self {
            nodes: HashMap::from([(ROOT, root)]),
            expiring: BTreeSet::new(),
            trash: VecDeque::new(),
            numbers: 0,
        }
    }

    /// A number that was never given before.
    pub(super) fn number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    /// A file that is yet to be put somewhere.
    pub(super) fn new_file(&mut self, bytes: Bytes) -> File {
        File {
            published: bytes.into(),
            generation: self.number(),
            ..File::default()
        }
    }

    pub(super) fn node(&self, id: Id) -> &Node {
        self.nodes.get(&id).expect("an id names a node of the tree")
    }

    pub(super) fn node_mut(&mut self, id: Id) -> &mut Node {
        let node = self.nodes.get_mut(&id);
        node.expect("an id names a node of the tree")
    }

    /// Goes down a path as far as it leads, asking about each directory on the way.
    pub(super) fn walk<'p, E>(
        &self,
        path: &'p LakePath,
        mut may_pass: impl FnMut(&Node) -> Result<(), E>,
    ) -> Result<Walked<'p>, E> {
        let mut deepest = ROOT;
        let mut names = path.names();
        while let Some(name) = names.next() {
            let node = self.node(deepest);
            let Body::Directory(children) = &node.body else {
                let missing = std::iter::once(name).chain(names).collect();
                return Ok(Walked { deepest, missing });
            };
            may_pass(node)?;
            match children.get(name) {
                Some(child) => deepest = *child,
                None => {
                    let missing = std::iter::once(name).chain(names).collect();
                    return Ok(Walked { deepest, missing });
                }
            }
        }
        let missing = Vec::new();
        Ok(Walked { deepest, missing })
    }

    /// Makes a node in a directory.
    pub(super) fn make(
        &mut self,
        parent: Id,
        name: &str,
        owner: Option<&Principal>,
        permission: Option<Permission>,
        body: Body,
        now: OffsetDateTime,
    ) -> Id {
        let directory = self.node(parent);
        let is_directory = matches!(body, Body::Directory(_));
        let node = Node {
            place: None,
            created: now,
            modified: now,
            accessed: now,
            owner: owner.unwrap_or(&self.node(ROOT).owner).clone(),
            group: directory.group.clone(),
            acl: acl::inherited(&directory.acl, is_directory, permission),
            sticky: permission.is_some_and(Permission::is_sticky),
            body,
        };
        let id = Id(self.number());
        self.nodes.insert(id, node);
        self.put(id, parent, name, now);
        id
    }

    /// Puts a node that is nowhere into a directory, where nothing may have this name.
    pub(super) fn put(&mut self, id: Id, parent: Id, name: &str, now: OffsetDateTime) {
        self.node_mut(id).place = Some((parent, name.to_owned()));
        let directory = self.node_mut(parent);
        directory.modified = now;
        if let Body::Directory(children) = &mut directory.body {
            children.insert(name.to_owned(), id);
        }
        if let Some(expires) = self.expires(id) {
            self.expiring.insert((expires, id));
        }
    }

    /// Takes a node out of its directory; it keeps what is in it.
    pub(super) fn take(&mut self, id: Id, now: OffsetDateTime) {
        if let Some(expires) = self.expires(id) {
            self.expiring.remove(&(expires, id));
        }
        if let Some((parent, name)) = self.node_mut(id).place.take() {
            let directory = self.node_mut(parent);
            directory.modified = now;
            if let Body::Directory(children) = &mut directory.body {
                children.remove(&name);
            }
        }
    }

    /// Forgets a node that is nowhere, with all that is in it.
    pub(super) fn forget(&mut self, id: Id) {
        let mut ids = vec![id];
        while let Some(id) = ids.pop() {
            if let Some(expires) = self.expires(id) {
                self.expiring.remove(&(expires, id));
            }
            if let Some(node) = self.nodes.remove(&id)
                && let Body::Directory(children) = node.body
            {
                ids.extend(children.into_values());
            }
        }
    }

    /// Moves a node that is nowhere into the trash.
    pub(super) fn discard(&mut self, id: Id, path: LakePath, now: OffsetDateTime) {
        let trashed = Trashed {
            number: self.number(),
            id,
            path,
            deleted: now,
        };
        self.trash.push_back(trashed);
    }

    /// Lets go what has expired, and what was in the trash for long enough.
    pub(super) fn sweep(&mut self, now: OffsetDateTime) {
        while let Some((_, id)) = self.expiring.first().filter(|(at, _)| *at <= now) {
            let id = *id;
            self.take(id, now);
            self.forget(id);
        }
        while self.trash.front().is_some_and(|t| t.deleted + KEPT <= now) {
            if let Some(trashed) = self.trash.pop_front() {
                self.forget(trashed.id);
            }
        }
    }

    pub(super) fn expires(&self, id: Id) -> Option<OffsetDateTime> {
        match &self.node(id).body {
            Body::File(file) => file.expires,
            Body::Directory(_) => None,
        }
    }

    /// Sets when a file in the tree vanishes.
    pub(super) fn set_expiry(&mut self, id: Id, expires: Option<OffsetDateTime>) {
        if let Some(old) = self.expires(id) {
            self.expiring.remove(&(old, id));
        }
        if let Body::File(file) = &mut self.node_mut(id).body {
            file.expires = expires;
            self.expiring.extend(expires.map(|at| (at, id)));
        }
    }

    /// What is in a directory, the names in order.
    pub(super) fn children(&self, id: Id) -> Option<&BTreeMap<String, Id>> {
        match &self.node(id).body {
            Body::Directory(children) => Some(children),
            Body::File(_) => None,
        }
    }

    pub(super) fn parent(&self, id: Id) -> Option<Id> {
        self.node(id).place.as_ref().map(|(parent, _)| *parent)
    }

    /// Each node of a subtree, whatever is above another before it.
    pub(super) fn subtree(&self, id: Id) -> impl Iterator<Item = &Node> {
        let mut ids = vec![id];
        std::iter::from_fn(move || {
            let id = ids.pop()?;
            ids.extend(self.children(id).into_iter().flat_map(BTreeMap::values));
            Some(self.node(id))
        })
    }
}

impl Node {
    pub(super) fn file_type(&self) -> FileType {
        match self.body {
            Body::File(_) => FileType::File,
            Body::Directory(_) => FileType::Directory,
        }
    }

    pub(super) fn is_directory(&self) -> bool {
        self.file_type() == FileType::Directory
    }

    pub(super) fn acl_status(&self) -> AclStatus {
        let permission = acl::permission(&self.acl, self.sticky);
        AclStatus::new(
            self.owner.clone(),
            self.group.clone(),
            permission,
            self.acl.clone(),
        )
    }

    pub(super) fn status(&self, name: &str) -> FileStatus {
        let file = match &self.body {
            Body::File(file) => Some(file),
            Body::Directory(_) => None,
        };
        FileStatus {
            name: name.to_owned(),
            file_type: self.file_type(),
            length: file.map_or(0, |file| file.published.length()),
            accessed: Some(self.accessed),
            modified: Some(self.modified),
            expires: file.and_then(|file| file.expires),
            permission: Some(acl::permission(&self.acl, self.sticky)),
            owner: Some(self.owner.to_string()),
            group: Some(self.group.to_string()),
            has_acl: acl::is_extended(&self.acl),
            context_id: file.map(|file| file.generation.to_string()),
        }
    }
}
