//! A machine on which somebody signs in, beside a lake.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::PathBuf;
use std::process::{Child, ChildStderr, Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use tempfile::TempDir;

use cli::{Lake, Said, adl, browser, ended, run};

/// A person's machine beside a lake.
pub(crate) struct Machine {
    pub(crate) lake: Lake,
    /// Where commands run, and where `adl` keeps sign-ins.
    pub(crate) folder: TempDir,
}

impl Machine {
    pub(crate) fn new() -> Self {
        Self {
            lake: Lake::start(),
            folder: TempDir::new().unwrap(),
        }
    }

    /// A command without a root, in an empty folder.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
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
    pub(crate) fn at_lake(&self, args: &[&str]) -> Command {
        let mut command = self.command(args);
        command.arg("--root").arg(self.lake.root());
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Said {
        run(&mut self.command(args))
    }

    pub(crate) fn kept(&self, name: &str) -> PathBuf {
        self.folder.path().join("kept").join(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.kept(name)).unwrap_or_default()
    }

    /// Signs the lake's ordinary client in.
    pub(crate) fn sign_application_in(&self) -> Said {
        let secret = self.lake.endpoint("client_secret");
        let id = self.lake.endpoint("client_id");
        let arguments = [
            "login",
            "-vv",
            "--service-principal",
            "-u",
            &id,
            "-p",
            &secret,
        ];
        let said = run(&mut self.at_lake(&arguments));
        self.check_discretion(&said);
        said
    }

    /// Even who wants to know all is told nothing secret.
    fn check_discretion(&self, said: &Said) {
        let said = format!("{said:?}");
        let cache: Value = serde_json::from_str(&self.read("msal_token_cache.json")).unwrap();
        let sections = cache.as_object().unwrap().values();
        let rows = sections.flat_map(|rows| rows.as_object().unwrap().values());
        let tokens: Vec<_> = rows.filter_map(|row| row["secret"].as_str()).collect();
        assert_ne!(tokens, [""; 0]);
        for token in tokens {
            assert!(!said.contains(token), "{token} in {said}");
        }
        for secret in ["client_secret", "user_password", "admin_user_password"] {
            assert!(
                !said.contains(&self.lake.endpoint(secret)),
                "{secret} in {said}"
            );
        }
    }

    /// Lets an application sign in with a certificate, as the lake's administrator does.
    pub(crate) fn register_certificate(&self, client_id: &str, certificate: &str) {
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
    pub(crate) fn sign_person_in(&self) -> Said {
        self.sign_in("user")
    }

    /// Signs the lake's person of this role in, with the browser that the person opens.
    pub(crate) fn sign_in(&self, person: &str) -> Said {
        let mut signing_in = Waiting::start(&mut self.at_lake(&["login", "-vv"]));
        let address = signing_in.line(|line| line.starts_with("http"));
        let page = browser::open(&address);
        let done = browser::sign_in(&self.lake, &page, person);
        let back = browser::open(&done.location.unwrap());
        assert!(back.body.contains("signed in"), "{back:?}");
        let said = signing_in.end();
        self.check_discretion(&said);
        said
    }

    pub(crate) fn show(&self) -> Value {
        serde_json::from_str(&self.run(&["account", "show", "--output", "json"]).ok()).unwrap()
    }

    pub(crate) fn list(&self) -> Vec<Value> {
        serde_json::from_str(&self.run(&["account", "list", "--output", "json"]).ok()).unwrap()
    }

    pub(crate) fn token(&self) -> String {
        self.run(&["account", "get-access-token"]).ok()
    }
}

/// A command that waits for a person.
pub(crate) struct Waiting {
    pub(crate) command: Child,
    complaints: BufReader<ChildStderr>,
    said: String,
}

impl Waiting {
    pub(crate) fn start(command: &mut Command) -> Self {
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
    pub(crate) fn line(&mut self, is_such: impl Fn(&str) -> bool) -> String {
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

    pub(crate) fn end(mut self) -> Said {
        self.complaints.read_to_string(&mut self.said).unwrap();
        let mut said = ended(self.command);
        said.err = self.said;
        said
    }
}

/// The claims of a token.
pub(crate) fn claims(token: &str) -> Value {
    let claims = token.trim().split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap()
}
