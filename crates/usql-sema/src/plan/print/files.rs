//! Where files are and how they are read and written.

use std::fmt::{self, Display, Formatter};

use super::list;
use crate::{extractors::Extractor, file_set::FileSet, outputters::Outputter};

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
