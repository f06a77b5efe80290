//! What time does, in the store whose time can be moved.

use std::time::Duration;

use adls_fs::{AppendOptions, Capability, ErrorKind, Expiry, FileSystem, ListOptions, SyncFlag};
use conformance::at;
use futures::TryStreamExt;
use futures::executor::block_on;
use testkit::context::World;
use uuid::Uuid;

/// A store, and what lets time pass.
fn fresh() -> (FileSystem, impl AsyncFn(Duration)) {
    let context = World::new().context();
    let files = FileSystem::in_memory(context.clone());
    (files, async move |span| context.sleep(span).await)
}

const MINUTE: Duration = Duration::from_secs(60);

#[test]
fn a_file_is_there_until_its_time_comes_and_then_nowhere() {
    let (files, pass) = fresh();
    block_on(async {
        for name in ["stays", "goes", "moved"] {
            files
                .create(&at("/d").join(name).unwrap(), "x")
                .await
                .unwrap();
        }
        let soon = Expiry::AfterNow(2 * MINUTE);
        files.set_expiry(&at("/d/goes"), soon).await.unwrap();
        files.set_expiry(&at("/d/moved"), soon).await.unwrap();
        files
            .rename(&at("/d/moved"), &at("/elsewhere"))
            .await
            .unwrap();
        pass(2 * MINUTE - Duration::from_millis(1)).await;
        assert!(files.exists(&at("/d/goes")).await.unwrap());
        pass(Duration::from_millis(1)).await;
        assert!(!files.exists(&at("/d/goes")).await.unwrap());
        assert!(!files.exists(&at("/elsewhere")).await.unwrap());
        let left = files.list_opts(&at("/d"), ListOptions::default());
        let left: Vec<_> = left.map_ok(|entry| entry.name).try_collect().await.unwrap();
        assert_eq!(left, ["stays"]);
        // A new file in its place does not inherit its end.
        files.create(&at("/d/goes"), "y").await.unwrap();
        assert_eq!(files.stat(&at("/d/goes")).await.unwrap().expires, None);
    });
}

#[test]
fn a_writer_that_is_silent_for_ten_minutes_loses_its_lease() {
    let (files, pass) = fresh();
    assert!(files.capabilities().has(Capability::Leases));
    block_on(async {
        let f = at("/f");
        files.create(&f, "").await.unwrap();
        let open = AppendOptions::default()
            .with_lease(Uuid::from_u128(1))
            .with_sync(SyncFlag::Metadata);
        files.append_opts(&f, 0, "a", open).await.unwrap();
        pass(10 * MINUTE - Duration::from_millis(1)).await;
        let refused = files.append(&f, 1, "b").await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Conflict);
        pass(Duration::from_millis(1)).await;
        files.append(&f, 1, "b").await.unwrap();
        assert_eq!(files.read(&f).await.unwrap(), "ab");
    });
}
