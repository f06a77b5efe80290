//! A browser that is sent to the authority and brings its answer to a port of this machine.
#![cfg(feature = "browser")]
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows tests, but not their helpers"
)]

use std::collections::HashMap;
use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aad_core::context::{Clock, Environment, Random};
use aad_core::explanation::{SourceExplanation, Verdict};
use aad_core::{Context, ErrorKind, Result, TokenCredential, TokenRequest};
use aad_identity::authorization_code::ResponseMode;
use aad_identity::interactive_browser::{Connection, Listen, Listener};
use aad_identity::{InteractiveBrowserCredential, InteractiveBrowserOptions};
use async_trait::async_trait;
use futures::StreamExt as _;
use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures::executor::block_on;
use testkit::context::{LogWatch, Reply, Run, World, json};
use time::OffsetDateTime;

const SCOPE: &str = "https://datalake.azure.net//.default";
const HINT: &str = "anna@contoso.com";

/// What a browser sends, piece by piece; then it waits.
type Visit = Vec<String>;

/// A browser without a network, and the pages that it was shown.
#[derive(Clone, Debug)]
struct Browser {
    visits: UnboundedSender<Visit>,
    port: Arc<Mutex<Option<UnboundedReceiver<Visit>>>>,
    pages: Arc<Mutex<Vec<String>>>,
}

impl Browser {
    fn new() -> Self {
        let (visits, port) = unbounded();
        Self {
            visits,
            port: Arc::new(Mutex::new(Some(port))),
            pages: Arc::default(),
        }
    }

    /// The first lines of the pages.
    fn statuses(&self) -> Vec<String> {
        let pages = self.pages.lock().unwrap();
        let first = |page: &String| page.lines().next().unwrap()["HTTP/1.1 ".len()..].to_owned();
        pages.iter().map(first).collect()
    }
}

#[async_trait]
impl Listen for Browser {
    async fn listen(&self) -> io::Result<Box<dyn Listener>> {
        let visits = self.port.lock().unwrap().take();
        let visits = visits.ok_or(io::ErrorKind::AddrInUse)?;
        let pages = Arc::clone(&self.pages);
        Ok(Box::new(Port { visits, pages }))
    }
}

struct Port {
    visits: UnboundedReceiver<Visit>,
    pages: Arc<Mutex<Vec<String>>>,
}

#[async_trait]
impl Listener for Port {
    fn port(&self) -> u16 {
        8400
    }

    async fn accept(&mut self) -> io::Result<Box<dyn Connection>> {
        let mut pieces = self.visits.next().await.ok_or(io::ErrorKind::BrokenPipe)?;
        pieces.reverse();
        let pages = Arc::clone(&self.pages);
        Ok(Box::new(Tab { pieces, pages }))
    }
}

struct Tab {
    pieces: Visit,
    pages: Arc<Mutex<Vec<String>>>,
}

#[async_trait]
impl Connection for Tab {
    async fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.pieces.pop() {
            None => std::future::pending().await,
            Some(piece) => {
                let count = piece.len().min(buffer.len());
                buffer[..count].copy_from_slice(&piece.as_bytes()[..count]);
                if count < piece.len() {
                    self.pieces.push(piece[count..].to_owned());
                }
                Ok(count)
            }
        }
    }

    async fn finish(&mut self, answer: &[u8]) -> io::Result<()> {
        let page = String::from_utf8(answer.to_vec()).unwrap();
        self.pages.lock().unwrap().push(page);
        Ok(())
    }
}

fn query(url: &str) -> HashMap<String, String> {
    let url = url::Url::parse(url).unwrap();
    url.query_pairs().into_owned().collect()
}

fn get(target: &str) -> Visit {
    vec![format!(
        "GET {target} HTTP/1.1\r\nHost: localhost:8400\r\n\r\n"
    )]
}

/// The answer of an authority at which the person signed in.
fn signed_in(url: &str) -> Visit {
    get(&format!("/?what=?&code=c0de&state={}", query(url)["state"]))
}

fn granted() -> Reply {
    json(
        200,
        r#"{"expires_in":3599,"access_token":"t0k3n","refresh_token":"r3fr3sh"}"#,
    )
    .into()
}

/// A machine whose person does this with every address that is opened.
fn world(browser: &Browser, person: impl Fn(&str) -> Vec<Visit> + Send + 'static) -> World {
    let world = World::new();
    world.transport.always(|_| granted());
    let visits = browser.visits.clone();
    world.processes.install(move |command| {
        for visit in person(command.arguments.last().unwrap()) {
            visits.unbounded_send(visit).unwrap();
        }
        Run::ends(0, "", "")
    });
    world
}

fn options(browser: &Browser) -> InteractiveBrowserOptions {
    InteractiveBrowserOptions::default().with_ports(Arc::new(browser.clone()))
}

fn credential(world: &World, options: InteractiveBrowserOptions) -> InteractiveBrowserCredential {
    InteractiveBrowserCredential::new_opts(world.context(), "contoso.com", "app", options).unwrap()
}

fn ask(credential: &InteractiveBrowserCredential, scope: &str) -> Result<String> {
    let token = block_on(credential.token(&TokenRequest::new([scope])))?;
    Ok(token.token.expose().to_owned())
}

fn form(world: &World, request: usize) -> HashMap<String, String> {
    let body = world.transport.requests()[request].body().clone();
    url::form_urlencoded::parse(&body).into_owned().collect()
}

#[test]
fn the_person_is_asked_once_and_the_code_is_redeemed_with_its_proof() {
    let browser = Browser::new();
    let world = world(&browser, |url| vec![signed_in(url)]);
    let credential = credential(&world, options(&browser).with_login_hint(HINT));
    let watch = LogWatch::new(["c0de", "t0k3n", "r3fr3sh"]);
    assert_eq!(watch.run(|| ask(&credential, SCOPE)).unwrap(), "t0k3n");
    ask(&credential, "https://vault.azure.net/.default").unwrap();

    let commands = world.processes.commands();
    assert_eq!(commands.len(), 1);
    let url = commands[0].arguments.last().unwrap();
    let asked = query(url);
    assert!(
        url.starts_with("https://login.microsoftonline.com/contoso.com/oauth2/v2.0/authorize?")
    );
    assert_eq!(asked["redirect_uri"], "http://localhost:8400");
    assert_eq!(asked["login_hint"], HINT);
    let (first, second) = (form(&world, 0), form(&world, 1));
    assert_eq!(first["grant_type"], "authorization_code");
    assert_eq!(first["code"], "c0de");
    assert_eq!(first["redirect_uri"], "http://localhost:8400");
    assert_eq!(first["code_verifier"].len(), 43);
    assert_eq!(second["grant_type"], "refresh_token");
    assert_eq!(browser.statuses(), ["200 OK"]);
    for page in browser.pages.lock().unwrap().iter() {
        watch.check(page);
    }
    watch.check(&format!("{credential:?}"));
}

#[test]
fn a_person_who_is_to_sign_in_again_is_asked_again() {
    let (first, second) = (Browser::new(), Browser::new());
    let world = world(&first, |url| vec![signed_in(url)]);
    let credential = credential(&world, options(&first));
    ask(&credential, SCOPE).unwrap();
    // One who has no port left cannot ask; a silent token would not notice.
    let error = block_on(credential.sign_in(&TokenRequest::new([SCOPE]))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);

    let world = self::world(&second, |url| vec![signed_in(url)]);
    let credential = self::credential(&world, options(&second));
    block_on(credential.sign_in(&TokenRequest::new([SCOPE]))).unwrap();
    assert_eq!(form(&world, 0)["grant_type"], "authorization_code");
    // Silent from then on.
    ask(&credential, SCOPE).unwrap();
    assert_eq!(world.processes.commands().len(), 1);
}

#[cfg(target_os = "linux")]
#[test]
fn the_browser_gets_the_address_as_one_argument() {
    let browser = Browser::new();
    let world = world(&browser, |url| vec![signed_in(url)]);
    ask(&credential(&world, options(&browser)), SCOPE).unwrap();
    let command = &world.processes.commands()[0];
    assert_eq!(
        (command.program.as_str(), command.arguments.len()),
        ("xdg-open", 1)
    );
}

#[test]
fn a_form_is_an_answer_too_in_however_many_pieces_it_comes() {
    let browser = Browser::new();
    let world = world(&browser, |url| {
        let asked = query(url);
        assert_eq!(asked["response_mode"], "form_post");
        let body = format!("state={}&code={}", asked["state"], "c".repeat(9000));
        let request = format!(
            "POST / HTTP/1.1\r\nHost: localhost:8400\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let (one, other) = request.split_at(100);
        vec![
            one.chars()
                .map(String::from)
                .chain([other.to_owned()])
                .collect(),
        ]
    });
    let options = options(&browser).with_response_mode(ResponseMode::FormPost);
    ask(&credential(&world, options), SCOPE).unwrap();
    assert_eq!(form(&world, 0)["code"].len(), 9000);
}

#[test]
fn whatever_else_comes_to_the_port_does_not_end_the_wait() {
    let browser = Browser::new();
    let world = world(&browser, |url| {
        let state = &query(url)["state"];
        vec![
            Vec::new(), // A connection that is opened ahead of need.
            get("/favicon.ico"),
            get("/"),
            get("/?code=evil&state=other"),
            get("/?code=evil&state="),
            get("/?error=access_denied"),
            vec![format!(
                "GET /?code=evil&state={state} HTTP/1.1\r\nHost: evil.example\r\n\r\n"
            )],
            vec!["\x16\x03\x01\r\n\r\n".to_owned()],
            vec!["x".repeat(200_000)],
            signed_in(url),
        ]
    });
    let start = world.clock.now();
    ask(&credential(&world, options(&browser)), SCOPE).unwrap();
    assert_eq!(form(&world, 0)["code"], "c0de");
    assert_eq!(world.clock.now(), start, "nothing was waited for");
    let told = browser.statuses();
    let count = |status: &str| told.iter().filter(|told| told.starts_with(status)).count();
    assert_eq!(
        (count("404"), count("400"), count("200")),
        (2, 6, 1),
        "{told:?}"
    );
}

#[test]
fn connections_that_say_nothing_make_room_after_a_while() {
    let browser = Browser::new();
    let world = world(&browser, |url| {
        let mut visits = vec![Vec::new(); 100];
        visits.push(signed_in(url));
        visits
    });
    let start = world.clock.now();
    ask(&credential(&world, options(&browser)), SCOPE).unwrap();
    assert_eq!(world.clock.now() - start, Duration::from_secs(30));
}

#[test]
fn a_refusal_is_told_to_the_program_and_not_repeated_on_the_page() {
    let browser = Browser::new();
    let world = world(&browser, |url| {
        let state = &query(url)["state"];
        let words = "AADSTS65004%3A+%3Cscript%3E";
        vec![get(&format!(
            "/?error=access_denied&error_description={words}&state={state}"
        ))]
    });
    let error = ask(&credential(&world, options(&browser)), SCOPE).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert_eq!(error.code(), Some("AADSTS65004"));
    let page = browser.pages.lock().unwrap()[0].clone();
    assert!(
        !page.contains("script") && page.contains("failed"),
        "{page}"
    );
    assert!(world.transport.requests().is_empty());
}

#[test]
fn nobody_is_waited_for_longer_than_the_timeout() {
    let browser = Browser::new();
    let world = world(&browser, |_| Vec::new());
    let start = world.clock.now();
    let options = options(&browser).with_timeout(Duration::from_secs(60));
    let error = ask(&credential(&world, options), SCOPE).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert_eq!(world.clock.now() - start, Duration::from_secs(60));
    assert!(browser.visits.is_closed(), "the port is closed");
}

#[test]
fn a_machine_without_a_browser_or_a_port_is_no_source_of_tokens() {
    for run in [
        Run::Fails(io::ErrorKind::NotFound),
        Run::ends(3, "", "no display"),
    ] {
        let browser = Browser::new();
        let world = World::new();
        world.processes.install(move |_| run.clone());
        let error = ask(&credential(&world, options(&browser)), SCOPE).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unavailable);
        assert!(error.to_string().contains("device code"), "{error}");
    }
    let browser = Browser::new();
    *browser.port.lock().unwrap() = None;
    let error = ask(&credential(&World::new(), options(&browser)), SCOPE).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
}

#[test]
fn a_program_that_stays_as_long_as_the_browser_is_not_waited_for() {
    let browser = Browser::new();
    let world = world(&browser, |_| Vec::new());
    let visits = browser.visits.clone();
    world.processes.install(move |command| {
        visits
            .unbounded_send(signed_in(command.arguments.last().unwrap()))
            .unwrap();
        Run::Hangs
    });
    ask(&credential(&world, options(&browser)), SCOPE).unwrap();
}

#[test]
fn a_person_without_a_display_is_shown_the_address() {
    let browser = Browser::new();
    let world = world(&browser, |_| Vec::new());
    let visits = browser.visits.clone();
    let options =
        options(&browser).with_address(move |url| visits.unbounded_send(signed_in(url)).unwrap());
    assert_eq!(ask(&credential(&world, options), SCOPE).unwrap(), "t0k3n");
    assert!(world.processes.commands().is_empty());
}

/// A clock by which no deadline ever passes, for the one test whose other side is real.
#[derive(Debug)]
struct Still;

impl Clock for Still {
    fn now(&self) -> OffsetDateTime {
        OffsetDateTime::UNIX_EPOCH
    }

    fn sleep(&self, _: Duration) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(std::future::pending())
    }
}

impl Random for Still {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill(7);
    }
}

impl Environment for Still {
    fn var(&self, _: &str) -> Option<String> {
        None
    }
}

/// Opens the address as a browser would, after the authority.
fn visit(url: &str) -> String {
    let asked = query(url);
    let address = asked["redirect_uri"].strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    let target = format!("/?code=c0de&state={}", asked["state"]);
    write!(stream, "GET {target} HTTP/1.1\r\nHost: {address}\r\n\r\n").unwrap();
    let mut page = String::new();
    stream.read_to_string(&mut page).unwrap();
    page
}

#[tokio::test]
async fn a_real_connection_brings_the_answer_and_is_shown_the_page() {
    let transport = World::new().transport;
    transport.push(granted());
    let context = Context::new(transport, Arc::new(Still), Arc::new(Still), Arc::new(Still));
    let (pages, mut shown) = unbounded();
    let options = InteractiveBrowserOptions::default().with_address(move |url| {
        let (url, pages) = (url.to_owned(), pages.clone());
        std::thread::spawn(move || pages.unbounded_send(visit(&url)));
    });
    let credential =
        InteractiveBrowserCredential::new_opts(context, "contoso.com", "app", options).unwrap();
    let token = credential.token(&TokenRequest::new([SCOPE])).await.unwrap();
    assert_eq!(token.token.expose(), "t0k3n");
    let page = shown.next().await.unwrap();
    assert!(page.starts_with("HTTP/1.1 200 OK\r\n"), "{page}");
    assert!(page.contains("You have signed in."), "{page}");
}

fn explain(credential: &InteractiveBrowserCredential) -> SourceExplanation {
    let explanation = block_on(credential.explain());
    let [source] = explanation.into_sources().try_into().unwrap();
    source
}

#[cfg(target_os = "linux")]
#[test]
fn whether_a_browser_can_be_opened_here_is_told_without_opening_one() {
    for (installed, variable, verdict, words) in [
        (true, Some("DISPLAY"), Verdict::Ready, "a person is asked"),
        (
            true,
            Some("WAYLAND_DISPLAY"),
            Verdict::Ready,
            "a person is asked",
        ),
        (true, Some("BROWSER"), Verdict::Ready, "a person is asked"),
        (true, None, Verdict::Incomplete, "no screen"),
        (
            false,
            Some("DISPLAY"),
            Verdict::NotConfigured,
            "no xdg-open",
        ),
    ] {
        let world = World::new();
        world.set_var("PATH", "/bin:/tools");
        if installed {
            world.files.write("/tools/xdg-open", "");
        }
        if let Some(variable) = variable {
            world.set_var(variable, ":0");
        }
        let source = explain(&credential(&world, InteractiveBrowserOptions::default()));
        assert_eq!(source.verdict, verdict, "{source:?}");
        let advice = source.advice.as_deref().unwrap();
        assert!(advice.contains(words), "{advice}");
        let instead = advice.contains("DeviceCodeCredential");
        assert_eq!(instead, verdict != Verdict::Ready, "{advice}");
        assert_eq!(source.looked_for[0].what, "xdg-open in PATH");
        assert!(world.processes.commands().is_empty());
    }
}

#[test]
fn whoever_is_shown_the_address_or_has_signed_in_needs_no_browser() {
    let world = World::new();
    let shown = InteractiveBrowserOptions::default().with_address(|_| {});
    assert_eq!(explain(&credential(&world, shown)).verdict, Verdict::Ready);

    let browser = Browser::new();
    let world = self::world(&browser, |url| vec![signed_in(url)]);
    let credential = credential(&world, options(&browser));
    assert_ne!(explain(&credential).verdict, Verdict::Ready);
    ask(&credential, SCOPE).unwrap();
    assert_eq!(explain(&credential).verdict, Verdict::Ready);
}
