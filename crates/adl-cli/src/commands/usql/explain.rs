//! `adl usql explain`: the checked plan as a tree, with what a run of it took.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use serde_json::{Value, json};
use usql_engine::{Inputs, Operator, RunReport, Stage};
use usql_sema::{Plan, RowsetId, RowsetKind};

use super::file_sets;
use super::folder::Folder;
use super::run::execute;
use super::{Script, runnable};
use crate::arguments::Format;
use crate::arguments::usql::{Limits, Parameters};
use crate::print::{self, Printer};
use crate::progress::size;

/// Shows how each output of a script is made; with `analyze`, by running it.
pub(super) async fn explain(
    script: &Script,
    parameters: &Parameters,
    folder: Arc<Folder>,
    analyze: Option<&Limits>,
    printer: &Printer,
) -> Result<()> {
    let plan = runnable(script, parameters, &folder)?;
    let report = match analyze {
        Some(limits) => Some(execute(script, Arc::clone(&plan), limits, folder).await?),
        None => None,
    };
    if printer.format() == Format::Json {
        return printer.one(&described(&plan, report.as_ref()));
    }
    print::text(tree(&plan).trim_end())?;
    let sets = plan
        .rowsets()
        .filter_map(|(id, rowset)| match &rowset.kind {
            RowsetKind::Extract { files, .. } if files.census.patterns > 0 => {
                Some(Inputs::new(id, files))
            }
            _ => None,
        });
    for set in sets {
        print::text(format_args!("\n{}", file_sets::counted(&set)))?;
    }
    if let Some(report) = report {
        print::text(format_args!("\n{}", operators(&plan, &report).trim_end()))?;
    }
    Ok(())
}

/// A tree an output, each rowset above what it is made of, and a line a change of the catalog. A rowset with several
/// users is spelt out for the first.
fn tree(plan: &Plan) -> String {
    let mut text = String::new();
    let mut seen = HashSet::new();
    for output in plan.outputs() {
        text += &format!("{output}  (line {})\n", output.location.line);
        branch(plan, output.input, "", true, &mut seen, &mut text);
    }
    for change in plan.changes() {
        text += &format!("{change}  (line {})\n", change.location.line);
    }
    text
}

fn branch(
    plan: &Plan,
    id: RowsetId,
    indent: &str,
    is_last: bool,
    seen: &mut HashSet<RowsetId>,
    text: &mut String,
) {
    let (elbow, below) = match is_last {
        true => ("└─ ", "   "),
        false => ("├─ ", "│  "),
    };
    let rowset = &plan[id];
    let is_new = seen.insert(id);
    let what = match is_new {
        true => format!("{rowset}  (line {})", rowset.location.line),
        false => "as above".to_owned(),
    };
    *text += &format!("{indent}{elbow}{}: {what}\n", called(plan, id));
    if !is_new {
        return;
    }
    let inputs = usql_engine::inputs(plan, id);
    let count = inputs.len();
    for (position, input) in inputs.into_iter().enumerate() {
        let indent = format!("{indent}{below}");
        branch(plan, input, &indent, position + 1 == count, seen, text);
    }
}

/// `r4 @result`
fn called(plan: &Plan, id: RowsetId) -> String {
    match plan.variable(id) {
        Some(variable) => format!("{id} {variable}"),
        None => id.to_string(),
    }
}

/// What each operator of the engine took. An operator is one of DataFusion's, which may be part of a rowset, or make
/// several at once.
fn operators(plan: &Plan, report: &RunReport) -> String {
    let mut rows: Vec<[String; 4]> =
        vec![["rows", "seconds", "operator", "makes"].map(str::to_owned)];
    for stage in &report.stages {
        if !stage.operators.is_empty() {
            rows.push([
                stage.rows.to_string(),
                seconds(stage.elapsed),
                stage.name.clone(),
                memory(stage),
            ]);
        }
        rows.extend(stage.operators.iter().map(|operator| {
            [
                operator
                    .rows
                    .map_or_else(String::new, |rows| rows.to_string()),
                operator.elapsed.map_or_else(String::new, seconds),
                format!("{}{}", "  ".repeat(operator.depth + 1), operator.name),
                makes(plan, operator),
            ]
        }));
    }
    let width = |column: usize| {
        rows.iter()
            .map(|row| row[column].chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..3).map(width).collect();
    let lines = rows.iter().map(|[count, seconds, name, makes]| {
        let (a, b, c) = (widths[0], widths[1], widths[2]);
        format!("{count:>a$}  {seconds:>b$}  {name:c$}  {makes}")
            .trim_end()
            .to_owned()
            + "\n"
    });
    lines.collect()
}

fn seconds(time: Duration) -> String {
    format!("{:.3}", time.as_secs_f64())
}

/// `held 3.0 MiB, spilled 12.0 MiB`
fn memory(stage: &Stage) -> String {
    match (stage.peak_memory, stage.bytes_spilled) {
        (0, _) => String::new(),
        (held, 0) => format!("held {}", size(held)),
        (held, spilled) => format!("held {}, spilled {}", size(held), size(spilled)),
    }
}

/// `r4 @result (line 12)`
fn makes(plan: &Plan, operator: &Operator) -> String {
    operator.rowset.map_or_else(String::new, |id| {
        format!("{} (line {})", called(plan, id), plan[id].location.line)
    })
}

fn described(plan: &Plan, report: Option<&RunReport>) -> Value {
    let outputs = plan.outputs().iter().map(|output| {
        json!({
            "path": output.path.to_string(),
            "rowset": output.input.to_string(),
            "what": output.to_string(),
            "line": output.location.line,
        })
    });
    let rowsets = plan.rowsets().map(|(id, rowset)| {
        let files = match &rowset.kind {
            RowsetKind::Extract { files, .. } => Some(Inputs::new(id, files)),
            _ => None,
        };
        json!({
            "files": files.as_ref().map(file_sets::described),
            "rowset": id.to_string(),
            "variable": plan.variable(id),
            "inputs": usql_engine::inputs(plan, id).iter().map(ToString::to_string).collect::<Vec<_>>(),
            "what": rowset.to_string(),
            "line": rowset.location.line,
            "column": rowset.location.column,
        })
    });
    let changes = plan.changes().iter().map(|change| {
        json!({
            "item": change.item.to_string(),
            "what": change.to_string(),
            "line": change.location.line,
        })
    });
    let mut all = json!({
        "outputs": outputs.collect::<Vec<_>>(),
        "changes": changes.collect::<Vec<_>>(),
        "rowsets": rowsets.collect::<Vec<_>>(),
    });
    if let Some(report) = report {
        let stages = report.stages.iter().map(|stage| {
            let operators = stage.operators.iter().map(|operator| {
                json!({
                    "depth": operator.depth,
                    "operator": operator.name,
                    "rowset": operator.rowset.map(|id| id.to_string()),
                    "rows": operator.rows,
                    "seconds": operator.elapsed.map(|time| time.as_secs_f64()),
                })
            });
            json!({
                "stage": stage.name,
                "rows": stage.rows,
                "bytesRead": stage.bytes_read,
                "bytesWritten": stage.bytes_written,
                "bytesSpilled": stage.bytes_spilled,
                "peakMemory": stage.peak_memory,
                "seconds": stage.elapsed.as_secs_f64(),
                "operators": operators.collect::<Vec<_>>(),
            })
        });
        all["stages"] = Value::Array(stages.collect());
    }
    all
}
