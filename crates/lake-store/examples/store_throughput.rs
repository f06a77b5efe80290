//! Prints how fast the store is here: `cargo run --release -p lake-store --example store_throughput`.

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a program that measures and prints"
)]

use std::time::Instant;

use lake_store::{
    AccountKind, Ambient, CreateOptions, Durability, LakePath, ListOptions, Offset, Principal,
    Recursion, Store, StoreOptions, SyncFlag,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for durability in [Durability::Process, Durability::Power] {
        println!("{durability:?}");
        measure(durability)?;
    }
    Ok(())
}

fn measure(durability: Durability) -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let options = StoreOptions::default().with_durability(durability);
    let store = Store::open(folder.path(), options, Ambient::system())?;
    let me = Principal::superuser("me");
    store.create_account(&me, "lakestore", AccountKind::Store)?;
    let files = store.files("lakestore")?;
    let count = match durability {
        Durability::Process => 20_000,
        Durability::Power => 200,
    };
    let create = CreateOptions::default();

    let timer = Instant::now();
    for index in 0..count {
        let path = LakePath::parse(&format!("/small/{index:06}"))?;
        files.create(&me, &path, &create, b"a small file")?;
    }
    per_second("creates", count, timer);

    let timer = Instant::now();
    for index in 0..count {
        files.stat(&me, &LakePath::parse(&format!("/small/{index:06}"))?)?;
    }
    per_second("stats", count, timer);

    let directory = LakePath::parse("/small")?;
    let mut page = ListOptions::default().with_limit(Some(4000));
    let timer = Instant::now();
    loop {
        let listing = files.list(&me, &directory, &page)?;
        let last = listing.entries.last().map(|entry| entry.name.clone());
        page = page.with_after(last);
        if !listing.more {
            break;
        }
    }
    per_second("listed entries", count, timer);

    let path = LakePath::parse("/small/000000")?;
    let timer = Instant::now();
    for _ in 0..count {
        files.append(
            &me,
            &path,
            Offset::End,
            b"a small line\r\n",
            SyncFlag::Close,
        )?;
    }
    per_second("small appends", count, timer);

    let piece = vec![7; 4 << 20];
    for (name, sync) in [
        ("published", SyncFlag::Close),
        ("unpublished", SyncFlag::Data),
    ] {
        let path = LakePath::parse(&format!("/large/{name}"))?;
        files.create(&me, &path, &create, b"")?;
        let timer = Instant::now();
        for _ in 0..64 {
            files.append(&me, &path, Offset::End, &piece, sync)?;
        }
        files.append(&me, &path, Offset::End, b"", SyncFlag::Close)?;
        let rate = 64.0 * 4.194_304 / timer.elapsed().as_secs_f64();
        println!("  4 MiB appends, {name}: {rate:.0} MB/s");
    }
    let timer = Instant::now();
    files.delete(&me, &directory, Recursion::All)?;
    println!("  delete of {count} files: {:?}", timer.elapsed());
    let timer = Instant::now();
    store.reap()?;
    println!("  reap of {count} files: {:?}", timer.elapsed());
    drop((files, store));
    let timer = Instant::now();
    Store::open(folder.path(), options, Ambient::system())?;
    println!("  open: {:?}", timer.elapsed());
    Ok(())
}

fn per_second(what: &str, count: u32, timer: Instant) {
    let rate = f64::from(count) / timer.elapsed().as_secs_f64();
    println!("  {what}: {rate:.0}/s");
}
