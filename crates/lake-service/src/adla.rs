//! Data Lake Analytics: the job service.
//!
//! Paths match in any case: clients of 2016 send `/Jobs` and `/BuildJob`, later ones `/jobs` and `/buildJob`.

#[cfg(test)]
mod crash_tests;
mod failure;
mod filter;
mod list;
#[cfg(test)]
mod load_tests;
mod read;
#[cfg(test)]
mod tests;
mod view;
mod wire;
mod write;

use http::{Method, Request, Response};
use uuid::Uuid;

use crate::adla::failure::Failure;
use crate::body::Body;
use crate::lake::{Call, Lake};

/// A request whose caller and account are known.
struct Ask<'a> {
    lake: &'a Lake,
    call: Call,
    query: String,
    path: String,
}

/// What can be asked of the job service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Route {
    List,
    Build,
    Submit(Uuid),
    Show(Uuid),
    Cancel(Uuid),
    Statistics(Uuid),
    DebugDataPath(Uuid),
}

/// What one job can be asked for, below its url.
type JobRoute = fn(Uuid) -> Route;
const JOB_ROUTES: &[(Method, &str, JobRoute)] = &[
    (Method::PUT, "", Route::Submit),
    (Method::GET, "", Route::Show),
    (Method::POST, "CancelJob", Route::Cancel),
    (Method::GET, "GetStatistics", Route::Statistics),
    (Method::GET, "GetDebugDataPath", Route::DebugDataPath),
];

/// Answers one request of Data Lake Analytics.
pub(crate) async fn handle(lake: &Lake, call: Call, request: Request<Body>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let (request_id, now) = (call.request_id, lake.ambient().now());
    let ask = Ask {
        lake,
        call,
        query: parts.uri.query().unwrap_or_default().to_owned(),
        path: parts.uri.path().to_owned(),
    };
    let answer = match route(&parts.method, &ask.path) {
        Err(failure) => Err(failure),
        Ok(Route::List) => read::list(&ask).await,
        Ok(Route::Build) => write::build(&ask, body).await,
        Ok(Route::Submit(id)) => write::submit(&ask, id, body).await,
        Ok(Route::Show(id)) => read::show(&ask, id).await,
        Ok(Route::Cancel(id)) => write::cancel(&ask, id).await,
        Ok(Route::Statistics(id)) => read::statistics(&ask, id).await,
        Ok(Route::DebugDataPath(id)) => read::debug_data_path(&ask, id).await,
    };
    answer.unwrap_or_else(|failure| failure.into_response(request_id, now))
}

fn route(method: &Method, path: &str) -> Result<Route, Failure> {
    let segments: Vec<&str> = path
        .split('/')
        .filter(|segment| !segment.is_empty())
        .collect();
    let is = |segment: &str, name: &str| segment.eq_ignore_ascii_case(name);
    let allowed = |wanted: Method, route| match *method == wanted {
        true => Ok(route),
        false => Err(Failure::method(method)),
    };
    match *segments {
        [jobs] if is(jobs, "jobs") => allowed(Method::GET, Route::List),
        [build] if is(build, "buildjob") => allowed(Method::POST, Route::Build),
        [jobs, id] if is(jobs, "jobs") => job_route(method, id, ""),
        [jobs, id, verb] if is(jobs, "jobs") => job_route(method, id, verb),
        _ => Err(Failure::not_found(format!(
            "There is no resource at {path}."
        ))),
    }
}

fn job_route(method: &Method, id: &str, verb: &str) -> Result<Route, Failure> {
    let id = id
        .parse()
        .map_err(|_| Failure::argument(format!("The job id '{id}' is not a GUID.")))?;
    let mut named = JOB_ROUTES
        .iter()
        .filter(|row| row.1.eq_ignore_ascii_case(verb))
        .peekable();
    if named.peek().is_none() {
        return Err(Failure::not_found(format!(
            "Jobs have no resource named {verb}."
        )));
    }
    let found = named.find(|row| row.0 == *method).map(|row| (row.2)(id));
    found.ok_or_else(|| Failure::method(method))
}

#[cfg(test)]
mod route_tests {
    use super::*;

    #[test]
    fn paths_match_in_any_case_and_methods_do_not() {
        let id = Uuid::from_u128(7);
        let check = |method, path: &str, wanted| {
            assert_eq!(route(&method, path).ok(), wanted, "{path}");
        };
        check(Method::GET, "/Jobs", Some(Route::List));
        check(Method::POST, "/BuildJob", Some(Route::Build));
        check(Method::POST, "/buildJob/", Some(Route::Build));
        check(Method::PUT, &format!("/jobs/{id}"), Some(Route::Submit(id)));
        check(Method::GET, &format!("/JOBS/{id}"), Some(Route::Show(id)));
        check(
            Method::POST,
            &format!("/jobs/{id}/canceljob"),
            Some(Route::Cancel(id)),
        );
        check(
            Method::GET,
            &format!("/jobs/{id}/getStatistics"),
            Some(Route::Statistics(id)),
        );
        check(Method::DELETE, "/jobs", None);
        check(Method::GET, &format!("/jobs/{id}/CancelJob"), None);
        check(Method::GET, "/jobs/7", None);
        check(Method::GET, "/catalog/usql", None);
    }
}
