//! Tokens of aad-identity beside those of the official azure_identity, in one run over one
//! pretended token service. What each row means is in docs/reference/performance.md.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a measurement reads the clock of the machine and prints what it saw"
)]

mod cached_read;
mod ours;
mod service;
mod situations;
mod subject;
mod table;
mod theirs;

use table::Table;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("this machine can run threads");
    let mut table = Table::new("aad-identity", "azure_identity");
    cached_read::measure(&runtime, &mut table);
    runtime.block_on(situations::measure(&mut table));
    print!("{table}");
}
