//! What the libraries below the real transport log, at every level, through both of Rust's facades.

use std::sync::{Mutex, OnceLock};

use aad_core::system::TransportOptions;
use aad_core::{Context, Result, TokenCredential, TokenRequest};
use aad_identity::{ClientSecretCredential, CredentialOptions};
use testkit::context::LogWatch;
use testkit::tls::{Authority, Server};

use super::SCOPE;

/// What came through `log`, of whatever test of this program.
#[derive(Default)]
struct Lines(Mutex<String>);

impl log::Log for Lines {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let line = format!("{} {}\n", record.target(), record.args());
        self.0.lock().unwrap().push_str(&line);
    }

    fn flush(&self) {}
}

fn lines() -> &'static Lines {
    static LINES: OnceLock<Lines> = OnceLock::new();
    LINES.get_or_init(Lines::default)
}

fn ask(server: &Server, trusted: &Authority) -> Result<String> {
    let options = TransportOptions::default().with_extra_root_ca_pem(trusted.pem());
    let context = Context::system_with(&options)?;
    let authority = format!("https://localhost:{}", server.port());
    let options = CredentialOptions::default().with_authority(authority);
    let credential =
        ClientSecretCredential::new_opts(context, "contoso.com", "app", "s3cr3t-@pp", &options)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let token = runtime.block_on(credential.token(&TokenRequest::new([SCOPE])))?;
    Ok(token.token.expose().to_owned())
}

#[test]
fn no_secret_reaches_a_log_of_the_libraries_below() {
    log::set_logger(lines()).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    let authority = Authority::new();
    let answer = r#"{"access_token":"t0k3n-@ccess","expires_in":3599}"#;
    let server = Server::start(authority.issue("localhost"), answer);
    let watch = LogWatch::new(["s3cr3t-@pp", "t0k3n-@ccess"]);
    watch.run(|| {
        assert_eq!(ask(&server, &authority).unwrap(), "t0k3n-@ccess");
        watch.check_error(&ask(&server, &Authority::new()).unwrap_err());
    });
    assert!(server.visits()[0].body.contains("s3cr3t-%40pp"));
    let logged = lines().0.lock().unwrap().clone();
    assert!(logged.contains("rustls"), "nothing was captured: {logged}");
    watch.check(&logged);
}
