//! A process that is really killed.
//!
//! It has a test program of its own: between fork and exec a child holds the locks of all lakes
//! that its parent has open.

#![expect(
    clippy::disallowed_methods,
    reason = "the test starts itself again and tells the child where to write"
)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use lake_store::{
    AccountKind, Ambient, CreateOptions, FileSpace, LakePath, Offset, Principal, Store,
    StoreOptions, SyncFlag,
};

const ACCOUNT: &str = "lakestore";
const ROOT: &str = "LAKE_STORE_TEST_ROOT";

/// What the child does until it is killed: it writes, and says what was acknowledged.
fn write_forever(root: &Path) {
    let store = Store::open(root, StoreOptions::default(), Ambient::system()).unwrap();
    let me = Principal::superuser("me");
    store
        .create_account(&me, ACCOUNT, AccountKind::Store)
        .unwrap();
    let files = store.files(ACCOUNT).unwrap();
    let log = LakePath::parse("/log").unwrap();
    files
        .create(&me, &log, &CreateOptions::default(), b"")
        .unwrap();
    let mut output = std::io::stdout().lock();
    for number in 0_u64.. {
        let path = LakePath::parse(&format!("/d/{number}")).unwrap();
        let record = number.to_be_bytes();
        files
            .create(&me, &path, &CreateOptions::default(), &record)
            .unwrap();
        files
            .append(&me, &log, Offset::At(number * 8), &record, SyncFlag::Close)
            .unwrap();
        writeln!(output, "done {number}").unwrap();
        output.flush().unwrap();
    }
}

#[test]
fn what_was_acknowledged_before_kill_9_is_there() {
    if let Some(root) = std::env::var_os(ROOT) {
        return write_forever(Path::new(&root));
    }
    for enough in [1, 20, 77] {
        let folder = tempfile::tempdir().unwrap();
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "--nocapture",
                "what_was_acknowledged_before_kill_9_is_there",
            ])
            .env(ROOT, folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let acknowledged = |line: std::io::Result<String>| {
            line.unwrap().strip_prefix("done ")?.parse::<u64>().ok()
        };
        let mut last = 0;
        while last < enough {
            last = lines.by_ref().find_map(acknowledged).unwrap();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        // What it said between our last look and its end.
        last = lines.filter_map(acknowledged).last().unwrap_or(last);

        let options = StoreOptions::default();
        let store = Store::open(folder.path(), options, Ambient::system()).unwrap();
        let (files, me) = (store.files(ACCOUNT).unwrap(), Principal::superuser("me"));
        let log = read(&files, &me, &LakePath::parse("/log").unwrap()).unwrap();
        assert!(log.len() as u64 >= (last + 1) * 8 && log.len().is_multiple_of(8));
        for (number, record) in log.chunks(8).enumerate() {
            assert_eq!(record, number.to_be_bytes());
            let path = LakePath::parse(&format!("/d/{number}")).unwrap();
            assert_eq!(read(&files, &me, &path).unwrap(), record);
        }
    }
}

fn read(files: &FileSpace, me: &Principal, path: &LakePath) -> lake_store::Result<Vec<u8>> {
    let reader = files.open(me, path)?;
    let mut bytes = vec![0; reader.len() as usize];
    let mut filled = 0;
    while filled < bytes.len() {
        filled += reader.read_at(filled as u64, &mut bytes[filled..])?;
    }
    Ok(bytes)
}
