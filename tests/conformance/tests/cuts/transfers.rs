//! Folders that are uploaded and downloaded.

use adls_fs::transfer::{Downloader, Overwrite, TransferOptions, Uploader};
use conformance::shore::Shore;
use tempfile::TempDir;
use testkit::cuts::{self, Line};

const FILES: [(&str, &str); 3] = [
    ("empty", ""),
    ("long", "0123456789abcdefghijklmnopqrstuvwxyz"),
    ("short", "one piece"),
];

/// So little memory that the long file goes in pieces.
fn options() -> TransferOptions {
    TransferOptions::default()
        .with_memory(24)
        .with_overwrite(Overwrite::Always)
}

fn folder() -> TempDir {
    TempDir::new().expect("a temporary folder")
}

async fn uploads_once(overwrite: Overwrite) {
    let shore = Shore::start().await;
    let local = folder();
    for (name, text) in FILES {
        std::fs::write(local.path().join(name), text).unwrap();
    }
    let script = async |line: Line| {
        let corner = shore.corner(&line).await;
        if overwrite == Overwrite::Always {
            corner.put("up/long", "before").await;
        }
        let options = options().with_overwrite(overwrite);
        let uploader = Uploader::new_opts(corner.files.clone(), options);
        let report = uploader
            .folder(local.path(), &corner.at("up"))
            .await
            .unwrap();
        report.into_result().unwrap();
        let tree = corner.tree().await;
        let uploaded = FILES.map(|(name, text)| (format!("up/{name}"), Some(text.to_owned())));
        let expected = [("up".to_owned(), None)].into_iter().chain(uploaded);
        assert_eq!(tree, expected.collect());
    };
    let report = cuts::everywhere(script).await;
    assert!(report.requests > 5, "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_is_uploaded_over_another_exactly_once() {
    uploads_once(Overwrite::Always).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_must_not_be_there_is_uploaded_exactly_once() {
    uploads_once(Overwrite::Fail).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_is_downloaded_whole() {
    let shore = Shore::start().await;
    let script = async |line: Line| {
        let corner = shore.corner(&line).await;
        for (name, text) in FILES {
            corner.put(&format!("down/{name}"), text).await;
        }
        let local = folder();
        let downloader = Downloader::new_opts(corner.files.clone(), options());
        let report = downloader
            .folder(&corner.at("down"), local.path())
            .await
            .unwrap();
        report.into_result().unwrap();
        let mut names = Vec::new();
        for entry in std::fs::read_dir(local.path()).unwrap() {
            names.push(entry.unwrap().file_name().into_string().unwrap());
        }
        names.sort();
        assert_eq!(names, FILES.map(|(name, _)| name));
        for (name, text) in FILES {
            assert_eq!(
                std::fs::read_to_string(local.path().join(name)).unwrap(),
                text
            );
        }
    };
    let report = cuts::everywhere(script).await;
    assert!(report.requests >= 3, "{report:?}");
}
