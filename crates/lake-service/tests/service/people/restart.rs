//! What is remembered of people when the lake starts again.

use super::{CLI, SCOPE, VERIFIER, code_of, hidden, landed, text};
use crate::harness::Harness;

#[tokio::test]
async fn a_refresh_token_is_good_after_a_restart_and_its_reuse_is_noticed() {
    let mut lake = Harness::new().await;
    let first = lake.redeem(&lake.code().await, VERIFIER).await;
    lake.reopen().await;
    let second = lake.refresh(&first["refresh_token"]).await;
    assert!(second["access_token"].is_string(), "{second}");
    assert_eq!(second["scope"], SCOPE, "as at the sign-in");
    lake.reopen().await;
    // The client lost the answer: it is soon enough.
    let third = lake.refresh(&first["refresh_token"]).await;
    assert!(third["access_token"].is_string(), "{third}");
    lake.advance(31);
    lake.reopen().await;
    assert_eq!(code_of(&lake.refresh(&first["refresh_token"]).await), 50173);
    lake.reopen().await;
    assert_eq!(code_of(&lake.refresh(&third["refresh_token"]).await), 50173);
}

#[tokio::test]
async fn consent_is_remembered_and_codes_are_not() {
    let mut lake = Harness::new().await;
    let admin = lake.endpoints.admin_client_id.clone();
    let admin = [("client_id", admin.as_str())];
    assert_eq!(code_of(&lake.password(&admin).await), 65001);
    let page = text(lake.authorize(&admin).await).await;
    landed(&lake.accept(&page).await);
    let code = lake.code().await;
    let open = text(lake.authorize(&[]).await).await;
    lake.reopen().await;
    assert_eq!(code_of(&lake.password(&admin).await), 0);
    assert_eq!(code_of(&lake.redeem(&code, VERIFIER).await), 70000);
    let stale = text(lake.submit(&hidden(&open, "page"), "", "", "accept").await).await;
    assert!(stale.contains("out of date"), "{stale}");
}

#[tokio::test]
async fn the_store_has_no_refresh_token_that_somebody_could_use() {
    let lake = Harness::new().await;
    let token = lake.redeem(&lake.code().await, VERIFIER).await;
    let token = token["refresh_token"].as_str().unwrap();
    let (id, secret) = token.split_once('.').unwrap();
    let folder = lake.root().join(".lake");
    let (mut known, mut leaked) = (false, false);
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(path).unwrap();
            let has = |text: &str| {
                bytes
                    .windows(text.len())
                    .any(|part| part == text.as_bytes())
            };
            known |= has(id);
            leaked |= has(secret);
        }
    }
    assert!(known && !leaked, "known {known}, leaked {leaked}");
}

#[tokio::test]
async fn a_refresh_token_that_expired_while_the_lake_was_down_is_forgotten() {
    let mut lake = Harness::new().await;
    let token = lake.redeem(&lake.code().await, VERIFIER).await;
    lake.advance(91 * 86_400);
    lake.reopen().await;
    let refused = lake.refresh(&token["refresh_token"]).await;
    assert_eq!(code_of(&refused), 50173);
    assert_eq!(code_of(&lake.password(&[("client_id", CLI)]).await), 0);
}

#[tokio::test]
async fn what_a_code_got_before_a_restart_ends_when_the_code_comes_again() {
    let mut lake = Harness::new().await;
    let code = lake.code().await;
    let token = lake.redeem(&code, VERIFIER).await;
    assert_eq!(code_of(&lake.redeem(&code, VERIFIER).await), 54005);
    lake.reopen().await;
    assert_eq!(code_of(&lake.refresh(&token["refresh_token"]).await), 50173);
}
