//! Jobs and their folders.

use super::*;

#[test]
fn a_job_that_contradicts_itself_or_lost_its_script_cannot_be_repaired() {
    let damages: [(Problem, Plant); 4] = [
        (Problem::ScriptGone, |rows| {
            rows.open_table(JOB_SCRIPTS).unwrap().pop_first().unwrap();
        }),
        (Problem::JobState, |rows| {
            edit_job(rows, |job| job.state = JobState::Running);
        }),
        (Problem::JobState, |rows| {
            edit_job(rows, |job| job.result = JobResult::Failed);
        }),
        (Problem::JobState, |rows| {
            edit_job(rows, |job| {
                job.state = JobState::Ended;
                job.audit[0].new_state = JobState::Ended;
                job.result = JobResult::Cancelled;
                job.published = true;
            });
        }),
    ];
    for (expected, plant) in damages {
        let lake = Lake::new();
        lake.plant(plant);
        assert_eq!(lake.problems(), [expected]);
        assert_eq!(expected.severity(), Severity::Damage);
        repair(lake.folder.path(), lake.ambient.clone()).unwrap();
        assert_eq!(lake.problems(), [expected], "it is not guessed at");
    }
}

fn edit_job(rows: &WriteTransaction, edit: fn(&mut JobRow)) {
    let mut job = job(7);
    edit(&mut job);
    let row = encode(&job).unwrap();
    let mut jobs = rows.open_table(JOBS).unwrap();
    jobs.insert(("jobs", 7), row.as_slice()).unwrap();
}

#[test]
fn a_folder_among_those_of_jobs_belongs_to_a_job() {
    let lake = Lake::new();
    let (store, me) = (lake.open(), Principal::superuser("me"));
    let files = store.files("files").unwrap();
    let minute = format!("{JOB_FOLDERS}/2017/03/13/23/52");
    for name in ["one", "two"] {
        let path = format!("{minute}/{name}").parse().unwrap();
        files.mkdirs(&me, &path, &MkdirsOptions::default()).unwrap();
    }
    let jobs = store.jobs("jobs").unwrap();
    let folder = format!("{minute}/one");
    jobs.update(Uuid::from_u128(7), |job| job.log_folder = Some(folder))
        .unwrap();
    drop((files, jobs, store));
    let orphan = (Problem::FolderOfNoJob, format!("files:{minute}/two"));
    assert_eq!(lake.found(), [orphan]);
}
