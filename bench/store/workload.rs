//! What the clients do.

/// The size of `big`.
pub const BIG: u64 = 1 << 30;

/// The size of every other file.
pub const SMALL: u64 = 4096;

/// The size of the requests that `big` is written in.
pub const PART: usize = 4 << 20;

/// The size of the pieces that a program hands to a client that writes, as a copy from a file does.
pub const PIECE: usize = 256 << 10;

/// How many files a folder has that is uploaded or downloaded.
pub const FOLDER: usize = 20_000;

/// How many requests come before those that count: connections are made, and tables grow.
pub const WARM_UP: usize = 200;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Workload {
    Read,
    Write,
    Put,
    Get,
    Stat,
    List,
    ListMillion,
    Upload,
    Download,
}

impl Workload {
    pub const ALL: [Self; 9] = [
        Self::Read,
        Self::Write,
        Self::Get,
        Self::Put,
        Self::Stat,
        Self::List,
        Self::ListMillion,
        Self::Upload,
        Self::Download,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Put => "put",
            Self::Get => "get",
            Self::Stat => "stat",
            Self::List => "list",
            Self::ListMillion => "list-million",
            Self::Upload => "upload",
            Self::Download => "download",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::Read => "Read a file of 1 GiB as one stream",
            Self::Write => {
                "Write a file of 1 GiB, handed over in pieces of 256 KiB, in requests of 4 MiB"
            }
            Self::Put => "Put 4 KiB, 5,000 times",
            Self::Get => "Get 4 KiB, 5,000 times",
            Self::Stat => "Stat a file, 5,000 times",
            Self::List => "List a directory of 100,000 files",
            Self::ListMillion => "List a directory of 1,000,000 files",
            Self::Upload => "Upload a folder of 20,000 files of 4 KiB",
            Self::Download => "Download a folder of 20,000 files of 4 KiB",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|workload| workload.name() == name)
    }

    /// How many of its units the work has.
    pub fn amount(self) -> usize {
        match self {
            Self::Read | Self::Write => BIG as usize,
            Self::Put | Self::Get | Self::Stat => 5_000,
            Self::List => 100_000,
            Self::ListMillion => 1_000_000,
            Self::Upload | Self::Download => FOLDER,
        }
    }

    /// How a figure is given: how many units it is of, and what it is called.
    pub fn unit(self) -> (f64, &'static str) {
        match self {
            Self::Read | Self::Write => (1e9, "GB"),
            Self::Put | Self::Get | Self::Stat => (1.0, "request"),
            Self::List | Self::ListMillion => (1.0, "entry"),
            Self::Upload | Self::Download => (1.0, "file"),
        }
    }
}
