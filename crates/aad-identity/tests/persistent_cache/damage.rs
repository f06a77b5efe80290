//! Files that are damaged, or something else.

use aad_core::ErrorKind;
use aad_identity::CachedAccount;
use futures::executor::block_on;

use crate::machine::{ANNA, Machine, PATH, granted, lake, token};

#[test]
fn what_is_no_token_cache_is_left_alone() {
    let deep = "[".repeat(100_000);
    for content in [
        "not JSON",
        "{\"AccessToken\": {",
        "[]",
        "5",
        "null",
        r#"{"AccessToken": []}"#,
        r#"{"Account": "s3cr3t"}"#,
        "\u{feff}{}",
        deep.as_str(),
    ] {
        let machine = Machine::new();
        machine.0.files.write(PATH, content);
        machine.0.transport.push(granted("new"));
        let given = token(&machine.application(), &lake());
        assert_eq!(given, "new", "a sign-in needs no cache");
        let kept = machine.0.files.content(PATH).unwrap();
        assert_eq!(kept, content.as_bytes(), "it may be of a newer program");

        let context = machine.0.context();
        let error = block_on(machine.cache().accounts(&context)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unavailable);
        let message = error.to_string();
        assert!(
            message.contains("msal.cache") && message.contains("move it away"),
            "{message}"
        );
        assert!(!message.contains("s3cr3t"), "{message}");
        block_on(machine.cache().remove(&context, ANNA)).unwrap_err();
    }
}

/// Cut off here and there, or with a byte changed by a seeded chance.
#[test]
fn no_damage_costs_more_than_a_sign_in() {
    let whole = {
        let machine = Machine::new();
        machine.sign_in("a-oid", "anna@contoso.com");
        machine.0.files.content(PATH).unwrap()
    };
    let places = || (0..whole.len()).step_by(9);
    let mut damaged: Vec<_> = places().map(|at| whole[..at].to_vec()).collect();
    let mut chance = 1_u32;
    for at in places() {
        chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let mut content = whole.clone();
        content[at] = chance.to_le_bytes()[3];
        damaged.push(content);
    }
    let mut kept = 0;
    for content in damaged {
        let machine = Machine::new();
        machine.0.files.write(PATH, content.clone());
        machine.0.transport.push(granted("new"));
        assert_eq!(token(&machine.application(), &lake()), "new");
        let after = machine.0.files.content(PATH).unwrap();
        let known = block_on(machine.cache().accounts(&machine.0.context()));
        // Either it was no cache, and is as it was, or it is one with the new token in it.
        assert_eq!(known.is_err(), after == content);
        kept += usize::from(known.is_err());
    }
    let cuts = places().count();
    assert!((cuts / 2..cuts * 2).contains(&kept), "{kept}");
}

#[test]
fn an_empty_file_is_an_empty_cache() {
    for content in ["", " \r\n", "{}"] {
        let machine = Machine::new();
        machine.0.files.write(PATH, content);
        let accounts = block_on(machine.cache().accounts(&machine.0.context())).unwrap();
        assert_eq!(accounts, Vec::<CachedAccount>::new());
        machine.0.transport.push(granted("one"));
        token(&machine.application(), &lake());
        assert_eq!(token(&machine.application(), &lake()), "one");
    }
}
