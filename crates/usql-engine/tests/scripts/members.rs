//! The members of .NET's types, by the tables that their reference pages print.

use super::lake::run;

/// One row with a column of each kind, so that the engine computes and not the compiler.
const ROW: &str =
    "Hello World|héllo|2012-02-29T13:05:09.5|2017-09-22T15:00:00|17|-1234.5678|1234567.891|65||";

/// What expressions over the columns of [`ROW`] give, as text.
#[track_caller]
pub(crate) fn check_members(table: &[(&str, &str)]) {
    let items: Vec<String> = table
        .iter()
        .enumerate()
        .map(|(at, (expression, _))| format!("({expression}) AS c{at}"))
        .collect();
    let script = format!(
        "@row = EXTRACT s string, t string, d DateTime, e DateTime, i int, x double, m decimal, c char, n int?, \
                        z string FROM \"/in.csv\" USING Extractors.Text(delimiter: '|');\n\
         @all = SELECT {} FROM @row;\n\
         OUTPUT @all TO \"/out.csv\" USING Outputters.Text(delimiter: '\\u0001', quoting: false);",
        items.join(",\n")
    );
    let written = run(&format!("{ROW}\n"), &script).unwrap_or_else(|error| panic!("{error}"));
    let written = written.trim_end_matches("\r\n");
    let values: Vec<&str> = written.split('\u{1}').collect();
    assert_eq!(values.len(), table.len(), "{written}");
    let wrong: Vec<String> = table
        .iter()
        .zip(values)
        .filter(|((_, expected), value)| expected != value)
        .map(|((expression, expected), value)| format!("{expression}: {value}, not {expected}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The exceptions that expressions over the columns of [`ROW`] raise.
#[track_caller]
pub(crate) fn check_raises(table: &[(&str, &str)]) {
    for (expression, expected) in table {
        let script = format!(
            "@row = EXTRACT s string, t string, d DateTime, e DateTime, i int, x double, m decimal, c char, n int?, \
                            z string FROM \"/in.csv\" USING Extractors.Text(delimiter: '|');\n\
             @all = SELECT ({expression}).ToString() AS r FROM @row;\n\
             OUTPUT @all TO \"/out.csv\" USING Outputters.Csv();"
        );
        let error = run(&format!("{ROW}\n"), &script).expect_err(expression);
        let message = error.to_string();
        assert!(message.contains(expected), "{expression}: {message}");
    }
}

#[test]
fn spans_that_cannot_be_raise() {
    check_raises(&[
        (
            "TimeSpan.MaxValue + (e - d)",
            "TimeSpan overflowed because the duration is too long.",
        ),
        (
            "TimeSpan.FromDays(1e9 * i)",
            "TimeSpan overflowed because the duration is too long.",
        ),
        (
            "d + TimeSpan.MaxValue",
            "The added or subtracted value results in an un-representable DateTime.",
        ),
        (
            "TimeSpan.Parse(s)",
            "String was not recognized as a valid TimeSpan.",
        ),
        (
            "(e - d).ToString(\"hh:mm\")",
            "Input string was not in a correct format.",
        ),
    ]);
}

#[test]
fn spans_are_what_times_differ_by() {
    check_members(&[
        ("(e - d).ToString()", "2032.01:54:50.5000000"),
        ("(d - e).ToString()", "-2032.01:54:50.5000000"),
        ("(e - d).Days", "2032"),
        ("(d - e).Hours", "-1"),
        ("(e - d).TotalDays", "2032.07975115741"),
        ("(e - d).TotalMinutes", "2926194.84166667"),
        (
            "d + new TimeSpan(36, 0, 0, 0)",
            "2012-04-05T13:05:09.5000000",
        ),
        (
            "d - new TimeSpan(0, 0, i, 10)",
            "2012-02-29T12:47:59.5000000",
        ),
        ("(e - d) > TimeSpan.FromDays(i)", "True"),
        ("(e - d) == (e - d)", "True"),
        ("(n == null ? (TimeSpan?) null : (e - d)).HasValue", "False"),
        ("TimeSpan.FromSeconds(i).ToString()", "00:00:17"),
        ("TimeSpan.FromHours(x).ToString()", "-51.10:34:04.0800000"),
        ("(-TimeSpan.FromMinutes(i)).ToString(\"g\")", "-0:17:00"),
        (
            "TimeSpan.Parse(\"6.\" + i + \":14:45.3448\").Add(TimeSpan.FromDays(1)).ToString()",
            "7.17:14:45.3448000",
        ),
        ("\"\" + (e - e)", "00:00:00"),
    ]);
}

#[test]
fn times_have_the_members_of_dotnet() {
    check_members(&[
        ("d.ToShortDateString()", "2/29/2012"),
        ("d.ToLongDateString()", "Wednesday, February 29, 2012"),
        ("d.ToShortTimeString()", "1:05 PM"),
        ("d.ToLongTimeString()", "1:05:09 PM"),
        ("d.DayOfWeek.ToString()", "Wednesday"),
        ("d.DayOfWeek == DayOfWeek.Wednesday", "True"),
        ("(int) d.DayOfWeek", "3"),
        (
            "((DayOfWeek) (i % 7)).ToString() + DayOfWeek.Sunday",
            "WednesdaySunday",
        ),
        ("d.DayOfWeek > DayOfWeek.Friday", "False"),
        ("d.TimeOfDay.ToString()", "13:05:09.5000000"),
        ("d.AddMilliseconds(i)", "2012-02-29T13:05:09.5170000"),
        ("d.Add(e - d)", "2017-09-22T15:00:00.0000000"),
        ("e.Subtract(d).TotalMinutes", "2926194.84166667"),
        ("e.Subtract(e - d)", "2012-02-29T13:05:09.5000000"),
        ("d.CompareTo(e)", "-1"),
        ("DateTime.Compare(e, d)", "1"),
        ("d.Equals(d)", "True"),
        ("DateTime.DaysInMonth(d.Year, d.Month)", "29"),
        ("DateTime.IsLeapYear(e.Year)", "False"),
        (
            "new DateTime(2017, 1, i, 1, 2, 3, DateTimeKind.Utc)",
            "2017-01-17T01:02:03.0000000",
        ),
        (
            "DateTime.SpecifyKind(d, DateTimeKind.Local)",
            "2012-02-29T13:05:09.5000000",
        ),
        (
            "DateTime.ParseExact(\"2012\" + i, \"yyyydd\")",
            "2012-01-17T00:00:00.0000000",
        ),
        (
            "DateTime.ParseExact(\"2012\" + i, \"yyyydd\", CultureInfo.InvariantCulture)",
            "2012-01-17T00:00:00.0000000",
        ),
        (
            "DateTime.ParseExact(\"2012\" + i, \"yyyydd\", null)",
            "2012-01-17T00:00:00.0000000",
        ),
        // The clock of these tests, 2016-07-01 at midnight, and Pacific time.
        ("DateTime.UtcNow", "2016-07-01T00:00:00.0000000"),
        ("DateTime.Now", "2016-06-30T17:00:00.0000000"),
        ("DateTime.Today.AddDays(1)", "2016-07-01T00:00:00.0000000"),
    ]);
    check_raises(&[
        ("DateTime.ParseExact(s, \"yyyyMMdd\")", "FormatException"),
        (
            "DateTime.IsLeapYear(i - 17)",
            "Year must be between 1 and 9999.",
        ),
        (
            "DateTime.DaysInMonth(2012, i)",
            "Month must be between one and twelve.",
        ),
    ]);
}

#[test]
fn numbers_have_the_members_of_dotnet() {
    check_members(&[
        ("x.ToString(\"N2\")", "-1,234.57"),
        ("x.ToString(\"C\")", "($1,234.57)"),
        ("x.ToString(\"0.0\")", "-1234.6"),
        ("m.ToString(\"#,##0.00\")", "1,234,567.89"),
        (
            "m.ToString(\"E2\", CultureInfo.InvariantCulture)",
            "1.23E+006",
        ),
        ("i.ToString(\"D5\")", "00017"),
        ("i.ToString(\"X4\")", "0011"),
        ("((byte) i).ToString(\"x\")", "11"),
        ("((float) x).ToString(\"F1\")", "-1234.6"),
        ("int.MaxValue - i", "2147483630"),
        ("long.MinValue", "-9223372036854775808"),
        ("Byte.MaxValue + i", "272"),
        ("double.NaN.Equals(0.0 / (i - 17))", "True"),
        ("double.NaN == 0.0 / (i - 17)", "False"),
        ("double.IsInfinity(x / 0)", "True"),
        ("Double.PositiveInfinity > x", "True"),
        ("float.Epsilon > 0", "True"),
        ("i.CompareTo(18)", "-1"),
        ("x.CompareTo(double.NaN)", "1"),
        ("m.Equals(m)", "True"),
        ("decimal.One + m", "1234568.891"),
        ("Byte.Parse(\"\" + i)", "17"),
        ("UInt16.Parse(\"\" + i)", "17"),
        ("double.Parse(\"1,\" + i + \"4.5\")", "1174.5"),
        ("Int32.Parse(\" \" + i + \" \")", "17"),
    ]);
    check_raises(&[
        ("x.ToString(\"D\")", "Format specifier was invalid."),
        ("i.ToString(\"R\")", "Format specifier was invalid."),
        (
            "byte.Parse(i + \"00\")",
            "Value was either too large or too small for an unsigned byte.",
        ),
        (
            "int.Parse(\"1,\" + i)",
            "Input string was not in a correct format.",
        ),
    ]);
}

#[test]
fn conversions_are_those_of_convert() {
    check_members(&[
        ("Convert.ToByte(x + 1250)", "15"),
        ("Convert.ToInt16(m / 1000)", "1235"),
        ("Convert.ToUInt32(i)", "17"),
        ("Convert.ToInt64(true)", "1"),
        ("Convert.ToInt32(c)", "65"),
        ("Convert.ToChar(i + 49).ToString()", "B"),
        ("Convert.ToChar(\"x\" + z).ToString()", "x"),
        ("Convert.ToSingle(x)", "-1234.568"),
        ("Convert.ToDecimal(0.1f * i)", "1.7"),
        ("Convert.ToBoolean(i)", "True"),
        ("Convert.ToBoolean(\" TRUE \" + z)", "True"),
        ("Convert.ToInt32(\"ff\" + z, 16)", "255"),
        ("Convert.ToInt32(\"0xFFFFFFFF\" + z, 16)", "-1"),
        ("Convert.ToInt32(\"101\" + z, 2)", "5"),
        ("Convert.ToString(i, 2)", "10001"),
        ("Convert.ToString(-i, 16)", "ffffffef"),
        ("Convert.ToString((long) -i, 8)", "1777777777777777777757"),
        (
            "Convert.ToBase64String(Convert.FromBase64String(\"SGVsbG8\" + \"=\" + z))",
            "SGVsbG8=",
        ),
        ("Convert.ToInt32(n)", "0"),
        ("Convert.ToDateTime(d).Year", "2012"),
    ]);
    check_raises(&[
        (
            "Convert.ToByte(x)",
            "Value was either too large or too small for an unsigned byte.",
        ),
        (
            "Convert.ToInt32(s, 16)",
            "Could not find any recognizable digits.",
        ),
        ("Convert.ToInt32(s, i)", "Invalid Base."),
        ("Convert.FromBase64String(s + \"!\")", "FormatException"),
    ]);
}

#[test]
fn mathematics_is_that_of_math() {
    check_members(&[
        ("Math.PI + 0 * x", "3.14159265358979"),
        ("Math.Round(i + 0.5)", "18"),
        ("Math.Round(i - 0.5, MidpointRounding.AwayFromZero)", "17"),
        ("Math.Round(-2.345m * i, 2)", "-39.86"),
        (
            "Math.Round(2.345m + 0 * m, 2, MidpointRounding.AwayFromZero)",
            "2.35",
        ),
        ("Math.Round(x, 2)", "-1234.57"),
        ("Math.Truncate(x)", "-1234"),
        ("Math.Truncate(m)", "1234567"),
        ("Math.Sign(x)", "-1"),
        ("Math.Min((byte) i, (byte) 20)", "17"),
        ("Math.Max(1.5f, (float) x)", "1.5"),
        ("Math.Max(x, double.NaN)", "NaN"),
        ("Math.Log10(i + 83)", "2"),
        ("Math.Log(i - 9, 2)", "3"),
        ("Math.Exp(i - 17)", "1"),
        ("Math.Sqrt(-1 * i)", "NaN"),
        ("Math.Pow(2, i)", "131072"),
        ("Math.Atan2(i, i)", "0.785398163397448"),
        ("Math.IEEERemainder(i, 5)", "2"),
        ("Math.BigMul(2147483647, i)", "36507221999"),
        ("Math.Abs((short) -i)", "17"),
    ]);
    check_raises(&[
        (
            "Math.Abs(int.MinValue + 0 * i)",
            "Negating the minimum value",
        ),
        (
            "Math.Sign(double.NaN * x)",
            "Function does not accept floating point Not-a-Number values.",
        ),
        (
            "Math.Round(x, i)",
            "Rounding digits must be between 0 and 15, inclusive.",
        ),
    ]);
}

#[test]
fn characters_guids_and_booleans_have_theirs() {
    check_members(&[
        ("char.IsLetter(c)", "True"),
        ("Char.IsDigit((char) (c - 16))", "True"),
        ("char.IsUpper(c) && !char.IsLower(c)", "True"),
        ("char.IsWhiteSpace(c)", "False"),
        ("char.IsLetterOrDigit('_')", "False"),
        ("char.ToLower(c).ToString()", "a"),
        ("char.GetNumericValue('7')", "7"),
        ("c.CompareTo('C')", "-2"),
        ("c.Equals('A')", "True"),
        (
            "Guid.Empty.ToString()",
            "00000000-0000-0000-0000-000000000000",
        ),
        (
            "Guid.Parse(\"{C9A646D3-9C61-4CB7-BFCD-EE2522C8F633}\" + z).ToString(\"N\")",
            "c9a646d39c614cb7bfcdee2522c8f633",
        ),
        (
            "new Guid(\"c9a646d39c614cb7bfcdee2522c8f633\" + z).ToString(\"X\")",
            "{0xc9a646d3,0x9c61,0x4cb7,{0xbf,0xcd,0xee,0x25,0x22,0xc8,0xf6,0x33}}",
        ),
        (
            "new Guid(\"c9a646d39c614cb7bfcdee2522c8f633\" + z).ToByteArray()",
            "D346A6C9619CB74CBFCDEE2522C8F633",
        ),
        (
            "new Guid(new Guid(\"c9a646d39c614cb7bfcdee2522c8f633\" + z).ToByteArray())",
            "c9a646d3-9c61-4cb7-bfcd-ee2522c8f633",
        ),
        (
            "Guid.Empty.Equals(Guid.Parse(\"c9a646d39c614cb7bfcdee2522c8f633\" + z))",
            "False",
        ),
        ("bool.Parse(\"true\" + z).CompareTo(false)", "1"),
        ("(i == 17).Equals(true)", "True"),
    ]);
    check_raises(&[
        (
            "Guid.Parse(s)",
            "Guid should contain 32 digits with 4 dashes",
        ),
        (
            "char.Parse(s)",
            "String must be exactly one character long.",
        ),
    ]);
}

#[test]
fn strings_are_edited_padded_and_searched() {
    check_members(&[
        ("s.Insert(5, \",\")", "Hello, World"),
        ("s.Remove(5)", "Hello"),
        ("t.Remove(1, 3)", "ho"),
        ("t.PadLeft(8)", "   h\u{e9}llo"),
        (
            "t.PadLeft(8, '*') + t.PadRight(7, '.')",
            "***h\u{e9}lloh\u{e9}llo..",
        ),
        ("t.PadLeft(2)", "h\u{e9}llo"),
        ("s.Trim('H', 'd')", "ello Worl"),
        ("s.TrimStart('H', 'e', 'x')", "llo World"),
        ("s.TrimEnd('d')", "Hello Worl"),
        ("s.IndexOf(\"o\", 5, 3)", "7"),
        ("s.IndexOf('o', 5, 2)", "-1"),
        (
            "s.IndexOf(\"WORLD\", StringComparison.OrdinalIgnoreCase)",
            "6",
        ),
        (
            "s.IndexOf(\"O\", 5, StringComparison.CurrentCultureIgnoreCase)",
            "7",
        ),
        ("s.LastIndexOf(\"o\")", "7"),
        ("s.LastIndexOf(\"o\", 6)", "4"),
        ("s.LastIndexOf('o', 6, 2)", "-1"),
        (
            "s.LastIndexOf(\"L\", StringComparison.OrdinalIgnoreCase)",
            "9",
        ),
        (
            "s.StartsWith(\"hello\", StringComparison.InvariantCultureIgnoreCase)",
            "True",
        ),
        ("s.EndsWith(\"WORLD\", StringComparison.Ordinal)", "False"),
        ("t[1].ToString()", "\u{e9}"),
        ("string.Empty + i", "17"),
        ("String.Concat(s, i, null, d.Year, n)", "Hello World172012"),
        ("string.Concat(\"a\", z, \"b\")", "ab"),
    ]);
    check_raises(&[
        (
            "s.Insert(12, \"x\")",
            "Specified argument was out of the range of valid values.",
        ),
        (
            "s.Remove(11)",
            "startIndex must be less than length of string.",
        ),
        (
            "s.Remove(5, 7)",
            "Index and count must refer to a location within the string.",
        ),
        ("s.PadLeft(-i)", "Non-negative number required."),
        ("s.LastIndexOf('o', 12)", "Index was out of range."),
        (
            "(z == \"\" ? null : z).Trim('x')",
            "Object reference not set",
        ),
    ]);
}

#[test]
fn strings_are_compared_as_words_or_by_code_unit() {
    check_members(&[
        ("string.Compare(s, \"hello world\")", "1"),
        ("string.Compare(s, \"hello world\", true)", "0"),
        (
            "string.Compare(s, \"hello world\", StringComparison.Ordinal)",
            "-1",
        ),
        ("string.Compare(null, s)", "-1"),
        ("string.CompareOrdinal(s, \"hello\")", "-32"),
        ("s.CompareTo(\"Hello\")", "1"),
        (
            "t.CompareTo(\"hello\") > 0 && t.CompareTo(\"helm\") < 0",
            "True",
        ),
        ("s.Equals(\"HELLO WORLD\")", "False"),
        (
            "s.Equals(\"HELLO WORLD\", StringComparison.OrdinalIgnoreCase)",
            "True",
        ),
        ("string.Equals(s, null)", "False"),
        (
            "String.Equals(t, \"H\u{c9}LLO\", StringComparison.CurrentCultureIgnoreCase)",
            "True",
        ),
    ]);
}

#[test]
fn composite_formats_are_filled() {
    check_members(&[
        (
            "String.Format(\"The current price is {0} per ounce.\", x)",
            "The current price is -1234.5678 per ounce.",
        ),
        (
            "string.Format(\"It is now {0:t} on {0:d}\", d)",
            "It is now 1:05 PM on 2/29/2012",
        ),
        (
            "string.Format(\"Decimal: {0:G}, Hex: {0:X}\", -27)",
            "Decimal: -27, Hex: FFFFFFE5",
        ),
        (
            "string.Format(\"[{0,6}|{0,-6}|{1,8:N1}]\", i, m / 1000)",
            "[    17|17    | 1,234.6]",
        ),
        (
            "string.Format(\"{{{0}}} {1:yyyy}{2}\", t, d, n)",
            "{h\u{e9}llo} 2012",
        ),
        ("string.Format(\"{0:D3}|{0,4}|\", n)", "|    |"),
        (
            "string.Format(\"{0:0.0} {1:hh\\\\:mm} {2:upper}\", x, e - d, s)",
            "-1234.6 01:54 Hello World",
        ),
        ("string.Format(\"{0}\", true)", "True"),
        ("string.Format(\"plain\")", "plain"),
    ]);
}

#[test]
fn regular_expressions_are_those_of_dotnet() {
    check_members(&[
        (
            r#"Regex.IsMatch(s, "^hello", RegexOptions.IgnoreCase | RegexOptions.Singleline)"#,
            "True",
        ),
        (r#"Regex.IsMatch(s, "^hello")"#, "False"),
        (r#"Regex.Match(s, @"(\w)\1").Value"#, "ll"),
        (r#"Regex.Match(s, @"(\w)\1").Index"#, "2"),
        (
            r#"Regex.Match(s, @"(?<word>\w+)$").Groups["word"].Value"#,
            "World",
        ),
        (r#"Regex.Match(s, @"(\w+) (\w+)").Groups[2].Value"#, "World"),
        (
            r#"Regex.Match(s, @"(\w+) (\w+)").Groups[3].Success"#,
            "False",
        ),
        (r#"Regex.Match(s, "x").Success ? "yes" : "no""#, "no"),
        (
            r#"Regex.Match(s, "x").Value + "|" + Regex.Match(s, "x").Groups.Count"#,
            "|1",
        ),
        (
            r#"Regex.Replace(s, @"(\w+) (\w+)", "$2 $1")"#,
            "World Hello",
        ),
        (r#"new Regex("[aeiou]").Replace(s, "*", 2)"#, "H*ll* World"),
        (r#"new Regex("l+").Matches(s).Count"#, "2"),
        (r#"Regex.Matches(s, "l+")[1].Value"#, "l"),
        (
            r#"string.Join(";", Regex.Split(s, "([eo])"))"#,
            "H;e;ll;o; W;o;rld",
        ),
        (
            r#"string.Join(";", Regex.Matches(s, "[A-Z]").Cast<Match>().Select(m => m.Value + m.Index))"#,
            "H0;W6",
        ),
        (
            r#"(from Match m in Regex.Matches(s, "o") select m.Index).Sum()"#,
            "11",
        ),
        (r#"Regex.Escape(s)"#, r"Hello\ World"),
        (r#"Regex.IsMatch(t, @"^\w{5}$")"#, "True"),
        // A pattern of each row.
        (r#"Regex.Match(s, s.Substring(0, 2) + ".").Value"#, "Hel"),
    ]);
}

#[test]
fn regular_expressions_raise_as_dotnet_does() {
    check_raises(&[
        (
            r#"Regex.IsMatch(s, "(")"#,
            "parsing \"(\" - Not enough )'s.",
        ),
        (
            r#"Regex.IsMatch(n == null ? (string) null : s, "a")"#,
            "ArgumentNullException",
        ),
        (r#"Regex.Matches(s, "l")[7]"#, "ArgumentOutOfRangeException"),
        (
            r#"Regex.IsMatch("a".PadLeft(40, (char) 97) + s, "^(a+)+$")"#,
            "RegexMatchTimeoutException",
        ),
    ]);
}

/// The table that the documentation of `Int32.TryParse(String, Int32)` prints.
#[test]
fn a_lambda_tries_to_parse() {
    let parsed = |text: &str| {
        format!(
            "((Func<string, string>)(p => {{ int number; bool ok = Int32.TryParse(p, out number); \
             if (ok) return \"Converted to \" + number; else return \"Attempted conversion failed.\"; }}))(i == 17 ? {text} : s)"
        )
    };
    let failed = "Attempted conversion failed.";
    let table: Vec<(String, &str)> = [
        ("(string) null", failed),
        (r#""160519""#, "Converted to 160519"),
        (r#""9432.0""#, failed),
        (r#""16,667""#, failed),
        (r#""   -322   ""#, "Converted to -322"),
        (r#""+4302""#, "Converted to 4302"),
        (r#""(100);""#, failed),
        (r#""01FA""#, failed),
    ]
    .map(|(text, expected)| (parsed(text), expected))
    .into();
    let table: Vec<(&str, &str)> = table
        .iter()
        .map(|(one, two)| (one.as_str(), *two))
        .collect();
    check_members(&table);
}

#[test]
fn a_lambda_has_statements() {
    check_members(&[
        (
            r#"((Func<string, DateTime?>)(text => { DateTime date; return DateTime.TryParse(text, out date) ? (DateTime?) date : null; }))(s).HasValue"#,
            "False",
        ),
        (
            "((Func<int, int>)(n => { var twice = n * 2; int more = twice; more = more + 1; return more * twice; }))(i)",
            "1190",
        ),
        (
            r#"((Func<int, string>)(n => { if (n > 100) return "large"; if (n > 10) { var half = n / 2; return "middle" + half; } return "small"; }))(i)"#,
            "middle8",
        ),
        (
            r#"string.Join(",", s.Split(' ').Select(word => { var first = word[0]; return first + word.Length.ToString(); }))"#,
            "H5,W5",
        ),
        (
            r#"string.Join(",", "1,x,3".Split(',').Where(p => { int n; return int.TryParse(p, out n) && n > i - 15; }))"#,
            "3",
        ),
    ]);
}

#[test]
fn parts_of_strings_are_compared() {
    check_members(&[
        (
            r#"string.Compare("Noah", 0, s.Substring(11) + "N", 0, 1)"#,
            "0",
        ),
        (
            r#"string.Compare("abc", 0, s.Substring(11) + "ABC", 0, 3)"#,
            "-1",
        ),
        (
            r#"string.Compare("machine", 0, s.Substring(11) + "MACHINE", 0, 7, true)"#,
            "0",
        ),
        (
            r#"string.CompareOrdinal("abc", 0, s.Substring(11) + "ABC", 0, 3)"#,
            "32",
        ),
        (r#"string.CompareOrdinal(s, 4, "xo", 1, 1)"#, "0"),
        ("Equals(n, null) ? 1 : 2", "1"),
        (r#"Equals(s, "Hello World")"#, "True"),
        ("object.Equals(i, (long) i)", "False"),
        (r#"string.Join("", s.ToCharArray(1, 3))"#, "ell"),
        (
            "Enumerable.Range(0, Int32.MaxValue).Concat(Enumerable.Range(0, 1)).LongCount()",
            "2147483648",
        ),
        (
            r#"string.Join(";", Enumerable.Range(1, i).GroupBy(x => x % 3, x => x * x, (k, g) => k + ":" + g.Max()))"#,
            "1:256;2:289;0:225",
        ),
        (
            r#"string.Join(";", s.GroupBy(x => x == 'l', x => 1).Select(g => g.Key + "=" + g.Sum(x => x)))"#,
            "False=8;True=3",
        ),
    ]);
}

/// The tables that the documentation of `System.IO.Path` prints, under Windows.
#[test]
fn paths_are_those_of_windows() {
    check_members(&[
        (
            r#"Path.GetFileName(@"C:\mydir\myfile.ext" + s.Substring(11))"#,
            "myfile.ext",
        ),
        (r#"Path.GetFileName(@"C:\mydir\" + s.Substring(11))"#, ""),
        (
            r#"Path.GetExtension(@"C:\mydir.old\myfile.ext" + s.Substring(11))"#,
            ".ext",
        ),
        (
            r#"Path.GetExtension(@"C:\mydir.old\" + s.Substring(11))"#,
            "",
        ),
        (r#"Path.GetExtension("a." + s.Substring(11)).Length"#, "0"),
        (
            r#"Path.GetFileNameWithoutExtension("/data/2017/log.old.csv" + s.Substring(11))"#,
            "log.old",
        ),
        (
            r#"Path.ChangeExtension(@"C:\mydir\myfile.com.extension" + s.Substring(11), ".old")"#,
            r"C:\mydir\myfile.com.old",
        ),
        (
            r#"Path.ChangeExtension(@"C:\mydir\" + s.Substring(11), ".old")"#,
            r"C:\mydir\.old",
        ),
        (
            r#"Path.Combine(@"c:\temp" + s.Substring(11), @"subdir\file.txt")"#,
            r"c:\temp\subdir\file.txt",
        ),
        (
            r#"Path.Combine(@"c:\temp" + s.Substring(11), @"c:\temp.txt")"#,
            r"c:\temp.txt",
        ),
        (
            r#"Path.HasExtension("mydir.ext\\myfile" + s.Substring(11))"#,
            "False",
        ),
        (r#"Path.IsPathRooted("/data" + s.Substring(11))"#, "True"),
    ]);
    check_raises(&[("Path.GetFileName(s + \"|\")", "Illegal characters in path.")]);
}

#[test]
fn a_new_guid_is_made_for_each_row() {
    let rows: String = (0..100).map(|number| format!("{number}\n")).collect();
    let script = "@t = EXTRACT n int FROM \"/in.csv\" USING Extractors.Csv();
        @r = SELECT Guid.NewGuid() AS a, string.Join(\"\", Enumerable.Range(0, 1).Select(x => Guid.NewGuid())) AS b,
                    Guid.NewGuid().ToString(\"N\").Length AS c FROM @t;
        OUTPUT @r TO \"/out.csv\" USING Outputters.Csv(quoting: false);";
    let written = run(&rows, script).unwrap_or_else(|error| panic!("{error}"));
    let mut guids: Vec<&str> = Vec::new();
    for line in written.lines() {
        let [one, other, length] = line.split(',').collect::<Vec<_>>()[..] else {
            panic!("{line}");
        };
        assert_eq!((&one[14..15], length), ("4", "32"), "{line}");
        guids.extend([one, other]);
    }
    guids.sort_unstable();
    guids.dedup();
    assert_eq!(guids.len(), 200);
}
