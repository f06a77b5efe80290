//! People sign in.

use cli::{Lake, browser};
use serde_json::Value;

use crate::machine::{Machine, Waiting, claims};

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
fn another_person_signs_in_beside_the_first_who_is_not_taken_instead() {
    let machine = Machine::new();
    machine.sign_person_in().ok();
    machine.sign_in("admin_user").ok();
    let (user, admin) = (
        machine.lake.endpoint("user"),
        machine.lake.endpoint("admin_user"),
    );
    assert_eq!(machine.list().len(), 2);
    assert_eq!(claims(&machine.token())["upn"], admin.as_str());
    machine.run(&["fs", "mkdir", "/of-the-administrator"]).ok();
    machine.run(&["account", "set", "--username", &user]).ok();
    assert_eq!(claims(&machine.token())["upn"], user.as_str());
    machine.run(&["fs", "mkdir", "/of-the-user"]).failed(4);
    // The first again, who is there once.
    machine.sign_person_in().ok();
    assert_eq!(machine.list().len(), 2);
    machine.run(&["logout"]).ok();
    machine.run(&["account", "set", "--username", &admin]).ok();
    assert_eq!(claims(&machine.token())["upn"], admin.as_str());
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
    let done = browser::sign_in(&machine.lake, &page, "user");
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
    let done = browser::sign_in(&machine.lake, &browser::open(address.trim()), "user");
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
