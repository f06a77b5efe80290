//! Scripts that are one thing again and again.

/// A script of something many times.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// What it is.
    pub name: &'static str,
    head: &'static str,
    before: &'static str,
    /// What opens a level, with the number of the level for each `#`.
    open: &'static str,
    core: &'static str,
    close: &'static str,
    after: &'static str,
    tail: &'static str,
}

impl Shape {
    /// The script with so many levels.
    pub fn times(&self, count: usize) -> String {
        let mut script = [self.head, self.before].concat();
        if self.open.contains('#') {
            for level in 0..count {
                script.push_str(&self.open.replace('#', &level.to_string()));
            }
        } else {
            script.push_str(&self.open.repeat(count));
        }
        script.push_str(self.core);
        script.push_str(&self.close.repeat(count));
        script.push_str(self.after);
        script.push_str(self.tail);
        script
    }

    /// The script of about so many bytes.
    pub fn bytes(&self, count: usize) -> String {
        let level = self.open.replace('#', "123456").len() + self.close.len();
        self.times(count / level)
    }

    const fn within(self, before: &'static str, after: &'static str) -> Self {
        Self {
            before,
            after,
            ..self
        }
    }
}

const fn script(
    name: &'static str,
    open: &'static str,
    core: &'static str,
    close: &'static str,
) -> Shape {
    Shape {
        name,
        head: "",
        before: "",
        open,
        core,
        close,
        after: "",
        tail: "",
    }
}

const fn query(
    name: &'static str,
    open: &'static str,
    core: &'static str,
    close: &'static str,
) -> Shape {
    Shape {
        head: "@t = SELECT * FROM (VALUES (1, true, \"s\")) AS T(i, b, s); @r = ",
        tail: "; OUTPUT @r TO \"/r\" USING Outputters.Csv();",
        ..script(name, open, core, close)
    }
}

const fn expression(
    name: &'static str,
    open: &'static str,
    core: &'static str,
    close: &'static str,
) -> Shape {
    Shape {
        head: "@t = SELECT * FROM (VALUES (1, true, \"s\")) AS T(i, b, s); @r = SELECT ",
        tail: " AS x FROM @t; OUTPUT @r TO \"/r\" USING Outputters.Csv();",
        ..script(name, open, core, close)
    }
}

/// What can be nested, or chained so that its tree nests.
pub const NESTED: &[Shape] = &[
    expression("parentheses", "(", "i", ")"),
    expression("casts", "(int)", "i", ""),
    expression("minus signs", "- ", "i", ""),
    expression("negations", "!", "b", ""),
    expression("NOT", "NOT ", "b", ""),
    expression("increments", "++", "i", "--"),
    expression("calls", "Math.Abs(", "i", ")"),
    expression("members", "", "s", ".Trim()"),
    expression("indexes", "s[", "0", "]"),
    expression("sums", "", "i", " + i"),
    expression("sums to the right", "i * (1 + ", "i", ")"),
    expression("comparisons", "", "b", " == b"),
    expression("AND", "", "b", " AND b"),
    expression("conditional expressions", "b ? i : ", "i", ""),
    expression("conditions in conditions", "b ? ", "i", " : i"),
    expression("alternatives to null", "(int?) i ?? ", "i", ""),
    expression("CASE in ELSE", "CASE WHEN b THEN i ELSE ", "i", " END"),
    expression("CASE in WHEN", "CASE WHEN ", "b", " THEN b ELSE b END"),
    expression("IN lists", "b IN (", "b", ")"),
    expression("BETWEEN", "i BETWEEN 0 AND ", "i", ""),
    expression("IN of IN", "(", "i", " IN (1, 2) ? 1 : 2)"),
    expression("BETWEEN of BETWEEN", "(", "i", " BETWEEN 0 AND 1 ? 1 : 2)"),
    expression(
        "CASE of CASE",
        "CASE ",
        "i",
        " WHEN 1 THEN 2 WHEN 3 THEN 4 END",
    ),
    expression("a local that doubles", "a = a + a; ", "return a;", "")
        .within("s.Split(' ').Select(x => { var a = x + x; ", " }).Count()"),
    expression("LIKE", "s LIKE ", "s", ""),
    expression("lambdas", "x => ", "i", ""),
    expression(
        "lambdas in calls",
        "s.Split(' ').Select(x => ",
        "i",
        ").Count()",
    ),
    expression(
        "methods of collections",
        "",
        "s.Split(' ')",
        ".Where(x => true)",
    ),
    expression("blocks of C#", "(int x) => { return ", "i", "; }"),
    expression("arrays", "new SQL.ARRAY<int>{", "i", "}"),
    expression("arrays of arrays", "new SQL.ARRAY<", "int", ">()"),
    expression("anonymous types", "new { a = ", "i", " }"),
    expression("LINQ", "(from x in ", "s", " select x)"),
    expression("LINQ clauses", "from x in s.Split(' ') ", "select x", ""),
    expression("checked", "checked(", "i", ")"),
    expression("windows", "SUM(", "i", ") OVER(PARTITION BY i)"),
    query(
        "subqueries",
        "SELECT i FROM (",
        "SELECT i FROM @t",
        ") AS t",
    ),
    query("queries in parentheses", "(", "SELECT i FROM @t", ")"),
    query(
        "UNION",
        "",
        "SELECT i FROM @t",
        " UNION ALL SELECT i FROM @t",
    ),
    query(
        "UNION in parentheses",
        "(",
        "SELECT i FROM @t",
        " UNION SELECT i FROM @t)",
    ),
    query(
        "joins",
        "",
        "SELECT 1 AS a FROM @t AS a",
        " CROSS JOIN @t AS a",
    ),
    query(
        "joins in subqueries",
        "SELECT a.i FROM @t AS a JOIN (",
        "SELECT i FROM @t",
        ") AS b ON a.i == b.i",
    ),
    query(
        "APPLY",
        "",
        "SELECT 1 AS a FROM @t AS a",
        " CROSS APPLY EXPLODE(a.s.Split(' ')) AS e(x)",
    ),
    query(
        "conditions of a join",
        "",
        "SELECT a.i FROM @t AS a JOIN @t AS b ON a.i == b.i",
        " AND a.i == b.i",
    ),
    script("IF", "IF true THEN ", "", " END;"),
    script("ELSEIF", "", "", " ELSEIF true THEN ;").within("IF true THEN ;", " END;"),
    script("types", "SQL.ARRAY<", "int", ">").within("DECLARE @x ", ";"),
    script("type arguments", "A<", "int", ">"),
    script("ranks", "", "int", "[]").within("DECLARE @x ", ";"),
    script("comments", "/*", "", "*/"),
    script("procedures", "CREATE PROCEDURE p() AS BEGIN ", "", " END;"),
    script(
        "functions",
        "CREATE FUNCTION f() RETURNS @r TABLE(a int) AS BEGIN ",
        "",
        " END;",
    ),
];

/// What can be long.
pub const LONG: &[Shape] = &[
    script("an identifier", "a", "", ""),
    script("an integer", "1", "", ""),
    script("an unclosed string", "", "\"", "a"),
    script("an unclosed verbatim string", "", "@\"", "a\n"),
    script("an unclosed comment", "", "/*", "a\n"),
    script("unclosed names", "[", "", ""),
    script("a comment", "", "//", "a"),
    script("parentheses", "(", "", ""),
    script("pairs of parentheses", "()", "", ""),
    script("closing parentheses", ")", "", ""),
    script("braces", "{", "", ""),
    script("signs", "+", "", ""),
    script("at signs", "@", "", ""),
    script("semicolons", ";", "", ""),
    script("line ends", "\r\n", "", ""),
    script("byte order marks", "\u{feff}", "", ""),
    script("wide characters", "𝄞", "", ""),
    script(
        "declarations of one variable",
        "DECLARE @a int = 1;\n",
        "",
        "",
    ),
    script("declarations", "DECLARE @a# int = #;\n", "", ""),
    script(
        "assignments",
        "@a# = SELECT # AS x FROM (VALUES (#)) AS t(i);\n",
        "",
        "",
    ),
    script(
        "outputs",
        "OUTPUT @a TO \"/#\" USING Outputters.Csv();\n",
        "",
        "",
    ),
    script("malformed statements", "DROP DATABASE;\n", "", ""),
    script("aliases", "USING a# = System.Math;\n", "", ""),
    query("columns", "", "a int", ", a int")
        .within("EXTRACT ", " FROM \"/a\" USING Extractors.Csv()"),
    query("paths", "", "\"/a\"", ", \"/a\"")
        .within("EXTRACT a int FROM ", " USING Extractors.Csv()"),
    query("a pattern", "", "", "/{a}").within("EXTRACT a int FROM \"", "\" USING Extractors.Csv()"),
    expression("a sum", "1 + ", "1", ""),
    expression("a string", "a", "", "").within("\"", "\""),
    expression("a list of IN", "", "1", ", 1").within("i IN (", ")"),
    expression("arguments", "", "\"\"", ", \"\"").within("String.Concat(", ")"),
    expression("elements", "", "1", ", 1").within("new SQL.ARRAY<int>{", "}"),
    expression("branches", "", "CASE i", " WHEN 1 THEN 2").within("", " END"),
    expression("items", "i AS x#, ", "i", ""),
    query("rows", "", "(1)", ", (1)").within("SELECT * FROM (VALUES ", ") AS v(a)"),
    query("keys", "", "SELECT i FROM @t GROUP BY i", ", i"),
];
