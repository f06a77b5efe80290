//! Regular expressions: `Regex`, and what it finds. What a pattern means is said in [`regex`](crate::regex).

use super::{BOOL, Function, FunctionKind, INT, Owner, STRING, STRINGS, members, signature};
use crate::types::{Class, Enumeration, Scalar, Type};

const REGEX: Type = Type::of(Scalar::Class(Class::Regex));
const MATCH: Type = Type::of(Scalar::Class(Class::Match));
const MATCHES: Type = Type::of(Scalar::Class(Class::MatchCollection));
const GROUP: Type = Type::of(Scalar::Class(Class::Group));
const GROUPS: Type = Type::of(Scalar::Class(Class::GroupCollection));
const OPTIONS: Type = Type::of(Scalar::Enum(Enumeration::RegexOptions));

pub(super) const OF_REGEX: &[Function] = members! { Owner::Scalar(Scalar::Class(Class::Regex));
    Constructor "Regex" {
        "new Regex(string)" [STRING] -> REGEX,
        "new Regex(string,RegexOptions)" [STRING, OPTIONS] -> REGEX,
    }
    Static "IsMatch" {
        "Regex.IsMatch(string,string)" [STRING, STRING] -> BOOL,
        "Regex.IsMatch(string,string,RegexOptions)" [STRING, STRING, OPTIONS] -> BOOL,
    }
    Static "Match" {
        "Regex.Match(string,string)" [STRING, STRING] -> MATCH,
        "Regex.Match(string,string,RegexOptions)" [STRING, STRING, OPTIONS] -> MATCH,
    }
    Static "Matches" {
        "Regex.Matches(string,string)" [STRING, STRING] -> MATCHES,
        "Regex.Matches(string,string,RegexOptions)" [STRING, STRING, OPTIONS] -> MATCHES,
    }
    Static "Replace" {
        "Regex.Replace(string,string,string)" [STRING, STRING, STRING] -> STRING,
        "Regex.Replace(string,string,string,RegexOptions)" [STRING, STRING, STRING, OPTIONS] -> STRING,
    }
    Static "Split" {
        "Regex.Split(string,string)" [STRING, STRING] -> STRINGS,
        "Regex.Split(string,string,RegexOptions)" [STRING, STRING, OPTIONS] -> STRINGS,
    }
    Static "Escape" { "Regex.Escape(string)" [STRING] -> STRING }
    Method "IsMatch" { "regex.IsMatch(string)" [REGEX, STRING] -> BOOL }
    Method "Match" { "regex.Match(string)" [REGEX, STRING] -> MATCH }
    Method "Matches" { "regex.Matches(string)" [REGEX, STRING] -> MATCHES }
    Method "Replace" {
        "regex.Replace(string,string)" [REGEX, STRING, STRING] -> STRING,
        "regex.Replace(string,string,int)" [REGEX, STRING, STRING, INT] -> STRING,
    }
    Method "Split" {
        "regex.Split(string)" [REGEX, STRING] -> STRINGS,
        "regex.Split(string,int)" [REGEX, STRING, INT] -> STRINGS,
    }
    Method "ToString" { "regex.ToString()" [REGEX] -> STRING }
};

pub(super) const OF_MATCH: &[Function] = members! { Owner::Scalar(Scalar::Class(Class::Match));
    StaticProperty "Empty" { "Match.Empty" [] -> MATCH }
    Property "Success" { "Match.Success" [MATCH] -> BOOL }
    Property "Value" { "Match.Value" [MATCH] -> STRING }
    Property "Index" { "Match.Index" [MATCH] -> INT }
    Property "Length" { "Match.Length" [MATCH] -> INT }
    Property "Groups" { "Match.Groups" [MATCH] -> GROUPS }
    Method "ToString" { "Match.Value" [MATCH] -> STRING }
};

pub(super) const OF_GROUP: &[Function] = members! { Owner::Scalar(Scalar::Class(Class::Group));
    Property "Success" { "Group.Success" [GROUP] -> BOOL }
    Property "Value" { "Group.Value" [GROUP] -> STRING }
    Property "Index" { "Group.Index" [GROUP] -> INT }
    Property "Length" { "Group.Length" [GROUP] -> INT }
    Method "ToString" { "Group.Value" [GROUP] -> STRING }
};

pub(super) const OF_COLLECTIONS: &[Function] = &[
    of(
        Class::MatchCollection,
        "Count",
        FunctionKind::Property,
        &[signature("MatchCollection.Count", &[MATCHES], INT)],
    ),
    of(
        Class::MatchCollection,
        "Item",
        FunctionKind::Indexer,
        &[signature(
            "MatchCollection.Item(int)",
            &[MATCHES, INT],
            MATCH,
        )],
    ),
    of(
        Class::GroupCollection,
        "Count",
        FunctionKind::Property,
        &[signature("GroupCollection.Count", &[GROUPS], INT)],
    ),
    of(
        Class::GroupCollection,
        "Item",
        FunctionKind::Indexer,
        &[
            signature("GroupCollection.Item(int)", &[GROUPS, INT], GROUP),
            signature("GroupCollection.Item(string)", &[GROUPS, STRING], GROUP),
        ],
    ),
];

const fn of(
    class: Class,
    name: &'static str,
    kind: FunctionKind,
    overloads: &'static [super::Signature],
) -> Function {
    Function {
        owner: Owner::Scalar(Scalar::Class(class)),
        name,
        kind,
        overloads,
    }
}
