//! `adl usql`, as a person uses it.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::process::Stdio;

use cli::{Said, adl, feed, run};
use tempfile::TempDir;

const LOG: &str = "UserId,Region\r\n1,en-gb\r\n2,en-us\r\n3,en-us\r\n";

const BY_REGION: &str = r#"
DECLARE EXTERNAL @least int = 1;
DECLARE EXTERNAL @day DateTime = new DateTime(2012, 1, 1);
@log = EXTRACT UserId int, Region string FROM "/in/log.csv" USING Extractors.Csv(skipFirstNRows: 1);
@kept = SELECT Region, UserId FROM @log WHERE UserId >= @least;
@sums = SELECT Region, COUNT(*) AS N FROM @kept GROUP BY Region;
OUTPUT @sums TO "/out/" + @day.ToString("yyyy-MM-dd") + "/sums.csv" ORDER BY Region USING Outputters.Csv();
OUTPUT @kept TO "/out/kept.tsv" ORDER BY UserId USING Outputters.Tsv();
"#;

/// A folder with a log and a script.
fn folder(script: &str) -> TempDir {
    let folder = TempDir::new().and_then(|folder| {
        std::fs::create_dir(folder.path().join("in"))?;
        std::fs::write(folder.path().join("in/log.csv"), LOG)?;
        std::fs::write(folder.path().join("s.usql"), script)?;
        Ok(folder)
    });
    folder.expect("a temporary folder")
}

/// Runs `adl usql` in a folder.
fn usql(folder: &Path, args: &[&str]) -> Said {
    run(adl().current_dir(folder).arg("usql").args(args))
}

/// Every file below a folder, with its text.
fn contents(folder: &Path) -> BTreeMap<String, String> {
    read(folder).expect("a temporary folder with files of UTF-8 names")
}

fn read(folder: &Path) -> io::Result<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.ok_or(io::ErrorKind::InvalidData)?.to_owned();
        if path.is_dir() {
            found.insert(format!("{name}/"), String::new());
            let inner = read(&path)?.into_iter();
            found.extend(inner.map(|(inner, text)| (format!("{name}/{inner}"), text)));
        } else {
            found.insert(name, std::fs::read_to_string(path)?);
        }
    }
    Ok(found)
}

/// The names in a folder that changes.
fn names_now(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("the folder stays");
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names.collect()
}

#[test]
fn a_check_draws_every_error_under_its_line() {
    let script = "@a = SELECT x y FROM @t;\r\n@b = SELECT \t\"日本\" AS s, nope FROM (VALUES (1)) AS T(x);\r\n\
                  OUTPUT @b TO \"/b\" USING Outputters.Csv();";
    let folder = folder(script);
    let said = usql(folder.path(), &["check", "s.usql"]);
    let expected = " --> s.usql:2:25
  |
2 | @b = SELECT     \"日本\" AS s, nope FROM (VALUES (1)) AS T(x);
  |                              ^^^^
";
    assert!(said.out.contains(expected), "{}", said.out);
    assert!(
        said.out
            .contains("error E_CSC_USER_SYNTAXERROR: syntax error. Expected one of: "),
        "{}",
        said.out
    );
    assert!(said.out.contains(" --> s.usql:1:15\n"), "{}", said.out);
    assert!(said.out.ends_with("2 errors\n"), "{}", said.out);
    assert!(
        !said.out.contains('\u{1b}'),
        "no colours where nobody looks"
    );
    said.failed(5);
}

#[test]
fn a_check_of_several_scripts_is_json_for_programs() {
    let folder =
        folder("@a = SELECT * FROM (VALUES (1)) AS T(x);\nOUTPUT @a TO 1 USING Outputters.Csv();");
    std::fs::write(folder.path().join("t.usql"), "\u{feff}@a = SELECT * FROM (VALUES (1)) AS T(x);\n@b = SELECT x FROM @a;\nOUTPUT @a TO \"/a\" USING Outputters.Csv();").unwrap();
    let said = usql(folder.path(), &["check", "--json", "s.usql", "t.usql"]);
    let found: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(found[0]["file"], "s.usql");
    assert_eq!(found[0]["severity"], "Error");
    assert_eq!(found[0]["code"], "E_CSC_USER_INVALIDCSHARP");
    assert_eq!(
        (&found[0]["line"], &found[0]["column"]),
        (&2.into(), &14.into())
    );
    assert_eq!(
        (&found[0]["start"], &found[0]["end"]),
        (&54.into(), &55.into())
    );
    assert_eq!(found[1]["code"], "W_CSC_USER_UNUSEDROWSET");
    assert_eq!(found[1]["file"], "t.usql");
    said.failed(5);
    // A warning is no failure.
    let said = usql(folder.path(), &["check", "t.usql"]).ok();
    assert!(said.ends_with("1 warning\n"), "{said}");
    let said = feed(adl().args(["usql", "check", "-"]), b"OUTPUT @a TO;").failed(5);
    assert!(said.contains("not every script compiles"), "{said}");
}

#[test]
fn a_run_writes_all_outputs_and_says_what_they_are() {
    let folder = folder(BY_REGION);
    let told = usql(folder.path(), &["run", "s.usql", "--json"]).ok();
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["outputs"][0]["path"], "/out/2012-01-01/sums.csv");
    assert_eq!(
        (&told["outputs"][0]["rows"], &told["outputs"][0]["bytes"]),
        (&2.into(), &22.into())
    );
    assert_eq!(told["outputs"][1]["rows"], 3);
    let found = contents(folder.path());
    assert_eq!(
        found["out/2012-01-01/sums.csv"],
        "\"en-gb\",1\r\n\"en-us\",2\r\n"
    );
    assert_eq!(
        found["out/kept.tsv"],
        "\"en-gb\"\t1\r\n\"en-us\"\t2\r\n\"en-us\"\t3\r\n"
    );
    assert_eq!(found.keys().filter(|name| name.contains(".adl")).count(), 0);
}

#[test]
fn a_run_says_which_files_it_looked_at_and_which_it_left_out() {
    let script = r#"
@log = EXTRACT UserId int, Region string, day DateTime, part string
       FROM "/logs/{day:yyyy}/{day:MM}/{part}.csv" USING Extractors.Csv(skipFirstNRows: 1);
@some = SELECT * FROM @log WHERE day >= new DateTime(2012, 2, 1) AND part != "b";
OUTPUT @some TO "/some.csv" USING Outputters.Csv();
"#;
    let folder = folder(script);
    for month in ["2011/12", "2012/01", "2012/02", "2012/03"] {
        let month = folder.path().join("logs").join(month);
        std::fs::create_dir_all(&month).unwrap();
        for part in ["a", "b", "c"] {
            std::fs::write(month.join(format!("{part}.csv")), LOG).unwrap();
        }
    }
    let said = usql(folder.path(), &["run", "s.usql"]);
    let expected = "{part}.csv: 4 of 6 files read, 2 pruned; 11 names in 4 folders looked at\n";
    assert!(said.err.contains(expected), "{}", said.err);
    said.ok();
    let told = usql(folder.path(), &["run", "s.usql", "--json"]).ok();
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    let inputs = &told["inputs"][0];
    assert_eq!(inputs["paths"][0], "/logs/{day:yyyy}/{day:MM}/{part}.csv");
    let numbers = [
        "foldersListed",
        "namesListed",
        "filesMatched",
        "filesPruned",
        "filesRead",
        "rows",
    ];
    assert_eq!(
        numbers.map(|name| inputs[name].as_u64().unwrap()),
        [4, 11, 6, 2, 4, 12]
    );
    assert_eq!(inputs["bytes"], 4 * LOG.len());
    let tree = usql(folder.path(), &["explain", "s.usql"]).ok();
    assert!(tree.contains(expected), "{tree}");
    let all = usql(folder.path(), &["explain", "s.usql", "--json"]).ok();
    let all: serde_json::Value = serde_json::from_str(&all).unwrap();
    assert_eq!(all["rowsets"][0]["files"]["filesPruned"], 2, "{all:#}");
}

/// Kills a run as soon as it has begun to write, and a little later each time.
#[test]
fn of_a_run_that_is_killed_the_next_one_finds_all_outputs_or_none() {
    let script = r#"
DECLARE EXTERNAL @round int = 0;
@rows = SELECT * FROM (VALUES (@round)) AS T(x);
OUTPUT @rows TO "/out/a.csv" USING Outputters.Csv();
OUTPUT @rows TO "/out/new/b.csv" USING Outputters.Csv();
OUTPUT @rows TO "/c.csv" USING Outputters.Csv();
"#;
    let folder = folder(script);
    let is_own = |name: &String| name.contains(".adl-run-");
    usql(folder.path(), &["run", "s.usql"]).ok();
    for round in 1..=12 {
        let mut child = adl()
            .current_dir(folder.path())
            .args([
                "usql",
                "run",
                "s.usql",
                "--param",
                &format!("round={round}"),
            ])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let mut looks = 0;
        while looks < round {
            if names_now(folder.path()).iter().any(is_own) {
                looks += 1;
            }
            if child.try_wait().unwrap().is_some() {
                break;
            }
        }
        let _ = child.kill();
        child.wait().unwrap();
        usql(folder.path(), &["check", "s.usql"]).ok();
        let found = contents(folder.path());
        let outputs = ["out/a.csv", "out/new/b.csv", "c.csv"].map(|name| found[name].as_str());
        assert_eq!(outputs, [outputs[0]; 3], "round {round}: {found:#?}");
        assert!(!found.keys().any(is_own), "round {round}: {found:#?}");
    }
}

#[test]
fn the_caller_gives_parameters_and_the_folder() {
    let folder = folder(BY_REGION);
    let script = folder.path().join("s.usql");
    let (root, script) = (folder.path().to_str().unwrap(), script.to_str().unwrap());
    let told = run(adl().args([
        "usql",
        "run",
        script,
        "--root",
        root,
        "--param",
        "least=2",
        "--param",
        "@day=2012-02-16",
    ]))
    .ok();
    assert!(
        told.contains("/out/2012-02-16/sums.csv") && told.starts_with("PATH"),
        "{told}"
    );
    assert_eq!(
        contents(folder.path())["out/2012-02-16/sums.csv"],
        "\"en-us\",2\r\n"
    );
    let complaint = usql(folder.path(), &["run", "s.usql", "--param", "nothing=1"]).failed(2);
    assert!(
        complaint.contains("has no DECLARE EXTERNAL @nothing"),
        "{complaint}"
    );
    let complaint = usql(folder.path(), &["run", "s.usql", "--param", "least=many"]).failed(5);
    assert!(
        complaint.contains("'many' is not a value of type int."),
        "{complaint}"
    );
}

#[test]
fn outputs_can_be_printed_instead() {
    let folder = folder(BY_REGION);
    let before = contents(folder.path());
    let said = usql(folder.path(), &["run", "s.usql", "--memory"]);
    assert_eq!(said.err, "-- /out/2012-01-01/sums.csv\n-- /out/kept.tsv\n");
    assert!(
        said.ok()
            .starts_with("\"en-gb\",1\r\n\"en-us\",2\r\n\"en-gb\"\t1")
    );
    assert_eq!(contents(folder.path()), before);
}

#[test]
fn a_run_that_fails_says_where_and_leaves_nothing_behind() {
    let script = r#"
@log = EXTRACT UserId int, Region string FROM "/in/log.csv" USING Extractors.Csv(skipFirstNRows: 1);
@ends = SELECT Region.Substring(UserId + 1) AS End FROM @log;
OUTPUT @log TO "/out/deep/log.csv" USING Outputters.Csv();
OUTPUT @ends TO "/out/ends.csv" USING Outputters.Csv();
OUTPUT (SELECT Region.Substring(99) AS x FROM @log) TO "/out/more.csv" USING Outputters.Csv();
"#;
    let folder = folder(script);
    let before = contents(folder.path());
    let complaint = usql(folder.path(), &["run", "s.usql"]).failed(5);
    assert!(complaint.contains(" --> s.usql:6:16\n"), "{complaint}");
    assert!(
        complaint.contains("6 | OUTPUT (SELECT Region.Substring(99) AS x"),
        "{complaint}"
    );
    assert!(
        complaint.contains("ArgumentOutOfRangeException"),
        "{complaint}"
    );
    assert_eq!(contents(folder.path()), before);
}

#[test]
fn a_plan_is_a_tree_with_the_names_and_lines_of_the_script() {
    let folder = folder(BY_REGION);
    let before = contents(folder.path());
    let tree = usql(folder.path(), &["explain", "s.usql"]).ok();
    assert!(tree.contains(" @sums: "), "{tree}");
    assert!(tree.contains("as above"), "{tree}");
    assert!(tree.contains("(line 4)"), "{tree}");
    let all = usql(folder.path(), &["explain", "s.usql", "--analyze", "--json"]).ok();
    let all: serde_json::Value = serde_json::from_str(&all).unwrap();
    assert_eq!(all["rowsets"][0]["variable"], "@log");
    assert_eq!(all["rowsets"][0]["line"], 4);
    let operators: Vec<&serde_json::Value> = all["stages"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|stage| stage["operators"].as_array().unwrap())
        .collect();
    let aggregate = operators
        .iter()
        .find(|each| each["operator"] == "Aggregate")
        .unwrap();
    assert_eq!(aggregate["rows"], 2, "{all:#}");
    // The order of an OUTPUT is nobody's rowset.
    let is_order = |each: &serde_json::Value| each["operator"].to_string().contains("Sort");
    assert!(
        operators
            .iter()
            .all(|each| is_order(each) || !each["rowset"].is_null()),
        "{all:#}"
    );
    assert_eq!(contents(folder.path()), before);
    let people = usql(folder.path(), &["explain", "s.usql", "--analyze"]).ok();
    assert!(people.contains("rows  seconds  operator"), "{people}");
}

#[test]
fn a_served_lakes_files_are_those_of_its_accounts() {
    let lake = TempDir::new().unwrap();
    std::fs::create_dir_all(lake.path().join(".lake")).unwrap();
    std::fs::create_dir_all(lake.path().join("other/in")).unwrap();
    std::fs::write(lake.path().join("other/in/log.csv"), LOG).unwrap();
    let script = r#"
@log = EXTRACT UserId string, Region string FROM "adl://other.azuredatalakestore.net/in/log.csv" USING Extractors.Csv();
OUTPUT @log TO "/log.csv" USING Outputters.Csv(quoting: false);
"#;
    let root = lake.path().to_str().unwrap();
    feed(
        adl().args(["usql", "run", "-", "--root", root]),
        script.as_bytes(),
    )
    .ok();
    assert_eq!(contents(lake.path())["lakestore/log.csv"], LOG);
}

#[test]
fn help_has_examples() {
    let help = run(adl().args(["usql", "--help"])).ok();
    assert!(
        help.contains("adl usql run report.usql --param day=2012-02-16"),
        "{help}"
    );
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_leaves_nothing_behind() {
    use std::io::Write as _;

    let folder = folder("");
    // Enough work for a while, none of it on the disk.
    let rows: Vec<String> = (0..2000).map(|n| format!("({n})")).collect();
    let script = format!(
        "@a = SELECT * FROM (VALUES {}) AS T(x);\n\
         @b = SELECT a.x * b.x % 1000003 AS x FROM @a AS a CROSS JOIN @a AS b;\n\
         @c = SELECT b.x AS x, a.x AS y FROM @b AS b CROSS JOIN @a AS a;\n\
         OUTPUT @c TO \"/out/new/c.csv\" USING Outputters.Csv();",
        rows.join(", ")
    );
    let before = contents(folder.path());
    let mut child = adl()
        .current_dir(folder.path())
        .args(["usql", "run", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(script.as_bytes())
        .unwrap();
    // It is under way when its file is there.
    while !folder.path().join("out/new").exists() {
        std::thread::yield_now();
        assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
    }
    cli::interrupt(&child);
    let complaint = cli::ended(child).failed(130);
    assert!(
        complaint.contains("stopped; nothing was written"),
        "{complaint}"
    );
    assert_eq!(contents(folder.path()), before);
}
