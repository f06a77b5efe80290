use expect_test::expect;

use super::{check, check_with};
use usql_sema::{AvgIntegral, Settings};

fn over(query: &str) -> String {
    format!(
        "@e = EXTRACT id int, name string, dept long, pay decimal?, since DateTime FROM \"/e\" USING Extractors.Csv();\n\
         @d = EXTRACT id int, title string, boss int? FROM \"/d\" USING Extractors.Csv();\n\
         @q = {query};\nOUTPUT @q TO \"/q\" USING Outputters.Csv();\nOUTPUT @e TO \"/ee\" USING Outputters.Csv();\nOUTPUT @d TO \"/dd\" USING Outputters.Csv();"
    )
}

#[track_caller]
fn check_query(query: &str, expected: expect_test::Expect) {
    check(&over(query), expected);
}

#[test]
fn a_star_is_every_column() {
    check_query(
        "SELECT * FROM @e",
        expect![[r#"
        r0 = extract /e text(',') -> (id int, name string, dept long, pay decimal?, since DateTime)
        r1 = extract /d text(',') -> (id int, title string, boss int?)
        output r0 to /q text(',')
        output r0 to /ee text(',')
        output r1 to /dd text(',')
    "#]],
    );
    check_query(
        "SELECT T.*, 1 AS one FROM @e AS T WHERE T.id > 1",
        expect![[r#"
            r0 = extract /e text(',') -> (id int, name string, dept long, pay decimal?, since DateTime)
            r1 = extract /d text(',') -> (id int, title string, boss int?)
            r2 = filter r0 (#0 >int 1) -> (id int, name string, dept long, pay decimal?, since DateTime)
            r3 = project r2 [#0, #1, #2, #3, #4, 1] -> (id int, name string, dept long, pay decimal?, since DateTime, one int)
            output r3 to /q text(',')
            output r0 to /ee text(',')
            output r1 to /dd text(',')
        "#]],
    );
    check_query(
        "SELECT U.* FROM @e AS T",
        expect![[r#"
        3:13 199..202 E_CSC_USER_ROWSETALIASNOTFOUND: The rowset alias 'U' is not found.
    "#]],
    );
}

#[test]
fn a_join_pairs_columns_in_the_type_where_they_meet() {
    check_query(
        "SELECT e.name, d.title FROM @e AS e INNER JOIN @d AS d ON d.id == e.dept AND (e.id == d.boss)",
        expect![[r#"
            r0 = extract /e text(',') -> (id int, name string, dept long, pay decimal?, since DateTime)
            r1 = extract /d text(',') -> (id int, title string, boss int?)
            r2 = inner join r0 r1 on [#2 == long(#0), #0 == #2] -> (id int, name string, dept long, pay decimal?, since DateTime, id int, title string, boss int?)
            r3 = project r2 [#1, #6] -> (name string, title string)
            output r3 to /q text(',')
            output r0 to /ee text(',')
            output r1 to /dd text(',')
        "#]],
    );
}

#[test]
fn a_join_chain_sees_every_rowset_before_it() {
    check_query(
        "SELECT a.name, b.name AS boss, d.title FROM @e AS a JOIN @d AS d ON a.dept == d.id \
         JOIN @e AS b ON d.boss == b.id && b.dept == a.dept",
        expect![[r#"
            r0 = extract /e text(',') -> (id int, name string, dept long, pay decimal?, since DateTime)
            r1 = extract /d text(',') -> (id int, title string, boss int?)
            r2 = inner join r0 r1 on [#2 == long(#0)] -> (id int, name string, dept long, pay decimal?, since DateTime, id int, title string, boss int?)
            r3 = inner join r2 r0 on [#7 == #0, #2 == #2] -> (id int, name string, dept long, pay decimal?, since DateTime, id int, title string, boss int?, id int, name string, dept long, pay decimal?, since DateTime)
            r4 = project r3 [#1, #9, #6] -> (name string, boss string, title string)
            output r4 to /q text(',')
            output r0 to /ee text(',')
            output r1 to /dd text(',')
        "#]],
    );
}

#[test]
fn an_outer_join_makes_the_other_side_nullable() {
    check_query(
        "SELECT e.id, d.id AS did FROM @e AS e LEFT OUTER JOIN @d AS d ON e.id == d.id",
        expect![[r#"
            r0 = extract /e text(',') -> (id int, name string, dept long, pay decimal?, since DateTime)
            r1 = extract /d text(',') -> (id int, title string, boss int?)
            r2 = left outer join r0 r1 on [#0 == #0] -> (id int, name string, dept long, pay decimal?, since DateTime, id int?, title string, boss int?)
            r3 = project r2 [#0, #5] -> (id int, did int?)
            output r3 to /q text(',')
            output r0 to /ee text(',')
            output r1 to /dd text(',')
        "#]],
    );
    check_query(
        "SELECT e.id, d.id AS did FROM @e AS e RIGHT OUTER JOIN @d AS d ON e.id == d.id",
        expect![[r#"
            r0 = extract /e text(',') -> (id int, name string, dept long, pay decimal?, since DateTime)
            r1 = extract /d text(',') -> (id int, title string, boss int?)
            r2 = right outer join r0 r1 on [#0 == #0] -> (id int?, name string, dept long?, pay decimal?, since DateTime?, id int, title string, boss int?)
            r3 = project r2 [#0, #5] -> (id int?, did int)
            output r3 to /q text(',')
            output r0 to /ee text(',')
            output r1 to /dd text(',')
        "#]],
    );
    check_query(
        "SELECT e.id, d.id AS did FROM @e AS e FULL OUTER JOIN @d AS d ON e.id == d.id",
        expect![[r#"
            r0 = extract /e text(',') -> (id int, name string, dept long, pay decimal?, since DateTime)
            r1 = extract /d text(',') -> (id int, title string, boss int?)
            r2 = full outer join r0 r1 on [#0 == #0] -> (id int?, name string, dept long?, pay decimal?, since DateTime?, id int?, title string, boss int?)
            r3 = project r2 [#0, #5] -> (id int?, did int?)
            output r3 to /q text(',')
            output r0 to /ee text(',')
            output r1 to /dd text(',')
        "#]],
    );
    check_query(
        "SELECT e.id, d.id AS did FROM @e AS e CROSS JOIN @d AS d",
        expect![[r#"
            r0 = extract /e text(',') -> (id int, name string, dept long, pay decimal?, since DateTime)
            r1 = extract /d text(',') -> (id int, title string, boss int?)
            r2 = cross join r0 r1 on [] -> (id int, name string, dept long, pay decimal?, since DateTime, id int, title string, boss int?)
            r3 = project r2 [#0, #5] -> (id int, did int)
            output r3 to /q text(',')
            output r0 to /ee text(',')
            output r1 to /dd text(',')
        "#]],
    );
}

#[test]
fn a_join_condition_is_equality_of_columns() {
    check_query(
        "SELECT e.id FROM @e AS e JOIN @d AS d ON e.id > d.id",
        expect![[r#"
            3:47 233..244 E_CSC_USER_JOINCONDITION: A join condition compares columns of its two sides for equality: this is another comparison.
        "#]],
    );
    check_query(
        "SELECT e.id FROM @e AS e JOIN @d AS d ON e.id == 1",
        expect![[r#"
            3:55 241..242 E_CSC_USER_JOINCONDITION: A join condition compares columns of its two sides for equality: this is no column.
        "#]],
    );
    check_query(
        "SELECT e.id FROM @e AS e JOIN @d AS d ON e.id == e.dept",
        expect![[r#"
            3:47 233..247 E_CSC_USER_JOINCONDITION: A join condition compares columns of its two sides for equality: both columns are of the same side.
        "#]],
    );
    check_query(
        "SELECT e.id FROM @e AS e JOIN @d AS d ON e.id + 1 == d.id",
        expect![[r#"
            3:47 233..241 E_CSC_USER_JOINCONDITION: A join condition compares columns of its two sides for equality: this is no column.
        "#]],
    );
    check_query(
        "SELECT e.id FROM @e AS e JOIN @d AS d ON e.id == d.id OR e.dept == d.id",
        expect![[r#"
            3:47 233..263 E_CSC_USER_JOINCONDITION: A join condition compares columns of its two sides for equality: this is another comparison.
        "#]],
    );
    check_query(
        "SELECT e.id FROM @e AS e JOIN @d AS d ON e.name == d.id",
        expect![[r#"
            3:47 233..247 E_CSC_USER_INVALIDCSHARP: C# error CS0019: Operator '==' cannot be applied to operands of type 'string' and 'int'
        "#]],
    );
}

#[test]
fn a_column_of_both_sides_needs_its_rowset() {
    check_query(
        "SELECT id FROM @e AS e JOIN @d AS d ON e.id == d.id",
        expect![[r#"
            3:13 199..201 E_CSC_USER_AMBIGUOUSCOLUMN: The column 'id' is ambiguous: e and d have one.
        "#]],
    );
    check_query(
        "SELECT * FROM @e AS e JOIN @d AS d ON e.id == d.id",
        expect![[r#"
            3:13 199..200 E_CSC_USER_DUPLICATECOLUMN: The column 'id' is there more than once.
        "#]],
    );
    check_query(
        "SELECT @e.id, title FROM @e JOIN @d ON @e.id == @d.id",
        expect![[r#"
            r0 = extract /e text(',') -> (id int, name string, dept long, pay decimal?, since DateTime)
            r1 = extract /d text(',') -> (id int, title string, boss int?)
            r2 = inner join r0 r1 on [#0 == #0] -> (id int, name string, dept long, pay decimal?, since DateTime, id int, title string, boss int?)
            r3 = project r2 [#0, #6] -> (id int, title string)
            output r3 to /q text(',')
            output r0 to /ee text(',')
            output r1 to /dd text(',')
        "#]],
    );
    check_query(
        "SELECT e.name FROM @e AS e JOIN @e AS e ON e.id == e.id",
        expect![[r#"
            3:33 219..247 E_CSC_USER_DUPLICATEALIAS: The rowset alias 'e' is used twice in one FROM clause.
        "#]],
    );
}

#[test]
fn groups_have_keys_and_aggregates() {
    check_query(
        "SELECT dept, COUNT(*) AS n, COUNT(DISTINCT name) AS names, SUM(pay) AS pay, MIN(since) AS first \
         FROM @e GROUP BY dept",
        expect![[r#"
            r0 = extract /e text(',') -> (id int, name string, dept long, pay decimal?, since DateTime)
            r1 = extract /d text(',') -> (id int, title string, boss int?)
            r2 = aggregate r0 by [#2] [COUNT(*), COUNT(distinct #1), SUM(#3), MIN(#4)] -> (key0 long, aggregate0 long?, aggregate1 long?, aggregate2 decimal?, aggregate3 DateTime?)
            r3 = project r2 [#0, #1, #2, #3, #4] -> (dept long, n long?, names long?, pay decimal?, first DateTime?)
            output r3 to /q text(',')
            output r0 to /ee text(',')
            output r1 to /dd text(',')
        "#]],
    );
}

#[test]
fn an_aggregate_stands_inside_an_expression() {
    check_query(
        "SELECT dept + 1 AS next, SUM(id) / COUNT(*) + SUM(id) AS x FROM @e GROUP BY dept HAVING MAX(id) > 5 && dept > 0",
        expect![[r#"
            r0 = extract /e text(',') -> (id int, name string, dept long, pay decimal?, since DateTime)
            r1 = extract /d text(',') -> (id int, title string, boss int?)
            r2 = aggregate r0 by [#2] [SUM(long(#0)), COUNT(*), MAX(#0)] -> (key0 long, aggregate0 long?, aggregate1 long?, aggregate2 int?)
            r3 = filter r2 ((#3 >int 5) && (#0 >long 0L)) -> (key0 long, aggregate0 long?, aggregate1 long?, aggregate2 int?)
            r4 = project r3 [(#0 +long 1L), ((#1 /long #2) +long #1)] -> (next long, x long?)
            output r4 to /q text(',')
            output r0 to /ee text(',')
            output r1 to /dd text(',')
        "#]],
    );
}

#[test]
fn a_group_key_is_any_expression() {
    check_query(
        "SELECT since.Year AS year, name.Length + 1 AS length, COUNT() AS n FROM @e GROUP BY since.Year, name.Length",
        expect![[r#"
            r0 = extract /e text(',') -> (id int, name string, dept long, pay decimal?, since DateTime)
            r1 = extract /d text(',') -> (id int, title string, boss int?)
            r2 = aggregate r0 by [`DateTime.Year`(#4), `string.Length`(#1)] [COUNT(*)] -> (key0 int, key1 int, aggregate0 long?)
            r3 = project r2 [#0, (#1 +int 1), #2] -> (year int, length int, n long?)
            output r3 to /q text(',')
            output r0 to /ee text(',')
            output r1 to /dd text(',')
        "#]],
    );
}

#[test]
fn an_aggregation_without_keys_is_one_row() {
    check_query(
        "SELECT COUNT(*) AS n, MAX(name) AS last FROM @e",
        expect![[r#"
            r0 = extract /e text(',') -> (id int, name string, dept long, pay decimal?, since DateTime)
            r1 = extract /d text(',') -> (id int, title string, boss int?)
            r2 = aggregate r0 by [] [COUNT(*), MAX(#1)] -> (aggregate0 long?, aggregate1 string)
            r3 = project r2 [#0, #1] -> (n long?, last string)
            output r3 to /q text(',')
            output r0 to /ee text(',')
            output r1 to /dd text(',')
        "#]],
    );
}

#[test]
fn a_column_beside_groups_has_to_be_grouped() {
    check_query(
        "SELECT name, dept, COUNT(*) AS n FROM @e GROUP BY dept",
        expect![[r#"
            3:13 199..203 E_CSC_USER_COLUMNNOTGROUPED: The column 'name' is neither in the GROUP BY clause nor in an aggregate.
        "#]],
    );
    check_query(
        "SELECT COUNT(*) AS n FROM @e GROUP BY dept HAVING id > 1",
        expect![[r#"
            3:56 242..244 E_CSC_USER_COLUMNNOTGROUPED: The column 'id' is neither in the GROUP BY clause nor in an aggregate.
        "#]],
    );
    check_query(
        "SELECT * FROM @d GROUP BY id",
        expect![[r#"
        3:13 199..200 E_CSC_USER_COLUMNNOTGROUPED: The column 'title' is neither in the GROUP BY clause nor in an aggregate.
        3:13 199..200 E_CSC_USER_COLUMNNOTGROUPED: The column 'boss' is neither in the GROUP BY clause nor in an aggregate.
    "#]],
    );
}

#[test]
fn an_aggregate_has_its_places() {
    check_query(
        "SELECT id FROM @e WHERE COUNT(*) > 1",
        expect![[r#"
        3:30 216..224 E_CSC_USER_AGGREGATENOTALLOWED: The aggregate COUNT is not allowed in WHERE.
    "#]],
    );
    check_query(
        "SELECT SUM(COUNT(*)) AS x FROM @e",
        expect![[r#"
        3:17 203..211 E_CSC_USER_AGGREGATENOTALLOWED: The aggregate COUNT is not allowed inside another aggregate.
    "#]],
    );
    check_query(
        "SELECT COUNT(*) AS n FROM @e GROUP BY SUM(id)",
        expect![[r#"
        3:44 230..237 E_CSC_USER_AGGREGATENOTALLOWED: The aggregate SUM is not allowed in GROUP BY.
    "#]],
    );
    check_query(
        "SELECT SUM(name) AS x, SUM() AS y, MIN(id, id) AS z, SUM(*) AS w FROM @e",
        expect![[r#"
            3:13 199..208 E_CSC_USER_AGGREGATEARGUMENT: The aggregate SUM is not defined for string.
            3:29 215..220 E_CSC_USER_AGGREGATEARGUMENT: The aggregate SUM takes one expression.
            3:41 227..238 E_CSC_USER_AGGREGATEARGUMENT: The aggregate MIN takes one expression.
            3:59 245..251 E_CSC_USER_AGGREGATEARGUMENT: The aggregate SUM takes one expression.
        "#]],
    );
    check_query(
        "SELECT ARRAY_AGG(name) AS x, FOO(id) AS y, Foo(id) AS z FROM @e",
        expect![[r#"
            3:35 221..228 E_CSC_USER_NOTSUPPORTED: The function FOO is not supported.
            3:49 235..242 E_CSC_USER_INVALIDCSHARP: C# error CS0103: The name 'Foo' does not exist in the current context
        "#]],
    );
}

#[test]
fn sums_and_means_have_the_documented_types() {
    check(
        "@t = EXTRACT a sbyte, b byte, c short, d ushort, e int, f uint, g long, h ulong, i float, j double, k decimal \
         FROM \"/t\" USING Extractors.Csv();\n\
         @q = SELECT SUM(a) AS a, SUM(b) AS b, SUM(e) AS e, SUM(f) AS f, SUM(h) AS h, SUM(i) AS i, SUM(k) AS k, \
         AVG(c) AS c, AVG(d) AS d, AVG(g) AS g, AVG(j) AS j, AVG(k) AS m FROM @t;\n\
         OUTPUT @q TO \"/q\" USING Outputters.Csv();",
        expect![[r#"
            r0 = extract /t text(',') -> (a sbyte, b byte, c short, d ushort, e int, f uint, g long, h ulong, i float, j double, k decimal)
            r1 = aggregate r0 by [] [SUM(long(#0)), SUM(long(#1)), SUM(long(#4)), SUM(long(#5)), SUM(double(#7)), SUM(double(#8)), SUM(#10), AVG(long(#2)), AVG(long(#3)), AVG(#6), AVG(#9), AVG(#10)] -> (aggregate0 long?, aggregate1 long?, aggregate2 long?, aggregate3 long?, aggregate4 double?, aggregate5 double?, aggregate6 decimal?, aggregate7 long?, aggregate8 long?, aggregate9 long?, aggregate10 double?, aggregate11 decimal?)
            r2 = project r1 [#0, #1, #2, #3, #4, #5, #6, #7, #8, #9, #10, #11] -> (a long?, b long?, e long?, f long?, h double?, i double?, k decimal?, c long?, d long?, g long?, j double?, m decimal?)
            output r2 to /q text(',')
        "#]],
    );
}

#[test]
fn the_mean_of_integers_is_a_setting() {
    check_with(
        Settings::default().with_avg_integral(AvgIntegral::Double),
        "@t = EXTRACT a int FROM \"/t\" USING Extractors.Csv();\n@q = SELECT AVG(a) AS a FROM @t;\n\
         OUTPUT @q TO \"/q\" USING Outputters.Csv();",
        expect![[r#"
            r0 = extract /t text(',') -> (a int)
            r1 = aggregate r0 by [] [AVG(double(#0))] -> (aggregate0 double?)
            r2 = project r1 [#0] -> (a double?)
            output r2 to /q text(',')
        "#]],
    );
}

#[test]
fn distinct_comes_after_the_items() {
    check_query(
        "SELECT DISTINCT dept FROM @e ORDER BY dept FETCH 3",
        expect![[r#"
            r0 = extract /e text(',') -> (id int, name string, dept long, pay decimal?, since DateTime)
            r1 = extract /d text(',') -> (id int, title string, boss int?)
            r2 = project r0 [#2] -> (dept long)
            r3 = distinct r2 -> (dept long)
            r4 = sort r3 by [#0 asc] fetch 3 -> (dept long)
            output r4 to /q text(',')
            output r0 to /ee text(',')
            output r1 to /dd text(',')
        "#]],
    );
    check_query(
        "SELECT DISTINCT dept FROM @e ORDER BY id FETCH 3",
        expect![[r#"
            3:44 230..232 E_CSC_USER_NOTSUPPORTED: An ORDER BY of what a SELECT DISTINCT does not select is not supported.
        "#]],
    );
}

#[test]
fn an_order_sees_items_and_columns() {
    check_query(
        "SELECT name, id * 2 AS twice FROM @e ORDER BY twice DESC, name FETCH 10 ROWS",
        expect![[r#"
            r0 = extract /e text(',') -> (id int, name string, dept long, pay decimal?, since DateTime)
            r1 = extract /d text(',') -> (id int, title string, boss int?)
            r2 = project r0 [#1, (#0 *int 2)] -> (name string, twice int)
            r3 = sort r2 by [#1 desc, #0 asc] fetch 10 -> (name string, twice int)
            output r3 to /q text(',')
            output r0 to /ee text(',')
            output r1 to /dd text(',')
        "#]],
    );
    check_query(
        "SELECT name FROM @e AS T ORDER BY T.id, pay OFFSET 5 ROWS FETCH NEXT 10 ROWS ONLY",
        expect![[r#"
            r0 = extract /e text(',') -> (id int, name string, dept long, pay decimal?, since DateTime)
            r1 = extract /d text(',') -> (id int, title string, boss int?)
            r2 = project r0 [#1, #0, #3] -> (name string, order0 int, order1 decimal?)
            r3 = sort r2 by [#1 asc, #2 asc] offset 5 fetch 10 -> (name string, order0 int, order1 decimal?)
            r4 = project r3 [#0] -> (name string)
            output r4 to /q text(',')
            output r0 to /ee text(',')
            output r1 to /dd text(',')
        "#]],
    );
    check_query(
        "SELECT dept, SUM(id) AS s FROM @e GROUP BY dept ORDER BY COUNT(*) DESC, s FETCH 1",
        expect![[r#"
            r0 = extract /e text(',') -> (id int, name string, dept long, pay decimal?, since DateTime)
            r1 = extract /d text(',') -> (id int, title string, boss int?)
            r2 = aggregate r0 by [#2] [SUM(long(#0)), COUNT(*)] -> (key0 long, aggregate0 long?, aggregate1 long?)
            r3 = project r2 [#0, #1, #2] -> (dept long, s long?, order0 long?)
            r4 = sort r3 by [#2 desc, #1 asc] fetch 1 -> (dept long, s long?, order0 long?)
            r5 = project r4 [#0, #1] -> (dept long, s long?)
            output r5 to /q text(',')
            output r0 to /ee text(',')
            output r1 to /dd text(',')
        "#]],
    );
}

#[test]
fn an_order_needs_an_offset_or_a_fetch_in_a_query() {
    check_query(
        "SELECT name FROM @e ORDER BY name OFFSET 2 ROWS",
        expect![[r#"
        r0 = extract /e text(',') -> (id int, name string, dept long, pay decimal?, since DateTime)
        r1 = extract /d text(',') -> (id int, title string, boss int?)
        r2 = project r0 [#1] -> (name string)
        r3 = sort r2 by [#0 asc] offset 2 -> (name string)
        output r3 to /q text(',')
        output r0 to /ee text(',')
        output r1 to /dd text(',')
    "#]],
    );
    check_query(
        "SELECT name FROM @e ORDER BY name",
        expect![[r#"
        3:26 212..225 E_CSC_USER_ORDERBYWITHOUTFETCH: ORDER BY needs a FETCH clause here.
    "#]],
    );
    check_query(
        "SELECT name FROM @e ORDER BY name FETCH 0 ROWS",
        expect![[r#"
            3:46 232..233 E_CSC_USER_FETCHOUTOFRANGE: FETCH 0 is out of range: 1 to 10000 rows.
        "#]],
    );
    check_query(
        "SELECT name FROM @e ORDER BY name FETCH 10001 ROWS",
        expect![[r#"
            3:46 232..237 E_CSC_USER_FETCHOUTOFRANGE: FETCH 10001 is out of range: 1 to 10000 rows.
        "#]],
    );
    check_query(
        "SELECT name FROM @e ORDER BY name FETCH 10000 ROWS",
        expect![[r#"
            r0 = extract /e text(',') -> (id int, name string, dept long, pay decimal?, since DateTime)
            r1 = extract /d text(',') -> (id int, title string, boss int?)
            r2 = project r0 [#1] -> (name string)
            r3 = sort r2 by [#0 asc] fetch 10000 -> (name string)
            output r3 to /q text(',')
            output r0 to /ee text(',')
            output r1 to /dd text(',')
        "#]],
    );
}

#[test]
fn an_extract_may_be_cut() {
    check(
        "@a = EXTRACT x int FROM \"/a\" USING Extractors.Csv() ORDER BY x FETCH 10;\nOUTPUT @a TO \"/b\" USING Outputters.Csv();",
        expect![[r#"
            r0 = extract /a text(',') -> (x int)
            r1 = sort r0 by [#0 asc] fetch 10 -> (x int)
            output r1 to /b text(',')
        "#]],
    );
}

#[test]
fn a_subquery_has_a_name() {
    check_query(
        "SELECT T.n FROM (SELECT COUNT(*) AS n FROM @e) AS T",
        expect![[r#"
            r0 = extract /e text(',') -> (id int, name string, dept long, pay decimal?, since DateTime)
            r1 = extract /d text(',') -> (id int, title string, boss int?)
            r2 = aggregate r0 by [] [COUNT(*)] -> (aggregate0 long?)
            r3 = project r2 [#0] -> (n long?)
            output r3 to /q text(',')
            output r0 to /ee text(',')
            output r1 to /dd text(',')
        "#]],
    );
}

#[test]
fn the_values_of_a_column_have_one_type() {
    check_query(
        "SELECT * FROM (VALUES (1, \"a\", (int?) null), (2, null, (int?) 3)) AS T(n, s, o)",
        expect![[r#"
            r0 = extract /e text(',') -> (id int, name string, dept long, pay decimal?, since DateTime)
            r1 = extract /d text(',') -> (id int, title string, boss int?)
            r2 = values (1, "a", null:int?), (2, null:string, 3) -> (n int, s string, o int?)
            output r2 to /q text(',')
            output r0 to /ee text(',')
            output r1 to /dd text(',')
        "#]],
    );
    check_query(
        "SELECT * FROM (VALUES (1), (2L)) AS T(n)",
        expect![[r#"
        3:34 220..222 E_CSC_USER_COLUMNTYPEMISMATCH: The values of column 'n' have types 'int' and 'long'.
    "#]],
    );
    check_query(
        "SELECT * FROM (VALUES (1), (null)) AS T(n)",
        expect![[r#"
        3:34 220..224 E_CSC_USER_COLUMNTYPEMISMATCH: The values of column 'n' have types 'int' and '<null>'.
    "#]],
    );
    check_query(
        "SELECT * FROM (VALUES (1), ((int?) 2)) AS T(n)",
        expect![[r#"
            3:34 220..228 E_CSC_USER_COLUMNTYPEMISMATCH: The values of column 'n' have types 'int' and 'int?'.
        "#]],
    );
    check_query(
        "SELECT * FROM (VALUES (null)) AS T(n)",
        expect![[r#"
        3:41 227..228 E_CSC_USER_UNTYPEDNULL: The type of 'n' is unknown: null has none.
    "#]],
    );
    check_query(
        "SELECT * FROM (VALUES (1, 2), (3)) AS T(a, b)",
        expect![[r#"
        3:36 222..225 E_CSC_USER_COLUMNCOUNTMISMATCH: The row has 1 values where 2 are expected.
    "#]],
    );
    check_query(
        "SELECT * FROM (VALUES (1, 2)) AS T(a, a)",
        expect![[r#"
        3:44 230..231 E_CSC_USER_DUPLICATECOLUMN: The column 'a' is there more than once.
    "#]],
    );
    check_query(
        "SELECT * FROM (VALUES (x)) AS T(x)",
        expect![[r#"
        3:29 215..216 E_CSC_USER_COLUMNNOTFOUND: The column 'x' is not found. Columns here: none.
    "#]],
    );
}

#[test]
fn a_computed_column_needs_a_name() {
    check_query(
        "SELECT id + 1, name.Length, since.Year AS y FROM @e",
        expect![[r#"
            3:13 199..205 E_CSC_USER_MISSINGALIAS: The computed column needs a name.
        "#]],
    );
    check_query(
        "SELECT id, dept AS id FROM @e",
        expect![[r#"
        3:17 203..213 E_CSC_USER_DUPLICATECOLUMN: The column 'id' is there more than once.
    "#]],
    );
    check_query(
        "SELECT null AS nothing FROM @e",
        expect![[r#"
        3:13 199..203 E_CSC_USER_UNTYPEDNULL: The type of 'nothing' is unknown: null has none.
    "#]],
    );
}

#[test]
fn conditions_are_bool_and_not_nullable() {
    check_query(
        "SELECT id FROM @e WHERE id",
        expect![[r#"
        3:30 216..218 E_CSC_USER_INVALIDCSHARP: C# error CS0029: Cannot implicitly convert type 'int' to 'bool'
    "#]],
    );
    check_query(
        "SELECT id FROM @e WHERE pay > 1 ? (bool?) true : null",
        expect![[r#"
            3:30 216..245 E_CSC_USER_INVALIDCSHARP: C# error CS0266: Cannot implicitly convert type 'bool?' to 'bool'. An explicit conversion exists (are you missing a cast?)
        "#]],
    );
    check_query(
        "SELECT id FROM @d WHERE boss > 1",
        expect![[r#"
        r0 = extract /e text(',') -> (id int, name string, dept long, pay decimal?, since DateTime)
        r1 = extract /d text(',') -> (id int, title string, boss int?)
        r2 = filter r1 (#2 >int 1) -> (id int, title string, boss int?)
        r3 = project r2 [#0] -> (id int)
        output r3 to /q text(',')
        output r0 to /ee text(',')
        output r1 to /dd text(',')
    "#]],
    );
}

#[test]
fn names_are_case_sensitive() {
    check_query(
        "SELECT Name FROM @e",
        expect![[r#"
        3:13 199..203 E_CSC_USER_COLUMNNOTFOUND: The column 'Name' is not found. Columns here: id, name, dept, pay, since.
    "#]],
    );
    check_query(
        "SELECT id FROM @E",
        expect![[r#"
        3:21 207..209 E_CSC_USER_VARIABLENOTDECLARED: The variable @E is not declared.
    "#]],
    );
    check_query(
        "SELECT e.nam FROM @e AS e",
        expect![[r#"
        3:13 199..204 E_CSC_USER_COLUMNNOTFOUND: The column 'e.nam' is not found. Columns here: id, name, dept, pay, since.
    "#]],
    );
    check_query(
        "SELECT [id] FROM @e WHERE [name] == \"x\"",
        expect![[r#"
        r0 = extract /e text(',') -> (id int, name string, dept long, pay decimal?, since DateTime)
        r1 = extract /d text(',') -> (id int, title string, boss int?)
        r2 = filter r0 (#1 ==string "x") -> (id int, name string, dept long, pay decimal?, since DateTime)
        r3 = project r2 [#0] -> (id int)
        output r3 to /q text(',')
        output r0 to /ee text(',')
        output r1 to /dd text(',')
    "#]],
    );
}

/// `query` over `@l(id int, name string, age int?)` and `@r(id int, pay decimal, name string)`; only what it adds.
#[track_caller]
#[expect(
    clippy::needless_pass_by_value,
    reason = "an expectation is written in place"
)]
fn check_sets(query: &str, expected: expect_test::Expect) {
    let script = format!(
        "@l = EXTRACT id int, name string, age int? FROM \"/l\" USING Extractors.Csv();\n\
         @r = EXTRACT id int, pay decimal, name string FROM \"/r\" USING Extractors.Csv();\n\
         @q = {query};\nOUTPUT @q TO \"/q\" USING Outputters.Csv();"
    );
    let answer = super::answer(Settings::default(), &script);
    let added = answer.lines().filter(|line| !line.contains("= extract"));
    expected.assert_eq(&added.map(|line| format!("{line}\n")).collect::<String>());
}

#[test]
fn set_operations_match_columns_by_position_and_take_names_from_the_left() {
    check_sets(
        "SELECT id, name FROM @l UNION SELECT id AS x, name AS y FROM @r",
        expect![[r#"
            r2 = project r0 [#0, #1] -> (id int, name string)
            r3 = project r1 [#0, #2] -> (x int, y string)
            r4 = union distinct r2 r3 -> (id int, name string)
            output r4 to /q text(',')
        "#]],
    );
    check_sets(
        "SELECT id FROM @l UNION ALL SELECT age FROM @l EXCEPT ALL SELECT id FROM @r INTERSECT DISTINCT SELECT id FROM @r",
        expect![[r#"
            r2 = project r0 [#0] -> (id int)
            r3 = project r0 [#2] -> (age int?)
            r4 = union all r2 r3 -> (id int?)
            r5 = project r1 [#0] -> (id int)
            r6 = except all r4 r5 -> (id int?)
            r7 = project r1 [#0] -> (id int)
            r8 = intersect distinct r6 r7 -> (id int?)
            output r8 to /q text(',')
        "#]],
    );
    check_sets(
        "SELECT id, name FROM @l UNION SELECT id FROM @r",
        expect![[r#"
        3:30 186..191 E_CSC_USER_SETOPERATIONMISMATCH: UNION: the left rowset has 2 columns and the right one 1.
    "#]],
    );
    check_sets(
        "SELECT id, name FROM @l UNION SELECT * FROM @r",
        expect![[r#"
        3:30 186..191 E_CSC_USER_SETOPERATIONMISMATCH: UNION: the left rowset has 2 columns and the right one 3.
    "#]],
    );
    check_sets(
        "SELECT id, age FROM @l EXCEPT SELECT name, pay FROM @r",
        expect![[r#"
        3:29 185..191 E_CSC_USER_SETOPERATIONMISMATCH: EXCEPT: the types of the columns 'id' and 'name' are 'int' and 'string'.
        3:29 185..191 E_CSC_USER_SETOPERATIONMISMATCH: EXCEPT: the types of the columns 'age' and 'pay' are 'int?' and 'decimal'.
    "#]],
    );
}

#[test]
fn set_operations_match_columns_by_name() {
    check_sets(
        "SELECT * FROM @l INTERSECT BY NAME ON (*) SELECT * FROM @r",
        expect![[r#"
        r2 = project r0 [#0, #1] -> (id int, name string)
        r3 = project r1 [#0, #2] -> (id int, name string)
        r4 = intersect distinct r2 r3 -> (id int, name string)
        output r4 to /q text(',')
    "#]],
    );
    check_sets(
        "SELECT * FROM @l UNION ALL BY NAME ON (id, *) WITH DISJOINT (id) SELECT * FROM @r",
        expect![[r#"
            r2 = project r0 [#0, #1] -> (id int, name string)
            r3 = project r1 [#0, #2] -> (id int, name string)
            r4 = union all r2 r3 -> (id int, name string)
            output r4 to /q text(',')
        "#]],
    );
    check_sets(
        "SELECT id, name FROM @l UNION BY NAME SELECT name, id FROM @r",
        expect![[r#"
            r2 = project r0 [#0, #1] -> (id int, name string)
            r3 = project r1 [#2, #0] -> (name string, id int)
            r4 = project r3 [#1, #0] -> (id int, name string)
            r5 = union distinct r2 r4 -> (id int, name string)
            output r5 to /q text(',')
        "#]],
    );
    check_sets(
        "SELECT id, name FROM @l UNION BY NAME SELECT id, pay FROM @r",
        expect![[r#"
        3:30 186..199 E_CSC_USER_SETOPERATIONMISMATCH: UNION: the right rowset has no column 'name'.
    "#]],
    );
    check_sets(
        "SELECT * FROM @l EXCEPT BY NAME ON (id) SELECT * FROM @r",
        expect![[r#"
        3:41 197..201 E_CSC_USER_SETOPERATIONMISMATCH: EXCEPT: both rowsets have a column 'name', which the ON list does not name.
    "#]],
    );
    check_sets(
        "SELECT * FROM @l EXCEPT BY NAME ON (id, age, *) SELECT * FROM @r",
        expect![[r#"
        3:46 202..205 E_CSC_USER_SETOPERATIONMISMATCH: EXCEPT: the right rowset has no column 'age'.
    "#]],
    );
    check_sets(
        "SELECT * FROM @l EXCEPT BY NAME ON (id, id, *) SELECT * FROM @r",
        expect![[r#"
        3:46 202..204 E_CSC_USER_SETOPERATIONMISMATCH: EXCEPT: the column 'id' is listed twice.
    "#]],
    );
    check_sets(
        "SELECT age FROM @l EXCEPT BY NAME ON (*) SELECT pay FROM @r",
        expect![[r#"
        3:25 181..202 E_CSC_USER_SETOPERATIONMISMATCH: EXCEPT: the rowsets have no column of the same name.
    "#]],
    );
    check_sets(
        "SELECT id FROM @l UNION WITH DISJOINT (x) SELECT id FROM @r",
        expect![[r#"
            3:45 201..202 E_CSC_USER_SETOPERATIONMISMATCH: UNION: the left rowset has no column 'x'.
        "#]],
    );
}

#[test]
fn an_outer_union_fills_what_a_side_lacks_with_the_default_of_its_type() {
    check_sets(
        "SELECT * FROM @l OUTER UNION BY NAME ON (id, name) SELECT * FROM @r",
        expect![[r#"
        r2 = project r0 [#0, #1, #2, 0m] -> (id int, name string, age int?, pay decimal)
        r3 = project r1 [#0, #2, null:int?, #1] -> (id int, name string, age int?, pay decimal)
        r4 = union all r2 r3 -> (id int, name string, age int?, pay decimal)
        output r4 to /q text(',')
    "#]],
    );
    check_sets(
        "SELECT * FROM @r OUTER UNION ALL BY NAME ON (*) SELECT * FROM @l",
        expect![[r#"
        r2 = project r1 [#0, #1, #2, null:int?] -> (id int, pay decimal, name string, age int?)
        r3 = project r0 [#0, 0m, #1, #2] -> (id int, pay decimal, name string, age int?)
        r4 = union all r2 r3 -> (id int, pay decimal, name string, age int?)
        output r4 to /q text(',')
    "#]],
    );
    check_sets(
        "SELECT * FROM @l OUTER UNION BY NAME SELECT * FROM @r",
        expect![[r#"
        3:23 179..198 E_CSC_USER_SETOPERATIONMISMATCH: OUTER UNION: it needs BY NAME with an ON list.
    "#]],
    );
    check_sets(
        "SELECT * FROM @l OUTER UNION DISTINCT BY NAME ON (*) SELECT * FROM @r",
        expect![[r#"
            3:23 179..214 E_CSC_USER_NOTSUPPORTED: OUTER UNION DISTINCT is not supported.
        "#]],
    );
}

#[test]
fn a_semijoin_has_the_columns_of_the_side_that_it_keeps() {
    check_sets(
        "SELECT * FROM @l AS l SEMIJOIN @r AS r ON l.id == r.id",
        expect![[r#"
        r2 = semi join r0 r1 on [#0 == #0] -> (id int, name string, age int?)
        output r2 to /q text(',')
    "#]],
    );
    check_sets(
        "SELECT * FROM @l AS l RIGHT SEMIJOIN @r AS r ON l.id == r.id",
        expect![[r#"
        r2 = semi join r1 r0 on [#0 == #0] -> (id int, pay decimal, name string)
        output r2 to /q text(',')
    "#]],
    );
    check_sets(
        "SELECT * FROM @l AS l LEFT BROADCASTRIGHT ANTISEMIJOIN @r AS r ON l.id == r.id AND l.name == r.name",
        expect![[r#"
            r2 = anti semi join r0 r1 on [#0 == #0, #1 == #2] -> (id int, name string, age int?)
            output r2 to /q text(',')
        "#]],
    );
    check_sets(
        "SELECT pay, age FROM @l AS l ANTISEMIJOIN @r AS r ON l.id == r.id",
        expect![[r#"
            3:13 169..172 E_CSC_USER_COLUMNNOTFOUND: The column 'pay' is not found. Columns here: id, name, age.
        "#]],
    );
    check_sets(
        "SELECT r.id, x.age FROM @l AS l RIGHT ANTISEMIJOIN @r AS r ON l.id == r.id JOIN @l AS x ON r.id == x.id",
        expect![[r#"
            r2 = anti semi join r1 r0 on [#0 == #0] -> (id int, pay decimal, name string)
            r3 = inner join r2 r0 on [#0 == #0] -> (id int, pay decimal, name string, id int, name string, age int?)
            r4 = project r3 [#0, #5] -> (id int, age int?)
            output r4 to /q text(',')
        "#]],
    );
    check_sets(
        "SELECT l.id, pay FROM @l AS l OUTER JOIN @r AS r ON l.id == r.id",
        expect![[r#"
            r2 = left outer join r0 r1 on [#0 == #0] -> (id int, name string, age int?, id int?, pay decimal?, name string)
            r3 = project r2 [#0, #4] -> (id int, pay decimal?)
            output r3 to /q text(',')
        "#]],
    );
}

#[test]
fn values_are_applied_to_each_row() {
    check(
        r#"@t = EXTRACT name string, n int? FROM "/t" USING Extractors.Csv();
@one = SELECT t.name, v.x FROM @t AS t CROSS APPLY VALUES (1) AS v(x);
@three = SELECT * FROM @t AS t CROSS APPLY VALUES (name.Length, n), (2, null), (t.n ?? 0, (int?) 4) AS v(x, y);
OUTPUT @one TO "/one" USING Outputters.Csv();
OUTPUT @three TO "/three" USING Outputters.Csv();"#,
        expect![[r#"
            r0 = extract /t text(',') -> (name string, n int?)
            r1 = project r0 [#0, #1, 1] -> (name string, n int?, x int)
            r2 = project r1 [#0, #2] -> (name string, x int)
            r3 = explode r0 List(0, 1, 2) -> (name string, n int?, # int)
            r4 = project r3 [#0, #1, ((#2 <int 1) ? `string.Length`(#0) : ((#2 <int 2) ? 2 : (#1 ?? 0))), ((#2 <int 1) ? #1 : ((#2 <int 2) ? null:int? : 4))] -> (name string, n int?, x int, y int?)
            output r2 to /one text(',')
            output r4 to /three text(',')
        "#]],
    );
    check(
        r#"@t = EXTRACT name string, n int? FROM "/t" USING Extractors.Csv();
@a = SELECT * FROM @t AS t CROSS APPLY VALUES (1), (2L) AS v(x);
@b = SELECT * FROM @t AS t CROSS APPLY VALUES (1, 2) AS v(x);
@c = SELECT * FROM @t AS t CROSS APPLY VALUES (1) AS t(x);
@e = SELECT * FROM @t AS t OUTER APPLY VALUES (1) AS v(x);
@f = SELECT * FROM @t AS t CROSS APPLY VALUES (z) AS v(x);"#,
        expect![[r#"
            2:53 119..121 E_CSC_USER_COLUMNTYPEMISMATCH: The values of column 'x' have types 'int' and 'long'.
            3:47 178..184 E_CSC_USER_COLUMNCOUNTMISMATCH: The row has 2 values where 1 are expected.
            4:28 221..251 E_CSC_USER_DUPLICATEALIAS: The rowset alias 't' is used twice in one FROM clause.
            5:28 280..310 E_CSC_USER_NOTSUPPORTED: OUTER APPLY of VALUES is not supported.
            6:48 359..360 E_CSC_USER_COLUMNNOTFOUND: The column 'z' is not found. Columns here: name, n.
        "#]],
    );
}
