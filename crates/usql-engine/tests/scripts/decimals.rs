use expect_test::expect;

use super::lake::check;

#[test]
fn a_decimal_keeps_its_scale_and_is_equal_by_value() {
    check(
        "a,1.10\nb,1.1\na,2.25\n",
        r#"
        @a = EXTRACT k string, m decimal FROM "/in.csv" USING Extractors.Csv();
        @b = SELECT k, m, m + 1 AS p, m * 2.0m AS t, -m AS n, m == 1.1m AS e, m < 2 AS l, (int) m AS i,
                    m / 3 AS d, m % 1 AS r
             FROM @a;
        OUTPUT @b TO "/out.csv" ORDER BY m, k USING Outputters.Csv();"#,
        expect![[r#"
            "a",1.10,2.10,2.200,-1.10,True,True,1,0.3666666666666666666666666667,0.10
            "b",1.1,2.1,2.20,-1.1,True,True,1,0.3666666666666666666666666667,0.1
            "a",2.25,3.25,4.500,-2.25,False,False,2,0.75,0.25
        "#]],
    );
}

#[test]
fn decimals_are_aggregated_and_group_by_value() {
    check(
        "1.10,3\n1.1,4\n2,10.50\n",
        r#"
        @a = EXTRACT k decimal, m decimal? FROM "/in.csv" USING Extractors.Csv();
        @b = SELECT COUNT(*) AS c, SUM(m) AS s, AVG(m) AS a, MIN(m) AS lo, MAX(m) AS hi, COUNT(DISTINCT m) AS d
             FROM @a GROUP BY k;
        OUTPUT @b TO "/out.csv" ORDER BY c USING Outputters.Csv();"#,
        expect![[r#"
            1,10.50,10.50,10.50,10.50,1
            2,7,3.5,3,4,2
        "#]],
    );
}
