//! Which files an EXTRACT reads, and what was looked at to find them.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    ops::ControlFlow,
};

use expect_test::{Expect, expect};
use usql_sema::{
    CompileEnvironment, Entry, FileInfo, LakePath, ListError, Plan, RowsetKind, Value,
};

use super::write_diagnostic;

/// A lake that keeps what is asked of it.
#[derive(Default)]
struct Lake {
    files: BTreeMap<String, u64>,
    listed: RefCell<Vec<String>>,
    /// A directory that cannot be listed.
    broken: Option<&'static str>,
}

impl Lake {
    fn of<'p>(paths: impl IntoIterator<Item = &'p str>) -> Self {
        let files = paths.into_iter().enumerate();
        Self {
            files: files
                .map(|(index, path)| (path.to_owned(), index as u64))
                .collect(),
            ..Self::default()
        }
    }

    /// A file for every day of four years, in a directory of its own.
    fn of_days() -> Self {
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        let mut files = BTreeMap::new();
        for year in 2013..=2016 {
            for (month, length) in (1..).zip(lengths) {
                for day in 1..=length {
                    files.insert(format!("/days/{year}/{month:02}/{day:02}/a.csv"), 1);
                }
            }
        }
        Self {
            files,
            ..Self::default()
        }
    }

    fn check(&self, script: &str) -> Result<Plan, Vec<usql_sema::Diagnostic>> {
        usql_sema::check(&usql_syntax::parse(script), self)
    }

    /// The files and values of the EXTRACTs of a script, or its diagnostics.
    fn answer(&self, script: &str) -> String {
        let mut answer = String::new();
        match self.check(script) {
            Ok(plan) => {
                for (_, rowset) in plan.rowsets() {
                    if let RowsetKind::Extract { files, .. } = &rowset.kind {
                        answer.push_str(&format!("{files}\n"));
                        for file in files.files.iter() {
                            let values: Vec<String> =
                                file.values.iter().map(Value::to_string).collect();
                            let values = values.join(" ");
                            answer.push_str(format!("  {} {values}", file.path).trim_end());
                            answer.push('\n');
                        }
                    }
                }
                plan.warnings()
                    .iter()
                    .for_each(|warning| write_diagnostic(&mut answer, warning));
            }
            Err(found) => found
                .iter()
                .for_each(|diagnostic| write_diagnostic(&mut answer, diagnostic)),
        }
        answer
    }
}

impl CompileEnvironment for Lake {
    fn file(&self, path: &LakePath) -> Option<FileInfo> {
        let length = self.files.get(path.path())?;
        Some(FileInfo::of_length(*length))
    }

    fn entry<'n>(
        &self,
        directory: &LakePath,
        name: &'n str,
    ) -> Result<Option<Entry<'n>>, ListError> {
        let path = directory.join(name);
        let below = format!("{}/", path.path());
        Ok(match self.file(&path) {
            Some(info) => Some(Entry::File(name, info)),
            None => (self.files.keys().any(|file| file.starts_with(&below)))
                .then_some(Entry::Directory(name)),
        })
    }

    fn list(
        &self,
        directory: &LakePath,
        prefix: &str,
        each: &mut dyn FnMut(Entry<'_>) -> ControlFlow<()>,
    ) -> Result<(), ListError> {
        if self.broken == Some(directory.path()) {
            return Err(ListError::new("the disk is gone"));
        }
        let listed = format!("{}/{prefix}", directory.path().trim_end_matches('/'));
        self.listed.borrow_mut().push(listed);
        let above = format!("{}/", directory.path().trim_end_matches('/'));
        let below = self.files.iter().filter_map(|(path, length)| {
            let rest = path.strip_prefix(&above)?;
            Some(match rest.split_once('/') {
                Some((name, _)) => (name, None),
                None => (rest, Some(*length)),
            })
        });
        let names: BTreeSet<(&str, Option<u64>)> = below.collect();
        for (name, length) in names {
            let entry = match length {
                _ if !name.starts_with(prefix) => continue,
                Some(length) => Entry::File(name, FileInfo::of_length(length)),
                None => Entry::Directory(name),
            };
            if each(entry).is_break() {
                break;
            }
        }
        Ok(())
    }
}

/// `EXTRACT text string, columns FROM paths`, all of it written.
fn extract(columns: &str, paths: &str) -> String {
    format!(
        "@a = EXTRACT text string{columns} FROM {paths} USING Extractors.Csv();\n\
         OUTPUT @a TO \"/o\" USING Outputters.Csv();"
    )
}

/// The same, with a condition.
fn extract_where(columns: &str, paths: &str, condition: &str) -> String {
    format!(
        "@a = EXTRACT text string{columns} FROM {paths} USING Extractors.Csv();\n\
         @b = SELECT text FROM @a WHERE {condition};\nOUTPUT @b TO \"/o\" USING Outputters.Csv();"
    )
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "an expectation is written in place"
)]
#[track_caller]
fn check(lake: &Lake, script: &str, expected: Expect) {
    expected.assert_eq(&lake.answer(script));
}

fn vehicles() -> Lake {
    Lake::of([
        "/v/vehicle1_09142014.csv",
        "/v/vehicle1_09152014.csv",
        "/v/vehicle2_09142014.csv",
        "/v/vehicle2_13142014.csv",
        "/v/vehicleX_09142014.csv",
        "/v/vehicle3_09142014.csv/not a file",
        "/v/2014/vehicle1_09142014.csv",
        "/v/Drivers.txt",
    ])
}

#[test]
fn a_list_is_read_as_often_as_it_names_a_file() {
    check(
        &vehicles(),
        &extract("", "\"/v/Drivers.txt\", \"v/Drivers.txt\""),
        expect![[r#"
            /v/Drivers.txt, /v/Drivers.txt
              /v/Drivers.txt
              /v/Drivers.txt
        "#]],
    );
    check(
        &vehicles(),
        &extract(
            "",
            "\"/v/Drivers.txt\", \"/v/no\", \"\", \"/v/vehicle{*}4.csv\"",
        ),
        expect![[r#"
            1:49 48..55 E_CSC_USER_FILENOTFOUND: The input file '/v/no' does not exist.
            1:58 57..59 E_CSC_USER_EMPTYFILEPATH: The file path is empty.
        "#]],
    );
}

#[test]
fn a_file_belongs_to_a_set_if_its_path_fits_and_its_parts_are_values() {
    check(
        &vehicles(),
        &extract(
            ", vid int, date DateTime",
            "\"/v/vehicle{vid}_{date:MM}{date:dd}{date:yyyy}.{*}\"",
        ),
        expect![[r#"
            /v/vehicle{vid}_{date:MM}{date:dd}{date:yyyy}.{*} [3 of 3 files, 1 directories listed]
              /v/vehicle1_09142014.csv 1 ticks(635462496000000000)
              /v/vehicle1_09152014.csv 1 ticks(635463360000000000)
              /v/vehicle2_09142014.csv 2 ticks(635462496000000000)
            1:55 54..105 W_CSC_USER_FILESETVALUES: 2 names fit the file set '/v/vehicle{vid}_{date:MM}{date:dd}{date:yyyy}.{*}' but not the types of its columns, the first of them '/v/vehicle2_13142014.csv'; they are left out.
        "#]],
    );
    check(
        &vehicles(),
        &extract(
            ", vid string",
            "\"/v/vehicle{vid}_{*}\", \"/v/{*}/vehicle{vid}_{*}\"",
        ),
        expect![[r#"
            /v/vehicle{vid}_{*}, /v/{*}/vehicle{vid}_{*} [6 of 6 files, 4 directories listed]
              /v/vehicle1_09142014.csv "1"
              /v/vehicle1_09152014.csv "1"
              /v/vehicle2_09142014.csv "2"
              /v/vehicle2_13142014.csv "2"
              /v/vehicleX_09142014.csv "X"
              /v/2014/vehicle1_09142014.csv "1"
        "#]],
    );
    check(
        &vehicles(),
        &extract(
            ", d DateTime",
            "\"/v/{d:yyyy}/vehicle1_{d:MM}{d:dd}{d:yyyy}.csv\"",
        ),
        expect![[r#"
            /v/{d:yyyy}/vehicle1_{d:MM}{d:dd}{d:yyyy}.csv [1 of 1 files, 2 directories listed]
              /v/2014/vehicle1_09142014.csv ticks(635462496000000000)
        "#]],
    );
    let lake = Lake::of(["/2014/x2014.csv", "/2014/x2015.csv"]);
    check(
        &lake,
        &extract(", d DateTime", "\"/{d:yyyy}/x{d:yyyy}.csv\""),
        expect![[r#"
            /{d:yyyy}/x{d:yyyy}.csv [1 of 1 files, 1 directories listed]
              /2014/x2014.csv ticks(635241312000000000)
        "#]],
    );
}

#[test]
fn a_set_without_files_is_an_error_even_where_nothing_is_needed_of_it() {
    check(
        &vehicles(),
        &extract(", vid int", "\"/v/vehicle{vid}.tsv\""),
        expect![[r#"
            1:40 39..60 E_CSC_USER_FILENOTFOUND: No input file fits the file set '/v/vehicle{vid}.tsv'.
        "#]],
    );
    check(
        &vehicles(),
        &extract(", name int", "\"/v/{name}.txt\""),
        expect![[r#"
            1:41 40..55 E_CSC_USER_FILENOTFOUND: No input file fits the file set '/v/{name}.txt'. 1 names fit but for the types of their columns, the first of them '/v/Drivers.txt'.
        "#]],
    );
    check(
        &vehicles(),
        &extract_where(", vid int", "\"/v/vehicle{vid}_{*}\"", "vid == 7"),
        expect![[r#"
            /v/vehicle{vid}_{*} [0 of 4 files, 1 directories listed]
            1:40 39..60 W_CSC_USER_FILESETVALUES: 1 names fit the file set '/v/vehicle{vid}_{*}' but not the types of its columns, the first of them '/v/vehicleX_09142014.csv'; they are left out.
        "#]],
    );
}

#[test]
fn every_type_of_a_simple_value_may_be_a_part_of_a_path() {
    let lake = Lake::of(["/true/200/x/-7/5/c.csv"]);
    check(
        &lake,
        &extract(
            ", b bool, u byte, c char, i int?, l ulong",
            "\"/{b}/{u}/{c}/{i}/{l}/c.csv\"",
        ),
        expect![[r#"
            /{b}/{u}/{c}/{i}/{l}/c.csv [1 of 1 files, 5 directories listed]
              /true/200/x/-7/5/c.csv true 200b 'x' -7 5uL
        "#]],
    );
}

#[test]
fn properties_of_files_are_columns_with_the_documented_types() {
    check(
        &vehicles(),
        "@a = EXTRACT text string, u = FILE.URI(), n = FILE.LENGTH(), m = FILE.MODIFIED(), c = FILE.CREATED() \
         FROM \"/v/{*}.txt\", \"/v/2014/vehicle1_09142014.csv\" USING Extractors.Csv();\n\
         @b = SELECT * FROM @a WHERE n > 6;\n\
         OUTPUT @b TO \"/o\" USING Outputters.Csv();",
        expect![[r#"
            /v/{*}.txt, /v/2014/vehicle1_09142014.csv [1 of 1 files, 1 directories listed]
              /v/Drivers.txt "/v/Drivers.txt" 7L ticks(0) ticks(0)
        "#]],
    );
    check(
        &vehicles(),
        "@a = EXTRACT text string, u = FILE.NAME(), v = FILE.LENGTH(1) FROM \"/v/{*}.txt\" USING Extractors.Csv();\n\
         OUTPUT @a TO \"/o\" USING Outputters.Csv();",
        expect![[r#"
            1:31 30..41 E_CSC_USER_NOTSUPPORTED: A computed column other than FILE.URI(), FILE.MODIFIED(), FILE.CREATED() and FILE.LENGTH() is not supported.
            1:48 47..61 E_CSC_USER_NOTSUPPORTED: A computed column other than FILE.URI(), FILE.MODIFIED(), FILE.CREATED() and FILE.LENGTH() is not supported.
        "#]],
    );
}

#[test]
fn functions_of_files_are_constants() {
    let lake = vehicles();
    let plan = lake.check(
        "DECLARE @dir = \"/v/\";\n\
         DECLARE CONST @small = FILE.EXISTS(@dir + \"Drivers.txt\") && FILE.LENGTH(@dir + \"Drivers.txt\") < 99;\n\
         @a = SELECT * FROM (VALUES (@small, FILE.EXISTS(\"/v/no\"), FILE.LENGTH(\"/v\"), \
         FILE.MODIFIED(\"/v/Drivers.txt\"))) AS T(a, b, c, d);\n\
         OUTPUT @a TO \"/o\" USING Outputters.Csv();",
    );
    let plan = plan.expect("the script is correct").to_string();
    expect![
        "r0 = values (true, false, null:long?, ticks(0)) -> (a bool, b bool, c long?, d DateTime?)"
    ]
    .assert_eq(plan.lines().next().unwrap_or_default());
    check(
        &lake,
        "@a = SELECT x, FILE.LENGTH(x) AS n FROM (VALUES (\"/v\")) AS T(x);\n\
         @b = SELECT FILE.EXISTS(\"\") AS e, FILE.EXISTS(\"/../v\") AS f, FILE.SIZE(\"/v\") AS g, \
         FILE.EXISTS() AS h FROM (VALUES (1)) AS T(x);\n\
         OUTPUT @a TO \"/o\" USING Outputters.Csv();\nOUTPUT @b TO \"/p\" USING Outputters.Csv();",
        expect![[r#"
            1:28 27..28 E_CSC_USER_EXPRESSIONNOTCONSTANTFOLDABLE: Expression cannot be constant folded.
            2:25 89..91 E_CSC_USER_EMPTYFILEPATH: The file path is empty.
            2:47 111..118 E_CSC_USER_INVALIDFILENAME: The file path '/../v' is invalid: it has a '.' or '..' segment.
            2:62 126..141 E_CSC_USER_INVALIDCSHARP: C# error CS0117: 'FILE' does not contain a definition for 'SIZE'
            2:84 148..161 E_CSC_USER_INVALIDCSHARP: C# error CS1501: No overload for method 'EXISTS' takes this number of arguments
        "#]],
    );
}

#[test]
fn patterns_that_mean_nothing_are_refused_in_the_services_words() {
    for (columns, path, expected) in [
        (
            ", c string",
            "/{c:*}",
            expect![[r#"
            1:41 40..48 E_CSC_USER_STARFORMATSPECIFIERISDEPRECATED: The '*' format specifier for enumeration, i.e. {virtualColumn:*}, was deprecated and removed.
        "#]],
        ),
        (
            ", c DateTime",
            "/{c:hh}",
            expect![[r#"
            1:43 42..51 E_CSC_USER_LOWERCASEHOURFORMATSPECIFIERSAREDEPRECATED: The 'hh' and 'h' format specifiers on DateTime virtual columns were deprecated and removed.
        "#]],
        ),
        (
            ", c DateTime",
            "/{c:YYYY}",
            expect![[r#"
            1:43 42..53 E_CSC_USER_INVALIDFILENAME: The file path '/{c:YYYY}' is invalid: 'YYYY' is no part of a date (yyyy, MM, M, dd, d, HH, H, mm, m, ss, s).
        "#]],
        ),
        (
            ", c string",
            "/{c:yyyy}",
            expect![[r#"
            1:41 40..51 E_CSC_USER_INVALIDVIRTUALCOLUMN: The virtual column 'c' is a part of a date, so it has to be a DateTime and not a string.
        "#]],
        ),
        (
            ", c DateTime",
            "/{c:yyyy}/{c}",
            expect![[r#"
            1:43 42..57 E_CSC_USER_INVALIDVIRTUALCOLUMN: The virtual column 'c' is a part of a date in one place and a whole in another.
        "#]],
        ),
        (
            ", c byte[]",
            "/{c}",
            expect![[r#"
            1:41 40..46 E_CSC_USER_INVALIDVIRTUALCOLUMN: The virtual column 'c' is a byte[], which no part of a path is.
        "#]],
        ),
        (
            "",
            "/{c}",
            expect![[r#"
            1:31 30..36 E_CSC_USER_INVALIDVIRTUALCOLUMN: The virtual column 'c' is not declared with a type.
        "#]],
        ),
        (
            "",
            "/{C}{text}",
            expect![[r#"
            1:31 30..42 E_CSC_USER_INVALIDVIRTUALCOLUMN: The virtual column 'C' is not declared with a type.
        "#]],
        ),
        (
            "",
            "/{text}",
            expect![[r#"
            1:6 5..62 E_CSC_USER_NOEXTRACTEDCOLUMN: The EXTRACT has no column of its own: all come from the files' paths and properties.
        "#]],
        ),
        (
            ", c string",
            "/a{c",
            expect![[r#"
            1:41 40..46 E_CSC_USER_INVALIDFILENAME: The file path '/a{c' is invalid: a brace has no partner.
        "#]],
        ),
        (
            ", c string",
            "/{c}/../x",
            expect![[r#"
            1:41 40..51 E_CSC_USER_INVALIDFILENAME: The file path '/{c}/../x' is invalid: it has a '.' or '..' segment.
        "#]],
        ),
        (
            ", c string",
            "adl://{c}.azuredatalakestore.net/x",
            expect![[r#"
                1:41 40..76 E_CSC_USER_INVALIDFILENAME: The file path 'adl://{c}.azuredatalakestore.net/x' is invalid: its account is a pattern.
            "#]],
        ),
        (
            ", c string",
            "wasb://c@a/{c}",
            expect![[r#"
            1:41 40..56 E_CSC_USER_NOTSUPPORTED: A path in Blob storage is not supported.
        "#]],
        ),
        (
            ", c string",
            "/v/{c}.txt\", \"/v/Drivers.txt",
            expect![[r#"
                1:55 54..70 E_CSC_USER_INVALIDVIRTUALCOLUMN: The virtual column 'c' is filled by other paths of the list but not by '/v/Drivers.txt'.
            "#]],
        ),
    ] {
        check(
            &vehicles(),
            &extract(columns, &format!("\"{path}\"")),
            expected,
        );
    }
}

#[test]
fn one_day_of_four_years_lists_one_directory() {
    let days = ", d DateTime";
    let pattern = "\"/days/{d:yyyy}/{d:MM}/{d:dd}/{*}.csv\"";
    for (condition, expected) in [
        (
            "d == new DateTime(2014, 9, 15)",
            expect![[r#"
            /days/{d:yyyy}/{d:MM}/{d:dd}/{*}.csv [1 of 1 files, 1 directories listed]
              /days/2014/09/15/a.csv ticks(635463360000000000)
            ["/days/2014/09/15/"]
        "#]],
        ),
        (
            "d >= new DateTime(2014, 9, 15) AND d < new DateTime(2014, 9, 16)",
            expect![[r#"
                /days/{d:yyyy}/{d:MM}/{d:dd}/{*}.csv [1 of 1 files, 1 directories listed]
                  /days/2014/09/15/a.csv ticks(635463360000000000)
                ["/days/2014/09/15/"]
            "#]],
        ),
        (
            "d BETWEEN new DateTime(2014, 12, 31) AND new DateTime(2015, 1, 1)",
            expect![[r#"
                /days/{d:yyyy}/{d:MM}/{d:dd}/{*}.csv [2 of 2 files, 3 directories listed]
                  /days/2014/12/31/a.csv ticks(635555808000000000)
                  /days/2015/01/01/a.csv ticks(635556672000000000)
                ["/days/", "/days/2014/12/31/", "/days/2015/01/01/"]
            "#]],
        ),
        (
            "d IN (new DateTime(2013, 1, 1), new DateTime(2016, 12, 31))",
            expect![[r#"
                /days/{d:yyyy}/{d:MM}/{d:dd}/{*}.csv [2 of 2 files, 2 directories listed]
                  /days/2013/01/01/a.csv ticks(634925952000000000)
                  /days/2016/12/31/a.csv ticks(636187392000000000)
                ["/days/2013/01/01/", "/days/2016/12/31/"]
            "#]],
        ),
        (
            "text == \"x\" && d == new DateTime(2014, 9, 15) || d == new DateTime(2015, 2, 3)",
            expect![[r#"
                /days/{d:yyyy}/{d:MM}/{d:dd}/{*}.csv [2 of 2 files, 2 directories listed]
                  /days/2014/09/15/a.csv ticks(635463360000000000)
                  /days/2015/02/03/a.csv ticks(635585184000000000)
                ["/days/2014/09/15/", "/days/2015/02/03/"]
            "#]],
        ),
        (
            "d == new DateTime(2014, 9, 15) AND d == new DateTime(2014, 9, 16)",
            expect![[r#"
                /days/{d:yyyy}/{d:MM}/{d:dd}/{*}.csv [0 of 0 files, 0 directories listed]
                ["/days/", "/days/2013/", "/days/2013/01/", "/days/2013/01/01/"]
            "#]],
        ),
        (
            "d == new DateTime(2014, 9, 15, 1, 0, 0)",
            expect![[r#"
            /days/{d:yyyy}/{d:MM}/{d:dd}/{*}.csv [0 of 0 files, 0 directories listed]
            ["/days/", "/days/2013/", "/days/2013/01/", "/days/2013/01/01/"]
        "#]],
        ),
    ] {
        let lake = Lake::of_days();
        let mut answer = lake.answer(&extract_where(days, pattern, condition));
        answer.push_str(&format!("{:?}\n", lake.listed.borrow()));
        expected.assert_eq(&answer);
    }
}

#[test]
fn a_condition_wanders_to_the_files_through_what_leaves_it_true() {
    let extract =
        "@a = EXTRACT text string, n string FROM \"/f/{n}.csv\" USING Extractors.Csv();\n";
    let lake = Lake::of(["/f/x.csv", "/f/y.csv", "/f/z.csv"]);
    for (script, expected) in [
        (
            "@b = SELECT n AS m, text FROM @a; @c = SELECT m, COUNT(*) AS k FROM @b GROUP BY m; \
             @d = SELECT * FROM @c WHERE m == \"x\" AND k > 1;",
            "[1 of",
        ),
        (
            "@c = SELECT COUNT(*) AS k FROM @a; @d = SELECT * FROM @c WHERE k == 0;",
            "[3 of",
        ),
        (
            "@b = SELECT DISTINCT n FROM @a; @d = SELECT * FROM @b WHERE n IN (\"x\", \"z\");",
            "[2 of",
        ),
        (
            "@b = SELECT * FROM @a ORDER BY text FETCH 1; @d = SELECT * FROM @b WHERE n == \"x\";",
            "[3 of",
        ),
        (
            "@b = SELECT l.n, r.text FROM @a AS l INNER JOIN @v AS r ON l.text == r.text; \
             @d = SELECT * FROM @b WHERE n == \"x\";",
            "[1 of",
        ),
        (
            "@b = SELECT l.n, r.text FROM @a AS l RIGHT OUTER JOIN @v AS r ON l.text == r.text; \
             @d = SELECT * FROM @b WHERE n == null;",
            "[3 of",
        ),
        (
            "@b = SELECT l.n FROM @a AS l LEFT ANTISEMIJOIN @v AS r ON l.text == r.text; \
             @d = SELECT * FROM @b WHERE n != \"x\";",
            "[2 of",
        ),
        (
            "@b = SELECT n FROM @a UNION ALL SELECT text AS n FROM @v; @d = SELECT * FROM @b WHERE n == \"x\";",
            "[1 of",
        ),
        (
            "@b = SELECT text AS n FROM @v EXCEPT SELECT n FROM @a; @d = SELECT * FROM @b WHERE n == \"x\";",
            "[1 of",
        ),
        (
            "@b = SELECT n FROM @a INTERSECT ALL SELECT text AS n FROM @v; @d = SELECT * FROM @b WHERE n == \"x\";",
            "[1 of",
        ),
        (
            "@b = SELECT decimal.Parse(n) AS k FROM @a EXCEPT SELECT decimal.Parse(text) AS k FROM @v; \
             @d = SELECT * FROM @b WHERE k.ToString() == \"1.0\";",
            "[3 of",
        ),
        (
            "@b = SELECT n, w FROM @a CROSS APPLY EXPLODE(text.Split(' ')) AS T(w); \
             @d = SELECT * FROM @b WHERE n == \"x\" AND w == \"y\";",
            "[1 of",
        ),
        (
            "@b = SELECT n, w FROM @a OUTER APPLY EXPLODE(text.Split(' ')) AS T(w); \
             @d = SELECT * FROM @b WHERE w == \"x\";",
            "[3 of",
        ),
        (
            "@b = SELECT n, ROW_NUMBER() OVER (PARTITION BY n, text ORDER BY text) AS k, \
             COUNT(*) OVER (PARTITION BY n) AS c FROM @a; @d = SELECT * FROM @b WHERE n == \"x\" AND k == 1;",
            "[1 of",
        ),
        (
            "@b = SELECT n, COUNT(*) OVER (PARTITION BY n) AS c, COUNT(*) OVER () AS k FROM @a; \
             @d = SELECT * FROM @b WHERE n == \"x\";",
            "[3 of",
        ),
        (
            "@b = SELECT * FROM @a WHERE n == \"x\"; OUTPUT @b TO \"/o2\" USING Outputters.Csv(); \
             @d = SELECT * FROM @a WHERE n == \"y\";",
            "[2 of",
        ),
        (
            "OUTPUT @a TO \"/o2\" USING Outputters.Csv(); @d = SELECT * FROM @a WHERE n == \"y\";",
            "[3 of",
        ),
        ("@d = SELECT * FROM @a WHERE n == text;", "[3 of"),
        (
            "@d = SELECT * FROM @a WHERE !(n == \"x\" || text == n);",
            "[2 of",
        ),
        ("@d = SELECT * FROM @a WHERE n.ToUpper() == \"Y\";", "[1 of"),
    ] {
        let script = format!(
            "{extract}@v = SELECT * FROM (VALUES (\"x\")) AS T(text);\n{script}\n\
             OUTPUT @d TO \"/o\" USING Outputters.Csv();"
        );
        let answer = lake.answer(&script);
        assert!(answer.contains(expected), "{expected}: {script}\n{answer}");
    }
}

#[test]
fn a_store_that_fails_is_an_error_and_not_an_empty_set() {
    let mut lake = vehicles();
    lake.broken = Some("/v");
    check(
        &lake,
        &extract("", "\"/v/{*}\""),
        expect![[r#"
        1:31 30..38 E_CSC_USER_FILESETNOTLISTED: The file set '/v/{*}' cannot be listed: the disk is gone.
    "#]],
    );
}

#[test]
fn names_may_hold_anything_but_a_slash() {
    let lake = Lake::of([
        "/n/a b.csv",
        "/n/a%20b.csv",
        "/n/{x}.csv",
        "/n/é😀.csv",
        "/n/..csv",
    ]);
    check(
        &lake,
        &extract(", n string", "\"/n/{n}.csv\""),
        expect![[r#"
            /n/{n}.csv [5 of 5 files, 1 directories listed]
              /n/..csv "."
              /n/a b.csv "a b"
              /n/a%20b.csv "a%20b"
              /n/{x}.csv "{x}"
              /n/é😀.csv "é😀"
        "#]],
    );
    check(
        &lake,
        &extract(
            "",
            "\"/n/a%20b.csv\", \"/n/a%2520b.csv\", \"/n/%7Bx%7D.csv\"",
        ),
        expect![[r#"
            /n/a b.csv, /n/a%20b.csv, /n/{x}.csv
              /n/a b.csv
              /n/a%20b.csv
              /n/{x}.csv
        "#]],
    );
    check(
        &lake,
        &extract_where(
            ", n string",
            "\"/n/{n}.csv\"",
            "n == \"../n/a b\" || n == \"..\"",
        ),
        expect![[r#"
            /n/{n}.csv [0 of 0 files, 0 directories listed]
        "#]],
    );
}

#[test]
fn a_long_chain_of_conditions_takes_no_time_to_speak_of() {
    let mut script =
        String::from("@r0 = EXTRACT text int, n int FROM \"/f/{n}.csv\" USING Extractors.Csv();\n");
    for n in 1..1_000 {
        let m = n - 1;
        script.push_str(&format!(
            "@r{n} = SELECT text + n AS text, n + 1 AS n FROM @r{m} WHERE n > 0 AND text > {n};\n"
        ));
    }
    script.push_str("OUTPUT @r999 TO \"/o\" USING Outputters.Csv();");
    let answer = Lake::of(["/f/0.csv", "/f/1.csv"]).answer(&script);
    assert!(answer.contains("[1 of 2 files"), "{answer}");
}
