//! Table-valued functions and procedures, of the script and of the catalog.

use std::fmt::Write;

use expect_test::expect;
use usql_sema::Settings;

use super::{answer, catalog::Account, check};

const ONE: &str = "DECLARE FUNCTION @one() RETURNS @r AS BEGIN @r = SELECT 1 AS a FROM (VALUES (0)) AS T(x); RETURN; END;\n";

#[test]
fn a_function_of_the_script_is_put_in_the_place_of_its_calls() {
    check(
        r#"DECLARE FUNCTION @log(@region string = "en-gb") RETURNS @r TABLE(id int, region string) AS
BEGIN
    @all = EXTRACT id int, region string FROM "/log" USING Extractors.Tsv();
    @r = SELECT * FROM @all WHERE region == @region;
END;
OUTPUT @log(DEFAULT) TO "/a" USING Outputters.Csv();
@b = @log("en-us") ORDER BY id FETCH 5;
OUTPUT @b TO "/b" USING Outputters.Csv();
OUTPUT (SELECT l.id FROM @log("fr") AS l) TO "/c" USING Outputters.Csv();"#,
        expect![[r#"
            r0 = extract /log text('\t') -> (id int, region string)
            r1 = filter r0 (#1 ==string "en-gb") -> (id int, region string)
            r2 = extract /log text('\t') -> (id int, region string)
            r3 = filter r2 (#1 ==string "en-us") -> (id int, region string)
            r4 = sort r3 by [#0 asc] fetch 5 -> (id int, region string)
            r5 = extract /log text('\t') -> (id int, region string)
            r6 = filter r5 (#1 ==string "fr") -> (id int, region string)
            r7 = project r6 [#0] -> (id int)
            output r1 to /a text(',')
            output r4 to /b text(',')
            output r7 to /c text(',')
        "#]],
    );
}

#[test]
fn several_rowsets_are_assigned_together() {
    check(
        r#"DECLARE FUNCTION @split(@t TABLE(x int), @n int) RETURNS (@low, @high TABLE(x int)) AS
BEGIN
    @low = SELECT x, @n AS n FROM @t WHERE x < @n;
    @high = SELECT x FROM @t WHERE x >= @n;
END;
@t = SELECT * FROM (VALUES (1), (2)) AS T(x);
(@a, @b) = @split(@t, 1 + 1);
OUTPUT @a TO "/a" USING Outputters.Csv();
OUTPUT @b TO "/b" USING Outputters.Csv();"#,
        expect![[r#"
            r0 = values (1), (2) -> (x int)
            r1 = filter r0 (#0 <int 2) -> (x int)
            r2 = project r1 [#0, 2] -> (x int, n int)
            r3 = filter r0 (#0 >=int 2) -> (x int)
            output r2 to /a text(',')
            output r3 to /b text(',')
        "#]],
    );
}

#[test]
fn a_procedure_writes_for_each_call() {
    check(
        r#"DECLARE PROCEDURE @write(@name string, @code int = 1252) AS
BEGIN
    DECLARE @path = "/out/" + @name + ".csv";
    IF @code == 1252 THEN
        OUTPUT (SELECT "x" AS c FROM (VALUES (1)) AS T(x)) TO @path USING Outputters.Csv(encoding: Encoding.GetEncoding(@code));
    ELSE
        OUTPUT (SELECT "y" AS c FROM (VALUES (1)) AS T(x)) TO @path USING Outputters.Csv();
    END;
END;
DECLARE PROCEDURE @both() AS BEGIN @write("a", DEFAULT); @write("b", 5); END;
@both();"#,
        expect![[r#"
            r0 = values (1) -> (x int)
            r1 = project r0 ["x"] -> (c string)
            r2 = values (1) -> (x int)
            r3 = project r2 ["y"] -> (c string)
            output r1 to /out/a.csv text(',', encoding CodePage(windows-1252))
            output r3 to /out/b.csv text(',')
        "#]],
    );
}

#[test]
fn bodies_and_their_callers_do_not_see_each_other() {
    check(
        r#"DECLARE @v = 1;
@t = SELECT * FROM (VALUES (1)) AS T(x);
DECLARE FUNCTION @f() RETURNS @t AS BEGIN DECLARE @w = 2; @t = SELECT @w + @v AS x FROM (VALUES (0)) AS T(x); END;
DECLARE FUNCTION @g() RETURNS @r AS BEGIN @r = SELECT * FROM @t; END;
OUTPUT @f() TO "/a" USING Outputters.Csv();
OUTPUT @g() TO "/b" USING Outputters.Csv();
@u = SELECT x + @w AS y FROM @t;"#,
        expect![[r#"
            5:8 249..253 E_CSC_USER_VARIABLENOTDECLARED: In the table-valued function '@f', 3:76: The variable @v is not declared.
            6:8 293..297 E_CSC_USER_VARIABLENOTDECLARED: In the table-valued function '@g', 4:62: The variable @t is not declared.
            7:17 346..348 E_CSC_USER_VARIABLENOTDECLARED: The variable @w is not declared.
        "#]],
    );
    check(
        &format!(
            "{ONE}DECLARE @r = 5;\n@a = SELECT a + @r AS b FROM @one() AS o;\nOUTPUT @a TO \"/a\" USING Outputters.Csv();"
        ),
        expect![[r#"
            r0 = values (0) -> (x int)
            r1 = project r0 [1] -> (a int)
            r2 = project r1 [(#0 +int 5)] -> (b int)
            output r2 to /a text(',')
        "#]],
    );
}

#[test]
fn what_is_wrong_in_a_body_is_said_of_the_call() {
    check(
        r#"DECLARE FUNCTION @f(@n int) RETURNS @r AS
BEGIN
    @r = SELECT nothing + @n AS x FROM (VALUES (0)) AS T(x);
END;
DECLARE FUNCTION @g() RETURNS @r AS BEGIN @r = @f(1); END;
OUTPUT @g() TO "/a" USING Outputters.Csv();
@b = EXTRACT x int FROM "/missing" USING Extractors.Csv();"#,
        expect![[r#"
            6:8 180..184 E_CSC_USER_COLUMNNOTFOUND: In the table-valued function '@g', 5:48: In the table-valued function '@f', 3:17: The column 'nothing' is not found. Columns here: x.
            7:25 241..251 E_CSC_USER_FILENOTFOUND: The input file '/missing' does not exist.
        "#]],
    );
    // Files are looked for when all is known.
    check(
        r#"DECLARE FUNCTION @f(@path string) RETURNS @r AS
BEGIN
    @r = EXTRACT x int, name string FROM "/broken/{name}" USING Extractors.Csv();
END;
OUTPUT @f("/missing") TO "/a" USING Outputters.Csv();"#,
        expect![[r#"
            5:8 148..162 E_CSC_USER_FILESETNOTLISTED: In the table-valued function '@f', 3:42: The file set '/broken/{name}' cannot be listed: the disk is gone.
        "#]],
    );
}

#[test]
fn arguments_fit_the_parameters() {
    check(
        r#"DECLARE FUNCTION @f(@n int, @t TABLE(x int), @s string = "s") RETURNS @r AS BEGIN @r = SELECT x FROM @t; END;
@t = SELECT * FROM (VALUES (1)) AS T(x);
@u = SELECT * FROM (VALUES (1L)) AS T(x);
DECLARE @d = 1;
@a = @f(1, @t);
@b = @f("1", @u, DEFAULT);
@c = @f(DEFAULT, @d, "s");
@e = @f(1, 1, s: "s");
@g = @f(x, @t, null);
@h = @f(1, @t, null);"#,
        expect![[r#"
            5:6 214..223 E_CSC_USER_INVALIDARGUMENTS: The number of arguments is 2 instead of 3.
            6:9 233..236 E_CSC_USER_INVALIDCSHARP: C# error CS0029: Cannot implicitly convert type 'string' to 'int'
            6:14 238..240 E_CSC_USER_TABLETYPEMISMATCH: The rowset @u has the columns (x long) where (x int) are declared.
            7:9 260..267 E_CSC_USER_INVALIDARGUMENTS: The parameter @n has no default value.
            7:18 269..271 E_CSC_USER_VARIABLENOTDECLARED: The variable @d is not declared.
            8:12 290..291 E_CSC_USER_INVALIDARGUMENTS: The parameter @t takes a rowset variable.
            8:15 293..299 E_CSC_USER_INVALIDARGUMENTS: Arguments go to parameters by their order and have no names.
            9:9 310..311 E_CSC_USER_COLUMNNOTFOUND: The column 'x' is not found. Columns here: none.
        "#]],
    );
}

#[test]
fn signatures_have_different_names_and_known_types() {
    check(
        r#"DECLARE FUNCTION @a(@res int) RETURNS @res AS BEGIN @res = SELECT 1 AS c FROM (VALUES (1)) AS T(x); END;
DECLARE FUNCTION @b(@n int, @n int) RETURNS (@r, @r) AS BEGIN END;
DECLARE FUNCTION @c(@n Unknown, @m int = "1", @t TABLE(x int, x int)) RETURNS @r int AS BEGIN END;
DECLARE PROCEDURE @c() AS BEGIN END;
DECLARE PROCEDURE @p() AS BEGIN END;
DECLARE FUNCTION @p() RETURNS @r AS BEGIN END;
DECLARE @p = 1;
@p = SELECT * FROM (VALUES (1)) AS T(x);
OUTPUT @a(1) TO "/a" USING Outputters.Csv();
OUTPUT @p() TO "/a" USING Outputters.Csv();
@nobody();
OUTPUT @c() TO "/a" USING Outputters.Csv();"#,
        expect![[r#"
            1:39 38..42 E_CSC_USER_ROWSETVARIABLEALREADYDECLARED: Rowset variable @res is already declared as a scalar variable.
            2:29 133..135 E_CSC_USER_VARIABLEALREADYDECLARED: The variable @n is already declared.
            2:50 154..156 E_CSC_USER_VARIABLEALREADYDECLARED: The variable @r is already declared.
            3:24 195..202 E_CSC_USER_INVALIDCSHARP: C# error CS0246: The type or namespace name 'Unknown' could not be found (are you missing a using directive or an assembly reference?)
            3:42 213..216 E_CSC_USER_INVALIDCSHARP: C# error CS0029: Cannot implicitly convert type 'string' to 'int'
            3:63 234..239 E_CSC_USER_DUPLICATECOLUMN: The column 'x' is there more than once.
            3:79 250..252 E_CSC_USER_NOTSUPPORTED: A function that returns a int is not supported.
            4:19 289..291 E_CSC_USER_VARIABLEALREADYDECLARED: The variable @c is already declared.
            6:18 362..364 E_CSC_USER_VARIABLEALREADYDECLARED: The variable @p is already declared.
            7:9 400..402 E_CSC_USER_VARIABLEALREADYDECLARED: The variable @p is already declared.
            8:1 408..410 E_CSC_USER_VARIABLEALREADYDECLARED: The variable @p is already declared.
            10:8 501..505 E_CSC_USER_DDLENTITYKIND: '@p' is a procedure and not a table-valued function.
            11:1 538..548 E_CSC_USER_VARIABLENOTDECLARED: The variable @nobody is not declared.
        "#]],
    );
}

#[test]
fn results_are_what_the_signature_says() {
    check(
        r#"DECLARE FUNCTION @types() RETURNS @r TABLE(a int) AS BEGIN @r = SELECT 1L AS a FROM (VALUES (0)) AS T(x); END;
DECLARE FUNCTION @names() RETURNS @r TABLE(a int) AS BEGIN @r = SELECT 1 AS b FROM (VALUES (0)) AS T(x); END;
DECLARE FUNCTION @none() RETURNS @r TABLE(a int) AS BEGIN @s = SELECT 1 AS a FROM (VALUES (0)) AS T(x); END;
DECLARE FUNCTION @two() RETURNS (@r, @s) AS BEGIN @r = SELECT 1 AS a FROM (VALUES (0)) AS T(x); @s = SELECT 2 AS b FROM (VALUES (0)) AS T(x); END;
OUTPUT @types() TO "/a" USING Outputters.Csv();
OUTPUT @names() TO "/b" USING Outputters.Csv();
OUTPUT @none() TO "/c" USING Outputters.Csv();
OUTPUT @two() TO "/d" USING Outputters.Csv();
(@a, @b, @c) = @two();
(@d, @e) = SELECT * FROM (VALUES (0)) AS T(x);"#,
        expect![[r#"
            5:8 484..492 E_CSC_USER_TABLETYPEMISMATCH: In the table-valued function '@types', 1:35: The rowset @r has the columns (a long) where (a int) are declared.
            6:8 532..540 E_CSC_USER_TABLETYPEMISMATCH: In the table-valued function '@names', 2:35: The rowset @r has the columns (b int) where (a int) are declared.
            7:8 580..587 E_CSC_USER_RESULTNOTASSIGNED: In the table-valued function '@none', 3:34: The function returns @r and never assigns it.
            8:8 627..633 E_CSC_USER_RESULTCOUNT: The number of returned rowsets is 2 instead of 1.
            9:1 666..688 E_CSC_USER_RESULTCOUNT: The number of returned rowsets is 2 instead of 3.
            10:1 689..735 E_CSC_USER_RESULTCOUNT: The number of returned rowsets is 1 instead of 2.
        "#]],
    );
}

#[test]
fn a_function_has_no_effect_and_a_procedure_makes_no_routine() {
    check(
        r#"DECLARE FUNCTION @f() RETURNS @r AS
BEGIN
    DECLARE EXTERNAL @given_5 = 1;
    @r = SELECT @given_5 AS a FROM (VALUES (0)) AS T(x);
    OUTPUT @r TO "/a" USING Outputters.Csv();
    IF true THEN CREATE DATABASE d; END;
    p();
END;
DECLARE PROCEDURE @p() AS BEGIN DECLARE PROCEDURE @q() AS BEGIN END; DROP FUNCTION f; END;"#,
        expect![[r#"
            3:5 46..76 W_CSC_USER_EXTERNALNOTINMAINSCRIPT: Found EXTERNAL in procedure/package/function.
            5:5 138..179 E_CSC_USER_STATEMENTNOTALLOWED: This statement cannot stand in a function, which has no effect but its result.
            6:18 197..215 E_CSC_USER_STATEMENTNOTALLOWED: This statement cannot stand in a function, which has no effect but its result.
            7:5 225..229 E_CSC_USER_STATEMENTNOTALLOWED: This statement cannot stand in a function, which has no effect but its result.
            9:33 267..303 E_CSC_USER_STATEMENTNOTALLOWED: This statement cannot stand in a procedure.
            9:70 304..320 E_CSC_USER_STATEMENTNOTALLOWED: This statement cannot stand in a procedure.
        "#]],
    );
    check(
        r#"DECLARE FUNCTION @f() RETURNS @r AS
BEGIN
    DECLARE EXTERNAL @given_5 = 1;
    @r = SELECT @given_5 AS a FROM (VALUES (0)) AS T(x);
END;
OUTPUT @f() TO "/a" USING Outputters.Csv();"#,
        expect![[r#"
            r0 = values (0) -> (x int)
            r1 = project r0 [1] -> (a int)
            output r1 to /a text(',')
            3:5 46..76 W_CSC_USER_EXTERNALNOTINMAINSCRIPT: Found EXTERNAL in procedure/package/function.
        "#]],
    );
}

#[test]
fn a_syntax_error_in_a_body_is_said_once() {
    check(
        r#"DECLARE FUNCTION @f() RETURNS @r AS BEGIN @r = SELECT FROM; END;
DECLARE FUNCTION @g( RETURNS @r AS BEGIN @r = SELECT 1 AS a FROM (VALUES (0)) AS T(x); END;
OUTPUT @f() TO "/a" USING Outputters.Csv();
OUTPUT @g() TO "/b" USING Outputters.Csv();"#,
        expect![[r#"
            1:55 54..58 E_CSC_USER_SYNTAXERROR: syntax error. Expected one of: identifier quoted-identifier variable '(' CASE DISTINCT NOT system-variable built-in-type integer-literal real-literal string-literal verbatim-string-literal char-literal checked default false new null true typeof unchecked '*' '+' '-' '!' '~' '++' '--' 
            2:22 86..93 E_CSC_USER_SYNTAXERROR: syntax error. Expected one of: variable ')' 
        "#]],
    );
}

/// The recursion of the reference's page of CREATE FUNCTION.
fn recursion(most: usize) -> String {
    format!(
        r#"DECLARE FUNCTION @f(@t TABLE(a int), @now int = 0, @most int = 5) RETURNS @r TABLE(a int) AS
BEGIN
    IF (@now >= @most) THEN
        @r = SELECT * FROM @t;
    ELSE
        @t = SELECT * FROM @t UNION SELECT @now + 1 AS a FROM @t;
        @r = @f(@t, @now + 1, @most);
    END;
END;
@t = SELECT * FROM (VALUES (0)) AS T(a);
OUTPUT @f(@t, 0, {most}) TO "/a" USING Outputters.Csv();"#
    )
}

#[test]
fn recursion_ends_at_the_fiftieth_call() {
    check(
        &recursion(2),
        expect![[r#"
        r0 = values (0) -> (a int)
        r1 = project r0 [1] -> (a int)
        r2 = union distinct r0 r1 -> (a int)
        r3 = project r2 [2] -> (a int)
        r4 = union distinct r2 r3 -> (a int)
        output r4 to /a text(',')
    "#]],
    );
    assert!(answer(Settings::default(), &recursion(50)).starts_with("r0 = values"));
    check(
        &recursion(51),
        expect![[r#"
        11:8 333..346 E_CSC_USER_NESTEDCALLS: In the table-valued function '@f', 7:14: In the table-valued function '@f', 7:14: In the table-valued function '@f', 7:14: In the table-valued function '@f', 7:14: In the table-valued function '@f', 7:14: In the table-valued function '@f', 7:14: In the table-valued function '@f', 7:14: In the table-valued function '@f', 7:14: In the table-valued function '@f', 7:14: In the table-valued function '@f', 7:14: More than 50 calls are nested.
    "#]],
    );
}

#[test]
fn calls_that_double_with_every_level_end_soon() {
    let mut script = String::from(ONE);
    script.push_str("DECLARE FUNCTION @f0() RETURNS @r AS BEGIN @r = @one(); END;\n");
    for level in 1..=30 {
        let below = level - 1;
        writeln!(
            script,
            "DECLARE FUNCTION @f{level}() RETURNS @r AS BEGIN @r = SELECT a FROM @f{below}() AS l UNION ALL SELECT a FROM @f{below}() AS r; END;"
        )
        .unwrap();
    }
    script.push_str("OUTPUT @f30() TO \"/a\" USING Outputters.Csv();");
    let answer = answer(Settings::default(), &script);
    let lines: Vec<&str> = answer.lines().collect();
    assert_eq!(lines.len(), 1, "{answer}");
    assert!(
        lines[0].contains("So much work in functions and procedures is not supported."),
        "{answer}"
    );
}

/// As many calls as may be open, each so deep in its query that they are as deep as they may be together.
fn deepest(open: &str, close: &str) -> String {
    let script = |nested: usize| {
        let (open, close) = (open.repeat(nested), close.repeat(nested));
        let mut script =
            format!("{ONE}DECLARE FUNCTION @f0() RETURNS @r AS BEGIN @r = @one(); END;\n");
        for level in 1..=49 {
            let below = level - 1;
            writeln!(
                script,
                "DECLARE FUNCTION @f{level}() RETURNS @r AS BEGIN @r = {open}SELECT a FROM @f{below}() AS s{close}; END;"
            )
            .expect("a string grows");
        }
        script + "OUTPUT @f49() TO \"/a\" USING Outputters.Csv();"
    };
    let mut scripts = (0..8).rev().map(script);
    let is_allowed = |script: &String| answer(Settings::default(), script).contains("output");
    scripts.find(is_allowed).expect("some depth is allowed")
}

#[test]
fn calls_as_deep_as_they_may_be_fit_a_small_stack() {
    let scripts = std::thread::Builder::new().stack_size(64 << 20).spawn(|| {
        [
            deepest("(", ")"),
            deepest("SELECT a FROM (", ") AS s"),
            deepest("SELECT o.a FROM @one() AS o JOIN (", ") AS s ON o.a == s.a"),
        ]
    });
    for script in scripts.unwrap().join().unwrap() {
        let thread = std::thread::Builder::new().stack_size(2 << 20);
        let check = thread.spawn(move || answer(Settings::default(), &script));
        check.unwrap().join().expect("the stack is enough");
    }
}

#[test]
fn what_is_stored_resolves_names_where_it_was_made() {
    let mut account = Account::default();
    account.run(
        r#"CREATE DATABASE d;
USE DATABASE d;
CREATE TYPE Row AS TABLE(a int);
CREATE VIEW V AS SELECT 1 AS a FROM (VALUES (0)) AS T(x);
CREATE FUNCTION F(@t Row) RETURNS @r Row AS BEGIN @r = SELECT v.a FROM V AS v JOIN @t AS t ON v.a == t.a; END;
CREATE FUNCTION Bad() RETURNS @r Row AS BEGIN @r = SELECT 1L AS a FROM W; END;
CREATE PROCEDURE P(@path string) AS BEGIN @v = SELECT * FROM V; OUTPUT F(@v) TO @path USING Outputters.Csv(); END;"#,
    );
    account.check(
        r#"d.dbo.P("/a"); USE d; P("/b");
@rows = SELECT 5 AS a FROM (VALUES (0)) AS T(x);
OUTPUT F(@rows) TO "/c" USING Outputters.Csv();"#,
        expect![[r#"
            r0 = values (0) -> (x int)
            r1 = project r0 [1] -> (a int)
            r2 = inner join r1 r1 on [#0 == #0] -> (a int, a int)
            r3 = project r2 [#0] -> (a int)
            r4 = inner join r1 r1 on [#0 == #0] -> (a int, a int)
            r5 = project r4 [#0] -> (a int)
            r6 = values (0) -> (x int)
            r7 = project r6 [5] -> (a int)
            r8 = inner join r1 r7 on [#0 == #0] -> (a int, a int)
            r9 = project r8 [#0] -> (a int)
            output r3 to /a text(',')
            output r5 to /b text(',')
            output r9 to /c text(',')
        "#]],
    );
    account.check(
        r#"OUTPUT F() TO "/c" USING Outputters.Csv();
OUTPUT d.dbo.V() TO "/c" USING Outputters.Csv();
OUTPUT d.dbo.P("x") TO "/c" USING Outputters.Csv();
OUTPUT d.dbo.Bad() TO "/c" USING Outputters.Csv();
CREATE FUNCTION IF NOT EXISTS d.dbo.F() RETURNS @r Nothing AS BEGIN END;"#,
        expect![[r#"
            1:8 7..10 E_CSC_USER_DDLENTITYDOESNOTEXIST: The table-valued function 'master.dbo.F' does not exist.
            2:8 50..59 E_CSC_USER_DDLENTITYKIND: 'd.dbo.V' is a view and not a table-valued function.
            3:8 99..111 E_CSC_USER_DDLENTITYKIND: 'd.dbo.P' is a procedure and not a table-valued function.
            4:8 151..162 E_CSC_USER_NOTSUPPORTED: In the table-valued function 'd.dbo.Bad', 1:72: There is no view 'd.dbo.W', and a table is not supported.
            5:52 246..253 E_CSC_USER_INVALIDCSHARP: C# error CS0246: The type or namespace name 'Nothing' could not be found (are you missing a using directive or an assembly reference?)
        "#]],
    );
}

#[test]
fn a_routine_may_be_made_and_called_in_one_script() {
    Account::default().check(
        r#"DROP FUNCTION IF EXISTS F;
CREATE FUNCTION F(@n int = 7) RETURNS @r TABLE(a int) AS BEGIN @r = SELECT @n AS a FROM (VALUES (0)) AS T(x); END;
OUTPUT F(DEFAULT) TO "/a" USING Outputters.Csv();
DROP FUNCTION F;
CREATE FUNCTION F() RETURNS @r AS BEGIN @r = SELECT "s" AS a FROM (VALUES (0)) AS T(x); END;
OUTPUT F() TO "/b" USING Outputters.Csv();"#,
        expect![[r#"
            r0 = values (0) -> (x int)
            r1 = project r0 [7] -> (a int)
            r2 = values (0) -> (x int)
            r3 = project r2 ["s"] -> (a string)
            output r1 to /a text(',')
            output r3 to /b text(',')
            drop table-valued function if exists master.dbo.F
            create table-valued function master.dbo.F
            drop table-valued function master.dbo.F
            create table-valued function master.dbo.F
        "#]],
    );
}

#[test]
fn a_procedure_changes_the_catalog_where_it_was_made() {
    let mut account = Account::default();
    account.run(
        r#"CREATE DATABASE d; USE d;
CREATE PROCEDURE Renew(@drop bool = true) AS
BEGIN
    IF @drop THEN DROP VIEW IF EXISTS V; END;
    CREATE VIEW V AS SELECT 1 AS a FROM (VALUES (0)) AS T(x);
END;"#,
    );
    let script = r#"d.dbo.Renew(DEFAULT);
OUTPUT d.dbo.V TO "/a" USING Outputters.Csv();"#;
    account.check(
        script,
        expect![[r#"
        r0 = values (0) -> (x int)
        r1 = project r0 [1] -> (a int)
        output r1 to /a text(',')
        drop view if exists d.dbo.V
        create view d.dbo.V
    "#]],
    );
    let plan = usql_sema::check(&usql_syntax::parse(script), &account).unwrap();
    assert!(
        plan.changes()
            .iter()
            .all(|change| change.location.line == 1)
    );
    account.run("d.dbo.Renew(false);");
    account.check("d.dbo.Renew(false);", expect![[r#"
        1:1 0..19 E_CSC_USER_DDLENTITYALREADYEXISTS: In the procedure 'd.dbo.Renew', 4:17: The view 'd.dbo.V' already exists.
    "#]]);
}

#[test]
fn a_view_and_a_function_that_are_made_of_each_other_end() {
    let mut account = Account::default();
    account.run(
        r#"CREATE FUNCTION F() RETURNS @r AS BEGIN @r = SELECT 1 AS a FROM (VALUES (0)) AS T(x); END;
CREATE VIEW V AS SELECT l.a FROM F() AS l CROSS JOIN F() AS r;
DROP FUNCTION F;
CREATE FUNCTION F() RETURNS @r AS BEGIN @r = SELECT l.a FROM V AS l CROSS JOIN V AS r; END;"#,
    );
    for script in ["OUTPUT V TO \"/a\"", "OUTPUT F() TO \"/a\""] {
        let script = format!("{script} USING Outputters.Csv();");
        let found = usql_sema::check(&usql_syntax::parse(&script), &account).unwrap_err();
        assert_eq!(found.len(), 1, "{found:#?}");
        let code = found[0].code.id;
        assert!(
            code == "E_CSC_USER_NESTEDCALLS" || code == "E_CSC_USER_NOTSUPPORTED",
            "{found:#?}"
        );
    }
}

#[test]
fn the_context_of_a_body_ends_with_it() {
    let mut account = Account::default();
    account.run(
        r#"CREATE DATABASE d;
CREATE VIEW d.dbo.V AS SELECT 1 AS a FROM (VALUES (0)) AS T(x);
CREATE VIEW V AS SELECT 2 AS a FROM (VALUES (0)) AS T(x);
CREATE FUNCTION F() RETURNS @r AS BEGIN USE d; @r = SELECT a FROM V; END;"#,
    );
    account.check(
        r#"OUTPUT F() TO "/a" USING Outputters.Csv();
OUTPUT V TO "/b" USING Outputters.Csv();"#,
        expect![[r#"
            r0 = values (0) -> (x int)
            r1 = project r0 [1] -> (a int)
            r2 = values (0) -> (x int)
            r3 = project r2 [2] -> (a int)
            output r1 to /a text(',')
            output r3 to /b text(',')
        "#]],
    );
}
