//! `azure.datalake.store.multithread` and `retry`.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use aad_core::pipeline::PipelineOptions;
use aad_core::retry::RetryPolicy;
use adls_fs::Result;
use adls_fs::transfer::{Downloader, Overwrite, TransferOptions, Uploader};
use tempfile::TempDir;

use crate::given::{at, files};

/// `fs.put(filename, path)`
/// `fs.get(path, filename)`
/// `utils.upload(path, localFilename, mode)`
#[tokio::test]
async fn a_file() -> Result<()> {
    let (here, files, path) = (TempDir::new().expect("a folder"), files(), at("/up"));
    let local = here.path().join("up");
    std::fs::write(&local, "abc").expect("a file");
    Uploader::new(files.clone()).file(&local, &path).await?;
    let local = here.path().join("down");
    Downloader::new(files.clone()).file(&path, &local).await?;
    assert_eq!(std::fs::read(&local).expect("a file"), b"abc");
    Ok(())
}

/// `multithread.ADLUploader(fs, rpath, lpath)`
/// `multithread.ADLDownloader(fs, rpath, lpath)`
/// `transfer.successful()`
#[tokio::test]
async fn a_folder() -> Result<()> {
    let (here, files, path) = (TempDir::new().expect("a folder"), files(), at("/up"));
    let local = here.path().join("up");
    std::fs::create_dir_all(local.join("x")).expect("a folder");
    std::fs::write(local.join("x/1"), "abc").expect("a file");
    let report = Uploader::new(files.clone())
        .folder(&local, &path)
        .await?
        .into_result()?;
    assert!(report.failed == 0);
    assert_eq!(files.read(&at("/up/x/1")).await?, "abc");
    let local = here.path().join("down");
    Downloader::new(files.clone())
        .folder(&path, &local)
        .await?
        .into_result()?;
    assert_eq!(std::fs::read(local.join("x/1")).expect("a file"), b"abc");
    Ok(())
}

/// `fs.put(filename, path, delimiter=b'\n')`
/// `multithread.ADLUploader(fs, rpath, lpath, nthreads=n)`
/// `multithread.ADLUploader(fs, rpath, lpath, chunksize=bytes, buffersize=bytes, blocksize=bytes)`
/// `multithread.ADLUploader(fs, rpath, lpath, overwrite=True)`
/// `transfer.save()`
/// `transfer.load()`
#[tokio::test]
async fn options() -> Result<()> {
    let here = TempDir::new().expect("a folder");
    let (n, bytes, journal) = (3, 1 << 20, here.path().join("journal"));
    assert_eq!(
        TransferOptions::default().with_concurrency(n).concurrency,
        3
    );
    assert_eq!(TransferOptions::default().with_memory(bytes).memory, bytes);
    let options = TransferOptions::default().with_overwrite(Overwrite::Always);
    assert_eq!(options.overwrite, Overwrite::Always);
    let options = TransferOptions::default().with_delimiter("\n");
    assert_eq!(options.delimiter.as_deref(), Some(&b"\n"[..]));

    let (files, path, local) = (files(), at("/f"), here.path().join("f"));
    std::fs::write(&local, "abc").expect("a file");
    for resumed in [0, 1] {
        let journal = journal.clone();
        let options = TransferOptions::default().with_journal(journal);
        let uploader = Uploader::new_opts(files.clone(), options);
        let report = uploader.file(&local, &path).await?;
        assert_eq!(report.skipped, resumed, "{report:?}");
    }
    Ok(())
}

/// `multithread.ADLUploader(fs, rpath, lpath, progress_callback=f)`
/// `transfer.progress`
/// `transfer.status`
#[tokio::test]
async fn progress() -> Result<()> {
    let (here, files, path) = (TempDir::new().expect("a folder"), files(), at("/up"));
    let local = here.path().join("up");
    std::fs::write(&local, "abc").expect("a file");
    let told = Arc::new(AtomicBool::new(false));
    let telling = Arc::clone(&told);
    let f = move |_: &adls_fs::transfer::Event<'_>| telling.store(true, Ordering::Relaxed);
    let options = TransferOptions::default().on_event(f);
    let uploader = Uploader::new_opts(files, options);
    uploader.file(&local, &path).await?;
    assert!(told.load(Ordering::Relaxed));
    Ok(())
}

/// `multithread.ADLUploader(fs, rpath, lpath, timeout=seconds)`
/// `options.setDefaultTimeout(milliseconds)`
/// `client.getDefaultTimeout()`
/// `retry.RetryPolicy`
/// `retry.NoRetryPolicy()`
/// `retry.ExponentialRetryPolicy(max_retries=n)`
/// `options.setMaxRetries(n)`
#[tokio::test]
async fn patience() -> Result<()> {
    let (n, timeout) = (9, Duration::from_secs(5));
    let pipeline = PipelineOptions::default().with_attempt_timeout(timeout);
    assert_eq!(pipeline.attempt_timeout, timeout);
    assert!(PipelineOptions::default().attempt_timeout > timeout);
    assert_eq!(RetryPolicy::none().retries, 0);
    assert!(RetryPolicy::default().retries > 0);
    assert_eq!(RetryPolicy::default().with_retries(n).retries, 9);
    Ok(())
}
