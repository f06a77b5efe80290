//! One run of one plan.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, atomic::Ordering},
    time::{Duration, SystemTime},
};

use datafusion::{
    catalog::TableProvider,
    common::tree_node::TreeNode,
    execution::{
        SendableRecordBatchStream, memory_pool::MemoryConsumer, session_state::SessionState,
    },
    logical_expr::LogicalPlan,
    physical_plan::{ExecutionPlan, execute_stream_partitioned},
};
use tokio_util::sync::CancellationToken;
use usql_sema::{
    Output, Plan, RowsetId, RowsetKind,
    extractors::Extractor,
    outputters::Outputter,
    plan::{Repetitions, SetOperation},
};

use super::{
    memory::RunMemory,
    opening::{self, Held},
    operators::operators,
    session::{Joins, Sessions},
    shared::Collector,
};
use crate::{
    error::{RuntimeError, RuntimeErrorKind},
    extract::{ScanCounters, TextFormat, TextTable},
    files::Files,
    lower::{Lowered, Lowering},
    options::EngineOptions,
    output::{TextEncoder, write},
    refusal::refusals,
    report::{Inputs, RunReport, Stage, StageKind},
};

type Result<T> = std::result::Result<T, RuntimeError>;

pub(super) struct Run<F> {
    plan: Arc<Plan>,
    files: Arc<F>,
    sessions: Arc<Sessions>,
    memory: RunMemory,
    options: EngineOptions,
    /// When the run began, in ticks: what the time is for all of it.
    now: i64,
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
    inputs: Inputs,
    counters: Arc<ScanCounters>,
}

impl<F: Files> Run<F> {
    pub(super) fn new(
        plan: Arc<Plan>,
        files: Arc<F>,
        sessions: Arc<Sessions>,
        memory: RunMemory,
        options: EngineOptions,
    ) -> Self {
        Self {
            plan,
            files,
            sessions,
            memory,
            now: options.ticks(),
            options,
        }
    }

    pub(super) async fn stage_all(self) -> Result<Staged<F>> {
        let uses = uses(&self.plan);
        if let Some(refusal) = refusals(&self.plan).into_iter().next() {
            return Err(RuntimeError::unsupported(refusal.reason));
        }
        let mut lowering = Lowering::new(&self.plan, self.now);
        let mut sizes = HashMap::new();
        let scans = self.open_inputs(&uses, &mut lowering, &mut sizes)?;
        let encoders = self
            .plan
            .outputs()
            .iter()
            .map(|output| self.encoder(output));
        let encoders = encoders.collect::<Result<Vec<_>>>()?;
        let mut stages = Vec::new();
        for (&id, &count) in &uses {
            if count > 1 && self.worth_sharing(id, &sizes) {
                self.share(id, &mut lowering, &mut stages).await?;
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
            peak_memory: self.memory.peak() as u64,
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
                inputs: Inputs::new(id, files),
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
    ) -> Result<()> {
        let started = (self.options.clock)();
        let lowered = lowering.rowset(id)?;
        let mut shared = self.collect(id, lowering, &lowered, Joins::Hash).await;
        if self.may_sort_instead(&lowered, &shared) {
            shared = self.collect(id, lowering, &lowered, Joins::SortMerge).await;
        }
        let ((table, kept), stage) = shared?;
        self.memory.keep(kept);
        lowering.read_from(id, table);
        stages.push(Stage {
            name: format!("SV{}_Shared", stages.len() + 1),
            elapsed: self.since(started),
            ..stage
        });
        Ok(())
    }

    /// Computes a rowset that several others use.
    async fn collect(
        &self,
        id: RowsetId,
        lowering: &Lowering<'_>,
        lowered: &Lowered,
        joins: Joins,
    ) -> Result<((Arc<dyn TableProvider>, usize), Stage)> {
        let work = async |state: SessionState| {
            let pool = &state.runtime_env().memory_pool;
            // What finds no room goes to a file, and must not take what others need.
            let kept = MemoryConsumer::new("a shared rowset").with_can_spill(true);
            let kept = kept.register(pool);
            let (plan, streams) = execute(&state, lowered).await?;
            let room = self.memory.room_to_keep();
            let environment = self.sessions.of_run(&self.memory)?;
            let collector = Collector::new(plan.schema(), kept, room, &environment);
            let parts = streams.into_iter().map(|stream| collector.collect(stream));
            let parts = futures::future::try_join_all(parts).await?;
            let rows = parts.iter().map(|(_, rows)| rows).sum();
            let parts = parts.into_iter().map(|(part, _)| part).collect();
            let (table, kept, bytes_spilled) = collector.into_table(parts)?;
            let stage = Stage {
                name: String::new(),
                kind: StageKind::Shared,
                rows,
                bytes_read: 0,
                bytes_written: 0,
                bytes_spilled: bytes_spilled + spilled(&plan),
                peak_memory: 0,
                elapsed: Duration::ZERO,
                operators: operators(&plan, &self.plan, id, lowering),
                inputs: None,
            };
            Ok(((table, kept), stage))
        };
        self.in_stage(joins, work).await
    }

    async fn output(
        &self,
        output: &Output,
        encoder: TextEncoder,
        lowering: &mut Lowering<'_>,
        stages: &mut Vec<Stage>,
    ) -> Result<F::Staged> {
        let started = (self.options.clock)();
        let encoder = Arc::new(encoder);
        let lowered = lowering.ordered(output.input, &output.order_by)?;
        let mut staged = self
            .write(output, &encoder, lowering, &lowered, Joins::Hash)
            .await;
        if self.may_sort_instead(&lowered, &staged) {
            staged = self
                .write(output, &encoder, lowering, &lowered, Joins::SortMerge)
                .await;
        }
        let (staged, stage) = staged?;
        stages.push(Stage {
            name: format!("SV{}_Output", stages.len() + 1),
            elapsed: self.since(started),
            ..stage
        });
        Ok(staged)
    }

    /// Computes an output and writes it where nobody sees it yet.
    async fn write(
        &self,
        output: &Output,
        encoder: &Arc<TextEncoder>,
        lowering: &Lowering<'_>,
        lowered: &Lowered,
        joins: Joins,
    ) -> Result<(F::Staged, Stage)> {
        let path = &output.path;
        let work = async |state: SessionState| {
            let (plan, streams) = execute(&state, lowered).await?;
            // Rows of one stream wait for nobody; they need no part of the memory.
            let waiting =
                MemoryConsumer::new("rows out of order").with_can_spill(streams.len() > 1);
            let waiting = waiting.register(&state.runtime_env().memory_pool);
            let staged = self.files.stage(path);
            let mut staged = staged.map_err(|error| RuntimeError::files("create", path, error))?;
            let written = write(streams, Arc::clone(encoder), waiting, &mut staged, path).await?;
            let stage = Stage {
                name: String::new(),
                kind: StageKind::Output,
                rows: written.rows,
                bytes_read: 0,
                bytes_written: written.bytes,
                bytes_spilled: spilled(&plan),
                peak_memory: 0,
                elapsed: Duration::ZERO,
                operators: operators(&plan, &self.plan, output.input, lowering),
                inputs: None,
            };
            Ok((staged, stage))
        };
        self.in_stage(joins, work).await
    }

    /// Does the work of a stage in memory of its own, and waits until that is given back and its files are gone.
    async fn in_stage<T>(
        &self,
        joins: Joins,
        work: impl AsyncFnOnce(SessionState) -> Result<(T, Stage)>,
    ) -> Result<(T, Stage)> {
        let released = CancellationToken::new();
        let memory = self.memory.stage(released.clone());
        let state = self.sessions.of_stage(joins, &memory, self.now)?;
        let level = memory.release();
        let done = work(state).await;
        released.cancelled().await;
        let (made, stage) = done?;
        let peak_memory = level.read().peak as u64;
        Ok((
            made,
            Stage {
                peak_memory,
                ..stage
            },
        ))
    }

    /// Whether a stage failed because a hash join was refused memory, which a join by sorting would not need.
    ///
    /// Hash joins are several times as fast where they fit, and nobody knows beforehand where they do; the attempt
    /// costs no more than the reading of as many rows as fit into memory.
    fn may_sort_instead<T>(&self, lowered: &Lowered, attempt: &Result<T>) -> bool {
        let by_keys =
            |plan: &LogicalPlan| Ok(matches!(plan, LogicalPlan::Join(join) if !join.on.is_empty()));
        matches!(attempt, Err(error) if error.kind() == RuntimeErrorKind::Resources)
            && lowered.plan.exists(by_keys).unwrap_or(false)
    }

    fn since(&self, started: SystemTime) -> Duration {
        (self.options.clock)()
            .duration_since(started)
            .unwrap_or_default()
    }
}

async fn execute(
    state: &SessionState,
    lowered: &Lowered,
) -> Result<(Arc<dyn ExecutionPlan>, Vec<SendableRecordBatchStream>)> {
    let plan = state.create_physical_plan(&lowered.plan).await?;
    let streams = execute_stream_partitioned(Arc::clone(&plan), state.task_ctx())?;
    Ok((plan, streams))
}

/// How many bytes the operators of a plan that ran wrote to temporary files.
fn spilled(plan: &Arc<dyn ExecutionPlan>) -> u64 {
    let own = plan.metrics().and_then(|metrics| metrics.spilled_bytes());
    let below = plan.children().into_iter().map(spilled);
    own.unwrap_or(0) as u64 + below.sum::<u64>()
}

fn extracts(scans: &[Scan]) -> impl Iterator<Item = Stage> {
    scans.iter().enumerate().map(|(index, scan)| Stage {
        name: format!("SV{}_Extract", index + 1),
        kind: StageKind::Extract,
        rows: scan.counters.rows.load(Ordering::Relaxed),
        bytes_read: scan.counters.bytes.load(Ordering::Relaxed),
        bytes_written: 0,
        bytes_spilled: 0,
        peak_memory: 0,
        elapsed: Duration::ZERO,
        operators: Vec::new(),
        inputs: Some(scan.inputs.clone()),
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
    plan.inputs(id)
}

/// A rowset and all that it is made of.
pub(super) fn below(plan: &Plan, id: RowsetId) -> BTreeSet<RowsetId> {
    let mut found = BTreeSet::new();
    let mut open = vec![id];
    while let Some(id) = open.pop() {
        if found.insert(id) {
            open.extend(inputs(plan, id));
        }
    }
    found
}
