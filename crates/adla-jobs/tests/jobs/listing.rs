//! Lists arrive page by page, from this service only.

use adla_jobs::{Direction, ErrorKind, Filter, JobField, JobResult, ListOptions, Result};
use futures::TryStreamExt;
use futures::executor::block_on;
use serde_json::json;
use testkit::context::json as answer;
use time::macros::datetime;
use uuid::Uuid;

use crate::fake::scripted;

fn page(ids: &[u128], next: Option<&str>) -> http::Response<bytes::Bytes> {
    let jobs: Vec<_> = ids
        .iter()
        .map(|id| json!({ "jobId": Uuid::from_u128(*id), "state": "Ended", "result": "Succeeded" }))
        .collect();
    answer(
        200,
        &json!({ "value": jobs, "nextLink": next, "count": null }).to_string(),
    )
}

#[test]
fn pages_are_followed_to_the_last() {
    let (world, client) = scripted();
    let next =
        "https://contoso.azuredatalakeanalytics.net/jobs?api-version=2016-11-01&$skiptoken=a%2Bb";
    world.transport.push(page(&[1, 2], Some(next)));
    world
        .transport
        .push(page(&[], Some("/jobs?api-version=2016-11-01&$skip=4")));
    world.transport.push(page(&[3], Some("")));
    let jobs: Vec<_> = block_on(client.list().try_collect()).unwrap();
    let ids: Vec<_> = jobs.iter().map(|job| job.id.as_u128()).collect();
    assert_eq!(ids, [1, 2, 3]);
    assert_eq!(jobs[0].result(), Some(&JobResult::Succeeded));
    let requests = world.transport.requests();
    assert_eq!(requests[1].uri().to_string(), next);
    assert_eq!(
        requests[2].uri().query(),
        Some("api-version=2016-11-01&$skip=4")
    );
}

#[test]
fn a_page_elsewhere_is_not_fetched() {
    for next in [
        "https://evil.example/jobs",
        "http://contoso.azuredatalakeanalytics.net/jobs",
        "https://contoso.azuredatalakeanalytics.net:444/jobs",
        "//evil.example/jobs",
    ] {
        let (world, client) = scripted();
        world.transport.push(page(&[1], Some(next)));
        let outcome: Result<Vec<_>> = block_on(client.list().try_collect());
        assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Protocol, "{next}");
        assert_eq!(world.transport.requests().len(), 1);
    }
}

#[test]
fn a_query_is_what_was_asked_for() {
    let (world, client) = scripted();
    world.transport.push(page(&[1, 2, 3], None));
    let filter = Filter::submitter("o'brien@contoso.com")
        .and(Filter::submitted_since(datetime!(2016-04-22 0:00 UTC)));
    let options = ListOptions::default()
        .with_filter(filter)
        .with_order(JobField::SubmitTime, Direction::Descending)
        .with_top(2)
        .with_skip(4);
    let jobs: Vec<_> = block_on(client.list_opts(&options).try_collect()).unwrap();
    assert_eq!(
        jobs.len(),
        2,
        "$top is a limit, whatever the service makes of it"
    );
    let query = world.transport.requests()[0]
        .uri()
        .query()
        .map(str::to_owned)
        .unwrap();
    let decoded = percent_encoding::percent_decode_str(&query)
        .decode_utf8()
        .unwrap();
    assert_eq!(
        decoded,
        "api-version=2016-11-01&$filter=submitter eq 'o''brien@contoso.com' and submitTime ge \
         datetimeoffset'2016-04-22T00:00:00Z'&$orderby=submitTime desc&$top=2&$skip=4"
    );
    assert!(!query.contains(['+', ' ', '\'']), "{query}");
}

#[test]
fn an_empty_list_is_empty() {
    for body in [r#"{"value":[]}"#, r#"{"value":null}"#, "{}"] {
        let (world, client) = scripted();
        world.transport.push(answer(200, body));
        let jobs: Vec<_> = block_on(client.list().try_collect()).unwrap();
        assert!(jobs.is_empty(), "{body}");
    }
}
