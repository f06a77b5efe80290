//! The enumerations of .NET that expressions have values of.

/// An enumeration: an `int` whose values have names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Enumeration {
    /// `DateTimeKind`
    DateTimeKind,
    /// `DayOfWeek`
    DayOfWeek,
    /// `MidpointRounding`
    MidpointRounding,
    /// `RegexOptions`, which are combined with `|`.
    RegexOptions,
    /// `StringComparison`
    StringComparison,
}

impl Enumeration {
    /// Every enumeration.
    pub const ALL: [Self; 5] = [
        Self::DateTimeKind,
        Self::DayOfWeek,
        Self::MidpointRounding,
        Self::RegexOptions,
        Self::StringComparison,
    ];

    /// The name of the .NET type, without its namespace.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::DateTimeKind => "DateTimeKind",
            Self::DayOfWeek => "DayOfWeek",
            Self::MidpointRounding => "MidpointRounding",
            Self::RegexOptions => "RegexOptions",
            Self::StringComparison => "StringComparison",
        }
    }

    /// The names, each with its number.
    #[must_use]
    pub const fn members(self) -> &'static [(&'static str, i32)] {
        match self {
            Self::DateTimeKind => &[("Unspecified", 0), ("Utc", 1), ("Local", 2)],
            Self::DayOfWeek => &[
                ("Sunday", 0),
                ("Monday", 1),
                ("Tuesday", 2),
                ("Wednesday", 3),
                ("Thursday", 4),
                ("Friday", 5),
                ("Saturday", 6),
            ],
            Self::MidpointRounding => &[("ToEven", 0), ("AwayFromZero", 1)],
            Self::RegexOptions => &[
                ("None", 0),
                ("IgnoreCase", 1),
                ("Multiline", 2),
                ("ExplicitCapture", 4),
                ("Compiled", 8),
                ("Singleline", 16),
                ("IgnorePatternWhitespace", 32),
                ("RightToLeft", 64),
                ("ECMAScript", 256),
                ("CultureInvariant", 512),
            ],
            Self::StringComparison => &[
                ("CurrentCulture", 0),
                ("CurrentCultureIgnoreCase", 1),
                ("InvariantCulture", 2),
                ("InvariantCultureIgnoreCase", 3),
                ("Ordinal", 4),
                ("OrdinalIgnoreCase", 5),
            ],
        }
    }

    /// The number of a name.
    #[must_use]
    pub fn number(self, name: &str) -> Option<i32> {
        let mut members = self.members().iter();
        members
            .find(|(known, _)| *known == name)
            .map(|(_, number)| *number)
    }

    /// Whether values are sets of the names.
    const fn is_flags(self) -> bool {
        matches!(self, Self::RegexOptions)
    }

    /// `ToString()`: the name, the names of a set, or the number of what has no name.
    #[must_use]
    pub fn text(self, number: i32) -> String {
        let members = self.members();
        if let Some((name, _)) = members.iter().find(|(_, known)| *known == number) {
            return (*name).to_owned();
        }
        let flags = members
            .iter()
            .filter(|(_, flag)| *flag != 0 && self.is_flags());
        let of_set = flags.filter(|(_, flag)| number & flag != 0);
        let names: Vec<(&str, i32)> = of_set.copied().collect();
        if names.iter().map(|(_, flag)| flag).sum::<i32>() != number {
            return number.to_string();
        }
        let names: Vec<&str> = names.into_iter().map(|(name, _)| name).collect();
        names.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_printed_by_its_names() {
        assert_eq!(Enumeration::DayOfWeek.text(3), "Wednesday");
        assert_eq!(Enumeration::DayOfWeek.text(9), "9");
        assert_eq!(Enumeration::RegexOptions.text(17), "IgnoreCase, Singleline");
        assert_eq!(Enumeration::RegexOptions.text(0), "None");
    }
}
