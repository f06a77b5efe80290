//! Everything can be moved to another thread: a multi-threaded runtime asks for it.

use adls_fs::{
    AppendOptions, CreateOptions, DeleteOptions, File, FileReader, FileSystem, FileWriter,
    ListOptions, RenameOptions, WalkOptions,
};

use crate::fake::{fresh, path};

fn may_move<T: Send>(_: T) {}

#[test]
fn operations_may_run_on_any_thread() {
    let (files, _) = fresh();
    let a = path("/a");
    may_move(files.read(&a));
    may_move(files.read_range(&a, 0, 1));
    may_move(files.open(&a));
    may_move(files.writer(&a));
    may_move(files.create(&a, "x"));
    may_move(files.create_opts(&a, "x", CreateOptions::default()));
    may_move(files.append(&a, 0, "x"));
    may_move(files.append_opts(&a, 0, "x", AppendOptions::default()));
    may_move(files.stat(&a));
    may_move(files.exists(&a));
    may_move(files.list(&a));
    may_move(files.list_opts(&a, ListOptions::default()));
    may_move(files.walk(&a));
    may_move(files.walk_opts(&a, WalkOptions::default()));
    may_move(files.glob(&"/a/*".parse().expect("a pattern")));
    may_move(files.disk_usage(&a));
    may_move(files.head(&a, 1));
    may_move(files.tail(&a, 1));
    may_move(files.touch(&a));
    may_move(files.read_ranges(&a, &[]));
    may_move(files.read_block(&a, 0, 1, b"\n"));
    may_move(files.records(&a));
    may_move(files.file(&a));
    may_move(files.cat([a.clone()]));
    may_move(files.copy(&a, &a));
    may_move(files.checksum(&a));
    may_move(files.concat(&a, &[]));
    may_move(files.mkdirs(&a));
    may_move(files.rename(&a, &a));
    may_move(files.rename_opts(&a, &a, RenameOptions::default()));
    may_move(files.delete(&a));
    may_move(files.delete_opts(&a, DeleteOptions::default()));
}

#[cfg(feature = "disk")]
#[test]
fn transfers_may_run_on_any_thread() {
    use adls_fs::transfer::{Downloader, Uploader};

    let (files, _) = fresh();
    let a = path("/a");
    let up = Uploader::new(files.clone());
    may_move(up.file("a", &a));
    may_move(up.folder("a", &a));
    may_move(up.glob("a/*", &a));
    may_move(up.pairs(futures::stream::empty()));
    may_move(up.clean_up());
    let down = Downloader::new(files);
    may_move(down.file(&a, "a"));
    may_move(down.folder(&a, "a"));
    may_move(down.glob(&"/a/*".parse().expect("a pattern"), "a"));
    may_move(down.pairs(futures::stream::empty()));
}

#[test]
fn streams_and_handles_may_be_kept_anywhere() {
    fn is_kept<T: Send + Unpin + 'static>() {}
    is_kept::<File>();
    is_kept::<FileReader>();
    is_kept::<FileWriter>();
    fn is_shared<T: Send + Sync + Clone + 'static>() {}
    is_shared::<FileSystem>();
}
