//! What went wrong, and what to do about it.

use std::fmt;
use std::io;

/// This crate's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What the caller should do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The file, directory, account, job or setting does not exist.
    NotFound,
    /// The name is taken.
    AlreadyExists,
    /// A directory was needed and a file was found.
    NotADirectory,
    /// A file was needed and a directory was found.
    IsADirectory,
    /// The directory has entries and the call was not recursive.
    DirectoryNotEmpty,
    /// The principal lacks the permission.
    Forbidden,
    /// The offset of an append is not the end of the file.
    BadOffset,
    /// The text is no path of a lake.
    InvalidPath,
    /// Another argument is wrong.
    InvalidArgument,
    /// The state is not the one that the call assumed, such as the state of a job.
    Conflict,
    /// Another writer holds the file.
    LeaseConflict,
    /// The host cannot hold a path of this length.
    NameTooLong,
    /// Another process serves this root.
    Locked,
    /// The disk failed; the message says where.
    Io,
    /// The database holds something that this crate did not write.
    Corrupt,
}

/// An error of the store: a kind, a message, the path it is about, and the cause.
///
/// `Display` prints this layer only; walk `source()` for the rest.
pub struct Error(Box<Repr>);

struct Repr {
    kind: ErrorKind,
    message: String,
    path: Option<String>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error with a message that says what happened and what to do, lower case, no full stop.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Repr {
            kind,
            message: message.into(),
            path: None,
            source: None,
        }))
    }

    /// Adds the path in the lake (or on the host, for [`ErrorKind::Io`]) that the error is about.
    #[must_use]
    pub fn with_path(mut self, path: impl fmt::Display) -> Self {
        self.0.path = Some(path.to_string());
        self
    }

    /// Adds the cause.
    #[must_use]
    pub fn with_source(
        mut self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// What to do next.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The path that the error is about.
    pub fn path(&self) -> Option<&str> {
        self.0.path.as_deref()
    }

    pub(crate) fn not_found(path: impl fmt::Display) -> Self {
        Self::new(
            ErrorKind::NotFound,
            format!("no file or directory at `{path}`"),
        )
        .with_path(path)
    }

    pub(crate) fn already_exists(path: impl fmt::Display) -> Self {
        Self::new(ErrorKind::AlreadyExists, format!("`{path}` exists already")).with_path(path)
    }

    /// An I/O error with what was being done to which path of the host.
    pub(crate) fn io(doing: &str, path: impl fmt::Display, source: io::Error) -> Self {
        let kind = match source.kind() {
            io::ErrorKind::InvalidFilename => ErrorKind::NameTooLong,
            _ => ErrorKind::Io,
        };
        Self::new(kind, format!("cannot {doing} `{path}`"))
            .with_path(path)
            .with_source(source)
    }

    pub(crate) fn corrupt(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Corrupt, message)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("message", &self.0.message)
            .field("path", &self.0.path)
            .field("source", &self.0.source)
            .finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

/// Every error of the database is one of the disk or of the file's contents.
impl From<redb::Error> for Error {
    fn from(error: redb::Error) -> Self {
        let kind = match error {
            redb::Error::Io(_) | redb::Error::PreviousIo => ErrorKind::Io,
            redb::Error::DatabaseAlreadyOpen => ErrorKind::Locked,
            _ => ErrorKind::Corrupt,
        };
        Self::new(kind, "the lake's database failed").with_source(error)
    }
}

macro_rules! from_redb {
    ($($error:ident),*) => {$(
        impl From<redb::$error> for Error {
            fn from(error: redb::$error) -> Self {
                redb::Error::from(error).into()
            }
        }
    )*};
}

from_redb!(
    CommitError,
    DatabaseError,
    StorageError,
    TableError,
    TransactionError
);
