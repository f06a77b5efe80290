//! How many bytes a second EXTRACT + WHERE + GROUP BY and EXTRACT + OUTPUT read:
//! `cargo run --release -p usql-engine --example engine_throughput -- [million rows] [threads]`.
//!
//! The rows are those of vehicles on their way, eight typed columns and about 57 bytes each.
#![expect(clippy::print_stdout, reason = "a program prints its result")]
#![expect(
    clippy::disallowed_methods,
    reason = "a program may ask for its arguments and the time"
)]

use std::{
    error::Error,
    fs::File,
    io::{self, BufWriter, Write},
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Instant, SystemTime},
};

use usql_engine::{Engine, EngineOptions, FileError, Files, Input};
use usql_sema::{CompileEnvironment, FileInfo, LakePath};

const SCRIPTS: [(&str, &str); 2] = [
    (
        "extract, filter, group",
        r#"
        @rows = EXTRACT vehicle_id int, entry_id long, event_date DateTime, latitude double, longitude double,
                        speed int, direction string, trip_id int?
                FROM "/vehicles.csv" USING Extractors.Csv();
        @groups = SELECT vehicle_id, direction, COUNT(*) AS rows_seen, AVG(speed) AS mean, MAX(latitude) AS north
                  FROM @rows WHERE speed > 20 AND event_date >= new DateTime(2014, 9, 1)
                  GROUP BY vehicle_id, direction;
        OUTPUT @groups TO "/groups.csv" ORDER BY vehicle_id, direction USING Outputters.Csv();"#,
    ),
    (
        "extract, filter, output",
        r#"
        @rows = EXTRACT vehicle_id int, entry_id long, event_date DateTime, latitude double, longitude double,
                        speed int, direction string, trip_id int?
                FROM "/vehicles.csv" USING Extractors.Csv();
        @fast = SELECT * FROM @rows WHERE speed > 30;
        OUTPUT @fast TO "/fast.csv" USING Outputters.Csv();"#,
    ),
];

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let millions: f64 = arguments.next().map_or(Ok(4.0), |text| text.parse())?;
    let threads: usize = arguments.next().map_or(Ok(2), |text| text.parse())?;
    let folder =
        Folder(std::env::temp_dir().join(format!("usql-throughput-{}", std::process::id())));
    std::fs::create_dir_all(&folder.0)?;
    let bytes = generate(&folder.0.join("vehicles.csv"), (millions * 1e6) as u64)?;
    let folder = Arc::new(folder);
    let engine =
        Engine::new(EngineOptions::new(Arc::new(SystemTime::now)).with_parallelism(threads))?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .build()?;
    for (name, script) in SCRIPTS {
        let plan = usql_sema::check(&usql_syntax::parse(script), &*folder)
            .map_err(|diagnostics| format!("{diagnostics:?}"))?;
        let started = Instant::now();
        let run = engine.run(Arc::new(plan), Arc::clone(&folder), Default::default());
        let report = runtime.block_on(run)?;
        let seconds = started.elapsed().as_secs_f64();
        println!(
            "{name}: {bytes} bytes in {seconds:.2} s, {:.3} GB/s on {threads} threads, {} rows written",
            bytes as f64 / seconds / 1e9,
            report.rows_written()
        );
    }
    Ok(())
}

fn generate(path: &Path, rows: u64) -> io::Result<u64> {
    let mut file = BufWriter::new(File::create(path)?);
    let mut state = 1_u64;
    let mut below = |bound: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    };
    for entry in 0..rows {
        write!(
            file,
            "{},{entry},2014-{:02}-{:02} {:02}:{:02}:00,47.{:06},-122.{:06},{},{},",
            below(160),
            8 + below(4),
            1 + below(28),
            below(24),
            below(60),
            below(1_000_000),
            below(1_000_000),
            below(80),
            ["N", "S", "E", "W", "NE", "SE", "NW", "SW"][below(8) as usize],
        )?;
        match below(4) {
            0 => writeln!(file)?,
            _ => writeln!(file, "{}", below(100))?,
        }
    }
    file.flush()?;
    Ok(std::fs::metadata(path)?.len())
}

/// A folder as the files of a script; removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn path(&self, path: &LakePath) -> PathBuf {
        self.0.join(path.path().trim_start_matches('/'))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed is in the folder for temporary files, where it may stay.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

struct OpenFile(File, u64);

impl Input for OpenFile {
    fn len(&self) -> u64 {
        self.1
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read_at(buffer, offset)
    }
}

impl Files for Folder {
    type Staged = BufWriter<File>;

    fn open(&self, path: &LakePath) -> Result<Arc<dyn Input>, FileError> {
        let open = || {
            let file = File::open(self.path(path))?;
            let length = file.metadata()?.len();
            Ok(OpenFile(file, length))
        };
        let opened =
            open().map_err(|error: io::Error| FileError::new("no such file").with_source(error));
        Ok(Arc::new(opened?))
    }

    /// Writes in place: a measurement needs no publication.
    fn stage(&self, path: &LakePath) -> Result<Self::Staged, FileError> {
        let file = File::create(self.path(path));
        let file = file.map_err(|error| FileError::new("cannot be written").with_source(error))?;
        Ok(BufWriter::new(file))
    }

    fn publish(&self, _: Vec<Self::Staged>) -> Result<(), FileError> {
        Ok(())
    }
}

impl CompileEnvironment for Folder {
    fn file(&self, path: &LakePath) -> Option<FileInfo> {
        let file = std::fs::metadata(self.path(path)).ok()?;
        file.is_file().then(|| FileInfo::of_length(file.len()))
    }
}
