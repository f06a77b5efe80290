"""DuckDB and Polars: does a row of row.rs and prints what it cost.

rivals.py <subject> <row> <folder>
"""

import sys
import time

COLUMNS = {
    "vehicle": "INTEGER",
    "entry": "BIGINT",
    "time": "TIMESTAMP",
    "latitude": "DOUBLE",
    "longitude": "DOUBLE",
    "speed": "INTEGER",
    "direction": "VARCHAR",
    "trip": "INTEGER",
}
FORMAT = "%Y-%m-%dT%H:%M:%S"
SQL = {
    "group": """SELECT vehicle, direction, count(*), sum(speed), max(latitude), min(time) FROM log
                WHERE speed >= 20 AND time >= TIMESTAMP '2014-02-01'
                GROUP BY vehicle, direction ORDER BY vehicle, direction""",
    "copy": "SELECT * FROM log WHERE speed >= 20",
    "files": """SELECT date, count(*), sum(speed), max(latitude) FROM log
                WHERE date >= DATE '2014-03-01' AND date < DATE '2014-06-17' GROUP BY date ORDER BY date""",
}


def duckdb_run(row, folder):
    import duckdb

    yield
    database = duckdb.connect()
    source, hive = f"{folder}/in.csv", ""
    if row == "files":
        source, hive = f"{folder}/in/**/*.csv", ", hive_partitioning = true, hive_types = {'date': DATE}"
    database.execute("SET preserve_insertion_order = false")
    database.execute(
        f"CREATE VIEW log AS SELECT * FROM read_csv('{source}', header = false, columns = {COLUMNS}, "
        f"delim = ',', quote = '\"', escape = '\"', auto_detect = false, timestampformat = '{FORMAT}'{hive})"
    )
    database.execute(f"COPY ({SQL[row]}) TO '{folder}/out.csv' (HEADER false, TIMESTAMPFORMAT '{FORMAT}')")
    yield


def polars_run(row, folder):
    import polars as pl

    types = {"INTEGER": pl.Int32, "BIGINT": pl.Int64, "DOUBLE": pl.Float64}
    yield
    schema = {name: types.get(type, pl.String) for name, type in COLUMNS.items()}
    if row == "files":
        log = pl.scan_csv(f"{folder}/in/**/*.csv", has_header=False, schema=schema, include_file_paths="path")
        log = log.with_columns(pl.col("path").str.extract("date=([^/]*)/").alias("date"))
        log = log.filter(pl.col("date") >= "2014-03-01", pl.col("date") < "2014-06-17")
        log = log.group_by("date").agg(pl.len(), pl.sum("speed"), pl.max("latitude")).sort("date")
    else:
        log = pl.scan_csv(f"{folder}/in.csv", has_header=False, schema=schema)
        log = log.with_columns(pl.col("time").str.to_datetime(FORMAT, time_unit="us"))
        log = log.filter(pl.col("speed") >= 20)
    if row == "group":
        log = log.filter(pl.col("time") >= pl.datetime(2014, 2, 1, time_unit="us"))
        log = log.group_by("vehicle", "direction").agg(
            pl.len(), pl.sum("speed"), pl.max("latitude"), pl.min("time")
        )
        log = log.sort("vehicle", "direction")
    log.sink_csv(f"{folder}/out.csv", include_header=False, datetime_format=FORMAT, maintain_order=False)
    yield


def peak():
    with open("/proc/self/status") as status:
        line = next(line for line in status if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


def main(subject, row, folder):
    work = {"DuckDB": duckdb_run, "Polars": polars_run}[subject](row, folder)
    # Importing is not what is measured.
    next(work)
    cpu, wall = time.process_time_ns(), time.perf_counter_ns()
    next(work)
    print(time.process_time_ns() - cpu, time.perf_counter_ns() - wall, peak())


main(*sys.argv[1:])
