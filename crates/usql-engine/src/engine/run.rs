//! One run of one plan.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, atomic::Ordering},
    time::{Duration, SystemTime},
};

use datafusion::{
    arrow::array::RecordBatch,
    catalog::TableProvider,
    datasource::MemTable,
    execution::{
        SendableRecordBatchStream,
        memory_pool::{MemoryConsumer, MemoryReservation},
        session_state::SessionState,
    },
    physical_plan::execute_stream_partitioned,
};
use futures::TryStreamExt;
use usql_sema::{
    Output, Plan, RowsetId, RowsetKind,
    extractors::Extractor,
    outputters::Outputter,
    plan::{Repetitions, SetOperation},
};

use super::opening::{self, Held};
use crate::{
    error::RuntimeError,
    eval::RunClock,
    extract::{ScanCounters, TextFormat, TextTable},
    files::Files,
    lower::{Lowered, Lowering},
    options::EngineOptions,
    output::{TextEncoder, write},
    refusal::refusals,
    report::{RunReport, Stage, StageKind},
};

type Result<T> = std::result::Result<T, RuntimeError>;

pub(super) struct Run<F> {
    plan: Arc<Plan>,
    files: Arc<F>,
    state: SessionState,
    options: EngineOptions,
}

/// Outputs that are complete and that nobody can see yet.
pub(super) struct Staged<F: Files> {
    files: Arc<F>,
    outputs: Vec<F::Staged>,
    paths: String,
    report: RunReport,
}

impl<F: Files> Staged<F> {
    /// Shows all outputs at once. From here on a cancellation comes too late.
    pub(super) fn publish(self) -> Result<RunReport> {
        self.files
            .publish(self.outputs)
            .map_err(|error| RuntimeError::files("publish", &self.paths, error))?;
        Ok(self.report)
    }
}

/// What a file contributed.
struct Scan {
    counters: Arc<ScanCounters>,
}

impl<F: Files> Run<F> {
    pub(super) fn new(
        plan: Arc<Plan>,
        files: Arc<F>,
        state: SessionState,
        options: EngineOptions,
    ) -> Self {
        Self {
            plan,
            files,
            state,
            options,
        }
    }

    pub(super) async fn stage_all(self) -> Result<Staged<F>> {
        let uses = uses(&self.plan);
        if let Some(refusal) = refusals(&self.plan).into_iter().next() {
            return Err(RuntimeError::unsupported(refusal.reason));
        }
        let mut lowering = Lowering::new(&self.plan, RunClock::of(self.state.config_options())?);
        let mut sizes = HashMap::new();
        let scans = self.open_inputs(&uses, &mut lowering, &mut sizes)?;
        let encoders = self
            .plan
            .outputs()
            .iter()
            .map(|output| self.encoder(output));
        let encoders = encoders.collect::<Result<Vec<_>>>()?;
        let mut stages = Vec::new();
        // The memory of shared rowsets is given back when the run ends.
        let mut held = Vec::new();
        for (&id, &count) in &uses {
            if count > 1 && self.worth_sharing(id, &sizes) {
                held.push(self.share(id, &mut lowering, &mut stages).await?);
            }
        }
        let mut outputs = Vec::new();
        for (output, encoder) in self.plan.outputs().iter().zip(encoders) {
            outputs.push(
                self.output(output, encoder, &mut lowering, &mut stages)
                    .await?,
            );
        }
        let paths: Vec<String> = self
            .plan
            .outputs()
            .iter()
            .map(|o| o.path.to_string())
            .collect();
        let report = RunReport {
            stages: extracts(&scans).chain(stages).collect(),
        };
        Ok(Staged {
            files: self.files,
            outputs,
            paths: paths.join("', '"),
            report,
        })
    }

    /// Opens the files, so that all readers of one see the same bytes.
    fn open_inputs(
        &self,
        uses: &BTreeMap<RowsetId, usize>,
        lowering: &mut Lowering<'_>,
        sizes: &mut HashMap<RowsetId, u64>,
    ) -> Result<Vec<Scan>> {
        let mut held = Held::default();
        let mut scans = Vec::new();
        let year = self.options.current_year();
        for &id in uses.keys() {
            let rowset = &self.plan[id];
            let RowsetKind::Extract {
                files,
                extractor: Extractor::Text(settings),
            } = &rowset.kind
            else {
                continue;
            };
            let inputs = opening::open(&self.files, &files.files, &mut held)?;
            sizes.insert(id, files.bytes());
            let counters = Arc::new(ScanCounters::default());
            scans.push(Scan {
                counters: Arc::clone(&counters),
            });
            let format = TextFormat::new(settings, year)?;
            let table = TextTable::new(
                Arc::clone(&files.files),
                inputs,
                format,
                &rowset.schema,
                &files.origins,
                self.options.min_range_bytes,
                counters,
            );
            lowering.read_from(id, Arc::new(table));
        }
        Ok(scans)
    }

    fn encoder(&self, output: &Output) -> Result<TextEncoder> {
        let Outputter::Text(settings) = &output.outputter;
        TextEncoder::new(settings, &self.plan[output.input].schema)
    }

    /// Whether a rowset with several users is computed once and kept.
    ///
    /// It must be where a second computation might give something else (ties of a FETCH, the order of a sum of
    /// doubles, one value of many); it is where it is costly (joins) or small. A large filtered file is read again.
    fn worth_sharing(&self, id: RowsetId, sizes: &HashMap<RowsetId, u64>) -> bool {
        let below = below(&self.plan, id);
        let settled = |id: &RowsetId| match self.plan[*id].kind {
            RowsetKind::Aggregate { .. }
            | RowsetKind::Sort { .. }
            | RowsetKind::Window { .. }
            | RowsetKind::Distinct { .. } => true,
            RowsetKind::SetOperation {
                operation,
                repetitions,
                ..
            } => (operation, repetitions) != (SetOperation::Union, Repetitions::Keep),
            _ => false,
        };
        let bytes: u64 = below.iter().filter_map(|id| sizes.get(id)).sum();
        let is_values = matches!(self.plan[id].kind, RowsetKind::Values { .. });
        below.iter().any(settled) || (bytes <= self.options.shared_input_bytes && !is_values)
    }

    async fn share(
        &self,
        id: RowsetId,
        lowering: &mut Lowering<'_>,
        stages: &mut Vec<Stage>,
    ) -> Result<MemoryReservation> {
        let started = (self.options.clock)();
        let lowered = lowering.rowset(id)?;
        let reservation =
            MemoryConsumer::new("shared rowset").register(&self.state.runtime_env().memory_pool);
        let mut partitions = Vec::new();
        let mut rows = 0;
        let streams = self.execute(&lowered).await?;
        let schema = streams.first().map(|stream| stream.schema());
        let mut collected = Vec::with_capacity(streams.len());
        for stream in streams {
            collected.push(collect(stream, &reservation));
        }
        for batches in futures::future::try_join_all(collected).await? {
            rows += batches
                .iter()
                .map(|batch| batch.num_rows() as u64)
                .sum::<u64>();
            partitions.push(batches);
        }
        let schema = schema.ok_or_else(|| RuntimeError::bug("a plan without partitions"))?;
        let table: Arc<dyn TableProvider> = Arc::new(MemTable::try_new(schema, partitions)?);
        lowering.read_from(id, table);
        stages.push(Stage {
            name: format!("SV{}_Shared", stages.len() + 1),
            kind: StageKind::Shared,
            rows,
            bytes_read: 0,
            bytes_written: 0,
            elapsed: self.since(started),
        });
        Ok(reservation)
    }

    async fn output(
        &self,
        output: &Output,
        encoder: TextEncoder,
        lowering: &mut Lowering<'_>,
        stages: &mut Vec<Stage>,
    ) -> Result<F::Staged> {
        let started = (self.options.clock)();
        let path = &output.path;
        let lowered = lowering.ordered(output.input, &output.order_by)?;
        let streams = self.execute(&lowered).await?;
        let staged = self.files.stage(path);
        let mut staged = staged.map_err(|error| RuntimeError::files("create", path, error))?;
        let written = write(streams, Arc::new(encoder), &mut staged, path).await?;
        stages.push(Stage {
            name: format!("SV{}_Output", stages.len() + 1),
            kind: StageKind::Output,
            rows: written.rows,
            bytes_read: 0,
            bytes_written: written.bytes,
            elapsed: self.since(started),
        });
        Ok(staged)
    }

    async fn execute(&self, lowered: &Lowered) -> Result<Vec<SendableRecordBatchStream>> {
        let plan = self.state.create_physical_plan(&lowered.plan).await?;
        Ok(execute_stream_partitioned(plan, self.state.task_ctx())?)
    }

    fn since(&self, started: SystemTime) -> Duration {
        (self.options.clock)()
            .duration_since(started)
            .unwrap_or_default()
    }
}

/// Keeps the batches of a stream, as far as the memory allows.
async fn collect(
    mut stream: SendableRecordBatchStream,
    reservation: &MemoryReservation,
) -> Result<Vec<RecordBatch>> {
    let mut batches = Vec::new();
    while let Some(batch) = stream.try_next().await? {
        reservation.try_grow(batch.get_array_memory_size())?;
        batches.push(batch);
    }
    Ok(batches)
}

fn extracts(scans: &[Scan]) -> impl Iterator<Item = Stage> {
    scans.iter().enumerate().map(|(index, scan)| Stage {
        name: format!("SV{}_Extract", index + 1),
        kind: StageKind::Extract,
        rows: scan.counters.rows.load(Ordering::Relaxed),
        bytes_read: scan.counters.bytes.load(Ordering::Relaxed),
        bytes_written: 0,
        elapsed: Duration::ZERO,
    })
}

/// The rowsets that some output needs, inputs first, and how many users each has.
fn uses(plan: &Plan) -> BTreeMap<RowsetId, usize> {
    let mut uses: BTreeMap<RowsetId, usize> = BTreeMap::new();
    for output in plan.outputs() {
        *uses.entry(output.input).or_default() += 1;
    }
    // Users come after what they use, so going backwards meets every user first.
    let ids: Vec<RowsetId> = plan.rowsets().map(|(id, _)| id).collect();
    for id in ids.into_iter().rev() {
        if uses.contains_key(&id) {
            for input in inputs(plan, id) {
                *uses.entry(input).or_default() += 1;
            }
        }
    }
    uses
}

/// The rowsets that a rowset is made of directly.
#[must_use]
pub fn inputs(plan: &Plan, id: RowsetId) -> Vec<RowsetId> {
    match &plan[id].kind {
        RowsetKind::Extract { .. } | RowsetKind::Values { .. } => Vec::new(),
        RowsetKind::Filter { input, .. }
        | RowsetKind::Project { input, .. }
        | RowsetKind::Explode { input, .. }
        | RowsetKind::Aggregate { input, .. }
        | RowsetKind::Sort { input, .. }
        | RowsetKind::Window { input, .. }
        | RowsetKind::Distinct { input } => vec![*input],
        RowsetKind::Join { left, right, .. } | RowsetKind::SetOperation { left, right, .. } => {
            vec![*left, *right]
        }
    }
}

/// A rowset and all that it is made of.
fn below(plan: &Plan, id: RowsetId) -> BTreeSet<RowsetId> {
    let mut found = BTreeSet::new();
    let mut open = vec![id];
    while let Some(id) = open.pop() {
        if found.insert(id) {
            open.extend(inputs(plan, id));
        }
    }
    found
}
