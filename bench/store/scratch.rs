//! What a run leaves behind for a while: a folder, and processes.

use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use crate::client::Outcome;

/// A folder of the run; it goes with this value.
pub struct Scratch(PathBuf);

impl Scratch {
    pub fn new() -> Outcome<Self> {
        let folder = env::temp_dir().join(format!("adl-bench-{}", std::process::id()));
        fs::create_dir(&folder)?;
        Ok(Self(folder))
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A process that serves until this value goes.
pub struct Process {
    child: Child,
    /// The first line that it printed, nothing if it prints none.
    pub line: String,
}

impl Process {
    /// Starts it and waits for its first line.
    pub fn start(command: &mut Command) -> Outcome<Self> {
        let mut started = Self::start_silent(command.stdout(Stdio::piped()))?;
        let output = started
            .child
            .stdout
            .take()
            .ok_or("the server has no output")?;
        BufReader::new(output).read_line(&mut started.line)?;
        started.line.truncate(started.line.trim_end().len());
        Ok(started)
    }

    pub fn start_silent(command: &mut Command) -> Outcome<Self> {
        Ok(Self {
            child: command.spawn()?,
            line: String::new(),
        })
    }

    pub fn id(&self) -> String {
        self.child.id().to_string()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
