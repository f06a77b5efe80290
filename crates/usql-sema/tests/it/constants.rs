use expect_test::expect;

use super::check_select;

#[test]
fn constants_are_computed() {
    check_select(
        "1 + 2 * 3 AS a, 7 / 2 AS b, -7 / 2 AS c, -7 % 3 AS d, 7.0 / 2 AS e, 1 << 33 AS f, ~0 AS g, 1.10m + 2 AS h, 0x10 AS i, 'a' + 1 AS j",
        expect![[r#"
            r1 = project r0 [7,
            3,
            -3,
            -1,
            3.5,
            2,
            -1,
            3.10m,
            16,
            98] -> (a int,
            b int,
            c int,
            d int,
            e double,
            f int,
            g int,
            h decimal,
            i int,
            j int)
        "#]],
    );
}

#[test]
fn logic_and_text_of_constants_are_computed() {
    check_select(
        "1 < 2 && !false AS a, \"a\" + \"b\" == \"ab\" AS b, \"abc\".Substring(1).Length AS c, (1 > 2) ? \"x\" : \"y\" AS d, default(int) AS e, default(string) AS f",
        expect![[r#"
            r1 = project r0 [true,
            true,
            2,
            "y",
            0,
            null:string] -> (a bool,
            b bool,
            c int,
            d string,
            e int,
            f string)
        "#]],
    );
}

#[test]
fn the_type_of_a_literal_holds_it() {
    check_select(
        "2147483647 AS a, 2147483648 AS b, 4294967296 AS c, 9223372036854775808 AS d, 1U AS e, 1L AS f, 1UL AS g, 1F AS h, 1D AS i, 1M AS j",
        expect![[r#"
            r1 = project r0 [2147483647,
            2147483648u,
            4294967296L,
            9223372036854775808uL,
            1u,
            1L,
            1uL,
            1.0f,
            1.0,
            1m] -> (a int,
            b uint,
            c long,
            d ulong,
            e uint,
            f long,
            g ulong,
            h float,
            i double,
            j decimal)
        "#]],
    );
}

#[test]
fn the_least_integers_can_be_written() {
    check_select(
        "-2147483648 AS a, -9223372036854775808 AS b, -2147483649 AS c",
        expect![[r#"
            r1 = project r0 [-2147483648,
            -9223372036854775808L,
            -2147483649L] -> (a int,
            b long,
            c long)
        "#]],
    );
}

#[test]
fn a_constant_that_overflows_is_an_error() {
    check_select(
        "2147483647 + 1 AS a, -(-2147483648) AS b, 9223372036854775807 * 2 AS c, 79228162514264337593543950335m + 1 AS d, 18446744073709551616 AS e, 1e400 AS f",
        expect![[r#"
            2:13 297..311 E_CSC_USER_INVALIDCSHARP: C# error CS0220: The operation overflows at compile time in checked mode
            2:34 318..332 E_CSC_USER_INVALIDCSHARP: C# error CS0220: The operation overflows at compile time in checked mode
            2:55 339..362 E_CSC_USER_INVALIDCSHARP: C# error CS0220: The operation overflows at compile time in checked mode
            2:85 369..403 E_CSC_USER_INVALIDCSHARP: C# error CS0220: The operation overflows at compile time in checked mode
            2:126 410..430 E_CSC_USER_INVALIDCSHARP: C# error CS1021: Integral constant is too large
            2:153 437..442 E_CSC_USER_INVALIDCSHARP: C# error CS0594: Floating-point constant is outside the range of its type
        "#]],
    );
}

#[test]
fn a_quotient_of_decimals_has_no_zeros_that_its_operands_do_not_ask_for() {
    check_select(
        "10m / 4m AS a, 2.00m / 2m AS b, 100m / 2m AS c, 1m / 8m AS d, 10.00m / 8m AS e",
        expect![[r#"
            r1 = project r0 [2.5m,
            1.00m,
            50m,
            0.125m,
            1.25m] -> (a decimal,
            b decimal,
            c decimal,
            d decimal,
            e decimal)
        "#]],
    );
}

#[test]
fn a_cast_of_a_real_constant_to_decimal_is_left_to_the_run() {
    check_select(
        "(decimal) 1.1 AS a, (decimal) 0.1f AS b",
        expect![[r#"
            r1 = project r0 [decimal(1.1),
            decimal(0.1f)] -> (a decimal,
            b decimal)
        "#]],
    );
}

#[test]
fn a_constant_zero_divides_nothing_exact() {
    check_select(
        "1 / 0 AS a, i % 0 AS b, m / 0.0m AS c, 1.0 / 0 AS d, i / (1 - 1) AS e",
        expect![[r#"
            2:13 297..302 E_CSC_USER_INVALIDCSHARP: C# error CS0020: Division by constant zero
            2:25 309..314 E_CSC_USER_INVALIDCSHARP: C# error CS0020: Division by constant zero
            2:37 321..329 E_CSC_USER_INVALIDCSHARP: C# error CS0020: Division by constant zero
            2:66 350..361 E_CSC_USER_INVALIDCSHARP: C# error CS0020: Division by constant zero
        "#]],
    );
}

#[test]
fn a_constant_goes_into_a_narrower_type_that_holds_it() {
    check_select(
        "b ? u8 : 255 AS a, u8 == 300 AS b, u == 5 AS c, ul == -1 AS d",
        expect![[r#"
            2:61 345..353 E_CSC_USER_INVALIDCSHARP: C# error CS0034: Operator '==' is ambiguous on operands of type 'ulong' and 'int'
        "#]],
    );
}

#[test]
fn what_only_a_run_knows_stays_in_the_plan() {
    check_select(
        "DateTime.Parse(\"2012-01-01\") AS a, new DateTime(2012, 2, 29) AS b, new DateTime(2011, 2, 29) AS c, \"x\".Substring(5) AS d, 1.5 + \"\" AS e",
        expect![[r#"
            r1 = project r0 [`DateTime.Parse(string)`("2012-01-01"),
            ticks(634660704000000000),
            `new DateTime(int,int,int)`(2011,
            2,
            29),
            `string.Substring(int)`("x",
            5),
            (string(1.5) +string "")] -> (a DateTime,
            b DateTime,
            c DateTime,
            d string,
            e string)
        "#]],
    );
}
