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
