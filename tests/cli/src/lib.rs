//! The whole program, as a person runs it. `cargo xtask test` builds it first.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

pub mod browser;
pub mod wire;

/// What a command said and how it ended.
#[derive(Debug)]
pub struct Said {
    /// The exit code; `None` if a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Said {
    /// The output of a command that must have succeeded.
    ///
    /// # Panics
    /// It did not.
    #[track_caller]
    pub fn ok(self) -> String {
        assert_eq!(self.code, Some(0), "{self:#?}");
        self.out
    }

    /// The complaint of a command that must have ended with this exit code.
    ///
    /// # Panics
    /// It ended otherwise.
    #[track_caller]
    pub fn failed(self, code: i32) -> String {
        assert_eq!(self.code, Some(code), "{self:#?}");
        self.err
    }
}

/// `adl`, cut off from this process's environment.
///
/// # Panics
/// The binary was not built.
#[expect(
    clippy::disallowed_methods,
    reason = "whole-program tests start programs"
)]
pub fn adl() -> Command {
    let here = std::env::current_exe().expect("a running test has a path");
    // target/debug/deps/serve-0123 -> target/debug/adl
    let debug = here
        .ancestors()
        .nth(2)
        .expect("a test lies in target/<profile>/deps");
    let binary = debug.join(format!("adl{}", std::env::consts::EXE_SUFFIX));
    assert!(
        binary.exists(),
        "{} is not there; run `cargo xtask test`",
        binary.display()
    );
    let mut command = Command::new(binary);
    for name in [
        "ADL_ROOT",
        "AZURE_TENANT_ID",
        "AZURE_CLIENT_ID",
        "AZURE_CLIENT_SECRET",
        "AZURE_CLIENT_CERTIFICATE_PATH",
        "AZURE_USERNAME",
        "AZURE_PASSWORD",
        "AZURE_AUTHORITY_HOST",
        "ADL_ANALYTICS_ACCOUNT",
        "ADL_STORE_ACCOUNT",
        "HTTPS_PROXY",
        "https_proxy",
        "DISPLAY",
        "WAYLAND_DISPLAY",
        "BROWSER",
    ] {
        command.env_remove(name);
    }
    // Nobody is signed in, whoever runs the tests.
    command.env("ADL_CONFIG_DIR", "/nonexistent/.adl");
    // Nor is the keyring of whoever runs them asked, or needed.
    command.env("ADL_KEYRING", "off");
    command
}

/// Runs a command to its end.
///
/// # Panics
/// It cannot be started, or says something else than UTF-8.
pub fn run(command: &mut Command) -> Said {
    let output = command
        .stdin(Stdio::null())
        .output()
        .expect("adl can be started");
    said(output)
}

/// Runs a command that reads this from standard input.
///
/// # Panics
/// It cannot be started or does not read.
pub fn feed(command: &mut Command, input: &[u8]) -> Said {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("adl can be started");
    child
        .stdin
        .take()
        .expect("the input is piped")
        .write_all(input)
        .expect("adl reads its input");
    ended(child)
}

/// What a command said in the end, of what nobody has read yet.
///
/// # Panics
/// It says something else than UTF-8.
pub fn ended(child: Child) -> Said {
    said(child.wait_with_output().expect("adl ends"))
}

fn said(
    Output {
        status,
        stdout,
        stderr,
    }: Output,
) -> Said {
    let text = |bytes| String::from_utf8(bytes).expect("adl says UTF-8");
    Said {
        code: status.code(),
        out: text(stdout),
        err: text(stderr),
    }
}

/// What a command with `--json` said: an object a line.
///
/// # Panics
/// It said something else.
#[track_caller]
pub fn lines(out: &str) -> Vec<serde_json::Value> {
    let lines = out.lines().map(serde_json::from_str);
    lines.collect::<Result<_, _>>().expect("JSON lines")
}

/// Presses Ctrl-C.
///
/// # Panics
/// There is no `kill`.
#[cfg(unix)]
pub fn interrupt(child: &Child) {
    signal(child, "-INT");
}

#[cfg(unix)]
#[expect(
    clippy::disallowed_methods,
    reason = "whole-program tests start programs"
)]
fn signal(child: &Child, signal: &str) {
    Command::new("kill")
        .args([signal, &child.id().to_string()])
        .stderr(Stdio::null())
        .status()
        .expect("kill can be started");
}

/// Makes a named pipe: whoever reads it waits until somebody writes.
///
/// # Panics
/// There is no `mkfifo`.
#[cfg(unix)]
#[expect(
    clippy::disallowed_methods,
    reason = "whole-program tests start programs"
)]
pub fn make_pipe(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status();
    assert!(made.expect("mkfifo can be started").success());
}

/// A served lake on free ports. It is killed, not asked, when the value is dropped.
pub struct Lake {
    root: PathBuf,
    serving: Child,
    announced: String,
    /// Removed after the lake has ended.
    folder: Option<TempDir>,
}

impl Lake {
    /// Serves an empty folder.
    pub fn start() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let mut lake = Self::serve(folder.path());
        lake.folder = Some(folder);
        lake
    }

    /// Serves this folder.
    ///
    /// # Panics
    /// The lake ended before it was ready.
    pub fn serve(root: &Path) -> Self {
        Self::serve_from(Path::new("."), root)
    }

    /// Serves this folder, whose name may be relative to the one that `adl` is started in.
    ///
    /// # Panics
    /// The lake ended before it was ready.
    pub fn serve_from(started_in: &Path, root: &Path) -> Self {
        Self::serve_with(started_in, root, &[])
    }

    /// Serves this folder with more options.
    ///
    /// # Panics
    /// The lake ended before it was ready.
    pub fn serve_with(started_in: &Path, root: &Path, options: &[&str]) -> Self {
        let mut serving = adl()
            .current_dir(started_in)
            .args(["serve", "--port=0", "--https-port=0", "--root"])
            .arg(root)
            .args(options)
            .stdout(Stdio::piped())
            .spawn()
            .expect("adl can be started");
        let said = BufReader::new(serving.stdout.take().expect("the output is piped"));
        let mut announced = Vec::new();
        let ready = said.lines().map_while(Result::ok).any(|line| {
            announced.push(line);
            announced
                .last()
                .is_some_and(|line| line.starts_with("ready"))
        });
        assert!(ready, "adl serve ended before it was ready");
        Self {
            root: started_in.join(root),
            serving,
            announced: announced.join("\n"),
            folder: None,
        }
    }

    /// The data root.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The table that it printed when it was ready.
    pub fn announced(&self) -> &str {
        &self.announced
    }

    /// A client command for this lake.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = adl();
        command.args(args).arg("--root").arg(&self.root);
        command
    }

    /// Runs a client command.
    pub fn run(&self, args: &[&str]) -> Said {
        run(&mut self.command(args))
    }

    /// Runs a client command that reads this from standard input.
    ///
    /// # Panics
    /// It cannot be started or does not read.
    pub fn feed(&self, args: &[&str], input: &[u8]) -> Said {
        feed(&mut self.command(args), input)
    }

    /// What `endpoints.json` says under this key.
    ///
    /// # Panics
    /// The file is not there or has no such key.
    pub fn endpoint(&self, key: &str) -> String {
        let json = std::fs::read(self.root.join(".lake/endpoints.json"))
            .expect("a ready lake has written the file");
        let json: serde_json::Value = serde_json::from_slice(&json).expect("the file is JSON");
        json[key]
            .as_str()
            .unwrap_or_else(|| panic!("no key {key}"))
            .to_owned()
    }

    /// Asks the lake to end, as Ctrl-C does, and gives its exit code.
    ///
    /// # Panics
    /// It cannot be asked.
    #[cfg(unix)]
    pub fn interrupt(&mut self) -> Option<i32> {
        interrupt(&self.serving);
        self.serving.wait().expect("the lake ends").code()
    }

    /// Ends the lake without warning, while others still talk to it.
    ///
    /// # Panics
    /// There is no `kill`.
    #[cfg(unix)]
    pub fn strike(&self) {
        signal(&self.serving, "-KILL");
    }

    /// Ends the lake without warning, as `kill -9` does.
    ///
    /// # Panics
    /// It cannot be ended.
    pub fn kill(&mut self) {
        self.serving.kill().expect("the lake can be killed");
        self.serving.wait().expect("the lake ends");
    }
}

impl Drop for Lake {
    fn drop(&mut self) {
        let _ = self.serving.kill();
        let _ = self.serving.wait();
    }
}
