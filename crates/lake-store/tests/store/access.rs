//! Who may do what, by a judge who knows the documentation and not the store.
//!
//! [`judge`] keeps a tree of its own, with ACLs as plain lists of entries, and says what an
//! operation must come to. Random callers then do random things to both.

mod documented;
mod judge;

use std::collections::BTreeMap;

use lake_store::testing::XorShift;
use lake_store::{
    AclEntry, AclKey, CreateOptions, ErrorKind, Existing, FileSpace, ListOptions, MkdirsOptions,
    Offset, Principal, Recursion, RenameOptions, Result, Rwx, SyncFlag,
};

use crate::lake::Lake;
use judge::{Judge, Wrongs};

const USERS: [(&str, &[&str]); 4] = [
    ("ann", &["red"]),
    ("bob", &["red", "blue"]),
    ("cat", &[]),
    ("dan", &["green", "blue"]),
];

fn caller(random: &mut XorShift) -> Principal {
    let (id, groups) = USERS[random.below(4) as usize];
    match random.below(16) {
        0..3 => Principal::superuser("root"),
        _ => Principal::new(id).with_groups(groups.iter().map(ToString::to_string)),
    }
}

fn path(random: &mut XorShift) -> String {
    let names = ["a", "b", "c"];
    let depth = 1 + random.below(3);
    (0..depth).fold(String::new(), |path, _| {
        format!("{path}/{}", names[random.below(3) as usize])
    })
}

fn permission(random: &mut XorShift) -> Option<u16> {
    match random.below(3) {
        0 => None,
        1 => Some(random.below(0o1000) as u16),
        _ => Some(random.below(0o2000) as u16 | 0o771),
    }
}

fn key(random: &mut XorShift) -> String {
    let who = [
        "user:",
        "user:ann",
        "user:bob",
        "user:cat",
        "group:",
        "group:red",
        "group:blue",
        "group:green",
        "mask:",
        "other:",
    ];
    let scope = ["", "", "default:"][random.below(3) as usize];
    format!("{scope}{}", who[random.below(10) as usize])
}

fn entry(random: &mut XorShift) -> String {
    let bits = random.below(8) | random.below(8);
    format!("{}:{}", key(random), Rwx::from_bits(bits as u16))
}

fn entries(random: &mut XorShift, whole: bool) -> Vec<String> {
    let base = ["user::rwx", "group::rwx", "other::--x"];
    let mut entries: Vec<String> = base.map(String::from).to_vec();
    if !whole || random.below(5) == 0 {
        entries.clear();
    }
    entries.extend((0..1 + random.below(3)).map(|_| entry(random)));
    entries
}

fn parse<T: std::str::FromStr<Err = lake_store::Error>>(texts: &[String]) -> Vec<T> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

/// One random operation, done to the store and put before the judge.
fn step(
    random: &mut XorShift,
    files: &FileSpace,
    judge: &mut Judge,
) -> (String, Result<()>, Wrongs) {
    let who = &caller(random);
    let (at, to) = (path(random), path(random));
    let (p, other) = (at.parse().unwrap(), to.parse().unwrap());
    let replace = random.below(2) == 0;
    let existing = match replace {
        true => Existing::Replace,
        false => Existing::Fail,
    };
    let bits = permission(random);
    let (what, ours, wrongs) = match random.below(21) {
        0..5 => {
            let options = CreateOptions::default()
                .with_existing(existing)
                .with_permission(bits);
            let ours = files.create(who, &p, &options, b"x").map(drop);
            ("create", ours, judge.create(who, &at, replace, bits))
        }
        5..7 => {
            let options = MkdirsOptions::default().with_permission(bits);
            let ours = files.mkdirs(who, &p, &options).map(drop);
            ("mkdirs", ours, judge.mkdirs(who, &at, bits))
        }
        7 => {
            let ours = files.append(who, &p, Offset::End, b"x", SyncFlag::Close);
            ("append", ours, judge.append(who, &at))
        }
        8 => ("open", files.open(who, &p).map(drop), judge.open(who, &at)),
        9 => {
            let ours = files.list(who, &p, &ListOptions::default()).map(drop);
            ("list", ours, judge.list(who, &at))
        }
        10 => ("stat", files.stat(who, &p).map(drop), judge.stat(who, &at)),
        11 => {
            let ours = files.content_summary(who, &p).map(drop);
            ("summary", ours, judge.summary(who, &at))
        }
        12 => {
            let wanted = random.below(8) as u16;
            let ours = files.check_access(who, &p, Rwx::from_bits(wanted));
            ("check", ours, judge.check(who, &at, wanted))
        }
        13 => {
            let recursion = match replace {
                true => Recursion::All,
                false => Recursion::EmptyOnly,
            };
            let ours = files.delete(who, &p, recursion);
            ("delete", ours, judge.delete(who, &at, replace))
        }
        14 => {
            let options = RenameOptions::default().with_existing(existing);
            let ours = files.rename(who, &p, &other, &options);
            ("rename", ours, judge.rename(who, &at, &to, replace))
        }
        15 => {
            let ours = files.concat(who, &p, &[other]);
            ("concat", ours, judge.concat(who, &at, &to))
        }
        16 => {
            let bits = bits.unwrap_or(0o750);
            let ours = files.set_permission(who, &p, bits);
            ("chmod", ours, judge.set_permission(who, &at, bits))
        }
        17 => {
            let owner = (random.below(2) == 0).then_some("cat");
            let group = [Some("red"), Some("blue"), None][random.below(3) as usize];
            let ours = files.set_owner(who, &p, owner, group);
            ("chown", ours, judge.set_owner(who, &at, owner, group))
        }
        18 => {
            let whole = random.below(2) == 0;
            let texts = entries(random, whole);
            let parsed: Vec<AclEntry> = parse(&texts);
            let ours = match whole {
                true => files.set_acl(who, &p, &parsed),
                false => files.modify_acl(who, &p, &parsed),
            };
            ("acl", ours, judge.change_acl(who, &at, &texts, whole))
        }
        19 => {
            let texts: Vec<String> = (0..1 + random.below(2)).map(|_| key(random)).collect();
            let parsed: Vec<AclKey> = parse(&texts);
            let ours = files.remove_acl_entries(who, &p, &parsed);
            ("remove", ours, judge.remove_acl(who, &at, &texts))
        }
        _ => {
            let ours = match replace {
                true => files.remove_acl(who, &p),
                false => files.remove_default_acl(who, &p),
            };
            ("remove all", ours, judge.remove_all_acl(who, &at, replace))
        }
    };
    let who = &who.object_id;
    (format!("{who}: {what} {at} {to} {bits:?}"), ours, wrongs)
}

fn compare(lake: &Lake, judge: &Judge, what: &str) {
    for (path, entries, owner, group) in judge.items() {
        let status = lake.stat(&path);
        let ours: Vec<_> = status
            .acl
            .entries()
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(ours, entries, "{path} after {what}");
        assert_eq!(
            (status.owner.as_str(), status.group.as_str()),
            (owner, group),
            "{path}"
        );
    }
}

#[test]
fn random_callers_may_do_what_the_documentation_lets_them_and_nothing_else() {
    // How often each operation was allowed and forbidden.
    let mut tried: BTreeMap<String, [u32; 2]> = BTreeMap::new();
    for seed in 0..8 {
        let mut random = XorShift::new(seed);
        let lake = Lake::new();
        let (files, root) = (lake.files(), lake.path("/"));
        files.set_permission(&lake.me, &root, 0o777).unwrap();
        let mut judge = Judge::new("me", "me", 0o777);
        for round in 0..800 {
            let (what, ours, wrongs) = step(&mut random, &files, &mut judge);
            let operation = what.split(' ').nth(1).unwrap().to_owned();
            let what = format!("seed {seed}, round {round}: {what}");
            let [allowed, forbidden] = tried.entry(operation).or_default();
            match &ours {
                Ok(()) => assert_eq!(wrongs, [], "{what}"),
                Err(error) => assert!(wrongs.contains(&error.kind()), "{what}: {error:?}"),
            }
            *allowed += u32::from(ours.is_ok());
            *forbidden += u32::from(ours.is_err_and(|e| e.kind() == ErrorKind::Forbidden));
            if round % 20 == 0 {
                compare(&lake, &judge, &what);
            }
        }
        compare(&lake, &judge, "the end");
    }
    let both = |counts: &[u32; 2]| counts.iter().all(|count| *count > 3);
    assert!(tried.len() == 15 && tried.values().all(both), "{tried:?}");
}
