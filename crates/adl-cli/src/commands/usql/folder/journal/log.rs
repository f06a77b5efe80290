//! The file of a journal: a line for each thing that is going to be done, written before it is done.

use std::io;

use lake_store::DiskFile;
use serde::{Deserialize, Serialize};

use super::Move;

/// A line. Paths are relative to the root, with `/` on every host, so that the folder may be moved.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Line {
    /// A folder that was not there is going to be made.
    Folder(String),
    /// A file is going to be made beside the output that it may become.
    File(String),
    /// These files are whole and get their names.
    Publish(Vec<Move>),
    /// They do not: all names are as they were.
    Withdraw,
}

/// How far the outputs are.
#[derive(Debug, PartialEq)]
enum State {
    /// They are being written.
    Staged,
    /// They are getting their names.
    Publishing(Vec<Move>),
    /// They have their names.
    Published(Vec<Move>),
    /// A line is there perhaps, and perhaps not.
    Unknown,
}

/// The lines of a journal.
pub(super) struct Log {
    /// Locked as long as the run lives. The host unlocks it when the process dies.
    file: Box<dyn DiskFile>,
    length: u64,
    folders: Vec<String>,
    files: Vec<String>,
    state: State,
}

impl Log {
    /// No lines, in a new file.
    pub(super) fn new(file: Box<dyn DiskFile>) -> Self {
        Self {
            file,
            length: 0,
            folders: Vec::new(),
            files: Vec::new(),
            state: State::Staged,
        }
    }

    /// The lines that a process wrote which died. The last may be half a line.
    pub(super) fn read(file: Box<dyn DiskFile>) -> io::Result<Self> {
        let size = usize::try_from(file.metadata()?.size).unwrap_or(0);
        let mut bytes = vec![0; size];
        let mut filled = 0;
        while filled < size {
            match file.read_at(filled as u64, &mut bytes[filled..])? {
                0 => break,
                count => filled += count,
            }
        }
        let mut log = Self::new(file);
        for line in bytes[..filled].split_inclusive(|byte| *byte == b'\n') {
            if line.ends_with(b"\n") {
                log.keep(serde_json::from_slice(line)?);
                log.length += line.len() as u64;
            }
        }
        Ok(log)
    }

    /// Writes a line.
    pub(super) fn append(&mut self, line: Line) -> io::Result<()> {
        let mut bytes = serde_json::to_vec(&line)?;
        bytes.push(b'\n');
        if let Err(error) = self.file.write_at(self.length, &bytes) {
            if self.file.set_len(self.length).is_err() {
                self.state = State::Unknown;
            }
            return Err(error);
        }
        self.length += bytes.len() as u64;
        self.keep(line);
        Ok(())
    }

    fn keep(&mut self, line: Line) {
        match line {
            Line::Folder(path) => self.folders.push(path),
            Line::File(path) => self.files.push(path),
            Line::Publish(moves) => self.state = State::Publishing(moves),
            Line::Withdraw => self.state = State::Staged,
        }
    }

    /// All outputs have their names.
    pub(super) fn set_published(&mut self) {
        if let State::Publishing(moves) = &mut self.state {
            self.state = State::Published(std::mem::take(moves));
        }
    }

    /// The names that outputs get or have.
    pub(super) fn moves(&self) -> Option<Vec<Move>> {
        match &self.state {
            State::Publishing(moves) | State::Published(moves) => Some(moves.clone()),
            State::Staged | State::Unknown => None,
        }
    }

    /// The outputs that have their names.
    pub(super) fn published(&self) -> Vec<String> {
        match &self.state {
            State::Published(moves) => moves.iter().map(|each| each.target.clone()).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether nothing may be removed yet.
    pub(super) fn is_publishing(&self) -> bool {
        matches!(self.state, State::Publishing(_) | State::Unknown)
    }

    /// The folders that were made, outer ones first.
    pub(super) fn folders(&self) -> &[String] {
        &self.folders
    }

    /// The files that were made.
    pub(super) fn files(&self) -> &[String] {
        &self.files
    }
}
