//! The service's enumerations. A value that is not listed is kept as `Other`.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

macro_rules! names {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
            /// A value that this version of the crate does not know; empty if there was none.
            Other(String),
        }

        impl $name {
            /// The value as the service writes it.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => stringify!($variant),)*
                    Self::Other(text) => text,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                $(if text.eq_ignore_ascii_case(stringify!($variant)) {
                    return Self::$variant;
                })*
                Self::Other(text.to_owned())
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::Other(String::new())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
                Ok(Self::from(&*text))
            }
        }
    };
}

names! {
    /// Where a job is on its way.
    JobState {
        /// It has been taken.
        Accepted,
        /// It is there and waits for the compiler.
        New,
        /// It is being compiled.
        Compiling,
        /// It waits for its turn.
        Queued,
        /// It is being handed to the cluster.
        Scheduling,
        /// Its vertices are being started.
        Starting,
        /// It runs.
        Running,
        /// It was stopped for the moment.
        Paused,
        /// It waits for room on the cluster.
        WaitingForCapacity,
        /// It is over; now its result counts.
        Ended,
    }
}

names! {
    /// How a job ended.
    JobResult {
        /// It has not ended.
        None,
        /// All its outputs are there.
        Succeeded,
        /// Somebody cancelled it.
        Cancelled,
        /// It failed; see [`crate::Job::errors`].
        Failed,
    }
}

names! {
    /// The language of a job.
    JobType {
        /// U-SQL.
        USql,
        /// Hive.
        Hive,
        /// SCOPE, Microsoft's internal ancestor of U-SQL.
        Scope,
    }
}

names! {
    /// How thoroughly a script is compiled.
    CompileMode {
        /// Checked against the catalog.
        Semantic,
        /// Checked and translated to code.
        Full,
        /// For one machine.
        SingleBox,
    }
}

names! {
    /// How bad a finding is.
    Severity {
        /// It stops the job.
        Error,
        /// It should be fixed.
        Warning,
        /// It should be fixed soon.
        SevereWarning,
        /// It works, but not for ever.
        Deprecated,
        /// A warning that the script itself raised.
        UserWarning,
        /// It is good to know.
        Info,
    }
}

impl JobState {
    /// Whether the job is over.
    pub fn is_ended(&self) -> bool {
        *self == Self::Ended
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_of_tomorrow_is_kept() {
        let state: JobState = serde_json::from_str("\"Finalizing\"").unwrap();
        assert_eq!(state, JobState::Other("Finalizing".to_owned()));
        assert_eq!(serde_json::to_string(&state).unwrap(), "\"Finalizing\"");
        assert!(!state.is_ended());
    }

    #[test]
    fn case_does_not_matter() {
        assert_eq!(JobState::from("ENDED"), JobState::Ended);
        assert_eq!(JobType::from("usql"), JobType::USql);
        assert_eq!(JobResult::None.as_str(), "None");
    }
}
