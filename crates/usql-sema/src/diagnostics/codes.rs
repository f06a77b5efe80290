//! Every code, once.
//!
//! `docs/reference/usql-diagnostics.md` lists them for users; a test compares the two.

use super::Severity;

/// Who gave a code its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The service: seen in its documentation, in a recording or in a report.
    Service,
    /// This project, in the service's family of names, for what no public source names.
    Ours,
}

/// A kind of diagnostic.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// The name: `E_CSC_USER_SYNTAXERROR`.
    pub id: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Who named it.
    pub origin: Origin,
    /// The message, with `{..}` where the particulars go.
    pub message: &'static str,
    /// What it means.
    pub description: &'static str,
    /// What to do about it.
    pub resolution: &'static str,
}

macro_rules! codes {
    ($($name:ident = $id:literal $severity:ident $origin:ident {
        message: $message:literal,
        description: $description:literal,
        resolution: $resolution:literal,
    })*) => {
        $(pub(crate) static $name: Code = Code {
            id: $id,
            severity: Severity::$severity,
            origin: Origin::$origin,
            message: $message,
            description: $description,
            resolution: $resolution,
        };)*

        /// Every code, in the order of the reference page.
        pub fn all_codes() -> impl Iterator<Item = &'static Code> {
            [$(&$name),*].into_iter()
        }
    };
}

codes! {
    SYNTAX_ERROR = "E_CSC_USER_SYNTAXERROR" Error Service {
        message: "syntax error. Expected one of: {tokens}",
        description: "Invalid syntax found in the script.",
        resolution: "Correct the script syntax, using expected token(s) as a guide.",
    }
    INVALID_CSHARP = "E_CSC_USER_INVALIDCSHARP" Error Service {
        message: "C# error {number}: {text}",
        description: "A C# expression in the script does not compile.",
        resolution: "Correct the expression as the C# compiler asks for.",
    }
    NOT_CONSTANT = "E_CSC_USER_EXPRESSIONNOTCONSTANTFOLDABLE" Error Service {
        message: "Expression cannot be constant folded.",
        description: "The expression cannot be evaluated at compile time.",
        resolution: "Use a constant expression or a CONST parameter.",
    }
    ROWSET_NAME_TAKEN = "E_CSC_USER_ROWSETVARIABLEALREADYDECLARED" Error Service {
        message: "Rowset variable {name} is already declared as a scalar variable.",
        description: "A name stands for a scalar variable or for a rowset, not for both.",
        resolution: "Rename the rowset variable or the scalar variable.",
    }
    RAISE_ERROR = "E_CSC_USER_RAISEERROR" Error Service {
        message: "{text}",
        description: "The script raised an error.",
        resolution: "Find out from the message and the script why it was raised.",
    }
    RAISE_WARNING = "W_CSC_USER_RAISEWARNING" Warning Service {
        message: "{text}",
        description: "The script raised a warning.",
        resolution: "Find out from the message and the script why it was raised.",
    }
    INVALID_FILE_NAME = "E_CSC_USER_INVALIDFILENAME" Error Service {
        message: "The file path '{path}' is invalid: {reason}.",
        description: "A file path names a file of a store; it cannot leave the store.",
        resolution: "Use an absolute path, or a URI of a Data Lake Store account, without '.' or '..' segments.",
    }
    EMPTY_FILE_PATH = "E_CSC_USER_EMPTYFILEPATH" Error Service {
        message: "The file path is empty.",
        description: "A file path names a file of a store.",
        resolution: "Give the path of a file.",
    }
    UNSUPPORTED_CHAR_FORMAT = "E_CSC_USER_UNSUPPORTEDCHARFORMAT" Error Service {
        message: "The char format '{format}' is not supported.",
        description: "Columns of type char are written as numbers or as text.",
        resolution: "Use \"uint16\" or \"string\".",
    }
    TYPE_IN_OUTPUTTER = "E_CSC_USER_INVALIDTYPEINOUTPUTTER" Error Service {
        message: "{outputter} was used to output column {name} of type {type}.",
        description: "The built-in outputters write values of the simple types only.",
        resolution: "Make text of the value in the preceding SELECT, with string.Join for example.",
    }
    FILE_NOT_FOUND = "E_CSC_USER_FILENOTFOUND" Error Ours {
        message: "The input file '{path}' does not exist.",
        description: "Every input of a script has to exist when the script is compiled, and its submitter has to be able to read it.",
        resolution: "Correct the path, make the file first, or have the right to read it granted.",
    }
    COMPRESSED_FILE_SIZE = "E_RUNTIME_USER_MAXCOMPRESSEDFILESIZE" Error Service {
        message: "The compressed input file '{path}' is larger than 4 GB.",
        description: "The service unpacks no larger files, and says so when it compiles a script, whatever its name says.",
        resolution: "Split the file, or upload it uncompressed.",
    }
    STAR_FORMAT = "E_CSC_USER_STARFORMATSPECIFIERISDEPRECATED" Error Service {
        message: "The '*' format specifier for enumeration, i.e. {virtualColumn:*}, was deprecated and removed.",
        description: "A placeholder of a file set is {column}, {column:date part} or {*}.",
        resolution: "Use '{col}' without the wildcard format specifier instead.",
    }
    LOWERCASE_HOUR_FORMAT = "E_CSC_USER_LOWERCASEHOURFORMATSPECIFIERSAREDEPRECATED" Error Service {
        message: "The 'hh' and 'h' format specifiers on DateTime virtual columns were deprecated and removed.",
        description: "The hours of a file set are those of a clock of 24 hours.",
        resolution: "Use the 'HH' and 'H' format specifier instead.",
    }
    VIRTUAL_COLUMN = "E_CSC_USER_INVALIDVIRTUALCOLUMN" Error Ours {
        message: "The virtual column '{name}' {problem}.",
        description: "The columns that the pattern of a file set names are declared in the EXTRACT, with types that a part of a path can have.",
        resolution: "Correct the pattern or the columns of the EXTRACT; names are case-sensitive.",
    }
    NO_EXTRACTED_COLUMN = "E_CSC_USER_NOEXTRACTEDCOLUMN" Error Ours {
        message: "The EXTRACT has no column of its own: all come from the files' paths and properties.",
        description: "The schema of an EXTRACT has at least one column that the extractor fills.",
        resolution: "Add a column that is in the files.",
    }
    FILE_SET_TOO_LARGE = "E_CSC_USER_FILESETTOOLARGE" Error Ours {
        message: "The file set '{pattern}' has more than {most} files.",
        description: "The files of an EXTRACT are found when the script is compiled.",
        resolution: "Use a predicate on the virtual columns, or a narrower pattern.",
    }
    FILE_SET_NOT_LISTED = "E_CSC_USER_FILESETNOTLISTED" Error Ours {
        message: "The file set '{pattern}' cannot be listed: {reason}.",
        description: "The store did not give the names in a directory.",
        resolution: "Submit the job again.",
    }
    NOT_SUPPORTED = "E_CSC_USER_NOTSUPPORTED" Error Ours {
        message: "{what} is not supported.",
        description: "This part of U-SQL is not implemented here.",
        resolution: "Write the script without it.",
    }
    NO_OUTPUT = "E_CSC_USER_NOOUTPUT" Error Ours {
        message: "The script does not contain an OUTPUT statement.",
        description: "A script that writes nothing has no effect.",
        resolution: "Add an OUTPUT statement for a rowset of the script.",
    }
    DUPLICATE_OUTPUT = "E_CSC_USER_DUPLICATEOUTPUT" Error Ours {
        message: "The file '{path}' is written by two OUTPUT statements.",
        description: "The outputs of a script appear together, so that one of the two would be lost.",
        resolution: "Give each OUTPUT a path of its own.",
    }
    VARIABLE_NAME_TAKEN = "E_CSC_USER_VARIABLEALREADYDECLARED" Error Ours {
        message: "The variable {name} is already declared.",
        description: "A scalar variable is declared once; only a DECLARE EXTERNAL gives way to an earlier one.",
        resolution: "Rename one of the two, or remove it.",
    }
    UNKNOWN_VARIABLE = "E_CSC_USER_VARIABLENOTDECLARED" Error Ours {
        message: "The variable {name} is not declared.",
        description: "A variable is used after the statement that declares it.",
        resolution: "Declare the variable above its first use, or correct its name; names are case-sensitive.",
    }
    PARAMETER_VALUE = "E_CSC_USER_INVALIDPARAMETERVALUE" Error Ours {
        message: "'{text}' is not a value of type {type}.",
        description: "The caller gives a DECLARE EXTERNAL variable a value that is not of its type.",
        resolution: "Give a value of the type, or null if it is nullable.",
    }
    UNKNOWN_SYSTEM_VARIABLE = "E_CSC_USER_SYSTEMVARIABLENOTFOUND" Error Ours {
        message: "There is no system variable {name} that can be set.",
        description: "SET gives a value to one of the system variables that can be set.",
        resolution: "Set @@FeaturePreviews, @@InternalDebug or @@Diagnostics.",
    }
    INVALID_SETTING = "E_CSC_USER_INVALIDSETTING" Error Ours {
        message: "'{text}' is not a list of settings.",
        description: "A setting is switched by its name and on or off.",
        resolution: "Write Name:on or Name:off, with commas between several.",
    }
    UNKNOWN_COLUMN = "E_CSC_USER_COLUMNNOTFOUND" Error Ours {
        message: "The column '{name}' is not found. Columns here: {columns}.",
        description: "Expressions see the columns of the rowsets in the FROM clause.",
        resolution: "Correct the name; names are case-sensitive.",
    }
    UNKNOWN_ROWSET_ALIAS = "E_CSC_USER_ROWSETALIASNOTFOUND" Error Ours {
        message: "The rowset alias '{name}' is not found.",
        description: "What stands before the dot in '{name}.*' is the alias of a rowset in the FROM clause.",
        resolution: "Correct the name, or give the rowset that alias.",
    }
    AMBIGUOUS_COLUMN = "E_CSC_USER_AMBIGUOUSCOLUMN" Error Ours {
        message: "The column '{name}' is ambiguous: {owners} have one.",
        description: "More than one rowset in the FROM clause has a column of that name.",
        resolution: "Write the alias of the rowset before the column.",
    }
    DUPLICATE_COLUMN = "E_CSC_USER_DUPLICATECOLUMN" Error Ours {
        message: "The column '{name}' is there more than once.",
        description: "The columns of a rowset have different names.",
        resolution: "Rename one of them with AS.",
    }
    DUPLICATE_ALIAS = "E_CSC_USER_DUPLICATEALIAS" Error Ours {
        message: "The rowset alias '{name}' is used twice in one FROM clause.",
        description: "Aliases tell the rowsets of a join apart.",
        resolution: "Give one of the rowsets another alias.",
    }
    MISSING_ALIAS = "E_CSC_USER_MISSINGALIAS" Error Ours {
        message: "The {what} needs a name.",
        description: "Computed columns and rowsets have no name of their own.",
        resolution: "Name it with AS.",
    }
    NAME_TOO_LONG = "E_CSC_USER_IDENTIFIERTOOLONG" Error Ours {
        message: "The name '{name}' has more than 128 characters.",
        description: "Names have 128 characters at most.",
        resolution: "Use a shorter name.",
    }
    COLUMN_COUNT = "E_CSC_USER_COLUMNCOUNTMISMATCH" Error Ours {
        message: "{what} has {found} values where {expected} are expected.",
        description: "Every row of a VALUES has as many values as it has column names.",
        resolution: "Add or remove values.",
    }
    COLUMN_TYPE = "E_CSC_USER_COLUMNTYPEMISMATCH" Error Ours {
        message: "The values of column '{name}' have types '{first}' and '{other}'.",
        description: "The values of a column of a VALUES have one type; T is not promoted to T?.",
        resolution: "Cast the values to one type, for example (int?) 1 and (int?) null.",
    }
    UNTYPED_NULL = "E_CSC_USER_UNTYPEDNULL" Error Ours {
        message: "The type of '{name}' is unknown: null has none.",
        description: "A column takes its type from its expression, and the literal null has no type.",
        resolution: "Cast it, for example (int?) null.",
    }
    NOT_GROUPED = "E_CSC_USER_COLUMNNOTGROUPED" Error Ours {
        message: "The column '{name}' is neither in the GROUP BY clause nor in an aggregate.",
        description: "A group is one row; a column that differs inside a group has no single value.",
        resolution: "Add the column to GROUP BY, or aggregate it.",
    }
    MISPLACED_AGGREGATE = "E_CSC_USER_AGGREGATENOTALLOWED" Error Ours {
        message: "The aggregate {name} is not allowed {place}.",
        description: "Aggregates stand in SELECT, HAVING and ORDER BY, and not inside each other.",
        resolution: "Compute the aggregate in a rowset of its own first.",
    }
    AGGREGATE_ARGUMENT = "E_CSC_USER_AGGREGATEARGUMENT" Error Ours {
        message: "{problem}",
        description: "An aggregate takes one expression of a type that it is defined for.",
        resolution: "Correct the argument of the aggregate.",
    }
    MISPLACED_WINDOW = "E_CSC_USER_WINDOWNOTALLOWED" Error Ours {
        message: "The window function {name} is not allowed {place}.",
        description: "Window functions stand in the items of a SELECT without groups, and not inside each other.",
        resolution: "Compute the window function in a rowset of its own.",
    }
    INVALID_WINDOW = "E_CSC_USER_INVALIDWINDOW" Error Ours {
        message: "{name}: {problem}.",
        description: "Each window function has its own rules for its arguments and for what stands in OVER.",
        resolution: "Correct the arguments, or the PARTITION BY, ORDER BY and ROWS clauses.",
    }
    ORDER_WITHOUT_FETCH = "E_CSC_USER_ORDERBYWITHOUTFETCH" Error Ours {
        message: "ORDER BY needs a FETCH clause here.",
        description: "Rowsets have no order; only an OUTPUT keeps one.",
        resolution: "Add FETCH, or move the ORDER BY to the OUTPUT statement.",
    }
    FETCH_RANGE = "E_CSC_USER_FETCHOUTOFRANGE" Error Ours {
        message: "{clause} {count} is out of range: {least} to {most} rows.",
        description: "FETCH keeps at most 10,000 rows.",
        resolution: "Use a constant in the range.",
    }
    JOIN_CONDITION = "E_CSC_USER_JOINCONDITION" Error Ours {
        message: "A join condition compares columns of its two sides for equality: {problem}.",
        description: "ON takes comparisons of the form left.column == right.column, connected by AND.",
        resolution: "Move other conditions to WHERE; compute join keys in a rowset of their own first.",
    }
    SET_OPERATION = "E_CSC_USER_SETOPERATIONMISMATCH" Error Ours {
        message: "{operator}: {problem}.",
        description: "The rowsets of a set operation have as many columns of the same types, by position or by name.",
        resolution: "Select the same columns on both sides, in the same order or with BY NAME; cast where types differ.",
    }
    UNKNOWN_OPERATOR = "E_CSC_USER_UNKNOWNOPERATOR" Error Ours {
        message: "There is no {family} '{name}'.",
        description: "The built-in extractors and outputters are Csv, Tsv and Text.",
        resolution: "Correct the name.",
    }
    OPERATOR_ARGUMENT = "E_CSC_USER_INVALIDPARAMETER" Error Ours {
        message: "{operator}: {problem}.",
        description: "Extractors and outputters take named, constant parameters of a given type.",
        resolution: "Correct the parameter.",
    }
    COLUMN_OF_TYPE = "E_CSC_USER_INVALIDCOLUMNTYPE" Error Ours {
        message: "'{type}' cannot be used as column type.",
        description: "A column has a simple type, SQL.ARRAY<T> or SQL.MAP<K, V>; expressions may have other types.",
        resolution: "Convert the value, with new SQL.ARRAY<T>(..) for example.",
    }
    NOT_COMPARABLE = "E_CSC_USER_TYPENOTCOMPARABLE" Error Ours {
        message: "Values of type '{type}' cannot be compared, which {what} needs.",
        description: "Collections have neither an order nor an equality.",
        resolution: "Compare their elements, or a text made of them.",
    }
    NOT_A_COLLECTION = "E_CSC_USER_EXPLODEARGUMENT" Error Ours {
        message: "EXPLODE takes an array, a map or what else can be enumerated, and not '{type}'.",
        description: "EXPLODE makes a row of each element of a collection.",
        resolution: "Give it a collection.",
    }
    FILE_SET_VALUES = "W_CSC_USER_FILESETVALUES" Warning Ours {
        message: "{count} names fit the file set '{pattern}' but not the types of its columns, the first of them '{path}'; they are left out.",
        description: "A file belongs to a file set if the parts of its path are values of the virtual columns.",
        resolution: "Declare the column as a string, or make the pattern more precise.",
    }
    ENTITY_MISSING = "E_CSC_USER_DDLENTITYDOESNOTEXIST" Error Service {
        message: "The {kind} '{name}' does not exist.",
        description: "What a script names in the catalog is there already, or an earlier statement of the script makes it.",
        resolution: "Correct the name, or the database and the schema that USE has chosen; names are case-sensitive.",
    }
    ENTITY_EXISTS = "E_CSC_USER_DDLENTITYALREADYEXISTS" Error Ours {
        message: "The {kind} '{name}' already exists.",
        description: "The names of a schema are those of all its objects, whatever they are.",
        resolution: "Drop the other one first, use another name, or add IF NOT EXISTS.",
    }
    ENTITY_KIND = "E_CSC_USER_DDLENTITYKIND" Error Ours {
        message: "'{name}' is a {found} and not a {expected}.",
        description: "What has this name in the catalog is something else.",
        resolution: "Correct the name, or what is done with it.",
    }
    ENTITY_BUILT_IN = "E_CSC_USER_DDLENTITYBUILTIN" Error Ours {
        message: "The {kind} '{name}' is built in and cannot be changed.",
        description: "The database master and the schemas dbo and usql are always there, and usql has only the views of the catalog.",
        resolution: "Use a database or a schema of your own.",
    }
    INVALID_OBJECT_NAME = "E_CSC_USER_INVALIDOBJECTNAME" Error Ours {
        message: "'{name}' is not the name of an object.",
        description: "The name of an object has one to three parts: its name, its schema before that, and its database before both.",
        resolution: "Write [[database.]schema.]name.",
    }
    CATALOG_UNREADABLE = "E_CSC_USER_CATALOGUNREADABLE" Error Ours {
        message: "The catalog cannot be read: {reason}.",
        description: "The store did not give what the catalog has under a name.",
        resolution: "Submit the job again.",
    }
    CALL_ARGUMENTS = "E_CSC_USER_INVALIDARGUMENTS" Error Ours {
        message: "{problem}",
        description: "A call gives every parameter a value, in order: an expression, a rowset variable for a table, or DEFAULT.",
        resolution: "Give as many arguments as there are parameters; a default is declared as @name type = value.",
    }
    TABLE_TYPE_MISMATCH = "E_CSC_USER_TABLETYPEMISMATCH" Error Ours {
        message: "The rowset {name} has the columns {found} where {expected} are declared.",
        description: "What a routine takes or returns has the columns that its signature says: the same names and types in the same order.",
        resolution: "Select the declared columns, cast where types differ, or correct the declaration.",
    }
    RESULT_NOT_ASSIGNED = "E_CSC_USER_RESULTNOTASSIGNED" Error Ours {
        message: "The function returns {name} and never assigns it.",
        description: "A function returns the last rowset that is assigned to each variable behind RETURNS.",
        resolution: "Assign the variable in the body, in every branch.",
    }
    RESULT_COUNT = "E_CSC_USER_RESULTCOUNT" Error Ours {
        message: "The number of returned rowsets is {returned} instead of {asked}.",
        description: "A function with several results can only be assigned to as many rowset variables.",
        resolution: "Write (@a, @b) = function(..).",
    }
    NESTED_CALLS = "E_CSC_USER_NESTEDCALLS" Error Ours {
        message: "More than {most} calls are nested.",
        description: "Functions and procedures may call others, and themselves, up to a depth of 50.",
        resolution: "End the recursion with an IF, or make it less deep.",
    }
    MISPLACED_STATEMENT = "E_CSC_USER_STATEMENTNOTALLOWED" Error Ours {
        message: "This statement cannot stand in a {routine}.",
        description: "A function has no effect but its result: it writes nothing and changes nothing. A procedure makes and drops no functions or procedures.",
        resolution: "Move the statement to a procedure or to the script.",
    }
    EXTERNAL_IN_ROUTINE = "W_CSC_USER_EXTERNALNOTINMAINSCRIPT" Warning Service {
        message: "Found EXTERNAL in procedure/package/function.",
        description: "The caller's value of a DECLARE EXTERNAL goes to the variable of a script, and not to one of a function or procedure.",
        resolution: "Remove EXTERNAL, or add a parameter.",
    }
    UNUSED_ROWSET = "W_CSC_USER_UNUSEDROWSET" Warning Ours {
        message: "The rowset variable {name} is not used.",
        description: "Nothing that the script writes depends on this rowset; it is checked but not computed.",
        resolution: "Use it in an OUTPUT, or remove it.",
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fmt::Write};

    use expect_test::expect_file;

    use super::*;

    #[test]
    fn every_code_has_one_meaning() {
        let ids: BTreeSet<_> = all_codes().map(|code| code.id).collect();
        assert_eq!(ids.len(), all_codes().count());
    }

    #[test]
    fn the_prefix_says_how_bad_it_is() {
        for code in all_codes() {
            assert_eq!(
                code.id.starts_with("E_"),
                code.severity == Severity::Error,
                "{}",
                code.id
            );
        }
    }

    #[test]
    fn the_reference_page_lists_every_code() {
        expect_file!["../../../../docs/reference/usql-diagnostics.md"].assert_eq(&page());
    }

    fn page() -> String {
        let mut page = String::from(
            "# U-SQL compile diagnostics\n\n\
             Every code that compiling a script can report. A *service* code was seen in the documentation, a \
             recording or a report of Azure Data Lake Analytics; its name is the service's, and so is the message \
             where it is known. The *ours* codes stand for errors of which no public source gives the code: \
             they keep the service's family of names, so that a program that looks at the prefix keeps working.\n\n\
             This page is checked against the code by a test of `usql-sema`; \
             `UPDATE_EXPECT=1 cargo test -p usql-sema` writes it.\n",
        );
        for code in all_codes() {
            let origin = match code.origin {
                Origin::Service => "service",
                Origin::Ours => "ours",
            };
            write!(
                page,
                "\n## {}\n\n| | |\n|---|---|\n| severity | {} |\n| origin | {origin} |\n| message | `{}` |\n\
                 | description | {} |\n| resolution | {} |\n",
                code.id, code.severity, code.message, code.description, code.resolution
            )
            .expect("a string grows");
        }
        page
    }
}
