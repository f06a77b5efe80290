//! Formatting changes white space only: parse, format, parse is the identity.

use expect_test::{Expect, expect};
use usql_syntax::{SyntaxElement, SyntaxKind, format, parse};

/// The nodes and tokens of a script, but for white space.
fn shape(text: &str) -> Vec<(SyntaxKind, String)> {
    let parse = parse(text);
    assert_eq!(parse.diagnostics(), &[], "{text}");
    let elements = parse.syntax().descendants_with_tokens();
    let told = elements.filter_map(|element| match element {
        SyntaxElement::Node(node) => Some((node.kind(), String::new())),
        SyntaxElement::Token(token) if token.kind() == SyntaxKind::WHITESPACE => None,
        // The line end of a comment may have been CR LF.
        SyntaxElement::Token(token) => Some((token.kind(), token.text().trim_end().to_owned())),
    });
    told.collect()
}

/// Formats a script and fails if that changes it, or if formatting again changes anything.
fn formatted(text: &str) -> String {
    let once = format(&parse(text));
    assert_eq!(shape(&once), shape(text), "{text}\nbecame\n{once}");
    assert_eq!(format(&parse(&once)), once);
    once
}

#[expect(clippy::needless_pass_by_value, reason = "`expect!` makes a value")]
fn check(text: &str, expected: Expect) {
    expected.assert_eq(&formatted(text));
}

#[test]
fn a_statement_is_a_line_and_so_are_its_clauses() {
    check(
        "@a=EXTRACT x int?,y SQL.MAP<string,SQL.ARRAY< int >> FROM \"/in\" USING Extractors . Csv( quoting :false ) ;\n\n\n\
         @b = SELECT x,( - 1 )AS m,(int ?)x>>2 AS s FROM @a AS a WHERE ! (x==1 AND y [ \"k\" ] != null) ORDER BY x FETCH 5;OUTPUT @b TO\"/out\"USING Outputters.Tsv();",
        expect![[r#"
            @a = EXTRACT x int?, y SQL.MAP<string, SQL.ARRAY<int>>
                FROM "/in"
                USING Extractors.Csv(quoting: false);

            @b = SELECT x, (-1) AS m, (int?) x >> 2 AS s
                FROM @a AS a
                WHERE !(x == 1 AND y["k"] != null)
                ORDER BY x FETCH 5;
            OUTPUT @b
                TO "/out"
                USING Outputters.Tsv();
        "#]],
    );
}

#[test]
fn comments_stay_with_what_they_are_about() {
    check(
        "// head\nDECLARE @a int = 1; // the first\n/* block */\nDECLARE @b = @a /* in */ + // end\n 2;",
        expect![[r#"
            // head
            DECLARE @a int = 1; // the first
            /* block */
            DECLARE @b = @a /* in */ + // end
                2;
        "#]],
    );
}

#[test]
fn what_would_grow_together_stays_apart() {
    check(
        "DECLARE @a = - -1 + + +x - ~-y; DECLARE @b = 1 .ToString() + (a ? b : c) + (x as int? ?? 1);",
        expect![[r#"
            DECLARE @a = - -1 + + +x - ~-y;
            DECLARE @b = 1 .ToString() + (a ? b : c) + (x as int? ?? 1);
        "#]],
    );
}

#[test]
fn a_dot_before_a_number_does_not_become_part_of_it() {
    check(
        "USE d OPTION (LABEL = . 5, x . .5);",
        expect![[r#"
            USE d OPTION (LABEL =. 5, x. .5);
        "#]],
    );
}

#[test]
fn brackets_do_not_become_a_name() {
    check(
        "USE d OPTION (A([] ]], [ ] ]));",
        expect![[r#"
            USE d OPTION (A ([] ]],[] ]));
        "#]],
    );
}

#[test]
fn a_script_with_errors_is_left_alone() {
    let text = "DROP   DATABASE IF EXIST x;";
    assert_eq!(format(&parse(text)), text);
}

/// A small generator of pseudo-random numbers (xorshift); the seed is the test's.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 11) % sides as u64).expect("less than the number of sides")
    }

    fn pick(&mut self, choices: &[&str]) -> String {
        choices[self.roll(choices.len())].to_owned()
    }

    /// Any white space, or a comment, that may stand between two tokens.
    fn gap(&mut self) -> String {
        self.pick(&[
            " ",
            " ",
            "\n",
            "\t ",
            "\r\n\r\n",
            " /* c */ ",
            " // c\n",
            "/**/",
            " ",
        ])
    }

    fn expression(&mut self, depth: usize) -> Vec<String> {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        if depth == 0 {
            let leaf = self.pick(&[
                "x",
                "@v",
                "1",
                "2.5m",
                "\"a  b\"",
                "'c'",
                "@\"v\"\"\n  w\"",
                "null",
                "a . b",
                "t . f ( x , 1 )",
                "x [ 0 ]",
                "new SQL.ARRAY < int ? > { 1 , 2 }",
                "y => y . z",
                "COUNT ( * )",
                "typeof ( int ? [] )",
                "LAG ( x , 1 ) OVER ( PARTITION BY y ORDER BY z DESC )",
                "[q ]] u]",
                "1 .Method",
            ]);
            return words(&leaf);
        }
        let mut text = Vec::new();
        let part = |dice: &mut Self| dice.expression(depth - 1);
        match self.roll(9) {
            0..=3 => {
                text.push("(".to_owned());
                text.extend(part(self));
                text.push(self.pick(&[
                    "+", "-", "*", "/", "%", "<", ">", ">>", "<<", "<=", "==", "&&", "||", "AND",
                    "OR", "??", "&", "|", "^",
                ]));
                text.extend(part(self));
                text.push(")".to_owned());
            }
            4 => {
                text.push(self.pick(&["-", "+", "!", "~"]));
                text.extend(part(self));
            }
            5 => {
                text.extend(words(&self.pick(&[
                    "( int ? )",
                    "( long )",
                    "( SQL.MAP < string , int > )",
                ])));
                text.push("(".to_owned());
                text.extend(part(self));
                text.push(")".to_owned());
            }
            6 => {
                text.push("(".to_owned());
                for (before, after) in [("", "?"), ("", ":"), ("", ")")] {
                    text.push(before.to_owned());
                    text.extend(part(self));
                    text.push(after.to_owned());
                }
            }
            7 => {
                text.extend(words("CASE WHEN"));
                text.extend(part(self));
                text.push("THEN".to_owned());
                text.extend(part(self));
                text.push("END".to_owned());
            }
            _ => {
                text.push("(".to_owned());
                text.extend(part(self));
                text.extend(words(&self.pick(&[
                    "IN ( 1 , 2 )",
                    "IS NOT NULL",
                    "is string",
                    "as int ?",
                    "BETWEEN 1 AND 2",
                    "LIKE \"%\"",
                ])));
                text.push(")".to_owned());
            }
        }
        text
    }

    fn script(&mut self) -> String {
        let mut text = Vec::new();
        for _ in 0..=self.roll(3) {
            let query = self.pick(&[
                "DECLARE @d =", "@r = SELECT DISTINCT a , * FROM @s AS s LEFT OUTER JOIN @t AS t ON s . a == t . a WHERE",
                "@r = SELECT a FROM ( SELECT b FROM @s ) AS q WHERE", "OUTPUT @r TO", "RAISE ERROR",
                "@r = EXTRACT a int ? , b string FROM \"/a\" , \"/b\" USING Extractors.Csv ( delimiter : ',' ) ; DECLARE @e =",
            ]);
            text.extend(query.split(' ').map(str::to_owned));
            let depth = self.roll(4);
            text.extend(self.expression(depth));
            if query.starts_with("OUTPUT") {
                text.extend(["USING", "Outputters", ".", "Csv", "(", ")"].map(str::to_owned));
            }
            text.push(";".to_owned());
        }
        let mut script = String::new();
        for word in text.iter().filter(|word| !word.is_empty()) {
            script.push_str(word);
            script.push_str(&self.gap());
        }
        script
    }
}

#[test]
fn random_scripts_are_what_they_were() {
    let mut dice = Dice(0x00f0_44a7_5eed);
    let mut whole = 0;
    for _ in 0..3_000 {
        let script = dice.script();
        if parse(&script).diagnostics().is_empty() {
            whole += 1;
            formatted(&script);
        }
    }
    assert!(whole > 1_500, "only {whole} scripts were without errors");
}
