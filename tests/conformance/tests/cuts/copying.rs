//! Files that are copied through the client.

use adls_fs::{CopyOptions, Existing};
use conformance::shore::Shore;
use testkit::cuts::{self, Line};

const BYTES: &str = "0123456789abcdefghij";

async fn copies_once(before: Option<&'static str>, options: CopyOptions) {
    let shore = Shore::start().await;
    let script = async |line: Line| {
        let corner = shore.corner(&line).await;
        let (from, to) = (corner.at("a"), corner.at("out/b"));
        corner.put("a", BYTES).await;
        let acl = "user:ann:r-x".parse().unwrap();
        corner.calm.modify_acl(&from, &acl).await.unwrap();
        if let Some(before) = before {
            corner.put("out/b", before).await;
        }
        let copied = corner.files.copy_opts(&from, &to, options.clone()).await;
        assert_eq!(copied.unwrap(), BYTES.len() as u64);
        assert_eq!(corner.calm.read(&to).await.unwrap(), BYTES);
        assert_eq!(corner.calm.read(&from).await.unwrap(), BYTES);
        if options.keep_acl {
            let acl = corner.calm.acl(&from).await.unwrap().acl;
            assert_eq!(corner.calm.acl(&to).await.unwrap().acl, acl);
        }
        // And no lease is left.
        corner
            .calm
            .append(&to, BYTES.len() as u64, "!")
            .await
            .unwrap();
    };
    cuts::everywhere(script).await;
    cuts::twice(2, script).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_copied_exactly_once() {
    copies_once(None, CopyOptions::default().with_buffer(8)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_copied_over_another_for_the_same_people_exactly_once() {
    let options = CopyOptions::default().with_buffer(8).keep_acl();
    copies_once(Some("before"), options.with_existing(Existing::Overwrite)).await;
}
