//! The forms of U-SQL, each with a script that has it.

/// A form of the language.
pub(super) struct Form {
    pub(super) group: &'static str,
    /// As a reader of the page sees it.
    pub(super) text: &'static str,
    sample: Sample,
}

/// What makes a script of a form. Around it are `@t (x int, n int?, s string, t DateTime)`, `@u` like it, and an OUTPUT.
enum Sample {
    /// Statements.
    Statements(&'static str),
    /// A query.
    Query(&'static str),
    /// An expression over a row of `@t`.
    Expression(&'static str),
}

impl Form {
    pub(super) fn script(&self) -> String {
        let columns = "x int, n int?, s string, t DateTime";
        let mut script = String::new();
        for name in ["@t", "@u"] {
            script += &format!("{name} = EXTRACT {columns} FROM \"/in\" USING Extractors.Csv();\n");
        }
        script += &match self.sample {
            Sample::Statements(text) => text.to_owned(),
            Sample::Query(text) => format!("@q = {text};"),
            Sample::Expression(text) => format!("@q = SELECT {text} AS y FROM @t;"),
        };
        script + "\nOUTPUT @t TO \"/out\" USING Outputters.Csv();"
    }
}

/// The groups in the order of the page, with a word about each.
pub(super) const GROUPS: &[(&str, &str)] = &[
    (
        "Statements",
        "IF chooses a branch while the script is compiled, and the other branches are only parsed.",
    ),
    ("Queries", "What may stand behind `@rowset =`."),
    ("FROM", "What a SELECT reads."),
    ("SELECT", "The other clauses of a SELECT."),
    ("Windows", "Functions with OVER."),
    ("Files", "Where EXTRACT reads and OUTPUT writes."),
    (
        "Expressions",
        "C# with the operators of SQL; `x` is an `int`, `n` an `int?`, `s` a `string` and `t` a `DateTime`.",
    ),
];

macro_rules! forms {
    ($($group:literal { $($text:literal $sample:ident $script:literal)* })*) => {
        &[$($(Form { group: $group, text: $text, sample: Sample::$sample($script) },)*)*]
    };
}

pub(super) const FORMS: &[Form] = forms! {
    "Statements" {
        "DECLARE @name type = expression;" Statements "DECLARE @a int = 1;"
        "DECLARE @name = expression;" Statements "DECLARE @a = 1;"
        "DECLARE CONST @name [type] = expression;" Statements "DECLARE CONST @a = 1 + 1;"
        "DECLARE EXTERNAL @name [type] = default;" Statements "DECLARE EXTERNAL @a = 1;"
        "DECLARE @name Func<..> = lambda;" Statements "DECLARE @f Func<string, int> = (a) => a.Length;"
        "DECLARE FUNCTION @name(@p type [= default], ..) RETURNS @rowset [TABLE(columns)] AS BEGIN .. END;" Statements "DECLARE FUNCTION @f(@a int = 1) RETURNS @r TABLE(a int) AS BEGIN @r = SELECT @a AS a FROM (VALUES (1)) AS v(b); END; OUTPUT @f(DEFAULT) TO \"/a\" USING Outputters.Csv();"
        "DECLARE FUNCTION @name(@t TABLE(columns)) RETURNS (@rowset, ..) ..; (@a, ..) = @name(@t);" Statements "DECLARE FUNCTION @f(@a TABLE(b int)) RETURNS (@r, @s) AS BEGIN @r = SELECT b FROM @a; @s = SELECT b FROM @a; RETURN; END; @i = SELECT * FROM (VALUES (1)) AS v(b); (@x, @y) = @f(@i);"
        "DECLARE PROCEDURE @name(parameters) AS BEGIN .. END;" Statements "DECLARE PROCEDURE @p(@a string) AS BEGIN OUTPUT (SELECT * FROM (VALUES (1)) AS v(b)) TO @a USING Outputters.Csv(); END; @p(\"/a\");"
        "DECLARE VIEW @name AS query;" Statements "DECLARE VIEW @v AS SELECT * FROM (VALUES (1)) AS v(b);"
        "DECLARE TYPE @name AS TABLE(columns);" Statements "DECLARE TYPE @v AS TABLE(a int);"
        "@rowset = query;" Statements "@a = SELECT x FROM @t;"
        "OUTPUT @rowset TO path USING outputter;" Statements "OUTPUT @u TO \"/a\" USING Outputters.Csv();"
        "OUTPUT (query) TO ..;" Statements "OUTPUT (SELECT x FROM @u) TO \"/a\" USING Outputters.Csv();"
        "OUTPUT .. ORDER BY keys [OFFSET n ROWS] [FETCH n ROWS] ..;" Statements "OUTPUT @u TO \"/a\" ORDER BY x DESC OFFSET 1 ROWS FETCH 5 ROWS USING Outputters.Csv();"
        "OUTPUT .. EXPIRATION time ..;" Statements "OUTPUT @u TO \"/a\" EXPIRATION \"1\" USING Outputters.Csv();"
        "IF condition THEN .. ELSEIF .. ELSE .. END;" Statements "IF 1 == 2 THEN ; ELSEIF true THEN ; ELSE ; END;"
        "RAISE ERROR text;" Statements "IF false THEN ; ELSE RAISE WARNING \"w\"; END; IF false THEN RAISE ERROR \"e\"; END;"
        "RAISE WARNING text;" Statements "RAISE WARNING \"w\";"
        "SET @@FeaturePreviews = \"Name:on\";" Statements "SET @@FeaturePreviews = \"A:on\";"
        "SET @@InternalDebug = \"Name:on\";" Statements "SET @@InternalDebug = \"A:on\";"
        "SET @@Diagnostics = true;" Statements "SET @@Diagnostics = true;"
        "USING namespace;" Statements "USING System.Text;"
        "USING name = namespace;" Statements "USING S = System.Math;"
        "USE [DATABASE] name;" Statements "CREATE DATABASE d; USE DATABASE d;"
        "USE SCHEMA name;" Statements "CREATE SCHEMA s; USE SCHEMA s;"
        "REFERENCE ASSEMBLY name;" Statements "REFERENCE ASSEMBLY a;"
        "REFERENCE SYSTEM ASSEMBLY name;" Statements "REFERENCE SYSTEM ASSEMBLY [System.Xml];"
        "DEPLOY RESOURCE path;" Statements "DEPLOY RESOURCE \"/a\";"
        "IMPORT PACKAGE name;" Statements "IMPORT PACKAGE p;"
        "CREATE DATABASE [IF NOT EXISTS] name;" Statements "CREATE DATABASE d; CREATE DATABASE IF NOT EXISTS d;"
        "DROP DATABASE [IF EXISTS] name;" Statements "CREATE DATABASE d; DROP DATABASE d; DROP DATABASE IF EXISTS d;"
        "CREATE SCHEMA [IF NOT EXISTS] name;" Statements "CREATE SCHEMA s; CREATE SCHEMA IF NOT EXISTS s;"
        "DROP SCHEMA [IF EXISTS] name;" Statements "CREATE SCHEMA s; DROP SCHEMA s; DROP SCHEMA IF EXISTS s;"
        "CREATE TABLE name (..);" Statements "CREATE TABLE d.t (x int, INDEX i CLUSTERED (x ASC) DISTRIBUTED BY HASH (x));"
        "CREATE VIEW [IF NOT EXISTS] name AS query;" Statements "CREATE VIEW IF NOT EXISTS v AS SELECT 1 AS x FROM (VALUES (1)) AS a(b);"
        "DROP VIEW [IF EXISTS] name;" Statements "CREATE VIEW v AS SELECT 1 AS x FROM (VALUES (1)) AS a(b); DROP VIEW v; DROP VIEW IF EXISTS v;"
        "CREATE TYPE [IF NOT EXISTS] name AS TABLE (..);" Statements "CREATE TYPE IF NOT EXISTS c AS TABLE (x int);"
        "DROP TYPE [IF EXISTS] name;" Statements "CREATE TYPE c AS TABLE (x int); DROP TYPE c; DROP TYPE IF EXISTS c;"
        "CREATE FUNCTION name ..;" Statements "CREATE FUNCTION f() RETURNS @r TABLE(a int) AS BEGIN @r = SELECT 1 AS a FROM (VALUES (1)) AS v(b); END;"
        "CREATE PROCEDURE name ..;" Statements "CREATE PROCEDURE p() AS BEGIN DROP TABLE IF EXISTS t; END;"
        "DROP FUNCTION IF EXISTS name;" Statements "DROP FUNCTION IF EXISTS f;"
        "DROP PROCEDURE IF EXISTS name;" Statements "DROP PROCEDURE IF EXISTS p;"
        "CREATE ASSEMBLY name FROM path;" Statements "CREATE ASSEMBLY a FROM \"/a.dll\";"
        "ALTER TABLE name ..;" Statements "ALTER TABLE t REBUILD;"
        "DROP TABLE IF EXISTS name;" Statements "DROP TABLE IF EXISTS t;"
        "DROP TABLE name;" Statements "DROP TABLE t;"
        "TRUNCATE TABLE name;" Statements "TRUNCATE TABLE t;"
        "INSERT INTO table ..;" Statements "INSERT INTO t SELECT * FROM @t;"
        "procedure(arguments);" Statements "CREATE PROCEDURE p(@a string) AS BEGIN OUTPUT (SELECT * FROM (VALUES (1)) AS v(b)) TO @a USING Outputters.Csv(); END; p(\"/a\");"
    }
    "Queries" {
        "EXTRACT columns FROM path USING extractor" Query "EXTRACT a int, b string FROM \"/a\" USING Extractors.Text(delimiter: '|')"
        "EXTRACT .. FROM path, path .. USING extractor" Query "EXTRACT a int FROM \"/a\", \"/b\" USING Extractors.Csv()"
        "EXTRACT type.*, columns FROM .." Query "SELECT 1 AS x FROM @t; CREATE TYPE c AS TABLE (a int); @w = EXTRACT c.*, b int FROM \"/a\" USING Extractors.Csv()"
        "EXTRACT .. USING new Extractor()" Query "EXTRACT a int FROM \"/a\" USING new A.Extractor()"
        "SELECT .. FROM .." Query "SELECT x FROM @t"
        "(query)" Query "(SELECT x FROM @t)"
        "query UNION [DISTINCT] query" Query "SELECT x FROM @t UNION SELECT x FROM @u"
        "query UNION ALL query" Query "SELECT x FROM @t UNION ALL SELECT x FROM @u"
        "query UNION ALL BY NAME query" Query "SELECT x FROM @t UNION ALL BY NAME SELECT x FROM @u"
        "query UNION ALL BY NAME ON (columns) query" Query "SELECT x, n FROM @t UNION ALL BY NAME ON (x) SELECT x, s FROM @u"
        "query OUTER UNION BY NAME ON (columns) query" Query "SELECT x FROM @t OUTER UNION BY NAME ON (*) SELECT x, s FROM @u"
        "query INTERSECT [DISTINCT] query" Query "SELECT x FROM @t INTERSECT SELECT x FROM @u"
        "query INTERSECT ALL query" Query "SELECT x FROM @t INTERSECT ALL SELECT x FROM @u"
        "query EXCEPT [DISTINCT] query" Query "SELECT x FROM @t EXCEPT SELECT x FROM @u"
        "query EXCEPT ALL query" Query "SELECT x FROM @t EXCEPT ALL SELECT x FROM @u"
        "REDUCE .. USING reducer" Query "REDUCE @t ON x PRODUCE x int USING new A.Reducer()"
        "PROCESS .. USING processor" Query "PROCESS @t PRODUCE x int USING new A.Processor()"
        "COMBINE .. USING combiner" Query "COMBINE @t WITH @u ON @t.x == @u.x PRODUCE x int USING new A.Combiner()"
        "SAMPLE .." Query "SELECT x FROM @t SAMPLE ANY (5)"
        "function(arguments), @function(arguments)" Statements "CREATE FUNCTION F(@n int) RETURNS @r AS BEGIN @r = SELECT @n AS x FROM (VALUES (1)) AS v(b); END; @q = F(1) ORDER BY x FETCH 5;"
    }
    "FROM" {
        "FROM @rowset [AS alias]" Query "SELECT a.x FROM @t AS a"
        "FROM (query) AS alias" Query "SELECT x FROM (SELECT x FROM @t) AS a"
        "FROM (VALUES (..), ..) AS alias(columns)" Query "SELECT a FROM (VALUES (1), (2)) AS v(a)"
        "FROM view [AS alias]" Query "SELECT 1 AS x FROM @t; CREATE VIEW v AS SELECT 1 AS x FROM (VALUES (1)) AS a(b); @w = SELECT w.x FROM dbo.v AS w"
        "FROM table" Query "SELECT x FROM dbo.T"
        "FROM function(arguments) AS alias" Statements "CREATE FUNCTION F(@n int) RETURNS @r AS BEGIN @r = SELECT @n AS x FROM (VALUES (1)) AS v(b); END; @q = SELECT x FROM F(1) AS a;"
        "FROM EXTERNAL source .." Query "SELECT x FROM EXTERNAL d EXECUTE @\"SELECT 1\""
        "[INNER] JOIN .. ON a == b AND .." Query "SELECT a.x FROM @t AS a JOIN @u AS b ON a.x == b.x AND a.s == b.s"
        "LEFT OUTER JOIN" Query "SELECT a.x FROM @t AS a LEFT OUTER JOIN @u AS b ON a.x == b.x"
        "RIGHT OUTER JOIN" Query "SELECT a.x FROM @t AS a RIGHT OUTER JOIN @u AS b ON a.x == b.x"
        "FULL OUTER JOIN" Query "SELECT a.x FROM @t AS a FULL OUTER JOIN @u AS b ON a.x == b.x"
        "CROSS JOIN" Query "SELECT a.x FROM @t AS a CROSS JOIN @u AS b"
        "[LEFT] SEMIJOIN" Query "SELECT a.x FROM @t AS a LEFT SEMIJOIN @u AS b ON a.x == b.x"
        "RIGHT SEMIJOIN" Query "SELECT b.x FROM @t AS a RIGHT SEMIJOIN @u AS b ON a.x == b.x"
        "[LEFT] ANTISEMIJOIN" Query "SELECT a.x FROM @t AS a LEFT ANTISEMIJOIN @u AS b ON a.x == b.x"
        "RIGHT ANTISEMIJOIN" Query "SELECT b.x FROM @t AS a RIGHT ANTISEMIJOIN @u AS b ON a.x == b.x"
        "JOIN .. ON a < b" Query "SELECT a.x FROM @t AS a JOIN @u AS b ON a.x < b.x"
        "CROSS APPLY EXPLODE(collection) AS alias(column)" Query "SELECT x, i FROM @t CROSS APPLY EXPLODE(new SQL.ARRAY<int>{1, 2}) AS e(i)"
        "OUTER APPLY EXPLODE(collection) AS alias(column)" Query "SELECT x, i FROM @t OUTER APPLY EXPLODE(new SQL.ARRAY<int>{1, 2}) AS e(i)"
        "CROSS APPLY VALUES (..) AS alias(columns)" Query "SELECT x, i FROM @t CROSS APPLY VALUES (1), (2) AS v(i)"
        "CROSS APPLY USING new Applier()" Query "SELECT x, i FROM @t CROSS APPLY USING new A.Applier() AS a(i int)"
        "PIVOT" Query "SELECT * FROM @t PIVOT (SUM(x) FOR s IN (\"a\" AS a)) AS p"
        "UNPIVOT" Query "SELECT * FROM @t UNPIVOT (v FOR k IN (x AS \"x\")) AS p"
    }
    "SELECT" {
        "SELECT *, alias.*, expression AS name" Query "SELECT a.*, x + 1 AS y FROM @t AS a"
        "SELECT column, value.Member" Query "SELECT x, s.Length FROM @t"
        "SELECT expression" Query "SELECT x + 1 FROM @t"
        "SELECT DISTINCT" Query "SELECT DISTINCT x FROM @t"
        "WHERE condition" Query "SELECT x FROM @t WHERE x > 1"
        "GROUP BY expressions" Query "SELECT x % 2 AS y, COUNT(*) AS c FROM @t GROUP BY x % 2"
        "HAVING condition" Query "SELECT x, COUNT(*) AS c FROM @t GROUP BY x HAVING COUNT(*) > 1"
        "aggregate(DISTINCT expression)" Query "SELECT COUNT(DISTINCT x) AS c FROM @t"
        "ORDER BY keys [OFFSET n ROWS] FETCH n ROWS" Query "SELECT x FROM @t ORDER BY x DESC OFFSET 5 ROWS FETCH 5 ROWS"
        "ORDER BY without FETCH" Query "SELECT x FROM @t ORDER BY x"
        "ARRAY_AGG(expression)" Query "SELECT x, ARRAY_AGG(s) AS a FROM @t GROUP BY x"
        "MAP_AGG(key, value)" Query "SELECT x, MAP_AGG(s, s) AS a FROM @t GROUP BY x"
        "AGG<UserAggregate>(expression)" Query "SELECT AGG<A.Mine>(x) AS a FROM @t"
        "OPTION(hints)" Query "SELECT x FROM @t OPTION(ROWCOUNT = 5)"
    }
    "Windows" {
        "aggregate OVER(PARTITION BY ..)" Query "SELECT SUM(x) OVER(PARTITION BY s) AS w FROM @t"
        "aggregate OVER(.. ORDER BY .. ROWS BETWEEN .. AND ..)" Query "SELECT SUM(x) OVER(ORDER BY x ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS w FROM @t"
        "ROW_NUMBER()" Query "SELECT ROW_NUMBER() OVER(PARTITION BY s ORDER BY x) AS w FROM @t"
        "RANK()" Query "SELECT RANK() OVER(ORDER BY x) AS w FROM @t"
        "DENSE_RANK()" Query "SELECT DENSE_RANK() OVER(ORDER BY x) AS w FROM @t"
        "NTILE(n)" Query "SELECT NTILE(4) OVER(ORDER BY x) AS w FROM @t"
        "CUME_DIST()" Query "SELECT CUME_DIST() OVER(ORDER BY x) AS w FROM @t"
        "PERCENT_RANK()" Query "SELECT PERCENT_RANK() OVER(ORDER BY x) AS w FROM @t"
        "PERCENTILE_CONT(p) WITHIN GROUP (ORDER BY ..)" Query "SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY x) OVER(PARTITION BY s) AS w FROM @t"
        "PERCENTILE_DISC(p) WITHIN GROUP (ORDER BY ..)" Query "SELECT PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY x) OVER(PARTITION BY s) AS w FROM @t"
        "FIRST_VALUE(e)" Query "SELECT FIRST_VALUE(s) OVER(ORDER BY x) AS w FROM @t"
        "LAST_VALUE(e)" Query "SELECT LAST_VALUE(s) OVER(ORDER BY x) AS w FROM @t"
        "LAG(e [, offset [, default]])" Query "SELECT LAG(x, 1, 0) OVER(ORDER BY x) AS w FROM @t"
        "LEAD(e [, offset [, default]])" Query "SELECT LEAD(x, 1, 0) OVER(ORDER BY x) AS w FROM @t"
    }
    "Files" {
        "\"/folder/file.csv\", \"folder/file.csv\"" Query "EXTRACT a int FROM \"a/b.csv\" USING Extractors.Csv()"
        "\"adl://account.azuredatalakestore.net/file.csv\", swebhdfs, webhdfs" Query "EXTRACT a int FROM \"adl://a.azuredatalakestore.net/b.csv\" USING Extractors.Csv()"
        "\"wasb://container@account/file.csv\"" Query "EXTRACT a int FROM \"wasb://c@a/b.csv\" USING Extractors.Csv()"
        "\"/folder/{*}.csv\"" Query "EXTRACT a int FROM \"/f/{*}.csv\" USING Extractors.Csv()"
        "\"/{date:yyyy}/{date:MM}/{name}.csv\" with virtual columns" Query "EXTRACT a int, name string, date DateTime FROM \"/{date:yyyy}/{date:MM}/{name}.csv\" USING Extractors.Csv()"
        "column = FILE.URI()" Query "EXTRACT a int, u = FILE.URI() FROM \"/a\" USING Extractors.Csv()"
        "column = FILE.LENGTH()" Query "EXTRACT a int, u = FILE.LENGTH() FROM \"/a\" USING Extractors.Csv()"
        "FILE.EXISTS(path)" Statements "DECLARE @a = FILE.EXISTS(\"/a\");"
        "FILE.LENGTH(path)" Statements "DECLARE @a = FILE.LENGTH(\"/a\");"
        "PARTITION.EXISTS(table, ..)" Statements "DECLARE @a = PARTITION.EXISTS(t, 1);"
        "OUTPUT .. TO \"/folder/file_{*}.csv\"" Statements "OUTPUT @u TO \"/a_{*}.csv\" USING Outputters.Csv();"
        "OUTPUT .. TO \"/file.csv.gz\"" Statements "SET @@FeaturePreviews = \"GZipOutput:on\"; OUTPUT @u TO \"/a.csv.gz\" USING Outputters.Csv();"
        "Extractors.Parquet()" Query "EXTRACT a int FROM \"/a\" USING Extractors.Parquet()"
        "Outputters.Parquet()" Statements "OUTPUT @u TO \"/a\" USING Outputters.Parquet();"
    }
    "Expressions" {
        "+ - * / %" Expression "x + 1 - 2 * x / 3 % 4"
        "string + value" Expression "s + x"
        "DateTime - DateTime" Expression "(t - t).TotalDays"
        "== != < <= > >=" Expression "x == n OR x < n"
        "! && || AND OR NOT" Expression "!(x > 1) && x > 2 || NOT x > 3"
        "<< >> & | ^ ~" Expression "x << 1 & ~x | 3 ^ x >> 1"
        "condition ? a : b" Expression "x > 1 ? x : 0"
        "a ?? b" Expression "n ?? 0"
        "(T) x, (T?) null" Expression "(long) x + (int?) null"
        "checked(..), unchecked(..)" Expression "checked(x + 1) + unchecked(x + 1)"
        "default(T)" Expression "default(int)"
        "typeof(T)" Expression "typeof(int)"
        "x is T, x as T" Expression "s is string"
        "x IN (..)" Expression "x IN (1, 2)"
        "x BETWEEN a AND b" Expression "x BETWEEN 1 AND 2"
        "x LIKE pattern [ESCAPE c]" Expression "s LIKE \"a%\""
        "x IS [NOT] NULL" Expression "n IS NULL"
        "CASE .. WHEN .. THEN .. ELSE .. END" Expression "CASE WHEN x > 1 THEN 1 ELSE 2 END"
        "x.Member, x.Method(..), Type.Member" Expression "s.Substring(1).Length + Math.Abs(x)"
        "n.HasValue, n.Value, n.GetValueOrDefault()" Expression "n.HasValue ? n.Value : n.GetValueOrDefault()"
        "new T(..)" Expression "new DateTime(2012, 1, 1)"
        "new SQL.ARRAY<T>{..}" Expression "new SQL.ARRAY<int>{1, 2}"
        "new SQL.MAP<K, V>{{k, v}}" Expression "new SQL.MAP<string, int?>{{\"a\", 1}}"
        "x[i]" Expression "s[0]"
        "x => .. in a method of a collection" Expression "new SQL.ARRAY<int>{1, 2}.Where(a => a > 1).Count()"
        "x => { type y = ..; y = ..; if (..) return ..; return ..; }" Expression "((Func<int, int>)(a => { int y = a; if (a > 1) return 1; y = 2; return y; }))(x)"
        "x => { for (..) ..; while (..) ..; .. }" Expression "((Func<int, int>)(a => { while (a > 1) a = a / 2; return a; }))(x)"
        "T.TryParse(text, out y), in a lambda" Expression "((Func<string, bool>)(a => { int y; return int.TryParse(a, out y); }))(s)"
        "new { name = .., .. }" Expression "new SQL.ARRAY<int>{1, 2}.Select(a => new { a, b = x }).Count(c => c.a > c.b)"
        "from .. select .." Expression "(from c in s select c).Count()"
        "@variable" Statements "DECLARE @v = 1; @q = SELECT x + @v AS y FROM @t;"
        "@@JobInfo.Name and its like" Expression "@@JobInfo.Name"
    }
};
