//! "Expected one of" at chosen positions.
//!
//! Each list is read off the documented grammar (`u-sql/*.md` of MicrosoftDocs/azure-reference-other),
//! or is what the service itself printed. None is copied from the parser's answer.

use expect_test::{Expect, expect};
use usql_syntax::{SyntaxKind, parse};

/// `$0` marks the offending token; the first error must be there, and only there.
fn check(marked: &str, expected: &Expect) {
    let offset = marked.find("$0").expect("the script has a mark");
    let text = marked.replacen("$0", "", 1);
    let parse = parse(&text);
    assert_eq!(parse.syntax().to_string(), text);
    let [error] = parse.diagnostics() else {
        panic!("one error in {text:?}, not {:?}", parse.diagnostics());
    };
    assert_eq!(usize::from(error.range().start()), offset, "{error:?}");
    let tokens: Vec<_> = error
        .expected_tokens()
        .filter_map(SyntaxKind::display)
        .collect();
    expected.assert_eq(&tokens.join(" "));
}

/// What may follow a complete operand inside an expression, apart from `(`.
const OPERATORS: &str =
    "'[' '=' '*' '/' '%' '+' '-' '<<' '<' '>' '<=' '>=' '==' '!=' '&' '^' '|' '&&' '||' '??' '?'";

/// Like [`check`], where the list ends with the operators of an expression.
fn check_operators(marked: &str, before: &str) {
    let text = marked.replacen("$0", "", 1);
    let parse = parse(&text);
    let error = &parse.diagnostics()[0];
    assert_eq!(
        usize::from(error.range().start()),
        marked.find("$0").expect("the script has a mark")
    );
    let tokens: Vec<_> = error
        .expected_tokens()
        .filter_map(SyntaxKind::display)
        .collect();
    assert_eq!(tokens.join(" "), format!("{before} {OPERATORS}"));
}

#[test]
fn lists_that_the_service_printed() {
    // POST /BuildJob, in the recordings of three SDKs.
    check("DROP DATABASE IF $0EXIST FOO;", &expect!["EXISTS"]);
    // AzureDataLake, U-SQL release notes of spring 2018.
    check(
        "DECLARE $0@@invalid_var string = \"\";",
        &expect!["DOTNET FUNCTION JVM PROCEDURE PYTHON TYPE VIEW ASSEMBLY CONST EXTERNAL variable"],
    );
    // Azure/usql#135.
    check("DROP TABLE a $0b;", &expect!["'.' OPTION ';'"]);
    // MicrosoftDocs/azure-docs#12077: the page had an ellipsis behind REDUCE.
    check(
        "@r = REDUCE $0… ON Par;",
        &expect!["EXTERNAL identifier quoted-identifier variable '(' ALL ON PRESORT"],
    );
}

#[test]
fn databases() {
    check(
        "DROP DATABASE $0;",
        &expect!["identifier quoted-identifier IF"],
    );
    check("DROP DATABASE d $0e;", &expect!["OPTION ';'"]);
    check("CREATE DATABASE IF $0EXISTS d;", &expect!["NOT"]);
    check("CREATE DATABASE IF NOT $0d;", &expect!["EXISTS"]);
    check(
        "USE $0;",
        &expect!["identifier quoted-identifier DATABASE SCHEMA"],
    );
    check("USE SCHEMA $0;", &expect!["identifier quoted-identifier"]);
}

#[test]
fn other_statements() {
    check("SET $0x = 1;", &expect!["system-variable"]);
    check("REFERENCE $0x;", &expect!["ASSEMBLY SYSTEM"]);
    check("REFERENCE SYSTEM $0x;", &expect!["ASSEMBLY"]);
    check("RAISE $0\"x\";", &expect!["ERROR WARNING"]);
    check("DEPLOY $0x;", &expect!["RESOURCE"]);
    check("DECLARE CONST $0x int = 1;", &expect!["variable"]);
    check(
        "DECLARE @x $0;",
        &expect!["identifier quoted-identifier built-in-type '='"],
    );
    check(
        "CREATE $0x;",
        &expect![
            "FUNCTION PROCEDURE TYPE VIEW ASSEMBLY EXTERNAL CLUSTERED CREDENTIAL DATA DATABASE PACKAGE SCHEMA STATISTICS TABLE"
        ],
    );
    check(
        "$0SELECT 1;",
        &expect![
            "identifier quoted-identifier variable '(' ALTER CREATE DECLARE DEPLOY DROP IF IMPORT INSERT OUTPUT RAISE REFERENCE RENAME SET TRUNCATE UPDATE USE USING ';'"
        ],
    );
}

#[test]
fn queries() {
    check("@r $0SELECT;", &expect!["'(' '='"]);
    check(
        "@r = $0;",
        &expect![
            "identifier quoted-identifier variable '(' COMBINE EXTRACT PROCESS REDUCE SAMPLE SELECT"
        ],
    );
    check("@r = SELECT * $0;", &expect!["FROM ','"]);
    check(
        "@r = SELECT * FROM $0;",
        &expect!["EXTERNAL identifier quoted-identifier variable '('"],
    );
    check("@r = SELECT * FROM (VALUES $0);", &expect!["'('"]);
    check("@r = SELECT * FROM (VALUES (1)) $0;", &expect!["AS"]);
    check("@r = SELECT * FROM (VALUES (1)) AS T$0;", &expect!["'('"]);
    check(
        "@r = SELECT * FROM (VALUES (1)) AS T(a $0b);",
        &expect!["')' ','"],
    );
    check("@r = SELECT * FROM (SELECT * FROM @a) $0;", &expect!["AS"]);
    check("@r = SELECT * FROM @a GROUP $0x;", &expect!["BY"]);
}

#[test]
fn joins() {
    check(
        "@r = SELECT * FROM @a INNER JOIN @b AS b $0;",
        &expect!["ON"],
    );
    check(
        "@r = SELECT * FROM @a CROSS $0x;",
        &expect!["APPLY BROADCASTLEFT BROADCASTRIGHT FULLCROSS JOIN PAIR SERIAL"],
    );
    check(
        "@r = SELECT * FROM @a INNER $0@b;",
        &expect![
            "BROADCASTLEFT BROADCASTRIGHT FULLCROSS HASH INDEXLOOKUP JOIN LOOP MERGE PAIR SERIAL"
        ],
    );
    check(
        "@r = SELECT * FROM @a LEFT $0@b;",
        &expect![
            "ANTISEMIJOIN BROADCASTLEFT BROADCASTRIGHT FULLCROSS HASH INDEXLOOKUP JOIN LOOP MERGE OUTER PAIR SEMIJOIN SERIAL"
        ],
    );
    check(
        "@r = SELECT * FROM @a AS a $0b;",
        &expect![
            "ANTISEMIJOIN BROADCASTLEFT BROADCASTRIGHT CROSS EXCEPT FULL FULLCROSS GROUP HASH INDEXLOOKUP INNER INTERSECT JOIN LEFT LOOP MERGE OPTION ORDER OUTER PAIR PIVOT RIGHT SAMPLE SEMIJOIN SERIAL UNION UNPIVOT WHERE ';'"
        ],
    );
}

#[test]
fn order_and_fetch() {
    check("@r = SELECT * FROM @a ORDER $0x;", &expect!["BY"]);
    check(
        "@r = SELECT * FROM @a ORDER BY x ASC FETCH $0x;",
        &expect!["FIRST NEXT integer-literal"],
    );
    check(
        "@r = SELECT * FROM @a ORDER BY x ASC OFFSET 1 $0FETCH 2;",
        &expect!["ROW ROWS"],
    );
    check(
        "OUTPUT @a TO \"/a\" ORDER BY x DESC $0;",
        &expect!["FETCH OFFSET USING ','"],
    );
}

#[test]
fn extracts_and_outputs() {
    check(
        "@r = EXTRACT $0FROM \"/a\";",
        &expect!["identifier quoted-identifier"],
    );
    check(
        "@r = EXTRACT a $0, b int FROM \"/a\";",
        &expect!["'.' identifier quoted-identifier built-in-type '='"],
    );
    check("@r = EXTRACT a int $0;", &expect!["FROM ',' '[' '?'"]);
    check(
        "OUTPUT $0;",
        &expect!["EXTERNAL identifier quoted-identifier variable '('"],
    );
    // Behind a variable a call may follow: script-bound functions.
    check("OUTPUT @r $0USING x;", &expect!["'(' TO"]);
}

#[test]
fn expressions() {
    check("@r = SELECT a IS $01 FROM @a;", &expect!["NOT NULL"]);
    check(
        "@r = SELECT a. $0FROM @a;",
        &expect!["identifier quoted-identifier"],
    );
    check(
        "@r = SELECT - $0FROM @a;",
        &expect![
            "identifier quoted-identifier variable '(' CASE NOT system-variable built-in-type integer-literal real-literal string-literal verbatim-string-literal char-literal checked default false new null true typeof unchecked '+' '-' '!' '~' '++' '--'"
        ],
    );
    check_operators(
        "DECLARE @x = (a $0b);",
        "'.' '(' AND BETWEEN IN IS LIKE NOT OR as is ')'",
    );
    // A window belongs to a call.
    check_operators(
        "DECLARE @x = (f() $0b);",
        "'.' '(' AND BETWEEN IN IS LIKE NOT OR OVER WITHIN as is ')'",
    );
}
