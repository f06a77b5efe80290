//! How collections, lambdas and LINQ are typed, and what of them is refused.

use expect_test::expect;
use usql_sema::Settings;

use super::{answer, check};

const ROWS: &str = "@t = SELECT * FROM (VALUES (1, \"a,b\", new SQL.ARRAY<int>{1, 2}, new SQL.MAP<string, int?>{{\"k\", 1}})) AS v(n, s, xs, m);\n";

fn select(items: &str) -> String {
    format!("{ROWS}@r = SELECT {items} FROM @t;\nOUTPUT @r TO \"/r\" USING Outputters.Csv();")
}

#[test]
fn lambdas_are_expressions_over_parameters_and_columns() {
    check(
        &select("xs.Where(x => x > n).Select((x, i) => x * i).Sum() AS a, m[\"k\"] AS b"),
        expect![[r#"
            r0 = values (1, "a,b", List(1, 2), ToMap(Last)(List(Pair("k", 1)))) -> (n int, s string, xs SQL.ARRAY<int>, m SQL.MAP<string, int?>)
            r1 = project r0 [Sum(Select(Where(#2){$0 => ($0 >int #0)}){$0, $1 => ($0 *int $1)}), Lookup(#3, "k")] -> (a int, b int?)
            output r1 to /r text(',')
        "#]],
    );
}

#[test]
fn a_body_in_a_body_counts_on() {
    check(
        &select(
            "xs.SelectMany(x => xs.Where(y => y < x)).Count() AS a, s.Split(',').Any(p => p == \"a\") AS b",
        ),
        expect![[r#"
            r0 = values (1, "a,b", List(1, 2), ToMap(Last)(List(Pair("k", 1)))) -> (n int, s string, xs SQL.ARRAY<int>, m SQL.MAP<string, int?>)
            r1 = project r0 [Count(SelectMany(#2){$0 => Where(#2){$1 => ($1 <int $0)}}), (Count(Where(Split(Keep)(#1, List(","), 2147483647)){$0 => ($0 ==string "a")}) >int 0)] -> (a int, b bool)
            output r1 to /r text(',')
        "#]],
    );
}

#[test]
fn what_makes_no_sense_is_told_as_csharp_tells_it() {
    for (items, number) in [
        ("n.Where(x => x > 1) AS a", "CS1061"),
        ("xs.Foo() AS a", "CS1061"),
        ("xs.Where(x => x) AS a", "CS0029"),
        ("xs.Where((x, y, z) => true).Count() AS a", "CS1593"),
        ("xs.Select(x => null).Count() AS a", "CS0411"),
        ("xs.Contains(\"a\") AS a", "CS0029"),
        ("xs == xs AS a", "CS0019"),
        ("xs + \"a\" AS a", "CS0019"),
        ("n[0] AS a", "CS1936"),
        ("new[]{1, \"a\"}.Count() AS a", "CS0826"),
        ("s.Split(1) AS a", "CS1503"),
        ("xs.Count(q => qq > 1) AS a", "E_CSC_USER_COLUMNNOTFOUND"),
        ("xs AS a", "E_CSC_USER_INVALIDTYPEINOUTPUTTER"),
        ("xs.Where(x => x > 1) AS a", "E_CSC_USER_INVALIDCOLUMNTYPE"),
        ("new { a = 1 } AS a", "E_CSC_USER_INVALIDCOLUMNTYPE"),
        ("new { a = 1 }.b AS a", "CS1061"),
        ("new { a = 1, a = 2 }.a AS a", "CS0833"),
        ("new { a = null }.a AS a", "CS0828"),
        ("new { n + 1 }.n AS a", "CS0746"),
        (
            "xs.Select(x => SUM(x)).Count() AS a",
            "E_CSC_USER_COLUMNNOTFOUND",
        ),
    ] {
        let found = answer(Settings::default(), &select(items));
        assert!(found.contains(number), "{items}: {found}");
    }
}

#[test]
fn what_compares_refuses_collections() {
    for query in [
        "@r = SELECT COUNT(*) AS c FROM @t GROUP BY xs;",
        "@r = SELECT DISTINCT m FROM @t;",
        "@r = SELECT COUNT(DISTINCT xs) AS c FROM @t;",
        "@r = SELECT a.n FROM @t AS a JOIN @t AS b ON a.xs == b.xs;",
        "@r = SELECT n FROM @t ORDER BY xs FETCH 1;",
        "@r = SELECT MAX(xs) AS x FROM @t;",
    ] {
        let found = answer(Settings::default(), &format!("{ROWS}{query}"));
        let codes = ["TYPENOTCOMPARABLE", "AGGREGATEARGUMENT", "CS0019"];
        let is_refused = codes.iter().any(|code| found.contains(code));
        assert!(is_refused, "{query}: {found}");
    }
}

#[test]
fn explode_says_what_its_alias_lacks() {
    for (apply, code) in [
        ("EXPLODE(m) AS e(k)", "E_CSC_USER_COLUMNCOUNTMISMATCH"),
        ("EXPLODE(xs) AS e(k, v)", "E_CSC_USER_COLUMNCOUNTMISMATCH"),
        ("EXPLODE(xs) AS e(k string)", "CS0029"),
        ("EXPLODE(s) AS e(k)", "E_CSC_USER_EXPLODEARGUMENT"),
        ("EXPLODE(xs) AS e(k DateTime)", "CS0029"),
        ("FOO(xs) AS e(k)", "E_CSC_USER_NOTSUPPORTED"),
    ] {
        let script = format!("{ROWS}@r = SELECT n FROM @t CROSS APPLY {apply};");
        let found = answer(Settings::default(), &script);
        assert!(found.contains(code), "{apply}: {found}");
    }
}

#[test]
fn types_are_not_nested_without_end() {
    let nested = format!("{}int{}", "SQL.ARRAY<".repeat(200), ">".repeat(200));
    let found = answer(
        Settings::default(),
        &select(&format!("default({nested}) == null AS a")),
    );
    assert!(found.contains("nested as deep as this"), "{found}");
}

#[test]
fn queries_are_methods() {
    check(
        &select(
            "(from x in xs let y = x * 2 where y > n orderby y descending, x select y + x).Sum() AS a, \
             (from x in xs from c in s.Split(',') where c != null select c + x).Count() AS b, \
             (from x in xs join p in m on (int?) x equals p.Value into ps select ps.Count()).Sum() AS c",
        ),
        expect![[r#"
            r0 = values (1, "a,b", List(1, 2), ToMap(Last)(List(Pair("k", 1)))) -> (n int, s string, xs SQL.ARRAY<int>, m SQL.MAP<string, int?>)
            r1 = project r0 [Sum(Select(OrderBy([Descending, Ascending])(Where(#2){$0 => (($0 *int 2) >int #0)}){$0 => ($0 *int 2)}{$0 => $0}){$0 => (($0 *int 2) +int $0)}), Count(Select(Where(SelectMany(#2){$0 => Select(Split(Keep)(#1, List(","), 2147483647)){$1 => Pair($0, $1)}}){$0 => !is_null(Value($0))}){$0 => (Value($0) +string string(Key($0)))}), Sum(Select(#2){$0 => Count(Where(#3){$1 => (!is_null($0) AND ($0 ==int Value($1)))})})] -> (a int, b int, c int)
            output r1 to /r text(',')
        "#]],
    );
}

#[test]
fn a_query_of_very_many_clauses_is_refused() {
    let query = format!(
        "(from x in xs {} select x).Count() AS a",
        "where x > 0 ".repeat(5_000)
    );
    let found = answer(Settings::default(), &select(&query));
    assert!(found.contains("A query of 5002 clauses"), "{found}");
}

#[test]
fn a_function_sees_its_parameters_and_what_is_declared_before_it() {
    for (script, found) in [
        (
            "DECLARE @f Func<int, int> = x => x + n;",
            "The column 'n' is not found",
        ),
        (
            "DECLARE @f Func<int, int> = x => @f(x);",
            "This call is not supported",
        ),
        ("DECLARE @f Func<int, int> = x => \"a\";", "CS0029"),
        ("DECLARE @f Func<int, int> = (x, y) => x;", "CS1593"),
        ("DECLARE @f Action<int> = x => x;", "Action<int>"),
        (
            "DECLARE @f Func<int, int> = x => { for (;;) { x++; } return x; };",
            "This statement in a lambda is not supported",
        ),
        (
            "DECLARE @f Func<int, int> = x => x; DECLARE @f int = 1;",
            "already declared",
        ),
        (
            "DECLARE @f int = 1; DECLARE @f Func<int, int> = x => x;",
            "already declared",
        ),
    ] {
        let answer = answer(
            Settings::default(),
            &format!("{script}\n{}", select("@f(n) AS a")),
        );
        assert!(answer.contains(found), "{script}: {answer}");
    }
}

#[test]
fn functions_of_functions_are_bounded() {
    let mut script = "DECLARE @f0 Func<int, int> = x => x + 1;\n".to_owned();
    for number in 1..60 {
        let before = number - 1;
        script +=
            &format!("DECLARE @f{number} Func<int, int> = x => @f{before}(x) + @f{before}(x);\n");
    }
    let script = format!("{script}{}", select("@f59(n) AS a"));
    let found = answer(Settings::default(), &script);
    assert!(
        found.contains("So much work in functions is not supported"),
        "{found}"
    );
    let script = script.replace("@f59(n)", "@f20(n)");
    let found = answer(Settings::default(), &script);
    assert!(
        found.contains("So much repeated work is not supported"),
        "{found}"
    );
}

#[test]
fn statements_of_a_lambda_are_checked() {
    for (body, found) in [
        (
            "int y; return y;",
            "CS0165: Use of unassigned local variable 'y'",
        ),
        ("int y = 1;", "CS1643: Not all code paths return a value"),
        ("if (x > 1) return 1;", "CS1643"),
        ("return true;", "CS0029"),
        ("y = 1; return y;", "CS0103: The name 'y' does not exist"),
        (
            "string y; int.TryParse(\"1\", out y); return 1;",
            "CS1503: Argument 2",
        ),
        (
            "int y = 1; int.TryParse(\"1\", out y); return y;",
            "E_CSC_USER_NOTSUPPORTED",
        ),
        (
            "if (x > 1) { int y = 1; } return 1;",
            "an if of which no branch returns",
        ),
        (
            "while (x > 1) { x = x - 1; } return x;",
            "This statement in a lambda is not supported",
        ),
        ("if (x > 1) return 1; else return 2;", "project"),
    ] {
        let call = format!("((Func<int, int>)(x => {{ {body} }}))(n) AS a");
        let answer = answer(Settings::default(), &select(&call));
        assert!(
            answer.to_lowercase().contains(&found.to_lowercase()),
            "{body}: {answer}"
        );
    }
}
