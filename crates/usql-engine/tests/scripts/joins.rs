use std::sync::Arc;

use expect_test::expect;

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
