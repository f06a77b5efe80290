//! Every code of a failed run, once.
//!
//! `docs/reference/usql-runtime-errors.md` lists them for users; a test compares the two.

/// Who gave a code its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The service: seen in its documentation, in a recording or in a report.
    Service,
    /// This project, in the service's family of names, for what no public source names.
    Ours,
}

/// A kind of failure.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// The name: `E_RUNTIME_USER_EXTRACT_ROW_ERROR`.
    pub id: &'static str,
    /// The number beside it, where a public source tells it.
    pub number: Option<u32>,
    /// Who named it.
    pub origin: Origin,
    /// When it is reported.
    pub meaning: &'static str,
}

macro_rules! codes {
    ($($name:ident = $id:literal $number:expr, $origin:ident, $meaning:literal;)*) => {
        $(pub(crate) static $name: Code =
            Code { id: $id, number: $number, origin: Origin::$origin, meaning: $meaning };)*

        /// Every code, in the order of the reference page.
        pub fn all() -> impl Iterator<Item = &'static Code> {
            [$(&$name),*].into_iter()
        }
    };
}

codes! {
    EXCEPTION = "E_RUNTIME_USER_UNHANDLED_EXCEPTION_FROM_USER_CODE" Some(195_887_158), Service,
        "An expression raised a .NET exception; the details name it, the description its place in the script.";
    ROW = "E_RUNTIME_USER_EXTRACT_ROW_ERROR" Some(195_887_140), Service,
        "A row could not be extracted; the inner error says why, and the message names the column.";
    CELL_NULL = "E_RUNTIME_USER_EXTRACT_COLUMN_CONVERSION_NULL_ERROR" None, Service,
        "A cell is null and its column's type is not nullable.";
    CELL_TOO_LONG = "E_RUNTIME_USER_EXTRACT_COLUMN_CONVERSION_TOO_LONG" Some(195_887_137), Service,
        "A string is longer than 128 KB.";
    CELL_INVALID = "E_RUNTIME_USER_EXTRACT_COLUMN_CONVERSION_INVALID_ERROR" None, Ours,
        "A cell is no value of its column's type.";
    CELL_OUT_OF_RANGE = "E_RUNTIME_USER_EXTRACT_COLUMN_CONVERSION_OUT_OF_RANGE_ERROR" None, Ours,
        "A cell is a value that its column's type cannot hold.";
    QUOTE_OPEN = "E_RUNTIME_USER_EXTRACT_UNTERMINATED_QUOTED_FIELD" None, Ours,
        "A row ends inside quotes.";
    QUOTE_FOLLOWED = "E_RUNTIME_USER_EXTRACT_INVALID_CHARACTER_AFTER_QUOTED_FIELD" None, Ours,
        "Something other than a delimiter follows a closing quote.";
    TOO_MANY_COLUMNS = "E_RUNTIME_USER_EXTRACT_ROW_DELIMITER_EXPECTED" None, Service,
        "A row has more columns than the schema.";
    TOO_FEW_COLUMNS = "E_RUNTIME_USER_EXTRACT_UNEXPECTED_NUMBER_COLUMNS" None, Ours,
        "A row has fewer columns than the schema.";
    ENCODING = "E_RUNTIME_USER_EXTRACT_ENCODING_ERROR" None, Ours,
        "A file has bytes that are invalid in its encoding.";
    ROW_TOO_BIG = "E_RUNTIME_USER_ROWTOOBIG" None, Service,
        "A row of an input or output is larger than 4 MB.";
    DAMAGED = "E_RUNTIME_USER_EXTRACT_DECOMPRESSION_ERROR" None, Ours,
        "A `.gz` file is truncated or corrupt.";
    FILE = "E_RUNTIME_USER_FILE" None, Ours,
        "A file could not be opened, read, written or published.";
    NOT_SUPPORTED = "E_RUNTIME_USER_NOTSUPPORTED" None, Ours,
        "The script uses a feature that this engine does not run.";
    CANCELLED = "E_RUNTIME_USER_CANCELLED" None, Ours,
        "The run was cancelled.";
    OUT_OF_MEMORY = "E_RUNTIME_USER_OUTOFMEMORY" None, Ours,
        "The run needs more memory than the engine may use.";
    INTERNAL = "E_RUNTIME_SYSTEM_INTERNALISSUE" None, Service,
        "The engine has a bug.";
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use expect_test::expect_file;

    use super::*;

    #[test]
    fn the_reference_page_lists_every_code() {
        let mut page = String::from(
            "# U-SQL run-time errors\n\n\
             Every code that running a script can report, as the innermost error of a failed job. *Service* and *ours* \
             mean what they mean in [compile diagnostics](usql-diagnostics.md).\n\n\
             This page is checked against the code by a test of `usql-engine`; \
             `UPDATE_EXPECT=1 cargo test -p usql-engine` writes it.\n\n\
             | code | number | origin | meaning |\n|---|---|---|---|\n",
        );
        for code in all() {
            let number = code
                .number
                .map_or_else(String::new, |number| number.to_string());
            let origin = if code.origin == Origin::Service {
                "service"
            } else {
                "ours"
            };
            writeln!(
                page,
                "| `{}` | {number} | {origin} | {} |",
                code.id, code.meaning
            )
            .unwrap();
        }
        expect_file!["../../../../docs/reference/usql-runtime-errors.md"].assert_eq(&page);
    }

    #[test]
    fn codes_keep_the_family_of_their_names() {
        for code in all() {
            assert!(code.id.starts_with("E_RUNTIME_"), "{}", code.id);
        }
    }
}
