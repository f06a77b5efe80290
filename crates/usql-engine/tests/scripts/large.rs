use std::{collections::BTreeMap, fmt::Write, sync::Arc};

use super::lake::{Lake, options, run_with};

const REGIONS: [&str; 5] = ["en-us", "en-gb", "fr-fr", "de-de", ""];

/// A small generator of numbers, so that a failure can be repeated.
pub(super) struct Seeded(pub(super) u64);

impl Seeded {
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

#[test]
fn two_hundred_thousand_rows_are_filtered_and_grouped_as_a_plain_loop_does_it() {
    let mut random = Seeded(42);
    let mut input = String::new();
    let mut groups: BTreeMap<&str, (i64, i64, Option<i64>)> = BTreeMap::new();
    for id in 0..200_000 {
        let region = REGIONS[random.below(5) as usize];
        let duration = match random.below(10) {
            0 => None,
            _ => Some(random.below(100_000) as i64),
        };
        let text = duration.map_or_else(String::new, |duration| duration.to_string());
        let end = ["\r\n", "\n", "\r"][random.below(3) as usize];
        write!(
            input,
            "{id}\t2012-02-15T11:53:16\t{region}\t\"query \"\"{id}\"\"\"\t{text}{end}"
        )
        .unwrap();
        if duration != Some(7) && region != "de-de" && id % 3 != 0 {
            let group = groups.entry(region).or_default();
            group.0 += 1;
            group.1 += duration.unwrap_or(0);
            group.2 = group.2.max(duration);
        }
    }
    let mut expected = String::new();
    for (region, (count, sum, max)) in groups {
        let max = max.map_or_else(String::new, |max| max.to_string());
        write!(expected, "\"{region}\",{count},{sum},{max}\r\n").unwrap();
    }
    let lake = Arc::new(Lake::with_input(input));
    let script = r#"
        @log = EXTRACT UserId int, Start DateTime, Region string, Query string, Duration int?
               FROM "/in.csv" USING Extractors.Tsv();
        @rows = SELECT Region, Duration FROM @log
                WHERE Duration != 7 && Region != "de-de" && UserId % 3 != 0 AND Start < DateTime.MaxValue;
        @groups = SELECT Region, COUNT(*) AS Rows, SUM(Duration) AS Total, MAX(Duration) AS Longest
                  FROM @rows GROUP BY Region;
        OUTPUT @groups TO "/out.csv" ORDER BY Region USING Outputters.Csv();"#;
    for (parallelism, range, batch) in [(1, 4 << 20, 8192), (3, 1 << 20, 1000), (7, 10_000, 8192)] {
        let options = options()
            .with_parallelism(parallelism)
            .with_min_range_bytes(range)
            .with_batch_rows(batch);
        let report = run_with(options, &lake, script).unwrap();
        assert_eq!(lake.text("/out.csv"), expected, "{parallelism} threads");
        assert_eq!(report.stages[0].rows, 200_000);
    }
}

#[test]
fn a_copy_in_many_ranges_has_every_row() {
    let input: String = (0..50_000)
        .map(|n| format!("{n},\"row {n}\"\r\n"))
        .collect();
    let lake = Arc::new(Lake::with_input(&input));
    let script = r#"
        @a = EXTRACT n int, s string FROM "/in.csv" USING Extractors.Csv();
        OUTPUT @a TO "/any.csv" USING Outputters.Csv();
        OUTPUT @a TO "/sorted.csv" ORDER BY n USING Outputters.Csv();"#;
    let options = options().with_parallelism(4).with_min_range_bytes(10_000);
    run_with(options, &lake, script).unwrap();
    assert_eq!(lake.text("/sorted.csv"), input);
    // A result that is not large comes out in the order of its partitions.
    assert_eq!(lake.text("/any.csv"), input);
}

#[test]
fn a_long_chain_of_rowsets_runs_or_is_refused_but_never_overflows_the_stack() {
    for length in [50, 490, 5_000] {
        let mut script =
            String::from("@r0 = EXTRACT n int FROM \"/in.csv\" USING Extractors.Csv();\n");
        for step in 0..length {
            writeln!(
                script,
                "@r{} = SELECT n + 1 AS n FROM @r{step} WHERE n != -1;",
                step + 1
            )
            .unwrap();
        }
        write!(
            script,
            "OUTPUT @r{length} TO \"/out.csv\" USING Outputters.Csv();"
        )
        .unwrap();
        let lake = Arc::new(Lake::with_input("0\n"));
        match run_with(options(), &lake, &script) {
            Ok(_) => assert_eq!(lake.text("/out.csv"), format!("{length}\r\n")),
            Err(error) => assert_eq!(
                error.kind(),
                usql_engine::RuntimeErrorKind::Unsupported,
                "{error}"
            ),
        }
    }
}
