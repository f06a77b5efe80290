//! Why a job failed.

use std::fmt::{self, Write};

use serde::{Deserialize, Serialize};

use super::{Severity, Unknown};
use crate::read::{null_as_default, text_or_number};

/// An error, a warning or a note about a job, and what caused it.
///
/// `Display` is one line; [`JobError::report`] tells the whole story.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct JobError {
    /// The code, such as `E_CSC_USER_SYNTAXERROR`.
    pub error_id: Option<String>,
    /// A short name, such as `CANCELED_BY_USER`.
    pub name: Option<String>,
    /// How bad it is.
    #[serde(default, deserialize_with = "null_as_default")]
    pub severity: Severity,
    /// Whose fault it is: `User` or `System`.
    pub source: Option<String>,
    /// Which part of the service found it, such as `RUNTIME`.
    pub component: Option<String>,
    /// What happened, in one sentence.
    #[serde(default, deserialize_with = "null_as_default")]
    pub message: String,
    /// What happened, at length.
    pub description: Option<String>,
    /// The place and the data.
    pub details: Option<String>,
    /// What to do.
    pub resolution: Option<String>,
    /// Where to read more.
    pub help_link: Option<String>,
    /// The script or file with the error.
    pub file_path: Option<String>,
    /// The line in it, counted from 1.
    pub line_number: Option<u32>,
    /// The first character of it, counted from 0.
    pub start_offset: Option<u64>,
    /// The character after the last.
    pub end_offset: Option<u64>,
    /// The runtime's own number for it.
    #[serde(default, deserialize_with = "text_or_number")]
    pub diagnostic_code: Option<String>,
    /// For the makers of the service.
    pub internal_diagnostics: Option<String>,
    /// What caused it.
    pub inner_error: Option<Box<JobError>>,
    /// What this version of the crate does not know.
    #[serde(flatten)]
    pub unknown: Unknown,
}

impl JobError {
    /// This error and what caused it, outermost first.
    pub fn chain(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |error| error.inner_error.as_deref())
    }

    /// All that a person needs to know, on several lines.
    pub fn report(&self) -> Report<'_> {
        Report(self)
    }

    pub(crate) fn is_systems(&self) -> bool {
        let source = self.source.as_deref().unwrap_or_default();
        source.eq_ignore_ascii_case("system")
    }
}

impl fmt::Display for JobError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.error_id {
            // The compiler's messages begin with the code, the runtime's do not.
            Some(id) if !self.message.starts_with(id.as_str()) => {
                write!(f, "{id}: {}", self.message)
            }
            _ => f.write_str(&self.message),
        }
    }
}

/// A [`JobError`] with its causes, told on several lines.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a>(&'a JobError);

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (depth, error) in self.0.chain().enumerate() {
            if depth == 0 {
                write!(f, "{error}")?;
            } else {
                write!(f, "\ncaused by {error}")?;
            }
            if let Some(line) = error.line_number {
                let file = error.file_path.as_deref().unwrap_or("the script");
                write!(f, "\n  at line {line} of {file}")?;
            }
            let parts = [
                ("", &error.description),
                ("details: ", &error.details),
                ("to do: ", &error.resolution),
                ("see ", &error.help_link),
            ];
            for (label, text) in parts {
                let text = text.as_deref().unwrap_or_default().trim();
                if !text.is_empty() && text != error.message {
                    write_indented(f, label, text)?;
                }
            }
        }
        Ok(())
    }
}

fn write_indented(f: &mut fmt::Formatter<'_>, label: &str, text: &str) -> fmt::Result {
    f.write_str("\n  ")?;
    f.write_str(label)?;
    for (n, line) in text.lines().enumerate() {
        if n > 0 {
            f.write_str("\n    ")?;
        }
        // Data of a failing row is quoted in the details; it must not command the terminal.
        for c in line.chars() {
            f.write_char(if c.is_control() && c != '\t' {
                '\u{fffd}'
            } else {
                c
            })?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_tells_the_whole_story() {
        let error: JobError = serde_json::from_str(
            r#"{"diagnosticCode":195887140,"severity":"Error","component":"RUNTIME","source":"User",
                "errorId":"E_RUNTIME_USER_EXTRACT_ROW_ERROR","message":"The row is bad.",
                "description":"The row is bad.","details":"HEX: 41\nTEXT: A\u001b[2J","resolution":"",
                "helpLink":null,"future":[1],"innerError":{"diagnosticCode":"195887137",
                "errorId":"E_RUNTIME_USER_EXTRACT_COLUMN_CONVERSION_TOO_LONG","source":"User",
                "message":"The value is too long.","resolution":"Use a longer type.",
                "innerError":null}}"#,
        )
        .unwrap();
        let expected = "\
E_RUNTIME_USER_EXTRACT_ROW_ERROR: The row is bad.
  details: HEX: 41
    TEXT: A\u{fffd}[2J
caused by E_RUNTIME_USER_EXTRACT_COLUMN_CONVERSION_TOO_LONG: The value is too long.
  to do: Use a longer type.";
        assert_eq!(error.report().to_string(), expected);
        assert_eq!(error.unknown["future"], serde_json::json!([1]));
        let codes: Vec<_> = error
            .chain()
            .map(|e| e.diagnostic_code.as_deref())
            .collect();
        assert_eq!(codes, [Some("195887140"), Some("195887137")]);
    }

    #[test]
    fn a_code_is_not_said_twice() {
        let error: JobError = serde_json::from_str(
            r#"{"errorId":"E_CSC_USER_SYNTAXERROR","lineNumber":3,
                "message":"E_CSC_USER_SYNTAXERROR: syntax error."}"#,
        )
        .unwrap();
        let expected = "E_CSC_USER_SYNTAXERROR: syntax error.\n  at line 3 of the script";
        assert_eq!(error.report().to_string(), expected);
    }
}
