//! Why the lake could not be opened or served.

use std::fmt;

type Source = Box<dyn std::error::Error + Send + Sync>;

/// What to do about an [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Another process holds the port: choose another, or 0 for a free one.
    PortInUse,
    /// The store refused or failed; its own error is the source.
    Store,
    /// A file or a socket failed; the operating system's error is the source.
    Io,
    /// What the data root holds cannot be understood: it was written by something else, or damaged.
    Damaged,
    /// What the caller gave cannot be used: change it.
    Invalid,
    /// Keys or certificates could not be made.
    Crypto,
}

/// Why the lake could not be opened or served.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    source: Option<Source>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            source: None,
        }
    }

    pub(crate) fn caused_by(mut self, source: impl Into<Source>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// What to do about it.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

/// The result of opening or serving a lake.
pub type Result<T, E = Error> = std::result::Result<T, E>;
