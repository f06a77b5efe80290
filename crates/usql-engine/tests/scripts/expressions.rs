use expect_test::expect;

use super::lake::{check, values};

#[test]
fn arithmetic_is_that_of_csharp() {
    let table = [
        ("7 / 2", "3"),
        ("-7 / 2", "-3"),
        ("-7 % 3", "-1"),
        ("7 % -3", "1"),
        ("7.0 / 2", "3.5"),
        ("1.0 / 0", "Infinity"),
        ("-1.0 / 0", "-Infinity"),
        ("0.0 / 0", "NaN"),
        ("5.5 % 2", "1.5"),
        ("1 + 2 * 3", "7"),
        ("unchecked((byte) 300) + 0", "44"),
        ("1 << 33", "2"),
        ("-8 >> 1", "-4"),
        ("6 & 3", "2"),
        ("6 | 3", "7"),
        ("6 ^ 3", "5"),
        ("~5", "-6"),
        ("(int) 2.9", "2"),
        ("(int) -2.9", "-2"),
        ("Convert.ToInt32(2.5)", "2"),
        ("Convert.ToInt32(3.5)", "4"),
        ("Math.Round(2.5)", "2"),
        ("Math.Abs(-3)", "3"),
        ("2147483647L + 1", "2147483648"),
    ];
    for (expression, expected) in table {
        assert_eq!(
            values(&format!("{expression} AS r")).unwrap(),
            expected,
            "{expression}"
        );
    }
}

#[test]
fn integers_wrap_at_run_time() {
    check(
        "2147483647,9223372036854775807\n-2147483648,-9223372036854775808\n",
        r#"
        @a = EXTRACT i int, l long FROM "/in.csv" USING Extractors.Csv();
        @b = SELECT i + 1 AS a, i * 2 AS b, l + 1 AS c, -i AS d, (short) i AS e, (int) l AS f FROM @a;
        OUTPUT @b TO "/out.csv" USING Outputters.Csv();"#,
        expect![[r#"
            -2147483648,-2,-9223372036854775808,-2147483647,-1,-1
            -2147483647,0,-9223372036854775807,-2147483648,0,0
        "#]],
    );
}

#[test]
fn strings_have_the_members_of_dotnet() {
    check(
        "Hello World,héllo\n",
        r#"
        @a = EXTRACT s string, t string FROM "/in.csv" USING Extractors.Csv();
        @b = SELECT s.Length AS a, s.Substring(6) AS b, s.Substring(0, 5) AS c, s.ToUpper() AS d,
                    s.IndexOf("World") AS e, s.IndexOf("x") AS f, s.Contains("lo W") AS g,
                    s.Replace("l", "L") AS h, t.ToUpper() AS i, t.Length AS j, s + "-" + t AS k,
                    string.IsNullOrEmpty(s) AS l, s.StartsWith("Hell") AS m
             FROM @a;
        OUTPUT @b TO "/out.csv" USING Outputters.Csv();"#,
        expect![[r#"
            11,"World","Hello","HELLO WORLD",6,-1,True,"HeLLo WorLd","HÉLLO",5,"Hello World-héllo",False,True
        "#]],
    );
}

#[test]
fn dates_have_the_members_of_dotnet() {
    check(
        "2012-02-29T23:59:59.5\n",
        r#"
        @a = EXTRACT t DateTime FROM "/in.csv" USING Extractors.Csv();
        @b = SELECT t.Year AS a, t.Month AS b, t.Day AS c, t.Hour AS d, t.Millisecond AS e, t.DayOfYear AS f,
                    t.Date AS g, t.AddDays(1) AS h, t.AddYears(1) AS i, t.ToString("yyyy-MM-dd") AS j,
                    t < DateTime.MaxValue AS k
             FROM @a;
        OUTPUT @b TO "/out.csv" USING Outputters.Csv();"#,
        expect![[r#"
            2012,2,29,23,500,60,2012-02-29T00:00:00.0000000,2012-03-01T23:59:59.5000000,2013-02-28T23:59:59.5000000,"2012-02-29",True
        "#]],
    );
}

#[test]
fn like_in_and_between() {
    check(
        "apple,1\nbanana,2\ncherry,3\n",
        r#"
        @a = EXTRACT s string, n int FROM "/in.csv" USING Extractors.Csv();
        @b = SELECT s, s LIKE "%an%" AS l, n IN (1, 3) AS i, n BETWEEN 2 AND 3 AS b FROM @a;
        OUTPUT @b TO "/out.csv" USING Outputters.Csv();"#,
        expect![[r#"
            "apple",False,True,False
            "banana",True,False,True
            "cherry",False,True,True
        "#]],
    );
}

#[test]
fn a_long_list_is_looked_up_and_finds_the_same() {
    let numbers: Vec<String> = (0..30).map(|n| (n * 2).to_string()).collect();
    let texts: Vec<String> = (0..30).map(|n| format!("\"t{n}\"")).collect();
    let script = format!(
        "@a = EXTRACT n int?, s string FROM \"/in.csv\" USING Extractors.Csv();\n\
         @b = SELECT n IN ({}) AS a, n IN ({}, (int?) null) AS b, s IN ({}) AS c FROM @a;\n\
         OUTPUT @b TO \"/out.csv\" USING Outputters.Csv();",
        numbers.join(", "),
        numbers.join(", "),
        texts.join(", ")
    );
    check(
        "4,t4\n5,t30\n,\n",
        &script,
        expect![[r#"
            True,True,True
            False,False,False
            False,True,False
        "#]],
    );
}
