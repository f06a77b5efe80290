//! Bytes that are read.

use adls_fs::ErrorKind;
use conformance::at;

use crate::{Store, on_every_store};

on_every_store![
    any_range_of_a_file_is_read,
    what_is_no_file_is_not_read,
    a_file_keeps_its_bytes_whatever_they_are,
];

async fn any_range_of_a_file_is_read(store: &Store) {
    let files = &store.files;
    let f = at("/f");
    store.write("/f", "0123456789").await;
    for offset in 0..=11_u64 {
        for length in [0, 1, 5, 10, 1 << 40] {
            let found = files.read_range(&f, offset, length).await.unwrap();
            let from = usize::try_from(offset).unwrap().min(10);
            let length = usize::try_from(length).unwrap();
            let to = from.saturating_add(length).min(10);
            assert_eq!(found, &b"0123456789"[from..to], "{offset} {length}");
        }
    }
    store.write("/empty", "").await;
    assert_eq!(files.read(&at("/empty")).await.unwrap(), "");
    assert_eq!(files.read_range(&at("/empty"), 0, 5).await.unwrap(), "");
}

async fn what_is_no_file_is_not_read(store: &Store) {
    let files = &store.files;
    let none = files.read(&at("/none")).await.unwrap_err();
    assert_eq!(none.kind(), ErrorKind::NotFound);
    files.mkdirs(&at("/d")).await.unwrap();
    assert!(files.read(&at("/d")).await.is_err());
    store.write("/f", "x").await;
    let below = files.read(&at("/f/g")).await.unwrap_err();
    assert!(matches!(
        below.kind(),
        ErrorKind::NotFound | ErrorKind::Forbidden
    ));
}

async fn a_file_keeps_its_bytes_whatever_they_are(store: &Store) {
    let files = &store.files;
    let bytes: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    files.create(&at("/bytes"), bytes.clone()).await.unwrap();
    assert_eq!(files.read(&at("/bytes")).await.unwrap(), bytes);
    assert_eq!(files.stat(&at("/bytes")).await.unwrap().length, 100_000);
}
