use std::{io::Read, sync::Arc};

use expect_test::expect;
use flate2::read::GzDecoder;

use super::lake::{Lake, check, options, run, run_with};

/// What Windows writes for the text, in the encodings that samples of the service use.
fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn a_file_is_read_in_one_encoding_and_written_in_another() {
    for (encoding, expected) in [
        ("Encoding.UTF8", "1,\"£ Α ä\"\r\n".as_bytes().to_vec()),
        ("Encoding.Unicode", utf16("1,\"£ Α ä\"\r\n")),
        ("Encoding.[ASCII]", b"1,\"? ? ?\"\r\n".to_vec()),
        (
            "System.Text.Encoding.GetEncoding(1252)",
            b"1,\"\xa3 ? \xe4\"\r\n".to_vec(),
        ),
        (
            "Encoding.GetEncoding(\"Windows-1253\")",
            b"1,\"\xa3 \xc1 ?\"\r\n".to_vec(),
        ),
    ] {
        let lake = Arc::new(Lake::with_input(utf16("\u{feff}1,£ Α ä\r\n")));
        let script = format!(
            "@a = EXTRACT n int, s string FROM \"/in.csv\" USING Extractors.Csv(encoding: Encoding.Unicode);\n\
             OUTPUT @a TO \"/out.csv\" USING Outputters.Csv(encoding: {encoding});"
        );
        run_with(options(), &lake, &script).unwrap();
        assert_eq!(*lake.bytes("/out.csv").unwrap(), expected, "{encoding}");
    }
}

#[test]
fn a_file_in_another_encoding_than_said_is_an_error() {
    let lake = Arc::new(Lake::with_input(utf16("\u{feff}1,£\r\n")));
    let script = r#"@a = EXTRACT n int, s string FROM "/in.csv" USING Extractors.Csv(silent: true);
                    OUTPUT @a TO "/out.csv" USING Outputters.Csv();"#;
    let error = run_with(options(), &lake, script).unwrap_err();
    assert_eq!(
        error.report().error_id,
        "E_RUNTIME_USER_EXTRACT_ENCODING_ERROR"
    );
}

/// The sample of the service that writes delimiters inside of values, and the one that reads them.
#[test]
fn what_escapes_protect_comes_back() {
    for quoting in ["true", "false"] {
        let lake = Arc::new(Lake::default());
        let options_of = format!(
            "delimiter: '&', quoting: {quoting}, escapeCharacter: '$', nullEscape: \"\\\\N\""
        );
        let write = format!(
            r#"@rows = SELECT * FROM (VALUES
                   ("a \"&\" $ b", (double?) 164.5), ("null", (double?) null), ("CR LF \r\n.", (double?) 2)) AS T(s, d);
               OUTPUT @rows TO "/out.csv" USING Outputters.Text({options_of});"#
        );
        run_with(options(), &lake, &write).unwrap();
        let read = format!(
            r#"@rows = EXTRACT s string, d double? FROM "/out.csv" USING Extractors.Text({options_of});
               @lengths = SELECT s.Length AS n, s.Replace("\r\n", "|") AS s, d FROM @rows;
               OUTPUT @lengths TO "/back.csv" USING Outputters.Csv(quoting: false, rowDelimiter: "\n");"#
        );
        run_with(options(), &lake, &read).unwrap();
        assert_eq!(
            lake.text("/back.csv"),
            "9,a \"&\" $ b,164.5\n4,null,\n9,CR LF |.,2\n"
        );
    }
}

#[test]
fn an_escape_stands_before_delimiters_in_values_of_every_type() {
    check(
        "",
        r#"@a = SELECT * FROM (VALUES (1.5, new DateTime(2016, 5, 4), "a.b-c\n", '.')) AS T(d, t, s, c);
           OUTPUT @a TO "/out.csv"
               USING Outputters.Text(delimiter: '-', escapeCharacter: '\\', quoting: false, charFormat: "string",
                                     dateTimeFormat: "yyyy-MM-dd", rowDelimiter: ".");"#,
        expect![[r"1\.5-2016\-05\-04-a\.b\-c
-\.."]],
    );
}

#[test]
fn a_char_is_a_number_or_itself() {
    let script = |format: &str| {
        format!(
            r#"@a = SELECT '数' AS a, ',' AS b, '4' AS c, (char?) null AS d FROM (VALUES (1)) AS T(x);
               OUTPUT @a TO "/out.csv" USING Outputters.Csv(charFormat: {format}, nullEscape: "NULL");"#
        )
    };
    for (format, expected) in [
        ("null", "25968,44,52,NULL\r\n"),
        ("\"uint16\"", "25968,44,52,NULL\r\n"),
        ("\"string\"", "\"数\",\",\",\"4\",NULL\r\n"),
    ] {
        assert_eq!(run("", &script(format)).unwrap(), expected, "{format}");
    }
    check(
        "25968,44,0x34,\n",
        r#"@a = EXTRACT a char, b char, c char, d char? FROM "/in.csv" USING Extractors.Csv(charFormat: null);
           OUTPUT @a TO "/out.csv" USING Outputters.Csv(charFormat: "string");"#,
        expect![[r#"
            "数",",","4",
        "#]],
    );
}

/// The page about the parameters of extractors prints this table; the release notes name the switch.
#[test]
fn an_empty_cell_is_null_where_the_script_asks_for_it() {
    for (switch, expected) in [("off", ",,\"\"\r\n"), ("on", ",N,\"\"\r\n")] {
        let script = format!(
            r#"SET @@InternalDebug = "EmptyStringAsNullWhenQuoting:{switch}";
               @a = EXTRACT i int?, s string, q string FROM "/in.csv" USING Extractors.Csv();
               @b = SELECT i, s ?? "N" AS s, q FROM @a;
               @c = SELECT i, s == "" ? (string) null : s AS s, q FROM @b;
               @d = SELECT i, s, "" AS q FROM @c;
               OUTPUT @d TO "/out.csv" USING Outputters.Csv();"#
        );
        let found = run(",,\"\"\n", &script).unwrap();
        assert_eq!(found.replace("\"N\"", "N"), expected, "{switch}");
    }
}

#[test]
fn an_output_named_gz_is_packed_and_can_be_read_again() {
    let lake = Arc::new(Lake::default());
    let script = r#"SET @@FeaturePreviews = "GZipOutput:on";
        @data = SELECT * FROM (VALUES (1, "a"), (3, "b")) AS T(i, j);
        OUTPUT @data TO "/output/data.csv.gz" USING Outputters.Csv(outputHeader: true);"#;
    let report = run_with(options(), &lake, script).unwrap();
    let packed = lake.bytes("/output/data.csv.gz").unwrap();
    assert_eq!(
        report.stages.last().unwrap().bytes_written,
        packed.len() as u64
    );
    let mut text = String::new();
    GzDecoder::new(packed.as_slice())
        .read_to_string(&mut text)
        .unwrap();
    assert_eq!(text, "\"i\",\"j\"\r\n1,\"a\"\r\n3,\"b\"\r\n");
    let script = r#"@data = EXTRACT i int, j string FROM "/output/data.csv.gz" USING Extractors.Csv(skipFirstNRows: 1);
        OUTPUT @data TO "/out.csv" USING Outputters.Csv();"#;
    run_with(options(), &lake, script).unwrap();
    assert_eq!(lake.text("/out.csv"), "1,\"a\"\r\n3,\"b\"\r\n");
}
