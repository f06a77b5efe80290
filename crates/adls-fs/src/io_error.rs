//! Errors of the store as errors of a stream.

use std::io;

use crate::{Error, ErrorKind};

/// Wraps an error; `get_ref` and `source` of the result lead back to it.
pub(crate) fn io_error(error: Error) -> io::Error {
    let kind = match error.kind() {
        ErrorKind::NotFound => io::ErrorKind::NotFound,
        ErrorKind::Conflict => io::ErrorKind::AlreadyExists,
        ErrorKind::Forbidden | ErrorKind::Credentials => io::ErrorKind::PermissionDenied,
        ErrorKind::Request => io::ErrorKind::InvalidInput,
        ErrorKind::Unsupported => io::ErrorKind::Unsupported,
        ErrorKind::Protocol => io::ErrorKind::InvalidData,
        ErrorKind::Transient if error.status().is_none() => io::ErrorKind::ConnectionReset,
        ErrorKind::Cancelled => io::ErrorKind::TimedOut,
        _ => io::ErrorKind::Other,
    };
    io::Error::new(kind, error)
}

/// What was wrapped, or an error around one that was not.
pub(crate) fn from_io(error: io::Error) -> Error {
    match error.downcast() {
        Ok(error) => error,
        Err(other) => Error::new(ErrorKind::Transient, "a stream failed").with_source(other),
    }
}
