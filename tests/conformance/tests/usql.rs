//! What U-SQL is documented to do, case by case: a script, its input, and the bytes that it writes.
//!
//! The facts are those of the language reference, the release notes and the C# specification; words and data are
//! ours. All cases run as jobs of one lake, each in a folder of its own.

use conformance::World;

/// A script that succeeds.
struct Case {
    /// What it shows, as a sentence.
    says: &'static str,
    /// The file `in.csv`; none if the script reads nothing.
    input: &'static str,
    /// The script. `~` stands for the folder of the case; it writes `~/out.csv`.
    script: &'static str,
    /// What is written. LF stands for CR LF.
    writes: &'static str,
}

/// A select list over one row, `x` being 1 of the type `int`, and the cells that it makes.
struct Cells {
    says: &'static str,
    items: &'static str,
    writes: &'static str,
}

/// A script that fails.
struct Failure {
    says: &'static str,
    input: &'static str,
    script: &'static str,
    /// One of the error codes that the job reports.
    code: &'static str,
}

const EXTRACTION: &[Case] = &[
    Case {
        says: "a byte order mark, CR LF, LF and CR are all no part of a value",
        input: "\u{feff}1,a\r\n2,b\n3,c\r4,d",
        script: r#"@a = EXTRACT n int, s string FROM "~/in.csv" USING Extractors.Csv();
                   OUTPUT @a TO "~/out.csv" USING Outputters.Csv();"#,
        writes: "1,\"a\"\n2,\"b\"\n3,\"c\"\n4,\"d\"\n",
    },
    Case {
        says: "a file of nothing but a byte order mark has no rows",
        input: "\u{feff}",
        script: r#"@a = EXTRACT n int FROM "~/in.csv" USING Extractors.Csv();
                   OUTPUT @a TO "~/out.csv" USING Outputters.Csv(outputHeader: true);"#,
        writes: "\"n\"\n",
    },
    Case {
        says: "quotes protect the delimiter, and two of them are one",
        input: "\"Doe, J\",\"say \"\"hi\"\"\"\n",
        script: r#"@a = EXTRACT a string, b string FROM "~/in.csv" USING Extractors.Csv();
                   OUTPUT @a TO "~/out.csv" USING Outputters.Tsv(quoting: false);"#,
        writes: "Doe, J\tsay \"hi\"\n",
    },
    Case {
        says: "without quoting a quote is a character",
        input: "\"a\"|b\n",
        script: r#"@a = EXTRACT a string, b string FROM "~/in.csv" USING Extractors.Text(delimiter: '|', quoting: false);
                   OUTPUT @a TO "~/out.csv" USING Outputters.Csv();"#,
        writes: "\"\"\"a\"\"\",\"b\"\n",
    },
    Case {
        says: "an escape character takes the meaning of a delimiter away, and is dropped before others",
        input: "a\\,b,c\\\\,\\d\n",
        script: r#"@a = EXTRACT a string, b string, c string FROM "~/in.csv" USING Extractors.Csv(escapeCharacter: '\\');
                   OUTPUT @a TO "~/out.csv" USING Outputters.Csv();"#,
        writes: "\"a,b\",\"c\\\",\"d\"\n",
    },
    Case {
        says: "a row delimiter of the script's replaces those of text files",
        input: "1;2#3;4#",
        script: r##"@a = EXTRACT a int, b int FROM "~/in.csv" USING Extractors.Text(delimiter: ';', rowDelimiter: "#");
                    OUTPUT @a TO "~/out.csv" USING Outputters.Csv();"##,
        writes: "1,2\n3,4\n",
    },
    Case {
        says: "skipped rows need not fit the columns",
        input: "written by hand\nn,s\n1,a\n",
        script: r#"@a = EXTRACT n int, s string FROM "~/in.csv" USING Extractors.Csv(skipFirstNRows: 2);
                   OUTPUT @a TO "~/out.csv" USING Outputters.Csv();"#,
        writes: "1,\"a\"\n",
    },
    Case {
        says: "a null escape is compared before quotes are taken off",
        input: "1,\\N,\"\\N\",\"Some \\N\"\n",
        script: r#"@a = EXTRACT a string, b string, c string, d string FROM "~/in.csv" USING Extractors.Csv(nullEscape: "\\N");
                   OUTPUT @a TO "~/out.csv" USING Outputters.Csv(nullEscape: "null");"#,
        writes: "\"1\",null,\"\\N\",\"Some \\N\"\n",
    },
    Case {
        says: "an empty field is null in a nullable column that is no string",
        input: ",,\n",
        script: r#"@a = EXTRACT a int?, b string, c DateTime? FROM "~/in.csv" USING Extractors.Csv();
                   OUTPUT @a TO "~/out.csv" USING Outputters.Csv(nullEscape: "null");"#,
        writes: "null,\"\",null\n",
    },
    Case {
        says: "silent skips rows of another width and makes bad cells null",
        input: "1,2\n3\n4,5,6\nx,8\n",
        script: r#"@a = EXTRACT a int?, b int FROM "~/in.csv" USING Extractors.Csv(silent: true);
                   OUTPUT @a TO "~/out.csv" USING Outputters.Csv();"#,
        writes: "1,2\n,8\n",
    },
    Case {
        says: "numbers may have white space around them, a sign and an exponent",
        input: " 5 ,+6,1e3,.5, -Infinity ,NaN,1.10\n",
        script: r#"@a = EXTRACT a int, b long, c double, d double, e double, f double, g decimal FROM "~/in.csv" USING Extractors.Csv();
                   OUTPUT @a TO "~/out.csv" USING Outputters.Csv();"#,
        writes: "5,6,1000,0.5,-Infinity,NaN,1.10\n",
    },
    Case {
        says: "dates are read in the forms of en-US and ISO 8601, to the tick",
        input: "2/15/2012 11:53:16 PM,2012-02-15T11:53:16.1234567,15 Feb 2012,0001-01-01\n",
        script: r#"@a = EXTRACT a DateTime, b DateTime, c DateTime, d DateTime FROM "~/in.csv" USING Extractors.Csv();
                   OUTPUT @a TO "~/out.csv" USING Outputters.Csv();"#,
        writes: "2012-02-15T23:53:16.0000000,2012-02-15T11:53:16.1234567,2012-02-15T00:00:00.0000000,0001-01-01T00:00:00.0000000\n",
    },
    Case {
        says: "a time with a zone becomes that of UTC-7",
        input: "2012-02-15T12:00:00Z,2012-02-15T12:00:00+02:00\n",
        script: r#"@a = EXTRACT a DateTime, b DateTime FROM "~/in.csv" USING Extractors.Csv();
                   OUTPUT @a TO "~/out.csv" USING Outputters.Csv();"#,
        writes: "2012-02-15T05:00:00.0000000,2012-02-15T03:00:00.0000000\n",
    },
    Case {
        says: "a char is its code, bytes are hex, a Guid has three forms and a bool any case",
        input: "65,00ff,{C9A646D3-9C61-4CB7-BFCD-EE2522C8F633},c9a646d39c614cb7bfcdee2522c8f633,TRUE\n",
        script: r#"@a = EXTRACT a char, b byte[], c Guid, d Guid, e bool FROM "~/in.csv" USING Extractors.Csv();
                   OUTPUT @a TO "~/out.csv" USING Outputters.Csv(charFormat: "string");"#,
        writes: "\"A\",00FF,c9a646d3-9c61-4cb7-bfcd-ee2522c8f633,c9a646d3-9c61-4cb7-bfcd-ee2522c8f633,True\n",
    },
];

const QUERIES: &[Case] = &[
    Case {
        says: "what differs from a number keeps the nulls",
        input: "1\n8000\n\n",
        script: r#"@a = EXTRACT n int? FROM "~/in.csv" USING Extractors.Csv();
                   @a = SELECT n FROM @a WHERE n != 8000;
                   OUTPUT @a TO "~/out.csv" ORDER BY n USING Outputters.Csv(nullEscape: "null");"#,
        writes: "1\nnull\n",
    },
    Case {
        says: "no null is less, and no null is not less, than anything",
        input: "1\n\n",
        script: r#"@a = EXTRACT n int? FROM "~/in.csv" USING Extractors.Csv();
                   @a = SELECT n, n < 5 AS less, n >= 5 AS notless, !(n < 5) AS negated FROM @a;
                   OUTPUT @a TO "~/out.csv" ORDER BY n USING Outputters.Csv();"#,
        writes: "1,True,False,False\n,False,False,True\n",
    },
    Case {
        says: "nulls come last in both directions",
        input: "2\n\n1\n",
        script: r#"@a = EXTRACT n int? FROM "~/in.csv" USING Extractors.Csv();
                   OUTPUT @a TO "~/up.csv" ORDER BY n USING Outputters.Csv(nullEscape: "null");
                   OUTPUT @a TO "~/out.csv" ORDER BY n DESC USING Outputters.Csv(nullEscape: "null");"#,
        writes: "2\n1\nnull\n",
    },
    Case {
        says: "strings are ordered by their bytes",
        input: "b\nA\né\na\nZ\n😀\n｡\n",
        script: r#"@a = EXTRACT s string FROM "~/in.csv" USING Extractors.Csv();
                   OUTPUT @a TO "~/out.csv" ORDER BY s USING Outputters.Csv(quoting: false);"#,
        writes: "A\nZ\na\nb\né\n｡\n😀\n",
    },
    Case {
        says: "null joins null",
        input: "1,a\n,b\n3,c\n",
        script: r#"@a = EXTRACT k int?, s string FROM "~/in.csv" USING Extractors.Csv();
                   @b = SELECT l.s AS l, r.s AS r FROM @a AS l INNER JOIN @a AS r ON l.k == r.k;
                   OUTPUT @b TO "~/out.csv" ORDER BY l USING Outputters.Csv();"#,
        writes: "\"a\",\"a\"\n\"b\",\"b\"\n\"c\",\"c\"\n",
    },
    Case {
        says: "rows without a partner stay in an outer join, with nulls beside them",
        input: "1,a\n2,b\n",
        script: r#"@a = EXTRACT k int, s string FROM "~/in.csv" USING Extractors.Csv();
                   @b = SELECT * FROM (VALUES (1, "x")) AS V(k, t);
                   @c = SELECT l.s, r.k, r.t FROM @a AS l LEFT OUTER JOIN @b AS r ON l.k == r.k;
                   OUTPUT @c TO "~/out.csv" ORDER BY s USING Outputters.Csv(nullEscape: "null");"#,
        writes: "\"a\",1,\"x\"\n\"b\",null,null\n",
    },
    Case {
        says: "a join has as many conditions as keys, in any order of the sides",
        input: "1,a\n1,b\n",
        script: r#"@a = EXTRACT k int, s string FROM "~/in.csv" USING Extractors.Csv();
                   @b = SELECT l.s, r.k FROM @a AS l JOIN @a AS r ON r.k == l.k AND l.s == r.s;
                   OUTPUT @b TO "~/out.csv" ORDER BY s USING Outputters.Csv();"#,
        writes: "\"a\",1\n\"b\",1\n",
    },
    Case {
        says: "nulls form one group",
        input: ",1\n,2\n3,4\n",
        script: r#"@a = EXTRACT k int?, n int FROM "~/in.csv" USING Extractors.Csv();
                   @b = SELECT k, SUM(n) AS total, COUNT(*) AS c FROM @a GROUP BY k;
                   OUTPUT @b TO "~/out.csv" ORDER BY k USING Outputters.Csv(nullEscape: "null");"#,
        writes: "3,4,1\nnull,3,2\n",
    },
    Case {
        says: "aggregates pass nulls by, COUNT of rows does not",
        input: "1\n\n4\n",
        script: r#"@a = EXTRACT n int? FROM "~/in.csv" USING Extractors.Csv();
                   @b = SELECT COUNT(*) AS a, COUNT(n) AS b, SUM(n) AS c, AVG(n) AS d, MIN(n) AS e, MAX(n) AS f FROM @a;
                   OUTPUT @b TO "~/out.csv" USING Outputters.Csv();"#,
        writes: "3,2,5,2,1,4\n",
    },
    Case {
        says: "over no rows there is one row of zero and nulls",
        input: "",
        script: r#"@a = EXTRACT n int FROM "~/in.csv" USING Extractors.Csv();
                   @b = SELECT COUNT(*) AS a, SUM(n) AS b, MAX(n) AS c FROM @a;
                   OUTPUT @b TO "~/out.csv" USING Outputters.Csv(nullEscape: "null");"#,
        writes: "0,null,null\n",
    },
    Case {
        says: "a group that does not exist has no row",
        input: "",
        script: r#"@a = EXTRACT n int FROM "~/in.csv" USING Extractors.Csv();
                   @b = SELECT n, COUNT(*) AS a FROM @a GROUP BY n;
                   OUTPUT @b TO "~/out.csv" USING Outputters.Csv();"#,
        writes: "",
    },
    Case {
        says: "HAVING sees the groups, and an aggregate can be in the middle of an expression",
        input: "a,1\nb,2\na,3\n",
        script: r#"@a = EXTRACT k string, n int FROM "~/in.csv" USING Extractors.Csv();
                   @b = SELECT k.ToUpper() AS k, SUM(n) * 10 + COUNT(*) AS s FROM @a GROUP BY k HAVING MAX(n) > 2;
                   OUTPUT @b TO "~/out.csv" USING Outputters.Csv();"#,
        writes: "\"A\",42\n",
    },
    Case {
        says: "sums of small integers are long, of decimals decimal, and nothing wraps at 32 bits",
        input: "4294967295,1.10\n1,2.2\n",
        script: r#"@a = EXTRACT n uint, m decimal FROM "~/in.csv" USING Extractors.Csv();
                   @b = SELECT SUM(n) AS s, SUM(m) AS t, AVG((double) n) AS a FROM @a;
                   OUTPUT @b TO "~/out.csv" USING Outputters.Csv();"#,
        writes: "4294967296,3.30,2147483648\n",
    },
    Case {
        says: "the same value counts once if it is asked to",
        input: "1\n1\n\n2\n",
        script: r#"@a = EXTRACT n int? FROM "~/in.csv" USING Extractors.Csv();
                   @b = SELECT COUNT(DISTINCT n) AS c FROM @a;
                   OUTPUT @b TO "~/out.csv" USING Outputters.Csv();"#,
        writes: "2\n",
    },
    Case {
        says: "DISTINCT makes nulls one, and equal decimals of different scale",
        input: "1.0,\n1.00,\n",
        script: r#"@a = EXTRACT m decimal, n int? FROM "~/in.csv" USING Extractors.Csv();
                   @b = SELECT DISTINCT n FROM @a;
                   @c = SELECT DISTINCT m FROM @a;
                   @c = SELECT COUNT(*) AS c FROM @c;
                   OUTPUT @c TO "~/out.csv" USING Outputters.Csv();
                   OUTPUT @b TO "~/nulls.csv" USING Outputters.Csv();"#,
        writes: "1\n",
    },
    Case {
        says: "OFFSET leaves rows out, FETCH takes those behind them, and the order of the output changes neither",
        input: "3\n1\n4\n2\n",
        script: r#"@a = EXTRACT n int FROM "~/in.csv" USING Extractors.Csv();
                   @b = SELECT n FROM @a ORDER BY n OFFSET 1 ROWS FETCH 2 ROWS;
                   OUTPUT @b TO "~/out.csv" ORDER BY n USING Outputters.Csv();"#,
        writes: "2\n3\n",
    },
    Case {
        says: "an EXTRACT can be cut as well",
        input: "3\n1\n2\n",
        script: r#"@a = EXTRACT n int FROM "~/in.csv" USING Extractors.Csv() ORDER BY n DESC FETCH FIRST 1 ROWS ONLY;
                   OUTPUT @a TO "~/out.csv" USING Outputters.Csv();"#,
        writes: "3\n",
    },
    Case {
        says: "a rowset variable can be assigned again, and its older value is still used by those that took it",
        input: "1\n",
        script: r#"@a = EXTRACT n int FROM "~/in.csv" USING Extractors.Csv();
                   @b = SELECT n + 1 AS n FROM @a;
                   @a = SELECT n + 10 AS n FROM @a;
                   @c = SELECT b.n AS b, a.n AS a FROM @b AS b CROSS JOIN @a AS a;
                   OUTPUT @c TO "~/out.csv" USING Outputters.Csv();"#,
        writes: "2,11\n",
    },
    Case {
        says: "names differ by case, and brackets make any text a name",
        input: "1,2\n",
        script: r#"@a = EXTRACT n int, N int FROM "~/in.csv" USING Extractors.Csv();
                   @A = SELECT n, N, n + N AS [SELECT], N - n AS [a ]] b] FROM @a;
                   OUTPUT @A TO "~/out.csv" USING Outputters.Csv(outputHeader: true);"#,
        writes: "\"n\",\"N\",\"SELECT\",\"a ] b\"\n1,2,3,1\n",
    },
    Case {
        says: "paths and values are computed from constants while compiling",
        input: "1\n",
        script: r#"DECLARE @folder string = "~/";
                   DECLARE @in = @folder + "in" + ".csv";
                   DECLARE EXTERNAL @factor int = 3;
                   @a = EXTRACT n int FROM @in USING Extractors.Csv();
                   @a = SELECT n * @factor AS n FROM @a;
                   OUTPUT @a TO @folder + "out.csv" USING Outputters.Csv();"#,
        writes: "3\n",
    },
];

const OUTPUTS: &[Case] = &[
    Case {
        says: "strings are quoted, and nothing else is",
        input: "",
        script: r#"@a = SELECT * FROM (VALUES ("a\"b", 1, 2.5, true, 'c', new DateTime(2012, 2, 3), (string) null)) AS T(a, b, c, d, e, f, g);
                   OUTPUT @a TO "~/out.csv" USING Outputters.Csv();"#,
        writes: "\"a\"\"b\",1,2.5,True,99,2012-02-03T00:00:00.0000000,\n",
    },
    Case {
        says: "without quotes an escape character keeps delimiters apart",
        input: "",
        script: r#"@a = SELECT * FROM (VALUES ("a,b", "c#d")) AS T(a, b);
                   OUTPUT @a TO "~/out.csv" USING Outputters.Csv(quoting: false, escapeCharacter: '#');"#,
        writes: "a#,b,c##d\n",
    },
    Case {
        says: "delimiters, dates and headers are parameters",
        input: "",
        script: r#"@a = SELECT * FROM (VALUES (1, new DateTime(2012, 2, 3))) AS T(n, d);
                   OUTPUT @a TO "~/out.csv" USING Outputters.Text(delimiter: '|', dateTimeFormat: "yyyy/MM/dd", outputHeader: true, quoting: false);"#,
        writes: "n|d\n1|2012/02/03\n",
    },
    Case {
        says: "what ASCII does not have is a question mark",
        input: "",
        script: r#"@a = SELECT * FROM (VALUES ("é☺")) AS T(s);
                   OUTPUT @a TO "~/out.csv" USING Outputters.Csv(encoding: Encoding.[ASCII]);"#,
        writes: "\"??\"\n",
    },
    Case {
        says: "a script may replace the file that it reads",
        input: "2\n1\n",
        script: r#"@a = EXTRACT n int FROM "~/in.csv" USING Extractors.Csv();
                   OUTPUT @a TO "~/in.csv" ORDER BY n DESC USING Outputters.Csv();
                   OUTPUT @a TO "~/out.csv" ORDER BY n USING Outputters.Csv();"#,
        writes: "1\n2\n",
    },
    Case {
        says: "an output can be a query, in an order by an expression",
        input: "1\n2\n3\n",
        script: r#"@a = EXTRACT n int FROM "~/in.csv" USING Extractors.Csv();
                   OUTPUT (SELECT n FROM @a WHERE n > 1) TO "~/out.csv" ORDER BY -n USING Outputters.Csv();"#,
        writes: "3\n2\n",
    },
];

const EXPRESSIONS: &[Cells] = &[
    Cells {
        says: "doubles have 15 digits",
        items: "0.1 + 0.2 AS a, 2.0 / 3 AS b, 1e15 AS c, 123456789012345.0 AS d, 1e-5 AS e, -0.0 AS f, 1.0 / 0 AS g, 0.0 / 0 AS h",
        writes: "0.3,0.666666666666667,1E+15,123456789012345,1E-05,0,Infinity,NaN",
    },
    Cells {
        says: "floats have 7 digits",
        items: "1.0f / 3 AS a, 16777216f AS b, (double) 0.1f AS c",
        writes: "0.3333333,1.677722E+07,0.100000001490116",
    },
    Cells {
        says: "decimals keep their scale",
        items: "1.10m + 1.1m AS a, 1.10m * 1.1m AS b, 10m / 4m AS c, 2.00m / 2m AS d, 1m / 3m AS e, -5.5m % 3m AS f, (decimal) 1.1 AS g",
        writes: "2.20,1.210,2.5,1.00,0.3333333333333333333333333333,-2.5,1.1",
    },
    Cells {
        says: "integers truncate, and a remainder has the sign of its dividend",
        items: "7 / 2 AS a, -7 / 2 AS b, -7 % 3 AS c, 7 % -3 AS d, -8 >> 1 AS e, 1 << 33 AS f",
        writes: "3,-3,-1,1,-4,2",
    },
    Cells {
        says: "integers wrap at run time",
        items: "2147483647 + x AS a, (byte) (x + 299) AS b, (sbyte) (x + 127) AS c, (ulong) (x - 2) AS d",
        writes: "-2147483648,44,-128,18446744073709551615",
    },
    Cells {
        says: "casts truncate and Convert rounds to even",
        items: "(int) 2.9 AS a, (int) -2.9 AS b, Convert.ToInt32(2.5) AS c, Convert.ToInt32(3.5) AS d, Math.Round(2.5) AS e",
        writes: "2,-2,2,4,2",
    },
    Cells {
        says: "text joins everything, and null is no text",
        items: "\"x\" + 1 + 2 AS a, 1 + 'a' + \"b\" AS b, \"x\" + (int?) null + true AS c, \"x\" + 1.50m AS d, \"x\" + new DateTime(2012, 2, 3) AS e",
        writes: "\"x12\",\"98b\",\"xTrue\",\"x1.50\",\"x2/3/2012 12:00:00 AM\"",
    },
    Cells {
        says: "a character is a UTF-16 unit",
        items: "\"😀\".Length AS a, 'a' + 1 AS b, (char) ('a' + x) AS c",
        writes: "2,98,98",
    },
    Cells {
        says: "strings count from zero and compare by their units",
        items: "\"abc\".Substring(1, 1) AS a, \"abc\".IndexOf(\"z\") AS b, \"a\" == \"A\" AS c, \" a \".Trim() AS d, \"abc\".Contains(\"b\") AS e",
        writes: "\"b\",-1,False,\"a\",True",
    },
    Cells {
        says: "null equals null and nothing else",
        items: "(int?) null == null AS a, (int?) null == 1 AS b, (int?) null != 1 AS c, (int?) null + 1 AS d, (int?) null ?? 5 AS e",
        writes: "True,False,True,,5",
    },
    Cells {
        says: "the words of SQL mean what they mean there",
        items: "x IN (1, 2) AS a, x NOT IN (1, 2) AS b, x BETWEEN 0 AND 2 AS c, \"abc\" LIKE \"a_[b-d]\" AS d, CASE x WHEN 1 THEN \"one\" ELSE \"?\" END AS e, (string) null IS NULL AS f",
        writes: "True,False,True,True,\"one\",True",
    },
    Cells {
        says: "only one side of a branch is computed",
        items: "(x == 1 ? 0 : 1 / (x - 1)) AS a, x == 1 || 1 / (x - 1) == 0 AS b",
        writes: "0,True",
    },
    Cells {
        says: "dates move by calendar and have parts",
        items: "new DateTime(2012, 1, 31).AddMonths(1) AS a, new DateTime(2012, 12, 31).DayOfYear AS b, DateTime.MinValue AS c, new DateTime(2012, 2, 3).ToString(\"D\") AS d",
        writes: "2012-02-29T00:00:00.0000000,366,0001-01-01T00:00:00.0000000,\"Friday, February 3, 2012\"",
    },
    Cells {
        says: "mixed operands become what C# makes of them",
        items: "1L + 1u AS a, x + 1.5f AS b, 1 == 1.0m AS c, (x == 1 ? 1 : 2.5) AS d, 0xFFFFFFFF AS e, -9223372036854775808 AS f",
        writes: "2,2.5,True,1,4294967295,-9223372036854775808",
    },
];

const FAILURES: &[Failure] = &[
    Failure {
        says: "a name with two at-signs is no name",
        input: "",
        script: "DECLARE @@x int = 1;",
        code: "E_CSC_USER_SYNTAXERROR",
    },
    Failure {
        says: "keywords are in capitals",
        input: "1\n",
        script: r#"@a = EXTRACT n int FROM "~/in.csv" USING Extractors.Csv();
                   @b = select n FROM @a;
                   OUTPUT @b TO "~/out.csv" USING Outputters.Csv();"#,
        code: "E_CSC_USER_SYNTAXERROR",
    },
    Failure {
        says: "an input has to be there while compiling",
        input: "",
        script: r#"@a = EXTRACT n int FROM "~/missing.csv" USING Extractors.Csv();
                   OUTPUT @a TO "~/out.csv" USING Outputters.Csv();"#,
        code: "E_CSC_USER_FILENOTFOUND",
    },
    Failure {
        says: "a rowset and a scalar cannot share a name",
        input: "",
        script: r#"DECLARE @a int = 1;
                   @a = SELECT * FROM (VALUES (1)) AS T(n);
                   OUTPUT @a TO "~/out.csv" USING Outputters.Csv();"#,
        code: "E_CSC_USER_ROWSETVARIABLEALREADYDECLARED",
    },
    Failure {
        says: "a condition is a bool, not a bool?",
        input: "true\n",
        script: r#"@a = EXTRACT b bool? FROM "~/in.csv" USING Extractors.Csv();
                   @b = SELECT b FROM @a WHERE b;
                   OUTPUT @b TO "~/out.csv" USING Outputters.Csv();"#,
        code: "E_CSC_USER_INVALIDCSHARP",
    },
    Failure {
        says: "a constant that overflows is an error while compiling",
        input: "",
        script: r#"@a = SELECT 2147483647 + 1 AS n FROM (VALUES (1)) AS T(x);
                   OUTPUT @a TO "~/out.csv" USING Outputters.Csv();"#,
        code: "E_CSC_USER_INVALIDCSHARP",
    },
    Failure {
        says: "an encoding that the engine does not read is refused while compiling",
        input: "1\n",
        script: r#"@a = EXTRACT n int FROM "~/in.csv" USING Extractors.Csv(encoding: Encoding.Default);
                   OUTPUT @a TO "~/out.csv" USING Outputters.Csv();"#,
        code: "E_CSC_USER_NOTSUPPORTED",
    },
    Failure {
        says: "a file set that no file fits is refused while compiling",
        input: "1\n",
        script: r#"@a = EXTRACT n int, name string FROM "~/{name}.tsv" USING Extractors.Csv();
                   OUTPUT @a TO "~/out.csv" USING Outputters.Csv();"#,
        code: "E_CSC_USER_FILENOTFOUND",
    },
    Failure {
        says: "a row that is too wide ends the run",
        input: "1,2\n1,2,3\n",
        script: r#"@a = EXTRACT a int, b int FROM "~/in.csv" USING Extractors.Csv();
                   OUTPUT @a TO "~/out.csv" USING Outputters.Csv();"#,
        code: "E_RUNTIME_USER_EXTRACT_ROW_DELIMITER_EXPECTED",
    },
    Failure {
        says: "a line break ends a row even between quotes",
        input: "\"a\nb\"\n",
        script: r#"@a = EXTRACT s string FROM "~/in.csv" USING Extractors.Csv();
                   OUTPUT @a TO "~/out.csv" USING Outputters.Csv();"#,
        code: "E_RUNTIME_USER_EXTRACT_ROW_ERROR",
    },
    Failure {
        says: "a value that is none of its column's type ends the run",
        input: "1\nseven\n",
        script: r#"@a = EXTRACT n int FROM "~/in.csv" USING Extractors.Csv();
                   OUTPUT @a TO "~/out.csv" USING Outputters.Csv();"#,
        code: "E_RUNTIME_USER_EXTRACT_ROW_ERROR",
    },
    Failure {
        says: "a division of an integer by zero ends the run",
        input: "0\n",
        script: r#"@a = EXTRACT n int FROM "~/in.csv" USING Extractors.Csv();
                   @b = SELECT 1 / n AS q FROM @a;
                   OUTPUT @b TO "~/out.csv" USING Outputters.Csv();"#,
        code: "E_RUNTIME_USER_UNHANDLED_EXCEPTION_FROM_USER_CODE",
    },
    Failure {
        says: "a member of null ends the run",
        input: "\\N\n",
        script: r#"@a = EXTRACT s string FROM "~/in.csv" USING Extractors.Csv(nullEscape: "\\N");
                   @b = SELECT s.Length AS n FROM @a;
                   OUTPUT @b TO "~/out.csv" USING Outputters.Csv();"#,
        code: "E_RUNTIME_USER_UNHANDLED_EXCEPTION_FROM_USER_CODE",
    },
];

#[tokio::test]
async fn built_in_extractors_read_as_documented() {
    all_write(EXTRACTION).await;
}

#[tokio::test]
async fn queries_answer_as_documented() {
    all_write(QUERIES).await;
}

#[tokio::test]
async fn built_in_outputters_write_as_documented() {
    all_write(OUTPUTS).await;
}

#[tokio::test]
async fn expressions_have_the_values_of_csharp() {
    let world = World::start().await;
    for case in EXPRESSIONS {
        let script = format!(
            "@one = SELECT * FROM (VALUES (1)) AS T(x);\n\
             @r = SELECT {} FROM @one;\n\
             OUTPUT @r TO \"/out.csv\" USING Outputters.Csv();",
            case.items
        );
        let written = written(&world, case.says, &script, "/out.csv").await;
        assert_eq!(written.trim_end(), case.writes, "{}", case.says);
    }
}

#[tokio::test]
async fn wrong_scripts_and_data_fail_as_documented() {
    let world = World::start().await;
    for (number, case) in FAILURES.iter().enumerate() {
        let folder = format!("/case{number}");
        world.write(&format!("{folder}/in.csv"), case.input).await;
        let job = world.run(&case.script.replace('~', &folder)).await;
        let codes: Vec<String> = job
            .errors
            .iter()
            .flat_map(adla_jobs::JobError::chain)
            .filter_map(|error| error.error_id.clone())
            .collect();
        assert!(
            codes.iter().any(|code| code == case.code),
            "{}: {codes:?}",
            case.says
        );
        assert_eq!(
            world.read(&format!("{folder}/out.csv")).await,
            None,
            "{}",
            case.says
        );
    }
}

async fn all_write(cases: &[Case]) {
    let world = World::start().await;
    for (number, case) in cases.iter().enumerate() {
        let folder = format!("/case{number}");
        world.write(&format!("{folder}/in.csv"), case.input).await;
        let script = case.script.replace('~', &folder);
        let written = written(&world, case.says, &script, &format!("{folder}/out.csv")).await;
        assert_eq!(written, case.writes, "{}", case.says);
    }
}

/// What a script that succeeds writes to a file, with LF for CR LF.
async fn written(world: &World, says: &str, script: &str, path: &str) -> String {
    let job = world.run(script).await;
    let reports: Vec<String> = job
        .errors
        .iter()
        .map(|error| error.report().to_string())
        .collect();
    assert!(
        job.ensure_succeeded().is_ok(),
        "{says}: {}",
        reports.join("\n")
    );
    let bytes = world.read(path).await.expect("the script writes this file");
    let text = String::from_utf8(bytes).expect("the file is UTF-8");
    assert_eq!(
        text.matches('\n').count(),
        text.matches("\r\n").count(),
        "{says}: rows end with CR LF"
    );
    text.replace("\r\n", "\n")
}
