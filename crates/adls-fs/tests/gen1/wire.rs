//! What is on the wire, to the letter, and what is made of what comes back.

use std::error::Error as _;
use std::sync::Arc;

use aad_core::pipeline::PipelineOptions;
use aad_core::{Cloud, Transport};
use adls_fs::{
    AppendOptions, CreateOptions, Deleted, ErrorKind, Existing, FileSystem, FileSystemOptions,
    Identities, Parents, Permission, RenameOptions, SyncFlag, account_url,
};
use futures::executor::block_on;
use http::Request;
use testkit::context::{Reply, World, json, response};
use url::Url;
use uuid::Uuid;

use crate::fake::{Letmein, file_system, file_system_opts, fresh, path};

const TRUE: &str = r#"{"boolean":true}"#;
const FILE: &str = r#"{"FileStatus":{"type":"FILE","length":3}}"#;

pub(crate) fn scripted() -> (World, FileSystem) {
    let world = World::new();
    let transport = Arc::clone(&world.transport) as Arc<dyn Transport>;
    let files = file_system(&world, transport);
    (world, files)
}

pub(crate) fn line<T>(request: &Request<T>) -> String {
    format!("{} {}", request.method(), request.uri())
}

#[test]
fn every_operation_is_written_as_the_service_expects() {
    let (world, files) = scripted();
    let lease = Uuid::from_u128(7);
    let ok = || response(200, &[], "");
    world.transport.push(response(201, &[], ""));
    world.transport.push(response(201, &[], ""));
    world.transport.push(ok()).push(ok());
    world.transport.push(json(200, TRUE));
    world.transport.push(json(200, FILE)).push(json(200, TRUE));
    world.transport.push(json(200, FILE)).push(json(200, TRUE));
    world.transport.push(json(200, TRUE));
    let a = path("/a+b/ü?#%.txt");
    block_on(async {
        files.create(&a, "xyz").await?;
        let options = CreateOptions::default()
            .with_existing(Existing::Fail)
            .with_parents(Parents::Require)
            .with_permission(Permission::new(0o640)?)
            .with_sync(SyncFlag::Data)
            .with_lease(lease);
        files.create_opts(&a, "", options).await?;
        files.append(&a, 3, "!").await?;
        let options = AppendOptions::default()
            .with_sync(SyncFlag::Metadata)
            .with_lease(lease);
        files.append_opts(&a, 4, "", options).await?;
        files.mkdirs(&path("/")).await?;
        files.rename(&a, &path("/c d&e=f")).await?;
        let replace = RenameOptions::default().with_existing(Existing::Overwrite);
        files.rename_opts(&a, &path("/g"), replace).await?;
        files.delete(&a).await
    })
    .unwrap();
    let version = "api-version=2018-12-01";
    let id = format!("leaseid={lease}&filesessionid={lease}");
    let base = "https://contoso.azuredatalakestore.net/webhdfs/v1";
    let a = format!("{base}/a%2Bb/%C3%BC%3F%23%25.txt");
    let expected = [
        format!("PUT {a}?op=CREATE&{version}&write=true&overwrite=true&syncFlag=CLOSE"),
        format!(
            "PUT {a}?op=CREATE&{version}&write=true&overwrite=false&syncFlag=DATA&{id}\
             &permission=640&CreateParent=false"
        ),
        format!("POST {a}?op=APPEND&{version}&append=true&offset=3&syncFlag=CLOSE"),
        format!("POST {a}?op=APPEND&{version}&append=true&offset=4&syncFlag=METADATA&{id}"),
        format!("PUT {base}/?op=MKDIRS&{version}"),
        format!("GET {a}?op=GETFILESTATUS&{version}"),
        format!("PUT {a}?op=RENAME&{version}&destination=%2Fc%20d%26e%3Df"),
        format!("GET {a}?op=GETFILESTATUS&{version}"),
        format!("PUT {a}?op=RENAME&{version}&destination=%2Fg&renameoptions=OVERWRITE"),
        format!("DELETE {a}?op=DELETE&{version}&recursive=false"),
    ];
    let requests = world.transport.requests();
    let lines: Vec<_> = requests.iter().map(line).collect();
    assert_eq!(lines, expected);
    assert_eq!(&requests[0].body()[..], b"xyz");
    assert_eq!(requests[2].headers()["authorization"], "Bearer letmein");
}

#[test]
fn names_are_asked_for_only_where_they_are_wanted() {
    let world = World::new();
    world.transport.always(|_| json(200, FILE).into());
    let options = FileSystemOptions::default().with_identities(Identities::Names);
    let transport = Arc::clone(&world.transport) as Arc<dyn Transport>;
    let files = file_system_opts(&world, transport, options);
    block_on(files.stat(&path("/a"))).unwrap();
    let asked = line(&world.transport.requests()[0]);
    assert!(asked.ends_with("&tooid=false"), "{asked}");
}

#[test]
fn hostile_names_arrive_whole_and_come_back_whole() {
    let (files, store) = fresh();
    let names = [
        "12,+3#456?.txt",
        "a+file1",
        "%2F",
        "%2e%2e",
        "a b  c",
        "quote\"back\\slash",
        "Größe-データ-🦀",
        "...",
        "a:b;c=d&e@f",
        "line\nbreak",
    ];
    for name in names {
        let path = path(&format!("/dir/{name}"));
        block_on(async {
            files.create(&path, name).await?;
            files.append(&path, name.len() as u64, "!").await?;
            let moved = path.parent().unwrap().join("moved")?;
            files.rename(&path, &moved).await?;
            files.rename(&moved, &path).await
        })
        .unwrap();
        assert_eq!(store.files()[path.as_str()], format!("{name}!"));
        assert_eq!(
            block_on(files.stat(&path)).unwrap().length,
            1 + name.len() as u64
        );
    }
    let list = futures::TryStreamExt::try_collect::<Vec<_>>(files.list(&path("/dir")));
    let mut listed: Vec<_> = block_on(list)
        .unwrap()
        .into_iter()
        .map(|e| e.name)
        .collect();
    let mut expected = names.map(str::to_owned);
    expected.sort();
    listed.sort();
    assert_eq!(listed, expected);
}

#[test]
fn every_refusal_says_what_to_do() {
    let cases = [
        (404, "FileNotFoundException", ErrorKind::NotFound),
        (400, "BadOffsetException", ErrorKind::Conflict),
        (403, "FileAlreadyExistsException", ErrorKind::Conflict),
        (403, "AccessControlException", ErrorKind::Forbidden),
        (403, "IOException", ErrorKind::Conflict),
        (401, "SecurityException", ErrorKind::Credentials),
        (400, "IllegalArgumentException", ErrorKind::Request),
        (400, "UnsupportedOperationException", ErrorKind::Unsupported),
        (429, "ThrottledException", ErrorKind::Throttled),
        (500, "RuntimeException", ErrorKind::Transient),
        (400, "SomethingNewException", ErrorKind::Request),
    ];
    for (status, exception, kind) in cases {
        let (world, files) = scripted();
        let body = format!(
            r#"{{"RemoteException":{{"exception":"{exception}","message":"why","javaClassName":"x"}}}}"#
        );
        world.transport.always(move |_| json(status, &body).into());
        let error = block_on(files.stat(&path("/a"))).unwrap_err();
        assert_eq!(error.kind(), kind, "{exception}");
        assert_eq!(error.code(), Some(exception));
        assert_eq!(error.to_string(), "why");
    }
}

#[test]
fn a_lease_of_another_writer_is_a_conflict() {
    let (files, store) = fresh();
    block_on(async {
        let theirs = CreateOptions::default()
            .with_sync(SyncFlag::Data)
            .with_lease(Uuid::from_u128(1));
        files.create_opts(&path("/a"), "x", theirs).await?;
        let error = files.append(&path("/a"), 1, "y").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Conflict);
        assert!(error.to_string().contains("lease"));
        Ok::<_, adls_fs::Error>(())
    })
    .unwrap();
    assert_eq!(store.files()["/a"], "x");
}

#[test]
fn a_proxys_page_is_waited_out_and_then_named() {
    let (world, files) = scripted();
    world.transport.always(|_| {
        let page = "<html>502 Bad Gateway</html>";
        response(502, &[("content-type", "text/html")], page).into()
    });
    let start = world.clock.now();
    let error = block_on(files.stat(&path("/a"))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transient);
    assert_eq!(error.status().map(|status| status.as_u16()), Some(502));
    assert_eq!(world.transport.requests().len(), 5);
    assert!(world.clock.now() - start > std::time::Duration::from_secs(3));
}

#[test]
fn a_truncated_answer_is_an_error_and_not_a_guess() {
    let (world, files) = scripted();
    for end in 0..FILE.len() {
        world.transport.push(json(200, &FILE[..end]));
        let error = block_on(files.exists(&path("/a"))).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Protocol);
        assert!(error.source().is_some());
    }
}

#[test]
fn deleting_says_whether_something_was_there() {
    let (files, store) = fresh();
    store.put("/d/f", b"");
    let delete = |text| block_on(files.delete(&path(text)));
    let error = delete("/d").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert_eq!(delete("/d/f").unwrap(), Deleted::Removed);
    assert_eq!(delete("/d/f").unwrap(), Deleted::NotThere);
    assert!(!block_on(files.exists(&path("/d/f"))).unwrap());
    assert!(block_on(files.exists(&path("/d"))).unwrap());
}

#[test]
fn a_token_does_not_go_over_plain_http_unless_asked_to() {
    let world = World::new();
    world.transport.always(|_| Reply::from(json(200, FILE)));
    let open = |url: &str, options| {
        let endpoint = Url::parse(url).unwrap();
        let credential = Arc::new(Letmein(world.clone()));
        let files = FileSystem::gen1_opts(world.context(), &endpoint, credential, options);
        block_on(files.unwrap().stat(&path("/a")))
    };
    let local = "http://127.0.0.1:7170";
    let strict = open(local, FileSystemOptions::default());
    assert_eq!(strict.unwrap_err().kind(), ErrorKind::Request);
    let lax = PipelineOptions::default().allow_http_loopback();
    let lax = FileSystemOptions::default().with_pipeline(lax);
    assert!(open(local, lax.clone()).unwrap().is_file());
    assert!(open("http://10.0.0.1:7170", lax).is_err());
    let requests = world.transport.requests();
    assert_eq!(requests.len(), 1);
    let expected = "GET http://127.0.0.1:7170/webhdfs/v1/a?op=GETFILESTATUS&api-version=2018-12-01";
    assert_eq!(line(&requests[0]), expected);
}

#[test]
fn only_addresses_of_services_are_endpoints() {
    let world = World::new();
    for url in ["ftp://x", "https://x/?y", "https://x/#y", "data:x"] {
        let endpoint = Url::parse(url).unwrap();
        let credential = Arc::new(Letmein(world.clone()));
        assert!(
            FileSystem::gen1(world.context(), &endpoint, credential).is_err(),
            "{url}"
        );
    }
    for account in ["", "a.b", "a/b", "a@b", "ü"] {
        assert!(account_url(account, &Cloud::PUBLIC).is_err(), "{account}");
    }
}
