//! Files of this machine that are written, and locks among its processes.
#![cfg(all(feature = "reqwest", target_os = "linux"))]
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows tests, but not their helpers"
)]

use std::fs::File;
use std::future::Future;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use aad_core::Context;
use aad_core::context::FileLock;
use futures::FutureExt;

const MINUTE: Duration = Duration::from_secs(60);

fn on_this_machine<F: Future>(work: impl FnOnce(Context, PathBuf) -> F) -> F::Output {
    let folder = tempfile::tempdir().unwrap();
    let context = Context::system().unwrap();
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(work(context, folder.path().to_owned()))
}

async fn lock(context: &Context, path: &Path) -> FileLock {
    let lock = context.files().try_lock(path, context.now() - MINUTE);
    lock.await.unwrap().unwrap()
}

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o777
}

#[test]
fn what_is_kept_is_whole_and_for_its_user_only() {
    on_this_machine(|context, folder| async move {
        let path = folder.join("a/b/cache");
        let lock = lock(&context, &folder.join("lock")).await;
        context.files().replace(&path, b"old", &lock).await.unwrap();
        assert_eq!((mode(&path), mode(&folder.join("a"))), (0o600, 0o700));

        // Somebody died between writing and renaming, and the file is one of another program.
        std::fs::write(folder.join("a/b/cache.tmp"), "half").unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o644)).unwrap();
        let reader = File::open(&path).unwrap();
        context.files().replace(&path, b"new", &lock).await.unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
        assert_eq!(std::io::read_to_string(reader).unwrap(), "old");
        assert_eq!(mode(&path), 0o600);
        assert_eq!(
            context.files().list(&folder.join("a/b")).await.unwrap(),
            ["cache"]
        );
    });
}

#[test]
fn what_cannot_be_replaced_stays_and_leaves_no_copy() {
    on_this_machine(|context, folder| async move {
        // A folder that is not empty cannot be replaced by a file.
        std::fs::create_dir_all(folder.join("cache/full")).unwrap();
        let path = folder.join("cache");
        let lock = lock(&context, &folder.join("a/lock")).await;
        context
            .files()
            .replace(&path, b"s3cr3t", &lock)
            .await
            .unwrap_err();
        assert_eq!(context.files().list(&folder).await.unwrap(), ["a", "cache"]);
    });
}

#[test]
fn a_lock_is_held_by_one_and_leaves_nothing_behind() {
    on_this_machine(|context, folder| async move {
        let path = folder.join("new/lock");
        // However old a lock must be to be stale: while it is held, it is not taken over.
        for stale_before in [context.now() - MINUTE, context.now() + MINUTE] {
            let take = || context.files().try_lock(&path, stale_before);
            let held = take().await.unwrap().unwrap();
            assert!(take().await.unwrap().is_none());
            assert_eq!(mode(&path), 0o600);
            drop(held);
            assert!(!path.exists());
        }
    });
}

#[test]
fn a_lock_of_the_dead_is_taken_over_after_a_while() {
    on_this_machine(|context, folder| async move {
        let path = folder.join("lock");
        let take = || context.files().try_lock(&path, context.now() - MINUTE);
        let left = File::create(&path).unwrap();
        assert!(
            take().await.unwrap().is_none(),
            "somebody may just have made it"
        );

        left.set_modified(SystemTime::UNIX_EPOCH).unwrap();
        left.lock().unwrap();
        assert!(
            take().await.unwrap().is_none(),
            "somebody holds it, however long"
        );

        left.unlock().unwrap();
        let held = take().await.unwrap().unwrap();
        assert!(take().await.unwrap().is_none(), "it is fresh again");
        drop(held);
        assert!(!path.exists());
    });
}

#[test]
fn of_many_who_want_a_lock_each_gets_it_alone() {
    on_this_machine(|context, folder| async move {
        let (path, count) = (folder.join("lock"), folder.join("count"));
        std::fs::write(&count, "0").unwrap();
        let turns = (0..8).map(|_| async {
            let mut done = 0;
            while done < 25 {
                let stale_before = context.now() - MINUTE;
                if let Some(held) = context.files().try_lock(&path, stale_before).await.unwrap() {
                    let text = context.files().read(&count, 9).await.unwrap();
                    let number: u32 = std::str::from_utf8(&text).unwrap().parse().unwrap();
                    let next = (number + 1).to_string();
                    context
                        .files()
                        .replace(&count, next.as_bytes(), &held)
                        .await
                        .unwrap();
                    done += 1;
                }
            }
        });
        futures::future::join_all(turns).await;
        assert_eq!(std::fs::read_to_string(&count).unwrap(), "200");
    });
}

#[test]
fn a_write_that_nobody_waits_for_keeps_its_lock() {
    on_this_machine(|context, folder| async move {
        let (path, lock_path) = (folder.join("cache"), folder.join("lock"));
        let held = lock(&context, &lock_path).await;
        let long = vec![b'x'; 16 << 20];
        let writing = context.files().replace(&path, &long, &held).now_or_never();
        assert!(writing.is_none(), "it is on another thread");
        drop(held);
        while context
            .files()
            .try_lock(&lock_path, context.now() - MINUTE)
            .await
            .unwrap()
            .is_none()
        {}
        assert_eq!(path.metadata().unwrap().len(), 16 << 20);
    });
}
