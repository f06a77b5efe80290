use std::sync::Arc;

use expect_test::{Expect, expect};

use super::lake::{Lake, check, options, run_with};

/// The rowsets of the language reference: `@left(id, name, age)` and `@right(id, salary, name)`.
const SIDES: &str = r#"
    @left = SELECT * FROM (VALUES (1, "Smith", 20), (1, "Smith", 20), (1, "Smith", 20), (2, "Brown", 30), (3, "Case", 40),
                                  (4, (string)null, 45), (5, (string)null, 50)) AS T(id, name, age);
    @right = SELECT * FROM (VALUES (1, 20000, "Smith"), (1, 20000, "Smith"), (2, 30000, "Brown"), (2, 30000, "Brown"),
                                   (4, 50000, "Dey"), (4, 50000, "Dey"), (5, 60000, (string)null)) AS T(id, salary, name);
"#;

/// What a query over the two gives, in order.
#[track_caller]
fn check_sides(query: &str, expected: Expect) {
    let script = format!(
        "{SIDES} @q = {query}; OUTPUT @q TO \"/out.csv\" ORDER BY id, name USING Outputters.Csv(nullEscape: \"#\");"
    );
    check("", &script, expected);
}

#[test]
fn a_union_removes_repetitions_unless_all_is_asked_for() {
    let sides = "SELECT id, name FROM @left UNION {} SELECT id, name FROM @right";
    let distinct = expect![[r#"
        1,"Smith"
        2,"Brown"
        3,"Case"
        4,"Dey"
        4,#
        5,#
    "#]];
    check_sides(&sides.replace("{}", ""), distinct);
    check_sides(
        &sides.replace("{}", "DISTINCT"),
        expect![[r#"
        1,"Smith"
        2,"Brown"
        3,"Case"
        4,"Dey"
        4,#
        5,#
    "#]],
    );
    check_sides(
        &sides.replace("{}", "ALL"),
        expect![[r#"
        1,"Smith"
        1,"Smith"
        1,"Smith"
        1,"Smith"
        1,"Smith"
        2,"Brown"
        2,"Brown"
        2,"Brown"
        3,"Case"
        4,"Dey"
        4,"Dey"
        4,#
        5,#
        5,#
    "#]],
    );
}

#[test]
fn an_intersection_has_as_many_equal_rows_as_the_lesser_side() {
    check_sides(
        "SELECT id, name FROM @left INTERSECT SELECT id, name FROM @right",
        expect![[r#"
            1,"Smith"
            2,"Brown"
            5,#
        "#]],
    );
    check_sides(
        "SELECT id, name FROM @left INTERSECT ALL SELECT id, name FROM @right",
        expect![[r#"
            1,"Smith"
            1,"Smith"
            2,"Brown"
            5,#
        "#]],
    );
    check_sides(
        "SELECT id, name FROM @right INTERSECT ALL SELECT id, name FROM @left",
        expect![[r#"
            1,"Smith"
            1,"Smith"
            2,"Brown"
            5,#
        "#]],
    );
}

#[test]
fn a_difference_takes_one_row_away_for_each_on_the_right() {
    check_sides(
        "SELECT id, name FROM @left EXCEPT SELECT id, name FROM @right",
        expect![[r#"
            3,"Case"
            4,#
        "#]],
    );
    check_sides(
        "SELECT id, name FROM @left EXCEPT ALL SELECT id, name FROM @right",
        expect![[r#"
            1,"Smith"
            3,"Case"
            4,#
        "#]],
    );
    check_sides(
        "SELECT id, name FROM @right EXCEPT ALL SELECT id, name FROM @left",
        expect![[r#"
            2,"Brown"
            4,"Dey"
            4,"Dey"
        "#]],
    );
}

#[test]
fn columns_are_matched_by_name_where_the_script_says_so() {
    check_sides(
        "SELECT * FROM @left INTERSECT BY NAME ON (*) SELECT * FROM @right",
        expect![[r#"
            1,"Smith"
            2,"Brown"
            5,#
        "#]],
    );
    check_sides(
        "SELECT * FROM @left EXCEPT ALL BY NAME ON (id, *) SELECT * FROM @right",
        expect![[r#"
            1,"Smith"
            3,"Case"
            4,#
        "#]],
    );
    check_sides(
        "SELECT * FROM @left OUTER UNION BY NAME ON (id, name) SELECT * FROM @right",
        expect![[r#"
            1,"Smith",20,0
            1,"Smith",0,20000
            1,"Smith",20,0
            1,"Smith",0,20000
            1,"Smith",20,0
            2,"Brown",30,0
            2,"Brown",0,30000
            2,"Brown",0,30000
            3,"Case",40,0
            4,"Dey",0,50000
            4,"Dey",0,50000
            4,#,45,0
            5,#,50,0
            5,#,0,60000
        "#]],
    );
}

#[test]
fn set_operations_group_to_the_left_unless_parentheses_say_otherwise() {
    let one = |n: i32| format!("SELECT * FROM (VALUES ({n})) AS T(n)");
    let (a, b) = (one(1), one(2));
    let query =
        |query: String| format!("@q = {query}; OUTPUT @q TO \"/out.csv\" USING Outputters.Csv();");
    check(
        "",
        &query(format!("{a} UNION {b} EXCEPT {a}")),
        expect![[r#"
        2
    "#]],
    );
    check(
        "",
        &query(format!("{a} UNION ({b} EXCEPT {b})")),
        expect![[r#"
            1
        "#]],
    );
    check(
        "",
        &query(format!(
            "({a} UNION ALL {b} UNION ALL {b}) ORDER BY n DESC FETCH 2 ROWS"
        )),
        expect![[r#"
            2
            2
        "#]],
    );
}

#[test]
fn decimals_are_equal_by_value_in_set_operations() {
    let query = |operator: &str| {
        format!(
            "@a = EXTRACT m decimal FROM \"/in.csv\" USING Extractors.Csv(); \
             @b = SELECT * FROM (VALUES (1.1m)) AS T(m); \
             @q = SELECT m FROM @a {operator} SELECT m FROM @b; \
             OUTPUT @q TO \"/out.csv\" ORDER BY m USING Outputters.Csv();"
        )
    };
    check(
        "1.10\n1.100\n2\n",
        &query("INTERSECT"),
        expect![[r#"
        1.10
    "#]],
    );
    check(
        "1.10\n2\n",
        &query("EXCEPT ALL"),
        expect![[r#"
        2
    "#]],
    );
    check(
        "2.0\n2\n",
        &query("EXCEPT"),
        expect![[r#"
        2.0
    "#]],
    );
}

#[test]
fn a_set_operation_of_a_large_rowset_and_itself_counts_every_row() {
    let lake = Arc::new(Lake::with_input(
        (0..20_000)
            .map(|n| format!("{}\n", n % 777))
            .collect::<String>(),
    ));
    let script = r#"
        @a = EXTRACT n int FROM "/in.csv" USING Extractors.Csv();
        @twice = SELECT n FROM @a UNION ALL SELECT n FROM @a;
        @rest = SELECT n FROM @twice EXCEPT ALL SELECT n FROM @a;
        @both = SELECT n FROM @twice INTERSECT ALL SELECT n FROM @rest;
        @none = SELECT n FROM @rest EXCEPT ALL SELECT n FROM @both;
        @c = SELECT "rest" AS what, COUNT(*) AS c FROM @rest UNION ALL SELECT "both" AS what, COUNT(*) AS c FROM @both
             UNION ALL SELECT "none" AS what, COUNT(*) AS c FROM @none;
        OUTPUT @c TO "/out.csv" ORDER BY what USING Outputters.Csv();"#;
    run_with(options().with_min_range_bytes(10_000), &lake, script).unwrap();
    assert_eq!(
        lake.text("/out.csv"),
        "\"both\",20000\r\n\"none\",0\r\n\"rest\",20000\r\n"
    );
}
