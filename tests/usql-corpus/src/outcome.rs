//! What became of a script, and whether that is right.

use adla_jobs::{Job, JobError, JobResult, Severity};

use crate::expectations::Expectations;
use crate::manifest::{Expected, Script};

/// The code of what this engine does not have.
const NOT_SUPPORTED: &str = "E_CSC_USER_NOTSUPPORTED";

const NO_FILE: &str = "E_CSC_USER_FILENOTFOUND";

/// The codes of what lacks what another script would have made.
const MADE: [&str; 2] = [NO_FILE, "E_CSC_USER_DDLENTITYDOESNOTEXIST"];

/// What became of a script.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// It ran to its end.
    Ran,
    /// It failed with the code that it is about.
    FailedAsMeant,
    /// It was refused, with its place, for what it uses.
    Refused(String),
    /// It failed, and the list of expectations says why that is right.
    Explained(String),
    /// It reads what is not there.
    LacksInput,
    /// Something else: a fault of ours until somebody explains it.
    Wrong(String),
}

impl Outcome {
    /// Judges a job; none is one that did not end.
    ///
    /// `needs_all` says whether those that it needs ran.
    pub(crate) fn of(
        script: &Script,
        job: Option<&Job>,
        needs_all: bool,
        expectations: &Expectations,
    ) -> Self {
        let Some(job) = job else {
            return Self::Wrong("did not end".to_owned());
        };
        if job.result() == Some(&JobResult::Succeeded) {
            return match script.expected {
                Expected::Fail => Self::Wrong("ran, though it is meant to fail".to_owned()),
                _ => Self::Ran,
            };
        }
        let errors = job.errors.iter();
        let errors = errors.filter(|error| error.severity != Severity::Warning);
        let errors: Vec<&JobError> = errors.flat_map(JobError::chain).collect();
        let outcome = Self::of_failure(script, &errors, expectations);
        match outcome {
            Self::Wrong(_) | Self::LacksInput if !needs_all && lacks(&errors, &MADE) => {
                Self::Refused("It needs what a script writes that is refused.".to_owned())
            }
            outcome => outcome,
        }
    }

    fn of_failure(script: &Script, errors: &[&JobError], expectations: &Expectations) -> Self {
        let codes: Vec<&str> = errors
            .iter()
            .filter_map(|error| error.error_id.as_deref())
            .collect();
        let said = errors.last().map(ToString::to_string).unwrap_or_default();
        if codes.is_empty() || codes.iter().any(|code| code.contains("_SYSTEM_")) {
            return Self::Wrong(format!("a fault of the lake's own: {said}"));
        }
        let meant = expectations.code_of(&script.file);
        if meant.is_some_and(|code| codes.contains(&code)) {
            return Self::FailedAsMeant;
        }
        if let Some(why) = expectations.explanation(&script.file, &codes) {
            return Self::Explained(why.to_owned());
        }
        let refused = errors
            .iter()
            .find(|error| error.error_id.as_deref() == Some(NOT_SUPPORTED));
        if let Some(refused) = refused {
            if refused.line_number.is_none() {
                return Self::Wrong(format!("refused without a place: {said}"));
            }
            return Self::Refused(refused.message.clone());
        }
        if script.lacks_input() && lacks(errors, &[NO_FILE]) {
            return Self::LacksInput;
        }
        let reports = errors.iter().map(|error| match error.line_number {
            Some(line) => format!("{error} (line {line})"),
            None => error.to_string(),
        });
        Self::Wrong(reports.collect::<Vec<_>>().join("; "))
    }
}

/// Whether a script failed because something is not there, and for nothing else.
fn lacks(errors: &[&JobError], codes: &[&str]) -> bool {
    let mut ids = errors.iter().map(|error| error.error_id.as_deref());
    ids.all(|id| id.is_some_and(|id| codes.contains(&id)))
}
