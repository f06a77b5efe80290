//! Files that come, go and change between the compilation and the run.

use tokio_util::sync::CancellationToken;

use crate::lake::{Lake, admin, finish, rows};

/// A lake of so many files, each with its number.
fn numbered(count: usize) -> Lake {
    let lake = Lake::new();
    let files = lake.host("/set");
    std::fs::create_dir(&files).unwrap();
    for n in 0..count {
        std::fs::write(files.join(format!("{n}.csv")), format!("{n}\n")).unwrap();
    }
    lake
}

/// What is written, or why not, when something happens after the compilation.
fn meanwhile(lake: &Lake, happens: impl FnOnce(&Lake)) -> Result<String, String> {
    let script = rows("v int, n int", "/set/{n}.csv", "n >= 0");
    let cancel = CancellationToken::new();
    let job = lake.compile(admin(), &script, &cancel).unwrap();
    happens(lake);
    finish(job, cancel)?;
    Ok(lake.text("/out.csv").unwrap().replace("\r\n", "\n"))
}

/// Sets of at most 64 files are opened when the run begins, larger ones as they are read.
const SMALL: usize = 3;
const LARGE: usize = 100;

#[test]
fn a_file_that_comes_after_the_compilation_is_not_in_the_set() {
    for count in [SMALL, LARGE] {
        let lake = numbered(count);
        let found = meanwhile(&lake, |lake| lake.put("/set/7000.csv", "7000\n")).unwrap();
        assert_eq!(found.lines().count(), count);
        assert!(!found.contains("7000"), "{found}");
    }
}

#[test]
fn a_file_that_goes_after_the_compilation_fails_the_run_by_its_name() {
    for count in [SMALL, LARGE] {
        let lake = numbered(count);
        let said = meanwhile(&lake, |lake| lake.remove("/set/2.csv")).unwrap_err();
        assert!(said.contains("/set/2.csv"), "{said}");
        assert_eq!(lake.text("/out.csv"), None);
    }
}

#[test]
fn a_changed_file_of_a_small_set_is_read_as_the_run_finds_it() {
    let lake = numbered(SMALL);
    let found = meanwhile(&lake, |lake| lake.put("/set/1.csv", "5\n6\n"));
    assert_eq!(found.unwrap(), "0,0\n2,2\n5,1\n6,1\n");
}

#[test]
fn a_changed_file_of_a_large_set_fails_the_run_even_at_the_same_length() {
    let lake = numbered(LARGE);
    let said = meanwhile(&lake, |lake| lake.put("/set/41.csv", "14\n")).unwrap_err();
    assert!(
        said.contains("/set/41.csv") && said.contains("has changed since"),
        "{said}"
    );
    assert_eq!(lake.text("/out.csv"), None);
}

#[test]
fn a_file_that_becomes_a_directory_fails_the_run() {
    let lake = numbered(SMALL);
    let said = meanwhile(&lake, |lake| {
        lake.remove("/set/1.csv");
        lake.put("/set/1.csv/inside.csv", "1\n");
    });
    assert!(
        said.as_ref().is_err_and(|said| said.contains("/set/1.csv")),
        "{said:?}"
    );
}

/// The store gives a directory by pages of 4,096 names.
#[test]
fn a_directory_of_several_pages_is_listed_whole_and_one_name_is_found_behind_the_first() {
    let lake = numbered(4_100);
    let count = |condition: &str| {
        let script = format!(
            "@a = EXTRACT v int, n string FROM \"/set/{{n}}.csv\" USING Extractors.Csv();\n\
             @b = SELECT v FROM @a WHERE {condition};\n\
             @c = SELECT COUNT(*) AS n, MAX(v) AS most FROM @b;\n\
             OUTPUT @c TO \"/out.csv\" USING Outputters.Csv();"
        );
        lake.run(admin(), &script).unwrap()
    };
    assert_eq!(count("true"), "4100,4099\n");
    assert_eq!(count("n == \"999\""), "1,999\n");
    // Whoever may read nothing of the first page reads what is on the second.
    for n in ["998", "999"] {
        lake.permit(&format!("/set/{n}.csv"), 0o644);
    }
    lake.permit("/set", 0o755);
    lake.permit("/", 0o777);
    lake.remove("/out.csv");
    let ann = lake_store::Principal::new("ann");
    let script = rows("v int, n int", "/set/{n}.csv", "true");
    let found = lake.run(ann, &script).unwrap();
    assert_eq!(found, "998,998\n999,999\n");
}
