//! Arrays, maps and what C# enumerates; EXPLODE.

use expect_test::{Expect, expect};

use super::lake::{check, run, values};

/// Expressions over the columns of one row: `s` is "b,a,c", `n` is 3, `xs` is {3, 1, 2}, `m` is {{"a", 1}, {"b", 2}}.
fn table(rows: &[(&str, &str)]) {
    for (expression, expected) in rows {
        let script = format!(
            "@t = EXTRACT s string, n int FROM \"/in.csv\" USING Extractors.Text(delimiter: '|');
             @u = SELECT s, n, new SQL.ARRAY<int>{{n, 1, 2}} AS xs,
                         new SQL.MAP<string, int>{{{{\"a\", 1}}, {{\"b\", n - 1}}}} AS m FROM @t;
             @r = SELECT {expression} AS r FROM @u;
             OUTPUT @r TO \"/out.csv\" USING Outputters.Csv(quoting: false, nullEscape: \"null\");"
        );
        let found = run("b,a,c|3\n", &script).map(|text| text.trim_end().to_owned());
        let found = found.unwrap_or_else(|error| error.report().details.clone());
        assert!(
            found == *expected || (expected.contains("Exception") && found.contains(expected)),
            "{expression}: {found} is not {expected}"
        );
    }
}

#[test]
fn elements_are_found_by_place_and_by_key() {
    table(&[
        ("xs[0]", "3"),
        ("xs[3]", "ArgumentOutOfRangeException"),
        ("xs[-1]", "ArgumentOutOfRangeException"),
        ("xs.Count", "3"),
        ("s.Split(',').Length", "3"),
        ("m[\"b\"]", "2"),
        ("m[\"c\"]", "0"),
        ("m.ContainsKey(\"c\")", "False"),
        ("m[(string) null]", "ArgumentNullException"),
        ("string.Join(\"-\", m.Keys)", "a-b"),
        ("string.Join(\"-\", m.Values)", "1-2"),
        ("xs.Contains(2)", "True"),
        ("xs.First() + xs.Last()", "5"),
        ("xs.ElementAt(1)", "1"),
        ("xs.ElementAtOrDefault(9)", "0"),
        ("xs.Single()", "InvalidOperationException"),
        ("xs.Where(x => x > 9).First()", "InvalidOperationException"),
        ("xs.FirstOrDefault(x => x > 9)", "0"),
        ("s.Split(',').LastOrDefault(x => x == \"z\")", "null"),
    ]);
}

#[test]
fn lambdas_see_elements_and_columns() {
    table(&[
        ("string.Join(\" \", xs.Where(x => x < n))", "1 2"),
        ("string.Join(\" \", xs.Select(x => x * n))", "9 3 6"),
        ("string.Join(\" \", xs.Select((x, i) => x + i))", "3 2 4"),
        ("string.Join(\" \", xs.Where((x, i) => i > 0))", "1 2"),
        ("xs.Any(x => x == n)", "True"),
        ("xs.All(x => x == n)", "False"),
        ("xs.Count(x => x >= 2)", "2"),
        ("xs.Sum(x => x * 10)", "60"),
        ("s.Split(',').Max(x => x.Length)", "1"),
        ("string.Join(\"\", xs.OrderBy(x => x))", "123"),
        (
            "string.Join(\"\", xs.OrderByDescending(x => x % 2).ThenBy(x => -x))",
            "312",
        ),
        (
            "string.Join(\" \", xs.SelectMany(x => xs.Where(y => y < x)))",
            "1 2 1",
        ),
        (
            "string.Join(\" \", xs.SelectMany(x => s.Split(','), (x, y) => y + x))",
            "b3 a3 c3 b1 a1 c1 b2 a2 c2",
        ),
        ("xs.Aggregate((a, x) => a * 10 + x)", "312"),
        ("xs.Aggregate(\"\", (a, x) => a + x)", "312"),
        ("xs.Aggregate(0, (a, x) => a + x, a => a * 2)", "12"),
        (
            "string.Join(\" \", m.Select(p => p.Key + p.Value))",
            "a1 b2",
        ),
        ("m.Where(p => p.Value > 1).First().Key", "b"),
        ("s.Count(c => c == ',')", "2"),
        ("new string[]{\"x\"}.Select(x => x + s).First()", "xb,a,c"),
        ("string.Join(\",\", xs.TakeWhile(x => x != 1))", "3"),
        ("string.Join(\",\", xs.SkipWhile(x => x != 1))", "1,2"),
        (
            "string.Join(\",\", xs.Zip(s.Split(','), (x, y) => x + y))",
            "3b,1a,2c",
        ),
        ("((Func<int, string>)(x => x + s))(n)", "3b,a,c"),
        ("xs.ToDictionary(x => x, x => x * x)[3]", "9"),
        ("xs.ToDictionary(x => 1)[1]", "ArgumentException"),
        (
            "string.Join(\" \", xs.GroupBy(x => x % 2).Select(g => g.Key + \":\" + g.Count()))",
            "1:2 0:1",
        ),
        (
            "string.Join(\" \", xs.Join(m, x => x, p => p.Value, (x, p) => p.Key + x))",
            "a1 b2",
        ),
    ]);
}

#[test]
fn sequences_are_put_together_and_compared() {
    table(&[
        ("string.Join(\"\", xs.Concat(xs).Distinct())", "312"),
        ("string.Join(\"\", xs.Union(new[]{4, 1}))", "3124"),
        ("string.Join(\"\", xs.Except(new[]{4, 1}))", "32"),
        ("string.Join(\"\", xs.Intersect(new[]{2, 3}))", "32"),
        ("string.Join(\"\", xs.Reverse())", "213"),
        ("string.Join(\"\", xs.Skip(1).Take(1))", "1"),
        ("string.Join(\"\", xs.Append(7).Prepend(8))", "83127"),
        ("xs.SequenceEqual(new[]{3, 1, 2})", "True"),
        ("string.Join(\"\", Enumerable.Range(n, 3))", "345"),
        ("string.Join(\"\", Enumerable.Repeat(s, 2))", "b,a,cb,a,c"),
        (
            "Enumerable.Range(0, -1).Count()",
            "ArgumentOutOfRangeException",
        ),
        (
            "Enumerable.Range(0, 2000000000).Count()",
            "OutOfMemoryException",
        ),
        (
            "string.Join(\"\", Enumerable.Empty<int>().DefaultIfEmpty(5))",
            "5",
        ),
        (
            "new SQL.ARRAY<double>(new[]{1.5, 0.0/0}).Contains(0.0/0)",
            "True",
        ),
        ("new[]{1.10m, 1.1m}.Distinct().Count()", "1"),
        ("new SQL.MAP<string, int>(m){{\"a\", 9}}[\"a\"]", "9"),
        ("new SQL.ARRAY<string>(s.Split(',')){\"z\"}.Count", "4"),
        ("string.Join(\";\", m)", "[a, 1];[b, 2]"),
        ("m.FirstOrDefault(p => p.Value > 9).Value", "0"),
        (
            "string.Join(\" \", xs.GroupBy(x => x % 2, (k, g) => k + \":\" + g.Sum()))",
            "1:4 0:2",
        ),
        (
            "string.Join(\"\", (from x in xs orderby x % 2 select x).ThenBy(x => x))",
            "213",
        ),
        (
            "SqlMap.Update(m, new SqlMap<string, int>{{\"a\", 7}})[\"a\"]",
            "7",
        ),
        ("SqlArray.Append(xs, new[]{4}).Count", "4"),
    ]);
}

#[test]
fn numbers_are_added_as_in_dotnet() {
    table(&[
        ("xs.Sum()", "6"),
        ("xs.Average()", "2"),
        ("xs.Min() + xs.Max()", "4"),
        ("new SQL.ARRAY<int?>{1, null, 2}.Sum()", "3"),
        ("new SQL.ARRAY<int?>{1, null, 2}.Average()", "1.5"),
        ("new SQL.ARRAY<int?>{null}.Max()", "null"),
        ("xs.Where(x => x > 9).Max()", "InvalidOperationException"),
        ("xs.Where(x => x > 9).Sum()", "0"),
        ("new[]{2147483647, n}.Sum()", "OverflowException"),
        ("new[]{2147483647, n}.Average()", "1073741825"),
        ("new[]{1.10m, 2m}.Sum()", "3.10"),
        ("new[]{\"b\", \"a\"}.Min()", "a"),
    ]);
}

#[test]
fn a_collection_that_is_null_raises_where_it_is_used() {
    table(&[
        ("((SQL.ARRAY<int>) null).Count()", "ArgumentNullException"),
        ("((SQL.ARRAY<int>) null) == null", "True"),
        ("xs == null", "False"),
        ("(n > 5 ? xs : null) == null ? -1 : xs.Count", "-1"),
        ("(n > 5 ? null : new SQL.ARRAY<int>{n})[0]", "3"),
        ("((SQL.ARRAY<int>) null ?? xs).Count", "3"),
        (
            "((string) null).Split(',').Length",
            "NullReferenceException",
        ),
    ]);
}

#[test]
fn variables_have_collections() {
    let script = r#"
        DECLARE @a = new SQL.ARRAY<string>{"x", "y"};
        DECLARE @b IEnumerable<string> = @a.Select(p => p + p);
        DECLARE CONST @path = string.Join("/", new[]{"", "out.csv"});
        @t = SELECT * FROM (VALUES (1), (2)) AS v(n);
        @r = SELECT n, q, @b.Count() AS c, @a.Where(z => z == q.Substring(1)).First() AS back
             FROM @t CROSS APPLY EXPLODE(@b) AS e(q);
        OUTPUT @r TO @path ORDER BY n, q USING Outputters.Csv();"#;
    check(
        "",
        script,
        expect![[r#"
            1,"xx",2,"x"
            1,"yy",2,"y"
            2,"xx",2,"x"
            2,"yy",2,"y"
        "#]],
    );
}

fn exploded(apply: &str, expected: Expect) {
    let script = format!(
        "@t = EXTRACT n int, s string FROM \"/in.csv\" USING Extractors.Csv(nullEscape: \"#\");
         @u = SELECT n, s == null ? null : new SQL.ARRAY<string>(s.Split(new[]{{';'}}, StringSplitOptions.RemoveEmptyEntries)) AS xs FROM @t;
         @r = SELECT n, e.* FROM @u {apply};
         OUTPUT @r TO \"/out.csv\" ORDER BY n USING Outputters.Csv(nullEscape: \"null\");"
    );
    check("1,a;b\n2,\n3,#\n4,c\n", &script, expected);
}

#[test]
fn cross_apply_drops_rows_without_elements() {
    exploded(
        "CROSS APPLY EXPLODE(xs) AS e(x string)",
        expect![[r#"
            1,"a"
            1,"b"
            4,"c"
        "#]],
    );
}

#[test]
fn outer_apply_keeps_rows_without_elements() {
    exploded(
        "OUTER APPLY EXPLODE(xs) AS e(x)",
        expect![[r#"
            1,"a"
            1,"b"
            2,null
            3,null
            4,"c"
        "#]],
    );
}

#[test]
fn pairs_become_two_columns() {
    exploded(
        "OUTER APPLY EXPLODE(xs == null ? null : xs.ToDictionary(x => x, x => n)) AS e(k, v)",
        expect![[r#"
            1,"a",1
            1,"b",1
            2,null,null
            3,null,null
            4,"c",4
        "#]],
    );
}

#[test]
fn applies_follow_each_other() {
    exploded(
        "CROSS APPLY EXPLODE(xs) AS x(a) CROSS APPLY EXPLODE(Enumerable.Range(n, 2)) AS e(b long)",
        expect![[r#"
            1,1
            1,2
            1,1
            1,2
            4,4
            4,5
        "#]],
    );
}

#[test]
fn a_million_elements_pass_in_batches() {
    let script = r#"
        @t = EXTRACT n int FROM "/in.csv" USING Extractors.Csv();
        @r = SELECT n, COUNT(*) AS c, SUM(x) AS s FROM @t
             CROSS APPLY EXPLODE(Enumerable.Range(0, 1000000).Where(y => y % n == 0)) AS e(x) GROUP BY n;
        OUTPUT @r TO "/out.csv" ORDER BY n USING Outputters.Csv();"#;
    check(
        "1\n2\n3\n",
        script,
        expect![[r#"
            1,1000000,499999500000
            2,500000,249999500000
            3,333334,166666833333
        "#]],
    );
}

#[test]
fn collections_go_through_joins_sorts_and_groups_as_values() {
    let script = r#"
        @t = EXTRACT n int, s string FROM "/in.csv" USING Extractors.Csv();
        @u = SELECT n, new SQL.ARRAY<string>(s.Split(';')) AS xs, new SQL.MAP<string, int>{{s, n}} AS m FROM @t;
        @j = SELECT a.n, a.xs, b.m FROM @u AS a LEFT OUTER JOIN @u AS b ON a.n == b.n;
        @k = SELECT n, string.Join("+", xs) AS t, m.Values.First() AS v FROM @j WHERE xs.Count > 1 ORDER BY n DESC FETCH 2;
        OUTPUT @k TO "/out.csv" ORDER BY n USING Outputters.Csv();"#;
    check(
        "1,a;b\n2,c\n3,d;e\n",
        script,
        expect![[r#"
            1,"a+b",1
            3,"d+e",3
        "#]],
    );
}

#[test]
fn an_element_that_raises_is_told_with_its_place() {
    let error = values("new[]{\"1\", \"x\"}.Select(v => int.Parse(v)).Sum() AS r").unwrap_err();
    assert!(
        error.report().details.contains("FormatException"),
        "{error}"
    );
}

#[test]
fn queries_give_what_their_methods_give() {
    table(&[
        (
            "string.Join(\" \", from x in xs where x > 1 select x * 10)",
            "30 20",
        ),
        (
            "string.Join(\" \", from x in xs orderby x select x)",
            "1 2 3",
        ),
        (
            "string.Join(\" \", from x in xs orderby x % 2 descending, x descending select x)",
            "3 1 2",
        ),
        (
            "string.Join(\" \", from x in xs let y = x * x where y > x select y + n)",
            "12 7",
        ),
        (
            "string.Join(\" \", from x in xs from c in s.Split(',') where x > 1 orderby c, x select c + x)",
            "a2 a3 b2 b3 c2 c3",
        ),
        (
            "string.Join(\" \", from x in xs join p in m on x equals p.Value select p.Key + x)",
            "a1 b2",
        ),
        (
            "string.Join(\" \", from x in xs join p in m on x equals p.Value into ps select x + \":\" + ps.Count())",
            "3:0 1:1 2:1",
        ),
        (
            "string.Join(\" \", from x in xs group x by x % 2 into g select g.Key + \":\" + string.Join(\",\", g))",
            "1:3,1 0:2",
        ),
        (
            "string.Join(\" \", from p in m select p.Key into k where k == \"a\" select k + k)",
            "aa",
        ),
        (
            "string.Join(\" \", from x in xs from y in xs from z in xs where x < y && y < z select \"\" + x + y + z)",
            "123",
        ),
        (
            "new SQL.MAP<string, string>(from p in s.Split(',') select new KeyValuePair<string, string>(p, p + p))[\"a\"]",
            "aa",
        ),
    ]);
}

#[test]
fn groups_become_arrays_and_maps() {
    let script = r#"
        @t = EXTRACT g string, n int?, d decimal FROM "/in.csv" USING Extractors.Csv();
        @r = SELECT g, string.Join("+", ARRAY_AGG(n).OrderBy(x => x)) AS all,
                    ARRAY_AGG(DISTINCT d).Count AS different, ARRAY_AGG<string>(g).Count() AS c,
                    MAP_AGG(n ?? 0, d)[2] AS two,
                    string.Join(",", MAP_AGG(g, n).Select(p => p.Key + "=" + p.Value)) AS map
             FROM @t GROUP BY g;
        OUTPUT @r TO "/out.csv" ORDER BY g USING Outputters.Csv();"#;
    check(
        "a,2,1.0\na,1,1.00\nb,,3\na,2,2.50\n",
        script,
        expect![[r#"
        "a","1+2+2",2,3,2.50,"a=2"
        "b","",1,1,0,"b="
    "#]],
    );
}

#[test]
fn nothing_aggregates_to_null() {
    let script = r#"
        @t = EXTRACT n int FROM "/in.csv" USING Extractors.Csv();
        @a = SELECT ARRAY_AGG(n) AS xs, MAP_AGG(n, n) AS m FROM @t WHERE n > 5;
        @r = SELECT xs == null AS x, m IS NULL AS y FROM @a;
        OUTPUT @r TO "/out.csv" USING Outputters.Csv();"#;
    check(
        "1\n",
        script,
        expect![[r#"
        True,True
    "#]],
    );
}

#[test]
fn what_is_collected_is_exploded_again() {
    let script = r#"
        @t = EXTRACT g string, n int FROM "/in.csv" USING Extractors.Csv();
        @a = SELECT g, ARRAY_AGG(new SQL.ARRAY<int>{n, n * 10}) AS xs FROM @t GROUP BY g;
        @r = SELECT g, x FROM @a CROSS APPLY EXPLODE(xs) AS e(pair) CROSS APPLY EXPLODE(e.pair) AS f(x);
        OUTPUT @r TO "/out.csv" ORDER BY g, x USING Outputters.Csv();"#;
    check(
        "a,1\nb,2\na,3\n",
        script,
        expect![[r#"
        "a",1
        "a",10
        "a",3
        "a",30
        "b",2
        "b",20
    "#]],
    );
}

#[test]
fn lambdas_are_nested_as_deep_as_they_can_be_written() {
    let mut body = "v0".to_owned();
    for level in (0..14).rev() {
        body = format!("new[]{{1, 2}}.Sum(v{level} => {body} + v{level})");
    }
    let script = |body: &str| {
        format!(
            "@t = EXTRACT n int FROM \"/in.csv\" USING Extractors.Csv();
             @r = SELECT {body} AS x FROM @t;
             OUTPUT @r TO \"/out.csv\" USING Outputters.Csv();"
        )
    };
    let shallow = "new[]{1, n}.Sum(a => new[]{a, n}.Sum(b => new[]{b, a}.Sum(c => c + b * a)))";
    assert_eq!(run("2\n", &script(shallow)).unwrap(), "35\r\n");
    assert_eq!(run("2\n", &script(&body)).unwrap(), "73725\r\n");
    let chain = format!("new[]{{1, n}}{}.Count()", ".Where(x => x > 0)".repeat(90));
    assert_eq!(run("2\n", &script(&chain)).unwrap(), "2\r\n");
}

#[test]
fn functions_have_names() {
    let script = r#"
        DECLARE @double Func<int, int> = n => n * 2;
        DECLARE @words Func<string, char, SqlArray<string>> = (text, c) => new SqlArray<string>(text.Split(c).Where(w => w.Length > 0));
        DECLARE @four Func<int, int> = (x) => @double(@double(x));
        @t = EXTRACT n int, s string FROM "/in.csv" USING Extractors.Csv();
        @a = SELECT @four(n) AS n, @words(s, ';') AS ws, Enumerable.Range(0, n).Sum(n => @double(n)) AS sum FROM @t;
        @r = SELECT n, sum, w FROM @a CROSS APPLY EXPLODE(ws) AS e(w);
        OUTPUT @r TO "/out.csv" ORDER BY w USING Outputters.Csv();"#;
    check(
        "3,;a;;b\n",
        script,
        expect![[r#"
        12,6,"a"
        12,6,"b"
    "#]],
    );
}

#[test]
fn a_collection_that_no_row_changes_stands_in_a_lambda() {
    let script = r#"
        DECLARE @words Func<string, SqlArray<string>> = text => new SqlArray<string>(text.Split(new char[]{';', '!'}).Where(w => w.Length > 0));
        @t = EXTRACT s string FROM "/in.csv" USING Extractors.Csv();
        @a = SELECT @words(s) AS ws FROM @t;
        @r = SELECT w FROM @a CROSS APPLY EXPLODE(ws) AS e(w);
        OUTPUT @r TO "/out.csv" ORDER BY w USING Outputters.Csv();"#;
    check(
        "a;b!\n;c\n",
        script,
        expect![[r#"
        "a"
        "b"
        "c"
    "#]],
    );
}

#[test]
fn values_are_applied_to_each_row() {
    check(
        "ab,0\nc,5\n",
        r#"
        @in = EXTRACT name string, n int FROM "/in.csv" USING Extractors.Csv();
        @out = SELECT name, x, y
               FROM @in CROSS APPLY VALUES (1, "one"), (name.Length, name + "!"), (n == 0 ? -1 : 10 / n, (string) null) AS v(x, y);
        OUTPUT @out TO "/out.csv" ORDER BY name, x, y USING Outputters.Csv();"#,
        expect![[r#"
            "ab",-1,
            "ab",1,"one"
            "ab",2,"ab!"
            "c",1,"c!"
            "c",1,"one"
            "c",2,
        "#]],
    );
}

#[test]
fn objects_without_a_type_of_a_name_carry_values_on() {
    table(&[
        ("new { A = n, s }.s", "b,a,c"),
        (
            "string.Join(\",\", xs.Select((x, index) => new { x, index }).Where(o => o.x <= o.index * 2).Select(o => o.x))",
            "1,2",
        ),
        (
            "(from x in xs orderby x select new { Name = \"n\" + x, x }).ToDictionary(o => o.Name, o => o.x)[\"n2\"]",
            "2",
        ),
        (
            "string.Join(\";\", from a in xs join b in xs on new { K = a, L = a % 2 } equals new { K = b, L = b % 2 } \
             select a + b)",
            "6;2;4",
        ),
        (
            "(from x in xs join y in xs on x equals y + 5 into g from z in g.DefaultIfEmpty() select new { x, z }).Count()",
            "3",
        ),
        (
            "xs.Where(x => x > 9).Select(x => new { x }).FirstOrDefault() == null",
            "True",
        ),
        (
            "xs.Where(x => x > 9).Select(x => new { x }).FirstOrDefault().x",
            "NullReferenceException",
        ),
    ]);
}

/// The example that the reference has of EXPLODE over tuples.
#[test]
fn the_items_of_tuples_are_columns() {
    let script = "@bands = SELECT * FROM (VALUES
            (\"Beatles\", \"George Harrison, John Lennon, Paul McCartney, Ringo Starr\"),
            (\"Eagles\", \"Don Henley, Glenn Frey, Joe Walsh, Timothy Schmit\")) AS Bands(name, members);
        @ca = SELECT name, m1, m2, m3, m4 FROM @bands CROSS APPLY EXPLODE (new [] {Tuple.Create(
            members.Split(',')[0], members.Split(',')[1], members.Split(',')[2], members.Split(',')[3])}) AS T(m1,m2,m3,m4);
        OUTPUT @ca TO \"/out.csv\" ORDER BY name USING Outputters.Csv(quoting: false);";
    let written = run("", script).unwrap_or_else(|error| panic!("{error}"));
    let lines: Vec<&str> = written.lines().collect();
    assert_eq!(
        lines,
        [
            "Beatles,George Harrison, John Lennon, Paul McCartney, Ringo Starr",
            "Eagles,Don Henley, Glenn Frey, Joe Walsh, Timothy Schmit"
        ]
    );
}
