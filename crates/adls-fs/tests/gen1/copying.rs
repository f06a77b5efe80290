//! Several files as one stream, copies, and checksums.

use adls_fs::{Caller, CopyOptions, ErrorKind, Existing, LakePath, MemoryStore, Principal, Rights};
use bytes::Bytes;
use futures::TryStreamExt;
use futures::executor::block_on;
use testkit::context::World;

use crate::fake::{Cut, fresh, path};

#[test]
fn files_are_read_one_after_the_other_and_only_when_it_is_their_turn() {
    let (files, store) = fresh();
    store.put("/a", b"one,");
    store.put("/b", b"");
    store.put("/c", b"two");
    let paths = ["/a", "/b", "/c", "/gone", "/a"].map(path);
    let mut stream = std::pin::pin!(files.cat(paths));
    block_on(async {
        assert_eq!(stream.try_next().await.unwrap().unwrap(), "one,");
        assert_eq!(store.count(), 1);
        assert_eq!(stream.try_next().await.unwrap().unwrap(), "two");
        let error = stream.try_next().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
        assert_eq!(stream.try_next().await.unwrap(), None);
    });
    let twice: Vec<Bytes> = block_on(files.cat([path("/c"), path("/c")]).try_collect()).unwrap();
    assert_eq!(twice.concat(), b"twotwo");
}

#[test]
fn a_copy_has_the_bytes_and_leaves_the_original_and_what_is_in_the_way() {
    let (files, store) = fresh();
    store.put("/a", b"0123456789");
    let (a, b) = (path("/a"), path("/d/b"));
    let small = CopyOptions::default().with_buffer(4);
    block_on(async {
        assert_eq!(files.copy_opts(&a, &b, small.clone()).await.unwrap(), 10);
        store.put("/a", b"new");
        let refused = files.copy_opts(&a, &b, small.clone()).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Conflict);
        assert!(refused.to_string().contains("already"), "{refused}");
        assert_eq!(store.files()["/d/b"], "0123456789");
        let over = small.with_existing(Existing::Overwrite);
        assert_eq!(files.copy_opts(&a, &b, over.clone()).await.unwrap(), 3);
        assert_eq!(store.files()["/d/b"], "new");
        for (from, to, kind) in [
            (&a, &a, ErrorKind::Request),
            (&path("/d"), &b, ErrorKind::Conflict),
            (&path("/gone"), &b, ErrorKind::NotFound),
        ] {
            let refused = files.copy_opts(from, to, over.clone()).await.unwrap_err();
            assert_eq!(refused.kind(), kind, "{refused}");
        }
    });
    assert_eq!(store.files()["/a"], "new");
    assert_eq!(store.files()["/d/b"], "new");
}

#[test]
fn a_copy_that_stops_says_what_stands() {
    let (files, store) = fresh();
    store.put("/a", b"0123456789");
    // GETFILESTATUS, OPEN, CREATE, APPEND; and then nothing, for long.
    for n in 4..10 {
        store.cut(n, Cut::Request);
    }
    let small = CopyOptions::default().with_buffer(2);
    let error = block_on(files.copy_opts(&path("/a"), &path("/b"), small)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transient);
    let said = "/a was not copied whole: /b holds 4 bytes";
    assert_eq!(error.to_string(), said);
    assert_eq!(store.files()["/b"], "0123");
    // Nobody has to wait for a lease.
    block_on(files.append(&path("/b"), 4, "456789")).unwrap();
}

#[test]
fn a_copy_may_be_for_the_same_people_as_the_original() {
    let store = MemoryStore::new(World::new().context());
    let files = store.file_system();
    let rights = async |path: &LakePath, name: &str| {
        let name: Principal = name.parse().unwrap();
        files
            .acl(path)
            .await
            .unwrap()
            .effective_rights(&Caller::new(name))
    };
    let (a, plain, kept) = (path("/a"), path("/d/plain"), path("/d/kept"));
    block_on(async {
        files.create(&a, "secret").await.unwrap();
        let acl = "user::rw-,user:ann:r--,group::---,mask::r--,other::---"
            .parse()
            .unwrap();
        files.set_acl(&a, &acl).await.unwrap();
        files.mkdirs(&path("/d")).await.unwrap();
        let all = "default:user:bob:rwx".parse().unwrap();
        files.modify_acl(&path("/d"), &all).await.unwrap();

        files.copy(&a, &plain).await.unwrap();
        let keep = CopyOptions::default().keep_acl();
        files.copy_opts(&a, &kept, keep).await.unwrap();
        assert_eq!(files.read(&kept).await.unwrap(), "secret");

        assert_eq!(rights(&plain, "ann").await, Rights::NONE);
        assert_ne!(rights(&plain, "bob").await, Rights::NONE);
        assert_eq!(rights(&kept, "ann").await, Rights::READ);
        assert_eq!(rights(&kept, "bob").await, Rights::NONE);
        let (original, copy) = (
            files.acl(&a).await.unwrap(),
            files.acl(&kept).await.unwrap(),
        );
        assert_eq!(copy.acl, original.acl);
        assert_eq!(copy.permission, original.permission);
    });
}

#[test]
fn a_checksum_is_of_the_bytes_wherever_they_are() {
    let (files, store) = fresh();
    store.put("/digits", b"123456789");
    store.put("/empty", b"");
    store.mkdir("/d");
    block_on(async {
        assert_eq!(files.crc32c(&path("/digits")).await.unwrap(), 0xe306_9283);
        assert_eq!(files.crc32c(&path("/empty")).await.unwrap(), 0);
        let checksum = files.checksum(&path("/digits")).await.unwrap();
        assert_eq!(checksum.algorithm, "COMPOSITE-CRC32C");
        assert_eq!(checksum.bytes, [0xe3, 0x06, 0x92, 0x83]);
        for (name, kind) in [("/d", ErrorKind::Conflict), ("/gone", ErrorKind::NotFound)] {
            let refused = files.crc32c(&path(name)).await.unwrap_err();
            assert_eq!(refused.kind(), kind);
        }
    });
}

#[test]
fn a_checksum_of_many_parts_is_the_same_in_any_weather_and_finds_one_wrong_bit() {
    let (files, store) = fresh();
    let mut bytes = vec![7; (33 << 20) + 5];
    store.put("/large", &bytes);
    let calm = block_on(files.crc32c(&path("/large"))).unwrap();
    assert_eq!(store.count(), 1 + 3, "{:?}", store.log());
    store.cut(store.count() + 2, Cut::Reply);
    let stormy = block_on(files.crc32c(&path("/large"))).unwrap();
    assert_eq!(store.count(), 2 * (1 + 3) + 1, "{:?}", store.log());
    assert_eq!(stormy, calm);
    bytes[20 << 20] ^= 1;
    store.put("/large", &bytes);
    assert_ne!(block_on(files.crc32c(&path("/large"))).unwrap(), calm);
}
