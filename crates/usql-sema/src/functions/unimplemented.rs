//! Members of .NET types that scripts use and that are not here: said so, instead of that they do not exist.

use super::Owner;
use crate::types::{Class, Scalar};

const MEMBERS: &[(Owner, &[&str])] = &[
    (
        Owner::Scalar(Scalar::String),
        &[
            "Clone",
            "CopyTo",
            "GetEnumerator",
            "GetHashCode",
            "GetTypeCode",
            "IndexOfAny",
            "Intern",
            "IsInterned",
            "IsNormalized",
            "LastIndexOfAny",
            "Normalize",
        ],
    ),
    (
        Owner::Scalar(Scalar::DateTime),
        &[
            "FromFileTime",
            "GetDateTimeFormats",
            "IsDaylightSavingTime",
            "Kind",
            "ToFileTime",
            "ToLocalTime",
            "ToUniversalTime",
            "TryParseExact",
        ],
    ),
    (Owner::Scalar(Scalar::Guid), &["TryParseExact"]),
    (
        Owner::Scalar(Scalar::Char),
        &["IsPunctuation", "IsSeparator", "IsSymbol", "IsSurrogate"],
    ),
    (
        Owner::Scalar(Scalar::Class(Class::Regex)),
        &[
            "CompileToAssembly",
            "GetGroupNames",
            "GetGroupNumbers",
            "GroupNameFromNumber",
            "GroupNumberFromName",
            "MatchTimeout",
            "Options",
            "RightToLeft",
            "Unescape",
        ],
    ),
    (
        Owner::Scalar(Scalar::Class(Class::Match)),
        &["Captures", "NextMatch", "Result", "Synchronized"],
    ),
    (
        Owner::Scalar(Scalar::Class(Class::Group)),
        &["Captures", "Name"],
    ),
    (
        Owner::Class("Path"),
        &[
            "GetDirectoryName",
            "GetFullPath",
            "GetInvalidFileNameChars",
            "GetInvalidPathChars",
            "GetPathRoot",
            "GetRandomFileName",
            "GetTempFileName",
            "GetTempPath",
        ],
    ),
    (Owner::Class("Math"), &["DivRem"]),
    (Owner::Class("Convert"), &["ChangeType", "IsDBNull"]),
];

/// Members that every value has.
const OF_OBJECTS: &[&str] = &["GetHashCode", "GetType"];

/// Members that every enumeration has; `ToString()` without a format is here.
const OF_ENUMERATIONS: &[&str] = &["CompareTo", "Equals", "HasFlag", "ToString"];

/// Methods of .NET that have more overloads than are here.
const OVERLOADED: &[&str] = &[
    "EndsWith",
    "IndexOf",
    "IsMatch",
    "LastIndexOf",
    "Match",
    "Matches",
    "Parse",
    "Replace",
    "Round",
    "Split",
    "StartsWith",
    "ToLower",
    "ToString",
    "ToUpper",
    "Trim",
    "TrimEnd",
    "TrimStart",
    "TryParse",
];

const CLASSES: &[&str] = &[
    "Array",
    "BitConverter",
    "CultureInfo",
    "DateTimeOffset",
    "DateTimeStyles",
    "Dictionary",
    "Encoding",
    "Environment",
    "KeyValuePair",
    "List",
    "NumberStyles",
    "Object",
    "PARTITION",
    "Random",
    "SQL",
    "SqlArray",
    "SqlMap",
    "StringSplitOptions",
    "Thread",
    "TimeZoneInfo",
    "Uri",
];

/// Whether .NET has this member and there is nothing here for it.
pub(crate) fn is_unimplemented_member(owner: Owner, name: &str) -> bool {
    (matches!(owner, Owner::Scalar(Scalar::Enum(_))) && OF_ENUMERATIONS.contains(&name))
        || (matches!(owner, Owner::Scalar(_)) && OF_OBJECTS.contains(&name))
        || MEMBERS
            .iter()
            .any(|(known, names)| *known == owner && names.contains(&name))
}

/// The members that are listed, by their owner.
#[cfg(test)]
pub(crate) const fn members() -> &'static [(Owner, &'static [&'static str])] {
    MEMBERS
}

/// The classes that are listed.
#[cfg(test)]
pub(crate) const fn classes() -> &'static [&'static str] {
    CLASSES
}

/// Whether .NET or U-SQL has this class and there is nothing here for it.
pub(crate) fn is_unimplemented_class(name: &str) -> bool {
    CLASSES.contains(&name)
}

/// Whether a .NET method of this name has overloads that are not here.
pub(crate) fn has_unimplemented_overloads(name: &str) -> bool {
    OVERLOADED.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions;

    #[test]
    fn what_is_implemented_is_not_listed_here() {
        for function in functions::all() {
            let (owner, name) = (function.owner(), function.name());
            assert!(
                !is_unimplemented_member(owner, name),
                "{owner}.{name} is implemented"
            );
            assert!(
                !is_unimplemented_class(owner.name()),
                "{owner} is implemented"
            );
        }
    }
}
