use expect_test::expect;

use super::check_select;

#[test]
fn small_numbers_are_promoted_to_int() {
    check_select(
        "u8 + u8 AS a, i16 - i8 AS b, c + 1 AS c, -u16 AS d, ~u8 AS e, +i8 AS f",
        expect![[r#"
            r1 = project r0 [(int(#3) +int int(#3)),
            (int(#4) -int int(#2)),
            (int(#12) +int 1),
            -int(#5),
            ~int(#3),
            int(#2)] -> (a int,
            b int,
            c int,
            d int,
            e int,
            f int)
        "#]],
    );
}

#[test]
fn mixed_numbers_meet_where_nothing_is_lost() {
    check_select(
        "i + u AS a, i + l AS b, l + f AS c, f + d AS d, i + m AS e, ul + u AS f, u + 1 AS g, ul + 1 AS h",
        expect![[r#"
            r1 = project r0 [(long(#6) +long long(#8)),
            (long(#6) +long #9),
            (float(#9) +float #13),
            (double(#13) +double #14),
            (decimal(#6) +decimal #16),
            (#11 +ulong ulong(#8)),
            (#8 +uint 1u),
            (#11 +ulong 1uL)] -> (a long,
            b long,
            c float,
            d double,
            e decimal,
            f ulong,
            g uint,
            h ulong)
        "#]],
    );
}

#[test]
fn some_numbers_never_meet() {
    check_select(
        "l + ul AS a, m + d AS b, i + ul AS c, b + i AS d, t + 1 AS e, -ul AS f, !i AS g, ~d AS h",
        expect![[r#"
            2:13 297..303 E_CSC_USER_INVALIDCSHARP: C# error CS0034: Operator '+' is ambiguous on operands of type 'long' and 'ulong'
            2:26 310..315 E_CSC_USER_INVALIDCSHARP: C# error CS0019: Operator '+' cannot be applied to operands of type 'decimal' and 'double'
            2:38 322..328 E_CSC_USER_INVALIDCSHARP: C# error CS0034: Operator '+' is ambiguous on operands of type 'int' and 'ulong'
            2:51 335..340 E_CSC_USER_INVALIDCSHARP: C# error CS0019: Operator '+' cannot be applied to operands of type 'bool' and 'int'
            2:63 347..352 E_CSC_USER_INVALIDCSHARP: C# error CS0019: Operator '+' cannot be applied to operands of type 'DateTime' and 'int'
            2:75 359..362 E_CSC_USER_INVALIDCSHARP: C# error CS0023: Operator '-' cannot be applied to operand of type 'ulong'
            2:85 369..371 E_CSC_USER_INVALIDCSHARP: C# error CS0023: Operator '!' cannot be applied to operand of type 'int'
            2:94 378..380 E_CSC_USER_INVALIDCSHARP: C# error CS0023: Operator '~' cannot be applied to operand of type 'double'
        "#]],
    );
}

#[test]
fn arithmetic_lifts_null() {
    check_select(
        "n + 1 AS a, n + ln AS b, -n AS c, n * null AS d, i + null AS e",
        expect![[r#"
            r1 = project r0 [(#7 +int 1),
            (long?(#7) +long #10),
            -#7,
            (#7 *int null:int?),
            (#6 +int null:int?)] -> (a int?,
            b long?,
            c int?,
            d int?,
            e int?)
        "#]],
    );
}

#[test]
fn division_is_of_the_promoted_type() {
    check_select(
        "i / 2 AS a, i / 2.0 AS b, i % 3 AS c, m / 3 AS d",
        expect![[r#"
            r1 = project r0 [(#6 /int 2),
            (double(#6) /double 2.0),
            (#6 %int 3),
            (#16 /decimal 3m)] -> (a int,
            b double,
            c int,
            d decimal)
        "#]],
    );
}

#[test]
fn comparisons_are_never_null() {
    check_select(
        "n > 1 AS a, n == ln AS b, s == s2 AS c, tn <= t AS d, bn == true AS e, g == g AS f, dn != 0 AS g",
        expect![[r#"
            r1 = project r0 [(#7 >int 1),
            (long?(#7) ==long #10),
            (#18 ==string #19),
            (#21 <=DateTime #20),
            (#1 ==bool true),
            (#22 ==Guid #22),
            (#15 !=double 0.0)] -> (a bool,
            b bool,
            c bool,
            d bool,
            e bool,
            f bool,
            g bool)
        "#]],
    );
}

#[test]
fn a_comparison_with_null_asks_for_null() {
    check_select(
        "n == null AS a, null != s AS b, i == null AS c, s IS NULL AS d, n IS NOT NULL AS e, i IS NULL AS f",
        expect![[r#"
            r1 = project r0 [is_null(#7),
            !is_null(#18),
            false,
            is_null(#18),
            !is_null(#7),
            false] -> (a bool,
            b bool,
            c bool,
            d bool,
            e bool,
            f bool)
        "#]],
    );
}

#[test]
fn strings_have_no_order_in_csharp() {
    check_select(
        "s < s2 AS a, s == 1 AS b, b > b AS c",
        expect![[r#"
        2:13 297..303 E_CSC_USER_INVALIDCSHARP: C# error CS0019: Operator '<' cannot be applied to operands of type 'string' and 'string'
        2:26 310..316 E_CSC_USER_INVALIDCSHARP: C# error CS0019: Operator '==' cannot be applied to operands of type 'string' and 'int'
        2:39 323..328 E_CSC_USER_INVALIDCSHARP: C# error CS0019: Operator '>' cannot be applied to operands of type 'bool' and 'bool'
    "#]],
    );
}

#[test]
fn plus_beside_a_string_concatenates() {
    check_select(
        "s + i AS a, 1 + s + 2 AS b, i + l + s AS c, s + null AS d, s + n AS e, 'x' + s AS f, s + m + t AS g, \"a\" + 1 + 'b' + true AS h",
        expect![[r#"
            r1 = project r0 [(#18 +string string(#6)),
            (("1" +string #18) +string "2"),
            (string((long(#6) +long #9)) +string #18),
            (#18 +string null:string),
            (#18 +string string(#7)),
            ("x" +string #18),
            ((#18 +string string(#16)) +string string(#20)),
            "a1bTrue"] -> (a string,
            b string,
            c string,
            d string,
            e string,
            f string,
            g string,
            h string)
        "#]],
    );
}

#[test]
fn logic_has_two_spellings() {
    check_select(
        "b AND i > 1 OR NOT b AS a, b && i > 1 || !b AS b, b & b AS c, bn | b AS d, bn ^ bn AS e, !bn AS f",
        expect![[r#"
            r1 = project r0 [((#0 AND (#6 >int 1)) OR !#0),
            ((#0 && (#6 >int 1)) || !#0),
            (#0 &bool #0),
            (#1 |bool #0),
            (#1 ^bool #1),
            !#1] -> (a bool,
            b bool,
            c bool,
            d bool?,
            e bool?,
            f bool?)
        "#]],
    );
}

#[test]
fn logic_wants_bool() {
    check_select(
        "bn AND b AS a, bn || b AS b, i && b AS c",
        expect![[r#"
        2:13 297..305 E_CSC_USER_INVALIDCSHARP: C# error CS0019: Operator 'AND' cannot be applied to operands of type 'bool?' and 'bool'
        2:28 312..319 E_CSC_USER_INVALIDCSHARP: C# error CS0019: Operator '||' cannot be applied to operands of type 'bool?' and 'bool'
        2:42 326..332 E_CSC_USER_INVALIDCSHARP: C# error CS0019: Operator '&&' cannot be applied to operands of type 'int' and 'bool'
    "#]],
    );
}

#[test]
fn bits_and_shifts_follow_csharp() {
    check_select(
        "i & u8 AS a, l | i AS b, i << 3 AS c, u >> i8 AS d, l << n AS e, i << l AS f",
        expect![[r#"
            2:78 362..368 E_CSC_USER_INVALIDCSHARP: C# error CS0019: Operator '<<' cannot be applied to operands of type 'int' and 'long'
        "#]],
    );
}

#[test]
fn a_conditional_takes_the_wider_branch() {
    check_select(
        "b ? i : l AS a, b ? 1 : n AS b, b ? null : s AS c, b ? u8 : 1 AS d, true ? 1 : 2L AS e, b ? (int?) null : i AS f",
        expect![[r#"
            r1 = project r0 [(#0 ? long(#6) : #9),
            (#0 ? 1 : #7),
            (#0 ? null:string : #18),
            (#0 ? int(#3) : 1),
            1L,
            (#0 ? null:int? : #6)] -> (a long,
            b int?,
            c string,
            d int,
            e long,
            f int?)
        "#]],
    );
}

#[test]
fn a_conditional_needs_a_common_type() {
    check_select(
        "b ? 1 : null AS a, b ? s : i AS b, bn ? 1 : 2 AS c, b ? null : null AS d",
        expect![[r#"
            2:13 297..309 E_CSC_USER_INVALIDCSHARP: C# error CS0173: Type of conditional expression cannot be determined because there is no implicit conversion between 'int' and '<null>'
            2:32 316..325 E_CSC_USER_INVALIDCSHARP: C# error CS0173: Type of conditional expression cannot be determined because there is no implicit conversion between 'string' and 'int'
            2:48 332..334 E_CSC_USER_INVALIDCSHARP: C# error CS0266: Cannot implicitly convert type 'bool?' to 'bool'. An explicit conversion exists (are you missing a cast?)
            2:65 349..364 E_CSC_USER_INVALIDCSHARP: C# error CS0173: Type of conditional expression cannot be determined because there is no implicit conversion between '<null>' and '<null>'
        "#]],
    );
}

#[test]
fn coalescing_takes_null_away() {
    check_select(
        "n ?? 0 AS a, n ?? ln AS b, s ?? \"none\" AS c, n ?? l AS d, i ?? 0 AS e, n ?? s AS f, null ?? 1 AS g, n ?? ln ?? 0 AS h",
        expect![[r#"
            2:71 355..361 E_CSC_USER_INVALIDCSHARP: C# error CS0019: Operator '??' cannot be applied to operands of type 'int' and 'int'
            2:84 368..374 E_CSC_USER_INVALIDCSHARP: C# error CS0019: Operator '??' cannot be applied to operands of type 'int?' and 'string'
            2:97 381..390 E_CSC_USER_INVALIDCSHARP: C# error CS0019: Operator '??' cannot be applied to operands of type '<null>' and 'int'
        "#]],
    );
}

#[test]
fn casts_are_explicit() {
    check_select(
        "(long) i AS a, (int) d AS b, (int?) i AS c, (int) n AS d, (byte) n AS e, (char) i AS f, (decimal) d AS g, (double) m AS h, (string) s AS i",
        expect![[r#"
            r1 = project r0 [long(#6),
            int(#14),
            #6,
            int(#7),
            byte(#7),
            char(#6),
            decimal(#14),
            double(#16),
            #18] -> (a long,
            b int,
            c int?,
            d int,
            e byte,
            f char,
            g decimal,
            h double,
            i string)
        "#]],
    );
}

#[test]
fn some_casts_do_not_exist() {
    check_select(
        "(string) i AS a, (int) s AS b, (bool) i AS c, (int) null AS d, (Foo) i AS e, (string?) s AS f, (DateTime) l AS g, (byte) 300 AS h",
        expect![[r#"
            2:13 297..307 E_CSC_USER_INVALIDCSHARP: C# error CS0030: Cannot convert type 'int' to 'string'
            2:30 314..321 E_CSC_USER_INVALIDCSHARP: C# error CS0030: Cannot convert type 'string' to 'int'
            2:44 328..336 E_CSC_USER_INVALIDCSHARP: C# error CS0030: Cannot convert type 'int' to 'bool'
            2:59 343..353 E_CSC_USER_INVALIDCSHARP: C# error CS0037: Cannot convert null to 'int' because it is a non-nullable value type
            2:77 361..364 E_CSC_USER_INVALIDCSHARP: C# error CS0246: The type or namespace name 'Foo' could not be found (are you missing a using directive or an assembly reference?)
            2:91 375..382 E_CSC_USER_INVALIDCSHARP: C# error CS0453: The type 'string' must be a non-nullable value type in order to use it as parameter 'T' in the generic type or method 'System.Nullable<T>'
            2:108 392..404 E_CSC_USER_INVALIDCSHARP: C# error CS0030: Cannot convert type 'long' to 'DateTime'
            2:127 411..421 E_CSC_USER_INVALIDCSHARP: C# error CS0221: Constant value '300' cannot be converted to a 'byte' (use 'unchecked' syntax to override)
        "#]],
    );
}

#[test]
fn in_between_and_like() {
    check_select(
        "i IN (1, 2, 3) AS a, s NOT IN (\"x\", null) AS b, i BETWEEN 1 AND 10 AS c, n NOT BETWEEN 1 AND l AS d, s LIKE \"a%\" AS e, s NOT LIKE \"50!%\" ESCAPE '!' AS f",
        expect![[r#"
            r1 = project r0 [(#6 in (1,
            2,
            3)),
            !((#18 ==string "x") || is_null(#18)),
            ((#6 >=int 1) AND (#6 <=int 10)),
            !((#7 >=int 1) AND (long?(#7) <=long #9)),
            (#18 like "a%"),
            !(#18 like "50!%" escape '!')] -> (a bool,
            b bool,
            c bool,
            d bool,
            e bool,
            f bool)
        "#]],
    );
}

#[test]
fn an_in_list_of_several_types_is_a_chain() {
    check_select(
        "i IN (1, 2L) AS a, u8 IN (1, 2.5) AS b, n IN (1, null) AS c",
        expect![[r#"
            r1 = project r0 [((#6 ==int 1) || (long(#6) ==long 2L)),
            ((int(#3) ==int 1) || (double(#3) ==double 2.5)),
            ((#7 ==int 1) || is_null(#7))] -> (a bool,
            b bool,
            c bool)
        "#]],
    );
}

#[test]
fn case_is_a_chain_of_conditionals() {
    check_select(
        "CASE WHEN i > 1 THEN \"many\" WHEN i == 1 THEN \"one\" ELSE \"none\" END AS a, CASE s WHEN \"x\" THEN n END AS b",
        expect![[r#"
            r1 = project r0 [((#6 >int 1) ? "many" : ((#6 ==int 1) ? "one" : "none")),
            ((#18 ==string "x") ? #7 : null:int?)] -> (a string,
            b int?)
        "#]],
    );
}

#[test]
fn members_and_methods() {
    check_select(
        "s.Length, s.ToUpper() AS a, s.Substring(1) AS b, s.Substring(i, 2) AS c, s.Contains(\"x\") AS d, s.IndexOf('c') AS e, t.Year, \
         t.AddDays(1) AS f, t.AddDays(1).Month AS g, string.IsNullOrEmpty(s) AS h, String.IsNullOrEmpty(s) AS i, \
         Math.Abs(i8) AS j, Math.Round(m, 2) AS k, System.Math.Floor(f) AS l, Convert.ToInt32(s) AS m, DateTime.MinValue AS n, \
         int.Parse(s) AS o, DateTime.Parse(s) AS p, new DateTime(2012, 2, i) AS q, t.ToString(\"yyyy\") AS r",
        expect![[r#"
            r1 = project r0 [`string.Length`(#18),
            `string.ToUpper()`(#18),
            `string.Substring(int)`(#18,
            1),
            `string.Substring(int,int)`(#18,
            #6,
            2),
            `string.Contains(string)`(#18,
            "x"),
            `string.IndexOf(char)`(#18,
            'c'),
            `DateTime.Year`(#20),
            `DateTime.AddDays(double)`(#20,
            1.0),
            `DateTime.Month`(`DateTime.AddDays(double)`(#20,
            1.0)),
            `string.IsNullOrEmpty(string)`(#18),
            `string.IsNullOrEmpty(string)`(#18),
            `Math.Abs(sbyte)`(#2),
            `Math.Round(decimal,int)`(#16,
            2),
            `Math.Floor(double)`(double(#13)),
            `Convert.ToInt32(string)`(#18),
            ticks(0),
            `int.Parse(string)`(#18),
            `DateTime.Parse(string)`(#18),
            `new DateTime(int,int,int)`(2012,
            2,
            #6),
            `DateTime.ToString(string)`(#20,
            "yyyy")] -> (Length int,
            a string,
            b string,
            c string,
            d bool,
            e int,
            Year int,
            f DateTime,
            g int,
            h bool,
            i bool,
            j sbyte,
            k decimal,
            l double,
            m int,
            n DateTime,
            o int,
            p DateTime,
            q DateTime,
            r string)
        "#]],
    );
}

#[test]
fn every_type_has_to_string() {
    check_select(
        "i.ToString() AS a, n.ToString() AS b, s.ToString() AS c, t.ToString() AS d, Convert.ToString(m) AS e",
        expect![[r#"
            r1 = project r0 [string(#6),
            (string(#7) ?? ""),
            `string.ToString()`(#18),
            string(#20),
            string(#16)] -> (a string,
            b string,
            c string,
            d string,
            e string)
        "#]],
    );
}

#[test]
fn nullables_have_members_of_their_own() {
    check_select(
        "n.HasValue AS a, n.Value AS b, n.GetValueOrDefault() AS c, n.GetValueOrDefault(7) AS d, tn.Value.Year",
        expect![[r#"
            r1 = project r0 [!is_null(#7),
            int(#7),
            (#7 ?? 0),
            (#7 ?? 7),
            `DateTime.Year`(DateTime(#21))] -> (a bool,
            b int,
            c int,
            d int,
            Year int)
        "#]],
    );
}

#[test]
fn unknown_members_are_errors() {
    check_select(
        "s.Lenght AS a, n.Year AS b, tn.Year AS c, Math.Foo(i) AS d, s.Foo() AS e, Bar.Baz(i) AS f, DateTime.Foo AS g",
        expect![[r#"
            2:13 297..305 E_CSC_USER_INVALIDCSHARP: C# error CS1061: 'string' does not contain a definition for 'Lenght' and no extension method 'Lenght' accepting a first argument of type 'string' could be found (are you missing a using directive or an assembly reference?)
            2:28 312..318 E_CSC_USER_INVALIDCSHARP: C# error CS1061: 'int?' does not contain a definition for 'Year' and no extension method 'Year' accepting a first argument of type 'int?' could be found (are you missing a using directive or an assembly reference?)
            2:41 325..332 E_CSC_USER_INVALIDCSHARP: C# error CS1061: 'DateTime?' does not contain a definition for 'Year' and no extension method 'Year' accepting a first argument of type 'DateTime?' could be found (are you missing a using directive or an assembly reference?)
            2:55 339..350 E_CSC_USER_INVALIDCSHARP: C# error CS0117: 'Math' does not contain a definition for 'Foo'
            2:73 357..364 E_CSC_USER_INVALIDCSHARP: C# error CS1061: 'string' does not contain a definition for 'Foo' and no extension method 'Foo' accepting a first argument of type 'string' could be found (are you missing a using directive or an assembly reference?)
            2:87 371..374 E_CSC_USER_INVALIDCSHARP: C# error CS0103: The name 'Bar' does not exist in the current context
            2:104 388..400 E_CSC_USER_INVALIDCSHARP: C# error CS0117: 'DateTime' does not contain a definition for 'Foo'
        "#]],
    );
}

#[test]
fn overloads_are_chosen_by_the_arguments() {
    check_select(
        "Math.Abs(l) AS a, Math.Abs(d) AS b, Math.Max(i, l) AS c, Math.Min(u8, 1.5) AS d, Math.Abs(u) AS e",
        expect![[r#"
            r1 = project r0 [`Math.Abs(long)`(#9),
            `Math.Abs(double)`(#14),
            `Math.Max(long,long)`(long(#6),
            #9),
            `Math.Min(double,double)`(double(#3),
            1.5),
            `Math.Abs(long)`(long(#8))] -> (a long,
            b double,
            c long,
            d double,
            e long)
        "#]],
    );
}

#[test]
fn arguments_have_to_fit() {
    check_select(
        "s.Substring(\"1\") AS a, s.Substring() AS b, Math.Abs(s) AS c, t.AddMonths(1.5) AS d, Math.Abs(n) AS e, Math.Abs(ul) AS f",
        expect![[r#"
            2:13 297..313 E_CSC_USER_INVALIDCSHARP: C# error CS1503: Argument 1: cannot convert from 'string' to 'int'
            2:36 320..333 E_CSC_USER_INVALIDCSHARP: C# error CS1501: No overload for method 'Substring' takes 0 arguments
            2:56 340..351 E_CSC_USER_INVALIDCSHARP: C# error CS1503: Argument 1: cannot convert from 'string' to 'sbyte'
            2:74 358..374 E_CSC_USER_INVALIDCSHARP: C# error CS1503: Argument 1: cannot convert from 'double' to 'int'
            2:97 381..392 E_CSC_USER_INVALIDCSHARP: C# error CS1503: Argument 1: cannot convert from 'int?' to 'sbyte'
            2:115 399..411 E_CSC_USER_INVALIDCSHARP: C# error CS0121: The call is ambiguous between the following methods or properties: 'Math.Abs(float)' and 'Math.Abs(double)'
        "#]],
    );
}

#[test]
fn checked_raises_and_unchecked_wraps() {
    check_select(
        "checked(i + 1) AS a, unchecked(2147483647 + 1) AS b, checked((byte) i) AS c, checked(-i * unchecked(i + 1)) AS d",
        expect![[r#"
            r1 = project r0 [(#6 checked +int 1),
            -2147483648,
            checked byte(#6),
            (checked -#6 checked *int (#6 +int 1))] -> (a int,
            b int,
            c byte,
            d int)
        "#]],
    );
}

#[test]
fn times_and_spans_have_operators_of_their_own() {
    check_select(
        "(t - t).TotalDays AS a, (tn - t).HasValue AS b, t + (t - tn) AS c, t - new TimeSpan(i, 0, 0) AS d, \
         new DateTime(2012, 2, 15) + new TimeSpan(1, 0, 0, 0) AS e, (t - t) < TimeSpan.Zero AS f, \
         (-(t - t)).ToString() AS g, (t - t == null) AS h",
        expect![[r#"
            r1 = project r0 [`TimeSpan.TotalDays`((#20 -DateTime #20)),
            !is_null((#21 -DateTime #20)),
            (#20 +DateTime (#20 -DateTime #21)),
            (#20 -DateTime `new TimeSpan(int,int,int)`(#6,
            0,
            0)),
            ticks(634649472000000000),
            ((#20 -DateTime #20) <TimeSpan span(0)),
            string(checked -(#20 -DateTime #20)),
            false] -> (a double,
            b bool,
            c DateTime?,
            d DateTime,
            e DateTime,
            f bool,
            g string,
            h bool)
        "#]],
    );
    check_select(
        "t + t AS a, (t - t) + t AS b, (t - t) * 2 AS c, t - 1 AS d, (t - t) < t AS e, (t - t) AS f",
        expect![[r#"
            2:13 297..302 E_CSC_USER_INVALIDCSHARP: C# error CS0019: Operator '+' cannot be applied to operands of type 'DateTime' and 'DateTime'
            2:25 309..320 E_CSC_USER_INVALIDCSHARP: C# error CS0019: Operator '+' cannot be applied to operands of type 'TimeSpan' and 'DateTime'
            2:43 327..338 E_CSC_USER_INVALIDCSHARP: C# error CS0019: Operator '*' cannot be applied to operands of type 'TimeSpan' and 'int'
            2:61 345..350 E_CSC_USER_INVALIDCSHARP: C# error CS0019: Operator '-' cannot be applied to operands of type 'DateTime' and 'int'
            2:73 357..368 E_CSC_USER_INVALIDCSHARP: C# error CS0019: Operator '<' cannot be applied to operands of type 'TimeSpan' and 'DateTime'
        "#]],
    );
}

#[test]
fn what_dotnet_has_and_this_has_not_is_said_to_be_unsupported() {
    check_select(
        "s.Split(';') AS a, DateTime.TryParse(s, t) AS c, Regex.IsMatch(s, s2) AS d, int.MaxValue AS e, string.Format(s, i) AS f",
        expect![[r#"
            2:53 337..338 E_CSC_USER_INVALIDCSHARP: C# error CS1620: Argument 2 must be passed with the 'out' keyword
            2:108 392..411 E_CSC_USER_NOTSUPPORTED: String.Format of a format that is not a constant string is not supported.
        "#]],
    );
}

#[test]
fn convert_takes_a_nullable_as_an_object() {
    check_select(
        "Convert.ToInt32(n) AS a, Convert.ToDouble(mn) AS b, Convert.ToString(n) AS c",
        expect![[r#"
            r1 = project r0 [`Convert.ToInt32(int)`((#7 ?? 0)),
            `Convert.ToDouble(decimal)`((#17 ?? 0m)),
            (string(#7) ?? "")] -> (a int,
            b double,
            c string)
        "#]],
    );
}

#[test]
fn what_net_has_and_this_has_not_is_not_called_unknown() {
    let table = [
        (
            "i.GetType() AS a",
            "The member int.GetType is not supported.",
        ),
        (
            "DateTime.Now.DayOfWeek.ToString(\"f\") AS a",
            "The member DayOfWeek.ToString is not supported.",
        ),
        (
            "DateTime.Now.Kind AS a",
            "The member DateTime.Kind is not supported.",
        ),
        (
            "int.TryParse(s, i, i) AS a",
            "This overload of int.TryParse is not supported.",
        ),
        (
            "int.Parse(s, 16) AS a",
            "This overload of int.Parse is not supported.",
        ),
        (
            "s.IndexOf(\"a\", 1, 2, StringComparison.Ordinal) AS a",
            "This overload of string.IndexOf is not supported.",
        ),
        (
            "Math.DivRem(i, i) AS a",
            "The member Math.DivRem is not supported.",
        ),
        (
            "System.Text.Encoding.Default AS a",
            "System.Text.Encoding is not supported.",
        ),
    ];
    for (items, expected) in table {
        let answer = super::answer(usql_sema::Settings::default(), &super::select_script(items));
        let expected = format!("E_CSC_USER_NOTSUPPORTED: {expected}\n");
        assert!(answer.ends_with(&expected), "{items}: {answer}");
    }
}
