//! The same in DataFusion alone, as its documentation shows it.

use std::path::Path;

use datafusion::{
    arrow::datatypes::{DataType, Field, Schema, TimeUnit},
    common::config::CsvOptions,
    dataframe::{DataFrame, DataFrameWriteOptions},
    functions_aggregate::expr_fn::{count, max, min, sum},
    prelude::{CsvReadOptions, SessionContext, col, lit},
    scalar::ScalarValue,
};

use crate::{
    Outcome,
    measure::{Cost, Start},
    row::Row,
};

pub fn run(row: Row, folder: &Path) -> Outcome<Cost> {
    let input = folder.join(if row.reads_folder() { "in/" } else { "in.csv" });
    let (input, output) = (input.display().to_string(), folder.join("out.csv"));
    let output = output.display().to_string();
    let runtime = tokio::runtime::Builder::new_multi_thread().build()?;
    let start = Start::now();
    runtime.block_on(async {
        let context = SessionContext::new();
        let schema = schema();
        let mut options = CsvReadOptions::new().has_header(false).schema(&schema);
        if row.reads_folder() {
            options.table_partition_cols = vec![("date".to_owned(), DataType::Date32)];
        }
        let readings = context.read_csv(&input, options).await?;
        let mut format = CsvOptions::default().with_has_header(false);
        format.timestamp_format = Some("%Y-%m-%dT%H:%M:%S".to_owned());
        let one_file = DataFrameWriteOptions::new().with_single_file_output(true);
        select(row, readings)?
            .write_csv(&output, one_file, Some(format))
            .await
    })?;
    Ok(start.cost())
}

fn select(row: Row, readings: DataFrame) -> datafusion::error::Result<DataFrame> {
    let is_fast = col("speed").gt_eq(lit(20));
    match row {
        Row::Group => {
            // Microseconds since 1970 of 2014-02-01.
            let february = ScalarValue::TimestampMicrosecond(Some(1_391_212_800_000_000), None);
            let keys = vec![col("vehicle"), col("direction")];
            let order = keys.iter().map(|key| key.clone().sort(true, false));
            let order = order.collect();
            readings
                .filter(is_fast.and(col("time").gt_eq(lit(february))))?
                .aggregate(
                    keys,
                    vec![
                        count(lit(1)),
                        sum(col("speed")),
                        max(col("latitude")),
                        min(col("time")),
                    ],
                )?
                .sort(order)
        }
        Row::Copy => readings.filter(is_fast),
        Row::Files => {
            let date = |days| lit(ScalarValue::Date32(Some(days)));
            // Days since 1970 of 2014-03-01 and 2014-06-17.
            let days = col("date").gt_eq(date(16_130));
            let days = days.and(col("date").lt(date(16_238)));
            readings
                .filter(days)?
                .aggregate(
                    vec![col("date")],
                    vec![count(lit(1)), sum(col("speed")), max(col("latitude"))],
                )?
                .sort(vec![col("date").sort(true, false)])
        }
    }
}

fn schema() -> Schema {
    let time = DataType::Timestamp(TimeUnit::Microsecond, None);
    Schema::new(vec![
        Field::new("vehicle", DataType::Int32, false),
        Field::new("entry", DataType::Int64, false),
        Field::new("time", time, false),
        Field::new("latitude", DataType::Float64, false),
        Field::new("longitude", DataType::Float64, false),
        Field::new("speed", DataType::Int32, false),
        Field::new("direction", DataType::Utf8, false),
        Field::new("trip", DataType::Int32, true),
    ])
}
