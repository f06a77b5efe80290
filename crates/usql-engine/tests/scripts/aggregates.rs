use std::sync::Arc;

use expect_test::expect;
use usql_sema::{AvgIntegral, Settings};

use super::lake::{Lake, check, options, run, run_with};

#[test]
fn aggregates_have_the_documented_types_and_leave_nulls_out() {
    check(
        "a,1,1.5\na,2,\na,4,2.5\nb,,\n,7,0.5\n",
        r#"
        @a = EXTRACT k string, n int?, d double? FROM "/in.csv" USING Extractors.Csv();
        @b = SELECT k, COUNT(*) AS c, COUNT(n) AS cn, SUM(n) AS s, AVG(n) AS a, MIN(n) AS lo, MAX(n) AS hi,
                    SUM(d) AS sd, AVG(d) AS ad
             FROM @a GROUP BY k;
        OUTPUT @b TO "/out.csv" ORDER BY k USING Outputters.Csv();"#,
        expect![[r#"
            "",1,1,7,7,7,7,0.5,0.5
            "a",3,3,7,2,1,4,4,2
            "b",1,0,,,,,,
        "#]],
    );
}

#[test]
fn over_no_rows_there_is_one_row_without_a_key_and_none_with_one() {
    check(
        "",
        r#"
        @a = EXTRACT k string, n int FROM "/in.csv" USING Extractors.Csv();
        @b = SELECT COUNT(*) AS c, SUM(n) AS s, AVG(n) AS a, MAX(k) AS m FROM @a;
        OUTPUT @b TO "/out.csv" USING Outputters.Csv();"#,
        expect![[r#"
            0,,,
        "#]],
    );
    check(
        "",
        r#"
        @a = EXTRACT k string, n int FROM "/in.csv" USING Extractors.Csv();
        @b = SELECT k, COUNT(*) AS c FROM @a GROUP BY k;
        OUTPUT @b TO "/out.csv" USING Outputters.Csv();"#,
        expect![""],
    );
}

#[test]
fn the_average_of_integers_is_a_setting() {
    let script = r#"
        @a = EXTRACT n int FROM "/in.csv" USING Extractors.Csv();
        @b = SELECT AVG(n) AS a FROM @a;
        OUTPUT @b TO "/out.csv" USING Outputters.Csv();"#;
    for (setting, expected) in [
        (AvgIntegral::Long, "-1\r\n"),
        (AvgIntegral::Double, "-1.5\r\n"),
    ] {
        let mut lake = Lake::with_input("-1\n-2\n");
        lake.settings = Settings::default().with_avg_integral(setting);
        let lake = Arc::new(lake);
        run_with(options(), &lake, script).unwrap();
        assert_eq!(lake.text("/out.csv"), expected, "{setting:?}");
    }
}

#[test]
fn groups_are_filtered_counted_distinctly_and_computed_with() {
    check(
        "a,1\na,1\na,2\nb,5\nc,1\nc,9\n",
        r#"
        @a = EXTRACT k string, n int FROM "/in.csv" USING Extractors.Csv();
        @b = SELECT k.ToUpper() AS u, COUNT(DISTINCT n) AS d, SUM(n) * 2 AS s
             FROM @a GROUP BY k HAVING COUNT(*) > 1;
        OUTPUT @b TO "/out.csv" ORDER BY u USING Outputters.Csv();"#,
        expect![[r#"
            "A",2,8
            "C",2,20
        "#]],
    );
}

#[test]
fn distinct_rows_and_nulls_are_equal_to_each_other() {
    check(
        "a,1\na,1\n,\n,\n",
        r##"
        @a = EXTRACT k string, n int? FROM "/in.csv" USING Extractors.Csv();
        @b = SELECT DISTINCT k, n FROM @a;
        OUTPUT @b TO "/out.csv" ORDER BY k USING Outputters.Csv(nullEscape: "#");"##,
        expect![[r##"
            "",#
            "a",1
        "##]],
    );
}

#[test]
fn fetch_takes_the_first_rows_of_an_order() {
    check(
        "a,3\nb,1\nc,2\nd,\n",
        r#"
        @a = EXTRACT k string, n int? FROM "/in.csv" USING Extractors.Csv();
        @b = SELECT k, n FROM @a ORDER BY n DESC OFFSET 1 ROWS FETCH 2 ROWS;
        OUTPUT @b TO "/out.csv" ORDER BY n USING Outputters.Csv();"#,
        expect![[r#"
            "b",1
            "c",2
        "#]],
    );
}

/// DataFusion would sort first, and then leave out the wrong rows.
#[test]
fn another_order_of_the_output_leaves_an_offset_alone() {
    for (slice, expected) in [
        ("OFFSET 2 ROWS", "4\n3\n"),
        ("OFFSET 4 ROWS", ""),
        ("OFFSET 1 ROWS FETCH 2 ROWS", "3\n2\n"),
    ] {
        let script = format!(
            "@a = EXTRACT n int FROM \"/in.csv\" USING Extractors.Csv(); \
             @r = SELECT n FROM @a ORDER BY n {slice}; \
             OUTPUT @r TO \"/out.csv\" ORDER BY n DESC USING Outputters.Csv(rowDelimiter: \"\\n\");"
        );
        assert_eq!(run("3\n1\n4\n2\n", &script).unwrap(), expected, "{script}");
    }
}

/// DataFusion merges the two sorts, and its own limit would then take too few rows.
#[test]
fn an_order_of_the_output_leaves_an_offset_alone() {
    for (slice, expected) in [
        ("OFFSET 1 ROWS FETCH 2 ROWS", "2\n3\n"),
        ("OFFSET 1 ROWS FETCH 1 ROWS", "2\n"),
        ("OFFSET 3 ROWS FETCH 5 ROWS", "4\n"),
        ("OFFSET 4 ROWS FETCH 5 ROWS", ""),
        ("OFFSET 2 ROWS", "3\n4\n"),
        ("FETCH 2 ROWS", "1\n2\n"),
    ] {
        let scripts = [
            format!(
                "@r = SELECT n FROM @a ORDER BY n {slice}; OUTPUT @r TO \"/out.csv\" ORDER BY n"
            ),
            format!("@r = SELECT n FROM @a ORDER BY n {slice}; OUTPUT @r TO \"/out.csv\""),
            format!("OUTPUT @a TO \"/out.csv\" ORDER BY n {slice}"),
        ];
        for script in scripts {
            let script = format!(
                "@a = EXTRACT n int FROM \"/in.csv\" USING Extractors.Csv(); {script} \
                 USING Outputters.Csv(rowDelimiter: \"\\n\");"
            );
            assert_eq!(run("3\n1\n4\n2\n", &script).unwrap(), expected, "{script}");
        }
    }
}
