//! OPEN.

use crate::gen1::answer::Answer;
use crate::gen1::operation::{Ask, Outcome};
use crate::gen1::refusal::{BAD_OFFSET, Reason, Refusal};

/// The bytes from `offset` on, at most `length` of them.
///
/// The reader holds on to the file as it is now: what happens to the name later does not change the answer.
/// An offset at or after the end is refused, but for 0. No recording shows how; the Java SDK's tests against the
/// service (TestCore.getFileContents) know the end of a file by a 403 or 416 there.
pub(crate) fn open(ask: &Ask<'_>) -> Outcome {
    let offset = ask.query.number("offset")?.unwrap_or(0);
    let length = ask.query.number("length")?.unwrap_or(u64::MAX);
    let reader = ask.files.open(ask.caller(), &ask.path)?;
    let left = reader.len().saturating_sub(offset);
    if left == 0 && offset > 0 {
        return Err(Refusal::failed(Reason::BeyondEnd, "OPEN", BAD_OFFSET).into());
    }
    Ok(Answer::file(reader, offset, length.min(left)))
}
