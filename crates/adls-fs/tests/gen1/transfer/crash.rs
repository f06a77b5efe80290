//! The power fails at every step, and the next transfer with the same journal goes on.

use std::sync::Arc;

use aad_core::Transport;
use adls_fs::FileSystem;
use adls_fs::transfer::{Overwrite, Report, TransferOptions};
use futures::executor::block_on;
use testkit::context::World;

use super::down::downloader;
use super::machine::{Machine, Power, Powered};
use super::up::uploader;
use crate::fake::{FakeGen1, file_system, path};

const LONG: &str = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// A machine and a store, of which the machine may lose its power.
struct Scene {
    machine: Machine,
    store: Arc<FakeGen1>,
}

impl Scene {
    fn files(&self, power: &Power) -> FileSystem {
        let network = Arc::clone(&self.store) as Arc<dyn Transport>;
        file_system(&World::new(), Arc::new(Powered(network, power.clone())))
    }
}

/// Two bytes are one piece, eight one range.
fn journaled(overwrite: Overwrite) -> TransferOptions {
    TransferOptions::default()
        .with_memory(4)
        .with_overwrite(overwrite)
        .with_journal("journal")
}

/// Runs a transfer with power for so many steps, and another one with power to its end, for every
/// number of steps.
fn at_every_step(
    prepare: impl Fn() -> Scene,
    transfer: &impl AsyncFn(&FileSystem, &Machine) -> adls_fs::Result<Report>,
    check: impl Fn(&Scene, &str),
) {
    let mut resumed = 0;
    for steps in 0.. {
        let scene = prepare();
        let power = Power::for_steps(steps);
        let (files, machine) = (scene.files(&power), scene.machine.with_power(&power));
        let ended = block_on(power.run(transfer(&files, &machine)));
        if let Some(report) = ended {
            let report = report.expect("a transfer");
            assert_eq!((report.failed, report.resumed), (0, 0));
            check(&scene, "without a failure");
            assert!(steps > 30, "it took {steps} steps only");
            assert!(
                resumed > 5,
                "only {resumed} transfers went on where another was"
            );
            return;
        }
        // Whatever was in flight arrives late.
        drop((files, machine));
        scene.store.settle();
        let power = Power::default();
        let (files, machine) = (scene.files(&power), scene.machine.with_power(&power));
        let report = block_on(transfer(&files, &machine)).expect("a transfer");
        assert_eq!(
            report.failed, 0,
            "after {steps} steps: {:#?}",
            report.failures
        );
        check(&scene, &format!("after {steps} steps"));
        resumed += usize::from(report.resumed > 0);
        // Once more, there is nothing left to do.
        let again = block_on(transfer(&files, &machine)).expect("a transfer");
        assert_eq!(
            (again.transferred, again.failed),
            (0, 0),
            "after {steps} steps"
        );
    }
}

fn uploads(options: &TransferOptions) {
    let prepare = || {
        let machine = Machine::default();
        machine.put("in/long", LONG);
        machine.put("in/x/short", "s");
        machine.put("in/x/empty", "");
        let store = Arc::default();
        Scene { machine, store }
    };
    let transfer = async |files: &FileSystem, machine: &Machine| {
        let uploader = uploader(files, machine, options.clone());
        uploader.folder("in", &path("/to")).await
    };
    at_every_step(prepare, &transfer, |scene, when| {
        let there = scene.store.files();
        let there: Vec<_> = there
            .iter()
            .map(|(name, text)| (&**name, &**text))
            .collect();
        let expected = [
            ("/to/long", LONG),
            ("/to/x/empty", ""),
            ("/to/x/short", "s"),
        ];
        assert_eq!(there, expected, "{when}");
    });
}

#[test]
fn an_upload_goes_on_where_the_power_failed() {
    uploads(&journaled(Overwrite::Fail));
}

#[test]
fn an_upload_that_overwrites_goes_on_where_the_power_failed() {
    uploads(&journaled(Overwrite::Always));
}

#[test]
fn an_upload_in_parts_goes_on_where_the_power_failed() {
    uploads(&journaled(Overwrite::Fail).with_segment(20));
}

#[test]
fn a_download_goes_on_where_the_power_failed() {
    let prepare = || {
        let store = FakeGen1::default();
        store.put("/from/long", LONG.as_bytes());
        store.put("/from/x/short", b"s");
        store.put("/from/x/empty", b"");
        Scene {
            machine: Machine::default(),
            store: Arc::new(store),
        }
    };
    let transfer = async |files: &FileSystem, machine: &Machine| {
        // A file that was renamed and not yet noted is seen as what it is.
        let options = journaled(Overwrite::Never);
        downloader(files, machine, options)
            .folder(&path("/from"), "in")
            .await
    };
    at_every_step(prepare, &transfer, |scene, when| {
        let there = scene.machine.files();
        let there = there.iter().filter(|(name, _)| *name != "journal");
        let there: Vec<_> = there.map(|(name, text)| (&**name, &**text)).collect();
        let expected = [("in/long", LONG), ("in/x/empty", ""), ("in/x/short", "s")];
        assert_eq!(there, expected, "{when}");
    });
}

#[test]
fn a_source_that_changed_is_transferred_anew() {
    let store = Arc::new(FakeGen1::default());
    let scene = Scene {
        machine: Machine::default(),
        store,
    };
    scene.machine.put("in/a", LONG);
    // Somewhere in the middle of the file.
    let power = Power::for_steps(30);
    let (files, machine) = (scene.files(&power), scene.machine.with_power(&power));
    let broken = uploader(&files, &machine, journaled(Overwrite::Fail));
    let to = path("/to");
    assert!(block_on(power.run(broken.folder("in", &to))).is_none());
    let before = scene.store.files();
    assert!(
        before
            .values()
            .any(|text| text.len() > 4 && LONG.starts_with(&**text)),
        "{before:?}"
    );

    let changed = LONG.to_uppercase();
    scene.machine.put("in/a", &*changed);
    let power = Power::default();
    let again = uploader(
        &scene.files(&power),
        &scene.machine,
        journaled(Overwrite::Fail),
    );
    let report = block_on(again.folder("in", &to)).unwrap();
    assert_eq!((report.failed, report.resumed), (0, 0));
    assert_eq!(scene.store.files()["/to/a"], changed);
}

#[test]
fn a_journal_that_is_cut_anywhere_or_damaged_only_costs_time() {
    let store = Arc::new(FakeGen1::default());
    let scene = Scene {
        machine: Machine::default(),
        store,
    };
    let transfer = |machine: &Machine| {
        let files = scene.files(&Power::default());
        let uploader = uploader(&files, machine, journaled(Overwrite::Always));
        block_on(uploader.folder("in", &path("/to")))
    };
    scene.machine.put("in/a", LONG);
    scene.machine.put("in/b", "b");
    transfer(&scene.machine).unwrap();
    let journal = scene.machine.files().remove("journal").unwrap();
    assert_eq!(journal.lines().count(), 1 + 3 + 1, "{journal}");
    for end in 0..=journal.len() {
        scene.machine.put("journal", &journal[..end]);
        let report = transfer(&scene.machine).unwrap();
        assert_eq!(report.failed, 0, "cut at {end}: {:?}", report.failures);
        let now = scene.machine.files().remove("journal").unwrap();
        assert!(
            now.starts_with(&journal[..end.max(14)]),
            "it only grows: {now}"
        );
        assert_eq!(
            transfer(&scene.machine).unwrap().transferred,
            0,
            "cut at {end}"
        );
    }
    for at in 14..journal.len() {
        let mut wrong = journal.clone().into_bytes();
        wrong[at] ^= 1;
        scene.machine.put("journal", wrong);
        let report = transfer(&scene.machine).unwrap();
        assert_eq!(report.failed, 0, "wrong at {at}: {:?}", report.failures);
    }
    assert_eq!(scene.store.files().len(), 2);
}

#[test]
fn a_file_that_is_no_journal_is_not_touched() {
    let (files, machine) = (crate::fake::fresh().0, Machine::default());
    machine.put("in/a", "1");
    machine.put("journal", "Dear diary,\n");
    let uploader = uploader(&files, &machine, journaled(Overwrite::Fail));
    let refused = block_on(uploader.folder("in", &path("/to"))).unwrap_err();
    assert!(
        refused.to_string().contains("is not a journal"),
        "{refused}"
    );
    assert_eq!(machine.files()["journal"], "Dear diary,\n");
}
