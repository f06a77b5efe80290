//! What the Azure CLI was told to work with.
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows tests, but not their helpers"
)]

use aad_core::explanation::Verdict;
use aad_core::{Cloud, ErrorKind, Result};
use aad_identity::CliProfile;
use futures::executor::block_on;
use serde_json::{Value, json};
use testkit::context::World;

const FOLDER: &str = "/home/u/.azure";
const FILE: &str = "/home/u/.azure/azureProfile.json";

fn subscription(id: &str, name: &str, cloud: &str, is_default: bool) -> Value {
    json!({
        "id": id, "name": name, "state": "Enabled", "isDefault": is_default,
        "tenantId": format!("tenant-of-{id}"), "environmentName": cloud,
        "user": {"name": "u@contoso.com", "type": "user"},
        "homeTenantId": "home", "managedByTenants": [],
    })
}

fn profile() -> Value {
    json!({"installationId": "i", "subscriptions": [
        subscription("1111", "Pay", "AzureCloud", false),
        subscription("2222", "Dév", "AzureChinaCloud", true),
        subscription("3333", "Twin", "AzureCloud", false),
        subscription("4444", "twin", "lab", false),
    ]})
}

fn load(content: impl Into<Vec<u8>>) -> Result<CliProfile> {
    let world = World::new();
    world.set_var("AZURE_CONFIG_DIR", FOLDER);
    world.files.write(FILE, content);
    block_on(CliProfile::load(&world.context()))
}

#[test]
fn the_chosen_subscription_says_tenant_and_cloud() {
    let profile = load(format!("\u{feff}{}", profile())).unwrap();
    let chosen = profile.default_subscription().unwrap();
    assert_eq!((&*chosen.id, &*chosen.name), ("2222", "Dév"));
    assert_eq!(chosen.tenant, "tenant-of-2222");
    assert_eq!(chosen.cloud(), Some(Cloud::CHINA));
    assert_eq!(chosen.user.as_deref(), Some("u@contoso.com"));
    assert_eq!(profile.subscriptions().len(), 4);
}

#[test]
fn a_subscription_is_found_by_id_or_name_in_any_case() {
    let profile = load(profile().to_string()).unwrap();
    let id = |name| profile.subscription(name).map(|found| found.id.clone());
    assert_eq!(id("PAY").unwrap(), "1111");
    assert_eq!(id("dÉV").unwrap(), "2222");
    assert_eq!(id("3333").unwrap(), "3333");
    assert_eq!(id("Twin").unwrap_err().kind(), ErrorKind::Request);
    assert_eq!(id("").unwrap_err().kind(), ErrorKind::NotFound);
    let elsewhere = profile.subscription("4444").unwrap();
    assert_eq!((elsewhere.cloud(), &*elsewhere.cloud_name), (None, "lab"));
}

#[test]
fn where_none_is_chosen_the_command_that_chooses_is_the_answer() {
    let one = json!({"subscriptions": [subscription("1111", "Pay", "AzureCloud", false)]});
    let profile = load(one.to_string()).unwrap();
    let error = profile.default_subscription().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.to_string().contains("az account set"), "{error}");
}

#[test]
fn a_machine_where_nobody_signed_in_is_told_from_a_damaged_profile() {
    for (content, kind) in [
        (r#"{"installationId":"i"}"#, ErrorKind::Unavailable),
        (r#"{"subscriptions":null}"#, ErrorKind::Unavailable),
        (r#"{"subscriptions":[]}"#, ErrorKind::Unavailable),
        ("", ErrorKind::Credentials),
        ("[]", ErrorKind::Credentials),
        (r#"{"subscriptions":{}}"#, ErrorKind::Credentials),
        (r#"{"subscriptions":[1]}"#, ErrorKind::Credentials),
        (r#"{"subscriptions":[{"id":"1"}]}"#, ErrorKind::Credentials),
        (r#"{"subscriptions":[{"id":1}]}"#, ErrorKind::Credentials),
    ] {
        let error = load(content).unwrap_err();
        assert_eq!(error.kind(), kind, "{content}: {error}");
    }
    let world = World::new();
    world.set_var("AZURE_CONFIG_DIR", FOLDER);
    let error = block_on(CliProfile::load(&world.context())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert!(error.to_string().contains("az login"), "{error}");
}

#[test]
fn without_a_folder_of_its_own_the_profile_is_in_that_of_the_user() {
    let world = World::new();
    let load = || block_on(CliProfile::load(&world.context()));
    assert_eq!(load().unwrap_err().kind(), ErrorKind::Unavailable);
    let home = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
    world.set_var(home, "/home/u");
    world.files.write(FILE, profile().to_string());
    assert_eq!(load().unwrap().subscriptions().len(), 4);
    world.set_var("AZURE_CONFIG_DIR", "/elsewhere");
    assert_eq!(load().unwrap_err().kind(), ErrorKind::Unavailable);
}

#[test]
fn what_a_profile_lacks_is_said_with_what_to_do() {
    let unchosen = json!({"subscriptions": [subscription("1111", "Pay", "AzureCloud", false)]});
    for (content, verdict, found, words) in [
        (
            Some(profile().to_string()),
            Verdict::Ready,
            [true, true, true],
            "",
        ),
        (
            Some(unchosen.to_string()),
            Verdict::Incomplete,
            [true, true, false],
            "az account set",
        ),
        (
            Some("damaged".to_owned()),
            Verdict::Faulty,
            [true, false, false],
            FILE,
        ),
        (None, Verdict::NotConfigured, [false; 3], "az login"),
    ] {
        let world = World::new();
        world.set_var("AZURE_CONFIG_DIR", FOLDER);
        if let Some(content) = content {
            world.files.write(FILE, content);
        }
        let explanation = block_on(CliProfile::explain(&world.context()));
        let [source] = explanation.into_sources().try_into().unwrap();
        assert_eq!(source.verdict, verdict, "{source:?}");
        assert_eq!(
            source
                .looked_for
                .iter()
                .map(|one| one.found)
                .collect::<Vec<_>>(),
            found
        );
        let advice = source.advice.unwrap_or_default();
        assert!(advice.contains(words), "{advice}");
    }
}
