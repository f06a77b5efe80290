//! Windows over one partition at a time, in memory that is counted.
//!
//! DataFusion's `WindowAggExec` keeps all rows of its input until the last has come, and counts none of them. The
//! input is sorted, which spills; so it is enough to keep the rows of one partition, and what those need is taken from
//! the memory pool like everything else. Windows that need only a few rows at a time are planned as another operator
//! (`BoundedWindowAggExec`), which is left as it is.

use std::{fmt, sync::Arc};

use datafusion::{
    arrow::{
        array::RecordBatch,
        compute::{SortColumn, concat_batches},
        datatypes::SchemaRef,
    },
    common::{
        config::ConfigOptions,
        tree_node::{Transformed, TransformedResult, TreeNode, TreeNodeRecursion},
        utils::evaluate_partition_ranges,
    },
    error::Result,
    execution::{
        SendableRecordBatchStream, TaskContext,
        memory_pool::{MemoryConsumer, MemoryReservation},
    },
    physical_expr::PhysicalExpr,
    physical_optimizer::PhysicalOptimizerRule,
    physical_plan::{
        ChildrenPropertiesMode, DisplayAs, DisplayFormatType, ExecutionPlan, PlanProperties,
        ReplaceChildrenOptions, WindowExpr, stream::RecordBatchStreamAdapter,
        windows::WindowAggExec,
    },
};
use futures::{StreamExt, TryStreamExt, stream};

/// Puts [`PartitionedWindows`] in the place of every operator that would keep its whole input.
#[derive(Debug)]
pub(crate) struct CountedWindows;

impl PhysicalOptimizerRule for CountedWindows {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        _: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        plan.transform_up(|plan| match plan.downcast_ref::<WindowAggExec>() {
            Some(windows) => {
                let windows = PartitionedWindows(windows.clone());
                Ok(Transformed::yes(Arc::new(windows)))
            }
            None => Ok(Transformed::no(plan)),
        })
        .data()
    }

    fn name(&self) -> &str {
        "counted_windows"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// DataFusion's operator in all but its execution.
#[derive(Debug)]
struct PartitionedWindows(WindowAggExec);

impl DisplayAs for PartitionedWindows {
    fn fmt_as(&self, t: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt_as(t, f)
    }
}

impl ExecutionPlan for PartitionedWindows {
    fn name(&self) -> &'static str {
        "PartitionedWindows"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        self.0.properties()
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![self.0.input()]
    }

    fn apply_expressions(
        &self,
        f: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        self.0.apply_expressions(f)
    }

    fn with_new_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let options = ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute);
        self.replace_children(children, options)
    }

    fn replace_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
        options: ReplaceChildrenOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let windows = Arc::new(self.0.clone()).replace_children(children, options)?;
        CountedWindows.optimize(windows, &ConfigOptions::default())
    }

    fn execute(
        &self,
        partition: usize,
        context: Arc<TaskContext>,
    ) -> Result<SendableRecordBatchStream> {
        let input = self.0.input().execute(partition, Arc::clone(&context))?;
        let reservation =
            MemoryConsumer::new("one partition of a window").register(context.memory_pool());
        let windows = self.0.window_expr().to_vec();
        let keys = windows
            .first()
            .map_or_else(Vec::new, |window| window.partition_by().to_vec());
        let schema = self.0.schema();
        let rows = Rows {
            input,
            keys,
            windows,
            schema: Arc::clone(&schema),
            open: Vec::new(),
            reservation,
            batch_rows: context.session_config().batch_size(),
        };
        let batches = stream::try_unfold(Some(rows), Rows::next).try_flatten();
        Ok(Box::pin(RecordBatchStreamAdapter::new(schema, batches)))
    }
}

/// Sorted rows on their way through the windows.
struct Rows {
    input: SendableRecordBatchStream,
    keys: Vec<Arc<dyn PhysicalExpr>>,
    windows: Vec<Arc<dyn WindowExpr>>,
    schema: SchemaRef,
    /// The rows of the partition whose end has not come.
    open: Vec<RecordBatch>,
    /// For those.
    reservation: MemoryReservation,
    batch_rows: usize,
}

type Batches = stream::BoxStream<'static, Result<RecordBatch>>;

impl Rows {
    /// Reads a batch; gives the rows of the partitions that have ended with it.
    async fn next(rows: Option<Self>) -> Result<Option<(Batches, Option<Self>)>> {
        let Some(mut rows) = rows else {
            return Ok(None);
        };
        let Some(batch) = rows.input.next().await.transpose()? else {
            let last = rows.close()?;
            let last = last.map(|rows_of_last| rows.cut(rows_of_last));
            return Ok(last.map(|last| (last, None)));
        };
        let mut ended = Vec::new();
        let ranges = evaluate_partition_ranges(batch.num_rows(), &rows.key_columns(&batch)?)?;
        for (position, range) in ranges.into_iter().enumerate() {
            let part = batch.slice(range.start, range.len());
            if position > 0 || !rows.continues(&part)? {
                ended.extend(rows.close()?);
            }
            rows.reservation.try_grow(part.get_array_memory_size())?;
            rows.open.push(part);
        }
        let ended = match ended.len() {
            0 => stream::empty().boxed(),
            _ => rows.cut(concat_batches(&rows.schema, &ended)?),
        };
        Ok(Some((ended, Some(rows))))
    }

    fn key_columns(&self, batch: &RecordBatch) -> Result<Vec<SortColumn>> {
        let columns = self.keys.iter().map(|key| {
            let values = key.evaluate(batch)?.into_array(batch.num_rows())?;
            Ok(SortColumn {
                values,
                options: None,
            })
        });
        columns.collect()
    }

    /// Whether rows belong to the partition that is open.
    fn continues(&self, rows: &RecordBatch) -> Result<bool> {
        let Some(before) = self.open.last() else {
            return Ok(true);
        };
        let border = [before.slice(before.num_rows() - 1, 1), rows.slice(0, 1)];
        let border = concat_batches(before.schema_ref(), &border)?;
        Ok(evaluate_partition_ranges(2, &self.key_columns(&border)?)?.len() == 1)
    }

    /// Ends the open partition: its rows with the columns of the windows.
    fn close(&mut self) -> Result<Option<RecordBatch>> {
        let rows = match self.open.as_slice() {
            [] => return Ok(None),
            [only] => only.clone(),
            [first, ..] => {
                // For a moment the rows are there twice.
                self.reservation.try_grow(self.reservation.size())?;
                concat_batches(first.schema_ref(), &self.open)?
            }
        };
        self.open.clear();
        let mut columns = rows.columns().to_vec();
        for window in &self.windows {
            columns.push(window.evaluate(&rows)?);
        }
        self.reservation.free();
        Ok(Some(RecordBatch::try_new(
            Arc::clone(&self.schema),
            columns,
        )?))
    }

    /// Rows in batches of the usual size.
    fn cut(&self, rows: RecordBatch) -> Batches {
        let (size, count) = (self.batch_rows, rows.num_rows());
        let starts = (0..count).step_by(size);
        let batches = starts.map(move |start| Ok(rows.slice(start, size.min(count - start))));
        stream::iter(batches).boxed()
    }
}
