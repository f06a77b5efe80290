//! The folder of a job in the store account: script, findings of the compiler, statistics.

use lake_store::{
    CreateOptions, Existing, FileSpace, JOB_FOLDERS, JobRow, LakePath, MkdirsOptions, Principal,
    Result,
};
use uuid::Uuid;

use crate::jobs::record::FolderFile;

/// `/system/jobservice/jobs/Usql/yyyy/MM/dd/HH/mm/{id}`: by the time of submission in UTC.
pub(crate) fn path_of(row: &JobRow) -> String {
    folder_path(row.submitted.datetime(), row.id)
}

fn folder_path(submitted: time::OffsetDateTime, id: Uuid) -> String {
    let (year, month, day) = submitted.to_calendar_date();
    let (hour, minute, _) = submitted.to_hms();
    let month = u8::from(month);
    format!("{JOB_FOLDERS}/{year:04}/{month:02}/{day:02}/{hour:02}/{minute:02}/{id}")
}

/// One kind of file in a job folder.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Content {
    Script,
    Diagnostics,
    Statistics,
}

impl Content {
    /// How the resource list shows it. `diagnosticsjson` and `Profile` are the service's names.
    pub(crate) fn file(self) -> FolderFile {
        let (name, file, kind) = match self {
            Self::Script => ("Script.usql", "Script.usql", "VertexResource"),
            Self::Diagnostics => ("diagnosticsjson", "diagnosticsjson", "StatisticsResource"),
            Self::Statistics => ("Profile", "profile", "StatisticsResource"),
        };
        FolderFile {
            name: name.into(),
            file: file.into(),
            kind: kind.into(),
        }
    }
}

/// A job's folder. Its parents belong to the lake and can be passed by everyone; the folder belongs to the submitter.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    files: FileSpace,
    path: LakePath,
    submitter: Principal,
}

impl Folder {
    /// Makes the folder; one that is there already, from an attempt before a crash, is fine.
    pub(crate) fn make(
        files: FileSpace,
        row: &JobRow,
        system: &Principal,
        submitter: Principal,
    ) -> Result<Self> {
        let path = LakePath::parse(&path_of(row))?;
        let mut parent = LakePath::ROOT;
        let names: Vec<&str> = path.names().collect();
        for name in &names[..names.len() - 1] {
            parent = parent.join(name)?;
            files.mkdirs(
                system,
                &parent,
                &MkdirsOptions::default().with_permission(Some(0o755)),
            )?;
        }
        files.mkdirs(
            system,
            &path,
            &MkdirsOptions::default().with_permission(Some(0o770)),
        )?;
        files.set_owner(system, &path, Some(&submitter.object_id), None)?;
        Ok(Self {
            files,
            path,
            submitter,
        })
    }

    /// Writes a file of the folder, replacing an earlier one.
    pub(crate) fn write(&self, content: Content, bytes: &[u8]) -> Result<FolderFile> {
        let file = content.file();
        let options = CreateOptions::default().with_existing(Existing::Replace);
        self.files.create(
            &self.submitter,
            &self.path.join(&file.file)?,
            &options,
            bytes,
        )?;
        Ok(file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_is_named_after_the_minute_of_submission() {
        let time = time::macros::datetime!(2017-03-13 23:52:03.8137 UTC);
        assert_eq!(
            folder_path(time, Uuid::nil()),
            "/system/jobservice/jobs/Usql/2017/03/13/23/52/00000000-0000-0000-0000-000000000000"
        );
    }
}
