use std::sync::Arc;

use expect_test::{Expect, expect};

use super::lake::{Lake, check, options, run_with};

#[test]
fn an_inner_join_pairs_equal_keys_and_nulls() {
    let lake = Arc::new(Lake::with_input("1,a\n2,b\n,n\n"));
    lake.put("/right.csv", "2,B\n,N\n3,C\n2,BB\n");
    let script = r#"
        @l = EXTRACT k int?, s string FROM "/in.csv" USING Extractors.Csv();
        @r = EXTRACT k int?, t string FROM "/right.csv" USING Extractors.Csv();
        @j = SELECT l.k AS k, s, t FROM @l AS l INNER JOIN @r AS r ON l.k == r.k WHERE s != "z";
        OUTPUT @j TO "/out.csv" ORDER BY k, t USING Outputters.Csv();"#;
    run_with(options(), &lake, script).unwrap();
    assert_eq!(
        lake.text("/out.csv"),
        "2,\"b\",\"B\"\r\n2,\"b\",\"BB\"\r\n,\"n\",\"N\"\r\n"
    );
}

#[test]
fn a_rowset_can_be_joined_with_itself() {
    check(
        "1,2\n2,3\n3,4\n",
        r#"
        @e = EXTRACT a int, b int FROM "/in.csv" USING Extractors.Csv();
        @p = SELECT x.a, y.b FROM @e AS x INNER JOIN @e AS y ON x.b == y.a;
        OUTPUT @p TO "/out.csv" ORDER BY a USING Outputters.Csv();"#,
        expect![[r#"
            1,3
            2,4
        "#]],
    );
}

#[test]
fn what_two_outputs_share_is_the_same_for_both() {
    // Which of the ties FETCH keeps is open; both outputs must keep the same.
    let lake = Arc::new(Lake::with_input(
        (0..5000).map(|n| format!("{n},0\n")).collect::<String>(),
    ));
    let script = r#"
        @a = EXTRACT n int, k int FROM "/in.csv" USING Extractors.Csv();
        @t = SELECT n, k FROM @a ORDER BY k FETCH 10 ROWS;
        OUTPUT @t TO "/one.csv" ORDER BY n USING Outputters.Csv();
        OUTPUT @t TO "/two.csv" ORDER BY n USING Outputters.Csv();"#;
    run_with(options().with_min_range_bytes(1000), &lake, script).unwrap();
    assert_eq!(lake.text("/one.csv"), lake.text("/two.csv"));
    assert_eq!(lake.text("/one.csv").lines().count(), 10);
}

/// The rowsets of the language reference.
const EMPLOYEES: &str = r#"
    @employees = SELECT * FROM (VALUES ("Rafferty", (int?) 31), ("Jones", (int?) 33), ("Heisenberg", (int?) 33),
                     ("Robinson", (int?) 34), ("Smith", (int?) 34), ("Williams", (int?) null)) AS E(EmpName, DepID);
    @departments = SELECT * FROM (VALUES (31, "Sales"), (33, "Engineering"), (34, "Clerical"), (35, "Marketing"))
                     AS D(DepID, DepName);
"#;

/// What a query over the two gives, in the order of all its columns.
#[track_caller]
fn check_employees(query: &str, order: &str, expected: Expect) {
    let script = format!(
        "{EMPLOYEES} @q = {query}; OUTPUT @q TO \"/out.csv\" ORDER BY {order} USING Outputters.Csv(nullEscape: \"#\");"
    );
    check("", &script, expected);
}

#[test]
fn an_outer_join_keeps_the_rows_without_a_partner() {
    let query = "SELECT e.EmpName, d.DepName, d.DepID FROM @employees AS e {} JOIN \
                 (SELECT (int?) DepID AS DepID, DepName FROM @departments) AS d ON e.DepID == d.DepID";
    let order = "EmpName, DepName";
    check_employees(
        &query.replace("{}", "LEFT OUTER"),
        order,
        expect![[r#"
        "Heisenberg","Engineering",33
        "Jones","Engineering",33
        "Rafferty","Sales",31
        "Robinson","Clerical",34
        "Smith","Clerical",34
        "Williams",#,#
    "#]],
    );
    check_employees(
        &query.replace("{}", "RIGHT OUTER"),
        order,
        expect![[r#"
        "Heisenberg","Engineering",33
        "Jones","Engineering",33
        "Rafferty","Sales",31
        "Robinson","Clerical",34
        "Smith","Clerical",34
        #,"Marketing",35
    "#]],
    );
    check_employees(
        &query.replace("{}", "FULL OUTER"),
        order,
        expect![[r#"
        "Heisenberg","Engineering",33
        "Jones","Engineering",33
        "Rafferty","Sales",31
        "Robinson","Clerical",34
        "Smith","Clerical",34
        "Williams",#,#
        #,"Marketing",35
    "#]],
    );
    check_employees(
        &query.replace("{}", "INNER"),
        order,
        expect![[r#"
        "Heisenberg","Engineering",33
        "Jones","Engineering",33
        "Rafferty","Sales",31
        "Robinson","Clerical",34
        "Smith","Clerical",34
    "#]],
    );
}

#[test]
fn what_an_outer_join_may_lack_is_nullable_afterwards() {
    check_employees(
        "SELECT e.EmpName, d.DepID == null AS lacks, d.DepID + 1 AS next, d.DepID ?? -1 AS id \
         FROM @employees AS e LEFT OUTER JOIN @departments AS d ON e.DepID == d.DepID",
        "EmpName",
        expect![[r#"
            "Heisenberg",False,34,33
            "Jones",False,34,33
            "Rafferty",False,32,31
            "Robinson",False,35,34
            "Smith",False,35,34
            "Williams",True,#,-1
        "#]],
    );
}

#[test]
fn null_joins_null_in_every_join() {
    for (join, expected) in [
        (
            "INNER JOIN",
            "1,\"a\",\"A\"\r\n#,\"n\",\"N\"\r\n#,\"n\",\"M\"\r\n",
        ),
        (
            "LEFT OUTER JOIN",
            "1,\"a\",\"A\"\r\n2,\"b\",#\r\n#,\"n\",\"N\"\r\n#,\"n\",\"M\"\r\n",
        ),
        (
            "FULL OUTER JOIN",
            "1,\"a\",\"A\"\r\n2,\"b\",#\r\n#,\"n\",\"N\"\r\n#,\"n\",\"M\"\r\n#,#,\"C\"\r\n",
        ),
    ] {
        let lake = Arc::new(Lake::with_input("1,a\n2,b\n,n\n"));
        lake.put("/right.csv", "1,A\n,N\n,M\n3,C\n");
        let script = format!(
            "@l = EXTRACT k int?, s string FROM \"/in.csv\" USING Extractors.Csv(); \
             @r = EXTRACT k int?, t string FROM \"/right.csv\" USING Extractors.Csv(); \
             @j = SELECT l.k AS k, s, t FROM @l AS l {join} @r AS r ON l.k == r.k; \
             OUTPUT @j TO \"/out.csv\" ORDER BY k, s, t DESC USING Outputters.Csv(nullEscape: \"#\");"
        );
        run_with(options(), &lake, &script).unwrap();
        assert_eq!(lake.text("/out.csv"), expected, "{join}");
    }
}

#[test]
fn a_semijoin_keeps_what_has_a_partner_and_an_antisemijoin_the_rest() {
    let query = |columns: &str, join: &str| {
        format!(
            "SELECT {columns} FROM @employees AS e {join} @departments AS d ON e.DepID == d.DepID"
        )
    };
    let (left, right) = ("EmpName, DepID", "DepName, DepID");
    check_employees(
        &query(left, "LEFT SEMIJOIN"),
        left,
        expect![[r#"
        "Heisenberg",33
        "Jones",33
        "Rafferty",31
        "Robinson",34
        "Smith",34
    "#]],
    );
    check_employees(
        &query(right, "RIGHT SEMIJOIN"),
        right,
        expect![[r#"
        "Clerical",34
        "Engineering",33
        "Sales",31
    "#]],
    );
    check_employees(
        &query(left, "ANTISEMIJOIN"),
        left,
        expect![[r#"
        "Williams",#
    "#]],
    );
    check_employees(
        &query(right, "RIGHT ANTISEMIJOIN"),
        right,
        expect![[r#"
        "Marketing",35
    "#]],
    );
}

#[test]
fn several_joins_and_subqueries_stand_in_one_from_clause() {
    check_employees(
        "SELECT a.EmpName, b.EmpName AS Other, d.DepName, s.Size \
         FROM @employees AS a \
              JOIN @employees AS b ON a.DepID == b.DepID \
              JOIN @departments AS d ON d.DepID == a.DepID \
              JOIN (SELECT DepID, COUNT(*) AS Size FROM @employees GROUP BY DepID HAVING COUNT(*) > 1) AS s \
                ON s.DepID == d.DepID AND s.DepID == b.DepID \
         WHERE a.EmpName != b.EmpName",
        "EmpName, Other",
        expect![[r#"
            "Heisenberg","Jones","Engineering",2
            "Jones","Heisenberg","Engineering",2
            "Robinson","Smith","Clerical",2
            "Smith","Robinson","Clerical",2
        "#]],
    );
    check_employees(
        "SELECT e.EmpName, COUNT(d.DepID) AS Departments \
         FROM @employees AS e CROSS JOIN @departments AS d WHERE d.DepID > e.DepID GROUP BY e.EmpName",
        "EmpName",
        expect![[r#"
            "Heisenberg",2
            "Jones",2
            "Rafferty",3
            "Robinson",1
            "Smith",1
        "#]],
    );
}

#[test]
fn keys_of_every_comparable_type_join() {
    for (ty, left, right) in [
        ("string", "a", "a"),
        ("decimal", "1.10", "1.1"),
        (
            "Guid",
            "{0F0E0D0C-0B0A-0908-0706-050403020100}",
            "0f0e0d0c0b0a09080706050403020100",
        ),
        ("DateTime", "2016-07-01", "2016-07-01T00:00:00"),
        ("bool", "true", "True"),
        ("double", "0.5", "5e-1"),
        ("byte[]", "00ff", "00FF"),
    ] {
        for (join, columns) in [
            ("JOIN", "l.n, r.m"),
            ("SEMIJOIN", "n"),
            ("FULL OUTER JOIN", "l.n, r.m"),
        ] {
            let lake = Arc::new(Lake::with_input(format!("{left},1\n")));
            lake.put("/right.csv", format!("{right},2\n"));
            let script = format!(
                "@l = EXTRACT k {ty}, n int FROM \"/in.csv\" USING Extractors.Csv(); \
                 @r = EXTRACT k {ty}, m int FROM \"/right.csv\" USING Extractors.Csv(); \
                 @j = SELECT {columns} FROM @l AS l {join} @r AS r ON l.k == r.k; \
                 OUTPUT @j TO \"/out.csv\" USING Outputters.Csv();"
            );
            run_with(options(), &lake, &script).unwrap();
            let expected = if join == "SEMIJOIN" {
                "1\r\n"
            } else {
                "1,2\r\n"
            };
            assert_eq!(lake.text("/out.csv"), expected, "{ty} {join}");
        }
    }
}
