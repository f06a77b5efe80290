//! What the Azure Developer CLI says when it has no token, in the dialects of its versions.
//!
//! The table is that of azure-identity's own tests (test_azd_cli_credential.py, of `extract_cli_error_message`) in our
//! words.
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows tests, but not their helpers"
)]

use aad_core::{Error, ErrorKind, TokenCredential, TokenRequest};
use aad_identity::AzureDeveloperCliCredential;
use futures::executor::block_on;
use testkit::context::{Run, World};

fn complaint(stdout: &str, stderr: &str) -> Error {
    let world = World::new();
    let run = Run::ends(1, stdout, stderr);
    world.processes.install(move |_| run.clone());
    let credential = AzureDeveloperCliCredential::new(world.context());
    block_on(credential.token(&TokenRequest::new(["https://datalake.azure.net//.default"])))
        .unwrap_err()
}

/// A line of versions before 1.23.7.
fn old(message: &str) -> String {
    let data = serde_json::json!({ "message": message });
    serde_json::json!({ "type": "consoleMessage", "timestamp": "2026-04-14T22:03:37Z", "data": data })
        .to_string()
}

/// A line of versions from 1.23.7 on.
fn new(error: &str) -> String {
    let friendly = "Authentication with Azure failed.";
    serde_json::json!({ "error": error, "message": friendly, "suggestion": "Run `azd auth login`." })
        .to_string()
}

#[test]
fn the_first_words_that_say_something_are_told() {
    for (lines, words) in [
        (vec![old("only words")], "only words"),
        (vec![old("first"), old("second"), old("third")], "first"),
        (vec![old("   "), old(""), old("words")], "words"),
        (vec![old("\n  spaces around \n ")], "spaces around"),
        (
            vec![String::new(), old("first"), String::new(), old("second")],
            "first",
        ),
        (
            vec!["no JSON".into(), old("words"), "nor this".into()],
            "words",
        ),
        (
            vec![
                r#"{"data":{"message":123}}"#.into(),
                r#"{"data":{"message":{"nested":"object"}}}"#.into(),
                r#"["data"]"#.into(),
                old("words"),
            ],
            "words",
        ),
        (
            vec![
                r#"{"data":{"message":"a brace is missing"}"#.into(),
                old("words"),
            ],
            "words",
        ),
        (vec![new("new words")], "new words"),
        (vec![old("\n"), new("new words")], "new words"),
        (vec![old("by the way"), new("new words")], "new words"),
        (vec![new(""), old("old words")], "old words"),
    ] {
        let output = lines.join("\n");
        for (stdout, stderr) in [("", output.as_str()), (output.as_str(), "")] {
            let error = complaint(stdout, stderr);
            assert_eq!(error.kind(), ErrorKind::Credentials, "{output}");
            let said = error.to_string();
            assert!(said.ends_with(&format!("failed: {words}")), "{said}");
        }
    }
}

#[test]
fn its_words_in_two_lines_keep_their_code() {
    for line in [old, new] {
        let words = "fetching token: failed to authenticate:\n(invalid_tenant) AADSTS90002: Tenant 'test' not found";
        let error = complaint("", &line(words));
        assert!(error.to_string().ends_with(words), "{error}");
        assert_eq!(error.code(), Some("AADSTS90002"));
    }
}

#[test]
fn where_no_line_says_anything_it_is_repeated_as_it_is() {
    let friendly = r#"{"message":"Authentication with Azure failed."}"#;
    for stderr in [friendly, "This is not JSON", r#"{"data":{"other":"x"}}"#] {
        let error = complaint("", stderr);
        assert!(error.to_string().ends_with(stderr), "{error}");
    }
    for stderr in ["", "  \n\n \t "] {
        let error = complaint("", stderr);
        assert!(error.to_string().contains("does not say why"), "{error}");
    }
}

#[test]
fn a_token_in_its_words_is_not_repeated() {
    for line in [old, new] {
        let error = complaint("", &line(r#"got "token": "s3cr3t-abc" somehow"#));
        assert!(!error.to_string().contains("s3cr3t"), "{error}");
    }
}
