use expect_test::expect;

use super::lake::{check, run, values};

#[test]
fn comparisons_with_null_are_true_or_false() {
    let table = [
        ("(int?) null == (int?) null", "True"),
        ("(int?) null == 1", "False"),
        ("(int?) null != (int?) null", "False"),
        ("(int?) null != 1", "True"),
        ("(int?) null < 1", "False"),
        ("(int?) null >= 1", "False"),
        ("(int?) null <= (int?) null", "False"),
        ("!((int?) null < 1)", "True"),
        ("(string) null == \"\"", "False"),
        ("(string) null == (string) null", "True"),
        ("\"a\" == \"A\"", "False"),
        ("1.0 / 0 * 0 == 1.0 / 0 * 0", "False"),
        ("-0.0 == 0.0", "True"),
        ("1.10m == 1.1m", "True"),
    ];
    for (expression, expected) in table {
        assert_eq!(
            values(&format!("{expression} AS r")).unwrap(),
            expected,
            "{expression}"
        );
    }
}

/// The same over columns, where nothing can be computed while compiling.
#[test]
fn comparisons_of_columns_with_null() {
    check(
        "1,1\n1,2\n,2\n1,\n,\n",
        r#"
        @a = EXTRACT x int?, y int? FROM "/in.csv" USING Extractors.Csv();
        @b = SELECT x, y, x == y AS eq, x != y AS ne, x < y AS lt, x >= y AS ge, x + y AS sum, x ?? -1 AS or1
             FROM @a;
        OUTPUT @b TO "/out.csv" USING Outputters.Csv();"#,
        expect![[r#"
            1,1,True,False,False,True,2,1
            1,2,False,True,True,False,3,1
            ,2,False,True,False,False,,-1
            1,,False,True,False,False,,1
            ,,True,False,False,False,,-1
        "#]],
    );
}

#[test]
fn where_keeps_nulls_that_differ() {
    check(
        "8000\n1\n\n",
        r#"
        @a = EXTRACT x int? FROM "/in.csv" USING Extractors.Csv();
        @b = SELECT x FROM @a WHERE x != 8000;
        OUTPUT @b TO "/out.csv" USING Outputters.Csv(nullEscape: "null");"#,
        expect![[r#"
            1
            null
        "#]],
    );
}

#[test]
fn null_in_a_string_is_nothing() {
    assert_eq!(values("\"a\" + (string) null + 1 AS r").unwrap(), "\"a1\"");
}

#[test]
fn a_member_of_null_raises() {
    let script = r##"
        @a = EXTRACT s string, n int FROM "/in.csv" USING Extractors.Csv(nullEscape: "#");
        @b = SELECT s.Length AS length FROM @a;
        OUTPUT @b TO "/out.csv" USING Outputters.Csv();"##;
    assert_eq!(run("abc,1\n,2\n", script).unwrap(), "3\r\n0\r\n");
    let error = run("abc,1\n#,2\n", script).unwrap_err();
    assert_eq!(
        error.report().error_id,
        "E_RUNTIME_USER_UNHANDLED_EXCEPTION_FROM_USER_CODE"
    );
    assert!(
        error.report().details.contains("NullReferenceException"),
        "{error}"
    );
}

#[test]
fn the_right_side_is_evaluated_only_where_the_left_wants_it() {
    check(
        "abc,1\n#,2\n,0\n",
        r##"
        @a = EXTRACT s string, n int FROM "/in.csv" USING Extractors.Csv(nullEscape: "#");
        @b = SELECT n,
                    s != null && s.Length > 2 AS both,
                    s == null || s.Length == 0 AS either,
                    (n == 0 ? -1 : 10 / n) AS branch
             FROM @a;
        OUTPUT @b TO "/out.csv" USING Outputters.Csv();"##,
        expect![[r#"
            1,True,False,10
            2,False,True,5
            0,False,True,-1
        "#]],
    );
}
