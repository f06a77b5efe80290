//! A disk that fails at a chosen step.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::{Disk, DiskFile, HostEntries, HostMetadata, OpenMode, SystemDisk};

/// What happens at the chosen step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The step fails, and everything after it: the process is dead. What was written before is
    /// there, as after `kill -9`; of a write at the step itself, the first half.
    Crash,
    /// The step fails once.
    Error,
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
            }),
        }
    }

    /// How many steps were taken.
    pub fn steps(&self) -> u64 {
        self.plan.steps.load(Ordering::SeqCst)
    }

    /// Whether the fault has happened.
    pub fn has_failed(&self) -> bool {
        self.steps() > self.plan.at
    }
}

impl Plan {
    fn failure() -> io::Error {
        io::Error::other("the disk fails here because the test says so")
    }

    /// Counts a step; `Err(true)` at the chosen one and `Err(false)` after a crash.
    fn step(&self) -> Result<(), bool> {
        let step = self.steps.fetch_add(1, Ordering::SeqCst);
        match self.fault {
            _ if step == self.at => Err(true),
            Fault::Crash if step > self.at => Err(false),
            _ => Ok(()),
        }
    }

    fn change(&self) -> io::Result<()> {
        self.step().map_err(|_| Self::failure())
    }

    /// Something that changes nothing: it fails only when the process is dead.
    fn look(&self) -> io::Result<()> {
        let dead = self.fault == Fault::Crash && self.steps.load(Ordering::SeqCst) > self.at;
        if dead { Err(Self::failure()) } else { Ok(()) }
    }
}

impl Disk for FaultyDisk {
    fn open(&self, path: &Path, mode: OpenMode) -> io::Result<Box<dyn DiskFile>> {
        match mode {
            OpenMode::Create => self.plan.change()?,
            OpenMode::Read | OpenMode::Write => self.plan.look()?,
        }
        Ok(Box::new(FaultyFile {
            file: self.disk.open(path, mode)?,
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
        self.plan.change()?;
        self.disk.create_dir(path)
    }

    fn create_private_dir(&self, path: &Path) -> io::Result<()> {
        self.plan.change()?;
        self.disk.create_private_dir(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.plan.change()?;
        self.disk.rename(from, to)
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        self.plan.change()?;
        self.disk.remove_file(path)
    }

    fn remove_dir(&self, path: &Path) -> io::Result<()> {
        self.plan.change()?;
        self.disk.remove_dir(path)
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        self.plan.change()?;
        self.disk.sync_dir(path)
    }
}

#[derive(Debug)]
struct FaultyFile {
    file: Box<dyn DiskFile>,
    plan: Arc<Plan>,
}

impl DiskFile for FaultyFile {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self.plan.look()?;
        self.file.read_at(offset, buffer)
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        match self.plan.step() {
            Ok(()) => self.file.write_at(offset, bytes),
            Err(at_the_step) => {
                if at_the_step {
                    self.file.write_at(offset, &bytes[..bytes.len() / 2])?;
                }
                Err(Plan::failure())
            }
        }
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        self.plan.change()?;
        self.file.set_len(length)
    }

    fn metadata(&self) -> io::Result<HostMetadata> {
        self.plan.look()?;
        self.file.metadata()
    }

    fn sync(&self) -> io::Result<()> {
        self.plan.change()?;
        self.file.sync()
    }

    fn try_lock(&self) -> io::Result<bool> {
        self.plan.look()?;
        self.file.try_lock()
    }
}
