use expect_test::expect;

use super::check;

#[test]
fn hello_world_is_a_values_and_an_output() {
    check(
        r#"@a = SELECT * FROM (VALUES ("Hello, World!")) AS T(message);
OUTPUT @a TO "/Samples/Output/HelloWorld.csv" USING Outputters.Csv();"#,
        expect![[r#"
            r0 = values ("Hello, World!") -> (message string)
            output r0 to /Samples/Output/HelloWorld.csv text(',')
        "#]],
    );
}

#[test]
fn the_search_log_is_filtered_grouped_and_ordered() {
    check(
        r#"
DECLARE @in string = "/Samples/Data/" + "SearchLog.tsv";
@searchlog =
    EXTRACT UserId          int,
            Start           DateTime,
            Region          string,
            Query           string,
            Duration        int?,
            Urls            string,
            ClickedUrls     string
    FROM @in
    USING Extractors.Tsv(skipFirstNRows: 1);

@rs =
    SELECT Region, SUM(Duration) AS TotalDuration, COUNT(*) AS N, AVG((double) UserId) AS Mean
    FROM @searchlog
    WHERE Start >= DateTime.Parse("2012/02/16") AND Region != "en-gb"
    GROUP BY Region
    HAVING SUM(Duration) > 200;

OUTPUT @rs
    TO "/output/Searchlog-from-Data-Lake.csv"
    ORDER BY TotalDuration DESC
    USING Outputters.Csv(outputHeader: true);
"#,
        expect![[r#"
            r0 = extract /Samples/Data/SearchLog.tsv text('\t', skip 1) -> (UserId int, Start DateTime, Region string, Query string, Duration int?, Urls string, ClickedUrls string)
            r1 = filter r0 ((#1 >=DateTime `DateTime.Parse(string)`("2012/02/16")) AND (#2 !=string "en-gb")) -> (UserId int, Start DateTime, Region string, Query string, Duration int?, Urls string, ClickedUrls string)
            r2 = aggregate r1 by [#2] [SUM(long?(#4)), COUNT(*), AVG(double(#0))] -> (key0 string, aggregate0 long?, aggregate1 long?, aggregate2 double?)
            r3 = filter r2 (#1 >long 200L) -> (key0 string, aggregate0 long?, aggregate1 long?, aggregate2 double?)
            r4 = project r3 [#0, #1, #2, #3] -> (Region string, TotalDuration long?, N long?, Mean double?)
            output r4 to /output/Searchlog-from-Data-Lake.csv text(',', header) by [#1 desc]
        "#]],
    );
}

#[test]
fn assigning_again_makes_a_new_rowset() {
    check(
        r#"
@a = SELECT * FROM (VALUES (1)) AS T(x);
@a = SELECT x + 1 AS x FROM @a;
@a = SELECT x FROM @a WHERE x > 1;
OUTPUT @a TO "/a" USING Outputters.Tsv();
"#,
        expect![[r#"
            r0 = values (1) -> (x int)
            r1 = project r0 [(#0 +int 1)] -> (x int)
            r2 = filter r1 (#0 >int 1) -> (x int)
            output r2 to /a text('\t')
        "#]],
    );
}

#[test]
fn a_rowset_that_nothing_uses_is_a_warning() {
    check(
        r#"
@a = SELECT * FROM (VALUES (1)) AS T(x);
@b = SELECT x FROM @a;
OUTPUT @a TO "/a" USING Outputters.Tsv();
"#,
        expect![[r#"
            r0 = values (1) -> (x int)
            output r0 to /a text('\t')
            3:1 42..44 W_CSC_USER_UNUSEDROWSET: The rowset variable @b is not used.
        "#]],
    );
}

#[test]
fn a_script_without_an_output_is_an_error() {
    check(
        "@a = SELECT * FROM (VALUES (1)) AS T(x);",
        expect![[r#"
        1:1 0..40 E_CSC_USER_NOOUTPUT: The script does not contain an OUTPUT statement.
    "#]],
    );
    check(
        "",
        expect![[r#"
        1:1 0..0 E_CSC_USER_NOOUTPUT: The script does not contain an OUTPUT statement.
    "#]],
    );
    check(
        "DECLARE @a int = 1; // nothing else",
        expect![[r#"
        1:1 0..35 E_CSC_USER_NOOUTPUT: The script does not contain an OUTPUT statement.
    "#]],
    );
}

#[test]
fn two_outputs_to_one_file_are_an_error() {
    check(
        r#"
@a = SELECT * FROM (VALUES (1)) AS T(x);
OUTPUT @a TO "/out/a.csv" USING Outputters.Csv();
OUTPUT @a TO "out//a.csv" USING Outputters.Tsv();
"#,
        expect![[r#"
            4:14 105..117 E_CSC_USER_DUPLICATEOUTPUT: The file '/out/a.csv' is written by two OUTPUT statements.
        "#]],
    );
}

#[test]
fn an_output_stays_in_its_store() {
    check(
        r#"
@a = SELECT * FROM (VALUES (1)) AS T(x);
OUTPUT @a TO "/out/../../etc/passwd" USING Outputters.Csv();
OUTPUT @a TO "" USING Outputters.Csv();
OUTPUT @a TO "ftp://host/x" USING Outputters.Csv();
OUTPUT @a TO "/out/{*}.csv" USING Outputters.Csv();
OUTPUT @a TO (string) null USING Outputters.Csv();
OUTPUT @a TO 1 USING Outputters.Csv();
"#,
        expect![[r#"
            3:14 55..78 E_CSC_USER_INVALIDFILENAME: The file path '/out/../../etc/passwd' is invalid: it has a '.' or '..' segment.
            4:14 116..118 E_CSC_USER_EMPTYFILEPATH: The file path is empty.
            5:14 156..170 E_CSC_USER_INVALIDFILENAME: The file path 'ftp://host/x' is invalid: its scheme is not adl, swebhdfs, webhdfs or wasb.
            6:14 208..222 E_CSC_USER_NOTSUPPORTED: A file set ('{' or '}' in a path) is not supported.
            7:14 260..273 E_CSC_USER_EMPTYFILEPATH: The file path is empty.
            8:14 311..312 E_CSC_USER_INVALIDCSHARP: C# error CS0029: Cannot implicitly convert type 'int' to 'string'
        "#]],
    );
}

#[test]
fn a_uri_names_another_account() {
    check(
        r#"
@a = EXTRACT x int FROM "adl://Other.azuredatalakestore.net/in/a.csv" USING Extractors.Csv();
OUTPUT @a TO "swebhdfs://Other.azuredatalakestore.net/out/a.csv" USING Outputters.Csv();
"#,
        expect![[r#"
            r0 = extract adl://other.azuredatalakestore.net/in/a.csv text(',') -> (x int)
            output r0 to adl://other.azuredatalakestore.net/out/a.csv text(',')
        "#]],
    );
}

#[test]
fn an_output_takes_a_query_an_order_and_a_slice() {
    check(
        r#"
@a = SELECT * FROM (VALUES (1, "x")) AS T(n, s);
OUTPUT (SELECT s, n FROM @a) TO "/1" ORDER BY n DESC, s USING Outputters.Csv();
OUTPUT @a TO "/2" ORDER BY n % 3 OFFSET 2 ROWS FETCH 5 ROWS USING Outputters.Csv();
"#,
        expect![[r#"
            r0 = values (1, "x") -> (n int, s string)
            r1 = project r0 [#1, #0] -> (s string, n int)
            r2 = sort r0 by [(#0 %int 3) asc] offset 2 fetch 5 -> (n int, s string)
            output r1 to /1 text(',') by [#1 desc, #0 asc]
            output r2 to /2 text(',') by [(#0 %int 3) asc]
        "#]],
    );
}

#[test]
fn a_variable_stands_for_its_value() {
    check(
        r#"
DECLARE @folder string = "/data";
DECLARE @file = @folder + "/a.csv";
DECLARE @least long = 10;
DECLARE EXTERNAL @least long = 20;
DECLARE EXTERNAL @most int? = 5;
DECLARE CONST @half = 1.0 / 2;
DECLARE @from = DateTime.Parse("2012-02-16");
@a = EXTRACT x int, t DateTime FROM @file USING Extractors.Csv();
@b = SELECT x * @half AS h FROM @a WHERE x >= @least AND x < @most && t > @from;
OUTPUT @b TO @folder + "/b.csv" USING Outputters.Csv();
"#,
        expect![[r#"
            r0 = extract /data/a.csv text(',') -> (x int, t DateTime)
            r1 = filter r0 (((long(#0) >=long 10L) AND (#0 <int 5)) && (#1 >DateTime `DateTime.Parse(string)`("2012-02-16"))) -> (x int, t DateTime)
            r2 = project r1 [(double(#0) *double 0.5)] -> (h double)
            output r2 to /data/b.csv text(',')
        "#]],
    );
}

#[test]
fn a_default_gives_way_to_an_earlier_declaration_only() {
    check(
        r#"
DECLARE EXTERNAL @path string = "/default";
DECLARE @path string = "/given";
DECLARE @path string = "/again";
@a = SELECT * FROM (VALUES (1)) AS T(x);
OUTPUT @a TO @path USING Outputters.Csv();
"#,
        expect![[r#"
            4:9 86..91 E_CSC_USER_VARIABLEALREADYDECLARED: The variable @path is already declared.
        "#]],
    );
}

#[test]
fn a_name_is_a_scalar_or_a_rowset() {
    check(
        r#"
DECLARE @a int = 1;
@a = SELECT * FROM (VALUES (1)) AS T(x);
@b = SELECT * FROM (VALUES (1)) AS T(x);
DECLARE @b int = 1;
OUTPUT @b TO "/b" USING Outputters.Csv();
"#,
        expect![[r#"
            3:1 21..23 E_CSC_USER_ROWSETVARIABLEALREADYDECLARED: Rowset variable @a is already declared as a scalar variable.
            5:9 111..113 E_CSC_USER_VARIABLEALREADYDECLARED: The variable @b is already declared.
        "#]],
    );
}

#[test]
fn what_is_not_implemented_is_said_with_its_place() {
    check(
        r#"
USE DATABASE master;
CREATE DATABASE IF NOT EXISTS Foo;
REFERENCE ASSEMBLY [Newtonsoft.Json];
SET @@FeaturePreviews = "X:on";
DECLARE @f Func<string, int> = (s) => s.Length;
@a = SELECT * FROM master.dbo.T;
@b = (SELECT * FROM (VALUES (1)) AS T(x)) UNION ALL (SELECT * FROM (VALUES (2)) AS T(x));
@c = PROCESS @b PRODUCE y int USING new My.Processor();
@d = SELECT ROW_NUMBER() OVER (ORDER BY x) AS n, s[0] AS first FROM (VALUES (1, "s")) AS T(x, s);
OUTPUT @c TO "/c" USING new My.Outputter();
"#,
        expect![[r#"
            4:1 57..94 E_CSC_USER_NOTSUPPORTED: The statement REFERENCE ASSEMBLY is not supported.
            7:20 194..206 E_CSC_USER_NOTSUPPORTED: There is no view 'master.dbo.T', and a table is not supported.
            9:6 303..352 E_CSC_USER_NOTSUPPORTED: PROCESS is not supported.
            11:25 476..494 E_CSC_USER_NOTSUPPORTED: An operator other than a built-in one is not supported.
        "#]],
    );
}

#[test]
fn hints_and_empty_statements_mean_nothing() {
    check(
        r#"
;;
@a = SELECT x FROM (VALUES (1)) AS T(x) OPTION(ROWCOUNT = 5);
OUTPUT @a TO "/a" USING Outputters.Csv() OPTION(ROWCOUNT = 5);
;
"#,
        expect![[r#"
            r0 = values (1) -> (x int)
            output r0 to /a text(',')
        "#]],
    );
}

#[test]
fn an_if_takes_the_branch_whose_condition_holds() {
    check(
        r#"
DECLARE @n = 2;
IF @n == 1 THEN
    @a = SELECT * FROM (VALUES (1)) AS T(x);
ELSEIF @n * 2 == 4 AND NOT "a" == "b" THEN
    IF false THEN ; ELSE DECLARE @path = "/two"; END;
    @a = SELECT * FROM (VALUES (2)) AS T(x);
ELSE
    @a = SELECT nonsense FROM @nowhere WHERE x = 200;
    OUTPUT @a TO @path USING Outputters.Nothing();
END;
OUTPUT @a TO @path USING Outputters.Csv();
"#,
        expect![[r#"
            r0 = values (2) -> (x int)
            output r0 to /two text(',')
        "#]],
    );
}

#[test]
fn a_script_may_output_only_where_it_branches_to() {
    check(
        r#"
@a = SELECT * FROM (VALUES (1)) AS T(x);
IF false THEN OUTPUT @a TO "/a" USING Outputters.Csv(); END;
"#,
        expect![[r#"
            1:1 0..103 E_CSC_USER_NOOUTPUT: The script does not contain an OUTPUT statement.
        "#]],
    );
}

#[test]
fn a_condition_is_known_when_the_script_is_compiled() {
    check(
        r#"
DECLARE @year = DateTime.Parse("2012-02-16").Year;
IF @year > 2000 THEN @a = SELECT * FROM (VALUES (1)) AS T(x); DECLARE @p = "/a"; ELSE @a = SELECT * FROM (VALUES (2)) AS T(x); END;
IF 1 THEN ; END;
@b = SELECT anything FROM @a;
OUTPUT @b TO @p USING Outputters.Csv();
"#,
        expect![[r#"
            3:4 55..67 E_CSC_USER_EXPRESSIONNOTCONSTANTFOLDABLE: Expression cannot be constant folded.
            4:4 187..188 E_CSC_USER_INVALIDCSHARP: C# error CS0029: Cannot implicitly convert type 'int' to 'bool'
        "#]],
    );
}

#[test]
fn a_raised_error_ends_the_compilation_and_a_warning_does_not() {
    check(
        r#"
DECLARE @file = "/in.csv";
RAISE WARNING "The file <" + @file + "> is old.";
@a = SELECT * FROM (VALUES (1)) AS T(x);
OUTPUT @a TO "/a" USING Outputters.Csv();
"#,
        expect![[r#"
            r0 = values (1) -> (x int)
            output r0 to /a text(',')
            3:1 28..77 W_CSC_USER_RAISEWARNING: The file </in.csv> is old.
        "#]],
    );
    check(
        r#"
IF true THEN RAISE ERROR "no " + "input"; @b = SELECT nothing FROM @nowhere; END;
OUTPUT @c TO "/a" USING Outputters.Csv();
"#,
        expect![[r#"
            2:14 14..42 E_CSC_USER_RAISEERROR: no input
        "#]],
    );
}

#[test]
fn settings_are_accepted_as_documented() {
    check(
        r#"
SET @@FeaturePreviews = "EnableParquetUdos:on, InputFileGrouping:OFF";
SET @@Diagnostics = true;
SET @@InternalDebug = "EmptyStringAsNullWhenQuoting:on";
@a = EXTRACT x string FROM "/a" USING Extractors.Csv();
OUTPUT @a TO "/b" USING Outputters.Csv();
"#,
        expect![[r#"
            r0 = extract /a text(',', empty_unquoted_string Null) -> (x string)
            output r0 to /b text(',')
        "#]],
    );
    check(
        r#"
SET @@FeaturePreviews = "everything";
SET @@InternalDebug = 1;
SET @@Diagnostics = "yes";
SET @@JobInfo = "mine";
"#,
        expect![[r#"
            2:25 25..37 E_CSC_USER_INVALIDSETTING: 'everything' is not a list of settings.
            3:23 61..62 E_CSC_USER_INVALIDCSHARP: C# error CS0029: Cannot implicitly convert type 'int' to 'string'
            4:21 84..89 E_CSC_USER_INVALIDCSHARP: C# error CS0029: Cannot implicitly convert type 'string' to 'bool'
            5:1 91..114 E_CSC_USER_SYSTEMVARIABLENOTFOUND: There is no system variable @@JobInfo that can be set.
        "#]],
    );
}

#[test]
fn what_is_known_of_the_job_has_its_documented_types() {
    check(
        r#"
@a = SELECT @@JobInfo.Id, @@JobInfo.Name AS JobName, @@JobInfo.Priority, @@JobInfo.Allocation,
            @@JobInfo.Account.Name AS AccountName, @@JobInfo.Submit.Alias, @@JobInfo.Submit.Date,
            @@JobInfo.Name.Length, @@JobInfo.Submit AS s, @@Other AS o
     FROM (VALUES (1)) AS T(x);
OUTPUT @a TO "/a" USING Outputters.Csv();
"#,
        expect![[r#"
            4:36 229..245 E_CSC_USER_NOTSUPPORTED: The system variable @@JobInfo.Submit is not supported.
            4:59 252..259 E_CSC_USER_NOTSUPPORTED: The system variable @@Other is not supported.
        "#]],
    );
    check(
        r#"
@a = SELECT @@JobInfo.Id, @@JobInfo.Name AS JobName, @@JobInfo.Priority, @@JobInfo.Submit.Date
     FROM (VALUES (1)) AS T(x);
OUTPUT @a TO "/a" USING Outputters.Csv();
"#,
        expect![[r#"
            r0 = values (1) -> (x int)
            r1 = project r0 [null:Guid?, null:string, null:int?, null:DateTime?] -> (Id Guid?, JobName string, Priority int?, Date DateTime?)
            output r1 to /a text(',')
        "#]],
    );
}

#[test]
fn a_name_may_stand_for_a_namespace_or_a_type() {
    check(
        r#"
USING System.Text;
USING M = System.Math;
USING S = System;
USING Number = System.Int32;
USING Json = Newtonsoft.Json;
DECLARE @a Number = M.Abs(1) + S.Math.Abs(2) + Number.Parse("3") + System.Math.Abs(4);
DECLARE @b = S.Nothing.At.All(1);
DECLARE @c = Unknown.Abs(1);
"#,
        expect![[r#"
            6:14 103..118 E_CSC_USER_INVALIDCSHARP: C# error CS0246: The type or namespace name 'Newtonsoft' could not be found (are you missing a using directive or an assembly reference?)
            8:14 220..232 E_CSC_USER_NOTSUPPORTED: System.Nothing.At is not supported.
            9:14 254..261 E_CSC_USER_INVALIDCSHARP: C# error CS0103: The name 'Unknown' does not exist in the current context
        "#]],
    );
}

#[test]
fn the_context_is_master_dbo() {
    check(
        r#"
USE master; USE DATABASE [master]; USE SCHEMA dbo;
USE other; USE SCHEMA other;
"#,
        expect![[r#"
            3:5 56..61 E_CSC_USER_DDLENTITYDOESNOTEXIST: The database 'other' does not exist.
        "#]],
    );
}

#[test]
fn the_caller_gives_external_variables_their_values() {
    check(
        r#"
DECLARE EXTERNAL @given_7 int? = 1;
DECLARE EXTERNAL @given_null long? = 1;
DECLARE EXTERNAL @given_text = "default";
DECLARE EXTERNAL @given_True = false;
DECLARE EXTERNAL @given_2012 DateTime = DateTime.MinValue;
DECLARE @given_8 int = 1;
@a = SELECT @given_7 AS i, @given_null AS l, @given_text AS s, @given_True AS b, @given_2012 AS t, @given_8 AS n
     FROM (VALUES (1)) AS T(x);
OUTPUT @a TO "/a" USING Outputters.Csv();
"#,
        expect![[r#"
            r0 = values (1) -> (x int)
            r1 = project r0 [7, null:long?, "text", true, `DateTime.Parse(string)`("2012"), 1] -> (i int?, l long?, s string, b bool, t DateTime, n int)
            output r1 to /a text(',')
        "#]],
    );
    check(
        r#"
DECLARE EXTERNAL @given_many int = 1;
DECLARE EXTERNAL @given_null int = 1;
DECLARE EXTERNAL @given_256 byte = 1;
"#,
        expect![[r#"
            2:18 18..29 E_CSC_USER_INVALIDPARAMETERVALUE: 'many' is not a value of type int.
            3:18 56..67 E_CSC_USER_INVALIDPARAMETERVALUE: 'null' is not a value of type int.
            4:18 94..104 E_CSC_USER_INVALIDPARAMETERVALUE: '256' is not a value of type byte.
        "#]],
    );
}

#[test]
fn an_output_named_gz_needs_the_preview_that_packs_it() {
    check(
        r#"
@a = SELECT * FROM (VALUES (1)) AS T(x);
OUTPUT @a TO "/b.csv.gz" USING Outputters.Csv();
"#,
        expect![[r#"
            3:14 55..66 E_CSC_USER_NOTSUPPORTED: A compressed output without SET @@FeaturePreviews = "GZipOutput:on" is not supported.
        "#]],
    );
    check(
        r#"
SET @@FeaturePreviews = "GZipOutput:on";
@a = SELECT * FROM (VALUES (1)) AS T(x);
OUTPUT @a TO "/b.csv.GZ" USING Outputters.Csv();
"#,
        expect![[r#"
            r0 = values (1) -> (x int)
            output r0 to /b.csv.GZ text(',', compression Gzip)
        "#]],
    );
}

#[test]
fn parameters_of_text_files_take_null_and_code_pages() {
    check(
        r#"
@a = EXTRACT x char FROM "/a"
     USING Extractors.Text(delimiter: '|', charFormat: null, rowDelimiter: null, encoding: Encoding.GetEncoding(1258));
OUTPUT @a TO "/b" USING Outputters.Csv(rowDelimiter: null, encoding: System.Text.Encoding.GetEncoding("Windows-1253"));
OUTPUT @a TO "/c" USING Outputters.Csv(rowDelimiter: "\r\n", encoding: Encoding.GetEncoding("utf-16"));
OUTPUT @a TO "/d" USING Outputters.Csv(rowDelimiter: "ab");
OUTPUT @a TO "/e" USING Outputters.Csv(encoding: Encoding.Default);
OUTPUT @a TO "/f" USING Outputters.Csv(encoding: Encoding.GetEncoding(37));
"#,
        expect![[r#"
            6:40 414..432 E_CSC_USER_INVALIDPARAMETER: Outputters.Csv: 'rowDelimiter' has to be one character.
            7:50 484..500 E_CSC_USER_NOTSUPPORTED: The encoding Encoding.Default is not supported.
            8:50 552..576 E_CSC_USER_NOTSUPPORTED: The encoding Encoding.GetEncoding is not supported.
        "#]],
    );
}

#[test]
fn a_variable_stands_for_an_encoding() {
    check(
        r#"DECLARE @code = 1250;
DECLARE @in = System.Text.Encoding.GetEncoding(@code);
DECLARE @out System.Text.Encoding = Encoding.Unicode;
@a = EXTRACT x string FROM "/in" USING Extractors.Csv(encoding: @in);
OUTPUT @a TO "/out" USING Outputters.Csv(encoding: @out);"#,
        expect![[r#"
            r0 = extract /in text(',', encoding CodePage(windows-1250)) -> (x string)
            output r0 to /out text(',', encoding Utf16Le)
        "#]],
    );
    check(
        r#"DECLARE @e = Encoding.GetEncoding(1250);
DECLARE @e = Encoding.UTF8;
DECLARE @n = @e;
DECLARE @d = Encoding.Default;
@e = EXTRACT x string FROM "/in" USING Extractors.Csv(encoding: @d, quoting: @e);"#,
        expect![[r#"
            2:9 49..51 E_CSC_USER_VARIABLEALREADYDECLARED: The variable @e is already declared.
            4:14 99..115 E_CSC_USER_NOTSUPPORTED: The encoding Encoding.Default is not supported.
            5:1 117..119 E_CSC_USER_ROWSETVARIABLEALREADYDECLARED: Rowset variable @e is already declared as a scalar variable.
        "#]],
    );
}
