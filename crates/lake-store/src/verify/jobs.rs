//! Jobs: their order, their states, their scripts and their folders.

use std::collections::{HashMap, HashSet};

use redb::ReadableTable as _;
use uuid::Uuid;

use super::repair::Fix;
use super::rows::Rows;
use super::{Finding, Problem};
use crate::database::{JOB_ORDER, JOB_SCRIPTS, JOBS, decode};
use crate::node::Node;
use crate::{AccountKind, JOB_FOLDERS, JobResult, JobRow, JobState, Result};

impl Rows {
    pub(super) fn check_jobs(&self, found: &mut Vec<Finding>) -> Result<()> {
        let mut ordered = self.check_order(found)?;
        let mut folders = HashSet::new();
        let scripts = self.transaction.open_table(JOB_SCRIPTS)?;
        let jobs = self.transaction.open_table(JOBS)?;
        for row in jobs.iter()? {
            let (key, row) = row?;
            let (account, id) = key.value();
            let place = place(account, id);
            let Ok(job) = decode::<JobRow>(row.value()) else {
                let fix = Fix::RemoveJob(account.to_owned(), id);
                found.push(Finding::new(Problem::Unreadable, place).fixed_by(fix));
                continue;
            };
            if !ordered.entry(account.to_owned()).or_default().contains(&id) {
                let fix = Fix::PutOrder(account.to_owned(), Uuid::from_u128(id));
                found.push(Finding::new(Problem::JobUnlisted, &place).fixed_by(fix));
            }
            if !is_consistent(&job) {
                found.push(Finding::new(Problem::JobState, &place));
            }
            // Of one that has ended, nobody needs it any more.
            if job.state != JobState::Ended && scripts.get((account, id))?.is_none() {
                found.push(Finding::new(Problem::ScriptGone, place));
            }
            folders.extend(job.log_folder);
        }
        for row in scripts.iter()? {
            let (key, _) = row?;
            let (account, id) = key.value();
            if jobs.get((account, id))?.is_none() {
                let fix = Fix::RemoveScript(account.to_owned(), id);
                let finding = Finding::new(Problem::ScriptOfNothing, place(account, id));
                found.push(finding.fixed_by(fix));
            }
        }
        self.check_folders(&folders, found)
    }

    /// The jobs that have their place in the order, by account.
    fn check_order(&self, found: &mut Vec<Finding>) -> Result<HashMap<String, HashSet<u128>>> {
        let jobs = self.transaction.open_table(JOBS)?;
        let mut ordered: HashMap<String, HashSet<u128>> = HashMap::new();
        for row in self.transaction.open_table(JOB_ORDER)?.iter()? {
            let (key, id) = row?;
            let ((account, number), id) = (key.value(), id.value());
            let known = jobs.get((account, id))?.is_some();
            if !(known && ordered.entry(account.to_owned()).or_default().insert(id)) {
                let place = format!("job number {number} of {account}");
                let fix = Fix::RemoveOrder(account.to_owned(), number);
                found.push(Finding::new(Problem::OrderOfNothing, place).fixed_by(fix));
            }
        }
        Ok(ordered)
    }

    /// Every folder among those of jobs must be one.
    fn check_folders(&self, folders: &HashSet<String>, found: &mut Vec<Finding>) -> Result<()> {
        let stores = self
            .accounts
            .iter()
            .filter(|account| account.kind == AccountKind::Store);
        for account in stores {
            let mut level = vec![(String::new(), account.root.key())];
            for name in JOB_FOLDERS.split('/').skip(1) {
                level = self.directories(&level, Some(name))?;
            }
            // Year, month, day, hour, minute, job.
            for _ in 0..6 {
                level = self.directories(&level, None)?;
            }
            for (path, _) in level.iter().filter(|(path, _)| !folders.contains(path)) {
                let place = format!("{}:{path}", account.name);
                found.push(Finding::new(Problem::FolderOfNoJob, place));
            }
        }
        Ok(())
    }

    /// The directories in some others, or only those with a name.
    fn directories(
        &self,
        parents: &[(String, u128)],
        only: Option<&str>,
    ) -> Result<Vec<(String, u128)>> {
        let mut found = Vec::new();
        for (path, parent) in parents {
            let entries = self
                .entries
                .range((*parent, "")..(parent.wrapping_add(1), ""))?;
            for entry in entries {
                let (key, id) = entry?;
                let (_, name) = key.value();
                if only.is_none_or(|only| only == name)
                    && self
                        .node(id.value())?
                        .is_some_and(|node: Node| node.is_directory())
                {
                    found.push((format!("{path}/{name}"), id.value()));
                }
            }
        }
        Ok(found)
    }
}

fn place(account: &str, id: u128) -> String {
    format!("job {} of {account}", Uuid::from_u128(id))
}

/// Whether what a row says of its state agrees with itself.
fn is_consistent(job: &JobRow) -> bool {
    let last = job.audit.last().map(|record| record.new_state);
    let has_result = job.result != JobResult::None;
    last == Some(job.state)
        && has_result == (job.state == JobState::Ended)
        && !(job.published && job.result == JobResult::Cancelled)
}
