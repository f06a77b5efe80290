//! Programs on a developer's machine that know who is signed in.

use std::io;
use std::pin::pin;
use std::time::Duration;

use aad_core::context::{ProcessCommand, ProcessOutput};
use aad_core::env::SYSTEMROOT;
use aad_core::explanation::{SourceExplanation, Verdict};
use aad_core::{Context, Error, ErrorKind, Result};
use futures::future::{Either, select};
use serde_json::Value;

use crate::explain::is_installed;
use crate::tenants::Tenants;

/// How a developer's tool is asked for a token.
///
/// ```
/// use std::time::Duration;
/// use aad_identity::DeveloperToolOptions;
///
/// let options = DeveloperToolOptions::default()
///     .with_tenant("contoso.com")
///     .with_timeout(Duration::from_secs(30));
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DeveloperToolOptions {
    /// The tenant to sign in to; without it, the tool's own, or whichever a request names.
    pub tenant: Option<String>,
    /// Further tenants that a request may ask tokens of; `*` for any.
    pub additionally_allowed_tenants: Vec<String>,
    /// How long the tool may take. It is killed then.
    pub timeout: Duration,
}

impl Default for DeveloperToolOptions {
    /// The tool's own tenant, 10 s.
    fn default() -> Self {
        Self {
            tenant: None,
            additionally_allowed_tenants: Vec::new(),
            timeout: Duration::from_secs(10),
        }
    }
}

impl DeveloperToolOptions {
    /// Sets the tenant.
    #[must_use]
    pub fn with_tenant(mut self, tenant: impl Into<String>) -> Self {
        self.tenant = Some(tenant.into());
        self
    }

    /// Lets requests ask for tokens of this tenant too; `*` for any.
    #[must_use]
    pub fn with_additionally_allowed_tenant(mut self, tenant: impl Into<String>) -> Self {
        self.additionally_allowed_tenants.push(tenant.into());
        self
    }

    /// Sets how long the tool may take.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The tenants for which the tool may be asked.
    pub(crate) fn into_tenants(self, context: &Context) -> Result<Tenants> {
        Tenants::new(context, self.tenant, self.additionally_allowed_tenants)
    }
}

/// A developer's tool.
#[derive(Debug)]
pub(crate) struct Tool {
    /// Its name, for people.
    pub(crate) title: &'static str,
    /// Its name in `PATH`.
    pub(crate) program: &'static str,
    /// What signs somebody in.
    pub(crate) sign_in: &'static str,
    /// Variables that make its output what a program can read.
    pub(crate) variables: &'static [(&'static str, &'static str)],
}

impl Tool {
    /// Runs it with these arguments and waits for it to end.
    pub(crate) async fn run(
        &self,
        context: &Context,
        arguments: Vec<String>,
        timeout: Duration,
    ) -> Result<ProcessOutput> {
        let mut command =
            ProcessCommand::new(self.program, arguments).with_directory(folder(context)?);
        for (name, value) in self.variables {
            command = command.with_var(*name, *value);
        }
        let Self { title, program, .. } = self;
        let unavailable = |message: String| Error::new(ErrorKind::Unavailable, message);
        let run = context.processes().run(&command);
        let output = match select(pin!(run), context.sleep(timeout)).await {
            Either::Left((output, _)) => output,
            Either::Right(_) => {
                return Err(unavailable(format!(
                    "{title} did not answer within {} s",
                    timeout.as_secs_f64()
                )));
            }
        };
        let output = output.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => self.missing(),
            _ => unavailable(format!("{program} could not be started")).with_source(error),
        })?;
        let stderr = String::from_utf8_lossy(&output.stderr);
        if output.code == Some(127) || stderr.contains("is not recognized") {
            return Err(self.missing());
        }
        Ok(output)
    }

    /// What is known of it without running it: whether it is installed.
    pub(crate) async fn explain(&self, context: &Context, source: &str) -> SourceExplanation {
        let Self { program, title, .. } = self;
        let installed = is_installed(context, program).await;
        let (verdict, advice) = if installed {
            let advice = format!(
                "only running it shows who is signed in; if nobody is, run `{}`",
                self.sign_in
            );
            (Verdict::CannotTell, advice)
        } else {
            let advice = format!("install {title} and run `{}`", self.sign_in);
            (Verdict::NotConfigured, advice)
        };
        SourceExplanation::new(source, verdict)
            .with_finding(format!("{program} in PATH"), installed)
            .with_advice(advice)
    }

    fn missing(&self) -> Error {
        let Self { title, program, .. } = self;
        Error::new(
            ErrorKind::Unavailable,
            format!("{title} is not installed: there is no {program} in PATH"),
        )
    }

    /// What it says when nobody has signed in to it.
    pub(crate) fn nobody(&self) -> Error {
        Error::new(
            ErrorKind::Unavailable,
            format!(
                "nobody is signed in to {}; run `{}`",
                self.title, self.sign_in
            ),
        )
    }

    /// A failure in its own words.
    pub(crate) fn failed(&self, words: &str) -> Error {
        let words = without_tokens(words);
        let error = Error::new(
            ErrorKind::Credentials,
            format!("{} failed: {words}", self.title),
        );
        match aadsts(words) {
            Some(code) => error.with_code(code),
            None => error,
        }
    }

    /// Output that is not what it should be. It is not shown, for it may hold a token.
    pub(crate) fn incomprehensible(&self) -> Error {
        Error::new(
            ErrorKind::Protocol,
            format!(
                "what {} printed is not a token; is it up to date?",
                self.title
            ),
        )
    }
}

/// A folder in which nobody can have left a program for the tool to start by mistake.
fn folder(context: &Context) -> Result<String> {
    if !cfg!(windows) {
        return Ok("/bin".to_owned());
    }
    context
        .var(SYSTEMROOT)
        .ok_or_else(|| Error::new(ErrorKind::Unavailable, format!("{SYSTEMROOT} is not set")))
}

/// The first JSON object of an output, whatever a tool printed around it: warnings before, codes
/// for colours after.
pub(crate) fn first_object(output: &[u8]) -> Option<Value> {
    let start = output.iter().position(|byte| *byte == b'{')?;
    let mut values = serde_json::Deserializer::from_slice(&output[start..]).into_iter();
    values.next()?.ok()
}

/// A tool's complaint for an error: in one piece, not too long, and never one with a token in it.
fn without_tokens(words: &str) -> &str {
    let words = words.trim();
    if words.is_empty() {
        return "it does not say why";
    }
    let telling = ["accessToken", "\"token\"", "azsdk%", "eyJ"];
    if telling.iter().any(|mark| words.contains(mark)) {
        return "what it said may hold a token and is not repeated here";
    }
    let end = words
        .char_indices()
        .nth(1000)
        .map_or(words.len(), |(end, _)| end);
    &words[..end]
}

/// Azure AD's code in a text.
fn aadsts(words: &str) -> Option<&str> {
    let start = words.find("AADSTS")?;
    let digits = words[start + 6..].find(|c: char| !c.is_ascii_digit());
    let end = digits.map_or(words.len(), |digits| start + 6 + digits);
    (end > start + 6).then(|| &words[start..end])
}

/// Refuses what a tool, or a shell behind it, could take for more than a scope.
pub(crate) fn checked_scope(scope: &str) -> Result<&str> {
    checked("scope", scope, "_-.:/")
}

/// Refuses what a tool, or a shell behind it, could take for more than a subscription.
pub(crate) fn checked_subscription(subscription: &str) -> Result<&str> {
    checked("subscription's name or id", subscription, "_-. ")
}

fn checked<'a>(what: &str, text: &'a str, marks: &str) -> Result<&'a str> {
    let valid = |c: char| c.is_ascii_alphanumeric() || marks.contains(c);
    if text.is_empty() || text.starts_with('-') || !text.chars().all(valid) {
        return Err(Error::new(
            ErrorKind::Request,
            format!("{text:?} is not a {what} that can be given to a program"),
        ));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_shell_could_understand_is_passed_on() {
        // The characters of azure-identity's helpers.py, and what else a shell knows.
        for c in "|&;><`$(){}[]'\"\\\n\t\0*?!#%^,=~".chars() {
            assert!(checked_scope(&format!("scope{c}")).is_err(), "{c:?}");
            assert!(checked_subscription(&format!("s{c}")).is_err(), "{c:?}");
        }
        assert!(checked_scope("a b").is_err());
        assert!(checked_scope("").is_err());
        assert!(checked_scope("--help").is_err());
        assert!(checked_subscription("-x").is_err());
        assert!(checked_scope("https://datalake.azure.net//.default").is_ok());
        assert!(checked_scope("api://6f1b-a/user_impersonation").is_ok());
        assert!(checked_subscription("Foo subscription_1.2").is_ok());
    }

    #[test]
    fn an_object_is_found_among_noise() {
        let noisy = b"WARNING: update\r\n{\"a\": {\"b\": 1}}\x1b[0m\n{\"c\":2}";
        assert_eq!(first_object(noisy).unwrap()["a"]["b"], 1);
        assert_eq!(first_object(b"\xef\xbb\xbf{\"a\":1}").unwrap()["a"], 1);
        assert_eq!(first_object(b"{\"a\": "), None);
        assert_eq!(first_object(b"no"), None);
    }

    #[test]
    fn a_code_of_azure_ad_is_found_in_a_text() {
        assert_eq!(aadsts("ERROR: AADSTS70043: expired"), Some("AADSTS70043"));
        assert_eq!(aadsts("AADSTS50076"), Some("AADSTS50076"));
        assert_eq!(aadsts("AADSTS"), None);
    }
}
