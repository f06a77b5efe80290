//! SETPERMISSION, SETOWNER, SETTIMES and SETEXPIRY.

use lake_store::{Expiry, Timestamp};

use crate::gen1::answer::Answer;
use crate::gen1::operation::{Ask, Outcome};
use crate::gen1::refusal::Refusal;

pub(crate) fn set_permission(ask: &Ask<'_>) -> Outcome {
    ask.query.required("permission")?;
    let permission = ask.query.permission()?.unwrap_or_default();
    ask.files
        .set_permission(ask.caller(), &ask.path, permission)?;
    Ok(Answer::empty())
}

pub(crate) fn set_owner(ask: &Ask<'_>) -> Outcome {
    let given = |key| ask.query.text(key).filter(|id| !id.is_empty());
    let (owner, group) = (given("owner"), given("group"));
    if owner.is_none() && group.is_none() {
        return Err(Refusal::argument("Both owner and group are empty").into());
    }
    ask.files.set_owner(ask.caller(), &ask.path, owner, group)?;
    Ok(Answer::empty())
}

/// Milliseconds; -1 keeps a time.
pub(crate) fn set_times(ask: &Ask<'_>) -> Outcome {
    let time = |key| -> Result<_, Refusal> {
        let millis = ask.query.number(key)?.filter(|millis: &i64| *millis >= 0);
        Ok(millis.map(Timestamp::from_millis))
    };
    let (modified, accessed) = (time("modificationtime")?, time("accesstime")?);
    ask.files
        .set_times(ask.caller(), &ask.path, modified, accessed)?;
    Ok(Answer::empty())
}

#[derive(Clone, Copy)]
enum ExpiryOption {
    Never,
    RelativeToNow,
    RelativeToCreation,
    Absolute,
}

const EXPIRY_OPTIONS: &[(&str, ExpiryOption)] = &[
    ("NeverExpire", ExpiryOption::Never),
    ("RelativeToNow", ExpiryOption::RelativeToNow),
    ("RelativeToCreationDate", ExpiryOption::RelativeToCreation),
    ("Absolute", ExpiryOption::Absolute),
];

/// When a file vanishes. `NeverExpire` ignores `expireTime`.
pub(crate) fn set_expiry(ask: &Ask<'_>) -> Outcome {
    ask.query.required("expiryOption")?;
    let option = ask.query.word("expiryOption", EXPIRY_OPTIONS)?;
    let millis = || {
        let millis = ask.query.number("expireTime")?;
        millis.ok_or_else(|| Refusal::argument("Missing parameter: expireTime"))
    };
    let expiry = match option.unwrap_or(ExpiryOption::Never) {
        ExpiryOption::Never => Expiry::Never,
        ExpiryOption::RelativeToNow => Expiry::AfterNow(millis()?),
        ExpiryOption::RelativeToCreation => Expiry::AfterCreation(millis()?),
        ExpiryOption::Absolute => {
            let millis = i64::try_from(millis()?)
                .map_err(|_| Refusal::argument("expireTime is too far away"))?;
            Expiry::At(Timestamp::from_millis(millis))
        }
    };
    ask.files.set_expiry(ask.caller(), &ask.path, expiry)?;
    Ok(Answer::empty())
}
