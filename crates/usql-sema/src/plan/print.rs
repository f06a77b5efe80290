//! The stable text form of a plan: one line a rowset, expressions in full.

mod expressions;
mod files;

use std::fmt::{self, Display, Formatter};

use super::{
    Aggregate, Direction, Frame, JoinKind, Output, Percentile, Plan, Repetitions, Rowset, RowsetId,
    RowsetKind, SetOperation, SortKey, Window, WindowFunction,
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
