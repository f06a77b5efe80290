//! What a sign-in leaves, and as whom later commands run.

use std::path::Path;

use cli::run;
use serde_json::Value;
use tempfile::TempDir;

use crate::machine::Machine;

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(path).unwrap().permissions()) & 0o777
}

#[cfg(unix)]
#[test]
fn what_is_kept_is_for_its_owner_alone() {
    let machine = Machine::new();
    machine.sign_application_in().ok();
    for name in [
        "profile.json",
        "service_principal_entries.json",
        "msal_token_cache.json",
    ] {
        assert_eq!(mode(&machine.kept(name)), 0o600, "{name}");
    }
    let secret = machine.lake.endpoint("client_secret");
    assert!(!machine.read("profile.json").contains(&secret));
    // Not in the way of who looks for locks and halves.
    let left = std::fs::read_dir(machine.kept("")).unwrap();
    let names = left
        .map(|entry| entry.unwrap().file_name())
        .collect::<Vec<_>>();
    assert_eq!(names.len(), 3, "{names:?}");
}

#[test]
fn who_signed_out_is_forgotten() {
    let machine = Machine::new();
    machine.sign_person_in().ok();
    machine.sign_application_in().ok();
    let (user, id) = (
        machine.lake.endpoint("user"),
        machine.lake.endpoint("client_id"),
    );
    let secret = machine.lake.endpoint("client_secret");
    let of_application = machine.token();
    assert!(
        machine
            .read("msal_token_cache.json")
            .contains(of_application.trim())
    );
    let names = |list: Vec<Value>| -> Vec<_> {
        let name = |one: &Value| {
            (
                one["name"].as_str().unwrap().to_owned(),
                one["isDefault"] == true,
            )
        };
        list.iter().map(name).collect()
    };
    assert_eq!(names(machine.list()), [(user.clone(), false), (id, true)]);

    machine.run(&["logout"]).ok();
    assert!(
        !machine
            .read("service_principal_entries.json")
            .contains(&secret)
    );
    assert!(
        !machine
            .read("msal_token_cache.json")
            .contains(of_application.trim())
    );
    // Nobody takes its place unasked.
    assert_eq!(names(machine.list()), [(user.clone(), false)]);
    let complaint = machine.run(&["fs", "ls"]).failed(4);
    assert!(complaint.contains("adl login"), "{complaint}");
    machine.run(&["logout"]).failed(4);
    machine.run(&["logout", "--username", "somebody"]).failed(3);

    machine.run(&["account", "set", "--username", &user]).ok();
    let of_person = machine.token();
    assert!(
        machine
            .read("msal_token_cache.json")
            .contains(of_person.trim())
    );
    machine
        .run(&["logout", "--username", &user.to_uppercase()])
        .ok();
    let cache = machine.read("msal_token_cache.json");
    assert!(
        !cache.contains(of_person.trim()) && !cache.contains(&user),
        "{cache}"
    );
    assert!(machine.list().is_empty());
    machine.run(&["logout", "--all"]).ok();
}

#[test]
fn a_table_shows_people_who_is_signed_in_and_why() {
    let machine = Machine::new();
    machine.sign_application_in().ok();
    let id = machine.lake.endpoint("client_id");
    let table = machine.run(&["account", "list"]).ok();
    let lines: Vec<_> = table.lines().collect();
    assert!(lines[0].starts_with("NAME"), "{table}");
    assert!(
        lines[1].starts_with(&id) && lines[1].ends_with("true"),
        "{table}"
    );
    let shown = machine.run(&["account", "show"]).ok();
    assert!(shown.contains("adl login"), "{shown}");
    // The environment is nearer than what was kept.
    let shown = run(machine
        .command(&["account", "show"])
        .env("AZURE_TENANT_ID", "contoso.com")
        .env("AZURE_CLIENT_ID", "another"))
    .ok();
    assert!(
        shown.contains("another") && shown.contains("AZURE_TENANT_ID"),
        "{shown}"
    );
    // And a root that is named is nearer still; nobody is signed in to that lake.
    let elsewhere = TempDir::new().unwrap();
    let shown = run(machine
        .command(&["account", "show", "--root"])
        .arg(elsewhere.path()))
    .ok();
    assert!(shown.contains("own client"), "{shown}");
}

#[test]
fn a_lake_is_reached_without_a_place_to_keep_sign_ins_in() {
    let machine = Machine::new();
    let homeless = |args: &[&str]| {
        let mut command = machine.at_lake(args);
        for variable in ["ADL_CONFIG_DIR", "HOME", "USERPROFILE"] {
            command.env_remove(variable);
        }
        run(&mut command)
    };
    homeless(&["fs", "ls"]).ok();
    let complaint = homeless(&["login"]).failed(1);
    assert!(complaint.contains("ADL_CONFIG_DIR"), "{complaint}");
}

#[test]
fn a_profile_of_a_newer_adl_is_left_alone() {
    let machine = Machine::new();
    machine.sign_application_in().ok();
    let newer = machine
        .read("profile.json")
        .replace("\"version\": 1", "\"version\": 2");
    std::fs::write(machine.kept("profile.json"), &newer).unwrap();
    for args in [
        &["fs", "ls"][..],
        &["logout", "--all"],
        &["account", "list"],
    ] {
        let complaint = machine.run(args).failed(1);
        assert!(complaint.contains("newer"), "{complaint}");
    }
    assert_eq!(machine.read("profile.json"), newer);
}

#[test]
fn at_the_cloud_s_addresses_too_commands_run_as_who_signed_in() {
    let machine = Machine::new();
    let through_the_proxy = |args: &[&str]| {
        let mut command = machine.command(args);
        command
            .env("HTTPS_PROXY", machine.lake.endpoint("http"))
            .env("SSL_CERT_FILE", machine.lake.endpoint("ca"))
            .env("ADL_STORE_ACCOUNT", machine.lake.endpoint("store_account"));
        run(&mut command)
    };
    let (id, tenant) = (
        machine.lake.endpoint("client_id"),
        machine.lake.endpoint("tenant"),
    );
    let secret = machine.lake.endpoint("client_secret");
    let arguments = [
        "login",
        "--service-principal",
        "-u",
        &id,
        "-p",
        &secret,
        "--tenant",
        &tenant,
    ];
    through_the_proxy(&arguments).ok();
    through_the_proxy(&["fs", "mkdir", "/far"]).ok();
    assert!(through_the_proxy(&["fs", "ls"]).ok().contains("far"));
    assert_eq!(machine.show()["lake"], "the cloud");
}

#[test]
fn an_address_of_this_machine_is_a_lake() {
    let machine = Machine::new();
    let address = machine.lake.endpoint("http");
    let (id, tenant) = (
        machine.lake.endpoint("client_id"),
        machine.lake.endpoint("tenant"),
    );
    let secret = machine.lake.endpoint("client_secret");
    let login = |address: &str| {
        let arguments = [
            "login",
            "--authority",
            address,
            "--service-principal",
            "-u",
            &id,
            "-p",
            &secret,
            "-t",
            &tenant,
        ];
        machine.run(&arguments)
    };
    // Not over the network in the clear.
    let complaint = login("http://login.example").failed(1);
    assert!(complaint.contains("refusing"), "{complaint}");
    login(&address).ok();
    machine.run(&["fs", "mkdir", "/near"]).ok();
    assert!(machine.run(&["fs", "ls"]).ok().contains("near"));
}
