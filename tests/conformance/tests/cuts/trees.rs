//! Trees that are changed whole.

use std::collections::BTreeMap;

use adls_fs::{Checkpoint, DirectoryOrder, TreeChange, TreeOptions};
use conformance::shore::{Corner, Shore};
use futures::{StreamExt, TryStreamExt};
use testkit::cuts::{self, Line};

const FILES: [&str; 4] = ["a/1", "a/b/2", "a/3", "c"];

/// The ACL of everything in the corner.
async fn acls(corner: &Corner) -> BTreeMap<String, String> {
    let mut acls = BTreeMap::new();
    let entries: Vec<_> = corner
        .calm
        .walk(corner.folder())
        .try_collect()
        .await
        .unwrap();
    for entry in entries {
        let acl = corner.calm.acl(&entry.path).await.unwrap().acl;
        acls.insert(entry.path.to_string(), acl.to_string());
    }
    acls
}

async fn changes_whole(order: DirectoryOrder, resumed: bool) {
    let shore = Shore::start().await;
    let script = async |line: Line| {
        let corner = shore.corner(&line).await;
        for file in FILES {
            corner.put(file, "x").await;
        }
        let change = TreeChange::ModifyAcl("user:eve:r-x,default:user:eve:r-x".parse().unwrap());
        // One at a time, so that the requests are the same ones in each run.
        let options = TreeOptions::default().with_order(order).with_concurrency(1);
        let root = corner.folder();
        let start = |options| corner.files.change_tree_opts(root, change.clone(), options);
        let mut run = start(options.clone()).unwrap();
        if resumed {
            // Another process goes on.
            for _ in 0..3 {
                run.next().await.unwrap();
            }
            let kept = run.checkpoint().unwrap().to_string();
            let resume: Checkpoint = kept.parse().unwrap();
            run = start(options.with_resume(resume)).unwrap();
        }
        run.finish().await.unwrap();
        let acls = acls(&corner).await;
        assert_eq!(acls.len(), 6);
        for (path, acl) in acls {
            let of_file = "user::rwx,user:eve:r-x,group::rwx,mask::rwx,other::---";
            let of_directory = "user::rwx,user:eve:r-x,group::rwx,mask::rwx,other::---,\
                 default:user::rwx,default:user:eve:r-x,default:group::rwx,default:mask::rwx,\
                 default:other::---";
            let is_directory = path.ends_with("/a") || path.ends_with("/b");
            let expected = if is_directory { of_directory } else { of_file };
            assert_eq!(acl, expected, "{path}");
        }
    };
    let report = cuts::everywhere(script).await;
    assert!(report.requests >= 7 + 4, "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tree_is_changed_whole() {
    changes_whole(DirectoryOrder::First, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tree_is_changed_whole_from_its_leaves() {
    changes_whole(DirectoryOrder::Last, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tree_is_changed_whole_by_one_process_after_the_other() {
    changes_whole(DirectoryOrder::First, true).await;
    changes_whole(DirectoryOrder::Last, true).await;
}
