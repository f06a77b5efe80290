//! `adl usql`: scripts on this machine, without a server.

mod drawing;
mod explain;
mod file_sets;
mod finding;
mod folder;
mod run;
mod spill;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use lake_store::Ambient;
use serde_json::Value;
use tokio::io::AsyncReadExt as _;
use usql_engine::{Engine, EngineOptions};
use usql_sema::Plan;
use usql_syntax::ast::{AstNode as _, DeclareStatement};

use crate::arguments::Format;
use crate::arguments::usql::{Limits, Parameters, Usql};
use crate::exit::{JobFailed, WrongUsage};
use crate::memory;
use crate::print::{self, Printer};
use drawing::{Drawing, Ink};
use finding::Finding;
use folder::Folder;
use spill::SpillFolder;

/// Runs one of the commands over the folder.
pub(crate) async fn run(command: Usql, root: &Path, printer: &Printer) -> Result<()> {
    match command {
        Usql::Check {
            scripts,
            parameters,
        } => check(&scripts, &parameters, root, printer).await,
        Usql::Run {
            script,
            parameters,
            memory,
            limits,
        } => {
            let script = Script::read(&script).await?;
            settle(root)?;
            let folder = Arc::new(match memory {
                true => Folder::reading(root),
                false => Folder::writing(root),
            });
            run::run(&script, &parameters, &limits, folder, printer).await
        }
        Usql::Explain {
            script,
            parameters,
            analyze,
            limits,
        } => {
            let script = Script::read(&script).await?;
            settle(root)?;
            let folder = Arc::new(Folder::reading(root));
            let analyze = analyze.then_some(&limits);
            explain::explain(&script, &parameters, folder, analyze, printer).await
        }
    }
}

/// Ends what runs over the folder have begun that were killed, so that this command sees all of their outputs or none.
fn settle(root: &Path) -> Result<()> {
    let published = folder::recover(root);
    let published = published.context("cannot finish what a run has begun that was killed")?;
    for path in published {
        print::note(format_args!(
            "/{path}: a run that was killed wrote it; it is in its place now"
        ));
    }
    Ok(())
}

/// A script and what it is called.
struct Script {
    name: String,
    text: String,
}

impl Script {
    /// Reads a script without blocking the thread that looks for Ctrl-C.
    async fn read(path: &Path) -> Result<Self> {
        let name = path.display().to_string();
        let mut bytes = Vec::new();
        if name == "-" {
            let read = tokio::io::stdin().read_to_end(&mut bytes).await;
            read.context("cannot read the script from standard input")?;
        } else {
            let read = tokio::fs::read(path).await;
            bytes = read.with_context(|| format!("cannot read the script {name}"))?;
        }
        let text = decoded(bytes).with_context(|| format!("cannot read the script {name}"))?;
        Ok(Self { name, text })
    }

    /// The script's findings, drawn.
    fn draw(&self, findings: &[Finding], ink: Ink) -> String {
        Drawing::new(&self.name, &self.text, ink).all(findings)
    }
}

/// Editors for Windows save UTF-8 or UTF-16 with a byte order mark.
fn decoded(bytes: Vec<u8>) -> Result<String> {
    let units = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let pairs = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        String::from_utf16(&pairs.collect::<Vec<u16>>())
    };
    match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => units(rest, u16::from_le_bytes).context("it is not UTF-16"),
        [0xfe, 0xff, rest @ ..] => units(rest, u16::from_be_bytes).context("it is not UTF-16"),
        _ => String::from_utf8(bytes).context("it is not UTF-8"),
    }
}

/// A script that can run, with the warnings about it; or what is wrong with it.
struct Compiled {
    plan: Option<Plan>,
    findings: Vec<Finding>,
}

fn compile(script: &Script, parameters: &Parameters, folder: &Folder) -> Result<Compiled> {
    let parse = usql_syntax::parse(&script.text);
    let nodes = parse.syntax().descendants();
    let externals: Vec<String> = nodes
        .filter_map(DeclareStatement::cast)
        .filter(DeclareStatement::is_external)
        .filter_map(|declare| declare.variable_name())
        .collect();
    for (name, _) in &parameters.values {
        let is_known = externals
            .iter()
            .any(|known| known.trim_start_matches('@') == name);
        if !is_known {
            let complaint = format!("{} has no DECLARE EXTERNAL @{name}", script.name);
            return Err(WrongUsage(complaint).into());
        }
    }
    let environment = folder.environment(&parameters.values);
    let (plan, mut findings) = match usql_sema::check(&parse, &environment) {
        Ok(plan) => {
            let findings: Vec<Finding> = plan.warnings().iter().map(Finding::from).collect();
            (Some(plan), findings)
        }
        Err(diagnostics) => (None, diagnostics.iter().map(Finding::from).collect()),
    };
    if let Some(plan) = &plan {
        findings.extend(usql_engine::refusals(plan).iter().map(Finding::from));
    }
    let is_sound = !findings.iter().any(Finding::is_error);
    Ok(Compiled {
        plan: plan.filter(|_| is_sound),
        findings,
    })
}

/// The plan of a script that is going to run. What is wrong with it is drawn on standard error.
fn runnable(script: &Script, parameters: &Parameters, folder: &Folder) -> Result<Arc<Plan>> {
    let compiled = compile(script, parameters, folder)?;
    let drawn = script.draw(&compiled.findings, Ink::for_standard_error());
    print::drawn_note(&drawn);
    match compiled.plan {
        Some(plan) => Ok(Arc::new(plan)),
        None => Err(JobFailed(verdict(&compiled.findings)).into()),
    }
}

async fn check(
    paths: &[PathBuf],
    parameters: &Parameters,
    root: &Path,
    printer: &Printer,
) -> Result<()> {
    settle(root)?;
    let folder = Folder::reading(root);
    let mut all = Vec::new();
    let mut described: Vec<Value> = Vec::new();
    for path in paths {
        let script = Script::read(path).await?;
        let found = compile(&script, parameters, &folder)?.findings;
        match printer.format() {
            Format::Json => described.extend(found.iter().map(|each| each.describe(&script.name))),
            Format::Table => print::drawn(&script.draw(&found, Ink::for_standard_output()))?,
        }
        all.extend(found);
    }
    match printer.format() {
        Format::Json => printer.list(&[], &described)?,
        Format::Table => print::line(verdict(&all))?,
    }
    match all.iter().any(Finding::is_error) {
        false => Ok(()),
        true => Err(JobFailed("not every script compiles".to_owned()).into()),
    }
}

/// `2 errors, 1 warning`
fn verdict(findings: &[Finding]) -> String {
    let errors = findings.iter().filter(|each| each.is_error()).count();
    let counted = |count: usize, what: &str| match count {
        0 => None,
        1 => Some(format!("1 {what}")),
        _ => Some(format!("{count} {what}s")),
    };
    let parts = [
        counted(errors, "error"),
        counted(findings.len() - errors, "warning"),
    ];
    match parts.into_iter().flatten().collect::<Vec<_>>() {
        parts if parts.is_empty() => "no errors".to_owned(),
        parts => parts.join(", "),
    }
}

/// An engine with a thread for each core.
fn engine(limits: &Limits, spill: &SpillFolder) -> Result<Engine> {
    let ambient = Ambient::system();
    let clock = Arc::new(move || ambient.now().into());
    let limit = limits
        .memory_limit
        .unwrap_or_else(memory::half_of_the_machine);
    let options = EngineOptions::new(clock)
        .with_memory_limit(usize::try_from(limit).unwrap_or(usize::MAX))
        .with_spill_folder(spill.path());
    Engine::new(options).context("cannot start the engine")
}
