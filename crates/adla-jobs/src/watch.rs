//! Following a job to its end.

use std::collections::VecDeque;

use aad_core::polling::{PollPolicy, Polled, poll};
use futures::stream::{self, Stream};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{Job, JobClient, JobState, Result, StateChange};

impl JobClient {
    /// Waits until a job has ended, however it ended; [`Job::ensure_succeeded`] judges.
    ///
    /// Dropping the future stops waiting; the job goes on.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] where no job has this id.
    pub async fn wait(&self, id: Uuid) -> Result<Job> {
        self.wait_opts(id, self.poll_policy()).await
    }

    /// As [`JobClient::wait`], looking as often and as long as `policy` says.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Cancelled`] when the policy's timeout has passed.
    pub async fn wait_opts(&self, id: Uuid, policy: &PollPolicy) -> Result<Job> {
        let look = || async {
            let job = self.get(id).await?;
            Ok(match job.state {
                JobState::Ended => Polled::Done(job),
                _ => Polled::Again { after: None },
            })
        };
        poll(self.context(), policy, look).await
    }

    /// The states that a job reaches, each once, in order, as they are reached; the last one is
    /// [`JobState::Ended`].
    ///
    /// They are taken from the job's records and not from glimpses of it, so none is missed,
    /// however rarely one looks, and those before the first look come first.
    ///
    /// Dropping the stream stops looking; the job goes on. An error ends it.
    pub fn states(
        &self,
        id: Uuid,
    ) -> impl Stream<Item = Result<StateChange>> + Send + 'static + use<> {
        self.states_opts(id, self.poll_policy().clone())
    }

    /// As [`JobClient::states`], looking as often and as long as `policy` says.
    pub fn states_opts(
        &self,
        id: Uuid,
        policy: PollPolicy,
    ) -> impl Stream<Item = Result<StateChange>> + Send + 'static + use<> {
        let watch = Watch {
            client: self.clone(),
            id,
            policy,
            began: None,
            progress: Progress::default(),
            fresh: VecDeque::new(),
        };
        stream::try_unfold(watch, async |mut watch| {
            let change = watch.next().await?;
            Ok(change.map(|change| (change, watch)))
        })
    }
}

struct Watch {
    client: JobClient,
    id: Uuid,
    policy: PollPolicy,
    began: Option<OffsetDateTime>,
    progress: Progress,
    fresh: VecDeque<StateChange>,
}

impl Watch {
    async fn next(&mut self) -> Result<Option<StateChange>> {
        while self.fresh.is_empty() && !self.progress.ended {
            self.look().await?;
        }
        Ok(self.fresh.pop_front())
    }

    /// Looks until there is something new.
    async fn look(&mut self) -> Result<()> {
        let context = self.client.context();
        let mut policy = self.policy.clone();
        if let Some(began) = self.began {
            let wait = policy.backoff.wait(0, context.fraction());
            context.sleep(wait).await;
            let passed = (context.now() - began).try_into().unwrap_or_default();
            policy.timeout = policy.timeout.map(|timeout| timeout.saturating_sub(passed));
        } else {
            self.began = Some(context.now());
        }
        let known = &self.progress;
        let look = || async {
            let job = self.client.get(self.id).await?;
            let mut progress = known.clone();
            let fresh = progress.advance(&job);
            Ok(match fresh.is_empty() {
                true => Polled::Again { after: None },
                false => Polled::Done((progress, fresh)),
            })
        };
        let (progress, fresh) = poll(context, &policy, look).await?;
        self.progress = progress;
        self.fresh.extend(fresh);
        Ok(())
    }
}

/// How far a job's records have been told.
#[derive(Clone, Debug, Default)]
struct Progress {
    records: usize,
    last: Option<JobState>,
    ended: bool,
}

impl Progress {
    /// What is new in `job`.
    fn advance(&mut self, job: &Job) -> Vec<StateChange> {
        let mut fresh: Vec<_> = job
            .state_changes
            .iter()
            .skip(self.records)
            .cloned()
            .collect();
        self.records = self.records.max(job.state_changes.len());
        if let Some(end) = fresh.iter().position(|change| change.state.is_ended()) {
            fresh.truncate(end + 1);
        } else if job.state.is_ended() || self.records == 0 {
            // The records lag behind the state, or the service keeps none.
            let last = fresh
                .last()
                .map(|change| &change.state)
                .or(self.last.as_ref());
            if last != Some(&job.state) {
                fresh.push(glimpse(job));
            }
        }
        if let Some(last) = fresh.last() {
            self.last = Some(last.state.clone());
            self.ended = last.state.is_ended();
        }
        fresh
    }
}

/// The job's state as a record that the service did not write.
fn glimpse(job: &Job) -> StateChange {
    StateChange {
        state: job.state.clone(),
        at: job.end_time.filter(|_| job.state.is_ended()),
        ..StateChange::default()
    }
}
