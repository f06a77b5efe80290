//! Several sources of tokens, tried in order.

use std::fmt;
use std::sync::{Arc, OnceLock};

use aad_core::explanation::{Explanation, SourceExplanation, Verdict};
use aad_core::{AccessToken, Error, ErrorKind, Result, TokenCredential, TokenRequest};
use async_trait::async_trait;

use crate::explain::WithCauses;

/// Several sources of tokens, tried in order.
///
/// Only a source that is [unavailable](ErrorKind::Unavailable), which is not configured or not
/// reachable here, is passed over. One that was found and failed ends the chain, because going on
/// would sign in as somebody else. The first source that gave a token is asked from then on,
/// alone. An error holds an [`AttemptReport`].
///
/// ```
/// # use std::sync::Arc;
/// # use aad_core::{Context, TokenCredential};
/// use aad_identity::{ChainedTokenCredential, EnvironmentCredential};
///
/// # fn example(context: Context, fallback: Arc<dyn TokenCredential>) {
/// let credential = ChainedTokenCredential::new()
///     .then("environment", Arc::new(EnvironmentCredential::new(context)))
///     .then("fallback", fallback);
/// # }
/// ```
#[derive(Debug, Default)]
pub struct ChainedTokenCredential {
    sources: Vec<Source>,
    /// The first source that gave a token.
    chosen: OnceLock<usize>,
}

#[derive(Debug)]
struct Source {
    name: String,
    credential: Arc<dyn TokenCredential>,
}

impl ChainedTokenCredential {
    /// A chain without sources.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a source, to be tried after those before it. The name is for reports.
    #[must_use]
    pub fn then(mut self, name: impl Into<String>, credential: Arc<dyn TokenCredential>) -> Self {
        let name = name.into();
        self.sources.push(Source { name, credential });
        self
    }

    /// The name of the source that is asked alone, since it gave a token.
    pub fn chosen(&self) -> Option<&str> {
        self.chosen
            .get()
            .map(|index| self.sources[*index].name.as_str())
    }
}

#[async_trait]
impl TokenCredential for ChainedTokenCredential {
    /// The token of the first source that has one.
    ///
    /// Dropping the future abandons the source that is being asked; the next call begins with the
    /// first one again, unless a source was chosen.
    async fn token(&self, request: &TokenRequest) -> Result<AccessToken> {
        if let Some(index) = self.chosen.get() {
            return self.sources[*index].credential.token(request).await;
        }
        let mut attempts = Vec::new();
        for (index, source) in self.sources.iter().enumerate() {
            let error = match source.credential.token(request).await {
                Ok(token) => {
                    tracing::debug!(source = source.name, "this source has a token");
                    // Another caller may have been quicker; then its choice stands.
                    let _ = self.chosen.set(index);
                    return Ok(token);
                }
                Err(error) => error,
            };
            tracing::debug!(source = source.name, %error, kind = ?error.kind(), "this source has no token");
            let ends = error.kind() != ErrorKind::Unavailable;
            attempts.push(Attempt {
                source: source.name.clone(),
                error,
                explanation: Explanation::default(),
            });
            if ends {
                break;
            }
        }
        // Only now: whoever gets a token needs no explanation.
        for (attempt, source) in attempts.iter_mut().zip(&self.sources) {
            attempt.explanation = source.explain().await;
        }
        Err(AttemptReport { attempts }.into_error())
    }

    /// Each source's explanation, under the name that it has here.
    async fn explain(&self) -> Explanation {
        let mut sources = Vec::new();
        for source in &self.sources {
            sources.extend(source.explain().await.into_sources());
        }
        sources.into_iter().collect()
    }
}

/// What is said of a source that says nothing itself.
const NOTHING_TO_TELL: &str = "it was given what it needs, or does not say what it looks for";

impl Source {
    async fn explain(&self) -> Explanation {
        let mut sources = self.credential.explain().await.into_sources();
        match &mut sources[..] {
            [] => sources.push(
                SourceExplanation::new(&self.name, Verdict::CannotTell)
                    .with_advice(NOTHING_TO_TELL),
            ),
            [only] => only.source.clone_from(&self.name),
            // A chain in a chain.
            several => {
                for one in several {
                    one.source = format!("{}: {}", self.name, one.source);
                }
            }
        }
        sources.into_iter().collect()
    }
}

/// What each source of a chain answered; the `source()` of the chain's error.
///
/// `Display` has a line for each attempt, with what the source looked for and what to do about it
/// indented below.
///
/// ```
/// # use aad_core::{TokenCredential, TokenRequest};
/// use aad_identity::{AttemptReport, ChainedTokenCredential};
///
/// # futures::executor::block_on(async {
/// let error = ChainedTokenCredential::new().token(&TokenRequest::default()).await.unwrap_err();
/// let report = AttemptReport::of(&error).unwrap();
/// assert!(report.attempts().is_empty());
/// # });
/// ```
#[derive(Clone, Debug)]
pub struct AttemptReport {
    attempts: Vec<Attempt>,
}

/// A source that was asked in vain, and its answer.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Attempt {
    /// The source's name in the chain.
    pub source: String,
    /// Its error. Only the last attempt's may be other than unavailable.
    pub error: Error,
    /// What it looked for here, and what to do.
    pub explanation: Explanation,
}

impl AttemptReport {
    /// The report that a chain's error holds.
    pub fn of(error: &Error) -> Option<&Self> {
        std::error::Error::source(error)?.downcast_ref()
    }

    /// The attempts, in order.
    pub fn attempts(&self) -> &[Attempt] {
        &self.attempts
    }

    fn into_error(self) -> Error {
        let failed = self
            .attempts
            .last()
            .filter(|attempt| attempt.error.kind() != ErrorKind::Unavailable);
        let error = if let Some(Attempt { source, error, .. }) = failed {
            error
                .clone()
                .with_message(format!("{source} failed: {error}"))
        } else if self.attempts.is_empty() {
            Error::new(ErrorKind::Unavailable, "the chain has no sources")
        } else {
            let names: Vec<&str> = self
                .attempts
                .iter()
                .map(|attempt| attempt.source.as_str())
                .collect();
            Error::new(
                ErrorKind::Unavailable,
                format!(
                    "none of the sources is available here: {}",
                    names.join(", ")
                ),
            )
        };
        error.with_source(self)
    }
}

impl fmt::Display for AttemptReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, attempt) in self.attempts.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            attempt.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { source, error, .. } = self;
        let answer = match error.kind() {
            ErrorKind::Unavailable => "not available",
            _ => "failed",
        };
        let error = WithCauses(error).to_string();
        write!(f, "{source}: {answer}: {error}")?;
        for explained in self.explanation.sources() {
            if explained.source != *source {
                // A chain in a chain.
                write!(f, "\n    {}: {}", explained.source, explained.verdict)?;
            }
            for detail in explained.details() {
                if detail == NOTHING_TO_TELL {
                    continue;
                }
                // Advice may begin with the very error that is the answer.
                let news = detail.strip_prefix(&error).unwrap_or(&detail);
                let news = news.trim_start_matches("; ");
                if !news.is_empty() {
                    write!(f, "\n    {news}")?;
                }
            }
        }
        Ok(())
    }
}

impl std::error::Error for AttemptReport {}
