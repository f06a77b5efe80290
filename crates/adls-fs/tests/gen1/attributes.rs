//! What the store knows about a file beside its bytes: on the wire, to the letter, and back.

use std::time::Duration;

use adls_fs::{
    Acl, AclKey, Caller, ErrorKind, Expiry, FileSystem, Identities, Permission, Principal, Result,
    Rights, Times,
};
use futures::executor::block_on;
use testkit::context::{Reply, json, response};
use time::OffsetDateTime;

use crate::fake::{file_system_opts, path};
use crate::wire::{line, scripted};

/// Recorded from the service (python `test_modify_acl_entries`, 2018-09-01).
const RECORDED: &str = r#"{"AclStatus":{"entries":["user::rwx","user:3883e0e8-9ad3-440d-b6f6-6ed492ae1ae7:---","group::rwx","mask::rwx","other::---"],"owner":"a0b3cb87-9ca9-4769-af48-e687823d8937","group":"6d86a146-d7dc-49d0-862f-1897c5dd2afe","permission":"770","stickyBit":false}}"#;

const DENIED: &str = r#"{"RemoteException":{"exception":"AccessControlException","message":"CHECKACCESS failed with error 0x83090aa2 (Forbidden. ACL verification failed.)","javaClassName":"org.apache.hadoop.security.AccessControlException"}}"#;

fn acl(text: &str) -> Acl {
    text.parse().expect("an ACL")
}

fn name(text: &str) -> Principal {
    text.parse().expect("a name")
}

fn at(milliseconds: i64) -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH + time::Duration::milliseconds(milliseconds)
}

/// Every operation that changes something, on `/a b`.
async fn change_all(files: &FileSystem) -> Result<()> {
    let a = path("/a b");
    files
        .set_acl(&a, &acl("user::rwx,group::r-x,other::---"))
        .await?;
    files
        .modify_acl(&a, &acl("user:ü@x.y:-w-,default:mask::r--"))
        .await?;
    let keys: [AclKey; 2] = ["user:ü@x.y".parse()?, "default:group:g".parse()?];
    files.remove_acl_entries(&a, &keys).await?;
    files.remove_default_acl(&a).await?;
    files.remove_acl(&a).await?;
    files.set_permission(&a, Permission::new(0o1040)?).await?;
    files.set_owner(&a, &name("eve")).await?;
    files.set_group(&a, &name("staff")).await?;
    files
        .set_owner_and_group(&a, &name("eve"), &name("staff"))
        .await?;
    let times = Times::default();
    files
        .set_times(&a, times.with_modified(at(1_495_839_727_578)))
        .await?;
    files
        .set_times(&a, times.with_modified(at(0)).with_accessed(at(1)))
        .await?;
    files.set_expiry(&a, Expiry::Never).await?;
    files
        .set_expiry(&a, Expiry::At(at(1_495_839_727_578)))
        .await?;
    files
        .set_expiry(&a, Expiry::AfterNow(Duration::from_micros(1_999)))
        .await?;
    files
        .set_expiry(&a, Expiry::AfterCreation(Duration::from_secs(60)))
        .await
}

fn expected() -> Vec<String> {
    let core = |op: &str| {
        let base = "https://contoso.azuredatalakestore.net/webhdfs/v1/a%20b";
        let (op, rest) = op
            .split_once('&')
            .map_or((op, None), |(op, rest)| (op, Some(rest)));
        let rest = rest.map(|rest| format!("&{rest}")).unwrap_or_default();
        format!("PUT {base}?op={op}&api-version=2018-12-01{rest}")
    };
    let expiry = |rest: &str| {
        core(&format!("SETEXPIRY&expiryOption={rest}")).replace("webhdfs/v1", "WebHdfsExt")
    };
    vec![
        core("SETACL&aclspec=user%3A%3Arwx%2Cgroup%3A%3Ar-x%2Cother%3A%3A---"),
        core("MODIFYACLENTRIES&aclspec=user%3A%C3%BC%40x.y%3A-w-%2Cdefault%3Amask%3A%3Ar--"),
        core("REMOVEACLENTRIES&aclspec=user%3A%C3%BC%40x.y%2Cdefault%3Agroup%3Ag"),
        core("REMOVEDEFAULTACL"),
        core("REMOVEACL"),
        core("SETPERMISSION&permission=1040"),
        core("SETOWNER&owner=eve"),
        core("SETOWNER&group=staff"),
        core("SETOWNER&owner=eve&group=staff"),
        core("SETTIMES&modificationtime=1495839727578&accesstime=-1"),
        core("SETTIMES&modificationtime=0&accesstime=1"),
        expiry("NeverExpire"),
        expiry("Absolute&expireTime=1495839727578"),
        expiry("RelativeToNow&expireTime=1"),
        expiry("RelativeToCreationDate&expireTime=60000"),
    ]
}

#[test]
fn every_change_is_written_as_the_service_expects() {
    let (world, files) = scripted();
    let quirk = || response(200, &[("contentlength", "0")], "");
    world.transport.always(move |_| quirk().into());
    block_on(change_all(&files)).unwrap();
    let lines: Vec<_> = world.transport.requests().iter().map(line).collect();
    assert_eq!(lines, expected());
}

#[test]
fn every_change_is_repeated_when_its_request_or_its_reply_is_lost() {
    for lost in [|| Reply::RequestLost, || Reply::ReplyLost] {
        let (world, files) = scripted();
        for _ in expected() {
            world.transport.push(lost()).push(response(200, &[], ""));
        }
        block_on(change_all(&files)).unwrap();
        let twice = expected().into_iter().flat_map(|line| [line.clone(), line]);
        let lines: Vec<_> = world.transport.requests().iter().map(line).collect();
        assert_eq!(lines, twice.collect::<Vec<_>>());
    }
}

#[test]
fn what_cannot_be_meant_is_not_sent() {
    let (world, files) = scripted();
    let a = path("/a");
    let refused = |result: Result<()>| {
        assert_eq!(result.unwrap_err().kind(), ErrorKind::Request);
    };
    refused(block_on(files.set_acl(&a, &Acl::new())));
    refused(block_on(files.modify_acl(&a, &Acl::new())));
    refused(block_on(files.remove_acl_entries(&a, &[])));
    refused(block_on(
        files.set_times(&a, Times::default().with_accessed(at(-1))),
    ));
    refused(block_on(files.set_expiry(&a, Expiry::At(at(-1)))));
    assert!(world.transport.requests().is_empty());
}

#[test]
fn a_recorded_acl_is_read_whole() {
    let (world, files) = scripted();
    world.transport.push(json(200, RECORDED));
    let status = block_on(files.acl(&path("/a"))).unwrap();
    let user = "3883e0e8-9ad3-440d-b6f6-6ed492ae1ae7";
    assert_eq!(
        status.acl.to_string(),
        format!("user::rwx,user:{user}:---,group::rwx,mask::rwx,other::---")
    );
    assert_eq!(
        status.owner.as_str(),
        "a0b3cb87-9ca9-4769-af48-e687823d8937"
    );
    assert_eq!(status.permission.to_string(), "770");
    let staff = [status.group.clone()];
    let rights =
        |id: &str| status.effective_rights(&Caller::new(name(id)).with_groups(staff.clone()));
    assert_eq!((rights(user), rights("else")), (Rights::NONE, Rights::ALL));
    let asked = line(&world.transport.requests()[0]);
    assert!(
        asked.ends_with("/a?op=MSGETACLSTATUS&api-version=2018-12-01"),
        "{asked}"
    );
}

#[test]
fn names_instead_of_ids_are_asked_for_in_an_acl_too() {
    let (world, _) = scripted();
    world.transport.push(json(200, RECORDED));
    let options = adls_fs::FileSystemOptions::default().with_identities(Identities::Names);
    let files = file_system_opts(&world, world.transport.clone(), options);
    block_on(files.acl(&path("/a"))).unwrap();
    let asked = line(&world.transport.requests()[0]);
    assert!(asked.ends_with("&tooid=false"), "{asked}");
}

#[test]
fn a_broken_acl_is_an_error_and_not_a_guess() {
    let (world, files) = scripted();
    let mut broken: Vec<_> = (0..RECORDED.len())
        .map(|end| RECORDED[..end].to_owned())
        .collect();
    broken.push(RECORDED.replace("mask::rwx", "mask::rwxt"));
    broken.push(RECORDED.replace("\"770\"", "\"rwx\""));
    broken.push(RECORDED.replace("other::---", "everyone::---"));
    broken.push(RECORDED.replace("a0b3cb87-9ca9-4769-af48-e687823d8937", ""));
    for body in broken {
        world.transport.push(json(200, &body));
        let error = block_on(files.acl(&path("/a"))).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Protocol, "{body}");
        assert!(std::error::Error::source(&error).is_some(), "{body}");
    }
}

#[test]
fn access_is_a_question_with_two_answers_and_not_an_error() {
    let (world, files) = scripted();
    let check = |rights| block_on(files.check_access(&path("/a"), rights));
    world
        .transport
        .push(response(200, &[], ""))
        .push(json(403, DENIED));
    assert!(check(Rights::READ | Rights::EXECUTE).unwrap());
    assert!(!check(Rights::ALL).unwrap());
    let asked: Vec<_> = world.transport.requests().iter().map(line).collect();
    assert!(
        asked[0].ends_with("/a?op=CHECKACCESS&api-version=2018-12-01&fsaction=r-x"),
        "{asked:?}"
    );
    world
        .transport
        .push(json(404, &DENIED.replace("AccessControl", "FileNotFound")));
    assert_eq!(check(Rights::NONE).unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn a_content_summary_is_read_with_and_without_quotas() {
    let (world, files) = scripted();
    let body = r#"{"ContentSummary":{"directoryCount":1,"fileCount":2,"length":20,"quota":-1,"spaceConsumed":20,"spaceQuota":7}}"#;
    world.transport.push(json(200, body));
    let summary = block_on(files.content_summary(&path("/d"))).unwrap();
    assert_eq!((summary.directories, summary.files), (1, 2));
    assert_eq!((summary.length, summary.space_consumed), (20, 20));
    assert_eq!((summary.quota, summary.space_quota), (None, Some(7)));
}
