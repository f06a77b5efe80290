//! Files that are joined.

use std::collections::BTreeMap;

use adls_fs::{ConcatOptions, LakePath};
use conformance::shore::Shore;
use testkit::cuts::{self, Line};

/// Joins files in a directory of their own under every cut.
async fn joins_once(
    before: &[(&'static str, &'static str)],
    options: ConcatOptions,
    after: &[(&str, Option<&str>)],
) {
    let own = |(path, text): &(&str, Option<&str>)| ((*path).to_owned(), text.map(str::to_owned));
    let after: BTreeMap<_, _> = after.iter().map(own).collect();
    let shore = Shore::start().await;
    let script = async |line: Line| {
        let corner = shore.corner(&line).await;
        for (path, bytes) in before {
            corner.put(path, *bytes).await;
        }
        let sources: Vec<LakePath> = ["in/2", "in/1", "in/3"].map(|path| corner.at(path)).into();
        let target = corner.at("t");
        let joined = corner.files.concat_opts(&target, &sources, options.clone());
        joined.await.unwrap();
        assert_eq!(corner.tree().await, after);
    };
    cuts::everywhere(script).await;
    cuts::twice(3, script).await;
}

const PARTS: [(&str, &str); 3] = [("in/1", "one"), ("in/2", "two"), ("in/3", "")];

#[tokio::test(flavor = "multi_thread")]
async fn files_are_joined_to_a_new_one_exactly_once() {
    let after = [("in", None), ("t", Some("twoone"))];
    joins_once(&PARTS, ConcatOptions::default(), &after).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_joined_to_one_that_is_there_exactly_once() {
    let [one, two, three] = PARTS;
    let after = [("in", None), ("t", Some("zerotwoone"))];
    joins_once(
        &[one, two, three, ("t", "zero")],
        ConcatOptions::default(),
        &after,
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn their_directory_goes_with_them() {
    let options = ConcatOptions::default().delete_source_directory();
    joins_once(&PARTS, options, &[("t", Some("twoone"))]).await;
}
