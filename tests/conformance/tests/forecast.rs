//! What a dry run over a tree says is what the lake then does.

use adls_fs::{Permission, TreeChange, TreeOptions, TreeOutcome};
use conformance::{World, at};
use futures::StreamExt;

fn modify(entries: &str) -> TreeChange {
    TreeChange::ModifyAcl(entries.parse().expect("entries"))
}

fn set(entries: &str) -> TreeChange {
    TreeChange::SetAcl(entries.parse().expect("entries"))
}

fn remove(keys: &[&str]) -> TreeChange {
    let keys = keys.iter().map(|key| key.parse().expect("a key"));
    TreeChange::RemoveAclEntries(keys.collect())
}

fn permission(directories: u16, files: u16) -> TreeChange {
    TreeChange::SetPermission {
        directories: Permission::new(directories).expect("bits"),
        files: Permission::new(files).expect("bits"),
    }
}

/// One after the other, each on what the ones before have made.
fn changes() -> Vec<TreeChange> {
    vec![
        modify("user:eve:r-x"),
        permission(0o1750, 0o640),
        modify("default:user:eve:rw-"),
        modify("group:g:-wx,default:group::---"),
        remove(&["user:eve", "default:user:eve", "user:nobody"]),
        modify("mask::r--,other::r-x,default:mask::--x"),
        modify("user::r-x"),
        set("user::rwx,user:bob:rwx,group::r-x,other::---"),
        set("user::rwx,user:bob:r--,group::r-x,other::---,default:user:bob:r--"),
        permission(0o700, 0o600),
        TreeChange::RemoveDefaultAcl,
        set("user::rwx,group::---,other::r--"),
        modify("default:other::r--"),
        TreeChange::RemoveAcl,
        TreeChange::RemoveDefaultAcl,
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_foretells_every_acl() {
    let world = World::start().await;
    for file in ["/t/a/1", "/t/b/c/2", "/t/3"] {
        world.write(file, "x").await;
    }
    let root = at("/t");
    for change in changes() {
        let dry = TreeOptions::default().dry_run();
        let steps = world.files.change_tree_opts(&root, change.clone(), dry);
        let steps: Vec<_> = steps.expect("a change").collect().await;
        assert_eq!(steps.len(), 7);
        let mut run = world
            .files
            .change_tree(&root, change.clone())
            .expect("a change");
        let report = run.finish().await.expect("a tree of our own");
        assert_eq!(report.progress.directories + report.progress.files, 7);
        for step in steps {
            let now = world.files.acl(&step.path).await.expect("an ACL");
            match step.outcome {
                TreeOutcome::Planned { after, .. } => {
                    assert_eq!(now, *after, "{change} on {}", step.path);
                }
                TreeOutcome::Unaffected => assert_eq!(step.file_type, adls_fs::FileType::File),
                other => panic!("{other:?}"),
            }
        }
    }
}
