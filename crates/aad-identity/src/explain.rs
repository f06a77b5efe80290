//! How sources explain themselves: by what they looked for when they were made.

use std::cell::RefCell;
use std::error::Error as _;
use std::fmt;

use aad_core::env::PATH;
use aad_core::explanation::{Finding, SourceExplanation, Verdict};
use aad_core::{Context, Error, ErrorKind, Result};

/// The variables of a context, and a note of which were looked for.
///
/// A source is configured through it, so that what it explains is what it did.
#[derive(Debug)]
pub(crate) struct Lookups {
    context: Context,
    findings: RefCell<Vec<Finding>>,
}

impl Lookups {
    pub(crate) fn new(context: Context) -> Self {
        Self {
            context,
            findings: RefCell::default(),
        }
    }

    pub(crate) fn context(&self) -> &Context {
        &self.context
    }

    /// The value of a variable that is set and not empty.
    pub(crate) fn var(&self, name: &str) -> Option<String> {
        let value = self.context.var(name);
        let mut findings = self.findings.borrow_mut();
        if findings.iter().all(|known| known.what != name) {
            findings.push(Finding::new(name, value.is_some()));
        }
        value
    }

    /// What was looked for, in order and once each.
    pub(crate) fn into_findings(self) -> Vec<Finding> {
        self.findings.into_inner()
    }
}

/// Whether anything was found.
pub(crate) fn any_found(looked_for: &[Finding]) -> bool {
    looked_for.iter().any(|finding| finding.found)
}

/// What it means that a source could be made of what was found, or not.
///
/// `begun` tells a source that lacks something from one that nobody thought of, and `how` says
/// what it needs.
pub(crate) fn explained<T>(
    source: &str,
    looked_for: &[Finding],
    made: &Result<T>,
    begun: bool,
    how: &str,
) -> SourceExplanation {
    let (verdict, advice) = match made {
        Ok(_) => (Verdict::Ready, None),
        Err(error) if error.kind() != ErrorKind::Unavailable => {
            (Verdict::Faulty, Some(WithCauses(error).to_string()))
        }
        Err(error) if begun => (Verdict::Incomplete, Some(format!("{error}; {how}"))),
        Err(_) => (Verdict::NotConfigured, Some(how.to_owned())),
    };
    let mut explanation = SourceExplanation::new(source, verdict);
    explanation.looked_for = looked_for.to_vec();
    explanation.advice = advice;
    explanation
}

/// Whether the system would find the program where it looks when it is to run it.
pub(crate) async fn is_installed(context: &Context, program: &str) -> bool {
    let file = match program.contains('.') {
        // Windows looks for programs that are named without an extension as this.
        false if cfg!(windows) => format!("{program}.exe"),
        _ => program.to_owned(),
    };
    let path = context.var(PATH).unwrap_or_default();
    for folder in std::env::split_paths(&path) {
        let found = context.files().metadata(&folder.join(&file)).await;
        if found.is_ok_and(|found| !found.is_folder) {
            return true;
        }
    }
    false
}

/// An error and its causes, in one line.
pub(crate) struct WithCauses<'a>(pub(crate) &'a Error);

impl fmt::Display for WithCauses<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}
