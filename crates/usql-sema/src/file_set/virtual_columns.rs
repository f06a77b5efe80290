//! The columns that a path fills: their values, and what is known of them half-way down the path.

use super::pattern::{DateUnit, Part, Pattern, Segment};
use crate::{
    diagnostics::Location,
    environment::CompileEnvironment,
    expression::{Expression, ExpressionKind},
    functions::{self, FunctionKind, Owner},
    types::{Scalar, Type},
    value::Value,
};

/// A pattern and the types of its columns.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    pub(crate) pattern: Pattern,
    /// For each column of the pattern its type and its position in the rowset.
    pub(crate) columns: Vec<(Type, usize)>,
}

/// What a beginning of a path says about a column.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Known {
    /// The value.
    Value(Value),
    /// Parts of a time, in the order of [`DateUnit`]. Those that no segment tells are those of 0001-01-01 00:00:00.
    Parts([Option<u16>; 6]),
    /// Nothing yet.
    Nothing,
}

/// What a beginning of a path says about each column of its pattern.
pub(crate) type State = Vec<Known>;

/// What went wrong with a name that fits its segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Misfit {
    /// Two placeholders of a column disagree, so that no path is meant.
    Conflict,
    /// A text is no value of its column's type.
    Value,
}

/// The least value of each part of a time, and the greatest.
const LEAST: [u16; 6] = [1, 1, 1, 0, 0, 0];
const GREATEST: [u16; 6] = [9999, 12, 31, 23, 59, 59];

const SECOND: i64 = 10_000_000;

impl Shape {
    /// What is known before the first segment.
    pub(crate) fn start(&self) -> State {
        let column = |column: usize| {
            let mut parts = LEAST.map(Some);
            let mut is_date = false;
            for part in self.pattern.segments.iter().flat_map(|segment| &segment.0) {
                if let Part::Date(of, date) = part
                    && *of == column
                {
                    is_date = true;
                    parts[date.unit as usize] = None;
                }
            }
            if is_date {
                Known::Parts(parts)
            } else {
                Known::Nothing
            }
        };
        (0..self.columns.len()).map(column).collect()
    }

    /// Adds what a name tells that took the place of a segment.
    pub(crate) fn learn(
        &self,
        state: &State,
        segment: &Segment,
        taken: &[&str],
        environment: &dyn CompileEnvironment,
    ) -> Result<State, Misfit> {
        let mut state = state.clone();
        for (part, text) in segment.0.iter().zip(taken) {
            match part {
                Part::Literal(_) | Part::Anything => {}
                Part::Column(column) => {
                    let ty = self.columns[*column].0;
                    let value = parse(text, ty.scalar(), environment).ok_or(Misfit::Value)?;
                    let known = &mut state[*column];
                    match known {
                        Known::Value(known) if *known != value => return Err(Misfit::Conflict),
                        _ => *known = Known::Value(value),
                    }
                }
                Part::Date(column, date) => {
                    let number: u16 = text.parse().map_err(|_| Misfit::Value)?;
                    let unit = date.unit as usize;
                    if !(LEAST[unit]..=GREATEST[unit]).contains(&number) {
                        return Err(Misfit::Value);
                    }
                    if let Known::Parts(parts) = &mut state[*column]
                        && parts[unit]
                            .replace(number)
                            .is_some_and(|known| known != number)
                    {
                        return Err(Misfit::Conflict);
                    }
                }
            }
        }
        Ok(state)
    }

    /// The value of each column at the end of a path; none for a date that the calendar lacks.
    pub(crate) fn values(&self, state: &State) -> Option<Vec<Value>> {
        let values = state.iter().map(|known| match known {
            Known::Value(value) => Some(value.clone()),
            Known::Parts(parts) => ticks(parts.map(Option::unwrap_or_default)).map(Value::DateTime),
            Known::Nothing => None,
        });
        values.collect()
    }
}

impl Known {
    /// The least and the greatest value that the column can still have, as [`number`] counts; none if that is open.
    pub(crate) fn range(&self) -> Option<(i128, i128)> {
        match self {
            Self::Nothing => None,
            Self::Value(value) => number(value).map(|number| (number, number)),
            Self::Parts(parts) => {
                // Parts below one that is open say nothing about a range.
                let open = parts.iter().position(Option::is_none).unwrap_or(6);
                let fill = |others: [u16; 6]| {
                    let mut filled = others;
                    for unit in 0..open {
                        filled[unit] = parts[unit].unwrap_or(others[unit]);
                    }
                    filled
                };
                let (least, mut greatest) = (fill(LEAST), fill(GREATEST));
                let mut last = ticks(greatest);
                while last.is_none() && greatest[2] > 28 && open <= 2 {
                    greatest[2] -= 1;
                    last = ticks(greatest);
                }
                let (first, last) = (ticks(least)?, last?);
                let last = if open == 6 { last } else { last + SECOND - 1 };
                Some((first.into(), last.into()))
            }
        }
    }
}

/// A value in an order of numbers; none for those that have no such order or are compared otherwise.
pub(crate) fn number(value: &Value) -> Option<i128> {
    Some(match value {
        Value::SByte(number) => (*number).into(),
        Value::Byte(number) => (*number).into(),
        Value::Short(number) => (*number).into(),
        Value::UShort(number) | Value::Char(number) => (*number).into(),
        Value::Int(number) => (*number).into(),
        Value::UInt(number) => (*number).into(),
        Value::Long(number) | Value::DateTime(number) => (*number).into(),
        Value::ULong(number) => (*number).into(),
        _ => return None,
    })
}

/// The ticks of a time; none for a date that the calendar lacks.
fn ticks(parts: [u16; 6]) -> Option<i64> {
    let arguments = parts.map(|part| Value::Int(part.into()));
    match functions::datetime_from_parts(&arguments)? {
        Value::DateTime(ticks) => Some(ticks),
        _ => None,
    }
}

/// The text of a part of a time that all times from `first` to `last` have, if it has only one text.
pub(crate) fn common_part(
    first: i64,
    last: i64,
    unit: DateUnit,
    is_padded: bool,
    digits: usize,
) -> Option<String> {
    let (first, last) = (parts(first), parts(last));
    let unit = unit as usize;
    if first[..=unit] != last[..=unit] {
        return None;
    }
    let number = first[unit];
    // Without padding, 7 is also written 07.
    (is_padded || number > 9).then(|| format!("{number:0digits$}"))
}

/// The parts of a time. The date is found from the days, by the arithmetic of a calendar whose years begin in March.
fn parts(ticks: i64) -> [i64; 6] {
    let seconds = ticks / SECOND;
    let days = seconds / 86_400 + 306;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    let year = era * 400 + year_of_era + next;
    let of_day = seconds % 86_400;
    [
        year,
        month,
        day,
        of_day / 3600,
        of_day / 60 % 60,
        of_day % 60,
    ]
}

/// Whether a column of a path may have this type.
pub(crate) const fn is_readable(scalar: Scalar) -> bool {
    !matches!(scalar, Scalar::Bytes | Scalar::TimeSpan) && !scalar.is_composite()
}

/// A text of a path as a value; none if it is no value of the type.
fn parse(text: &str, scalar: Scalar, environment: &dyn CompileEnvironment) -> Option<Value> {
    let plain = || (!text.starts_with('+')).then_some(text);
    match scalar {
        Scalar::String => Some(Value::String(text.to_owned())),
        Scalar::Bool => ["False", "True"]
            .iter()
            .position(|name| text.eq_ignore_ascii_case(name))
            .map(|which| Value::Bool(which == 1)),
        Scalar::SByte => plain()?.parse().ok().map(Value::SByte),
        Scalar::Byte => plain()?.parse().ok().map(Value::Byte),
        Scalar::Short => plain()?.parse().ok().map(Value::Short),
        Scalar::UShort => plain()?.parse().ok().map(Value::UShort),
        Scalar::Int => plain()?.parse().ok().map(Value::Int),
        Scalar::UInt => plain()?.parse().ok().map(Value::UInt),
        Scalar::Long => plain()?.parse().ok().map(Value::Long),
        Scalar::ULong => plain()?.parse().ok().map(Value::ULong),
        Scalar::Char => {
            let mut units = text.encode_utf16();
            let unit = units.next()?;
            units.next().is_none().then_some(Value::Char(unit))
        }
        _ => parsed_by_run(text, scalar, environment),
    }
}

/// `T.Parse(text)`, by whoever runs scripts.
fn parsed_by_run(
    text: &str,
    scalar: Scalar,
    environment: &dyn CompileEnvironment,
) -> Option<Value> {
    let function = functions::find(Owner::Scalar(scalar), "Parse", FunctionKind::Static)?;
    let signature = function.overloads().first()?;
    let location = Location::default();
    let argument = Expression {
        kind: ExpressionKind::Constant(Value::String(text.to_owned())),
        ty: Type::STRING,
        location,
    };
    let arguments = [Value::String(text.to_owned())];
    signature.fold(&arguments).or_else(|| {
        environment.evaluate(&Expression {
            kind: ExpressionKind::Call {
                function: signature.id(),
                arguments: vec![argument],
            },
            ty: signature.result(),
            location,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_come_apart_as_they_are_put_together() {
        for time in [
            [1, 1, 1, 0, 0, 0],
            [1970, 1, 1, 0, 0, 0],
            [2000, 2, 29, 23, 59, 59],
            [2014, 9, 15, 7, 8, 9],
            [2100, 3, 1, 0, 0, 1],
            [9999, 12, 31, 23, 59, 59],
        ] {
            let ticks = ticks(time).expect("a date");
            assert_eq!(parts(ticks), time.map(i64::from));
        }
    }

    #[test]
    fn a_beginning_of_a_date_is_a_range() {
        let at = |parts| i128::from(ticks(parts).expect("a date"));
        let range = |parts: [Option<u16>; 6]| Known::Parts(parts).range();
        let february = [Some(2015), Some(2), None, Some(0), Some(0), Some(0)];
        let end = at([2015, 3, 1, 0, 0, 0]) - 1;
        assert_eq!(range(february), Some((at([2015, 2, 1, 0, 0, 0]), end)));
        let any_year = [None, Some(2), Some(1), Some(0), Some(0), Some(0)];
        let whole = (0, at([9999, 12, 31, 23, 59, 59]) + i128::from(SECOND) - 1);
        assert_eq!(range(any_year), Some(whole));
        let day = [2015, 2, 28, 0, 0, 0];
        assert_eq!(range(day.map(Some)), Some((at(day), at(day))));
    }

    #[test]
    fn a_part_that_all_times_of_a_range_share_has_a_text() {
        let at = |parts| ticks(parts).expect("a date");
        let (first, last) = (at([2014, 9, 15, 0, 0, 0]), at([2014, 9, 16, 0, 0, 0]) - 1);
        let part = |unit, is_padded, digits| common_part(first, last, unit, is_padded, digits);
        assert_eq!(part(DateUnit::Year, true, 4).as_deref(), Some("2014"));
        assert_eq!(part(DateUnit::Month, true, 2).as_deref(), Some("09"));
        assert_eq!(part(DateUnit::Month, false, 2), None, "9 or 09");
        assert_eq!(part(DateUnit::Day, false, 2).as_deref(), Some("15"));
        assert_eq!(part(DateUnit::Hour, true, 2), None);
    }
}
