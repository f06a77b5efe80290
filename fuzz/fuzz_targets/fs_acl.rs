//! Whatever an access control list is written as, it is the same when it is written and read again, entry by entry too.

#![no_main]

use adls_fs::{Acl, AclEntry, AclKey, Permission, Rights};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(permission) = text.parse::<Permission>() {
        let again = permission.to_string().parse::<Permission>();
        assert_eq!(again.expect("it was shown"), permission);
    }
    let Ok(acl) = text.parse::<Acl>() else {
        return;
    };
    let shown = acl.to_string();
    assert_eq!(shown.parse::<Acl>().expect("it was shown"), acl);
    let mut rebuilt = Acl::new();
    for entry in shown.split(',').filter(|entry| !entry.is_empty()) {
        let entry: AclEntry = entry.parse().expect("it was shown");
        assert_eq!(rebuilt.insert(entry), None, "each key is there once");
    }
    assert_eq!(rebuilt, acl);
    for (key, rights) in acl.iter() {
        let again: AclKey = key.to_string().parse().expect("it was shown");
        assert_eq!(acl.get(&again), Some(rights));
        assert_eq!(rebuilt.remove(&again), Some(rights));
        let again: Rights = rights.to_string().parse().expect("it was shown");
        assert_eq!(again, rights);
    }
    assert!(rebuilt.is_empty());
});
