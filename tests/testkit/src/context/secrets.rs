//! Watches logs for what must not be in them.

use std::error::Error;
use std::fmt::{self, Write};
use std::sync::{Arc, LazyLock, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Dispatch, Event, Metadata, Subscriber};

use super::lock;

/// Captures everything that is logged, at any level, and fails a test if a secret is in it.
///
/// ```
/// let watch = testkit::context::LogWatch::new(["s3cr3t"]);
/// let answer = watch.run(|| {
///     tracing::info!("signing in");
///     42
/// });
/// assert_eq!(answer, 42);
/// assert!(watch.text().contains("signing in"));
/// ```
#[derive(Clone, Debug)]
pub struct LogWatch {
    text: Arc<Mutex<String>>,
    secrets: Vec<String>,
}

impl LogWatch {
    /// Watches for these secrets, as they are and percent-encoded.
    pub fn new<S: Into<String>>(secrets: impl IntoIterator<Item = S>) -> Self {
        let mut all = Vec::new();
        for secret in secrets {
            let secret = secret.into();
            all.push(percent_encoded(&secret));
            all.push(secret);
        }
        Self {
            text: Arc::default(),
            secrets: all,
        }
    }

    /// Runs with the watch on, on this thread.
    ///
    /// # Panics
    /// If a secret was logged.
    pub fn run<T>(&self, body: impl FnOnce() -> T) -> T {
        LazyLock::force(&LISTENERS);
        let capture = Capture(Arc::clone(&self.text));
        let value = tracing::subscriber::with_default(capture, body);
        self.check(&self.text());
        value
    }

    /// Fails if a secret is in what a program could print of this error.
    ///
    /// # Panics
    /// If it is.
    pub fn check_error(&self, error: &dyn Error) {
        self.check(&format!("{error:?} {error:#?}"));
        let mut cause = Some(error);
        while let Some(error) = cause {
            self.check(&error.to_string());
            cause = error.source();
        }
    }

    /// Fails if a secret is in this text.
    ///
    /// # Panics
    /// If it is.
    pub fn check(&self, text: &str) {
        for secret in &self.secrets {
            assert!(!text.contains(secret.as_str()), "{secret:?} is in {text}");
        }
    }

    /// All that was logged.
    pub fn text(&self) -> String {
        lock(&self.text).clone()
    }
}

/// `tracing` remembers, for all threads, whether an event is of interest to anybody. While there is
/// one listener at most, it asks the one of the thread that comes upon the event first, and a test
/// beside this one has none: the event would never be heard. With two more it asks them all.
static LISTENERS: LazyLock<[Dispatch; 2]> =
    LazyLock::new(|| [(); 2].map(|()| Dispatch::new(Capture(Arc::default()))));

fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

struct Capture(Arc<Mutex<String>>);

impl Capture {
    fn line(&self, metadata: &Metadata<'_>, record: impl FnOnce(&mut Fields<'_>)) {
        let mut text = lock(&self.0);
        let _ = write!(text, "{} {}", metadata.level(), metadata.target());
        record(&mut Fields(&mut text));
        text.push('\n');
    }
}

struct Fields<'a>(&'a mut String);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let _ = write!(self.0, " {}={value:?}", field.name());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        // Not quoted: an escape would hide a secret.
        let _ = write!(self.0, " {}={value}", field.name());
    }
}

impl Subscriber for Capture {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.line(span.metadata(), |fields| span.record(fields));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Fields(&mut lock(&self.0)));
    }

    fn event(&self, event: &Event<'_>) {
        self.line(event.metadata(), |fields| event.record(fields));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic(expected = "is in")]
    fn a_logged_secret_fails_the_test() {
        LogWatch::new(["s3cr3t"]).run(|| tracing::trace!(body = "a=s3cr3t", "sent"));
    }

    #[test]
    #[should_panic(expected = "is in")]
    fn an_encoded_secret_fails_the_test() {
        LogWatch::new(["s3+cr/3t"]).run(|| tracing::trace!("a={}", "s3%2Bcr%2F3t"));
    }
}
