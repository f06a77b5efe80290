//! OPEN.

use crate::gen1::answer::Answer;
use crate::gen1::operation::{Ask, Outcome};
use crate::gen1::refusal::{BAD_OFFSET, Reason, Refusal};

/// The bytes from `offset` on, at most `length` of them.
///
/// The reader holds on to the file as it is now: what happens to the name later does not change the answer.
pub(crate) fn open(ask: &Ask<'_>) -> Outcome {
    let offset = ask.query.number("offset")?.unwrap_or(0);
    let length = ask.query.number("length")?.unwrap_or(u64::MAX);
    let reader = ask.files.open(ask.caller(), &ask.path)?;
    let Some(left) = reader.len().checked_sub(offset) else {
        return Err(Refusal::failed(Reason::BadOffset, "OPEN", BAD_OFFSET).into());
    };
    Ok(Answer::file(reader, offset, length.min(left)))
}
