//! Scripts over sets of files.

use std::sync::Arc;

use expect_test::expect;
use usql_engine::StageKind;

use super::lake::{Lake, options, run_with};

/// A lake of `/d/{year}/{month}/{day}/{kind}.csv`, whose rows tell where they are from.
fn days() -> Lake {
    let lake = Lake::default();
    for (year, month, day) in [(2013, 12, 31), (2014, 1, 1), (2014, 9, 15), (2014, 9, 16)] {
        for kind in ["a", "b"] {
            let path = format!("/d/{year}/{month:02}/{day:02}/{kind}.csv");
            lake.put(&path, format!("{path},1\n{path},2\n"));
        }
    }
    lake
}

/// What a script writes to `/out.csv`, without carriage returns.
fn written(lake: Lake, script: &str) -> String {
    let lake = Arc::new(lake);
    run_with(options(), &lake, script).unwrap();
    lake.text("/out.csv").replace("\r\n", "\n")
}

#[test]
fn the_parts_of_a_path_are_columns_in_any_place() {
    let found = written(
        days(),
        r#"
        @a = EXTRACT kind string, text string, day DateTime, n int
             FROM "/d/{day:yyyy}/{day:MM}/{day:dd}/{kind}.csv" USING Extractors.Csv();
        @b = SELECT day.ToString("yyyy-MM-dd") AS day, kind, text, n FROM @a
             WHERE day >= DateTime.Parse("2014-09-15") AND kind == "b";
        OUTPUT @b TO "/out.csv" ORDER BY day, n USING Outputters.Csv();"#,
    );
    expect![[r#"
        "2014-09-15","b","/d/2014/09/15/b.csv",1
        "2014-09-15","b","/d/2014/09/15/b.csv",2
        "2014-09-16","b","/d/2014/09/16/b.csv",1
        "2014-09-16","b","/d/2014/09/16/b.csv",2
    "#]]
    .assert_eq(&found);
}

#[test]
fn only_columns_of_the_path_are_counted_by_rows() {
    let found = written(
        days(),
        r#"
        @a = EXTRACT text string, n int, kind string, u = FILE.URI(), size = FILE.LENGTH()
             FROM "/d/2014/{*}/{*}/{kind}.csv", "/d/2013/12/31/{kind}.csv" USING Extractors.Csv();
        @b = SELECT u, size, kind, COUNT(*) AS rows FROM @a GROUP BY u, size, kind;
        OUTPUT @b TO "/out.csv" ORDER BY u USING Outputters.Csv();"#,
    );
    expect![[r#"
        "/d/2013/12/31/a.csv",44,"a",2
        "/d/2013/12/31/b.csv",44,"b",2
        "/d/2014/01/01/a.csv",44,"a",2
        "/d/2014/01/01/b.csv",44,"b",2
        "/d/2014/09/15/a.csv",44,"a",2
        "/d/2014/09/15/b.csv",44,"b",2
        "/d/2014/09/16/a.csv",44,"a",2
        "/d/2014/09/16/b.csv",44,"b",2
    "#]]
    .assert_eq(&found);
}

#[test]
fn files_that_no_row_is_needed_of_are_not_opened() {
    let lake = Arc::new(days());
    let script = r#"
        @a = EXTRACT text string, n int, day DateTime
             FROM "/d/{day:yyyy}/{day:MM}/{day:dd}/{*}.csv" USING Extractors.Csv();
        @b = SELECT * FROM @a WHERE day == DateTime.Parse("2014-01-01");
        OUTPUT @b TO "/out.csv" USING Outputters.Csv();"#;
    let report = run_with(options(), &lake, script).unwrap();
    let read = report
        .stages
        .iter()
        .find(|stage| stage.kind == StageKind::Extract)
        .unwrap();
    assert_eq!((read.rows, read.bytes_read), (4, 88));
    let inputs = read.inputs.as_ref().unwrap();
    assert_eq!(inputs.paths, ["/d/{day:yyyy}/{day:MM}/{day:dd}/{*}.csv"]);
    let census = inputs.census;
    assert_eq!((inputs.files, census.matched, census.pruned), (2, 2, 0));
    let others = report
        .stages
        .iter()
        .filter(|stage| stage.kind != StageKind::Extract);
    assert!(others.into_iter().all(|stage| stage.inputs.is_none()));
}

#[test]
fn nothing_that_is_needed_is_no_rows() {
    let found = written(
        days(),
        r#"
        @a = EXTRACT text string, n int, kind string FROM "/d/2014/09/15/{kind}.csv" USING Extractors.Csv();
        @b = SELECT * FROM @a WHERE kind == "c";
        OUTPUT @b TO "/out.csv" USING Outputters.Csv(outputHeader: true);"#,
    );
    assert_eq!(found, "\"text\",\"n\",\"kind\"\n");
}

#[test]
fn thousands_of_small_files_are_read_in_order_with_few_open() {
    let lake = Lake::default();
    for n in 0..3_000 {
        lake.put(&format!("/many/{n:05}.csv"), format!("{n}\n"));
    }
    let found = written(
        lake,
        r#"
        @a = EXTRACT v int, n int FROM "/many/{n}.csv" USING Extractors.Csv();
        @b = SELECT COUNT(*) AS files, SUM(v) AS sum, SUM(v == n ? 0 : 1) AS wrong FROM @a;
        OUTPUT @b TO "/out.csv" USING Outputters.Csv();"#,
    );
    assert_eq!(found, "3000,4498500,0\n");
}

#[test]
fn a_file_of_a_large_set_that_changes_after_the_compilation_fails_the_run() {
    let lake = Lake::default();
    for n in 0..100 {
        lake.put(&format!("/many/{n}.csv"), "1\n");
    }
    let script = r#"
        @a = EXTRACT v int FROM "/many/{*}.csv" USING Extractors.Csv();
        OUTPUT @a TO "/out.csv" USING Outputters.Csv();"#;
    let plan = Arc::new(lake.plan(script));
    lake.put("/many/50.csv", "1\n2\n");
    let lake = Arc::new(lake);
    let engine = usql_engine::Engine::new(options()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let run = engine.run(
        plan,
        Arc::clone(&lake),
        tokio_util::sync::CancellationToken::new(),
    );
    let error = runtime.block_on(run).unwrap_err();
    let said = format!("{:?}", error.report());
    assert!(
        said.contains("/many/50.csv") && said.contains("has changed"),
        "{said}"
    );
    assert_eq!(lake.bytes("/out.csv"), None);
}

#[test]
fn an_error_in_a_file_of_a_set_names_the_file() {
    let lake = days();
    lake.put("/d/2014/09/15/c.csv", "x,1\ny,z\n");
    let script = r#"
        @a = EXTRACT text string, n int, kind string FROM "/d/2014/09/15/{kind}.csv" USING Extractors.Csv();
        OUTPUT @a TO "/out.csv" USING Outputters.Csv();"#;
    let error = run_with(options(), &Arc::new(lake), script).unwrap_err();
    let said = format!("{:?}", error.report());
    assert!(said.contains("/d/2014/09/15/c.csv"), "{said}");
}
