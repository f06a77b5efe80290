use std::sync::Arc;

use expect_test::expect;
use usql_sema::{EmptyUnquotedString, Settings};

use super::lake::{Lake, check, options, run_with};

#[test]
fn tab_separated_values_with_a_byte_order_mark() {
    check(
        "\u{feff}399266\t2/15/2012 11:53:16 AM\ten-us\thow to\t73\n382045\t2/15/2012 11:53:18 AM\ten-gb\t\"x\"\t\n",
        r#"
        @searchlog = EXTRACT UserId int, Start DateTime, Region string, Query string, Duration int?
                     FROM "/in.csv" USING Extractors.Tsv();
        OUTPUT @searchlog TO "/out.csv" USING Outputters.Csv();"#,
        expect![[r#"
            399266,2012-02-15T11:53:16.0000000,"en-us","how to",73
            382045,2012-02-15T11:53:18.0000000,"en-gb","x",
        "#]],
    );
}

#[test]
fn unneeded_columns_are_counted_but_not_converted() {
    check(
        "1,not a number,x\n2,3,y\n",
        r#"
        @a = EXTRACT a int, b int, c string FROM "/in.csv" USING Extractors.Csv();
        @b = SELECT c FROM @a;
        OUTPUT @b TO "/out.csv" USING Outputters.Csv();"#,
        expect![[r#"
            "x"
            "y"
        "#]],
    );
}

#[test]
fn rows_can_be_skipped_and_counted() {
    check(
        "a,b\nheader\n1,2\n3,4\n",
        r#"
        @a = EXTRACT a int, b int FROM "/in.csv" USING Extractors.Csv(skipFirstNRows: 2);
        @b = SELECT COUNT(*) AS n FROM @a;
        OUTPUT @b TO "/out.csv" USING Outputters.Csv();"#,
        expect![[r#"
            2
        "#]],
    );
}

#[test]
fn every_type_survives_extract_and_output() {
    let row = "True,-1,255,-32768,65535,-2147483648,4294967295,-9223372036854775808,18446744073709551615,\
               65,0.3333333,0.666666666666667,1.10,\"s\",00FF,c9a646d3-9c61-4cb7-bfcd-ee2522c8f633,\
               2012-02-15T11:53:16.1234567\n";
    let script = r#"
        @a = EXTRACT a bool, b sbyte, c byte, d short, e ushort, f int, g uint, h long, i ulong,
                     j char, k float, l double, m decimal, n string, o byte[], p Guid, q DateTime
             FROM "/in.csv" USING Extractors.Csv();
        OUTPUT @a TO "/out.csv" USING Outputters.Csv(rowDelimiter: "\n");"#;
    let lake = Arc::new(Lake::with_input(row));
    run_with(options(), &lake, script).unwrap();
    assert_eq!(lake.text("/out.csv"), row);
}

#[test]
fn what_an_empty_unquoted_string_is_is_a_setting() {
    let script = r##"
        @a = EXTRACT a string, b string FROM "/in.csv" USING Extractors.Csv();
        OUTPUT @a TO "/out.csv" USING Outputters.Csv(nullEscape: "#");"##;
    for (setting, expected) in [
        (EmptyUnquotedString::Empty, "\"\",\"\"\r\n"),
        (EmptyUnquotedString::Null, "#,\"\"\r\n"),
    ] {
        let mut lake = Lake::with_input(",\"\"\n");
        lake.settings = Settings::default().with_empty_unquoted_string(setting);
        let lake = Arc::new(lake);
        run_with(options(), &lake, script).unwrap();
        assert_eq!(lake.text("/out.csv"), expected);
    }
}

#[test]
fn rows_of_every_type_can_be_written_in_the_script() {
    check(
        "",
        r#"
        @a = SELECT * FROM (VALUES
            (1, 2L, 1.5, 1.5f, 1.50m, true, "s", 'c', DateTime.Parse("2012-02-15"), (int?) null, (decimal?) null),
            (2, 3L, 2.5, 2.5f, 2.5m, false, (string) null, 'd', new DateTime(2012, 2, 16), (int?) 4, (decimal?) 0.10m)
        ) AS T(a, b, c, d, e, f, g, h, i, j, k);
        OUTPUT @a TO "/out.csv" USING Outputters.Csv(nullEscape: "null");"#,
        expect![[r#"
            1,2,1.5,1.5,1.50,True,"s",99,2012-02-15T00:00:00.0000000,null,null
            2,3,2.5,2.5,2.5,False,null,100,2012-02-16T00:00:00.0000000,4,0.10
        "#]],
    );
}
