//! Whatever a store answers, an operation ends, and says the same the next time.

#![no_main]

use std::sync::Arc;

use aad_core::{AccessToken, Result, TokenCredential, TokenRequest};
use adls_fs::FileSystem;
use async_trait::async_trait;
use futures::executor::block_on;
use futures::{StreamExt, TryStreamExt};
use libfuzzer_sys::fuzz_target;
use testkit::context::{World, response};
use time::macros::datetime;

const STATUSES: [u16; 6] = [200, 200, 400, 403, 404, 500];

/// A store that goes on for ever is not read to its end.
const ENTRIES: usize = 100;

#[derive(Debug)]
struct Anybody;

#[async_trait]
impl TokenCredential for Anybody {
    async fn token(&self, _: &TokenRequest) -> Result<AccessToken> {
        Ok(AccessToken::new("t", datetime!(9999-01-01 00:00 UTC)))
    }
}

fn ask(operation: u8, status: u8, body: &[u8]) -> String {
    let world = World::new();
    let status = STATUSES[usize::from(status) % STATUSES.len()];
    let body = body.to_vec();
    let headers = [("content-type", "application/json; charset=utf-8")];
    world
        .transport
        .always(move |_| response(status, &headers, body.clone()).into());
    let endpoint = "https://contoso.azuredatalakestore.net".parse();
    let endpoint = endpoint.expect("it is an address");
    let files = FileSystem::gen1(world.context(), &endpoint, Arc::new(Anybody));
    let files = files.expect("it is an endpoint");
    let path = "/a/b".parse().expect("it is a path");
    block_on(async {
        match operation % 9 {
            0 => format!("{:?}", files.stat(&path).await),
            1 => {
                let entries = files.list(&path).take(ENTRIES);
                format!("{:?}", entries.try_collect::<Vec<_>>().await)
            }
            2 => {
                let entries = files.walk(&path).take(ENTRIES);
                format!("{:?}", entries.try_collect::<Vec<_>>().await)
            }
            3 => format!("{:?}", files.acl(&path).await),
            4 => format!("{:?}", files.content_summary(&path).await),
            5 => format!("{:?}", files.mkdirs(&path).await),
            6 => format!("{:?}", files.rename(&path, &path).await),
            7 => format!("{:?}", files.delete(&path).await),
            _ => format!("{:?}", files.read_range(&path, 1, 3).await),
        }
    })
}

fuzz_target!(|input: &[u8]| {
    let [operation, status, body @ ..] = input else {
        return;
    };
    let first = ask(*operation, *status, body);
    assert_eq!(first, ask(*operation, *status, body));
});
