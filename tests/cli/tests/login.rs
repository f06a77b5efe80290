//! `adl login` and what it leaves: as whom later commands run.
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows tests, but not their helpers"
)]

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use cli::{Lake, Said, adl, browser, ended, feed, run};
use serde_json::Value;
use tempfile::TempDir;

const KEY: &str = include_str!("../../../crates/aad-identity/tests/certificates/key.pem");
const LEAF: &str = include_str!("../../../crates/aad-identity/tests/certificates/leaf.crt");
const PFX: &[u8] = include_bytes!("../../../crates/aad-identity/tests/certificates/modern.pfx");
const PASSWORD: &str = "pässword";

/// A person's machine beside a lake.
struct Machine {
    lake: Lake,
    /// Where `adl` keeps sign-ins.
    folder: TempDir,
}

impl Machine {
    fn new() -> Self {
        Self {
            lake: Lake::start(),
            folder: TempDir::new().unwrap(),
        }
    }

    /// A command without a root, in an empty folder.
    fn command(&self, args: &[&str]) -> Command {
        let mut command = adl();
        command
            .args(args)
            .env("ADL_CONFIG_DIR", self.kept(""))
            // No browser of whoever runs the tests is opened.
            .env("PATH", "")
            .current_dir(self.folder.path());
        command
    }

    /// A command for the lake.
    fn at_lake(&self, args: &[&str]) -> Command {
        let mut command = self.command(args);
        command.arg("--root").arg(self.lake.root());
        command
    }

    fn run(&self, args: &[&str]) -> Said {
        run(&mut self.command(args))
    }

    fn kept(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join("kept").join(name)
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.kept(name)).unwrap_or_default()
    }

    /// Signs the lake's ordinary client in.
    fn sign_application_in(&self) -> Said {
        let secret = self.lake.endpoint("client_secret");
        let id = self.lake.endpoint("client_id");
        let arguments = ["login", "--service-principal", "-u", &id, "-p", &secret];
        run(&mut self.at_lake(&arguments))
    }

    /// Lets an application sign in with a certificate, as the lake's administrator does.
    fn register_certificate(&self, client_id: &str, certificate: &str) {
        let token = run(self
            .command(&["account", "get-access-token"])
            .env("HTTPS_PROXY", self.lake.endpoint("http"))
            .env("SSL_CERT_FILE", self.lake.endpoint("ca"))
            .env("AZURE_TENANT_ID", self.lake.endpoint("tenant"))
            .env("AZURE_CLIENT_ID", self.lake.endpoint("admin_client_id"))
            .env(
                "AZURE_CLIENT_SECRET",
                self.lake.endpoint("admin_client_secret"),
            ))
        .ok();
        let lake = self.lake.endpoint("http");
        let address = format!("{lake}/_lake/applications/{client_id}/certificates");
        let answer = browser::send(&address, token.trim(), certificate);
        assert!(answer.body.contains(client_id), "{answer:?}");
    }

    /// Signs the lake's ordinary person in, with the browser that the person opens.
    fn sign_person_in(&self) -> Said {
        let mut signing_in = Waiting::start(&mut self.at_lake(&["login"]));
        let address = signing_in.line(|line| line.starts_with("http"));
        let page = browser::open(&address);
        let done = browser::sign_in(&self.lake, &page);
        let back = browser::open(&done.location.unwrap());
        assert!(back.body.contains("signed in"), "{back:?}");
        signing_in.end()
    }

    fn show(&self) -> Value {
        serde_json::from_str(&self.run(&["account", "show", "--output", "json"]).ok()).unwrap()
    }

    fn list(&self) -> Vec<Value> {
        serde_json::from_str(&self.run(&["account", "list", "--output", "json"]).ok()).unwrap()
    }

    fn token(&self) -> String {
        self.run(&["account", "get-access-token"]).ok()
    }
}

/// A command that waits for a person.
struct Waiting {
    command: Child,
    complaints: BufReader<std::process::ChildStderr>,
    said: String,
}

impl Waiting {
    fn start(command: &mut Command) -> Self {
        let command = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let mut command = command.unwrap();
        let complaints = BufReader::new(command.stderr.take().unwrap());
        Self {
            command,
            complaints,
            said: String::new(),
        }
    }

    /// The first line that is such.
    fn line(&mut self, is_such: impl Fn(&str) -> bool) -> String {
        loop {
            let mut line = String::new();
            let count = self.complaints.read_line(&mut line).unwrap();
            assert_ne!(count, 0, "no such line in {:?}", self.said);
            self.said.push_str(&line);
            if is_such(&line) {
                return line.trim().to_owned();
            }
        }
    }

    fn end(mut self) -> Said {
        std::io::Read::read_to_string(&mut self.complaints, &mut self.said).unwrap();
        let mut said = ended(self.command);
        said.err = self.said;
        said
    }
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(path).unwrap().permissions()) & 0o777
}

/// The claims of a token, undecoded parts aside.
fn claims(token: &str) -> Value {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut bits = 0_u32;
    let mut count = 0;
    let mut bytes = Vec::new();
    for c in token.trim().split('.').nth(1).unwrap().bytes() {
        let value = ALPHABET.iter().position(|known| *known == c).unwrap();
        bits = (bits << 6 | u32::try_from(value).unwrap()) & 0xffff;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 0xff) as u8);
        }
    }
    serde_json::from_slice(&bytes).unwrap()
}

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

#[test]
fn a_person_signs_in_with_a_browser_and_later_commands_run_as_that_person() {
    let machine = Machine::new();
    let user = machine.lake.endpoint("user");
    let said = machine.sign_person_in();
    assert!(said.ok().contains(&user));
    let shown = machine.show();
    assert_eq!(
        (&shown["name"], &shown["type"]),
        (&user.as_str().into(), &"user".into())
    );
    assert_eq!(shown["tenantId"], machine.lake.endpoint("tenant").as_str());
    let token = machine.token();
    assert_eq!(claims(&token)["upn"], user.as_str());
    assert_eq!(machine.token(), token);
    // Another resource, without being asked.
    let args = [
        "account",
        "get-access-token",
        "--resource",
        "https://datalake.azure.net/",
    ];
    assert_eq!(claims(&machine.run(&args).ok())["upn"], user.as_str());
    // The lake itself knows who came.
    machine.run(&["fs", "ls"]).failed(4);
}

#[test]
fn a_person_signs_in_on_another_device() {
    let machine = Machine::new();
    let mut signing_in = Waiting::start(&mut machine.at_lake(&["login", "--use-device-code"]));
    let message = signing_in.line(|line| line.contains("enter the code"));
    let word_after = |mark| {
        message
            .split_once(mark)
            .unwrap()
            .1
            .split(' ')
            .next()
            .unwrap()
    };
    let page = browser::submit(word_after("the page "), &[("otc", word_after("the code "))]);
    let done = browser::sign_in(&machine.lake, &page);
    assert!(done.body.contains("Signed in"), "{done:?}");
    signing_in.end().ok();
    assert_eq!(
        machine.show()["name"],
        machine.lake.endpoint("user").as_str()
    );
}

#[cfg(target_os = "linux")]
#[test]
fn the_browser_of_the_machine_is_opened_where_there_is_one() {
    let machine = Machine::new();
    let file = |name: &str| machine.folder.path().join(name);
    let (pipe, opener) = (file("address"), file("xdg-open"));
    cli::make_pipe(&pipe);
    let script = format!("#!/bin/sh\necho \"$1\" > {}\n", pipe.display());
    std::fs::write(&opener, script).unwrap();
    let executable = std::os::unix::fs::PermissionsExt::from_mode(0o700);
    std::fs::set_permissions(&opener, executable).unwrap();
    let mut command = machine.at_lake(&["login"]);
    command.env("DISPLAY", ":0");
    let signing_in = Waiting::start(command.env("PATH", machine.folder.path()));
    // Waits until somebody writes.
    let address = std::fs::read_to_string(&pipe).unwrap();
    let done = browser::sign_in(&machine.lake, &browser::open(address.trim()));
    browser::open(&done.location.unwrap());
    let said = signing_in.end();
    assert!(!said.err.contains("http"), "{said:?}");
    said.ok();
}

#[cfg(unix)]
#[test]
fn ctrl_c_gives_a_sign_in_up() {
    let machine = Machine::new();
    let mut signing_in = Waiting::start(&mut machine.at_lake(&["login"]));
    signing_in.line(|line| line.starts_with("http"));
    cli::interrupt(&signing_in.command);
    assert_eq!(signing_in.end().code, Some(130));
    assert!(machine.list().is_empty());
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
fn a_sign_in_holds_when_the_lake_is_served_again_on_another_port() {
    let mut machine = Machine::new();
    machine.sign_person_in().ok();
    let (user, root) = (
        machine.lake.endpoint("user"),
        machine.lake.root().to_owned(),
    );
    machine.lake.kill();
    let _again = Lake::serve(&root);
    // Not the token that was kept: the lake takes the refresh token, too.
    let args = [
        "account",
        "get-access-token",
        "--resource",
        "https://vault.azure.net",
    ];
    assert_eq!(claims(&machine.run(&args).ok())["upn"], user.as_str());
}

#[test]
fn a_sign_in_that_is_refused_says_to_sign_in_again() {
    let machine = Machine::new();
    machine.sign_person_in().ok();
    let mut cache: Value = serde_json::from_str(&machine.read("msal_token_cache.json")).unwrap();
    for row in cache["RefreshToken"].as_object_mut().unwrap().values_mut() {
        row["secret"] = "revoked".into();
    }
    std::fs::write(machine.kept("msal_token_cache.json"), cache.to_string()).unwrap();
    let args = [
        "account",
        "get-access-token",
        "--resource",
        "https://vault.azure.net",
    ];
    let complaint = machine.run(&args).failed(4);
    assert!(
        complaint.contains("AADSTS") && complaint.contains("run `adl login`"),
        "{complaint}"
    );
    // Nor without anything that was kept.
    std::fs::remove_file(machine.kept("msal_token_cache.json")).unwrap();
    let complaint = machine.run(&args).failed(4);
    assert!(complaint.contains("run `adl login`"), "{complaint}");
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
