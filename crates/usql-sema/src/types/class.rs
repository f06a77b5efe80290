//! The classes of .NET whose objects expressions have on their way to something simple.

use super::Scalar;

/// A class. Its objects stand inside expressions; no column of a rowset has one, and there are no constants of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// `Regex`: a pattern with its options.
    Regex,
    /// `Match`: what a pattern matched, or that it did not.
    Match,
    /// `Group`: what a group of a match captured, or that it did not.
    Group,
    /// `MatchCollection`
    MatchCollection,
    /// `GroupCollection`
    GroupCollection,
}

impl Class {
    /// Every class.
    pub const ALL: [Self; 5] = [
        Self::Regex,
        Self::Match,
        Self::Group,
        Self::MatchCollection,
        Self::GroupCollection,
    ];

    /// The name, without its namespace.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Regex => "Regex",
            Self::Match => "Match",
            Self::Group => "Group",
            Self::MatchCollection => "MatchCollection",
            Self::GroupCollection => "GroupCollection",
        }
    }

    /// What `Cast<T>()` makes a sequence of, of those that C# enumerates only as objects.
    #[must_use]
    pub const fn element(self) -> Option<Scalar> {
        match self {
            Self::MatchCollection => Some(Scalar::Class(Self::Match)),
            Self::GroupCollection => Some(Scalar::Class(Self::Group)),
            Self::Regex | Self::Match | Self::Group => None,
        }
    }
}
