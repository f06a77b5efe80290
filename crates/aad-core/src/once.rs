//! Writes that must take effect once, although their reply may be lost.

use std::future::Future;

use crate::retry::RetryPolicy;
use crate::{Context, Error, ErrorKind, Result};

/// Makes a write take effect exactly once, over a network that loses requests and replies.
///
/// `write` sends it once ([`crate::pipeline::Repeat::OnlyIfNotSent`]). Where that fails in a way
/// that leaves open whether the service carried it out, `landed` finds out: it gives the write's
/// result if it took effect and `None` if it did not. Only then is the write sent again, after a
/// wait of the policy. Once an outcome was open, a refusal is looked into too: the refused second
/// write may have met the traces of the first.
///
/// Dropping the future leaves the write carried out or not, never twice.
///
/// # Errors
/// The service refused the write. [`ErrorKind::Transient`] if it never came through, or if
/// nobody could find out whether it did.
///
/// ```
/// use aad_core::once::exactly_once;
/// # use aad_core::{Context, Error, ErrorKind, Result, retry::RetryPolicy};
/// # async fn create_it() -> Result<u32> { Err(Error::new(ErrorKind::Transient, "reply lost")) }
/// # async fn find_it() -> Result<Option<u32>> { Ok(Some(7)) }
/// # async fn example(context: &Context) -> Result<()> {
/// let number = exactly_once(context, &RetryPolicy::default(), create_it, find_it).await?;
/// # Ok(()) }
/// ```
pub async fn exactly_once<T, Writing, Finding>(
    context: &Context,
    policy: &RetryPolicy,
    write: impl Fn() -> Writing,
    landed: impl Fn() -> Finding,
) -> Result<T>
where
    Writing: Future<Output = Result<T>>,
    Finding: Future<Output = Result<Option<T>>>,
{
    let mut outcome_was_open = false;
    let mut failures = 0;
    loop {
        let refusal = match write().await {
            Ok(value) => return Ok(value),
            Err(error) => error,
        };
        // A reply that cannot be read tells no more than one that did not come.
        // A service that turned the write away as one too many has not carried it out.
        let outcome_is_open = matches!(refusal.kind(), ErrorKind::Transient | ErrorKind::Protocol);
        outcome_was_open |= outcome_is_open;
        if !outcome_was_open {
            return Err(refusal);
        }
        match landed().await {
            Ok(Some(value)) => return Ok(value),
            Ok(None) if outcome_is_open && failures < policy.retries => {}
            Ok(None) => return Err(refusal),
            Err(error) if error.is_retryable() => return Err(unknown(refusal)),
            Err(error) => return Err(error),
        }
        let wait = policy.backoff.wait(failures, context.fraction());
        let wait = refusal.retry_after().unwrap_or(wait);
        tracing::debug!(error = %refusal, ?wait, "not carried out; writing again");
        context.sleep(wait.min(policy.longest_requested_wait)).await;
        failures += 1;
    }
}

fn unknown(refusal: Error) -> Error {
    let message = "the write got no answer, and whether it took effect could not be found out";
    Error::new(ErrorKind::Transient, message).with_source(refusal)
}
