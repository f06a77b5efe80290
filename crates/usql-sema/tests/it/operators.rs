use expect_test::expect;

use super::{check, check_with};
use usql_sema::{EmptyUnquotedString, Settings};

#[track_caller]
fn check_extractor(call: &str, expected: expect_test::Expect) {
    check(
        &format!(
            "@a = EXTRACT x int FROM \"/a\" USING {call};\nOUTPUT @a TO \"/b\" USING Outputters.Csv();"
        ),
        expected,
    );
}

#[track_caller]
fn check_outputter(call: &str, expected: expect_test::Expect) {
    check(
        &format!("@a = SELECT * FROM (VALUES (1)) AS T(x);\nOUTPUT @a TO \"/b\" USING {call};"),
        expected,
    );
}

#[test]
fn extractors_differ_in_their_delimiter() {
    check_extractor(
        "Extractors.Csv()",
        expect![[r#"
        r0 = extract /a text(',') -> (x int)
        output r0 to /b text(',')
    "#]],
    );
    check_extractor(
        "Extractors.Tsv()",
        expect![[r#"
        r0 = extract /a text('\t') -> (x int)
        output r0 to /b text(',')
    "#]],
    );
    check_extractor(
        "Extractors.Text()",
        expect![[r#"
        r0 = extract /a text(',') -> (x int)
        output r0 to /b text(',')
    "#]],
    );
    check_extractor(
        "Extractors.Text('|')",
        expect![[r#"
        r0 = extract /a text('|') -> (x int)
        output r0 to /b text(',')
    "#]],
    );
}

#[test]
fn an_extractor_takes_every_documented_parameter() {
    check_extractor(
        "Extractors.Text(delimiter: ';', rowDelimiter: \"\\n\", encoding: Encoding.Unicode, quoting: false, \
         escapeCharacter: '\\\\', nullEscape: \"\\\\N\", silent: true, skipFirstNRows: 1 + 1, charFormat: \"string\")",
        expect![[r#"
            r0 = extract /a text(';', row_delimiter '\n', encoding Utf16Le, no_quoting, escape '\\', null_escape "\\N", silent, skip 2, char_format String) -> (x int)
            output r0 to /b text(',')
        "#]],
    );
}

#[test]
fn an_encoding_has_a_property_or_a_number() {
    check_extractor(
        "Extractors.Csv(encoding: Encoding.[ASCII])",
        expect![[r#"
        r0 = extract /a text(',', encoding Ascii) -> (x int)
        output r0 to /b text(',')
    "#]],
    );
    check_extractor(
        "Extractors.Csv(encoding: System.Text.Encoding.UTF8)",
        expect![[r#"
            r0 = extract /a text(',') -> (x int)
            output r0 to /b text(',')
        "#]],
    );
    check_extractor(
        "Extractors.Csv(encoding: Encoding.GetEncoding(1252))",
        expect![[r#"
            r0 = extract /a text(',', encoding CodePage(windows-1252)) -> (x int)
            output r0 to /b text(',')
        "#]],
    );
    check_extractor(
        "Extractors.Csv(encoding: Encoding.GetEncoding(\"windows-1250\"))",
        expect![[r#"
            r0 = extract /a text(',', encoding CodePage(windows-1250)) -> (x int)
            output r0 to /b text(',')
        "#]],
    );
    check_extractor(
        "Extractors.Csv(encoding: Encoding.Default)",
        expect![[r#"
        1:61 60..76 E_CSC_USER_NOTSUPPORTED: The encoding Encoding.Default is not supported.
    "#]],
    );
    check_extractor(
        "Extractors.Csv(encoding: \"UTF8\")",
        expect![[r#"
        1:51 50..66 E_CSC_USER_INVALIDPARAMETER: Extractors.Csv: 'encoding' is of type Encoding, not string.
    "#]],
    );
    check_extractor(
        "Extractors.Csv(quoting: Encoding.UTF8)",
        expect![[r#"
        1:51 50..72 E_CSC_USER_INVALIDPARAMETER: Extractors.Csv: 'quoting' is of type bool, not Encoding.
    "#]],
    );
}

#[test]
fn every_wrong_parameter_is_reported() {
    check_extractor(
        "Extractors.Csv(delimiter: ',', skipFirstNRow: 1, quoting: \"yes\", skipFirstNRows: -1, rowDelimiter: \"ab\", \
         charFormat: \"utf16\", silent: true, silent: false, 5)",
        expect![[r#"
            1:51 50..64 E_CSC_USER_INVALIDPARAMETER: Extractors.Csv: there is no parameter 'delimiter'.
            1:67 66..82 E_CSC_USER_INVALIDPARAMETER: Extractors.Csv: there is no parameter 'skipFirstNRow'.
            1:85 84..98 E_CSC_USER_INVALIDPARAMETER: Extractors.Csv: 'quoting' is of type bool, not string.
            1:101 100..118 E_CSC_USER_INVALIDPARAMETER: Extractors.Csv: 'skipFirstNRows' cannot be negative.
            1:121 120..138 E_CSC_USER_INVALIDPARAMETER: Extractors.Csv: 'rowDelimiter' has to be one character.
            1:141 140..159 E_CSC_USER_UNSUPPORTEDCHARFORMAT: The char format 'utf16' is not supported.
            1:176 175..188 E_CSC_USER_INVALIDPARAMETER: Extractors.Csv: 'silent' is given twice.
            1:191 190..191 E_CSC_USER_INVALIDPARAMETER: Extractors.Csv: a parameter needs its name.
        "#]],
    );
}

#[test]
fn a_parameter_is_a_constant() {
    check(
        "DECLARE @n int = 2;\n@a = EXTRACT x int FROM \"/a\" USING Extractors.Csv(skipFirstNRows: @n, nullEscape: DateTime.Parse(\"x\").ToString());\n\
         OUTPUT @a TO \"/b\" USING Outputters.Csv();",
        expect![[r#"
            2:71 90..132 E_CSC_USER_EXPRESSIONNOTCONSTANTFOLDABLE: Expression cannot be constant folded.
        "#]],
    );
}

#[test]
fn of_an_operator_that_is_not_here_nothing_else_is_said() {
    check(
        "@a = EXTRACT x int FROM \"/missing\" USING Extractors.Parquet(columnOptions: \"1\");
         @b = EXTRACT x int FROM \"/missing\" USING Extractors.Orc();
         @c = SELECT new SQL.MAP<string, string>{{\"a\", \"b\"}} AS m FROM (VALUES (1)) AS T(x);
         OUTPUT @c TO \"/c\" USING Outputters.Parquet(rowGroupSize: 256);",
        expect![[r#"
            1:42 41..79 E_CSC_USER_NOTSUPPORTED: Extractors.Parquet is not supported.
            2:51 131..147 E_CSC_USER_NOTSUPPORTED: Extractors.Orc is not supported.
            4:34 275..312 E_CSC_USER_NOTSUPPORTED: Outputters.Parquet is not supported.
        "#]],
    );
}

#[test]
fn an_unknown_operator_is_an_error() {
    check_extractor(
        "Extractors.Json()",
        expect![[r#"
        1:36 35..52 E_CSC_USER_UNKNOWNOPERATOR: There is no extractor 'Json'.
    "#]],
    );
    check_extractor(
        "Outputters.Csv()",
        expect![[r#"
        1:36 35..51 E_CSC_USER_NOTSUPPORTED: The operator Outputters.Csv, which is none of Extractors, is not supported.
    "#]],
    );
    check_extractor(
        "new My.Extractor()",
        expect![[r#"
        1:36 35..53 E_CSC_USER_NOTSUPPORTED: An operator other than a built-in one is not supported.
    "#]],
    );
    check_outputter(
        "Outputters.Parquet()",
        expect![[r#"
        2:25 65..85 E_CSC_USER_NOTSUPPORTED: Outputters.Parquet is not supported.
    "#]],
    );
    check_outputter(
        "Extractors.Csv()",
        expect![[r#"
        2:25 65..81 E_CSC_USER_NOTSUPPORTED: The operator Extractors.Csv, which is none of Outputters, is not supported.
    "#]],
    );
}

#[test]
fn an_outputter_takes_every_documented_parameter() {
    check_outputter(
        "Outputters.Csv()",
        expect![[r#"
        r0 = values (1) -> (x int)
        output r0 to /b text(',')
    "#]],
    );
    check_outputter(
        "Outputters.Text(delimiter: '|', dateTimeFormat: \"yyyy-MM-dd\", encoding: Encoding.BigEndianUnicode, escapeCharacter: '#', \
         nullEscape: \"NULL\", quoting: false, rowDelimiter: \"\\n\", charFormat: \"string\", outputHeader: true)",
        expect![[r#"
            r0 = values (1) -> (x int)
            output r0 to /b text('|', row_delimiter "\n", encoding Utf16Be, no_quoting, escape '#', null_escape "NULL", date_time "yyyy-MM-dd", char_format String, header)
        "#]],
    );
    check_outputter(
        "Outputters.Tsv(silent: true)",
        expect![[r#"
        2:40 80..92 E_CSC_USER_INVALIDPARAMETER: Outputters.Tsv: there is no parameter 'silent'.
    "#]],
    );
}

#[test]
fn the_empty_field_is_a_setting() {
    check_with(
        Settings::default().with_empty_unquoted_string(EmptyUnquotedString::Null),
        "@a = EXTRACT x int FROM \"/a\" USING Extractors.Csv();\nOUTPUT @a TO \"/b\" USING Outputters.Csv();",
        expect![[r#"
            r0 = extract /a text(',', empty_unquoted_string Null) -> (x int)
            output r0 to /b text(',')
        "#]],
    );
}

#[test]
fn an_extract_reads_a_file_that_is_there() {
    check(
        "@a = EXTRACT x int FROM \"/missing/a.csv\" USING Extractors.Csv();\nOUTPUT @a TO \"/b\" USING Outputters.Csv();",
        expect![[r#"
            1:25 24..40 E_CSC_USER_FILENOTFOUND: The input file '/missing/a.csv' does not exist.
        "#]],
    );
}

#[test]
fn an_extract_has_columns_of_known_types() {
    check(
        "@a = EXTRACT x int, x string, y Foo, z SQL.ARRAY<int>, w int? FROM \"/a\", \"/b\" USING Extractors.Csv();\n\
         OUTPUT @a TO \"/b\" USING Outputters.Csv();",
        expect![[r#"
            1:33 32..35 E_CSC_USER_INVALIDCSHARP: C# error CS0246: The type or namespace name 'Foo' could not be found (are you missing a using directive or an assembly reference?)
            1:38 37..53 E_CSC_USER_NOTSUPPORTED: An EXTRACT of a SQL.ARRAY<int> is not supported.
        "#]],
    );
    check(
        "@a = EXTRACT FROM \"/a\" USING Extractors.Csv();\nOUTPUT @a TO \"/b\" USING Outputters.Csv();",
        expect![[r#"
            1:14 13..17 E_CSC_USER_SYNTAXERROR: syntax error. Expected one of: identifier quoted-identifier 
        "#]],
    );
}
