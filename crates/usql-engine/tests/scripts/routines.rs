//! Functions and procedures: what runs is the script with their statements in the place of the calls.

use std::sync::Arc;

use expect_test::expect;
use usql_engine::RuntimeErrorKind;

use super::lake::{Lake, check, options, run_with};

#[test]
fn a_function_is_called_with_and_without_its_default() {
    check(
        "1,en-gb\n2,en-us\n3,en-gb\n",
        r#"
        DECLARE FUNCTION @of(@region string = "en-gb") RETURNS @r TABLE(id int, region string) AS
        BEGIN
            @all = EXTRACT id int, region string FROM "/in.csv" USING Extractors.Csv();
            @r = SELECT * FROM @all WHERE region == @region;
            RETURN;
        END;
        @both = SELECT b.id, a.id AS other FROM @of(DEFAULT) AS b CROSS JOIN @of("en-us") AS a;
        OUTPUT @both TO "/out.csv" ORDER BY id USING Outputters.Csv();"#,
        expect![[r#"
            1,2
            3,2
        "#]],
    );
}

#[test]
fn the_recursion_of_the_reference_adds_a_row_for_each_call() {
    check(
        "",
        r#"
        DECLARE FUNCTION @count(@t TABLE(id1 int, id2 int), @now int = 0, @most int = 5)
        RETURNS @result TABLE(id1 int, id2 int) AS
        BEGIN
            IF (@now >= @most) THEN
                @result = SELECT * FROM @t;
            ELSE
                @t = SELECT * FROM @t UNION SELECT @now + 1 AS id1, @most AS id2 FROM @t;
                @result = @count(@t, @now + 1, @most);
            END;
        END;
        @t = SELECT * FROM (VALUES (0, 0)) AS T(id1, id2);
        OUTPUT @count(@t, 0, 5) TO "/out.csv" ORDER BY id1 USING Outputters.Csv();"#,
        expect![[r#"
            0,0
            1,5
            2,5
            3,5
            4,5
            5,5
        "#]],
    );
}

#[test]
fn two_results_of_one_call_are_two_rowsets() {
    check(
        "1\n2\n3\n4\n",
        r#"
        DECLARE FUNCTION @split(@t TABLE(x int), @at int) RETURNS (@low, @high TABLE(x int)) AS
        BEGIN
            @low = SELECT x FROM @t WHERE x < @at;
            @high = SELECT x FROM @t WHERE x >= @at;
        END;
        @in = EXTRACT x int FROM "/in.csv" USING Extractors.Csv();
        (@a, @b) = @split(@in, 2);
        @out = SELECT a.x, b.x AS y FROM @a AS a CROSS JOIN @b AS b;
        OUTPUT @out TO "/out.csv" ORDER BY y USING Outputters.Csv();"#,
        expect![[r#"
            1,2
            1,3
            1,4
        "#]],
    );
}

#[test]
fn a_procedure_of_the_catalog_writes_a_file_for_each_call() {
    let lake = Arc::new(Lake::default());
    let script = r#"
        CREATE PROCEDURE Write(@code int) AS
        BEGIN
            DECLARE @encoding = System.Text.Encoding.GetEncoding(@code);
            DECLARE @path = "/res_" + @code.ToString() + ".csv";
            OUTPUT (SELECT "Ä" AS c FROM (VALUES (1)) AS T(x)) TO @path USING Outputters.Csv(encoding: @encoding);
        END;
        Write(1252);
        Write(1250);"#;
    run_with(options(), &lake, script).unwrap();
    let bytes = lake.bytes("/res_1252.csv").unwrap();
    assert_eq!(*bytes, b"\"\xc4\"\r\n");
}

#[test]
fn what_fails_in_a_stored_body_fails_at_the_call() {
    let lake = Arc::new(Lake::with_input("1\n0\n"));
    let script = r#"CREATE FUNCTION F() RETURNS @r AS
        BEGIN
            @in = EXTRACT x int FROM "/in.csv" USING Extractors.Csv();
            @r = SELECT 1 / x AS y FROM @in;
        END;

OUTPUT F() TO "/out.csv" USING Outputters.Csv();"#;
    let error = run_with(options(), &lake, script).unwrap_err();
    assert_eq!(error.kind(), RuntimeErrorKind::User);
    assert_eq!(
        error.location().map(|place| (place.line, place.column)),
        Some((7, 8))
    );
}
