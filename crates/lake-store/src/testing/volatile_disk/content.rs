//! What a file holds, what of it is safe, and what was written since.

use crate::testing::XorShift;
use crate::{HostKind, HostMetadata};

#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) kind: HostKind,
    pub(super) bytes: Vec<u8>,
    safe: Vec<u8>,
    writes: Vec<Write>,
    pub(super) modified: u64,
    pub(super) locked: bool,
}

#[derive(Clone, Debug)]
pub(super) enum Write {
    At(u64, Vec<u8>),
    Length(u64),
}

impl Node {
    pub(super) fn new(kind: HostKind, modified: u64) -> Self {
        Self {
            kind,
            bytes: Vec::new(),
            safe: Vec::new(),
            writes: Vec::new(),
            modified,
            locked: false,
        }
    }

    pub(super) fn metadata(&self, id: u64) -> HostMetadata {
        HostMetadata {
            kind: self.kind,
            size: self.bytes.len() as u64,
            modified: self.modified as i64,
            inode: id,
        }
    }

    pub(super) fn write(&mut self, write: Write, now: u64) {
        write.apply(&mut self.bytes);
        self.modified = now;
        self.writes.push(write);
    }

    pub(super) fn sync(&mut self) {
        self.writes.clear();
        self.safe.clone_from(&self.bytes);
    }

    /// Forgets some of what was written since the last sync.
    pub(super) fn lose_power(&mut self, random: &mut XorShift) {
        let mut bytes = std::mem::take(&mut self.safe);
        for write in std::mem::take(&mut self.writes) {
            match random.below(3) {
                0 => {}
                1 => write.halved().apply(&mut bytes),
                _ => write.apply(&mut bytes),
            }
        }
        self.safe.clone_from(&bytes);
        self.bytes = bytes;
        self.locked = false;
    }
}

impl Write {
    pub(super) fn apply(&self, to: &mut Vec<u8>) {
        match self {
            Self::At(offset, bytes) => {
                let (start, end) = (*offset as usize, *offset as usize + bytes.len());
                if to.len() < end {
                    to.resize(end, 0);
                }
                to[start..end].copy_from_slice(bytes);
            }
            Self::Length(length) => to.resize(*length as usize, 0),
        }
    }

    pub(super) fn halved(self) -> Self {
        match self {
            Self::At(offset, mut bytes) => {
                bytes.truncate(bytes.len() / 2);
                Self::At(offset, bytes)
            }
            length @ Self::Length(_) => length,
        }
    }
}
