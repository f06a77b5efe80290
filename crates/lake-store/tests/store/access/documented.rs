//! What "Access control in Azure Data Lake Storage Gen1" promises in its own examples.

use lake_store::{
    AclEntry, ConcatOptions, CreateOptions, ErrorKind, Existing, ListOptions, MkdirsOptions,
    Offset, Principal, Recursion, RenameOptions, Result, Rwx, SyncFlag,
};

use crate::lake::Lake;

const PLACES: [&str; 4] = [
    "/",
    "/Seattle",
    "/Seattle/Portland",
    "/Seattle/Portland/Data.txt",
];

/// The table "Common scenarios related to permissions": an operation, its object, and what it
/// needs on each place.
const SCENARIOS: [(&str, &str, [&str; 4]); 7] = [
    (
        "read",
        "/Seattle/Portland/Data.txt",
        ["--x", "--x", "--x", "r--"],
    ),
    (
        "append",
        "/Seattle/Portland/Data.txt",
        ["--x", "--x", "--x", "-w-"],
    ),
    (
        "delete",
        "/Seattle/Portland/Data.txt",
        ["--x", "--x", "-wx", "---"],
    ),
    (
        "create",
        "/Seattle/Portland/New.txt",
        ["--x", "--x", "-wx", "---"],
    ),
    ("list", "/", ["r-x", "---", "---", "---"]),
    ("list", "/Seattle", ["--x", "r-x", "---", "---"]),
    ("list", "/Seattle/Portland", ["--x", "--x", "r-x", "---"]),
];

impl Lake {
    /// Everything of the table, where nobody may do anything.
    fn of_scenarios() -> Self {
        let lake = Self::new();
        lake.create(PLACES[3], b"1");
        for place in PLACES {
            let files = lake.files();
            files
                .set_permission(&lake.me, &lake.path(place), 0)
                .unwrap();
        }
        lake
    }

    fn acl(&self, path: &str, entries: &str) {
        let entries: Vec<AclEntry> = entries.split(',').map(|e| e.parse().unwrap()).collect();
        let files = self.files();
        files
            .modify_acl(&self.me, &self.path(path), &entries)
            .unwrap();
    }

    fn tries(&self, who: &Principal, operation: &str, path: &str) -> Result<()> {
        let (files, path) = (self.files(), self.path(path));
        match operation {
            "read" => files.open(who, &path).map(drop),
            "append" => files.append(who, &path, Offset::End, b"2", SyncFlag::Close),
            "delete" => files.delete(who, &path, Recursion::EmptyOnly),
            "delete all" => files.delete(who, &path, Recursion::All),
            "create" => {
                let created = files.create(who, &path, &CreateOptions::default(), b"");
                created.map(drop)
            }
            "list" => files.list(who, &path, &ListOptions::default()).map(drop),
            "mkdirs" => files
                .mkdirs(who, &path, &MkdirsOptions::default())
                .map(drop),
            other => panic!("{other}"),
        }
    }
}

fn forbidden<T: std::fmt::Debug>(result: Result<T>, what: &str) {
    assert_eq!(
        result.expect_err(what).kind(),
        ErrorKind::Forbidden,
        "{what}"
    );
}

/// Each way in which somebody can have a right to something.
fn grant(lake: &Lake, class: &str, place: &str, rights: &str) {
    match class {
        "owner" => {
            let (files, path) = (lake.files(), lake.path(place));
            files.set_owner(&lake.me, &path, Some("ann"), None).unwrap();
            lake.acl(place, &format!("user::{rights}"));
        }
        "owning group" => {
            let (files, path) = (lake.files(), lake.path(place));
            files.set_owner(&lake.me, &path, None, Some("red")).unwrap();
            lake.acl(place, &format!("group::{rights}"));
        }
        "user" => lake.acl(place, &format!("user:ann:{rights},group::rwx,other::rwx")),
        "group" => lake.acl(place, &format!("group:red:{rights},other::rwx")),
        "masked user" => lake.acl(place, &format!("user:ann:rwx,mask::{rights}")),
        _ => lake.acl(place, &format!("other::{rights}")),
    }
}

#[test]
fn the_common_scenarios_need_what_the_documentation_lists_and_not_one_right_less() {
    let ann = Principal::new("ann").with_groups(["red".to_owned()]);
    let classes = [
        "owner",
        "owning group",
        "user",
        "group",
        "masked user",
        "other",
    ];
    for (operation, path, needed) in SCENARIOS {
        for class in classes {
            let what = format!("{class}: {operation} {path}");
            let lake = Lake::of_scenarios();
            for (place, rights) in PLACES.iter().zip(needed) {
                grant(&lake, class, place, rights);
            }
            lake.tries(&ann, operation, path)
                .unwrap_or_else(|e| panic!("{what}: {e}"));
            for (place, rights) in PLACES.iter().zip(needed) {
                for letter in ["r", "w", "x"].into_iter().filter(|l| rights.contains(l)) {
                    let lake = Lake::of_scenarios();
                    for (other, rights) in PLACES.iter().zip(needed) {
                        grant(&lake, class, other, rights);
                    }
                    grant(&lake, class, place, &rights.replace(letter, "-"));
                    let what = format!("{what} without {letter} on {place}");
                    forbidden(lake.tries(&ann, operation, path), &what);
                }
            }
        }
    }
}

#[test]
fn a_folder_is_deleted_with_all_in_it_by_one_who_has_all_rights_on_each_folder() {
    let ann = Principal::new("ann");
    let set_up = || {
        let lake = Lake::of_scenarios();
        lake.acl("/", "user:ann:-wx");
        lake.acl("/Seattle", "user:ann:rwx");
        lake.acl("/Seattle/Portland", "user:ann:rwx");
        lake
    };
    // Nothing is needed on the file.
    set_up().tries(&ann, "delete all", "/Seattle").unwrap();
    for (place, rights) in [
        ("/", "--x"),
        ("/", "-w-"),
        ("/Seattle", "rw-"),
        ("/Seattle", "r-x"),
        ("/Seattle", "-wx"),
        ("/Seattle/Portland", "rw-"),
        ("/Seattle/Portland", "r-x"),
        ("/Seattle/Portland", "-wx"),
    ] {
        let lake = set_up();
        lake.acl(place, &format!("user:ann:{rights}"));
        forbidden(lake.tries(&ann, "delete all", "/Seattle"), place);
        assert_eq!(lake.read(PLACES[3]), b"1");
    }
    let lake = Lake::new();
    let root = lake.tries(&lake.me, "delete all", "/").unwrap_err();
    assert_eq!(
        root.kind(),
        ErrorKind::InvalidArgument,
        "the root can never be deleted"
    );
}

#[test]
fn in_a_sticky_folder_only_owners_and_superusers_delete_and_rename() {
    let [ann, bob] = ["ann", "bob"].map(Principal::new);
    let set_up = || {
        let lake = Lake::new();
        for (path, bits) in [("/", 0o777), ("/d", 0o1777), ("/d/sub", 0o777)] {
            let files = lake.files();
            lake.tries(&lake.me, "mkdirs", path).unwrap();
            files
                .set_permission(&lake.me, &lake.path(path), bits)
                .unwrap();
        }
        lake.tries(&ann, "create", "/d/f").unwrap();
        lake.tries(&bob, "create", "/g").unwrap();
        lake
    };
    let rename = |lake: &Lake, who: &Principal, from: &str, to: &str| {
        let options = RenameOptions::default().with_existing(Existing::Replace);
        let (from, to) = (lake.path(from), lake.path(to));
        lake.files().rename(who, &from, &to, &options)
    };
    let lake = set_up();
    forbidden(lake.tries(&bob, "delete", "/d/f"), "somebody else's file");
    forbidden(rename(&lake, &bob, "/d/f", "/h"), "away");
    forbidden(rename(&lake, &bob, "/g", "/d/f"), "over it");
    forbidden(
        lake.tries(&bob, "delete", "/d/sub"),
        "somebody else's folder",
    );
    forbidden(
        lake.tries(&bob, "delete all", "/d"),
        "the folder with the file in it",
    );
    let joined = lake
        .files()
        .concat(&bob, &lake.path("/whole"), &[lake.path("/d/f")]);
    forbidden(joined, "its bytes, and the file");
    rename(&lake, &bob, "/g", "/d/g").unwrap();
    rename(&lake, &ann, "/d/f", "/d/renamed").unwrap();
    lake.tries(&ann, "delete", "/d/renamed").unwrap();
    lake.tries(&lake.me, "delete", "/d/g").unwrap();
    // The owner of the folder, who is no superuser.
    let lake = set_up();
    lake.files()
        .set_owner(&lake.me, &lake.path("/d"), Some("bob"), None)
        .unwrap();
    lake.tries(&bob, "delete", "/d/f").unwrap();
    lake.tries(&bob, "delete all", "/d").unwrap();
    // Without the bit whoever may write to the folder does as he likes.
    let lake = set_up();
    lake.files()
        .set_permission(&lake.me, &lake.path("/d"), 0o777)
        .unwrap();
    lake.tries(&bob, "delete all", "/d").unwrap();
}

#[test]
fn files_are_joined_to_one_that_the_caller_may_only_write() {
    let lake = Lake::new();
    let ann = Principal::new("ann");
    lake.files()
        .set_permission(&lake.me, &lake.path("/"), 0o777)
        .unwrap();
    lake.create("/log", b"1");
    lake.tries(&ann, "create", "/part").unwrap();
    let concat = || {
        lake.files()
            .concat(&ann, &lake.path("/log"), &[lake.path("/part")])
    };
    lake.acl("/log", "user:ann:r-x");
    forbidden(concat(), "no write");
    lake.acl("/log", "user:ann:-w-");
    concat().unwrap();
    assert_eq!(lake.read("/log"), b"1");
}

#[test]
fn files_are_joined_and_their_folder_deleted_by_one_who_may_do_both_or_nothing_happens() {
    let ann = Principal::new("ann");
    let options = ConcatOptions::default().with_delete_source_directory(true);
    let set_up = || {
        let lake = Lake::new();
        for path in ["/up/a", "/up/b", "/up/sub/left"] {
            lake.create(path, path.as_bytes());
        }
        lake.acl("/", "user:ann:rwx");
        for path in ["/up", "/up/a", "/up/b", "/up/sub"] {
            lake.acl(path, "user:ann:rwx");
        }
        lake
    };
    let concat = |lake: &Lake, path: &str| {
        let sources = [lake.path("/up/a"), lake.path("/up/b")];
        let files = lake.files();
        files.concat_opts(&ann, &lake.path(path), &sources, &options)
    };
    let lake = set_up();
    concat(&lake, "/whole").unwrap();
    assert_eq!(lake.read("/whole"), b"/up/a/up/b");
    assert_eq!(lake.names("/"), ["whole"]);
    assert_eq!(lake.store().verify().unwrap(), []);
    let lake = set_up();
    concat(&lake, "/up/sub/whole").unwrap();
    assert_eq!(lake.names("/up"), ["sub"], "the folder of the result stays");
    for (place, rights) in [("/up/sub", "r-x"), ("/up", "-wx")] {
        let lake = set_up();
        lake.acl(place, &format!("user:ann:{rights}"));
        forbidden(concat(&lake, "/whole"), place);
        assert_eq!(lake.names("/up"), ["a", "b", "sub"]);
        assert_eq!(lake.names("/"), ["up"]);
    }
}

#[test]
fn an_owner_gives_rights_and_groups_away_and_only_a_superuser_the_thing_itself() {
    let lake = Lake::new();
    let (files, f) = (lake.files(), lake.path("/f"));
    let ann = Principal::new("ann").with_groups(["red".to_owned()]);
    let bob = Principal::new("bob").with_groups(["red".to_owned()]);
    files
        .set_permission(&lake.me, &lake.path("/"), 0o777)
        .unwrap();
    lake.tries(&ann, "create", "/f").unwrap();
    // An owner without rights has none, but may give them to herself.
    files.set_permission(&ann, &f, 0o070).unwrap();
    forbidden(lake.tries(&ann, "read", "/f"), "no rights");
    files.set_owner(&ann, &f, None, Some("red")).unwrap();
    lake.tries(&bob, "read", "/f").unwrap();
    // The owning group has rights to the file and not to its permissions.
    forbidden(files.set_permission(&bob, &f, 0o777), "chmod");
    forbidden(files.remove_acl(&bob, &f), "setfacl");
    forbidden(files.set_owner(&bob, &f, None, Some("red")), "chgrp");
    forbidden(
        files.set_owner(&ann, &f, None, Some("blue")),
        "not her group",
    );
    forbidden(files.set_owner(&ann, &f, Some("bob"), None), "chown");
    forbidden(files.set_owner(&ann, &f, Some("bob"), Some("red")), "both");
    files.set_permission(&ann, &f, 0o600).unwrap();
    lake.tries(&ann, "read", "/f").unwrap();
    files
        .set_owner(&lake.me, &f, Some("bob"), Some("blue"))
        .unwrap();
    forbidden(files.set_permission(&ann, &f, 0o777), "no owner any more");
    files.set_permission(&bob, &f, 0o640).unwrap();
    let status = lake.stat("/f");
    assert_eq!(
        (status.owner.as_str(), status.group.as_str()),
        ("bob", "blue")
    );
}

#[test]
fn new_things_get_the_defaults_without_rights_for_others_and_the_group_of_the_folder() {
    let lake = Lake::new();
    let ann = Principal::new("ann");
    lake.files()
        .set_owner(&lake.me, &lake.path("/"), None, Some("staff"))
        .unwrap();
    lake.acl("/", "user:ann:rwx,default:user:ann:rwx,default:other::rwx");
    lake.tries(&ann, "mkdirs", "/d").unwrap();
    lake.tries(&ann, "create", "/d/f").unwrap();
    let shown = |path: &str| {
        let status = lake.stat(path);
        assert_eq!(
            (status.owner.as_str(), status.group.as_str()),
            ("ann", "staff")
        );
        let entries: Vec<_> = status
            .acl
            .entries()
            .iter()
            .map(ToString::to_string)
            .collect();
        entries.join(" ")
    };
    let access = "user::rwx user:ann:rwx group::rwx mask::rwx other::---";
    let default = "default:user::rwx default:user:ann:rwx default:group::rwx default:mask::rwx default:other::rwx";
    assert_eq!(shown("/d"), format!("{access} {default}"));
    assert_eq!(shown("/d/f"), access);
    // A change of the defaults is none of what is there already.
    lake.acl("/", "default:user:ann:---");
    assert_eq!(shown("/d"), format!("{access} {default}"));
}

#[test]
fn a_list_holds_32_entries_and_none_twice() {
    let lake = Lake::new();
    lake.create("/f", b"");
    let (files, f) = (lake.files(), lake.path("/f"));
    let modify = |users: std::ops::Range<usize>| {
        let entries: Vec<AclEntry> = users
            .map(|n| format!("user:u{n}:r--").parse().unwrap())
            .collect();
        files.modify_acl(&lake.me, &f, &entries)
    };
    // Beside 28 users there are owner, group, mask and other.
    modify(0..28).unwrap();
    assert_eq!(lake.stat("/f").acl.entries().len(), 32);
    let refused = |result: Result<()>| {
        assert_eq!(result.unwrap_err().kind(), ErrorKind::InvalidArgument);
        assert_eq!(lake.stat("/f").acl.entries().len(), 32);
    };
    refused(modify(28..29));
    refused(modify(0..500));
    refused(modify(0..0));
    let twice: Vec<AclEntry> = ["user:u1:rwx", "user:u1:r--"]
        .map(|e| e.parse().unwrap())
        .into();
    refused(files.modify_acl(&lake.me, &f, &twice));
    refused(files.set_acl(&lake.me, &f, &twice[..1]));
    let default: AclEntry = "default:user:u1:rwx".parse().unwrap();
    refused(files.modify_acl(&lake.me, &f, &[default]));
    for key in ["user:", "group:", "mask:", "other:"] {
        refused(files.remove_acl_entries(&lake.me, &f, &[key.parse().unwrap()]));
    }
}

#[test]
fn a_guid_in_capitals_is_the_same_guid() {
    let lake = Lake::new();
    lake.create("/f", b"");
    let id = "3883e0e8-9ad3-440d-b6f6-6ed492ae1ae7";
    let who = Principal::new(id);
    let check = || lake.files().check_access(&who, &lake.path("/f"), Rwx::READ);
    lake.acl("/", "other::--x");
    forbidden(check(), "nothing yet");
    lake.acl("/f", &format!("user:{}:r--", id.to_uppercase()));
    check().unwrap();
    let key = format!("user:{}", id.to_uppercase()).parse().unwrap();
    lake.files()
        .remove_acl_entries(&lake.me, &lake.path("/f"), &[key])
        .unwrap();
    forbidden(check(), "taken away");
    let files = lake.files();
    files
        .set_owner(&lake.me, &lake.path("/f"), Some(&id.to_uppercase()), None)
        .unwrap();
    check().unwrap();
}
