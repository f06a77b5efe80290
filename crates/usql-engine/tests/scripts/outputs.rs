use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use expect_test::expect;
use tokio_util::sync::CancellationToken;
use usql_engine::{Engine, Input, RuntimeErrorKind, StageKind};

use super::lake::{Lake, check, options, run_with};

#[test]
fn hello_world_is_quoted_and_ends_with_cr_lf() {
    let lake = Arc::new(Lake::default());
    let script = r#"
        @a = SELECT * FROM (VALUES ("Hello, World!")) AS T(message);
        OUTPUT @a TO "/Samples/Output/HelloWorld.csv" USING Outputters.Csv();"#;
    run_with(options(), &lake, script).unwrap();
    assert_eq!(
        lake.text("/Samples/Output/HelloWorld.csv"),
        "\"Hello, World!\"\r\n"
    );
}

#[test]
fn only_strings_are_quoted_and_null_is_empty() {
    check(
        "",
        r#"
        @a = SELECT * FROM (VALUES
            (1, "a \"b\"", 1.5, true, new DateTime(2012, 2, 15, 11, 53, 16), (int?) 7, 1.10m),
            (2, (string) null, 2.0 / 3, false, DateTime.MinValue, (int?) null, 2m)
        ) AS T(i, s, d, b, t, n, m);
        OUTPUT @a TO "/out.csv" USING Outputters.Csv(outputHeader: true);"#,
        expect![[r#"
            "i","s","d","b","t","n","m"
            1,"a ""b""",1.5,True,2012-02-15T11:53:16.0000000,7,1.10
            2,,0.666666666666667,False,0001-01-01T00:00:00.0000000,,2
        "#]],
    );
}

#[test]
fn outputter_options_change_the_bytes() {
    check(
        "",
        r#"
        @a = SELECT * FROM (VALUES ("a|b", (string) null, new DateTime(2012, 2, 15))) AS T(s, n, t);
        OUTPUT @a TO "/out.csv"
            USING Outputters.Text(delimiter: '|', quoting: false, nullEscape: "\\N", escapeCharacter: '\\',
                                  dateTimeFormat: "yyyy-MM-dd", rowDelimiter: "\n");"#,
        expect![[r"
            a\|b|\N|2012-02-15
        "]],
    );
}

#[test]
fn rows_are_written_in_the_order_that_output_asks_for_with_nulls_last() {
    let input = "3,c\n1,\n2,b\n1,a\n";
    for (order, expected) in [
        (
            "k ASC, s ASC",
            expect![[r#"
            1,"a"
            1,
            2,"b"
            3,"c"
        "#]],
        ),
        (
            "k DESC, s DESC",
            expect![[r#"
            3,"c"
            2,"b"
            1,"a"
            1,
        "#]],
        ),
    ] {
        let script = format!(
            "@a = EXTRACT k int, s string FROM \"/in.csv\" USING Extractors.Csv();\n\
             @b = SELECT k, (s == \"\" ? (string) null : s) AS s FROM @a;\n\
             OUTPUT @b TO \"/out.csv\" ORDER BY {order} USING Outputters.Csv();"
        );
        check(input, &script, expected);
    }
}

#[test]
fn all_outputs_appear_or_none() {
    let script = r#"
        @a = EXTRACT x int FROM "/in.csv" USING Extractors.Csv();
        @b = SELECT 10 / x AS y FROM @a;
        OUTPUT @a TO "/first.csv" USING Outputters.Csv();
        OUTPUT @b TO "/second.csv" USING Outputters.Csv();"#;
    let lake = Arc::new(Lake::with_input("1\n2\n0\n"));
    run_with(options(), &lake, script).unwrap_err();
    assert_eq!(lake.paths(), ["/in.csv"]);
    assert_eq!(lake.still_staged(), 0);

    lake.put("/in.csv", "1\n2\n");
    let report = run_with(options(), &lake, script).unwrap();
    assert_eq!(lake.paths(), ["/first.csv", "/in.csv", "/second.csv"]);
    assert_eq!(lake.text("/second.csv"), "10\r\n5\r\n");
    assert_eq!(report.rows_written(), 4);
    let read: u64 = report.stages.iter().map(|stage| stage.bytes_read).sum();
    assert_eq!(read, 4, "the small shared input was read once");
    assert!(
        report
            .stages
            .iter()
            .any(|stage| stage.kind == StageKind::Shared)
    );
}

#[test]
fn a_cancelled_run_leaves_nothing_behind() {
    let lake = Arc::new(Lake::with_input("1\n".repeat(100_000)));
    let plan = lake.plan(
        r#"@a = EXTRACT x int FROM "/in.csv" USING Extractors.Csv();
           OUTPUT @a TO "/out.csv" USING Outputters.Csv();"#,
    );
    let engine = Engine::new(options()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let cancel = CancellationToken::new();
    cancel.cancel();
    let error = runtime
        .block_on(engine.run(Arc::new(plan), Arc::clone(&lake), cancel))
        .unwrap_err();
    assert_eq!(error.kind(), RuntimeErrorKind::Cancelled);
    assert_eq!(lake.paths(), ["/in.csv"]);
    assert_eq!(lake.still_staged(), 0);
}

/// Rows without end; after some of them the run is cancelled.
struct Endless {
    cancel: CancellationToken,
    reads: AtomicUsize,
}

impl Input for Endless {
    fn len(&self) -> u64 {
        1 << 50
    }

    fn read_at(&self, _: u64, buffer: &mut [u8]) -> io::Result<usize> {
        if self.reads.fetch_add(1, Ordering::Relaxed) == 10 {
            self.cancel.cancel();
        }
        for row in buffer.chunks_mut(2) {
            row.copy_from_slice(&b"1\n"[..row.len()]);
        }
        Ok(buffer.len())
    }
}

#[test]
fn a_run_that_is_cancelled_in_the_middle_ends_and_leaves_nothing_behind() {
    let cancel = CancellationToken::new();
    let endless = Arc::new(Endless {
        cancel: cancel.clone(),
        reads: AtomicUsize::new(0),
    });
    let lake = Arc::new(Lake::with_input("").with_open("/in.csv", endless));
    let plan = lake.plan(
        r#"@a = EXTRACT x int FROM "/in.csv" USING Extractors.Csv();
           @b = SELECT x + 1 AS y FROM @a WHERE x > 1;
           OUTPUT @b TO "/out.csv" USING Outputters.Csv();"#,
    );
    let engine = Engine::new(options()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let error = runtime
        .block_on(engine.run(Arc::new(plan), Arc::clone(&lake), cancel))
        .unwrap_err();
    assert_eq!(error.kind(), RuntimeErrorKind::Cancelled);
    assert_eq!(lake.paths(), ["/in.csv"]);
    assert_eq!(lake.still_staged(), 0);
}

#[test]
fn an_existing_output_is_replaced() {
    let lake = Arc::new(Lake::default());
    lake.put("/out.csv", "old");
    let script = r#"@a = SELECT * FROM (VALUES (1)) AS T(x); OUTPUT @a TO "/out.csv" USING Outputters.Tsv();"#;
    run_with(options(), &lake, script).unwrap();
    assert_eq!(lake.text("/out.csv"), "1\r\n");
}
