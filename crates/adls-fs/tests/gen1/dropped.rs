//! A caller may lose interest at any moment; what is left behind is whole.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use aad_core::Transport;
use aad_core::transport::{ResponseBody, TransportError};
use adls_fs::{
    CopyOptions, CreateOptions, Existing, FileOptions, FileSystem, LakePath, WriteMode,
    WriteOptions,
};
use async_trait::async_trait;
use bytes::Bytes;
use futures::executor::block_on;
use futures::io::AsyncWriteExt;
use testkit::context::World;

use crate::fake::{Cut, FakeGen1, file_system, path};

/// A network on which every request and every reply takes a moment.
#[derive(Debug)]
struct Slow(Arc<FakeGen1>);

#[async_trait]
impl Transport for Slow {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<ResponseBody>, TransportError> {
        Moment(false).await;
        let reply = self.0.send(request).await;
        Moment(false).await;
        reply
    }
}

struct Moment(bool);

impl Future for Moment {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.0, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

/// Runs an operation over a store with `/f` = "base" until it has been polled so often.
/// Says whether it came to its end.
fn poll_times<F: Future>(operation: F, times: usize) -> bool {
    let mut operation = pin!(operation);
    let mut cx = Context::from_waker(Waker::noop());
    (0..times).any(|_| operation.as_mut().poll(&mut cx).is_ready())
}

/// Drops the operation at every point, in calm weather and after a lost reply, and looks at what
/// is left; then does it once to the end.
fn at_every_point<'a, F>(operation: impl Fn(FileSystem) -> F, check: impl Fn(&FakeGen1))
where
    F: Future + 'a,
{
    for cut in [None, Some(Cut::Reply), Some(Cut::Request)] {
        for times in 0.. {
            let store = Arc::new(FakeGen1::default());
            store.put("/f", b"base");
            if let Some(cut) = cut {
                store.cut(0, cut);
            }
            let slow = Arc::new(Slow(Arc::clone(&store)));
            let files = file_system(&World::new(), slow);
            let ended = poll_times(operation(files), times);
            store.settle();
            check(&store);
            if ended {
                assert!(times > 2, "it never waited");
                break;
            }
        }
    }
}

fn f() -> LakePath {
    path("/f")
}

#[test]
fn an_append_is_whole_or_not_there() {
    let append = async |files: FileSystem| files.append(&f(), 4, "more").await;
    at_every_point(append, |store| {
        let left = &store.files()["/f"];
        assert!(left == "base" || left == "basemore", "{left}");
    });
}

#[test]
fn a_new_file_is_whole_or_not_there() {
    let create = async |files: FileSystem| {
        let new = CreateOptions::default().with_existing(Existing::Fail);
        files.create_opts(&path("/new"), "whole", new).await
    };
    at_every_point(create, |store| {
        let left = store.files().get("/new").cloned();
        assert!(
            left.is_none() || left.as_deref() == Some("whole"),
            "{left:?}"
        );
    });
}

#[test]
fn a_renamed_file_has_one_name() {
    let rename = async |files: FileSystem| files.rename(&f(), &path("/g")).await;
    at_every_point(rename, |store| {
        let left: Vec<_> = store.files().into_values().collect();
        assert_eq!(left, ["base"]);
    });
}

#[test]
fn a_writer_leaves_a_beginning() {
    let write = async |files: FileSystem| {
        let options = WriteOptions::default().with_buffer(2);
        let mut writer = files.writer_opts(&f(), options).await.ok()?;
        writer.write_all(b"012345").await.ok()?;
        writer.flush().await.ok()?;
        writer.write_all(b"6").await.ok()?;
        writer.close().await.ok()
    };
    at_every_point(write, |store| {
        let left = &store.files()["/f"];
        assert!(left == "base" || "0123456".starts_with(left), "{left}");
    });
}

#[test]
fn joined_files_are_joined_or_as_they_were() {
    let join = async |files: FileSystem| files.concat(&path("/t"), &[f()]).await;
    at_every_point(join, |store| {
        let left: Vec<_> = store.files().into_iter().collect();
        let one = |name: &str| vec![(name.to_owned(), "base".to_owned())];
        assert!(left == one("/f") || left == one("/t"), "{left:?}");
    });
}

#[test]
fn a_copy_is_a_beginning_and_the_original_is_whole() {
    let copy = async |files: FileSystem| {
        let options = CopyOptions::default().with_buffer(2);
        files.copy_opts(&f(), &path("/c"), options).await
    };
    at_every_point(copy, |store| {
        let mut left = store.files();
        assert_eq!(left.remove("/f").as_deref(), Some("base"));
        let copy = left.remove("/c").unwrap_or_default();
        assert!("base".starts_with(&copy), "{copy}");
    });
}

#[test]
fn a_handle_leaves_a_beginning_and_a_writer_that_opens_leaves_the_bytes() {
    let write = async |files: FileSystem| {
        let write = WriteOptions::default().with_buffer(2);
        let options = FileOptions::default().with_write(write);
        let mut file = files.file_opts(&f(), options).await.ok()?;
        file.write_all(b"0123").await.ok()?;
        file.flush().await.ok()?;
        file.write_all(b"4").await.ok()?;
        file.close().await.ok()
    };
    at_every_point(write, |store| {
        let left = &store.files()["/f"];
        let more = left.strip_prefix("base").expect("the old bytes stay");
        assert!("01234".starts_with(more), "{left}");
    });
}

#[test]
fn a_writer_that_is_given_up_leaves_what_was_sent() {
    let release = async |files: FileSystem| {
        let options = WriteOptions::default().with_mode(WriteMode::Append);
        let mut writer = files.writer_opts(&f(), options).await.ok()?;
        writer.write_all(b"0").await.ok()?;
        writer.flush().await.ok()?;
        writer.release().await.ok()
    };
    at_every_point(release, |store| {
        let left = &store.files()["/f"];
        assert!(left == "base" || left == "base0", "{left}");
    });
}

#[test]
fn nobody_inherits_a_lease_while_a_request_may_still_arrive_under_it() {
    for on_its_way in [false, true] {
        let store = Arc::new(FakeGen1::default());
        let files = file_system(&World::new(), Arc::new(Slow(store)));
        let lease = block_on(async {
            let mut writer = files.writer(&f()).await.unwrap();
            writer.write_all(b"01").await.unwrap();
            writer.flush().await.unwrap();
            writer.write_all(b"23").await.unwrap();
            if on_its_way {
                assert!(!poll_times(writer.flush(), 1));
            }
            writer.lease()
        });
        let next = block_on(files.writer(&f())).unwrap();
        assert_eq!(next.lease() == lease, !on_its_way);
    }
}

#[test]
fn an_append_can_be_made_again_after_it_was_given_up() {
    for times in 0..12 {
        let store = Arc::new(FakeGen1::default());
        store.put("/f", b"base");
        let slow = Arc::new(Slow(Arc::clone(&store)));
        let files = file_system(&World::new(), slow);
        poll_times(files.append(&f(), 4, "more"), times);
        block_on(async {
            let end = files.stat(&f()).await.unwrap().length;
            if end == 4 {
                files.append(&f(), end, "more").await.unwrap();
            }
        });
        assert_eq!(store.files()["/f"], "basemore");
    }
}
