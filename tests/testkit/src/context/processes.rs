//! Programs that exist only in a test.

use std::fmt;
use std::io;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use aad_core::context::{ProcessCommand, ProcessOutput, Processes};
use async_trait::async_trait;

use super::lock;

/// What becomes of a program that is started.
#[derive(Clone, Debug)]
pub enum Run {
    /// It ends at once with this.
    Ends(ProcessOutput),
    /// It cannot be started.
    Fails(io::ErrorKind),
    /// It never ends.
    Hangs,
}

impl Run {
    /// It ends with this code, having printed this to stdout and to stderr.
    pub fn ends(code: i32, stdout: &str, stderr: &str) -> Self {
        Self::Ends(ProcessOutput::new(Some(code), stdout, stderr))
    }
}

type Install = Box<dyn FnMut(&ProcessCommand) -> Run + Send>;

/// A machine on which nothing is installed until a test says what is.
#[derive(Default)]
pub struct SimulatedProcesses {
    installed: Mutex<Option<Install>>,
    commands: Mutex<Vec<ProcessCommand>>,
    killed: AtomicUsize,
}

impl SimulatedProcesses {
    /// Sets what becomes of every program that is started from now on.
    pub fn install(&self, run: impl FnMut(&ProcessCommand) -> Run + Send + 'static) {
        *lock(&self.installed) = Some(Box::new(run));
    }

    /// The programs that were started or looked for, in order.
    pub fn commands(&self) -> Vec<ProcessCommand> {
        lock(&self.commands).clone()
    }

    /// How many programs were killed because nobody waited for them any more.
    pub fn killed(&self) -> usize {
        self.killed.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Processes for SimulatedProcesses {
    async fn run(&self, command: &ProcessCommand) -> io::Result<ProcessOutput> {
        lock(&self.commands).push(command.clone());
        let run = lock(&self.installed)
            .as_mut()
            .map_or(Run::Fails(io::ErrorKind::NotFound), |run| run(command));
        match run {
            Run::Ends(output) => Ok(output),
            Run::Fails(kind) => Err(kind.into()),
            Run::Hangs => {
                let _killed = CountOnDrop(&self.killed);
                std::future::pending().await
            }
        }
    }
}

struct CountOnDrop<'a>(&'a AtomicUsize);

impl Drop for CountOnDrop<'_> {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl fmt::Debug for SimulatedProcesses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SimulatedProcesses")
    }
}
