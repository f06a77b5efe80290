use std::sync::Arc;

use usql_engine::RuntimeErrorKind;

use super::lake::{Lake, options, run, run_with};

#[test]
fn bad_cells_and_rows_fail_the_run_in_the_words_of_the_service() {
    let script = r#"
        @a = EXTRACT a int, b int? FROM "/in.csv" USING Extractors.Csv();
        OUTPUT @a TO "/out.csv" USING Outputters.Csv();"#;
    for (input, id, inner) in [
        (
            "1,2\n3\n",
            "E_RUNTIME_USER_EXTRACT_UNEXPECTED_NUMBER_COLUMNS",
            None,
        ),
        (
            "1,2\n3,4,5\n",
            "E_RUNTIME_USER_EXTRACT_ROW_DELIMITER_EXPECTED",
            None,
        ),
        (
            "1,2\nx,4\n",
            "E_RUNTIME_USER_EXTRACT_ROW_ERROR",
            Some("E_RUNTIME_USER_EXTRACT_COLUMN_CONVERSION_INVALID_ERROR"),
        ),
        (
            "1,2\n,4\n",
            "E_RUNTIME_USER_EXTRACT_ROW_ERROR",
            Some("E_RUNTIME_USER_EXTRACT_COLUMN_CONVERSION_NULL_ERROR"),
        ),
    ] {
        let error = run(input, script).unwrap_err();
        assert_eq!(error.kind(), RuntimeErrorKind::User);
        assert_eq!(error.report().error_id, id, "{input:?}");
        assert_eq!(
            error.report().inner.as_ref().map(|inner| inner.error_id),
            inner,
            "{input:?}"
        );
    }
}

#[test]
fn invalid_utf_8_is_an_error_even_in_a_column_that_nobody_needs() {
    let lake = Arc::new(Lake::with_input(b"1,a\n2,\xff\n"));
    let script = r#"
        @a = EXTRACT a int, b string FROM "/in.csv" USING Extractors.Csv(silent: true);
        @b = SELECT a FROM @a;
        OUTPUT @b TO "/out.csv" USING Outputters.Csv();"#;
    let error = run_with(options(), &lake, script).unwrap_err();
    assert_eq!(
        error.report().error_id,
        "E_RUNTIME_USER_EXTRACT_ENCODING_ERROR"
    );
    assert!(error.report().description.contains("Line 2"), "{error}");
}

#[test]
fn exceptions_of_expressions_name_the_place_in_the_script() {
    for (expression, exception) in [
        ("10 / n", "System.DivideByZeroException"),
        ("10 % n", "System.DivideByZeroException"),
        ("10m / n", "System.DivideByZeroException"),
        ("s.Substring(5)", "System.ArgumentOutOfRangeException"),
        ("int.Parse(s)", "System.FormatException"),
        ("(int) m", "System.InvalidOperationException"),
        (
            "Convert.ToInt32(99999999999L + n)",
            "System.OverflowException",
        ),
        (
            "DateTime.MaxValue.AddDays(1 + n)",
            "System.ArgumentOutOfRangeException",
        ),
    ] {
        let script = format!(
            "@a = EXTRACT n int, s string, m int? FROM \"/in.csv\" USING Extractors.Csv();\n\
             @b = SELECT {expression} AS r FROM @a;\n\
             OUTPUT @b TO \"/out.csv\" USING Outputters.Csv();"
        );
        let error = run("0,abc,\n", &script).unwrap_err();
        let report = error.report();
        assert_eq!(report.diagnostic_code, Some(195_887_158));
        assert_eq!(
            report.error_id,
            "E_RUNTIME_USER_UNHANDLED_EXCEPTION_FROM_USER_CODE"
        );
        assert!(
            report.details.contains(exception),
            "{expression}: {report:?}"
        );
        assert!(
            report.description.contains("line 2"),
            "{expression}: {report:?}"
        );
    }
}

#[test]
fn what_the_engine_does_not_do_is_said_before_anything_runs() {
    let lake = Arc::new(Lake::with_input("1\n"));
    let script = r#"
        @a = EXTRACT a int FROM "/in.csv" USING Extractors.Csv();
        OUTPUT @a TO "/out.csv" USING Outputters.Csv(dateTimeFormat: "Q");"#;
    let refusals = usql_engine::refusals(&lake.plan(script));
    assert_eq!(refusals.len(), 1);
    assert_eq!(refusals[0].location.line, 3);
    let error = run_with(options(), &lake, script).unwrap_err();
    assert_eq!(error.kind(), RuntimeErrorKind::Unsupported);
    assert_eq!(error.report().description, refusals[0].reason);
    assert_eq!(lake.paths(), ["/in.csv"]);
}

#[test]
fn a_string_that_a_script_makes_has_128_kilobytes_at_most() {
    let made = |length: usize, text: &str| {
        let script = format!(
            "@a = SELECT * FROM (VALUES ({length})) AS T(n); @b = SELECT {text} AS s FROM @a; \
             OUTPUT @b TO \"/out.csv\" USING Outputters.Csv();"
        );
        run("", &script)
    };
    made(131_072, "\"x\".PadLeft(n)").unwrap();
    // On the way to a column it may be longer.
    made(131_073, "\"x\".PadLeft(n).Length").unwrap();
    let error = made(131_073, "\"x\".PadLeft(n)").unwrap_err();
    let description = &error.report().description;
    assert!(
        description.contains("String size 131073 exceeds the maximum allowed size of 131072"),
        "{error}"
    );
    assert!(error.location().is_some());
}

#[test]
fn a_row_of_an_output_has_4_megabytes_at_most() {
    let written = |columns: usize| {
        let names: Vec<String> = (0..columns)
            .map(|column| format!("s AS c{column}"))
            .collect();
        let script = format!(
            "@a = SELECT * FROM (VALUES (131072)) AS T(n); @b = SELECT \"x\".PadLeft(n) AS s FROM @a; \
             @c = SELECT {} FROM @b; OUTPUT @c TO \"/out.csv\" USING Outputters.Csv();",
            names.join(", ")
        );
        run("", &script)
    };
    written(32).unwrap();
    let error = written(33).unwrap_err();
    assert_eq!(error.kind(), RuntimeErrorKind::User);
    assert_eq!(error.report().error_id, "E_RUNTIME_USER_ROWTOOBIG");
}
