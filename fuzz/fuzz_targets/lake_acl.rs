//! Whatever lists of entries a lake is given, an ACL stays one: it is bounded, and what is shown of it is what it is.

#![no_main]

use lake_store::{Acl, AclEntry, AclKey, LakePath};
use libfuzzer_sys::fuzz_target;

/// Changes an ACL, unless the change is refused.
fn change(acl: &mut Acl, with: impl FnOnce(&mut Acl) -> lake_store::Result<()>) -> bool {
    let mut changed = acl.clone();
    let done = with(&mut changed).is_ok();
    if done {
        *acl = changed;
    }
    done
}

fn check(acl: &Acl) {
    let shown = acl.entries();
    assert!(shown.len() <= 64, "{} entries", shown.len());
    assert!(shown.is_sorted_by_key(|entry| entry.key.scope));
    let read = |entry: &AclEntry| entry.to_string().parse();
    let again: Vec<AclEntry> = shown
        .iter()
        .map(read)
        .collect::<Result<_, _>>()
        .expect("it was shown");
    assert_eq!(shown, again);
    let mut other = Acl::from_bits(0);
    other.replace(&again).expect("it is whole");
    assert_eq!((&other.access, &other.default), (&acl.access, &acl.default));
    assert!(acl.permission() <= 0o1777);
}

fuzz_target!(|text: &str| {
    let mut acl = Acl::from_bits(0o750);
    for (index, line) in text.lines().enumerate() {
        let entries: Result<Vec<AclEntry>, _> = line.split(',').map(str::parse).collect();
        if let Ok(entries) = entries {
            let replaced = index % 3 == 0 && change(&mut acl, |acl| acl.replace(&entries));
            if !replaced {
                change(&mut acl, |acl| acl.modify(&entries));
            }
        }
        let keys: Result<Vec<AclKey>, _> = line.split(',').map(str::parse).collect();
        if let Ok(keys) = keys {
            change(&mut acl, |acl| acl.remove(&keys));
        }
        check(&acl);
        if let Ok(path) = LakePath::parse(line) {
            assert_eq!(
                LakePath::parse(&path.to_string()).expect("it was shown"),
                path
            );
            let rebuilt = path
                .names()
                .try_fold(LakePath::ROOT, |path, name| path.join(name));
            assert_eq!(rebuilt.expect("each is a name"), path);
            assert!(path.names().all(|name| !matches!(name, "" | "." | "..")));
        }
    }
});
