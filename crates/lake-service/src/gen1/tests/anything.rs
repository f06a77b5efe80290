//! Random requests, of which some make sense.

use http::Method;
use lake_store::testing::{self, XorShift};
use lake_store::{Ambient, Principal};

use super::World;

const VALUES: [&str; 34] = [
    "",
    "0",
    "1",
    "5",
    "-1",
    "18446744073709551615",
    "9223372036854775807",
    "true",
    "False",
    "DATA",
    "METADATA",
    "close",
    "770",
    "1777",
    "99999",
    "r-x",
    "rwx",
    "/a",
    "/a/b",
    "a%2Fc",
    "/",
    "..",
    "%00",
    "%ff",
    "user::rwx,group::r-x,other::--x",
    "user:3883e0e8-9ad3-440d-b6f6-6ed492ae1ae7:rw-",
    "default:user:ann:rwx,mask::r--",
    "user:ann",
    "mask:",
    "0000000a-0000-0000-0000-000000000000",
    "NeverExpire",
    "RelativeToNow",
    "Absolute",
    "%E2%82%AC%25%2B",
];

const PARAMETERS: [&str; 27] = [
    "offset",
    "length",
    "overwrite",
    "syncFlag",
    "permission",
    "leaseid",
    "destination",
    "renameoptions",
    "recursive",
    "sources",
    "aclspec",
    "owner",
    "group",
    "listSize",
    "listAfter",
    "listBefore",
    "fsaction",
    "expiryOption",
    "expireTime",
    "modificationtime",
    "accesstime",
    "CreateParent",
    "appendMode",
    "getconsistentlength",
    "hint",
    "tooid",
    "deleteSourceDirectory",
];

const NAMES: [&str; 12] = [
    "a", "b", "c", "..", ".", "", "a%2Fb", "%41", "%25", "%ff", "%00", "A",
];

/// What each operation wants, so that many requests make sense.
const USUAL: [(&str, &str); 30] = [
    ("GET", "op=OPEN"),
    ("GET", "op=GETFILESTATUS"),
    ("GET", "op=LISTSTATUS"),
    ("GET", "op=GETCONTENTSUMMARY"),
    ("GET", "op=CHECKACCESS&fsaction=r--"),
    ("PUT", "op=CREATE&write=true&overwrite=true"),
    ("PUT", "op=CREATE&write=true"),
    ("PUT", "op=CREATE&syncFlag=DATA"),
    ("POST", "op=APPEND&append=true"),
    ("POST", "op=APPEND&syncFlag=DATA"),
    ("POST", "op=APPEND&syncFlag=METADATA"),
    ("PUT", "op=MKDIRS"),
    ("PUT", "op=RENAME&destination=/a/b"),
    ("PUT", "op=RENAME&destination=/c"),
    ("DELETE", "op=DELETE"),
    ("DELETE", "op=DELETE&recursive=true"),
    ("POST", "op=CONCAT&sources=/a,/b/c"),
    ("POST", "op=MSCONCAT"),
    ("PUT", "op=SETPERMISSION&permission=755"),
    ("PUT", "op=SETOWNER&group=red"),
    ("PUT", "op=SETTIMES&modificationtime=1"),
    (
        "PUT",
        "op=SETEXPIRY&expiryOption=RelativeToNow&expireTime=1000",
    ),
    ("GET", "op=MSGETACLSTATUS"),
    ("PUT", "op=SETACL&aclspec=user::rwx,group::r-x,other::--x"),
    ("PUT", "op=MODIFYACLENTRIES&aclspec=user:ann:rwx"),
    ("PUT", "op=REMOVEACLENTRIES&aclspec=user:ann"),
    ("PUT", "op=REMOVEACL"),
    ("POST", "op=CONCURRENTAPPEND&appendMode=autocreate"),
    ("GET", "op=ENUMERATEDELETEDITEMS&hint=a"),
    ("GET", "op=FLY"),
];

fn pick<'a>(random: &mut XorShift, from: &[&'a str]) -> &'a str {
    from[random.below(from.len() as u64) as usize]
}

/// A url that may make sense: an operation as it is usually asked for, with parameters and a path that may be odd.
fn request(random: &mut XorShift) -> (&'static str, String) {
    let (method, usual) = USUAL[random.below(30) as usize];
    let method = match random.below(12) {
        0 => pick(random, &["GET", "PUT", "POST", "DELETE", "PATCH"]),
        _ => method,
    };
    let extension = usual.contains("EXPIRY") || usual.contains("CONCURRENT");
    let prefix = match extension != (random.below(20) == 0) {
        true => "/WebHdfsExt",
        false => "/webhdfs/v1",
    };
    let odd = if random.below(4) == 0 { 12 } else { 3 };
    let depth = random.below(4);
    let path = (0..depth).fold(prefix.to_owned(), |path, _| {
        format!("{path}/{}", pick(random, &NAMES[..odd]))
    });
    let extra = random.below(3);
    let query = (0..extra).fold(usual.to_owned(), |query, _| {
        let pair = format!("{}={}", pick(random, &PARAMETERS), pick(random, &VALUES));
        match random.below(2) {
            // The first of two values counts.
            0 => format!("{pair}&{query}"),
            _ => format!("{query}&{pair}"),
        }
    });
    (method, format!("{path}?{query}"))
}

#[tokio::test]
async fn whatever_is_asked_the_lake_answers_in_its_shape_and_stays_whole() {
    let bodies = [
        "",
        "0123456789",
        r#"{"sources":["/a/b","/c"]}"#,
        "sources=a,b",
        "{",
        "\u{0}\u{fffd}",
    ];
    let known = [
        "FileNotFoundException",
        "BadOffsetException",
        "AccessControlException",
        "FileAlreadyExistsException",
        "IllegalArgumentException",
        "UnsupportedOperationException",
        "IOException",
    ];
    let (mut done, mut refused) = (0, 0);
    for seed in 0..4 {
        let (ambient, clock): (Ambient, _) = testing::ambient(seed);
        let world = World::of(ambient).await;
        let admin = world.lake.admin();
        let keep = "/webhdfs/v1/kept?op=CREATE&permission=700";
        world
            .lake
            .gen1(admin.clone(), Method::PUT, keep, "precious")
            .await;
        let callers = [
            world.lake.user(),
            Principal::new("ann").with_groups(["red".to_owned()]),
        ];
        let mut random = XorShift::new(seed);
        for round in 0..1500_i64 {
            let (method, url) = request(&mut random);
            let caller = callers[random.below(2) as usize].clone();
            let body = pick(&mut random, &bodies);
            let reply = world
                .lake
                .gen1(caller, method.parse().unwrap(), &url, body)
                .await;
            let what = format!("seed {seed}, round {round}: {method} {url}");
            if reply.status.is_success() || reply.status.is_redirection() {
                done += 1;
            } else {
                let error = &reply.json()["RemoteException"];
                let exception = error["exception"].as_str().unwrap();
                assert!(known.contains(&exception), "{what}: {}", reply.text());
                assert!(reply.status.is_client_error(), "{what}: {}", reply.text());
                assert_ne!(reply.header("status"), "0x0", "{what}");
                refused += 1;
            }
            if round % 10 == 0 {
                let now = lake_store::Clock::now(clock.as_ref()) + time::Duration::seconds(1);
                clock.set(now.into());
            }
            if round % 250 == 249 {
                assert_eq!(world.lake.lake.store().verify().unwrap(), [], "{what}");
            }
        }
        let kept = world
            .lake
            .gen1(admin, Method::GET, "/webhdfs/v1/kept?op=OPEN", "")
            .await;
        assert_eq!(kept.text(), "precious");
    }
    assert!(
        done > 1000 && refused > 1000,
        "{done} done, {refused} refused"
    );
}
