//! The stable text form of a plan: one line a rowset, expressions in full.

use std::fmt::{self, Display, Formatter};

use super::{
    Aggregate, Direction, Frame, JoinKind, Output, Percentile, Plan, Repetitions, Rowset, RowsetId,
    RowsetKind, SetOperation, SortKey, Window, WindowFunction,
};
use crate::{
    expression::{
        BinaryOperation, Collection, Expression, ExpressionKind, Lambda, Overflow, UnaryOperation,
    },
    extractors::Extractor,
    file_set::FileSet,
    outputters::Outputter,
    types::Scalar,
    value::Value,
};

/// Rowsets, outputs and changes of the catalog, one line each, in order.
impl Display for Plan {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (id, rowset) in self.rowsets() {
            writeln!(f, "{id} = {rowset}")?;
        }
        for output in &self.outputs {
            writeln!(f, "{output}")?;
        }
        for change in &self.changes {
            writeln!(f, "{change}")?;
        }
        Ok(())
    }
}

/// `r0`
impl Display for RowsetId {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "r{}", self.0)
    }
}

impl Display for Rowset {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            RowsetKind::Extract { files, extractor } => write!(f, "extract {files} {extractor}")?,
            RowsetKind::Values { rows } => {
                f.write_str("values ")?;
                list(f, rows.iter().map(|row| Listed("(", row, ")")))?;
            }
            RowsetKind::Filter { input, predicate } => write!(f, "filter {input} {predicate}")?,
            RowsetKind::Project { input, expressions } => {
                write!(f, "project {input} {}", Listed("[", expressions, "]"))?;
            }
            RowsetKind::Aggregate {
                input,
                keys,
                aggregates,
            } => {
                let (keys, aggregates) = (Listed("[", keys, "]"), Listed("[", aggregates, "]"));
                write!(f, "aggregate {input} by {keys} {aggregates}")?;
            }
            RowsetKind::Explode {
                input,
                collection,
                keeps_empty,
            } => {
                let outer = if *keeps_empty { "outer " } else { "" };
                write!(f, "{outer}explode {input} {collection}")?;
            }
            RowsetKind::Join {
                kind,
                left,
                right,
                keys,
            } => {
                write!(f, "{kind} join {left} {right} on [")?;
                list(
                    f,
                    keys.iter()
                        .map(|key| format!("{} == {}", key.left, key.right)),
                )?;
                f.write_str("]")?;
            }
            RowsetKind::Sort {
                input,
                keys,
                offset,
                fetch,
            } => {
                write!(f, "sort {input} by {}", Listed("[", keys, "]"))?;
                if *offset > 0 {
                    write!(f, " offset {offset}")?;
                }
                if let Some(fetch) = fetch {
                    write!(f, " fetch {fetch}")?;
                }
            }
            RowsetKind::Distinct { input } => write!(f, "distinct {input}")?,
            RowsetKind::Window { input, windows } => {
                write!(f, "window {input} {}", Listed("[", windows, "]"))?;
            }
            RowsetKind::SetOperation {
                operation,
                repetitions,
                left,
                right,
            } => write!(f, "{operation}{repetitions} {left} {right}")?,
        }
        write!(f, " -> {}", self.schema)
    }
}

impl Display for Output {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "output {} to {} {}",
            self.input, self.path, self.outputter
        )?;
        if !self.order_by.is_empty() {
            write!(f, " by {}", Listed("[", &self.order_by, "]"))?;
        }
        Ok(())
    }
}

impl Display for JoinKind {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Inner => "inner",
            Self::LeftOuter => "left outer",
            Self::RightOuter => "right outer",
            Self::FullOuter => "full outer",
            Self::Cross => "cross",
            Self::Semi => "semi",
            Self::AntiSemi => "anti semi",
        })
    }
}

impl Display for SetOperation {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Union => "union",
            Self::Intersect => "intersect",
            Self::Except => "except",
        })
    }
}

impl Display for Repetitions {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Keep => " all",
            Self::Remove => " distinct",
        })
    }
}

impl Display for Window {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} over (", self.function)?;
        write!(f, "{}", Listed("[", &self.partition_by, "]"))?;
        write!(f, " by {}", Listed("[", &self.order_by, "]"))?;
        if let Some(Frame { first, last }) = self.frame {
            match first {
                Some(first) => write!(f, " rows {first} to {last}")?,
                None => write!(f, " rows to {last}")?,
            }
        }
        f.write_str(")")
    }
}

impl Display for WindowFunction {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Aggregate(aggregate) => aggregate.fmt(f),
            Self::RowNumber => f.write_str("row_number"),
            Self::Rank => f.write_str("rank"),
            Self::DenseRank => f.write_str("dense_rank"),
            Self::Tile(groups) => write!(f, "tile({groups})"),
            Self::CumulativeDistribution => f.write_str("cume_dist"),
            Self::PercentRank => f.write_str("percent_rank"),
            Self::Percentile(Percentile::Continuous, part) => write!(f, "percentile_cont({part})"),
            Self::Percentile(Percentile::Discrete, part) => write!(f, "percentile_disc({part})"),
            Self::FirstValue(argument) => write!(f, "first({argument})"),
            Self::LastValue(argument) => write!(f, "last({argument})"),
            Self::Shift {
                argument,
                rows,
                otherwise,
            } => write!(f, "shift({argument}, {rows}, {otherwise})"),
        }
    }
}

impl Display for Aggregate {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let distinct = if self.distinct { "distinct " } else { "" };
        match &self.argument {
            Some(argument) => write!(f, "{}({distinct}{argument})", self.function),
            None => write!(f, "{}(*)", self.function),
        }
    }
}

impl Display for SortKey {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let direction = match self.direction {
            Direction::Ascending => "asc",
            Direction::Descending => "desc",
        };
        write!(f, "{} {direction}", self.expression)
    }
}

impl Display for Expression {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ExpressionKind::Column(position) => write!(f, "#{position}"),
            ExpressionKind::Constant(Value::Null) => write!(f, "null:{}", self.ty),
            ExpressionKind::Constant(value) => write!(f, "{value}"),
            ExpressionKind::Convert { operand, overflow } => {
                write!(f, "{}{}({operand})", checked(*overflow), self.ty)
            }
            ExpressionKind::Unary { operation, operand } => write!(f, "{operation}{operand}"),
            ExpressionKind::Binary {
                operation,
                scalar,
                left,
                right,
            } => {
                write!(f, "({left} {} {right})", Typed(*operation, *scalar))
            }
            ExpressionKind::Conditional {
                condition,
                then,
                otherwise,
            } => {
                write!(f, "({condition} ? {then} : {otherwise})")
            }
            ExpressionKind::Coalesce { left, right } => write!(f, "({left} ?? {right})"),
            ExpressionKind::IsNull(operand) => write!(f, "is_null({operand})"),
            ExpressionKind::In { operand, list } => {
                write!(f, "({operand} in {})", Listed("(", list, ")"))
            }
            ExpressionKind::Like {
                operand,
                pattern,
                escape,
            } => {
                write!(f, "({operand} like {pattern}")?;
                escape.map_or(Ok(()), |escape| write!(f, " escape {escape:?}"))?;
                f.write_str(")")
            }
            ExpressionKind::Call {
                function,
                arguments,
            } => {
                write!(f, "`{function}`{}", Listed("(", arguments, ")"))
            }
            ExpressionKind::Collection(collection) => {
                let Collection {
                    operation,
                    operands,
                    lambdas,
                } = collection.as_ref();
                write!(f, "{operation:?}{}", Listed("(", operands, ")"))?;
                lambdas.iter().try_for_each(|lambda| write!(f, "{lambda}"))
            }
            ExpressionKind::Parameter(number) => write!(f, "${number}"),
        }
    }
}

/// `{$0, $1 => ..}`
impl Display for Lambda {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("{")?;
        let parameters = self.first..self.first + self.arity;
        list(f, parameters.map(|number| format!("${number}")))?;
        write!(f, " => {}}}", self.body)
    }
}

impl Display for UnaryOperation {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Negate(overflow) => write!(f, "{}-", checked(*overflow)),
            Self::Complement => f.write_str("~"),
            Self::Not => f.write_str("!"),
        }
    }
}

/// An operator with the scalar that it works on: `+int`, `&&`.
struct Typed(BinaryOperation, Scalar);

impl Display for Typed {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self(operation, scalar) = self;
        let symbol = operation.symbol();
        match operation {
            BinaryOperation::Add(overflow)
            | BinaryOperation::Subtract(overflow)
            | BinaryOperation::Multiply(overflow) => {
                write!(f, "{}{symbol}{scalar}", checked(*overflow))
            }
            BinaryOperation::And
            | BinaryOperation::Or
            | BinaryOperation::AndAlso
            | BinaryOperation::OrElse => f.write_str(symbol),
            _ => write!(f, "{symbol}{scalar}"),
        }
    }
}

/// As a script would write it, with the suffix of its type.
impl Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::SByte(value) => write!(f, "{value}sb"),
            Self::Byte(value) => write!(f, "{value}b"),
            Self::Short(value) => write!(f, "{value}s"),
            Self::UShort(value) => write!(f, "{value}us"),
            Self::Int(value) => write!(f, "{value}"),
            Self::UInt(value) => write!(f, "{value}u"),
            Self::Long(value) => write!(f, "{value}L"),
            Self::ULong(value) => write!(f, "{value}uL"),
            Self::Char(unit) => match char::from_u32(u32::from(*unit)) {
                Some(character) => write!(f, "{character:?}"),
                None => write!(f, "'\\u{unit:04x}'"),
            },
            Self::Float(value) => write!(f, "{value:?}f"),
            Self::Double(value) => write!(f, "{value:?}"),
            Self::Decimal(value) => write!(f, "{value}m"),
            Self::String(value) => write!(f, "{value:?}"),
            Self::Bytes(value) => write!(f, "bytes{value:02x?}"),
            Self::Guid(value) => write!(f, "guid{value:02x?}"),
            Self::DateTime(ticks) => write!(f, "ticks({ticks})"),
            Self::TimeSpan(ticks) => write!(f, "span({ticks})"),
            Self::Enum(enumeration, number) => {
                write!(f, "{}.{}", enumeration.name(), enumeration.text(*number))
            }
        }
    }
}

/// The paths; of a pattern also how many files were needed of how many, and how many directories were listed.
impl Display for FileSet {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        list(f, self.paths.iter())?;
        if self.census.patterns > 0 {
            let (files, census) = (self.files.len(), self.census);
            let (matched, directories) = (census.matched, census.directories);
            write!(
                f,
                " [{files} of {matched} files, {directories} directories listed]"
            )?;
        }
        Ok(())
    }
}

/// The settings that differ from the defaults of `Csv`.
impl Display for Extractor {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self::Text(text) = self;
        write!(f, "text({:?}", text.delimiter)?;
        optional(f, "row_delimiter", text.row_delimiter.as_ref())?;
        changed(f, "encoding", &text.encoding)?;
        flag(f, "no_quoting", !text.quoting)?;
        optional(f, "escape", text.escape_character.as_ref())?;
        optional(f, "null_escape", text.null_escape.as_ref())?;
        flag(f, "silent", text.silent)?;
        if text.skip_first_n_rows > 0 {
            write!(f, ", skip {}", text.skip_first_n_rows)?;
        }
        changed(f, "char_format", &text.char_format)?;
        changed(f, "empty_unquoted_string", &text.empty_unquoted_string)?;
        f.write_str(")")
    }
}

/// The settings that differ from the defaults of `Csv`.
impl Display for Outputter {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self::Text(text) = self;
        write!(f, "text({:?}", text.delimiter)?;
        if text.row_delimiter != "\r\n" {
            write!(f, ", row_delimiter {:?}", text.row_delimiter)?;
        }
        changed(f, "encoding", &text.encoding)?;
        flag(f, "no_quoting", !text.quoting)?;
        optional(f, "escape", text.escape_character.as_ref())?;
        optional(f, "null_escape", text.null_escape.as_ref())?;
        if text.date_time_format != "O" {
            write!(f, ", date_time {:?}", text.date_time_format)?;
        }
        changed(f, "char_format", &text.char_format)?;
        flag(f, "header", text.output_header)?;
        changed(f, "compression", &text.compression)?;
        f.write_str(")")
    }
}

const fn checked(overflow: Overflow) -> &'static str {
    match overflow {
        Overflow::Wrap => "",
        Overflow::Raise => "checked ",
    }
}

fn optional(f: &mut Formatter<'_>, name: &str, value: Option<&impl fmt::Debug>) -> fmt::Result {
    value.map_or(Ok(()), |value| write!(f, ", {name} {value:?}"))
}

fn changed<T: Default + PartialEq + fmt::Debug>(
    f: &mut Formatter<'_>,
    name: &str,
    value: &T,
) -> fmt::Result {
    if *value == T::default() {
        Ok(())
    } else {
        write!(f, ", {name} {value:?}")
    }
}

fn flag(f: &mut Formatter<'_>, name: &str, is_set: bool) -> fmt::Result {
    if is_set {
        write!(f, ", {name}")
    } else {
        Ok(())
    }
}

/// Items between brackets.
struct Listed<'a, T>(&'static str, &'a [T], &'static str);

impl<T: Display> Display for Listed<'_, T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)?;
        list(f, self.1.iter())?;
        f.write_str(self.2)
    }
}

fn list(f: &mut Formatter<'_>, items: impl Iterator<Item = impl Display>) -> fmt::Result {
    for (position, item) in items.enumerate() {
        let comma = if position == 0 { "" } else { ", " };
        write!(f, "{comma}{item}")?;
    }
    Ok(())
}
