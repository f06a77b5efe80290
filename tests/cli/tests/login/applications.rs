//! Applications sign in.

use cli::{feed, run};
use tempfile::TempDir;

use crate::machine::Machine;

const KEY: &str = include_str!("../../../../crates/aad-identity/tests/certificates/key.pem");
const LEAF: &str = include_str!("../../../../crates/aad-identity/tests/certificates/leaf.crt");
const PFX: &[u8] = include_bytes!("../../../../crates/aad-identity/tests/certificates/modern.pfx");
const PASSWORD: &str = "pässword";

#[test]
fn an_application_signs_in_once_and_later_commands_run_as_it() {
    let machine = Machine::new();
    let id = machine.lake.endpoint("client_id");
    let secret = machine.lake.endpoint("client_secret");
    let said = machine.sign_application_in();
    assert!(!format!("{said:?}").contains(&secret), "{said:?}");
    assert!(said.err.contains("not encrypted"), "{said:?}");
    assert!(said.ok().contains(&id));
    assert_eq!(machine.show()["name"], id.as_str());
    assert_eq!(machine.show()["type"], "servicePrincipal");
    machine.run(&["fs", "mkdir", "/by-the-application"]).ok();
    machine.run(&["fs", "ls"]).ok();
    // The very token of the sign-in.
    let token = machine.token();
    assert!(machine.read("msal_token_cache.json").contains(token.trim()));
    assert_eq!(machine.token(), token);
}

#[test]
fn a_wrong_secret_is_refused_and_leaves_nothing_behind() {
    let machine = Machine::new();
    let id = machine.lake.endpoint("client_id");
    let arguments = ["login", "--service-principal", "-u", &id, "-p", "wr0ng"];
    let said = run(&mut machine.at_lake(&arguments));
    assert!(!format!("{said:?}").contains("wr0ng"), "{said:?}");
    let complaint = said.failed(4);
    assert!(complaint.contains("AADSTS7000215"), "{complaint}");
    assert!(machine.list().is_empty());
    assert!(
        !machine
            .read("service_principal_entries.json")
            .contains("wr0ng")
    );
}

#[test]
fn a_secret_may_come_where_nobody_else_sees_it() {
    let machine = Machine::new();
    let id = machine.lake.endpoint("client_id");
    let secret = machine.lake.endpoint("client_secret") + "\n";
    let arguments = ["login", "--service-principal", "-u", &id, "-p", "-"];
    feed(&mut machine.at_lake(&arguments), secret.as_bytes()).ok();
    machine.run(&["fs", "ls"]).ok();
}

#[test]
fn who_passes_every_check_gives_files_away() {
    let machine = Machine::new();
    let id = machine.lake.endpoint("admin_client_id");
    let secret = machine.lake.endpoint("admin_client_secret");
    let arguments = ["login", "--service-principal", "-u", &id, "-p", "-"];
    feed(&mut machine.at_lake(&arguments), secret.as_bytes()).ok();
    machine.run(&["fs", "mkdir", "/x"]).ok();
    for (owners, owner, group) in [
        ("eve:staff", "eve", "staff"),
        ("adam", "adam", "staff"),
        (":crew", "adam", "crew"),
    ] {
        machine.run(&["fs", "chown", owners, "/x"]).ok();
        let shown = machine.run(&["fs", "acl", "show", "/x"]).ok();
        let expected = format!("# owner: {owner}\n# group: {group}\n");
        assert!(shown.starts_with(&expected), "{shown}");
    }
    machine.run(&["fs", "chown", "a:b:c", "/x"]).failed(2);
}

#[test]
fn an_application_signs_in_with_a_certificate() {
    let machine = Machine::new();
    let id = machine.lake.endpoint("client_id");
    machine.register_certificate(&id, LEAF);
    let write = |name: &str, content: &[u8]| {
        let path = machine.folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    };
    write("app.pem", [KEY, LEAF].concat().as_bytes());
    let encrypted = write("app.pfx", PFX);
    let login = ["login", "--service-principal", "-u", &id, "--certificate"];
    // By a path of this folder, that other folders' commands find again.
    let arguments = [&login[..], &["app.pem"]].concat();
    run(&mut machine.at_lake(&arguments)).ok();
    let elsewhere = TempDir::new().unwrap();
    run(machine.command(&["fs", "ls"]).current_dir(elsewhere.path())).ok();

    let arguments = [&login[..], &[&encrypted, "--certificate-password", "wr0ng"]].concat();
    let complaint = run(&mut machine.at_lake(&arguments)).failed(4);
    assert!(!complaint.contains("wr0ng"), "{complaint}");
    let arguments = [&login[..], &[&encrypted, "--certificate-password", "-"]].concat();
    feed(&mut machine.at_lake(&arguments), PASSWORD.as_bytes()).ok();
    // Without the token that was kept.
    std::fs::remove_file(machine.kept("msal_token_cache.json")).unwrap();
    machine.run(&["fs", "ls"]).ok();
    let complaint = run(&mut machine.at_lake(&[&login[..], &["absent.pem"]].concat())).failed(4);
    assert!(complaint.contains("absent.pem"), "{complaint}");
}

#[test]
fn wrong_usage_is_told_before_anybody_is_asked() {
    let machine = Machine::new();
    for arguments in [
        &["login", "--service-principal"][..],
        &["login", "--service-principal", "-u", "app"],
        &["login", "-u", "app"],
        &[
            "login",
            "--service-principal",
            "-u",
            "app",
            "-p",
            "s",
            "--certificate",
            "c",
        ],
        &[
            "login",
            "--service-principal",
            "-u",
            "app",
            "-p",
            "s",
            "--use-device-code",
        ],
        &["logout", "--all", "--username", "app"],
        // No tenant is known.
        &["login", "--service-principal", "-u", "app", "-p", "s"],
    ] {
        let complaint = machine.run(arguments).failed(2);
        assert_ne!(complaint, "", "{arguments:?}");
    }
}
