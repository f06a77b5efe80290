//! A Gen1 store that knows how long its files are, and what must be in them.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aad_core::Transport;
use aad_core::transport::{ResponseBody, TransportError};
use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::{self, StreamExt};
use http::{Request, Response};
use testkit::context::{json, response};

use crate::generated;

/// As much as a connection hands on at once.
const PIECE: u64 = 256 << 10;

#[derive(Debug, Default)]
pub(crate) struct NullStore {
    /// What is in `/from`.
    count: u64,
    length: u64,
    /// What was written.
    lengths: Mutex<BTreeMap<String, u64>>,
}

impl NullStore {
    /// A store with so many files of this length in `/from`.
    pub(crate) fn of(count: u64, length: u64) -> Self {
        Self {
            count,
            length,
            lengths: Mutex::default(),
        }
    }

    /// How many files were written, and how many bytes.
    pub(crate) fn total(&self) -> (u64, u64) {
        let lengths = self.lengths();
        let temporary = lengths.keys().find(|path| path.contains(".adl-"));
        assert_eq!(temporary, None);
        (lengths.len() as u64, lengths.values().sum())
    }

    fn lengths(&self) -> MutexGuard<'_, BTreeMap<String, u64>> {
        self.lengths.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, request: &Request<Bytes>) -> Response<ResponseBody> {
        let path = request
            .uri()
            .path()
            .strip_prefix("/webhdfs/v1")
            .expect("the prefix");
        let query = request.uri().query().expect("an operation");
        let get = |name: &str| {
            let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs
                .into_iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| value)
        };
        let number = |name: &str| get(name).map(|text| text.parse::<u64>().expect("a number"));
        let body = request.body();
        let done = || response(200, &[], "").map(ResponseBody::full);
        let said = |text: &str| json(200, text).map(ResponseBody::full);
        match get("op").expect("an operation") {
            "CREATE" => {
                assert!(generated::is_right(0, body), "wrong bytes at 0");
                let mut lengths = self.lengths();
                lengths.insert(path.to_owned(), body.len() as u64);
                done()
            }
            "APPEND" => {
                let offset = number("offset").expect("an offset");
                assert!(generated::is_right(offset, body), "wrong bytes at {offset}");
                let mut lengths = self.lengths();
                let length = lengths.get_mut(path).expect("it was created");
                assert_eq!(*length, offset);
                *length += body.len() as u64;
                done()
            }
            "RENAME" => {
                let to = get("destination")
                    .expect("a destination")
                    .replace("%2F", "/");
                let mut lengths = self.lengths();
                let length = lengths.remove(path).expect("it was created");
                lengths.insert(to, length);
                said(r#"{"boolean":true}"#)
            }
            "GETFILESTATUS" => match self.length_of(path) {
                Some(length) => said(&format!(r#"{{"FileStatus":{}}}"#, entry("", length))),
                None => json(404, NOT_FOUND).map(ResponseBody::full),
            },
            "LISTSTATUS" => {
                let after =
                    get("listAfter").map_or(0, |name| name.parse::<u64>().expect("a number") + 1);
                let end = self.count.min(after + 4000);
                let names = (after..end).map(|n| entry(&format!("{n:05}"), self.length));
                let entries = names.collect::<Vec<_>>().join(",");
                let token = if end < self.count {
                    format!("{:05}", end - 1)
                } else {
                    String::new()
                };
                said(&format!(
                    r#"{{"FileStatuses":{{"continuationToken":"{token}","FileStatus":[{entries}]}}}}"#
                ))
            }
            "OPEN" => {
                let offset = number("offset").expect("an offset");
                let end = number("length").map_or(self.length, |it| self.length.min(offset + it));
                let starts = (offset..end).step_by(PIECE as usize);
                let pieces = stream::iter(starts).then(move |start| async move {
                    generated::dawdle().await;
                    let length =
                        usize::try_from(PIECE.min(end - start)).expect("it fits into memory");
                    Ok(generated::bytes(start, length))
                });
                Response::new(ResponseBody::stream(pieces))
            }
            other => panic!("nobody should ask for {other}"),
        }
    }

    fn length_of(&self, path: &str) -> Option<u64> {
        let of_lake = path.starts_with("/from/").then_some(self.length);
        of_lake.or_else(|| self.lengths().get(path).copied())
    }
}

const NOT_FOUND: &str =
    r#"{"RemoteException":{"exception":"FileNotFoundException","message":"it is not there"}}"#;

fn entry(name: &str, length: u64) -> String {
    format!(
        r#"{{"length":{length},"pathSuffix":"{name}","type":"FILE","modificationTime":1495839727578}}"#
    )
}

#[async_trait]
impl Transport for NullStore {
    async fn send(
        &self,
        request: Request<Bytes>,
    ) -> Result<Response<ResponseBody>, TransportError> {
        generated::dawdle().await;
        Ok(self.answer(&request))
    }
}
