//! Whatever a path or a pattern is written as, a path is itself again when it is read, and its own text as a pattern
//! matches it and nothing beside it.

#![no_main]

use adls_fs::{Glob, LakePath};
use libfuzzer_sys::fuzz_target;

fn check(path: &LakePath) {
    let text = path.as_str();
    assert_eq!(text.parse::<LakePath>().expect("it was shown"), *path);
    let rebuilt = path
        .names()
        .try_fold(LakePath::root(), |above, name| above.join(name));
    assert_eq!(rebuilt.expect("each is a name"), *path);
    assert!(path.names().all(|name| !matches!(name, "" | "." | "..")));
    assert_eq!(path.name(), path.names().next_back());
    match path.parent() {
        Some(parent) => assert!(path.is_within(&parent) && parent != *path),
        None => assert!(path.is_root()),
    }
    let itself: Glob = Glob::escape(text).parse().expect("it is escaped");
    assert!(itself.matches(path));
    let beside = path.join("beside").expect("a name");
    assert!(!itself.matches(&beside));
}

// The first line is a pattern, each other one a path.
fuzz_target!(|text: &str| {
    let mut lines = text.split('\n');
    let pattern = lines.next().and_then(|line| line.parse::<Glob>().ok());
    for path in lines.filter_map(|line| line.parse::<LakePath>().ok()) {
        check(&path);
        if let Some(pattern) = &pattern {
            let again: Glob = pattern.as_str().parse().expect("it was shown");
            assert_eq!(pattern.matches(&path), again.matches(&path));
        }
    }
});
