//! Programs of this machine that know who is signed in.

use std::fmt;
use std::io;
use std::path::PathBuf;

use async_trait::async_trait;
use zeroize::Zeroizing;

/// Runs programs.
#[async_trait]
pub trait Processes: Send + Sync + fmt::Debug {
    /// Runs a program to its end and gives what it printed.
    ///
    /// The program reads nothing and no shell is involved. Dropping the future kills it: that is
    /// how a caller sets a deadline.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotFound`] if there is no such program (or no such working directory);
    /// any other if it could not be started or waited for. A program that ends with an exit code
    /// other than 0 is not an error here.
    async fn run(&self, command: &ProcessCommand) -> io::Result<ProcessOutput>;
}

/// A program to run.
///
/// ```
/// use aad_core::context::ProcessCommand;
///
/// let command = ProcessCommand::new("az", ["account", "show"]).with_var("AZURE_CORE_NO_COLOR", "true");
/// assert_eq!(command.arguments, ["account", "show"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProcessCommand {
    /// The program: a path, or a name that is looked up in `PATH`.
    pub program: String,
    /// Its arguments, each passed on as it is.
    pub arguments: Vec<String>,
    /// Variables that it has beside those of this process.
    pub variables: Vec<(String, String)>,
    /// Its working directory, instead of this process's.
    pub directory: Option<PathBuf>,
}

impl ProcessCommand {
    /// A program with these arguments.
    pub fn new<A: Into<String>>(
        program: impl Into<String>,
        arguments: impl IntoIterator<Item = A>,
    ) -> Self {
        Self {
            program: program.into(),
            arguments: arguments.into_iter().map(Into::into).collect(),
            variables: Vec::new(),
            directory: None,
        }
    }

    /// Gives it a variable.
    #[must_use]
    pub fn with_var(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.variables.push((name.into(), value.into()));
        self
    }

    /// Sets its working directory.
    #[must_use]
    pub fn with_directory(mut self, directory: impl Into<PathBuf>) -> Self {
        self.directory = Some(directory.into());
        self
    }
}

/// What a program that has ended left. It may hold a token, so `Debug` shows none of the text,
/// and it is wiped from memory when it is dropped.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProcessOutput {
    /// Its exit code; `None` if a signal ended it.
    pub code: Option<i32>,
    /// What it printed.
    pub stdout: Zeroizing<Vec<u8>>,
    /// What it complained of.
    pub stderr: Zeroizing<Vec<u8>>,
}

impl ProcessOutput {
    /// What a program left that ended with this code.
    pub fn new(code: Option<i32>, stdout: impl Into<Vec<u8>>, stderr: impl Into<Vec<u8>>) -> Self {
        Self {
            code,
            stdout: Zeroizing::new(stdout.into()),
            stderr: Zeroizing::new(stderr.into()),
        }
    }
}

impl fmt::Debug for ProcessOutput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProcessOutput")
            .field("code", &self.code)
            .field("stdout", &format_args!("{} bytes", self.stdout.len()))
            .field("stderr", &format_args!("{} bytes", self.stderr.len()))
            .finish()
    }
}

/// A machine without a program.
#[derive(Debug)]
pub(super) struct NoProcesses;

#[async_trait]
impl Processes for NoProcesses {
    async fn run(&self, _: &ProcessCommand) -> io::Result<ProcessOutput> {
        Err(io::ErrorKind::NotFound.into())
    }
}
