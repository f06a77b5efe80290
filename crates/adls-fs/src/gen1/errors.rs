//! The service's errors.

use aad_core::ServiceError;
use http::{StatusCode, response};

use super::answers::{Refused, refused};
use crate::{Error, ErrorKind};

const BAD_OFFSET: &str = "BadOffsetException";

/// Whether an append named an offset that is not the end.
pub(super) fn is_bad_offset(error: &Error) -> bool {
    error.code() == Some(BAD_OFFSET)
}

/// Reads `{"RemoteException":{"exception","message","javaClassName"}}`.
pub(super) fn read_error(parts: &response::Parts, body: &[u8]) -> Option<ServiceError> {
    let Refused { code, message } = refused(body)?;
    let message = message.unwrap_or_else(|| format!("the store reports {code}"));
    let kind = kind(&code, &message, parts.status);
    let error = ServiceError::new(code, message);
    Some(match kind {
        Some(kind) => error.with_kind(kind),
        None => error,
    })
}

/// What to do about an error of WebHDFS; `None` where its status says it best.
pub(crate) fn kind(code: &str, message: &str, status: StatusCode) -> Option<ErrorKind> {
    Some(match code {
        "FileNotFoundException" => ErrorKind::NotFound,
        // An IOException is about the state of the tree, such as a directory that is not empty,
        // although its status is 403 (filesystem.json of Microsoft.DataLakeStore, 2016-11-01).
        "FileAlreadyExistsException" | "IOException" | BAD_OFFSET => ErrorKind::Conflict,
        "AccessControlException" => ErrorKind::Forbidden,
        "SecurityException" => ErrorKind::Credentials,
        "ThrottledException" => ErrorKind::Throttled,
        // 0x83090a16: another writer holds the lease. Under which exception it comes was never
        // recorded; the Java client looks for the number in the message, and so do we.
        _ if message.contains("83090a16") => ErrorKind::Conflict,
        "IllegalArgumentException" => ErrorKind::Request,
        "UnsupportedOperationException" => ErrorKind::Unsupported,
        "RuntimeException" if status == StatusCode::INTERNAL_SERVER_ERROR => ErrorKind::Transient,
        _ => return None,
    })
}
