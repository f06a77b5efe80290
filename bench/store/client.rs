//! What each client must be able to do, and the process that has it do that.

use std::error::Error;
use std::path::Path;

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

    /// Uploads a folder of this machine and says how many files it had, where the client can.
    async fn upload(&self, _from: &Path, _to: &str) -> Outcome<usize> {
        Err("this client moves no folders".into())
    }

    /// Downloads a folder to this machine and says how many files it had, where the client can.
    async fn download(&self, _from: &str, _to: &Path) -> Outcome<usize> {
        Err("this client moves no folders".into())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Ours,
    Bare,
    Floor,
    ObjectStore,
    OpendalAzdls,
    OpendalWebhdfs,
    Python,
}

impl Subject {
    pub const ALL: [Self; 7] = [
        Self::Ours,
        Self::Bare,
        Self::Floor,
        Self::ObjectStore,
        Self::OpendalAzdls,
        Self::OpendalWebhdfs,
        Self::Python,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Ours => "adls-fs",
            Self::Bare => "bare reqwest",
            Self::Floor => "floor",
            Self::ObjectStore => "object_store",
            Self::OpendalAzdls => "OpenDAL azdls",
            Self::OpendalWebhdfs => "OpenDAL webhdfs",
            Self::Python => "Python Gen1",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|subject| subject.name() == name)
    }

    pub fn can(self, workload: Workload) -> bool {
        let moves_folders = matches!(self, Self::Ours | Self::Python);
        match workload {
            Workload::Upload | Workload::Download => moves_folders,
            Workload::List => !matches!(self, Self::Bare | Self::Floor),
            _ if self == Self::Python => false,
            // Whoever takes a listing for text is no client of it.
            Workload::ListMillion => !matches!(self, Self::Bare | Self::Floor),
            // It wants a server that concatenates the blocks that it makes of a file.
            Workload::Write => self != Self::OpendalWebhdfs,
            _ => true,
        }
    }

    /// Runs in this process, on one thread, and says what it cost.
    ///
    /// `folder` is what is uploaded, or where to download to.
    pub fn run(self, workload: Workload, port: u16, folder: &Path) -> Outcome<Cost> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            match self {
                Self::Ours => work::<ours::Ours>(workload, port, folder).await,
                Self::Bare => work::<bare::Bare>(workload, port, folder).await,
                Self::Floor => work::<floor::Floor>(workload, port, folder).await,
                Self::ObjectStore => work::<object_store::Blob>(workload, port, folder).await,
                Self::OpendalAzdls => work::<opendal::Azdls>(workload, port, folder).await,
                Self::OpendalWebhdfs => work::<opendal::Webhdfs>(workload, port, folder).await,
                Self::Python => Err("it runs in a process of its own kind".into()),
            }
        })
    }
}

static CONTENT: [u8; SMALL as usize] = [b'x'; SMALL as usize];

async fn work<C: Client>(workload: Workload, port: u16, folder: &Path) -> Outcome<Cost> {
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
        Workload::Upload => must_be(amount, client.upload(folder, "uploaded").await?),
        Workload::Download => {
            let from = format!("folder-{amount}");
            must_be(amount, client.download(&from, folder).await?);
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
