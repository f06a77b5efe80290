//! Errors as WebHDFS writes them: `{"RemoteException":{"exception","message","javaClassName"}}`.

use http::StatusCode;
use lake_store::ErrorKind;

use crate::query::QueryError;

/// What kind of no. Status, Java names and the `Status` header follow from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    NotFound,
    BadOffset,
    /// A read from an offset that the file does not reach.
    BeyondEnd,
    Forbidden,
    Exists,
    /// The same where the service answers 409, as .NET's tests of RESTOREDELETEDITEMS show.
    Taken,
    Argument,
    Unsupported,
    Leased,
    /// The file is not the one that was meant. The name is that of the Java SDK's test (conditionalDelete), which does
    /// not look at the status; clients would try again in vain after a 500.
    Mismatch,
    Io,
    Bug,
}

/// How the service shows a [`Reason`].
struct Shown {
    status: StatusCode,
    exception: &'static str,
    java_class: &'static str,
    /// The `Status` header.
    code: &'static str,
}

impl Reason {
    /// Statuses are those of the published swagger. Codes 0x8309000A, 0x83090015 and 0x83090AA2 are recorded;
    /// 0x83090180 is azure-xplat-cli issue 2749, 0x83090A16 the Java SDK's. Others show 0x83090001, which is ours.
    #[rustfmt::skip]
    fn shown(self) -> Shown {
        let (status, java_class, code) = match self {
            Self::NotFound => (StatusCode::NOT_FOUND, "java.io.FileNotFoundException", "0x8309000A"),
            Self::BadOffset => (StatusCode::BAD_REQUEST, "org.apache.hadoop.fs.adl.BadOffsetException", "0x83090015"),
            Self::BeyondEnd => (StatusCode::RANGE_NOT_SATISFIABLE, "org.apache.hadoop.fs.adl.BadOffsetException", "0x83090015"),
            Self::Forbidden => (StatusCode::FORBIDDEN, "org.apache.hadoop.security.AccessControlException", "0x83090AA2"),
            Self::Exists => (StatusCode::FORBIDDEN, "org.apache.hadoop.fs.FileAlreadyExistsException", "0x83090180"),
            Self::Taken => (StatusCode::CONFLICT, "org.apache.hadoop.fs.FileAlreadyExistsException", "0x83090180"),
            Self::Argument => (StatusCode::BAD_REQUEST, "java.lang.IllegalArgumentException", "0x83090001"),
            Self::Unsupported => (StatusCode::BAD_REQUEST, "java.lang.UnsupportedOperationException", "0x83090001"),
            Self::Leased => (StatusCode::BAD_REQUEST, "java.io.IOException", "0x83090A16"),
            Self::Io => (StatusCode::FORBIDDEN, "java.io.IOException", "0x83090001"),
            Self::Mismatch => (StatusCode::BAD_REQUEST, "java.lang.RuntimeException", "0x83090001"),
            Self::Bug => (StatusCode::INTERNAL_SERVER_ERROR, "java.lang.RuntimeException", "0x83090001"),
        };
        let exception = java_class.rsplit('.').next().unwrap_or(java_class);
        Shown { status, exception, java_class, code }
    }
}

/// Why an operation was not done.
#[derive(Debug)]
pub(crate) struct Refusal {
    reason: Reason,
    /// Without the request id and the time, which the answer adds.
    message: String,
}

impl Refusal {
    /// A parameter is missing or makes no sense.
    pub(crate) fn argument(message: impl Into<String>) -> Self {
        Self {
            reason: Reason::Argument,
            message: message.into(),
        }
    }

    /// There is no such operation.
    pub(crate) fn unsupported(message: impl Into<String>) -> Self {
        Self {
            reason: Reason::Unsupported,
            message: message.into(),
        }
    }

    /// The one message that does not name the operation.
    pub(crate) fn not_found(path: impl std::fmt::Display) -> Self {
        Self {
            reason: Reason::NotFound,
            message: format!("File/Folder does not exist: {path}"),
        }
    }

    /// `operation failed with error 0x... (text).`, as every other refusal is worded.
    pub(crate) fn failed(reason: Reason, operation: &str, text: &str) -> Self {
        let code = reason.shown().code.to_ascii_lowercase();
        Self {
            reason,
            message: format!("{operation} failed with error {code} ({text})."),
        }
    }

    /// What the store said, in the service's words.
    pub(crate) fn from_store(error: &lake_store::Error, operation: &str, path: &str) -> Self {
        match error.kind() {
            ErrorKind::NotFound => Self::not_found(path),
            ErrorKind::Forbidden => Self::failed(Reason::Forbidden, operation, FORBIDDEN),
            ErrorKind::BadOffset => Self::failed(Reason::BadOffset, operation, BAD_OFFSET),
            ErrorKind::AlreadyExists | ErrorKind::NotADirectory => {
                Self::failed(Reason::Exists, operation, &error.to_string())
            }
            ErrorKind::IsADirectory | ErrorKind::DirectoryNotEmpty | ErrorKind::Conflict => {
                Self::failed(Reason::Io, operation, &error.to_string())
            }
            ErrorKind::LeaseConflict => Self::failed(Reason::Leased, operation, &error.to_string()),
            ErrorKind::InvalidPath | ErrorKind::InvalidArgument | ErrorKind::NameTooLong => {
                Self::failed(Reason::Argument, operation, &error.to_string())
            }
            // What the disk said is for the log of the lake and not for its clients.
            _ => Self::failed(Reason::Bug, operation, "Internal error."),
        }
    }

    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.reason.shown().status
    }

    pub(crate) fn exception(&self) -> &'static str {
        self.reason.shown().exception
    }

    pub(crate) fn java_class_name(&self) -> &'static str {
        self.reason.shown().java_class
    }

    /// The `Status` header.
    pub(crate) fn code(&self) -> &'static str {
        self.reason.shown().code
    }
}

impl From<QueryError> for Refusal {
    fn from(error: QueryError) -> Self {
        Self::argument(error.to_string())
    }
}

/// The parenthesis of a refusal for want of rights, word for word as recorded.
pub(crate) const FORBIDDEN: &str = "Forbidden. ACL verification failed. Either the resource does \
     not exist or the user is not authorized to perform the requested operation.";

/// The parenthesis of a refused offset, word for word as recorded.
pub(crate) const BAD_OFFSET: &str = "Bad request. Invalid offset.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_worded_as_recorded() {
        let refusal = Refusal::failed(Reason::Forbidden, "LISTSTATUS", FORBIDDEN);
        assert_eq!(
            refusal.message(),
            "LISTSTATUS failed with error 0x83090aa2 (Forbidden. ACL verification failed. Either \
             the resource does not exist or the user is not authorized to perform the requested \
             operation.)."
        );
        assert_eq!(
            refusal.java_class_name(),
            "org.apache.hadoop.security.AccessControlException"
        );
        assert_eq!(
            (refusal.status(), refusal.code()),
            (StatusCode::FORBIDDEN, "0x83090AA2")
        );

        assert_eq!(refusal.exception(), "AccessControlException");

        let refusal = Refusal::failed(Reason::BadOffset, "APPEND", BAD_OFFSET);
        assert_eq!(
            refusal.message(),
            "APPEND failed with error 0x83090015 (Bad request. Invalid offset.)."
        );
    }
}
