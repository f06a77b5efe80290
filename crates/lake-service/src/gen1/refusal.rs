//! Errors as WebHDFS writes them: `{"RemoteException":{"exception","message","javaClassName"}}`.

use http::StatusCode;
use lake_store::ErrorKind;

use crate::query::QueryError;

/// What kind of no. Status, Java names and the `Status` header follow from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    NotFound,
    BadOffset,
    Forbidden,
    Exists,
    Argument,
    Unsupported,
    Leased,
    Io,
    Bug,
}

/// One row per [`Reason`]: HTTP status, `exception`, package of the Java class, `Status` header.
///
/// Statuses are those of the published swagger. Codes 0x8309000A, 0x83090015 and 0x83090AA2 are recorded;
/// 0x83090180 is azure-xplat-cli issue 2749, 0x83090A16 the Java SDK's. Others show `0x83090001`, which is ours.
const ROWS: &[(Reason, StatusCode, &str, &str, &str)] = &[
    (
        Reason::NotFound,
        StatusCode::NOT_FOUND,
        "FileNotFoundException",
        "java.io",
        "0x8309000A",
    ),
    (
        Reason::BadOffset,
        StatusCode::BAD_REQUEST,
        "BadOffsetException",
        "org.apache.hadoop.fs.adl",
        "0x83090015",
    ),
    (
        Reason::Forbidden,
        StatusCode::FORBIDDEN,
        "AccessControlException",
        "org.apache.hadoop.security",
        "0x83090AA2",
    ),
    (
        Reason::Exists,
        StatusCode::FORBIDDEN,
        "FileAlreadyExistsException",
        "org.apache.hadoop.fs",
        "0x83090180",
    ),
    (
        Reason::Argument,
        StatusCode::BAD_REQUEST,
        "IllegalArgumentException",
        "java.lang",
        "0x83090001",
    ),
    (
        Reason::Unsupported,
        StatusCode::BAD_REQUEST,
        "UnsupportedOperationException",
        "java.lang",
        "0x83090001",
    ),
    (
        Reason::Leased,
        StatusCode::BAD_REQUEST,
        "IOException",
        "java.io",
        "0x83090A16",
    ),
    (
        Reason::Io,
        StatusCode::FORBIDDEN,
        "IOException",
        "java.io",
        "0x83090001",
    ),
    (
        Reason::Bug,
        StatusCode::INTERNAL_SERVER_ERROR,
        "RuntimeException",
        "java.lang",
        "0x83090001",
    ),
];

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
        let code = row(reason).4.to_ascii_lowercase();
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
        row(self.reason).1
    }

    pub(crate) fn exception(&self) -> &'static str {
        row(self.reason).2
    }

    pub(crate) fn java_class_name(&self) -> String {
        format!("{}.{}", row(self.reason).3, row(self.reason).2)
    }

    /// The `Status` header.
    pub(crate) fn code(&self) -> &'static str {
        row(self.reason).4
    }
}

impl From<QueryError> for Refusal {
    fn from(error: QueryError) -> Self {
        Self::argument(error.to_string())
    }
}

fn row(reason: Reason) -> &'static (Reason, StatusCode, &'static str, &'static str, &'static str) {
    ROWS.iter()
        .find(|row| row.0 == reason)
        .expect("ROWS has a row for every reason")
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

        let refusal = Refusal::failed(Reason::BadOffset, "APPEND", BAD_OFFSET);
        assert_eq!(
            refusal.message(),
            "APPEND failed with error 0x83090015 (Bad request. Invalid offset.)."
        );
    }

    #[test]
    fn every_reason_has_a_row() {
        for reason in [
            Reason::NotFound,
            Reason::BadOffset,
            Reason::Forbidden,
            Reason::Exists,
            Reason::Argument,
            Reason::Unsupported,
            Reason::Leased,
            Reason::Io,
            Reason::Bug,
        ] {
            assert_eq!(row(reason).0, reason);
        }
    }
}
