//! Going through a tree in order, depth first, while the listings that come next are on their way.

use std::collections::HashMap;
use std::sync::Arc;

use futures::future::BoxFuture;
use futures::stream::{FuturesUnordered, Stream, StreamExt, TryStreamExt};

use crate::options::StatOptions;
use crate::wire::{Page, Window, Wire};
use crate::{Entry, Error, ErrorKind, FileStatus, LakePath, Result};

/// Decides where a traversal goes and what it shows.
pub(super) trait Guide: Send + 'static {
    /// What is known about a directory on the way to it.
    type Place: Clone + Send + 'static;

    /// What to do about an entry of the directory at `place`.
    fn meet(&self, place: &Self::Place, entry: &Entry) -> Meeting<Self::Place>;

    /// Whether the caller named this very path: then its absence is an error, and a file there is
    /// shown as itself. Anything else may vanish between its listing and its turn.
    fn is_named(&self, place: &Self::Place) -> bool;

    /// Whether directories are shown before what is in them, or after.
    fn directories_first(&self) -> bool;
}

/// What to do about an entry.
pub(super) struct Meeting<Place> {
    pub(super) shown: bool,
    pub(super) next: Option<Visit<Place>>,
}

/// What to ask the store.
#[derive(Clone)]
pub(super) enum Visit<Place> {
    /// What is in a directory.
    List(LakePath, Place),
    /// Whether something is at a path, which is shown then.
    Find(LakePath),
}

struct Request<Place> {
    id: u64,
    /// Behind which name a directory goes on.
    after: Option<String>,
    visit: Visit<Place>,
    /// How many pages lead to this one; those of one level stand on one page.
    level: usize,
}

/// What is left to do, the next on top of the stack.
enum Step {
    Show(Entry),
    Enter(u64),
}

enum Answer<Place> {
    Page(Request<Place>, Result<Page>),
    Found(LakePath, Result<FileStatus>),
}

/// What could not be read, and why. What is behind it can.
pub(super) struct Unread {
    pub(super) path: LakePath,
    pub(super) error: Error,
}

/// A tree on its way.
///
/// Memory: for each level between the root and here the rest of one page, and at most
/// `concurrency` pages that were asked for ahead of their turn.
pub(super) struct Traversal<G: Guide> {
    wire: Arc<dyn Wire>,
    guide: G,
    concurrency: usize,
    steps: Vec<Step>,
    /// In the order of `steps`, so that whatever is needed and was not asked for is on top.
    unasked: Vec<Request<G::Place>>,
    asked: FuturesUnordered<BoxFuture<'static, (u64, Answer<G::Place>)>>,
    answers: HashMap<u64, Answer<G::Place>>,
    /// How many requests of each level were asked for and have not had their turn.
    ahead: Vec<usize>,
    levels: HashMap<u64, usize>,
    next_id: u64,
}

impl<G: Guide> Traversal<G> {
    pub(super) fn new(
        wire: Arc<dyn Wire>,
        guide: G,
        concurrency: usize,
        start: Visit<G::Place>,
    ) -> Self {
        Self::along(wire, guide, concurrency, [(start, None)])
    }

    /// Makes these visits one after the other, each from behind a name where one is given.
    pub(super) fn along(
        wire: Arc<dyn Wire>,
        guide: G,
        concurrency: usize,
        visits: impl IntoIterator<
            Item = (Visit<G::Place>, Option<String>),
            IntoIter: DoubleEndedIterator,
        >,
    ) -> Self {
        let mut traversal = Self {
            wire,
            guide,
            concurrency: concurrency.max(1),
            steps: Vec::new(),
            unasked: Vec::new(),
            asked: FuturesUnordered::new(),
            answers: HashMap::new(),
            ahead: Vec::new(),
            levels: HashMap::new(),
            next_id: 0,
        };
        for (visit, after) in visits.into_iter().rev() {
            traversal.push(after, visit, 0);
        }
        traversal
    }

    pub(super) fn into_stream(self) -> impl Stream<Item = Result<Entry>> + Send + 'static + use<G> {
        self.entries()
            .map_err(|Unread { path, error }| about(&path, error))
    }

    /// As [`Traversal::into_stream`], with the path of what could not be read by itself.
    pub(super) fn entries(
        self,
    ) -> impl Stream<Item = Result<Entry, Unread>> + Send + 'static + use<G> {
        futures::stream::unfold(self, |mut traversal| async move {
            let item = traversal.next().await?;
            Some((item, traversal))
        })
    }

    async fn next(&mut self) -> Option<Result<Entry, Unread>> {
        loop {
            match self.steps.pop()? {
                Step::Show(entry) => return Some(Ok(entry)),
                Step::Enter(id) => {
                    if let Err(error) = self.enter(id).await {
                        return Some(Err(error));
                    }
                }
            }
        }
    }

    async fn enter(&mut self, id: u64) -> Result<(), Unread> {
        let answer = loop {
            self.ask();
            if let Some(answer) = self.answers.remove(&id) {
                break answer;
            }
            if let Some((id, answer)) = self.asked.next().await {
                self.answers.insert(id, answer);
            }
        };
        if let Some(level) = self.levels.remove(&id) {
            self.ahead[level] -= 1;
        }
        match answer {
            Answer::Found(path, Ok(status)) => {
                self.steps.push(Step::Show(Entry { path, status }));
                Ok(())
            }
            Answer::Found(_, Err(error)) if error.kind() == ErrorKind::NotFound => Ok(()),
            Answer::Found(path, Err(error)) => Err(Unread { path, error }),
            Answer::Page(request, page) => self.read(&request, page),
        }
    }

    /// Asks for what comes next, as far as there may be requests on the way and pages waiting.
    ///
    /// The limit of each level is its own, or pages that wait far behind would leave a deep tree
    /// in front of them to one request at a time.
    fn ask(&mut self) {
        while self.asked.len() < self.concurrency
            && let Some(request) = self.unasked.pop()
        {
            let level = request.level;
            if self.ahead.len() <= level {
                self.ahead.resize(level + 1, 0);
            }
            if self.ahead[level] >= self.concurrency {
                self.unasked.push(request);
                return;
            }
            self.ahead[level] += 1;
            self.levels.insert(request.id, level);
            self.asked
                .push(Box::pin(answer(Arc::clone(&self.wire), request)));
        }
    }

    /// Puts what is on a page on the stacks, the first on top.
    fn read(&mut self, request: &Request<G::Place>, page: Result<Page>) -> Result<(), Unread> {
        let Visit::List(path, place) = &request.visit else {
            return Ok(());
        };
        let unread = |error| Unread {
            path: path.clone(),
            error,
        };
        let named = self.guide.is_named(place);
        let page = match page {
            Ok(page) => page,
            Err(error) if error.kind() == ErrorKind::NotFound && !named => return Ok(()),
            Err(error) => return Err(unread(error)),
        };
        if page.next.is_some() && page.next == request.after {
            let message = "the service names the same page as the next one";
            return Err(unread(Error::new(ErrorKind::Protocol, message)));
        }
        let entries = page
            .entries
            .into_iter()
            .filter(|status| named || !status.name.is_empty())
            .map(|status| place_entry(path, status))
            .collect::<Result<Vec<_>>>()
            .map_err(unread)?;
        let level = request.level + 1;
        if page.next.is_some() {
            self.push(page.next, request.visit.clone(), level);
        }
        for entry in entries.into_iter().rev() {
            if entry.status.name.is_empty() {
                self.steps.push(Step::Show(entry));
                continue;
            }
            let Meeting { shown, next } = self.guide.meet(place, &entry);
            let (before, after) = match self.guide.directories_first() {
                true => (shown.then_some(entry), None),
                false => (None, shown.then_some(entry)),
            };
            self.steps.extend(after.map(Step::Show));
            if let Some(visit) = next {
                self.push(None, visit, level);
            }
            self.steps.extend(before.map(Step::Show));
        }
        Ok(())
    }

    fn push(&mut self, after: Option<String>, visit: Visit<G::Place>, level: usize) {
        let id = self.next_id;
        self.next_id += 1;
        self.steps.push(Step::Enter(id));
        self.unasked.push(Request {
            id,
            after,
            visit,
            level,
        });
    }
}

async fn answer<Place>(wire: Arc<dyn Wire>, request: Request<Place>) -> (u64, Answer<Place>) {
    let id = request.id;
    let answer = match &request.visit {
        Visit::Find(path) => Answer::Found(
            path.clone(),
            wire.status(path, &StatOptions::default()).await,
        ),
        Visit::List(path, _) => {
            let window = Window {
                after: request.after.as_deref(),
                ..Window::default()
            };
            let page = wire.page(path, &window).await;
            Answer::Page(request, page)
        }
    };
    (id, answer)
}

/// Where a listed name is. A name that would lead elsewhere is none that a store may send.
fn place_entry(directory: &LakePath, status: FileStatus) -> Result<Entry> {
    let name = status.name.as_str();
    if name.contains(['/', '\0']) || name == "." || name == ".." {
        let message = format!("the service lists {name:?}, which is no name");
        return Err(Error::new(ErrorKind::Protocol, message));
    }
    let path = match name {
        "" => directory.clone(),
        name => directory.join(name)?,
    };
    Ok(Entry { path, status })
}

fn about(path: &LakePath, error: Error) -> Error {
    let message = format!("{path}: {error}");
    error.with_message(message)
}
