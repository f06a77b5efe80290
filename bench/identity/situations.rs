//! What callers wait for, and what the token service is asked, where no token is kept or soon
//! none will be.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::future::join_all;

use crate::ours::Ours;
use crate::service::{Answer, TokenService};
use crate::subject::Subject;
use crate::table::Table;
use crate::theirs::Theirs;

const SCOPE: &str = "https://datalake.azure.net//.default";
const OTHER_SCOPE: &str = "https://management.azure.com/.default";
const LATENCY: Duration = Duration::from_millis(200);

pub async fn measure(table: &mut Table) {
    let (ours, theirs) = medians(
        21,
        || storm::<Ours>(Answer::Token(3600), 1000),
        || storm::<Theirs>(Answer::Token(3600), 1000),
    )
    .await;
    table.counts("success storm, 1000 callers: requests", ours.1, theirs.1);
    table.times("all served after", ours.0, theirs.0);
    let (ours, theirs) = medians(101, || release::<Ours>(1000), || release::<Theirs>(1000)).await;
    table.times("all served after the service's answer", ours, theirs);
    let (ours, theirs) = medians(
        3,
        || storm::<Ours>(Answer::Refusal, 20),
        || storm::<Theirs>(Answer::Refusal, 20),
    )
    .await;
    table.counts("failure storm, 20 callers: requests", ours.1, theirs.1);
    table.times("all refused after", ours.0, theirs.0);
    table.times(
        "kept scope while another is fetched for 2 s",
        beside_a_fetch::<Ours>().await,
        beside_a_fetch::<Theirs>().await,
    );
    let (ours, theirs) = (service_down::<Ours>().await, service_down::<Theirs>().await);
    table.counts(
        "240 s left, service down: tokens for 10 calls",
        ours.0,
        theirs.0,
    );
    table.counts("requests", ours.1, theirs.1);
    table.counts(
        "tokens of 240 s, 10 calls: requests",
        short_lived::<Ours>().await,
        short_lived::<Theirs>().await,
    );
    let (ours, theirs) = (renewal::<Ours>().await, renewal::<Theirs>().await);
    table.times(
        "renewal of 500 ms, 10 callers: the longest wait",
        ours[9],
        theirs[9],
    );
    table.times("the longest wait of the other nine", ours[8], theirs[8]);
    const PATIENCE: Duration = Duration::from_secs(30);
    table.maybe(
        "nothing configured, no answer: gives up after",
        Ours::fall_through(PATIENCE).await,
        Theirs::fall_through(PATIENCE).await,
        PATIENCE,
    );
}

fn service(answer: Answer, latency: Duration) -> Arc<TokenService> {
    Arc::new(TokenService::new(answer, latency))
}

/// The middle of so many figures of each side, which are taken in turn: what else the machine
/// does disturbs both alike.
async fn medians<T: Ord + Copy, A: Future<Output = T>, B: Future<Output = T>>(
    times: usize,
    ours: impl Fn() -> A,
    theirs: impl Fn() -> B,
) -> (T, T) {
    let (mut of_ours, mut of_theirs) = (Vec::new(), Vec::new());
    for _ in 0..times {
        of_ours.push(ours().await);
        of_theirs.push(theirs().await);
    }
    of_ours.sort();
    of_theirs.sort();
    (of_ours[times / 2], of_theirs[times / 2])
}

/// Many callers ask at once for what nobody has yet: how long it lasts, and how many requests it
/// causes.
async fn storm<S: Subject>(answer: Answer, callers: usize) -> (Duration, usize) {
    let service = service(answer, LATENCY);
    let (credential, scopes) = (Arc::new(S::new(&service)), Arc::new(S::scopes(SCOPE)));
    let start = Instant::now();
    let tasks = (0..callers).map(|_| {
        let (credential, scopes) = (Arc::clone(&credential), Arc::clone(&scopes));
        tokio::spawn(async move { credential.token(&scopes).await })
    });
    for outcome in join_all(tasks).await {
        let outcome = outcome.expect("a caller does not panic");
        assert_eq!(outcome.is_ok(), matches!(answer, Answer::Token(_)));
    }
    (start.elapsed(), service.requests())
}

/// Many callers wait for one fetch: how long after its answer the last of them has the token.
async fn release<S: Subject>(callers: usize) -> Duration {
    let service = service(Answer::Token(3600), Duration::ZERO);
    let (credential, scopes) = (Arc::new(S::new(&service)), Arc::new(S::scopes(SCOPE)));
    let held = service.hold.lock().await;
    let tasks: Vec<_> = (0..callers)
        .map(|_| {
            let (credential, scopes) = (Arc::clone(&credential), Arc::clone(&scopes));
            tokio::spawn(async move { credential.token(&scopes).await })
        })
        .collect();
    // Long enough for all of them to be waiting.
    tokio::time::sleep(Duration::from_millis(10)).await;
    let start = Instant::now();
    drop(held);
    for outcome in join_all(tasks).await {
        let outcome = outcome.expect("a caller does not panic");
        outcome.expect("the service gives a token");
    }
    start.elapsed()
}

/// How long the caller with a kept token waits.
async fn beside_a_fetch<S: Subject>() -> Duration {
    let service = service(Answer::Token(3600), Duration::ZERO);
    let credential = Arc::new(S::new(&service));
    let scopes = S::scopes(SCOPE);
    credential.token(&scopes).await.expect("it gives a token");
    service.will(Answer::Token(3600), Duration::from_secs(2));
    let fetching = tokio::spawn({
        let credential = Arc::clone(&credential);
        async move { credential.token(&S::scopes(OTHER_SCOPE)).await }
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    let start = Instant::now();
    credential.token(&scopes).await.expect("the token is kept");
    let waited = start.elapsed();
    let fetched = fetching.await.expect("the other caller does not panic");
    fetched.expect("it gives a token");
    waited
}

/// How many of ten calls get the token, and how many requests they cause.
async fn service_down<S: Subject>() -> (usize, usize) {
    let service = service(Answer::Down, Duration::ZERO);
    let scopes = S::scopes(SCOPE);
    let credential = S::with_240_s_left(&service, &scopes).await;
    let before = service.requests();
    service.will(Answer::Down, Duration::ZERO);
    let mut tokens = 0;
    for _ in 0..10 {
        tokens += usize::from(credential.token(&scopes).await.is_ok());
    }
    (tokens, service.requests() - before)
}

/// So many requests do ten calls cause, one after the other.
async fn short_lived<S: Subject>() -> usize {
    let service = service(Answer::Token(240), Duration::ZERO);
    let (credential, scopes) = (S::new(&service), S::scopes(SCOPE));
    for _ in 0..10 {
        credential.token(&scopes).await.expect("it gives a token");
    }
    service.requests()
}

/// How long each of ten callers waits while a token that is due but valid is renewed, sorted.
async fn renewal<S: Subject>() -> Vec<Duration> {
    let service = service(Answer::Down, Duration::ZERO);
    let scopes = Arc::new(S::scopes(SCOPE));
    let credential = Arc::new(S::with_240_s_left(&service, &scopes).await);
    service.will(Answer::Token(3600), Duration::from_millis(500));
    let callers = (0..10).map(|_| {
        let (credential, scopes) = (Arc::clone(&credential), Arc::clone(&scopes));
        tokio::spawn(async move {
            let start = Instant::now();
            credential.token(&scopes).await.expect("it gives a token");
            start.elapsed()
        })
    });
    let waits = join_all(callers).await.into_iter();
    let mut waits: Vec<Duration> = waits
        .map(|wait| wait.expect("a caller does not panic"))
        .collect();
    waits.sort();
    waits
}
