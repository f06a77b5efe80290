//! Every subject for every row, in turn, so that what else the machine does disturbs all alike.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{
    Outcome, data,
    lake::ACCOUNT,
    measure::Cost,
    result::Rows,
    row::{Row, Subject},
};

/// The interpreter that has the wheels of DuckDB and Polars. Without it, their rows are left out.
const PYTHON: &str = "BENCH_PYTHON";

/// The size of the file, in MB, where it is not 1,000.
const MEGABYTES: &str = "BENCH_MEGABYTES";

/// The days of the file set, and the files of each.
const DAYS: u64 = 200;
const FILES_A_DAY: u64 = 100;

pub fn compare(rounds: usize, rows: &[Row]) -> Outcome<()> {
    let scratch = Scratch::new()?;
    let folder = &scratch.0.join(ACCOUNT);
    fs::create_dir(folder)?;
    let output = folder.join("out.csv");
    if rows.iter().any(|row| !row.reads_folder()) {
        let megabytes: u64 = env::var(MEGABYTES).map_or(Ok(1000), |text| text.parse())?;
        data::write_file(&folder.join("in.csv"), megabytes * 1_000_000)?;
    }
    if rows.iter().any(|row| row.reads_folder()) {
        data::write_files(&folder.join("in"), DAYS, FILES_A_DAY)?;
    }
    let has_python = env::var_os(PYTHON).is_some();
    let subjects: Vec<Subject> = Subject::ALL
        .into_iter()
        .filter(|subject| has_python || !subject.is_python())
        .collect();
    for &row in rows {
        let mut costs = vec![Vec::new(); subjects.len()];
        let mut expected = None;
        for _ in 0..rounds {
            for (subject, costs) in subjects.iter().zip(&mut costs) {
                costs.push(measure(*subject, row, folder)?);
                let found = Rows::of(&output)?;
                fs::remove_file(&output)?;
                if *expected.get_or_insert(found) != found {
                    let subject = subject.name();
                    return Err(format!("{subject} wrote {found:?}, not {expected:?}").into());
                }
            }
        }
        report(row, &subjects, &costs, expected.unwrap_or_default());
    }
    Ok(())
}

fn measure(subject: Subject, row: Row, folder: &Path) -> Outcome<Cost> {
    let mut command = if subject.is_python() {
        let mut python = Command::new(env::var_os(PYTHON).ok_or("no interpreter")?);
        python.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/usql/rivals.py"));
        python
    } else {
        let mut itself = Command::new(env::current_exe()?);
        itself.arg("subject");
        itself
    };
    command.args([subject.name(), row.name()]).arg(folder);
    let ran = command.stderr(Stdio::inherit());
    Ok(String::from_utf8(ran.output()?.stdout)?.parse()?)
}

/// As Markdown, so that it can be copied into the page of figures.
fn report(row: Row, subjects: &[Subject], costs: &[Vec<Cost>], rows: Rows) {
    println!(
        "{}, {} rows and {} MB out:\n",
        row.title(),
        rows.rows,
        rows.bytes / 1_000_000
    );
    println!(
        "|             | by the clock (least, most) | of ours | processor time | of ours | most memory |"
    );
    println!(
        "|-------------|---------------------------:|--------:|---------------:|--------:|------------:|"
    );
    let mut ours = None;
    for (subject, costs) in subjects.iter().zip(costs) {
        let wall = sorted(costs.iter().map(|cost| cost.wall.as_secs_f64()));
        let cpu = sorted(costs.iter().map(|cost| cost.cpu.as_secs_f64()));
        let peak = costs.iter().map(|cost| cost.peak).max().unwrap_or(0);
        let (middle, last) = (wall.len() / 2, wall.len() - 1);
        let (ours_wall, ours_cpu) = *ours.get_or_insert((wall[middle], cpu[middle]));
        println!(
            "| {:11} | {:>26} | {:>7.2} | {:>12.2} s | {:>7.2} | {:>8.0} MB |",
            subject.name(),
            format!("{:.2} s ({:.2}, {:.2})", wall[middle], wall[0], wall[last]),
            wall[middle] / ours_wall,
            cpu[middle],
            cpu[middle] / ours_cpu,
            peak as f64 / 1e6,
        );
    }
    println!();
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

/// A folder of the run; it goes with this value.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Outcome<Self> {
        let folder = env::temp_dir().join(format!("adl-usql-{}", std::process::id()));
        fs::create_dir(&folder)?;
        Ok(Self(folder))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
