//! Showing and listing jobs, and what is known of their runs.

use http::{Response, StatusCode};
use lake_store::{JobRow, JobState};
use uuid::Uuid;

use crate::adla::failure::Failure;
use crate::adla::list::{ListQuery, NextPage};
use crate::adla::{Ask, view, wire};
use crate::body::Body;
use crate::jobs::record::StoredReport;
use crate::query::Query;
use crate::reply;

type Outcome = Result<Response<Body>, Failure>;

pub(crate) async fn show(ask: &Ask<'_>, id: Uuid) -> Outcome {
    let table = ask.lake.jobs().table(&ask.call.account)?;
    let read = move || Ok::<_, lake_store::Error>((table.get(id)?, table.script(id)?));
    let (row, script) = ask.lake.tasks().blocking(read).await?;
    let now = ask.lake.ambient().now();
    let job = view::job(&row, Some(script), ask.lake.jobs().store_account(), now)?;
    Ok(reply::json(StatusCode::OK, &job))
}

pub(crate) async fn list(ask: &Ask<'_>) -> Outcome {
    let query = Query::parse(&ask.query).map_err(|error| Failure::argument(error.to_string()))?;
    let query = ListQuery::parse(&query).map_err(Failure::argument)?;
    let table = ask.lake.jobs().table(&ask.call.account)?;
    let all = move || table.list(0, usize::MAX, |_| true);
    let rows = ask.lake.tasks().blocking(all).await?.jobs;
    let page = query
        .apply(rows)
        .map_err(|unknown| Failure::argument(format!("{unknown}.")))?;
    let value = page.records.iter().map(view::basic);
    Ok(reply::json(
        StatusCode::OK,
        &wire::JobPage {
            value: value.map(|job| query.select(job)).collect(),
            count: page.count,
            next_link: page.next.map(|next| next_link(ask, next)),
        },
    ))
}

/// The same list from another place on.
fn next_link(ask: &Ask<'_>, next: NextPage) -> String {
    let own = |pair: &&str| {
        let name = pair
            .split('=')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        !matches!(&*name, "$skip" | "$top" | "%24skip" | "%24top" | "")
    };
    let mut pairs: Vec<String> = ask
        .query
        .split('&')
        .filter(own)
        .map(str::to_owned)
        .collect();
    pairs.push(format!("$skip={}", next.skip));
    pairs.extend(next.top.map(|top| format!("$top={top}")));
    format!("{}{}?{}", ask.call.origin, ask.path, pairs.join("&"))
}

/// A job that never ran has none, nor has one without stages: a script that only changes the catalog.
pub(crate) async fn statistics(ask: &Ask<'_>, id: Uuid) -> Outcome {
    let row = fetch(ask, id).await?;
    has_run(&row)?;
    let report = StoredReport::of(&row);
    if report.stages.is_empty() {
        return Err(Failure::no_statistics(id));
    }
    Ok(reply::json(StatusCode::OK, &view::statistics(&row, report)))
}

pub(crate) async fn debug_data_path(ask: &Ask<'_>, id: Uuid) -> Outcome {
    let row = fetch(ask, id).await?;
    has_run(&row)?;
    let path = view::data_path(&row, ask.lake.jobs().store_account())?;
    Ok(reply::json(StatusCode::OK, &path))
}

fn has_run(row: &JobRow) -> Result<(), Failure> {
    let ran = row
        .audit
        .iter()
        .any(|record| record.new_state == JobState::Running);
    if ran {
        Ok(())
    } else {
        Err(Failure::never_run())
    }
}

async fn fetch(ask: &Ask<'_>, id: Uuid) -> Result<JobRow, Failure> {
    let table = ask.lake.jobs().table(&ask.call.account)?;
    Ok(ask.lake.tasks().blocking(move || table.get(id)).await?)
}
