use std::{
    fmt::Write,
    io,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio_util::sync::CancellationToken;
use usql_engine::{Engine, EngineOptions, Input, RunReport, RuntimeErrorKind};

use super::lake::{Lake, options, run_with};

/// What a run may hold; the inputs below are several times as large.
const LIMIT: usize = 4 << 20;

const ROWS: u64 = 120_000;

/// `key,text` with every key of `0..count` once and in no order; every 4000th row has no key.
fn rows(count: u64, multiplier: u64, name: &str) -> String {
    let mut text = String::new();
    for n in 0..count {
        let key = n * multiplier % count;
        let shown = if n % 4000 == 0 {
            String::new()
        } else {
            key.to_string()
        };
        writeln!(
            text,
            "{shown},{name} of a row with the number {key} and some more text"
        )
        .unwrap();
    }
    text
}

fn limited(folder: &Path) -> EngineOptions {
    options()
        .with_memory_limit(LIMIT)
        .with_spill_folder(folder)
        .with_min_range_bytes(1 << 20)
}

fn sorted(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines
}

/// Runs a script with all the memory that there is and with little, and gives the report of the latter.
fn compare(lake: &Arc<Lake>, script: &str, outputs: &[&str]) -> RunReport {
    let free = options().with_min_range_bytes(1 << 20);
    let report = run_with(free, lake, script).unwrap();
    assert!(
        report.peak_memory > 2 * LIMIT as u64,
        "{}: too easy",
        report.peak_memory
    );
    let expected: Vec<String> = outputs.iter().map(|path| lake.text(path)).collect();
    let folder = tempfile::tempdir().unwrap();
    let report = run_with(limited(folder.path()), lake, script).unwrap();
    assert!(report.peak_memory <= LIMIT as u64, "{}", report.peak_memory);
    let peaks = report.stages.iter().map(|stage| stage.peak_memory);
    assert!(peaks.max() > Some(LIMIT as u64 / 4));
    assert!(report.stages.iter().any(|stage| stage.bytes_spilled > 0));
    for (path, expected) in outputs.iter().zip(&expected) {
        let found = lake.text(path);
        assert_eq!(found.len(), expected.len(), "{path}");
        assert!(sorted(&found) == sorted(expected), "{path} has other rows");
    }
    assert_eq!(
        folder.path().read_dir().unwrap().count(),
        0,
        "spill files are left"
    );
    report
}

#[test]
fn a_sort_larger_than_the_memory_is_in_order() {
    let lake = Arc::new(Lake::with_input(rows(ROWS, 7919, "left")));
    let script = r#"
        @a = EXTRACT n int?, s string FROM "/in.csv" USING Extractors.Csv();
        OUTPUT @a TO "/out.csv" ORDER BY s DESC USING Outputters.Csv(quoting: false);"#;
    compare(&lake, script, &["/out.csv"]);
    let text = lake.text("/out.csv");
    let keys: Vec<&str> = text
        .lines()
        .map(|line| line.split_once(',').unwrap().1)
        .collect();
    assert!(keys.is_sorted_by(|a, b| a >= b));
}

#[test]
fn groups_and_distinct_rows_larger_than_the_memory_are_complete() {
    let twice = rows(ROWS, 7919, "left") + &rows(ROWS, 7907, "left");
    let lake = Arc::new(Lake::with_input(twice));
    let script = r#"
        @a = EXTRACT n int?, s string FROM "/in.csv" USING Extractors.Csv();
        @groups = SELECT s, COUNT(*) AS rows, MAX(n) AS most FROM @a GROUP BY s;
        OUTPUT @groups TO "/groups.csv" USING Outputters.Csv();
        @texts = SELECT DISTINCT s FROM @a;
        OUTPUT @texts TO "/texts.csv" USING Outputters.Csv();"#;
    let report = compare(&lake, script, &["/groups.csv", "/texts.csv"]);
    assert_eq!(report.rows_written(), 2 * ROWS);
}

#[test]
fn a_join_whose_hash_table_does_not_fit_sorts_instead_and_null_still_equals_null() {
    let lake = Arc::new(Lake::default());
    lake.put("/left.csv", rows(ROWS, 7919, "left"));
    // As many again that match nothing.
    let right: String = rows(ROWS, 7907, "right")
        + &(ROWS..2 * ROWS)
            .map(|n| format!("{n},lonely\n"))
            .collect::<String>();
    lake.put("/right.csv", right);
    let joins = [
        ("INNER", "inner"),
        ("LEFT OUTER", "left"),
        ("FULL OUTER", "full"),
    ];
    for (join, name) in joins {
        let script = format!(
            r#"
            @l = EXTRACT n int?, s string FROM "/left.csv" USING Extractors.Csv();
            @r = EXTRACT n int?, s string FROM "/right.csv" USING Extractors.Csv();
            @j = SELECT l.n, l.s AS a, r.s AS b FROM @l AS l {join} JOIN @r AS r ON l.n == r.n;
            OUTPUT @j TO "/{name}-joined.csv" USING Outputters.Csv();"#
        );
        let path = format!("/{name}-joined.csv");
        compare(&lake, &script, &[path.as_str()]);
        let nulls = ROWS / 4000;
        let text = lake.text(&path);
        let equal_nulls = text
            .lines()
            .filter(|line| line.starts_with(",\"left"))
            .count() as u64;
        assert_eq!(equal_nulls, nulls * nulls, "{join}: each null with each");
    }
}

#[test]
fn a_rowset_with_two_users_that_does_not_fit_waits_in_a_file() {
    let lake = Arc::new(Lake::with_input(rows(ROWS, 7919, "left")));
    let script = r#"
        @a = EXTRACT n int?, s string FROM "/in.csv" USING Extractors.Csv();
        @groups = SELECT s, COUNT(*) AS rows FROM @a GROUP BY s;
        @some = SELECT s FROM @groups WHERE s.EndsWith("text") && rows == 1;
        OUTPUT @groups TO "/groups.csv" USING Outputters.Csv();
        OUTPUT @some TO "/some.csv" USING Outputters.Csv();"#;
    let report = compare(&lake, script, &["/groups.csv", "/some.csv"]);
    let shared = report
        .stages
        .iter()
        .find(|stage| stage.name.ends_with("Shared"))
        .unwrap();
    assert!(shared.bytes_spilled > 4 * LIMIT as u64 / 4, "{shared:?}");
}

#[test]
fn an_operator_that_cannot_spill_fails_and_says_what_to_do() {
    let lake = Arc::new(Lake::with_input(rows(ROWS, 7919, "left")));
    let script = r#"
        @a = EXTRACT n int?, s string FROM "/in.csv" USING Extractors.Csv();
        @b = SELECT x.n FROM @a AS x CROSS JOIN @a AS y;
        OUTPUT @b TO "/out.csv" USING Outputters.Csv();"#;
    let folder = tempfile::tempdir().unwrap();
    let error = run_with(limited(folder.path()), &lake, script).unwrap_err();
    assert_eq!(error.kind(), RuntimeErrorKind::Resources, "{error}");
    let report = error.report();
    assert!(report.description.contains("a CROSS JOIN"), "{error}");
    assert!(report.resolution.contains("memory limit"), "{error}");
    assert_eq!(lake.bytes("/out.csv"), None);
    assert_eq!(lake.still_staged(), 0);
}

/// Cancels at a read.
struct Trap {
    text: Vec<u8>,
    reads_left: AtomicUsize,
    cancel: CancellationToken,
}

impl Input for Trap {
    fn len(&self) -> u64 {
        self.text.len() as u64
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        if self.reads_left.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.cancel.cancel();
        }
        let rest = self.text.get(offset as usize..).unwrap_or_default();
        let length = rest.len().min(buffer.len()).min(64 << 10);
        buffer[..length].copy_from_slice(&rest[..length]);
        Ok(length)
    }
}

#[test]
fn a_run_that_is_cancelled_anywhere_leaves_no_memory_no_file_and_no_task() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::new(limited(folder.path())).unwrap();
    let text = rows(ROWS, 7919, "left").into_bytes();
    let script = r#"
        @l = EXTRACT n int?, s string FROM "/left.csv" USING Extractors.Csv();
        @r = EXTRACT n int?, s string FROM "/left.csv" USING Extractors.Csv();
        @j = SELECT l.s AS a, r.s AS b FROM @l AS l INNER JOIN @r AS r ON l.n == r.n;
        OUTPUT @j TO "/out.csv" ORDER BY a USING Outputters.Csv();"#;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    // The hash join is refused at about 50, then both sides are read and sorted until about 300.
    for reads in [1, 20, 60, 110, 160, 220] {
        let cancel = CancellationToken::new();
        let trap = Trap {
            text: text.clone(),
            reads_left: AtomicUsize::new(reads),
            cancel: cancel.clone(),
        };
        let lake = Lake::default();
        lake.put("/left.csv", "");
        let lake = Arc::new(lake.with_open("/left.csv", Arc::new(trap)));
        let plan = Arc::new(lake.plan(script));
        let ended = runtime.block_on(engine.run(plan, Arc::clone(&lake), cancel));
        assert_eq!(
            ended.unwrap_err().kind(),
            RuntimeErrorKind::Cancelled,
            "after {reads} reads"
        );
        assert_eq!(engine.memory().held, 0, "after {reads} reads");
        assert_eq!(lake.still_staged(), 0, "after {reads} reads");
        assert_eq!(lake.bytes("/out.csv"), None);
        let mut spilled = folder.path().read_dir().unwrap();
        let own = spilled.next().unwrap().unwrap().path();
        assert!(spilled.next().is_none());
        assert_eq!(own.read_dir().unwrap().count(), 0, "after {reads} reads");
        // A task has let go of everything a moment before it is counted as ended.
        let mut looks = 0;
        while engine.tasks() > 0 {
            looks += 1;
            assert!(looks < 10_000_000, "{} tasks go on", engine.tasks());
            std::thread::yield_now();
        }
    }
}
