//! What is measured, and who does it.

use std::path::Path;

use crate::{Outcome, lake, measure::Cost, ours, plain};

/// A row of the table.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// EXTRACT, WHERE, GROUP BY: 1,280 groups of a file of 1 GB.
    Group,
    /// EXTRACT, WHERE, OUTPUT of most of the rows.
    Copy,
    /// A file set of 20,000 files, half of which a condition leaves.
    Files,
}

impl Row {
    pub const ALL: [Self; 3] = [Self::Group, Self::Copy, Self::Files];

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|row| row.name() == name)
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::Copy => "copy",
            Self::Files => "files",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::Group => "EXTRACT, WHERE, GROUP BY over typed CSV",
            Self::Copy => "EXTRACT, WHERE, OUTPUT of most rows of typed CSV",
            Self::Files => "EXTRACT of half of 20,000 files, GROUP BY",
        }
    }

    /// Whether the input is a folder of files, `in`, or else one file, `in.csv`.
    pub fn reads_folder(self) -> bool {
        self == Self::Files
    }

    /// The script, over `/in.csv` or `/in`. The outputs of all subjects are the same bytes but for their order.
    pub fn script(self) -> &'static str {
        match self {
            Self::Group => {
                r#"
                @log = EXTRACT vehicle int, entry long, time DateTime, latitude double, longitude double,
                               speed int, direction string, trip int?
                       FROM "/in.csv" USING Extractors.Csv();
                @groups = SELECT vehicle, direction, COUNT(*) AS readings, SUM(speed) AS total,
                                 MAX(latitude) AS north, MIN(time) AS first
                          FROM @log
                          WHERE speed >= 20 AND time >= new DateTime(2014, 2, 1)
                          GROUP BY vehicle, direction;
                OUTPUT @groups TO "/out.csv" ORDER BY vehicle, direction
                       USING Outputters.Csv(quoting: false, dateTimeFormat: "s", rowDelimiter: "\n");"#
            }
            Self::Copy => {
                r#"
                @log = EXTRACT vehicle int, entry long, time DateTime, latitude double, longitude double,
                               speed int, direction string, trip int?
                       FROM "/in.csv" USING Extractors.Csv();
                @most = SELECT * FROM @log WHERE speed >= 20;
                OUTPUT @most TO "/out.csv"
                       USING Outputters.Csv(quoting: false, dateTimeFormat: "s", rowDelimiter: "\n");"#
            }
            Self::Files => {
                r#"
                @log = EXTRACT vehicle int, entry long, time DateTime, latitude double, longitude double,
                               speed int, direction string, trip int?, date DateTime
                       FROM "/in/date={date:yyyy}-{date:MM}-{date:dd}/{*}.csv" USING Extractors.Csv();
                @days = SELECT date, COUNT(*) AS readings, SUM(speed) AS total, MAX(latitude) AS north
                        FROM @log
                        WHERE date >= new DateTime(2014, 3, 1) AND date < new DateTime(2014, 6, 17)
                        GROUP BY date;
                OUTPUT @days TO "/out.csv" ORDER BY date
                       USING Outputters.Csv(quoting: false, dateTimeFormat: "yyyy-MM-dd", rowDelimiter: "\n");"#
            }
        }
    }
}

/// Who does the work.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    Ours,
    /// The engine as a job of a lake.
    Lake,
    /// A program as DataFusion's documentation shows it.
    Plain,
    DuckDb,
    Polars,
}

impl Subject {
    /// Ours is first: the others are compared with it.
    pub const ALL: [Self; 5] = [
        Self::Ours,
        Self::Lake,
        Self::Plain,
        Self::DuckDb,
        Self::Polars,
    ];

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|subject| subject.name() == name)
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Ours => "usql-engine",
            Self::Lake => "in a lake",
            Self::Plain => "DataFusion",
            Self::DuckDb => "DuckDB",
            Self::Polars => "Polars",
        }
    }

    /// Whether it is a wheel of Python.
    pub fn is_python(self) -> bool {
        matches!(self, Self::DuckDb | Self::Polars)
    }

    /// Does the work in this process: from and to a folder.
    pub fn run(self, row: Row, folder: &Path) -> Outcome<Cost> {
        match self {
            Self::Ours => ours::run(row, folder),
            Self::Lake => lake::run(row, folder),
            Self::Plain => plain::run(row, folder),
            Self::DuckDb | Self::Polars => Err("runs under BENCH_PYTHON".into()),
        }
    }
}
