//! Hadoop's errors.

use aad_core::ServiceError;
use http::response;

use crate::gen1::answers::{Refused, refused};
use crate::gen1::errors::kind;
use crate::{Error, ErrorKind};

/// Reads `{"RemoteException":{"exception","message","javaClassName"}}`. A DataNode's message has a
/// stack trace behind its first line.
pub(super) fn read_error(parts: &response::Parts, body: &[u8]) -> Option<ServiceError> {
    let Refused { code, message } = refused(body)?;
    let message = message.and_then(|message| message.lines().next().map(str::to_owned));
    let message = message.unwrap_or_else(|| format!("the store reports {code}"));
    let kind = match code.as_str() {
        "ParentNotDirectoryException"
        | "PathIsNotEmptyDirectoryException"
        | ALREADY_BEING_CREATED => Some(ErrorKind::Conflict),
        "HadoopIllegalArgumentException"
        | "InvalidPathException"
        | "PathComponentTooLongException" => Some(ErrorKind::Request),
        "StandbyException"
        | "RetriableException"
        | "SafeModeException"
        | "RecoveryInProgressException" => Some(ErrorKind::Transient),
        "InvalidToken" | "AuthenticationException" => Some(ErrorKind::Credentials),
        // ACLs are switched off (dfs.namenode.acls.enabled), or this one makes no sense.
        "AclException" if message.contains("disabled") => Some(ErrorKind::Unsupported),
        "AclException" => Some(ErrorKind::Request),
        code => kind(code, &message, parts.status),
    };
    let error = ServiceError::new(code, message);
    Some(match kind {
        Some(kind) => error.with_kind(kind),
        None => error,
    })
}

const ALREADY_BEING_CREATED: &str = "AlreadyBeingCreatedException";

/// Whether somebody else, or an earlier request of ours, still writes to the file.
pub(super) fn is_being_written(error: &Error) -> bool {
    error.code() == Some(ALREADY_BEING_CREATED)
}

/// Whether a server does not know an operation.
pub(super) fn is_no_operation(error: &Error) -> bool {
    let is_refused = matches!(error.kind(), ErrorKind::Request | ErrorKind::Unsupported);
    is_refused && error.status().is_some()
}
