//! A machine whose disk is memory, and whose power may fail at any step.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use aad_core::Transport;
use aad_core::transport::{ResponseBody, TransportError};
use adls_fs::Existing;
use adls_fs::transfer::{LocalEntry, LocalFile, LocalFiles, LocalKind, LocalListing, LocalStatus};
use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use time::OffsetDateTime;

/// Counts what is done, and stops it all at one step.
#[derive(Clone, Debug, Default)]
pub(crate) struct Power(Arc<Mutex<(usize, Option<usize>)>>);

impl Power {
    /// Power for so many steps.
    pub(crate) fn for_steps(steps: usize) -> Self {
        Self(Arc::new(Mutex::new((0, Some(steps)))))
    }

    /// Power again, for ever.
    pub(crate) fn restore(&self) {
        lock(&self.0).1 = None;
    }

    pub(crate) fn is_out(&self) -> bool {
        let (steps, most) = *lock(&self.0);
        most.is_some_and(|most| steps > most)
    }

    /// Whether the next step is carried out.
    fn next(&self) -> bool {
        lock(&self.0).0 += 1;
        !self.is_out()
    }

    /// A step; for ever, once there is no power.
    async fn step(&self) {
        if !self.next() {
            std::future::pending::<()>().await;
        }
    }

    /// Runs something until it ends or the power fails, and forgets it then.
    pub(crate) async fn run<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let mut work = pin!(work);
        std::future::poll_fn(|cx| match work.as_mut().poll(cx) {
            Poll::Ready(done) => Poll::Ready(Some(done)),
            Poll::Pending if self.is_out() => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        })
        .await
    }
}

/// A network of a machine: with its power, requests and replies end.
#[derive(Debug)]
pub(crate) struct Powered(pub(crate) Arc<dyn Transport>, pub(crate) Power);

#[async_trait]
impl Transport for Powered {
    async fn send(
        &self,
        request: Request<Bytes>,
    ) -> Result<Response<ResponseBody>, TransportError> {
        self.1.step().await;
        let answer = self.0.send(request).await;
        self.1.step().await;
        answer
    }
}

/// What is on the disk. A clone is the same disk.
#[derive(Clone, Debug, Default)]
pub(crate) struct Machine {
    disk: Arc<Mutex<Disk>>,
    power: Power,
}

#[derive(Debug, Default)]
struct Disk {
    nodes: BTreeMap<PathBuf, Node>,
    /// Each write is a second later than the one before.
    seconds: i64,
}

#[derive(Clone, Debug)]
enum Node {
    Folder,
    Link,
    File(Content),
}

type Content = Arc<Mutex<(Vec<u8>, i64)>>;

fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Machine {
    /// The same disk after the machine was started anew.
    pub(crate) fn with_power(&self, power: &Power) -> Self {
        Self {
            disk: Arc::clone(&self.disk),
            power: power.clone(),
        }
    }

    pub(crate) fn put(&self, path: &str, bytes: impl Into<Vec<u8>>) {
        let mut disk = lock(&self.disk);
        if let Some(parent) = Path::new(path).parent() {
            disk.make_folders(parent);
        }
        let now = disk.now();
        let content = Arc::new(Mutex::new((bytes.into(), now)));
        disk.nodes.insert(path.into(), Node::File(content));
    }

    pub(crate) fn make_folder(&self, path: &str) {
        lock(&self.disk).make_folders(Path::new(path));
    }

    pub(crate) fn link(&self, path: &str) {
        lock(&self.disk).nodes.insert(path.into(), Node::Link);
    }

    /// The files and what is in them.
    pub(crate) fn files(&self) -> BTreeMap<String, String> {
        let disk = lock(&self.disk);
        let files = disk.nodes.iter().filter_map(|(path, node)| {
            let Node::File(content) = node else {
                return None;
            };
            let text = String::from_utf8_lossy(&lock(content).0).into_owned();
            Some((path.display().to_string(), text))
        });
        files.collect()
    }

    pub(crate) fn is_folder(&self, path: &str) -> bool {
        matches!(
            lock(&self.disk).nodes.get(Path::new(path)),
            Some(Node::Folder)
        )
    }

    fn content(&self, path: &Path) -> io::Result<Content> {
        match lock(&self.disk).nodes.get(path) {
            Some(Node::File(content)) => Ok(Arc::clone(content)),
            Some(_) => Err(io::Error::other("it is not a file")),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn opened(&self, content: Content) -> Box<dyn LocalFile> {
        Box::new(Open {
            machine: self.clone(),
            content,
        })
    }

    fn open_or_make(&self, path: &Path) -> io::Result<Content> {
        match self.content(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            found => return found,
        }
        let mut disk = lock(&self.disk);
        if !path.parent().is_some_and(|folder| disk.is_folder(folder)) {
            return Err(io::ErrorKind::NotFound.into());
        }
        let content = Arc::new(Mutex::new((Vec::new(), disk.now())));
        let file = Node::File(Arc::clone(&content));
        disk.nodes.insert(path.to_owned(), file);
        Ok(content)
    }
}

impl Disk {
    fn now(&mut self) -> i64 {
        self.seconds += 1;
        self.seconds
    }

    fn make_folders(&mut self, path: &Path) {
        for folder in path.ancestors().filter(|it| !it.as_os_str().is_empty()) {
            self.nodes.entry(folder.to_owned()).or_insert(Node::Folder);
        }
    }

    fn is_folder(&self, path: &Path) -> bool {
        path.as_os_str().is_empty() || matches!(self.nodes.get(path), Some(Node::Folder))
    }

    fn status(&self, path: &Path) -> io::Result<LocalStatus> {
        let node = self.nodes.get(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(match node {
            Node::Folder => status(LocalKind::Folder, 0, 0),
            Node::Link => status(LocalKind::Link, 0, 0),
            Node::File(content) => {
                let content = lock(content);
                status(LocalKind::File, content.0.len() as u64, content.1)
            }
        })
    }
}

fn status(kind: LocalKind, length: u64, seconds: i64) -> LocalStatus {
    let modified = OffsetDateTime::from_unix_timestamp(1_500_000_000 + seconds).ok();
    LocalStatus {
        kind,
        length,
        modified,
    }
}

#[async_trait]
impl LocalFiles for Machine {
    async fn status(&self, path: &Path) -> io::Result<LocalStatus> {
        self.power.step().await;
        lock(&self.disk).status(path)
    }

    async fn list(&self, folder: &Path) -> io::Result<Box<dyn LocalListing>> {
        self.power.step().await;
        let disk = lock(&self.disk);
        if !disk.is_folder(folder) {
            return Err(io::ErrorKind::NotFound.into());
        }
        let paths = disk.nodes.keys().filter(|it| it.parent() == Some(folder));
        let entries: Vec<_> = paths
            .filter_map(|path| {
                Some(LocalEntry {
                    name: path.file_name()?.to_owned(),
                    status: disk.status(path).ok()?,
                })
            })
            .collect();
        Ok(Box::new(Listing(entries)))
    }

    async fn open(&self, path: &Path) -> io::Result<Box<dyn LocalFile>> {
        self.power.step().await;
        Ok(self.opened(self.content(path)?))
    }

    async fn make_folders(&self, root: &Path, below: &Path) -> io::Result<()> {
        self.power.step().await;
        let mut disk = lock(&self.disk);
        disk.make_folders(root);
        let mut folder = root.to_owned();
        for name in below {
            folder.push(name);
            disk.nodes.entry(folder.clone()).or_insert(Node::Folder);
            if !disk.is_folder(&folder) {
                return Err(io::ErrorKind::NotADirectory.into());
            }
        }
        Ok(())
    }

    async fn create(&self, path: &Path) -> io::Result<Box<dyn LocalFile>> {
        self.power.step().await;
        Ok(self.opened(self.open_or_make(path)?))
    }

    async fn open_journal(&self, path: &Path) -> io::Result<Box<dyn LocalFile>> {
        self.create(path).await
    }

    async fn rename(&self, from: &Path, to: &Path, existing: Existing) -> io::Result<()> {
        self.power.step().await;
        let mut disk = lock(&self.disk);
        if existing == Existing::Fail && disk.nodes.contains_key(to) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        if disk.is_folder(to) {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let node = disk.nodes.remove(from).ok_or(io::ErrorKind::NotFound)?;
        disk.nodes.insert(to.to_owned(), node);
        Ok(())
    }

    async fn remove(&self, path: &Path) -> io::Result<()> {
        self.power.step().await;
        let removed = lock(&self.disk).nodes.remove(path);
        removed.map(drop).ok_or(io::ErrorKind::NotFound.into())
    }

    fn discard(&self, path: &Path) {
        // A process that was killed tidies nothing up.
        if !self.power.is_out() {
            lock(&self.disk).nodes.remove(path);
        }
    }
}

#[derive(Debug)]
struct Listing(Vec<LocalEntry>);

#[async_trait]
impl LocalListing for Listing {
    /// A few at a time, backwards: nobody may count on an order.
    async fn next(&mut self) -> io::Result<Vec<LocalEntry>> {
        let rest = self.0.len().saturating_sub(2);
        Ok(self.0.split_off(rest))
    }
}

#[derive(Debug)]
struct Open {
    machine: Machine,
    content: Content,
}

impl Open {
    fn write(&self, offset: u64, pieces: &[Bytes]) {
        let now = lock(&self.machine.disk).now();
        let (bytes, modified) = &mut *lock(&self.content);
        *modified = now;
        let mut at = usize::try_from(offset).expect("a small file");
        for piece in pieces {
            let end = at + piece.len();
            if bytes.len() < end {
                bytes.resize(end, 0);
            }
            bytes[at..end].copy_from_slice(piece);
            at = end;
        }
    }
}

#[async_trait]
impl LocalFile for Open {
    async fn status(&self) -> io::Result<LocalStatus> {
        self.machine.power.step().await;
        let content = lock(&self.content);
        Ok(status(LocalKind::File, content.0.len() as u64, content.1))
    }

    async fn read_at(&self, offset: u64, length: usize) -> io::Result<Bytes> {
        self.machine.power.step().await;
        let content = lock(&self.content);
        let start = usize::try_from(offset).expect("a small file");
        let start = start.min(content.0.len());
        let end = content.0.len().min(start + length);
        Ok(Bytes::copy_from_slice(&content.0[start..end]))
    }

    /// The power may fail in the middle of it.
    async fn write_at(&self, offset: u64, pieces: Vec<Bytes>) -> io::Result<()> {
        if !self.machine.power.next() {
            let half = pieces.first().map(|it| it.slice(..it.len() / 2));
            self.write(offset, half.as_slice());
            std::future::pending::<()>().await;
        }
        self.write(offset, &pieces);
        Ok(())
    }

    async fn set_length(&self, length: u64) -> io::Result<()> {
        self.machine.power.step().await;
        let length = usize::try_from(length).expect("a small file");
        lock(&self.content).0.resize(length, 0);
        Ok(())
    }

    async fn sync(&self) -> io::Result<()> {
        self.machine.power.step().await;
        Ok(())
    }
}
