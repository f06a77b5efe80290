//! All scripts of a folder, one after the other.

use std::path::Path;

use adla_jobs::JobResult;
use anyhow::{Context as _, Result};

use crate::lake::Lake;

/// Runs every `NAME.usql` of a folder over a copy of the files in `data`, and puts what it wrote to
/// `/out/NAME.csv` into `out`, or why there is nothing as `NAME.error`.
pub(crate) async fn run(scripts: &Path, data: &Path, out: &Path) -> Result<()> {
    let mut lake = Lake::over(data).await?;
    for entry in std::fs::read_dir(scripts)? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "usql") {
            continue;
        }
        let name = path.file_stem().and_then(|name| name.to_str());
        let name = name.context("a name that is not UTF-8")?;
        let job = lake.run(name, &std::fs::read_to_string(&path)?).await?;
        let written = lake.written()?;
        let output = written.get(&format!("out/{name}.csv"));
        match (job, output) {
            (None, _) => std::fs::write(out.join(format!("{name}.error")), "did not end")?,
            (Some(job), Some(bytes)) if job.result() == Some(&JobResult::Succeeded) => {
                std::fs::write(out.join(format!("{name}.csv")), bytes)?;
            }
            (Some(job), _) => {
                let reports = job.errors.iter().map(|error| error.report().to_string());
                let reports: Vec<String> = reports.collect();
                std::fs::write(out.join(format!("{name}.error")), reports.join("\n"))?;
            }
        }
        lake.settle(written.keys().map(String::as_str)).await?;
    }
    Ok(())
}
