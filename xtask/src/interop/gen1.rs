//! Clients of Data Lake Store Gen1 that nobody here wrote, unmodified: their own tests where they have any, and programs that use
//! them. Each test that does not pass is explained in `xtask/interop/gen1/explained.toml`, or the run fails.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::lake::{self, Lake};
use crate::shell;

mod hadoop;
mod java;
mod python;
mod score;
mod spark;

/// Where everything lies that is no Rust.
const FILES: &str = "xtask/interop/gen1";

/// A suite: what it is called, how many tests it has at least, and what runs it and gives a line a test.
struct Suite {
    name: &'static str,
    tests: usize,
    run: fn(&Place) -> Result<String>,
    /// Whether it is left out without a clone of the Java SDK.
    wants_clone: bool,
}

impl Suite {
    const fn new(name: &'static str, tests: usize, run: fn(&Place) -> Result<String>) -> Self {
        let wants_clone = false;
        Self {
            name,
            tests,
            run,
            wants_clone,
        }
    }

    const fn of_clone(mut self) -> Self {
        self.wants_clone = true;
        self
    }
}

const SUITES: [Suite; 8] = [
    Suite::new(
        "azure-datalake-store (Python) 1.0.1, its tests",
        137,
        python::run,
    ),
    Suite::new(
        "azure-data-lake-store-sdk (Java) 2.3.10, a program",
        15,
        java::program,
    ),
    Suite::new(
        "azure-data-lake-store-sdk (Java) 2.3.10, its tests",
        83,
        java::its_tests,
    )
    .of_clone(),
    Suite::new("Hadoop 3.4.1 adl://, its tests", 889, hadoop::adl),
    Suite::new(
        "Hadoop 3.4.1 webhdfs://, contract tests",
        167,
        hadoop::webhdfs,
    ),
    Suite::new(
        "Hadoop 3.4.1 swebhdfs://, contract tests",
        167,
        hadoop::swebhdfs,
    ),
    Suite::new("pyspark 4.0.0 webhdfs://, a program", 5, spark::open),
    Suite::new(
        "pyspark 4.0.0 webhdfs:// with OAuth2, a program",
        5,
        spark::oauth2,
    ),
];

/// What every suite is given.
struct Place {
    /// Of this suite only.
    folder: PathBuf,
    /// A clone of Azure/azure-data-lake-store-java, whose tests no registry has.
    java_sdk: Option<PathBuf>,
}

impl Place {
    /// A file of the suite.
    fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// A program that runs in the suite's folder and says one line a test; what it complains of is kept beside.
    fn verdicts(&self, program: &mut std::process::Command) -> Result<String> {
        let complaints = std::fs::File::create(self.file("stderr.txt"))?;
        let said = program
            .current_dir(&self.folder)
            .stderr(complaints)
            .output()?;
        std::fs::write(self.file("stdout.txt"), &said.stdout)?;
        Ok(String::from_utf8_lossy(&said.stdout).into_owned())
    }
}

/// `interop gen1 [--java-sdk DIR] [WORD]`: every suite, or those whose name has the word.
pub(super) fn run(args: &[&str]) -> Result<()> {
    let (java_sdk, word) = match args {
        [] => (None, ""),
        ["--java-sdk", folder] => (Some(*folder), ""),
        ["--java-sdk", folder, word] => (Some(*folder), *word),
        [word] => (None, *word),
        _ => bail!("interop gen1 wants [--java-sdk DIR] [WORD OF A SUITE'S NAME]"),
    };
    let java_sdk = java_sdk.map(std::path::absolute).transpose()?;
    let explained = score::Explained::read(&shell::root().join(FILES).join("explained.toml"))?;
    let (mut table, mut problems) = (Vec::new(), Vec::new());
    for (number, suite) in SUITES.iter().enumerate() {
        let missing = suite.wants_clone && java_sdk.is_none();
        if !suite.name.contains(word) || missing {
            continue;
        }
        let place = Place {
            folder: lake::folder()?.join(format!("gen1-{number}")),
            java_sdk: java_sdk.clone(),
        };
        if place.folder.exists() {
            std::fs::remove_dir_all(&place.folder)?;
        }
        std::fs::create_dir_all(&place.folder)?;
        shell::say(&format!("{} ...", suite.name));
        let score = score::Score::of(&(suite.run)(&place)?);
        table.push(score.row(suite.name));
        problems.extend(score.problems(suite.name, suite.tests, &explained));
    }
    shell::say(&table.join("\n"));
    shell::verdict("interop gen1", &problems)
}

/// The lake that a suite gets for itself.
fn start(place: &Place, options: &[&str]) -> Result<Lake> {
    let name = place.folder.file_name().unwrap_or_default();
    Lake::start_with(&format!("{}-lake", name.to_string_lossy()), options)
}

fn root() -> PathBuf {
    shell::root().join(FILES)
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
