//! Takes every script below a folder to pieces, and says what that cost.
//!
//! `cargo xtask usql-hostile DIR [MUTATIONS [SEED]]`: every beginning of every `.usql`, so many changes of one
//! character spread over all of them, and every shape of this crate 100,000 levels deep or 10 MB long.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use usql_hostile::{Fate, LONG, NESTED, mutations, prefixes, survive};

const USAGE: &str = "usql-hostile DIR [MUTATIONS [SEED]]";
const LEVELS: [usize; 2] = [1_000, 100_000];
const LONG_BYTES: usize = 10 << 20;

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, default: u64| words.get(at).map_or(Ok(default), |word| word.parse());
    let scripts = scripts(Path::new(words.first().context(USAGE)?))?;
    let count = usize::try_from(number(1, 10_000)?)?;
    let seed = number(2, 0)?;
    ensure!(!scripts.is_empty(), "no .usql is there");

    let mut tally = Tally::default();
    for (name, script) in &scripts {
        prefixes(script).for_each(|prefix| tally.take(name, prefix));
    }
    tally.say("prefixes");

    let mut tally = Tally::default();
    let each = count.div_ceil(scripts.len());
    for ((name, script), seed) in scripts.iter().zip(seed..) {
        mutations(script, seed, each).for_each(|script| tally.take(name, &script));
    }
    tally.say("mutations");

    for levels in LEVELS {
        let mut tally = Tally::default();
        NESTED
            .iter()
            .for_each(|shape| tally.take(shape.name, &shape.times(levels)));
        tally.say(&format!("scripts nested {levels} deep"));
    }

    let mut tally = Tally::default();
    LONG.iter()
        .for_each(|shape| tally.take(shape.name, &shape.bytes(LONG_BYTES)));
    tally.say("scripts of 10 MB");
    Ok(())
}

/// The scripts below a folder, by name.
fn scripts(folder: &Path) -> Result<Vec<(String, String)>> {
    let mut scripts = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder);
        for entry in entries.with_context(|| folder.display().to_string())? {
            let path: PathBuf = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|extension| extension == "usql")
            {
                let bytes = std::fs::read(&path)?;
                let text = String::from_utf8_lossy(&bytes).into_owned();
                scripts.push((path.display().to_string(), text));
            }
        }
    }
    scripts.sort();
    // Nothing can be changed in an empty one.
    scripts.retain(|(_, script)| !script.is_empty());
    Ok(scripts)
}

/// What became of scripts, and what they cost.
#[derive(Default)]
struct Tally {
    count: usize,
    compiled: usize,
    bytes: usize,
    time: Duration,
    slowest: (Duration, String),
    hungriest: (u64, String),
}

impl Tally {
    #[expect(clippy::disallowed_methods, reason = "a judge has a clock")]
    fn take(&mut self, name: &str, script: &str) {
        // Small scripts take no memory to speak of, and asking takes longer than they do.
        let is_large = script.len() > 50_000;
        if is_large {
            forget_peak();
        }
        let start = Instant::now();
        let fate = survive(script);
        let time = start.elapsed();
        self.count += 1;
        self.compiled += usize::from(fate == Fate::Compiled);
        self.bytes += script.len();
        self.time += time;
        if time > self.slowest.0 {
            self.slowest = (time, name.to_owned());
        }
        if is_large && let Some(peak) = peak().filter(|peak| *peak > self.hungriest.0) {
            self.hungriest = (peak, name.to_owned());
        }
    }

    #[expect(clippy::print_stdout, reason = "a program speaks on standard output")]
    fn say(&self, what: &str) {
        let Self {
            count, compiled, ..
        } = self;
        let megabytes = self.bytes as f64 / 1e6;
        println!(
            "{count} {what} of {megabytes:.1} MB, {compiled} of which compile: {:.1?}",
            self.time
        );
        println!("  slowest: {:.1?}, {}", self.slowest.0, self.slowest.1);
        let (peak, name) = &self.hungriest;
        if *peak > 0 {
            println!("  most memory: {} MB, {name}", peak / 1_000_000);
        }
    }
}

/// Lets [`peak`] begin again. Only Linux can; elsewhere there is no peak either.
fn forget_peak() {
    // What cannot be forgotten only makes the figure larger.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// The most memory that this process had at once, in bytes.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}
