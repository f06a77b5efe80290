//! From the root of an account to a path, with permissions checked and the host looked at.

use redb::ReadableTable;

use crate::access;
use crate::data_root::DataRoot;
use crate::host_name::host_name;
use crate::host_path::HostPath;
use crate::node::{Content, Node, Stamp};
use crate::tree::Tree;
use crate::{
    Account, Error, HostKind, HostMetadata, LakePath, NodeId, Principal, Result, Rwx, SkipReason,
};

/// A node and where its bytes are.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) node: Node,
    pub(crate) host: HostPath,
}

/// Where a walk begins.
#[derive(Clone, Debug)]
pub(crate) struct Space {
    pub(crate) node: NodeId,
    pub(crate) host: HostPath,
}

impl Space {
    pub(crate) fn of(account: &Account) -> Self {
        Self {
            node: account.root,
            host: HostPath::ROOT.join(&account.name),
        }
    }
}

/// Whether a walk compares rows with the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verify {
    Host,
    /// The rows were compared a moment ago.
    Trust,
}

/// What a walk found.
#[derive(Clone, Debug)]
pub(crate) struct Walked {
    /// From the root to the deepest node that exists; never empty.
    trail: Vec<Found>,
    /// How many names of the path do not exist.
    missing: usize,
    /// Whether the host has something at the first missing name that the lake does not show by it.
    pub(crate) obstructed: bool,
    /// The file at the first missing name, if it is missing because it expired.
    expired: Option<Found>,
}

impl Walked {
    /// What is at the path, and the directory that it is in; none for what is missing.
    pub(crate) fn found(&self) -> Option<&Found> {
        if self.missing == 0 {
            self.trail.last()
        } else {
            None
        }
    }

    /// The directory of what is at the path; none for the root.
    pub(crate) fn directory(&self) -> Option<&Found> {
        debug_assert_eq!(self.missing, 0, "only what exists is in a directory");
        self.trail.iter().rev().nth(1)
    }

    /// The deepest node of the path that exists.
    pub(crate) fn deepest(&self) -> &Found {
        self.trail.last().expect("a trail begins with the root")
    }

    /// The names of the path that do not exist, from the first one on.
    pub(crate) fn missing_names<'p>(&self, path: &'p LakePath) -> Vec<&'p str> {
        path.names().skip(self.trail.len() - 1).collect()
    }

    /// Whether a file is where the path needs a directory.
    pub(crate) fn is_blocked(&self) -> bool {
        self.missing > 0 && !self.deepest().node.is_directory()
    }

    pub(crate) fn expired(&self) -> Option<&Found> {
        self.expired.as_ref()
    }

    /// What is at the path.
    pub(crate) fn into_found(mut self, path: &LakePath) -> Result<Found> {
        match self.trail.pop() {
            Some(found) if self.missing == 0 => Ok(found),
            _ => Err(Error::not_found(path)),
        }
    }
}

/// Walks to a path; none if a row on the way differs from the host.
pub(crate) fn walk<E, N, A>(
    root: &DataRoot,
    tree: &Tree<E, N, A>,
    principal: &Principal,
    space: &Space,
    path: &LakePath,
    verify: Verify,
) -> Result<Option<Walked>>
where
    E: ReadableTable<(u128, &'static str), u128>,
    N: ReadableTable<u128, &'static [u8]>,
    A: ReadableTable<u128, u64>,
{
    let count = path.names().count();
    let mut walked = Walked {
        trail: vec![Found {
            node: tree.node(space.node)?,
            host: space.host.clone(),
        }],
        missing: count,
        obstructed: false,
        expired: None,
    };
    let now = root.ambient().timestamp();
    for name in path.names() {
        let directory = walked.deepest();
        if !directory.node.is_directory() {
            break;
        }
        access::require(principal, &directory.node, Rwx::EXECUTE, path)?;
        let Some(node) = tree.child(directory.node.id, name)? else {
            match probe(root, directory, name)? {
                Probe::Adoptable if verify == Verify::Host => return Ok(None),
                Probe::Adoptable | Probe::Obstacle => walked.obstructed = true,
                Probe::Nothing => {}
            }
            break;
        };
        let host = directory.host.join(&host_name(name, node.id));
        if verify == Verify::Host {
            let metadata = root.metadata(&host)?;
            let agrees = metadata.is_some_and(|metadata| agrees(&node, metadata));
            if !agrees && !is_growing(tree, &node, metadata)? {
                return Ok(None);
            }
        }
        let found = Found { node, host };
        if found.node.is_expired(now) {
            walked.expired = Some(found);
            break;
        }
        walked.trail.push(found);
        walked.missing -= 1;
    }
    Ok(Some(walked))
}

/// Whether a row describes what the host has.
pub(crate) fn agrees(node: &Node, host: HostMetadata) -> bool {
    match node.content {
        Content::File { stamp, .. } => host.kind == HostKind::File && stamp == Stamp::from(host),
        Content::Directory { .. } => host.kind == HostKind::Directory,
    }
}

/// Whether the host differs from the row because a client of the lake is appending to the file.
pub(crate) fn is_growing<E, N, A>(
    tree: &Tree<E, N, A>,
    node: &Node,
    host: Option<HostMetadata>,
) -> Result<bool>
where
    E: ReadableTable<(u128, &'static str), u128>,
    N: ReadableTable<u128, &'static [u8]>,
    A: ReadableTable<u128, u64>,
{
    let (Content::File { length, stamp }, Some(host)) = (&node.content, host) else {
        return Ok(false);
    };
    let same_file = host.kind == HostKind::File && host.inode == stamp.inode;
    Ok(same_file && host.size >= *length && tree.is_appending(node.id)?)
}

/// What the host has at a name that the lake does not know.
enum Probe {
    Nothing,
    /// A file or directory that a person put there.
    Adoptable,
    /// Something that the lake does not show, or shows by a name in another case.
    Obstacle,
}

fn probe(root: &DataRoot, directory: &Found, name: &str) -> Result<Probe> {
    let Some(host) = adoptable(directory, name) else {
        return Ok(Probe::Nothing);
    };
    let Some(metadata) = root.metadata(&host)? else {
        return Ok(Probe::Nothing);
    };
    Ok(match skip_reason(metadata.kind) {
        None if root.is_named_so(&host)? => Probe::Adoptable,
        None => Probe::Obstacle,
        Some(reason) => {
            root.skip(host.below(root.path()), reason);
            Probe::Obstacle
        }
    })
}

/// Where a file with this name is that a person put there; none if the name is too long for one.
pub(crate) fn adoptable(directory: &Found, name: &str) -> Option<HostPath> {
    let nobody = NodeId::from_key(0);
    let host = host_name(name, nobody);
    let known = crate::host_name::lake_name(&host)?;
    (known == name).then(|| directory.host.join(&host))
}

/// Why something on the host is not shown; none for files and directories.
pub(crate) fn skip_reason(kind: HostKind) -> Option<SkipReason> {
    match kind {
        HostKind::File | HostKind::Directory => None,
        HostKind::SymbolicLink => Some(SkipReason::SymbolicLink),
        HostKind::Special => Some(SkipReason::SpecialFile),
    }
}
