//! The lake's service beside Azurite.

use std::cell::Cell;
use std::env;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use futures::{StreamExt, TryStreamExt, stream};

use crate::client::{Client, Outcome};
use crate::clients::object_store::Azurite;
use crate::clients::ours::Ours;
use crate::compare::itself;
use crate::measure::{Cost, Start, memory, peak, processor_time};
use crate::scratch::{Process, Scratch};
use crate::workload::SMALL;

/// The folder in which `npm install azurite@3.35.0` was run. Without it, its column stays empty.
const AZURITE: &str = "BENCH_AZURITE";

const FILES: usize = 100_000;
const GETS: usize = 20_000;
pub const MILLION: usize = 1_000_000;

/// How many requests are in flight at once.
const WIDTH: usize = 16;

/// How long a service may take to start.
const PATIENCE: Duration = Duration::from_secs(120);

/// How long requests are begun. What a service has done by then is what its rate is made of: Azurite looks through all
/// blobs for each that is put, so that 100,000 would take it hours.
const LIMIT: Duration = Duration::from_secs(120);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    Lake,
    Azurite,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Load {
    Put,
    Get,
    List,
}

impl Load {
    fn name(self) -> &'static str {
        match self {
            Self::Put => "put",
            Self::Get => "get",
            Self::List => "list",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        [Self::Put, Self::Get, Self::List]
            .into_iter()
            .find(|load| load.name() == name)
    }
}

impl Service {
    fn name(self) -> &'static str {
        match self {
            Self::Lake => "lake",
            Self::Azurite => "Azurite",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        [Self::Lake, Self::Azurite]
            .into_iter()
            .find(|service| service.name() == name)
    }

    /// Puts load on the service at this port, in this process. Gives how much of it was done, too.
    pub fn load(self, load: Load, port: u16, amount: usize) -> Outcome<(usize, Cost)> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            match self {
                Self::Lake => act(&Ours::new(port)?, load, amount).await,
                Self::Azurite => act(&Azurite::new(port)?, load, amount).await,
            }
        })
    }

    /// Starts it over a folder and waits until it answers.
    fn start(self, root: &Path) -> Outcome<Running> {
        let start = Instant::now();
        let (process, port) = match self {
            Self::Lake => {
                let process = Process::start(itself(&["lake"])?.arg(root))?;
                let port = process.line.parse()?;
                (process, port)
            }
            Self::Azurite => azurite(root)?,
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        while !runtime.block_on(self.answers(port)) {
            if start.elapsed() > PATIENCE {
                return Err("the service does not answer".into());
            }
            sleep(Duration::from_millis(2));
        }
        let after = start.elapsed();
        Ok(Running {
            service: self,
            process,
            port,
            after,
        })
    }

    async fn answers(self, port: u16) -> bool {
        let url = match self {
            Self::Lake => format!("http://127.0.0.1:{port}/webhdfs/v1/?op=MKDIRS"),
            Self::Azurite => Azurite::container(port),
        };
        let answer = reqwest::Client::new().put(url).send().await;
        answer.is_ok_and(|answer| answer.status().is_success() || answer.status() == 409)
    }
}

fn azurite(root: &Path) -> Outcome<(Process, u16)> {
    let installed = env::var_os(AZURITE).ok_or("it is not installed")?;
    let script = Path::new(&installed).join("node_modules/azurite/dist/src/blob/main.js");
    // It says nothing of a port that it chose by itself.
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let mut command = Command::new("node");
    command
        .arg(script)
        .args(["--silent", "--disableTelemetry", "--skipApiVersionCheck"])
        .args(["--blobPort", &port.to_string(), "--location"])
        .arg(root)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    Ok((Process::start_silent(&mut command)?, port))
}

async fn act<C: Client>(client: &C, load: Load, amount: usize) -> Outcome<(usize, Cost)> {
    static CONTENT: [u8; SMALL as usize] = [b'x'; SMALL as usize];
    let start = Start::now();
    if load == Load::List {
        let found = client.list("many").await?;
        assert_eq!(found, amount, "the service lists all files");
        return Ok((found, start.cost()));
    }
    let begun = Instant::now();
    let done = Cell::new(0);
    let requests = stream::iter((0..amount).take_while(|_| begun.elapsed() < LIMIT))
        .map(Ok)
        .try_for_each_concurrent(WIDTH, async |index| {
            let path = format!("many/file-{index:08}");
            match load {
                Load::Put => client.put(&path, &CONTENT).await?,
                _ => client.get(&path).await.map(drop)?,
            }
            done.set(done.get() + 1);
            Outcome::Ok(())
        });
    requests.await?;
    Ok((done.get(), start.cost()))
}

/// A service that answers.
struct Running {
    service: Service,
    process: Process,
    port: u16,
    /// How long that took.
    after: Duration,
}

/// What a load cost.
struct Loaded {
    /// How many requests or entries.
    done: usize,
    /// Requests or entries in a second by the clock.
    rate: f64,
    /// Processor time of the service for each, in microseconds.
    micros: f64,
    client: Cost,
}

impl Running {
    fn load(&self, load: Load, amount: usize) -> Outcome<Loaded> {
        let before = processor_time(&self.process.id());
        let (port, count) = (self.port.to_string(), amount.to_string());
        let output = itself(&["load", self.service.name(), load.name(), &port, &count])?
            .stderr(Stdio::inherit())
            .output()?;
        let spent = processor_time(&self.process.id()) - before;
        let line = String::from_utf8(output.stdout)?;
        let (done, cost) = line.split_once(' ').ok_or("the client failed")?;
        let (done, client): (usize, Cost) = (done.parse()?, cost.parse()?);
        Ok(Loaded {
            done,
            rate: done as f64 / client.wall.as_secs_f64(),
            micros: spent.as_secs_f64() * 1e6 / done as f64,
            client,
        })
    }

    fn memory(&self) -> f64 {
        memory(&self.process.id(), "VmRSS:") as f64 / 1e6
    }
}

/// What is measured of a service, in the order of the rows.
fn measure(service: Service, root: &Path) -> Outcome<Vec<String>> {
    fs::create_dir(root)?;
    let mut cells = Vec::new();
    let running = service.start(root)?;
    cells.push(format!("{:.0} ms", running.after.as_secs_f64() * 1e3));
    cells.push(format!("{:.0} MB", running.memory()));
    let stored = running.load(Load::Put, FILES)?;
    cells.push(format!("{}", stored.done));
    let gets = GETS.min(stored.done);
    let files = stored.done;
    let loads = [(Load::Get, gets), (Load::List, files)];
    let loads = loads.map(|(load, amount)| running.load(load, amount));
    for loaded in [Ok(stored)].into_iter().chain(loads) {
        let loaded = loaded?;
        cells.push(format!("{:.0}/s", loaded.rate));
        cells.push(format!("{:.1} us", loaded.micros));
    }
    cells.push(format!("{:.0} MB", running.memory()));
    cells.push(format!(
        "{:.0} MB",
        peak(&running.process.id()) as f64 / 1e6
    ));
    drop(running);
    let again = service.start(root)?;
    cells.push(format!("{:.0} ms", again.after.as_secs_f64() * 1e3));
    cells.push(format!("{:.0} MB", again.memory()));
    Ok(cells)
}

pub fn compare() -> Outcome<()> {
    let scratch = Scratch::new()?;
    let ours = measure(Service::Lake, &scratch.path("lake"))?;
    let theirs = measure(Service::Azurite, &scratch.path("azurite"));
    let theirs = theirs.unwrap_or_else(|error| {
        eprintln!("Azurite: {error}");
        vec![String::new(); ours.len()]
    });
    let rows = [
        "start-up, empty",
        "memory, empty",
        "files put in at most two minutes",
        "put 4 KiB, 16 at a time",
        "processor time of the service for each",
        "get 4 KiB, 16 at a time",
        "processor time of the service for each",
        "entries listed",
        "processor time of the service for each",
        "memory after all that",
        "most memory",
        "start-up with these files",
        "memory after that",
    ];
    let mut table = format!("| {:40} | {:12} | {:12} |\n", "", "lake", "Azurite");
    writeln!(table, "|{0:-<42}|{0:-<13}:|{0:-<13}:|", "")?;
    for ((row, ours), theirs) in rows.iter().zip(ours).zip(theirs) {
        writeln!(table, "| {row:40} | {ours:>12} | {theirs:>12} |")?;
    }
    println!("{table}");
    Ok(())
}

/// A person drops many files into the lake's folder, and a client lists them, twice.
pub fn list_a_million(entries: usize) -> Outcome<()> {
    let scratch = Scratch::new()?;
    let root = scratch.path("lake");
    drop(Service::Lake.start(&root)?);
    let account = lake_service::LakeOptions::default().store_account;
    let folder = root.join(account).join("many");
    fs::create_dir(&folder)?;
    for index in 0..entries {
        File::create(folder.join(format!("file-{index:08}")))?;
    }
    let mut lake = Service::Lake.start(&root)?;
    println!(
        "| listing of {entries:>9} entries | by the clock | client's most memory | service's most memory |"
    );
    println!(
        "|------------------------------|-------------:|---------------------:|----------------------:|"
    );
    for row in ["first, all new to the lake", "second", "after a restart"] {
        if row == "after a restart" {
            drop(lake);
            lake = Service::Lake.start(&root)?;
        }
        let loaded = lake.load(Load::List, entries)?;
        println!(
            "| {row:28} | {:10.1} s | {:17.1} MB | {:18.1} MB |",
            loaded.client.wall.as_secs_f64(),
            loaded.client.peak as f64 / 1e6,
            peak(&lake.process.id()) as f64 / 1e6,
        );
    }
    Ok(())
}
