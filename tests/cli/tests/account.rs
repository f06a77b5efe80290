//! `adl account`: who signs in.

use cli::{adl, run};
use serde_json::Value;

/// It needs no lake: it asks nobody.
#[test]
fn what_a_machine_has_to_sign_in_with_is_explained_without_its_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let explain = |output| {
        let said = run(adl()
            .args(["account", "explain", "--output", output])
            .current_dir(folder.path())
            .env("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential")
            .env("AZURE_CLIENT_ID", "client")
            .env("AZURE_CLIENT_SECRET", "s3cr3t"))
        .ok();
        assert!(!said.contains("s3cr3t"), "{said}");
        said
    };
    let table = explain("table");
    let row = table.lines().nth(1).unwrap();
    assert!(row.starts_with("EnvironmentCredential "), "{table}");
    assert!(row.contains("incomplete"), "{table}");
    assert!(table.contains("AZURE_TENANT_ID is not set"), "{table}");

    let sources: Vec<Value> = serde_json::from_str(&explain("json")).unwrap();
    assert_eq!(sources[0]["verdict"], "incomplete");
    assert_eq!(sources[0]["lookedFor"][0]["what"], "AZURE_TENANT_ID");
    assert_eq!(sources[0]["lookedFor"][0]["found"], false);
    assert_eq!(sources[1]["verdict"], "left out");
    assert_eq!(sources.last().unwrap()["verdict"], "not supported");
}
