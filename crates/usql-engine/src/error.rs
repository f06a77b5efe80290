//! What can go wrong in a run, in the shape in which the service reports it.

pub mod codes;

use std::{fmt, sync::Arc};

use datafusion::error::DataFusionError;
use usql_sema::Location;

/// A run failed. Nothing was published.
#[derive(Debug, Clone)]
pub struct RuntimeError {
    kind: RuntimeErrorKind,
    report: Box<ErrorReport>,
    location: Option<Location>,
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

/// What to do about a failed run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RuntimeErrorKind {
    /// Correct the script or its data.
    User,
    /// The script uses something that this engine does not run.
    Unsupported,
    /// The run was cancelled.
    Cancelled,
    /// A file could not be read or written.
    Files,
    /// Give the engine more memory.
    Resources,
    /// Report a bug of the engine.
    Bug,
}

/// One level of the service's error object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorReport {
    /// The number beside the name, where a public source tells it.
    pub diagnostic_code: Option<u32>,
    /// The name: `E_RUNTIME_USER_EXTRACT_ROW_ERROR`.
    pub error_id: &'static str,
    /// What happened, always in the same words.
    pub message: String,
    /// What happened this time.
    pub description: String,
    /// What to do.
    pub resolution: String,
    /// The data in question.
    pub details: String,
    /// The cause.
    pub inner: Option<Box<ErrorReport>>,
}

impl ErrorReport {
    /// An empty report of a code.
    pub(crate) fn of(code: &'static codes::Code) -> Self {
        Self {
            diagnostic_code: code.number,
            error_id: code.id,
            message: String::new(),
            description: String::new(),
            resolution: String::new(),
            details: String::new(),
            inner: None,
        }
    }
}

impl RuntimeError {
    pub(crate) fn new(kind: RuntimeErrorKind, report: ErrorReport) -> Self {
        Self {
            kind,
            report: Box::new(report),
            location: None,
            source: None,
        }
    }

    /// An exception that .NET would have thrown in an expression of the script.
    pub(crate) fn exception(exception: &str, message: &str, place: Option<Location>) -> Self {
        let location = place;
        let place = place.map_or_else(
            || "an aggregate".to_owned(),
            |place| {
                format!(
                    "the expression at line {}, column {}",
                    place.line, place.column
                )
            },
        );
        let mut error = Self::new(
            RuntimeErrorKind::User,
            ErrorReport {
                message: "An unhandled exception from user code has been reported".to_owned(),
                description: format!(
                    "Unhandled exception from user code: \"{message}\" The exception is {exception}, \
                     raised by {place}."
                ),
                resolution: "Make sure the expression cannot raise for any row.".to_owned(),
                details: format!("==== Caught exception System.{exception}\n\n{message}"),
                ..ErrorReport::of(&codes::EXCEPTION)
            },
        );
        error.location = location;
        error
    }

    pub(crate) fn unsupported(what: impl Into<String>) -> Self {
        Self::new(
            RuntimeErrorKind::Unsupported,
            ErrorReport {
                message: "The script uses a feature that this engine does not run.".to_owned(),
                description: what.into(),
                ..ErrorReport::of(&codes::NOT_SUPPORTED)
            },
        )
    }

    pub(crate) fn cancelled() -> Self {
        Self::new(
            RuntimeErrorKind::Cancelled,
            ErrorReport {
                message: "The run was cancelled.".to_owned(),
                ..ErrorReport::of(&codes::CANCELLED)
            },
        )
    }

    pub(crate) fn files(
        action: &str,
        path: &dyn fmt::Display,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        let source: Arc<dyn std::error::Error + Send + Sync> = source.into().into();
        let report = ErrorReport {
            message: "A file of the script could not be used.".to_owned(),
            description: format!("Could not {action} '{path}': {source}."),
            ..ErrorReport::of(&codes::FILE)
        };
        let mut error = Self::new(RuntimeErrorKind::Files, report);
        error.source = Some(source);
        error
    }

    pub(crate) fn bug(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        let source: Arc<dyn std::error::Error + Send + Sync> = source.into().into();
        let report = ErrorReport {
            message: "An internal system error occurred.".to_owned(),
            description: source.to_string(),
            ..ErrorReport::of(&codes::INTERNAL)
        };
        let mut error = Self::new(RuntimeErrorKind::Bug, report);
        error.source = Some(source);
        error
    }

    /// What to do about it.
    #[must_use]
    pub const fn kind(&self) -> RuntimeErrorKind {
        self.kind
    }

    /// Where the script asks for what failed, of an exception in an expression.
    #[must_use]
    pub const fn location(&self) -> Option<Location> {
        self.location
    }

    /// The service's error object.
    #[must_use]
    pub const fn report(&self) -> &ErrorReport {
        &self.report
    }
}

impl fmt::Display for RuntimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ErrorReport {
            error_id,
            message,
            description,
            inner,
            ..
        } = &*self.report;
        write!(f, "{error_id}: {message} {description}")?;
        match inner {
            Some(inner) => write!(f, " ({}: {})", inner.error_id, inner.message),
            None => Ok(()),
        }
    }
}

impl std::error::Error for RuntimeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| &**source as _)
    }
}

/// How a script needs less memory.
pub const LESS_AT_A_TIME: &str = "or let the script hold less at a time: filter and select early, join by equality, \
                                  and give windows smaller partitions.";

/// Our errors travel through DataFusion in a box and come out whole.
impl From<RuntimeError> for DataFusionError {
    fn from(error: RuntimeError) -> Self {
        Self::External(Box::new(error))
    }
}

impl From<DataFusionError> for RuntimeError {
    fn from(error: DataFusionError) -> Self {
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
        while let Some(error) = cause {
            if let Some(ours) = error.downcast_ref::<Self>() {
                return ours.clone();
            }
            cause = error.source();
        }
        if let DataFusionError::ResourcesExhausted(message) = error.find_root() {
            let report = ErrorReport {
                message: "The run needs more memory than the engine may use.".to_owned(),
                description: message.clone(),
                resolution: format!("Raise the engine's memory limit, {LESS_AT_A_TIME}"),
                ..ErrorReport::of(&codes::OUT_OF_MEMORY)
            };
            return Self::new(RuntimeErrorKind::Resources, report);
        }
        Self::bug(error)
    }
}
