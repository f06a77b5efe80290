//! What a failure means to the shell.

use std::process::ExitCode;

use aad_core::ErrorKind;

/// A job that ended, but not well. The command did its work, so this is not an error of ours.
#[derive(Debug)]
pub(crate) struct JobFailed(pub(crate) String);

impl std::fmt::Display for JobFailed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for JobFailed {}

/// A lake whose database contradicts itself or the folder in so many places.
#[derive(Debug)]
pub(crate) struct Damaged(pub(crate) usize);

impl std::fmt::Display for Damaged {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self(count) = self;
        write!(
            f,
            "the lake is damaged in {count} places; see `adl fsck --repair`"
        )
    }
}

impl std::error::Error for Damaged {}

/// The person pressed Ctrl-C.
pub(crate) const INTERRUPTED: u8 = 130;

/// The person pressed Ctrl-C again, and what was in flight was broken off.
#[derive(Debug)]
pub(crate) struct Interrupted;

impl std::fmt::Display for Interrupted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("stopped before everything in flight had ended")
    }
}

impl std::error::Error for Interrupted {}

/// The person pressed Ctrl-C, and is told how to go on.
#[derive(Debug)]
pub(crate) struct Stopped(pub(crate) String);

impl std::fmt::Display for Stopped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Stopped {}

/// What was typed cannot be meant, as only the command itself can see.
#[derive(Debug)]
pub(crate) struct WrongUsage(pub(crate) String);

impl std::fmt::Display for WrongUsage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for WrongUsage {}

/// The exit code for an error; `adl --help` lists them.
pub(crate) fn code(error: &anyhow::Error) -> ExitCode {
    if error.is::<JobFailed>() {
        return ExitCode::from(5);
    }
    if error.is::<WrongUsage>() {
        return ExitCode::from(2);
    }
    if error.is::<Interrupted>() || error.is::<Stopped>() {
        return ExitCode::from(INTERRUPTED);
    }
    let kind = error
        .chain()
        .find_map(|cause| cause.downcast_ref::<aad_core::Error>())
        .map(aad_core::Error::kind);
    ExitCode::from(match kind {
        Some(ErrorKind::NotFound) => 3,
        Some(ErrorKind::Credentials | ErrorKind::Forbidden | ErrorKind::Unavailable) => 4,
        _ => 1,
    })
}
