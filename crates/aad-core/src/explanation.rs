//! What a credential finds here, told without asking anybody.

use std::fmt;

/// What each source of a credential looks for here, what it found, and what to do about the rest.
///
/// `Display` is a table for people. There is no value in it, secret or not: only whether it is
/// set. Names of files are shown.
///
/// ```
/// use aad_core::explanation::{Explanation, SourceExplanation, Verdict};
///
/// let source = SourceExplanation::new("EnvironmentCredential", Verdict::Incomplete)
///     .with_finding("AZURE_CLIENT_ID", true)
///     .with_finding("AZURE_TENANT_ID", false)
///     .with_advice("set AZURE_TENANT_ID");
/// assert_eq!(
///     Explanation::from(source).to_string(),
///     "\
/// SOURCE                 VERDICT     DETAIL
/// EnvironmentCredential  incomplete  found: AZURE_CLIENT_ID
///                                    not found: AZURE_TENANT_ID
///                                    set AZURE_TENANT_ID"
/// );
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Explanation {
    sources: Vec<SourceExplanation>,
}

/// What one source looks for, and what it found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SourceExplanation {
    /// The source's name.
    pub source: String,
    /// What that means.
    pub verdict: Verdict,
    /// What was looked for, in order. A source looks no further than it has to.
    pub looked_for: Vec<Finding>,
    /// What to do, or to know, about it.
    pub advice: Option<String>,
}

/// Something that was looked for: a variable, a file, a program.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// Its name, and never its value.
    pub what: String,
    /// Whether it is there.
    pub found: bool,
}

/// What the findings mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Verdict {
    /// All is there that can be seen without asking. Whether it is accepted, asking tells.
    Ready,
    /// Somebody began to set it up.
    Incomplete,
    /// It is set up wrongly: a chain ends here with an error.
    Faulty,
    /// Nothing of it is here.
    NotConfigured,
    /// Only asking tells.
    CannotTell,
    /// It is not tried, because of a variable or an option.
    LeftOut,
    /// Other libraries have it and this one has not.
    NotSupported,
}

impl Verdict {
    /// It in words, for people and for JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Incomplete => "incomplete",
            Self::Faulty => "faulty",
            Self::NotConfigured => "not configured",
            Self::CannotTell => "cannot tell",
            Self::LeftOut => "left out",
            Self::NotSupported => "not supported",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Finding {
    /// Something that is there or not.
    pub fn new(what: impl Into<String>, found: bool) -> Self {
        let what = what.into();
        Self { what, found }
    }
}

impl SourceExplanation {
    /// A source of which nothing else is known.
    pub fn new(source: impl Into<String>, verdict: Verdict) -> Self {
        Self {
            source: source.into(),
            verdict,
            looked_for: Vec::new(),
            advice: None,
        }
    }

    /// Sets what the findings mean, and what to do.
    #[must_use]
    pub fn with_verdict(mut self, verdict: Verdict, advice: Option<String>) -> Self {
        self.verdict = verdict;
        self.advice = advice;
        self
    }

    /// Adds what was looked for.
    #[must_use]
    pub fn with_finding(mut self, what: impl Into<String>, found: bool) -> Self {
        self.looked_for.push(Finding::new(what, found));
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn with_advice(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }

    /// It in lines for people: what was found, what was not, and what to do.
    pub fn details(&self) -> impl Iterator<Item = String> {
        let names = |found| {
            let those = self.looked_for.iter().filter(move |one| one.found == found);
            let names: Vec<&str> = those.map(|one| one.what.as_str()).collect();
            names.join(", ")
        };
        let line =
            |start: &str, names: String| (!names.is_empty()).then(|| start.to_owned() + &names);
        [
            line("found: ", names(true)),
            line("not found: ", names(false)),
            self.advice.clone(),
        ]
        .into_iter()
        .flatten()
    }
}

impl Explanation {
    /// The sources, in the order in which they are tried; those that are not, last.
    pub fn sources(&self) -> &[SourceExplanation] {
        &self.sources
    }

    /// The sources themselves.
    pub fn into_sources(self) -> Vec<SourceExplanation> {
        self.sources
    }
}

impl From<SourceExplanation> for Explanation {
    fn from(source: SourceExplanation) -> Self {
        Self::from_iter([source])
    }
}

impl FromIterator<SourceExplanation> for Explanation {
    fn from_iter<I: IntoIterator<Item = SourceExplanation>>(sources: I) -> Self {
        let sources = sources.into_iter().collect();
        Self { sources }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |title: &str, cell: fn(&SourceExplanation) -> &str| {
            let cells = self.sources.iter().map(cell).chain([title]);
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let sources = width("SOURCE", |one| &one.source);
        let verdicts = width("VERDICT", |one| one.verdict.name());
        write!(f, "{:sources$}  {:verdicts$}  DETAIL", "SOURCE", "VERDICT")?;
        for one in &self.sources {
            write!(f, "\n{:sources$}  {}", one.source, one.verdict)?;
            let mut from = one.verdict.name().len();
            for detail in one.details() {
                if from == 0 {
                    write!(f, "\n{:sources$}  ", "")?;
                }
                write!(f, "{:rest$}  {detail}", "", rest = verdicts - from)?;
                from = 0;
            }
        }
        Ok(())
    }
}
