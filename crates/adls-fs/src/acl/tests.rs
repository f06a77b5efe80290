use super::*;
use crate::ErrorKind;

fn acl(text: &str) -> Acl {
    text.parse().expect("an ACL")
}

fn name(text: &str) -> Principal {
    text.parse().expect("a name")
}

/// Numbers that look random, the same ones each time (Knuth's MMIX generator).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }

    fn entry(&mut self) -> AclEntry {
        const NAMES: [&str; 4] = ["a", "b@c.d", "Größe 🦀", "user"];
        let name: Principal = NAMES[self.below(4)].parse().expect("a name");
        let kind = match self.below(6) {
            0 => AclKind::OwningUser,
            1 => AclKind::User(name),
            2 => AclKind::OwningGroup,
            3 => AclKind::Group(name),
            4 => AclKind::Mask,
            _ => AclKind::Other,
        };
        let key = match self.below(2) {
            0 => AclKey::access(kind),
            _ => AclKey::default_for_children(kind),
        };
        let rights = Rights::from_low_bits(self.below(8) as u16);
        AclEntry { key, rights }
    }
}

#[test]
fn what_is_printed_reads_back_as_the_same() {
    let mut dice = Dice(20_161_101);
    for _ in 0..2000 {
        let entries: Vec<_> = (0..=dice.below(12)).map(|_| dice.entry()).collect();
        let printed: Acl = entries.iter().cloned().collect();
        assert_eq!(acl(&printed.to_string()), printed);
        for entry in printed {
            assert_eq!(entry.to_string().parse::<AclEntry>().unwrap(), entry);
            assert_eq!(entry.key.to_string().parse::<AclKey>().unwrap(), entry.key);
        }
    }
    for bits in 0..=0o1777 {
        let permission = Permission::new(bits).unwrap();
        assert_eq!(
            permission.to_string().parse::<Permission>().unwrap(),
            permission
        );
    }
}

#[test]
fn no_text_breaks_the_reader_and_what_it_takes_it_prints_again() {
    const PIECES: [&str; 14] = [
        "user:", "group:", "mask", "other", "default:", "a", ":", "::", ",", ":rwx", ":r-x", "ü",
        "\0", "",
    ];
    let mut dice = Dice(7);
    let mut read = 0;
    for _ in 0..100_000 {
        let pieces = 1 + dice.below(9);
        let text: String = (0..pieces).map(|_| PIECES[dice.below(14)]).collect();
        match text.parse::<Acl>() {
            Ok(acl) => {
                read += 1;
                assert_eq!(acl.to_string().parse::<Acl>().unwrap(), acl, "{text:?}");
            }
            Err(error) => assert_eq!(error.kind(), ErrorKind::Request, "{text:?}"),
        }
    }
    assert!(read > 500, "{read}");
}

#[test]
fn an_error_says_where() {
    let check = |text: &str, character: usize| {
        let error = text.parse::<Acl>().unwrap_err().to_string();
        let place = format!("at character {character} (");
        assert!(error.contains(&place), "{text:?}: {error}");
        assert!(error.len() < 300, "{error}");
    };
    check("", 1);
    check("user", 5);
    check("user:", 6);
    check("user::rwz", 9);
    check("user::rwx,", 11);
    check("user::rwx,group::r-", 20);
    check("user::rwxx", 10);
    check("user::rwx,user::r--", 11);
    check("user:größe:rwx,owner::rwx", 16);
    check("mask:a:rwx", 6);
    check("default:default:user::rwx", 9);
    check("user:a:b:rwx", 7);
    check("user:a\n:rwx", 7);
    check("USER::rwx", 1);
    check(" user::rwx", 1);
    check(&"x".repeat(1 << 20), 1);
}

#[test]
fn permissions_are_octal_up_to_the_sticky_bit() {
    let permission: Permission = "0755".parse().unwrap();
    assert_eq!(
        (permission.bits(), permission.to_string()),
        (0o755, "755".into())
    );
    assert_eq!(Permission::new(7).unwrap().to_string(), "007");
    assert!(!permission.is_sticky() && permission.sticky().is_sticky());
    for bad in [
        "",
        "8",
        "2000",
        "rwx",
        "-1",
        "+7",
        "7777777777777777777777",
        "7 ",
    ] {
        assert!(bad.parse::<Permission>().is_err(), "{bad}");
    }
    assert!(Permission::new(0o2000).is_err());
}

#[test]
fn the_widest_mask_is_what_names_and_groups_have_together() {
    let list = acl("user::rwx,user:a:r--,group::--x,mask::---,other::-w-,default:group:g:-w-");
    assert_eq!(
        list.widest_mask(AclScope::Access).unwrap().to_string(),
        "r-x"
    );
    assert_eq!(list.widest_mask(AclScope::Default), Some(Rights::WRITE));
    assert_eq!(
        acl("user::rwx,other::rwx").widest_mask(AclScope::Access),
        None
    );
}

fn status(permission: u16, text: &str) -> AclStatus {
    let entries = if text.is_empty() {
        Acl::new()
    } else {
        acl(text)
    };
    let permission = Permission::new(permission).unwrap();
    AclStatus::new(name("owner"), name("staff"), permission, entries)
}

#[test]
fn the_first_class_that_the_caller_is_in_decides() {
    let check = |permission, entries, id, groups: &[&str], expected: &str| {
        let groups = groups.iter().map(|group| name(group));
        let caller = Caller::new(name(id)).with_groups(groups);
        let rights = status(permission, entries).effective_rights(&caller);
        assert_eq!(
            rights.to_string(),
            expected,
            "{permission:o} {entries} {id}"
        );
    };
    check(0o751, "", "owner", &[], "rwx");
    check(0o077, "", "owner", &["staff"], "---");
    check(0o750, "", "eve", &["staff"], "r-x");
    check(0o751, "", "eve", &["others"], "--x");
    check(0o707, "", "eve", &["staff"], "---");
    // The mask limits users by name and every group, but neither the owner nor others.
    check(0o757, "user:eve:rwx,mask::r-x", "eve", &["staff"], "r-x");
    check(0o757, "user:eve:rwx,mask::r--", "owner", &[], "rwx");
    check(0o757, "user:eve:rwx,mask::r--", "adam", &[], "rwx");
    check(
        0o757,
        "group::rwx,group:g:rwx,mask::-w-",
        "eve",
        &["staff"],
        "-w-",
    );
    // Groups are one class: what any of them has counts, and others no longer do.
    check(
        0o777,
        "group::r--,group:g:-w-,mask::rwx",
        "eve",
        &["staff", "g"],
        "rw-",
    );
    check(
        0o777,
        "group::---,group:g:---,mask::rwx",
        "eve",
        &["g"],
        "---",
    );
    // What children will get says nothing about the directory itself.
    check(0o700, "default:user:eve:rwx", "eve", &[], "---");
}

#[test]
fn what_several_groups_grant_adds_up_under_the_mask() {
    let eve = Caller::new(name("eve")).with_groups([name("staff"), name("g")]);
    let both = Rights::READ | Rights::WRITE;
    let status = |acl| status(0o770, acl);
    assert!(status("group::r--,group:g:-w-,mask::rwx").allows(&eve, both));
    assert!(!status("group::r--,group:g:-w-,mask::r-x").allows(&eve, both));
}

#[test]
fn entries_that_the_permission_bits_say_already_are_filled_in() {
    // As WebHDFS lists an ACL: the bits of the group are the mask here.
    let status = status(0o750, "user:a:rwx,group::rwx");
    let whole = "user::rwx,user:a:rwx,group::rwx,mask::r-x,other::---";
    assert_eq!(status.acl.to_string(), whole);
}
