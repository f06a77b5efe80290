use expect_test::expect;

use super::{answer, check};
use usql_sema::Settings;

#[test]
fn syntax_errors_are_in_the_services_words() {
    check(
        "DROP DATABASE IF EXIST FOO;",
        expect![[r#"
        1:18 17..22 E_CSC_USER_SYNTAXERROR: syntax error. Expected one of: EXISTS 
    "#]],
    );
    check(
        "@a = SELECT x FROM @nowhere WHERE;\nOUTPUT @b TO 1;",
        expect![[r#"
            1:34 33..34 E_CSC_USER_SYNTAXERROR: syntax error. Expected one of: identifier quoted-identifier variable '(' CASE NOT system-variable built-in-type integer-literal real-literal string-literal verbatim-string-literal char-literal checked default false new null true typeof unchecked '+' '-' '!' '~' '++' '--' 
            2:15 49..50 E_CSC_USER_SYNTAXERROR: syntax error. Expected one of: '.' AND BETWEEN EXPIRATION IN IS LIKE NOT OR ORDER USING as is '[' '=' '*' '/' '%' '+' '-' '<<' '<' '>' '<=' '>=' '==' '!=' '&' '^' '|' '&&' '||' '??' '?' 
        "#]],
    );
}

#[test]
fn independent_errors_are_reported_in_one_go_and_in_order() {
    check(
        r#"
DECLARE @p string = 1;
@a = EXTRACT x int, y strin FROM "/missing" USING Extractors.Csv(skip: 1);
@b = SELECT nope, x + true AS z FROM (VALUES (1)) AS T(x) WHERE x GROUP BY wrong HAVING 1;
OUTPUT @c TO "/c" USING Outputters.Foo();
"#,
        expect![[r#"
            2:21 21..22 E_CSC_USER_INVALIDCSHARP: C# error CS0029: Cannot implicitly convert type 'int' to 'string'
            3:23 46..51 E_CSC_USER_INVALIDCSHARP: C# error CS0246: The type or namespace name 'strin' could not be found (are you missing a using directive or an assembly reference?)
            3:34 57..67 E_CSC_USER_FILENOTFOUND: The input file '/missing' does not exist.
            3:66 89..96 E_CSC_USER_INVALIDPARAMETER: Extractors.Csv: there is no parameter 'skip'.
            4:13 111..115 E_CSC_USER_COLUMNNOTFOUND: The column 'nope' is not found. Columns here: x.
            4:19 117..125 E_CSC_USER_INVALIDCSHARP: C# error CS0019: Operator '+' cannot be applied to operands of type 'int' and 'bool'
            4:65 163..164 E_CSC_USER_INVALIDCSHARP: C# error CS0029: Cannot implicitly convert type 'int' to 'bool'
            4:76 174..179 E_CSC_USER_COLUMNNOTFOUND: The column 'wrong' is not found. Columns here: x.
            4:89 187..188 E_CSC_USER_INVALIDCSHARP: C# error CS0029: Cannot implicitly convert type 'int' to 'bool'
            5:8 197..199 E_CSC_USER_VARIABLENOTDECLARED: The variable @c is not declared.
            5:25 214..230 E_CSC_USER_UNKNOWNOPERATOR: There is no outputter 'Foo'.
        "#]],
    );
}

#[test]
fn an_error_is_reported_once() {
    check(
        r#"
@a = SELECT nope AS x FROM (VALUES (1)) AS T(y);
@b = SELECT x + 1 AS z, x.Length, foo FROM @a;
@c = SELECT z FROM @b AS b JOIN @a AS a ON a.x == b.z;
DECLARE @n int = "text";
DECLARE @m int = @n + 1;
OUTPUT @c TO "/c" ORDER BY q USING Outputters.Csv();
"#,
        expect![[r#"
            2:13 13..17 E_CSC_USER_COLUMNNOTFOUND: The column 'nope' is not found. Columns here: y.
            5:18 169..175 E_CSC_USER_INVALIDCSHARP: C# error CS0029: Cannot implicitly convert type 'string' to 'int'
        "#]],
    );
}

#[test]
fn places_count_characters_as_dotnet_does() {
    check(
        "@a = SELECT \"\u{1D11E}é\" + nope AS x\n  FROM (VALUES (1)) AS T(y); // ü\nOUTPUT @a TO \"/a\" USING Outputters.Csv();",
        expect![[r#"
            1:21 20..24 E_CSC_USER_COLUMNNOTFOUND: The column 'nope' is not found. Columns here: y.
        "#]],
    );
}

/// A script for each code; `{}` stands for a rowset `@t(x int, s string)` before it and an output behind it.
const EXAMPLES: &[(&str, &str)] = &[
    ("E_CSC_USER_SYNTAXERROR", "@a = ;"),
    (
        "E_CSC_USER_INVALIDCSHARP",
        "@a = SELECT x + s.Length + true AS y FROM @t;",
    ),
    (
        "E_CSC_USER_EXPRESSIONNOTCONSTANTFOLDABLE",
        "DECLARE CONST @d = DateTime.Parse(\"2012-01-01\");",
    ),
    (
        "E_CSC_USER_ROWSETVARIABLEALREADYDECLARED",
        "DECLARE @a int = 1; @a = SELECT * FROM @t;",
    ),
    (
        "E_CSC_USER_INVALIDFILENAME",
        "OUTPUT @t TO \"/a/../b\" USING Outputters.Csv();",
    ),
    (
        "E_CSC_USER_EMPTYFILEPATH",
        "OUTPUT @t TO \"\" USING Outputters.Csv();",
    ),
    (
        "E_CSC_USER_UNSUPPORTEDCHARFORMAT",
        "OUTPUT @t TO \"/a\" USING Outputters.Csv(charFormat: \"x\");",
    ),
    (
        "E_CSC_USER_FILENOTFOUND",
        "@a = EXTRACT x int FROM \"/missing\" USING Extractors.Csv();",
    ),
    (
        "E_RUNTIME_USER_MAXCOMPRESSEDFILESIZE",
        "@a = EXTRACT x int FROM \"/large.csv.gz\" USING Extractors.Csv();",
    ),
    (
        "E_CSC_USER_STARFORMATSPECIFIERISDEPRECATED",
        "@a = EXTRACT x int, v string FROM \"/set/{v:*}\" USING Extractors.Csv();",
    ),
    (
        "E_CSC_USER_LOWERCASEHOURFORMATSPECIFIERSAREDEPRECATED",
        "@a = EXTRACT x int, v DateTime FROM \"/set/{v:hh}\" USING Extractors.Csv();",
    ),
    (
        "E_CSC_USER_INVALIDVIRTUALCOLUMN",
        "@a = EXTRACT x int FROM \"/set/{v}\" USING Extractors.Csv();",
    ),
    (
        "E_CSC_USER_NOEXTRACTEDCOLUMN",
        "@a = EXTRACT x string FROM \"/set/{x}\" USING Extractors.Csv();",
    ),
    (
        "E_CSC_USER_FILESETTOOLARGE",
        "@a = EXTRACT x int FROM \"/many/{*}\" USING Extractors.Csv(); OUTPUT @a TO \"/a\" USING Outputters.Csv();",
    ),
    (
        "E_CSC_USER_FILESETNOTLISTED",
        "@a = EXTRACT x int FROM \"/broken/{*}\" USING Extractors.Csv(); OUTPUT @a TO \"/a\" USING Outputters.Csv();",
    ),
    (
        "W_CSC_USER_FILESETVALUES",
        "@a = EXTRACT x int, v int FROM \"/set/x{v}\" USING Extractors.Csv(); OUTPUT @a TO \"/a\" USING Outputters.Csv();",
    ),
    ("E_CSC_USER_NOTSUPPORTED", "TRUNCATE TABLE t;"),
    ("E_CSC_USER_DDLENTITYDOESNOTEXIST", "USE DATABASE other;"),
    ("E_CSC_USER_DDLENTITYALREADYEXISTS", "CREATE SCHEMA dbo;"),
    (
        "E_CSC_USER_DDLENTITYKIND",
        "CREATE TYPE T AS TABLE (a int); DROP VIEW T;",
    ),
    ("E_CSC_USER_DDLENTITYBUILTIN", "DROP DATABASE master;"),
    ("E_CSC_USER_INVALIDOBJECTNAME", "DROP VIEW a.b.c.d;"),
    ("E_CSC_USER_CATALOGUNREADABLE", "DROP VIEW Broken;"),
    ("E_CSC_USER_RAISEERROR", "RAISE ERROR \"no\";"),
    ("W_CSC_USER_RAISEWARNING", "RAISE WARNING \"so\";"),
    (
        "E_CSC_USER_INVALIDPARAMETERVALUE",
        "DECLARE EXTERNAL @given_x int = 1;",
    ),
    (
        "E_CSC_USER_SYSTEMVARIABLENOTFOUND",
        "SET @@JobInfo = \"mine\";",
    ),
    (
        "E_CSC_USER_INVALIDSETTING",
        "SET @@FeaturePreviews = \"everything\";",
    ),
    (
        "E_CSC_USER_DUPLICATEOUTPUT",
        "OUTPUT @t TO \"/out\" USING Outputters.Csv();",
    ),
    (
        "E_CSC_USER_VARIABLEALREADYDECLARED",
        "DECLARE @a int = 1; DECLARE @a int = 2;",
    ),
    (
        "E_CSC_USER_VARIABLENOTDECLARED",
        "@a = SELECT * FROM @nothing;",
    ),
    ("E_CSC_USER_COLUMNNOTFOUND", "@a = SELECT nothing FROM @t;"),
    (
        "E_CSC_USER_ROWSETALIASNOTFOUND",
        "@a = SELECT nothing.* FROM @t;",
    ),
    (
        "E_CSC_USER_AMBIGUOUSCOLUMN",
        "@a = SELECT x FROM @t AS a CROSS JOIN @t AS b;",
    ),
    ("E_CSC_USER_DUPLICATECOLUMN", "@a = SELECT x, x FROM @t;"),
    (
        "E_CSC_USER_DUPLICATEALIAS",
        "@a = SELECT a.x FROM @t AS a CROSS JOIN @t AS a;",
    ),
    ("E_CSC_USER_MISSINGALIAS", "@a = SELECT x + 1 FROM @t;"),
    (
        "E_CSC_USER_COLUMNCOUNTMISMATCH",
        "@a = SELECT * FROM (VALUES (1, 2)) AS v(a);",
    ),
    (
        "E_CSC_USER_COLUMNTYPEMISMATCH",
        "@a = SELECT * FROM (VALUES (1), (2L)) AS v(a);",
    ),
    ("E_CSC_USER_UNTYPEDNULL", "@a = SELECT null AS a FROM @t;"),
    (
        "E_CSC_USER_COLUMNNOTGROUPED",
        "@a = SELECT s FROM @t GROUP BY x;",
    ),
    (
        "E_CSC_USER_AGGREGATENOTALLOWED",
        "@a = SELECT x FROM @t WHERE COUNT(*) > 1;",
    ),
    (
        "E_CSC_USER_AGGREGATEARGUMENT",
        "@a = SELECT SUM(s) AS a FROM @t;",
    ),
    (
        "E_CSC_USER_ORDERBYWITHOUTFETCH",
        "@a = SELECT x FROM @t ORDER BY x;",
    ),
    (
        "E_CSC_USER_FETCHOUTOFRANGE",
        "@a = SELECT x FROM @t ORDER BY x FETCH 0;",
    ),
    (
        "E_CSC_USER_JOINCONDITION",
        "@a = SELECT a.x FROM @t AS a JOIN @t AS b ON a.x < b.x;",
    ),
    (
        "E_CSC_USER_WINDOWNOTALLOWED",
        "@a = SELECT x FROM @t WHERE RANK() OVER(ORDER BY x) == 1;",
    ),
    (
        "E_CSC_USER_INVALIDWINDOW",
        "@a = SELECT RANK() OVER() AS r FROM @t;",
    ),
    (
        "E_CSC_USER_SETOPERATIONMISMATCH",
        "@a = SELECT x FROM @t UNION SELECT x, s FROM @t;",
    ),
    (
        "E_CSC_USER_UNKNOWNOPERATOR",
        "OUTPUT @t TO \"/a\" USING Outputters.Foo();",
    ),
    (
        "E_CSC_USER_INVALIDPARAMETER",
        "OUTPUT @t TO \"/a\" USING Outputters.Csv(foo: 1);",
    ),
    (
        "E_CSC_USER_INVALIDTYPEINOUTPUTTER",
        "@a = SELECT default(SQL.ARRAY<int>) AS c FROM @t; OUTPUT @a TO \"/a\" USING Outputters.Tsv();",
    ),
    (
        "E_CSC_USER_INVALIDCOLUMNTYPE",
        "@a = SELECT default(IEnumerable<int>) AS c FROM @t;",
    ),
    (
        "E_CSC_USER_TYPENOTCOMPARABLE",
        "@a = SELECT DISTINCT default(SQL.MAP<string, int>) AS c FROM @t;",
    ),
    (
        "E_CSC_USER_EXPLODEARGUMENT",
        "@a = SELECT c FROM @t CROSS APPLY EXPLODE(x) AS e(c);",
    ),
    (
        "E_CSC_USER_INVALIDARGUMENTS",
        "DECLARE PROCEDURE @p() AS BEGIN END; @p(1);",
    ),
    (
        "E_CSC_USER_TABLETYPEMISMATCH",
        "DECLARE FUNCTION @f(@t TABLE(x int)) RETURNS @r AS BEGIN @r = SELECT x FROM @t; END; @a = @f(@t);",
    ),
    (
        "E_CSC_USER_RESULTNOTASSIGNED",
        "DECLARE FUNCTION @f() RETURNS @r AS BEGIN END; @a = @f();",
    ),
    ("E_CSC_USER_RESULTCOUNT", "(@a, @b) = SELECT x FROM @t;"),
    (
        "E_CSC_USER_NESTEDCALLS",
        "DECLARE PROCEDURE @p() AS BEGIN @p(); END; @p();",
    ),
    (
        "E_CSC_USER_STATEMENTNOTALLOWED",
        "DECLARE FUNCTION @f() RETURNS @r AS BEGIN @p(); END;",
    ),
    (
        "W_CSC_USER_EXTERNALNOTINMAINSCRIPT",
        "DECLARE PROCEDURE @p() AS BEGIN DECLARE EXTERNAL @e = 1; END;",
    ),
    ("W_CSC_USER_UNUSEDROWSET", "@a = SELECT x FROM @t;"),
];

#[test]
fn every_code_can_be_had() {
    let around = |script: &str| {
        format!(
            "@t = SELECT * FROM (VALUES (1, \"a\")) AS v(x, s);\n\
             OUTPUT @t TO \"/out\" USING Outputters.Csv();\n{script}"
        )
    };
    let long_name = format!("@a = SELECT x AS {} FROM @t;", "n".repeat(129));
    let mut scripts: Vec<(&str, String)> = EXAMPLES
        .iter()
        .map(|(code, script)| (*code, around(script)))
        .collect();
    scripts.push((
        "E_CSC_USER_NOOUTPUT",
        "@t = SELECT * FROM (VALUES (1)) AS v(x);".to_owned(),
    ));
    scripts.push(("E_CSC_USER_IDENTIFIERTOOLONG", around(&long_name)));
    for (code, script) in &scripts {
        let answer = answer(Settings::default(), script);
        assert!(answer.contains(&format!(" {code}: ")), "{script}\n{answer}");
        assert_eq!(answer.matches("_USER_").count(), 1, "{script}\n{answer}");
    }
    for code in usql_sema::diagnostics::all_codes() {
        assert!(
            scripts.iter().any(|(known, _)| *known == code.id),
            "{} has no example",
            code.id
        );
    }
}

#[test]
fn a_syntax_error_does_not_hide_what_is_wrong_elsewhere() {
    check(
        r#"
@a = SELECT x y z FROM @t;
@b = SELECT nope FROM (VALUES (1)) AS T(x);
@c = SELECT anything FROM @a;
OUTPUT @c TO "/c" USING Outputters.Csv();
OUTPUT @d TO "/d" USING Outputters.Csv();
"#,
        expect![[r#"
            2:15 15..16 E_CSC_USER_SYNTAXERROR: syntax error. Expected one of: '.' '(' AND AS BETWEEN FROM IN IS LIKE NOT OR as is ',' '[' '=' '*' '/' '%' '+' '-' '<<' '<' '>' '<=' '>=' '==' '!=' '&' '^' '|' '&&' '||' '??' '?' 
            3:13 40..44 E_CSC_USER_COLUMNNOTFOUND: The column 'nope' is not found. Columns here: x.
            6:8 151..153 E_CSC_USER_VARIABLENOTDECLARED: The variable @d is not declared.
        "#]],
    );
}

#[test]
fn a_missing_semicolon_is_one_error() {
    check(
        r#"
@a = SELECT x FROM (VALUES (1)) AS T(x)
@b = SELECT x, nope FROM @a
DECLARE @p = "/p"
OUTPUT @b TO @p USING Outputters.Csv()
OUTPUT @a TO @q USING Outputters.Csv();
"#,
        expect![[r#"
            3:1 41..43 E_CSC_USER_SYNTAXERROR: syntax error. Expected one of: ANTISEMIJOIN BROADCASTLEFT BROADCASTRIGHT CROSS EXCEPT FULL FULLCROSS GROUP HASH INDEXLOOKUP INNER INTERSECT JOIN LEFT LOOP MERGE OPTION ORDER OUTER PAIR PIVOT RIGHT SAMPLE SEMIJOIN SERIAL UNION UNPIVOT WHERE ';' 
            3:16 56..60 E_CSC_USER_COLUMNNOTFOUND: The column 'nope' is not found. Columns here: x.
            4:1 69..76 E_CSC_USER_SYNTAXERROR: syntax error. Expected one of: '(' ANTISEMIJOIN AS BROADCASTLEFT BROADCASTRIGHT CROSS EXCEPT FULL FULLCROSS GROUP HASH INDEXLOOKUP INNER INTERSECT JOIN LEFT LOOP MERGE OPTION ORDER OUTER PAIR PIVOT RIGHT SAMPLE SEMIJOIN SERIAL UNION UNPIVOT WHERE ';' 
            5:1 87..93 E_CSC_USER_SYNTAXERROR: syntax error. Expected one of: '.' AND BETWEEN IN IS LIKE NOT OPTION OR as is ';' '[' '=' '*' '/' '%' '+' '-' '<<' '<' '>' '<=' '>=' '==' '!=' '&' '^' '|' '&&' '||' '??' '?' 
            6:1 126..132 E_CSC_USER_SYNTAXERROR: syntax error. Expected one of: '.' '(' AND BETWEEN IN IS LIKE NOT OPTION OR OVER WITHIN as is ';' '[' '=' '*' '/' '%' '+' '-' '<<' '<' '>' '<=' '>=' '==' '!=' '&' '^' '|' '&&' '||' '??' '?' 
            6:14 139..141 E_CSC_USER_VARIABLENOTDECLARED: The variable @q is not declared.
        "#]],
    );
}

#[test]
fn nothing_is_said_about_variables_of_statements_with_syntax_errors() {
    check(
        r#"
DECLARE @p string "/p";
DECLARE EXTERNAL @q string = = "/q";
DECLARE CONST @r = ;
) @x = SELECT 1;
(@y, @z) = F(;
IF @p == THEN @v = SELECT * FROM (VALUES (1)) AS T(x); END;
IF true THEN @w = SELECT FROM; @n = SELECT nope FROM (VALUES (1)) AS T(x); END;
OUTPUT @v TO @p + @q + @r USING Outputters.Csv();
OUTPUT @w TO @p USING Outputters.Csv();
OUTPUT @x TO @p USING Outputters.Csv();
OUTPUT @y TO @p USING Outputters.Csv();
OUTPUT @z TO @p USING Outputters.Csv();
@a = SELECT * FROM @x
"#,
        expect![[r#"
            2:19 19..23 E_CSC_USER_SYNTAXERROR: syntax error. Expected one of: '[' '=' '?' 
            3:30 54..55 E_CSC_USER_SYNTAXERROR: syntax error. Expected one of: identifier quoted-identifier variable '(' CASE NOT system-variable built-in-type integer-literal real-literal string-literal verbatim-string-literal char-literal checked default false new null true typeof unchecked '+' '-' '!' '~' '++' '--' 
            4:20 81..82 E_CSC_USER_SYNTAXERROR: syntax error. Expected one of: identifier quoted-identifier variable '(' CASE NOT system-variable built-in-type integer-literal real-literal string-literal verbatim-string-literal char-literal checked default false new null true typeof unchecked '+' '-' '!' '~' '++' '--' 
            5:1 83..84 E_CSC_USER_SYNTAXERROR: syntax error. Expected one of: identifier quoted-identifier variable '(' ALTER CREATE DECLARE DEPLOY DROP IF IMPORT INSERT OUTPUT RAISE REFERENCE RENAME SET TRUNCATE UPDATE USE USING ';' 
            6:14 113..114 E_CSC_USER_SYNTAXERROR: syntax error. Expected one of: identifier quoted-identifier variable '(' CASE DEFAULT DISTINCT NOT system-variable built-in-type integer-literal real-literal string-literal verbatim-string-literal char-literal checked default false new null true typeof unchecked ')' '*' '+' '-' '!' '~' '++' '--' 
            7:10 124..128 E_CSC_USER_SYNTAXERROR: syntax error. Expected one of: identifier quoted-identifier variable '(' CASE NOT system-variable built-in-type integer-literal real-literal string-literal verbatim-string-literal char-literal checked default false new null true typeof unchecked '+' '-' '!' '~' '++' '--' 
            8:26 200..204 E_CSC_USER_SYNTAXERROR: syntax error. Expected one of: identifier quoted-identifier variable '(' CASE DISTINCT NOT system-variable built-in-type integer-literal real-literal string-literal verbatim-string-literal char-literal checked default false new null true typeof unchecked '*' '+' '-' '!' '~' '++' '--' 
            8:44 218..222 E_CSC_USER_COLUMNNOTFOUND: The column 'nope' is not found. Columns here: x.
            15:1 487..487 E_CSC_USER_SYNTAXERROR: syntax error. Expected one of: '(' ANTISEMIJOIN AS BROADCASTLEFT BROADCASTRIGHT CROSS EXCEPT FULL FULLCROSS GROUP HASH INDEXLOOKUP INNER INTERSECT JOIN LEFT LOOP MERGE OPTION ORDER OUTER PAIR PIVOT RIGHT SAMPLE SEMIJOIN SERIAL UNION UNPIVOT WHERE ';' 
        "#]],
    );
}
