//! Files that are joined, by requests that cannot name many.

use adls_fs::LakePath;
use futures::TryStreamExt;
use futures::executor::block_on;
use testkit::cuts::{self, Line};

use crate::lost::reached;

/// Joins so many files with names of so many characters, under every cut.
fn joins_once(count: usize, length: usize, before: Option<&'static str>) -> cuts::Report {
    let script = async |line: Line| {
        let (cluster, files) = reached(&line);
        let target: LakePath = "/t".parse().unwrap();
        let mut whole = before.unwrap_or_default().to_owned();
        if let Some(before) = before {
            cluster.files.create(&target, before).await.unwrap();
        }
        let mut sources = Vec::new();
        for n in 0..count {
            let path: LakePath = format!("/in/{n:0length$}").parse().unwrap();
            let text = format!("{n},");
            cluster.files.create(&path, text.clone()).await.unwrap();
            whole.push_str(&text);
            sources.push(path);
        }
        files.concat(&target, &sources).await.unwrap();
        assert_eq!(cluster.files.read(&target).await.unwrap(), whole);
        let list = cluster.files.list(&"/in".parse().unwrap());
        let left: Vec<_> = list.try_collect().await.unwrap();
        assert!(left.is_empty(), "{left:?}");
    };
    block_on(cuts::everywhere(script))
}

#[test]
fn files_are_joined_once_wherever_the_connection_breaks() {
    joins_once(3, 1, Some("before,"));
    joins_once(3, 1, None);
}

/// So many names do not fit into one request: they are joined in groups first.
#[test]
fn many_files_are_joined_in_groups_and_each_once() {
    let report = joins_once(28, 240, Some("before,"));
    // A look at each file; two groups, and then the two of them, each with a look of the driver.
    assert_eq!(report.requests, 29 + 3 * 2, "{report:?}");
}
