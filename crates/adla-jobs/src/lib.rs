//! Azure Data Lake Analytics jobs: submit, build, poll, wait, cancel U-SQL.
