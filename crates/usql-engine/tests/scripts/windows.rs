use std::sync::Arc;

use expect_test::{Expect, expect};
use usql_engine::RuntimeErrorKind;

use super::lake::{Lake, check, options, run_with};

/// The rowset of the language reference's page on OVER.
const SALES: &str = r#"
    @data = SELECT * FROM (VALUES
        (1, 100, new DateTime(2017,01,01)), (1, 200, new DateTime(2017,02,01)),
        (1, 300, new DateTime(2017,03,01)), (1, 400, new DateTime(2017,04,01)),
        (2, 400, new DateTime(2017,01,01)), (2, 300, new DateTime(2017,02,01)),
        (2, 200, new DateTime(2017,03,01)), (2, 100, new DateTime(2017,04,01)),
        (3, 75,  new DateTime(2017,04,01))) AS T(EmpID, Sales, SaleDate);
"#;

/// Employees, departments and salaries, among them ties and a null.
const PAY: &str = r#"
    @pay = SELECT * FROM (VALUES
        ("Noah", 100, (int?) 10000), ("Sophia", 100, (int?) 15000), ("Liam", 100, (int?) 30000), ("Amy", 100, (int?) 35000),
        ("Justin", 100, (int?) 15000), ("Emma", 200, (int?) 8000), ("Jacob", 200, (int?) 8000), ("Olivia", 200, (int?) null),
        ("Mason", 300, (int?) 50000)) AS T(Name, Dept, Salary);
"#;

#[track_caller]
fn check_query(rows: &str, query: &str, order: &str, expected: Expect) {
    let script = format!(
        "{rows} @q = SELECT {query}; OUTPUT @q TO \"/out.csv\" ORDER BY {order} USING Outputters.Csv(nullEscape: \"#\");"
    );
    check("", &script, expected);
}

#[test]
fn an_aggregate_is_computed_over_a_partition_or_over_all_rows() {
    check_query(
        SALES,
        "EmpID, Sales, SUM(Sales) OVER() AS a, SUM(Sales) OVER(PARTITION BY EmpID) AS e, COUNT(*) OVER(PARTITION BY SaleDate) AS c, \
         AVG(Sales) OVER(PARTITION BY EmpID) AS v, MAX(SaleDate.Month) OVER() AS m FROM @data",
        "EmpID, Sales",
        expect![[r#"
            1,100,2075,1000,2,250,4
            1,200,2075,1000,2,250,4
            1,300,2075,1000,2,250,4
            1,400,2075,1000,3,250,4
            2,100,2075,1000,3,250,4
            2,200,2075,1000,2,250,4
            2,300,2075,1000,2,250,4
            2,400,2075,1000,2,250,4
            3,75,2075,75,3,75,4
        "#]],
    );
}

#[test]
fn a_frame_is_counted_in_rows() {
    check_query(
        SALES,
        "EmpID, SaleDate.Month AS M, \
         SUM(Sales) OVER(PARTITION BY EmpID ORDER BY SaleDate ROWS UNBOUNDED PRECEDING) AS a, \
         SUM(Sales) OVER(PARTITION BY EmpID ORDER BY SaleDate ROWS 1 PRECEDING) AS b, \
         SUM(Sales) OVER(PARTITION BY EmpID ORDER BY SaleDate ROWS CURRENT ROW) AS c, \
         SUM(Sales) OVER(PARTITION BY EmpID ORDER BY SaleDate ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS d, \
         SUM(Sales) OVER(PARTITION BY EmpID ORDER BY SaleDate ROWS BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING) AS e, \
         SUM(Sales) OVER(PARTITION BY EmpID ORDER BY SaleDate ROWS BETWEEN 1 PRECEDING AND 1 PRECEDING) AS f, \
         COUNT(*) OVER(PARTITION BY EmpID ORDER BY SaleDate ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING) AS g, \
         SUM(Sales) OVER(PARTITION BY EmpID ORDER BY SaleDate DESC ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS h, \
         MIN(Sales) OVER(PARTITION BY EmpID ORDER BY SaleDate ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS i FROM @data",
        "EmpID, M",
        expect![[r#"
            1,1,100,100,100,#,300,#,2,1000,100
            1,2,300,300,200,100,600,100,2,900,100
            1,3,600,500,300,300,1000,200,1,700,200
            1,4,1000,700,400,600,1000,300,0,400,300
            2,1,400,400,400,#,700,#,2,1000,300
            2,2,700,700,300,400,900,400,2,600,200
            2,3,900,500,200,700,1000,300,1,300,100
            2,4,1000,300,100,900,1000,200,0,100,100
            3,4,75,75,75,#,75,#,0,75,75
        "#]],
    );
}

#[test]
fn ranks_count_ties_as_the_reference_says_and_nulls_come_last() {
    check_query(
        PAY,
        "Name, Salary, RANK() OVER(ORDER BY Salary) AS r, DENSE_RANK() OVER(ORDER BY Salary DESC) AS d, \
         ROW_NUMBER() OVER(PARTITION BY Dept ORDER BY Salary DESC, Name) AS n, NTILE(4) OVER(ORDER BY Salary DESC, Name) AS t, \
         CUME_DIST() OVER(ORDER BY Salary) AS c, PERCENT_RANK() OVER(ORDER BY Salary DESC) AS p FROM @pay",
        "Salary, Name",
        expect![[r#"
            "Emma",8000,1,6,1,3,0.222222222222222,0.75
            "Jacob",8000,1,6,2,4,0.222222222222222,0.75
            "Noah",10000,3,5,5,3,0.333333333333333,0.625
            "Justin",15000,4,4,3,2,0.555555555555556,0.375
            "Sophia",15000,4,4,4,2,0.555555555555556,0.375
            "Liam",30000,6,3,2,1,0.666666666666667,0.25
            "Amy",35000,7,2,1,1,0.777777777777778,0.125
            "Mason",50000,8,1,1,1,0.888888888888889,0
            "Olivia",#,9,7,3,4,1,1
        "#]],
    );
}

#[test]
fn neighbours_and_ends_of_a_window_can_be_looked_up() {
    check_query(
        PAY,
        "Name, LAG(Name) OVER(PARTITION BY Dept ORDER BY Salary, Name) AS g, LEAD(Salary, 1, 0) OVER(PARTITION BY Dept ORDER BY Salary, Name) AS e, \
         LAG(Name, 2, \"none\") OVER(ORDER BY Name) AS g2, \
         FIRST_VALUE(Name) OVER(PARTITION BY Dept ORDER BY Salary DESC, Name) AS f, \
         LAST_VALUE(Name) OVER(PARTITION BY Dept ORDER BY Salary DESC, Name) AS l, \
         FIRST_VALUE(Salary) OVER(PARTITION BY Dept ORDER BY Salary, Name ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING) AS n, \
         LAST_VALUE(Name) OVER(PARTITION BY Dept ORDER BY Salary, Name ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS m FROM @pay",
        "Name",
        expect![[r#"
            "Amy","Liam",0,"none","Amy","Amy",#,"Amy"
            "Emma",#,8000,"none","Emma","Emma",8000,"Jacob"
            "Jacob","Emma",#,"Amy","Emma","Jacob",#,"Olivia"
            "Justin","Noah",15000,"Emma","Amy","Justin",15000,"Sophia"
            "Liam","Sophia",35000,"Jacob","Amy","Liam",35000,"Amy"
            "Mason",#,0,"Justin","Mason","Mason",#,"Mason"
            "Noah",#,15000,"Liam","Amy","Noah",15000,"Justin"
            "Olivia","Jacob",0,"Mason","Emma","Olivia",#,"Olivia"
            "Sophia","Justin",30000,"Noah","Amy","Sophia",30000,"Liam"
        "#]],
    );
}

#[test]
fn percentiles_leave_nulls_out() {
    check_query(
        PAY,
        "DISTINCT Dept, PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY Salary) OVER(PARTITION BY Dept) AS c, \
         PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY Salary) OVER(PARTITION BY Dept) AS d, \
         PERCENTILE_DISC(0.1) WITHIN GROUP (ORDER BY Name DESC) OVER(PARTITION BY Dept) AS n, \
         PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY Salary DESC) OVER() AS a FROM @pay",
        "Dept",
        expect![[r#"
            100,15000,15000,"Sophia",8000
            200,8000,8000,"Olivia",8000
            300,50000,50000,"Mason",8000
        "#]],
    );
    check_query(
        "@pay = SELECT * FROM (VALUES ((decimal?) null, 1)) AS T(m, k);",
        "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY m) OVER() AS c, PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY m) OVER() AS d FROM @pay",
        "c",
        expect![[r#"
            #,#
        "#]],
    );
}

#[test]
fn a_window_stands_inside_an_expression() {
    check_query(
        SALES,
        "DISTINCT EmpID, (COUNT(*) OVER(PARTITION BY EmpID) / (decimal)COUNT(*) OVER()) * 100 AS percent, \
         SUM(Sales) OVER(PARTITION BY EmpID) > 500 AS much FROM @data",
        "EmpID",
        expect![[r#"
            1,44.444444444444444444444444440,True
            2,44.444444444444444444444444440,True
            3,11.111111111111111111111111110,False
        "#]],
    );
    check_query(
        SALES,
        "* FROM (SELECT EmpID, Sales, ROW_NUMBER() OVER(PARTITION BY EmpID ORDER BY Sales DESC) AS n FROM @data) AS t WHERE n <= 2",
        "EmpID, n",
        expect![[r#"
            1,400,1
            1,300,2
            2,400,1
            2,300,2
            3,75,1
        "#]],
    );
}

#[test]
fn every_aggregate_slides_over_doubles_and_decimals() {
    check_query(
        "@data = SELECT * FROM (VALUES (1, 1.5, 1.10m), (2, 2.5, 2m), (3, 100.0, 0.005m), (4, 4.5, -2m)) AS T(k, d, m);",
        "k, SUM(d) OVER(ORDER BY k ROWS 1 PRECEDING) AS s, AVG(d) OVER(ORDER BY k ROWS 1 PRECEDING) AS a, \
         VAR(d) OVER(ORDER BY k ROWS 1 PRECEDING) AS v, STDEVP(d) OVER(ORDER BY k ROWS 1 PRECEDING) AS p, STDEV(k) OVER() AS t, \
         SUM(m) OVER(ORDER BY k ROWS 1 PRECEDING) AS sm, AVG(m) OVER(ORDER BY k ROWS 1 PRECEDING) AS am, MIN(m) OVER(ORDER BY k ROWS 1 PRECEDING) AS nm, \
         MAX(m) OVER(ORDER BY m DESC ROWS BETWEEN CURRENT ROW AND 1 FOLLOWING) AS xm, SUM(m) OVER(ORDER BY k ROWS UNBOUNDED PRECEDING) AS rm, \
         COUNT(m) OVER(PARTITION BY m) AS cm FROM @data",
        "k",
        expect![[r#"
            1,1.5,1.5,#,0,1.29099444873581,1.10,1.10,1.10,1.10,1.10,1
            2,4,2,0.5,0.5,1.29099444873581,3.10,1.55,1.10,2,3.10,1
            3,102.5,51.25,4753.125,48.75,1.29099444873581,2.005,1.0025,0.005,0.005,3.105,1
            4,104.5,52.25,4560.125,47.75,1.29099444873581,-1.995,-0.9975,-2,-2,1.105,1
        "#]],
    );
}

#[test]
fn infinity_leaves_a_window_with_its_row() {
    check(
        "1,1\n2,Infinity\n3,3\n4,NaN\n5,5\n6,6.5\n",
        r#"
        @a = EXTRACT k int, d double FROM "/in.csv" USING Extractors.Csv();
        @q = SELECT k, SUM(d) OVER(ORDER BY k ROWS 1 PRECEDING) AS s, AVG(d) OVER(ORDER BY k ROWS 1 PRECEDING) AS a,
                    VARP(d) OVER(ORDER BY k ROWS 1 PRECEDING) AS v FROM @a;
        OUTPUT @q TO "/out.csv" ORDER BY k USING Outputters.Csv();"#,
        expect![[r#"
            1,1,1,0
            2,Infinity,Infinity,NaN
            3,Infinity,Infinity,NaN
            4,NaN,NaN,NaN
            5,NaN,NaN,NaN
            6,11.5,5.75,0.5625
        "#]],
    );
}

#[test]
fn a_window_over_no_rows_has_none() {
    check(
        "",
        r#"
        @a = EXTRACT k int FROM "/in.csv" USING Extractors.Csv();
        @q = SELECT k, COUNT(*) OVER() AS c, RANK() OVER(ORDER BY k) AS r FROM @a;
        OUTPUT @q TO "/out.csv" USING Outputters.Csv();"#,
        expect![""],
    );
}

/// Thousands of partitions, some in one batch and some over many, in files cut into ranges.
#[test]
fn partitions_of_every_length_are_found() {
    let mut input = String::new();
    let mut expected = Vec::new();
    for key in 0..300_u32 {
        let rows = if key % 7 == 0 { 900 } else { 1 + key % 5 };
        for row in 0..rows {
            input.push_str(&format!("{key},{row}\n"));
        }
        expected.push(format!("{key},{rows},{},{}", (rows - 1) / 2, rows - 1));
    }
    let lake = Arc::new(Lake::with_input(input));
    let script = r#"
        @a = EXTRACT k int, n int FROM "/in.csv" USING Extractors.Csv();
        @w = SELECT k, n, COUNT(*) OVER(PARTITION BY k) AS c,
                    PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY n) OVER(PARTITION BY k) AS d,
                    LEAD(n, 1, -1) OVER(PARTITION BY k ORDER BY n) AS e FROM @a;
        @q = SELECT DISTINCT k, c, d, n FROM @w WHERE e == -1;
        OUTPUT @q TO "/out.csv" ORDER BY k USING Outputters.Csv(rowDelimiter: "\n");"#;
    let options = options().with_min_range_bytes(5000).with_batch_rows(64);
    run_with(options, &lake, script).unwrap();
    let found = lake.text("/out.csv");
    assert_eq!(found.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn a_window_counts_its_memory_and_needs_only_that_of_a_partition() {
    let input: String = (0..150_000)
        .map(|n| format!("{},{n},{}\n", n / 100, "x".repeat(120)))
        .collect();
    let script = |partition: &str| {
        format!(
            "@a = EXTRACT k int, n int, s string FROM \"/in.csv\" USING Extractors.Csv(); \
             @w = SELECT s, COUNT(*) OVER({partition}) AS c FROM @a; \
             @q = SELECT c, COUNT(s) AS n FROM @w GROUP BY c; \
             OUTPUT @q TO \"/out.csv\" USING Outputters.Csv();"
        )
    };
    let lake = Arc::new(Lake::with_input(input));
    let little = || options().with_parallelism(1).with_memory_limit(16 << 20);
    run_with(little(), &lake, &script("PARTITION BY k")).unwrap();
    assert_eq!(lake.text("/out.csv"), "100,150000\r\n");
    let error = run_with(little(), &lake, &script("")).unwrap_err();
    assert_eq!(error.kind(), RuntimeErrorKind::Resources, "{error}");
    let report = error.report();
    assert!(report.description.contains("one partition of a window"));
    assert!(report.resolution.contains("smaller partitions"));
}

#[test]
fn a_running_aggregate_and_a_rank_hold_only_a_few_rows_of_a_partition() {
    let rows = 150_000_u64;
    let input: String = (0..rows)
        .map(|n| format!("{},{}\n", n * 7919 % rows, "x".repeat(120)))
        .collect();
    let script = r#"
        @a = EXTRACT n int, s string FROM "/in.csv" USING Extractors.Csv();
        @w = SELECT s,
                    SUM(n) OVER(ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS running,
                    SUM(n) OVER(ORDER BY n ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS pair,
                    ROW_NUMBER() OVER(ORDER BY n) AS number
             FROM @a;
        @q = SELECT MAX(running) AS running, MAX(pair) AS pair, MAX(number) AS number, COUNT(s) AS rows FROM @w;
        OUTPUT @q TO "/out.csv" USING Outputters.Csv();"#;
    let lake = Arc::new(Lake::with_input(input));
    let little = options().with_parallelism(1).with_memory_limit(4 << 20);
    let report = run_with(little, &lake, script).unwrap();
    let expected = format!(
        "{},{},{rows},{rows}\r\n",
        rows * (rows - 1) / 2,
        2 * rows - 3
    );
    assert_eq!(lake.text("/out.csv"), expected);
    assert!(report.stages.iter().any(|stage| stage.bytes_spilled > 0));
}
