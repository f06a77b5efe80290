//! Reading delimited text: a source of our own, because no CSV reader has the service's rules.
//!
//! A row delimiter always ends a row, even inside quotes. That is what lets a file be cut into byte ranges
//! anywhere: a range owns the rows that start in it.
//!
//! `format` says how bytes are to be read, `source` gives them, unpacked if they are packed, `record` cuts them into
//! rows and rows into cells, whose ends `near` finds, `cut` finds where a range may start, `range` reads one block by
//! block, `convert` turns the cells of a column into an Arrow array, `batches` makes batches of both, `failure` words
//! the errors, `pieces` goes through the files and ranges of one partition, and `table` shows it all to DataFusion as a
//! table.

#[cfg(test)]
mod any_split;
mod batches;
#[cfg(test)]
mod compressed;
mod convert;
mod cut;
mod failure;
mod file;
mod format;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod judge;
mod near;
mod pieces;
mod range;
mod record;
mod source;
mod table;

pub(crate) use file::ScanCounters;
pub(crate) use format::{TextFormat, char_format, codec};
pub(crate) use table::{OpenInput, TextTable};
