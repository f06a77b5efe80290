//! What a token costs that is kept.

use std::hint::{black_box, spin_loop};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;

use crate::ours::Ours;
use crate::service::{Answer, TokenService};
use crate::subject::Subject;
use crate::table::Table;
use crate::theirs::Theirs;

/// Short enough that most rounds are not interrupted, and long enough for the clock.
const READS_PER_ROUND: u32 = 5_000;

const ROUNDS: usize = 200;

/// On a busy machine two tasks seldom run at the same time.
const PATIENCE: Duration = Duration::from_secs(120);

/// A round of two tasks counts if they ran at the same time for so much of it.
const OVERLAP: f64 = 0.9;

pub fn measure(runtime: &Runtime, table: &mut Table) {
    let (ours, theirs) = (Reader::<Ours>::new(runtime), Reader::<Theirs>::new(runtime));
    // In turn, so that what else the machine does disturbs both alike.
    let (mut our_times, mut their_times) = (Times::default(), Times::default());
    let start = Instant::now();
    while our_times.too_few() || their_times.too_few() {
        assert!(
            start.elapsed() < PATIENCE,
            "this machine is too busy: {} and {} of {ROUNDS} rounds had two tasks side by side",
            our_times.together.len(),
            their_times.together.len(),
        );
        our_times.alone.extend(ours.round(runtime, 1));
        their_times.alone.extend(theirs.round(runtime, 1));
        our_times.together.extend(ours.round(runtime, 2));
        their_times.together.extend(theirs.round(runtime, 2));
    }
    let (mine, yours) = (our_times.alone(), their_times.alone());
    table.nanos("cached read, 1 task", mine, yours);
    let (mine_together, yours_together) = (our_times.together(), their_times.together());
    table.nanos("cached read, 2 tasks, each", mine_together, yours_together);
    table.factor(
        "cached read, 2 tasks to 1",
        mine_together.median / mine.median,
        yours_together.median / yours.median,
    );
}

#[derive(Default)]
struct Times {
    alone: Vec<f64>,
    together: Vec<f64>,
}

/// Nanoseconds for a read.
#[derive(Clone, Copy)]
pub struct Nanos {
    pub best: f64,
    pub median: f64,
}

impl Times {
    fn too_few(&self) -> bool {
        self.alone.len() < ROUNDS || self.together.len() < ROUNDS
    }

    fn alone(&self) -> Nanos {
        Nanos::of(self.alone.clone())
    }

    fn together(&self) -> Nanos {
        Nanos::of(self.together.clone())
    }
}

impl Nanos {
    fn of(mut rounds: Vec<f64>) -> Self {
        rounds.sort_by(f64::total_cmp);
        Self {
            best: rounds[0],
            median: rounds[rounds.len() / 2],
        }
    }
}

struct Reader<S: Subject> {
    credential: Arc<S>,
    scopes: Arc<S::Scopes>,
}

impl<S: Subject> Reader<S> {
    fn new(runtime: &Runtime) -> Self {
        let service = Arc::new(TokenService::new(Answer::Token(86_400), Duration::ZERO));
        let credential = Arc::new(S::new(&service));
        let scopes = Arc::new(S::scopes("https://datalake.azure.net//.default"));
        let first = runtime.block_on(credential.token(&scopes));
        first.expect("the service gives a token");
        Self { credential, scopes }
    }

    /// The mean time of a read in nanoseconds, where so many tasks read at once; nothing if they
    /// did not.
    fn round(&self, runtime: &Runtime, tasks: usize) -> Option<f64> {
        let ready = Arc::new(AtomicUsize::new(0));
        let readers: Vec<_> = (0..tasks)
            .map(|_| {
                let (ready, credential) = (Arc::clone(&ready), Arc::clone(&self.credential));
                let scopes = Arc::clone(&self.scopes);
                runtime.spawn(async move {
                    ready.fetch_add(1, Ordering::AcqRel);
                    while ready.load(Ordering::Acquire) < tasks {
                        spin_loop();
                    }
                    let start = Instant::now();
                    for _ in 0..READS_PER_ROUND {
                        let token = black_box(&*credential).token(black_box(&scopes)).await;
                        black_box(token).expect("the token is kept");
                    }
                    (start, Instant::now())
                })
            })
            .collect();
        let spans: Vec<(Instant, Instant)> = readers
            .into_iter()
            .map(|reader| runtime.block_on(reader).expect("a reader does not panic"))
            .collect();
        let sum: Duration = spans.iter().map(|(start, end)| *end - *start).sum();
        let mean = sum.as_secs_f64() / tasks as f64;
        let begun = spans.iter().map(|(start, _)| *start).max()?;
        let ended = spans.iter().map(|(_, end)| *end).min()?;
        let together = ended.saturating_duration_since(begun).as_secs_f64();
        (together >= OVERLAP * mean).then(|| mean * 1e9 / f64::from(READS_PER_ROUND))
    }
}
