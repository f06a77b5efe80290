//! 200,000 rows through the whole of it, against sums that this file computes itself.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use conformance::{World, at};
use futures::AsyncWriteExt as _;
use testkit::search_log::{Record, SearchLog};

const ROWS: usize = 200_000;

const SCRIPT: &str = include_str!("../../../fixtures/scripts/regions.usql");

#[derive(Default)]
struct Sums {
    searches: u64,
    known: u64,
    total: i64,
    least: Option<i32>,
    last: (u8, u8, u8, u8, u8),
}

/// What the script means, said in Rust. A null is not 73, so searches of unknown duration stay.
fn expected(log: impl Iterator<Item = Record>) -> String {
    let mut regions = BTreeMap::<_, Sums>::new();
    for search in log.filter(|search| search.duration != Some(73) && search.region != "en-gb") {
        let sums = regions.entry(search.region).or_default();
        sums.searches += 1;
        sums.known += u64::from(search.duration.is_some());
        sums.total += i64::from(search.duration.unwrap_or(0));
        sums.least = Some(
            sums.least
                .map_or(search.user_id, |least| least.min(search.user_id)),
        );
        sums.last = sums.last.max(search.start);
    }
    regions
        .iter()
        .fold(String::new(), |mut csv, (region, sums)| {
            let (month, day, hour, minute, second) = sums.last;
            let Sums {
                searches,
                known,
                total,
                ..
            } = sums;
            let least = sums.least.expect("a region is there because of a search");
            write!(csv, "\"{region}\",{searches},{known},{total},{least},")
                .expect("a string can be written to");
            write!(
                csv,
                "2012-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.0000000\r\n"
            )
            .expect("a string can be written to");
            csv
        })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_log_is_summed_up_as_an_independent_computation_does() {
    let world = World::start().await;
    let mut upload = world.files.writer(&at("/in/SearchLog.tsv")).await.unwrap();
    let mut rows = Vec::new();
    for record in SearchLog::new(20_120_215).take(ROWS) {
        record.write_tsv(&mut rows).unwrap();
    }
    upload.write_all(&rows).await.unwrap();
    upload.close().await.unwrap();
    assert_eq!(
        world
            .files
            .stat(&at("/in/SearchLog.tsv"))
            .await
            .unwrap()
            .length,
        rows.len() as u64
    );

    World::succeeded(&world.run(SCRIPT).await);

    let written = String::from_utf8(world.read("/out/ByRegion.csv").await.unwrap()).unwrap();
    assert_eq!(written, expected(SearchLog::new(20_120_215).take(ROWS)));
}
