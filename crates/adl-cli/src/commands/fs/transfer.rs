//! What `adl fs put` and `adl fs get` have in common.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use adls_fs::transfer::{Ended, Event, Outcome, Report, Skipped, TransferOptions};
use anyhow::{Result, bail};
use serde_json::{Value, json};

use crate::arguments::Format;
use crate::arguments::fs::How;
use crate::exit::Stopped;
use crate::print::{self, Printer};
use crate::progress::{self, Line};

/// How many failures a person is shown.
const SHOWN: usize = 20;

/// What a person or a program sees of a transfer.
pub(super) struct Showing {
    line: Arc<Mutex<Line>>,
    /// What would be done, in a dry run.
    would: Arc<Mutex<Vec<Value>>>,
    dry_run: bool,
}

impl Showing {
    /// The options, with ears.
    pub(super) fn of(how: &How) -> (Self, TransferOptions) {
        let showing = Self {
            line: Arc::new(Mutex::new(Line::start())),
            would: Arc::default(),
            dry_run: how.dry_run,
        };
        let (line, would) = (Arc::clone(&showing.line), Arc::clone(&showing.would));
        let dry_run = how.dry_run;
        let options = how.options().on_event(move |event| match event {
            Event::Progress(progress) => lock(&line).update(|| progress::describe(progress)),
            Event::Ended(ended) if dry_run => {
                lock(&would).push(described(ended));
            }
            _ => {}
        });
        (showing, options)
    }

    /// Waits for a transfer, unless the person presses Ctrl-C.
    pub(super) async fn watch(
        &self,
        transfer: impl Future<Output = Result<Report>>,
    ) -> Result<Report> {
        let done = stoppable(transfer).await;
        lock(&self.line).finish();
        done
    }

    /// Says what came of it.
    pub(super) fn tell(self, verb: &str, report: &Report, printer: &Printer) -> Result<()> {
        if self.dry_run {
            let would = std::mem::take(&mut *lock(&self.would));
            printer.list(&["outcome", "length", "source", "destination"], &would)?;
        } else if printer.format() == Format::Json {
            printer.one(&summary(report))?;
        } else if report.transferred + report.skipped > 1 {
            print::note(format_args!(
                "{verb} {} files ({}) in {:.1} s; {} skipped",
                report.transferred,
                progress::size(report.bytes),
                report.elapsed.as_secs_f64(),
                report.skipped,
            ));
        }
        failure(report)
    }
}

/// The failures, as an error: one has its own exit code, several are just a failure.
fn failure(report: &Report) -> Result<()> {
    let failures = report.failures.iter().filter_map(|it| match &it.outcome {
        Outcome::Failed(error) => Some((it, error)),
        _ => None,
    });
    let mut failures = failures.take(SHOWN).peekable();
    match failures.peek() {
        None => Ok(()),
        Some((ended, error)) if report.failed == 1 => {
            let error = anyhow::Error::from((*error).clone());
            Err(error.context(format!("{} was not transferred", ended.source)))
        }
        Some(_) => {
            for (ended, error) in failures {
                print::note(format_args!("{}: {error}", ended.source));
            }
            let all = report.failed + report.transferred + report.skipped;
            bail!("{} of {all} files were not transferred", report.failed)
        }
    }
}

fn described(ended: &Ended) -> Value {
    let (outcome, length) = match &ended.outcome {
        Outcome::WouldTransfer { length } => ("transfer", Some(*length)),
        Outcome::Made => ("make", None),
        Outcome::Skipped(why) => (reason(*why), None),
        Outcome::Failed(_) => ("fail", None),
        _ => ("other", None),
    };
    json!({
        "outcome": outcome,
        "length": length,
        "source": ended.source,
        "destination": ended.destination,
    })
}

fn reason(why: Skipped) -> &'static str {
    match why {
        Skipped::IsThere => "skip: is there",
        Skipped::IsDone => "skip: is done",
        Skipped::Link => "skip: link",
        _ => "skip: no file",
    }
}

fn summary(report: &Report) -> Value {
    let failures = report.failures.iter().map(|it| {
        let error = match &it.outcome {
            Outcome::Failed(error) => error.to_string(),
            _ => String::new(),
        };
        json!({ "source": it.source, "destination": it.destination, "error": error })
    });
    json!({
        "transferred": report.transferred,
        "bytes": report.bytes,
        "resumed": report.resumed,
        "skipped": report.skipped,
        "failed": report.failed,
        "failures": failures.collect::<Vec<_>>(),
        "seconds": report.elapsed.as_secs_f64(),
    })
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits for something, unless the person presses Ctrl-C.
pub(crate) async fn stoppable<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::select! {
        // First, so that it is listened for before the work says anything.
        biased;
        _ = tokio::signal::ctrl_c() => Err(Stopped("stopped".to_owned()).into()),
        done = work => done,
    }
}

/// How to go on after Ctrl-C.
pub(super) fn stopped(error: anyhow::Error, how: &How) -> anyhow::Error {
    if !error.is::<Stopped>() {
        return error;
    }
    let text = match &how.journal {
        Some(journal) => format!(
            "stopped; the same command, with --journal {}, goes on from here",
            journal.display()
        ),
        None => "stopped; each file is there as a whole or not at all. \
                 --overwrite=never leaves out those that are; --journal FILE also goes on in the middle of a file"
            .to_owned(),
    };
    Stopped(text).into()
}
