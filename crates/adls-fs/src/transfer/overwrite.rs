//! What to do where something is at a destination: the rules, without the asking.

use time::OffsetDateTime;

use super::options::Overwrite;
use crate::Existing;

/// The length of a file and when it was last written.
type Facts = (u64, Option<OffsetDateTime>);

/// What becomes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// It is written, whatever is found in its place, or only if nothing is.
    Write(Existing),
    /// It is left out.
    Skip,
}

/// Whether what is at the destination matters. `early` asks for it where only the last step would
/// find out.
pub(crate) fn must_look(rule: Overwrite, early: bool) -> bool {
    match rule {
        Overwrite::Always => false,
        Overwrite::Fail => early,
        Overwrite::Never | Overwrite::IfDifferent | Overwrite::IfNewer => true,
    }
}

/// What is done where it does not matter.
pub(crate) fn without_looking(rule: Overwrite) -> Decision {
    Decision::Write(match rule {
        Overwrite::Always => Existing::Overwrite,
        _ => Existing::Fail,
    })
}

/// What is done with a source, given what is at the destination; `None` if that must not be.
pub(crate) fn decide(rule: Overwrite, source: Facts, there: Option<Facts>) -> Option<Decision> {
    let Some(there) = there else {
        return Some(without_looking(rule));
    };
    // Without both times nobody knows, and a file too many is better than one too few.
    let is_newer = source.1.is_none() || source.1 > there.1;
    let replaces = match rule {
        Overwrite::Fail => return None,
        Overwrite::Never => false,
        Overwrite::Always => true,
        Overwrite::IfDifferent => is_newer || source.0 != there.0,
        Overwrite::IfNewer => is_newer,
    };
    Some(match replaces {
        true => Decision::Write(Existing::Overwrite),
        false => Decision::Skip,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_says_what_becomes_of_a_file() {
        let time = |seconds| OffsetDateTime::from_unix_timestamp(seconds).ok();
        let (same, newer, older) = ((5, time(10)), (5, time(11)), (5, time(9)));
        let other = (6, time(9));
        let replace = Some(Decision::Write(Existing::Overwrite));
        let (new, skip) = (Some(Decision::Write(Existing::Fail)), Some(Decision::Skip));
        let there = Some((5, time(10)));
        for (rule, same_as, newer_as, older_as, other_as, nothing) in [
            (Overwrite::Fail, None, None, None, None, new),
            (Overwrite::Never, skip, skip, skip, skip, new),
            (
                Overwrite::Always,
                replace,
                replace,
                replace,
                replace,
                replace,
            ),
            (Overwrite::IfDifferent, skip, replace, skip, replace, new),
            (Overwrite::IfNewer, skip, replace, skip, skip, new),
        ] {
            assert_eq!(decide(rule, same, there), same_as, "{rule:?}");
            assert_eq!(decide(rule, newer, there), newer_as, "{rule:?}");
            assert_eq!(decide(rule, older, there), older_as, "{rule:?}");
            assert_eq!(decide(rule, other, there), other_as, "{rule:?}");
            let some = decide(rule, same, None);
            // One that is not there may be there a moment later.
            match rule {
                Overwrite::Always => assert_eq!(some, replace),
                _ => assert_eq!(some, nothing, "{rule:?}"),
            }
        }
    }
}
