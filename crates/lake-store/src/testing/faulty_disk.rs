//! A disk that fails at a chosen step.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::{Disk, DiskFile, HostEntries, HostMetadata, OpenMode, SystemDisk};

/// What happens at the chosen step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The step fails, and everything after it: the process is dead. What was written before is
    /// there, as after `kill -9`; of a write at the step itself, the first half.
    Crash,
    /// The process is dead before the step: nothing of it happens.
    CrashBefore,
    /// The process is dead after the step: it happens, and nobody learns of it.
    CrashAfter,
    /// The step fails once, a write after its first half.
    Error,
    /// The disk is full from the step on, until [`FaultyDisk::recover`]: what needs space fails, a
    /// write after its first half.
    Full,
}

impl Fault {
    fn is_deadly(self) -> bool {
        matches!(self, Self::Crash | Self::CrashBefore | Self::CrashAfter)
    }
}

/// What becomes of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Done,
    DoneUnknown,
    Half,
    Undone,
}

/// Whether a step needs space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Space {
    Needed,
    NotNeeded,
}

/// A disk that counts the steps that change it and fails at a chosen one.
#[derive(Clone, Debug)]
pub struct FaultyDisk {
    disk: SystemDisk,
    plan: Arc<Plan>,
}

#[derive(Debug)]
struct Plan {
    steps: AtomicU64,
    at: u64,
    fault: Fault,
    recovered: AtomicBool,
}

impl FaultyDisk {
    /// The real disk, failing at the step with this number, counted from 0.
    pub fn new(at: u64, fault: Fault) -> Self {
        Self {
            disk: SystemDisk,
            plan: Arc::new(Plan {
                steps: AtomicU64::new(0),
                at,
                fault,
                recovered: AtomicBool::new(false),
            }),
        }
    }

    /// How many steps were taken.
    pub fn steps(&self) -> u64 {
        self.plan.steps.load(Ordering::SeqCst)
    }

    /// Ends a fault that lasts.
    pub fn recover(&self) {
        self.plan.recovered.store(true, Ordering::SeqCst);
    }

    /// Whether the fault has happened.
    pub fn has_failed(&self) -> bool {
        self.steps() > self.plan.at
    }
}

impl Plan {
    fn failure(&self) -> io::Error {
        match self.fault {
            Fault::Full => io::ErrorKind::StorageFull.into(),
            _ => io::Error::other("the disk fails here because the test says so"),
        }
    }

    /// Counts a step and decides its fate.
    fn step(&self, space: Space) -> Fate {
        let step = self.steps.fetch_add(1, Ordering::SeqCst);
        match self.fault {
            _ if step < self.at => Fate::Done,
            Fault::Full if space == Space::NotNeeded => Fate::Done,
            Fault::Full if self.recovered.load(Ordering::SeqCst) => Fate::Done,
            Fault::Full => Fate::Half,
            Fault::Error if step > self.at => Fate::Done,
            _ if step > self.at => Fate::Undone,
            Fault::CrashBefore => Fate::Undone,
            Fault::CrashAfter => Fate::DoneUnknown,
            Fault::Crash | Fault::Error => Fate::Half,
        }
    }

    /// A step that happens as a whole or not at all.
    fn change<T>(&self, space: Space, act: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        match self.step(space) {
            Fate::Done => act(),
            Fate::DoneUnknown => act().and_then(|_| Err(self.failure())),
            Fate::Half | Fate::Undone => Err(self.failure()),
        }
    }

    /// Something that changes nothing: it fails only when the process is dead.
    fn look(&self) -> io::Result<()> {
        let dead = self.fault.is_deadly() && self.steps.load(Ordering::SeqCst) > self.at;
        if dead { Err(self.failure()) } else { Ok(()) }
    }
}

impl Disk for FaultyDisk {
    fn open(&self, path: &Path, mode: OpenMode) -> io::Result<Box<dyn DiskFile>> {
        let file = match mode {
            OpenMode::Create => {
                let space = match self.disk.metadata(path) {
                    Ok(_) => Space::NotNeeded,
                    Err(_) => Space::Needed,
                };
                self.plan.change(space, || self.disk.open(path, mode))?
            }
            OpenMode::Read | OpenMode::Write => {
                self.plan.look()?;
                self.disk.open(path, mode)?
            }
        };
        Ok(Box::new(FaultyFile {
            file,
            plan: self.plan.clone(),
        }))
    }

    fn metadata(&self, path: &Path) -> io::Result<HostMetadata> {
        self.plan.look()?;
        self.disk.metadata(path)
    }

    fn entries(&self, path: &Path) -> io::Result<HostEntries> {
        self.plan.look()?;
        self.disk.entries(path)
    }

    fn create_dir(&self, path: &Path) -> io::Result<()> {
        self.plan
            .change(Space::Needed, || self.disk.create_dir(path))
    }

    fn create_private_dir(&self, path: &Path) -> io::Result<()> {
        self.plan
            .change(Space::Needed, || self.disk.create_private_dir(path))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.plan
            .change(Space::NotNeeded, || self.disk.rename(from, to))
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        self.plan
            .change(Space::NotNeeded, || self.disk.remove_file(path))
    }

    fn remove_dir(&self, path: &Path) -> io::Result<()> {
        self.plan
            .change(Space::NotNeeded, || self.disk.remove_dir(path))
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        self.plan
            .change(Space::NotNeeded, || self.disk.sync_dir(path))
    }
}

#[derive(Debug)]
struct FaultyFile {
    file: Box<dyn DiskFile>,
    plan: Arc<Plan>,
}

impl FaultyFile {
    /// Whether a file of that length needs more space than this one has.
    fn space_to(&self, length: u64) -> Space {
        match self.file.metadata() {
            Ok(now) if length <= now.size => Space::NotNeeded,
            _ => Space::Needed,
        }
    }
}

impl DiskFile for FaultyFile {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self.plan.look()?;
        self.file.read_at(offset, buffer)
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let fate = self.plan.step(self.space_to(offset + bytes.len() as u64));
        let written = match fate {
            Fate::Done | Fate::DoneUnknown => bytes,
            Fate::Half => &bytes[..bytes.len() / 2],
            Fate::Undone => return Err(self.plan.failure()),
        };
        self.file.write_at(offset, written)?;
        match fate {
            Fate::Done => Ok(()),
            _ => Err(self.plan.failure()),
        }
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        let space = self.space_to(length);
        self.plan.change(space, || self.file.set_len(length))
    }

    fn metadata(&self) -> io::Result<HostMetadata> {
        self.plan.look()?;
        self.file.metadata()
    }

    fn sync(&self) -> io::Result<()> {
        self.plan.change(Space::NotNeeded, || self.file.sync())
    }

    fn try_lock(&self) -> io::Result<bool> {
        self.plan.look()?;
        self.file.try_lock()
    }
}
