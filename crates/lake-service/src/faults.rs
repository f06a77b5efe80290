//! Faults on purpose, so that the patience of clients can be tried: what the authority and the hosts of managed identity
//! answer instead of the truth, or do to it.
//!
//! They are set in the directory file, and by the administrator while the lake runs (`/_lake/faults`).

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures::{StreamExt as _, stream};
use http::{HeaderValue, Response, StatusCode, header};
use serde::{Deserialize, Serialize};

use crate::body::{Body, BodyError};
use crate::reply;
use crate::routing::Surface;

/// More would slow every request down.
const MOST: usize = 1000;
/// No answer of the surfaces in question is larger.
const LARGEST_ANSWER: usize = 1 << 20;

/// An answer that carries this is to be sent later. The listener waits; whoever calls
/// [`Lake::handle`](crate::Lake::handle) finds it among the response's extensions, and waits as it likes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delay(pub Duration);

/// A fault as people write it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    path: String,
    answer: Kind,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seconds: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    times: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Throttled,
    Gone,
    Unavailable,
    Html,
    Slow,
    Truncated,
    WrongType,
}

/// What happens to requests whose paths start like this.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    path: String,
    effect: Effect,
    /// How many requests it still hits; `None` is every one.
    left: Option<u32>,
    entry: Entry,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// 429, 410 or 503; the request goes no further.
    Refused {
        status: StatusCode,
        retry_after: Option<u32>,
    },
    /// The page of a proxy; the request goes no further.
    Html(StatusCode),
    /// The true answer, later.
    Slow(Duration),
    /// Half the true answer, and then the connection breaks.
    Truncated,
    /// The true answer, called plain text.
    WrongType,
}

impl TryFrom<Entry> for Fault {
    /// What to write instead.
    type Error = String;

    fn try_from(entry: Entry) -> Result<Self, String> {
        if !entry.path.starts_with('/') {
            return Err(format!(
                "`{}` starts no path; write one such as \"/common/oauth2/\", or \"/\" for all",
                entry.path
            ));
        }
        if entry.times == Some(0) {
            return Err("`times` is 1 or more; leave it out for every request".into());
        }
        let only = |name: &str, given: bool, good: bool| match given && !good {
            true => Err(format!("this answer has no `{name}`; remove it")),
            false => Ok(()),
        };
        let refusing = matches!(entry.answer, Kind::Throttled | Kind::Unavailable);
        only("retry_after", entry.retry_after.is_some(), refusing)?;
        only("status", entry.status.is_some(), entry.answer == Kind::Html)?;
        only(
            "seconds",
            entry.seconds.is_some(),
            entry.answer == Kind::Slow,
        )?;
        let refused = |status| Effect::Refused {
            status,
            retry_after: entry.retry_after,
        };
        let effect = match entry.answer {
            Kind::Throttled => refused(StatusCode::TOO_MANY_REQUESTS),
            Kind::Gone => refused(StatusCode::GONE),
            Kind::Unavailable => refused(StatusCode::SERVICE_UNAVAILABLE),
            Kind::Html => {
                let status = StatusCode::from_u16(entry.status.unwrap_or(502)).ok();
                let status = status.filter(|status| !status.is_informational());
                Effect::Html(status.ok_or("`status` is a number from 200 to 999")?)
            }
            Kind::Slow => {
                let seconds = entry.seconds.ok_or("say how slow with `seconds`")?;
                Effect::Slow(Duration::from_secs(seconds.into()))
            }
            Kind::Truncated => Effect::Truncated,
            Kind::WrongType => Effect::WrongType,
        };
        Ok(Self {
            path: entry.path.to_ascii_lowercase(),
            effect,
            left: entry.times,
            entry,
        })
    }
}

/// The faults in force, the oldest first.
#[derive(Default)]
pub(crate) struct Faults(Mutex<Vec<Fault>>);

impl Faults {
    pub(crate) fn new(faults: Vec<Fault>) -> Self {
        Self(Mutex::new(faults))
    }

    /// Adds a fault, unless there are too many.
    pub(crate) fn add(&self, fault: Fault) -> Result<(), String> {
        let mut faults = self.lock();
        if faults.len() >= MOST {
            return Err("there are too many faults; remove them first".into());
        }
        faults.push(fault);
        Ok(())
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    /// Each with how often it will still hit.
    pub(crate) fn list(&self) -> Vec<Entry> {
        let entry = |fault: &Fault| Entry {
            times: fault.left,
            ..fault.entry.clone()
        };
        self.lock().iter().map(entry).collect()
    }

    /// What happens to this request. The first fault that hits it is used up a little.
    pub(crate) fn strike(&self, surface: Surface, path: &str) -> Option<Effect> {
        if !matches!(surface, Surface::Authority | Surface::Metadata) {
            return None;
        }
        let mut faults = self.lock();
        if faults.is_empty() {
            return None;
        }
        let path = path.to_ascii_lowercase();
        let index = faults
            .iter()
            .position(|fault| path.starts_with(&fault.path))?;
        let effect = faults[index].effect;
        match &mut faults[index].left {
            Some(1) => {
                faults.remove(index);
            }
            Some(left) => *left -= 1,
            None => {}
        }
        Some(effect)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Fault>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Effect {
    /// The answer that a request gets without being looked at.
    pub(crate) fn instead(self) -> Option<Response<Body>> {
        match self {
            Self::Refused {
                status,
                retry_after,
            } => {
                let words = serde_json::json!({
                    "error": "temporarily_unavailable",
                    "error_description": "The lake was told to answer so.",
                });
                let mut response = reply::json(status, &words);
                if let Some(seconds) = retry_after {
                    let headers = response.headers_mut();
                    headers.insert(header::RETRY_AFTER, seconds.into());
                }
                Some(response)
            }
            Self::Html(status) => {
                let page = format!("<!DOCTYPE html><html><body><h1>{status}</h1></body></html>");
                Some(reply::with_body(status, "text/html", page))
            }
            Self::Slow(_) | Self::Truncated | Self::WrongType => None,
        }
    }

    /// What becomes of the true answer.
    pub(crate) async fn spoil(self, mut response: Response<Body>) -> Response<Body> {
        match self {
            Self::Slow(duration) => {
                response.extensions_mut().insert(Delay(duration));
                response
            }
            Self::WrongType => {
                let plain = HeaderValue::from_static("text/plain");
                response.headers_mut().insert(header::CONTENT_TYPE, plain);
                response
            }
            Self::Truncated => {
                let (mut parts, body) = response.into_parts();
                let whole = body.collect_up_to(LARGEST_ANSWER).await.unwrap_or_default();
                parts
                    .headers
                    .insert(header::CONTENT_LENGTH, whole.len().into());
                Response::from_parts(parts, half(&whole))
            }
            Self::Refused { .. } | Self::Html(_) => response,
        }
    }
}

fn half(whole: &Bytes) -> Body {
    let first = whole.slice(..whole.len() / 2);
    let broken = async {
        // The sender flushes when there is nothing more to send at once; the half must arrive.
        tokio::task::yield_now().await;
        Err(BodyError::from("the lake was told to break off here"))
    };
    let chunks = stream::iter([Ok(first)]).chain(stream::once(broken));
    Body::stream(chunks)
}
