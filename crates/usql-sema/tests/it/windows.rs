use expect_test::expect;

use super::answer;
use usql_sema::Settings;

/// What a select list makes of `@e(id int, dept string, pay int?, since DateTime, worth decimal)`; only what it adds.
#[track_caller]
#[expect(
    clippy::needless_pass_by_value,
    reason = "an expectation is written in place"
)]
fn check_windows(query: &str, expected: expect_test::Expect) {
    let script = format!(
        "@e = EXTRACT id int, dept string, pay int?, since DateTime, worth decimal FROM \"/e\" USING Extractors.Csv();\n\
         @q = SELECT {query};\nOUTPUT @q TO \"/q\" USING Outputters.Csv();"
    );
    let answer = answer(Settings::default(), &script);
    let added = answer
        .lines()
        .filter(|line| !line.contains("= extract") && !line.starts_with("output"));
    // The columns of @e are the same everywhere.
    let added = added.map(|line| {
        line.replace(
            "id int, dept string, pay int?, since DateTime, worth decimal",
            "..",
        )
    });
    expected.assert_eq(&added.map(|line| line + "\n").collect::<String>());
}

#[test]
fn a_window_is_a_column_behind_those_of_its_input() {
    check_windows(
        "id, SUM(pay) OVER(PARTITION BY dept) - pay AS others, SUM(pay) OVER(PARTITION BY dept) AS total FROM @e WHERE id > 1",
        expect![[r#"
            r1 = filter r0 (#0 >int 1) -> (..)
            r2 = window r1 [SUM(long?(#2)) over ([#1] by [])] -> (.., window0 long?)
            r3 = project r2 [#0, (#5 -long long?(#2)), #5] -> (id int, others long?, total long?)
        "#]],
    );
}

#[test]
fn window_functions_have_the_types_of_the_reference() {
    check_windows(
        "ROW_NUMBER() OVER() AS n, RANK() OVER(ORDER BY pay DESC) AS r, DENSE_RANK() OVER(ORDER BY pay, id) AS d, \
         NTILE(4) OVER(PARTITION BY dept, id) AS t, CUME_DIST() OVER(ORDER BY pay) AS c, PERCENT_RANK() OVER(ORDER BY pay) AS p FROM @e",
        expect![[r#"
            r1 = window r0 [row_number over ([] by []), rank over ([] by [#2 desc]), dense_rank over ([] by [#2 asc, #0 asc]), tile(4) over ([#1, #0] by []), cume_dist over ([] by [#2 asc]), percent_rank over ([] by [#2 asc])] -> (.., window0 long?, window1 long?, window2 long?, window3 long?, window4 double?, window5 double?)
            r2 = project r1 [#5, #6, #7, #8, #9, #10] -> (n long?, r long?, d long?, t long?, c double?, p double?)
        "#]],
    );
    check_windows(
        "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY pay) OVER(PARTITION BY dept) AS c, \
         PERCENTILE_DISC(1) WITHIN GROUP (ORDER BY since DESC) OVER() AS d FROM @e",
        expect![[r#"
            r1 = window r0 [percentile_cont(0.5) over ([#1] by [double?(#2) asc]), percentile_disc(1) over ([] by [#3 desc])] -> (.., window0 double?, window1 DateTime)
            r2 = project r1 [#5, #6] -> (c double?, d DateTime)
        "#]],
    );
    check_windows(
        "FIRST_VALUE(id) OVER(ORDER BY pay) AS f, LAST_VALUE(dept) OVER(ORDER BY pay ROWS BETWEEN 2 PRECEDING AND 1 FOLLOWING) AS l, \
         LAG(id) OVER(ORDER BY pay) AS g, LEAD(worth, 1 + 1, 0) OVER(ORDER BY pay) AS e FROM @e",
        expect![[r#"
            r1 = window r0 [first(#0) over ([] by [#2 asc] rows to 0), last(#1) over ([] by [#2 asc] rows -2 to 1), shift(#0, 1, null) over ([] by [#2 asc]), shift(#4, -2, 0m) over ([] by [#2 asc])] -> (.., window0 int?, window1 string, window2 int?, window3 decimal?)
            r2 = project r1 [#5, #6, #7, #8] -> (f int?, l string, g int?, e decimal?)
        "#]],
    );
}

#[test]
fn a_frame_counts_rows_from_the_current_one() {
    check_windows(
        "SUM(id) OVER(ORDER BY id ROWS UNBOUNDED PRECEDING) AS a, SUM(id) OVER(ORDER BY id ROWS 2 PRECEDING) AS b, \
         SUM(id) OVER(ORDER BY id ROWS CURRENT ROW) AS c, SUM(id) OVER(ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS d, \
         SUM(id) OVER(ORDER BY id ROWS BETWEEN 1 FOLLOWING AND 3 FOLLOWING) AS e FROM @e",
        expect![[r#"
            r1 = window r0 [SUM(long(#0)) over ([] by [#0 asc] rows to 0), SUM(long(#0)) over ([] by [#0 asc] rows -2 to 0), SUM(long(#0)) over ([] by [#0 asc] rows 0 to 0), SUM(long(#0)) over ([] by [#0 asc] rows to -1), SUM(long(#0)) over ([] by [#0 asc] rows 1 to 3)] -> (.., window0 long?, window1 long?, window2 long?, window3 long?, window4 long?)
            r2 = project r1 [#5, #6, #7, #8, #9] -> (a long?, b long?, c long?, d long?, e long?)
        "#]],
    );
    check_windows(
        "SUM(id) OVER(ORDER BY id ROWS BETWEEN 1 FOLLOWING AND 1 PRECEDING) AS a FROM @e",
        expect![[r#"
            2:38 145..185 E_CSC_USER_INVALIDWINDOW: SUM: the frame ends before it begins.
        "#]],
    );
    check_windows(
        "SUM(id) OVER(ORDER BY id ROWS BETWEEN 1 FOLLOWING AND CURRENT ROW) AS a FROM @e",
        expect![[r#"
            2:38 145..185 E_CSC_USER_INVALIDWINDOW: SUM: the frame ends before it begins.
        "#]],
    );
    check_windows(
        "SUM(id) OVER(ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED PRECEDING) AS a FROM @e",
        expect![[r#"
            2:38 145..201 E_CSC_USER_INVALIDWINDOW: SUM: the frame cannot end at UNBOUNDED PRECEDING.
        "#]],
    );
    check_windows(
        "SUM(id) OVER(ORDER BY id ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS a FROM @e",
        expect![[r#"
            2:38 145..193 E_CSC_USER_NOTSUPPORTED: UNBOUNDED FOLLOWING is not supported.
        "#]],
    );
    check_windows(
        "SUM(id) OVER(ORDER BY id ROWS 99999999999 PRECEDING) AS a FROM @e",
        expect![[r#"
            2:43 150..161 E_CSC_USER_INVALIDWINDOW: SUM: 99999999999 is no number of rows.
        "#]],
    );
}

#[test]
fn each_function_has_its_rules_for_the_window() {
    check_windows(
        "SUM(id) OVER(ORDER BY id) AS a FROM @e",
        expect![[r#"
        2:26 133..144 E_CSC_USER_INVALIDWINDOW: SUM: an aggregate with ORDER BY needs ROWS.
    "#]],
    );
    check_windows(
        "SUM(id) OVER(ROWS 1 PRECEDING) AS a FROM @e",
        expect![[r#"
        2:26 133..149 E_CSC_USER_INVALIDWINDOW: SUM: ROWS needs an ORDER BY.
    "#]],
    );
    check_windows(
        "COUNT(DISTINCT id) OVER() AS a FROM @e",
        expect![[r#"
        2:13 120..145 E_CSC_USER_INVALIDWINDOW: COUNT: DISTINCT cannot be used with OVER.
    "#]],
    );
    check_windows(
        "ANY_VALUE(id) OVER() AS a FROM @e",
        expect![[r#"
        2:13 120..140 E_CSC_USER_INVALIDWINDOW: ANY_VALUE: it cannot be used with OVER.
    "#]],
    );
    check_windows(
        "SUM(dept) OVER() AS a FROM @e",
        expect![[r#"
        2:13 120..136 E_CSC_USER_AGGREGATEARGUMENT: The aggregate SUM is not defined for string.
    "#]],
    );
    check_windows(
        "RANK() OVER() AS a, LAG(id) OVER() AS b, FIRST_VALUE(id) OVER() AS c FROM @e",
        expect![[r#"
            2:20 127..133 E_CSC_USER_INVALIDWINDOW: RANK: it needs an ORDER BY in OVER.
            2:41 148..154 E_CSC_USER_INVALIDWINDOW: LAG: it needs an ORDER BY in OVER.
            2:70 177..183 E_CSC_USER_INVALIDWINDOW: FIRST_VALUE: it needs an ORDER BY in OVER.
        "#]],
    );
    check_windows(
        "RANK() OVER(ORDER BY id ROWS 1 PRECEDING) AS a FROM @e",
        expect![[r#"
            2:37 144..160 E_CSC_USER_INVALIDWINDOW: RANK: ROWS is not allowed.
        "#]],
    );
    check_windows(
        "RANK(id) OVER(ORDER BY id) AS a, NTILE(0) OVER() AS b, NTILE(id) OVER() AS c FROM @e",
        expect![[r#"
            2:13 120..146 E_CSC_USER_INVALIDWINDOW: RANK: it takes no arguments.
            2:46 153..168 E_CSC_USER_INVALIDWINDOW: NTILE: the number of groups is positive.
            2:74 181..183 E_CSC_USER_EXPRESSIONNOTCONSTANTFOLDABLE: Expression cannot be constant folded.
        "#]],
    );
    check_windows(
        "LAG(id, 0) OVER(ORDER BY id) AS a, LAG(id, 1, \"x\") OVER(ORDER BY id) AS b FROM @e",
        expect![[r#"
            2:13 120..148 E_CSC_USER_INVALIDWINDOW: LAG: the offset is positive.
            2:59 166..169 E_CSC_USER_INVALIDCSHARP: C# error CS0029: Cannot implicitly convert type 'string' to 'int?'
        "#]],
    );
    check_windows(
        "PERCENTILE_CONT(0.5) OVER() AS a FROM @e",
        expect![[r#"
        2:13 120..147 E_CSC_USER_INVALIDWINDOW: PERCENTILE_CONT: it needs WITHIN GROUP (ORDER BY ..) of one expression.
    "#]],
    );
    check_windows(
        "PERCENTILE_CONT(1.5) WITHIN GROUP (ORDER BY pay) OVER() AS a FROM @e",
        expect![[r#"
            2:13 120..175 E_CSC_USER_INVALIDWINDOW: PERCENTILE_CONT: the percentile is not from 0.0 to 1.0.
        "#]],
    );
    check_windows(
        "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY dept) OVER() AS a FROM @e",
        expect![[r#"
            2:57 164..168 E_CSC_USER_INVALIDWINDOW: PERCENTILE_CONT: it is not defined for string.
        "#]],
    );
    check_windows(
        "PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY pay) OVER(ORDER BY id) AS a FROM @e",
        expect![[r#"
            2:67 174..185 E_CSC_USER_INVALIDWINDOW: PERCENTILE_DISC: its order stands in WITHIN GROUP.
        "#]],
    );
    check_windows(
        "SUM(pay) WITHIN GROUP (ORDER BY pay) OVER() AS a, SUM(pay) WITHIN GROUP (ORDER BY pay) AS b FROM @e",
        expect![[r#"
            2:36 143..155 E_CSC_USER_INVALIDWINDOW: SUM: it has no WITHIN GROUP.
            2:63 170..206 E_CSC_USER_INVALIDWINDOW: WITHIN GROUP: it needs an OVER clause.
        "#]],
    );
    check_windows(
        "FOO(pay) OVER() AS a, pay.ToString() OVER() AS b, ROW_NUMBER() AS c FROM @e",
        expect![[r#"
            2:13 120..135 E_CSC_USER_INVALIDWINDOW: FOO: it is no window function.
            2:35 142..163 E_CSC_USER_INVALIDWINDOW: pay.ToString: it is no window function.
            2:63 170..182 E_CSC_USER_INVALIDWINDOW: ROW_NUMBER: it needs an OVER clause.
        "#]],
    );
}

#[test]
fn windows_stand_in_the_items_of_a_select_without_groups() {
    check_windows(
        "id FROM @e WHERE ROW_NUMBER() OVER() == 1",
        expect![[r#"
        2:30 137..156 E_CSC_USER_WINDOWNOTALLOWED: The window function ROW_NUMBER is not allowed here.
    "#]],
    );
    check_windows(
        "id FROM @e ORDER BY ROW_NUMBER() OVER() FETCH 1 ROWS",
        expect![[r#"
            2:33 140..159 E_CSC_USER_WINDOWNOTALLOWED: The window function ROW_NUMBER is not allowed here.
        "#]],
    );
    check_windows(
        "dept, RANK() OVER(ORDER BY dept) AS r FROM @e GROUP BY dept",
        expect![[r#"
            2:19 126..152 E_CSC_USER_WINDOWNOTALLOWED: A window function is not allowed in a query with groups.
        "#]],
    );
    check_windows(
        "SUM(id) AS s, COUNT(*) OVER() AS c FROM @e",
        expect![[r#"
        2:27 134..149 E_CSC_USER_WINDOWNOTALLOWED: A window function is not allowed in a query with groups.
    "#]],
    );
    check_windows(
        "SUM(COUNT(*) OVER()) AS s FROM @e",
        expect![[r#"
        2:17 124..139 E_CSC_USER_WINDOWNOTALLOWED: The window function COUNT is not allowed here.
    "#]],
    );
    check_windows(
        "LAG(RANK() OVER(ORDER BY id)) OVER(ORDER BY id) AS s FROM @e",
        expect![[r#"
            2:17 124..148 E_CSC_USER_WINDOWNOTALLOWED: The window function RANK is not allowed here.
        "#]],
    );
    check_windows(
        "SUM(COUNT(*)) OVER() AS s FROM @e",
        expect![[r#"
        2:17 124..132 E_CSC_USER_AGGREGATENOTALLOWED: The aggregate COUNT is not allowed inside another aggregate.
    "#]],
    );
}

#[test]
fn an_order_may_name_a_window_by_its_alias_and_distinct_comes_after_windows() {
    check_windows(
        "DISTINCT dept, COUNT(*) OVER(PARTITION BY dept) AS c FROM @e ORDER BY c DESC FETCH 3 ROWS",
        expect![[r#"
            r1 = window r0 [COUNT(*) over ([#1] by [])] -> (.., window0 long?)
            r2 = project r1 [#1, #5] -> (dept string, c long?)
            r3 = distinct r2 -> (dept string, c long?)
            r4 = sort r3 by [#1 desc] fetch 3 -> (dept string, c long?)
        "#]],
    );
}
