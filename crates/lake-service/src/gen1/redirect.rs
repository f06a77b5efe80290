//! The two steps in which plain WebHDFS writes: the first request has no bytes and learns where to send them.
//!
//! Clients of the service say `write=true`, `append=true` or `read=true` and mean the one request. Hadoop's
//! `WebHdfsFileSystem` says none of these: it throws the bytes away unless CREATE and APPEND redirect it, and takes
//! the bytes of OPEN from wherever they come, so that OPEN saves it a step. With `noredirect=true` the place is told
//! in a document instead.

use http::Uri;

use crate::gen1::answer::Answer;
use crate::gen1::wire;
use crate::origin::Origin;
use crate::query::{Query, QueryError};

/// Parameters that only the service has: whoever sends one does not wait for a redirection.
const OURS: [&str; 5] = [
    "api-version",
    "leaseid",
    "filesessionid",
    "offset",
    "syncFlag",
];

/// The answer to a first step, or `None` for a request that is to be carried out. `flag` is what the second step has.
pub(super) fn first_step(
    flag: &str,
    origin: &Origin,
    uri: &Uri,
    has_body: bool,
) -> Result<Option<Answer>, QueryError> {
    let query = Query::parse(uri.query().unwrap_or_default())?;
    if has_body || query.text(flag).is_some() {
        return Ok(None);
    }
    let location = || format!("{origin}{}?{}{flag}=true", uri.path(), kept(uri));
    if query.switch("noredirect")? == Some(true) {
        let document = wire::Location {
            location: location(),
        };
        return Ok(Some(Answer::json(&document)));
    }
    let waits = flag != "read" && OURS.iter().all(|name| query.text(name).is_none());
    Ok(waits.then(|| Answer::redirected(&location())))
}

/// The query without `noredirect`, ready for another parameter.
fn kept(uri: &Uri) -> String {
    let pairs = uri.query().unwrap_or_default().split('&');
    let named = |pair: &&str| {
        let name = pair.split('=').next().unwrap_or_default();
        !pair.is_empty() && !name.eq_ignore_ascii_case("noredirect")
    };
    pairs.filter(named).flat_map(|pair| [pair, "&"]).collect()
}
