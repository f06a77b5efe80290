//! Whatever the text, parsing ends, does not panic, and gives a tree that spells the text.

use usql_syntax::ast::AstNode;
use usql_syntax::{LineIndex, Parse, parse};

/// Scripts that use most of the language; written for this test.
const SCRIPTS: &[&str] = &[
    r#"
DECLARE EXTERNAL @in string = "/Samples/Data/SearchLog.tsv";
DECLARE CONST @limit int = 0x10 << 2;
@log = EXTRACT UserId int, Start DateTime, [Region ]] x] string, Duration int? FROM @in, @"C:\""x""" USING Extractors.Tsv(skipFirstNRows: 1, quoting: false);
@top = SELECT Region, SUM(Duration) AS Total, COUNT(DISTINCT UserId) AS Users, COUNT(*) AS n
       FROM @log AS l INNER JOIN @other AS o ON l.UserId == o.Id
       WHERE Start >= DateTime.Parse("2012/02/16") AND NOT Region IN ("en-gb", "de") // comment
       GROUP BY Region HAVING SUM(Duration) > 200 ORDER BY Total DESC OFFSET 2 ROWS FETCH FIRST 5 ROWS ONLY;
OUTPUT @top TO "/out.csv" ORDER BY Total USING Outputters.Csv(outputHeader: true);
"#,
    r#"
USE DATABASE [My DB]; SET @@FeaturePreviews = "X:on"; REFERENCE SYSTEM ASSEMBLY [System.Xml];
IF @a == 1 THEN @b = (SELECT * FROM dbo.T AS t) UNION ALL BY NAME (SELECT t.* FROM T AS t); ELSEIF false THEN ; ELSE DROP DATABASE IF EXISTS d; END;
@m = SELECT new SQL.MAP<string, SQL.ARRAY<int>>{{"a", new SQL.ARRAY<int>{1, 2}}} AS m, (int?)null AS n, x >> 2 AS s,
            CASE WHEN a BETWEEN 1 AND 2 THEN 'c' ELSE '\u0041' END AS k, LAG(v, 1) OVER(PARTITION BY p ORDER BY o ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS w
     FROM (VALUES (1, -2.5e3m), (3, .5f)) AS T(a, b) CROSS APPLY EXPLODE(m) AS e(k string, v);
DECLARE @f Func<string, int> = (string s) => { int i = 0; return s.Length > 3 ? i : 1; };
DECLARE @q = from x in xs where x is string orderby x descending select x as object ?? typeof(int[]);
CREATE PROCEDURE P(@x int) AS BEGIN OUTPUT @a TO "b" USING c; END; P(1, DEFAULT); INSERT INTO t VALUES (1);
@r = REDUCE @m PRESORT a ON b PRODUCE a, c int READONLY b REQUIRED * USING new N.R(x: 1); /* end */
"#,
];

/// Parses and checks what must hold for every text.
fn survive(text: &str) -> Parse {
    let parse = parse(text);
    assert_eq!(parse.syntax().text(), text);
    let index = LineIndex::new(text);
    for error in parse.diagnostics() {
        assert!(usize::from(error.range().end()) <= text.len());
        assert_eq!(error.found_text(), &text[error.range()]);
        let span = index.span(error.range());
        assert!(
            span.line >= 1 && span.column >= 1 && span.start <= span.end,
            "{span:?}"
        );
        assert!(
            error
                .message()
                .starts_with("E_CSC_USER_SYNTAXERROR: syntax error. ")
        );
    }
    parse
}

/// xorshift64*: enough to mix bytes, and the same on every machine.
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let mixed = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(mixed).expect("31 bits are left") % bound
    }
}

#[test]
fn the_sample_scripts_have_no_errors() {
    for script in SCRIPTS {
        assert_eq!(survive(script).diagnostics(), &[]);
    }
}

#[test]
fn every_prefix_of_a_script_survives() {
    for script in SCRIPTS {
        for (end, _) in script.char_indices() {
            survive(&script[..end]);
        }
    }
}

#[test]
fn a_script_with_any_one_token_gone_survives() {
    for script in SCRIPTS {
        let tokens: Vec<_> = parse(script)
            .syntax()
            .descendants_with_tokens()
            .filter_map(|element| element.into_token())
            .map(|token| token.text_range())
            .collect();
        for range in tokens {
            let mut text = (*script).to_owned();
            text.replace_range(std::ops::Range::<usize>::from(range), "");
            survive(&text);
        }
    }
}

#[test]
fn random_bytes_survive() {
    let mut random = Seeded(0x9e37_79b9_7f4a_7c15);
    for _ in 0..1_000 {
        let bytes: Vec<u8> = (0..random.below(200))
            .map(|_| u8::try_from(random.below(256)).unwrap())
            .collect();
        survive(&String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn random_tokens_survive() {
    let words: Vec<&str> = SCRIPTS
        .iter()
        .flat_map(|script| script.split_inclusive(' '))
        .collect();
    let marks: Vec<char> = "()[]{}<>;,.?:=+-*/@\"'\\\n #é\u{feff}".chars().collect();
    let mut random = Seeded(42);
    for _ in 0..1_000 {
        let mut text = String::new();
        for _ in 0..random.below(60) {
            if random.below(3) == 0 {
                text.push(marks[random.below(marks.len())]);
            } else {
                text.push_str(words[random.below(words.len())]);
            }
        }
        survive(&text);
    }
}

/// What is nested here 10,000 times would overflow the stack of a parser, of a tree walk, or of the tree's drop.
#[test]
fn deep_nesting_is_an_error_and_not_a_crash() {
    const MANY: usize = 10_000;
    let openings = [
        "(",
        "[",
        "{",
        "-",
        "!",
        "NOT ",
        "(int)",
        "f(",
        "a[",
        "x => ",
        "(x) => ",
        "new int[] {",
        "new X {{",
        "CASE WHEN ",
        "CASE a WHEN b THEN c ELSE ",
        "a ? ",
        "a ? b : ",
        "a ?? ",
        "a = ",
        "a + ",
        "a AND ",
        "a << ",
        "a.",
        "a<",
        "X<",
        "a()",
        "()(",
        "a IN (",
        "a BETWEEN b AND ",
        "from x in ",
        "typeof(",
        "new A<",
        "checked(",
        "a is b ? ",
        "++",
        "a++",
        "[a][",
    ];
    for opening in openings {
        survive(&format!("DECLARE @x = {};", opening.repeat(MANY)));
        survive(&format!("DECLARE @x = {}1;", opening.repeat(MANY)));
    }
    for opening in [
        "(",
        "SELECT * FROM (",
        "(SELECT * FROM @a) UNION ",
        "SELECT a FROM @a CROSS JOIN (",
        "SELECT * FROM ((",
    ] {
        survive(&format!("@x = {};", opening.repeat(MANY)));
    }
    for opening in [
        "IF a THEN ",
        "IF a THEN @a = SELECT ",
        "DECLARE @x A<",
        "CREATE PROCEDURE p() AS BEGIN ",
        "OUTPUT (",
        "@a = EXTRACT x A<",
    ] {
        survive(&opening.repeat(MANY));
    }
}

#[test]
fn reasonable_nesting_is_no_error() {
    let parens = format!("DECLARE @x = {}1{};", "(".repeat(150), ")".repeat(150));
    assert_eq!(survive(&parens).diagnostics(), &[]);
    let sum = format!("DECLARE @x = 1{};", " + 1".repeat(350));
    assert_eq!(survive(&sum).diagnostics(), &[]);
    let list = format!("DECLARE @x = a IN (1{});", ", 1".repeat(20_000));
    assert_eq!(survive(&list).diagnostics(), &[]);
    let joins = format!("@x = SELECT * FROM @a{};", " CROSS JOIN @b".repeat(2_000));
    assert_eq!(survive(&joins).diagnostics(), &[]);
}

#[test]
fn the_height_of_a_tree_is_bounded() {
    let text = format!(
        "DECLARE @x = {}a{};",
        "(".repeat(350),
        "+ a) + a".repeat(100_000)
    );
    let tree = survive(&text).syntax();
    let deepest = tree
        .descendants()
        .map(|node| node.ancestors().count())
        .max()
        .unwrap();
    assert!(deepest < 2_000, "{deepest}");
}

#[test]
fn a_hundred_thousand_parentheses_are_one_error() {
    let parse = survive(&format!("DECLARE @x = {}; USE d;", "(".repeat(100_000)));
    let [error] = parse.diagnostics() else {
        panic!("{:?}", parse.diagnostics())
    };
    assert_eq!(
        error.to_string(),
        "syntax error. The script is nested too deeply."
    );
    assert_eq!(parse.script().statements().count(), 2);
}

/// Quadratic time shows as minutes here.
#[test]
fn long_runs_take_linear_time() {
    const LONG: usize = 20_000;
    for run in [
        "[",
        "(;",
        "(",
        "a<",
        "a<b,",
        "/*",
        "\"",
        "\"\n",
        "'",
        "@",
        "@\"",
        "@a ",
        ";",
        "DROP ",
        "DROP\n",
        "DROP;",
        "@a=",
        "SELECT ",
        "{;",
        "};",
        "a ",
        "(a)",
        "from ",
        ".",
        "é",
        "\u{feff}",
        "0x",
        "1.",
        "// x\n",
        "/* */",
        "\r\n",
        "END;",
        "IF a THEN END;",
        "[a ",
        "[]]",
        "Z<Z>.",
    ] {
        survive(&run.repeat(LONG));
    }
}

#[test]
fn an_error_ends_with_its_statement() {
    let parse = survive("DROP DATABASE; @a = SELECT FROM @b; USE d; OUTPUT TO; DECLARE @x = ;");
    assert_eq!(parse.diagnostics().len(), 4);
    assert_eq!(parse.script().statements().count(), 5);
}

#[test]
fn a_missing_semicolon_does_not_swallow_the_next_statement() {
    let parse =
        survive("@a = SELECT * FROM @b\nOUTPUT @a TO \"x\" USING Outputters.Csv();\nUSE d;");
    let [error] = parse.diagnostics() else {
        panic!("{:?}", parse.diagnostics())
    };
    assert_eq!(error.found_text(), "OUTPUT");
    let statements: Vec<_> = parse
        .script()
        .statements()
        .map(|statement| statement.syntax().kind())
        .collect();
    assert_eq!(
        format!("{statements:?}"),
        "[ASSIGNMENT_STATEMENT, OUTPUT_STATEMENT, USE_STATEMENT]"
    );
}

#[test]
fn a_missing_semicolon_does_not_swallow_the_next_assignment() {
    let parse = survive("@a = SELECT * FROM @b\n@c = SELECT * FROM @a;\n@d = SELECT * FROM @c;");
    let [error] = parse.diagnostics() else {
        panic!("{:?}", parse.diagnostics())
    };
    assert_eq!(error.found_text(), "@c");
    assert_eq!(parse.script().statements().count(), 3);
}

#[test]
fn an_error_in_a_case_is_one_error() {
    let parse = survive("@a = SELECT CASE\nWHEN a b THEN 1\nELSE 2\nEND AS c FROM @b;\nUSE d;");
    assert_eq!(parse.diagnostics().len(), 1);
    assert_eq!(parse.script().statements().count(), 2);
}

#[test]
fn an_error_in_a_block_does_not_swallow_its_end() {
    let parse = survive("IF @a THEN\n  USE 1\nELSE\n  USE b\nEND;\nUSE d;");
    let found: Vec<_> = parse
        .diagnostics()
        .iter()
        .map(|error| error.found_text())
        .collect();
    assert_eq!(found, ["1", "END"]);
    assert_eq!(parse.script().statements().count(), 2);
}

#[test]
fn an_unclosed_comment_is_an_error() {
    let parse = survive("USE d; /* for ever");
    assert_eq!(parse.diagnostics().len(), 1);
    assert_eq!(parse.diagnostics()[0].found_text(), "/* for ever");
}
