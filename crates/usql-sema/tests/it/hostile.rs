//! Scripts that try to take the checker down.

use std::fmt::Write;

use usql_sema::Settings;

use super::answer;

fn codes(script: &str) -> Vec<String> {
    let answer = answer(Settings::default(), script);
    answer
        .lines()
        .filter_map(|line| line.split(' ').nth(2)?.strip_suffix(':').map(str::to_owned))
        .filter(|code| code.contains("_CSC_"))
        .collect()
}

fn select(expression: &str) -> String {
    format!(
        "@a = SELECT {expression} AS x FROM (VALUES (1, \"s\")) AS T(i, s);\n\
         OUTPUT @a TO \"/a\" USING Outputters.Csv();"
    )
}

/// The deepest script of a family that the parser lets through.
fn deepest(nested: impl Fn(usize) -> String) -> String {
    let scripts = (1..=400)
        .rev()
        .step_by(16)
        .map(|depth| select(&nested(depth)));
    let mut allowed = scripts.filter(|script| usql_syntax::parse(script).diagnostics().is_empty());
    allowed.next().expect("a script of depth 1 parses")
}

#[test]
fn whatever_the_parser_lets_through_fits_a_small_stack() {
    let scripts = [
        deepest(|depth| format!("{}i{}", "(".repeat(depth), ")".repeat(depth))),
        deepest(|depth| format!("{}i{}", "-(".repeat(depth), ")".repeat(depth))),
        deepest(|depth| format!("i{}", " + i".repeat(depth))),
        deepest(|depth| format!("{}i", "i > 1 ? i : ".repeat(depth))),
        deepest(|depth| format!("{}i{}", "Math.Abs(".repeat(depth), ")".repeat(depth))),
        deepest(|depth| format!("s{}", ".Trim()".repeat(depth))),
    ];
    for script in scripts {
        let thread = std::thread::Builder::new().stack_size(2 << 20);
        let check = thread.spawn(move || codes(&script)).unwrap();
        let codes = check.join().expect("the stack is enough");
        assert!(codes.is_empty(), "{codes:?}");
    }
}

#[test]
fn a_case_of_many_branches_is_refused_and_not_overflowed() {
    let mut case = String::from("CASE i");
    for branch in 0..5_000 {
        write!(case, " WHEN {branch} THEN s").unwrap();
    }
    case.push_str(" ELSE \"none\" END");
    assert_eq!(codes(&select(&case)), ["E_CSC_USER_NOTSUPPORTED"]);
}

#[test]
fn an_in_list_may_have_twenty_thousand_values_of_two_types() {
    let list: Vec<String> = (0..10_000)
        .flat_map(|n| [format!("{n}"), format!("{n}L")])
        .collect();
    assert!(codes(&select(&format!("i IN ({})", list.join(", ")))).is_empty());
}

#[test]
fn doubling_a_string_again_and_again_ends() {
    let mut script = String::from("DECLARE @s0 = \"0123456789\";\n");
    for n in 1..64 {
        writeln!(script, "DECLARE @s{n} = @s{m} + @s{m};", m = n - 1).unwrap();
    }
    assert_eq!(
        codes(&(script + &select("@s63"))),
        ["E_CSC_USER_INVALIDCSHARP"]
    );
}

#[test]
fn doubling_an_expression_again_and_again_ends() {
    let mut script = String::from("DECLARE @s0 = DateTime.Parse(\"2012-02-16\").Year;\n");
    for n in 1..64 {
        writeln!(script, "DECLARE @s{n} = @s{m} + @s{m};", m = n - 1).unwrap();
    }
    assert_eq!(
        codes(&(script + &select("@s63"))),
        ["E_CSC_USER_NOTSUPPORTED"]
    );
}

#[test]
fn many_rows_and_statements_take_no_time_to_speak_of() {
    let rows = vec!["(1, \"x\", 2.5)"; 20_000].join(", ");
    let mut script = format!("@r0 = SELECT * FROM (VALUES {rows}) AS T(a, b, c);\n");
    for n in 1..2_000 {
        writeln!(
            script,
            "@r{n} = SELECT a + 1 AS a, b, c FROM @r{m} WHERE a > {n};",
            m = n - 1
        )
        .unwrap();
    }
    script.push_str("OUTPUT @r1999 TO \"/a\" USING Outputters.Csv();");
    assert!(codes(&script).is_empty());
}

/// A script with most of what is implemented in it.
const SCRIPT: &str = r#"
DECLARE @folder string = "/data/" + "in";
DECLARE EXTERNAL @least int? = 10;
@log = EXTRACT id int, name string, at DateTime, pay decimal?, kind char FROM @folder + "/log.csv"
       USING Extractors.Text(delimiter: '|', skipFirstNRows: 1, encoding: Encoding.UTF8);
@names = SELECT * FROM (VALUES (1, "one", (int?) null), (2, "two", (int?) 2)) AS T(id, name, boss);
@both = SELECT l.id, n.name AS other, l.name.ToUpper() AS upper, l.at.AddDays(1).Year AS year, n.boss ?? 0 AS boss
        FROM @log AS l INNER JOIN @names AS n ON l.id == n.id AND n.name == l.name
        WHERE l.pay > 1.5m && (l.id IN (1, 2, 3) || l.name LIKE "a%") AND NOT l.id BETWEEN 7 AND @least;
@sums = SELECT year % 100 AS y, COUNT(*) AS n, SUM(id) + MAX(boss) AS s, (long?) AVG((double) id) AS mean
        FROM @both GROUP BY year % 100 HAVING COUNT(DISTINCT other) > 1 ORDER BY n DESC, y FETCH 10 ROWS;
DECLARE FUNCTION @of(@rows TABLE(year int, boss int), @n int = 5) RETURNS (@some, @others TABLE(year int, boss int)) AS
BEGIN
    @others = SELECT * FROM @rows WHERE year > @n;
    IF @n > 3 THEN @some = @one(@rows, @n - 1); ELSE @some = SELECT year FROM @rows; END;
END;
DECLARE FUNCTION @one(@rows TABLE(year int, boss int), @n int) RETURNS @r AS
BEGIN
    @r = SELECT year + @n AS year FROM @rows; RETURN;
END;
@pairs = SELECT year, boss FROM @both;
(@some, @others) = @of(@pairs, DEFAULT);
@applied = SELECT o.year, v.x FROM @others AS o CROSS JOIN @one(@pairs, 2) AS p CROSS APPLY VALUES (1, p.year), (o.boss, 2) AS v(x, y);
DECLARE PROCEDURE @write(@path string, @rows TABLE(year int)) AS BEGIN OUTPUT @rows TO @path USING Outputters.Csv(); END;
@write("/some.csv", @some);
OUTPUT @applied TO "/applied.csv" USING Outputters.Csv();
OUTPUT @sums TO @folder + "/../sums.csv".Substring(3) ORDER BY y USING Outputters.Csv(outputHeader: true);
OUTPUT (SELECT DISTINCT upper FROM @both) TO "/upper.tsv" USING Outputters.Tsv(quoting: false);
"#;

#[test]
fn a_script_with_its_words_mixed_up_is_checked_without_a_panic() {
    assert!(codes(SCRIPT).is_empty(), "{:?}", codes(SCRIPT));
    let mut dice = super::well_typed::Dice(0xfeed);
    let mut well_formed = 0;
    for _ in 0..700 {
        let tree = usql_syntax::parse(SCRIPT).syntax();
        let tokens = tree
            .descendants_with_tokens()
            .filter_map(|element| element.into_token());
        let mut words: Vec<String> = tokens.map(|token| token.text().to_owned()).collect();
        let alike: Vec<usize> = (0..words.len())
            .filter(|&at| {
                words[at].starts_with(|c: char| c.is_alphanumeric() || "@\"'=+".contains(c))
            })
            .collect();
        for _ in 0..=dice.roll(3) {
            let (a, b) = (alike[dice.roll(alike.len())], alike[dice.roll(alike.len())]);
            words[a] = words[b].clone();
        }
        let script = words.concat();
        let parse = usql_syntax::parse(&script);
        well_formed += usize::from(parse.diagnostics().is_empty());
        let length = u32::try_from(script.encode_utf16().count()).expect("a short script");
        match usql_sema::check(&parse, &super::Lake(Settings::default())) {
            Ok(plan) => super::well_typed::assert_well_typed(&plan),
            Err(diagnostics) => {
                for diagnostic in &diagnostics {
                    let at = diagnostic.location;
                    assert!(
                        at.start <= at.end && at.end <= length && at.line > 0,
                        "{diagnostic}"
                    );
                }
            }
        }
    }
    assert!(
        well_formed > 100,
        "only {well_formed} scripts were well formed"
    );
}
