//! Our client against real HDFS: a NameNode and a DataNode of Hadoop in one process, over WebHDFS. Wants Java and
//! Maven.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use anyhow::{Context as _, Result, bail};

use super::lake::folder;
use crate::shell;

/// Who may do everything: whoever the cluster thinks has started it.
const SUPERUSER: &str = "hdfs";

pub(super) fn run() -> Result<()> {
    let folder = folder()?.join("webhdfs");
    std::fs::create_dir_all(&folder)?;
    let jars = jars(&folder)?;
    let cluster = Cluster::start(&folder, &jars)?;
    let cases = ["test", "--package", "conformance", "--test", "hadoop"];
    shell::run(
        shell::cargo()
            .args(cases)
            .args(["--", "--test-threads=1"])
            .env("WEBHDFS_ENDPOINT", &cluster.endpoint)
            .env("WEBHDFS_SUPERUSER", SUPERUSER),
    )?;
    shell::say("interop webhdfs: ok");
    Ok(())
}

/// What the cluster consists of, fetched once.
fn jars(folder: &Path) -> Result<PathBuf> {
    let jars = folder.join("jars");
    let whole = folder.join("jars-are-whole");
    if !whole.exists() {
        let pom = shell::root().join("xtask/interop/webhdfs.xml");
        shell::run(
            shell::program("mvn")
                .args(["--quiet", "--batch-mode", "dependency:copy-dependencies"])
                .arg(format!("-DoutputDirectory={}", jars.display()))
                .arg("--file")
                .arg(pom),
        )
        .context("wants Maven and its central repository")?;
        std::fs::write(whole, "")?;
    }
    Ok(jars)
}

/// A running cluster; it ends with this value.
struct Cluster {
    process: Child,
    endpoint: String,
}

impl Cluster {
    fn start(folder: &Path, jars: &Path) -> Result<Self> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
            .local_addr()?
            .port();
        let log = folder.join("cluster.log");
        let mut process = shell::program("java")
            .arg("-classpath")
            .arg(jars.join("*"))
            .arg("org.apache.hadoop.test.MiniDFSClusterManager")
            .args(["-datanodes", "1", "-format", "-httpport"])
            .arg(port.to_string())
            .current_dir(folder)
            .env("HADOOP_USER_NAME", SUPERUSER)
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(&log)?)
            .spawn()
            .context("wants Java")?;
        let said = process.stdout.take().context("no standard output")?;
        let mut lines = BufReader::new(said).lines().map_while(Result::ok);
        if !lines.any(|line| line.contains("Started MiniDFSCluster")) {
            let _ = process.kill();
            let _ = process.wait();
            bail!("the cluster did not start: see {}", log.display());
        }
        // Somebody must go on listening, or it stops to speak.
        std::thread::spawn(move || lines.for_each(drop));
        Ok(Self {
            process,
            endpoint: format!("http://127.0.0.1:{port}"),
        })
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
