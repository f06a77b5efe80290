//! Several processes with one cache.

use std::path::Path;
use std::time::Duration;

use aad_core::context::Files;
use aad_core::{ErrorKind, TokenCredential, TokenRequest};
use aad_identity::{
    ManagedIdentityCredential, ManagedIdentityId, ManagedIdentityOptions,
    UsernamePasswordCredential,
};
use futures::executor::block_on;
use futures::future::{join, join_all};
use testkit::context::{Reply, json};

use crate::machine::{Machine, PATH, answer, granted, granted_to, lake, token};

const SECOND: Duration = Duration::from_secs(1);

/// The file that shows that somebody fetches the token, while `waiting` runs.
fn turn_files(machine: &Machine) -> Vec<String> {
    let folder = Path::new(PATH).parent().unwrap();
    let names = block_on(machine.0.files.list(folder)).unwrap_or_default();
    names
        .into_iter()
        .filter(|name| name.ends_with(".turn"))
        .collect()
}

#[test]
fn of_many_processes_one_fetches() {
    let machine = Machine::new();
    machine.0.transport.push(granted("one").after(SECOND * 3));
    let programs: Vec<_> = (0..10).map(|_| machine.application()).collect();
    let request = lake();
    let all = programs.iter().map(|program| program.token(&request));
    for outcome in block_on(join_all(all)) {
        assert_eq!(outcome.unwrap().token.expose(), "one");
    }
    assert_eq!(machine.sent(), 1);
    assert_eq!(turn_files(&machine), Vec::<String>::new());
}

#[test]
fn nobody_waits_for_another_token() {
    let machine = Machine::new();
    let start = machine.0.clock.now();
    machine
        .0
        .transport
        .push(granted("slow").after(SECOND * 10))
        .push(granted("quick"));
    let (one, other) = (machine.application(), machine.application());
    let (slow, quick) = (lake(), TokenRequest::new(["https://x.example/.default"]));
    let second = async {
        let token = other.token(&quick).await.unwrap();
        (token.token, machine.0.clock.now() - start)
    };
    let (first, (token, after)) = block_on(join(one.token(&slow), second));
    assert_eq!(token.expose(), "quick");
    assert!(after < SECOND, "{after}");
    first.unwrap();
}

#[test]
fn a_process_that_hangs_holds_up_others_for_a_while_only() {
    let machine = Machine::new();
    let start = machine.0.clock.now();
    machine
        .0
        .transport
        .push(Reply::Silence)
        .push(granted("second"));
    let (hung, other) = (machine.application(), machine.application());
    let request = lake();
    let outcome = block_on(futures::future::select(
        Box::pin(hung.token(&request)),
        Box::pin(other.token(&request)),
    ));
    let token = outcome.factor_first().0.unwrap();
    assert_eq!(token.token.expose(), "second");
    let waited = machine.0.clock.now() - start;
    assert!(SECOND * 15 <= waited && waited < SECOND * 16, "{waited}");
}

#[test]
fn the_turn_of_a_process_that_died_is_taken_over() {
    let machine = Machine::new();
    machine.0.transport.push(Reply::Silence);
    let request = lake();
    let died = machine.application();
    let mut fetch = Box::pin(died.token(&request));
    assert!(futures::FutureExt::now_or_never(&mut fetch).is_none());
    let left = turn_files(&machine);
    assert_eq!(left.len(), 1);
    // The system releases its locks; its file stays.
    drop(fetch);
    let file = Path::new(PATH).with_file_name(&left[0]);
    machine.0.files.write(&file, "123 died");

    let start = machine.0.clock.now();
    machine.0.transport.push(granted("one"));
    assert_eq!(token(&machine.application(), &request), "one");
    let waited = machine.0.clock.now() - start;
    assert!(SECOND * 10 <= waited && waited < SECOND * 11, "{waited}");
    assert_eq!(turn_files(&machine), Vec::<String>::new());
}

#[test]
fn a_dropped_fetch_passes_the_turn_on() {
    let machine = Machine::new();
    machine
        .0
        .transport
        .push(Reply::Silence)
        .push(granted("two"));
    let request = lake();
    let first = machine.application();
    let mut fetch = Box::pin(first.token(&request));
    assert!(futures::FutureExt::now_or_never(&mut fetch).is_none());
    drop(fetch);
    let start = machine.0.clock.now();
    assert_eq!(token(&machine.application(), &request), "two");
    assert!(machine.0.clock.now() - start < SECOND);
}

#[test]
fn whoever_cannot_write_the_cache_signs_in_all_the_same() {
    let machine = Machine::new();
    // A program that changes the cache stopped in the middle of it.
    let context = machine.0.context();
    let path = format!("{PATH}.lockfile");
    let lock = context
        .files()
        .try_lock(Path::new(&path), context.now() - SECOND);
    let held = block_on(lock).unwrap().unwrap();
    machine
        .0
        .transport
        .push(granted("one"))
        .push(granted("two"));
    assert_eq!(token(&machine.application(), &lake()), "one");
    assert_eq!(machine.0.files.content(PATH), None);
    drop(held);

    machine.0.files.set_full(true);
    assert_eq!(token(&machine.application(), &lake()), "two");
    assert_eq!(machine.0.files.content(PATH), None);
    let error = block_on(machine.cache().remove(&context, "anyone")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
}

#[test]
fn a_lock_file_that_somebody_left_is_no_obstacle() {
    let machine = Machine::new();
    machine
        .0
        .files
        .write(format!("{PATH}.lockfile"), "99 python");
    machine.0.clock.advance(SECOND * 60);
    machine.0.transport.push(granted("one"));
    token(&machine.application(), &lake());
    assert_eq!(token(&machine.application(), &lake()), "one");
}

#[test]
fn a_reader_of_half_a_file_looks_again() {
    let machine = Machine::new();
    machine.0.transport.push(granted("one"));
    token(&machine.application(), &lake());
    let whole = machine.0.files.content(PATH).unwrap();
    // msal-extensions truncates the file and then writes.
    machine.0.files.write(PATH, &whole[..whole.len() / 2]);
    let program = machine.application();
    let request = lake();
    let finish = async {
        machine.0.context().sleep(Duration::from_millis(100)).await;
        machine.0.files.write(PATH, whole);
    };
    let (outcome, ()) = block_on(join(program.token(&request), finish));
    assert_eq!(outcome.unwrap().token.expose(), "one");
}

#[test]
fn a_token_that_is_due_is_used_while_the_authority_is_down() {
    let machine = Machine::new();
    machine.0.transport.push(granted("one"));
    token(&machine.application(), &lake());
    machine.0.clock.advance(SECOND * 3400);
    machine.0.transport.always(|_| json(503, "{}").into());
    assert_eq!(token(&machine.application(), &lake()), "one");
    machine.0.clock.advance(SECOND * 300);
    let error = block_on(machine.application().token(&lake())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transient);
}

#[test]
fn one_process_renews_for_all() {
    let machine = Machine::new();
    machine
        .0
        .transport
        .push(granted("one"))
        .push(granted("two"));
    let (first, second) = (machine.application(), machine.application());
    assert_eq!(token(&first, &lake()), "one");
    assert_eq!(token(&second, &lake()), "one");
    machine.0.clock.advance(SECOND * 3400);
    assert_eq!(token(&first, &lake()), "two");
    assert_eq!(token(&second, &lake()), "two");
    assert_eq!(machine.sent(), 2);
}

/// The row is named as MSAL names it.
#[test]
fn of_many_processes_one_asks_the_metadata_service() {
    let machine = Machine::new();
    machine.0.transport.push(granted("one").after(SECOND));
    let program = |identity: Option<&str>| {
        let options = ManagedIdentityOptions::default().with_persistent_cache(machine.cache());
        let named = identity.map(|id| ManagedIdentityId::ClientId(id.to_owned()));
        let options = named.map_or(options.clone(), |named| options.with_identity(named));
        ManagedIdentityCredential::new_opts(machine.0.context(), &options)
    };
    let programs: Vec<_> = (0..5).map(|_| program(None)).collect();
    let request = lake();
    let all = programs.iter().map(|program| program.token(&request));
    for outcome in block_on(join_all(all)) {
        assert_eq!(outcome.unwrap().token.expose(), "one");
    }
    assert_eq!(machine.sent(), 1);
    let key = "-localhost-accesstoken-system_assigned_managed_identity-managed_identity\
               -https://datalake.azure.net/";
    assert_eq!(machine.content()["AccessToken"][key]["secret"], "one");

    machine.0.transport.push(granted("of another"));
    assert_eq!(
        token(&program(Some("user-assigned")), &request),
        "of another"
    );
    assert_eq!(token(&program(None), &request), "one");
}

#[test]
fn a_password_is_sent_by_one_process() {
    let machine = Machine::new();
    let managed = || answer(&serde_json::json!({"account_type": "Managed"}));
    machine
        .0
        .transport
        .push(managed())
        .push(granted_to("a-oid", "anna@contoso.com", "r1").after(SECOND * 2));
    let options = machine.options();
    let program = || {
        let context = machine.0.context();
        UsernamePasswordCredential::new_opts(
            context,
            "contoso.com",
            "App",
            "Anna@contoso.com",
            "p",
            None,
            &options,
        )
        .unwrap()
    };
    let (one, other, request) = (program(), program(), lake());
    let (first, second) = block_on(join(one.token(&request), other.token(&request)));
    assert_eq!(first.unwrap().token, second.unwrap().token);
    assert_eq!(machine.sent(), 2);
}
