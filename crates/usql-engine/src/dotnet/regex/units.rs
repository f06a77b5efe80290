//! Sets of UTF-16 code units.

use std::sync::LazyLock;

use regex_syntax::hir::{Class, HirKind};
use usql_sema::regex::{Kind, Set};

use crate::dotnet::character::lower;

type Range = (u16, u16);

/// A set of code units, quick to ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Units {
    ascii: u128,
    /// Ascending, without what is ASCII.
    ranges: Vec<Range>,
}

impl Units {
    /// What a set of a pattern means.
    pub(super) fn of(set: &Set) -> Self {
        Self::new(ranges(set))
    }

    /// A code unit in any case.
    pub(super) fn in_any_case(unit: u16) -> Self {
        Self::new(any_case(&[(unit, unit)]))
    }

    /// What .NET takes for a part of a word at its edges: more than `\w`.
    pub(super) fn word() -> Self {
        let mut word = of_kind(Kind::Word);
        word.push((0x200c, 0x200d));
        Self::new(normal(word))
    }

    /// Every code unit but a line feed.
    pub(super) fn line() -> Self {
        Self::new(negated(&[(10, 10)]))
    }

    fn new(ranges: Vec<Range>) -> Self {
        let ascii =
            (0..128u16).filter(|unit| ranges.iter().any(|(from, to)| (from..=to).contains(&unit)));
        let ascii = ascii.fold(0, |set, unit| set | 1u128 << unit);
        let ranges = ranges.into_iter().filter(|(_, to)| *to >= 128);
        Self {
            ascii,
            ranges: ranges.collect(),
        }
    }

    #[inline]
    pub(super) fn has(&self, unit: u16) -> bool {
        if unit < 128 {
            return self.ascii >> unit & 1 == 1;
        }
        let behind = self.ranges.partition_point(|(from, _)| *from <= unit);
        behind > 0 && self.ranges[behind - 1].1 >= unit
    }

    /// Those below 128, a bit for each, and whether there are others.
    pub(super) fn summary(&self) -> (u128, bool) {
        (self.ascii, !self.ranges.is_empty())
    }
}

/// The code units of a set, ascending and apart.
fn ranges(set: &Set) -> Vec<Range> {
    let mut all = match set.any_case {
        true if !set.ranges.is_empty() => any_case(&set.ranges),
        _ => set.ranges.clone(),
    };
    for (kind, is_negated) in &set.kinds {
        let of_kind = of_kind(*kind);
        all.extend(if *is_negated {
            negated(&of_kind)
        } else {
            of_kind
        });
    }
    let mut all = normal(all);
    if set.is_negated {
        all = negated(&all);
    }
    match &set.without {
        Some(without) => {
            // What is in it and not in the other is in neither its negation nor the other.
            let mut others = negated(&all);
            others.extend(ranges(without));
            negated(&normal(others))
        }
        None => all,
    }
}

fn normal(mut ranges: Vec<Range>) -> Vec<Range> {
    ranges.sort_unstable();
    let mut joined: Vec<Range> = Vec::with_capacity(ranges.len());
    for (from, to) in ranges {
        match joined.last_mut() {
            Some(last) if u32::from(from) <= u32::from(last.1) + 1 => last.1 = last.1.max(to),
            _ => joined.push((from, to)),
        }
    }
    joined
}

/// All others than these, which are ascending and apart.
fn negated(ranges: &[Range]) -> Vec<Range> {
    let mut others = Vec::with_capacity(ranges.len() + 1);
    let mut next = 0u32;
    for (from, to) in ranges {
        if u32::from(*from) > next {
            others.push((next as u16, from - 1));
        }
        next = u32::from(*to) + 1;
    }
    if next <= 0xffff {
        others.push((next as u16, 0xffff));
    }
    others
}

/// Every code unit in lower case.
static LOWER: LazyLock<Vec<u16>> = LazyLock::new(|| {
    let of = |unit: u16| {
        let character = char::from_u32(unit.into()).map(lower);
        character
            .and_then(|lower| u16::try_from(u32::from(lower)).ok())
            .unwrap_or(unit)
    };
    (0..=u16::MAX).map(of).collect()
});

/// A code unit in lower case.
pub(super) fn in_lower_case(unit: u16) -> u16 {
    LOWER[usize::from(unit)]
}

/// The code units that .NET finds in a set where case is ignored: those whose lower case is in it, or is the lower case
/// of one in it.
fn any_case(ranges: &[Range]) -> Vec<Range> {
    let mut wanted = vec![false; 1 << 16];
    for (from, to) in ranges {
        for unit in *from..=*to {
            wanted[usize::from(unit)] = true;
            wanted[usize::from(in_lower_case(unit))] = true;
        }
    }
    let found = (0..=u16::MAX).filter(|unit| wanted[usize::from(in_lower_case(*unit))]);
    normal(found.map(|unit| (unit, unit)).collect())
}

fn of_kind(kind: Kind) -> Vec<Range> {
    match kind {
        Kind::Digit => unicode(r"\p{Nd}"),
        Kind::Space => unicode(r"[\t-\r\x{85}\p{Z}]"),
        Kind::Word => unicode(r"[\p{L}\p{Mn}\p{Nd}\p{Pc}]"),
        Kind::Cased => unicode(r"[\p{Lu}\p{Ll}\p{Lt}]"),
        // No character of Unicode is a surrogate to that library; each half of one is to .NET.
        Kind::Category("Cs") => vec![SURROGATES],
        Kind::Category("C") => {
            let mut others = unicode(r"\p{C}");
            others.push(SURROGATES);
            normal(others)
        }
        Kind::Category(name) => unicode(&format!(r"\p{{{name}}}")),
    }
}

const SURROGATES: Range = (0xd800, 0xdfff);

/// The code units that are characters of a class.
fn unicode(class: &str) -> Vec<Range> {
    let hir = regex_syntax::parse(class).expect("the classes of Unicode are known to the library");
    let HirKind::Class(Class::Unicode(class)) = hir.kind() else {
        unreachable!("a class of many characters is one");
    };
    let ranges = class.ranges().iter().filter_map(|range| {
        let from = u16::try_from(u32::from(range.start())).ok()?;
        let to = u16::try_from(u32::from(range.end())).unwrap_or(u16::MAX);
        Some((from, to))
    });
    // A range of characters passes over the surrogates.
    let mut apart = Vec::new();
    for (from, to) in ranges {
        if from < SURROGATES.0 && to > SURROGATES.1 {
            apart.extend([(from, SURROGATES.0 - 1), (SURROGATES.1 + 1, to)]);
        } else {
            apart.push((from, to));
        }
    }
    normal(apart)
}
