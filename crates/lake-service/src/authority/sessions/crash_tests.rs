//! The process dies at any step that a sign-in takes on the disk: a client can go on with the last refresh token that
//! it was given.

use std::path::Path;
use std::sync::Arc;

use http::{Request, StatusCode};
use lake_store::Ambient;
use lake_store::testing::{Fault, FaultyDisk};
use serde_json::Value;

use crate::testing::TestLake;

/// The Azure CLI.
const CLIENT: &str = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

async fn post(lake: &TestLake, fields: &[(&str, &str)]) -> (StatusCode, Value) {
    let form = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("client_id", CLIENT)
        .append_pair("resource", "https://datalake.azure.net/")
        .extend_pairs(fields)
        .finish();
    let request = Request::post("https://login.microsoftonline.com/common/oauth2/token");
    let answer = lake.lake.handle(request.body(form.into()).unwrap()).await;
    let status = answer.status();
    let body = answer.into_body().collect_up_to(1 << 20).await.unwrap();
    (status, serde_json::from_slice(&body).unwrap())
}

async fn sign_in(lake: &TestLake) -> (StatusCode, Value) {
    let user = &lake.lake.authority().directory.user;
    let fields = [
        ("grant_type", "password"),
        ("username", user.name.as_str()),
        ("password", user.password.expose()),
    ];
    post(lake, &fields).await
}

async fn refresh(lake: &TestLake, token: &str) -> (StatusCode, Value) {
    let fields = [("grant_type", "refresh_token"), ("refresh_token", token)];
    post(lake, &fields).await
}

fn token((status, answer): (StatusCode, Value)) -> Option<String> {
    (status == StatusCode::OK).then(|| answer["refresh_token"].as_str().unwrap().to_owned())
}

/// Signs in and refreshes thrice; the last refresh token that arrived.
async fn run_until(root: &Path, step: u64) -> (bool, Option<String>) {
    let disk = FaultyDisk::new(step, Fault::Crash);
    let ambient = Ambient::system().with_disk(Arc::new(disk.clone()));
    let mut last = None;
    if let Ok(lake) = TestLake::try_open(root, ambient).await {
        last = token(sign_in(&lake).await);
        for _ in 0..3 {
            let Some(held) = &last else { break };
            match token(refresh(&lake, held).await) {
                Some(next) => last = Some(next),
                None => break,
            }
        }
        lake.lake.shutdown().await;
    }
    (disk.has_failed(), last)
}

#[tokio::test]
async fn after_a_crash_at_any_step_the_last_refresh_token_is_good() {
    let root = tempfile::tempdir().unwrap();
    let lake = TestLake::open(root.path()).await;
    lake.lake.shutdown().await;
    drop(lake);
    let (mut step, mut kept) = (0, 0);
    loop {
        let (failed, last) = run_until(root.path(), step).await;
        let lake = TestLake::open(root.path()).await;
        if let Some(last) = last {
            let (status, answer) = refresh(&lake, &last).await;
            assert_eq!(status, StatusCode::OK, "step {step}: {answer}");
            kept += 1;
        }
        lake.lake.shutdown().await;
        drop(lake);
        if !failed {
            break;
        }
        step += 1;
    }
    assert!(
        kept > 5,
        "only {kept} of {step} crashes had a sign-in before them"
    );
}

#[tokio::test]
async fn a_sign_in_that_cannot_be_stored_is_refused_and_the_next_is_not() {
    let root = tempfile::tempdir().unwrap();
    let lake = TestLake::open(root.path()).await;
    lake.lake.shutdown().await;
    drop(lake);
    let opening = {
        let disk = FaultyDisk::new(u64::MAX, Fault::Error);
        let ambient = Ambient::system().with_disk(Arc::new(disk.clone()));
        let lake = TestLake::try_open(root.path(), ambient).await.unwrap();
        let steps = disk.steps();
        lake.lake.shutdown().await;
        steps
    };
    let disk = FaultyDisk::new(opening, Fault::Error);
    let ambient = Ambient::system().with_disk(Arc::new(disk.clone()));
    let lake = TestLake::try_open(root.path(), ambient).await.unwrap();
    let (status, answer) = sign_in(&lake).await;
    assert!(disk.has_failed());
    assert_eq!(
        (status, &answer["error_codes"][0]),
        (StatusCode::SERVICE_UNAVAILABLE, &90033.into())
    );
    let (_, answer) = sign_in(&lake).await;
    let token = answer["refresh_token"].as_str().unwrap();
    lake.lake.shutdown().await;
    drop(lake);
    let lake = TestLake::open(root.path()).await;
    assert_eq!(refresh(&lake, token).await.0, StatusCode::OK);
}
