//! A service that bears only so much.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use aad_core::Transport;
use aad_core::transport::{ResponseBody, TransportError};
use adls_fs::transfer::TransferOptions;
use async_trait::async_trait;
use bytes::Bytes;
use futures::executor::block_on;
use http::{Request, Response};
use std::time::Duration;
use testkit::context::{World, response};
use time::OffsetDateTime;

use super::machine::Machine;
use super::up::{small, uploader};
use crate::fake::{FakeGen1, file_system, path};

/// Turns away what comes while it has enough to do; an answer takes it 50 ms.
#[derive(Debug)]
struct Busy {
    store: Arc<FakeGen1>,
    world: World,
    bears: usize,
    status: u16,
    wait: &'static str,
    in_flight: AtomicUsize,
    most: AtomicUsize,
    /// When it was asked, and whether it turned the request away.
    asked: Mutex<Vec<(OffsetDateTime, bool)>>,
}

impl Busy {
    fn new(world: &World, bears: usize, status: u16, wait: &'static str) -> Arc<Self> {
        Arc::new(Self {
            store: Arc::default(),
            world: world.clone(),
            bears,
            status,
            wait,
            in_flight: AtomicUsize::new(0),
            most: AtomicUsize::new(0),
            asked: Mutex::default(),
        })
    }

    fn refusals(&self) -> usize {
        let asked = self.asked.lock().expect("no test panicked");
        asked.iter().filter(|(_, refused)| *refused).count()
    }
}

#[async_trait]
impl Transport for Busy {
    async fn send(
        &self,
        request: Request<Bytes>,
    ) -> Result<Response<ResponseBody>, TransportError> {
        let in_flight = self.in_flight.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(in_flight, Ordering::SeqCst);
        let refused = in_flight > self.bears;
        let now = self.world.clock.now();
        self.asked
            .lock()
            .expect("no test panicked")
            .push((now, refused));
        let context = self.world.context();
        context.sleep(Duration::from_millis(50)).await;
        let answer = if refused {
            let headers = [("retry-after", self.wait)];
            let headers = if self.wait.is_empty() {
                &[][..]
            } else {
                &headers[..]
            };
            Ok(response(self.status, headers, "").map(ResponseBody::full))
        } else {
            self.store.send(request).await
        };
        self.in_flight.fetch_sub(1, Ordering::SeqCst);
        answer
    }
}

fn upload(busy: &Arc<Busy>, count: usize) -> Duration {
    let files = file_system(&busy.world, Arc::clone(busy) as Arc<dyn Transport>);
    let machine = Machine::default();
    for n in 0..count {
        machine.put(&format!("in/{n}"), "1");
    }
    let before = busy.world.clock.now();
    let options = TransferOptions::default();
    let report = block_on(uploader(&files, &machine, options).folder("in", &path("/to")))
        .expect("a transfer");
    assert_eq!((report.transferred, report.failed), (count as u64, 0));
    assert_eq!(busy.store.files().len(), count);
    (busy.world.clock.now() - before).unsigned_abs()
}

#[test]
fn a_service_that_bears_everything_is_asked_ever_more_at_once() {
    let world = World::new();
    let busy = Busy::new(&world, usize::MAX, 429, "");
    let took = upload(&busy, 1000);
    assert_eq!(
        busy.most.load(Ordering::SeqCst),
        64,
        "the most that is allowed"
    );
    assert!(
        took < Duration::from_millis(50 * (1000 / 64 + 8)),
        "{took:?}"
    );
}

#[test]
fn a_service_that_is_too_busy_is_asked_less_and_everything_arrives() {
    for status in [429, 503] {
        let world = World::new();
        let busy = Busy::new(&world, 8, status, "");
        upload(&busy, 1000);
        let asked = busy.asked.lock().unwrap().len();
        let refused = busy.refusals();
        assert!(refused > 0, "{status}");
        assert!(
            refused * 5 < asked,
            "{status}: {refused} of {asked} were refused"
        );
    }
}

#[test]
fn while_a_service_asks_for_time_it_is_left_alone() {
    let world = World::new();
    let busy = Busy::new(&world, 8, 429, "30");
    upload(&busy, 200);
    let asked = busy.asked.lock().unwrap().clone();
    let refused = asked.iter().filter(|(_, refused)| *refused);
    let answer = Duration::from_millis(50);
    let seconds = Duration::from_secs(1);
    for (when, _) in refused {
        let said = *when + answer;
        // What was on its way before it was said may still arrive.
        let meanwhile = asked.iter().filter(|(asked, _)| {
            *asked > said + seconds && *asked < said + Duration::from_secs(29)
        });
        assert_eq!(meanwhile.count(), 0);
    }
    assert!(busy.refusals() > 0);
}

#[test]
fn a_service_that_refuses_for_minutes_is_waited_for() {
    /// Closed until its clock says otherwise.
    #[derive(Debug)]
    struct Closed(Arc<FakeGen1>, World, OffsetDateTime);

    #[async_trait]
    impl Transport for Closed {
        async fn send(
            &self,
            request: Request<Bytes>,
        ) -> Result<Response<ResponseBody>, TransportError> {
            if self.1.clock.now() < self.2 {
                return Ok(response(429, &[], "").map(ResponseBody::full));
            }
            self.0.send(request).await
        }
    }

    let world = World::new();
    let opens = world.clock.now() + Duration::from_secs(60);
    let store = Arc::new(FakeGen1::default());
    let closed = Closed(Arc::clone(&store), world.clone(), opens);
    let files = file_system(&world, Arc::new(closed));
    let machine = Machine::default();
    machine.put("a", "1");
    block_on(uploader(&files, &machine, small()).file("a", &path("/a"))).unwrap();
    assert_eq!(store.files().len(), 1);
}
