//! `adl usql run`: a script over a folder.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use usql_engine::{RunReport, RuntimeErrorKind, StageKind};
use usql_sema::{Plan, RowsetKind};

use super::drawing::Ink;
use super::file_sets;
use super::finding::Finding;
use super::folder::Folder;
use super::spill::SpillFolder;
use super::{Script, engine, runnable};
use crate::arguments::Format;
use crate::arguments::usql::{Limits, Parameters};
use crate::exit::{JobFailed, Stopped};
use crate::print::{self, Printer, note};
use crate::progress::{Line, size};

/// How often a person is told how far it is.
const LOOK: Duration = Duration::from_millis(100);

/// Runs a script and says what it wrote.
pub(super) async fn run(
    script: &Script,
    parameters: &Parameters,
    limits: &Limits,
    folder: Arc<Folder>,
    printer: &Printer,
) -> Result<()> {
    let started = Instant::now();
    let plan = runnable(script, parameters, &folder)?;
    let report = execute(script, Arc::clone(&plan), limits, Arc::clone(&folder)).await?;
    if !plan.changes().is_empty() {
        note(format_args!(
            "what the script made or dropped in the catalog is forgotten: only a served lake keeps one"
        ));
    }
    let kept = folder.kept();
    if !kept.is_empty() {
        for (path, bytes) in kept {
            note(format_args!("-- {path}"));
            print::bytes(&bytes)?;
        }
        return Ok(());
    }
    let outputs = outputs(&plan, &report);
    match printer.format() {
        Format::Json => printer.one(&json!({
            "inputs": inputs(&report),
            "outputs": outputs,
            "seconds": started.elapsed().as_secs_f64(),
            "peakMemory": report.peak_memory,
            "bytesSpilled": report.bytes_spilled(),
        })),
        Format::Table => {
            let read = report
                .stages
                .iter()
                .filter_map(|stage| stage.inputs.as_ref());
            for set in read.filter(|inputs| inputs.census.patterns > 0) {
                note(file_sets::counted(set));
            }
            printer.list(&["path", "rows", "bytes", "seconds"], &outputs)
        }
    }
}

/// What each EXTRACT read, in the order of the script.
fn inputs(report: &RunReport) -> Vec<Value> {
    let read = report.stages.iter().filter_map(|stage| {
        let mut read = file_sets::described(stage.inputs.as_ref()?);
        read["rows"] = stage.rows.into();
        read["bytes"] = stage.bytes_read.into();
        Some(read)
    });
    read.collect()
}

/// Runs a plan, showing how far it is. Ctrl-C cancels it.
pub(super) async fn execute(
    script: &Script,
    plan: Arc<Plan>,
    limits: &Limits,
    folder: Arc<Folder>,
) -> Result<RunReport> {
    let spill = SpillFolder::new().context("cannot make a folder for temporary files")?;
    let engine = engine(limits, &spill)?;
    let total = input_bytes(&plan);
    let cancel = CancellationToken::new();
    let mut running = std::pin::pin!(engine.run(plan, Arc::clone(&folder), cancel.clone()));
    let mut line = Line::start();
    let mut look = interval(LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let done = loop {
        tokio::select! {
            biased;
            pressed = tokio::signal::ctrl_c() => {
                pressed.context("cannot listen for Ctrl-C")?;
                cancel.cancel();
            }
            done = &mut running => break done,
            _ = look.tick() => line.update(|| progress(&folder, total)),
        }
    };
    line.finish();
    done.map_err(|error| {
        if error.kind() == RuntimeErrorKind::Cancelled {
            return Stopped("stopped; nothing was written".to_owned()).into();
        }
        let drawn = script.draw(&[Finding::from(&error)], Ink::for_standard_error());
        print::drawn_note(&drawn);
        JobFailed("the script failed; nothing was written".to_owned()).into()
    })
}

/// `read 1.5 MiB of 3.0 MiB, wrote 12 B`. A file that is read twice counts twice.
fn progress(folder: &Folder, total: u64) -> String {
    let counters = folder.counters();
    let read = counters.read.load(Ordering::Relaxed);
    let written = counters.written.load(Ordering::Relaxed);
    format!(
        "read {} of {}, wrote {}",
        size(read),
        size(total.max(read)),
        size(written)
    )
}

fn input_bytes(plan: &Plan) -> u64 {
    let bytes = plan.rowsets().map(|(_, rowset)| match &rowset.kind {
        RowsetKind::Extract { files, .. } => files.bytes(),
        _ => 0,
    });
    bytes.sum()
}

/// What each OUTPUT wrote, in the order of the script.
fn outputs(plan: &Plan, report: &RunReport) -> Vec<Value> {
    let written = report
        .stages
        .iter()
        .filter(|stage| stage.kind == StageKind::Output);
    let outputs = plan.outputs().iter().zip(written).map(|(output, stage)| {
        json!({
            "path": output.path.to_string(),
            "rows": stage.rows,
            "bytes": stage.bytes_written,
            "seconds": (stage.elapsed.as_secs_f64() * 1000.0).round() / 1000.0,
        })
    });
    outputs.collect()
}
