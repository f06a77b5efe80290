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

#[test]
fn spreads_are_of_a_sample_or_a_population_and_of_distinct_values() {
    check(
        "a,2\na,4\na,4\na,4\na,5\na,5\na,7\na,9\nb,3\nc,\n",
        r##"
        @a = EXTRACT k string, n int? FROM "/in.csv" USING Extractors.Csv();
        @b = SELECT k, VAR(n) AS v, VARP(n) AS vp, STDEV(n) AS s, STDEVP(n) AS sp,
                    VARP(DISTINCT n) AS dv, STDEV(DISTINCT n) AS ds, VAR((decimal?) n) AS m
             FROM @a GROUP BY k;
        OUTPUT @b TO "/out.csv" ORDER BY k USING Outputters.Csv(nullEscape: "#");"##,
        expect![[r#"
            "a",4.57142857142857,4,2.1380899352994,2,5.84,2.70185121722126,4.57142857142857
            "b",#,0,#,0,0,#,#
            "c",#,#,#,#,#,#,#
        "#]],
    );
}

/// The squares of these have no digits left for what tells the values apart.
#[test]
fn a_variance_keeps_its_digits_far_from_zero() {
    check(
        "1000000004\n1000000007\n1000000013\n1000000016\n",
        r#"
        @a = EXTRACT d double FROM "/in.csv" USING Extractors.Csv();
        @b = SELECT VAR(d) AS v, VAR(DISTINCT d) AS dv FROM @a;
        @w = SELECT DISTINCT VAR(d) OVER() AS w FROM @a;
        @q = SELECT v, dv, w FROM @b CROSS JOIN @w;
        OUTPUT @q TO "/out.csv" USING Outputters.Csv();"#,
        expect![[r#"
            30,30,30
        "#]],
    );
}

#[test]
fn any_value_is_one_of_the_group() {
    check(
        "a,1,x\na,2,x\nb,3,y\n",
        r##"
        @a = EXTRACT k string, n int, s string FROM "/in.csv" USING Extractors.Csv();
        @b = SELECT k, ANY_VALUE(s) AS s, SUM(n) AS t FROM @a GROUP BY k;
        OUTPUT @b TO "/out.csv" ORDER BY k USING Outputters.Csv();"##,
        expect![[r#"
            "a","x",3
            "b","y",3
        "#]],
    );
    check(
        "",
        r##"
        @a = EXTRACT n int FROM "/in.csv" USING Extractors.Csv();
        @b = SELECT ANY_VALUE(n) AS v, VAR(n) AS r FROM @a;
        OUTPUT @b TO "/out.csv" USING Outputters.Csv(nullEscape: "#");"##,
        expect![[r#"
            #,#
        "#]],
    );
}

#[test]
fn least_and_greatest_are_there_for_every_type_with_an_order() {
    check(
        "true,{00000000-0000-0000-0000-000000000002},b,2016-07-02,1.10,97\n\
         false,{10000000-0000-0000-0000-000000000001},B,2016-07-01,1.1,98\n\
         ,,,,,\n",
        r##"
        @a = EXTRACT b bool?, g Guid?, s string, t DateTime?, m decimal?, c char? FROM "/in.csv" USING Extractors.Csv(nullEscape: "");
        @q = SELECT MIN(b) AS b0, MAX(b) AS b1, MIN(g) AS g0, MAX(g) AS g1, MIN(s) AS s0, MAX(s) AS s1, MIN(t) AS t0, MAX(t) AS t1,
                    MIN(m) AS m0, MAX(m) AS m1, MIN(c) AS c0, MAX(c) AS c1, COUNT(DISTINCT g) AS g2, COUNT() AS n FROM @a;
        OUTPUT @q TO "/out.csv" USING Outputters.Csv();"##,
        expect![[r#"
            False,True,00000000-0000-0000-0000-000000000002,10000000-0000-0000-0000-000000000001,"","b",2016-07-01T00:00:00.0000000,2016-07-02T00:00:00.0000000,1.10,1.10,97,98,2,3
        "#]],
    );
}

#[test]
fn sums_over_every_numeric_type_have_their_documented_types() {
    let types = [
        "sbyte", "byte", "short", "ushort", "int", "uint", "long", "ulong", "float", "double",
        "decimal",
    ];
    for ty in types {
        let script = format!(
            "@a = EXTRACT n {ty}? FROM \"/in.csv\" USING Extractors.Csv(); \
             @q = SELECT SUM(n) AS s, AVG(n) AS a, SUM(DISTINCT n) AS d, AVG(DISTINCT n) AS b, MIN(n) AS l, STDEVP(n) AS p FROM @a; \
             OUTPUT @q TO \"/out.csv\" USING Outputters.Csv();"
        );
        let expected = match ty {
            "decimal" => "5,1.6666666666666666666666666667,3,1.5,1,0.471404520791032\r\n",
            "ulong" | "float" | "double" => "5,1.66666666666667,3,1.5,1,0.471404520791032\r\n",
            _ => "5,1,3,1,1,0.471404520791032\r\n",
        };
        assert_eq!(run("1\n2\n2\n\n", &script).unwrap(), expected, "{ty}");
    }
}

#[test]
fn decimals_are_summed_up_exactly_in_any_order() {
    check(
        "79228162514264337593543950335\n1\n0.10\n-79228162514264337593543950335\n0.2\n",
        r#"
        @a = EXTRACT m decimal FROM "/in.csv" USING Extractors.Csv();
        @q = SELECT SUM(m) AS s, SUM(DISTINCT m) AS d, AVG(DISTINCT m) AS a FROM @a;
        OUTPUT @q TO "/out.csv" USING Outputters.Csv();"#,
        expect![[r#"
            1.30,1.30,0.26
        "#]],
    );
    let sum = "@a = EXTRACT m decimal FROM \"/in.csv\" USING Extractors.Csv(); \
               @q = SELECT SUM(m) AS s FROM @a; OUTPUT @q TO \"/out.csv\" USING Outputters.Csv();";
    let error = run("79228162514264337593543950335\n1\n", sum).unwrap_err();
    assert!(error.to_string().contains("too large"), "{error}");
}

#[test]
fn a_sum_of_integers_is_exact_or_an_error() {
    let script = |aggregate: &str| {
        format!(
            "@a = EXTRACT k int, n long FROM \"/in.csv\" USING Extractors.Csv(); \
             @q = SELECT k, {aggregate} AS s FROM @a GROUP BY k; \
             OUTPUT @q TO \"/out.csv\" ORDER BY k USING Outputters.Csv(rowDelimiter: \"|\");"
        )
    };
    let there_and_back =
        "1,9223372036854775807\n1,9223372036854775807\n1,-9223372036854775807\n2,5\n";
    assert_eq!(
        run(there_and_back, &script("SUM(n)")).unwrap(),
        "1,9223372036854775807|2,5|"
    );
    assert_eq!(
        run(there_and_back, &script("SUM(DISTINCT n)")).unwrap(),
        "1,0|2,5|"
    );
    for aggregate in ["SUM(n)", "AVG(n)"] {
        let error = run("1,9223372036854775807\n1,1\n", &script(aggregate)).unwrap_err();
        assert!(error.to_string().contains("OverflowException"), "{error}");
    }
}

/// The partial sums of several ranges meet, and groups are handed out in pieces.
#[test]
fn sums_of_many_groups_in_many_ranges_are_those_of_a_plain_loop() {
    let mut input = String::new();
    let mut sums = std::collections::BTreeMap::<u32, (i64, i64)>::new();
    for row in 0..40_000_u32 {
        let (key, number) = (row * 7919 % 9001, i64::from(row) - 20_000);
        input.push_str(&format!("{key},{number},{number}.25\n"));
        let sum = sums.entry(key).or_default();
        // Negative numbers lose a quarter less, as they are written.
        let cents = if number < 0 {
            number * 100 - 25
        } else {
            number * 100 + 25
        };
        *sum = (sum.0 + number, sum.1 + cents);
    }
    let lake = Arc::new(Lake::with_input(input));
    let script = "@a = EXTRACT k int, n int, m decimal FROM \"/in.csv\" USING Extractors.Csv(); \
                  @q = SELECT k, SUM(n) AS s, SUM(m) AS t FROM @a GROUP BY k; \
                  OUTPUT @q TO \"/out.csv\" ORDER BY k USING Outputters.Csv(rowDelimiter: \"\\n\");";
    let options = options().with_min_range_bytes(40_000).with_batch_rows(500);
    run_with(options, &lake, script).unwrap();
    let text = lake.text("/out.csv");
    let found = text.lines().map(|line| {
        let fields: Vec<&str> = line.split(',').collect();
        let cents = fields[2].replace('.', "");
        let number = |text: &str| text.parse::<i64>().unwrap();
        (
            fields[0].parse().unwrap(),
            (number(fields[1]), number(&cents)),
        )
    });
    assert!(found.eq(sums));
}

#[test]
fn zero_and_its_negative_are_one_value() {
    check(
        "0,a\n-0,b\n0.0,a\n1,c\n",
        r#"
        @a = EXTRACT d double, s string FROM "/in.csv" USING Extractors.Csv();
        @g = SELECT d, COUNT(*) AS c, (long?) 0 AS n FROM @a GROUP BY d;
        @w = SELECT d, COUNT(*) OVER(PARTITION BY d) AS c, RANK() OVER(ORDER BY (float) d) AS n FROM @a;
        @j = SELECT x.d, COUNT(*) AS c, (long?) 2 AS n FROM @a AS x JOIN @a AS y ON x.d == y.d GROUP BY x.d;
        @n = SELECT 9.0 AS d, COUNT(DISTINCT d) AS c, (long?) 3 AS n FROM @a;
        @q = SELECT * FROM @g UNION ALL SELECT DISTINCT * FROM @w UNION ALL SELECT * FROM @j UNION ALL SELECT * FROM @n;
        OUTPUT @q TO "/out.csv" ORDER BY n, d USING Outputters.Csv();"#,
        expect![[r#"
            0,3,0
            1,1,0
            0,3,1
            0,9,2
            1,1,2
            9,2,3
            1,1,4
        "#]],
    );
}
