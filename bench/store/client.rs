//! What each client must be able to do, and the process that has it do that.

use std::error::Error;

use crate::clients::{bare, floor, object_store, opendal, ours};
use crate::measure::{Cost, Start};
use crate::workload::{PIECE, SMALL, WARM_UP, Workload};

pub type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// A client of the null server. Paths have no leading slash.
pub trait Client: Sized {
    /// A client of the server at `http://127.0.0.1:port`.
    fn new(port: u16) -> Outcome<Self>;

    /// Reads a file from end to end as the client's own stream, keeps none of it, and says how
    /// long it was.
    async fn read(&self, path: &str) -> Outcome<u64>;

    /// Writes `piece` so many times into a file, as the client's own stream, in requests of
    /// [`PART`](crate::workload::PART) bytes.
    async fn write(&self, path: &str, piece: &[u8], times: usize) -> Outcome<()>;

    async fn put(&self, path: &str, content: &'static [u8]) -> Outcome<()>;

    async fn get(&self, path: &str) -> Outcome<usize>;

    /// The length of a file.
    async fn stat(&self, path: &str) -> Outcome<u64>;

    /// Lists a directory, keeps none of it, and says how many entries it has.
    async fn list(&self, path: &str) -> Outcome<usize>;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Ours,
    Bare,
    Floor,
    ObjectStore,
    OpendalAzdls,
    OpendalWebhdfs,
}

impl Subject {
    pub const ALL: [Self; 6] = [
        Self::Ours,
        Self::Bare,
        Self::Floor,
        Self::ObjectStore,
        Self::OpendalAzdls,
        Self::OpendalWebhdfs,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Ours => "adls-fs",
            Self::Bare => "bare reqwest",
            Self::Floor => "floor",
            Self::ObjectStore => "object_store",
            Self::OpendalAzdls => "OpenDAL azdls",
            Self::OpendalWebhdfs => "OpenDAL webhdfs",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|subject| subject.name() == name)
    }

    pub fn can(self, workload: Workload) -> bool {
        match self {
            // Whoever reads a listing as JSON text is no client of it.
            Self::Bare | Self::Floor => !matches!(workload, Workload::List | Workload::ListMillion),
            // Its writer wants CONCAT of blocks that it made, and its listing takes the million
            // entries of WebHDFS in one piece or in batches of a thousand.
            Self::OpendalWebhdfs => workload != Workload::Write,
            _ => true,
        }
    }

    /// Runs in this process, on one thread, and says what it cost.
    pub fn run(self, workload: Workload, port: u16) -> Outcome<Cost> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            match self {
                Self::Ours => work::<ours::Ours>(workload, port).await,
                Self::Bare => work::<bare::Bare>(workload, port).await,
                Self::Floor => work::<floor::Floor>(workload, port).await,
                Self::ObjectStore => work::<object_store::Blob>(workload, port).await,
                Self::OpendalAzdls => work::<opendal::Azdls>(workload, port).await,
                Self::OpendalWebhdfs => work::<opendal::Webhdfs>(workload, port).await,
            }
        })
    }
}

static CONTENT: [u8; SMALL as usize] = [b'x'; SMALL as usize];

async fn work<C: Client>(workload: Workload, port: u16) -> Outcome<Cost> {
    let client = C::new(port)?;
    let amount = workload.amount();
    // The connection is made and the code is warm before anything counts.
    client.stat("file-0").await?;
    let start = Start::now();
    match workload {
        Workload::Read => must_be(amount, client.read("big").await? as usize),
        Workload::Write => {
            let piece = vec![b'x'; PIECE];
            client.write("big", &piece, amount / PIECE).await?;
        }
        Workload::List | Workload::ListMillion => {
            let path = format!("many-{amount}");
            must_be(amount, client.list(&path).await?);
        }
        Workload::Put | Workload::Get | Workload::Stat => {
            return requests(&client, workload).await;
        }
    }
    Ok(start.cost())
}

async fn requests<C: Client>(client: &C, workload: Workload) -> Outcome<Cost> {
    let mut start = Start::now();
    for index in 0..WARM_UP + workload.amount() {
        if index == WARM_UP {
            start = Start::now();
        }
        let path = format!("folder/file {index:08}.csv");
        match workload {
            Workload::Put => client.put(&path, &CONTENT).await?,
            Workload::Get => must_be(CONTENT.len(), client.get(&path).await?),
            _ => must_be(CONTENT.len(), client.stat(&path).await? as usize),
        }
    }
    Ok(start.cost())
}

fn must_be(expected: usize, found: usize) {
    assert_eq!(found, expected, "the client did not do all of the work");
}
