//! `adl serve`: starting, refusing to start, and dying.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;

use cli::{Lake, adl, run};

#[test]
fn a_port_in_use_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let folder = tempfile::tempdir().unwrap();
    let complaint = run(adl()
        .args(["serve", "--port", &port, "--https-port=0", "--root"])
        .arg(folder.path()))
    .failed(1);
    assert!(complaint.contains(&port), "{complaint}");
    assert!(complaint.contains("in use"), "{complaint}");
    // Found out before the lake opened its accounts and went on with its jobs.
    assert!(!folder.path().join("lakestore").exists());
}

#[test]
fn a_lake_that_was_killed_is_announced_no_longer_than_until_the_next_start() {
    let mut lake = Lake::start();
    lake.kill();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    run(adl()
        .args(["serve", "--port", &port, "--https-port=0", "--root"])
        .arg(lake.root()))
    .failed(1);
    let complaint = lake.run(&["env"]).failed(1);
    assert!(complaint.contains("is the lake running?"), "{complaint}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_stops_the_lake_which_is_announced_no_longer() {
    let mut lake = Lake::start();
    assert_eq!(lake.interrupt(), Some(0));
    let complaint = lake.run(&["env"]).failed(1);
    assert!(complaint.contains("is the lake running?"), "{complaint}");
}

#[test]
fn what_is_announced_holds_in_every_folder() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::serve_from(folder.path(), Path::new("lake"));
    let ca = lake.endpoint("ca");
    assert!(Path::new(&ca).is_absolute(), "{ca}");
    assert!(lake.run(&["env"]).ok().contains(&ca));
}

#[test]
fn a_root_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "not a folder").unwrap();
    let root = file.join("root");
    let complaint = run(adl()
        .args(["serve", "--port=0", "--https-port=0", "--root"])
        .arg(&root))
    .failed(1);
    assert!(complaint.contains(root.to_str().unwrap()), "{complaint}");
    assert_eq!(std::fs::read(&file).unwrap(), b"not a folder");
}

#[test]
fn a_mistake_in_the_directory_is_said_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("people.toml");
    std::fs::write(
        &file,
        "# Ada\n[[users]]\nname = \"ada@contoso.example\"\npassword = \"x\"\n",
    )
    .unwrap();
    let serve = || {
        let mut serve = adl();
        serve
            .args(["serve", "--port=0", "--https-port=0", "--root"])
            .arg(folder.path().join("lake"))
            .arg("--directory");
        serve
    };
    let complaint = run(serve().arg(&file)).failed(1);
    let place = format!("{}:3: ", file.display());
    assert!(complaint.contains(&place), "{complaint}");
    assert!(
        complaint.contains("add its domain to `domains`"),
        "{complaint}"
    );
    let complaint = run(serve().arg(folder.path().join("nobody.toml"))).failed(1);
    assert!(
        complaint.contains("nobody.toml` cannot be read"),
        "{complaint}"
    );
}

#[test]
fn a_root_that_is_served_is_not_served_twice() {
    let lake = Lake::start();
    let complaint = run(adl()
        .args(["serve", "--port=0", "--https-port=0", "--root"])
        .arg(lake.root()))
    .failed(1);
    assert!(complaint.contains("in use by another lake"), "{complaint}");
    lake.run(&["fs", "ls"]).ok();
}

#[test]
fn secrets_are_masked_unless_asked_for() {
    let secrets = ["client_secret", "admin_client_secret", "storage_key"];
    let mut lake = Lake::start();
    let secrets = secrets.map(|key| lake.endpoint(key));
    for secret in &secrets {
        assert!(!lake.announced().contains(secret), "{}", lake.announced());
    }
    lake.kill();
    let lake = Lake::serve_with(Path::new("."), lake.root(), &["--show-secrets"]);
    for secret in &secrets {
        assert!(lake.announced().contains(secret), "{}", lake.announced());
    }
}

#[test]
fn no_secret_is_logged_even_if_every_request_is() {
    let lake = Lake::start();
    let said = lake.run(&["account", "get-access-token", "--verbose", "--verbose"]);
    assert!(said.err.contains("oauth2"), "{}", said.err);
    assert!(
        !said.err.contains(&lake.endpoint("client_secret")),
        "{}",
        said.err
    );
    assert!(!said.err.contains(said.out.trim()), "{}", said.err);
}

#[cfg(unix)]
#[test]
fn a_shell_with_the_variables_talks_to_the_lake_by_the_clouds_names() {
    let lake = Lake::start();
    lake.feed(&["fs", "put", "-", "/here.txt"], b"here").ok();
    let variables = lake.run(&["env"]).ok();
    let mut command = adl();
    for line in variables.lines() {
        let (name, value) = line
            .strip_prefix("export ")
            .and_then(|pair| pair.split_once('='))
            .unwrap();
        command.env(name, value.trim_matches('\''));
    }
    let folder = tempfile::tempdir().unwrap();
    command.current_dir(folder.path());
    assert_eq!(run(command.args(["fs", "cat", "/here.txt"])).ok(), "here");
}

#[test]
fn what_was_acknowledged_survives_a_kill() {
    let mut lake = Lake::start();
    lake.feed(&["fs", "put", "-", "/kept/file.txt"], b"kept")
        .ok();
    lake.run(&["fs", "mkdir", "/kept/folder"]).ok();
    lake.kill();
    let again = Lake::serve(lake.root());
    assert_eq!(again.run(&["fs", "cat", "/kept/file.txt"]).ok(), "kept");
    assert!(again.run(&["fs", "ls", "/kept"]).ok().contains("folder/"));
}

#[test]
fn an_upload_that_breaks_off_changes_nothing() {
    let lake = Lake::start();
    lake.feed(&["fs", "put", "-", "/log.txt"], b"before").ok();
    let token = lake
        .run(&[
            "account",
            "get-access-token",
            "--resource",
            "https://datalake.azure.net/",
        ])
        .ok();
    for (method, target) in [
        (
            "PUT",
            "/webhdfs/v1/new.txt?op=CREATE&overwrite=true&write=true&api-version=2018-09-01",
        ),
        (
            "POST",
            "/webhdfs/v1/log.txt?op=APPEND&append=true&offset=6&api-version=2018-09-01",
        ),
    ] {
        let address = lake
            .endpoint("http")
            .trim_start_matches("http://")
            .to_owned();
        let mut connection = TcpStream::connect(&address).unwrap();
        write!(
            connection,
            "{method} {target} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {}\r\nContent-Length: 1000\r\n\r\nhalf of it",
            token.trim()
        )
        .unwrap();
        connection.shutdown(std::net::Shutdown::Write).unwrap();
        let _ = connection.read_to_end(&mut Vec::new());
    }
    lake.run(&["fs", "stat", "/new.txt"]).failed(3);
    assert_eq!(lake.run(&["fs", "cat", "/log.txt"]).ok(), "before");
}
